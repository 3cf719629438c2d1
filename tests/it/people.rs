//! The people xlet and its older sisters (protocol 4.15; settings §9 K): who is found, favourites, a user's own
//! contacts, and that all of it is there after a restart.

use serde_json::{Value, json};

use crate::support::Appliance;
use crate::support::cli::PASSWORD;
use crate::support::client::{Client, unstamped};

fn names(answer: &Value) -> Vec<&str> {
    answer["results"].as_array().unwrap().iter().map(|row| row["column_values"][0].as_str().unwrap()).collect()
}

fn search(client: &mut Client, pattern: &str) -> Value {
    client.ask(&json!({"class": "people_search", "pattern": pattern, "commandid": 4}))
}

fn favorite(source: &str, id: &Value) -> Value {
    json!({"class": "people_set_favorite", "source": source, "source_entry_id": id, "favorite": true})
}

/// Settings §9: 60.
#[test]
fn people_are_found_whatever_their_letters_case_and_accents() {
    let appliance = Appliance::company();
    appliance.run(&["user", "edit", "bertil", "--last-name", "Ångström", "--mobile", "+46701"]);
    let server = appliance.serve();
    let mut agnes = server.logged_in("agnes");
    agnes.fence();
    for pattern in ["angst", "ÅNG", "Bertil", "+467"] {
        let answer = search(&mut agnes, pattern);
        assert_eq!((&answer["class"], &answer["term"]), (&json!("people_search_result"), &json!(pattern)));
        assert_eq!(names(&answer), ["Bertil Ångström"]);
        let row = &answer["results"][0];
        assert_eq!(row["column_values"].as_array().unwrap().len(), answer["column_headers"].as_array().unwrap().len());
        assert_eq!((&row["source"], &row["column_values"][2]), (&json!("internal"), &json!("+46701")));
    }
    assert_eq!(names(&search(&mut agnes, "nobody")), [""; 0]);
    appliance.run(&["user", "edit", "bertil", "--mobile", ""]);
    agnes.receive_where(|message| message["function"] == "updateconfig");
    agnes.fence();
    assert_eq!(names(&search(&mut agnes, "+467")), [""; 0]);
}

#[test]
fn numbers_are_found_as_they_are_written() {
    let appliance = Appliance::company();
    appliance.run(&[
        "phonebook",
        "add",
        "--first-name",
        "Elodie",
        "--last-name",
        "D\u{2019}Arcy",
        "--number",
        "+1 514 555-0301",
    ]);
    let server = appliance.serve();
    let mut agnes = server.logged_in("agnes");
    agnes.fence();
    for pattern in ["514 555-0301", "(514) 555-0301", "+1 514 555 0301", "05145550301", "5145550301", "d'arcy"] {
        assert_eq!(names(&search(&mut agnes, pattern)), ["Elodie D\u{2019}Arcy"], "{pattern}");
    }
    let switchboard = json!({"class": "switchboard_directory_search", "pattern": "514 555-0301"});
    assert_eq!(agnes.ask(&switchboard)["results"][0]["number"], "+15145550301");
    assert!(appliance.run(&["phonebook", "list", "514.555.0301"]).stdout.contains("Elodie"));
}

/// Settings §9: 65.
#[test]
fn favourites_and_contacts_are_there_after_a_restart() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let (mut agnes, mut again) = (server.logged_in("agnes"), server.logged_in("agnes"));
    again.fence();
    agnes.fence();
    let id = search(&mut agnes, "bertil")["results"][0]["relations"]["source_entry_id"].clone();
    again.receive_class("people_search_result");
    let marked =
        json!({"class": "people_favorite_update", "source": "internal", "source_entry_id": id, "favorite": true});
    assert_eq!(unstamped(agnes.ask(&favorite("internal", &id))), marked);
    assert_eq!(unstamped(again.receive_class("people_favorite_update")), marked);
    let infos = json!({"firstname": "Dana", "lastname": "Müller", "number": "514"});
    let created = agnes.ask(&json!({"class": "people_create_personal_contact", "contact_infos": infos}));
    assert_eq!(unstamped(created), json!({"class": "people_personal_contact_created"}));
    drop((agnes, again, server));

    let server = appliance.serve();
    let (mut agnes, mut bertil) = (server.logged_in("agnes"), server.logged_in("bertil"));
    bertil.fence();
    agnes.fence();
    assert_eq!(names(&agnes.ask(&json!({"class": "people_favorites"}))), ["Bertil Beta"]);
    let mine = agnes.ask(&json!({"class": "people_personal_contacts"}));
    assert_eq!(names(&mine), ["Dana Müller"]);
    let id = &mine["results"][0]["relations"]["source_entry_id"];
    let which = json!({"class": "people_personal_contact_raw", "source": "personal", "source_entry_id": id});
    assert_eq!(agnes.ask(&which)["contact_infos"], infos);
    assert_eq!(names(&bertil.ask(&json!({"class": "people_personal_contacts"}))), [""; 0]);
    assert_eq!(names(&search(&mut bertil, "dana")), [""; 0]);
}

#[test]
fn what_a_user_wrote_down_and_switched_on_comes_back_with_an_undone_removal() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let (mut agnes, mut bertil) = (server.logged_in("agnes"), server.logged_in("bertil"));
    bertil.fence();
    agnes.fence();
    let [of_agnes, of_bertil] =
        ["agnes", "bertil"].map(|name| search(&mut bertil, name)["results"][0]["relations"]["source_entry_id"].clone());
    agnes.ask(&favorite("internal", &of_bertil));
    bertil.ask(&favorite("internal", &of_agnes));
    let infos = json!({"firstname": "Dana", "lastname": "Müller", "number": "514"});
    agnes.ask(&json!({"class": "people_create_personal_contact", "contact_infos": infos}));
    agnes.send(&json!({"class": "featuresput", "function": "enablednd", "value": true}));
    bertil.receive_where(|message| message["config"]["enablednd"] == true);
    drop(agnes);

    appliance.run(&["user", "remove", "agnes", "--yes"]);
    let favorites = json!({"class": "people_favorites"});
    assert_eq!(names(&bertil.ask(&favorites)), [""; 0]);
    let entries = appliance.run(&["history", "--limit", "10", "--json"]).json();
    let transaction = entries[0]["transaction"].to_string();
    appliance.run(&["history", "undo", "--transaction", &transaction]).expect_words(&["had a password"]);
    appliance.run_with_input(&["user", "password", "agnes", "--password-stdin"], PASSWORD);
    appliance.run(&["user", "enable", "agnes"]);
    assert_eq!(names(&bertil.ask(&favorites)), ["Agnes Alpha"]);
    let ask = json!({"class": "getlist", "function": "updateconfig", "listname": "users", "tid": "1"});
    assert_eq!(bertil.ask(&ask)["config"]["enablednd"], true);
    let mut agnes = server.logged_in("agnes");
    agnes.fence();
    assert_eq!(names(&agnes.ask(&favorites)), ["Bertil Beta"]);
    assert_eq!(names(&agnes.ask(&json!({"class": "people_personal_contacts"}))), ["Dana Müller"]);
}

/// Settings §9: 65.
#[test]
fn a_table_of_contacts_is_imported_line_by_line_and_exported() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let mut agnes = server.logged_in("agnes");
    agnes.fence();
    let csv = "firstname,lastname,number,email\nÉva,Import,5145551111,eva@example.com\nBad,Row,with,too,many,fields\n";
    let answer = agnes.ask(&json!({"class": "people_import_personal_contacts_csv", "csv_contacts": csv}));
    assert_eq!((&answer["created_count"], &answer["failed"][0]["line"]), (&json!(1), &json!(3)));
    let answer = agnes.ask(&json!({"class": "people_export_personal_contacts_csv"}));
    let exported = "email,firstname,lastname,number\r\neva@example.com,Éva,Import,5145551111\r\n";
    assert_eq!(answer["csv_contacts"], exported);
    agnes.ask(&json!({"class": "people_purge_personal_contacts"}));
    assert_eq!(agnes.ask(&json!({"class": "people_export_personal_contacts_csv"}))["csv_contacts"], "");
}

#[test]
fn the_older_searches_answer_in_their_own_shapes() {
    let appliance = Appliance::company();
    appliance.run(&["user", "edit", "bertil", "--mobile", "+46701"]);
    let server = appliance.serve();
    let mut agnes = server.logged_in("agnes");
    agnes.fence();
    let directory = agnes.ask(&json!({"class": "directory", "pattern": "bertil", "commandid": 90}));
    let cells = directory["resultlist"][0].as_str().unwrap().split(';').count();
    assert_eq!((&directory["replyid"], cells), (&json!(90), directory["headers"].as_array().unwrap().len()));
    let found = agnes.ask(&json!({"class": "switchboard_directory_search", "pattern": "bertil"}));
    let kinds: Vec<_> = found["results"].as_array().unwrap().iter().map(|row| &row["number_type"]).collect();
    assert_eq!(kinds, ["office", "mobile"]);
}

#[test]
fn searches_keep_to_the_context() {
    let appliance = Appliance::separated_office();
    let server = appliance.serve();
    let mut agnes = server.logged_in("agnes");
    agnes.fence();
    assert_eq!(names(&search(&mut agnes, "a")), ["Agnes Alpha", "Bertil Beta"]);
    let elena = json!({"class": "switchboard_directory_search", "pattern": "elena"});
    assert_eq!(agnes.ask(&elena)["results"], json!([]));
    appliance.set("context_separation", "false");
    agnes.receive_where(|message| message["function"] == "addconfig");
    agnes.fence();
    assert_eq!(names(&search(&mut agnes, "a")), ["Agnes Alpha", "Bertil Beta", "Elena Sales", "Farid Sales"]);
    assert_eq!(agnes.ask(&elena)["results"][0]["number"], "2001");
}

#[test]
fn columns_are_a_setting_that_acts_at_once() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let mut agnes = server.logged_in("agnes");
    agnes.fence();
    appliance.set("people.columns", "number=Extension, name=Who");
    let told = agnes.receive_where(|message| message["class"] == "people_headers_result");
    assert_eq!(told["column_headers"], json!(["Extension", "Who"]));
    let found = search(&mut agnes, "bertil");
    assert_eq!(found["column_types"], json!(["number", "name"]));
    assert_eq!(found["results"][0]["column_values"], json!(["1002", "Bertil Beta"]));
    let document = appliance.run(&["export"]).stdout;
    let document: Value = serde_json::from_str(&document).unwrap();
    assert_eq!(document["settings"]["people.columns"], json!(["number=Extension", "name=Who"]));
    appliance.run(&["setting", "unset", "people.columns"]);
    let told = agnes.receive_where(|message| message["class"] == "people_headers_result");
    assert_eq!(told["column_headers"][0], "Name");
}
