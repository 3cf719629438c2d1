"""`python3 -m replay.comparison FIRST SECOND`: how two replays differ, connection by connection, by what `--lines` wrote.

What differs between any two runs (times, UUIDs, numbers of sessions, the numbers of the tests' own keepalives) is masked.
Two replays of one binary are the control: what differs there is a race with the store, the pace or the harness.
"""

from __future__ import annotations

import argparse
import collections
import json
import pathlib
import re
import sys
from typing import Dict, List

UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
VARIES = re.compile(r'"(timenow|sessionid|date|availability_since)":("[^"]*"|[0-9.]+)')
FENCE = re.compile(r'"replyid":9\d{8}\b')

# by run and connection: its lines in order
Heard = Dict[str, List[str]]


def masked(line: bytes) -> str:
    """A line of the server without what no two runs have alike."""
    text = json.dumps(json.loads(line), separators=(",", ":"), sort_keys=True)
    text = VARIES.sub(r'"\1":0', UUID.sub("UUID", text))
    return FENCE.sub('"replyid":0', text)


def write(path: pathlib.Path, heard: Heard) -> None:
    """Keeps what every connection heard."""
    path.write_text(json.dumps(heard, indent=0), encoding="utf-8")


def compare(first: Heard, second: Heard) -> Dict[str, List[str]]:
    """The connections by how they differ."""
    found: Dict[str, List[str]] = {"same lines in the same order": [], "same lines in another order": [], "other lines": []}
    for name in sorted(set(first) | set(second)):
        one, other = first.get(name, []), second.get(name, [])
        if one == other:
            found["same lines in the same order"].append(name)
        elif collections.Counter(one) == collections.Counter(other):
            found["same lines in another order"].append(name)
        else:
            found["other lines"].append(name)
    return found


def main() -> int:
    """Counts, and names what is not the same."""
    parser = argparse.ArgumentParser(prog="replay.comparison", description=__doc__)
    parser.add_argument("first", type=pathlib.Path)
    parser.add_argument("second", type=pathlib.Path)
    arguments = parser.parse_args()
    first, second = (json.loads(path.read_text(encoding="utf-8")) for path in (arguments.first, arguments.second))
    lines = [sum(map(len, heard.values())) for heard in (first, second)]
    print(f"{lines[0]} and {lines[1]} lines")
    for how, names in compare(first, second).items():
        print(f"{len(names):4} connections: {how}")
        if how != "same lines in the same order":
            for name in names:
                ahead, behind = (collections.Counter(heard.get(name, [])) for heard in (first, second))
                missing = collections.Counter(json.loads(line).get("class") for line in (ahead - behind).elements())
                more = collections.Counter(json.loads(line).get("class") for line in (behind - ahead).elements())
                print(f"       {name}" + (f": without {dict(missing)}, with {dict(more)}" if missing or more else ""))
    return 0


if __name__ == "__main__":
    sys.exit(main())
