//! The lines that stand in one context.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line as Row;

use crate::settings::id::{ContextId, Id as _, LineId};
use crate::settings::line::Line;
use crate::settings::table::Kind;
use crate::tui::commands::Command;
use crate::tui::form::Form;
use crate::tui::keys::Key;
use crate::tui::office::Office;
use crate::tui::screen::{Answer, Place, Screen, Target};
use crate::tui::screens::line_form::{LineModel, ask_to_remove};
use crate::tui::theme;
use crate::tui::widgets::columns::{Column, fit};
use crate::tui::widgets::list::{List, MOVES, cell};

pub(super) struct Lines {
    context: ContextId,
    list: List<LineId>,
}

impl Lines {
    pub(super) fn open(context: ContextId, office: &Office) -> Self {
        Self { context, list: List::new(ids(context, office)) }
    }

    pub(super) fn at(line: LineId, context: ContextId, office: &Office) -> Self {
        let mut lines = Self::open(context, office);
        lines.list.choose(line);
        lines
    }

    fn moved(&mut self, key: Key, _office: &mut Office) -> Answer {
        self.list.press(key);
        Answer::Stay
    }

    fn add(&mut self, office: &mut Office) -> Answer {
        Answer::Push(Box::new(Form::open(LineModel::add(None, Some(self.context), office), office)))
    }

    fn edit(&mut self, office: &mut Office) -> Answer {
        match self.list.chosen() {
            Some(id) => Answer::Push(Box::new(Form::open(LineModel::edit(id, office), office))),
            None => Answer::Stay,
        }
    }

    fn remove(&mut self, office: &mut Office) -> Answer {
        self.list.chosen().map_or(Answer::Stay, |id| ask_to_remove(id, office))
    }

    fn go_to_user(&mut self, office: &mut Office) -> Answer {
        let line = self.list.chosen().and_then(|id| office.configuration.lines.get(id));
        let target = line.map(|line| Target { kind: Kind::User, id: line.user.number() });
        target.map_or(Answer::Stay, |target| Answer::Go(Place::Users, Some(target)))
    }
}

/// In order of the extensions.
fn ids(context: ContextId, office: &Office) -> Vec<LineId> {
    let mut lines: Vec<&Line> =
        office.configuration.lines.iter().filter(|line| line.context == context).map(|line| &**line).collect();
    lines.sort_by_key(|line| (line.extension.as_str().len(), line.extension.as_str()));
    lines.iter().map(|line| line.id).collect()
}

impl Screen for Lines {
    fn title(&self, office: &Office) -> String {
        office.configuration.contexts.get(self.context).map_or_else(String::new, |context| context.name.to_string())
    }

    fn commands(&self, office: &Office) -> Vec<Command<Self>> {
        let none = self.list.chosen().is_none().then_some("no line stands in this context");
        vec![
            Command::keyed(MOVES, "move", "Move the cursor", Self::moved),
            Command::new(
                [Key::ENTER, Key::char('e')],
                "edit",
                "Edit the line, or move it to another context",
                Self::edit,
            )
            .blocked(none)
            .edits(office),
            Command::new([Key::char('a')], "add", "Add a line to the context", Self::add).edits(office),
            Command::new([Key::char('d'), Key::DELETE], "remove", "Remove the line", Self::remove)
                .blocked(none)
                .edits(office),
            Command::new([Key::char('u')], "user", "Go to the user whose line it is", Self::go_to_user).blocked(none),
        ]
    }

    fn heard(&mut self, office: &mut Office) {
        self.list.set(ids(self.context, office));
    }

    fn clicked(&mut self, at: Position, _office: &mut Office) -> Answer {
        self.list.clicked(at);
        Answer::Stay
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, office: &Office) {
        let c = &office.configuration;
        let of = |id: &LineId| c.lines.get(*id).and_then(|line| c.users.get(line.user));
        let users = || self.list.ids().iter().filter_map(of);
        let lines = self.list.ids().iter().filter_map(|id| c.lines.get(*id));
        let [extension, main, login, name, device] = fit(
            area.width.saturating_sub(1),
            [
                Column::new(14, "extension").holding(lines.clone().map(|line| line.extension.as_str())),
                Column::new(5, "main"),
                Column::new(16, "user").holding(users().map(|user| user.shown_login())),
                Column::new(20, "name").holding(users().map(|user| user.full_name())),
                Column::new(15, "device").holding(lines.map(|line| line.device.as_str())),
            ],
        );
        let head = format!(
            " {}{}{}{}device",
            cell("extension", extension),
            cell("main", main),
            cell("user", login),
            cell("name", name)
        );
        frame.buffer_mut().set_stringn(area.x, area.y, head, usize::from(area.width), theme::TITLE);
        if self.list.ids().is_empty() {
            frame.buffer_mut().set_string(area.x, area.y + 2, " No line stands in this context.", theme::MUTED);
        }
        self.list.draw(frame, Rect { y: area.y + 1, height: area.height - 1, ..area }, true, |id| {
            let Some(line) = c.lines.get(id) else { return Row::default() };
            let (user, full) =
                c.users.get(line.user).map(|user| (user.shown_login(), user.full_name())).unwrap_or_default();
            let is_main = if line.is_main { "yes" } else { "" };
            Row::raw(format!(
                " {}{}{}{}{}",
                cell(line.extension.as_str(), extension),
                cell(is_main, main),
                cell(&user, login),
                cell(&full, name),
                cell(line.device.as_str(), device).trim_end()
            ))
        });
    }
}
