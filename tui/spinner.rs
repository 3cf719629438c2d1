//! The sign that something goes on, for whoever waits: another one each tenth of a second, and seen without colours too.

use time::OffsetDateTime;

const SIGNS: [&str; 4] = ["|", "/", "-", "\\"];

/// Milliseconds that each stands.
const STEP: u16 = 100;

pub(super) fn sign(now: OffsetDateTime) -> &'static str {
    SIGNS[usize::from(now.millisecond() / STEP) % SIGNS.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_goes_on_with_the_clock() {
        let at = |milliseconds| sign(OffsetDateTime::UNIX_EPOCH + time::Duration::milliseconds(milliseconds));
        assert_eq!([at(0), at(99), at(100), at(350), at(400)], ["|", "|", "/", "\\", "|"]);
    }
}
