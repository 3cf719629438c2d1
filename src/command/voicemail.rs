//! `ctibox voicemail`: boxes, and whose they are.

use std::sync::Arc;

use clap::Subcommand;

use super::complete;
use super::failure::Failure;
use super::find::{self, Within};
use super::invocation::{Done, Invocation, json_of};
use crate::settings::configuration::Configuration;
use crate::settings::name::Mailbox;
use crate::settings::voicemail::Voicemail;

#[derive(Debug, Subcommand)]
pub(crate) enum VoicemailCommand {
    /// Add a voicemail box
    #[command(after_help = "Example:\n  ctibox voicemail add 1001 --context default --user alice")]
    Add(AddVoicemail),
    /// List all voicemail boxes
    #[command(after_help = "Example:\n  ctibox voicemail list")]
    List,
    /// Show one voicemail box
    #[command(after_help = "Example:\n  ctibox voicemail show 1001")]
    Show(NamedVoicemail),
    /// Give a box to a user, or to nobody
    #[command(after_help = "Example:\n  ctibox voicemail edit 1001 --user \"\"")]
    Edit(EditVoicemail),
    /// Remove a voicemail box
    #[command(after_help = "Example:\n  ctibox voicemail remove 1001")]
    Remove(NamedVoicemail),
}

#[derive(Debug, clap::Args)]
pub(crate) struct NamedVoicemail {
    /// The number of the box
    #[arg(value_name = "BOX", add = complete::voicemails())]
    mailbox: String,
    #[command(flatten)]
    within: Within,
}

#[derive(Debug, clap::Args)]
pub(crate) struct AddVoicemail {
    /// 1 to 40 letters or digits
    #[arg(value_name = "BOX")]
    mailbox: String,
    /// The context in which it stands
    #[arg(long, value_name = "C", add = complete::contexts())]
    context: String,
    /// Whose it is; a user has at most one
    #[arg(long, value_name = "USER", add = complete::users())]
    user: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct EditVoicemail {
    #[command(flatten)]
    named: NamedVoicemail,
    /// Its new owner; empty for nobody
    #[arg(long, value_name = "USER", add = complete::users())]
    user: Option<String>,
    /// Its new context
    #[arg(long, value_name = "OTHER", add = complete::contexts())]
    to: Option<String>,
}

pub(crate) fn run(command: VoicemailCommand, ctx: &Invocation) -> Result<(), Failure> {
    match command {
        VoicemailCommand::Add(arguments) => add(arguments, ctx),
        VoicemailCommand::List => list(ctx),
        VoicemailCommand::Show(named) => show(&named, ctx),
        VoicemailCommand::Edit(arguments) => ctx.edit(move |c| edit(&arguments, c)),
        VoicemailCommand::Remove(named) => ctx.edit(move |c| {
            let voicemail = Arc::clone(find::voicemail(c, &named.mailbox, &named.within)?);
            c.remove_voicemail(voicemail.id)?;
            Ok(Done::new(format!("voicemail \"{}\" was removed", voicemail.mailbox)))
        }),
    }
}

fn add(arguments: AddVoicemail, ctx: &Invocation) -> Result<(), Failure> {
    let mailbox = Mailbox::parse(&arguments.mailbox)?;
    ctx.edit(move |c| {
        let context = find::context(c, &arguments.context)?.id;
        let user = find::user_or_none(c, arguments.user.as_deref())?;
        let note = format!("voicemail \"{mailbox}\" was added");
        let id = c.add_voicemail(mailbox, context, user)?;
        Ok(Done::with::<Voicemail>(note, id, c))
    })
}

fn list(ctx: &Invocation) -> Result<(), Failure> {
    let c = ctx.configuration()?;
    let rows: Vec<Vec<String>> = c.voicemails.iter().map(|voicemail| row(voicemail, &c)).collect();
    let json = || c.voicemails.iter().map(|voicemail| json_of::<Voicemail>(voicemail.id, &c)).collect();
    ctx.output.list(&["BOX", "CONTEXT", "USER"], &rows, json)
}

fn row(voicemail: &Voicemail, c: &Configuration) -> Vec<String> {
    vec![
        voicemail.mailbox.to_string(),
        c.contexts.get(voicemail.context).map(|context| context.name.to_string()).unwrap_or_default(),
        find::listed_user(c, voicemail.user),
    ]
}

fn show(named: &NamedVoicemail, ctx: &Invocation) -> Result<(), Failure> {
    let c = ctx.configuration()?;
    let voicemail = find::voicemail(&c, &named.mailbox, &named.within)?;
    let mut fields = vec![("id", voicemail.id.to_string())];
    fields.extend(["box", "context", "user"].into_iter().zip(row(voicemail, &c)));
    ctx.output.fields(&fields, || json_of::<Voicemail>(voicemail.id, &c))
}

fn edit(arguments: &EditVoicemail, c: &mut Configuration) -> Result<Done, Failure> {
    let voicemail = Arc::clone(find::voicemail(c, &arguments.named.mailbox, &arguments.named.within)?);
    let user = match arguments.user.as_deref() {
        None => voicemail.user,
        text => find::user_or_none(c, text)?,
    };
    let context = match arguments.to.as_deref() {
        None => voicemail.context,
        Some(name) => find::context(c, name)?.id,
    };
    c.voicemails.edit(voicemail.id, |voicemail| (voicemail.user, voicemail.context) = (user, context));
    Ok(Done::with::<Voicemail>(format!("voicemail \"{}\" was changed", voicemail.mailbox), voicemail.id, c))
}
