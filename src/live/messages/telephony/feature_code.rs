//! The codes that telephones dial, and the keys that dial them and have lamps (telephony §5, §6.2): the one list by which
//! lamps are lit and a dial plan is looked over, and with which tests compare our own.

use crate::settings::id::{AgentId, UserId};

/// What a user's own keys begin with: XiVO's `phoneprogfunckey`.
const KEY_PREFIX: &str = "*735";

/// A service that a user switches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum ServiceCode {
    DoNotDisturb,
    CallFilter,
    Recording,
    ForwardAll,
    ForwardUnanswered,
    ForwardBusy,
}

impl ServiceCode {
    pub(crate) const ALL: [Self; 6] = [
        Self::DoNotDisturb,
        Self::CallFilter,
        Self::Recording,
        Self::ForwardAll,
        Self::ForwardUnanswered,
        Self::ForwardBusy,
    ];

    /// What is dialled.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::DoNotDisturb => "*25",
            Self::CallFilter => "*27",
            Self::Recording => "*26",
            Self::ForwardAll => "*21",
            Self::ForwardUnanswered => "*22",
            Self::ForwardBusy => "*23",
        }
    }

    /// Its key in AstDB, below the user's family.
    pub(crate) fn stored_key(self) -> &'static str {
        match self {
            Self::DoNotDisturb => "dnd",
            Self::CallFilter => "filter",
            Self::Recording => "record",
            Self::ForwardAll => "fwdunc",
            Self::ForwardUnanswered => "fwdrna",
            Self::ForwardBusy => "fwdbusy",
        }
    }

    pub(crate) fn is_forward(self) -> bool {
        matches!(self, Self::ForwardAll | Self::ForwardUnanswered | Self::ForwardBusy)
    }

    /// The key of a user that dials it, which is its lamp's name: `*7357***225`.
    pub(crate) fn key_of(self, user: UserId) -> String {
        format!("{KEY_PREFIX}{user}*{}", in_key(self.as_str()))
    }

    /// The key for a forward to this destination.
    pub(crate) fn key_to(self, user: UserId, destination: &str) -> String {
        format!("{}*{}", self.key_of(user), in_key(destination))
    }

    /// The user of such a key, as they are written there, and the service.
    pub(crate) fn of_key(key: &str) -> Option<(&str, Self)> {
        let (user, rest) = key.strip_prefix(KEY_PREFIX)?.split_once('*')?;
        let is_it = |own: &Self| {
            let behind = rest.strip_prefix(&*in_key(own.as_str()));
            behind.is_some_and(|behind| behind.is_empty() || (own.is_forward() && behind.starts_with('*')))
        };
        Some((user, Self::ALL.into_iter().find(is_it)?))
    }
}

/// Stars part the parts of a key: one that belongs to a part is written so.
fn in_key(part: &str) -> String {
    part.replace('*', "**2")
}

/// What agents dial.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AgentCode {
    /// In or out, by turns.
    Toggle,
    LogIn,
    LogOff,
}

impl AgentCode {
    pub(crate) const ALL: [Self; 3] = [Self::Toggle, Self::LogIn, Self::LogOff];

    /// What is dialled, for one's own agent.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Toggle => "*30",
            Self::LogIn => "*31",
            Self::LogOff => "*32",
        }
    }

    /// The key that dials it for this agent, which is its lamp's name: `*30*7`.
    pub(crate) fn key_of(self, agent: AgentId) -> String {
        format!("{}*{agent}", self.as_str())
    }

    /// The key by the agent's number: `*308001`.
    pub(crate) fn key_of_number(self, number: &str) -> String {
        format!("{}{number}", self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::id::Id as _;

    #[test]
    fn a_key_is_read_as_it_is_written() {
        let user = UserId::new(7);
        assert_eq!(ServiceCode::DoNotDisturb.key_of(user), "*7357***225");
        assert_eq!(ServiceCode::ForwardBusy.key_to(user, "*98#1"), "*7357***223***298#1");
        for code in ServiceCode::ALL {
            assert_eq!(ServiceCode::of_key(&code.key_of(user)), Some(("7", code)));
            let with_destination = code.key_to(user, "1044");
            assert_eq!(ServiceCode::of_key(&with_destination), code.is_forward().then_some(("7", code)));
        }
        for other in ["*7357***299", "*7367***225", "*7357", "*735", "", "*7357***230", "*7357***2251"] {
            assert_eq!(ServiceCode::of_key(other), None, "{other}");
        }
    }
}
