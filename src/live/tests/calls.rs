//! Calls of one's own: what the telephone system is asked for when a client dials or hangs up, and what the client hears.

use super::call_model::channel;
use super::{AGNES, BERTIL, CHIARA, GRETE, Stage, cast, name};
use crate::live::messages::SessionId;
use crate::live::messages::telephony::{
    CallFailure, ChannelState, DialplanPlace, Originate, RequestFailure, TelephonyEvent, TelephonyQuestion,
    TelephonyReply, TelephonyRequest, TelephonySnapshot,
};
use crate::settings::edit::NewDialRule;
use crate::settings::id::{ContextId, Id, UserId};
use crate::settings::name::DialDigits;
use crate::settings::setting::General;

/// What the telephone system replies, whatever it is asked.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::live) enum Replies {
    Done,
    /// Done, but no extension is there.
    NoExtension,
    /// Extensions are there, and cannot be called.
    CallFails(CallFailure),
    Refused(Box<str>),
    Unavailable,
}

impl Replies {
    pub(super) fn to(&self, question: TelephonyQuestion) -> TelephonyReply {
        let not_done = match self {
            Self::Done | Self::NoExtension | Self::CallFails(_) => None,
            Self::Refused(words) => Some(RequestFailure::Refused(words.clone())),
            Self::Unavailable => Some(RequestFailure::Unavailable),
        };
        match (question, self) {
            (TelephonyQuestion::Do(_, pending), _) => TelephonyReply::Do(pending, not_done.map_or(Ok(()), Err)),
            (TelephonyQuestion::Exists(_, order), Self::Unavailable) => {
                TelephonyReply::Exists(order, Err(RequestFailure::Unavailable))
            }
            (TelephonyQuestion::Exists(_, order), _) => TelephonyReply::Exists(order, Ok(*self != Self::NoExtension)),
            (TelephonyQuestion::Originate(_, pending), Self::CallFails(why)) => {
                TelephonyReply::Originate(pending, Err(why.clone()))
            }
            (TelephonyQuestion::Originate(_, pending), _) => {
                TelephonyReply::Originate(pending, not_done.map_or(Ok(()), |why| Err(why.into())))
            }
        }
    }
}

fn linked(mut stage: Stage) -> Stage {
    stage.link(TelephonySnapshot::default());
    stage.asked();
    stage
}

fn dial(stage: &mut Stage, session: SessionId, destination: &str) -> Vec<String> {
    let destination = serde_json::to_string(destination).expect("a text");
    stage.answer(session, &format!(r#"{{"class":"ipbxcommand","command":"dial","destination":{destination}}}"#))
}

/// What was asked, one line each.
fn asked(stage: &mut Stage) -> Vec<String> {
    let calls = std::mem::take(&mut stage.calls);
    stage.asked();
    calls
}

/// `? extension@context`, or `device -> extension@context "name" <number>`.
pub(super) fn shown(question: &TelephonyQuestion) -> String {
    match question {
        TelephonyQuestion::Exists(DialplanPlace { context, extension }, _) => format!("? {extension}@{context}"),
        TelephonyQuestion::Originate(Originate::Dial { device, context, extension, shown, variables, timeout }, _) => {
            let own = variables.iter().map(|(name, value)| format!(" {name}={value}")).collect::<String>();
            assert_eq!(timeout.as_secs(), 30);
            let own = own.replace("XIVO_ORIGAPPLI=OrigDial ", "").replace("XIVO_ORIG_", "");
            format!("{device} -> {extension}@{context} {:?} <{}>;{own}", shown.name, shown.number)
        }
        TelephonyQuestion::Originate(Originate::Listen { device, to, shown, .. }, _) => {
            format!("{device} listens to {to} {:?} <{}>", shown.name, shown.number)
        }
        TelephonyQuestion::Do(TelephonyRequest::Hangup { channel, cause }, _) => format!("hang up {channel} {cause}"),
        TelephonyQuestion::Do(request, _) => format!("{request:?}"),
    }
}

fn refused(error: &str) -> Vec<String> {
    vec![format!(r#"ipbxcommand {{"error_string":"{error}"}}"#)]
}

fn success(extension: &str) -> Vec<String> {
    vec![format!(r#"dial_success {{"exten":"{extension}"}}"#)]
}

const NOTHING: [&str; 0] = [];

#[test]
fn dial_rings_ones_own_telephone_which_calls_in_its_own_context() {
    let mut stage = linked(Stage::new());
    let agnes = stage.enter(AGNES, "available");
    let bertil = stage.enter(BERTIL, "available");
    stage.asked();
    assert_eq!(dial(&mut stage, agnes, "1002"), success("1002"));
    assert_eq!(
        asked(&mut stage),
        [
            "? 1002@default",
            "PJSIP/1001 -> 1002@cti-dial \"Bertil\" <1002>; CID_NAME=Agnes CID_NUM=1001 CTI_DIAL_CONTEXT=default",
        ]
    );
    assert_eq!(stage.heard(bertil), NOTHING, "nobody else hears of it");
    for (destination, number, name) in [
        ("\"Somebody else\" <1002>", "1002", "Bertil"),
        ("exten:xivo/3001", "3001", "support"),
        ("4001", "4001", "Daily"),
        ("+33 (0)1 23-45", "+3312345", ""),
        ("tel:+1-514-555-0101", "+15145550101", ""),
        ("*211002", "*211002", ""),
        ("vm_consult:xivo/", "*98", ""),
        ("voicemail:xivo/1", "*971001", ""),
    ] {
        assert_eq!(dial(&mut stage, agnes, destination), success(number));
        let call = asked(&mut stage);
        let shown = format!("PJSIP/1001 -> {number}@cti-dial {name:?} <{number}>;");
        assert!(call[1].starts_with(&shown), "{destination:?}: {call:?}");
    }
}

#[test]
fn a_client_chooses_neither_context_nor_channel_nor_application() {
    let mut stage = linked(Stage::new());
    let agnes = stage.enter(AGNES, "available");
    for destination in [
        "1002\r\nContext: sales",
        "1002@sales",
        "exten:xivo/1002@sales,1",
        "Local/1003@sales",
        "\"x\" <1002&PJSIP/1003>",
        "1002|Application=System",
        "${SHELL(id)}",
    ] {
        stage.asked();
        dial(&mut stage, agnes, destination);
        let call = asked(&mut stage);
        let number = call[0].strip_prefix("? ").and_then(|asked| asked.strip_suffix("@default"));
        let number = number.expect("the caller's own context is asked");
        assert!(number.chars().all(|sign| sign.is_ascii_alphanumeric()), "{destination:?} is {number:?}");
        assert!(call[1].starts_with(&format!("PJSIP/1001 -> {number}@cti-dial \"")), "{call:?}");
        assert!(call[1].ends_with("CTI_DIAL_CONTEXT=default"), "{call:?}");
    }
    for destination in ["", "<>", "user:xivo/3", "!?-/", "voicemail:xivo/9", "voicemail:xivo/x", &"1".repeat(81)] {
        assert_eq!(dial(&mut stage, agnes, destination), refused(&format!("unreachable_extension:{destination}")));
        assert_eq!(asked(&mut stage), NOTHING, "{destination:?}");
    }
    // Nobody writes a number of a few digits so long: it is not even read.
    stage.asked();
    dial(&mut stage, agnes, &format!("100{}2", " ".repeat(1024)));
    assert_eq!(asked(&mut stage), NOTHING);
}

#[test]
fn names_and_boxes_that_one_may_not_see_are_not_shown() {
    let mut stage = linked(Stage::separated());
    let chiara = stage.enter(CHIARA, "available");
    assert_eq!(dial(&mut stage, chiara, "1001"), success("1001"));
    let call = asked(&mut stage);
    assert_eq!(call[0], "? 1001@sales");
    assert!(call[1].starts_with("PJSIP/1003 -> 1001@cti-dial \"\" <1001>"), "{call:?}");
    assert_eq!(dial(&mut stage, chiara, "voicemail:xivo/1"), refused("unreachable_extension:voicemail:xivo/1"));
    assert_eq!(asked(&mut stage), NOTHING);
}

#[test]
fn without_a_line_nothing_is_said_and_without_a_link_that_there_is_no_service() {
    let mut stage = linked(Stage::new());
    let (agnes, grete) = (stage.enter(AGNES, "available"), stage.enter(GRETE, "available"));
    assert_eq!(dial(&mut stage, grete, "1002"), NOTHING);
    assert_eq!(stage.answer(grete, r#"{"class":"hangup"}"#), NOTHING);
    stage.lose_link();
    for line in [r#"{"class":"hangup"}"#, r#"{"class":"ipbxcommand","command":"dial","destination":"1002"}"#] {
        assert_eq!(stage.answer(agnes, line), refused("service_unavailable"));
    }
    assert_eq!(asked(&mut stage), NOTHING);
}

#[test]
fn what_comes_of_a_call_is_answered_in_the_protocols_words() {
    let mut stage = linked(Stage::new());
    let agnes = stage.enter(AGNES, "available");
    stage.reply = Replies::NoExtension;
    assert_eq!(dial(&mut stage, agnes, "1999"), refused("unreachable_extension:1999"));
    assert_eq!(asked(&mut stage), ["? 1999@default"]);
    for (reply, answer) in [
        (Replies::CallFails(CallFailure::Busy), refused("service_unavailable")),
        (Replies::CallFails(CallFailure::Unreachable), refused("service_unavailable")),
        (Replies::CallFails(CallFailure::NoAnswer), vec![]),
        (Replies::Refused("Permission denied".into()), refused("call_unauthorized")),
    ] {
        stage.reply = reply.clone();
        assert_eq!(dial(&mut stage, agnes, "1002"), answer, "{reply:?}");
    }
    // A dial plan without the context that gives the telephone its number back.
    stage.asked();
    stage.reply = Replies::CallFails(CallFailure::NoSuchExtension);
    assert_eq!(dial(&mut stage, agnes, "1002"), refused("unreachable_extension:1002"));
    assert_eq!(asked(&mut stage)[2], "PJSIP/1001 -> 1002@default \"Bertil\" <1002>; CID_NAME=Agnes CID_NUM=1001");
    // Whatever came of them, calls count as made no more.
    for _ in 0..10 {
        stage.reply = Replies::Done;
        assert_eq!(dial(&mut stage, agnes, "1002"), success("1002"));
    }
}

#[test]
fn hanging_up_ends_ones_own_call_alone() {
    let mut stage = linked(Stage::new());
    let agnes = stage.enter(AGNES, "available");
    let hang_up = |stage: &mut Stage| (stage.answer(agnes, r#"{"class":"hangup"}"#), asked(stage));
    let (mine, other) = ("PJSIP/1001-00000001", channel("PJSIP/1002-00000002", 2, 1, ChannelState::Up));
    stage.happens(TelephonyEvent::Channel(other));
    assert_eq!(hang_up(&mut stage), (vec![], vec![]), "without a call nothing is said");
    let ringing = channel(mine, 1, 1, ChannelState::Ringing);
    stage.happens(TelephonyEvent::Channel(ringing));
    assert_eq!(hang_up(&mut stage), (vec![], vec![format!("hang up {mine} 21")]));
    let talking = channel(mine, 1, 1, ChannelState::Up);
    stage.happens(TelephonyEvent::Channel(talking.clone()));
    assert_eq!(hang_up(&mut stage), (vec![], vec![format!("hang up {mine} 16")]));
    for (reply, answer) in [
        (Replies::Done, vec![]),
        (Replies::Refused("Permission denied".into()), refused("hangup_unauthorized")),
        (Replies::Unavailable, refused("service_unavailable")),
    ] {
        stage.reply = reply;
        assert_eq!(hang_up(&mut stage).0, answer);
    }
    stage.happens(TelephonyEvent::Held { unique_id: talking.unique_id, is_held: true });
    assert_eq!(hang_up(&mut stage), (vec![], vec![]), "a held call is not hung up");
}

#[test]
fn dial_rules_make_what_the_trunk_wants_of_numbers_for_outside() {
    let mut known = cast();
    let digits = |text| name(DialDigits::parse(text));
    for (prefix, strip, add) in [("+33", 3, "00"), ("", 0, "9")] {
        let rule = NewDialRule { prefix: digits(prefix), strip, add: digits(add), context: Some(ContextId::new(1)) };
        known.add_dial_rule(rule).expect("a rule");
    }
    let mut stage = linked(Stage::with(known, General::default()));
    let (agnes, chiara) = (stage.enter(AGNES, "available"), stage.enter(CHIARA, "available"));
    for (number, extension) in [
        ("+33 1 23 45 67 89", "00123456789"),
        ("5550101", "95550101"),
        ("1002", "1002"),
        ("3001", "3001"),
        ("4001", "4001"),
        ("*25", "*25"),
    ] {
        stage.asked();
        dial(&mut stage, agnes, number);
        assert_eq!(asked(&mut stage)[0], format!("? {extension}@default"), "{number}");
    }
    stage.asked();
    assert_eq!(dial(&mut stage, chiara, "+33123456789"), success("+33123456789"));
    assert_eq!(asked(&mut stage)[0], "? +33123456789@sales", "the rules are another context's");
}

#[test]
fn who_may_listen_listens_to_an_agent_who_is_logged_in() {
    const LISTEN: &str = r#"{"class":"ipbxcommand","command":"listen","destination":"xivo/1","subcommand":"start"}"#;
    let mut known = cast();
    let supervisor = known.profiles.find(|profile| profile.may_listen).expect("a profile").id;
    known.users.edit(UserId::new(AGNES), |user| user.profile = Some(supervisor));
    let mut stage = linked(Stage::with(known, General::default()));
    let (agnes, bertil) = (stage.enter(AGNES, "available"), stage.enter(BERTIL, "available"));
    let chiara = stage.enter(CHIARA, "available");
    stage.asked();
    assert_eq!(stage.answer(agnes, LISTEN), NOTHING, "nobody is logged in");
    assert_eq!(asked(&mut stage), NOTHING);
    stage.ask(bertil, r#"{"class":"ipbxcommand","command":"agentlogin"}"#);
    stage.asked();
    assert_eq!(stage.answer(chiara, LISTEN), refused("call_unauthorized"));
    assert_eq!(asked(&mut stage), NOTHING);
    assert_eq!(stage.answer(agnes, LISTEN), NOTHING);
    assert_eq!(asked(&mut stage), ["PJSIP/1001 listens to PJSIP/1002 \"Listen/Écouter\" <2105>"]);
    stage.reply = Replies::Refused("Permission denied".into());
    assert_eq!(stage.answer(agnes, LISTEN), refused("call_unauthorized"));
    for nobody in ["xivo/77", "xivo/x"] {
        assert_eq!(stage.answer(agnes, &LISTEN.replace("xivo/1", nobody)), NOTHING);
    }
    stage.lose_link();
    assert_eq!(stage.answer(agnes, LISTEN), refused("service_unavailable"));
}
