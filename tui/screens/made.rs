//! A password that was made here, shown this once: only its hash is kept.

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

pub(super) struct Made {
    login: String,
    password: Password,
    /// What comes next: the page of somebody new.
    next: Option<Next>,
}

type Next = Box<dyn FnOnce(&App) -> Box<dyn DynScreen>>;

impl Made {
    /// Closed, it goes back.
    pub(super) fn new(login: String, password: Password) -> Self {
        Self { login, password, next: None }
    }

    /// Closed, it gives way to that screen.
    pub(super) fn before(self, next: impl FnOnce(&App) -> Box<dyn DynScreen> + 'static) -> Self {
        Self { next: Some(Box::new(next)), ..self }
    }

    fn copy(&mut self, app: &mut App) -> Transition {
        app.copy("the password", self.password.reveal().to_owned());
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
            Command::new([Action::Open, Action::Back], "close", "Close it; it is not shown again", Self::close),
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
