//! The last look at a frame before it goes out: everything is drawn as if the terminal could do all, and here colours
//! become the nearest that it has, and characters what it can show. The one place that knows of poor terminals.

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::Color;
use unicode_normalization::UnicodeNormalization as _;

use super::capabilities::{Capabilities, Colors, Glyphs};
use crate::observe::is_harmful;
use crate::settings::color;

/// Makes the frame fit for the terminal.
pub(super) fn degrade(buffer: &mut Buffer, capabilities: Capabilities) {
    for cell in &mut buffer.content {
        // A user may be called what makes a terminal write backwards.
        if cell.symbol().chars().any(is_harmful) {
            cell.set_symbol("?");
        }
        if capabilities.glyphs == Glyphs::Ascii {
            degrade_symbol(cell);
        }
        cell.fg = nearest(cell.fg, capabilities.colors);
        cell.bg = nearest(cell.bg, capabilities.colors);
    }
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

fn nearest(color: Color, colors: Colors) -> Color {
    match (color, colors) {
        (Color::Reset, _) | (_, Colors::True) => color,
        (_, Colors::None) => Color::Reset,
        (Color::Rgb(red, green, blue), Colors::Indexed) => Color::Indexed(cube_index(color::Color(red, green, blue))),
        (Color::Rgb(red, green, blue), Colors::Sixteen) => nearest_of_sixteen(color::Color(red, green, blue)),
        (other, _) => other,
    }
}

/// The six steps of the 256-colour cube.
const STEPS: [u8; 6] = [0, 95, 135, 175, 215, 255];

/// The nearest of the cube (16 to 231) or the grey ramp (232 to 255).
fn cube_index(color: color::Color) -> u8 {
    let step = |part: u8| (0..6u8).min_by_key(|at| STEPS[usize::from(*at)].abs_diff(part)).unwrap_or(0);
    let (red, green, blue) = (step(color.0), step(color.1), step(color.2));
    let at = |step: u8| STEPS[usize::from(step)];
    let cube = (16 + 36 * red + 6 * green + blue, color::Color(at(red), at(green), at(blue)));
    let grey = (0..24u8).map(|level| (232 + level, color::Color(8 + 10 * level, 8 + 10 * level, 8 + 10 * level)));
    grey.chain([cube]).min_by_key(|(_, known)| distance(*known, color)).map_or(cube.0, |(index, _)| index)
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

/// How unlike two colours look: the weights of the eye for red, green and blue.
fn distance(a: color::Color, b: color::Color) -> u32 {
    let part = |a: u8, b: u8, weight: u32| weight * u32::from(a.abs_diff(b)).pow(2);
    part(a.0, b.0, 2) + part(a.1, b.1, 4) + part(a.2, b.2, 3)
}

#[cfg(test)]
mod tests {
    use ratatui::layout::Rect;
    use ratatui::style::Style;

    use super::*;
    use crate::tui::capabilities::Extras;

    #[test]
    fn a_color_becomes_the_nearest_that_there_is() {
        let green = Color::Rgb(0x08, 0xFD, 0x20);
        assert_eq!(nearest(green, Colors::True), green);
        assert_eq!(nearest(green, Colors::Indexed), Color::Indexed(46));
        assert_eq!(nearest(green, Colors::Sixteen), Color::LightGreen);
        assert_eq!(nearest(green, Colors::None), Color::Reset);
        assert_eq!(nearest(Color::Rgb(0x20, 0x20, 0x20), Colors::Indexed), Color::Indexed(234));
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
        buffer.set_string(0, 0, "┌─● é日", Style::new().fg(Color::Red));
        degrade(&mut buffer, Capabilities { colors: Colors::None, glyphs: Glyphs::Ascii, extras: Extras::Off });
        let text: String = buffer.content.iter().map(Cell::symbol).collect();
        assert_eq!(text, "+-* e? ");
        assert!(buffer.content.iter().all(|cell| cell.fg == Color::Reset));
    }
}
