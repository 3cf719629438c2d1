//! A password that was made here, shown this once: only its hash is kept.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::Paragraph;

use crate::settings::id::UserId;
use crate::settings::password::Password;
use crate::tui::app::{App, Placement, Transition};
use crate::tui::commands::Command;
use crate::tui::keys::Key;
use crate::tui::screen::Screen;
use crate::tui::theme;

pub(super) struct Made {
    login: String,
    password: Password,
    /// A new user, whose page comes next.
    new: Option<UserId>,
}

impl Made {
    pub(super) fn new(login: String, password: Password, new: Option<UserId>) -> Self {
        Self { login, password, new }
    }

    fn close(&mut self, app: &mut App) -> Transition {
        match self.new {
            Some(id) => Transition::Replace(super::page_of(id, app)),
            None => Transition::Pop,
        }
    }
}

impl Screen for Made {
    fn title(&self, _app: &App) -> String {
        format!("the password of {}", self.login)
    }

    fn commands(&self, _app: &App) -> Vec<Command<Self>> {
        vec![Command::new([Key::ENTER, Key::ESC], "close", "Close it; it is not shown again", Self::close)]
    }

    fn placement(&self) -> Placement {
        Placement::Over(60, 5)
    }

    fn is_modal(&self) -> bool {
        true
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, _app: &App) {
        let lines = vec![
            Line::raw(""),
            Line::styled(format!("   {}", self.password.reveal()), theme::TITLE),
            Line::raw(""),
            Line::raw("It is shown this once: only its hash is kept."),
            Line::raw("Enter closes this."),
        ];
        frame.render_widget(Paragraph::new(lines), area);
    }
}
