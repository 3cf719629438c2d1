"""`python3 -m replay --binary PATH [--only NAME]… [--full] [--lines PATH]`: runs the replays against the real binary.

The last line says `N passed, N failed`; the exit code is 1 if anything failed.
"""

from __future__ import annotations

import argparse
import pathlib
import sys
import traceback
from typing import Callable, Dict, List, Tuple

from . import burst, comparison, original_world, replay_desktop, replay_live
from .client import Connection, Unexpected
from .differences import DIFFERENCES
from .replay_original import Replay
from .shapes import Tally
from .world import Ids, Server, report

USERS_BOUNDED = 1_000
USERS_FULL = 10_000

Run = Callable[[Server, List[Connection]], str]


def _desktop(session: str, is_encrypted: bool, burst_lines: int) -> Run:
    def run(server: Server, connections: List[Connection]) -> str:
        replay_desktop.make_world(server)
        server.start()
        tally = Tally()
        player = replay_desktop.Player(server, Ids(server, "olga"), is_encrypted, burst_lines, tally)
        try:
            player.play(session)
        finally:
            connections.extend(each for each in (player.alice, player.bob) if each is not None)
        return f"{player.lines} lines sent, {tally.messages} messages and {tally.members} members checked"

    return run


def _live(session: str) -> Run:
    def run(server: Server, connections: List[Connection]) -> str:
        replay_desktop.make_world(server)
        asterisk = replay_live.make_telephone_system(server)
        try:
            server.start()
            tally = Tally()
            # whose logout logs no agent off
            player = replay_live.LivePlayer(server, Ids(server, "bob"), asterisk, tally)
            try:
                player.play(session)
            finally:
                connections.extend(each for each in (player.alice, player.bob) if each is not None)
        finally:
            asterisk.stop()
        return f"{player.lines} lines sent, {sum(player.compared.values())} answers compared with what is so there"

    return run


def _original(server: Server, connections: List[Connection]) -> str:
    original_world.make_world(server)
    server.start()
    tally = Tally()
    replay = Replay(server, Ids(server, "elena"), tally)
    try:
        replay.play()
    finally:
        connections.extend(peer.connection for peer in replay.peers.values())
    for line in original_world.LEFT_OUT:
        print(f"    left out: {line}")
    for each in DIFFERENCES:
        print(f"    differs {replay.used[each.name]:3} times: {each.name} ({each.reason})")
    return f"{replay.lines} lines sent, {tally.messages} messages and {tally.members} members compared"


def _burst(users: int) -> Run:
    def run(server: Server, connections: List[Connection]) -> str:
        burst.make_world(server, users)
        server.start()
        tally = Tally()
        said = burst.run(server, users, tally)
        return f"{said}, {tally.members} members checked"

    return run


def _runs(is_full: bool) -> List[Tuple[str, Run]]:
    runs = [
        (f"{session} {way}", _desktop(session, is_encrypted, burst_lines))
        for session in replay_desktop.SESSIONS
        for way, is_encrypted, burst_lines in replay_desktop.WAYS
    ]
    runs += [(f"{session} beside Asterisk", _live(session)) for session in replay_desktop.SESSIONS]
    users = USERS_FULL if is_full else USERS_BOUNDED
    return [*runs, ("original-server", _original), (f"start-up burst of {users} users", _burst(users))]


def _one(binary: pathlib.Path, name: str, run: Run) -> bool:
    connections: List[Connection] = []
    server = Server(binary)
    try:
        said = run(server, connections)
        server.stop()
    except Unexpected as error:
        print(f"FAILED  {name}\n{report(error, server, connections)}\n", flush=True)
        return False
    except Exception as error:  # a broken test is a failure like any other, with its own trace
        print(f"FAILED  {name}\n{traceback.format_exc()}\n{report(error, server, connections)}\n", flush=True)
        return False
    finally:
        server.discard()
    print(f"passed  {name}: {said}", flush=True)
    return True


def main() -> int:
    """Runs what was asked for and sums up."""
    parser = argparse.ArgumentParser(prog="replay", description=__doc__)
    parser.add_argument("--binary", type=pathlib.Path, required=True, help="the ctibox binary")
    parser.add_argument("--only", action="append", default=[], help="only runs whose name contains this")
    parser.add_argument("--full", action="store_true", help=f"the burst with {USERS_FULL} users")
    parser.add_argument("--lines", type=pathlib.Path, help="keep there what every connection heard, for a comparison")
    arguments = parser.parse_args()
    heard: comparison.Heard = {}
    outcome: Dict[bool, int] = {True: 0, False: 0}
    for name, run in _runs(arguments.full):
        if not arguments.only or any(part in name for part in arguments.only):
            Connection.kept = [] if arguments.lines else None
            outcome[_one(arguments.binary.resolve(), name, run)] += 1
            for number, connection in enumerate(Connection.kept or []):
                heard[f"{name}: {number} {connection.name}"] = connection.heard
    if arguments.lines:
        comparison.write(arguments.lines, heard)
    print(f"{outcome[True]} passed, {outcome[False]} failed")
    return 0 if outcome[False] == 0 and outcome[True] else 1


if __name__ == "__main__":
    sys.exit(main())
