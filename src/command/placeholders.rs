//! The placeholders in a hint, and what they stand for: `ctibox user edit LOGIN --profile Client` becomes a command that can
//! be copied once it is known which user is meant. A name comes from what was refused, else from what was typed; a
//! placeholder that nothing is known of stays as it is. `remedy` writes the hints, `failure` tells them.

use std::collections::BTreeMap;

use clap::{ArgMatches, Command};

use crate::settings::rule_target::{Naming, ObjectName, RuleTarget};
use crate::settings::table::Kind;
use crate::settings::target_kind::TargetKind;

/// Those that an argument of a command can fill.
const PLACEHOLDERS: [&str; 5] = ["LOGIN", "PROFILE", "NAME", "GROUP", "ACCOUNT"];

/// What is known of the placeholders.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Placeholders(BTreeMap<&'static str, String>);

impl Placeholders {
    /// From what was refused, and from the object in which it stands.
    pub(crate) fn of(target: &RuleTarget) -> Self {
        let mut known = BTreeMap::new();
        match target {
            RuleTarget::Within { place, part } => {
                known = Self::of(place).0;
                known.extend(Self::of(part).0);
            }
            RuleTarget::OnLine { part, .. } => known = Self::of(part).0,
            RuleTarget::Object(object) => known.extend(placeholders_of(object)),
            RuleTarget::Setting(key) => drop(known.insert("SETTING", (*key).to_owned())),
            RuleTarget::Text { what, text } => {
                known.extend(placeholder_of(*what).map(|placeholder| (placeholder, text.clone())));
            }
            RuleTarget::Shown { .. } | RuleTarget::Thing(_) | RuleTarget::Column(_) | RuleTarget::Place(_) => {}
        }
        Self(known)
    }

    /// From the arguments of a command: by an option's name, or by an argument's name in the help.
    pub(crate) fn typed(mut command: &Command, mut matches: &ArgMatches) -> Self {
        while let Some((word, inner)) = matches.subcommand() {
            let Some(found) = command.find_subcommand(word) else { break };
            (command, matches) = (found, inner);
        }
        let mut known = BTreeMap::new();
        for argument in command.get_arguments() {
            let id = argument.get_id().as_str();
            let names = argument.get_value_names().unwrap_or_default();
            let is_user = ["login", "user"]
                .iter()
                .any(|name| names.first().map_or(id, |first| first.as_str()).eq_ignore_ascii_case(name));
            let is_meant = |placeholder: &str| match argument.get_long() {
                _ if is_user => placeholder == "LOGIN",
                Some(long) => long.eq_ignore_ascii_case(placeholder),
                None => names.first().map_or(id, |name| name.as_str()).eq_ignore_ascii_case(placeholder),
            };
            let Some(placeholder) = PLACEHOLDERS.iter().find(|placeholder| is_meant(placeholder)) else { continue };
            let value = matches.try_get_raw(id).ok().flatten().and_then(|mut values| values.next()?.to_str());
            if let Some(value) = value.map(str::trim).filter(|value| !value.is_empty()) {
                known.insert(*placeholder, value.to_owned());
            }
        }
        Self(known)
    }

    /// Fills the placeholders of the commands in a hint, the parts between backticks.
    pub(crate) fn fill(&self, hint: &str) -> String {
        let part = |(at, part): (usize, &str)| match at % 2 {
            1 => part.split(' ').map(|word| self.word(word)).collect::<Vec<_>>().join(" "),
            _ => part.to_owned(),
        };
        hint.split('`').enumerate().map(part).collect::<Vec<_>>().join("`")
    }

    fn word(&self, word: &str) -> String {
        self.0.get(word).map_or_else(|| word.to_owned(), |name| quoted(name))
    }
}

fn placeholders_of(object: &ObjectName) -> Vec<(&'static str, String)> {
    match (object.kind, &object.naming) {
        (Kind::User, Naming::Name(login)) => vec![("LOGIN", login.clone())],
        // A user without a login is called by the id.
        (Kind::User, Naming::Numbered { id, .. }) => vec![("LOGIN", id.to_string())],
        (Kind::Account, Naming::Name(name)) => vec![("ACCOUNT", name.clone())],
        (Kind::Profile, Naming::Name(name)) => vec![("PROFILE", name.clone())],
        (Kind::Presence, Naming::InGroup { name, group }) => vec![("NAME", name.clone()), ("GROUP", group.clone())],
        (Kind::PresenceGroup | Kind::PhoneHintGroup, Naming::Name(name)) => vec![("GROUP", name.clone())],
        _ => Vec::new(),
    }
}

fn placeholder_of(what: TargetKind) -> Option<&'static str> {
    match what {
        TargetKind::User => Some("LOGIN"),
        TargetKind::Profile => Some("PROFILE"),
        TargetKind::Presence => Some("NAME"),
        TargetKind::PresenceGroup | TargetKind::PhoneHintGroup => Some("GROUP"),
        TargetKind::Account
        | TargetKind::AccountKind
        | TargetKind::AgentNumber
        | TargetKind::Backend
        | TargetKind::Certificate
        | TargetKind::Color
        | TargetKind::ColumnType
        | TargetKind::ConferenceName
        | TargetKind::ConferenceNumber
        | TargetKind::ConferencePin
        | TargetKind::Context
        | TargetKind::Days
        | TargetKind::Description
        | TargetKind::Device
        | TargetKind::DialRule
        | TargetKind::DisplayName
        | TargetKind::Document
        | TargetKind::EmailAddress
        | TargetKind::Encoding
        | TargetKind::Extension
        | TargetKind::File
        | TargetKind::FirstName
        | TargetKind::Format
        | TargetKind::Id
        | TargetKind::Key
        | TargetKind::Language
        | TargetKind::LastName
        | TargetKind::Login
        | TargetKind::Members
        | TargetKind::MobileNumber
        | TargetKind::Name
        | TargetKind::NextIds
        | TargetKind::Number
        | TargetKind::Password
        | TargetKind::PasswordHash
        | TargetKind::Penalty
        | TargetKind::PhoneBookEntry
        | TargetKind::PhoneHint
        | TargetKind::PhoneHintText
        | TargetKind::Pin
        | TargetKind::Preference
        | TargetKind::PresenceAction
        | TargetKind::Queue
        | TargetKind::Right
        | TargetKind::Server
        | TargetKind::ServerUuid
        | TargetKind::Service
        | TargetKind::Setting
        | TargetKind::Settings
        | TargetKind::Strip
        | TargetKind::TheChange
        | TargetKind::TheCommand
        | TargetKind::TheConsole
        | TargetKind::TheImport
        | TargetKind::TheLine
        | TargetKind::TheServer
        | TargetKind::TheUser
        | TargetKind::TheUsersAgent
        | TargetKind::Theme
        | TargetKind::Uuid
        | TargetKind::VoicemailBox
        | TargetKind::WrapUpTime
        | TargetKind::Xlet
        | TargetKind::XletFlags
        | TargetKind::XletNumber
        | TargetKind::XletPosition
        | TargetKind::FormField(_)
        | TargetKind::PreferenceValue(_)
        | TargetKind::SettingValue(_) => None,
    }
}

/// As a shell takes it for one word.
pub(crate) fn quoted(name: &str) -> String {
    if !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "-._%@+,=/".contains(c)) {
        return name.to_owned();
    }
    format!("'{}'", name.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory as _, FromArgMatches as _};

    use super::*;
    use crate::command::CommandLine;

    fn typed(line: &str) -> Placeholders {
        let command = CommandLine::command();
        let matches = command.clone().try_get_matches_from(line.split(' ')).expect("a command");
        CommandLine::from_arg_matches(&matches).expect("a command line");
        Placeholders::typed(&command, &matches)
    }

    fn named(kind: Kind, name: &str) -> RuleTarget {
        ObjectName::named(kind, Some(1), name).into()
    }

    #[test]
    fn the_refused_object_fills_the_placeholders() {
        let hint = "`ctibox presence edit NAME --group GROUP` changes NAME, `ctibox user show LOGIN` shows them";
        let naming = Naming::InGroup { name: "away".to_owned(), group: "xivo".to_owned() };
        let away = RuleTarget::Object(ObjectName { kind: Kind::Presence, id: Some(1), naming });
        assert_eq!(
            Placeholders::of(&away).fill(hint),
            "`ctibox presence edit away --group xivo` changes NAME, `ctibox user show LOGIN` shows them"
        );
        let fill = |target: &RuleTarget, hint: &str| Placeholders::of(target).fill(hint);
        assert_eq!(fill(&named(Kind::PhoneHintGroup, "x"), "`hint show GROUP`"), "`hint show x`");
        assert_eq!(fill(&named(Kind::Profile, "Top floor"), "`show PROFILE`"), "`show 'Top floor'`");
        assert_eq!(fill(&named(Kind::User, "o'neil"), "`show LOGIN`"), r"`show 'o'\''neil'`");
        let naming = Naming::Numbered { id: 12, name: "Ann Lee".to_owned() };
        let ann = RuleTarget::Object(ObjectName { kind: Kind::User, id: Some(12), naming });
        assert_eq!(fill(&ann, "`show LOGIN`"), "`show 12`");
        assert_eq!(
            fill(&RuleTarget::within(&ann, RuleTarget::text(TargetKind::EmailAddress, "x")), "`show LOGIN`"),
            "`show 12`"
        );
        assert_eq!(fill(&RuleTarget::Thing(TargetKind::Password), hint), hint);
    }

    #[test]
    fn what_was_typed_fills_the_placeholders() {
        let fill = |line: &str, hint: &str| typed(line).fill(hint);
        assert_eq!(fill("ctibox profile service add Client fly", "`list PROFILE`"), "`list Client`");
        assert_eq!(fill("ctibox user edit bob --profile Nope", "`show LOGIN`"), "`show bob`");
        assert_eq!(fill("ctibox voicemail add 1 --context x --user alice", "`show LOGIN`"), "`show alice`");
        assert_eq!(fill("ctibox presence add x --reachable mars", "`list --group GROUP`"), "`list --group xivo`");
        assert_eq!(fill("ctibox setting set encryption.key /k", "`use CERTIFICATE KEY`"), "`use CERTIFICATE KEY`");
    }
}
