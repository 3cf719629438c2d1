//! The token API of another authentication service (settings §6.4), as its client: a token is granted for a login and a
//! password, and revoked once nobody needs it. Each call has a connection of its own, one time for the whole of it, and
//! bounds on what it reads. Nothing is decided here about users.

use std::io;
use std::sync::{Arc, OnceLock};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::client::conn::http1;
use hyper::header::{ACCEPT, AUTHORIZATION, CONNECTION, CONTENT_TYPE, HOST, HeaderValue};
use hyper::{Method, Request, StatusCode};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use zeroize::Zeroizing;

use crate::certificate::{TrustError, TrustFile, distrust_words, server_name};
use crate::settings::auth_settings::XivoAuthSettings;
use crate::settings::host::Host;
use crate::settings::id::UserUuid;
use crate::settings::password::Secret;

/// For how long a token is asked for: nothing is done with it, and one that could not be revoked is not to stay for ever.
const TOKEN_SECONDS: u32 = 24 * 60 * 60;
const TOKEN_CHARACTERS_MAX: usize = 128;
const ANSWER_HEADERS_MAX: usize = 64;
const ANSWER_HEAD_BYTES_MAX: usize = 32 * 1024;
const ANSWER_BODY_BYTES_MAX: usize = 64 * 1024;
/// Tokens that wait to be revoked; one more is left to its end.
const REVOCATIONS_WAITING_MAX: usize = 10_000;

/// Why the service could not say.
#[derive(Debug, thiserror::Error)]
pub(super) enum TokenFault {
    #[error("cannot connect: {0}")]
    Connect(io::Error),
    #[error("cannot encrypt: {}", distrust_words(.0).unwrap_or_else(|| .0.to_string()))]
    Encrypt(io::Error),
    #[error("{0}")]
    Trust(#[from] TrustError),
    #[error("does not answer within {0} s")]
    Timeout(u64),
    #[error("does not speak valid HTTP: {0}")]
    Http(hyper::Error),
    #[error("answers with the status {0}")]
    Status(StatusCode),
    #[error("its answer is {0}")]
    Answer(&'static str),
}

/// A token, and whose it is.
pub(super) struct Granted {
    /// None: of an account that is no user.
    pub(super) user: Option<UserUuid>,
    pub(super) token: LoginToken,
}

/// The right that another service granted for one session; given back, in the background, when it is dropped.
#[derive(Debug)]
pub(crate) struct LoginToken {
    text: Secret,
    revocations: mpsc::Sender<Secret>,
}

impl Drop for LoginToken {
    fn drop(&mut self) {
        if self.revocations.try_send(self.text.clone()).is_err() {
            tracing::debug!("a token is left to its end: too many wait to be revoked");
        }
    }
}

pub(super) struct TokenService {
    client: Arc<TokenClient>,
    /// To the task that revokes, which starts with the first token and ends with the last.
    revocations: OnceLock<mpsc::Sender<Secret>>,
}

impl TokenService {
    pub(super) fn new(settings: XivoAuthSettings) -> Self {
        let trust = TrustFile::new(settings.ca_file.clone());
        Self { client: Arc::new(TokenClient { settings, trust }), revocations: OnceLock::new() }
    }

    pub(super) fn settings(&self) -> &XivoAuthSettings {
        &self.client.settings
    }

    /// None: the login or the password is not accepted.
    pub(super) async fn grant(&self, login: &str, password: &Secret) -> Result<Option<Granted>, TokenFault> {
        let Some((user, text)) = self.client.grant(login, password).await? else { return Ok(None) };
        let revocations = self.revocations.get_or_init(|| {
            let (revocations, waiting) = mpsc::channel(REVOCATIONS_WAITING_MAX);
            tokio::spawn(revoke_all(self.client.clone(), waiting));
            revocations
        });
        Ok(Some(Granted { user, token: LoginToken { text, revocations: revocations.clone() } }))
    }

    /// As `grant`, and the token is given back before it returns: whose it was, and why it could not be given back.
    pub(super) async fn grant_and_revoke(
        &self,
        login: &str,
        password: &Secret,
    ) -> Result<Option<(Option<UserUuid>, Result<(), TokenFault>)>, TokenFault> {
        let Some((user, token)) = self.client.grant(login, password).await? else { return Ok(None) };
        Ok(Some((user, self.client.revoke(&token).await)))
    }

    /// Which backends the service has; None if it does not say.
    pub(super) async fn backends(&self) -> Result<Option<Vec<String>>, TokenFault> {
        let request = self.client.request(Method::GET, "/0.1/backends", None, Bytes::new());
        let (status, body) = self.client.call(request).await?;
        if status != StatusCode::OK {
            return Ok(None);
        }
        let answer: Value = serde_json::from_slice(&body).unwrap_or_default();
        let names = data(&answer).as_array();
        Ok(names.map(|names| names.iter().filter_map(|name| Some(name.as_str()?.to_owned())).collect()))
    }
}

async fn revoke_all(client: Arc<TokenClient>, mut waiting: mpsc::Receiver<Secret>) {
    while let Some(token) = waiting.recv().await {
        if let Err(fault) = client.revoke(&token).await {
            tracing::info!(server = client.address(), %fault, "a token could not be revoked; it ends within a day");
        }
    }
}

struct TokenClient {
    settings: XivoAuthSettings,
    trust: TrustFile,
}

impl TokenClient {
    fn address(&self) -> String {
        format!("{}:{}", self.settings.host, self.settings.port)
    }

    async fn grant(&self, login: &str, password: &Secret) -> Result<Option<(Option<UserUuid>, Secret)>, TokenFault> {
        let authorization = authorization(login, password)?;
        let asked = json!({"backend": self.settings.backend, "expiration": TOKEN_SECONDS}).to_string();
        let request = self.request(Method::POST, "/0.1/token", Some(authorization), Bytes::from(asked));
        match self.call(request).await? {
            (StatusCode::OK, body) => granted(&body).map(Some),
            (StatusCode::UNAUTHORIZED, _) => Ok(None),
            (status, _) => Err(TokenFault::Status(status)),
        }
    }

    async fn revoke(&self, token: &Secret) -> Result<(), TokenFault> {
        let request = self.request(Method::DELETE, &format!("/0.1/token/{}", token.reveal()), None, Bytes::new());
        match self.call(request).await? {
            (StatusCode::OK, _) => Ok(()),
            (status, _) => Err(TokenFault::Status(status)),
        }
    }

    fn request(
        &self,
        method: Method,
        path: &str,
        authorization: Option<HeaderValue>,
        body: Bytes,
    ) -> Result<Request<Full<Bytes>>, TokenFault> {
        let request = Request::builder().method(method).uri(path).header(HOST, self.address());
        let request = request.header(ACCEPT, "application/json").header(CONNECTION, "close");
        let request = request.header(CONTENT_TYPE, "application/json").body(Full::new(body));
        let mut request = request.map_err(|_| TokenFault::Answer("to what no request can say"))?;
        if let Some(authorization) = authorization {
            request.headers_mut().insert(AUTHORIZATION, authorization);
        }
        Ok(request)
    }

    /// The status and the body of the answer; redirections are not followed.
    async fn call(&self, request: Result<Request<Full<Bytes>>, TokenFault>) -> Result<(StatusCode, Bytes), TokenFault> {
        let request = request?;
        let most = self.settings.timeout;
        timeout(most, self.exchange(request)).await.unwrap_or_else(|_| Err(TokenFault::Timeout(most.as_secs())))
    }

    async fn exchange(&self, request: Request<Full<Bytes>>) -> Result<(StatusCode, Bytes), TokenFault> {
        let stream = self.connect().await?;
        let mut connection = http1::Builder::new();
        connection.max_headers(ANSWER_HEADERS_MAX).max_buf_size(ANSWER_HEAD_BYTES_MAX);
        let (mut sender, connection) = connection.handshake(TokioIo::new(stream)).await.map_err(TokenFault::Http)?;
        // Ends with this call, however that ends.
        let mut driver = JoinSet::new();
        driver.spawn(connection);
        let response = sender.send_request(request).await.map_err(TokenFault::Http)?;
        let status = response.status();
        let body = Limited::new(response.into_body(), ANSWER_BODY_BYTES_MAX).collect().await;
        let body = body.map_err(|_| TokenFault::Answer("longer than any good one, or ends too early"))?;
        Ok((status, body.to_bytes()))
    }

    async fn connect(&self) -> Result<TlsStream<TcpStream>, TokenFault> {
        let XivoAuthSettings { host, port, .. } = &self.settings;
        let stream = match host {
            Host::Address(address) => TcpStream::connect((*address, *port)).await,
            Host::Name(name) => TcpStream::connect((&**name, *port)).await,
        };
        let stream = stream.map_err(TokenFault::Connect)?;
        let config = self.trust.now().await?.client_config(host)?;
        TlsConnector::from(config).connect(server_name(host)?, stream).await.map_err(TokenFault::Encrypt)
    }
}

/// The header that says who asks. Every copy of the password that is made here is overwritten: each text is as long from
/// the start as it gets, and the bytes of the header end with it.
fn authorization(login: &str, password: &Secret) -> Result<HeaderValue, TokenFault> {
    let credentials = Zeroizing::new([login, ":", password.reveal()].concat());
    let encoded = Zeroizing::new(STANDARD.encode(credentials.as_bytes()));
    let header = Bytes::from_owner(Zeroizing::new(["Basic ", encoded.as_str()].concat().into_bytes()));
    let mut authorization =
        HeaderValue::from_maybe_shared(header).map_err(|_| TokenFault::Answer("to what no header can say"))?;
    authorization.set_sensitive(true);
    Ok(authorization)
}

/// Whose token it is, and the token.
fn granted(body: &[u8]) -> Result<(Option<UserUuid>, Secret), TokenFault> {
    let answer: Value = serde_json::from_slice(body).map_err(|_| TokenFault::Answer("no JSON"))?;
    let data = data(&answer);
    let token = data["token"].as_str().ok_or(TokenFault::Answer("without a token"))?;
    let is_taken = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    if !(1..=TOKEN_CHARACTERS_MAX).contains(&token.len()) || !token.chars().all(is_taken) {
        return Err(TokenFault::Answer("a token that cannot be one"));
    }
    let user = match &data["xivo_user_uuid"] {
        Value::Null => None,
        Value::String(text) => Some(UserUuid::parse(text).ok_or(TokenFault::Answer("no UUID of a user"))?),
        _ => return Err(TokenFault::Answer("no UUID of a user")),
    };
    Ok((user, Secret::new(token)))
}

fn data(answer: &Value) -> &Value {
    answer.get("data").unwrap_or(answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn login_and_password_stand_in_a_header_that_nothing_prints() {
        let header = authorization("alice", &Secret::new("a ä:b")).expect("a header");
        assert_eq!(header.as_bytes(), b"Basic YWxpY2U6YSDDpDpi");
        assert!(header.is_sensitive() && format!("{header:?}") == "Sensitive", "{header:?}");
    }

    #[test]
    fn an_answer_names_the_token_and_maybe_a_user() {
        let uuid = "00000000-0000-0000-0000-000000000001";
        let read = |answer: Value| {
            granted(answer.to_string().as_bytes())
                .map(|(user, token)| (user.map(|user| user.to_string()), token.reveal().to_owned()))
        };
        let good = json!({"data": {"token": "a-1", "xivo_user_uuid": uuid, "acls": ["#"]}});
        assert_eq!(read(good).expect("good"), (Some(uuid.to_owned()), "a-1".to_owned()));
        let nobody = json!({"data": {"token": "a-1", "xivo_user_uuid": null}});
        assert_eq!(read(nobody).expect("good"), (None, "a-1".to_owned()));
        for bad in [
            json!([]),
            json!({"data": null}),
            json!({"data": {"xivo_user_uuid": uuid}}),
            json!({"data": {"token": 1, "xivo_user_uuid": uuid}}),
            json!({"data": {"token": "", "xivo_user_uuid": uuid}}),
            json!({"data": {"token": "../users", "xivo_user_uuid": uuid}}),
            json!({"data": {"token": "a".repeat(129), "xivo_user_uuid": uuid}}),
            json!({"data": {"token": "a-1", "xivo_user_uuid": "alice"}}),
            json!({"data": {"token": "a-1", "xivo_user_uuid": 1}}),
        ] {
            assert!(matches!(read(bad.clone()), Err(TokenFault::Answer(_))), "{bad}");
        }
        assert!(matches!(granted(b"<html>"), Err(TokenFault::Answer("no JSON"))));
    }
}
