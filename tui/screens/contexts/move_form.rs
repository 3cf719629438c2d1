//! The form that moves several lines of a context to another one: of two contexts one is made so.

use std::cell::Cell;

use super::super::line_form::{NEW_CONTEXT, contexts_now, moved_words};
use crate::settings::configuration::Configuration;
use crate::settings::count::first_of;
use crate::settings::id::{ContextId, Id as _, LineId};
use crate::settings::label::context_name;
use crate::settings::rule::{Rule, count};
use crate::settings::table::Kind;
use crate::tui::app::{App, DynScreen, RandomSource, Target};
use crate::tui::form::{Fault, Fields, Form, Model, Offer, Purpose};
use crate::tui::typed_form::{FormKey, FormSubject};
use crate::tui::widgets::entry::{Entry, Field};

/// What it changes, in what is kept of it when the line is cut.
const WHAT: &str = "context";

/// Extensions that are said; the others are counted.
const NAMES: usize = 8;

#[derive(Clone)]
pub(super) struct MovedLinesModel {
    lines: Vec<LineId>,
    /// Where they stand.
    from: ContextId,
    /// What the options stand for.
    contexts: Vec<ContextId>,
    /// How many were moved: others stand there already, or are gone.
    number: Cell<usize>,
}

impl MovedLinesModel {
    pub(super) fn new(lines: Vec<LineId>, from: ContextId, app: &App) -> Self {
        let contexts = app.configuration.contexts.iter().map(|context| context.id).collect();
        Self { lines, from, contexts, number: Cell::new(0) }
    }
}

/// `1001, 1002 and 3 more`
pub(super) fn extensions(lines: &[LineId], c: &Configuration) -> String {
    let known = lines.iter().filter_map(|id| c.lines.get(*id));
    let extensions: Vec<String> = known.map(|line| line.extension.to_string()).collect();
    first_of(extensions.into_iter(), NAMES)
}

/// What was typed about these lines, as far as they are still there.
pub(in crate::tui::screens) fn reopened(ids: &[i64], app: &App) -> Option<Box<dyn DynScreen>> {
    let lines = ids.iter().map(|id| LineId::new(*id)).filter(|id| app.configuration.lines.get(*id).is_some());
    let lines: Vec<LineId> = lines.collect();
    let from = app.configuration.lines.get(*lines.first()?)?.context;
    Some(Box::new(Form::open(MovedLinesModel::new(lines, from, app), app)))
}

impl Model for MovedLinesModel {
    fn key(&self) -> Option<FormKey> {
        let numbers = self.lines.iter().map(|line| line.number()).collect();
        Some(FormKey { subject: FormSubject::Several(Kind::Line, WHAT.to_owned(), numbers), within: None })
    }

    fn offer(&self, field: &'static str) -> Option<Offer> {
        (field == "context").then_some(NEW_CONTEXT)
    }

    fn relist(&mut self, field: &'static str, fields: &mut Fields, app: &App) {
        fields.relist(field, &mut self.contexts, contexts_now(app));
    }

    fn title(&self) -> String {
        format!("context of {}", count(self.lines.len(), "line"))
    }

    fn target(&self) -> Option<Target> {
        None
    }

    fn fields(&self, app: &App) -> Vec<Field> {
        let c = &app.configuration;
        // Where they stand: saved by mistake, it changes nothing.
        let at = self.contexts.iter().position(|context| *context == self.from);
        vec![
            Field::new("lines", "Lines", "What is moved", Entry::Fixed(extensions(&self.lines, c))),
            Field::new(
                "context",
                "Context",
                "Where they shall stand; Ctrl-S moves all of them",
                Entry::choice(self.contexts.iter().map(|id| context_name(c, *id)).collect(), at),
            ),
        ]
    }

    fn apply(&self, fields: &Fields, c: &mut Configuration, _: RandomSource, _: Purpose) -> Result<(), Fault> {
        let context = fields.choose("context", &self.contexts)?;
        // Somebody may have moved or removed some meanwhile.
        let is_elsewhere = |id: &&LineId| c.lines.get(**id).is_some_and(|line| line.context != context);
        let moved: Vec<LineId> = self.lines.iter().filter(is_elsewhere).copied().collect();
        self.number.set(moved.len());
        moved.into_iter().try_for_each(|id| c.move_line(id, context)).map_err(|refusal| Fault::of("context", refusal))
    }

    fn field_of(&self, rule: Rule) -> Option<&'static str> {
        // Another line has the same number there.
        (rule == Rule::C2).then_some("context")
    }

    fn words(&self, fields: &Fields) -> String {
        moved_words(self.number.get(), "line", &fields.words("context"))
    }

    fn choice(&self) -> &'static str {
        "move the lines"
    }
}
