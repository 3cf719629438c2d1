//! `ctibox line`: extensions of users and the devices that ring. A user's main line gives the user its context.

use std::sync::Arc;

use clap::Subcommand;

use super::complete;
use super::failure::Failure;
use super::find::{self, Within};
use super::invocation::{Done, Invocation, json_of};
use crate::settings::configuration::Configuration;
use crate::settings::edit::NewLine;
use crate::settings::label::Labelled as _;
use crate::settings::line::Line;
use crate::settings::name::{ContextName, Device, Extension};

#[derive(Debug, Subcommand)]
pub(crate) enum LineCommand {
    /// Give a user a line; the first one is the main line
    #[command(after_help = "Example:\n  ctibox line add 1001 --context default --user alice")]
    Add(AddLine),
    /// List all lines
    #[command(after_help = "Example:\n  ctibox line list --user alice")]
    List(ListLines),
    /// Show one line
    #[command(after_help = "Example:\n  ctibox line show 1001 --context default")]
    Show(NamedLine),
    /// Change a line's extension or device, or make it the main line
    #[command(after_help = "Example:\n  ctibox line edit 1002 --context default --main")]
    Edit(EditLine),
    /// Move a line to another context
    ///
    /// With `--to`, `--context` is where the line stands now. Without it, `--context` is where it goes, and the
    /// extension must stand in one other context only.
    #[command(after_help = "Example:\n  ctibox line move 1001 --context default --to sales")]
    Move(MoveLine),
    /// Remove a line; of the user's other lines the oldest becomes the main line
    #[command(after_help = "Example:\n  ctibox line remove 1001 --context default")]
    Remove(NamedLine),
}

#[derive(Debug, clap::Args)]
pub(crate) struct NamedLine {
    /// The line's extension
    #[arg(value_name = "EXTEN", add = complete::lines())]
    extension: String,
    #[command(flatten)]
    within: Within,
}

#[derive(Debug, clap::Args)]
pub(crate) struct AddLine {
    /// What others dial: 1 to 40 letters, digits, `*`, `#`, `+`, `_`, `-` or `.`
    #[arg(value_name = "EXTEN")]
    extension: String,
    /// The context in which it stands
    #[arg(long, value_name = "C", add = complete::contexts())]
    context: String,
    /// Whose line it is
    #[arg(long, value_name = "USER", add = complete::users())]
    user: String,
    /// The telephone, `PJSIP/EXTEN` if left out
    #[arg(long, value_name = "DEVICE")]
    device: Option<String>,
    /// Make it the main line
    #[arg(long)]
    main: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ListLines {
    /// Only this user's lines
    #[arg(long, value_name = "USER", add = complete::users())]
    user: Option<String>,
    /// Only lines in this context
    #[arg(long, value_name = "C", add = complete::contexts())]
    context: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct EditLine {
    /// The line's extension
    #[arg(value_name = "EXTEN", add = complete::lines())]
    extension: String,
    #[command(flatten)]
    within: Within,
    /// Its new extension; the device stays
    #[arg(long, value_name = "NEW")]
    renumber: Option<String>,
    /// The telephone that rings
    #[arg(long, value_name = "DEVICE")]
    device: Option<String>,
    /// Make it its user's main line
    #[arg(long)]
    main: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct MoveLine {
    /// The line's extension
    #[arg(value_name = "EXTEN", add = complete::lines())]
    extension: String,
    /// The context in which it stands
    #[arg(long, value_name = "C", add = complete::contexts())]
    context: String,
    /// The context where it goes
    #[arg(long, value_name = "OTHER", add = complete::contexts())]
    to: Option<String>,
}

pub(crate) fn run(command: LineCommand, ctx: &Invocation) -> Result<(), Failure> {
    match command {
        LineCommand::Add(arguments) => add(arguments, ctx),
        LineCommand::List(arguments) => list(&arguments, ctx),
        LineCommand::Show(named) => show(&named, ctx),
        LineCommand::Edit(arguments) => edit(arguments, ctx),
        LineCommand::Move(arguments) => ctx.edit(move |c| move_line(&arguments, c)),
        LineCommand::Remove(named) => ctx.edit(move |c| {
            let line = Arc::clone(find::line(c, &named.extension, &named.within)?);
            c.remove_line(line.id)?;
            Ok(Done::new(format!("line \"{}\" was removed", line.extension)))
        }),
    }
}

/// A line that a new user may get: the number after the newest line's, beside it.
pub(crate) fn free(c: &Configuration) -> Option<(Extension, ContextName)> {
    let newest = c.lines.iter().max_by_key(|line| line.id);
    let context = match newest {
        Some(line) => c.contexts.get(line.context),
        None => c.contexts.iter().next(),
    }?;
    let last: u64 = newest.map_or(Some(1000), |line| line.extension.as_str().parse().ok())?;
    let is_free = |number: &Extension| {
        let line = c.lines.find(|line| line.context == context.id && line.extension == *number);
        let room = c.conferences.find(|room| room.context == context.id && room.number.as_str() == number.as_str());
        line.is_none() && room.is_none()
    };
    let mut numbers = (1..=1000).filter_map(|step| Extension::parse(&last.checked_add(step)?.to_string()).ok());
    Some((numbers.find(is_free)?, context.name.clone()))
}

fn add(arguments: AddLine, ctx: &Invocation) -> Result<(), Failure> {
    let extension = Extension::parse(&arguments.extension)?;
    let named = arguments.device.as_deref().map(str::trim).filter(|device| !device.is_empty());
    let device = Device::parse(&named.map_or_else(|| format!("PJSIP/{extension}"), ToOwned::to_owned))?;
    ctx.edit(move |c| {
        let user = Arc::clone(find::user(c, &arguments.user)?);
        let context = find::context(c, &arguments.context)?.id;
        let note = format!("line \"{extension}\" was added for {}", user.label(c));
        let id = c.add_line(NewLine { user: user.id, extension, context, device, is_main: arguments.main })?;
        Ok(Done::with::<Line>(note, id, c))
    })
}

fn list(arguments: &ListLines, ctx: &Invocation) -> Result<(), Failure> {
    let c = ctx.configuration()?;
    let user = arguments.user.as_deref().map(|login| find::user(&c, login)).transpose()?;
    let context = arguments.context.as_deref().map(|name| find::context(&c, name)).transpose()?;
    let lines: Vec<&Arc<Line>> = c
        .lines
        .iter()
        .filter(|line| user.is_none_or(|user| user.id == line.user))
        .filter(|line| context.is_none_or(|context| context.id == line.context))
        .collect();
    let rows: Vec<Vec<String>> = lines.iter().map(|line| row(line, &c)).collect();
    let json = || lines.iter().map(|line| json_of::<Line>(line.id, &c)).collect();
    ctx.output.list(&["EXTEN", "CONTEXT", "USER", "DEVICE", "MAIN"], &rows, json)
}

fn row(line: &Line, c: &Configuration) -> Vec<String> {
    vec![
        line.extension.to_string(),
        c.contexts.get(line.context).map(|context| context.name.to_string()).unwrap_or_default(),
        find::listed_user(c, Some(line.user)),
        line.device.to_string(),
        if line.is_main { "yes" } else { "no" }.to_owned(),
    ]
}

fn show(named: &NamedLine, ctx: &Invocation) -> Result<(), Failure> {
    let c = ctx.configuration()?;
    let line = find::line(&c, &named.extension, &named.within)?;
    let mut fields = vec![("id", line.id.to_string())];
    fields.extend(["extension", "context", "user", "device", "main line"].into_iter().zip(row(line, &c)));
    ctx.output.fields(&fields, || json_of::<Line>(line.id, &c))
}

fn edit(arguments: EditLine, ctx: &Invocation) -> Result<(), Failure> {
    let extension = arguments.renumber.as_deref().map(Extension::parse).transpose()?;
    let device = arguments.device.as_deref().map(Device::parse).transpose()?;
    ctx.edit(move |c| {
        let id = find::line(c, &arguments.extension, &arguments.within)?.id;
        c.lines.edit(id, |line| {
            if let Some(extension) = extension {
                line.extension = extension;
            }
            if let Some(device) = device {
                line.device = device;
            }
        });
        if arguments.main {
            c.set_main_line(id)?;
        }
        Ok(Done::with::<Line>(format!("line \"{}\" was changed", arguments.extension.trim()), id, c))
    })
}

fn move_line(arguments: &MoveLine, c: &mut Configuration) -> Result<Done, Failure> {
    let (from, to) = match &arguments.to {
        Some(to) => (Some(arguments.context.clone()), to),
        None => (None, &arguments.context),
    };
    let to = Arc::clone(find::context(c, to)?);
    let line = Arc::clone(find::line(c, &arguments.extension, &Within { context: from })?);
    c.move_line(line.id, to.id)?;
    Ok(Done::with::<Line>(format!("line \"{}\" is in context \"{}\"", line.extension, to.name), line.id, c))
}
