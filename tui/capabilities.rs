//! What the terminal can show, read from the words of the environment that `command` hands over: how many colours,
//! whether more than ASCII, whether mouse and bracketed paste may be switched on. Pure; the console's one answer to "what
//! may I send?".

/// How many colours the terminal has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Colors {
    None,
    Sixteen,
    Indexed,
    True,
}

/// Which characters it can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Glyphs {
    Ascii,
    Unicode,
}

/// Whether it understands what only terminals with windows do: mouse reports and bracketed paste.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extras {
    Off,
    On,
}

/// What the terminal has behind its letters, where it says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Background {
    Dark,
    Light,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Capabilities {
    pub(crate) colors: Colors,
    pub(crate) glyphs: Glyphs,
    pub(crate) extras: Extras,
    pub(crate) background: Background,
}

/// The variables that say something about a terminal, as they are set.
#[derive(Debug, Clone, Default)]
pub(crate) struct TerminalEnvironment {
    pub(crate) term: Option<String>,
    pub(crate) color_term: Option<String>,
    pub(crate) no_color: Option<String>,
    /// What some terminals say of themselves: `15;0`, letters before background.
    pub(crate) color_fgbg: Option<String>,
    /// The first of `LC_ALL`, `LC_CTYPE`, `LANG` that is set and not empty.
    pub(crate) locale: Option<String>,
}

impl Capabilities {
    pub(crate) fn of(environment: &TerminalEnvironment) -> Self {
        let term = environment.term.as_deref().unwrap_or("dumb").to_ascii_lowercase();
        Self {
            colors: colors(environment, &term),
            glyphs: glyphs(environment),
            extras: extras(&term),
            background: background(environment),
        }
    }
}

/// `NO_COLOR` counts when it is not empty (no-color.org).
fn colors(environment: &TerminalEnvironment, term: &str) -> Colors {
    let is_set = |variable: &Option<String>| variable.as_deref().is_some_and(|text| !text.is_empty());
    let monochrome = ["vt", "dumb", "ansi-m", "unknown"];
    if is_set(&environment.no_color) || monochrome.iter().any(|prefix| term.starts_with(prefix)) {
        return Colors::None;
    }
    match environment.color_term.as_deref() {
        Some("truecolor" | "24bit") => Colors::True,
        _ if term.ends_with("-direct") => Colors::True,
        _ if term.contains("256color") => Colors::Indexed,
        _ => Colors::Sixteen,
    }
}

fn glyphs(environment: &TerminalEnvironment) -> Glyphs {
    let locale = environment.locale.as_deref().unwrap_or_default().to_ascii_lowercase();
    if locale.contains("utf-8") || locale.contains("utf8") { Glyphs::Unicode } else { Glyphs::Ascii }
}

fn extras(term: &str) -> Extras {
    let families =
        ["xterm", "screen", "tmux", "rxvt", "alacritty", "foot", "konsole", "wezterm", "st-", "gnome", "putty"];
    if families.iter().any(|family| term.starts_with(family)) { Extras::On } else { Extras::Off }
}

/// Of the sixteen, those that are light: white in both its shades, and the bright ones but grey.
fn background(environment: &TerminalEnvironment) -> Background {
    let said = environment.color_fgbg.as_deref().unwrap_or_default();
    match said.rsplit(';').next().and_then(|number| number.trim().parse::<u8>().ok()) {
        Some(7 | 9..=15) => Background::Light,
        _ => Background::Dark,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(term: &str, color_term: &str, no_color: &str, locale: &str) -> Capabilities {
        let set = |text: &str| Some(text.to_owned());
        Capabilities::of(&TerminalEnvironment {
            term: set(term),
            color_term: set(color_term),
            no_color: set(no_color),
            locale: set(locale),
            color_fgbg: None,
        })
    }

    #[test]
    fn a_terminal_gets_as_many_colors_as_it_says() {
        let colors = |term, color_term, no_color| of(term, color_term, no_color, "").colors;
        assert_eq!(colors("xterm-256color", "truecolor", ""), Colors::True);
        assert_eq!(colors("tmux-256color", "", ""), Colors::Indexed);
        assert_eq!(colors("linux", "", ""), Colors::Sixteen);
        assert_eq!(colors("vt100", "", ""), Colors::None);
        assert_eq!(colors("xterm-256color", "truecolor", "1"), Colors::None);
    }

    #[test]
    fn a_background_is_dark_unless_the_terminal_says_otherwise() {
        let background = |said: Option<&str>| {
            let color_fgbg = said.map(str::to_owned);
            Capabilities::of(&TerminalEnvironment { color_fgbg, ..TerminalEnvironment::default() }).background
        };
        for said in [None, Some(""), Some("15;0"), Some("7;8"), Some("default;default"), Some("15")] {
            let expected = if said == Some("15") { Background::Light } else { Background::Dark };
            assert_eq!(background(said), expected, "{said:?}");
        }
        for said in ["0;15", "0;default;15", "0;7", "8;11"] {
            assert_eq!(background(Some(said)), Background::Light, "{said}");
        }
    }

    #[test]
    fn lines_are_ascii_unless_the_locale_says_utf_8() {
        let glyphs = |locale| of("xterm", "", "", locale).glyphs;
        assert_eq!(glyphs("de_DE.UTF-8"), Glyphs::Unicode);
        assert_eq!(glyphs("C.utf8"), Glyphs::Unicode);
        assert_eq!((glyphs("C"), glyphs("")), (Glyphs::Ascii, Glyphs::Ascii));
    }

    #[test]
    fn mouse_and_paste_are_for_terminals_with_windows() {
        assert_eq!(of("linux", "", "", "").extras, Extras::Off);
        assert_eq!(of("vt100", "", "", "").extras, Extras::Off);
        assert_eq!(of("screen.xterm-256color", "", "", "").extras, Extras::On);
    }
}
