//! All users in the order of their logins, then those without one in that of their names, each with one folded text of
//! what is looked for: made once a configuration, walked along once a key.

use std::collections::HashMap;
use std::sync::Arc;

use crate::settings::agent::Agent;
use crate::settings::configuration::Configuration;
use crate::settings::fold::fold;
use crate::settings::id::UserId;
use crate::settings::line::Line;
use crate::settings::search::SearchPattern;

use super::widths::{Longest, longest};

/// Between what is known of one user; no folded text holds it.
const SEPARATOR: char = '\n';

pub(super) struct Index {
    /// Of which it was made.
    configuration: Arc<Configuration>,
    /// In order.
    users: Vec<(UserId, String)>,
    main_lines: HashMap<UserId, Arc<Line>>,
    agents: HashMap<UserId, Arc<Agent>>,
    longest: Longest,
}

impl Index {
    /// Users are found by name, login, e-mail address and the extensions of all their lines.
    pub(super) fn new(configuration: &Arc<Configuration>) -> Self {
        let mut numbers: HashMap<UserId, String> = HashMap::new();
        let mut main_lines = HashMap::new();
        for line in configuration.lines.iter() {
            let numbers = numbers.entry(line.user).or_default();
            numbers.push(SEPARATOR);
            numbers.push_str(&fold(line.extension.as_str()));
            if line.is_main {
                main_lines.insert(line.user, Arc::clone(line));
            }
        }
        let agents = configuration.agents.iter().filter_map(|agent| Some((agent.user?, Arc::clone(agent))));
        let mut users: Vec<((bool, String), UserId, String)> = Vec::with_capacity(configuration.users.len());
        for user in configuration.users.iter() {
            let email = user.email.as_ref().map_or("", |email| email.as_str());
            let login = user.folded_login();
            let mut text =
                [user.full_name().as_str(), login.as_deref().unwrap_or_default(), email].map(fold).join("\n");
            text.push_str(numbers.get(&user.id).map_or("", String::as_str));
            let place = login.map_or_else(|| (true, fold(&user.full_name())), |login| (false, login));
            users.push((place, user.id, text));
        }
        users.sort_unstable();
        Self {
            longest: longest(configuration, main_lines.values().cloned()),
            configuration: Arc::clone(configuration),
            users: users.into_iter().map(|(_, id, text)| (id, text)).collect(),
            main_lines,
            agents: agents.collect(),
        }
    }

    pub(super) fn is_of(&self, configuration: &Arc<Configuration>) -> bool {
        Arc::ptr_eq(&self.configuration, configuration)
    }

    pub(super) fn len(&self) -> usize {
        self.users.len()
    }

    /// Whoever has each word of the pattern in something that is known of them; an empty one finds all.
    pub(super) fn find(&self, pattern: &str) -> Vec<UserId> {
        let needles = SearchPattern::of(pattern).needles(SEPARATOR);
        let pattern = fold(pattern);
        let words: Vec<&str> = pattern.split_whitespace().collect();
        // A number may be typed with blanks in it.
        let has_number = |text: &str| needles.iter().any(|needle| text.contains(needle));
        let matches = |text: &str| words.iter().all(|word| text.contains(word)) || has_number(text);
        self.users.iter().filter(|(_, text)| matches(text)).map(|(id, _)| *id).collect()
    }

    pub(super) fn main_line(&self, user: UserId) -> Option<&Line> {
        self.main_lines.get(&user).map(|line| &**line)
    }

    /// What the columns of the table hold.
    pub(super) fn longest(&self) -> Longest {
        self.longest
    }

    pub(super) fn agent(&self, user: UserId) -> Option<&Agent> {
        self.agents.get(&user).map(|agent| &**agent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::fixtures::small_company;
    use crate::settings::id::Id as _;
    use crate::settings::name::{FirstName, LastName};

    #[test]
    fn users_are_found_by_name_login_address_and_any_number() {
        let mut known = small_company();
        known.users.edit(UserId::new(3), |user| {
            user.first_name = FirstName::parse("Chloé").expect("a name");
            user.last_name = LastName::parse("Ørsted").expect("a name");
        });
        let index = Index::new(&Arc::new(known));
        let found = |pattern: &str| index.find(pattern).iter().map(|user| user.number()).collect::<Vec<_>>();
        assert_eq!(found(""), [1, 2, 3]);
        assert_eq!(found("CHLOE"), [3]);
        assert_eq!(found("orsted chl"), [3]);
        assert_eq!(found("bob@example"), [2]);
        assert_eq!(found("1002"), [1]);
        assert_eq!(found("al 100"), [1]);
        assert_eq!(found("20 (01)"), [2]);
        for nobody in ["alicealice", "al 200", "nobody"] {
            assert_eq!(found(nobody), [0; 0], "{nobody:?}");
        }
    }
}
