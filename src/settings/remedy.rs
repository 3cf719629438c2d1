//! What would mend a broken rule, as data: chosen by the rule, the kind of problem and what it is about, never by words.
//! Whoever talks to a person renders it: the command line as a command with the object's name in it.

use super::rule::{Refusal, Rule};
use super::table::Kind;
use super::target_kind::TargetKind;
use super::violation::{PairFault, Reserved, Violation};

/// What to do next. The names that it needs are those of the refusal's target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Remedy {
    /// A text has not its form: one that has helps most.
    GiveLike(Example),
    UseNameLetters,
    GiveDisplayText,
    GiveColor,
    GiveActionOnce,
    GiveHintText,
    GiveXletNumber,
    GiveXletFlags,
    GiveEntryName,
    /// Names that are taken, or things that there are.
    List(Listing),
    MoveDialRule,
    GiveOwnDevice,
    GiveRight,
    GiveAccountPassword,
    EndBreakGlass,
    ShowUser,
    ShowUserParts,
    AddPresenceGroup,
    AddHintGroup,
    MoveProfilesFromPresences,
    MoveProfilesFromHints,
    GiveProfile,
    GivePassword,
    GiveEmail,
    ChoosePassword,
    GiveLogin,
    MendPresence(PresenceRemedy),
    MendProfile(ProfileRemedy),
    MendPair(PairFault),
    SetPairWhole,
    UnsetSetting,
    MendBackends(BackendsRemedy),
    MendEncryption(EncryptionRemedy),
    ReadExport,
    LookAgain,
}

/// What is to be listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Listing {
    PresenceGroups,
    Groups,
    HintNumbers,
    Profiles,
    Settings,
    Logins,
    Contexts,
    ContextNames,
    Numbers,
    Queues,
    Agents,
    Voicemails,
    DialRules,
    Entries,
    Accounts,
}

/// What mends a presence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PresenceRemedy {
    List,
    Change,
    ChangeExisting,
    LeaveItselfOut,
    LeaveDisconnectedOut,
    GiveWayOut,
    ReachFromAvailable,
}

/// What mends a profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ProfileRemedy {
    ListXlets,
    ListPreferences,
    ListServices,
    MoveUsers,
    AddTab,
    MoveTabber,
    AddTabber,
    AddIdentity,
    AddAgents,
}

/// What mends a list of backends that keeps people out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BackendsRemedy {
    SetLdap,
    NameUsers,
    NameDirectLast,
    EncryptLdap,
    NameLocalFirst,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EncryptionRemedy {
    Encrypt,
    BuildWithLegacyTls,
    ReplaceOldClients,
    ServeNewerClients,
}

/// Of what an example is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Example {
    Login,
    UserEmail,
    MobileNumber,
    FirstName,
    Context,
    Device,
    ConferenceName,
    ConferencePin,
    Number,
    ZeroByDefault,
    Queue,
    Agent,
    QueueOrAgent,
    DialDigits,
    EntryNumber,
    EntryEmail,
    Account,
    Profile,
    XletOfProfile,
}

impl Refusal {
    pub(crate) fn remedy(&self) -> Remedy {
        match self.example() {
            Some(example) if self.problem.is_of_form() => Remedy::GiveLike(example),
            _ => self.remedy_of_rule(),
        }
    }

    /// What a good text would look like; None where the rule's own words say it.
    fn example(&self) -> Option<Example> {
        let of_kind = self.on.what().and_then(example_of);
        Some(match self.rule {
            Rule::U1 => Example::Login,
            Rule::U3 => of_kind.unwrap_or(Example::FirstName),
            Rule::C1 => Example::Context,
            Rule::C2 => of_kind.unwrap_or(Example::Number),
            Rule::Q1 => of_kind.unwrap_or(Example::Agent),
            Rule::N1 => Example::DialDigits,
            Rule::B1 if of_kind == Some(Example::UserEmail) => Example::EntryEmail,
            Rule::B1 | Rule::A1 => return of_kind,
            Rule::F1 => Example::Profile,
            Rule::F4 => Example::XletOfProfile,
            _ => return None,
        })
    }

    fn remedy_of_rule(&self) -> Remedy {
        match self.rule {
            Rule::P1 => Remedy::List(Listing::PresenceGroups),
            Rule::P2 | Rule::P3 | Rule::H1 => Remedy::UseNameLetters,
            Rule::P4 => Remedy::MendPresence(PresenceRemedy::ChangeExisting),
            Rule::P5 => Remedy::GiveDisplayText,
            Rule::P6 | Rule::H3 => Remedy::GiveColor,
            Rule::P7 => Remedy::MendPresence(PresenceRemedy::List),
            Rule::P8 => Remedy::MendPresence(PresenceRemedy::LeaveItselfOut),
            Rule::P9 | Rule::P10 => Remedy::MendPresence(PresenceRemedy::Change),
            Rule::P13 => Remedy::MoveProfilesFromPresences,
            Rule::P14 => Remedy::AddPresenceGroup,
            Rule::P15 => Remedy::GiveActionOnce,
            Rule::P16 => Remedy::MendPresence(PresenceRemedy::LeaveDisconnectedOut),
            Rule::P17 if matches!(*self.problem, Violation::DeadEnd | Violation::NoWayBack) => {
                Remedy::MendPresence(PresenceRemedy::GiveWayOut)
            }
            Rule::P17 => Remedy::MendPresence(PresenceRemedy::ReachFromAvailable),
            Rule::H2 => Remedy::List(Listing::HintNumbers),
            Rule::H4 => Remedy::AddHintGroup,
            Rule::H5 => Remedy::MoveProfilesFromHints,
            Rule::H6 => Remedy::GiveHintText,
            Rule::F1 => Remedy::List(Listing::Profiles),
            Rule::F2 => Remedy::List(Listing::Groups),
            Rule::F3 => Remedy::MendProfile(ProfileRemedy::MoveUsers),
            Rule::F4 => Remedy::MendProfile(ProfileRemedy::ListXlets),
            Rule::F5 => self.remedy_of_tabber(),
            Rule::F6 | Rule::F7 => Remedy::GiveXletNumber,
            Rule::F8 => Remedy::GiveXletFlags,
            Rule::F10 if matches!(*self.problem, Violation::NoXletToListen(_)) => {
                Remedy::MendProfile(ProfileRemedy::AddAgents)
            }
            Rule::F9 | Rule::F10 => Remedy::MendProfile(ProfileRemedy::AddIdentity),
            Rule::F11 => Remedy::MendProfile(ProfileRemedy::ListPreferences),
            Rule::F12 => Remedy::MendProfile(ProfileRemedy::ListServices),
            Rule::F14 if *self.problem == Violation::EnabledWithoutProfile => Remedy::GiveProfile,
            Rule::F14 if *self.problem == Violation::EnabledWithoutEmail => Remedy::GiveEmail,
            Rule::F14 => Remedy::GivePassword,
            Rule::G2 => Remedy::MendPair(match &*self.problem {
                Violation::Pair { fault, .. } => *fault,
                _ => PairFault::Other,
            }),
            Rule::G3 => Remedy::SetPairWhole,
            Rule::G5 => Remedy::MendEncryption(EncryptionRemedy::Encrypt),
            Rule::G6 if *self.problem == Violation::NewerThanLegacyTls => {
                Remedy::MendEncryption(EncryptionRemedy::ServeNewerClients)
            }
            Rule::G6 => Remedy::MendEncryption(EncryptionRemedy::ReplaceOldClients),
            Rule::S1 => Remedy::List(Listing::Settings),
            Rule::S2 if matches!(*self.problem, Violation::NotBuilt { .. }) => {
                Remedy::MendEncryption(EncryptionRemedy::BuildWithLegacyTls)
            }
            Rule::S2 => Remedy::UnsetSetting,
            Rule::S3 => match &*self.problem {
                Violation::AccountsAlone => Remedy::MendBackends(BackendsRemedy::NameUsers),
                Violation::DirectNotLast => Remedy::MendBackends(BackendsRemedy::NameDirectLast),
                Violation::LdapInClear { .. } => Remedy::MendBackends(BackendsRemedy::EncryptLdap),
                _ => Remedy::MendBackends(BackendsRemedy::NameLocalFirst),
            },
            Rule::S4 => Remedy::MendBackends(BackendsRemedy::SetLdap),
            Rule::U1 => Remedy::List(Listing::Logins),
            Rule::U2 => Remedy::ChoosePassword,
            Rule::U3 => Remedy::ShowUser,
            Rule::U4 => Remedy::GiveLogin,
            Rule::U5 if *self.problem == Violation::BreakGlassWithoutPassword => Remedy::GivePassword,
            Rule::U5 => Remedy::EndBreakGlass,
            Rule::C1 | Rule::C2 | Rule::C3 | Rule::Q1 => self.remedy_of_dialplan(),
            Rule::C4 => Remedy::GiveOwnDevice,
            Rule::N1 => Remedy::List(Listing::DialRules),
            Rule::N2 => Remedy::MoveDialRule,
            Rule::B1 => Remedy::GiveEntryName,
            Rule::B2 => Remedy::List(Listing::Entries),
            Rule::A1 => Remedy::List(Listing::Accounts),
            Rule::A2 => Remedy::GiveRight,
            Rule::A3 => Remedy::GiveAccountPassword,
            Rule::D1 => Remedy::ReadExport,
            Rule::V1 => Remedy::LookAgain,
        }
    }

    fn remedy_of_tabber(&self) -> Remedy {
        match *self.problem {
            Violation::TabberWithoutTab => Remedy::MendProfile(ProfileRemedy::AddTab),
            Violation::TabberMisplaced { .. } => Remedy::MendProfile(ProfileRemedy::MoveTabber),
            _ => Remedy::MendProfile(ProfileRemedy::AddTabber),
        }
    }

    fn remedy_of_dialplan(&self) -> Remedy {
        let is_section =
            matches!(*self.problem, Violation::Reserved(Reserved::Section { .. } | Reserved::Extension(_)));
        let is_reserved = matches!(*self.problem, Violation::Reserved(_));
        let is_of = |kind: Kind, what: TargetKind| self.on.kind() == Some(kind) || self.on.what() == Some(what);
        match self.rule {
            Rule::C1 if is_section => Remedy::GiveLike(Example::Context),
            Rule::C1 => Remedy::List(Listing::Contexts),
            Rule::C2 if is_reserved => Remedy::GiveLike(Example::Number),
            Rule::C2 => Remedy::List(Listing::Numbers),
            Rule::C3 if matches!(self.on.kind(), Some(Kind::PhoneBookEntry | Kind::Account | Kind::DialRule)) => {
                Remedy::List(Listing::ContextNames)
            }
            Rule::C3 => Remedy::ShowUserParts,
            _ if is_section => Remedy::GiveLike(Example::QueueOrAgent),
            _ if is_of(Kind::Queue, TargetKind::Queue) => Remedy::List(Listing::Queues),
            _ if is_of(Kind::Agent, TargetKind::AgentNumber) => Remedy::List(Listing::Agents),
            _ => Remedy::List(Listing::Voicemails),
        }
    }
}

/// Of what is more than one text under its rule; the others have the example of the rule.
fn example_of(what: TargetKind) -> Option<Example> {
    match what {
        TargetKind::EmailAddress => Some(Example::UserEmail),
        TargetKind::MobileNumber => Some(Example::MobileNumber),
        TargetKind::Device => Some(Example::Device),
        TargetKind::ConferenceName => Some(Example::ConferenceName),
        TargetKind::ConferencePin => Some(Example::ConferencePin),
        TargetKind::Penalty | TargetKind::WrapUpTime => Some(Example::ZeroByDefault),
        TargetKind::Queue => Some(Example::Queue),
        TargetKind::Number => Some(Example::EntryNumber),
        TargetKind::Account => Some(Example::Account),
        TargetKind::AccountKind
        | TargetKind::AgentNumber
        | TargetKind::Backend
        | TargetKind::Certificate
        | TargetKind::Color
        | TargetKind::ColumnType
        | TargetKind::ConferenceNumber
        | TargetKind::Context
        | TargetKind::Days
        | TargetKind::Description
        | TargetKind::DialRule
        | TargetKind::DisplayName
        | TargetKind::Document
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
        | TargetKind::Name
        | TargetKind::NextIds
        | TargetKind::Password
        | TargetKind::PasswordHash
        | TargetKind::PhoneBookEntry
        | TargetKind::PhoneHint
        | TargetKind::PhoneHintGroup
        | TargetKind::PhoneHintText
        | TargetKind::Pin
        | TargetKind::Preference
        | TargetKind::Presence
        | TargetKind::PresenceAction
        | TargetKind::PresenceGroup
        | TargetKind::Profile
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
        | TargetKind::User
        | TargetKind::Uuid
        | TargetKind::VoicemailBox
        | TargetKind::Xlet
        | TargetKind::XletFlags
        | TargetKind::XletNumber
        | TargetKind::XletPosition
        | TargetKind::FormField(_)
        | TargetKind::PreferenceValue(_)
        | TargetKind::SettingValue(_) => None,
    }
}
