//! Which texts have the letters that were typed, in their order, and which have them best: the matcher of nucleo behind two
//! functions. Pure.

use nucleo_matcher::pattern::{AtomKind, CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

use crate::settings::fold::fold;

/// What was typed, ready to be looked for in many texts.
pub(super) struct Fuzzy {
    pattern: Pattern,
    /// The same words as they were typed, with no letter between.
    words: Vec<String>,
    matcher: Matcher,
    /// Room for a text that is not ASCII.
    letters: Vec<char>,
}

impl Fuzzy {
    /// Each word counts by itself, whatever case and accents.
    pub(super) fn new(typed: &str) -> Self {
        let pattern = Pattern::new(typed, CaseMatching::Ignore, Normalization::Smart, AtomKind::Fuzzy);
        let words = fold(typed).split_whitespace().map(str::to_owned).collect();
        Self { pattern, words, matcher: Matcher::new(Config::DEFAULT), letters: Vec::new() }
    }

    /// How well the text has it; None: not at all.
    pub(super) fn score(&mut self, text: &str) -> Option<u32> {
        self.pattern.score(Utf32Str::new(text, &mut self.letters), &mut self.matcher)
    }

    /// Whether the text has each word as it was typed, and not its letters here and there.
    pub(super) fn has_words(&self, text: &str) -> bool {
        let text = fold(text);
        self.words.iter().all(|word| text.contains(word.as_str()))
    }

    /// Which characters of the text those are, in order.
    pub(super) fn places(&mut self, text: &str) -> Vec<usize> {
        let mut places = Vec::new();
        self.pattern.indices(Utf32Str::new(text, &mut self.letters), &mut self.matcher, &mut places);
        places.sort_unstable();
        places.dedup();
        places.into_iter().filter_map(|place| usize::try_from(place).ok()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_count_in_their_order_and_those_that_stand_together_count_more() {
        let mut fuzzy = Fuzzy::new("khn");
        assert!(fuzzy.score("Anna Kühn").is_some() && fuzzy.score("Anna Hank").is_none());
        let mut number = Fuzzy::new("1234");
        assert!(number.score("kuhn 1234") > number.score("192 0 3 4"));
        let mut leave = Fuzzy::new("exit");
        let scattered = "Ed Xavier, in the office of Tilda";
        assert!(leave.has_words("quit, exit: Leave the console") && !leave.has_words(scattered));
        assert!(leave.score(scattered).is_some());
        assert!(Fuzzy::new("kuhn an").has_words("Anna Kühn"));
        assert_eq!(Fuzzy::new("kun an").places("Anna Kühn"), [0, 1, 5, 6, 8]);
    }
}
