//! A busy floor as Asterisk tells of it: calls that come into queues, wait, ring at agents, are talked and end, each told by
//! 28 events as a real one writes them, evenly over time.

use std::collections::VecDeque;
use std::time::Duration;

pub(crate) const PHONES: usize = 500;
pub(crate) const QUEUES: usize = 20;
/// They sit at the first telephones.
pub(crate) const AGENTS: usize = 300;
/// Of the telephones one that is in no queue's call.
pub(crate) const QUIET_PHONE: usize = PHONES - 1;
const EVENTS_OF_A_CALL: u32 = 28;

/// What a call does, in milliseconds from its beginning.
const RINGS: u64 = 1_000;
const IS_ANSWERED: u64 = 4_000;
const ENDS: u64 = 12_000;
/// When as many calls end as begin.
pub(crate) const IS_STEADY: Duration = Duration::from_millis(ENDS + 1_000);

pub(crate) fn extension(number: usize) -> String {
    (10_000 + number).to_string()
}

pub(crate) fn queue(number: usize) -> String {
    format!("queue{number}")
}

pub(crate) fn agent_number(agent: usize) -> String {
    (8_000 + agent).to_string()
}

/// Two queues each.
pub(crate) fn is_member(agent: usize, queue: usize) -> bool {
    agent % QUEUES == queue || (agent + 7) % QUEUES == queue
}

/// A packet on the wire.
pub(crate) fn packet(headers: &[(&str, String)]) -> Vec<u8> {
    let lines: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    format!("{lines}\r\n").into_bytes()
}

pub(crate) fn hint(number: usize, status: u8) -> Vec<u8> {
    let extension = extension(number);
    event(
        "ExtensionStatus",
        "call,all",
        vec![
            ("Exten", extension.clone()),
            ("Context", "context0".to_owned()),
            ("Hint", format!("PJSIP/{extension}&Custom:DND{extension},CustomPresence:{extension}")),
            ("Status", status.to_string()),
            ("StatusText", "Whatever".to_owned()),
        ],
    )
}

pub(crate) fn agent_member(
    event: &'static str,
    agent: usize,
    number: usize,
    status: u8,
    taken: u64,
) -> Vec<(&'static str, String)> {
    vec![
        ("Event", event.to_owned()),
        ("Queue", queue(number)),
        (if event == "QueueMember" { "Name" } else { "MemberName" }, format!("Agent/{}", agent_number(agent))),
        (if event == "QueueMember" { "Location" } else { "Interface" }, interface(agent)),
        ("StateInterface", format!("PJSIP/{}", extension(agent))),
        ("Membership", "dynamic".to_owned()),
        ("Penalty", "0".to_owned()),
        ("CallsTaken", taken.to_string()),
        ("LastCall", "0".to_owned()),
        ("LastPause", "0".to_owned()),
        ("LoginTime", "1795440547".to_owned()),
        ("InCall", "0".to_owned()),
        ("Status", status.to_string()),
        ("Paused", "0".to_owned()),
        ("PausedReason", String::new()),
        ("Wrapuptime", "0".to_owned()),
    ]
}

fn interface(agent: usize) -> String {
    format!("Local/id-{}@agentcallback", agent + 1)
}

fn event(name: &str, privilege: &str, rest: Vec<(&str, String)>) -> Vec<u8> {
    let head = [("Event", name.to_owned()), ("Privilege", privilege.to_owned()), ("SystemName", "tel".to_owned())];
    packet(&head.into_iter().chain(rest).collect::<Vec<_>>())
}

/// When what is said.
pub(crate) type Script = VecDeque<(Duration, Vec<u8>)>;

#[derive(Clone, Copy)]
enum Step {
    Joins,
    Rings,
    IsAnswered,
    Ends,
}

/// So many events a second, once it is steady.
pub(crate) fn script(lasts: Duration, events_a_second: u32) -> Script {
    let every = Duration::from_secs(1) * EVENTS_OF_A_CALL / events_a_second;
    let calls = usize::try_from(lasts.as_nanos() / every.as_nanos()).unwrap_or_default();
    let mut steps: Vec<(Duration, usize, Step)> = Vec::new();
    for call in 0..calls {
        let begins = every * u32::try_from(call).unwrap_or(u32::MAX);
        for (after, step) in
            [(0, Step::Joins), (RINGS, Step::Rings), (IS_ANSWERED, Step::IsAnswered), (ENDS, Step::Ends)]
        {
            steps.push((begins + Duration::from_millis(after), call, step));
        }
    }
    steps.sort_by_key(|(at, call, _)| (*at, *call));
    let mut waiting: Vec<VecDeque<usize>> = vec![VecDeque::new(); QUEUES];
    let mut script = Script::new();
    for (at, number, step) in steps.into_iter().take_while(|(at, ..)| *at < lasts) {
        let call = Call { number, agent: number % AGENTS, queue: number % QUEUES };
        let line = &mut waiting[call.queue];
        let packets = match step {
            Step::Joins => {
                line.push_back(number);
                call.joins(line.len())
            }
            Step::Rings => call.rings(),
            Step::IsAnswered => {
                let place = line.iter().position(|other| *other == number).unwrap_or_default();
                line.remove(place);
                call.is_answered(place + 1, line.len())
            }
            Step::Ends => call.ends(),
        };
        // One after the other, as they come.
        for (place, packet) in (0u32..).zip(packets) {
            script.push_back((at + Duration::from_millis(10) * place, packet));
        }
    }
    let mut ordered: Vec<_> = script.into();
    ordered.sort_by_key(|(at, _)| *at);
    ordered.into()
}

struct Call {
    number: usize,
    agent: usize,
    queue: usize,
}

/// A channel, as events name it.
struct Leg {
    name: String,
    id: String,
}

impl Call {
    fn caller(&self) -> Leg {
        Leg { name: format!("PJSIP/trunk-{:08x}", self.number), id: format!("tel-1795440503.{}1", self.number) }
    }

    fn half(&self) -> Leg {
        let name = format!("{}-{:08x};2", interface(self.agent), self.number);
        Leg { name, id: format!("tel-1795440503.{}2", self.number) }
    }

    fn callee(&self) -> Leg {
        let name = format!("PJSIP/{}-{:08x}", extension(self.agent), self.number);
        Leg { name, id: format!("tel-1795440503.{}3", self.number) }
    }

    fn of_leg(&self, prefix: &'static str, leg: &Leg, state: u8) -> Vec<(&'static str, String)> {
        let caller = format!("0145{:06}", self.number);
        let own = if prefix.is_empty() { OWN } else { OTHER };
        let values = [
            leg.name.clone(),
            state.to_string(),
            "Whatever".to_owned(),
            caller,
            "Somebody".to_owned(),
            "10001".to_owned(),
            "An Agent".to_owned(),
            "en".to_owned(),
            String::new(),
            "context0".to_owned(),
            "3000".to_owned(),
            "4".to_owned(),
            leg.id.clone(),
            self.caller().id,
        ];
        own.into_iter().zip(values).collect()
    }

    fn channel(&self, name: &str, leg: &Leg, state: u8, rest: Vec<(&'static str, String)>) -> Vec<u8> {
        let mut headers = self.of_leg("", leg, state);
        headers.extend(rest);
        event(name, "call,all", headers)
    }

    fn device(&self, state: &str) -> Vec<u8> {
        let device = format!("PJSIP/{}", extension(self.agent));
        event("DeviceStateChange", "call,all", vec![("Device", device), ("State", state.to_owned())])
    }

    /// Of both of the agent's queues.
    fn members(&self, status: u8) -> Vec<Vec<u8>> {
        let queues = (0..QUEUES).filter(|queue| is_member(self.agent, *queue));
        queues.map(|queue| packet(&agent_member("QueueMemberStatus", self.agent, queue, status, 0))).collect()
    }

    fn in_queue(&self) -> (&'static str, String) {
        ("Queue", queue(self.queue))
    }

    fn place(&self, position: usize, count: usize) -> Vec<(&'static str, String)> {
        vec![self.in_queue(), ("Position", position.to_string()), ("Count", count.to_string())]
    }

    fn of_agent(&self, rest: Vec<(&'static str, String)>) -> Vec<(&'static str, String)> {
        let name = format!("Agent/{}", agent_number(self.agent));
        let mut headers = self.of_leg("Dest", &self.callee(), 6);
        headers.extend([self.in_queue(), ("Interface", interface(self.agent)), ("MemberName", name)]);
        headers.extend(rest);
        headers
    }

    fn bridge(&self) -> Vec<(&'static str, String)> {
        vec![("BridgeUniqueid", format!("bridge-{}", self.number)), ("BridgeType", "basic".to_owned())]
    }

    fn joins(&self, count: usize) -> Vec<Vec<u8>> {
        let caller = self.caller();
        vec![
            self.channel("Newchannel", &caller, 4, Vec::new()),
            self.channel("QueueCallerJoin", &caller, 6, self.place(count, count)),
        ]
    }

    fn rings(&self) -> Vec<Vec<u8>> {
        let (half, callee) = (self.half(), self.callee());
        let mut packets = vec![
            self.channel("Newchannel", &callee, 0, Vec::new()),
            self.channel("DialBegin", &half, 4, self.of_leg("Dest", &callee, 0)),
            self.channel("Newstate", &callee, 5, Vec::new()),
            self.device("RINGING"),
            hint(self.agent, 8),
        ];
        packets.extend(self.members(6));
        packets
    }

    fn is_answered(&self, position: usize, count: usize) -> Vec<Vec<u8>> {
        let (caller, callee) = (self.caller(), self.callee());
        let held = vec![("HoldTime", "4".to_owned()), ("RingTime", "3".to_owned())];
        let mut packets = vec![
            self.channel("Newstate", &callee, 6, Vec::new()),
            self.device("INUSE"),
            hint(self.agent, 1),
            self.channel("QueueCallerLeave", &caller, 6, self.place(position, count)),
            self.channel("AgentConnect", &caller, 6, self.of_agent(held)),
            self.channel("BridgeEnter", &caller, 6, self.bridge()),
            self.channel("BridgeEnter", &callee, 6, self.bridge()),
        ];
        packets.extend(self.members(2));
        packets
    }

    fn ends(&self) -> Vec<Vec<u8>> {
        let (caller, half, callee) = (self.caller(), self.half(), self.callee());
        let cause = || vec![("Cause", "16".to_owned())];
        let talked = vec![("HoldTime", "4".to_owned()), ("TalkTime", "8".to_owned()), ("Reason", "caller".to_owned())];
        let mut packets = vec![
            self.channel("BridgeLeave", &caller, 6, self.bridge()),
            self.channel("BridgeLeave", &callee, 6, self.bridge()),
            self.channel("AgentComplete", &caller, 6, self.of_agent(talked)),
            self.channel("Hangup", &callee, 6, cause()),
            self.channel("Hangup", &half, 6, cause()),
            self.channel("Hangup", &caller, 6, cause()),
            self.device("NOT_INUSE"),
            hint(self.agent, 0),
        ];
        packets.extend(self.members(1));
        packets
    }
}

const OWN: [&str; 14] = [
    "Channel",
    "ChannelState",
    "ChannelStateDesc",
    "CallerIDNum",
    "CallerIDName",
    "ConnectedLineNum",
    "ConnectedLineName",
    "Language",
    "AccountCode",
    "Context",
    "Exten",
    "Priority",
    "Uniqueid",
    "Linkedid",
];
const OTHER: [&str; 14] = [
    "DestChannel",
    "DestChannelState",
    "DestChannelStateDesc",
    "DestCallerIDNum",
    "DestCallerIDName",
    "DestConnectedLineNum",
    "DestConnectedLineName",
    "DestLanguage",
    "DestAccountCode",
    "DestContext",
    "DestExten",
    "DestPriority",
    "DestUniqueid",
    "DestLinkedid",
];
