//! Contexts and lines: the contexts with what they include and what stands in them; in a context its lines, which can be
//! moved to another one.

pub(super) mod form;
mod lines;
mod move_form;

use std::collections::HashMap;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use crate::settings::configuration::Configuration;
use crate::settings::context::Context;
use crate::settings::id::{ContextId, Id as _};
use crate::settings::table::Kind;
use crate::tui::app::{App, Detail, Rows, Target, Transition};
use crate::tui::ask::{Removal, always};
use crate::tui::commands::Command;
use crate::tui::filter::Folded;
use crate::tui::form::Form;
use crate::tui::frame::wrapped;
use crate::tui::key_table::Action;
use crate::tui::screen::Screen;
use crate::tui::table_view::{AnyTable, TableRows, TableView};
use crate::tui::theme;
use crate::tui::widgets::columns::{Candidate, ColumnDesign, TableColumn};

use form::ContextModel;
use lines::Lines;
pub(super) use move_form::reopened;

pub(super) struct Contexts {
    table: TableView<ContextId, ContextColumn>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ContextColumn {
    Name,
    Lines,
    Rooms,
    Agents,
    Queues,
    Boxes,
    Includes,
}

impl TableColumn for ContextColumn {
    const ALL: &'static [Self] =
        &[Self::Name, Self::Lines, Self::Rooms, Self::Agents, Self::Queues, Self::Boxes, Self::Includes];

    fn design(self) -> ColumnDesign {
        match self {
            Self::Name => ColumnDesign::new("context", 20),
            Self::Lines => ColumnDesign::new("lines", 6),
            Self::Rooms => ColumnDesign::new("rooms", 6),
            Self::Agents => ColumnDesign::new("agents", 6),
            Self::Queues => ColumnDesign::new("queues", 6),
            Self::Boxes => ColumnDesign::new("boxes", 6),
            Self::Includes => ColumnDesign::new("includes", 22),
        }
    }
}

struct ContextRows<'a> {
    c: &'a Configuration,
    counts: HashMap<ContextId, ContextCounts>,
}

/// How much stands in a context.
#[derive(Debug, Clone, Copy, Default)]
struct ContextCounts {
    lines: usize,
    rooms: usize,
    agents: usize,
    queues: usize,
    boxes: usize,
}

impl<'a> ContextRows<'a> {
    fn of(c: &'a Configuration) -> Self {
        let mut counts: HashMap<ContextId, ContextCounts> = HashMap::new();
        c.lines.iter().for_each(|line| counts.entry(line.context).or_default().lines += 1);
        c.conferences.iter().for_each(|room| counts.entry(room.context).or_default().rooms += 1);
        c.agents.iter().for_each(|agent| counts.entry(agent.context).or_default().agents += 1);
        c.queues.iter().for_each(|queue| counts.entry(queue.context).or_default().queues += 1);
        c.voicemails.iter().for_each(|found| counts.entry(found.context).or_default().boxes += 1);
        Self { c, counts }
    }

    /// None: the column counts nothing.
    fn count(&self, id: ContextId, column: ContextColumn) -> Option<usize> {
        let counts = self.counts.get(&id).copied().unwrap_or_default();
        match column {
            ContextColumn::Lines => Some(counts.lines),
            ContextColumn::Rooms => Some(counts.rooms),
            ContextColumn::Agents => Some(counts.agents),
            ContextColumn::Queues => Some(counts.queues),
            ContextColumn::Boxes => Some(counts.boxes),
            ContextColumn::Name | ContextColumn::Includes => None,
        }
    }
}

impl TableRows for ContextRows<'_> {
    type Id = ContextId;
    type Column = ContextColumn;

    fn ids(&self) -> Vec<ContextId> {
        self.c.contexts.iter().map(|context| context.id).collect()
    }

    fn searched(&self, id: ContextId) -> Folded<'_> {
        let context = self.c.contexts.get(id);
        context.map_or_else(Folded::default, |context| {
            Folded::of_parts(&[context.name.as_str(), &includes(context, self.c)])
        })
    }

    fn field(&self, id: ContextId, _name: &'static str) -> Folded<'_> {
        self.c.contexts.get(id).map_or_else(Folded::default, |context| Folded::of(&includes(context, self.c)))
    }

    fn cell(&self, id: ContextId, column: ContextColumn) -> Line<'static> {
        let Some(context) = self.c.contexts.get(id) else { return Line::default() };
        Line::raw(match (column, self.count(id, column)) {
            (_, Some(number)) => number.to_string(),
            (ContextColumn::Includes, None) => or_dash(includes(context, self.c)),
            (_, None) => context.name.to_string(),
        })
    }

    /// A column of which no context has any is left out.
    fn columns(&self, ids: &[ContextId]) -> Vec<Candidate<ContextColumn>> {
        let text = |id: &ContextId, column| match self.count(*id, column) {
            Some(0) => String::new(),
            Some(number) => number.to_string(),
            None => self.cell(*id, column).to_string(),
        };
        let texts = |column| ids.iter().map(move |id| text(id, column));
        ContextColumn::ALL.iter().map(|column| Candidate::of(*column).holding(texts(*column))).collect()
    }

    fn empty_words(&self) -> Line<'static> {
        Line::styled(" There is no context yet; `a` adds one, for the lines of users.", theme::MUTED)
    }
}

impl Contexts {
    pub(super) fn open(app: &App) -> Self {
        let mut table = TableView::new(&["includes"]);
        table.look(&ContextRows::of(&app.configuration));
        Self { table }
    }

    fn choose(&mut self, id: ContextId, app: &App) {
        self.table.choose(id, &ContextRows::of(&app.configuration));
    }

    fn enter(&mut self, app: &mut App) -> Transition {
        match self.table.chosen() {
            Some(id) => Transition::Push(Box::new(Lines::open(id, app))),
            None => Transition::Stay,
        }
    }

    fn add(&mut self, app: &mut App) -> Transition {
        self.table.await_new(app.own_changes());
        add(app)
    }

    fn edit(&mut self, app: &mut App) -> Transition {
        match self.table.chosen() {
            Some(id) => Transition::Push(Box::new(Form::open(ContextModel::new(Some(id), app), app))),
            None => Transition::Stay,
        }
    }

    fn remove(&mut self, app: &mut App) -> Transition {
        let Some(context) = self.table.chosen().and_then(|id| app.configuration.contexts.get(id)) else {
            return Transition::Stay;
        };
        let id = context.id;
        if let Err(refusal) = Configuration::clone(&app.configuration).remove_context(id) {
            app.fail(format!("{refusal}; move or remove those first: Enter shows the lines"));
            return Transition::Stay;
        }
        let removal = Removal {
            target: Target { kind: Kind::Context, id: id.number() },
            title: format!("Remove context {}?", context.name),
            text: always("It is empty."),
            words: format!("context \"{}\" was removed", context.name),
        };
        removal.ask(app, move |c| c.remove_context(id))
    }

    /// To the context in which a line stands, and there to the line.
    fn reveal_line(&mut self, id: i64, app: &mut App) -> Transition {
        let Some(line) = app.configuration.lines.iter().find(|line| line.id.number() == id) else {
            return Transition::Stay;
        };
        self.choose(line.context, app);
        Transition::Push(Box::new(Lines::at(line.id, line.context, app)))
    }
}

/// The form of a new one.
pub(super) fn add(app: &App) -> Transition {
    Transition::Push(Box::new(Form::open(ContextModel::new(None, app), app)))
}

/// The names of what a context includes, in their order.
fn includes(context: &Context, c: &Configuration) -> String {
    let names = context.includes.iter().filter_map(|id| c.contexts.get(*id)).map(|other| other.name.as_str());
    let names: Vec<&str> = names.collect();
    names.join(", ")
}

fn or_dash(words: String) -> String {
    if words.is_empty() { "-".to_owned() } else { words }
}

impl Screen for Contexts {
    fn title(&self, _app: &App) -> String {
        "contexts".to_owned()
    }

    fn commands(&self, app: &App) -> Vec<Command<Self>> {
        let none = self.table.obstacle("there is no context");
        vec![
            Command::new([Action::Open], "lines", "Show the lines in the context", Self::enter).blocked(none),
            Command::new([Action::Add], "add", "Add a context", Self::add).edits(app),
            Command::new([Action::Edit], "edit", "Edit name and included contexts", Self::edit)
                .blocked(none)
                .edits(app),
            Command::new([Action::Remove], "remove", "Remove the context if nothing uses it", Self::remove)
                .blocked(none)
                .edits(app),
        ]
    }

    fn rows(&self) -> Option<Rows> {
        Rows::chosen(Kind::Context, self.table.chosen())
    }

    fn table(&self) -> Option<&dyn AnyTable> {
        Some(&self.table)
    }

    fn table_mut(&mut self) -> Option<&mut dyn AnyTable> {
        Some(&mut self.table)
    }

    fn on_update(&mut self, app: &mut App) {
        self.table.look(&ContextRows::of(&app.configuration));
    }

    fn reveal(&mut self, target: Target, app: &mut App) -> Transition {
        match target.kind {
            Kind::Line => self.reveal_line(target.id, app),
            Kind::Context => {
                self.choose(ContextId::new(target.id), app);
                Transition::Stay
            }
            _ => Transition::Stay,
        }
    }

    fn detail(&self, _width: u16, app: &App) -> Option<Detail> {
        self.table.chosen().map(|id| Detail::screen(Box::new(Lines::first(id, app))))
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, app: &App) {
        let separation = if app.separates_contexts() {
            "Contexts are separated: people see only what is in their own context."
        } else {
            "Contexts are not separated: everybody sees everything; the setting is in 8."
        };
        let words = wrapped(separation, usize::from(area.width).saturating_sub(2));
        // A blank row, and those of the words below.
        let below = u16::try_from(words.len()).unwrap_or(1);
        let rows = Rect { height: area.height.saturating_sub(1 + below), ..area };
        self.table.draw(frame, rows, &ContextRows::of(&app.configuration));
        for (y, words) in (area.bottom().saturating_sub(below)..area.bottom()).zip(words) {
            frame.buffer_mut().set_stringn(area.x, y, format!(" {words}"), usize::from(area.width), theme::MUTED);
        }
    }
}
