//! A line of text that names a file, where no form asks for it: Tab completes it off the thread that draws, and `~/` becomes
//! the home folder as it is typed. Screens own one, hand it keys, and let it look after what it began.

use ratatui::Frame;
use ratatui::layout::Rect;

use super::app::{App, Transition};
use super::keys::Key;
use super::path_completion::{PathCompletion, not_completed};
use super::paths::Completion;
use super::widgets::text_line::{Echo, TextLine};

#[derive(Default)]
pub(super) struct PathLine {
    line: TextLine,
    completion: PathCompletion,
}

impl PathLine {
    pub(super) fn new(text: &str) -> Self {
        Self { line: TextLine::new(text), completion: PathCompletion::default() }
    }

    /// What is typed first replaces it.
    pub(super) fn chosen(text: &str) -> Self {
        let mut line = Self::new(text);
        line.line.choose_all();
        line
    }

    pub(super) fn text(&self) -> &str {
        self.line.text()
    }

    pub(super) fn press(&mut self, key: Key, app: &App) {
        self.line.press(key);
        self.line.begin_at_home(app.home());
    }

    pub(super) fn paste(&mut self, text: &str, app: &App) {
        self.line.paste(text);
        self.line.begin_at_home(app.home());
    }

    pub(super) fn complete(&mut self, app: &mut App) -> Transition {
        let transition = self.completion.begin(self.line.text().to_owned(), app);
        self.look_after(app);
        transition
    }

    /// A folder may be slow to look into.
    pub(super) fn look_after(&mut self, app: &mut App) {
        match self.completion.take() {
            None | Some(Ok(Completion::Whole)) => {}
            Some(Ok(Completion::Longer(path))) => self.line = TextLine::new(&path),
            Some(Ok(Completion::Several { names, .. })) => app.remark(names.join("  ")),
            Some(completed @ (Ok(Completion::Nothing) | Err(_))) => {
                app.warn(not_completed(self.line.text(), &completed));
            }
        }
    }

    pub(super) fn is_working(&self) -> bool {
        self.completion.is_over()
    }

    pub(super) fn draw(&self, frame: &mut Frame<'_>, area: Rect) {
        self.line.draw(frame, area, Echo::Text, true);
    }
}
