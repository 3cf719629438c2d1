//! The picture of the README: a real frame as an SVG, cell by cell. `CTIBOX_UPDATE_SNAPSHOTS=1` draws it anew.

use std::fmt::Write as _;
use std::path::Path;

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};

use super::{COLOR, TestConsole};
use crate::settings::fixtures;
use crate::tui::Rights;
use crate::tui::keys::Key;
use crate::tui::tab::Tab;

const SIZE: (u16, u16) = (120, 40);
/// Of one cell, in pixels.
const WIDTH: usize = 9;
const HEIGHT: usize = 19;
const MARGIN: usize = 12;
const INK: &str = "#d5dae3";
const PAPER: &str = "#15181e";
/// All is in colours of its own there.
fn hex(color: Color, otherwise: &str) -> String {
    match color {
        Color::Rgb(red, green, blue) => format!("#{red:02x}{green:02x}{blue:02x}"),
        _ => otherwise.to_owned(),
    }
}

/// Ink, paper, and whether the letters are bold.
fn style(cell: &Cell) -> (String, String, bool) {
    (hex(cell.fg, INK), hex(cell.bg, PAPER), cell.modifier.contains(Modifier::BOLD))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn svg(buffer: &Buffer) -> String {
    let (columns, rows) = (usize::from(buffer.area.width), usize::from(buffer.area.height));
    let (width, height) = (columns * WIDTH + 2 * MARGIN, rows * HEIGHT + 2 * MARGIN);
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\">\n\
         <title>The console of ctibox: the xlets of a profile beside a sketch of the client's window</title>\n\
         <rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"{PAPER}\"/>\n\
         <g font-family=\"DejaVu Sans Mono, Menlo, Consolas, monospace\" font-size=\"15\" xml:space=\"preserve\">\n"
    );
    for (y, row) in buffer.content.chunks(columns).enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|a, b| style(a) == style(b)) {
            let (ink, paper, is_bold) = style(&run[0]);
            let symbols: String = run.iter().map(Cell::symbol).collect();
            let (left, top) = (MARGIN + x * WIDTH, MARGIN + y * HEIGHT);
            let length = run.len() * WIDTH;
            if paper != PAPER {
                writeln!(
                    text,
                    "<rect x=\"{left}\" y=\"{top}\" width=\"{length}\" height=\"{HEIGHT}\" fill=\"{paper}\"/>"
                )
                .expect("a string takes all");
            }
            if !symbols.trim().is_empty() {
                let (bold, base) = (if is_bold { " font-weight=\"bold\"" } else { "" }, top + HEIGHT - 5);
                writeln!(
                    text,
                    "<text x=\"{left}\" y=\"{base}\" textLength=\"{length}\" fill=\"{ink}\"{bold}>{}</text>",
                    escaped(&symbols)
                )
                .expect("a string takes all");
            }
            x += run.len();
        }
    }
    text + "</g>\n</svg>\n"
}

#[test]
fn the_picture_of_the_readme_is_a_frame_of_the_program() {
    let mut console = TestConsole::with(Tab::Profiles, fixtures::small_company(), Rights::Edit, COLOR, SIZE);
    console.connect(&[("alice", "available"), ("bob", "away")]);
    // Two of one number: what a rule says of it is to be seen.
    console.press(&[Key::DOWN, Key::DOWN, Key::ENTER, Key::TAB, Key::END, Key::ENTER, Key::TAB, Key::ctrl('u')]);
    console.write("5").press(&[Key::ENTER, Key::DOWN]);
    let picture = svg(console.draw());
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/console.svg");
    if std::env::var_os("CTIBOX_UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(&path, &picture).expect("the picture can be written");
    }
    let known = std::fs::read_to_string(&path).expect("the picture is there");
    assert!(
        known == picture,
        "CTIBOX_UPDATE_SNAPSHOTS=1 draws {} anew; the frame is\n{}",
        path.display(),
        console.screen()
    );
}
