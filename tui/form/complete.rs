//! Tab in a field that names a file: the folder is looked into off the thread that draws, and the path goes on as far as
//! there is one way; where there are several, they are listed to choose from.

use std::path;

use super::overlay::Overlay;
use super::picker::Picker;
use super::{Form, Model};
use crate::tui::app::{App, Transition};
use crate::tui::commands::Command;
use crate::tui::key_table::Action;
use crate::tui::path_completion::not_completed;
use crate::tui::paths::Completion;
use crate::tui::widgets::entry::Entry;

impl<M: Model> Form<M> {
    /// Tab completes a path, and else goes on.
    pub(super) fn commands_of_fields(&self, app: &App) -> Vec<Command<Self>> {
        let help = "Go to the next field";
        if !self.completes(app) {
            return vec![Command::new([Action::Next, Action::Down], "next field", help, Self::next)];
        }
        vec![
            Command::new([Action::Next], "complete", "Complete the path; go on where it is whole", Self::complete),
            Command::new([Action::Down], "next field", help, Self::next),
        ]
    }

    /// Whether Tab completes here: a path is begun, and this console may look at files.
    pub(super) fn completes(&self, app: &App) -> bool {
        let field = self.fields.focused();
        field.is_path && !field.entry.words().is_empty() && app.file_obstacle().is_none()
    }

    /// `~/` at the beginning of a path is the home folder.
    pub(super) fn begin_at_home(&mut self, app: &App) {
        let field = self.fields.focused_mut();
        if let Entry::Text(line) = &mut field.entry
            && field.is_path
        {
            line.begin_at_home(app.home());
        }
    }

    pub(super) fn complete(&mut self, app: &mut App) -> Transition {
        self.is_completing = true;
        match self.completion.begin(whole(&self.fields.focused().entry.words()), app) {
            Transition::Stay => self.finish_completing(app),
            other => other,
        }
    }

    /// Goes on with what was found, if it is.
    pub(super) fn finish_completing(&mut self, app: &mut App) -> Transition {
        let Some(found) = self.completion.take() else { return Transition::Stay };
        self.is_completing = false;
        match found {
            Ok(Completion::Whole) => {
                let typed = self.fields.focused().entry.words();
                let path = whole(&typed);
                if path != typed {
                    self.fields.focused_mut().entry = Entry::text(path);
                    self.fields.touch();
                    self.edited(app);
                }
                return self.next(app);
            }
            Ok(Completion::Longer(path)) => {
                self.fields.focused_mut().entry = Entry::text(path);
                self.fields.touch();
                self.edited(app);
            }
            Ok(Completion::Several { names, paths }) => {
                let picker = Picker::of_paths(self.fields.focused(), names, paths);
                self.overlay = Overlay::Picker(Box::new(picker));
            }
            Ok(Completion::Nothing) | Err(_) => {
                app.warn(not_completed(&self.fields.focused().entry.words(), &found));
                return self.next(app);
            }
        }
        Transition::Stay
    }
}

/// From the root on, as settings name files; what is typed otherwise counts from where the console was started.
fn whole(typed: &str) -> String {
    path::absolute(typed).map_or_else(|_| typed.to_owned(), |path| path.to_string_lossy().into_owned())
}
