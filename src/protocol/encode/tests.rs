//! One table a family: how each notice is spelled. Shapes are from the recording of the original server where no
//! protocol decision says otherwise.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::protocol::columns;
use crate::protocol::notice::*;
use crate::protocol::people::PeopleNotice;
use crate::protocol::request::*;
use crate::settings::column::Columns;
use crate::settings::id::{AgentId, Id, LineId, ProfileId, QueueId, ServerUuid, UserId, UserUuid};

pub(super) const SERVER: &str = "5a1e5a1e-0000-4000-8000-000000000001";
pub(super) const USER: &str = "00000000-0000-4000-8000-000000000012";
const UNIX_TIME: f64 = 1_471_009_851.271;

pub(super) fn server() -> ServerUuid {
    ServerUuid::parse(SERVER).expect("a uuid")
}

pub(super) fn user() -> UserUuid {
    UserUuid::parse(USER).expect("a uuid")
}

/// The line's object without its stamp; every rule of a line is checked on the way.
fn read(line: &[u8]) -> Value {
    assert_eq!(line.iter().position(|byte| *byte == b'\n'), Some(line.len() - 1), "one line");
    assert!(line[..line.len() - 1].iter().all(|byte| (b' '..=b'~').contains(byte)), "{}", line.escape_ascii());
    let text = std::str::from_utf8(line).expect("ASCII");
    let mut value: Value = serde_json::from_str(text).expect(text);
    let object = value.as_object_mut().expect("an object");
    let timenow = object.swap_remove("timenow").expect("a stamp");
    assert!(timenow.is_f64(), "{text}");
    assert!(object.get("class").is_some_and(Value::is_string), "{text}");
    value
}

pub(super) fn check(notice: Notice, expected: Value) {
    let line = encode(&notice, UNIX_TIME);
    assert_eq!(read(&line), expected, "{notice:?}");
}

pub(super) fn commandid(value: Value) -> CommandId {
    CommandId(Some(value))
}

#[test]
fn the_stamp_is_a_float_with_a_fraction() {
    let line = |unix_time| String::from_utf8(encode(&Notice::OfferStartTls, unix_time).to_vec()).expect("ASCII");
    assert_eq!(line(1_471_009_851.271045), "{\"class\":\"starttls\",\"timenow\":1471009851.271045}\n");
    assert_eq!(line(1_471_009_851.0), "{\"class\":\"starttls\",\"timenow\":1471009851.0}\n");
    for odd in [f64::NAN, f64::INFINITY, -1.0, 0.0] {
        read(line(odd).as_bytes());
    }
}

#[test]
fn text_is_escaped_into_ascii() {
    let text = "h\u{e9}llo \u{1f600} \"quoted\" \\ \u{7} \u{7f} \u{fffd}\n";
    let line =
        encode(&Notice::People(PeopleNotice::SwitchboardRows { pattern: text.into(), rows: Vec::new() }), UNIX_TIME);
    let text = std::str::from_utf8(&line).expect("ASCII");
    let expected = r#""pattern":"h\u00e9llo \ud83d\ude00 \"quoted\" \\ \u0007 \u007f \ufffd\n""#;
    assert!(text.contains(expected), "{text}");
}

#[test]
fn the_login_ladder() {
    check(Notice::OfferStartTls, json!({"class": "starttls"}));
    for status in [json!(true), json!(false), json!(null), json!("x")] {
        check(Notice::AnswerStartTls { status: status.clone() }, json!({"class": "starttls", "starttls": status}));
    }
    for (version, member) in [
        (Version::V2_0, "xivoversion"),
        (Version::V2_1, "xivoversion"),
        (Version::V2_2, "xivoversion"),
        (Version::V2_3, "wazoversion"),
    ] {
        let answer = Notice::LoginId { session_id: "Qz81LmT0vb".into(), version };
        check(answer, json!({"class": "login_id", "sessionid": "Qz81LmT0vb", member: version.as_str()}));
    }
    for (member, text) in
        [(VersionMember::Xivo, "xivoversion_client:1.0;2.3"), (VersionMember::Wazo, "wazoversion_client:1.0;2.3")]
    {
        let refusal = LoginIdError::Version { member, client: "1.0".into() };
        check(Notice::LoginIdRefused(refusal), json!({"class": "login_id", "error_string": text}));
    }
    let refusal = Notice::LoginIdRefused(LoginIdError::EncryptionRequired);
    check(refusal, json!({"class": "login_id", "error_string": "encryption_required"}));
    check(Notice::LoginPass { profile: ProfileId::new(3) }, json!({"class": "login_pass", "capalist": [3]}));
    for (error, text) in [
        (LoginPassError::Password, "login_password"),
        (LoginPassError::Backend, "xivo_auth_error"),
        (LoginPassError::NotFound, "user_not_found"),
    ] {
        check(Notice::LoginPassRefused(error), json!({"class": "login_pass", "error_string": text}));
    }
    for (error, text) in
        [(LoginCapasError::Wrong, "wrong cti_profile_id"), (LoginCapasError::Unknown, "unknown cti_profile_id")]
    {
        check(Notice::LoginCapasRefused(error), json!({"class": "login_capas", "error_string": text}));
    }
    check(Notice::DisconnectForce, json!({"class": "disconnect", "type": "force"}));
}

fn capas() -> LoginCapas {
    LoginCapas {
        user: UserId::new(42),
        profile: "Client".into(),
        xlets: vec![vec!["identity".into(), "grid".into()], vec!["queues".into(), "dock".into(), "fm".into()]],
        services: vec!["enablednd", "fwdunc"],
        preferences: BTreeMap::from([("xlet.identity.logagent", "1".into())]),
        presences: vec![
            PresenceEntry {
                name: "available".into(),
                longname: "À mon bureau".into(),
                color: "#00AA00".into(),
                allowed: vec!["away".into(), "available".into()],
                actions: vec![("enablednd", "false")],
            },
            PresenceEntry {
                name: "disconnected".into(),
                longname: "Off".into(),
                color: "#888888".into(),
                allowed: Vec::new(),
                actions: Vec::new(),
            },
        ],
        phone_hints: vec![(0, "Free".into(), "#00FF00".into()), (-1, "Disabled".into(), "#777777".into())],
    }
}

#[test]
fn what_a_login_brings() {
    let presences = json!({
        "available": {"longname": "À mon bureau", "color": "#00AA00", "allowed": ["away", "available"],
            "actions": {"enablednd": "false"}},
        "disconnected": {"longname": "Off", "color": "#888888"},
    });
    let hints =
        json!({"0": {"longname": "Free", "color": "#00FF00"}, "-1": {"longname": "Disabled", "color": "#777777"}});
    let answer = |services: Value, preferences: Value| {
        json!({
            "class": "login_capas", "userid": "42", "ipbxid": "xivo", "appliname": "Client",
            "capaxlets": [["identity", "grid"], ["queues", "dock", "fm"]],
            "capas": {"services": services, "preferences": preferences, "userstatus": presences, "phonestatus": hints},
        })
    };
    let expected = answer(json!(["enablednd", "fwdunc"]), json!({"xlet.identity.logagent": "1"}));
    check(Notice::LoginCapas(Box::new(capas())), expected);
    let bare = LoginCapas { services: Vec::new(), preferences: BTreeMap::new(), ..capas() };
    check(Notice::LoginCapas(Box::new(bare)), answer(json!([""]), json!(false)));
}

fn directory(reply: CommandId, headers: Vec<Box<str>>) -> Notice {
    Notice::People(PeopleNotice::Directory { reply, headers, rows: Vec::new() })
}

#[test]
fn replyid_goes_back_where_it_always_did() {
    let keepalive = json!({"class": "keepalive", "warning_string": "unimplemented"});
    for falsy in [json!(null), json!(0), json!(0.0), json!(""), json!(false), json!([]), json!({})] {
        check(Notice::KeepAlive { reply: commandid(falsy.clone()) }, keepalive.clone());
        check(
            directory(commandid(falsy.clone()), vec!["Name".into()]),
            json!({"class": "directory", "replyid": falsy, "status": "ok", "headers": ["Name"], "resultlist": []}),
        );
    }
    check(Notice::KeepAlive { reply: CommandId(None) }, keepalive);
    for reply in [json!(110), json!(-1), json!("abc"), json!([1, {}]), json!(true)] {
        check(
            Notice::KeepAlive { reply: commandid(reply.clone()) },
            json!({"class": "keepalive", "warning_string": "unimplemented", "replyid": reply}),
        );
        check(
            Notice::IpbxList { reply: commandid(reply.clone()) },
            json!({"class": "getipbxlist", "ipbxlist": ["xivo"], "replyid": reply}),
        );
        check(
            Notice::FaxTaken { reply: commandid(reply.clone()) },
            json!({"class": "faxsend", "warning_string": "return_is_none", "replyid": reply}),
        );
    }
    check(
        directory(CommandId(None), columns::directory(&Columns::default())),
        json!({"class": "directory", "replyid": null, "status": "ok", "resultlist": [],
            "headers": ["Name", "Number", "Mobile", "Voicemail", "E-mail"]}),
    );
    let error = |reply| Notice::ProtocolError { code: ErrorCode::TooDeep, detail: "x".into(), reply };
    let expected = json!({"class": "protocol_error", "error_string": "too_deep", "detail": "x"});
    check(error(CommandId(None)), expected.clone());
    let mut with_reply = expected;
    with_reply["replyid"] = json!(0);
    check(error(commandid(json!(0))), with_reply);
}

fn getlist(function: &str, list: &str, rest: Value) -> Value {
    let mut line = json!({"class": "getlist", "function": function, "listname": list, "tipbxid": "xivo"});
    for (name, value) in rest.as_object().expect("members") {
        line[name] = value.clone();
    }
    line
}

fn check_config(list: ListName, config: Config, expected: Value) {
    let answer = Notice::ConfigAnswer { list, tid: json!("57"), config: Some(config.clone()) };
    let line = getlist("updateconfig", list.as_str(), json!({"tid": "57", "config": expected}));
    check(answer, line.clone());
    check(Notice::Config { list, tid: "57".into(), config }, line);
}

#[test]
fn ids_of_lists() {
    let (list, ids) = (ListName::Queues, || vec![Box::from("4"), Box::from("11")]);
    let expected = |function| getlist(function, "queues", json!({"list": ["4", "11"]}));
    check(Notice::ListId { list, ids: ids() }, expected("listid"));
    check(Notice::AddConfig { list, ids: ids() }, expected("addconfig"));
    check(Notice::DelConfig { list, ids: ids() }, expected("delconfig"));
    let none = Notice::ListId { list: ListName::QueueMembers, ids: Vec::new() };
    check(none, getlist("listid", "queuemembers", json!({"list": []})));
}

#[test]
fn a_users_config() {
    let services = UserServices {
        enablednd: Some(true),
        incallfilter: Some(false),
        enablerecording: Some(true),
        unconditional: Some((true, "1044".into())),
        no_answer: Some((false, "".into())),
        busy: Some((false, "1046".into())),
    };
    let config = UserConfig {
        first_name: "Bertil".into(),
        last_name: "Ögent".into(),
        full_name: "Bertil Ögent".into(),
        mobile: "".into(),
        agent: Some(AgentId::new(41)),
        voicemail: None,
        lines: vec![LineId::new(24), LineId::new(25)],
        server: server(),
        services,
    };
    let expected = json!({
        "firstname": "Bertil", "lastname": "Ögent", "fullname": "Bertil Ögent", "mobilephonenumber": "",
        "agentid": 41, "voicemailid": null, "enablevoicemail": false, "enablednd": true, "incallfilter": false,
        "enableunc": true, "destunc": "1044", "enablerna": false, "destrna": "", "enablebusy": false,
        "destbusy": "1046", "linelist": ["24", "25"], "xivo_uuid": SERVER, "enablexfer": true,
    });
    check_config(ListName::Users, Config::User(Box::new(config)), expected);
}

#[test]
fn a_part_of_a_users_config_holds_what_changed() {
    let none = UserServices::default;
    let part = |services| Config::UserServices(services);
    let forward = |is_on, number: &str| Some((is_on, Box::from(number)));
    for (services, expected) in [
        (UserServices { enablednd: Some(true), ..none() }, json!({"enablednd": true})),
        (UserServices { incallfilter: Some(false), ..none() }, json!({"incallfilter": false})),
        (UserServices { enablerecording: Some(true), ..none() }, json!({"enablerecording": true})),
        (UserServices { unconditional: forward(true, "1"), ..none() }, json!({"enableunc": true, "destunc": "1"})),
        (UserServices { no_answer: forward(false, ""), ..none() }, json!({"enablerna": false, "destrna": ""})),
        (UserServices { busy: forward(true, "3"), ..none() }, json!({"enablebusy": true, "destbusy": "3"})),
        (none(), json!({})),
    ] {
        check_config(ListName::Users, part(services), expected);
    }
}

fn queue_member() -> QueueMemberConfig {
    QueueMemberConfig {
        queue: "support".into(),
        interface: "Agent/2105".into(),
        penalty: "0".into(),
        is_paused: true,
        status: "101".into(),
        calls_taken: "7".into(),
        last_call: "14:02:51".into(),
    }
}

fn queue_member_line() -> Value {
    json!({"queue_name": "support", "interface": "Agent/2105", "membership": "static", "penalty": "0", "paused": "1",
        "status": "101", "callstaken": "7", "lastcall": "14:02:51"})
}

#[test]
fn configs_of_everything_else() {
    let phone = Config::Phone { number: "1001".into(), user: UserId::new(11), identity: "SIP/ln1001".into() };
    check_config(ListName::Phones, phone, json!({"iduserfeatures": 11, "number": "1001", "identity": "SIP/ln1001"}));
    let agent = Config::Agent {
        number: "2105".into(),
        first_name: "Bertil".into(),
        last_name: "Ögent".into(),
        context: "default".into(),
    };
    let expected = json!({"lastname": "Ögent", "firstname": "Bertil", "context": "default", "number": "2105"});
    check_config(ListName::Agents, agent, expected);
    let queue = Config::Queue {
        name: "support".into(),
        display: "Support".into(),
        number: "3001".into(),
        context: "default".into(),
    };
    let expected = json!({"displayname": "Support", "name": "support", "context": "default", "number": "3001"});
    check_config(ListName::Queues, queue, expected);
    let voicemail = Config::Voicemail { mailbox: "1001".into(), context: "default".into() };
    check_config(ListName::Voicemails, voicemail, json!({"context": "default", "mailbox": "1001"}));
    let meetme = Config::Meetme { number: "4001".into(), name: "Daily".into(), context: "default".into() };
    let expected = json!({"confno": "4001", "name": "Daily", "context": "default", "admin_moderationmode": 0});
    check_config(ListName::Meetmes, meetme, expected);
    check_config(ListName::QueueMembers, Config::QueueMember(queue_member()), queue_member_line());
}

#[test]
fn an_answer_carries_the_tid_as_it_was_asked() {
    for tid in [json!(11), json!(null), json!("999"), json!(true), json!(1.5)] {
        let list = ListName::Users;
        let config = Notice::ConfigAnswer { list, tid: tid.clone(), config: None };
        check(config, getlist("updateconfig", "users", json!({"tid": tid, "config": {}})));
        let status = Notice::StatusAnswer { list, tid: tid.clone(), status: StatusAnswer::Unknown };
        check(status, getlist("updatestatus", "users", json!({"tid": tid, "status": {}})));
        for (asked, function, member) in
            [(UnknownListAsked::Config, "updateconfig", "config"), (UnknownListAsked::Status, "updatestatus", "status")]
        {
            let notice = Notice::UnknownList { asked, name: "groups".into(), tid: tid.clone() };
            check(notice, getlist(function, "groups", json!({"tid": tid, member: {}})));
        }
    }
    let member =
        Notice::StatusAnswer { list: ListName::QueueMembers, tid: json!("nosuch"), status: StatusAnswer::Null };
    check(member, getlist("updatestatus", "queuemembers", json!({"tid": "nosuch", "status": null})));
}

#[test]
fn a_status_has_the_members_of_its_list() {
    let agent = AgentAvailability {
        availability: "logged_out",
        since: 1_471_009_000.0,
        phone_number: None,
        is_on_queue_call: false,
        is_resting: false,
        other_call: None,
        queues: vec![QueueId::new(51)],
    };
    let busy = AgentAvailability {
        availability: "on_call_nonacd_incoming_external",
        phone_number: Some("1001".into()),
        is_on_queue_call: true,
        is_resting: true,
        other_call: Some(("incoming", false)),
        ..agent.clone()
    };
    let busy_line = json!({"availability": "on_call_nonacd_incoming_external", "availability_since": 1_471_009_000.0,
        "phonenumber": "1001", "channel": null, "on_call_acd": true, "on_wrapup": true,
        "nonacd_call_status": ["incoming", false], "queues": ["51"], "groups": []});
    let agent_line = json!({"availability": "logged_out", "availability_since": 1_471_009_000.0, "phonenumber": null,
        "channel": null, "on_call_acd": false, "on_wrapup": false, "nonacd_call_status": null, "queues": ["51"],
        "groups": []});
    let queues_line = json!({"availability": "logged_out", "availability_since": 1_471_009_000.0, "on_call_acd": false,
        "on_wrapup": false, "queues": ["51"], "groups": []});
    let away = || Box::from("away");
    for (list, status, expected) in [
        (
            ListName::Users,
            Status::User { is_connected: true, availstate: away() },
            json!({"connection": "yes", "availstate": "away"}),
        ),
        (
            ListName::Users,
            Status::User { is_connected: false, availstate: away() },
            json!({"connection": null, "availstate": "away"}),
        ),
        (ListName::Users, Status::Presence { availstate: away() }, json!({"availstate": "away"})),
        (ListName::Phones, Status::Phone { hintstatus: "4".into() }, json!({"hintstatus": "4"})),
        (ListName::Queues, Status::Queue, json!({"agentmembers": [], "phonemembers": []})),
        (ListName::Voicemails, Status::Voicemail { new: None }, json!({"new": 0})),
        (ListName::Voicemails, Status::Voicemail { new: Some(2) }, json!({"new": "2"})),
        (ListName::Meetmes, Status::Meetme, json!({"pseudochan": null, "channels": {}, "paused": false})),
        (ListName::QueueMembers, Status::QueueMember(queue_member()), queue_member_line()),
        (ListName::Agents, Status::Agent(agent.clone()), agent_line),
        (ListName::Agents, Status::Agent(busy), busy_line),
        (ListName::Agents, Status::AgentPhone { phone_number: "1001".into() }, json!({"phonenumber": "1001"})),
        (ListName::Agents, Status::AgentQueues(agent), queues_line),
    ] {
        let answer = Notice::StatusAnswer { list, tid: json!("41"), status: StatusAnswer::Known(status.clone()) };
        check(answer, getlist("updatestatus", list.as_str(), json!({"tid": "41", "status": expected})));
        // The one `tid` that is an integer (protocol 4.5.6).
        let tid = if matches!(status, Status::Agent(_)) { json!(41) } else { json!("41") };
        let pushed = Notice::Status { list, tid: "41".into(), status };
        check(pushed, getlist("updatestatus", list.as_str(), json!({"tid": tid, "status": expected})));
    }
}

#[test]
fn relations_and_registered_statuses() {
    let relations = |endpoint: Option<i64>, agent: Option<i64>| Notice::Relations {
        server: server(),
        user: UserId::new(12),
        endpoint: endpoint.map(LineId::new),
        agent: agent.map(AgentId::new),
    };
    let data = |endpoint: Value, agent: Value| {
        let data = json!({"xivo_uuid": SERVER, "user_id": 12, "endpoint_id": endpoint, "agent_id": agent});
        json!({"class": "relations", "data": data})
    };
    check(relations(Some(22), Some(41)), data(json!(22), json!(41)));
    check(relations(None, None), data(json!(null), json!(null)));
    check(
        Notice::UserStatus { server: server(), uuid: user(), user: UserId::new(12), status: "away".into() },
        json!({"class": "user_status_update",
            "data": {"xivo_uuid": SERVER, "user_uuid": USER, "user_id": 12, "status": "away"}}),
    );
    check(
        Notice::EndpointStatus { server: server(), endpoint: LineId::new(22), status: 8 },
        json!({"class": "endpoint_status_update", "data": {"xivo_uuid": SERVER, "endpoint_id": 22, "status": 8}}),
    );
    for (is_logged_in, status) in [(true, "logged_in"), (false, "logged_out")] {
        check(
            Notice::AgentStatus { server: server(), agent: AgentId::new(41), is_logged_in },
            json!({"class": "agent_status_update", "data": {"xivo_uuid": SERVER, "agent_id": 41, "status": status}}),
        );
    }
}

#[test]
fn chat_and_services() {
    let chat = |from, to| Notice::Chat { alias: "Zoë".into(), text: "a &lt; b".into(), server: server(), from, to };
    let (uuid, id) = (ChatParty::Uuid(user()), ChatParty::Id(UserId::new(11)));
    check(
        chat(uuid, id),
        json!({"class": "chitchat", "alias": "Zoë", "text": "a &lt; b", "from": [SERVER, USER], "to": [SERVER, 11]}),
    );
    check(Notice::FeaturesNotGranted, json!({"class": "featuresput", "status": "not_granted"}));
    check(Notice::FeaturesNotKept, json!({"class": "featuresput", "status": "service_unavailable"}));
}

#[test]
fn what_an_empty_appliance_tells_of_calls() {
    check(Notice::HistoryNone, json!({"class": "history", "history": []}));
    check(Notice::Meetmes { rooms: Vec::new() }, json!({"class": "meetme_update", "config": {}}));
    let room = QuietRoom { number: "4001".into(), name: "Daily".into(), needs_pin: true };
    let shown = json!({"number": "4001", "name": "Daily", "pin_required": true, "start_time": 0, "member_count": 0,
        "members": {}});
    check(Notice::Meetmes { rooms: vec![room] }, json!({"class": "meetme_update", "config": {"4001": shown}}));
    check(Notice::MeetmeUserNone, json!({"class": "meetme_user", "list": []}));
    check(Notice::CurrentCallsNone, json!({"class": "current_calls", "current_calls": []}));
    for (progress, status) in [(FaxProgress::Preparing, "PRESENDFAX"), (FaxProgress::Failed, "FAILED")] {
        let shown = json!({"class": "fax_progress", "status": status, "pages": null});
        check(Notice::FaxProgress(progress), shown);
    }
    check(
        Notice::CommandRefused { error: "service_unavailable" },
        json!({"class": "ipbxcommand", "error_string": "service_unavailable"}),
    );
}

proptest! {
    #[test]
    fn any_text_gives_one_line_of_ascii_that_reads_back(text: String, unix_time: f64) {
        let detail = text.clone().into();
        let reply = commandid(json!({ text.clone(): [text.clone()] }));
        let line = encode(&Notice::ProtocolError { code: ErrorCode::NotJson, detail, reply: reply.clone() }, unix_time);
        let value = read(&line);
        prop_assert_eq!(&value["detail"], &json!(text));
        prop_assert_eq!(Some(&value["replyid"]), reply.0.as_ref());
        let presence = Notice::Status {
            list: ListName::Users,
            tid: text.clone().into(),
            status: Status::Presence { availstate: text.clone().into() },
        };
        prop_assert_eq!(&read(&encode(&presence, unix_time))["status"]["availstate"], &json!(text));
    }
}
