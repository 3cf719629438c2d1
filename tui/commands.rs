//! What can be done now: each screen lists its commands once, and key bar, help page, documents and the keyboard itself
//! are all made from that list. A key that is not on it does nothing.

use super::keys::Key;
use super::office::Office;
use super::screen::Answer;

/// Something that a screen can do, and the keys for it.
pub(super) struct Command<S> {
    keys: Vec<Key>,
    words: &'static str,
    help: &'static str,
    shown: Shown,
    obstacle: Option<&'static str>,
    /// Not shown: it can never be done in this console.
    is_hidden: bool,
    act: Act<S>,
}

enum Act<S> {
    Plain(fn(&mut S, &mut Office) -> Answer),
    /// Several keys do different things: a cursor that moves.
    Keyed(fn(&mut S, Key, &mut Office) -> Answer),
}

/// Where a command is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shown {
    KeyBar,
    HelpOnly,
}

/// A command without the screen that does it: for key bar, help and documents.
#[derive(Debug, Clone)]
pub(super) struct Offer {
    pub(super) keys: Vec<Key>,
    /// One or two words for the key bar.
    pub(super) words: &'static str,
    /// A sentence for the help page.
    pub(super) help: &'static str,
    pub(super) is_in_bar: bool,
    /// Why it cannot be done now.
    pub(super) obstacle: Option<&'static str>,
    /// It can never be done in this console: neither key bar nor help tell it.
    pub(super) is_hidden: bool,
}

impl Offer {
    /// All that can be done while a change is on its way.
    pub(super) fn give_up() -> Self {
        Self {
            keys: vec![Key::ESC],
            words: "give up",
            help: "Give up what is under way",
            is_in_bar: true,
            obstacle: None,
            is_hidden: false,
        }
    }
}

impl<S> Command<S> {
    pub(super) fn new(
        keys: impl IntoIterator<Item = Key>,
        words: &'static str,
        help: &'static str,
        act: fn(&mut S, &mut Office) -> Answer,
    ) -> Self {
        Self {
            keys: keys.into_iter().collect(),
            words,
            help,
            shown: Shown::KeyBar,
            obstacle: None,
            is_hidden: false,
            act: Act::Plain(act),
        }
    }

    /// One that must know which of its keys it was; everybody expects these, they are told in the help alone.
    pub(super) fn keyed(
        keys: impl IntoIterator<Item = Key>,
        words: &'static str,
        help: &'static str,
        act: fn(&mut S, Key, &mut Office) -> Answer,
    ) -> Self {
        Self {
            keys: keys.into_iter().collect(),
            words,
            help,
            shown: Shown::HelpOnly,
            obstacle: None,
            is_hidden: false,
            act: Act::Keyed(act),
        }
    }

    /// Everybody expects it: told in the help alone.
    pub(super) fn quiet(mut self) -> Self {
        self.shown = Shown::HelpOnly;
        self
    }

    /// Whatever stands in the way, in words; the first one found is told.
    pub(super) fn blocked(mut self, obstacle: Option<&'static str>) -> Self {
        self.obstacle = self.obstacle.or(obstacle);
        self
    }

    /// It changes something: a console that only reads does not show it, and says why to whoever knows the key.
    pub(super) fn edits(mut self, office: &Office) -> Self {
        if let Some(obstacle) = office.read_only_obstacle() {
            (self.obstacle, self.is_hidden) = (Some(obstacle), true);
        }
        self
    }

    pub(super) fn offer(&self) -> Offer {
        Offer {
            keys: self.keys.clone(),
            words: self.words,
            help: self.help,
            is_in_bar: self.shown == Shown::KeyBar,
            obstacle: self.obstacle,
            is_hidden: self.is_hidden,
        }
    }

    pub(super) fn is_for(&self, key: Key) -> bool {
        self.keys.contains(&key)
    }

    /// Does it, or says why not.
    pub(super) fn act(self, screen: &mut S, key: Key, office: &mut Office) -> Answer {
        match (self.obstacle, self.act) {
            (Some(obstacle), _) => {
                office.warn(obstacle);
                Answer::Stay
            }
            (None, Act::Plain(act)) => act(screen, office),
            (None, Act::Keyed(act)) => act(screen, key, office),
        }
    }
}
