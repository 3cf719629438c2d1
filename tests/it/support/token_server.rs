//! An authentication service as XiVO has one (settings §6.4), as far as a login asks it: a token for a login and a
//! password, revoked by its name; and the ways in which such a service fails.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::Command;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde_json::{Value, json};

/// The token that it grants.
pub(crate) const TOKEN: &str = "7c94-token";

const DEADLINE: Duration = Duration::from_secs(60);

/// How the service behaves to the next who ask.
#[derive(Debug, Clone)]
pub(crate) enum Behaviour {
    /// Whoever gives this password is this user, or nobody's.
    Grants {
        password: &'static str,
        user: Value,
    },
    Says {
        status: &'static str,
        body: String,
    },
    /// Takes the request and hangs up.
    HangsUp,
    /// Grants whoever asks to this user, but so late.
    GrantsLate {
        after: Duration,
        user: Value,
    },
    /// Takes the request and never answers.
    Hangs,
    /// Answers with a head that does not end.
    HeadWithoutEnd,
}

pub(crate) struct TokenServer {
    pub(crate) port: u16,
    behaviour: Arc<Mutex<Behaviour>>,
    asked: Receiver<Asked>,
}

/// A request, as far as a test looks at it.
#[derive(Debug)]
pub(crate) struct Asked {
    pub(crate) line: String,
    pub(crate) login: Option<String>,
    pub(crate) body: Value,
}

/// A certificate and its key, PEM.
pub(crate) struct ServerPair {
    pub(crate) certificate: String,
    pub(crate) key: String,
}

impl ServerPair {
    /// As the package of XiVO made it: of version 1, for `*`, without any extension. None, and a word about it, where
    /// there is no openssl.
    pub(crate) fn of_version_1(folder: &Path) -> Option<Self> {
        let (configuration, certificate, key) = (folder.join("v1.cnf"), folder.join("v1.crt"), folder.join("v1.key"));
        std::fs::write(&configuration, "[req]\ndistinguished_name=dn\nprompt=no\n[dn]\nCN=*\n").unwrap();
        let made = Command::new("openssl")
            .args(["req", "-x509", "-new", "-nodes", "-newkey", "rsa:2048", "-sha256", "-days", "3650", "-config"])
            .arg(&configuration)
            .arg("-keyout")
            .arg(&key)
            .arg("-out")
            .arg(&certificate)
            .output();
        let Ok(made) = made else {
            super::left_out("a certificate of version 1", "openssl");
            return None;
        };
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let read = |path| std::fs::read_to_string(path).unwrap();
        Some(Self { certificate: read(certificate), key: read(key) })
    }

    pub(crate) fn for_localhost() -> Self {
        let key = rcgen::KeyPair::generate().unwrap();
        let certificate = rcgen::CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        Self { certificate: certificate.self_signed(&key).unwrap().pem(), key: key.serialize_pem() }
    }

    /// The handshake of a server.
    pub(crate) fn accept(&self, mut stream: TcpStream) -> std::io::Result<StreamOwned<ServerConnection, TcpStream>> {
        let mut connection = ServerConnection::new(self.server_config(rustls::DEFAULT_VERSIONS)).unwrap();
        while connection.is_handshaking() {
            connection.complete_io(&mut stream)?;
        }
        Ok(StreamOwned::new(connection, stream))
    }

    fn server_config(&self, versions: &[&'static rustls::SupportedProtocolVersion]) -> Arc<ServerConfig> {
        let provider = Arc::new(ring::default_provider());
        let certificate = CertificateDer::from_pem_slice(self.certificate.as_bytes()).unwrap();
        let key = PrivateKeyDer::from_pem_slice(self.key.as_bytes()).unwrap();
        let key = provider.key_provider.load_private_key(key).unwrap();
        let pair = SingleCertAndKey::from(CertifiedKey::new(vec![certificate], key));
        let config = ServerConfig::builder_with_provider(provider).with_protocol_versions(versions).unwrap();
        Arc::new(config.with_no_client_auth().with_cert_resolver(Arc::new(pair)))
    }
}

impl TokenServer {
    pub(crate) fn start(pair: &ServerPair, behaviour: Behaviour) -> Self {
        Self::start_with(pair, behaviour, rustls::DEFAULT_VERSIONS)
    }

    pub(crate) fn start_with(
        pair: &ServerPair,
        behaviour: Behaviour,
        versions: &[&'static rustls::SupportedProtocolVersion],
    ) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let behaviour = Arc::new(Mutex::new(behaviour));
        let (tell, asked) = channel();
        let (config, now) = (pair.server_config(versions), behaviour.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (config, now, tell) = (config.clone(), now.clone(), tell.clone());
                std::thread::spawn(move || serve(stream, config, &now, &tell));
            }
        });
        Self { port, behaviour, asked }
    }

    pub(crate) fn behave(&self, behaviour: Behaviour) {
        *self.behaviour.lock().unwrap() = behaviour;
    }

    /// The next request.
    pub(crate) fn asked(&self) -> Asked {
        self.asked.recv_timeout(DEADLINE).expect("nobody asked the service")
    }

    /// The next request of this method.
    pub(crate) fn asked_to(&self, method: &str) -> Asked {
        loop {
            let asked = self.asked();
            if asked.line.starts_with(method) {
                return asked;
            }
        }
    }

    /// Nobody has asked since.
    pub(crate) fn expect_unasked(&self) {
        assert!(self.asked.try_recv().is_err());
    }
}

fn serve(stream: TcpStream, config: Arc<ServerConfig>, behaviour: &Mutex<Behaviour>, tell: &Sender<Asked>) {
    let mut stream = StreamOwned::new(ServerConnection::new(config).unwrap(), stream);
    let Some((asked, password)) = read_request(&mut stream) else { return };
    let method = asked.line.split(' ').next().unwrap_or_default().to_owned();
    let token = asked.line.split(' ').nth(1).unwrap_or_default().trim_start_matches("/0.1/token/").to_owned();
    let _ = tell.send(asked);
    let behaviour = behaviour.lock().unwrap().clone();
    let (status, body) = match (method.as_str(), behaviour) {
        ("DELETE", _) => ("200 OK", json!({"data": {"message": "success", "token": token}}).to_string()),
        (_, Behaviour::Grants { password: right, user }) if password.as_deref() == Some(right) => {
            ("200 OK", granted(&user))
        }
        (_, Behaviour::Grants { .. }) => {
            ("401 UNAUTHORIZED", json!({"reason": ["Authentication Failed"], "status_code": 401}).to_string())
        }
        (_, Behaviour::Says { status, body }) => (status, body),
        (_, Behaviour::HangsUp) => return,
        (_, Behaviour::GrantsLate { after, user }) => {
            // Nothing comes from the other side meanwhile, unless it hangs up.
            stream.sock.set_read_timeout(Some(after)).unwrap();
            let _ = stream.read(&mut [0; 1]);
            ("200 OK", granted(&user))
        }
        (_, Behaviour::Hangs) => {
            // Until the other side has enough.
            let _ = stream.read(&mut [0; 1]);
            return;
        }
        (_, Behaviour::HeadWithoutEnd) => {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n");
            while stream.write_all(b"x-more: and more and more and more\r\n").is_ok() {}
            return;
        }
    };
    let length = body.len();
    let head = format!("HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n");
    let _ = stream.write_all(format!("{head}{body}").as_bytes());
    stream.conn.send_close_notify();
    let _ = stream.flush();
}

fn granted(user: &Value) -> String {
    json!({"data": {"token": TOKEN, "xivo_user_uuid": user, "acls": []}}).to_string()
}

/// The request, and the password in it.
fn read_request(stream: &mut impl std::io::Read) -> Option<(Asked, Option<String>)> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break end + 4;
        }
        match stream.read(&mut buffer) {
            Ok(0) | Err(_) => return None,
            Ok(read) => bytes.extend_from_slice(&buffer[..read]),
        }
    };
    let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
    let header = |name: &str| {
        head.lines().find_map(|line| {
            let (found, value) = line.split_once(": ")?;
            found.eq_ignore_ascii_case(name).then(|| value.to_owned())
        })
    };
    let length: usize = header("content-length").and_then(|text| text.parse().ok()).unwrap_or_default();
    while bytes.len() < end + length {
        match stream.read(&mut buffer) {
            Ok(0) | Err(_) => return None,
            Ok(read) => bytes.extend_from_slice(&buffer[..read]),
        }
    }
    let credentials = header("authorization").map(|value| {
        let basic = STANDARD.decode(value.trim_start_matches("Basic ")).unwrap();
        let (login, password) = std::str::from_utf8(&basic).unwrap().split_once(':').unwrap();
        (login.to_owned(), password.to_owned())
    });
    let (login, password) = credentials.unzip();
    let line = head.lines().next().unwrap_or_default().to_owned();
    let body = serde_json::from_slice(&bytes[end..]).unwrap_or_default();
    Some((Asked { line, login, body }, password))
}
