//! The attackers, in a process of their own: each kind keeps so many connections up, from many loopback addresses, for as
//! long as it is let. They never wait longer than they must, and count what they did.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use rustls::crypto::ring;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};
use tokio::task::yield_now;
use tokio::time::timeout;

use crate::accept_any::AcceptAny;
use crate::client::Client;
use crate::helper::{pause, serve_orders};

pub(crate) const WORD: &str = "attackers";

/// Fewer than one address may have that have not logged in.
const PER_ADDRESS: usize = 400;
const ADDRESSES_OF_REFILL: usize = 48;
/// Who is refused comes again after this.
const AGAIN: Duration = Duration::from_millis(20);
const GARBAGE_LINES: usize = 20;
/// Users of the world that the attackers may be.
pub(crate) const INSIDERS: usize = 20;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    SlowLoris,
    HalfOpen,
    Garbage,
    NeverReads,
    StartTls,
    BigJson,
    Refill,
}

impl Kind {
    pub(crate) const ALL: [Self; 6] =
        [Self::SlowLoris, Self::HalfOpen, Self::Garbage, Self::NeverReads, Self::StartTls, Self::BigJson];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::SlowLoris => "slow_loris",
            Self::HalfOpen => "half_open",
            Self::Garbage => "garbage",
            Self::NeverReads => "never_reads",
            Self::StartTls => "starttls_flood",
            Self::BigJson => "big_json",
            Self::Refill => "refill",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().chain([Self::Refill]).find(|kind| kind.as_str() == word)
    }

    /// Connections that it keeps up.
    pub(crate) fn connections(self) -> usize {
        match self {
            Self::SlowLoris => 5_000,
            Self::HalfOpen => 10_000,
            Self::Garbage => 1_000,
            Self::NeverReads => 1,
            Self::StartTls => 200,
            Self::BigJson => 100,
            // What the table holds by default but for some, within what a process may have open where that is 20 000.
            Self::Refill => ADDRESSES_OF_REFILL * 410,
        }
    }
}

#[derive(Default)]
struct Counts {
    /// By now, and in all.
    open: AtomicU64,
    connections: AtomicU64,
    lines: AtomicU64,
}

pub(crate) fn run(words: &[String]) -> Result<()> {
    let [server, kind, connections] = words else { bail!("attackers ADDRESS KIND CONNECTIONS") };
    let (server, connections): (SocketAddr, usize) = (server.parse()?, connections.parse()?);
    let kind = Kind::parse(kind).with_context(|| format!("{kind}: no such attack"))?;
    let counts = Arc::new(Counts::default());
    let hello: Arc<[u8]> = client_hello()?.into();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let attack = {
        let counts = counts.clone();
        runtime.spawn(async move {
            for number in 0..connections {
                let (counts, hello) = (counts.clone(), hello.clone());
                tokio::spawn(async move {
                    loop {
                        let _ = once(kind, server, number, &counts, &hello).await;
                        pause(AGAIN).await;
                    }
                });
                // The accept queue of the server is not what is tried.
                if number % 100 == 99 {
                    yield_now().await;
                }
            }
        })
    };
    // The attack stands before the first measurement begins.
    runtime.block_on(async {
        attack.await?;
        pause(Duration::from_secs(3)).await;
        Ok::<_, anyhow::Error>(())
    })?;
    // From here on the runtime is driven by a thread of its own, on the same core.
    std::thread::spawn(move || runtime.block_on(std::future::pending::<()>()));
    serve_orders(|_| {
        let of = |count: &AtomicU64| count.load(Ordering::Relaxed);
        Ok(json!({"open": of(&counts.open), "connections": of(&counts.connections), "lines": of(&counts.lines)}))
    })
}

/// One connection from its begin to its end.
async fn once(kind: Kind, server: SocketAddr, number: usize, counts: &Counts, hello: &[u8]) -> Result<()> {
    if kind == Kind::NeverReads {
        return never_read(server, counts).await;
    }
    let mut stream = connect(kind, server, number).await?;
    counts.connections.fetch_add(1, Ordering::Relaxed);
    counts.open.fetch_add(1, Ordering::Relaxed);
    let outcome = match kind {
        Kind::SlowLoris => drip(&mut stream).await,
        Kind::HalfOpen | Kind::Refill => until_closed(&mut stream).await,
        Kind::Garbage => garbage(&mut stream, counts).await,
        Kind::StartTls => start_tls(&mut stream, hello).await,
        Kind::BigJson => big_json(&mut stream, number, counts).await,
        Kind::NeverReads => Ok(()),
    };
    counts.open.fetch_sub(1, Ordering::Relaxed);
    outcome
}

async fn connect(kind: Kind, server: SocketAddr, number: usize) -> Result<TcpStream> {
    let place = if kind == Kind::Refill { number % ADDRESSES_OF_REFILL } else { number / PER_ADDRESS };
    let address = Ipv4Addr::new(127, 2, u8::try_from(place / 250)?, u8::try_from(place % 250 + 1)?);
    let socket = TcpSocket::new_v4()?;
    socket.bind(SocketAddr::new(IpAddr::V4(address), 0))?;
    Ok(socket.connect(server).await?)
}

async fn until_closed(stream: &mut TcpStream) -> Result<()> {
    let mut bytes = [0; 1024];
    while stream.read(&mut bytes).await? > 0 {}
    Ok(())
}

/// A line of the login, a byte every half second.
async fn drip(stream: &mut TcpStream) -> Result<()> {
    let line = br#"{"class":"login_id","userlogin":"nobody","company":"xivo","ident":"x"}"#;
    for byte in line {
        stream.write_all(&[*byte]).await?;
        pause(Duration::from_millis(500)).await;
    }
    until_closed(stream).await
}

/// Twenty lines that mean nothing, once a second.
async fn garbage(stream: &mut TcpStream, counts: &Counts) -> Result<()> {
    let lines = "\u{1}\u{2}{]garbage}\u{3}: null, \"class\"\n".repeat(GARBAGE_LINES);
    stream.write_all(lines.as_bytes()).await?;
    counts.lines.fetch_add(GARBAGE_LINES as u64, Ordering::Relaxed);
    let _ = timeout(Duration::from_secs(1), until_closed(stream)).await;
    pause(Duration::from_millis(950)).await;
    Ok(())
}

/// The hello that costs the server a key exchange and a signature, and nothing more.
async fn start_tls(stream: &mut TcpStream, hello: &[u8]) -> Result<()> {
    stream.write_all(b"{\"class\":\"starttls\",\"status\":true}\n").await?;
    let mut bytes = [0; 1024];
    // The offer and the answer, which may come as one.
    let mut lines = 0;
    while lines < 2 {
        let number = stream.read(&mut bytes).await?;
        if number == 0 {
            return Ok(());
        }
        lines += bytes[..number].iter().filter(|byte| **byte == b'\n').count();
    }
    stream.write_all(hello).await?;
    // The first piece of the server's answer says that it has computed.
    stream.read_exact(&mut bytes[..1]).await?;
    Ok(())
}

/// As long as a line may be before login or twice that, and nested as deep as that lets it be.
async fn big_json(stream: &mut TcpStream, number: usize, counts: &Counts) -> Result<()> {
    let depth = if number.is_multiple_of(2) { 30_000 } else { 65_000 };
    let text = match number % 3 {
        0 => format!("{{\"class\":{}1{}}}\n", "[".repeat(depth), "]".repeat(depth)),
        1 => format!("{{\"class\":\"login_id\",\"userlogin\":\"{}\"}}\n", "x".repeat(2 * depth)),
        _ => format!("{{{}\"class\":1}}\n", "\"a\":1,".repeat(depth / 3)),
    };
    stream.write_all(text.as_bytes()).await?;
    counts.lines.fetch_add(1, Ordering::Relaxed);
    until_closed(stream).await
}

/// Logs in, asks for more than it reads, which is nothing.
async fn never_read(server: SocketAddr, counts: &Counts) -> Result<()> {
    let mut client = Client::logged_in_as(server, 90_000, crate::canaries::CANARIES).await?;
    counts.connections.fetch_add(1, Ordering::Relaxed);
    loop {
        let list =
            json!({"class": "getlist", "function": "listid", "listname": "users", "tipbxid": "xivo", "commandid": 5});
        client.send(&list).await?;
        counts.lines.fetch_add(1, Ordering::Relaxed);
    }
}

fn client_hello() -> Result<Vec<u8>> {
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(AcceptAny))
        .with_no_client_auth();
    let mut connection = ClientConnection::new(Arc::new(config), ServerName::try_from("localhost")?)?;
    let mut hello = Vec::new();
    connection.write_tls(&mut hello)?;
    Ok(hello)
}
