//! Values for the shell's completion: logins, presences, profiles and the other names of the data folder that the
//! unfinished command line names. A completion that cannot read it offers nothing and says nothing.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap_complete::engine::{ArgValueCandidates, CompletionCandidate};

use super::{DATA_FOLDER, DATA_VARIABLE, folder};
use crate::settings::account::{AccountKind, AccountRight};
use crate::settings::configuration::Configuration;
use crate::settings::default::Language;
use crate::settings::label::dial_rule_name;
use crate::settings::preference::Preference;
use crate::settings::profile::{Position, Service, Xlet};
use crate::settings::setting::{Key, SettingValue};
use crate::store::Inspection;

macro_rules! candidates {
    ($($name:ident: $configuration:ident => $values:expr;)*) => {$(
        pub(crate) fn $name() -> ArgValueCandidates {
            ArgValueCandidates::new(|| offered(|$configuration| $values))
        }
    )*};
}

candidates! {
    users: c => c.users.iter().map(|user| (user.login_or_id(), user.full_name())).collect();
    contexts: c => c.contexts.iter().map(|context| (context.name.to_string(), String::new())).collect();
    profiles: c => c.profiles.iter().map(|profile| (profile.name.to_string(), String::new())).collect();
    presence_groups: c => c.presence_groups.iter().map(|g| (g.name.to_string(), g.description.to_string())).collect();
    presences: c => c.presences.iter().map(|p| (p.name.to_string(), p.display.to_string())).collect();
    hint_groups: c => c.phone_hint_groups.iter().map(|g| (g.name.to_string(), g.description.to_string())).collect();
    lines: c => c.lines.iter().map(|line| (line.extension.to_string(), line.device.to_string())).collect();
    voicemails: c => c.voicemails.iter().map(|found| (found.mailbox.to_string(), String::new())).collect();
    conferences: c => c.conferences.iter().map(|room| (room.number.to_string(), room.name.to_string())).collect();
    agents: c => agents_named(c);
    accounts: c => c.accounts.iter().map(|account| (account.name.to_string(), account.kind.to_string())).collect();
    dial_rules: c => c.ordered_dial_rules().iter().zip(1..).map(|(rule, place): (_, usize)| {
        (place.to_string(), dial_rule_name(rule.prefix.as_str()))
    }).collect();
    queues: c => c.queues.iter().map(|queue| (queue.name.to_string(), queue.display.to_string())).collect();
}

pub(crate) fn phone_book() -> ArgValueCandidates {
    ArgValueCandidates::new(|| {
        let entries = inspection().and_then(|inspection| inspection.whole_configuration().ok());
        let entries = entries.iter().flat_map(|whole| whole.entries().iter());
        candidates(entries.map(|entry| (entry.id.to_string(), entry.details.shown_name())))
    })
}

pub(crate) fn queue_members() -> ArgValueCandidates {
    ArgValueCandidates::new(|| offered(|c| [agents_named(c), lines_in_context(c)].concat()))
}

pub(crate) fn settings() -> ArgValueCandidates {
    ArgValueCandidates::new(|| Key::ALL.iter().map(|key| CompletionCandidate::new(key.as_str())).collect())
}

/// The words that the setting may be which the line names, else its default.
pub(crate) fn setting_values() -> ArgValueCandidates {
    ArgValueCandidates::new(|| {
        let line = std::env::args_os().map(|word| word.to_string_lossy().into_owned());
        values_of_setting(line).into_iter().map(CompletionCandidate::new).collect()
    })
}

pub(crate) fn services() -> ArgValueCandidates {
    ArgValueCandidates::new(|| Service::ALL.iter().map(|service| CompletionCandidate::new(service.as_str())).collect())
}

pub(crate) fn xlets() -> ArgValueCandidates {
    ArgValueCandidates::new(|| Xlet::ALL.iter().map(|xlet| CompletionCandidate::new(xlet.as_str())).collect())
}

pub(crate) fn positions() -> ArgValueCandidates {
    ArgValueCandidates::new(|| Position::ALL.iter().map(|place| CompletionCandidate::new(place.as_str())).collect())
}

pub(crate) fn preferences() -> ArgValueCandidates {
    ArgValueCandidates::new(|| Preference::ALL.iter().map(|name| CompletionCandidate::new(name.as_str())).collect())
}

pub(crate) fn account_kinds() -> ArgValueCandidates {
    ArgValueCandidates::new(|| AccountKind::ALL.iter().map(|kind| CompletionCandidate::new(kind.as_str())).collect())
}

pub(crate) fn account_rights() -> ArgValueCandidates {
    ArgValueCandidates::new(|| AccountRight::ALL.iter().map(|right| CompletionCandidate::new(right.as_str())).collect())
}

pub(crate) fn languages() -> ArgValueCandidates {
    ArgValueCandidates::new(|| Language::ALL.iter().map(|name| CompletionCandidate::new(name.as_str())).collect())
}

pub(crate) fn actions() -> ArgValueCandidates {
    const ACTIONS: [&str; 5] =
        ["enablednd=true", "enablednd=false", "queuepause_all", "queueunpause_all", "agentlogoff"];
    ArgValueCandidates::new(|| ACTIONS.map(CompletionCandidate::new).into())
}

fn agents_named(c: &Configuration) -> Vec<(String, String)> {
    c.agents.iter().map(|a| (a.number.to_string(), format!("{} {}", a.first_name, a.last_name))).collect()
}

fn lines_in_context(c: &Configuration) -> Vec<(String, String)> {
    c.lines.iter().map(|line| (line.name(c), line.device.to_string())).collect()
}

fn values_of_setting(line: impl Iterator<Item = String>) -> Vec<&'static str> {
    let Some(key) = line.skip_while(|word| word != "setting").find_map(|word| Key::parse(&word).ok()) else {
        return Vec::new();
    };
    let is_acting = |word: &&str| SettingValue::parse(key, word).is_ok_and(|value| value.inert().is_none());
    match key.value_type().words() {
        words if !words.is_empty() => words.iter().copied().filter(is_acting).collect(),
        _ => vec![key.default_text()].into_iter().filter(|text| !text.is_empty()).collect(),
    }
}

fn offered(values: fn(&Configuration) -> Vec<(String, String)>) -> Vec<CompletionCandidate> {
    let configuration = inspection().and_then(|inspection| inspection.configuration().ok());
    candidates(configuration.iter().flat_map(values))
}

/// Names, and what is told beside them.
fn candidates(values: impl Iterator<Item = (String, String)>) -> Vec<CompletionCandidate> {
    let help = |help: String| Some(help).filter(|help| !help.is_empty()).map(Into::into);
    values.map(|(name, words)| CompletionCandidate::new(name).help(help(words))).collect()
}

/// Only a look: pressing a key must not bring a database up to date.
fn inspection() -> Option<Inspection> {
    let named = folder_named(std::env::args_os()).or_else(|| std::env::var_os(DATA_VARIABLE).map(PathBuf::from));
    let data = named.unwrap_or_else(|| Path::new(DATA_FOLDER).to_owned());
    folder::become_owner(&data).ok()?;
    Inspection::open(&data).ok()?
}

/// The value of `--data` on the line that is being typed.
fn folder_named(words: impl Iterator<Item = OsString>) -> Option<PathBuf> {
    let mut words = words.map(|word| word.to_string_lossy().into_owned());
    while let Some(word) = words.next() {
        match word.strip_prefix("--data") {
            Some("") => return words.next().map(PathBuf::from),
            Some(value) if value.starts_with('=') => return Some(PathBuf::from(&value[1..])),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_values_of_a_setting_are_those_that_something_acts_by() {
        let offered = |line: &str| values_of_setting(line.split(' ').map(str::to_owned));
        assert_eq!(offered("ctibox setting set encryption.mode o"), ["off", "offer", "require"]);
        assert_eq!(offered("ctibox --data /client.port setting set strict_presence "), ["true", "false"]);
        assert_eq!(offered("ctibox setting set client.port "), ["5003"]);
        assert_eq!(offered("ctibox setting set ami.tls "), ["true", "false"]);
        if cfg!(not(feature = "legacy-tls")) {
            assert_eq!(offered("ctibox setting set encryption.allow_legacy_tls "), ["false"]);
        }
        assert_eq!(offered("ctibox setting set nothing "), [""; 0]);
    }

    #[test]
    fn the_unfinished_line_names_the_folder() {
        let named = |line: &str| folder_named(line.split(' ').map(OsString::from));
        assert_eq!(named("ctibox --data /x user show a"), Some(PathBuf::from("/x")));
        assert_eq!(named("ctibox user show a --data=/y"), Some(PathBuf::from("/y")));
        assert_eq!(named("ctibox user show a"), None);
    }
}
