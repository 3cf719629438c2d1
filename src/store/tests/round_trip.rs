//! What goes in comes out, with its ids, its order and its swaps.

use std::os::unix::fs::PermissionsExt;

use crate::settings::color::Color;
use crate::settings::phone_hint::HintNumber;

use super::*;

#[test]
fn what_goes_in_comes_out_after_opening_again() {
    let (folder, store) = fresh();
    assert_eq!(store.whole_configuration().expect("readable").into_inner(), default_data());
    store.change(&origin(), fill).expect("taken");
    let mut expected = default_data();
    fill(&mut expected).expect("taken");
    assert_eq!(store.whole_configuration().expect("readable").into_inner(), expected);
    drop(store);
    let opened = Store::open(folder.path(), default_data).expect("a database");
    assert!(!opened.is_new);
    assert_eq!(opened.store.whole_configuration().expect("readable").into_inner(), expected);
}

#[test]
fn the_folder_and_its_files_are_private() {
    let parent = tempfile::tempdir().expect("a folder");
    let folder = parent.path().join("data");
    let opened = Store::open(&folder, default_data).expect("a database");
    assert!(opened.is_new);
    opened.store.change(&origin(), fill).expect("taken");
    let mode = |path: &Path| path.metadata().expect("is there").permissions().mode() & 0o777;
    assert_eq!(mode(&folder), 0o750);
    let files: Vec<_> = contents(&folder).into_iter().map(|(path, _)| path).collect();
    assert!(files.len() >= 2, "{files:?}");
    for path in files {
        assert_eq!(mode(&path), 0o600, "{}", path.display());
    }
}

#[test]
fn a_closed_database_is_one_file() {
    let (folder, store) = fresh();
    let watcher = Watcher::new(&store).expect("a watcher");
    let writer = StateWriter::start(&store, || {});
    store.change(&origin(), fill).expect("taken");
    store.configuration().expect("readable");
    drop((store, writer, watcher));
    let files: Vec<_> = contents(folder.path()).into_iter().map(|(path, _)| path).collect();
    assert_eq!(files, [database(folder.path())]);
}

#[test]
fn an_id_is_never_used_twice() {
    let (folder, store) = fresh();
    let (user, line) = store.change(&origin(), |it| add_user(it, 1)).expect("taken").value;
    store.change(&origin(), |it| it.remove_user(user)).expect("taken");
    drop(store);
    let store = open(folder.path());
    let (next_user, next_line) = store.change(&origin(), |it| add_user(it, 2)).expect("taken").value;
    assert!(next_user > user && next_line > line);
    // Given out and taken back within one change.
    let lost = store.change(&origin(), |it| {
        let (user, _) = add_user(it, 3)?;
        it.remove_user(user)?;
        Ok(user)
    });
    let lost = lost.expect("taken").value;
    drop(store);
    let store = open(folder.path());
    let (last, _) = store.change(&origin(), |it| add_user(it, 4)).expect("taken").value;
    assert!(last > lost);
}

#[test]
fn unique_names_may_be_swapped_in_one_change() {
    let (_folder, store) = fresh();
    let ((one, line_one), (two, line_two)) =
        store.change(&origin(), |it| Ok((add_user(it, 1)?, add_user(it, 2)?))).expect("taken").value;
    let changed = store.change(&origin(), |it| {
        let (first, second) = (Login::parse("user1")?, Login::parse("user2")?);
        it.users.edit(one, |user| user.login = Some(second));
        it.users.edit(two, |user| user.login = Some(first));
        let (first, second) = (Extension::parse("10001")?, Extension::parse("10002")?);
        it.lines.edit(line_one, |line| line.extension = second);
        it.lines.edit(line_two, |line| line.extension = first);
        let presences: Vec<_> = it.presences.iter().take(2).map(|presence| (presence.id, presence.position)).collect();
        it.presences.edit(presences[0].0, |presence| presence.position = presences[1].1);
        it.presences.edit(presences[1].0, |presence| presence.position = presences[0].1);
        Ok(it.clone())
    });
    assert_eq!(store.whole_configuration().expect("readable").into_inner(), changed.expect("taken").value);
}

#[test]
fn lists_inside_objects_are_kept_in_order() {
    let (_folder, store) = fresh();
    let changed = store.change(&origin(), |it| {
        let profile = it.profiles.iter().next().expect("a profile").id;
        it.profiles.edit(profile, |profile| profile.xlets.reverse());
        let presence = it.presences.iter().next().expect("a presence").id;
        it.presences.edit(presence, |presence| {
            presence.reachable.pop_first();
            presence.actions.reverse();
            presence.color = Color(1, 2, 3);
        });
        let hints = it.phone_hint_groups.iter().next().expect("a group").id;
        it.set_phone_hint(hints, HintNumber::ALL[0], HintText::parse("x")?, Color(0, 0, 0))?;
        for name in ["a", "b", "c"] {
            it.add_context(ContextName::parse(name)?, &[])?;
        }
        it.add_context(ContextName::parse("all")?, &["c", "a", "b"].map(|name| ContextName::parse(name).expect(name)))?;
        Ok(it.clone())
    });
    assert_eq!(store.whole_configuration().expect("readable").into_inner(), changed.expect("taken").value);
}

#[test]
fn a_replaced_configuration_keeps_ids_that_it_brings() {
    let (folder, store) = fresh();
    store.change(&origin(), fill).expect("taken");
    let mut wanted = default_data();
    wanted.users.raise_next_number(1000);
    add_user(&mut wanted, 7).expect("taken");
    let brought = wanted.clone();
    let replace = |it: &mut WholeConfiguration| {
        *it = whole(brought);
        Ok(())
    };
    store.change_whole(&origin(), replace).expect("taken");
    let mut found = store.configuration().expect("readable");
    assert_eq!(found.users.iter().map(|user| user.id.number()).collect::<Vec<_>>(), [1000]);
    // The numbers of what was removed stay used up.
    assert!(found.agents.next_number() > wanted.agents.next_number());
    drop(store);
    found = open(folder.path()).configuration().expect("readable");
    assert_eq!(found.users.next_number(), 1001);
    assert_eq!(found.settings, wanted.settings);
}

#[test]
fn ten_thousand_users_load_with_one_statement_a_table() {
    let (_folder, store) = fresh();
    let hash = Password::parse("a password").expect("a password").hash(&[1; 16]);
    store
        .change(&origin(), |it| {
            for number in 0..10_000 {
                let (user, _) = add_user(it, number)?;
                it.users.edit(user, |user| user.password = Some(hash.clone()));
            }
            Ok(())
        })
        .expect("taken");
    let begun = std::time::Instant::now();
    let found = store.configuration().expect("readable");
    let took = begun.elapsed();
    assert_eq!((found.users.len(), found.lines.len()), (10_000, 10_000));
    // Without optimisation, on a machine that may be busy; a release build on an idle one takes a fortieth.
    assert!(took < std::time::Duration::from_secs(12), "{took:?}");
}
