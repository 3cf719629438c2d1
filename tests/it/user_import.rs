//! `user import`: the table that XiVO's user import took. What becomes of each line, and that nothing is written unless
//! all are good or the good ones are accepted (settings §8).

use std::fs;

use crate::support::Appliance;
use crate::support::cli::Outcome;

const HEADER: &str = "firstname,username,password,cti_profile_enabled,cti_profile_name,exten,context\n";

/// Line 2 is good, 3 has the login of the office's agnes, 4 a password that is too short.
const MIXED: &str = "Dora,dora,doras-secret,1,Client,1201,default\n\
                     Agnes,AGNES,agnes-secret,1,Client,1202,default\n\
                     Egon,egon,eg0,1,Client,1203,default\n";

fn import(appliance: &Appliance, table: &str, more: &[&str]) -> Outcome {
    appliance.try_run_with_input(&[&["user", "import", "-"], more].concat(), table)
}

fn mixed() -> String {
    format!("{HEADER}{MIXED}")
}

fn is_let_in(appliance: &Appliance, login: &str, password: &str) -> bool {
    let server = appliance.serve();
    let answer = server.client(login).authenticate(login, password, ("wazoversion", "2.3"));
    answer.get("capalist").is_some()
}

#[test]
fn imported_users_log_in_with_the_password_of_the_file() {
    let appliance = Appliance::company();
    let sample = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/users.csv");
    let table = appliance.beside("users.csv");
    fs::copy(sample, &table).unwrap();
    let server = appliance.serve();
    appliance.run(&["user", "import", table.to_str().unwrap()]).expect_words(&["3 users were added", "entity_id"]);
    for (login, password) in [("henri", "a \"good\", long one"), ("ines", "another-good-one")] {
        let answer = server.client(login).authenticate(login, password, ("wazoversion", "2.3"));
        assert!(answer.get("capalist").is_some(), "{answer}");
    }
    let refused = server.client("jeanluc").authenticate("jeanluc", "", ("wazoversion", "2.3"));
    assert!(refused.get("capalist").is_none(), "{refused}");
    assert_eq!(appliance.user_uuid("ines"), "8e6c1a52-7d0b-4d39-9a53-0d3f6f8b2c11");
    let shown = appliance.run(&["user", "show", "henri"]).stdout;
    for word in ["Henri Duval", "+33612345678", "1101 in default (PJSIP/1101), main line", "voicemail", "Client"] {
        assert!(shown.contains(word), "no {word} in:\n{shown}");
    }
    assert!(appliance.run(&["line", "show", "1102"]).stdout.contains("PJSIP/k3v9qz"));
    assert!(appliance.run(&["line", "show", "1103"]).stdout.contains("SCCP/1103"));
}

#[test]
fn one_bad_line_keeps_all_out_and_is_named_with_its_reason() {
    let appliance = Appliance::company();
    let before = appliance.document();
    let outcome = import(&appliance, &mixed(), &[]).expect_code(1);
    assert!(
        outcome
            .stdout
            .starts_with("line 3: refused: AGNES (Agnes)\n  login \"AGNES\": is already used by user \"agnes\"")
    );
    assert!(outcome.stdout.contains("line 4: refused: egon (Egon)\n  password: must have 4 to 128 characters"));
    assert!(!outcome.stdout.contains("dora"), "{}", outcome.stdout);
    outcome.expect_words(&["2 of 3 lines cannot be imported; nothing was written", "--accept-good-lines"]);
    assert_eq!(appliance.document(), before);
}

#[test]
fn the_good_lines_are_added_if_they_are_accepted() {
    let appliance = Appliance::company();
    let outcome = import(&appliance, &mixed(), &["--accept-good-lines"]).expect_code(0);
    assert!(outcome.stdout.contains("line 3: refused") && outcome.stdout.contains("line 4: refused"));
    outcome.expect_words(&["1 user was added; 2 lines were left out"]);
    assert!(is_let_in(&appliance, "dora", "doras-secret"));
    appliance.try_run(&["user", "show", "egon"]).expect_code(1);
    let again = import(&appliance, &mixed(), &["--accept-good-lines"]).expect_code(1);
    again.expect_words(&["3 of 3 lines cannot be imported; nothing was written"]);
}

#[test]
fn a_dry_run_tells_the_fate_of_every_line_and_writes_nothing() {
    let appliance = Appliance::company();
    let before = appliance.document();
    let outcome = import(&appliance, &mixed(), &["--dry-run"]).expect_code(1);
    let first = "line 2: new: dora (Dora): line 1201@default, profile Client, password, enabled\n";
    assert!(outcome.stdout.starts_with(first), "{}", outcome.stdout);
    assert!(outcome.stdout.contains("line 3: refused") && outcome.stdout.contains("line 4: refused"));
    let good = format!("{HEADER}Dora,dora,doras-secret,1,Client,,\nEgon,egon,,1,Client,,\n");
    import(&appliance, &good, &["--dry-run"])
        .expect_code(0)
        .expect_words(&["user \"egon\": is enabled, but cannot log in without a password", "2 users would be added"]);
    import(&appliance, &mixed(), &["--dry-run", "--accept-good-lines"])
        .expect_code(0)
        .expect_words(&["1 user would be added; nothing was written"]);
    assert_eq!(appliance.document(), before);
}

#[test]
fn a_program_reads_every_fate_as_json() {
    let appliance = Appliance::company();
    let table = format!("shoe size,userfield,{HEADER}").replace('\n', "\r\n")
        + &MIXED.lines().map(|line| format!("43,x,{line}\r\n")).collect::<String>();
    let told = import(&appliance, &table, &["--json", "--accept-good-lines"]).expect_code(0).json();
    assert_eq!((&told["added"], &told["columns_unknown"][0]), (&1.into(), &"shoe size".into()));
    assert_eq!(told["columns_not_used"][0], "userfield");
    let fates: Vec<_> = told["lines"].as_array().unwrap().iter().map(|line| (&line["line"], &line["fate"])).collect();
    assert_eq!(
        format!("{fates:?}"),
        r#"[(Number(2), String("new")), (Number(3), String("refused")), (Number(4), String("refused"))]"#
    );
    assert!(told["lines"][2]["reasons"][0].as_str().unwrap().contains("rule U2"), "{told}");
}

#[test]
fn an_unknown_column_is_named_and_stops_nothing() {
    let appliance = Appliance::company();
    let outcome = import(&appliance, "firstname,username,shoe size\nDora,dora,43\n", &[]).expect_code(0);
    outcome.expect_words(&["warning: 1 column was not known: \"shoe size\"", "1 user was added"]);
}

#[test]
fn the_older_form_with_bars_is_taken_too() {
    let appliance = Appliance::company();
    let table = "\u{feff}entityid|firstname|lastname|enableclient|username|password|profileclient|phonenumber|context|protocol\n\
                 1|Dora|Duck, Dr|1|dora|doras-secret|Client|1201|default|sip\n";
    import(&appliance, table, &[]).expect_code(0).expect_words(&["1 user was added"]);
    assert!(appliance.run(&["user", "show", "dora"]).stdout.contains("Dora Duck, Dr"));
    assert!(is_let_in(&appliance, "dora", "doras-secret"));
}

#[test]
fn what_is_no_table_of_users_is_refused_without_being_repeated() {
    let appliance = Appliance::company();
    let bare = import(&appliance, "Dora,dora,doras-secret\n", &[]).expect_code(1);
    assert!(!bare.stderr.contains("doras-secret") && bare.stdout.is_empty(), "{}", bare.stderr);
    bare.expect_words(&["names no column `firstname`", "hint: "]);
    appliance.try_run(&["user", "import", "/nowhere.csv"]).expect_code(1).expect_words(&["user import - < FILE"]);
    let folded = import(&appliance, "firstname,username\n\"A\nline 9: new: eve\",a\n", &[]).expect_code(1).stdout;
    assert!(folded.starts_with("line 2: refused: a (Aline 9: new: eve)\n  column username \"a\""), "{folded}");
    assert_eq!(folded.lines().filter(|line| line.starts_with("line")).count(), 1, "{folded}");
    import(&appliance, HEADER, &[]).expect_code(1).expect_words(&["names no user; nothing was written"]);
}

/// Excel for Mac saves so: the whole file would be one line of names.
#[test]
fn a_file_of_carriage_returns_alone_is_refused_and_nothing_of_it_is_told() {
    let appliance = Appliance::company();
    let table = format!("{}Zoe,zoe,zoes-secret,1,Client,1101,default\n", HEADER).replace('\n', "\r");
    for more in [&[][..], &["--dry-run"], &["--json"]] {
        let outcome = import(&appliance, &table, more).expect_code(1);
        assert!(!outcome.stderr.contains("zoe") && outcome.stdout.is_empty(), "{}", outcome.stderr);
        outcome.expect_words(&["its line ends are CR alone; save it again"]);
    }
}

#[test]
fn a_table_that_is_not_utf_8_is_read_and_says_so() {
    let appliance = Appliance::company();
    let table = appliance.beside("latin-1.csv");
    fs::write(&table, b"firstname;username\nZo\xeb;zoe\n;\n").unwrap();
    let words = ["user", "import", table.to_str().unwrap()];
    appliance.run(&words).expect_words(&["was read as Windows-1252", "`--encoding`", "1 user was added"]);
    assert!(appliance.run(&["user", "show", "zoe"]).stdout.contains("Zoë"));
    fs::write(&table, b"firstname;username\nZo\x91;yan\n").unwrap();
    let outcome = appliance.run(&[&words[..], &["--encoding", "macintosh"]].concat());
    assert!(!outcome.stderr.contains("was read as"), "{}", outcome.stderr);
    let unknown = appliance.try_run(&[&words[..], &["--encoding", "klingon"]].concat()).expect_code(2);
    unknown.expect_words(&["windows-1252"]);
}

#[test]
fn no_password_of_the_file_is_to_be_found_anywhere() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let table = mixed().replace("eg0", "eg0-secret") + "Fay,fay,fay-secret,9,Client,1204,default\n";
    let outcomes = [&["--dry-run"][..], &[], &["--json"], &["-v", "--accept-good-lines"]]
        .map(|more| import(&appliance, &table, more));
    let mut said: String = outcomes.iter().map(|outcome| format!("{}{}", outcome.stdout, outcome.stderr)).collect();
    said.push_str(&server.log());
    drop(server);
    for file in ["ctibox.db", "ctibox.db-wal"] {
        let bytes = fs::read(appliance.data().join(file)).unwrap_or_default();
        said.push_str(&String::from_utf8_lossy(&bytes));
    }
    assert!(said.contains("dora") && !said.contains("-secret"), "a password was told");
}

#[test]
fn two_thousand_lines_are_added_at_once() {
    let appliance = Appliance::company();
    let people: String = (0..2000).map(|n| format!("User{n},user{n},,0,Client,{},default\n", 200_000 + n)).collect();
    let with_passwords = "Dora,dora,doras-secret,1,Client,1201,default\n".to_owned();
    let table = format!("{HEADER}{people}{with_passwords}");
    import(&appliance, &table, &[]).expect_code(0).expect_words(&["2001 users were added"]);
    assert_eq!(appliance.document()["users"].as_array().unwrap().len(), 2003);
    assert!(is_let_in(&appliance, "dora", "doras-secret"));
}

#[test]
fn the_exported_table_changes_users_by_their_uuid_and_nobody_else() {
    let appliance = Appliance::company();
    appliance.run(&["user", "add", "--no-login", "--first-name", "Workshop"]);
    appliance.run(&["line", "add", "1009", "--context", "default", "--user", "3", "--device", "DAHDI/4"]);
    appliance.run(&["line", "add", "1010", "--context", "default", "--user", "agnes"]);
    let exported = appliance.run(&["user", "export"]).expect_words(&["1 line beside main lines"]);
    let table = exported.stdout;
    assert!(table.starts_with("uuid,firstname,lastname,email,mobile_phone_number,username,password,"), "{table}");
    assert!(!table.contains("argon2"), "{table}");
    let before = appliance.document();
    import(&appliance, &table, &["--update"]).expect_code(0).expect_words(&["all users are as the table says"]);
    assert_eq!(appliance.document(), before);
    // Without `--update` the same table adds nobody and says how.
    let refused = import(&appliance, &table, &[]).expect_code(1).expect_words(&["`--update`"]);
    refused.expect_data(&["is already used by user \"agnes\""]);

    let edited = table.replace("Alpha", "Archer").replace("1009,default", "1019,default");
    let edited = edited.replace("bertil,,1", "bertil,another secret,1");
    let planned = import(&appliance, &edited, &["--update", "--dry-run"]).expect_code(0);
    planned.expect_words(&["3 users would be changed; nothing was written"]).expect_data(&[
        "line 2: changed: agnes (Agnes Archer): lastname \"Alpha\" -> \"Archer\"",
        "line 3: changed: bertil (Bertil Beta): a new password",
        "line 4: changed: Workshop: line 1009@default (DAHDI/4) -> 1019@default (DAHDI/4)",
    ]);
    assert_eq!(appliance.document(), before);
    let new = format!("{edited},Dora,Dun,,,,,,,,,,,,\r\n");
    import(&appliance, &new, &["--update"]).expect_code(0).expect_words(&["1 user was added, 3 changed"]);
    assert!(is_let_in(&appliance, "bertil", "another secret"));
    assert!(is_let_in(&appliance, "agnes", crate::support::cli::PASSWORD));
    let shown = appliance.run(&["user", "list"]).stdout;
    assert!(shown.contains("Agnes Archer") && shown.contains("1019") && shown.contains("(id 4)"), "{shown}");
}

#[test]
fn a_line_of_an_update_takes_nothing_away_that_is_not_easily_given_back() {
    let appliance = Appliance::company();
    let table = appliance.run(&["user", "export"]).stdout;
    let before = appliance.document();
    let emptied = table.replace(",agnes,,1,", ",,,0,").replace(",1002,default,", ",,,");
    let outcome = import(&appliance, &emptied, &["--update"]).expect_code(1);
    outcome.expect_words(&["2 of 2 lines cannot be imported; nothing was written"]).expect_data(&[
        "login \"agnes\": an import takes no login away; the cell `username` is empty (rule U1)",
        "line \"1002@default\": an import takes no line away; the cell `exten` is empty (rule C2)",
    ]);
    assert_eq!(appliance.document(), before);
}

/// The table goes to the import that takes it.
#[test]
fn a_table_is_sent_from_the_import_of_documents_to_its_own() {
    let appliance = Appliance::company();
    let table = appliance.beside("users.csv");
    fs::write(&table, mixed()).unwrap();
    appliance.try_run(&["import", table.to_str().unwrap()]).expect_code(1).expect_words(&[
        "users.csv is no document of a configuration",
        "`ctibox user import FILE`",
        "`ctibox phonebook import FILE`",
    ]);
    // And the other way.
    for (text, command) in
        [("{\"format\": 1}\n", "`ctibox import FILE`"), ("BEGIN:VCARD\n", "`ctibox phonebook import FILE`")]
    {
        import(&appliance, text, &[]).expect_code(1).expect_words(&[command]);
        import(&appliance, &format!("\u{feff}{text}"), &[]).expect_code(1).expect_words(&[command]);
    }
    import(&appliance, "shoe\n38\n", &[])
        .expect_code(1)
        .expect_words(&["its one cell is not the name of a column", "only `firstname` or `uuid` must be there"]);
    appliance.run(&["export"]).expect_words(&["passwords, PINs and secrets are not in it", "`--with-secrets`"]);
}

/// What two lines share without a word is told at the second, and by `check` from then on.
#[test]
fn a_device_of_two_lines_is_told_at_its_line_and_by_check() {
    let appliance = Appliance::company().on_any_port();
    let table = "firstname,exten,context,sip_username\nAnn,1234,default,\nBen,1235,default,1234\n";
    let told = "device \"PJSIP/1234\": is also that of line 2 of the file";
    let outcome = import(&appliance, table, &["--dry-run"]).expect_code(0);
    assert!(
        outcome.stdout.contains(&format!("line 3: new: Ben: line 1235@default, no login\n  warning: {told}")),
        "{}",
        outcome.stdout
    );
    let outcome = import(&appliance, table, &[]).expect_code(0);
    assert!(outcome.stdout.starts_with("line 3: new") && outcome.stdout.contains(told), "{}", outcome.stdout);
    let report = appliance.try_run(&["check"]).stdout;
    assert!(report.contains("has the device PJSIP/1234 of line \"1234@default\""), "{report}");
}
