//! A question with its consequences, answered by one key: what is removed, lost or overwritten is told before it is done.
//! Screens push it; what was chosen decides where the console goes.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use super::commands::Command;
use super::frame::wrapped;
use super::keys::Key;
use super::office::Office;
use super::plain::without_codes;
use super::screen::{Answer, Hold, Screen, Stance, Target};
use super::theme;
use crate::settings::configuration::Configuration;
use crate::settings::rule::Refusal;

/// Columns of a question's text.
const WIDTH: u16 = 66;

type Then = Box<dyn FnOnce(&mut Office) -> Answer>;
type Recount = Box<dyn Fn(&Office) -> String>;

pub(super) struct Question {
    title: String,
    lines: Vec<String>,
    /// The text as it is now, where that may change while it is asked.
    recount: Option<Recount>,
    choices: Vec<Choice>,
}

struct Choice {
    key: char,
    words: &'static str,
    /// What it does; none: nothing at all.
    then: Option<Then>,
}

impl Question {
    /// The text may have several paragraphs, a line each.
    pub(super) fn new(title: impl Into<String>, text: impl AsRef<str>) -> Self {
        Self { title: title.into(), lines: lines(text.as_ref()), recount: None, choices: Vec::new() }
    }

    /// One whose text tells what is so now, as long as it is asked.
    pub(super) fn recounted(
        title: impl Into<String>,
        office: &Office,
        recount: impl Fn(&Office) -> String + 'static,
    ) -> Self {
        let text = recount(office);
        Self { recount: Some(Box::new(recount)), ..Self::new(title, text) }
    }

    /// A key that does something; its answer counts for the screen below.
    pub(super) fn choice(
        mut self,
        key: char,
        words: &'static str,
        then: impl FnOnce(&mut Office) -> Answer + 'static,
    ) -> Self {
        self.choices.push(Choice { key, words, then: Some(Box::new(then)) });
        self
    }

    /// The way back: `n` and Esc.
    pub(super) fn stay(mut self, words: &'static str) -> Self {
        self.choices.push(Choice { key: 'n', words, then: None });
        self
    }

    fn back(&mut self, _office: &mut Office) -> Answer {
        Answer::Pop
    }
}

fn lines(text: &str) -> Vec<String> {
    without_codes(text).lines().flat_map(|line| wrapped(line, usize::from(WIDTH))).collect()
}

/// A removal that is asked about before it is done.
pub(super) struct Removal {
    pub(super) target: Target,
    pub(super) title: String,
    /// What goes or stays with it.
    pub(super) text: String,
    /// What has happened then.
    pub(super) words: String,
}

impl Removal {
    /// A refusal is told before anybody is asked. What is removed is what was seen when it was asked about.
    pub(super) fn ask(
        self,
        office: &mut Office,
        remove: impl Fn(&mut Configuration) -> Result<(), Refusal> + Send + 'static,
    ) -> Answer {
        let Self { target, title, text, words } = self;
        if let Err(refusal) = remove(&mut Configuration::clone(&office.configuration)) {
            office.fail(refusal.to_string());
            return Answer::Stay;
        }
        let seen = office.seen(target);
        let question = Question::new(title, text)
            .choice('y', "remove it", move |office| office.change_and_tell(words, seen, remove))
            .stay("keep it");
        Answer::Push(Box::new(question))
    }
}

impl Screen for Question {
    fn title(&self, _office: &Office) -> String {
        self.title.clone()
    }

    fn commands(&self, _office: &Office) -> Vec<Command<Self>> {
        vec![Command::new([Key::ESC, Key::ctrl('c')], "back", "Go back, nothing is done", Self::back)]
    }

    fn stance(&self) -> Stance {
        let rows = self.lines.len() + 1 + self.choices.len();
        Stance::Over(WIDTH, u16::try_from(rows).unwrap_or(u16::MAX))
    }

    fn hold(&self) -> Hold {
        Hold::Modal
    }

    fn takes_text(&self) -> bool {
        true
    }

    fn typed(&mut self, key: Key, office: &mut Office) -> Answer {
        let Some(at) = self.choices.iter().position(|choice| Key::char(choice.key) == key) else {
            let keys: Vec<String> = self.choices.iter().map(|choice| choice.key.to_string()).collect();
            office.warn(format!("nothing is done yet: answer with {}", keys.join(" or ")));
            return Answer::Stay;
        };
        match self.choices.swap_remove(at).then {
            Some(then) => Answer::Back(Box::new(then(office))),
            None => Answer::Pop,
        }
    }

    fn heard(&mut self, office: &mut Office) {
        if let Some(recount) = &self.recount {
            self.lines = lines(&recount(office));
        }
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, _office: &Office) {
        // The choices must be seen: of a text that is too long its end is left out.
        let room = usize::from(area.height).saturating_sub(self.choices.len() + 1);
        let mut lines: Vec<Line<'_>> = self.lines.iter().take(room).map(|line| Line::raw(line.as_str())).collect();
        lines.push(Line::raw(""));
        for choice in &self.choices {
            let key = Span::styled(format!(" {} ", choice.key), theme::CHOSEN);
            lines.push(Line::from(vec![key, Span::raw(format!("  {}", choice.words))]));
        }
        frame.render_widget(Paragraph::new(lines), area);
    }
}
