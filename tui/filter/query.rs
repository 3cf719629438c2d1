//! What somebody types to narrow a list, understood: words, words that must not be there, and fields of the list. Made by
//! `Filter` at each key; pure.

use crate::settings::fold::fold;
use crate::settings::search::SearchPattern;

/// Between what is known of one row; no folded text holds it.
pub(in crate::tui) const SEPARATOR: char = '\n';

/// The value that means: there is nothing in it.
const NOTHING: [&str; 2] = ["none", "no"];
/// The value that means: there is something in it.
const ANYTHING: [&str; 2] = ["any", "yes"];

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Query {
    terms: Vec<Term>,
    /// All that was typed as one number, which people write with blanks in it; none where it is no number.
    numbers: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Term {
    wants: Wants,
    what: What,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wants {
    Presence,
    Absence,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum What {
    /// Folded, as are values.
    Word(String),
    Field {
        name: &'static str,
        value: String,
    },
}

impl Query {
    /// `fields` are those that the list has: before a colon, any other word is a part of what is looked for.
    pub(super) fn parse(text: &str, fields: &[&'static str]) -> Self {
        let terms: Vec<Term> = pieces(text).iter().filter_map(|piece| Term::parse(piece, fields)).collect();
        let words: Option<Vec<&str>> = terms
            .iter()
            .map(|term| match term {
                Term { wants: Wants::Presence, what: What::Word(word) } => Some(word.as_str()),
                _ => None,
            })
            .collect();
        let numbers = words.map_or_else(Vec::new, |words| {
            let mut numbers = SearchPattern::of(text).needles(SEPARATOR);
            // Where such a number stands, all words do: looking for it too would find nobody else.
            numbers.retain(|number| !words.iter().all(|word| number.contains(word)));
            numbers
        });
        Self { terms, numbers }
    }

    /// Whether every row is meant.
    pub(super) fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// Whether a row is meant. Its text is folded and has `SEPARATOR` between its parts; whether a field has a value, which
    /// is folded too, is asked by name.
    pub(super) fn admits(&self, text: &str, has: impl Fn(&'static str, &str) -> bool) -> bool {
        let is_so = |term: &Term| {
            let is_there = match &term.what {
                What::Word(word) => text.contains(word.as_str()),
                What::Field { name, value } => has(name, value),
            };
            is_there == (term.wants == Wants::Presence)
        };
        self.terms.iter().all(is_so) || self.numbers.iter().any(|number| text.contains(number.as_str()))
    }

    /// What of a row's text is meant, folded.
    pub(super) fn words(&self) -> Vec<String> {
        let word = |term: &Term| match (&term.what, term.wants) {
            (What::Word(word), Wants::Presence) => Some(word.clone()),
            _ => None,
        };
        self.terms.iter().filter_map(word).collect()
    }
}

impl Term {
    /// None for what is not typed to its end: a `!` alone, a field without a value.
    fn parse(piece: &str, fields: &[&'static str]) -> Option<Self> {
        let (wants, piece) = match piece.strip_prefix('!') {
            Some(rest) => (Wants::Absence, rest),
            None => (Wants::Presence, piece),
        };
        let named = piece.split_once(':').and_then(|(name, value)| {
            let name = fields.iter().find(|field| **field == fold(name))?;
            Some((*name, value))
        });
        let folded = fold(named.map_or(piece, |(_, value)| value));
        if folded.is_empty() {
            return None;
        }
        let what = match named {
            Some((name, _)) => What::Field { name, value: folded },
            None => What::Word(folded),
        };
        Some(Self { wants, what })
    }
}

/// Whether a field says what is asked, both folded.
pub(super) fn says(said: &str, asked: &str) -> bool {
    match said.is_empty() {
        true => NOTHING.contains(&asked),
        false => ANYTHING.contains(&asked) || said.contains(asked),
    }
}

/// Parted at blanks, but for those between quotation marks.
fn pieces(text: &str) -> Vec<String> {
    let (mut pieces, mut piece, mut is_quoted) = (Vec::new(), String::new(), false);
    for letter in text.chars() {
        match letter {
            '"' => is_quoted = !is_quoted,
            blank if blank.is_whitespace() && !is_quoted => pieces.push(std::mem::take(&mut piece)),
            letter => piece.push(letter),
        }
    }
    pieces.push(piece);
    pieces.retain(|piece| !piece.is_empty());
    pieces
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use proptest::prelude::*;

    use super::*;

    const FIELDS: [&str; 3] = ["profile", "state", "agent"];

    /// Whether the row of Zoë Kühn, agent 2001 in profile "Service desk", without a state, is meant.
    fn finds(text: &str) -> bool {
        let field = |name| match name {
            "profile" => Cow::from("service desk"),
            "agent" => Cow::from("2001"),
            _ => Cow::from(""),
        };
        let has = |name, value: &str| says(&field(name), value);
        Query::parse(text, &FIELDS).admits(&format!("{}\nzkuhn\n1042", fold("Zoë Kühn")), has)
    }

    #[test]
    fn each_word_must_be_there_whatever_its_case_and_accents() {
        for text in ["", "zoe", "KÜHN zo", "kuhn 10", "10 42", "\"zoe kuhn\""] {
            assert!(finds(text), "{text:?}");
        }
        for text in ["zoe meier", "\"kuhn zoe\"", "43"] {
            assert!(!finds(text), "{text:?}");
        }
    }

    #[test]
    fn a_mark_before_a_word_or_field_means_that_it_must_not_be_there() {
        assert!(finds("!meier kuhn") && finds("!profile:agent") && finds("!state:any"));
        assert!(!finds("!kuhn") && !finds("kuhn !profile:service") && !finds("!agent:yes"));
    }

    #[test]
    fn fields_say_a_part_of_their_value_nothing_or_anything() {
        for text in ["profile:desk", "PROFILE:serv", "profile:\"service desk\"", "agent:yes", "agent:20", "state:none"]
        {
            assert!(finds(text), "{text:?}");
        }
        for text in ["profile:none", "agent:no", "state:yes", "state:e", "agent:1042"] {
            assert!(!finds(text), "{text:?}");
        }
    }

    #[test]
    fn what_is_not_typed_to_its_end_hides_nothing() {
        assert!(finds("!") && finds("profile:") && finds("kuhn !agent:") && finds("\"kuhn"));
    }

    #[test]
    fn a_word_with_a_colon_that_is_no_field_is_a_word() {
        let query = Query::parse("10:42", &FIELDS);
        assert!(query.admits("at 10:42", |_, _| false) && !query.admits("1042", |_, _| false));
    }

    proptest! {
        #[test]
        fn a_word_of_the_row_finds_it_and_its_negation_does_not(word in "[a-zà-ÿ0-9]{1,8}", rest in "[a-z ]{0,12}") {
            let text = format!("{rest}{SEPARATOR}{}", fold(&word));
            let none = |_, _: &str| false;
            prop_assert!(Query::parse(&word, &FIELDS).admits(&text, none));
            let without = format!("!{word}");
            prop_assert!(!Query::parse(&without, &FIELDS).admits(&text, none));
        }

        #[test]
        fn nothing_that_is_typed_is_too_much(text in any::<String>()) {
            let query = Query::parse(&text, &FIELDS);
            prop_assert!(!query.is_empty() || query.admits("", |_, _| false));
        }
    }
}
