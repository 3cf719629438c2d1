//! Presences played: choosing one, entering one, leaving the last session (protocol decisions 4 and 5, rule P18).
//! Configured by
//! `settings::presence`; told by `publish` to all who see the user, and to those who registered for them.

use std::sync::Arc;

use super::{agents, services};
use crate::live::messages::{EndReason, Moment, Requester, ServiceChange, SwitchedBy};
use crate::live::state::publish::presence_notice;
use crate::live::state::view::View;
use crate::live::state::{Effects, LogEvent};
use crate::live::state::{LiveState, Told};
use crate::settings::id::{UserId, UserUuid};
use crate::settings::presence::{DISCONNECTED, Presence, PresenceAction};

/// An `availstate`: taken, or answered by the present state so that the client's menu is right again.
pub(super) fn choose(state: &mut LiveState, now: Moment, requester: Requester, name: &str, out: &mut Effects) {
    let Requester { session, user } = requester;
    let view = state.view(user);
    let chosen = view.presence_named(name).filter(|to| !state.general().strict_presence || may_choose(&view, to));
    if let Some(chosen) = chosen.cloned() {
        return enter(state, now, user, &chosen, out);
    }
    let present: Box<str> = view.presence(user).unwrap_or(DISCONNECTED).into();
    out.answer(session, presence_notice(user, &present));
    out.log(LogEvent::PresenceRefused { user, from: present, to: name.into() });
}

/// Rule P18: where one is, what is reachable from there, and anything from `disconnected`.
fn may_choose(view: &View<'_>, to: &Presence) -> bool {
    let Some((here, name)) = view.entered() else { return false };
    if here == to.id || name == DISCONNECTED {
        return true;
    }
    let here = view.presences().iter().find(|presence| presence.id == here);
    here.is_some_and(|here| here.reachable.contains(&to.id))
}

/// Puts a user with a session into a presence of their group: told, kept, its actions run.
pub(super) fn enter(state: &mut LiveState, now: Moment, user: UserId, presence: &Arc<Presence>, out: &mut Effects) {
    let Some(uuid) = state.uuid_of(user) else { return };
    state.enter_presence(user, presence, Told::Always);
    out.writes.extend(state.update_kept(uuid, |kept| {
        kept.is_present = true;
        kept.last_presence = Some(presence.name.clone());
    }));
    let agent = state.agent_of_user(user);
    if let Some(agent) = agent {
        agents::forget_deferred(state, now, agent, out);
    }
    for action in &presence.actions {
        match (action, agent) {
            (PresenceAction::EnableDnd(is_on), _) => switch_dnd(state, user, *is_on, out),
            (action, Some(agent)) => agents::act(state, now, agent, (*action, presence), out),
            (_, None) => {}
        }
    }
    agents::log_presence(state, user, presence.name.as_str(), out);
}

/// Says that the presence a user is in is now called so, or is its namesake in another group: nothing is entered.
pub(super) fn rename(state: &mut LiveState, user: UserId, presence: &Arc<Presence>, out: &mut Effects) {
    let Some(uuid) = state.uuid_of(user) else { return };
    state.enter_presence(user, presence, Told::IfChanged);
    out.writes.extend(state.update_kept(uuid, |kept| kept.last_presence = Some(presence.name.clone())));
}

/// The user counts as gone: the actions of `disconnected` run, those on agents after a lost connection only where that
/// is wanted (settings §1.9; the original ran none), and never while the agent is on a call.
pub(in crate::live) fn leave(state: &mut LiveState, now: Moment, uuid: UserUuid, reason: EndReason, out: &mut Effects) {
    state.give_up(uuid);
    out.writes.extend(state.update_kept(uuid, |kept| kept.is_present = false));
    let Some(user) = state.user_by_uuid(uuid) else { return };
    let Some(disconnected) = state.view(user).presence_named(DISCONNECTED).cloned() else { return };
    let agent = state.agent_of_user(user).filter(|_| !reason.leaves_grace() || state.general().agent_actions_on_loss);
    for action in &disconnected.actions {
        match (action, agent) {
            (PresenceAction::EnableDnd(is_on), _) => switch_dnd(state, user, *is_on, out),
            (action, Some(agent)) => agents::act_when_free(state, now, agent, (*action, &disconnected), out),
            (_, None) => {}
        }
    }
}

/// Do-not-disturb is stored, and told when it is; one that does not change thereby is not told.
fn switch_dnd(state: &mut LiveState, user: UserId, is_on: bool, out: &mut Effects) {
    let change = ServiceChange::DoNotDisturb(is_on);
    if state.uuid_of(user).is_some_and(|uuid| !state.is_switched(uuid, &change)) {
        services::switch(state, user, vec![change], SwitchedBy::PresenceAction, out);
    }
}
