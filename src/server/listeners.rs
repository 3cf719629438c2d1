//! The open listeners: which addresses are listened on now. The settings may rebind them while the server runs (settings
//! §1.9): connections of a listener stay when it closes, and a listener closes only when the new ones are open.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinSet;

use super::context::ServerContext;
use super::discrepancies::Aspect;
use super::listener::{BindError, BoundListener, accept_all, bind_all};
use super::shutdown::Shutdown;
use crate::control::Discrepancy;
use crate::settings::setting::General;

/// New settings for the listeners, or the same once more; `done` is told when they are where the settings want them, or when
/// it is recorded why they stayed.
pub(super) struct Rebind {
    pub(super) general: Arc<General>,
    pub(super) done: oneshot::Sender<()>,
}

pub(super) struct Listeners {
    /// From the command line, which outranks the settings; port 0 is replaced by the port that was found.
    told: Option<Vec<SocketAddr>>,
    /// What the listeners were last bound to.
    wanted: Vec<SocketAddr>,
    open: Vec<OpenListener>,
    /// One for each listener, also for a closed one while a connection of it lives.
    accepting: JoinSet<()>,
    bound: watch::Sender<Vec<SocketAddr>>,
    server: Arc<ServerContext>,
    shutdown: Shutdown,
}

struct OpenListener {
    asked: SocketAddr,
    bound: SocketAddr,
    close: oneshot::Sender<()>,
    closed: oneshot::Receiver<()>,
}

/// The listening sockets of the start, before anybody may connect.
pub(super) struct StartListeners {
    told: Option<Vec<SocketAddr>>,
    wanted: Vec<SocketAddr>,
    bound: Vec<BoundListener>,
}

impl StartListeners {
    /// Binds what the command line says, else what the settings say.
    pub(super) fn bind(told: Option<Vec<SocketAddr>>, general: &General) -> Result<Self, BindError> {
        let wanted = wanted(told.as_deref(), general);
        if wanted.is_empty() {
            tracing::warn!("the setting client.enabled is off: no client can connect");
        }
        let bound = bind_all(&wanted, 0)?;
        Ok(Self { told, wanted, bound })
    }

    pub(super) fn addresses(&self) -> Vec<SocketAddr> {
        self.bound.iter().map(|bound| bound.local).collect()
    }
}

impl Listeners {
    /// Lets clients in.
    pub(super) fn open(mut start_listeners: StartListeners, server: Arc<ServerContext>, shutdown: Shutdown) -> Self {
        if start_listeners.told.is_some() {
            for bound in &mut start_listeners.bound {
                for address in start_listeners.wanted.iter_mut().filter(|address| **address == bound.asked).take(1) {
                    *address = bound.local;
                }
                bound.asked = bound.local;
            }
            // With client.enabled off nothing was bound: what was told stays as it was told.
            start_listeners.told = start_listeners
                .told
                .map(|told| if start_listeners.wanted.is_empty() { told } else { start_listeners.wanted.clone() });
        }
        let mut listeners = Self {
            told: start_listeners.told,
            wanted: start_listeners.wanted,
            open: Vec::new(),
            accepting: JoinSet::new(),
            bound: watch::Sender::new(Vec::new()),
            server,
            shutdown,
        };
        listeners.add(start_listeners.bound);
        listeners
    }

    /// Where clients may connect, now and from now on.
    pub(super) fn bound(&self) -> watch::Receiver<Vec<SocketAddr>> {
        self.bound.subscribe()
    }

    /// Rebinds as asked until the shutdown, then waits for all connections to end.
    pub(super) async fn run(mut self, mut rebinds: mpsc::Receiver<Rebind>) {
        let mut shutdown = self.shutdown.clone();
        loop {
            tokio::select! {
                Some(Rebind { general, done }) = rebinds.recv() => {
                    self.follow(&general).await;
                    // Who asked may be gone.
                    let _ = done.send(());
                }
                Some(ended) = self.accepting.join_next() => pass_on(ended),
                () = shutdown.requested() => break,
            }
        }
        while let Some(ended) = self.accepting.join_next().await {
            pass_on(ended);
        }
    }

    async fn follow(&mut self, general: &General) {
        let wanted = wanted(self.told.as_deref(), general);
        if wanted == self.wanted {
            // What could not be had is not wanted any more.
            self.server.discrepancies.record(Aspect::Listen, None);
            return;
        }
        match self.rebind(&wanted).await {
            Ok(()) => {
                let now: Vec<String> = self.open.iter().map(|listener| listener.bound.to_string()).collect();
                if now.is_empty() {
                    tracing::warn!("client.enabled was switched off: nobody can connect; who is connected stays");
                } else {
                    tracing::info!("listening on {} from now on; who is connected stays", now.join(" "));
                }
                self.wanted = wanted;
                self.server.discrepancies.record(Aspect::Listen, None);
            }
            Err(error) => {
                tracing::error!(
                    "{error}; clients connect where they did before. End whoever has that address and set it again, or \
                     send SIGHUP (`systemctl reload ctibox`); or set client.listen and client.port to free ones \
                     with `ctibox setting set`"
                );
                let instead = self.open.iter().map(|listener| listener.bound).collect();
                let discrepancy = Discrepancy::Listen { failures: error.failures(), instead };
                self.server.discrepancies.record(Aspect::Listen, Some(discrepancy));
            }
        }
    }

    async fn rebind(&mut self, wanted: &[SocketAddr]) -> Result<(), BindError> {
        let (staying, leaving): (Vec<OpenListener>, Vec<OpenListener>) = self
            .open
            .drain(..)
            .partition(|listener| wanted.contains(&listener.asked) || wanted.contains(&listener.bound));
        let is_new = |address: &&SocketAddr| {
            staying.iter().all(|listener| listener.asked != **address && listener.bound != **address)
        };
        let new: Vec<SocketAddr> = wanted.iter().filter(is_new).copied().collect();
        // `0.0.0.0` and an address of this host cannot be bound to one port both at once.
        let (in_the_way, leaving): (Vec<OpenListener>, Vec<OpenListener>) =
            leaving.into_iter().partition(|listener| new.iter().any(|address| is_one_place(*address, listener.bound)));
        let others = staying.len();
        self.open = staying;
        let mut closed = Vec::new();
        for listener in in_the_way {
            closed.push((listener.asked, listener.bound));
            listener.close().await;
        }
        match bind_all(&new, others) {
            Ok(bound) => {
                for listener in leaving {
                    listener.close().await;
                }
                self.add(bound);
                Ok(())
            }
            Err(error) => {
                self.open.extend(leaving);
                self.open_again(&closed);
                Err(error)
            }
        }
    }

    fn open_again(&mut self, closed: &[(SocketAddr, SocketAddr)]) {
        for (asked, bound) in closed {
            match bind_all(&[*bound], 0) {
                Ok(mut again) => {
                    again.iter_mut().for_each(|bound| bound.asked = *asked);
                    self.add(again);
                }
                Err(error) => tracing::error!("{error}: it was given up for an address that cannot be had"),
            }
        }
        self.publish();
    }

    fn add(&mut self, bound: Vec<BoundListener>) {
        for BoundListener { asked, local, listener } in bound {
            let (close, closing) = oneshot::channel();
            let (said_closed, closed) = oneshot::channel();
            let (server, shutdown) = (self.server.clone(), self.shutdown.clone());
            let logins = server.logins.clone();
            let accepting = async move { accept_all(listener, server, closing, said_closed, shutdown).await };
            self.accepting.spawn_on(accepting, &logins);
            self.open.push(OpenListener { asked, bound: local, close, closed });
        }
        self.publish();
    }

    fn publish(&self) {
        self.bound.send_replace(self.open.iter().map(|listener| listener.bound).collect());
    }
}

impl OpenListener {
    /// Closes it; when this is over the address is free.
    async fn close(self) {
        // Whoever does not hear it has closed already.
        let _ = self.close.send(());
        let _ = self.closed.await;
    }
}

/// Where clients are to connect; nowhere with `client.enabled` off.
fn wanted(told: Option<&[SocketAddr]>, general: &General) -> Vec<SocketAddr> {
    if !general.client_enabled {
        return Vec::new();
    }
    let set = || general.client_listen.iter().map(|ip| SocketAddr::new(*ip, general.client_port)).collect();
    told.map_or_else(set, <[SocketAddr]>::to_vec)
}

/// Whether two addresses cannot be listened on at once.
fn is_one_place(one: SocketAddr, other: SocketAddr) -> bool {
    let is_covered = one.ip() == other.ip() || one.ip().is_unspecified() || other.ip().is_unspecified();
    one.port() == other.port() && one.is_ipv4() == other.is_ipv4() && is_covered
}

/// A panic of an accepting task cuts off all its connections: it is not for this task to survive it.
fn pass_on(ended: Result<(), tokio::task::JoinError>) {
    if let Err(error) = ended
        && error.is_panic()
    {
        std::panic::resume_unwind(error.into_panic());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wildcard_is_in_the_way_of_its_own_family_and_port_only() {
        let is_one =
            |one: &str, other: &str| is_one_place(one.parse().expect("an address"), other.parse().expect("an address"));
        assert!(
            is_one("0.0.0.0:1", "127.0.0.1:1") && is_one("127.0.0.1:1", "0.0.0.0:1") && is_one("[::]:1", "[::1]:1")
        );
        assert!(!is_one("0.0.0.0:1", "127.0.0.1:2") && !is_one("0.0.0.0:1", "[::]:1"));
        assert!(!is_one("127.0.0.2:1", "127.0.0.1:1"));
    }

    #[test]
    fn the_command_line_outranks_the_settings_but_not_their_word_to_close() {
        let told = ["127.0.0.1:7".parse().expect("an address")];
        let general = General::default();
        assert_eq!(wanted(Some(&told), &general), told);
        assert_eq!(wanted(None, &general).len(), 2);
        assert!(wanted(Some(&told), &General { client_enabled: false, ..general }).is_empty());
    }
}
