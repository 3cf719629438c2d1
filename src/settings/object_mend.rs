//! What takes a finding away where there is but one way to do so, by an object's id: the console offers it by a key, for one
//! object or for all of whom the same is said. Where there are several ways, as for a user without a line, there is none
//! here.

use std::fmt;

use super::configuration::Configuration;
use super::id::{Id as _, PresenceId, ProfileId};
use super::presence::{AVAILABLE, DISCONNECTED, Presence, PresenceAction};
use super::profile_fault::Mend;
use super::rule::Refusal;
use super::table::Kind;
use super::violation::Violation;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ObjectMend {
    Profile(ProfileId, Mend),
    Presence(PresenceId, PresenceMend),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PresenceMend {
    ReachFromAvailable,
    GiveWayOut,
    LeaveDisconnectedOut,
    /// What pauses or unpauses the agent, who is logged off.
    OnlyLogOff,
}

impl fmt::Display for ObjectMend {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Profile(_, mend) => mend.fmt(out),
            Self::Presence(_, mend) => out.write_str(match mend {
                PresenceMend::ReachFromAvailable => "allow the change from available to it",
                PresenceMend::GiveWayOut => "allow the change from it to available",
                PresenceMend::LeaveDisconnectedOut => "forbid the change from it to disconnected",
                PresenceMend::OnlyLogOff => "take the pause out of its actions",
            }),
        }
    }
}

impl Configuration {
    /// What takes away what the refusal says of that object; none: it is no longer so, or somebody has to decide.
    pub(crate) fn mend_of(&self, (kind, id): (Kind, i64), refusal: &Refusal) -> Option<ObjectMend> {
        match kind {
            Kind::Profile => {
                let profile = self.profiles.get(ProfileId::new(id))?;
                let faults = profile.faults();
                let fault = faults.iter().find(|it| it.rule == refusal.rule && it.problem == *refusal.problem)?;
                Some(ObjectMend::Profile(profile.id, fault.mend?))
            }
            Kind::Presence => {
                let presence = self.presences.get(PresenceId::new(id))?;
                Some(ObjectMend::Presence(presence.id, self.mend_of_presence(presence, &refusal.problem)?))
            }
            _ => None,
        }
    }

    fn mend_of_presence(&self, presence: &Presence, problem: &Violation) -> Option<PresenceMend> {
        match problem {
            Violation::Unreachable => self.of_group(presence, AVAILABLE).map(|_| PresenceMend::ReachFromAvailable),
            // From available itself several ways lead out.
            Violation::DeadEnd | Violation::NoWayBack if presence.name.as_str() != AVAILABLE => {
                Some(PresenceMend::GiveWayOut)
            }
            Violation::ReachesDisconnected => Some(PresenceMend::LeaveDisconnectedOut),
            Violation::PausesAndLogsOff => Some(PresenceMend::OnlyLogOff),
            _ => None,
        }
    }

    fn of_group(&self, presence: &Presence, name: &str) -> Option<PresenceId> {
        let is_it = |other: &Presence| other.group == presence.group && other.name.as_str() == name;
        self.presences.find(is_it).map(|other| other.id)
    }

    /// Does it; nothing where the object is gone.
    pub(crate) fn mend(&mut self, mend: ObjectMend) {
        match mend {
            ObjectMend::Profile(id, mend) => self.profiles.edit(id, |profile| profile.mend(mend)),
            ObjectMend::Presence(id, mend) => self.mend_presence(id, mend),
        }
    }

    fn mend_presence(&mut self, id: PresenceId, mend: PresenceMend) {
        let Some(presence) = self.presences.get(id) else { return };
        let (available, disconnected) = (self.of_group(presence, AVAILABLE), self.of_group(presence, DISCONNECTED));
        match mend {
            PresenceMend::ReachFromAvailable => {
                if let Some(available) = available {
                    self.presences.edit(available, |available| {
                        available.reachable.insert(id);
                    });
                }
            }
            PresenceMend::GiveWayOut => self.presences.edit(id, |presence| presence.reachable.extend(available)),
            PresenceMend::LeaveDisconnectedOut => {
                self.presences.edit(id, |presence| presence.reachable.retain(|other| Some(*other) != disconnected));
            }
            PresenceMend::OnlyLogOff => self.presences.edit(id, |presence| {
                let pauses = [PresenceAction::QueuePauseAll, PresenceAction::QueueUnpauseAll];
                presence.actions.retain(|action| !pauses.contains(action));
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::fixtures;
    use crate::settings::rule::Finding;

    /// What each finding of presences and profiles says, and what is left of all once each was mended that can be.
    fn mended(mut c: Configuration) -> (Vec<String>, Vec<String>) {
        let told = |findings: &[Finding]| findings.iter().map(|found| found.refusal.problem.to_string()).collect();
        let before = c.findings();
        for finding in &before {
            let mend = finding.about.and_then(|about| c.mend_of(about, &finding.refusal));
            mend.into_iter().for_each(|mend| c.mend(mend));
        }
        (told(&before), told(&c.findings()))
    }

    fn presence(c: &Configuration, name: &str) -> PresenceId {
        c.presences.find(|presence| presence.name.as_str() == name).expect("a default").id
    }

    #[test]
    fn all_that_has_one_way_out_is_mended() {
        let mut c = fixtures::defaults();
        let [away, lunch, busy, gone] =
            ["away", "outtolunch", "donotdisturb", "disconnected"].map(|name| presence(&c, name));
        c.presences.edit(away, |it| it.reachable.clear());
        c.presences.edit(lunch, |it| {
            it.reachable.insert(gone);
        });
        c.presences.edit(busy, |it| it.actions = vec![PresenceAction::QueuePauseAll, PresenceAction::AgentLogoff]);
        let all: Vec<PresenceId> = c.presences.iter().map(|it| it.id).collect();
        for id in all {
            c.presences.edit(id, |it| {
                it.reachable.remove(&busy);
            });
        }
        let profile = c.profiles.iter().next().expect("a default").id;
        c.profiles.edit(profile, |it| {
            it.xlets.clear();
            // Whoever may listen needs an xlet for that too, or not to listen: somebody has to decide.
            it.may_listen = false;
        });
        let (before, after) = mended(c.clone());
        assert_eq!((before.len(), after), (5, Vec::new()), "{before:?}");
    }

    /// From where everybody begins, somebody has to decide.
    #[test]
    fn what_has_several_ways_out_has_no_mend() {
        let mut c = fixtures::defaults();
        let available = presence(&c, "available");
        c.presences.edit(available, |it| it.reachable.clear());
        let found = c.findings();
        let dead_end = found.iter().find(|it| *it.refusal.problem == Violation::DeadEnd).expect("it is one");
        assert_eq!(c.mend_of((Kind::Presence, available.number()), &dead_end.refusal), None);
    }
}
