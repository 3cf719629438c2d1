//! Answers about single objects, kept for all who look from one place: a client that starts asks for two of each object
//! that it sees, and reads what everybody there reads. An answer is kept until its object may read otherwise; what
//! belongs to the asking user is never kept. `LiveState` holds the cache and forgets; it decides nothing.

use std::collections::HashMap;
use std::sync::Arc;

use crate::live::messages::{Scope, Subject};
use crate::protocol::encode::SharedNotice;

/// What is kept of all answers together: what some 15 000 users with a phone each are answered.
const KEPT_ANSWERS_BYTES_MAX: usize = 32 * 1024 * 1024;

/// What is asked about one object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::live) enum Lookup {
    Config,
    Status,
}

/// From where something is asked.
pub(in crate::live) type Reading = (Scope, Lookup);

pub(in crate::live) struct AnswerCache {
    /// No object is here without an answer; the readings of each are in order.
    answers: HashMap<Subject, Vec<(Reading, Arc<SharedNotice>)>>,
    bytes: usize,
    most: usize,
}

impl Default for AnswerCache {
    fn default() -> Self {
        Self::bounded(KEPT_ANSWERS_BYTES_MAX)
    }
}

impl AnswerCache {
    fn bounded(most: usize) -> Self {
        Self { answers: HashMap::new(), bytes: 0, most }
    }

    pub(in crate::live) fn get(&self, subject: Subject, reading: Reading) -> Option<&Arc<SharedNotice>> {
        let answers = self.answers.get(&subject)?;
        let at = answers.binary_search_by_key(&reading, |(known, _)| *known).ok()?;
        answers.get(at).map(|(_, answer)| answer)
    }

    /// Keeps an answer if there is room: whoever asks for another is answered as well, but anew.
    pub(in crate::live) fn keep(&mut self, subject: Subject, reading: Reading, answer: &Arc<SharedNotice>) {
        let bytes = answer.held_bytes();
        if self.bytes + bytes > self.most {
            return;
        }
        let answers = self.answers.entry(subject).or_default();
        if let Err(at) = answers.binary_search_by_key(&reading, |(known, _)| *known) {
            // Few objects are read from more than one place.
            answers.reserve_exact(1);
            answers.insert(at, (reading, answer.clone()));
            self.bytes += bytes;
        }
    }

    /// The object may read otherwise now.
    pub(in crate::live) fn forget(&mut self, subject: Subject) {
        let forgotten = self.answers.remove(&subject).into_iter().flatten();
        self.bytes -= forgotten.map(|(_, answer)| answer.held_bytes()).sum::<usize>();
    }

    /// Everything may read otherwise now.
    pub(in crate::live) fn forget_all(&mut self) {
        *self = Self::bounded(self.most);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::notice::{Notice, Status, StatusAnswer};
    use crate::protocol::request::ListName;
    use crate::settings::id::{ContextId, Id as _, LineId, UserId};

    fn answer(tid: &str) -> Arc<SharedNotice> {
        let status = StatusAnswer::Known(Status::Phone { hintstatus: "4".into() });
        Arc::new(SharedNotice::new(Notice::StatusAnswer { list: ListName::Phones, tid: tid.into(), status }))
    }

    #[test]
    fn each_reading_of_an_object_is_kept_until_the_object_is_forgotten() {
        let mut cache = AnswerCache::default();
        let (subject, other) = (Subject::User(UserId::new(1)), Subject::Phone(LineId::new(1)));
        let place = |number| Scope::Context(ContextId::new(number));
        let readings = [(place(2), Lookup::Status), (Scope::Everything, Lookup::Status), (place(1), Lookup::Config)];
        for (number, reading) in readings.into_iter().enumerate() {
            assert!(cache.get(subject, reading).is_none());
            cache.keep(subject, reading, &answer(&number.to_string()));
        }
        cache.keep(other, readings[0], &answer("other"));
        let kept = |cache: &AnswerCache, number: usize| {
            let kept = cache.get(subject, readings[number])?;
            Some(matches!(&***kept, Notice::StatusAnswer { tid, .. } if tid.as_str() == Some(&*number.to_string())))
        };
        assert_eq!([0, 1, 2].map(|number| kept(&cache, number)), [Some(true); 3]);
        cache.forget(subject);
        assert_eq!([0, 1, 2].map(|number| kept(&cache, number)), [None; 3]);
        assert!(cache.get(other, readings[0]).is_some());
        cache.forget(other);
        assert_eq!(cache.bytes, 0);
    }

    #[test]
    fn all_together_are_bounded_and_what_is_forgotten_makes_room() {
        let subject = |number| Subject::User(UserId::new(number));
        let (reading, answer) = ((Scope::Everything, Lookup::Status), answer("1"));
        let mut cache = AnswerCache::bounded(2 * answer.held_bytes());
        for number in 1..=3 {
            cache.keep(subject(number), reading, &answer);
        }
        let is_kept = |cache: &AnswerCache| [1, 2, 3].map(|number| cache.get(subject(number), reading).is_some());
        assert_eq!(is_kept(&cache), [true, true, false]);
        cache.forget(subject(1));
        cache.keep(subject(3), reading, &answer);
        assert_eq!(is_kept(&cache), [false, true, true]);
        cache.forget_all();
        assert_eq!((is_kept(&cache), cache.bytes), ([false; 3], 0));
    }
}
