//! The forms of a queue and of one of its members.

use std::collections::BTreeSet;

use crate::settings::configuration::Configuration;
use crate::settings::edit::NewQueue;
use crate::settings::id::{ContextId, Id as _, QueueId};
use crate::settings::name::{DisplayName, Extension, QueueName};
use crate::settings::queue::{MemberId, PENALTY_MAX, WRAPUP_SECONDS_MAX};
use crate::settings::rule::Rule;
use crate::settings::table::Kind;
use crate::settings::target_kind::TargetKind;
use crate::tui::app::{App, RandomSource, Target};
use crate::tui::form::{Fault, Fields, Model, Offer, Purpose};
use crate::tui::screens::line_form::{NEW_CONTEXT, contexts_now};
use crate::tui::typed_form::FormKey;
use crate::tui::widgets::entry::{Entry, Field};

use super::context_name;

#[derive(Clone)]
pub(in crate::tui::screens) struct QueueModel {
    id: Option<QueueId>,
    /// What the options of `context` stand for.
    contexts: Vec<ContextId>,
}

impl QueueModel {
    /// None: a new one.
    pub(in crate::tui::screens) fn new(id: Option<QueueId>, app: &App) -> Self {
        Self { id, contexts: app.configuration.contexts.iter().map(|context| context.id).collect() }
    }
}

impl Model for QueueModel {
    fn key(&self) -> Option<FormKey> {
        Some(FormKey::of(Kind::Queue, self.target()))
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
        if self.id.is_none() { "new queue".to_owned() } else { "edit queue".to_owned() }
    }

    fn target(&self) -> Option<Target> {
        self.id.map(|id| Target { kind: Kind::Queue, id: id.number() })
    }

    fn anew(&self, app: &App) -> Option<Self> {
        Some(Self::new(self.id, app))
    }

    fn fields(&self, app: &App) -> Vec<Field> {
        let c = &app.configuration;
        let queue = self.id.and_then(|id| c.queues.get(id));
        let (name, display, number, wrapup) = queue
            .map(|queue| {
                (queue.name.to_string(), queue.display.to_string(), queue.number.to_string(), queue.wrapup_seconds)
            })
            .unwrap_or_default();
        let contexts = self.contexts.iter().map(|id| context_name(*id, c)).collect();
        let at = queue.and_then(|queue| self.contexts.iter().position(|id| *id == queue.context));
        vec![
            Field::new("name", "Queue name", "As Asterisk calls it, like support", Entry::text(name)),
            Field::new("display", "Display name", "What people read in their client", Entry::text(display)),
            Field::new("number", "Number", "The number to dial, like 3000", Entry::text(number)),
            Field::new(
                "context",
                "Context",
                "The context of the number; it decides who sees the queue",
                Entry::choice(contexts, at),
            ),
            Field::new(
                "wrapup",
                "Wrap-up seconds",
                "How long an agent rests after a call, 0 to 3600",
                Entry::text(wrapup),
            ),
        ]
    }

    fn apply(&self, fields: &Fields, c: &mut Configuration, _: RandomSource, _: Purpose) -> Result<(), Fault> {
        // All are read before the first that is wrong ends it: all are told.
        let name = fields.parse("name", QueueName::parse);
        let display = fields.parse("display", DisplayName::parse);
        let number = fields.parse("number", Extension::parse);
        let wrapup = fields.number("wrapup", Rule::Q1, TargetKind::WrapUpTime, WRAPUP_SECONDS_MAX);
        let context = fields.choose("context", &self.contexts)?;
        let new = NewQueue { name: name?, display: display?, number: number?, context, wrapup_seconds: wrapup? };
        match self.id {
            None => {
                c.add_queue(new)?;
            }
            Some(id) => c.queues.edit(id, |queue| {
                queue.name = new.name;
                queue.display = new.display;
                queue.number = new.number;
                queue.context = new.context;
                queue.wrapup_seconds = new.wrapup_seconds;
            }),
        }
        Ok(())
    }

    fn field_of(&self, rule: Rule) -> Option<&'static str> {
        match rule {
            Rule::Q1 => Some("name"),
            Rule::C2 => Some("number"),
            _ => None,
        }
    }

    fn words(&self, fields: &Fields) -> String {
        let did = if self.id.is_none() { "added" } else { "changed" };
        format!("queue \"{}\" was {did}", fields.text("name").trim())
    }
}

#[derive(Clone)]
pub(in crate::tui::screens) struct MemberModel {
    queue: QueueId,
    /// None: one of `others` becomes a member.
    member: Option<MemberId>,
    /// What the options of `member` stand for: the agents and lines that are no members yet.
    others: Vec<MemberId>,
}

impl MemberModel {
    pub(in crate::tui::screens) fn new(queue: QueueId, member: Option<MemberId>, app: &App) -> Self {
        let c = &app.configuration;
        let members = c.queues.get(queue).map(|queue| queue.members.as_slice()).unwrap_or_default();
        let members: BTreeSet<MemberId> = members.iter().map(|member| member.member).collect();
        let agents = c.agents.iter().map(|agent| MemberId::Agent(agent.id));
        let all = agents.chain(c.lines.iter().map(|line| MemberId::Line(line.id)));
        Self { queue, member, others: all.filter(|other| !members.contains(other)).collect() }
    }
}

/// `agent 8001 Bob Baker`, `line 1001@default Alice Archer`.
pub(super) fn member_words(id: MemberId, c: &Configuration) -> String {
    let kind = match id {
        MemberId::Agent(_) => Kind::Agent,
        MemberId::Line(_) => Kind::Line,
    };
    let (number, name) = id.number_and_name(c);
    format!("{kind} {number} {name}").trim_end().to_owned()
}

impl Model for MemberModel {
    fn key(&self) -> Option<FormKey> {
        let within = Some(Target { kind: Kind::Queue, id: self.queue.number() });
        let member = self.member.map(|member| match member {
            MemberId::Agent(agent) => Target { kind: Kind::Agent, id: agent.number() },
            MemberId::Line(line) => Target { kind: Kind::Line, id: line.number() },
        });
        Some(FormKey::of(Kind::Queue, member).within(within))
    }

    fn title(&self) -> String {
        if self.member.is_none() { "new member".to_owned() } else { "edit member".to_owned() }
    }

    /// The queue is what is edited: its version guards its members too.
    fn target(&self) -> Option<Target> {
        Some(Target { kind: Kind::Queue, id: self.queue.number() })
    }

    fn anew(&self, app: &App) -> Option<Self> {
        Some(Self::new(self.queue, self.member, app))
    }

    fn fields(&self, app: &App) -> Vec<Field> {
        let c = &app.configuration;
        let penalty = self.member.and_then(|member| c.queues.get(self.queue)?.member(member)).map(|it| it.penalty);
        let member = match self.member {
            Some(member) => Entry::Fixed(member_words(member, c)),
            None => Entry::choice(self.others.iter().map(|id| member_words(*id, c)).collect(), None),
        };
        vec![
            Field::new("member", "Member", "Who answers the calls of the queue: an agent, or a telephone", member),
            Field::new(
                "penalty",
                "Penalty",
                "0 to 100; members with a lower one are called first",
                Entry::text(penalty.unwrap_or_default()),
            ),
        ]
    }

    fn apply(&self, fields: &Fields, c: &mut Configuration, _: RandomSource, _: Purpose) -> Result<(), Fault> {
        let penalty = fields.number("penalty", Rule::Q1, TargetKind::Penalty, u16::from(PENALTY_MAX))?;
        let member = match self.member {
            Some(member) => member,
            None => fields.choose("member", &self.others)?,
        };
        // Its limit is below 256.
        c.set_queue_member(self.queue, member, u8::try_from(penalty).unwrap_or(PENALTY_MAX)).map_err(Fault::from)
    }

    fn words(&self, fields: &Fields) -> String {
        let member = fields.words("member");
        match self.member {
            None => format!("{member} was added to the queue"),
            Some(_) => format!("the penalty of {member} was changed"),
        }
    }

    /// The one that is offered first may be the one that is meant.
    fn saves_unedited(&self) -> bool {
        self.member.is_none()
    }
}
