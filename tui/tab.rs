//! The places of the top bar: their words, their keys, and where which object is edited.

use super::keys::Key;
use crate::settings::table::Kind;

/// `--screen` names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Tab {
    Overview,
    Presences,
    Profiles,
    Users,
    Hints,
    Contexts,
    Queues,
    Settings,
    Certificates,
    Sessions,
    Telephony,
    PhoneBook,
    Accounts,
    Voicemails,
    Rooms,
    History,
    Help,
}

impl Tab {
    pub(crate) const ALL: [Self; 17] = [
        Self::Overview,
        Self::Presences,
        Self::Profiles,
        Self::Users,
        Self::Hints,
        Self::Contexts,
        Self::Queues,
        Self::Settings,
        Self::Certificates,
        Self::Sessions,
        Self::Telephony,
        Self::PhoneBook,
        Self::Accounts,
        Self::Voicemails,
        Self::Rooms,
        Self::History,
        Self::Help,
    ];

    /// The word for `--screen` and the top bar.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Overview => "overview",
            Self::Presences => "presences",
            Self::Profiles => "profiles",
            Self::Users => "users",
            Self::Hints => "hints",
            Self::Contexts => "contexts",
            Self::Queues => "queues",
            Self::Settings => "settings",
            Self::Certificates => "certificates",
            Self::Sessions => "sessions",
            Self::Telephony => "telephony",
            Self::PhoneBook => "phone-book",
            Self::Accounts => "accounts",
            Self::Voicemails => "voicemails",
            Self::Rooms => "rooms",
            Self::History => "history",
            Self::Help => "help",
        }
    }

    /// What stands above its screen.
    pub(super) fn heading(self) -> &'static str {
        match self {
            Self::Overview => "Overview",
            Self::Presences => "Presences",
            Self::Profiles => "Profiles",
            Self::Users => "Users",
            Self::Hints => "Phone hints",
            Self::Contexts => "Contexts and lines",
            Self::Queues => "Agents and queues",
            Self::Settings => "General settings",
            Self::Certificates => "Certificates",
            Self::Sessions => "Sessions",
            Self::Telephony => "Telephony",
            Self::PhoneBook => "Phone book",
            Self::Accounts => "Accounts",
            Self::Voicemails => "Voicemail boxes",
            Self::Rooms => "Conference rooms",
            Self::History => "History",
            Self::Help => "Help",
        }
    }

    /// In the top bar, after the key.
    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Hints => "Hints",
            Self::Contexts => "Contexts",
            Self::Queues => "Queues",
            Self::Settings => "Settings",
            Self::Voicemails => "Voicemail",
            Self::Rooms => "Rooms",
            other => other.heading(),
        }
    }

    /// The same where there is no room for the word; none: the key says it all.
    pub(super) fn short_label(self) -> &'static str {
        match self {
            Self::Overview => "Over",
            Self::Presences => "Pres",
            Self::Profiles => "Prof",
            Self::Users => "Users",
            Self::Hints => "Hints",
            Self::Contexts => "Ctx",
            Self::Queues => "Queues",
            Self::Settings => "Set",
            Self::Certificates => "Certs",
            Self::Sessions => "Sess",
            Self::Telephony => "Tel",
            Self::PhoneBook => "Book",
            Self::Accounts => "Acc",
            Self::Voicemails => "VM",
            Self::Rooms => "Rooms",
            Self::History => "Hist",
            Self::Help => "",
        }
    }

    /// The key that goes there from any screen without an open form.
    pub(super) fn key(self) -> Key {
        Key::char(match self {
            Self::Overview => '1',
            Self::Presences => '2',
            Self::Profiles => '3',
            Self::Users => '4',
            Self::Hints => '5',
            Self::Contexts => '6',
            Self::Queues => '7',
            Self::Settings => '8',
            Self::Certificates => '9',
            Self::Sessions => '0',
            Self::Telephony => 'T',
            Self::PhoneBook => 'B',
            Self::Accounts => 'A',
            Self::Voicemails => 'V',
            Self::Rooms => 'R',
            Self::History => 'h',
            Self::Help => '?',
        })
    }

    /// Where objects of this kind are edited.
    pub(super) fn of(kind: Kind) -> Option<Self> {
        match kind {
            Kind::Server => None,
            Kind::Setting => Some(Self::Settings),
            Kind::PresenceGroup | Kind::Presence => Some(Self::Presences),
            Kind::PhoneHintGroup => Some(Self::Hints),
            Kind::Profile => Some(Self::Profiles),
            Kind::User => Some(Self::Users),
            Kind::Context | Kind::Line => Some(Self::Contexts),
            Kind::Voicemail => Some(Self::Voicemails),
            Kind::Conference => Some(Self::Rooms),
            Kind::PhoneBookEntry => Some(Self::PhoneBook),
            Kind::Account => Some(Self::Accounts),
            Kind::Agent | Kind::Queue => Some(Self::Queues),
            Kind::DialRule => Some(Self::Telephony),
        }
    }
}
