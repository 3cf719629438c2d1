//! New settings while people are connected: who is sent away (protocol decision 11), what the others hear (`publish`),
//! and whose presence is no more (rule P12). A changed profile, presence group or presence ends nothing.

use std::sync::Arc;

use super::{agents, device_names, presence, queues, sessions};
use crate::live::messages::{EndReason, Moment};
use crate::live::state::publish::publish;
use crate::live::state::succession::{sent_away, whose_presence_may_be_no_more};
use crate::live::state::{Effects, Immediate, LiveState, SettingsChange};
use crate::protocol::notice::Notice;
use crate::settings::id::UserId;
use crate::settings::presence::{AVAILABLE, Presence};

/// Whoever may not stay goes at once. The settings are taken over behind those that are still being told.
pub(in crate::live) fn change(state: &mut LiveState, now: Moment, change: SettingsChange, out: &mut Effects) {
    let ended = send_away(state, now, &change, out);
    state.defer_settings(change, ended);
    take_over_next(state, now, out);
}

/// Goes on with what new settings mean for presences, and then takes over the next settings that wait, if none are being
/// told: as far as this slice goes.
pub(in crate::live) fn take_over_next(state: &mut LiveState, now: Moment, out: &mut Effects) {
    settle_presences(state, now, out);
    while let Some((change, ended)) = state.next_settings() {
        // Who came while it waited.
        let ended = ended + send_away(state, now, &change, out);
        let may_be_no_more = whose_presence_may_be_no_more(state, &change);
        // Ten thousand agents and lines are not gone through because somebody's name is another.
        if change.keeps_telephony() {
            state.replace_settings(change, now);
        } else {
            state.forget_queues_gone();
            let names_before = state.shared_telephony_names();
            let penalties_before = state.penalties_at_work();
            state.replace_settings(change, now);
            device_names::settings_changed(state);
            agents::settings_changed(state, now, (&names_before, &penalties_before), out);
            queues::settings_changed(state, now, &names_before, out);
        }
        state.look_at_presences(may_be_no_more);
        publish(state, now, out);
        settle_presences(state, now, out);
        out.immediate.push(Immediate::SettingsTaken { ended });
    }
}

/// Moves those whose presence is no more.
fn settle_presences(state: &mut LiveState, now: Moment, out: &mut Effects) {
    while let Some(user) = state.next_to_settle() {
        match outcome_of(state, user) {
            PresenceOutcome::Stays => {}
            PresenceOutcome::Becomes(presence) => presence::rename(state, user, &presence, out),
            PresenceOutcome::Ends(presence) => presence::enter(state, now, user, &presence, out),
        }
    }
    publish(state, now, out);
}

/// How many sessions ended.
fn send_away(state: &mut LiveState, now: Moment, change: &SettingsChange, out: &mut Effects) -> usize {
    let sessions = sent_away(state, change);
    for session in &sessions {
        out.answer(*session, Notice::DisconnectForce);
        out.close(*session);
        sessions::end_session(state, now, *session, EndReason::AccessRevoked, out);
        publish(state, now, out);
    }
    sessions.len()
}

/// What became of the presence that a connected user is in.
enum PresenceOutcome {
    Stays,
    /// The same under another name, or its namesake in the group of a changed profile.
    Becomes(Arc<Presence>),
    /// It is no more: they are moved.
    Ends(Arc<Presence>),
}

/// A user whose profile is gone keeps what they are in: there is no group to choose from.
fn outcome_of(state: &LiveState, user: UserId) -> PresenceOutcome {
    let view = state.view(user);
    let presences = view.presences();
    let (Some((id, name)), Some(first)) = (view.entered(), presences.first()) else { return PresenceOutcome::Stays };
    let same = presences.iter().find(|presence| presence.id == id);
    match same.or_else(|| view.presence_named(name)) {
        Some(same) if same.id == id && same.name.as_str() == name => PresenceOutcome::Stays,
        Some(other) => PresenceOutcome::Becomes(Arc::clone(other)),
        None => PresenceOutcome::Ends(Arc::clone(view.presence_named(AVAILABLE).unwrap_or(first))),
    }
}
