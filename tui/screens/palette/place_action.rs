//! What each place can do, by what people call it: the palette offers it on every screen, goes to the place and presses its
//! keys there. What is done to a row that one must find first ends at the filter, and says how to go on. What only a command
//! does is told as that. One table; a test presses all of it.

use crate::tui::app::KeyStep;
use crate::tui::key_hint::KeyHint;
use crate::tui::keys::Key;
use crate::tui::tab::Tab;

#[derive(Debug, PartialEq, Eq)]
pub(in crate::tui) struct PlaceAction {
    /// What it is called.
    pub(in crate::tui) words: &'static str,
    /// What else people call it.
    pub(super) also: &'static str,
    pub(super) tab: Tab,
    /// From the list of the place on.
    pub(super) steps: &'static [KeyStep],
    /// How to go on; empty where nothing is left to do.
    pub(super) then: &'static str,
    /// Whether it changes something.
    pub(super) edits: bool,
}

impl PlaceAction {
    /// `keys 0 L`: what does the same. A part of a place is named, for Tab leads from either to the other: `7, agents, a`.
    pub(super) fn key_words(&self) -> String {
        let has_part = self.steps.iter().any(|step| matches!(step, KeyStep::ToPart(_)));
        let own = self.steps.iter().map(|step| match step {
            KeyStep::Press(key) => key.to_string(),
            KeyStep::ToPart(part) => (*part).to_owned(),
            KeyStep::Filter(words) => format!("/ {words}"),
        });
        let all: Vec<String> = [self.tab.key().to_string()].into_iter().chain(own).collect();
        if has_part { all.join(", ") } else { format!("keys {}", all.join(" ")) }
    }

    /// Whether it is one key of the list that is shown: that stands among its commands already.
    pub(super) fn is_of(&self, here: &[KeyHint], list: Option<Tab>) -> bool {
        let [KeyStep::Press(key)] = self.steps else { return false };
        self.then.is_empty()
            && list == Some(self.tab)
            && here.iter().any(|key_hint| key_hint.keys().any(|own| own == *key))
    }
}

/// It changes something.
const fn edit(words: &'static str, also: &'static str, tab: Tab, steps: &'static [KeyStep]) -> PlaceAction {
    PlaceAction { words, also, tab, steps, then: "", edits: true }
}

/// It shows something.
const fn show(words: &'static str, also: &'static str, tab: Tab, steps: &'static [KeyStep]) -> PlaceAction {
    PlaceAction { words, also, tab, steps, then: "", edits: false }
}

impl PlaceAction {
    /// It is done to a row that must be found first.
    const fn then(mut self, then: &'static str) -> Self {
        self.then = then;
        self
    }
}

const fn key(letter: char) -> KeyStep {
    KeyStep::Press(Key::char(letter))
}

const ENTER: KeyStep = KeyStep::Press(Key::ENTER);
const FIND: &[KeyStep] = &[key('/')];

/// The list shows what this finds.
macro_rules! filter {
    ($words:literal) => {
        &[KeyStep::Filter($words)]
    };
}

pub(in crate::tui) static PLACE_ACTIONS: [PlaceAction; 69] = [
    edit("add a user", "new create account person", Tab::Users, &[key('a')]),
    edit("import users", "csv table xivo load", Tab::Users, &[key('i')]),
    edit("edit a user", "change modify rename marriage login e-mail", Tab::Users, FIND)
        .then("type who it is and press Enter; then e edits the user"),
    show("disabled users", "who is disabled locked blocked deactivated", Tab::Users, filter!("state:disabled")),
    show("users who are offline", "not connected absent logged out who", Tab::Users, filter!("state:offline")),
    show(
        "who has do not disturb switched on",
        "dnd unreachable busy nobody can reach",
        Tab::Users,
        filter!("service:dnd"),
    ),
    show(
        "who has calls forwarded",
        "forward forwards forwarding redirect divert diversion call",
        Tab::Users,
        filter!("service:forward"),
    ),
    show("users without a voicemail box", "no mailbox who has", Tab::Users, filter!("box:none")),
    show("users without a profile", "no who has cannot log in", Tab::Users, filter!("profile:none")),
    show("users without a line", "no extension number phone who has", Tab::Users, filter!("line:none")),
    edit("remove a user", "delete erase", Tab::Users, FIND)
        .then("type who it is and press Enter; then d removes the user"),
    edit("disable a user, enable a user", "lock block deactivate switch on off forbid", Tab::Users, FIND)
        .then("type who it is and press Enter; then x disables the user, and enables again"),
    edit("reset a password of a user", "new change forgotten forgot make", Tab::Users, FIND)
        .then("type who it is and press Enter; then b m makes a new password, and e sets one"),
    edit(
        "move users to another context",
        "transfer main lines department site team change merge dissolve contexts",
        Tab::Users,
        FIND,
    )
    .then("type what they have in common and press Enter; then Ctrl-A marks them, and b c moves their main lines"),
    edit("change many users", "bulk mark several all profile context", Tab::Users, FIND)
        .then("type what they have in common and press Enter; then Ctrl-A marks them all, and b changes them"),
    edit("add a line, a number of a user", "new create extension device phone telephone", Tab::Users, FIND)
        .then("type whose it is and press Enter twice; then a adds the line"),
    edit("edit a line, change a telephone", "device phone swap replace extension number move", Tab::Users, FIND)
        .then("type whose it is and press Enter twice; then e edits the line under the cursor, d removes it"),
    edit("add a presence", "new create state status", Tab::Presences, &[ENTER, key('a')]),
    edit("add a group of presences", "new create", Tab::Presences, &[key('a')]),
    edit("edit, remove or sort presences", "delete change color order move", Tab::Presences, &[ENTER])
        .then("e edits the presence under the cursor, d removes it, K and J move it"),
    show(
        "changes allowed between presences",
        "matrix reachable reaches stuck cannot choose",
        Tab::Presences,
        &[ENTER, key('m')],
    ),
    edit("add a profile", "new create", Tab::Profiles, &[key('a')]),
    edit("copy a profile", "duplicate clone new", Tab::Profiles, &[]).then("c copies the profile under the cursor"),
    edit(
        "edit a profile",
        "change rename services rights permissions xlets preferences window panel",
        Tab::Profiles,
        &[],
    )
    .then("Enter opens the profile under the cursor"),
    edit("remove a profile", "delete", Tab::Profiles, &[]).then("d removes the profile under the cursor"),
    show("who uses a profile", "users of", Tab::Profiles, &[]).then("w shows who has the profile under the cursor"),
    edit("add a group of phone hints", "new create blf lamp", Tab::Hints, &[key('a')]),
    edit("edit phone hints", "change colors texts blf lamp", Tab::Hints, &[ENTER])
        .then("e edits the hint under the cursor"),
    edit("add a context", "new create", Tab::Contexts, &[key('a')]),
    edit("edit a context", "rename change includes", Tab::Contexts, &[]).then("e edits the context under the cursor"),
    edit("remove a context", "delete", Tab::Contexts, &[]).then("d removes the context under the cursor"),
    edit("edit or remove a queue", "change rename delete", Tab::Queues, &[KeyStep::ToPart("queues")])
        .then("e edits the queue under the cursor, d removes it"),
    edit("edit or remove an agent", "change rename delete", Tab::Queues, &[KeyStep::ToPart("agents")])
        .then("e edits the agent under the cursor, d removes the agent"),
    edit("add a queue", "new create", Tab::Queues, &[KeyStep::ToPart("queues"), key('a')]),
    show("agents", "call center", Tab::Queues, &[KeyStep::ToPart("agents")]),
    edit("add an agent", "new create", Tab::Queues, &[KeyStep::ToPart("agents"), key('a')]),
    edit("log off an agent", "logout", Tab::Queues, &[KeyStep::ToPart("agents")])
        .then("o logs the agent under the cursor off"),
    edit("pause an agent", "end unpause", Tab::Queues, &[KeyStep::ToPart("agents")])
        .then("p pauses the agent under the cursor, P ends the pause"),
    edit("add a member to a queue", "new agent line", Tab::Queues, &[KeyStep::ToPart("queues"), ENTER])
        .then("a adds a member; Esc goes back to all queues"),
    edit("change a setting", "edit option configure default", Tab::Settings, &[])
        .then("/ finds a setting by its name, Enter edits it, d goes back to its default"),
    edit("renew the certificate", "new make own tls ssl expired expires", Tab::Certificates, &[key('n')]),
    edit("use another certificate", "tls ssl pair key choose", Tab::Certificates, &[ENTER]),
    show("stored certificates", "pairs tls ssl keys", Tab::Certificates, &[key('l')]),
    edit("make a certificate", "new tls ssl", Tab::Certificates, &[key('l'), key('n')]),
    edit("add a certificate from files", "new tls ssl pem", Tab::Certificates, &[key('l'), key('a')]),
    edit("request a certificate from an authority", "csr sign signing", Tab::Certificates, &[key('l'), key('S')]),
    show("fingerprint of the certificate", "sha tls ssl", Tab::Certificates, &[]).then("y copies the fingerprint"),
    show(
        "failed logins",
        "unlock locked blocked slowed down throttle wrong passwords cannot can't login log sign in",
        Tab::Sessions,
        &[key('L')],
    ),
    edit("end sessions", "kick disconnect log out off connected everybody everyone all", Tab::Sessions, FIND)
        .then("type whose they are and press Enter; then d ends the session under the cursor, or all that are marked"),
    edit("test the link to Asterisk", "connection ami check", Tab::Telephony, &[KeyStep::ToPart("link"), key('t')]),
    show("dial rules", "prefix strip numbers dialing dialplan", Tab::Telephony, &[KeyStep::ToPart("dial rules")]),
    edit("add a dial rule", "new create prefix", Tab::Telephony, &[KeyStep::ToPart("dial rules"), key('a')]),
    show(
        "try a number with the dial rules",
        "test what is dialed",
        Tab::Telephony,
        &[KeyStep::ToPart("dial rules"), key('t')],
    ),
    edit("add an entry to the phone book", "new create contact phonebook", Tab::PhoneBook, &[key('a')]),
    edit("import a phone book", "csv vcard contacts load phonebook", Tab::PhoneBook, &[key('i')]),
    show("find in the phone book", "search contact phonebook wrong name of a caller", Tab::PhoneBook, FIND),
    edit("add an account", "new create crm interface", Tab::Accounts, &[key('a')]),
    edit("add a voicemail box", "new create mailbox", Tab::Voicemails, &[key('a')]),
    edit("edit or remove a voicemail box", "change delete mailbox", Tab::Voicemails, FIND)
        .then("type its number and press Enter; then e edits the box, d removes it"),
    edit("edit or remove an account", "change delete rights permissions password", Tab::Accounts, &[])
        .then("e edits the account under the cursor, d removes it"),
    edit("edit or remove a conference room", "change delete meeting pin", Tab::Rooms, &[])
        .then("e edits the room under the cursor, d removes it"),
    edit("add a conference room", "new create meeting", Tab::Rooms, &[key('a')]),
    edit("undo an older change, restore what was removed", "revert redo take back bring deleted", Tab::History, &[])
        .then("u undoes the change under the cursor, or all that are marked"),
    show("who changed what", "audit log logs last changes history of", Tab::History, FIND)
        .then("type a name or what was changed; who: finds all that somebody did"),
    show("changes of the last hour", "recent what was changed just now history", Tab::History, filter!("time:1h")),
    show("changes of today", "recent what was changed day history", Tab::History, filter!("time:today")),
    show("changes of yesterday", "what was changed day history", Tab::History, filter!("time:yesterday")),
    show("findings, what is wrong", "why warnings problems errors check health weak", Tab::Overview, &[]),
    show("who is connected", "online logged in signed sign", Tab::Sessions, &[]),
];

/// What only a command does: its name, what else people call it, and the command.
pub(super) const COMMANDS: [(&str, &str, &str); 7] = [
    (
        "backup",
        "save copy database now make",
        "`ctibox backup FILE` copies the whole database, also while the server runs",
    ),
    (
        "try a login",
        "auth check test password cannot log in who checks backend",
        "`ctibox auth check LOGIN` asks for the password and says what each backend makes of it",
    ),
    ("restore a backup", "back bring", "stop the server, then `ctibox restore FILE`"),
    ("export", "save write document json", "`ctibox export FILE` writes the whole configuration as one document"),
    (
        "restart the server",
        "stop start reboot service",
        "`systemctl restart ctibox` restarts it; nearly all settings take effect without that",
    ),
    ("export users", "save write csv table people", "`ctibox user export > FILE` writes all users as a table"),
    ("import a configuration", "load document json", "`ctibox import FILE` replaces the whole configuration"),
];
