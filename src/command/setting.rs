//! `ctibox setting`: the general settings of settings §1.9 as the database has them, and where each value in force comes
//! from.

use std::time::Duration;

use clap::Subcommand;
use serde_json::{Value, json};

use super::failure::Failure;
use super::invocation::{Done, Invocation};
use super::{complete, guess, prompt, remedy};
use crate::config::{self, Effective};
use crate::control;
use crate::exchange::document;
use crate::settings::rule::Refusal;
use crate::settings::setting::{Key, Layer, SettingType, SettingValue};

#[derive(Debug, Subcommand)]
pub(crate) enum SettingCommand {
    /// Print the value that is in force
    #[command(after_help = "Example:\n  ctibox setting get client.port")]
    Get(NamedSetting),
    /// Set a value; a running server takes it over by itself
    #[command(after_help = "Example:\n  ctibox setting set context_separation true")]
    Set(Set),
    /// Take values out of the database, so that their defaults act again
    ///
    /// Certificate and key of a pair go together: who takes one of them out takes out both.
    #[command(after_help = "Example:\n  ctibox setting unset client.port\n  \
                            ctibox setting unset encryption.certificate encryption.key")]
    Unset(Unset),
    /// List all settings: value, where it comes from, what it may be
    #[command(after_help = "Example:\n  ctibox setting list --json")]
    List,
}

#[derive(Debug, clap::Args)]
pub(crate) struct NamedSetting {
    /// The key, like client.port
    #[arg(add = complete::settings())]
    key: String,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Unset {
    /// The keys; several are taken out together
    #[arg(required = true, value_name = "KEY", add = complete::settings())]
    keys: Vec<String>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Set {
    #[command(flatten)]
    named: NamedSetting,
    /// The value; empty for none. Leave it out with `--value-stdin`
    #[arg(add = complete::setting_values(), allow_hyphen_values = true, required_unless_present = "value_stdin", conflicts_with = "value_stdin")]
    value: Option<String>,
    /// Read the value from the first line of standard input, as a secret should be
    #[arg(long)]
    value_stdin: bool,
}

pub(crate) fn run(command: SettingCommand, ctx: &Invocation) -> Result<(), Failure> {
    match command {
        SettingCommand::Get(named) => get(&named, ctx),
        SettingCommand::Set(arguments) => set(&arguments, ctx),
        SettingCommand::Unset(arguments) => unset(&arguments, ctx),
        SettingCommand::List => list(ctx),
    }
}

fn get(named: &NamedSetting, ctx: &Invocation) -> Result<(), Failure> {
    let key = key_named(&named.key)?;
    let effective = effective(ctx)?;
    if ctx.output.is_json() {
        return ctx.output.json(&object(key, &effective));
    }
    ctx.output.data(&effective.value(key).to_string())
}

fn effective(ctx: &Invocation) -> Result<Effective, Failure> {
    Ok(Effective::new(&ctx.store()?.settings()?, command_line(ctx)))
}

/// What the command line of the running server says, if one runs and answers.
pub(crate) fn command_line(ctx: &Invocation) -> Layer {
    const PATIENCE: Duration = Duration::from_secs(1);
    match control::call(&ctx.folder, &control::Request::Status, PATIENCE) {
        Ok(control::Response::Status(status)) => config::named_addresses(&status.named),
        _ => Layer::new(),
    }
}

fn set(arguments: &Set, ctx: &Invocation) -> Result<(), Failure> {
    let key = key_named(&arguments.named.key)?;
    let text = match &arguments.value {
        Some(value) => {
            if key.is_secret() && !value.is_empty() {
                ctx.output.warning(
                    "a secret on the command line can be read by every user of this machine; \
                     `--value-stdin` reads it from standard input",
                );
            }
            value.clone()
        }
        None => prompt::first_line()?.reveal().to_owned(),
    };
    let text = absolute(key, text);
    let value = SettingValue::parse(key, &text).map_err(|refusal| {
        let words = key.value_type().words();
        with_guess(refusal, guess::nearest(&text, words.iter().copied()))
    })?;
    let command_line = command_line(ctx);
    ctx.touch([key]);
    ctx.edit(move |c| {
        let note = format!("{key} is {}", if text.is_empty() { "not set".into() } else { value.to_string() });
        c.set_setting(value)?;
        Ok(done(note, key, &Effective::new(&c.settings, command_line)))
    })
}

fn key_named(text: &str) -> Result<Key, Failure> {
    Key::parse(text)
        .map_err(|refusal| with_guess(refusal, guess::nearest(text, Key::ALL.iter().map(|key| key.as_str()))))
}

/// What may have been meant stands before where to look.
fn with_guess(refusal: Refusal, meant: Option<&str>) -> Failure {
    let Some(meant) = meant else { return refusal.into() };
    let hint = remedy::of(&refusal);
    Failure::new(refusal.to_string()).hint(format!("did you mean `{meant}`?")).hint(hint)
}

/// A relative path means something else to the server, which works elsewhere.
fn absolute(key: Key, text: String) -> String {
    if key.value_type() != SettingType::Path || text.trim().is_empty() {
        return text;
    }
    std::path::absolute(text.trim()).map_or(text, |path| path.to_string_lossy().into_owned())
}

fn unset(arguments: &Unset, ctx: &Invocation) -> Result<(), Failure> {
    let mut keys: Vec<Key> = arguments.keys.iter().map(|key| key_named(key)).collect::<Result<_, _>>()?;
    // One half of a pair is refused (rule G3), and nobody who takes it out wants to keep the other.
    const PAIR: [Key; 2] = [Key::EncryptionCertificate, Key::EncryptionKeyFile];
    if keys.iter().any(|key| PAIR.contains(key)) {
        keys.extend(PAIR.into_iter().filter(|key| !keys.contains(key)).collect::<Vec<_>>());
    }
    let command_line = command_line(ctx);
    ctx.touch(keys.iter().copied());
    ctx.edit(move |c| {
        let mut words = Vec::new();
        for key in &keys {
            c.unset_setting(*key)?;
            let default = SettingValue::default_of(*key).to_string();
            words.push(format!("{key} is {} again", if default.is_empty() { "not set" } else { &default }));
        }
        let mut done = Done::new(words.join("\n"));
        let effective = Effective::new(&c.settings, command_line);
        *done.object_mut() = keys.iter().map(|key| object(*key, &effective)).collect();
        Ok(done)
    })
}

fn done(note: String, key: Key, effective: &Effective) -> Done {
    let mut done = Done::new(note);
    *done.object_mut() = object(key, effective);
    done
}

/// A setting as JSON: key, value, origin.
pub(crate) fn object(key: Key, effective: &Effective) -> Value {
    let mut object = document::setting_json(effective.value(key));
    if let Value::Object(members) = &mut object {
        members.insert("origin".to_owned(), json!(effective.origin(key).words()));
    }
    object
}

fn list(ctx: &Invocation) -> Result<(), Failure> {
    let effective = effective(ctx)?;
    let rows: Vec<Vec<String>> =
        Key::ALL.iter().map(|key| [row(*key, &effective), vec![may_be(*key)]].concat()).collect();
    let json = || Key::ALL.iter().map(|key| object(*key, &effective)).collect();
    ctx.output.list(&["KEY", "VALUE", "FROM", "MAY BE"], &rows, json)
}

fn may_be(key: Key) -> String {
    key.inert().map_or_else(|| key.value_type().limits(), |why| format!("nothing acts by it yet: {why}"))
}

/// Key, value, origin.
pub(crate) fn row(key: Key, effective: &Effective) -> Vec<String> {
    let value = effective.value(key).to_string();
    let value = if value.is_empty() { "-".to_owned() } else { value };
    vec![key.as_str().to_owned(), value, effective.origin(key).words().to_owned()]
}
