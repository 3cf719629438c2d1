//! Whatever a client sends is a request or a bad line, never a panic, and in time in proportion to its length.

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

use super::*;

const CLASSES: &[&str] = &[
    "starttls",
    "login_id",
    "login_pass",
    "login_capas",
    "availstate",
    "getlist",
    "featuresput",
    "register_agent_status_update",
    "register_endpoint_status_update",
    "unregister_user_status_update",
    "chitchat",
    "subscribe",
    "getqueuesstats",
    "ipbxcommand",
    "faxsend",
    "call_form_result",
    "people_search",
    "people_import_personal_contacts_csv",
    "history",
    "attended_transfer",
    "blind_transfer_voicemail",
    "answer",
    "hold_switchboard",
    "nosuch",
];

const MEMBERS: &[&str] = &[
    "agent_ids",
    "agentids",
    "alias",
    "availstate",
    "capaid",
    "command",
    "commandid",
    "company",
    "csv_contacts",
    "data",
    "destination",
    "destunc",
    "enableunc",
    "endpoint_ids",
    "function",
    "functionargs",
    "ident",
    "infos",
    "listname",
    "member",
    "message",
    "number",
    "on",
    "password",
    "pattern",
    "queue",
    "queue_name",
    "queueid",
    "size",
    "state",
    "status",
    "target",
    "text",
    "tid",
    "to",
    "unique_id",
    "user_ids",
    "userlogin",
    "value",
    "variables",
    "voicemail",
    "wazoversion",
    "window",
    "xivoversion",
    "xqos",
];

/// Texts that lead on, to the parsers behind the first check.
const WORDS: &[&str] = &[
    "",
    "1",
    "-1",
    "2.3",
    "9223372036854775808",
    "all",
    "users",
    "groups",
    "listid",
    "updateconfig",
    "updatestatus",
    "fwd",
    "enablednd",
    "enablerecording",
    "queueentryupdate",
    "agentlogin",
    "dial",
    "queueadd",
    "queuepause",
    "meetme",
    "MeetmeMute",
    "agent:special:me",
    "agent:xivo/7",
    "queue:xivo/all",
    ":/",
    "0f6a1b2c-3d4e-4f50-8a61-72839405a6b7",
];

fn any_value() -> impl Strategy<Value = Value> {
    let scalar = prop_oneof![
        4 => select(WORDS).prop_map(Value::from),
        1 => any::<String>().prop_map(Value::from),
        1 => any::<i64>().prop_map(Value::from),
        1 => any::<f64>().prop_map(Value::from),
        1 => any::<bool>().prop_map(Value::from),
        1 => Just(Value::Null),
    ];
    scalar.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            members(inner).prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn members(value: impl Strategy<Value = Value>) -> impl Strategy<Value = Vec<(String, Value)>> {
    let name = prop_oneof![5 => select(MEMBERS).prop_map(str::to_owned), 1 => any::<String>()];
    proptest::collection::vec((name, value), 0..6)
}

/// What a refusal must be: plain, of one line, with the line's own `commandid`.
fn check_refusal(bad: &BadLine) {
    assert!(!bad.detail.is_empty() && !bad.detail.contains('\n'), "{}", bad.detail);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn any_bytes_give_a_request_or_a_bad_line(line in proptest::collection::vec(any::<u8>(), 0..200)) {
        if let Err(bad) = parse(&line) {
            check_refusal(&bad);
        }
    }

    #[test]
    fn any_json_gives_a_request_or_a_bad_line(
        class in prop_oneof![9 => select(CLASSES).prop_map(Value::from), 1 => any_value()],
        members in members(any_value()),
    ) {
        let mut object: serde_json::Map<String, Value> = members.into_iter().collect();
        object.insert("class".to_owned(), class);
        // One that is too long to be echoed makes the line a bad one.
        let is_short = |value: &Value| value.to_string().len() <= members::ECHO_BYTES_MAX;
        let commandid = object.get("commandid").filter(|value| is_short(value)).cloned();
        match parse(Value::Object(object).to_string().as_bytes()) {
            Ok(line) => prop_assert_eq!(line.commandid.0, commandid),
            Err(bad) => {
                check_refusal(&bad);
                prop_assert_eq!(bad.reply.0, commandid);
            }
        }
    }

    #[test]
    fn any_json_at_all_gives_a_request_or_a_bad_line(value in any_value()) {
        if let Err(bad) = parse(value.to_string().as_bytes()) {
            check_refusal(&bad);
        }
    }
}

#[test]
fn long_lines_of_every_ugly_kind_are_read_or_refused() {
    const PIECES: usize = 200_000;
    for piece in ["[", "{\"a\":", "\"", "\\", "[],", "0,", "\\ud800", "\"\\ud800\",", "\u{1f600}", " "] {
        let pieces = piece.repeat(PIECES);
        for line in [pieces.clone(), format!("{{\"class\":\"keepalive\",\"x\":\"{pieces}\"}}")] {
            if let Err(bad) = parse(line.as_bytes()) {
                check_refusal(&bad);
            }
        }
    }
    let long = json!({"class": "keepalive", "commandid": 9, "x": "y".repeat(2_000_000)}).to_string();
    assert_eq!(parse(long.as_bytes()).expect("as recorded").commandid, CommandId(Some(json!(9))));
}
