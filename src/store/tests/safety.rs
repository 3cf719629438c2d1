//! Backups, and several hands at once.

use std::os::unix::fs::PermissionsExt;
use std::sync::atomic::{AtomicBool, Ordering};

use super::*;

#[test]
fn a_backup_is_whole_while_others_write() {
    let (folder, store) = fresh();
    let file = folder.path().join("copy.db");
    let is_over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let writing = scope.spawn(|| {
            let mut number = 0;
            while !is_over.load(Ordering::Relaxed) {
                number += 1;
                store.change(&origin(), |it| add_user(it, number)).expect("taken");
            }
        });
        for _ in 0..10 {
            store.backup(&file).expect("a backup");
            let looked = inspect::look_at(&file).expect("a backup");
            assert!(looked.integrity().expect("readable").is_empty());
            let found = looked.configuration().expect("readable");
            assert_eq!(found.users.len(), found.lines.len());
        }
        is_over.store(true, Ordering::Relaxed);
        writing.join().expect("no panic");
    });
    assert_eq!(file.metadata().expect("is there").permissions().mode() & 0o777, 0o600);
    let names: Vec<_> = contents(folder.path()).into_iter().map(|(path, _)| path).collect();
    assert!(names.iter().all(|path| !path.to_string_lossy().contains(".part-")), "{names:?}");
}

#[test]
fn a_backup_is_not_written_over_the_database_or_a_strangers_file() {
    let (folder, store) = fresh();
    let letter = folder.path().join("letter.txt");
    std::fs::write(&letter, "Dear").expect("written");
    let link = folder.path().join("link.db");
    std::os::unix::fs::symlink(database(folder.path()), &link).expect("made");
    for target in [letter, link, database(folder.path())] {
        let error = store.backup(&target).expect_err("refused");
        assert!(matches!(error, StoreError::BackupTarget { .. }), "{error:?}");
    }
    store.configuration().expect("still there");
}

#[test]
fn nightly_backups_are_pruned_to_the_newest() {
    let (folder, store) = fresh();
    assert_eq!(store.backup_of_day("2026-01-01", 0).expect("nothing to do"), None);
    let backups = backups_folder(folder.path());
    assert!(!backups.exists());
    std::fs::create_dir(&backups).expect("made");
    std::fs::write(backups.join("ctibox-by-hand.db"), "mine").expect("written");
    for day in ["2025-12-30", "2025-12-31", "2026-01-01", "2026-01-02"] {
        store.backup_of_day(day, 2).expect("a backup");
    }
    let names: Vec<_> =
        contents(&backups).into_iter().filter_map(|(path, _)| path.file_name().map(ToOwned::to_owned)).collect();
    assert_eq!(names, ["ctibox-2026-01-01.db", "ctibox-2026-01-02.db", "ctibox-by-hand.db"]);
}

#[test]
fn two_who_make_the_first_database_get_the_same() {
    let folder = tempfile::tempdir().expect("a folder");
    let made: usize = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4)
            .map(|_| scope.spawn(|| Store::open(folder.path(), default_data).expect("a database").is_new))
            .collect();
        threads.into_iter().map(|thread| usize::from(thread.join().expect("no panic"))).sum()
    });
    assert_eq!(made, 1);
    assert_eq!(open(folder.path()).configuration().expect("readable"), default_data());
    let names: Vec<_> = contents(folder.path()).into_iter().map(|(path, _)| path).collect();
    assert!(names.iter().all(|path| !path.to_string_lossy().contains(".new-")), "{names:?}");
}
