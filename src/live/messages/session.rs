//! Connections that have logged in: their numbers, what they log in with, how they end, and how they are listed.

use crate::protocol::request::Version;
use crate::settings::id::{ProfileId, UserId};

/// A logged-in connection. Numbers are given by `server` and never used twice in a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct SessionId(pub(crate) u64);

/// What a handshake has found out. The settings may have changed since.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Admission {
    pub(crate) user: UserId,
    /// The one that was offered and taken.
    pub(crate) profile: ProfileId,
    pub(crate) version: Version,
    /// The presence that the client asks for.
    pub(crate) state: Box<str>,
}

/// Who asks something, and in which session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Requester {
    pub(crate) session: SessionId,
    pub(crate) user: UserId,
}

/// How the server ends a session (protocol decision 11).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// A plain close: the client comes back.
    Plain,
    /// `disconnect` of type `force`, then a close: it does not.
    Force,
}

/// One line of `ctibox sessions`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ConnectedSession {
    pub(crate) session: SessionId,
    pub(crate) user: UserId,
    /// Or the id, of a user whose login was just taken away.
    pub(crate) login: String,
    pub(crate) full_name: String,
    pub(crate) version: Version,
    pub(crate) presence: Box<str>,
    /// Unix time of the login.
    pub(crate) since: f64,
}
