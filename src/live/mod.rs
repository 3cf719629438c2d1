//! The pure middle: who is connected, every presence, phone, agent and queue now. An input goes in, effects come out;
//! no IO, no clock, no random source, no lock, no waiting. One task owns it (`features`); nobody else asks it anything.

use std::sync::Arc;
use std::time::Duration;

use crate::protocol::notice::Notice;
use crate::protocol::request::{Line, Version};
use crate::settings::configuration::Configuration;
use crate::settings::id::UserId;
use crate::settings::setting::General;
use crate::settings::state::StateWrite;

/// When an input happened, on both clocks: the steady one drives alarms, the wall clock only stamps.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Moment {
    /// Since the start of the process; never steps.
    pub(crate) steady: Duration,
    /// Unix time in seconds.
    pub(crate) unix: f64,
}

/// A logged-in connection. Numbers are given by `server` and never used twice in a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct SessionId(pub(crate) u64);

/// What can happen.
#[derive(Debug)]
pub(crate) enum Input {
    /// A ladder reached a good `login_capas`: the session's first notice is its answer.
    LoggedIn { session: SessionId, user: UserId, version: Version, state: Box<str> },
    /// A line of a logged-in session.
    Asked { session: SessionId, line: Line },
    /// The connection ended, for whatever reason.
    Gone { session: SessionId },
    /// The settings are now these; files and command line are merged into `General` already.
    Settings { configuration: Arc<Configuration>, general: Arc<General> },
    /// An administrator ends one session (plainly, or for good).
    End { session: SessionId, how: Ending },
    /// The alarm of `Live::next_alarm` rang, or any other moment.
    Tick,
}

/// How the server ends a session ("Ours" 11).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// A plain close: the client comes back.
    Plain,
    /// `disconnect` of type `force`, then a close: it does not.
    Force,
}

/// Whom a notice reaches. Only `live` makes one, by the rule of visibility.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Audience {
    sessions: Vec<SessionId>,
}

impl Audience {
    pub(crate) fn sessions(&self) -> &[SessionId] {
        &self.sessions
    }
}

/// A notice on its way, and whether the receivers asked for it: answers never cut off a slow reader ("Ours" 13).
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Tell {
    pub(crate) to: Audience,
    pub(crate) notice: Notice,
    pub(crate) is_answer: bool,
}

/// What is to be done now, in this order.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Now {
    Tell(Tell),
    /// Close the session once all that was told to it is written.
    Close {
        session: SessionId,
    },
    /// A line for the log, with the level that fits.
    Note(Note),
}

/// Things worth a log line or a count that only the middle can see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Note {
    PresenceRefused { user: UserId, from: Box<str>, to: Box<str> },
    UnknownRequest { class: Box<str> },
    ServiceNotGranted { user: UserId },
}

/// What an input brings about: some at once; some only when `writes` are on disk.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Effects {
    pub(crate) now: Vec<Now>,
    pub(crate) writes: Vec<StateWrite>,
    /// Told after `writes` are committed.
    pub(crate) after_commit: Vec<Tell>,
}
