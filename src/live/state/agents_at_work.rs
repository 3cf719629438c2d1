//! Agents as handlers change them: each change keeps what clients are to know of the agent in step, marks what is to be
//! told, and says what is to be written.

use std::collections::BTreeMap;
use std::time::Duration;

use super::LiveState;
use super::telephony::agent_availability::Availability;
use super::telephony::agents::{AgentAtWork, Agents, ToldAgent};
use crate::live::messages::telephony::device_key;
use crate::live::messages::{Moment, Subject, TelephonyTimer, TimerKey};
use crate::live::state::Effects;
use crate::settings::agent::Agent;
use crate::settings::id::{AgentId, LineId, QueueId, UserId};
use crate::settings::line;
use crate::settings::queue::Queue;
use crate::settings::state::StateWrite;

/// So long a call that no queue brought must last to be told: when an agent answers a queue's call, their telephone talks a
/// moment before the queue says that it is its call (telephony §6.3).
const HOLD: Duration = Duration::from_millis(200);

impl LiveState {
    pub(in crate::live) fn agents(&self) -> &Agents {
        &self.runtime.telephony.agents
    }

    /// All of them, in order.
    pub(in crate::live) fn agent_ids(&self) -> Vec<AgentId> {
        self.settings.configuration.agents.iter().map(|agent| agent.id).collect()
    }

    /// The agent as the settings have them.
    pub(in crate::live) fn agent(&self, agent: AgentId) -> Option<&Agent> {
        self.settings.configuration.agents.get(agent).map(AsRef::as_ref)
    }

    pub(in crate::live) fn queue(&self, queue: QueueId) -> Option<&Queue> {
        self.settings.configuration.queues.get(queue).map(AsRef::as_ref)
    }

    pub(in crate::live) fn line(&self, line: LineId) -> Option<&line::Line> {
        self.settings.configuration.lines.get(line).map(AsRef::as_ref)
    }

    pub(in crate::live) fn agent_of_user(&self, user: UserId) -> Option<AgentId> {
        self.settings.index.agent(user)
    }

    pub(in crate::live) fn main_line_of(&self, user: UserId) -> Option<LineId> {
        self.settings.index.main_line(user)
    }

    /// The name of the agent's context.
    pub(in crate::live) fn context_of_agent(&self, agent: AgentId) -> Option<&str> {
        let context = self.agent(agent)?.context;
        self.settings.configuration.contexts.get(context).map(|context| context.name.as_str())
    }

    /// The name of the line's context.
    pub(in crate::live) fn context_of_line(&self, line: LineId) -> Option<&str> {
        let context = self.line(line)?.context;
        self.settings.configuration.contexts.get(context).map(|context| context.name.as_str())
    }

    /// The queues that the agent works in.
    pub(in crate::live) fn queues_of_agent(&self, agent: AgentId) -> Vec<QueueId> {
        self.agents().get(agent).queues(self.settings.index.queues(agent))
    }

    /// Whether the settings have the agent in the queue.
    pub(in crate::live) fn is_configured_member(&self, agent: AgentId, queue: QueueId) -> bool {
        self.settings.index.penalty(queue, agent).is_some()
    }

    /// One who joined at work is called first.
    pub(in crate::live) fn penalty(&self, agent: AgentId, queue: QueueId) -> u8 {
        self.settings.index.penalty(queue, agent).unwrap_or_default()
    }

    /// By agent and queue, of all who are logged in and work where the settings have them.
    pub(in crate::live) fn penalties_at_work(&self) -> BTreeMap<(AgentId, QueueId), u8> {
        let index = &self.settings.index;
        let at_work = self.agents().iter().filter(|(_, agent)| agent.login().is_some()).map(|(agent, _)| agent);
        let of = |agent| index.queues(agent).iter().map(move |queue| (agent, *queue));
        at_work.flat_map(of).filter_map(|key| Some((key, index.penalty(key.1, key.0)?))).collect()
    }

    /// How the line's telephone is called where calls are made of it.
    pub(in crate::live) fn device_of_line(&self, line: LineId) -> Option<Box<str>> {
        let learnt = self.runtime.telephony.device_names.of(line).map(Into::into);
        learnt.or_else(|| self.line(line).map(|line| line.device.as_str().into()))
    }

    /// Changes what is known of the agent; what clients are to know follows, unless it is held for a moment.
    pub(in crate::live) fn change_agent(
        &mut self,
        now: Moment,
        agent: AgentId,
        out: &mut Effects,
        change: impl FnOnce(&mut AgentAtWork),
    ) {
        let before = self.agents().get(agent).kept.clone();
        self.runtime.telephony.agents.change(agent, |agent| {
            change(agent);
            agent.follow_pauses(now.unix);
        });
        let kept = &self.agents().get(agent).kept;
        if *kept != before {
            out.writes.push(StateWrite::Agent(agent, kept.clone()));
        }
        if kept.memberships != before.memberships {
            self.touch_agent(agent);
        }
        self.follow_availability(now, agent);
    }

    /// How agents stand at the start, by what was kept of them.
    pub(super) fn begin_agents(&mut self, now: Moment) {
        for agent in self.agents().iter().map(|(agent, _)| agent).collect::<Vec<_>>() {
            let availability = self.present_availability(agent);
            self.runtime.telephony.agents.change(agent, |agent| {
                agent.stand(availability, now.unix);
                agent.tell();
            });
        }
    }

    /// What was held is told, if it still is so.
    pub(in crate::live) fn end_hold(&mut self, now: Moment, agent: AgentId) {
        if self.agents().get(agent).is_held {
            self.runtime.telephony.agents.change(agent, |agent| agent.is_held = false);
            let availability = self.present_availability(agent);
            self.stand(now, agent, availability);
        }
    }

    /// Clients hear at once how the agent stands; of a call that no queue brought only once it lasts.
    fn follow_availability(&mut self, now: Moment, agent: AgentId) {
        let availability = self.present_availability(agent);
        let at_work = self.agents().get(agent);
        let (known, is_held) = (at_work.standing.availability, at_work.is_held);
        let is_new_call = matches!(availability, Availability::OnOtherCall(_)) && availability != known;
        let timer = TimerKey::Telephony(TelephonyTimer::Availability(agent));
        if is_new_call && known != Availability::LoggedOut {
            if !is_held {
                self.runtime.telephony.agents.change(agent, |agent| agent.is_held = true);
                self.set_timer(timer, now.steady + HOLD);
            }
            return;
        }
        if is_held {
            self.runtime.telephony.agents.change(agent, |agent| agent.is_held = false);
            self.cancel_timer(timer);
        }
        self.stand(now, agent, availability);
    }

    fn present_availability(&self, agent: AgentId) -> Availability {
        self.agents().get(agent).availability(&self.queues_of_agent(agent))
    }

    fn stand(&mut self, now: Moment, agent: AgentId, availability: Availability) {
        let before = self.agents().get(agent).standing.clone();
        self.runtime.telephony.agents.change(agent, |agent| agent.stand(availability, now.unix));
        if self.agents().get(agent).standing != before {
            self.touch_agent(agent);
            self.touch_figures_of(agent);
        }
    }

    fn touch_agent(&mut self, agent: AgentId) {
        self.runtime.telephony.changes.touch_agent(agent);
    }

    /// Clients read from now on how the agent stands, for that is told now; as what they were told before.
    pub(super) fn tell_agent(&mut self, agent: AgentId) -> ToldAgent {
        let mut before = ToldAgent::default();
        self.runtime.telephony.agents.change(agent, |agent| before = agent.tell());
        self.answers.forget(Subject::Agent(agent));
        before
    }

    /// What lines are called that the settings do not have any more, or have with another telephone, is forgotten.
    pub(in crate::live) fn forget_device_names_gone(&mut self) {
        let names = &self.settings.index.telephony;
        self.runtime
            .telephony
            .device_names
            .retain(|line, device| names.names_of_line(line).is_some_and(|names| names.device == device_key(device)));
    }

    /// All agents whom the settings do not have any more, with what was known of them.
    pub(in crate::live) fn forget_gone_agents(&mut self) -> Vec<(AgentId, AgentAtWork)> {
        let agents = &self.settings.configuration.agents;
        let is_gone = |(id, _): &(AgentId, &AgentAtWork)| agents.get(*id).is_none();
        let gone: Vec<_> = self.agents().iter().filter(is_gone).map(|(id, agent)| (id, agent.clone())).collect();
        for (agent, _) in &gone {
            self.runtime.telephony.agents.forget(*agent);
            self.runtime.telephony.changes.forget_agent(*agent);
            for timer in [
                TelephonyTimer::WrapUp,
                TelephonyTimer::Availability,
                TelephonyTimer::PhoneGone,
                TelephonyTimer::LoggedOff,
            ] {
                self.cancel_timer(TimerKey::Telephony(timer(*agent)));
            }
        }
        gone
    }
}
