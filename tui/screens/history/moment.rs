//! What a filter may ask of a moment by `time:`: a part of date and time, a day by its name, or how long ago at most. Pure.

use time::{Duration, OffsetDateTime};

use crate::tui::clock::minute;

const SECONDS_OF_A_DAY: i64 = 86_400;

/// Whether this moment is what was asked for: `02:1`, `11-24`, `today`, `yesterday`, `30m`, `1h`, `7d`.
pub(super) fn is_meant(asked: &str, at: i64, now: OffsetDateTime) -> bool {
    if let Some(ago) = span(asked) {
        return at >= now.unix_timestamp().saturating_sub(ago);
    }
    let day = match asked {
        "today" => now,
        "yesterday" => now.saturating_sub(Duration::DAY),
        part => return minute(at, now).contains(part),
    };
    // In numbers: a hundred thousand may be asked at one key.
    let offset = i64::from(now.offset().whole_seconds());
    let number_of_day = |at: i64| at.saturating_add(offset).div_euclid(SECONDS_OF_A_DAY);
    number_of_day(at) == number_of_day(day.unix_timestamp())
}

/// The seconds of `30m`, `1h`, `7d`.
fn span(asked: &str) -> Option<i64> {
    let (number, unit) = asked.split_at_checked(asked.find(|letter: char| !letter.is_ascii_digit())?)?;
    let seconds = match unit {
        "m" | "min" => 60,
        "h" => 3600,
        "d" => SECONDS_OF_A_DAY,
        _ => return None,
    };
    number.parse::<i64>().ok()?.checked_mul(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_asked_for_by_a_part_of_it_by_its_day_or_by_how_long_ago() {
        // Tuesday, 24 November 2026, 02:00 UTC.
        let now = OffsetDateTime::from_unix_timestamp(1_795_485_600).expect("a moment");
        let at = |ago: i64| now.unix_timestamp() - ago;
        for (asked, ago, is_so) in [
            ("02:0", 0, true),
            ("01:5", 120, true),
            ("11-24", 0, true),
            ("2026-11-23", 86_400, true),
            ("today", 7200, true),
            ("today", 7201, false),
            ("yesterday", 7201, true),
            ("yesterday", 0, false),
            ("1h", 3600, true),
            ("1h", 3601, false),
            ("30m", 1799, true),
            ("30min", 1801, false),
            ("7d", 604_800, true),
            ("2w", 0, false),
            ("99999999999999999999h", 0, false),
            ("h", 0, false),
        ] {
            assert_eq!(is_meant(asked, at(ago), now), is_so, "{asked} {ago}");
        }
    }
}
