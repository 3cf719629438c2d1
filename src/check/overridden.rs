//! Settings that are stored and do not act, for something above the database says otherwise; and a running server that reads
//! other settings files than whoever looks. The server tells its own layers: what it has in effect is what counts.

use std::sync::Arc;

use crate::config::{Effective, FileLayer, FilePlace, FileValue, Origin, Overrides, named_addresses};
use crate::control::{FileSetting, ServerStatus};
use crate::settings::rule::Severity;
use crate::settings::setting::{Key, Layer, SettingValue};
use crate::settings::table::Kind;

use super::Finding;

/// What stands for a secret that the server does not tell.
const UNTOLD_SECRET: &str = "untold";

/// The layer of the files that the server read; None: it is an older one and does not tell.
pub(crate) fn files_of(status: &ServerStatus) -> Option<FileLayer> {
    let value = |told: &FileSetting| {
        let key = Key::parse(&told.key).ok()?;
        let value = SettingValue::parse(key, told.value.as_deref().unwrap_or(UNTOLD_SECRET)).ok()?;
        let place =
            FilePlace { file: told.file.as_str().into(), rank: told.rank, line: told.line, column: told.column };
        Some((key, FileValue { value, place }))
    };
    status.files.as_ref().map(|files| FileLayer::in_force(files.iter().filter_map(value)))
}

/// What the server says that stands above its database, as far as it does; for the rest these.
pub(super) fn overrides_of(status: &ServerStatus, here: &Overrides) -> Overrides {
    let files = files_of(status).map_or_else(|| Arc::clone(&here.files), Arc::new);
    Overrides { command_line: named_addresses(&status.named), files }
}

/// What the database says and something above it says otherwise.
pub(super) fn findings(settings: &Layer, overrides: &Overrides) -> Vec<Finding> {
    let effective = Effective::new(settings, overrides);
    let finding = |(key, stored): (&Key, &SettingValue)| {
        let (message, remedy) = match effective.origin(*key) {
            Origin::CommandLine => (
                format!("is {stored}, but the server was started with `--listen`: {}", effective.value(*key)),
                format!("start the server without `--listen`, or take it out: `ctibox setting unset {key}`"),
            ),
            Origin::File(place) => (
                format!(
                    "is stored as {stored}, but has no effect: {} line {} overrides it with {}",
                    place.file,
                    place.line,
                    effective.value(*key)
                ),
                format!("take it out of that file, or out of the database: `ctibox setting unset {key}`"),
            ),
            Origin::Database | Origin::Default => return None,
        };
        Some(warning(*key, message, remedy))
    };
    settings.iter().filter(|(key, stored)| *stored != effective.value(**key)).filter_map(finding).collect()
}

/// What the server has in effect and whoever looks here would not think, for other files are read here.
pub(super) fn other_files(settings: &Layer, here: &Overrides, server: &Overrides) -> Vec<Finding> {
    let here = Overrides { command_line: server.command_line.clone(), files: Arc::clone(&here.files) };
    let (here, there) = (Effective::new(settings, &here), Effective::new(settings, server));
    let is_untold = |key: Key| key.is_secret() && there.value(key).reveal() == UNTOLD_SECRET;
    let differs = |key: &Key| here.value(*key) != there.value(*key) && !is_untold(*key) && *key != Key::ConsoleTheme;
    let finding = |key: Key| {
        let message = format!(
            "is {} in the running server ({}), but {} by the settings files that are read here ({})",
            shown(there.value(key)),
            there.origin(key),
            shown(here.value(key)),
            here.origin(key)
        );
        let remedy = "the server was started with other settings files: start it with the same ones, or name its main file \
                      here with `--config FILE`";
        warning(key, message, remedy.to_owned())
    };
    Key::ALL.iter().copied().filter(differs).map(finding).collect()
}

fn shown(value: &SettingValue) -> String {
    Some(value.to_string()).filter(|text| !text.is_empty()).unwrap_or_else(|| "not set".to_owned())
}

fn warning(key: Key, message: String, remedy: String) -> Finding {
    Finding {
        severity: Severity::Warning,
        refusal: None,
        about: Some((Kind::Setting, key.place())),
        on: format!("setting {key}"),
        message,
        remedy,
    }
}
