//! Asks the system how many bytes of a TCP connection its peer has not acknowledged. The one file of the program with
//! unsafe code: the kernel has no other way to say it that is still right after a connection was given up (TCP_INFO is
//! all nought then), and no crate has a safe one. Used by socket.rs; decides nothing.

use std::ffi::c_int;
use std::io;
use std::os::fd::BorrowedFd;

use rustix::ioctl::{Getter, Opcode, ioctl};

/// The same number on every machine that Linux runs a server on; `TIOCOUTQ` by its other name.
const SIOCOUTQ: Opcode = 0x5411;

/// Of what was written to the socket, whether or not it was sent; a FIN that is on its way counts as one byte.
#[allow(unsafe_code)]
pub(super) fn unacknowledged_bytes(socket: BorrowedFd<'_>) -> io::Result<u64> {
    // SAFETY: SIOCOUTQ writes one `int` to where its argument points and does nothing else (tcp(7)); the getter holds
    // just that, and the descriptor is borrowed for the time of the call.
    let bytes = unsafe { ioctl(socket, Getter::<SIOCOUTQ, c_int>::new()) }?;
    Ok(u64::try_from(bytes).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::{TcpListener, TcpStream};
    use std::os::fd::AsFd as _;

    use super::*;

    #[test]
    fn what_a_peer_took_is_acknowledged_and_what_did_not_fit_is_not() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("bound");
        let mut near = TcpStream::connect(listener.local_addr().expect("an address")).expect("connected");
        let (mut far, _) = listener.accept().expect("accepted");
        near.write_all(b"taken").expect("written");
        far.read_exact(&mut [0; 5]).expect("read");
        // What the far side answers carries its acknowledgement.
        far.write_all(b"x").expect("written");
        near.read_exact(&mut [0; 1]).expect("read");
        assert_eq!(unacknowledged_bytes(near.as_fd()).expect("an answer"), 0);
        near.set_nonblocking(true).expect("not blocking");
        while near.write(&[0; 65_536]).is_ok() {}
        assert!(unacknowledged_bytes(near.as_fd()).expect("an answer") > 0);
    }
}
