//! What is told of lines that are bad, or good and most likely not meant, and of tables that are none of users.

use super::*;
use crate::settings::configuration::Configuration;
use crate::settings::fixtures::small_company;
use crate::settings::rule::Refusal;

fn read(text: &str) -> Result<UserTable, String> {
    UserTable::read(text.as_bytes(), None).map_err(|error| error.to_string())
}

/// Login, name and what is wrong.
fn told_in(text: &str, existing: Existing, c: &Configuration) -> Vec<String> {
    let plan = Plan::of(&read(text).unwrap(), existing, c);
    let words = |reasons: &[Refusal]| reasons.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
    let line = |line: &PlannedLine| match &line.outcome {
        LineOutcome::Refused(reasons) => format!("{}/{}/{}", line.login, line.full_name, words(reasons)),
        _ => words(&line.warnings),
    };
    plan.lines.iter().map(line).collect()
}

fn told(text: &str) -> Vec<String> {
    told_in(text, Existing::LeftAlone, &small_company())
}

#[test]
fn a_bad_cell_is_quoted_with_whose_line_it_is_where_the_password_stands_in_its_column() {
    let header = "firstname,lastname,email,username,password,cti_profile_name\n";
    let email = "must be like `name@example.org`, at most 254 characters";
    let line = |cells: &str| told(&format!("{header}{cells}\n")).remove(0);
    assert_eq!(
        line("Zoe,Roe,zoe.example,zoe,hunter2,Cleint"),
        format!(
            "zoe/Zoe Roe/column email \"zoe.example\": {email}; column cti_profile_name: no profile is called \"Cleint\"; \
             did you mean \"Client\"?"
        )
    );
    assert_eq!(
        line("Zoe,Roe,zoe@x,z e,hunter2,"),
        "z e/Zoe Roe/column username \"z e\": must be 2 to 64 letters, \
        digits or -._~!$&'()*+,;=%@; this has ' '"
    );
    // Without a password what stands before the bad cell is told, and the cell itself is not.
    assert_eq!(line("Zoe,Roe,hunter2,zoe,,"), format!("/Zoe Roe/column email: {email}"));
    assert_eq!(line("Zoe,hunter2,zoe,,,"), format!("/Zoe hunter2/column email: {email}"));
    // What is the password is told nowhere, and nothing of a line that is cut short.
    assert_eq!(line("Zoe,hunter2,hunter2,zoe,hunter2,"), format!("zoe/Zoe/column email: {email}"));
    assert_eq!(line("Zoe,Roe,hunter2,zoe,hunter3"), format!("//column email: {email}"));
}

#[test]
fn a_table_without_passwords_tells_every_cell() {
    assert_eq!(
        told("firstname,email,exten,context\nZoe,zoe.example,10 10,sales\nYan,yan.example\n"),
        [
            "/Zoe/column email \"zoe.example\": must be like `name@example.org`, at most 254 characters; column exten \
             \"10 10\": must be 1 to 40 letters, digits, `*`, `#`, `+`, `_`, `-` or `.`; this has ' '",
            // But of a line that is cut short.
            "//column email: must be like `name@example.org`, at most 254 characters"
        ]
    );
    // A column that nobody knows may be one of passwords under another name.
    let told = told("firstname,email,phrase\nhunter2\nZoe,hunter2\n");
    assert!(!told[1].contains("hunter2"), "{told:?}");
}

/// XiVO's tables have passwords for which there is no use here: what stands in their place may be one too.
#[test]
fn passwords_of_columns_that_are_not_used_are_told_nowhere() {
    let columns = ["sip_secret", "linesecret", "voicemail_password", "voicemailpassword", "call_permission_password"];
    for column in columns {
        let header = format!("firstname,lastname,username,exten,context,{column}\n");
        let line = |cells: &str| told(&format!("{header}{cells}\n")).remove(0);
        let refused = "zoe/Zoe Roe/column context: names no context that there is; there is default, sales";
        for cells in ["Zoe,Roe,zoe,1010,s3cret", "Zoe,Roe,zoe,1010,s3cret,", "Zoe,Roe,zoe,1010,s3cret,s3cret"] {
            assert_eq!(line(cells), refused, "{column}");
        }
        assert!(line("Zoe,Roe,zoe,1010,slaes,s3cret").contains("no context is called \"slaes\""), "{column}");
        assert!(!line("Zoe,zoe,1010,sales,s3cret").contains("s3cret"), "{column}");
    }
    // One that nobody knows may be one of passwords.
    let cells = told("firstname,context,phrase\nZoe,s3cret\nYan,s3cret,\n");
    assert!(!cells.concat().contains("s3cret"), "{cells:?}");
}

#[test]
fn a_device_that_rings_for_somebody_else_too_is_warned_of() {
    let header = "firstname,exten,context,sip_username\n";
    assert_eq!(
        told(&format!(
            "{header}Ann,1234,sales,\nBen,1234,default,\nCid,1001,sales,\nDan,1235,sales,AB12\n\
            Eva,1236,sales,ab12\n"
        )),
        [
            "",
            "device \"PJSIP/1234\": is also that of line 2 of the file, a line of somebody else: both would ring there",
            "device \"PJSIP/1001\": is also that of line \"1001@default\", a line of somebody else: both would ring there",
            "",
            "device \"PJSIP/ab12\": is also that of line 5 of the file, a line of somebody else: both would ring there"
        ]
    );
    // Users who are changed keep their own, and may swap.
    let c = small_company();
    let bob = c.user_named("bob").map(|user| user.uuid).unwrap();
    let alice = c.user_named("alice").map(|user| user.uuid).unwrap();
    let swap = format!(
        "uuid,firstname,exten,context,sip_username\n{alice},Alice,1001,default,2001\n{bob},Bob,2001,sales,1001\n"
    );
    assert_eq!(told_in(&swap, Existing::Changed, &c), ["", ""]);
    let taken = format!("uuid,firstname,exten,context,sip_username\n{alice},Alice,1001,default,2001\n");
    assert!(told_in(&taken, Existing::Changed, &c)[0].contains("is also that of line \"2001@sales\""));
}

/// Who is changed lets go of what is theirs alone.
#[test]
fn a_device_of_two_users_stays_that_of_the_other_one() {
    let mut c = small_company();
    let [alice, bob] = ["alice", "bob"].map(|login| c.user_named(login).map(|user| (user.id, user.uuid)).unwrap());
    let main = |c: &Configuration, user| c.lines.iter().find(|line| line.user == user).map(|line| line.id).unwrap();
    // The first of the two lines is whose the device is.
    let [first, second] = [main(&c, alice.0), main(&c, bob.0)];
    let (first, second, other) = if first < second { (first, second, bob) } else { (second, first, alice) };
    let device = c.lines.get(first).unwrap().device.clone();
    c.lines.edit(second, |line| line.device = device.clone());
    let text = format!(
        "uuid,firstname,exten,context,sip_username\n{},Bob,2009,sales,2009\n,Zoe,1234,sales,{}\n",
        other.1,
        device.as_str().trim_start_matches("PJSIP/")
    );
    let told = told_in(&text, Existing::Changed, &c);
    assert!(told[1].contains("is also that of line \"1001@default\""), "{told:?}");
}

#[test]
fn a_letter_in_a_number_is_warned_of_and_taken() {
    assert_eq!(
        told("firstname,exten,context\nAnn,10a5,default\nBen,*10#,default\n"),
        ["extension \"10a5\": has letters: most telephones have no keys to dial that", ""]
    );
}

#[test]
fn columns_are_known_by_the_names_of_other_programs() {
    let table =
        read("Vorname;Nachname;E-Mail;Durchwahl;Kontext;Benutzername;Kennwort\nZoe;Roe;z@x;1010;sales;zoe;hunter2\n")
            .unwrap();
    assert_eq!(table.unknown, [""; 0]);
    let plan = Plan::of(&table, Existing::LeftAlone, &small_company());
    let LineOutcome::New(addition) = &plan.lines[0].outcome else { panic!("{plan:?}") };
    assert_eq!(addition.words(), "line 1010@sales, password, disabled");
    assert_eq!(read("First Name,Mobile,Login\nZoe,+33612,zoe\n").unwrap().unknown, [""; 0]);
    // Beside what XiVO calls it, the other one is not known.
    assert_eq!(read("firstname,First Name\nZoe,Yan\n").unwrap().unknown, ["First Name"]);
}

#[test]
fn a_table_of_something_else_says_what_it_has() {
    let why = |text| read(text).map(drop).unwrap_err();
    assert_eq!(why(""), "it is empty");
    assert_eq!(why("\u{feff}\n \n"), "it is empty");
    assert_eq!(
        why("lastname,email,shoe size,hat\nRoe,z@x,38,5\n"),
        "its first line names no column `firstname`; it names lastname, email and 2 more that nobody knows"
    );
    // It may be a table without a first line.
    assert_eq!(
        why("Zoe,Roe,zoe,hunter2\n"),
        "its first line names no column `firstname`; none of its 4 cells is the name of a column"
    );
    assert_eq!(why("Zoe\n"), "its first line names no column `firstname`; its one cell is not the name of a column");
}
