//! What callers are called: by whom they are found, and that only what the called one may see is said.

use serde_json::json;

use super::*;
use crate::live::messages::telephony::{Callee, CallerQuestion, CallerQuestionId};
use crate::settings::edit::NewDialRule;
use crate::settings::fixtures::entry_details;
use crate::settings::id::QueueId;
use crate::settings::name::{DialDigits, MobileNumber};

/// The cast with numbers outside: chiara's mobile, `Acme` for everyone, `Berta` for sales, and a rule for calls to France.
fn company() -> Configuration {
    let mut known = cast();
    known.users.edit(UserId::new(CHIARA), |user| user.mobile = Some(name(MobileNumber::parse("+39333"))));
    for (texts, context) in [
        ([("company", "Acme"), ("number", "+33123456789")], None),
        ([("firstname", "Berta"), ("number", "5550002")], Some(ContextId::new(2))),
    ] {
        known.add_phone_book_entry(entry_details(&texts), context).expect("an entry");
    }
    let digits = |text| name(DialDigits::parse(text));
    let rule = NewDialRule { prefix: digits("+33"), strip: 3, add: digits("0"), context: None };
    known.add_dial_rule(rule).expect("a rule");
    known
}

fn separated() -> Stage {
    Stage::with(company(), General { context_separation: true, ..General::default() })
}

fn user(number: i64) -> Callee {
    Callee::User(UserId::new(number))
}

fn extension(extension: &str, context: &str) -> Callee {
    Callee::Extension { extension: extension.into(), context: context.into() }
}

/// What the caller of this number is called; empty for nobody whom the called one knows.
fn called_by(stage: &mut Stage, called: Callee, number: &str) -> String {
    let id = CallerQuestionId(7);
    stage.apply(Input::CallerAsked { id, question: CallerQuestion { number: number.into(), called } });
    let (of, name) = stage.callers.pop().expect("an answer");
    assert_eq!((of, stage.callers.len()), (id, 0), "one answer to each question");
    name.unwrap_or_default().into()
}

#[test]
fn a_caller_is_found_among_users_and_in_the_phone_book() {
    let mut stage = Stage::with(company(), General::default());
    for (number, name) in [
        ("1002", "Bertil"),
        ("+39333", "Chiara"),
        ("+33123456789", "Acme"),
        ("0123456789", "Acme"),
        ("5550002", "Berta"),
        ("5550003", ""),
        ("123456789", ""),
    ] {
        for called in [user(AGNES), extension("1001", "default"), Callee::Queue(QueueId::new(1))] {
            assert_eq!(called_by(&mut stage, called, number), name, "{number}");
        }
    }
}

#[test]
fn what_the_called_one_may_not_see_names_nobody() {
    let mut stage = separated();
    let of_sales = [user(CHIARA), extension("1003", "sales"), extension("3002", "sales")];
    for (number, seen_by_all) in [("+39333", ""), ("5550002", ""), ("0123456789", "Acme"), ("1003", "")] {
        for called in [user(AGNES), extension("3001", "default")] {
            assert_eq!(called_by(&mut stage, called, number), seen_by_all, "{number}");
        }
    }
    for called in of_sales {
        assert_eq!(called_by(&mut stage, called.clone(), "5550002"), "Berta");
        assert_eq!(called_by(&mut stage, called, "1002"), "");
    }
}

#[test]
fn ones_own_contacts_name_callers_to_oneself_alone() {
    let mut stage = separated();
    let agnes = stage.enter(AGNES, "available");
    let contact = json!({"firstname": "Aunt", "lastname": "Mia", "mobile": "+33 (0)6 11-22"});
    stage.answer(agnes, &json!({"class": "people_create_personal_contact", "contact_infos": contact}).to_string());
    for number in ["+3361122", "061122"] {
        assert_eq!(called_by(&mut stage, user(AGNES), number), "Aunt Mia", "{number}");
        assert_eq!(called_by(&mut stage, user(BERTIL), number), "");
        assert_eq!(called_by(&mut stage, Callee::Queue(QueueId::new(1)), number), "");
    }
    assert_eq!(called_by(&mut stage, user(AGNES), "1122"), "", "a part of a number is none");
    stage.is_store_broken = true;
    assert_eq!(called_by(&mut stage, user(AGNES), "061122"), "");
    assert_eq!(called_by(&mut stage, user(AGNES), "0123456789"), "Acme", "who is known needs no store");
}

#[test]
fn one_whom_nobody_knows_is_called_by_nobody() {
    let mut stage = Stage::with(company(), General::default());
    for called in [
        user(77),
        user(GRETE),
        Callee::Queue(QueueId::new(77)),
        extension("1001", "sales"),
        extension("1001", "from-trunk"),
        extension("4444", "default"),
    ] {
        assert_eq!(called_by(&mut stage, called, "0123456789"), "");
    }
}
