//! A busy telephone system before the engine of a bench: what a link begins with where there are ten thousand lines, and
//! every telephone that changes at once.

use std::thread::sleep;
use std::time::Duration;

use crate::live::Input;
use crate::live::messages::telephony::{
    Channel, ChannelState, DeviceSeen, EntrySeen, HintSeen, MailboxSeen, MemberSeen, Party, QueueSeen, StoredKey,
};
use crate::live::messages::{TelephonyEvent, TelephonyInput, TelephonySnapshot};

use super::engine::{Engine, Publication, on_the_processor};
use super::fixture::{AGENT_FIRST, LINE_FIRST, MAILBOX_FIRST, is_member, queue_name};

/// How much there is of everything.
#[derive(Debug, Clone, Copy)]
pub struct Floor {
    pub lines: usize,
    pub agents: usize,
    pub queues: usize,
    /// Callers in each queue; in the first ten times as many.
    pub callers: usize,
    pub channels: usize,
}

impl Engine {
    /// A link begins; `status` is that of every telephone.
    pub fn begin_link(&mut self, floor: Floor, status: i8) -> Publication {
        let snapshot = floor.snapshot(status);
        let began = on_the_processor();
        let snapshot = Box::new(snapshot.prepare());
        let preparing = on_the_processor().saturating_sub(began);
        self.hear(vec![TelephonyInput::Up(snapshot)], Publication { preparing, ..Publication::default() })
    }

    pub fn lose_link(&mut self) {
        self.hear(vec![TelephonyInput::Down], Publication::default());
    }

    /// Every telephone is in another state, and all hear of it.
    pub fn change_all_phones(&mut self, floor: Floor, status: i8) -> Publication {
        let changes = floor.hints(status).into_iter().map(|hint| TelephonyInput::Event(TelephonyEvent::Hint(hint)));
        self.hear(changes.collect(), Publication::default())
    }

    /// One who waits leaves the largest queue, and the first session hears who is left.
    pub fn take_a_caller(&mut self, floor: Floor) -> Publication {
        self.log_in_again();
        self.say(br#"{"class":"subscribe","message":"queueentryupdate","queueid":1}"#);
        let left = TelephonyEvent::CallerLeft {
            queue: queue_name(0).into(),
            unique_id: unique_id(0, 1),
            position: 1,
            count: count(floor.callers_of(0) - 1),
        };
        self.hear(vec![TelephonyInput::Event(left)], Publication::default())
    }

    fn hear(&mut self, news: Vec<TelephonyInput>, mut told: Publication) -> Publication {
        for input in news {
            told.notices += self.take(Input::Telephony(input), &mut told.first);
        }
        self.go_on(&mut told);
        // What waits until it may be told is told with whatever comes then.
        for _ in 0..3 {
            sleep(Duration::from_millis(60));
            told.notices += self.take(Input::Continue, &mut told.rest);
            self.go_on(&mut told);
        }
        told
    }
}

impl Floor {
    fn snapshot(self, status: i8) -> TelephonySnapshot {
        let channels: Vec<Channel> = (0..self.channels).map(channel).collect();
        let bridged = channels.iter().enumerate();
        TelephonySnapshot {
            hints: self.hints(status),
            devices: (0..self.lines).flat_map(|number| [device(number), lamp(number)]).collect(),
            mailboxes: (0..self.lines).map(mailbox).collect(),
            keys: (0..self.lines).map(key).collect(),
            bridged: bridged.map(|(n, it)| (format!("b{}", n / 2).into(), it.unique_id.clone())).collect(),
            channels,
            queues: (0..self.queues).map(|number| self.queue(number)).collect(),
            ..TelephonySnapshot::default()
        }
    }

    fn hints(self, status: i8) -> Vec<HintSeen> {
        let hint = |number: usize| {
            let extension = LINE_FIRST + number;
            let hint = format!("PJSIP/{extension}&Custom:DND{extension}").into();
            HintSeen { extension: extension.to_string().into(), context: "hints".into(), hint, status }
        };
        (0..self.lines).map(hint).collect()
    }

    fn callers_of(self, queue: usize) -> usize {
        if queue == 0 { 10 * self.callers } else { self.callers }
    }

    fn queue(self, number: usize) -> QueueSeen {
        let agents = (0..self.agents).filter(|agent| is_member(*agent, number, self.queues));
        let member = |agent: usize| MemberSeen {
            queue: queue_name(number).into(),
            interface: format!("Local/id-{}@agentcallback", agent + 1).into(),
            name: format!("Agent/{}", AGENT_FIRST + agent).into(),
            state_interface: format!("PJSIP/{}", LINE_FIRST + agent).into(),
            is_dynamic: true,
            in_call: Some(false),
            status: 1,
            is_paused: agent.is_multiple_of(3),
            pause_reason: "Lunch".into(),
            ..MemberSeen::default()
        };
        let entry = |place: u32| EntrySeen {
            position: place,
            unique_id: unique_id(number, place),
            channel: "".into(),
            caller: Party { name: "Somebody".into(), number: format!("0145{place:06}").into() },
            wait_seconds: 30,
        };
        QueueSeen {
            name: queue_name(number).into(),
            hold_seconds: 12,
            members: agents.map(member).collect(),
            entries: (1..=count(self.callers_of(number))).map(entry).collect(),
        }
    }
}

fn device(number: usize) -> DeviceSeen {
    DeviceSeen { device: format!("PJSIP/{}", LINE_FIRST + number).into(), state: "NOT_INUSE".into() }
}

/// Of the user who does not want to be disturbed.
fn lamp(number: usize) -> DeviceSeen {
    DeviceSeen { device: format!("Custom:*735{}***225", number + 1).into(), state: "INUSE".into() }
}

fn key(number: usize) -> StoredKey {
    StoredKey { family: format!("cti/{}", number + 1).into(), key: "dnd".into(), value: "1".into() }
}

fn mailbox(number: usize) -> MailboxSeen {
    MailboxSeen { mailbox: format!("{}@context0", MAILBOX_FIRST + number).into(), new: 1, old: 2 }
}

fn channel(number: usize) -> Channel {
    let id: Box<str> = format!("tel-1795440503.{number}").into();
    Channel {
        name: format!("PJSIP/{}-{number:08x}", LINE_FIRST + number).into(),
        linked_id: id.clone(),
        unique_id: id,
        state: ChannelState::Up,
        ..Channel::default()
    }
}

fn unique_id(queue: usize, place: u32) -> Box<str> {
    format!("queue-{queue}.{place}").into()
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
