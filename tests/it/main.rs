//! Black-box tests of the real binary: one module a behaviour family. They know the command line and the wire, nothing
//! of the sources; what they promise stands in `docs/protocol.md` and the commands' help.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr, clippy::missing_panics_doc)]

mod support;

mod accounts;
mod asterisk_check;
mod asterisk_link;
mod auth_chain;
mod bad_lines;
mod certificate_store;
mod certificates;
mod chat;
mod clients;
mod clock;
mod commands;
mod config_files;
mod console;
mod crash;
mod dark_connections;
mod data;
mod dial_rules;
mod disk;
mod documents;
mod effects;
mod events;
mod export_files;
mod hints;
mod history;
mod inert;
mod ldap;
mod lifecycle;
mod limits;
mod listening;
mod lists;
mod live;
mod login;
mod no_login;
mod people;
mod phonebook;
mod presence;
mod profiles;
mod refused_logins;
mod registrations;
mod rules;
mod secrets;
mod separation;
mod service;
mod services;
mod starttls;
mod status;
mod tables;
mod throttle;
mod tls_versions;
mod user_import;
mod visibility;
mod xivo_auth;
