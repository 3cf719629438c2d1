//! Keys that come while something is under way: they wait and are played in their order once it is over, so that the same keys
//! do the same however busy the machine is. Where it failed or asks something, what waits was meant for something else.

use super::{Console, top_of};
use crate::settings::rule::Severity;
use crate::tui::app::TypedInput;
use crate::tui::key_table::Action;
use crate::tui::keys::Key;
use crate::tui::note::Tone;
use crate::tui::widgets::list::MOVES;

/// From so many seconds on whoever waits may look around: what is typed before that is meant for what is there afterwards.
const LOOKS_AROUND_AFTER: i64 = 2;

impl Console {
    /// While something is under way: the cursor of a list may move, Esc gives up what is not begun, all else waits.
    pub(super) fn press_while_busy(&mut self, key: Key) {
        if self.looks_around(key) {
            let app = &mut self.app;
            top_of(&mut self.stacks, self.tab).press(key, app);
        } else if let Some(transition) = self.app.press_while_busy(key) {
            self.go_on(transition);
            self.forget_typed_ahead();
        }
    }

    fn looks_around(&self, key: Key) -> bool {
        let now = self.app.now.unix_timestamp();
        let is_long = self.app.under_way().is_some_and(|under_way| now - under_way.since >= LOOKS_AROUND_AFTER);
        let moves = Action::of(key).is_some_and(|action| MOVES.contains(&action));
        is_long && moves && self.app.typed_ahead.waiting() == 0 && !self.top().is_modal() && !self.top().takes_text()
    }

    /// Until something is under way again, or nothing waits any more.
    pub(super) fn play_typed_ahead(&mut self) {
        while self.is_open && self.app.under_way().is_none() {
            let has_failed = self.app.note.as_ref().is_some_and(|note| note.tone == Tone::Problem(Severity::Error));
            if has_failed || self.asks() {
                return self.forget_typed_ahead();
            }
            match self.app.typed_ahead.take() {
                Some(TypedInput::Key(key)) => self.press(key),
                Some(TypedInput::Pasted(text)) => self.paste(&text),
                None => {
                    if let Some(refused) = self.app.typed_ahead.take_refused() {
                        self.app.warn(format!("{refused} and what came behind it was not taken"));
                    }
                    return;
                }
            }
        }
    }

    /// Whether keys are answers now: what no Ctrl-S saves is no form.
    fn asks(&self) -> bool {
        let hints = self.top().key_hints(&self.app);
        self.top().is_modal() && !hints.iter().any(|hint| hint.actions.contains(&Action::Save))
    }

    /// Says so, behind what was said of what it waited for.
    pub(super) fn forget_typed_ahead(&mut self) {
        if !self.app.typed_ahead.forget() {
            return;
        }
        let words = "what was typed meanwhile was not taken";
        match &mut self.app.note {
            Some(note) => note.text = format!("{}; {words}", note.text),
            None => self.app.warn(words),
        }
    }
}
