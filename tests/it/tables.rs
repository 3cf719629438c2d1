//! Tables, cards and documents as people's programs write them (`tests/inputs/`, invented people): what each leaves in the
//! phone book or among the users, its exit code, and what is said of what was left out.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::support::Appliance;
use crate::support::cli::Outcome;

fn input(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/inputs").join(name)
}

fn import_entries(appliance: &Appliance, name: &str, more: &[&str]) -> Outcome {
    let path = input(name);
    appliance.try_run(&[&["phonebook", "import", path.to_str().unwrap()], more].concat())
}

/// What the input leaves in an empty phone book, one row an entry: first and last name, number, mobile, e-mail address,
/// company, fax.
fn entries(name: &str, said: &[&str]) -> Vec<Vec<String>> {
    let appliance = Appliance::new();
    let outcome = import_entries(&appliance, name, &[]).expect_code(0).expect_words(said);
    if said.is_empty() {
        assert!(!outcome.stderr.contains("warning"), "{name}: {}", outcome.stderr);
    }
    let entries = appliance.document()["phone_book"].take();
    let text = |entry: &Value, key: &str| entry[key].as_str().unwrap_or_default().to_owned();
    let keys = ["first_name", "last_name", "number", "mobile", "email", "company", "fax"];
    entries.as_array().unwrap().iter().map(|entry| keys.map(|key| text(entry, key)).to_vec()).collect()
}

#[test]
fn an_address_book_of_outlook_in_german_is_taken() {
    let rows = entries("outlook-german-1252.csv", &["was read as Windows-1252", "\"Anrede\""]);
    assert_eq!(rows[0], ["Jürgen", "Groß", "+49305550121", "01715550122", "j.gross@example.de", "Groß & Söhne", ""]);
    assert_eq!(rows[1], ["Ýmer", "Ölçer", "0305550123", "", "", "", ""]);
}

#[test]
fn a_table_of_google_with_labels_beside_its_numbers_is_taken() {
    let rows = entries("google.csv", &["line 3", "more than one number"]);
    assert_eq!(rows[0], ["Nora", "Quist", "+4685550131", "+46705550132", "nora@example.se", "Quist AB", "+4685550133"]);
    assert_eq!(rows[1][..3], ["Olle", "Ek", "+4685550134"]);
}

#[test]
fn a_table_of_tabs_in_utf_16_is_taken() {
    assert_eq!(entries("tabs-utf-16.csv", &[]), [["Zoë", "Brandt", "5145550141", "", "", "", ""]]);
}

#[test]
fn a_table_that_states_its_sign_and_went_through_a_script_is_taken() {
    let rows = entries("stated-sign-floats.csv", &[]);
    assert_eq!(rows, [["Ulf", "Sand", "5145550151", "5145550152", "", "", ""]]);
}

#[test]
fn the_older_phone_book_of_xivo_in_iso_8859_15_is_taken() {
    let rows = entries("xivo-bars-8859-15.csv", &["was read as ISO-8859-15"]);
    assert_eq!(
        rows[0],
        ["Cœur", "Lefèvre", "0145550161", "0645550162", "coeur@example.fr", "Lefèvre & Cie", "0145550163"]
    );
}

#[test]
fn a_table_of_numbers_that_are_none_keeps_the_rest_and_says_what_is_missing() {
    let said = ["line 2", "the extension", "line 3", "reformatted by a spreadsheet", "line 4", "a pause"];
    let rows = entries("numbers-with-more.csv", &said);
    let numbers: Vec<_> = rows.iter().map(|row| (row[0].as_str(), row[2].as_str(), row[3].as_str())).collect();
    let kept =
        [("Ada", "+15145550171", ""), ("Bea", "", "5145550172"), ("Cleo", "5145550173", ""), ("Dot", "5145550174", "")];
    assert_eq!(numbers, kept);
}

#[test]
fn cards_of_an_old_telephone_are_taken() {
    let rows = entries("old-telephone.vcf", &[]);
    assert_eq!(rows[0], ["Ülo", "Jõgi", "", "+3725550181", "", "", ""]);
    assert_eq!(rows[1][..4], ["太郎", "山田", "", "0905550182"]);
}

#[test]
fn a_card_of_a_mail_program_with_another_inside_is_taken() {
    let rows = entries("card-in-card.vcf", &["line 6", "e-mail address"]);
    assert_eq!(rows, [["Pia", "Roos", "+31205550191", "", "pia@example.nl", "Roos BV", ""]]);
}

#[test]
fn a_card_of_version_4_with_addresses_for_calls_is_taken() {
    let rows = entries("version-4-uris.vcf", &["line 5", "the extension"]);
    assert_eq!(rows, [["Quentin", "Noël", "+33145550201", "+33645550202", "", "", ""]]);
}

#[test]
fn a_shifted_table_of_users_tells_no_password() {
    let appliance = Appliance::company();
    let path = input("users-shifted.csv");
    let before = appliance.document();
    for more in [&[][..], &["--dry-run"], &["--json"], &["--accept-good-lines"]] {
        let outcome = appliance.try_run(&[&["user", "import", path.to_str().unwrap()], more].concat()).expect_code(1);
        let told = format!("{}{}", outcome.stdout, outcome.stderr);
        assert!(told.contains("column email") && !told.contains("pw-"), "{told}");
    }
    assert_eq!(appliance.document(), before);
}

#[test]
fn files_of_returns_alone_of_office_programs_and_without_entries_are_refused() {
    let appliance = Appliance::new();
    for (bytes, words) in [
        (&b"firstname,number\rIda,1\r"[..], "its line ends are CR alone; save it again"),
        (b"PK\x03\x04\x14\x00\x06\x00", "it is a spreadsheet or another file of an office program"),
        (b"firstname;number\r\n;;\r\n;\r\n", "holds no entry; nothing was written"),
        (b"", "holds no entry; nothing was written"),
        (b"firstname,number\nIda,1\0\n", "zero bytes"),
    ] {
        let path = appliance.beside("table.csv");
        fs::write(&path, bytes).unwrap();
        let outcome = appliance.try_run(&["phonebook", "import", path.to_str().unwrap()]).expect_code(1);
        outcome.expect_words(&[words]);
    }
    assert_eq!(appliance.document()["phone_book"], json!([]));
}

/// As Windows' editors and shells save and redirect it.
#[test]
fn a_document_may_have_a_mark_in_front_or_be_utf_16() {
    let appliance = Appliance::company();
    let document = appliance.run(&["export"]).stdout;
    let marked = appliance.run_with_input(&["import", "-", "--dry-run"], &format!("\u{feff}{document}"));
    marked.expect_words(&["nothing would change"]);
    let path = appliance.beside("document.json");
    let utf_16: Vec<u8> = format!("\u{feff}{document}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    fs::write(&path, utf_16).unwrap();
    appliance.run(&["import", path.to_str().unwrap(), "--dry-run"]).expect_words(&["nothing would change"]);
    fs::write(&path, b"{\n\"\xe9\"}").unwrap();
    let outcome = appliance.try_run(&["import", path.to_str().unwrap(), "--dry-run"]).expect_code(1);
    outcome.expect_words(&["it is not UTF-8 text: see line 2"]);
}
