//! Presences and their groups: what users may say they are doing, what they may say next, and what happens on entering.
//! Edited by `command`, `tui` and import; played by `live`.

use std::collections::BTreeSet;
use std::fmt;

use super::color::Color;
use super::id::{PresenceGroupId, PresenceId};
use super::name::{Description, DisplayName, PresenceGroupName, PresenceName};
use super::rule::{Refusal, Rule};
use super::rule_target::RuleTarget;
use super::table::object;
use super::target_kind::TargetKind;
use super::violation::Violation;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PresenceGroup {
    pub(crate) id: PresenceGroupId,
    pub(crate) version: u32,
    pub(crate) name: PresenceGroupName,
    pub(crate) description: Description,
    /// Rule P14: the default group is not.
    pub(crate) deletable: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Presence {
    pub(crate) id: PresenceId,
    pub(crate) version: u32,
    pub(crate) group: PresenceGroupId,
    /// Orders the presences of a group, in lists and in the wire's `allowed`; unique in the group.
    pub(crate) position: u32,
    pub(crate) name: PresenceName,
    pub(crate) display: DisplayName,
    pub(crate) color: Color,
    /// The other presences of the group that may be chosen from here; never this one itself (rule P8).
    pub(crate) reachable: BTreeSet<PresenceId>,
    /// Run in this order on entering.
    pub(crate) actions: Vec<PresenceAction>,
}

impl Presence {
    /// `available` and `disconnected` stand in every group and keep their names (rules P9, P10).
    pub(crate) fn is_mandatory(&self) -> bool {
        is_mandatory(self.name.as_str())
    }
}

pub(crate) const AVAILABLE: &str = "available";
pub(crate) const DISCONNECTED: &str = "disconnected";

pub(crate) fn is_mandatory(name: &str) -> bool {
    name == AVAILABLE || name == DISCONNECTED
}

/// The four things that entering a presence can do (rule P15).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum PresenceAction {
    /// Switches do-not-disturb on or off.
    EnableDnd(bool),
    /// Pauses the user's agent in all queues.
    QueuePauseAll,
    /// Unpauses the user's agent in all queues.
    QueueUnpauseAll,
    /// Logs the user's agent off.
    AgentLogoff,
}

impl PresenceAction {
    /// The wire's and the database's word.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::EnableDnd(_) => "enablednd",
            Self::QueuePauseAll => "queuepause_all",
            Self::QueueUnpauseAll => "queueunpause_all",
            Self::AgentLogoff => "agentlogoff",
        }
    }

    /// `true`, `false`, or empty.
    pub(crate) fn parameter(self) -> &'static str {
        match self {
            Self::EnableDnd(true) => "true",
            Self::EnableDnd(false) => "false",
            _ => "",
        }
    }

    pub(crate) fn new(name: &str, parameter: &str) -> Result<Self, Refusal> {
        let refuse =
            |problem| Err(Refusal::new(Rule::P15, RuleTarget::text(TargetKind::PresenceAction, name), problem));
        let bare = |action| {
            if parameter.is_empty() { Ok(action) } else { refuse(Violation::TakesNoParameter) }
        };
        match name {
            "enablednd" => match parameter {
                "true" => Ok(Self::EnableDnd(true)),
                "false" => Ok(Self::EnableDnd(false)),
                _ => refuse(Violation::NeedsParameter),
            },
            "queuepause_all" => bare(Self::QueuePauseAll),
            "queueunpause_all" => bare(Self::QueueUnpauseAll),
            "agentlogoff" => bare(Self::AgentLogoff),
            _ => refuse(Violation::must_be(
                "enablednd=true, enablednd=false, queuepause_all, queueunpause_all or agentlogoff",
            )),
        }
    }

    /// Takes `enablednd=true`, `agentlogoff`, as the command line says it.
    pub(crate) fn parse(text: &str) -> Result<Self, Refusal> {
        let (name, parameter) = text.split_once('=').unwrap_or((text, ""));
        Self::new(name.trim(), parameter.trim())
    }
}

impl fmt::Display for PresenceAction {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.parameter() {
            "" => self.name().fmt(out),
            parameter => write!(out, "{}={parameter}", self.name()),
        }
    }
}

object!(PresenceGroup, PresenceGroupId, "presence group", in no context);
object!(Presence, PresenceId, "presence", in no context);
