//! What came of a change in the running server, as the last words of the command that made it: where clients connect now,
//! which certificate they get, whose sessions ended; or that what was kept does not hold, which is a failure. `Invocation`
//! asks the server, `main` lets this be told when the command has said its own words.

use crate::check;
use crate::config::{FileLayer, named_addresses};
use crate::control::{ControlError, Discrepancy, Effect};
use crate::settings::rule::count;
use crate::settings::setting::Key;

use super::failure::Failure;
use super::output::Output;

/// The keys by which the server listens.
const LISTENING: [Key; 3] = [Key::ClientEnabled, Key::ClientListen, Key::ClientPort];
/// The keys that decide about the certificate.
const CERTIFICATE: [Key; 3] = [Key::EncryptionCertificate, Key::EncryptionKeyFile, Key::EncryptionMode];
/// Where Asterisk asks for callers' names.
const CALLER_NAMES: [Key; 1] = [Key::AgiListen];

/// What the server of the folder said to a change.
#[derive(Debug)]
pub(crate) enum Answer {
    NoServer,
    /// It runs and did not say; it sees the change by itself, or not.
    Unheard(ControlError),
    Effect(Effect),
}

/// Says what came of a change that touched these settings, if any; what a file says stands above it.
pub(crate) fn tell(answer: &Answer, touched: &[Key], files: &FileLayer, output: &Output) -> Result<(), Failure> {
    for key in touched {
        if let Some(above) = files.above(*key) {
            output.warning(format!("{key} is stored, but has no effect: {}", above.overrides_words()));
        }
    }
    // No server acts by what consoles look like.
    let is_free = |key: &&Key| files.above(**key).is_none() && **key != Key::ConsoleTheme;
    let touched: Vec<Key> = touched.iter().filter(is_free).copied().collect();
    let touched = touched.as_slice();
    match answer {
        Answer::NoServer if touched.is_empty() => Ok(()),
        Answer::NoServer => {
            output.note("no server runs on this folder; it takes effect once one is started");
            Ok(())
        }
        Answer::Unheard(error) => {
            output.warning(format!("kept, but whether the running server acts by it is not known: {error}"));
            Ok(())
        }
        Answer::Effect(effect) => {
            words(effect, touched).iter().for_each(|words| output.note(words));
            if let Some(words) = overridden(effect, touched) {
                output.warning(&words);
            }
            if let Some(filter) = effect.log_filter.as_ref().filter(|_| touched.contains(&Key::LogLevel)) {
                output.warning(format!(
                    "CTIBOX_LOG={filter} of the running server overrides {}: nothing changes until it is started without",
                    Key::LogLevel
                ));
            }
            failure(effect, touched).map_or(Ok(()), Err)
        }
    }
}

/// What holds from now on.
fn words(effect: &Effect, touched: &[Key]) -> Vec<String> {
    let is_touched = |keys: &[Key]| keys.iter().any(|key| touched.contains(key));
    let fails = |keys: &[Key]| effect.discrepancies.iter().any(|one| keys_of(one).is_some_and(|of| of == keys));
    let mut words = Vec::new();
    let above = named_addresses(&effect.named);
    let is_free = touched.iter().any(|key| LISTENING.contains(key) && !above.contains_key(key));
    if is_free && !fails(&LISTENING) {
        let addresses: Vec<_> = effect.listen.iter().map(ToString::to_string).collect();
        words.push(match addresses.is_empty() {
            true => "no client can connect from now on; who is connected stays".to_owned(),
            false => format!("clients connect to {} from now on; who is connected stays", addresses.join(" ")),
        });
    }
    let pair = [Key::EncryptionCertificate, Key::EncryptionKeyFile];
    if is_touched(&pair) && !fails(&CERTIFICATE) {
        words.extend(
            effect.fingerprint.as_ref().map(|it| format!("new connections get the certificate with SHA-256 {it}")),
        );
    }
    let is_log_named = effect.log_filter.is_some();
    let is_told_otherwise =
        |key: &Key| LISTENING.contains(key) || pair.contains(key) || is_log_named && *key == Key::LogLevel;
    for key in touched.iter().filter(|key| !is_told_otherwise(key)) {
        words.push(format!("{key} takes effect {}", key.acts().words()));
    }
    if effect.sessions_ended > 0 {
        words.push(format!("ended {}", count(effect.sessions_ended as usize, "session")));
    }
    words
}

/// The settings that a discrepancy is about; None: all of them.
fn keys_of(discrepancy: &Discrepancy) -> Option<&'static [Key]> {
    match discrepancy {
        Discrepancy::Settings { .. } => None,
        // No change of the database brings it.
        Discrepancy::Files { .. } => Some(&[]),
        Discrepancy::Listen { .. } => Some(&LISTENING),
        Discrepancy::CallerNames { .. } => Some(&CALLER_NAMES),
        Discrepancy::Certificate { .. } => Some(&CERTIFICATE),
        // A command that would bring it is refused.
        Discrepancy::Backends { .. } => Some(&[]),
        // Whether it comes up shows only after a while.
        Discrepancy::Telephony { .. } | Discrepancy::SilentBackend { .. } => Some(&[]),
    }
}

fn overridden(effect: &Effect, touched: &[Key]) -> Option<String> {
    let above = named_addresses(&effect.named);
    let key = touched.iter().find(|key| above.contains_key(key))?;
    let addresses: Vec<_> = effect.listen.iter().map(ToString::to_string).collect();
    Some(format!(
        "`--listen` on the running server's command line overrides {key}: clients connect to {}",
        addresses.join(" ")
    ))
}

/// A change that does not hold is a failure, though it is kept. What does not hold for another reason is for `check`.
fn failure(effect: &Effect, touched: &[Key]) -> Option<Failure> {
    let is_ours = |discrepancy: &&Discrepancy| {
        keys_of(discrepancy).is_none_or(|keys| keys.iter().any(|key| touched.contains(key)))
    };
    let ours: Vec<Discrepancy> = effect.discrepancies.iter().filter(is_ours).cloned().collect();
    let what: Vec<_> = ours.iter().map(ToString::to_string).collect();
    let failure = Failure::new(format!("kept, but the running server does not act by it: {}", what.join("; ")));
    let findings = check::discrepancies(&ours);
    (!ours.is_empty())
        .then(|| findings.into_iter().fold(failure, |failure, finding| failure.hint(finding.remedy.words())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair_fails() -> Effect {
        let pair = Discrepancy::Certificate {
            certificate: "/a.crt".into(),
            why: "torn".into(),
            in_use: None,
            is_own: false,
            is_used: false,
        };
        Effect { discrepancies: vec![pair], ..Effect::default() }
    }

    #[test]
    fn what_does_not_hold_for_another_reason_does_not_fail_a_change() {
        assert!(failure(&pair_fails(), &[Key::ChatKeepDays]).is_none());
        assert!(failure(&pair_fails(), &[Key::EncryptionKeyFile]).is_some());
        let settings = Discrepancy::Settings { why: "gone".into() };
        assert!(failure(&Effect { discrepancies: vec![settings], ..Effect::default() }, &[]).is_some());
    }

    #[test]
    fn what_holds_is_told_of_what_was_touched() {
        let effect = Effect {
            sessions_ended: 2,
            listen: vec!["127.0.0.1:5004".parse().expect("an address")],
            fingerprint: Some("AA:BB".to_owned()),
            ..Effect::default()
        };
        assert_eq!(words(&effect, &[]), ["ended 2 sessions"]);
        assert!(words(&effect, &[Key::ClientPort])[0].starts_with("clients connect to 127.0.0.1:5004 from now on"));
        assert!(words(&effect, &[Key::EncryptionKeyFile])[0].ends_with("SHA-256 AA:BB"));
        let nowhere = Effect::default();
        assert!(words(&nowhere, &[Key::ClientEnabled])[0].starts_with("no client can connect"));
        assert_eq!(words(&pair_fails(), &[Key::EncryptionKeyFile]), [""; 0]);
        let named = Effect { log_filter: Some("off".to_owned()), ..Effect::default() };
        assert_eq!(words(&named, &[Key::LogLevel]), [""; 0], "CTIBOX_LOG overrides it");
        assert!(words(&nowhere, &[Key::ChatKeepDays])[0].ends_with("chat.keep_days takes effect immediately"));
    }
}
