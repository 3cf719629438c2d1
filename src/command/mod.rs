//! The command line: what can be said, and one file for each thing that can be done. The only room that reads the
//! environment, that ends the process and in which parts are wired together. It decides nothing of the field itself:
//! rules are in `settings`, files in `store`.

mod account;
mod agent;
mod agent_at_work;
mod asterisk;
mod auth;
mod backup;
mod certificate;
mod certificate_store;
mod check;
mod client;
mod complete;
mod completions;
mod conference;
mod console;
mod context;
mod demo;
mod dial_rule;
mod effect;
mod events;
mod export;
mod failure;
mod find;
mod folder;
mod given;
mod health;
mod hint;
mod history;
mod import;
mod info;
mod init;
mod invocation;
mod line;
mod man;
mod memory;
mod nightly;
mod output;
mod password;
mod phonebook;
mod phonebook_file;
mod placeholders;
mod presence;
mod presence_group;
mod profile;
mod profile_part;
mod progress;
mod prompt;
mod queue;
mod random;
mod remedy;
mod restore;
mod serve;
mod sessions;
mod setting;
mod settings_files;
mod settings_source;
mod status;
mod switch;
mod throttle;
mod user;
mod user_import;
mod user_services;
mod voicemail;
mod written_file;

use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::error::ErrorKind;
use clap::parser::ValueSource;
use clap::{ArgAction, Args, CommandFactory, FromArgMatches, Parser, Subcommand};
use clap_complete::CompleteEnv;

use failure::Failure;
use given::GivenOptions;
use invocation::Invocation;
use output::{Format, Output};
use placeholders::Placeholders;
use settings_files::{FileLocations, OLD_FOLDER, OWN_FILE, SettingsFiles};

/// Where the data are unless somebody says otherwise.
pub(crate) const DATA_FOLDER: &str = "/var/lib/ctibox";
pub(crate) const DATA_VARIABLE: &str = "CTIBOX_DATA";
pub(crate) const CONFIG_VARIABLE: &str = "CTIBOX_CONFIG";
pub(crate) const OLD_CONFIG_VARIABLE: &str = "CTIBOX_OLD_CONFIG";

/// The commit that the program was built from, with its day, and for what machine and how; `build.rs` says them.
pub(crate) const COMMIT: &str = env!("CTIBOX_COMMIT");
pub(crate) const BUILD: &str = env!("CTIBOX_BUILD");
const LONG_VERSION: &str =
    concat!(env!("CARGO_PKG_VERSION"), "\ncommit ", env!("CTIBOX_COMMIT"), "\nbuild ", env!("CTIBOX_BUILD"));

/// The CTI server of a XiVO-style telephone system in one file
#[derive(Debug, Parser)]
#[command(
    name = "ctibox",
    version,
    long_version = LONG_VERSION,
    max_term_width = 80,
    arg_required_else_help = true,
    after_help = "Example:\n  ctibox init\n  ctibox user add alice --first-name Alice --profile Client \\\n      \
                  --generate-password\n  ctibox serve"
)]
pub(crate) struct CommandLine {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Global options")]
struct Global {
    /// The folder with the database and the certificates
    ///
    /// Run by root, a command works as the owner of this folder, so that it leaves no file behind that the service
    /// cannot open.
    #[arg(long, global = true, value_name = "DIR", env = DATA_VARIABLE, default_value = DATA_FOLDER, hide_env_values = true)]
    data: PathBuf,
    /// The settings file, which overrides the database; `conf.d/*.yml` beside it override both
    ///
    /// The first file that has a key wins, in the order of their names.
    #[arg(long, global = true, value_name = "FILE", env = CONFIG_VARIABLE, default_value = OWN_FILE, hide_env_values = true)]
    config: PathBuf,
    /// Where xivo-ctid/ and xivo-auth/ are, whose settings files are read below ctibox's own
    ///
    /// Of their main files only what differs from what the packages put there counts.
    #[arg(long, global = true, value_name = "DIR", env = OLD_CONFIG_VARIABLE, default_value = OLD_FOLDER, hide_env_values = true)]
    old_config: PathBuf,
    /// Print data as JSON
    #[arg(long, global = true)]
    json: bool,
    /// Leave out notes and hints
    #[arg(long, short, global = true)]
    quiet: bool,
    /// Say more about what went wrong: as whom, where and when
    #[arg(long, short, global = true, action = ArgAction::Count)]
    verbose: u8,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the desktop clients until the process is told to stop
    Serve(serve::ServeArguments),
    /// Serve sample users from a temporary folder, to try it out
    Demo(demo::DemoArguments),
    /// The administrator's console: edit everything on screens, also over SSH
    Console(console::ConsoleArguments),
    /// Create the data folder with the default data
    Init(init::InitArguments),
    /// Users: who may log in
    #[command(subcommand)]
    User(user::UserCommand),
    /// Accounts: who may use the administrative interfaces
    #[command(subcommand)]
    Account(account::AccountCommand),
    /// Who checks passwords: try the backends
    #[command(subcommand)]
    Auth(auth::AuthCommand),
    /// Contexts: parts of the numbering plan
    #[command(subcommand)]
    Context(context::ContextCommand),
    /// Lines: extensions of users and their devices
    #[command(subcommand)]
    Line(line::LineCommand),
    /// Voicemail boxes
    #[command(subcommand)]
    Voicemail(voicemail::VoicemailCommand),
    /// Conference rooms
    #[command(subcommand)]
    Conference(conference::ConferenceCommand),
    /// Agents: who answers the calls of queues
    #[command(subcommand)]
    Agent(agent::AgentCommand),
    /// Queues and their members
    #[command(subcommand)]
    Queue(queue::QueueCommand),
    /// Asterisk: what it needs to work with ctibox
    #[command(subcommand)]
    Asterisk(asterisk::AsteriskCommand),
    /// Dial rules: how a number becomes what the dial plan expects
    #[command(subcommand)]
    DialRule(dial_rule::DialRuleCommand),
    /// The phone book: external people and companies
    #[command(subcommand)]
    Phonebook(phonebook::PhonebookCommand),
    /// Profiles: what a user's client shows and may do
    #[command(subcommand)]
    Profile(profile::ProfileCommand),
    /// Presences: the states that users can choose
    #[command(subcommand)]
    Presence(presence::PresenceCommand),
    /// Phone hint groups: texts and colors for the states of phones
    #[command(subcommand)]
    Hint(hint::HintCommand),
    /// General settings
    #[command(subcommand)]
    Setting(setting::SettingCommand),
    /// The certificate of the CTI port
    #[command(subcommand)]
    Certificate(certificate::CertificateCommand),
    /// The current state of users, phones, agents or queues
    Status(status::StatusArguments),
    /// Who is connected now
    Sessions(sessions::SessionsArguments),
    /// Whose logins are slowed down after failed ones, and by how much
    Throttle(throttle::ThrottleArguments),
    /// Forget the failed logins of a login or an address
    Unlock(throttle::UnlockArguments),
    /// Follow what happens in the server, one event per line
    ///
    /// Each line is a JSON object: `time` (Unix time), `type`, `cause`, `subject` and what changed. It goes on until it
    /// is interrupted or the server stops. Texts of chat are in no event.
    Events(events::EventsArguments),
    /// Tell by exit code, within a second, whether the server serves
    Health(health::HealthArguments),
    /// Write the whole configuration as one JSON document
    Export(export::ExportArguments),
    /// Replace the whole configuration with a document
    Import(import::ImportArguments),
    /// Copy the whole database, even while the server runs
    Backup(backup::BackupArguments),
    /// Restore a backup
    Restore(restore::RestoreArguments),
    /// Show who changed what, and take changes back
    History(history::HistoryArguments),
    /// Look for problems, and say what to do about them
    Check(check::CheckArguments),
    /// A small CTI client, to see what a desktop client gets
    Client(client::ClientArguments),
    /// Show versions, paths and settings for a bug report
    Info(info::DescribeArguments),
    /// Print a script that completes commands and names in your shell
    Completions(completions::CompletionsArguments),
    /// Print the manual
    Man(man::ManArguments),
}

impl Command {
    /// Whether it works on the data folder, and so as its owner.
    fn opens_folder(&self) -> bool {
        !matches!(self, Self::Client(_) | Self::Completions(_) | Self::Demo(_) | Self::Man(_))
    }

    /// What needs the rights of whoever gave the command, before it becomes the folder's owner.
    fn prepare(&mut self) -> Result<(), Failure> {
        match self {
            Self::Asterisk(command) => asterisk::prepare(command),
            Self::Certificate(command) => command.prepare(),
            _ => Ok(()),
        }
    }

    fn run(self, ctx: &Invocation) -> Result<(), Failure> {
        match self {
            Self::Serve(arguments) => serve::run(&arguments, ctx),
            Self::Demo(arguments) => demo::run(&arguments, ctx),
            Self::Console(arguments) => console::run(&arguments, ctx),
            Self::Certificate(command) => certificate::run(command, ctx),
            Self::Status(arguments) => status::run(&arguments, ctx),
            Self::Sessions(arguments) => sessions::run(&arguments, ctx),
            Self::Throttle(arguments) => throttle::run(&arguments, ctx),
            Self::Unlock(arguments) => throttle::unlock(&arguments, ctx),
            Self::Events(_) => events::run(ctx),
            Self::Health(arguments) => health::run(&arguments, ctx),
            Self::Init(arguments) => init::run(&arguments, ctx),
            Self::User(command) => user::run(command, ctx),
            Self::Account(command) => account::run(command, ctx),
            Self::Auth(command) => auth::run(&command, ctx),
            Self::Context(command) => context::run(command, ctx),
            Self::Line(command) => line::run(command, ctx),
            Self::Voicemail(command) => voicemail::run(command, ctx),
            Self::Conference(command) => conference::run(command, ctx),
            Self::Agent(command) => agent::run(command, ctx),
            Self::Queue(command) => queue::run(command, ctx),
            Self::Asterisk(command) => asterisk::run(command, ctx),
            Self::DialRule(command) => dial_rule::run(command, ctx),
            Self::Phonebook(command) => phonebook::run(command, ctx),
            Self::Profile(command) => profile::run(command, ctx),
            Self::Presence(command) => presence::run(command, ctx),
            Self::Hint(command) => hint::run(command, ctx),
            Self::Setting(command) => setting::run(command, ctx),
            Self::Export(arguments) => export::run(&arguments, ctx),
            Self::Import(arguments) => import::run(&arguments, ctx),
            Self::Backup(arguments) => backup::run(&arguments, ctx),
            Self::Restore(arguments) => restore::run(&arguments, ctx),
            Self::History(arguments) => history::run(arguments, ctx),
            Self::Check(_) => check::run(ctx),
            Self::Client(arguments) => client::run(&arguments, ctx),
            Self::Info(_) => info::run(ctx),
            Self::Completions(arguments) => completions::run(&arguments, ctx),
            Self::Man(arguments) => man::run(&arguments, ctx),
        }
    }
}

/// Parses, calls one command, maps its failure to an exit code: 0, 1 failure, 2 usage.
pub fn main() -> ExitCode {
    folder::keep_files_private();
    memory::keep_memory_private();
    CompleteEnv::with_factory(CommandLine::command).var(completions::COMPLETE_VARIABLE).complete();
    let definition = CommandLine::command();
    let parsed = definition.clone().try_get_matches();
    let parsed = parsed.and_then(|matches| CommandLine::from_arg_matches(&matches).map(|line| (line, matches)));
    let (CommandLine { global, command }, matches) = match parsed {
        Ok(parsed) => parsed,
        Err(error) if is_bare(&error) => return show_help(definition),
        Err(error) => {
            // Help that nobody reads any more is no failure.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    let format = if global.json { Format::Json } else { Format::Text };
    let output = Output::new(format, global.quiet, GivenOptions::of(&matches));
    let locations = FileLocations {
        own: Some(global.config),
        is_named: matches.value_source("config") != Some(ValueSource::DefaultValue),
        old: Some(global.old_config),
    };
    let caller = folder::Caller::of(&global.data);
    let ctx = Invocation {
        folder: global.data,
        files: Arc::new(SettingsFiles::new(locations)),
        caller: caller.name,
        account: caller.account,
        output,
        changed: Arc::default(),
        intent: Arc::default(),
    };
    let mut command = command;
    let outcome = command.prepare().and_then(|()| match command.opens_folder() {
        true => folder::become_owner(&ctx.folder).and_then(|()| command.run(&ctx)),
        false => command.run(&ctx),
    });
    match outcome.and_then(|()| ctx.tell_effect()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure
            .filled(Placeholders::typed(&definition, &matches))
            .report(&ctx.output, (global.verbose > 0).then(|| circumstances(&ctx)).as_deref()),
    }
}

/// Nothing was typed. A data folder named by the environment counts as an argument, and keeps the parser from showing
/// the help by itself.
fn is_bare(error: &clap::Error) -> bool {
    error.kind() == ErrorKind::MissingSubcommand && std::env::args_os().len() == 1
}

/// The help on stderr, as the parser gives it with a usage error.
fn show_help(mut definition: clap::Command) -> ExitCode {
    // Help that nobody reads any more is no failure.
    let _ = io::stderr().write_all(definition.render_help().to_string().as_bytes());
    ExitCode::from(2)
}

fn circumstances(ctx: &Invocation) -> String {
    let now = time::OffsetDateTime::now_utc();
    let when = now.format(&time::format_description::well_known::Rfc3339).unwrap_or_default();
    format!(
        "at {when}, as {} with uid {}, on {}",
        ctx.caller,
        rustix::process::geteuid().as_raw(),
        ctx.folder.display()
    )
}

#[cfg(test)]
mod tests;
