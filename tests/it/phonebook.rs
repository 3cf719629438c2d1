//! The shared phone book: its commands while the server runs and a client searches, files in and out, favourites, and
//! who sees what.

use std::fs;

use serde_json::{Value, json};

use crate::support::Appliance;
use crate::support::client::Client;

const HEADER: &str = "firstname,lastname,number,mobile,email,company,fax,home,other,context\r\n";

fn names(answer: &Value) -> Vec<&str> {
    answer["results"].as_array().unwrap().iter().map(|row| row["column_values"][0].as_str().unwrap()).collect()
}

fn search(client: &mut Client, pattern: &str) -> Value {
    client.fence();
    client.ask(&json!({"class": "people_search", "pattern": pattern}))
}

/// A file beside the data folder; its path.
fn file(appliance: &Appliance, name: &str, text: &str) -> String {
    let path = appliance.beside(name);
    fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

fn exported(appliance: &Appliance) -> String {
    appliance.run(&["phonebook", "export"]).stdout
}

#[test]
fn an_entry_is_found_once_it_is_added_and_gone_once_it_is_removed() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let mut agnes = server.logged_in("agnes");
    assert_eq!(names(&search(&mut agnes, "roe")), [""; 0]);
    let add = ["phonebook", "add", "--first-name", "Zoé", "--last-name", "Roe", "--number", "(514) 555-0001", "--json"];
    let id = appliance.run(&add).json()["id"].to_string();
    let found = search(&mut agnes, "ZOE");
    assert_eq!(names(&found), ["Zoé Roe"]);
    let row = &found["results"][0];
    assert_eq!((&row["source"], &row["relations"]["source_entry_id"]), (&json!("phonebook"), &json!(id)));
    assert_eq!((&row["column_values"][1], &row["relations"]["user_uuid"]), (&json!("5145550001"), &Value::Null));
    appliance.run(&["phonebook", "edit", &id, "--number", "", "--mobile", "+1 514", "--company", "Acme"]);
    assert_eq!(names(&search(&mut agnes, "5550001")), [""; 0]);
    assert_eq!(search(&mut agnes, "acme")["results"][0]["column_values"][2], "+1514");
    appliance.run(&["phonebook", "remove", &id]);
    assert_eq!(names(&search(&mut agnes, "roe")), [""; 0]);
}

#[test]
fn home_and_other_numbers_are_kept_found_shown_and_exported() {
    let appliance = Appliance::company();
    let add = ["phonebook", "add", "--first-name", "Ida", "--home", "(030) 555 0401", "--other", "0305550402"];
    appliance.run(&add);
    appliance.run(&["phonebook", "add", "--home", "0305550403"]).expect_words(&["0305550403"]);
    appliance.run(&["phonebook", "edit", "1", "--other", "0305550404"]);
    let shown = appliance.run(&["phonebook", "show", "1"]).stdout;
    assert!(shown.contains("0305550401") && shown.contains("0305550404"), "{shown}");
    assert!(appliance.run(&["phonebook", "list", "030/555 0404"]).stdout.contains("Ida"));
    let told = appliance.run(&["history", "--kind", "phone_book_entry"]).stdout;
    assert!(told.contains("other \"0305550402\" -> \"0305550404\""), "{told}");
    let server = appliance.serve();
    let mut agnes = server.logged_in("agnes");
    assert_eq!(names(&search(&mut agnes, "030 5550401")), ["Ida"]);
    let switchboard = json!({"class": "switchboard_directory_search", "pattern": "ida"});
    let row = json!([{"name": "Ida", "number": "0305550401", "number_type": "other"}]);
    assert_eq!(agnes.ask(&switchboard)["results"], row);
    appliance.set("people.columns", "name=Name,home=Home,other=Other,favorite=F");
    let told = agnes.receive_where(|message| message["class"] == "people_headers_result");
    assert_eq!(told["column_types"], json!(["name", "callable", "callable", "favorite"]));
    let found = search(&mut agnes, "ida");
    assert_eq!(found["results"][0]["column_values"], json!(["Ida", "0305550401", "0305550404", false]));
    let table = format!("{HEADER}Ida,,,,,,,0305550401,0305550404,\r\n,,,,,,,0305550403,,\r\n");
    assert_eq!(exported(&appliance), table);
    let cards = appliance.run(&["phonebook", "export", "--format", "vcard"]).stdout;
    let other = Appliance::new();
    other.run_with_input(&["phonebook", "import", "-", "--format", "vcard"], &cards);
    assert_eq!(exported(&other), table);
    let document = appliance.run(&["export"]).stdout;
    other.run_with_input(&["import", "-", "--yes"], &document);
    assert_eq!(exported(&other), table);
}

/// Settings §9: 62, 63.
#[test]
fn a_number_of_two_names_and_a_number_without_one_are_rows_of_the_switchboard() {
    let appliance = Appliance::company();
    for name in ["Ann", "Ben"] {
        appliance.run(&["phonebook", "add", "--first-name", name, "--number", "555 1"]);
    }
    appliance.run(&["phonebook", "add", "--number", "4711"]);
    let server = appliance.serve();
    let mut agnes = server.logged_in("agnes");
    let mut rows = |pattern: &str| {
        agnes.fence();
        agnes.ask(&json!({"class": "switchboard_directory_search", "pattern": pattern}))["results"].take()
    };
    let row = |name: &str, number: &str| json!({"name": name, "number": number, "number_type": "office"});
    assert_eq!(rows("5551"), json!([row("Ann", "5551"), row("Ben", "5551")]));
    assert_eq!(rows("4711"), json!([row("", "4711")]));
    assert_eq!(rows("0800123"), json!([]));
}

#[test]
fn entries_are_listed_shown_changed_and_named_when_they_do_not_exist() {
    let appliance = Appliance::new();
    appliance.run(&["context", "add", "sales"]);
    appliance
        .run(&["phonebook", "add", "--company", "Acme", "--fax", "12", "--context", "sales"])
        .expect_words(&["Acme"]);
    appliance.run(&["phonebook", "add", "--last-name", "Roe", "--email", "roe@example.org"]);
    let listed = appliance.run(&["phonebook", "list"]).stdout;
    assert_eq!(listed.lines().count(), 3, "{listed}");
    let found = appliance.run(&["phonebook", "list", "ACME", "--json"]).json();
    assert_eq!((found.as_array().unwrap().len(), &found[0]["context"]), (1, &json!("sales")));
    appliance.run(&["phonebook", "edit", "1", "--context", "", "--first-name", "Ann"]);
    let shown = appliance.run(&["phonebook", "show", "1", "--json"]).json();
    let entry = json!({"id": 1, "first_name": "Ann", "last_name": null, "number": null, "mobile": null, "email": null,
        "company": "Acme", "fax": "12", "home": null, "other": null, "context": null});
    assert_eq!(shown, entry);
    for command in ["show", "edit", "remove"] {
        let outcome = appliance.try_run(&["phonebook", command, "9"]).expect_code(1);
        outcome.expect_words(&["there is no phone book entry 9", "ctibox phonebook list"]);
    }
    appliance.try_run(&["phonebook", "add", "--number", "1", "--context", "x"]).expect_code(1).expect_words(&["\"x\""]);
}

#[test]
fn a_table_goes_in_whole_or_not_at_all_and_comes_out_again() {
    let appliance = Appliance::new();
    appliance.run(&["context", "add", "sales"]);
    let text = format!("{HEADER}Zoé,\"Roe, Jr\",+1514,,zoe@example.org,Acme,,,,sales\r\n,,4711,,,,,,,\r\n");
    let good = file(&appliance, "good.csv", &text);
    appliance.run(&["phonebook", "import", &good, "--dry-run"]).expect_words(&["2 entries would be added"]);
    assert_eq!(exported(&appliance), HEADER);
    appliance.run(&["phonebook", "import", &good]).expect_words(&["2 entries were added"]);
    assert_eq!(exported(&appliance), text);
    appliance.run(&["phonebook", "import", &good]).expect_words(&["0 entries were added; 2 are there already"]);
    assert_eq!(exported(&appliance), text);
    let thrice = file(&appliance, "thrice.csv", "lastname,number\nRoe,8\nRoe,8\nRoe,8\n");
    let dry = ["phonebook", "import", &thrice, "--dry-run"];
    appliance.run(&dry).expect_words(&["1 entry would be added; nothing was written; 2 are repeated in the file"]);
    let told = appliance.run(&[&dry[..], &["--json"]].concat()).json();
    assert_eq!((&told["added"], &told["present"], &told["repeated"]), (&json!(1), &json!(0), &json!(2)));

    let bad =
        "lastname,number,Website,context\nAnn,1,x,\n\"Ben,2,x,\nCid,3\nDora,four,x,\n,,x,\nEve,5,x,attic\nFay,6,x,,7\n";
    let bad = file(&appliance, "bad.csv", bad);
    let outcome = appliance.try_run(&["phonebook", "import", &bad]).expect_code(1);
    outcome.expect_words(&[
        "columns are not known: \"Website\"",
        "line 3: opens a quote and does not close it",
        "line 5: left out: number \"four\" must be 1 to 80 digits",
        "line 6: phone book entry has neither a name nor a number",
        "line 7: no context is called \"attic\"",
        "line 8: has 5 cells; the first line names 4",
        "4 entries cannot be imported; nothing was written",
        "--accept-good-lines",
    ]);
    assert_eq!(exported(&appliance), text);
    let taken = appliance.run(&["phonebook", "import", &bad, "--accept-good-lines", "--context", "sales", "--json"]);
    let told = taken.json();
    let lines: Vec<_> = told["failed"].as_array().unwrap().iter().map(|failed| failed["line"].clone()).collect();
    assert_eq!((&told["added"], json!(lines)), (&json!(3), json!([3, 6, 7, 8])));
    assert_eq!(told["warnings"][0]["line"], 5);
    let added = ",Ann,1,,,,,,,sales\r\n,Cid,3,,,,,,,sales\r\n,Dora,,,,,,,,sales\r\n";
    assert_eq!(exported(&appliance), format!("{text}{added}"));
}

#[test]
fn cards_go_in_and_come_out_again() {
    let appliance = Appliance::new();
    let cards = "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Roe;Zoé;;;\r\nFN:Zoé Roe\r\nORG:Acme\\, Inc\r\nTEL;TYPE=CELL:+33 6 11\r\n\
        TEL;TYPE=work:(514) 555\r\n -0001\r\nTEL;TYPE=home:5\r\nEND:VCARD\r\nBEGIN:VCARD\r\nVERSION:4.0\r\nFN:Yan\r\n\
        TEL;VALUE=uri;TYPE=\"voice,fax\":tel:+1-2\r\nEND:VCARD\r\n";
    let vcf = file(&appliance, "cards.vcf", cards);
    appliance.run(&["phonebook", "import", &vcf]).expect_words(&["2 entries were added"]);
    let table = format!("{HEADER}Zoé,Roe,5145550001,+33611,,\"Acme, Inc\",,5,,\r\nYan,,,,,,+12,,,\r\n");
    assert_eq!(exported(&appliance), table);
    let out = appliance.run(&["phonebook", "export", "--format", "vcard"]).stdout;
    assert!(out.starts_with("BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Zoé Roe\r\n"), "{out}");
    let other = Appliance::new();
    other.run_with_input(&["phonebook", "import", "-", "--format", "vcard"], &out);
    assert_eq!(exported(&other), table);

    let broken =
        file(&appliance, "broken.vcf", "BEGIN:VCARD\nVERSION:3.0\nFN:A\nBEGIN:VCARD\nVERSION:1.0\nEND:VCARD\n");
    let outcome = appliance.try_run(&["phonebook", "import", &broken]).expect_code(1);
    outcome.expect_words(&["line 1: the card is not ended", "line 5: is a version that is not known", "2 entries"]);
    let unclear = file(&appliance, "cards.txt", cards);
    appliance.try_run(&["phonebook", "import", &unclear]).expect_code(2).expect_words(&["--format csv"]);
    let latin = appliance.beside("latin.csv");
    fs::write(&latin, b"lastname\nM\xfcller\n").unwrap();
    let outcome = appliance.run(&["phonebook", "import", latin.to_str().unwrap()]);
    outcome.expect_words(&["was read as Windows-1252", "1 entry was added"]);
    let nothing = file(&appliance, "nothing.csv", HEADER);
    appliance.try_run(&["phonebook", "import", &nothing]).expect_code(1).expect_words(&["holds no entry"]);
}

#[test]
fn a_favourite_of_the_phone_book_is_there_after_a_restart_and_goes_with_its_entry() {
    let appliance = Appliance::company();
    appliance.run(&["phonebook", "add", "--company", "Acme", "--number", "1"]);
    let server = appliance.serve();
    let mut agnes = server.logged_in("agnes");
    agnes.fence();
    let mark = json!({"class": "people_set_favorite", "source": "phonebook", "source_entry_id": "1", "favorite": true});
    assert_eq!(agnes.ask(&mark)["source"], "phonebook");
    drop((agnes, server));

    let server = appliance.serve();
    let mut agnes = server.logged_in("agnes");
    agnes.fence();
    assert_eq!(names(&agnes.ask(&json!({"class": "people_favorites"}))), ["Acme"]);
    appliance.run(&["phonebook", "remove", "1"]);
    assert_eq!(names(&agnes.ask(&json!({"class": "people_favorites"}))), [""; 0]);
}

#[test]
fn entries_keep_to_their_context_where_contexts_are_separated() {
    let appliance = Appliance::separated_office();
    for (name, more) in [("Aba", &["--context", "default"][..]), ("Abb", &["--context", "sales"]), ("Abc", &[])] {
        appliance.run(&[&["phonebook", "add", "--last-name", name, "--number", "77"], more].concat());
    }
    let server = appliance.serve();
    let (mut agnes, mut elena) = (server.logged_in("agnes"), server.logged_in("elena"));
    assert_eq!(names(&search(&mut agnes, "77")), ["Aba", "Abc"]);
    assert_eq!(names(&search(&mut elena, "77")), ["Abb", "Abc"]);
    appliance.run(&["phonebook", "edit", "1", "--context", "sales"]);
    assert_eq!(names(&search(&mut agnes, "77")), ["Abc"]);
    assert_eq!(names(&search(&mut elena, "77")), ["Aba", "Abb", "Abc"]);
    appliance.set("context_separation", "false");
    assert_eq!(names(&search(&mut agnes, "77")), ["Aba", "Abb", "Abc"]);
}

#[test]
fn a_context_of_entries_is_not_removed() {
    let appliance = Appliance::new();
    appliance.run(&["context", "add", "sales"]);
    for name in ["Ann", "Ben"] {
        appliance.run(&["phonebook", "add", "--last-name", name, "--context", "sales"]);
    }
    let outcome = appliance.try_run(&["context", "remove", "sales"]).expect_code(1);
    outcome.expect_words(&["is used by 2 phone book entries (rule C1)"]);
}
