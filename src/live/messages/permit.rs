//! The right of a line to be answered still. Whoever deals with the line holds it, and may hand it on to what the line
//! waits for; once it is dropped, the line counts as answered and its client may be served further (protocol decision 13).

use std::fmt;
use std::mem;
use std::sync::Arc;

/// What counts the lines that are not answered yet.
pub(crate) trait Unanswered: Send + Sync {
    fn answered(&self, lines: u32);
}

/// Given back by drop. The default one is nobody's: of a line whose client waits for another's.
#[derive(Default)]
pub(crate) struct AnswerPermit {
    of: Option<Arc<dyn Unanswered>>,
    lines: u32,
}

impl AnswerPermit {
    /// For so many lines, which `of` has counted.
    pub(crate) fn new(of: Arc<dyn Unanswered>, lines: u32) -> Self {
        Self { of: Some(of), lines }
    }

    /// Whether somebody waits for it.
    pub(crate) fn is_held(&self) -> bool {
        self.of.is_some()
    }

    /// Leaves nobody's behind.
    pub(in crate::live) fn take(&mut self) -> Self {
        mem::take(self)
    }
}

impl Drop for AnswerPermit {
    fn drop(&mut self) {
        if let Some(of) = &self.of {
            of.answered(self.lines);
        }
    }
}

impl fmt::Debug for AnswerPermit {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("AnswerPermit").field("is_held", &self.of.is_some()).field("lines", &self.lines).finish()
    }
}

impl PartialEq for AnswerPermit {
    fn eq(&self, other: &Self) -> bool {
        self.of.as_ref().map(Arc::as_ptr).map(<*const dyn Unanswered>::cast::<()>)
            == other.of.as_ref().map(Arc::as_ptr).map(<*const dyn Unanswered>::cast::<()>)
            && self.lines == other.lines
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    #[derive(Default)]
    struct Count(AtomicU32);

    impl Unanswered for Count {
        fn answered(&self, lines: u32) {
            self.0.fetch_add(lines, Ordering::Relaxed);
        }
    }

    #[test]
    fn lines_are_answered_once_when_the_last_holder_lets_go() {
        let count = Arc::new(Count::default());
        let mut permit = AnswerPermit::new(count.clone(), 3);
        let handed_on = permit.take();
        drop(permit);
        assert_eq!(count.0.load(Ordering::Relaxed), 0);
        drop(handed_on);
        assert_eq!(count.0.load(Ordering::Relaxed), 3);
    }
}
