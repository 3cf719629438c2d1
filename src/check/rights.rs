//! Whether others on the host can read or change what is secret: the database and its copies, which hold password hashes
//! and PINs, the private keys, and settings files in which another system's secret stands. Looks at modes alone and changes
//! nothing: who let others in may have had a reason, which is theirs to take back.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use super::{Defect, Exposure, Finding, FindingTarget, Remedy, SecretKind};
use crate::config::FileLayer;
use crate::settings::rule::Severity;
use crate::settings::setting::Key;
use crate::store;

const OTHERS_WRITE: u32 = 0o002;
const OTHERS: u32 = 0o007;
const GROUP_WRITES: u32 = 0o020;

/// Of the files in the data folder, and, wherever they lie, of the private key that clients' encryption hangs on and of the
/// settings files.
pub(crate) fn findings(folder: &Path, key: &Path, settings: &FileLayer) -> Vec<Finding> {
    let mut secrets = vec![(SecretKind::Key, key.to_owned())];
    let is_database = |name: &str| name.starts_with("ctibox.db");
    secrets.extend(files(folder, is_database).into_iter().map(|path| (SecretKind::Database, path)));
    let of_backups = files(&store::backups_folder(folder), |name| name.contains(".db"));
    secrets.extend(of_backups.into_iter().map(|path| (SecretKind::Database, path)));
    let keys = files(&folder.join("certs"), |name| name.ends_with(".key"));
    secrets.extend(keys.into_iter().filter(|path| path != key).map(|path| (SecretKind::Key, path)));
    secrets.extend(with_secrets(settings).into_iter().map(|path| (SecretKind::Settings, path)));
    secrets
        .iter()
        .filter_map(|(kind, path)| finding(*kind, path, fs::metadata(path).ok()?.permissions().mode()))
        .collect()
}

/// The settings files that say a secret, whether or not another one hides it.
fn with_secrets(settings: &FileLayer) -> BTreeSet<PathBuf> {
    let secrets = Key::ALL.iter().filter(|key| key.is_secret()).flat_map(|key| settings.of(*key));
    let said = secrets.filter(|said| !said.value.reveal().is_empty());
    said.map(|said| PathBuf::from(&*said.place.file)).collect()
}

/// The files of a folder, by name; a folder that is not there has none.
fn files(folder: &Path, is_wanted: impl Fn(&str) -> bool) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let wanted = entries.filter(|entry| entry.file_name().to_str().is_some_and(&is_wanted));
    let mut paths: Vec<PathBuf> = wanted.map(|entry| entry.path()).filter(|path| path.is_file()).collect();
    paths.sort();
    paths
}

fn finding(kind: SecretKind, path: &Path, mode: u32) -> Option<Finding> {
    let (severity, exposure) = if mode & OTHERS_WRITE != 0 {
        (Severity::Error, Exposure::EverybodyWrites)
    } else if mode & OTHERS != 0 {
        (Severity::Warning, Exposure::EverybodyReads)
    } else if mode & GROUP_WRITES != 0 {
        (Severity::Warning, Exposure::GroupWrites)
    } else {
        return None;
    };
    let (on, remedy) = (FindingTarget::Secret(kind, path.to_owned()), Remedy::Restrict { path: path.to_owned(), kind });
    Some(Finding::new(severity, on, Defect::SecretIsOpen { exposure, mode, kind }, remedy))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{FileKind, Program, SettingsFile, layer_of};

    fn of_mode(mode: u32) -> Option<(Severity, String)> {
        finding(SecretKind::Key, Path::new("/etc/ctibox/server.key"), mode)
            .map(|finding| (finding.severity, finding.defect.to_string()))
    }

    /// Of the file.
    fn name(finding: &Finding) -> String {
        let FindingTarget::Secret(_, path) = &finding.on else { panic!("{finding:?}") };
        path.file_name().expect("a name").to_string_lossy().into_owned()
    }

    #[test]
    fn what_the_owner_and_a_reading_group_have_is_no_finding() {
        for mode in [0o100_600, 0o100_640, 0o100_400, 0o100_440] {
            assert_eq!(of_mode(mode), None, "{mode:o}");
        }
    }

    #[test]
    fn whom_a_file_is_open_to_decides_how_bad_it_is() {
        for (mode, severity, words) in [
            (0o100_644, Severity::Warning, "everybody on this host may read it (mode 0644)"),
            (0o100_604, Severity::Warning, "everybody on this host may read it (mode 0604)"),
            (0o100_660, Severity::Warning, "its group may change it (mode 0660)"),
            (0o100_666, Severity::Error, "everybody on this host may change it (mode 0666)"),
        ] {
            let (actual, message) = of_mode(mode).expect("a finding");
            assert_eq!(actual, severity, "{mode:o}");
            assert!(message.starts_with(words), "{message}");
        }
    }

    #[test]
    fn the_database_its_copies_and_every_key_are_looked_at() {
        let folder = tempfile::tempdir().expect("a folder");
        for inner in ["backups", "certs"] {
            fs::create_dir(folder.path().join(inner)).expect("made");
        }
        let names = ["ctibox.db", "ctibox.db-wal", "ctibox.db.before-V2", "backups/ctibox-1.db", "certs/own.key"];
        for name in names.iter().chain(&["certs/own.crt", "server.lock", "named.key"]) {
            let path = folder.path().join(name);
            fs::write(&path, "").expect("written");
            fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).expect("set");
        }
        let found = findings(folder.path(), &folder.path().join("named.key"), &FileLayer::default());
        let mut on: Vec<String> = found.iter().map(name).collect();
        on.sort_unstable();
        assert_eq!(on, ["ctibox-1.db", "ctibox.db", "ctibox.db-wal", "ctibox.db.before-V2", "named.key", "own.key"]);
        let absent = findings(&folder.path().join("absent"), &folder.path().join("absent.key"), &FileLayer::default());
        assert!(absent.is_empty(), "{absent:?}");
    }

    #[test]
    fn a_settings_file_is_looked_at_where_it_says_a_secret() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = |name: &str, text: &str| {
            let path = folder.path().join(name);
            fs::write(&path, text).expect("written");
            fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).expect("set");
            let bytes = Ok(text.as_bytes().to_vec());
            SettingsFile { program: Program::Ctibox, kind: FileKind::Extra, path: path.display().to_string(), bytes }
        };
        let layer = layer_of(&[
            file("1.yml", "ami: {secret: a}\n"),
            // Hidden by the first, and as secret.
            file("2.yml", "ami: {secret: b}\nauth: {ldap: {bind_password: c}}\n"),
            file("3.yml", "ami: {host: pbx.lan}\n"),
            file("4.yml", "ami: {secret: ''}\n"),
        ]);
        let found = findings(folder.path(), &folder.path().join("absent.key"), &layer);
        assert_eq!(found.iter().map(name).collect::<Vec<_>>(), ["1.yml", "2.yml"]);
        assert!(found.iter().all(|finding| finding.severity == Severity::Warning), "{found:?}");
        assert!(
            found[0].remedy.to_string().contains("chgrp ctibox"),
            "the service goes on reading it: {}",
            found[0].remedy
        );
    }
}
