"""What a listed difference between ctibox and the original is, what it may ask, and the messages that it may put in
the recorded ones' place. `differences` holds the list itself.
"""

from __future__ import annotations

import dataclasses
from typing import Callable, Dict, List, Optional, Protocol

from .client import Message
from .recording import Step
from .tables import push_kind

# values that cannot be known beforehand; `replay_original.agrees` reads them
ANY_TEXT = "<any text>"
ANY_COLOR = "<any colour>"
ANY_XLETS = "<any xlets>"
ANY_CAPAS = "<any capas>"
ANY_PRESENCE = "<any presence of the group>"
NULL_OR_EMPTY = "<null or empty>"

PRESENCES = ("available", "away", "outtolunch", "donotdisturb", "berightback", "disconnected")
UUID = "00000000-0000-4000-8000-0000000000"
SERVER = "5a1e5a1e-0000-4000-8000-000000000001"


class Picture(Protocol):
    """What the replay knows of ctibox's own state before a step, in the recording's ids."""

    presence: Dict[str, str]
    dnd: Dict[str, bool]

    def user(self, connection: str) -> Optional[str]: ...

    def is_logged_in(self, connection: str) -> bool: ...

    def is_authenticated(self, connection: str) -> bool: ...

    def watchers(self) -> List[str]: ...

    def registered(self, user: str) -> List[str]: ...

    def ends_last_session(self, step: Step, user: str) -> bool: ...


@dataclasses.dataclass(frozen=True)
class Difference:
    """`apply` changes a step and says whether it did."""

    name: str
    reason: str
    apply: Callable[[Step, Picture], bool]


def presence(user: str, state: str) -> Message:
    """The broadcast of protocol 5.1."""
    status = {"availstate": state}
    return {
        "class": "getlist",
        "function": "updatestatus",
        "listname": "users",
        "tipbxid": "xivo",
        "tid": user,
        "status": status,
        "timenow": 0.5,
    }


def error(code: str, commandid: object) -> Message:
    message: Message = {"class": "protocol_error", "error_string": code, "detail": ANY_TEXT, "timenow": 0.5}
    if commandid and code != "not_json":
        message["replyid"] = commandid
    return message


def is_disconnected(message: Message) -> bool:
    return push_kind(message) == "presence" and message["status"]["availstate"] == "disconnected"
