//! `ctibox asterisk dialplan`: prints or writes `extensions_ctibox.conf`, `manager_ctibox.conf` and `queues_ctibox.conf`.
//! Where it writes, the files are made by whoever gave the command and belong to whom the other files there belong to: root
//! writes into /etc/asterisk, though the command then works as the owner of the data folder. A file that is not ours is
//! left as it is.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::net::IpAddr;
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _, fchown};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::process::geteuid;
use serde_json::{Map, Value};

use super::check::block_on;
use crate::asterisk::dialplan::{
    AmiAccount, Dialplan, EXTENSIONS_FILE, FIRST_WORDS, MANAGER_FILE, PbxKind, QUEUES_FILE, SipDriver,
    UnwritableAccount, asked_at,
};
use crate::asterisk::survey;
use crate::command::failure::Failure;
use crate::command::invocation::Invocation;
use crate::command::random;
use crate::settings::prose::prose;
use crate::settings::setting::{General, Key, SettingValue};

/// How long Asterisk may take to say what it has.
const PATIENCE: Duration = Duration::from_secs(5);
/// For its owner and the group in which Asterisk is: one of the files has the secret.
const MODE: u32 = 0o640;

#[derive(Debug, clap::Args)]
pub(crate) struct DialplanArguments {
    /// Write the three files into this folder instead of printing them
    ///
    /// Files that ctibox wrote are replaced, others are left alone. They belong to whom the folder's manager.conf belongs
    /// to, mode 0640. A secret is made and stored where none is.
    #[arg(long, value_name = "DIR")]
    to: Option<PathBuf>,
    /// Print the secret of the account too, made and stored where none is
    #[arg(long, conflicts_with = "to")]
    with_secrets: bool,
    /// Only what a XiVO lacks: its own dial plan has numbers, queues and `agentcallback`
    ///
    /// Without this an Asterisk that can be asked is: where the dial plan is a XiVO's, so much is written.
    #[arg(long, conflicts_with_all = ["chan_sip", "all"])]
    beside_xivo: bool,
    /// All of it, though Asterisk has a XiVO's dial plan
    #[arg(long)]
    all: bool,
    /// Call devices that are stored as SIP/… by the old driver, which is gone since Asterisk 21, instead of PJSIP
    #[arg(long)]
    chan_sip: bool,
    /// The files, opened by whoever gave the command
    #[arg(skip)]
    opened: Vec<Opened>,
}

/// One of the files, not yet written.
#[derive(Debug)]
struct Opened {
    name: &'static str,
    path: PathBuf,
    file: File,
}

impl DialplanArguments {
    /// Opens the files, which the owner of the data folder may not be able to.
    pub(super) fn prepare(&mut self) -> Result<(), Failure> {
        let Some(folder) = &self.to else { return Ok(()) };
        for name in [EXTENSIONS_FILE, MANAGER_FILE, QUEUES_FILE] {
            self.opened.push(open(folder, name)?);
        }
        Ok(())
    }
}

pub(super) fn run(arguments: DialplanArguments, ctx: &Invocation) -> Result<(), Failure> {
    let effective = ctx.effective_with(&[Key::AmiSecret])?;
    let general = effective.general();
    let value = |key: Key| effective.value(key).reveal().to_owned();
    let is_shown = arguments.to.is_some() || arguments.with_secrets;
    let secret = match value(Key::AmiSecret) {
        stored if !stored.is_empty() => Some(stored),
        _ if is_shown => Some(make_secret(ctx)?),
        _ => None,
    };
    let name = value(Key::AmiUsername);
    let is_local = is_local(&value(Key::AmiHost));
    let account = AmiAccount { name: &name, secret: secret.as_deref().filter(|_| is_shown), is_local };
    let caller_names = asked_at(general.agi_listen, is_local);
    if caller_names.is_none() && general.agi_listen.is_some() {
        ctx.output.warning("left out: callers' names. Asterisk is elsewhere and cannot ask at agi.listen");
        ctx.output.hint(prose![
            "give an address of this host that Asterisk reaches: ",
            ctibox("setting set agi.listen ADDRESS:4573")
        ]);
    }
    let host = match (arguments.beside_xivo, arguments.chan_sip) {
        (true, _) => PbxKind::Xivo,
        (false, true) => PbxKind::Bare(SipDriver::ChanSip),
        (false, false) if !arguments.all && is_xivo(&general, ctx) => PbxKind::Xivo,
        (false, false) => PbxKind::Bare(SipDriver::Pjsip),
    };
    let dialplan = Dialplan::of(&ctx.configuration()?, &account, host, caller_names).map_err(|error| told(&error))?;
    for left_out in &dialplan.left_out {
        ctx.output.warning(format!("left out: {left_out}"));
    }
    if arguments.to.is_some() { write(arguments.opened, &dialplan, ctx) } else { print(&dialplan, ctx) }
}

fn open(folder: &Path, name: &'static str) -> Result<Opened, Failure> {
    let path = folder.join(name);
    let failed = |error: io::Error| Failure::new(format!("could not write {}", path.display())).cause(&error);
    let mut options = OpenOptions::new();
    // A link could lead anywhere.
    options.read(true).write(true).create(true).truncate(false).mode(MODE);
    options.custom_flags(rustix::fs::OFlags::NOFOLLOW.bits().cast_signed());
    let file = options.open(&path).map_err(failed)?;
    let mut head = Vec::new();
    (&file).take(FIRST_WORDS.len() as u64).read_to_end(&mut head).map_err(failed)?;
    if !head.is_empty() && head != FIRST_WORDS.as_bytes() {
        return Err(Failure::new(format!("{} is there already and is not ours; it is left as it is", path.display()))
            .hint("name another folder, or remove that file first"));
    }
    if geteuid().is_root() {
        let kin = fs::metadata(folder.join("manager.conf")).or_else(|_| fs::metadata(folder)).map_err(failed)?;
        fchown(&file, Some(kin.uid()), Some(kin.gid())).map_err(failed)?;
    }
    // Of a file that was there, or by the umask, it may be another one.
    file.set_permissions(fs::Permissions::from_mode(MODE)).map_err(failed)?;
    Ok(Opened { name, path, file })
}

/// Whether Asterisk has a XiVO's dial plan; one that cannot be asked has none.
fn is_xivo(general: &General, ctx: &Invocation) -> bool {
    let Some(secret) = &general.ami.secret else { return false };
    let found = block_on(survey(&general.ami, secret, Vec::new(), PATIENCE));
    let is_xivo = matches!(found, Ok(Ok(found)) if found.is_xivo);
    if is_xivo {
        ctx.output.note("Asterisk has a XiVO's dial plan: only what that lacks is written, `--all` writes all of it");
    }
    is_xivo
}

fn print(dialplan: &Dialplan, ctx: &Invocation) -> Result<(), Failure> {
    if ctx.output.is_json() {
        let files = dialplan.files().into_iter().map(|(name, text)| (name.to_owned(), Value::from(text)));
        return ctx.output.json(&Value::Object(files.collect::<Map<_, _>>()));
    }
    for (name, text) in dialplan.files() {
        ctx.output.data(&format!(";\n; ===== {name}\n;\n{text}"))?;
    }
    Ok(())
}

fn write(opened: Vec<Opened>, dialplan: &Dialplan, ctx: &Invocation) -> Result<(), Failure> {
    for mut one in opened {
        let text = dialplan.files().into_iter().find(|(name, _)| *name == one.name).map_or("", |(_, text)| text);
        let outcome = one.file.set_len(0).and_then(|()| io::Seek::rewind(&mut one.file));
        let outcome = outcome.and_then(|()| one.file.write_all(text.as_bytes())).and_then(|()| one.file.sync_all());
        outcome.map_err(|error| Failure::new(format!("could not write {}", one.path.display())).cause(&error))?;
        ctx.output.note(format!("written: {}", one.path.display()));
    }
    ctx.output.hint(
        "include them at the end of extensions.conf, manager.conf and queues.conf, then `asterisk -rx 'core reload'`",
    );
    Ok(())
}

/// Makes and stores the account's secret.
fn make_secret(ctx: &Invocation) -> Result<String, Failure> {
    let secret = random::password();
    let value = SettingValue::parse(Key::AmiSecret, secret.reveal())?;
    ctx.change(|configuration| Ok(configuration.set_setting(value)?))?;
    ctx.output.note("a secret was made and stored in ami.secret: the link begins when Asterisk knows the account");
    Ok(secret.reveal().to_owned())
}

fn is_local(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

fn told(error: &UnwritableAccount) -> Failure {
    let hint = match error {
        UnwritableAccount::Name { .. } => prose!["choose another name: ", ctibox("setting set ami.username ctibox")],
        UnwritableAccount::Secret => prose!["choose another one: ", ctibox("setting set ami.secret --value-stdin")],
    };
    Failure::of(error).hint(hint)
}
