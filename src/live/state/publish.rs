//! The one way from a change to what people hear: compares before and after as far as something was touched, derives
//! every notice for every audience by the rule of visibility, and says the same as events. Called at the end of each
//! input, and after each part of one that consists of several changes (the sessions that new settings end, the
//! settings, the presences that are no more), for clients hear them in that order (protocol decision 6).

use super::changes::{TouchedPresence, TouchedServices};
use super::publication::{Publication, SESSIONS_A_STEP};
use super::{Follow, LiveState, Told};
use crate::live::messages::{Change, Effects, Event, EventCause, Moment, ServiceChange, Subject, Watched};
use crate::protocol::notice::{Config, Notice, Status, UserServices};
use crate::protocol::request::ListName;
use crate::settings::id::UserId;

/// Tells everybody what was touched since the last time. While changed settings are still being told, in slices, what
/// was touched of users waits behind them.
pub(in crate::live) fn publish(state: &mut LiveState, now: Moment, out: &mut Effects) {
    let (cause, follow) = (state.changes.cause, state.changes.follow);
    let happened = std::mem::take(&mut state.changes.happened);
    let mut log = EventLog { at: now.unix, cause, follow, out };
    happened.into_iter().for_each(|(subject, change)| log.add(subject, || change));
    if let Some((before, difference)) = state.changes.settings.take() {
        state.publication = Some(Publication::new(state, before, &difference));
        // To take them over was work for each session too.
        let steps = state.slice_steps.saturating_sub(state.runtime.number_of_sessions() / SESSIONS_A_STEP);
        advance(state, now, steps, out);
    }
    if state.publication.is_some() {
        return;
    }
    let (presences, services) = state.changes.take_people();
    let mut log = EventLog { at: now.unix, cause, follow, out };
    for (user, touched) in presences {
        publish_presence(state, user, touched, &mut log);
    }
    for (user, touched) in services {
        publish_services(state, user, touched, &mut log);
    }
}

/// Tells a slice more of changed settings.
pub(in crate::live) fn publish_more(state: &mut LiveState, now: Moment, out: &mut Effects) {
    advance(state, now, state.slice_steps, out);
}

fn advance(state: &mut LiveState, now: Moment, steps: usize, out: &mut Effects) {
    if let Some(mut publication) = state.publication.take() {
        publication.advance(state, now, EventCause::Settings, steps, out);
        state.publication = Some(publication).filter(|publication| !publication.is_over());
    }
}

/// Stamps what happened, if anybody follows.
struct EventLog<'a> {
    at: f64,
    cause: EventCause,
    follow: Follow,
    out: &'a mut Effects,
}

impl EventLog<'_> {
    fn add(&mut self, subject: Subject, change: impl FnOnce() -> Change) {
        if self.follow == Follow::Somebody {
            self.out.events.push(Event { at: self.at, cause: self.cause, subject, change: change() });
        }
    }
}

/// Broadcasts the user's present presence; those who registered hear of it only if it is another (protocol decision 4).
fn publish_presence(state: &LiveState, user: UserId, touched: TouchedPresence, log: &mut EventLog<'_>) {
    let view = state.view(user);
    let Some(present) = view.presence(user) else { return };
    if *present != *touched.before {
        if let (Some(uuid), Some(notice)) = (view.uuid(user), view.registered_status(Subject::User(user))) {
            log.out.notify(state.audience_of_watchers(Watched::User(uuid), Subject::User(user)), notice);
        }
        log.add(Subject::User(user), || Change::Presence { from: touched.before, to: present.into() });
    } else if touched.told == Told::IfChanged {
        return;
    }
    log.out.notify(state.audience_of(Subject::User(user)), presence_notice(user, present));
}

/// What was asked for is told, and whatever else differs: a failed write may have left something for this one to bring.
fn publish_services(state: &LiveState, user: UserId, touched: TouchedServices, log: &mut EventLog<'_>) {
    let Some(present) = state.view(user).services(user) else { return };
    let TouchedServices { before, asked } = touched;
    let asked = asked.iter().map(|change| change.as_in(&present));
    let is_other = |change: &ServiceChange| change.as_in(&before) != *change;
    let changed: Vec<ServiceChange> = ServiceChange::all(&present).into_iter().filter(is_other).collect();
    let mut told: Vec<ServiceChange> = Vec::new();
    for change in asked.chain(changed.iter().cloned()) {
        if !told.contains(&change) {
            log.out.notify(state.audience_of(Subject::User(user)), services_notice(user, [change.clone()]));
            told.push(change);
        }
    }
    if !changed.is_empty() {
        log.add(Subject::User(user), || Change::Services { changed });
    }
}

/// The presence of a user, as it is broadcast (protocol 5.1).
pub(in crate::live) fn presence_notice(user: UserId, availstate: &str) -> Notice {
    let status = Status::Presence { availstate: availstate.into() };
    Notice::Status { list: ListName::Users, tid: user.to_string().into(), status }
}

/// Some services of a user, as a part of the `config`.
pub(in crate::live) fn services_notice(user: UserId, services: impl IntoIterator<Item = ServiceChange>) -> Notice {
    let mut members = UserServices::default();
    services.into_iter().for_each(|service| service.say(&mut members));
    let config = Config::UserServices(members);
    Notice::Config { list: ListName::Users, tid: user.to_string().into(), config }
}
