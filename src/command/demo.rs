//! `ctibox demo`: a server with made-up people in a throw-away data folder, and what to type in the desktop client. It
//! serves exactly as `serve` does; when it ends, the folder is gone.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::failure::Failure;
use super::invocation::Invocation;
use super::{random, serve};
use crate::observe::log::LogForm;
use crate::server::Hangup;
use crate::settings::configuration::Configuration;
use crate::settings::default::Language;
use crate::settings::edit::{NewAgent, NewConference, NewLine, NewQueue, NewUser};
use crate::settings::id::{ContextId, UserId};
use crate::settings::name::{
    AgentNumber, ConferenceName, ConferenceNumber, ContextName, Device, DisplayName, Extension, FirstName, LastName,
    Login, Mailbox, QueueName,
};
use crate::settings::password::Password;
use crate::settings::rule::Refusal;
use crate::store::Store;

/// The password of everybody in the demonstration.
const PASSWORD: &str = "demo";

/// Login, first name, last name, extension, context, profile.
const PEOPLE: [(&str, &str, &str, &str, &str, &str); 6] = [
    ("alice", "Alice", "Archer", "1001", "default", "Client"),
    ("bruno", "Bruno", "Baker", "1002", "default", "Client"),
    ("chloe", "Chloé", "Carter", "1003", "default", "Supervisor"),
    ("david", "David", "Dupont", "1004", "default", "Agent"),
    ("emma", "Emma", "Eriksen", "2001", "workshop", "Client"),
    ("farid", "Farid", "Fournier", "2002", "workshop", "Client"),
];

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  ctibox demo --listen 127.0.0.1:5003")]
pub(crate) struct DemoArguments {
    /// Listen here instead of on every address, port 5003; may be given more than once
    #[arg(long, value_name = "ADDR:PORT")]
    listen: Vec<SocketAddr>,
    /// How to write the log
    #[arg(long, value_enum, default_value_t, value_name = "FORM")]
    log: LogForm,
}

pub(crate) fn run(arguments: &DemoArguments, ctx: &Invocation) -> Result<(), Failure> {
    serve::start_log(arguments.log, ctx);
    let folder = ThrowAway::make()?;
    // The folder and its database are made before the server opens them as any other.
    drop(Store::open(&folder.0, || {
        demo_configuration().expect("the people of the demonstration keep the rules, as a test shows")
    })?);
    // It is nobody's installation: no settings file has a say in it.
    let ctx = Invocation { folder: folder.0.clone(), files: Arc::default(), ..ctx.clone() };
    let arguments = serve::ServeArguments { listen: arguments.listen.clone(), log: arguments.log };
    serve::serve(&arguments, &ctx, hangup(), |bound| {
        ctx.output.data(&instructions(bound, &folder.0))?;
        ctx.output.data(&serve::ready_line(bound))
    })
}

/// A terminal that closes ends what was shown on it, unless `nohup` was to prevent that.
fn hangup() -> Hangup {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    if ignores_hangup(&status) { Hangup::Reload } else { Hangup::Stop }
}

/// Whether SIGHUP, which is the lowest bit, is among the signals that the process was told to ignore.
fn ignores_hangup(status: &str) -> bool {
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).is_some_and(|mask| mask & 1 == 1)
}

/// Removed with all that is in it when the demonstration ends.
struct ThrowAway(PathBuf);

impl ThrowAway {
    fn make() -> Result<Self, Failure> {
        use std::os::unix::fs::DirBuilderExt as _;
        let path = std::env::temp_dir().join(format!("ctibox-demo-{}", &random::server_uuid().to_string()[..8]));
        std::fs::DirBuilder::new()
            .mode(0o750)
            .create(&path)
            .map_err(|error| Failure::new(format!("cannot make the folder {}", path.display())).cause(&error))?;
        Ok(Self(path))
    }
}

impl Drop for ThrowAway {
    fn drop(&mut self) {
        // What is left lies in the folder for temporary files.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn demo_configuration() -> Result<Configuration, Refusal> {
    let mut world = Configuration::default_data(random::server_uuid(), Language::English);
    let mut users = Vec::new();
    for (login, first_name, last_name, extension, context, profile) in PEOPLE {
        let context = context_named(&mut world, context)?;
        let user = world.add_user(NewUser {
            uuid: random::user_uuid(),
            login: Some(Login::parse(login)?),
            first_name: FirstName::parse(first_name)?,
            last_name: LastName::parse(last_name)?,
            email: None,
            mobile: None,
            password: Some(Password::parse(PASSWORD)?.hash(&random::salt())),
            enabled: true,
            profile: world.profiles.find(|known| known.name.as_str() == profile).map(|profile| profile.id),
        })?;
        world.add_line(NewLine {
            user,
            extension: Extension::parse(extension)?,
            context,
            device: Device::parse(&format!("PJSIP/{extension}"))?,
            is_main: true,
        })?;
        users.push(user);
    }
    let context = context_named(&mut world, "default")?;
    world.add_voicemail(Mailbox::parse("1001")?, context, users.first().copied())?;
    world.add_conference(NewConference {
        number: ConferenceNumber::parse("4000")?,
        name: ConferenceName::parse("Meeting room")?,
        context,
        pin: None,
    })?;
    add_queue(&mut world, context, users.get(3).copied())?;
    Ok(world)
}

fn add_queue(world: &mut Configuration, context: ContextId, david: Option<UserId>) -> Result<(), Refusal> {
    let agent = world.add_agent(NewAgent {
        number: AgentNumber::parse("8004")?,
        first_name: FirstName::parse("David")?,
        last_name: LastName::parse("Dupont")?,
        context,
        user: david,
    })?;
    let queue = world.add_queue(NewQueue {
        name: QueueName::parse("support")?,
        display: DisplayName::parse("Support")?,
        number: Extension::parse("3000")?,
        context,
        wrapup_seconds: 10,
    })?;
    world.set_queue_member(queue, agent, 0)
}

fn context_named(world: &mut Configuration, name: &str) -> Result<ContextId, Refusal> {
    let name = ContextName::parse(name)?;
    match world.context_named(&name).map(|context| context.id) {
        Some(id) => Ok(id),
        None => world.add_context(name, &[]),
    }
}

fn instructions(bound: &[SocketAddr], folder: &Path) -> String {
    let port = bound.first().map_or(0, SocketAddr::port);
    // A program that is not where the shell looks for it is called as this one was.
    let program = std::env::args().next().filter(|name| name.contains('/')).unwrap_or_else(|| "ctibox".to_owned());
    let people = PEOPLE.iter().map(|(login, first_name, last_name, extension, context, profile)| {
        let name = format!("{first_name} {last_name}");
        format!("  {login:<8} {PASSWORD:<10} {name:<16} {extension:<10} {context:<10} {profile}\n")
    });
    format!(
        "This is ctibox with made-up people. Press Ctrl-C to end it; nothing is kept.\n\n\
         In the desktop client (XiVO Client or Wazo Client):\n  \
         1. Open the menu XiVO Client (Wazo Client) > Configure.\n  \
         2. Tab Administration: the address of this host, port {port}, and the padlock\n     \
         button raised. Pressed is encryption on, as it is in a new client; its\n     \
         picture is a closed padlock either way. Released clients speak only\n     \
         TLS 1.0, which is not safe any more and is refused.\n  \
         3. Tab User: switch Auto-reconnect on. A client without it stays out when\n     \
         the server stops; one with it comes back after 20 seconds.\n  \
         4. Log in as one of these, in a second client as another:\n\n  \
         login    password   name             extension  context    profile\n{}\n\
         Without a desktop client, in another terminal:\n  \
         {program} client localhost:{port} --user alice\n\
         The data, until the end:\n  \
         {program} --data {} user list\n",
        people.collect::<String>(),
        folder.display()
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::rule::Severity;

    #[test]
    fn the_people_of_the_demonstration_keep_the_rules() {
        let world = demo_configuration().expect("a configuration");
        let errors = world.findings().into_iter().filter(|finding| finding.severity == Severity::Error).count();
        assert_eq!(errors, 0);
        assert_eq!((world.users.len(), world.contexts.len(), world.agents.len(), world.queues.len()), (6, 2, 1, 1));
        assert!(world.users.iter().all(|user| user.profile.is_some()));
    }

    #[test]
    fn the_instructions_name_the_clients_own_tabs_and_buttons() {
        let bound = ["127.0.0.1:4711".parse().expect("an address")];
        let text = instructions(&bound, Path::new("/tmp/x"));
        for part in [
            "port 4711",
            "XiVO Client (Wazo Client) > Configure.",
            "Tab Administration: the address of this host, port 4711, and the padlock\n     button raised.",
            "Tab User: switch Auto-reconnect on.",
            "20 seconds",
            "alice    demo",
            "localhost:4711 --user alice",
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
        let is_command = |line: &str| line.contains(" client ") || line.contains(" --data ");
        assert!(text.lines().all(|line| line.chars().count() <= 80 || is_command(line)), "{text}");
    }
}
