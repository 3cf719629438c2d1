//! The pure middle: who is connected, every presence, phone, agent and queue now. An input goes in, effects come out;
//! no IO, no clock, no random source, no lock, no waiting. One task owns it (`engine`); nobody else asks it
//! anything. It never tells a session of what its user may not see: `visibility` makes every audience.

/// Answers that many ask for.
mod answer_cache;
/// What an input brings about.
mod effects;
/// What a configuration says, ordered for quick answers.
mod index;
/// The runtime state: sessions, people, alarms.
mod runtime;
/// What one user may read.
mod view;
/// Who may see what.
mod visibility;

mod chat;
mod lists;
mod login;
mod pace;
mod people;
mod presence;
mod registrations;
mod services;
mod settings_change;
mod settings_notifications;
mod unsupported;

#[cfg(test)]
mod separation;
#[cfg(test)]
mod simulation;
#[cfg(test)]
pub(crate) mod tests;

use std::sync::Arc;
use std::time::Duration;

use answer_cache::Lookup;
pub(crate) use effects::{AfterCommit, Effects, Immediate, LogEvent, OutgoingNotice, Pending, StoreCall};
use pace::Passed;
use presence::SessionEnd;
pub(crate) use visibility::Audience;
use visibility::{LiveState, Subject};

use crate::protocol::request::{Line, Request, Version};
use crate::settings::id::{ChatId, ProfileId, UserId};
use crate::settings::setting::General;
use crate::settings::state::{States, StoreReply};
use crate::settings::whole::WholeConfiguration;

/// When an input happened, on both clocks: the steady one drives alarms, the wall clock only stamps.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Moment {
    /// Since the start of the process; never steps.
    pub(crate) steady: Duration,
    /// Unix time in seconds.
    pub(crate) unix: f64,
}

/// A logged-in connection. Numbers are given by `server` and never used twice in a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct SessionId(pub(crate) u64);

/// What a login ladder has found out. The settings may have changed since.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Admission {
    pub(crate) user: UserId,
    /// The one that was offered and taken.
    pub(crate) profile: ProfileId,
    pub(crate) version: Version,
    /// The presence that the client asks for.
    pub(crate) state: Box<str>,
}

/// What can happen.
#[derive(Debug)]
pub(crate) enum Input {
    /// A ladder reached a good `login_capas`: the session's first notice is its answer.
    LoggedIn { session: SessionId, admission: Admission },
    /// A line of a logged-in session.
    Asked { session: SessionId, line: Line },
    /// The connection ended, for whatever reason.
    Gone { session: SessionId },
    /// The settings are now these; files and command line are merged into `General` already.
    Settings { configuration: Arc<WholeConfiguration>, general: Arc<General> },
    /// An administrator ends one session (plainly, or for good).
    End { session: SessionId, how: Ending },
    /// What waited for these writes may be told: they are on disk.
    Committed(Vec<AfterCommit>),
    /// The writes failed: nothing of them is told and the services are what they were.
    CommitFailed(Vec<AfterCommit>),
    /// What the store was asked for is done; None: it failed.
    StoreReplied { pending: Pending, reply: Option<StoreReply> },
    /// The system of this session's client has acknowledged a chat text.
    ChatAcknowledged { session: SessionId, chat: ChatId },
    /// The connection of this session is no more: what it did not acknowledge it never will. Comes behind its `Gone`.
    ConnectionOver { session: SessionId },
    /// The server stops: no session ends, but chat that no client has acknowledged is kept.
    Stopping,
    /// Clients wait for the check of their passwords: users who were connected before the start may be among them.
    ChecksWait,
    /// The alarm of `Live::next_alarm` rang, or any other moment.
    Tick,
}

/// How the server ends a session ("Ours" 11).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// A plain close: the client comes back.
    Plain,
    /// `disconnect` of type `force`, then a close: it does not.
    Force,
}

/// One line of `ctibox sessions`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ConnectedSession {
    pub(crate) session: SessionId,
    pub(crate) user: UserId,
    /// Or the id, of a user whose login was just taken away.
    pub(crate) login: String,
    pub(crate) full_name: String,
    pub(crate) version: Version,
    pub(crate) presence: Box<str>,
    /// Unix time of the login.
    pub(crate) since: f64,
}

pub(crate) struct Live {
    state: LiveState,
}

impl Live {
    /// Starts with nobody connected. Users who were present when the process ended have two minutes to come back, or the
    /// grace time if that is longer.
    pub(crate) fn new(
        configuration: Arc<WholeConfiguration>,
        general: Arc<General>,
        states: States,
        now: Moment,
    ) -> Self {
        Self { state: LiveState::new(configuration, general, states, now) }
    }

    /// Takes what happened and says what is to be done. Never fails; an input of an unknown session does nothing.
    /// Alarms that are due ring first, so that a late `Tick` changes no order.
    pub(crate) fn apply(&mut self, now: Moment, input: Input) -> Effects {
        let mut out = Effects::default();
        let state = &mut self.state;
        // An alarm and a return at one moment: the return wins, they are back in time.
        if !matches!(input, Input::LoggedIn { .. } | Input::ChecksWait) {
            presence::ring_alarms(state, now, &mut out);
        }
        chat::ring_alarms(state, now, &mut out);
        pace::ring_alarms(state, now, &mut out);
        match input {
            Input::LoggedIn { session, admission } => {
                login::log_in(state, now, session, &admission, &mut out);
                presence::ring_alarms(state, now, &mut out);
            }
            Input::Asked { session, line } => {
                let store_calls = out.store_calls.len();
                let waits = answer(state, now, session, line, &mut out) == Passed::Waits;
                let waits_for_deed = |call: &StoreCall| call.pending.session() == Some(session);
                out.is_line_waiting = waits || out.store_calls[store_calls..].iter().any(waits_for_deed);
            }
            Input::Gone { session } => presence::end_session(state, now, session, SessionEnd::Lost, &mut out),
            Input::Settings { configuration, general } => {
                settings_change::change(state, now, configuration, general, &mut out);
            }
            Input::End { session, how } => login::end(state, now, session, how, &mut out),
            Input::Committed(kept) => kept.iter().for_each(|kept| services::tell_kept(state, kept, &mut out)),
            Input::CommitFailed(lost) => lost.iter().for_each(|lost| services::take_back(state, now, lost, &mut out)),
            Input::StoreReplied { pending, reply } => tell_done(state, now, pending, reply, &mut out),
            Input::ChatAcknowledged { session, chat } => chat::acknowledged(state, session, chat, &mut out),
            Input::ConnectionOver { session } => chat::connection_over(state, now, session, &mut out),
            Input::Stopping => chat::keep_all(state, now, &mut out),
            Input::ChecksWait => state.wait_for_returning(now),
            Input::Tick => {}
        }
        out
    }

    /// When `apply` wants to be called at the latest, on the steady clock.
    pub(crate) fn next_alarm(&self) -> Option<Duration> {
        self.state.next_alarm()
    }

    /// Everybody who is logged in, in the order of logins: for the administrator.
    pub(crate) fn session_list(&self) -> Vec<ConnectedSession> {
        self.state.session_list()
    }
}

/// A line of a logged-in session; one who has gone meanwhile is not answered.
fn answer(state: &mut LiveState, now: Moment, session: SessionId, line: Line, out: &mut Effects) -> Passed {
    let Line { request, commandid } = line;
    let Some(user) = state.user_of(session) else { return Passed::Whole };
    match request {
        // The ladder is behind them: these are honoured once a connection (protocol 2.1).
        Request::StartTls { .. } | Request::LoginId(_) | Request::LoginPass { .. } | Request::LoginCapas { .. } => {}
        Request::Logout => login::log_out(state, now, session, out),
        asked @ (Request::AvailState { .. } | Request::FeaturesPut(_)) => {
            pace::change(state, now, session, user, asked, out);
        }
        Request::ListId { list } => lists::list_ids(&state.view(user), session, list, out),
        Request::UpdateConfig { list, tid } => {
            let asked = (Lookup::Config, list, tid);
            if lists::answer(state, session, user, asked, out) == Some(Subject::User(user)) {
                chat::open(state, now, session, out);
            }
        }
        Request::UpdateStatus { list, tid } => {
            lists::answer(state, session, user, (Lookup::Status, list, tid), out);
        }
        Request::UnknownList { asked, name, tid } => lists::answer_unknown(session, asked, name, tid, out),
        Request::GetRelations => lists::answer_relations(&state.view(user), session, out),
        Request::Register(wanted) => registrations::register(state, session, user, &wanted, out),
        Request::Unregister(unwanted) => registrations::unregister(state, session, &unwanted),
        Request::Chat(chat) => return pace::chat(state, now, session, chat, out),
        other => {
            if other == Request::GetIpbxList {
                chat::is_desktop_client(state, session);
            }
            if let Some((other, commandid)) = people::answer(state, session, user, other, commandid, out) {
                unsupported::answer(state, session, user, other, commandid, out);
            }
        }
    }
    Passed::Whole
}

/// What the store found or did; where it failed nobody is told (protocol 4.15), the desk has logged it.
fn tell_done(state: &mut LiveState, now: Moment, pending: Pending, reply: Option<StoreReply>, out: &mut Effects) {
    match (pending, reply) {
        (Pending::AddressBook(asking), Some(StoreReply::AddressBook(outcome))) => {
            people::tell(state, asking, outcome, out)
        }
        (Pending::ChatKept(_), Some(StoreReply::ChatKept { dropped })) if dropped > 0 => {
            out.log(LogEvent::ChatDropped { number: dropped });
        }
        (Pending::KeptChat(session), reply) => {
            let kept = if let Some(StoreReply::Chat(kept)) = reply { Some(kept) } else { None };
            chat::fetched(state, now, session, kept, out);
        }
        _ => {}
    }
}
