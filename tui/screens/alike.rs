//! Findings as rows of a list: three or more of one kind stand in one row with their number, which opens into them. The overview
//! and the test of the connection to Asterisk show findings so.

use std::mem::{Discriminant, discriminant};

use crate::check::{self, Defect};
use crate::settings::rule::{Rule, Severity};
use crate::settings::table::Kind;
use crate::settings::violation::Violation;

/// From so many on they are one row: two are as soon read as opened.
const ALIKE_FROM: usize = 3;

#[derive(Default)]
pub(super) struct AlikeRows {
    rows: Vec<AlikeRow>,
    /// The findings that are meant, by their places.
    meant: Vec<usize>,
    /// Which kinds show all of theirs.
    opened: Vec<FindingKind>,
}

/// What a row shows, by places among the findings.
pub(super) enum AlikeRow {
    One(usize),
    /// Some of a kind, of which all or none have rows below.
    Several(FindingKind, Vec<usize>),
    /// One of those.
    Member(usize),
}

/// What is said alike: the same problem, of the same kind of object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FindingKind {
    pub(super) severity: Severity,
    about: Option<Kind>,
    rule: Option<Rule>,
    defect: Discriminant<Defect>,
    problem: Option<Discriminant<Violation>>,
}

impl FindingKind {
    fn of(finding: &check::Finding) -> Self {
        let refusal = finding.refusal();
        Self {
            severity: finding.severity,
            about: finding.about.map(|(kind, _)| kind),
            rule: refusal.map(|refusal| refusal.rule),
            defect: discriminant(&finding.defect),
            problem: refusal.map(|refusal| discriminant(&*refusal.problem)),
        }
    }
}

impl AlikeRows {
    pub(super) fn arrange(&mut self, findings: &[check::Finding]) {
        self.arrange_meant((0..findings.len()).collect(), findings);
    }

    /// Of those at these places alone.
    pub(super) fn arrange_meant(&mut self, meant: Vec<usize>, findings: &[check::Finding]) {
        self.meant = meant;
        let mut kinds: Vec<(FindingKind, Vec<usize>)> = Vec::new();
        for (at, finding) in self.meant.iter().filter_map(|at| Some((*at, findings.get(*at)?))) {
            let kind = FindingKind::of(finding);
            match kinds.iter_mut().find(|(known, _)| *known == kind) {
                Some((_, places)) => places.push(at),
                None => kinds.push((kind, vec![at])),
            }
        }
        // What a filter hides stays opened.
        self.opened.retain(|opened| findings.iter().any(|finding| FindingKind::of(finding) == *opened));
        self.rows.clear();
        for (kind, places) in kinds {
            if places.len() < ALIKE_FROM {
                self.rows.extend(places.into_iter().map(AlikeRow::One));
                continue;
            }
            let members = if self.opened.contains(&kind) { places.clone() } else { Vec::new() };
            self.rows.push(AlikeRow::Several(kind, places));
            self.rows.extend(members.into_iter().map(AlikeRow::Member));
        }
    }

    pub(super) fn number(&self) -> usize {
        self.rows.len()
    }

    pub(super) fn row(&self, at: usize) -> Option<&AlikeRow> {
        self.rows.get(at)
    }

    /// The findings of the row.
    pub(super) fn places(&self, at: usize) -> &[usize] {
        match self.rows.get(at) {
            Some(AlikeRow::One(place) | AlikeRow::Member(place)) => std::slice::from_ref(place),
            Some(AlikeRow::Several(_, places)) => places,
            None => &[],
        }
    }

    pub(super) fn is_opened(&self, kind: FindingKind) -> bool {
        self.opened.contains(&kind)
    }

    /// Opens or closes a row of several; whether it is one.
    pub(super) fn turn(&mut self, at: usize, findings: &[check::Finding]) -> bool {
        let Some(AlikeRow::Several(kind, _)) = self.rows.get(at) else { return false };
        let kind = *kind;
        match self.opened.iter().position(|opened| *opened == kind) {
            Some(place) => drop(self.opened.remove(place)),
            None => self.opened.push(kind),
        }
        let meant = std::mem::take(&mut self.meant);
        self.arrange_meant(meant, findings);
        true
    }
}
