//! Telephones and voicemail boxes: what the telephone system says of them, and what clients hear of that, when.

use super::*;
use crate::live::messages::telephony::{DeviceSeen, HintSeen, MailboxSeen};
use crate::live::messages::{Cause, Change, Subject};
use crate::settings::id::{LineId, VoicemailId};

/// Of agnes, bertil and chiara: `1001@default`, `1002@default`, `1003@sales`.
pub(super) fn hint(extension: &str, status: i8) -> HintSeen {
    let context = if extension == "1003" { "sales" } else { "default" };
    HintSeen { extension: extension.into(), context: context.into(), hint: format!("PJSIP/{extension}").into(), status }
}

fn device(extension: &str, state: &str) -> DeviceSeen {
    DeviceSeen { device: format!("PJSIP/{extension}").into(), state: state.into() }
}

fn mailbox(name: &str, new: u32) -> MailboxSeen {
    MailboxSeen { mailbox: name.into(), new, old: 1 }
}

fn with_hints(hints: &[HintSeen]) -> TelephonySnapshot {
    TelephonySnapshot { hints: hints.to_vec(), ..TelephonySnapshot::default() }
}

fn rings(extension: &str, status: i8) -> TelephonyEvent {
    TelephonyEvent::Hint(hint(extension, status))
}

fn told(line: i64, status: i8) -> String {
    format!(r#"updatestatus phones "{line}" {{"hintstatus":"{status}"}}"#)
}

fn ask_status(list: &str, tid: i64) -> String {
    format!(r#"{{"class":"getlist","function":"updatestatus","listname":"{list}","tid":"{tid}"}}"#)
}

impl Stage {
    /// So that what comes next is told at once.
    fn rest(&mut self) {
        self.pass_milliseconds(50);
    }
}

/// Settings §9: 24, 27.
#[test]
fn a_telephone_is_told_to_all_who_see_it_and_only_if_it_changed() {
    let mut stage = Stage::separated();
    let (agnes, chiara) = (stage.enter(AGNES, "available"), stage.enter(CHIARA, "available"));
    stage.link(with_hints(&[hint("1001", 0), hint("1002", 4), hint("1003", 0)]));
    assert_eq!((stage.heard(agnes), stage.heard(chiara)), (vec![told(1, 0)], vec![told(3, 0)]));
    for (status, heard) in [(8, vec![told(2, 8)]), (8, vec![]), (1, vec![told(2, 1)])] {
        stage.rest();
        stage.happens(rings("1002", status));
        assert_eq!((stage.heard(agnes), stage.heard(chiara)), (heard, vec![]));
    }
    assert_eq!(stage.answer(agnes, &ask_status("phones", 2)), [told(2, 1)]);
    assert_eq!(stage.answer(chiara, &ask_status("phones", 2)), [r#"updatestatus phones "2" {}"#]);
}

/// Settings §9: 24, 25, 27.
#[test]
fn who_registered_for_a_telephone_hears_an_integer_if_they_see_it() {
    let mut stage = Stage::separated();
    let (agnes, chiara) = (stage.enter(AGNES, "available"), stage.enter(CHIARA, "available"));
    let server = server();
    let register = format!(r#"{{"class":"register_endpoint_status_update","endpoint_ids":[["{server}",2]]}}"#);
    let update = |status: i8| {
        format!(r#"endpoint_status_update {{"data":{{"xivo_uuid":"{server}","endpoint_id":2,"status":{status}}}}}"#)
    };
    assert_eq!((stage.answer(agnes, &register), stage.answer(chiara, &register)), (vec![update(4)], vec![]));
    stage.happens(rings("1002", 17));
    assert_eq!((stage.heard(agnes), stage.heard(chiara)), (vec![update(16), told(2, 16)], vec![]));
    assert_eq!(stage.answer(agnes, &register), [update(16)]);
}

#[test]
fn the_first_is_told_at_once_and_what_follows_at_most_twenty_times_a_second() {
    let mut stage = Stage::new();
    let agnes = stage.enter(AGNES, "available");
    stage.happens(rings("1001", 8));
    assert_eq!(stage.heard(agnes), [told(1, 8)]);
    for status in [1, 16, 1] {
        stage.happens(rings("1001", status));
        stage.happens(rings("1002", 8));
    }
    stage.happens(rings("1003", 8));
    stage.happens(rings("1003", 4));
    stage.pass_milliseconds(49);
    assert_eq!(stage.heard(agnes), [""; 0]);
    stage.pass_milliseconds(1);
    assert_eq!(stage.heard(agnes), [told(1, 1), told(2, 8)], "what changed back is told to nobody");
    stage.happens(rings("1001", 0));
    stage.choose(agnes, "away");
    let presence = r#"updatestatus users "1" {"availstate":"away"}"#;
    assert_eq!(stage.heard(agnes), [presence], "a presence is not held");
    stage.pass_milliseconds(50);
    assert_eq!(stage.heard(agnes), [told(1, 0)]);
    assert_eq!(stage.live.next_alarm(), None);
}

#[test]
fn a_resync_tells_only_what_differs() {
    let mut stage = Stage::new();
    let agnes = stage.enter(AGNES, "available");
    let all = [hint("1001", 1), hint("1002", 0), hint("1003", 8)];
    stage.link(with_hints(&all));
    assert_eq!(stage.heard(agnes), [told(1, 1), told(2, 0), told(3, 8)]);
    stage.rest();
    stage.lose_link();
    assert_eq!(stage.answer(agnes, &ask_status("phones", 1)), [told(1, 1)], "it stays as it was last");
    stage.rest();
    stage.link(with_hints(&all));
    assert_eq!(stage.heard(agnes), [""; 0]);
    stage.rest();
    stage.link(with_hints(&[hint("1001", 1), hint("1003", 0)]));
    assert_eq!(stage.heard(agnes), [told(2, 4), told(3, 0)], "a telephone that nothing is said of is gone");
}

#[test]
fn a_line_without_a_hint_is_what_its_device_says() {
    let mut stage = Stage::new();
    let agnes = stage.enter(AGNES, "available");
    let devices = vec![device("1001", "INUSE"), device("1002", "NOT_INUSE")];
    stage.link(TelephonySnapshot { hints: vec![hint("1002", 8)], devices, ..TelephonySnapshot::default() });
    assert_eq!(stage.heard(agnes), [told(1, 1), told(2, 8)]);
    stage.rest();
    stage.happens(TelephonyEvent::Device(device("1001", "ONHOLD")));
    stage.happens(TelephonyEvent::Device(device("1002", "BUSY")));
    assert_eq!(stage.heard(agnes), [told(1, 16)]);
}

#[test]
fn a_hint_that_is_gone_is_told_as_that() {
    let mut stage = Stage::new();
    let agnes = stage.enter(AGNES, "available");
    for status in [0, -2, -1] {
        stage.rest();
        stage.happens(rings("1001", status));
        assert_eq!(stage.heard(agnes), [told(1, status)]);
    }
}

#[test]
fn a_line_with_another_device_or_place_is_at_once_what_is_known_of_that() {
    let mut stage = Stage::new();
    let agnes = stage.enter(AGNES, "available");
    let other = HintSeen { hint: "PJSIP/desk".into(), ..hint("777", 9) };
    stage.link(with_hints(&[hint("1001", 0), other]));
    stage.heard(agnes);
    stage.rest();
    stage.change(|known, _| {
        known.lines.edit(LineId::new(1), |line| line.device = name(Device::parse("SIP/Desk")));
    });
    let heard = stage.heard(agnes);
    assert_eq!(heard.last(), Some(&told(1, 9)), "{heard:?}");
    assert_eq!(stage.answer(agnes, &ask_status("phones", 1)), [told(1, 9)]);
    stage.rest();
    stage.change(|known, _| {
        known.lines.edit(LineId::new(1), |line| line.device = name(Device::parse("SIP/nowhere")));
    });
    let heard = stage.heard(agnes);
    assert_eq!(heard.last(), Some(&told(1, 0)), "its place has a hint that names nobody else: {heard:?}");
}

#[test]
fn voicemail_says_an_integer_until_something_is_known_and_then_a_text() {
    let mut stage = Stage::separated();
    let (agnes, chiara) = (stage.enter(AGNES, "available"), stage.enter(CHIARA, "available"));
    let of = |new: &str| format!(r#"updatestatus voicemails "1" {{"new":{new}}}"#);
    assert_eq!(stage.answer(agnes, &ask_status("voicemails", 1)), [of("0")]);
    let boxes = vec![mailbox("1001@default", 0), mailbox("9@other", 3)];
    stage.link(TelephonySnapshot { mailboxes: boxes, ..TelephonySnapshot::default() });
    assert_eq!(stage.heard(agnes), [""; 0], "none is as many as before");
    assert_eq!(stage.answer(agnes, &ask_status("voicemails", 1)), [of(r#""0""#)]);
    for (new, heard) in [(2, vec![of(r#""2""#)]), (2, vec![])] {
        stage.rest();
        stage.happens(TelephonyEvent::Mailbox(mailbox("1001@default", new)));
        assert_eq!((stage.heard(agnes), stage.heard(chiara)), (heard, vec![]));
    }
    stage.rest();
    stage.link(TelephonySnapshot::default());
    assert_eq!(stage.heard(agnes), [""; 0], "a telephone system that keeps no boxes says nothing of them");
    stage.link(TelephonySnapshot { mailboxes: vec![mailbox("9@other", 3)], ..TelephonySnapshot::default() });
    assert_eq!(stage.heard(agnes), [of(r#""0""#)]);
}

#[test]
fn who_follows_events_hears_of_telephones_and_boxes() {
    let mut stage = Stage::new();
    stage.happens(rings("1002", 8));
    stage.happens(TelephonyEvent::Mailbox(mailbox("1001@default", 1)));
    stage.rest();
    let happened: Vec<_> =
        stage.events.iter().map(|event| (event.cause, event.subject, event.change.clone())).collect();
    let line = (Cause::Telephony, Subject::Phone(LineId::new(2)), Change::Phone { from: 4, to: 8 });
    let voicemail = Subject::Voicemail(VoicemailId::new(1));
    let voicemail = (Cause::Telephony, voicemail, Change::Mailbox { from: 0, to: 1 });
    assert_eq!(happened, [line, voicemail]);
}

#[test]
fn a_resync_is_told_in_slices_and_what_happens_meanwhile_waits_for_its_turn() {
    let mut stage = Stage::new();
    let agnes = stage.enter(AGNES, "available");
    stage.change(|known, _| {
        for number in 0..40 {
            add_line(known, UserId::new(AGNES), &format!("20{number:02}"), ContextId::new(1));
        }
    });
    stage.heard(agnes);
    stage.rest();
    stage.live.state.set_slice_steps(20);
    let hints: Vec<HintSeen> = (0..40).map(|number| hint(&format!("20{number:02}"), 0)).collect();
    let snapshot = TelephonySnapshot { keys: vec![super::lamps::mark()], ..with_hints(&hints) };
    let up = Input::Telephony(TelephonyInput::Up(Box::new(snapshot.prepare())));
    let effects = stage.live.apply(stage.now, up);
    stage.run(effects);
    let first = stage.heard(agnes);
    assert!(stage.live.is_publishing() && first.len() < 20, "{first:?}");
    let ringing = Input::Telephony(TelephonyInput::Event(rings("1001", 8)));
    let effects = stage.live.apply(stage.now, ringing);
    stage.run(effects);
    let (mut slices, mut heard) = (0, first);
    while stage.live.is_publishing() {
        let effects = stage.live.apply(stage.now, Input::Continue);
        stage.run(effects);
        slices += 1;
        heard.extend(stage.heard(agnes));
    }
    stage.rest();
    heard.extend(stage.heard(agnes));
    assert_eq!((heard.len(), slices > 3), (41, true), "{slices} {heard:?}");
    assert!(heard.contains(&told(1, 8)) && heard.contains(&told(43, 0)));
}
