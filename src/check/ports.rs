//! Whether the CTI port can be had on every address, and the one at which Asterisk asks for callers' names: binds for a
//! moment, as the server would, and lets go. Not called while this folder's own server runs.

use std::io;
use std::net::SocketAddr;

use socket2::{Domain, Protocol, Socket, Type};

use crate::control::{ListenFailure, ListenProblem};
use crate::settings::rule::Severity;
use crate::settings::setting::{General, Key};
use crate::settings::table::Kind;

use super::Finding;

pub(super) fn findings(general: &General) -> Vec<Finding> {
    let mut findings = of_clients(general);
    findings.extend(general.caller_names_at().and_then(of_caller_names));
    findings
}

/// A server without them serves.
fn of_caller_names(address: SocketAddr) -> Option<Finding> {
    let failure = ListenFailure::of(address, &bind(address).err()?);
    Some(Finding {
        severity: Severity::Warning,
        refusal: None,
        about: Some((Kind::Setting, Key::AgiListen.place())),
        on: format!("address {address}"),
        message: format!("cannot be listened on for callers' names: {}", failure.why),
        remedy: caller_names_remedy(&failure).to_owned(),
    })
}

pub(super) fn caller_names_remedy(failure: &ListenFailure) -> &'static str {
    match failure.problem {
        ListenProblem::Taken => {
            "stop the program that has it (`ss -ltnp` shows it), or set another one: `ctibox setting set agi.listen \
             127.0.0.1:4574`, then `ctibox asterisk dialplan` writes it for Asterisk"
        }
        ListenProblem::NotPermitted => "set a port of 1024 or higher: `ctibox setting set agi.listen 127.0.0.1:4573`",
        ListenProblem::NotOfThisHost | ListenProblem::NoSuchFamily | ListenProblem::Other => {
            "name an address of this host: `ctibox setting set agi.listen 127.0.0.1:4573`"
        }
    }
}

fn of_clients(general: &General) -> Vec<Finding> {
    if !general.client_enabled || general.client_port == 0 {
        return Vec::new();
    }
    let addresses = general.client_listen.iter().map(|ip| SocketAddr::new(*ip, general.client_port));
    let failures: Vec<_> =
        addresses.filter_map(|address| Some(ListenFailure::of(address, &bind(address).err()?))).collect();
    let is_nowhere = failures.len() == general.client_listen.len();
    let severity = |failure: &ListenFailure| match failure.problem {
        // The server passes such an address over as long as another one is there.
        ListenProblem::NoSuchFamily if !is_nowhere => Severity::Warning,
        _ => Severity::Error,
    };
    failures.iter().map(|failure| finding(failure, severity(failure), "")).collect()
}

fn bind(address: SocketAddr) -> io::Result<()> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    if address.is_ipv6() {
        socket.set_only_v6(true)?;
    }
    socket.set_reuse_address(true)?;
    socket.bind(&address.into())?;
    // Only listening finds out about another listener that allows its address to be used again.
    socket.listen(1)
}

/// `more` says what holds instead, if anything does.
pub(super) fn finding(failure: &ListenFailure, severity: Severity, more: &str) -> Finding {
    let key = match failure.problem {
        ListenProblem::NotPermitted | ListenProblem::Taken => Key::ClientPort,
        _ => Key::ClientListen,
    };
    let remedy = match failure.problem {
        ListenProblem::NoSuchFamily => {
            "name the addresses that this host has with `ctibox setting set client.listen ADDRESSES`"
        }
        ListenProblem::Taken => {
            "stop the program that has it (`ss -ltnp` shows it) and set it again, or set another `client.port` or \
             `client.listen`"
        }
        ListenProblem::NotOfThisHost => "set `client.listen` to addresses of this host",
        ListenProblem::NotPermitted => "set `client.port` to 1024 or higher, or let the service bind low ports",
        ListenProblem::Other => "set another `client.port` or `client.listen`",
    };
    let more = if more.is_empty() { String::new() } else { format!("; {more}") };
    Finding {
        severity,
        refusal: None,
        about: Some((Kind::Setting, key.place())),
        on: format!("address {}", failure.address),
        message: format!("cannot be listened on: {}{more}", failure.why),
        remedy: remedy.to_owned(),
    }
}
