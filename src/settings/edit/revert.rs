//! Taking a change back whole: what it touched is known as it was and as it became, and becomes again what it was, unless
//! somebody changed that meanwhile. The console's undo calls it inside `Store::change`.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::super::configuration::Configuration;
use super::super::id::{Id as _, UserId};
use super::super::label::Labelled;
use super::super::phone_book::EntriesNeeded;
use super::super::rule::{Refusal, Rule};
use super::super::setting::{Key, Layer};
use super::super::table::{Collection, Kind, Object, Table};
use super::super::tables::{for_each_table, on_table_of};
use crate::settings::account::Account;
use crate::settings::rule_target::{ObjectName, RuleTarget};
use crate::settings::user::User;
use crate::settings::violation::Violation;

/// What one change made of what: of all objects and settings only those that differ, as they were and as it left them.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct AppliedChange {
    before: Configuration,
    after: Configuration,
}

impl AppliedChange {
    pub(crate) fn between(before: &Configuration, after: &Configuration) -> Self {
        let mut old = Configuration::empty(before.server_uuid);
        let mut new = Configuration::empty(after.server_uuid);
        let differs = |key: &Key| before.settings.get(key) != after.settings.get(key);
        let values = |layer: &Layer| layer.clone().into_iter().filter(|(key, _)| differs(key)).collect();
        (old.settings, new.settings) = (values(&before.settings), values(&after.settings));
        for_each_table! { ($table:ident, $object:ty) => { keep(&before.$table, &after.$table, &mut old.$table, &mut new.$table); } }
        Self { before: old, after: new }
    }

    /// The entries of the phone book that must be at hand to take this back.
    pub(crate) fn entries(&self) -> EntriesNeeded {
        let both = [&self.before, &self.after].map(|of| of.phone_book.at_hand().iter().map(|entry| entry.id));
        let ids: Vec<_> = both.into_iter().flatten().collect();
        if ids.is_empty() { EntriesNeeded::None } else { EntriesNeeded::These(ids) }
    }

    /// What people call the objects that it touched, as they are called now.
    pub(crate) fn objects(&self, now: &Configuration) -> Vec<ObjectName> {
        let mut names = Vec::new();
        for_each_table! { ($table:ident, $object:ty) => { name_all(&self.before.$table, &self.after.$table, now, &mut names); } }
        names
    }

    /// Hands on the object as it was before the change, secrets included, if it was touched.
    pub(crate) fn share_former(&self, kind: Kind, id: i64, to: &mut Configuration) {
        on_table_of!(
            kind,
            ($table:ident, $object:ty) => { share(&self.before.$table, &mut to.$table, id) },
            Kind::Server | Kind::Setting => {}
        );
    }

    /// The general settings that it touched.
    pub(crate) fn settings(&self) -> BTreeSet<Key> {
        self.before.settings.keys().chain(self.after.settings.keys()).copied().collect()
    }

    /// Whether somebody who is there before and after has another password then.
    pub(crate) fn sets_passwords(&self) -> bool {
        let is_set = |user: &Arc<User>| self.after.users.get(user.id).is_some_and(|new| new.password != user.password);
        let is_account_set = |account: &Arc<Account>| {
            self.after.accounts.get(account.id).is_some_and(|new| new.password != account.password)
        };
        self.before.users.iter().any(is_set) || self.before.accounts.iter().any(is_account_set)
    }

    /// Users who were removed with a password.
    pub(crate) fn removed_with_password(&self) -> impl Iterator<Item = UserId> {
        let gone = self.before.users.iter().filter(|user| self.after.users.get(user.id).is_none());
        gone.filter(|user| user.password.is_some()).map(|user| user.id)
    }

    /// Whether nothing was touched.
    pub(crate) fn is_none(&self) -> bool {
        self.before == self.after
    }
}

fn name_all<C: Collection<Object: Labelled>>(before: &C, after: &C, now: &Configuration, names: &mut Vec<ObjectName>) {
    let touched = before.objects().differences(after.objects()).into_iter();
    names.extend(touched.filter_map(|(old, new)| Some(new.or(old)?.object_name(now))));
}

fn share<C: Collection>(from: &C, to: &mut C, id: i64) {
    if let Some(object) = from.objects().get(<C::Object as Object>::Id::new(id)) {
        to.share(object);
    }
}

fn keep<C: Collection>(before: &C, after: &C, old_parts: &mut C, new_parts: &mut C) {
    for (old, new) in before.objects().differences(after.objects()) {
        if let Some(old) = old {
            old_parts.share(old);
        }
        if let Some(new) = new {
            new_parts.share(new);
        }
    }
}

impl Configuration {
    /// Makes everything that a change touched as it was before. Rule V1 names the first object that is no longer as the
    /// change left it.
    pub(crate) fn revert(&mut self, change: &AppliedChange) -> Result<(), Refusal> {
        let AppliedChange { before, after } = change;
        for key in change.settings() {
            if self.settings.get(&key) != after.settings.get(&key) {
                return Err(Refusal::new(Rule::V1, RuleTarget::Setting(key.as_str()), Violation::ChangedAgain));
            }
            match before.settings.get(&key) {
                Some(value) => self.settings.insert(key, value.clone()),
                None => self.settings.remove(&key),
            };
        }
        for_each_table! { ($table:ident, $object:ty) => { restore(&mut self.$table, &before.$table, &after.$table)?; } }
        Ok(())
    }

    /// How often the object was edited, from 1; none if there is no such object.
    pub(crate) fn version_of(&self, kind: Kind, id: i64) -> Option<u32> {
        on_table_of!(
            kind,
            ($table:ident, $object:ty) => { version(self.$table.objects(), id) },
            Kind::Server | Kind::Setting => None
        )
    }
}

fn version<T: Object>(table: &Table<T>, id: i64) -> Option<u32> {
    table.get(T::Id::new(id)).map(|object| object.version())
}

fn restore<C: Collection>(now: &mut C, before: &C, after: &C) -> Result<(), Refusal> {
    for (old, new) in before.objects().differences(after.objects()) {
        let Some(id) = old.or(new).map(|object| object.id()) else { continue };
        let present = now.objects().get(id);
        if !says_the_same(present, new) {
            let on = ObjectName::by_id(C::Object::KIND, id.number());
            return Err(Refusal::new(Rule::V1, on, Violation::ChangedAgain));
        }
        let version = present.or(old).map_or(1, |object| object.version() + 1);
        match old {
            Some(old) => {
                let mut object = C::Object::clone(old);
                object.set_version(version);
                now.share(&Arc::new(object));
            }
            None => {
                now.remove(id);
            }
        }
    }
    Ok(())
}

/// Whatever their versions: a later change that was taken back itself has counted them up.
fn says_the_same<T: Object>(present: Option<&Arc<T>>, left: Option<&Arc<T>>) -> bool {
    let (Some(present), Some(left)) = (present, left) else { return present.is_none() && left.is_none() };
    let mut present = T::clone(present);
    present.set_version(left.version());
    present == **left
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::color::Color;
    use crate::settings::fixtures;
    use crate::settings::id::PresenceId;

    fn away(known: &Configuration) -> PresenceId {
        known.presences.find(|presence| presence.name.as_str() == "away").expect("default data").id
    }

    /// The same where away has another color.
    fn paint(known: &Configuration, color: Color) -> Configuration {
        let mut painted = known.clone();
        painted.presences.edit(away(known), |presence| presence.color = color);
        painted
    }

    #[test]
    fn what_a_change_touched_is_as_before_and_counts_as_edited() {
        let before = fixtures::small_company();
        let away = away(&before);
        let mut after = before.clone();
        after.remove_presence(away).expect("away may go");
        let mut now = after.clone();
        now.revert(&AppliedChange::between(&before, &after)).expect("nobody was there meanwhile");
        assert_eq!(now.presences.get(away).map(|presence| presence.name.as_str()), Some("away"));
        let reaching = |known: &Configuration| known.reached_from(away).len();
        assert_eq!(reaching(&now), reaching(&before));
    }

    #[test]
    fn two_changes_of_one_object_are_taken_back_one_after_the_other() {
        let before = fixtures::small_company();
        let first = paint(&before, Color(1, 2, 3));
        let second = paint(&first, Color(4, 5, 6));
        let mut now = second.clone();
        now.revert(&AppliedChange::between(&first, &second)).expect("the newer one");
        now.revert(&AppliedChange::between(&before, &first)).expect("the older one");
        let color = |known: &Configuration| known.presences.get(away(known)).map(|presence| presence.color);
        assert_eq!(color(&now), color(&before));
    }

    #[test]
    fn what_was_changed_again_is_not_taken_back() {
        let before = fixtures::small_company();
        let after = paint(&before, Color(1, 2, 3));
        let mut now = paint(&after, Color(4, 5, 6));
        assert_eq!(now.revert(&AppliedChange::between(&before, &after)).expect_err("changed again").rule, Rule::V1);
    }
}
