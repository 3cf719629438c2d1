//! Certificates (settings §5, §9 N): the fallback pair, a named pair, a renewed pair.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use rustix::process::Signal;

use crate::support::pairs::{Chain, GOOD, OVER, TO_COME, write_pair};
use crate::support::{Appliance, Running};

fn pair(appliance: &Appliance) -> (PathBuf, PathBuf) {
    let folder = appliance.data().join("certs");
    (folder.join("server.crt"), folder.join("server.key"))
}

fn shown_by(server: &Running) -> Vec<u8> {
    let mut client = server.client("encrypted");
    client.start_tls();
    client.log_in("agnes", "available");
    client.server_certificate()
}

/// Settings §9: 72.
#[test]
fn the_first_run_makes_a_pair_and_keeps_it() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let (certificate, key) = pair(&appliance);
    let mode = |path: &PathBuf| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&certificate), mode(&key)), (0o644, 0o600));
    let first = (fs::read(&certificate).unwrap(), shown_by(&server));
    assert_eq!(server.terminate(), Some(0));
    let server = appliance.serve();
    assert_eq!(first, (fs::read(&certificate).unwrap(), shown_by(&server)));
}

/// Settings §9: 72.
#[test]
fn a_lone_key_is_never_overwritten() {
    let appliance = Appliance::company();
    drop(appliance.serve());
    let (certificate, key) = pair(&appliance);
    let before = fs::read(&key).unwrap();
    fs::remove_file(&certificate).unwrap();
    let server = appliance.serve();
    shown_by(&server);
    assert_eq!(before, fs::read(&key).unwrap());
}

#[test]
fn a_renewed_pair_is_used_without_a_restart() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let before = shown_by(&server);
    appliance.run(&["certificate", "renew"]);
    server.signal(Signal::HUP);
    server.await_log(&["certificate"]);
    // the reload is asynchronous: each handshake sees the old pair or the new one, never a broken one
    let renewed = (0..200).map(|_| shown_by(&server)).find(|shown| *shown != before);
    assert!(renewed.is_some(), "the old pair is still shown");
}

#[test]
fn the_fingerprint_is_shown() {
    let appliance = Appliance::company();
    drop(appliance.serve());
    let outcome = appliance.run(&["certificate", "show"]);
    let pairs = outcome.stdout.matches(':').count();
    assert!(pairs >= 31, "no SHA-256 fingerprint in:\n{}", outcome.stdout);
}

/// Names a pair that is good when it is named.
fn use_pair(appliance: &Appliance, [certificate, key]: &[String; 2]) {
    appliance.run(&["certificate", "use", certificate, key]);
}

fn room(appliance: &Appliance) -> PathBuf {
    appliance.data().parent().unwrap().to_owned()
}

/// What `check` says, whatever its code.
fn checked(appliance: &Appliance) -> String {
    appliance.try_run(&["check"]).stdout
}

/// Settings §9: 73.
#[test]
fn a_named_pair_must_be_whole_and_readable() {
    let appliance = Appliance::company();
    drop(appliance.serve());
    let (certificate, key) = pair(&appliance);
    let (certificate, key) = (certificate.to_str().unwrap(), key.to_str().unwrap());
    let broken = appliance.beside("broken.pem");
    fs::write(&broken, "no certificate").unwrap();
    let broken = broken.to_str().unwrap();
    appliance.run(&["certificate", "use", certificate, key]);
    appliance.try_run(&["certificate", "use", broken, key]).expect_code(1).expect_words(&["broken.pem"]);
    appliance.try_run(&["certificate", "use", certificate, broken]).expect_code(1).expect_words(&["broken.pem"]);
    appliance.try_run(&["certificate", "use", certificate, "/nowhere/key"]).expect_code(1);
}

#[test]
fn a_pair_of_its_own_is_made_when_the_named_one_is_unset_while_serving() {
    let appliance = Appliance::company();
    let other = Appliance::company();
    drop(other.serve());
    let (certificate, key) = pair(&other);
    appliance.run(&["certificate", "use", certificate.to_str().unwrap(), key.to_str().unwrap()]);
    let server = appliance.serve();
    let named = shown_by(&server);
    assert!(!pair(&appliance).0.exists());
    appliance.run(&["setting", "unset", "encryption.certificate", "encryption.key"]);
    server.await_log(&["made a certificate of our own"]);
    server.await_log(&["certificate in use", &appliance.data().display().to_string()]);
    assert_ne!(shown_by(&server), named);
}

#[test]
fn a_pipe_for_a_certificate_keeps_nobody_waiting() {
    let appliance = Appliance::company();
    let pipe = appliance.beside("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let pipe = pipe.to_str().unwrap();
    appliance.try_run(&["certificate", "use", pipe, pipe]).expect_code(1).expect_words(&["pipe", "no file"]);
}

/// Settings §9: 70.
#[test]
fn a_server_whose_named_pair_is_broken_starts_on_its_own_and_says_so_until_it_is_mended() {
    let damages: [fn(&str); 2] = [|path| fs::remove_file(path).unwrap(), |path| fs::write(path, "no PEM").unwrap()];
    for damage in damages {
        let appliance = Appliance::company();
        let named = write_pair(&room(&appliance), "named", GOOD);
        use_pair(&appliance, &named);
        damage(&named[0]);
        let server = appliance.serve();
        server.await_log(&["ERROR", "named.crt", "clients get ctibox's own until it can"]);
        let own = shown_by(&server);
        assert_eq!(Some(own.clone()), own_certificate(&appliance));
        assert!(checked(&appliance).contains("named.crt"), "{}", checked(&appliance));
        appliance.try_run(&["check"]).expect_code(1);
        appliance.try_run(&["health"]).expect_code(1).expect_words(&["named.crt", "clients get ctibox's own"]);
        // The fingerprint to hand out is the one that clients see.
        let list = appliance.run(&["certificate", "list", "--json"]).json();
        let used: Vec<_> = list.as_array().unwrap().iter().filter(|one| one["in_use"] == true).collect();
        assert_eq!(used.iter().map(|one| &one["name"]).collect::<Vec<_>>(), ["ctibox's own"], "{list}");
        let fingerprint = used[0]["fingerprint"].as_str().unwrap();
        appliance.try_run(&["certificate", "show"]).expect_code(1).expect_words(&["clients get", fingerprint]);
        write_pair(&room(&appliance), "named", GOOD);
        server.await_log(&["certificate in use", "named.crt"]);
        assert_ne!(shown_by(&server), own);
        appliance.run(&["health"]);
        appliance.run(&["check"]);
    }
}

fn own_certificate(appliance: &Appliance) -> Option<Vec<u8>> {
    use rustls::pki_types::CertificateDer;
    use rustls::pki_types::pem::PemObject as _;
    CertificateDer::from_pem_file(pair(appliance).0).ok().map(|der| der.to_vec())
}

/// Settings §9: 70.
#[test]
fn a_server_that_is_to_have_its_named_pair_or_none_refuses_to_start_without_it() {
    let appliance = Appliance::company();
    let named = write_pair(&room(&appliance), "named", GOOD);
    use_pair(&appliance, &named);
    appliance.set("encryption.fallback_when_broken", "false");
    fs::remove_file(&named[1]).unwrap();
    let said = checked(&appliance);
    assert!(said.contains("named.key") && said.contains("does not start"), "{said}");
    let refused = appliance.try_run(&["serve", "--listen", "127.0.0.1:0"]).expect_code(1);
    refused.expect_words(&["certificate cannot be used", "named.key", "certificate use --fallback"]);
    appliance.run(&["certificate", "use", "--fallback"]);
    shown_by(&appliance.serve());
}

#[test]
fn a_good_pair_is_never_replaced_by_one_that_is_out_of_its_time() {
    for (days, words) in [(OVER, "expired on"), (TO_COME, "is not valid before")] {
        let appliance = Appliance::company();
        let named = write_pair(&room(&appliance), "named", GOOD);
        use_pair(&appliance, &named);
        let server = appliance.serve();
        let good = shown_by(&server);
        write_pair(&room(&appliance), "named", days);
        server.signal(Signal::HUP);
        server.await_log(&["ERROR", words, "the old one stays"]);
        assert_eq!(shown_by(&server), good);
        appliance.try_run(&["health"]).expect_code(1).expect_words(&[words, "clients get the one that was in use"]);
        appliance.try_run(&["check"]).expect_code(1);
        assert!(checked(&appliance).contains(words));
        appliance.run(&["certificate", "show"]).expect_words(&[words, "the running server does not use it"]);
        appliance.try_run(&["certificate", "use", &named[0], &named[1]]).expect_code(1).expect_words(&[words]);
    }
}

#[test]
fn an_expired_pair_at_the_start_is_used_and_said_to_be_expired() {
    let appliance = Appliance::company();
    let named = write_pair(&room(&appliance), "named", GOOD);
    use_pair(&appliance, &named);
    write_pair(&room(&appliance), "named", OVER);
    let server = appliance.serve();
    server.await_log(&["ERROR", "named.crt", "expired on"]);
    shown_by(&server);
    let told = ["clients that verify the certificate refuse it", "expired on"];
    appliance.try_run(&["health"]).expect_code(1).expect_words(&told);
    let shown = appliance.run(&["certificate", "show"]);
    assert!(!shown.stderr.contains("does not use it"), "{}", shown.stderr);
    write_pair(&room(&appliance), "named", GOOD);
    // Answers when the server has looked.
    use_pair(&appliance, &named);
    appliance.run(&["health"]);
}

#[test]
fn certificates_that_cat_joined_on_one_line_are_all_served() {
    let appliance = Appliance::company();
    let chain = Chain::made(GOOD, GOOD);
    let named = chain.write(&room(&appliance), "named");
    let joined: String = chain.certificates.iter().map(|pem| pem.trim_end()).collect();
    fs::write(&named[0], joined).unwrap();
    appliance.run(&["certificate", "use", &named[0], &named[1]]).expect_words(&["on one line"]);
    let server = appliance.serve();
    server.await_log(&["WARN", "on one line"]);
    let mut client = server.client("encrypted");
    client.start_tls();
    client.log_in("agnes", "available");
    assert_eq!(client.server_chain().len(), 3);
    let shown = appliance.run(&["certificate", "show"]).expect_words(&["on one line"]);
    for words in ["followed by", "CN=issuer", "CN=root", "EC, P-256"] {
        assert!(shown.stdout.contains(words), "{words} is not in\n{}", shown.stdout);
    }
    assert_eq!(appliance.run(&["certificate", "show", "--json"]).json()["chain"].as_array().unwrap().len(), 2);
    assert!(checked(&appliance).contains("on one line"));
}

#[test]
fn a_chain_whose_issuer_expired_is_warned_of_everywhere() {
    let appliance = Appliance::company();
    // The usual port may be another program's, which is another finding.
    appliance.set("client.port", "0");
    let named = Chain::made(GOOD, OVER).write(&room(&appliance), "named");
    let words = ["number 2 (CN=issuer)", "expired on"];
    appliance.run(&["certificate", "use", &named[0], &named[1]]).expect_words(&words);
    appliance.run(&["certificate", "show"]).expect_words(&words);
    let said = appliance.run(&["check"]).stdout;
    assert!(words.iter().all(|words| said.contains(words)), "{said}");
    appliance.serve().await_log(&["WARN", words[0], words[1]]);
}

#[test]
fn each_bad_file_is_refused_in_its_own_words_with_a_way_out() {
    let appliance = Appliance::new();
    let chain = Chain::made(GOOD, GOOD);
    let named = chain.write(&room(&appliance), "named");
    let file = |name: &str| format!("{}/tests/certificates/{name}", env!("CARGO_MANIFEST_DIR"));
    let mut reversed = chain.certificates.clone();
    reversed.reverse();
    let (turned, marked) = (appliance.beside("turned.crt"), appliance.beside("marked.crt"));
    fs::write(&turned, reversed.concat()).unwrap();
    fs::write(&marked, format!("\u{feff}{}", reversed.concat())).unwrap();
    let (turned, marked) = (turned.to_str().unwrap().to_owned(), marked.to_str().unwrap().to_owned());
    for (certificate, key, words) in [
        (&turned, &named[1], ["number 3 of 3 is the one of the key", "put the server's own first"]),
        (&marked, &named[1], ["number 3 of 3 is the one of the key", "put the server's own first"]),
        (&file("p521.crt"), &file("p521.key"), ["EC, P-521", "make another key"]),
        (&file("rsa1024.crt"), &file("rsa1024.key"), ["RSA, 1024 bits", "make another key"]),
        (&file("p256.der"), &file("p256.key"), ["is in DER form", "openssl x509 -inform der"]),
        (&file("p256.p12"), &file("p256.key"), ["PKCS#12", "openssl pkcs12"]),
        (&file("rsa2048.crt"), &file("encrypted.key"), ["protected by a password", "takes the password off"]),
        (&named[1], &named[0], ["are swapped", "the certificate comes first"]),
        (&file("p256.csr"), &file("p256.key"), ["a request for one", "PEM"]),
        (&file("p256.crt"), &named[1], ["is not the certificate of the key", "PEM"]),
    ] {
        appliance.try_run(&["certificate", "use", certificate, key]).expect_code(1).expect_words(&words);
    }
    assert!(appliance.document()["settings"].get("encryption.certificate").is_none());
}

#[test]
fn one_half_of_the_pair_that_is_unset_takes_the_other_with_it() {
    let appliance = Appliance::new();
    let named = write_pair(&room(&appliance), "named", GOOD);
    for half in ["encryption.certificate", "encryption.key"] {
        use_pair(&appliance, &named);
        let said = appliance.run(&["setting", "unset", half]);
        let said = said.expect_words(&["encryption.certificate has no value", "encryption.key has no value"]);
        assert!(!said.stderr.contains("error"), "{}", said.stderr);
        let settings = appliance.document()["settings"].clone();
        assert!(
            settings.get("encryption.certificate").is_none() && settings.get("encryption.key").is_none(),
            "{settings}"
        );
    }
}

#[test]
fn the_own_pair_is_used_again_on_demand() {
    let appliance = Appliance::company();
    let named = write_pair(&room(&appliance), "named", GOOD);
    use_pair(&appliance, &named);
    let server = appliance.serve();
    let before = shown_by(&server);
    appliance.run(&["certificate", "use", "--fallback"]).expect_words(&["no pair any more: clients get ctibox's own"]);
    server.await_log(&["certificate in use", &appliance.data().display().to_string()]);
    assert_ne!(shown_by(&server), before);
    appliance.run(&["certificate", "use", "--fallback"]).expect_words(&["no pair anyway"]);
    appliance.try_run(&["certificate", "use", "--fallback", &named[0], &named[1]]).expect_code(2);
    appliance.try_run(&["certificate", "use", &named[0]]).expect_code(2);
}

#[test]
fn a_pair_that_is_named_already_is_looked_at_again() {
    let appliance = Appliance::new();
    let named = write_pair(&room(&appliance), "named", GOOD);
    use_pair(&appliance, &named);
    fs::write(&named[0], "broken since").unwrap();
    appliance.try_run(&["certificate", "use", &named[0], &named[1]]).expect_code(1).expect_words(&["named.crt"]);
}
