//! The form of a voicemail box: its number, its context, and whose it is.

use crate::settings::configuration::Configuration;
use crate::settings::id::{ContextId, Id as _, VoicemailId};
use crate::settings::label::context_name;
use crate::settings::name::Mailbox;
use crate::settings::rule::Rule;
use crate::settings::table::Kind;
use crate::tui::app::{App, RandomSource, Target};
use crate::tui::form::{Fault, Fields, Model, Offer, Purpose};
use crate::tui::screens::line_form::{NEW_CONTEXT, contexts_now};
use crate::tui::screens::user_choice::{USER, UserChoice};
use crate::tui::typed_form::FormKey;
use crate::tui::widgets::entry::{Entry, Field};

#[derive(Clone)]
pub(in crate::tui::screens) struct VoicemailModel {
    id: Option<VoicemailId>,
    /// What the options of `context` stand for.
    contexts: Vec<ContextId>,
    users: UserChoice,
}

impl VoicemailModel {
    /// None: a new one.
    pub(in crate::tui::screens) fn new(id: Option<VoicemailId>, app: &App) -> Self {
        let contexts = app.configuration.contexts.iter().map(|context| context.id).collect();
        Self { id, contexts, users: UserChoice::among_all(app) }
    }
}

impl Model for VoicemailModel {
    fn key(&self) -> Option<FormKey> {
        Some(FormKey::of(Kind::Voicemail, self.target()))
    }

    fn offer(&self, field: &'static str) -> Option<Offer> {
        (field == "context").then_some(NEW_CONTEXT)
    }

    fn relist(&mut self, field: &'static str, fields: &mut Fields, app: &App) {
        fields.relist(field, &mut self.contexts, contexts_now(app));
    }

    fn dialled(&self) -> &'static [&'static str] {
        &["box"]
    }

    fn title(&self) -> String {
        if self.id.is_none() { "new voicemail box".to_owned() } else { "edit voicemail box".to_owned() }
    }

    fn target(&self) -> Option<Target> {
        self.id.map(|id| Target { kind: Kind::Voicemail, id: id.number() })
    }

    fn anew(&self, app: &App) -> Option<Self> {
        Some(Self::new(self.id, app))
    }

    fn fields(&self, app: &App) -> Vec<Field> {
        let c = &app.configuration;
        let voicemail = self.id.and_then(|id| c.voicemails.get(id));
        let mailbox = voicemail.map(|voicemail| voicemail.mailbox.to_string()).unwrap_or_default();
        let user = voicemail.and_then(|voicemail| voicemail.user);
        let at = voicemail.and_then(|voicemail| self.contexts.iter().position(|id| *id == voicemail.context));
        vec![
            Field::new("box", "Box", "1 to 40 letters or digits, as Asterisk calls it", Entry::text(mailbox)),
            Field::new(
                "context",
                "Context",
                "Where the box stands, as in Asterisk's voicemail.conf",
                Entry::choice(self.contexts.iter().map(|id| context_name(c, *id)).collect(), at),
            ),
            self.users.field(user, "nobody", "Whose it is; type a part of the name", c),
        ]
    }

    fn apply(&self, fields: &Fields, c: &mut Configuration, _: RandomSource, _: Purpose) -> Result<(), Fault> {
        let mailbox = fields.parse("box", Mailbox::parse)?;
        let context = fields.choose("context", &self.contexts)?;
        let user = fields.choose(USER, self.users.options())?;
        match self.id {
            None => {
                c.add_voicemail(mailbox, context, user)?;
            }
            Some(id) => c.voicemails.edit(id, |voicemail| {
                (voicemail.mailbox, voicemail.context, voicemail.user) = (mailbox, context, user);
            }),
        }
        Ok(())
    }

    fn field_of(&self, rule: Rule) -> Option<&'static str> {
        match rule {
            Rule::Q1 => Some("box"),
            Rule::C3 => Some(USER),
            _ => None,
        }
    }

    fn words(&self, fields: &Fields) -> String {
        let did = if self.id.is_none() { "added" } else { "changed" };
        format!("voicemail box \"{}\" was {did}", fields.text("box").trim())
    }
}
