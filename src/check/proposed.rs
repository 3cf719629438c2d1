//! What settings that are about to be saved would meet on this host: a file of certificates that is not there, an address
//! that cannot be listened on. Called by the console's form while somebody types, off the thread that draws; what is stored is
//! looked at by the rest of this room.

use std::net::SocketAddr;
use std::path::Path;

use crate::certificate::expect_trust;
use crate::config::{Effective, Overrides};
use crate::control::{ListenFailure, ListenProblem};
use crate::settings::rule::Severity;
use crate::settings::setting::{General, Key, Layer};

use super::{Defect, Finding, FindingTarget, PairRemedy, Remedy, TrustNeed, ports};

/// Warnings about what is new, each with its setting. An address of which our own server has the port already is not taken.
pub(crate) fn of_new_settings(before: &Layer, after: &Layer) -> Vec<(Key, Finding)> {
    let general = |layer: &Layer| Effective::new(layer, &Overrides::default()).general();
    let (old, new) = (general(before), general(after));
    let trusted = files(&new).into_iter().zip(files(&old)).filter(|((_, file, _), (_, before, _))| file != before);
    let trusted = trusted.filter_map(|((key, file, need), _)| Some((key, of_file(key, file?, need)?)));
    let listen = new.agi_listen.filter(|address| old.agi_listen != Some(*address));
    let listen = listen.and_then(|address| of_address(address, old.agi_listen));
    trusted.chain(listen.map(|finding| (Key::AgiListen, finding))).collect()
}

type TrustedFile<'a> = (Key, Option<&'a Path>, TrustNeed);

fn files(general: &General) -> [TrustedFile<'_>; 3] {
    let ldap = general.auth.ldap.as_ref().and_then(|ldap| ldap.ca_file.as_deref());
    [
        (Key::AuthLdapCaFile, ldap, TrustNeed::LdapUser),
        (Key::AuthXivoAuthCaFile, general.auth.xivo_auth.ca_file.as_deref(), TrustNeed::XivoAuth),
        (Key::AmiCaFile, general.ami.ca_file.as_deref(), TrustNeed::Link),
    ]
}

fn of_file(key: Key, file: &Path, need: TrustNeed) -> Option<Finding> {
    let why = expect_trust(Some(file)).err()?.to_string();
    let defect = Defect::NoTrust { is_unset: false, why, need };
    Some(Finding::of_setting(Severity::Warning, key, defect, PairRemedy::NameTrusted(key)))
}

fn of_address(address: SocketAddr, before: Option<SocketAddr>) -> Option<Finding> {
    let failure = ListenFailure::of(address, &ports::bind(address).err()?);
    if failure.problem == ListenProblem::Taken && before.is_some_and(|before| before.port() == address.port()) {
        return None;
    }
    let (on, remedy) = (FindingTarget::Address(address), Remedy::ListenForNames(failure.problem));
    Some(Finding::new(Severity::Warning, on, Defect::NotListeningForNames(failure), remedy).mended_by(Key::AgiListen))
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;
    use crate::settings::setting::SettingValue;

    fn layer(settings: &[(Key, &str)]) -> Layer {
        settings.iter().map(|(key, text)| (*key, SettingValue::parse(*key, text).expect("a value"))).collect()
    }

    fn words(before: &Layer, after: &Layer) -> Vec<String> {
        of_new_settings(before, after).into_iter().map(|(key, finding)| format!("{key}: {}", finding.words())).collect()
    }

    #[test]
    fn an_address_of_another_host_or_program_is_told_before_it_is_stored() {
        let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = taken.local_addr().expect("an address").to_string();
        let told = words(&layer(&[]), &layer(&[(Key::AgiListen, &address)]));
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].starts_with(&format!("agi.listen: address {address}: cannot be listened on")), "{told:?}");
        let elsewhere = words(&layer(&[]), &layer(&[(Key::AgiListen, "192.0.2.7:4573")]));
        assert!(elsewhere[0].starts_with("agi.listen: address 192.0.2.7:4573: cannot be listened on"), "{elsewhere:?}");
        // What was stored before is not new, and its port is our own server's.
        let stored = layer(&[(Key::AgiListen, &address)]);
        assert_eq!(words(&stored, &stored), [""; 0]);
        let everywhere = format!("0.0.0.0:{}", taken.local_addr().expect("an address").port());
        assert_eq!(words(&stored, &layer(&[(Key::AgiListen, &everywhere)])), [""; 0]);
    }

    #[test]
    fn a_file_of_certificates_that_is_not_there_is_told_before_it_is_stored() {
        let told = words(&layer(&[]), &layer(&[(Key::AmiCaFile, "/nowhere/ca.pem")]));
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].contains("/nowhere/ca.pem") && told[0].starts_with("ami.ca_file: "), "{told:?}");
        let stored = layer(&[(Key::AmiCaFile, "/nowhere/ca.pem")]);
        assert_eq!(words(&stored, &layer(&[(Key::AmiCaFile, "/nowhere/ca.pem"), (Key::AmiTls, "true")])), [""; 0]);
        assert_eq!(words(&stored, &layer(&[])), [""; 0]);
    }
}
