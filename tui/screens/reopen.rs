//! Which form a key of `typed_form` means: what was typed in it when a line was cut stands in it again once it is opened.

use std::sync::Arc;

use crate::settings::id::{
    AccountId, AgentId, ConferenceId, ContextId, DialRuleId, Id as _, LineId, PhoneBookEntryId, PhoneHintGroupId,
    PresenceGroupId, PresenceId, ProfileId, QueueId, UserId, VoicemailId,
};
use crate::settings::phone_book::{EntriesNeeded, PhoneBookEntry};
use crate::settings::phone_hint::HintNumber;
use crate::settings::queue::MemberId;
use crate::settings::setting::Key as Setting;
use crate::settings::table::Kind;
use crate::tui::app::{App, DynScreen, Target};
use crate::tui::form::{Form, Model};
use crate::tui::typed_form::{FormKey, FormSubject};

use super::accounts::form::AccountModel;
use super::contexts::{self, form::ContextModel};
use super::hints::form::{HintGroupModel, HintModel};
use super::line_form::LineModel;
use super::phone_book::form::EntryModel;
use super::presences::form::{PresenceBasis, PresenceGroupModel, PresenceModel};
use super::profiles::forms::{ProfileBasis, ProfileModel};
use super::queues::agent_form::AgentModel;
use super::queues::queue_form::{MemberModel, QueueModel};
use super::rooms::form::RoomModel;
use super::setting_list::form::SettingModel;
use super::telephony::rule_form::DialRuleModel;
use super::users::form::UserModel;
use super::voicemails::form::VoicemailModel;
use super::{phone_book, profiles, users};

/// With the screen that it stands over, unless that is the one below already. None: what it is about, or stands in, is gone.
pub(in crate::tui) fn reopen(
    key: &FormKey,
    below: Option<&dyn DynScreen>,
    app: &App,
) -> Option<Vec<Box<dyn DynScreen>>> {
    let is_there = |target: Target| app.expected_version(target).is_some();
    if key.within.is_some_and(|within| !is_there(within) && !profiles::is_unstored(within)) {
        return None;
    }
    if let (FormSubject::Part(..), Some(Target { kind: Kind::Profile, id })) = (&key.subject, key.within) {
        if let Some(form) = below.and_then(|below| below.reopen(key, app)) {
            return Some(vec![form]);
        }
        let editor = profiles::reopened(ProfileId::new(id), app)?;
        let form = editor.reopen(key, app)?;
        return Some(vec![editor, form]);
    }
    one(key, app).map(|form| vec![form])
}

fn one(key: &FormKey, app: &App) -> Option<Box<dyn DynScreen>> {
    let is_there = |target: Target| app.expected_version(target).is_some();
    match (key.subject.clone(), key.within) {
        (FormSubject::New(kind), None) => new(kind, app),
        (FormSubject::New(kind), Some(within)) => new_within(kind, within, app),
        (FormSubject::Edit(Target { kind: Kind::PhoneBookEntry, id }), _) => {
            open(EntryModel::of(entry(id, app)?, app), app)
        }
        (FormSubject::Copy(Target { kind: Kind::PhoneBookEntry, id }), _) => {
            open(EntryModel::copy_of(entry(id, app)?, app), app)
        }
        (FormSubject::Copy(target), _) if is_there(target) => copy(target, key.within, app),
        (FormSubject::Copy(_), _) => None,
        (FormSubject::Draft(Target { kind: Kind::Profile, id }), _) => profiles::reopened(ProfileId::new(id), app),
        (FormSubject::Draft(_) | FormSubject::Part(..), _) => None,
        (FormSubject::Several(Kind::User, what, ids), _) => users::reopened(&what, &ids, app),
        (FormSubject::Several(Kind::Line, _, ids), _) => contexts::reopened(&ids, app),
        (FormSubject::Several(..), _) => None,
        (FormSubject::Import(Kind::User), _) => Some(users::reopened_import(app)),
        (FormSubject::Import(Kind::PhoneBookEntry), _) => Some(phone_book::import::asked(app)),
        (FormSubject::Import(_), _) => None,
        (FormSubject::Edit(Target { kind: Kind::Setting, id }), _) => {
            let key = Setting::at(id)?;
            open(SettingModel::of(key, app), app)
        }
        (
            FormSubject::Edit(Target { kind: Kind::PhoneHintGroup, id }),
            Some(Target { kind: Kind::PhoneHintGroup, id: group }),
        ) => open(HintModel::of(PhoneHintGroupId::new(group), HintNumber::new(id).ok()?, app), app),
        (FormSubject::Edit(target), within) if is_there(target) => edit(target, within, app),
        (FormSubject::Edit(_), _) => None,
    }
}

/// It is read now: the configuration at hand holds no entries.
fn entry(id: i64, app: &App) -> Option<Arc<PhoneBookEntry>> {
    let id = PhoneBookEntryId::new(id);
    let stored = app.store.configuration_with(&EntriesNeeded::These([id].into())).ok()?;
    stored.phone_book.get(id).cloned()
}

fn open(model: impl Model, app: &App) -> Option<Box<dyn DynScreen>> {
    Some(Box::new(Form::open(model, app)))
}

fn new(kind: Kind, app: &App) -> Option<Box<dyn DynScreen>> {
    match kind {
        Kind::User => open(UserModel::new(app), app),
        Kind::Account => open(AccountModel::new(app), app),
        Kind::Context => open(ContextModel::new(None, app), app),
        Kind::Line => open(LineModel::add(None, None, app), app),
        Kind::PresenceGroup => open(PresenceGroupModel::new(), app),
        Kind::PhoneHintGroup => open(HintGroupModel::new(), app),
        Kind::Profile => profiles::added(None, app),
        Kind::Agent => open(AgentModel::new(None, app), app),
        Kind::Queue => open(QueueModel::new(None, app), app),
        Kind::DialRule => open(DialRuleModel::new(None, app), app),
        Kind::Voicemail => open(VoicemailModel::new(None, app), app),
        Kind::Conference => open(RoomModel::new(None, app), app),
        Kind::PhoneBookEntry => open(EntryModel::new(app), app),
        Kind::Server | Kind::Setting | Kind::Presence => None,
    }
}

fn new_within(kind: Kind, within: Target, app: &App) -> Option<Box<dyn DynScreen>> {
    match (kind, within.kind) {
        (Kind::Line, Kind::User) => open(LineModel::add(Some(UserId::new(within.id)), None, app), app),
        (Kind::Line, Kind::Context) => open(LineModel::add(None, Some(ContextId::new(within.id)), app), app),
        (Kind::Queue, Kind::Queue) => open(MemberModel::new(QueueId::new(within.id), None, app), app),
        (Kind::Presence, Kind::PresenceGroup) => {
            open(PresenceModel::new(PresenceGroupId::new(within.id), PresenceBasis::Nothing, app), app)
        }
        _ => None,
    }
}

fn copy(Target { kind, id }: Target, within: Option<Target>, app: &App) -> Option<Box<dyn DynScreen>> {
    match (kind, within) {
        (Kind::Profile, None) => profiles::added(Some(ProfileId::new(id)), app),
        (Kind::Presence, Some(group)) => {
            let source = PresenceBasis::Copy(PresenceId::new(id));
            open(PresenceModel::new(PresenceGroupId::new(group.id), source, app), app)
        }
        _ => None,
    }
}

fn edit(Target { kind, id }: Target, within: Option<Target>, app: &App) -> Option<Box<dyn DynScreen>> {
    match (kind, within) {
        (Kind::Agent | Kind::Line, Some(Target { kind: Kind::Queue, id: queue })) => {
            let member =
                if kind == Kind::Agent { MemberId::Agent(AgentId::new(id)) } else { MemberId::Line(LineId::new(id)) };
            let queue = QueueId::new(queue);
            app.configuration.queues.get(queue)?.member(member)?;
            open(MemberModel::new(queue, Some(member), app), app)
        }
        (Kind::User, _) => open(UserModel::of(UserId::new(id), app)?, app),
        (Kind::Account, _) => open(AccountModel::of(AccountId::new(id), app)?, app),
        (Kind::Context, _) => open(ContextModel::new(Some(ContextId::new(id)), app), app),
        (Kind::Line, _) => open(LineModel::edit(LineId::new(id), app), app),
        (Kind::PresenceGroup, _) => open(PresenceGroupModel::of(PresenceGroupId::new(id), app), app),
        (Kind::Presence, Some(group)) => {
            let source = PresenceBasis::Edit(PresenceId::new(id));
            open(PresenceModel::new(PresenceGroupId::new(group.id), source, app), app)
        }
        (Kind::PhoneHintGroup, _) => open(HintGroupModel::of(PhoneHintGroupId::new(id), app), app),
        (Kind::Profile, _) => open(ProfileModel::new(ProfileBasis::Stored(ProfileId::new(id)), app), app),
        (Kind::Agent, _) => open(AgentModel::new(Some(AgentId::new(id)), app), app),
        (Kind::Queue, _) => open(QueueModel::new(Some(QueueId::new(id)), app), app),
        (Kind::Voicemail, _) => open(VoicemailModel::new(Some(VoicemailId::new(id)), app), app),
        (Kind::Conference, _) => open(RoomModel::new(Some(ConferenceId::new(id)), app), app),
        (Kind::DialRule, _) => open(DialRuleModel::new(Some(DialRuleId::new(id)), app), app),
        // A presence is edited within its group; settings and entries are opened by what else there is to know (`one`).
        (Kind::Presence, None) | (Kind::Server | Kind::Setting | Kind::PhoneBookEntry, _) => None,
    }
}
