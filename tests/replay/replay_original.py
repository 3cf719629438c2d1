"""Replays what the recorded clients of the original server sent, and compares what ctibox says with what the original
said, member by member, once ids, uuids and times are mapped and the listed differences are applied.
"""

from __future__ import annotations

import copy
import re
from typing import Any, Dict, List, Optional, Set

from . import difference, tables
from .client import Closed, Connection, Message, Unexpected
from .differences import DIFFERENCES
from .original_world import LOGINS, Mapping
from .recording import Step, steps
from .shapes import Tally, check
from .world import Ids, Server, ask_own_config, log_in

USERS = {login: user for user, login in LOGINS.items()}
STAMPS = ("timenow", "availability_since")
FREE_MEMBERS = ("detail", "sessionid")
WRONG_MAX = 5


class Peer:
    """One of the recorded connections, as it stands with ctibox."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.user: Optional[str] = None
        self.is_authenticated = False
        self.is_logged_in = False
        self.registered: Set[str] = set()
        self.is_amid_line = False


class Replay:
    """Plays the whole recording; it is also the picture that differences ask."""

    def __init__(self, server: Server, ids: Ids, tally: Tally) -> None:
        self.server = server
        self.mapping = Mapping(ids)
        self.tally = tally
        self.peers: Dict[str, Peer] = {}
        self.presence: Dict[str, str] = {}
        self.dnd: Dict[str, bool] = {}
        self.used: Dict[str, int] = {each.name: 0 for each in DIFFERENCES}
        self.lines = 0
        self.skipped = 0
        self.connections: List[Connection] = []

    def play(self) -> None:
        """Every step in order; raises `Unexpected` with all outcomes that are neither recorded nor listed."""
        wrong = []
        for step in steps():
            try:
                self._play(step)
            except Unexpected as error:
                wrong.append(f"{step}\n  {error}")
            if len(wrong) == WRONG_MAX:
                break
        unused = [name for name, count in self.used.items() if not count]
        if unused:
            wrong.append(f"differences that never changed anything: {', '.join(unused)}")
        if wrong:
            raise Unexpected("\n".join(wrong))

    # -- the picture that differences ask ---------------------------------------------------------------------------

    def user(self, connection: str) -> Optional[str]:
        peer = self.peers.get(connection)
        return peer.user if peer else None

    def is_logged_in(self, connection: str) -> bool:
        peer = self.peers.get(connection)
        return peer is not None and peer.is_logged_in

    def is_authenticated(self, connection: str) -> bool:
        peer = self.peers.get(connection)
        return peer is not None and peer.is_authenticated and not peer.is_logged_in

    def watchers(self) -> List[str]:
        return [name for name, peer in self.peers.items() if peer.is_logged_in]

    def registered(self, user: str) -> List[str]:
        return [name for name in self.watchers() if user in self.peers[name].registered]

    def ends_last_session(self, step: Step, user: str) -> bool:
        if step.act != "close" and step.line().get("class") != "logout":
            return False
        own = [name for name in self.watchers() if self.peers[name].user == user]
        return own == [step.connection]

    # -- one step ---------------------------------------------------------------------------------------------------

    def _play(self, step: Step) -> None:
        if step.act == "connect":
            self._leave(step.connection)
            self.peers[step.connection] = Peer(self._connect(step.connection))
            return
        if step.act == "again":
            self._again(step.connection)
            return
        peer = self.peers.get(step.connection)
        if peer is None:
            self.skipped += 1
            return
        for difference in DIFFERENCES:
            if difference.apply(step, self):
                self.used[difference.name] += 1
        self._remember_identity(step, peer)
        self._act(step, peer)
        self._verify(step)
        self._remember_outcome(step, peer)

    def _connect(self, name: str) -> Connection:
        connection = self.server.connect(name)
        self.connections.append(connection)
        return connection

    def _act(self, step: Step, peer: Peer) -> None:
        if step.act == "close":
            peer.connection.close()
            del self.peers[step.connection]
            return
        self.lines += 1
        peer.is_amid_line = not step.sent.endswith("\n")
        peer.connection.send_bytes(self.mapping.sent(step.sent))

    def _leave(self, name: str) -> None:
        peer = self.peers.pop(name, None)
        if peer is not None:
            peer.connection.close()

    def _again(self, name: str) -> None:
        """The original had cut this connection: a new one logs in; what others hear of it was not recorded."""
        user = self.peers[name].user or ""
        self._leave(name)
        peer = Peer(self._connect(name))
        log_in(peer.connection, LOGINS[user], version="2.2")
        peer.user, peer.is_authenticated, peer.is_logged_in = user, True, True
        self.peers[name] = peer
        tid = self.mapping.id("users", user)
        for other in self.watchers():
            connection = self.peers[other].connection
            connection.receive_until(lambda each: _is_presence(each, tid, "available"))
            for message in connection.fence():
                self._count(message)
        self.presence[user] = "available"

    def _remember_identity(self, step: Step, peer: Peer) -> None:
        for login in re.findall(r'"userlogin": ?"(\w+)"', step.sent):
            if peer.user is None:
                peer.user = USERS.get(login)

    def _remember_outcome(self, step: Step, peer: Peer) -> None:
        for message in step.expected.get(step.connection, []):
            peer.is_authenticated = peer.is_authenticated or "capalist" in message
            if "capaxlets" in message and not peer.is_logged_in:
                peer.is_logged_in = True
                ask_own_config(peer.connection)
        line = step.line()
        for _, key in _pairs(line.get("user_ids")):
            user = str(key)[-2:]
            (peer.registered.add if line["class"].startswith("register") else peer.registered.discard)(user)
        for messages in step.expected.values():
            for message in messages:
                if tables.push_kind(message) == "presence":
                    self.presence[message["tid"]] = message["status"]["availstate"]
                elif tables.push_kind(message) == "services":
                    self.dnd[message["tid"]] = message["config"]["enablednd"]
        for name in step.closed:
            self.peers.pop(name, None)

    # -- comparing --------------------------------------------------------------------------------------------------

    def _verify(self, step: Step) -> None:
        for name in list(step.expected) + list(step.closed):
            if name not in self.peers and step.expected.get(name):
                raise Unexpected(f"{name} is not connected here, but something is expected: {step.expected[name]}")
        for name, peer in self.peers.items():
            wanted = [self.mapping.message(copy.deepcopy(each)) for each in step.expected.get(name, [])]
            self._hear(name, peer, wanted, name in step.closed)

    def _hear(self, name: str, peer: Peer, wanted: List[Message], is_to_close: bool) -> None:
        while wanted:
            try:
                message = peer.connection.receive()
            except Unexpected as error:
                raise Unexpected(f"{name}: {error}; still expected: {wanted}") from None
            self._take(name, message, wanted)
        rest: List[Message] = []
        if is_to_close:
            rest = peer.connection.expect_close()
        elif peer.is_logged_in and not peer.is_amid_line:
            try:
                rest = peer.connection.fence()
            except Closed as error:
                raise Unexpected(f"{name}: {error}, which nobody expected") from None
        for message in rest:
            self._take(name, message, wanted)

    def _take(self, name: str, message: Message, wanted: List[Message]) -> None:
        """Answers come in their order; pushes may come between them, in any order."""
        self._count(message)
        answers = [each for each in wanted if not tables.push_kind(each)]
        candidates = answers[:1] + [each for each in wanted if tables.push_kind(each)]
        for candidate in candidates:
            if agrees(candidate, message):
                wanted.remove(candidate)
                return
        raise Unexpected(f"{name} hears {message}\n  expected: {candidates or 'nothing more'}")

    def _count(self, message: Message) -> None:
        kind = tables.push_kind(message)
        if kind:
            wrong = check(tables.PUSHES[kind], message, kind, self.tally)
            if wrong:
                raise Unexpected(f"{'; '.join(wrong)}: {message}")
        else:
            self.tally.messages += 1
            self.tally.members += _members(message)


def agrees(expected: Any, came: Any, member: str = "") -> bool:
    """Whether a message is the expected one: same members, same values, same JSON types; stamps by type alone."""
    if member in STAMPS:
        return isinstance(came, float)
    if member in FREE_MEMBERS:
        return isinstance(came, str) and came != ""
    if isinstance(expected, str) and expected.startswith("<any") or expected == difference.NULL_OR_EMPTY:
        return _is_any(expected, came)
    if isinstance(expected, dict):
        return (
            isinstance(came, dict)
            and expected.keys() == came.keys()
            and all(agrees(value, came[name], name) for name, value in expected.items())
        )
    if isinstance(expected, list):
        if not isinstance(came, list) or len(expected) != len(came):
            return False
        if member == "list" and all(isinstance(each, str) for each in expected):
            return sorted(expected) == sorted(came)
        return all(agrees(one, other) for one, other in zip(expected, came))
    return type(expected) is type(came) and expected == came


def _is_any(kind: str, came: Any) -> bool:
    shapes = {
        difference.ANY_TEXT: tables.text,
        difference.ANY_COLOR: tables.color_text,
        difference.ANY_XLETS: tables.LOGIN_CAPAS.required["capaxlets"],
        difference.ANY_CAPAS: tables.LOGIN_CAPAS.required["capas"],
        difference.ANY_PRESENCE: tables.one_of(*difference.PRESENCES),
        difference.NULL_OR_EMPTY: tables.one_of(None, ""),
    }
    tally = Tally()
    shapes[kind](came, kind, tally)
    return not tally.wrong


def _is_presence(message: Message, tid: str, state: str) -> bool:
    is_presence = tables.push_kind(message) == "presence"
    return is_presence and message["tid"] == tid and message["status"]["availstate"] == state


def _pairs(value: Any) -> List[List[Any]]:
    pairs = value if isinstance(value, list) else []
    return [each for each in pairs if isinstance(each, list) and len(each) == 2]


def _members(value: Any) -> int:
    if isinstance(value, dict):
        return len(value) + sum(_members(each) for each in value.values())
    if isinstance(value, list):
        return sum(_members(each) for each in value)
    return 0
