//! What a screen looks like, as text: its rows, and below them the runs of cells that are not plain. One call looks at
//! both sizes. What repeats on every screen stands once: the tabs in `snapshots/tabs.txt`, the key bars of all frames in
//! `snapshots/key-bars.txt`; a screen's own file holds the rest. A terminal that can show next to nothing gets the same
//! frame with each cell replaced, which is proved on every frame; ten of them are kept as they look there.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};

use super::signs::assert_told_by_signs;
use super::{COLOR, MONO, TestConsole, role_of};
use crate::settings::configuration::Configuration;
use crate::settings::console_theme::ConsoleTheme;
use crate::tui::Rights;
use crate::tui::appearance::Appearance;
use crate::tui::capabilities::Capabilities;
use crate::tui::degrade::degrade;
use crate::tui::palette::Role;
use crate::tui::tab::Tab;

const SIZES: [(u16, u16); 2] = [(80, 24), (120, 40)];

/// Rows of tabs, at the top of every frame; the last row is the key bar.
fn tab_rows(buffer: &Buffer) -> usize {
    if buffer.area.width < 120 { 2 } else { 1 }
}

/// The frames that are kept as a terminal without colours and Unicode shows them too, at the design size.
const KEPT_MONO: [&str; 10] = [
    "consequence-typed",
    "help",
    "history",
    "overview",
    "presences-matrix",
    "profiles-xlets",
    "sessions",
    "sessions-end",
    "user-form-error",
    "users",
];

/// Plays the same keys on consoles of both sizes, with and without colours, and compares what each shows with what is
/// known of it.
pub(super) fn assert_frames(name: &str, tab: Tab, configuration: &Configuration, play: impl Fn(&mut TestConsole)) {
    for size in SIZES {
        let frame = |capabilities: Capabilities| {
            let mut console = TestConsole::with(tab, configuration.clone(), Rights::Edit, capabilities, size);
            play(&mut console);
            console.draw().clone()
        };
        let (color, mono) = (frame(COLOR), frame(MONO));
        let known_as = format!("{name}-{}x{}", size.0, size.1);
        assert_told_by_signs(&known_as, &color);
        let parts = Parts::of(&color);
        assert_snapshot(&known_as, &parts.body);
        assert_entry("tabs", &format!("{}x{} {}", size.0, size.1, parts.chosen_tab), &parts.tabs);
        assert_entry("key-bars", &known_as, &parts.key_bar);
        let replaced = without_colors(color);
        assert!(replaced == mono, "{known_as} without colours is another frame:\n{}", rows(&mono).join("\n"));
        if KEPT_MONO.contains(&name) && size == SIZES[0] {
            assert_snapshot(&format!("{known_as}-mono"), &Parts::of(&mono).body);
        }
    }
}

/// The frame as a terminal gets it that can show next to nothing: each colour is its role again, and then none.
pub(super) fn without_colors(mut buffer: Buffer) -> Buffer {
    for cell in &mut buffer.content {
        for color in [&mut cell.fg, &mut cell.bg] {
            *color = match role_of(*color) {
                Some(Role::Text | Role::Paper) => Color::Reset,
                Some(role) => role.color(),
                None => *color,
            };
        }
    }
    degrade(&mut buffer, Appearance::of(MONO, None, ConsoleTheme::Auto));
    buffer
}

/// A frame in the pieces that are kept apart.
struct Parts {
    tabs: String,
    chosen_tab: String,
    /// The rows between tabs and key bar, and what is not plain in them.
    body: String,
    /// What cannot be done now stands in brackets.
    key_bar: String,
}

impl Parts {
    fn of(buffer: &Buffer) -> Self {
        let rows = rows(buffer);
        let last = rows.len() - 1;
        let runs = runs(buffer);
        let tab_rows = tab_rows(buffer);
        let is_of_tabs = |run: &&Run| usize::from(run.y) < tab_rows;
        // Key and word: a word may be short, or missing where there is no room.
        let chosen: String = runs
            .iter()
            .filter(is_of_tabs)
            .filter(|run| run.style.contains("on chosen"))
            .map(|run| run.text.as_str())
            .collect();
        let tabs_styles: String = runs.iter().filter(is_of_tabs).map(Run::line).collect();
        let body_styles: String =
            runs.iter().filter(|run| usize::from(run.y) != last && !is_of_tabs(run)).map(Run::line).collect();
        Self {
            tabs: format!("{}\n{tabs_styles}", rows[..tab_rows].join("\n")),
            chosen_tab: chosen.split_whitespace().collect::<Vec<_>>().join(" "),
            body: format!("{}\n════ styles\n{body_styles}", rows[tab_rows..last].join("\n")),
            key_bar: key_bar(buffer),
        }
    }
}

fn key_bar(buffer: &Buffer) -> String {
    let last = buffer.content.chunks(usize::from(buffer.area.width)).last().unwrap_or_default();
    let mut words = String::new();
    for cells in last.chunk_by(|a, b| style(a) == style(b)) {
        let text: String = cells.iter().map(Cell::symbol).collect();
        match style(&cells[0]).contains("muted") {
            true => write!(words, " ({})", text.trim()).expect("a string takes all"),
            false => words.push_str(&text),
        }
    }
    format!("{}\n", words.trim_end())
}

/// What stands on the screen, a line a row, without what fills the ends.
fn rows(buffer: &Buffer) -> Vec<String> {
    let width = usize::from(buffer.area.width);
    let rows = buffer.content.chunks(width);
    rows.map(|row| row.iter().map(Cell::symbol).collect::<String>().trim_end().to_owned()).collect()
}

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tui/tests/snapshots").join(format!("{name}.txt"))
}

fn is_updating() -> bool {
    std::env::var_os("CTIBOX_UPDATE_SNAPSHOTS").is_some()
}

/// Compares a text with `snapshots/NAME.txt`; `CTIBOX_UPDATE_SNAPSHOTS=1` writes it.
pub(super) fn assert_snapshot(name: &str, text: &str) {
    let path = path(name);
    if is_updating() {
        std::fs::write(&path, text).expect("the snapshot can be written");
    }
    let known = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(known == text, "{} is another:\n{text}\nexpected:\n{known}", path.display());
}

/// One test at a time writes into what they share.
static SHARED: Mutex<()> = Mutex::new(());

/// The same for one entry of a file that holds many: `## NAME`, then its text.
fn assert_entry(file: &str, name: &str, text: &str) {
    let path = path(file);
    let _held = SHARED.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let whole = std::fs::read_to_string(&path).unwrap_or_default();
    let mut entries: std::collections::BTreeMap<&str, &str> =
        whole.split("## ").filter_map(|entry| entry.split_once('\n')).collect();
    if is_updating() {
        entries.insert(name, text);
        let all: String = entries.iter().map(|(name, text)| format!("## {name}\n{text}")).collect();
        std::fs::write(&path, all).expect("the snapshot can be written");
    }
    let known = entries.get(name).copied().unwrap_or_default();
    assert!(known == text, "{name} in {} is another:\n{text}\nexpected:\n{known}", path.display());
}

/// Cells beside each other that look alike.
struct Run {
    y: u16,
    /// The first column, from 0.
    x: usize,
    style: String,
    text: String,
}

impl Run {
    fn line(&self) -> String {
        format!("{:>2},{:<3} {:<20} {}\n", self.y, self.x, self.style, self.text.trim_end())
    }
}

/// The runs that are not plain.
fn runs(buffer: &Buffer) -> Vec<Run> {
    let mut runs = Vec::new();
    for (y, row) in (0..).zip(buffer.content.chunks(usize::from(buffer.area.width))) {
        let mut x = 0;
        for cells in row.chunk_by(|a, b| style(a) == style(b)) {
            let text: String = cells.iter().map(Cell::symbol).collect();
            let style = style(&cells[0]);
            let is_bar = style.contains("on chosen") || style.contains("reversed");
            if !style.is_empty() && (!text.trim().is_empty() || is_bar) {
                runs.push(Run { y, x, style, text });
            }
            x += cells.len();
        }
    }
    runs
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
        .filter_map(|(before, color)| match role_of(color) {
            Some(Role::Text | Role::Paper) => None,
            Some(role) => Some(format!("{before}{role:?}").to_lowercase()),
            None => Some(format!("{before}{color}").to_lowercase()),
        })
        .collect();
    words
        .extend(modifiers.iter().filter(|(flag, _)| cell.modifier.contains(*flag)).map(|(_, word)| (*word).to_owned()));
    words.join(" ")
}

/// Every frame that is kept belongs to a test: no file is left behind by a test that went.
#[test]
fn ten_frames_are_kept_as_they_look_without_colors() {
    let files = std::fs::read_dir(path("").parent().expect("a folder")).expect("the snapshots are there");
    let names = files.filter_map(Result::ok).map(|file| file.file_name().to_string_lossy().into_owned());
    let mut mono: Vec<String> = names.filter(|name| name.ends_with("-mono.txt")).collect();
    mono.sort();
    assert_eq!(mono, KEPT_MONO.map(|name| format!("{name}-80x24-mono.txt")));
}
