//! A database of an older program, with something of every kind in it, is brought up to date and loses nothing.

use std::collections::BTreeMap;

use rusqlite::types::Value as Cell;

use crate::settings::id::AuditId;

use super::*;

/// The folder of an older program.
fn third_schema() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    outsider(folder.path()).execute_batch(include_str!("V3.sql")).expect("a database");
    folder
}

/// What the fifth schema knows of an entry of the phone book beyond the third.
const NEW_NUMBERS: &str = " home=Text(\"\") other=Text(\"\")";

/// What the seventh knows of a user beyond the sixth.
const NEW_FLAG: &str = " break_glass=Integer(0)";

/// What the ninth knows of a profile beyond the eighth.
const NEW_RIGHT: [&str; 2] = [" may_listen=Integer(0)", " may_listen=Integer(1)"];

/// What the tenth knows of an entry of the audit beyond the ninth.
const NEW_GROUP: &str = " first_seq=";

/// All rows of all tables but refinery's own, in one order, as far as the third schema knew them.
fn rows(folder: &Path) -> BTreeMap<String, Vec<String>> {
    let connection = outsider(folder);
    let mut statement = connection
        .prepare(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT IN
             ('refinery_schema_history', 'phone_book_count', 'account', 'account_right', 'account_context',
              'login_failure', 'login_success', 'queue_line', 'dial_rule', 'agent_login', 'agent_pause',
              'agent_membership', 'queue_call', 'audit_undo', 'removed_user', 'removed_phone_book_entry')",
        )
        .expect("a statement");
    let tables: Vec<String> =
        statement.query_map([], |row| row.get(0)).expect("rows").collect::<Result<_, _>>().expect("names");
    let rows = |table: &String| {
        let mut statement = connection.prepare(&format!("SELECT * FROM {table}")).expect("a statement");
        let columns: Vec<String> = statement.column_names().into_iter().map(str::to_owned).collect();
        let row = |row: &rusqlite::Row<'_>| -> rusqlite::Result<String> {
            let cell = |name: &String| Ok(format!("{name}={:?}", row.get::<_, Cell>(name.as_str())?));
            let row = columns.iter().map(cell).collect::<rusqlite::Result<Vec<_>>>()?.join(" ");
            let row = row.split(NEW_GROUP).next().unwrap_or_default();
            let row = NEW_RIGHT.iter().fold(row, |row, right| row.trim_end_matches(right));
            Ok(row.trim_end_matches(NEW_NUMBERS).trim_end_matches(NEW_FLAG).to_owned())
        };
        let mut rows: Vec<String> =
            statement.query_map([], row).expect("rows").collect::<Result<_, _>>().expect("cells");
        rows.sort();
        rows
    };
    tables.iter().map(|table| (table.clone(), rows(table))).collect()
}

/// The ninth lets the supervisors of before listen to agents, which the table of changes tells.
fn with_the_right_to_listen(mut before: BTreeMap<String, Vec<String>>) -> BTreeMap<String, Vec<String>> {
    let last = |table: &str| format!("name=Text(\"{table}\") seq=Integer(");
    let counted = before.get_mut("sqlite_sequence").expect("counted rows");
    let row = counted.iter_mut().find(|row| row.starts_with(&last("change"))).expect("changes");
    let seq: i64 = row[last("change").len()..].trim_end_matches(')').parse().expect("a number");
    *row = format!("{}{})", last("change"), seq + 1);
    let changes = before.get_mut("change").expect("the table of changes");
    changes.push(format!("seq=Integer({}) kind=Text(\"profile\") id=Integer(1)", seq + 1));
    changes.sort();
    before
}

fn schema(folder: &Path) -> Vec<String> {
    let connection = outsider(folder);
    let mut statement = connection
        .prepare("SELECT type || ' ' || name || ' on ' || tbl_name || ': ' || ifnull(sql, '') FROM sqlite_schema")
        .expect("a statement");
    let mut lines: Vec<String> =
        statement.query_map([], |row| row.get(0)).expect("rows").collect::<Result<_, _>>().expect("texts");
    lines.sort();
    lines
}

#[test]
fn a_database_of_the_third_schema_keeps_every_row_and_every_number_that_was_given_out() {
    let folder = third_schema();
    let before = rows(folder.path());
    assert!(before.values().all(|rows| !rows.is_empty()), "a table is empty and proves nothing: {before:?}");
    drop(open(folder.path()));
    assert_eq!(rows(folder.path()), with_the_right_to_listen(before));
    let connection = outsider(folder.path());
    assert_eq!(number(&connection, "SELECT count(*) FROM pragma_foreign_key_check"), 0);
    let sound: String = connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).expect("a word");
    assert_eq!(sound, "ok");
    let copy = folder.path().join(format!("ctibox.db.before-V{}", header::SCHEMA_VERSION));
    assert_eq!(header::schema_version(&copy).expect("ours"), Some(3));
}

#[test]
fn a_database_that_was_brought_up_to_date_has_the_schema_of_a_new_one() {
    let (folder, (new, _store)) = (third_schema(), fresh());
    drop(open(folder.path()));
    assert_eq!(schema(folder.path()), schema(new.path()));
}

#[test]
fn what_was_brought_up_to_date_is_changed_followed_and_taken_back_as_before() {
    let folder = third_schema();
    let store = open(folder.path());
    let changes = || number(&outsider(folder.path()), "SELECT count(*) FROM change WHERE kind = 'user'");
    let (before, audited) = (changes(), store.audit(&AuditQuery::newest(1000)).expect("readable").len());
    // Users 1 to 5 were given out.
    let (user, _) = store.change(&origin(), |it| add_user(it, 1)).expect("taken").value;
    assert_eq!(user, UserId::new(6));
    assert_eq!(changes(), before + 1);
    let entries = store.audit(&AuditQuery::newest(1000)).expect("readable");
    assert_eq!(entries.len(), audited + 2);
    assert!(entries.iter().all(Result::is_ok), "{entries:?}");
    let renamed = entries.iter().flatten().find(|entry| entry.recorded().describe().contains("Archer-Lee"));
    let renamed = renamed.expect("alice married").clone();
    store
        .change(&origin(), |it| {
            assert_eq!(it.restore(&[renamed.recorded()]).expect("taken back").lost, []);
            Ok(())
        })
        .expect("taken");
    let c = store.configuration().expect("readable");
    assert_eq!(c.user_named("alice").expect("alice is there").last_name.as_str(), "Archer");
    assert!(renamed.id < AuditId::new(50));
    // Those who refer to a user still do: nobody goes while a line is there.
    let connection = outsider(folder.path());
    connection.execute_batch("PRAGMA foreign_keys = ON").expect("taken");
    connection.execute("DELETE FROM user WHERE login = 'alice'", []).expect_err("alice has lines");
}

#[test]
fn what_one_person_changed_in_one_second_is_one_transaction_of_older_programs() {
    let folder = third_schema();
    let store = open(folder.path());
    let transactions = store.transactions(None, 100).expect("readable");
    let told: Vec<_> = transactions.iter().map(|it| (it.id.number(), it.entries, &*it.origin)).collect();
    assert_eq!(told, [(47, 3, "cli"), (28, 19, "cli"), (17, 11, "cli"), (14, 3, "cli"), (1, 13, "system")]);
    store.change(&origin(), |it| add_user(it, 1)).expect("taken");
    let newest = store.transactions(None, 1).expect("readable").remove(0);
    assert_eq!((newest.id.number(), newest.entries), (50, 2), "a new one is told apart whatever the clock says");
}

#[test]
fn a_backup_of_the_third_schema_is_restored() {
    let (old, folder) = (third_schema(), tempfile::tempdir().expect("a folder"));
    let before = rows(old.path());
    restore(folder.path(), &database(old.path())).expect("restored");
    assert_eq!(rows(folder.path()), with_the_right_to_listen(before));
    assert_eq!(schema(folder.path()), schema(fresh().0.path()));
    assert_eq!(header::schema_version(&database(old.path())).expect("ours"), Some(3), "the backup stays as it is");
}

#[test]
fn users_without_a_login_are_kept_beside_each_other() {
    let (folder, store) = fresh();
    let ids = store.change(&origin(), |it| {
        let bare = |number| NewUser { login: None, enabled: false, ..new_user(number) };
        Ok((it.add_user(bare(1))?, it.add_user(bare(2))?, add_user(it, 3)?))
    });
    let (one, two, (three, _)) = ids.expect("taken").value;
    let refused = store.change(&origin(), |it| {
        it.users.edit(one, |user| user.enabled = true);
        Ok(())
    });
    let message = refused.expect_err("refused").to_string();
    assert_eq!(message, "user 1 \"Élodie N° 1\": has no login, so cannot be enabled");
    // One gets a login and another loses it, in one change.
    let swapped = store.change(&origin(), |it| {
        let login = it.users.get(three).and_then(|user| user.login.clone());
        it.users.edit(two, |user| user.login = login);
        it.users.edit(three, |user| (user.login, user.enabled) = (None, false));
        Ok(it.clone())
    });
    let swapped = swapped.expect("taken").value;
    drop(store);
    assert_eq!(open(folder.path()).configuration().expect("readable"), swapped);
}

#[test]
fn an_entry_of_the_phone_book_may_have_a_home_number_alone_once_it_was_brought_up_to_date() {
    let folder = third_schema();
    let given_out = number(&outsider(folder.path()), "SELECT seq FROM sqlite_sequence WHERE name = 'phone_book_entry'");
    let store = open(folder.path());
    let added = store.change(&origin(), |it| {
        let details = EntryDetails::parse(|field| if field == Field::Home { "(030) 555 0301" } else { "" })?;
        it.add_phone_book_entry(details, None)
    });
    let id = added.expect("taken").value;
    assert_eq!(id.number(), given_out + 1, "no number is given out twice");
    let c = store.whole_configuration().expect("readable");
    assert_eq!(c.phone_book.get(id).expect("it is there").details.text(Field::Home), "0305550301");
    store.change(&origin(), |it| it.remove_phone_book_entry(id)).expect("taken");
    let changes = "SELECT count(*) FROM change WHERE kind = 'phone_book_entry'";
    assert_eq!(number(&outsider(folder.path()), &format!("{changes} AND id = {}", id.number())), 2);
}

/// The lists of words are the program's: a new one wants no new table, and one that nobody knows is named.
#[test]
fn a_word_that_the_program_does_not_know_is_damage_that_is_named() {
    for sql in [
        "INSERT INTO profile_service VALUES (1, 'fly')",
        "INSERT INTO profile_preference VALUES (1, 'fly', '1')",
        "INSERT INTO profile_xlet VALUES (1, 99, 'fly', 'dock', NULL, 1, 1, 1, 1)",
        "INSERT INTO presence_action VALUES (1, 99, 'fly', '')",
    ] {
        let (folder, store) = fresh();
        outsider(folder.path()).execute(sql, []).expect(sql);
        let error = format!("{:?}", store.configuration().expect_err(sql));
        assert!(error.contains("fly"), "{sql}: {error}");
    }
    let (folder, store) = fresh();
    let sql = "INSERT INTO audit (system_user, origin, kind, object_id, after) VALUES ('a', 'wire', 'user', 1, '{}')";
    outsider(folder.path()).execute(sql, []).expect(sql);
    let newest = store.audit(&AuditQuery::newest(1)).expect("readable");
    assert!(newest[0].as_ref().expect_err("unknown").to_string().contains("wire"));
}
