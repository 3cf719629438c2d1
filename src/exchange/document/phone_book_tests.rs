//! The phone book in the document: there and back, entries known again without an id, documents from before it.

use serde_json::{Value, json};

use super::*;
use crate::settings::configuration::Configuration;
use crate::settings::fixtures::{whole, whole_company as small_company};
use crate::settings::id::{Id, PhoneBookEntryId};
use crate::settings::rule::Refusal;
use crate::settings::table::Kind;
use crate::settings::whole::WholeConfiguration;

fn parsed(configuration: &WholeConfiguration) -> Value {
    serde_json::from_str(&write(configuration, Secrets::Omitted)).unwrap()
}

fn read_changed(change: impl FnOnce(&mut Value)) -> Result<Vec<String>, Vec<Refusal>> {
    let office = small_company();
    let mut document = parsed(&office);
    change(&mut document);
    read(&document.to_string(), &office).map(|new| differences(&office, &new))
}

#[test]
fn an_entry_shows_what_is_filled_in_and_its_context_by_name() {
    let zoe = json!({"id": 1, "first_name": "Zoe", "last_name": "Roe", "number": "5145550001", "mobile": null,
        "email": "zoe@example.org", "company": null, "fax": null, "home": null, "other": null,
        "context": "sales"});
    assert_eq!(object_json(Kind::PhoneBookEntry, 1, &small_company()), zoe);
    assert_eq!(parsed(&small_company())["phone_book"][1]["context"], Value::Null);
}

#[test]
fn entries_that_come_change_and_go_are_told_by_name() {
    let told = read_changed(|document| {
        let entries = document["phone_book"].as_array_mut().unwrap();
        entries[0]["mobile"] = json!("+33 (0)6 11");
        entries[0]["context"] = Value::Null;
        entries.remove(1);
        entries.push(json!({"number": "42"}));
    });
    let expected = [
        "- phone book entry 2 \"Acme\"",
        "~ phone book entry 1 \"Zoe Roe\": mobile null -> \"+33611\", context \"sales\" -> null",
        "+ phone book entry 3 \"42\"",
    ];
    assert_eq!(told.unwrap(), expected);
}

#[test]
fn an_entry_without_an_id_is_the_one_that_says_the_same() {
    let told = read_changed(|document| {
        for entry in document["phone_book"].as_array_mut().unwrap() {
            entry.as_object_mut().unwrap().shift_remove("id");
        }
    });
    assert_eq!(told.unwrap(), [""; 0]);
}

#[test]
fn a_document_from_before_the_phone_book_leaves_it_as_it_is() {
    let told = read_changed(|document| drop(document.as_object_mut().unwrap().shift_remove("phone_book")));
    assert_eq!(told.unwrap(), [""; 0]);
    let renamed = read_changed(|document| {
        document.as_object_mut().unwrap().shift_remove("phone_book");
        document["contexts"][1]["name"] = json!("other");
        for list in ["lines", "agents", "voicemails"] {
            for object in document[list].as_array_mut().unwrap() {
                if object["context"] == "sales" {
                    object["context"] = json!("other");
                }
            }
        }
    });
    let problems = renamed.unwrap_err();
    assert!(problems[0].to_string().contains("names context \"sales\", which is not in the document"), "{problems:?}");
}

#[test]
fn what_is_wrong_with_an_entry_names_its_place() {
    let refused = read_changed(|document| {
        document["phone_book"] =
            json!([{"number": "abc"}, {"fax": "1"}, {"number": "1", "context": "nowhere"}, {"nomber": "1"}]);
    });
    let problems: Vec<String> = refused.unwrap_err().iter().map(Refusal::with_rule).collect();
    for (problem, words) in [
        ("phone_book[3]", "unknown field `nomber`"),
        ("phone_book[0] \"abc\"", "(rule B1)"),
        ("phone_book[1]", "has neither a name nor a number (rule B1)"),
        ("phone_book[2] \"1\"", "names context \"nowhere\""),
    ] {
        let is_told = |told: &String| told.starts_with(problem) && told.contains(words);
        assert!(problems.iter().any(is_told), "{problem}: {problems:#?}");
    }
    assert_eq!(problems.len(), 4);
}

#[test]
fn an_id_stays_used_up() {
    let mut office = small_company();
    office.remove_phone_book_entry(PhoneBookEntryId::new(2)).unwrap();
    let new = read(&write(&office, Secrets::Omitted), &whole(Configuration::empty(office.server_uuid))).unwrap();
    assert_eq!(new.entries().next_number(), 3);
}
