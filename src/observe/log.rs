//! The log: words for a person on a terminal, JSON for machines. `command` reads the wish and calls `start` once; what
//! is logged anywhere is `tracing`, with a connection as one span. Passwords never come here.

use std::io::IsTerminal as _;

use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer as _, fmt};

use super::flood::Flood;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub(crate) enum LogForm {
    /// Lines for people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// Migrations say their steps in a crate of their own; the store says what counts.
const USUAL: &str = "info,refinery_core=warn";

/// Starts the log on stderr. `level` is a filter in the words of tracing (`debug`, `ctibox::server=debug`); None is
/// `info`. A filter that cannot be read falls back to `info` and is answered with its error.
pub(crate) fn start(form: LogForm, level: Option<&str>) -> Option<String> {
    let (filter, error) = match level.map(EnvFilter::try_new) {
        None => (EnvFilter::new(USUAL), None),
        Some(Ok(filter)) => (filter, None),
        Some(Err(error)) => (EnvFilter::new(USUAL), Some(error.to_string())),
    };
    let lines = fmt::layer().with_writer(std::io::stderr);
    let lines = match form {
        LogForm::Json => lines.json().with_current_span(false).with_span_list(true).boxed(),
        LogForm::Text => lines.with_ansi(std::io::stderr().is_terminal()).with_target(false).boxed(),
    };
    // A second start changes nothing: the first one's log goes on.
    let started = tracing_subscriber::registry().with(filter).with(lines.with_filter(Flood::default())).try_init();
    error.or_else(|| started.err().map(|error| error.to_string()))
}
