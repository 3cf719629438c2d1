//! Files that cannot be used: named, and left as they are.

use super::*;

/// What every way in says of a folder that must be left alone.
fn refuse_everywhere(folder: &Path) -> StoreError {
    let before = contents(folder);
    let error = Store::open(folder, default_data).expect_err("refused");
    let said = error.to_string();
    assert!(said.contains(&folder.display().to_string()), "{said}");
    assert!(error.remedy().is_some(), "{said}");
    assert_eq!(Store::open_existing(folder).expect_err("refused").to_string(), said);
    assert_eq!(Inspection::open(folder).expect_err("refused").to_string(), said);
    assert!(contents(folder) == before, "{said}: something was written");
    error
}

/// A folder whose database is these bytes.
fn folder_with(bytes: &[u8]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(database(folder.path()), bytes).expect("written");
    folder
}

/// The bytes of a closed, sound database.
fn sound() -> Vec<u8> {
    let (folder, store) = fresh();
    store.change(&origin(), fill).expect("taken");
    drop(store);
    std::fs::read(database(folder.path())).expect("readable")
}

#[test]
fn a_newer_schema_is_refused_and_untouched() {
    let mut bytes = sound();
    bytes[60..64].copy_from_slice(&999_u32.to_be_bytes());
    let folder = folder_with(&bytes);
    match refuse_everywhere(folder.path()) {
        StoreError::Newer { found: 999, known, .. } => assert_eq!(known, header::SCHEMA_VERSION),
        other => unreachable!("{other:?}"),
    }
}

#[test]
fn a_newer_schema_that_still_waits_in_the_log_is_refused_and_untouched() {
    let (written, store) = fresh();
    store.write(|it| it.execute_batch("PRAGMA user_version = 999")).expect("taken");
    // As a power cut leaves them: the file with the old number, the log with the new.
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["ctibox.db", "ctibox.db-wal"] {
        std::fs::copy(written.path().join(name), folder.path().join(name)).expect("copied");
    }
    let left = || contents(folder.path()).into_iter().filter(|(path, _)| !path.ends_with("ctibox.db-shm"));
    let before: Vec<_> = left().collect();
    let error = Store::open(folder.path(), default_data).expect_err("refused");
    assert!(matches!(error, StoreError::Newer { found: 999, .. }), "{error:?}");
    assert!(left().eq(before), "something was written");
}

#[test]
fn a_file_that_is_not_ours_is_refused_and_untouched() {
    let mut other_program = sound();
    other_program[68..72].copy_from_slice(&[0; 4]);
    for bytes in [b"#!/bin/sh\n".as_slice(), b"", &[0; 5000], &other_program] {
        let folder = folder_with(bytes);
        assert!(matches!(refuse_everywhere(folder.path()), StoreError::NotOurs { .. }));
    }
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(database(folder.path())).expect("made");
    assert!(matches!(refuse_everywhere(folder.path()), StoreError::NotOurs { .. }));
}

#[test]
fn a_file_that_is_cut_off_is_refused_and_untouched() {
    let bytes = sound();
    for length in [20, 4096, bytes.len() / 2 / 4096 * 4096, bytes.len() - 4096] {
        let folder = folder_with(&bytes[..length]);
        let error = refuse_everywhere(folder.path());
        assert!(matches!(error, StoreError::Damaged { .. }), "{length}: {error:?}");
    }
}

#[test]
fn garbage_inside_the_file_is_told_when_it_is_read() {
    let mut bytes = sound();
    let length = bytes.len();
    bytes[4096..length - 4096].fill(0xA5);
    let folder = folder_with(&bytes);
    let error = match Store::open_existing(folder.path()).and_then(|store| store.configuration()) {
        Err(error) => error,
        Ok(_) => unreachable!("garbage was read"),
    };
    assert!(matches!(error, StoreError::Damaged { .. }), "{error:?}");
    assert!(error.to_string().contains("ctibox.db"), "{error}");
}

#[test]
fn a_row_that_no_type_takes_is_damage_and_shows_no_secret() {
    let (folder, store) = fresh();
    store.change(&origin(), fill).expect("taken");
    let connection = outsider(folder.path());
    connection.execute_batch("PRAGMA ignore_check_constraints = ON").expect("taken");
    for sql in [
        "UPDATE conference SET pin = 'secret-pin'",
        "UPDATE user SET password_hash = '$argon2id$secret-hash'",
        "UPDATE setting SET value = 'secret' || char(7) WHERE key = 'ami.secret'",
    ] {
        connection.execute_batch("BEGIN").expect("taken");
        connection.execute(sql, []).expect(sql);
        connection.execute_batch("COMMIT").expect("taken");
        let error = store.configuration().expect_err(sql);
        assert!(matches!(error, StoreError::Damaged { .. }), "{sql}: {error:?}");
        assert!(!format!("{error} {error:?}").contains("secret-"), "{error:?}");
    }
}

#[test]
fn a_log_without_its_database_is_not_played_into_a_new_one() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("ctibox.db-wal"), b"changes").expect("written");
    let error = Store::open(folder.path(), default_data).expect_err("refused");
    assert!(matches!(error, StoreError::LoneCompanion { .. }), "{error:?}");
    assert_eq!(contents(folder.path()).len(), 1);
}

#[test]
fn a_full_or_read_only_disk_is_named_and_nothing_is_kept() {
    let (_folder, store) = fresh();
    let before = store.configuration().expect("readable");
    store.write(|it| it.execute_batch("PRAGMA query_only = ON")).expect("taken");
    let refused = store.change(&origin(), |it| add_user(it, 1)).expect_err("refused");
    assert!(matches!(refused, ChangeError::Store(StoreError::ReadOnly { .. })), "{refused:?}");
    let pages: i64 = store
        .write(|it| {
            it.execute_batch("PRAGMA query_only = OFF")?;
            it.query_row("PRAGMA page_count", [], |row| row.get(0))
        })
        .expect("a number");
    store.write(|it| it.query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(()))).expect("taken");
    let refused = store.change(&origin(), |it| (1..500).try_for_each(|number| add_user(it, number).map(drop)));
    let refused = refused.expect_err("refused");
    assert!(matches!(refused, ChangeError::Store(StoreError::Full { .. })), "{refused:?}");
    assert!(refused.to_string().contains("ctibox.db"), "{refused}");
    assert_eq!(store.configuration().expect("readable"), before);
}

#[test]
fn a_missing_database_is_only_made_when_asked() {
    let folder = tempfile::tempdir().expect("a folder");
    assert!(matches!(Store::open_existing(folder.path()), Err(StoreError::Missing { .. })));
    assert!(Inspection::open(folder.path()).expect("looked").is_none());
    assert!(contents(folder.path()).is_empty());
}

#[test]
fn a_look_at_a_closed_database_creates_nothing() {
    let folder = folder_with(&sound());
    let before = contents(folder.path());
    let inspection = Inspection::open(folder.path()).expect("looked").expect("a database");
    assert!(inspection.integrity().expect("readable").is_empty());
    assert!(inspection.broken_references().expect("readable").is_empty());
    assert_eq!(inspection.configuration().expect("readable").users.len(), 1);
    drop(inspection);
    assert!(contents(folder.path()) == before);
}
