//! The last look at a frame before it goes out: everything is drawn as if the terminal could do all, and here roles become
//! the colours of the theme, a presence's colour the nearest that there is, and characters what can be shown. The one place
//! that knows of poor terminals.

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};
use unicode_normalization::UnicodeNormalization as _;

use super::appearance::Appearance;
use super::capabilities::{Colors, Glyphs};
use super::palette::{Palette, Role, cube_index};
use crate::observe::is_harmful;
use crate::settings::color;

/// Makes the frame fit for the terminal.
pub(super) fn degrade(buffer: &mut Buffer, appearance: Appearance) {
    let palette = Palette::of(appearance.theme, appearance.colors);
    for cell in &mut buffer.content {
        // A user may be called what makes a terminal write backwards.
        if cell.symbol().chars().any(is_harmful) {
            cell.set_symbol("?");
        }
        match &palette {
            Some(palette) => color_cell(cell, palette, appearance.colors),
            None => take_colors(cell),
        }
        if appearance.glyphs == Glyphs::Ascii {
            degrade_symbol(cell);
        }
    }
}

fn color_cell(cell: &mut Cell, palette: &Palette, colors: Colors) {
    let is_swatch = matches!(cell.fg, Color::Rgb(..));
    if cell.bg == Role::Chosen.color() && palette.chosen().is_none() {
        // Reversed, a patch of colour would be none.
        if !is_swatch {
            cell.modifier.insert(Modifier::REVERSED);
        }
        cell.bg = Color::Reset;
    }
    cell.bg = palette.lookup(cell.bg).unwrap_or(palette.color(Role::Paper));
    cell.fg = match cell.fg {
        Color::Rgb(red, green, blue) => nearest(palette.visible(color::Color(red, green, blue)), colors),
        ink => palette.lookup(ink).unwrap_or(palette.color(Role::Text)),
    };
}

/// Words and signs say all; a patch of colour would say what it cannot.
fn take_colors(cell: &mut Cell) {
    if matches!(cell.fg, Color::Rgb(..)) {
        cell.set_symbol(" ");
    }
    if cell.bg == Role::Chosen.color() {
        cell.modifier.insert(Modifier::REVERSED);
    }
    (cell.fg, cell.bg) = (Color::Reset, Color::Reset);
}

fn degrade_symbol(cell: &mut Cell) {
    let symbol = cell.symbol();
    if symbol.is_ascii() {
        return;
    }
    let plain = match symbol.chars().next().unwrap_or(' ') {
        '─' | '━' | '═' | '–' | '—' => "-",
        '│' | '┃' | '║' => "|",
        '┌' | '┐' | '└' | '┘' | '├' | '┤' | '┬' | '┴' | '┼' | '╭' | '╮' | '╰' | '╯' => "+",
        '█' | '▇' | '▆' | '▅' | '■' | '▉' => "#",
        '▄' | '▃' => "=",
        '▂' => "-",
        '▁' => "_",
        '●' | '•' | '✓' | '✔' => "*",
        '○' | '◦' | '·' => ".",
        '✗' | '✘' | '×' => "x",
        '▶' | '→' | '›' | '»' | '▸' => ">",
        '◀' | '←' | '‹' | '«' | '◂' => "<",
        '↑' | '▲' | '▴' => "^",
        '↓' | '▼' | '▾' => "v",
        '↕' => "|",
        '…' => "~",
        '░' | '▒' => ":",
        '⚠' => "!",
        '‘' | '’' => "'",
        '“' | '”' => "\"",
        _ => return degrade_letter(cell),
    };
    cell.set_symbol(plain);
}

/// A letter without its accents: `Ines` is read, `In?s` is not.
fn degrade_letter(cell: &mut Cell) {
    let plain = match cell.symbol().nfd().next() {
        Some(letter) if letter.is_ascii_graphic() => letter,
        Some('Ø') => 'O',
        Some('ø' | 'œ') => 'o',
        Some('Ł') => 'L',
        Some('ł') => 'l',
        Some('æ') => 'a',
        Some('ß') => 's',
        _ => '?',
    };
    cell.set_char(plain);
}

/// A presence's colour as the terminal has it.
fn nearest(color: color::Color, colors: Colors) -> Color {
    match colors {
        Colors::None => Color::Reset,
        Colors::True => Color::Rgb(color.0, color.1, color.2),
        Colors::Indexed => Color::Indexed(cube_index(color)),
        Colors::Sixteen => nearest_of_sixteen(color),
    }
}

/// By the hue, for terminals paint the sixteen as they like: what is green stays green. Greys go by their brightness.
fn nearest_of_sixteen(color: color::Color) -> Color {
    let color::Color(red, green, blue) = color;
    let (least, most) = (red.min(green).min(blue), red.max(green).max(blue));
    let spread = i32::from(most - least);
    if spread < SPREAD_OF_GREYS {
        return match most {
            0..=63 => Color::Black,
            64..=150 => Color::DarkGray,
            151..=220 => Color::Gray,
            221..=255 => Color::White,
        };
    }
    let turn = |from: u8, to: u8| 60 * (i32::from(to) - i32::from(from)) / spread;
    let hue = match most {
        most if most == red => turn(blue, green).rem_euclid(360),
        most if most == green => 120 + turn(red, blue),
        _ => 240 + turn(green, red),
    };
    let (dark, bright) = match hue {
        20..=64 => (Color::Yellow, Color::LightYellow),
        65..=164 => (Color::Green, Color::LightGreen),
        165..=199 => (Color::Cyan, Color::LightCyan),
        200..=264 => (Color::Blue, Color::LightBlue),
        265..=344 => (Color::Magenta, Color::LightMagenta),
        _ => (Color::Red, Color::LightRed),
    };
    if most > BRIGHT_FROM { bright } else { dark }
}

/// A colour whose parts are nearer to each other than this is a grey.
const SPREAD_OF_GREYS: i32 = 48;
/// A colour with a part above this is one of the bright eight.
const BRIGHT_FROM: u8 = 0xD8;

#[cfg(test)]
mod tests {
    use ratatui::layout::Rect;
    use ratatui::style::Style;

    use super::*;
    use crate::tui::appearance::Theme;
    use crate::tui::theme;

    fn on(theme: Theme, colors: Colors) -> Appearance {
        Appearance { theme, colors, glyphs: Glyphs::Unicode }
    }

    /// One cell of this style, as it goes out.
    fn drawn(style: Style, appearance: Appearance) -> Cell {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 1, 1));
        buffer.set_string(0, 0, "●", style);
        degrade(&mut buffer, appearance);
        buffer.content[0].clone()
    }

    #[test]
    fn a_color_becomes_the_nearest_that_there_is() {
        let green = color::Color(0x08, 0xFD, 0x20);
        assert_eq!(nearest(green, Colors::True), Color::Rgb(0x08, 0xFD, 0x20));
        assert_eq!(nearest(green, Colors::Indexed), Color::Indexed(46));
        assert_eq!(nearest(green, Colors::Sixteen), Color::LightGreen);
        assert_eq!(nearest(green, Colors::None), Color::Reset);
        assert_eq!(nearest(color::Color(0x20, 0x20, 0x20), Colors::Indexed), Color::Indexed(234));
    }

    /// The default presences (settings §3.1) are told apart on sixteen colours, and a green one is green.
    #[test]
    fn default_presences_keep_their_hue_on_sixteen_colors() {
        for (hex, expected) in [
            ("#9BC920", Color::Green),
            ("#FFDD00", Color::LightYellow),
            ("#6CA6FF", Color::LightBlue),
            ("#D13224", Color::Red),
            ("#F2833A", Color::LightYellow),
            ("#9E9E9E", Color::Gray),
            ("#FF00FF", Color::LightMagenta),
            ("#000000", Color::Black),
        ] {
            assert_eq!(nearest_of_sixteen(color::Color::parse(hex).expect(hex)), expected, "{hex}");
        }
    }

    #[test]
    fn a_poor_terminal_gets_ascii_and_no_color() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 7, 1));
        buffer.set_string(0, 0, "┌─● é日", theme::ERROR);
        degrade(&mut buffer, Appearance { theme: Theme::Dark, colors: Colors::None, glyphs: Glyphs::Ascii });
        let text: String = buffer.content.iter().map(Cell::symbol).collect();
        assert_eq!(text, "+-* e? ");
        assert!(buffer.content.iter().all(|cell| cell.fg == Color::Reset && cell.bg == Color::Reset));
    }

    #[test]
    fn the_same_style_is_another_color_in_each_theme() {
        let [dark, light, mono] = Theme::ALL.map(|theme| drawn(theme::ERROR, on(theme, Colors::True)));
        assert!(dark.fg != light.fg && dark.bg != light.bg && dark.fg != Color::Reset);
        assert_eq!((mono.fg, mono.bg), (Color::Reset, Color::Reset));
        assert!(mono.modifier.contains(Modifier::BOLD));
    }

    #[test]
    fn what_is_chosen_is_reversed_where_no_paper_shows_it() {
        let is_reversed = |colors| drawn(theme::CHOSEN, on(Theme::Dark, colors)).modifier.contains(Modifier::REVERSED);
        assert_eq!([Colors::None, Colors::Sixteen, Colors::Indexed].map(is_reversed), [true, true, false]);
    }

    #[test]
    fn without_colors_a_dot_is_left_out_and_on_a_chosen_row_it_keeps_its_own() {
        let dot = theme::swatch(color::Color(0xFF, 0, 0));
        assert_eq!(drawn(dot, on(Theme::Mono, Colors::True)).symbol(), " ");
        let chosen = drawn(dot.patch(theme::CHOSEN), on(Theme::Dark, Colors::Sixteen));
        assert_eq!((chosen.symbol(), chosen.fg), ("●", Color::LightRed));
        assert!(!chosen.modifier.contains(Modifier::REVERSED));
    }
}
