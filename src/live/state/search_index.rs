//! All users, or all entries of the phone book, as one folded text, in order of their names: made once for each change of
//! theirs, searched for every key that somebody types. It knows nothing of who may see whom.

use crate::settings::configuration::Configuration;
use crate::settings::fold::fold;
use crate::settings::id::{PhoneBookEntryId, UserId};
use crate::settings::phone_book::Field;
use crate::settings::whole::WholeConfiguration;

use crate::observe::work::spend;
use crate::settings::search::SearchPattern;

/// Between what is known of one; no folded text holds it.
const SEPARATOR: char = '\n';

pub(super) struct SearchIndex<I> {
    text: String,
    /// In order of the folded name: where each one's part of the text begins, the length of their name, and who they are.
    positions: Vec<NamePosition<I>>,
}

struct NamePosition<I> {
    start: usize,
    name_bytes: usize,
    id: I,
}

impl<I> Default for SearchIndex<I> {
    fn default() -> Self {
        Self { text: String::new(), positions: Vec::new() }
    }
}

impl SearchIndex<UserId> {
    /// Users are found by name, number of the main line, mobile number and e-mail address.
    pub(super) fn of_users(configuration: &Configuration) -> Self {
        let main_lines = configuration.main_lines();
        let known = configuration.users.iter().map(|user| {
            let number = main_lines.get(&user.id).map_or("", |line| line.extension.as_str());
            let mobile = user.mobile.as_ref().map_or("", |mobile| mobile.as_str());
            let email = user.email.as_ref().map_or("", |email| email.as_str());
            (fold(&user.full_name()), user.id, [number, mobile, email])
        });
        Self::new(known.collect())
    }
}

impl SearchIndex<PhoneBookEntryId> {
    /// Entries are found by name, company, any of their numbers and e-mail address.
    pub(super) fn of_phone_book(configuration: &WholeConfiguration) -> Self {
        const TEXTS: [Field; 7] =
            [Field::Company, Field::Number, Field::Mobile, Field::Email, Field::Fax, Field::Home, Field::Other];
        let known = configuration
            .entries()
            .iter()
            .map(|entry| (fold(&entry.details.shown_name()), entry.id, TEXTS.map(|field| entry.details.text(field))));
        Self::new(known.collect())
    }
}

impl<I: Copy + Ord> SearchIndex<I> {
    /// From folded names, and what else is known of each.
    fn new<const N: usize>(mut known: Vec<(String, I, [&str; N])>) -> Self {
        known.sort_unstable_by(|a, b| (&a.0, a.1).cmp(&(&b.0, b.1)));
        let mut index = Self { text: String::new(), positions: Vec::with_capacity(known.len()) };
        for (name, id, texts) in known {
            index.positions.push(NamePosition { start: index.text.len(), name_bytes: name.len(), id });
            index.text.push_str(&name);
            for text in texts.into_iter().filter(|text| !text.is_empty()) {
                index.text.push(SEPARATOR);
                index.text.push_str(&fold(text));
            }
            index.text.push(SEPARATOR);
        }
        index
    }

    /// Whoever has the pattern in something that is known of them, with their folded names, in order of names; an empty
    /// pattern finds nobody.
    pub(super) fn find<'a>(&'a self, pattern: &SearchPattern) -> impl Iterator<Item = (&'a str, I)> + use<'a, I> {
        let mut found: Vec<_> =
            pattern.needles(SEPARATOR).into_iter().map(|needle| self.with(needle).peekable()).collect();
        std::iter::from_fn(move || {
            let first = found.iter_mut().filter_map(|places| places.peek().copied()).min()?;
            for places in &mut found {
                places.next_if_eq(&first);
            }
            let place = self.positions.get(first)?;
            Some((&self.text[place.start..place.start + place.name_bytes], place.id))
        })
    }

    /// The places of all who have it, in order.
    fn with(&self, needle: String) -> impl Iterator<Item = usize> + use<'_, I> {
        let mut from = 0;
        std::iter::from_fn(move || {
            let rest = self.text.get(from..)?;
            let ahead = rest.find(&needle);
            spend(ahead.unwrap_or(rest.len()));
            let at = from + ahead?;
            // A whole number has its separators with it: the one in front may be the end of somebody else.
            let end = at + needle.len() - 1;
            let next = self.positions.partition_point(|place| place.start <= end);
            from = self.positions.get(next).map_or(self.text.len(), |place| place.start);
            next.checked_sub(1)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::live::tests::{cast, name};
    use crate::settings::id::Id;
    use crate::settings::name::{EmailAddress, LastName, MobileNumber};

    fn found(index: &SearchIndex<UserId>, pattern: &str) -> Vec<i64> {
        index.find(&SearchPattern::of(pattern)).map(|(_, user)| user.number()).collect()
    }

    #[test]
    fn users_are_found_by_all_that_is_known_of_them_in_order_of_names() {
        let mut known = cast();
        known.users.edit(UserId::new(3), |user| {
            user.last_name = name(LastName::parse("Ägnesson"));
            user.mobile = Some(name(MobileNumber::parse("+46701")));
            user.email = Some(name(EmailAddress::parse("Chiara@Example.org")));
        });
        let index = SearchIndex::of_users(&known);
        assert_eq!(found(&index, "AGNES"), [1, 3]);
        assert_eq!(found(&index, "e"), [1, 2, 3, 4]);
        assert_eq!(found(&index, "1003"), [3]);
        assert_eq!(found(&index, "+467"), [3]);
        assert_eq!(found(&index, "@example"), [3]);
        assert_eq!(found(&index, "+46 (0)70-1"), [3]);
        assert_eq!(found(&index, "10 03"), [3]);
        for nobody in ["", "agnes1001", "1001bertil", "nobody"] {
            assert_eq!(found(&index, nobody), [0; 0], "{nobody:?}");
        }
        assert_eq!(
            index.find(&SearchPattern::of("chi")).map(|(name, _)| name).collect::<Vec<_>>(),
            ["chiara agnesson"]
        );
    }
}
