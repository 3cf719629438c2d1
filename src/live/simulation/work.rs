//! What the largest line of every class makes the one task do that everybody waits for: counted in steps, so that it is
//! the same on every machine. `benches/largest.rs` times the same lines.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use crate::engine::TimedLive;
use crate::live::messages::{Admission, AnswerPermit, Moment, SessionId};
use crate::live::state::{Effects, Immediate, Input, PreparedSettings};
use crate::live::tests::{Kept, add_line, add_user, cast, name, server, uuid};
use crate::observe::work::spent;
use crate::protocol::largest::{Named, largest};
use crate::protocol::parse::parse;
use crate::protocol::request::{Request, Version};
use crate::settings::configuration::Configuration;
use crate::settings::fixtures::whole;
use crate::settings::id::{ContextId, Id, ProfileId, UserId};
use crate::settings::phone_book::EntryDetails;
use crate::settings::setting::General;
use crate::settings::state::States;

const PEOPLE: i64 = 300;
const ENTRIES: i64 = 2_000;
const LINE_BYTES: usize = 256 * 1024;
/// At some nanoseconds a step, what 20 ms hold several times over; the costliest take half of it.
const STEPS_MAX: usize = 600_000;

const NOW: Moment = Moment { steady: Duration::ZERO, unix: 1_471_009_851.0 };

/// The cast, some hundred people more, and a phone book.
fn crowded() -> Configuration {
    let mut known = cast();
    for number in 10..10 + PEOPLE {
        let user = add_user(&mut known, number, &format!("person{number}"), 3);
        add_line(&mut known, user, &format!("5{number}"), ContextId::new(1));
    }
    for _ in 0..ENTRIES {
        let details = EntryDetails::parse(|field| match field.as_str() {
            "firstname" => "Margareta",
            "number" => "5145550103",
            _ => "",
        });
        let details = name(details);
        known.add_phone_book_entry(details, None).expect("an entry");
    }
    known
}

struct Engine {
    live: TimedLive,
    kept: Kept,
}

impl Engine {
    /// The most steps that one input of a line takes, with what it has the store do in between. That is not held.
    fn steps_of(&mut self, session: SessionId, line: crate::protocol::request::ClientLine) -> usize {
        let mut most = 0;
        let mut inputs = vec![Input::Asked { session, line, permit: AnswerPermit::default() }];
        while let Some(input) = inputs.pop() {
            spent();
            let effects = self.live.apply(NOW, input);
            told(&effects);
            most = most.max(spent());
            for todo in effects.store_calls {
                inputs.push(Input::StoreReplied(self.kept.act(todo.question)));
            }
            if !effects.after_commit.is_empty() {
                inputs.push(Input::Committed(effects.after_commit));
            }
        }
        most
    }
}

/// The session of this number, if it is not there.
fn log_in(engine: &mut Engine, number: i64) {
    let session = SessionId(number.unsigned_abs());
    if engine.live.state.user_of(session).is_none() {
        let (user, profile) = (UserId::new(number), ProfileId::new(if number == 2 { 2 } else { 3 }));
        let admission = Admission { user, profile, version: Version::V2_3, state: "available".into() };
        engine.live.apply(NOW, Input::LoggedIn { session, admission });
    }
}

/// Encodes what is told, as the hub does.
fn told(effects: &Effects) {
    for now in &effects.immediate {
        if let Immediate::Send(tell) = now {
            tell.notice.line(NOW.unix);
        }
    }
}

#[test]
fn no_line_of_any_class_holds_the_engine_long() {
    let settings = PreparedSettings::new(Arc::new(whole(crowded())), Arc::new(General::default()));
    let live = TimedLive::new(settings, States::default(), NOW);
    let mut engine = Engine { live, kept: Kept::default() };
    (1..=PEOPLE).for_each(|number| log_in(&mut engine, number));
    let named = Named { server: server().to_string(), user: uuid(1).to_string() };
    let mut met = BTreeSet::new();
    // Twice: the second time with what the first left behind.
    for largest in [(); 2].iter().flat_map(|()| largest(LINE_BYTES, named.clone())) {
        let Ok(line) = parse(largest.line.as_bytes()) else { continue };
        log_in(&mut engine, 1);
        met.insert(kind(&line.request));
        for piece in line.pieces() {
            let steps = engine.steps_of(SessionId(1), piece);
            assert!(steps <= STEPS_MAX, "{} takes {steps} steps", largest.name);
        }
    }
    let missing: Vec<_> = KINDS.iter().filter(|kind| !met.contains(*kind)).collect();
    assert!(missing.is_empty(), "the largest lines lack {missing:?}");
}

macro_rules! kinds {
    ($($kind:ident)*) => {
        const KINDS: &[&str] = &[$(stringify!($kind)),*];

        /// A kind of request that is new is missing here, and then among the largest lines.
        fn kind(request: &Request) -> &'static str {
            match request { $(Request::$kind { .. } => stringify!($kind),)* }
        }
    };
}

kinds! {
    StartTls LoginId LoginPass LoginCapas KeepAlive Logout GetIpbxList AvailState ListId UpdateConfig UpdateStatus
    UnknownList GetRelations Register Unregister Chat FeaturesPut PeopleHeaders PeopleSearch PeopleFavorites
    PeoplePersonalContacts PeopleSetFavorite PersonalContactRaw CreatePersonalContact EditPersonalContact
    DeletePersonalContact PurgePersonalContacts ExportPersonalContacts ImportPersonalContacts Directory
    SwitchboardHeaders SwitchboardSearch History SubscribeQueuesStats GetQueuesStats SubscribeMeetmes
    SubscribeCurrentCalls SubscribeQueueEntries FaxSend CallFormResult AgentLogin AgentLogout AgentMembership AgentPause
    Dial HangUp Listen Telephony Silent Unknown
}
