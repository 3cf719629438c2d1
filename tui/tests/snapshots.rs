//! What a screen looks like, as text: its rows, and below them the runs of cells that are not plain. One call looks at
//! both sizes, on a terminal that can show everything and on one that can show next to nothing.

use std::fmt::Write as _;
use std::path::Path;

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};

use super::{COLOR, MONO, TestConsole};
use crate::settings::configuration::Configuration;
use crate::tui::Rights;
use crate::tui::tab::Tab;

const SIZES: [(u16, u16); 2] = [(80, 24), (120, 40)];

/// Plays the same keys on four consoles and compares each screen with `snapshots/NAME-WIDTHxHEIGHT-{color,mono}.txt`.
pub(super) fn assert_frames(name: &str, tab: Tab, configuration: &Configuration, play: impl Fn(&mut TestConsole)) {
    for (width, height) in SIZES {
        for (capabilities, word) in [(COLOR, "color"), (MONO, "mono")] {
            let mut console =
                TestConsole::with(tab, configuration.clone(), Rights::Edit, capabilities, (width, height));
            play(&mut console);
            let screen = console.screen();
            let styles = styles(console.draw());
            assert_snapshot(&format!("{name}-{width}x{height}-{word}"), &format!("{screen}{styles}"));
        }
    }
}

/// Compares a text with `snapshots/NAME.txt`; `CTIBOX_UPDATE_SNAPSHOTS=1` writes it.
pub(super) fn assert_snapshot(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tui/tests/snapshots").join(format!("{name}.txt"));
    if std::env::var_os("CTIBOX_UPDATE_SNAPSHOTS").is_some() {
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("the folder can be made");
        std::fs::write(&path, text).expect("the snapshot can be written");
    }
    let known = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(known == text, "{} is another:\n{text}\nexpected:\n{known}", path.display());
}

/// The runs that are not plain: row and first column, both from 0, what stands there, and how.
fn styles(buffer: &Buffer) -> String {
    let mut text = "════ styles\n".to_owned();
    for (y, row) in buffer.content.chunks(usize::from(buffer.area.width)).enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|a, b| style(a) == style(b)) {
            let symbols: String = run.iter().map(Cell::symbol).collect();
            let is_seen = !symbols.trim().is_empty() || style(&run[0]).contains("reversed");
            if is_seen && !style(&run[0]).is_empty() {
                writeln!(text, "{y:>2},{x:<3} {:<20} {}", style(&run[0]), symbols.trim_end())
                    .expect("a string takes all");
            }
            x += run.len();
        }
    }
    text
}

/// In words; empty for a plain cell.
fn style(cell: &Cell) -> String {
    let modifiers = [
        (Modifier::BOLD, "bold"),
        (Modifier::DIM, "dim"),
        (Modifier::UNDERLINED, "underlined"),
        (Modifier::REVERSED, "reversed"),
    ];
    let mut words: Vec<String> = [("", cell.fg), ("on ", cell.bg)]
        .into_iter()
        .filter(|(_, color)| *color != Color::Reset)
        .map(|(before, color)| format!("{before}{}", color.to_string().to_lowercase()))
        .collect();
    words
        .extend(modifiers.iter().filter(|(flag, _)| cell.modifier.contains(*flag)).map(|(_, word)| (*word).to_owned()));
    words.join(" ")
}
