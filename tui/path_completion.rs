//! What a path that is typed may go on with, looked for off the thread that draws, and kept until whoever asked shows it. A
//! form and a lone line each own one.

use std::cell::RefCell;
use std::rc::Rc;

use super::app::{App, Transition};
use super::paths::{self, Completion};

/// Why it could not be looked for is in words.
pub(super) type Completed = Result<Completion, String>;

#[derive(Default)]
pub(super) struct PathCompletion(Rc<RefCell<Option<Completed>>>);

impl PathCompletion {
    pub(super) fn begin(&self, typed: String, app: &mut App) -> Transition {
        let found = Rc::clone(&self.0);
        app.look_up(
            "looking at files",
            move || paths::complete(&typed),
            move |_, completed| {
                found.replace(Some(completed.and_then(|completed| completed.map_err(|error| error.to_string()))));
                Transition::Stay
            },
        )
    }

    /// What was found, once.
    pub(super) fn take(&self) -> Option<Completed> {
        self.0.take()
    }

    /// Whether something was found that nobody took.
    pub(super) fn is_over(&self) -> bool {
        self.0.borrow().is_some()
    }
}

/// Why it does not go on, of what was found for this text.
pub(super) fn not_completed(typed: &str, completed: &Completed) -> String {
    match completed {
        Ok(_) => format!("nothing begins with {typed}"),
        Err(error) => format!("{typed} cannot be completed: {error}"),
    }
}
