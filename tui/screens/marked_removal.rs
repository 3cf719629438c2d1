//! Several rows of a list removed in one change: all that are marked. Screens that ask about a single one themselves ask here
//! about more; what a removal is to a kind of object is theirs.

use std::collections::BTreeSet;

use crate::settings::configuration::Configuration;
use crate::settings::rule::{Refusal, count};
use crate::tui::app::{App, Transition};
use crate::tui::proposal::{Proposal, named};
use crate::tui::widgets::list::List;
use crate::tui::widgets::marks::Marking as _;

/// What is removed, and what is told of it.
pub(super) struct MarkedRemoval<N, R> {
    /// `voicemail box`
    pub(super) what: &'static str,
    /// What becomes of all else.
    pub(super) told: &'static str,
    /// What one is called; none: it is gone already.
    pub(super) name: N,
    pub(super) remove: R,
}

impl<N, R> MarkedRemoval<N, R> {
    /// Asks first; whoever is gone meanwhile is what was wanted. `one` asks about a single row, and hears whether the filter
    /// hides it.
    pub(super) fn ask<T>(
        self,
        list: &List<T>,
        one: impl FnOnce(T, bool, &mut App) -> Transition,
        app: &mut App,
    ) -> Transition
    where
        T: Copy + Ord + Send + Sync + 'static,
        N: Fn(T, &Configuration) -> Option<String> + Send + Sync + 'static,
        R: Fn(T, &mut Configuration) -> Result<(), Refusal> + Send + Sync + 'static,
    {
        match list.meant().as_slice() {
            [] => return Transition::Stay,
            [id] => return one(*id, list.number_hidden() > 0, app),
            _ => {}
        }
        let Self { what, told, name, remove } = self;
        let ids: BTreeSet<T> = list.meant().into_iter().collect();
        let c = &app.configuration;
        let names: Vec<String> = list.meant().into_iter().filter_map(|id| name(id, c)).collect();
        let were = if names.len() == 1 { "was" } else { "were" };
        let number = count(names.len(), what);
        let mut lines = named(names.len(), names.into_iter());
        if list.number_hidden() > 0 {
            lines.push(format!("The filter hides {} of them.", list.number_hidden()));
        }
        lines.push(told.to_owned());
        let edit = move |c: &mut Configuration| {
            for id in &ids {
                if name(*id, c).is_some() {
                    remove(*id, c)?;
                }
            }
            Ok(())
        };
        let done = format!("{number} {were} removed");
        Proposal::new(format!("Remove {number}?"), "remove them", done, edit).always(lines).put(app)
    }
}
