//! `ctibox hint`: phone hint groups, the words and colours in which a client shows what a telephone is doing.

use std::sync::Arc;

use clap::Subcommand;

use super::failure::Failure;
use super::invocation::{Done, Invocation, json_of};
use super::{complete, find, prompt};
use crate::settings::color::Color;
use crate::settings::name::{Description, HintText, PhoneHintGroupName};
use crate::settings::phone_hint::{HintNumber, PhoneHintGroup};
use crate::settings::rule::{Refusal, Rule};
use crate::settings::rule_target::RuleTarget;
use crate::settings::target_kind::TargetKind;
use crate::settings::violation::Violation;

#[derive(Debug, Subcommand)]
pub(crate) enum HintCommand {
    /// Add a group that starts as a copy of group `xivo`
    #[command(after_help = "Example:\n  ctibox hint add sales")]
    Add(AddHint),
    /// List all phone hint groups
    #[command(after_help = "Example:\n  ctibox hint list")]
    List,
    /// Show a group's numbers, texts and colors
    #[command(after_help = "Example:\n  ctibox hint show xivo")]
    Show(NamedHint),
    /// Change one hint of a group, or the group's name and description
    #[command(after_help = "Example:\n  ctibox hint edit xivo 8 --text Ringing --color '#6CA6FF'")]
    Edit(EditHint),
    /// Remove a group that no profile uses
    #[command(after_help = "Example:\n  ctibox hint remove sales")]
    Remove(RemoveHint),
}

#[derive(Debug, clap::Args)]
pub(crate) struct NamedHint {
    /// The name of the group
    #[arg(add = complete::hint_groups())]
    group: String,
}

#[derive(Debug, clap::Args)]
pub(crate) struct AddHint {
    /// 1 to 64 letters, digits, `_` or `-`
    group: String,
    /// Free text beside the group's name
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct EditHint {
    /// The name of the group
    #[arg(add = complete::hint_groups())]
    group: String,
    /// The telephone's state: -2, -1, 0, 1, 2, 4, 8, 9, 16 or 17
    #[arg(allow_negative_numbers = true, required_unless_present_any = ["rename", "description"])]
    number: Option<String>,
    /// What people read
    #[arg(long, value_name = "T", requires = "number")]
    text: Option<String>,
    /// `#RRGGBB`, `#RGB` or one of aqua, black, blue, fuchsia, gray, green, lime, maroon, navy, olive, orange, purple, red,
    /// silver, teal, white, yellow
    #[arg(long, value_name = "C", requires = "number")]
    color: Option<String>,
    /// The group's new name
    #[arg(long, value_name = "NEW")]
    rename: Option<String>,
    /// Free text beside the group's name
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct RemoveHint {
    /// The name of the group
    #[arg(add = complete::hint_groups())]
    group: String,
    /// Do not ask
    #[arg(long, short)]
    yes: bool,
}

pub(crate) fn run(command: HintCommand, ctx: &Invocation) -> Result<(), Failure> {
    match command {
        HintCommand::Add(arguments) => {
            let name = PhoneHintGroupName::parse(&arguments.group)?;
            let description = Description::parse(arguments.description.as_deref().unwrap_or_default())?;
            ctx.edit(move |c| {
                let note = format!("phone hint group \"{name}\" was added");
                let id = c.add_phone_hint_group(name, description)?;
                Ok(Done::with::<PhoneHintGroup>(note, id, c))
            })
        }
        HintCommand::List => list(ctx),
        HintCommand::Show(named) => show(&named, ctx),
        HintCommand::Edit(arguments) => edit(arguments, ctx),
        HintCommand::Remove(arguments) => {
            if !arguments.yes {
                let mut c = ctx.configuration()?;
                let group = Arc::clone(find::phone_hint_group(&c, &arguments.group)?);
                // Nobody is asked about what will be refused.
                c.remove_phone_hint_group(group.id)?;
                prompt::confirm(&ctx.output, &format!("Remove phone hint group \"{}\"?", group.name))?;
            }
            ctx.edit(move |c| {
                let group = Arc::clone(find::phone_hint_group(c, &arguments.group)?);
                c.remove_phone_hint_group(group.id)?;
                Ok(Done::new(format!("phone hint group \"{}\" was removed", group.name)))
            })
        }
    }
}

fn list(ctx: &Invocation) -> Result<(), Failure> {
    let c = ctx.configuration()?;
    let rows: Vec<Vec<String>> = c
        .phone_hint_groups
        .iter()
        .map(|group| {
            let profiles = c.profiles.iter().filter(|profile| profile.phone_hint_group == group.id).count();
            vec![
                group.name.to_string(),
                group.hints.len().to_string(),
                profiles.to_string(),
                group.description.to_string(),
            ]
        })
        .collect();
    let json = || c.phone_hint_groups.iter().map(|group| json_of::<PhoneHintGroup>(group.id, &c)).collect();
    ctx.output.list(&["GROUP", "HINTS", "PROFILES", "DESCRIPTION"], &rows, json)
}

fn show(named: &NamedHint, ctx: &Invocation) -> Result<(), Failure> {
    let c = ctx.configuration()?;
    let group = find::phone_hint_group(&c, &named.group)?;
    let rows: Vec<Vec<String>> = group
        .hints
        .iter()
        .map(|(number, hint)| vec![number.to_string(), hint.color.to_string(), hint.text.to_string()])
        .collect();
    ctx.output.list(&["NUMBER", "COLOR", "TEXT"], &rows, || json_of::<PhoneHintGroup>(group.id, &c))
}

fn number(text: &str) -> Result<HintNumber, Refusal> {
    let number = text.trim().parse().map_err(|_| {
        Refusal::new(Rule::H2, RuleTarget::text(TargetKind::PhoneHint, text), Violation::must_be(HintNumber::NUMBERS))
    })?;
    HintNumber::new(number)
}

/// Colours of hints are rule H3's, which says what P6 says.
fn color(text: &str) -> Result<Color, Refusal> {
    Color::parse(text).map_err(|refusal| Refusal { rule: Rule::H3, ..refusal })
}

fn edit(arguments: EditHint, ctx: &Invocation) -> Result<(), Failure> {
    let number = arguments.number.as_deref().map(number).transpose()?;
    let text = arguments.text.as_deref().map(HintText::parse).transpose()?;
    let color = arguments.color.as_deref().map(color).transpose()?;
    let name = arguments.rename.as_deref().map(PhoneHintGroupName::parse).transpose()?;
    let description = arguments.description.as_deref().map(Description::parse).transpose()?;
    ctx.edit(move |c| {
        let group = Arc::clone(find::phone_hint_group(c, &arguments.group)?);
        if let Some(number) = number {
            let before = group.hints.get(&number);
            let missing = || {
                let on = RuleTarget::shown(TargetKind::PhoneHint, format!("{number} in group \"{}\"", group.name));
                Refusal::new(Rule::H6, on, Violation::NewHintIncomplete)
            };
            let text = text.or_else(|| before.map(|hint| hint.text.clone())).ok_or_else(missing)?;
            let color = color.or_else(|| before.map(|hint| hint.color)).ok_or_else(missing)?;
            c.set_phone_hint(group.id, number, text, color)?;
        }
        c.phone_hint_groups.edit(group.id, |group| {
            group.name = name.unwrap_or_else(|| group.name.clone());
            group.description = description.unwrap_or_else(|| group.description.clone());
        });
        Ok(Done::with::<PhoneHintGroup>(format!("phone hint group \"{}\" was changed", group.name), group.id, c))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hint_numbers_and_colors_name_their_own_rules() {
        assert_eq!(number("-2").map(HintNumber::number), Ok(-2));
        for text in ["3", "x", ""] {
            assert_eq!(number(text).expect_err(text).rule, Rule::H2);
        }
        assert_eq!(color("nope").expect_err("no color").rule, Rule::H3);
    }
}
