//! Who changed an object last, and when, as the audit knows it: told where somebody else was faster.

use time::OffsetDateTime;

use super::App;
use crate::settings::setting::Key;
use crate::settings::table::Kind;
use crate::store::{AuditEntry, AuditQuery, Store};
use crate::tui::clock::short;
use crate::tui::system_user::person;

/// Entries among which the last change of a setting is looked for: all settings share one object.
const LOOKED_THROUGH: usize = 200;

impl App {
    /// `04:25:07 by alice`; of a setting by its key.
    pub(in crate::tui) fn changed_by(&self, kind: Kind, object: i64, key: Option<Key>) -> Option<String> {
        changed_by(&self.store, self.now, kind, object, key)
    }
}

/// The same on a thread beside, told by the clock that is shown.
pub(in crate::tui) fn changed_by(
    store: &Store,
    now: OffsetDateTime,
    kind: Kind,
    object: i64,
    key: Option<Key>,
) -> Option<String> {
    let query = AuditQuery { kind: Some(kind), object: Some(object), ..AuditQuery::newest(LOOKED_THROUGH) };
    let entries = store.audit(&query).ok()?;
    let last = entries.into_iter().flatten().find(|entry: &AuditEntry| entry.recorded().key() == key)?;
    Some(format!("{} by {}", short(last.at, now), person(&last.system_user)))
}
