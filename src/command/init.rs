//! `ctibox init`: makes the data folder with the default data of settings §3. The one command that makes anything where
//! nothing was; `serve` does the same on its first run.

use super::complete;
use super::failure::Failure;
use super::invocation::Invocation;
use super::random;
use crate::settings::configuration::Configuration;
use crate::settings::default::Language;
use crate::store::Store;

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  ctibox --data /var/lib/ctibox init --language fr")]
pub(crate) struct InitArguments {
    /// Language of the default display texts: en or fr; en if left out
    #[arg(long, value_name = "LANGUAGE", add = complete::languages())]
    language: Option<String>,
}

pub(crate) fn run(arguments: &InitArguments, ctx: &Invocation) -> Result<(), Failure> {
    let language = match arguments.language.as_deref() {
        None | Some("") => Language::English,
        Some(word) => {
            Language::parse(word).map_err(|refusal| Failure::usage(format!("{}: {}", refusal.on, refusal.problem)))?
        }
    };
    let opened = Store::open(&ctx.folder, || Configuration::default_data(random::server_uuid(), language))?;
    let folder = ctx.folder.display();
    if opened.is_new {
        ctx.output.note(&format!("made the data folder {folder} with the default data"));
    } else {
        ctx.output.note(&format!("the data folder {folder} is already there; nothing was changed"));
        if arguments.language.is_some() {
            ctx.output.warning("`--language` only chooses the texts of a new data folder; it was not used");
        }
    }
    ctx.output.hint(&format!(
        "add the first user: `{} user add alice --first-name Alice --profile Client --generate-password`",
        program(ctx)
    ));
    Ok(())
}

/// The command with the folder if it is not the usual one, so that the line can be copied.
fn program(ctx: &Invocation) -> String {
    if ctx.folder.as_os_str() == super::DATA_FOLDER {
        "ctibox".to_owned()
    } else {
        format!("ctibox --data {}", ctx.folder.display())
    }
}
