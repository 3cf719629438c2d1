//! Every edit of a configuration that is more than one field: pure functions on `Configuration` that hold the rules of
//! an operation (what may not be removed, what follows along). `command`, `tui` and tests call them inside
//! `Store::change`, which then looks over the whole with `findings`. Nothing here reads a clock, a file or a secret.

mod account;
mod dial_rule;
mod dialplan;
mod phone_book;
mod phone_hint;
mod presence;
mod profile;
mod revert;
mod user;

pub(crate) use account::NewAccount;
pub(crate) use dial_rule::NewDialRule;
pub(crate) use dialplan::{NewConference, NewQueue};
pub(crate) use presence::NewPresence;
pub(crate) use profile::Direction;
pub(crate) use revert::AppliedChange;
pub(crate) use user::{NewAgent, NewLine, NewUser};

use std::sync::Arc;

use super::configuration::Configuration;
use super::id::Id;
use super::label::Labelled;
use super::rule::{Refusal, Rule};
use super::rule_target::ObjectName;
use super::setting::{Key, SettingValue};
use super::table::{Collection as _, Kind, Object, Table};
use super::tables::on_table_of;
use super::violation::Violation;
use crate::settings::target_kind::TargetKind;

/// The default groups' name (settings §3.1, §3.3): new groups and profiles start from them.
pub(crate) const DEFAULT_GROUP: &str = "xivo";

/// An object that can be removed, with what goes along, unless a rule keeps it. Every table's type is one.
pub(crate) trait Removable: Object {
    fn remove(configuration: &mut Configuration, id: Self::Id) -> Result<(), Refusal>;
}

/// Says by which edit objects of a type are removed.
macro_rules! removable {
    ($($object:ty: $remove:ident,)*) => {$(
        impl crate::settings::edit::Removable for $object {
            fn remove(configuration: &mut Configuration, id: Self::Id) -> Result<(), Refusal> {
                configuration.$remove(id)
            }
        }
    )*};
}
use removable;

impl Configuration {
    /// Sets a general setting in the database's layer; one that nothing acts by is refused.
    pub(crate) fn set_setting(&mut self, value: SettingValue) -> Result<(), Refusal> {
        value.expect_acting()?;
        self.settings.insert(value.key(), value);
        Ok(())
    }

    /// Takes a setting out of the database's layer, so that its default acts again.
    pub(crate) fn unset_setting(&mut self, key: Key) -> Result<(), Refusal> {
        self.settings.remove(&key);
        Ok(())
    }

    /// Fails with rule V1 unless the object still is as somebody read it in this version: at the beginning of an edit, so
    /// that nothing is overwritten unseen. Settings and the server have no version.
    pub(crate) fn expect_version(&self, kind: Kind, id: i64, version: u32) -> Result<(), Refusal> {
        on_table_of!(
            kind,
            ($table:ident, $object:ty) => { self.expect(self.$table.objects(), id, version) },
            Kind::Server | Kind::Setting => {
                let on = if kind == Kind::Server { TargetKind::Server } else { TargetKind::Setting };
                Err(Refusal::new(Rule::V1, on, Violation::HasNoVersion))
            }
        )
    }

    fn expect<T: Object + Labelled>(&self, table: &Table<T>, id: i64, version: u32) -> Result<(), Refusal> {
        let object = existing(table, T::Id::new(id))?;
        if object.version() == version {
            return Ok(());
        }
        let problem = Violation::OtherVersion { version: object.version(), expected: version };
        Err(Refusal::new(Rule::V1, object.object_name(self), problem))
    }
}

/// The object with this id, for reading while the table is edited; rule V1 if somebody removed it meanwhile.
fn existing<T: Object>(table: &Table<T>, id: T::Id) -> Result<Arc<T>, Refusal> {
    let gone = || Refusal::new(Rule::V1, ObjectName::by_id(T::KIND, id.number()), Violation::Gone);
    table.get(id).cloned().ok_or_else(gone)
}

#[cfg(test)]
mod tests;
