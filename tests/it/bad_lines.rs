//! Bad lines (protocol decision 2): an answer that names what is wrong, never a silent cut; the other lines are served.

use serde_json::{Value, json};

use crate::support::client::unstamped;
use crate::support::{Appliance, Client};

const LINE_BYTES_BEFORE_LOGIN_MAX: usize = 64 * 1024;
const LINE_BYTES_MAX: usize = 16 * 1024 * 1024;

fn code(client: &mut Client, text: &str) -> Value {
    client.send_text(&format!("{text}\n"));
    let answer = client.receive();
    assert_eq!(answer["class"], "protocol_error", "{text} is answered {answer}");
    assert!(answer["detail"].as_str().is_some_and(|detail| !detail.is_empty()), "{answer}");
    answer["error_string"].clone()
}

#[test]
fn every_kind_of_bad_line_has_its_code() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    for lines in [
        &[
            ("hello", "not_json"),
            ("{\"class\":\"keepalive\",}", "not_json"),
            ("{\"class\":\"keepalive\"}{\"class\":\"keepalive\"}", "not_json"),
            ("{\"class\":\"keepalive\",\"commandid\":NaN}", "not_json"),
            ("{\"class\":\"keepalive\",\"commandid\":1e999}", "not_json"),
            ("[]", "not_an_object"),
            ("null", "not_an_object"),
            ("{\"commandid\":3}", "missing_class"),
        ][..],
        &[
            ("{\"class\":null}", "wrong_type"),
            ("{\"class\":[\"keepalive\"]}", "wrong_type"),
            ("{\"class\":\"availstate\"}", "missing_member"),
            ("{\"class\":\"availstate\",\"availstate\":5}", "wrong_type"),
            (
                "{\"class\":\"getlist\",\"function\":\"updateconfig\",\"listname\":\"users\",\"tid\":[\"1\"]}",
                "wrong_type",
            ),
            ("{\"class\":\"register_user_status_update\"}", "missing_member"),
            ("{\"class\":\"register_user_status_update\",\"user_ids\":[11]}", "wrong_type"),
        ],
        &[
            ("{\"class\":\"chitchat\",\"alias\":\"x\",\"text\":\"y\"}", "missing_member"),
            ("{\"class\":\"chitchat\",\"alias\":\"x\",\"text\":\"y\",\"to\":\"xivo/12\"}", "wrong_type"),
            ("{\"class\":\"history\",\"size\":\"-1\"}", "wrong_type"),
            ("{\"class\":\"history\",\"size\":\"x\"}", "wrong_type"),
            ("{\"class\":\"history\"}", "missing_member"),
        ],
    ] {
        let mut client = server.logged_in("agnes");
        client.fence();
        for (text, wanted) in lines {
            assert_eq!(code(&mut client, text), *wanted, "for {text}");
        }
        client.fence();
    }
}

#[test]
fn a_bad_line_names_the_member_and_the_command() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let mut client = server.logged_in("agnes");
    client.fence();
    let answer = client.ask(&json!({"class": "availstate", "commandid": 42}));
    assert_eq!(answer["replyid"], 42);
    assert!(answer["detail"].as_str().unwrap().contains("availstate"), "{answer}");
    let answer = client.ask(&json!({"class": "availstate"}));
    assert!(answer.get("replyid").is_none(), "{answer}");
}

#[test]
fn the_other_lines_of_one_write_are_served() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let mut client = server.logged_in("agnes");
    client.fence();
    client.send_text("{\"class\":\"keepalive\",\"commandid\":1}\nbad\n{\"class\":\"keepalive\",\"commandid\":2}\n");
    assert_eq!(client.receive()["replyid"], 1);
    assert_eq!(client.receive()["error_string"], "not_json");
    assert_eq!(client.receive()["replyid"], 2);
}

#[test]
fn empty_lines_and_line_ends_of_windows_are_no_errors() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let mut client = server.logged_in("agnes");
    client.fence();
    client.send_text("\n\r\n   {\"class\" : \"keepalive\", \"commandid\":5}   \r\n\n");
    assert_eq!(client.receive()["replyid"], 5);
    client.expect_silence();
}

#[test]
fn a_line_may_come_in_pieces() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let mut client = server.logged_in("agnes");
    client.fence();
    for piece in ["{\"class\":\"kee", "palive\",\"comm", "andid\":12}", "\n"] {
        client.send_text(piece);
    }
    let answer = client.receive();
    assert_eq!(unstamped(answer), json!({"class": "keepalive", "replyid": 12, "warning_string": "unimplemented"}));
}

#[test]
fn before_login_a_bad_line_closes() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    for (text, wanted) in [("hello", "not_json"), ("{}", "missing_class"), ("{\"class\":7}", "wrong_type")] {
        let mut client = server.client("nobody");
        client.receive_class("starttls");
        assert_eq!(code(&mut client, text), wanted);
        client.expect_plain_close();
    }
}

#[test]
fn the_tenth_bad_line_within_a_minute_closes() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let mut client = server.logged_in("agnes");
    client.fence();
    for _ in 0..9 {
        assert_eq!(code(&mut client, "bad"), "not_json");
    }
    client.send_text("bad\n");
    let rest = client.expect_close();
    assert_eq!(rest.last().unwrap()["error_string"], "too_many_errors", "{rest:?}");
}

#[test]
fn a_line_too_long_before_login_is_told_and_closed() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let mut client = server.client("nobody");
    client.receive_class("starttls");
    client.send_bytes(&vec![b'x'; LINE_BYTES_BEFORE_LOGIN_MAX + 1]);
    assert_eq!(client.receive()["error_string"], "line_too_long");
    client.expect_plain_close();
}

#[test]
fn a_line_too_long_after_login_is_told_and_closed() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let mut client = server.logged_in("agnes");
    client.fence();
    client.send_bytes(&vec![b'x'; LINE_BYTES_MAX + 1]);
    assert_eq!(client.receive()["error_string"], "line_too_long");
    client.expect_plain_close();
}

#[test]
fn a_line_of_two_megabytes_is_served_after_login() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let mut client = server.logged_in("agnes");
    client.fence();
    let text = "y".repeat(2_000_000);
    client.send_text(&format!("{{\"class\":\"keepalive\",\"commandid\":9,\"x\":\"{text}\"}}\n"));
    assert_eq!(client.receive()["replyid"], 9);
}

#[test]
fn a_line_too_deep_is_told() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let mut client = server.logged_in("agnes");
    client.fence();
    for depth in [40, 900, 100_000] {
        let text = format!("{{\"class\":\"keepalive\",\"x\":{}{}}}", "[".repeat(depth), "]".repeat(depth));
        assert_eq!(code(&mut client, &text), "too_deep", "at depth {depth}");
    }
    client.expect_silence();
}

#[test]
fn what_is_not_utf_8_is_not_json() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let mut client = server.logged_in("agnes");
    client.fence();
    for bytes in
        [&b"{\"class\":\"keepalive\",\"x\":\"\xff\xfe\"}\n"[..], b"\x00\n", b"\xef\xbb\xbf{\"class\":\"keepalive\"}\n"]
    {
        client.send_bytes(bytes);
        assert_eq!(client.receive()["error_string"], "not_json");
    }
}

#[test]
fn an_unknown_class_is_silent_until_it_is_asked_for() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let mut client = server.logged_in("agnes");
    client.fence();
    client.send(&json!({"class": "nosuchclass", "commandid": 4}));
    client.expect_silence();
    drop(server);
    appliance.set("protocol.answer_unknown", "true");
    let server = appliance.serve();
    let mut client = server.logged_in("agnes");
    client.fence();
    let answer = client.ask(&json!({"class": "nosuchclass", "commandid": 4}));
    assert_eq!((&answer["error_string"], &answer["replyid"]), (&json!("unknown_class"), &json!(4)));
}
