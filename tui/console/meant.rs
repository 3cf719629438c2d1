//! Which rows a key means, where that is not to be seen: marks that a filter hides count, and whoever looks at another row may
//! mean that one alone. It is asked before the key does anything; the console calls it for every key of a screen.

use super::{Console, top_of};
use crate::settings::rule::count;
use crate::tui::app::Transition;
use crate::tui::ask::Question;
use crate::tui::keys::Key;
use crate::tui::widgets::marks::MeantRows;

impl Console {
    /// Whether it had to be asked.
    pub(super) fn asks_who_is_meant(&mut self, key: Key) -> bool {
        let Some(marking) = self.top().unclear_marks(key, &self.app) else { return false };
        let (marked, hidden) = (marking.number_marked(), marking.number_hidden());
        let (are, of_them) = if marked == 1 { ("is", "it") } else { ("are", "them") };
        let hides = if marked == hidden { of_them.to_owned() } else { format!("{hidden} of them") };
        let text = format!(
            "{} {are} marked, and the filter hides {hides}. The row under the cursor is not marked.",
            count(marked, "row")
        );
        let then = move |rows| move |_: &mut _| Transition::PressFor(rows, key);
        let question = Question::new("Which rows are meant?", text)
            .choice('r', "the row under the cursor alone", then(MeantRows::Cursor))
            .choice('m', "all that are marked, also those that are hidden", then(MeantRows::Marked))
            .stay("none")
            .menu_on_first();
        self.follow(Transition::Push(Box::new(question)));
        true
    }

    /// As if the key were pressed, for these rows.
    pub(super) fn press_for(&mut self, rows: MeantRows, key: Key) {
        let (tab, depth) = (self.tab, self.stack().len());
        top_of(&mut self.stacks, tab).mean(Some(rows));
        self.press(key);
        if let Some(screen) = self.stacks.get_mut(&tab).and_then(|stack| stack.get_mut(depth - 1)) {
            screen.mean(None);
        }
    }
}
