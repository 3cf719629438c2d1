//! How everything stands now, for the administrator alone, who sees all: what `ctibox status` and `ctibox sessions` show. It changes nothing.

use std::collections::HashMap;
use std::sync::Arc;

use super::LiveState;
use super::runtime::Session;
use super::telephony::agents::AgentAtWork;
use super::telephony::waiting_line::Caller;
use crate::live::messages::overview::{
    AgentNow, AgentPlace, AgentQueueNow, AgentStateNow, CallerNow, Overview, OverviewOf, OverviewRows, PhoneNow,
    QueueNow, UserNow,
};
use crate::live::messages::{ConnectedSession, SessionId};
use crate::protocol::queue_figures::QueueFigures;
use crate::settings::agent::Agent;
use crate::settings::id::QueueId;
use crate::settings::line;
use crate::settings::presence::DISCONNECTED;
use crate::settings::queue::{MemberId, Queue};
use crate::settings::user::User;

impl LiveState {
    /// Everybody who is logged in, in the order of logins.
    pub(in crate::live) fn session_list(&self) -> Vec<ConnectedSession> {
        let line = |(session, known): (SessionId, &Session)| {
            let user = self.settings.configuration.users.get(known.user)?;
            Some(ConnectedSession {
                session,
                user: user.id,
                login: user.login_or_id(),
                full_name: user.full_name(),
                version: known.version,
                presence: self.runtime.person(user.uuid)?.availstate().into(),
                since: known.since,
            })
        };
        self.runtime.sessions().filter_map(line).collect()
    }

    pub(in crate::live) fn overview(&self, of: OverviewOf) -> Overview {
        let known = &self.settings.configuration;
        let rows = match of {
            OverviewOf::Users => OverviewRows::Users(known.users.iter().map(|user| self.user_now(user)).collect()),
            OverviewOf::Phones => OverviewRows::Phones(known.lines.iter().map(|line| self.phone_now(line)).collect()),
            OverviewOf::Agents => {
                OverviewRows::Agents(known.agents.iter().map(|agent| self.agent_now(agent)).collect())
            }
            OverviewOf::Queues => OverviewRows::Queues(self.queues_now()),
        };
        Overview { is_linked: self.runtime.telephony.is_up(), rows }
    }

    fn user_now(&self, user: &User) -> UserNow {
        let person = self.runtime.person(user.uuid);
        UserNow {
            user: user.login_or_id(),
            name: user.full_name(),
            presence: person.map_or(DISCONNECTED, |person| person.availstate()).to_owned(),
            sessions: person.map_or(0, |person| person.sessions().len()),
            services: person.map(|person| person.told.switched_on()).unwrap_or_default(),
        }
    }

    fn phone_now(&self, line: &line::Line) -> PhoneNow {
        let known = &self.settings.configuration;
        PhoneNow {
            line: line.name(known),
            device: line.device.to_string(),
            user: known.users.get(line.user).map(|user| user.full_name()).unwrap_or_default(),
            hint: self.runtime.telephony.phones.status(&self.settings.index.telephony, line.id),
        }
    }

    fn agent_now(&self, agent: &Agent) -> AgentNow {
        let at_work = self.agents().get(agent.id);
        let name = format!("{} {}", agent.first_name, agent.last_name);
        let queue_now = |id: QueueId| {
            let queue = self.settings.configuration.queues.get(id)?;
            let paused = at_work.kept.pauses.get(&id).filter(|_| at_work.login().is_some());
            let since = at_work.paused_since.get(&id).copied().flatten().filter(|_| paused.is_some());
            Some(AgentQueueNow {
                queue: queue.name.to_string(),
                paused: paused.map(|reason| reason.to_string()),
                paused_since: since,
            })
        };
        AgentNow {
            agent: agent.number.to_string(),
            name: name.trim_end().to_owned(),
            state: state_of(at_work, &self.queues_of_agent(agent.id)),
            since: at_work.standing.since,
            login: at_work.login().map(|login| AgentPlace {
                extension: format!("{}@{}", login.extension, login.context),
                device: login.device.to_string(),
                since: login.since,
            }),
            queues: self.queues_of_agent(agent.id).into_iter().filter_map(queue_now).collect(),
            is_phone_gone: at_work.login().is_some() && at_work.is_phone_gone,
        }
    }

    /// Each queue with its agents: these are gone through once.
    fn queues_now(&self) -> Vec<QueueNow> {
        let known = &self.settings.configuration;
        let mut agents: HashMap<QueueId, Vec<&AgentAtWork>> = HashMap::new();
        for agent in known.agents.iter() {
            let at_work = self.agents().get(agent.id);
            for queue in self.queues_of_agent(agent.id) {
                agents.entry(queue).or_default().push(at_work);
            }
        }
        let now = |queue: &Arc<Queue>| self.queue_now(queue, agents.get(&queue.id).map_or(&[][..], Vec::as_slice));
        known.queues.iter().map(now).collect()
    }

    fn queue_now(&self, queue: &Queue, members: &[&AgentAtWork]) -> QueueNow {
        let lines = queue.members.iter().filter(|member| matches!(member.member, MemberId::Line(_))).count();
        let at_work = || members.iter().filter(|agent| agent.login().is_some());
        let is_paused = |agent: &&&AgentAtWork| agent.is_paused_in(queue.id);
        let is_free = |agent: &&&AgentAtWork| {
            !agent.is_on_call() && agent.rests_until.is_none() && !agent.is_phone_gone && !is_paused(agent)
        };
        let telephony = &self.runtime.telephony;
        let talking = match telephony.queues.figures(queue.id, &telephony.agents).members {
            Some(QueueFigures::Members { talking, .. }) => usize::try_from(talking).unwrap_or(usize::MAX),
            Some(QueueFigures::LoggedAgents(_) | QueueFigures::Waiting { .. }) | None => 0,
        };
        let waiting = telephony.queues.get(queue.id).map_or(&[][..], |queue| queue.waiting.callers());
        let caller = |caller: &Caller| CallerNow {
            name: caller.name.to_string(),
            number: caller.number.to_string(),
            since: caller.join_time,
        };
        QueueNow {
            queue: queue.name.to_string(),
            display: queue.display.to_string(),
            members: members.len() + lines,
            logged_in: at_work().count(),
            paused: at_work().filter(is_paused).count(),
            on_call: at_work().filter(|agent| agent.is_on_call()).count(),
            available: at_work().filter(is_free).count(),
            talking,
            callers: waiting.iter().map(caller).collect(),
        }
    }
}

fn state_of(agent: &AgentAtWork, queues: &[QueueId]) -> AgentStateNow {
    if agent.login().is_none() {
        AgentStateNow::LoggedOut
    } else if agent.is_on_queue_call {
        AgentStateNow::OnQueueCall
    } else if agent.other_call.is_some() {
        AgentStateNow::OnOtherCall
    } else if agent.rests_until.is_some() {
        AgentStateNow::Resting
    } else if !queues.is_empty() && queues.iter().all(|queue| agent.is_paused_in(*queue)) {
        AgentStateNow::Paused
    } else {
        AgentStateNow::Available
    }
}
