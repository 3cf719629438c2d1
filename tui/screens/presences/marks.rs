//! What the rules say about one group and its presences: looked up when the configuration changes, not at each frame.
//! Table and matrix put signs before what is wrong and the words below.

use crate::settings::called::Called;
use crate::settings::configuration::Configuration;
use crate::settings::id::{PresenceGroupId, PresenceId};
use crate::settings::rule::{Finding, Severity};
use crate::tui::theme;
use crate::tui::widgets::foot::Foot;

#[derive(Debug, Default)]
pub(super) struct Marks {
    of_group: Vec<Finding>,
    of_presences: Vec<(PresenceId, Finding)>,
}

impl Marks {
    pub(super) fn of(group: PresenceGroupId, c: &Configuration) -> Self {
        let Some(group) = c.presence_groups.get(group) else { return Self::default() };
        let mut marks = Self::default();
        let called = group.called(c);
        let presences: Vec<(PresenceId, String)> =
            c.presences_of(group.id).iter().map(|presence| (presence.id, presence.called(c))).collect();
        for finding in c.presence_findings() {
            if finding.refusal.on == called {
                marks.of_group.push(finding);
            } else if let Some((id, _)) = presences.iter().find(|(_, called)| *called == finding.refusal.on) {
                marks.of_presences.push((*id, finding));
            }
        }
        marks
    }

    fn all(&self) -> impl Iterator<Item = &Finding> {
        self.of_group.iter().chain(self.of_presences.iter().map(|(_, finding)| finding))
    }

    /// All of it, below each other; what is about these presences first.
    pub(super) fn tell(&self, foot: &mut Foot, first: &[PresenceId], c: &Configuration) {
        for finding in &self.of_group {
            foot.blame("the group", finding);
        }
        let is_first = |id: &PresenceId| first.contains(id);
        let (near, far): (Vec<_>, Vec<_>) = self.of_presences.iter().partition(|(id, _)| is_first(id));
        for (id, finding) in near.into_iter().chain(far) {
            foot.blame(c.presences.get(*id).map_or("", |presence| presence.name.as_str()), finding);
        }
    }

    pub(super) fn on(&self, presence: PresenceId) -> impl Iterator<Item = &Finding> {
        self.of_presences.iter().filter(move |(id, _)| *id == presence).map(|(_, finding)| finding)
    }

    pub(super) fn sign(&self, presence: PresenceId) -> &'static str {
        worst_sign(self.on(presence))
    }

    /// The worst sign of all.
    pub(super) fn worst(&self) -> &'static str {
        worst_sign(self.all())
    }
}

fn worst_sign<'a>(findings: impl Iterator<Item = &'a Finding>) -> &'static str {
    let worst: Option<Severity> = findings.map(|finding| finding.severity).min();
    worst.map_or(" ", theme::sign)
}
