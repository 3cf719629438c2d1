"""The strict client: dies where the released desktop clients crash, hang, lie or open a window (client.md (e)).

Every connection of the replays has one; it sees all lines both ways. `RULES` is the whole list, each with its name.
"""

from __future__ import annotations

import time
from typing import Any, Dict, List, Optional, Set, Tuple

Message = Dict[str, Any]

NO_DESKTOP_CLIENT_SECONDS = 10.0

# name: what a server must never send, or never leave out
RULES: Dict[str, str] = {
    "chat-before-own-user": "`chitchat` before the session's own users `updateconfig` was answered",
    "line-after-disconnect": "anything behind `disconnect`",
    "own-user-deleted": "`delconfig` of users that holds the session's own id",
    "already-connected-parts": "`already_connected` without its two `:` parts",
    "too-many-users-part": "`toomuchusers` without its one `:` part",
    "sheet-again": "a second `sheet` for an open channel that uses an order already shown, or one order twice",
    "sheet-compressed": "a `sheet` marked `compressed` whose payload is not a length and a zlib stream",
    "keepalive-interval": "a preference `keepaliveinterval` that is no positive number",
    "person-many-times": "one person twice in a people result",
    "directory-cells": "a `directory` row with fewer cells than `headers`",
    "directory-header-items": "a `directory_headers` entry without both items",
    "people-columns": "`people_headers_result` whose two lists differ in length, or are empty",
    "chat-from": "`chitchat` whose `from` has fewer than two items",
    "chat-html": "`chitchat` whose `text` holds HTML",
    "chat-alias-html": "`chitchat` whose `alias` holds HTML",
    "line-after-refused-login": "anything behind an `error_string` of the login",
    "silence-about-listed": "no answer to `updateconfig` or `updatestatus` of an id that `listid` named",
    "starttls-again": "a second answer to `starttls`, or one inside TLS",
    "listid-again": "more `listid` answers than were asked for",
    "line-end": "a line that ends with CR LF, or a message without `class`",
    "silence-about-registered": "no status at once after the registration of somebody who is listed",
    "no-users": "`listid` of users without the own id",
    "own-config-empty": "an empty configuration of the own user",
}


class Died(Exception):
    """The released clients would not have survived this."""

    def __init__(self, rule: str, message: object) -> None:
        super().__init__(f"the strict client died: {rule} ({RULES[rule]}): {str(message)[:400]}")


class StrictClient:
    """One session as the released clients hold it, as far as the rules need."""

    def __init__(self) -> None:
        # the id of the session's user, once it is logged in
        self.own: Optional[str] = None
        self._entered = 0.0
        # its own user is there
        self.hears_chat = False
        self._is_desktop_client = False
        self._is_encrypted = False
        self._is_starttls_answered = False
        self._end_of_lines: Optional[str] = None
        self._listed: Set[Tuple[str, str]] = set()
        self._listid_asked: Dict[str, int] = {}
        self._unanswered: List[Tuple[str, str, str]] = []
        self._unheard_users: Set[str] = set()
        self._orders: Dict[str, Set[Any]] = {}

    # -- what the client does ---------------------------------------------------------------------------------------

    def sent(self, line: Message) -> None:
        """The client wrote this line."""
        kind = line.get("class")
        if kind == "getipbxlist":
            self._is_desktop_client = True
        elif kind == "getlist":
            self._asked(line)
        elif kind == "register_user_status_update" and isinstance(line.get("user_ids"), list):
            keys = [pair[1] for pair in line["user_ids"] if isinstance(pair, list) and len(pair) == 2]
            self._unheard_users |= {str(key) for key in keys if ("users", str(key)) in self._listed}

    def _asked(self, line: Message) -> None:
        function, listname, tid = line.get("function"), str(line.get("listname")), line.get("tid")
        if function == "listid":
            self._listid_asked[listname] = self._listid_asked.get(listname, 0) + 1
        elif function in ("updateconfig", "updatestatus") and (listname, str(tid)) in self._listed:
            self._unanswered.append((str(function), listname, str(tid)))

    def encrypted(self) -> None:
        """The handshake is done."""
        self._is_encrypted = True

    def quiet(self) -> None:
        """Everything that was sent so far is answered: what has not come never will."""
        if self._end_of_lines is not None:
            return
        if self._unanswered:
            raise Died("silence-about-listed", self._unanswered)
        if self._unheard_users:
            raise Died("silence-about-registered", self._unheard_users)

    # -- what the client reads --------------------------------------------------------------------------------------

    def line(self, line: bytes) -> None:
        """A line as it came, without its line feed."""
        if line.endswith(b"\r"):
            raise Died("line-end", line)

    def received(self, message: Message) -> None:
        """A message as it came."""
        if not isinstance(message.get("class"), str):
            raise Died("line-end", message)
        if self._end_of_lines is not None:
            raise Died(self._end_of_lines, message)
        self._error_string(message)
        reader = getattr(self, f"_read_{message['class']}", None)
        if reader is not None:
            reader(message)

    def _error_string(self, message: Message) -> None:
        error = message.get("error_string")
        if not isinstance(error, str):
            return
        if error.startswith("already_connected") and error.count(":") < 2:
            raise Died("already-connected-parts", message)
        if error.startswith("toomuchusers") and ":" not in error:
            raise Died("too-many-users-part", message)
        if message["class"] in ("login_id", "login_pass", "login_capas"):
            self._end_of_lines = "line-after-refused-login"

    def _read_disconnect(self, _: Message) -> None:
        self._end_of_lines = "line-after-disconnect"

    def _read_starttls(self, message: Message) -> None:
        if self._is_encrypted or self._is_starttls_answered:
            raise Died("starttls-again", message)
        self._is_starttls_answered = "starttls" in message

    def _read_login_capas(self, message: Message) -> None:
        if "capas" not in message:
            return
        self.own, self._entered = str(message["userid"]), time.monotonic()
        interval = (message["capas"].get("preferences") or {}).get("keepaliveinterval")
        if interval is not None and not (str(interval).isdigit() and int(interval) > 0):
            raise Died("keepalive-interval", message)

    def _read_chitchat(self, message: Message) -> None:
        waited = time.monotonic() - self._entered
        may_come = self.hears_chat or (not self._is_desktop_client and waited >= NO_DESKTOP_CLIENT_SECONDS - 0.5)
        if not may_come:
            raise Died("chat-before-own-user", message)
        if not isinstance(message.get("from"), list) or len(message["from"]) < 2:
            raise Died("chat-from", message)
        if "<" in str(message.get("text")) or ">" in str(message.get("text")):
            raise Died("chat-html", message)
        if "<" in str(message.get("alias")) or ">" in str(message.get("alias")):
            raise Died("chat-alias-html", message)

    def _read_getlist(self, message: Message) -> None:
        function, listname = message.get("function"), str(message.get("listname"))
        ids = [str(each) for each in message.get("list") or []]
        if function == "listid":
            self._listid(message, listname, ids)
        elif function == "addconfig":
            self._listed |= {(listname, each) for each in ids}
        elif function == "delconfig":
            if listname == "users" and self.own in ids:
                raise Died("own-user-deleted", message)
            self._listed -= {(listname, each) for each in ids}
            self._unanswered = [each for each in self._unanswered if each[1] != listname or each[2] not in ids]
        elif function in ("updateconfig", "updatestatus"):
            self._answered(message, str(function), listname)

    def _listid(self, message: Message, listname: str, ids: List[str]) -> None:
        self._listid_asked[listname] = self._listid_asked.get(listname, 0) - 1
        if self._listid_asked[listname] < 0:
            raise Died("listid-again", message)
        if listname == "users" and self.own not in ids:
            raise Died("no-users", message)
        self._listed |= {(listname, each) for each in ids}

    def _answered(self, message: Message, function: str, listname: str) -> None:
        tid = str(message.get("tid"))
        is_own = listname == "users" and tid == self.own
        if function == "updateconfig" and is_own:
            if not message.get("config"):
                raise Died("own-config-empty", message)
            self.hears_chat = self.hears_chat or "xivo_uuid" in message["config"]
        if (function, listname, tid) in self._unanswered:
            self._unanswered.remove((function, listname, tid))

    def _read_user_status_update(self, message: Message) -> None:
        data = message.get("data") or {}
        self._unheard_users -= {str(data.get("user_id")), str(data.get("user_uuid"))}

    def _read_people_headers_result(self, message: Message) -> None:
        headers, types = message.get("column_headers"), message.get("column_types")
        if not headers or not types or len(headers) != len(types):
            raise Died("people-columns", message)

    def _people(self, message: Message) -> None:
        people = [(row.get("source"), row["relations"].get("source_entry_id")) for row in message.get("results") or []]
        if len(set(people)) != len(people):
            raise Died("person-many-times", message)

    _read_people_search_result = _people
    _read_people_favorites_result = _people
    _read_people_personal_contacts_result = _people

    def _read_directory(self, message: Message) -> None:
        cells = len(message.get("headers") or [])
        if any(row.count(";") + 1 < cells for row in message.get("resultlist") or []):
            raise Died("directory-cells", message)

    def _read_directory_headers(self, message: Message) -> None:
        if any(len(header) < 2 for header in message.get("headers") or []):
            raise Died("directory-header-items", message)

    def _read_sheet(self, message: Message) -> None:
        # ctibox sends no sheets yet: whoever teaches it reads the orders and the stream here
        channel = str(message.get("channel"))
        if channel in self._orders:
            raise Died("sheet-again", message)
        self._orders[channel] = set()
        if message.get("compressed"):
            raise Died("sheet-compressed", message)
