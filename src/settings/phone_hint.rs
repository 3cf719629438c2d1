//! Phone hint groups: the words and colours in which a client shows what a telephone is doing.

use std::collections::BTreeMap;
use std::fmt;

use super::color::Color;
use super::id::PhoneHintGroupId;
use super::name::{Description, HintText, PhoneHintGroupName};
use super::rule::{Refusal, Rule};
use super::rule_target::RuleTarget;
use super::table::object;
use super::target_kind::TargetKind;
use super::violation::Violation;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PhoneHintGroup {
    pub(crate) id: PhoneHintGroupId,
    pub(crate) version: u32,
    pub(crate) name: PhoneHintGroupName,
    pub(crate) description: Description,
    /// Rule H4: the default group is not.
    pub(crate) deletable: bool,
    pub(crate) hints: BTreeMap<HintNumber, PhoneHint>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PhoneHint {
    pub(crate) text: HintText,
    pub(crate) color: Color,
}

/// An Asterisk extension state that can be named (rule H2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct HintNumber(i8);

impl HintNumber {
    /// As a refusal lists them.
    pub(crate) const NUMBERS: &str = "one of -2, -1, 0, 1, 2, 4, 8, 9, 16, 17";
    pub(crate) const ALL: [Self; 10] =
        [Self(-2), Self(-1), Self(0), Self(1), Self(2), Self(4), Self(8), Self(9), Self(16), Self(17)];

    pub(crate) fn new(number: i64) -> Result<Self, Refusal> {
        Self::ALL.into_iter().find(|known| i64::from(known.0) == number).ok_or_else(|| {
            Refusal::new(Rule::H2, RuleTarget::shown(TargetKind::PhoneHint, number), Violation::must_be(Self::NUMBERS))
        })
    }

    pub(crate) fn number(self) -> i8 {
        self.0
    }

    /// What a telephone does in this state, in words (settings §3.3).
    pub(crate) fn meaning(self) -> &'static str {
        match self.0 {
            -2 => "removed, or never there",
            -1 => "deactivated",
            0 => "available",
            1 => "in use or calling",
            2 => "busy",
            4 => "unavailable",
            8 => "ringing",
            9 => "in use or calling, and ringing",
            16 => "on hold",
            _ => "in use, with another on hold",
        }
    }
}

impl fmt::Display for HintNumber {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}

object!(PhoneHintGroup, PhoneHintGroupId, "phone hint group", in no context);
