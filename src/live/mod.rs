//! The functional core: who is connected, every presence, phone, agent and queue now. An input goes in, effects come out;
//! no IO, no clock, no random source, no lock, no waiting. One task owns it (`engine`); nobody else asks it anything. In
//! layers, each of which knows those below it alone: `messages`, plain values; `state`, all that is known, behind the one
//! rule of who may see what; `handlers`, one file a feature; `dispatch`, which gives each input to its handler.

/// Gives each input to its handler.
mod dispatch;
/// What each input brings about.
mod handlers;
/// What inputs and effects are made of.
pub(crate) mod messages;
/// All that is known, who may see it, and inputs and effects, which name audiences and settings made ready.
mod state;

#[cfg(test)]
mod separation;
#[cfg(test)]
mod simulation;
#[cfg(test)]
pub(crate) mod tests;

#[cfg(test)]
use std::sync::Arc;

#[cfg(test)]
use crate::settings::setting::General;
use crate::settings::state::States;
#[cfg(test)]
use crate::settings::whole::WholeConfiguration;

use messages::overview::{Overview, OverviewOf};
use messages::{ConnectedSession, Moment, WallClock};
use state::LiveState;

pub(crate) use state::{
    Audience, Effects, Immediate, Input, LogEvent, OutgoingNotice, PreparedSettings, Retired, SettingsChange,
};

pub(crate) struct Live {
    state: LiveState,
}

impl Live {
    /// Starts with nobody connected; what is to be done then. Users who were present when the process ended have two minutes
    /// to come back, or the grace time if that is longer.
    pub(crate) fn new(
        settings: PreparedSettings,
        states: States,
        wall_clock: WallClock,
        now: Moment,
    ) -> (Self, Effects) {
        let mut state = LiveState::new(settings, states, wall_clock, now);
        let effects = Effects { timers: state.take_timers(), ..Effects::default() };
        (Self { state }, effects)
    }

    /// Takes what happened and says what is to be done. Never fails; an input of an unknown session does nothing.
    pub(crate) fn apply(&mut self, now: Moment, input: Input) -> Effects {
        dispatch::dispatch(&mut self.state, now, input)
    }

    /// Whether more is to be told, or taken over of what a link began with: `apply` wants `Input::Continue` as soon as waiting clients were
    /// served.
    pub(crate) fn is_publishing(&self) -> bool {
        self.state.is_publishing()
    }

    /// The input of changed settings, made ready as the watcher of the settings does.
    #[cfg(test)]
    pub(crate) fn changed_to(&self, configuration: Arc<WholeConfiguration>, general: Arc<General>) -> Input {
        Input::Settings(Box::new(self.state.settings().change_to(configuration, general)))
    }

    /// Everybody who is logged in, in the order of logins: for the administrator.
    pub(crate) fn session_list(&self) -> Vec<ConnectedSession> {
        self.state.session_list()
    }

    /// How users, phones, agents or queues stand: for the administrator.
    pub(crate) fn overview(&self, of: OverviewOf) -> Overview {
        self.state.overview(of)
    }
}
