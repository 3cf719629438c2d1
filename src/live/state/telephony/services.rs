//! What the telephone system has of the services that users switch: the keys in AstDB by which the dial plan acts, and the
//! lamps of keys on telephones (telephony §5); and what it should have. Decides nothing: `handlers::lamps` asks for what
//! differs.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::live::messages::telephony::{ServiceCode, StoredKey};
use crate::live::messages::{ServiceChange, TelephonyRequest, forward};
use crate::protocol::request::ForwardKind;
use crate::settings::id::{Id as _, UserId};
use crate::settings::state::{Forward, Services};

/// Requests that wait for the telephone system at once: the rest waits for its replies.
const SERVICE_REQUESTS_WAITING_MAX: usize = 200;

/// Where the mark stands that our services were brought there once.
pub(in crate::live) const MARK_FAMILY: &str = "cti/ctibox";
pub(in crate::live) const MARK_KEY: &str = "server";

/// One service, as the dial plan calls it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::live) enum ServiceKey {
    DoNotDisturb,
    CallFilter,
    Recording,
    Forward(ForwardKind),
}

/// All that is done to bring services to the telephone system.
#[derive(Default)]
pub(in crate::live) struct ServicesThere {
    known: HashMap<UserId, KnownServices>,
    /// Whose services may differ there.
    due: BTreeSet<UserId>,
    waiting: usize,
    /// Whose services were found there, and are on their way to disk.
    adopting: BTreeSet<UserId>,
    /// Whether the telephone system has our services, so that what differs is to be as we say. The first link to one
    /// overwrites nothing.
    pub(in crate::live) is_ours: bool,
    /// Whether it was said that something is refused.
    is_refusal_said: bool,
}

/// What the telephone system has of one user's services.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::live) struct KnownServices {
    /// None: something, nobody knows what.
    pub(in crate::live) keys: BTreeMap<ServiceKey, Option<Box<str>>>,
    /// The lamps that are lit, without `Custom:`.
    pub(in crate::live) lit: BTreeSet<Box<str>>,
}

impl ServiceKey {
    pub(in crate::live) const ALL: [Self; 6] = [
        Self::DoNotDisturb,
        Self::CallFilter,
        Self::Recording,
        Self::Forward(ForwardKind::Unconditional),
        Self::Forward(ForwardKind::NoAnswer),
        Self::Forward(ForwardKind::Busy),
    ];

    pub(in crate::live) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|key| key.as_str() == name)
    }

    pub(in crate::live) fn as_str(self) -> &'static str {
        self.code().stored_key()
    }

    fn code(self) -> ServiceCode {
        match self {
            Self::DoNotDisturb => ServiceCode::DoNotDisturb,
            Self::CallFilter => ServiceCode::CallFilter,
            Self::Recording => ServiceCode::Recording,
            Self::Forward(ForwardKind::Unconditional) => ServiceCode::ForwardAll,
            Self::Forward(ForwardKind::NoAnswer) => ServiceCode::ForwardUnanswered,
            Self::Forward(ForwardKind::Busy) => ServiceCode::ForwardBusy,
        }
    }

    /// What stands under the key while the service is on; None while it is off.
    fn value(self, services: &Services) -> Option<&str> {
        let switched = |is_on: bool| is_on.then_some("1");
        match self {
            Self::DoNotDisturb => switched(services.do_not_disturb),
            Self::CallFilter => switched(services.call_filter),
            Self::Recording => switched(services.recording),
            Self::Forward(kind) => {
                let forward = forward(services, kind);
                forward.is_on.then_some(&*forward.destination)
            }
        }
    }

    /// The service as the telephone system has it. None: it is none of ours.
    pub(in crate::live) fn change(self, value: &str) -> Option<ServiceChange> {
        let change = match (self, value) {
            (Self::Forward(kind), destination) => ServiceChange::Forward(kind, Forward::to(true, destination)),
            (Self::DoNotDisturb, "1") => ServiceChange::DoNotDisturb(true),
            (Self::CallFilter, "1") => ServiceChange::CallFilter(true),
            (Self::Recording, "1") => ServiceChange::Recording(true),
            (Self::DoNotDisturb | Self::CallFilter | Self::Recording, _) => return None,
        };
        let leads_somewhere = !matches!(&change, ServiceChange::Forward(_, forward) if !forward.is_on);
        (leads_somewhere && change.is_possible()).then_some(change)
    }
}

impl KnownServices {
    /// As the telephone system should have them.
    fn of(user: UserId, services: &Services) -> Self {
        let mut wanted = Self::default();
        for key in ServiceKey::ALL {
            let Some(value) = key.value(services) else { continue };
            wanted.keys.insert(key, Some(value.into()));
            if let ServiceKey::Forward(_) = key {
                wanted.lit.insert(key.code().key_to(user, value).into());
            }
            wanted.lit.insert(key.code().key_of(user).into());
        }
        wanted
    }

    /// What to ask for where this is there and the other is wanted: keys, by which calls go, before lamps.
    fn requests_for(&self, wanted: &Self, user: UserId) -> Vec<TelephonyRequest> {
        let family = || format!("cti/{user}").into();
        let mut requests = Vec::new();
        for key in ServiceKey::ALL {
            let name: Box<str> = key.as_str().into();
            match (self.keys.get(&key), wanted.keys.get(&key)) {
                (there, Some(Some(value))) if there.and_then(Option::as_ref) != Some(value) => {
                    let stored = StoredKey { family: family(), key: name, value: value.clone() };
                    requests.push(TelephonyRequest::PutKey(stored));
                }
                (Some(_), None) => requests.push(TelephonyRequest::DeleteKey { family: family(), key: name }),
                (Some(_) | None, Some(_)) | (None, None) => {}
            }
        }
        let lamp = |lamp: &str, is_lit| TelephonyRequest::SetLamp { lamp: lamp.into(), is_lit };
        requests.extend(self.lit.difference(&wanted.lit).map(|gone| lamp(gone, false)));
        requests.extend(wanted.lit.difference(&self.lit).map(|new| lamp(new, true)));
        requests
    }
}

impl ServicesThere {
    /// A link begins, and this is what is there.
    pub(in crate::live) fn begin(&mut self, known: HashMap<UserId, KnownServices>, is_ours: bool) {
        *self = Self { known, is_ours, ..Self::default() };
    }

    /// There is no link: with the next one all is compared.
    pub(in crate::live) fn end(&mut self) {
        *self = Self::default();
    }

    pub(in crate::live) fn users(&self) -> impl Iterator<Item = UserId> + '_ {
        self.known.keys().copied()
    }

    pub(in crate::live) fn known_mut(&mut self, user: UserId) -> &mut KnownServices {
        self.known.entry(user).or_default()
    }

    /// Unless what was found there of the user is on its way to disk: that is what ours will be.
    pub(in crate::live) fn touch(&mut self, user: UserId) {
        if !self.adopting.contains(&user) {
            self.due.insert(user);
        }
    }

    /// Nobody knows what stands under this key by now.
    pub(in crate::live) fn doubt(&mut self, user: UserId, key: ServiceKey) {
        self.known_mut(user).keys.insert(key, None);
    }

    /// Something that was asked for of this user was not done: nobody knows what.
    pub(in crate::live) fn doubt_all(&mut self, user: UserId) {
        ServiceKey::ALL.into_iter().for_each(|key| self.doubt(user, key));
    }

    /// Whether something may be asked for.
    pub(in crate::live) fn are_due(&self) -> bool {
        !self.due.is_empty() && self.waiting < SERVICE_REQUESTS_WAITING_MAX
    }

    pub(in crate::live) fn next_due(&mut self) -> Option<UserId> {
        if self.are_due() { self.due.pop_first() } else { None }
    }

    /// What to ask for so that the telephone system has these; None: of a user who is no more.
    pub(in crate::live) fn bring(&mut self, user: UserId, services: Option<&Services>) -> Vec<TelephonyRequest> {
        let wanted = services.map(|services| KnownServices::of(user, services)).unwrap_or_default();
        let there = self.known.remove(&user).unwrap_or_default();
        let requests = there.requests_for(&wanted, user);
        self.waiting += requests.len();
        if wanted != KnownServices::default() {
            self.known.insert(user, wanted);
        }
        requests
    }

    #[cfg(test)]
    pub(in crate::live) fn is_settled(&self, user: UserId) -> bool {
        !self.due.contains(&user) && !self.adopting.contains(&user)
    }

    pub(in crate::live) fn replied(&mut self) {
        self.waiting = self.waiting.saturating_sub(1);
    }

    /// Whether it is to be said that something is refused: once a link.
    pub(in crate::live) fn say_refusal(&mut self) -> bool {
        !std::mem::replace(&mut self.is_refusal_said, true)
    }

    pub(in crate::live) fn adopt(&mut self, user: UserId) {
        self.adopting.insert(user);
    }

    /// What was found of the user is on disk.
    pub(in crate::live) fn adopted(&mut self, user: UserId) {
        self.adopting.remove(&user);
    }

    /// Whether all that was found is on disk, and the telephone system is not marked as having our services.
    pub(in crate::live) fn are_to_be_marked(&self) -> bool {
        !self.is_ours && self.adopting.is_empty()
    }
}

/// The user of a lamp of ours: `*735<user>***2…`.
pub(in crate::live) fn user_of_lamp(lamp: &str) -> Option<UserId> {
    let (user, _) = ServiceCode::of_key(lamp)?;
    user_of(user)
}

/// The user of a family of ours: `cti/7`.
pub(in crate::live) fn user_of_family(family: &str) -> Option<UserId> {
    user_of(family.strip_prefix("cti/")?)
}

pub(in crate::live) fn user_of(number: &str) -> Option<UserId> {
    let is_number = number.bytes().all(|byte| byte.is_ascii_digit()) && !number.starts_with('0');
    number.parse().ok().filter(|_| is_number).map(UserId::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lamp_of_ours_names_its_user() {
        for (lamp, user) in [
            ("*7357***225", Some(7)),
            ("*73512***221", Some(12)),
            ("*73512***221*1044", Some(12)),
            ("*73512***225*1044", None),
            ("*73512***230", None),
            ("*7350***225", None),
            ("*735***225", None),
            ("*25101", None),
        ] {
            assert_eq!(user_of_lamp(lamp), user.map(UserId::new), "{lamp}");
        }
    }

    #[test]
    fn a_forward_lights_its_own_key_and_the_one_without_destination() {
        let services = Services {
            do_not_disturb: true,
            busy: Forward { is_on: true, destination: "*98#1".into() },
            no_answer: Forward { is_on: false, destination: "1044".into() },
            ..Services::default()
        };
        let wanted = KnownServices::of(UserId::new(7), &services);
        let lit: Vec<&str> = wanted.lit.iter().map(|lamp| &**lamp).collect();
        assert_eq!(lit, ["*7357***223", "*7357***223***298#1", "*7357***225"]);
        assert_eq!(wanted.keys.keys().map(|key| key.as_str()).collect::<Vec<_>>(), ["dnd", "fwdbusy"]);
    }
}
