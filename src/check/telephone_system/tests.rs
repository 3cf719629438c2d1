//! Each finding, provoked.

use super::*;
use crate::asterisk::{AccountLine, DialplanExtension, InquiryError, Lacking};
use crate::live::messages::telephony::HintSeen;
use crate::live::messages::telephony::{MemberSeen, QueueSeen};
use crate::settings::fixtures::small_company;
use crate::settings::id::Id as _;
use crate::settings::id::{LineId, QueueId};
use crate::settings::setting::General;

fn hint(extension: &str, context: &str, hint: &str) -> HintSeen {
    HintSeen { extension: extension.into(), context: context.into(), hint: hint.into(), status: 0 }
}

fn agent(number: &str, is_dynamic: bool) -> MemberSeen {
    MemberSeen {
        queue: "support".into(),
        interface: "Local/id-1@agentcallback".into(),
        name: format!("Agent/{number}").into(),
        is_dynamic,
        ..MemberSeen::default()
    }
}

fn telephone(device: &str) -> MemberSeen {
    MemberSeen { queue: "support".into(), interface: device.into(), name: device.into(), ..MemberSeen::default() }
}

fn queue(name: &str, members: Vec<MemberSeen>) -> QueueSeen {
    QueueSeen { name: name.into(), members, ..QueueSeen::default() }
}

/// An Asterisk that fits the office wholly.
fn fitting() -> Survey {
    let mut survey = Survey { places: places(&small_company()).into_iter().collect(), ..Survey::default() };
    survey.snapshot.hints = vec![
        hint("1001", "default", "PJSIP/1001&Custom:DND1001,CustomPresence:1001"),
        hint("1002", "elsewhere", "pjsip/1002"),
        hint("2001", "sales", "Custom:phone"),
        hint("*735", "default", "Custom:lamp"),
    ];
    survey.snapshot.queues = vec![queue("support", Vec::new())];
    survey
}

/// What is found when the fitting one is changed so.
fn found(change: impl FnOnce(&mut Survey)) -> Vec<(Severity, String, String)> {
    let mut survey = fitting();
    change(&mut survey);
    let findings = findings(&small_company(), &General::default(), &survey);
    let told = findings.into_iter().map(|finding| {
        assert!(!finding.remedy.to_string().is_empty());
        (finding.severity, finding.on.to_string(), finding.defect.to_string())
    });
    told.collect()
}

fn check(change: impl FnOnce(&mut Survey), severity: Severity, on: &str, words: &str) {
    let found = found(change);
    let [(was, was_on, message)] = &*found else { panic!("not one finding: {found:?}") };
    assert_eq!((*was, &**was_on), (severity, on));
    assert!(message.contains(words), "{message}");
}

#[test]
fn an_asterisk_that_fits_has_no_finding() {
    assert_eq!(found(|_| {}), []);
}

#[test]
fn what_the_account_lacks_is_told_by_line_and_class() {
    let lacking = |line| Lacking { line, class: "agent", needed_for: "agents" };
    let account = "account [ctibox] in manager.conf";
    let write = |survey: &mut Survey| survey.lacking.push(lacking(AccountLine::Write));
    check(write, Severity::Error, account, "`write` lacks `agent`, which is needed for agents");
    let read = |survey: &mut Survey| survey.lacking.push(lacking(AccountLine::Read));
    check(read, Severity::Error, account, "`read` lacks `agent`");
}

#[test]
fn what_the_dial_plan_lacks_is_told() {
    let without = |context: &'static str, number: &'static str| {
        move |survey: &mut Survey| {
            let place: DialplanExtension = (context.into(), number.into());
            assert!(survey.places.remove(&place));
        }
    };
    check(without("agentcallback", "id-1"), Severity::Error, "dial plan", "queues cannot call agents");
    check(without("sales", "*25"), Severity::Warning, "code *25@sales", "cannot switch by it");
    check(without("cti-name", "s"), Severity::Warning, "dial plan", "telephones show numbers alone");
    let on_a_xivo = |survey: &mut Survey| {
        without("cti-name", "s")(survey);
        survey.is_xivo = true;
    };
    assert_eq!(found(on_a_xivo), [], "it looks callers up itself");
    check(without("sales", "2001"), Severity::Warning, "line 2001@sales", "not in the dial plan");
    check(without("default", "3000"), Severity::Warning, "queue number 3000@default", "not in the dial plan");
}

#[test]
fn lines_without_a_hint_and_hints_without_a_line_are_told_together() {
    let none = |survey: &mut Survey| survey.snapshot.hints.clear();
    check(none, Severity::Warning, "lines 1001@default, 1002@default and 2001@sales", "without a hint");
    let foreign = |survey: &mut Survey| {
        let more = (1..=7).map(|number| hint(&format!("900{number}"), "default", &format!("SIP/900{number}")));
        survey.snapshot.hints.extend(more);
    };
    let on = "hints 9001@default, 9002@default, 9003@default, 9004@default, 9005@default and 2 more";
    check(foreign, Severity::Warning, on, "no line has");
}

#[test]
fn queues_that_only_one_side_has_are_told_and_so_are_names_that_differ() {
    let none = |survey: &mut Survey| survey.snapshot.queues.clear();
    check(none, Severity::Error, "queue \"support\"", "not known to Asterisk");
    let other = |survey: &mut Survey| survey.snapshot.queues[0].name = "Support".into();
    check(other, Severity::Error, "queue \"support\"", "is called \"Support\" in Asterisk");
    let more = |survey: &mut Survey| survey.snapshot.queues.push(queue("hold", Vec::new()));
    check(more, Severity::Warning, "queue hold of Asterisk", "not known here");
}

#[test]
fn members_that_differ_are_told() {
    let with = |member: MemberSeen| move |survey: &mut Survey| survey.snapshot.queues[0].members.push(member);
    let on = "queue \"support\"";
    assert_eq!(found(with(agent("8001", true))), []);
    check(with(agent("8001", false)), Severity::Warning, on, "cannot log off");
    check(with(agent("8002", true)), Severity::Warning, on, "Agent/8002 has the penalty 5 here and 0 in Asterisk");
    check(with(agent("8009", true)), Severity::Warning, on, "no agent of that number is here");
    check(with(telephone("SIP/1001")), Severity::Warning, on, "SIP/1001 is a member in Asterisk alone");
    check(with(telephone("PJSIP/9001")), Severity::Warning, on, "no line has that device");
}

#[test]
fn a_line_that_is_a_member_here_is_to_be_one_there() {
    let mut office = small_company();
    office.set_queue_member(QueueId::new(1), LineId::new(1), 0).expect("a member");
    let mut survey = fitting();
    let findings_of =
        |survey: &Survey| findings(&office, &General::default(), survey).into_iter().map(|finding| finding.defect);
    let told: Vec<Defect> = findings_of(&survey).collect();
    let alone = SystemDefect::MemberHereAlone { device: "PJSIP/1001".to_owned() };
    assert_eq!(told, [Defect::TelephoneSystem(alone)]);
    survey.snapshot.queues[0].members.push(telephone("PJSIP/1001"));
    assert_eq!(findings_of(&survey).count(), 0);
}

#[test]
fn telephony_that_is_off_is_no_finding_and_a_lost_link_none_that_keeps_a_server_from_starting() {
    let mut settings = General::default().ami;
    assert_eq!(brief(&settings), []);
    // Nobody listens on a port that was just let go.
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    settings.port = listener.local_addr().expect("an address").port();
    drop(listener);
    settings.secret = Some(crate::settings::password::Secret::new("secret"));
    let found = brief(&settings);
    let [finding] = &*found else { panic!("{found:?}") };
    assert_eq!(finding.severity, Severity::Warning);
    assert_eq!(finding.on.to_string(), format!("Asterisk at 127.0.0.1:{}", settings.port));
    assert_eq!(unanswered(&settings, &InquiryError::Refused("no".to_owned())).severity, Severity::Error);
}
