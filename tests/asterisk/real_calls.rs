//! Calls between real telephones: what clients see of them, and how they obey what people switch.

use serde_json::json;

use crate::company::{connected, installed_office, line_id};
use crate::pbx::Pbx;
use crate::phone::Phone;
use crate::support::Client;

/// Waits until the client hears of this state of a telephone.
fn await_telephone(client: &mut Client, line: &str, hint: &str) {
    client.receive_where(|message| {
        message["function"] == "updatestatus"
            && message["listname"] == "phones"
            && message["tid"] == line
            && message["status"]["hintstatus"] == hint
    });
}

#[test]
fn telephones_follow_a_true_call() {
    let Some(pbx) = Pbx::start() else { return };
    let office = installed_office(&pbx);
    let server = connected(&office);
    let mut client = server.logged_in("carla");
    let (called_line, calling_line) = (line_id(&office, "1001"), line_id(&office, "1002"));
    let (mut caller, mut called) = (Phone::register(&pbx, "1002"), Phone::register(&pbx, "1001"));
    await_telephone(&mut client, &called_line, "0");
    caller.dial("1001");
    called.await_ringing();
    await_telephone(&mut client, &called_line, "8");
    called.answer();
    await_telephone(&mut client, &called_line, "1");
    caller.hang_up();
    called.await_end();
    await_telephone(&mut client, &called_line, "0");
    // The one who calls is in a call as soon as it rings.
    called.dial("1002");
    await_telephone(&mut client, &called_line, "1");
    await_telephone(&mut client, &calling_line, "8");
}

#[test]
fn a_message_in_the_box_is_counted() {
    let Some(pbx) = Pbx::start() else { return };
    let office = installed_office(&pbx);
    let server = connected(&office);
    let mut client = server.logged_in("agnes");
    let mut caller = Phone::register(&pbx, "1002");
    caller.dial("*971001");
    caller.await_answer();
    let mut observer = pbx.observer();
    observer.await_event("Newexten", &[("Application", "VoiceMail")]);
    // Greeting, tone, and some seconds of a message.
    observer.until("the box is recording", |observer| {
        let channels = observer.list("CoreShowChannels", &[]);
        channels.iter().any(|channel| channel.get("Duration").is_some_and(|lasted| lasted >= "00:00:14"))
    });
    caller.hang_up();
    client.receive_where(|message| {
        message["function"] == "updatestatus" && message["listname"] == "voicemails" && message["status"]["new"] == "1"
    });
}

#[test]
fn a_client_dials_and_hangs_up() {
    let Some(pbx) = Pbx::start() else { return };
    let office = installed_office(&pbx);
    let server = connected(&office);
    let (mut own, mut called) = (Phone::register(&pbx, "1001"), Phone::register(&pbx, "1002"));
    let mut client = server.logged_in("agnes");
    client.send(&json!({"class": "ipbxcommand", "command": "dial", "destination": "exten:xivo/1002", "commandid": 5}));
    own.await_ringing();
    own.answer();
    let call = called.await_ringing();
    assert!(call["peeruri"].as_str().unwrap().contains("1001"), "the called one sees who calls: {call}");
    called.answer();
    client.receive_class("dial_success");
    client.send(&json!({"class": "hangup", "commandid": 6}));
    called.await_end();
    own.await_end();
    client.send(&json!({"class": "ipbxcommand", "command": "dial", "destination": "exten:xivo/4444", "commandid": 7}));
    let answer = client.receive_class("ipbxcommand");
    assert_eq!(answer["error_string"], "unreachable_extension:4444");
}
