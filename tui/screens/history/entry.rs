//! One change: who, when, how, and the object before and after, member by member, those that became another first.

use std::collections::BTreeSet;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;
use serde_json::Value;
use unicode_width::UnicodeWidthStr as _;

use crate::exchange::document::{item_words, label};
use crate::settings::id::AuditId;
use crate::settings::setting::{Key, SettingValue};
use crate::store::AuditEntry;
use crate::tui::app::{App, Transition};
use crate::tui::clock::moment;
use crate::tui::commands::Command;
use crate::tui::frame::wrapped;
use crate::tui::key_table::Action;
use crate::tui::keys::Key as Pressed;
use crate::tui::screen::Screen;
use crate::tui::system_user::person;
use crate::tui::theme;
use crate::tui::widgets::foot::Foot;
use crate::tui::widgets::list::{List, MOVES, RowClick, cell};

use super::undo;

/// Rows above the members.
const HEAD_ROWS: u16 = 4;

/// Rows that say the chosen member in full: a list has no room in half a row.
const FOOT_ROWS: u16 = 7;

pub(super) struct EntryView {
    entry: AuditEntry,
    /// A member's name, before, after.
    members: Vec<Member>,
    /// The rows of all members: values that changed take as many as they need.
    list: List<usize>,
    rows: Vec<MemberRow>,
}

struct Member {
    name: String,
    before: String,
    after: String,
}

impl EntryView {
    pub(super) fn of(entry: AuditEntry) -> Self {
        let members = match entry.recorded().key() {
            Some(key) => vec![Member::of_setting(key, &entry)],
            None => members(entry.before.as_ref(), entry.after.as_ref()),
        };
        Self { entry, members, list: List::default(), rows: Vec::new() }
    }

    /// The rows for values of so many columns.
    fn arrange(&mut self, name: usize, half: usize) {
        self.rows = self.members.iter().enumerate().flat_map(|(at, member)| member.rows(at, name, half)).collect();
        if self.list.ids().len() != self.rows.len() {
            self.list.set((0..self.rows.len()).collect());
        }
    }

    fn moved(&mut self, key: Pressed, _app: &mut App) -> Transition {
        self.list.press(key);
        Transition::Stay
    }

    fn undo(&mut self, app: &mut App) -> Transition {
        let entry = self.entry.clone();
        undo::ask(move |store| Ok(vec![undo::read_with_what_belongs(entry, store)?]), app)
    }

    fn back(&mut self, _app: &mut App) -> Transition {
        Transition::Pop
    }

    pub(super) fn id(&self) -> AuditId {
        self.entry.id
    }
}

/// A part of a member.
struct MemberRow {
    member: usize,
    sign: &'static str,
    name: String,
    before: String,
    after: String,
}

/// Columns of a member's name, where there is room for more and where there is not.
const NAME_COLUMNS: [usize; 2] = [32, 18];
const WIDE: usize = 110;
/// Up to so many, names get no more than they need: what they were and became is what one looks for.
const NARROW: usize = 60;

impl Member {
    fn is_changed(&self) -> bool {
        self.before != self.after
    }

    /// What changed is seen whole, the rest as far as there is room.
    fn rows(&self, at: usize, name: usize, half: usize) -> Vec<MemberRow> {
        if !self.is_changed() {
            let [called, before, after] = [&self.name, &self.before, &self.after].map(String::clone);
            return vec![MemberRow { member: at, sign: " ", name: called, before, after }];
        }
        let room = half.saturating_sub(2).max(1);
        let parts = [(&self.name, name - 1), (&self.before, room), (&self.after, room)];
        let parts = parts.map(|(text, columns)| wrapped(text, columns));
        let rows = parts.iter().map(Vec::len).max().unwrap_or(1);
        let part = |of: usize, row: usize| parts[of].get(row).cloned().unwrap_or_default();
        let row = |row: usize| MemberRow {
            member: at,
            sign: if row == 0 { "~" } else { " " },
            name: part(0, row),
            before: part(1, row),
            after: part(2, row),
        };
        (0..rows).map(row).collect()
    }

    /// Where nothing was stored, the default held.
    fn of_setting(key: Key, entry: &AuditEntry) -> Self {
        let value = |image: Option<&Value>| match image {
            Some(image) => image.get("value").map(item_words).unwrap_or_default(),
            None => format!("{} (the default)", SettingValue::default_of(key)),
        };
        Self { name: "value".to_owned(), before: value(entry.before.as_ref()), after: value(entry.after.as_ref()) }
    }
}

/// All members of both versions, in the order of the newer one, the changed ones before the others.
fn members(before: Option<&Value>, after: Option<&Value>) -> Vec<Member> {
    let value = |image: Option<&Value>, name: &str| image.and_then(|image| image.get(name)).cloned();
    let mut names: Vec<&String> = Vec::new();
    for image in [after, before].into_iter().flatten().filter_map(Value::as_object) {
        for name in image.keys().filter(|name| *name != "version") {
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    let text = |value: Option<Value>| value.map_or_else(|| "-".to_owned(), |value| item_words(&value));
    let mut members = Vec::new();
    for name in names {
        let (old, new) = only_different(value(before, name), value(after, name));
        if let Some(parts) = different_parts(old.as_ref(), new.as_ref()) {
            members.extend(parts.into_iter().map(|(part, before, after)| Member {
                name: format!("{} {part}", label(name)),
                before: text(before),
                after: text(after),
            }));
            continue;
        }
        members.push(Member { name: label(name), before: text(old), after: text(new) });
    }
    members.sort_by_key(|member| !member.is_changed());
    members
}

type DifferentPart<'a> = (&'a String, Option<Value>, Option<Value>);

/// Of a member that is itself several by name, those that became another: the preferences of a profile. None: it is no such,
/// or is as it was.
fn different_parts<'a>(before: Option<&'a Value>, after: Option<&'a Value>) -> Option<Vec<DifferentPart<'a>>> {
    let maps: Vec<_> = [before, after].into_iter().flatten().filter_map(Value::as_object).collect();
    if before == after || maps.is_empty() {
        return None;
    }
    let names: BTreeSet<&String> = maps.into_iter().flat_map(|map| map.keys()).collect();
    let value = |image: Option<&Value>, name: &str| image.and_then(|image| image.get(name)).cloned();
    let parts = names.into_iter().map(|name| (name, value(before, name), value(after, name)));
    Some(parts.filter(|(_, before, after)| before != after).collect())
}

/// Of two lists what the other one does not have: of thirty hints the one that became another. Two that differ in their
/// order alone stay whole.
fn only_different(before: Option<Value>, after: Option<Value>) -> (Option<Value>, Option<Value>) {
    let (Some(Value::Array(old)), Some(Value::Array(new))) = (&before, &after) else { return (before, after) };
    let without = |one: &[Value], other: &[Value]| -> Vec<Value> {
        one.iter().filter(|item| !other.contains(item)).cloned().collect()
    };
    let (gone, come) = (without(old, new), without(new, old));
    if gone.is_empty() && come.is_empty() {
        return (before, after);
    }
    let list = |items: Vec<Value>| (!items.is_empty()).then_some(Value::Array(items));
    (list(gone), list(come))
}

impl Screen for EntryView {
    fn title(&self, _app: &App) -> String {
        format!("entry {}", self.id())
    }

    fn commands(&self, app: &App) -> Vec<Command<Self>> {
        vec![
            Command::keyed(MOVES, "move", "Move the cursor", Self::moved),
            Command::new([Action::TakeBack], "undo", "Undo this change", Self::undo).edits(app),
            Command::new([Action::Back], "back", "Go back to the list", Self::back),
        ]
    }

    /// Its rows open nothing.
    fn clicked(&mut self, at: Position, _app: &mut App) -> Transition {
        match self.list.clicked(at) {
            RowClick::Missed | RowClick::Chosen | RowClick::Again => Transition::Stay,
        }
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, app: &App) {
        let width = usize::from(area.width);
        let entry = &self.entry;
        let who =
            format!(" {} by {} ({})", moment(entry.at, app.now), person(&entry.system_user), entry.origin.as_str());
        let most = NAME_COLUMNS[usize::from(width < WIDE)];
        let longest = self.members.iter().map(|member| member.name.width()).max().unwrap_or(most);
        let name_columns = if width < NARROW { (longest + 1).min(most) } else { most };
        let half = width.saturating_sub(name_columns + 6) / 2;
        let foot_rows = FOOT_ROWS.min(area.height / 2);
        let head = format!("   {}{}after", cell("", name_columns), cell("before", half));
        let lines = [(entry.recorded().label(), theme::SECTION), (who, theme::PLAIN), (String::new(), theme::PLAIN)];
        for (y, (line, style)) in (area.y..).zip(lines.into_iter().chain([(head, theme::HEAD)])) {
            let line = if y == area.y { format!(" {line}") } else { line };
            frame.buffer_mut().set_stringn(area.x, y, line, width, style);
        }
        let rows = Rect { y: area.y + HEAD_ROWS, height: area.height.saturating_sub(HEAD_ROWS + foot_rows), ..area };
        self.arrange(name_columns, half);
        let (members, member_rows) = (&self.members, &self.rows);
        self.list.draw(frame, rows, true, |at| {
            let Some(row) = member_rows.get(at) else { return Line::default() };
            let is_changed = members.get(row.member).is_some_and(Member::is_changed);
            let style = if is_changed { theme::PLAIN } else { theme::MUTED };
            let (before, after) = (cell(&row.before, half), cell(&row.after, half));
            Line::styled(format!(" {} {}{before}{after}", row.sign, cell(&row.name, name_columns)), style)
        });
        let chosen = self.list.chosen().and_then(|at| self.rows.get(at));
        if let Some(member) = chosen.and_then(|row| self.members.get(row.member)) {
            let mut foot = Foot::new(&member.name, area.width);
            foot.say("before", &member.before);
            foot.say("after", &member.after);
            foot.draw(frame, Rect { y: area.bottom() - foot_rows, height: foot_rows, ..area });
        }
    }
}
