//! `ctibox queue`: waiting lines for callers, and their members: agents, and lines whoever sits there.

use std::sync::Arc;

use clap::Subcommand;

use super::complete;
use super::failure::Failure;
use super::find;
use super::invocation::{Done, Invocation, json_of};
use crate::settings::configuration::Configuration;
use crate::settings::edit::NewQueue;
use crate::settings::name::{DisplayName, Extension, QueueName};
use crate::settings::queue::{MemberId, PENALTY_MAX, Queue, QueueMember, WRAPUP_SECONDS_MAX};
use crate::settings::rule::{Refusal, Rule};
use crate::settings::rule_target::RuleTarget;
use crate::settings::target_kind::TargetKind;
use crate::settings::violation::Violation;

#[derive(Debug, Subcommand)]
pub(crate) enum QueueCommand {
    /// Add a queue
    #[command(after_help = "Example:\n  ctibox queue add support --number 3001 --context default --wrapup 10")]
    Add(AddQueue),
    /// List all queues
    #[command(after_help = "Example:\n  ctibox queue list")]
    List,
    /// Show one queue with its members
    #[command(after_help = "Example:\n  ctibox queue show support")]
    Show(NamedQueue),
    /// Change a queue; what is left out stays
    #[command(after_help = "Example:\n  ctibox queue edit support --display \"Help desk\"")]
    Edit(EditQueue),
    /// Remove a queue; its agents and lines stay
    #[command(after_help = "Example:\n  ctibox queue remove support")]
    Remove(NamedQueue),
    /// Members of a queue
    #[command(subcommand)]
    Member(Member),
}

#[derive(Debug, Subcommand)]
pub(crate) enum Member {
    /// Add an agent or a line as a member, or change its penalty
    #[command(after_help = "Example:\n  ctibox queue member add support 2001 --penalty 5\n  \
                            ctibox queue member add support 1001@default")]
    Add(AddMember),
    /// List the members of a queue
    #[command(after_help = "Example:\n  ctibox queue member list support")]
    List(NamedQueue),
    /// Remove an agent or a line from a queue
    #[command(after_help = "Example:\n  ctibox queue member remove support 2001")]
    Remove(NamedMember),
}

#[derive(Debug, clap::Args)]
pub(crate) struct NamedQueue {
    /// The name of the queue
    #[arg(add = complete::queues())]
    name: String,
}

#[derive(Debug, clap::Args)]
pub(crate) struct AddQueue {
    /// 1 to 128 letters, digits, `_`, `-` or `.`
    name: String,
    /// What callers dial
    #[arg(long, value_name = "N")]
    number: String,
    /// The context in which it stands
    #[arg(long, value_name = "C", add = complete::contexts())]
    context: String,
    /// What people read; the name if left out
    #[arg(long, value_name = "T")]
    display: Option<String>,
    /// Seconds of rest after a call, 0 to 3600
    #[arg(long, value_name = "S")]
    wrapup: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct EditQueue {
    /// The name of the queue
    #[arg(add = complete::queues())]
    name: String,
    /// Its new name
    #[arg(long, value_name = "NEW")]
    rename: Option<String>,
    /// What callers dial
    #[arg(long, value_name = "N")]
    number: Option<String>,
    /// Its new context
    #[arg(long, value_name = "C", add = complete::contexts())]
    context: Option<String>,
    /// What people read; empty for the name
    #[arg(long, value_name = "T")]
    display: Option<String>,
    /// Seconds of rest after a call, 0 to 3600
    #[arg(long, value_name = "S")]
    wrapup: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct NamedMember {
    /// The name of the queue
    #[arg(add = complete::queues())]
    queue: String,
    /// The agent's number; a line with its context, `1001@default`
    #[arg(add = complete::queue_members())]
    member: String,
}

#[derive(Debug, clap::Args)]
pub(crate) struct AddMember {
    #[command(flatten)]
    member: NamedMember,
    /// 0 to 100; members with a lower one are called first
    #[arg(long, value_name = "N")]
    penalty: Option<String>,
}

pub(crate) fn run(command: QueueCommand, ctx: &Invocation) -> Result<(), Failure> {
    match command {
        QueueCommand::Add(arguments) => add(arguments, ctx),
        QueueCommand::List => list(ctx),
        QueueCommand::Show(named) => show(&named, ctx),
        QueueCommand::Edit(arguments) => edit(arguments, ctx),
        QueueCommand::Remove(named) => ctx.edit(move |c| {
            let queue = Arc::clone(find::queue(c, &named.name)?);
            c.remove_queue(queue.id)?;
            Ok(Done::new(format!("queue \"{}\" was removed", queue.name)))
        }),
        QueueCommand::Member(Member::Add(arguments)) => add_member(arguments, ctx),
        QueueCommand::Member(Member::List(named)) => list_members(&named, ctx),
        QueueCommand::Member(Member::Remove(member)) => ctx.edit(move |c| {
            let queue = Arc::clone(find::queue(c, &member.queue)?);
            let member = find::queue_member(c, &member.member)?;
            c.remove_queue_member(queue.id, member)?;
            let note = format!("{} is not in queue \"{}\" any more", shown(member, c), queue.name);
            Ok(Done::with::<Queue>(note, queue.id, c))
        }),
    }
}

fn wrapup(text: Option<&str>) -> Result<Option<u16>, Refusal> {
    let parse = |text: &str| match text.parse() {
        Ok(seconds) if seconds <= WRAPUP_SECONDS_MAX => Ok(seconds),
        _ => Err(Refusal::new(
            Rule::Q1,
            RuleTarget::text(TargetKind::WrapUpTime, text),
            Violation::must_be("0 to 3600 seconds"),
        )),
    };
    find::optional(text, parse)
}

fn penalty(text: Option<&str>) -> Result<u8, Refusal> {
    let parse = |text: &str| match text.parse() {
        Ok(penalty) if penalty <= PENALTY_MAX => Ok(penalty),
        _ => Err(Refusal::new(Rule::Q1, RuleTarget::text(TargetKind::Penalty, text), Violation::must_be("0 to 100"))),
    };
    Ok(find::optional(text, parse)?.unwrap_or_default())
}

fn display(text: Option<&str>, name: &QueueName) -> Result<DisplayName, Refusal> {
    match find::optional(text, DisplayName::parse)? {
        Some(display) => Ok(display),
        // A name may be twice as long as a display text.
        None => DisplayName::parse(&name.as_str().chars().take(64).collect::<String>()),
    }
}

fn add(arguments: AddQueue, ctx: &Invocation) -> Result<(), Failure> {
    let name = QueueName::parse(&arguments.name)?;
    let number = Extension::parse(&arguments.number)?;
    let display = display(arguments.display.as_deref(), &name)?;
    let wrapup_seconds = wrapup(arguments.wrapup.as_deref())?.unwrap_or_default();
    ctx.edit(move |c| {
        let context = find::context(c, &arguments.context)?.id;
        let note = format!("queue \"{name}\" was added");
        let id = c.add_queue(NewQueue { name, display, number, context, wrapup_seconds })?;
        Ok(Done::with::<Queue>(note, id, c))
    })
}

fn list(ctx: &Invocation) -> Result<(), Failure> {
    let c = ctx.configuration()?;
    let rows: Vec<Vec<String>> = c.queues.iter().map(|queue| row(queue, &c)).collect();
    let json = || c.queues.iter().map(|queue| json_of::<Queue>(queue.id, &c)).collect();
    ctx.output.list(&["QUEUE", "NUMBER", "CONTEXT", "WRAPUP", "MEMBERS", "DISPLAY"], &rows, json)
}

fn row(queue: &Queue, c: &Configuration) -> Vec<String> {
    vec![
        queue.name.to_string(),
        queue.number.to_string(),
        c.contexts.get(queue.context).map(|context| context.name.to_string()).unwrap_or_default(),
        format!("{} s", queue.wrapup_seconds),
        queue.members.len().to_string(),
        queue.display.to_string(),
    ]
}

fn show(named: &NamedQueue, ctx: &Invocation) -> Result<(), Failure> {
    let c = ctx.configuration()?;
    let queue = find::queue(&c, &named.name)?;
    let mut fields = vec![("id", queue.id.to_string())];
    fields.extend(["name", "number", "context", "wrap-up", "members", "display"].into_iter().zip(row(queue, &c)));
    for member in members(queue, &c) {
        fields.push(("member", format!("{} {}, penalty {}", member[0], member[1], member[2])));
    }
    ctx.output.fields(&fields, || json_of::<Queue>(queue.id, &c))
}

fn members(queue: &Queue, c: &Configuration) -> Vec<Vec<String>> {
    let row = |QueueMember { member, penalty }: &QueueMember| {
        let (number, name) = member.number_and_name(c);
        vec![number, name, penalty.to_string()]
    };
    queue.members.iter().map(row).collect()
}

/// `agent "2001"`
fn shown(member: MemberId, c: &Configuration) -> String {
    member.object_name(c).map(|name| name.to_string()).unwrap_or_default()
}

fn list_members(named: &NamedQueue, ctx: &Invocation) -> Result<(), Failure> {
    let c = ctx.configuration()?;
    let queue = find::queue(&c, &named.name)?;
    let json = || json_of::<Queue>(queue.id, &c)["members"].take();
    ctx.output.list(&["MEMBER", "NAME", "PENALTY"], &members(queue, &c), json)
}

fn edit(arguments: EditQueue, ctx: &Invocation) -> Result<(), Failure> {
    let name = arguments.rename.as_deref().map(QueueName::parse).transpose()?;
    let number = arguments.number.as_deref().map(Extension::parse).transpose()?;
    let wrapup = wrapup(arguments.wrapup.as_deref())?;
    ctx.edit(move |c| {
        let queue = Arc::clone(find::queue(c, &arguments.name)?);
        let name = name.unwrap_or_else(|| queue.name.clone());
        let display = match arguments.display.as_deref() {
            None => queue.display.clone(),
            text => display(text, &name)?,
        };
        let context = match arguments.context.as_deref() {
            None => queue.context,
            Some(name) => find::context(c, name)?.id,
        };
        c.queues.edit(queue.id, |queue| {
            (queue.name, queue.display, queue.context) = (name, display, context);
            queue.number = number.unwrap_or_else(|| queue.number.clone());
            queue.wrapup_seconds = wrapup.unwrap_or(queue.wrapup_seconds);
        });
        Ok(Done::with::<Queue>(format!("queue \"{}\" was changed", queue.name), queue.id, c))
    })
}

fn add_member(arguments: AddMember, ctx: &Invocation) -> Result<(), Failure> {
    let penalty = penalty(arguments.penalty.as_deref())?;
    ctx.edit(move |c| {
        let queue = Arc::clone(find::queue(c, &arguments.member.queue)?);
        let member = find::queue_member(c, &arguments.member.member)?;
        c.set_queue_member(queue.id, member, penalty)?;
        let note = format!("{} is in queue \"{}\" with penalty {penalty}", shown(member, c), queue.name);
        Ok(Done::with::<Queue>(note, queue.id, c))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn penalties_and_rests_are_in_range() {
        assert_eq!(penalty(None), Ok(0));
        assert_eq!(penalty(Some("100")), Ok(100));
        for text in ["101", "-1", "x", "256"] {
            assert_eq!(penalty(Some(text)).expect_err(text).rule, Rule::Q1);
        }
        assert_eq!(wrapup(Some("")), Ok(None));
        assert_eq!(wrapup(Some("3601")).expect_err("too long").rule, Rule::Q1);
    }
}
