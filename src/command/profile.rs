//! `ctibox profile`: what a user's client shows, may do and is told. Its parts (services, xlets, preferences) are in
//! `profile_part`.

use std::sync::Arc;

use clap::Subcommand;

use super::failure::Failure;
use super::invocation::{Done, Invocation, json_of};
use super::profile_part::{self, NamedProfile, PreferenceCommand, ServiceCommand, XletCommand};
use super::switch::Switch;
use super::{complete, find, prompt};
use crate::settings::configuration::Configuration;
use crate::settings::name::ProfileName;
use crate::settings::profile::Profile;

#[derive(Debug, Subcommand)]
pub(crate) enum ProfileCommand {
    /// Add a profile without xlets, services and preferences
    #[command(after_help = "Example:\n  ctibox profile add Sales --presences xivo --hints xivo")]
    Add(AddProfile),
    /// List all profiles
    #[command(after_help = "Example:\n  ctibox profile list")]
    List,
    /// Show one profile with its services, xlets and preferences
    #[command(after_help = "Example:\n  ctibox profile show Client")]
    Show(NamedProfile),
    /// Rename a profile, choose other groups for it, or say whether it may listen
    #[command(after_help = "Example:\n  ctibox profile edit Sales --presences sales\n  \
                            ctibox profile edit Sales --may-listen on")]
    Edit(EditProfile),
    /// Remove a profile that no user has
    #[command(after_help = "Example:\n  ctibox profile remove Sales")]
    Remove(RemoveProfile),
    /// What users of a profile may switch
    #[command(subcommand)]
    Service(ServiceCommand),
    /// What the client of a profile's users shows, and where
    #[command(subcommand)]
    Xlet(XletCommand),
    /// What is passed to the clients of a profile's users
    #[command(subcommand)]
    Preference(PreferenceCommand),
}

#[derive(Debug, clap::Args)]
pub(crate) struct AddProfile {
    /// 3 to 128 printable characters; names that differ in case are two
    name: String,
    /// Its presence group; `xivo` if left out
    #[arg(long, value_name = "G", add = complete::presence_groups())]
    presences: Option<String>,
    /// Its phone hint group; `xivo` if left out
    #[arg(long, value_name = "G", add = complete::hint_groups())]
    hints: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct EditProfile {
    #[command(flatten)]
    named: NamedProfile,
    /// Its new name
    #[arg(long, value_name = "NEW")]
    rename: Option<String>,
    /// Its presence group
    #[arg(long, value_name = "G", add = complete::presence_groups())]
    presences: Option<String>,
    /// Its phone hint group
    #[arg(long, value_name = "G", add = complete::hint_groups())]
    hints: Option<String>,
    /// Whether its users may listen to the calls of agents
    #[arg(long, value_enum, value_name = "on|off", hide_possible_values = true)]
    may_listen: Option<Switch>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct RemoveProfile {
    #[command(flatten)]
    named: NamedProfile,
    /// Do not ask
    #[arg(long, short)]
    yes: bool,
}

pub(crate) fn run(command: ProfileCommand, ctx: &Invocation) -> Result<(), Failure> {
    match command {
        ProfileCommand::Add(arguments) => add(arguments, ctx),
        ProfileCommand::List => list(ctx),
        ProfileCommand::Show(named) => show(&named, ctx),
        ProfileCommand::Edit(arguments) => edit(arguments, ctx),
        ProfileCommand::Remove(arguments) => {
            if !arguments.yes {
                let mut c = ctx.configuration()?;
                let profile = Arc::clone(find::profile(&c, &arguments.named.profile)?);
                // Nobody is asked about what will be refused.
                c.remove_profile(profile.id)?;
                prompt::confirm(&ctx.output, &format!("Remove profile \"{}\"?", profile.name))?;
            }
            ctx.edit(move |c| {
                let profile = Arc::clone(find::profile(c, &arguments.named.profile)?);
                c.remove_profile(profile.id)?;
                Ok(Done::new(format!("profile \"{}\" was removed", profile.name)))
            })
        }
        ProfileCommand::Service(command) => profile_part::run_service(command, ctx),
        ProfileCommand::Xlet(command) => profile_part::run_xlet(command, ctx),
        ProfileCommand::Preference(command) => profile_part::run_preference(command, ctx),
    }
}

fn given(text: &Option<String>) -> Option<&str> {
    text.as_deref().map(str::trim).filter(|text| !text.is_empty())
}

fn add(arguments: AddProfile, ctx: &Invocation) -> Result<(), Failure> {
    let name = ProfileName::parse(&arguments.name)?;
    ctx.edit(move |c| {
        let on = name.as_str();
        let presences = given(&arguments.presences)
            .map(|group| find::for_profile(find::presence_group(c, group), on, group).map(|group| group.id))
            .transpose()?;
        let hints = given(&arguments.hints)
            .map(|group| find::for_profile(find::phone_hint_group(c, group), on, group).map(|group| group.id))
            .transpose()?;
        let note = format!("profile \"{name}\" was added");
        let id = c.add_profile(name, presences, hints)?;
        Ok(Done::with::<Profile>(note, id, c))
    })
}

fn edit(arguments: EditProfile, ctx: &Invocation) -> Result<(), Failure> {
    let name = arguments.rename.as_deref().map(ProfileName::parse).transpose()?;
    ctx.edit(move |c| {
        let profile = Arc::clone(find::profile(c, &arguments.named.profile)?);
        let on = profile.name.as_str();
        let presences = match given(&arguments.presences) {
            None => profile.presence_group,
            Some(group) => find::for_profile(find::presence_group(c, group), on, group)?.id,
        };
        let hints = match given(&arguments.hints) {
            None => profile.phone_hint_group,
            Some(group) => find::for_profile(find::phone_hint_group(c, group), on, group)?.id,
        };
        c.profiles.edit(profile.id, |profile| {
            (profile.presence_group, profile.phone_hint_group) = (presences, hints);
            profile.name = name.unwrap_or_else(|| profile.name.clone());
            profile.may_listen = arguments.may_listen.map_or(profile.may_listen, Switch::is_on);
        });
        Ok(Done::with::<Profile>(format!("profile \"{}\" was changed", profile.name), profile.id, c))
    })
}

fn groups(profile: &Profile, c: &Configuration) -> (String, String) {
    (
        c.presence_groups.get(profile.presence_group).map(|group| group.name.to_string()).unwrap_or_default(),
        c.phone_hint_groups.get(profile.phone_hint_group).map(|group| group.name.to_string()).unwrap_or_default(),
    )
}

fn list(ctx: &Invocation) -> Result<(), Failure> {
    let c = ctx.configuration()?;
    let rows: Vec<Vec<String>> = c
        .profiles
        .iter()
        .map(|profile| {
            let (presences, hints) = groups(profile, &c);
            let users = c.users.iter().filter(|user| user.profile == Some(profile.id)).count();
            vec![
                profile.name.to_string(),
                presences,
                hints,
                profile.xlets.len().to_string(),
                profile.services.len().to_string(),
                users.to_string(),
            ]
        })
        .collect();
    let json = || c.profiles.iter().map(|profile| json_of::<Profile>(profile.id, &c)).collect();
    ctx.output.list(&["PROFILE", "PRESENCES", "HINTS", "XLETS", "SERVICES", "USERS"], &rows, json)
}

fn show(named: &NamedProfile, ctx: &Invocation) -> Result<(), Failure> {
    let c = ctx.configuration()?;
    let profile = find::profile(&c, &named.profile)?;
    let (presences, hints) = groups(profile, &c);
    let services: Vec<_> = profile.services.iter().map(|service| service.as_str()).collect();
    let mut fields = vec![
        ("name", profile.name.to_string()),
        ("id", profile.id.to_string()),
        ("presences", presences),
        ("hints", hints),
        ("may listen", if profile.may_listen { "yes" } else { "no" }.to_owned()),
        ("services", services.join(",")),
    ];
    for entry in profile.ordered_xlets() {
        fields.push(("xlet", profile_part::xlet_row(entry).join(" ").trim_end().to_owned()));
    }
    for (preference, value) in &profile.preferences {
        fields.push(("preference", format!("{preference} = {}", value.as_str())));
    }
    ctx.output.fields(&fields, || json_of::<Profile>(profile.id, &c))
}
