//! What the console knows of the server: its last answer, and the numbers behind the curves of the overview. What listens
//! to the server brings it, the app keeps it.

use crate::control::{ServerStatus, Session};

/// Two minutes of samples, one a second, behind the sparklines.
pub(super) const SAMPLES_MAX: usize = 120;

/// What is known of the server of this folder.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Server {
    NotAskedYet,
    NotRunning,
    /// It runs, or seems to, and does not answer.
    Silent(String),
    Running(Box<ServerStatus>, Vec<Session>),
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Sample {
    /// When it was taken, Unix time in seconds.
    pub(super) at: i64,
    pub(super) connections: u64,
    pub(super) messages: u64,
}
