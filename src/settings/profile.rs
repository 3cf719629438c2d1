//! Profiles: what a user's client shows (xlets), may do (services) and is told (preferences), and which presences and
//! phone hints it knows.

use std::collections::{BTreeMap, BTreeSet};

use super::id::{PhoneHintGroupId, PresenceGroupId, ProfileId};
use super::name::ProfileName;
use super::preference::{Preference, PreferenceValue};
use super::rule::{Refusal, Rule};
use super::rule_target::RuleTarget;
use super::string_enum::string_enum;
use super::table::object;
use super::target_kind::TargetKind;
use super::violation::Violation;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Profile {
    pub(crate) id: ProfileId,
    pub(crate) version: u32,
    pub(crate) name: ProfileName,
    pub(crate) presence_group: PresenceGroupId,
    pub(crate) phone_hint_group: PhoneHintGroupId,
    /// Whether its users may listen to the calls of agents.
    pub(crate) may_listen: bool,
    pub(crate) services: BTreeSet<Service>,
    pub(crate) preferences: BTreeMap<Preference, PreferenceValue>,
    /// In the order of insertion; the wire's order is `ordered_xlets`.
    pub(crate) xlets: Vec<ProfileXlet>,
}

impl Profile {
    /// The order of the wire's `capaxlets`: by number, then insertion; without a number last (rule F7).
    pub(crate) fn ordered_xlets(&self) -> Vec<&ProfileXlet> {
        let mut ordered: Vec<_> = self.xlets.iter().collect();
        ordered.sort_by_key(|entry| entry.number.map_or((1, 0), |number| (0, number.get())));
        ordered
    }

    pub(crate) fn entry(&self, xlet: Xlet) -> Option<&ProfileXlet> {
        self.xlets.iter().find(|entry| entry.xlet == xlet)
    }
}

/// One xlet of a profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ProfileXlet {
    pub(crate) xlet: Xlet,
    pub(crate) position: Position,
    pub(crate) number: Option<XletNumber>,
    /// Only matter in a dock, are kept elsewhere (rule F8).
    pub(crate) flags: XletFlags,
}

/// Rule F6: 0..999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct XletNumber(u16);

impl XletNumber {
    pub(crate) fn new(number: i64) -> Result<Self, Refusal> {
        u16::try_from(number).ok().filter(|number| *number <= 999).map(Self).ok_or_else(|| refused(number))
    }

    pub(crate) fn parse(text: &str) -> Result<Self, Refusal> {
        Self::new(text.trim().parse().map_err(|_| refused(format!("{text:?}")))?)
    }

    pub(crate) fn get(self) -> u16 {
        self.0
    }
}

fn refused(number: impl std::fmt::Display) -> Refusal {
    Refusal::new(
        Rule::F6,
        RuleTarget::shown(TargetKind::XletNumber, number),
        Violation::must_be("0 to 999, or left out"),
    )
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct XletFlags {
    pub(crate) floating: bool,
    pub(crate) closable: bool,
    pub(crate) movable: bool,
    pub(crate) scrollable: bool,
}

impl XletFlags {
    pub(crate) const ALL: Self = Self { floating: true, closable: true, movable: true, scrollable: true };

    /// The wire's letters, in the order f, c, m, s (protocol 3.1).
    pub(crate) fn letters(self) -> String {
        [(self.floating, 'f'), (self.closable, 'c'), (self.movable, 'm'), (self.scrollable, 's')]
            .into_iter()
            .filter_map(|(is_set, letter)| is_set.then_some(letter))
            .collect()
    }

    pub(crate) fn parse(letters: &str) -> Result<Self, Refusal> {
        if let Some(odd) = letters.chars().find(|letter| !"fcms".contains(*letter)) {
            return Err(Refusal::new(
                Rule::F8,
                RuleTarget::text(TargetKind::XletFlags, letters),
                Violation::XletFlag(odd),
            ));
        }
        Ok(Self {
            floating: letters.contains('f'),
            closable: letters.contains('c'),
            movable: letters.contains('m'),
            scrollable: letters.contains('s'),
        })
    }
}

string_enum! {
    /// Where an xlet stands in the client's window.
    Position, F5, XletPosition {
        Dock = "dock",
        Grid = "grid",
        Tab = "tab",
    }
}

string_enum! {
    /// The seventeen xlets that released clients know (settings §3.4).
    Xlet, F4, Xlet {
        AgentDetails = "agentdetails",
        Agents = "agents",
        AgentStatusDashboard = "agentstatusdashboard",
        Conference = "conference",
        CustomerInfo = "customerinfo",
        DateTime = "datetime",
        Directory = "directory",
        Fax = "fax",
        Features = "features",
        History = "history",
        Identity = "identity",
        People = "people",
        QueueEntryDetails = "queueentrydetails",
        QueueMembers = "queuemembers",
        Queues = "queues",
        Switchboard = "switchboard",
        Tabber = "tabber",
    }
}

string_enum! {
    /// What a profile may grant (settings §3.5, rule F12).
    Service, F12, Service {
        EnableVoicemail = "enablevm",
        CallRecord = "callrecord",
        IncallRecord = "incallrec",
        IncallFilter = "incallfilter",
        EnableDnd = "enablednd",
        ForwardUnconditional = "fwdunc",
        ForwardBusy = "fwdbusy",
        ForwardNoAnswer = "fwdrna",
    }
}

object!(Profile, ProfileId, "profile", in no context);
