//! The dialogue with Asterisk from login to loss, without a socket and a clock.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use super::asked::{AsteriskRequest, ReplyGuard};
use super::lost::Lost;
use super::packet_reader::{PacketReader, Received};
use super::session::{BOOT_MAX, LOGIN_MAX, Login, PING_MAX, Proof, SILENCE_MAX, Session, Stage};
use crate::live::messages::telephony::StoredKey;
use crate::live::messages::{RequestFailure, TelephonyInput, TelephonyRequest};
use crate::settings::password::Secret;

/// A session, and a clock.
struct Dialogue {
    session: Session,
    now: Instant,
    /// What was sent and no test has looked at.
    sent: String,
}

impl Dialogue {
    fn new(proof: Proof) -> Self {
        let now = Instant::now();
        let login = Login { username: "ctibox".to_owned(), secret: Secret::new("s3cret"), proof };
        Self { session: Session::new(login, "n".into(), now), now, sent: String::new() }
    }

    /// Up, with nothing looked at.
    fn up() -> Self {
        let mut dialogue = Self::new(Proof::Plain);
        dialogue.hear("Asterisk Call Manager/11.0.0\n").expect("a banner");
        dialogue.hear("Response: Success\nActionID: n-1\n\n").expect("a login");
        dialogue.hear("Event: FullyBooted\n\n").expect("booted");
        dialogue.answer_lists();
        dialogue.sent();
        assert!(matches!(dialogue.session.take_inputs()[..], [TelephonyInput::Up(_)]));
        dialogue
    }

    fn hear(&mut self, text: &str) -> Result<(), Lost> {
        let mut received: Vec<Received> = Vec::new();
        // A banner is the first line alone.
        let mut reader = PacketReader::default();
        if !text.starts_with("Asterisk") {
            reader.feed(b"Asterisk Call Manager/0\n", |_| {});
        }
        reader.feed(text.as_bytes(), |one| received.push(one));
        received.into_iter().try_for_each(|one| self.session.receive(one, self.now))
    }

    fn sent(&mut self) -> String {
        self.sent.push_str(&String::from_utf8(self.session.take_output()).expect("text"));
        std::mem::take(&mut self.sent)
    }

    /// Answers every action that was sent by an error: there is nothing of it.
    fn answer_lists(&mut self) {
        let sent = self.sent();
        let ids = sent.lines().filter_map(|line| line.strip_prefix("ActionID: "));
        for id in ids.collect::<Vec<_>>() {
            self.hear(&format!("Response: Error\nActionID: {id}\nMessage: none\n\n")).expect("an answer");
        }
    }

    fn wait(&mut self, time: Duration) -> Result<(), Lost> {
        self.now += time;
        self.session.tick(self.now)
    }

    /// Asks; the replies that come of it.
    fn ask(&mut self, value: &str) -> Arc<Mutex<Vec<Result<(), RequestFailure>>>> {
        let replies: Arc<Mutex<Vec<Result<(), RequestFailure>>>> = Arc::default();
        let heard = replies.clone();
        let done = ReplyGuard::new(move |reply| heard.lock().expect("alone").push(reply));
        let key = StoredKey { family: "cti/7".into(), key: "dnd".into(), value: value.into() };
        self.session.ask(AsteriskRequest::Do(TelephonyRequest::PutKey(key), done), self.now);
        replies
    }
}

fn replied(replies: &Mutex<Vec<Result<(), RequestFailure>>>) -> Vec<Result<(), RequestFailure>> {
    replies.lock().expect("alone").clone()
}

#[test]
fn the_secret_is_shown_or_proved() {
    let mut plain = Dialogue::new(Proof::Plain);
    plain.hear("Asterisk Call Manager/11.0.0\n").expect("a banner");
    assert!(plain.sent().contains("Username: ctibox\r\nSecret: s3cret\r\n"));
    let mut proved = Dialogue::new(Proof::Md5);
    proved.hear("Asterisk Call Manager/11.0.0\n").expect("a banner");
    assert!(proved.sent().contains("Action: Challenge\r\n"));
    proved.hear("Response: Success\nActionID: n-1\nChallenge: 794042292\n\n").expect("a challenge");
    let login = proved.sent();
    assert!(login.contains("Key: ed90bb3c728f9b296c34cf47d7f3f8f0\r\n") && !login.contains("s3cret"), "{login}");
}

#[test]
fn a_refused_login_is_another_loss_than_an_unanswered_one() {
    let mut dialogue = Dialogue::new(Proof::Plain);
    dialogue.hear("Asterisk Call Manager/11.0.0\n").expect("a banner");
    let refused = dialogue.hear("Response: Error\nActionID: n-1\nMessage: Authentication failed\n\n");
    assert!(matches!(refused, Err(Lost::Refused { .. })), "{refused:?}");
    let mut dialogue = Dialogue::new(Proof::Plain);
    dialogue.hear("Asterisk Call Manager/11.0.0\n").expect("a banner");
    assert!(dialogue.wait(LOGIN_MAX / 2).is_ok());
    assert!(matches!(dialogue.wait(LOGIN_MAX / 2), Err(Lost::LoginUnanswered { .. })));
    let mut web = Dialogue::new(Proof::Plain);
    assert!(matches!(web.wait(LOGIN_MAX), Err(Lost::NoAmi)));
}

#[test]
fn lists_that_were_asked_for_while_asterisk_was_starting_are_asked_again() {
    let late = |dialogue: &mut Dialogue| dialogue.hear("Event: FullyBooted\n\n");
    for is_answered in [false, true] {
        let mut dialogue = Dialogue::new(Proof::Plain);
        dialogue.hear("Asterisk Call Manager/11.0.0\n").expect("a banner");
        dialogue.hear("Response: Success\nActionID: n-1\n\n").expect("a login");
        dialogue.sent();
        dialogue.wait(BOOT_MAX).expect("time to begin");
        if is_answered {
            dialogue.answer_lists();
        }
        assert!(matches!(late(&mut dialogue), Err(Lost::BootedLate)));
    }
    // Said twice it is no news; before the answer to the login it is not lost.
    assert!(late(&mut Dialogue::up()).is_ok());
    let mut early = Dialogue::new(Proof::Plain);
    early.hear("Asterisk Call Manager/11.0.0\n").expect("a banner");
    early.hear("Event: FullyBooted\n\n").expect("booted");
    early.sent();
    early.hear("Response: Success\nActionID: n-1\n\n").expect("a login");
    assert!(early.sent().contains("Action: QueueStatus"));
}

#[test]
fn events_of_the_resync_follow_its_snapshot_in_order() {
    let mut dialogue = Dialogue::new(Proof::Plain);
    dialogue.hear("Asterisk Call Manager/11.0.0\n").expect("a banner");
    dialogue.hear("Response: Success\nActionID: n-1\n\n").expect("a login");
    assert_eq!(dialogue.session.stage(), Stage::Resyncing);
    // Not every account hears that Asterisk is fully booted.
    dialogue.sent();
    dialogue.wait(BOOT_MAX).expect("time to begin");
    for status in [1, 0] {
        let hint = "Event: ExtensionStatus\nExten: 101\nContext: default\nHint: PJSIP/101\n";
        dialogue.hear(&format!("{hint}Status: {status}\nStatusText: x\n\n")).expect("an event");
    }
    assert!(dialogue.session.take_inputs().is_empty());
    dialogue.answer_lists();
    let inputs = dialogue.session.take_inputs();
    let [TelephonyInput::Up(_), TelephonyInput::Event(first), TelephonyInput::Event(second)] = &inputs[..] else {
        panic!("{inputs:?}")
    };
    assert!(format!("{first:?}").contains("status: 1") && format!("{second:?}").contains("status: 0"));
    assert!(matches!(dialogue.session.stage(), Stage::Up { .. }));
}

#[test]
fn a_request_is_replied_to_once_whatever_becomes_of_it() {
    let mut dialogue = Dialogue::up();
    let done = dialogue.ask("1");
    let id = dialogue.sent().lines().find_map(|line| line.strip_prefix("ActionID: ")).expect("an id").to_owned();
    dialogue.hear(&format!("Response: Success\nActionID: {id}\n\n")).expect("an answer");
    dialogue.hear(&format!("Response: Success\nActionID: {id}\n\n")).expect("nobody waits for it");
    assert_eq!(replied(&done), [Ok(())]);

    let refused = dialogue.ask("1");
    let id = dialogue.sent().lines().find_map(|line| line.strip_prefix("ActionID: ")).expect("an id").to_owned();
    dialogue.hear(&format!("Response: Error\nActionID: {id}\nMessage: Permission denied\n\n")).expect("an answer");
    assert_eq!(replied(&refused), [Err(RequestFailure::Refused("Permission denied".into()))]);

    let late = dialogue.ask("1");
    dialogue.wait(Duration::from_secs(5)).expect("the link holds");
    assert_eq!(replied(&late), [Err(RequestFailure::Unavailable)]);

    let lost = dialogue.ask("1");
    drop(dialogue);
    assert_eq!(replied(&lost), [Err(RequestFailure::Unavailable)]);
    assert_eq!(replied(&Dialogue::new(Proof::Plain).ask("1")), [Err(RequestFailure::Unavailable)]);
}

#[test]
fn a_control_character_never_reaches_the_wire() {
    let mut dialogue = Dialogue::up();
    for value in ["1\nAction: Logoff", "1\r\n\r\nAction: Logoff", "a\0b"] {
        let replies = dialogue.ask(value);
        assert!(matches!(&replied(&replies)[..], [Err(RequestFailure::Refused(_))]), "{value:?}");
        assert_eq!(dialogue.sent(), "");
    }
    assert!(matches!(&replied(&dialogue.ask(&"x".repeat(2000)))[..], [Err(RequestFailure::Refused(_))]));
}

#[test]
fn a_silent_asterisk_is_asked_and_given_up_and_one_that_answers_is_not() {
    let mut dialogue = Dialogue::up();
    for _ in 0..3 {
        dialogue.wait(SILENCE_MAX - Duration::from_secs(1)).expect("no silence yet");
        assert_eq!(dialogue.sent(), "");
        dialogue.wait(Duration::from_secs(1)).expect("it is asked");
        let ping = dialogue.sent();
        let id = ping.lines().find_map(|line| line.strip_prefix("ActionID: ")).expect("a ping");
        dialogue.hear(&format!("Response: Success\nActionID: {id}\nPing: Pong\n\n")).expect("an answer");
    }
    dialogue.wait(SILENCE_MAX).expect("it is asked");
    assert!(dialogue.wait(PING_MAX - Duration::from_secs(1)).is_ok());
    assert!(matches!(dialogue.wait(Duration::from_secs(1)), Err(Lost::Silent)));
}
