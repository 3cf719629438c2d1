//! What the operator sees of a running server: log lines and counts. Everybody may use it; it knows nobody.

pub(crate) mod counter;
mod flood;
pub(crate) mod journal;
pub(crate) mod log;
pub(crate) mod streak;
pub(crate) mod work;

/// The target of lines about refused logins: who guards the host reads them (packaging/fail2ban), so no level hides them.
pub(crate) const REFUSED_LOGINS: &str = "ctibox::refused_logins";

/// A text from outside as a log line may show it: nothing harmful is in it, its length is bounded.
pub(crate) fn shown(text: &str) -> String {
    const CHARACTERS_MAX: usize = 128;
    text.chars().filter(|character| !is_harmful(*character)).take(CHARACTERS_MAX).collect()
}

/// Control characters, and the marks that make a terminal show text in another order than it is.
pub(crate) fn is_harmful(c: char) -> bool {
    c.is_control() || matches!(c, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// An error with all its causes in one line of the log.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_clear_the_screen() {
        assert_eq!(shown("\u{1b}[2Jalice\n"), "[2Jalice");
        assert_eq!(shown("\u{202e}nimda\u{2066}\u{200f}"), "nimda");
        assert_eq!(shown(&"x".repeat(500)).len(), 128);
    }
}
