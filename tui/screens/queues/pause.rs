//! The question before a pause: what it does, and the reason, which reports and clients show and which may be empty.

use ratatui::Frame;
use ratatui::layout::{Rect, Size};
use ratatui::text::Line;
use ratatui::widgets::Paragraph;

use crate::settings::state::PAUSE_REASON_CHARACTERS_MAX;
use crate::tui::app::{App, Placement, Transition};
use crate::tui::commands::Command;
use crate::tui::frame::wrapped;
use crate::tui::key_table::Action;
use crate::tui::keys::Key;
use crate::tui::screen::Screen;
use crate::tui::widgets::text_line::{Echo, TextLine};

/// Columns of its text.
const WIDTH: u16 = 66;
const LABEL: &str = "Reason  ";

type OnReason = Box<dyn FnOnce(String, &mut App) -> Transition>;

pub(super) struct PauseForm {
    title: String,
    text: String,
    reason: TextLine,
    /// What is done with the reason; none once it was.
    then: Option<OnReason>,
}

impl PauseForm {
    pub(super) fn open(title: String, text: &str, then: OnReason) -> Self {
        Self { title, text: text.to_owned(), reason: TextLine::default(), then: Some(then) }
    }

    fn pause(&mut self, app: &mut App) -> Transition {
        let reason = self.reason.text().trim().to_owned();
        let characters = reason.chars().count();
        if characters > PAUSE_REASON_CHARACTERS_MAX {
            app.warn(format!("the reason has {characters} characters, and may have {PAUSE_REASON_CHARACTERS_MAX}"));
            return Transition::Stay;
        }
        match self.then.take() {
            Some(then) => Transition::Back(Box::new(then(reason, app))),
            None => Transition::Pop,
        }
    }

    fn lines(&self, width: u16) -> Vec<String> {
        self.text.lines().flat_map(|line| wrapped(line, usize::from(width))).collect()
    }

    fn back(&mut self, _app: &mut App) -> Transition {
        Transition::Pop
    }
}

impl Screen for PauseForm {
    fn title(&self, _app: &App) -> String {
        self.title.clone()
    }

    fn commands(&self, _app: &App) -> Vec<Command<Self>> {
        vec![
            Command::new([Action::Open], "pause", "Pause the agent for this reason", Self::pause),
            Command::new([Action::Back, Action::Close], "back", "Go back without changing anything", Self::back),
        ]
    }

    fn placement(&self, room: Size) -> Placement {
        let width = WIDTH.min(room.width);
        Placement::Over(width, u16::try_from(self.lines(width).len() + 2).unwrap_or(u16::MAX))
    }

    fn is_modal(&self) -> bool {
        true
    }

    fn takes_text(&self) -> bool {
        true
    }

    fn typed(&mut self, key: Key, _app: &mut App) -> Transition {
        self.reason.press(key);
        Transition::Stay
    }

    fn pasted(&mut self, text: &str, _app: &mut App) {
        self.reason.paste(text);
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, _app: &App) {
        let room = usize::from(area.height).saturating_sub(2);
        let lines: Vec<Line<'_>> = self.lines(area.width).into_iter().take(room).map(Line::raw).collect();
        frame.render_widget(Paragraph::new(lines), area);
        let y = area.bottom().saturating_sub(1);
        frame.buffer_mut().set_string(area.x, y, LABEL, crate::tui::theme::HEAD);
        let width = u16::try_from(LABEL.len()).unwrap_or(0).min(area.width);
        let field = Rect { x: area.x + width, y, width: area.width - width, height: 1 };
        self.reason.draw(frame, field, Echo::Text, true);
    }
}
