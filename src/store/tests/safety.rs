//! Backups, restore, and several hands at once.

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
fn restore_brings_the_backup_back_and_keeps_what_was_there() {
    let (folder, store) = fresh();
    let file = folder.path().join("copy.db");
    store.change(&origin(), |it| add_user(it, 1)).expect("taken");
    store.backup(&file).expect("a backup");
    let saved = store.configuration().expect("readable");
    store.change(&origin(), |it| add_user(it, 2)).expect("taken");
    let later = store.configuration().expect("readable");
    drop(store);
    let aside = restore(folder.path(), &file).expect("restored").aside.expect("moved aside");
    assert_eq!(open(folder.path()).configuration().expect("readable"), saved);
    assert_eq!(inspect::look_at(&aside).expect("kept").configuration().expect("readable"), later);
    // Into an empty folder as well.
    let empty = tempfile::tempdir().expect("a folder");
    assert!(restore(&empty.path().join("new"), &file).expect("restored").aside.is_none());
    assert_eq!(open(&empty.path().join("new")).configuration().expect("readable"), saved);
}

#[test]
fn what_a_crash_left_in_the_log_is_moved_aside_with_its_database() {
    let (crashed, store) = fresh();
    let file = crashed.path().join("copy.db");
    store.backup(&file).expect("a backup");
    store.change(&origin(), fill).expect("taken");
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["ctibox.db", "ctibox.db-wal"] {
        std::fs::copy(crashed.path().join(name), folder.path().join(name)).expect("copied");
    }
    let aside = restore(folder.path(), &file).expect("restored").aside.expect("moved aside");
    assert_eq!(open(folder.path()).configuration().expect("readable"), default_data());
    let kept = inspect::look_at(&aside).expect("kept").configuration().expect("readable");
    assert_eq!(kept, store.configuration().expect("readable"));
}

#[test]
fn restore_refuses_a_bad_file_and_a_served_folder_untouched() {
    let (folder, store) = fresh();
    let file = folder.path().join("copy.db");
    store.backup(&file).expect("a backup");
    drop(store);
    let mut bytes = std::fs::read(&file).expect("readable");
    let bad = folder.path().join("bad.db");
    bytes.truncate(bytes.len() / 2);
    std::fs::write(&bad, bytes).expect("written");
    let before = contents(folder.path());
    restore(folder.path(), &bad).expect_err("refused");
    restore(folder.path(), &folder.path().join("none.db")).expect_err("refused");
    assert!(contents(folder.path()) == before);
    let _lock = ServerLock::take(folder.path()).expect("free");
    let error = restore(folder.path(), &file).expect_err("refused");
    assert!(matches!(error, StoreError::Locked { .. }), "{error:?}");
    assert_eq!(open(folder.path()).configuration().expect("readable"), default_data());
}

#[test]
fn restore_puts_everything_back_when_the_new_one_cannot_be_read() {
    let (folder, store) = fresh();
    store.change(&origin(), fill).expect("taken");
    let there = store.configuration().expect("readable");
    let file = folder.path().join("copy.db");
    store.backup(&file).expect("a backup");
    drop(store);
    // SQLite finds the file sound, but no type takes what it holds.
    let connection = Connection::open(&file).expect("a connection");
    connection.execute("INSERT INTO setting VALUES ('un.known', '')", []).expect("taken");
    drop(connection);
    let error = restore(folder.path(), &file).expect_err("refused");
    assert!(matches!(error, StoreError::Damaged { .. }), "{error:?}");
    assert_eq!(open(folder.path()).configuration().expect("readable"), there);
    let names: Vec<_> = contents(folder.path()).into_iter().map(|(path, _)| path).collect();
    assert!(names.iter().all(|path| !path.to_string_lossy().contains("before-restore")), "{names:?}");
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
