//! Logging an agent off, pausing them and ending that, in all queues or in one: asked first, with what happens to their call,
//! and done by the running server.

use crate::control::{self, AgentAction, AgentNow, AgentOutcome, AgentRefusal};
use crate::settings::id::{AgentId, Id as _, QueueId};
use crate::settings::table::Kind;
use crate::tui::app::{App, Repeat, RowsOf, Transition};
use crate::tui::ask::Question;
use crate::tui::at_work::is_in;
use crate::tui::command_line::{SameCommand, quoted};

use super::agent_table::agent_name;
use super::pause::PauseForm;
use super::standing;

/// The agent whom a key means, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Meant {
    pub(super) number: String,
    /// `8001 Bob Baker`
    pub(super) name: String,
    /// None: in all queues.
    pub(super) queue: Option<String>,
}

impl Meant {
    pub(super) fn of(agent: AgentId, queue: Option<QueueId>, app: &App) -> Option<Self> {
        let c = &app.configuration;
        let agent = c.agents.get(agent)?;
        let queue = queue.and_then(|queue| c.queues.get(queue)).map(|queue| queue.name.to_string());
        let name = format!("{} {}", agent.number, agent_name(agent));
        Some(Self { number: agent.number.to_string(), name: name.trim_end().to_owned(), queue })
    }

    fn now<'a>(&self, app: &'a App) -> Option<&'a AgentNow> {
        app.at_work.as_ref()?.agent(&self.number)
    }

    /// `in all queues`
    pub(super) fn place(&self) -> String {
        self.queue.as_ref().map_or_else(|| "in all queues".to_owned(), |queue| format!("in {queue}"))
    }
}

/// A screen that has agents among its rows, with what the keys for them do there.
pub(super) trait AgentScreen {
    /// Whom a key would log off or pause, and where.
    fn chosen_agent(&self, app: &App) -> Option<Meant>;

    fn log_off(&mut self, app: &mut App) -> Transition {
        self.chosen_agent(app).map_or(Transition::Stay, |agent| log_off(&agent, app))
    }

    fn pause(&mut self, app: &mut App) -> Transition {
        self.chosen_agent(app).map_or(Transition::Stay, |agent| pause(&agent, app))
    }

    fn unpause(&mut self, app: &mut App) -> Transition {
        self.chosen_agent(app).map_or(Transition::Stay, |agent| unpause(&agent, app))
    }
}

/// Why the agent cannot be logged off or paused now.
pub(super) fn obstacle(agent: Option<&Meant>, app: &App) -> Option<&'static str> {
    match (&app.at_work, agent) {
        _ if !app.is_running() => Some("the server is not running"),
        (None, _) => Some("telephony is off: T sets it up"),
        (Some(at_work), _) if !at_work.is_linked => Some("there is no link to Asterisk: T shows why"),
        (Some(_), None) => Some("choose an agent"),
        (Some(_), Some(agent)) => (!agent.now(app).is_some_and(is_in)).then_some("the agent is not logged in"),
    }
}

/// Why no pause of theirs can be ended now.
pub(super) fn unpause_obstacle(agent: Option<&Meant>, app: &App) -> Option<&'static str> {
    let is_paused = |agent: &Meant| {
        let queues = agent.now(app).map_or(&[][..], |now| now.queues.as_slice());
        let is_meant = |queue: &str| agent.queue.as_deref().is_none_or(|meant| meant == queue);
        queues.iter().any(|queue| queue.paused.is_some() && is_meant(&queue.queue))
    };
    obstacle(agent, app).or_else(|| (!agent.is_some_and(is_paused)).then_some("the agent is not paused"))
}

pub(super) fn log_off(agent: &Meant, app: &App) -> Transition {
    let meant = agent.clone();
    let text = move |app: &App| match meant.now(app).filter(|now| is_in(now)) {
        Some(now) => {
            let place = standing::place(now, app).unwrap_or_default();
            format!(
                "Agent {} {}, logged in at {place}.\n{}No queue sends the agent calls until they log in again.",
                meant.name,
                standing::does(now),
                standing::call_goes_on(now)
            )
        }
        None => format!("Agent {} has logged off meanwhile.", meant.name),
    };
    let agent = agent.clone();
    let question = Question::recounted(format!("Log off agent {}?", agent.number), app, text)
        .choice('y', "log off", move |app: &mut App| change(agent, AgentAction::LogOff, app))
        .stay("leave it");
    Transition::Push(Box::new(question))
}

/// The reason is asked first.
fn pause(agent: &Meant, app: &App) -> Transition {
    let does = agent.now(app).map_or("is not logged in", standing::does);
    let goes_on = agent.now(app).map_or("", standing::call_goes_on);
    let who =
        agent.queue.as_ref().map_or_else(|| "No queue sends".to_owned(), |it| format!("Queue {it} does not send"));
    let text = format!("Agent {} {does}.\n{goes_on}{who} the agent calls until the pause ends.", agent.name);
    let meant = agent.clone();
    let then = move |reason: String, app: &mut App| {
        let queue = meant.queue.clone();
        change(meant, AgentAction::Pause { queue, reason }, app)
    };
    let title = format!("Pause agent {} {}?", agent.number, agent.place());
    Transition::Push(Box::new(PauseForm::open(title, &text, Box::new(then))))
}

pub(super) fn unpause(agent: &Meant, app: &App) -> Transition {
    let meant = agent.clone();
    let text = move |app: &App| {
        let pauses = meant.now(app).map(|now| standing::pauses_in_full(now, app)).filter(|pauses| !pauses.is_empty());
        match pauses {
            Some(pauses) => format!(
                "Agent {} is paused in {pauses}.\nThe pause {} ends at once, and the agent gets calls again \
                 once any current call is over.",
                meant.name,
                meant.place()
            ),
            None => format!("Agent {} is not paused any more.", meant.name),
        }
    };
    let agent = agent.clone();
    let question = Question::recounted(format!("End the pause of agent {}?", agent.number), app, text)
        .choice('y', "end the pause", move |app: &mut App| {
            let queue = agent.queue.clone();
            change(agent, AgentAction::Unpause { queue }, app)
        })
        .stay("leave it");
    Transition::Push(Box::new(question))
}

fn change(agent: Meant, action: AgentAction, app: &mut App) -> Transition {
    let (done, undone) = match &action {
        AgentAction::LogOff => (format!("agent {} is logged off", agent.number), "logged off"),
        AgentAction::Pause { .. } => (format!("agent {} is paused {}", agent.number, agent.place()), "paused"),
        AgentAction::Unpause { .. } => {
            (format!("agent {} is not paused {} any more", agent.number, agent.place()), "unpaused")
        }
    };
    let (command, again) = (command(&agent, &action), repeat(&action));
    let ask = control::Request::ChangeAgent { agent: agent.number, action, by: app.user().to_owned() };
    app.ask_server(ask, move |app, reply| {
        match reply {
            Ok(control::Response::AgentChanged { outcome: AgentOutcome::Done }) => {
                app.remember_made_elsewhere(done.clone(), vec![SameCommand::Line(command)]);
                app.remember_repeat(again);
                app.tell(done);
            }
            Ok(control::Response::AgentChanged { outcome: AgentOutcome::Asked }) => {
                app.warn("Asterisk has not answered yet; the list will show the result");
            }
            Ok(control::Response::AgentChanged { outcome: AgentOutcome::Refused(why) }) => {
                app.fail(format!("not {undone}: {why}{}", remedy(&why)));
            }
            Ok(_) => app.fail("the server's answer was not understood"),
            Err(error) => app.fail(format!("not {undone}: {error}")),
        }
        Transition::Stay
    })
}

/// The same as a command.
fn command(agent: &Meant, action: &AgentAction) -> String {
    let number = quoted(&agent.number);
    let only =
        |queue: &Option<String>| queue.as_ref().map_or_else(String::new, |it| format!(" --queue={}", quoted(it)));
    match action {
        AgentAction::LogOff => format!("agent logoff {number}"),
        AgentAction::Pause { queue, reason } => {
            format!("agent pause {number}{} --reason={}", only(queue), quoted(reason))
        }
        AgentAction::Unpause { queue } => format!("agent unpause {number}{}", only(queue)),
    }
}

/// The same for another agent, where the reason of a pause is known already.
fn repeat(action: &AgentAction) -> Repeat {
    let words = match action {
        AgentAction::LogOff => "log an agent off".to_owned(),
        AgentAction::Pause { reason, .. } if reason.is_empty() => "pause an agent".to_owned(),
        AgentAction::Pause { reason, .. } => format!("pause an agent ({reason})"),
        AgentAction::Unpause { .. } => "end an agent's pause".to_owned(),
    };
    let action = action.clone();
    Repeat::new(RowsOf::Objects(Kind::Agent), words, move |ids, app| {
        let Some(mut agent) = ids.first().and_then(|id| Meant::of(AgentId::new(*id), None, app)) else {
            return Transition::Stay;
        };
        let obstacle = match &action {
            AgentAction::Unpause { .. } => unpause_obstacle(Some(&agent), app),
            AgentAction::LogOff | AgentAction::Pause { .. } => obstacle(Some(&agent), app),
        };
        if let Some(obstacle) = obstacle {
            app.warn(obstacle);
            return Transition::Stay;
        }
        match &action {
            AgentAction::LogOff => log_off(&agent, app),
            AgentAction::Pause { queue, .. } | AgentAction::Unpause { queue } => {
                agent.queue.clone_from(queue);
                change(agent, action.clone(), app)
            }
        }
    })
}

fn remedy(why: &AgentRefusal) -> &'static str {
    match why {
        AgentRefusal::NoLink | AgentRefusal::LinkLost | AgentRefusal::ByAsterisk(_) => {
            "; T, then t shows what is missing"
        }
        AgentRefusal::NoSuchAgent
        | AgentRefusal::NoSuchQueue
        | AgentRefusal::NotLoggedIn
        | AgentRefusal::NotInQueue
        | AgentRefusal::InNoQueue => "",
    }
}
