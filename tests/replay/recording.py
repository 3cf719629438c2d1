"""Reads the recording of the original server as steps: what one client did, and what everybody heard until the next
client did something.
"""

from __future__ import annotations

import dataclasses
import json
import pathlib
from typing import Any, Dict, Iterator, List, Set

from .client import Message

PATH = pathlib.Path(__file__).parent / "recordings" / "original-server.jsonl"

# see original_world.LEFT_OUT
LEFT_OUT_CONNECTIONS = ("L", "G")
LEFT_OUT_LOGINS = ('"userlogin": "ghost"', '"userlogin": "authdown"')
LEFT_OUT_USERS = ("21", "22")


@dataclasses.dataclass
class Step:
    """One act of one connection and its recorded outcome; the differences then make it what ctibox answers."""

    number: int
    section: str
    note: str
    connection: str
    act: str
    sent: str = ""
    expected: Dict[str, List[Message]] = dataclasses.field(default_factory=dict)
    closed: Set[str] = dataclasses.field(default_factory=set)

    def line(self) -> Message:
        """The line sent, if it is one JSON object; else nothing."""
        try:
            line = json.loads(self.sent)
        except ValueError:
            return {}
        return line if isinstance(line, dict) else {}

    def own(self) -> List[Message]:
        """What the acting connection itself hears."""
        return self.expected.setdefault(self.connection, [])

    def __str__(self) -> str:
        what = self.sent.strip()[:160] if self.act == "send" else f"({self.act})"
        return f"section {self.section}, {self.note or 'at its start'}: {self.connection} {what}"


def steps() -> List[Step]:
    """Every step of the recording but what is left out."""
    kept = []
    login_left_out: Set[str] = set()
    for step in _all_steps():
        if step.act == "connect":
            login_left_out.discard(step.connection)
        if any(login in step.sent for login in LEFT_OUT_LOGINS):
            login_left_out.add(step.connection)
        is_left_out = (
            step.connection in LEFT_OUT_CONNECTIONS
            or (step.connection in login_left_out and step.act == "send")
            or step.line().get("listname") == "users"
            and step.line().get("tid") in LEFT_OUT_USERS
        )
        if not is_left_out:
            _drop_left_out(step)
            kept.append(step)
    return kept


def _drop_left_out(step: Step) -> None:
    for name in LEFT_OUT_CONNECTIONS:
        step.expected.pop(name, None)
        step.closed.discard(name)
    for name, messages in step.expected.items():
        step.expected[name] = [each for each in messages if not _is_about_left_out(each)]


def _is_about_left_out(message: Message) -> bool:
    return message.get("listname") == "users" and message.get("tid") in LEFT_OUT_USERS


def _all_steps() -> Iterator[Step]:
    section, note, number = "", "", 0
    step: Any = None
    for event in _events():
        if "section" in event:
            section, note = event["section"], ""
        elif "note" in event:
            note = event["note"]
        elif "got" in event:
            step.expected.setdefault(event["c"], []).append(event["got"])
        elif event.get("do") == "closed":
            step.closed.add(event["c"])
        elif "c" in event:
            if step is not None:
                yield step
            number += 1
            act = event.get("do", "send")
            step = Step(number, section, note, event["c"], act, event.get("send", ""))
    if step is not None:
        yield step


def _events() -> Iterator[Message]:
    with open(PATH, encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)
