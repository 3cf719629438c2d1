//! Helpers of the scenarios of abuse: processes of this program on a core of their own, who attack or are attacked. They
//! are told what to do by a line and answer with a line of JSON.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::SocketAddr;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};
use serde_json::Value;

/// Two cores of those that this process may use; one and the same where there is no other.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cores {
    pub(crate) attackers: usize,
    pub(crate) served: usize,
}

impl Cores {
    pub(crate) fn of_this_process() -> Result<Self> {
        let allowed = sched_getaffinity(None)?;
        let mut cores = (0..CpuSet::MAX_CPU).filter(|core| allowed.is_set(*core));
        let attackers = cores.next().context("no core")?;
        Ok(Self { attackers, served: cores.next().unwrap_or(attackers) })
    }

    pub(crate) fn are_apart(self) -> bool {
        self.attackers != self.served
    }
}

/// Starts a process that stays on this core, with all the threads that it will have.
pub(crate) fn start_on<T>(core: usize, start: impl FnOnce() -> Result<T>) -> Result<T> {
    let before = sched_getaffinity(None)?;
    let mut only = CpuSet::new();
    only.set(core);
    // A child inherits what the thread has that makes it.
    sched_setaffinity(None, &only)?;
    let started = start();
    sched_setaffinity(None, &before)?;
    started
}

pub(crate) struct Helper {
    child: Child,
    lines: BufReader<ChildStdout>,
}

impl Helper {
    /// A helper that is ready, on this core.
    pub(crate) fn start(core: usize, word: &str, server: SocketAddr, more: &[String]) -> Result<Self> {
        let mut child = start_on(core, || {
            let mut command = Command::new(std::env::current_exe()?);
            command.arg(word).arg(server.to_string()).args(more);
            Ok(command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?)
        })?;
        let lines = BufReader::new(child.stdout.take().context("stdout is piped")?);
        let mut helper = Self { child, lines };
        let line = helper.line()?;
        ensure!(line.trim() == "ready", "{word} said `{}` instead of `ready`", line.trim());
        Ok(helper)
    }

    /// Tells it to do something, and gives what came of it.
    pub(crate) fn ask(&mut self, order: &str) -> Result<Value> {
        writeln!(self.child.stdin.as_mut().context("stdin is piped")?, "{order}")?;
        Ok(serde_json::from_str(&self.line()?)?)
    }

    fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        self.lines.read_line(&mut line)?;
        ensure!(!line.is_empty(), "a helper ended");
        Ok(line)
    }
}

impl Drop for Helper {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Whoever attacks has a pace.
pub(crate) async fn pause(lasting: Duration) {
    tokio::time::sleep(lasting).await;
}

/// The side of the helper: ready, then an answer for each order.
pub(crate) fn serve_orders(mut answer: impl FnMut(&str) -> Result<Value>) -> Result<()> {
    let mut out = std::io::stdout();
    writeln!(out, "ready")?;
    for order in std::io::stdin().lock().lines() {
        writeln!(out, "{}", answer(order?.trim())?)?;
    }
    Ok(())
}
