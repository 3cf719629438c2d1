//! The import of a table or of vCards into the phone book: which file it is and how it is read, what would come of it, and
//! the one transaction. What lines and cards mean is in `exchange::phone_book`.

mod file;
mod file_form;
mod planned;
mod preview;
mod reading;
mod told_lines;

use file_form::FileModel;

use crate::tui::app::{App, DynScreen, Transition};
use crate::tui::form::Form;

/// Asks which file.
pub(super) fn ask(app: &App) -> Transition {
    Transition::Push(asked(app))
}

/// The question.
pub(in crate::tui::screens) fn asked(app: &App) -> Box<dyn DynScreen> {
    Box::new(Form::open(FileModel::new(app), app))
}
