//! The CTI wire as words: lines, requests, notices. It knows what can be said and how it is spelled, and never decides
//! anything; used by `live`, `engine` and `server`, it knows only the ids and names of `settings`.

/// The columns of people and directory answers.
pub(crate) mod columns;
/// Notices to lines.
pub(crate) mod encode;
/// Bytes to lines.
pub(crate) mod frame;
/// The largest lines, for tests and benches.
#[cfg(any(test, feature = "measure"))]
pub(crate) mod largest;
/// What the server can say.
pub(crate) mod notice;
/// Lines to requests.
pub(crate) mod parse;
/// What the server can say of people and contacts.
pub(crate) mod people;
/// What is said of queues.
pub(crate) mod queue_figures;
/// What a client can ask.
pub(crate) mod request;
