//! What a test waits for between two keys. At least one thing of it must not have been so when the key was pressed: else
//! nothing was waited for, and what comes next meets the key on its way.

use std::cell::RefCell;
use std::thread;

#[derive(Default)]
pub(super) struct Waits(RefCell<Option<Waited>>);

struct Waited {
    /// What stood there when the key was pressed.
    before: vt100::Screen,
    /// It was so by then already, each.
    stood_already: Vec<String>,
    is_something_new: bool,
}

impl Waits {
    /// A key goes in.
    pub(super) fn begin(&self, before: vt100::Screen) {
        self.end();
        *self.0.borrow_mut() = Some(Waited { before, stood_already: Vec::new(), is_something_new: false });
    }

    /// What comes now is due to something else.
    pub(super) fn end(&self) {
        let Some(waited) = self.0.take() else { return };
        let is_nothing = waited.stood_already.is_empty() || waited.is_something_new;
        assert!(
            is_nothing || thread::panicking(),
            "when the last key was pressed all this was so already: {}\n{}",
            waited.stood_already.join(", "),
            waited.before.contents()
        );
    }

    pub(super) fn wait(&self, what: &str, is_so: impl FnOnce(&vt100::Screen) -> bool) {
        if let Some(waited) = &mut *self.0.borrow_mut() {
            match is_so(&waited.before) {
                true => waited.stood_already.push(what.to_owned()),
                false => waited.is_something_new = true,
            }
        }
    }

    /// Something is waited for that does not stand on the screen.
    pub(super) fn wait_for_more(&self) {
        if let Some(waited) = &mut *self.0.borrow_mut() {
            waited.is_something_new = true;
        }
    }
}
