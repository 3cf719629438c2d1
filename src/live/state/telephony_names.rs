//! Whose the names are by which the telephone system speaks: devices, extensions, queues, agents, voicemail boxes.

use std::collections::HashMap;

use crate::live::messages::telephony::device_key;
use crate::settings::configuration::Configuration;
use crate::settings::id::{AgentId, LineId, QueueId, VoicemailId};

#[derive(Default)]
pub(in crate::live) struct TelephonyNames {
    devices: HashMap<Box<str>, LineId>,
    /// By context and extension.
    extensions: HashMap<(Box<str>, Box<str>), LineId>,
    queues: HashMap<Box<str>, QueueId>,
    agents: HashMap<Box<str>, AgentId>,
    /// By `box@context`.
    mailboxes: HashMap<Box<str>, VoicemailId>,
}

impl TelephonyNames {
    pub(super) fn of(configuration: &Configuration) -> Self {
        let context = |id| configuration.contexts.get(id).map_or("", |context| context.name.as_str());
        let mut names = Self::default();
        for line in configuration.lines.iter() {
            // Of two lines with one device the first.
            names.devices.entry(device_key(line.device.as_str())).or_insert(line.id);
            let place = (context(line.context).into(), line.extension.as_str().into());
            names.extensions.entry(place).or_insert(line.id);
        }
        names.queues.extend(configuration.queues.iter().map(|queue| (queue.name.as_str().into(), queue.id)));
        names.agents.extend(configuration.agents.iter().map(|agent| (agent.number.as_str().into(), agent.id)));
        for voicemail in configuration.voicemails.iter() {
            let name = format!("{}@{}", voicemail.mailbox, context(voicemail.context));
            names.mailboxes.insert(name.into(), voicemail.id);
        }
        names
    }

    /// Whatever its case, and PJSIP as SIP (telephony §16b).
    pub(in crate::live) fn line_of_device(&self, device: &str) -> Option<LineId> {
        self.devices.get(&*device_key(device)).copied()
    }

    pub(in crate::live) fn line_at(&self, context: &str, extension: &str) -> Option<LineId> {
        self.extensions.get(&(context.into(), extension.into())).copied()
    }

    pub(in crate::live) fn queue(&self, name: &str) -> Option<QueueId> {
        self.queues.get(name).copied()
    }

    /// Of a member's name: `Agent/8001`.
    pub(in crate::live) fn agent_of_member(&self, name: &str) -> Option<AgentId> {
        self.agents.get(name.strip_prefix("Agent/")?).copied()
    }

    /// `101@default`
    pub(in crate::live) fn mailbox(&self, name: &str) -> Option<VoicemailId> {
        self.mailboxes.get(name).copied()
    }
}
