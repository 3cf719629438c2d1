//! One change: who, when, how, and the object before and after, member by member, those that became another first.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;
use serde_json::Value;

use crate::exchange::document::{item_words, label};
use crate::settings::id::AuditId;
use crate::settings::setting::{Key, SettingValue};
use crate::store::AuditEntry;
use crate::tui::app::{App, Transition};
use crate::tui::clock::moment;
use crate::tui::commands::Command;
use crate::tui::key_table::Action;
use crate::tui::keys::Key as Pressed;
use crate::tui::screen::Screen;
use crate::tui::system_user::person;
use crate::tui::theme;
use crate::tui::widgets::foot::Foot;
use crate::tui::widgets::list::{List, MOVES, cell};

use super::attempt::PastAction;
use super::undo;

/// Rows above the members.
const HEAD_ROWS: u16 = 4;

/// Rows that say the chosen member in full: a list has no room in half a row.
const FOOT_ROWS: u16 = 7;

pub(super) struct EntryView {
    entry: AuditEntry,
    /// A member's name, before, after.
    members: Vec<Member>,
    list: List<usize>,
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
        let list = List::new((0..members.len()).collect());
        Self { entry, members, list }
    }

    fn moved(&mut self, key: Pressed, _app: &mut App) -> Transition {
        self.list.press(key);
        Transition::Stay
    }

    fn undo(&mut self, app: &mut App) -> Transition {
        let action = PastAction::of(self.entry.clone());
        undo::ask(move |_| Ok(vec![action]), app)
    }

    fn back(&mut self, _app: &mut App) -> Transition {
        Transition::Pop
    }

    pub(super) fn id(&self) -> AuditId {
        self.entry.id
    }
}

impl Member {
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
    let member = |name: &String| {
        let (before, after) = only_different(value(before, name), value(after, name));
        let text = |value: Option<Value>| value.map_or_else(|| "-".to_owned(), |value| item_words(&value));
        Member { name: label(name), before: text(before), after: text(after) }
    };
    let mut members: Vec<Member> = names.into_iter().map(member).collect();
    members.sort_by_key(|member| member.before == member.after);
    members
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

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, app: &App) {
        let width = usize::from(area.width);
        let entry = &self.entry;
        let who =
            format!(" {} by {} ({})", moment(entry.at, app.now), person(&entry.system_user), entry.origin.as_str());
        let half = width.saturating_sub(24) / 2;
        let foot_rows = FOOT_ROWS.min(area.height / 2);
        let head = format!("   {}{}after", cell("", 18), cell("before", half));
        let lines = [(entry.recorded().label(), theme::SECTION), (who, theme::PLAIN), (String::new(), theme::PLAIN)];
        for (y, (line, style)) in (area.y..).zip(lines.into_iter().chain([(head, theme::HEAD)])) {
            let line = if y == area.y { format!(" {line}") } else { line };
            frame.buffer_mut().set_stringn(area.x, y, line, width, style);
        }
        let rows = Rect { y: area.y + HEAD_ROWS, height: area.height.saturating_sub(HEAD_ROWS + foot_rows), ..area };
        let members = &self.members;
        self.list.draw(frame, rows, true, |at| {
            let Some(member) = members.get(at) else { return Line::default() };
            let (sign, style) = if member.before == member.after { (" ", theme::MUTED) } else { ("~", theme::PLAIN) };
            let (before, after) = (cell(&member.before, half), cell(&member.after, half));
            Line::styled(format!(" {sign} {}{before}{after}", cell(&member.name, 18)), style)
        });
        if let Some(member) = self.list.chosen().and_then(|at| self.members.get(at)) {
            let mut foot = Foot::new(&member.name, area.width);
            foot.say("before", &member.before);
            foot.say("after", &member.after);
            foot.draw(frame, Rect { y: area.bottom() - foot_rows, height: foot_rows, ..area });
        }
    }
}
