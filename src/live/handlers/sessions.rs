//! How a session begins and ends: the `login_capas` answer (protocol 3), the presence after a login (protocol decision
//! 5), logout, and what an administrator ends (protocol decision 11).

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{agents, chat, pace, presence};
use crate::live::messages::{Admission, EndReason, Ending, Moment, SessionId, TimerKey};
use crate::live::state::publish::publish;
use crate::live::state::view::View;
use crate::live::state::{Effects, LiveState, LogEvent};
use crate::protocol::notice::{LoginCapas, LoginCapasError, Notice, PresenceEntry};
use crate::settings::id::{ProfileId, UserId};
use crate::settings::presence::{DISCONNECTED, Presence};
use crate::settings::profile::{Position, Profile, ProfileXlet};

/// Begins a session: the answer first, then the presence and all that it brings. The settings may have changed since
/// the handshake looked: a user who may not log in any more is sent away for good, one whose profile is no longer the
/// one that they were offered is refused.
pub(in crate::live) fn log_in(
    state: &mut LiveState,
    now: Moment,
    session: SessionId,
    admission: &Admission,
    out: &mut Effects,
) {
    let view = state.view(admission.user);
    if !view.user().is_some_and(|user| user.enabled) {
        out.log(LogEvent::LoginRefused { user: admission.user, why: "the user was deleted or disabled meanwhile" });
        out.answer(session, Notice::DisconnectForce);
        return out.close(session);
    }
    let Some(answer) = login_capas(&view, admission.profile) else {
        out.log(LogEvent::LoginRefused { user: admission.user, why: "the user has another profile than was offered" });
        out.answer(session, Notice::LoginCapasRefused(LoginCapasError::Unknown));
        return out.close(session);
    };
    let entered = presence_at_login(&view, &admission.state);
    out.answer(session, Notice::LoginCapas(Box::new(answer)));
    state.begin_session(session, admission.user, admission.version, now.unix);
    chat::begin(state, now, session);
    end_oldest(state, now, admission.user, out);
    if let Some(entered) = entered {
        presence::enter(state, now, admission.user, &entered, out);
    }
}

/// A user who is logged in more often than one may be loses the oldest session, for good: if it came back by itself,
/// two machines would evict each other for ever (protocol decision 11).
fn end_oldest(state: &mut LiveState, now: Moment, user: UserId, out: &mut Effects) {
    let most = state.general().sessions_per_user_max;
    let own = state.audience_of_user(user);
    let beyond = own.sessions().len().saturating_sub(usize::try_from(most).unwrap_or(usize::MAX));
    for ended in &own.sessions()[..beyond] {
        out.log(LogEvent::TooManySessions { user, ended: *ended, most });
        out.answer(*ended, Notice::DisconnectOldest);
        out.close(*ended);
        end_session(state, now, *ended, EndReason::TooManySessions, out);
        publish(state, now, out);
    }
}

/// The server closes, and serves no later line.
pub(in crate::live) fn log_out(state: &mut LiveState, now: Moment, session: SessionId, out: &mut Effects) {
    out.close(session);
    end_session(state, now, session, EndReason::LoggedOut, out);
}

/// An administrator ends the session. Whoever is closed plainly may come back, as after a lost connection.
pub(in crate::live) fn end(state: &mut LiveState, now: Moment, session: SessionId, how: Ending, out: &mut Effects) {
    if state.user_of(session).is_none() {
        return;
    }
    let reason = match how {
        Ending::Plain => EndReason::Closed,
        Ending::Force => {
            out.answer(session, Notice::DisconnectForce);
            EndReason::Forced
        }
    };
    out.close(session);
    end_session(state, now, session, reason, out);
}

/// A session is over. The last one leaves its user `disconnected` at once; the actions of that presence run at once
/// after a logout, and after a lost connection when the grace time is over and its user did not return.
pub(in crate::live) fn end_session(
    state: &mut LiveState,
    now: Moment,
    session: SessionId,
    reason: EndReason,
    out: &mut Effects,
) {
    if state.user_of(session).is_none() {
        return;
    }
    pace::end_session(state, now, session, out);
    let ended = state.end_session(session, reason);
    chat::session_ended(state, now, session, out);
    let Some(uuid) = ended.filter(|ended| ended.was_last).map(|ended| ended.uuid) else { return };
    if let Some(user) = state.user_by_uuid(uuid) {
        agents::log_presence(state, user, DISCONNECTED, out);
    }
    let grace = state.general().disconnect_grace;
    if reason.leaves_grace() && !grace.is_zero() {
        state.set_timer(TimerKey::Grace(uuid), now.steady + grace);
    } else {
        presence::leave(state, now, uuid, reason, out);
    }
}

/// The state asked for, if it exists; else the last one before the logout; else the group's first.
fn presence_at_login(view: &View<'_>, state: &str) -> Option<Arc<Presence>> {
    let last = || view.presence_named(view.last_presence()?);
    view.presence_named(state).or_else(last).or_else(|| view.presences().first()).cloned()
}

/// Protocol 3; None if this is not the user's profile.
fn login_capas(view: &View<'_>, offered: ProfileId) -> Option<LoginCapas> {
    let user = view.user()?;
    let profile = view.profile().filter(|profile| profile.id == offered)?;
    let hints = view.phone_hints();
    Some(LoginCapas {
        user: user.id,
        profile: profile.name.as_str().into(),
        xlets: profile.ordered_xlets().into_iter().map(xlet).collect(),
        services: profile.services.iter().map(|service| service.as_str()).collect(),
        preferences: preferences(profile),
        presences: view.presences().iter().map(|presence| presence_entry(view, presence)).collect(),
        phone_hints: hints
            .map(|(number, hint)| (number.number(), hint.text.as_str().into(), hint.color.to_string().into()))
            .collect(),
    })
}

fn preferences(profile: &Profile) -> BTreeMap<&'static str, Box<str>> {
    profile.preferences.iter().map(|(name, value)| (name.as_str(), value.as_str().into())).collect()
}

fn presence_entry(view: &View<'_>, presence: &Presence) -> PresenceEntry {
    PresenceEntry {
        name: presence.name.as_str().into(),
        longname: presence.display.as_str().into(),
        color: presence.color.to_string().into(),
        allowed: view.allowed_from(presence),
        actions: presence.actions.iter().map(|action| (action.name(), action.parameter())).collect(),
    }
}

/// `[name, layout]`, the option letters in a dock, the number if it is not nought (protocol 3.1).
fn xlet(entry: &ProfileXlet) -> Vec<Box<str>> {
    let mut words: Vec<Box<str>> = vec![entry.xlet.as_str().into(), entry.position.as_str().into()];
    if entry.position == Position::Dock {
        words.push(entry.flags.letters().into());
    }
    if let Some(number) = entry.number.map(|number| number.get()).filter(|number| *number > 0) {
        words.push(number.to_string().into());
    }
    words
}
