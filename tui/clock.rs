//! Moments and spans as the console writes them: in the zone of the host, never with more than people need.

use time::OffsetDateTime;

/// Date and time of a moment of Unix time: `2026-11-24 02:00:07`.
pub(super) fn moment(at: i64, now: OffsetDateTime) -> String {
    let Ok(moment) = OffsetDateTime::from_unix_timestamp(at) else { return "?".to_owned() };
    let moment = moment.to_offset(now.offset());
    let (day, time) = (moment.date(), moment.time());
    format!("{day} {:02}:{:02}:{:02}", time.hour(), time.minute(), time.second())
}

/// The same without seconds, which nobody counts of what is long ago.
pub(super) fn minute(at: i64, now: OffsetDateTime) -> String {
    let mut text = moment(at, now);
    text.truncate("2026-11-24 02:00".len());
    text
}

/// As short as it can be and still be known: `02:00:07` of today, `11-24 02:00` of this year, `2025-11-24` of another.
pub(super) fn short(at: i64, now: OffsetDateTime) -> String {
    let (text, today) = (moment(at, now), moment(now.unix_timestamp(), now));
    let parts = |range: std::ops::Range<usize>| text.get(range).unwrap_or(&text).to_owned();
    match (text.get(..10) == today.get(..10), text.get(..4) == today.get(..4)) {
        (true, _) => parts(11..19),
        (false, true) => parts(5..16),
        (false, false) => parts(0..10),
    }
}

/// How long ago that was: `7 s`, `12 min`, `5 h`, `3 d`.
pub(super) fn span(at: i64, now: OffsetDateTime) -> String {
    match now.unix_timestamp().saturating_sub(at) {
        seconds @ ..60 => format!("{} s", seconds.max(0)),
        seconds @ ..3600 => format!("{} min", seconds / 60),
        seconds @ ..172_800 => format!("{} h", seconds / 3600),
        seconds => format!("{} d", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use time::UtcOffset;

    use super::*;

    #[test]
    fn moments_are_in_the_zone_of_the_host_and_spans_are_short() {
        let zone = UtcOffset::from_hms(2, 0, 0).expect("a zone");
        let now = OffsetDateTime::from_unix_timestamp(1_000_000).expect("a moment").to_offset(zone);
        assert_eq!(moment(0, now), "1970-01-01 02:00:00");
        let shorts = [1_000_000 - 60, 100, -100_000_000].map(|at| short(at, now));
        assert_eq!(shorts, ["15:45:40", "01-01 02:01", "1966-10-31"]);
        let spans = [1_000_005, 1_000_000, 999_941, 999_940, 996_400, 800_000].map(|at| span(at, now));
        assert_eq!(spans, ["0 s", "0 s", "59 s", "1 min", "1 h", "2 d"]);
    }
}
