//! What the engine does with what `live` decides: to whom it goes, and when.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::actor::Engine;
use super::handle::{Message, Report};
use super::ports::{ClientPort, Link, StorePort, TelephonyPort};
use super::store_requests::STORE_REPLY_MAX;
use crate::asterisk::AsteriskRequest;
use crate::live::Live;
use crate::live::messages::{Admission, AnswerPermit, Moment, SessionId, TimeOfDay, Unanswered};
use crate::live::tests::cast;
use crate::live::{OutgoingNotice, PreparedSettings};
use crate::protocol::notice::{Config, Notice};
use crate::protocol::parse::parse;
use crate::protocol::request::Version;
use crate::settings::address_book::Found;
use crate::settings::fixtures::whole;
use crate::settings::id::{Id, ProfileId, UserId};
use crate::settings::setting::General;
use crate::settings::state::{StateWrite, States};
use crate::store::{Asked, Done, StoreError, StoreRequest};

/// A disk that holds back what it was given.
#[derive(Clone, Default)]
struct SlowDisk(Arc<Mutex<Vec<Done>>>);

impl StorePort for SlowDisk {
    fn write(&self, writes: Vec<StateWrite>, done: Done) {
        assert!(!writes.is_empty());
        self.keep_back(done);
    }

    fn ask(&self, request: StoreRequest) {
        self.keep_back(match request {
            StoreRequest::FindContacts(Asked { done, .. }) => {
                Box::new(move |outcome| done(outcome.map(|()| Found::default())))
            }
            StoreRequest::FetchChat(Asked { done, .. }) => Box::new(move |outcome| done(outcome.map(|()| Vec::new()))),
            _ => panic!("nothing else is asked for here"),
        });
    }
}

impl SlowDisk {
    fn keep_back(&self, done: Done) {
        self.0.lock().expect("no panic").push(done);
    }

    fn end(&self, outcome: impl Fn() -> Result<(), StoreError>) {
        for done in std::mem::take(&mut *self.0.lock().expect("no panic")) {
            done(outcome());
        }
    }
}

#[derive(Clone, Default)]
struct Heard(Arc<Mutex<Vec<String>>>);

impl Heard {
    fn add(&self, heard: String) {
        self.0.lock().expect("no panic").push(heard);
    }

    fn all(&self) -> Vec<String> {
        self.0.lock().expect("no panic").clone()
    }
}

impl ClientPort for Heard {
    type Client = ();

    fn connect(&mut self, _session: SessionId, _client: ()) {}

    fn disconnect(&mut self, _session: SessionId) {}

    fn send(&mut self, _now: Moment, notice: &OutgoingNotice) {
        let told = match &*notice.notice {
            Notice::LoginCapas(_) => "login".to_owned(),
            Notice::Status { .. } => "presence".to_owned(),
            Notice::Config { config: Config::UserServices(services), .. } => {
                format!("dnd {:?}", services.enablednd)
            }
            other => format!("{other:?}"),
        };
        self.add(format!("{} {told}", notice.to.sessions()[0].0));
    }

    fn close(&mut self, session: SessionId) {
        self.add(format!("{} closed", session.0));
    }

    fn flush(&mut self) {}

    fn link(&self, _session: SessionId) -> Option<Link> {
        Some(Link { peer: "127.0.0.1:1".parse().expect("an address"), tls: None })
    }
}

impl Unanswered for Heard {
    fn answered(&self, lines: u32) {
        (0..lines).for_each(|_| self.add("answered".to_owned()));
    }
}

struct Played {
    engine: Engine<Heard>,
    disk: SlowDisk,
    reports: UnboundedReceiver<Report>,
    heard: Heard,
}

/// Nobody is to ask it.
struct NoTelephony;

impl TelephonyPort for NoTelephony {
    fn ask(&self, _request: AsteriskRequest) {
        panic!("telephony was asked");
    }
}

const NOW: Moment = Moment { steady: Duration::ZERO, unix: 0.0 };
const OVERDUE: Moment = Moment { steady: STORE_REPLY_MAX, unix: 0.0 };
const SESSION: SessionId = SessionId(7);

fn play() -> Played {
    let (known, general) = (Arc::new(whole(cast())), Arc::new(General::default()));
    let live = Live::new(PreparedSettings::new(known, general), States::default(), |unix| TimeOfDay::at(unix, 0), NOW);
    let (disk, heard) = (SlowDisk::default(), Heard::default());
    let (to_reports, reports) = unbounded_channel();
    let engine = Engine::new(
        NOW,
        live,
        heard.clone(),
        (Box::new(disk.clone()), Box::new(NoTelephony)),
        to_reports,
        Box::new(|| false),
        Box::new(drop),
    );
    Played { engine, disk, reports, heard }
}

impl Played {
    fn log_in_and_be_silent(&mut self) {
        let (user, profile, state) = (UserId::new(1), ProfileId::new(3), "donotdisturb".into());
        let admission = Admission { user, profile, version: Version::V2_2, state };
        let permit = self.permit();
        self.engine.handle(NOW, Message::Connected { session: SESSION, client: (), admission, permit });
        self.engine.flush();
    }

    fn permit(&self) -> AnswerPermit {
        AnswerPermit::new(Arc::new(self.heard.clone()), 1)
    }

    fn ask(&mut self, line: &[u8]) {
        let line = parse(line).expect("a good line");
        let permit = self.permit();
        self.engine.handle(NOW, Message::Line { session: SESSION, line, permit });
        self.engine.flush();
    }

    fn hear_reports(&mut self) {
        while let Ok(report) = self.reports.try_recv() {
            self.engine.hear(NOW, report);
        }
        self.engine.flush();
    }
}

fn no_disk() -> StoreError {
    StoreError::WriterGone { path: PathBuf::from("ctibox.db") }
}

#[test]
fn what_waits_for_the_disk_comes_back_as_a_report() {
    let mut played = play();
    played.log_in_and_be_silent();
    assert_eq!(played.heard.all(), ["7 login", "7 presence", "answered"]);
    played.disk.end(|| Ok(()));
    assert_eq!(played.heard.all().len(), 3);
    played.hear_reports();
    assert_eq!(played.heard.all()[3..], ["7 dnd Some(true)"]);
}

#[test]
fn nothing_is_told_of_what_the_disk_refused() {
    let mut played = play();
    played.log_in_and_be_silent();
    played.disk.end(|| Err(no_disk()));
    played.hear_reports();
    assert!(!played.heard.all().iter().any(|heard| heard.contains("dnd")), "{:?}", played.heard.all());
}

#[test]
fn a_line_is_answered_when_the_store_has_replied_or_failed() {
    for (outcome, told) in [(Ok(()), 1), (Err(()), 0)] {
        let mut played = play();
        played.log_in_and_be_silent();
        played.disk.end(|| Ok(()));
        played.hear_reports();
        let before = played.heard.all().len();
        played.ask(br#"{"class":"people_favorites"}"#);
        assert_eq!(played.heard.all().len(), before);
        played.disk.end(|| outcome.map_err(|()| no_disk()));
        played.hear_reports();
        let heard = played.heard.all();
        assert_eq!((heard.len(), &*heard[heard.len() - 1]), (before + told + 1, "answered"));
    }
}

#[test]
fn a_reply_that_is_overdue_holds_up_no_line_and_a_late_one_is_dropped() {
    let mut played = play();
    played.log_in_and_be_silent();
    played.disk.end(|| Ok(()));
    played.hear_reports();
    let favorites = br#"{"class":"people_favorites"}"#;
    played.ask(favorites);
    let before = played.heard.all().len();
    played.engine.ring(OVERDUE);
    played.engine.flush();
    assert_eq!(played.heard.all()[before..], ["answered"]);
    // While it hangs, whoever asks it waits for nothing.
    played.ask(favorites);
    played.hear_reports();
    assert_eq!(played.heard.all()[before..], ["answered", "answered"]);
    played.disk.end(|| Ok(()));
    played.hear_reports();
    assert_eq!(played.heard.all().len(), before + 2);
    assert_eq!(played.engine.next_alarm(), None);
    played.ask(favorites);
    played.disk.end(|| Ok(()));
    played.hear_reports();
    assert_eq!(played.heard.all().len(), before + 4);
}

#[test]
fn a_service_that_is_overdue_is_told_when_it_is_on_disk() {
    let mut played = play();
    played.log_in_and_be_silent();
    played.engine.ring(OVERDUE);
    played.engine.flush();
    assert_eq!(played.heard.all().len(), 3);
    played.disk.end(|| Ok(()));
    played.hear_reports();
    assert_eq!(played.heard.all()[3..], ["7 dnd Some(true)"]);
}

#[test]
fn a_logout_closes_and_a_loss_sets_the_alarm() {
    let mut played = play();
    played.log_in_and_be_silent();
    played.disk.end(|| Ok(()));
    played.hear_reports();
    let before = played.heard.all().len();
    played.ask(br#"{"class":"logout"}"#);
    assert_eq!(played.heard.all()[before..], ["7 closed", "answered"]);
    assert_eq!(played.engine.next_alarm(), None);
    played.log_in_and_be_silent();
    played.disk.end(|| Ok(()));
    played.hear_reports();
    played.engine.handle(NOW, Message::Disconnected { session: SESSION });
    assert_eq!(played.engine.next_alarm(), Some(General::default().disconnect_grace));
    assert_eq!(played.engine.sessions(), []);
}
