//! Keys that come while something is under way: they wait and are played in their order once it is over, so that the same keys
//! do the same however busy the machine is. Where it failed or asks something, what waits was meant for something else.

use std::sync::mpsc::Receiver;

use super::{Console, EVENTS_WAITING_MAX, top_of};
use crate::settings::rule::Severity;
use crate::tui::app::TypedInput;
use crate::tui::event::Event;
use crate::tui::key_table::Action;
use crate::tui::keys::Key;
use crate::tui::note::Tone;
use crate::tui::widgets::list::MOVES;

/// From so many seconds on whoever waits may look around: what is typed before that is meant for what is there afterwards.
const LOOKS_AROUND_AFTER: i64 = 2;

/// So many seconds keys wait at the most for a list that is read again.
const LISTS_READ_WITHIN: i64 = 5;

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

    /// Whether keys wait: something is under way, they were typed before what is shown was there, or the list on top does
    /// not show yet what was changed here.
    pub(super) fn is_busy(&self) -> bool {
        self.app.under_way().is_some() || self.holds_keys_back || self.is_behind()
    }

    /// A disk that does not answer holds nobody up for long.
    fn is_behind(&self) -> bool {
        let waited = self.app.now.unix_timestamp() - self.app.wrote_at();
        waited < LISTS_READ_WITHIN && self.top().is_behind(&self.app)
    }

    /// Takes what came while the console waited for what a key began, as if it were still busy.
    pub(super) fn hold_back(&mut self, receiver: &Receiver<Event>) {
        self.holds_keys_back = true;
        receiver.try_iter().take(EVENTS_WAITING_MAX).for_each(|event| self.handle(event));
        self.holds_keys_back = false;
    }

    /// A question that came by itself has just been drawn: what was typed until then does not answer it.
    /// Whether anything was.
    pub(in crate::tui) fn keep_from_question(&mut self, receiver: &Receiver<Event>) -> bool {
        if !std::mem::take(&mut self.is_question_new) {
            return false;
        }
        self.hold_back(receiver);
        self.forget_typed_ahead()
    }

    /// Until something is under way again, or nothing waits any more.
    pub(super) fn play_typed_ahead(&mut self) {
        while self.is_open && !self.is_busy() {
            let has_failed = self.app.note.as_ref().is_some_and(|note| note.tone == Tone::Problem(Severity::Error));
            // A list that is not read in time is no more what they were meant for than a question is.
            if has_failed || self.top().is_asking() || self.top().is_behind(&self.app) {
                self.forget_typed_ahead();
                return;
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

    /// Says so, behind what was said of what it waited for; whether there was anything.
    pub(super) fn forget_typed_ahead(&mut self) -> bool {
        if !self.app.typed_ahead.forget() {
            return false;
        }
        let words = match self.top().is_asking() {
            true => "what was typed meanwhile was not taken: it answers no question",
            false => "what was typed meanwhile was not taken",
        };
        match &mut self.app.note {
            Some(note) => note.text = format!("{}; {words}", note.text),
            None => self.app.warn(words),
        }
        true
    }
}
