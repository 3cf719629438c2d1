//! Services on the telephone system: keys, lamps and feature codes, and what the first link and each later one does.

use super::*;
use crate::live::messages::TelephonyPending;
use crate::live::messages::telephony::{DeviceSeen, StoredKey, UserEvent};
use crate::settings::state::{Forward, RemovedState, Services};

fn key(family: &str, key: &str, value: &str) -> StoredKey {
    StoredKey { family: family.into(), key: key.into(), value: value.into() }
}

/// That our services were brought there once.
pub(super) fn mark() -> StoredKey {
    key("cti/ctibox", "server", &server().to_string())
}

fn lit(lamp: &str) -> DeviceSeen {
    DeviceSeen { device: format!("Custom:{lamp}").into(), state: "INUSE".into() }
}

fn with_keys(keys: &[StoredKey]) -> TelephonySnapshot {
    TelephonySnapshot { keys: keys.to_vec(), ..TelephonySnapshot::default() }
}

fn switched(fields: &[(&str, &str)]) -> TelephonyEvent {
    let fields = fields.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
    TelephonyEvent::User(UserEvent { name: "CtiUserState".into(), fields })
}

/// Requests in short.
fn short(requests: Vec<TelephonyRequest>) -> Vec<String> {
    let short = |request| match request {
        TelephonyRequest::PutKey(StoredKey { family, key, value }) => format!("put {family}/{key} {value}"),
        TelephonyRequest::DeleteKey { family, key } => format!("delete {family}/{key}"),
        TelephonyRequest::SetLamp { lamp, is_lit } => format!("{lamp} {}", if is_lit { "on" } else { "off" }),
        other => format!("{other:?}"),
    };
    // Those of agents begin with the codes of theirs.
    requests.into_iter().map(short).filter(|short| !short.starts_with("*3")).collect()
}

impl Stage {
    fn asked_in_short(&mut self) -> Vec<String> {
        short(self.asked())
    }

    /// A link to a telephone system that has our services already.
    fn link_again(&mut self, keys: &[StoredKey]) {
        self.link(with_keys(&[&[mark()], keys].concat()));
    }

    fn kept(&self) -> Services {
        let Some(StateWrite::User(_, state)) = self.writes.last() else { unreachable!("a user's state was written") };
        state.services.clone()
    }
}

fn put_dnd(is_on: bool) -> String {
    format!(r#"{{"class":"featuresput","function":"enablednd","value":{is_on}}}"#)
}

fn put_forward(is_on: bool, destination: &str) -> String {
    let value = format!(r#"{{"enableunc":{is_on},"destunc":"{destination}"}}"#);
    format!(r#"{{"class":"featuresput","function":"fwd","value":{value}}}"#)
}

/// Settings §9: 41.
#[test]
fn a_service_goes_to_disk_then_to_the_keys_then_to_the_lamps_and_is_told() {
    let mut stage = Stage::new();
    let agnes = stage.enter(AGNES, "available");
    stage.link_again(&[]);
    stage.disk = Disk::Slow;
    stage.ask(agnes, &put_dnd(true));
    assert_eq!((stage.asked_in_short(), stage.heard(agnes)), (vec![], vec![]), "it is not on disk yet");
    stage.commit();
    assert_eq!(stage.asked_in_short(), ["put cti/1/dnd 1", "*7351***225 on"]);
    assert_eq!(stage.heard(agnes), [r#"updateconfig users "1" {"enablednd":true}"#]);
    stage.disk = Disk::Fast;
    stage.ask(agnes, &put_dnd(false));
    assert_eq!(stage.asked_in_short(), ["delete cti/1/dnd", "*7351***225 off"]);
}

/// Settings §9: 39, 40.
#[test]
fn a_forward_moves_its_lamp_with_its_destination() {
    let mut stage = Stage::new();
    let agnes = stage.enter(AGNES, "available");
    stage.link_again(&[]);
    for (is_on, destination, expected) in [
        (true, "1044", vec!["put cti/1/fwdunc 1044", "*7351***221 on", "*7351***221*1044 on"]),
        (true, "1045", vec!["put cti/1/fwdunc 1045", "*7351***221*1044 off", "*7351***221*1045 on"]),
        (true, "1045", vec![]),
        (false, "1045", vec!["delete cti/1/fwdunc", "*7351***221 off", "*7351***221*1045 off"]),
        (true, "", vec![]),
    ] {
        stage.pass(1);
        stage.ask(agnes, &put_forward(is_on, destination));
        assert_eq!(stage.asked_in_short(), expected, "{is_on} {destination}");
    }
}

#[test]
fn what_was_switched_while_the_link_was_down_is_brought_with_the_next_one_and_no_more() {
    let mut stage = Stage::new();
    let agnes = stage.enter(AGNES, "available");
    stage.ask(agnes, &put_dnd(true));
    stage.ask(agnes, &put_forward(true, "1044"));
    assert_eq!((stage.asked_in_short(), stage.heard(agnes).len()), (vec![], 2), "it is kept and told");
    let there = [key("cti/1", "fwdunc", "1044"), key("cti/1", "fwdbusy", "1055"), key("cti/2", "record", "1")];
    let devices = vec![lit("*7351***221"), lit("*7351***221*1044"), lit("*7351***223*1055"), lit("*25101")];
    let keys = [&[mark()], &there[..]].concat();
    stage.link(TelephonySnapshot { keys, devices, ..TelephonySnapshot::default() });
    let expected =
        ["put cti/1/dnd 1", "delete cti/1/fwdbusy", "*7351***223*1055 off", "*7351***225 on", "delete cti/2/record"];
    assert_eq!((stage.asked_in_short(), stage.heard(agnes)), (expected.map(str::to_owned).to_vec(), vec![]));
}

#[test]
fn the_first_link_overwrites_nothing_and_takes_over_what_is_on() {
    let mut stage = Stage::new();
    let (agnes, bertil) = (stage.enter(AGNES, "available"), stage.enter(BERTIL, "available"));
    stage.ask(agnes, &put_dnd(true));
    stage.ask(agnes, &put_forward(true, "1044"));
    stage.heard(agnes);
    stage.heard(bertil);
    let keys = [
        key("cti/1", "fwdunc", "1055"),
        key("cti/2", "dnd", "1"),
        key("cti/2", "fwdbusy", "voicemail"),
        key("cti/2", "vm", "1"),
        key("cti/99", "dnd", "1"),
        key("cti/agent/1", "iface", "PJSIP/1002"),
    ];
    let devices = vec![lit("*7352***226")];
    stage.disk = Disk::Slow;
    stage.link(TelephonySnapshot { keys: keys.to_vec(), devices, ..TelephonySnapshot::default() });
    assert!(!stage.asked_in_short().iter().any(|asked| asked.contains("ctibox")), "what was found is not on disk yet");
    stage.commit();
    let (asked, mark) = (stage.asked_in_short(), format!("put cti/ctibox/server {}", server()));
    assert_eq!(asked.last(), Some(&mark), "{asked:?}");
    assert!(!asked.iter().any(|asked| asked.contains("delete") || asked.contains(" off")), "{asked:?}");
    assert!(!asked.iter().any(|asked| asked.contains("fwdunc 1044")), "{asked:?}");
    let told = [
        r#"updateconfig users "1" {"enableunc":true,"destunc":"1055"}"#,
        r#"updateconfig users "2" {"enablednd":true}"#,
    ];
    assert_eq!(stage.heard(agnes), told);
    assert_eq!(stage.notes.len(), 2, "{:?}", stage.notes);
    stage.disk = Disk::Fast;
    stage.ask(agnes, &put_dnd(false));
    assert_eq!(stage.asked_in_short(), ["delete cti/1/dnd", "*7351***225 off"]);
}

#[test]
fn a_first_link_to_a_telephone_system_without_services_gets_ours() {
    let forward = Forward { is_on: true, destination: "1044".into() };
    let services = Services { do_not_disturb: true, no_answer: forward, ..Services::default() };
    let users = HashMap::from([(uuid(AGNES), UserState { services, ..UserState::default() })]);
    let mut stage = Stage::restarted(cast(), General::default(), users, HashMap::new());
    stage.link(with_keys(&[]));
    let mut asked = stage.asked_in_short();
    asked.retain(|asked| !asked.contains("ctibox"));
    let expected =
        ["put cti/1/dnd 1", "put cti/1/fwdrna 1044", "*7351***222 on", "*7351***222*1044 on", "*7351***225 on"];
    assert_eq!(asked, expected);
}

#[test]
fn a_mark_of_another_server_is_none() {
    let mut stage = Stage::new();
    stage.link(with_keys(&[key("cti/ctibox", "server", "another"), key("cti/1", "dnd", "1")]));
    assert!(stage.kept().do_not_disturb);
    assert!(!stage.asked_in_short().iter().any(|asked| asked.contains("delete")));
}

#[test]
fn a_telephone_switches_by_feature_code() {
    let mut stage = Stage::new();
    let agnes = stage.enter(AGNES, "available");
    stage.link_again(&[]);
    for (fields, told, asked) in [
        (
            &[("USERID", "1"), ("NAME", "dnd"), ("VALUE", "1"), ("DEST", "")][..],
            r#"{"enablednd":true}"#,
            vec!["put cti/1/dnd 1", "*7351***225 on"],
        ),
        (
            &[("USERID", "1"), ("NAME", "fwdbusy"), ("VALUE", "1"), ("DEST", "+33 1 23")],
            r#"{"enablebusy":true,"destbusy":"+33123"}"#,
            vec!["put cti/1/fwdbusy +33123", "*7351***223 on", "*7351***223*+33123 on"],
        ),
        (
            &[("USERID", "1"), ("NAME", "fwdbusy"), ("VALUE", "0")],
            r#"{"enablebusy":false,"destbusy":"+33123"}"#,
            vec!["delete cti/1/fwdbusy", "*7351***223 off", "*7351***223*+33123 off"],
        ),
        (
            &[("userid", "1"), ("name", "record"), ("value", "1")],
            r#"{"enablerecording":true}"#,
            vec!["put cti/1/record 1", "*7351***226 on"],
        ),
    ] {
        stage.happens(switched(fields));
        assert_eq!(stage.heard(agnes), [format!(r#"updateconfig users "1" {told}"#)]);
        assert_eq!(stage.asked_in_short(), asked);
    }
    stage.happens(switched(&[("USERID", "1"), ("NAME", "dnd"), ("VALUE", "1")]));
    assert_eq!(stage.heard(agnes), [""; 0], "so it was before");
    assert_eq!(stage.asked_in_short(), ["put cti/1/dnd 1"], "whatever the dial plan made of it");
    assert!(stage.kept().do_not_disturb && stage.kept().recording);
}

/// Settings §9: 30, 43.
#[test]
fn what_a_telephone_cannot_switch_is_refused_and_its_key_put_right() {
    let mut stage = Stage::new();
    let agnes = stage.enter(AGNES, "available");
    stage.ask(agnes, &put_forward(true, "1044"));
    stage.link_again(&[key("cti/1", "fwdunc", "1044")]);
    stage.heard(agnes);
    stage.asked();
    let known = |key: &'static str, value: &'static str, destination: &'static str| {
        switched(&[("USERID", "1"), ("NAME", key), ("VALUE", value), ("DEST", destination)])
    };
    for (event, asked) in [
        (known("fwdunc", "1", "bertil"), vec!["put cti/1/fwdunc 1044"]),
        (known("fwdunc", "2", "1055"), vec!["put cti/1/fwdunc 1044"]),
        (known("fwdrna", "1", "1044\r\nAction: Hangup"), vec!["delete cti/1/fwdrna"]),
        (known("vm", "1", ""), vec![]),
        (switched(&[("USERID", "99"), ("NAME", "dnd"), ("VALUE", "1")]), vec![]),
        (switched(&[("USERID", "01"), ("NAME", "dnd"), ("VALUE", "1")]), vec![]),
        (switched(&[]), vec![]),
    ] {
        let notes = stage.notes.len();
        stage.happens(event);
        assert_eq!(
            (stage.heard(agnes), stage.asked_in_short()),
            (vec![], asked.iter().map(|asked| (*asked).to_owned()).collect())
        );
        assert!(matches!(stage.notes[notes..], [LogEvent::FeatureCodeRefused { .. }]), "{:?}", stage.notes);
    }
}

#[test]
fn a_feature_code_that_does_not_come_to_disk_is_taken_back_on_the_telephone_system() {
    let mut stage = Stage::new();
    let agnes = stage.enter(AGNES, "available");
    stage.link_again(&[]);
    stage.disk = Disk::Slow;
    stage.happens(switched(&[("USERID", "1"), ("NAME", "dnd"), ("VALUE", "1")]));
    stage.fail();
    assert_eq!((stage.heard(agnes), stage.asked_in_short()), (vec![], vec!["delete cti/1/dnd".to_owned()]));
}

#[test]
fn a_telephone_system_that_refuses_is_named_once_and_asked_again_with_the_next_change() {
    let mut stage = Stage::new();
    let agnes = stage.enter(AGNES, "available");
    stage.link_again(&[]);
    stage.asked();
    stage.reply = Replies::Refused("Permission denied".into());
    stage.ask(agnes, &put_dnd(true));
    let named = LogEvent::ServicesNotBrought { user: UserId::new(AGNES), why: "Permission denied".into() };
    assert_eq!((stage.asked().len(), stage.notes.as_slice()), (2, &[named][..]));
    stage.reply = Replies::Done;
    stage.ask(agnes, &put_forward(true, "1044"));
    let asked = stage.asked_in_short();
    assert!(asked.contains(&"put cti/1/dnd 1".to_owned()) && asked.contains(&"put cti/1/fwdunc 1044".to_owned()));
    assert_eq!(stage.notes.len(), 1);
}

#[test]
fn the_keys_and_lamps_of_a_user_who_is_deleted_go_out() {
    let mut stage = Stage::new();
    let grete = stage.enter(GRETE, "available");
    stage.link_again(&[]);
    stage.ask(grete, &put_dnd(true));
    stage.asked();
    stage.change(|known, _| {
        known.remove_user(UserId::new(GRETE)).expect("a user");
    });
    assert_eq!(stage.asked_in_short(), ["delete cti/4/dnd", "*7354***225 off"]);
}

#[test]
fn what_was_switched_on_comes_back_with_a_user_whose_removal_is_undone() {
    let mut stage = Stage::new();
    let (agnes, grete) = (stage.enter(AGNES, "available"), stage.enter(GRETE, "available"));
    stage.link_again(&[]);
    stage.ask(grete, &put_dnd(true));
    let before = (*stage.configuration).clone();
    stage.change(|known, _| {
        known.remove_user(UserId::new(GRETE)).expect("a user");
    });
    stage.asked();
    stage.change(|known, _| *known = (*before).clone());
    assert_eq!(stage.asked_in_short(), ["put cti/4/dnd 1", "*7354***225 on"]);
    stage.heard(agnes);
    stage.ask_own_config(agnes, GRETE);
    let told = stage.heard(agnes);
    assert!(told.iter().any(|told| told.contains(r#""enablednd":true"#)), "{told:?}");
}

#[test]
fn what_was_switched_on_comes_back_over_a_restart_too() {
    let services = Services { do_not_disturb: true, ..Services::default() };
    let state = UserState { services, ..UserState::default() };
    let mut known = cast();
    let before = known.clone();
    known.remove_user(UserId::new(GRETE)).expect("a user");
    let [a_day, eight_days] = [1, 8].map(|days| {
        let at = 1_471_009_851 - days * 24 * 3600;
        let removed = HashMap::from([(uuid(GRETE), RemovedState { state: state.clone(), at })]);
        let states = States { removed, ..States::default() };
        let mut stage = Stage::restarted_with(known.clone(), General::default(), states);
        stage.link_again(&[]);
        stage.asked();
        let before = before.clone();
        stage.change(|known, _| *known = before);
        stage.asked_in_short()
    });
    assert_eq!(a_day, ["put cti/4/dnd 1", "*7354***225 on"]);
    assert_eq!(eight_days, [""; 0]);
}

#[test]
fn services_of_many_wait_for_the_telephone_system_s_replies() {
    let mut known = cast();
    let mut users = HashMap::new();
    for number in 100..300 {
        add_user(&mut known, number, &format!("user{number}"), CLIENT);
        let services = Services { do_not_disturb: true, ..Services::default() };
        users.insert(uuid(number), UserState { services, ..UserState::default() });
    }
    let mut stage = Stage::restarted(known, General::default(), users, HashMap::new());
    let up = Input::Telephony(TelephonyInput::Up(Box::new(with_keys(&[mark()]))));
    let mut waiting = stage.live.apply(stage.now, up).telephony_calls;
    let mut asked = 0;
    while !waiting.is_empty() {
        assert!((1..=202).contains(&waiting.len()) && !stage.live.is_publishing(), "{}", waiting.len());
        let call = waiting.remove(0);
        asked += u32::from(matches!(call.question, TelephonyQuestion::Do(_, TelephonyPending::User(_))));
        let replied = Input::TelephonyReplied(call.question.succeed());
        waiting.extend(stage.live.apply(stage.now, replied).telephony_calls);
    }
    assert_eq!(asked, 400);
}
