//! The words of the local control socket (`DATA/control.sock`, mode 0600): one JSON object a line each way, a
//! request and its response. `command` and the console call; `server` answers. Whoever may open the socket may do
//! everything.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

mod agent_change;
mod call;
mod effect;
mod event;
mod overview;
mod refused;
mod switched_service;
mod telephony;
mod throttle;
mod turned_away;

pub(crate) use agent_change::{AgentAction, AgentOutcome, AgentRefusal};
pub(crate) use call::{ControlError, call, follow};
pub(crate) use effect::{Discrepancy, Effect, FileError, FileSetting, ListenFailure, ListenProblem, connect_to};
pub(crate) use event::{Cause, EndReason, EventLine, Forward, Happening, Object, ObjectKind, PhoneStatus, Services};
pub(crate) use overview::{
    AgentNow, AgentQueue, AgentState, CallerNow, Overview, OverviewOf, OverviewRows, PhoneNow, QueueNow, UserNow,
};
pub(crate) use refused::{RefusedClients, RefusedVersion, WhyRefused};
pub(crate) use switched_service::{ServicesOutcome, SwitchedService};
pub(crate) use telephony::{PassedPacket, TelephonyLink};
pub(crate) use throttle::{FAILED_LOGINS_TOLD_MAX, FailedAddress, FailedLogin, FailedLogins, SlowedDown};
pub(crate) use turned_away::TurnedAway;

/// A line may hold this much, either way.
pub(crate) const LINE_BYTES_MAX: usize = 64 * 1024 * 1024;

pub(crate) fn socket_path(folder: &Path) -> PathBuf {
    folder.join("control.sock")
}

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum Request {
    Status,
    Sessions,
    /// How users, phones, agents or queues stand.
    Overview {
        of: OverviewOf,
    },
    /// Logs an agent off, pauses them, or ends that; answered when Asterisk has done it, or soon.
    ChangeAgent {
        /// The number.
        agent: String,
        action: AgentAction,
        /// Who wants it, for the log.
        by: String,
    },
    /// Switches off what a user switched on; answered when it is on disk.
    SwitchOff {
        /// The user's UUID.
        user: String,
        services: Vec<SwitchedService>,
        /// Who wants it, for the log.
        by: String,
    },
    /// Ends sessions; `force` tells the clients not to come back (protocol decision 11).
    Disconnect {
        which: SessionSelector,
        force: bool,
    },
    /// From now on everything that happens is sent, an `EventLine` a line behind a `FollowingEvents`.
    FollowEvents,
    /// From now on everything that passes between ctibox and Asterisk is sent, a `PassedPacket` a line behind a
    /// `TracingTelephony`.
    TraceTelephony,
    /// Whose failed logins are counted.
    FailedLogins,
    /// Forgets those of a login or an address, whichever the text is.
    ForgetFailedLogins {
        of: String,
    },
    /// Reads the certificate again.
    ReloadCertificate,
    /// Takes over what was changed in the database, and tries again what could not be done before; the response comes
    /// when that is over.
    ReloadSettings {
        /// The number of the last change before those whose effect is asked for (`Changed::since`); none: only what
        /// this request brings about.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        since: Option<i64>,
    },
}

/// Which sessions a `Disconnect` means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SessionSelector {
    /// All sessions of this login.
    User(String),
    /// The session of this number.
    Session(u64),
    /// The sessions of these numbers.
    Sessions(Vec<u64>),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum Response {
    Status(Box<ServerStatus>),
    Sessions {
        sessions: Vec<Session>,
    },
    Overview(Overview),
    AgentChanged {
        outcome: AgentOutcome,
    },
    SwitchedOff {
        outcome: ServicesOutcome,
    },
    /// How many were ended.
    Disconnected {
        sessions: u32,
    },
    FailedLogins(FailedLogins),
    /// How many there were.
    FailedLoginsForgotten {
        failures: u32,
    },
    CertificateReloaded {
        fingerprint: Option<String>,
    },
    SettingsReloaded(Effect),
    FollowingEvents,
    TracingTelephony,
    /// The last line of a stream of events or packets: they were read too slowly, and what came behind is lost.
    EventsReadTooSlowly,
    /// The request was understood and failed, or was not understood.
    Failed {
        why: String,
    },
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct ServerStatus {
    pub(crate) version: String,
    pub(crate) process: u32,
    /// Unix time in seconds.
    pub(crate) started: f64,
    /// Where clients may connect, as `ready` printed it.
    pub(crate) listen: Vec<String>,
    /// What `serve --listen` named; it stands above the settings.
    #[serde(default)]
    pub(crate) named: Vec<std::net::SocketAddr>,
    /// What the settings files say that it read, which stands above the database; None: told by an older server.
    #[serde(default)]
    pub(crate) files: Option<Vec<FileSetting>>,
    pub(crate) connections: u32,
    pub(crate) sessions: u32,
    /// Of the certificate in use.
    pub(crate) fingerprint: Option<String>,
    /// When the certificate in use expires, Unix time in seconds.
    #[serde(default)]
    pub(crate) certificate_expires: Option<i64>,
    /// After failed logins.
    #[serde(default)]
    pub(crate) slowed_down: SlowedDown,
    /// Those with most failures, at most `FAILED_LOGINS_TOLD_MAX`.
    #[serde(default)]
    pub(crate) failed_logins: Vec<FailedLogin>,
    /// How the link to Asterisk stands; None: told by an older server.
    #[serde(default)]
    pub(crate) telephony: Option<TelephonyLink>,
    /// Where Asterisk may ask for callers' names.
    #[serde(default)]
    pub(crate) caller_names: Option<std::net::SocketAddr>,
    /// What is configured and does not hold.
    #[serde(default)]
    pub(crate) discrepancies: Vec<Discrepancy>,
    /// Clients that encryption refused in the last day for their old TLS.
    #[serde(default)]
    pub(crate) refused_clients: Vec<RefusedClients>,
    /// Connections that were turned away within the last minute.
    #[serde(default)]
    pub(crate) turned_away: Option<TurnedAway>,
    /// What CTIBOX_LOG said; it stands above log.level.
    #[serde(default)]
    pub(crate) log_filter: Option<String>,
    /// Counts since the start.
    pub(crate) counts: std::collections::BTreeMap<String, u64>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Session {
    pub(crate) session: u64,
    pub(crate) user: String,
    pub(crate) name: String,
    pub(crate) address: String,
    /// Protocol version of the client.
    pub(crate) version: String,
    pub(crate) encrypted: bool,
    /// The version of TLS, `1.2` or `1.3`; None if not encrypted, or told by an older server.
    #[serde(default)]
    pub(crate) tls: Option<String>,
    pub(crate) presence: String,
    /// Unix time of the login in seconds.
    pub(crate) since: f64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_older_server_is_understood() {
        let older = r#"{"session":1,"user":"a","name":"A","address":"[::1]:1","version":"2.3","encrypted":true,
            "presence":"available","since":1.0}"#;
        let session: Session = serde_json::from_str(older).expect("a session");
        assert_eq!((session.encrypted, session.tls), (true, None));
        let older = r#"{"version":"0.1.0","process":1,"started":1.0,"listen":[],"connections":0,"sessions":0,
            "fingerprint":null,"counts":{}}"#;
        let status: ServerStatus = serde_json::from_str(older).expect("a status");
        assert_eq!((status.certificate_expires, status.discrepancies), (None, Vec::new()));
        let reloaded: Response = serde_json::from_str(r#"{"type":"settings_reloaded"}"#).expect("a response");
        assert_eq!(reloaded, Response::SettingsReloaded(Effect::default()));
    }

    #[test]
    fn the_words_are_stable() {
        let said = |request: Request| serde_json::to_string(&request).expect("words");
        assert_eq!(said(Request::Status), r#"{"type":"status"}"#);
        assert_eq!(
            said(Request::Disconnect { which: SessionSelector::User("alice".to_owned()), force: true }),
            r#"{"type":"disconnect","which":{"user":"alice"},"force":true}"#
        );
        assert_eq!(
            said(Request::Disconnect { which: SessionSelector::Sessions(vec![3, 7]), force: false }),
            r#"{"type":"disconnect","which":{"sessions":[3,7]},"force":false}"#
        );
        let action = AgentAction::Pause { queue: None, reason: "lunch".to_owned() };
        assert_eq!(
            said(Request::ChangeAgent { agent: "8001".to_owned(), action, by: "root".to_owned() }),
            r#"{"type":"change_agent","agent":"8001","action":{"action":"pause","queue":null,"reason":"lunch"},"by":"root"}"#
        );
        let services = SwitchedService::ALL.to_vec();
        assert_eq!(
            said(Request::SwitchOff { user: "u".to_owned(), services, by: "root".to_owned() }),
            r#"{"type":"switch_off","user":"u","services":["do_not_disturb","call_filter","recording","forward","forward_unanswered","forward_busy"],"by":"root"}"#
        );
        assert_eq!(said(Request::ReloadSettings { since: None }), r#"{"type":"reload_settings"}"#);
        assert_eq!(said(Request::ReloadSettings { since: Some(7) }), r#"{"type":"reload_settings","since":7}"#);
        let response: Response = serde_json::from_str(r#"{"type":"disconnected","sessions":2}"#).expect("a response");
        assert_eq!(response, Response::Disconnected { sessions: 2 });
        let refused = r#"{"type":"agent_changed","outcome":{"refused":"no_link"}}"#;
        let response: Response = serde_json::from_str(refused).expect("a response");
        assert_eq!(response, Response::AgentChanged { outcome: AgentOutcome::Refused(AgentRefusal::NoLink) });
    }
}
