//! The form of a context: its name, and which others it includes, in the order of marking.

use crate::settings::configuration::Configuration;
use crate::settings::id::{ContextId, Id as _};
use crate::settings::name::ContextName;
use crate::settings::table::Kind;
use crate::tui::app::{App, RandomSource, Target};
use crate::tui::form::{Fault, Fields, Model, Purpose};
use crate::tui::typed_form::FormKey;
use crate::tui::widgets::entry::{Entry, Field};

#[derive(Clone)]
pub(in crate::tui::screens) struct ContextModel {
    id: Option<ContextId>,
    /// What the options of `includes` stand for.
    others: Vec<(ContextId, ContextName)>,
}

impl ContextModel {
    /// None: a new one.
    pub(in crate::tui::screens) fn new(id: Option<ContextId>, app: &App) -> Self {
        let others = app.configuration.contexts.iter().filter(|other| Some(other.id) != id);
        Self { id, others: others.map(|other| (other.id, other.name.clone())).collect() }
    }
}

impl Model for ContextModel {
    fn key(&self) -> Option<FormKey> {
        Some(FormKey::of(Kind::Context, self.target()))
    }

    fn title(&self) -> String {
        if self.id.is_none() { "new context".to_owned() } else { "edit context".to_owned() }
    }

    fn target(&self) -> Option<Target> {
        self.id.map(|id| Target { kind: Kind::Context, id: id.number() })
    }

    fn anew(&self, app: &App) -> Option<Self> {
        Some(Self::new(self.id, app))
    }

    fn fields(&self, app: &App) -> Vec<Field> {
        let context = self.id.and_then(|id| app.configuration.contexts.get(id));
        let name = context.map(|context| context.name.to_string()).unwrap_or_default();
        let place = |id: &ContextId| self.others.iter().position(|(other, _)| other == id);
        let marked = context.map(|context| context.includes.iter().filter_map(place).collect()).unwrap_or_default();
        let options = self.others.iter().map(|(_, name)| name.to_string()).collect();
        vec![
            Field::new(
                "name",
                "Context name",
                "1 to 39 letters, digits, _ or -, as the dial plan calls it",
                Entry::text(name),
            ),
            Field::new(
                "includes",
                "Includes",
                "Whose numbers can be reached from here; Enter opens the list, Space marks",
                Entry::Several { options, marked },
            ),
        ]
    }

    fn apply(&self, fields: &Fields, c: &mut Configuration, _: RandomSource, _: Purpose) -> Result<(), Fault> {
        let name = fields.parse("name", ContextName::parse)?;
        let included = || fields.marked("includes").iter().filter_map(|at| self.others.get(*at));
        match self.id {
            None => {
                let names: Vec<ContextName> = included().map(|(_, name)| name.clone()).collect();
                c.add_context(name, &names)?;
            }
            Some(id) => c.contexts.edit(id, |context| {
                context.name = name;
                context.includes = included().map(|(id, _)| *id).collect();
            }),
        }
        Ok(())
    }

    fn words(&self, fields: &Fields) -> String {
        let did = if self.id.is_none() { "added" } else { "changed" };
        format!("context \"{}\" was {did}", fields.text("name").trim())
    }
}
