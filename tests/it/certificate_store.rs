//! Pairs that the data folder keeps under names (settings §5): added, made, asked for, used and removed, beside a server
//! that takes them over.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use rcgen::{CertificateParams, CertificateSigningRequestParams, ExtendedKeyUsagePurpose, Issuer, KeyPair};
use serde_json::Value;

use crate::support::pairs::{GOOD, OVER, write_pair};
use crate::support::{Appliance, Running};

/// A pair beside the data folder.
fn made(appliance: &Appliance, name: &str) -> [String; 2] {
    write_pair(appliance.data().parent().unwrap(), name, GOOD)
}

fn listed(appliance: &Appliance) -> Vec<(String, bool, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let list = appliance.run(&["certificate", "list", "--json"]).json();
    let row = |row: &Value| (text(&row["name"]), row["in_use"].as_bool().unwrap(), text(&row["state"]));
    list.as_array().unwrap().iter().map(row).collect()
}

/// SHA-256 of what clients get.
fn shown_by(appliance: &Appliance, server: &Running) -> String {
    server.logged_in("agnes").fence();
    appliance.run(&["health", "--json"]).json()["fingerprint"].as_str().unwrap().to_owned()
}

#[test]
fn a_pair_is_kept_under_a_name_used_and_not_removed_while_it_is_in_use() {
    let appliance = Appliance::company().on_any_port();
    let server = appliance.serve();
    let own = shown_by(&appliance, &server);
    let [certificate, key] = made(&appliance, "outside");
    let added = appliance.run(&["certificate", "add", "www.example.org", &certificate, &key, "--json"]);
    added.expect_words(&["`ctibox certificate use www.example.org`"]);
    for file in [&certificate, &key] {
        fs::remove_file(file).unwrap();
    }
    let kept = appliance.data().join("certs/www.example.org");
    let mode = |ending| fs::metadata(kept.with_added_extension(ending)).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode("crt"), mode("key")), (0o640, 0o600));
    let good = |name: &str, is_used| (name.to_owned(), is_used, "good".to_owned());
    assert_eq!(listed(&appliance), [good("ctibox's own", true), good("www.example.org", false)]);
    appliance.run(&["certificate", "use", "www.example.org"]);
    assert_ne!(shown_by(&appliance, &server), own);
    assert_eq!(listed(&appliance), [good("ctibox's own", false), good("www.example.org", true)]);
    let refused = appliance.try_run(&["certificate", "remove", "www.example.org"]).expect_code(1);
    refused.expect_words(&["in use", "certificate use --fallback"]);
    appliance.run(&["certificate", "use", "--fallback"]);
    assert_eq!(shown_by(&appliance, &server), own);
    appliance.run(&["certificate", "remove", "www.example.org"]);
    assert_eq!(listed(&appliance), [good("ctibox's own", true)]);
    appliance.try_run(&["certificate", "remove", "www.example.org"]).expect_code(1).expect_words(&["certificate list"]);
}

#[test]
fn what_cannot_work_is_refused_and_nothing_is_kept() {
    let appliance = Appliance::company();
    let [certificate, key] = made(&appliance, "outside");
    let [over, over_key] = write_pair(appliance.data().parent().unwrap(), "over", OVER);
    let add = |name: &str, certificate: &str, key: &str| {
        appliance.try_run(&["certificate", "add", name, certificate, key]).expect_code(1)
    };
    add("mixed", &certificate, &over_key).expect_words(&["is not the certificate of the key"]);
    add("swapped", &key, &certificate).expect_words(&["swapped"]);
    add("over", &over, &over_key).expect_words(&["expired"]);
    let absent = add("absent", "/nonexistent/a.crt", &key);
    absent.expect_words(&["/nonexistent/a.crt", "`ctibox certificate add absent CERT KEY`"]);
    for name in ["server", "authority", "a b", "../x"] {
        appliance.try_run(&["certificate", "add", name, &certificate, &key]).expect_code(2);
    }
    appliance.try_run(&["certificate", "use", "absent"]).expect_code(1).expect_words(&["no certificate absent"]);
    appliance.try_run(&["certificate", "use", &certificate]).expect_code(2).expect_words(&["needs its key"]);
    assert_eq!(listed(&appliance), []);
    appliance.run(&["certificate", "add", "cti", &certificate, &key]);
    add("cti", &certificate, &key).expect_words(&["already", "--replace"]);
}

#[test]
fn a_pair_that_is_replaced_while_in_use_reaches_clients_at_once() {
    let appliance = Appliance::company().on_any_port();
    let [certificate, key] = made(&appliance, "first");
    appliance.run(&["certificate", "add", "cti", &certificate, &key]);
    appliance.run(&["certificate", "use", "cti"]);
    let server = appliance.serve();
    let first = shown_by(&appliance, &server);
    let [certificate, key] = made(&appliance, "second");
    let told = appliance.run(&["certificate", "add", "cti", &certificate, &key, "--replace", "--json"]).json();
    server.await_log(&["certificate in use", told["fingerprint"].as_str().unwrap()]);
    assert_ne!(shown_by(&appliance, &server), first);
}

#[test]
fn a_certificate_that_was_asked_for_joins_the_key_that_waits() {
    let appliance = Appliance::company();
    let asked = appliance.run(&["certificate", "request", "cti", "--common-name", "cti", "--san", "cti.example.org"]);
    assert!(asked.stdout.starts_with("-----BEGIN CERTIFICATE REQUEST-----"), "{}", asked.stdout);
    assert_eq!(listed(&appliance), [("cti".to_owned(), false, "waiting".to_owned())]);
    appliance.try_run(&["certificate", "use", "cti"]).expect_code(1).expect_words(&["waits for its certificate"]);
    let issuer = Issuer::new(CertificateParams::default(), KeyPair::generate().unwrap());
    let signed = CertificateSigningRequestParams::from_pem(&asked.stdout).unwrap().signed_by(&issuer).unwrap();
    let file = appliance.beside("signed.crt");
    fs::write(&file, signed.pem()).unwrap();
    let added = appliance.run(&["certificate", "add", "cti", file.to_str().unwrap()]);
    added.expect_data(&["cti.example.org"]);
    appliance.run(&["certificate", "use", "cti"]);
    appliance.run(&["certificate", "show"]).expect_data(&["cti.example.org"]);
}

#[test]
fn whoever_trusts_ctibox_s_authority_trusts_what_it_signed_and_no_other() {
    let appliance = Appliance::company().on_any_port();
    let made =
        ["certificate", "create", "cti", "--san", "localhost", "--san", "127.0.0.1", "--days", "30", "--authority"];
    appliance.run(&made).expect_words(&["authority.crt", "`ctibox client --ca`"]);
    appliance.run(&["certificate", "use", "cti"]);
    let server = appliance.serve();
    let authority = appliance.data().join("certs/authority.crt");
    let log_in = |authority: &Path| {
        let address = format!("127.0.0.1:{}", server.port);
        let words = ["client", &address, "--user", "agnes", "--password-stdin", "--ca", authority.to_str().unwrap()];
        appliance.try_run_with_input(&words, "secret\n")
    };
    log_in(&authority).expect_code(0).expect_words(&["verified by its certificate authority"]);
    appliance.run(&["certificate", "create", "alone", "--san", "127.0.0.1"]);
    appliance.run(&["certificate", "use", "alone"]);
    log_in(&authority).expect_code(1);
    log_in(&appliance.data().join("certs/alone.crt")).expect_code(0);
}

/// Links lead to it, and another layer may decide tomorrow.
#[test]
fn a_pair_that_any_layer_of_the_settings_names_is_not_removed() {
    let appliance = Appliance::company();
    for name in ["linked", "hidden"] {
        let [certificate, key] = made(&appliance, name);
        appliance.run(&["certificate", "add", name, &certificate, &key]);
    }
    let certs = appliance.data().join("certs");
    let link = appliance.beside("link");
    symlink(&certs, &link).unwrap();
    let of = |folder: &Path, name: &str, ending: &str| folder.join(format!("{name}.{ending}")).display().to_string();
    appliance.run(&["certificate", "use", &of(&link, "linked", "crt"), &of(&link, "linked", "key")]);
    let refused = appliance.try_run(&["certificate", "remove", "linked", "--yes"]).expect_code(1);
    refused.expect_words(&["is in use"]);
    // A file stands above what the database names.
    appliance.run(&["certificate", "use", "hidden"]);
    appliance.write_settings(
        "ctibox/conf.d/10.yml",
        &format!("encryption: {{certificate: {}, key: {}}}\n", of(&link, "linked", "crt"), of(&link, "linked", "key")),
    );
    for name in ["hidden", "linked"] {
        appliance.try_run(&["certificate", "remove", name, "--yes"]).expect_code(1).expect_words(&["is in use"]);
    }
    assert!(certs.join("hidden.key").exists() && certs.join("linked.key").exists());
}

#[test]
fn a_certificate_for_other_uses_than_a_servers_is_refused() {
    let appliance = Appliance::company();
    let key = KeyPair::generate().unwrap();
    let mut parameters = CertificateParams::new(["pbx.example.org".to_owned()]).unwrap();
    parameters.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    let (certificate, key_file) = (appliance.beside("client.crt"), appliance.beside("client.key"));
    fs::write(&certificate, parameters.self_signed(&key).unwrap().pem()).unwrap();
    fs::write(&key_file, key.serialize_pem()).unwrap();
    let (certificate, key_file) = (certificate.to_str().unwrap(), key_file.to_str().unwrap());
    for command in
        [&["certificate", "add", "mine", certificate, key_file][..], &["certificate", "use", certificate, key_file]]
    {
        let refused = appliance.try_run(command).expect_code(1);
        refused.expect_words(&["is no certificate for servers", "serverAuth"]);
    }
}
