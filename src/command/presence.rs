//! `ctibox presence`: what users may say they are doing, what may follow on what, and what happens on entering.

use std::sync::Arc;

use clap::Subcommand;

use super::failure::Failure;
use super::find::{self, edited, optional, parts};
use super::invocation::{Done, Invocation, json_of};
use super::presence_group;
use super::{complete, prompt};
use crate::settings::color::Color;
use crate::settings::configuration::Configuration;
use crate::settings::edit::NewPresence;
use crate::settings::name::{DisplayName, PresenceName};
use crate::settings::presence::{Presence, PresenceAction};
use crate::settings::rule::Refusal;

/// What a presence shows when no colour is given (settings §1.4).
const NEW_COLOR: Color = Color(0xFF, 0xFF, 0xFF);

#[derive(Debug, Subcommand)]
pub(crate) enum PresenceCommand {
    /// Groups of presences; a profile uses one
    #[command(subcommand)]
    Group(presence_group::PresenceGroupCommand),
    /// Add a presence to a group
    #[command(after_help = "Example:\n  ctibox presence add lunch --group xivo --display \"At lunch\" \\\n      \
                            --color '#6CA6FF' --reachable available,away --action enablednd=true")]
    Add(AddPresence),
    /// List the presences, in order of position
    #[command(after_help = "Example:\n  ctibox presence list --group xivo")]
    List(ListPresences),
    /// Show one presence
    #[command(after_help = "Example:\n  ctibox presence show away --group xivo")]
    Show(NamedPresence),
    /// Change a presence; what is left out stays, an empty value means none
    #[command(after_help = "Example:\n  ctibox presence edit away --group xivo --reachable available")]
    Edit(EditPresence),
    /// Rename a presence; `available` and `disconnected` keep their names
    #[command(after_help = "Example:\n  ctibox presence rename away outside --group xivo")]
    Rename(Rename),
    /// Move a presence to another place in its group, counted from 1
    #[command(after_help = "Example:\n  ctibox presence move berightback 2 --group xivo")]
    Move(MovePresence),
    /// Remove a presence; users who are in it become `available`
    #[command(after_help = "Example:\n  ctibox presence remove away --group xivo")]
    Remove(RemovePresence),
}

#[derive(Debug, Clone, clap::Args)]
pub(crate) struct NamedPresence {
    /// The technical name of the presence
    #[arg(add = complete::presences())]
    name: String,
    /// The group in which it is
    #[arg(long, value_name = "G", default_value = crate::settings::edit::DEFAULT_GROUP, add = complete::presence_groups())]
    group: String,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Attributes {
    /// What people read; the name if left out or empty
    #[arg(long, value_name = "T")]
    display: Option<String>,
    /// `#RRGGBB`, `#RGB` or one of aqua, black, blue, fuchsia, gray, green, lime, maroon, navy, olive, orange, purple, red,
    /// silver, teal, white, yellow; white if left out
    #[arg(long, value_name = "C")]
    color: Option<String>,
    /// The other presences that may be chosen from here, joined by commas
    #[arg(long, value_name = "A,B", add = complete::presences())]
    reachable: Option<String>,
    /// What happens on entering, once for each, in this order: enablednd=true, enablednd=false,
    /// queuepause_all, queueunpause_all, agentlogoff
    #[arg(long, value_name = "ACTION", add = complete::actions())]
    action: Option<Vec<String>>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct AddPresence {
    #[command(flatten)]
    named: NamedPresence,
    #[command(flatten)]
    attributes: Attributes,
}

#[derive(Debug, clap::Args)]
pub(crate) struct EditPresence {
    #[command(flatten)]
    named: NamedPresence,
    #[command(flatten)]
    attributes: Attributes,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ListPresences {
    /// Only this group
    #[arg(long, value_name = "G", add = complete::presence_groups())]
    group: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Rename {
    #[command(flatten)]
    named: NamedPresence,
    /// Its new name
    new: String,
}

#[derive(Debug, clap::Args)]
pub(crate) struct MovePresence {
    #[command(flatten)]
    named: NamedPresence,
    /// Its new place; one past the end is the last
    position: u32,
}

#[derive(Debug, clap::Args)]
pub(crate) struct RemovePresence {
    #[command(flatten)]
    named: NamedPresence,
    /// Do not ask
    #[arg(long, short)]
    yes: bool,
}

pub(crate) fn run(command: PresenceCommand, ctx: &Invocation) -> Result<(), Failure> {
    match command {
        PresenceCommand::Group(command) => presence_group::run(command, ctx),
        PresenceCommand::Add(arguments) => add(arguments, ctx),
        PresenceCommand::List(arguments) => list(&arguments, ctx),
        PresenceCommand::Show(named) => show(&named, ctx),
        PresenceCommand::Edit(arguments) => edit(arguments, ctx),
        PresenceCommand::Rename(arguments) => ctx.edit(move |c| {
            let name = PresenceName::parse(&arguments.new)?;
            let presence = Arc::clone(find::presence(c, &arguments.named.group, &arguments.named.name)?);
            let note = format!("presence \"{}\" is called \"{name}\" now", presence.name);
            c.rename_presence(presence.id, name)?;
            Ok(Done::with::<Presence>(note, presence.id, c))
        }),
        PresenceCommand::Move(arguments) => ctx.edit(move |c| {
            let presence = Arc::clone(find::presence(c, &arguments.named.group, &arguments.named.name)?);
            c.move_presence(presence.id, arguments.position)?;
            Ok(Done::with::<Presence>(format!("presence \"{}\" was moved", presence.name), presence.id, c))
        }),
        PresenceCommand::Remove(arguments) => remove(arguments, ctx),
    }
}

fn names(text: &str) -> Result<Vec<PresenceName>, Refusal> {
    parts(text).map(PresenceName::parse).collect()
}

/// `--action ""` is none at all.
fn actions(texts: &[String]) -> Result<Vec<PresenceAction>, Refusal> {
    texts.iter().map(|text| text.trim()).filter(|text| !text.is_empty()).map(PresenceAction::parse).collect()
}

fn add(arguments: AddPresence, ctx: &Invocation) -> Result<(), Failure> {
    let Attributes { display, color, reachable, action } = arguments.attributes;
    let name = PresenceName::parse(&arguments.named.name)?;
    let display = match optional(display.as_deref(), DisplayName::parse)? {
        Some(display) => display,
        None => DisplayName::parse(name.as_str())?,
    };
    let color = optional(color.as_deref(), Color::parse)?.unwrap_or(NEW_COLOR);
    let reachable = names(reachable.as_deref().unwrap_or_default())?;
    let actions = actions(action.as_deref().unwrap_or_default())?;
    ctx.edit(move |c| {
        let group = Arc::clone(find::presence_group(c, &arguments.named.group)?);
        let note = format!("presence \"{name}\" was added to group \"{}\"", group.name);
        let id = c.add_presence(group.id, NewPresence { name, display, color, reachable, actions })?;
        Ok(Done::with::<Presence>(note, id, c))
    })
}

fn edit(arguments: EditPresence, ctx: &Invocation) -> Result<(), Failure> {
    let Attributes { display, color, reachable, action } = arguments.attributes;
    let display = edited(display.as_deref(), DisplayName::parse)?;
    let color = edited(color.as_deref(), Color::parse)?;
    let reachable = reachable.as_deref().map(names).transpose()?;
    let actions = action.as_deref().map(actions).transpose()?;
    ctx.edit(move |c| {
        let presence = Arc::clone(find::presence(c, &arguments.named.group, &arguments.named.name)?);
        if let Some(reachable) = reachable {
            c.set_reachable(presence.id, &reachable)?;
        }
        let named_alike = DisplayName::parse(presence.name.as_str())?;
        c.presences.edit(presence.id, |presence| {
            if let Some(display) = display {
                presence.display = display.unwrap_or(named_alike);
            }
            if let Some(color) = color {
                presence.color = color.unwrap_or(NEW_COLOR);
            }
            if let Some(actions) = actions {
                presence.actions = actions;
            }
        });
        Ok(Done::with::<Presence>(format!("presence \"{}\" was changed", presence.name), presence.id, c))
    })
}

fn list(arguments: &ListPresences, ctx: &Invocation) -> Result<(), Failure> {
    let c = ctx.configuration()?;
    let only = arguments.group.as_deref().map(|name| find::presence_group(&c, name)).transpose()?;
    let presences: Vec<&Arc<Presence>> = c
        .presence_groups
        .iter()
        .filter(|group| only.is_none_or(|only| only.id == group.id))
        .flat_map(|group| c.presences_of(group.id))
        .collect();
    let rows: Vec<Vec<String>> = presences
        .iter()
        .map(|presence| {
            vec![
                c.presence_groups.get(presence.group).map(|group| group.name.to_string()).unwrap_or_default(),
                presence.name.to_string(),
                presence.display.to_string(),
                presence.color.to_string(),
                reachable(presence, &c),
                joined(&presence.actions),
            ]
        })
        .collect();
    let json = || presences.iter().map(|presence| json_of::<Presence>(presence.id, &c)).collect();
    ctx.output.list(&["GROUP", "PRESENCE", "DISPLAY", "COLOR", "REACHABLE", "ACTIONS"], &rows, json)
}

fn reachable(presence: &Presence, c: &Configuration) -> String {
    let others = c.allowed_from(presence).into_iter().filter(|other| other.id != presence.id);
    others.map(|other| other.name.as_str()).collect::<Vec<_>>().join(",")
}

fn joined(actions: &[PresenceAction]) -> String {
    actions.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}

fn reached_from(presence: &Presence, c: &Configuration) -> String {
    c.reached_from(presence.id).into_iter().map(|other| other.name.as_str()).collect::<Vec<_>>().join(",")
}

fn show(named: &NamedPresence, ctx: &Invocation) -> Result<(), Failure> {
    let c = ctx.configuration()?;
    let presence = find::presence(&c, &named.group, &named.name)?;
    let fields = [
        ("name", presence.name.to_string()),
        ("id", presence.id.to_string()),
        ("group", find::presence_group(&c, &named.group)?.name.to_string()),
        ("position", presence.position.to_string()),
        ("display", presence.display.to_string()),
        ("color", presence.color.to_string()),
        ("reachable", reachable(presence, &c)),
        ("reached from", reached_from(presence, &c)),
        ("actions", joined(&presence.actions)),
        ("can be removed", if presence.is_mandatory() { "no" } else { "yes" }.to_owned()),
    ];
    ctx.output.fields(&fields, || json_of::<Presence>(presence.id, &c))
}

fn remove(arguments: RemovePresence, ctx: &Invocation) -> Result<(), Failure> {
    let store = ctx.store()?;
    let c = store.configuration()?;
    let presence = find::presence(&c, &arguments.named.group, &arguments.named.name)?;
    // What follows is told before; a mandatory presence is refused below and nothing follows.
    if !presence.is_mandatory() {
        let states = store.states()?;
        let here = c.users.iter().filter(|user| {
            let profile = user.profile.and_then(|id| c.profiles.get(id));
            let state = states.users.get(&user.uuid);
            profile.is_some_and(|profile| profile.presence_group == presence.group)
                && state.is_some_and(|s| s.is_present && s.last_presence.as_ref() == Some(&presence.name))
        });
        match here.count() {
            0 => {}
            1 => ctx.output.warning("1 user is in it now and becomes available"),
            many => ctx.output.warning(format!("{many} users are in it now and become available")),
        }
        let from = reached_from(presence, &c);
        if !from.is_empty() {
            ctx.output.warning(format!("it is taken out of what is reachable from {from}"));
        }
        if !arguments.yes {
            prompt::confirm(&ctx.output, &format!("Remove presence \"{}\"?", presence.name))?;
        }
    }
    ctx.edit(move |c| {
        let presence = Arc::clone(find::presence(c, &arguments.named.group, &arguments.named.name)?);
        c.remove_presence(presence.id)?;
        Ok(Done::new(format!("presence \"{}\" was removed", presence.name)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_names_and_actions_are_read_and_may_be_empty() {
        assert_eq!(names(" a, b,,").map(|names| names.len()), Ok(2));
        assert_eq!(names(""), Ok(Vec::new()));
        assert!(names("a b").is_err());
        assert_eq!(actions(&[String::new()]), Ok(Vec::new()));
        let some = ["enablednd=true".to_owned(), "agentlogoff".to_owned()];
        assert_eq!(actions(&some), Ok(vec![PresenceAction::EnableDnd(true), PresenceAction::AgentLogoff]));
    }
}
