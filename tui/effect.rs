//! What a running server made of a change, in words for the message line: where clients connect now, whose sessions ended,
//! or that what was saved does not hold, and why. Pure.

use super::note::Tone;
use crate::check;
use crate::config::{FileLayer, named_addresses};
use crate::control::{self, ControlError, Discrepancy, Effect};
use crate::observe::chain;
use crate::settings::rule::{Severity, count};
use crate::settings::setting::Key;

/// The keys by which the server listens.
pub(super) const LISTENING: [Key; 3] = [Key::ClientEnabled, Key::ClientListen, Key::ClientPort];
/// The keys that decide about the certificate.
const CERTIFICATE: [Key; 3] = [Key::EncryptionCertificate, Key::EncryptionKeyFile, Key::EncryptionMode];
/// Where Asterisk asks for callers' names.
const CALLER_NAMES: [Key; 1] = [Key::AgiListen];

/// How good it is, and what is added to the words of a change that touched these settings.
pub(super) fn words(
    answer: &Result<control::Response, ControlError>,
    touched: &[Key],
    files: &FileLayer,
) -> (Tone, String) {
    let (warning, error) = (Tone::Problem(Severity::Warning), Tone::Problem(Severity::Error));
    match answer {
        Ok(control::Response::SettingsReloaded(effect)) => {
            let ended = match effect.sessions_ended {
                0 => String::new(),
                number => format!("; {} ended", count(usize::try_from(number).unwrap_or(usize::MAX), "session")),
            };
            match (failure(effect, touched), overridden(effect, touched, files)) {
                (Some(why), _) => (error, format!("{ended}; but the running server does not act by it: {why}")),
                (None, Some(above)) => (warning, format!("{ended}; {above}")),
                (None, None) => (Tone::Done, format!("{}{ended}", place(effect, touched))),
            }
        }
        Ok(_) => (warning, "; but the server's answer was not understood".to_owned()),
        // It stopped meanwhile.
        Err(ControlError::NotRunning { .. }) => (Tone::Done, "; the server is not running".to_owned()),
        Err(error) => (warning, format!("; but whether the running server acts by it is not known: {}", chain(error))),
    }
}

/// Where clients connect from now on, if that was touched.
fn place(effect: &Effect, touched: &[Key]) -> String {
    match touched.iter().any(|key| LISTENING.contains(key)) {
        false => String::new(),
        true if effect.listen.is_empty() => "; no client can connect from now on, connected clients stay".to_owned(),
        true => format!("; clients connect to {} from now on", addresses(effect)),
    }
}

fn addresses(effect: &Effect) -> String {
    let addresses: Vec<_> = effect.listen.iter().map(ToString::to_string).collect();
    addresses.join(" ")
}

fn overridden(effect: &Effect, touched: &[Key], files: &FileLayer) -> Option<String> {
    if let Some(above) = touched.iter().find_map(|key| files.above(*key)) {
        return Some(format!("no effect yet: {}", above.overrides_words()));
    }
    if let Some(filter) = effect.log_filter.as_ref().filter(|_| touched.contains(&Key::LogLevel)) {
        return Some(format!("CTIBOX_LOG={filter} of the running server overrides it"));
    }
    let above = named_addresses(&effect.named);
    touched.iter().find(|key| above.contains_key(key))?;
    Some(format!("--listen of the running server overrides it: clients connect to {}", addresses(effect)))
}

/// Why what was changed does not hold, and what helps. What does not hold for another reason is on the overview.
fn failure(effect: &Effect, touched: &[Key]) -> Option<String> {
    let keys_of = |discrepancy: &Discrepancy| match discrepancy {
        Discrepancy::Settings { .. } => None,
        // No change of the database brings it.
        Discrepancy::Files { .. } => Some([].as_slice()),
        Discrepancy::Listen { .. } => Some(LISTENING.as_slice()),
        Discrepancy::CallerNames { .. } => Some(CALLER_NAMES.as_slice()),
        Discrepancy::Certificate { .. } => Some(CERTIFICATE.as_slice()),
        // A change that would bring it is refused.
        Discrepancy::Backends { .. } => Some([].as_slice()),
        // Whether it comes up shows only after a while.
        Discrepancy::Telephony { .. } | Discrepancy::SilentBackend { .. } => Some([].as_slice()),
    };
    let is_ours = |discrepancy: &&Discrepancy| {
        keys_of(discrepancy).is_none_or(|keys| keys.iter().any(|key| touched.contains(key)))
    };
    let ours: Vec<Discrepancy> = effect.discrepancies.iter().filter(is_ours).cloned().collect();
    let remedy = check::discrepancies(&ours).into_iter().next().map(|finding| finding.remedy)?;
    let what: Vec<String> = ours.iter().map(ToString::to_string).collect();
    Some(format!("{}; {remedy}", what.join("; ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::control::{ListenFailure, ListenProblem};

    fn effect() -> Effect {
        Effect { sessions_ended: 2, listen: vec!["127.0.0.1:5004".parse().expect("an address")], ..Effect::default() }
    }

    fn told(effect: Effect, touched: &[Key]) -> (Tone, String) {
        words(&Ok(control::Response::SettingsReloaded(effect)), touched, &FileLayer::default())
    }

    #[test]
    fn sessions_that_ended_and_where_clients_connect_are_told() {
        assert_eq!(told(effect(), &[]), (Tone::Done, "; 2 sessions ended".to_owned()));
        let port = told(Effect { sessions_ended: 0, ..effect() }, &[Key::ClientPort]);
        assert_eq!(port, (Tone::Done, "; clients connect to 127.0.0.1:5004 from now on".to_owned()));
        assert!(told(Effect::default(), &[Key::ClientEnabled]).1.contains("no client can connect"));
    }

    #[test]
    fn what_does_not_hold_is_an_error_with_its_cause_and_only_where_it_was_touched() {
        let address = "127.0.0.1:443".parse().expect("an address");
        let failure = ListenFailure { address, problem: ListenProblem::NotPermitted, why: "Permission denied".into() };
        let listen = Discrepancy::Listen { failures: vec![failure], instead: effect().listen };
        let fails = Effect { discrepancies: vec![listen], ..effect() };
        let (tone, words) = told(fails.clone(), &[Key::ClientPort]);
        assert_eq!(tone, Tone::Problem(Severity::Error));
        assert!(words.contains("cannot listen on 127.0.0.1:443: Permission denied"), "{words}");
        assert_eq!(told(fails, &[Key::ChatKeepDays]).0, Tone::Done);
    }

    #[test]
    fn what_stands_above_is_a_warning() {
        let named = Effect { named: effect().listen, ..effect() };
        let (tone, words) = told(named, &[Key::ClientPort]);
        assert_eq!(tone, Tone::Problem(Severity::Warning));
        assert!(words.contains("--listen of the running server overrides it"), "{words}");
    }
}
