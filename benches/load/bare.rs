//! The least programs that do the work of a scenario, each a process of its own so that its CPU time and memory are
//! read as the server's are: one thread, one tokio loop, no login, nothing parsed, nothing kept. Started by `scenario`.

use std::io::Write as _;
use std::process::Command;
use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordVerifier as _};
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, ReadHalf, WriteHalf, split};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;

use crate::client::Wire;
use crate::installation::{Hash, PASSWORD, hash_of};
use crate::process::{Process, cpu_seconds};

pub(crate) const WORD: &str = "bare";
/// Changes that are written together.
const GATHERED: usize = 64;

/// What is done with a line that comes.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Work {
    /// The bytes to every socket; those of lines that wait together in one write.
    ToAll,
    /// The bytes to the next socket.
    ToNext,
    /// The bytes once for each line back to its sender, one write a read.
    Back,
}

impl Work {
    fn as_str(self) -> &'static str {
        match self {
            Self::ToAll => "to-all",
            Self::ToNext => "to-next",
            Self::Back => "back",
        }
    }
}

/// Starts such a program as a process.
pub(crate) fn start(work: Work, is_encrypted: bool, line_bytes: usize) -> Result<Process> {
    let mut command = Command::new(std::env::current_exe()?);
    let tls = if is_encrypted { "tls" } else { "clear" };
    command.args([WORD, work.as_str(), tls, &line_bytes.to_string()]);
    Process::start(&mut command)
}

/// CPU seconds of one password check and nothing else.
pub(crate) fn seconds_of_a_check() -> Result<f64> {
    const CHECKS: u32 = 50;
    let output = Command::new(std::env::current_exe()?).args([WORD, "hash", &CHECKS.to_string()]).output()?;
    Ok(String::from_utf8(output.stdout)?.trim().parse::<f64>()? / f64::from(CHECKS))
}

/// The process itself.
pub(crate) fn run(words: &[String]) -> Result<()> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["hash", number] => check_passwords(number.parse()?),
        [work, tls, bytes] => {
            let work = match *work {
                "to-all" => Work::ToAll,
                "to-next" => Work::ToNext,
                "back" => Work::Back,
                other => bail!("{other}: no such work"),
            };
            let line = [vec![b'x'; bytes.parse::<usize>()?.saturating_sub(1)], b"\n".to_vec()].concat();
            let acceptor = if *tls == "tls" { Some(acceptor()?) } else { None };
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(serve(work, acceptor, line))
        }
        _ => bail!("bare WORK tls|clear BYTES, or bare hash NUMBER"),
    }
}

fn check_passwords(number: u32) -> Result<()> {
    let text = hash_of(Hash::Real)?;
    let hash = PasswordHash::new(&text).map_err(|error| anyhow::anyhow!("{error}"))?;
    let before = cpu_seconds("self")?;
    for _ in 0..number {
        Argon2::default().verify_password(PASSWORD.as_bytes(), &hash).map_err(|error| anyhow::anyhow!("{error}"))?;
    }
    writeln!(std::io::stdout(), "{}", cpu_seconds("self")? - before)?;
    Ok(())
}

fn acceptor() -> Result<TlsAcceptor> {
    let pair = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()])?;
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(pair.signing_key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![pair.cert.der().clone()], key)?;
    Ok(TlsAcceptor::from(Arc::new(config)))
}

/// What comes to the loop that writes.
enum Event {
    Came(WriteHalf<Box<dyn Wire>>),
    Line(usize),
}

async fn serve(work: Work, acceptor: Option<TlsAcceptor>, line: Vec<u8>) -> Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    writeln!(std::io::stdout(), "ready {}", listener.local_addr()?)?;
    let (events, waiting) = mpsc::channel(4096);
    tokio::spawn(write(work, waiting, line.clone()));
    for number in 0.. {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let (acceptor, events, line) = (acceptor.clone(), events.clone(), line.clone());
        tokio::spawn(async move {
            let wire: Box<dyn Wire> = match acceptor {
                Some(acceptor) => Box::new(acceptor.accept(stream).await?),
                None => Box::new(stream),
            };
            if let Work::Back = work {
                return answer(wire, &line).await;
            }
            let (reader, writer) = split(wire);
            events.send(Event::Came(writer)).await?;
            read(reader, number, &events).await
        });
    }
    Ok(())
}

async fn read(mut reader: ReadHalf<Box<dyn Wire>>, number: usize, events: &mpsc::Sender<Event>) -> Result<()> {
    loop {
        let mut bytes = [0; 1024];
        let read = reader.read(&mut bytes).await?;
        if read == 0 {
            return Ok(());
        }
        for _ in bytes[..read].iter().filter(|byte| **byte == b'\n') {
            events.send(Event::Line(number)).await?;
        }
    }
}

async fn answer(mut wire: Box<dyn Wire>, line: &[u8]) -> Result<()> {
    let mut bytes = vec![0; 65_536];
    loop {
        let read = wire.read(&mut bytes).await?;
        if read == 0 {
            return Ok(());
        }
        let lines = bytes[..read].iter().filter(|byte| **byte == b'\n').count();
        wire.write_all(&line.repeat(lines)).await?;
        wire.flush().await?;
    }
}

async fn write(work: Work, mut waiting: mpsc::Receiver<Event>, line: Vec<u8>) -> Result<()> {
    let mut writers = Vec::new();
    let mut events = Vec::new();
    while waiting.recv_many(&mut events, GATHERED).await > 0 {
        let mut lines = Vec::new();
        for event in events.drain(..) {
            match event {
                Event::Came(writer) => writers.push(writer),
                Event::Line(number) => lines.push(number),
            }
        }
        match work {
            Work::ToNext => {
                for number in lines {
                    let next = (number + 1) % writers.len().max(1);
                    let writer = writers.get_mut(next).context("a socket")?;
                    writer.write_all(&line).await?;
                    writer.flush().await?;
                }
            }
            _ if lines.is_empty() => {}
            _ => {
                let bytes = line.repeat(lines.len());
                for writer in &mut writers {
                    writer.write_all(&bytes).await?;
                    writer.flush().await?;
                }
            }
        }
    }
    Ok(())
}
