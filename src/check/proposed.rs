//! What settings that are about to be saved would meet on this host: a file of certificates that is not there, an address
//! that cannot be listened on. Called by the console's form while somebody types, off the thread that draws; what is stored is
//! looked at by the rest of this room.

use std::net::SocketAddr;
use std::path::Path;

use crate::certificate::expect_trust;
use crate::config::{Effective, Overrides};
use crate::control::{ListenFailure, ListenProblem};
use crate::settings::setting::{Key, Layer, SettingValue};

use super::{Defect, FindingTarget, ports};

/// What there is to warn of in what is new, by setting. An address of which our own server has the port already is not taken.
pub(crate) fn of_new_settings(before: &Layer, after: &Layer) -> Vec<(Key, String)> {
    let is_new = |key: &Key| before.get(key) != after.get(key);
    let trusted = FILES.into_iter().filter(is_new).filter_map(|key| Some((key, distrust(after.get(&key)?)?)));
    let listening = |layer: &Layer| Effective::new(layer, &Overrides::default()).general().agi_listen;
    let (old, new) = (listening(before), listening(after));
    let address = new.filter(|_| old != new).and_then(|address| of_address(address, old));
    trusted.chain(address.map(|words| (Key::AgiListen, words))).collect()
}

/// By which other servers are believed.
const FILES: [Key; 3] = [Key::AuthLdapCaFile, Key::AuthXivoAuthCaFile, Key::AmiCaFile];

/// Such a file may come later, but until then nobody is believed; None for any other setting too.
pub(crate) fn distrust(value: &SettingValue) -> Option<String> {
    let file = Some(value.reveal()).filter(|file| FILES.contains(&value.key()) && !file.is_empty())?;
    let error = expect_trust(Some(Path::new(file))).err()?;
    Some(format!("{error}: until it can be read, that server is not believed"))
}

fn of_address(address: SocketAddr, before: Option<SocketAddr>) -> Option<String> {
    let failure = ListenFailure::of(address, &ports::bind(address).err()?);
    let is_ours = failure.problem == ListenProblem::Taken && before.is_some_and(|old| old.port() == address.port());
    (!is_ours).then(|| format!("{}: {}", FindingTarget::Address(address), Defect::NotListeningForNames(failure)))
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    fn layer(settings: &[(Key, &str)]) -> Layer {
        settings.iter().map(|(key, text)| (*key, SettingValue::parse(*key, text).expect("a value"))).collect()
    }

    fn words(before: &Layer, after: &Layer) -> Vec<String> {
        of_new_settings(before, after).into_iter().map(|(key, words)| format!("{key}: {words}")).collect()
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
