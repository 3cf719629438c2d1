//! Whether the CTI port can be had on every address, and the one at which Asterisk asks for callers' names: binds for a
//! moment, as the server would, and lets go. Not called while this folder's own server runs.

use std::io;
use std::net::SocketAddr;

use socket2::{Domain, Protocol, Socket, Type};

use crate::control::{ListenFailure, ListenProblem};
use crate::settings::rule::Severity;
use crate::settings::setting::{General, Key};

use super::{Defect, Finding, FindingTarget, Remedy};

pub(super) fn findings(general: &General) -> Vec<Finding> {
    let mut findings = of_clients(general);
    findings.extend(general.caller_names_at().and_then(of_caller_names));
    findings
}

/// Clients connect `instead` where they did before, if there is a server.
pub(super) fn finding(failure: &ListenFailure, severity: Severity, instead: Option<&[SocketAddr]>) -> Finding {
    let key = match failure.problem {
        ListenProblem::NotPermitted | ListenProblem::Taken => Key::ClientPort,
        _ => Key::ClientListen,
    };
    let (on, remedy) = (FindingTarget::Address(failure.address), Remedy::Listen(failure.problem));
    let defect = Defect::NotListening { failure: failure.clone(), instead: instead.map(<[_]>::to_vec) };
    Finding::new(severity, on, defect, remedy).mended_by(key)
}

/// A server without them serves.
fn of_caller_names(address: SocketAddr) -> Option<Finding> {
    let failure = ListenFailure::of(address, &bind(address).err()?);
    let (on, remedy) = (FindingTarget::Address(address), Remedy::ListenForNames(failure.problem));
    let finding = Finding::new(Severity::Warning, on, Defect::NotListeningForNames(failure), remedy);
    Some(finding.mended_by(Key::AgiListen))
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
    failures.iter().map(|failure| finding(failure, severity(failure), None)).collect()
}

pub(super) fn bind(address: SocketAddr) -> io::Result<()> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    if address.is_ipv6() {
        socket.set_only_v6(true)?;
    }
    socket.set_reuse_address(true)?;
    socket.bind(&address.into())?;
    // Only listening finds out about another listener that allows its address to be used again.
    socket.listen(1)
}
