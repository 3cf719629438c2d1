//! What a filter may ask of a moment by `time:`: a part of date and time, a day by its name, or how long ago at most. Pure.

use time::{Duration, OffsetDateTime};

use crate::tui::clock::minute;
use crate::tui::filter::seconds_of;

const SECONDS_OF_A_DAY: i64 = 86_400;

/// Whether this moment is what was asked for: `02:1`, `11-24`, `today`, `yesterday`, `30m`, `<1h`, `>7d`, `10:55-10:58`,
/// `>=10:55`.
pub(super) fn is_meant(asked: &str, at: i64, now: OffsetDateTime) -> bool {
    let before = |ago: i64| now.unix_timestamp().saturating_sub(ago);
    let offset = i64::from(now.offset().whole_seconds());
    if let Some(from) = asked.strip_prefix(">=") {
        return begin(from, now).is_some_and(|from| at >= from);
    }
    if let Some(older) = asked.strip_prefix('>') {
        return span(older).is_some_and(|ago| at < before(ago));
    }
    if let Some(ago) = span(asked.strip_prefix('<').unwrap_or(asked)) {
        return at >= before(ago);
    }
    if let Some((from, to)) = clock_range(asked) {
        let second = at.saturating_add(offset).rem_euclid(SECONDS_OF_A_DAY);
        // Over midnight, where it ends earlier than it begins.
        return if from <= to { (from..=to).contains(&second) } else { second >= from || second <= to };
    }
    let day = match asked {
        "today" => now,
        "yesterday" => now.saturating_sub(Duration::DAY),
        part => return minute(at, now).contains(part),
    };
    // In numbers: a hundred thousand may be asked at one key.
    let number_of_day = |at: i64| at.saturating_add(offset).div_euclid(SECONDS_OF_A_DAY);
    number_of_day(at) == number_of_day(day.unix_timestamp())
}

/// The first and the last second of a day, of `10:55-10:58`; as long as the end is being typed, there is none.
fn clock_range(asked: &str) -> Option<(i64, i64)> {
    let (from, to) = asked.split_once('-')?;
    let (from, _) = clock(from)?;
    Some((from, clock(to).map_or(SECONDS_OF_A_DAY - 1, |(_, last)| last)))
}

/// The first and the last second of `10:55` or `10:55:30`, counted from midnight.
fn clock(text: &str) -> Option<(i64, i64)> {
    let parts: Vec<&str> = text.split(':').collect();
    let number = |text: &str, digits: usize, most: i64| {
        let is_number = text.len() == digits || (digits == 2 && most == 23 && text.len() == 1);
        let number = text.parse::<i64>().ok().filter(|_| is_number && text.bytes().all(|it| it.is_ascii_digit()))?;
        (number <= most).then_some(number)
    };
    let (hour, minute) = (number(parts.first()?, 2, 23)?, number(parts.get(1)?, 2, 59)?);
    let minute = hour * 3600 + minute * 60;
    match parts.as_slice() {
        [_, _] => Some((minute, minute + 59)),
        [_, _, second] => number(second, 2, 59).map(|second| (minute + second, minute + second)),
        _ => None,
    }
}

/// When that began: the last time that a clock showed it, a day, or so long ago.
fn begin(text: &str, now: OffsetDateTime) -> Option<i64> {
    let midnight = now.replace_time(time::Time::MIDNIGHT).unix_timestamp();
    if let Some(ago) = span(text) {
        return Some(now.unix_timestamp().saturating_sub(ago));
    }
    if let Some((second, _)) = clock(text) {
        let today = midnight + second;
        return Some(if today > now.unix_timestamp() { today - SECONDS_OF_A_DAY } else { today });
    }
    match text {
        "today" => Some(midnight),
        "yesterday" => Some(midnight - SECONDS_OF_A_DAY),
        day => begin_of_day(day, now),
    }
}

/// Of `11-24`, the last one, or `2026-11-24`.
fn begin_of_day(text: &str, now: OffsetDateTime) -> Option<i64> {
    let numbers: Option<Vec<u16>> = text.split('-').map(|part| part.parse().ok()).collect();
    let of = |year: i32, month: u16, day: u16| {
        let month = time::Month::try_from(u8::try_from(month).ok()?).ok()?;
        let date = time::Date::from_calendar_date(year, month, u8::try_from(day).ok()?).ok()?;
        Some(date.midnight().assume_offset(now.offset()).unix_timestamp())
    };
    match numbers?.as_slice() {
        [month, day] => {
            let this = of(now.year(), *month, *day)?;
            if this <= now.unix_timestamp() { Some(this) } else { of(now.year() - 1, *month, *day) }
        }
        [year, month, day] => of(i32::from(*year), *month, *day),
        _ => None,
    }
}

/// The seconds of `30m`, `1h`, `7d`.
fn span(asked: &str) -> Option<i64> {
    let (number, unit) = asked.split_at_checked(asked.find(|letter: char| !letter.is_ascii_digit())?)?;
    number.parse::<i64>().ok()?.checked_mul(seconds_of(unit)?)
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
            ("2w", 0, true),
            ("2x", 0, false),
            ("<10m", 600, true),
            ("<10m", 601, false),
            (">10m", 601, true),
            (">10m", 600, false),
            ("01:55-01:58", 120, true),
            ("01:55-01:58", 59, false),
            ("01:55-01:58", 300, true),
            ("01:55-01:58", 301, false),
            ("1:55-1:58", 86_400 + 200, true),
            ("01:55-", 0, true),
            ("01:55-01:5", 0, true),
            ("23:00-01:00", 7200, true),
            ("23:00-01:00", 0, false),
            (">=01:55", 300, true),
            (">=01:55", 301, false),
            (">=02:30", 86_400 - 1800, true),
            (">=1h", 3600, true),
            (">=yesterday", 7201, true),
            (">=11-24", 7200, true),
            (">=11-24", 7201, false),
            (">=2026-11-23", 86_400, true),
            (">=x", 0, false),
            ("99999999999999999999h", 0, false),
            ("h", 0, false),
        ] {
            assert_eq!(is_meant(asked, at(ago), now), is_so, "{asked} {ago}");
        }
    }
}
