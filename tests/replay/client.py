"""One CTI connection as a client sees it: lines out, messages in, STARTTLS, and a transcript for failure reports.

Nothing here sleeps: a read ends when the awaited thing came, when the server closed, or at the deadline, which is a
failure. Silence is proved by a fence: a `keepalive` whose answer must be the next thing that comes.
"""

from __future__ import annotations

import collections
import itertools
import json
import socket
import ssl
import time
from typing import Any, Callable, ClassVar, Deque, Iterator, List, Optional

from .comparison import masked
from .strict import StrictClient

Message = dict[str, Any]

DEADLINE_SECONDS = 20.0
TRANSCRIPT_LINES = 40
READ_BYTES = 65536

_fences = itertools.count(900_000_001)


class Unexpected(Exception):
    """The server did something that the test does not allow; the text says what, the transcript follows."""


class Closed(Unexpected):
    """The server closed the connection while a message was awaited."""


def encode(message: Message) -> bytes:
    """A line as the desktop client writes it: compact, keys sorted, UTF-8, one LF."""
    text = json.dumps(message, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return text.encode("utf-8", "surrogatepass") + b"\n"


def _no_constant(word: str) -> Any:
    raise Unexpected(f"the server wrote {word}, which is not JSON")


class Connection:
    """A TCP connection to the server; `name` stands in every report about it."""

    # All connections that were made, where somebody wants to know afterwards what they heard.
    kept: ClassVar[Optional[List["Connection"]]] = None

    def __init__(self, host: str, port: int, name: str, receive_buffer: Optional[int] = None) -> None:
        self.name = name
        self.transcript: Deque[str] = collections.deque(maxlen=TRANSCRIPT_LINES)
        self.is_closed = False
        self.heard: List[str] = []
        if Connection.kept is not None:
            Connection.kept.append(self)
        self.strict = StrictClient()
        self._pending = b""
        self._put_by: Deque[Message] = collections.deque()
        raw = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        if receive_buffer is not None:
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        raw.settimeout(DEADLINE_SECONDS)
        raw.connect((host, port))
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket: socket.socket = raw
        self.lines_sent = 0
        self.lines_received = 0

    # -- sending ----------------------------------------------------------------------------------------------------

    def send(self, message: Message) -> None:
        """Sends one message as the desktop client would write it."""
        self.send_bytes(encode(message))

    def send_bytes(self, data: bytes) -> None:
        """Sends bytes as they are, whole lines or not."""
        shown = data if len(data) <= 400 else data[:400] + b"..."
        self._note("->", shown.decode("utf-8", "backslashreplace").rstrip("\n"))
        self.lines_sent += data.count(b"\n")
        for line in data.split(b"\n"):
            self._note_request(line)
        try:
            self._socket.sendall(data)
        except (ConnectionResetError, BrokenPipeError):
            self._note("  ", "(the server had closed)")

    # -- receiving --------------------------------------------------------------------------------------------------

    def receive(self, deadline: float = DEADLINE_SECONDS) -> Message:
        """The next message; `Closed` at the end of file, `Unexpected` at the deadline or for a malformed line."""
        if self._put_by:
            return self._put_by.popleft()
        end = time.monotonic() + deadline
        while b"\n" not in self._pending:
            if self.is_closed:
                raise Closed(f"{self.name}: the server has closed the connection")
            self._read_more(end)
        line, self._pending = self._pending.split(b"\n", 1)
        return self.parse(line)

    def receive_until(self, is_last: Callable[[Message], bool], deadline: float = DEADLINE_SECONDS) -> List[Message]:
        """Every message up to the one that `is_last` accepts, that one included."""
        messages = []
        while True:
            message = self.receive(deadline)
            messages.append(message)
            if is_last(message):
                return messages

    def fence(self) -> List[Message]:
        """What came before the answer to a keepalive sent now; that answer is checked and left out."""
        commandid = next(_fences)
        self.send({"class": "keepalive", "commandid": commandid})
        messages = self.receive_until(
            lambda message: message.get("class") == "keepalive" and message.get("replyid") == commandid
        )
        self.strict.quiet()
        return messages[:-1]

    def put_by(self, messages: List[Message]) -> None:
        """Messages that came already, to be received next."""
        self._put_by.extendleft(reversed(messages))

    def expect_silence(self, why: str) -> None:
        """Fails if anything at all came before the answer to a keepalive sent now."""
        came = self.fence()
        if came:
            raise Unexpected(f"{self.name}: {why}: expected silence, came {came}")

    def expect_close(self) -> List[Message]:
        """Reads to the end of file and gives the messages that came before it."""
        return list(self._rest())

    def _rest(self) -> Iterator[Message]:
        while True:
            try:
                yield self.receive()
            except Closed:
                return

    def _read_more(self, end: float) -> None:
        remaining = end - time.monotonic()
        if remaining <= 0:
            raise Unexpected(f"{self.name}: nothing came in time")
        self._socket.settimeout(remaining)
        try:
            data = self._socket.recv(READ_BYTES)
        except (socket.timeout, TimeoutError):
            raise Unexpected(f"{self.name}: nothing came in time") from None
        except (ConnectionResetError, ssl.SSLEOFError):
            data = b""
        if not data:
            self.is_closed = True
            self._note("<-", "(closed)")
            if self._pending:
                raise Unexpected(f"{self.name}: the last line has no line feed: {self._pending[:200]!r}")
        self._pending += data

    def parse(self, line: bytes) -> Message:
        """A line as it came, checked for what holds of every line."""
        self.lines_received += 1
        if Connection.kept is not None:
            self.heard.append(masked(line))
        self.strict.line(line)
        self._note("<-", line[:600].decode("utf-8", "backslashreplace"))
        if any(byte >= 0x80 or byte < 0x20 for byte in line):
            raise Unexpected(f"{self.name}: a server line is not plain ASCII: {line[:300]!r}")
        try:
            message = json.loads(line, parse_constant=_no_constant)
        except ValueError as error:
            raise Unexpected(f"{self.name}: a server line is not JSON ({error}): {line[:300]!r}") from None
        if not isinstance(message, dict):
            raise Unexpected(f"{self.name}: a server line is not an object: {line[:300]!r}")
        self.strict.received(message)
        return message

    def _note_request(self, line: bytes) -> None:
        try:
            request = json.loads(line)
        except (ValueError, RecursionError):
            return
        if isinstance(request, dict):
            self.strict.sent(request)

    # -- encryption and the end -------------------------------------------------------------------------------------

    def start_tls(self) -> str:
        """Wraps the connection in TLS as a client that accepts any certificate; gives the version agreed."""
        if self._pending:
            raise Unexpected(f"{self.name}: clear bytes behind the answer to starttls: {self._pending[:200]!r}")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        self._socket.settimeout(DEADLINE_SECONDS)
        wrapped = context.wrap_socket(self._socket)
        self._socket = wrapped
        self.strict.encrypted()
        version = wrapped.version() or "none"
        self._note("  ", f"({version})")
        return version

    def raw_socket(self) -> socket.socket:
        """The socket itself, for a reader that wants to be slow."""
        return self._socket

    def close(self) -> None:
        """Closes from the client's side."""
        self.is_closed = True
        self._note("->", "(closes)")
        self._socket.close()

    def _note(self, direction: str, text: str) -> None:
        self.transcript.append(f"{self.name} {direction} {text}")
