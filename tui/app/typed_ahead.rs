//! What was typed while something is under way: it is kept in its order, and the console plays it once that is over. Nothing
//! of it answers a question or goes into a form that could not be saved; the console forgets it there and says so.

use std::collections::VecDeque;

use crate::tui::keys::Key;

/// So many keys and pasted letters are kept; whatever comes beyond is refused, and all behind it.
const TYPED_AHEAD_MAX: usize = 1000;

/// What somebody types.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::tui) enum TypedInput {
    Key(Key),
    Pasted(String),
}

impl TypedInput {
    /// How many keys, or pasted letters, it is.
    fn size(&self) -> usize {
        match self {
            Self::Key(_) => 1,
            Self::Pasted(text) => text.chars().count(),
        }
    }
}

#[derive(Debug, Default)]
pub(in crate::tui) struct TypedAhead {
    waiting: VecDeque<TypedInput>,
    /// What could not be kept first: what comes behind it was meant for what it would have done.
    refused: Option<String>,
}

impl TypedAhead {
    /// How many keys and pasted texts wait.
    pub(in crate::tui) fn waiting(&self) -> usize {
        self.waiting.len()
    }

    pub(in crate::tui) fn refused(&self) -> Option<&str> {
        self.refused.as_deref()
    }

    pub(in crate::tui) fn keep(&mut self, typed: TypedInput) {
        let size: usize = self.waiting.iter().chain([&typed]).map(TypedInput::size).sum();
        if self.refused.is_none() && size <= TYPED_AHEAD_MAX {
            return self.waiting.push_back(typed);
        }
        match typed {
            TypedInput::Key(key) => self.refuse(&key.to_string()),
            TypedInput::Pasted(_) => self.refuse("what was pasted"),
        }
    }

    /// Nothing behind it is kept either.
    pub(in crate::tui) fn refuse(&mut self, what: &str) {
        self.refused.get_or_insert_with(|| what.to_owned());
    }

    pub(in crate::tui) fn take(&mut self) -> Option<TypedInput> {
        self.waiting.pop_front()
    }

    /// What was refused, once all before it was played.
    pub(in crate::tui) fn take_refused(&mut self) -> Option<String> {
        self.refused.take()
    }

    /// Whether there was anything.
    pub(in crate::tui) fn forget(&mut self) -> bool {
        let Self { waiting, refused } = std::mem::take(self);
        !waiting.is_empty() || refused.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_beyond_the_bound_is_refused_and_all_behind_it() {
        let mut typed = TypedAhead::default();
        typed.keep(TypedInput::Key(Key::char('a')));
        typed.keep(TypedInput::Pasted("x".repeat(TYPED_AHEAD_MAX)));
        typed.keep(TypedInput::Key(Key::char('b')));
        assert_eq!((typed.waiting(), typed.refused()), (1, Some("what was pasted")));
        assert_eq!(typed.take(), Some(TypedInput::Key(Key::char('a'))));
        assert_eq!((typed.take(), typed.take_refused()), (None, Some("what was pasted".to_owned())));
        typed.keep(TypedInput::Key(Key::char('c')));
        assert!(typed.forget() && !typed.forget() && typed.waiting() == 0);
    }
}
