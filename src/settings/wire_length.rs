//! How long a text is on the wire, where JSON is pure ASCII: what bounds a text that others are sent must count that.

use crate::observe::work::spend;

/// The bytes between the quotes, as `protocol` spells them.
pub(crate) fn wire_bytes(text: &str) -> usize {
    spend(text.len());
    text.chars().map(wire_bytes_of).sum()
}

/// The same of a text that is made safe for HTML before.
pub(crate) fn wire_bytes_as_html(text: &str) -> usize {
    let of = |sign| match sign {
        '&' => "&amp;".len(),
        '<' | '>' => "&lt;".len(),
        other => wire_bytes_of(other),
    };
    text.chars().map(of).sum()
}

fn wire_bytes_of(sign: char) -> usize {
    match sign {
        '"' | '\\' | '\n' | '\r' | '\t' | '\u{8}' | '\u{c}' => 2,
        ' '..='~' => 1,
        other => 6 * other.len_utf16(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_as_long_as_it_is_sent() {
        for (text, bytes) in [("", 0), ("a b", 3), ("\"\\\n", 6), ("\u{7}\u{7f}", 12), ("é€", 12), ("\u{1f600}", 12)]
        {
            assert_eq!(wire_bytes(text), bytes, "{text:?}");
        }
        assert_eq!((wire_bytes("<&>"), wire_bytes_as_html("<&>é")), (3, 19));
    }
}
