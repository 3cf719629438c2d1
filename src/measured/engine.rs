//! The engine with a real store behind it, driven line by line without sockets: how long one line of a client holds it,
//! and what is done elsewhere meanwhile.

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use crate::engine::{TimedLive, request_of};
use crate::live::messages::{Admission, AnswerPermit, Moment, SessionId};
use crate::live::{Effects, Immediate, Input, PreparedSettings, Retired};
use crate::protocol::frame::LineBuffer;
use crate::protocol::largest::{Named, largest};
use crate::protocol::parse::parse;
use crate::protocol::request::Version;
use crate::settings::configuration::Configuration;
use crate::settings::name::{LastName, PresenceName};
use crate::settings::phone_book::{EntryDetails, Field};
use crate::settings::presence::Presence;
use crate::settings::setting::General;
use crate::settings::state::States;
use crate::settings::whole::WholeConfiguration;
use crate::store::{StateWriter, Store};

use super::Fixture;

/// What the connection reads at once.
const READ_BYTES: usize = 64 * 1024;

pub struct Engine {
    live: TimedLive,
    configuration: Arc<WholeConfiguration>,
    settings: PreparedSettings,
    /// In use no more; the engine has them let go of elsewhere.
    retired: Vec<Retired>,
    named: Named,
    /// The first of them says everything.
    sessions: u64,
    began: Instant,
    done: Receiver<Input>,
    to_engine: Sender<Input>,
    // Before the store whose thread it is.
    writer: StateWriter,
    _store: Store,
}

/// What one line cost.
#[derive(Debug, Default, Clone, Copy)]
pub struct Cost {
    /// Framing and parsing, in the connection's own task.
    pub reading: Duration,
    /// The longest that the engine was held, deciding and encoding, in time on the processor: what neighbours on the
    /// machine take does not count.
    pub longest_hold: Duration,
    /// All that the engine did for it.
    pub holds: Duration,
    /// Until the store had done what was asked of it.
    pub store: Duration,
}

/// What it took to tell changed settings.
#[derive(Debug, Default, Clone, Copy)]
pub struct Publication {
    /// Outside of the engine.
    pub preparing: Duration,
    /// Taking the settings over, and what is told at once.
    pub first: Cost,
    /// The slices behind it.
    pub rest: Cost,
    pub slices: usize,
    pub notices: usize,
}

impl Engine {
    /// Everybody of the fixture logged in, on a database in this folder.
    ///
    /// # Panics
    /// If the disk takes it not, or the fixture's people have no profile.
    pub fn of(fixture: &Fixture, folder: &Path) -> Self {
        let configuration = Arc::new(fixture.whole());
        let store = Store::open(folder, || fixture.configuration.clone()).expect("a new folder takes a database").store;
        let writer = StateWriter::start(&store, || {});
        let users: Vec<_> = configuration.users.iter().map(|user| (user.id, user.profile)).collect();
        let server = configuration.server_uuid.to_string();
        let first = configuration.users.iter().next().expect("a fixture has people");
        let named = Named { server, user: first.uuid.to_string() };
        let (now, general) = (Moment { steady: Duration::ZERO, unix: 0.0 }, Arc::new(General::default()));
        let settings = PreparedSettings::new(Arc::clone(&configuration), general);
        let live = TimedLive::new(settings.clone(), States::default(), now);
        let (to_engine, done) = channel();
        let mut engine = Self {
            live,
            configuration,
            settings,
            retired: Vec::new(),
            named,
            sessions: 0,
            began: Instant::now(),
            done,
            to_engine,
            writer,
            _store: store,
        };
        for (user, profile) in users {
            engine.sessions += 1;
            let profile = profile.expect("generated people have a profile");
            let admission = Admission { user, profile, version: Version::V2_3, state: "available".into() };
            engine.apply(Input::LoggedIn { session: SessionId(engine.sessions), admission });
        }
        engine.settle();
        engine
    }

    /// The largest lines of every class, each with its name.
    pub fn largest_lines(&self, bytes: usize) -> impl Iterator<Item = (&'static str, Vec<u8>)> + use<> {
        let named = Named { server: self.named.server.clone(), user: self.named.user.clone() };
        largest(bytes, named).map(|largest| (largest.name, largest.line.into_bytes()))
    }

    /// The first session says this, and all that comes of it is brought to its end.
    pub fn say(&mut self, line: &[u8]) -> Cost {
        let began = Instant::now();
        let mut buffer = LineBuffer::new();
        buffer.allow_long_lines();
        line.chunks(READ_BYTES).for_each(|read| buffer.feed(read));
        buffer.feed(b"\n");
        let parsed = buffer.next_line().ok().flatten().map(parse);
        drop(buffer);
        let mut cost = Cost { reading: began.elapsed(), ..Cost::default() };
        if let Some(Ok(parsed)) = parsed {
            for line in parsed.pieces() {
                self.take(Input::Asked { session: SessionId(1), line, permit: AnswerPermit::default() }, &mut cost);
                while let Some(input) = self.done_in(&mut cost) {
                    self.take(input, &mut cost);
                }
            }
        }
        cost
    }

    /// Comes back as somebody who has said nothing yet.
    ///
    /// # Panics
    /// If the fixture's people have no profile.
    pub fn log_in_again(&mut self) {
        let list = self.live.session_list();
        if list.iter().any(|session| session.session == SessionId(1)) {
            return;
        }
        let user = crate::settings::id::Id::new(1);
        let profile = crate::settings::id::Id::new(3);
        let admission = Admission { user, profile, version: Version::V2_3, state: "available".into() };
        self.apply(Input::LoggedIn { session: SessionId(1), admission });
        self.settle();
    }

    /// As many contacts and favourites as a user may have, of texts that are long on the wire.
    pub fn fill_address_book(&mut self) {
        let mut table = "firstname,lastname,number,mobile,email,company,fax\n".to_owned();
        for number in 0..2000 {
            let name = "\u{e9}".repeat(4);
            table += &format!("A{name},B{name},{number},1{number},c@d.e,F{name},2\n");
        }
        let import = serde_json::json!({"class": "people_import_personal_contacts_csv", "csv_contacts": table});
        self.say(import.to_string().as_bytes());
        for (source, number) in (0..2000).map(|number| (["internal", "personal"][number % 2], 1 + number / 2)) {
            let mark = serde_json::json!({"class": "people_set_favorite", "source": source,
                "source_entry_id": number.to_string(), "favorite": true});
            self.say(mark.to_string().as_bytes());
        }
    }

    /// Everybody has another last name, as after an import: everybody hears of everybody.
    ///
    /// # Panics
    /// If a rule refuses a generated name.
    pub fn rename_everybody(&mut self) -> Publication {
        self.publish(|configuration| {
            let people: Vec<_> = configuration.users.iter().map(|user| user.id).collect();
            for id in people {
                let name = LastName::parse(&format!("Other{id}")).expect("another name keeps the rules");
                configuration.users.edit(id, |user| user.last_name = name);
            }
        })
    }

    /// One entry more in the phone book, whose index is made anew.
    ///
    /// # Panics
    /// If a rule refuses the entry.
    pub fn add_entry(&mut self) -> Publication {
        self.publish(|configuration| {
            let text = |field: Field| if field == Field::LastName { "Other" } else { "" };
            let details = EntryDetails::parse(text).expect("a name is an entry");
            configuration.add_phone_book_entry(details, None).expect("a phone book takes one more");
        })
    }

    /// Everybody goes away, and that is then called otherwise: everybody hears it of everybody.
    ///
    /// # Panics
    /// If a rule refuses the name.
    pub fn rename_presence(&mut self) -> Publication {
        for session in 1..=self.sessions {
            let line = parse(br#"{"class":"availstate","availstate":"away"}"#).expect("a good line");
            self.apply(Input::Asked { session: SessionId(session), line, permit: AnswerPermit::default() });
        }
        self.settle();
        self.publish(|configuration| {
            let called = |presence: &&Arc<Presence>| presence.name.as_str() == "away";
            let present: Vec<_> = configuration.presences.iter().filter(called).map(|presence| presence.id).collect();
            for id in present {
                let name = PresenceName::parse("gone").expect("another name keeps the rules");
                configuration.rename_presence(id, name).expect("a presence may be called so");
            }
        })
    }

    fn publish(&mut self, edit: impl FnOnce(&mut Configuration)) -> Publication {
        let mut configuration = (*self.configuration).clone().into_inner();
        edit(&mut configuration);
        self.configuration = Arc::new(WholeConfiguration::new(configuration).expect("nothing was put away"));
        let mut told = Publication { slices: 1, ..Publication::default() };
        let (configuration, general) = (Arc::clone(&self.configuration), Arc::new(General::default()));
        let began = on_the_processor();
        let change = self.settings.change_to(configuration, general);
        self.settings = change.after();
        told.preparing = on_the_processor().saturating_sub(began);
        told.notices = self.take(Input::Settings(Box::new(change)), &mut told.first);
        self.go_on(&mut told);
        told
    }

    /// All that is still to be told or taken over, in slices, with what comes back meanwhile.
    pub(super) fn go_on(&mut self, told: &mut Publication) {
        loop {
            while self.live.is_publishing() {
                told.slices += 1;
                told.notices += self.take(Input::Continue, &mut told.rest);
            }
            let Some(input) = self.done_in(&mut Cost::default()) else { break };
            told.notices += self.take(input, &mut told.rest);
        }
        self.retired.clear();
    }

    pub(super) fn take(&mut self, input: Input, cost: &mut Cost) -> usize {
        let began = on_the_processor();
        let notices = self.apply(input);
        let held = on_the_processor().saturating_sub(began);
        cost.longest_hold = cost.longest_hold.max(held);
        cost.holds += held;
        notices
    }

    /// What comes back from the store; None once nothing is under way.
    fn done_in(&mut self, cost: &mut Cost) -> Option<Input> {
        let began = Instant::now();
        // Behind it nothing is under way.
        let (fence, passed) = channel();
        self.writer.save(Vec::new(), Box::new(move |_| fence.send(()).unwrap_or_default()));
        passed.recv().unwrap_or_default();
        cost.store += began.elapsed();
        self.done.try_recv().ok()
    }

    pub(super) fn settle(&mut self) {
        while let Some(input) = self.done_in(&mut Cost::default()) {
            self.apply(input);
        }
    }

    /// How many notices came of it.
    fn apply(&mut self, input: Input) -> usize {
        let now = Moment { steady: self.began.elapsed(), unix: 1_700_000_000.25 };
        let effects = self.live.apply(now, input);
        let Effects { immediate, writes, after_commit, store_calls, telephony_calls, retired, .. } = effects;
        for call in telephony_calls {
            self.to_engine.send(Input::TelephonyReplied(call.question.succeed())).unwrap_or_default();
        }
        self.retired.extend(retired);
        let mut notices = 0;
        for effect in immediate {
            if let Immediate::Send(tell) = effect {
                tell.notice.line(1_700_000_000.25);
                notices += 1;
            }
        }
        if !writes.is_empty() {
            let to_engine = self.to_engine.clone();
            let done = move |_| to_engine.send(Input::Committed(after_commit)).unwrap_or_default();
            self.writer.save(writes, Box::new(done));
        }
        for todo in store_calls {
            let to_engine = self.to_engine.clone();
            let tell = move |reply| to_engine.send(Input::StoreReplied(reply)).unwrap_or_default();
            self.writer.ask(request_of(todo.question, tell).0);
        }
        notices
    }
}

/// Of this thread.
pub(super) fn on_the_processor() -> Duration {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = stat.split_whitespace().next().and_then(|number| number.parse().ok());
    Duration::from_nanos(nanoseconds.unwrap_or_default())
}
