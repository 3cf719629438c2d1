//! A measured process: the server or a bare program. Started with a line on stdout that says it is ready, ended by its
//! process id when dropped; what it used is read from /proc.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use rustix::process::{Pid, Signal, kill_process};

/// Ticks of /proc/PID/stat in a second; Linux has no other on the machines that matter.
const TICKS: f64 = 100.0;

pub(crate) struct Process {
    child: Child,
    pub(crate) address: SocketAddr,
    /// From the start of the process until it said that it is ready.
    pub(crate) ready_after: Duration,
}

impl Process {
    /// Starts the command, which says `ready ADDR:PORT` on stdout.
    pub(crate) fn start(command: &mut Command) -> Result<Self> {
        let began = Instant::now();
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().context("cannot start")?;
        let mut lines = BufReader::new(child.stdout.take().context("stdout is piped")?);
        let mut line = String::new();
        lines.read_line(&mut line)?;
        let ready_after = began.elapsed();
        let Some(address) = line.strip_prefix("ready ").and_then(|rest| rest.split_whitespace().next()) else {
            bail!("the process said `{}` instead of `ready`", line.trim());
        };
        Ok(Self { address: address.parse()?, child, ready_after })
    }

    /// CPU time used so far, of all threads, in the process and in the kernel for it.
    pub(crate) fn cpu_seconds(&self) -> Result<f64> {
        cpu_seconds(&self.child.id().to_string())
    }

    /// Asks it to end, and waits until it has.
    pub(crate) fn terminate(mut self) -> Result<()> {
        kill_process(Pid::from_child(&self.child), Signal::TERM)?;
        self.child.wait()?;
        Ok(())
    }

    pub(crate) fn resident_mebibytes(&self) -> Result<f64> {
        self.mebibytes("VmRSS:")
    }

    /// The most that it ever had.
    pub(crate) fn peak_resident_mebibytes(&self) -> Result<f64> {
        self.mebibytes("VmHWM:")
    }

    fn mebibytes(&self, of: &str) -> Result<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix(of)).context("no such line")?;
        Ok(line.trim().trim_end_matches("kB").trim().parse::<f64>()? / 1024.0)
    }
}

/// Open descriptors of a process.
pub(crate) fn descriptors(process: &Process) -> Result<usize> {
    Ok(std::fs::read_dir(format!("/proc/{}/fd", process.child.id()))?.count())
}

pub(crate) fn own_descriptors() -> Result<usize> {
    Ok(std::fs::read_dir("/proc/self/fd")?.count())
}

/// Of a process by its id, or of `self`.
pub(crate) fn cpu_seconds(process: &str) -> Result<f64> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat"))?;
    // The name before `)` may hold blanks; utime and stime are the 14th and 15th field.
    let fields: Vec<&str> = stat.rsplit_once(')').context("no name")?.1.split_whitespace().collect();
    let ticks = |field: usize| fields.get(field).context("too short")?.parse::<f64>().context("no number");
    Ok((ticks(11)? + ticks(12)?) / TICKS)
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
