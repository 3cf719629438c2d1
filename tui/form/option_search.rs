//! What of a list of options is meant by what was typed in it: which have it, and which is nearest to it. All of it is folded;
//! the list calls it at each key.

use crate::tui::widgets::entry::OptionSearch;

/// Whether an option has a word that was typed, both folded.
pub(super) fn holds(option: &str, word: &str, search: OptionSearch) -> bool {
    match search {
        OptionSearch::Anywhere => option.contains(word),
        OptionSearch::WordBeginnings => beginnings(option).any(|beginning| beginning.starts_with(word)),
    }
}

/// The option from each of its words on.
fn beginnings(option: &str) -> impl Iterator<Item = &str> {
    let before = std::iter::once(' ').chain(option.chars());
    let starts = option.char_indices().zip(before);
    starts
        .filter(|((_, letter), before)| letter.is_alphanumeric() && !before.is_alphanumeric())
        .map(|((at, _), _)| &option[at..])
}

/// How far an option is from what was typed: it is that, has it as its first word, begins with it, has a word that does, or
/// holds it somewhere.
pub(super) fn distance(option: &str, typed: &str) -> u8 {
    let is_at_word = || option.split(|letter: char| !letter.is_alphanumeric()).any(|word| word.starts_with(typed));
    match option {
        option if option == typed => 0,
        option if option.split(' ').next() == Some(typed) => 1,
        option if option.starts_with(typed) => 2,
        _ if is_at_word() => 3,
        _ => 4,
    }
}
