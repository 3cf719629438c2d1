//! LDAP as `ldap_user` needs it: servers in their order, connections with a bound on every wait, and the questions that a
//! login asks. Knows nothing of users here.

mod connection;
mod directory;
mod fault;
mod servers;

pub(super) use connection::{Bind, Found, LdapConnection};
pub(super) use directory::{Directory, DirectoryAnswer};
pub(super) use fault::{LdapFault, Operation};
