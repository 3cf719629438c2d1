//! Counts of what happened since the start, one number a name: `count` from anywhere, `snapshot` for the status word of
//! the control socket. A count is never read to decide anything.

use std::sync::atomic::{AtomicU64, Ordering};

macro_rules! counters {
    ($($(#[$doc:meta])* $name:ident = $word:literal,)*) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Counter { $($(#[$doc])* $name,)* }

        impl Counter {
            const ALL: &[Self] = &[$(Self::$name,)*];

            pub(crate) fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }
        }
    };
}

counters! {
    ConnectionsAccepted = "connections_accepted",
    ConnectionsOverLimit = "connections_over_limit",
    /// Closed before login, so that others find room in a table that is nearly full.
    ConnectionsGivenWay = "connections_given_way",
    /// The system gave no connection (no descriptors, no memory).
    AcceptErrors = "accept_errors",
    ConnectionsPanicked = "connections_panicked",
    LoginsAccepted = "logins_accepted",
    LoginsRefused = "logins_refused",
    /// Those that a backend could not say anything about: it is away, or too many wait.
    LoginsUnchecked = "logins_unchecked",
    LoginsTimedOut = "logins_timed_out",
    /// Attempts that waited, for their turn or for a delay after failures.
    LoginsDelayed = "logins_delayed",
    /// Ended because their user logged in once more than one may.
    SessionsOverLimit = "sessions_over_limit",
    /// Password checks that found the queue full.
    PasswordChecksRefused = "password_checks_refused",
    HandshakesDone = "handshakes_done",
    /// Of those: with TLS 1.0 or 1.1.
    HandshakesLegacy = "handshakes_legacy",
    HandshakesFailed = "handshakes_failed",
    /// Of the failed ones: clients that speak only an older TLS.
    HandshakesTooOld = "handshakes_too_old",
    LinesRead = "lines_read",
    BadLines = "bad_lines",
    UnknownRequests = "unknown_requests",
    PresencesRefused = "presences_refused",
    ServicesRefused = "services_refused",
    /// Groups of what users did, or asked of the store, that it refused.
    StoreRefusals = "store_refusals",
    /// Of what the store was asked, what it did not answer in time.
    StoreRequestsOverdue = "store_requests_overdue",
    NoticesEncoded = "notices_encoded",
    /// One a receiver.
    NoticesDelivered = "notices_delivered",
    SlowReadersCutOff = "slow_readers_cut_off",
    /// Of those who follow events.
    EventFollowersCutOff = "event_followers_cut_off",
    SettingsRead = "settings_read",
    CertificatesRead = "certificates_read",
    /// Times that the link to Asterisk came up.
    TelephonyLinks = "telephony_links",
    /// What Asterisk said, events and responses.
    TelephonyPackets = "telephony_packets",
    /// Of that: lines too long or too many, or without a name.
    TelephonyHeadersDropped = "telephony_headers_dropped",
    /// Times that more happened than could be followed, and everything was asked again.
    TelephonyOverruns = "telephony_overruns",
    /// Calls for which Asterisk asked what their caller is called.
    CallerNamesAsked = "caller_names_asked",
    CallerNamesGiven = "caller_names_given",
    /// Found too late: the call had gone on.
    CallerNamesLate = "caller_names_late",
    /// Too many at once, or not understood.
    CallerNamesRefused = "caller_names_refused",
    /// Lines that would have flooded the log.
    LogLinesLeftOut = "log_lines_left_out",
}

static COUNTS: [AtomicU64; Counter::ALL.len()] = [const { AtomicU64::new(0) }; Counter::ALL.len()];

pub(crate) fn count(counter: Counter) {
    count_many(counter, 1);
}

pub(crate) fn count_many(counter: Counter, number: u64) {
    COUNTS[counter as usize].fetch_add(number, Ordering::Relaxed);
}

/// Every count with its name, in the order of the table.
pub(crate) fn snapshot() -> Vec<(&'static str, u64)> {
    Counter::ALL.iter().map(|counter| (counter.as_str(), COUNTS[*counter as usize].load(Ordering::Relaxed))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_counted_is_in_the_snapshot() {
        let of = |word| snapshot().into_iter().find(|(name, _)| *name == word).expect("a known name").1;
        let before = of("settings_read");
        count_many(Counter::SettingsRead, 2);
        assert!(of("settings_read") >= before + 2);
    }
}
