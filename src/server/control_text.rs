//! What the engine knows, in the words of the control socket: sessions and events. Names come from the settings, since an
//! event has only ids. Used by control_server.rs.

use std::sync::Arc;

use crate::asterisk::{LinkState, Traced, Way};
use crate::auth::{ThrottleView, Throttled};
use crate::control::{
    self, Cause, EndReason, EventLine, FailedAddress, FailedLogin, FailedLogins, Happening, ObjectKind, PassedPacket,
    PhoneStatus, Session, TelephonyLink,
};
use crate::engine::{SessionSnapshot, unix_time};
use crate::live::messages::{self, Change, Event, ServiceChange, Subject};
use crate::observe::shown;
use crate::protocol::request::{ForwardKind, Version};
use crate::settings::address_group::AddressGroup;
use crate::settings::conference::Conference;
use crate::settings::configuration::Configuration;
use crate::settings::id::{Id as _, UserId};
use crate::settings::label::context_name;
use crate::settings::login_record::LoginName;
use crate::settings::queue::MemberId;
use crate::settings::voicemail::Voicemail;

pub(super) fn session_of(SessionSnapshot { session, link }: SessionSnapshot) -> Session {
    Session {
        session: session.session.0,
        user: session.login,
        name: shown(&session.full_name),
        address: link.peer.to_string(),
        version: version_of(session.version).to_owned(),
        encrypted: link.tls.is_some(),
        tls: link.tls.map(|version| version.as_str().to_owned()),
        presence: session.presence.into(),
        since: session.since,
    }
}

pub(super) fn passed_packet(traced: &Traced) -> PassedPacket {
    PassedPacket { at: unix_time(), is_sent: traced.way == Way::Sent, lines: traced.lines.clone() }
}

pub(super) fn telephony_link(state: LinkState) -> TelephonyLink {
    match state {
        LinkState::Off => TelephonyLink::Off,
        LinkState::Connecting => TelephonyLink::Connecting,
        LinkState::Resyncing => TelephonyLink::Resyncing,
        LinkState::Up { version, since } => TelephonyLink::Up { version: shown(&version), since },
        LinkState::Down { why, since } => TelephonyLink::Down { why: why.into(), since },
        LinkState::Refused { why, since } => TelephonyLink::Refused { why: why.into(), since },
    }
}

/// Who is slowed down, or counted, or waits.
pub(crate) fn failed_logins(view: &ThrottleView) -> FailedLogins {
    let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let login = |it: &Throttled<LoginName>| FailedLogin {
        login: shown(it.who.as_str()),
        failures: it.failures,
        addresses: number(it.addresses),
        delay_seconds: it.delay.as_secs(),
        waiting: number(it.waiting),
        last_at: it.last.and_then(|last| i64::try_from(last.as_secs()).ok()),
    };
    let address = |it: &Throttled<AddressGroup>| FailedAddress {
        address: it.who.to_string(),
        failures: it.failures,
        delay_seconds: it.delay.as_secs(),
        waiting: number(it.waiting),
    };
    FailedLogins {
        logins: view.logins.iter().map(login).collect(),
        addresses: view.addresses.iter().map(address).collect(),
    }
}

fn version_of(version: Version) -> &'static str {
    match version {
        Version::V2_0 => "2.0",
        Version::V2_1 => "2.1",
        Version::V2_2 => "2.2",
        Version::V2_3 => "2.3",
    }
}

pub(super) fn event_line(event: &Event, configuration: &Configuration) -> EventLine {
    EventLine {
        time: event.at,
        happening: happening(&event.change, configuration),
        cause: cause(event.cause),
        subject: object(event.subject, configuration),
    }
}

fn cause(cause: messages::Cause) -> Cause {
    match cause {
        messages::Cause::Login(session) => Cause::Login { session: session.0 },
        messages::Cause::Request(session) => Cause::Request { session: session.0 },
        messages::Cause::ConnectionEnd(session) => Cause::ConnectionEnd { session: session.0 },
        messages::Cause::Acknowledgement(session) => Cause::Acknowledgement { session: session.0 },
        messages::Cause::Settings => Cause::Settings,
        messages::Cause::Administrator => Cause::Administrator,
        messages::Cause::Store => Cause::Store,
        messages::Cause::Telephony => Cause::Telephony,
        messages::Cause::Timer => Cause::Timer,
        messages::Cause::Stop => Cause::Stop,
    }
}

fn happening(change: &Change, configuration: &Configuration) -> Happening {
    match change {
        Change::SessionBegan { session, version } => {
            Happening::SessionBegan { session: session.0, version: version_of(*version).to_owned() }
        }
        Change::SessionEnded { session, reason } => {
            Happening::SessionEnded { session: session.0, reason: end_reason(*reason) }
        }
        Change::Presence { from, to } => Happening::PresenceChanged { from: from.to_string(), to: to.to_string() },
        Change::Services { changed } => Happening::ServicesChanged(services(changed)),
        Change::Phone { from, to } => Happening::PhoneChanged { from: phone_status(*from), to: phone_status(*to) },
        Change::Mailbox { from, to } => Happening::VoicemailChanged { from: *from, to: *to },
        Change::AgentLoggedIn { extension } => Happening::AgentLoggedIn { extension: extension.to_string() },
        Change::AgentLoggedOff => Happening::AgentLoggedOff,
        Change::AgentAvailability { from, to } => {
            Happening::AgentAvailabilityChanged { from: (*from).to_owned(), to: (*to).to_owned() }
        }
        Change::QueueMember { status, is_paused } => {
            Happening::QueueMemberChanged { status: *status, paused: *is_paused }
        }
        Change::LeftQueue => Happening::QueueLeft,
        Change::Waiting { callers } => Happening::WaitingChanged { callers: *callers },
        Change::Configured => Happening::Configured,
        Change::Removed => Happening::Removed,
        Change::ChatRelayed { to } => Happening::ChatRelayed { to: user(*to, configuration) },
    }
}

/// Telephony §2.
pub(super) fn phone_status(hint: i8) -> PhoneStatus {
    match hint {
        0 => PhoneStatus::Idle,
        1 => PhoneStatus::InUse,
        2 => PhoneStatus::Busy,
        4 => PhoneStatus::Unavailable,
        8 => PhoneStatus::Ringing,
        9 => PhoneStatus::InUseAndRinging,
        16 => PhoneStatus::OnHold,
        -1 => PhoneStatus::Deactivated,
        -2 => PhoneStatus::Removed,
        _ => PhoneStatus::Other,
    }
}

fn end_reason(reason: messages::EndReason) -> EndReason {
    match reason {
        messages::EndReason::LoggedOut => EndReason::LoggedOut,
        messages::EndReason::ConnectionLost => EndReason::ConnectionLost,
        messages::EndReason::Closed => EndReason::Closed,
        messages::EndReason::Forced => EndReason::Forced,
        messages::EndReason::AccessRevoked => EndReason::AccessRevoked,
        messages::EndReason::TooManySessions => EndReason::TooManySessions,
    }
}

fn services(changed: &[ServiceChange]) -> control::Services {
    let mut services = control::Services::default();
    for change in changed {
        match change {
            ServiceChange::DoNotDisturb(is_on) => services.do_not_disturb = Some(*is_on),
            ServiceChange::CallFilter(is_on) => services.call_filter = Some(*is_on),
            ServiceChange::Recording(is_on) => services.recording = Some(*is_on),
            ServiceChange::Forward(kind, forward) => {
                let forward = control::Forward { on: forward.is_on, destination: forward.destination.to_string() };
                match kind {
                    ForwardKind::Unconditional => services.unconditional = Some(forward),
                    ForwardKind::NoAnswer => services.no_answer = Some(forward),
                    ForwardKind::Busy => services.busy = Some(forward),
                }
            }
        }
    }
    services
}

fn object(subject: Subject, configuration: &Configuration) -> control::Object {
    let named = |kind, id, name: Option<String>| control::Object { kind, id, name, agent: None, line: None };
    match subject {
        Subject::User(id) => user(id, configuration),
        Subject::Phone(id) => {
            named(ObjectKind::Line, id.number(), configuration.lines.get(id).map(|line| line.name(configuration)))
        }
        Subject::Agent(id) => {
            let name = configuration.agents.get(id).map(|agent| agent.number.to_string());
            named(ObjectKind::Agent, id.number(), name)
        }
        Subject::Queue(id) => {
            let name = configuration.queues.get(id).map(|queue| queue.name.to_string());
            named(ObjectKind::Queue, id.number(), name)
        }
        Subject::QueueMember(queue, member) => {
            let name = configuration.queues.get(queue).map(|queue| queue.name.to_string());
            let (agent, line) = match member {
                MemberId::Agent(agent) => (Some(agent.number()), None),
                MemberId::Line(line) => (None, Some(line.number())),
            };
            control::Object { agent, line, ..named(ObjectKind::QueueMember, queue.number(), name) }
        }
        Subject::Voicemail(id) => {
            let name = |voicemail: &Arc<Voicemail>| {
                format!("{}@{}", voicemail.mailbox, context_name(configuration, voicemail.context))
            };
            named(ObjectKind::Voicemail, id.number(), configuration.voicemails.get(id).map(name))
        }
        Subject::Conference(id) => {
            let name = |conference: &Arc<Conference>| {
                format!("{}@{}", conference.number, context_name(configuration, conference.context))
            };
            named(ObjectKind::Conference, id.number(), configuration.conferences.get(id).map(name))
        }
    }
}

fn user(id: UserId, configuration: &Configuration) -> control::Object {
    let name = configuration.users.get(id).map(|user| configuration.name_of_user(user));
    control::Object { kind: ObjectKind::User, id: id.number(), name, agent: None, line: None }
}
