//! What comes to the console from outside, each kind on a thread of its own: keys of the terminal, signals, changes of
//! the database by other hands, the server's state, the doctor's findings. The console's loop takes them in one queue.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::SyncSender;
use std::thread::{Builder, sleep};
use std::time::{Duration, Instant};

use ratatui::crossterm::event as terminal;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use time::OffsetDateTime;

use super::at_work::AtWork;
use super::last_logins::LastLogins;
use super::server::Server;
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
const CHECK_EVERY: Duration = Duration::from_secs(60);

/// How long the server may take for an answer.
const PATIENCE: Duration = Duration::from_secs(2);

pub(super) enum Event {
    Terminal(terminal::Event),
    /// The terminal is gone or cannot be read.
    Cut,
    /// The system asks the console to end.
    EndAsked,
    Configuration(Arc<Configuration>),
    /// The settings files are not as they were.
    Files(Arc<FileLayer>),
    Server(Server),
    /// How agents and queues stand, behind the server's state.
    AtWork(Option<AtWork>),
    Findings(Vec<check::Finding>),
    /// When users logged in last.
    LastLogins(LastLogins),
    /// The database can no longer be read.
    Lost(StoreError),
    /// What looks at database and server had an error of its own; it begins anew.
    Fell,
}

/// Listens to what asks the console to end: before the terminal is taken, so that nothing ends it there unheard.
pub(super) fn listen_to_signals(events: &SyncSender<Event>) -> io::Result<()> {
    let signals = Signals::new([SIGHUP, SIGINT, SIGTERM])?;
    let sender = events.clone();
    Builder::new().name("signals".to_owned()).spawn(move || read_signals(signals, &sender))?;
    Ok(())
}

/// Starts to listen to everything else; the threads end with the process, or once nobody takes their events.
pub(super) fn listen(folder: PathBuf, store: &Store, files: ReadFiles, events: &SyncSender<Event>) -> io::Result<()> {
    let sender = events.clone();
    Builder::new().name("keys".to_owned()).spawn(move || read_terminal(&sender))?;
    let (sender, store) = (events.clone(), store.clone());
    Builder::new().name("watch".to_owned()).spawn(move || {
        until_done(|| watch(&folder, &store, &files, &sender), || sender.send(Event::Fell).is_ok());
    })?;
    Ok(())
}

/// Does it again after it fell, as long as that can be told: a console that hears nothing would show what was long ago.
fn until_done(work: impl Fn(), tell: impl Fn() -> bool) {
    while catch_unwind(AssertUnwindSafe(&work)).is_err() && tell() {
        sleep(LOOK_EVERY);
    }
}

fn read_signals(mut signals: Signals, events: &SyncSender<Event>) {
    for _ in signals.forever() {
        if events.send(Event::EndAsked).is_err() {
            return;
        }
    }
}

fn read_terminal(events: &SyncSender<Event>) {
    loop {
        let (said, is_last) = match terminal::read() {
            Ok(event) => (Event::Terminal(event), false),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(_) => (Event::Cut, true),
        };
        if events.send(said).is_err() || is_last {
            return;
        }
    }
}

/// Looks at database and server at their pace. Whatever fails is told and tried again.
fn watch(folder: &Path, store: &Store, files: &ReadFiles, events: &SyncSender<Event>) {
    let told = |said| events.send(said).is_ok();
    let mut watching = None;
    let (mut asked, mut checked): (Option<Instant>, Option<Instant>) = (None, None);
    let mut ask_every = ASK_EVERY;
    let mut layer = files();
    loop {
        let read = files();
        if *read != *layer {
            (layer, checked) = (read, None);
            if !told(Event::Files(layer.clone())) {
                return;
            }
        }
        match follow(store, &mut watching) {
            Ok(Some(configuration)) => {
                checked = None;
                if !told(Event::Configuration(configuration)) {
                    return;
                }
            }
            Ok(None) => {}
            Err(error) => {
                watching = None;
                if !told(Event::Lost(error)) {
                    return;
                }
            }
        }
        if asked.is_none_or(|at| at.elapsed() >= ask_every) {
            let begin = Instant::now();
            let server = server(folder);
            let at_work = at_work(&server, folder);
            if !told(Event::Server(server)) || !told(Event::AtWork(at_work)) {
                return;
            }
            // Thousands of sessions are a long answer: the server is to have other work than this.
            ask_every = ASK_EVERY.max(begin.elapsed() * ANSWERS_SHARE);
            asked = Some(Instant::now());
        }
        if checked.is_none_or(|at| at.elapsed() >= CHECK_EVERY) {
            checked = Some(Instant::now());
            let overrides = Overrides { command_line: Layer::new(), files: layer.clone() };
            let report = check::run(folder, &overrides, OffsetDateTime::now_utc());
            if !told(Event::Findings(report.findings)) {
                return;
            }
            // What cannot be read now is asked for again; the column shows what was known.
            if let Ok(last_logins) = LastLogins::read(store)
                && !told(Event::LastLogins(last_logins))
            {
                return;
            }
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

fn server(folder: &Path) -> Server {
    let status = match control::call(folder, &control::Request::Status, PATIENCE) {
        Ok(control::Response::Status(status)) => status,
        Ok(_) => return Server::Silent("it answered something else than was asked".to_owned()),
        Err(ControlError::NotRunning { .. }) => return Server::NotRunning,
        Err(error) => return Server::Silent(chain(&error)),
    };
    match control::call(folder, &control::Request::Sessions, PATIENCE) {
        Ok(control::Response::Sessions { sessions }) => Server::Running(status, sessions),
        Ok(_) => Server::Silent("it answered something else than was asked".to_owned()),
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

    use super::*;

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
}
