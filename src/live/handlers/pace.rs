//! When what one session makes others hear is done (protocol decision 13): at once, or when its turn comes.
//! `state::paces` keeps count; what a line brings about stands in the other handlers.

use super::{chat, presence, services};
use crate::live::messages::{Moment, Requester, SessionId, TimerKey};
use crate::live::state::paces::{PaceKind, PacedChange, PacedRequest};
use crate::live::state::publish::publish;
use crate::live::state::{Effects, LiveState};
use crate::protocol::request::{Chat, FeaturesPut};

/// A presence or a service: now, or when its turn comes.
pub(in crate::live) fn change(
    state: &mut LiveState,
    now: Moment,
    requester: Requester,
    change: PacedChange,
    out: &mut Effects,
) {
    let session = requester.session;
    let passed = match kind(state, requester, &change) {
        // Nobody would hear of it.
        None => Some(change),
        Some(kind) => state.admit_change(session, now.steady, kind, change),
    };
    match passed {
        Some(change) => make(state, now, session, change, out),
        None => set_timer(state, session),
    }
}

/// A chat: now, or in its turn behind those that wait; its line is not answered before that.
pub(in crate::live) fn chat(state: &mut LiveState, now: Moment, session: SessionId, chat: Chat, out: &mut Effects) {
    match state.admit_chat(session, now.steady, chat, &mut out.permit) {
        Some(chat) => say(state, now, session, &chat, out),
        None => set_timer(state, session),
    }
}

/// Does what waited longest, for its turn has come.
pub(in crate::live) fn take_turn(state: &mut LiveState, now: Moment, session: SessionId, out: &mut Effects) {
    let Some(request) = state.take_paced(session, now.steady) else { return };
    set_timer(state, session);
    perform(state, now, session, request, out);
}

/// The session is ending: what it said before is not lost.
pub(in crate::live) fn end_session(state: &mut LiveState, now: Moment, session: SessionId, out: &mut Effects) {
    state.cancel_timer(TimerKey::Pace(session));
    for request in state.end_pace(session) {
        perform(state, now, session, request, out);
        publish(state, now, out);
    }
}

fn set_timer(state: &mut LiveState, session: SessionId) {
    if let Some(at) = state.next_paced(session) {
        state.set_timer(TimerKey::Pace(session), at);
    }
}

fn perform(state: &mut LiveState, now: Moment, session: SessionId, request: PacedRequest, out: &mut Effects) {
    match request {
        PacedRequest::Change(change) => make(state, now, session, change, out),
        PacedRequest::Chat(chat, permit) => out.deal_with(permit, |out| say(state, now, session, &chat, out)),
    }
}

fn make(state: &mut LiveState, now: Moment, session: SessionId, change: PacedChange, out: &mut Effects) {
    let Some(user) = state.user_of(session) else { return };
    let requester = Requester { session, user };
    match change {
        PacedChange::Presence(name) => presence::choose(state, now, requester, &name, out),
        PacedChange::Services(put) => services::put(state, requester, &put, out),
    }
}

fn say(state: &mut LiveState, now: Moment, session: SessionId, chat: &Chat, out: &mut Effects) {
    if let Some(user) = state.user_of(session) {
        chat::chat(state, now, user, chat, out);
    }
}

/// None for what nobody would hear of.
fn kind(state: &LiveState, requester: Requester, change: &PacedChange) -> Option<PaceKind> {
    let view = state.view(requester.user);
    match change {
        PacedChange::Presence(name) => view.presence_named(name).map(|_| PaceKind::Presence),
        PacedChange::Services(put) => Some(match put {
            FeaturesPut::DoNotDisturb(_) => PaceKind::DoNotDisturb,
            FeaturesPut::CallFilter(_) => PaceKind::CallFilter,
            FeaturesPut::Forwards(_) => PaceKind::Forwards,
            FeaturesPut::Recording { .. } => PaceKind::Recording(services::target(&view, requester.user, put)?),
        }),
    }
}
