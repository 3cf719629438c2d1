//! Client preferences: a fixed list of names, each with a type of value (settings §3.5, rule F11). They travel as text
//! and only the client reads them. A client takes more from a server than is here: its server, its login, its password and
//! `keepaliveinterval`, with which it may never load. Those are not for a profile.

use super::rule::{Refusal, Rule};
use super::rule_target::RuleTarget;
use super::string_enum::string_enum;
use super::target_kind::TargetKind;
use super::violation::Violation;

string_enum! {
    /// The eleven preferences of settings §3.5, and those that clients read under other names or besides.
    Preference, F11, Preference {
        LoginWindowUrl = "loginwindow.url",
        PresenceAutoChangeState = "presence.autochangestate",
        AgentDetailsHideAstId = "xlet.agentdetails.hideastid",
        AgentDetailsHideContext = "xlet.agentdetails.hidecontext",
        AgentDetailsNoQueueAction = "xlet.agentdetails.noqueueaction",
        AgentsFontName = "xlet.agents.fontname",
        AgentsFontSize = "xlet.agents.fontsize",
        AgentsIconSize = "xlet.agents.iconsize",
        IdentityLogAgent = "xlet.identity.logagent",
        IdentityPauseAgent = "xlet.identity.pauseagent",
        QueuesStatsFetchPeriod = "xlet.queues.statsfetchperiod",
        GuiLoginWindowUrl = "guioptions.loginwindow.url",
        GuiNoQueueAction = "guioptions.xlet.agentdetails.noqueueaction",
        TryToReconnect = "trytoreconnect",
        TryToReconnectInterval = "trytoreconnectinterval",
    }
}

/// What kind of value a preference takes; console and command line help show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PreferenceType {
    /// `true`, `false`, `1` or `0`: the client reads the texts `false` and `0` as no.
    Bool,
    Integer {
        least: u32,
        most: u32,
    },
    /// http or https.
    Url,
    /// A font's family name.
    Font,
}

impl Preference {
    pub(crate) fn value_type(self) -> PreferenceType {
        match self {
            Self::LoginWindowUrl | Self::GuiLoginWindowUrl => PreferenceType::Url,
            Self::AgentsFontName => PreferenceType::Font,
            Self::AgentsFontSize => PreferenceType::Integer { least: 1, most: 200 },
            Self::AgentsIconSize => PreferenceType::Integer { least: 1, most: 512 },
            Self::QueuesStatsFetchPeriod => PreferenceType::Integer { least: 1, most: 86_400 },
            // Milliseconds, as far as the client's own form goes: a shorter one would storm the server.
            Self::TryToReconnectInterval => PreferenceType::Integer { least: 1_000, most: 120_000 },
            Self::PresenceAutoChangeState
            | Self::GuiNoQueueAction
            | Self::TryToReconnect
            | Self::AgentDetailsHideAstId
            | Self::AgentDetailsHideContext
            | Self::AgentDetailsNoQueueAction
            | Self::IdentityLogAgent
            | Self::IdentityPauseAgent => PreferenceType::Bool,
        }
    }
}

/// A value that its preference takes, as the text that travels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PreferenceValue(Box<str>);

impl PreferenceValue {
    pub(crate) fn parse(preference: Preference, text: &str) -> Result<Self, Refusal> {
        let text = text.trim();
        let (is_good, limit) = match preference.value_type() {
            PreferenceType::Bool => (["true", "false", "1", "0"].contains(&text), "true, false, 1 or 0".to_owned()),
            PreferenceType::Integer { least, most } => (
                text.bytes().all(|b| b.is_ascii_digit())
                    && text.parse::<u32>().is_ok_and(|number| (least..=most).contains(&number)),
                format!("a whole number from {least} to {most}"),
            ),
            PreferenceType::Url => (is_web_address(text), "a URL that starts with http:// or https://".to_owned()),
            PreferenceType::Font => (
                (1..=64).contains(&text.chars().count()) && !text.chars().any(char::is_control),
                "a font's name of 1 to 64 printable characters".to_owned(),
            ),
        };
        if is_good {
            return Ok(Self(text.into()));
        }
        Err(Refusal::new(
            Rule::F11,
            RuleTarget::text(TargetKind::PreferenceValue(preference.as_str()), text),
            Violation::must_be(limit),
        ))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_web_address(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'))
        && text.len() <= 2048
        && !text.chars().any(|c| c.is_control() || c.is_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// client.md (b) and (e): a client would go elsewhere, be somebody else, or never load.
    #[test]
    fn nothing_of_a_clients_connection_is_a_preference_but_how_it_comes_back() {
        for word in [
            "keepaliveinterval",
            "cti_address",
            "cti_port",
            "cti_encrypt",
            "userlogin",
            "password",
            "keeppass",
            "guioptions",
            "trytoreconnectinterval ms",
        ] {
            Preference::parse(word).expect_err(word);
        }
        let value = |preference, text| PreferenceValue::parse(preference, text).is_ok();
        assert!(value(Preference::TryToReconnect, "true") && !value(Preference::TryToReconnect, "yes"));
        for (text, is_good) in [("1000", true), ("120000", true), ("999", false), ("120001", false), ("-1", false)] {
            assert_eq!(value(Preference::TryToReconnectInterval, text), is_good, "{text}");
        }
        assert!(!value(Preference::GuiLoginWindowUrl, "javascript:alert(1)"));
    }
}
