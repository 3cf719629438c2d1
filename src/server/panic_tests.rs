//! What a panic says: whatever holds a password, hash or secret in the running server is shown by a panic on purpose, with
//! a whole backtrace, in a process of its own whose words are looked through.

use std::fmt::Debug;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::Command;

use super::handshake::Action;
use crate::protocol::parse::parse;
use crate::settings::auth_settings::LdapMode;
use crate::settings::configuration::Configuration;
use crate::settings::fixtures::{HASH, small_company};
use crate::settings::name::ConferencePin;
use crate::settings::password::{Password, PasswordHash, Secret};
use crate::settings::setting::{General, Key, SettingValue};

const CHILD: &str = "CTIBOX_TEST_PANICS";
const TYPED: &str = "planted-typed-Aq7";
const OF_LDAP: &str = "planted-for-ldap-Dr1";
const OF_AMI: &str = "planted-for-ami-Et2";
const PIN: &str = "48151623";

#[test]
fn a_panic_shows_nothing_secret_of_what_it_was_about() {
    if std::env::var_os(CHILD).is_some() {
        return panic_with_everything();
    }
    let own = "server::panic_tests::a_panic_shows_nothing_secret_of_what_it_was_about";
    let child = Command::new(std::env::current_exe().expect("a program"))
        .args([own, "--exact", "--nocapture"])
        .env(CHILD, "1")
        .env("RUST_BACKTRACE", "full")
        .output()
        .expect("it runs");
    let said = format!("{}{}", String::from_utf8_lossy(&child.stdout), String::from_utf8_lossy(&child.stderr));
    assert!(child.status.success(), "{said}");
    assert_eq!(said.matches("panicked at").count(), SHOWN, "{said}");
    assert!(said.contains("panic_with_everything") && said.contains("Secret(set)"), "{said}");
    for secret in [TYPED, OF_LDAP, OF_AMI, PIN, HASH] {
        let shown = said.lines().find(|line| line.contains(secret));
        assert_eq!(shown, None, "shows {secret}");
    }
}

const SHOWN: usize = 7;

fn panic_with_everything() {
    let login = format!(r#"{{"class":"login_pass","password":"{TYPED}","commandid":2}}"#);
    show(parse(login.as_bytes()));
    let bad = format!(r#"{{"class":"login_pass","password":["{TYPED}"]}}"#);
    show(parse(bad.as_bytes()));
    show(Action::Check { login: "alice".into(), password: Secret::new(TYPED) });
    show((Password::parse(TYPED), PasswordHash::parse(HASH)));
    show(LdapMode::Search { bind_dn: "cn=reader".to_owned(), bind_password: Secret::new(OF_LDAP) });
    let mut general = General::default();
    general.ami.secret = Some(Secret::new(OF_AMI));
    show(general);
    show(planted());
}

/// As `expect` on a result would.
fn show(what: impl Debug) {
    let panicked = catch_unwind(AssertUnwindSafe(|| refused(&what).expect("on purpose")));
    assert!(panicked.is_err());
}

fn refused<T>(what: T) -> Result<(), T> {
    Err(what)
}

/// Secrets of other systems, hashes of people and accounts, a PIN.
fn planted() -> Configuration {
    let mut configuration = small_company();
    for (key, secret) in [(Key::AuthLdapBindPassword, OF_LDAP), (Key::AmiSecret, OF_AMI)] {
        configuration.set_setting(SettingValue::parse(key, secret).expect("a value")).expect("taken");
    }
    let room = configuration.conferences.iter().next().expect("a room").id;
    configuration.conferences.edit(room, |room| room.pin = ConferencePin::parse(PIN).ok());
    configuration
}
