//! A failure on its way to a person: everything on stderr, and the exit code. `main` alone asks for it.

use std::process::ExitCode;

use super::{Exit, Failure};
use crate::command::output::Output;

impl Failure {
    /// Says everything on stderr and answers with the exit code.
    pub(crate) fn report(&self, output: &Output, circumstances: Option<&str>) -> ExitCode {
        for message in &self.messages {
            output.error(message);
        }
        for cause in &self.causes {
            output.cause(cause);
        }
        if let Some(circumstances) = circumstances.filter(|_| self.exit != Exit::Quiet) {
            output.aside(circumstances);
        }
        let mut hints = self.hint_words().into_iter();
        if let Some(first) = hints.next() {
            output.hint(first);
            hints.for_each(|other| output.aside(other));
        }
        match self.exit {
            Exit::Quiet => ExitCode::SUCCESS,
            Exit::Failed => ExitCode::from(1),
            Exit::Usage => ExitCode::from(2),
        }
    }
}
