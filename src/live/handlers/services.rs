//! The services that users switch themselves: do-not-disturb, filter, recording, forwards (protocol 4.7, decision 14).
//! A change is told when it is on disk, to all who then see the user; until then lists answer what was before.

use serde_json::Value;

use crate::live::messages::{
    AfterCommit, Cause, Moment, Requester, ServiceChange, SessionId, Subject, SwitchOff, SwitchOffId, SwitchOffOutcome,
    SwitchedBy,
};
use crate::live::state::publish::services_notice;
use crate::live::state::view::View;
use crate::live::state::{Effects, LiveState, LogEvent};
use crate::protocol::notice::Notice;
use crate::protocol::request::FeaturesPut;
use crate::settings::id::{Id, UserId};
use crate::settings::state::{Forward, StateWrite};

/// A `featuresput`: what the profile grants is switched, what it does not, or cannot be, is refused with the present
/// values.
pub(super) fn put(state: &mut LiveState, requester: Requester, put: &FeaturesPut, out: &mut Effects) {
    let Requester { session, user } = requester;
    let view = state.view(user);
    let Some(target) = target(&view, user, put) else { return };
    let is_granted = |change: &ServiceChange| {
        let grants = view.profile().is_some_and(|profile| profile.services.contains(&change.grant()));
        grants || !state.general().enforce_profile_services
    };
    let (granted, mut refused): (Vec<_>, Vec<_>) = changes(put).into_iter().partition(is_granted);
    if !refused.is_empty() {
        out.log(LogEvent::ServiceNotGranted { user });
    }
    let (switched, impossible): (Vec<_>, Vec<_>) = granted.into_iter().partition(ServiceChange::is_possible);
    if !impossible.is_empty() {
        out.log(LogEvent::ForwardToNoNumber { user });
    }
    refused.extend(impossible);
    if !refused.is_empty() {
        out.answer(session, Notice::FeaturesNotGranted);
        let present = view.services(target).unwrap_or_default();
        out.answer(session, services_notice(target, refused.iter().map(|change| change.as_in(&present))));
    }
    if !switched.is_empty() {
        switch(state, target, switched, SwitchedBy::Itself, out);
    }
}

/// An administrator switches off what keeps callers from a user; who asked hears of it once it is on disk.
pub(in crate::live) fn switch_off(
    state: &mut LiveState,
    id: SwitchOffId,
    SwitchOff { user, services }: &SwitchOff,
    out: &mut Effects,
) {
    let Some((user, present)) = state.services_to_be(*user) else {
        return out.switched_off.push((id, SwitchOffOutcome::NoSuchUser));
    };
    let meant = ServiceChange::all(&present).into_iter().filter(|service| services.contains(&service.grant()));
    let off: Vec<ServiceChange> = meant.filter_map(ServiceChange::off).collect();
    if off.is_empty() {
        return out.switched_off.push((id, SwitchOffOutcome::NothingOn));
    }
    switch(state, user, off, SwitchedBy::Administrator(id), out);
}

/// Writes the services; what was asked for is told when that is done.
pub(super) fn switch(
    state: &mut LiveState,
    user: UserId,
    asked: Vec<ServiceChange>,
    by: SwitchedBy,
    out: &mut Effects,
) {
    let Some(uuid) = state.uuid_of(user) else { return };
    let kept = state.switch_services(uuid, &asked);
    out.after_commit.push(AfterCommit { user, services: kept.services.clone(), asked, cause: state.cause(), by });
    out.writes.push(StateWrite::User(uuid, kept));
}

/// The write succeeded: what was asked for is told.
pub(in crate::live) fn commit(state: &mut LiveState, kept: &AfterCommit, out: &mut Effects) {
    if let SwitchedBy::Administrator(id) = kept.by {
        out.switched_off.push((id, SwitchOffOutcome::Off));
    }
    state.commit_services(kept.user, &kept.services, &kept.asked);
}

/// The write failed: unless a later one is on its way, which brings this change too, all is as it was. Who asked for
/// the service is told how it stands; who only chose a presence, that not all of it happened.
pub(in crate::live) fn revert(state: &mut LiveState, now: Moment, lost: &AfterCommit, out: &mut Effects) {
    if let SwitchedBy::Administrator(id) = lost.by {
        out.switched_off.push((id, SwitchOffOutcome::NotKept));
    }
    if state.uuid_of(lost.user).is_none() {
        return;
    }
    state.revert_services(lost.user);
    match (lost.by, lost.cause) {
        (SwitchedBy::Itself, Cause::Request(session)) => refuse_unkept(state, session, lost, out),
        // Of the telephone system it is for `lamps` to bring that back to what is on disk.
        (SwitchedBy::Itself | SwitchedBy::Administrator(_), _) => {}
        (SwitchedBy::PresenceAction, _) => {
            let told = state.audience_of_failure(lost.user, now);
            out.notify(told, Notice::CommandRefused { error: "service_unavailable" });
        }
    }
}

/// Unless the session has ended, or may no longer see whose service it is.
fn refuse_unkept(state: &LiveState, session: SessionId, lost: &AfterCommit, out: &mut Effects) {
    let Some(user) = state.user_of(session) else { return };
    let view = state.view(user);
    if !view.may_see(Subject::User(lost.user)) {
        return;
    }
    out.answer(session, Notice::FeaturesNotKept);
    let present = view.services(lost.user).unwrap_or_default();
    out.answer(session, services_notice(lost.user, lost.asked.iter().map(|change| change.as_in(&present))));
}

/// Enabling a forward without a destination is executed as disabling it (protocol 4.7).
fn changes(put: &FeaturesPut) -> Vec<ServiceChange> {
    match put {
        FeaturesPut::DoNotDisturb(is_on) => vec![ServiceChange::DoNotDisturb(*is_on)],
        FeaturesPut::CallFilter(is_on) => vec![ServiceChange::CallFilter(*is_on)],
        FeaturesPut::Recording { is_on, .. } => vec![ServiceChange::Recording(*is_on)],
        FeaturesPut::Forwards(forwards) => forwards
            .iter()
            .map(|(kind, is_on, destination)| ServiceChange::Forward(*kind, Forward::to(*is_on, destination)))
            .collect(),
    }
}

/// Whose service it is: one's own, but that a recording may name another user whom one sees.
pub(super) fn target(view: &View<'_>, user: UserId, put: &FeaturesPut) -> Option<UserId> {
    let FeaturesPut::Recording { target: Some(target), .. } = put else { return Some(user) };
    let number = match target {
        Value::Null => return Some(user),
        Value::String(text) => text.parse().ok(),
        other => other.as_i64(),
    };
    let target = UserId::new(number?);
    view.may_see(Subject::User(target)).then_some(target)
}
