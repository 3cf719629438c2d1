//! Work that is counted, so that what is told at once has a bound: nothing here has a clock. A step is a microsecond or two.

/// What a slice may still do.
#[derive(Debug, Clone, Copy)]
pub(super) struct Steps(usize);

impl Steps {
    pub(super) fn new(steps: usize) -> Self {
        Self(steps)
    }

    pub(super) fn spend(&mut self, steps: usize) {
        self.0 = self.0.saturating_sub(steps);
    }

    pub(super) fn are_spent(self) -> bool {
        self.0 == 0
    }
}
