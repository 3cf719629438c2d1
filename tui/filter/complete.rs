//! What Tab completes in a filter: the name of a field, then its values; and what help tells of both.

use super::query::{EITHER, Query};
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
    /// The name of the field that it is one of several values of: `profile` of `profile:agent|super`.
    of_field: Option<&'a str>,
}

impl<'a> LastPiece<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        let field_of = |part: &'a str| part.split_once(':').map(|(name, _)| name.trim_start_matches('!'));
        let (mut begin, mut is_quoted, mut is_parted) = (0, false, false);
        // Of the part that is being read, and of the one before it: blanks beside a bar part nothing.
        let (mut of_field, mut of_last) = (None, None);
        for (at, letter) in text.char_indices() {
            match letter {
                blank if blank.is_whitespace() && !is_quoted => {
                    if begin < at {
                        (of_last, is_parted) = (field_of(&text[begin..at]).or(of_field), true);
                    }
                    begin = at + blank.len_utf8();
                }
                EITHER if !is_quoted => {
                    of_field = if begin < at { field_of(&text[begin..at]).or(of_field) } else { of_last };
                    (begin, is_parted) = (at + EITHER.len_utf8(), false);
                }
                other => {
                    is_quoted ^= other == '"';
                    if std::mem::take(&mut is_parted) {
                        of_field = None;
                    }
                }
            }
        }
        of_field = of_field.filter(|_| !is_parted);
        let begin = if text[begin..].starts_with('!') { begin + 1 } else { begin };
        Self { before: &text[..begin], piece: &text[begin..], of_field }
    }

    /// The name and what was typed of its value.
    pub(super) fn field(&self) -> Option<(String, String)> {
        let of_field = self.of_field.map(|name| (name, self.piece));
        let (name, value) = self.piece.split_once(':').or(of_field)?;
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
                let name = if last.piece.contains(':') { format!("{name}:") } else { String::new() };
                Some(format!("{name}{quote}{value}{quote}"))
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
            ("kuhn|meier".to_owned(), "Rows that have one of these words, or both; also field:a|b".to_owned()),
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
            ("state:no|en", "state:no|enabled"),
            ("!state:no | en", "!state:no | enabled"),
            ("kuhn|st", "kuhn|state:"),
            ("state:no st", "state:no state:"),
            ("kuhn", "kuhn"),
            ("profile:x", "profile:x"),
            ("", ""),
        ] {
            assert_eq!(completed(typed), text, "{typed:?}");
        }
    }
}
