//! The form of a context: its name, and which others it includes, in the order of marking.

use crate::settings::configuration::Configuration;
use crate::settings::id::{ContextId, Id as _};
use crate::settings::name::ContextName;
use crate::settings::rule::Rule;
use crate::settings::table::Kind;
use crate::tui::app::{App, RandomSource, Target};
use crate::tui::form::{Fault, Fields, Model, Purpose};
use crate::tui::typed_form::FormKey;
use crate::tui::widgets::entry::{Entry, Field};

#[derive(Clone)]
pub(in crate::tui::screens) struct ContextModel {
    id: Option<ContextId>,
    /// As it was called when the form was opened.
    former_name: Option<ContextName>,
    /// What the options of `includes` stand for.
    others: Vec<(ContextId, ContextName)>,
}

impl ContextModel {
    /// None: a new one.
    pub(in crate::tui::screens) fn new(id: Option<ContextId>, app: &App) -> Self {
        let others = app.configuration.contexts.iter().filter(|other| Some(other.id) != id);
        let former_name = id.and_then(|id| app.configuration.contexts.get(id)).map(|context| context.name.clone());
        Self { id, former_name, others: others.map(|other| (other.id, other.name.clone())).collect() }
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
                Entry::several(options, marked),
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

    fn field_of(&self, rule: Rule) -> Option<&'static str> {
        (rule == Rule::C1).then_some("name")
    }

    fn words(&self, fields: &Fields) -> String {
        let name = fields.text("name").trim();
        match &self.former_name {
            None => format!("context \"{name}\" was added"),
            Some(former) if former.as_str() == name => format!("context \"{name}\" was changed"),
            Some(former) => format!("context \"{name}\", until now \"{former}\", was changed"),
        }
    }
}
