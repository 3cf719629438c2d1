//! The contexts, conference rooms and queues of a document.

use std::collections::HashMap;

use serde_json::Value;

use super::lost_secret::{LostSecret, WithoutSecret};
use super::table::{FromDocument, Goal, ObjectNames, Restorer, back};
use super::{Claim, Names, Placed, Reading, settle};
use crate::exchange::document::form;
use crate::exchange::document::tables::Documented;
use crate::settings::conference::Conference;
use crate::settings::configuration::Configuration;
use crate::settings::context::Context;
use crate::settings::id::{ConferenceId, ContextId, Id, QueueId};
use crate::settings::label::context_name;
use crate::settings::name::{
    ConferenceName, ConferenceNumber, ConferencePin, ContextName, DisplayName, Extension, QueueName,
};
use crate::settings::queue::{MemberId, Queue, QueueMember};
use crate::settings::rule::Rule;
use crate::settings::rule_target::RuleTarget;
use crate::settings::target_kind::TargetKind;
use crate::settings::violation::Violation;

impl FromDocument for Context {
    fn read_list(reading: &mut Reading<'_>, list: Option<Vec<Value>>, names: &mut ObjectNames) {
        let forms = reading.forms(Self::LIST, list);
        names.contexts = reading.read_contexts(forms);
    }

    fn restore(restorer: &mut Restorer<'_>, goal: &Goal, image: Value) {
        let (form, current) = (restorer.placed(goal, image), restorer.reading.current);
        let object = form.and_then(|form| restorer.reading.context(form, Id::new(goal.id), &restorer.names.contexts));
        back(&mut restorer.reading.new.contexts, &current.contexts, object, goal.entry);
    }
}

impl FromDocument for Conference {
    fn read_list(reading: &mut Reading<'_>, list: Option<Vec<Value>>, names: &mut ObjectNames) {
        let forms = reading.forms(Self::LIST, list);
        reading.read_conferences(forms, &names.contexts);
    }

    fn restore(restorer: &mut Restorer<'_>, goal: &Goal, image: Value) {
        let Some(Placed { place, form }) = restorer.placed::<form::ConferenceForm>(goal, image) else { return };
        let current = restorer.reading.current;
        let had_pin = form.pin.is_some();
        let pin_in = |known: &Configuration| known.conferences.get(Id::new(goal.id)).and_then(|room| room.pin.clone());
        let kept = pin_in(current).or_else(|| pin_in(restorer.remembered)).filter(|_| had_pin);
        let placed = Placed { place, form: form::ConferenceForm { pin: None, ..form } };
        let room = restorer.reading.conference(placed, Id::new(goal.id), kept, &restorer.names.contexts);
        if had_pin && room.as_ref().is_some_and(|room| room.pin.is_none()) {
            restorer.lost.push(LostSecret { on: goal.on.clone(), then: WithoutSecret::EverybodyMayEnter });
        }
        back(&mut restorer.reading.new.conferences, &current.conferences, room, goal.entry);
    }
}

impl FromDocument for Queue {
    fn read_list(reading: &mut Reading<'_>, list: Option<Vec<Value>>, names: &mut ObjectNames) {
        let forms = reading.forms(Self::LIST, list);
        reading.read_queues(forms, names);
    }

    fn restore(restorer: &mut Restorer<'_>, goal: &Goal, image: Value) {
        let (form, current) = (restorer.placed(goal, image), restorer.reading.current);
        let object = form.and_then(|form| restorer.reading.queue(form, Id::new(goal.id), &restorer.names));
        back(&mut restorer.reading.new.queues, &current.queues, object, goal.entry);
    }
}

impl Reading<'_> {
    pub(super) fn read_contexts(&mut self, contexts: Vec<Placed<form::ContextForm>>) -> Names<ContextId> {
        let current = self.current;
        let ids = self.assign_by_name(
            "contexts",
            &contexts,
            &current.contexts,
            |form| (form.id, &form.name),
            |context| context.name.as_str(),
        );
        let entries = contexts.iter().zip(&ids).map(|(context, id)| (&context.place, context.form.name.clone(), *id));
        let names = self.names(Rule::C1, entries);
        for (placed, id) in contexts.into_iter().zip(ids) {
            if let Some(context) = self.context(placed, id, &names) {
                settle(&mut self.new.contexts, &current.contexts, context);
            }
        }
        self.new.contexts.raise_next_number(self.next_ids["contexts"]);
        names
    }

    pub(super) fn context(
        &mut self,
        Placed { place, form }: Placed<form::ContextForm>,
        id: ContextId,
        names: &Names<ContextId>,
    ) -> Option<Context> {
        let name = self.take(&place, ContextName::parse(&form.name));
        let mut includes = Vec::with_capacity(form.includes.len());
        for include in &form.includes {
            includes.extend(self.refer(Rule::C3, &place, "context", names, include));
        }
        Some(Context { id, version: 1, name: name?, includes })
    }

    pub(super) fn read_conferences(
        &mut self,
        conferences: Vec<Placed<form::ConferenceForm>>,
        contexts: &Names<ContextId>,
    ) {
        let current = self.current;
        let known: HashMap<(String, &str), ConferenceId> = current
            .conferences
            .iter()
            .map(|room| ((context_name(current, room.context), room.number.as_str()), room.id))
            .collect();
        let same = |form: &form::ConferenceForm| known.get(&(form.context.clone(), form.number.as_str())).copied();
        let claims: Vec<_> = conferences
            .iter()
            .map(|Placed { place, form }| Claim { place, said: form.id, known: same(form) })
            .collect();
        let ids = self.assign("conferences", &claims, &current.conferences);
        for (placed, id) in conferences.into_iter().zip(ids) {
            // On the server that wrote the document the id says which room it is, elsewhere its number does.
            let is_same_server = self.new.server_uuid == current.server_uuid;
            let old = if is_same_server { Some(id) } else { same(&placed.form) };
            let kept = old.and_then(|id| current.conferences.get(id)).and_then(|room| room.pin.clone());
            if let Some(room) = self.conference(placed, id, kept, contexts) {
                settle(&mut self.new.conferences, &current.conferences, room);
            }
        }
        self.new.conferences.raise_next_number(self.next_ids["conferences"]);
    }

    pub(super) fn conference(
        &mut self,
        Placed { place, form }: Placed<form::ConferenceForm>,
        id: ConferenceId,
        kept: Option<ConferencePin>,
        contexts: &Names<ContextId>,
    ) -> Option<Conference> {
        let number = self.take(&place, ConferenceNumber::parse(&form.number));
        let name = self.take(&place, ConferenceName::parse(&form.name));
        let context = self.refer(Rule::C3, &place, "context", contexts, &form.context);
        let pin = match form.pin.as_deref() {
            // A wrong PIN is not repeated, as `ConferencePin::parse` would.
            Some(pin) => match ConferencePin::parse(pin) {
                Ok(pin) => Some(Some(pin)),
                Err(_) => {
                    self.problem(
                        Rule::C2,
                        RuleTarget::within(&place, TargetKind::Pin),
                        Violation::must_be("1 to 12 digits"),
                    );
                    None
                }
            },
            None => Some(kept),
        };
        Some(Conference { id, version: 1, number: number?, name: name?, context: context?, pin: pin? })
    }

    pub(super) fn read_queues(&mut self, queues: Vec<Placed<form::QueueForm>>, names: &ObjectNames) {
        let current = self.current;
        let ids = self.assign_by_name(
            "queues",
            &queues,
            &current.queues,
            |form| (form.id, &form.name),
            |queue| queue.name.as_str(),
        );
        for (placed, id) in queues.into_iter().zip(ids) {
            if let Some(queue) = self.queue(placed, id, names) {
                settle(&mut self.new.queues, &current.queues, queue);
            }
        }
        self.new.queues.raise_next_number(self.next_ids["queues"]);
    }

    pub(super) fn queue(
        &mut self,
        Placed { place, form }: Placed<form::QueueForm>,
        id: QueueId,
        names: &ObjectNames,
    ) -> Option<Queue> {
        let name = self.take(&place, QueueName::parse(&form.name));
        let display = self.take(&place, DisplayName::parse(&form.display));
        let number = self.take(&place, Extension::parse(&form.number));
        let context = self.refer(Rule::C3, &place, "context", &names.contexts, &form.context);
        let mut members = Vec::with_capacity(form.members.len());
        for form::QueueMemberForm { agent, line, penalty } in &form.members {
            let member = match (agent, line) {
                (Some(agent), None) => self.refer(Rule::C3, &place, "agent", &names.agents, agent).map(MemberId::Agent),
                (None, Some(line)) => self.refer(Rule::C3, &place, "line", &names.lines, line).map(MemberId::Line),
                (Some(_), Some(_)) | (None, None) => {
                    self.problem(Rule::D1, RuleTarget::within(&place, TargetKind::Members), Violation::AgentOrLine);
                    None
                }
            };
            members.extend(member.map(|member| QueueMember { member, penalty: *penalty }));
        }
        members.sort();
        Some(Queue {
            id,
            version: 1,
            name: name?,
            display: display?,
            number: number?,
            context: context?,
            wrapup_seconds: form.wrapup_seconds,
            members,
        })
    }
}
