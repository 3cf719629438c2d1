//! Changes: refusals, warnings, audit and watcher.

use std::collections::BTreeSet;

use crate::settings::rule::Rule;
use crate::settings::table::Kind;
use crate::settings::target_kind::TargetKind;

use super::*;
use crate::settings::violation::Violation;

#[test]
fn a_refused_change_leaves_no_trace() {
    let (folder, store) = fresh();
    store.change(&origin(), |it| add_user(it, 1)).expect("taken");
    let before = (store.configuration().expect("readable"), audit_of(&store).len());
    let refused = store.change(&origin(), |it| {
        add_user(it, 2)?;
        Err::<(), _>(Refusal::new(Rule::V1, TargetKind::User, Violation::ChangedAgain))
    });
    match refused {
        Err(ChangeError::Refused(refusals)) => assert_eq!(refusals[0].rule, Rule::V1),
        other => unreachable!("{other:?}"),
    }
    // A finding of the whole: the same login twice.
    let refused =
        store.change(&origin(), |it| it.add_user(NewUser { login: Some(Login::parse("USER1")?), ..new_user(2) }));
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
    assert!(warnings.iter().all(|warning| !warning.refusal.on.to_string().contains("empty")), "{warnings:?}");
}

#[test]
fn each_touched_object_is_audited_before_and_after() {
    let (_folder, store) = fresh();
    let first = audit_of(&store);
    assert!(first.iter().all(|entry| entry.origin == OriginKind::System && entry.before.is_none()));
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
        (entry.kind, entry.origin, entry.system_user.as_str()) == (Kind::Presence, OriginKind::Cli, "root")
    }));
    let gone = entries.iter().find(|entry| entry.object == away.number()).expect("an entry");
    assert!(gone.before.is_some() && gone.after.is_none());
    let others: BTreeSet<i64> = entries
        .iter()
        .filter(|entry| entry.before.is_some() && entry.after.is_some() && entry.before != entry.after)
        .map(|entry| entry.object)
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

#[test]
fn pages_of_the_history_join_without_a_gap_and_filters_narrow_them() {
    let (_folder, store) = fresh();
    store.change(&origin(), fill).expect("taken");
    let all = audit_of(&store);
    let mut query = AuditQuery::newest(3);
    let mut paged = Vec::new();
    loop {
        let page = store.audit(&query).expect("readable");
        let Some(Ok(last)) = page.last() else { break };
        query.before = Some(last.id);
        paged.extend(page.into_iter().flatten());
    }
    assert_eq!(paged, all);
    assert!(all.is_sorted_by(|newer, older| newer.id > older.id));
    let lines = AuditQuery { kind: Some(Kind::Line), object: Some(1), ..AuditQuery::newest(100) };
    let lines: Vec<_> = store.audit(&lines).expect("readable").into_iter().flatten().collect();
    assert!(!lines.is_empty() && lines.iter().all(|entry| (entry.kind, entry.object) == (Kind::Line, 1)));
    let one = store.audit(&AuditQuery::one(all[2].id)).expect("readable");
    assert_eq!(one.into_iter().flatten().collect::<Vec<_>>(), [all[2].clone()]);
}

#[test]
fn what_one_transaction_wrote_is_one_action_and_its_entries_come_page_by_page() {
    let (folder, store) = fresh();
    let first = store.transactions(None, 9).expect("readable");
    assert_eq!(first.iter().map(|it| it.id.number()).collect::<Vec<_>>(), [1], "the default data are one");
    // In the same second, by the same person.
    let (_, line) = store.change(&origin(), |it| add_user(it, 1)).expect("taken").value;
    store.change(&origin(), |it| it.remove_line(line)).expect("taken");
    outsider(folder.path()).execute("UPDATE audit SET at = 1795485600", []).expect("taken");
    let all = store.transactions(None, 9).expect("readable");
    let [removed, added, _] = all.as_slice() else { unreachable!("{all:?}") };
    assert_eq!((removed.entries, added.entries), (1, 2));
    assert_eq!(added.title, "user \"user1\" was added; line \"10001@default\" of user \"user1\" was added");
    assert_eq!(added.text.lines().count(), 2);
    assert_eq!((&*added.system_user, &*added.origin, added.at), ("root", "cli", 1_795_485_600));
    let older = store.transactions(Some(added.id), 9).expect("readable");
    assert_eq!(older.iter().map(|it| it.id.number()).collect::<Vec<_>>(), [1]);
    assert_eq!(store.transactions(Some(removed.id), 1).expect("readable").first(), Some(added));
    let ids = |after, limit| -> Vec<i64> {
        let entries = store.entries_of(added.id, after, limit).expect("readable");
        entries.into_iter().flatten().map(|entry| entry.id.number()).collect()
    };
    let (one, two) = (added.id.number(), added.id.number() + 1);
    assert_eq!((ids(None, 9), ids(None, 1), ids(Some(added.id), 9)), (vec![one, two], vec![one], vec![two]));
    let newest = store.audit(&AuditQuery::newest(3)).expect("readable").into_iter().flatten();
    assert!(newest.skip(1).all(|entry| entry.transaction == added.id));
}

#[test]
fn a_damaged_entry_leaves_the_others_readable() {
    let (folder, store) = fresh();
    let number = audit_of(&store).len();
    outsider(folder.path())
        .execute_batch(
            "PRAGMA ignore_check_constraints = ON;
             UPDATE audit SET after = '{' WHERE seq = 2;
             UPDATE audit SET kind = 'unicorn' WHERE seq = 3;",
        )
        .expect("taken");
    let read = store.audit(&AuditQuery::newest(1000)).expect("readable");
    assert_eq!(read.len(), number);
    let damaged: Vec<_> = read.into_iter().filter_map(Result::err).collect();
    assert_eq!(damaged.iter().map(|entry| entry.id.number()).collect::<Vec<_>>(), [3, 2]);
    assert!(damaged[0].why.contains("unicorn"), "{damaged:?}");
    let whole = store.transactions(None, 1).expect("readable").remove(0);
    assert_eq!(whole.entries, number);
    assert!(whole.title.contains("entry 2 of the history cannot be read"), "{}", whole.title);
}

#[test]
fn what_another_process_changed_meanwhile_is_not_overwritten() {
    let (folder, store) = fresh();
    let (user, _) = store.change(&origin(), |it| add_user(it, 1)).expect("taken").value;
    let elsewhere = open(folder.path());
    let opened_with = elsewhere.configuration().expect("readable").users.get(user).expect("a user").version;
    let rename = |name: &'static str| {
        move |it: &mut Configuration| {
            it.expect_version(Kind::User, user.number(), opened_with)?;
            let last_name = LastName::parse(name)?;
            it.users.edit(user, |user| user.last_name = last_name);
            Ok(())
        }
    };
    store.change(&origin(), rename("First")).expect("taken");
    match elsewhere.change(&origin(), rename("Second")) {
        Err(ChangeError::Refused(refusals)) => {
            assert_eq!(refusals[0].rule, Rule::V1);
            assert!(refusals[0].to_string().contains("it has version 2, not 1"), "{refusals:?}");
        }
        other => unreachable!("{other:?}"),
    }
    let now = elsewhere.configuration().expect("readable");
    assert_eq!(now.users.get(user).expect("a user").last_name.as_str(), "First");
}

#[test]
fn a_removed_user_who_comes_back_is_no_longer_the_one_that_a_form_was_opened_with() {
    let (_folder, store) = fresh();
    let (user, line) = store.change(&origin(), |it| add_user(it, 1)).expect("taken").value;
    store.change(&origin(), |it| it.remove_user(user)).expect("taken");
    let removal: Vec<_> = store.audit(&AuditQuery::newest(2)).expect("readable").into_iter().flatten().collect();
    let changes: Vec<_> = removal.iter().map(AuditEntry::recorded).collect();
    store.change(&origin(), |it| Ok(it.restore(&changes).expect("back"))).expect("taken");
    let now = store.configuration().expect("readable");
    assert!(now.users.get(user).is_some() && now.lines.get(line).is_some_and(|line| line.is_main));
    assert_eq!(now.expect_version(Kind::User, user.number(), 1).expect_err("another version").rule, Rule::V1);
    assert_eq!(store.states().expect("readable").users.len(), 0);
}

/// The newest entries, newest first.
fn audit_of(store: &Store) -> Vec<AuditEntry> {
    let entries = store.audit(&AuditQuery::newest(1000)).expect("readable");
    entries.into_iter().map(|entry| entry.expect("an entry")).collect()
}
