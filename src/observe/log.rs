//! The log: words for a person on a terminal, lines with priorities for journald, JSON for machines. `command` reads the
//! wish and calls `start` once; what is logged anywhere is `tracing`, with a connection as one span. Passwords never come
//! here.

use std::io::{IsTerminal as _, Write as _};
use std::sync::OnceLock;

use tracing::Level;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{Layer as _, Registry, fmt, reload};

use super::REFUSED_LOGINS;
use super::flood::Flood;
use super::journal::{Prioritized, Priority, is_journal, prioritized};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub(crate) enum LogForm {
    /// Lines for people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// Who reads the lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reader {
    /// A person, or a file.
    Anybody,
    /// It has the time itself, and wants priorities.
    Journald,
}

impl Reader {
    /// Of this process's stderr; `named` is what `JOURNAL_STREAM` says.
    pub(crate) fn of_stderr(named: Option<&str>) -> Self {
        match named.is_some_and(|named| is_journal(named, std::io::stderr())) {
            true => Self::Journald,
            false => Self::Anybody,
        }
    }
}

/// How much is logged, where nobody named a filter for this process.
static LEVEL: OnceLock<reload::Handle<Targets, Registry>> = OnceLock::new();

/// The filter that was named for this process.
static NAMED: OnceLock<String> = OnceLock::new();

/// The filter that was named for this process and holds for good, if one was.
pub(crate) fn named_filter() -> Option<&'static str> {
    NAMED.get().map(String::as_str)
}

/// How much is logged from now on, unless a filter was named for this process.
pub(crate) fn set_level(level: Level) {
    if let Some(handle) = LEVEL.get() {
        // It fails only where the log is gone.
        let _ = handle.reload(with_refused_logins(usual(level)));
    }
}

/// Starts the log on stderr. `level` is a filter in the words of tracing (`debug`, `ctibox::server=debug`) that holds for
/// good; None is `info` until `set_level` says otherwise. A filter that cannot be read is answered with its error and is
/// as none.
pub(crate) fn start(form: LogForm, level: Option<&str>, reader: Reader) -> Option<String> {
    let (filter, is_for_good, error) = match level.map(str::parse::<Targets>) {
        None => (usual(Level::INFO), false, None),
        Some(Ok(filter)) => (filter, true, None),
        Some(Err(error)) => (usual(Level::INFO), false, Some(error.to_string())),
    };
    let (filter, handle) = reload::Layer::new(with_refused_logins(filter));
    // A second start changes nothing.
    match level.filter(|_| is_for_good) {
        Some(named) => drop(NAMED.set(named.to_owned())),
        None => drop(LEVEL.set(handle)),
    }
    let lines = fmt::layer().with_writer(std::io::stderr);
    let lines = match (form, reader) {
        (LogForm::Json, Reader::Anybody) => lines.json().with_current_span(false).with_span_list(true).boxed(),
        (LogForm::Json, Reader::Journald) => {
            lines.json().with_current_span(false).with_span_list(true).map_event_format(Prioritized).boxed()
        }
        (LogForm::Text, Reader::Anybody) => lines.with_ansi(std::io::stderr().is_terminal()).with_target(false).boxed(),
        (LogForm::Text, Reader::Journald) => {
            let lines = lines.with_ansi(false).with_target(false).with_level(false).without_time();
            lines.map_event_format(Prioritized).boxed()
        }
    };
    if reader == Reader::Journald {
        std::panic::set_hook(Box::new(|panicked| {
            let line = prioritized(Priority::Error, &panicked.to_string());
            // Words that cannot be said are lost: there is nobody left to tell.
            let _ = std::io::stderr().write_all(line.as_bytes());
        }));
    }
    // A second start changes nothing: the first one's log goes on.
    let started = tracing_subscriber::registry().with(filter).with(lines.with_filter(Flood::default())).try_init();
    error.or_else(|| started.err().map(|error| error.to_string()))
}

/// What says each step of the schema at each start of a new folder: `store` says in one line what came of them.
const SCHEMA_STEPS: &str = "refinery_core";

/// Everything from this level on.
fn usual(level: Level) -> Targets {
    let steps = if level >= Level::DEBUG { level } else { level.min(Level::WARN) };
    Targets::new().with_default(level).with_target(SCHEMA_STEPS, steps)
}

/// The filter, whatever it says, but for the lines that no level hides.
fn with_refused_logins(filter: Targets) -> Targets {
    filter.with_target(REFUSED_LOGINS, Level::INFO)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_of_the_schema_are_told_to_whoever_asks_for_more() {
        let is_told = |level| usual(level).would_enable("refinery_core::traits", &Level::INFO);
        assert!(!is_told(Level::ERROR) && !is_told(Level::INFO) && is_told(Level::DEBUG) && is_told(Level::TRACE));
        assert!(usual(Level::INFO).would_enable("refinery_core", &Level::WARN));
        assert!(!usual(Level::ERROR).would_enable("refinery_core", &Level::WARN));
    }

    #[test]
    fn no_level_hides_a_refused_login() {
        for level in ["error", "off", "ctibox=off", "ctibox::refused_logins=off", "ctibox::refused_logins::more=off"] {
            let filter = with_refused_logins(level.parse().expect("a filter"));
            assert!(filter.would_enable(REFUSED_LOGINS, &Level::INFO), "{level}");
            assert!(!filter.would_enable("ctibox::server", &Level::INFO), "{level}");
        }
    }
}
