//! What was typed, looked for in the texts of the palette: whole words before their beginnings, and those before what stands
//! within a word. Letters with others between them count within one word alone, from its first letter on: scattered over a
//! name they say nothing, and what they find hides what was meant. Those nucleo finds, and tells which word has them best.
//! Pure.

use memchr::memmem::Finder;
use nucleo_matcher::pattern::{Atom, AtomKind, CaseMatching, Normalization};
use nucleo_matcher::{Config, Matcher, Utf32Str};

use crate::settings::fold::fold;

/// Words that say nothing of what is looked for: left out where there are others.
const FILLERS: [&str; 12] = ["a", "an", "the", "of", "for", "to", "in", "on", "my", "is", "who", "has"];

/// Of fewer letters any word has most of them.
const LETTERS_MIN: usize = 3;

/// How a text has a word that was typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fit {
    Inside,
    Beginning,
    Word,
}

/// What was typed, folded.
pub(super) struct Sought {
    whole: SoughtWord,
    words: Vec<SoughtWord>,
}

/// Text that is looked for in many others: prepared once.
pub(super) struct SoughtWord {
    text: String,
    finder: Finder<'static>,
}

impl Sought {
    /// Each word counts by itself, whatever case and accents.
    pub(super) fn new(typed: &str) -> Self {
        let mut words: Vec<String> = fold(typed).split_whitespace().map(str::to_owned).collect();
        let whole = words.join(" ");
        // The last one may still be typed.
        let last = words.pop();
        if words.iter().chain(&last).any(|word| !FILLERS.contains(&word.as_str())) {
            words.retain(|word| !FILLERS.contains(&word.as_str()));
        }
        words.extend(last);
        Self { whole: SoughtWord::new(whole), words: words.into_iter().map(SoughtWord::new).collect() }
    }

    pub(super) fn is_nothing(&self) -> bool {
        self.words.is_empty()
    }

    pub(super) fn words(&self) -> &[SoughtWord] {
        &self.words
    }

    pub(super) fn texts(&self) -> Vec<String> {
        self.words.iter().map(|word| word.text.clone()).collect()
    }

    /// Whether a part of a name, which stand two blanks apart, is what was typed, or has the number that was typed.
    pub(super) fn is_whole(&self, name: &str) -> bool {
        const BETWEEN: &str = "  ";
        let typed = &self.whole.text;
        if typed.bytes().all(|sign| sign.is_ascii_digit()) {
            return self.whole.fit(name) == Some(Fit::Word);
        }
        self.whole.places(name).any(|(before, after)| {
            (before.is_empty() || before.ends_with(BETWEEN)) && (after.is_empty() || after.starts_with(BETWEEN))
        })
    }

    /// Whether a name begins with all that was typed.
    pub(super) fn begins(&self, name: &str) -> bool {
        name.starts_with(&self.whole.text)
    }
}

impl SoughtWord {
    fn new(text: String) -> Self {
        Self { finder: Finder::new(&text).into_owned(), text }
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// How a folded text has it; None: it does not, but for its letters here and there.
    pub(super) fn fit(&self, text: &str) -> Option<Fit> {
        let is_edge = |sign: Option<char>| sign.is_none_or(|sign| !sign.is_alphanumeric());
        let fits = self.places(text).map(|(before, after)| {
            match (is_edge(before.chars().next_back()), is_edge(after.chars().next())) {
                (true, true) => Fit::Word,
                (true, false) => Fit::Beginning,
                (false, _) => Fit::Inside,
            }
        });
        fits.max()
    }

    /// What stands before and behind it, wherever it stands.
    fn places<'a>(&'a self, text: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        let places = self.finder.find_iter(text.as_bytes());
        places.filter_map(|at| Some((text.get(..at)?, text.get(at + self.text.len()..)?)))
    }
}

/// What was typed, looked for by its letters: `swboard` in `switchboard`.
pub(super) struct Scattered<'a> {
    words: Vec<(&'a SoughtWord, Atom)>,
    matcher: Matcher,
    /// Room for a word that is not ASCII.
    letters: Vec<char>,
}

impl<'a> Scattered<'a> {
    pub(super) fn new(sought: &'a Sought) -> Self {
        let atom = |word: &SoughtWord| {
            Atom::new(&word.text, CaseMatching::Respect, Normalization::Never, AtomKind::Fuzzy, false)
        };
        let words = sought.words().iter().map(|word| (word, atom(word))).collect();
        Self { words, matcher: Matcher::new(Config::DEFAULT), letters: Vec::new() }
    }

    /// How well a folded text has each word that was typed, as it is or by its letters; None: one is not in it.
    pub(super) fn score(&mut self, text: &str) -> Option<u32> {
        let Self { words, matcher, letters } = self;
        let mut sum = 0;
        for (word, atom) in words {
            if word.fit(text).is_some() {
                continue;
            }
            let word = word.text();
            let number = word.chars().count();
            if number < LETTERS_MIN || word.bytes().all(|sign| sign.is_ascii_digit()) {
                return None;
            }
            // With the first letter first, and not too many between.
            let may_have = |own: &&str| own.chars().next() == word.chars().next() && own.chars().count() <= 2 * number;
            let own = text.split(|sign: char| !sign.is_alphanumeric()).filter(may_have);
            let best = own.filter_map(|own| atom.score(Utf32Str::new(own, letters), matcher)).max();
            sum += u32::from(best?);
        }
        Some(sum)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fit(text: &str, word: &str) -> Option<Fit> {
        SoughtWord::new(word.to_owned()).fit(text)
    }

    #[test]
    fn a_whole_word_fits_better_than_its_beginning_and_that_better_than_a_part() {
        assert_eq!(fit("anna kuhn", "kuhn"), Some(Fit::Word));
        assert_eq!(fit("anna kuhn", "ku"), Some(Fit::Beginning));
        assert_eq!(fit("anna kuhn", "hn"), Some(Fit::Inside));
        assert_eq!(fit("kukuk kuk", "kuk"), Some(Fit::Word));
        assert_eq!(fit("1999@sales", "1999"), Some(Fit::Word));
        assert_eq!((fit("anna kuhn", "khn"), fit("", "a")), (None, None));
    }

    #[test]
    fn letters_with_others_between_them_count_within_one_word() {
        let score = |text: &str, typed: &str| {
            let sought = Sought::new(typed);
            Scattered::new(&sought).score(text)
        };
        for (text, typed) in [("switchboard", "swboard"), ("anna kuhn", "khn"), ("anna kuhn", "anna khn")] {
            assert!(score(text, typed).is_some(), "{typed} in {text}");
        }
        assert!(score("switchboard", "swboard") > score("sawed boards", "swboard"));
        let scattered = [
            ("2106@support anna kruger", "orange"),
            ("jurgen schulze-delitzsch", "delete"),
            ("dorte schmidt", "restore"),
            ("chloe koch", "check"),
            ("3019", "1999"),
            ("13909", "199"),
            ("anna", "aa"),
        ];
        for (text, typed) in scattered {
            assert_eq!(score(text, typed), None, "{typed} in {text}");
        }
    }

    #[test]
    fn a_part_of_a_name_is_what_was_typed_or_has_that_number() {
        assert!(Sought::new("Out  to lunch").is_whole("out to lunch"));
        assert!(Sought::new("1002").is_whole("1001 1002") && !Sought::new("100").is_whole("1001 1002"));
        assert!(!Sought::new("lunch").is_whole("out to lunch"));
        assert!(Sought::new("lunch").is_whole("available  lunch  out to lunch"));
        assert!(!Sought::new("").is_whole("lunch"));
    }
}
