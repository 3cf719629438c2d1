//! The same as a command: the lines of `ctibox …` that do what a change did, so that it can be done again elsewhere, or by a
//! script. Made of what was there before and what is there after; secrets are never in them. Pure.

mod certificate;
mod clients;
mod import;
mod people;
mod rest;
mod telephony;
mod words;

use std::sync::Arc;

use crate::settings::account::Account;
use crate::settings::agent::Agent;
use crate::settings::conference::Conference;
use crate::settings::configuration::Configuration;
use crate::settings::context::Context;
use crate::settings::dial_rule::DialRule;
use crate::settings::id::{ContextId, PresenceGroupId, ProfileId, UserId};
use crate::settings::line::Line;
use crate::settings::phone_book::PhoneBookEntry;
use crate::settings::phone_hint::PhoneHintGroup;
use crate::settings::presence::{Presence, PresenceGroup};
use crate::settings::profile::Profile;
use crate::settings::queue::Queue;
use crate::settings::table::{Collection, Object};
use crate::settings::tables::for_each_table;
use crate::settings::user::User;
use crate::settings::voicemail::Voicemail;

pub(super) use certificate::{
    certificate_add, certificate_create, certificate_remove, certificate_renew, certificate_request,
};
pub(super) use import::{ImportedFile, phone_book_import, user_import};
use words::Words;
pub(super) use words::quoted;

/// A line of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum SameCommand {
    /// Without the word `ctibox`.
    Line(String),
    /// What no command does, in words.
    None(String),
}

/// What made the one of the other, in an order in which each line finds what it names.
pub(super) fn same_commands(before: &Configuration, after: &Configuration) -> Vec<SameCommand> {
    let change = Change { before, after };
    let mut told = Told::default();
    rest::settings(&change, &mut told);
    for_each_table! { ($table:ident, $object:ty) => { <$object>::retell(&change, &mut told); } }
    // What refers to others goes before them.
    told.removals.reverse();
    told.others.append(&mut told.removals);
    told.others
}

/// What commands do to the objects of one table: each type of `settings::tables` has it.
trait Retold {
    fn retell(change: &Change<'_>, told: &mut Told);
}

macro_rules! retold {
    ($($object:ty => $by:path,)*) => {$(
        impl Retold for $object {
            fn retell(change: &Change<'_>, told: &mut Told) {
                $by(change, told);
            }
        }
    )*};
}

retold! {
    PresenceGroup => clients::presence_groups,
    Presence => clients::presences,
    PhoneHintGroup => clients::hints,
    Profile => clients::profiles,
    Context => rest::contexts,
    User => people::users,
    Line => people::lines,
    Voicemail => people::voicemails,
    Conference => telephony::conferences,
    Agent => telephony::agents,
    Queue => telephony::queues,
    DialRule => rest::dial_rules,
    Account => people::accounts,
    PhoneBookEntry => rest::phone_book,
}

/// The two sides of it.
struct Change<'a> {
    before: &'a Configuration,
    after: &'a Configuration,
}

#[derive(Default)]
struct Told {
    others: Vec<SameCommand>,
    removals: Vec<SameCommand>,
}

impl Told {
    fn say(&mut self, words: Words) {
        self.others.push(SameCommand::Line(words.line()));
    }

    /// An edit that says nothing is none.
    fn say_if_some(&mut self, words: Words) {
        self.others.extend(words.if_some().map(SameCommand::Line));
    }

    fn remove(&mut self, words: Words) {
        self.removals.push(SameCommand::Line(words.line()));
    }

    fn none(&mut self, what: String) {
        self.others.push(SameCommand::None(what));
    }
}

/// An object that is new, gone or another.
enum Sides<'a, T> {
    Added(&'a T),
    Edited(&'a T, &'a T),
    Removed(&'a T),
}

/// All that differ in one table.
fn sides<'a, C: Collection>(before: &'a C, after: &'a C) -> impl Iterator<Item = Sides<'a, C::Object>>
where
    C::Object: Object + 'a,
{
    before.objects().differences(after.objects()).into_iter().filter_map(|sides| match sides {
        (None, Some(new)) => Some(Sides::Added(Arc::as_ref(new))),
        (Some(old), Some(new)) => Some(Sides::Edited(Arc::as_ref(old), Arc::as_ref(new))),
        (Some(old), None) => Some(Sides::Removed(Arc::as_ref(old))),
        (None, None) => None,
    })
}

/// What others are called by the time that a line names them.
impl Change<'_> {
    fn context(&self, id: ContextId) -> String {
        let context = self.after.contexts.get(id).or_else(|| self.before.contexts.get(id));
        context.map_or_else(String::new, |context| context.name.to_string())
    }

    fn user(&self, id: UserId) -> String {
        let user = self.after.users.get(id).or_else(|| self.before.users.get(id));
        user.map_or_else(String::new, |user| user.login_or_id())
    }

    /// Empty for nobody.
    fn user_or_nobody(&self, id: &Option<UserId>) -> String {
        id.map_or_else(String::new, |id| self.user(id))
    }

    fn profile(&self, id: ProfileId) -> String {
        let profile = self.after.profiles.get(id).or_else(|| self.before.profiles.get(id));
        profile.map_or_else(String::new, |profile| profile.name.to_string())
    }

    fn presence_group(&self, id: PresenceGroupId) -> String {
        let group = self.after.presence_groups.get(id).or_else(|| self.before.presence_groups.get(id));
        group.map_or_else(String::new, |group| group.name.to_string())
    }

    fn is_user_removed(&self, id: UserId) -> bool {
        self.after.users.get(id).is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::fixtures::small_company;
    use crate::settings::id::{Id as _, QueueId};
    use crate::settings::name::{ContextName, LastName};
    use crate::settings::setting::{Key, SettingValue};

    fn lines(edit: impl FnOnce(&mut Configuration)) -> Vec<String> {
        let before = small_company();
        let mut after = before.clone();
        edit(&mut after);
        let line = |command| match command {
            SameCommand::Line(line) => line,
            SameCommand::None(what) => format!("none: {what}"),
        };
        same_commands(&before, &after).into_iter().map(line).collect()
    }

    fn user(number: i64) -> UserId {
        UserId::new(number)
    }

    #[test]
    fn nothing_is_no_command() {
        assert!(lines(|_| ()).is_empty());
    }

    #[test]
    fn users_are_edited_switched_and_removed_with_what_is_theirs() {
        let edited = lines(|c| {
            c.users.edit(user(1), |user| {
                user.last_name = LastName::parse("O'Hara Lee").expect("a name");
                user.profile = None;
                user.enabled = false;
            });
        });
        assert_eq!(edited, ["user edit alice --last-name 'O'\\''Hara Lee' --profile \"\"", "user disable alice"]);
        assert_eq!(lines(|c| c.remove_user(user(1)).expect("nothing holds them")), ["user remove alice --yes"]);
    }

    #[test]
    fn lines_are_added_moved_and_made_the_main_one() {
        let second = |c: &Configuration| c.lines.find(|line| line.extension.as_str() == "1002").expect("a line").id;
        let main = lines(|c| c.set_main_line(second(c)).expect("it is theirs"));
        assert_eq!(main, ["line edit 1002 --context default --main"]);
        assert_eq!(
            lines(|c| c.remove_line(second(c)).expect("no queue has it")),
            ["line remove 1002 --context default"]
        );
    }

    #[test]
    fn contexts_queues_and_settings_are_named_as_commands_name_them() {
        let context = lines(|c| {
            c.add_context(ContextName::parse("lab").expect("a name"), &[ContextName::parse("sales").expect("a name")])
                .expect("it is new");
        });
        assert_eq!(context, ["context add lab --include sales"]);
        let member = lines(|c| {
            let agent = c.agents.find(|agent| agent.number.as_str() == "8001").expect("an agent").id;
            c.remove_queue_member(QueueId::new(1), agent).expect("a member");
        });
        assert_eq!(member, ["queue member remove support 8001"]);
        let setting = lines(|c| {
            c.set_setting(SettingValue::parse(Key::ClientPort, "5010").expect("a port")).expect("taken");
            c.set_setting(SettingValue::parse(Key::AmiSecret, "not to be seen").expect("a secret")).expect("taken");
        });
        assert_eq!(setting, ["setting set client.port 5010", "setting set ami.secret --value-stdin"]);
    }
}
