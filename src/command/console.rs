//! `ctibox console`: opens the administrator's screens on the data folder, and hands them what only the environment knows:
//! what the terminal can do, who edits, random values.

use std::env;

use clap::builder::PossibleValuesParser;

use super::failure::Failure;
use super::invocation::Invocation;
use super::random;
use crate::store::OriginKind;
use crate::tui::{self, Ability, Chance, ConsoleError, Place, Rights, Start, Surroundings};

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  ctibox console --screen presences")]
pub(crate) struct ConsoleArguments {
    /// Look, and change nothing
    #[arg(long)]
    read_only: bool,
    /// The screen to start on
    #[arg(long, value_name = "NAME", default_value = Place::Overview.as_str(), value_parser = places())]
    screen: String,
}

fn places() -> PossibleValuesParser {
    PossibleValuesParser::new(Place::ALL.map(Place::as_str))
}

pub(crate) fn run(arguments: &ConsoleArguments, ctx: &Invocation) -> Result<(), Failure> {
    let start = Start {
        folder: ctx.folder.clone(),
        store: ctx.store()?,
        origin: ctx.origin(OriginKind::Console),
        rights: if arguments.read_only { Rights::ReadOnly } else { Rights::Edit },
        chance: Chance { user_uuid: random::user_uuid, salt: random::salt, password: random::password },
        ability: Ability::of(&surroundings()),
        place: Place::ALL.into_iter().find(|place| place.as_str() == arguments.screen).unwrap_or(Place::Overview),
    };
    tui::run(start).map_err(|error| {
        let failure = Failure::of(&error);
        match error {
            ConsoleError::NoTerminal => failure.hint("run it in a terminal, over `ssh -t` for one command"),
            ConsoleError::Terminal(_) | ConsoleError::Store(_) => failure,
        }
    })
}

fn surroundings() -> Surroundings {
    let variable = |name: &str| env::var(name).ok();
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().filter_map(variable).find(|text| !text.is_empty());
    Surroundings { term: variable("TERM"), color_term: variable("COLORTERM"), no_color: variable("NO_COLOR"), locale }
}
