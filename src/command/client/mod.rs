//! `ctibox client`: a small CTI client for administrators, who see with it what a desktop client gets, and for tests as a
//! second pair of eyes. It prints what the server says and passes on what is typed; it keeps no picture of its own and
//! touches no data folder.

mod address;
mod connection;
mod input;
mod login;
mod render;
mod trust;

use std::io::BufRead as _;
use std::path::PathBuf;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio::time::{MissedTickBehavior, interval, timeout};

use self::address::Address;
use self::connection::{Connection, LineReader, Numbered, Writer};
use self::input::{Input, Speaker};
use self::login::Claim;
use self::trust::{Fingerprint, Trust};
use super::failure::Failure;
use super::invocation::Invocation;
use super::output::Output;
use super::prompt;
use crate::protocol::request::Version;
use crate::settings::password::Secret;

/// A client that says nothing for long is taken for dead by firewalls on the way.
const KEEPALIVE_EVERY: Duration = Duration::from_secs(60);
/// How long the server may take to close after `logout`.
const FAREWELL: Duration = Duration::from_secs(2);
/// Lines that wait to be sent; beyond, standard input waits.
const LINES_WAITING_MAX: usize = 16;

#[derive(Debug, clap::Args)]
#[command(after_help = format!(
    "Example:\n  ctibox client cti.example.org --user alice\n\nOnce logged in it takes these lines on standard input:\n\
     {}\n\nThe end of standard input logs out once all answers are here.",
    input::WORDS
))]
pub(crate) struct ClientArguments {
    /// The server; without a port, 5003. IPv6 with a port in brackets
    #[arg(value_name = "HOST[:PORT]")]
    server: Address,
    /// Log in as this user
    #[arg(long, value_name = "LOGIN")]
    user: String,
    /// Read the password from the first line of standard input; without this it is asked for
    #[arg(long)]
    password_stdin: bool,
    /// Go on only if the certificate has this SHA-256 fingerprint
    #[arg(long, value_name = "SHA256", conflicts_with = "ca")]
    fingerprint: Option<Fingerprint>,
    /// Go on only if the certificate is vouched for by one of these, in PEM form
    #[arg(long, value_name = "FILE")]
    ca: Option<PathBuf>,
    /// Log in without encryption: everybody on the way can read the password
    #[arg(long, conflicts_with_all = ["fingerprint", "ca"])]
    clear: bool,
    /// The presence to begin with
    #[arg(long, value_name = "NAME", default_value = "available")]
    state: String,
    /// The protocol version to claim
    #[arg(long, value_name = "VERSION", default_value = Version::NEWEST.as_str())]
    protocol: String,
    /// Go on printing after the end of standard input
    #[arg(long)]
    watch: bool,
}

pub(super) fn run(arguments: &ClientArguments, ctx: &Invocation) -> Result<(), Failure> {
    let password = password(arguments, &ctx.output)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new("cannot start").cause(&error))?;
    runtime.block_on(converse(arguments, &password, &ctx.output))
}

fn password(arguments: &ClientArguments, output: &Output) -> Result<Secret, Failure> {
    if arguments.password_stdin {
        prompt::first_line()
    } else if prompt::is_possible() {
        prompt::secret(output, "Password")
    } else {
        Err(Failure::usage("no word about the password, and no terminal to ask on").hint("give `--password-stdin`"))
    }
}

async fn converse(arguments: &ClientArguments, password: &Secret, output: &Output) -> Result<(), Failure> {
    let mut connection = Connection::open(&arguments.server, output).await?;
    if arguments.clear {
        output.warning("the connection is not encrypted");
    } else {
        let trust = Trust::of(arguments.fingerprint.as_ref(), arguments.ca.as_deref())?;
        connection = connection.encrypt(&arguments.server, &trust).await?;
    }
    let claim = Claim { user: &arguments.user, password, version: &arguments.protocol, state: &arguments.state };
    let server = login::log_in(&mut connection, claim).await?;
    output.note(format!("logged in as {}; `help` lists what can be typed", arguments.user));

    let Connection { mut reader, writer, numbered } = connection;
    let (to_send, waiting) = mpsc::channel(LINES_WAITING_MAX);
    let speaker = Speaker { server, login: arguments.user.clone() };
    let mut exchange = Exchange { speaker, numbered, to_send, last: None };
    // A task of its own: a server that reads no more until its answers are taken must not keep us from taking them.
    // It ends with the exchange, having sent what waited.
    let writing = tokio::spawn(send_all(writer, waiting));
    exchange.run(&mut reader, arguments.watch, output).await?;
    drop(exchange);
    let farewell = async {
        // A line that cannot be sent or read any more is no failure: we are leaving.
        let _ = writing.await;
        while reader.next_message().await.is_ok_and(|message| message.is_some()) {}
    };
    // Nor is a server that does not close.
    let _ = timeout(FAREWELL, farewell).await;
    Ok(())
}

async fn send_all(mut writer: Writer, mut waiting: mpsc::Receiver<String>) {
    while let Some(line) = waiting.recv().await {
        if writer.send(&line).await.is_err() {
            return;
        }
    }
}

/// The time between login and logout.
struct Exchange {
    speaker: Speaker,
    numbered: Numbered,
    to_send: mpsc::Sender<String>,
    /// The `commandid` whose answer ends the exchange: standard input has ended, and answers come in order.
    last: Option<u64>,
}

impl Exchange {
    /// Prints what comes and sends what is typed, until somebody has had enough.
    async fn run(&mut self, reader: &mut LineReader<'_>, is_watching: bool, output: &Output) -> Result<(), Failure> {
        let to_send = self.to_send.clone();
        let mut typed = typed_lines();
        let mut is_listening = true;
        let mut keepalive = interval(KEEPALIVE_EVERY);
        keepalive.set_missed_tick_behavior(MissedTickBehavior::Delay);
        keepalive.tick().await;
        loop {
            tokio::select! {
                message = reader.next_message() => match message? {
                    None => return Err(Failure::new("the server closed the connection")),
                    Some(message) if self.is_last(&message) => return self.log_out().await,
                    Some(_) => {}
                },
                line = next_typed(&to_send, &mut typed), if is_listening => match line {
                    Typed::Line(line) => match self.speaker.order(&line) {
                        Ok(Input::Quit) => return self.log_out().await,
                        Ok(Input::Help) => output.note(input::WORDS),
                        Ok(order) => self.obey(order).await,
                        Err(words) => output.warning(&words),
                    },
                    Typed::End if is_watching => is_listening = false,
                    Typed::End => {
                        is_listening = false;
                        self.send(json!({"class": "keepalive"})).await;
                        self.last = Some(self.numbered.last());
                    }
                },
                _ = keepalive.tick() => {
                    let line = self.numbered.line(json!({"class": "keepalive"}));
                    // While others wait to be sent there is no silence to break.
                    let _ = to_send.try_send(line);
                }
            }
        }
    }

    fn is_last(&self, message: &Value) -> bool {
        self.last.is_some_and(|last| message["class"] == "keepalive" && message["replyid"] == last)
    }

    async fn obey(&mut self, order: Input) {
        match order {
            Input::Send(message) => self.send(message).await,
            Input::Raw(line) => self.pass_on(line).await,
            Input::Nothing | Input::Help | Input::Quit => {}
        }
    }

    async fn log_out(&mut self) -> Result<(), Failure> {
        self.send(json!({"class": "logout", "stopper": ""})).await;
        Ok(())
    }

    async fn send(&mut self, message: Value) {
        let line = self.numbered.line(message);
        self.pass_on(line).await;
    }

    async fn pass_on(&self, line: String) {
        // If nobody takes it the connection is gone, and the reader says so.
        let _ = self.to_send.send(line).await;
    }
}

enum Typed {
    Line(String),
    End,
}

/// The next line of standard input, once there is room for what it sends, so that sending it never keeps the server's
/// answers waiting. May be dropped while it waits.
async fn next_typed(to_send: &mpsc::Sender<String>, typed: &mut mpsc::Receiver<String>) -> Typed {
    if to_send.reserve().await.is_err() {
        return Typed::End;
    }
    typed.recv().await.map_or(Typed::End, Typed::Line)
}

/// Reads standard input. A thread of its own, which nobody can end while it waits for a line: it ends with the process.
fn typed_lines() -> mpsc::Receiver<String> {
    let (typed, lines) = mpsc::channel(1);
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines() {
            let Ok(line) = line else { return };
            if typed.blocking_send(line).is_err() {
                return;
            }
        }
    });
    lines
}
