//! `ctibox dial-rule`: how numbers become what the dial plan wants, in the order in which the rules are tried.

use clap::Subcommand;

use super::complete;
use super::failure::Failure;
use super::find;
use super::invocation::{Done, Invocation, json_of};
use crate::settings::configuration::Configuration;
use crate::settings::dial_rule::{DialRule, STRIP_MAX, counting, dialled};
use crate::settings::edit::NewDialRule;
use crate::settings::label::dial_rule_name;
use crate::settings::name::DialDigits;
use crate::settings::phone_number::PhoneNumber;

#[derive(Debug, Subcommand)]
pub(crate) enum DialRuleCommand {
    /// Add a rule: the last one, unless `--place` says where
    #[command(after_help = "Example:\n  ctibox dial-rule add +33 --strip 3 --add 0\n  \
                            ctibox dial-rule add 0 --add 9 --context office --place 1")]
    Add(AddDialRule),
    /// List the rules in the order in which they are tried; the first that fits counts
    #[command(after_help = "Example:\n  ctibox dial-rule list")]
    List,
    /// Move a rule to another place, counted from 1
    #[command(after_help = "Example:\n  ctibox dial-rule move 3 1")]
    Move(MoveDialRule),
    /// Remove the rule at a place
    #[command(after_help = "Example:\n  ctibox dial-rule remove 2")]
    Remove(PlacedDialRule),
    /// Show what would be dialed for a number, and by which rule
    #[command(after_help = "Example:\n  ctibox dial-rule try \"+33 1 23 45 67 89\" --context office")]
    Try(TryNumber),
}

#[derive(Debug, clap::Args)]
pub(crate) struct AddDialRule {
    /// What the number begins with: digits, `+`, `*` or `#`; empty for any number
    prefix: String,
    /// How many characters to strip from its beginning, 0 to 40
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u8).range(0..=i64::from(STRIP_MAX)))]
    strip: u8,
    /// What to put there instead
    #[arg(long, value_name = "DIGITS", default_value = "")]
    add: String,
    /// Only for callers in this context; for all if left out
    #[arg(long, value_name = "C", add = complete::contexts())]
    context: Option<String>,
    /// Its place, counted from 1
    #[arg(long, value_name = "N")]
    place: Option<usize>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct PlacedDialRule {
    /// The place of the rule, as `ctibox dial-rule list` counts them
    #[arg(add = complete::dial_rules())]
    place: usize,
}

#[derive(Debug, clap::Args)]
pub(crate) struct MoveDialRule {
    #[command(flatten)]
    rule: PlacedDialRule,
    /// Its new place; one past the end is the last
    new: usize,
}

#[derive(Debug, clap::Args)]
pub(crate) struct TryNumber {
    /// The number as it stands in a phone book
    number: String,
    /// The context of the caller
    #[arg(long, value_name = "C", add = complete::contexts())]
    context: Option<String>,
}

pub(crate) fn run(command: DialRuleCommand, ctx: &Invocation) -> Result<(), Failure> {
    match command {
        DialRuleCommand::Add(arguments) => add(arguments, ctx),
        DialRuleCommand::List => list(ctx),
        DialRuleCommand::Move(arguments) => ctx.edit(move |c| {
            let rule = find::dial_rule(c, arguments.rule.place)?;
            c.move_dial_rule(rule.id, arguments.new)?;
            let place = place_of(&rule, c);
            Ok(Done::with::<DialRule>(format!("dial rule {} is at place {place} now", in_words(&rule)), rule.id, c))
        }),
        DialRuleCommand::Remove(placed) => ctx.edit(move |c| {
            let rule = find::dial_rule(c, placed.place)?;
            c.remove_dial_rule(rule.id)?;
            Ok(Done::new(format!("dial rule {} was removed", in_words(&rule))))
        }),
        DialRuleCommand::Try(arguments) => show_dialed(&arguments, ctx),
    }
}

fn add(arguments: AddDialRule, ctx: &Invocation) -> Result<(), Failure> {
    let (prefix, add) = (DialDigits::parse(&arguments.prefix)?, DialDigits::parse(&arguments.add)?);
    ctx.edit(move |c| {
        let context = find::context_or_none(c, arguments.context.as_deref())?;
        let id = c.add_dial_rule(NewDialRule { prefix, strip: arguments.strip, add, context })?;
        if let Some(place) = arguments.place {
            c.move_dial_rule(id, place)?;
        }
        let rule = c.dial_rules.get(id).map(|rule| (in_words(rule), place_of(rule, c))).unwrap_or_default();
        Ok(Done::with::<DialRule>(format!("dial rule {} was added at place {}", rule.0, rule.1), id, c))
    })
}

/// `"+33", strip 3, add 0`
fn in_words(rule: &DialRule) -> String {
    let name = dial_rule_name(rule.prefix.as_str());
    let strip = if rule.strip == 0 { String::new() } else { format!(", strip {}", rule.strip) };
    let add = if rule.add.as_str().is_empty() { String::new() } else { format!(", add {}", rule.add) };
    format!("\"{name}\"{strip}{add}")
}

fn place_of(rule: &DialRule, c: &Configuration) -> usize {
    c.ordered_dial_rules().iter().take_while(|other| other.id != rule.id).count() + 1
}

fn list(ctx: &Invocation) -> Result<(), Failure> {
    let c = ctx.configuration()?;
    let rules = c.ordered_dial_rules();
    let row = |(place, rule): (usize, &&std::sync::Arc<DialRule>)| {
        let context = rule.context.and_then(|id| c.contexts.get(id));
        vec![
            (place + 1).to_string(),
            dial_rule_name(rule.prefix.as_str()),
            rule.strip.to_string(),
            Some(rule.add.to_string()).filter(|add| !add.is_empty()).unwrap_or_else(|| "-".to_owned()),
            context.map_or_else(|| "any".to_owned(), |context| context.name.to_string()),
        ]
    };
    let rows: Vec<Vec<String>> = rules.iter().enumerate().map(row).collect();
    let json = || rules.iter().map(|rule| json_of::<DialRule>(rule.id, &c)).collect();
    ctx.output.list(&["PLACE", "PREFIX", "STRIP", "ADD", "CONTEXT"], &rows, json)
}

fn show_dialed(arguments: &TryNumber, ctx: &Invocation) -> Result<(), Failure> {
    let c = ctx.configuration()?;
    let context = find::context_or_none(&c, arguments.context.as_deref())?;
    let number = PhoneNumber::parse(&arguments.number)?;
    let rules: Vec<_> = c.ordered_dial_rules().into_iter().cloned().collect();
    let dialed = dialled(&rules, number.as_str(), context);
    let place = counting(&rules, number.as_str(), context).map(|at| at + 1);
    let shown = place.map_or_else(|| "none fits".to_owned(), |place| place.to_string());
    let fields = [("number", number.to_string()), ("dialed", dialed.clone()), ("rule", shown)];
    ctx.output.fields(&fields, || serde_json::json!({"number": number.as_str(), "dialed": dialed, "rule": place}))
}
