//! Edits of contexts, conference rooms and queues: a context in use is not removed (C1), a queue's member stands once and
//! has a penalty in range (Q1).

use super::{existing, removable};
use crate::settings::conference::Conference;
use crate::settings::configuration::Configuration;
use crate::settings::context::Context;
use crate::settings::context_use::ContextUse;
use crate::settings::id::{ConferenceId, ContextId, QueueId};
use crate::settings::label::Labelled;
use crate::settings::name::{
    ConferenceName, ConferenceNumber, ConferencePin, ContextName, DisplayName, Extension, QueueName,
};
use crate::settings::queue::{MemberId, PENALTY_MAX, Queue, QueueMember};
use crate::settings::rule::{Refusal, Rule};
use crate::settings::rule_target::ObjectName;
use crate::settings::table::{Kind, Object};
use crate::settings::tables::for_each_table;
use crate::settings::violation::Violation;

#[derive(Debug, Clone)]
pub(crate) struct NewConference {
    pub(crate) number: ConferenceNumber,
    pub(crate) name: ConferenceName,
    pub(crate) context: ContextId,
    pub(crate) pin: Option<ConferencePin>,
}

#[derive(Debug, Clone)]
pub(crate) struct NewQueue {
    pub(crate) name: QueueName,
    pub(crate) display: DisplayName,
    pub(crate) number: Extension,
    pub(crate) context: ContextId,
    pub(crate) wrapup_seconds: u16,
}

removable! {
    Context: remove_context,
    Conference: remove_conference,
    Queue: remove_queue,
}

impl Configuration {
    /// Adds a context that includes others, in order of priority; a name said twice counts once.
    pub(crate) fn add_context(&mut self, name: ContextName, includes: &[ContextName]) -> Result<ContextId, Refusal> {
        let mut found: Vec<ContextId> = Vec::new();
        for include in includes {
            let Some(context) = self.context_named(include) else {
                let on = ObjectName::named(Kind::Context, None, &name);
                return Err(Refusal::new(Rule::C3, on, Violation::CannotInclude { name: include.to_string() }));
            };
            if !found.contains(&context.id) {
                found.push(context.id);
            }
        }
        Ok(self.contexts.add(|id| Context { id, version: 1, name, includes: found }))
    }

    /// Removes a context that nothing stands in and no other context includes (C1).
    pub(crate) fn remove_context(&mut self, id: ContextId) -> Result<(), Refusal> {
        let context = existing(&self.contexts, id)?;
        let mut uses = self.things_in(id);
        let including: Vec<_> =
            self.contexts.iter().filter(|other| other.id != id && other.includes.contains(&id)).collect();
        if !including.is_empty() {
            let contexts = including.iter().map(|other| other.name.to_string()).collect();
            uses.push(ContextUse::IncludedBy { contexts });
        }
        if !uses.is_empty() {
            return Err(Refusal::new(Rule::C1, context.object_name(self), Violation::InUse { uses }));
        }
        self.contexts.remove(id);
        Ok(())
    }

    /// What stands in a context, by kind.
    fn things_in(&self, id: ContextId) -> Vec<ContextUse> {
        let mut things = Vec::new();
        for_each_table! { ($table:ident, $object:ty) => {
            let number = <$object as Object>::number_in(&self.$table, id);
            if number > 0 {
                things.push(ContextUse::Holds { kind: <$object as Object>::KIND, number });
            }
        } }
        things
    }

    pub(crate) fn add_conference(&mut self, new: NewConference) -> Result<ConferenceId, Refusal> {
        existing(&self.contexts, new.context)?;
        Ok(self.conferences.add(|id| Conference {
            id,
            version: 1,
            number: new.number,
            name: new.name,
            context: new.context,
            pin: new.pin,
        }))
    }

    pub(crate) fn remove_conference(&mut self, id: ConferenceId) -> Result<(), Refusal> {
        existing(&self.conferences, id)?;
        self.conferences.remove(id);
        Ok(())
    }

    pub(crate) fn add_queue(&mut self, new: NewQueue) -> Result<QueueId, Refusal> {
        existing(&self.contexts, new.context)?;
        Ok(self.queues.add(|id| Queue {
            id,
            version: 1,
            name: new.name,
            display: new.display,
            number: new.number,
            context: new.context,
            wrapup_seconds: new.wrapup_seconds,
            members: Vec::new(),
        }))
    }

    pub(crate) fn remove_queue(&mut self, id: QueueId) -> Result<(), Refusal> {
        existing(&self.queues, id)?;
        self.queues.remove(id);
        Ok(())
    }

    /// Makes an agent or a line a member of a queue, or gives a member another penalty.
    pub(crate) fn set_queue_member(
        &mut self,
        id: QueueId,
        member: impl Into<MemberId>,
        penalty: u8,
    ) -> Result<(), Refusal> {
        let (queue, member) = (existing(&self.queues, id)?, member.into());
        let name = self.existing_member(member)?;
        if penalty > PENALTY_MAX {
            let problem = Violation::Penalty { member: name, penalty, most: PENALTY_MAX };
            return Err(Refusal::new(Rule::Q1, queue.object_name(self), problem));
        }
        self.queues.edit(id, |queue| {
            queue.members.retain(|other| other.member != member);
            queue.members.push(QueueMember { member, penalty });
            queue.members.sort();
        });
        Ok(())
    }

    pub(crate) fn remove_queue_member(&mut self, id: QueueId, member: impl Into<MemberId>) -> Result<(), Refusal> {
        let (queue, member) = (existing(&self.queues, id)?, member.into());
        if queue.member(member).is_none() {
            let member = self.existing_member(member)?;
            return Err(Refusal::new(Rule::Q1, queue.object_name(self), Violation::NoMember { member }));
        }
        self.queues.edit(id, |queue| queue.members.retain(|other| other.member != member));
        Ok(())
    }

    /// What people call who is or becomes a member.
    fn existing_member(&self, member: MemberId) -> Result<ObjectName, Refusal> {
        Ok(match member {
            MemberId::Agent(id) => existing(&self.agents, id)?.object_name(self),
            MemberId::Line(id) => existing(&self.lines, id)?.object_name(self),
        })
    }

    /// Takes whoever goes out of every queue.
    pub(super) fn leave_queues(&mut self, member: impl Into<MemberId>) {
        let member = member.into();
        let queues = self.queues.iter().filter(|queue| queue.member(member).is_some());
        let queues: Vec<QueueId> = queues.map(|queue| queue.id).collect();
        for queue in queues {
            self.queues.edit(queue, |queue| queue.members.retain(|other| other.member != member));
        }
    }
}
