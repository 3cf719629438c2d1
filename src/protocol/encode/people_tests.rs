//! How the directory family is spelled: shapes of protocol 4.15 and of the recorded sessions.

use serde_json::json;

use super::tests::{SERVER, USER, check, server, user};
use crate::protocol::columns;
use crate::protocol::notice::Notice;
use crate::protocol::people::*;
use crate::protocol::request::{CommandId, EntryReference};
use crate::settings::address_book::{Contact, FailedLine};
use crate::settings::column::Columns;
use crate::settings::id::{AgentId, ContactId, Id, UserId};

fn check_people(notice: PeopleNotice, expected: serde_json::Value) {
    check(Notice::People(notice), expected);
}

#[test]
fn headers_and_no_rows() {
    let titles = json!(["Name", "Number", "Mobile", "Voicemail", "Favorite", "E-mail", "Personal"]);
    let types = json!(["name", "number", "callable", "voicemail", "favorite", "email", "personal"]);
    check_people(
        PeopleNotice::Headers(Columns::default()),
        json!({"class": "people_headers_result", "column_headers": titles, "column_types": types}),
    );
    for (of, class) in
        [(RowsOf::Favorites, "people_favorites_result"), (RowsOf::PersonalContacts, "people_personal_contacts_result")]
    {
        check_people(
            PeopleNotice::Rows { of, headers: Columns::default(), rows: Vec::new() },
            json!({"class": class, "column_headers": titles, "column_types": types, "results": []}),
        );
    }
    check_people(
        PeopleNotice::SwitchboardHeaders(columns::switchboard()),
        json!({"class": "directory_headers", "headers": [["", "status"], ["Name", "name"], ["Number", "number"]]}),
    );
}

#[test]
fn rows_of_a_user_and_of_a_contact() {
    let text = |text: &str| Cell::Text(text.into());
    let relations = Relations {
        server: server(),
        agent: Some(AgentId::new(7)),
        user: UserId::new(42),
        uuid: user(),
        endpoint: None,
    };
    let rows = vec![
        PersonRow {
            cells: vec![text("Zoé B"), text(""), Cell::Flag(false)],
            entry: EntryReference::User(UserId::new(42)),
            relations: Some(relations),
        },
        PersonRow {
            cells: vec![text("Zoe C"), text("1044"), Cell::Flag(true)],
            entry: EntryReference::Contact(ContactId::new(3)),
            relations: None,
        },
    ];
    let headers = Columns::parse("name=Name,company=Firm,favorite=Fav").expect("columns");
    check_people(
        PeopleNotice::Rows { of: RowsOf::Search { term: "zo".into() }, headers, rows },
        json!({
            "class": "people_search_result", "term": "zo",
            "column_headers": ["Name", "Firm", "Fav"], "column_types": ["name", null, "favorite"],
            "results": [
                {"column_values": ["Zoé B", null, false], "source": "internal", "relations": {"xivo_id": SERVER,
                    "agent_id": 7, "user_id": 42, "user_uuid": USER, "endpoint_id": null, "source_entry_id": "42"}},
                {"column_values": ["Zoe C", "1044", true], "source": "personal", "relations": {"xivo_id": null,
                    "agent_id": null, "user_id": null, "user_uuid": null, "endpoint_id": null, "source_entry_id": "3"}},
            ],
        }),
    );
}

#[test]
fn favourites_and_contacts() {
    let (id, which) = (ContactId::new(1), json!({"source": "personal", "source_entry_id": "1"}));
    let about = |class: &str, more: serde_json::Value| {
        let mut expected = which.clone();
        expected["class"] = json!(class);
        expected.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        expected
    };
    let entry = EntryReference::Contact(id);
    let update = PeopleNotice::FavoriteUpdate { entry, is_favorite: true };
    check_people(update, about("people_favorite_update", json!({"favorite": true})));
    check_people(PeopleNotice::ContactCreated, json!({"class": "people_personal_contact_created"}));
    check_people(PeopleNotice::ContactDeleted(id), about("people_personal_contact_deleted", json!({})));
    check_people(PeopleNotice::ContactEdited(id), about("people_personal_contact_raw_update", json!({})));
    let zoe = Contact::new([("firstname".into(), "Zoe".into())]).expect("a contact");
    let infos = json!({"contact_infos": {"firstname": "Zoe"}});
    check_people(PeopleNotice::ContactRaw(id, zoe), about("people_personal_contact_raw_result", infos));
    check_people(PeopleNotice::ContactsPurged, json!({"class": "people_personal_contacts_purged"}));
    check_people(
        PeopleNotice::ContactsExported { csv: "firstname\r\nZoe\r\n".into() },
        json!({"class": "people_export_personal_contacts_csv_result", "csv_contacts": "firstname\r\nZoe\r\n"}),
    );
    let failed = vec![FailedLine { line: 3, error: "nothing is filled in".into() }];
    check_people(
        PeopleNotice::ContactsImported { created: 2, failed },
        json!({"class": "people_import_personal_contacts_csv_result", "created_count": 2,
            "failed": [{"line": 3, "errors": ["nothing is filled in"]}]}),
    );
}

#[test]
fn the_older_searches() {
    let reply = CommandId(Some(json!(90)));
    check_people(
        PeopleNotice::Directory {
            reply,
            headers: vec!["Name".into(), "Number".into()],
            rows: vec!["Zoe B;1044".into()],
        },
        json!({"class": "directory", "replyid": 90, "status": "ok", "headers": ["Name", "Number"],
            "resultlist": ["Zoe B;1044"]}),
    );
    let row = |number: &str, kind| SwitchboardRow { name: "Zoe B".into(), number: number.into(), kind };
    let rows = vec![row("1044", NumberKind::Office), row("555", NumberKind::Mobile)];
    check_people(
        PeopleNotice::SwitchboardRows { pattern: "zo".into(), rows },
        json!({"class": "directory_search_result", "pattern": "zo", "results": [
            {"name": "Zoe B", "number": "1044", "number_type": "office"},
            {"name": "Zoe B", "number": "555", "number_type": "mobile"}]}),
    );
}
