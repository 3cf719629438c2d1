//! Presences played: choosing one, entering one, leaving the last session ("Ours" 4 and 5, rule P18). Configured by
//! `settings::presence`; told to all who see the user, and to those who registered for them.

use std::sync::Arc;

use crate::protocol::notice::{Notice, Status};
use crate::protocol::request::ListName;
use crate::settings::id::{UserId, UserUuid};
use crate::settings::presence::{DISCONNECTED, Presence, PresenceAction};
use crate::settings::state::{StateWrite, UserState};

use super::chat;
use super::effects::{Cause, Effects, LogEvent};
use super::registrations;
use super::services::{self, ServiceChange};
use super::view::View;
use super::visibility::{LiveState, Subject};
use super::{Moment, SessionId, pace};

/// An `availstate`: taken, or answered by the present state so that the client's menu is right again.
pub(super) fn choose(state: &mut LiveState, session: SessionId, user: UserId, name: &str, out: &mut Effects) {
    let view = state.view(user);
    let chosen = view.presence_named(name).filter(|to| !state.general().strict_presence || may_choose(&view, to));
    if let Some(chosen) = chosen.cloned() {
        return enter(state, user, &chosen, out);
    }
    let present: Box<str> = view.presence(user).unwrap_or(DISCONNECTED).into();
    out.answer(session, updatestatus(user, &present));
    out.log(LogEvent::PresenceRefused { user, from: present, to: name.into() });
}

/// Rule P18: where one is, what is reachable from there, and anything from `disconnected`.
fn may_choose(view: &View<'_>, to: &Presence) -> bool {
    let Some(here) = view.entered() else { return false };
    if here.id == to.id || &*here.name == DISCONNECTED {
        return true;
    }
    let here = view.presences().iter().find(|presence| presence.id == here.id);
    here.is_some_and(|here| here.reachable.contains(&to.id))
}

/// Puts a user with a session into a presence of their group: told, kept, its actions run.
pub(super) fn enter(state: &mut LiveState, user: UserId, presence: &Arc<Presence>, out: &mut Effects) {
    let Some(uuid) = state.uuid_of(user) else { return };
    let before: Box<str> = state.person_mut(uuid).availstate().into();
    state.person_mut(uuid).enter(presence);
    tell(state, user, &before, out);
    keep(state, uuid, out, |state| {
        state.is_present = true;
        state.last_presence = Some(presence.name.clone());
    });
    run(state, user, &presence.actions, out);
}

/// Says that the presence a user is in is now called so, or is its namesake in another group: nothing is entered.
pub(super) fn rename(state: &mut LiveState, user: UserId, presence: &Arc<Presence>, out: &mut Effects) {
    let Some(uuid) = state.uuid_of(user) else { return };
    let before: Box<str> = state.person_mut(uuid).availstate().into();
    state.person_mut(uuid).enter(presence);
    if presence.name.as_str() != &*before {
        tell(state, user, &before, out);
    }
    keep(state, uuid, out, |state| state.last_presence = Some(presence.name.clone()));
}

/// Broadcasts the user's present presence; those who registered hear of it only if it is another (Ours 4).
pub(super) fn tell(state: &LiveState, user: UserId, before: &str, out: &mut Effects) {
    let Some(present) = state.view(user).presence(user) else { return };
    if present != before {
        registrations::push(state, user, out);
    }
    out.notify(state.audience_of(Subject::User(user)), updatestatus(user, present));
}

/// How a session ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SessionEnd {
    /// Its user left, or was thrown out for good.
    LoggedOut,
    /// The connection is gone, and its client may come back by itself.
    Lost,
}

/// A session is over. The last one leaves its user `disconnected` at once; the actions of that presence run at once
/// after a logout, and after a lost connection when the grace time is over and its user did not return.
pub(super) fn end_session(state: &mut LiveState, now: Moment, session: SessionId, end: SessionEnd, out: &mut Effects) {
    let Some(user) = state.user_of(session) else { return };
    pace::session_ends(state, now, session, out);
    let before: Box<str> = state.view(user).presence(user).unwrap_or(DISCONNECTED).into();
    let uuid = state.session(session).map(|session| session.uuid);
    let was_last = state.forget_session(session);
    chat::session_ended(state, now, session, out);
    if let (true, Some(uuid)) = (was_last, uuid) {
        tell(state, user, &before, out);
        match end {
            SessionEnd::LoggedOut => leave(state, uuid, end, out),
            SessionEnd::Lost => {
                let grace = state.general().disconnect_grace;
                state.set_alarm(uuid, Some(now.steady + grace));
                if grace.is_zero() {
                    ring_alarms(state, now, out);
                }
            }
        }
    }
}

/// Ends those whose grace time is over.
pub(super) fn ring_alarms(state: &mut LiveState, now: Moment, out: &mut Effects) {
    while let Some(uuid) = state.take_alarm(now) {
        leave(state, uuid, SessionEnd::Lost, out);
    }
}

/// The user counts as gone: the actions of `disconnected` run, those on agents after a lost connection only where that
/// is wanted (settings §1.9; the original ran none).
fn leave(state: &mut LiveState, uuid: UserUuid, end: SessionEnd, out: &mut Effects) {
    keep(state, uuid, out, |state| state.is_present = false);
    let Some(user) = state.user_by_uuid(uuid) else { return };
    let Some(disconnected) = state.view(user).presence_named(DISCONNECTED).cloned() else { return };
    let runs_all = end == SessionEnd::LoggedOut || state.general().agent_actions_on_loss;
    let is_run = |action: &&PresenceAction| runs_all || matches!(action, PresenceAction::EnableDnd(_));
    let actions: Vec<PresenceAction> = disconnected.actions.iter().filter(is_run).cloned().collect();
    run(state, user, &actions, out);
}

/// Do-not-disturb is stored, and told when it is; what an agent shall do is recorded for the telephony link.
fn run(state: &mut LiveState, user: UserId, actions: &[PresenceAction], out: &mut Effects) {
    for action in actions {
        if let PresenceAction::EnableDnd(is_on) = action {
            let change = ServiceChange::DoNotDisturb(*is_on);
            if !services::is_so(state, user, &change) {
                services::switch(state, user, vec![change], Cause::PresenceAction, out);
            }
            continue;
        }
        let Some(agent) = state.view(user).agent() else { continue };
        let before = state.agent_wanted(agent);
        let mut wanted = before;
        match action {
            PresenceAction::QueuePauseAll => wanted.is_paused = Some(true),
            PresenceAction::QueueUnpauseAll => wanted.is_paused = Some(false),
            PresenceAction::AgentLogoff => wanted.is_logged_off = true,
            PresenceAction::EnableDnd(_) => {}
        }
        if wanted != before {
            state.want_of_agent(agent, wanted);
            out.writes.push(StateWrite::Agent(agent, wanted));
        }
    }
}

/// Changes what is kept of a user, and has it written if that changed anything.
fn keep(state: &mut LiveState, uuid: UserUuid, out: &mut Effects, change: impl FnOnce(&mut UserState)) {
    let state = &mut state.person_mut(uuid).state;
    let before = state.clone();
    change(state);
    if *state != before {
        out.writes.push(StateWrite::User(uuid, state.clone()));
    }
}

fn updatestatus(user: UserId, availstate: &str) -> Notice {
    let status = Status::Presence { availstate: availstate.into() };
    Notice::Status { list: ListName::Users, tid: user.to_string().into(), status }
}
