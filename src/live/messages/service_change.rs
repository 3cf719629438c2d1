//! The services that users switch, one by one: what a profile must hold for each, and how a client's members say it.

use crate::protocol::notice::UserServices;
use crate::protocol::request::ForwardKind;
use crate::settings::profile::Service;
use crate::settings::state::{Forward, Services};

/// One service, as it shall be or is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ServiceChange {
    DoNotDisturb(bool),
    CallFilter(bool),
    Recording(bool),
    Forward(ForwardKind, Forward),
}

impl ServiceChange {
    /// What a profile must hold (protocol decision 14).
    pub(in crate::live) fn grant(&self) -> Service {
        match self {
            Self::DoNotDisturb(_) => Service::EnableDnd,
            Self::CallFilter(_) => Service::IncallFilter,
            Self::Recording(_) => Service::CallRecord,
            Self::Forward(ForwardKind::Unconditional, _) => Service::ForwardUnconditional,
            Self::Forward(ForwardKind::NoAnswer, _) => Service::ForwardNoAnswer,
            Self::Forward(ForwardKind::Busy, _) => Service::ForwardBusy,
        }
    }

    pub(in crate::live) fn apply(&self, services: &mut Services) {
        match self {
            Self::DoNotDisturb(is_on) => services.do_not_disturb = *is_on,
            Self::CallFilter(is_on) => services.call_filter = *is_on,
            Self::Recording(is_on) => services.recording = *is_on,
            Self::Forward(kind, forward) => *forward_mut(services, *kind) = forward.clone(),
        }
    }

    /// The same service switched off; a forward keeps its destination. None: it is off.
    pub(in crate::live) fn off(self) -> Option<Self> {
        match self {
            Self::DoNotDisturb(is_on) => is_on.then_some(Self::DoNotDisturb(false)),
            Self::CallFilter(is_on) => is_on.then_some(Self::CallFilter(false)),
            Self::Recording(is_on) => is_on.then_some(Self::Recording(false)),
            Self::Forward(kind, forward) => {
                forward.is_on.then_some(Self::Forward(kind, Forward { is_on: false, ..forward }))
            }
        }
    }

    /// The same service as it stands in `services`.
    pub(in crate::live) fn as_in(&self, services: &Services) -> Self {
        match self {
            Self::DoNotDisturb(_) => Self::DoNotDisturb(services.do_not_disturb),
            Self::CallFilter(_) => Self::CallFilter(services.call_filter),
            Self::Recording(_) => Self::Recording(services.recording),
            Self::Forward(kind, _) => Self::Forward(*kind, forward(services, *kind).clone()),
        }
    }

    pub(in crate::live) fn all(services: &Services) -> [Self; 6] {
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
    pub(in crate::live) fn is_possible(&self) -> bool {
        match self {
            Self::Forward(_, forward) => forward.leads_to_number(),
            Self::DoNotDisturb(_) | Self::CallFilter(_) | Self::Recording(_) => true,
        }
    }

    /// Sets the members of a user's `config` that say it.
    pub(in crate::live) fn say(self, members: &mut UserServices) {
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

pub(in crate::live) fn forward(services: &Services, kind: ForwardKind) -> &Forward {
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
