//! `ctibox completions`: the script by which a shell asks ctibox itself for what may stand next, values included.

use clap_complete::env::Shells;

use super::failure::Failure;
use super::invocation::Invocation;

/// The variable by which the script's calls are told from others.
pub(crate) const COMPLETE_VARIABLE: &str = "CTIBOX_COMPLETE";

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  source <(ctibox completions bash)\n  \
                        ctibox completions fish > ~/.config/fish/completions/ctibox.fish")]
pub(crate) struct CompletionsArguments {
    /// bash, zsh, fish, elvish or powershell
    shell: String,
}

pub(crate) fn run(arguments: &CompletionsArguments, ctx: &Invocation) -> Result<(), Failure> {
    let shells = Shells::builtins();
    let Some(shell) = shells.completer(&arguments.shell) else {
        let known: Vec<_> = shells.names().collect();
        return Err(Failure::usage(format!("there are no completions for {:?}", arguments.shell))
            .hint(format!("say one of {}", known.join(", "))));
    };
    let mut script = Vec::new();
    shell
        .write_registration(COMPLETE_VARIABLE, "ctibox", "ctibox", "ctibox", &mut script)
        .map_err(|error| Failure::new("could not make the script").cause(&error))?;
    ctx.output.bytes(&script)
}
