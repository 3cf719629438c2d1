//! What comes to the console from outside, each kind on a thread of its own: keys of the terminal, signals, and what
//! `watchers` look at. The console's loop takes them in one queue.

use std::io;
use std::sync::Arc;
use std::sync::mpsc::SyncSender;
use std::thread::Builder;

use ratatui::crossterm::event as terminal;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use super::at_work::AtWork;
use super::last_logins::LastLogins;
use super::server::Server;
use super::services_on::ServicesOn;
use crate::check;
use crate::config::FileLayer;
use crate::settings::configuration::Configuration;
use crate::store::StoreError;

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
    /// What users have switched on, whenever it is something else.
    Services(ServicesOn),
    /// The database can no longer be read.
    Lost(StoreError),
    /// What looks at this had an error of its own; it begins anew.
    Fell(&'static str),
}

/// Listens to what asks the console to end: before the terminal is taken, so that nothing ends it there unheard.
pub(super) fn listen_to_signals(events: &SyncSender<Event>) -> io::Result<()> {
    let signals = Signals::new([SIGHUP, SIGINT, SIGTERM])?;
    let sender = events.clone();
    Builder::new().name("signals".to_owned()).spawn(move || read_signals(signals, &sender))?;
    Ok(())
}

/// Starts to listen to the keys; the thread ends with the process, or once nobody takes its events.
pub(super) fn listen_to_keys(events: &SyncSender<Event>) -> io::Result<()> {
    let sender = events.clone();
    Builder::new().name("keys".to_owned()).spawn(move || read_terminal(&sender))?;
    Ok(())
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
