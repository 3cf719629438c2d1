//! On which day each login last succeeded, as the throttle remembers it: read beside the console's thread every minute, shown
//! among the users. It is state: nobody decides it, and it may be behind.

use std::collections::HashMap;

use time::OffsetDateTime;

use crate::store::{Store, StoreError};

const DAY_SECONDS: i64 = 86_400;

#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct LastLogins(HashMap<String, i64>);

impl LastLogins {
    pub(super) fn read(store: &Store) -> Result<Self, StoreError> {
        let records = store.login_records()?.into_iter();
        Ok(Self::of(records.filter_map(|record| Some((record.login.to_string(), record.last_login?)))))
    }

    /// Of folded logins with days since 1970; the latest of one login counts.
    pub(super) fn of(days: impl IntoIterator<Item = (String, i64)>) -> Self {
        let mut latest = HashMap::new();
        for (login, day) in days {
            let known = latest.entry(login).or_insert(day);
            *known = day.max(*known);
        }
        Self(latest)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The day, counted from 1970.
    pub(super) fn day(&self, folded_login: &str) -> Option<i64> {
        self.0.get(folded_login).copied()
    }
}

/// `today`, `yesterday`, `2026-11-20`; days are those of UTC.
pub(super) fn day_words(day: i64, now: OffsetDateTime) -> String {
    match now.unix_timestamp().div_euclid(DAY_SECONDS) - day {
        0 => "today".to_owned(),
        1 => "yesterday".to_owned(),
        _ => match OffsetDateTime::from_unix_timestamp(day.saturating_mul(DAY_SECONDS)) {
            Ok(moment) => moment.date().to_string(),
            Err(_) => "?".to_owned(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_login_counts_and_near_days_have_words() {
        let known = LastLogins::of([("a".to_owned(), 7), ("a".to_owned(), 9), ("a".to_owned(), 8)]);
        assert_eq!((known.day("a"), known.day("b")), (Some(9), None));
        let now = OffsetDateTime::from_unix_timestamp(10 * DAY_SECONDS + 5).expect("a moment");
        assert_eq!([10, 9, 8].map(|day| day_words(day, now)), ["today", "yesterday", "1970-01-09"]);
    }
}
