//! What the palette offers: places, objects, and what the screen below can do, each with the text by which it is found. Made
//! when the palette opens; pure but for what the app knows.

use std::collections::HashMap;
use std::fmt;

use crate::settings::account::Account;
use crate::settings::agent::Agent;
use crate::settings::conference::Conference;
use crate::settings::configuration::Configuration;
use crate::settings::context::Context;
use crate::settings::dial_rule::DialRule;
use crate::settings::id::{ContextId, Id as _, UserId};
use crate::settings::label::context_name;
use crate::settings::line::Line;
use crate::settings::phone_book::PhoneBookEntry;
use crate::settings::phone_hint::PhoneHintGroup;
use crate::settings::presence::{Presence, PresenceGroup};
use crate::settings::profile::Profile;
use crate::settings::queue::Queue;
use crate::settings::setting::Key as Setting;
use crate::settings::table::{Collection as _, Kind, Object as _};
use crate::settings::tables::for_each_table;
use crate::settings::user::User;
use crate::settings::voicemail::Voicemail;
use crate::tui::app::{App, Target};
use crate::tui::key_hint::KeyHint;
use crate::tui::key_table::Action;
use crate::tui::keys::Key;
use crate::tui::tab::Tab;

/// What Enter does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Errand {
    Place(Tab),
    Object(Target),
    /// What this key does on the screen below.
    Press(Key),
}

pub(super) struct PaletteEntry {
    /// What is shown, and looked into.
    pub(super) text: String,
    /// How much of it is a name; the rest is a sentence that tells what it does.
    name: usize,
    pub(super) errand: Errand,
}

impl PaletteEntry {
    /// All of it is a name.
    fn named(text: String, errand: Errand) -> Self {
        Self { name: text.len(), text, errand }
    }

    /// `sort: Sort by another column`
    fn told(name: &str, sentence: &str, errand: Errand) -> Self {
        Self { text: format!("{name}: {sentence}"), name: name.len(), errand }
    }

    /// None: the whole text is one.
    pub(super) fn name(&self) -> Option<&str> {
        (self.name < self.text.len()).then(|| &self.text[..self.name])
    }

    /// What it is, at the end of its row.
    pub(super) fn kind(&self) -> String {
        match self.errand {
            Errand::Place(tab) => format!("place {}", tab.key()),
            Errand::Object(target) => target.kind.to_string(),
            Errand::Press(key) => format!("key {key}"),
        }
    }
}

/// What can be done on every screen, by what people call it.
const EVERYWHERE: [(Action, &str); 7] = [
    (Action::Undo, "undo"),
    (Action::Repeat, "repeat, again"),
    (Action::Clipboard, "same as a command"),
    (Action::Mouse, "mouse"),
    (Action::Redraw, "redraw, refresh"),
    (Action::Keys, "help, keys"),
    (Action::Leave, "quit, exit, leave"),
];

/// What can be done here comes first, then the places, then what is configured.
pub(super) fn entries(here: &[KeyHint], app: &App) -> Vec<PaletteEntry> {
    let mut entries = Vec::new();
    for key_hint in here.iter().filter(|key_hint| !key_hint.is_hidden && !key_hint.is_move()) {
        if let Some(key) = key_hint.keys().next() {
            entries.push(PaletteEntry::told(key_hint.words, key_hint.help, Errand::Press(key)));
        }
    }
    for (action, names) in EVERYWHERE {
        let is_possible = ![Action::Undo, Action::Repeat].contains(&action) || app.read_only_obstacle().is_none();
        if let Some(key) = action.keys().first().filter(|_| is_possible) {
            entries.push(PaletteEntry::told(names, action.meaning(), Errand::Press(*key)));
        }
    }
    let places = Tab::ALL.into_iter().filter(|tab| *tab != Tab::Help);
    entries.extend(places.map(|tab| PaletteEntry::named(tab.heading().to_owned(), Errand::Place(tab))));
    add_objects(&mut entries, &app.configuration);
    entries
}

fn add_objects(entries: &mut Vec<PaletteEntry>, c: &Configuration) {
    let among = Among { configuration: c, numbers: numbers(c) };
    for_each_table! {
        ($table:ident, $object:ty) => {
            entries.extend(c.$table.objects().iter().map(|object| {
                let target = Target { kind: <$object>::KIND, id: object.id().number() };
                PaletteEntry::named(object.palette_text(&among), Errand::Object(target))
            }));
        }
    }
    for (at, key) in Setting::ALL.iter().enumerate() {
        let target = Target { kind: Kind::Setting, id: i64::try_from(at).unwrap_or(i64::MAX) };
        entries.push(PaletteEntry::named(setting_text(*key), Errand::Object(target)));
    }
}

/// What an object's text is made of besides it.
struct Among<'a> {
    configuration: &'a Configuration,
    numbers: HashMap<UserId, String>,
}

impl Among<'_> {
    /// `1234@office`
    fn at(&self, number: impl fmt::Display, context: ContextId) -> String {
        format!("{number}@{}", context_name(self.configuration, context))
    }
}

/// By which text an object is found: each type of `settings::tables` has it.
trait InPalette {
    fn palette_text(&self, among: &Among<'_>) -> String;
}

/// Those that are found by their name alone.
macro_rules! by_name {
    ($($object:ty),*) => {$(
        impl InPalette for $object {
            fn palette_text(&self, _: &Among<'_>) -> String {
                self.name.to_string()
            }
        }
    )*};
}

by_name!(PresenceGroup, PhoneHintGroup, Profile, Context, Account);

impl InPalette for Presence {
    fn palette_text(&self, among: &Among<'_>) -> String {
        let group = among.configuration.presence_groups.get(self.group);
        let group = group.map_or_else(String::new, |group| format!("({})", group.name));
        joined(&[self.display.as_str(), self.name.as_str(), &group])
    }
}

impl InPalette for User {
    fn palette_text(&self, among: &Among<'_>) -> String {
        let login = self.login.as_ref().map_or("", |login| login.as_str());
        joined(&[&self.full_name(), login, among.numbers.get(&self.id).map_or("", String::as_str)])
    }
}

impl InPalette for Line {
    fn palette_text(&self, among: &Among<'_>) -> String {
        let user = among.configuration.users.get(self.user).map_or_else(String::new, |user| user.full_name());
        format!("{} {user}", among.at(&self.extension, self.context))
    }
}

impl InPalette for Voicemail {
    fn palette_text(&self, among: &Among<'_>) -> String {
        among.at(&self.mailbox, self.context)
    }
}

impl InPalette for Conference {
    fn palette_text(&self, among: &Among<'_>) -> String {
        format!("{} {}", among.at(&self.number, self.context), self.name)
    }
}

impl InPalette for Agent {
    fn palette_text(&self, _: &Among<'_>) -> String {
        let name = format!("{} {}", self.first_name, self.last_name);
        joined(&[self.number.as_str(), name.trim()])
    }
}

impl InPalette for Queue {
    fn palette_text(&self, _: &Among<'_>) -> String {
        joined(&[self.display.as_str(), self.name.as_str(), self.number.as_str()])
    }
}

impl InPalette for DialRule {
    fn palette_text(&self, _: &Among<'_>) -> String {
        format!("{} dial rule", self.prefix)
    }
}

/// Of the phone book no entry is at hand: its own filter finds them.
impl InPalette for PhoneBookEntry {
    fn palette_text(&self, _: &Among<'_>) -> String {
        self.details.shown_name()
    }
}

/// `client.port  Port`: people look for either.
fn setting_text(key: Setting) -> String {
    let also = if key == Setting::ConsoleTheme { "theme, colours" } else { "" };
    joined(&[key.as_str(), key.label(), also])
}

/// The extensions of each user's lines.
fn numbers(c: &Configuration) -> HashMap<UserId, String> {
    let mut numbers: HashMap<UserId, String> = HashMap::new();
    for line in c.lines.iter() {
        let known = numbers.entry(line.user).or_default();
        if !known.is_empty() {
            known.push(' ');
        }
        known.push_str(line.extension.as_str());
    }
    numbers
}

/// Those that are not empty, with room between them.
fn joined(parts: &[&str]) -> String {
    let parts: Vec<&str> = parts.iter().copied().filter(|part| !part.is_empty()).collect();
    parts.join("  ")
}
