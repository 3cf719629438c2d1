//! `ctibox presence group`: sets of presences that belong together; a profile uses one.

use std::sync::Arc;

use clap::Subcommand;

use super::failure::Failure;
use super::invocation::{Done, Invocation, json_of};
use super::{complete, find, prompt};
use crate::settings::name::{Description, PresenceGroupName};
use crate::settings::presence::PresenceGroup;
use crate::settings::rule::count;

#[derive(Debug, Subcommand)]
pub(crate) enum PresenceGroupCommand {
    /// Add a group that starts as a copy of group `xivo`
    #[command(after_help = "Example:\n  ctibox presence group add sales --description \"Sales people\"")]
    Add(AddPresenceGroup),
    /// List all groups
    #[command(after_help = "Example:\n  ctibox presence group list")]
    List,
    /// Change a group's name or description
    #[command(after_help = "Example:\n  ctibox presence group edit sales --description \"\"")]
    Edit(EditPresenceGroup),
    /// Remove a group that no profile uses, with its presences
    #[command(after_help = "Example:\n  ctibox presence group remove sales")]
    Remove(RemovePresenceGroup),
}

#[derive(Debug, clap::Args)]
pub(crate) struct AddPresenceGroup {
    /// 1 to 64 letters, digits, `_` or `-`
    group: String,
    /// Free text beside the name
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct EditPresenceGroup {
    /// The name of the group
    #[arg(add = complete::presence_groups())]
    group: String,
    /// Its new name
    #[arg(long, value_name = "NEW")]
    rename: Option<String>,
    /// Free text beside the name
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct RemovePresenceGroup {
    /// The name of the group
    #[arg(add = complete::presence_groups())]
    group: String,
    /// Do not ask
    #[arg(long, short)]
    yes: bool,
}

pub(crate) fn run(command: PresenceGroupCommand, ctx: &Invocation) -> Result<(), Failure> {
    match command {
        PresenceGroupCommand::Add(arguments) => {
            let name = PresenceGroupName::parse(&arguments.group)?;
            let description = Description::parse(arguments.description.as_deref().unwrap_or_default())?;
            ctx.edit(move |c| {
                let note = format!("presence group \"{name}\" was added");
                let id = c.add_presence_group(name, description)?;
                Ok(Done::with::<PresenceGroup>(note, id, c))
            })
        }
        PresenceGroupCommand::List => list(ctx),
        PresenceGroupCommand::Edit(arguments) => edit(arguments, ctx),
        PresenceGroupCommand::Remove(arguments) => {
            if !arguments.yes {
                let mut c = ctx.configuration()?;
                let group = Arc::clone(find::presence_group(&c, &arguments.group)?);
                let presences = count(c.presences_of(group.id).len(), "presence");
                // Nobody is asked about what will be refused.
                c.remove_presence_group(group.id)?;
                prompt::confirm(&ctx.output, &format!("Remove group \"{}\" with {presences}?", group.name))?;
            }
            ctx.edit(move |c| {
                let group = Arc::clone(find::presence_group(c, &arguments.group)?);
                c.remove_presence_group(group.id)?;
                Ok(Done::new(format!("presence group \"{}\" was removed", group.name)))
            })
        }
    }
}

fn list(ctx: &Invocation) -> Result<(), Failure> {
    let c = ctx.configuration()?;
    let rows: Vec<Vec<String>> = c
        .presence_groups
        .iter()
        .map(|group| {
            let profiles = c.profiles.iter().filter(|profile| profile.presence_group == group.id).count();
            vec![
                group.name.to_string(),
                c.presences_of(group.id).len().to_string(),
                profiles.to_string(),
                group.description.to_string(),
            ]
        })
        .collect();
    let json = || c.presence_groups.iter().map(|group| json_of::<PresenceGroup>(group.id, &c)).collect();
    ctx.output.list(&["GROUP", "PRESENCES", "PROFILES", "DESCRIPTION"], &rows, json)
}

fn edit(arguments: EditPresenceGroup, ctx: &Invocation) -> Result<(), Failure> {
    let name = arguments.rename.as_deref().map(PresenceGroupName::parse).transpose()?;
    let description = arguments.description.as_deref().map(Description::parse).transpose()?;
    ctx.edit(move |c| {
        let group = Arc::clone(find::presence_group(c, &arguments.group)?);
        c.presence_groups.edit(group.id, |group| {
            group.name = name.unwrap_or_else(|| group.name.clone());
            group.description = description.unwrap_or_else(|| group.description.clone());
        });
        Ok(Done::with::<PresenceGroup>(format!("presence group \"{}\" was changed", group.name), group.id, c))
    })
}
