//! `featuresput`: what is granted is kept and told, what is not is answered (protocol decision 14, protocol 4.7).

use super::*;
use crate::settings::preference::Preference;
use crate::settings::profile::Service;
use crate::settings::state::FORWARD_CHARACTERS_MAX;

const GRANT_ALL: &[Service] = Service::ALL;

fn put(function: &str, rest: &str) -> String {
    format!(r#"{{"class":"featuresput","function":"{function}",{rest}}}"#)
}

#[test]
fn a_granted_service_is_told_to_all_who_see_the_user() {
    let mut stage = Stage::separated();
    let (agnes, bertil) = (stage.enter(AGNES, "available"), stage.enter(BERTIL, "available"));
    let chiara = stage.enter(CHIARA, "available");
    stage.ask(agnes, &put("enablednd", r#""value":true"#));
    let told = [r#"updateconfig users "1" {"enablednd":true}"#];
    assert_eq!(
        (stage.heard(agnes), stage.heard(bertil)),
        (told.map(str::to_owned).to_vec(), told.map(str::to_owned).to_vec())
    );
    assert_eq!(stage.heard(chiara), [""; 0]);
    let Some(StateWrite::User(of, state)) = stage.writes.last() else { unreachable!("a user's state was written") };
    assert_eq!((*of, state.services.do_not_disturb, state.is_present), (uuid(AGNES), true, true));
}

#[test]
fn several_forwards_are_told_in_order_and_one_without_destination_is_off() {
    let mut stage = Stage::new();
    let agnes = stage.enter(AGNES, "available");
    let value = r#""value":{"enablebusy":false,"destbusy":"1046","enablerna":true,"destrna":"","enableunc":true,"destunc":"1044"}"#;
    stage.ask(agnes, &put("fwd", value));
    let told = [
        r#"updateconfig users "1" {"enableunc":true,"destunc":"1044"}"#,
        r#"updateconfig users "1" {"enablerna":false,"destrna":""}"#,
        r#"updateconfig users "1" {"enablebusy":false,"destbusy":"1046"}"#,
    ];
    assert_eq!(stage.heard(agnes), told);
}

#[test]
fn what_is_asked_for_twice_is_told_twice() {
    let mut stage = Stage::new();
    let agnes = stage.enter(AGNES, "available");
    stage.ask(agnes, &put("enablednd", r#""value":true"#));
    stage.ask(agnes, &put("enablednd", r#""value":true"#));
    assert_eq!(stage.heard(agnes), [r#"updateconfig users "1" {"enablednd":true}"#; 2]);
}

#[test]
fn a_service_that_is_not_granted_is_answered_by_the_present_values() {
    let mut stage = Stage::new();
    let (agnes, bertil) = (stage.enter(AGNES, "available"), stage.enter(BERTIL, "available"));
    stage.ask(bertil, &put("enablednd", r#""value":true"#));
    let refused = [r#"featuresput {"status":"not_granted"}"#, r#"updateconfig users "2" {"enablednd":false}"#];
    assert_eq!((stage.heard(bertil), stage.heard(agnes)), (refused.map(str::to_owned).to_vec(), vec![]));
    assert_eq!(stage.notes, [LogEvent::ServiceNotGranted { user: UserId::new(BERTIL) }]);
    stage.ask(agnes, &put("incallfilter", r#""value":true"#));
    let refused = [r#"featuresput {"status":"not_granted"}"#, r#"updateconfig users "1" {"incallfilter":false}"#];
    assert_eq!(stage.heard(agnes), refused);
}

#[test]
fn of_several_forwards_the_granted_ones_are_switched() {
    let mut stage = Stage::new();
    stage.change(|known, _| {
        known.profiles.edit(ProfileId::new(CLIENT), |client| {
            client.services.remove(&Service::ForwardBusy);
        })
    });
    let agnes = stage.enter(AGNES, "available");
    let value = r#""value":{"enablebusy":true,"destbusy":"1046","enableunc":true,"destunc":"1044"}"#;
    stage.ask(agnes, &put("fwd", value));
    let told = [
        r#"featuresput {"status":"not_granted"}"#,
        r#"updateconfig users "1" {"enablebusy":false,"destbusy":""}"#,
        r#"updateconfig users "1" {"enableunc":true,"destunc":"1044"}"#,
    ];
    assert_eq!(stage.heard(agnes), told);
}

#[test]
fn all_that_is_refused_is_answered_by_one_line_of_present_values() {
    let mut stage = Stage::new();
    let bertil = stage.enter(BERTIL, "available");
    let value =
        r#""value":{"enablebusy":true,"destbusy":"1","enablerna":true,"destrna":"2","enableunc":true,"destunc":"3"}"#;
    stage.ask(bertil, &put("fwd", value));
    let present = r#"{"enableunc":false,"destunc":"","enablerna":false,"destrna":"","enablebusy":false,"destbusy":""}"#;
    let told = [r#"featuresput {"status":"not_granted"}"#.to_owned(), format!(r#"updateconfig users "2" {present}"#)];
    assert_eq!(stage.heard(bertil), told);
}

#[test]
fn a_forward_leads_to_a_number_or_is_refused() {
    let mut stage = Stage::new();
    let agnes = stage.enter(AGNES, "available");
    let forward = |number: &str| put("fwd", &format!(r#""value":{{"enableunc":true,"destunc":"{number}"}}"#));
    let long = "1".repeat(FORWARD_CHARACTERS_MAX);
    for number in ["1044", "*981044", "+15145550000", "00#", &long] {
        stage.pass(1);
        stage.ask(agnes, &forward(number));
        let told = format!(r#"updateconfig users "1" {{"enableunc":true,"destunc":"{number}"}}"#);
        assert_eq!(stage.heard(agnes), [told], "{number}");
    }
    stage.ask(agnes, &forward("1044"));
    stage.heard(agnes);
    let longer = "1".repeat(FORWARD_CHARACTERS_MAX + 1);
    for number in ["bertil", "514 555 x2", "1+1", "+", "1044\\r\\nAction: Hangup", "514,555", &longer] {
        stage.pass(1);
        stage.ask(agnes, &forward(number));
        let present = r#"updateconfig users "1" {"enableunc":true,"destunc":"1044"}"#;
        assert_eq!(stage.heard(agnes), [r#"featuresput {"status":"not_granted"}"#, present], "{number}");
    }
    assert_eq!(stage.notes, vec![LogEvent::ForwardToNoNumber { user: UserId::new(AGNES) }; 7]);
}

/// A forward takes what the phone book takes.
#[test]
fn a_forward_is_taken_as_numbers_are_written() {
    let mut stage = Stage::new();
    let agnes = stage.enter(AGNES, "available");
    for (written, dialled) in [
        ("514 555-0101", "5145550101"),
        (" (514) 555 0102 ", "5145550102"),
        ("+49 (0)30 555-0103", "+49305550103"),
        ("\u{202d}5145550104\u{202c}", "5145550104"),
    ] {
        stage.ask(agnes, &put("fwd", &format!(r#""value":{{"enableunc":true,"destunc":"{written}"}}"#)));
        let told = format!(r#"updateconfig users "1" {{"enableunc":true,"destunc":"{dialled}"}}"#);
        assert_eq!(stage.heard(agnes), [told], "{written}");
    }
    stage.ask(agnes, &put("fwd", r#""value":{"enableunc":true,"destunc":" "}"#));
    assert_eq!(stage.heard(agnes), [r#"updateconfig users "1" {"enableunc":false,"destunc":""}"#]);
}

#[test]
fn each_service_needs_its_own_grant() {
    let functions = [
        (Service::EnableDnd, put("enablednd", r#""value":true"#)),
        (Service::IncallFilter, put("incallfilter", r#""value":true"#)),
        (Service::CallRecord, put("enablerecording", r#""value":true"#)),
        (Service::ForwardUnconditional, put("fwd", r#""value":{"enableunc":true,"destunc":"1"}"#)),
        (Service::ForwardNoAnswer, put("fwd", r#""value":{"enablerna":true,"destrna":"1"}"#)),
        (Service::ForwardBusy, put("fwd", r#""value":{"enablebusy":true,"destbusy":"1"}"#)),
    ];
    for granted in GRANT_ALL {
        let mut stage = Stage::new();
        stage.change(|known, _| {
            known.profiles.edit(ProfileId::new(CLIENT), |client| client.services = [*granted].into())
        });
        let agnes = stage.enter(AGNES, "available");
        for (needed, line) in &functions {
            let is_refused = stage.answer(agnes, line)[0].contains("not_granted");
            assert_eq!(is_refused, needed != granted, "{needed} with {granted}");
        }
    }
}

#[test]
fn without_enforcement_everybody_may_switch_everything() {
    let mut stage = Stage::with(cast(), General { enforce_profile_services: false, ..General::default() });
    let bertil = stage.enter(BERTIL, "available");
    stage.ask(bertil, &put("incallfilter", r#""value":true"#));
    assert_eq!(stage.heard(bertil), [r#"updateconfig users "2" {"incallfilter":true}"#]);
}

#[test]
fn a_recording_names_a_user_whom_one_sees() {
    let mut stage = Stage::separated();
    stage.change(|_, general| general.enforce_profile_services = false);
    let (agnes, chiara) = (stage.enter(AGNES, "available"), stage.enter(CHIARA, "available"));
    for (target, told) in [
        (r#","target":"2""#, vec![r#"updateconfig users "2" {"enablerecording":true}"#]),
        (r#","target":2"#, vec![r#"updateconfig users "2" {"enablerecording":true}"#]),
        (r#","target":"3""#, vec![]),
        ("", vec![r#"updateconfig users "1" {"enablerecording":true}"#]),
    ] {
        stage.ask(agnes, &put("enablerecording", &format!(r#""value":true{target}"#)));
        assert_eq!(stage.heard(agnes), told, "{target}");
    }
    assert_eq!(stage.heard(chiara), [""; 0]);
}

#[test]
fn who_asked_for_a_service_whose_write_failed_is_told_how_it_stands_and_nobody_else_hears() {
    let mut stage = Stage::new();
    let (agnes, besides) = (stage.enter(AGNES, "available"), stage.enter(AGNES, "available"));
    let bertil = stage.enter(BERTIL, "available");
    stage.heard(agnes);
    stage.disk = Disk::Slow;
    stage.ask(agnes, &put("enablednd", r#""value":true"#));
    assert_eq!(stage.heard(agnes), [""; 0]);
    stage.fail();
    let unkept = [r#"featuresput {"status":"service_unavailable"}"#, r#"updateconfig users "1" {"enablednd":false}"#];
    assert_eq!(stage.heard(agnes), unkept);
    assert_eq!((stage.heard(besides), stage.heard(bertil)), (Vec::new(), Vec::new()));
    let config = stage.answer(agnes, r#"{"class":"getlist","function":"updateconfig","listname":"users","tid":"1"}"#);
    assert!(config[0].contains(r#""enablednd":false"#));
}

#[test]
fn what_a_failed_write_left_comes_with_the_next_one() {
    let mut stage = Stage::new();
    let agnes = stage.enter(AGNES, "available");
    stage.disk = Disk::Slow;
    stage.ask(agnes, &put("enablednd", r#""value":true"#));
    let first = std::mem::take(&mut stage.waiting);
    stage.ask(agnes, &put("fwd", r#""value":{"enableunc":true,"destunc":"1044"}"#));
    stage.apply(Input::CommitFailed(first));
    stage.commit();
    let told = [
        r#"featuresput {"status":"service_unavailable"}"#,
        r#"updateconfig users "1" {"enablednd":false}"#,
        r#"updateconfig users "1" {"enableunc":true,"destunc":"1044"}"#,
        r#"updateconfig users "1" {"enablednd":true}"#,
    ];
    assert_eq!(stage.heard(agnes), told);
}

#[test]
fn who_has_gone_or_may_no_longer_see_whose_service_it_was_hears_nothing_of_a_failed_write() {
    let mut stage = Stage::new();
    stage.change(|_, general| general.enforce_profile_services = false);
    let (agnes, gone) = (stage.enter(AGNES, "available"), stage.enter(BERTIL, "available"));
    stage.disk = Disk::Slow;
    stage.ask(agnes, &put("enablerecording", r#""value":true,"target":"3""#));
    stage.ask(gone, &put("enablednd", r#""value":true"#));
    stage.change(|_, general| general.context_separation = true);
    stage.apply(Input::Gone { session: gone });
    stage.heard(agnes);
    stage.heard(gone);
    stage.fail();
    assert_eq!((stage.heard(agnes), stage.heard(gone)), (Vec::new(), Vec::new()));
}

#[test]
fn a_service_is_told_by_what_may_be_seen_when_it_is_on_disk() {
    let mut stage = Stage::new();
    let (agnes, chiara) = (stage.enter(AGNES, "available"), stage.enter(CHIARA, "available"));
    stage.disk = Disk::Slow;
    stage.ask(agnes, &put("enablednd", r#""value":true"#));
    stage.change(|_, general| general.context_separation = true);
    stage.heard(chiara);
    stage.commit();
    assert_eq!(stage.heard(chiara), [""; 0]);
    assert_eq!(stage.heard(agnes).last().map(String::as_str), Some(r#"updateconfig users "1" {"enablednd":true}"#));
}

#[test]
fn preferences_and_services_travel_in_the_answer_to_a_login() {
    let mut stage = Stage::new();
    let value = crate::settings::preference::PreferenceValue::parse(Preference::IdentityLogAgent, "1");
    stage.change(|known, _| {
        known.profiles.edit(ProfileId::new(CLIENT), |client| {
            client.services.clear();
            client.preferences.insert(Preference::IdentityLogAgent, name(value));
        })
    });
    let agnes = stage.log_in(AGNES, "available");
    let capas = stage.heard(agnes).swap_remove(0);
    assert!(capas.contains(r#""services":[""]"#), "{capas}");
    assert!(capas.contains(r#""preferences":{"xlet.identity.logagent":"1"}"#), "{capas}");
}

fn switch_off(stage: &mut Stage, user: i64, services: &[Service]) -> Vec<SwitchOffOutcome> {
    let order = SwitchOff { user: uuid(user), services: services.to_vec() };
    stage.apply(Input::SwitchOff { id: SwitchOffId(7), order });
    let outcomes = std::mem::take(&mut stage.switched_off);
    outcomes.into_iter().map(|(id, outcome)| (id == SwitchOffId(7)).then_some(outcome).expect("its own")).collect()
}

#[test]
fn an_administrator_switches_off_what_keeps_callers_from_a_user() {
    let mut stage = Stage::new();
    let agnes = stage.enter(AGNES, "available");
    assert_eq!(switch_off(&mut stage, AGNES, Service::ALL), [SwitchOffOutcome::NothingOn]);
    stage.ask(agnes, &put("enablednd", r#""value":true"#));
    stage.ask(agnes, &put("fwd", r#""value":{"enableunc":true,"destunc":"1044"}"#));
    stage.heard(agnes);
    assert_eq!(switch_off(&mut stage, AGNES, &[Service::ForwardUnconditional]), [SwitchOffOutcome::Off]);
    assert_eq!(stage.heard(agnes), [r#"updateconfig users "1" {"enableunc":false,"destunc":"1044"}"#]);
    let Some(StateWrite::User(_, state)) = stage.writes.last() else { unreachable!("a user's state was written") };
    assert!(state.services.do_not_disturb && !state.services.unconditional.is_on);
    assert_eq!(switch_off(&mut stage, AGNES, Service::ALL), [SwitchOffOutcome::Off]);
    assert_eq!(stage.heard(agnes), [r#"updateconfig users "1" {"enablednd":false}"#]);
    assert_eq!(switch_off(&mut stage, 99, Service::ALL), [SwitchOffOutcome::NoSuchUser]);
}

#[test]
fn whoever_switches_off_hears_that_the_disk_did_not_take_it() {
    let mut stage = Stage::new();
    let agnes = stage.enter(AGNES, "available");
    stage.ask(agnes, &put("enablednd", r#""value":true"#));
    stage.heard(agnes);
    stage.disk = Disk::Slow;
    assert_eq!(switch_off(&mut stage, AGNES, Service::ALL), [], "nobody knows yet");
    stage.fail();
    assert_eq!(std::mem::take(&mut stage.switched_off), [(SwitchOffId(7), SwitchOffOutcome::NotKept)]);
    assert_eq!(stage.heard(agnes), [""; 0]);
    stage.disk = Disk::Fast;
    assert_eq!(switch_off(&mut stage, AGNES, Service::ALL), [SwitchOffOutcome::Off]);
}
