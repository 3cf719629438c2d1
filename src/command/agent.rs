//! `ctibox agent`: those who take the calls of queues, and which user each of them is.

use std::sync::Arc;

use clap::Subcommand;

use super::agent_at_work::{self, LogOff, PauseAgent, UnpauseAgent};
use super::complete;
use super::failure::Failure;
use super::find;
use super::invocation::{Done, Invocation, json_of};
use crate::settings::agent::Agent;
use crate::settings::configuration::Configuration;
use crate::settings::edit::NewAgent;
use crate::settings::name::{AgentNumber, FirstName, LastName};

#[derive(Debug, Subcommand)]
pub(crate) enum AgentCommand {
    /// Add an agent
    #[command(after_help = "Example:\n  ctibox agent add 2001 --first-name Alice --context default --user alice")]
    Add(AddAgent),
    /// List all agents
    #[command(after_help = "Example:\n  ctibox agent list")]
    List,
    /// Show one agent
    #[command(after_help = "Example:\n  ctibox agent show 2001")]
    Show(NamedAgent),
    /// Change an agent; what is left out stays, an empty value means none
    #[command(after_help = "Example:\n  ctibox agent edit 2001 --user bob")]
    Edit(EditAgent),
    /// Remove an agent, also from its queues
    #[command(after_help = "Example:\n  ctibox agent remove 2001")]
    Remove(NamedAgent),
    /// Log an agent off who is logged in; a call goes on
    #[command(after_help = "Example:\n  ctibox agent logoff 2001")]
    Logoff(LogOff),
    /// Pause an agent who is logged in, in all queues or in one
    #[command(
        after_help = "Example:\n  ctibox agent pause 2001 --reason lunch\n  ctibox agent pause 2001 --queue support"
    )]
    Pause(PauseAgent),
    /// End an agent's pause, in all queues or in one
    #[command(after_help = "Example:\n  ctibox agent unpause 2001")]
    Unpause(UnpauseAgent),
}

#[derive(Debug, clap::Args)]
pub(crate) struct NamedAgent {
    /// The agent's number
    #[arg(add = complete::agents())]
    number: String,
}

#[derive(Debug, clap::Args)]
pub(crate) struct AddAgent {
    /// 1 to 40 letters or digits
    number: String,
    /// The first name
    #[arg(long, value_name = "F")]
    first_name: String,
    /// The last name
    #[arg(long, value_name = "L")]
    last_name: Option<String>,
    /// The agent's context
    #[arg(long, value_name = "C", add = complete::contexts())]
    context: String,
    /// The user who is this agent; a user is at most one
    #[arg(long, value_name = "USER", add = complete::users())]
    user: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct EditAgent {
    /// The agent's number
    #[arg(add = complete::agents())]
    number: String,
    /// The new number
    #[arg(long, value_name = "NEW")]
    renumber: Option<String>,
    /// The first name
    #[arg(long, value_name = "F")]
    first_name: Option<String>,
    /// The last name
    #[arg(long, value_name = "L")]
    last_name: Option<String>,
    /// The new context
    #[arg(long, value_name = "C", add = complete::contexts())]
    context: Option<String>,
    /// The user who is this agent; empty for nobody
    #[arg(long, value_name = "USER", add = complete::users())]
    user: Option<String>,
}

pub(crate) fn run(command: AgentCommand, ctx: &Invocation) -> Result<(), Failure> {
    match command {
        AgentCommand::Add(arguments) => add(arguments, ctx),
        AgentCommand::List => list(ctx),
        AgentCommand::Show(named) => show(&named, ctx),
        AgentCommand::Edit(arguments) => edit(arguments, ctx),
        AgentCommand::Remove(named) => ctx.edit(move |c| {
            let agent = Arc::clone(find::agent(c, &named.number)?);
            c.remove_agent(agent.id)?;
            Ok(Done::new(format!("agent \"{}\" was removed", agent.number)))
        }),
        AgentCommand::Logoff(arguments) => agent_at_work::log_off(&arguments, ctx),
        AgentCommand::Pause(arguments) => agent_at_work::pause(&arguments, ctx),
        AgentCommand::Unpause(arguments) => agent_at_work::unpause(&arguments, ctx),
    }
}

fn add(arguments: AddAgent, ctx: &Invocation) -> Result<(), Failure> {
    let number = AgentNumber::parse(&arguments.number)?;
    let first_name = FirstName::parse(&arguments.first_name)?;
    let last_name = LastName::parse(arguments.last_name.as_deref().unwrap_or_default())?;
    ctx.edit(move |c| {
        let context = find::context(c, &arguments.context)?.id;
        let user = find::user_or_none(c, arguments.user.as_deref())?;
        let note = format!("agent \"{number}\" was added");
        let id = c.add_agent(NewAgent { number, first_name, last_name, context, user })?;
        Ok(Done::with::<Agent>(note, id, c))
    })
}

fn list(ctx: &Invocation) -> Result<(), Failure> {
    let c = ctx.configuration()?;
    let rows: Vec<Vec<String>> = c.agents.iter().map(|agent| row(agent, &c)).collect();
    let json = || c.agents.iter().map(|agent| json_of::<Agent>(agent.id, &c)).collect();
    ctx.output.list(&["NUMBER", "NAME", "CONTEXT", "USER"], &rows, json)
}

fn row(agent: &Agent, c: &Configuration) -> Vec<String> {
    vec![
        agent.number.to_string(),
        format!("{} {}", agent.first_name, agent.last_name).trim_end().to_owned(),
        c.contexts.get(agent.context).map(|context| context.name.to_string()).unwrap_or_default(),
        find::listed_user(c, agent.user),
    ]
}

fn show(named: &NamedAgent, ctx: &Invocation) -> Result<(), Failure> {
    let c = ctx.configuration()?;
    let agent = find::agent(&c, &named.number)?;
    let queues: Vec<_> =
        c.queues.iter().filter(|queue| queue.member(agent.id).is_some()).map(|queue| queue.name.as_str()).collect();
    let mut fields = vec![("id", agent.id.to_string())];
    fields.extend(["number", "name", "context", "user"].into_iter().zip(row(agent, &c)));
    fields.push(("queues", queues.join(", ")));
    ctx.output.fields(&fields, || json_of::<Agent>(agent.id, &c))
}

fn edit(arguments: EditAgent, ctx: &Invocation) -> Result<(), Failure> {
    let number = arguments.renumber.as_deref().map(AgentNumber::parse).transpose()?;
    let first_name = arguments.first_name.as_deref().map(FirstName::parse).transpose()?;
    let last_name = arguments.last_name.as_deref().map(LastName::parse).transpose()?;
    ctx.edit(move |c| {
        let agent = Arc::clone(find::agent(c, &arguments.number)?);
        let user = match arguments.user.as_deref() {
            None => agent.user,
            text => find::user_or_none(c, text)?,
        };
        let context = match arguments.context.as_deref() {
            None => agent.context,
            Some(name) => find::context(c, name)?.id,
        };
        c.agents.edit(agent.id, |agent| {
            (agent.user, agent.context) = (user, context);
            agent.number = number.unwrap_or_else(|| agent.number.clone());
            agent.first_name = first_name.unwrap_or_else(|| agent.first_name.clone());
            agent.last_name = last_name.unwrap_or_else(|| agent.last_name.clone());
        });
        Ok(Done::with::<Agent>(format!("agent \"{}\" was changed", agent.number), agent.id, c))
    })
}
