//! `cti-name`: asks ctibox what a caller is called (telephony §17). A call never depends on it: without `res_agi`, without
//! ctibox or without an answer it goes on.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// What the subroutines of users and queues call: `Gosub(cti-name,s,1(user=7))`. A name that an earlier one gave was for
/// whoever was called then.
pub(super) fn context(at: Option<SocketAddr>) -> String {
    let asks = at.map(|at| {
        format!(
            " same => n,GotoIf($[\"${{IFMODULE(res_agi.so)}}\" != \"1\"]?end)\n \
             same => n,AGI(agi://{at}/caller-name?${{ARG1}})\n"
        )
    });
    let asks = asks.unwrap_or_else(|| "; agi.listen names no address at which this Asterisk could ask.\n".to_owned());
    format!(
        "\n; --- The caller's name, where the call has none: Gosub(cti-name,s,1(user=ID)) or (queue=ID).\n[cti-name]\n\
         exten => s,1,ExecIf($[\"${{CTI_NAMED}}\" = \"1\"]?Set(CALLERID(name)=))\n same => n,Set(CTI_NAMED=)\n\
         {asks} same => n(end),Return()\n"
    )
}

/// Where Asterisk reaches the address that ctibox listens on: an Asterisk on another host only one that is of a network.
pub(crate) fn asked_at(listen: Option<SocketAddr>, is_local: bool) -> Option<SocketAddr> {
    let listen = listen.filter(|listen| listen.port() != 0)?;
    match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() && is_local => {
            Some(SocketAddr::new(Ipv4Addr::LOCALHOST.into(), listen.port()))
        }
        IpAddr::V6(ip) if ip.is_unspecified() && is_local => {
            Some(SocketAddr::new(Ipv6Addr::LOCALHOST.into(), listen.port()))
        }
        ip => (is_local || !(ip.is_loopback() || ip.is_unspecified())).then_some(listen),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn asterisk_asks_where_it_reaches_us() {
        let asked = |listen: &str, is_local| {
            let listen = listen.parse().expect("an address");
            asked_at(Some(listen), is_local).map(|at| at.to_string())
        };
        for (listen, here, there) in [
            ("127.0.0.1:4573", Some("127.0.0.1:4573"), None),
            ("0.0.0.0:1", Some("127.0.0.1:1"), None),
            ("[::]:1", Some("[::1]:1"), None),
            ("192.0.2.1:4573", Some("192.0.2.1:4573"), Some("192.0.2.1:4573")),
            ("127.0.0.1:0", None, None),
        ] {
            assert_eq!((asked(listen, true).as_deref(), asked(listen, false).as_deref()), (here, there), "{listen}");
        }
        assert_eq!(asked_at(None, true), None);
    }
}
