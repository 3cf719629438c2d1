//! Agents: logging in and off, pausing, joining queues, and whether they are available (telephony §6). What a client, a
//! presence or a telephone wants of an agent becomes requests to the telephone system and is kept; what happens there
//! decides how the agent stands.

/// What presences do to their users' agents.
mod actions;
/// What happens on the telephone system.
mod events;
/// The lamps of keys for agents.
mod lamps;
/// What queues say of agents.
mod members;
/// What another program has done with agents.
mod outside;
/// Calls that no queue brought.
mod own_calls;
/// Telephones of agents that are gone.
mod phone_gone;
/// What came of what was asked.
mod replies;
/// What a link begins with.
mod resync;
/// What new settings mean for them.
mod settings;
/// What agents dial to log in or off.
mod telephone;
/// Logging in and off, pausing, joining and leaving.
mod work;

/// What administrators want of agents.
pub(in crate::live) mod administration;
/// `ipbxcommand` of agents.
pub(in crate::live) mod commands;

pub(super) use actions::{act, act_when_free, forget_deferred, log_presence};
pub(super) use events::{availability_stands, happened, wrap_up_is_over};
pub(super) use members::log_off_is_past;
pub(super) use phone_gone::phone_is_gone;
pub(super) use replies::{Asked, replied};
pub(super) use resync::{AgentsTakeOver, order_what_is_wanted};
pub(super) use settings::settings_changed;
