//! ctibox, the CTI server of a XiVO-style telephone system in one file. The rooms, in reading order:

/// Who is connected and what everything is doing now; decides, without IO.
pub(crate) mod live;
/// The CTI wire as words: lines, requests, notices.
pub(crate) mod protocol;
/// What an administrator decides, as plain types with their rules.
pub(crate) mod settings;
/// The data folder and its SQLite file; alone knows SQL.
pub(crate) mod store;
