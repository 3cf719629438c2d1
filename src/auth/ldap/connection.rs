//! One connection to one LDAP server: opened, encrypted and asked, each within its time. What an answer means for a login
//! is not decided here. A server's referrals are never followed.

use std::fmt::Display;
use std::sync::Arc;
use std::time::Duration;

use ldap3::{Ldap, LdapConnAsync, LdapConnSettings, LdapError, Scope, SearchEntry, SearchOptions, StdStream};
use rustls::ClientConfig;
use tokio::net::TcpStream;
use tokio::task::AbortHandle;
use tokio::time::timeout;

use super::fault::{LdapFault, Operation};
use crate::certificate::distrust_words;
use crate::settings::auth_settings::{LdapScheme, LdapUri};
use crate::settings::host::Host;

/// Until there is a connection; encrypting it may take as long once more (settings §6.3).
const LDAP_CONNECT_MAX: Duration = Duration::from_secs(2);
/// Until one question is answered as a whole.
const LDAP_OPERATION_MAX: Duration = Duration::from_secs(2);

// Result codes of LDAP.
const SUCCESS: u32 = 0;
const SIZE_LIMIT_EXCEEDED: u32 = 4;
const CONSTRAINT_VIOLATION: u32 = 19;
const NO_SUCH_OBJECT: u32 = 32;
const INAPPROPRIATE_AUTHENTICATION: u32 = 48;
const INVALID_CREDENTIALS: u32 = 49;
const INSUFFICIENT_ACCESS: u32 = 50;
const UNWILLING: u32 = 53;

/// How the connection is encrypted.
pub(super) enum Encryption {
    None,
    /// TLS from the first byte on, as the scheme says, or by StartTLS.
    Tls(Arc<ClientConfig>),
}

/// Closed when it is dropped.
pub(in crate::auth) struct LdapConnection {
    ldap: Ldap,
    /// The task that reads and writes.
    driver: AbortHandle,
}

impl Drop for LdapConnection {
    fn drop(&mut self) {
        self.driver.abort();
    }
}

/// What came of a search for one entry.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::auth) enum Found {
    None,
    /// The entry's DN.
    One(String),
    Several,
}

/// What a server says of a DN and a password.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::auth) enum Bind {
    Accepted,
    Refused,
}

impl LdapConnection {
    pub(super) async fn open(uri: &LdapUri, encryption: Encryption) -> Result<Self, LdapFault> {
        let connect = async {
            match &uri.host {
                Host::Address(address) => TcpStream::connect((*address, uri.port)).await,
                Host::Name(name) => TcpStream::connect((&**name, uri.port)).await,
            }
        };
        let stream = timeout(LDAP_CONNECT_MAX, connect).await.map_err(|_| LdapFault::Timeout(Operation::Connect))?;
        let stream = stream.and_then(|stream| {
            stream.set_nodelay(true)?;
            stream.into_std()
        });
        let stream = StdStream::Tcp(stream.map_err(LdapFault::Connect)?);
        let mut settings = LdapConnSettings::new().set_std_stream(stream).set_conn_timeout(LDAP_CONNECT_MAX);
        if let Encryption::Tls(config) = encryption {
            settings = settings.set_config(config).set_starttls(uri.scheme == LdapScheme::Ldap);
        }
        let (connection, ldap) =
            LdapConnAsync::with_settings(settings, &address_for_library(uri)).await.map_err(|error| match error {
                LdapError::Timeout { .. } => LdapFault::Timeout(Operation::Encrypt),
                error => LdapFault::Encrypt { why: distrust_words(&error).unwrap_or_else(|| words(&error)) },
            })?;
        let driver = tokio::spawn(async move {
            if let Err(error) = connection.drive().await {
                tracing::debug!(%error, "a connection to an LDAP server ended");
            }
        });
        Ok(Self { ldap, driver: driver.abort_handle() })
    }

    /// Whether the server is known to have closed it.
    pub(super) fn is_closed(&self) -> bool {
        self.driver.is_finished()
    }

    /// Binds as the service, or as nobody if both are empty. A refusal is a fault: the settings are wrong.
    pub(super) async fn bind_service(&self, dn: &str, password: &str) -> Result<(), LdapFault> {
        let asked = Operation::ServiceBind;
        let mut ldap = self.ldap.clone();
        let result = within(asked, ldap.simple_bind(dn, password)).await?;
        if result.rc == SUCCESS { Ok(()) } else { Err(LdapFault::Answer { asked, code: result.rc, text: result.text }) }
    }

    /// Binds as a user. Whoever calls has seen to it that the password is not empty.
    pub(in crate::auth) async fn bind_user(&self, dn: &str, password: &str) -> Result<Bind, LdapFault> {
        let asked = Operation::UserBind;
        let mut ldap = self.ldap.clone();
        let result = within(asked, ldap.simple_bind(dn, password)).await?;
        match result.rc {
            SUCCESS => Ok(Bind::Accepted),
            // What servers say of a wrong password, of an entry without one, of one that is locked, and of none at all.
            INVALID_CREDENTIALS
            | INAPPROPRIATE_AUTHENTICATION
            | CONSTRAINT_VIOLATION
            | UNWILLING
            | INSUFFICIENT_ACCESS
            | NO_SUCH_OBJECT => Ok(Bind::Refused),
            code => Err(LdapFault::Answer { asked, code, text: result.text }),
        }
    }

    /// Looks below `base` for the one entry that the filter fits.
    pub(super) async fn find(&self, base: &str, filter: &str) -> Result<Found, LdapFault> {
        let asked = Operation::Search;
        let (mut entries, code, text) =
            within(asked, search(&self.ldap, base, Scope::Subtree, filter, NO_ATTRIBUTES)).await?;
        match (code, entries.pop()) {
            (SIZE_LIMIT_EXCEEDED, _) => Ok(Found::Several),
            (SUCCESS, None) => Ok(Found::None),
            (SUCCESS, Some(_)) if !entries.is_empty() => Ok(Found::Several),
            (SUCCESS, Some(entry)) => Ok(Found::One(entry.dn)),
            (code, _) => Err(LdapFault::Answer { asked, code, text }),
        }
    }

    /// The first value of an attribute of this entry; None where it has none, or none that may be read.
    pub(super) async fn value_of(&self, dn: &str, attribute: &str) -> Result<Option<String>, LdapFault> {
        let asked = Operation::ReadEmail;
        let any = "(objectClass=*)";
        let (entries, code, text) = within(asked, search(&self.ldap, dn, Scope::Base, any, attribute)).await?;
        if !matches!(code, SUCCESS | SIZE_LIMIT_EXCEEDED | NO_SUCH_OBJECT | INSUFFICIENT_ACCESS) {
            return Err(LdapFault::Answer { asked, code, text });
        }
        let is_meant = |name: &str| name.eq_ignore_ascii_case(attribute);
        let mut attributes = entries.into_iter().flat_map(|entry| entry.attrs);
        let values = attributes.find(|(name, _)| is_meant(name)).map(|(_, values)| values);
        Ok(values.and_then(|values| values.into_iter().next()).filter(|value| !value.trim().is_empty()))
    }

    /// Says goodbye, as far as that goes quickly.
    pub(in crate::auth) async fn close(self) {
        let mut ldap = self.ldap.clone();
        let _ = timeout(LDAP_OPERATION_MAX, ldap.unbind()).await;
    }
}

/// The name by which LDAP asks for no attribute at all.
const NO_ATTRIBUTES: &str = "1.1";

/// At most two entries, the result code and what the server says beside it.
async fn search(
    ldap: &Ldap,
    base: &str,
    scope: Scope,
    filter: &str,
    attribute: &str,
) -> Result<(Vec<SearchEntry>, u32, String), LdapError> {
    let mut ldap = ldap.clone();
    ldap.with_search_options(SearchOptions::new().sizelimit(1));
    let mut stream = ldap.streaming_search(base, scope, filter, vec![attribute]).await?;
    let mut entries = Vec::new();
    while let Some(item) = stream.next().await? {
        if item.is_ref() || item.is_intermediate() {
            continue;
        }
        entries.push(SearchEntry::construct(item));
        // A server that does not keep to the limit is not listened to any longer.
        if entries.len() > 1 {
            return Ok((entries, SIZE_LIMIT_EXCEEDED, String::new()));
        }
    }
    let result = stream.finish().await;
    Ok((entries, result.rc, result.text))
}

async fn within<T>(asked: Operation, question: impl Future<Output = Result<T, LdapError>>) -> Result<T, LdapFault> {
    let answer = timeout(LDAP_OPERATION_MAX, question).await.map_err(|_| LdapFault::Timeout(asked))?;
    answer.map_err(|error| LdapFault::Broken { asked, why: words(&error) })
}

fn words(error: &dyn Display) -> String {
    crate::observe::shown(&error.to_string())
}

/// The library takes the host out of this for TLS alone, and takes no address in brackets for one: there the verifier
/// knows which host is meant.
fn address_for_library(uri: &LdapUri) -> String {
    let scheme = match uri.scheme {
        LdapScheme::Ldap => "ldap",
        LdapScheme::Ldaps => "ldaps",
    };
    match &uri.host {
        Host::Name(name) => format!("{scheme}://{name}"),
        Host::Address(_) => format!("{scheme}://address.invalid"),
    }
}
