//! Contexts that a file names and nobody has: how previews of imports tell them, and the question behind `F`, which adds
//! them in one change before the import.

use std::collections::BTreeSet;

use ratatui::text::Line;

use crate::settings::configuration::Configuration;
use crate::settings::count::listed;
use crate::settings::name::ContextName;
use crate::settings::rule::count;
use crate::tui::app::{App, Transition};
use crate::tui::proposal::{Proposal, named};
use crate::tui::theme;
use crate::tui::widgets::list::cell;

/// A row of the summary, in so many columns; none: nothing is missing.
pub(super) fn missing_row(number: usize, names: &str, what: &str, how: &str, width: u16) -> Option<Line<'static>> {
    let is_are = if number == 1 { "is" } else { "are" };
    let words = format!("   {} {is_are} missing{how}: {names}", count(number, what));
    (number > 0).then(|| Line::styled(cell(&words, usize::from(width) - 2), theme::ERROR))
}

/// The same of contexts.
pub(super) fn missing_contexts_row(missing: &[ContextName], width: u16) -> Option<Line<'static>> {
    missing_row(missing.len(), &listed(missing), "context", ", F adds what is missing", width)
}

/// Adds them after asking.
pub(super) fn add(missing: Vec<ContextName>, app: &mut App) -> Transition {
    let number = missing.len();
    let title = format!("Add {} of this file?", count(number, "context"));
    let lines = named(number, missing.iter().map(ContextName::to_string));
    let words = match missing.as_slice() {
        [one] => format!("context \"{one}\" was added"),
        _ => format!("{number} contexts were added"),
    };
    let edit = move |configuration: &mut Configuration| {
        for name in &missing {
            // Somebody may have added it meanwhile, as is wanted.
            if configuration.context_named(name).is_none() {
                configuration.add_context(name.clone(), &[])?;
            }
        }
        Ok(())
    };
    Proposal::new(title, "add them", words, edit).always(lines).put(app)
}

/// Of those that were proposed, those that are there by now.
pub(super) fn added(proposed: &BTreeSet<ContextName>, app: &App) -> Vec<ContextName> {
    proposed.iter().filter(|name| app.configuration.context_named(name).is_some()).cloned().collect()
}
