//! The form of an agent.

use crate::settings::configuration::Configuration;
use crate::settings::edit::NewAgent;
use crate::settings::id::{AgentId, ContextId, Id as _};
use crate::settings::name::{AgentNumber, FirstName, LastName};
use crate::settings::table::Kind;
use crate::tui::app::{App, RandomSource, Target};
use crate::tui::form::{Fault, Fields, Model, Offer, Purpose};
use crate::tui::screens::line_form::{NEW_CONTEXT, contexts_now, user_or_nobody};
use crate::tui::typed_form::FormKey;
use crate::tui::widgets::entry::{Entry, Field};

use super::context_name;

#[derive(Clone)]
pub(in crate::tui::screens) struct AgentModel {
    id: Option<AgentId>,
    /// What the options of `context` stand for.
    contexts: Vec<ContextId>,
}

impl AgentModel {
    /// None: a new one.
    pub(in crate::tui::screens) fn new(id: Option<AgentId>, app: &App) -> Self {
        Self { id, contexts: app.configuration.contexts.iter().map(|context| context.id).collect() }
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
        let user = agent.and_then(|agent| agent.user).and_then(|user| c.users.get(user));
        let contexts = self.contexts.iter().map(|id| context_name(*id, c)).collect();
        let at = agent.and_then(|agent| self.contexts.iter().position(|id| *id == agent.context));
        vec![
            Field::new(
                "number",
                "Agent number",
                "What an agent logs in with, like 8001",
                Entry::text(of(|a| a.number.to_string())),
            ),
            Field::new("first", "First name", "1 to 128 characters", Entry::text(of(|a| a.first_name.to_string()))),
            Field::new("last", "Last name", "May be empty", Entry::text(of(|a| a.last_name.to_string()))),
            Field::new(
                "context",
                "Context",
                "Who sees the agent when contexts are separated",
                Entry::choice(contexts, at),
            ),
            Field::new(
                "user",
                "User",
                "The user who is this agent: a login, id or e-mail address; empty for none",
                Entry::text(user.map(|user| c.name_of_user(user)).unwrap_or_default()),
            ),
        ]
    }

    fn apply(&self, fields: &Fields, c: &mut Configuration, _: RandomSource, _: Purpose) -> Result<(), Fault> {
        let new = NewAgent {
            number: fields.parse("number", AgentNumber::parse)?,
            first_name: fields.parse("first", FirstName::parse)?,
            last_name: fields.parse("last", LastName::parse)?,
            context: fields.choose("context", &self.contexts)?,
            user: user_or_nobody(fields, c)?,
        };
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

    fn words(&self, fields: &Fields) -> String {
        let did = if self.id.is_none() { "added" } else { "changed" };
        format!("agent {} was {did}", fields.text("number").trim())
    }
}
