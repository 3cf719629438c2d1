//! What the palette offers: places, objects, and what the screen below can do, each with the text by which it is found. Made
//! when the palette opens; pure but for what the app knows.

use std::collections::HashMap;

use crate::settings::configuration::Configuration;
use crate::settings::id::{Id as _, UserId};
use crate::settings::label::context_name;
use crate::settings::setting::Key as Setting;
use crate::settings::table::Kind;
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
    let mut add = |kind: Kind, id: i64, text: String| {
        entries.push(PaletteEntry::named(text, Errand::Object(Target { kind, id })));
    };
    let numbers = numbers(c);
    for user in c.users.iter() {
        let login = user.login.as_ref().map_or("", |login| login.as_str());
        let numbers = numbers.get(&user.id).map_or("", String::as_str);
        add(Kind::User, user.id.number(), joined(&[&user.full_name(), login, numbers]));
    }
    for group in c.presence_groups.iter() {
        add(Kind::PresenceGroup, group.id.number(), group.name.to_string());
    }
    for presence in c.presences.iter() {
        let group = c.presence_groups.get(presence.group).map_or_else(String::new, |group| group.name.to_string());
        let text = joined(&[presence.display.as_str(), presence.name.as_str(), &format!("({group})")]);
        add(Kind::Presence, presence.id.number(), text);
    }
    for group in c.phone_hint_groups.iter() {
        add(Kind::PhoneHintGroup, group.id.number(), group.name.to_string());
    }
    for profile in c.profiles.iter() {
        add(Kind::Profile, profile.id.number(), profile.name.to_string());
    }
    for context in c.contexts.iter() {
        add(Kind::Context, context.id.number(), context.name.to_string());
    }
    for line in c.lines.iter() {
        let user = c.users.get(line.user).map_or_else(String::new, |user| user.full_name());
        add(Kind::Line, line.id.number(), format!("{}@{} {user}", line.extension, context_name(c, line.context)));
    }
    for voicemail in c.voicemails.iter() {
        let context = context_name(c, voicemail.context);
        add(Kind::Voicemail, voicemail.id.number(), format!("{}@{context}", voicemail.mailbox));
    }
    for room in c.conferences.iter() {
        let context = context_name(c, room.context);
        add(Kind::Conference, room.id.number(), format!("{}@{context} {}", room.number, room.name));
    }
    for agent in c.agents.iter() {
        let name = format!("{} {}", agent.first_name, agent.last_name);
        add(Kind::Agent, agent.id.number(), joined(&[agent.number.as_str(), name.trim()]));
    }
    for queue in c.queues.iter() {
        let text = joined(&[queue.display.as_str(), queue.name.as_str(), queue.number.as_str()]);
        add(Kind::Queue, queue.id.number(), text);
    }
    for rule in c.dial_rules.iter() {
        add(Kind::DialRule, rule.id.number(), format!("{} dial rule", rule.prefix));
    }
    for account in c.accounts.iter() {
        add(Kind::Account, account.id.number(), account.name.to_string());
    }
    for (at, key) in Setting::ALL.iter().enumerate() {
        add(Kind::Setting, i64::try_from(at).unwrap_or(i64::MAX), setting_text(*key));
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
