//! The last change of this console as the commands that do the same: for another machine, or for a script.

use ratatui::Frame;
use ratatui::layout::{Rect, Size};
use ratatui::text::Line;
use ratatui::widgets::Paragraph;

use crate::settings::rule::count;
use crate::tui::app::{App, LastChange, Placement, Transition};
use crate::tui::command_line::SameCommand;
use crate::tui::commands::Command;
use crate::tui::frame::wrapped;
use crate::tui::key_table::Action;
use crate::tui::keys::Key;
use crate::tui::screen::Screen;
use crate::tui::theme;
use crate::tui::widgets::scrolled_text::ScrolledText;

const WIDTH: u16 = 72;
const SCROLLS: [Action; 4] = [Action::Down, Action::Up, Action::Page, Action::Move];
/// More lines are copied, and counted.
const LINES_SHOWN_MAX: usize = 500;

pub(in crate::tui) struct SameCommands {
    words: String,
    /// Whole, as a shell takes them.
    lines: Vec<String>,
    /// What no command does.
    missing: Vec<String>,
    scrolled: ScrolledText,
}

impl SameCommands {
    pub(in crate::tui) fn of(change: &LastChange, app: &App) -> Self {
        let (mut lines, mut missing) = (Vec::new(), Vec::new());
        for command in change.commands() {
            match command {
                SameCommand::Line(line) => lines.push(format!("{} {line}", app.called)),
                SameCommand::None(what) => missing.push(what),
            }
        }
        Self { words: change.words.clone(), lines, missing, scrolled: ScrolledText::default() }
    }

    fn copy(&mut self, app: &mut App) -> Transition {
        let what = if self.lines.len() == 1 { "the command" } else { "the commands" };
        app.copy(what, self.lines.join("\n"));
        Transition::Pop
    }

    fn back(&mut self, _app: &mut App) -> Transition {
        Transition::Pop
    }

    fn moved(&mut self, key: Key, _app: &mut App) -> Transition {
        self.scrolled.press(key);
        Transition::Stay
    }

    /// In so many columns.
    fn told(&self, width: u16) -> Vec<Line<'static>> {
        let width = usize::from(width);
        let row = |text: String| Line::raw(text);
        let mut told: Vec<Line<'static>> = wrapped(&format!("{}:", self.words), width).into_iter().map(row).collect();
        told.push(Line::raw(""));
        for line in self.lines.iter().take(LINES_SHOWN_MAX) {
            told.extend(wrapped(line, width).into_iter().map(|row| Line::styled(row, theme::STRONG)));
        }
        if let Some(more @ 1..) = self.lines.len().checked_sub(LINES_SHOWN_MAX) {
            told.push(Line::styled(format!("… and {} more", count(more, "line")), theme::MUTED));
        }
        if self.lines.iter().any(|line| line.ends_with("-stdin")) {
            told.push(Line::raw(""));
            told.extend(
                wrapped("Secrets are read from standard input and never stand in a command.", width)
                    .into_iter()
                    .map(row),
            );
        }
        if self.lines.is_empty() && self.missing.is_empty() {
            told.push(Line::raw("There is nothing that a command would have to do."));
        }
        for what in &self.missing {
            let words = format!("! No command does this: {what}.");
            told.extend(wrapped(&words, width).into_iter().map(|row| Line::styled(row, theme::WARNING)));
        }
        told
    }
}

impl Screen for SameCommands {
    fn title(&self, _app: &App) -> String {
        "the same as a command".to_owned()
    }

    fn commands(&self, _app: &App) -> Vec<Command<Self>> {
        let none = self.lines.is_empty().then_some("there is no command to copy");
        let scroll = Command::keyed(SCROLLS, "scroll", "Show more of it", Self::moved);
        vec![
            if self.scrolled.is_longer() { scroll.in_bar() } else { scroll },
            Command::new([Action::Clipboard], "copy", "Copy it to the clipboard of the terminal", Self::copy)
                .blocked(none),
            Command::new(
                [Action::Open, Action::Back, Action::Close],
                "close",
                "Close it; any other key closes it too and does what it does there",
                Self::back,
            ),
        ]
    }

    fn placement(&self, room: Size) -> Placement {
        let width = WIDTH.min(room.width);
        Placement::Over(width, u16::try_from(self.told(width).len()).unwrap_or(u16::MAX))
    }

    fn is_modal(&self) -> bool {
        true
    }

    fn is_asking(&self) -> bool {
        false
    }

    /// Nothing is asked here: whoever goes on to work has read it, or came here by a slip.
    fn lets_through(&self) -> bool {
        true
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, _app: &App) {
        let shown = self.scrolled.shown(self.told(area.width), usize::from(area.height));
        frame.render_widget(Paragraph::new(shown), area);
    }
}
