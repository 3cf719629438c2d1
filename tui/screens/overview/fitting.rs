//! How the facts of the overview give their room to findings and changes: what is calm is cut to a row and then left out, the
//! least of it first; what is wrong stays. It knows ranks and rows, not what a fact says; `mod` says how much room there is.

use ratatui::text::Line;

/// How soon a fact goes: the first of these first. What is left out has a place of its own that shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum FactRank {
    Trend,
    NobodyWaits,
    Addresses,
    Presences,
    Pair,
    Agents,
    Waiting,
    Link,
    Clients,
    /// How the server is, and all that is wrong.
    Kept,
}

#[derive(Debug, Clone)]
pub(super) struct StatusFact {
    pub(super) rank: FactRank,
    pub(super) lines: Vec<Line<'static>>,
    /// The same in one row.
    pub(super) short: Line<'static>,
}

impl StatusFact {
    pub(super) fn of_one_row(rank: FactRank, line: Line<'static>) -> Self {
        Self { rank, lines: vec![line.clone()], short: line }
    }

    fn shorten(&mut self) {
        self.lines = vec![self.short.clone()];
    }
}

/// As many rows as there is room for.
pub(super) fn fitted(mut facts: Vec<StatusFact>, room: usize) -> Vec<Line<'static>> {
    let rows = |facts: &[StatusFact]| facts.iter().map(|fact| fact.lines.len()).sum::<usize>();
    for at in (0..facts.len()).rev() {
        if rows(&facts) > room && facts[at].rank < FactRank::Kept {
            facts[at].shorten();
        }
    }
    while rows(&facts) > room {
        let calm = facts.iter().enumerate().filter(|(_, fact)| fact.rank < FactRank::Kept);
        let Some((least, _)) = calm.min_by_key(|(_, fact)| fact.rank) else { break };
        facts.remove(least);
    }
    for at in (0..facts.len()).rev() {
        if rows(&facts) > room {
            facts[at].shorten();
        }
    }
    facts.into_iter().flat_map(|fact| fact.lines).take(room).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fact(rank: FactRank, name: &'static str, rows: usize) -> StatusFact {
        let lines = (0..rows).map(|row| Line::raw(format!("{name}{row}"))).collect();
        StatusFact { rank, lines, short: Line::raw(name) }
    }

    fn shown(room: usize) -> String {
        let facts = vec![
            fact(FactRank::Kept, "server", 2),
            fact(FactRank::Addresses, "addresses", 1),
            fact(FactRank::Link, "link", 2),
            fact(FactRank::Trend, "trend", 1),
        ];
        fitted(facts, room).iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn what_is_calm_shrinks_first_then_goes_and_what_is_wrong_stays() {
        assert_eq!(shown(6), "server0 server1 addresses0 link0 link1 trend0");
        assert_eq!(shown(5), "server0 server1 addresses0 link trend");
        assert_eq!(shown(4), "server0 server1 addresses link");
        assert_eq!(shown(3), "server0 server1 link");
        assert_eq!(shown(2), "server0 server1");
        assert_eq!(shown(1), "server");
    }
}
