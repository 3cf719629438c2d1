//! What the mouse does in the console: a click presses a key that stands in the last row, goes to a place, or is for the
//! screen on top; the wheel moves its cursor. `F4` leaves all of it to the terminal.

use ratatui::crossterm::event::{MouseButton, MouseEventKind};
use ratatui::layout::Position;

use super::{Console, top_of};
use crate::tui::capabilities::Extras;
use crate::tui::keys::Key;
use crate::tui::terminal_request::{Mouse, TerminalRequest};

/// Rows of a list that one step of the wheel goes, as most programs have it.
const WHEEL_ROWS: usize = 3;

impl Console {
    /// The mouse is the console's, or the terminal's own, which selects text with it.
    pub(super) fn switch_mouse(&mut self) {
        if self.capabilities.extras == Extras::Off {
            return self.app.warn("this terminal tells the console nothing of a mouse");
        }
        self.mouse = self.mouse.other();
        self.app.request(TerminalRequest::Mouse(self.mouse));
        self.app.remark(match self.mouse {
            Mouse::Console => "the mouse is for the console again: it chooses rows and places",
            Mouse::Terminal => "the mouse is for the terminal now: it selects text to copy; F4 takes it back",
        });
    }

    pub(super) fn point(&mut self, kind: MouseEventKind, at: Position) {
        let is_click = kind == MouseEventKind::Down(MouseButton::Left);
        match (kind, self.parts.key_at(at)) {
            _ if self.is_hidden => {}
            // What stands there can be done now, also while something is under way.
            (_, Some(key)) if is_click => self.press(key),
            (MouseEventKind::ScrollUp, _) => self.turn_wheel(Key::UP),
            (MouseEventKind::ScrollDown, _) => self.turn_wheel(Key::DOWN),
            // What stands there may be another row once that is over which is under way.
            _ if !is_click => {}
            _ if self.is_busy() => self.app.typed_ahead.refuse("the mouse"),
            _ => self.click(at),
        }
    }

    /// Of a form and a question the wheel goes through fields and answers, one after the other.
    fn turn_wheel(&mut self, key: Key) {
        let rows = if self.top().is_modal() { 1 } else { WHEEL_ROWS };
        (0..rows).for_each(|_| self.press(key));
    }

    fn click(&mut self, at: Position) {
        self.is_told_back = false;
        self.detail.follow();
        match self.parts.tab_at(at) {
            Some(tab) if !self.top().is_modal() => self.go_to_list(tab),
            _ => {
                let app = &mut self.app;
                let transition = top_of(&mut self.stacks, self.tab).clicked(at, app);
                self.follow(transition);
            }
        }
    }
}
