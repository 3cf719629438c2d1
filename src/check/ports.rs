//! Whether the CTI port can be had on every address: binds for a moment, as the server would, and lets go. Not called
//! while this folder's own server runs.

use std::io::{self, ErrorKind};
use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use socket2::{Domain, Protocol, Socket, Type};

use crate::settings::rule::Severity;
use crate::settings::setting::{General, Key};
use crate::settings::table::Kind;

use super::Finding;

pub(super) fn findings(general: &General) -> Vec<Finding> {
    if !general.client_enabled || general.client_port == 0 {
        return Vec::new();
    }
    let addresses = general.client_listen.iter().map(|ip| SocketAddr::new(*ip, general.client_port));
    let failures: Vec<_> = addresses.filter_map(|address| Some((address, bind(address).err()?))).collect();
    let is_nowhere = failures.len() == general.client_listen.len();
    failures.into_iter().map(|(address, error)| finding(address, &error, is_nowhere)).collect()
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

fn finding(address: SocketAddr, error: &io::Error, is_nowhere: bool) -> Finding {
    let is_absent = is_absent_family(address.ip(), error);
    let key = match error.kind() {
        ErrorKind::PermissionDenied | ErrorKind::AddrInUse if !is_absent => Key::ClientPort,
        _ => Key::ClientListen,
    };
    let remedy = match error.kind() {
        _ if is_absent => "name the addresses that this host has with `ctibox setting set client.listen`",
        ErrorKind::AddrInUse => {
            "stop the program that has it (`ss -ltnp` shows it), or set another `client.port` or `client.listen`"
        }
        ErrorKind::AddrNotAvailable => "set `client.listen` to addresses of this host",
        ErrorKind::PermissionDenied => "set `client.port` to 1024 or higher, or let the service bind low ports",
        _ => "set another `client.port` or `client.listen`",
    };
    Finding {
        // The server passes such an address over as long as another one is there.
        severity: if is_absent && !is_nowhere { Severity::Warning } else { Severity::Error },
        rule: None,
        about: Some((Kind::Setting, key.place())),
        on: format!("address {address}"),
        message: format!("cannot be listened on: {error}"),
        remedy: remedy.to_owned(),
    }
}

/// A host without IPv6, as against a wrong address.
fn is_absent_family(address: IpAddr, error: &io::Error) -> bool {
    let is_unsupported = error.raw_os_error() == Some(rustix::io::Errno::AFNOSUPPORT.raw_os_error());
    is_unsupported || (address == Ipv6Addr::UNSPECIFIED && error.kind() == ErrorKind::AddrNotAvailable)
}
