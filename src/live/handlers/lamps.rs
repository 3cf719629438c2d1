//! Services as the telephone system has them: the keys in AstDB by which the dial plan acts, the lamps on telephones, and
//! what telephones switch by feature codes (telephony §5). What is on disk is the truth, and the telephone system is
//! brought to it by what differs. The first link to one overwrites nothing: what is found there is taken over, and a mark
//! of ours says from then on that it has been.

use std::collections::{BTreeSet, HashMap};

use crate::live::messages::telephony::{StoredKey, UserEvent};
use crate::live::messages::{
    AfterCommit, Cause, Effects, LogEvent, ServiceChange, TelephonyEvent, TelephonyPending, TelephonyReply,
    TelephonyRequest, TelephonySnapshot,
};
use crate::live::state::LiveState;
use crate::live::state::telephony::services::{
    KnownServices, MARK_FAMILY, MARK_KEY, ServiceKey, user_of, user_of_family, user_of_lamp,
};
use crate::settings::id::UserId;
use crate::settings::state::{Forward, Services};

use super::services;

pub(super) fn take_over(state: &mut LiveState, snapshot: &TelephonySnapshot, out: &mut Effects) {
    let server = state.server().to_string();
    let is_mark = |key: &StoredKey| &*key.family == MARK_FAMILY && &*key.key == MARK_KEY && *key.value == *server;
    let is_ours = snapshot.keys.iter().any(is_mark);
    let known = found(state, snapshot);
    state.telephony_mut().services.begin(known, is_ours);
    if !is_ours {
        adopt_all(state, out);
    }
    state.touch_all_services();
    mark(state, out);
    bring_due(state, out);
}

/// What the snapshot says of the services of users that there are.
fn found(state: &LiveState, snapshot: &TelephonySnapshot) -> HashMap<UserId, KnownServices> {
    let mut known: HashMap<UserId, KnownServices> = HashMap::new();
    for stored in &snapshot.keys {
        let user = user_of_family(&stored.family).filter(|user| state.uuid_of(*user).is_some());
        if let (Some(user), Some(key)) = (user, ServiceKey::named(&stored.key)) {
            known.entry(user).or_default().keys.insert(key, Some(stored.value.clone()));
        }
    }
    let lit = snapshot.devices.iter().filter(|device| &*device.state == "INUSE");
    for lamp in lit.filter_map(|device| device.device.strip_prefix("Custom:")) {
        if let Some(user) = user_of_lamp(lamp).filter(|user| state.uuid_of(*user).is_some()) {
            known.entry(user).or_default().lit.insert(lamp.into());
        }
    }
    known
}

/// What is on there is on; what we have on is brought there where nothing stands. Whatever else is there stays.
fn adopt_all(state: &mut LiveState, out: &mut Effects) {
    let users: BTreeSet<UserId> = state.telephony().services.users().collect();
    for user in users {
        let known = state.telephony_mut().services.known_mut(user);
        let stored = std::mem::take(&mut known.keys);
        // Lit by whomever: switched off when their user switches.
        known.lit.clear();
        let mut changes = Vec::new();
        for (key, value) in stored {
            let Some(change) = value.as_deref().and_then(|value| key.change(value)) else { continue };
            state.telephony_mut().services.known_mut(user).keys.insert(key, value);
            changes.push(change);
        }
        let present = state.view(user).services(user).unwrap_or_default();
        changes.retain(|change| change.as_in(&present) != *change);
        if !changes.is_empty() {
            state.telephony_mut().services.adopt(user);
            out.log(LogEvent::ServicesTakenOver { user });
            services::switch(state, user, changes, Cause::Telephone, out);
        }
    }
}

/// Says on the telephone system that it has our services, once what was found there is on disk.
fn mark(state: &mut LiveState, out: &mut Effects) {
    let value = state.server().to_string().into();
    let services = &mut state.telephony_mut().services;
    if services.are_to_be_marked() {
        services.is_ours = true;
        let key = StoredKey { family: MARK_FAMILY.into(), key: MARK_KEY.into(), value };
        out.ask_telephony(TelephonyRequest::PutKey(key), TelephonyPending::Nobody);
    }
}

/// These services of the user are on disk.
pub(in crate::live) fn committed(state: &mut LiveState, kept: &AfterCommit, out: &mut Effects) {
    if state.telephony().is_up {
        let services = &mut state.telephony_mut().services;
        if kept.cause == Cause::Telephone {
            services.adopted(kept.user);
        }
        services.touch(kept.user);
        bring_due(state, out);
        mark(state, out);
    }
}

/// A change that a telephone made is not on disk: there all is to be as it was.
pub(in crate::live) fn reverted(state: &mut LiveState, lost: &AfterCommit, out: &mut Effects) {
    if lost.cause == Cause::Telephone {
        put_right(state, lost.user, out);
    }
}

/// The telephone system is to have what is on disk.
fn put_right(state: &mut LiveState, user: UserId, out: &mut Effects) {
    if state.telephony().is_up {
        state.telephony_mut().services.touch(user);
        bring_due(state, out);
    }
}

/// Asks for what differs, as far as this slice goes.
pub(in crate::live) fn bring_due(state: &mut LiveState, out: &mut Effects) {
    while let Some(user) = state.next_due_services() {
        let services = state.view(user).services(user);
        for request in state.telephony_mut().services.bring(user, services.as_ref()) {
            out.ask_telephony(request, TelephonyPending::User(user));
        }
    }
}

pub(super) fn replied(state: &mut LiveState, user: UserId, reply: TelephonyReply, out: &mut Effects) {
    if !state.telephony().is_up {
        return;
    }
    let services = &mut state.telephony_mut().services;
    services.replied();
    let why = match reply {
        TelephonyReply::Done | TelephonyReply::Exists(_) | TelephonyReply::NotCalled(_) => None,
        TelephonyReply::Refused(why) => Some(why),
        TelephonyReply::Unavailable => Some("no reply in time".into()),
    };
    if let Some(why) = why {
        services.doubt_all(user);
        if services.say_refusal() {
            out.log(LogEvent::ServicesNotBrought { user, why });
        }
    }
    bring_due(state, out);
}

pub(super) fn happened(state: &mut LiveState, event: &TelephonyEvent, out: &mut Effects) {
    if let TelephonyEvent::User(event) = event
        && event.name.eq_ignore_ascii_case("CtiUserState")
    {
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
    state.telephony_mut().services.doubt(user, key);
    let present = state.view(user).services(user).unwrap_or_default();
    match change(key, event, &present) {
        Ok(change) if change.as_in(&present) == change && !state.is_saving_services(user) => {
            put_right(state, user, out);
        }
        Ok(change) => services::switch(state, user, vec![change], Cause::Telephone, out),
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
