//! What the keys take, and what they are by default.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::encryption::EncryptionMode;
use super::rule::Rule;
use super::setting::{General, Key, SettingValue};

#[test]
fn every_default_is_a_canonical_value_of_its_key() {
    for key in Key::ALL {
        let parsed = SettingValue::parse(*key, key.default_text()).expect("a default is a value of its key");
        assert_eq!(parsed.reveal(), key.default_text(), "{key}");
    }
}

#[test]
fn the_defaults_are_those_of_the_table() {
    let general = General::default();
    assert_eq!(general.client_listen, [IpAddr::V4(Ipv4Addr::UNSPECIFIED), IpAddr::V6(Ipv6Addr::UNSPECIFIED)]);
    assert_eq!((general.client_port, general.backup_time), (5003, (3, 0)));
    assert_eq!(general.encryption_mode, EncryptionMode::Offer);
    assert!(general.strict_presence && !general.context_separation);
}

#[test]
fn a_secret_is_kept_with_its_spaces() {
    let value = |key, text| SettingValue::parse(key, text).expect("a value").reveal().to_owned();
    assert_eq!(value(Key::AmiSecret, " a b "), " a b ");
    assert_eq!(value(Key::AmiUsername, " a b "), "a b");
}

#[test]
fn a_value_out_of_range_names_the_limit() {
    let refusal = SettingValue::parse(Key::ClientPort, "65536").expect_err("too large");
    assert_eq!(refusal.with_rule(), "setting client.port \"65536\": must be a whole number from 0 to 65535 (rule S1)");
    for (key, text) in [
        (Key::ClientListen, "0.0.0.0,0.0.0.0"),
        (Key::ClientListen, ""),
        (Key::BackupTime, "24:00"),
        (Key::EncryptionMode, "maybe"),
        (Key::ClientLoginTimeout, "0"),
        (Key::AuthBackends, "xivo_user,xivo_user"),
        (Key::AuthLdapUri, "ldap://ldap.example.org/dc=example"),
        (Key::AuthLdapUserLoginAttribute, "uid)(cn"),
        (Key::AuthLdapUserEmailAttribute, ""),
        (Key::AuthXivoAuthHost, "https://localhost"),
        (Key::AuthXivoAuthBackend, ""),
    ] {
        assert_eq!(SettingValue::parse(key, text).expect_err(text).rule, Rule::S1);
    }
}

#[test]
fn a_secret_is_shown_as_set() {
    let secret = SettingValue::parse(Key::AmiSecret, "hunter2").expect("a text");
    assert_eq!((secret.to_string(), format!("{secret:?}")), ("set".to_owned(), "ami.secret=set".to_owned()));
}

#[test]
fn an_address_has_its_port_or_is_left_out() {
    let value = |text| SettingValue::parse(Key::AgiListen, text).map(|value| value.reveal().to_owned());
    for (text, kept) in [("127.0.0.1:4573", "127.0.0.1:4573"), (" [::1]:1 ", "[::1]:1"), ("", "")] {
        assert_eq!(value(text).expect(text), kept);
    }
    for text in ["127.0.0.1", ":4573", "localhost:4573", "::1:4573", "127.0.0.1:65536"] {
        assert_eq!(value(text).expect_err(text).rule, Rule::S1);
    }
}

#[test]
fn without_telephony_nobody_is_listened_to_for_callers_names() {
    let general = General::default();
    assert_eq!((general.agi_listen.map(|at| at.port()), general.caller_names_at()), (Some(4573), None));
}
