//! Changes: refusals, warnings, audit and watcher.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::settings::rule::Rule;

use super::*;

#[test]
fn a_refused_change_leaves_no_trace() {
    let (folder, store) = fresh();
    store.change(&origin(), |it| add_user(it, 1)).expect("taken");
    let before = (store.configuration().expect("readable"), audit_of(&store).len());
    let refused = store.change(&origin(), |it| {
        add_user(it, 2)?;
        Err::<(), _>(Refusal::new(Rule::V1, "it", "is another"))
    });
    match refused {
        Err(ChangeError::Refused(refusals)) => assert_eq!(refusals[0].rule, Rule::V1),
        other => unreachable!("{other:?}"),
    }
    // A finding of the whole: the same login twice.
    let refused = store.change(&origin(), |it| it.add_user(NewUser { login: Login::parse("USER1")?, ..new_user(2) }));
    match refused {
        Err(ChangeError::Refused(refusals)) => assert_eq!(refusals.len(), 1, "{refusals:?}"),
        other => unreachable!("{other:?}"),
    }
    assert_eq!((store.configuration().expect("readable"), audit_of(&store).len()), before);
    assert_eq!(number(&outsider(folder.path()), "SELECT count(*) FROM user"), 1);
}

#[test]
fn an_old_sin_does_not_stand_in_the_way_of_another_change() {
    let (folder, store) = fresh();
    store.change(&origin(), fill).expect("taken");
    outsider(folder.path()).execute("UPDATE line SET is_main = 0", []).expect("taken");
    store.change(&origin(), |it| it.add_context(ContextName::parse("other")?, &[])).expect("taken");
}

#[test]
fn new_warnings_come_back_with_a_change() {
    let (_folder, store) = fresh();
    let add =
        |name: &'static str| store.change(&origin(), move |it| it.add_profile(ProfileName::parse(name)?, None, None));
    assert!(!add("empty").expect("taken").warnings.is_empty());
    let warnings = add("bare").expect("taken").warnings;
    assert!(warnings.iter().all(|warning| !warning.refusal.on.contains("empty")), "{warnings:?}");
}

#[test]
fn each_touched_object_is_audited_before_and_after() {
    let (_folder, store) = fresh();
    let first = audit_of(&store);
    assert!(first.iter().all(|entry| entry.origin == "system" && entry.before.is_none()));
    let away = store.configuration().expect("readable");
    let group = away.presence_groups.iter().next().expect("a group").id;
    let away = away.presence_named(group, "away").expect("away").id;
    let touching: BTreeSet<i64> =
        store.configuration().expect("readable").reached_from(away).iter().map(|other| other.id.number()).collect();
    assert!(touching.len() > 1);
    store.change(&origin(), |it| it.remove_presence(away)).expect("taken");
    let entries = audit_of(&store);
    let entries: Vec<_> = entries[..entries.len() - first.len()].iter().collect();
    assert!(entries.iter().all(|entry| {
        (entry.kind.as_str(), entry.origin.as_str(), entry.system_user.as_str()) == ("presence", "cli", "root")
    }));
    let gone = entries.iter().find(|entry| entry.object_id == away.number()).expect("an entry");
    assert!(gone.before.is_some() && gone.after.is_none());
    let others: BTreeSet<i64> = entries
        .iter()
        .filter(|entry| entry.before.is_some() && entry.after.is_some() && entry.before != entry.after)
        .map(|entry| entry.object_id)
        .collect();
    // The cascade: whoever could reach it. Positions may have closed up behind it.
    assert!(touching.is_subset(&others), "{touching:?} {others:?}");
}

#[test]
fn no_secret_reaches_the_audit() {
    let (_folder, store) = fresh();
    store.change(&origin(), fill).expect("taken");
    let images = format!("{:?}", audit_of(&store));
    for secret in ["hunter2", "argon2id", "0042"] {
        assert!(!images.contains(secret), "{secret}");
    }
    assert!(images.contains("ami.secret") && images.contains("user1"));
}

/// One touched object of one change.
#[derive(Debug, Clone, PartialEq)]
struct AuditEntry {
    system_user: String,
    /// `cli`, `console`, `import` or `system`.
    origin: String,
    /// A word of `Kind`.
    kind: String,
    /// 0 for a setting, which has its key in the images.
    object_id: i64,
    /// None: it was made.
    before: Option<Value>,
    /// None: it was removed.
    after: Option<Value>,
}

/// The newest entries, newest first.
fn audit_of(store: &Store) -> Vec<AuditEntry> {
    let read = |connection: &Connection| {
        let mut statement = connection.prepare_cached(
            "SELECT system_user, origin, kind, object_id, before, after FROM audit ORDER BY seq DESC",
        )?;
        let entries = statement.query_map([], |row| {
            Ok(AuditEntry {
                system_user: row.get(0)?,
                origin: row.get(1)?,
                kind: row.get(2)?,
                object_id: row.get(3)?,
                before: image(row, 4)?,
                after: image(row, 5)?,
            })
        })?;
        entries.collect()
    };
    store.inner.readers.with(read).expect("readable")
}

fn image(row: &rusqlite::Row<'_>, column: usize) -> rusqlite::Result<Option<Value>> {
    let Some(text) = row.get_ref(column)?.as_str_or_null()? else { return Ok(None) };
    serde_json::from_str(text)
        .map(Some)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, error.into()))
}
