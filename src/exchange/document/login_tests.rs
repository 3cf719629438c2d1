//! Users without a login in the document: named by their UUID, there and back.

use serde_json::json;

use super::tests::parsed;
use super::*;
use crate::settings::fixtures::{whole_company as small_company, whole_defaults as defaults};
use crate::settings::id::*;
use crate::settings::rule::{Refusal, Severity};
use crate::settings::whole::WholeConfiguration;

/// alice's line and box are those of a user without a login now.
fn with_a_telephone_alone() -> WholeConfiguration {
    let mut office = small_company();
    office.users.edit(UserId::new(1), |user| {
        (user.login, user.password, user.enabled) = (None, None, false);
    });
    office
}

#[test]
fn a_user_without_a_login_is_named_by_the_uuid_and_comes_back() {
    let known = with_a_telephone_alone();
    let uuid = known.users.get(UserId::new(1)).unwrap().uuid.to_string();
    let document = parsed(&known, Secrets::Omitted);
    assert_eq!((&document["users"][0]["login"], &document["users"][0]["enabled"]), (&json!(null), &json!(false)));
    assert_eq!((&document["lines"][0]["user"], &document["voicemails"][0]["user"]), (&json!(uuid), &json!(uuid)));
    let text = document.to_string();
    assert_eq!(read(&text, &known).unwrap(), known);
    assert_eq!(read(&text, &defaults()).unwrap().lines_of(UserId::new(1)).len(), 2);
    assert!(read(&text, &defaults()).unwrap().findings().iter().all(|finding| finding.severity == Severity::Warning));
}

#[test]
fn a_document_names_any_user_by_the_uuid_and_leaves_a_login_out() {
    let mut document = parsed(&small_company(), Secrets::Omitted);
    let uuid = document["users"][0]["uuid"].clone();
    // One of two lines by the login, the other by the UUID: one user, one main line.
    document["lines"][1]["user"] = uuid;
    document["lines"][0].as_object_mut().unwrap().remove("main");
    document["lines"][1].as_object_mut().unwrap().remove("main");
    assert_eq!(read(&document.to_string(), &small_company()).unwrap(), small_company());
    let users = document["users"].as_array_mut().unwrap();
    users.push(json!({"uuid": "0f0e0d0c-0b0a-0908-0706-050403020100", "first_name": "Hall"}));
    let new = read(&document.to_string(), &small_company()).unwrap();
    let hall = new.users.iter().next_back().unwrap();
    assert!(hall.login.is_none() && !hall.enabled && hall.password.is_none());
    let users = document["users"].as_array_mut().unwrap();
    users[3]["enabled"] = json!(true);
    users.push(json!({"first_name": "Nobody"}));
    let problems = read(&document.to_string(), &small_company()).unwrap_err();
    let told: Vec<String> = problems.iter().map(Refusal::with_rule).collect();
    assert_eq!(
        told,
        ["users[4]: uuid: is missing; it may be left out only for a login that is there already (rule D1)"]
    );
}

#[test]
fn a_login_that_comes_or_goes_is_told_by_both_names() {
    let (with, without) = (small_company(), with_a_telephone_alone());
    let uuid = with.users.get(UserId::new(1)).unwrap().uuid;
    let told = differences(&without, &with);
    assert_eq!(
        told[0],
        "~ user 1 \"alice\", now user \"alice\": login null -> \"alice\", password_hash null -> \"set\", enabled false -> true"
    );
    assert_eq!(told.len(), 1, "lines stay whose they are: {told:?} {uuid}");
}
