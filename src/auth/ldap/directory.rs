//! What a login asks of the directory (settings §6.3), over all servers that the settings name: the entry, whether the
//! password is its own, its e-mail address. The connection that looks for entries is kept and shared; each password is
//! tried on a connection of its own.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use ldap3::{dn_escape, ldap_escape};

use super::connection::{Bind, Encryption, Found, LdapConnection};
use super::fault::LdapFault;
use super::servers::ServerStates;
use crate::certificate::TrustFile;
use crate::settings::auth_settings::{LdapMode, LdapScheme, LdapSettings, LdapUri};

/// The name of an entry that no directory has, before the base: its password is tried where a login has none.
const NOBODY: &str = "cn=nobody whom ctibox knows";

/// What the directory says of a login and a password.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::auth) enum DirectoryAnswer {
    /// The password is right; the address says whose.
    Email(String),
    /// The password is right, of an entry that has no address.
    NoEmail,
    NoEntry,
    SeveralEntries,
    WrongPassword,
    /// No entry of that name, or a wrong password: a bind does not tell.
    BindRefused,
}

/// All servers failed; each was logged.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::auth) struct NoServer;

pub(in crate::auth) struct Directory {
    pub(in crate::auth) settings: LdapSettings,
    servers: Mutex<ServerStates>,
    trust: TrustFile,
    search: Mutex<Option<KeptConnection>>,
}

#[derive(Clone)]
struct KeptConnection {
    /// Of the server.
    index: usize,
    connection: Arc<LdapConnection>,
}

impl Directory {
    pub(in crate::auth) fn new(settings: LdapSettings) -> Self {
        let servers = Mutex::new(ServerStates::new(settings.uris.len()));
        let trust = TrustFile::new(settings.ca_file.clone());
        Self { settings, servers, trust, search: Mutex::default() }
    }

    /// Asks the servers in their order until one can say.
    pub(in crate::auth) async fn check(&self, login: &str, password: &str) -> Result<DirectoryAnswer, NoServer> {
        let order = lock(&self.servers).order(Instant::now());
        for index in order {
            match self.ask(index, login, password).await {
                Ok(answer) => {
                    lock(&self.servers).answered(index);
                    return Ok(answer);
                }
                Err(fault) => {
                    tracing::warn!(server = %self.settings.uris[index], %fault, "the LDAP server could not say");
                    self.note(index, &fault);
                }
            }
        }
        Err(NoServer)
    }

    async fn ask(&self, index: usize, login: &str, password: &str) -> Result<DirectoryAnswer, LdapFault> {
        let (dn, refused) = match self.dn_without_search(login) {
            Some(dn) => (dn, DirectoryAnswer::BindRefused),
            None => match self.find(index, login).await? {
                Found::None => return self.bind_nobody(index, password, DirectoryAnswer::NoEntry).await,
                Found::Several => return self.bind_nobody(index, password, DirectoryAnswer::SeveralEntries).await,
                Found::One(dn) => (dn, DirectoryAnswer::WrongPassword),
            },
        };
        let connection = self.connect(index).await?;
        let answer = match connection.bind_user(&dn, password).await? {
            Bind::Refused => refused,
            Bind::Accepted => {
                self.email_of(&connection, &dn).await?.map_or(DirectoryAnswer::NoEmail, DirectoryAnswer::Email)
            }
        };
        connection.close().await;
        Ok(answer)
    }

    /// Does what a wrong password costs where no entry, or no single one, is found, and gives `answer` whatever the server
    /// says of it: the time is not to tell who is in the directory. A server that fails meanwhile fails as for anybody.
    async fn bind_nobody(
        &self,
        index: usize,
        password: &str,
        answer: DirectoryAnswer,
    ) -> Result<DirectoryAnswer, LdapFault> {
        let connection = self.connect(index).await?;
        match connection.bind_user(&format!("{NOBODY},{}", self.settings.user_base_dn), password).await {
            Err(fault) if fault.is_of_server() => return Err(fault),
            Ok(_) | Err(_) => {}
        }
        connection.close().await;
        Ok(answer)
    }

    /// In direct mode the login makes the name of the entry.
    pub(in crate::auth) fn dn_without_search(&self, login: &str) -> Option<String> {
        let LdapSettings { mode, login_attribute, user_base_dn, .. } = &self.settings;
        match mode {
            LdapMode::Direct => Some(format!("{login_attribute}={},{user_base_dn}", dn_escape(login))),
            LdapMode::Search { .. } | LdapMode::SearchAnonymous => None,
        }
    }

    /// Looks for the login on the kept connection; one that broke meanwhile is opened anew, once.
    async fn find(&self, index: usize, login: &str) -> Result<Found, LdapFault> {
        if let Some(kept) = self.kept(index) {
            match self.find_on(&kept, login).await {
                Err(fault) if fault.is_of_connection() => {
                    tracing::debug!(%fault, "the kept connection to the LDAP server is opened anew");
                    self.forget(&kept);
                }
                answer => return answer,
            }
        }
        let fresh = Arc::new(self.connect_to_search(index).await?);
        // Several may come while there is none: the last one is kept.
        *lock(&self.search) = Some(KeptConnection { index, connection: fresh.clone() });
        let answer = self.find_on(&fresh, login).await;
        if answer.is_err() {
            self.forget(&fresh);
        }
        answer
    }

    fn kept(&self, index: usize) -> Option<Arc<LdapConnection>> {
        let kept = lock(&self.search).clone()?;
        (kept.index == index && !kept.connection.is_closed()).then_some(kept.connection)
    }

    fn forget(&self, connection: &Arc<LdapConnection>) {
        let mut kept = lock(&self.search);
        if kept.as_ref().is_some_and(|kept| Arc::ptr_eq(&kept.connection, connection)) {
            *kept = None;
        }
    }

    pub(in crate::auth) async fn find_on(&self, connection: &LdapConnection, login: &str) -> Result<Found, LdapFault> {
        let filter = format!("({}={})", self.settings.login_attribute, ldap_escape(login));
        connection.find(&self.settings.user_base_dn, &filter).await
    }

    pub(in crate::auth) async fn email_of(
        &self,
        connection: &LdapConnection,
        dn: &str,
    ) -> Result<Option<String>, LdapFault> {
        connection.value_of(dn, &self.settings.email_attribute).await
    }

    /// A connection that may look for entries.
    async fn connect_to_search(&self, index: usize) -> Result<LdapConnection, LdapFault> {
        let connection = self.connect(index).await?;
        self.bind_service(&connection).await?;
        Ok(connection)
    }

    pub(in crate::auth) async fn bind_service(&self, connection: &LdapConnection) -> Result<(), LdapFault> {
        match &self.settings.mode {
            LdapMode::Search { bind_dn, bind_password } => {
                connection.bind_service(bind_dn, bind_password.reveal()).await
            }
            LdapMode::SearchAnonymous => connection.bind_service("", "").await,
            LdapMode::Direct => Ok(()),
        }
    }

    pub(in crate::auth) async fn connect(&self, index: usize) -> Result<LdapConnection, LdapFault> {
        let uri = &self.settings.uris[index];
        let encryption = if self.is_encrypted(uri) {
            Encryption::Tls(self.trust.now().await?.client_config(&uri.host)?)
        } else {
            Encryption::None
        };
        LdapConnection::open(uri, encryption).await
    }

    pub(in crate::auth) fn is_encrypted(&self, uri: &LdapUri) -> bool {
        uri.scheme == LdapScheme::Ldaps || self.settings.start_tls
    }

    /// Remembers a server that failed.
    fn note(&self, index: usize, fault: &LdapFault) {
        if fault.is_of_server() {
            lock(&self.servers).failed(index, Instant::now());
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
