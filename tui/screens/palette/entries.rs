//! What the palette offers: places, objects, what the screen below can do and what every place can, each with the text by
//! which it is found. Made when the palette opens; pure but for what the app knows.

use std::collections::HashMap;
use std::fmt;

use crate::settings::account::Account;
use crate::settings::agent::Agent;
use crate::settings::conference::Conference;
use crate::settings::configuration::Configuration;
use crate::settings::context::Context;
use crate::settings::dial_rule::DialRule;
use crate::settings::fold::fold;
use crate::settings::id::{ContextId, Id as _, PresenceId, UserId};
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

use super::place_action::{COMMANDS, PLACE_ACTIONS, PlaceAction};
use super::sought::{Fit, Scattered, Sought, SoughtWord};

/// What Enter does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Errand {
    Place(Tab),
    Object(Target),
    /// What this key does on the screen below.
    Press(Key),
    /// What a place can do, wherever one is.
    Do(&'static PlaceAction),
    /// A command does it, outside of the console.
    Command(&'static str),
}

pub(super) struct PaletteEntry {
    /// What is shown.
    pub(super) text: String,
    /// What it is called, folded; its parts stand two blanks apart.
    name: String,
    /// What else people call it, folded.
    also: String,
    /// What tells what it does, folded.
    sentence: String,
    /// What people call all of its kind: `queue` before the name of one finds it, alone it does not.
    kind_words: &'static str,
    pub(super) errand: Errand,
    /// Any part of its name finds it, as of whatever is configured; of what is done only words and their beginnings.
    has_parts: bool,
}

/// How well an entry has what was typed: the greater, the better.
pub(super) type Score = u32;

/// What several words name, and no word of them by a sentence, comes before whoever has them in a name: `remove user`.
const ACTION_SPELLED_OUT: Score = 20_000_000;
/// Of a word that says of which kind something is.
const RANK_OF_KIND: Score = 6;
/// The least rank of a word of the names.
const RANK_OF_NAMES: Score = 4;

impl PaletteEntry {
    /// All of it is a name.
    pub(super) fn named(text: String, also: &str, errand: Errand) -> Self {
        let has_parts = matches!(errand, Errand::Object(_));
        Self { name: fold(&text), also: fold(also), sentence: String::new(), kind_words: "", text, errand, has_parts }
    }

    /// To whom an action can be done. Its errand is never run: what is done is the action.
    pub(super) fn subject(text: String) -> Self {
        Self { has_parts: true, ..Self::named(text, "", Errand::Place(Tab::Help)) }
    }

    fn of_kind(mut self, words: &'static str) -> Self {
        self.kind_words = words;
        self
    }

    /// `sort: Sort by another column`
    fn told(name: &str, also: &str, sentence: &str, errand: Errand) -> Self {
        let text = format!("{name}: {sentence}");
        let (name, also, sentence) = (fold(name), fold(also), fold(sentence));
        let has_parts = matches!(errand, Errand::Object(_));
        Self { text, name, also, sentence, kind_words: "", errand, has_parts }
    }

    /// What may have been meant by a word with a slip in it: what places and actions are called.
    pub(super) fn vocabulary(&self) -> impl Iterator<Item = &str> {
        let is_object = matches!(self.errand, Errand::Object(target) if target.kind != Kind::Setting);
        let own = [self.name.as_str(), self.also.as_str()].into_iter().filter(move |_| !is_object);
        own.chain([self.kind_words])
    }

    /// The presence that it is.
    pub(super) fn presence(&self) -> Option<PresenceId> {
        match self.errand {
            Errand::Object(Target { kind: Kind::Presence, id }) => Some(PresenceId::new(id)),
            _ => None,
        }
    }

    /// What it is, at the end of its row.
    pub(super) fn kind(&self) -> String {
        match self.errand {
            Errand::Place(tab) => format!("place {}", tab.key()),
            Errand::Object(target) => target.kind.to_string(),
            Errand::Press(key) => format!("key {key}"),
            Errand::Do(action) => action.key_words(),
            Errand::Command(_) => "command".to_owned(),
        }
    }

    /// None: it does not have it. Each word must be there; the one that fits worst counts.
    pub(super) fn score(&self, sought: &Sought) -> Option<Score> {
        let (mut worst, mut all, mut is_named) = (Score::MAX, 0, false);
        for word in sought.words() {
            let rank = match self.rank(word) {
                Some(rank) => {
                    is_named = true;
                    rank
                }
                None => self.rank_of_kind(word)?,
            };
            (worst, all) = (worst.min(rank), all + rank);
        }
        if !is_named {
            return None;
        }
        let is_whole = sought.is_whole(&self.name);
        let begins = !is_whole && sought.begins(&self.name);
        let is_action = matches!(self.errand, Errand::Do(_) | Errand::Command(_) | Errand::Press(_));
        let is_spelled_out = is_action && sought.words().len() > 1 && worst >= RANK_OF_NAMES;
        let score = Score::from(is_whole) * 1_000_000 + worst * 10_000 + Score::from(begins) * 5_000 + all.min(999);
        Some(score + Score::from(is_spelled_out) * ACTION_SPELLED_OUT)
    }

    /// Whether each word is there, the kind's among them: with one word more it may have what is typed.
    pub(super) fn may_have(&self, sought: &Sought) -> bool {
        sought.words().iter().all(|word| self.rank(word).or_else(|| self.rank_of_kind(word)).is_some())
    }

    /// A word that says of which kind it is.
    fn rank_of_kind(&self, word: &SoughtWord) -> Option<Score> {
        let word = word.text();
        let begins = |own: &str| own.strip_prefix(word).is_some_and(|rest| rest.len() < own.len());
        // `queues support` means it too.
        let is_of_kind = |own: &str| begins(own) || word.strip_suffix('s') == Some(own);
        self.kind_words.split(' ').any(is_of_kind).then_some(RANK_OF_KIND)
    }

    /// What it is called comes before what else it is called, and that before the sentence that tells what it does, of which
    /// only words and their beginnings count.
    fn rank(&self, word: &SoughtWord) -> Option<Score> {
        let ranks = [
            match word.fit(&self.name) {
                Some(Fit::Word) => 8,
                Some(Fit::Beginning) => 7,
                // `move` is no part of what removes.
                Some(Fit::Inside) if self.has_parts => 5,
                Some(Fit::Inside) | None => 0,
            },
            match word.fit(&self.also) {
                Some(Fit::Word) => 6,
                Some(Fit::Beginning) => 4,
                Some(Fit::Inside) | None => 0,
            },
            match word.fit(&self.sentence) {
                Some(Fit::Word) => 3,
                Some(Fit::Beginning) => 2,
                Some(Fit::Inside) | None => 0,
            },
        ];
        ranks.into_iter().max().filter(|rank| *rank > 0)
    }

    /// The same of places and objects, where nothing has the words: their names are not always spelled out.
    pub(super) fn score_of_letters(&self, scattered: &mut Scattered<'_>) -> Option<Score> {
        let is_name = matches!(self.errand, Errand::Place(_) | Errand::Object(_));
        if is_name { scattered.score(&self.name) } else { None }
    }
}

/// What can be done on every screen, by what people call it.
const EVERYWHERE: [(Action, &str, &str); 7] = [
    (Action::Undo, "undo", "take back revert restore last change mistake"),
    (Action::Repeat, "repeat, again", ""),
    (Action::Clipboard, "same as a command", "shell script copy"),
    (Action::Mouse, "mouse", "select text"),
    (Action::Redraw, "redraw, refresh", "screen"),
    (Action::Keys, "help, keys", "what can be done"),
    (Action::Leave, "quit, exit, leave", "close end the console log out logout sign bye q! qa wq"),
];

/// What people call what a key does, besides the words that its screen has for it.
fn also_called(key_hint: &KeyHint) -> &'static str {
    match key_hint.actions.first() {
        Some(Action::Add) => "new create",
        Some(Action::Edit | Action::EditPage) => "change modify rename",
        Some(Action::Remove | Action::RemovePage) => "delete erase",
        Some(Action::Copy) => "duplicate clone",
        Some(Action::Switch) => "enable disable lock",
        Some(Action::Find) => "search filter",
        Some(Action::Sort) => "order",
        Some(Action::TakeBack) => "revert restore",
        Some(Action::Import) => "load table csv",
        Some(Action::MarkAll | Action::Mark) => "select",
        _ => "",
    }
}

/// What can be done here comes first, then the places, what they can do, and what is configured. `list` is the place whose
/// own list is below: what that can do stands among the first already.
pub(super) fn entries(here: &[KeyHint], list: Option<Tab>, app: &App) -> Vec<PaletteEntry> {
    let mut entries = Vec::new();
    let may_edit = app.read_only_obstacle().is_none();
    for key_hint in here.iter().filter(|key_hint| !key_hint.is_hidden && !key_hint.is_move()) {
        if let Some(key) = key_hint.keys().next() {
            let also = also_called(key_hint);
            entries.push(PaletteEntry::told(key_hint.words, also, key_hint.help, Errand::Press(key)));
        }
    }
    for (action, names, also) in EVERYWHERE {
        let is_possible = ![Action::Undo, Action::Repeat].contains(&action) || may_edit;
        if let Some(key) = action.keys().first().filter(|_| is_possible) {
            entries.push(PaletteEntry::told(names, also, action.meaning(), Errand::Press(*key)));
        }
    }
    let places = Tab::ALL.into_iter().filter(|tab| *tab != Tab::Help);
    let place = |tab: Tab| {
        let also = format!("{} {}", tab.short_label(), place_called(tab));
        PaletteEntry::named(tab.heading().to_owned(), &also, Errand::Place(tab))
    };
    entries.extend(places.map(place));
    let is_offered = |action: &&PlaceAction| (may_edit || !action.edits) && !action.is_of(here, list);
    let actions = PLACE_ACTIONS.iter().filter(is_offered);
    entries.extend(actions.map(|action| PaletteEntry::named(action.words.to_owned(), action.also, Errand::Do(action))));
    let command =
        |(name, also, told): &(&str, &str, &'static str)| PaletteEntry::told(name, also, told, Errand::Command(told));
    entries.extend(COMMANDS.iter().map(command));
    add_objects(&mut entries, &app.configuration);
    entries
}

fn add_objects(entries: &mut Vec<PaletteEntry>, c: &Configuration) {
    let among = Among { configuration: c, numbers: numbers(c) };
    for_each_table! {
        ($table:ident, $object:ty) => {
            entries.extend(c.$table.objects().iter().map(|object| {
                let target = Target { kind: <$object>::KIND, id: object.id().number() };
                let also = object.palette_also(&among);
                PaletteEntry::named(object.palette_text(&among), &also, Errand::Object(target)).of_kind(kind_called(target.kind))
            }));
        }
    }
    for (at, key) in Setting::ALL.iter().enumerate() {
        let target = Target { kind: Kind::Setting, id: i64::try_from(at).unwrap_or(i64::MAX) };
        let (text, also) = setting_text(*key);
        entries.push(PaletteEntry::named(text, also, Errand::Object(target)).of_kind(kind_called(Kind::Setting)));
    }
}

/// What people call a place, besides its name.
fn place_called(tab: Tab) -> &'static str {
    match tab {
        Tab::Overview => "home start main status version dashboard summary health",
        Tab::Presences => "status statuses availability states absence away busy holiday vacation",
        Tab::Profiles => "roles xlets windows services layouts panels",
        Tab::Users => "people persons employees logins staff colleagues",
        Tab::Hints => "blf lamps keys lights",
        Tab::Contexts => {
            "sites locations extensions numbers phones telephones devices includes lines departments teams"
        }
        Tab::Queues => "call center centre callcenter ring groups hotline acd wrapup",
        Tab::Settings => "options preferences configuration config ports parameters",
        Tab::Certificates => "tls ssl starttls encryption keys expires certs",
        Tab::Sessions => "clients connected connections online logins",
        Tab::Telephony => "asterisk ami pbx dialing link sip pjsip trunk dialplan",
        Tab::PhoneBook => "contacts address directory phonebook addresses",
        Tab::Accounts => "administrators admins rights permissions api interfaces",
        Tab::Voicemails => "mailboxes answering machine voicemails vm",
        Tab::Rooms => "conferences meetings bridges",
        Tab::History => "audit log logs journal changes trail protocol",
        Tab::Help => "",
    }
}

/// What people call what is of that kind, before its name or behind it.
fn kind_called(kind: Kind) -> &'static str {
    match kind {
        Kind::Server => "",
        Kind::Setting => "setting option",
        Kind::PresenceGroup => "presence status group",
        Kind::Presence => "presence status state",
        Kind::PhoneHintGroup => "hint group phone",
        Kind::Profile => "profile role",
        Kind::User => "user person login who",
        Kind::Context => "context site",
        Kind::Line => "line phone telephone extension number",
        Kind::Voicemail => "voicemail box mailbox",
        Kind::Conference => "conference room",
        Kind::PhoneBookEntry => "contact entry",
        Kind::Account => "account admin",
        Kind::Agent => "agent",
        Kind::Queue => "queue hotline",
        Kind::DialRule => "dial rule",
    }
}

/// What an object's text is made of besides it.
struct Among<'a> {
    configuration: &'a Configuration,
    numbers: HashMap<UserId, String>,
}

impl Among<'_> {
    fn login(&self, user: Option<UserId>) -> String {
        let user = user.and_then(|user| self.configuration.users.get(user));
        user.and_then(|user| user.login.as_ref()).map_or_else(String::new, ToString::to_string)
    }

    /// `1234@office`
    fn at(&self, number: impl fmt::Display, context: ContextId) -> String {
        format!("{number}@{}", context_name(self.configuration, context))
    }
}

/// By which text an object is found: each type of `settings::tables` has it.
trait InPalette {
    fn palette_text(&self, among: &Among<'_>) -> String;

    /// What else it is found by.
    fn palette_also(&self, _among: &Among<'_>) -> String {
        String::new()
    }
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

    fn palette_also(&self, _: &Among<'_>) -> String {
        let email = self.email.as_ref().map_or("", |email| email.as_str());
        joined(&[self.mobile.as_ref().map_or("", |mobile| mobile.as_str()), email])
    }
}

impl InPalette for Line {
    fn palette_text(&self, among: &Among<'_>) -> String {
        let user = among.configuration.users.get(self.user).map_or_else(String::new, |user| user.full_name());
        format!("{} {user}", among.at(&self.extension, self.context))
    }

    fn palette_also(&self, among: &Among<'_>) -> String {
        joined(&[self.device.as_str(), &among.login(Some(self.user))])
    }
}

impl InPalette for Voicemail {
    fn palette_text(&self, among: &Among<'_>) -> String {
        let user = self.user.and_then(|user| among.configuration.users.get(user));
        let user = user.map_or_else(String::new, |user| user.full_name());
        format!("{} {user}", among.at(&self.mailbox, self.context)).trim_end().to_owned()
    }

    fn palette_also(&self, among: &Among<'_>) -> String {
        among.login(self.user)
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

    fn palette_also(&self, among: &Among<'_>) -> String {
        among.login(self.user)
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

/// `client.port  Port`: people look for either; and what else they call it.
fn setting_text(key: Setting) -> (String, &'static str) {
    let also = match key {
        Setting::ConsoleTheme => "theme colors colours dark light mono monochrome black white contrast",
        Setting::BackupKeep | Setting::BackupTime => "backup nightly",
        Setting::AuthBackends => "sign in login password check ldap active directory ad",
        Setting::ContextSeparation => "privacy who sees whom visibility departments",
        _ => "",
    };
    (joined(&[key.as_str(), key.label()]), also)
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
