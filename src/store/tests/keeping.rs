//! State: kept by its own thread, apart from configuration.

use std::sync::{Arc, Mutex, mpsc};

use crate::settings::id::{AgentId, QueueId};
use crate::settings::state::{
    AgentLogin, AgentWanted, Forward, KeptAgent, QUEUE_CALL_AGE_MAX, QueueCall, Services, StateWrite, UserState,
};

use super::*;

fn busy_state() -> UserState {
    UserState {
        last_presence: Some(PresenceName::parse("away").expect("a name")),
        is_present: true,
        services: Services {
            do_not_disturb: true,
            call_filter: true,
            recording: true,
            unconditional: Forward { is_on: true, destination: "1".into() },
            no_answer: Forward { is_on: false, destination: "*2".into() },
            busy: Forward { is_on: true, destination: "+3".into() },
        },
    }
}

/// In the one queue that the tests' store has.
fn agent_at_work() -> KeptAgent {
    KeptAgent {
        login: Some(AgentLogin {
            extension: "1001".into(),
            context: "default".into(),
            device: "PJSIP/1001".into(),
            since: 1_471_009_851,
        }),
        pauses: [(QueueId::new(1), "Gone to lunch".into())].into(),
        memberships: [(QueueId::new(1), true)].into(),
        wanted: AgentWanted { is_logged_off: true, are_pauses_ours: true },
    }
}

fn save(store: &Store, writes: Vec<StateWrite>) {
    let writer = StateWriter::start(store, || {});
    writer.save(writes, Box::new(|result| result.expect("kept")));
    drop(writer);
}

#[test]
fn state_is_kept_over_a_restart() {
    let (folder, store) = fresh();
    store.change(&origin(), fill).expect("taken");
    let (agent, at_work) = (AgentId::new(1), agent_at_work());
    save(&store, vec![StateWrite::User(user_uuid(1), busy_state()), StateWrite::Agent(agent, at_work.clone())]);
    drop(store);
    let states = open(folder.path()).states().expect("readable");
    assert_eq!(states.users[&user_uuid(1)], busy_state());
    assert_eq!(states.agents[&agent], at_work);
}

#[test]
fn state_touches_neither_the_changes_nor_the_audit() {
    let (folder, store) = fresh();
    store.change(&origin(), fill).expect("taken");
    let count = || {
        let connection = outsider(folder.path());
        (number(&connection, "SELECT max(seq) FROM change"), number(&connection, "SELECT max(seq) FROM audit"))
    };
    let before = count();
    save(&store, vec![StateWrite::User(user_uuid(1), busy_state())]);
    let services = store.services().expect("read");
    assert_eq!(services.into_iter().collect::<Vec<_>>(), [(user_uuid(1), busy_state().services)]);
    save(&store, vec![StateWrite::User(user_uuid(1), UserState::default())]);
    assert!(store.services().expect("read").is_empty());
    save(&store, vec![StateWrite::Agent(AgentId::new(1), agent_at_work())]);
    assert_eq!(count(), before);
    assert_eq!(store.states().expect("readable").users[&user_uuid(1)], UserState::default());
}

#[test]
fn state_goes_with_its_user_after_a_week_and_stays_when_their_login_changes() {
    let (folder, store) = fresh();
    store.change(&origin(), fill).expect("taken");
    let agent = StateWrite::Agent(AgentId::new(1), agent_at_work());
    save(&store, vec![StateWrite::User(user_uuid(1), busy_state()), agent.clone()]);
    let renamed = store.change(&origin(), |it| {
        let (user, login) = (it.user_by_uuid(user_uuid(1)).expect("a user").id, Login::parse("other")?);
        it.users.edit(user, |user| user.login = Some(login));
        Ok(user)
    });
    let user = renamed.expect("taken").value;
    assert_eq!(store.states().expect("readable").users.len(), 1);
    store.change(&origin(), |it| it.remove_user(user)).expect("taken");
    store.change(&origin(), |it| it.remove_agent(AgentId::new(1))).expect("taken");
    assert_eq!(store.services().expect("read").len(), 0);
    // Said too late: they are gone.
    save(&store, vec![StateWrite::User(user_uuid(1), UserState::default()), agent]);
    let kept = store.states().expect("readable");
    assert_eq!((kept.removed[&user_uuid(1)].state.clone(), kept.agents.len()), (busy_state(), 0));
    assert_eq!(kept.users.len(), 0);
    a_week_passes(&folder);
    store.change(&origin(), |it| it.add_user(new_user(7))).expect("taken");
    assert_eq!(store.states().expect("readable"), States::default());
}

#[test]
fn state_comes_back_with_a_user_whose_removal_is_undone() {
    let (folder, store, before) = removed_while_busy();
    undo_all(&store, &before);
    // Nothing remembers that they were ever gone.
    a_week_passes(&folder);
    store.change(&origin(), |it| it.add_user(new_user(7))).expect("taken");
    assert_eq!(store.states().expect("readable").users[&user_uuid(1)], busy_state());
}

/// What was told of it holds: the undo itself is the first change after that.
#[test]
fn whoever_comes_back_after_a_week_comes_without_state() {
    let (folder, store, before) = removed_while_busy();
    a_week_passes(&folder);
    undo_all(&store, &before);
    assert_eq!(store.states().expect("readable"), States::default());
}

/// A user who had switched things on is removed; and all as it was before.
fn removed_while_busy() -> (TempDir, Store, Configuration) {
    let (folder, store) = fresh();
    store.change(&origin(), fill).expect("taken");
    save(&store, vec![StateWrite::User(user_uuid(1), busy_state())]);
    let before = store.configuration().expect("readable");
    let user = before.user_by_uuid(user_uuid(1)).expect("a user").id;
    store.change(&origin(), |it| it.remove_user(user)).expect("taken");
    (folder, store, before)
}

/// Since all removals.
fn a_week_passes(folder: &TempDir) {
    outsider(folder.path()).execute("UPDATE removed_user SET at = at - 8 * 24 * 3600", []).expect("written");
}

const NOW: i64 = 1_471_009_851;

/// Into the one queue that the tests' store has.
fn queue_call(unique_id: &str, at: i64) -> QueueCall {
    QueueCall {
        unique_id: unique_id.into(),
        queue: QueueId::new(1),
        at,
        hold_seconds: Some(7),
        picker: Some("Agent/8001".into()),
        talk_seconds: None,
    }
}

fn save_calls(store: &Store, calls: &[QueueCall]) {
    save(store, calls.iter().cloned().map(StateWrite::QueueCall).collect());
}

/// By name.
fn queue_calls(store: &Store) -> Vec<QueueCall> {
    let mut calls = store.states().expect("readable").queue_calls;
    calls.sort_by(|one, other| one.unique_id.cmp(&other.unique_id));
    calls
}

#[test]
fn calls_of_queues_are_kept_over_a_restart_each_as_it_was_last() {
    let (folder, store) = fresh();
    store.change(&origin(), fill).expect("taken");
    let joined = QueueCall { hold_seconds: None, picker: None, ..queue_call("1471009851.7", NOW) };
    let ended = QueueCall { talk_seconds: Some(65), ..queue_call("1471009851.7", NOW) };
    let lost = QueueCall { picker: None, ..queue_call("1471009860.9", NOW + 9) };
    save_calls(&store, std::slice::from_ref(&joined));
    save_calls(&store, &[ended.clone(), lost.clone()]);
    drop(store);
    assert_eq!(queue_calls(&open(folder.path())), [ended, lost]);
}

#[test]
fn calls_of_queues_are_forgotten_seven_days_before_the_latest() {
    let (folder, store) = fresh();
    store.change(&origin(), fill).expect("taken");
    let age = i64::try_from(QUEUE_CALL_AGE_MAX.as_secs()).expect("days");
    assert_eq!(age, 7 * 24 * 60 * 60);
    let (old, edge) = (queue_call("a", NOW - age - 1), queue_call("b", NOW - age));
    save_calls(&store, &[old.clone(), edge.clone()]);
    assert_eq!(queue_calls(&store), [old, edge.clone()], "as long as there is no later one");
    let latest = queue_call("c", NOW);
    save_calls(&store, std::slice::from_ref(&latest));
    drop(store);
    assert_eq!(queue_calls(&open(folder.path())), [edge, latest]);
}

#[test]
fn calls_and_pauses_go_with_their_queue() {
    let (_folder, store) = fresh();
    store.change(&origin(), fill).expect("taken");
    save_calls(&store, &[queue_call("a", NOW)]);
    save(&store, vec![StateWrite::Agent(AgentId::new(1), agent_at_work())]);
    store.change(&origin(), |it| it.remove_queue(QueueId::new(1))).expect("taken");
    // Said too late.
    save_calls(&store, &[queue_call("b", NOW)]);
    assert_eq!(queue_calls(&store), []);
    let kept = store.states().expect("readable").agents.remove(&AgentId::new(1)).expect("logged in still");
    let there = KeptAgent { pauses: [].into(), memberships: [].into(), ..agent_at_work() };
    assert_eq!(kept, there);
}

#[test]
fn who_waits_is_told_in_order_and_after_the_commit() {
    let (folder, store) = fresh();
    store.change(&origin(), |it| add_user(it, 1)).expect("taken");
    let writer = StateWriter::start(&store, || {});
    let told = Arc::new(Mutex::new(Vec::new()));
    // The first one holds the thread until all others wait: they go as one group. It must have the thread to itself
    // before they come, or some of them are in its own group and see their own state.
    let (go, gate) = mpsc::channel::<()>();
    let (begin, begun) = mpsc::channel::<()>();
    let hold = move |_| {
        begin.send(()).expect("heard");
        gate.recv().expect("a word");
    };
    writer.save(Vec::new(), Box::new(hold));
    begun.recv().expect("a word");
    for turn in 0..100 {
        let state = UserState { is_present: turn % 2 == 0, ..UserState::default() };
        let (told, folder) = (Arc::clone(&told), folder.path().to_path_buf());
        writer.save(
            vec![StateWrite::User(user_uuid(1), state)],
            Box::new(move |result| {
                result.expect("kept");
                let kept = number(&outsider(&folder), "SELECT is_present FROM user_state");
                told.lock().expect("not poisoned").push((turn, kept));
            }),
        );
    }
    go.send(()).expect("heard");
    drop(writer);
    let told = told.lock().expect("not poisoned");
    // All of them see the last of the group, which won.
    assert_eq!(*told, (0..100).map(|turn| (turn, 0)).collect::<Vec<_>>());
}

#[test]
fn a_failed_group_is_told_to_all_who_wait() {
    let (_folder, store) = fresh();
    store.change(&origin(), |it| add_user(it, 1)).expect("taken");
    store.write(|connection| connection.execute_batch("PRAGMA query_only = ON")).expect("taken");
    let writer = StateWriter::start(&store, || {});
    let (tell, told) = mpsc::channel();
    for _ in 0..3 {
        let tell = tell.clone();
        let writes = vec![StateWrite::User(user_uuid(1), UserState::default())];
        writer.save(writes, Box::new(move |result| tell.send(result.is_err()).expect("heard")));
    }
    drop(writer);
    assert_eq!(told.iter().take(3).collect::<Vec<_>>(), [true; 3]);
    assert_eq!(store.states().expect("readable"), States::default());
}

#[test]
fn a_panic_of_the_writer_is_told_and_a_planned_end_is_not() {
    let (_folder, store) = fresh();
    store.change(&origin(), |it| add_user(it, 1)).expect("taken");
    let (tell, told) = mpsc::channel();
    let started = |word: &'static str| {
        let tell = tell.clone();
        StateWriter::start(&store, move || tell.send(word).expect("heard"))
    };
    drop(started("planned"));
    let writer = started("panic");
    let writes = || vec![StateWrite::User(user_uuid(1), UserState::default())];
    writer.save(writes(), Box::new(|_| panic!("on purpose")));
    assert_eq!(told.recv().expect("told"), "panic");
    drop(writer);
    assert!(told.try_recv().is_err());
}
