//! The configuration as one value: everything that an administrator decides, the phone book by its numbers and as far
//! as its entries are at hand. Every edit is a function on it (`edit/`), every rule a look over it (`findings`),
//! `store` loads it and writes what differs, `live` plays it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::context::Context;
use super::dial_rule::DialRule;
use super::id::{ContextId, Id as _, PresenceGroupId, PresenceId, ServerUuid, UserId, UserUuid};
use super::line::Line;
use super::name::ContextName;
use super::presence::Presence;
use super::setting::Layer;
use super::table::Object;
use super::tables::configuration_tables;
use super::user::User;

macro_rules! configuration {
    ([] $($table:ident: $module:ident::$object:ident = $word:literal,)*) => {
        #[derive(Debug, Clone, PartialEq)]
        pub(crate) struct Configuration {
            pub(crate) server_uuid: ServerUuid,
            /// What the database says of the general settings; files and command line may say otherwise.
            pub(crate) settings: Layer,
            $(pub(crate) $table: <super::$module::$object as Object>::Held,)*
        }

        impl Configuration {
            /// Nothing at all: what `store` starts to load into.
            pub(crate) fn empty(server_uuid: ServerUuid) -> Self {
                Self { server_uuid, settings: Layer::new(), $($table: Default::default(),)* }
            }
        }
    };
}
configuration_tables!([configuration]);

impl Configuration {
    /// A group's presences in order of position.
    pub(crate) fn presences_of(&self, group: PresenceGroupId) -> Vec<&Arc<Presence>> {
        let mut presences: Vec<_> = self.presences.iter().filter(|presence| presence.group == group).collect();
        presences.sort_by_key(|presence| presence.position);
        presences
    }

    /// The presence's `allowed` on wire and export: itself and the reachable ones in order of position, or nothing if
    /// none is reachable (rule P8).
    pub(crate) fn allowed_from(&self, presence: &Presence) -> Vec<&Arc<Presence>> {
        if presence.reachable.is_empty() {
            return Vec::new();
        }
        self.presences_of(presence.group)
            .into_iter()
            .filter(|other| other.id == presence.id || presence.reachable.contains(&other.id))
            .collect()
    }

    pub(crate) fn presence_named(&self, group: PresenceGroupId, name: &str) -> Option<&Arc<Presence>> {
        self.presences.find(|presence| presence.group == group && presence.name.as_str() == name)
    }

    /// The user's lines, the main line first, then by id: the wire's `linelist`.
    pub(crate) fn lines_of(&self, user: UserId) -> Vec<&Arc<Line>> {
        let mut lines: Vec<_> = self.lines.iter().filter(|line| line.user == user).collect();
        lines.sort_by_key(|line| (!line.is_main, line.id));
        lines
    }

    /// For each user with a line, the main line: one pass, for whoever needs many.
    pub(crate) fn main_lines(&self) -> BTreeMap<UserId, &Arc<Line>> {
        self.lines.iter().filter(|line| line.is_main).map(|line| (line.user, line)).collect()
    }

    /// Whom people mean by this: a login in any case of letters, a UUID, an id or an e-mail address. A login goes
    /// before all else, so that nobody is taken for another whose id or address happens to be the same text.
    pub(crate) fn user_named(&self, name: &str) -> Option<&Arc<User>> {
        let name = name.trim();
        let by_uuid = || self.user_by_uuid(UserUuid::parse(name)?);
        let by_id = || self.users.get(UserId::new(name.parse().ok()?));
        let email = name.to_lowercase();
        let has_email = |user: &User| user.email.as_ref().is_some_and(|own| own.as_str().to_lowercase() == email);
        self.users
            .find(|user| user.has_login(name))
            .or_else(by_uuid)
            .or_else(by_id)
            .or_else(|| self.users.find(has_email))
    }

    /// What `user_named` finds this user by, as short as it may be: the login, the id, or the UUID where the id is a
    /// login of somebody else.
    pub(crate) fn name_of_user(&self, user: &User) -> String {
        let short = user.login_or_id();
        let is_meant = self.user_named(&short).is_some_and(|found| found.id == user.id);
        if is_meant { short } else { user.uuid.to_string() }
    }

    pub(crate) fn user_by_uuid(&self, uuid: UserUuid) -> Option<&Arc<User>> {
        self.users.find(|user| user.uuid == uuid)
    }

    pub(crate) fn context_named(&self, name: &ContextName) -> Option<&Arc<Context>> {
        self.contexts.find(|context| context.name == *name)
    }

    /// The context and all it includes, directly or not; loops end (settings §1.2).
    pub(crate) fn reachable_contexts(&self, from: ContextId) -> BTreeSet<ContextId> {
        let mut reached = BTreeSet::new();
        let mut waiting = vec![from];
        while let Some(context) = waiting.pop() {
            if reached.insert(context) {
                waiting.extend(self.contexts.get(context).into_iter().flat_map(|context| &context.includes));
            }
        }
        reached
    }

    /// In order of position: the first that fits counts.
    pub(crate) fn ordered_dial_rules(&self) -> Vec<&Arc<DialRule>> {
        let mut rules: Vec<_> = self.dial_rules.iter().collect();
        rules.sort_by_key(|rule| (rule.position, rule.id));
        rules
    }

    /// The presences of the same group from which this one may be chosen.
    pub(crate) fn reached_from(&self, presence: PresenceId) -> Vec<&Arc<Presence>> {
        self.presences.iter().filter(|other| other.reachable.contains(&presence)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::context::Context;
    use crate::settings::name::Login;

    #[test]
    fn a_user_is_meant_by_login_uuid_id_or_address_and_a_login_goes_before() {
        let mut known = crate::settings::fixtures::small_company();
        let found = |known: &Configuration, name: &str| known.user_named(name).map(|user| user.id.number());
        for (name, id) in [
            (" ALICE ", Some(1)),
            ("00000000-0000-0000-0000-000000000002", Some(2)),
            ("3", Some(3)),
            ("Bob@Example.ORG", Some(2)),
            ("0", None),
            ("nobody", None),
            ("", None),
        ] {
            assert_eq!(found(&known, name), id, "{name:?}");
        }
        // carol is called as bob's id, and has no login then.
        known.users.edit(UserId::new(3), |user| user.login = Login::parse("02").ok());
        assert_eq!((found(&known, "02"), found(&known, "2")), (Some(3), Some(2)));
        known.users.edit(UserId::new(1), |user| user.login = Login::parse("12").ok());
        let bare = crate::settings::fixtures::add_user(&mut known, "twelve");
        assert_eq!(known.name_of_user(known.users.get(bare).expect("a user")), "twelve");
        known.users.edit(UserId::new(3), |user| user.login = None);
        assert_eq!(known.name_of_user(known.users.get(UserId::new(3)).expect("carol")), "3");
    }

    /// Settings §9: 35.
    #[test]
    fn reached_are_the_own_context_the_included_ones_and_loops_end() {
        let mut known = Configuration::empty(ServerUuid::new(uuid::Uuid::from_u128(1)));
        let id = ContextId::new;
        for (number, includes) in [(1, vec![]), (2, vec![3]), (3, vec![4]), (4, vec![2])] {
            let name = ContextName::parse(&format!("context{number}")).expect("a name");
            let includes = includes.into_iter().map(id).collect();
            known.contexts.put(Context { id: id(number), version: 1, name, includes });
        }
        assert_eq!(known.reachable_contexts(id(1)), BTreeSet::from([id(1)]));
        assert_eq!(known.reachable_contexts(id(3)), BTreeSet::from([id(2), id(3), id(4)]));
    }
}
