//! One client of a run: connects from one of many loopback addresses, goes through the login handshake, in clear or with TLS,
//! and is then a pair of a reading and a writing half.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use anyhow::{Context as _, Result, ensure};
use rustls::ClientConfig;
use rustls::crypto::ring;
use rustls::pki_types::ServerName;
use serde_json::{Value, json};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};
use tokio_rustls::TlsConnector;

use crate::accept_any::AcceptAny;
use crate::installation::{PASSWORD, login};

const CLIENTS_PER_ADDRESS: usize = 100;

pub(crate) trait Wire: AsyncRead + AsyncWrite + Unpin + Send + Sync {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send + Sync> Wire for T {}

pub(crate) struct Client {
    pub(crate) wire: Box<dyn Wire>,
    pending: Vec<u8>,
}

impl Client {
    /// Connects the client with this number.
    pub(crate) async fn connect(server: SocketAddr, number: usize) -> Result<TcpStream> {
        let place = number / CLIENTS_PER_ADDRESS;
        let address = Ipv4Addr::new(127, 1, u8::try_from(place / 250)?, u8::try_from(place % 250 + 1)?);
        let socket = TcpSocket::new_v4()?;
        socket.bind(SocketAddr::new(IpAddr::V4(address), 0))?;
        socket.set_nodelay(true)?;
        socket.connect(server).await.context("cannot connect")
    }

    /// One that says nothing yet.
    pub(crate) fn over(stream: TcpStream) -> Self {
        Self { wire: Box::new(stream), pending: Vec::new() }
    }

    pub(crate) async fn logged_in(server: SocketAddr, number: usize, is_encrypted: bool) -> Result<Self> {
        let client = Self::over(Self::connect(server, number).await?);
        let client = if is_encrypted { client.start_tls().await? } else { client };
        client.log_in(number).await
    }

    /// In clear, from the address of one number as the user of another.
    pub(crate) async fn logged_in_as(server: SocketAddr, number: usize, user: usize) -> Result<Self> {
        Self::over(Self::connect(server, number).await?).log_in(user).await
    }

    async fn log_in(self, user: usize) -> Result<Self> {
        let mut client = self;
        client
            .ask(&json!({"class": "login_id", "userlogin": login(user), "company": "xivo", "ident": "load",
                         "wazoversion": "2.3", "commandid": 1}))
            .await?;
        let passed = client.ask(&json!({"class": "login_pass", "password": PASSWORD, "commandid": 2})).await?;
        let profile = passed["capalist"][0].as_i64().with_context(|| format!("refused: {passed}"))?.to_string();
        let entered = client
            .ask(&json!({"class": "login_capas", "capaid": profile, "state": "available", "commandid": 3}))
            .await?;
        ensure!(entered.get("capas").is_some(), "refused: {entered}");
        // As every client does: before that it would hear no chat.
        let own = json!({"class": "getlist", "function": "updateconfig", "listname": "users", "tipbxid": "xivo",
                         "tid": entered["userid"], "commandid": 4});
        client.send(&own).await?;
        client.receive_where(|answer| answer["function"] == "updateconfig" && answer["tid"] == own["tid"]).await?;
        Ok(client)
    }

    /// What a client asks as soon as it is in: the server's name, and who is there.
    pub(crate) async fn look_around(&mut self) -> Result<()> {
        self.ask(&json!({"class": "getipbxlist", "commandid": 4})).await?;
        let list =
            json!({"class": "getlist", "function": "listid", "listname": "users", "tipbxid": "xivo", "commandid": 5});
        self.ask(&list).await?;
        Ok(())
    }

    async fn start_tls(mut self) -> Result<Self> {
        let request = json!({"class": "starttls", "status": true, "commandid": 1});
        self.send(&request).await?;
        self.receive_where(|answer| answer.get("starttls").is_some()).await?;
        Ok(Self { wire: Box::new(encrypt(self.wire).await?), pending: Vec::new() })
    }

    pub(crate) async fn send(&mut self, message: &Value) -> Result<()> {
        self.wire.write_all(format!("{message}\n").as_bytes()).await?;
        Ok(self.wire.flush().await?)
    }

    /// Sends a message and gives the answer of its class.
    pub(crate) async fn ask(&mut self, message: &Value) -> Result<Value> {
        self.send(message).await?;
        self.receive_where(|answer| answer["class"] == message["class"]).await
    }

    pub(crate) async fn receive_where(&mut self, fits: impl Fn(&Value) -> bool) -> Result<Value> {
        loop {
            while let Some(end) = self.pending.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = self.pending.drain(..=end).collect();
                let message = serde_json::from_slice(&line)?;
                if fits(&message) {
                    return Ok(message);
                }
            }
            let mut bytes = [0; 8192];
            let number = self.wire.read(&mut bytes).await?;
            ensure!(number > 0, "the server has closed");
            self.pending.extend_from_slice(&bytes[..number]);
        }
    }
}

/// Shakes hands as the desktop client does: any certificate is good.
pub(crate) async fn encrypt<S: AsyncRead + AsyncWrite + Unpin>(
    stream: S,
) -> Result<tokio_rustls::client::TlsStream<S>> {
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(AcceptAny))
        .with_no_client_auth();
    let name = ServerName::try_from("localhost")?;
    Ok(TlsConnector::from(Arc::new(config)).connect(name, stream).await?)
}
