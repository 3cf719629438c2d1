"""Replays the recorded lines of the released desktop clients beside a telephone system: agents, queues, their members
and callers, telephones and voicemail boxes are answered with what is so there, member by member.
"""

from __future__ import annotations

import time
from typing import Any, Dict, List

from . import tables
from .answers import LATE, Expected, expected
from .asterisk import IDLE, IN_USE, RINGING, SECRET, Asterisk, Caller, Member
from .client import Message, Unexpected
from .replay_desktop import Player
from .shapes import Check, Members, Shape, Tally, anything, empty, integer, is_, text
from .world import Ids, Server, log_in

HOLD_SECONDS = 2
GAVE_UP_SECONDS = 4
EXPECTED_WAIT = 7
# whose state changes for the fence alone
FENCE_TELEPHONE = "110"
# what no dial plan has
FENCE_NUMBER = "990001"
QUEUES = ("first", "blue", "green", "__switchboard", "__switchboard_hold")
AGENT_COMMANDS = ("agentlogin", "agentlogout", "queueadd", "queueremove", "queuepause", "queueunpause")
# what is told where an agent joins or leaves a queue: without what is null
AGENTS_QUEUES = Members(
    {
        name: shape
        for name, shape in tables.AGENT_STATUS.required.items()
        if name not in ("channel", "nonacd_call_status")
    }
)

PUSHES: Dict[str, Members] = {
    **tables.PUSHES,
    "telephone": tables.getlist("updatestatus", "phones", tid=text, status=tables.STATUS["phones"]),
    # when the link begins while bob is there already
    "box": tables.getlist("updatestatus", "voicemails", tid=text, status=tables.STATUS["voicemails"]),
    "agent": tables.getlist("updatestatus", "agents", tid=integer, status=tables.AGENT_STATUS),
    "agent's telephone": tables.getlist("updatestatus", "agents", tid=text, status=Members({"phonenumber": text})),
    "agent's queues": tables.getlist("updatestatus", "agents", tid=text, status=AGENTS_QUEUES),
    "member": tables.getlist("updateconfig", "queuemembers", tid=text, config=tables.QUEUE_MEMBER),
    "figures": Members({"class": is_("getqueuesstats"), "stats": anything}),
}


def make_telephone_system(server: Server) -> Asterisk:
    """Of the world of the recordings: Olga's agent logged in, though the settings have them in no queue, and paused;
    bob's telephone a member; somebody waiting."""
    asterisk = Asterisk()
    asterisk.hints = {
        "101": ("PJSIP/ab12cd", IN_USE),
        "102": ("PJSIP/ef34gh", RINGING),
        FENCE_TELEPHONE: ("PJSIP/gh56ij", IDLE),
    }
    asterisk.boxes = {"101": 3, "102": 0, "110": 1}
    asterisk.queues = {queue: EXPECTED_WAIT if queue == "blue" else 0 for queue in QUEUES}
    asterisk.extensions = {"101", "102", "110", "4001", "5550102", "*98"}
    for member in (
        Member("blue", "Local/id-1@agentcallback", "Agent/2009", "PJSIP/gh56ij", penalty=3, is_paused=True),
        Member("blue", "PJSIP/ef34gh", "PJSIP/ef34gh", "PJSIP/ef34gh", "static", 5, status=6),
    ):
        asterisk.members[(member.queue, member.interface)] = member
    asterisk.waiting["blue"] = [Caller("1795440549.64", "5145550103", "Zoé", time.time() - 30)]
    server.run("setting", "set", "ami.port", str(asterisk.port))
    server.run("setting", "set", "ami.secret", "--value-stdin", text=SECRET + "\n")
    return asterisk


def _await_link(server: Server) -> None:
    """What a link begins with is told to whoever is there: nobody is, before it holds."""
    connection = server.connect("bob, before the link")
    log_in(connection, "bob")
    answer = "service_unavailable"
    while answer == "service_unavailable":
        connection.send({"class": "ipbxcommand", "command": "dial", "destination": FENCE_NUMBER, "commandid": 6})
        answer = connection.receive_until(lambda message: message["class"] == "ipbxcommand")[-1]["error_string"]
    connection.send({"class": "logout", "commandid": 7})
    connection.expect_close()


class LivePlayer(Player):
    """Plays line by line: what a line does at the telephone system is done before the next one."""

    late = LATE | {"ipbxcommand dial"}
    pushes = PUSHES

    def __init__(self, server: Server, ids: Ids, asterisk: Asterisk, tally: Tally) -> None:
        asterisk.await_action("DBGetTree")
        _await_link(server)
        super().__init__(server, ids, False, 1, tally)
        self.asterisk = asterisk
        # how many answers of each kind were compared with what is so there
        self.compared: Dict[str, int] = {}
        self._works_in = {"blue", "green"}
        self._phone_number: Any = None
        answering = asterisk.members[("blue", "PJSIP/ef34gh")]
        asterisk.answered_call("blue", Caller("1795440500.10", "5145550104", "", 0.0), answering, HOLD_SECONDS, 9)
        asterisk.lost_call("blue", Caller("1795440510.12", "5145550105", "", 0.0), GAVE_UP_SECONDS)
        self._settle()

    def play(self, recording: str) -> None:
        """Plays all of it; then bob asks for all that there is."""
        super().play(recording)
        self.bob = self.server.connect("bob, behind it")
        try:
            self._ask_for_everything()
        finally:
            self.bob.close()

    # -- what is so there --------------------------------------------------------------------------------------------

    def expected(self, line: Message) -> List[Expected]:
        word, listname = line["class"], line.get("listname")
        if word == "getlist" and line["function"] in ("updateconfig", "updatestatus"):
            live = self._of_list(line["function"], str(listname), str(line["tid"]))
            return [self._live(f"getlist {line['function']} {listname}", live)] if live else expected(line, self.ids)
        if word == "getlist" and listname == "queuemembers":
            answer = tables.getlist("listid", "queuemembers", list=self._members())
            return [self._live("getlist listid queuemembers", answer)]
        if word == "subscribe" and line["message"] == "queueentryupdate":
            return [self._live("queueentryupdate", self._entries(str(line["queueid"])))]
        if word == "subscribetoqueuesstats":
            return [self._live(word, shape) for tid in self._by_id("queues") for shape in self._figures(tid)]
        if word == "getqueuesstats":
            shapes: Dict[str, Shape] = {tid: self._of_calls(tid) for tid in line.get("on") or {}}
            answer = tables.with_reply({"class": is_(word), "stats": Members(shapes)}, line.get("commandid"))
            return [self._live(word, answer)]
        if word == "ipbxcommand":
            return self._command(line)
        if word in ("register_agent_status_update", "register_endpoint_status_update"):
            return self._registration(line)
        return [] if word == "hangup" else expected(line, self.ids)

    def _live(self, name: str, shape: Members) -> Expected:
        self.compared[name] = self.compared.get(name, 0) + 1
        return name, shape

    def _by_id(self, listname: str) -> Dict[str, str]:
        return {tid: name for name, tid in self.ids.by_name[listname].items()}

    def _of_list(self, function: str, listname: str, tid: str) -> Any:
        """None: as without a telephone system."""
        name = self._by_id(listname).get(tid, "") if listname != "queuemembers" else tid
        if listname == "queuemembers":
            known, unknown = self._member(tid), is_(None) if function == "updatestatus" else empty
            what = "config" if function == "updateconfig" else "status"
            return tables.getlist(function, listname, tid=is_(tid), **{what: known or unknown})
        if function == "updateconfig" or not name:
            return None
        statuses: Dict[str, Any] = {
            "phones": lambda: Members({"hintstatus": is_(self.asterisk.hints[name][1])}),
            "voicemails": lambda: Members({"new": is_(str(self.asterisk.boxes[name]))}),
            "agents": lambda: self._agent(name),
        }
        status = statuses.get(listname)
        return tables.getlist(function, listname, tid=is_(tid), status=status()) if status else None

    def _agent(self, number: str) -> Members:
        is_recorded = number == "2001"
        members = [each for each in self.asterisk.members.values() if each.name == f"Agent/{number}"]
        works_in = self._works_in if is_recorded else {each.queue for each in members}
        if not members:
            availability = "logged_out"
        elif all(each.is_paused for each in members) and {each.queue for each in members} == works_in:
            availability = "unavailable"
        else:
            availability = "available"
        exact: Dict[str, Shape] = {
            **tables.AGENT_STATUS.required,
            "availability": is_(availability),
            "phonenumber": is_(self._phone_number if is_recorded else FENCE_TELEPHONE),
            "on_call_acd": is_(False),
            "nonacd_call_status": is_(None),
            "queues": is_(sorted((self.ids.id("queues", queue) for queue in works_in), key=int)),
        }
        return Members(exact)

    def _members(self) -> Check:
        """Those of the settings, and whoever is a member there."""
        there = {f"{each.name.replace('PJSIP/', 'SIP/')},{each.queue}" for each in self.asterisk.members.values()}
        wanted = there | {"Agent/2001,blue", "Agent/2001,green"}

        def look(value: Any, path: str, tally: Tally) -> None:
            if sorted(value) != sorted(wanted):
                tally.fail(path, f"expected {sorted(wanted)}, came {value}")

        return look

    def _member(self, tid: str) -> Any:
        """By the wire's id: telephones are called as their line's device is stored."""
        name, _, queue = tid.rpartition(",")
        exact = {"queue_name": is_(queue), "interface": is_(name), "membership": is_("static")}
        for each in self.asterisk.members.values():
            if each.queue == queue and each.name.replace("PJSIP/", "SIP/") == name:
                return Members(
                    {
                        **exact,
                        "penalty": is_(str(each.penalty)),
                        "paused": is_("1" if each.is_paused else "0"),
                        "status": is_(str(each.status)),
                        "callstaken": is_(str(each.calls_taken)),
                        "lastcall": is_(""),
                    }
                )
        if name != "Agent/2001" or queue not in self._works_in | {"blue", "green"}:
            return None
        logged_out = {"penalty": is_("0"), "paused": is_("0"), "status": is_("101")}
        return Members({**exact, **logged_out, "callstaken": is_("0"), "lastcall": is_("")})

    def _entries(self, tid: str) -> Members:
        queue = self._by_id("queues")[tid]
        callers = self.asterisk.waiting.get(queue, [])

        def entries(value: Any, path: str, tally: Tally) -> None:
            came = [(each["position"], each["name"], each["number"], each["uniqueid"]) for each in value]
            wanted = [(place, each.name, each.number, each.unique_id) for place, each in enumerate(callers, start=1)]
            if came != wanted:
                tally.fail(path, f"expected {wanted}, came {came}")
            for each, caller in zip(value, callers):
                if abs(each["join_time"] - caller.since) > 3:
                    tally.fail(path, f"{each} waits since {caller.since}")

        state: Dict[str, Shape] = {"queue_name": is_(queue), "queue_id": is_(int(tid)), "entries": entries}
        return Members({"class": is_("queueentryupdate"), "state": Members(state)})

    def _figures(self, tid: str) -> List[Members]:
        queue = self._by_id("queues")[tid]
        members = [each for each in self.asterisk.members.values() if each.queue == queue]
        agents = [each for each in members if each.name.startswith("Agent/")]
        # the only telephone that is a member rings
        available = sum(1 for each in agents if not each.is_paused)
        callers = self.asterisk.waiting.get(queue, [])
        waiting: Dict[str, Shape] = {"Xivo-WaitingCalls": is_(len(callers))}
        if callers:
            waiting["Xivo-LongestWaitTime"] = integer
        of_members: Dict[str, Shape] = {
            "Xivo-AvailableAgents": is_(str(available)),
            "Xivo-TalkingAgents": is_("0"),
            "Xivo-EWT": is_(str(self.asterisk.queues[queue])),
        }
        all_of: List[Dict[str, Shape]] = [{"Xivo-LoggedAgents": is_(len(agents))}, of_members, waiting]
        return [
            Members({"class": is_("getqueuesstats"), "stats": Members({tid: Members(each)})}) for each in all_of
        ]

    def _of_calls(self, tid: str) -> Members:
        if self._by_id("queues").get(tid) != "blue":
            return tables.FIGURES
        figures = {
            "Xivo-Join": "3",
            "Xivo-Link": "1",
            "Xivo-Lost": "1",
            "Xivo-Rate": "50",
            "Xivo-Qos": "100",
            "Xivo-Holdtime-avg": str((HOLD_SECONDS + GAVE_UP_SECONDS) // 2),
            "Xivo-Holdtime-max": str(GAVE_UP_SECONDS),
        }
        return Members({name: is_(value) for name, value in figures.items()})

    def _command(self, line: Message) -> List[Expected]:
        command = line["command"]
        if command == "listen":
            # the profile does not have that right
            return [("ipbxcommand listen", tables.command_refused("call_unauthorized"))]
        if command != "dial":
            return []
        number = "*98" if line["destination"].startswith("vm_consult") else line["destination"]
        if number in self.asterisk.extensions:
            answer = Members({"class": is_("dial_success"), "exten": is_(number)})
        else:
            answer = tables.command_refused(f"unreachable_extension:{number}")
        return [self._live("ipbxcommand dial", answer)]

    def _registration(self, line: Message) -> List[Expected]:
        kind = line["class"].split("_")[1]
        exact: List[Expected] = []
        for server, key in line[f"{kind}_ids"]:
            name = self._by_id("agents" if kind == "agent" else "phones").get(str(key))
            if server != self.ids.server_uuid or name is None:
                continue
            data = dict(tables.AGENT_EVENT.required if kind == "agent" else tables.ENDPOINT_EVENT.required)
            if kind == "agent":
                is_in = any(each.name == f"Agent/{name}" for each in self.asterisk.members.values())
                data["status"] = is_("logged_in" if is_in else "logged_out")
            else:
                data["status"] = is_(int(self.asterisk.hints[name][1]))
            shape = Members({"class": is_(f"{kind}_status_update"), "data": Members(data)})
            exact.append(self._live(line["class"], shape))
        return exact

    def push_kind(self, message: Message) -> str:
        key = (message.get("class"), message.get("function"), message.get("listname"))
        if key == ("getlist", "updatestatus", "agents"):
            if isinstance(message.get("tid"), int):
                return "agent"
            return "agent's queues" if "queues" in (message.get("status") or {}) else "agent's telephone"
        kinds = {
            ("getlist", "updatestatus", "phones"): "telephone",
            ("getlist", "updatestatus", "voicemails"): "box",
            ("getlist", "updateconfig", "queuemembers"): "member",
        }
        if message.get("class") == "getqueuesstats" and "replyid" not in message:
            return "figures"
        return kinds.get(key) or tables.push_kind(message)

    # -- one after the other ----------------------------------------------------------------------------------------

    def _flush(self, waiting: List[Message]) -> None:
        commands = [line for line in waiting if line["class"] == "ipbxcommand" and line["command"] in AGENT_COMMANDS]
        super()._flush(waiting)
        for line in commands:
            queue = self._by_id("queues").get(str(line.get("queue", "")).rpartition("/")[2], "")
            if line["command"] == "agentlogin":
                self._phone_number = "101"
            elif line["command"] == "queueadd":
                self._works_in.add(queue)
            elif line["command"] == "queueremove":
                self._works_in.discard(queue)
            self._settle()

    def _leave(self) -> None:
        was_there = self.alice is not None
        super()._leave()
        if was_there:
            self._settle()

    def _dial_at_bob(self) -> str:
        """A way through the server to the telephone system and back; gives what was answered."""
        self.bob.send({"class": "ipbxcommand", "command": "dial", "destination": FENCE_NUMBER, "commandid": 6})
        messages = self.bob.receive_until(lambda message: message["class"] == "ipbxcommand")
        self._check_pushes(messages[:-1])
        return str(messages[-1]["error_string"])

    def _settle(self) -> None:
        """All that was asked is done there, and all that came of it is told."""
        for _ in range(2):
            answer = self._dial_at_bob()
            if answer != f"unreachable_extension:{FENCE_NUMBER}":
                raise Unexpected(f"after {self.action!r}: the way to the telephone system and back gave {answer}")
        status = IN_USE if self.asterisk.hints[FENCE_TELEPHONE][1] == IDLE else IDLE
        self.asterisk.set_hint(FENCE_TELEPHONE, status)
        tid = self.ids.id("phones", FENCE_TELEPHONE)

        def is_it(push: Message) -> bool:
            return self.push_kind(push) == "telephone" and (push["tid"], push["status"]["hintstatus"]) == (tid, status)

        self._await_at_bob("the telephone of the fence", is_it)
        if self.alice is not None and self.is_logged_in and not self.alice.is_closed:
            self._await("the telephone of the fence", is_it)

    def _ask_for_everything(self) -> None:
        bob = self.bob
        log_in(bob, "bob")
        self.alice, self.is_logged_in = bob, True
        lists = {
            **{listname: list(self._by_id(listname)) for listname in ("phones", "agents", "voicemails")},
            "queuemembers": ["Agent/2009,blue", "SIP/ef34gh,blue", "Agent/2001,blue", "SIP/ab12cd,blue"],
        }
        for listname, tids in lists.items():
            for tid in tids:
                for function in ("updateconfig", "updatestatus"):
                    line = {"class": "getlist", "function": function, "listname": listname, "tid": tid, "commandid": 7}
                    super()._flush([line])
        super()._flush([{"class": "subscribetoqueuesstats", "commandid": 8}])
        for tid in self._by_id("queues"):
            super()._flush([{"class": "subscribe", "message": "queueentryupdate", "queueid": tid, "commandid": 9}])
        windows = {tid: {"window": "3600", "xqos": "60"} for tid in self._by_id("queues")}
        super()._flush([{"class": "getqueuesstats", "on": windows}])
        self.alice = None
