//! `ctibox setting`: the general settings of settings §1.9 as the database has them, and where each value in force comes
//! from.

use std::sync::Arc;

use clap::Subcommand;
use serde_json::{Value, json};

use super::failure::Failure;
use super::invocation::{Done, Invocation};
use super::remedy::CommandRemedy;
use super::{complete, prompt};
use crate::check;
use crate::config::{self, Effective, FileFinding, Origin, Overrides};
use crate::exchange::document;
use crate::settings::prose::prose;
use crate::settings::rule::{Refusal, Severity, count};
use crate::settings::setting::{Key, Layer, SettingType, SettingValue};
use crate::settings::setting_page::SettingSection;

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
    #[command(after_help = "Example:\n  ctibox setting list --origin")]
    List(List),
}

#[derive(Debug, clap::Args)]
pub(crate) struct NamedSetting {
    /// The key, like client.port
    #[arg(add = complete::settings())]
    key: String,
}

#[derive(Debug, clap::Args)]
pub(crate) struct List {
    /// Show in which file and line each value stands, and what it hides
    #[arg(long)]
    origin: bool,
    /// Show what each is called on the console's page, and why one does nothing as the others are
    #[arg(long, conflicts_with = "origin")]
    long: bool,
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
        SettingCommand::List(arguments) => list(&arguments, ctx),
    }
}

/// A setting as JSON: key, value, origin; of a value from a file its place.
pub(crate) fn object(key: Key, effective: &Effective) -> Value {
    layer_json(effective.value(key), effective.origin(key))
}

/// The files that were named so far, in the order of their numbers from 1.
#[derive(Default)]
struct NumberedFiles(Vec<Arc<str>>);

impl NumberedFiles {
    /// `file 2:14:9`: number, line and column.
    fn short(&mut self, origin: &Origin) -> String {
        let Origin::File(place) = origin else { return origin.to_string() };
        let at = self.0.iter().position(|file| *file == place.file).unwrap_or_else(|| {
            self.0.push(place.file.clone());
            self.0.len() - 1
        });
        format!("file {}:{}:{}", at + 1, place.line, place.column)
    }
}

/// Key, value, origin.
pub(crate) fn row(key: Key, effective: &Effective) -> Vec<String> {
    let value = text_or(effective.value(key), "-");
    vec![key.as_str().to_owned(), value, effective.origin(key).words().to_owned()]
}

fn get(named: &NamedSetting, ctx: &Invocation) -> Result<(), Failure> {
    let key = key_named(&named.key)?;
    let effective = ctx.effective()?;
    tell_file_errors_about(key, ctx);
    if ctx.output.is_json() {
        return ctx.output.json(&object_with_hidden(key, &effective));
    }
    ctx.output.data(&effective.value(key).to_string())?;
    if let Some(words) = layers(key, &effective) {
        ctx.output.note(&words);
    }
    if let Some(why) = effective.idle(key) {
        ctx.output.note(format!("has no effect: {why}"));
    }
    Ok(())
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
        with_guess(refusal, config::nearest(&text, words.iter().copied()))
    })?;
    let overrides = ctx.overrides();
    warn_of_trust(&value, ctx);
    ctx.touch([key]);
    ctx.edit(move |c| {
        let note = format!("{key} is {}", if text.is_empty() { "not set".into() } else { value.to_string() });
        let before = Effective::new(&c.settings, &overrides);
        c.set_setting(value)?;
        let after = Effective::new(&c.settings, &overrides);
        expect_backends(&before, &after)?;
        Ok(done(format!("{note}{}", above_in_database(key, &c.settings)), key, &after))
    })
}

/// A file by which another server is to be believed may come later, but nobody logs in before.
fn warn_of_trust(value: &SettingValue, ctx: &Invocation) {
    if let Some(words) = check::distrust(value) {
        ctx.output.warning(words);
        ctx.output.advice("name a PEM file that the service's user can read");
    }
}

/// That the list of backends in the database counts where the one word is set beside it (settings §1.9).
fn above_in_database(key: Key, database: &Layer) -> String {
    match database.get(&Key::AuthBackends) {
        Some(list) if key == Key::AuthBackend => format!("; auth.backends is set as well, and counts: {list}"),
        _ => String::new(),
    }
}

/// All keys are more than anybody reads who mistyped one.
fn key_named(text: &str) -> Result<Key, Failure> {
    Key::parse(text).map_err(|refusal| {
        let failure = Failure::new(format!("there is no setting {text:?} (rule {})", refusal.rule));
        let failure = match config::nearest(text, Key::ALL.iter().map(|key| key.as_str())) {
            Some(meant) => failure.hint(format!("did you mean `{meant}`?")),
            None => failure,
        };
        failure.hint(CommandRemedy::of(&refusal))
    })
}

/// What may have been meant stands before where to look.
fn with_guess(refusal: Refusal, meant: Option<&str>) -> Failure {
    let Some(meant) = meant else { return refusal.into() };
    let hint = CommandRemedy::of(&refusal);
    Failure::new(refusal.with_rule()).hint(format!("did you mean `{meant}`?")).hint(hint)
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
    let overrides = ctx.overrides();
    ctx.touch(keys.iter().copied());
    ctx.edit(move |c| {
        let before = Effective::new(&c.settings, &overrides);
        for key in &keys {
            c.unset_setting(*key)?;
        }
        let effective = Effective::new(&c.settings, &overrides);
        expect_backends(&before, &effective)?;
        let words: Vec<String> = keys.iter().map(|key| unset_words(*key, &c.settings)).collect();
        let mut done = Done::new(words.join("\n"));
        *done.object_mut() = keys.iter().map(|key| object(*key, &effective)).collect();
        Ok(done)
    })
}

/// What the database leaves of a key that was taken out of it; what stands above the database is told behind it.
fn unset_words(key: Key, database: &Layer) -> String {
    let left = Effective::new(database, &Overrides::default());
    let value = left.value(key);
    match left.origin(key) {
        // Of the pair `auth.backend` and `auth.backends` the other one is left.
        Origin::Database => format!("{key} is {value} now, as auth.backend says"),
        _ if value.reveal().is_empty() => format!("{key} has no value any more"),
        _ => format!("{key} is {value} again{}", above_in_database(key, database)),
    }
}

/// A backend is named once it has what it needs, and keeps that while it is named (settings §1.9); what lacks something
/// already is mended step by step.
fn expect_backends(before: &Effective, after: &Effective) -> Result<(), Refusal> {
    if before.general().auth.expect_complete().is_err() {
        return Ok(());
    }
    after.general().auth.expect_complete()
}

fn done(note: String, key: Key, effective: &Effective) -> Done {
    let mut done = Done::new(note);
    *done.object_mut() = object(key, effective);
    done
}

/// Where the value of a key comes from and what it hides, where a file has a say in it: `from FILE:2:12; it hides …`.
fn layers(key: Key, effective: &Effective) -> Option<String> {
    let Origin::File(place) = effective.origin(key) else { return None };
    let hidden = hidden(key, effective);
    let hides = if hidden.is_empty() { String::new() } else { format!("; it hides {}", hidden.join(", ")) };
    Some(format!("from {place}{hides}"))
}

/// `10 (database)`, one a layer below the one that holds.
fn hidden(key: Key, effective: &Effective) -> Vec<String> {
    let hidden = effective.hidden(key).iter();
    hidden.map(|(value, origin)| format!("{} ({origin})", text_or(value, "not set"))).collect()
}

fn text_or(value: &SettingValue, nothing: &str) -> String {
    Some(value.to_string()).filter(|text| !text.is_empty()).unwrap_or_else(|| nothing.to_owned())
}

/// A file that cannot be taken is not silently left out of what is shown.
fn tell_file_errors(ctx: &Invocation) {
    let layer = ctx.files.layer();
    layer.findings().iter().filter(|finding| finding.severity() == Severity::Error).for_each(|one| tell(one, ctx));
}

/// Of the keys of files that count for nothing, who looks where values come from is told as well.
fn tell_all_findings(ctx: &Invocation) {
    ctx.files.layer().findings().iter().for_each(|finding| tell(finding, ctx));
}

/// Those that may be why this one key is what it is; the others are a number.
fn tell_file_errors_about(key: Key, ctx: &Invocation) {
    const BACKENDS: [Key; 2] = [Key::AuthBackend, Key::AuthBackends];
    let is_about = |other: Key| other == key || BACKENDS.contains(&other) && BACKENDS.contains(&key);
    let layer = ctx.files.layer();
    let errors = layer.findings().iter().filter(|finding| finding.severity() == Severity::Error);
    let (ours, others): (Vec<_>, Vec<_>) = errors.partition(|finding| finding.key().is_none_or(is_about));
    ours.into_iter().for_each(|finding| tell(finding, ctx));
    if !others.is_empty() {
        let what = count(others.len(), "value");
        ctx.output.warning(prose![
            "settings files: {what} of other keys cannot be taken; ",
            ctibox("check"),
            " tells which"
        ]);
    }
}

fn tell(finding: &FileFinding, ctx: &Invocation) {
    ctx.output.warning(format!("settings file {finding}"));
    ctx.output.advice(finding.remedy());
}

/// The same with what lower layers say.
fn object_with_hidden(key: Key, effective: &Effective) -> Value {
    let mut object = object(key, effective);
    let hidden = effective.hidden(key).iter().map(|(value, origin)| layer_json(value, origin));
    object["hides"] = hidden.collect();
    object
}

fn layer_json(value: &SettingValue, origin: &Origin) -> Value {
    let mut object = document::setting_json(value);
    object["origin"] = json!(origin.words());
    if let Origin::File(place) = origin {
        object["file"] = json!(*place.file);
        object["line"] = json!(place.line);
        object["column"] = json!(place.column);
    }
    object
}

fn list(arguments: &List, ctx: &Invocation) -> Result<(), Failure> {
    let effective = ctx.effective()?;
    if arguments.origin {
        tell_all_findings(ctx);
        return list_origins(&effective, ctx);
    }
    tell_file_errors(ctx);
    if arguments.long {
        return list_page(&effective, ctx);
    }
    let rows: Vec<Vec<String>> =
        Key::ALL.iter().map(|key| [row(*key, &effective), vec![may_be(*key)]].concat()).collect();
    let json = || Key::ALL.iter().map(|key| object(*key, &effective)).collect();
    ctx.output.list(&["KEY", "VALUE", "FROM", "MAY BE"], &rows, json)
}

/// In the order of the console's page.
fn list_page(effective: &Effective, ctx: &Invocation) -> Result<(), Failure> {
    let keys: Vec<Key> = SettingSection::ALL.into_iter().flat_map(SettingSection::keys).collect();
    let row = |key: &Key| {
        let idle = effective.idle(*key).unwrap_or_default().to_owned();
        let (section, label) = (key.section().title().to_owned(), key.label().to_owned());
        [vec![section, label], self::row(*key, effective), vec![idle]].concat()
    };
    let rows: Vec<Vec<String>> = keys.iter().map(row).collect();
    let json = |key: &Key| {
        let mut object = object(*key, effective);
        (object["section"], object["label"]) = (json!(key.section().title()), json!(key.label()));
        object["idle"] = json!(effective.idle(*key));
        object
    };
    let heads = ["SECTION", "SETTING", "KEY", "VALUE", "FROM", "DOES NOTHING"];
    ctx.output.list(&heads, &rows, || keys.iter().map(json).collect())
}

/// On a terminal, whose columns would cut the paths, files have numbers and are named below the table.
fn list_origins(effective: &Effective, ctx: &Invocation) -> Result<(), Failure> {
    let mut files = NumberedFiles::default();
    let is_cut = ctx.output.has_columns();
    let mut words = |origin: &Origin| if is_cut { files.short(origin) } else { origin.to_string() };
    let row = |key: &Key| {
        let hidden = effective.hidden(*key).iter();
        let hidden: Vec<_> =
            hidden.map(|(value, origin)| format!("{} ({})", text_or(value, "not set"), words(origin))).collect();
        let value = text_or(effective.value(*key), "-");
        vec![key.to_string(), value, words(effective.origin(*key)), hidden.join(", ")]
    };
    let rows: Vec<Vec<String>> = Key::ALL.iter().map(row).collect();
    let json = || Key::ALL.iter().map(|key| object_with_hidden(*key, effective)).collect();
    ctx.output.list(&["KEY", "VALUE", "FROM", "HIDES"], &rows, json)?;
    for (number, file) in (1..).zip(&files.0) {
        ctx.output.note(format!("file {number} is {file}"));
    }
    Ok(())
}

fn may_be(key: Key) -> String {
    key.inert().map_or_else(|| key.value_type().limits(), |why| format!("has no effect: {why}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::FilePlace;

    #[test]
    fn files_keep_apart_though_no_path_fits() {
        let place = |file: &str, line| Origin::File(FilePlace { file: file.into(), rank: 0, line, column: 9 });
        let mut files = NumberedFiles::default();
        let (own, old) = ("/etc/ctibox/config.yml", "/etc/xivo-ctid/config.yml");
        assert_eq!(files.short(&place(own, 2)), "file 1:2:9");
        assert_eq!(files.short(&place(old, 3)), "file 2:3:9");
        assert_eq!(files.short(&place(own, 7)), "file 1:7:9");
        assert_eq!(files.short(&Origin::Database), "database");
        assert_eq!(files.0.iter().map(|file| &**file).collect::<Vec<_>>(), [own, old]);
    }
}
