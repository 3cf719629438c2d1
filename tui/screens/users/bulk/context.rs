//! The form that moves the main lines of users to another context.

use super::MeantUsers;
use crate::settings::configuration::Configuration;
use crate::settings::id::{ContextId, LineId};
use crate::settings::label::context_name;
use crate::settings::line::Line;
use crate::settings::rule::{Rule, count};
use crate::tui::app::{App, RandomSource, Target};
use crate::tui::form::{Fault, Fields, Model, Purpose};
use crate::tui::widgets::entry::{Entry, Field};

#[derive(Clone)]
pub(super) struct MainContextModel {
    meant: MeantUsers,
    /// How many of them have a line.
    lines: usize,
    /// What the options stand for.
    contexts: Vec<ContextId>,
}

impl MainContextModel {
    pub(super) fn new(meant: MeantUsers, app: &App) -> Self {
        let c = &app.configuration;
        let contexts = c.contexts.iter().map(|context| context.id).collect();
        Self { lines: main_lines(&meant, c).len(), meant, contexts }
    }
}

/// The main lines of all who have one.
fn main_lines<'a>(meant: &MeantUsers, c: &'a Configuration) -> Vec<&'a Line> {
    let main_lines = c.main_lines();
    meant.users.iter().filter_map(|id| main_lines.get(id)).map(|line| &***line).collect()
}

impl Model for MainContextModel {
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
        let moved = main_lines(&self.meant, c).into_iter().filter(|line| line.context != context);
        let moved: Vec<LineId> = moved.map(|line| line.id).collect();
        for line in moved {
            c.move_line(line, context).map_err(|refusal| Fault::of("context", refusal))?;
        }
        Ok(())
    }

    fn field_of(&self, rule: Rule) -> Option<&'static str> {
        // Another has the same number there.
        (rule == Rule::C2).then_some("context")
    }

    fn words(&self, fields: &Fields) -> String {
        let (lines, context) = (count(self.lines, "main line"), fields.words("context"));
        format!("{lines} {} moved to context \"{context}\"", if self.lines == 1 { "was" } else { "were" })
    }

    fn choice(&self) -> &'static str {
        "move the lines"
    }
}
