//! The data folder before anything in it is opened: whose it is, and as whom we work. Called once, first thing, by
//! `main`; it opens no file of the folder.
//!
//! A command that runs as root on a folder of the service's user would leave files behind that the service cannot
//! open: SQLite's `-wal` and `-shm` files belong to whoever comes first. So root takes the owner's ids. The system
//! calls change one thread only; this is sound because no other thread has been started yet.

use std::os::unix::fs::MetadataExt;
use std::path::Path;

use rustix::fs::Mode;
use rustix::process::{Gid, Uid, geteuid, getuid, umask};
use rustix::thread::{set_thread_groups, set_thread_res_gid, set_thread_res_uid};

use super::failure::Failure;
use crate::store::SystemUser;

/// Files are made for their owner alone, unless they are opened up by intent. The first file operation of the process.
pub(crate) fn keep_files_private() {
    umask(Mode::RWXG | Mode::RWXO);
}

/// As root, on a folder of somebody else, or on one that is to be made in somebody's folder: become that user for good,
/// the user's group alone included. Else nothing.
pub(crate) fn become_owner(folder: &Path) -> Result<(), Failure> {
    let Some(metadata) = folder.ancestors().find_map(|part| std::fs::metadata(part).ok()) else { return Ok(()) };
    if !geteuid().is_root() || metadata.uid() == 0 {
        return Ok(());
    }
    let (uid, gid) = (Uid::from_raw(metadata.uid()), Gid::from_raw(metadata.gid()));
    set_thread_groups(&[])
        .and_then(|()| set_thread_res_gid(gid, gid, gid))
        .and_then(|()| set_thread_res_uid(uid, uid, uid))
        .map_err(|error| {
            Failure::new(format!("could not become user {}, who owns {}", metadata.uid(), folder.display()))
                .cause(&error)
                .hint("run the command as that user")
        })
}

/// Who gives the command. To be asked before `become_owner`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Caller {
    /// For the audit: the name of the real user, or its number where the system has no names, and for whom sudo acts.
    pub(crate) name: String,
    pub(crate) account: AccountUse,
}

/// Whose account the command runs under.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AccountUse {
    /// The caller's own, or root's: they reach files by it anyway.
    Own,
    /// One that sudo lends for this command: the service's. What that may read, the caller may not.
    Lent,
}

impl Caller {
    /// On this data folder.
    pub(crate) fn of(folder: &Path) -> Self {
        let owner = std::fs::metadata(folder).ok().map(|metadata| metadata.uid());
        Self::known(getuid().as_raw(), owner, std::env::var("SUDO_USER").ok().as_deref(), name_of)
    }

    /// Whoever has neither root's account nor the folder's owner's can claim to be anybody by the variable alone.
    fn known(uid: u32, owner: Option<u32>, person: Option<&str>, name_of: impl Fn(u32) -> Option<String>) -> Self {
        let name = name_of(uid).unwrap_or_else(|| format!("uid {uid}"));
        match person {
            Some(person) if (uid == 0 || Some(uid) == owner) && !person.is_empty() && person != name => {
                let account = if uid == 0 { AccountUse::Own } else { AccountUse::Lent };
                let user = SystemUser { account: name, person: Some(person.to_owned()) };
                Self { name: user.to_string(), account }
            }
            _ => Self { name, account: AccountUse::Own },
        }
    }
}

/// How the system calls the user of that number.
pub(crate) fn name_of(uid: u32) -> Option<String> {
    named(&std::fs::read_to_string("/etc/passwd").ok()?, uid)
}

fn named(passwd: &str, uid: u32) -> Option<String> {
    passwd.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        (fields.nth(1)?.parse() == Ok(uid)).then(|| name.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_is_found_by_their_number() {
        let passwd = "root:x:0:0::/root:/bin/sh\nbroken\nctibox:x:998:997::/:/bin/false\n";
        assert_eq!(named(passwd, 998).as_deref(), Some("ctibox"));
        assert_eq!(named(passwd, 1), None);
    }

    #[test]
    fn sudo_names_the_person_where_the_account_has_the_folder_anyway() {
        let names = |uid| (uid != 7).then(|| ["root", "ctibox", "anna"][uid as usize].to_owned());
        let known = |uid, person| Caller::known(uid, Some(1), person, names);
        let caller = |name: &str, account| Caller { name: name.to_owned(), account };
        assert_eq!(known(0, Some("anna")), caller("root (sudo by anna)", AccountUse::Own));
        assert_eq!(known(1, Some("anna")), caller("ctibox (sudo by anna)", AccountUse::Lent));
        assert_eq!(known(2, Some("root")), caller("anna", AccountUse::Own));
        assert_eq!(known(1, Some("")), caller("ctibox", AccountUse::Own));
        assert_eq!(known(1, None), caller("ctibox", AccountUse::Own));
        assert_eq!(known(7, None), caller("uid 7", AccountUse::Own));
    }
}
