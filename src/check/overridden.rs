//! Settings that are stored and do not act, for something above the database says otherwise; and a running server that reads
//! other settings files than whoever looks. The server tells its own layers: what it has in effect is what counts.

use std::sync::Arc;

use crate::config::{Effective, FileLayer, FilePlace, FileValue, Origin, Overrides, named_addresses};
use crate::control::{FileSetting, ServerStatus};
use crate::settings::rule::Severity;
use crate::settings::setting::{Key, Layer, SettingValue};

use super::{Defect, Finding, Remedy};

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
    let here = Overrides { command_line: server.command_line.clone(), files: Arc::clone(&here.files) };
    let (here, there) = (Effective::new(settings, &here), Effective::new(settings, server));
    let is_untold = |key: Key| key.is_secret() && there.value(key).reveal() == UNTOLD_SECRET;
    let differs = |key: &Key| here.value(*key) != there.value(*key) && !is_untold(*key) && *key != Key::ConsoleTheme;
    let finding = |key: Key| {
        let of = |effective: &Effective| (effective.value(key).clone(), effective.origin(key).clone());
        let defect = Defect::OtherFiles { there: of(&there), here: of(&here) };
        Finding::of_setting(Severity::Warning, key, defect, Remedy::ReadSameFiles)
    };
    Key::ALL.iter().copied().filter(differs).map(finding).collect()
}
