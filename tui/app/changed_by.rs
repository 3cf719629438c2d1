//! Who changed an object, and when, as the audit knows it: told where somebody else was faster.

use time::OffsetDateTime;

use super::{App, Target};
use crate::settings::id::AuditId;
use crate::settings::rule::Refusal;
use crate::settings::setting::Key;
use crate::settings::table::Kind;
use crate::settings::violation::Violation;
use crate::store::{AuditEntry, AuditQuery, Store};
use crate::tui::clock::short;
use crate::tui::system_user::person;

/// Entries among which the last change of a setting is looked for: all settings share one object.
const LOOKED_THROUGH: usize = 200;

impl App {
    /// `04:25:07 by alice`; of a setting by its key.
    pub(in crate::tui) fn changed_by(&self, kind: Kind, object: i64, key: Option<Key>) -> Option<String> {
        let last = last_changes(&self.store, (kind, object, key)).next()?;
        Some(when_and_who(&last, self.now))
    }

    /// That an object is no longer as it was seen, with who changed or removed it and when; None: it is another refusal.
    pub(super) fn words_of_overtaken(&self, refusals: &[Refusal]) -> Option<String> {
        let overtaken = refusals.iter().find_map(|refusal| {
            let became = match *refusal.problem {
                Violation::OtherVersion { .. } => "changed",
                Violation::Gone => "removed",
                _ => return None,
            };
            let object = refusal.on.object()?;
            Some((refusal, became, object.kind, object.id?))
        });
        let (refusal, became, kind, id) = overtaken?;
        let last = last_changes(&self.store, (kind, id, None)).next();
        let on = last.as_ref().map_or_else(|| refusal.on.clone(), |last| last.recorded().target());
        let by = last.map_or_else(String::new, |last| format!(" ({})", when_and_who(&last, self.now)));
        let next = match became {
            "changed" => "look at it as it is now, and do it again if it is still right",
            _ => "History can bring it back",
        };
        Some(format!("{on} was {became} meanwhile{by}, and nothing was done: {next}"))
    }
}

impl App {
    /// That an object whose page was open is gone, with who removed it and when; None: this console did, and said so.
    pub(in crate::tui) fn words_of_removed(&self, Target { kind, id }: Target) -> Option<String> {
        let Some(last) = last_changes(&self.store, (kind, id, None)).next() else {
            return Some("what was open here was removed meanwhile".to_owned());
        };
        let by = when_and_who(&last, self.now);
        (!self.has_written(last.id))
            .then(|| format!("{} was removed meanwhile ({by}): h, then u brings it back", last.recorded().target()))
    }

    /// Whether the entry tells of something that this console did and still knows.
    fn has_written(&self, entry: AuditId) -> bool {
        let known = self.steps.iter().chain(&self.undos);
        known.map(|step| &step.written).any(|written| (written.first..=written.last).contains(&entry))
    }
}

/// Who changed it after this entry, of those that are `meant` the last; where none is, the last of all. On a thread beside,
/// told by the clock that is shown.
pub(in crate::tui) fn changed_after(
    store: &Store,
    now: OffsetDateTime,
    of: (Kind, i64, Option<Key>),
    after: AuditId,
    is_meant: impl Fn(&AuditEntry) -> bool,
) -> Option<String> {
    let later: Vec<AuditEntry> = last_changes(store, of).take_while(|entry| entry.id > after).collect();
    let last = later.iter().find(|entry| is_meant(entry)).or(later.first())?;
    Some(when_and_who(last, now))
}

/// The newest first.
fn last_changes(store: &Store, (kind, object, key): (Kind, i64, Option<Key>)) -> impl Iterator<Item = AuditEntry> {
    let query = AuditQuery { kind: Some(kind), object: Some(object), ..AuditQuery::newest(LOOKED_THROUGH) };
    let entries = store.audit(&query).unwrap_or_default();
    entries.into_iter().flatten().filter(move |entry| entry.recorded().key() == key)
}

fn when_and_who(entry: &AuditEntry, now: OffsetDateTime) -> String {
    format!("{} by {}", short(entry.at, now).trim(), person(&entry.system_user))
}
