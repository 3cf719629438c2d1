//! How frames look in the end: the theme that holds now, and what the terminal can show of it. The console makes it for
//! every frame, so that a changed setting is seen at once; `degrade` obeys it.

use super::capabilities::{Background, Capabilities, Colors, Glyphs};
use crate::settings::console_theme::ConsoleTheme;

/// Which colours roles have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Theme {
    Dark,
    Light,
    Mono,
}

impl Theme {
    pub(crate) const ALL: [Self; 3] = [Self::Dark, Self::Light, Self::Mono];

    /// The word for `--theme` and `CTIBOX_THEME`.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Dark => "dark",
            Self::Light => "light",
            Self::Mono => "mono",
        }
    }

    /// What was asked for as the console was started, else what the setting says, else what the terminal has.
    fn wanted(asked: Option<Self>, setting: ConsoleTheme, background: Background) -> Self {
        asked.unwrap_or(match (setting, background) {
            (ConsoleTheme::Dark, _) | (ConsoleTheme::Auto, Background::Dark) => Self::Dark,
            (ConsoleTheme::Light, _) | (ConsoleTheme::Auto, Background::Light) => Self::Light,
            (ConsoleTheme::Mono, _) => Self::Mono,
        })
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Appearance {
    pub(super) theme: Theme,
    pub(super) colors: Colors,
    pub(super) glyphs: Glyphs,
}

impl Appearance {
    pub(super) fn of(capabilities: Capabilities, asked: Option<Theme>, setting: ConsoleTheme) -> Self {
        let theme = Theme::wanted(asked, setting, capabilities.background);
        Self { theme, colors: capabilities.colors, glyphs: capabilities.glyphs }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_stands_above_the_setting_and_that_above_the_terminal() {
        use ConsoleTheme as Setting;
        for (asked, setting, background, expected) in [
            (Some(Theme::Mono), Setting::Light, Background::Dark, Theme::Mono),
            (None, Setting::Light, Background::Dark, Theme::Light),
            (None, Setting::Mono, Background::Light, Theme::Mono),
            (None, Setting::Dark, Background::Light, Theme::Dark),
            (None, Setting::Auto, Background::Light, Theme::Light),
            (None, Setting::Auto, Background::Dark, Theme::Dark),
        ] {
            assert_eq!(Theme::wanted(asked, setting, background), expected, "{asked:?} {setting} {background:?}");
        }
    }

    #[test]
    fn the_words_of_the_command_line_are_those_of_the_setting() {
        let words: Vec<&str> = Theme::ALL.iter().map(|theme| theme.as_str()).collect();
        assert_eq!(words, ConsoleTheme::WORDS[1..]);
    }
}
