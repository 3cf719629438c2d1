//! Columns, fates of lines and what an import leaves behind, on the small office of `sample`.

use std::convert::Infallible;
use std::num::NonZeroUsize;
use std::ops::ControlFlow;

use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::exchange::csv;
use crate::settings::configuration::Configuration;
use crate::settings::fixtures::small_company;
use crate::settings::password::{CheckMemory, Secret};
use crate::settings::rule::{Refusal, Severity};
use crate::settings::user::User;

/// The columns of most tests; the office has alice, bob and carol, 1001, 1002 and 2001, rooms and queues.
const HEADER: &str = "firstname,lastname,email,username,password,cti_profile_enabled,cti_profile_name,exten,context\n";

fn means() -> Means {
    Means {
        uuid: || UserUuid::new(Uuid::new_v4()),
        salt: || *Uuid::new_v4().as_bytes(),
        threads: NonZeroUsize::new(2).unwrap(),
    }
}

fn table(text: &str) -> UserTable {
    UserTable::read(text.as_bytes(), None).unwrap()
}

/// What is said of each line: `new`, or the reasons.
fn fates(text: &str) -> Vec<String> {
    let plan = Plan::of(&table(text), Existing::LeftAlone, &small_company());
    let words = |line: &PlannedLine| match &line.outcome {
        LineOutcome::New(_) => "new".to_owned(),
        LineOutcome::Changed(_) | LineOutcome::Unchanged => unreachable!("no user is changed"),
        LineOutcome::Refused(reasons) => reasons.iter().map(Refusal::with_rule).collect::<Vec<_>>().join("; "),
    };
    plan.lines.iter().map(words).collect()
}

fn fates_of(lines: &str) -> Vec<String> {
    fates(&format!("{HEADER}{lines}"))
}

fn hashed(plan: &Plan) -> Hashes {
    let ControlFlow::Continue(hashes) = plan.hashed(&means(), |_| ControlFlow::<Infallible>::Continue(()));
    hashes
}

fn imported(text: &str, into: &Configuration) -> Result<Configuration, Vec<Refusal>> {
    let table = table(text);
    let plan = Plan::of(&table, Existing::LeftAlone, into);
    plan.applied(&table, &hashed(&plan), &means(), into)
}

fn user<'a>(c: &'a Configuration, login: &str) -> &'a User {
    c.users.find(|user| user.has_login(login)).unwrap()
}

#[test]
fn a_good_line_makes_a_user_with_all_that_hangs_on_them() {
    let text = "uuid,firstname,lastname,email,mobile_phone_number,username,password,cti_profile_enabled,\
                cti_profile_name,exten,context,line_protocol,sip_username,voicemail_number,voicemail_context\n\
                0F0E0D0C-0B0A-0908-0706-050403020100,Zoë,\"O\"\"Hara, Jr\",zoe@example.org,+33612,zoe, pass word ,1,\
                Client,1010,default,sip,ab12cd,1010,sales\n";
    let c = imported(text, &small_company()).unwrap();
    let zoe = user(&c, "zoe");
    assert_eq!(zoe.uuid.to_string(), "0f0e0d0c-0b0a-0908-0706-050403020100");
    assert_eq!(zoe.full_name(), "Zoë O\"Hara, Jr");
    assert!(zoe.enabled && zoe.profile.is_some());
    let password = zoe.password.as_ref().unwrap();
    assert!(password.is_of(&Secret::new(" pass word "), &mut CheckMemory::default()), "blanks belong to a password");
    let line = c.lines_of(zoe.id)[0];
    assert_eq!((line.extension.as_str(), line.device.as_str(), line.is_main), ("1010", "PJSIP/ab12cd", true));
    let mailbox = c.voicemails.find(|found| found.user == Some(zoe.id)).unwrap();
    assert_ne!(mailbox.context, line.context);
    assert!(c.findings().is_empty(), "{:?}", c.findings());
}

#[test]
fn an_empty_cell_and_a_missing_column_mean_nothing() {
    let c =
        imported("firstname,username,voicemail_number,exten,context\nDan,dan,,,default\n", &small_company()).unwrap();
    let dan = user(&c, "dan");
    assert!(!dan.enabled && dan.password.is_none() && dan.profile.is_none() && dan.email.is_none());
    assert!(c.lines_of(dan.id).is_empty());
}

/// Every telephone-only colleague is such a line of XiVO's table.
#[test]
fn a_line_without_a_username_is_a_telephone_alone() {
    let text = "firstname,lastname,username,cti_profile_enabled,password,exten,context\n\
                Workshop,,,0,,1010,default\nHall,,,,,1011,default\n";
    let c = imported(text, &small_company()).unwrap();
    let workshop = c.users.find(|user| user.full_name() == "Workshop").unwrap();
    assert!(workshop.login.is_none() && workshop.password.is_none() && !workshop.enabled);
    assert_eq!(c.lines_of(workshop.id)[0].extension.as_str(), "1010");
    assert!(c.findings().is_empty(), "{:?}", c.findings());
    let c = imported("firstname,exten,context\nHall,1010,default\n", &small_company()).unwrap();
    assert!(c.users.find(|user| user.full_name() == "Hall").unwrap().login.is_none(), "without the column as well");
    assert_eq!(
        fates(
            "firstname,username,password,cti_profile_enabled,exten,context\nA,,secret,1,1010,default\nB,x,,1,1011,default\n"
        ),
        [
            "password: needs a login: the column `username` (rule U4); column cti_profile_enabled: is 1, but nobody logs \
             in without a login: the column `username` (rule U4)",
            "column username: must be 2 to 64 letters, digits or -._~!$&'()*+,;=%@ (rule U1)",
        ]
    );
}

#[test]
fn a_table_that_is_read_twice_adds_no_telephone_twice() {
    let text =
        "firstname,mobile_phone_number,exten,context\nHall,+331,,\nHall,+332,,\nWorkshop,,1010,default\ncarol,,,\n";
    let alike = ", and the line has no uuid, login, address or number to tell them apart (rule U1)";
    assert_eq!(
        fates(text),
        [
            "new".to_owned(),
            "name: is already used by line 2 of the file; it must be unique (rule U1)".to_owned(),
            "new".to_owned(),
            format!("name \"carol\": is already used by user \"carol\"{alike}"),
        ]
    );
}

#[test]
fn the_older_form_is_known_by_its_first_line() {
    let text = "\u{feff}entityid|firstname|lastname|enableclient|username|password|profileclient|phonenumber|context|\
                protocol|voicemailnumber|mobilephonenumber\r\n\
                1|Dan|Dun, Jr|1|dan|secret|Agent|1010|default|sccp|1010|0612\r\n";
    assert_eq!(table(text).not_used, ["entityid"]);
    let c = imported(text, &small_company()).unwrap();
    let dan = user(&c, "dan");
    assert_eq!((dan.full_name().as_str(), dan.enabled), ("Dan Dun, Jr", true));
    assert_eq!(c.lines_of(dan.id)[0].device.as_str(), "SCCP/1010");
    let mailbox = c.voicemails.find(|found| found.user == Some(dan.id)).unwrap();
    assert_eq!(mailbox.context, c.lines_of(dan.id)[0].context, "without its own the context of the line");
}

#[test]
fn semicolons_separate_cells_where_the_first_line_has_them() {
    assert_eq!(fates("firstname;lastname;username\nDan;\"Dun; Jr\";dan\n"), ["new"]);
    assert_eq!(table("firstname,username,a;b\n").unknown, ["a;b"], "a comma goes before");
}

#[test]
fn columns_are_taken_not_used_or_unknown() {
    let table = table("FirstName,username ,ring_seconds,shoe size,entity_id,,shoe size\n");
    assert_eq!(table.not_used, ["entity_id", "ring_seconds"]);
    assert_eq!(table.unknown, ["shoe size"]);
}

#[test]
fn what_is_no_table_of_users_is_not_repeated() {
    let failure = |text: &[u8]| UserTable::read(text, None).unwrap_err().to_string();
    assert!(!failure(b"Dan,dan,secret\n").contains("secret"));
    assert_eq!(failure(b"firstname,username,exten,phonenumber\n"), "its first line names the column `exten` twice");
    assert_eq!(failure(b"firstname,\"username\nDan,dan\n"), "its first line opens a quote and does not close it");
    assert!(failure(b"firstname,username\rDan,secret\r").starts_with("its line ends are CR alone"));
    assert!(failure(b"PK\x03\x04").starts_with("it is a spreadsheet"));
    let long = vec![b'x'; usize::try_from(USER_TABLE_BYTES_MAX).unwrap() + 1];
    assert_eq!(failure(&long), "it has more than 32 MiB, the limit of a table of users");
    let many = format!("firstname,username\n{}", "a,b\n".repeat(100_001));
    assert_eq!(failure(many.as_bytes()), "it has 100001 lines; the limit of a table of users is 100000");
}

#[test]
fn a_table_is_read_as_spreadsheets_write_it() {
    let good = ["new", "new"];
    for text in [
        "firstname\tusername\tpassword\nDan\tdan\tsecret\nEve\teve\tsecret\n",
        "sep=;\nfirstname;username;password\nDan;dan;secret\nEve;eve\n",
        "firstname;username;password\nDan;dan;secret\n;;\nEve;eve;\n;;\n",
        "\u{feff}\"firstname\",\"username\",\"exten\",\"context\"\r\nDan,dan,\u{202d}1010.0\u{202c},default\r\n\"Eve\", \"eve\"\r\n",
    ] {
        assert_eq!(fates(text), good, "{text:?}");
    }
    let c = imported("firstname,username,exten,context,mobile_phone_number,cti_profile_enabled\nDan,dan,1010.0,default,\u{200e}(514) 555-0101,1.0\n", &small_company()).unwrap();
    let dan = user(&c, "dan");
    let mobile = dan.mobile.as_ref().map(|mobile| mobile.as_str());
    assert_eq!((c.lines_of(dan.id)[0].extension.as_str(), mobile, dan.enabled), ("1010", Some("5145550101"), true));
    let utf_16: Vec<u8> = "firstname,username\nZoë,zoe\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    for bytes in [&utf_16[..], b"firstname,username\nZo\xeb,zoe\n"] {
        let table = UserTable::read(bytes, None).unwrap();
        assert_eq!(Plan::of(&table, Existing::LeftAlone, &small_company()).lines[0].full_name, "Zoë");
        assert_eq!(table.guessed.is_some(), bytes[1] != 0);
    }
}

#[test]
fn a_line_tells_all_that_is_wrong_with_it() {
    assert_eq!(
        fates_of(",Dun,dun,d,abc,yes,Clerk,10 10,nowhere\n"),
        ["column username: must be 2 to 64 letters, digits or -._~!$&'()*+,;=%@ (rule U1); \
          column firstname: must be 1 to 128 printable characters (rule U3); \
          column email: must be like `name@example.org`, at most 254 characters (rule U3); \
          password: must have 4 to 128 characters; this has 3 (rule U2); \
          column cti_profile_enabled: must be 0, 1 or empty (rule D1); \
          column exten: must be 1 to 40 letters, digits, `*`, `#`, `+`, `_`, `-` or `.` (rule C2); \
          column cti_profile_name: names no profile that there is; there is Supervisor, Agent, Client, Switchboard (rule F2); \
          column context: names no context that there is; there is default, sales (rule C3)"]
    );
}

#[test]
fn cells_that_stand_in_wrong_columns_are_never_told() {
    let header = "firstname,lastname,email,mobile_phone_number,username,password,exten,context\n";
    let lines = "Zoë,zoe@x.example,+33612345678,zoe,hunter2,1101,default\nZoë,Roe,hunter2,hunter2,zoe,hunter2,hunter2,hunter2\n\
        Yan,Roe,,,hunter3,abcd,,\nXia,Roe,,,hunter3,abcd,,\nWim,Roe,,,wim,\"hunter2\n";
    let plan = Plan::of(&table(&format!("{header}{lines}")), Existing::LeftAlone, &small_company());
    let said = |line: &PlannedLine| match &line.outcome {
        LineOutcome::New(_) => String::new(),
        LineOutcome::Refused(reasons) => reasons.iter().map(|reason| format!("{}; ", reason.with_rule())).collect(),
        LineOutcome::Changed(_) | LineOutcome::Unchanged => unreachable!("no user is changed"),
    };
    let told: Vec<String> =
        plan.refused().map(|(line, _)| format!("{} {} {}", line.login, line.full_name, said(line))).collect();
    assert_eq!(told.len(), 4, "{told:?}");
    assert!(told.iter().all(|told| !told.contains("hunter2")), "{told:?}");
    assert!(told[2].contains("login: is already used by line 4 of the file"), "{told:?}");
    let swallowed = table("firstname,username,password,\"shoe size\nZoe,zoe,hunter2,\"x\"\nYan,yan,abcd,1\n");
    assert_eq!(swallowed.unknown, ["column 4"]);
}

#[test]
fn cells_that_cannot_be_told_apart_refuse_their_line_alone() {
    assert_eq!(
        fates("firstname,username\nDan\nEve,\"eve\nFay,fay,x\nGus,gus\n"),
        [
            // Cut short: a telephone alone.
            "new",
            "the line: opens a quote and does not close it (rule D1)",
            "the line: has 3 cells; the first line names 2 (rule D1)",
            "new"
        ]
    );
}

#[test]
fn what_is_there_already_refuses_a_line() {
    assert_eq!(
        fates_of(
            "A,,,ALICE,,,,,\n\
             B,,Bob@Example.org,dan,,,,,\n\
             C,,,eve,,,,1002,default\n\
             D,,,fay,,,,3000,default\n\
             E,,,gus,,,,4000,default\n\
             F,,,hal,,,,1002,sales\n"
        ),
        [
            "login \"ALICE\": is already used by user \"alice\"; an import adds users, `ctibox user import --update` changes them (rule U1)",
            "e-mail address \"Bob@Example.org\": is already used by user \"bob\" (rule U3)",
            "extension \"1002\": is already used by line \"1002@default\" (rule C2)",
            "extension \"3000\": is already used by queue \"support\" (rule C2)",
            "extension \"4000\": is already used by conference \"4000@default\" (rule C2)",
            "new",
        ]
    );
    let alice = user(&small_company(), "alice").uuid;
    let header = "uuid,firstname,username,voicemail_number,context,exten,line_protocol\n";
    assert_eq!(
        fates(&format!("{header}{alice},A,dan,,,,\nx,B,eve,1001,default,,\n,C,fay,1,,2,\n,D,gus,,default,9,iax\n")),
        [
            format!(
                "uuid \"{alice}\": is already used by user \"alice\"; an import adds users, `ctibox user import --update` changes them (rule U1)"
            ),
            "column uuid \"x\": is not a UUID (rule U1); voicemail box \"1001\": is already used by voicemail box \"1001@default\" \
             (rule Q1)"
                .to_owned(),
            "extension \"2\": has no context: the column `context` says which (rule C3); voicemail box \"1\": has no \
             context: the column `voicemail_context` says which (rule C3)"
                .to_owned(),
            "column line_protocol \"iax\": must be `sip`, `webrtc`, `sccp`, `custom` or empty (rule D1)".to_owned(),
        ]
    );
}

#[test]
fn what_an_earlier_line_names_is_taken_even_if_that_line_is_bad() {
    assert_eq!(
        fates_of("A,,bad,dan,,,,1010,default\nB,,,DAN,,,,1010,default\nC,,c@d,eve,,,,,\nD,,C@D,fay,,,,,\n"),
        [
            "column email: must be like `name@example.org`, at most 254 characters (rule U3)",
            "login: is already used by line 2 of the file; it must be unique (rule U1); extension: is already \
             used by line 2 of the file; it must be unique (rule C2)",
            "new",
            "e-mail address: is already used by line 4 of the file; it must be unique (rule U3)",
        ]
    );
}

#[test]
fn good_lines_are_never_errors_of_the_whole_and_warnings_are_foreseen() {
    let text = format!("{HEADER}A,,,dan,secret,1,Client,1010,default\nB,,,eve,,1,,,\n");
    let plan = Plan::of(&table(&text), Existing::LeftAlone, &small_company());
    let findings = plan.findings(&means(), &small_company()).unwrap();
    assert!(findings.iter().all(|finding| finding.severity == Severity::Warning), "{findings:?}");
    let on: Vec<String> = findings.iter().map(|finding| finding.refusal.on.to_string()).collect();
    assert_eq!(on, ["user \"eve\"", "user \"eve\""], "without a profile, without a password");
}

#[test]
fn only_the_good_lines_are_hashed_and_applied() {
    let text = format!("{HEADER}A,,,dan,secret,1,Client,,\nB,,,alice,secret,1,Client,,\nC,,,eve,,1,Client,,\n");
    let (table, before) = (table(&text), small_company());
    let plan = Plan::of(&table, Existing::LeftAlone, &before);
    let mut told = Vec::new();
    let ControlFlow::Continue(hashes) = plan.hashed(&means(), |done| {
        told.push(done);
        ControlFlow::<Infallible>::Continue(())
    });
    assert_eq!((plan.passwords(), told), (1, vec![1]));
    let after = plan.applied(&table, &hashes, &means(), &before).unwrap();
    assert_eq!(after.users.len(), before.users.len() + 2);
    assert_eq!(user(&after, "alice"), user(&before, "alice"));
}

#[test]
fn hashing_can_be_broken_off() {
    let lines: String = (0..20).map(|number| format!("A,,,user{number},secret,,,,\n")).collect();
    let plan = Plan::of(&table(&format!("{HEADER}{lines}")), Existing::LeftAlone, &small_company());
    let broken =
        plan.hashed(&means(), |done| if done < 2 { ControlFlow::Continue(()) } else { ControlFlow::Break(done) });
    assert!(matches!(broken, ControlFlow::Break(2)));
}

#[test]
fn a_line_that_is_not_good_any_more_refuses_the_import() {
    let table = table(&format!("{HEADER}A,,,dan,secret,1,Client,1010,default\nB,,,alice,,,,,\n"));
    let mut current = small_company();
    let plan = Plan::of(&table, Existing::LeftAlone, &current);
    let hashes = hashed(&plan);
    crate::settings::fixtures::add_user(&mut current, "Dan");
    let refusals = plan.applied(&table, &hashes, &means(), &current).unwrap_err();
    assert_eq!(
        refusals.iter().map(Refusal::with_rule).collect::<Vec<_>>(),
        [
            "line 2 of the file, login \"dan\": is already used by user \"Dan\"; an import adds users, `ctibox user import --update` changes them (rule U1)"
        ]
    );
}

#[test]
fn a_line_that_became_good_meanwhile_stays_out() {
    let table = table(&format!("{HEADER}A,,,dan,,,,,\nB,,,carol,,,,,\n"));
    let mut current = small_company();
    let plan = Plan::of(&table, Existing::LeftAlone, &current);
    let carol = user(&current, "carol").id;
    current.remove_user(carol).unwrap();
    let after = plan.applied(&table, &hashed(&plan), &means(), &current).unwrap();
    assert!(after.users.find(|user| user.has_login("carol")).is_none());
    assert!(after.users.find(|user| user.has_login("dan")).is_some());
}

#[test]
fn no_password_is_printed() {
    let table = table(&format!("{HEADER}A,,,dan,hunter2,1,Client,,\nB,,,eve,abc,1,Client,,\nC,,,fay,hunter2,9,,,,\n"));
    let plan = Plan::of(&table, Existing::LeftAlone, &small_company());
    let shown = format!("{table:?} {plan:?} {:?}", hashed(&plan));
    assert!(!shown.contains("hunter2") && !shown.contains("abc") && !shown.contains("argon2id"), "{shown}");
}

/// A cell of lines that often want the same as each other or as somebody of the office.
fn cell(choices: &'static [&'static str]) -> impl Strategy<Value = &'static str> {
    prop::sample::select(choices)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn what_is_planned_as_good_never_breaks_a_rule_of_the_whole(
        lines in prop::collection::vec((
            cell(&["Ann", "Ben", ""]),
            cell(&["alice", "DAN", "dan", "eve", "fay", "x"]),
            cell(&["", "alice@example.org", "A@b", "a@B", "c@d"]),
            cell(&["", "00000000-0000-0000-0000-000000000001", "00000000000000000000000000000c71"]),
            (cell(&["", "1001", "2001", "3000", "4000", "5001", "5002"]), cell(&["", "default", "sales", "none"])),
            (cell(&["", "1001", "7"]), cell(&["", "default", "sales"])),
            cell(&["", "Client", "Clerk"]),
        ), 0..6),
    ) {
        let mut text = "firstname,username,email,uuid,exten,context,voicemail_number,voicemail_context,cti_profile_name\n"
            .to_owned();
        for (first, login, email, uuid, (exten, context), (mailbox, of), profile) in &lines {
            let cells = [first, login, email, uuid, exten, context, mailbox, of, profile];
            csv::write(cells.into_iter().copied(), &mut text);
        }
        let (table, before) = (table(&text), small_company());
        let plan = Plan::of(&table, Existing::LeftAlone, &before);
        let errors = |c: &Configuration| c.findings().into_iter().filter(|f| f.severity == Severity::Error).count();
        let after = plan.applied(&table, &hashed(&plan), &means(), &before).expect("it was planned");
        prop_assert_eq!(errors(&after), 0);
        prop_assert_eq!(after.users.len(), before.users.len() + plan.good().count());
        prop_assert_eq!(plan.lines.len(), lines.len());
        prop_assert!(plan.refused().all(|(_, reasons)| !reasons.is_empty()));
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in "(firstname,username,password\n|firstname\\|username\n)?[a,|\"\r\n\u{feff}\u{0}\u{1b}é]{0,60}") {
        if let Ok(table) = UserTable::read(bytes.as_bytes(), None) {
            Plan::of(&table, Existing::LeftAlone, &small_company());
        }
    }
}

#[test]
fn ten_thousand_lines_are_planned_and_applied() {
    let lines: String = (0..10_000)
        .map(|n| format!("F{n},L{n},u{n}@example.org,user{n},,1,Client,{},default\n", 100_000 + n))
        .collect();
    let c = imported(&format!("{HEADER}{lines}"), &small_company()).unwrap();
    assert_eq!(c.users.len(), 10_003);
    assert_eq!(c.lines.len(), 10_003);
}
