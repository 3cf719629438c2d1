//! What a filter may ask of a moment by `time:`: a part of date and time, a day by its name, or how long ago at most. Pure.

use std::cell::RefCell;

use time::{Duration, OffsetDateTime};

use crate::tui::clock::minute;
use crate::tui::filter::seconds_of;

const SECONDS_OF_A_DAY: i64 = 86_400;

/// What was asked for, read once: a hundred thousand changes may be asked at one key.
#[derive(Debug, Clone, PartialEq, Eq)]
enum AskedMoment {
    /// At this moment or later.
    Since(i64),
    Before(i64),
    /// At any day, between these seconds of it.
    Clock(i64, i64),
    /// By its number.
    Day(i64),
    /// A part of how it is written.
    Part(String),
    /// Nothing is meant.
    None,
}

impl AskedMoment {
    /// `02:1`, `11-24`, `today`, `yesterday`, `30m`, `<1h`, `>7d`, `10:55-10:58`, `>=10:55`.
    fn parse(asked: &str, now: OffsetDateTime) -> Self {
        let before = |ago: i64| now.unix_timestamp().saturating_sub(ago);
        if let Some(from) = asked.strip_prefix(">=") {
            return begin(from, now).map_or(Self::None, Self::Since);
        }
        if let Some(older) = asked.strip_prefix('>') {
            return span(older).map_or(Self::None, |ago| Self::Before(before(ago)));
        }
        if let Some(ago) = span(asked.strip_prefix('<').unwrap_or(asked)) {
            return Self::Since(before(ago));
        }
        if let Some((from, to)) = clock_range(asked) {
            return Self::Clock(from, to);
        }
        let day = |day: OffsetDateTime| Self::Day(local(day.unix_timestamp(), now).div_euclid(SECONDS_OF_A_DAY));
        match asked {
            "today" => day(now),
            "yesterday" => day(now.saturating_sub(Duration::DAY)),
            part => Self::Part(part.to_owned()),
        }
    }

    fn means(&self, at: i64, now: OffsetDateTime) -> bool {
        match self {
            Self::Since(from) => at >= *from,
            Self::Before(end) => at < *end,
            Self::Clock(from, to) => {
                let second = local(at, now).rem_euclid(SECONDS_OF_A_DAY);
                // Over midnight, where it ends earlier than it begins.
                if from <= to { (from..=to).contains(&&second) } else { second >= *from || second <= *to }
            }
            Self::Day(day) => local(at, now).div_euclid(SECONDS_OF_A_DAY) == *day,
            Self::Part(part) => minute(at, now).contains(part),
            Self::None => false,
        }
    }
}

/// What one query asks of moments.
pub(super) struct AskedMoments {
    now: OffsetDateTime,
    /// What was read already, by its words: a query has few.
    read: RefCell<Vec<(String, AskedMoment)>>,
}

impl AskedMoments {
    pub(super) fn new(now: OffsetDateTime) -> Self {
        Self { now, read: RefCell::default() }
    }

    /// Whether this moment is what was asked for.
    pub(super) fn is_meant(&self, asked: &str, at: i64) -> bool {
        let mut read = self.read.borrow_mut();
        if let Some((_, known)) = read.iter().find(|(words, _)| words == asked) {
            return known.means(at, self.now);
        }
        let new = AskedMoment::parse(asked, self.now);
        let is_meant = new.means(at, self.now);
        read.push((asked.to_owned(), new));
        is_meant
    }
}

/// As seconds of the clock that is shown.
fn local(at: i64, now: OffsetDateTime) -> i64 {
    at.saturating_add(i64::from(now.offset().whole_seconds()))
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
        // One query for all: what was read is kept by its words.
        let moments = AskedMoments::new(now);
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
            assert_eq!(moments.is_meant(asked, at(ago)), is_so, "{asked} {ago}");
        }
    }
}
