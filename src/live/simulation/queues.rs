//! Queues that move in a simulated world: members that Asterisk has come, stand otherwise and go, all at once or one by
//! one. Whatever was touched is told before the step is over.

use std::time::Duration;

use super::{Simulation, some};
use crate::live::messages::telephony::{MemberSeen, QueueSeen};
use crate::live::messages::{Input, TelephonyEvent, TelephonyInput, TelephonySnapshot};

impl Simulation {
    pub(super) fn queues_move(&mut self) -> String {
        let known = &self.configuration;
        let queue = some(&mut self.random, &known.queues).and_then(|queue| known.queues.get(queue));
        let queue: Box<str> = queue.map_or("none", |queue| queue.name.as_str()).into();
        let members: Vec<MemberSeen> = (0..self.random.below(3)).map(|_| self.member_seen(&queue)).collect();
        let seen = QueueSeen { name: queue.clone(), hold_seconds: 3, members, entries: Vec::new() };
        let input = match self.random.below(5) {
            0 => TelephonyInput::Up(Box::new(TelephonySnapshot { queues: vec![seen], ..Default::default() })),
            1 => TelephonyInput::Event(TelephonyEvent::Queue(seen)),
            2..=3 => TelephonyInput::Event(TelephonyEvent::Member(self.member_seen(&queue))),
            _ => {
                let MemberSeen { queue, interface, name, .. } = self.member_seen(&queue);
                TelephonyInput::Event(TelephonyEvent::MemberRemoved { queue, interface, name })
            }
        };
        let did = format!("{input:?}");
        self.apply(Input::Telephony(input));
        self.now.steady += Duration::from_millis(50);
        self.ring();
        did
    }

    fn member_seen(&mut self, queue: &str) -> MemberSeen {
        let (random, known) = (&mut self.random, &self.configuration);
        let agent = some(random, &known.agents).and_then(|agent| known.agents.get(agent));
        let line = some(random, &known.lines).and_then(|line| known.lines.get(line));
        let (name, interface): (Box<str>, Box<str>) = match (random.below(2), agent, line) {
            (0, Some(agent), _) => {
                (format!("Agent/{}", agent.number).into(), format!("Local/id-{}@agentcallback", agent.id).into())
            }
            (_, _, Some(line)) => (line.device.as_str().into(), line.device.as_str().into()),
            _ => ("Carol".into(), "PJSIP/carol".into()),
        };
        let (status, penalty) =
            (u8::try_from(random.below(9)).unwrap_or(0), u32::try_from(random.below(4)).unwrap_or(0));
        let is_paused = random.below(4) == 0;
        MemberSeen { queue: queue.into(), name, interface, status, penalty, is_paused, ..MemberSeen::default() }
    }
}
