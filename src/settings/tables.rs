//! The one list of the tables of the configuration. All that must be done with every table walks it: what lists the members
//! of `Configuration` somewhere else forgets one some day. Each type of the list must be an `Object` here, `Stored` in
//! `store` and `Documented` in `exchange`, or those rooms do not compile; docs/journeys.md ("Adding a table") says the rest.

use std::fmt;

/// Hands the list to a macro, behind `[what else is given]`: member, type and its module, and the word that the database has
/// for the kind and its table; from what is referred to down to what refers to it.
macro_rules! configuration_tables {
    ([$($then:tt)*] $(, $($with:tt)*)?) => {
        $($then)*! {
            [$($($with)*)?]
            presence_groups: presence::PresenceGroup = "presence_group",
            presences: presence::Presence = "presence",
            phone_hint_groups: phone_hint::PhoneHintGroup = "phone_hint_group",
            profiles: profile::Profile = "profile",
            contexts: context::Context = "context",
            users: user::User = "user",
            lines: line::Line = "line",
            voicemails: voicemail::Voicemail = "voicemail",
            conferences: conference::Conference = "conference",
            agents: agent::Agent = "agent",
            queues: queue::Queue = "queue",
            dial_rules: dial_rule::DialRule = "dial_rule",
            accounts: account::Account = "account",
            phone_book: phone_book::PhoneBookEntry = "phone_book_entry",
        }
    };
}

macro_rules! kinds {
    ([] $($table:ident: $module:ident::$object:ident = $word:literal,)*) => {
        /// The kinds of configured objects: the words of the `change` table and the audit, and of every message to people.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub(crate) enum Kind {
            Server,
            Setting,
            $($object,)*
        }

        impl Kind {
            pub(crate) const ALL: [Self; 2 + [$($word),*].len()] = [Self::Server, Self::Setting, $(Self::$object),*];

            /// The word in the database (`change.kind`, `audit.kind`) and the name of the kind's table.
            pub(crate) fn as_str(self) -> &'static str {
                match self {
                    Self::Server => "server",
                    Self::Setting => "setting",
                    $(Self::$object => $word,)*
                }
            }

            pub(crate) fn parse(word: &str) -> Option<Self> {
                Self::ALL.into_iter().find(|kind| kind.as_str() == word)
            }
        }
    };
}
configuration_tables!([kinds]);

impl fmt::Display for Kind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_str().replace('_', " ").fmt(out)
    }
}

/// Does something with every table, given its member and type, in the order of the list:
/// `for_each_table! { ($table:ident, $object:ty) => { save(&old.$table, &new.$table)?; } }`.
#[rustfmt::skip]
macro_rules! for_each_table {
    ($pattern:tt => $body:tt) => {
        macro_rules! on_table {
            $pattern => $body;
        }
        $crate::settings::tables::configuration_tables!([$crate::settings::tables::each_table], on_table);
    };
}

/// Does something with the table of a kind; what is no table has arms of its own:
/// `on_table_of!(kind, ($table:ident, $object:ty) => { self.$table.len() }, Kind::Server | Kind::Setting => 0)`.
#[rustfmt::skip]
macro_rules! on_table_of {
    ($kind:expr, $pattern:tt => $body:tt, $($others:tt)*) => {{
        macro_rules! on_table {
            $pattern => $body;
        }
        $crate::settings::tables::configuration_tables!(
            [$crate::settings::tables::match_tables], on_table, $kind, $($others)*
        )
    }};
}

macro_rules! each_table {
    ([$then:ident] $($table:ident: $module:ident::$object:ident = $word:literal,)*) => {
        $($then!($table, $crate::settings::$module::$object);)*
    };
}

macro_rules! match_tables {
    (
        [$then:ident, $kind:expr, $($others:tt)*]
        $($table:ident: $module:ident::$object:ident = $word:literal,)*
    ) => {
        match $kind {
            $($crate::settings::tables::Kind::$object => $then!($table, $crate::settings::$module::$object),)*
            $($others)*
        }
    };
}

pub(crate) use {configuration_tables, each_table, for_each_table, match_tables, on_table_of};
