//! `ctibox man`: the manual, made from the same definition as parser and help.

use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use clap::CommandFactory;
use clap_mangen::Man;

use super::CommandLine;
use super::failure::Failure;
use super::invocation::Invocation;

/// What every page ends with.
const EXIT_STATUS: &str = r#".SH "EXIT STATUS"
.TP
0
What was asked for is done, and holds in the running server where one runs.
.TP
1
It failed or was refused, or is kept and does not hold in the running server; standard error says which, and what to do.
.TP
2
The command line is wrong.
"#;

/// What the first page ends with.
const FILES: &str = r#".SH FILES
.TP
/var/lib/ctibox
The data folder, unless \-\-data or CTIBOX_DATA names another.
.TP
/var/lib/ctibox/ctibox.db
The database: everything that outlives the program. ctibox.db\-wal and ctibox.db\-shm belong to it while it is open.
.TP
/var/lib/ctibox/certs/server.crt, server.key
The certificate and key that ctibox made, used while the settings name no other.
.TP
/var/lib/ctibox/backups
The nightly backups.
.TP
/var/lib/ctibox/control.sock
Where commands reach the running server.
.TP
/var/lib/ctibox/server.lock
Held by the server that serves the folder.
.SH ENVIRONMENT
.TP
CTIBOX_DATA, CTIBOX_CONFIG, CTIBOX_OLD_CONFIG
The same as \-\-data, \-\-config and \-\-old\-config, which override them.
.TP
CTIBOX_LOG
How much ctibox serve logs: error, warn, info, debug or trace. It overrides the setting log.level.
.TP
CTIBOX_THEME
The colors of ctibox console: dark, light or mono, the same as its \-\-theme.
.TP
NO_COLOR
Set to anything: nothing is said by color.
"#;

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  ctibox man | man -l -\n  ctibox man --folder /usr/local/share/man/man1")]
pub(crate) struct ManArguments {
    /// Write a page for every command into this folder; else the first page to standard output
    #[arg(long, value_name = "FOLDER")]
    folder: Option<PathBuf>,
}

pub(crate) fn run(arguments: &ManArguments, ctx: &Invocation) -> Result<(), Failure> {
    let mut command = CommandLine::command().disable_help_subcommand(true);
    if let Some(folder) = &arguments.folder {
        clap_mangen::generate_to(command, folder).map_err(|error| {
            Failure::new(format!("could not write the pages into {}", folder.display())).cause(&error)
        })?;
        let mut built = CommandLine::command().disable_help_subcommand(true);
        built.build();
        append_sections(&built, folder).map_err(|error| {
            Failure::new(format!("could not write the pages into {}", folder.display())).cause(&error)
        })?;
        ctx.output.note(format!("wrote a page for every command into {}", folder.display()));
        return Ok(());
    }
    command.build();
    let mut page = Vec::new();
    Man::new(command).render(&mut page).map_err(|error| Failure::new("could not make the manual").cause(&error))?;
    page.extend_from_slice(EXIT_STATUS.as_bytes());
    page.extend_from_slice(FILES.as_bytes());
    ctx.output.bytes(&page)
}

/// Ends the page of this command, and those of the commands below it, with what the parser does not know.
fn append_sections(command: &clap::Command, folder: &Path) -> io::Result<()> {
    for below in command.get_subcommands().filter(|below| !below.is_hide_set()) {
        append_sections(below, folder)?;
    }
    let page = folder.join(Man::new(command.clone()).get_filename());
    let mut page = OpenOptions::new().append(true).open(page)?;
    page.write_all(EXIT_STATUS.as_bytes())?;
    if command.get_name() == "ctibox" {
        page.write_all(FILES.as_bytes())?;
    }
    Ok(())
}
