//! `ctibox context`: the parts of the numbering plan, and which one reaches into which.

use std::sync::Arc;

use clap::Subcommand;

use super::complete;
use super::failure::Failure;
use super::find;
use super::invocation::{Done, Invocation, json_of};
use crate::settings::configuration::Configuration;
use crate::settings::context::Context;
use crate::settings::id::ContextId;
use crate::settings::name::ContextName;

#[derive(Debug, Subcommand)]
pub(crate) enum ContextCommand {
    /// Add a context
    #[command(after_help = "Example:\n  ctibox context add sales --include default")]
    Add(AddContext),
    /// List all contexts and what is in them
    #[command(after_help = "Example:\n  ctibox context list")]
    List,
    /// Show one context
    #[command(after_help = "Example:\n  ctibox context show default --json")]
    Show(NamedContext),
    /// Rename a context or change what it includes
    #[command(after_help = "Example:\n  ctibox context edit sales --include default --include warehouse")]
    Edit(EditContext),
    /// Remove an empty context
    #[command(after_help = "Example:\n  ctibox context remove sales")]
    Remove(NamedContext),
}

#[derive(Debug, clap::Args)]
pub(crate) struct NamedContext {
    /// The name of the context
    #[arg(add = complete::contexts())]
    name: String,
}

#[derive(Debug, clap::Args)]
pub(crate) struct AddContext {
    /// 1 to 39 letters, digits, `_` or `-`
    name: String,
    /// A context that is reached from this one; may be given several times, in order of priority
    #[arg(long, value_name = "OTHER", add = complete::contexts())]
    include: Vec<String>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct EditContext {
    /// The name of the context
    #[arg(add = complete::contexts())]
    name: String,
    /// Its new name
    #[arg(long, value_name = "NEW")]
    rename: Option<String>,
    /// All that it includes from now on, once for each; `--include ""` for none
    #[arg(long, value_name = "OTHER", add = complete::contexts())]
    include: Option<Vec<String>>,
}

pub(crate) fn run(command: ContextCommand, ctx: &Invocation) -> Result<(), Failure> {
    match command {
        ContextCommand::Add(arguments) => add(&arguments, ctx),
        ContextCommand::List => list(ctx),
        ContextCommand::Show(named) => show(&named.name, ctx),
        ContextCommand::Edit(arguments) => edit(arguments, ctx),
        ContextCommand::Remove(named) => ctx.edit(move |c| {
            let context = Arc::clone(find::context(c, &named.name)?);
            c.remove_context(context.id)?;
            Ok(Done::new(format!("context \"{}\" was removed", context.name)))
        }),
    }
}

fn add(arguments: &AddContext, ctx: &Invocation) -> Result<(), Failure> {
    let name = ContextName::parse(&arguments.name)?;
    let includes = names(&arguments.include)?;
    ctx.edit(move |c| {
        let note = format!("context \"{name}\" was added");
        let id = c.add_context(name, &includes)?;
        Ok(Done::with::<Context>(note, id, c))
    })
}

fn names(texts: &[String]) -> Result<Vec<ContextName>, Failure> {
    Ok(texts.iter().flat_map(|text| find::parts(text)).map(ContextName::parse).collect::<Result<_, _>>()?)
}

fn list(ctx: &Invocation) -> Result<(), Failure> {
    let c = ctx.configuration()?;
    let rows: Vec<Vec<String>> = c
        .contexts
        .iter()
        .map(|context| {
            let lines = c.lines.iter().filter(|line| line.context == context.id).count();
            vec![context.name.to_string(), lines.to_string(), included(context, &c)]
        })
        .collect();
    let json = || c.contexts.iter().map(|context| json_of::<Context>(context.id, &c)).collect();
    ctx.output.list(&["CONTEXT", "LINES", "INCLUDES"], &rows, json)
}

fn included(context: &Context, c: &Configuration) -> String {
    let names: Vec<_> = context.includes.iter().filter_map(|id| c.contexts.get(*id)).map(|c| c.name.as_str()).collect();
    names.join(", ")
}

fn show(name: &str, ctx: &Invocation) -> Result<(), Failure> {
    let c = ctx.configuration()?;
    let context = find::context(&c, name)?;
    let reached: Vec<_> = c
        .reachable_contexts(context.id)
        .into_iter()
        .filter(|id| *id != context.id)
        .filter_map(|id| c.contexts.get(id))
        .map(|other| other.name.as_str())
        .collect();
    let count = |number: usize| number.to_string();
    let fields = [
        ("name", context.name.to_string()),
        ("id", context.id.to_string()),
        ("includes", included(context, &c)),
        ("reaches", reached.join(", ")),
        ("lines", count(c.lines.iter().filter(|line| line.context == context.id).count())),
        ("voicemails", count(c.voicemails.iter().filter(|found| found.context == context.id).count())),
        ("conferences", count(c.conferences.iter().filter(|found| found.context == context.id).count())),
        ("agents", count(c.agents.iter().filter(|found| found.context == context.id).count())),
        ("queues", count(c.queues.iter().filter(|found| found.context == context.id).count())),
        ("phone book", count(c.phone_book.number_in(context.id))),
        ("accounts", count(c.accounts.iter().filter(|found| found.contexts.contains(&context.id)).count())),
    ];
    ctx.output.fields(&fields, || json_of::<Context>(context.id, &c))
}

fn edit(arguments: EditContext, ctx: &Invocation) -> Result<(), Failure> {
    let rename = arguments.rename.as_deref().map(ContextName::parse).transpose()?;
    let includes = arguments.include.as_deref().map(names).transpose()?;
    ctx.edit(move |c| {
        let id = find::context(c, &arguments.name)?.id;
        let includes = includes.map(|names| ids(c, id, &names)).transpose()?;
        c.contexts.edit(id, |context| {
            if let Some(name) = rename {
                context.name = name;
            }
            if let Some(includes) = includes {
                context.includes = includes;
            }
        });
        Ok(Done::with::<Context>(format!("context \"{}\" was changed", arguments.name.trim()), id, c))
    })
}

/// A name said twice, and the context itself, count nothing.
fn ids(c: &Configuration, own: ContextId, names: &[ContextName]) -> Result<Vec<ContextId>, Failure> {
    let mut ids = Vec::new();
    for name in names {
        let id = find::context(c, name.as_str())?.id;
        if id != own && !ids.contains(&id) {
            ids.push(id);
        }
    }
    Ok(ids)
}
