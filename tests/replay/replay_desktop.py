"""Replays the recorded lines of the released desktop clients against the real server, with their ids mapped to the
test's world, in clear and after STARTTLS, line by line and in bursts; compares every answer with the tables.
"""

from __future__ import annotations

import html
import json
import pathlib
from typing import Any, Callable, Dict, Iterator, List, Optional, Tuple

from . import tables
from .answers import LATE, Expected, expected, own_services
from .client import Closed, Connection, Message, Unexpected
from .shapes import Members, Tally, check
from .world import PASSWORD, Ids, Server, log_in

RECORDINGS = pathlib.Path(__file__).parent / "recordings"
SESSIONS = ("desktop-client-2.1-session", "desktop-client-2.3-actions", "desktop-client-2.3-session")
XLETS_IN_TABS = (
    "people history features conference fax queues queuemembers queueentrydetails agents agentdetails "
    "agentstatusdashboard directory switchboard customerinfo"
).split()
LOGIN_SECONDS = "60"


def make_world(server: Server) -> None:
    """The recorder's world: alice and bob, four queues, an agent, a room, all 17 xlets; other things made first, so
    that no id is the recorder's by chance."""
    server.run("setting", "set", "client.login_timeout", LOGIN_SECONDS)
    server.run("setting", "set", "presence.disconnect_grace", "0")
    server.run("profile", "add", "Desktop")
    server.run("profile", "xlet", "set", "Desktop", "identity", "--position", "grid")
    server.run("profile", "xlet", "set", "Desktop", "tabber", "--position", "grid", "--number", "1")
    for number, xlet in enumerate(XLETS_IN_TABS, start=2):
        server.run("profile", "xlet", "set", "Desktop", xlet, "--position", "tab", "--number", str(number))
    dock = ["--position", "dock", "--number", "16", "--flags", "fcms"]
    server.run("profile", "xlet", "set", "Desktop", "datetime", *dock)
    for service in ("enablednd", "incallfilter", "fwdunc", "fwdrna", "fwdbusy"):
        server.run("profile", "service", "add", "Desktop", service)
    for preference in ("xlet.identity.logagent", "xlet.identity.pauseagent"):
        server.run("profile", "preference", "set", "Desktop", preference, "true")
    server.add_user("olga", "Olga", "Other", "--profile", "Desktop")
    server.add_user("alice", "Alice", "Doe", "--profile", "Desktop", "--mobile", "5550101")
    server.add_user("bob", "Bob", "Roe", "--profile", "Desktop", "--mobile", "5550102")
    for extension, login, device in (
        ("110", "olga", "SIP/gh56ij"),
        ("101", "alice", "SIP/ab12cd"),
        ("102", "bob", "SIP/ef34gh"),
    ):
        server.add_line(extension, login, device)
        server.run("voicemail", "add", extension, "--context", "default", "--user", login)
    server.run("agent", "add", "2009", "--first-name", "Olga", "--context", "default", "--user", "olga")
    server.run("agent", "add", "2001", "--first-name", "Alice", "--context", "default", "--user", "alice")
    names = ("first", "blue", "green", "__switchboard", "__switchboard_hold")
    for number, name in enumerate(names, start=3000):
        server.run("queue", "add", name, "--number", str(number), "--context", "default", "--display", name.title())
    server.run("queue", "member", "add", "blue", "2001")
    server.run("queue", "member", "add", "green", "2001")
    server.run("conference", "add", "4001", "--name", "Daily", "--context", "default")


class Mapping:
    """The recorder's ids to the ids of the test's world."""

    USERS = {"1": "Alice Doe", "2": "Bob Roe"}
    PHONES = {"7": "101", "8": "102"}
    AGENTS = {"1": "2001"}
    QUEUES = {"1": "blue", "2": "green", "3": "__switchboard", "4": "__switchboard_hold"}
    VOICEMAILS = {"1": "101"}
    UUIDS = {"11111111-aaaa-4bbb-8ccc-0000000a11ce": "alice", "22222222-aaaa-4bbb-8ccc-000000000b0b": "bob"}

    def __init__(self, ids: Ids) -> None:
        self.ids = ids
        self.names = {
            "users": self.USERS,
            "phones": self.PHONES,
            "agents": self.AGENTS,
            "queues": self.QUEUES,
            "voicemails": self.VOICEMAILS,
        }

    def id(self, listname: str, recorded: str) -> str:
        name = self.names[listname].get(recorded)
        return recorded if name is None else self.ids.id(listname, name)

    def key(self, listname: str, recorded: Any) -> Any:
        """An id of a registration: integers stay integers, uuids are users'."""
        if recorded in self.UUIDS:
            return self.ids.uuids[self.UUIDS[recorded]]
        mapped = self.id(listname, str(recorded))
        return int(mapped) if isinstance(recorded, int) else mapped

    def suffix(self, listname: str, recorded: str) -> str:
        """An id behind the last slash: `xivo/1`, `agent:xivo/1`."""
        front, slash, last = recorded.rpartition("/")
        return front + slash + self.id(listname, last) if slash else recorded

    def line(self, recorded: Message) -> Message:
        """One client line with every id, uuid and password of the test's world."""
        line = dict(recorded)
        if line.get("listname") in self.names and "tid" in line:
            line["tid"] = self.id(line["listname"], line["tid"])
        for member in ("userid",):
            if line.get(member):
                line[member] = self.id("users", line[member])
        if "xuserid" in line:
            line["xuserid"] = self.suffix("users", line["xuserid"])
        for member, listname in (("agentids", "agents"), ("member", "agents"), ("queue", "queues")):
            if member in line:
                line[member] = self.suffix(listname, line[member])
        if line.get("command") == "listen":
            line["destination"] = self.suffix("agents", line["destination"])
        if line.get("source") == "internal":
            line["source_entry_id"] = self.id("users", line["source_entry_id"])
        if "queueid" in line:
            line["queueid"] = self.id("queues", line["queueid"])
        if line["class"] == "getqueuesstats" and "on" in line:
            line["on"] = {self.id("queues", queue): window for queue, window in line["on"].items()}
        for member, listname in (("agent_ids", "agents"), ("endpoint_ids", "phones"), ("user_ids", "users")):
            if member in line:
                line[member] = [[self.ids.server_uuid, self.key(listname, key)] for _, key in line[member]]
        if line["class"] == "chitchat":
            line["to"] = [self.ids.server_uuid, self.key("users", line["to"][1])]
        if line["class"] == "login_pass" and line["password"] != "wrongpw":
            line["password"] = PASSWORD
        return line


class Player:
    """Plays one recording: one connection of alice after the other, bob watching all the while."""

    # the answers that come when something else has answered first
    late = LATE
    # what may come unasked
    pushes = tables.PUSHES

    def __init__(self, server: Server, ids: Ids, is_encrypted: bool, burst_lines: int, tally: Tally) -> None:
        self.server = server
        self.ids = ids
        self.mapping = Mapping(ids)
        self.is_encrypted = is_encrypted
        self.burst_lines = burst_lines
        self.tally = tally
        self.lines = 0
        self.action = ""
        self.alice: Optional[Connection] = None
        self.is_logged_in = False
        self.capaid = ""
        self.member = ""
        self.own_id = ids.id("users", "Alice Doe")
        self.bob = server.connect("bob")
        log_in(self.bob, "bob")
        self.pushed: List[Message] = []
        # what bob writes to alice while she is away and while she starts, and what she has read of it
        self.written: List[str] = []
        self.read: List[str] = []

    def play(self, recording: str) -> None:
        """Plays every line; raises `Unexpected` at the first thing that is not as the tables say."""
        waiting: List[Message] = []
        events = list(_events(recording))
        for index, event in enumerate(events):
            is_plain = "class" in event and self._is_plain(event["class"])
            if not is_plain or len(waiting) >= self.burst_lines:
                self._flush(waiting)
            if is_plain:
                waiting.append(self.mapping.line(event))
            elif "action" in event:
                self.action = event["action"]
            elif "open" in event:
                self._open(event["open"], _speaks_starttls(events[index + 1 :]))
            elif "handshake" in event:
                self._alice().start_tls()
            elif "class" in event:
                self.lines += 1
                self._special(self.mapping.line(event))
        self._flush(waiting)
        self._leave()
        self._check_pushes(self.bob.fence())
        self.bob.close()
        if not self.read or self.read != self.written[: len(self.read)]:
            raise Unexpected(f"bob wrote {self.written} in this order, alice read {self.read}")

    # -- connections and the login ladder ---------------------------------------------------------------------------

    def _alice(self) -> Connection:
        assert self.alice is not None, "a recording opens a connection before it speaks"
        return self.alice

    def _open(self, number: int, is_starttls_recorded: bool) -> None:
        self._leave()
        self._bob_writes()
        self.alice = self.server.connect(f"alice, connection {number}")
        self._expect("the offer", tables.STARTTLS_OFFER)
        if self.is_encrypted and not is_starttls_recorded:
            self._start_tls({"class": "starttls", "status": True, "commandid": 48271})
            self.alice.start_tls()

    def _start_tls(self, line: Message) -> None:
        self._alice().send(line)
        self._expect("starttls", tables.STARTTLS_ANSWER)

    def _leave(self) -> None:
        """Alice's connection ends; bob must hear of it if it was a session."""
        alice, self.alice = self.alice, None
        if alice is None:
            return
        was_logged_in, self.is_logged_in = self.is_logged_in, False
        # what was kept comes when the store has looked
        while alice.strict.hears_chat and not alice.is_closed and self.read != self.written:
            self._check_pushes([alice.receive()])
        if not alice.is_closed:
            alice.close()
        if was_logged_in:
            self._await_at_bob("the end of alice's session", self._presence_of_alice("disconnected"))

    def _special(self, line: Message) -> None:
        steps: Dict[str, Callable[[Message], None]] = {
            "login_id": self._login_id,
            "login_pass": self._login_pass,
            "login_capas": self._login_capas,
            "starttls": self._start_tls,
            "availstate": self._availstate,
            "logout": self._logout,
            "featuresput": self._featuresput,
            "chitchat": self._chat,
        }
        steps[line["class"]](line)

    @staticmethod
    def _is_plain(word: str) -> bool:
        return word not in (
            "login_id login_pass login_capas starttls availstate logout featuresput chitchat".split()
        )

    def _login_id(self, line: Message) -> None:
        self.member = "wazoversion" if "wazoversion" in line else "xivoversion"
        self._alice().send(line)
        if self.is_encrypted:
            # the real client says this a second time, inside TLS; it must stay unanswered (client.md (a))
            self._alice().send({"class": "starttls", "status": True, "commandid": 1})
        self._expect("login_id", tables.login_id(self.member, line[self.member]))

    def _login_pass(self, line: Message) -> None:
        self._alice().send(line)
        if line["password"] == PASSWORD:
            self.capaid = str(self._expect("login_pass", tables.LOGIN_PASS)["capalist"][0])
            return
        self._expect("login_pass", tables.refusal("login_pass", "login_password"))
        came = self._alice().expect_close()
        if came:
            raise Unexpected(f"behind a refused login_pass came {came}")

    def _login_capas(self, line: Message) -> None:
        self._alice().send({**line, "capaid": self.capaid})
        capas = self._expect("login_capas", tables.LOGIN_CAPAS)
        if capas["userid"] != self.own_id or len(capas["capaxlets"]) != len(XLETS_IN_TABS) + 3:
            raise Unexpected(f"login_capas is not alice's: {capas}")
        self.is_logged_in = True
        self._bob_writes()
        self._await("the presence of the login", self._presence_of_alice(line["state"]))

    def _availstate(self, line: Message) -> None:
        self._alice().send(line)
        if self.is_logged_in:
            self._await("the presence chosen", self._presence_of_alice(line["availstate"]))
            self._match([], self._alice().fence(), line)

    def _logout(self, line: Message) -> None:
        self._alice().send(line)
        self._match([], self._alice().expect_close(), line)

    # -- lines that set something off -------------------------------------------------------------------------------

    def _featuresput(self, line: Message) -> None:
        alice = self._alice()
        alice.send({"class": "getlist", "function": "updateconfig", "listname": "users", "tid": self.own_id})
        before = self._expect("own config", tables.config_answer("users", self.own_id))["config"]
        wanted = own_services(line)
        alice.send(line)
        if any(before[member] != value for member, value in wanted.items()):
            self._await("the service set", lambda push: _sets(push, self.own_id, wanted))
        self._match([], alice.fence(), line)

    def _chat(self, line: Message) -> None:
        self._alice().send(line)
        is_to_bob = line["to"][1] == self.ids.uuids["bob"]
        came = self._await_at_bob("the chat", lambda push: push["class"] == "chitchat") if is_to_bob else None
        if came is not None:
            own = [self.ids.server_uuid, self.ids.uuids["alice"]]
            wanted = {"text": html.escape(line["text"], quote=False), "alias": "Alice Doe", "from": own}
            if any(came[member] != value for member, value in wanted.items()):
                raise Unexpected(f"the chat came as {came}, expected {wanted}")
        self._match([], self._alice().fence(), line)

    def _bob_writes(self) -> None:
        """A client that starts would die of it (protocol decision 16): the server must hold it back."""
        text = f"text {len(self.written) + 1}"
        self.written.append(text)
        alice = [self.ids.server_uuid, self.ids.uuids["alice"]]
        self.bob.send({"class": "chitchat", "alias": "Bob", "text": text, "to": alice, "commandid": 5})
        self._check_pushes(self.bob.fence())

    def _presence_of_alice(self, state: str) -> Callable[[Message], bool]:
        return lambda push: (
            tables.push_kind(push) == "presence"
            and push["tid"] == self.own_id
            and push["status"] == {"availstate": state}
        )

    # -- comparing --------------------------------------------------------------------------------------------------

    def expected(self, line: Message) -> List[Expected]:
        """The answers to one line, in order."""
        return expected(line, self.ids)

    def push_kind(self, message: Message) -> str:
        """Which kind of unasked message this looks like; empty if none."""
        return tables.push_kind(message)

    def _flush(self, waiting: List[Message]) -> None:
        """Sends what waits in one go, then a keepalive, and compares all that came before its answer."""
        if not waiting:
            return
        self.lines += len(waiting)
        wanted = [each for line in waiting for each in self.expected(line)]
        prompt = [each for each in wanted if each[0] not in self.late]
        late = [each for each in wanted if each[0] in self.late]
        for line in waiting:
            self._alice().send(line)
        came = []
        for message in self._alice().fence():
            if not (late and self._is_next(late, message)):
                came.append(message)
        while late:
            message = self._alice().receive()
            if not self._is_next(late, message):
                came.append(message)
        self._match(prompt, came, waiting[-1])
        waiting.clear()

    def _is_next(self, late: List[Expected], message: Message) -> bool:
        """Takes the next of the late answers, which keep their own order, if this is it."""
        name, shape = late[0]
        if check(shape, message, name, Tally()):
            return False
        self._compare(*late.pop(0), message)
        return True

    def _expect(self, name: str, shape: Members) -> Message:
        message = self._alice().receive()
        while self.push_kind(message):
            self._check_pushes([message])
            message = self._alice().receive()
        self._compare(name, shape, message)
        return message

    def _match(self, wanted: List[Expected], came: List[Message], line: Message) -> None:
        remaining = list(wanted)
        for message in came:
            if remaining and not check(remaining[0][1], message, remaining[0][0], Tally()):
                self._compare(*remaining.pop(0), message)
            elif self.push_kind(message):
                self._check_pushes([message])
            else:
                want = remaining[0][0] if remaining else "nothing more"
                wrong = check(remaining[0][1], message, want, Tally()) if remaining else []
                raise Unexpected(f"{self._where(line)}: expected {want}, came {message}; {'; '.join(wrong)}")
        if remaining:
            raise Unexpected(f"{self._where(line)}: no answer of the kind {remaining[0][0]} came")

    def _compare(self, name: str, shape: Members, message: Message) -> None:
        wrong = check(shape, message, name, self.tally)
        if wrong:
            raise Unexpected(f"{self._where(message)}: {'; '.join(wrong)}; the message: {message}")

    def _check_pushes(self, messages: List[Message]) -> None:
        for message in messages:
            kind = self.push_kind(message)
            if not kind:
                raise Unexpected(f"after {self.action!r} came something unasked: {message}")
            self._compare(kind, self.pushes[kind], message)
            self.pushed.append(message)
            if kind == "chat" and message["alias"] == "Bob Roe":
                self.read.append(message["text"])

    def _await(self, what: str, is_it: Callable[[Message], bool]) -> Message:
        return self._await_on(self._alice(), what, is_it)

    def _await_at_bob(self, what: str, is_it: Callable[[Message], bool]) -> Message:
        return self._await_on(self.bob, what, is_it)

    def _await_on(self, connection: Connection, what: str, is_it: Callable[[Message], bool]) -> Message:
        while True:
            try:
                message = connection.receive()
            except Closed:
                raise
            except Unexpected as error:
                raise Unexpected(f"after {self.action!r}, waiting for {what}: {error}") from None
            self._check_pushes([message])
            if is_it(message):
                return message

    def _where(self, line: Message) -> str:
        return f"after {self.action!r}, at {json.dumps(line)[:200]}"


def _sets(push: Message, tid: str, wanted: Dict[str, Any]) -> bool:
    if tables.push_kind(push) != "services" or push["tid"] != tid:
        return False
    return all(push["config"].get(member) == value for member, value in wanted.items())


def _events(recording: str) -> Iterator[Message]:
    with open(RECORDINGS / f"{recording}.jsonl", encoding="utf-8") as lines:
        for line in lines:
            event = json.loads(line)
            if "comment" not in event:
                yield event


def _speaks_starttls(events: List[Message]) -> bool:
    for event in events:
        if "open" in event:
            return False
        if event.get("class") == "starttls":
            return True
    return False


WAYS: Tuple[Tuple[str, bool, int], ...] = (
    ("in clear, line by line", False, 1),
    ("in clear, in bursts", False, 64),
    ("encrypted, line by line", True, 1),
    ("encrypted, in bursts", True, 64),
)
