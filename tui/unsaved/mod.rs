//! What is typed in forms and not saved when the line is cut, and of whom made passwords were shown then: kept in the data
//! folder for the person who sat there, and offered at that person's next start. Never secrets; dropped once it was taken up,
//! refused, or is a day old. The console calls it at its start and end; forms say what is typed in them.

mod document;
mod file;
mod offer;

use super::app::App;
use super::tab::Tab;
use super::typed_form::UnsavedForm;

pub(super) use offer::offer;

/// How long it is kept.
const AGE_MAX: time::Duration = time::Duration::DAY;

/// All that one console held when its line was cut.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Unsaved {
    /// Who typed it, as the audit names people.
    person: String,
    /// Unix time in seconds.
    at: i64,
    /// From the bottom up, those of the place that was shown last.
    forms: Vec<(Tab, UnsavedForm)>,
}

/// Keeps these forms; nothing if there are none.
pub(super) fn keep(app: &App, forms: Vec<(Tab, UnsavedForm)>) -> std::io::Result<()> {
    if forms.is_empty() {
        return Ok(());
    }
    let unsaved = Unsaved { person: app.user().to_owned(), at: app.now.unix_timestamp(), forms };
    file::write(&app.folder, &unsaved)
}
