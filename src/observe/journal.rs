//! Lines for journald: it takes the priority of a line from `<N>` before it (sd-daemon(3)), and has the time itself.
//! `log` and `command`'s output say their lines so where it reads them. Reads no environment.

use std::fmt;
use std::os::fd::AsFd;

use tracing::{Event, Level, Subscriber};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::registry::LookupSpan;

/// Whether this stream is the one that `JOURNAL_STREAM` names, by device and inode (systemd.exec(5)). A program that
/// sent its words elsewhere inherits the variable all the same.
pub(crate) fn is_journal(named: &str, stream: impl AsFd) -> bool {
    let Some((device, inode)) = named.split_once(':') else { return false };
    let (Ok(device), Ok(inode)) = (device.parse::<u64>(), inode.parse::<u64>()) else { return false };
    rustix::fs::fstat(stream).is_ok_and(|file| (file.st_dev, file.st_ino) == (device, inode))
}

/// How much a line matters, in the numbers of syslog.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Priority {
    Error = 3,
    Warning = 4,
    Info = 6,
    Debug = 7,
}

impl Priority {
    fn of(level: Level) -> Self {
        match level {
            Level::ERROR => Self::Error,
            Level::WARN => Self::Warning,
            Level::INFO => Self::Info,
            _ => Self::Debug,
        }
    }
}

/// Each line of the text with its priority; journald reads line by line.
pub(crate) fn prioritized(priority: Priority, text: &str) -> String {
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    lines.map(|line| format!("<{}>{line}\n", priority as u8)).collect()
}

/// Puts the priority before what another format makes of an event.
pub(super) struct Prioritized<F>(pub(super) F);

impl<S, N, F> FormatEvent<S, N> for Prioritized<F>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
    F: FormatEvent<S, N>,
{
    fn format_event(&self, context: &FmtContext<'_, S, N>, mut out: Writer<'_>, event: &Event<'_>) -> fmt::Result {
        let mut text = String::new();
        self.0.format_event(context, Writer::new(&mut text), event)?;
        out.write_str(&prioritized(Priority::of(*event.metadata().level()), &text))
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::MetadataExt as _;

    use super::*;

    #[test]
    fn a_stream_is_the_journals_by_device_and_inode() {
        let file = tempfile::tempfile().expect("a file");
        let (device, inode) = file.metadata().map(|file| (file.dev(), file.ino())).expect("readable");
        assert!(is_journal(&format!("{device}:{inode}"), &file));
        for other in [format!("{device}:{}", inode + 1), format!("{}:{inode}", device + 1), device.to_string()] {
            assert!(!is_journal(&other, &file), "{other}");
        }
        assert!(!is_journal("", &file) && !is_journal("a:b", &file) && !is_journal(":", &file));
    }

    #[test]
    fn every_line_has_its_priority() {
        assert_eq!(prioritized(Priority::Error, "one\n\ntwo\n"), "<3>one\n<3>two\n");
        assert_eq!(prioritized(Priority::Info, "one"), "<6>one\n");
    }
}
