"""An AMI as Asterisk has it, for the replays: a small telephone system of its own that ctibox links to. What it says
and does is held in plain members, so that a test compares what clients are answered with what is so here.
"""

from __future__ import annotations

import dataclasses
import socket
import threading
import time
from typing import Callable, Dict, List, Optional, Set, Tuple

Packet = List[Tuple[str, str]]

SECRET = "opensesame"
CONTEXT = "default"
# device states as a hint has them, and as a member of a queue has them
IDLE, IN_USE, UNAVAILABLE, RINGING = "0", "1", "4", "8"
DEVICE_STATES = {IDLE: "NOT_INUSE", IN_USE: "INUSE", UNAVAILABLE: "UNAVAILABLE", RINGING: "RINGING"}
NOT_IN_USE = 1
AWAIT_SECONDS = 20.0


@dataclasses.dataclass
class Member:
    """A member of one queue."""

    queue: str
    interface: str
    name: str
    state_interface: str
    membership: str = "dynamic"
    penalty: int = 0
    calls_taken: int = 0
    status: int = NOT_IN_USE
    is_paused: bool = False
    reason: str = ""

    def headers(self, name: str, interface: str) -> Packet:
        """Lists and events have two names for two of them."""
        return [
            ("Queue", self.queue),
            (name, self.name),
            (interface, self.interface),
            ("StateInterface", self.state_interface),
            ("Membership", self.membership),
            ("Penalty", str(self.penalty)),
            ("CallsTaken", str(self.calls_taken)),
            ("LastCall", "0"),
            ("InCall", "0"),
            ("Status", str(self.status)),
            ("Paused", "1" if self.is_paused else "0"),
            ("PausedReason", self.reason),
        ]


@dataclasses.dataclass
class Caller:
    """Somebody who waits in a queue."""

    unique_id: str
    number: str
    name: str
    since: float

    def headers(self, queue: str, position: int) -> Packet:
        """As an entry of a list and as one who joins."""
        return [
            ("Queue", queue),
            ("Position", str(position)),
            ("Channel", f"PJSIP/trunk-{self.unique_id}"),
            ("Uniqueid", self.unique_id),
            ("CallerIDNum", self.number),
            ("CallerIDName", self.name),
        ]


class Asterisk:
    """Listens on a free port of 127.0.0.1; all members may be read while nothing is under way."""

    def __init__(self) -> None:
        self.hints: Dict[str, Tuple[str, str]] = {}
        self.boxes: Dict[str, int] = {}
        self.queues: Dict[str, int] = {}
        self.members: Dict[Tuple[str, str], Member] = {}
        self.waiting: Dict[str, List[Caller]] = {}
        self.extensions: Set[str] = set()
        self.queue_log: List[Tuple[str, str, str]] = []
        self.dialled: List[str] = []
        self._asked: List[str] = []
        self._changed = threading.Condition()
        self._link: Optional[socket.socket] = None
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def stop(self) -> None:
        """Is gone as after `core stop now`."""
        self._listener.close()
        with self._changed:
            if self._link is not None:
                self._link.close()

    def await_action(self, name: str) -> None:
        """Waits until ctibox has asked for this."""
        with self._changed:
            if not self._changed.wait_for(lambda: name in self._asked, AWAIT_SECONDS):
                raise AssertionError(f"nobody asked for {name}, but for {self._asked}")

    # -- what happens at the telephones -----------------------------------------------------------------------------

    def set_hint(self, extension: str, status: str) -> None:
        """A telephone is in another state."""
        with self._changed:
            device, _ = self.hints[extension]
            self.hints[extension] = (device, status)
            self._say([("Event", "ExtensionStatus"), *self._hint(extension)])

    def answered_call(self, queue: str, caller: Caller, member: Member, hold_seconds: int, talk_seconds: int) -> None:
        """Somebody calls the queue, and the member answers and talks."""
        with self._changed:
            self._join(queue, caller)
            self._leave(queue, caller)
            of_call: Packet = [("Uniqueid", caller.unique_id), ("HoldTime", str(hold_seconds))]
            who = member.headers("MemberName", "Interface")
            self._say([("Event", "AgentConnect"), *who, *of_call])
            member.calls_taken += 1
            self._say([("Event", "AgentComplete"), *who, *of_call, ("TalkTime", str(talk_seconds))])
            self._say([("Event", "QueueMemberStatus"), *member.headers("MemberName", "Interface")])

    def lost_call(self, queue: str, caller: Caller, hold_seconds: int) -> None:
        """Somebody calls the queue, and gives up."""
        with self._changed:
            self._join(queue, caller)
            gone: Packet = [("Queue", queue), ("Uniqueid", caller.unique_id), ("HoldTime", str(hold_seconds))]
            self._say([("Event", "QueueCallerAbandon"), *gone])
            self._leave(queue, caller)

    def join(self, queue: str, caller: Caller) -> None:
        """Somebody calls the queue, and waits."""
        with self._changed:
            self._join(queue, caller)

    def _join(self, queue: str, caller: Caller) -> None:
        callers = self.waiting.setdefault(queue, [])
        callers.append(caller)
        count = ("Count", str(len(callers)))
        self._say([("Event", "QueueCallerJoin"), *caller.headers(queue, len(callers)), count])

    def _leave(self, queue: str, caller: Caller) -> None:
        callers = self.waiting[queue]
        position = callers.index(caller) + 1
        callers.remove(caller)
        self._say([("Event", "QueueCallerLeave"), *caller.headers(queue, position), ("Count", str(len(callers)))])

    # -- the link ---------------------------------------------------------------------------------------------------

    def _accept(self) -> None:
        while True:
            try:
                link, _ = self._listener.accept()
            except OSError:
                return
            with self._changed:
                self._link = link
                link.sendall(b"Asterisk Call Manager/11.0.0\r\n")
            threading.Thread(target=self._serve, args=(link,), daemon=True).start()

    def _serve(self, link: socket.socket) -> None:
        asked: Dict[str, str] = {}
        try:
            for line in link.makefile("r", encoding="utf-8", newline="\r\n"):
                name, colon, value = line.rstrip("\r\n").partition(":")
                if colon:
                    asked.setdefault(name, value.strip())
                    continue
                with self._changed:
                    self._answer(asked)
                    self._asked.append(asked.get("Action", ""))
                    self._changed.notify_all()
                asked = {}
        except OSError:
            return

    def _say(self, packet: Packet) -> None:
        if self._link is not None:
            lines = "".join(f"{name}: {value}\r\n" for name, value in packet)
            try:
                self._link.sendall(f"{lines}\r\n".encode())
            except OSError:
                self._link = None

    def _answer(self, asked: Dict[str, str]) -> None:
        action, own = asked.get("Action", ""), ("ActionID", asked.get("ActionID", ""))
        lists: Dict[str, Callable[[Dict[str, str]], List[Packet]]] = {
            "ExtensionStateList": self._hints,
            "DeviceStateList": self._devices,
            "CoreShowChannels": lambda _: [],
            "QueueStatus": self._queue_status,
            "QueueSummary": self._summaries,
            "VoicemailUsersList": self._voicemails,
            "DBGetTree": lambda _: [],
        }
        changes: Dict[str, Callable[[Dict[str, str]], str]] = {
            "QueueAdd": self._add,
            "QueueRemove": self._remove,
            "QueuePause": self._pause,
            "QueueLog": self._log,
        }
        if action in lists:
            self._say([("Response", "Success"), own, ("EventList", "start")])
            items = lists[action](asked)
            for packet in items:
                self._say([packet[0], own, *packet[1:]])
            complete = "VoicemailUserEntryComplete" if action == "VoicemailUsersList" else f"{action}Complete"
            end: Packet = [("EventList", "Complete"), ("ListItems", str(len(items)))]
            self._say([("Event", complete), own, *end])
        elif action in changes:
            error = changes[action](asked)
            self._say([("Response", "Error" if error else "Success"), own, ("Message", error or "Done")])
        elif action == "Login":
            is_right = asked.get("Secret") == SECRET
            self._say([("Response", "Success" if is_right else "Error"), own, ("Message", "Authentication")])
            self._say([("Event", "FullyBooted"), ("Status", "Fully Booted")])
        elif action == "Getvar":
            extension = asked["Variable"].split(",")[1] if "," in asked["Variable"] else ""
            self._say([("Response", "Success"), own, ("Value", "1" if extension in self.extensions else "0")])
        elif action == "Originate":
            self.dialled.append(asked.get("Exten", ""))
            self._say([("Response", "Success"), own, ("Message", "Originate successfully queued")])
            self._say([("Event", "OriginateResponse"), own, ("Response", "Success"), ("Reason", "4")])
        else:
            self._say([("Response", "Success"), own, ("AsteriskVersion", "22.10.1")])

    # -- lists ------------------------------------------------------------------------------------------------------

    def _hint(self, extension: str) -> Packet:
        device, status = self.hints[extension]
        return [("Exten", extension), ("Context", CONTEXT), ("Hint", device), ("Status", status)]

    def _hints(self, _: Dict[str, str]) -> List[Packet]:
        return [[("Event", "ExtensionStatus"), *self._hint(extension)] for extension in self.hints]

    def _devices(self, _: Dict[str, str]) -> List[Packet]:
        return [
            [("Event", "DeviceStateChange"), ("Device", device), ("State", DEVICE_STATES[status])]
            for device, status in self.hints.values()
        ]

    def _queue_status(self, asked: Dict[str, str]) -> List[Packet]:
        packets: List[Packet] = []
        for queue, hold_seconds in self.queues.items():
            if asked.get("Queue", queue) != queue:
                continue
            packets.append([("Event", "QueueParams"), ("Queue", queue), ("Holdtime", str(hold_seconds))])
            for member in self.members.values():
                if member.queue == queue and asked.get("Member", member.interface) == member.interface:
                    packets.append([("Event", "QueueMember"), *member.headers("Name", "Location")])
            for position, caller in enumerate(self.waiting.get(queue, []), start=1):
                if "Member" not in asked:
                    wait = ("Wait", str(int(time.time() - caller.since)))
                    packets.append([("Event", "QueueEntry"), *caller.headers(queue, position), wait])
        return packets

    def _summaries(self, asked: Dict[str, str]) -> List[Packet]:
        named = [(queue, hold) for queue, hold in self.queues.items() if asked.get("Queue", queue) == queue]
        return [[("Event", "QueueSummary"), ("Queue", queue), ("HoldTime", str(hold))] for queue, hold in named]

    def _voicemails(self, _: Dict[str, str]) -> List[Packet]:
        return [
            [
                ("Event", "VoicemailUserEntry"),
                ("VMContext", CONTEXT),
                ("VoiceMailbox", mailbox),
                ("NewMessageCount", str(new)),
                ("OldMessageCount", "1"),
            ]
            for mailbox, new in self.boxes.items()
        ]

    # -- changes: each gives the words of its error, or none --------------------------------------------------------

    def _add(self, asked: Dict[str, str]) -> str:
        key = (asked["Queue"], asked["Interface"])
        if asked["Queue"] not in self.queues:
            return "Unable to add interface to queue: No such queue"
        if key in self.members:
            return "Unable to add interface: Already there"
        member = Member(*key, asked["MemberName"], asked["StateInterface"], penalty=int(asked["Penalty"]))
        member.is_paused = asked["Paused"] == "true"
        self.members[key] = member
        self._say([("Event", "QueueMemberAdded"), *member.headers("MemberName", "Interface")])
        return ""

    def _remove(self, asked: Dict[str, str]) -> str:
        member = self.members.pop((asked["Queue"], asked["Interface"]), None)
        if member is None:
            return "Unable to remove interface: Not there"
        self._say([("Event", "QueueMemberRemoved"), *member.headers("MemberName", "Interface")])
        return ""

    def _pause(self, asked: Dict[str, str]) -> str:
        meant = [
            member
            for member in self.members.values()
            if member.interface == asked["Interface"] and asked.get("Queue", member.queue) == member.queue
        ]
        for member in meant:
            member.is_paused, member.reason = asked["Paused"] == "true", asked.get("Reason", "")
            self._say([("Event", "QueueMemberPause"), *member.headers("MemberName", "Interface")])
        return "" if meant else "Interface not found"

    def _log(self, asked: Dict[str, str]) -> str:
        self.queue_log.append((asked["Event"], asked["Interface"], asked["Message"]))
        return ""
