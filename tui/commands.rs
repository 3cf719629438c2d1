//! What can be done now: each screen lists its commands once, and key bar, help page, documents and the keyboard itself
//! are all made from that list. A key that is not on it does nothing.

use super::app::{App, Transition};
use super::key_hint::KeyHint;
use super::key_table::Action;
use super::keys::Key;

/// Something that a screen can do, and what of the table of keys that is.
pub(super) struct Command<S> {
    actions: Vec<Action>,
    words: &'static str,
    help: &'static str,
    visibility: Visibility,
    obstacle: Option<&'static str>,
    /// Not shown: it can never be done in this console.
    is_hidden: bool,
    act: Act<S>,
}

enum Act<S> {
    Plain(fn(&mut S, &mut App) -> Transition),
    /// Several keys do different things: a cursor that moves.
    Keyed(fn(&mut S, Key, &mut App) -> Transition),
}

/// Where a command is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Visibility {
    KeyBar,
    HelpOnly,
}

impl<S> Command<S> {
    pub(super) fn new(
        actions: impl Into<Vec<Action>>,
        words: &'static str,
        help: &'static str,
        act: fn(&mut S, &mut App) -> Transition,
    ) -> Self {
        Self {
            actions: actions.into(),
            words,
            help,
            visibility: Visibility::KeyBar,
            obstacle: None,
            is_hidden: false,
            act: Act::Plain(act),
        }
    }

    /// One that must know which of its keys it was; everybody expects these, they are told in the help alone.
    pub(super) fn keyed(
        actions: impl Into<Vec<Action>>,
        words: &'static str,
        help: &'static str,
        act: fn(&mut S, Key, &mut App) -> Transition,
    ) -> Self {
        Self {
            actions: actions.into(),
            words,
            help,
            visibility: Visibility::HelpOnly,
            obstacle: None,
            is_hidden: false,
            act: Act::Keyed(act),
        }
    }

    /// Everybody expects it: told in the help alone.
    pub(super) fn quiet(mut self) -> Self {
        self.visibility = Visibility::HelpOnly;
        self
    }

    /// Where it is so, told in the help alone.
    pub(super) fn quiet_if(self, is_quiet: bool) -> Self {
        if is_quiet { self.quiet() } else { self }
    }

    /// Told in the key bar too.
    pub(super) fn in_bar(mut self) -> Self {
        self.visibility = Visibility::KeyBar;
        self
    }

    /// Whatever stands in the way, in words; the first one found is told.
    pub(super) fn blocked(mut self, obstacle: Option<&'static str>) -> Self {
        self.obstacle = self.obstacle.or(obstacle);
        self
    }

    /// It changes something: a console that only reads does not show it, and says why to whoever knows the key.
    pub(super) fn edits(mut self, app: &App) -> Self {
        if let Some(obstacle) = app.read_only_obstacle() {
            (self.obstacle, self.is_hidden) = (Some(obstacle), true);
        }
        self
    }

    pub(super) fn key_hint(&self) -> KeyHint {
        KeyHint {
            actions: self.actions.clone(),
            words: self.words,
            help: self.help,
            is_in_bar: self.visibility == Visibility::KeyBar,
            obstacle: self.obstacle,
            is_hidden: self.is_hidden,
        }
    }

    pub(super) fn is_for(&self, key: Key) -> bool {
        Action::of(key).is_some_and(|action| self.actions.contains(&action))
    }

    pub(super) fn can_be_done(&self) -> bool {
        self.obstacle.is_none()
    }

    /// Does it, or says why not.
    pub(super) fn act(self, screen: &mut S, key: Key, app: &mut App) -> Transition {
        match (self.obstacle, self.act) {
            (Some(obstacle), _) => {
                app.warn(obstacle);
                Transition::Stay
            }
            (None, Act::Plain(act)) => act(screen, app),
            (None, Act::Keyed(act)) => act(screen, key, app),
        }
    }
}
