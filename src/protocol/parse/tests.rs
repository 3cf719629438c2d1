//! One table a family: what a line means, and what it is refused for. Real lines are from recorded sessions of the
//! desktop clients.

use serde_json::json;

use super::*;
use crate::protocol::queue_figures::FiguresQuestion;
use crate::protocol::request::*;
use crate::settings::id::{Id, ServerUuid, UserId, UserUuid};
use crate::settings::password::Secret;

pub(super) const SERVER: &str = "0f6a1b2c-3d4e-4f50-8a61-72839405a6b7";
const USER: &str = "22222222-aaaa-4bbb-8ccc-000000000b0b";

fn server() -> ServerUuid {
    ServerUuid::parse(SERVER).expect("a uuid")
}

fn user() -> UserUuid {
    UserUuid::parse(USER).expect("a uuid")
}

pub(super) fn check(line: &str, expected: Request) {
    let line = line.replace("SERVER", SERVER).replace("USER", USER);
    assert_eq!(parse(line.as_bytes()).expect(&line).request, expected, "{line}");
}

pub(super) fn check_unknown(line: &str, words: &str) {
    check(line, Request::Unknown { class: words.into() });
}

/// The refusal's code, and that its detail names the member.
fn check_bad(line: &str, code: ErrorCode, named: &str) {
    let line = line.replace("SERVER", SERVER).replace("USER", USER);
    let bad = parse(line.as_bytes()).expect_err(&line);
    assert_eq!(bad.code, code, "{line}: {}", bad.detail);
    assert!(bad.detail.contains(named), "{line}: {}", bad.detail);
}

pub(super) fn check_missing(line: &str, member: &str) {
    check_bad(line, ErrorCode::MissingMember, &format!("`{member}`"));
}

pub(super) fn check_wrong(line: &str, member: &str) {
    check_bad(line, ErrorCode::WrongType, &format!("`{member}`"));
}

#[test]
fn a_line_is_a_json_object_with_a_class() {
    for line in ["hello", "", "{", r#"{"class":"keepalive",}"#, r#"{"class":"keepalive"}{"class":"keepalive"}"#, "\0"] {
        check_bad(line, ErrorCode::NotJson, "not JSON");
    }
    check_bad("\u{feff}{\"class\":\"keepalive\"}", ErrorCode::NotJson, "not JSON");
    check_bad(r#"{"class":"keepalive","commandid":NaN}"#, ErrorCode::NotJson, "not JSON");
    check_bad(r#"{"class":"keepalive","commandid":1e999}"#, ErrorCode::NotJson, "not JSON");
    for line in ["[]", r#""keepalive""#, "5", "null"] {
        check_bad(line, ErrorCode::NotAnObject, "not an object");
    }
    check_bad("{}", ErrorCode::MissingClass, "`class`");
    check_bad(r#"{"commandid":3}"#, ErrorCode::MissingClass, "`class`");
    for class in ["null", "5", r#"["keepalive"]"#, "{}"] {
        check_wrong(&format!(r#"{{"class":{class}}}"#), "class");
    }
    let not_utf8 = parse(b"{\"class\":\"keepalive\",\"x\":\"\xff\xfe\"}").expect_err("not UTF-8");
    assert_eq!((not_utf8.code, not_utf8.detail.as_str()), (ErrorCode::NotJson, "The line is not UTF-8"));
    check_bad(&format!(r#"{{"class":"keepalive","x":{}}}"#, "[".repeat(100_000)), ErrorCode::TooDeep, "deep");
}

#[test]
fn white_space_around_and_keys_said_twice_are_borne() {
    check("{\"class\":\"keepalive\"}\r", Request::KeepAlive);
    check("   {\"class\" : \"keepalive\"}   ", Request::KeepAlive);
    check(r#"{"class":"keepalive","class":"getipbxlist"}"#, Request::GetIpbxList);
    check_unknown(r#"{"class":"nosuch"}"#, "nosuch");
    check_unknown("{\"class\":\"\\u001b[2Jé\"}", "[2Jé");
    check_unknown(&format!(r#"{{"class":"{}"}}"#, "é".repeat(100)), &"é".repeat(64));
}

#[test]
fn the_commandid_is_kept_as_it_came() {
    let commandid = |line: &str| parse(line.as_bytes()).expect(line).commandid.0;
    assert_eq!(commandid(r#"{"class":"keepalive"}"#), None);
    for value in [json!(276590098), json!(0), json!(null), json!("abc"), json!([1, {}]), json!(1.5)] {
        let line = json!({"class": "keepalive", "commandid": value}).to_string();
        assert_eq!(commandid(&line), Some(value));
    }
    let bad = parse(br#"{"class":"availstate","commandid":7}"#).expect_err("no state");
    assert_eq!(bad.reply, CommandId(Some(json!(7))));
    assert_eq!(parse(b"{").expect_err("not JSON").reply, CommandId(None));
}

#[test]
fn starttls_carries_its_status_as_it_came() {
    check(r#"{"class":"starttls","commandid":48271,"status":true}"#, Request::StartTls { status: json!(true) });
    check(r#"{"class":"starttls"}"#, Request::StartTls { status: json!(null) });
    check(r#"{"class":"starttls","status":"no"}"#, Request::StartTls { status: json!("no") });
}

fn check_version(versions: &str, expected: ClientVersion) {
    let line = format!(r#"{{"class":"login_id","company":"xivo","ident":"x","userlogin":"alice"{versions}}}"#);
    check(&line, Request::LoginId(LoginId { login: "alice".into(), version: expected }));
}

#[test]
fn login_id_names_a_version_in_one_of_two_members() {
    check(
        r#"{"class":"login_id","commandid":1291394886,"company":"xivo","ident":"X11-LE-11749","lastlogout-datetime":"","lastlogout-stopper":"","userlogin":"alice","xivoversion":"2.1"}"#,
        Request::LoginId(LoginId { login: "alice".into(), version: ClientVersion::Served(Version::V2_1) }),
    );
    let other = |member, text: &str| ClientVersion::Other { member, text: text.into() };
    check_version(r#","xivoversion":"2.0""#, ClientVersion::Served(Version::V2_0));
    check_version(r#","xivoversion":"2.2""#, ClientVersion::Served(Version::V2_2));
    check_version(r#","wazoversion":"2.3""#, ClientVersion::Served(Version::V2_3));
    check_version(r#","wazoversion":"2.3","xivoversion":"1.0""#, ClientVersion::Served(Version::V2_3));
    check_version(r#","wazoversion":null,"xivoversion":"2.2""#, ClientVersion::Served(Version::V2_2));
    check_version(r#","wazoversion":"2.4","xivoversion":"2.2""#, other(VersionMember::Wazo, "2.4"));
    check_version(r#","xivoversion":"1.0""#, other(VersionMember::Xivo, "1.0"));
    check_version(r#","xivoversion":2.2"#, other(VersionMember::Xivo, "2.2"));

    check_missing(r#"{"class":"login_id","company":"x","ident":"x","userlogin":"a"}"#, "xivoversion");
    check_missing(r#"{"class":"login_id","company":"x","ident":"x","userlogin":"a"}"#, "wazoversion");
    check_wrong(r#"{"class":"login_id","company":"x","ident":"x","userlogin":"a","xivoversion":[]}"#, "xivoversion");
    check_missing(r#"{"class":"login_id","ident":"x","userlogin":"a","xivoversion":"2.2"}"#, "company");
    check_missing(r#"{"class":"login_id","company":"x","userlogin":"a","xivoversion":"2.2"}"#, "ident");
    check_missing(r#"{"class":"login_id","company":"x","ident":"x","xivoversion":"2.2"}"#, "userlogin");
    check_wrong(r#"{"class":"login_id","company":"x","ident":"x","userlogin":5,"xivoversion":"2.2"}"#, "userlogin");
}

#[test]
fn the_other_steps_of_login() {
    let password = |text: &str| Request::LoginPass { password: Secret::new(text) };
    check(r#"{"class":"login_pass","commandid":1,"password":"s\u00e9cret"}"#, password("sécret"));
    check_missing(r#"{"class":"login_pass"}"#, "password");
    check_wrong(r#"{"class":"login_pass","password":12}"#, "password");

    let capas = |id| Request::LoginCapas { capaid: Capaid(id), state: "available".into() };
    check(r#"{"capaid":"3","class":"login_capas","commandid":1,"state":"available"}"#, capas(Some(3)));
    check(r#"{"class":"login_capas","capaid":3,"state":"available"}"#, capas(Some(3)));
    for capaid in [r#""""#, r#""client""#, "2.7", r#""2.7""#, "null", "[]", "true"] {
        check(&format!(r#"{{"class":"login_capas","capaid":{capaid},"state":"available"}}"#), capas(None));
    }
    check_missing(r#"{"class":"login_capas","state":"available"}"#, "capaid");
    check_missing(r#"{"class":"login_capas","capaid":"2"}"#, "state");
    check_wrong(r#"{"class":"login_capas","capaid":"2","state":null}"#, "state");
    check_wrong(r#"{"class":"login_capas","capaid":"2","state":7}"#, "state");
    check(r#"{"class":"logout","commandid":291321225,"stopper":""}"#, Request::Logout);
}

#[test]
fn presence_is_a_text() {
    let state = |state: &str| Request::AvailState { state: state.into() };
    check(r#"{"availstate":"away","class":"availstate","commandid":1,"ipbxid":"xivo","userid":"1"}"#, state("away"));
    check(r#"{"class":"availstate","availstate":""}"#, state(""));
    check_missing(r#"{"class":"availstate"}"#, "availstate");
    check_wrong(r#"{"class":"availstate","availstate":null}"#, "availstate");
    check_wrong(r#"{"class":"availstate","availstate":5}"#, "availstate");
}

#[test]
fn lists_are_asked_by_function_and_name() {
    let line = |function: &str, rest: &str| format!(r#"{{"class":"getlist","function":"{function}"{rest}}}"#);
    for (word, list) in [
        ("users", ListName::Users),
        ("phones", ListName::Phones),
        ("agents", ListName::Agents),
        ("queues", ListName::Queues),
        ("voicemails", ListName::Voicemails),
        ("meetmes", ListName::Meetmes),
        ("queuemembers", ListName::QueueMembers),
        ("groups", ListName::Unknown),
    ] {
        check(&line("listid", &format!(r#","listname":"{word}","tipbxid":"xivo""#)), Request::ListId { list });
    }
    let tids = [json!("1"), json!("Agent/2105,support"), json!(11), json!(null), json!(""), json!(true), json!(1.5)];
    for tid in tids {
        let rest = format!(r#","listname":"users","tid":{tid},"tipbxid":"xivo""#);
        let (list, name) = (ListName::Users, Box::from("groups"));
        check(&line("updateconfig", &rest), Request::UpdateConfig { list, tid: tid.clone() });
        check(&line("updatestatus", &rest), Request::UpdateStatus { list, tid: tid.clone() });
        let asked = UnknownListAsked::Status;
        check(&line("updatestatus", &rest.replace("users", "groups")), Request::UnknownList { asked, name, tid });
    }
    let no_tid = Request::UpdateConfig { list: ListName::Users, tid: json!(null) };
    check(&line("updateconfig", r#","listname":"users""#), no_tid);
    for tid in [r#"["11"]"#, "{}"] {
        check_wrong(&line("updateconfig", &format!(r#","listname":"users","tid":{tid}"#)), "tid");
        check_wrong(&line("updatestatus", &format!(r#","listname":"groups","tid":{tid}"#)), "tid");
    }
    check_unknown(&line("addconfig", r#","listname":"users","tid":"11""#), "getlist addconfig");
    check_missing(&line("listid", ""), "listname");
    check_missing(r#"{"class":"getlist","listname":"users"}"#, "function");
    check_wrong(&line("listid", r#","listname":5"#), "listname");
}

#[test]
fn registrations_take_every_spelling_of_an_id() {
    let agents = Registrations::Agents(vec![(server(), 1), (server(), 41)]);
    let line = r#"{"agent_ids":[["SERVER",1],["SERVER","41"]],"class":"register_agent_status_update","commandid":1}"#;
    check(line, Request::Register(agents.clone()));
    check(&line.replace("register", "unregister"), Request::Unregister(agents));
    check(
        r#"{"class":"register_endpoint_status_update","endpoint_ids":[["0F6A1B2C3D4E4F508A6172839405A6B7",7]]}"#,
        Request::Register(Registrations::Endpoints(vec![(server(), 7)])),
    );
    let users = vec![
        (server(), UserKey::Uuid(user())),
        (server(), UserKey::Id(UserId::new(2))),
        (server(), UserKey::Id(UserId::new(3))),
        (server(), UserKey::Uuid(user())),
    ];
    check(
        &format!(
            r#"{{"class":"register_user_status_update","user_ids":[["SERVER","USER"],["SERVER",2],["SERVER","3"],["SERVER","{}"]]}}"#,
            USER.to_uppercase().replace('-', "")
        ),
        Request::Register(Registrations::Users(users)),
    );
    // As recorded: a server without a uuid of its own. Such a pair can match nothing.
    check(
        r#"{"class": "register_endpoint_status_update", "commandid": 638022372, "endpoint_ids": [["u", 7]]}"#,
        Request::Register(Registrations::Endpoints(Vec::new())),
    );
}

#[test]
fn a_malformed_registration_is_refused() {
    let line = |ids: &str| format!(r#"{{"class":"register_user_status_update","user_ids":{ids}}}"#);
    check_missing(r#"{"class":"register_user_status_update"}"#, "user_ids");
    let malformed =
        ["null", "5", "[11]", r#"[["SERVER"]]"#, r#"[["SERVER",null]]"#, r#"[["SERVER",{}]]"#, r#"[["SERVER","x"]]"#];
    for ids in malformed {
        check_wrong(&line(ids), "user_ids");
    }
    check_wrong(&line(r#"[[5,"USER"]]"#), "user_ids");
    check_wrong(&line(r#"[["SERVER","USER","USER"]]"#), "user_ids");
    check_wrong(r#"{"class":"register_agent_status_update","agent_ids":[["SERVER","USER"]]}"#, "agent_ids");
    check_wrong(r#"{"class":"register_agent_status_update","agent_ids":[["SERVER",1.5]]}"#, "agent_ids");
}

#[test]
fn chat_is_addressed_to_a_uuid_or_an_id() {
    let chat = |to, text: &str| Request::Chat(Chat { server: server(), to, text: text.into() });
    check(
        r#"{"alias":"Alice Doe","class":"chitchat","commandid":1,"text":"<b>bold</b> ü & x","to":["SERVER","USER"]}"#,
        chat(UserKey::Uuid(user()), "<b>bold</b> ü & x"),
    );
    let line = |to: &str| format!(r#"{{"class":"chitchat","alias":"A","text":"x\ud800","to":{to}}}"#);
    check(&line(r#"["SERVER",12]"#), chat(UserKey::Id(UserId::new(12)), "x\u{fffd}"));
    check(&line(r#"["SERVER","USER","x"]"#), chat(UserKey::Uuid(user()), "x\u{fffd}"));
    for to in [r#""xivo/12""#, r#"["SERVER"]"#, r#"["u","USER"]"#, r#"["SERVER",0]"#, r#"["SERVER","x"]"#, "[5,5]"] {
        check_wrong(&line(to), "to");
    }
    check_missing(r#"{"class":"chitchat","alias":"A","text":"x"}"#, "to");
    check_missing(r#"{"class":"chitchat","alias":"A","to":["SERVER","USER"]}"#, "text");
    check_missing(r#"{"class":"chitchat","text":"x","to":["SERVER","USER"]}"#, "alias");
    check_wrong(r#"{"class":"chitchat","alias":"A","text":7,"to":["SERVER","USER"]}"#, "text");
    // As it is sent on: `<` becomes four bytes, `é` six.
    for (sign, bytes) in [("x", 1), ("<", 4), ("é", 6)] {
        let long = |number| {
            format!(r#"{{"class":"chitchat","alias":"A","text":"{}","to":["SERVER",5]}}"#, sign.repeat(number))
        };
        let most = people::CHAT_TEXT_BYTES_MAX / bytes;
        check(&long(most), chat(UserKey::Id(UserId::new(5)), &sign.repeat(most)));
        check_wrong(&long(most + 1), "text");
    }
}

#[test]
fn a_service_is_switched_by_what_equals_true_or_false() {
    let line = |rest: &str| format!(r#"{{"class":"featuresput","commandid":1,"function":{rest}}}"#);
    let put = Request::FeaturesPut;
    for (value, is_on) in [("true", true), ("false", false), ("1", true), ("0", false), ("1.0", true)] {
        check(&line(&format!(r#""enablednd","value":{value}"#)), put(FeaturesPut::DoNotDisturb(is_on)));
        check(&line(&format!(r#""incallfilter","value":{value}"#)), put(FeaturesPut::CallFilter(is_on)));
    }
    for value in [r#""true""#, "null", "5"] {
        check(&line(&format!(r#""enablednd","value":{value}"#)), Request::Silent);
    }
    check_wrong(&line(r#""enablednd","value":[]"#), "value");
    check_missing(&line(r#""enablednd""#), "value");
    check_missing(r#"{"class":"featuresput"}"#, "function");

    let recording = |is_on, target| put(FeaturesPut::Recording { is_on, target });
    check(&line(r#""enablerecording","value":true,"target":"12""#), recording(true, Some(json!("12"))));
    check(&line(r#""enablerecording","value":false,"target":12"#), recording(false, Some(json!(12))));
    check(&line(r#""enablerecording","value":true"#), recording(true, None));
    check_wrong(&line(r#""enablerecording","value":true,"target":{}"#), "target");
    check(&line(r#""enablevoicemail","value":true"#), Request::Silent);
    check_unknown(&line(r#""nosuch""#), "featuresput nosuch");
}

#[test]
fn a_forward_needs_its_destination() {
    let line = |value: &str| format!(r#"{{"class":"featuresput","function":"fwd","value":{value}}}"#);
    let put = |forwards| Request::FeaturesPut(FeaturesPut::Forwards(forwards));
    let unconditional = |is_on, number: &str| (ForwardKind::Unconditional, is_on, Box::from(number));
    check(&line(r#"{"destunc":"1044","enableunc":true}"#), put(vec![unconditional(true, "1044")]));
    check(&line(r#"{"destunc":null,"enableunc":true}"#), put(vec![unconditional(true, "")]));
    check(&line("{}"), put(Vec::new()));
    check(&line(r#"{"enableunc":"true","destunc":"1044"}"#), put(Vec::new()));
    check(
        &line(
            r#"{"enablerna":true,"destrna":"1045","enablebusy":false,"destbusy":"1046","enableunc":0,"destunc":"7"}"#,
        ),
        put(vec![
            unconditional(false, "7"),
            (ForwardKind::NoAnswer, true, "1045".into()),
            (ForwardKind::Busy, false, "1046".into()),
        ]),
    );
    check_missing(&line(r#"{"enableunc":true}"#), "destunc");
    check_wrong(&line(r#"{"enablerna":true,"destrna":1045}"#), "destrna");
    check_wrong(&line(r#"{"enablebusy":{},"destbusy":"1"}"#), "enablebusy");
    check_wrong(&line(r#""x""#), "value");
    check_wrong(&line("5"), "value");
    check_missing(r#"{"class":"featuresput","function":"fwd"}"#, "value");
}

#[test]
fn people_and_history() {
    for (class, request) in [
        ("people_headers", Request::PeopleHeaders),
        ("people_favorites", Request::PeopleFavorites),
        ("people_personal_contacts", Request::PeoplePersonalContacts),
        ("get_switchboard_directory_headers", Request::SwitchboardHeaders),
        ("get_relations", Request::GetRelations),
        ("people_set_favorite", Request::Silent),
        ("people_purge_personal_contacts", Request::PurgePersonalContacts),
        ("people_export_personal_contacts_csv", Request::ExportPersonalContacts),
        ("people_create_personal_contact", Request::Silent),
        ("people_edit_personal_contact", Request::Silent),
        ("people_delete_personal_contact", Request::Silent),
        ("people_personal_contact_raw", Request::Silent),
        ("people_search", Request::PeopleSearch { pattern: "".into() }),
    ] {
        check(&format!(r#"{{"class":"{class}"}}"#), request);
    }
    let pattern = || Box::from("car");
    check(r#"{"class":"people_search","pattern":"car"}"#, Request::PeopleSearch { pattern: pattern() });
    check(r#"{"class":"directory","pattern":"car"}"#, Request::Directory { pattern: pattern() });
    let searched = Request::SwitchboardSearch { pattern: pattern() };
    check(r#"{"class":"switchboard_directory_search","pattern":"car"}"#, searched);
    check_wrong(r#"{"class":"directory","pattern":[]}"#, "pattern");

    for (size, expected) in [(r#""8""#, 8), ("1", 1), (r#""0""#, 0), ("2.9", 2)] {
        let line = format!(r#"{{"class":"history","size":{size},"xuserid":"xivo/1"}}"#);
        check(&line, Request::History { size: expected });
    }
    for size in ["-1", r#""x""#, "null", "[]", r#""2.9""#] {
        check_wrong(&format!(r#"{{"class":"history","size":{size}}}"#), "size");
    }
    check_missing(r#"{"class":"history"}"#, "size");
}

#[test]
fn queues_and_subscriptions() {
    let subscribe = |rest: &str| format!(r#"{{"class":"subscribe","message":{rest}}}"#);
    check(&subscribe(r#""current_calls""#), Request::SubscribeCurrentCalls);
    check(&subscribe(r#""meetme_update""#), Request::SubscribeMeetmes);
    check(&subscribe(r#""queueentryupdate","queueid":"3""#), Request::SubscribeQueueEntries { queue: 3 });
    check(&subscribe(r#""queueentryupdate","queueid":51"#), Request::SubscribeQueueEntries { queue: 51 });
    check_missing(&subscribe(r#""queueentryupdate""#), "queueid");
    check_wrong(&subscribe(r#""queueentryupdate","queueid":"x""#), "queueid");
    check_unknown(&subscribe(r#""nosuch""#), "subscribe nosuch");
    check_missing(r#"{"class":"subscribe"}"#, "message");
    check(r#"{"class":"subscribetoqueuesstats"}"#, Request::SubscribeQueuesStats);

    let stats = |on: &str| format!(r#"{{"class":"getqueuesstats","commandid":1,"on":{on}}}"#);
    let asked = |queues: &[(&str, i64, i64)]| {
        let question = |(queue, window, xqos): &(&str, i64, i64)| FiguresQuestion {
            queue: (*queue).into(),
            window: *window,
            xqos: *xqos,
        };
        Request::GetQueuesStats { queues: Some(queues.iter().map(question).collect()) }
    };
    check(&stats(r#"{"1":{"window":"3600","xqos":"60"}}"#), asked(&[("1", 3600, 60)]));
    let two = r#"{"52":{"window":3600,"xqos":60},"1":{"window":"1","xqos":2}}"#;
    check(&stats(two), asked(&[("52", 3600, 60), ("1", 1, 2)]));
    let twice = r#"{"1":{"window":1,"xqos":1},"2":{"window":9,"xqos":9},"1":{"window":-5,"xqos":0}}"#;
    check(&stats(twice), asked(&[("1", -5, 0), ("2", 9, 9)]));
    check(&stats("{}"), asked(&[]));
    check(r#"{"class":"getqueuesstats"}"#, Request::GetQueuesStats { queues: None });
    check_missing(&stats(r#"{"51":{}}"#), "window");
    check_missing(&stats(r#"{"51":{"window":1}}"#), "xqos");
    check_wrong(&stats(r#"{"51":{"window":"x","xqos":1}}"#), "window");
    check_wrong(&stats(r#"{"51":5}"#), "on");
    check_wrong(&stats("[]"), "on");
    let many = |queues: usize| {
        let queues: Vec<_> = (0..queues).map(|queue| format!(r#""{queue}":{{"window":1,"xqos":1}}"#)).collect();
        stats(&format!("{{{}}}", queues.join(",")))
    };
    assert!(parse(many(queues::QUEUES_ASKED_MAX).as_bytes()).is_ok());
    check_wrong(&many(queues::QUEUES_ASKED_MAX + 1), "on");
    check_wrong(&stats(&format!(r#"{{"{}":{{"window":1,"xqos":1}}}}"#, "1".repeat(65))), "on");
}
