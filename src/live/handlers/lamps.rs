//! Services as the telephone system has them: the keys in AstDB by which the dial plan acts, the lamps on telephones, and
//! what telephones switch by feature codes (telephony §5). What is on disk is the truth, and the telephone system is
//! brought to it by what differs. The first link to one overwrites nothing: what is found there is taken over, and a mark
//! of ours says from then on that it has been.

use std::collections::HashMap;

use crate::live::messages::telephony::{StoredKey, UserEvent};
use crate::live::messages::{
    AfterCommit, Cause, Moment, RequestFailure, ServiceChange, SwitchedBy, TelephonyPending, TelephonyRequest,
    TelephonySnapshot,
};
use crate::live::state::resync::TakeOver;
use crate::live::state::telephony::services::{
    KnownServices, MARK_FAMILY, MARK_KEY, ServiceKey, user_of, user_of_family, user_of_lamp,
};
use crate::live::state::{Effects, LiveState, LogEvent};
use crate::settings::id::UserId;
use crate::settings::state::{Forward, Services};

use super::services;

/// Keys, devices or users that are taken over at once.
const PIECE: usize = 32;
/// What a key or a lamp takes, and a user whose services are taken over.
const FOUND_STEPS: usize = 1;
const USER_STEPS: usize = 16;
const MARKED_A_STEP: usize = 8;

/// First what is found there, then what of it is ours from now on.
#[derive(Default)]
pub(super) struct ServicesTakeOver {
    keys: usize,
    devices: usize,
    known: HashMap<UserId, KnownServices>,
    /// Whose services are to be ours, if the telephone system has not had ours before; None: not all is found.
    left: Option<Vec<UserId>>,
    is_over: bool,
}

impl TakeOver for ServicesTakeOver {
    fn advance(
        &mut self,
        state: &mut LiveState,
        _: Moment,
        snapshot: &mut TelephonySnapshot,
        out: &mut Effects,
    ) -> Option<usize> {
        if let Some(user) = self.left.as_mut().and_then(Vec::pop) {
            adopt(state, user, out);
            return Some(USER_STEPS);
        }
        if self.left.is_none() {
            let found = self.find(state, snapshot);
            if found > 0 {
                return Some(FOUND_STEPS * found);
            }
            let is_ours = snapshot.stored(MARK_FAMILY, MARK_KEY) == Some(&state.server().to_string());
            let mut users = state.begin_services_there(std::mem::take(&mut self.known), is_ours);
            users.sort_unstable_by(|one, other| other.cmp(one));
            let steps = 1 + users.len() / MARKED_A_STEP;
            self.left = Some(users);
            return Some(steps);
        }
        let is_over = std::mem::replace(&mut self.is_over, true);
        (!is_over).then(|| 1 + state.touch_all_services() / MARKED_A_STEP)
    }
}

impl ServicesTakeOver {
    /// What a piece more of the snapshot says of the services of users that there are; of how many keys and devices.
    fn find(&mut self, state: &LiveState, snapshot: &TelephonySnapshot) -> usize {
        let is_there = |user: &UserId| state.uuid_of(*user).is_some();
        let mut found = 0;
        for stored in snapshot.keys.iter().skip(self.keys).take(PIECE) {
            found += 1;
            let user = user_of_family(&stored.family).filter(is_there);
            if let (Some(user), Some(key)) = (user, ServiceKey::named(&stored.key)) {
                self.known.entry(user).or_default().keys.insert(key, Some(stored.value.clone()));
            }
        }
        self.keys += found;
        if found > 0 {
            return found;
        }
        for device in snapshot.devices.iter().skip(self.devices).take(PIECE) {
            found += 1;
            let Some(lamp) = device.lit_lamp() else { continue };
            if let Some(user) = user_of_lamp(lamp).filter(is_there) {
                self.known.entry(user).or_default().lit.insert(lamp.into());
            }
        }
        self.devices += found;
        found
    }
}

/// What is on there is on; what we have on is brought there where nothing stands. Whatever else is there stays.
fn adopt(state: &mut LiveState, user: UserId, out: &mut Effects) {
    let mut changes = Vec::new();
    for (key, value) in state.take_found_services(user) {
        let Some(change) = value.as_deref().and_then(|value| key.change(value)) else { continue };
        state.know_service_key(user, key, value);
        changes.push(change);
    }
    let present = state.view(user).services(user).unwrap_or_default();
    changes.retain(|change| change.as_in(&present) != *change);
    if !changes.is_empty() {
        state.adopt_services(user);
        out.log(LogEvent::ServicesTakenOver { user });
        services::switch(state, user, changes, SwitchedBy::Itself, out);
    }
}

/// All is taken over: what differs is asked for.
pub(super) fn order_what_differs(state: &mut LiveState, out: &mut Effects) {
    mark(state, out);
    bring_due(state, out);
}

/// Says on the telephone system that it has our services, once what was found there is on disk.
fn mark(state: &mut LiveState, out: &mut Effects) {
    let value = state.server().to_string().into();
    if state.begin_marking_services() {
        let key = StoredKey { family: MARK_FAMILY.into(), key: MARK_KEY.into(), value };
        out.ask_telephony(TelephonyRequest::PutKey(key), TelephonyPending::Nobody);
    }
}

/// These services of the user are on disk.
pub(in crate::live) fn committed(state: &mut LiveState, kept: &AfterCommit, out: &mut Effects) {
    if kept.cause == Cause::Telephony {
        state.services_are_adopted(kept.user);
    }
    if state.may_ask_telephony() {
        state.touch_services_there(kept.user);
    }
    if state.is_telephony_up() {
        bring_due(state, out);
        mark(state, out);
    }
}

/// A change that a telephone made is not on disk: there all is to be as it was.
pub(in crate::live) fn reverted(state: &mut LiveState, lost: &AfterCommit, out: &mut Effects) {
    if lost.cause == Cause::Telephony {
        put_right(state, lost.user, out);
    }
}

/// The telephone system is to have what is on disk.
fn put_right(state: &mut LiveState, user: UserId, out: &mut Effects) {
    if state.is_telephony_up() {
        state.touch_services_there(user);
        bring_due(state, out);
    }
}

/// Asks for what differs, as far as this slice goes.
pub(in crate::live) fn bring_due(state: &mut LiveState, out: &mut Effects) {
    while state.is_telephony_up()
        && let Some(user) = state.next_due_services()
    {
        for request in state.bring_services(user) {
            out.ask_telephony(request, TelephonyPending::User(user));
        }
    }
}

pub(super) fn replied(state: &mut LiveState, user: UserId, outcome: Result<(), RequestFailure>, out: &mut Effects) {
    if !state.is_telephony_up() {
        return;
    }
    state.service_request_is_over();
    let why = match outcome {
        Ok(()) => None,
        Err(RequestFailure::Refused(why)) => Some(why),
        Err(RequestFailure::Unavailable) => Some("no reply in time".into()),
    };
    if let Some(why) = why
        && state.doubt_services_there(user)
    {
        out.log(LogEvent::ServicesNotBrought { user, why });
    }
    bring_due(state, out);
}

pub(super) fn said(state: &mut LiveState, event: &UserEvent, out: &mut Effects) {
    if event.name.eq_ignore_ascii_case("CtiUserState") {
        switched_by_telephone(state, event, out);
    }
}

/// A feature code was dialled; the dial plan has changed the key itself, and acts by it already.
fn switched_by_telephone(state: &mut LiveState, event: &UserEvent, out: &mut Effects) {
    let user = event.field("USERID").map(str::trim).and_then(user_of).filter(|user| state.uuid_of(*user).is_some());
    let key = event.field("NAME").map(str::trim).and_then(ServiceKey::named);
    let (Some(user), Some(key)) = (user, key) else {
        let why = if user.is_none() { "there is no such user" } else { "there is no such service" };
        return out.log(LogEvent::FeatureCodeRefused { user, why });
    };
    // Whatever comes of it, the key is then written as we have it.
    state.doubt_service_key(user, key);
    let present = state.view(user).services(user).unwrap_or_default();
    match change(key, event, &present) {
        Ok(change) if change.as_in(&present) == change && !state.is_saving_services(user) => {
            put_right(state, user, out);
        }
        Ok(change) => services::switch(state, user, vec![change], SwitchedBy::Itself, out),
        Err(why) => {
            out.log(LogEvent::FeatureCodeRefused { user: Some(user), why });
            put_right(state, user, out);
        }
    }
}

/// What was switched, by the rules that hold for clients (protocol 4.7).
fn change(key: ServiceKey, event: &UserEvent, present: &Services) -> Result<ServiceChange, &'static str> {
    let is_on = match event.field("VALUE").map(str::trim) {
        Some("1") => true,
        Some("0") => false,
        Some(_) | None => return Err("its value is neither 0 nor 1"),
    };
    let change = match key {
        ServiceKey::DoNotDisturb => ServiceChange::DoNotDisturb(is_on),
        ServiceKey::CallFilter => ServiceChange::CallFilter(is_on),
        ServiceKey::Recording => ServiceChange::Recording(is_on),
        ServiceKey::Forward(kind) => {
            let destination = event.field("DEST").unwrap_or_default();
            let forward = Forward::to(is_on, destination);
            let change = ServiceChange::Forward(kind, forward);
            match change.as_in(present) {
                // A forward keeps its destination while it is off.
                ServiceChange::Forward(_, kept) if !is_on && destination.trim().is_empty() => {
                    ServiceChange::Forward(kind, Forward { is_on: false, ..kept })
                }
                _ => change,
            }
        }
    };
    change.is_possible().then_some(change).ok_or("the destination of its forward is no number")
}
