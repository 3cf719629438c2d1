//! ctibox, the CTI server of a XiVO-style telephone system in one file. The rooms, in reading order:

/// Who may log in: one trait, one file a backend.
pub(crate) mod auth;
/// Certificates: load, check, make, watch, fingerprints.
pub(crate) mod certificate;
/// The doctor: findings with a remedy each; reads only.
pub(crate) mod check;
/// The command line: what can be said and done.
/// The command line: what can be said and done; start reading at `command/mod.rs`.
pub mod command;
/// Which value of each setting holds, and where it comes from.
pub(crate) mod config;
/// The words of the local control socket, and its caller.
pub(crate) mod control;
/// What a logged-in client brings about: runs what `live` decides.
pub(crate) mod features;
/// Who is connected and what everything is doing now; decides, without IO.
pub(crate) mod live;
/// Log lines and counts; everybody may use it.
pub(crate) mod observe;
/// The CTI wire as words: lines, requests, notices.
pub(crate) mod protocol;
/// Sockets of CTI clients; start reading at `server/connection.rs`.
pub(crate) mod server;
/// What an administrator decides, as plain types with their rules.
pub(crate) mod settings;
/// The data folder and its SQLite file; alone knows SQL.
pub(crate) mod store;
