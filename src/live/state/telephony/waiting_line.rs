//! Who waits in one queue, in order. A position is a place in that order, so none is missing and none is there twice;
//! whatever Asterisk says that does not fit is found out, and whoever changes the line asks the queue anew then
//! (telephony §7.2).

use std::collections::{HashMap, HashSet};

use crate::live::messages::telephony::EntrySeen;

/// A caller who waits.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::live) struct Caller {
    pub(in crate::live) unique_id: Box<str>,
    pub(in crate::live) name: Box<str>,
    pub(in crate::live) number: Box<str>,
    /// Unix time.
    pub(in crate::live) join_time: f64,
}

impl Caller {
    /// As one who is seen now.
    pub(in crate::live) fn of(seen: &EntrySeen, unix: f64) -> Self {
        Self {
            unique_id: seen.unique_id.clone(),
            name: shown(&seen.caller.name),
            number: shown(&seen.caller.number),
            join_time: unix - f64::from(seen.wait_seconds),
        }
    }
}

/// Of who says nothing of themselves nothing is shown.
fn shown(text: &str) -> Box<str> {
    if text == "<unknown>" { "".into() } else { text.into() }
}

/// Whether what was said fits what was known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub(in crate::live) enum Fit {
    Fits,
    /// The queue is to be asked how it stands.
    Differs,
}

impl Fit {
    fn when(fits: bool) -> Self {
        if fits { Self::Fits } else { Self::Differs }
    }
}

#[derive(Debug, Clone, Default, PartialEq)]
pub(in crate::live) struct WaitingLine(Vec<Caller>);

impl WaitingLine {
    /// In order of position.
    pub(in crate::live) fn callers(&self) -> &[Caller] {
        &self.0
    }

    pub(in crate::live) fn has(&self, unique_id: &str) -> bool {
        self.place(unique_id).is_some()
    }

    /// Since when the one waits who waits longest.
    pub(in crate::live) fn oldest(&self) -> Option<f64> {
        self.0.iter().map(|caller| caller.join_time).min_by(f64::total_cmp)
    }

    /// A caller joins at a position, from 1; those behind move up. `count` wait now.
    pub(in crate::live) fn join(&mut self, caller: Caller, position: u32, count: u32) -> Fit {
        let was_there = self.drop_caller(&caller.unique_id);
        let place = place_of(position);
        let is_within = place.is_some_and(|place| place <= self.0.len());
        let place = place.unwrap_or(self.0.len()).min(self.0.len());
        self.0.insert(place, caller);
        Fit::when(is_within && !was_there && self.is_of(count))
    }

    /// A caller leaves; those behind move down. One who is gone already may leave once more.
    pub(in crate::live) fn leave(&mut self, unique_id: &str, position: u32, count: u32) -> Fit {
        let place = self.place(unique_id);
        if let Some(place) = place {
            self.0.remove(place);
        }
        Fit::when(place.is_none_or(|place| place_of(position) == Some(place)) && self.is_of(count))
    }

    /// A caller is known to be elsewhere, or gone; false if they did not wait here.
    pub(in crate::live) fn drop_caller(&mut self, unique_id: &str) -> bool {
        let place = self.place(unique_id);
        place.map(|place| self.0.remove(place)).is_some()
    }

    /// All of it, as the queue says. Who was known stays who joined when they did: a queue counts whole seconds.
    pub(in crate::live) fn replace(&mut self, entries: &[EntrySeen], unix: f64) {
        let mut entries: Vec<&EntrySeen> = entries.iter().collect();
        entries.sort_by_key(|entry| entry.position);
        let known: HashMap<&str, f64> = self.0.iter().map(|caller| (&*caller.unique_id, caller.join_time)).collect();
        let mut there: HashSet<&str> = HashSet::with_capacity(entries.len());
        let mut callers: Vec<Caller> = Vec::with_capacity(entries.len());
        for entry in entries.into_iter().filter(|entry| there.insert(&entry.unique_id)) {
            let mut caller = Caller::of(entry, unix);
            // A call that came back joined anew.
            let joined = known.get(&*caller.unique_id).copied();
            if let Some(joined) = joined.filter(|joined| (joined - caller.join_time).abs() < 2.0) {
                caller.join_time = joined;
            }
            callers.push(caller);
        }
        self.0 = callers;
    }

    fn place(&self, unique_id: &str) -> Option<usize> {
        self.0.iter().position(|caller| *caller.unique_id == *unique_id)
    }

    fn is_of(&self, count: u32) -> bool {
        u32::try_from(self.0.len()) == Ok(count)
    }
}

/// For how many whole seconds somebody has waited; nothing where a clock was set back.
pub(in crate::live) fn waited(since: f64, unix: f64) -> u32 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "too long becomes the longest")]
    let seconds = (unix - since).max(0.0) as u32;
    seconds
}

/// Positions count from 1.
fn place_of(position: u32) -> Option<usize> {
    usize::try_from(position).ok()?.checked_sub(1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::live::messages::telephony::Party;

    fn seen(id: u32, position: u32, wait_seconds: u32) -> EntrySeen {
        let caller = Party { name: "<unknown>".into(), number: format!("555{id}").into() };
        EntrySeen { position, unique_id: format!("u.{id}").into(), channel: "".into(), caller, wait_seconds }
    }

    fn caller(id: u32) -> Caller {
        Caller::of(&seen(id, 1, 0), f64::from(id))
    }

    fn ids(line: &WaitingLine) -> String {
        line.callers().iter().map(|caller| caller.unique_id.trim_start_matches("u.")).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn callers_join_anywhere_and_those_behind_move() {
        let mut line = WaitingLine::default();
        assert_eq!(line.join(caller(1), 1, 1), Fit::Fits);
        assert_eq!(line.join(caller(2), 2, 2), Fit::Fits);
        assert_eq!(line.join(caller(3), 1, 3), Fit::Fits, "one of a higher priority");
        assert_eq!(ids(&line), "3 1 2");
        assert_eq!((line.oldest(), &*line.callers()[0].name), (Some(1.0), ""));
        assert_eq!(line.leave("u.1", 2, 2), Fit::Fits);
        assert_eq!(ids(&line), "3 2");
        assert!(line.drop_caller("u.3") && !line.drop_caller("u.3"));
        assert_eq!(line.leave("u.3", 1, 1), Fit::Fits, "they were seen in a call before they left");
        assert_eq!(ids(&line), "2");
    }

    #[test]
    fn what_does_not_fit_is_found_out_and_a_fresh_look_rights_it() {
        let mut line = WaitingLine::default();
        assert_eq!(line.join(caller(1), 2, 2), Fit::Differs, "one who joined before was missed");
        assert_eq!(line.join(caller(1), 1, 1), Fit::Differs, "a leave was missed");
        assert_eq!(line.join(caller(2), 2, 3), Fit::Differs);
        assert_eq!(line.leave("u.9", 1, 0), Fit::Differs);
        assert_eq!(line.leave("u.2", 1, 1), Fit::Differs, "of another position");
        assert_eq!(line.join(caller(4), 0, 2), Fit::Differs, "no position at all");
        line.replace(&[seen(7, 2, 3), seen(1, 1, 99), seen(7, 3, 3)], 100.0);
        assert_eq!(ids(&line), "1 7");
        assert_eq!(line.callers().iter().map(|caller| caller.join_time).collect::<Vec<_>>(), [1.0, 97.0]);
        line.replace(&[seen(1, 1, 5), seen(7, 2, 4)], 101.0);
        assert_eq!(line.oldest(), Some(96.0), "who came back joined anew, who stayed did not");
    }

    proptest! {
        /// Whatever comes in whatever order: nobody waits twice, and after a fresh look the line is the queue's.
        #[test]
        fn no_order_of_events_leaves_a_ghost(acts in prop::collection::vec((0u8..4, 0u32..6, 0u32..8, 0u32..8), 0..60)) {
            let mut line = WaitingLine::default();
            for (act, id, position, count) in acts {
                let unique_id = format!("u.{id}");
                match act {
                    0 => drop(line.join(caller(id), position, count)),
                    1 => {
                        if line.leave(&unique_id, position, count) == Fit::Fits {
                            prop_assert_eq!(line.callers().len(), usize::try_from(count).expect("few"));
                        }
                        prop_assert!(!line.has(&unique_id));
                    }
                    2 => {
                        line.drop_caller(&unique_id);
                        prop_assert!(!line.has(&unique_id));
                    }
                    _ => {
                        let entries: Vec<EntrySeen> = (0..count).map(|place| seen(place, place + 1, 0)).collect();
                        line.replace(&entries, 50.0);
                        prop_assert_eq!(line.callers().len(), entries.len());
                    }
                }
                let mut known: Vec<&str> = line.callers().iter().map(|caller| &*caller.unique_id).collect();
                known.sort_unstable();
                known.dedup();
                prop_assert_eq!(known.len(), line.callers().len());
            }
        }
    }
}
