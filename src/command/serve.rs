//! `ctibox serve`: takes the folder's lock, opens what is in it, wires the rooms together and serves until a signal.

use std::fs::{Permissions, create_dir_all, set_permissions};
use std::io;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;

use super::failure::Failure;
use super::invocation::Invocation;
use super::output::JOURNAL_VARIABLE;
use super::settings_source::Source;
use super::{nightly, random};
use crate::auth::{
    AccountBackend, AuthBackend, Authenticator, BackendRole, LdapUser, LocalPasswords, Throttle, UserScope, XivoAuth,
    XivoUser,
};
use crate::certificate::PairPaths;
use crate::check;
use crate::config::{self, FatalFinding, FileLayer, Overrides};
use crate::observe::log::{self, LogForm, Reader};
use crate::server::{self, Hangup, ServerError};
use crate::settings::account::AccountKind;
use crate::settings::auth_settings::BackendName;
use crate::settings::configuration::Configuration;
use crate::settings::default::Language;
use crate::settings::prose::{Prose, prose};
use crate::settings::rule::{Rule, Severity};
use crate::settings::setting::General;
use crate::store::{ServerLock, StateWriter, Store, Watcher};

/// How long threads that are blocked may hold up the end.
const BLOCKED_END_MAX: Duration = Duration::from_millis(200);

/// The variable that says how much is logged.
pub(crate) const LOG_VARIABLE: &str = "CTIBOX_LOG";
#[derive(Debug, Default, clap::Args)]
#[command(
    after_help = "Prints `ready ADDR:PORT …` on stdout when clients may connect. Ends with SIGTERM or SIGINT; SIGHUP \
                  reads settings files and certificates again.\n\nExample:\n  ctibox serve --listen 0.0.0.0:5003 --listen '[::]:5003'"
)]
pub(crate) struct ServeArguments {
    /// Listen here instead of where the settings say; may be given more than once; port 0 takes any free one
    #[arg(long, value_name = "ADDR:PORT")]
    pub(crate) listen: Vec<SocketAddr>,
    /// How to write the log
    #[arg(long, value_enum, default_value_t, value_name = "FORM")]
    pub(crate) log: LogForm,
}

pub(crate) fn run(arguments: &ServeArguments, ctx: &Invocation) -> Result<(), Failure> {
    start_log(arguments.log, ctx);
    serve(arguments, ctx, Hangup::Reload, |bound| ctx.output.data(&ready_line(bound)))
}

pub(super) fn start_log(form: LogForm, ctx: &Invocation) {
    let level = std::env::var(LOG_VARIABLE).ok();
    let journal = std::env::var(JOURNAL_VARIABLE).ok();
    if let Some(error) = log::start(form, level.as_deref(), Reader::of_stderr(journal.as_deref())) {
        ctx.output.warning(format!("the log level in {LOG_VARIABLE} cannot be read: {error}"));
    }
}

/// Serves the folder of the call; `ready` hears the addresses. The folder is made if it is not there.
pub(super) fn serve(
    arguments: &ServeArguments,
    ctx: &Invocation,
    hangup: Hangup,
    ready: impl FnOnce(&[SocketAddr]) -> Result<(), Failure>,
) -> Result<(), Failure> {
    make_folder(&ctx.folder)
        .map_err(|error| Failure::new(format!("cannot make the data folder {}", ctx.folder.display())).cause(&error))?;
    let lock = ServerLock::take(&ctx.folder)?;
    let make = || Configuration::default_data(random::server_uuid(), Language::English);
    let store = Store::open(&ctx.folder, make)?.store;
    for difference in store.schema_differences() {
        tracing::warn!(database = %store.path().display(), "somebody else's hand was in the database: {difference}");
    }
    // Watches before the first look, so that nothing is missed in between.
    let watcher = Watcher::new(&store)?;
    let configuration = Arc::new(store.whole_configuration()?);
    let inert = configuration.findings().into_iter().filter(|finding| finding.refusal.rule == Rule::S2);
    for finding in inert {
        tracing::error!("{}: {}", finding.refusal.on, finding.refusal.problem);
    }
    if configuration.users.is_empty() {
        ctx.output.hint(format!(
            "nobody can log in yet; add the first user: `ctibox --data {} user add alice --first-name Alice \
             --profile Client --generate-password`",
            ctx.folder.display()
        ));
    }
    let settings_files = ctx.files.layer();
    refuse_fatal(&settings_files)?;
    let command_line = config::named_addresses(&arguments.listen);
    let overrides = Overrides { command_line, files: Arc::default() };
    let mut source = Source::new(watcher, configuration.clone(), ctx.files.clone(), overrides);
    let changes = source.take_over(&settings_files);
    changes.iter().for_each(|change| tracing::info!("{change}"));
    let in_force = source.overrides_in_force();
    let general = source.general();
    log::set_level(general.log_level);
    log_rights(&ctx.folder, &general, &settings_files);
    let writer_fallen = Arc::new(Notify::new());
    let writer_falls = writer_fallen.clone();
    let passwords = LocalPasswords::new();
    let make =
        move |role, configuration: &Configuration, general: &General| backend(role, &passwords, configuration, general);
    let authenticator = Authenticator::new(Box::new(make), &configuration, &general);
    let writer = StateWriter::start(&store, move || writer_falls.notify_one());
    let keeper = writer.login_records();
    let throttle = Throttle::start(store.login_records()?, Box::new(move |records| keeper.keep(records)));
    let plan = server::Plan {
        folder: ctx.folder.clone(),
        listen: Some(arguments.listen.clone()).filter(|listen| !listen.is_empty()),
        configuration,
        general: general.clone(),
        file_errors: source.file_errors(),
        files: source.files_in_force(),
        authenticator,
        throttle,
        states: store.states()?,
        store: Box::new(writer),
        writer_fallen,
        settings: Box::new(source),
        hangup,
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::new("cannot start the async threads").cause(&error))?;
    let nightly = nightly::start(&store, in_force);
    let mut said = Ok(());
    let outcome = runtime.block_on(server::serve(plan, |bound| said = ready(bound)));
    // Whoever hangs on a disk now is left behind: a stop is over within 5 s.
    runtime.shutdown_timeout(BLOCKED_END_MAX);
    drop(nightly);
    drop(lock);
    outcome.map_err(|error| failure(&error))?;
    said
}

/// The one place that knows which backends there are. Those that compare passwords of our own share `passwords`.
pub(super) fn backend(
    role: BackendRole,
    passwords: &LocalPasswords,
    configuration: &Configuration,
    general: &General,
) -> Box<dyn AuthBackend> {
    let local = |scope| Box::new(XivoUser::new(scope, passwords.clone(), configuration));
    let accounts = |kind| Box::new(AccountBackend::new(kind, passwords.clone(), configuration));
    match role {
        BackendRole::BreakGlass => local(UserScope::BreakGlass),
        BackendRole::InChain(BackendName::XivoUser) => local(UserScope::Everybody),
        BackendRole::InChain(BackendName::XivoAdmin) => accounts(AccountKind::Admin),
        BackendRole::InChain(BackendName::XivoService) => accounts(AccountKind::Service),
        BackendRole::InChain(BackendName::LdapUser) => Box::new(LdapUser::new(configuration, general)),
        BackendRole::InChain(BackendName::XivoAuth) => Box::new(XivoAuth::new(configuration, general)),
    }
}

/// `ready ADDR:PORT …`, IPv6 in brackets.
pub(super) fn ready_line(bound: &[SocketAddr]) -> String {
    bound.iter().fold("ready".to_owned(), |line, address| format!("{line} {address}"))
}

/// A start does not go on where it would let in others than those who are meant.
pub(super) fn refuse_fatal(files: &FileLayer) -> Result<(), Failure> {
    let Some(finding) = files.fatal() else { return Ok(()) };
    let failure = Failure::of(&FatalFinding(finding.clone()));
    Err(failure.hint(finding.remedy()).hint(prose![ctibox("check"), " shows everything that is wrong"]))
}

/// Whoever can read or change what is secret is told of, and keeps nobody from being served.
fn log_rights(folder: &Path, general: &General, settings_files: &FileLayer) {
    let pair = PairPaths::effective(general.encryption_pair.as_ref(), folder);
    for finding in check::rights::findings(folder, &pair.key, settings_files) {
        let words = format!("{}; {}", finding.words(), finding.remedy);
        match finding.severity {
            Severity::Error => tracing::error!("{words}"),
            Severity::Warning => tracing::warn!("{words}"),
        }
    }
}

/// The lock stands in the folder and is taken before the store opens it.
fn make_folder(folder: &Path) -> io::Result<()> {
    if !folder.exists() {
        create_dir_all(folder)?;
        // Whatever the umask says: the group may look.
        set_permissions(folder, Permissions::from_mode(0o750))?;
    }
    Ok(())
}

fn failure(error: &ServerError) -> Failure {
    let failure = Failure::of(error);
    match error {
        ServerError::Bind(error) => error.kinds().into_iter().map(remedy_of_address).fold(failure, Failure::hint),
        ServerError::Certificate(_) => failure.hint(prose![
            "name a good pair with ",
            ctibox("certificate use CERTIFICATE KEY"),
            ", or use ctibox's own with ",
            ctibox("certificate use --fallback")
        ]),
        ServerError::Control { .. }
        | ServerError::Threads(_)
        | ServerError::Signals(_)
        | ServerError::Panicked { .. } => failure,
    }
}

fn remedy_of_address(kind: io::ErrorKind) -> Prose {
    match kind {
        io::ErrorKind::AddrInUse => {
            "another program has the port (`ss -ltnp` shows which): end it, or name a free address with `--listen`"
                .into()
        }
        io::ErrorKind::PermissionDenied => {
            prose![
                "ports below 1024 are for root alone: ",
                ctibox("setting set client.port 5003"),
                " takes one that is not"
            ]
        }
        io::ErrorKind::AddrNotAvailable => {
            prose!["name addresses of this host: ", ctibox("setting set client.listen 0.0.0.0,::")]
        }
        _ => "name other addresses with `--listen`".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ready_line_has_brackets_around_ipv6() {
        let bound: Vec<SocketAddr> =
            ["0.0.0.0:5003", "[::1]:5003"].iter().map(|text| text.parse().expect("an address")).collect();
        assert_eq!(ready_line(&bound), "ready 0.0.0.0:5003 [::1]:5003");
    }
}
