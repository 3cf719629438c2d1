//! Favourites and personal contacts as clients write them; the lines are from recorded sessions.

use super::tests::{check, check_missing, check_wrong};
use crate::protocol::request::{EntryReference, Request};
use crate::settings::address_book::Contact;
use crate::settings::id::{ContactId, Id, PhoneBookEntryId, UserId};

fn dana() -> Contact {
    let texts = [("company", "mlaut & Co"), ("fax", ""), ("firstname", "Dana"), ("lastname", "Müller")];
    Contact::new(texts.map(|(name, text)| (name.into(), text.into()))).expect("a contact")
}

const DANA: &str = r#"{"company":"mlaut & Co","fax":"","firstname":"Dana","lastname":"Müller"}"#;

#[test]
fn a_favourite_is_a_source_an_id_and_a_mark() {
    let line = |rest: &str| format!(r#"{{"class":"people_set_favorite","commandid":1,{rest}}}"#);
    let (user, contact) = (EntryReference::User(UserId::new(2)), EntryReference::Contact(ContactId::new(7)));
    let of_all = EntryReference::PhoneBook(PhoneBookEntryId::new(7));
    for (rest, entry, is_favorite) in [
        (r#""favorite":true,"source":"internal","source_entry_id":"2""#, user, true),
        (r#""favorite":false,"source":"internal","source_entry_id":2"#, user, false),
        (r#""favorite":true,"source":"personal","source_entry_id":"7""#, contact, true),
        (r#""favorite":true,"source":"phonebook","source_entry_id":"7""#, of_all, true),
    ] {
        check(&line(rest), Request::PeopleSetFavorite { entry, is_favorite });
    }
    for rest in [
        r#""favorite":true,"source":"nowhere","source_entry_id":"2""#,
        r#""favorite":true,"source":"internal","source_entry_id":"a1""#,
        r#""favorite":true,"source":"internal""#,
        r#""favorite":null,"source":"internal","source_entry_id":"2""#,
    ] {
        check(&line(rest), Request::Silent);
    }
    check_wrong(&line(r#""favorite":1,"source":"internal","source_entry_id":"2""#), "favorite");
    check_wrong(&line(r#""favorite":true,"source":5,"source_entry_id":"2""#), "source");
    check_wrong(&line(r#""favorite":true,"source":"internal","source_entry_id":[]"#), "source_entry_id");
}

#[test]
fn a_personal_contact_is_an_object_of_texts() {
    let line =
        |class: &str, rest: &str| format!(r#"{{"class":"people_{class}_personal_contact","commandid":1,{rest}}}"#);
    let (id, which) = (ContactId::new(3), r#""source":"personal","source_entry_id":"3""#);
    check(&line("create", &format!(r#""contact_infos":{DANA}"#)), Request::CreatePersonalContact(dana()));
    let edited = Request::EditPersonalContact(id, dana());
    check(&line("edit", &format!(r#"{which},"contact_infos":{DANA}"#)), edited);
    check(&line("delete", which), Request::DeletePersonalContact(id));
    let raw = format!(r#"{{"class":"people_personal_contact_raw",{which}}}"#);
    check(&raw, Request::PersonalContactRaw(id));
    check(&raw.replace("personal\"", "internal\""), Request::Silent);
    check(&line("create", r#""contact_infos":{"firstname":"","lastname":null}"#), Request::Silent);
    check_wrong(&line("create", r#""contact_infos":{"firstname":5}"#), "contact_infos");
    check_wrong(&line("create", r#""contact_infos":"Dana""#), "contact_infos");
    let twice = r#""contact_infos":{"firstname":5,"firstname":"Dora","note":"x","firstname":"Dana"}"#;
    let held = Contact::new([("firstname", "Dana"), ("note", "x")].map(|(name, text)| (name.into(), text.into())));
    let held = held.expect("a contact");
    check(&line("create", twice), Request::CreatePersonalContact(held.clone()));
    let often = format!(r#""contact_infos":{{{}"firstname":"Dana","note":"x"}}"#, r#""firstname":"X","#.repeat(100));
    check(&line("create", &often), Request::CreatePersonalContact(held));
    check_wrong(&line("create", r#""contact_infos":{"firstname":"Dana","firstname":5}"#), "contact_infos");
    let too_much = [
        (0..65).map(|n| format!(r#""n{n}":"x""#)).collect::<Vec<_>>().join(","),
        format!(r#""{}":"x""#, "n".repeat(65)),
        format!(r#""note":"{}""#, "x".repeat(16 * 1024)),
    ];
    for infos in too_much {
        check_wrong(&line("create", &format!(r#""contact_infos":{{{infos}}}"#)), "contact_infos");
    }
}

#[test]
fn a_table_to_import_is_left_as_it_came() {
    let line = |csv: &str| format!(r#"{{"class":"people_import_personal_contacts_csv","csv_contacts":{csv}}}"#);
    let text = "firstname\nFinn\n\"x\n";
    check(&line(r#""firstname\nFinn\n\"x\n""#), Request::ImportPersonalContacts(text.into()));
    check_missing(r#"{"class":"people_import_personal_contacts_csv"}"#, "csv_contacts");
    check_wrong(&line("null"), "csv_contacts");
}
