//! `ctibox health`: whether the server of this folder serves, as an exit code within a second: it must answer on the
//! control socket, say a real hello on the CTI port, and know of nothing that is configured and does not hold. For service
//! managers, containers and monitoring.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::failure::Failure;
use super::invocation::Invocation;
use super::sessions::unreachable;
use crate::check;
use crate::config::Effective;
use crate::control::{self, ServerStatus};
use crate::store::{ServerLock, Store};

/// All of it together.
const PATIENCE: Duration = Duration::from_millis(950);
/// A line of the hello is short.
const LINE_BYTES_MAX: u64 = 4096;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Exits 0 if the server serves as it is configured, 1 if not.\n\nExample:\n  ctibox health && echo fine"
)]
pub(crate) struct HealthArguments {}

pub(crate) fn run(_arguments: &HealthArguments, ctx: &Invocation) -> Result<(), Failure> {
    let deadline = Instant::now() + PATIENCE;
    let status = status(ctx).map_err(|failure| without_descriptors(&ctx.folder).unwrap_or(failure))?;
    if let Some(address) = status.listen.first() {
        let address = reachable(address)?;
        hello(address, deadline).map_err(|error| {
            without_descriptors(&ctx.folder).unwrap_or_else(|| {
                Failure::new(format!("the server answers on its control socket but not on {address}")).cause(&error)
            })
        })?;
    }
    tell(&status, ctx)?;
    not_as_configured(&status, ctx).map_or(Ok(()), Err)
}

/// Where Asterisk may ask for them.
pub(super) fn caller_names(at: Option<SocketAddr>) -> String {
    at.map_or_else(|| "off".to_owned(), |at| format!("asked for at {at}"))
}

/// A server that serves otherwise than it is configured is well until the next restart only, or not for all.
fn not_as_configured(status: &ServerStatus, ctx: &Invocation) -> Option<Failure> {
    let mut findings = check::discrepancies(&status.discrepancies);
    // What cannot be read just now is no word against the server.
    if let Ok(settings) = Store::open_existing(&ctx.folder).and_then(|store| store.settings()) {
        let effective = Effective::new(&settings, &ctx.overrides_of(status));
        findings.extend(check::untrusted_backends(&effective.general()));
    }
    // A line each, indented, as soon as there are several.
    let words: Vec<_> = findings.iter().map(check::Finding::words).collect();
    let words = if words.len() == 1 { format!(" {}", words[0]) } else { format!("\n  {}", words.join("\n  ")) };
    let failure = Failure::new(format!("the server serves, but not as configured:{words}"));
    (!findings.is_empty())
        .then(|| findings.into_iter().fold(failure, |failure, finding| failure.hint(finding.remedy.words())))
}

/// What is the matter with a server that has as many file descriptors open as it may: it takes nobody in, not even this
/// command, so it is asked for in /proc. None where that is not it.
fn without_descriptors(folder: &Path) -> Option<Failure> {
    let process = ServerLock::holder(folder).ok()??;
    let open = std::fs::read_dir(format!("/proc/{process}/fd")).ok()?.count();
    let most = descriptors_max(&std::fs::read_to_string(format!("/proc/{process}/limits")).ok()?)?;
    (open >= most).then(|| {
        let words = format!("the server has all its {most} file descriptors in use: it lets nobody in");
        Failure::new(words).hint("raise `LimitNOFILE=` of its unit, or `ulimit -n`, and restart it; or end connections")
    })
}

/// The soft limit, as /proc/PID/limits says it.
fn descriptors_max(limits: &str) -> Option<usize> {
    limits.lines().find_map(|line| line.strip_prefix("Max open files"))?.split_whitespace().next()?.parse().ok()
}

fn status(ctx: &Invocation) -> Result<ServerStatus, Failure> {
    match control::call(&ctx.folder, &control::Request::Status, PATIENCE / 2).map_err(unreachable)? {
        control::Response::Status(status) => Ok(*status),
        _ => Err(super::sessions::strange()),
    }
}

fn tell(status: &ServerStatus, ctx: &Invocation) -> Result<(), Failure> {
    let mut fields = vec![
        ("serves on", status.listen.join(" ")),
        ("process", status.process.to_string()),
        ("version", status.version.clone()),
        ("connections", status.connections.to_string()),
        ("sessions", status.sessions.to_string()),
        ("telephony", status.telephony.clone().unwrap_or_default().to_string()),
        ("caller names", caller_names(status.caller_names)),
    ];
    fields.extend(status.turned_away.as_ref().map(|turned_away| ("turned away", turned_away.to_string())));
    fields.extend(status.log_filter.as_ref().map(|filter| ("log", format!("CTIBOX_LOG={filter}, above log.level"))));
    for refused in &status.refused_clients {
        fields.push(("refused", refused.to_string()));
    }
    ctx.output.fields(&fields, || object(status, ctx))?;
    // One of a kind is enough.
    if let Some(refused) = status.refused_clients.first() {
        ctx.output.hint(check::TlsRemedy::of(refused).words());
    }
    Ok(())
}

/// The status, and with each kind of clients that were refused what mends it.
fn object(status: &ServerStatus, ctx: &Invocation) -> Value {
    let mut object = json!(status);
    let remedies = status.refused_clients.iter().map(|refused| check::TlsRemedy::of(refused).words());
    if let Some(refused) = object["refused_clients"].as_array_mut() {
        for (one, remedy) in refused.iter_mut().zip(remedies) {
            one["remedy"] = json!(ctx.output.pasteable(&remedy));
        }
    }
    object
}

/// Where to knock: a socket that listens everywhere is asked on this host.
fn reachable(listen: &str) -> Result<SocketAddr, Failure> {
    let mut address: SocketAddr =
        listen.parse().map_err(|_| Failure::new(format!("the server names a strange address: {listen}")))?;
    if address.ip().is_unspecified() {
        address.set_ip(match address.ip() {
            IpAddr::V4(_) => IpAddr::V4(Ipv4Addr::LOCALHOST),
            IpAddr::V6(_) => IpAddr::V6(Ipv6Addr::LOCALHOST),
        });
    }
    Ok(address)
}

/// Says `login_id` and waits for its answer, whatever it is: the offer of encryption comes before it.
fn hello(address: SocketAddr, deadline: Instant) -> io::Result<()> {
    let left = || deadline.saturating_duration_since(Instant::now()).max(Duration::from_millis(1));
    let mut stream = TcpStream::connect_timeout(&address, left())?;
    stream.set_write_timeout(Some(left()))?;
    let hello = json!({
        "class": "login_id", "userlogin": "health", "company": "xivo", "ident": "ctibox health", "wazoversion": "2.3",
    });
    writeln!(stream, "{hello}")?;
    let mut reader = BufReader::new(stream.try_clone()?.take(2 * LINE_BYTES_MAX));
    for _ in 0..2 {
        stream.set_read_timeout(Some(left()))?;
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let answer: Value = serde_json::from_str(&line)?;
        match answer["class"].as_str() {
            Some("starttls") => {}
            Some("login_id") => return Ok(()),
            _ => return Err(io::Error::other(format!("it answers {}", answer["error_string"]))),
        }
    }
    Err(io::Error::other("it does not answer login_id"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_of_descriptors_is_read_from_the_table_of_limits() {
        let limits = "Limit                     Soft Limit           Hard Limit           Units     \n\
                      Max cpu time              unlimited            unlimited            seconds   \n\
                      Max open files            1024                 524288               files     \n";
        assert_eq!(descriptors_max(limits), Some(1024));
        assert_eq!(descriptors_max("Max open files            unlimited            unlimited            files"), None);
    }

    #[test]
    fn a_socket_that_listens_everywhere_is_asked_here() {
        for (listen, knock) in [("0.0.0.0:5003", "127.0.0.1:5003"), ("[::]:1", "[::1]:1"), ("10.0.0.1:2", "10.0.0.1:2")]
        {
            assert_eq!(reachable(listen).expect("an address").to_string(), knock);
        }
    }
}
