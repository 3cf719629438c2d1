//! The colours of the console where nobody names them as it is started: the values of `console.theme`.

use super::string_enum::string_enum;

string_enum! {
    /// The words of `console.theme`.
    ConsoleTheme, S1, Theme {
        Auto = "auto",
        Dark = "dark",
        Light = "light",
        Mono = "mono",
    }
}

impl ConsoleTheme {
    /// The words of `ALL`, as the setting's type lists them.
    pub(crate) const WORDS: &[&str] = &["auto", "dark", "light", "mono"];
}

const _: () = assert!(ConsoleTheme::WORDS.len() == ConsoleTheme::ALL.len());

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_the_setting_are_those_of_the_themes() {
        let words: Vec<_> = ConsoleTheme::ALL.iter().map(|theme| theme.as_str()).collect();
        assert_eq!(words, ConsoleTheme::WORDS);
    }
}
