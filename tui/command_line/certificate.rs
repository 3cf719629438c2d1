//! What was made, added or removed of stored certificates as a command: they are files, of which no configuration tells what
//! became another. Secrets stay in the files. Pure.

use std::path::Path;

use super::SameCommand;
use super::words::Words;
use crate::certificate::{self, SignedBy, VALIDITY_DAYS};

/// `certificate renew`.
pub(in crate::tui) fn certificate_renew() -> Vec<SameCommand> {
    one(Words::new("certificate renew"))
}

/// The key is left out where a request made it.
pub(in crate::tui) fn certificate_add(
    name: &str,
    certificate: &Path,
    key: Option<&Path>,
    is_replaced: bool,
) -> Vec<SameCommand> {
    let words = Words::new("certificate add").name(name).name(certificate.to_string_lossy());
    let words = key.iter().fold(words, |words, key| words.name(key.to_string_lossy()));
    one(words.flag_if(is_replaced, "--replace"))
}

pub(in crate::tui) fn certificate_create(
    name: &str,
    subject: &certificate::Subject,
    days: u16,
    by: SignedBy,
) -> Vec<SameCommand> {
    let words = of_subject(Words::new("certificate create").name(name), subject);
    let words = words.changed("--days", &VALIDITY_DAYS, &days, u16::to_string);
    one(words.flag_if(by == SignedBy::Authority, "--authority"))
}

pub(in crate::tui) fn certificate_request(name: &str, subject: &certificate::Subject) -> Vec<SameCommand> {
    one(of_subject(Words::new("certificate request").name(name), subject))
}

pub(in crate::tui) fn certificate_remove(name: &str) -> Vec<SameCommand> {
    one(Words::new("certificate remove").name(name).flag("--yes"))
}

fn of_subject(words: Words, subject: &certificate::Subject) -> Words {
    let words = words.given("--common-name", subject.common_name.as_deref().unwrap_or_default());
    subject.names.iter().fold(words, |words, name| words.option("--san", name))
}

fn one(words: Words) -> Vec<SameCommand> {
    vec![SameCommand::Line(words.line())]
}
