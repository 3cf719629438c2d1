//! What somebody types to narrow a list, understood: words, words that must not be there, fields of the list, and of each
//! several of which one is enough. Made by `Filter` at each key; pure.

use memchr::memmem::Finder;

use super::spelling::{mended, spellings};
use crate::settings::fold::fold;
use crate::settings::search::SearchPattern;

/// Between what is known of one row; no folded text holds it.
pub(in crate::tui) const SEPARATOR: char = '\n';

/// Behind it stands what many rows have in common: of that a word finds only what begins with it. No folded text holds it.
pub(in crate::tui) const BEGINNINGS: char = '\r';

/// The value that means: there is nothing in it.
pub(super) const NOTHING: [&str; 2] = ["none", "no"];
/// The value that means: there is something in it.
pub(super) const ANYTHING: [&str; 2] = ["any", "yes"];

/// Between words or values of which one is enough.
pub(super) const EITHER: char = '|';

#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Query {
    terms: Vec<Term>,
    /// All that was typed as one number, which people write with blanks in it; none where it is no number.
    numbers: Vec<Needle>,
}

/// Something to look for in very many texts, prepared once.
#[derive(Debug, Clone)]
struct Needle(Box<Finder<'static>>);

impl Needle {
    fn new(text: &str) -> Self {
        Self(Box::new(Finder::new(text).into_owned()))
    }

    fn is_in(&self, text: &[u8]) -> bool {
        self.0.find(text).is_some()
    }

    fn begins_a_word_of(&self, text: &str) -> bool {
        if text.is_empty() {
            return false;
        }
        let bytes = text.as_bytes();
        let begins = |at: usize| at == 0 || !bytes[at - 1].is_ascii_alphanumeric() && bytes[at - 1].is_ascii();
        self.0.find_iter(bytes).any(begins)
    }

    /// Whatever has the other one has this one, also where only beginnings of words count.
    fn is_begun_by(&self, other: &Self) -> bool {
        other.0.needle().starts_with(self.0.needle())
    }

    /// Whatever text has the other one has this one.
    fn is_part_of(&self, other: &Self) -> bool {
        self.is_in(other.0.needle())
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(self.0.needle()).into_owned()
    }
}

impl PartialEq for Needle {
    fn eq(&self, other: &Self) -> bool {
        self.0.needle() == other.0.needle()
    }
}

/// How the values of a list's fields are understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::tui) enum FieldValues {
    /// As parts of what a field says.
    Parts,
    /// By the list itself: a longer value may mean other rows than a shorter one.
    Own,
}

#[derive(Debug, Clone, PartialEq)]
struct Term {
    wants: Wants,
    /// One of them is enough; never none.
    either: Vec<What>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wants {
    Presence,
    Absence,
}

#[derive(Debug, Clone, PartialEq)]
enum What {
    /// Folded, as are values.
    Word(Needle),
    Field {
        name: &'static str,
        value: String,
    },
}

impl Query {
    /// `fields` are those that the list has: before a colon, any other word is a part of what is looked for.
    pub(super) fn parse(text: &str, fields: &[&'static str]) -> Self {
        let pieces = mended(pieces(text), fields);
        let terms: Vec<Term> = pieces.iter().filter_map(|piece| Term::parse(piece, fields)).collect();
        let words: Option<Vec<&Needle>> = terms.iter().map(Term::word).collect();
        let numbers = words.map_or_else(Vec::new, |words| {
            let mut numbers: Vec<Needle> =
                SearchPattern::of(text).needles(SEPARATOR).iter().map(|number| Needle::new(number)).collect();
            // Where such a number stands, all words do: looking for it too would find nobody else.
            numbers.retain(|number| !words.iter().all(|word| word.is_part_of(number)));
            numbers
        });
        Self { terms, numbers }
    }

    /// What stands where a field would, and is none: `prfile` of `prfile:agent`. Times and addresses are words.
    pub(super) fn unknown_field(text: &str, fields: &[&'static str]) -> Option<String> {
        let unknown = |piece: &String| {
            let (name, value) = piece.strip_prefix('!').unwrap_or(piece).split_once(':')?;
            let is_name = name.chars().count() > 1 && name.chars().all(char::is_alphabetic);
            let is_value = !value.contains(':') && !value.starts_with('/');
            (is_name && is_value && !fields.contains(&fold(name).as_str())).then(|| name.to_owned())
        };
        mended(pieces(text), fields).iter().flatten().find_map(unknown)
    }

    /// The fields that are asked for something, with it.
    pub(super) fn asked(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.terms.iter().flat_map(|term| &term.either).filter_map(|what| match what {
            What::Field { name, value } => Some((*name, value.as_str())),
            What::Word(_) => None,
        })
    }

    /// Whether every row is meant.
    pub(super) fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// Whether a row is meant. Its text is folded and has `SEPARATOR` between its parts; whether a field has a value, which
    /// is folded too, is asked by name.
    pub(super) fn admits(&self, text: &str, has: impl Fn(&'static str, &str) -> bool) -> bool {
        let (text, shared) = text.split_once(BEGINNINGS).unwrap_or((text, ""));
        let bytes = text.as_bytes();
        let is_there = |what: &What| match what {
            What::Word(word) => word.is_in(bytes) || word.begins_a_word_of(shared),
            What::Field { name, value } => has(name, value),
        };
        let is_so = |term: &Term| term.either.iter().any(is_there) == (term.wants == Wants::Presence);
        self.terms.iter().all(is_so) || self.numbers.iter().any(|number| number.is_in(bytes))
    }

    /// Whether it can mean no row that the other one does not: more was typed, and nothing taken back. It may be said of too
    /// few, never of too many.
    pub(super) fn is_narrower_than(&self, other: &Self, values: FieldValues) -> bool {
        if other.is_empty() {
            return true;
        }
        let has_words_of_other =
            |number: &Needle| other.terms.iter().all(|term| term.word().is_some_and(|word| word.is_part_of(number)));
        let is_number_of_other =
            |number: &Needle| other.numbers.iter().any(|known| known.is_part_of(number)) || has_words_of_other(number);
        other.terms.iter().all(|old| self.terms.iter().any(|new| new.implies(old, values)))
            && self.numbers.iter().all(is_number_of_other)
    }

    /// What of a row's text is meant, folded.
    pub(super) fn words(&self) -> Vec<String> {
        let present = self.terms.iter().filter(|term| term.wants == Wants::Presence);
        let words = present.flat_map(|term| &term.either).filter_map(|what| match what {
            What::Word(word) => Some(word.text()),
            What::Field { .. } => None,
        });
        words.collect()
    }
}

impl Term {
    /// None for what is not typed to its end: a `!` alone, a field without a value. Of several of which one is enough a
    /// field's name stands before the first: `profile:agent|supervisor`.
    fn parse(piece: &[String], fields: &[&'static str]) -> Option<Self> {
        let (first, more) = piece.split_first()?;
        let (wants, first) = match first.strip_prefix('!') {
            Some(rest) => (Wants::Absence, rest),
            None => (Wants::Presence, first.as_str()),
        };
        let (mut either, mut field) = (Vec::new(), None);
        for piece in [first].into_iter().chain(more.iter().map(String::as_str)) {
            let named = piece.split_once(':').and_then(|(name, value)| {
                let name = fields.iter().find(|field| **field == fold(name))?;
                Some((*name, value))
            });
            field = named.map(|(name, _)| name).or(field);
            for folded in spellings(named.map_or(piece, |(_, value)| value)) {
                match field {
                    // Other programs part values so.
                    Some(name) => {
                        let values = folded.split(',').map(|value| value.trim().to_owned());
                        either.extend(values.map(|value| What::Field { name, value }));
                    }
                    None => either.push(What::Word(Needle::new(&folded))),
                }
            }
        }
        either.retain(|what| !what.is_empty());
        (!either.is_empty()).then_some(Self { wants, either })
    }

    /// The word that must be there, if it is one alone.
    fn word(&self) -> Option<&Needle> {
        match (self.wants, self.either.as_slice()) {
            (Wants::Presence, [What::Word(word)]) => Some(word),
            _ => None,
        }
    }

    /// Whether every row of which this is so is one of which the other is so.
    fn implies(&self, other: &Self, values: FieldValues) -> bool {
        let each_implies_one = |narrow: &Self, wide: &Self| {
            narrow.either.iter().all(|what| wide.either.iter().any(|known| what.implies(known, values)))
        };
        match (self.wants, other.wants) {
            (Wants::Presence, Wants::Presence) => each_implies_one(self, other),
            (Wants::Absence, Wants::Absence) => each_implies_one(other, self),
            _ => false,
        }
    }
}

impl What {
    fn is_empty(&self) -> bool {
        match self {
            Self::Word(word) => word.0.needle().is_empty(),
            Self::Field { value, .. } => value.is_empty(),
        }
    }

    /// Whether every row that has this has the other.
    fn implies(&self, other: &Self, values: FieldValues) -> bool {
        match (self, other) {
            (Self::Word(own), Self::Word(known)) => known.is_begun_by(own),
            (Self::Field { name: own, value }, Self::Field { name, value: known }) => {
                let is_part = values == FieldValues::Parts && !is_special(value) && value.contains(known.as_str());
                own == name && (value == known || is_part)
            }
            _ => false,
        }
    }
}

/// A value that stands for what a field holds, and not for a part of it.
fn is_special(value: &str) -> bool {
    NOTHING.contains(&value) || ANYTHING.contains(&value)
}

/// Whether a field says what is asked, both folded.
pub(super) fn says(said: &str, asked: &str) -> bool {
    match said.is_empty() {
        true => NOTHING.contains(&asked),
        false => ANYTHING.contains(&asked) || said.contains(asked),
    }
}

/// Parted at blanks, and each piece at the bars in it, but for those between quotation marks; blanks beside a bar part
/// nothing.
fn pieces(text: &str) -> Vec<Vec<String>> {
    let (mut pieces, mut is_quoted, mut goes_on): (Vec<Vec<String>>, _, _) = (Vec::new(), false, false);
    for letter in text.chars() {
        match letter {
            '"' => is_quoted = !is_quoted,
            blank if blank.is_whitespace() && !is_quoted => {
                goes_on &= pieces.last().and_then(|piece| piece.last()).is_some_and(String::is_empty);
            }
            bar if bar == EITHER && !is_quoted => {
                goes_on = !pieces.is_empty();
                if let Some(piece) = pieces.last_mut() {
                    piece.push(String::new());
                }
            }
            letter => match pieces.last_mut().filter(|_| goes_on).and_then(|piece| piece.last_mut()) {
                Some(part) => part.push(letter),
                None => {
                    pieces.push(vec![letter.to_string()]);
                    goes_on = true;
                }
            },
        }
    }
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
    fn of_what_many_rows_have_only_beginnings_of_words_are_found() {
        let finds = |text: &str| {
            Query::parse(text, &FIELDS).admits("kuhn\nzkuhn\r! no line\nservice desk\nenabled", |_, _| false)
        };
        for text in ["ku", "hn", "no line", "ena", "desk", "\"service desk\"", "!able", "kuhn en"] {
            assert!(finds(text), "{text:?}");
        }
        for text in ["able", "ervice", "kuhn abl", "!en"] {
            assert!(!finds(text), "{text:?}");
        }
    }

    #[test]
    fn of_what_has_bars_between_one_is_enough() {
        for text in [
            "meier|kuhn",
            "kuhn|meier 1042",
            "meier | kuhn",
            "profile:agent|desk",
            "profile:agent,desk",
            "profile:agent|kuhn|state:none",
            "x|10",
        ] {
            assert!(finds(text), "{text:?}");
        }
        for text in
            ["meier|weber", "meier|weber kuhn", "!meier|kuhn", "profile:agent|client", "\"meier|kuhn\"", "agent:3|4"]
        {
            assert!(!finds(text), "{text:?}");
        }
        assert!(finds("!meier|weber") && finds("kuhn|") && finds("|") && finds("|kuhn") && finds("profile:desk|"));
        assert_eq!(Query::parse("kuhn|zoe !meier|x", &FIELDS).words(), ["kuhn", "zoe"]);
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

    #[test]
    fn what_looks_like_a_field_and_is_none_is_known() {
        let unknown = |text| Query::unknown_field(text, &FIELDS);
        assert_eq!(unknown("zoe prfile:desk"), Some("prfile".to_owned()));
        assert_eq!(unknown("!Contxt:"), Some("Contxt".to_owned()));
        for text in ["10:42", "Profile:desk", "fe80::1", "aa:bb:cc", "https://x", "a:b", "desk", "1001@default"] {
            assert_eq!(unknown(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_typed_on_looks_among_what_was_found() {
        let is_narrower = |new: &str, old: &str| {
            Query::parse(new, &FIELDS).is_narrower_than(&Query::parse(old, &FIELDS), FieldValues::Parts)
        };
        for (new, old) in [
            ("kuh", "ku"),
            ("ku x", "ku"),
            ("kuhn", ""),
            ("ku !xy", "ku"),
            ("1042", "104"),
            ("10 42", "10 4"),
            ("profile:des", "profile:de"),
            ("agent:yes", "agent:yes"),
            ("!k", "!ku"),
            ("kuh|meie", "ku|mei"),
            ("kuhn", "kuhn|meier"),
            ("profile:a,b", "profile:a,b|c"),
            ("!ku|me", "!ku"),
            ("profile:des", "profile:de|age"),
        ] {
            assert!(is_narrower(new, old), "{new:?} after {old:?}");
        }
        let (long, short) = (Query::parse("profile:des", &FIELDS), Query::parse("profile:de", &FIELDS));
        assert!(!long.is_narrower_than(&short, FieldValues::Own));
        for (new, old) in [
            ("k", "ku"),
            ("", "ku"),
            ("!kuh", "!ku"),
            ("agent:none", "agent:non"),
            ("agent:yes", "agent:ye"),
            ("profile:d", "state:d"),
            ("d", "profile:d"),
            ("xku", "ku"),
            ("ku|m", "ku"),
            ("!ku", "!ku|me"),
        ] {
            assert!(!is_narrower(new, old), "{new:?} after {old:?}");
        }
    }

    proptest! {
        #[test]
        fn a_narrower_query_means_no_other_row(
            text in "[ab1]{0,6}\n[ab1]{0,6}\n(\r[ab1 ]{0,6})?",
            field in "[abny]{0,3}|none|yes",
            old in "(!?(profile:)?[ab1nyoes|]{1,4} ?){0,3}",
            more in "[ab1nyoes: !|]{0,4}",
        ) {
            let (old, new) = (Query::parse(&old, &FIELDS), Query::parse(&format!("{old}{more}"), &FIELDS));
            let admits = |query: &Query| query.is_empty() || query.admits(&text, |_, value| says(&field, value));
            prop_assert!(!new.is_narrower_than(&old, FieldValues::Parts) || !admits(&new) || admits(&old));
        }

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
