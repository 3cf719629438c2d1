//! A live picture with sessions, driven without sockets: what one input costs before anything is encoded or written.

use std::sync::Arc;
use std::time::Duration;

use crate::engine::TimedLive;
use crate::live::messages::{Admission, AnswerPermit, Moment, SessionId, StoreQuestion, StoreReply};
use crate::live::{Effects, Immediate, Input, PreparedSettings};
use crate::protocol::parse::parse;
use crate::protocol::request::Version;
use crate::settings::address_book::Found;
use crate::settings::id::{Id as _, UserId};
use crate::settings::setting::General;
use crate::settings::state::States;

use super::Fixture;

pub struct Population {
    live: TimedLive,
    inputs: u64,
}

impl Population {
    /// Everybody of the fixture logged in once; contexts are not separated.
    ///
    /// # Panics
    /// If the fixture's people have no profile.
    pub fn of(fixture: &Fixture) -> Self {
        Self::logged_in(fixture, fixture.configuration.users.len(), General::default())
    }

    /// The first user of the fixture alone; contexts are not separated.
    ///
    /// # Panics
    /// If they have no profile.
    pub fn first_of(fixture: &Fixture) -> Self {
        Self::logged_in(fixture, 1, General::default())
    }

    /// The same where they see their own context alone.
    ///
    /// # Panics
    /// If they have no profile.
    pub fn first_of_separated(fixture: &Fixture) -> Self {
        Self::logged_in(fixture, 1, General { context_separation: true, ..General::default() })
    }

    fn logged_in(fixture: &Fixture, people: usize, general: General) -> Self {
        let configuration = Arc::new(fixture.whole());
        let users: Vec<_> = configuration.users.iter().take(people).map(|user| (user.id, user.profile)).collect();
        let live =
            TimedLive::new(PreparedSettings::new(configuration, Arc::new(general)), States::default(), moment(0));
        let mut population = Self { live, inputs: 0 };
        for (user, profile) in users {
            let profile = profile.expect("generated people have a profile");
            let admission = Admission { user, profile, version: Version::V2_3, state: "available".into() };
            population.apply(Input::LoggedIn { session: session(user), admission });
        }
        population
    }

    /// Another presence of the first user; how many sessions hear of it.
    pub fn change_presence(&mut self) -> usize {
        let state = if self.inputs.is_multiple_of(2) { "away" } else { "available" };
        self.say(&format!(r#"{{"class":"availstate","availstate":"{state}"}}"#))
    }

    /// The first user asks for a list's ids, or with an id for one configuration.
    pub fn ask_list(&mut self, list: &str, id: Option<usize>) -> usize {
        match id {
            None => self.say(&format!(r#"{{"class":"getlist","function":"listid","listname":"{list}"}}"#)),
            Some(id) => self
                .say(&format!(r#"{{"class":"getlist","function":"updateconfig","listname":"{list}","tid":"{id}"}}"#)),
        }
    }

    /// The first user types this into the people xlet and has an empty address book; the bytes of the answer.
    ///
    /// # Panics
    /// If the search asks the store for nothing or is not answered.
    pub fn search_people(&mut self, pattern: &str) -> usize {
        let line = format!(r#"{{"class":"people_search","pattern":"{pattern}"}}"#);
        let mut asked = self.ask(&line);
        let call = asked.store_calls.pop().expect("a search reads the address book");
        let wanted = match call.question {
            StoreQuestion::FindContacts(_, wanted) => Some(wanted),
            _ => None,
        };
        let wanted = wanted.expect("a search looks for contacts");
        let answered = self.apply(Input::StoreReplied(StoreReply::FindContacts(wanted, Some(Found::default()))));
        let lines = answered.immediate.iter().filter_map(|now| match now {
            Immediate::Send(tell) => Some(tell.notice.line(0.0).len()),
            Immediate::Close { .. }
            | Immediate::LineDone(_)
            | Immediate::SettingsTaken { .. }
            | Immediate::CallerNamed { .. }
            | Immediate::Log(_) => None,
        });
        lines.max().expect("a search is answered")
    }

    fn ask(&mut self, line: &str) -> Effects {
        let line = parse(line.as_bytes()).expect("a request");
        self.apply(Input::Asked { session: session(UserId::new(1)), line, permit: AnswerPermit::default() })
    }

    fn say(&mut self, line: &str) -> usize {
        let effects = self.ask(line);
        let told = effects.immediate.iter().map(|now| match now {
            Immediate::Send(tell) => tell.to.sessions().len(),
            Immediate::Close { .. }
            | Immediate::LineDone(_)
            | Immediate::SettingsTaken { .. }
            | Immediate::CallerNamed { .. }
            | Immediate::Log(_) => 0,
        });
        told.sum()
    }

    fn apply(&mut self, input: Input) -> Effects {
        self.inputs += 1;
        self.live.apply(moment(self.inputs), input)
    }
}

fn session(user: UserId) -> SessionId {
    SessionId(user.number().unsigned_abs())
}

fn moment(millisecond: u64) -> Moment {
    Moment { steady: Duration::from_millis(millisecond), unix: 1_700_000_000.0 }
}
