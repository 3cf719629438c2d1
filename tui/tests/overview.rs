//! The overview, on a server that was made up.

use std::collections::BTreeMap;

use super::snapshots::assert_frames;
use super::{COLOR, TestConsole};
use crate::check::{self, Defect, FindingTarget};
use crate::control::{
    Discrepancy, ListenFailure, ListenProblem, RefusedClients, RefusedVersion, ServerStatus, Session, SlowedDown,
    TelephonyLink, WhyRefused,
};
use crate::settings::configuration::Configuration;
use crate::settings::fixtures;
use crate::settings::id::Id as _;
use crate::settings::label::Labelled as _;
use crate::settings::rule::{Refusal, Rule, Severity};
use crate::settings::rule_target::RuleTarget;
use crate::settings::setting::{Key as Setting, SettingValue};
use crate::settings::table::Kind;
use crate::settings::target_kind::TargetKind;
use crate::settings::violation::{PairFault, Violation};
use crate::store::tests::corrupt::{Damage, corrupt};
use crate::tui::Rights;
use crate::tui::event::Event;
use crate::tui::keys::Key;
use crate::tui::server::{Sample, Server};
use crate::tui::tab::Tab;

/// The moment that the consoles of these tests know, in seconds.
const NOW: i64 = 1_795_485_600;

pub(super) fn session(number: u64, user: &str, name: &str, tls: Option<&str>, presence: &str) -> Session {
    Session {
        session: number,
        user: user.to_owned(),
        name: name.to_owned(),
        address: format!("192.0.2.{number}:50{number:03}"),
        version: "2.3".to_owned(),
        encrypted: tls.is_some(),
        tls: tls.map(str::to_owned),
        presence: presence.to_owned(),
        since: (NOW - 700 * i64::try_from(number).expect("a small number")) as f64,
    }
}

pub(super) fn sessions() -> Vec<Session> {
    let mut sessions = vec![
        session(1, "alice", "Alice Archer", Some("1.3"), "available"),
        session(2, "bob", "Bob Butcher", None, "away"),
        session(3, "carol", "Carol Chandler of the Northern Office", Some("1.2"), "available"),
        session(4, "alice", "Alice Archer", Some("1.3"), "available"),
    ];
    sessions[1].address = "[2001:db8:85a3:8d3:1319:8a2e:370:7348]:50002".to_owned();
    sessions
}

/// A server with these sessions, whose certificate ends in so many days.
pub(super) fn running(sessions: Vec<Session>, days: i64) -> Server {
    let status = ServerStatus {
        version: "0.1.0".to_owned(),
        process: 4711,
        started: (NOW - 7300) as f64,
        listen: vec!["0.0.0.0:5003".to_owned(), "[::]:5003".to_owned()],
        named: Vec::new(),
        files: None,
        connections: u32::try_from(sessions.len() + 1).expect("few"),
        sessions: u32::try_from(sessions.len()).expect("few"),
        fingerprint: Some("AA:BB".to_owned()),
        certificate_expires: Some(NOW + days * 86_400),
        slowed_down: SlowedDown::default(),
        failed_logins: Vec::new(),
        telephony: Some(TelephonyLink::Up { version: "22.10.1".to_owned(), since: 0 }),
        caller_names: None,
        discrepancies: Vec::new(),
        refused_clients: Vec::new(),
        turned_away: None,
        log_filter: None,
        counts: BTreeMap::new(),
    };
    Server::Running(Box::new(status), sessions)
}

fn finding(severity: Severity, about: Option<(Kind, i64)>, on: FindingTarget, defect: Defect) -> check::Finding {
    check::Finding { severity, about, on, defect, remedy: check::Remedy::LookAtCauses }
}

fn broken(severity: Severity, about: Option<(Kind, i64)>, refusal: Refusal) -> check::Finding {
    finding(severity, about, FindingTarget::Rule(refusal.on.clone()), Defect::Rule(refusal))
}

/// It ends in 12 days.
fn certificate() -> check::Finding {
    let words = "expires in 12 days".to_owned();
    let problem = Violation::Pair { fault: PairFault::Expiry, words, consequence: None };
    let on = RuleTarget::shown(TargetKind::Certificate, "certs/server.crt");
    broken(Severity::Warning, None, Refusal::new(Rule::G2, on, problem))
}

fn damaged(why: &str) -> check::Finding {
    finding(Severity::Error, None, FindingTarget::Database(None), Defect::Unsound { why: why.to_owned() })
}

/// One that an object is to blame for, one of the certificate, one that no place mends.
fn findings(configuration: &Configuration) -> Vec<check::Finding> {
    let away = configuration.presences.find(|presence| presence.name.as_str() == "away").expect("there is one");
    let dead_end = Refusal::new(Rule::P17, away.object_name(configuration), Violation::DeadEnd);
    vec![
        broken(Severity::Warning, Some((Kind::Presence, away.id.number())), dead_end),
        certificate(),
        damaged("row 7 is missing from index line_user"),
    ]
}

/// A desk whose history is always of the same age.
fn settle(console: &mut TestConsole) {
    let changed = console.elsewhere(|c| {
        let secret = SettingValue::parse(Setting::AmiSecret, "opensesame").expect("a value");
        c.settings.insert(Setting::AmiSecret, secret);
    });
    corrupt(console.folder.path(), Damage::Clock);
    console.inner.handle(Event::Configuration(changed));
}

fn at_work(console: &mut TestConsole) {
    settle(console);
    console.inner.handle(Event::Server(running(sessions(), 460)));
    console.inner.handle(Event::AtWork(Some(super::agents_at_work::at_work())));
    let sample = |at: i64| Sample { at: NOW - 90 + at, connections: (at / 20) as u64, messages: (at % 9) as u64 };
    console.inner.app.samples = (0..90).map(sample).collect();
}

#[test]
fn what_is_configured_and_does_not_hold_is_a_line_of_its_own() {
    let mut console = TestConsole::at(Tab::Overview);
    let Server::Running(mut status, sessions) = running(sessions(), 460) else { unreachable!("it runs") };
    let failure = ListenFailure {
        address: "127.0.0.1:443".parse().expect("an address"),
        problem: ListenProblem::NotPermitted,
        why: "Permission denied".to_owned(),
    };
    let instead = vec!["127.0.0.1:5003".parse().expect("an address")];
    status.discrepancies.push(Discrepancy::Listen { failures: vec![failure], instead });
    console.inner.handle(Event::Server(Server::Running(status, sessions)));
    console.says("Not applied").says("cannot listen on 127.0.0.1:443");
}

#[test]
fn who_was_refused_for_an_old_tls_is_told_and_that_it_is_spoken_is_a_warning() {
    let mut console = TestConsole::at(Tab::Overview);
    let Server::Running(mut status, sessions) = running(sessions(), 460) else { unreachable!("it runs") };
    let address = |last| format!("192.0.2.{last}").parse().expect("an address");
    status.refused_clients.push(RefusedClients {
        version: RefusedVersion::Tls1_0,
        why: WhyRefused::NotAllowed,
        attempts: 37,
        addresses: 2,
        some: vec![address(7), address(8)],
        is_more: false,
        counted_for: None,
        is_clear_refused: false,
    });
    console.does_not_say("Refused");
    console.inner.handle(Event::Server(Server::Running(status, sessions)));
    console.says("Refused").says("! clients of 2 addresses (192.0.2.7, 192.0.2.8)");
    let key = Setting::EncryptionAllowLegacyTls;
    let spoken = Violation::LegacyTls { from: "10.0.0.0/8".to_owned(), is_beyond: false };
    let refusal = Refusal::new(Rule::G6, RuleTarget::Setting(key.as_str()), spoken);
    let warning = broken(Severity::Warning, Some((Kind::Setting, key.place())), refusal);
    console.inner.handle(Event::Findings(vec![warning]));
    console.says("1 finding").says("setting encryption.allow_legacy_tls").says("clients of 10.0.0.0/8");
    console.press(&[Key::ENTER]).says("General settings").says("── encryption.allow_legacy_tls ─");
}

#[test]
fn the_worst_finding_stands_first_and_one_of_the_link_leads_to_telephony() {
    let mut console = TestConsole::at(Tab::Overview);
    let link = Some((Kind::Setting, Setting::AmiHost.place()));
    let why = "Asterisk cannot be reached".to_owned();
    let down = Defect::Discrepancy(Discrepancy::Telephony { why, is_refused: false });
    let found = vec![certificate(), finding(Severity::Error, link, FindingTarget::Link, down)];
    console.inner.handle(Event::Findings(found));
    let screen = console.screen();
    assert!(screen.find("cannot be reached") < screen.find("expires in 12 days"), "{screen}");
    console.press(&[Key::ENTER]).says("── Telephony").says("Where Asterisk is");
}

#[test]
fn the_overview_looks_so_at_work() {
    assert_frames("overview", Tab::Overview, &fixtures::small_company(), |console| {
        at_work(console);
        let findings = findings(&console.inner.app.configuration);
        console.inner.handle(Event::Findings(findings));
    });
}

#[test]
fn the_overview_looks_so_without_a_server_and_without_findings() {
    assert_frames("overview-stopped", Tab::Overview, &fixtures::small_company(), |console| {
        settle(console);
        console.inner.handle(Event::Server(Server::NotRunning));
        console.press(&[Key::TAB]);
    });
}

#[test]
fn enter_on_a_finding_goes_to_the_place_that_mends_it() {
    let mut console = TestConsole::at(Tab::Overview);
    let findings = findings(&console.inner.app.configuration);
    console.inner.handle(Event::Findings(findings));
    console.press(&[Key::ENTER]).says("── Overview").says("this cannot be fixed in the console: look at the causes");
    console.press(&[Key::DOWN]).says("Enter goes to Presences").press(&[Key::ENTER]).says("── Presences › xivo");
    console.press(&[Key::char('1'), Key::DOWN, Key::ENTER]).says("── Certificates");
}

#[test]
fn a_finding_of_a_setting_goes_to_that_setting() {
    let mut console = TestConsole::at(Tab::Overview);
    let about = Some((Kind::Setting, Setting::EncryptionMode.place()));
    let on = RuleTarget::Setting(Setting::EncryptionMode.as_str());
    let off = broken(Severity::Warning, about, Refusal::new(Rule::G5, on, Violation::EncryptionOff));
    console.inner.handle(Event::Findings(vec![off]));
    console.press(&[Key::ENTER]).says("General settings").says("off, offer or require");
}

#[test]
fn findings_scroll_and_the_one_at_the_cursor_is_told_in_full() {
    let mut console = TestConsole::at(Tab::Overview);
    let number = |at: usize| damaged(&format!("thing {at}: {}", "is wrong, ".repeat(12)));
    console.inner.handle(Event::Findings((1..=40).map(number).collect()));
    console.says("40 findings").says("▸ 40 like this").press(&[Key::ENTER]);
    console.does_not_say("thing 40").press(&[Key::END]).says("thing 40").does_not_say("thing 20:");
    console.says("causes").press(&[Key::PAGE_UP, Key::HOME]).says("thing 1:");
}

/// A small company with so many changes of one setting, a second after the other.
fn change_often(console: &mut TestConsole, number: usize) {
    for at in 0..number {
        let changed = console.elsewhere(|c| {
            let secret = SettingValue::parse(Setting::AmiSecret, &format!("opensesame{at}")).expect("a value");
            c.settings.insert(Setting::AmiSecret, secret);
        });
        console.inner.handle(Event::Configuration(changed));
    }
}

/// What is wrong and what was changed come before how calmly all else goes on.
#[test]
fn findings_and_changes_have_rows_in_the_smallest_terminal_whatever_there_is_to_tell() {
    for size in [(80, 24), (60, 20)] {
        let mut console = TestConsole::with(Tab::Overview, fixtures::small_company(), Rights::Edit, COLOR, size);
        change_often(&mut console, 6);
        let Server::Running(mut status, sessions) = running(sessions(), 460) else { unreachable!("it runs") };
        status.telephony = Some(TelephonyLink::Down { why: "Connection refused (os error 111)".to_owned(), since: 0 });
        console.inner.handle(Event::Server(Server::Running(status, sessions)));
        console.inner.handle(Event::AtWork(Some(super::agents_at_work::at_work())));
        let about = |at: usize| match at % 2 {
            0 => certificate(),
            _ => damaged(&format!("thing {at} is wrong")),
        };
        let mut all = without_a_line(2);
        all.extend((0..2).map(about));
        all.extend(findings(&console.inner.app.configuration));
        console.inner.handle(Event::Findings(all));
        console.says(" Server ").says(" Telephony ").says("7 findings").says("row 7 is missing").says("↓ ");
        let changes = console.screen().matches(" ago").count();
        assert!(changes >= 3, "{size:?}: {}", console.screen());
        console.press(&[Key::END]).says("↑ ").press(&[Key::TAB]).says("setting ami.secret: another value");
    }
}

#[test]
fn lists_begin_at_their_top_again_when_they_show_something_else() {
    let mut console = TestConsole::at(Tab::Overview);
    change_often(&mut console, 30);
    console.press(&[Key::TAB, Key::END, Key::char('4')]);
    change_often(&mut console, 1);
    console.press(&[Key::char('1')]);
    let screen = console.screen();
    let first = screen.lines().skip_while(|line| !line.contains("Last changes")).nth(1).expect("a row");
    assert!(first.contains("opensesame") || first.contains("ami.secret"), "{screen}");
    assert!(!first.contains('↑'), "{screen}");
    // Somebody who is in a list stays on their row.
    let number = |from: usize| (from..=40).map(|at| damaged(&format!("thing {at} is wrong"))).collect();
    console.inner.handle(Event::Findings(number(1)));
    console.press(&[Key::BACK_TAB, Key::ENTER, Key::DOWN, Key::DOWN, Key::DOWN]).reads("thing 3 is wrong › look");
    console.inner.handle(Event::Findings(number(2)));
    console.reads("thing 3 is wrong › look");
}

#[test]
fn tab_leads_into_no_list_without_a_row() {
    let mut console = TestConsole::at(Tab::Overview);
    console.inner.handle(Event::Findings(Vec::new()));
    console.press(&[Key::TAB, Key::TAB]).says("nothing is wrong").press(&[Key::ENTER]).says("28 changes");
}

#[test]
fn a_change_is_shown_in_full() {
    let mut console = TestConsole::at(Tab::Overview);
    settle(&mut console);
    console.says("ami.secret").press(&[Key::TAB, Key::ENTER]).says("by other (cli)");
    console.press(&[Key::ESC]).says("Last changes");
}

#[test]
fn what_one_change_did_to_several_objects_is_one_row_that_history_opens() {
    let mut console = TestConsole::at(Tab::Presences);
    console.press(&[Key::char('a')]).write("night").press(&[Key::ctrl('s')]).says("night");
    console.press(&[Key::char('1'), Key::TAB]).reads("presence group \"night\" was added; 6 presences were added");
    console.press(&[Key::ENTER]).says("── Overview › history").says("▾").says("presence \"away\" in group \"night\"");
    console.press(&[Key::ESC]).says("Last changes").press(&[Key::char('G'), Key::char('g')]).says("Last changes");
}

#[test]
fn the_certificate_warns_from_thirty_days_on_and_errs_when_it_is_over() {
    let mut console = TestConsole::at(Tab::Overview);
    for (days, words) in [
        (31, "● ctibox's own, until 2026-12-25: 31 days left"),
        (29, "! ctibox's own"),
        (-1, "✗ ctibox's own, expired"),
    ] {
        console.inner.handle(Event::Server(running(sessions(), days)));
        console.says(words);
    }
}

/// A user without a line, as often as wanted.
fn without_a_line(number: i64) -> Vec<check::Finding> {
    let finding = |id: i64| {
        let on = RuleTarget::from(crate::settings::rule_target::ObjectName::named(Kind::User, None, format!("u{id}")));
        broken(Severity::Warning, Some((Kind::User, id)), Refusal::new(Rule::C3, on, Violation::NoLine))
    };
    (1..=number).map(finding).collect()
}

#[test]
fn forty_users_without_a_line_are_one_row_that_opens_into_them() {
    let mut console = TestConsole::at(Tab::Overview);
    let mut all = without_a_line(40);
    all.push(certificate());
    console.inner.handle(Event::Findings(all));
    console.says("41 findings").reads("▸ 40 like this: user \"u1\": has no line").does_not_say("\"u2\"");
    console.says("expires in 12 days").reads("Enter shows each of them").press(&[Key::ENTER]);
    console.says("▾ 40 like this").says("· user \"u2\": has no line");
    // Each of them leads to where it is mended, as alone.
    console.press(&[Key::DOWN, Key::ENTER]).says("── Users").press(&[Key::char('1')]).says("▾ 40 like this");
    console.press(&[Key::HOME, Key::ENTER]).says("▸ 40 like this").does_not_say("\"u2\"");
    // Two are as soon read as opened.
    console.inner.handle(Event::Findings(without_a_line(2)));
    console.says("user \"u1\"").says("user \"u2\"").does_not_say("like this");
}

#[test]
fn findings_and_changes_are_filtered_each_for_itself() {
    let mut console = TestConsole::at(Tab::Overview);
    settle(&mut console);
    let mut all = without_a_line(40);
    all.push(certificate());
    console.inner.handle(Event::Findings(all));
    console.press(&[Key::char('/')]).write("u7").says("1/41").says("user \"u7\"").does_not_say("expires in 12 days");
    console.press(&[Key::ESC]).says("expires in 12 days").press(&[Key::END]).reads("› Enter goes to Certificates");
    // What is found stays under the cursor, and what only the words hid comes back to it.
    console.press(&[Key::char('/')]).write("about:user").says("40/41").does_not_say("expires in 12 days");
    console.press(&[Key::ESC]).reads("› Enter goes to Certificates");
    console.press(&[Key::char('/')]).write("about:user").press(&[Key::ENTER, Key::TAB]);
    console.says("40/41 findings of `ctibox check`, /about:user").says("ami.secret");
    console.press(&[Key::char('/')]).write("who:nobody").says("nothing found").does_not_say("ami.secret");
    console.press(&[Key::ENTER, Key::ENTER]).says("the filter hides all rows; Esc shows them");
    console.press(&[Key::char('4'), Key::char('1')]).says("who:nobody").press(&[Key::ESC]).says("ami.secret");
    console.says("40/41 findings").press(&[Key::TAB, Key::ESC]).says("41 findings").does_not_say("40/41");
    console.press(&[Key::char('/')]).write("sevrity:error").says("no field sevrity: here; severity:, about:");
}

#[test]
fn b_on_findings_of_users_marks_them_all_in_users() {
    let mut console = TestConsole::at(Tab::Overview);
    let mut all = without_a_line(3);
    all.push(certificate());
    console.inner.handle(Event::Findings(all));
    console.press(&[Key::char('4'), Key::char('/')]).write("carol").press(&[Key::ENTER, Key::char('1')]);
    console.press(&[Key::HOME, Key::char('b')]).says("── Users").says("3 marked, 3 ").says("alice").says("carol");
    console.says("b changes all that are marked").press(&[Key::char('b')]).says("3 marked users").press(&[Key::ESC]);
    console.press(&[Key::ESC; 3]).says("── Overview").press(&[Key::END, Key::char('b')]);
    console.says("the row is not said of users");
    // One of an opened row is one user.
    console.press(&[Key::HOME, Key::ENTER, Key::DOWN, Key::char('b')]).says("1 marked, 3 ");
}

/// Whose fix somebody has to decide has none: it says so.
#[test]
fn a_fix_is_offered_for_all_of_a_kind_and_only_where_there_is_one_way() {
    let mut console = TestConsole::at(Tab::Overview);
    console.inner.handle(Event::Findings(without_a_line(3)));
    console.press(&[Key::char('F')]).reads("no key alone fixes this; Enter goes to where it can be fixed");
    let changed = console.elsewhere(|c| {
        let ids: Vec<_> = c.profiles.iter().map(|profile| profile.id).collect();
        ids.into_iter().for_each(|id| {
            c.profiles.edit(id, |profile| {
                profile.xlets.clear();
                // Without the xlet for it somebody has to decide.
                profile.may_listen = false;
            });
        });
    });
    let found = changed.profile_findings().into_iter();
    let found: Vec<check::Finding> = found.map(|it| broken(it.severity, it.about, it.refusal)).collect();
    assert_eq!(found.len(), 4);
    console.inner.handle(Event::Configuration(changed));
    console.inner.handle(Event::Findings(found));
    console.reads("▸ 4 like this: profile \"Supervisor\": has no xlet").press(&[Key::char('F')]);
    console.says("Fix 4 findings?").reads("· profile \"Supervisor\": add Identity in grid");
    console.press(&[Key::char('y')]).reads("fixed: 4 findings");
    assert_eq!(console.stored().profile_findings(), []);
    // One change, one undo.
    console.press(&[Key::ctrl('z'), Key::char('y')]);
    assert_eq!(console.stored().profile_findings().len(), 4);
}
