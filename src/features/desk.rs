//! The owner of the live picture: one task has a `Desk` and gives it everything that happens, in one order. What waits
//! for the disk comes back into the same order, so that what a client hears about one object is in the order of change.

use std::sync::Arc;
use std::time::Duration;

use tracing::error;

use crate::live::{AfterCommit, DeedToDo, Input, Live, Moment};
use crate::observe::chain;
use crate::observe::counter::{Counter, count};
use crate::settings::state::{Outcome, StateWrite};
use crate::store::StoreError;

use super::effects::{Deliver, Keep, run_now};

/// Puts an input into the queue of the desk's task. It is called from the writer's thread and must not wait.
pub(crate) type Queue = Arc<dyn Fn(Input) + Send + Sync>;

/// Whether a line is dealt with: a client that asks faster than the store answers is read more slowly ("Ours" 13).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Taken {
    Whole,
    /// For the store or for its turn: the desk says when it is dealt with.
    Waits,
}

pub(crate) struct Desk {
    live: Live,
    keep: Box<dyn Keep>,
    queue: Queue,
}

impl Desk {
    /// `queue` brings inputs to whoever calls `take`.
    pub(crate) fn new(live: Live, keep: Box<dyn Keep>, queue: Queue) -> Self {
        Self { live, keep, queue }
    }

    /// Lets `live` decide and does what it decided: tells and closes before this returns, writes and deeds on their way.
    pub(crate) fn take(&mut self, now: Moment, input: Input, deliver: &mut impl Deliver) -> Taken {
        let effects = self.live.apply(now, input);
        run_now(&effects.now, deliver);
        if !effects.writes.is_empty() {
            self.keep(effects.writes, effects.after_commit);
        }
        let taken = if effects.is_line_waiting { Taken::Waits } else { Taken::Whole };
        for deed in effects.deeds {
            self.act(deed);
        }
        taken
    }

    fn keep(&self, writes: Vec<StateWrite>, waiting: Vec<AfterCommit>) {
        let queue = Arc::clone(&self.queue);
        let done = move |outcome: Result<(), StoreError>| {
            if let Err(problem) = &outcome {
                count(Counter::StoreRefusals);
                error!(
                    cause = chain(problem),
                    "cannot keep what users did: presences stand, services are not switched"
                );
            }
            if !waiting.is_empty() {
                queue(if outcome.is_ok() { Input::Kept(waiting) } else { Input::NotKept(waiting) });
            }
        };
        self.keep.keep(writes, Box::new(done));
    }

    fn act(&self, DeedToDo { deed, waiting }: DeedToDo) {
        let queue = Arc::clone(&self.queue);
        let done = move |outcome: Result<Outcome, StoreError>| {
            if let Err(problem) = &outcome {
                count(Counter::StoreRefusals);
                error!(cause = chain(problem), "cannot look up or keep what a user asked for: it is not answered");
            }
            queue(Input::Done { waiting, outcome: outcome.ok() });
        };
        self.keep.act(deed, Box::new(done));
    }

    /// When `take` wants an `Input::Tick` at the latest, on the steady clock.
    pub(crate) fn next_alarm(&self) -> Option<Duration> {
        self.live.next_alarm()
    }

    /// For what an administrator asks: sessions, presences.
    pub(crate) fn live(&self) -> &Live {
        &self.live
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;
    use std::sync::Mutex;

    use super::*;
    use crate::live::tests::cast;
    use crate::live::{Admission, SessionId, Tell};
    use crate::protocol::notice::{Config, Notice};
    use crate::protocol::parse::parse;
    use crate::protocol::request::Version;
    use crate::settings::address_book::{AddressBookOutcome, Found};
    use crate::settings::id::{Id, ProfileId, UserId};
    use crate::settings::setting::General;
    use crate::settings::state::{Deed, States};
    use crate::store::{DeedDone, Done};

    /// A disk that holds back what it was given.
    #[derive(Clone, Default)]
    struct SlowDisk(Arc<Mutex<Vec<Done>>>);

    impl Keep for SlowDisk {
        fn keep(&self, writes: Vec<StateWrite>, done: Done) {
            assert!(!writes.is_empty());
            self.0.lock().expect("no panic").push(done);
        }

        fn act(&self, _deed: Deed, done: DeedDone) {
            let nothing = AddressBookOutcome::Found(Found::default());
            self.keep_back(Box::new(move |outcome| done(outcome.map(|()| Outcome::AddressBook(nothing)))));
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

    #[derive(Default)]
    struct Heard(Vec<String>);

    impl Deliver for Heard {
        fn tell(&mut self, tell: &Tell) {
            let told = match &tell.notice {
                Notice::LoginCapas(_) => "login".to_owned(),
                Notice::Status { .. } => "presence".to_owned(),
                Notice::Config { config: Config::UserServices(services), .. } => {
                    format!("dnd {:?}", services.enablednd)
                }
                other => format!("{other:?}"),
            };
            self.0.push(format!("{} {told}", tell.to.sessions()[0].0));
        }

        fn close(&mut self, session: SessionId) {
            self.0.push(format!("{} closed", session.0));
        }

        fn dealt_with(&mut self, session: SessionId) {
            self.0.push(format!("{} dealt with", session.0));
        }
    }

    struct Played {
        desk: Desk,
        disk: SlowDisk,
        queue: Arc<Mutex<Vec<Input>>>,
        heard: Heard,
    }

    const NOW: Moment = Moment { steady: Duration::ZERO, unix: 0.0 };

    fn play() -> Played {
        let (known, general) = (Arc::new(cast()), Arc::new(General::default()));
        let live = Live::new(known, general, States::default(), NOW);
        let (disk, queue) = (SlowDisk::default(), Arc::new(Mutex::new(Vec::new())));
        let inputs = Arc::clone(&queue);
        let again: Queue = Arc::new(move |input| inputs.lock().expect("no panic").push(input));
        let desk = Desk::new(live, Box::new(disk.clone()), again);
        Played { desk, disk, queue, heard: Heard::default() }
    }

    impl Played {
        fn take(&mut self, input: Input) {
            self.desk.take(NOW, input, &mut self.heard);
        }

        fn log_in_and_be_silent(&mut self) {
            let (session, user) = (SessionId(7), UserId::new(1));
            let state = "donotdisturb".into();
            let profile = ProfileId::new(3);
            self.take(Input::LoggedIn {
                session,
                admission: Admission { user, profile, version: Version::V2_2, state },
            });
        }

        fn take_what_came_back(&mut self) {
            let came_back = std::mem::take(&mut *self.queue.lock().expect("no panic"));
            for input in came_back {
                self.take(input);
            }
        }
    }

    #[test]
    fn what_waits_for_the_disk_comes_back_through_the_queue() {
        let mut played = play();
        played.log_in_and_be_silent();
        assert_eq!(played.heard.0, ["7 login", "7 presence"]);
        played.disk.end(|| Ok(()));
        assert_eq!(played.heard.0.len(), 2);
        played.take_what_came_back();
        assert_eq!(played.heard.0[2..], ["7 dnd Some(true)"]);
    }

    #[test]
    fn nothing_is_told_of_what_the_disk_refused() {
        let mut played = play();
        played.log_in_and_be_silent();
        played.disk.end(|| Err(StoreError::WriterGone { path: PathBuf::from("ctibox.db") }));
        played.take_what_came_back();
        assert!(!played.heard.0.iter().any(|heard| heard.contains("dnd")), "{:?}", played.heard.0);
    }

    #[test]
    fn what_the_store_looks_up_comes_back_through_the_queue_or_not_at_all() {
        for (outcome, heard) in [(Ok(()), 1), (Err(()), 0)] {
            let mut played = play();
            played.log_in_and_be_silent();
            played.disk.end(|| Ok(()));
            played.take_what_came_back();
            let before = played.heard.0.len();
            let line = parse(br#"{"class":"people_favorites"}"#).expect("a good line");
            let asked = Input::Asked { session: SessionId(7), line };
            assert_eq!(played.desk.take(NOW, asked, &mut played.heard), Taken::Waits);
            played.disk.end(|| outcome.map_err(|()| StoreError::WriterGone { path: PathBuf::from("ctibox.db") }));
            played.take_what_came_back();
            assert_eq!(played.heard.0.len(), before + heard);
        }
    }

    #[test]
    fn a_logout_closes_and_a_loss_sets_the_alarm() {
        let mut played = play();
        played.log_in_and_be_silent();
        let line = parse(br#"{"class":"logout"}"#).expect("a good line");
        played.take(Input::Asked { session: SessionId(7), line });
        assert_eq!(played.heard.0[2..], ["7 closed"]);
        assert_eq!(played.desk.next_alarm(), None);
        played.log_in_and_be_silent();
        played.take(Input::Gone { session: SessionId(7) });
        assert_eq!(played.desk.next_alarm(), Some(General::default().disconnect_grace));
        assert_eq!(played.desk.live().session_list(), []);
    }
}
