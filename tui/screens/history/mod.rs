//! History: who changed what and when, out of the audit, the newest first; one change with both its versions, and taking
//! changes back, one or several together. What a change is in words and what taking back means are of `settings`.

mod entry;
mod undo;

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr as _;

use crate::settings::configuration::Configuration;
use crate::settings::fold::fold;
use crate::settings::id::AuditId;
use crate::store::{AuditEntry, AuditQuery, DamagedEntry};
use crate::tui::app::{App, DynScreen, Transition};
use crate::tui::clock::moment;
use crate::tui::commands::Command;
use crate::tui::filter::Filter;
use crate::tui::keys::Key;
use crate::tui::plain::person;
use crate::tui::screen::Screen;
use crate::tui::theme;
use crate::tui::widgets::list::{List, MOVES, cell};

use entry::EntryView;

/// Entries that are read at once; going down past the last reads more.
const PAGE: usize = 200;

type Read = Result<AuditEntry, DamagedEntry>;

pub(super) struct History {
    entries: Vec<Read>,
    list: List<AuditId>,
    filter: Filter,
    /// Columns of the longest name of whoever made one.
    who: usize,
    /// Those that are to be taken back together.
    marked: BTreeSet<AuditId>,
    /// What the newest were read for.
    known: Option<Arc<Configuration>>,
}

impl History {
    pub(super) fn open() -> Self {
        Self {
            entries: Vec::new(),
            list: List::default(),
            filter: Filter::new(FIELDS),
            who: 0,
            marked: BTreeSet::new(),
            known: None,
        }
    }

    fn moved(&mut self, key: Key, app: &mut App) -> Transition {
        self.list.press(key);
        let is_at_end = self.list.place() + 1 == self.list.ids().len();
        if is_at_end && [Key::DOWN, Key::PAGE_DOWN, Key::END, Key::char('j')].contains(&key) {
            self.read_older(app);
        }
        Transition::Stay
    }

    /// What was written since, on top of what is there; the server's events of each second bring none.
    fn read_newer(&mut self, app: &mut App) {
        if self.known.as_ref().is_some_and(|known| Arc::ptr_eq(known, &app.configuration)) {
            return;
        }
        let newest = self.entries.first().map(id_of);
        let page = match app.store.audit(&AuditQuery::newest(PAGE)) {
            Ok(page) => page,
            Err(error) => return app.fail(error.to_string()),
        };
        self.known = Some(Arc::clone(&app.configuration));
        let reaches_back = page.iter().any(|entry| Some(id_of(entry)) == newest);
        if reaches_back {
            let new = page.into_iter().take_while(|entry| Some(id_of(entry)) != newest);
            self.entries = new.collect::<Vec<_>>().into_iter().chain(self.entries.drain(..)).collect();
        } else {
            self.entries = page;
        }
        self.list_entries();
    }

    fn read_older(&mut self, app: &mut App) {
        let before = self.entries.last().map(id_of);
        match app.store.audit(&AuditQuery { before, ..AuditQuery::newest(PAGE) }) {
            Ok(page) => self.entries.extend(page),
            Err(error) => app.fail(error.to_string()),
        }
        self.list_entries();
    }

    fn list_entries(&mut self) {
        self.arrange();
        self.who = who_width(&self.entries);
    }

    fn arrange(&mut self) {
        let entries = &self.entries;
        let rows = entries.iter().map(|entry| (id_of(entry), Cow::from(fold(&searched(entry)))));
        let field = |id, name| entry_of(entries, id).map_or_else(String::new, |entry| field(entry, name));
        self.filter.narrow(&mut self.list, rows, field);
    }

    fn chosen(&self) -> Option<&Read> {
        entry_of(&self.entries, self.list.chosen()?)
    }

    fn enter(&mut self, app: &mut App) -> Transition {
        match self.chosen() {
            Some(Ok(entry)) => Transition::Push(Box::new(EntryView::of(entry.clone()))),
            Some(Err(damaged)) => {
                app.fail(damaged.to_string());
                Transition::Stay
            }
            None => Transition::Stay,
        }
    }

    fn mark(&mut self, _app: &mut App) -> Transition {
        if let Some(Ok(entry)) = self.chosen() {
            let id = entry.id;
            if !self.marked.remove(&id) {
                self.marked.insert(id);
            }
            self.list.press(Key::DOWN);
        }
        Transition::Stay
    }

    /// Those that are marked; if none is, the chosen one.
    fn undo(&mut self, app: &mut App) -> Transition {
        let is_meant = |entry: &&AuditEntry| match self.marked.is_empty() {
            true => Some(entry.id) == self.list.chosen(),
            false => self.marked.contains(&entry.id),
        };
        let entries: Vec<AuditEntry> = self.entries.iter().flatten().filter(is_meant).cloned().collect();
        self.marked.clear();
        undo::ask(entries, app)
    }
}

/// The screen of one change, for a list elsewhere.
pub(super) fn show(entry: AuditEntry) -> Box<dyn DynScreen> {
    Box::new(EntryView::of(entry))
}

/// What a filter may ask for by name.
const FIELDS: &[&str] = &["who", "by"];

fn field(entry: &Read, name: &str) -> String {
    let Ok(entry) = entry else { return String::new() };
    match name {
        "who" => person(&entry.system_user),
        "by" => entry.origin.as_str().to_owned(),
        _ => String::new(),
    }
}

fn searched(entry: &Read) -> String {
    match entry {
        Ok(entry) => format!("{} {}", person(&entry.system_user), entry.recorded().describe()),
        Err(damaged) => damaged.to_string(),
    }
}

/// Newest first, so ids fall: found without a walk.
fn entry_of(entries: &[Read], id: AuditId) -> Option<&Read> {
    let place = entries.binary_search_by(|entry| id.cmp(&id_of(entry)));
    place.ok().map(|place| &entries[place])
}

fn id_of(entry: &Read) -> AuditId {
    match entry {
        Ok(entry) => entry.id,
        Err(damaged) => damaged.id,
    }
}

impl Screen for History {
    fn title(&self, _app: &App) -> String {
        "history".to_owned()
    }

    fn commands(&self, app: &App) -> Vec<Command<Self>> {
        let none = self.list.chosen().is_none().then_some("nothing was changed yet");
        vec![
            Command::keyed(MOVES, "move", "Move the cursor; past the end reads older changes", Self::moved),
            Command::new([Key::ENTER], "show", "Show the object before and after", Self::enter).blocked(none),
            Command::new([Key::SPACE], "mark", "Mark changes that are to be taken back together", Self::mark)
                .blocked(none)
                .edits(app),
            Command::new([Key::char('u')], "undo", "Take the change back, or all that are marked", Self::undo)
                .blocked(none)
                .edits(app),
        ]
    }

    fn filter(&self) -> Option<&Filter> {
        Some(&self.filter)
    }

    fn filter_mut(&mut self) -> Option<&mut Filter> {
        Some(&mut self.filter)
    }

    fn on_filter(&mut self, _app: &App) {
        self.arrange();
    }

    fn on_update(&mut self, app: &mut App) {
        self.read_newer(app);
    }

    fn clicked(&mut self, at: Position, _app: &mut App) -> Transition {
        self.list.clicked(at);
        Transition::Stay
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, app: &App) {
        let head = format!("   {}{}{}change", cell("when", 19), cell("who", self.who), cell("by", 7));
        frame.buffer_mut().set_stringn(area.x, area.y, head, usize::from(area.width), theme::TITLE);
        if self.entries.is_empty() {
            frame.buffer_mut().set_string(area.x, area.y + 2, "   Nothing was changed yet.", theme::MUTED);
            return;
        }
        let (entries, marked, who) = (&self.entries, &self.marked, self.who);
        let foot_rows = 3;
        let rows = Rect { y: area.y + 1, height: area.height.saturating_sub(1 + foot_rows), ..area };
        self.list.draw(frame, rows, true, |id| {
            let mark = if marked.contains(&id) { "*" } else { " " };
            let entry = entry_of(entries, id);
            entry.map_or_else(Line::default, |entry| row(entry, mark, (who, area.width), app))
        });
        let words = match self.chosen() {
            Some(Ok(entry)) => entry.recorded().describe(),
            Some(Err(damaged)) => damaged.to_string(),
            None => String::new(),
        };
        draw_foot(frame, Rect { y: area.bottom() - foot_rows, height: foot_rows, ..area }, &words);
    }
}

/// Whoever changed something is named in full, however long that is.
pub(super) fn who_width(entries: &[Read]) -> usize {
    const LEAST: usize = 6;
    entries.iter().flatten().map(|entry| person(&entry.system_user).width()).fold(LEAST, usize::max)
}

/// In a terminal of this width, with so many columns for whoever did it.
fn row(entry: &Read, mark: &str, (who, width): (usize, u16), app: &App) -> Line<'static> {
    match entry {
        Ok(entry) => {
            let (at, by) = (cell(&moment(entry.at, app.now), 19), cell(entry.origin.as_str(), 7));
            let before = format!(" {mark} {at}{}{by}", cell(&person(&entry.system_user), who));
            let rest = usize::from(width).saturating_sub(before.width() + 1);
            Line::raw(format!("{before}{}", cell(&entry.recorded().describe(), rest).trim_end()))
        }
        Err(damaged) => Line::from(Span::styled(format!(" {mark} {damaged}"), theme::ERROR)),
    }
}

/// The chosen change in full, as far as two rows go.
fn draw_foot(frame: &mut Frame<'_>, area: Rect, words: &str) {
    let width = usize::from(area.width);
    frame.buffer_mut().set_stringn(area.x, area.y, "─".repeat(width), width, theme::MUTED);
    let lines = crate::tui::frame::wrapped(words, width - 2);
    for (y, line) in (area.y + 1..area.bottom()).zip(&lines) {
        let is_cut = y + 1 == area.bottom() && lines.len() > 2;
        let line = if is_cut && line.width() + 2 < width { format!(" {line}…") } else { format!(" {line}") };
        frame.buffer_mut().set_stringn(area.x, y, line, width, theme::PLAIN);
    }
}
