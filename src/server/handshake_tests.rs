//! The rules of the login handshake, one test a sentence of protocol decisions 3 and protocol §2.

use serde_json::{Value, json};

use super::handshake::{Action, Checked, Handshake};
use crate::live::messages::Admission;
use crate::protocol::encode::encode;
use crate::protocol::notice::Notice;
use crate::protocol::parse::parse;
use crate::protocol::request::Version;
use crate::settings::id::{Id as _, ProfileId, UserId};
use crate::settings::setting::EncryptionMode;

const GOOD_ID: &str =
    r#"{"class":"login_id","userlogin":"alice","company":"xivo","ident":"x","xivoversion":"2.2","commandid":1}"#;
const GOOD_PASS: &str = r#"{"class":"login_pass","password":"s3cret"}"#;
const GOOD_CAPAS: &str = r#"{"class":"login_capas","capaid":"3","state":"away"}"#;
const ACCEPT_TLS: &str = r#"{"class":"starttls","status":true}"#;
const STRAY: &str = r#"{"class":"availstate","availstate":"away","ipbxid":"xivo","userid":"5"}"#;

/// A handshake and what it answers, in words.
struct Client(Handshake);

impl Client {
    fn new(mode: EncryptionMode) -> Self {
        Self(Handshake::new(mode, "abcdefghij".into()))
    }

    fn at_password() -> Self {
        let mut client = Self::new(EncryptionMode::Offer);
        assert!(matches!(client.say(GOOD_ID), Action::Answer(Notice::LoginId { .. })));
        client
    }

    fn authenticated() -> Self {
        let mut client = Self::at_password();
        assert!(matches!(client.say(GOOD_PASS), Action::Check { .. }));
        assert!(matches!(client.0.checked(accepted()), Action::Answer(Notice::LoginPass { .. })));
        client
    }

    fn say(&mut self, line: &str) -> Action {
        self.0.take(parse(line.as_bytes()))
    }

    fn ignores(&mut self, line: &str) {
        let action = self.say(line);
        assert!(matches!(action, Action::Ignore), "{line}: {action:?}");
    }

    fn answers(&mut self, line: &str, expected: &Value) {
        match self.say(line) {
            Action::Answer(notice) => assert_has(&notice, expected),
            other => unreachable!("{line}: {other:?}"),
        }
    }

    fn refuses(&mut self, line: &str, expected: &Value) {
        let action = self.say(line);
        refused(action, expected);
        // A refused client is served no more.
        for line in [GOOD_ID, GOOD_PASS, GOOD_CAPAS, ACCEPT_TLS, r#"{"class":"keepalive"}"#] {
            self.ignores(line);
        }
    }
}

fn accepted() -> Checked {
    Checked::Accepted { user: UserId::new(7), profile: ProfileId::new(3) }
}

fn refused(action: Action, expected: &Value) {
    match action {
        Action::Refuse(notice) => assert_has(&notice, expected),
        other => unreachable!("{other:?}"),
    }
}

/// The line has these members with these values.
fn assert_has(notice: &Notice, expected: &Value) {
    let line: Value = serde_json::from_slice(&encode(notice, 1.5)).expect("a line is JSON");
    for (member, value) in expected.as_object().expect("members") {
        assert_eq!(line.get(member), Some(value), "{member} in {line}");
    }
}

#[test]
fn a_client_climbs_from_login_id_to_login_capas() {
    let mut client = Client::new(EncryptionMode::Offer);
    client.answers(GOOD_ID, &json!({"class": "login_id", "sessionid": "abcdefghij", "xivoversion": "2.2"}));
    match client.say(GOOD_PASS) {
        Action::Check { login, password } => assert_eq!((&*login, password.reveal()), ("alice", "s3cret")),
        other => unreachable!("{other:?}"),
    }
    match client.0.checked(accepted()) {
        Action::Answer(notice) => assert_has(&notice, &json!({"class": "login_pass", "capalist": [3]})),
        other => unreachable!("{other:?}"),
    }
    match client.say(GOOD_CAPAS) {
        Action::Enter(Admission { user, profile, version, state }) => {
            let entered = (user, profile, version, &*state);
            assert_eq!(entered, (UserId::new(7), ProfileId::new(3), Version::V2_2, "away"));
        }
        other => unreachable!("{other:?}"),
    }
    client.ignores(GOOD_CAPAS);
}

#[test]
fn capaid_may_be_a_number_too() {
    let mut client = Client::authenticated();
    assert!(matches!(client.say(r#"{"class":"login_capas","capaid":3,"state":"x"}"#), Action::Enter(_)));
}

#[test]
fn another_capaid_is_wrong_and_closes() {
    let wrong = json!({"class": "login_capas", "error_string": "wrong cti_profile_id"});
    for capaid in [r#""4""#, "4", r#""""#, r#""2.7""#, "3.5", "null"] {
        let line = format!(r#"{{"class":"login_capas","capaid":{capaid},"state":"x"}}"#);
        Client::authenticated().refuses(&line, &wrong);
    }
}

/// Settings §9: 7.
#[test]
fn each_failed_check_has_its_error_and_closes() {
    for (checked, error) in [
        (Checked::Password, "login_password"),
        (Checked::Unavailable, "xivo_auth_error"),
        (Checked::NotFound, "user_not_found"),
    ] {
        let mut client = Client::at_password();
        assert!(matches!(client.say(GOOD_PASS), Action::Check { .. }));
        refused(client.0.checked(checked), &json!({"class": "login_pass", "error_string": error}));
        client.ignores(GOOD_ID);
    }
}

#[test]
fn each_step_is_honoured_once() {
    let mut client = Client::at_password();
    client.ignores(GOOD_ID);
    assert!(matches!(client.say(GOOD_PASS), Action::Check { .. }));
    assert!(matches!(client.0.checked(accepted()), Action::Answer(_)));
    client.ignores(GOOD_PASS);
    client.ignores(GOOD_ID);
    assert!(matches!(client.0.checked(accepted()), Action::Ignore));
}

#[test]
fn steps_out_of_turn_are_ignored() {
    let mut client = Client::new(EncryptionMode::Offer);
    client.ignores(GOOD_PASS);
    client.ignores(GOOD_CAPAS);
    client.answers(GOOD_ID, &json!({"class": "login_id"}));
    client.ignores(GOOD_CAPAS);
}

#[test]
fn before_the_password_all_else_is_ignored() {
    let others = [
        STRAY,
        r#"{"class":"keepalive","commandid":4}"#,
        r#"{"class":"logout","stopper":""}"#,
        r#"{"class":"getipbxlist"}"#,
        r#"{"class":"nobody_knows_this"}"#,
    ];
    for line in others {
        Client::new(EncryptionMode::Require).ignores(line);
        Client::at_password().ignores(line);
    }
}

#[test]
fn between_password_and_capas_only_keepalive_and_logout_are_served() {
    let mut client = Client::authenticated();
    client.answers(r#"{"class":"keepalive","commandid":4}"#, &json!({"class": "keepalive", "replyid": 4}));
    client.ignores(STRAY);
    client.ignores(r#"{"class":"getipbxlist"}"#);
    client.ignores(ACCEPT_TLS);
    assert!(matches!(client.say(r#"{"class":"logout","stopper":""}"#), Action::Close));
    client.ignores(GOOD_CAPAS);
}

#[test]
fn a_bad_line_before_login_is_answered_and_closes() {
    for (line, error) in [
        ("{nonsense", "not_json"),
        ("[]", "not_an_object"),
        ("{}", "missing_class"),
        (r#"{"class":7}"#, "wrong_type"),
        (r#"{"class":"login_pass"}"#, "missing_member"),
        (r#"{"class":"login_id","userlogin":"a","company":"xivo","ident":"x"}"#, "missing_member"),
    ] {
        let expected = json!({"class": "protocol_error", "error_string": error});
        Client::new(EncryptionMode::Offer).refuses(line, &expected);
        Client::at_password().refuses(line, &expected);
        Client::authenticated().refuses(line, &expected);
    }
    let mut client = Client::authenticated();
    let line = r#"{"class":"login_capas","capaid":"3","state":null,"commandid":9}"#;
    client.refuses(line, &json!({"class": "protocol_error", "error_string": "wrong_type", "replyid": 9}));
}

#[test]
fn other_versions_are_told_theirs_and_the_newest_served() {
    let line = |member: &str, text: &str| {
        format!(r#"{{"class":"login_id","userlogin":"a","company":"xivo","ident":"x","{member}":"{text}"}}"#)
    };
    for (member, text, error) in [
        ("xivoversion", "1.2", "xivoversion_client:1.2;2.3"),
        ("xivoversion", "9.9", "xivoversion_client:9.9;2.3"),
        ("wazoversion", "1.2", "wazoversion_client:1.2;2.3"),
    ] {
        let expected = json!({"class": "login_id", "error_string": error});
        Client::new(EncryptionMode::Offer).refuses(&line(member, text), &expected);
    }
    for (member, text) in
        [("xivoversion", "2.0"), ("xivoversion", "2.1"), ("xivoversion", "2.2"), ("wazoversion", "2.3")]
    {
        Client::new(EncryptionMode::Offer).answers(&line(member, text), &json!({"class": "login_id", member: text}));
    }
}

#[test]
fn encryption_is_offered_unless_it_is_off() {
    assert!(Handshake::new(EncryptionMode::Off, "".into()).offer().is_none());
    for mode in [EncryptionMode::Offer, EncryptionMode::Require] {
        assert_eq!(Handshake::new(mode, "".into()).offer(), Some(Notice::OfferStartTls));
    }
}

#[test]
fn an_accepted_starttls_is_echoed_and_starts_the_handshake() {
    for status in ["true", "1", r#""yes""#, "[0]", r#"{"a":1}"#] {
        let mut client = Client::new(EncryptionMode::Offer);
        match client.say(&format!(r#"{{"class":"starttls","status":{status}}}"#)) {
            Action::StartTls(notice) => {
                let status: Value = serde_json::from_str(status).expect("JSON");
                assert_has(&notice, &json!({"class": "starttls", "starttls": status}));
            }
            other => unreachable!("{status}: {other:?}"),
        }
        client.0.encrypted();
        // Both released clients send it once more, inside TLS (client.md (a)).
        client.ignores(ACCEPT_TLS);
        client.answers(GOOD_ID, &json!({"class": "login_id"}));
        client.ignores(ACCEPT_TLS);
    }
}

#[test]
fn a_refused_starttls_is_echoed_and_login_goes_on_in_clear() {
    for (status, echo) in [("false", json!(false)), ("null", json!(null)), ("0", json!(0)), (r#""""#, json!(""))] {
        let mut client = Client::new(EncryptionMode::Offer);
        let line = format!(r#"{{"class":"starttls","status":{status}}}"#);
        client.answers(&line, &json!({"class": "starttls", "starttls": echo}));
        client.ignores(ACCEPT_TLS);
        client.answers(GOOD_ID, &json!({"class": "login_id"}));
    }
    Client::new(EncryptionMode::Offer).answers(r#"{"class":"starttls"}"#, &json!({"starttls": null}));
}

#[test]
fn starttls_is_taken_until_the_password_is_right() {
    assert!(matches!(Client::at_password().say(ACCEPT_TLS), Action::StartTls(_)));
    Client::authenticated().ignores(ACCEPT_TLS);
    Client::new(EncryptionMode::Off).ignores(ACCEPT_TLS);
}

#[test]
fn a_stray_availstate_may_come_before_the_starttls_answer() {
    let mut client = Client::new(EncryptionMode::Require);
    client.ignores(STRAY);
    assert!(matches!(client.say(ACCEPT_TLS), Action::StartTls(_)));
}

#[test]
fn in_require_mode_nobody_is_asked_for_a_password_in_clear() {
    let required = json!({"class": "login_id", "error_string": "encryption_required"});
    Client::new(EncryptionMode::Require).refuses(GOOD_ID, &required);
    let mut declined = Client::new(EncryptionMode::Require);
    declined.answers(r#"{"class":"starttls","status":false}"#, &json!({"starttls": false}));
    declined.refuses(GOOD_ID, &required);
    let mut accepted = Client::new(EncryptionMode::Require);
    assert!(matches!(accepted.say(ACCEPT_TLS), Action::StartTls(_)));
    accepted.0.encrypted();
    accepted.answers(GOOD_ID, &json!({"class": "login_id"}));
}

#[test]
fn the_timer_and_a_long_line_close_with_their_codes() {
    for mut client in [Client::new(EncryptionMode::Offer), Client::at_password(), Client::authenticated()] {
        refused(client.0.timed_out(), &json!({"class": "protocol_error", "error_string": "login_timeout"}));
        client.ignores(GOOD_ID);
    }
    let mut client = Client::at_password();
    let action = client.0.line_too_long("too long".to_owned());
    refused(action, &json!({"class": "protocol_error", "error_string": "line_too_long", "detail": "too long"}));
}
