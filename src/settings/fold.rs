//! Text as a search compares it: without case, without accents, without what no keyboard types. `live` folds for the
//! clients' searches, `tui` for the console's.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::observe::work::spend;

/// `Éva Ørsted` is `eva orsted`. Control characters become spaces, so that none can pretend to end an entry.
pub(crate) fn fold(text: &str) -> String {
    spend(text.len());
    if text.is_ascii() { fold_ascii(text) } else { fold_any(text) }
}

/// Of ASCII, which most names and all numbers are, at a tenth of the price.
fn fold_ascii(text: &str) -> String {
    let folded = |sign: char| match as_typed(sign) {
        control if control.is_ascii_control() => ' ',
        sign => sign.to_ascii_lowercase(),
    };
    text.chars().map(folded).collect()
}

fn fold_any(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let plain = text.chars().filter(|sign| !is_invisible(*sign)).map(as_typed);
    for sign in plain.nfkd().filter(|sign| !is_combining_mark(*sign)).flat_map(char::to_lowercase) {
        match sign {
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'þ' => folded.push_str("th"),
            'ø' => folded.push('o'),
            'đ' | 'ð' => folded.push('d'),
            'ł' => folded.push('l'),
            'ħ' => folded.push('h'),
            'ı' => folded.push('i'),
            control if control.is_control() => folded.push(' '),
            mark if is_combining_mark(mark) => {}
            other => folded.push(other),
        }
    }
    folded
}

/// Marks that no program shows: of width none, of writing direction, and the byte order mark in the midst of a text.
pub(crate) fn is_invisible(sign: char) -> bool {
    matches!(
        sign,
        '\u{ad}'
            | '\u{61c}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}'
            | '\u{feff}'
    )
}

/// What telephones and word processors make of apostrophes, quotes and dashes, as a keyboard has it.
fn as_typed(sign: char) -> char {
    match sign {
        '\u{2018}'..='\u{201b}' | '\u{2032}' | '\u{2b9}' | '\u{2bb}' | '\u{2bc}' | '\u{b4}' | '\u{ff07}' | '`' => '\'',
        '\u{201c}'..='\u{201f}' | '\u{2033}' | '\u{ff02}' => '"',
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{ff0d}' => '-',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_accents_do_not_count() {
        for (text, folded) in [
            ("Éva", "eva"),
            ("MÜLLER-Lüdenscheidt", "muller-ludenscheidt"),
            ("Straße", "strasse"),
            ("Ørsted Łódź Ægir İpek", "orsted lodz aegir ipek"),
            ("ﬁn １０２", "fin 102"),
            ("Ολυμπία", "ολυμπια"),
            ("a\nb\u{0}c", "a b c"),
            ("D\u{2019}Arcy O\u{b4}Brien Jean\u{2011}Luc", "d'arcy o'brien jean-luc"),
            ("\u{202a}Zo\u{eb}\u{200b}", "zoe"),
        ] {
            assert_eq!(fold(text), folded);
        }
    }

    #[test]
    fn ascii_is_folded_as_any_text_is() {
        let all: String = (0..128u8).map(char::from).collect();
        assert_eq!(fold_ascii(&all), fold_any(&all));
    }
}
