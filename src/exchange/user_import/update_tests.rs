//! Lines that change users by their UUID, and the table that `write` makes of all users: it comes back as it went.

use std::convert::Infallible;
use std::num::NonZeroUsize;
use std::ops::ControlFlow;

use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::exchange::csv;
use crate::settings::configuration::Configuration;
use crate::settings::fixtures::{add_user, small_company};
use crate::settings::id::{Id as _, UserUuid};
use crate::settings::name::{Device, FirstName, Login};
use crate::settings::password::CheckMemory;
use crate::settings::password::Secret;
use crate::settings::rule::{Refusal, Severity};
use crate::settings::user::User;

/// UUIDs of the office: alice (lines 1001, 1002 and a box), bob (2001 in sales), carol.
const ALICE: &str = "00000000-0000-0000-0000-000000000001";
const BOB: &str = "00000000-0000-0000-0000-000000000002";
const CAROL: &str = "00000000-0000-0000-0000-000000000003";

fn means() -> Means {
    Means {
        uuid: || UserUuid::new(Uuid::new_v4()),
        salt: || *Uuid::new_v4().as_bytes(),
        threads: NonZeroUsize::new(1).unwrap(),
    }
}

fn table(text: &str) -> UserTable {
    UserTable::read(text.as_bytes(), None).unwrap()
}

/// What would become of each line.
fn fates(text: &str, c: &Configuration) -> Vec<String> {
    let words = |line: &PlannedLine| match &line.outcome {
        LineOutcome::New(addition) => format!("new: {}", addition.words()),
        LineOutcome::Changed(change) => change.words().to_owned(),
        LineOutcome::Unchanged => "unchanged".to_owned(),
        LineOutcome::Refused(reasons) => reasons.iter().map(Refusal::with_rule).collect::<Vec<_>>().join("; "),
    };
    Plan::of(&table(text), Existing::Changed, c).lines.iter().map(words).collect()
}

fn updated(text: &str, c: &Configuration) -> Result<Configuration, Vec<Refusal>> {
    let table = table(text);
    let plan = Plan::of(&table, Existing::Changed, c);
    let ControlFlow::Continue(hashes) = plan.hashed(&means(), |_| ControlFlow::<Infallible>::Continue(()));
    plan.applied(&table, &hashes, &means(), c)
}

fn user<'a>(c: &'a Configuration, uuid: &str) -> &'a User {
    c.user_named(uuid).unwrap()
}

/// The office with a user without a login, a telephone of another technology, and somebody with a strange name.
fn furnished() -> Configuration {
    let mut c = small_company();
    let dora = add_user(&mut c, "dora");
    c.users.edit(dora, |user| {
        (user.login, user.password, user.enabled, user.profile) = (None, None, false, None);
        user.first_name = FirstName::parse("Dör, \"a\"\u{feff}; |x").unwrap();
    });
    let sales = c.contexts.iter().next_back().unwrap().id;
    crate::settings::fixtures::add_line(&mut c, dora, "2009", sales);
    let lines: Vec<_> = c.lines.iter().map(|line| line.id).collect();
    let devices = ["SCCP/1001", "SIP/x-1", "SCCP/other", "Local/2009@default"];
    for (line, device) in lines.into_iter().zip(devices) {
        c.lines.edit(line, |line| line.device = Device::parse(device).unwrap());
    }
    c
}

#[test]
fn a_written_table_comes_back_and_changes_nothing() {
    let c = furnished();
    let text = write(&c);
    assert_eq!(fates(&text, &c), ["unchanged"; 4], "{text}");
    assert!(!text.contains("argon2"), "{text}");
    assert_eq!(updated(&text, &c).unwrap(), c);
}

#[test]
fn a_written_table_makes_the_same_users_elsewhere() {
    let c = furnished();
    let mut empty = c.clone();
    for id in c.users.iter().map(|user| user.id) {
        empty.remove_user(id).unwrap();
    }
    let boxes: Vec<_> = empty.voicemails.iter().map(|found| found.id).collect();
    boxes.into_iter().for_each(|id| empty.remove_voicemail(id).unwrap());
    let made = updated(&write(&c), &empty).unwrap();
    assert_eq!(write(&made), write(&c));
}

#[test]
fn a_column_that_is_missing_changes_nothing_and_an_empty_cell_means_none() {
    let c = small_company();
    let text = format!("uuid,lastname,email,mobile_phone_number\n{ALICE},Archer,,+33 1 x\n{BOB},,bob@example.org,\n");
    assert_eq!(
        fates(&text, &c),
        [
            "column mobile_phone_number \"+33 1 x\": must be 1 to 80 digits, `+`, `*` or `#`; this has 'x' (rule B1)",
            "unchanged"
        ]
    );
    let text = text.replace("+33 1 x", "+331");
    let told = "lastname \"\" -> \"Archer\", email \"alice@example.org\" -> none, mobile_phone_number none -> \"+331\"";
    assert_eq!(fates(&text, &c)[0], told);
    let after = updated(&text, &c).unwrap();
    let (old, new) = (user(&c, ALICE), user(&after, ALICE));
    assert_eq!((new.full_name().as_str(), &new.email), ("alice Archer", &None));
    assert_eq!(
        (&new.login, &new.password, new.enabled, new.profile),
        (&old.login, &old.password, old.enabled, old.profile)
    );
    assert_eq!(after.lines, c.lines);
    assert_eq!(user(&after, BOB), user(&c, BOB));
}

#[test]
fn a_password_is_another_only_where_the_cell_holds_one() {
    let c = small_company();
    let after = updated(&format!("uuid,password\n{ALICE},a new secret\n{BOB},\n"), &c).unwrap();
    let is_of = |uuid, text| {
        let hash = user(&after, uuid).password.as_ref().unwrap();
        hash.is_of(&Secret::new(text), &mut CheckMemory::default())
    };
    assert!(is_of(ALICE, "a new secret"));
    assert_eq!(user(&after, BOB).password, user(&c, BOB).password);
    assert_eq!(fates(&format!("uuid,password\n{ALICE},hunter2\n"), &c), ["a new password"]);
}

#[test]
fn a_user_gets_a_login_a_line_and_a_box_and_keeps_what_a_line_cannot_take() {
    let mut c = small_company();
    let carol = user(&c, CAROL).id;
    c.users.edit(carol, |user| (user.login, user.password, user.enabled) = (None, None, false));
    let header = "uuid,username,password,cti_profile_enabled,exten,context,voicemail_number\n";
    let text = format!("{header}{CAROL},carol,a secret,1,1009,default,1009\n");
    assert_eq!(
        fates(&text, &c),
        ["username none -> \"carol\", cti_profile_enabled \"0\" -> \"1\", a new password, \
          line 1009@default (PJSIP/1009), voicemail 1009@default"]
    );
    let after = updated(&text, &c).unwrap();
    assert!(user(&after, CAROL).enabled && after.lines_of(carol)[0].is_main);
    assert!(after.findings().is_empty(), "{:?}", after.findings());
    // Emptied again, nothing of it goes; without the columns it stays without a word.
    assert_eq!(
        fates(&format!("{header}{CAROL},,,,,,\n"), &after),
        ["login \"carol\": an import takes no login away; the cell `username` is empty (rule U1); \
          line \"1009@default\": an import takes no line away; the cell `exten` is empty (rule C2); \
          voicemail box \"1009@default\": an import takes no box away; the cell `voicemail_number` is empty (rule Q1)"]
    );
    // What nobody has without a login is not given to one who has none.
    assert_eq!(
        fates(&format!("uuid,password,cti_profile_enabled\n{CAROL},secret,1\n"), &c),
        [
            "password: needs a login: the column `username` (rule U4); column cti_profile_enabled: is 1, but nobody logs in \
          without a login: the column `username` (rule U4)"
        ]
    );
}

#[test]
fn a_line_moves_and_keeps_its_telephone() {
    let c = small_company();
    let text = format!("uuid,exten,context\n{ALICE},1005,sales\n");
    assert_eq!(fates(&text, &c), ["line 1001@default (PJSIP/1001) -> 1005@sales (PJSIP/1001)"]);
    let after = updated(&text, &c).unwrap();
    assert_eq!(after.lines_of(user(&c, ALICE).id).len(), 2, "the other line stays");
    let text = format!("uuid,line_protocol,sip_username\n{ALICE},custom,DAHDI/4\n{BOB},sccp,\n");
    assert_eq!(
        fates(&text, &c),
        [
            "line 1001@default (PJSIP/1001) -> 1001@default (DAHDI/4)",
            "line 2001@sales (PJSIP/2001) -> 2001@sales (SCCP/2001)"
        ]
    );
}

#[test]
fn two_users_swap_their_logins_and_numbers() {
    let c = small_company();
    let text = format!(
        "uuid,username,email,exten,context\n{ALICE},bob,bob@example.org,2001,sales\n\
         {BOB},ALICE,alice@example.org,1001,default\n"
    );
    let after = updated(&text, &c).unwrap();
    assert_eq!(user(&after, ALICE).login, Login::parse("bob").ok());
    assert_eq!(user(&after, BOB).login, Login::parse("ALICE").ok());
    assert!(after.findings().is_empty(), "{:?}", after.findings());
    // Where one of the two lines is bad, nobody gets what the other keeps.
    let text = text.replace("1001,default", "1001,nowhere");
    let fates = fates(&text, &c);
    assert!(fates[0].starts_with("login \"bob\": is already used by user \"bob\" (rule U1)"), "{fates:?}");
    assert!(fates[1].contains("column context: no context is called \"nowhere\""), "{fates:?}");
}

#[test]
fn lines_of_nobody_who_is_there_add_users_and_one_user_is_changed_once() {
    let c = small_company();
    let text = format!(
        "uuid,firstname,username\n,Dan,dan\n0f0e0d0c-0b0a-0908-0706-050403020100,Eve,eve\n,Bob,bob\n{BOB},Bobby,bob\n\
         {BOB},Robert,bob\n"
    );
    assert_eq!(
        fates(&text, &c),
        [
            "new: no password, disabled".to_owned(),
            "new: no password, disabled".to_owned(),
            "login \"bob\": is already used by user \"bob\"; a line with the uuid changes that user (rule U1)"
                .to_owned(),
            "firstname \"bob\" -> \"Bobby\"".to_owned(),
            "uuid: is already used by line 5 of the file; it must be unique (rule U1)".to_owned(),
        ]
    );
    let unnamed = fates("uuid,lastname\n,Dun\n", &c);
    assert!(
        unnamed[0].contains("column firstname: is missing, and a new user has a first name (rule U3)"),
        "{unnamed:?}"
    );
}

#[test]
fn a_user_who_is_removed_meanwhile_refuses_the_import() {
    let c = small_company();
    let table = table(&format!("uuid,firstname,lastname\n{CAROL},Carol,Carter\n"));
    let plan = Plan::of(&table, Existing::Changed, &c);
    let ControlFlow::Continue(hashes) = plan.hashed(&means(), |_| ControlFlow::<Infallible>::Continue(()));
    let mut current = c.clone();
    current.remove_user(user(&c, CAROL).id).unwrap();
    let refusals = plan.applied(&table, &hashes, &means(), &current).unwrap_err();
    assert_eq!(refusals[0].with_rule(), "line 2 of the file, the user: was removed meanwhile (rule V1)");
}

fn cell(choices: &'static [&'static str]) -> impl Strategy<Value = &'static str> {
    prop::sample::select(choices)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Whoever wants what of whom, in whatever order, and with bad lines left out.
    #[test]
    fn what_is_planned_as_good_never_breaks_a_rule_of_the_whole(
        lines in prop::collection::vec((
            cell(&[ALICE, BOB, CAROL, "00000000-0000-0000-0000-000000000004", ""]),
            cell(&["Ann", ""]),
            cell(&["alice", "BOB", "carol", "dan", "", "x"]),
            cell(&["", "alice@example.org", "bob@Example.org", "c@d"]),
            cell(&["", "1", "0"]),
            (cell(&["", "1001", "1002", "2001", "2009", "4000", "5001"]), cell(&["", "default", "sales", "none"])),
            (cell(&["", "1001", "7"]), cell(&["", "default", "sales"])),
        ), 0..7),
    ) {
        let mut text =
            "uuid,firstname,username,email,cti_profile_enabled,exten,context,voicemail_number,voicemail_context\n".to_owned();
        for (uuid, first, login, email, enabled, (exten, context), (mailbox, of)) in &lines {
            let cells = [uuid, first, login, email, enabled, exten, context, mailbox, of];
            csv::write(cells.into_iter().copied(), &mut text);
        }
        let before = furnished();
        let errors = |c: &Configuration| c.findings().into_iter().filter(|f| f.severity == Severity::Error).count();
        let plan = Plan::of(&table(&text), Existing::Changed, &before);
        let after = updated(&text, &before).expect("it was planned");
        prop_assert_eq!(errors(&after), 0, "{}\n{:?}", text, after.findings());
        prop_assert_eq!(after.users.len(), before.users.len() + plan.added());
        prop_assert!(plan.refused().all(|(_, reasons)| !reasons.is_empty()));
        // Done once, there is nothing left to do but to add again those who have no uuid.
        let again = Plan::of(&table(&text), Existing::Changed, &after);
        let done = plan.lines.iter().zip(&again.lines).filter(|(then, _)| matches!(then.outcome, LineOutcome::Changed(_)));
        prop_assert!(done.map(|(_, now)| now).all(|now| matches!(now.outcome, LineOutcome::Unchanged)), "{}", text);
    }
}

#[test]
fn ten_thousand_users_are_written_and_read_back() {
    let mut c = small_company();
    for number in 0..10_000 {
        let user = add_user(&mut c, &format!("user{number}"));
        let context = c.contexts.iter().next().unwrap().id;
        let (extension, device) = (100_000 + number, format!("PJSIP/{}", 100_000 + number));
        let line = |id| crate::settings::line::Line {
            id,
            version: 1,
            user,
            is_main: true,
            extension: crate::settings::name::Extension::parse(&extension.to_string()).unwrap(),
            context,
            device: Device::parse(&device).unwrap(),
        };
        c.lines.add(line);
    }
    let text = write(&c).replace("user77@example.org", "seventy@example.org");
    let plan = Plan::of(&table(&text), Existing::Changed, &c);
    assert_eq!((plan.added(), plan.changed(), plan.unchanged()), (0, 1, 10_002));
    assert!(user(&c, "user77").id.number() > 0);
}
