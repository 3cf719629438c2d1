//! The form of one general setting, or of the two that only make sense together. What a key takes decides the field: a
//! switch, a choice, some of several, a text.

use crate::check;
use crate::config::{Effective, FileValue, Origin, Overrides};
use crate::settings::configuration::Configuration;
use crate::settings::rule::Refusal;
use crate::settings::setting::{Key, SettingType, SettingValue};
use crate::settings::table::Kind;
use crate::tui::app::{App, RandomSource, Repeat, RowsOf, Target, Transition};
use crate::tui::effect::LISTENING;
use crate::tui::form::{Fault, Fields, Model, Purpose};
use crate::tui::proposal::Proposal;
use crate::tui::server::Server;
use crate::tui::typed_form::FormKey;
use crate::tui::widgets::entry::{Aside, Entry, Field};

/// A longer text does not stand in its row whole, at 80 columns.
const WHOLE_IN_ITS_ROW: usize = 54;

#[derive(Clone)]
pub(in crate::tui::screens) struct SettingModel {
    keys: Vec<Key>,
    /// Whether a secret is stored: an empty field then keeps it.
    has_secret: bool,
}

/// When a change of the key that is saved acts, as the words after it, or why it does not: the same as its row then says. A
/// server that is not running makes of it what it can at its start.
fn when(key: Key, app: &App) -> String {
    let above = app.overrides().files.of(key).first().map(FileValue::overrides_words);
    let idle = || super::row::idle_words(key, &app.effective(), app);
    match (&app.server, above) {
        // What the server makes of it says so itself.
        (Server::Running(..), Some(_)) => String::new(),
        (_, Some(above)) => format!(", but has no effect: {above}"),
        (server, None) => match (idle(), server) {
            (Some(why), _) => format!(", but {why}"),
            (None, Server::NotRunning) if key != Key::ConsoleTheme => {
                "; the server is not running, it takes effect when it starts".to_owned()
            }
            // The server says itself where clients connect then.
            (None, Server::Running(..)) if LISTENING.contains(&key) => String::new(),
            (None, _) => format!("; it takes effect {}", key.acts().words()),
        },
    }
}

/// Saves it after asking where it could hurt, and tells what came of it once that is stored.
fn propose(
    key: Key,
    (title, choice, words): (String, &'static str, String),
    edit: impl Fn(&mut Configuration) -> Result<(), Refusal> + Send + Sync + 'static,
    again: Repeat,
    app: &mut App,
) -> Transition {
    let told = words.clone();
    let proposal = Proposal::new(title, choice, words, edit).then(move |app, outcome| {
        let told = format!("{told}{}", when(key, app));
        app.tell_outcome(&told, outcome);
        Transition::Stay
    });
    proposal.again(again).put(app)
}

/// The key, or the pair that it is one of (rule G3).
pub(super) fn together(key: Key) -> Vec<Key> {
    match key {
        Key::EncryptionCertificate | Key::EncryptionKeyFile => {
            vec![Key::EncryptionCertificate, Key::EncryptionKeyFile]
        }
        alone => vec![alone],
    }
}

/// Sets it to that value, after asking where it could hurt; `.` sets others to it.
pub(super) fn set(key: Key, value: &str, app: &mut App) -> Transition {
    let parsed = match SettingValue::parse(key, value) {
        Ok(parsed) => parsed,
        Err(refusal) => {
            app.fail(format!("{key} was not set: {refusal}"));
            return Transition::Stay;
        }
    };
    let words = format!("{key} is {value}");
    let set = move |c: &mut Configuration| c.set_setting(parsed.clone());
    propose(key, (format!("Set {key} to {value}?"), "set it", words), set, set_again(value), app)
}

/// The same value for others that take it.
fn set_again(value: &str) -> Repeat {
    let words = format!("set settings to {value}");
    let value = value.to_owned();
    repeat(words, move |key, app| match key.value_type() {
        SettingType::Secret | SettingType::Path => {
            app.warn(format!("{key} is typed in its form: Enter opens it"));
            Transition::Stay
        }
        _ => set(key, &value, app),
    })
}

/// Sets it back, with the other one of a pair: one of them alone is nothing (rule G3). `.` sets others back.
pub(super) fn reset(key: Key, app: &mut App) -> Transition {
    if !app.configuration.settings.contains_key(&key) {
        app.remark(format!("{key} has its default already"));
        return Transition::Stay;
    }
    let words = format!("{key} is back to its default");
    let reset = move |c: &mut Configuration| together(key).into_iter().try_for_each(|key| c.unset_setting(key));
    let again = repeat("set settings back to their defaults", reset_again);
    propose(key, (format!("Set {key} back to its default?"), "set it back", words), reset, again, app)
}

fn reset_again(key: Key, app: &mut App) -> Transition {
    reset(key, app)
}

fn repeat(words: impl Into<String>, again: impl Fn(Key, &mut App) -> Transition + 'static) -> Repeat {
    Repeat::new(RowsOf::Objects(Kind::Setting), words, move |ids, app| {
        let key = Key::ALL.iter().copied().find(|key| ids.first() == Some(&key.place()));
        key.map_or(Transition::Stay, |key| again(key, app))
    })
}

impl SettingModel {
    pub(in crate::tui::screens) fn of(key: Key, app: &App) -> Self {
        let has_secret = key.is_secret() && app.configuration.settings.contains_key(&key);
        Self { keys: together(key), has_secret }
    }

    fn names(&self) -> String {
        self.keys.iter().map(ToString::to_string).collect::<Vec<_>>().join(" and ")
    }

    /// What the fields say of this key; none: a secret that stays as it is.
    fn value(&self, key: Key, fields: &Fields) -> Result<Option<SettingValue>, Refusal> {
        let chosen = |words: &[&str]| words.get(fields.chosen(key.as_str())).copied().unwrap_or_default().to_owned();
        let text = match key.value_type() {
            SettingType::Bool => fields.is_on(key.as_str()).to_string(),
            SettingType::Word(words) => chosen(words),
            SettingType::WordList(words) => {
                let marked = fields.marked(key.as_str()).iter().filter_map(|at| words.get(*at).copied());
                marked.collect::<Vec<_>>().join(",")
            }
            SettingType::Secret if self.has_secret && fields.text(key.as_str()).is_empty() => return Ok(None),
            _ => fields.text(key.as_str()).to_owned(),
        };
        SettingValue::parse(key, &text).map(Some)
    }
}

impl Model for SettingModel {
    fn key(&self) -> Option<FormKey> {
        let key = self.keys.first()?;
        Some(FormKey::of(Kind::Setting, Some(Target { kind: Kind::Setting, id: key.place() })))
    }

    /// As the list calls it, and as files and commands do.
    fn title(&self) -> String {
        let labels: Vec<&str> = self.keys.iter().map(|key| key.label()).collect();
        format!("{}: {}", labels.join(" and "), self.names())
    }

    fn explain(&self, fields: &Fields) -> Vec<String> {
        let mut told = Vec::new();
        for key in &self.keys {
            let limits = super::row::limits(*key);
            told.push(match self.keys.len() {
                1 => limits,
                _ => format!("{}: {limits}", key.label()),
            });
            // A long value goes beyond its row.
            let value = fields.text(key.as_str());
            if value.chars().count() > WHOLE_IN_ITS_ROW && !key.is_secret() {
                told.push(String::new());
                told.push(format!("{}: {value}", key.label()));
            }
        }
        told
    }

    fn target(&self) -> Option<Target> {
        None
    }

    fn settings(&self) -> Vec<Key> {
        self.keys.clone()
    }

    fn anew(&self, app: &App) -> Option<Self> {
        self.keys.first().map(|key| Self::of(*key, app))
    }

    fn saves_unedited(&self) -> bool {
        false
    }

    fn fields(&self, app: &App) -> Vec<Field> {
        // What is stored is edited, whatever the server's command line puts above it.
        let effective = Effective::new(&app.configuration.settings, &Overrides::default());
        let field = |key: &Key| {
            let entry = entry(*key, effective.value(*key));
            let help = if self.has_secret { "Leave it empty to keep the one that is set" } else { key.meaning() };
            let mut field = Field::new(key.as_str(), key.label(), help, entry);
            field.aside = key.value_type().unit().map(Aside::Words);
            if key.value_type() == SettingType::Path { field.path() } else { field }
        };
        let mut fields: Vec<Field> = self.keys.iter().map(field).collect();
        let now = app.effective();
        // Under `--listen` or a file the value that is edited is not the one that holds.
        for key in &self.keys {
            let (words, help) = match now.origin(*key) {
                Origin::CommandLine => (
                    format!("{} by --listen of the running server", now.value(*key)),
                    "Takes effect once the server is started without it",
                ),
                Origin::File(place) => (
                    format!("{} by {} line {}", now.value(*key), place.file, place.line),
                    "What is saved here takes effect once the file no longer names it",
                ),
                Origin::Database | Origin::Default => continue,
            };
            fields.push(Field::new("above", "Overridden", help, Entry::Fixed(words)));
        }
        fields
    }

    fn apply(&self, fields: &Fields, c: &mut Configuration, _: RandomSource, _: Purpose) -> Result<(), Fault> {
        for key in &self.keys {
            if let Some(value) = self.value(*key, fields).map_err(|refusal| Fault::of(key.as_str(), refusal))? {
                c.set_setting(value)?;
            }
        }
        Ok(())
    }

    fn looks_at_host(&self) -> bool {
        self.keys.iter().any(|key| *key == Key::AgiListen || key.value_type() == SettingType::Path)
    }

    fn examine(&self, before: &Configuration, after: &Configuration) -> Result<Vec<(&'static str, String)>, Fault> {
        check::named_pair(&before.settings, &after.settings)?;
        let found = check::of_new_settings(&before.settings, &after.settings);
        Ok(found.into_iter().map(|(key, words)| (key.as_str(), words)).collect())
    }

    fn words(&self, _fields: &Fields) -> String {
        format!("{} was set", self.names())
    }

    fn repeat(&self, fields: &Fields) -> Option<Repeat> {
        let [key] = self.keys[..] else { return None };
        let is_told = !key.is_secret() && key.value_type() != SettingType::Path;
        let value = self.value(key, fields).ok().flatten().filter(|_| is_told)?;
        Some(set_again(value.reveal()))
    }

    fn effect_words(&self, app: &App) -> String {
        self.keys.first().map_or_else(String::new, |key| when(*key, app))
    }
}

fn entry(key: Key, value: &SettingValue) -> Entry {
    let options = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    match key.value_type() {
        SettingType::Bool => Entry::Toggle(value.reveal() == "true"),
        SettingType::Word(words) => {
            Entry::choice(options(words), words.iter().position(|word| *word == value.reveal()))
        }
        SettingType::WordList(words) => {
            let marked = value.reveal().split(',').filter_map(|part| words.iter().position(|word| *word == part));
            Entry::several(options(words), marked.collect())
        }
        SettingType::Secret => Entry::secret(),
        _ => Entry::text(value.reveal()),
    }
}
