//! Text as a search compares it: without case, without accents, without what no keyboard types. `live` folds for the
//! clients' searches, `tui` for the console's.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// `Éva Ørsted` is `eva orsted`. Control characters become spaces, so that none can pretend to end an entry.
pub(crate) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for sign in text.nfkd().filter(|sign| !is_combining_mark(*sign)).flat_map(char::to_lowercase) {
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
        ] {
            assert_eq!(fold(text), folded);
        }
    }
}
