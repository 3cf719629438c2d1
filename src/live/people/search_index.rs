//! All users as one folded text, in order of their names: made once for each settings change, searched for every key
//! that somebody types. It knows nothing of who may see whom.

use crate::settings::configuration::Configuration;
use crate::settings::id::UserId;

use super::fold::fold;

/// Between what is known of one user; no folded text holds it.
const SEPARATOR: char = '\n';

#[derive(Default)]
pub(in crate::live) struct SearchIndex {
    text: String,
    /// In order of the folded name: where each user's part of the text begins, the length of his name, and who he is.
    users: Vec<Place>,
}

struct Place {
    start: usize,
    name_bytes: usize,
    user: UserId,
}

impl SearchIndex {
    /// Users are found by name, number of the main line, mobile number and e-mail address.
    pub(in crate::live) fn new(configuration: &Configuration) -> Self {
        let main_lines = configuration.main_lines();
        let mut users: Vec<_> =
            configuration.users.iter().map(|user| (fold(&user.full_name()), user.id, user)).collect();
        users.sort_unstable_by(|a, b| (&a.0, a.1).cmp(&(&b.0, b.1)));
        let mut index = Self { text: String::new(), users: Vec::with_capacity(users.len()) };
        for (name, id, user) in users {
            index.users.push(Place { start: index.text.len(), name_bytes: name.len(), user: id });
            let number = main_lines.get(&id).map(|line| line.extension.as_str());
            let mobile = user.mobile.as_ref().map(|mobile| mobile.as_str());
            let email = user.email.as_ref().map(|email| email.as_str());
            index.text.push_str(&name);
            for text in [number, mobile, email].into_iter().flatten() {
                index.text.push(SEPARATOR);
                index.text.push_str(&fold(text));
            }
            index.text.push(SEPARATOR);
        }
        index
    }

    /// Whoever has the folded pattern in something that is known of him, with his folded name, in order of names; an
    /// empty pattern finds nobody.
    pub(in crate::live) fn find<'a>(&'a self, pattern: &str) -> impl Iterator<Item = (&'a str, UserId)> {
        let mut from = if pattern.is_empty() { self.text.len() } else { 0 };
        std::iter::from_fn(move || {
            let at = from + self.text[from..].find(pattern).filter(|_| from < self.text.len())?;
            let next = self.users.partition_point(|place| place.start <= at);
            from = self.users.get(next).map_or(self.text.len(), |place| place.start);
            let place = self.users.get(next.checked_sub(1)?)?;
            Some((&self.text[place.start..place.start + place.name_bytes], place.user))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::live::tests::{cast, name};
    use crate::settings::id::Id;
    use crate::settings::name::{EmailAddress, LastName, MobileNumber};

    fn found(index: &SearchIndex, pattern: &str) -> Vec<i64> {
        index.find(&fold(pattern)).map(|(_, user)| user.number()).collect()
    }

    #[test]
    fn users_are_found_by_all_that_is_known_of_them_in_order_of_names() {
        let mut known = cast();
        known.users.edit(UserId::new(3), |user| {
            user.last_name = name(LastName::parse("Ägnesson"));
            user.mobile = Some(name(MobileNumber::parse("+46701")));
            user.email = Some(name(EmailAddress::parse("Chiara@Example.org")));
        });
        let index = SearchIndex::new(&known);
        assert_eq!(found(&index, "AGNES"), [1, 3]);
        assert_eq!(found(&index, "e"), [1, 2, 3, 4]);
        assert_eq!(found(&index, "1003"), [3]);
        assert_eq!(found(&index, "+467"), [3]);
        assert_eq!(found(&index, "@example"), [3]);
        for nobody in ["", "agnes1001", "1001bertil", "nobody"] {
            assert_eq!(found(&index, nobody), [0; 0], "{nobody:?}");
        }
        assert_eq!(index.find("chi").map(|(name, _)| name).collect::<Vec<_>>(), ["chiara agnesson"]);
    }
}
