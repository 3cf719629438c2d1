//! What a line may hold at most, and what is passed over or taken in pieces.

use serde_json::json;

use super::tests::{SERVER, check, check_wrong};
use super::*;
use crate::protocol::request::{Registrations, UnknownListAsked};

#[test]
fn what_is_echoed_has_an_end() {
    let long = "x".repeat(members::ECHO_BYTES_MAX);
    check_wrong(&json!({"class": "keepalive", "commandid": long}).to_string(), "commandid");
    check_wrong(&json!({"class": "starttls", "status": [long]}).to_string(), "status");
    let tid = json!({"class": "getlist", "function": "updateconfig", "listname": "users", "tid": long});
    check_wrong(&tid.to_string(), "tid");
    let unknown = json!({"class": "getlist", "function": "updateconfig", "listname": format!("{long}y"), "tid": "1"});
    let (asked, name) = (UnknownListAsked::Config, Box::from(&*long));
    check(&unknown.to_string(), Request::UnknownList { asked, name, tid: json!("1") });
}

#[test]
fn a_pattern_is_cut_between_two_characters() {
    let line = json!({"class": "people_search", "pattern": format!("x{}", "é".repeat(1000))}).to_string();
    check(&line, Request::PeopleSearch { pattern: format!("x{}", "é".repeat(511)).into() });
}

#[test]
fn members_that_no_class_has_are_skipped() {
    let many = "{\"a\":1},".repeat(30_000);
    let line = format!(r#"{{"x":[{many}1e999],"class":"keepalive","y":{{"commandid":5}},"commandid":7}}"#);
    let line = parse(line.as_bytes()).expect("a keepalive");
    assert_eq!((line.request, line.commandid), (Request::KeepAlive, CommandId(Some(json!(7)))));
}

#[test]
fn a_line_of_many_registrations_is_several_requests() {
    let pairs: Vec<_> = (1..=1201).map(|id| json!([SERVER, id])).collect();
    let line = json!({"class": "register_endpoint_status_update", "endpoint_ids": pairs}).to_string();
    let pieces = parse(line.as_bytes()).expect("a registration").pieces();
    let ids = pieces.into_iter().map(|piece| match piece.request {
        Request::Register(Registrations::Endpoints(pairs)) => pairs.into_iter().map(|(_, id)| id).collect::<Vec<_>>(),
        other => unreachable!("{other:?}"),
    });
    let ids: Vec<_> = ids.collect();
    assert_eq!(ids.iter().map(Vec::len).collect::<Vec<_>>(), [500, 500, 201]);
    assert_eq!(ids.concat(), (1..=1201).collect::<Vec<_>>());
}
