//! What Tab completes in a filter: the name of a field, then its values; and what help tells of both.

use super::query::Query;
use super::values::{KnownValues, complete_name};
use super::{Filter, State};
use crate::settings::fold::fold;
use crate::tui::widgets::text_line::TextLine;

/// What is being typed at the end of a filter.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct LastPiece<'a> {
    /// All before it, the mark that it must not be there included.
    before: &'a str,
    piece: &'a str,
}

impl<'a> LastPiece<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        let (mut begin, mut is_quoted) = (0, false);
        for (at, letter) in text.char_indices() {
            match letter {
                '"' => is_quoted = !is_quoted,
                blank if blank.is_whitespace() && !is_quoted => begin = at + blank.len_utf8(),
                _ => {}
            }
        }
        let begin = if text[begin..].starts_with('!') { begin + 1 } else { begin };
        Self { before: &text[..begin], piece: &text[begin..] }
    }

    /// The name and what was typed of its value.
    pub(super) fn field(&self) -> Option<(String, String)> {
        let (name, value) = self.piece.split_once(':')?;
        Some((fold(name), fold(value).replace('"', "")))
    }
}

impl Filter {
    /// Whether the list is to say what its fields have.
    pub(in crate::tui) fn wants_values(&self) -> bool {
        self.wants_values
    }

    pub(in crate::tui) fn fields(&self) -> &'static [&'static str] {
        self.fields
    }

    /// What the fields can be asked for.
    pub(in crate::tui) fn learn(&mut self, known: Vec<KnownValues>) {
        (self.known, self.wants_values) = (known, false);
    }

    pub(super) fn known(&self, name: &str) -> Option<&KnownValues> {
        self.known.iter().find(|known| known.name == name)
    }

    /// A field that is asked for what nothing can have in it.
    pub(super) fn misfit(&self) -> Option<&KnownValues> {
        let query = Query::parse(self.text(), self.fields);
        let misfit = query
            .asked()
            .find_map(|(name, value)| self.known.iter().position(|known| known.name == name && known.excludes(value)));
        self.known.get(misfit?)
    }

    /// Goes on with what is being typed, as far as that is known.
    pub(super) fn complete(&mut self) {
        let text = self.text().to_owned();
        let last = LastPiece::of(&text);
        let completed = match last.field() {
            Some((name, value)) => self.known(&name).and_then(|known| {
                let value = known.complete(&value)?;
                let quote = if value.contains(' ') { "\"" } else { "" };
                Some(format!("{name}:{quote}{value}{quote}"))
            }),
            None => complete_name(self.fields, &fold(last.piece)),
        };
        if let Some(completed) = completed {
            self.state = State::Open(TextLine::new(&format!("{}{completed}", last.before)));
        }
    }

    /// How it is written, for the page of keys: what is typed, and what it means.
    pub(in crate::tui) fn help_rows(&self) -> Vec<(String, String)> {
        let mut rows = vec![
            ("kuhn sales".to_owned(), "Rows that have all of these words".to_owned()),
            ("!sales".to_owned(), "Rows that do not have this word".to_owned()),
            ("\"out to lunch\"".to_owned(), "Words with blanks between them".to_owned()),
        ];
        for name in self.fields {
            let words = self.known(name).map_or_else(|| "a part of it; none, any".to_owned(), KnownValues::words);
            rows.push((format!("{name}:"), words));
        }
        rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::keys::Key;

    fn completed(typed: &str) -> String {
        let mut filter = Filter::new(&["profile", "state"]);
        filter.press(Key::char('/'));
        filter.learn(vec![KnownValues::fixed("state", &["enabled", "no login"])]);
        filter.paste(typed);
        filter.press(Key::TAB);
        filter.text().to_owned()
    }

    #[test]
    fn tab_completes_what_stands_last() {
        for (typed, text) in [
            ("st", "state:"),
            ("kuhn !st", "kuhn !state:"),
            ("kuhn state:en", "kuhn state:enabled"),
            ("state:\"no", "state:\"no login\""),
            ("state:enabled", "state:\"no login\""),
            ("kuhn", "kuhn"),
            ("profile:x", "profile:x"),
            ("", ""),
        ] {
            assert_eq!(completed(typed), text, "{typed:?}");
        }
    }
}
