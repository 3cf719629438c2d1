//! How previews of imports count the lines of a file that are not taken.

use crate::settings::rule::count;

/// `1 line is not good`, `3 lines are not good`.
pub(super) fn not_good(number: usize) -> String {
    format!("{} {} not good", count(number, "line"), if number == 1 { "is" } else { "are" })
}
