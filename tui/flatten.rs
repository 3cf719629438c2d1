//! The last look at a frame before it goes out: everything is drawn as if the terminal could do all, and here colours
//! become the nearest that it has, and characters what it can show. The one place that knows of poor terminals.

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::Color;

use super::ability::{Ability, Colors, Glyphs};
use crate::observe::is_harmful;
use crate::settings::color;

/// Makes the frame fit for the terminal.
pub(super) fn flatten(buffer: &mut Buffer, ability: Ability) {
    for cell in &mut buffer.content {
        // A user may be called what makes a terminal write backwards.
        if cell.symbol().chars().any(is_harmful) {
            cell.set_symbol("?");
        }
        if ability.glyphs == Glyphs::Ascii {
            flatten_symbol(cell);
        }
        cell.fg = nearest(cell.fg, ability.colors);
        cell.bg = nearest(cell.bg, ability.colors);
    }
}

fn flatten_symbol(cell: &mut Cell) {
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
        _ => "?",
    };
    cell.set_symbol(plain);
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

const SIXTEEN: [(Color, color::Color); 16] = [
    (Color::Black, color::Color(0, 0, 0)),
    (Color::Red, color::Color(170, 0, 0)),
    (Color::Green, color::Color(0, 170, 0)),
    (Color::Yellow, color::Color(170, 85, 0)),
    (Color::Blue, color::Color(0, 0, 170)),
    (Color::Magenta, color::Color(170, 0, 170)),
    (Color::Cyan, color::Color(0, 170, 170)),
    (Color::Gray, color::Color(170, 170, 170)),
    (Color::DarkGray, color::Color(85, 85, 85)),
    (Color::LightRed, color::Color(255, 85, 85)),
    (Color::LightGreen, color::Color(85, 255, 85)),
    (Color::LightYellow, color::Color(255, 255, 85)),
    (Color::LightBlue, color::Color(85, 85, 255)),
    (Color::LightMagenta, color::Color(255, 85, 255)),
    (Color::LightCyan, color::Color(85, 255, 255)),
    (Color::White, color::Color(255, 255, 255)),
];

fn nearest_of_sixteen(color: color::Color) -> Color {
    SIXTEEN.iter().min_by_key(|(_, known)| distance(*known, color)).map_or(Color::Reset, |(name, _)| *name)
}

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
    use crate::tui::ability::Extras;

    #[test]
    fn a_color_becomes_the_nearest_that_there_is() {
        let green = Color::Rgb(0x08, 0xFD, 0x20);
        assert_eq!(nearest(green, Colors::True), green);
        assert_eq!(nearest(green, Colors::Indexed), Color::Indexed(46));
        assert_eq!(nearest(green, Colors::Sixteen), Color::LightGreen);
        assert_eq!(nearest(green, Colors::None), Color::Reset);
        assert_eq!(nearest(Color::Rgb(0x20, 0x20, 0x20), Colors::Indexed), Color::Indexed(234));
    }

    #[test]
    fn a_poor_terminal_gets_ascii_and_no_color() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 7, 1));
        buffer.set_string(0, 0, "┌─● é日", Style::new().fg(Color::Red));
        flatten(&mut buffer, Ability { colors: Colors::None, glyphs: Glyphs::Ascii, extras: Extras::Off });
        let text: String = buffer.content.iter().map(Cell::symbol).collect();
        assert_eq!(text, "+-* ?? ");
        assert!(buffer.content.iter().all(|cell| cell.fg == Color::Reset));
    }
}
