//! Other hands at the file: a schema of somebody's own, and another file in its place while it is open.

use super::*;
use crate::settings::state::{StateWrite, UserState};

const EVIL_TRIGGER: &str = "CREATE TRIGGER evil AFTER INSERT ON user BEGIN UPDATE user SET password_hash = NULL; END;";
const CHANGED_TRIGGER: &str =
    "DROP TRIGGER user_added; CREATE TRIGGER user_added AFTER INSERT ON user BEGIN SELECT 1; END;";

/// A closed database to which somebody did this.
fn with(sql: &str) -> TempDir {
    let (folder, store) = fresh();
    store.change(&origin(), fill).expect("taken");
    drop(store);
    outsider(folder.path()).execute_batch(sql).expect(sql);
    folder
}

#[test]
fn a_trigger_or_view_of_somebodys_own_is_refused_and_nothing_is_written() {
    for (sql, name) in [
        (EVIL_TRIGGER, "the trigger \"evil\" on \"user\" is none of ctibox's"),
        (CHANGED_TRIGGER, "the trigger \"user_added\" on \"user\" is not as ctibox made it"),
        ("DROP TRIGGER user_added", "the trigger \"user_added\" on \"user\" is missing"),
        ("CREATE VIEW people AS SELECT * FROM user", "the view \"people\" is none of ctibox's"),
    ] {
        let folder = with(sql);
        let before = contents(folder.path());
        for error in [
            Store::open_existing(folder.path()).expect_err(sql),
            Store::open(folder.path(), default_data).expect_err(sql),
        ] {
            assert!(matches!(&error, StoreError::Schema { difference, .. } if difference == name), "{sql}: {error}");
            assert!(error.remedy().is_some());
        }
        let into = tempfile::tempdir().expect("a folder");
        let error = restore(into.path(), &database(folder.path())).expect_err(sql);
        assert!(matches!(error, StoreError::Schema { .. }), "{sql}: {error}");
        let database = |(path, _): &(std::path::PathBuf, Vec<u8>)| path.ends_with("ctibox.db");
        assert!(contents(folder.path()).into_iter().find(database) == before.into_iter().find(database), "{sql}");
    }
}

#[test]
fn a_table_or_index_of_somebodys_own_is_told_and_not_restored() {
    for (sql, name) in [
        ("CREATE TABLE notes (text TEXT)", "the table \"notes\" is none of ctibox's"),
        ("CREATE INDEX by_name ON user (first_name)", "the index \"by_name\" on \"user\" is none of ctibox's"),
        ("DROP INDEX line_user", "the index \"line_user\" on \"line\" is missing"),
    ] {
        let folder = with(sql);
        let store = open(folder.path());
        let told: Vec<String> = store.schema_differences().iter().map(ToString::to_string).collect();
        assert_eq!(told, [name]);
        store.change(&origin(), |it| add_user(it, 2)).expect("taken");
        drop(store);
        let into = tempfile::tempdir().expect("a folder");
        restore(into.path(), &database(folder.path())).expect_err(sql);
    }
}

#[test]
fn a_trigger_in_an_older_backup_does_not_act_while_it_is_brought_up_to_date() {
    let folder = tempfile::tempdir().expect("a folder");
    outsider(folder.path()).execute_batch(include_str!("V3.sql")).expect("a database");
    outsider(folder.path()).execute_batch(EVIL_TRIGGER).expect("taken");
    let into = tempfile::tempdir().expect("a folder");
    let error = restore(into.path(), &database(folder.path())).expect_err("refused");
    assert!(matches!(error, StoreError::Schema { .. }), "{error}");
    let error = Store::open_existing(folder.path()).expect_err("refused");
    assert!(matches!(error, StoreError::Schema { .. }), "{error}");
    assert_eq!(header::schema_version(&database(folder.path())).expect("ours"), Some(3));
}

#[test]
fn every_door_to_a_database_that_was_replaced_says_so() {
    let (folder, store) = fresh();
    let mut watcher = Watcher::new(&store).expect("a watcher");
    let known = store.configuration().expect("readable");
    let (other, another) = fresh();
    another.change(&origin(), |it| add_user(it, 1)).expect("taken");
    drop(another);
    std::fs::rename(database(other.path()), database(folder.path())).expect("replaced");
    let copy = other.path().join("copy.db");
    let writer = StateWriter::start(&store, || ());
    let (tell, told) = std::sync::mpsc::channel();
    let write = StateWrite::User(user_uuid(1), UserState::default());
    writer.save(vec![write], Box::new(move |outcome| tell.send(outcome).unwrap_or_default()));
    let outcomes = [
        store.configuration().map(drop),
        store.settings().map(drop),
        store.states().map(drop),
        store.audit(&AuditQuery::newest(1)).map(drop),
        store.change(&origin(), |it| add_user(it, 7)).map(drop).map_err(store_error),
        store.change_whole(&origin(), |_| Ok(())).map(drop).map_err(store_error),
        store.backup(&copy),
        store.backup_of_day("2026-01-01", 1).map(drop),
        watcher.poll(&known).map(drop),
        Watcher::new(&store).map(drop),
        store.write(|connection| connection.execute_batch("SELECT 1")),
        told.recv().expect("told"),
    ];
    for (at, outcome) in outcomes.into_iter().enumerate() {
        assert!(matches!(outcome, Err(StoreError::Replaced { .. })), "{at}: {outcome:?}");
    }
    assert!(!copy.exists());
}

fn store_error(error: ChangeError) -> StoreError {
    match error {
        ChangeError::Store(error) => error,
        ChangeError::Refused(refusals) => unreachable!("{refusals:?}"),
    }
}
