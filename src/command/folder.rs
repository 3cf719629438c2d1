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

/// Who gives the command, for the audit: the name of the real user, or its number where the system has no names. To be
/// asked before `become_owner`.
pub(crate) fn caller() -> String {
    let uid = getuid().as_raw();
    let name = name_of(uid).unwrap_or_else(|| format!("uid {uid}"));
    match std::env::var("SUDO_USER") {
        Ok(person) if uid == 0 && !person.is_empty() && person != name => format!("{name} (sudo by {person})"),
        _ => name,
    }
}

fn name_of(uid: u32) -> Option<String> {
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
    fn a_user_is_found_by_his_number() {
        let passwd = "root:x:0:0::/root:/bin/sh\nbroken\nctibox:x:998:997::/:/bin/false\n";
        assert_eq!(named(passwd, 998).as_deref(), Some("ctibox"));
        assert_eq!(named(passwd, 1), None);
    }
}
