//! How everything stands on the telephone system, as far as its link said: phones, voicemail boxes, calls, agents, queues.
//! While the link is down it stays as it was last. Handlers change it and mark what they touched in `changes`, which
//! `publish_telephony` tells; a `View` reads it.

/// Whether an agent may be given a call.
pub(in crate::live) mod agent_availability;
/// Agents: logged in, paused, on a call.
pub(in crate::live) mod agents;
/// Channels and bridges.
pub(in crate::live) mod calls;
/// What was touched and is to be told.
pub(in crate::live) mod changes;
/// How Asterisk calls the telephones of lines.
pub(in crate::live) mod device_names;
/// Voicemail boxes.
pub(in crate::live) mod mailboxes;
/// Phones and what lights on them.
pub(in crate::live) mod phones;
/// What became of calls in queues.
pub(in crate::live) mod queue_calls;
/// Queues: members, entries, figures.
pub(in crate::live) mod queues;
/// Services: keys and lamps.
pub(in crate::live) mod services;
/// Who waits in a queue.
pub(in crate::live) mod waiting_line;

use agents::Agents;
use calls::Calls;
use changes::TelephonyChanges;
use device_names::DeviceNames;
use mailboxes::Mailboxes;
use phones::Phones;
use queues::Queues;
use services::ServicesThere;

/// Whether there is a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::live::state) enum Link {
    Down,
    /// What it begins with is being taken over: it is asked for what differs, and takes no orders yet.
    Beginning,
    Up,
}

/// All of it.
pub(in crate::live::state) struct Telephony {
    pub(in crate::live::state) link: Link,
    pub(in crate::live::state) device_names: DeviceNames,
    pub(in crate::live::state) phones: Phones,
    pub(in crate::live::state) mailboxes: Mailboxes,
    pub(in crate::live::state) calls: Calls,
    pub(in crate::live::state) agents: Agents,
    pub(in crate::live::state) queues: Queues,
    pub(in crate::live::state) services: ServicesThere,
    pub(in crate::live::state) changes: TelephonyChanges,
}

impl Telephony {
    /// Nothing was heard yet; of agents and of calls in queues what was kept.
    pub(in crate::live::state) fn new(agents: Agents, queues: Queues) -> Self {
        Self {
            link: Link::Down,
            device_names: DeviceNames::default(),
            phones: Phones::default(),
            mailboxes: Mailboxes::default(),
            calls: Calls::default(),
            agents,
            queues,
            services: ServicesThere::default(),
            changes: TelephonyChanges::default(),
        }
    }

    /// Whether it takes orders.
    pub(in crate::live::state) fn is_up(&self) -> bool {
        self.link == Link::Up
    }

    /// Whether it may be asked how something stands.
    pub(in crate::live::state) fn may_be_asked(&self) -> bool {
        self.link != Link::Down
    }
}
