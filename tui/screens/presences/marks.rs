//! What the rules say about one group and its presences: looked up when the configuration changes, not at each frame.
//! Table and matrix put signs before what is wrong and the words below.

use crate::settings::configuration::Configuration;
use crate::settings::id::{Id as _, PresenceGroupId, PresenceId};
use crate::settings::rule::{Finding, Severity};
use crate::settings::table::Kind;
use crate::tui::theme;
use crate::tui::widgets::foot::Foot;

#[derive(Debug, Default)]
pub(super) struct GroupFindings {
    of_group: Vec<Finding>,
    of_presences: Vec<(PresenceId, Finding)>,
}

/// The presences of a group, in its order.
pub(super) fn ids(group: PresenceGroupId, c: &Configuration) -> Vec<PresenceId> {
    c.presences_of(group).iter().map(|presence| presence.id).collect()
}

impl GroupFindings {
    pub(super) fn of(group: PresenceGroupId, c: &Configuration) -> Self {
        let mut marks = Self::default();
        for finding in c.presence_findings() {
            match finding.about {
                Some((Kind::PresenceGroup, id)) if id == group.number() => marks.of_group.push(finding),
                Some((Kind::Presence, id)) => {
                    let id = PresenceId::new(id);
                    if c.presences.get(id).is_some_and(|presence| presence.group == group) {
                        marks.of_presences.push((id, finding));
                    }
                }
                _ => {}
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
