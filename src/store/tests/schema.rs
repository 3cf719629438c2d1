//! What the schema holds by itself: checks, references, triggers.

use super::*;

#[test]
fn the_migrations_end_at_the_known_version() {
    let (folder, _store) = fresh();
    let connection = outsider(folder.path());
    let version = number(&connection, "SELECT max(version) FROM refinery_schema_history");
    assert_eq!(version, i64::from(header::SCHEMA_VERSION));
    assert_eq!(version, number(&connection, "PRAGMA user_version"));
    assert_eq!(number(&connection, "PRAGMA application_id"), i64::from(header::APPLICATION_ID));
    assert_eq!(header::schema_version(&database(folder.path())).expect("ours"), Some(header::SCHEMA_VERSION));
}

#[test]
fn the_connection_is_set_up_to_lose_nothing() {
    let (_folder, store) = fresh();
    let pragma = |name: &str| store.write(|it| it.query_row(&format!("PRAGMA {name}"), [], |row| row.get(0)));
    let number = |name: &str| -> i64 { pragma(name).expect(name) };
    assert_eq!((number("synchronous"), number("foreign_keys")), (2, 1));
    let mode: String = store.write(|it| it.query_row("PRAGMA journal_mode", [], |row| row.get(0))).expect("a mode");
    assert_eq!(mode, "wal");
}

#[test]
fn every_table_of_ours_is_strict() {
    let (folder, _store) = fresh();
    let lax = number(
        &outsider(folder.path()),
        "SELECT count(*) FROM pragma_table_list WHERE schema = 'main' AND strict = 0
             AND name NOT LIKE 'sqlite_%' AND name <> 'refinery_schema_history'",
    );
    assert_eq!(lax, 0);
}

#[test]
fn every_configuration_table_tells_of_each_kind_of_change() {
    let (folder, _store) = fresh();
    let connection = outsider(folder.path());
    let mut statement = connection
        .prepare(
            "SELECT name FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite_%'
                 AND name NOT IN ('refinery_schema_history', 'user_state', 'agent_wanted', 'address_book',
                     'personal_contact', 'favourite', 'kept_chat', 'login_failure',
                     'login_success', 'phone_book_count', 'audit', 'audit_undo', 'change',
                     'agent_login', 'agent_pause', 'agent_membership', 'queue_call', 'removed_user',
                     'removed_phone_book_entry')",
        )
        .expect("a statement");
    let tables: Vec<String> =
        statement.query_map([], |row| row.get(0)).expect("rows").collect::<Result<_, _>>().expect("names");
    assert_eq!(tables.len(), 27, "{tables:?}");
    for table in tables {
        for event in ["INSERT", "UPDATE", "DELETE"] {
            let sql = format!(
                "SELECT count(*) FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = '{table}'
                     AND sql LIKE '% AFTER {event} ON {table} BEGIN%INSERT INTO change%'"
            );
            assert_eq!(number(&connection, &sql), 1, "{table} {event}");
        }
    }
}

#[test]
fn a_row_of_a_list_tells_of_the_object_that_holds_it() {
    let (folder, store) = fresh();
    store.change(&origin(), fill).expect("taken");
    let connection = outsider(folder.path());
    for (sql, kind) in [
        ("UPDATE presence_action SET position = position + 10", "presence"),
        ("DELETE FROM presence_transition", "presence"),
        ("UPDATE phone_hint SET text = 'x'", "phone_hint_group"),
        ("DELETE FROM profile_service", "profile"),
        ("UPDATE profile_preference SET value = '1'", "profile"),
        ("DELETE FROM profile_xlet", "profile"),
        ("DELETE FROM context_include", "context"),
        ("UPDATE queue_member SET penalty = 1", "queue"),
        ("UPDATE queue_line SET penalty = 1", "queue"),
        ("UPDATE dial_rule SET strip = 1", "dial_rule"),
        ("UPDATE server SET uuid = '00000000-0000-4000-8000-000000000000'", "server"),
        ("DELETE FROM setting", "setting"),
        ("DELETE FROM account_right", "account"),
        ("DELETE FROM account_context", "account"),
        ("UPDATE line SET device = 'A/b'", "line"),
    ] {
        connection.execute("DELETE FROM change", []).expect("empty");
        assert!(connection.execute(sql, []).expect(sql) > 0, "{sql}");
        let others = format!("SELECT count(*) FROM change WHERE kind <> '{kind}'");
        assert_eq!(number(&connection, &others), 0, "{sql}");
        assert!(number(&connection, "SELECT count(*) FROM change") > 0, "{sql}");
    }
}

#[test]
fn the_table_of_changes_is_pruned() {
    let (folder, _store) = fresh();
    let connection = outsider(folder.path());
    connection
        .execute_batch("UPDATE sqlite_sequence SET seq = 200000 WHERE name = 'change'; UPDATE server SET id = 1;")
        .expect("taken");
    assert_eq!(number(&connection, "SELECT count(*) FROM change"), 1);
}

#[test]
fn the_schema_refuses_what_the_types_would_never_write() {
    let (folder, store) = fresh();
    store.change(&origin(), fill).expect("taken");
    let connection = outsider(folder.path());
    connection.execute_batch("PRAGMA foreign_keys = ON").expect("taken");
    for sql in [
        "UPDATE server SET uuid = 'no uuid'",
        "INSERT INTO server VALUES (2, '00000000-0000-4000-8000-000000000000')",
        "INSERT INTO setting VALUES ('Client Port', '1')",
        "UPDATE presence_group SET name = 'a b'",
        "UPDATE presence_group SET version = 0",
        "UPDATE presence_group SET deletable = 2",
        "INSERT INTO presence_group VALUES (99, 1, 'XIVO', '', 1)",
        "UPDATE presence SET color = '#12345'",
        "UPDATE presence SET color = '#abcdef'",
        "UPDATE presence SET color = 'green'",
        "UPDATE presence SET display = ''",
        "UPDATE presence SET display = 'a' || char(10)",
        "UPDATE presence SET position = -1",
        "UPDATE presence SET position = 1 WHERE group_id = 1",
        "UPDATE presence SET name = 'a,b'",
        "UPDATE presence SET group_id = 99",
        "UPDATE presence_transition SET to_id = from_id",
        "UPDATE presence_transition SET to_id = 99",
        "UPDATE presence_action SET parameter = char(10)",
        "UPDATE presence_action SET action = 'Enable DND'",
        "UPDATE phone_hint SET number = 3",
        "UPDATE phone_hint_group SET name = ''",
        "UPDATE profile SET name = 'ab'",
        "DELETE FROM profile WHERE id = (SELECT profile_id FROM user)",
        "DELETE FROM presence_group WHERE id = 1",
        "UPDATE profile_service SET service = 'fly away'",
        "UPDATE profile_preference SET preference = ''",
        "UPDATE profile_xlet SET layout = 'middle'",
        "UPDATE profile_xlet SET xlet = 'Dial'",
        "UPDATE profile_xlet SET number = 1000",
        "UPDATE profile_xlet SET floating = 2",
        "UPDATE context SET name = 'a b'",
        "UPDATE context SET name = 'default'",
        "UPDATE context_include SET included_id = 99",
        "UPDATE user SET login = 'x'",
        "UPDATE user SET login = 'a b'",
        "UPDATE user SET login = NULL",
        "UPDATE user SET login = NULL, password_hash = NULL, enabled = 1",
        "UPDATE user SET email = 'nobody'",
        "UPDATE user SET password_hash = 'in clear'",
        "UPDATE user SET first_name = ''",
        "UPDATE user SET enabled = 'yes'",
        "UPDATE user SET uuid = 'x'",
        "UPDATE user SET mobile = 'abc'",
        "UPDATE user SET break_glass = 2",
        "UPDATE account SET kind = 'user'",
        "UPDATE account SET name = 'a:b'",
        "UPDATE account SET password_hash = 'in clear'",
        "INSERT INTO account SELECT 99, 1, kind, upper(name), NULL, 1 FROM account",
        "UPDATE account_right SET name = 'All Of It'",
        "UPDATE account_context SET context_id = 99",
        "INSERT INTO user SELECT 99, 1, '00000000-0000-4000-8000-000000000000', upper(login), 'A', '', NULL, NULL, NULL, 1,
             NULL, 0 FROM user",
        "INSERT INTO user SELECT 99, 1, '00000000-0000-4000-8000-000000000000', 'other', 'A', '', upper(email), NULL,
             NULL, 1, NULL, 0 FROM user",
        "DELETE FROM user",
        "UPDATE line SET is_main = 1",
        "UPDATE line SET extension = 'a b'",
        "UPDATE line SET device = 'PJSIP'",
        "UPDATE line SET extension = '1', context_id = 1",
        "UPDATE voicemail SET user_id = 1",
        "UPDATE voicemail SET context_id = 1",
        "UPDATE conference SET pin = 'abcd'",
        "UPDATE conference SET number = '*1'",
        "UPDATE agent SET number = ''",
        "DELETE FROM agent",
        "UPDATE queue SET wrapup_seconds = 3601",
        "UPDATE queue SET name = 'a b'",
        "UPDATE queue_member SET penalty = 101",
        "UPDATE queue_line SET penalty = 101",
        "UPDATE dial_rule SET prefix = 'a'",
        "UPDATE dial_rule SET strip = 41",
        "UPDATE dial_rule SET context_id = 99",
        "UPDATE profile SET may_listen = 2",
        "UPDATE phone_book_entry SET number = '1 2'",
        "UPDATE phone_book_entry SET email = 'x'",
        "UPDATE phone_book_entry SET company = char(27)",
        "UPDATE phone_book_entry SET context_id = 99",
        "INSERT INTO phone_book_entry VALUES (99, 1, NULL, '', '', '', '', 'a@b', '', '1', '', '')",
        "UPDATE phone_book_entry SET home = '1 2'",
        "UPDATE phone_book_entry SET other = 'x'",
        "DELETE FROM context WHERE name = 'sales'",
        "INSERT INTO audit (system_user, origin, kind, object_id, after) VALUES ('a', 'cli', 'user', 1, '{')",
        "INSERT INTO audit (system_user, origin, kind, object_id, after) VALUES ('a', 'the wire', 'user', 1, '{}')",
        "INSERT INTO audit (system_user, origin, kind, object_id) VALUES ('a', 'cli', 'user', 1)",
        "INSERT INTO user_state SELECT uuid, 'a b', 0, 0, 0, 0, 0, '', 0, '', 0, '' FROM user",
        "INSERT INTO agent_wanted VALUES (1, 2, NULL)",
    ] {
        let error = connection.execute(sql, []).expect_err(sql);
        assert_eq!(error.sqlite_error_code(), Some(rusqlite::ErrorCode::ConstraintViolation), "{sql}: {error}");
    }
}
