//! What each input brings about, one file a feature. A handler reads through a `View`, changes the state through its few
//! functions, which mark what was touched, and answers who asked; `publish` tells all others. `dispatch` calls them.

/// Agents at work.
pub(super) mod agents;
/// What callers are called.
pub(super) mod callers;
/// Calls of one's own.
pub(super) mod calls;
/// `chitchat`.
pub(super) mod chat;
/// How Asterisk calls telephones.
mod device_names;
/// Services on telephones.
pub(super) mod lamps;
/// `getlist` and `get_relations`.
pub(super) mod lists;
/// What one session may make others hear, and when.
pub(super) mod pace;
/// The directory family.
pub(super) mod people;
/// The rows of its answers.
mod people_rows;
/// The telephones of lines.
mod phones;
/// Presences chosen and left.
pub(super) mod presence;
/// Queues.
pub(super) mod queues;
/// Registrations for the status of somebody.
pub(super) mod registrations;
/// What a link begins with, and what comes behind it.
pub(super) mod resync;
/// The services that users switch.
pub(super) mod services;
/// How sessions begin and end.
pub(super) mod sessions;
/// New settings while people are connected.
pub(super) mod settings_change;
/// What the telephone system says.
pub(super) mod telephony;
/// What is answered although its substance does not exist yet.
pub(super) mod unsupported;
/// Voicemail boxes.
mod voicemails;
