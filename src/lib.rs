//! ctibox, the CTI server of a XiVO-style telephone system in one file. Start reading at `server/connection.rs`: one
//! client's way through the house. The rooms, in reading order:

/// The command line: what can be said and done; the only room that wires the others together.
pub mod command;

/// Sockets: of CTI clients (listener, limits, login handshake, STARTTLS, connection, hub), of FastAGI, and the control socket.
pub(crate) mod server;

/// The one loop that owns the live picture: messages in, effects out to clients, the store and the telephone system.
pub(crate) mod engine;

/// Who is connected and what everything is doing now; decides, without IO.
pub(crate) mod live;

/// The link to Asterisk: what it says, what is asked of it.
pub(crate) mod asterisk;

/// The CTI wire as words: lines, requests, notices.
pub(crate) mod protocol;

/// Who may log in: one trait, one file a backend.
pub(crate) mod auth;

/// Certificates: load, check, make, watch, fingerprints.
pub(crate) mod certificate;

/// The words of the local control socket, and its caller.
pub(crate) mod control;

/// Which value of each setting holds, and where it comes from.
pub(crate) mod config;

/// The doctor: findings with a remedy each; reads only.
pub(crate) mod check;

/// The data folder and its SQLite file; alone knows SQL.
pub(crate) mod store;

/// What comes and goes as files: the document, tables of users and contacts, phone books.
pub(crate) mod exchange;

/// What an administrator decides, as plain types with their rules.
pub(crate) mod settings;

/// Log lines and counts; everybody may use it.
pub(crate) mod observe;

/// The console: screens, forms and keys over SSH.
#[path = "../tui/mod.rs"]
pub(crate) mod tui;

/// The door for benches and fuzz targets; the shipped program has none.
#[cfg(feature = "measure")]
pub mod measured;
