//! Where a new password comes from: a prompt, the first line of standard input, or made here. Never from the command
//! line, which every user of the machine can read. `user`, `account` and `conference` use it.

use serde_json::{Value, json};

use super::failure::Failure;
use super::invocation::{Done, Invocation};
use super::output::Output;
use super::{prompt, random};
use crate::settings::password::{Password, PasswordHash};

/// Exactly one of the three; on a terminal none of them asks.
#[derive(Debug, Clone, clap::Args)]
#[group(multiple = false)]
pub(crate) struct PasswordSource {
    /// Read the password from the first line of standard input
    #[arg(long)]
    password_stdin: bool,
    /// Generate a password and print it, only once, on standard output
    #[arg(long)]
    generate_password: bool,
    /// Set no password: nobody can log in with one
    #[arg(long)]
    no_password: bool,
}

/// A password as the database keeps it, and in clear if it was made here and must be told.
pub(crate) struct NewPassword {
    pub(crate) hash: Option<PasswordHash>,
    pub(crate) made: Option<Password>,
}

impl NewPassword {
    pub(crate) fn none() -> Self {
        Self { hash: None, made: None }
    }
}

impl PasswordSource {
    /// Reads, asks or makes. Costs what a hash costs; to be called outside of any transaction.
    pub(crate) fn take(&self, output: &Output) -> Result<NewPassword, Failure> {
        let hashed = |password: &Password| Some(password.hash(&random::salt()));
        if self.no_password {
            return Ok(NewPassword::none());
        }
        if self.generate_password {
            let made = Password::parse(random::password().reveal())?;
            return Ok(NewPassword { hash: hashed(&made), made: Some(made) });
        }
        let typed = if self.password_stdin {
            prompt::first_line()?
        } else if prompt::is_possible() {
            prompt::new_secret(output, "Password")?
        } else {
            return Err(Failure::usage("no word about the password, and no terminal to ask on")
                .hint("give `--password-stdin`, `--generate-password` or `--no-password`"));
        };
        let typed = Password::parse(typed.reveal())?;
        if let Some(weakness) = typed.weakness() {
            output.warning(format!("password: {weakness}"));
        }
        Ok(NewPassword { hash: hashed(&typed), made: None })
    }
}

/// A password that was made here is told once: as the only data, or as a member of the object.
pub(crate) fn tell(mut done: Done, made: Option<&Password>, ctx: &Invocation) -> Result<(), Failure> {
    let Some(made) = made else { return ctx.tell(&done) };
    if ctx.output.is_json() {
        if let Value::Object(members) = done.object_mut() {
            members.insert("password".to_owned(), json!(made.reveal()));
        }
        return ctx.tell(&done);
    }
    ctx.tell(&done)?;
    ctx.output.data(made.reveal())
}
