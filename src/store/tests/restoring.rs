//! Restore: the backup comes back, what was there stays, and no crash on the way loses a database.

use std::cell::RefCell;
use std::time::Duration;

use super::restore::restore_in_steps;
use super::*;

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

/// What a crash leaves behind: a copy of the folder as it is.
fn left_behind(folder: &Path) -> TempDir {
    let copy = tempfile::tempdir().expect("a folder");
    for (path, bytes) in contents(folder) {
        let name = path.file_name().expect("a name");
        std::fs::write(copy.path().join(name), bytes).expect("written");
    }
    copy
}

/// Restores into the folder and takes a picture of it after each step.
fn crashes_in(folder: &Path, file: &Path) -> Vec<(String, TempDir)> {
    let crashes = RefCell::new(Vec::new());
    let picture = |step: &str| crashes.borrow_mut().push((step.to_owned(), left_behind(folder)));
    restore_in_steps(folder, file, &picture).expect("restored");
    crashes.into_inner()
}

/// A folder as a crash of the server leaves it, changes in the log; its configuration; and a backup from before them.
fn with_a_log() -> (TempDir, Configuration, std::path::PathBuf) {
    let (folder, store) = fresh();
    store.backup(&folder.path().join("copy.db")).expect("a backup");
    store.change(&origin(), fill).expect("taken");
    let crashed = left_behind(folder.path());
    assert!(companions(&database(crashed.path()))[0].exists());
    let file = crashed.path().join("copy.db");
    (crashed, store.configuration().expect("readable"), file)
}

#[test]
fn a_crash_in_a_restore_leaves_the_old_database_or_the_new_one() {
    let (folder, old, file) = with_a_log();
    let crashes = crashes_in(folder.path(), &file);
    let steps: Vec<_> = crashes.iter().map(|(step, _)| step.as_str()).collect();
    assert_eq!(steps, ["copied", "log in the file", "second name", "old aside", "new in place"]);
    for (step, crash) in crashes {
        let first = || unreachable!("{step}: a fresh database where one was lost");
        let found = Store::open(crash.path(), first).expect(&step).store.configuration().expect("readable");
        assert!(if step == "new in place" { found == default_data() } else { found == old }, "{step}");
        // Once more, to the end.
        restore(crash.path(), &crash.path().join("copy.db")).expect(&step);
        assert_eq!(open(crash.path()).configuration().expect("readable"), default_data(), "{step}");
    }
}

#[test]
fn a_crash_in_a_restore_over_a_broken_database_never_begins_anew() {
    let (folder, _, file) = with_a_log();
    std::fs::write(database(folder.path()), "broken").expect("written");
    let crashes = crashes_in(folder.path(), &file);
    let steps: Vec<_> = crashes.iter().map(|(step, _)| step.as_str()).collect();
    assert_eq!(steps, ["copied", "moved", "moved", "moved", "old aside", "new in place"]);
    for (at, (step, crash)) in crashes.into_iter().enumerate() {
        let opened = Store::open(crash.path(), || unreachable!("{step}: a fresh database where one was lost"));
        let looked = Inspection::open(crash.path());
        match at {
            0 => assert!(matches!(opened, Err(StoreError::NotOurs { .. })), "{opened:?}"),
            1 | 2 => assert!(matches!(opened, Err(StoreError::LoneCompanion { .. })), "{opened:?}"),
            3 | 4 => {
                assert!(matches!(opened, Err(StoreError::LeftAside { .. })), "{opened:?}");
                assert!(matches!(looked, Err(StoreError::LeftAside { .. })), "{looked:?}");
                let existing = Store::open_existing(crash.path()).expect_err("there is none");
                assert!(existing.to_string().contains("ctibox.db.before-restore-1"), "{existing}");
            }
            _ => assert!(opened.is_ok()),
        }
        drop((opened, looked));
        restore(crash.path(), &crash.path().join("copy.db")).expect(&step);
        assert_eq!(open(crash.path()).configuration().expect("readable"), default_data(), "{step}");
    }
}

#[test]
fn a_command_that_writes_meanwhile_keeps_restore_waiting() {
    let (folder, store) = fresh();
    let file = folder.path().join("copy.db");
    store.backup(&file).expect("a backup");
    std::thread::scope(|scope| {
        let restoring = scope.spawn(|| restore(folder.path(), &file));
        std::thread::sleep(Duration::from_millis(300));
        store.change(&origin(), fill).expect("taken");
        let written = store.configuration().expect("readable");
        drop(store);
        let aside = restoring.join().expect("no panic").expect("restored").aside.expect("moved aside");
        assert_eq!(inspect::look_at(&aside).expect("kept").configuration().expect("readable"), written);
    });
    assert_eq!(open(folder.path()).configuration().expect("readable"), default_data());
}

#[test]
fn restore_does_not_pull_a_database_away_under_a_command() {
    let (folder, store) = fresh();
    let file = folder.path().join("copy.db");
    store.backup(&file).expect("a backup");
    let error = restore(folder.path(), &file).expect_err("refused");
    assert!(matches!(error, StoreError::UsageLock { .. }), "{error:?}");
    store.change(&origin(), fill).expect("taken");
    drop(store);
    // Nor under another program.
    let other = outsider(folder.path());
    assert!(number(&other, "SELECT count(*) FROM user") > 0);
    other.execute_batch("BEGIN; SELECT * FROM user").expect("reading");
    let error = restore(folder.path(), &file).expect_err("refused");
    assert!(matches!(error, StoreError::Busy { .. }), "{error:?}");
    drop(other);
    assert!(!open(folder.path()).configuration().expect("readable").users.is_empty());
}
