//! The one way from a change to what people hear: compares before and after as far as something was touched, derives
//! every notice for every audience by the rule of visibility, and says the same as events. Called at the end of each
//! input, and after each part of one that consists of several changes (the sessions that new settings end, the
//! settings, the presences that are no more), for clients hear them in that order (protocol decision 6).

use super::changes::{TouchedPresence, TouchedServices};
use super::event_log::EventLog;
use super::publication::{Publication, SESSIONS_A_STEP, notice_steps};
use super::publish_telephony;
use super::visibility::Audience;
use super::{LiveState, Told};
use crate::live::messages::{Cause, Change, Moment, ServiceChange, Subject, Watched};
use crate::live::state::{Effects, Retired};
use crate::protocol::notice::{Config, Notice, Status, UserServices};
use crate::protocol::request::ListName;
use crate::settings::id::UserId;

/// Making an audience for one notice is as much as telling it.
const AUDIENCE_STEPS: usize = 2;

/// Tells everybody what was touched since the last time. While changed settings are still being told, in slices, what
/// was touched of users waits behind them; and what is more than a slice waits for the next.
pub(in crate::live) fn publish(state: &mut LiveState, now: Moment, out: &mut Effects) {
    let (cause, follow) = (state.changes.cause, state.changes.follow);
    let happened = std::mem::take(&mut state.changes.happened);
    let mut log = EventLog { at: now.unix, cause, follow, out };
    for (cause, subject, change) in happened {
        log.cause = cause;
        log.add(subject, || change);
    }
    if let Some((before, difference)) = state.changes.settings.take() {
        state.publication = Some(Publication::new(state, before, &difference));
        // To take them over was work for each session too.
        state.left.spend(state.runtime.number_of_sessions() / SESSIONS_A_STEP);
        advance(state, now, out);
    }
    if state.publication.is_none() {
        publish_people(state, now, out);
        publish_telephony::publish(state, now, &mut EventLog { at: now.unix, cause, follow, out });
    }
}

/// What was touched of users, as far as this slice goes: the rest waits for the next.
fn publish_people(state: &mut LiveState, now: Moment, out: &mut Effects) {
    let (cause, follow) = (state.changes.cause, state.changes.follow);
    let mut log = EventLog { at: now.unix, cause, follow, out };
    while !state.left.are_spent() {
        let told = if let Some((user, touched)) = state.changes.presences.pop_first() {
            log.cause = touched.cause;
            publish_presence(state, user, touched, &mut log)
        } else if let Some((user, touched)) = state.changes.services.pop_first() {
            log.cause = touched.cause;
            publish_services(state, user, touched, &mut log)
        } else {
            return;
        };
        state.left.spend(told);
    }
}

/// Tells a slice more of changed settings.
pub(in crate::live) fn publish_more(state: &mut LiveState, now: Moment, out: &mut Effects) {
    advance(state, now, out);
}

fn advance(state: &mut LiveState, now: Moment, out: &mut Effects) {
    if let Some(mut publication) = state.publication.take() {
        let mut left = state.left;
        publication.advance(state, now, Cause::Settings, &mut left, out);
        state.left = left;
        if publication.is_over() {
            out.retired.push(Retired::Settings(publication.into_before()));
        } else {
            state.publication = Some(publication);
        }
    }
}

/// Broadcasts the user's present presence; those who registered hear of it only if it is another (protocol decision 4),
/// or was one that they may have read.
///
/// Returns the steps taken, here and below.
fn publish_presence(state: &LiveState, user: UserId, touched: TouchedPresence, log: &mut EventLog<'_>) -> usize {
    let view = state.view(user);
    let Some(present) = view.presence(user) else { return 1 };
    let is_other = *present != *touched.before;
    if is_other || touched.was_another {
        if let (Some(uuid), Some(notice)) = (view.uuid(user), view.registered_status(Subject::User(user))) {
            log.out.notify(state.audience_of_watchers(Watched::User(uuid), Subject::User(user)), notice);
        }
        if is_other {
            log.add(Subject::User(user), || Change::Presence { from: touched.before, to: present.into() });
        }
    } else if touched.told == Told::IfChanged {
        return 1;
    }
    let to = state.audience_of(Subject::User(user));
    let steps = people_steps(&to);
    log.out.notify(to, presence_notice(user, present));
    steps
}

/// What was asked for is told, and whatever else differs: a failed write may have left something for this one to bring.
fn publish_services(state: &LiveState, user: UserId, touched: TouchedServices, log: &mut EventLog<'_>) -> usize {
    let Some(present) = state.view(user).services(user) else { return 1 };
    let mut steps = 1;
    let TouchedServices { before, asked, .. } = touched;
    let asked = asked.iter().map(|change| change.as_in(&present));
    let is_other = |change: &ServiceChange| change.as_in(&before) != *change;
    let changed: Vec<ServiceChange> = ServiceChange::all(&present).into_iter().filter(is_other).collect();
    let mut told: Vec<ServiceChange> = Vec::new();
    for change in asked.chain(changed.iter().cloned()) {
        if !told.contains(&change) {
            let to = state.audience_of(Subject::User(user));
            steps += people_steps(&to);
            log.out.notify(to, services_notice(user, [change.clone()]));
            told.push(change);
        }
    }
    if !changed.is_empty() {
        log.add(Subject::User(user), || Change::Services { changed });
    }
    steps
}

/// What telling an audience takes that is made for this one notice.
fn people_steps(to: &Audience) -> usize {
    AUDIENCE_STEPS * notice_steps(to)
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
