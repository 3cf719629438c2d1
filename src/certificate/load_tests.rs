//! Pairs as people have them: each kind that can be read is, and each that cannot is refused in its own words.

use std::fs;
use std::path::Path;

use time::OffsetDateTime;

use super::samples::{Validity, chain, file, write, write_pair};
use super::{PairPaths, check_pair, load_authorities, load_pair};
use crate::settings::rule::Severity;

fn refusal(paths: &PairPaths) -> String {
    load_pair(paths).expect_err("it cannot be used").to_string()
}

fn sample(certificate: &str, key: &str) -> PairPaths {
    PairPaths { certificate: file(certificate), key: file(key) }
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

fn text(name: &str) -> String {
    fs::read_to_string(file(name)).expect("readable")
}

/// What is found, in one text; errors in brackets.
fn found(paths: &PairPaths) -> String {
    let findings = check_pair(paths, OffsetDateTime::now_utc()).into_iter();
    let words = findings.map(|finding| match finding.severity {
        Severity::Error => format!("[{}]", finding.refusal),
        Severity::Warning => finding.refusal.to_string(),
    });
    words.collect::<Vec<_>>().join("\n")
}

#[test]
fn every_form_of_a_key_that_can_be_used_is_read() {
    for (certificate, key, kind) in [
        ("p256.crt", "p256.key", "EC, P-256"),
        ("p256.crt", "p256-sec1.key", "EC, P-256"),
        ("rsa2048.crt", "rsa2048.key", "RSA, 2048 bits"),
        ("rsa2048.crt", "rsa2048-pkcs1.key", "RSA, 2048 bits"),
        ("ed25519.crt", "ed25519.key", "Ed25519"),
    ] {
        let paths = sample(certificate, key);
        let pair = load_pair(&paths).unwrap_or_else(|error| unreachable!("{key}: {error}"));
        assert_eq!(pair.description.key.to_string(), kind);
        assert_eq!(found(&paths), "", "{key}");
    }
}

#[test]
fn a_key_that_cannot_be_used_is_called_by_its_kind() {
    for (certificate, key, kind) in [
        ("p521.crt", "p521.key", "EC, P-521"),
        ("secp256k1.crt", "secp256k1.key", "EC, secp256k1"),
        ("rsa1024.crt", "rsa1024.key", "RSA, 1024 bits"),
        ("ed448.crt", "ed448.key", "Ed448"),
    ] {
        let words = refusal(&sample(certificate, key));
        assert!(words.contains(&format!("cannot be used: {kind}; RSA of 2048 to 4096 bits")), "{words}");
    }
}

#[test]
fn a_key_with_a_password_is_refused_in_each_form() {
    for key in ["encrypted.key", "encrypted-pkcs1.key"] {
        assert!(
            refusal(&sample("rsa2048.crt", key)).ends_with("is protected by a password; the key must not be encrypted")
        );
    }
}

#[test]
fn what_is_not_pem_says_what_it_is() {
    let folder = folder();
    for (name, words) in [("p256.der", "is in DER form"), ("p256.p12", "is a PKCS#12 file")] {
        assert!(refusal(&sample(name, "p256.key")).contains(words), "{name}");
    }
    assert!(refusal(&sample("p256.crt", "p256-key.der")).contains("p256-key.der is in DER form"));
    let paths = write(folder.path(), "", &text("p256.key"));
    assert!(refusal(&paths).contains("some.crt is empty"));
    let cut = &text("p256.crt")[..200];
    assert!(refusal(&write(folder.path(), cut, "")).contains("is cut short: what begins as CERTIFICATE does not end"));
}

#[test]
fn what_stands_in_the_place_of_another_thing_is_named() {
    let folder = folder();
    let key = text("p256.key");
    let swapped = refusal(&sample("p256.key", "p256.crt"));
    assert!(swapped.starts_with("certificate and key are swapped"), "{swapped}");
    assert!(refusal(&sample("p256.key", "p256.key")).contains("holds no certificate, but a private key"));
    assert!(refusal(&sample("p256.crt", "p256.crt")).contains("holds no private key, but a certificate"));
    assert!(refusal(&sample("p256.csr", "p256.key")).contains("holds no certificate, but a request for one"));
    assert!(refusal(&sample("p256.crt", "p256-openssh.key")).contains("it is called OPENSSH PRIVATE KEY"));
    let damaged = write(folder.path(), &text("p256.crt").replace("MII", "M*I"), &key);
    assert!(refusal(&damaged).contains("its CERTIFICATE number 1 is not base64"));
    let empty = "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n";
    assert!(refusal(&write(folder.path(), empty, &key)).contains("cannot be read as X.509, number 1"));
    let key_cut = "-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n";
    assert!(refusal(&write(folder.path(), &text("p256.crt"), key_cut)).contains("damaged or not whole"));
}

#[test]
fn a_chain_in_the_wrong_order_is_told_which_one_must_come_first() {
    let folder = folder();
    let (mut certificates, key) = chain(Validity::Now);
    assert_eq!(found(&write(folder.path(), &certificates.concat(), &key)), "");
    certificates.reverse();
    let words = refusal(&write(folder.path(), &certificates.concat(), &key));
    assert!(words.contains("number 3 of 3 is the one of the key, and the server's own must come first"), "{words}");
    let marked = format!("\u{feff}{}", certificates.concat());
    assert!(refusal(&write(folder.path(), &marked, &key)).contains("wrong order"));
}

#[test]
fn issuers_that_are_not_in_order_are_a_warning() {
    let folder = folder();
    let (certificates, key) = chain(Validity::Now);
    let [leaf, issuer, root] = certificates.as_slice() else { unreachable!("three") };
    let words = found(&write(folder.path(), &[leaf, root, issuer].map(String::as_str).concat(), &key));
    assert!(words.contains("certificate number 2 in the wrong place") && !words.contains('['), "{words}");
    let words = found(&write(folder.path(), &[leaf, leaf, issuer].map(String::as_str).concat(), &key));
    assert!(words.contains("holds the server's certificate twice, also as number 2"), "{words}");
    assert_eq!(words.lines().count(), 1, "{words}");
}

#[test]
fn an_issuer_that_is_out_of_its_time_is_a_warning() {
    let folder = folder();
    for (validity, expected) in [(Validity::Over, "expired on"), (Validity::ToCome, "is not valid before")] {
        let (certificates, key) = chain(validity);
        let paths = write(folder.path(), &certificates.concat(), &key);
        let words = found(&paths);
        assert!(words.contains("number 2 (CN=issuer): ") && words.contains(expected), "{words}");
        assert!(words.contains("clients that verify the chain refuse it") && !words.contains('['), "{words}");
        assert_eq!(load_pair(&paths).expect("usable").chain.len(), 2);
    }
}

#[test]
fn signatures_and_keys_that_nobody_believes_any_more_are_a_warning() {
    let folder = folder();
    let chain = format!("{}{}", text("sha1.crt"), text("rsa1024.crt"));
    let words = found(&write(folder.path(), &chain, &text("p256.key")));
    assert!(words.contains("certificate number 1 signed with SHA-1"), "{words}");
    assert!(words.contains("certificate number 2 with an RSA key of less than 2048 bits"), "{words}");
    assert_eq!((words.lines().count(), words.contains('[')), (2, false), "{words}");
}

#[test]
fn authorities_are_read_as_pairs_are() {
    let folder = folder();
    let path = folder.path().join("authorities.pem");
    let joined = format!("\u{feff}{}{}", text("p256.crt").trim_end(), text("p521.crt"));
    fs::write(&path, joined).expect("written");
    assert_eq!(load_authorities(&path).expect("readable").len(), 2);
    for (name, words) in [("p256.der", "is in DER form"), ("p256.key", "holds no certificate, but a private key")] {
        let error = load_authorities(&file(name)).expect_err("no certificates").to_string();
        assert!(error.contains(words), "{error}");
    }
}

#[test]
fn files_as_editors_and_cat_leave_them_are_read_whole_and_told() {
    let folder = folder();
    let (certificates, key) = chain(Validity::Now);
    let joined = certificates.iter().map(|pem| pem.trim_end()).collect::<String>();
    for (certificate, key, words) in [
        (joined, key.clone(), "has an END and the next BEGIN on one line"),
        (format!("\u{feff}{}", certificates.concat()), key.clone(), "begins with a byte order mark"),
        (certificates.concat(), format!("\u{feff}{key}"), "some.key: begins with a byte order mark"),
        (certificates.concat(), format!("{}{key}", text("p256.key")), "some.key: holds 2 private keys"),
        (certificates.concat().replace('\n', "\r\n"), key.replace('\n', "\r\n"), ""),
        (certificates.concat().replace('\n', "\r"), key.clone(), ""),
        (format!("{key}{}", certificates.concat()), key.clone(), ""),
    ] {
        let paths = write(folder.path(), &certificate, &key);
        let found = found(&paths);
        assert!(found.contains(words) && found.is_empty() == words.is_empty(), "{words:?} is not {found:?}");
        let pair = load_pair(&paths).expect("readable");
        assert_eq!((pair.chain.len(), pair.certified.cert.len()), (2, 3), "{words}");
    }
}

#[test]
fn one_file_for_both_is_read() {
    let folder = folder();
    let both = format!("{}{}", text("p256.crt"), text("p256.key"));
    let certificate = write(folder.path(), &both, "").certificate;
    let paths = PairPaths { key: certificate.clone(), certificate };
    assert_eq!(found(&paths), "");
}

#[test]
fn a_pair_that_is_out_of_its_time_is_an_error() {
    let folder = folder();
    for (validity, words) in [(Validity::Over, "expired on"), (Validity::ToCome, "is not valid before")] {
        let found = found(&write_pair(folder.path(), validity));
        assert!(found.starts_with('[') && found.contains(words), "{found}");
    }
}

#[test]
fn no_input_makes_the_loader_panic() {
    let folder = folder();
    let good = text("p256.crt");
    let write = |certificate: &[u8]| {
        let path = folder.path().join("cut.pem");
        fs::write(&path, certificate).expect("written");
        PairPaths { key: file("p256.key"), certificate: path }
    };
    for at in 0..good.len() {
        let _ = load_pair(&write(&good.as_bytes()[..at]));
        let mut spoilt = good.clone().into_bytes();
        spoilt[at] = spoilt[at].wrapping_add(1);
        let _ = load_pair(&write(&spoilt));
    }
    assert!(load_pair(&PairPaths { certificate: Path::new("/").to_owned(), key: file("p256.key") }).is_err());
}
