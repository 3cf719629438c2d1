//! Agents at work: what clients ask of them, what is asked of the telephone system, and how they stand (telephony §6,
//! protocol 4.8, 5.3). `Queues` plays Asterisk's queues.

use super::*;
use crate::live::messages::telephony::{
    AnsweredCall, Channel, ChannelState, CompletedCall, MemberSeen, QueueLogRow, StoredKey, UserEvent,
};

pub(super) const INTERFACE: &str = "Local/id-1@agentcallback";

/// Asterisk's queues: they do what they are asked for, and say so.
#[derive(Default)]
pub(super) struct Queues {
    pub(super) members: BTreeMap<(String, String), MemberSeen>,
}

impl Queues {
    /// Does what was asked for since the last time, and gives back all of it.
    pub(super) fn obey(&mut self, stage: &mut Stage) -> Vec<TelephonyRequest> {
        let asked = stage.asked();
        for request in &asked {
            match request {
                TelephonyRequest::QueueAdd { queue, interface, name, state_interface, penalty, paused } => {
                    let member = MemberSeen {
                        queue: queue.clone(),
                        interface: interface.clone(),
                        name: name.clone(),
                        state_interface: state_interface.clone(),
                        is_dynamic: true,
                        penalty: (*penalty).into(),
                        in_call: Some(false),
                        status: 1,
                        is_paused: paused.is_some(),
                        pause_reason: paused.clone().unwrap_or_default(),
                        ..MemberSeen::default()
                    };
                    self.members.insert((queue.to_string(), interface.to_string()), member.clone());
                    stage.happens(TelephonyEvent::Member(member));
                }
                TelephonyRequest::QueueRemove { queue, interface } => {
                    if let Some(member) = self.members.remove(&(queue.to_string(), interface.to_string())) {
                        let (queue, interface, name) = (member.queue, member.interface, member.name);
                        stage.happens(TelephonyEvent::MemberRemoved { queue, interface, name });
                    }
                }
                TelephonyRequest::QueuePause { queue, interface, is_paused, reason } => {
                    let is_meant = |member: &&mut MemberSeen| {
                        member.interface == *interface && queue.as_ref().is_none_or(|queue| *queue == member.queue)
                    };
                    let mut changed = Vec::new();
                    for member in self.members.values_mut().filter(is_meant) {
                        (member.is_paused, member.pause_reason) = (*is_paused, reason.clone());
                        changed.push(member.clone());
                    }
                    changed.into_iter().for_each(|member| stage.happens(TelephonyEvent::Member(member)));
                }
                TelephonyRequest::QueuePenalty { queue, interface, penalty } => {
                    let key = (queue.to_string(), interface.to_string());
                    let member = self.members.get_mut(&key).expect("a member");
                    member.penalty = (*penalty).into();
                    let member = member.clone();
                    stage.happens(TelephonyEvent::Member(member));
                }
                _ => {}
            }
        }
        stage.pass_milliseconds(50);
        asked.into_iter().filter(is_of_agents).collect()
    }

    /// All of it, as a link begins with it.
    pub(super) fn snapshot(&self) -> TelephonySnapshot {
        let mut queues: BTreeMap<Box<str>, crate::live::messages::telephony::QueueSeen> = BTreeMap::new();
        for member in self.members.values() {
            let queue = queues.entry(member.queue.clone()).or_default();
            queue.name = member.queue.clone();
            queue.members.push(member.clone());
        }
        TelephonySnapshot { queues: queues.into_values().collect(), ..TelephonySnapshot::default() }
    }
}

/// A stage with a link, where bertil is connected; what a link begins with was asked for.
pub(super) fn linked(stage: Stage) -> (Stage, Queues, SessionId) {
    let mut stage = stage;
    stage.link(TelephonySnapshot::default());
    let bertil = stage.enter(BERTIL, "available");
    stage.pass_milliseconds(50);
    stage.asked();
    (stage, Queues::default(), bertil)
}

/// The same with bertil's agent logged in.
pub(super) fn at_their_telephone(stage: Stage) -> (Stage, Queues, SessionId) {
    let (mut stage, mut queues, bertil) = linked(stage);
    command(&mut stage, bertil, r#""agentlogin""#);
    queues.obey(&mut stage);
    stage.heard(bertil);
    (stage, queues, bertil)
}

pub(super) fn command(stage: &mut Stage, session: SessionId, rest: &str) -> Vec<String> {
    of_agents(stage.answer(session, &format!(r#"{{"class":"ipbxcommand","command":{rest}}}"#)))
}

/// As against what queues are asked, how they stand.
pub(super) fn is_of_agents(request: &TelephonyRequest) -> bool {
    !matches!(request, TelephonyRequest::QueueStatus { .. } | TelephonyRequest::QueueSummary { .. })
        && !is_mark(request)
}

pub(super) fn of_agents(heard: Vec<String>) -> Vec<String> {
    heard
        .into_iter()
        .filter(|line| line.starts_with("updatestatus agents") || line.starts_with("ipbxcommand"))
        .collect()
}

/// What was asked of the telephone system besides lamps.
pub(super) fn besides_lamps(asked: Vec<TelephonyRequest>) -> Vec<TelephonyRequest> {
    asked.into_iter().filter(|request| !matches!(request, TelephonyRequest::SetLamp { .. })).collect()
}

/// The availabilities that the session heard, in order.
pub(super) fn availabilities(stage: &mut Stage, session: SessionId) -> Vec<String> {
    let heard = stage.heard(session);
    let heard = heard.iter().filter_map(|line| line.strip_prefix(r#"updatestatus agents 1 {"availability":""#));
    heard.map(|rest| rest.split('"').next().expect("a word").to_owned()).collect()
}

/// As it reads once what happened is told.
pub(super) fn availability(stage: &mut Stage, session: SessionId) -> Value {
    stage.pass_milliseconds(50);
    let ask = r#"{"class":"getlist","function":"updatestatus","listname":"agents","tid":"1"}"#;
    let heard = stage.answer(session, ask);
    let status = heard.iter().find_map(|line| line.strip_prefix(r#"updatestatus agents "1" "#)).expect("an answer");
    serde_json::from_str(status).expect("an object")
}

fn refused(error: &str) -> Vec<String> {
    vec![format!(r#"ipbxcommand {{"error_string":"{error}"}}"#)]
}

pub(super) fn row(event: &'static str, message: &str) -> TelephonyRequest {
    let (queue, interface) = ("NONE".into(), "Agent/2105".into());
    TelephonyRequest::QueueLog(QueueLogRow { queue, event, interface, message: message.into() })
}

pub(super) fn added(queue: &str) -> TelephonyRequest {
    TelephonyRequest::QueueAdd {
        queue: queue.into(),
        interface: INTERFACE.into(),
        name: "Agent/2105".into(),
        state_interface: "PJSIP/1002".into(),
        penalty: 0,
        paused: None,
    }
}

pub(super) fn connected(queue: &str) -> TelephonyEvent {
    TelephonyEvent::AgentConnected(AnsweredCall {
        queue: queue.into(),
        name: "Agent/2105".into(),
        interface: INTERFACE.into(),
        unique_id: "1.1".into(),
        hold_seconds: 3,
    })
}

pub(super) fn completed(queue: &str) -> TelephonyEvent {
    TelephonyEvent::AgentCompleted(CompletedCall {
        queue: queue.into(),
        name: "Agent/2105".into(),
        interface: INTERFACE.into(),
        unique_id: "1.1".into(),
        hold_seconds: 3,
        talk_seconds: 9,
    })
}

fn channel(name: &str, state: ChannelState) -> Channel {
    Channel { name: name.into(), unique_id: name.into(), linked_id: "1.0".into(), state, ..Channel::default() }
}

/// A telephone calls bertil's, which answers.
pub(super) fn own_call(stage: &mut Stage, from: &str) {
    let caller = channel(from, ChannelState::Calling);
    let callee = channel("PJSIP/1002-0000000b", ChannelState::Ringing);
    stage.happens(TelephonyEvent::Channel(caller.clone()));
    stage.happens(TelephonyEvent::Channel(callee.clone()));
    stage.happens(TelephonyEvent::DialBegan { caller: Some(caller), callee });
    stage.happens(TelephonyEvent::Channel(channel("PJSIP/1002-0000000b", ChannelState::Up)));
}

pub(super) fn hung_up(stage: &mut Stage) {
    let channel = channel("PJSIP/1002-0000000b", ChannelState::Up);
    stage.happens(TelephonyEvent::HungUp { channel, cause: 16 });
}

/// Settings §9: 45.
#[test]
fn an_agent_logs_in_on_the_main_line_and_off_again() {
    let (mut stage, mut queues, bertil) = linked(Stage::new());
    let agnes = stage.enter(AGNES, "available");
    assert_eq!(command(&mut stage, bertil, r#""agentlogin""#).len(), 2, "the number, and how they stand");
    let family: Box<str> = "cti/agent/1".into();
    let key = StoredKey { family: family.clone(), key: "iface".into(), value: "PJSIP/1002".into() };
    let login =
        [TelephonyRequest::PutKey(key), added("support"), added("orders"), row("AGENTCALLBACKLOGIN", "1002@default")];
    let asked = queues.obey(&mut stage);
    let lit: Vec<&str> = asked
        .iter()
        .filter_map(|request| match request {
            TelephonyRequest::SetLamp { lamp, is_lit: true } => Some(&**lamp),
            _ => None,
        })
        .collect();
    assert_eq!(lit, ["*30*1", "*31*1", "*302105", "*312105"]);
    assert_eq!(besides_lamps(asked), login);
    let heard = of_agents(stage.heard(agnes));
    assert_eq!(heard[0], r#"updatestatus agents "1" {"phonenumber":"1002"}"#);
    let since = stage.now.unix;
    let status = format!(
        r#"updatestatus agents 1 {{"availability":"available","availability_since":{since:?},"phonenumber":"1002","channel":null,"on_call_acd":false,"on_wrapup":false,"nonacd_call_status":null,"queues":["1","2"],"groups":[]}}"#
    );
    assert_eq!(heard[1..], [status]);
    // Who is logged in already stays.
    assert_eq!(command(&mut stage, bertil, r#""agentlogin","agentphonenumber":"1002""#), [""; 0]);
    assert!(!stage.asked().iter().any(is_of_agents));
    stage.pass(75);
    command(&mut stage, bertil, r#""agentlogout""#);
    let removed = |queue: &str| TelephonyRequest::QueueRemove { queue: queue.into(), interface: INTERFACE.into() };
    let logoff = [
        removed("support"),
        removed("orders"),
        TelephonyRequest::DeleteKey { family, key: "iface".into() },
        row("AGENTCALLBACKLOGOFF", "1002@default|75|CommandLogoff"),
    ];
    assert_eq!(besides_lamps(queues.obey(&mut stage)), logoff);
    assert_eq!(availabilities(&mut stage, agnes), ["logged_out"]);
    assert_eq!(availability(&mut stage, agnes)["phonenumber"], "1002", "it stays");
    assert!(matches!(stage.writes.last(), Some(StateWrite::Agent(_, state)) if *state == KeptAgent::default()));
    assert_eq!(command(&mut stage, bertil, r#""agentlogout""#), [""; 0]);
    assert!(!stage.asked().iter().any(is_of_agents));
}

/// Settings §9: 49.
#[test]
fn a_login_is_refused_in_the_words_of_the_original() {
    let (mut stage, mut queues, bertil) = linked(Stage::new());
    let agnes = stage.enter(AGNES, "available");
    for number in ["9999", "100", "PJSIP/1001", "*"] {
        let login = format!(r#""agentlogin","agentphonenumber":"{number}""#);
        assert_eq!(command(&mut stage, bertil, &login), refused("agent_login_invalid_exten"), "{number}");
    }
    assert_eq!(
        command(&mut stage, bertil, r#""agentlogin","agentids":"xivo/9""#),
        refused("agent_login_invalid_exten")
    );
    assert_eq!(command(&mut stage, agnes, r#""agentlogin""#), refused("agent_login_invalid_exten"), "has no agent");
    stage.change(|known, _| {
        let agent = NewAgent {
            number: name(AgentNumber::parse("2106")),
            first_name: name(FirstName::parse("Other")),
            last_name: name(LastName::parse("")),
            context: ContextId::new(1),
            user: None,
        };
        known.add_agent(agent).expect("an agent");
    });
    let other = r#""agentlogin","agentids":"agent:xivo/2","agentphonenumber":"1001""#;
    assert_eq!(command(&mut stage, bertil, r#""agentlogin","agentphonenumber":"1001""#).len(), 2);
    queues.obey(&mut stage);
    assert_eq!(command(&mut stage, bertil, other), refused("agent_login_exten_in_use"));
    let without_user = r#""agentlogin","agentids":"agent:xivo/2""#;
    assert_eq!(command(&mut stage, bertil, without_user), refused("agent_login_invalid_exten"), "no line of theirs");
    stage.lose_link();
    assert_eq!(command(&mut stage, bertil, other), refused("service_unavailable"));
    let add = r#""queueadd","member":"agent:xivo/1","queue":"queue:xivo/1""#;
    assert_eq!(command(&mut stage, bertil, add), refused("service_unavailable"));
}

#[test]
fn others_are_acted_on_by_who_has_the_xlets_for_it() {
    let (mut stage, mut queues, bertil) = at_their_telephone(Stage::new());
    let agnes = stage.enter(AGNES, "available");
    for rest in [
        r#""agentlogin","agentids":"1""#,
        r#""agentlogout","agentids":"1""#,
        r#""queueadd","member":"agent:xivo/1","queue":"queue:xivo/1""#,
        r#""queueremove","member":"agent:xivo/1","queue":"queue:xivo/1""#,
        r#""queuepause","member":"agent:xivo/1","queue":"queue:xivo/all""#,
        r#""queueunpause","member":"agent:xivo/1","queue":"queue:xivo/1""#,
    ] {
        assert_eq!(command(&mut stage, agnes, rest), refused("call_unauthorized"), "{rest}");
    }
    let logged = LogEvent::AgentCommandRefused { user: UserId::new(AGNES), agent: AgentId::new(1) };
    assert_eq!(stage.notes, vec![logged; 6]);
    assert_eq!(queues.obey(&mut stage), []);
    let pause = r#""queuepause","member":"agent:xivo/1","queue":"queue:xivo/all""#;
    stage.change(|_, general| general.enforce_profile_services = false);
    assert_eq!(command(&mut stage, agnes, pause), [""; 0]);
    queues.obey(&mut stage);
    assert_eq!(availabilities(&mut stage, bertil), ["unavailable"]);
}

#[test]
fn an_agent_out_of_sight_is_as_one_that_there_is_not() {
    let (mut stage, _, _) = at_their_telephone(Stage::separated());
    stage.change(|known, _| {
        let profile = ProfileId::new(CLIENT);
        let agents = known.profiles.get(ProfileId::new(1)).expect("the supervisors'").xlets.clone();
        known.profiles.edit(profile, |profile| profile.xlets = agents);
    });
    let chiara = stage.enter(CHIARA, "available");
    for command_word in ["agentlogin", "agentlogout"] {
        let rest = format!(r#""{command_word}","agentids":"1","agentphonenumber":"1003""#);
        assert_eq!(command(&mut stage, chiara, &rest), refused("agent_login_invalid_exten"));
    }
    for rest in [
        r#""queuepause","member":"agent:xivo/1","queue":"queue:xivo/all""#,
        r#""queueadd","member":"agent:xivo/1","queue":"queue:xivo/2""#,
    ] {
        assert_eq!(command(&mut stage, chiara, rest), [""; 0]);
    }
    assert!(!stage.asked().iter().any(is_of_agents));
}

/// Settings §9: 48.
#[test]
fn paused_in_all_queues_is_unavailable_and_in_some_is_not() {
    let (mut stage, mut queues, bertil) = at_their_telephone(Stage::new());
    let mut pause = |stage: &mut Stage, word: &str, queue: &str| {
        command(stage, bertil, &format!(r#""{word}","member":"agent:xivo/1","queue":"queue:xivo/{queue}""#));
        queues.obey(stage);
        availabilities(stage, bertil)
    };
    assert_eq!(pause(&mut stage, "queuepause", "1"), [""; 0]);
    assert_eq!(pause(&mut stage, "queuepause", "2"), ["unavailable"]);
    assert_eq!(pause(&mut stage, "queueunpause", "1"), ["available"]);
    assert_eq!(pause(&mut stage, "queuepause", "all"), ["unavailable"]);
    assert_eq!(pause(&mut stage, "queueunpause", "all"), ["available"]);
    assert_eq!(pause(&mut stage, "queuepause", "9"), [""; 0], "there is no such queue");
}

/// Settings §9: 46, 48.
#[test]
fn a_call_of_a_queue_makes_unavailable_and_so_does_the_rest_after_it() {
    let (mut stage, _, bertil) = at_their_telephone(Stage::new());
    let support = crate::settings::id::QueueId::new(1);
    stage.change(|known, _| known.queues.edit(support, |queue| queue.wrapup_seconds = 10));
    stage.heard(bertil);
    stage.happens(connected("support"));
    let talking = availability(&mut stage, bertil);
    assert_eq!((&talking["availability"], &talking["on_call_acd"]), (&"unavailable".into(), &true.into()));
    stage.happens(completed("support"));
    let resting = availability(&mut stage, bertil);
    assert_eq!((&resting["availability"], &resting["on_call_acd"]), (&"unavailable".into(), &false.into()));
    assert_eq!(resting["on_wrapup"], true);
    assert_eq!(resting["availability_since"], talking["availability_since"], "it did not change");
    stage.pass(9);
    assert_eq!(availability(&mut stage, bertil)["availability"], "unavailable");
    stage.pass(1);
    assert_eq!(availability(&mut stage, bertil)["availability"], "available");
    stage.happens(connected("orders"));
    stage.happens(completed("orders"));
    assert_eq!(availability(&mut stage, bertil)["availability"], "available", "that queue wants no rest");
    stage.happens(connected("support"));
    stage.happens(completed("support"));
    command(&mut stage, bertil, r#""agentlogout""#);
    let gone = availability(&mut stage, bertil);
    assert_eq!((&gone["availability"], &gone["on_wrapup"]), (&"logged_out".into(), &false.into()));
}

/// Settings §9: 46, 48.
#[test]
fn a_call_of_their_own_is_told_with_its_direction_once_it_lasts() {
    for (from, expected) in [
        ("PJSIP/1001-0000000a", "on_call_nonacd_incoming_internal"),
        ("PJSIP/trunk-0000000a", "on_call_nonacd_incoming_external"),
    ] {
        let (mut stage, _, bertil) = at_their_telephone(Stage::new());
        own_call(&mut stage, from);
        stage.pass_milliseconds(199);
        assert_eq!(availabilities(&mut stage, bertil), [""; 0]);
        stage.pass_milliseconds(1);
        stage.pass_milliseconds(50);
        assert_eq!(availabilities(&mut stage, bertil), [expected]);
        hung_up(&mut stage);
        stage.pass_milliseconds(50);
        assert_eq!(availabilities(&mut stage, bertil), ["available"]);
    }
}

/// The telephone talks before the queue says that it is its call, and after it says that the call is over.
#[test]
fn a_call_of_a_queue_is_never_told_as_their_own() {
    let (mut stage, _, bertil) = at_their_telephone(Stage::new());
    own_call(&mut stage, "Local/id-1@agentcallback-00000003;2");
    stage.pass_milliseconds(500);
    assert_eq!(availabilities(&mut stage, bertil), [""; 0]);
    stage.happens(connected("support"));
    stage.pass_milliseconds(50);
    stage.happens(completed("support"));
    stage.pass_milliseconds(500);
    hung_up(&mut stage);
    stage.pass_milliseconds(500);
    assert_eq!(availabilities(&mut stage, bertil), ["unavailable", "available"]);
}

/// Settings §9: 49.
#[test]
fn queues_are_joined_and_left_at_work_and_that_is_kept() {
    let (mut stage, mut queues, bertil) = at_their_telephone(Stage::new());
    let change = |word: &str| format!(r#""{word}","member":"agent:xivo/1","queue":"queue:xivo/2""#);
    command(&mut stage, bertil, &change("queueremove"));
    let removed = TelephonyRequest::QueueRemove { queue: "orders".into(), interface: INTERFACE.into() };
    assert_eq!(besides_lamps(queues.obey(&mut stage)), [removed]);
    assert_eq!(availability(&mut stage, bertil)["queues"], serde_json::json!(["1"]));
    command(&mut stage, bertil, r#""agentlogout""#);
    queues.obey(&mut stage);
    command(&mut stage, bertil, r#""agentlogin""#);
    let asked = queues.obey(&mut stage);
    assert!(asked.contains(&added("support")) && !asked.contains(&added("orders")), "{asked:?}");
    stage.heard(bertil);
    command(&mut stage, bertil, &change("queueadd"));
    assert_eq!(besides_lamps(queues.obey(&mut stage)), [added("orders")]);
    assert_eq!(availability(&mut stage, bertil)["queues"], serde_json::json!(["1", "2"]));
    let kept = stage.writes.iter().rev().find_map(|write| match write {
        StateWrite::Agent(_, state) => Some(state.memberships.clone()),
        StateWrite::User(..) | StateWrite::QueueCall(_) => None,
    });
    assert_eq!(kept, Some(BTreeMap::new()), "what the settings say is not kept");
}

#[test]
fn a_login_that_every_queue_refuses_is_none() {
    let (mut stage, _, bertil) = linked(Stage::new());
    stage.reply = Replies::Refused("Permission denied".into());
    let heard = command(&mut stage, bertil, r#""agentlogin""#);
    assert_eq!(heard.last(), refused("service_unavailable").last());
    assert_eq!(availability(&mut stage, bertil)["availability"], "logged_out");
    let logged = stage.notes.iter().any(|note| matches!(note, LogEvent::AgentRequestRefused { queue: Some(_), .. }));
    assert!(logged, "{:?}", stage.notes);
    stage.reply = Replies::Done;
    command(&mut stage, bertil, r#""agentlogin""#);
    assert_eq!(availability(&mut stage, bertil)["availability"], "available");
}

#[test]
fn an_agent_dials_to_log_in_and_off() {
    let (mut stage, mut queues, bertil) = linked(Stage::new());
    let dial = |stage: &mut Stage, action: &str, agent: &str, extension: &str| {
        let fields = [("ACTION", action), ("AGENT", agent), ("EXTEN", extension)];
        let fields = fields.map(|(name, value)| (name.into(), value.into())).to_vec();
        stage.happens(TelephonyEvent::User(UserEvent { name: "CtiAgent".into(), fields }));
        stage.pass_milliseconds(50);
        availabilities(stage, bertil)
    };
    assert_eq!(dial(&mut stage, "toggle", "2105", "1001"), ["available"]);
    assert_eq!(
        queues.obey(&mut stage).iter().filter(|request| **request == row("AGENTCALLBACKLOGIN", "1001@default")).count(),
        1
    );
    assert_eq!(dial(&mut stage, "login", "2105", "1002"), [""; 0], "they are logged in");
    assert_eq!(dial(&mut stage, "toggle", "*1", "1001"), ["logged_out"]);
    queues.obey(&mut stage);
    for (action, agent, extension) in
        [("login", "2105", "9999"), ("login", "9999", "1001"), ("dance", "2105", "1001"), ("login", "*9", "1001")]
    {
        assert_eq!(dial(&mut stage, action, agent, extension), [""; 0], "{action} {agent} {extension}");
    }
    assert_eq!(stage.notes.len(), 4);
    assert_eq!(dial(&mut stage, "login", "*1", "1001"), ["available"]);
    assert_eq!(dial(&mut stage, "logoff", "2105", ""), ["logged_out"]);
}

/// Settings §9: 25, 26.
#[test]
fn who_registered_hears_of_logins_and_the_queues_that_one_sees_are_named() {
    let (mut stage, mut queues, bertil) = linked(Stage::separated());
    let agnes = stage.enter(AGNES, "available");
    let ours = server();
    let register = format!(r#"{{"class":"register_agent_status_update","agent_ids":[["{ours}",1]]}}"#);
    let said = |status: &str| {
        format!(r#"agent_status_update {{"data":{{"xivo_uuid":"{ours}","agent_id":1,"status":"{status}"}}}}"#)
    };
    assert_eq!(stage.answer(agnes, &register), [said("logged_out")]);
    command(&mut stage, bertil, r#""agentlogin""#);
    queues.obey(&mut stage);
    let heard = stage.heard(agnes);
    assert!(heard.contains(&said("logged_in")), "{heard:?}");
    assert!(heard.iter().any(|line| line.contains(r#""queues":["1"]"#)), "{heard:?}");
    command(&mut stage, bertil, r#""agentlogout""#);
    queues.obey(&mut stage);
    assert!(stage.heard(agnes).contains(&said("logged_out")));
}
