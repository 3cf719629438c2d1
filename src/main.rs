//! The program `ctibox`: hands over to the library's `command` room, which parses, calls one command and answers with
//! the exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    ctibox::command::main()
}
