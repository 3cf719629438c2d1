//! The CTI wire as words: lines, requests, notices. It knows what can be said and how it is spelled, and never decides
//! anything; used by `live`, `features` and `server`, it knows only the ids and names of `settings`.

pub(crate) mod notice;
pub(crate) mod request;
