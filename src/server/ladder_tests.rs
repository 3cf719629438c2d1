//! The rules of the login ladder, one test a sentence of "Ours" 3 and protocol §2.

use serde_json::{Value, json};

use super::ladder::{Checked, Ladder, Step};
use crate::live::Admission;
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

/// A ladder and what it answers, in words.
struct Climber(Ladder);

impl Climber {
    fn new(mode: EncryptionMode) -> Self {
        Self(Ladder::new(mode, "abcdefghij".into()))
    }

    fn at_password() -> Self {
        let mut climber = Self::new(EncryptionMode::Offer);
        assert!(matches!(climber.say(GOOD_ID), Step::Answer(Notice::LoginId { .. })));
        climber
    }

    fn authenticated() -> Self {
        let mut climber = Self::at_password();
        assert!(matches!(climber.say(GOOD_PASS), Step::Check { .. }));
        assert!(matches!(climber.0.checked(accepted()), Step::Answer(Notice::LoginPass { .. })));
        climber
    }

    fn say(&mut self, line: &str) -> Step {
        self.0.take(parse(line.as_bytes()))
    }

    fn ignores(&mut self, line: &str) {
        let step = self.say(line);
        assert!(matches!(step, Step::Ignore), "{line}: {step:?}");
    }

    fn answers(&mut self, line: &str, expected: &Value) {
        match self.say(line) {
            Step::Answer(notice) => assert_has(&notice, expected),
            other => unreachable!("{line}: {other:?}"),
        }
    }

    fn refuses(&mut self, line: &str, expected: &Value) {
        let step = self.say(line);
        refused(step, expected);
        // A refused client is served no more.
        for line in [GOOD_ID, GOOD_PASS, GOOD_CAPAS, ACCEPT_TLS, r#"{"class":"keepalive"}"#] {
            self.ignores(line);
        }
    }
}

fn accepted() -> Checked {
    Checked::Accepted { user: UserId::new(7), profile: ProfileId::new(3) }
}

fn refused(step: Step, expected: &Value) {
    match step {
        Step::Refuse(notice) => assert_has(&notice, expected),
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
    let mut climber = Climber::new(EncryptionMode::Offer);
    climber.answers(GOOD_ID, &json!({"class": "login_id", "sessionid": "abcdefghij", "xivoversion": "2.2"}));
    match climber.say(GOOD_PASS) {
        Step::Check { login, password } => assert_eq!((&*login, password.reveal()), ("alice", "s3cret")),
        other => unreachable!("{other:?}"),
    }
    match climber.0.checked(accepted()) {
        Step::Answer(notice) => assert_has(&notice, &json!({"class": "login_pass", "capalist": [3]})),
        other => unreachable!("{other:?}"),
    }
    match climber.say(GOOD_CAPAS) {
        Step::Enter(Admission { user, profile, version, state }) => {
            let entered = (user, profile, version, &*state);
            assert_eq!(entered, (UserId::new(7), ProfileId::new(3), Version::V2_2, "away"));
        }
        other => unreachable!("{other:?}"),
    }
    climber.ignores(GOOD_CAPAS);
}

#[test]
fn capaid_may_be_a_number_too() {
    let mut climber = Climber::authenticated();
    assert!(matches!(climber.say(r#"{"class":"login_capas","capaid":3,"state":"x"}"#), Step::Enter(_)));
}

#[test]
fn another_capaid_is_wrong_and_closes() {
    let wrong = json!({"class": "login_capas", "error_string": "wrong cti_profile_id"});
    for capaid in [r#""4""#, "4", r#""""#, r#""2.7""#, "3.5", "null"] {
        let line = format!(r#"{{"class":"login_capas","capaid":{capaid},"state":"x"}}"#);
        Climber::authenticated().refuses(&line, &wrong);
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
        let mut climber = Climber::at_password();
        assert!(matches!(climber.say(GOOD_PASS), Step::Check { .. }));
        refused(climber.0.checked(checked), &json!({"class": "login_pass", "error_string": error}));
        climber.ignores(GOOD_ID);
    }
}

#[test]
fn each_step_is_honoured_once() {
    let mut climber = Climber::at_password();
    climber.ignores(GOOD_ID);
    assert!(matches!(climber.say(GOOD_PASS), Step::Check { .. }));
    assert!(matches!(climber.0.checked(accepted()), Step::Answer(_)));
    climber.ignores(GOOD_PASS);
    climber.ignores(GOOD_ID);
    assert!(matches!(climber.0.checked(accepted()), Step::Ignore));
}

#[test]
fn steps_out_of_turn_are_ignored() {
    let mut climber = Climber::new(EncryptionMode::Offer);
    climber.ignores(GOOD_PASS);
    climber.ignores(GOOD_CAPAS);
    climber.answers(GOOD_ID, &json!({"class": "login_id"}));
    climber.ignores(GOOD_CAPAS);
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
        Climber::new(EncryptionMode::Require).ignores(line);
        Climber::at_password().ignores(line);
    }
}

#[test]
fn between_password_and_capas_only_keepalive_and_logout_are_served() {
    let mut climber = Climber::authenticated();
    climber.answers(r#"{"class":"keepalive","commandid":4}"#, &json!({"class": "keepalive", "replyid": 4}));
    climber.ignores(STRAY);
    climber.ignores(r#"{"class":"getipbxlist"}"#);
    climber.ignores(ACCEPT_TLS);
    assert!(matches!(climber.say(r#"{"class":"logout","stopper":""}"#), Step::Close));
    climber.ignores(GOOD_CAPAS);
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
        Climber::new(EncryptionMode::Offer).refuses(line, &expected);
        Climber::at_password().refuses(line, &expected);
        Climber::authenticated().refuses(line, &expected);
    }
    let mut climber = Climber::authenticated();
    let line = r#"{"class":"login_capas","capaid":"3","state":null,"commandid":9}"#;
    climber.refuses(line, &json!({"class": "protocol_error", "error_string": "wrong_type", "replyid": 9}));
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
        Climber::new(EncryptionMode::Offer).refuses(&line(member, text), &expected);
    }
    for (member, text) in
        [("xivoversion", "2.0"), ("xivoversion", "2.1"), ("xivoversion", "2.2"), ("wazoversion", "2.3")]
    {
        Climber::new(EncryptionMode::Offer).answers(&line(member, text), &json!({"class": "login_id", member: text}));
    }
}

#[test]
fn encryption_is_offered_unless_it_is_off() {
    assert!(Ladder::new(EncryptionMode::Off, "".into()).offer().is_none());
    for mode in [EncryptionMode::Offer, EncryptionMode::Require] {
        assert_eq!(Ladder::new(mode, "".into()).offer(), Some(Notice::OfferStartTls));
    }
}

#[test]
fn an_accepted_starttls_is_echoed_and_starts_the_handshake() {
    for status in ["true", "1", r#""yes""#, "[0]", r#"{"a":1}"#] {
        let mut climber = Climber::new(EncryptionMode::Offer);
        match climber.say(&format!(r#"{{"class":"starttls","status":{status}}}"#)) {
            Step::StartTls(notice) => {
                let status: Value = serde_json::from_str(status).expect("JSON");
                assert_has(&notice, &json!({"class": "starttls", "starttls": status}));
            }
            other => unreachable!("{status}: {other:?}"),
        }
        climber.0.encrypted();
        // Both released clients send it once more, inside TLS (client.md (a)).
        climber.ignores(ACCEPT_TLS);
        climber.answers(GOOD_ID, &json!({"class": "login_id"}));
        climber.ignores(ACCEPT_TLS);
    }
}

#[test]
fn a_refused_starttls_is_echoed_and_login_goes_on_in_clear() {
    for (status, echo) in [("false", json!(false)), ("null", json!(null)), ("0", json!(0)), (r#""""#, json!(""))] {
        let mut climber = Climber::new(EncryptionMode::Offer);
        let line = format!(r#"{{"class":"starttls","status":{status}}}"#);
        climber.answers(&line, &json!({"class": "starttls", "starttls": echo}));
        climber.ignores(ACCEPT_TLS);
        climber.answers(GOOD_ID, &json!({"class": "login_id"}));
    }
    Climber::new(EncryptionMode::Offer).answers(r#"{"class":"starttls"}"#, &json!({"starttls": null}));
}

#[test]
fn starttls_is_taken_until_the_password_is_right() {
    assert!(matches!(Climber::at_password().say(ACCEPT_TLS), Step::StartTls(_)));
    Climber::authenticated().ignores(ACCEPT_TLS);
    Climber::new(EncryptionMode::Off).ignores(ACCEPT_TLS);
}

#[test]
fn a_stray_availstate_may_come_before_the_starttls_answer() {
    let mut climber = Climber::new(EncryptionMode::Require);
    climber.ignores(STRAY);
    assert!(matches!(climber.say(ACCEPT_TLS), Step::StartTls(_)));
}

#[test]
fn in_require_mode_nobody_is_asked_for_a_password_in_clear() {
    let required = json!({"class": "login_id", "error_string": "encryption_required"});
    Climber::new(EncryptionMode::Require).refuses(GOOD_ID, &required);
    let mut declined = Climber::new(EncryptionMode::Require);
    declined.answers(r#"{"class":"starttls","status":false}"#, &json!({"starttls": false}));
    declined.refuses(GOOD_ID, &required);
    let mut accepted = Climber::new(EncryptionMode::Require);
    assert!(matches!(accepted.say(ACCEPT_TLS), Step::StartTls(_)));
    accepted.0.encrypted();
    accepted.answers(GOOD_ID, &json!({"class": "login_id"}));
}

#[test]
fn the_timer_and_a_long_line_close_with_their_codes() {
    for mut climber in [Climber::new(EncryptionMode::Offer), Climber::at_password(), Climber::authenticated()] {
        refused(climber.0.timed_out(), &json!({"class": "protocol_error", "error_string": "login_timeout"}));
        climber.ignores(GOOD_ID);
    }
    let mut climber = Climber::at_password();
    let step = climber.0.line_too_long("too long".to_owned());
    refused(step, &json!({"class": "protocol_error", "error_string": "line_too_long", "detail": "too long"}));
}
