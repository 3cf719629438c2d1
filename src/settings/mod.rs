//! The domain: presences, profiles, users, lines and all else that an administrator decides, as plain types with their
//! rules and edits. Everybody uses it; it uses nobody and does no IO: no file, no clock, no random source. What is read
//! from files and written to them stands in `exchange`.

pub(crate) mod account;
pub(crate) mod address_book;
pub(crate) mod address_group;
pub(crate) mod agent;
pub(crate) mod ami_settings;
pub(crate) mod auth_settings;
pub(crate) mod color;
pub(crate) mod column;
pub(crate) mod conference;
pub(crate) mod configuration;
pub(crate) mod console_theme;
pub(crate) mod context;
pub(crate) mod context_use;
pub(crate) mod count;
pub(crate) mod default;
pub(crate) mod dial_rule;
pub(crate) mod edit;
mod encryption;
#[cfg(test)]
pub(crate) mod fixtures;
pub(crate) mod fold;
pub(crate) mod host;
pub(crate) mod id;
mod inert;
pub(crate) mod label;
pub(crate) mod legacy_tls;
pub(crate) mod line;
pub(crate) mod login_record;
pub(crate) mod name;
pub(crate) mod network;
pub(crate) mod object_mend;
pub(crate) mod password;
pub(crate) mod phone_book;
pub(crate) mod phone_hint;
pub(crate) mod phone_number;
pub(crate) mod preference;
pub(crate) mod presence;
pub(crate) mod profile;
pub(crate) mod profile_fault;
pub(crate) mod prose;
pub(crate) mod queue;
pub(crate) mod remedy;
mod reserved;
pub(crate) mod rule;
pub(crate) mod rule_target;
pub(crate) mod search;
pub(crate) mod setting;
mod setting_help;
pub(crate) mod setting_page;
#[cfg(test)]
mod setting_tests;
mod setting_text;
pub(crate) mod state;
pub(crate) mod store_query;
mod string_enum;
pub(crate) mod table;
pub(crate) mod tables;
pub(crate) mod target_kind;
pub(crate) mod user;
mod validate;
pub(crate) mod violation;
pub(crate) mod voicemail;
pub(crate) mod whole;
pub(crate) mod wire_length;
