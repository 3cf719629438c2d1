//! Steps that deciding takes, counted where a line of a client could make them many: bytes looked at or written, rules
//! asked, sessions told. Counted in tests alone, where a clock would say nothing; the program that ships counts nothing.

#[cfg(test)]
use std::cell::Cell;

#[cfg(test)]
thread_local! {
    static STEPS: Cell<usize> = const { Cell::new(0) };
}

/// So many steps more.
#[inline]
pub(crate) fn spend(steps: usize) {
    #[cfg(test)]
    STEPS.set(STEPS.get().saturating_add(steps));
    #[cfg(not(test))]
    let _ = steps;
}

/// The steps of this thread since it was asked last.
#[cfg(test)]
pub(crate) fn spent() -> usize {
    STEPS.take()
}
