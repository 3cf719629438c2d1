//! `ctibox info`: one paste for a bug report. Versions, every path, how much there is, and the origin of every setting;
//! secrets are masked. It changes nothing and works on a missing or broken folder.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};

use super::failure::Failure;
use super::health::caller_names;
use super::invocation::Invocation;
use super::sessions::encryption;
use super::setting;
use crate::certificate::PairPaths;
use crate::config::Effective;
use crate::control;
use crate::settings::configuration::Configuration;
use crate::settings::rule::count;
use crate::settings::setting::{Key, Layer};
use crate::settings::tables::{Kind, on_table_of};
use crate::store::{self, Inspection, ServerLock, StoreError};

/// How long a running server may take for an answer.
const PATIENCE: Duration = Duration::from_secs(2);

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  ctibox info > report.txt")]
pub(crate) struct DescribeArguments {}

pub(crate) fn run(ctx: &Invocation) -> Result<(), Failure> {
    let looked = look(&ctx.folder);
    let configuration = looked.as_ref().ok().and_then(Option::as_ref);
    let layer = configuration.map_or_else(Layer::new, |configuration| configuration.settings.clone());
    let effective = Effective::new(&layer, &ctx.overrides());
    let mut fields = versions_and_paths(ctx, &effective);
    fields.push(("data", state_of(&looked)));
    fields.push(("server", server(&ctx.folder)));
    fields.extend(connected(&ctx.folder).map(|sessions| ("sessions", sessions)));
    fields.extend(telephony(&ctx.folder));
    if let Some(c) = configuration {
        fields.push(("server uuid", c.server_uuid.to_string()));
        fields.push(("objects", objects(c)));
    }
    if ctx.output.is_json() {
        let settings: Vec<Value> = Key::ALL.iter().map(|key| setting::object(*key, &effective)).collect();
        let members = fields.into_iter().map(|(name, value)| (name.replace(' ', "_"), json!(value)));
        let mut object: serde_json::Map<String, Value> = members.collect();
        object.insert("settings".to_owned(), json!(settings));
        return ctx.output.json(&Value::Object(object));
    }
    ctx.output.fields(&fields, || Value::Null)?;
    ctx.output.data("")?;
    // A value from a file with its line: one paste is to say all.
    let row = |key: &Key| {
        let mut row = setting::row(*key, &effective);
        row[2] = effective.origin(*key).to_string();
        row
    };
    let rows: Vec<Vec<String>> = Key::ALL.iter().map(row).collect();
    ctx.output.list(&["KEY", "VALUE", "FROM"], &rows, || Value::Null)
}

fn look(folder: &Path) -> Result<Option<Configuration>, StoreError> {
    Inspection::open(folder)?.map(|inspection| inspection.configuration()).transpose()
}

fn versions_and_paths(ctx: &Invocation, effective: &Effective) -> Vec<(&'static str, String)> {
    let shown = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned()).display().to_string();
    let pair = PairPaths::effective(effective.general().encryption_pair.as_ref(), &ctx.folder);
    let system = rustix::system::uname();
    vec![
        ("ctibox", env!("CARGO_PKG_VERSION").to_owned()),
        ("commit", super::COMMIT.to_owned()),
        ("build", super::BUILD.to_owned()),
        ("system", format!("{} {}", system.sysname().to_string_lossy(), system.release().to_string_lossy())),
        ("machine", system.machine().to_string_lossy().into_owned()),
        ("program", std::env::current_exe().map_or_else(|error| error.to_string(), |path| shown(&path))),
        ("user", format!("{} (uid {} now)", ctx.caller, rustix::process::geteuid().as_raw())),
        ("data folder", shown(&ctx.folder)),
        ("config file", ctx.files.own().map_or_else(|| "none".to_owned(), shown)),
        ("database", shown(&store::database(&ctx.folder))),
        ("backups", shown(&store::backups_folder(&ctx.folder))),
        ("control socket", shown(&control::socket_path(&ctx.folder))),
        ("certificate", shown(&pair.certificate)),
        ("key", shown(&pair.key)),
    ]
}

fn state_of(looked: &Result<Option<Configuration>, StoreError>) -> String {
    match looked {
        Ok(Some(_)) => "readable".to_owned(),
        Ok(None) => "none yet: `ctibox init` makes them".to_owned(),
        Err(error) => error.to_string(),
    }
}

fn server(folder: &Path) -> String {
    match ServerLock::holder(folder) {
        Ok(Some(process)) => format!("running, process {process}"),
        Ok(None) => "not running".to_owned(),
        Err(error) => error.to_string(),
    }
}

/// How many are connected, and how; None without a server that answers.
fn connected(folder: &Path) -> Option<String> {
    let Ok(control::Response::Sessions { sessions }) = control::call(folder, &control::Request::Sessions, PATIENCE)
    else {
        return None;
    };
    let mut ways: BTreeMap<String, usize> = BTreeMap::new();
    for session in &sessions {
        let way = if session.encrypted { encryption(session) } else { "in clear".to_owned() };
        *ways.entry(way).or_default() += 1;
    }
    let ways: Vec<_> = ways.into_iter().map(|(way, number)| format!("{number} {way}")).collect();
    Some(if ways.is_empty() { "none".to_owned() } else { ways.join(", ") })
}

/// How the link to Asterisk stands, and where Asterisk may ask for callers' names; nothing without a server that says it.
fn telephony(folder: &Path) -> Vec<(&'static str, String)> {
    let Ok(control::Response::Status(status)) = control::call(folder, &control::Request::Status, PATIENCE) else {
        return Vec::new();
    };
    let link = status.telephony.map(|link| ("telephony", link.to_string()));
    link.into_iter().chain([("caller names", caller_names(status.caller_names))]).collect()
}

/// Of every table.
fn objects(c: &Configuration) -> String {
    let counted = |kind: Kind| {
        let number = on_table_of!(
            kind,
            ($table:ident, $object:ty) => { c.$table.len() },
            Kind::Server | Kind::Setting => return None
        );
        Some(count(number, &kind.to_string()))
    };
    Kind::ALL.into_iter().filter_map(counted).collect::<Vec<_>>().join(", ")
}
