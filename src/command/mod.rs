//! The command line: what can be said, and one file for each thing that can be done. The only room that reads the
//! environment, that ends the process and in which parts are wired together. It decides nothing of the field itself:
//! rules are in `settings`, files in `store`.

mod agent;
mod ask;
mod backup;
mod blank;
mod certificate;
mod check;
mod client;
mod complete;
mod completions;
mod conference;
mod console;
mod context;
mod demo;
mod effect;
mod export;
mod failure;
mod find;
mod folder;
mod given;
mod guess;
mod health;
mod hint;
mod history;
mod import;
mod info;
mod init;
mod invocation;
mod line;
mod man;
mod nightly;
mod output;
mod password;
mod phonebook;
mod phonebook_file;
mod presence;
mod presence_group;
mod profile;
mod profile_part;
mod progress;
mod queue;
mod random;
mod remedy;
mod restore;
mod serve;
mod sessions;
mod setting;
mod user;
mod user_import;
mod voicemail;
mod written_file;

use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::error::ErrorKind;
use clap::{ArgAction, Args, CommandFactory, FromArgMatches, Parser, Subcommand};
use clap_complete::CompleteEnv;

use blank::Blanks;
use failure::Failure;
use given::GivenOptions;
use invocation::Invocation;
use output::{Format, Output};

/// Where the data are unless somebody says otherwise.
pub(crate) const DATA_FOLDER: &str = "/var/lib/ctibox";
pub(crate) const DATA_VARIABLE: &str = "CTIBOX_DATA";
pub(crate) const CONFIG_VARIABLE: &str = "CTIBOX_CONFIG";

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
    /// A settings file
    #[arg(long, global = true, value_name = "FILE", env = CONFIG_VARIABLE, hide_env_values = true)]
    config: Option<PathBuf>,
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
    Serve(serve::Arguments),
    /// Serve made-up people from a throw-away folder, to try it out
    Demo(demo::Arguments),
    /// Edit everything on screens, over SSH or at the machine
    Console(console::Arguments),
    /// Make the data folder with the default data
    Init(init::Arguments),
    /// Users: who may log in
    #[command(subcommand)]
    User(user::Command),
    /// Contexts: parts of the numbering plan
    #[command(subcommand)]
    Context(context::Command),
    /// Lines: extensions of users and their devices
    #[command(subcommand)]
    Line(line::Command),
    /// Voicemail boxes
    #[command(subcommand)]
    Voicemail(voicemail::Command),
    /// Conference rooms
    #[command(subcommand)]
    Conference(conference::Command),
    /// Agents: who takes the calls of queues
    #[command(subcommand)]
    Agent(agent::Command),
    /// Queues and their members
    #[command(subcommand)]
    Queue(queue::Command),
    /// The phone book: people and companies outside
    #[command(subcommand)]
    Phonebook(phonebook::Command),
    /// Profiles: what a user's client shows and may do
    #[command(subcommand)]
    Profile(profile::Command),
    /// Presences: what users may say they are doing
    #[command(subcommand)]
    Presence(presence::Command),
    /// Phone hint groups: texts and colors of telephones' states
    #[command(subcommand)]
    Hint(hint::Command),
    /// General settings
    #[command(subcommand)]
    Setting(setting::Command),
    /// The certificate of the CTI port
    #[command(subcommand)]
    Certificate(certificate::Command),
    /// Who is connected now
    Sessions(sessions::Arguments),
    /// Whether the server serves, as an exit code within a second
    Health(health::Arguments),
    /// Write the whole configuration as one JSON document
    Export(export::Arguments),
    /// Replace the whole configuration by a document
    Import(import::Arguments),
    /// Copy the whole database, also while the server runs
    Backup(backup::Arguments),
    /// Bring a backup back
    Restore(restore::Arguments),
    /// Who changed what, and taking a change back
    History(history::Arguments),
    /// Look for anything that is wrong, and say what to do about it
    Check(check::Arguments),
    /// A small CTI client, to see what a desktop client gets
    Client(client::Arguments),
    /// Show versions, paths and settings for a bug report
    Info(info::Arguments),
    /// Print a script that completes commands and names in your shell
    Completions(completions::Arguments),
    /// Print the manual
    Man(man::Arguments),
}

impl Command {
    /// Whether it works on the data folder, and so as its owner.
    fn opens_folder(&self) -> bool {
        !matches!(self, Self::Client(_) | Self::Completions(_) | Self::Demo(_) | Self::Man(_))
    }

    fn run(self, call: &Invocation) -> Result<(), Failure> {
        match self {
            Self::Serve(arguments) => serve::run(&arguments, call),
            Self::Demo(arguments) => demo::run(&arguments, call),
            Self::Console(arguments) => console::run(&arguments, call),
            Self::Certificate(command) => certificate::run(command, call),
            Self::Sessions(arguments) => sessions::run(&arguments, call),
            Self::Health(arguments) => health::run(&arguments, call),
            Self::Init(arguments) => init::run(&arguments, call),
            Self::User(command) => user::run(command, call),
            Self::Context(command) => context::run(command, call),
            Self::Line(command) => line::run(command, call),
            Self::Voicemail(command) => voicemail::run(command, call),
            Self::Conference(command) => conference::run(command, call),
            Self::Agent(command) => agent::run(command, call),
            Self::Queue(command) => queue::run(command, call),
            Self::Phonebook(command) => phonebook::run(command, call),
            Self::Profile(command) => profile::run(command, call),
            Self::Presence(command) => presence::run(command, call),
            Self::Hint(command) => hint::run(command, call),
            Self::Setting(command) => setting::run(command, call),
            Self::Export(arguments) => export::run(&arguments, call),
            Self::Import(arguments) => import::run(&arguments, call),
            Self::Backup(arguments) => backup::run(&arguments, call),
            Self::Restore(arguments) => restore::run(&arguments, call),
            Self::History(arguments) => history::run(arguments, call),
            Self::Check(_) => check::run(call),
            Self::Client(arguments) => client::run(&arguments, call),
            Self::Info(_) => info::run(call),
            Self::Completions(arguments) => completions::run(&arguments, call),
            Self::Man(arguments) => man::run(&arguments, call),
        }
    }
}

/// Parses, calls one command, maps its failure to an exit code: 0, 1 failure, 2 usage.
pub fn main() -> ExitCode {
    folder::keep_files_private();
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
    let call = Invocation {
        folder: global.data,
        config: global.config,
        caller: folder::caller(),
        output,
        changed: Arc::default(),
    };
    if let Some(file) = &call.config {
        call.output.warning(&format!("the settings file {} is not read by this version", file.display()));
    }
    let outcome = match command.opens_folder() {
        true => folder::become_owner(&call.folder).and_then(|()| command.run(&call)),
        false => command.run(&call),
    };
    match outcome.and_then(|()| call.tell_effect()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure
            .filled(&Blanks::typed(&definition, &matches))
            .report(&call.output, (global.verbose > 0).then(|| circumstances(&call)).as_deref()),
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

fn circumstances(call: &Invocation) -> String {
    let now = time::OffsetDateTime::now_utc();
    let when = now.format(&time::format_description::well_known::Rfc3339).unwrap_or_default();
    format!(
        "at {when}, as {} with uid {}, on {}",
        call.caller,
        rustix::process::geteuid().as_raw(),
        call.folder.display()
    )
}

#[cfg(test)]
mod tests;
