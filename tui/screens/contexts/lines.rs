//! The lines that stand in one context.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line as Row;

use crate::settings::id::{ContextId, Id as _, LineId};
use crate::settings::line::Line;
use crate::settings::table::Kind;
use crate::tui::app::{App, Target, Transition};
use crate::tui::commands::Command;
use crate::tui::filter::Filter;
use crate::tui::form::Form;
use crate::tui::keys::Key;
use crate::tui::screen::Screen;
use crate::tui::screens::line_form::{LineModel, ask_to_remove};
use crate::tui::tab::Tab;
use crate::tui::theme;
use crate::tui::widgets::columns::{Column, fit};
use crate::tui::widgets::list::{List, MOVES, cell};

/// As many as any terminal has rows.
const FIRST: usize = 200;

pub(super) struct Lines {
    context: ContextId,
    list: List<LineId>,
    filter: Filter,
}

impl Lines {
    pub(super) fn open(context: ContextId, app: &App) -> Self {
        let mut lines = Self { context, list: List::default(), filter: Filter::new(&[]) };
        lines.look(app);
        lines
    }

    /// Only those that a terminal has rows for: to be looked at beside the list of contexts.
    pub(super) fn first(context: ContextId, app: &App) -> Self {
        Self { context, list: List::new(ids(context, FIRST, app)), filter: Filter::new(&[]) }
    }

    fn look(&mut self, app: &App) {
        let c = &app.configuration;
        let rows = ids(self.context, usize::MAX, app).into_iter().filter_map(|id| c.lines.get(id)).map(|line| {
            let user = c.users.get(line.user).map(|user| format!("{} {}", user.shown_login(), user.full_name()));
            (line.id, format!("{} {} {}", line.extension, user.unwrap_or_default(), line.device))
        });
        self.filter.narrow_texts(&mut self.list, rows);
    }

    pub(super) fn at(line: LineId, context: ContextId, app: &App) -> Self {
        let mut lines = Self::open(context, app);
        lines.list.choose(line);
        lines
    }

    fn moved(&mut self, key: Key, _app: &mut App) -> Transition {
        self.list.press(key);
        Transition::Stay
    }

    fn add(&mut self, app: &mut App) -> Transition {
        Transition::Push(Box::new(Form::open(LineModel::add(None, Some(self.context), app), app)))
    }

    fn edit(&mut self, app: &mut App) -> Transition {
        match self.list.chosen() {
            Some(id) => Transition::Push(Box::new(Form::open(LineModel::edit(id, app), app))),
            None => Transition::Stay,
        }
    }

    fn remove(&mut self, app: &mut App) -> Transition {
        self.list.chosen().map_or(Transition::Stay, |id| ask_to_remove(id, app))
    }

    fn go_to_user(&mut self, app: &mut App) -> Transition {
        let line = self.list.chosen().and_then(|id| app.configuration.lines.get(id));
        let target = line.map(|line| Target { kind: Kind::User, id: line.user.number() });
        target.map_or(Transition::Stay, |target| Transition::Go(Tab::Users, Some(target)))
    }
}

/// In order of the extensions, the first ones.
fn ids(context: ContextId, most: usize, app: &App) -> Vec<LineId> {
    let mut lines: Vec<&Line> =
        app.configuration.lines.iter().filter(|line| line.context == context).map(|line| &**line).collect();
    fn order<'a>(line: &&'a Line) -> (usize, &'a str) {
        (line.extension.as_str().len(), line.extension.as_str())
    }
    if most < lines.len() {
        lines.select_nth_unstable_by(most, |a, b| order(a).cmp(&order(b)));
        lines.truncate(most);
    }
    lines.sort_by(|a, b| order(a).cmp(&order(b)));
    lines.iter().map(|line| line.id).collect()
}

impl Screen for Lines {
    fn title(&self, app: &App) -> String {
        app.configuration.contexts.get(self.context).map_or_else(String::new, |context| context.name.to_string())
    }

    fn commands(&self, app: &App) -> Vec<Command<Self>> {
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
            .edits(app),
            Command::new([Key::char('a')], "add", "Add a line to the context", Self::add).edits(app),
            Command::new([Key::char('d'), Key::DELETE], "remove", "Remove the line", Self::remove)
                .blocked(none)
                .edits(app),
            Command::new([Key::char('w')], "whose", "Go to the user whose line it is", Self::go_to_user).blocked(none),
        ]
    }

    fn filter(&self) -> Option<&Filter> {
        Some(&self.filter)
    }

    fn filter_mut(&mut self) -> Option<&mut Filter> {
        Some(&mut self.filter)
    }

    fn on_update(&mut self, app: &mut App) {
        self.look(app);
    }

    fn clicked(&mut self, at: Position, _app: &mut App) -> Transition {
        self.list.clicked(at);
        Transition::Stay
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, app: &App) {
        let c = &app.configuration;
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
                Column::new(15, "device").holding(lines.map(|line| line.device.as_str())).if_room(),
            ],
        );
        let head = format!(
            " {}{}{}{}{}",
            cell("extension", extension),
            cell("main", main),
            cell("user", login),
            cell("name", name),
            cell("device", device)
        );
        frame.buffer_mut().set_stringn(area.x, area.y, head, usize::from(area.width), theme::HEAD);
        if self.list.ids().is_empty() && !self.filter.is_on() {
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
