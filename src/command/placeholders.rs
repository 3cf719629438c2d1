//! The placeholders in a hint, and what they stand for: `ctibox user edit LOGIN --profile Client` becomes a command that can
//! be copied once it is known which user is meant. A name comes from what was refused, else from what was typed; a
//! placeholder that nothing is known of stays as it is. `remedy` makes the hints of them, `failure` tells them.

use std::fmt;

use clap::{ArgMatches, Command};

use crate::settings::rule_target::{Naming, ObjectName, RuleTarget};
use crate::settings::table::Kind;
use crate::settings::target_kind::TargetKind;

/// What is known of the placeholders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Placeholders {
    pub(super) login: Placeholder,
    pub(super) profile: Placeholder,
    pub(super) name: Placeholder,
    pub(super) group: Placeholder,
    pub(super) account: Placeholder,
    /// Is never typed as an argument of its own.
    pub(super) setting: Placeholder,
}

/// The name, as a shell takes it, or what stands for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Placeholder {
    Unknown(&'static str),
    Known(String),
}

impl fmt::Display for Placeholder {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown(word) => out.write_str(word),
            Self::Known(name) => out.write_str(&quoted(name)),
        }
    }
}

impl Placeholder {
    fn or(self, other: &Self) -> Self {
        match self {
            Self::Unknown(_) => other.clone(),
            known @ Self::Known(_) => known,
        }
    }
}

impl Default for Placeholders {
    fn default() -> Self {
        Self {
            login: Placeholder::Unknown("LOGIN"),
            profile: Placeholder::Unknown("PROFILE"),
            name: Placeholder::Unknown("NAME"),
            group: Placeholder::Unknown("GROUP"),
            account: Placeholder::Unknown("ACCOUNT"),
            setting: Placeholder::Unknown("SETTING"),
        }
    }
}

impl Placeholders {
    /// From what was refused, and from the object in which it stands.
    pub(crate) fn of(target: &RuleTarget) -> Self {
        match target {
            RuleTarget::Within { place, part } => Self::of(part).or(&Self::of(place)),
            RuleTarget::OnLine { part, .. } => Self::of(part),
            RuleTarget::Object(object) => Self::of_object(object),
            RuleTarget::Setting(key) => Self { setting: Placeholder::Known((*key).to_owned()), ..Self::default() },
            RuleTarget::Text { what, text } => Self::of_text(*what, text),
            RuleTarget::Shown { .. }
            | RuleTarget::Thing(_)
            | RuleTarget::Column(_)
            | RuleTarget::Cell { .. }
            | RuleTarget::Place(_) => Self::default(),
        }
    }

    /// What is not known here, as the others know it.
    pub(crate) fn or(self, others: &Self) -> Self {
        let Self { login, profile, name, group, account, setting } = self;
        Self {
            login: login.or(&others.login),
            profile: profile.or(&others.profile),
            name: name.or(&others.name),
            group: group.or(&others.group),
            account: account.or(&others.account),
            setting: setting.or(&others.setting),
        }
    }

    /// From the arguments of a command: by an option's name, or by an argument's name in the help.
    pub(crate) fn typed(mut command: &Command, mut matches: &ArgMatches) -> Self {
        while let Some((word, inner)) = matches.subcommand() {
            let Some(found) = command.find_subcommand(word) else { break };
            (command, matches) = (found, inner);
        }
        let mut known = Self::default();
        for argument in command.get_arguments() {
            let id = argument.get_id().as_str();
            let names = argument.get_value_names().unwrap_or_default();
            let shown = names.first().map_or(id, |name| name.as_str());
            let is_user = ["login", "user"].iter().any(|name| shown.eq_ignore_ascii_case(name));
            let called = if is_user { "login" } else { argument.get_long().unwrap_or(shown) };
            let Some(placeholder) = known.filled_by(&called.to_ascii_lowercase()) else { continue };
            let value = matches.try_get_raw(id).ok().flatten().and_then(|mut values| values.next()?.to_str());
            if let Some(value) = value.map(str::trim).filter(|value| !value.is_empty()) {
                *placeholder = Placeholder::Known(value.to_owned());
            }
        }
        known
    }

    /// The one that an argument of this name fills.
    fn filled_by(&mut self, argument: &str) -> Option<&mut Placeholder> {
        match argument {
            "login" => Some(&mut self.login),
            "profile" => Some(&mut self.profile),
            "name" => Some(&mut self.name),
            "group" => Some(&mut self.group),
            "account" => Some(&mut self.account),
            _ => None,
        }
    }

    fn of_object(object: &ObjectName) -> Self {
        let mut known = Self::default();
        let name = |name: &String| Placeholder::Known(name.clone());
        match (object.kind, &object.naming) {
            (Kind::User, Naming::Name(login)) => known.login = name(login),
            // A user without a login is called by the id.
            (Kind::User, Naming::Numbered { id, .. }) => known.login = Placeholder::Known(id.to_string()),
            (Kind::Account, Naming::Name(account)) => known.account = name(account),
            (Kind::Profile, Naming::Name(profile)) => known.profile = name(profile),
            (Kind::Presence, Naming::InGroup { name: presence, group }) => {
                (known.name, known.group) = (name(presence), name(group));
            }
            (Kind::PresenceGroup | Kind::PhoneHintGroup, Naming::Name(group)) => known.group = name(group),
            _ => {}
        }
        known
    }

    fn of_text(what: TargetKind, text: &str) -> Self {
        let mut known = Self::default();
        if let Some(placeholder) = placeholder_of(what).and_then(|placeholder| known.filled_by(placeholder)) {
            *placeholder = Placeholder::Known(text.to_owned());
        }
        known
    }
}

/// As a shell takes it for one word.
pub(crate) fn quoted(name: &str) -> String {
    if !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "-._%@+,=/".contains(c)) {
        return name.to_owned();
    }
    format!("'{}'", name.replace('\'', r"'\''"))
}

fn placeholder_of(what: TargetKind) -> Option<&'static str> {
    match what {
        TargetKind::User => Some("login"),
        TargetKind::Profile => Some("profile"),
        TargetKind::Presence => Some("name"),
        TargetKind::PresenceGroup | TargetKind::PhoneHintGroup => Some("group"),
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

    /// Login, profile, name and group, in one line.
    fn words(known: &Placeholders) -> String {
        let Placeholders { login, profile, name, group, .. } = known;
        format!("{login} {profile} {name} {group}")
    }

    #[test]
    fn the_refused_object_fills_the_placeholders() {
        let of = |target: &RuleTarget| words(&Placeholders::of(target));
        let naming = Naming::InGroup { name: "away".to_owned(), group: "xivo".to_owned() };
        let away = RuleTarget::Object(ObjectName { kind: Kind::Presence, id: Some(1), naming });
        assert_eq!(of(&away), "LOGIN PROFILE away xivo");
        assert_eq!(of(&named(Kind::PhoneHintGroup, "x")), "LOGIN PROFILE NAME x");
        assert_eq!(of(&named(Kind::Profile, "Top floor")), "LOGIN 'Top floor' NAME GROUP");
        assert_eq!(of(&named(Kind::User, "o'neil")), r"'o'\''neil' PROFILE NAME GROUP");
        let naming = Naming::Numbered { id: 12, name: "Ann Lee".to_owned() };
        let ann = RuleTarget::Object(ObjectName { kind: Kind::User, id: Some(12), naming });
        assert_eq!(of(&ann), "12 PROFILE NAME GROUP");
        let within = |part: RuleTarget| of(&RuleTarget::within(&ann, part));
        assert_eq!(within(RuleTarget::text(TargetKind::EmailAddress, "x")), "12 PROFILE NAME GROUP");
        assert_eq!(within(RuleTarget::text(TargetKind::Profile, "Top")), "12 Top NAME GROUP");
        assert_eq!(of(&RuleTarget::Thing(TargetKind::Password)), "LOGIN PROFILE NAME GROUP");
    }

    #[test]
    fn what_was_typed_fills_the_placeholders() {
        let of = |line: &str| words(&typed(line));
        assert_eq!(of("ctibox profile service add Client fly"), "LOGIN Client NAME GROUP");
        assert_eq!(of("ctibox user edit bob --profile Nope"), "bob Nope NAME GROUP");
        assert_eq!(of("ctibox voicemail add 1 --context x --user alice"), "alice PROFILE NAME GROUP");
        assert_eq!(of("ctibox presence add x --reachable mars"), "LOGIN PROFILE x xivo");
        assert_eq!(of("ctibox setting set encryption.key /k"), "LOGIN PROFILE NAME GROUP");
    }

    #[test]
    fn what_was_refused_is_known_better_than_what_was_typed() {
        let refused = Placeholders::of(&named(Kind::User, "alice"));
        assert_eq!(words(&refused.or(&typed("ctibox user edit bob --profile Nope"))), "alice Nope NAME GROUP");
    }
}
