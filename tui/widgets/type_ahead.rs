//! Letters that look for an option: those typed one after another are its beginning, whatever their case and accents. After
//! a pause a letter begins anew. Used by lists and choices of forms; time comes in from outside.

use time::{Duration, OffsetDateTime};

use crate::settings::fold::fold;

/// So long after the last letter the next one begins another word.
const PAUSE: Duration = Duration::seconds(2);

#[derive(Debug, Clone, Default)]
pub(in crate::tui) struct TypeAhead {
    prefix: String,
    at: Option<OffsetDateTime>,
}

impl TypeAhead {
    /// What was typed so far.
    pub(in crate::tui) fn prefix(&self) -> &str {
        &self.prefix
    }

    pub(in crate::tui) fn forget(&mut self) {
        *self = Self::default();
    }

    /// The place of the option that is meant with one more letter; the same letter again goes to the next one. None: no
    /// option begins so, and the letter is not counted.
    pub(in crate::tui) fn find<T: AsRef<str>>(
        &mut self,
        options: &[T],
        chosen: usize,
        letter: char,
        now: OffsetDateTime,
    ) -> Option<usize> {
        if self.at.is_some_and(|at| now - at > PAUSE) {
            self.forget();
        }
        let wanted = format!("{}{letter}", self.prefix);
        let begins = |at: usize, prefix: &str| fold(options[at].as_ref()).starts_with(&fold(prefix));
        let from = |first: usize| (0..options.len()).map(move |step| (first + step) % options.len());
        // The first letter leaves the option that is chosen; the next ones may stay with it.
        let first = if self.prefix.is_empty() { chosen + 1 } else { chosen };
        let found = from(first).find(|at| begins(*at, &wanted));
        let repeated = || {
            let is_same = self.prefix.chars().all(|known| fold(&known.to_string()) == fold(&letter.to_string()));
            from(chosen + 1).find(|at| is_same && begins(*at, &letter.to_string()))
        };
        let prefix = match found {
            Some(_) => wanted,
            None => self.prefix.clone(),
        };
        let found = found.or_else(repeated)?;
        (self.prefix, self.at) = (prefix, Some(now));
        Some(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OPTIONS: [&str; 6] = ["Agent", "Sales", "Service desk", "Service night", "Switchboard", "Élan"];

    /// Where the letters lead from the first option on, a second apart.
    fn typed(letters: &str) -> Vec<Option<usize>> {
        let (mut ahead, mut at, mut now) = (TypeAhead::default(), 0, OffsetDateTime::UNIX_EPOCH);
        let mut step = |letter| {
            now += Duration::seconds(1);
            let found = ahead.find(&OPTIONS, at, letter, now);
            at = found.unwrap_or(at);
            found
        };
        letters.chars().map(&mut step).collect()
    }

    #[test]
    fn letters_one_after_another_are_the_beginning_of_one_option() {
        assert_eq!(typed("se"), [Some(1), Some(2)]);
        assert_eq!(typed("SW"), [Some(1), Some(4)]);
        assert_eq!(typed("e"), [Some(5)]);
        assert_eq!(typed("sxe"), [Some(1), None, Some(2)]);
    }

    #[test]
    fn the_same_letter_again_goes_to_the_next_option() {
        assert_eq!(typed("sssss"), [1, 2, 3, 4, 1].map(Some));
        assert_eq!(typed("a"), [Some(0)]);
    }

    #[test]
    fn after_a_pause_a_letter_begins_anew() {
        let (mut ahead, now) = (TypeAhead::default(), OffsetDateTime::UNIX_EPOCH);
        assert_eq!(ahead.find(&OPTIONS, 0, 's', now), Some(1));
        assert_eq!(ahead.find(&OPTIONS, 1, 'a', now + Duration::seconds(9)), Some(0));
    }

    #[test]
    fn nothing_to_choose_from_is_nothing_found() {
        assert_eq!(TypeAhead::default().find(&[""; 0], 0, 's', OffsetDateTime::UNIX_EPOCH), None);
    }
}
