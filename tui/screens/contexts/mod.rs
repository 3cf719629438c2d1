//! Contexts and lines: the contexts with what they include and what stands in them; in a context its lines, which can be
//! moved to another one.

pub(super) mod form;
mod lines;

use std::borrow::Cow;
use std::collections::HashMap;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use crate::settings::configuration::Configuration;
use crate::settings::context::Context;
use crate::settings::fold::fold;
use crate::settings::id::{ContextId, Id as _};
use crate::settings::table::Kind;
use crate::tui::app::{App, Detail, Target, Transition};
use crate::tui::ask::{Removal, always};
use crate::tui::commands::Command;
use crate::tui::filter::Filter;
use crate::tui::form::Form;
use crate::tui::keys::Key;
use crate::tui::screen::Screen;
use crate::tui::theme;
use crate::tui::widgets::columns::{Column, cells, fit};
use crate::tui::widgets::list::{List, MOVES};

use form::ContextModel;
use lines::Lines;

pub(super) struct Contexts {
    list: List<ContextId>,
    filter: Filter,
}

impl Contexts {
    pub(super) fn open(app: &App) -> Self {
        let mut contexts = Self { list: List::default(), filter: Filter::new(&["includes"]) };
        contexts.look(app);
        contexts
    }

    fn look(&mut self, app: &App) {
        let c = &app.configuration;
        let rows = c.contexts.iter().map(|context| (context.id, Cow::from(fold(context.name.as_str()))));
        let field = |id, _| c.contexts.get(id).map_or_else(String::new, |context| includes(context, c));
        self.filter.narrow(&mut self.list, rows, field);
    }

    /// The cursor on that one, whatever was looked for.
    fn choose(&mut self, id: ContextId, app: &App) {
        if !self.list.choose(id) {
            self.filter.clear();
            self.look(app);
            self.list.choose(id);
        }
    }

    fn moved(&mut self, key: Key, _app: &mut App) -> Transition {
        self.list.press(key);
        Transition::Stay
    }

    fn enter(&mut self, app: &mut App) -> Transition {
        match self.list.chosen() {
            Some(id) => Transition::Push(Box::new(Lines::open(id, app))),
            None => Transition::Stay,
        }
    }

    fn add(&mut self, app: &mut App) -> Transition {
        add(app)
    }

    fn edit(&mut self, app: &mut App) -> Transition {
        match self.list.chosen() {
            Some(id) => Transition::Push(Box::new(Form::open(ContextModel::new(Some(id), app), app))),
            None => Transition::Stay,
        }
    }

    fn remove(&mut self, app: &mut App) -> Transition {
        let Some(context) = self.list.chosen().and_then(|id| app.configuration.contexts.get(id)) else {
            return Transition::Stay;
        };
        let id = context.id;
        let removal = Removal {
            target: Target { kind: Kind::Context, id: id.number() },
            title: format!("Remove context {}?", context.name),
            text: always("Nothing stands in it."),
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
        let none = self.list.chosen().is_none().then_some("there is no context");
        vec![
            Command::keyed(MOVES, "move", "Move the cursor", Self::moved),
            Command::new([Key::ENTER], "lines", "Show the lines in the context", Self::enter).blocked(none),
            Command::new([Key::char('a')], "add", "Add a context", Self::add).edits(app),
            Command::new([Key::char('e')], "edit", "Edit name and included contexts", Self::edit)
                .blocked(none)
                .edits(app),
            Command::new(
                [Key::char('d'), Key::DELETE],
                "remove",
                "Remove the context if nothing uses it",
                Self::remove,
            )
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

    fn on_update(&mut self, app: &mut App) {
        self.look(app);
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

    fn clicked(&mut self, at: Position, app: &mut App) -> Transition {
        if self.list.clicked(at) { self.enter(app) } else { Transition::Stay }
    }

    fn detail(&self, _width: u16, app: &App) -> Option<Detail> {
        self.list.chosen().map(|id| Detail::screen(Box::new(Lines::first(id, app))))
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, app: &App) {
        let c = &app.configuration;
        let counts = counts(c);
        // A column of which no context has any is left out.
        let number = |at: usize, head| {
            let is_any = counts.values().any(|counts| counts[at] > 0);
            Column::new(6, head).holding([if is_any { head } else { "" }])
        };
        let columns = [
            Column::new(20, "context").holding(c.contexts.iter().map(|context| context.name.as_str())),
            number(0, "lines"),
            number(1, "rooms"),
            number(2, "agents"),
            number(3, "queues"),
            Column::new(29, "includes").holding(c.contexts.iter().map(|context| includes(context, c))),
        ];
        let widths = fit(area.width.saturating_sub(1), columns);
        let heads = ["context", "lines", "rooms", "agents", "queues", "includes"];
        let head = cells(heads, &widths);
        frame.buffer_mut().set_stringn(area.x + 1, area.y, head, usize::from(area.width) - 1, theme::HEAD);
        let rows = Rect { y: area.y + 1, height: area.height.saturating_sub(3), ..area };
        self.list.draw(frame, rows, true, |id| {
            let counts = counts.get(&id).copied().unwrap_or_default();
            c.contexts.get(id).map_or_else(Line::default, |context| row(context, counts, widths, c))
        });
        let separation = if app.effective().general().context_separation {
            " Contexts are separated: people see only what is in their own context."
        } else {
            " Contexts are not separated: everybody sees everything; the setting is in 8."
        };
        frame.buffer_mut().set_stringn(area.x, area.bottom() - 1, separation, usize::from(area.width), theme::MUTED);
    }
}

/// How much stands in each context: lines, rooms, agents, queues.
fn counts(c: &Configuration) -> HashMap<ContextId, [usize; 4]> {
    let mut counts: HashMap<ContextId, [usize; 4]> = HashMap::new();
    let lines = c.lines.iter().map(|line| (0, line.context));
    let rooms = c.conferences.iter().map(|room| (1, room.context));
    let agents = c.agents.iter().map(|agent| (2, agent.context));
    let queues = c.queues.iter().map(|queue| (3, queue.context));
    for (what, context) in lines.chain(rooms).chain(agents).chain(queues) {
        counts.entry(context).or_default()[what] += 1;
    }
    counts
}

fn row(context: &Context, counts: [usize; 4], widths: [usize; 6], c: &Configuration) -> Line<'static> {
    let [lines, rooms, agents, queues] = counts.map(|number| number.to_string());
    let texts = [context.name.to_string(), lines, rooms, agents, queues, or_dash(includes(context, c))];
    Line::raw(format!(" {}", cells(texts, &widths)))
}
