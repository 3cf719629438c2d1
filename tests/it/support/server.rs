//! A served data folder: starts `ctibox serve` on a free port, gathers its log, ends it by its process id.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use super::cli::Appliance;
use super::client::Client;
use super::small_disk::SmallDisk;

const START_MAX: Duration = Duration::from_secs(60);
const LOG_MAX: Duration = Duration::from_secs(60);
/// A planned stop takes five seconds at most, which a test of its own looks at.
const STOP_MAX: Duration = Duration::from_secs(60);
const LOG_TAIL_LINES: usize = 40;

/// The process. Killed when dropped, if it still runs; a failing test shows the end of its log.
pub(crate) struct Running {
    pub(crate) port: u16,
    pub(crate) pid: u32,
    /// The line that said `ready`, with every address.
    pub(crate) ready: String,
    line: String,
    log: Arc<Log>,
    ended: Receiver<ExitStatus>,
    has_ended: bool,
}

#[derive(Default)]
struct Log {
    lines: Mutex<Vec<String>>,
    grown: Condvar,
}

impl Running {
    pub(crate) fn start(appliance: &Appliance, more: &[&str]) -> Self {
        Self::start_as(appliance, &[&["serve", "--listen", "127.0.0.1:0"], more].concat())
    }

    /// Listens where the settings say.
    pub(crate) fn start_as_set(appliance: &Appliance) -> Self {
        Self::start_as(appliance, &["serve"])
    }

    /// The office, whose settings say a free port of the loopback address, and its server.
    pub(crate) fn office_on_loopback() -> (Appliance, Self) {
        let appliance = Appliance::company();
        appliance.set("client.listen", "127.0.0.1");
        appliance.set("client.port", "0");
        let server = Self::start_as_set(&appliance);
        (appliance, server)
    }

    /// With a service manager's variables.
    pub(crate) fn start_managed(appliance: &Appliance, variables: &[(&str, &str)]) -> Self {
        let mut command = appliance.command(&["serve", "--listen", "127.0.0.1:0"]);
        command.envs(variables.iter().copied());
        Self::spawn(command)
    }

    /// Logs everything.
    pub(crate) fn start_traced(appliance: &Appliance, form: &str) -> Self {
        let mut command = appliance.command(&["serve", "--listen", "127.0.0.1:0", "--log", form]);
        command.env("CTIBOX_LOG", "trace");
        Self::spawn(command)
    }

    /// As systemd starts it: journald reads its log.
    pub(crate) fn start_in_journal(appliance: &Appliance) -> Self {
        let (journal, said) = std::io::pipe().unwrap();
        let stream = rustix::fs::fstat(&said).unwrap();
        let mut command = appliance.command(&["serve", "--listen", "127.0.0.1:0"]);
        command.env("JOURNAL_STREAM", format!("{}:{}", stream.st_dev, stream.st_ino)).stderr(said);
        Self::spawn_logging_to(command, journal)
    }

    /// Sees the disk where others see an empty folder.
    pub(crate) fn start_behind(appliance: &Appliance, disk: &SmallDisk) -> Self {
        let serve = appliance.command(&["serve", "--listen", "127.0.0.1:0"]);
        let entrance = disk.entrance();
        let mut command = Command::new(&entrance[0]);
        command.args(&entrance[1..]).arg(serve.get_program()).args(serve.get_args()).env("NO_COLOR", "1");
        Self::spawn(command)
    }

    fn start_as(appliance: &Appliance, words: &[&str]) -> Self {
        Self::spawn(appliance.command(words))
    }

    fn spawn(mut command: Command) -> Self {
        let (read, said) = std::io::pipe().unwrap();
        command.stderr(said);
        Self::spawn_logging_to(command, read)
    }

    fn spawn_logging_to(mut command: Command, read: impl Read + Send + 'static) -> Self {
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
        let pid = child.id();
        let log = Arc::new(Log::default());
        gather(read, Arc::clone(&log));
        let ready = await_ready(child.stdout.take().unwrap());
        let ended = await_end(child);
        let line = format!("{command:?}");
        // The log ends with the process.
        drop(command);
        let mut running = Self { port: 0, pid, ready: String::new(), line, log, ended, has_ended: false };
        running.ready = ready.recv_timeout(START_MAX).unwrap_or_else(|_| panic!("`serve` never said `ready`"));
        let address = running.ready.split_whitespace().nth(1).unwrap_or_default();
        running.port = address.rsplit(':').next().unwrap().parse().unwrap();
        running
    }

    /// A new connection; `name` stands in every report about it.
    pub(crate) fn client(&self, name: &str) -> Client {
        Client::connect(self.port, name)
    }

    /// A new connection that has logged in as available.
    pub(crate) fn logged_in(&self, login: &str) -> Client {
        let mut client = self.client(login);
        client.log_in(login, "available");
        client
    }

    /// Waits until a line of the log holds all of these words; gives that line.
    pub(crate) fn await_log(&self, words: &[&str]) -> String {
        let end = Instant::now() + LOG_MAX;
        let mut lines = self.log.lines.lock().unwrap();
        loop {
            if let Some(line) = lines.iter().find(|line| words.iter().all(|word| line.contains(word))) {
                return line.clone();
            }
            let remaining = end.saturating_duration_since(Instant::now());
            assert!(!remaining.is_zero(), "no line of the log says {words:?}");
            lines = self.log.grown.wait_timeout(lines, remaining).unwrap().0;
        }
    }

    pub(crate) fn log(&self) -> String {
        self.log.lines.lock().unwrap().join("\n")
    }

    pub(crate) fn signal(&self, signal: Signal) {
        let pid = Pid::from_raw(i32::try_from(self.pid).unwrap()).unwrap();
        kill_process(pid, signal).unwrap();
    }

    /// SIGTERM, and the exit code.
    pub(crate) fn terminate(mut self) -> Option<i32> {
        self.signal(Signal::TERM);
        self.wait()
    }

    fn wait(&mut self) -> Option<i32> {
        match self.ended.recv_timeout(STOP_MAX) {
            Ok(status) => {
                self.has_ended = true;
                status.code()
            }
            Err(RecvTimeoutError::Timeout) => panic!("`serve` did not end within {STOP_MAX:?}"),
            Err(RecvTimeoutError::Disconnected) => panic!("the end of `serve` was heard twice"),
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if thread::panicking() {
            // who waited in vain for a line has poisoned them
            let lines = self.log.lines.lock().unwrap_or_else(PoisonError::into_inner);
            let tail = lines[lines.len().saturating_sub(LOG_TAIL_LINES)..].join("\n");
            eprintln!("`{}` logged at its end:\n{tail}", self.line);
        }
        if !self.has_ended && self.ended.try_recv().is_err() {
            // It may have ended between the look and this: a process that is not there needs no killing.
            if let Some(pid) = i32::try_from(self.pid).ok().and_then(Pid::from_raw) {
                let _ = kill_process(pid, Signal::KILL);
            }
            let _ = self.ended.recv_timeout(STOP_MAX);
        }
    }
}

fn gather(stderr: impl Read + Send + 'static, log: Arc<Log>) {
    thread::spawn(move || {
        for line in BufReader::new(stderr).lines().map_while(Result::ok) {
            log.lines.lock().unwrap().push(line);
            log.grown.notify_all();
        }
    });
}

fn await_ready(stdout: impl Read + Send + 'static) -> Receiver<String> {
    let (tell, ready) = channel();
    thread::spawn(move || {
        for line in BufReader::new(stdout).lines().map_while(Result::ok) {
            if line.starts_with("ready ") && tell.send(line).is_err() {
                return;
            }
        }
    });
    ready
}

/// Tells when the process has ended, and how.
pub(super) fn await_end(mut child: Child) -> Receiver<ExitStatus> {
    let (tell, ended) = channel();
    thread::spawn(move || {
        let status = child.wait().unwrap();
        let _ = tell.send(status);
    });
    ended
}
