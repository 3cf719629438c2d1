//! `ctibox profile service`, `profile xlet`, `profile preference`: the three lists of a profile.

use std::sync::Arc;

use clap::Subcommand;
use serde_json::{Value, json};

use super::failure::Failure;
use super::invocation::{Done, Invocation, json_of};
use super::{complete, find};
use crate::settings::preference::{Preference, PreferenceType, PreferenceValue};
use crate::settings::profile::{Position, Profile, ProfileXlet, Service, Xlet, XletFlags, XletNumber};
use crate::settings::rule::Refusal;

#[derive(Debug, clap::Args)]
pub(crate) struct NamedProfile {
    /// The name of the profile; case of letters matters
    #[arg(add = complete::profiles())]
    pub(crate) profile: String,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ServiceCommand {
    /// Grant services
    #[command(after_help = "Example:\n  ctibox profile service add Agent enablednd fwdunc")]
    Add(Services),
    /// List every service and whether the profile grants it
    #[command(after_help = "Example:\n  ctibox profile service list Client")]
    List(NamedProfile),
    /// Revoke services
    #[command(after_help = "Example:\n  ctibox profile service remove Agent fwdunc")]
    Remove(Services),
}

#[derive(Debug, clap::Args)]
pub(crate) struct Services {
    #[command(flatten)]
    named: NamedProfile,
    /// enablevm, callrecord, incallrec, incallfilter, enablednd, fwdunc, fwdbusy or fwdrna
    #[arg(required = true, add = complete::services())]
    service: Vec<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum XletCommand {
    /// Put an xlet into a profile, or change its entry
    #[command(after_help = "Example:\n  ctibox profile xlet set Agent queues --position dock --number 1 --flags fcms")]
    Set(SetXlet),
    /// List a profile's xlets in the client's order
    #[command(after_help = "Example:\n  ctibox profile xlet list Client")]
    List(NamedProfile),
    /// Remove an xlet from a profile
    #[command(after_help = "Example:\n  ctibox profile xlet remove Client fax")]
    Remove(NamedXlet),
}

#[derive(Debug, clap::Args)]
pub(crate) struct NamedXlet {
    #[command(flatten)]
    named: NamedProfile,
    /// One of the seventeen, like identity, people, tabber, queues
    #[arg(add = complete::xlets())]
    xlet: String,
}

#[derive(Debug, clap::Args)]
pub(crate) struct SetXlet {
    #[command(flatten)]
    named: NamedXlet,
    /// dock, grid or tab; a tab needs the Tabber in the grid
    #[arg(long, value_name = "POSITION", add = complete::positions())]
    position: String,
    /// Its place among those of the same position, 0 to 999; empty to stand last
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    number: Option<String>,
    /// Some of f (floating), c (closable), m (movable), s (scroll); all for a new xlet
    #[arg(long, value_name = "FCMS")]
    flags: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum PreferenceCommand {
    /// Set a preference; an empty value removes it
    #[command(after_help = "Example:\n  ctibox profile preference set Agent xlet.identity.logagent true")]
    Set(SetPreference),
    /// List every preference, the profile's value and what it may be
    #[command(after_help = "Example:\n  ctibox profile preference list Agent")]
    List(NamedProfile),
    /// Remove a preference from a profile
    #[command(after_help = "Example:\n  ctibox profile preference unset Agent xlet.identity.logagent")]
    Unset(NamedPreference),
}

#[derive(Debug, clap::Args)]
pub(crate) struct NamedPreference {
    #[command(flatten)]
    named: NamedProfile,
    /// The preference, like presence.autochangestate
    #[arg(add = complete::preferences())]
    name: String,
}

#[derive(Debug, clap::Args)]
pub(crate) struct SetPreference {
    #[command(flatten)]
    named: NamedPreference,
    /// The value, as `profile preference list` says what it may be
    value: String,
}

pub(crate) fn run_service(command: ServiceCommand, ctx: &Invocation) -> Result<(), Failure> {
    match command {
        ServiceCommand::Add(arguments) => change_services(arguments, Grant::Given, ctx),
        ServiceCommand::Remove(arguments) => change_services(arguments, Grant::TakenBack, ctx),
        ServiceCommand::List(named) => {
            let c = ctx.configuration()?;
            let profile = find::profile(&c, &named.profile)?;
            let granted = |service: &Service| profile.services.contains(service);
            let row = |service: &Service| {
                vec![service.as_str().to_owned(), if granted(service) { "yes" } else { "no" }.to_owned()]
            };
            let rows: Vec<Vec<String>> = Service::ALL.iter().map(row).collect();
            let json = || profile.services.iter().map(|service| json!(service.as_str())).collect();
            ctx.output.list(&["SERVICE", "GRANTED"], &rows, json)
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Grant {
    Given,
    TakenBack,
}

pub(crate) fn run_xlet(command: XletCommand, ctx: &Invocation) -> Result<(), Failure> {
    match command {
        XletCommand::Set(arguments) => set_xlet(arguments, ctx),
        XletCommand::List(named) => {
            let c = ctx.configuration()?;
            let profile = find::profile(&c, &named.profile)?;
            let rows: Vec<Vec<String>> = profile.ordered_xlets().into_iter().map(xlet_row).collect();
            let json = || json_of::<Profile>(profile.id, &c)["xlets"].take();
            ctx.output.list(&["XLET", "POSITION", "NUMBER", "FLAGS"], &rows, json)
        }
        XletCommand::Remove(arguments) => {
            let xlet = Xlet::parse(&arguments.xlet)?;
            ctx.edit(move |c| {
                let profile = Arc::clone(find::profile(c, &arguments.named.profile)?);
                c.remove_xlet(profile.id, xlet)?;
                let note = format!("xlet {xlet} is not in profile \"{}\" any more", profile.name);
                Ok(Done::with::<Profile>(note, profile.id, c))
            })
        }
    }
}

pub(crate) fn xlet_row(entry: &ProfileXlet) -> Vec<String> {
    vec![
        entry.xlet.as_str().to_owned(),
        entry.position.as_str().to_owned(),
        entry.number.map_or_else(|| "-".to_owned(), |number| number.get().to_string()),
        entry.flags.letters(),
    ]
}

pub(crate) fn run_preference(command: PreferenceCommand, ctx: &Invocation) -> Result<(), Failure> {
    match command {
        PreferenceCommand::Set(arguments) => {
            let preference = Preference::parse(&arguments.named.name)?;
            let value = find::optional(Some(&arguments.value), |text| PreferenceValue::parse(preference, text))?;
            set_preference(arguments.named.named.profile, preference, value, ctx)
        }
        PreferenceCommand::Unset(arguments) => {
            set_preference(arguments.named.profile, Preference::parse(&arguments.name)?, None, ctx)
        }
        PreferenceCommand::List(named) => {
            let c = ctx.configuration()?;
            let profile = find::profile(&c, &named.profile)?;
            let row = |preference: &Preference| {
                let value = profile.preferences.get(preference).map_or("-", PreferenceValue::as_str).to_owned();
                vec![preference.as_str().to_owned(), value, limits(preference.value_type())]
            };
            let rows: Vec<Vec<String>> = Preference::ALL.iter().map(row).collect();
            let members = profile.preferences.iter();
            let json = || Value::Object(members.map(|(p, v)| (p.as_str().to_owned(), json!(v.as_str()))).collect());
            ctx.output.list(&["PREFERENCE", "VALUE", "MAY BE"], &rows, json)
        }
    }
}

fn change_services(arguments: Services, grant: Grant, ctx: &Invocation) -> Result<(), Failure> {
    let services: Vec<Service> = arguments.service.iter().map(|word| Service::parse(word)).collect::<Result<_, _>>()?;
    ctx.edit(move |c| {
        let profile = Arc::clone(find::profile(c, &arguments.named.profile)?);
        c.profiles.edit(profile.id, |profile| {
            for service in services {
                match grant {
                    Grant::Given => profile.services.insert(service),
                    Grant::TakenBack => profile.services.remove(&service),
                };
            }
        });
        Ok(Done::with::<Profile>(format!("profile \"{}\" was changed", profile.name), profile.id, c))
    })
}

/// None: not given, the entry keeps what it has.
fn xlet_number(text: Option<&str>) -> Result<Option<Option<XletNumber>>, Refusal> {
    find::edited(text, XletNumber::parse)
}

fn set_xlet(arguments: SetXlet, ctx: &Invocation) -> Result<(), Failure> {
    let xlet = Xlet::parse(&arguments.named.xlet)?;
    let position = Position::parse(&arguments.position)?;
    let number = xlet_number(arguments.number.as_deref())?;
    let flags = arguments.flags.as_deref().map(|letters| XletFlags::parse(letters.trim())).transpose()?;
    ctx.edit(move |c| {
        let profile = Arc::clone(find::profile(c, &arguments.named.named.profile)?);
        let before = profile.xlets.iter().find(|entry| entry.xlet == xlet);
        let entry = ProfileXlet {
            xlet,
            position,
            number: number.unwrap_or_else(|| before.and_then(|entry| entry.number)),
            flags: flags.unwrap_or_else(|| before.map_or(XletFlags::ALL, |entry| entry.flags)),
        };
        c.set_xlet(profile.id, entry)?;
        let note = format!("profile \"{}\" shows xlet {xlet} in position {position}", profile.name);
        Ok(Done::with::<Profile>(note, profile.id, c))
    })
}

fn limits(value_type: PreferenceType) -> String {
    match value_type {
        PreferenceType::Bool => "true, false, 1 or 0".to_owned(),
        PreferenceType::Integer { least, most } => format!("{least} to {most}"),
        PreferenceType::Url => "a URL that begins with http:// or https://".to_owned(),
        PreferenceType::Font => "the name of a font".to_owned(),
    }
}

fn set_preference(
    profile: String,
    preference: Preference,
    value: Option<PreferenceValue>,
    ctx: &Invocation,
) -> Result<(), Failure> {
    ctx.edit(move |c| {
        let profile = Arc::clone(find::profile(c, &profile)?);
        c.profiles.edit(profile.id, |profile| {
            match value {
                Some(value) => profile.preferences.insert(preference, value),
                None => profile.preferences.remove(&preference),
            };
        });
        Ok(Done::with::<Profile>(format!("profile \"{}\" was changed", profile.name), profile.id, c))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::rule::Rule;

    #[test]
    fn an_xlet_number_may_be_kept_taken_out_or_given() {
        assert_eq!(xlet_number(None), Ok(None));
        assert_eq!(xlet_number(Some("")), Ok(Some(None)));
        assert!(matches!(xlet_number(Some("999")), Ok(Some(Some(_)))));
        for text in ["1000", "-1", "one"] {
            assert_eq!(xlet_number(Some(text)).expect_err(text).rule, Rule::F6);
        }
    }
}
