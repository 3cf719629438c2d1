//! `ctibox console`: opens the administrator's screens on the data folder, and hands them what only the environment knows:
//! what the terminal can do, who edits, random values.

use std::env;
use std::sync::Arc;

use clap::builder::PossibleValuesParser;

use super::failure::Failure;
use super::folder::{AccountUse, name_of};
use super::invocation::Invocation;
use super::random;
use crate::store::{OriginKind, Patience};
use crate::tui::{
    self, Capabilities, ConsoleError, FileAccess, RandomSource, Rights, Start, Tab, TerminalEnvironment, Theme,
};

const THEME_VARIABLE: &str = "CTIBOX_THEME";

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  ctibox console --screen presences")]
pub(crate) struct ConsoleArguments {
    /// Only look, change nothing
    #[arg(long)]
    read_only: bool,
    /// The screen to start on
    #[arg(long, value_name = "NAME", default_value = Tab::Overview.as_str(), value_parser = tabs())]
    screen: String,
    /// Its colors, whatever the setting console.theme says
    #[arg(long, value_name = "THEME", env = THEME_VARIABLE, value_parser = themes(), hide_env_values = true)]
    theme: Option<String>,
}

pub(crate) fn run(arguments: &ConsoleArguments, ctx: &Invocation) -> Result<(), Failure> {
    let files = ctx.files.clone();
    let start = Start {
        folder: ctx.folder.clone(),
        usual_folder: super::DATA_FOLDER.into(),
        store: ctx.store()?.with_patience(Patience::Person)?,
        files: Arc::new(move || files.layer()),
        origin: ctx.origin(OriginKind::Console),
        rights: if arguments.read_only { Rights::ReadOnly } else { Rights::Edit },
        file_access: match ctx.account {
            AccountUse::Own => FileAccess::Own,
            AccountUse::Lent => FileAccess::None,
        },
        home: env::var("HOME").ok().filter(|home| home.starts_with('/')),
        random: RandomSource { user_uuid: random::user_uuid, salt: random::salt, password: random::password },
        name_of,
        capabilities: Capabilities::of(&terminal_environment()),
        theme: arguments.theme.as_deref().and_then(|word| Theme::ALL.into_iter().find(|theme| theme.as_str() == word)),
        tab: Tab::ALL.into_iter().find(|tab| tab.as_str() == arguments.screen).unwrap_or(Tab::Overview),
    };
    tui::run(start).map_err(|error| {
        let failure = Failure::of(&error);
        match error {
            ConsoleError::NoTerminal => failure.hint("run it in a terminal, over `ssh -t` for one command"),
            ConsoleError::Terminal(_) | ConsoleError::Store(_) => failure,
        }
    })
}

fn tabs() -> PossibleValuesParser {
    PossibleValuesParser::new(Tab::ALL.map(Tab::as_str))
}

fn themes() -> PossibleValuesParser {
    PossibleValuesParser::new(Theme::ALL.map(Theme::as_str))
}

fn terminal_environment() -> TerminalEnvironment {
    let variable = |name: &str| env::var(name).ok();
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().filter_map(variable).find(|text| !text.is_empty());
    TerminalEnvironment {
        term: variable("TERM"),
        color_term: variable("COLORTERM"),
        no_color: variable("NO_COLOR"),
        color_fgbg: variable("COLORFGBG"),
        locale,
    }
}
