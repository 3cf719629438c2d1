//! The form that moves the main lines of users to another context.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::sync::Arc;

use super::MeantUsers;
use crate::settings::configuration::Configuration;
use crate::settings::id::{ContextId, LineId, UserId};
use crate::settings::label::{Labelled as _, context_name};
use crate::settings::line::Line;
use crate::settings::rule::{Refusal, Rule, count};
use crate::settings::voicemail::Voicemail;
use crate::tui::app::{App, RandomSource, Repeat, Target, Transition};
use crate::tui::form::{Fault, Fields, Model, Purpose};
use crate::tui::proposal::Proposal;
use crate::tui::screens::line_form::{contexts_now, moved_words};
use crate::tui::typed_form::FormKey;
use crate::tui::widgets::entry::{Entry, Field};

/// What it changes, in what is kept of it when the line is cut.
pub(super) const WHAT: &str = "context";

#[derive(Clone)]
pub(super) struct MainContextModel {
    meant: MeantUsers,
    /// How many of them have a line.
    lines: usize,
    /// What the options stand for.
    contexts: Vec<ContextId>,
    /// How many lines were moved: those of others stand there already.
    number: Cell<usize>,
}

impl MainContextModel {
    pub(super) fn new(meant: MeantUsers, app: &App) -> Self {
        let c = &app.configuration;
        let contexts = c.contexts.iter().map(|context| context.id).collect();
        Self { lines: main_lines(&meant, c).len(), meant, contexts, number: Cell::new(0) }
    }
}

/// The main lines of all who have one.
fn main_lines<'a>(meant: &MeantUsers, c: &'a Configuration) -> Vec<&'a Line> {
    let main_lines = c.main_lines();
    meant.users.iter().filter_map(|id| main_lines.get(id)).map(|line| &***line).collect()
}

/// Those of them that stand elsewhere.
fn lines_outside(meant: &MeantUsers, context: ContextId, c: &Configuration) -> Vec<LineId> {
    let lines = main_lines(meant, c).into_iter().filter(|line| line.context != context);
    lines.map(|line| line.id).collect()
}

fn move_lines(meant: &MeantUsers, context: ContextId, c: &mut Configuration) -> Result<(), Refusal> {
    let moved = lines_outside(meant, context, c);
    moved.into_iter().try_for_each(|line| c.move_line(line, context))
}

/// What has happened then.
fn moved(lines: usize, context: &str) -> String {
    moved_words(lines, "main line", context)
}

/// How many more lines stand where the main lines of these users stood, and stay there.
fn lines_left(moved: &BTreeSet<(UserId, ContextId)>, c: &Configuration) -> usize {
    c.lines.iter().filter(|line| !line.is_main && moved.contains(&(line.user, line.context))).count()
}

fn left_words(lines: usize) -> Option<String> {
    match lines {
        0 => None,
        1 => Some("1 other line of theirs stays where it is; its form moves it".to_owned()),
        lines => Some(format!("{lines} other lines of theirs stay where they are; the form of each moves it")),
    }
}

/// To the same context, the lines of others.
fn move_again(context: ContextId, name: String) -> Repeat {
    super::repeat(format!("move main lines of users to context \"{name}\""), move |meant, app| {
        let lines = main_lines(&meant, &app.configuration);
        if lines.iter().all(|line| line.context == context) {
            let why = if lines.is_empty() { "has no line" } else { "has the main line there already" };
            app.remark(format!("nothing was changed: {} {why}", meant.words));
            return Transition::Stay;
        }
        let words = moved(lines_outside(&meant, context, &app.configuration).len(), &name);
        let (title, told) = (format!("Context of {}", meant.words), vec![meant.told(&app.configuration)]);
        let proposal = Proposal::new(title, "move the lines", words, move |c| move_lines(&meant, context, c));
        proposal.saying(told).again(move_again(context, name.clone())).put(app)
    })
}

impl Model for MainContextModel {
    fn key(&self) -> Option<FormKey> {
        Some(self.meant.key(WHAT))
    }

    fn relists(&self, field: &'static str) -> bool {
        field == "context"
    }

    fn relist(&mut self, field: &'static str, fields: &mut Fields, app: &App) {
        fields.relist(field, &mut self.contexts, contexts_now(app));
    }

    fn title(&self) -> String {
        format!("context of {}", self.meant.words)
    }

    fn target(&self) -> Option<Target> {
        None
    }

    fn fields(&self, app: &App) -> Vec<Field> {
        let c = &app.configuration;
        // Where the first of them stands: saved by mistake, it changes the least.
        let first = main_lines(&self.meant, c).first().map(|line| line.context);
        let at = self.contexts.iter().position(|context| Some(*context) == first);
        let lines = match self.meant.users.len() - self.lines.min(self.meant.users.len()) {
            0 => count(self.lines, "main line"),
            without => format!("{}; {without} without a line", count(self.lines, "main line")),
        };
        vec![
            Field::new("users", "Users", "Who is changed", Entry::Fixed(self.meant.told(c))),
            Field::new("lines", "Lines", "What is moved", Entry::Fixed(lines)),
            Field::new(
                "context",
                "Context",
                "Where their main lines shall stand; Ctrl-S moves all of them",
                Entry::choice(self.contexts.iter().map(|id| context_name(c, *id)).collect(), at),
            ),
        ]
    }

    fn apply(&self, fields: &Fields, c: &mut Configuration, _: RandomSource, _: Purpose) -> Result<(), Fault> {
        let context = fields.choose("context", &self.contexts)?;
        self.number.set(lines_outside(&self.meant, context, c).len());
        move_lines(&self.meant, context, c).map_err(|refusal| Fault::of("context", refusal))
    }

    fn field_of(&self, rule: Rule) -> Option<&'static str> {
        // Another has the same number there.
        (rule == Rule::C2).then_some("context")
    }

    /// Other lines and boxes stand where they stood.
    fn notes(&self, fields: &Fields, c: &Configuration) -> Vec<(&'static str, String)> {
        let Ok(context) = fields.choose("context", &self.contexts) else { return Vec::new() };
        let moved = main_lines(&self.meant, c).into_iter().filter(|line| line.context != context);
        let moved: BTreeSet<(UserId, ContextId)> = moved.map(|line| (line.user, line.context)).collect();
        let is_left =
            |voicemail: &&Arc<Voicemail>| voicemail.user.is_some_and(|user| moved.contains(&(user, voicemail.context)));
        let boxes: Vec<String> = c.voicemails.iter().filter(is_left).map(|voicemail| voicemail.label(c)).collect();
        let boxes = match boxes.as_slice() {
            [] => None,
            [one] => Some(format!("the {one} stays where it is; V moves it")),
            [first, rest @ ..] => Some(format!(
                "{} stay where they are, the first is the {first}; V moves them",
                count(rest.len() + 1, "voicemail box")
            )),
        };
        [left_words(lines_left(&moved, c)), boxes].into_iter().flatten().map(|words| ("context", words)).collect()
    }

    fn words(&self, fields: &Fields) -> String {
        moved(self.number.get(), &fields.words("context"))
    }

    fn repeat(&self, fields: &Fields) -> Option<Repeat> {
        let context = fields.choose("context", &self.contexts).ok()?;
        Some(move_again(context, fields.words("context")))
    }

    fn choice(&self) -> &'static str {
        "move the lines"
    }
}
