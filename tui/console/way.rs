//! The ways through the console: how the answer of a screen is followed, and how Esc finds back to where somebody came from.
//! A place that is gone to by its key shows its list, unless something in it is not saved.

use super::{Console, top_of};
use crate::tui::app::{DynScreen, KeyStep, Rows, Target, Transition};
use crate::tui::filter;
use crate::tui::key_table::Action;
use crate::tui::keys::Key;
use crate::tui::screens;
use crate::tui::tab::Tab;

/// Jumps that Esc goes back from; the oldest goes first.
const JUMPS_MAX: usize = 50;

const UNSAVED: &str = "what is open here is not saved yet: save or leave it first";

/// Somebody was sent from one place to another, or to an object of the same one.
pub(super) struct Jump {
    from: Tab,
    to: Tab,
    /// How many screens stood where it led: Esc on the last of them goes back.
    depth: usize,
    /// What stood there above the list: it comes back where it is the place that the jump began in.
    covered: Vec<Box<dyn DynScreen>>,
}

impl Console {
    pub(super) fn follow(&mut self, transition: Transition) {
        if !matches!(transition, Transition::Stay) {
            self.detail.forget();
        }
        match transition {
            Transition::Stay => {}
            Transition::Push(screen) => self.stack().push(screen),
            Transition::Replace(screen) => {
                let stack = self.stack();
                stack.pop();
                stack.push(screen);
            }
            Transition::Pop => self.back(),
            Transition::Back(then) => {
                self.follow(Transition::Pop);
                self.follow(*then);
            }
            Transition::Go(tab, target) => self.jump(tab, target),
            Transition::Mark(tab, rows) => self.mark(tab, &rows),
            Transition::Press(key) => self.press(key),
            Transition::PressFor(rows, key) => self.press_for(rows, key),
            Transition::Do(tab, steps, then) => self.take_steps(tab, &steps, then),
            Transition::Open(screens) => {
                for (tab, screen) in screens {
                    self.go(tab);
                    self.stack().push(screen);
                }
            }
            Transition::Leave => self.close(),
        }
    }

    /// To a place as it was left.
    pub(super) fn go(&mut self, tab: Tab) {
        self.detail.forget();
        (self.tab, self.app.place) = (tab, tab);
        let app = &mut self.app;
        self.stacks.entry(tab).or_insert_with(|| vec![screens::open(tab, app)]);
        self.update_screens();
    }

    /// To the list of a place, by its key. Esc goes back: whoever looked something up finds what was open before.
    pub(super) fn go_to_list(&mut self, tab: Tab) {
        let from = self.tab;
        let is_list = self.show_list(tab);
        self.forget_jumps_to(tab);
        if from != tab {
            self.remember(Jump { from, to: tab, depth: 1, covered: Vec::new() });
        }
        if is_list {
            let app = &mut self.app;
            top_of(&mut self.stacks, tab).arrive(app);
        }
    }

    /// Whether the list is shown, and not what is not saved.
    fn show_list(&mut self, tab: Tab) -> bool {
        let is_unsaved = self.has_unsaved(tab);
        if !is_unsaved && let Some(stack) = self.stacks.get_mut(&tab) {
            stack.truncate(1);
        }
        let was_here = self.tab == tab;
        self.go(tab);
        if is_unsaved && was_here {
            self.app.warn(UNSAVED);
        }
        !is_unsaved
    }

    pub(super) fn has_unsaved(&self, tab: Tab) -> bool {
        self.stacks.get(&tab).is_some_and(|stack| stack.iter().any(|screen| screen.has_unsaved()))
    }

    /// To a place, and there to an object.
    fn jump(&mut self, tab: Tab, target: Option<Target>) {
        let from = self.tab;
        let is_unsaved = self.has_unsaved(tab);
        if from != tab {
            self.forget_jumps_to(tab);
        }
        let covered = match (self.stacks.get_mut(&tab), is_unsaved) {
            (Some(stack), false) => stack.split_off(1),
            _ => Vec::new(),
        };
        self.go(tab);
        if is_unsaved {
            if target.is_some() {
                self.app.warn(UNSAVED);
            }
            return;
        }
        if let Some(target) = target {
            let app = &mut self.app;
            let transition = top_of(&mut self.stacks, self.tab).reveal(target, app);
            self.follow(transition);
        }
        // Within a place whose list is what one came from, Esc leads there anyway.
        if from != tab || !covered.is_empty() {
            let depth = self.stack().len();
            let covered = if from == tab { covered } else { Vec::new() };
            self.remember(Jump { from, to: tab, depth, covered });
        }
    }

    fn remember(&mut self, jump: Jump) {
        self.jumps.push(jump);
        let surplus = self.jumps.len().saturating_sub(JUMPS_MAX);
        self.jumps.drain(..surplus);
    }

    /// What they led to is not there any more.
    fn forget_jumps_to(&mut self, tab: Tab) {
        self.jumps.retain(|jump| jump.to != tab);
    }

    /// To the screen before, or from where a jump led back to where it began. From a list, where there is nothing to close,
    /// the second time: whoever presses Esc to be sure that nothing is open stays.
    fn back(&mut self) {
        let (tab, depth) = (self.tab, self.stack().len());
        let jump = self.jumps.last().filter(|jump| jump.to == tab && jump.depth == depth);
        if let (1, Some(Jump { from, .. }), false) = (depth, jump, self.is_told_back) {
            self.app.remark(format!("nothing is open here; Esc again goes back to {}", from.heading()));
            self.is_told_back = true;
            return;
        }
        self.is_told_back = false;
        let jump = self.jumps.pop_if(|jump| jump.to == tab && jump.depth == depth);
        if depth > 1 {
            self.stack().pop();
        }
        if let Some(Jump { from, covered, .. }) = jump {
            if from == tab {
                self.stack().extend(covered);
            }
            return self.go(from);
        }
        if depth > 1 {
            let app = &mut self.app;
            top_of(&mut self.stacks, self.tab).on_update(app);
            self.leave_gone();
        }
    }

    /// A page whose object is gone has nothing to say or to do: what it stands over is shown, with who removed the object.
    pub(super) fn leave_gone(&mut self) {
        while self.stack().len() > 1 {
            let gone = self.top().object().filter(|target| self.app.expected_version(*target).is_none());
            let Some(target) = gone else { return };
            if let Some(words) = self.app.words_of_removed(target) {
                self.app.warn(words);
            }
            let (tab, depth) = (self.tab, self.stack().len());
            self.stack().pop();
            // Esc on what is shown now leads to where that page was come to from.
            for jump in self.jumps.iter_mut().filter(|jump| jump.to == tab && jump.depth == depth) {
                jump.depth -= 1;
            }
            self.detail.forget();
            let app = &mut self.app;
            top_of(&mut self.stacks, self.tab).on_update(app);
        }
    }

    /// To the list of a place, and back by Esc; whether it is shown.
    fn jump_to_list(&mut self, tab: Tab) -> bool {
        let from = self.tab;
        if !self.show_list(tab) {
            return false;
        }
        self.forget_jumps_to(tab);
        if from != tab {
            self.remember(Jump { from, to: tab, depth: 1, covered: Vec::new() });
        }
        true
    }

    /// To the list of a place, and there with these rows marked.
    fn mark(&mut self, tab: Tab, rows: &Rows) {
        if self.jump_to_list(tab) {
            let app = &mut self.app;
            top_of(&mut self.stacks, tab).mark(rows, app);
        }
    }

    /// To the list of a place, and there as if these keys were pressed.
    fn take_steps(&mut self, tab: Tab, steps: &[KeyStep], then: &'static str) {
        if !self.jump_to_list(tab) {
            return;
        }
        if self.top().takes_text() {
            // The filter is being typed there.
            self.press(Key::ENTER);
        }
        for step in steps {
            match step {
                KeyStep::Press(key) => self.press(*key),
                KeyStep::ToPart(words) if self.leads_to(words) => self.press(Key::TAB),
                KeyStep::ToPart(_) => {}
                KeyStep::Filter(words) => filter::keys_for(words).for_each(|key| self.press(key)),
            }
        }
        if !then.is_empty() && self.app.note.is_none() {
            self.app.remark(then);
        }
    }

    /// Whether Tab leads to the part that the key bar calls so.
    fn leads_to(&self, words: &str) -> bool {
        let hints = self.top().key_hints(&self.app);
        hints.iter().any(|hint| hint.actions.contains(&Action::Next) && hint.words == words)
    }
}
