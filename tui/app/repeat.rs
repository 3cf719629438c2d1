//! `.`: the last change that means something on other rows too, to be done again to what the cursor is on. Whoever makes such a
//! change remembers it; a screen says which rows are meant.

use std::rc::Rc;

use super::{App, Rows, RowsOf, Transition};

type Again = Rc<dyn Fn(&[i64], &mut App) -> Transition>;

/// A change that can be done again.
#[derive(Clone)]
pub(in crate::tui) struct Repeat {
    of: RowsOf,
    /// What it does: `pause the agent (lunch)`.
    words: String,
    again: Again,
}

impl Repeat {
    /// It asks whatever it asked the first time.
    pub(in crate::tui) fn new(
        of: RowsOf,
        words: impl Into<String>,
        again: impl Fn(&[i64], &mut App) -> Transition + 'static,
    ) -> Self {
        Self { of, words: words.into(), again: Rc::new(again) }
    }
}

impl App {
    pub(in crate::tui) fn remember_repeat(&mut self, repeat: Repeat) {
        self.repeat = Some(repeat);
    }

    /// Whether there is something to do again to rows as these.
    pub(in crate::tui) fn can_repeat_on(&self, rows: &Rows) -> bool {
        self.repeat.as_ref().is_some_and(|repeat| repeat.of == rows.of)
    }

    /// Does it again to these rows, or says why not.
    pub(in crate::tui) fn repeat_on(&mut self, rows: Option<Rows>) -> Transition {
        if let Some(obstacle) = self.read_only_obstacle() {
            self.warn(obstacle);
            return Transition::Stay;
        }
        match (self.repeat.clone(), rows) {
            (None, _) => match self.last_change().map(|change| change.words.clone()) {
                Some(words) => self.warn(format!("the last change cannot be done to another row: {words}")),
                None => self.warn("nothing was changed in this console yet; . does the last change to another row"),
            },
            (Some(Repeat { of, again, .. }), Some(rows)) if of == rows.of && !rows.ids.is_empty() => {
                return again(&rows.ids, self);
            }
            (Some(repeat), _) => self.warn(format!("what . does is to {}: no row here is for that", repeat.words)),
        }
        Transition::Stay
    }
}
