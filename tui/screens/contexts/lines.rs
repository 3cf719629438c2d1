//! The lines that stand in one context.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line as Row;

use super::move_form::{MovedLinesModel, extensions};
use crate::settings::configuration::Configuration;
use crate::settings::id::{ContextId, Id as _, LineId};
use crate::settings::label::Labelled as _;
use crate::settings::line::Line;
use crate::settings::rule::count;
use crate::settings::table::Kind;
use crate::settings::user::User;
use crate::tui::app::{App, Detail, Rows, Target, Transition};
use crate::tui::ask::Question;
use crate::tui::commands::Command;
use crate::tui::detail;
use crate::tui::filter::Folded;
use crate::tui::form::Form;
use crate::tui::key_table::Action;
use crate::tui::screen::Screen;
use crate::tui::screens::line_form::{LineModel, ask_to_remove};
use crate::tui::screens::marked_removal::MarkedRemoval;
use crate::tui::screens::users;
use crate::tui::tab::Tab;
use crate::tui::table_view::{AnyTable, TableRows, TableView};
use crate::tui::theme;
use crate::tui::widgets::columns::{ColumnDesign, Need, TableColumn};
use crate::tui::widgets::list::List;
use crate::tui::widgets::marks::Marking as _;

/// As many as any terminal has rows.
const FIRST: usize = 200;

pub(super) struct Lines {
    context: ContextId,
    table: TableView<LineId, LineColumn>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LineColumn {
    Extension,
    Main,
    User,
    Name,
    Device,
}

impl TableColumn for LineColumn {
    const ALL: &'static [Self] = &[Self::Extension, Self::Main, Self::User, Self::Name, Self::Device];

    fn design(self) -> ColumnDesign {
        match self {
            Self::Extension => ColumnDesign::new("extension", 14),
            Self::Main => ColumnDesign::new("main", 5),
            Self::User => ColumnDesign::new("user", 16),
            Self::Name => ColumnDesign::new("name", 20),
            Self::Device => ColumnDesign::new("device", 15).need(Need::ByDesign(1)),
        }
    }
}

struct LineRows<'a> {
    context: ContextId,
    /// Of all that there are, the first ones.
    most: usize,
    c: &'a Configuration,
}

impl<'a> LineRows<'a> {
    fn all(context: ContextId, app: &'a App) -> Self {
        Self { context, most: usize::MAX, c: &app.configuration }
    }

    fn line(&self, id: LineId) -> Option<(&'a Line, Option<&'a User>)> {
        let line: &Line = self.c.lines.get(id)?;
        Some((line, self.c.users.get(line.user).map(AsRef::as_ref)))
    }
}

impl TableRows for LineRows<'_> {
    type Id = LineId;
    type Column = LineColumn;

    fn ids(&self) -> Vec<LineId> {
        ids(self.context, self.most, self.c)
    }

    fn searched(&self, id: LineId) -> Folded<'_> {
        let Some((line, user)) = self.line(id) else { return Folded::default() };
        let user = user.map(|user| format!("{} {}", user.shown_login(), user.full_name()));
        Folded::of(&format!("{} {} {}", line.extension, user.unwrap_or_default(), line.device))
    }

    fn field(&self, id: LineId, name: &'static str) -> Folded<'_> {
        match (self.line(id), name) {
            (None, _) => Folded::default(),
            (Some((line, _)), "telephone") => Folded::of(line.device.as_str()),
            // Nothing is `main:no`, anything `main:yes`.
            (Some((line, _)), "main") => Folded::known(if line.is_main { "main line" } else { "" }),
            (Some((_, user)), _) => Folded::of(
                &user.map(|user| format!("{}, {}", user.shown_login(), user.full_name())).unwrap_or_default(),
            ),
        }
    }

    fn cell(&self, id: LineId, column: LineColumn) -> Row<'static> {
        let Some((line, user)) = self.line(id) else { return Row::default() };
        Row::raw(match column {
            LineColumn::Extension => line.extension.to_string(),
            LineColumn::Main => if line.is_main { "yes" } else { "" }.to_owned(),
            LineColumn::User => user.map(User::shown_login).unwrap_or_default(),
            LineColumn::Name => user.map(User::full_name).unwrap_or_default(),
            LineColumn::Device => line.device.to_string(),
        })
    }

    fn empty_words(&self) -> Row<'static> {
        Row::styled(" There is no line in this context yet; `a` adds one.", theme::MUTED)
    }
}

impl Lines {
    pub(super) fn open(context: ContextId, app: &App) -> Self {
        Self::of(&LineRows::all(context, app))
    }

    /// Only those that a terminal has rows for: to be looked at beside the list of contexts.
    pub(super) fn first(context: ContextId, app: &App) -> Self {
        Self::of(&LineRows { most: FIRST, ..LineRows::all(context, app) })
    }

    fn of(rows: &LineRows<'_>) -> Self {
        let mut table = TableView::new(&["user", "telephone", "main"]).marked();
        table.look(rows);
        Self { context: rows.context, table }
    }

    pub(super) fn at(line: LineId, context: ContextId, app: &App) -> Self {
        let mut lines = Self::open(context, app);
        lines.table.choose(line, &LineRows::all(context, app));
        lines
    }

    fn add(&mut self, app: &mut App) -> Transition {
        self.table.await_new(app.own_changes());
        Transition::Push(Box::new(Form::open(LineModel::add(None, Some(self.context), app), app)))
    }

    fn edit(&mut self, app: &mut App) -> Transition {
        match self.table.chosen() {
            Some(id) => Transition::Push(Box::new(Form::open(LineModel::edit(id, app), app))),
            None => Transition::Stay,
        }
    }

    fn remove(&mut self, app: &mut App) -> Transition {
        remove_meant(self.table.list(), app)
    }

    /// What is done to several, or to one.
    fn change(&mut self, app: &mut App) -> Transition {
        let lines = self.table.list().meant();
        let (marked, hidden) = (self.table.list().number_marked(), self.table.list().number_hidden());
        let hidden = if hidden > 0 { format!(" The filter hides {hidden} of them.") } else { String::new() };
        let how = if marked > 0 { "" } else { "\nSpace marks several lines, Ctrl-A all that are shown." };
        let text = format!("{}.{hidden}{how}", extensions(&lines, &app.configuration));
        let (context, number) = (self.context, count(lines.len(), "line"));
        let removed = self.table.list().clone();
        let question = Question::new(format!("Change {number}"), text)
            .choice('c', "move to another context", move |app| {
                Transition::Push(Box::new(Form::open(MovedLinesModel::new(lines, context, app), app)))
            })
            .choice('r', "remove", move |app| remove_meant(&removed, app))
            .stay("nothing")
            .menu();
        Transition::Push(Box::new(question))
    }

    fn go_to_user(&mut self, app: &mut App) -> Transition {
        let line = self.table.chosen().and_then(|id| app.configuration.lines.get(id));
        let target = line.map(|line| Target { kind: Kind::User, id: line.user.number() });
        target.map_or(Transition::Stay, |target| Transition::Go(Tab::Users, Some(target)))
    }
}

/// One, or all that are marked.
fn remove_meant(list: &List<LineId>, app: &mut App) -> Transition {
    let removal = MarkedRemoval {
        what: "line",
        told: "Of a user whose main line goes the next one becomes it; whoever has none is alone when contexts are \
               separated.",
        name: |id, c: &Configuration| c.lines.get(id).map(|line| line.label(c)),
        remove: |id, c: &mut Configuration| c.remove_line(id).map(drop),
    };
    removal.ask(list, ask_to_remove, app)
}

/// In order of the extensions, the first ones.
fn ids(context: ContextId, most: usize, c: &Configuration) -> Vec<LineId> {
    let mut lines: Vec<&Line> = c.lines.iter().filter(|line| line.context == context).map(|line| &**line).collect();
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
        let none = self.table.obstacle("there are no lines in this context");
        let no_marked = self.table.obstacle_for_marked("there are no lines in this context");
        vec![
            Command::new(
                [Action::Open, Action::Edit],
                "edit",
                "Edit the line, or move it to another context",
                Self::edit,
            )
            .blocked(none)
            .edits(app),
            Command::new([Action::Add], "add", "Add a line to the context", Self::add).edits(app),
            Command::new([Action::Remove], "remove", "Remove the line, or all that are marked", Self::remove)
                .blocked(no_marked)
                .edits(app),
            Command::new(
                [Action::Bulk],
                "bulk",
                "Change all that are marked, else the line: move to another context, remove",
                Self::change,
            )
            .blocked(no_marked)
            .edits(app),
            Command::new([Action::Whose], "whose", "Go to the user whose line it is", Self::go_to_user).blocked(none),
        ]
    }

    fn rows(&self) -> Option<Rows> {
        Rows::chosen(Kind::Line, self.table.chosen())
    }

    fn object(&self) -> Option<Target> {
        Some(Target { kind: Kind::Context, id: self.context.number() })
    }

    fn table(&self) -> Option<&dyn AnyTable> {
        Some(&self.table)
    }

    fn table_mut(&mut self) -> Option<&mut dyn AnyTable> {
        Some(&mut self.table)
    }

    fn on_update(&mut self, app: &mut App) {
        self.table.look(&LineRows::all(self.context, app));
    }

    fn list_width(&self, width: u16) -> u16 {
        detail::list_width_beside_page(width)
    }

    /// Whose line it is.
    fn detail(&self, _width: u16, app: &App) -> Option<Detail> {
        let line = self.table.chosen().and_then(|id| app.configuration.lines.get(id))?;
        Some(Detail::screen(users::page_of(line.user, app)))
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, app: &App) {
        self.table.draw(frame, area, &LineRows::all(self.context, app));
    }

    fn draw_detail(&mut self, frame: &mut Frame<'_>, area: Rect, app: &App) {
        let all = app.configuration.lines.iter().filter(|line| line.context == self.context).count();
        self.table.draw_first(frame, area, &LineRows::all(self.context, app), all);
    }
}
