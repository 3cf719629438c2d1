//! A password that was made here, shown this once: only its hash is kept.

use std::collections::BTreeMap;

use ratatui::Frame;
use ratatui::layout::{Rect, Size};
use ratatui::text::Line;
use ratatui::widgets::Paragraph;

use crate::settings::password::Password;
use crate::tui::app::{App, DynScreen, Placement, Transition};
use crate::tui::commands::Command;
use crate::tui::key_table::Action;
use crate::tui::screen::Screen;
use crate::tui::theme;
use crate::tui::typed_form::{FormKey, UnsavedForm};

pub(super) struct Made {
    login: String,
    password: Password,
    /// By which it is told, where the line is cut, that nobody noted it.
    key: Option<FormKey>,
    /// Esc was pressed, perhaps once too often.
    is_doubted: bool,
    is_copied: bool,
    /// What comes next: the page of somebody new.
    next: Option<Next>,
}

type Next = Box<dyn FnOnce(&App) -> Box<dyn DynScreen>>;

impl Made {
    /// Closed, it goes back.
    pub(super) fn new(login: String, password: Password, key: Option<FormKey>) -> Self {
        Self { login, password, key, is_doubted: false, is_copied: false, next: None }
    }

    /// Closed, it gives way to that screen.
    pub(super) fn before(self, next: impl FnOnce(&App) -> Box<dyn DynScreen> + 'static) -> Self {
        Self { next: Some(Box::new(next)), ..self }
    }

    fn copy(&mut self, app: &mut App) -> Transition {
        app.copy("the password", self.password.reveal().to_owned());
        self.is_copied = true;
        Transition::Stay
    }

    /// Esc comes out of habit.
    fn back(&mut self, app: &mut App) -> Transition {
        if self.is_copied || std::mem::replace(&mut self.is_doubted, true) {
            return self.close(app);
        }
        app.warn("the password is not shown again: y copies it, Enter or Esc again closes it");
        Transition::Stay
    }

    fn close(&mut self, app: &mut App) -> Transition {
        match self.next.take() {
            Some(next) => Transition::Replace(next(app)),
            None => Transition::Pop,
        }
    }
}

impl Screen for Made {
    fn title(&self, _app: &App) -> String {
        format!("the password of {}", self.login)
    }

    fn commands(&self, _app: &App) -> Vec<Command<Self>> {
        vec![
            Command::new([Action::Open], "close", "Close it; it is not shown again", Self::close),
            Command::new([Action::Back], "back", "Close it; asks to press again unless it was copied", Self::back)
                .quiet(),
            Command::new([Action::Clipboard], "copy", "Copy the password to the clipboard of the terminal", Self::copy),
        ]
    }

    fn placement(&self, _room: Size) -> Placement {
        Placement::Over(56, 5)
    }

    fn is_modal(&self) -> bool {
        true
    }

    /// It is shown this once: `q` on a page above must not end the console with it.
    fn has_unsaved(&self) -> bool {
        true
    }

    fn unsaved(&self, _app: &App) -> Option<UnsavedForm> {
        let title = format!("the password of {}, which was shown this once", self.login);
        let key = self.key.clone().filter(|_| !self.is_copied)?;
        Some(UnsavedForm { key, title, fields: BTreeMap::new() })
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, _app: &App) {
        let lines = vec![
            Line::raw(""),
            Line::styled(format!("   {}", self.password.reveal()), theme::STRONG),
            Line::raw(""),
            Line::raw("It is shown only once: ctibox keeps only its hash."),
            Line::raw("y copies it, Enter closes this."),
        ];
        frame.render_widget(Paragraph::new(lines), area);
    }
}
