//! The form of an agent.

use crate::settings::configuration::Configuration;
use crate::settings::edit::NewAgent;
use crate::settings::id::{AgentId, ContextId, Id as _};
use crate::settings::name::{AgentNumber, FirstName, LastName};
use crate::settings::rule::Rule;
use crate::settings::table::Kind;
use crate::tui::app::{App, RandomSource, Target};
use crate::tui::form::{Fault, Fields, Model, Offer, Purpose};
use crate::tui::screens::line_form::{NEW_CONTEXT, contexts_now};
use crate::tui::screens::user_choice::{USER, UserChoice};
use crate::tui::typed_form::FormKey;
use crate::tui::widgets::entry::{Entry, Field};

use super::context_name;

#[derive(Clone)]
pub(in crate::tui::screens) struct AgentModel {
    id: Option<AgentId>,
    /// What the options of `context` stand for.
    contexts: Vec<ContextId>,
    users: UserChoice,
}

impl AgentModel {
    /// None: a new one.
    pub(in crate::tui::screens) fn new(id: Option<AgentId>, app: &App) -> Self {
        let contexts = app.configuration.contexts.iter().map(|context| context.id).collect();
        Self { id, contexts, users: UserChoice::among_all(app) }
    }
}

impl Model for AgentModel {
    fn key(&self) -> Option<FormKey> {
        Some(FormKey::of(Kind::Agent, self.target()))
    }

    fn offer(&self, field: &'static str) -> Option<Offer> {
        (field == "context").then_some(NEW_CONTEXT)
    }

    fn relist(&mut self, field: &'static str, fields: &mut Fields, app: &App) {
        fields.relist(field, &mut self.contexts, contexts_now(app));
    }

    fn dialled(&self) -> &'static [&'static str] {
        &["number"]
    }

    fn title(&self) -> String {
        if self.id.is_none() { "new agent".to_owned() } else { "edit agent".to_owned() }
    }

    fn target(&self) -> Option<Target> {
        self.id.map(|id| Target { kind: Kind::Agent, id: id.number() })
    }

    fn anew(&self, app: &App) -> Option<Self> {
        Some(Self::new(self.id, app))
    }

    fn fields(&self, app: &App) -> Vec<Field> {
        let c = &app.configuration;
        let agent = self.id.and_then(|id| c.agents.get(id));
        let of =
            |text: fn(&crate::settings::agent::Agent) -> String| agent.map(|agent| text(agent)).unwrap_or_default();
        let user = agent.and_then(|agent| agent.user);
        let contexts = self.contexts.iter().map(|id| context_name(*id, c)).collect();
        let at = agent.and_then(|agent| self.contexts.iter().position(|id| *id == agent.context));
        vec![
            Field::new(
                "number",
                "Agent number",
                "What an agent logs in with, like 8001",
                Entry::text(of(|a| a.number.to_string())),
            ),
            Field::new(
                "first",
                "First name",
                "Leave both names empty to take those of the user below",
                Entry::text(of(|a| a.first_name.to_string())),
            ),
            Field::new("last", "Last name", "May be empty", Entry::text(of(|a| a.last_name.to_string()))),
            Field::new(
                "context",
                "Context",
                "Who sees the agent when contexts are separated",
                Entry::choice(contexts, at),
            ),
            self.users.field(user, "none", "The user who is this agent; type a part of the name", c),
        ]
    }

    fn apply(&self, fields: &Fields, c: &mut Configuration, _: RandomSource, _: Purpose) -> Result<(), Fault> {
        // All are read before the first that is wrong ends it: all are told.
        let user = fields.choose(USER, self.users.options())?;
        let context = fields.choose("context", &self.contexts)?;
        let number = fields.parse("number", AgentNumber::parse);
        let (first_name, last_name) = match user.and_then(|user| c.users.get(user)) {
            // Who is a user already is not called again.
            Some(user) if ["first", "last"].iter().all(|name| fields.text(name).trim().is_empty()) => {
                (Ok(user.first_name.clone()), Ok(user.last_name.clone()))
            }
            _ => (fields.parse("first", FirstName::parse), fields.parse("last", LastName::parse)),
        };
        let new = NewAgent { number: number?, first_name: first_name?, last_name: last_name?, context, user };
        match self.id {
            None => {
                c.add_agent(new)?;
            }
            Some(id) => c.agents.edit(id, |agent| {
                agent.number = new.number;
                agent.first_name = new.first_name;
                agent.last_name = new.last_name;
                agent.context = new.context;
                agent.user = new.user;
            }),
        }
        Ok(())
    }

    fn field_of(&self, rule: Rule) -> Option<&'static str> {
        match rule {
            Rule::Q1 => Some("number"),
            Rule::C3 => Some(USER),
            _ => None,
        }
    }

    fn words(&self, fields: &Fields) -> String {
        let did = if self.id.is_none() { "added" } else { "changed" };
        format!("agent {} was {did}", fields.text("number").trim())
    }
}
