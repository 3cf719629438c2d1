"""The start-up burst (protocol decision 13): a client with many visible users asks one `updateconfig` and one `updatestatus` for
each, all at once, over a line of 1 Mbit/s. It must hear every answer, in order, and must not be cut off.
"""

from __future__ import annotations

import json
import threading
import time
import uuid
from typing import Any, Dict, List

from . import tables
from .client import Connection, Unexpected, encode
from .shapes import Tally, check
from .world import Server, log_in

BITS_PER_SECOND = 1_000_000
RECEIVE_BUFFER_BYTES = 65_536
READ_BYTES = 4_096
STALL_SECONDS = 60.0
WATCHER = "watcher"


def make_world(server: Server, users: int) -> None:
    """Many users of the profile Client who share one password hash, by importing a document."""
    server.run("setting", "set", "client.login_timeout", "60")
    server.add_user(WATCHER, "Wanda", "Watcher", "--profile", "Client")
    document = json.loads(server.run("export", "--with-secrets"))
    model: Dict[str, Any] = document["users"][-1]
    first = int(model["id"]) + 1
    for number in range(users):
        document["users"].append(
            {
                **model,
                "id": first + number,
                "uuid": str(uuid.UUID(int=(4 << 76) | (2 << 62) | number)),
                "login": f"user{number}",
                "first_name": f"User {number}",
                "last_name": "",
            }
        )
    path = server.root / "many.json"
    path.write_text(json.dumps(document))
    server.run("import", str(path))


def run(server: Server, users: int, tally: Tally) -> str:
    """Asks for everything at once and reads slowly; gives a sentence about what came."""
    connection = server.connect("the slow reader", RECEIVE_BUFFER_BYTES)
    connection.receive()
    log_in(connection, WATCHER)
    connection.send({"class": "getlist", "function": "listid", "listname": "users", "commandid": 1})
    listed = connection.receive_until(lambda each: each.get("function") == "listid")[-1]["list"]
    if len(listed) != users + 1:
        raise Unexpected(f"{users + 1} users are there, listid names {len(listed)}")
    asked = [(function, tid) for function in ("updateconfig", "updatestatus") for tid in listed]
    lines = [
        encode({"class": "getlist", "function": function, "listname": "users", "tid": tid, "commandid": 2})
        for function, tid in asked
    ]
    for line in lines:
        connection.strict.sent(json.loads(line))
    writer = threading.Thread(target=_write, args=(connection, b"".join(lines)), daemon=True)
    writer.start()
    reader = _SlowReader(connection)
    begun = time.monotonic()
    for function, tid in asked:
        message = reader.message()
        while tables.push_kind(message):
            message = reader.message()
        shape = tables.config_answer if function == "updateconfig" else tables.status_answer
        wrong = check(shape("users", tid), message, f"{function} {tid}", tally)
        if wrong or not message.get("config", message.get("status")):
            raise Unexpected(f"{'; '.join(wrong) or 'empty answer'}: {message}")
    writer.join(STALL_SECONDS)
    elapsed = time.monotonic() - begun
    connection.expect_silence("after the burst")
    connection.close()
    return f"{len(asked)} answers, {reader.bytes_read} bytes in {elapsed:.0f} s at 1 Mbit/s"


def _write(connection: Connection, data: bytes) -> None:
    connection.raw_socket().sendall(data)


class _SlowReader:
    """Reads no faster than the line allows; the pause after each read is the line's own time, not a wait for
    anything."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._lines: List[bytes] = []
        self._rest = b""
        self._begun = time.monotonic()
        self.bytes_read = 0

    def message(self) -> Dict[str, Any]:
        while not self._lines:
            self._read()
        return self._connection.parse(self._lines.pop(0))

    def _read(self) -> None:
        due = self._begun + self.bytes_read * 8 / BITS_PER_SECOND
        time.sleep(max(0.0, due - time.monotonic()))
        raw = self._connection.raw_socket()
        raw.settimeout(STALL_SECONDS)
        data = raw.recv(READ_BYTES)
        if not data:
            raise Unexpected(f"the server cut the slow reader off after {self.bytes_read} bytes")
        self.bytes_read += len(data)
        *lines, self._rest = (self._rest + data).split(b"\n")
        self._lines.extend(lines)
