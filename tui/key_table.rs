//! What each key means, everywhere in the console: one table, from which commands take their keys, and help and documents
//! their words. Text fields and questions are the exceptions: there letters are text, or answers that stand beside them.
//! Used by all that takes keys; it decides nothing.

use super::keys::Key;

/// What can be done with a key. Screens give the words for what it does to what they show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Action {
    Place,
    Palette,
    Keys,
    Undo,
    Repeat,
    Redraw,
    Mouse,
    Back,
    Leave,
    Close,
    Up,
    Down,
    Page,
    Move,
    MoveSideways,
    Next,
    Previous,
    Find,
    Open,
    Add,
    Edit,
    Remove,
    EditPage,
    RemovePage,
    Copy,
    Bulk,
    Switch,
    Mark,
    MarkRange,
    InvertMarks,
    MarkAll,
    Import,
    Sort,
    MoveUp,
    MoveDown,
    All,
    None,
    Lower,
    Raise,
    Notable,
    Matrix,
    MainLine,
    Fix,
    Whose,
    Changes,
    TakeBack,
    Unlock,
    ServicesOff,
    LogOff,
    Pause,
    EndPause,
    Test,
    SlowedLogins,
    StoredPairs,
    MakePair,
    SigningRequest,
    Reload,
    Clipboard,
    Save,
    Colors,
}

/// A row of the table.
struct KeyRow {
    action: Action,
    keys: &'static [Key],
    meaning: &'static str,
    /// What the key bar may call it: a word that is not here would be another meaning.
    #[cfg(test)]
    words: &'static [&'static str],
}

const fn row(action: Action, keys: &'static [Key], meaning: &'static str, words: &'static [&'static str]) -> KeyRow {
    #[cfg(not(test))]
    let _ = words;
    KeyRow {
        action,
        keys,
        meaning,
        #[cfg(test)]
        words,
    }
}

const fn letter(letter: char) -> Key {
    Key::char(letter)
}

const PLACES: [Key; 16] = [
    letter('1'),
    letter('2'),
    letter('3'),
    letter('4'),
    letter('5'),
    letter('6'),
    letter('7'),
    letter('8'),
    letter('9'),
    letter('0'),
    letter('T'),
    letter('h'),
    letter('B'),
    letter('A'),
    letter('V'),
    letter('R'),
];
const MOVES: [Key; 10] = [
    Key::HOME,
    Key::END,
    letter('g'),
    letter('G'),
    letter('k'),
    letter('j'),
    Key::ctrl('b'),
    Key::ctrl('f'),
    Key::ctrl('u'),
    Key::ctrl('d'),
];

/// In the order of the actions, which the compiler sees to.
const TABLE: [KeyRow; Action::Colors as usize + 1] = [
    row(
        Action::Place,
        &PLACES,
        "Go to a place: those of the top bar, Phone book, Accounts, Voicemail boxes, Rooms",
        &[],
    ),
    row(Action::Palette, &[letter(':')], "Go anywhere, do anything: type a part of its name", &[]),
    row(Action::Keys, &[letter('?'), Key::F1], "Show what can be done here, and do it", &["keys"]),
    row(Action::Undo, &[Key::ctrl('z')], "Undo the last change that this console saved", &["undo"]),
    row(Action::Repeat, &[letter('.')], "Do the last change again, to what the cursor is on", &[]),
    row(Action::Redraw, &[Key::ctrl('l')], "Draw the whole screen anew", &[]),
    row(Action::Mouse, &[Key::F4], "Leave the mouse to the terminal, to select text; again: take it back", &[]),
    row(
        Action::Back,
        &[Key::ESC],
        "Go back to the screen before; close, cancel, give up",
        &["as before", "back", "cancel", "close", "done", "cancel", "show all", "stop", "unmark"],
    ),
    row(Action::Leave, &[letter('q')], "Leave the console; go back from the page of keys", &["leave", "back"]),
    row(
        Action::Close,
        &[Key::ctrl('c')],
        "Close the form or the question; on a screen, leave the console",
        &["back", "cancel", "close", "cancel"],
    ),
    row(Action::Up, &[Key::UP], "Go up a row; in a form to the field before", &["field before", "move", "scroll"]),
    row(Action::Down, &[Key::DOWN], "Go down a row; in a form to the next field", &["move", "next field", "scroll"]),
    row(Action::Page, &[Key::PAGE_UP, Key::PAGE_DOWN], "Go a page up, down", &["move", "scroll"]),
    row(
        Action::Move,
        &MOVES,
        "Go to the first, the last (g, G), up, down, a page (Ctrl-B, Ctrl-F), half a page up, down",
        &["move", "scroll"],
    ),
    row(Action::MoveSideways, &[Key::LEFT, Key::RIGHT], "Move the cursor sideways", &["move", "column"]),
    row(
        Action::Next,
        &[Key::TAB],
        "Go to the next part, to the other list; complete a path",
        &["agents", "complete", "dial rules", "link", "next field", "other list", "part", "queues"],
    ),
    row(Action::Previous, &[Key::BACK_TAB], "Go to the part before", &["field before", "other list", "part before"]),
    row(Action::Find, &[letter('/')], "Find: show only what has these words", &["find"]),
    row(
        Action::Open,
        &[Key::ENTER],
        "Open, choose or edit what the cursor is on",
        &[
            "choose",
            "close",
            "do it",
            "edit line",
            "done",
            "edit",
            "go on",
            "go there",
            "go, do",
            "go to the user",
            "import",
            "keep",
            "lines",
            "open",
            "pause",
            "penalty",
            "read",
            "save",
            "set",
            "show",
            "use",
            "use another",
            "user",
            "write",
        ],
    ),
    row(Action::Add, &[letter('a')], "Add one", &["add", "add line", "set"]),
    row(
        Action::Edit,
        &[letter('e')],
        "Edit what the cursor is on",
        &["edit", "edit line", "penalty", "rename", "set", "use another"],
    ),
    row(
        Action::Remove,
        &[letter('d'), Key::DELETE],
        "Remove it, end it, go back to the default",
        &["default", "end", "drop named", "remove", "remove line", "unset"],
    ),
    row(Action::EditPage, &[letter('E')], "Edit the object whose page this is", &["edit user"]),
    row(Action::RemovePage, &[letter('D')], "Remove the object whose page this is", &["remove user"]),
    row(Action::Copy, &[letter('c')], "Add a copy", &["copy"]),
    row(Action::Bulk, &[letter('b')], "Change all that are marked, else the row", &["bulk", "end"]),
    row(Action::Switch, &[letter('x')], "Switch enabled to disabled, and back", &["on/off", "switch"]),
    row(
        Action::Mark,
        &[Key::SPACE],
        "Mark the row; tick the box that the cursor is on",
        &["allow", "change", "grant", "mark", "switch"],
    ),
    row(
        Action::MarkRange,
        &[letter('v')],
        "Begin a range of marks at the cursor; again ends it",
        &["end range", "range"],
    ),
    row(Action::InvertMarks, &[letter('*')], "Mark what is not marked, and the other way round", &["invert"]),
    row(Action::MarkAll, &[Key::ctrl('a')], "Mark all that are shown", &["mark all"]),
    row(Action::Import, &[letter('i')], "Import a table", &["import"]),
    row(Action::Sort, &[letter('s')], "Sort by the next column; again the other way round", &["reverse", "sort"]),
    row(Action::MoveUp, &[letter('K')], "Move the object up in its order", &["up"]),
    row(Action::MoveDown, &[letter('J')], "Move the object down in its order", &["down"]),
    row(Action::All, &[letter('+')], "All of them", &["all", "allow row"]),
    row(Action::None, &[letter('-')], "None of them", &["none", "forbid row"]),
    row(Action::Lower, &[letter('<')], "Lower its number", &["lower"]),
    row(Action::Raise, &[letter('>')], "Raise its number", &["raise"]),
    row(Action::Notable, &[letter('f')], "Show only what is notable, or all again", &["bad lines", "changed only"]),
    row(Action::Matrix, &[letter('m')], "Show the presences as a matrix, as a table", &["matrix", "table"]),
    row(Action::MainLine, &[letter('M')], "Make it the main line", &["main line"]),
    row(Action::Fix, &[letter('F')], "Fix what is wrong", &["fix"]),
    row(Action::Whose, &[letter('w')], "Show who uses it, whose it is", &["who uses it", "whose"]),
    row(Action::Changes, &[letter('H')], "Show in the history what was changed of what the cursor is on", &[]),
    row(Action::TakeBack, &[letter('u')], "Undo the change", &["undo"]),
    row(Action::Unlock, &[letter('U')], "Unlock: forget the failed logins", &["unlock"]),
    row(
        Action::ServicesOff,
        &[letter('O')],
        "Switch off what the user switched on: do not disturb, forwards",
        &["services off"],
    ),
    row(Action::LogOff, &[letter('o')], "Log the agent off", &["log off"]),
    row(Action::Pause, &[letter('p')], "Pause the agent", &["pause"]),
    row(Action::EndPause, &[letter('P')], "End the agent's pause", &["end pause"]),
    row(Action::Test, &[letter('t')], "Test it, try it", &["test", "test again", "try"]),
    row(Action::SlowedLogins, &[letter('L')], "Show whose logins are slowed down after failures", &["failed logins"]),
    row(Action::StoredPairs, &[letter('l')], "Show the stored certificates", &["stored"]),
    row(Action::MakePair, &[letter('n')], "Make a new certificate", &["make", "renew own"]),
    row(Action::SigningRequest, &[letter('S')], "Make a request for an authority to sign", &["request"]),
    row(Action::Reload, &[letter('r')], "Read it again, ask again", &["again", "reload"]),
    row(Action::Clipboard, &[letter('y')], "Show the last change as a command, to copy it", &["copy"]),
    row(Action::Save, &[Key::ctrl('s')], "Save what is open; in an import read the file", &["save", "read"]),
    row(Action::Colors, &[Key::ctrl('p')], "Choose a color from a palette", &["palette"]),
];

/// Whether the rows stand where `Action::row` looks for them.
const _: () = {
    let mut at = 0;
    while at < TABLE.len() {
        assert!(TABLE[at].action as usize == at, "the rows are in the order of the actions");
        at += 1;
    }
};

impl Action {
    /// Those that move the cursor of a list.
    pub(super) const MOVES: [Self; 4] = [Self::Up, Self::Down, Self::Page, Self::Move];

    /// Those that every screen without an open form takes.
    pub(super) const EVERYWHERE: [Self; 12] = [
        Self::Place,
        Self::Palette,
        Self::Keys,
        Self::Undo,
        Self::Repeat,
        Self::Clipboard,
        Self::Changes,
        Self::Redraw,
        Self::Mouse,
        Self::Back,
        Self::Leave,
        Self::Close,
    ];

    /// What this key means.
    pub(super) fn of(key: Key) -> Option<Self> {
        TABLE.iter().find(|row| row.keys.contains(&key)).map(|row| row.action)
    }

    fn row(self) -> &'static KeyRow {
        &TABLE[self as usize]
    }

    pub(super) fn keys(self) -> &'static [Key] {
        self.row().keys
    }

    /// A sentence for help and documents.
    pub(super) fn meaning(self) -> &'static str {
        self.row().meaning
    }

    /// Its keys as people call them: `1 to 9, 0, T, h`.
    pub(super) fn key_words(self) -> String {
        let digits = |key: &&Key| key.typed().is_some_and(|letter| ('1'..='9').contains(&letter));
        let range = (self == Self::Place).then(|| "1 to 9".to_owned());
        let others = self.keys().iter().filter(|key| self != Self::Place || !digits(key)).map(ToString::to_string);
        range.into_iter().chain(others).collect::<Vec<_>>().join(", ")
    }

    /// All of the table.
    #[cfg(test)]
    pub(super) fn all() -> impl Iterator<Item = Self> {
        TABLE.iter().map(|row| row.action)
    }

    /// What the key bar may call it.
    #[cfg(test)]
    pub(super) fn words(self) -> &'static [&'static str] {
        self.row().words
    }
}
