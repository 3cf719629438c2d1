//! Calls between real telephones: what clients see of them, and how they obey what people switch.

use serde_json::{Value, json};

use crate::company::{connected, installed_office, line_id, user_id};
use crate::pbx::Pbx;
use crate::phone::Phone;
use crate::support::Client;

/// Waits until the client hears of this state of a telephone.
fn await_telephone(client: &mut Client, line: &str, hint: &str) {
    client.receive_where(|message| is_telephone(message, line, hint));
}

/// The same of several, in whatever order Asterisk tells of them.
fn await_telephones(client: &mut Client, expected: &[(&str, &str)]) {
    let mut missing = expected.to_vec();
    while !missing.is_empty() {
        let is_missing = |message: &Value| missing.iter().any(|(line, hint)| is_telephone(message, line, hint));
        let heard = client.receive_where(is_missing);
        missing.retain(|(line, hint)| !is_telephone(&heard, line, hint));
    }
}

fn is_telephone(message: &Value, line: &str, hint: &str) -> bool {
    message["function"] == "updatestatus"
        && message["listname"] == "phones"
        && message["tid"] == line
        && message["status"]["hintstatus"] == hint
}

/// Switches something, and waits until the server says that it is so.
fn switch(client: &mut Client, function: &str, value: &Value, expected: &Value) {
    client.send(&json!({"class": "featuresput", "function": function, "value": value, "commandid": 3}));
    client.receive_where(|message| {
        message["function"] == "updateconfig" && message["listname"] == "users" && message["config"] == *expected
    });
}

/// The caller hears that the number is busy.
fn assert_busy(caller: &mut Phone, number: &str) {
    caller.dial(number);
    let reason = caller.await_end();
    assert!(reason.contains("486"), "{reason}");
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
    await_telephones(&mut client, &[(&called_line, "1"), (&calling_line, "8")]);
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

#[test]
fn do_not_disturb_by_the_client_makes_a_telephone_busy_and_lights_its_key() {
    let Some(pbx) = Pbx::start() else { return };
    let office = installed_office(&pbx);
    let server = connected(&office);
    let mut observer = pbx.observer();
    let agnes = user_id(&office, "agnes");
    let (mut caller, mut called) = (Phone::register(&pbx, "1002"), Phone::register(&pbx, "1001"));
    let mut client = server.logged_in("agnes");
    switch(&mut client, "enablednd", &json!(true), &json!({"enablednd": true}));
    let lamp = format!("*735{agnes}***225");
    observer.until("the key is lit", |observer| observer.is_lit(&lamp));
    assert_eq!(observer.hint(&lamp), "1");
    assert_eq!(observer.hint("1001"), "0", "the telephone itself does not look busy");
    assert_busy(&mut caller, "1001");
    switch(&mut client, "enablednd", &json!(false), &json!({"enablednd": false}));
    observer.until("the key is dark", |observer| !observer.is_lit(&lamp));
    caller.dial("1001");
    called.await_ringing();
}

#[test]
fn do_not_disturb_by_the_code_is_told_to_clients_and_makes_the_telephone_busy() {
    let Some(pbx) = Pbx::start() else { return };
    let office = installed_office(&pbx);
    let server = connected(&office);
    let agnes = user_id(&office, "agnes");
    let mut client = server.logged_in("carla");
    let (mut caller, mut called) = (Phone::register(&pbx, "1002"), Phone::register(&pbx, "1001"));
    called.dial("*25");
    called.await_end();
    client.receive_where(|message| message["tid"] == agnes && message["config"] == json!({"enablednd": true}));
    let mut observer = pbx.observer();
    observer.until("the key is lit", |observer| observer.is_lit(&format!("*735{agnes}***225")));
    assert_busy(&mut caller, "1001");
    called.dial("*25");
    called.await_end();
    client.receive_where(|message| message["tid"] == agnes && message["config"] == json!({"enablednd": false}));
    caller.dial("1001");
    called.await_ringing();
}

#[test]
fn forwards_by_client_and_by_code_forward() {
    let Some(pbx) = Pbx::start() else { return };
    let office = installed_office(&pbx);
    let server = connected(&office);
    let agnes = user_id(&office, "agnes");
    let (mut caller, mut called) = (Phone::register(&pbx, "1002"), Phone::register(&pbx, "1001"));
    let mut third = Phone::register(&pbx, "1003");
    let mut client = server.logged_in("agnes");
    let forward = json!({"enableunc": true, "destunc": "1003"});
    switch(&mut client, "fwd", &forward, &forward);
    let mut observer = pbx.observer();
    observer.until("the dial plan knows", |observer| observer.key(&format!("cti/{agnes}"), "fwdunc") == "1003");
    observer.until("the key is lit", |observer| observer.is_lit(&format!("*735{agnes}***221*1003")));
    caller.dial("1001");
    third.await_ringing();
    caller.hang_up();
    third.await_end();
    called.dial("*21");
    called.await_end();
    client.receive_where(|message| message["tid"] == agnes && message["config"]["enableunc"] == false);
    called.dial("*231003");
    called.await_end();
    client.receive_where(|message| message["tid"] == agnes && message["config"]["destbusy"] == "1003");
    // Busy in a call of its own.
    called.dial("1002");
    caller.await_ringing();
    caller.answer();
    observer.tell(
        "Originate",
        &[("Channel", "Local/1001@default/n"), ("Application", "Wait"), ("Data", "20"), ("Async", "true")],
    );
    // The second line of the telephone rings, and is refused.
    called.await_ringing();
    called.hang_up();
    third.await_ringing();
}
