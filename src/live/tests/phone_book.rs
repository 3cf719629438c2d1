//! The phone book: found beside users and own contacts, seen as far as its contexts reach, marked as a favourite.

use serde_json::{Value, json};

use super::people::{asked, names, search};
use super::*;
use crate::settings::fixtures::entry_details;
use crate::settings::id::PhoneBookEntryId;

/// The cast with `Bea Acme` in default, `Berta` in sales and everyone's `Acme`.
fn company() -> Configuration {
    let mut known = cast();
    let bea = [("firstname", "Bea"), ("lastname", "Acmé"), ("number", "5550001"), ("email", "bea@example.org")];
    let berta = [("firstname", "Berta"), ("number", "5550001"), ("mobile", "5550002")];
    let acme = [("company", "Acme"), ("number", "5550003")];
    let (default, sales) = (ContextId::new(1), ContextId::new(2));
    for (texts, context) in [(&bea[..], Some(default)), (&berta, Some(sales)), (&acme, None)] {
        known.add_phone_book_entry(entry_details(texts), context).expect("an entry");
    }
    known
}

fn separated() -> Stage {
    Stage::with(company(), General { context_separation: true, ..General::default() })
}

fn mark(id: &str, is_favorite: bool) -> Value {
    json!({"class": "people_set_favorite", "source": "phonebook", "source_entry_id": id, "favorite": is_favorite})
}

fn favorites(stage: &mut Stage, session: SessionId) -> Vec<Value> {
    let answer = asked(stage, session, &json!({"class": "people_favorites"}));
    answer["results"].as_array().expect("a list").clone()
}

fn edit(stage: &mut Stage, id: i64, context: Option<i64>) {
    let context = context.map(ContextId::new);
    stage.change(|known, _| known.phone_book.edit(PhoneBookEntryId::new(id), |entry| entry.context = context));
}

#[test]
fn a_row_of_the_phone_book_has_no_relations() {
    let mut stage = Stage::with(company(), General::default());
    let agnes = stage.enter(AGNES, "available");
    let relations = json!({"xivo_id": null, "agent_id": null, "user_id": null, "user_uuid": null,
        "endpoint_id": null, "source_entry_id": "1"});
    let cells = json!(["Bea Acmé", "5550001", null, null, false, "bea@example.org", false]);
    let row = json!({"column_values": cells, "source": "phonebook", "relations": relations});
    assert_eq!(search(&mut stage, agnes, "BEA@"), [row]);
}

#[test]
fn entries_stand_among_users_and_own_contacts_in_order_of_names() {
    let mut stage = Stage::with(company(), General::default());
    let agnes = stage.enter(AGNES, "available");
    let bela = json!({"class": "people_create_personal_contact", "contact_infos": {"firstname": "Bela"}});
    stage.answer(agnes, &bela.to_string());
    for (pattern, found) in [
        ("be", vec!["Bea Acmé", "Bela", "Berta", "Bertil"]),
        ("acme", vec!["Acme", "Bea Acmé"]),
        ("5550002", vec!["Berta"]),
        ("", vec![]),
    ] {
        assert_eq!(names(&search(&mut stage, agnes, pattern)), found, "{pattern:?}");
    }
    let directory = asked(&mut stage, agnes, &json!({"class": "directory", "pattern": "berta"}));
    assert_eq!(directory["resultlist"], json!(["Berta;5550001;5550002;;"]));
}

/// Settings §9: 62.
#[test]
fn one_number_of_two_names_gives_both() {
    let mut stage = Stage::with(company(), General::default());
    let agnes = stage.enter(AGNES, "available");
    let answer = asked(&mut stage, agnes, &json!({"class": "switchboard_directory_search", "pattern": "5550001"}));
    let row = |name: &str, number: &str, kind: &str| json!({"name": name, "number": number, "number_type": kind});
    let rows =
        [row("Bea Acmé", "5550001", "office"), row("Berta", "5550001", "office"), row("Berta", "5550002", "mobile")];
    assert_eq!(answer["results"], json!(rows));
}

/// Settings §9: 63.
#[test]
fn a_number_without_a_name_is_a_row_with_an_empty_name() {
    let mut known = company();
    known.add_phone_book_entry(entry_details(&[("number", "4711")]), None).expect("an entry");
    let mut stage = Stage::with(known, General::default());
    let agnes = stage.enter(AGNES, "available");
    let rows = |stage: &mut Stage, pattern: &str| {
        asked(stage, agnes, &json!({"class": "switchboard_directory_search", "pattern": pattern}))["results"].take()
    };
    assert_eq!(rows(&mut stage, "4711"), json!([{"name": "", "number": "4711", "number_type": "office"}]));
    assert_eq!(rows(&mut stage, "47110"), json!([]));
}

#[test]
fn an_entry_is_seen_from_its_context_and_one_without_by_everyone() {
    let mut stage = separated();
    let (agnes, chiara) = (stage.enter(AGNES, "available"), stage.enter(CHIARA, "available"));
    let grete = stage.enter(GRETE, "available");
    for (session, found) in [(agnes, vec!["Acme", "Bea Acmé"]), (chiara, vec!["Acme", "Berta"]), (grete, vec!["Acme"])]
    {
        assert_eq!(names(&search(&mut stage, session, "555")), found);
        let directory = asked(&mut stage, session, &json!({"class": "directory", "pattern": "555"}));
        assert_eq!(directory["resultlist"].as_array().map(Vec::len), Some(found.len()));
        let numbers = asked(&mut stage, session, &json!({"class": "switchboard_directory_search", "pattern": "acme"}));
        assert!(!numbers["results"].to_string().contains("Berta"));
    }
    edit(&mut stage, 1, Some(2));
    edit(&mut stage, 2, None);
    assert_eq!(names(&search(&mut stage, agnes, "555")), ["Acme", "Berta"]);
    assert_eq!(names(&search(&mut stage, chiara, "555")), ["Acme", "Bea Acmé", "Berta"]);
    stage.change(|_, general| general.context_separation = false);
    stage.heard(agnes);
    assert_eq!(names(&search(&mut stage, agnes, "555")), ["Acme", "Bea Acmé", "Berta"]);
}

#[test]
fn an_entry_is_a_favourite_for_as_long_as_it_is_seen() {
    let mut stage = separated();
    let agnes = stage.enter(AGNES, "available");
    for hidden in ["2", "99"] {
        assert_eq!(stage.answer(agnes, &mark(hidden, true).to_string()), [""; 0], "{hidden}");
    }
    let update = json!({"source": "phonebook", "source_entry_id": "1", "favorite": true});
    assert_eq!(asked(&mut stage, agnes, &mark("1", true)), update);
    assert_eq!(names(&favorites(&mut stage, agnes)), ["Bea Acmé"]);
    assert_eq!(search(&mut stage, agnes, "bea")[0]["column_values"][4], true);
    edit(&mut stage, 1, Some(2));
    assert_eq!(favorites(&mut stage, agnes), [json!(null); 0]);
    edit(&mut stage, 1, None);
    assert_eq!(names(&favorites(&mut stage, agnes)), ["Bea Acmé"]);
    asked(&mut stage, agnes, &mark("1", false));
    assert_eq!(favorites(&mut stage, agnes), [json!(null); 0]);
    asked(&mut stage, agnes, &mark("3", true));
    stage.change(|known, _| known.remove_phone_book_entry(PhoneBookEntryId::new(3)).expect("an entry"));
    assert_eq!(favorites(&mut stage, agnes), [json!(null); 0]);
    assert_eq!(names(&search(&mut stage, agnes, "acme")), ["Bea Acmé"]);
}

#[test]
fn a_change_of_the_phone_book_tells_no_client_anything() {
    let mut stage = separated();
    let agnes = stage.enter(AGNES, "available");
    edit(&mut stage, 2, Some(1));
    assert_eq!(stage.heard(agnes), [""; 0]);
}

/// Protocol 4.15: these are about one's own contacts.
#[test]
fn an_entry_of_the_phone_book_is_no_contact_of_ones_own() {
    let mut stage = Stage::with(company(), General::default());
    let agnes = stage.enter(AGNES, "available");
    for class in ["people_personal_contact_raw", "people_delete_personal_contact", "people_edit_personal_contact"] {
        let line = json!({"class": class, "source": "phonebook", "source_entry_id": "1",
            "contact_infos": {"firstname": "X"}});
        assert_eq!(stage.answer(agnes, &line.to_string()), [""; 0], "{class}");
    }
    assert_eq!(names(&search(&mut stage, agnes, "bea")), ["Bea Acmé"]);
}

#[test]
fn five_hundred_rows_are_the_most_of_all_together() {
    let mut known = cast();
    for number in 0..300 {
        let name = format!("zz{number:03}");
        known.add_phone_book_entry(entry_details(&[("lastname", &name), ("number", "1")]), None).expect("an entry");
        add_user(&mut known, 100 + number, &format!("zz{number:03}x"), CLIENT);
    }
    let mut stage = Stage::with(known, General::default());
    let agnes = stage.enter(AGNES, "available");
    let rows = search(&mut stage, agnes, "zz");
    assert_eq!((rows.len(), names(&rows)[..2].to_vec()), (500, vec!["zz000", "Zz000x"]));
}
