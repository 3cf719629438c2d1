//! A question with its consequences, answered by one key: what is removed, lost or overwritten is told before it is done.
//! Screens push it; what was chosen decides where the console goes.

use ratatui::Frame;
use ratatui::layout::{Position, Rect, Size};
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use super::app::{App, Placement, Target, Transition};
use super::commands::Command;
use super::frame::wrapped;
use super::key_table::Action;
use super::keys::Key;
use super::screen::Screen;
use super::theme;
use super::widgets::scrolled_text::ScrolledText;
use crate::settings::configuration::Configuration;
use crate::settings::rule::Refusal;

/// Columns of a question's text, where there are so many.
const WIDTH: u16 = 66;

/// Of the one row that is marked.
pub(super) const HIDDEN: &str = "The row is marked, and the filter hides it.";

type OnChoice = Box<dyn FnOnce(&mut App) -> Transition>;
/// What a question says by what is so now.
pub(super) type Recount = Box<dyn Fn(&App) -> String>;

pub(super) struct Question {
    title: String,
    text: String,
    /// The text as it is now, where that may change while it is asked.
    recount: Option<Recount>,
    choices: Vec<Choice>,
    ways: AnswerWays,
    /// Where the choices were drawn last.
    area: Rect,
    scrolled: ScrolledText,
}

/// How it is answered.
enum AnswerWays {
    /// By its letters alone.
    Letters,
    /// By a cursor too, which most often is on none of them at first.
    Cursor(Option<usize>),
}

struct Choice {
    key: char,
    words: &'static str,
    /// What it does; none: nothing at all.
    then: Option<OnChoice>,
}

impl Question {
    /// The text may have several paragraphs, a line each.
    pub(super) fn new(title: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            text: text.into(),
            recount: None,
            choices: Vec::new(),
            ways: AnswerWays::Letters,
            area: Rect::default(),
            scrolled: ScrolledText::default(),
        }
    }

    /// One whose text tells what is so now, as long as it is asked.
    pub(super) fn recounted(title: impl Into<String>, app: &App, recount: impl Fn(&App) -> String + 'static) -> Self {
        let text = recount(app);
        Self { recount: Some(Box::new(recount)), ..Self::new(title, text) }
    }

    /// A key that does something; its answer counts for the screen below.
    pub(super) fn choice(
        mut self,
        key: char,
        words: &'static str,
        then: impl FnOnce(&mut App) -> Transition + 'static,
    ) -> Self {
        self.choices.push(Choice { key, words, then: Some(Box::new(then)) });
        self
    }

    /// One that is a menu: ↑ ↓ and Enter choose from it too.
    pub(super) fn menu(self) -> Self {
        Self { ways: AnswerWays::Cursor(None), ..self }
    }

    /// The same with the cursor on the first answer, which Enter gives: it hurts nobody.
    pub(super) fn menu_on_first(self) -> Self {
        Self { ways: AnswerWays::Cursor(Some(0)), ..self }
    }

    /// The way back: `n` and Esc.
    pub(super) fn stay(mut self, words: &'static str) -> Self {
        self.choices.push(Choice { key: 'n', words, then: None });
        self
    }

    fn back(&mut self, _app: &mut App) -> Transition {
        Transition::Pop
    }

    fn scroll(&mut self, key: Key, _app: &mut App) -> Transition {
        self.scrolled.press(key);
        Transition::Stay
    }

    /// Down from none is the first, up from none the last.
    fn step(&mut self, key: Key, _app: &mut App) -> Transition {
        let last = self.choices.len().saturating_sub(1);
        if let AnswerWays::Cursor(at) = &mut self.ways {
            *at = Some(match (*at, key == Key::UP) {
                (None, true) => last,
                (None, false) => 0,
                (Some(at), true) => at.saturating_sub(1),
                (Some(at), false) => (at + 1).min(last),
            });
        }
        Transition::Stay
    }

    fn choose(&mut self, app: &mut App) -> Transition {
        match self.ways {
            AnswerWays::Cursor(Some(at)) => self.answer(at, app),
            AnswerWays::Cursor(None) | AnswerWays::Letters => {
                app.warn("nothing has been done yet: ↑ and ↓ go to an answer, or press its letter");
                Transition::Stay
            }
        }
    }

    fn answer(&mut self, at: usize, app: &mut App) -> Transition {
        match self.choices.swap_remove(at).then {
            Some(then) => Transition::Back(Box::new(then(app))),
            None => Transition::Pop,
        }
    }

    fn has_cursor(&self, at: usize) -> bool {
        matches!(self.ways, AnswerWays::Cursor(Some(cursor)) if cursor == at)
    }
}

impl Question {
    fn lines(&self, width: u16) -> Vec<String> {
        self.text.lines().flat_map(|line| wrapped(line, usize::from(width))).collect()
    }

    /// What can be answered, a key before each.
    fn answers(&self, width: u16) -> Vec<(Key, Line<'static>)> {
        let mut rows = Vec::new();
        for (at, choice) in self.choices.iter().enumerate() {
            let style = if self.has_cursor(at) { theme::CHOSEN } else { theme::PLAIN };
            let words = wrapped(choice.words, usize::from(width).saturating_sub(5));
            for (row, part) in words.into_iter().enumerate() {
                let key = match row {
                    0 => Span::styled(format!(" {} ", choice.key), theme::CHOSEN),
                    _ => Span::raw("   "),
                };
                let line = Line::from(vec![key, Span::raw(" "), Span::styled(format!(" {part} "), style)]);
                rows.push((Key::char(choice.key), line));
            }
        }
        rows
    }
}

/// A removal that is asked about before it is done.
pub(super) struct Removal {
    pub(super) target: Target,
    pub(super) title: String,
    /// What goes or stays with it, as it is when it is asked.
    pub(super) text: Recount,
    /// What has happened then.
    pub(super) words: String,
}

/// A text in which nothing is counted.
pub(super) fn always(text: impl Into<String>) -> Recount {
    let text = text.into();
    Box::new(move |_| text.clone())
}

impl Removal {
    /// Of one that is marked and that a filter hides, that is told first.
    pub(super) fn hidden(self, is_hidden: bool) -> Self {
        let text = self.text;
        let text = if is_hidden { Box::new(move |app: &App| format!("{HIDDEN} {}", text(app))) } else { text };
        Self { text, ..self }
    }

    /// A refusal is told before anybody is asked, and while it is asked as soon as there is one. What is removed is what was
    /// seen when it was asked about.
    pub(super) fn ask(
        self,
        app: &mut App,
        remove: impl Fn(&mut Configuration) -> Result<(), Refusal> + Clone + Send + 'static,
    ) -> Transition {
        let Self { target, title, text, words } = self;
        if let Err(refusal) = remove(&mut Configuration::clone(&app.configuration)) {
            app.fail(refusal.to_string());
            return Transition::Stay;
        }
        let seen = app.expected_version(target);
        let attempt = remove.clone();
        let recount = move |app: &App| {
            if app.expected_version(target).is_none() {
                return "Somebody else removed it meanwhile.".to_owned();
            }
            match attempt(&mut Configuration::clone(&app.configuration)) {
                Ok(()) => text(app),
                Err(refusal) => format!("It cannot be removed any more: {refusal}"),
            }
        };
        let question = Question::recounted(title, app, recount)
            .choice('y', "remove it", move |app| app.change_and_tell(words, seen, remove))
            .stay("keep it");
        Transition::Push(Box::new(question))
    }
}

impl Screen for Question {
    fn title(&self, _app: &App) -> String {
        self.title.clone()
    }

    fn commands(&self, _app: &App) -> Vec<Command<Self>> {
        let back = Command::new([Action::Back, Action::Close], "back", "Go back without changing anything", Self::back);
        let scroll = Command::keyed([Action::Down, Action::Up], "scroll", "Show more of the text", Self::scroll);
        let scroll = self.scrolled.is_longer().then(|| scroll.in_bar());
        match self.ways {
            AnswerWays::Letters => [back].into_iter().chain(scroll).collect(),
            AnswerWays::Cursor(_) => vec![
                Command::keyed([Action::Down, Action::Up], "move", "Go to an answer", Self::step),
                Command::new([Action::Open], "choose", "Give the answer that the cursor is on", Self::choose),
                back,
            ],
        }
    }

    fn placement(&self, room: Size) -> Placement {
        let width = WIDTH.min(room.width);
        let rows = self.lines(width).len() + 1 + self.answers(width).len();
        Placement::Over(width, u16::try_from(rows).unwrap_or(u16::MAX))
    }

    fn is_modal(&self) -> bool {
        true
    }

    fn takes_text(&self) -> bool {
        true
    }

    fn answers(&self) -> Vec<(Key, String)> {
        self.choices.iter().map(|choice| (Key::char(choice.key), choice.words.to_owned())).collect()
    }

    fn typed(&mut self, key: Key, app: &mut App) -> Transition {
        if self.scrolled.press(key) {
            return Transition::Stay;
        }
        let Some(at) = self.choices.iter().position(|choice| Key::char(choice.key) == key) else {
            let keys: Vec<String> = self.choices.iter().map(|choice| choice.key.to_string()).collect();
            app.warn(format!("nothing has been done yet: answer with {}", keys.join(" or ")));
            return Transition::Stay;
        };
        self.answer(at, app)
    }

    fn clicked(&mut self, at: Position, app: &mut App) -> Transition {
        let answers = self.answers(self.area.width);
        let answer = answers.get(usize::from(at.y.saturating_sub(self.area.y)));
        match answer.filter(|_| self.area.contains(at)) {
            Some((key, _)) => self.typed(*key, app),
            None => Transition::Stay,
        }
    }

    fn on_update(&mut self, app: &mut App) {
        if let Some(recount) = &self.recount {
            self.text = recount(app);
        }
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, _app: &App) {
        // The choices must be seen: a text that is too long scrolls above them.
        let answers = self.answers(area.width);
        let room = usize::from(area.height).saturating_sub(answers.len() + 1);
        let text = self.lines(area.width).into_iter().map(Line::raw).collect();
        let mut lines: Vec<Line<'_>> = self.scrolled.shown(text, room);
        lines.push(Line::raw(""));
        let above = u16::try_from(lines.len()).unwrap_or(u16::MAX);
        let rows = Rect { y: area.y.saturating_add(above), ..area };
        self.area = rows.intersection(area);
        lines.extend(answers.into_iter().map(|(_, line)| line));
        frame.render_widget(Paragraph::new(lines), area);
    }
}
