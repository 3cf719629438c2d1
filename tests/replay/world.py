"""Runs the real binary: makes a world with its commands, serves it on a free port, ends it by its process id."""

from __future__ import annotations

import json
import os
import pathlib
import select
import shutil
import signal
import subprocess
import tempfile
import time
from typing import Any, Dict, List, Optional

from .client import Connection, Message, Unexpected

START_SECONDS = 60.0
STOP_SECONDS = 10.0
COMMAND_SECONDS = 120.0
LOG_TAIL_LINES = 30
PASSWORD = "secret"


class Server:
    """A data folder of its own and, once started, the process that serves it."""

    def __init__(self, binary: pathlib.Path) -> None:
        self.binary = binary
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="ctibox-replay-"))
        self.data = self.root / "data"
        self.port = 0
        self._process: Optional[subprocess.Popen[str]] = None
        self._log_path = self.root / "serve.log"
        self.run("init")

    def run(self, *words: str, text: str = "") -> str:
        """Runs one command on the data folder; anything but exit code 0 is a failure."""
        line = [str(self.binary), "--data", str(self.data), *words]
        done = subprocess.run(
            line, input=text, capture_output=True, text=True, timeout=COMMAND_SECONDS, env=_plain_environment()
        )
        if done.returncode != 0:
            raise Unexpected(f"`{' '.join(line)}` ended with {done.returncode}: {done.stderr.strip()}")
        return done.stdout

    def start(self) -> None:
        """Serves on a free port of 127.0.0.1 and returns once the line `ready` came."""
        log = open(self._log_path, "ab")
        self._process = subprocess.Popen(
            [str(self.binary), "--data", str(self.data), "serve", "--listen", "127.0.0.1:0"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            env=_plain_environment(),
        )
        log.close()
        self.port = self._await_ready(time.monotonic() + START_SECONDS)

    def _await_ready(self, end: float) -> int:
        assert self._process is not None and self._process.stdout is not None
        while time.monotonic() < end:
            if not select.select([self._process.stdout], [], [], end - time.monotonic())[0]:
                break
            line = self._process.stdout.readline()
            if not line:
                break
            if line.startswith("ready "):
                return int(line.split()[1].rsplit(":", 1)[1])
        raise Unexpected(f"`serve` never said `ready`; its log ends:\n{self.log_tail()}")

    def connect(self, name: str, receive_buffer: Optional[int] = None) -> Connection:
        """A new connection to the running server."""
        return Connection("127.0.0.1", self.port, name, receive_buffer)

    def stop(self) -> None:
        """Asks the process to end; a process that does not end in time is killed and that is a failure."""
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(signal.SIGTERM)
        try:
            code = process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise Unexpected(f"`serve` did not end on SIGTERM; its log ends:\n{self.log_tail()}") from None
        if code != 0:
            raise Unexpected(f"`serve` ended with {code}; its log ends:\n{self.log_tail()}")

    def discard(self) -> None:
        """Ends the process if it still runs, whatever happened, and removes the folder."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None
        shutil.rmtree(self.root, ignore_errors=True)

    def log_tail(self) -> str:
        """The last lines of the server's log, for a failure report."""
        if not self._log_path.exists():
            return "(no log)"
        return "\n".join(self._log_path.read_text(errors="replace").splitlines()[-LOG_TAIL_LINES:])

    # -- what the tests put into the world --------------------------------------------------------------------------

    def add_user(self, login: str, first_name: str, last_name: str = "", *more: str) -> None:
        """A user with the password of all test users."""
        names = ["--first-name", first_name] + (["--last-name", last_name] if last_name else [])
        self.run("user", "add", login, *names, "--password-stdin", *more, text=PASSWORD + "\n")

    def add_line(self, extension: str, login: str, device: str, context: str = "default") -> None:
        """A line of a user."""
        self.run("line", "add", extension, "--context", context, "--user", login, "--device", device)

    def document(self) -> Dict[str, Any]:
        """The whole configuration as `export` writes it."""
        return json.loads(self.run("export"))

    def user_uuids(self) -> Dict[str, str]:
        """Login to uuid, from the exported document."""
        return {user["login"]: user["uuid"] for user in self.document()["users"]}


def _plain_environment() -> Dict[str, str]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("CTIBOX_")}
    environment["NO_COLOR"] = "1"
    return environment


class Ids:
    """The ids of a world as the wire tells them: what each object is called, and the id that the server gave it."""

    NAMED_BY = {
        "users": "fullname",
        "phones": "number",
        "agents": "number",
        "queues": "name",
        "voicemails": "mailbox",
        "meetmes": "confno",
    }

    def __init__(self, server: Server, login: str) -> None:
        self.by_name: Dict[str, Dict[str, str]] = {}
        self.uuids = server.user_uuids()
        connection = server.connect("survey")
        capas = log_in(connection, login)
        self.profile = ""
        self.server_uuid = ""
        for listname, member in self.NAMED_BY.items():
            self.by_name[listname] = self._survey(connection, listname, member)
        own = _ask(connection, "users", "updateconfig", capas["userid"])
        self.server_uuid = own["config"]["xivo_uuid"]
        connection.send({"class": "logout", "commandid": 1})
        connection.expect_close()

    def _survey(self, connection: Connection, listname: str, member: str) -> Dict[str, str]:
        connection.send({"class": "getlist", "function": "listid", "listname": listname, "commandid": 1})
        answer = connection.receive_until(lambda message: message.get("function") == "listid")[-1]
        names = {}
        for tid in answer["list"]:
            config = _ask(connection, listname, "updateconfig", tid)["config"]
            names[config[member]] = tid
        return names

    def id(self, listname: str, name: str) -> str:
        """The id of the object of that name, as text."""
        try:
            return self.by_name[listname][name]
        except KeyError:
            raise Unexpected(f"the world has no {name} in {listname}: {sorted(self.by_name[listname])}") from None


def _ask(connection: Connection, listname: str, function: str, tid: str) -> Message:
    connection.send({"class": "getlist", "function": function, "listname": listname, "tid": tid, "commandid": 1})
    return connection.receive_until(
        lambda message: message.get("function") == function
        and message.get("listname") == listname
        and message.get("tid") == tid
    )[-1]


def log_in(connection: Connection, login: str, state: str = "available", version: str = "2.3") -> Message:
    """The three steps, plainly; gives the `login_capas` answer."""
    member = "wazoversion" if version == "2.3" else "xivoversion"
    connection.send(
        {"class": "login_id", "userlogin": login, "company": "xivo", "ident": "replay", member: version, "commandid": 1}
    )
    connection.receive_until(lambda message: message.get("class") == "login_id")
    connection.send({"class": "login_pass", "password": PASSWORD, "commandid": 2})
    passed = connection.receive_until(lambda message: message.get("class") == "login_pass")[-1]
    if "capalist" not in passed:
        raise Unexpected(f"{login} is refused: {passed}")
    connection.send({"class": "login_capas", "capaid": str(passed["capalist"][0]), "state": state, "commandid": 3})
    capas = connection.receive_until(lambda message: message.get("class") == "login_capas")[-1]
    ask_own_config(connection)
    return capas


def ask_own_config(connection: Connection) -> None:
    """As every client does once it is in: before the answer it hears no chat (protocol decision 16). What comes meanwhile is
    received later."""
    own = connection.strict.own
    connection.send({"class": "getlist", "function": "updateconfig", "listname": "users", "tid": own, "commandid": 4})
    messages = connection.receive_until(
        lambda message: message.get("function") == "updateconfig"
        and message.get("tid") == own
        and "xivo_uuid" in message["config"]
    )
    connection.put_by(messages[:-1])


def report(error: Exception, server: Server, connections: List[Connection]) -> str:
    """A failure with all that helps to read it: the last lines both ways and the end of the server's log."""
    parts = [str(error)]
    for connection in connections:
        parts.append(f"last lines of {connection.name}:\n" + "\n".join(connection.transcript))
    parts.append(f"the server's log ends:\n{server.log_tail()}")
    return "\n".join(parts)
