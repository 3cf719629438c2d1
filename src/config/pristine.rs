//! What the packages of the original put into their own main files (settings §7.1): an untouched one must not win over what
//! an administrator decided, and the secret in it is published.

use super::fate::{KeyFate, Known, Program};
use super::value;
use super::yaml::{Entry, NodeValue};

/// As whom the package logs in to Asterisk.
const PACKAGED_AMI_USER: &str = "xivo_cti_user";

/// Of the keys that become settings; what is below `ami` goes by its user.
const PACKAGED: [(&str, &str); 9] = [
    ("debug", "false"),
    ("client.listen", "0.0.0.0"),
    ("client.port", "5003"),
    ("client.login_timeout", "5"),
    ("auth.host", "localhost"),
    ("auth.port", "9497"),
    ("auth.timeout", "3"),
    ("auth.verify_certificate", "/usr/share/xivo-certs/server.crt"),
    ("extra_config_files", "/etc/xivo-ctid/conf.d/"),
];

/// What a package has in its main file and ctibox has not: of an administrator's hand there it is nothing.
const PACKAGED_NOT_DONE: [(Program, &str); 6] = [
    (Program::XivoCtid, "rest_api"),
    (Program::XivoCtid, "bus"),
    (Program::XivoCtid, "provd"),
    (Program::XivoCtid, "switchboard_polycom"),
    (Program::XivoCtid, "switchboard_snom"),
    (Program::XivoAuth, "rest_api"),
];

/// Whether the key of an old main file stands there without anybody's doing.
pub(super) fn is_packaged(program: Program, path: &str) -> bool {
    PACKAGED_NOT_DONE.contains(&(program, path))
}

/// Takes out of an old main file what the package put there.
pub(super) fn take_out(program: Program, entries: &mut Vec<Entry>) {
    match program {
        Program::XivoCtid => {}
        Program::XivoAuth => {
            let path = "extra_config_files";
            return take_out_value(program, entries, path, path, "/etc/xivo-auth/conf.d/");
        }
        Program::Ctibox => return,
    }
    entries.retain(|entry| entry.key != "ami" || !is_packaged_ami(&entry.value.value));
    for (path, packaged) in PACKAGED {
        take_out_value(program, entries, path, path, packaged);
    }
}

/// The one that stands there with nobody's name has the published secret as well.
fn is_packaged_ami(ami: &NodeValue) -> bool {
    let NodeValue::Map(entries) = ami else { return false };
    entries.iter().find(|entry| entry.key == "username").is_none_or(|entry| match &entry.value.value {
        NodeValue::Scalar(text) => text == PACKAGED_AMI_USER,
        NodeValue::Null | NodeValue::List(_) | NodeValue::Map(_) => false,
    })
}

/// `rest` is what of `path` lies below these entries.
fn take_out_value(program: Program, entries: &mut Vec<Entry>, path: &str, rest: &str, packaged: &str) {
    match rest.split_once('.') {
        Some((group, rest)) => {
            let Some(at) = entries.iter().position(|entry| entry.key == group) else { return };
            let NodeValue::Map(inner) = &mut entries[at].value.value else { return };
            take_out_value(program, inner, path, rest, packaged);
        }
        None => entries.retain(|entry| entry.key != rest || !says(program, path, &entry.value.value, packaged)),
    }
}

/// Whether the value is the packaged one, however it is written.
fn says(program: Program, path: &str, value: &NodeValue, packaged: &str) -> bool {
    let packaged = NodeValue::Scalar(packaged.to_owned());
    match program.look_up(path) {
        Known::Value(KeyFate::Setting(key, reading)) => {
            value::of(key, reading, value).is_ok_and(|value| value::of(key, reading, &packaged) == Ok(value))
                && *value != NodeValue::Null
        }
        _ => *value == packaged,
    }
}
