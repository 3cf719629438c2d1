//! `manager_ctibox.conf`: the account under which ctibox is connected, with the rights that it needs and no others
//! (telephony §1.3).

use super::word;

/// The account, as the settings `ami.*` name it.
pub(crate) struct AmiAccount<'a> {
    pub(crate) name: &'a str,
    /// None: it is not to be shown.
    pub(crate) secret: Option<&'a str>,
    /// Whether Asterisk and ctibox are on one machine.
    pub(crate) is_local: bool,
}

/// Why there can be no account of this name or with this secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum UnwritableAccount {
    #[error("an account of Asterisk cannot be called {name:?}: letters, digits, `_`, `-` and `.` alone")]
    Name { name: String },
    #[error("Asterisk cannot read the stored secret from a file: it has white space around it, a `\\` or a line end")]
    Secret,
}

/// Events: system tells that Asterisk is up, call of channels, hints and devices, agent of queues, user of the dial plan.
/// Actions: system for keys and filters, call for lamps and hanging up, agent for members, user to tell the dial plan,
/// reporting for lists, originate for calls. Not config or command: these could change anything.
const RIGHTS: &str = "read = system,call,agent,user\nwrite = system,call,agent,user,reporting,originate\n";

pub(super) fn manager(account: &AmiAccount<'_>) -> Result<String, UnwritableAccount> {
    let name = word::section(account.name)
        .ok_or_else(|| UnwritableAccount::Name { name: account.name.chars().take(64).collect() })?;
    let secret = match account.secret {
        Some(secret) => format!("secret = {}\n", word::secret(secret).ok_or(UnwritableAccount::Secret)?),
        None => "; secret = (hidden; `--with-secrets` shows it)\n".to_owned(),
    };
    let from = if account.is_local {
        "deny = 0.0.0.0/0.0.0.0\npermit = 127.0.0.1/255.255.255.255\n"
    } else {
        "; ctibox is on another machine: name it here, then only it may log in\n\
         ; deny = 0.0.0.0/0.0.0.0\n; permit = ADDRESS/255.255.255.255\n"
    };
    // Of a connection that does not read for a moment Asterisk would take leave after 100 ms.
    Ok(format!("[{name}]\n{secret}{from}{RIGHTS}writetimeout = 5000\n"))
}
