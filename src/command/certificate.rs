//! `ctibox certificate`: shows the pair that clients get, makes a new fallback certificate, names another pair. Rule G2
//! is checked before anything is kept; a running server takes over by itself.

use std::path::{Path, PathBuf};

use serde_json::json;
use time::OffsetDateTime;

use super::failure::Failure;
use super::invocation::{Done, Invocation};
use crate::certificate::{
    CertificateError, Description, PairPaths, check_pair, load_pair, moment_text, renew_fallback,
};
use crate::config::Effective;
use crate::settings::rule::{Refusal, Rule};
use crate::settings::setting::{Key, Layer, SettingValue};

/// The settings that name the pair.
const PAIR: [Key; 2] = [Key::EncryptionCertificate, Key::EncryptionKeyFile];

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Show the certificate that clients get: names, validity, fingerprint
    #[command(after_help = "Example:\n  ctibox certificate show")]
    Show,
    /// Make a new certificate of the appliance's own, for the key that is there
    #[command(after_help = "Example:\n  ctibox certificate renew")]
    Renew,
    /// Use this pair instead of the appliance's own
    #[command(after_help = "Example:\n  ctibox certificate use /etc/ssl/cti.crt /etc/ssl/private/cti.key")]
    Use(Use),
}

#[derive(Debug, clap::Args)]
pub(crate) struct Use {
    /// The certificate with its chain, PEM
    #[arg(value_name = "CERT")]
    certificate: PathBuf,
    /// Its key, PEM, not encrypted
    #[arg(value_name = "KEY")]
    key: PathBuf,
}

pub(crate) fn run(command: Command, call: &Invocation) -> Result<(), Failure> {
    match command {
        Command::Show => show(call),
        Command::Renew => renew(call),
        Command::Use(arguments) => choose(&arguments, call),
    }
}

fn show(call: &Invocation) -> Result<(), Failure> {
    let named = named(call)?;
    let paths = PairPaths::effective(named.as_ref(), &call.folder);
    let pair = load_pair(&paths).map_err(|error| failure(&error, named.is_none()))?;
    tell(&paths, &pair.description, named.is_some(), call)?;
    for finding in check_pair(&paths, OffsetDateTime::now_utc()) {
        call.output.warning(&format!("{}: {}", finding.refusal.on, finding.refusal.message));
    }
    Ok(())
}

fn renew(call: &Invocation) -> Result<(), Failure> {
    // The folder must be one of ours.
    let named = named(call)?;
    let made = renew_fallback(&call.folder).map_err(|error| failure(&error, false))?;
    let pair = load_pair(&made.paths).map_err(|error| failure(&error, false))?;
    tell(&made.paths, &pair.description, false, call)?;
    call.output.note("made a new certificate");
    match named {
        Some((certificate, _)) => {
            let words = format!("clients get the certificate that the settings name, {}", certificate.display());
            call.output.warning(&words);
        }
        None => {
            call.touch(PAIR);
            call.await_server(None);
        }
    }
    Ok(())
}

/// The pair is looked at where every change is (`check::named_pair`).
fn choose(arguments: &Use, call: &Invocation) -> Result<(), Failure> {
    let paths = PairPaths { certificate: absolute(&arguments.certificate)?, key: absolute(&arguments.key)? };
    let certificate = SettingValue::parse(Key::EncryptionCertificate, text(&paths.certificate)?)?;
    let key = SettingValue::parse(Key::EncryptionKeyFile, text(&paths.key)?)?;
    call.touch(PAIR);
    call.edit(move |configuration| {
        configuration.set_setting(certificate)?;
        configuration.set_setting(key)?;
        Ok(Done::new("the settings name the pair"))
    })
}

/// The pair that the database names.
fn named(call: &Invocation) -> Result<Option<(PathBuf, PathBuf)>, Failure> {
    Ok(Effective::new(&call.configuration()?.settings, Layer::new()).general().encryption_pair)
}

fn tell(paths: &PairPaths, description: &Description, is_named: bool, call: &Invocation) -> Result<(), Failure> {
    let fields = [
        ("certificate", paths.certificate.display().to_string()),
        ("key", paths.key.display().to_string()),
        ("chosen by", if is_named { "the settings" } else { "nobody: the appliance's own" }.to_owned()),
        ("subject", description.subject.clone()),
        ("issuer", description.issuer.clone()),
        ("names", description.names.join(", ")),
        ("valid from", moment_text(description.not_before)),
        ("valid until", moment_text(description.not_after)),
        ("SHA-256", description.fingerprint.clone()),
    ];
    call.output.fields(&fields, || {
        json!({
            "certificate": paths.certificate,
            "key": paths.key,
            "named": is_named,
            "subject": description.subject,
            "issuer": description.issuer,
            "names": description.names,
            "not_before": moment_text(description.not_before),
            "not_after": moment_text(description.not_after),
            "fingerprint": description.fingerprint,
        })
    })
}

fn failure(error: &CertificateError, is_own: bool) -> Failure {
    let failure = Failure::of(error);
    match error {
        CertificateError::Read { .. } if is_own => {
            failure.hint("the first `ctibox serve` makes it, or `ctibox certificate renew`")
        }
        CertificateError::LoneCertificate { .. } => {
            failure.hint("bring the key back, or remove the certificate to have both made anew")
        }
        _ => failure,
    }
}

fn absolute(path: &Path) -> Result<PathBuf, Failure> {
    std::path::absolute(path).map_err(|error| Failure::new(format!("no such path: {}", path.display())).cause(&error))
}

fn text(path: &Path) -> Result<&str, Failure> {
    let refused = || Refusal::new(Rule::G2, format!("certificate {}", path.display()), "the path must be UTF-8");
    path.to_str().ok_or_else(|| refused().into())
}
