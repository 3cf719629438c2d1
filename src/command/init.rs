//! `ctibox init`: makes the data folder with the default data of settings §3. The one command that makes anything where
//! nothing was; `serve` does the same on its first run.

use std::path::Path;

use time::OffsetDateTime;

use super::complete;
use super::failure::Failure;
use super::invocation::Invocation;
use super::random;
use crate::certificate::{XIVO_CERTIFICATES, XivoPair};
use crate::settings::configuration::Configuration;
use crate::settings::default::Language;
use crate::settings::legacy_tls::IS_BUILT_IN;
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
        ctx.output.note(format!("made the data folder {folder} with the default data"));
    } else {
        ctx.output.note(format!("the data folder {folder} is already there; nothing was changed"));
        if arguments.language.is_some() {
            ctx.output.warning("`--language` only chooses the texts of a new data folder; it was not used");
        }
    }
    ctx.output.hint(format!(
        "add the first user: `{} user add alice --first-name Alice --profile Client --generate-password`",
        program(ctx)
    ));
    tell_choices(ctx);
    Ok(())
}

/// What an administrator who comes from a XiVO is to decide before its clients come.
fn tell_choices(ctx: &Invocation) {
    let allow = match IS_BUILT_IN {
        true => format!(
            "allow that with `{} setting set encryption.allow_legacy_tls true` (it can be broken), or ",
            program(ctx)
        ),
        false => String::new(),
    };
    ctx.output.hint(format!(
        "old desktop clients know TLS 1.0 alone and start with encryption on, which is refused: {allow}switch their \
         encryption off, or replace them"
    ));
    if let Some(pair) = XivoPair::find(Path::new(XIVO_CERTIFICATES), OffsetDateTime::now_utc()) {
        ctx.output.note(format!("{} {}", pair.paths.certificate.display(), pair.words()));
        ctx.output.hint(pair.remedy());
    }
}

/// The command with the folder if it is not the usual one, so that the line can be copied.
fn program(ctx: &Invocation) -> String {
    if ctx.folder.as_os_str() == super::DATA_FOLDER {
        "ctibox".to_owned()
    } else {
        format!("ctibox --data {}", ctx.folder.display())
    }
}
