//! `ctibox certificate add`, `list`, `use NAME`, `remove`, `create` and `request`: pairs that the data folder keeps under
//! names (settings §5). What the settings name is `certificate`'s.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use time::OffsetDateTime;

use super::failure::Failure;
use super::invocation::Invocation;
use super::prompt;
use super::remedy::CommandRemedy;
use crate::certificate::{
    self, CertificateError, CertificateStore, Content, DAYS_MAX, Occupied, PairBytes, PairName, PairPaths, SignedBy,
    Stored, VALIDITY_DAYS, days_left, load_pair, moment_text, read,
};
use crate::settings::prose::prose;
use crate::settings::rule::Severity;

#[derive(Debug, clap::Args)]
pub(crate) struct Add {
    /// What the pair is called from now on
    name: PairName,
    /// The certificate, then those that issued it; PEM
    #[arg(value_name = "CERT")]
    certificate: PathBuf,
    /// Its key, PEM, not encrypted; left out where `request` made it
    #[arg(value_name = "KEY")]
    key: Option<PathBuf>,
    /// Put it in the place of the one that has this name; where that is in use, clients get it at once
    #[arg(long)]
    replace: bool,
    /// What was in the files, read by whoever gave the command: root may read what the service may not.
    #[arg(skip)]
    read: Option<ReadFiles>,
}

/// Certificate and key, if one was named.
#[derive(Clone)]
struct ReadFiles {
    certificate: Vec<u8>,
    key: Option<zeroize::Zeroizing<Vec<u8>>>,
}

impl std::fmt::Debug for ReadFiles {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("ReadFiles(…)")
    }
}

#[derive(Debug, clap::Args)]
pub(crate) struct Remove {
    /// Which one
    name: PairName,
    /// Do not ask
    #[arg(long, short)]
    yes: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Create {
    /// What the pair is called from now on
    name: PairName,
    #[command(flatten)]
    subject: SubjectArguments,
    /// For how long it is valid
    #[arg(long, value_name = "DAYS", default_value_t = VALIDITY_DAYS, value_parser = clap::value_parser!(u16).range(1..=i64::from(DAYS_MAX)))]
    days: u16,
    /// Have it signed by an authority of ctibox's own, made when it is needed first; who trusts that trusts all of its
    #[arg(long)]
    authority: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Request {
    /// What the pair is called from now on
    name: PairName,
    #[command(flatten)]
    subject: SubjectArguments,
}

#[derive(Debug, clap::Args)]
struct SubjectArguments {
    /// Its common name; the first of the names where it is left out
    #[arg(long, value_name = "NAME")]
    common_name: Option<String>,
    /// A name or address by which clients reach the server; may be given several times; this host's where it is left out
    #[arg(long = "san", value_name = "NAME")]
    names: Vec<String>,
}

impl SubjectArguments {
    fn subject(&self) -> certificate::Subject {
        certificate::Subject { common_name: self.common_name.clone(), names: self.names.clone() }
    }
}

impl Add {
    /// To be called before the caller's rights are given up.
    pub(crate) fn read_files(&mut self) -> Result<(), Failure> {
        let name = &self.name;
        let hint = prose!["name files that you may read: ", ctibox("certificate add {name} CERT KEY")];
        let unread = |error: CertificateError| Failure::of(&error).hint(hint.clone());
        let certificate = read(&self.certificate).map_err(unread)?;
        let key = self.key.as_deref().map(read).transpose().map_err(unread)?;
        self.read = Some(ReadFiles { certificate, key: key.map(Into::into) });
        Ok(())
    }
}

/// Answers whether it is the one that the settings name.
pub(super) fn add(arguments: Add, in_use: Option<&PairPaths>, ctx: &Invocation) -> Result<bool, Failure> {
    ctx.configuration()?;
    let Add { name, certificate, key, replace, read } = arguments;
    let store = store(ctx)?;
    let Some(ReadFiles { certificate: text, key: key_text }) = read else {
        return Err(Failure::new("the files were not read"));
    };
    let key_text = match key_text {
        Some(text) => text,
        None => store.waiting_key(&name).map_err(|error| failure(&error))?,
    };
    let from = PairPaths { certificate, key: key.unwrap_or_else(|| store.paths(&name).key) };
    let occupied = if replace { Occupied::Replace } else { Occupied::Refuse };
    let bytes = PairBytes { certificate: text, key: key_text };
    let warnings = store.add(&name, &from, &bytes, occupied).map_err(|error| failure(&error))?;
    for warning in &warnings {
        ctx.output.warning(format!("{}: {}", warning.refusal.on, warning.refusal.problem));
    }
    kept(&store, &name, in_use, ctx)
}

pub(super) fn create(arguments: &Create, ctx: &Invocation) -> Result<(), Failure> {
    ctx.configuration()?;
    let store = store(ctx)?;
    let by = if arguments.authority { SignedBy::Authority } else { SignedBy::Itself };
    let authority = store
        .create(&arguments.name, &arguments.subject.subject(), arguments.days, by)
        .map_err(|error| not_made(&error))?;
    kept(&store, &arguments.name, None, ctx)?;
    if let Some(authority) = authority {
        let file = authority.certificate.display();
        ctx.output.note(prose!["whoever trusts {file} trusts it: ", ctibox("client --ca")]);
    }
    Ok(())
}

pub(super) fn request(arguments: &Request, ctx: &Invocation) -> Result<(), Failure> {
    ctx.configuration()?;
    let store = store(ctx)?;
    let name = &arguments.name;
    let text = store.request(name, &arguments.subject.subject()).map_err(|error| not_made(&error))?;
    match ctx.output.is_json() {
        true => ctx.output.json(&json!({"name": name.to_string(), "request": text}))?,
        false => ctx.output.data(text.trim_end())?,
    }
    ctx.output.note(format!("the key of {name} waits for its certificate"));
    ctx.output.hint(prose!["have the request signed, then ", ctibox("certificate add {name} CERT")]);
    Ok(())
}

/// `named` are the files that the settings name, whichever layer of them.
pub(super) fn remove(arguments: &Remove, named: &[PathBuf], ctx: &Invocation) -> Result<(), Failure> {
    let store = store(ctx)?;
    let name = &arguments.name;
    let found = store.find(name).map_err(|error| failure(&error))?;
    if found.paths.is_among(named) {
        return Err(Failure::new(format!("{name} is in use: the settings name it")).hint(prose![
            "use another one first: ",
            ctibox("certificate use OTHER"),
            ", or ",
            ctibox("certificate use --fallback")
        ]));
    }
    if !arguments.yes {
        prompt::confirm(&ctx.output, &format!("Remove the certificate {name} and its key? Nothing brings it back."))?;
    }
    store.remove(name).map_err(|error| failure(&error))?;
    ctx.output.note(format!("removed the certificate {name}"));
    Ok(())
}

/// `in_use` is what the settings name; `served` the fingerprint of what clients get where that is another one.
pub(super) fn list(in_use: Option<&PairPaths>, served: Option<&str>, ctx: &Invocation) -> Result<(), Failure> {
    ctx.configuration()?;
    let listed = store(ctx)?.list().map_err(|error| told(&error))?;
    let stored = listed.iter().map(|one| row(one, in_use));
    let mut rows: Vec<Row> = own(in_use, &ctx.folder).into_iter().chain(stored).collect();
    if let Some(paths) = in_use.filter(|_| !listed.iter().any(|one| is_used(in_use, &one.paths))) {
        let content = load_pair(paths).map_or_else(Content::Broken, |pair| Content::Pair(Box::new(pair)));
        rows.push(made_of(&paths.certificate.display().to_string(), paths, &content, true));
    }
    if let Some(served) = served {
        rows.iter_mut().for_each(|row| row.set_used(row.fingerprint == served));
    }
    let cells: Vec<Vec<String>> = rows.iter().map(Row::cells).collect();
    ctx.output.list(&["NAME", "IN USE", "KEY", "NAMES", "UNTIL", "SHA-256"], &cells, || {
        rows.into_iter().map(|row| row.object).collect()
    })
}

/// The pair of this name, for `use`.
pub(super) fn paths_of(name: &PairName, ctx: &Invocation) -> Result<PairPaths, Failure> {
    let found = store(ctx)?.find(name).map_err(|error| failure(&error))?;
    match found.content {
        Content::Waiting => Err(Failure::new(format!("the key of {name} waits for its certificate"))
            .hint(prose![ctibox("certificate add {name} CERT"), " adds it"])),
        Content::Pair(_) | Content::Broken(_) => Ok(found.paths),
    }
}

/// By its whole path: the settings name it so.
fn store(ctx: &Invocation) -> Result<CertificateStore, Failure> {
    let folder = std::path::absolute(&ctx.folder)
        .map_err(|error| Failure::new(format!("no such path: {}", ctx.folder.display())).cause(&error))?;
    Ok(CertificateStore::of(&folder))
}

/// Says what there is now, and answers whether the settings name it.
fn kept(
    store: &CertificateStore,
    name: &PairName,
    in_use: Option<&PairPaths>,
    ctx: &Invocation,
) -> Result<bool, Failure> {
    let found = store.find(name).map_err(|error| failure(&error))?;
    let is_used = is_used(in_use, &found.paths);
    let row = row(&found, in_use);
    let fields = [
        ("name", name.to_string()),
        ("certificate", found.paths.certificate.display().to_string()),
        ("names", row.names.join(", ")),
        ("valid until", row.until.clone()),
        ("SHA-256", row.fingerprint.clone()),
    ];
    ctx.output.fields(&fields, || row.object)?;
    if !is_used {
        ctx.output.hint(prose![ctibox("certificate use {name}"), " gives it to clients"]);
    }
    Ok(is_used)
}

/// A line of the list.
struct Row {
    name: String,
    is_used: bool,
    key: String,
    /// Never empty.
    names: Vec<String>,
    until: String,
    fingerprint: String,
    object: Value,
}

/// Of a fingerprint in a table: its first four bytes.
const FINGERPRINT_SHOWN: usize = 11;

impl Row {
    fn set_used(&mut self, is_used: bool) {
        self.is_used = is_used;
        self.object["in_use"] = json!(is_used);
    }

    fn cells(&self) -> Vec<String> {
        let used = if self.is_used { "yes" } else { "-" }.to_owned();
        vec![
            self.name.clone(),
            used,
            self.key.clone(),
            short(&self.names),
            self.until.clone(),
            // The whole of it does not fit beside the rest; `--json` has it.
            self.fingerprint
                .get(..FINGERPRINT_SHOWN)
                .map_or_else(|| self.fingerprint.clone(), |begin| format!("{begin}…")),
        ]
    }
}

/// The first name, and how many more there are.
fn short(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [first, more @ ..] => format!("{first} +{}", more.len()),
    }
}

/// ctibox's own, if there is one yet.
fn own(in_use: Option<&PairPaths>, folder: &Path) -> Option<Row> {
    let paths = PairPaths::fallback(folder);
    let content = match load_pair(&paths) {
        Ok(pair) => Content::Pair(Box::new(pair)),
        Err(_) if !paths.certificate.exists() => return None,
        Err(error) => Content::Broken(error),
    };
    Some(made_of("ctibox's own", &paths, &content, in_use.is_none()))
}

fn is_used(in_use: Option<&PairPaths>, paths: &PairPaths) -> bool {
    in_use.is_some_and(|used| used.is_same(paths))
}

fn row(stored: &Stored, in_use: Option<&PairPaths>) -> Row {
    made_of(&stored.name.to_string(), &stored.paths, &stored.content, is_used(in_use, &stored.paths))
}

fn made_of(name: &str, paths: &PairPaths, content: &Content, is_used: bool) -> Row {
    let mut object = json!({
        "name": name, "in_use": is_used, "certificate": paths.certificate, "key": paths.key,
        "state": "good", "fingerprint": null, "names": [], "not_after": null,
    });
    let mut row = Row {
        name: name.to_owned(),
        is_used,
        key: "-".to_owned(),
        names: vec!["-".to_owned()],
        until: "-".to_owned(),
        fingerprint: "-".to_owned(),
        object: Value::Null,
    };
    match content {
        Content::Pair(pair) => {
            let own = &pair.description;
            row.key = own.key.to_string();
            row.names = if own.names.is_empty() { vec![own.subject.clone()] } else { own.names.clone() };
            let now = OffsetDateTime::now_utc();
            let is_over = own.not_after <= now;
            row.until = moment_text(own.not_after) + if is_over { ", expired" } else { "" };
            row.fingerprint.clone_from(&own.fingerprint);
            object["state"] = json!(if is_over { "expired" } else { "good" });
            object["names"] = json!(own.names);
            object["subject"] = json!(own.subject);
            object["issuer"] = json!(own.issuer);
            object["kind_of_key"] = json!(row.key);
            object["not_after"] = json!(moment_text(own.not_after));
            object["days_left"] = json!(days_left(own.not_after, now));
            object["fingerprint"] = json!(own.fingerprint);
        }
        Content::Waiting => {
            "waits for its certificate".clone_into(&mut row.until);
            object["state"] = json!("waiting");
        }
        Content::Broken(error) => {
            row.until = format!("cannot be used: {}", error.words());
            object["state"] = json!("broken");
            object["problem"] = json!(error.words());
        }
    }
    row.object = object;
    row
}

fn told(error: &CertificateError) -> Failure {
    Failure::of(error).hint(CommandRemedy::of(&error.finding().refusal))
}

/// Nothing that is made takes the place of what is there.
fn not_made(error: &certificate::StoreError) -> Failure {
    match error {
        certificate::StoreError::Exists { name } => Failure::of(error)
            .hint(prose!["choose another name, or remove that one first: ", ctibox("certificate remove {name}")]),
        certificate::StoreError::Unknown { .. }
        | certificate::StoreError::NoKey { .. }
        | certificate::StoreError::Unusable { .. }
        | certificate::StoreError::Pair(_) => failure(error),
    }
}

fn failure(error: &certificate::StoreError) -> Failure {
    match error {
        certificate::StoreError::Pair(error) => told(error),
        certificate::StoreError::Unusable { findings } => {
            let errors = findings.iter().filter(|finding| finding.severity == Severity::Error);
            errors.map(|finding| finding.refusal.clone()).collect::<Vec<_>>().into()
        }
        certificate::StoreError::Exists { name } => Failure::of(error).hint(prose![
            "choose another name; ",
            ctibox("certificate add {name} CERT KEY --replace"),
            " replaces it"
        ]),
        certificate::StoreError::Unknown { .. } => {
            Failure::of(error).hint(prose![ctibox("certificate list"), " shows those that there are"])
        }
        certificate::StoreError::NoKey { name } => {
            Failure::of(error).hint(prose!["name it: ", ctibox("certificate add {name} CERT KEY")])
        }
    }
}
