//! `ctibox conference`: rooms, their numbers and whether a PIN opens them. A PIN is shown as set or not set.

use std::sync::Arc;

use clap::Subcommand;
use serde_json::{Value, json};

use super::complete;
use super::failure::Failure;
use super::find::{self, Within};
use super::invocation::{Done, Invocation, json_of};
use super::{prompt, random};
use crate::settings::conference::Conference;
use crate::settings::configuration::Configuration;
use crate::settings::edit::NewConference;
use crate::settings::name::{ConferenceName, ConferenceNumber, ConferencePin};
use crate::settings::password::Secret;

#[derive(Debug, Subcommand)]
pub(crate) enum ConferenceCommand {
    /// Add a conference room
    #[command(after_help = "Example:\n  ctibox conference add 4001 --name \"Weekly round\" --context default")]
    Add(AddConference),
    /// List all conference rooms
    #[command(after_help = "Example:\n  ctibox conference list")]
    List,
    /// Show one conference room
    #[command(after_help = "Example:\n  ctibox conference show 4001")]
    Show(NamedConference),
    /// Change a conference room
    #[command(after_help = "Example:\n  echo 4711 | ctibox conference edit 4001 --pin-stdin")]
    Edit(EditConference),
    /// Remove a conference room
    #[command(after_help = "Example:\n  ctibox conference remove 4001")]
    Remove(NamedConference),
}

#[derive(Debug, clap::Args)]
pub(crate) struct NamedConference {
    /// The number of the room
    #[arg(add = complete::conferences())]
    number: String,
    #[command(flatten)]
    within: Within,
}

/// A PIN never stands on the command line, which every user of the machine can read.
#[derive(Debug, Clone, clap::Args)]
#[group(multiple = false)]
pub(crate) struct PinSource {
    /// Open it with a PIN: asked on a terminal, else made and printed, this once, on standard output
    #[arg(long)]
    pin: bool,
    /// Open it with the PIN on the first line of standard input
    #[arg(long)]
    pin_stdin: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct AddConference {
    /// What others dial: 1 to 40 letters or digits
    number: String,
    /// What people read
    #[arg(long, value_name = "N")]
    name: String,
    /// The context in which it stands
    #[arg(long, value_name = "C", add = complete::contexts())]
    context: String,
    #[command(flatten)]
    pin: PinSource,
}

#[derive(Debug, clap::Args)]
pub(crate) struct EditConference {
    #[command(flatten)]
    named: NamedConference,
    /// Its new name
    #[arg(long, value_name = "N")]
    name: Option<String>,
    /// Its new number
    #[arg(long, value_name = "NEW")]
    renumber: Option<String>,
    /// Its new context
    #[arg(long, value_name = "OTHER", add = complete::contexts())]
    to: Option<String>,
    #[command(flatten)]
    pin: PinSource,
    /// Open it without a PIN
    #[arg(long, conflicts_with_all = ["pin", "pin_stdin"])]
    no_pin: bool,
}

pub(crate) fn run(command: ConferenceCommand, ctx: &Invocation) -> Result<(), Failure> {
    match command {
        ConferenceCommand::Add(arguments) => add(arguments, ctx),
        ConferenceCommand::List => list(ctx),
        ConferenceCommand::Show(named) => show(&named, ctx),
        ConferenceCommand::Edit(arguments) => edit(arguments, ctx),
        ConferenceCommand::Remove(named) => ctx.edit(move |c| {
            let room = Arc::clone(find::conference(c, &named.number, &named.within)?);
            c.remove_conference(room.id)?;
            Ok(Done::new(format!("conference \"{}\" was removed", room.number)))
        }),
    }
}

/// A PIN, and its text if it was made here and must be told.
struct NewPin {
    pin: ConferencePin,
    made: Option<Secret>,
}

impl PinSource {
    fn take(&self, ctx: &Invocation) -> Result<Option<NewPin>, Failure> {
        let (secret, made) = if self.pin_stdin {
            (prompt::first_line()?, None)
        } else if !self.pin {
            return Ok(None);
        } else if prompt::is_possible() {
            (prompt::new_secret(&ctx.output, "PIN")?, None)
        } else {
            let made = random::pin();
            (made.clone(), Some(made))
        };
        Ok(Some(NewPin { pin: ConferencePin::typed(secret.reveal())?, made }))
    }
}

fn tell_with_pin(mut done: Done, made: Option<&Secret>, ctx: &Invocation) -> Result<(), Failure> {
    if ctx.output.is_json() {
        if let (Value::Object(members), Some(made)) = (done.object_mut(), made) {
            members.insert("pin".to_owned(), json!(made.reveal()));
        }
        return ctx.tell(&done);
    }
    ctx.tell(&done)?;
    made.map_or(Ok(()), |made| ctx.output.data(made.reveal()))
}

fn add(arguments: AddConference, ctx: &Invocation) -> Result<(), Failure> {
    let number = ConferenceNumber::parse(&arguments.number)?;
    let name = ConferenceName::parse(&arguments.name)?;
    let (pin, made) = arguments.pin.take(ctx)?.map_or((None, None), |new| (Some(new.pin), new.made));
    let done = ctx.change(move |c| {
        let context = find::context(c, &arguments.context)?.id;
        let note = format!("conference \"{number}\" was added");
        let id = c.add_conference(NewConference { number, name, context, pin })?;
        Ok(Done::with::<Conference>(note, id, c))
    })?;
    tell_with_pin(done, made.as_ref(), ctx)
}

fn list(ctx: &Invocation) -> Result<(), Failure> {
    let c = ctx.configuration()?;
    let rows: Vec<Vec<String>> = c.conferences.iter().map(|room| row(room, &c)).collect();
    let json = || c.conferences.iter().map(|room| object(room, &c)).collect();
    ctx.output.list(&["NUMBER", "CONTEXT", "PIN", "NAME"], &rows, json)
}

fn row(room: &Conference, c: &Configuration) -> Vec<String> {
    vec![
        room.number.to_string(),
        c.contexts.get(room.context).map(|context| context.name.to_string()).unwrap_or_default(),
        set_or_not(room).to_owned(),
        room.name.to_string(),
    ]
}

fn set_or_not(room: &Conference) -> &'static str {
    if room.pin.is_some() { "set" } else { "not set" }
}

fn object(room: &Conference, c: &Configuration) -> Value {
    let mut object = json_of::<Conference>(room.id, c);
    if let Value::Object(members) = &mut object {
        members.insert("pin".to_owned(), json!(set_or_not(room)));
    }
    object
}

fn show(named: &NamedConference, ctx: &Invocation) -> Result<(), Failure> {
    let c = ctx.configuration()?;
    let room = find::conference(&c, &named.number, &named.within)?;
    let mut fields = vec![("id", room.id.to_string())];
    fields.extend(["number", "context", "PIN", "name"].into_iter().zip(row(room, &c)));
    ctx.output.fields(&fields, || object(room, &c))
}

fn edit(arguments: EditConference, ctx: &Invocation) -> Result<(), Failure> {
    let name = arguments.name.as_deref().map(ConferenceName::parse).transpose()?;
    let number = arguments.renumber.as_deref().map(ConferenceNumber::parse).transpose()?;
    let (pin, made) = match arguments.pin.take(ctx)? {
        Some(new) => (Some(Some(new.pin)), new.made),
        None => (arguments.no_pin.then_some(None), None),
    };
    let done = ctx.change(move |c| {
        let room = Arc::clone(find::conference(c, &arguments.named.number, &arguments.named.within)?);
        let context = match arguments.to.as_deref() {
            None => room.context,
            Some(name) => find::context(c, name)?.id,
        };
        c.conferences.edit(room.id, |room| {
            room.context = context;
            room.name = name.unwrap_or_else(|| room.name.clone());
            room.number = number.unwrap_or_else(|| room.number.clone());
            room.pin = pin.unwrap_or_else(|| room.pin.clone());
        });
        Ok(Done::with::<Conference>(format!("conference \"{}\" was changed", room.number), room.id, c))
    })?;
    tell_with_pin(done, made.as_ref(), ctx)
}
