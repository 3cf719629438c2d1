//! One field of a form: what it is called, what it says now, how it takes keys. A closed set of kinds, so that a value
//! that is no number or no known word cannot be typed where only those are taken.

use std::fmt;

use ratatui::Frame;
use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr as _;

use super::dots::{colored, dotted};
use super::text_line::{Echo, TextLine};
use crate::settings::color::Color;
use crate::tui::keys::Key;
use crate::tui::theme;

/// What a field holds and how it is edited.
#[derive(Debug, Clone)]
pub(in crate::tui) enum Entry {
    Text(TextLine),
    /// Never shown.
    Secret(TextLine),
    Toggle(bool),
    /// One of several.
    Choice {
        options: Vec<String>,
        at: usize,
    },
    /// Some of several, in the order in which they were marked.
    Several {
        options: Vec<String>,
        marked: Vec<usize>,
    },
    /// Only shown.
    Fixed(String),
}

/// Whether a field can be edited now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::tui) enum Access {
    Open,
    /// Shown greyed, kept as it is: another field makes it pointless.
    Pointless,
}

/// Where in its options a choice looks for what is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::tui) enum OptionSearch {
    /// Wherever it stands: names are known by any part of them.
    Anywhere,
    /// Where a word begins: of options that are sentences any letters stand somewhere.
    WordBeginnings,
}

#[derive(Debug, Clone)]
pub(in crate::tui) struct Field {
    /// How the form's model asks for it.
    pub(in crate::tui) name: &'static str,
    pub(in crate::tui) label: &'static str,
    /// One line.
    pub(in crate::tui) help: &'static str,
    pub(in crate::tui) entry: Entry,
    pub(in crate::tui) access: Access,
    /// Drawn behind the value: a swatch, a unit.
    pub(in crate::tui) aside: Option<Aside>,
    /// Whether the text names a file of this host: Tab completes it.
    pub(in crate::tui) is_path: bool,
    /// A dot before each option, in its colour: presences as clients show them. Empty: there are none.
    pub(in crate::tui) dots: Vec<Color>,
    /// What each option is, in a few words: its list shows them where there is room. Empty: there are none.
    pub(in crate::tui) glosses: Vec<&'static str>,
    pub(in crate::tui) search: OptionSearch,
}

/// What stands beside a field's value, made from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::tui) enum Aside {
    /// The colour that the text means.
    Swatch,
    /// A unit, or where the value comes from.
    Words(&'static str),
}

impl Field {
    pub(in crate::tui) fn new(name: &'static str, label: &'static str, help: &'static str, entry: Entry) -> Self {
        Self {
            name,
            label,
            help,
            entry,
            access: Access::Open,
            aside: None,
            is_path: false,
            dots: Vec::new(),
            glosses: Vec::new(),
            search: OptionSearch::Anywhere,
        }
    }

    /// One whose text names a file.
    pub(in crate::tui) fn path(mut self) -> Self {
        self.is_path = true;
        self
    }

    /// One whose options have these colours.
    pub(in crate::tui) fn dotted(mut self, dots: Vec<Color>) -> Self {
        self.dots = dots;
        self
    }

    /// One whose options are explained so.
    pub(in crate::tui) fn explained(mut self, glosses: Vec<&'static str>) -> Self {
        self.glosses = glosses;
        self
    }

    /// One whose options are no names of objects, but words of the console.
    pub(in crate::tui) fn worded(mut self) -> Self {
        self.search = OptionSearch::WordBeginnings;
        self
    }

    pub(in crate::tui) fn beside(mut self, aside: Aside) -> Self {
        self.aside = Some(aside);
        self
    }

    pub(in crate::tui) fn takes_focus(&self) -> bool {
        self.access == Access::Open && !matches!(self.entry, Entry::Fixed(_))
    }
}

impl Entry {
    pub(in crate::tui) fn text(text: impl fmt::Display) -> Self {
        Self::Text(TextLine::new(&text.to_string()))
    }

    pub(in crate::tui) fn secret() -> Self {
        Self::Secret(TextLine::default())
    }

    /// The option that is chosen, by its place; the first if none is.
    pub(in crate::tui) fn choice(options: Vec<String>, at: Option<usize>) -> Self {
        Self::Choice { options, at: at.unwrap_or(0) }
    }

    /// Some of several, of which none may be marked.
    pub(in crate::tui) fn several(options: Vec<String>, marked: Vec<usize>) -> Self {
        Self::Several { options, marked }
    }

    /// Whether both say the same; what they offer does not count.
    pub(in crate::tui) fn says_the_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Text(own), Self::Text(other)) | (Self::Secret(own), Self::Secret(other)) => {
                own.text() == other.text()
            }
            (Self::Toggle(own), Self::Toggle(other)) => own == other,
            (Self::Fixed(_), Self::Fixed(_)) => true,
            _ => self.words() == other.words(),
        }
    }

    /// The value as people read it; secrets as stars.
    pub(in crate::tui) fn words(&self) -> String {
        match self {
            Self::Text(line) => line.text().to_owned(),
            Self::Secret(line) => "*".repeat(line.text().chars().count()),
            Self::Toggle(true) => "yes".to_owned(),
            Self::Toggle(false) => "no".to_owned(),
            Self::Choice { options, at } => options.get(*at).cloned().unwrap_or_default(),
            Self::Several { options, marked } => {
                let words: Vec<&str> = marked.iter().filter_map(|at| options.get(*at)).map(String::as_str).collect();
                if words.is_empty() { "none".to_owned() } else { words.join(", ") }
            }
            Self::Fixed(text) => text.clone(),
        }
    }

    /// Whether it took the key.
    pub(in crate::tui) fn press(&mut self, key: Key) -> bool {
        match self {
            Self::Text(line) | Self::Secret(line) => line.press(key),
            Self::Toggle(on) if [Key::SPACE, Key::LEFT, Key::RIGHT].contains(&key) => {
                *on = !*on;
                true
            }
            Self::Choice { options, at } if !options.is_empty() => match key {
                Key::RIGHT | Key::SPACE => {
                    *at = (*at + 1) % options.len();
                    true
                }
                Key::LEFT => {
                    *at = (*at + options.len() - 1) % options.len();
                    true
                }
                _ => false,
            },
            _ => false,
        }
    }

    /// With a dot before what is marked, where its options have colours.
    pub(in crate::tui) fn draw(&self, frame: &mut Frame<'_>, area: Rect, has_focus: bool, dots: &[Color]) {
        let (echo, line) = match self {
            Self::Text(line) => (Echo::Text, line),
            Self::Secret(line) => (Echo::Hidden, line),
            _ => return self.draw_words(frame, area, has_focus, dots),
        };
        line.draw(frame, area, echo, has_focus);
    }

    /// Columns of what is drawn, if there are so many.
    pub(in crate::tui) fn columns(&self) -> usize {
        self.drawn_words().width()
    }

    fn drawn_words(&self) -> String {
        match self {
            Self::Toggle(on) => format!("[{}] {}", if *on { 'x' } else { ' ' }, self.words()),
            Self::Choice { .. } => format!("‹ {} ›", self.words()),
            _ => self.words(),
        }
    }

    fn draw_words(&self, frame: &mut Frame<'_>, area: Rect, has_focus: bool, dots: &[Color]) {
        let (words, colors): (String, Vec<Color>) = match self {
            Self::Several { options, marked } if !dots.is_empty() && !marked.is_empty() => {
                let words = dotted(marked.iter().filter_map(|at| options.get(*at)));
                // Whole names say more than dots.
                if words.width() > usize::from(area.width) {
                    return self.draw_words(frame, area, has_focus, &[]);
                }
                (words, marked.iter().filter_map(|at| dots.get(*at)).copied().collect())
            }
            _ => (self.drawn_words(), Vec::new()),
        };
        let style = match (self, has_focus) {
            (Self::Fixed(_), _) => theme::MUTED,
            (_, true) => theme::CHOSEN,
            (_, false) => theme::PLAIN,
        };
        let shown = super::list::cell(&words, usize::from(area.width));
        let line = colored(shown.trim_end(), style, &mut colors.into_iter());
        frame.buffer_mut().set_line(area.x, area.y, &line, area.width);
    }
}
