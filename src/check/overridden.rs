//! Settings that are stored and do not act, for something above the database says otherwise; and a running server that reads
//! other settings files than whoever looks. The server tells its own layers: what it has in effect is what counts.

use std::sync::Arc;

use crate::config::{Effective, FileLayer, FilePlace, FileValue, Origin, Overrides, named_addresses};
use crate::control::{FileSetting, ServerStatus};
use crate::settings::rule::Severity;
use crate::settings::setting::{Key, Layer, SettingValue};

use super::{Defect, Finding, Remedy};

/// What people read where a secret is that the server does not tell.
const UNTOLD_SECRET: &str = "untold";

/// The layer of the files that the server read; None: it is an older one and does not tell. It tells no secrets: they are
/// those that are read here in the same place.
pub(crate) fn files_of(status: &ServerStatus, here: &FileLayer) -> Option<FileLayer> {
    let value = |told: &FileSetting| {
        let key = Key::parse(&told.key).ok()?;
        let place =
            FilePlace { file: told.file.as_str().into(), rank: told.rank, line: told.line, column: told.column };
        let is_there = |read: &&FileValue| {
            (&read.place.file, read.place.line, read.place.column) == (&place.file, place.line, place.column)
        };
        let read = || here.of(key).iter().find(is_there).map(|read| read.value.reveal());
        let text = told.value.as_deref().or_else(read);
        let value = SettingValue::parse(key, text.unwrap_or(UNTOLD_SECRET)).ok()?;
        Some((key, FileValue { value, is_untold: text.is_none(), place: place.clone() }))
    };
    status.files.as_ref().map(|files| FileLayer::in_force(files.iter().filter_map(value)))
}

/// What the server says that stands above its database, as far as it does; for the rest these.
pub(super) fn overrides_of(status: &ServerStatus, here: &Overrides) -> Overrides {
    let files = files_of(status, &here.files).map_or_else(|| Arc::clone(&here.files), Arc::new);
    Overrides { command_line: named_addresses(&status.named), files }
}

/// What the database says and something above it says otherwise.
pub(super) fn findings(settings: &Layer, overrides: &Overrides) -> Vec<Finding> {
    let effective = Effective::new(settings, overrides);
    let finding = |(key, stored): (&Key, &SettingValue)| {
        let (stored, in_force) = (stored.clone(), effective.value(*key).clone());
        let (defect, remedy) = match effective.origin(*key) {
            Origin::CommandLine => (Defect::OverriddenByCommandLine { stored, in_force }, Remedy::UnsetListen(*key)),
            Origin::File(place) => {
                (Defect::OverriddenByFile { stored, in_force, place: place.clone() }, Remedy::UnsetOne(*key))
            }
            Origin::Database | Origin::Default => return None,
        };
        Some(Finding::of_setting(Severity::Warning, *key, defect, remedy))
    };
    settings.iter().filter(|(key, stored)| *stored != effective.value(**key)).filter_map(finding).collect()
}

/// What the server has in effect and whoever looks here would not think, for other files are read here.
pub(super) fn other_files(settings: &Layer, here: &Overrides, server: &Overrides) -> Vec<Finding> {
    let files = &here.files;
    let here = Overrides { command_line: server.command_line.clone(), files: Arc::clone(files) };
    let (here, there) = (Effective::new(settings, &here), Effective::new(settings, server));
    // What cannot be taken here is told as such; the server goes on with what it had.
    let is_wrong = |key: Key| match key {
        // The two are about one thing (settings §1.9).
        Key::AuthBackend | Key::AuthBackends => files.is_wrong(Key::AuthBackend) || files.is_wrong(Key::AuthBackends),
        key => files.is_wrong(key),
    };
    let is_known = |key: Key| !there.is_untold(key) && !is_wrong(key) && key != Key::ConsoleTheme;
    let differs = |key: &Key| here.value(*key) != there.value(*key) && is_known(*key);
    let finding = |key: Key| {
        let of = |effective: &Effective| (effective.value(key).clone(), effective.origin(key).clone());
        let defect = Defect::OtherFiles { there: of(&there), here: of(&here) };
        Finding::of_setting(Severity::Warning, key, defect, Remedy::ReadSameFiles)
    };
    Key::ALL.iter().copied().filter(differs).map(finding).collect()
}
