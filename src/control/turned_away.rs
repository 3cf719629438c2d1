//! Connections that the running server turned away just now because a bound was reached. `server` counts, `check`, `health`
//! and the console say it to people.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::effect::minutes;

/// Those since the last whole minute in which nobody was turned away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TurnedAway {
    pub(crate) connections: u64,
    /// Since the first of them.
    pub(crate) seconds: u64,
    /// Why the last one was.
    pub(crate) why: String,
}

/// `21 connections were turned away in the last 2 minutes: all 4 connections are taken`
impl fmt::Display for TurnedAway {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let since = minutes(self.seconds);
        match self.connections {
            1 => write!(out, "1 connection was turned away in the last {since}: {}", self.why),
            number => write!(out, "{number} connections were turned away in the last {since}: {}", self.why),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_was_turned_away_is_said_with_the_bound() {
        let why = "all 4 connections are taken".to_owned();
        let told = TurnedAway { connections: 21, seconds: 70, why };
        assert_eq!(
            told.to_string(),
            "21 connections were turned away in the last 2 minutes: all 4 connections are taken"
        );
    }
}
