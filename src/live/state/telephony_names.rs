//! Whose the names are by which the telephone system speaks: devices, extensions, queues, agents, voicemail boxes.

use std::collections::HashMap;

use crate::live::messages::telephony::{HintPlace, LineNames, device_key};
use crate::settings::agent::{id_of_callback, number_of_member};
use crate::settings::configuration::Configuration;
use crate::settings::id::{AgentId, LineId, QueueId, VoicemailId};
use crate::settings::queue::MemberId;

#[derive(Default)]
pub(in crate::live) struct TelephonyNames {
    /// Lines by the keys of their devices.
    devices: HashMap<Box<str>, Vec<LineId>>,
    /// By context and extension.
    extensions: HashMap<HintPlace, LineId>,
    lines: HashMap<LineId, LineNames>,
    queues: HashMap<Box<str>, QueueId>,
    agents: HashMap<Box<str>, AgentId>,
    agent_numbers: HashMap<AgentId, Box<str>>,
    /// By `box@context`.
    mailboxes: HashMap<Box<str>, VoicemailId>,
    mailbox_names: HashMap<VoicemailId, Box<str>>,
}

impl TelephonyNames {
    pub(super) fn of(configuration: &Configuration) -> Self {
        let context = |id| configuration.contexts.get(id).map_or("", |context| context.name.as_str());
        let mut names = Self::default();
        for line in configuration.lines.iter() {
            let device = device_key(line.device.as_str());
            names.devices.entry(device.clone()).or_default().push(line.id);
            let place: HintPlace = (context(line.context).into(), line.extension.as_str().into());
            names.extensions.entry(place.clone()).or_insert(line.id);
            names.lines.insert(line.id, LineNames { device, place });
        }
        names.queues.extend(configuration.queues.iter().map(|queue| (queue.name.as_str().into(), queue.id)));
        for agent in configuration.agents.iter() {
            names.agents.insert(agent.number.as_str().into(), agent.id);
            names.agent_numbers.insert(agent.id, agent.number.as_str().into());
        }
        for voicemail in configuration.voicemails.iter() {
            let name: Box<str> = format!("{}@{}", voicemail.mailbox, context(voicemail.context)).into();
            names.mailboxes.insert(name.clone(), voicemail.id);
            names.mailbox_names.insert(voicemail.id, name);
        }
        names
    }

    /// Whatever its case, and PJSIP as SIP (telephony §16b); of two lines with one device the first.
    pub(in crate::live) fn line_of_device(&self, device: &str) -> Option<LineId> {
        self.lines_with_key(&device_key(device)).first().copied()
    }

    /// All lines whose device has this key.
    pub(in crate::live) fn lines_with_key(&self, key: &str) -> &[LineId] {
        self.devices.get(key).map_or(&[], Vec::as_slice)
    }

    /// What the telephone system calls a line.
    pub(in crate::live) fn names_of_line(&self, line: LineId) -> Option<&LineNames> {
        self.lines.get(&line)
    }

    pub(in crate::live) fn lines(&self) -> impl Iterator<Item = LineId> + '_ {
        self.lines.keys().copied()
    }

    pub(in crate::live) fn mailbox_name(&self, voicemail: VoicemailId) -> Option<&str> {
        self.mailbox_names.get(&voicemail).map(|name| &**name)
    }

    pub(in crate::live) fn voicemails(&self) -> impl Iterator<Item = VoicemailId> + '_ {
        self.mailbox_names.keys().copied()
    }

    pub(in crate::live) fn line_at(&self, context: &str, extension: &str) -> Option<LineId> {
        self.extensions.get(&(context.into(), extension.into())).copied()
    }

    pub(in crate::live) fn queue(&self, name: &str) -> Option<QueueId> {
        self.queues.get(name).copied()
    }

    /// By the member's name, `Agent/8001`: the id in the interface is another program's where that one logged them in. It
    /// decides of an agent whose number is another by now.
    pub(in crate::live) fn agent_of_member(&self, name: &str, interface: &str) -> Option<AgentId> {
        let by_name = number_of_member(name).and_then(|number| self.agent_numbered(number));
        by_name.or_else(|| id_of_callback(interface).filter(|agent| self.agent_numbers.contains_key(agent)))
    }

    pub(in crate::live) fn number_of_agent(&self, agent: AgentId) -> Option<&str> {
        self.agent_numbers.get(&agent).map(|number| &**number)
    }

    pub(in crate::live) fn agent_numbered(&self, number: &str) -> Option<AgentId> {
        self.agents.get(number).copied()
    }

    /// An agent by name or interface; a line by its device, which is either.
    pub(in crate::live) fn member(&self, name: &str, interface: &str) -> Option<MemberId> {
        let agent = self.agent_of_member(name, interface).map(MemberId::Agent);
        let line = || self.line_of_device(interface).or_else(|| self.line_of_device(name)).map(MemberId::Line);
        agent.or_else(line)
    }

    /// Queues that were not called so before.
    pub(in crate::live) fn renamed_queues(&self, before: &Self) -> Vec<QueueId> {
        let names = self.queues.iter().filter(|(name, id)| before.queues.get(*name) != Some(*id));
        names.map(|(_, id)| *id).collect()
    }

    /// Agents who had another number before, who are new and who are gone.
    pub(in crate::live) fn renumbered_agents(&self, before: &Self) -> Vec<AgentId> {
        let is_other = |agent: &&AgentId| self.number_of_agent(**agent) != before.number_of_agent(**agent);
        let gone = before.agent_numbers.keys().filter(|agent| !self.agent_numbers.contains_key(agent));
        self.agent_numbers.keys().filter(is_other).chain(gone).copied().collect()
    }

    /// Whether any agent or device is called otherwise than before, is new or gone.
    pub(in crate::live) fn are_members_renamed(&self, before: &Self) -> bool {
        self.agents != before.agents || self.devices != before.devices
    }

    /// `101@default`
    pub(in crate::live) fn mailbox(&self, name: &str) -> Option<VoicemailId> {
        self.mailboxes.get(name).copied()
    }
}
