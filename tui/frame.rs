//! The frame around every screen: the places, a title with the server's state, the message line and the key bar. It draws,
//! and remembers where a click means a place; the design size is 80 by 24, a telephone's 60 by 20 is enough.

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect, Size};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, BorderType, Padding};
use unicode_width::UnicodeWidthStr as _;

use super::app::{App, Transition};
use super::key_hint::KeyHint;
use super::keys::Key;
use super::note::Tone;
use super::saving::UnderWay;
use super::server::Server;
use super::spinner;
use super::tab::Tab;
use super::tabs;
use super::theme;
use super::widgets::key_areas::KeyAreas;
use crate::settings::rule::Severity;

pub(super) const WIDTH_MIN: u16 = 60;
pub(super) const HEIGHT_MIN: u16 = 20;

/// Rows that a long message may take.
const NOTE_ROWS: usize = 4;

/// The last words of the key bar: keys that every screen takes now.
pub(super) type Ending = [(Key, &'static str)];

/// Letters are no commands in a form.
pub(super) const IN_A_FORM: &Ending = &[(Key::F1, "keys")];
pub(super) const ON_A_SCREEN: &Ending = &[(Key::char('q'), "leave"), (Key::char('?'), "keys")];

/// What stands above a screen: where one is, and how many rows there are.
pub(super) struct Head {
    pub(super) tab: Tab,
    pub(super) crumbs: Vec<String>,
    /// `12/129`, `17 of 67`
    pub(super) count: Option<String>,
}

/// Where things were drawn.
#[derive(Debug, Default)]
pub(super) struct Parts {
    pub(super) body: Rect,
    title: Rect,
    tabs: Vec<(Rect, Tab)>,
    /// Those of the last row.
    keys: KeyAreas,
}

impl Parts {
    pub(super) fn tab_at(&self, at: Position) -> Option<Tab> {
        self.tabs.iter().find(|(area, _)| area.contains(at)).map(|(_, tab)| *tab)
    }

    pub(super) fn key_at(&self, at: Position) -> Option<Key> {
        self.keys.at(at)
    }
}

pub(super) fn is_too_small(area: Rect) -> bool {
    area.width < WIDTH_MIN || area.height < HEIGHT_MIN
}

/// Whether the console can be left from a terminal that is too small to ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MayLeave {
    AtOnce,
    NotUnsaved,
}

pub(super) fn draw_too_small(frame: &mut Frame<'_>, area: Rect, may_leave: MayLeave) {
    let words = format!("ctibox needs {WIDTH_MIN}x{HEIGHT_MIN}; this is {}x{}", area.width, area.height);
    let leaves = match may_leave {
        MayLeave::AtOnce => "Until then only q works: it leaves.",
        MayLeave::NotUnsaved => "Not saved yet: no key works until then.",
    };
    for (row, part) in ["Please make the terminal larger.", &words, leaves].iter().enumerate() {
        let row = u16::try_from(row).unwrap_or(0);
        if row < area.height {
            frame.buffer_mut().set_stringn(0, row, part, usize::from(area.width), theme::PLAIN);
        }
    }
}

/// Everything but the body and its title.
pub(super) fn draw(frame: &mut Frame<'_>, tab: Tab, unsaved: &[Tab], key_hints: &[KeyHint], ending: &Ending) -> Parts {
    let area = frame.area();
    let (tabs, y) = tabs::draw(frame, area, tab, unsaved);
    let title = Rect { y, height: 1, ..area };
    let keys = draw_keys(frame, Rect { y: area.height - 1, height: 1, ..area }, key_hints, ending);
    Parts { body: Rect { y: y + 1, height: area.height - y - 3, ..area }, title, tabs, keys }
}

/// A bordered box with a title, which ends in dots where it is longer than the box; its inside.
pub(super) fn draw_box(frame: &mut Frame<'_>, area: Rect, title: &str) -> Rect {
    // Two corners, and a blank on either side.
    let room = usize::from(area.width).saturating_sub(4);
    let title = if title.width() > room { with_dots(title, room) } else { title.to_owned() };
    let block = Block::bordered()
        .border_type(BorderType::Plain)
        .padding(Padding::horizontal(1))
        .title(Line::styled(format!(" {} ", title), theme::TITLE));
    let inner = block.inner(area);
    frame.render_widget(block, area);
    inner
}

/// How the server is, in a word or two.
fn server_words(app: &App) -> (Style, String) {
    match &app.server {
        Server::NotAskedYet => (theme::MUTED, "… server".to_owned()),
        Server::NotRunning => (theme::WARNING, "○ server stopped".to_owned()),
        Server::Silent(_) => (theme::ERROR, "✗ server silent".to_owned()),
        Server::Running(_, sessions) => (theme::GOOD, format!("● running, {} in", sessions.len())),
    }
}

/// How the title begins.
const RULE: &str = "── ";

/// Where one is, and at the end of the row how the server is. What is counted is known once the body is drawn.
pub(super) fn draw_title(frame: &mut Frame<'_>, parts: &Parts, head: &Head, app: &App) {
    let area = parts.title;
    let mut end = Vec::new();
    let is_read_only = app.read_only_obstacle().is_some();
    for part in head.count.as_deref().into_iter().chain(is_read_only.then_some("read only")) {
        end.extend([Span::styled(format!(" {part} "), theme::STRONG), Span::styled("──", theme::MUTED)]);
    }
    let (style, server) = server_words(app);
    // A blank before it and one behind.
    let server_width = u16::try_from(server.width() + 2).unwrap_or(0).min(area.width);
    let width = usize::from(area.width - server_width);
    let taken: usize = end.iter().map(Span::width).sum();
    let words = whereabouts(head, width.saturating_sub(taken));
    let rule = width.saturating_sub(words.width() + taken);
    // The names stand out from the rule that they are in.
    let names = words.strip_prefix(RULE).unwrap_or(&words).to_owned();
    let mut spans = vec![Span::styled(RULE, theme::MUTED), Span::styled(names, theme::TITLE)];
    spans.push(Span::styled("─".repeat(rule), theme::MUTED));
    spans.append(&mut end);
    frame.buffer_mut().set_line(area.x, area.y, &Line::from(spans), area.width - server_width);
    let x = area.right() - server_width;
    frame.buffer_mut().set_stringn(x, area.y, format!(" {server}"), usize::from(server_width), style);
}

/// `── Presences › xivo `; where that has no room, what is nearest to the end of it.
fn whereabouts(head: &Head, width: usize) -> String {
    let parts: Vec<&str> = [head.tab.heading()].into_iter().chain(head.crumbs.iter().map(String::as_str)).collect();
    let words = |from: usize| match from {
        0 => format!("── {} ", parts.join(" › ")),
        from => format!("── … › {} ", parts[from..].join(" › ")),
    };
    let fitting = (0..parts.len()).map(words).find(|words| words.width() <= width);
    fitting.unwrap_or_else(|| format!("{} ", with_dots(&words(parts.len() - 1), width.saturating_sub(1))))
}

/// The message line; what is longer than a row takes the rows above it too, over whatever is there.
pub(super) fn draw_note(frame: &mut Frame<'_>, app: &App) {
    let Some((tone, text)) = note(app) else { return };
    let (style, sign) = match tone {
        Tone::Done => (theme::GOOD, "●"),
        Tone::Remark => (theme::PLAIN, "·"),
        Tone::Problem(severity) => (theme::of(severity), theme::sign(severity)),
    };
    let area = frame.area();
    let columns = usize::from(area.width) - 4;
    let lines = first_rows(wrapped(&text.replace('\n', "; "), columns), NOTE_ROWS, columns);
    let top = area.height - 1 - u16::try_from(lines.len()).unwrap_or(1);
    for (row, line) in (top..).zip(lines) {
        let sign = if row == top { sign } else { " " };
        let words = format!(" {sign} {line}");
        let rest = usize::from(area.width).saturating_sub(words.width());
        frame.buffer_mut().set_stringn(0, row, format!("{words}{}", " ".repeat(rest)), usize::from(area.width), style);
    }
}

/// What people can read there, a line a row.
pub(super) fn text_of(buffer: &Buffer) -> String {
    let width = usize::from(buffer.area.width).max(1);
    let mut text = String::with_capacity(buffer.content.len() + buffer.content.len() / width);
    for row in buffer.content.chunks(width) {
        row.iter().for_each(|cell| text.push_str(cell.symbol()));
        text.push('\n');
    }
    text
}

/// What is under way before what was said last, and that before what is wrong as long as it is.
fn note(app: &App) -> Option<(Tone, String)> {
    if let Some(under_way) = app.under_way() {
        return Some((Tone::Remark, progress_words(under_way, app)));
    }
    let said = app.note.as_ref().map(|note| (note.tone, note.text.clone()));
    let lost = || app.lost.as_ref().map(|why| (Tone::Problem(Severity::Error), format!("nothing can be saved: {why}")));
    said.or_else(lost)
}

/// `saving… 3 s; Esc cancels`.
fn progress_words(under_way: &UnderWay<App, Transition>, app: &App) -> String {
    let seconds = app.now.unix_timestamp().saturating_sub(under_way.since).max(0);
    let mut words = format!("{} {}… {seconds} s", spinner::sign(app.now), under_way.verb);
    if let Some(holder) = under_way.lock_wait.as_ref().and_then(|wait| wait.holder()) {
        words.push_str(&format!("; waiting for {holder}"));
    }
    words.push_str(match under_way.phase.is_under_way() {
        true => "; it is being written and can no longer be canceled",
        false => "; Esc cancels",
    });
    match app.typed_ahead.waiting() {
        0 => {}
        1 => words.push_str("; 1 key waits"),
        keys => words.push_str(&format!("; {keys} keys wait")),
    }
    if let Some(refused) = app.typed_ahead.refused() {
        words.push_str(&format!("; {refused} was not taken"));
    }
    words
}

/// A text in lines of at most so many columns, broken between words where that is possible.
pub(super) fn wrapped(text: &str, columns: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let mut word = word;
        loop {
            let line = lines.last_mut().expect("there is always a line");
            let gap = usize::from(!line.is_empty());
            if line.width() + gap + word.width() <= columns {
                line.push_str(&" "[..gap]);
                line.push_str(word);
                break;
            }
            if line.is_empty() {
                let part = break_of(word, columns.max(2));
                line.push_str(part);
                word = &word[part.len()..];
            }
            lines.push(String::new());
        }
    }
    lines
}

/// As much of a long word as has room, up to a sign behind which such a word is broken best: bytes and titles stay whole.
fn break_of(word: &str, columns: usize) -> &str {
    let part = cut_to(word, columns);
    let end = part.rfind([',', ':', ';', '/']).map_or(part.len(), |at| at + 1);
    if end > part.len() / 2 { &part[..end] } else { part }
}

/// As much of a text as has room in so many columns.
pub(super) fn cut_to(text: &str, columns: usize) -> &str {
    let mut width = 0;
    for (at, letter) in text.char_indices() {
        width += unicode_width::UnicodeWidthChar::width(letter).unwrap_or(0);
        if width > columns {
            return &text[..at];
        }
    }
    text
}

/// As much of a text that goes on as has room in so many columns, with dots for the rest.
pub(super) fn with_dots(text: &str, columns: usize) -> String {
    format!("{}…", cut_to(text, columns.saturating_sub(1)))
}

/// The first of these rows, as many as there is room for; the last of them ends in dots where there are more.
pub(super) fn first_rows(mut rows: Vec<String>, room: usize, columns: usize) -> Vec<String> {
    if rows.len() > room {
        rows.truncate(room);
        rows.iter_mut().skip(room.saturating_sub(1)).for_each(|last| *last = with_dots(last, columns));
    }
    rows
}

/// As many commands as there is room for; help always has the last word. Where each key stands with its words.
fn draw_keys(frame: &mut Frame<'_>, area: Rect, key_hints: &[KeyHint], ending: &Ending) -> KeyAreas {
    let width_of = |key: Key, words: &str| key.to_string().width() + words.width() + 3;
    let tail: usize = ending.iter().map(|(key, words)| width_of(*key, words)).sum();
    let room = usize::from(area.width).saturating_sub(tail);
    let mut spans: Vec<Span<'static>> = Vec::new();
    let (mut used, mut areas) = (0, KeyAreas::default());
    let mut add = |used: usize, width: usize, key| {
        let [x, width] = [used, width].map(|columns| u16::try_from(columns).unwrap_or(area.width));
        areas.add(Rect { x: area.x.saturating_add(x), width, ..area }.intersection(area), key);
    };
    for key_hint in key_hints.iter().filter(|key_hint| key_hint.is_in_bar && !key_hint.is_hidden) {
        let Some(key) = key_hint.keys().next() else { continue };
        let width = width_of(key, key_hint.words);
        if used + width > room {
            break;
        }
        add(used, width, key);
        used += width;
        let (key_style, style) = match key_hint.obstacle {
            None => (theme::KEY, theme::PLAIN),
            Some(_) => (theme::MUTED, theme::MUTED),
        };
        spans.push(Span::styled(format!(" {key}"), key_style));
        spans.push(Span::styled(format!(" {} ", key_hint.words), style));
    }
    for (key, words) in ending {
        let width = width_of(*key, words);
        add(used, width, *key);
        used += width;
        spans.push(Span::styled(format!(" {key}"), theme::KEY));
        spans.push(Span::styled(format!(" {words} "), theme::PLAIN));
    }
    frame.buffer_mut().set_line(area.x, area.y, &Line::from(spans), area.width);
    areas
}

/// Columns of a box beside its content.
const BOX_COLUMNS: u16 = 4;
const BOX_ROWS: u16 = 2;

/// What the largest box in the area has room for.
pub(super) fn room_of_box(area: Rect) -> Size {
    Size::new(area.width.saturating_sub(BOX_COLUMNS), area.height.saturating_sub(BOX_ROWS))
}

/// So many columns and rows of content in the middle, with a border around them, as far as there is room.
pub(super) fn middle(area: Rect, width: u16, height: u16) -> Rect {
    let (width, height) =
        (width.saturating_add(BOX_COLUMNS).min(area.width), height.saturating_add(BOX_ROWS).min(area.height));
    Rect::new(area.x + (area.width - width) / 2, area.y + (area.height - height) / 2, width, height)
}
