//! `ctibox setting`: the general settings of settings §1.9 as the database has them, and where each value in force comes
//! from.

use clap::Subcommand;
use serde_json::{Value, json};

use super::effective::{Effective, Origin};
use super::failure::Failure;
use super::invocation::{Done, Invocation};
use super::{ask, complete};
use crate::settings::document;
use crate::settings::setting::{Acts, Key, Layer, SettingType, SettingValue};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Print the value that is in force
    #[command(after_help = "Example:\n  ctibox setting get client.port")]
    Get(Named),
    /// Set a value; a running server takes it over by itself
    #[command(after_help = "Example:\n  ctibox setting set context_separation true")]
    Set(Set),
    /// Take a value out of the database, so that the default acts again
    #[command(after_help = "Example:\n  ctibox setting unset client.port")]
    Unset(Named),
    /// List all settings: value, where it comes from, what it may be
    #[command(after_help = "Example:\n  ctibox setting list --json")]
    List,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Named {
    /// The key, like client.port
    #[arg(add = complete::settings())]
    key: String,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Set {
    #[command(flatten)]
    named: Named,
    /// The value; empty for none. Leave it out with `--value-stdin`
    #[arg(allow_hyphen_values = true, required_unless_present = "value_stdin", conflicts_with = "value_stdin")]
    value: Option<String>,
    /// Read the value from the first line of standard input, as a secret should be
    #[arg(long)]
    value_stdin: bool,
}

pub(crate) fn run(command: Command, call: &Invocation) -> Result<(), Failure> {
    match command {
        Command::Get(named) => get(&named, call),
        Command::Set(arguments) => set(&arguments, call),
        Command::Unset(named) => {
            let key = Key::parse(&named.key)?;
            call.edit(move |c| {
                c.unset_setting(key)?;
                Ok(done(format!("{key} is {} again, the default", SettingValue::default_of(key)), key, &c.settings))
            })
        }
        Command::List => list(call),
    }
}

fn get(named: &Named, call: &Invocation) -> Result<(), Failure> {
    let key = Key::parse(&named.key)?;
    let effective = effective(call)?;
    if call.output.is_json() {
        return call.output.json(&object(key, &effective));
    }
    call.output.data(&effective.value(key).to_string())
}

fn effective(call: &Invocation) -> Result<Effective, Failure> {
    Ok(Effective::new(&call.configuration()?.settings, Layer::new()))
}

fn set(arguments: &Set, call: &Invocation) -> Result<(), Failure> {
    let key = Key::parse(&arguments.named.key)?;
    let text = match &arguments.value {
        Some(value) => {
            if key.is_secret() && !value.is_empty() {
                call.output.warning(
                    "a secret on the command line can be read by every user of this machine; \
                     `--value-stdin` reads it from standard input",
                );
            }
            value.clone()
        }
        None => ask::first_line()?.reveal().to_owned(),
    };
    let value = SettingValue::parse(key, &text)?;
    call.edit(move |c| {
        let when = match key.acts() {
            Acts::Live => "at once",
            Acts::NextConnection => "from the next connection on",
            Acts::NextHandshake => "from the next handshake on",
            Acts::NextLogin => "from the next login on",
        };
        let note =
            format!("{key} is {}; it acts {when}", if text.is_empty() { "not set".into() } else { value.to_string() });
        c.set_setting(value)?;
        Ok(done(note, key, &c.settings))
    })
}

fn done(note: String, key: Key, layer: &Layer) -> Done {
    let mut done = Done::new(note);
    *done.object_mut() = object(key, &Effective::new(layer, Layer::new()));
    done
}

fn object(key: Key, effective: &Effective) -> Value {
    let mut object = document::setting_json(effective.value(key));
    if let Value::Object(members) = &mut object {
        members.insert("origin".to_owned(), json!(origin_words(&effective.origin(key))));
    }
    object
}

/// Where a value comes from, in words.
pub(crate) fn origin_words(origin: &Origin) -> String {
    match origin {
        Origin::CommandLine => "command line".to_owned(),
        Origin::File(path) => path.display().to_string(),
        Origin::Database => "database".to_owned(),
        Origin::Default => "default".to_owned(),
    }
}

fn list(call: &Invocation) -> Result<(), Failure> {
    let effective = effective(call)?;
    let row = |key: &Key| {
        let value = effective.value(*key).to_string();
        let value = if value.is_empty() { "-".to_owned() } else { value };
        vec![key.word().to_owned(), value, origin_words(&effective.origin(*key)), limits(key.value_type())]
    };
    let rows: Vec<Vec<String>> = Key::ALL.iter().map(row).collect();
    let json = || Key::ALL.iter().map(|key| object(*key, &effective)).collect();
    call.output.list(&["KEY", "VALUE", "FROM", "MAY BE"], &rows, json)
}

fn limits(value_type: SettingType) -> String {
    match value_type {
        SettingType::Bool => "true, false".to_owned(),
        SettingType::Integer { least, most } => format!("{least} to {most}"),
        SettingType::Seconds { least, most } => format!("{least} to {most} seconds"),
        SettingType::Days { most } => format!("0 to {most} days"),
        SettingType::Word(words) => words.join(", "),
        SettingType::WordList(words) => format!("some of {}", words.join(", ")),
        SettingType::AddressList => "IP addresses".to_owned(),
        SettingType::Text => "text".to_owned(),
        SettingType::Secret => "secret".to_owned(),
        SettingType::Path => "path".to_owned(),
        SettingType::TimeOfDay => "HH:MM".to_owned(),
    }
}
