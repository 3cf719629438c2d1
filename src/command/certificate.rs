//! `ctibox certificate`: shows the pair that clients get, makes a new fallback certificate, names another pair. Rule G2
//! is checked before anything is kept; a running server takes over by itself.

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::{Value, json};
use time::OffsetDateTime;

use super::DATA_FOLDER;
use super::certificate_store::{self, Add, Create, Remove, Request};
use super::failure::Failure;
use super::invocation::{Done, Invocation};
use super::remedy::CommandRemedy;
use crate::certificate::{
    CertificateError, Description, Pair, PairName, PairPaths, check_pair, findings_of, load_pair, moment_text,
    renew_fallback,
};
use crate::config::{Effective, Origin};
use crate::control::{self, Discrepancy};
use crate::settings::prose::prose;
use crate::settings::rule::{Finding, Refusal, Rule, Severity};
use crate::settings::rule_target::RuleTarget;
use crate::settings::setting::{Key, SettingValue};
use crate::settings::target_kind::TargetKind;
use crate::settings::violation::Violation;

/// The settings that name the pair.
const PAIR: [Key; 2] = [Key::EncryptionCertificate, Key::EncryptionKeyFile];

#[derive(Debug, clap::Subcommand)]
pub(crate) enum CertificateCommand {
    /// Show the certificate that clients get: names, validity, fingerprint
    #[command(after_help = "Example:\n  ctibox certificate show")]
    Show,
    /// Make a new certificate of the appliance's own, for the key that is there
    #[command(after_help = "Example:\n  ctibox certificate renew")]
    Renew,
    /// Use a pair instead of the appliance's own, or that one again
    ///
    /// By its name it is one that the data folder keeps (`add`, `create`); by paths one that stands elsewhere, as renewed
    /// files do.
    #[command(after_help = "Example:\n  ctibox certificate use www.example.org\n  \
                            ctibox certificate use /etc/ssl/cti.crt /etc/ssl/private/cti.key\n  \
                            ctibox certificate use --fallback")]
    Use(Use),
    /// Keep a copy of a pair in the data folder, under a name
    #[command(after_help = "Example:\n  ctibox certificate add www.example.org /root/www.crt /root/www.key\n  \
                            ctibox certificate use www.example.org")]
    Add(Add),
    /// List the pairs that the data folder keeps
    #[command(after_help = "Example:\n  ctibox certificate list --json")]
    List,
    /// Make a new key and a certificate for it
    #[command(
        after_help = "Example:\n  ctibox certificate create cti --san cti.example.org --san 192.0.2.7 --authority\n  \
                            ctibox certificate use cti"
    )]
    Create(Create),
    /// Make a new key and a request for its certificate, to be signed by an authority elsewhere
    #[command(after_help = "Example:\n  ctibox certificate request cti --san cti.example.org > cti.csr\n  \
                            ctibox certificate add cti signed.crt\n  ctibox certificate use cti")]
    Request(Request),
    /// Remove a pair that is not in use from the data folder
    #[command(after_help = "Example:\n  ctibox certificate remove old")]
    Remove(Remove),
}

#[derive(Debug, clap::Args)]
pub(crate) struct Use {
    /// The name of a pair that is kept; or a certificate, then those that issued it, each after the one that it issued; PEM
    #[arg(value_name = "NAME|CERT", required_unless_present = "fallback")]
    certificate: Option<PathBuf>,
    /// Its key, PEM, not encrypted
    #[arg(value_name = "KEY")]
    key: Option<PathBuf>,
    /// Name no pair any more: the appliance's own is in use again
    #[arg(long, conflicts_with_all = ["certificate", "key"])]
    fallback: bool,
}

impl CertificateCommand {
    /// What is to be done with the rights of whoever gave the command: root may read what the service may not.
    pub(crate) fn prepare(&mut self) -> Result<(), Failure> {
        match self {
            Self::Add(arguments) => arguments.read_files(),
            Self::Show
            | Self::Renew
            | Self::Use(_)
            | Self::List
            | Self::Create(_)
            | Self::Request(_)
            | Self::Remove(_) => Ok(()),
        }
    }
}

pub(crate) fn run(command: CertificateCommand, ctx: &Invocation) -> Result<(), Failure> {
    match command {
        CertificateCommand::Show => show(ctx),
        CertificateCommand::Renew => renew(ctx),
        CertificateCommand::Use(Use { certificate: Some(certificate), key: Some(key), .. }) => {
            choose(&certificate, &key, ctx)
        }
        CertificateCommand::Use(Use { certificate: Some(name), key: None, .. }) => choose_by_name(&name, ctx),
        CertificateCommand::Use(_) => use_own(ctx),
        CertificateCommand::Add(arguments) => {
            let in_use = in_use(ctx)?;
            let is_used = certificate_store::add(arguments, in_use.as_ref(), ctx)?;
            if is_used {
                // It is not said to be replaced before clients get the new one.
                ctx.touch(PAIR);
                ctx.await_server(None);
            }
            Ok(())
        }
        CertificateCommand::List => {
            let served = match refused_by_server(ctx) {
                Some(Discrepancy::Certificate { in_use: Some(fingerprint), .. }) => Some(fingerprint),
                _ => None,
            };
            certificate_store::list(in_use(ctx)?.as_ref(), served.as_deref(), ctx)
        }
        CertificateCommand::Create(arguments) => certificate_store::create(&arguments, ctx),
        CertificateCommand::Request(arguments) => certificate_store::request(&arguments, ctx),
        CertificateCommand::Remove(arguments) => {
            certificate_store::remove(&arguments, &with_files(ctx)?.named_pair_files(), ctx)
        }
    }
}

fn show(ctx: &Invocation) -> Result<(), Failure> {
    let named = named(ctx)?;
    let paths = PairPaths::effective(named.as_ref(), &ctx.folder);
    let refused = refused_by_server(ctx);
    let pair = load_pair(&paths).map_err(|error| {
        // The fingerprint that clients see is what people ask for at that moment.
        if let Some(refused) = &refused {
            ctx.output.warning(refused.to_string());
        }
        failure(&error, named.is_none())
    })?;
    tell(&paths, &pair, named.is_some(), ctx)?;
    warn(&findings_of(&pair, &paths, OffsetDateTime::now_utc()), ctx);
    if let Some(why) = refused.filter(|refused| !matches!(refused, Discrepancy::Certificate { is_used: true, .. })) {
        ctx.output.warning(format!("the running server does not use it: {why}"));
    }
    Ok(())
}

fn renew(ctx: &Invocation) -> Result<(), Failure> {
    // The folder must be one of ours.
    let named = named(ctx)?;
    let made = renew_fallback(&ctx.folder).map_err(|error| failure(&error, false))?;
    let pair = load_pair(&made.paths).map_err(|error| failure(&error, false))?;
    tell(&made.paths, &pair, false, ctx)?;
    ctx.output.note("made a new certificate");
    match named {
        Some((certificate, _)) => {
            let words = format!("clients get the certificate that the settings name, {}", certificate.display());
            ctx.output.warning(&words);
        }
        None => {
            ctx.touch(PAIR);
            ctx.await_server(None);
        }
    }
    Ok(())
}

/// A pair that is named anew is looked at where every change is (`check::named_pair`), one that is named again here.
fn choose(certificate: &Path, key: &Path, ctx: &Invocation) -> Result<(), Failure> {
    let paths = PairPaths { certificate: absolute(certificate)?, key: absolute(key)? };
    let certificate = SettingValue::parse(Key::EncryptionCertificate, text(&paths.certificate)?)?;
    let key = SettingValue::parse(Key::EncryptionKeyFile, text(&paths.key)?)?;
    ctx.touch(PAIR);
    if named(ctx)?.is_some_and(|named| PairPaths::effective(Some(&named), &ctx.folder) == paths) {
        let (errors, warnings) = by_severity(check_pair(&paths, OffsetDateTime::now_utc()));
        if !errors.is_empty() {
            return Err(errors.into_iter().map(|finding| finding.refusal).collect::<Vec<_>>().into());
        }
        warn(&warnings, ctx);
    }
    if ctx.folder == Path::new(DATA_FOLDER)
        && let Some(hidden) = [&paths.certificate, &paths.key].into_iter().find(|path| is_hidden_from_service(path))
    {
        ctx.output.warning(format!("the service of systemd does not see {}: put both below /etc", hidden.display()));
    }
    ctx.edit(move |configuration| {
        configuration.set_setting(certificate)?;
        configuration.set_setting(key)?;
        Ok(Done::new("the settings name the pair"))
    })
}

fn choose_by_name(name: &Path, ctx: &Invocation) -> Result<(), Failure> {
    let text = text(name)?;
    let name = text.parse::<PairName>().map_err(|fault| match text.contains('/') {
        true => Failure::usage("a certificate that is named by its path needs its key")
            .hint(prose![ctibox("certificate use {text} KEY")]),
        false => Failure::usage(format!("{text:?} {fault}")).hint(prose![
            ctibox("certificate use --fallback"),
            " uses ctibox's own; ",
            ctibox("certificate list"),
            " shows the others"
        ]),
    })?;
    let paths = certificate_store::paths_of(&name, ctx)?;
    choose(&paths.certificate, &paths.key, ctx)
}

/// The pair that the settings name.
fn in_use(ctx: &Invocation) -> Result<Option<PairPaths>, Failure> {
    Ok(named(ctx)?.map(|(certificate, key)| PairPaths { certificate, key }))
}

fn use_own(ctx: &Invocation) -> Result<(), Failure> {
    let effective = with_files(ctx)?;
    let is_named = effective.general().encryption_pair.is_some();
    let is_named_above = matches!(effective.origin(Key::EncryptionCertificate), Origin::File(_) | Origin::CommandLine);
    let own = PairPaths::fallback(&ctx.folder);
    // The server makes it where there is none.
    if own.certificate.exists() {
        warn(&check_pair(&own, OffsetDateTime::now_utc()), ctx);
    }
    ctx.touch(PAIR);
    ctx.edit(move |configuration| {
        configuration.unset_setting(Key::EncryptionCertificate)?;
        configuration.unset_setting(Key::EncryptionKeyFile)?;
        Ok(Done::new(match (is_named_above, is_named) {
            (true, _) => "the database names no pair any more",
            (false, true) => "the settings name no pair any more: clients get ctibox's own",
            (false, false) => "the settings name no pair anyway: clients get ctibox's own",
        }))
    })
}

/// As the unit has it: ProtectHome and PrivateTmp.
fn is_hidden_from_service(path: &Path) -> bool {
    ["/home", "/root", "/run/user", "/tmp", "/var/tmp"].iter().any(|folder| path.starts_with(folder))
}

/// Why the running server does not use the pair that it should, if one runs, answers and does not.
fn refused_by_server(ctx: &Invocation) -> Option<Discrepancy> {
    const PATIENCE: Duration = Duration::from_secs(1);
    match control::call(&ctx.folder, &control::Request::Status, PATIENCE) {
        Ok(control::Response::Status(status)) => {
            status.discrepancies.into_iter().find(|one| matches!(one, Discrepancy::Certificate { .. }))
        }
        _ => None,
    }
}

fn by_severity(findings: Vec<Finding>) -> (Vec<Finding>, Vec<Finding>) {
    findings.into_iter().partition(|finding| finding.severity == Severity::Error)
}

fn warn(findings: &[Finding], ctx: &Invocation) {
    for Finding { refusal, .. } in findings {
        ctx.output.warning(format!("{}: {}", refusal.on, refusal.problem));
    }
}

/// The pair that the settings name.
fn named(ctx: &Invocation) -> Result<Option<(PathBuf, PathBuf)>, Failure> {
    Ok(with_files(ctx)?.general().encryption_pair)
}

/// What database and settings files say.
fn with_files(ctx: &Invocation) -> Result<Effective, Failure> {
    Ok(Effective::new(&ctx.configuration()?.settings, &ctx.file_overrides()))
}

fn tell(paths: &PairPaths, pair: &Pair, is_named: bool, ctx: &Invocation) -> Result<(), Failure> {
    let own = &pair.description;
    let mut fields = vec![
        ("certificate", paths.certificate.display().to_string()),
        ("key", paths.key.display().to_string()),
        ("chosen by", if is_named { "the settings" } else { "nobody: the appliance's own" }.to_owned()),
        ("subject", own.subject.clone()),
        ("issuer", own.issuer.clone()),
        ("names", own.names.join(", ")),
        ("kind of key", own.key.to_string()),
        ("valid from", moment_text(own.not_before)),
        ("valid until", moment_text(own.not_after)),
        ("SHA-256", own.fingerprint.clone()),
    ];
    for issuer in &pair.chain {
        fields.push(("followed by", issuer.subject.clone()));
        fields.push(("  issuer", issuer.issuer.clone()));
        fields.push(("  kind of key", issuer.key.to_string()));
        fields.push(("  valid from", moment_text(issuer.not_before)));
        fields.push(("  valid until", moment_text(issuer.not_after)));
        fields.push(("  SHA-256", issuer.fingerprint.clone()));
    }
    ctx.output.fields(&fields, || {
        let mut object = json!({"certificate": paths.certificate, "key": paths.key, "named": is_named});
        if let (Value::Object(members), Value::Object(more)) = (&mut object, described(own)) {
            members.extend(more);
            members.insert("chain".to_owned(), pair.chain.iter().map(described).collect());
        }
        object
    })
}

fn described(description: &Description) -> Value {
    json!({
        "subject": description.subject,
        "issuer": description.issuer,
        "names": description.names,
        "kind_of_key": description.key.to_string(),
        "not_before": moment_text(description.not_before),
        "not_after": moment_text(description.not_after),
        "fingerprint": description.fingerprint,
    })
}

fn failure(error: &CertificateError, is_own: bool) -> Failure {
    let failure = Failure::of(error);
    match error {
        CertificateError::Read { .. } if is_own => {
            failure.hint(prose!["the first ", ctibox("serve"), " makes it, or ", ctibox("certificate renew")])
        }
        CertificateError::LoneCertificate { .. } => {
            failure.hint("bring the key back, or remove the certificate to have both made anew")
        }
        _ => failure.hint(CommandRemedy::of(&error.finding().refusal)),
    }
}

fn absolute(path: &Path) -> Result<PathBuf, Failure> {
    std::path::absolute(path).map_err(|error| Failure::new(format!("no such path: {}", path.display())).cause(&error))
}

fn text(path: &Path) -> Result<&str, Failure> {
    let refused =
        || Refusal::new(Rule::G2, RuleTarget::shown(TargetKind::Certificate, path.display()), Violation::PathNotUtf8);
    path.to_str().ok_or_else(|| refused().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn homes_and_temporary_folders_are_hidden_from_the_service() {
        for hidden in ["/home", "/root/server.key", "/tmp/a", "/var/tmp/a", "/run/user/0/a"] {
            assert!(is_hidden_from_service(Path::new(hidden)), "{hidden}");
        }
        for seen in ["/etc/ssl/cti.crt", "/homes/a", "/var/lib/ctibox/certs/server.crt", "/run/a"] {
            assert!(!is_hidden_from_service(Path::new(seen)), "{seen}");
        }
    }
}
