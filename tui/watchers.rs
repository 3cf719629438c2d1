//! What looks at the database, the server and, by the doctor, at the whole data folder: each on a thread of its own, at its
//! own pace, so that a server that hangs or a check that takes its time holds back nothing that others change. Whatever
//! fails is told and tried again. They send events and touch nothing.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::{Builder, sleep};
use std::time::{Duration, Instant};

use time::OffsetDateTime;

use super::at_work::AtWork;
use super::event::Event;
use super::last_logins::LastLogins;
use super::server::Server;
use super::services_on::ServicesOn;
use crate::check;
use crate::config::{FileLayer, Overrides, ReadFiles};
use crate::control::{self, ControlError, OverviewOf, OverviewRows, TelephonyLink};
use crate::observe::chain;
use crate::settings::configuration::Configuration;
use crate::settings::setting::Layer;
use crate::store::{Store, StoreError, Watcher};

/// How soon another process's change shows: well within a second.
const LOOK_EVERY: Duration = Duration::from_millis(250);
const ASK_EVERY: Duration = Duration::from_secs(1);
/// The server spends at most one part in so many on answering one console.
const ANSWERS_SHARE: u32 = 20;
/// A check also where nothing has changed: certificates expire, addresses are taken.
const CHECK_EVERY: Duration = Duration::from_secs(60);

/// How long the server may take for an answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// Starts all of them; the threads end with the process, or once nobody takes their events.
pub(super) fn start(folder: PathBuf, store: &Store, files: ReadFiles, events: &SyncSender<Event>) -> io::Result<()> {
    let checked = folder.clone();
    let check = move |files: Arc<FileLayer>| {
        let overrides = Overrides { command_line: Layer::new(), files };
        check::run(&checked, &overrides, OffsetDateTime::now_utc()).findings
    };
    let ask = start_database_and_doctor(store, files, check, events)?;
    let own = store.clone();
    start_one("the services of users", events, move |events| watch_services(&own, events))?;
    start_one("the server", events, move |events| watch_server(&folder, &ask, events))
}

/// The doctor is asked by whatever changes in the database and in the settings files, and by who gets what is returned.
fn start_database_and_doctor(
    store: &Store,
    files: ReadFiles,
    check: impl Fn(Arc<FileLayer>) -> Vec<check::Finding> + Send + 'static,
    events: &SyncSender<Event>,
) -> io::Result<SyncSender<()>> {
    // One that is not begun yet sees all that was changed until it begins: it need not be asked for twice.
    let (ask, asked) = sync_channel(1);
    let (own, own_files) = (store.clone(), Arc::clone(&files));
    start_one("the data folder", events, move |events| examine(&own, &own_files, &check, &asked, events))?;
    let (store, of_others) = (store.clone(), ask.clone());
    start_one("the database", events, move |events| watch_database(&store, &files, &ask, events))?;
    Ok(of_others)
}

/// Its name is what it looks at.
fn start_one(
    name: &'static str,
    events: &SyncSender<Event>,
    watch: impl Fn(&SyncSender<Event>) + Send + 'static,
) -> io::Result<()> {
    let sender = events.clone();
    Builder::new().name(name.to_owned()).spawn(move || {
        until_done(|| watch(&sender), || sender.send(Event::Fell(name)).is_ok());
    })?;
    Ok(())
}

/// Does it again after it fell, as long as that can be told: a console that hears nothing would show what was long ago.
fn until_done(work: impl Fn(), tell: impl Fn() -> bool) {
    while catch_unwind(AssertUnwindSafe(&work)).is_err() && tell() {
        sleep(LOOK_EVERY);
    }
}

/// Tells what others change in the database and in the settings files, and then has it checked.
fn watch_database(store: &Store, files: &ReadFiles, ask: &SyncSender<()>, events: &SyncSender<Event>) {
    let told = |said| events.send(said).is_ok();
    let mut watching = None;
    let mut layer = files();
    let mut is_changed = true;
    loop {
        let read = files();
        if *read != *layer {
            (layer, is_changed) = (read, true);
            if !told(Event::Files(layer.clone())) {
                return;
            }
        }
        let event = match follow(store, &mut watching) {
            Ok(configuration) => configuration.map(Event::Configuration),
            Err(error) => {
                watching = None;
                Some(Event::Lost(error))
            }
        };
        is_changed |= matches!(event, Some(Event::Configuration(_)));
        if event.is_some_and(|event| !told(event)) {
            return;
        }
        // After what it is about: findings of a change never stand beside what was before it.
        if std::mem::take(&mut is_changed) {
            let _ = ask.try_send(());
        }
        sleep(LOOK_EVERY);
    }
}

/// The configuration if it is another than last time; the first time it is.
fn follow(
    store: &Store,
    watching: &mut Option<(Watcher, Arc<Configuration>)>,
) -> Result<Option<Arc<Configuration>>, StoreError> {
    let Some((watcher, known)) = watching else {
        let watcher = Watcher::new(store)?;
        let known = Arc::new(store.configuration()?);
        *watching = Some((watcher, known.clone()));
        return Ok(Some(known));
    };
    Ok(watcher.poll(known)?.map(|new| {
        *known = Arc::new(new);
        known.clone()
    }))
}

/// The doctor: checks what it is asked to, and once a minute by itself.
fn examine(
    store: &Store,
    files: &ReadFiles,
    check: &impl Fn(Arc<FileLayer>) -> Vec<check::Finding>,
    asked: &Receiver<()>,
    events: &SyncSender<Event>,
) {
    while asked.recv_timeout(CHECK_EVERY) != Err(RecvTimeoutError::Disconnected) {
        if events.send(Event::Findings(check(files()))).is_err() {
            return;
        }
        // What cannot be read now is asked for again; the column shows what was known.
        if let Ok(last_logins) = LastLogins::read(store)
            && events.send(Event::LastLogins(last_logins)).is_err()
        {
            return;
        }
    }
}

/// Tells what users have switched on, whenever that is something else.
fn watch_services(store: &Store, events: &SyncSender<Event>) {
    let mut known = ServicesOn::default();
    loop {
        // What cannot be read now is read again; until then what was known is shown.
        if let Ok(services) = ServicesOn::read(store)
            && services != known
        {
            known.clone_from(&services);
            if events.send(Event::Services(services)).is_err() {
                return;
            }
        }
        sleep(ASK_EVERY);
    }
}

/// Asks the server how it is, and has the folder checked when it comes or goes: what is found of a server that runs is no
/// longer so.
fn watch_server(folder: &Path, ask: &SyncSender<()>, events: &SyncSender<Event>) {
    let mut was_running = None;
    loop {
        let begin = Instant::now();
        let server = server(folder);
        let is_running = matches!(server, Server::Running(..));
        if was_running.replace(is_running).is_some_and(|was| was != is_running) {
            let _ = ask.try_send(());
        }
        let at_work = at_work(&server, folder);
        if events.send(Event::Server(server)).is_err() || events.send(Event::AtWork(at_work)).is_err() {
            return;
        }
        sleep(pause_after(is_running, begin.elapsed()));
    }
}

/// Thousands of sessions are a long answer: the server is to have other work than this. One that did not answer had none of
/// it, and is asked again soon.
fn pause_after(has_answered: bool, took: Duration) -> Duration {
    if has_answered { ASK_EVERY.max(took * ANSWERS_SHARE) } else { ASK_EVERY }
}

fn server(folder: &Path) -> Server {
    let status = match control::call(folder, &control::Request::Status, PATIENCE) {
        Ok(control::Response::Status(status)) => status,
        Ok(_) => return Server::Silent("its answer was not understood".to_owned()),
        Err(ControlError::NotRunning { .. }) => return Server::NotRunning,
        Err(error) => return Server::Silent(chain(&error)),
    };
    match control::call(folder, &control::Request::Sessions, PATIENCE) {
        Ok(control::Response::Sessions { sessions }) => Server::Running(status, sessions),
        Ok(_) => Server::Silent("its answer was not understood".to_owned()),
        Err(error) => Server::Silent(chain(&error)),
    }
}

/// How agents and queues stand, where the server runs and telephony is on.
fn at_work(server: &Server, folder: &Path) -> Option<AtWork> {
    let Server::Running(status, _) = server else { return None };
    if matches!(status.telephony, None | Some(TelephonyLink::Off)) {
        return None;
    }
    let overview = |of| match control::call(folder, &control::Request::Overview { of }, PATIENCE) {
        Ok(control::Response::Overview(overview)) => Some(overview),
        Ok(_) | Err(_) => None,
    };
    let (agents, queues) = (overview(OverviewOf::Agents)?, overview(OverviewOf::Queues)?);
    let is_linked = agents.is_linked && queues.is_linked;
    match (agents.rows, queues.rows) {
        (OverviewRows::Agents(agents), OverviewRows::Queues(queues)) => Some(AtWork { is_linked, agents, queues }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::sync::Mutex;
    use std::sync::mpsc::channel;

    use super::*;
    use crate::settings::fixtures::small_company;
    use crate::settings::id::{ContextId, Id as _};
    use crate::settings::name::ContextName;
    use crate::store::{Origin, OriginKind};

    #[test]
    fn what_fell_is_told_and_done_again() {
        let (times, told) = (Cell::new(0), Cell::new(0));
        let work = || {
            times.set(times.get() + 1);
            assert_eq!(times.get(), 3, "it falls twice");
        };
        until_done(work, || {
            told.set(told.get() + 1);
            true
        });
        assert_eq!((times.get(), told.get()), (3, 2));
        times.set(0);
        until_done(work, || false);
        assert_eq!(times.get(), 1);
    }

    #[test]
    fn a_server_that_does_not_answer_is_asked_again_soon() {
        assert_eq!(pause_after(true, Duration::from_millis(500)), Duration::from_secs(10));
        assert_eq!(pause_after(true, Duration::ZERO), ASK_EVERY);
        assert_eq!(pause_after(false, PATIENCE), ASK_EVERY);
    }

    /// The first context is called so, by another process.
    fn rename(store: &Store, name: &str) {
        let origin = Origin { user: "other".to_owned(), from: OriginKind::Cli, intent: crate::store::Intent::Edit };
        let renamed = store.change(&origin, |c| {
            let name = ContextName::parse(name)?;
            c.contexts.edit(ContextId::new(1), |context| context.name = name);
            Ok(())
        });
        renamed.expect("taken");
    }

    /// A check that takes as long as the test wants, beside a database that others change.
    #[test]
    fn a_slow_check_holds_back_nothing_that_others_change() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(folder.path(), small_company).expect("a store").store;
        let (sender, events) = sync_channel(16);
        let ((began, begins), (release, released)) = (channel(), channel::<()>());
        let held = Mutex::new((began, released));
        let check = move |_| {
            let held = held.lock().expect("one check at a time");
            held.0.send(()).expect("the test waits for it");
            // Once nobody holds it any more it goes on.
            let _ = held.1.recv();
            Vec::new()
        };
        start_database_and_doctor(&store, Arc::new(Arc::default), check, &sender).expect("threads");
        assert!(matches!(events.recv(), Ok(Event::Configuration(_))), "what is there comes before its findings");
        begins.recv().expect("the check begins");
        rename(&store, "renamed");
        let Ok(Event::Configuration(changed)) = events.recv() else { unreachable!("the check has not ended") };
        assert_eq!(changed.contexts.get(ContextId::new(1)).map(|context| context.name.as_str()), Some("renamed"));
        drop(release);
        assert!(matches!(events.recv(), Ok(Event::Findings(_))));
        assert!(matches!(events.recv(), Ok(Event::LastLogins(_))));
        // Of what was changed while it was held.
        begins.recv().expect("it is checked again");
    }
}
