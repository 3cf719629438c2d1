//! Queues that move in a world of the separation test: members join, stand otherwise and leave, callers come and go, a link
//! begins anew. Of names that are gone, or nobody's, too.

use serde_json::json;

use super::Separated;
use crate::live::messages::telephony::{AnsweredCall, Channel, EntrySeen, MemberSeen, Party, QueueSeen};
use crate::live::messages::{TelephonyEvent, TelephonyInput, TelephonySnapshot};
use crate::live::simulation::some;
use crate::live::state::Input;

impl Separated {
    pub(super) fn queues_move(&mut self) {
        let Some(queue) = some(&mut self.random, &self.rule.known.queues) else { return };
        let queue: Box<str> = self.rule.known.queues.get(queue).map_or("none", |queue| queue.name.as_str()).into();
        let id = self.random.number(5);
        let count = u32::try_from(self.random.below(4)).unwrap_or(0);
        let event = match self.random.below(9) {
            0 => {
                let snapshot = TelephonySnapshot { queues: vec![self.queue_seen(&queue)], ..Default::default() };
                return self.apply(Input::Telephony(TelephonyInput::Up(Box::new(snapshot))));
            }
            1 => TelephonyEvent::Queue(self.queue_seen(&queue)),
            2..=3 => TelephonyEvent::Member(self.member_seen(&queue)),
            4 => {
                let MemberSeen { queue, interface, name, .. } = self.member_seen(&queue);
                TelephonyEvent::MemberRemoved { queue, interface, name }
            }
            5..=6 => TelephonyEvent::CallerJoined { entry: entry(id, 1), queue, count },
            7 => TelephonyEvent::CallerLeft { queue, unique_id: format!("u.{id}").into(), position: 1, count },
            _ => {
                let unique_id: Box<str> = format!("u.{id}").into();
                let answered = AnsweredCall {
                    queue,
                    name: "Agent/1".into(),
                    interface: "".into(),
                    unique_id: unique_id.clone(),
                    hold_seconds: 5,
                };
                self.apply(Input::Telephony(TelephonyInput::Event(TelephonyEvent::AgentConnected(answered))));
                TelephonyEvent::HungUp { channel: Channel { unique_id, ..Channel::default() }, cause: 16 }
            }
        };
        self.apply(Input::Telephony(TelephonyInput::Event(event)));
        // Somebody hears it.
        if let Some(session) = self.some_session() {
            let subscription = match self.random.below(2) {
                0 => json!({"class": "subscribetoqueuesstats"}),
                _ => json!({"class": "subscribe", "message": "queueentryupdate", "queueid": self.some_id("queues")}),
            };
            self.ask(session, &subscription);
        }
    }

    /// Of anybody.
    fn member_seen(&mut self, queue: &str) -> MemberSeen {
        let (random, known) = (&mut self.random, &self.rule.known);
        let agent = some(random, &known.agents).and_then(|agent| known.agents.get(agent));
        let line = some(random, &known.lines).and_then(|line| known.lines.get(line));
        let (name, interface): (Box<str>, Box<str>) = match (random.below(3), agent, line) {
            (0, Some(agent), _) => {
                (format!("Agent/{}", agent.number).into(), format!("Local/id-{}@agentcallback", agent.id).into())
            }
            (1, _, Some(line)) => (line.device.as_str().into(), line.device.as_str().into()),
            _ => ("Carol".into(), "PJSIP/carol".into()),
        };
        let status = u8::try_from(random.below(9)).unwrap_or(0);
        MemberSeen { queue: queue.into(), name, interface, status, ..MemberSeen::default() }
    }

    fn queue_seen(&mut self, queue: &str) -> QueueSeen {
        let members = (0..self.random.below(4)).map(|_| self.member_seen(queue)).collect();
        let entries =
            (1..=self.random.below(3)).zip(1..).map(|(id, place)| entry(i64::try_from(id).unwrap_or(1), place));
        QueueSeen { name: queue.into(), hold_seconds: 7, members, entries: entries.collect() }
    }
}

fn entry(id: i64, position: u32) -> EntrySeen {
    let caller = Party { name: "Zoe".into(), number: "5145550000".into() };
    EntrySeen { position, unique_id: format!("u.{id}").into(), channel: "".into(), caller, wait_seconds: 3 }
}
