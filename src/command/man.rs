//! `ctibox man`: the manual, made from the same definition as parser and help.

use std::path::PathBuf;

use clap::CommandFactory;
use clap_mangen::Man;

use super::CommandLine;
use super::failure::Failure;
use super::invocation::Invocation;

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  ctibox man | man -l -\n  ctibox man --folder /usr/local/share/man/man1")]
pub(crate) struct Arguments {
    /// Write a page for every command into this folder; else the first page to standard output
    #[arg(long, value_name = "FOLDER")]
    folder: Option<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments, call: &Invocation) -> Result<(), Failure> {
    let mut command = CommandLine::command().disable_help_subcommand(true);
    if let Some(folder) = &arguments.folder {
        clap_mangen::generate_to(command, folder).map_err(|error| {
            Failure::new(format!("could not write the pages into {}", folder.display())).cause(&error)
        })?;
        call.output.note(&format!("wrote a page for every command into {}", folder.display()));
        return Ok(());
    }
    command.build();
    let mut page = Vec::new();
    Man::new(command).render(&mut page).map_err(|error| Failure::new("could not make the manual").cause(&error))?;
    call.output.bytes(&page)
}
