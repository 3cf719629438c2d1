//! The services that users switch themselves: do-not-disturb, filter, recording, forwards (protocol 4.7, "Ours" 14).
//! A change is told when it is on disk, to all who then see the user; until then lists answer what was before.

use serde_json::Value;

use crate::protocol::notice::{Config, Notice, UserServices};
use crate::protocol::request::{FeaturesPut, ForwardKind, ListName};
use crate::settings::id::{Id, UserId};
use crate::settings::profile::Service;
use crate::settings::state::{Forward, Services, StateWrite};

use super::effects::{AfterCommit, Cause, Effects, LogEvent};
use super::view::View;
use super::visibility::{LiveState, Subject};
use super::{Audience, Moment, SessionId};

/// One service, as it shall be or is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ServiceChange {
    DoNotDisturb(bool),
    CallFilter(bool),
    Recording(bool),
    Forward(ForwardKind, Forward),
}

impl ServiceChange {
    /// What a profile must hold ("Ours" 14).
    fn grant(&self) -> Service {
        match self {
            Self::DoNotDisturb(_) => Service::EnableDnd,
            Self::CallFilter(_) => Service::IncallFilter,
            Self::Recording(_) => Service::CallRecord,
            Self::Forward(ForwardKind::Unconditional, _) => Service::ForwardUnconditional,
            Self::Forward(ForwardKind::NoAnswer, _) => Service::ForwardNoAnswer,
            Self::Forward(ForwardKind::Busy, _) => Service::ForwardBusy,
        }
    }

    fn apply(&self, services: &mut Services) {
        match self {
            Self::DoNotDisturb(is_on) => services.do_not_disturb = *is_on,
            Self::CallFilter(is_on) => services.call_filter = *is_on,
            Self::Recording(is_on) => services.recording = *is_on,
            Self::Forward(kind, forward) => *forward_mut(services, *kind) = forward.clone(),
        }
    }

    /// The same service as it stands in `services`.
    fn as_in(&self, services: &Services) -> Self {
        match self {
            Self::DoNotDisturb(_) => Self::DoNotDisturb(services.do_not_disturb),
            Self::CallFilter(_) => Self::CallFilter(services.call_filter),
            Self::Recording(_) => Self::Recording(services.recording),
            Self::Forward(kind, _) => Self::Forward(*kind, forward(services, *kind).clone()),
        }
    }

    fn all(services: &Services) -> [Self; 6] {
        let forward = |kind| Self::Forward(kind, forward(services, kind).clone());
        [
            Self::DoNotDisturb(services.do_not_disturb),
            Self::CallFilter(services.call_filter),
            Self::Recording(services.recording),
            forward(ForwardKind::Unconditional),
            forward(ForwardKind::NoAnswer),
            forward(ForwardKind::Busy),
        ]
    }

    /// A forward that leads to something else than a number could not be executed.
    fn is_possible(&self) -> bool {
        match self {
            Self::Forward(_, forward) => forward.leads_to_number(),
            Self::DoNotDisturb(_) | Self::CallFilter(_) | Self::Recording(_) => true,
        }
    }

    /// Sets the members of a user's `config` that say it.
    fn say(self, members: &mut UserServices) {
        match self {
            Self::DoNotDisturb(is_on) => members.enablednd = Some(is_on),
            Self::CallFilter(is_on) => members.incallfilter = Some(is_on),
            Self::Recording(is_on) => members.enablerecording = Some(is_on),
            Self::Forward(kind, Forward { is_on, destination }) => {
                let member = match kind {
                    ForwardKind::Unconditional => &mut members.unconditional,
                    ForwardKind::NoAnswer => &mut members.no_answer,
                    ForwardKind::Busy => &mut members.busy,
                };
                *member = Some((is_on, destination));
            }
        }
    }
}

fn forward(services: &Services, kind: ForwardKind) -> &Forward {
    match kind {
        ForwardKind::Unconditional => &services.unconditional,
        ForwardKind::NoAnswer => &services.no_answer,
        ForwardKind::Busy => &services.busy,
    }
}

fn forward_mut(services: &mut Services, kind: ForwardKind) -> &mut Forward {
    match kind {
        ForwardKind::Unconditional => &mut services.unconditional,
        ForwardKind::NoAnswer => &mut services.no_answer,
        ForwardKind::Busy => &mut services.busy,
    }
}

/// A `featuresput`: what the profile grants is switched, what it does not, or cannot be, is refused with the present
/// values.
pub(super) fn put(state: &mut LiveState, session: SessionId, user: UserId, put: &FeaturesPut, out: &mut Effects) {
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
        out.answer(session, partial_config(target, refused.iter().map(|change| change.as_in(&present))));
    }
    if !switched.is_empty() {
        switch(state, target, switched, Cause::Request { session }, out);
    }
}

/// Writes the services; what was asked for is told when that is done.
pub(super) fn switch(state: &mut LiveState, user: UserId, asked: Vec<ServiceChange>, cause: Cause, out: &mut Effects) {
    let Some(uuid) = state.uuid_of(user) else { return };
    let person = state.person_mut(uuid);
    for change in &asked {
        change.apply(&mut person.state.services);
    }
    person.unsaved += 1;
    out.writes.push(StateWrite::User(uuid, person.state.clone()));
    out.after_commit.push(AfterCommit { user, services: person.state.services.clone(), asked, cause });
}

/// Whether that is how it already stands, on disk or on its way there.
pub(super) fn is_so(state: &mut LiveState, user: UserId, change: &ServiceChange) -> bool {
    let Some(uuid) = state.uuid_of(user) else { return true };
    change.as_in(&state.person_mut(uuid).state.services) == *change
}

/// The write succeeded: what was asked for is told, and whatever an earlier failed write left for this one to bring.
pub(super) fn tell_kept(state: &mut LiveState, kept: &AfterCommit, out: &mut Effects) {
    let Some(uuid) = state.uuid_of(kept.user) else { return };
    let person = state.person_mut(uuid);
    person.unsaved = person.unsaved.saturating_sub(1);
    let before = std::mem::replace(&mut person.told, kept.services.clone());
    let asked = kept.asked.iter().map(|change| change.as_in(&kept.services));
    let mut told: Vec<ServiceChange> = Vec::new();
    let differing = ServiceChange::all(&kept.services).into_iter().filter(|change| change.as_in(&before) != *change);
    for change in asked.chain(differing) {
        if !told.contains(&change) {
            out.notify(state.audience_of(Subject::User(kept.user)), partial_config(kept.user, [change.clone()]));
            told.push(change);
        }
    }
}

/// The write failed: unless a later one is on its way, which brings this change too, all is as it was. Who asked for the
/// service is told how it stands; who only chose a presence, that not all of it happened.
pub(super) fn take_back(state: &mut LiveState, now: Moment, lost: &AfterCommit, out: &mut Effects) {
    let Some(uuid) = state.uuid_of(lost.user) else { return };
    let person = state.person_mut(uuid);
    person.unsaved = person.unsaved.saturating_sub(1);
    if person.unsaved == 0 {
        person.state.services = person.told.clone();
    }
    match lost.cause {
        Cause::Request { session } => refuse_unkept(state, session, lost, out),
        Cause::PresenceAction => {
            for session in state.audience_of_user(lost.user).sessions() {
                if state.may_tell_of_failure(*session, now) {
                    out.notify(Audience::only(*session), Notice::CommandRefused { error: "service_unavailable" });
                }
            }
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
    out.answer(session, partial_config(lost.user, lost.asked.iter().map(|change| change.as_in(&present))));
}

fn partial_config(user: UserId, services: impl IntoIterator<Item = ServiceChange>) -> Notice {
    let mut members = UserServices::default();
    services.into_iter().for_each(|service| service.say(&mut members));
    let config = Config::UserServices(members);
    Notice::Config { list: ListName::Users, tid: user.to_string().into(), config }
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
