//! From what a person types to the object that is meant, or a failure that names the command that lists the others.
//! Also the reading of optional values, of which an empty one means none. Every command that names an object uses it.

use std::sync::Arc;

use super::failure::Failure;
use crate::settings::account::Account;
use crate::settings::agent::Agent;
use crate::settings::conference::Conference;
use crate::settings::configuration::Configuration;
use crate::settings::context::Context;
use crate::settings::dial_rule::DialRule;
use crate::settings::id::{ContextId, Id, PhoneBookEntryId, UserId};
use crate::settings::label::Labelled as _;
use crate::settings::line::Line;
use crate::settings::name::{AgentNumber, ConferenceNumber, Extension, Mailbox};
use crate::settings::phone_book::PhoneBookEntry;
use crate::settings::phone_hint::PhoneHintGroup;
use crate::settings::presence::{Presence, PresenceGroup};
use crate::settings::profile::Profile;
use crate::settings::prose::{Prose, prose};
use crate::settings::queue::{MemberId, Queue};
use crate::settings::rule::{Refusal, Rule};
use crate::settings::rule_target::RuleTarget;
use crate::settings::target_kind::TargetKind;
use crate::settings::user::User;
use crate::settings::violation::Violation;
use crate::settings::voicemail::Voicemail;

/// By login in any case of letters, uuid, id or e-mail address.
pub(crate) fn user<'a>(configuration: &'a Configuration, name: &str) -> Result<&'a Arc<User>, Failure> {
    configuration.user_named(name).ok_or_else(|| unknown("user", name, prose![ctibox("user list"), " shows the users"]))
}

/// Left out or empty: nobody.
pub(crate) fn user_or_none(c: &Configuration, name: Option<&str>) -> Result<Option<UserId>, Failure> {
    let name = name.map(str::trim).filter(|name| !name.is_empty());
    name.map(|name| user(c, name).map(|user| user.id)).transpose()
}

/// `user "alice"`: the user as people call them.
pub(crate) fn called_user(c: &Configuration, id: UserId) -> String {
    c.users.get(id).map(|user| user.label(c)).unwrap_or_default()
}

/// The user in the column of a list; `-` for nobody.
pub(crate) fn listed_user(c: &Configuration, id: Option<UserId>) -> String {
    id.and_then(|id| c.users.get(id)).map_or_else(|| "-".to_owned(), |user| user.shown_login())
}

pub(crate) fn context<'a>(configuration: &'a Configuration, name: &str) -> Result<&'a Arc<Context>, Failure> {
    configuration
        .contexts
        .find(|context| context.name.as_str() == name.trim())
        .ok_or_else(|| unknown("context", name, prose![ctibox("context list"), " shows the contexts"]))
}

pub(crate) fn profile<'a>(configuration: &'a Configuration, name: &str) -> Result<&'a Arc<Profile>, Failure> {
    configuration.profiles.find(|profile| profile.name.as_str() == name.trim()).ok_or_else(|| {
        unknown("profile", name, prose![ctibox("profile list"), " shows the profiles; case of letters matters"])
    })
}

pub(crate) fn presence_group<'a>(
    configuration: &'a Configuration,
    name: &str,
) -> Result<&'a Arc<PresenceGroup>, Failure> {
    configuration
        .presence_groups
        .find(|group| group.name.as_str().eq_ignore_ascii_case(name.trim()))
        .ok_or_else(|| unknown("presence group", name, prose![ctibox("presence group list"), " shows the groups"]))
}

pub(crate) fn presence<'a>(
    configuration: &'a Configuration,
    group: &str,
    name: &str,
) -> Result<&'a Arc<Presence>, Failure> {
    let group = presence_group(configuration, group)?;
    configuration.presence_named(group.id, name.trim()).ok_or_else(|| {
        let group = &group.name;
        Failure::new(format!("there is no presence {name:?} in group \"{group}\""))
            .hint(prose![ctibox("presence list --group {group}"), " shows its presences"])
    })
}

pub(crate) fn phone_hint_group<'a>(
    configuration: &'a Configuration,
    name: &str,
) -> Result<&'a Arc<PhoneHintGroup>, Failure> {
    configuration
        .phone_hint_groups
        .find(|group| group.name.as_str().eq_ignore_ascii_case(name.trim()))
        .ok_or_else(|| unknown("phone hint group", name, prose![ctibox("hint list"), " shows the groups"]))
}

pub(crate) fn agent<'a>(configuration: &'a Configuration, number: &str) -> Result<&'a Arc<Agent>, Failure> {
    let number = AgentNumber::parse(number)?;
    configuration
        .agents
        .find(|agent| agent.number == number)
        .ok_or_else(|| unknown("agent", number.as_str(), prose![ctibox("agent list"), " shows the agents"]))
}

/// An agent by number, a line as `1001@default`.
pub(crate) fn queue_member(c: &Configuration, name: &str) -> Result<MemberId, Failure> {
    match name.split_once('@') {
        Some((number, context)) => {
            let within = Within { context: Some(context.to_owned()) };
            line(c, number, &within).map(|line| line.id.into())
        }
        None => agent(c, name).map(|agent| agent.id.into()).map_err(|failure| {
            let line = c.lines.find(|line| line.extension.as_str() == name.trim());
            match line {
                Some(line) => failure.hint(format!("a line is named with its context: {}", line.name(c))),
                None => failure,
            }
        }),
    }
}

/// By name in any case of letters.
pub(crate) fn account<'a>(configuration: &'a Configuration, name: &str) -> Result<&'a Arc<Account>, Failure> {
    configuration
        .accounts
        .find(|account| account.has_name(name))
        .ok_or_else(|| unknown("account", name, prose![ctibox("account list"), " shows the accounts"]))
}

pub(crate) fn queue<'a>(configuration: &'a Configuration, name: &str) -> Result<&'a Arc<Queue>, Failure> {
    configuration
        .queues
        .find(|queue| queue.name.as_str() == name.trim())
        .ok_or_else(|| unknown("queue", name, prose![ctibox("queue list"), " shows the queues"]))
}

/// By its place among all, counted from 1.
pub(crate) fn dial_rule(c: &Configuration, place: usize) -> Result<Arc<DialRule>, Failure> {
    let rules = c.ordered_dial_rules();
    let rule = place.checked_sub(1).and_then(|at| rules.get(at)).map(|rule| Arc::clone(rule));
    rule.ok_or_else(|| {
        Failure::new(format!("there is no dial rule at place {place}; there are {}", rules.len()))
            .hint(prose![ctibox("dial-rule list"), " shows the rules by place"])
    })
}

pub(crate) fn phone_book_entry(configuration: &Configuration, id: i64) -> Result<&Arc<PhoneBookEntry>, Failure> {
    let entry = configuration.phone_book.get(PhoneBookEntryId::new(id));
    entry.ok_or_else(|| {
        Failure::new(format!("there is no phone book entry {id}"))
            .hint(prose![ctibox("phonebook list TEXT"), " shows entries by id"])
    })
}

/// A number inside a context; the context may be left out where it leaves no doubt.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Within {
    /// The context in which it stands; may be left out if there is one only
    #[arg(long, value_name = "C", add = super::complete::contexts())]
    pub(crate) context: Option<String>,
}

pub(crate) fn line<'a>(c: &'a Configuration, number: &str, within: &Within) -> Result<&'a Arc<Line>, Failure> {
    let number = Extension::parse(number)?;
    let found = c.lines.iter().filter(|line| line.extension == number).map(|line| (line, line.context));
    only(c, "line", number.as_str(), within, found)
}

pub(crate) fn voicemail<'a>(
    c: &'a Configuration,
    number: &str,
    within: &Within,
) -> Result<&'a Arc<Voicemail>, Failure> {
    let number = Mailbox::parse(number)?;
    let found = c.voicemails.iter().filter(|voicemail| voicemail.mailbox == number).map(|found| (found, found.context));
    only(c, "voicemail", number.as_str(), within, found)
}

pub(crate) fn conference<'a>(
    c: &'a Configuration,
    number: &str,
    within: &Within,
) -> Result<&'a Arc<Conference>, Failure> {
    let number = ConferenceNumber::parse(number)?;
    let found = c.conferences.iter().filter(|room| room.number == number).map(|room| (room, room.context));
    only(c, "conference", number.as_str(), within, found)
}

/// The context of this name; none for an empty one.
pub(crate) fn context_or_none(c: &Configuration, name: Option<&str>) -> Result<Option<ContextId>, Failure> {
    let name = name.map(str::trim).filter(|name| !name.is_empty());
    name.map(|name| context(c, name).map(|context| context.id)).transpose()
}

/// Turns an unknown group into the rule that a profile's groups exist.
pub(crate) fn for_profile<T>(found: Result<T, Failure>, profile: &str, group: &str) -> Result<T, Failure> {
    found.map_err(|_| {
        let problem = Violation::NeedsGroup { group: group.to_owned() };
        Refusal::new(Rule::F2, RuleTarget::text(TargetKind::Profile, profile), problem).into()
    })
}

/// Left out or empty: none.
pub(crate) fn optional<T>(
    text: Option<&str>,
    parse: impl FnOnce(&str) -> Result<T, Refusal>,
) -> Result<Option<T>, Refusal> {
    text.map(str::trim).filter(|text| !text.is_empty()).map(parse).transpose()
}

/// Of an edit: left out, nothing changes; empty, it becomes none.
pub(crate) fn edited<T>(
    text: Option<&str>,
    parse: impl FnOnce(&str) -> Result<T, Refusal>,
) -> Result<Option<Option<T>>, Refusal> {
    text.map(|text| optional(Some(text), parse)).transpose()
}

/// The parts of `A,B`; empty parts count nothing.
pub(crate) fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|part| !part.is_empty())
}

fn only<'a, T>(
    configuration: &'a Configuration,
    kind: &str,
    number: &str,
    within: &Within,
    found: impl Iterator<Item = (&'a Arc<T>, ContextId)>,
) -> Result<&'a Arc<T>, Failure> {
    let context = within.context.as_deref().map(|name| context(configuration, name)).transpose()?;
    let mut matching = found.filter(|(_, stands_in)| context.is_none_or(|context| context.id == *stands_in));
    let list = prose![ctibox("{kind} list"), " shows them all"];
    match (matching.next(), matching.next()) {
        (Some((object, _)), None) => Ok(object),
        (None, _) => match context {
            Some(context) => {
                Err(Failure::new(format!("there is no {kind} {number:?} in context \"{}\"", context.name)).hint(list))
            }
            None => Err(unknown(kind, number, list)),
        },
        (Some(_), Some(_)) => Err(Failure::new(format!("there is more than one {kind} {number:?}"))
            .hint(Prose::from("say which with `--context`; ").then(list))),
    }
}

fn unknown(kind: &str, name: &str, hint: Prose) -> Failure {
    Failure::new(format!("there is no {kind} {name:?}")).hint(hint)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::name::ContextName;

    #[test]
    fn an_empty_value_means_none_and_a_missing_one_changes_nothing() {
        assert_eq!(edited(None, ContextName::parse), Ok(None));
        assert_eq!(edited(Some(" "), ContextName::parse), Ok(Some(None)));
        assert!(matches!(edited(Some("a"), ContextName::parse), Ok(Some(Some(_)))));
        assert!(edited(Some("a b"), ContextName::parse).is_err());
        assert_eq!(parts(" a,,b ").collect::<Vec<_>>(), ["a", "b"]);
    }
}
