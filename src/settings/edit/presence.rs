//! Edits of presence groups and presences: rules P7 to P11, P13 and P14. Called through `Configuration` by everybody
//! who edits; uniqueness of names is a finding, not looked at here.

use std::collections::BTreeSet;

use super::{DEFAULT_GROUP, existing, removable};
use crate::settings::color::Color;
use crate::settings::configuration::Configuration;
use crate::settings::id::{PresenceGroupId, PresenceId};
use crate::settings::label::Labelled;
use crate::settings::name::{Description, DisplayName, PresenceGroupName, PresenceName};
use crate::settings::presence::{Presence, PresenceAction, PresenceGroup};
use crate::settings::rule::{Refusal, Rule};
use crate::settings::rule_target::{Naming, ObjectName, RuleTarget};
use crate::settings::table::Kind;
use crate::settings::violation::Violation;

/// What a new presence starts with; it becomes the last of its group.
#[derive(Debug, Clone)]
pub(crate) struct NewPresence {
    pub(crate) name: PresenceName,
    pub(crate) display: DisplayName,
    pub(crate) color: Color,
    /// Presences of the same group; its own name may be among them and is dropped.
    pub(crate) reachable: Vec<PresenceName>,
    pub(crate) actions: Vec<PresenceAction>,
}

removable! {
    PresenceGroup: remove_presence_group,
    Presence: remove_presence,
}

impl Configuration {
    /// The group from which new groups are copied and which profiles use unless told otherwise.
    pub(crate) fn default_presence_group(&self) -> Result<PresenceGroupId, Refusal> {
        let group = self.presence_groups.find(|group| group.name.as_str() == DEFAULT_GROUP);
        group.map(|group| group.id).ok_or_else(|| {
            let on = ObjectName::named(Kind::PresenceGroup, None, DEFAULT_GROUP);
            Refusal::new(Rule::P14, on, Violation::DefaultGroupMissing)
        })
    }

    /// Adds a group as a copy of the default group's presences (settings §1.4).
    pub(crate) fn add_presence_group(
        &mut self,
        name: PresenceGroupName,
        description: Description,
    ) -> Result<PresenceGroupId, Refusal> {
        let models: Vec<Presence> =
            self.presences_of(self.default_presence_group()?).into_iter().map(|model| (**model).clone()).collect();
        let group = self.presence_groups.add(|id| PresenceGroup { id, version: 1, name, description, deletable: true });
        let copies: Vec<PresenceId> = models
            .iter()
            .map(|model| {
                let copy = |id| Presence { id, version: 1, group, reachable: BTreeSet::new(), ..model.clone() };
                self.presences.add(copy)
            })
            .collect();
        for (model, copy) in models.iter().zip(&copies) {
            let place_of = |reached: &PresenceId| models.iter().position(|other| other.id == *reached);
            let reachable: BTreeSet<_> =
                model.reachable.iter().filter_map(place_of).map(|place| copies[place]).collect();
            self.replace_new(*copy, reachable);
        }
        Ok(group)
    }

    /// A presence that this very edit made gets its transitions and stays at version 1.
    fn replace_new(&mut self, id: PresenceId, reachable: BTreeSet<PresenceId>) {
        if let Some(presence) = self.presences.get(id) {
            let presence = Presence { reachable, ..(**presence).clone() };
            self.presences.put(presence);
        }
    }

    /// Removes a group with its presences, unless it is the default group (P14) or a profile uses it (P13).
    pub(crate) fn remove_presence_group(&mut self, id: PresenceGroupId) -> Result<(), Refusal> {
        let group = existing(&self.presence_groups, id)?;
        if !group.deletable {
            return Err(Refusal::new(Rule::P14, group.object_name(self), Violation::DefaultGroupStays));
        }
        let users = self.profiles.iter().filter(|profile| profile.presence_group == id);
        let profiles: Vec<String> = users.map(|profile| profile.name.to_string()).collect();
        if !profiles.is_empty() {
            return Err(Refusal::new(Rule::P13, group.object_name(self), Violation::UsedByProfiles { profiles }));
        }
        let presences: Vec<PresenceId> = self.presences_of(id).iter().map(|presence| presence.id).collect();
        for presence in presences {
            self.presences.remove(presence);
        }
        self.presence_groups.remove(id);
        Ok(())
    }

    pub(crate) fn add_presence(&mut self, group: PresenceGroupId, new: NewPresence) -> Result<PresenceId, Refusal> {
        let group = existing(&self.presence_groups, group)?;
        let naming = Naming::InGroup { name: new.name.to_string(), group: group.name.to_string() };
        let on = ObjectName { kind: Kind::Presence, id: None, naming };
        let others: Vec<_> = new.reachable.into_iter().filter(|name| *name != new.name).collect();
        let reachable = self.in_group(group.id, &others, on)?;
        let position = self.presences_of(group.id).last().map_or(1, |last| last.position.saturating_add(1));
        Ok(self.presences.add(|id| Presence {
            id,
            version: 1,
            group: group.id,
            position,
            name: new.name,
            display: new.display,
            color: new.color,
            reachable,
            actions: new.actions,
        }))
    }

    /// Renames a presence; the two mandatory ones keep their names (P10).
    pub(crate) fn rename_presence(&mut self, id: PresenceId, name: PresenceName) -> Result<(), Refusal> {
        let presence = existing(&self.presences, id)?;
        if presence.is_mandatory() && presence.name != name {
            let problem = Violation::KeepsItsName { name: name.to_string() };
            return Err(Refusal::new(Rule::P10, presence.object_name(self), problem));
        }
        self.presences.edit(id, |presence| presence.name = name);
        Ok(())
    }

    /// Says which presences may be chosen from this one: of the same group (P7), itself dropped (P8).
    pub(crate) fn set_reachable(&mut self, id: PresenceId, names: &[PresenceName]) -> Result<(), Refusal> {
        let presence = existing(&self.presences, id)?;
        let mut reachable = self.in_group(presence.group, names, presence.object_name(self))?;
        reachable.remove(&id);
        self.presences.edit(id, |presence| presence.reachable = reachable);
        Ok(())
    }

    /// Lets one presence more be chosen from this one: of the same group (P7); itself goes without saying (P8).
    pub(crate) fn add_reachable(&mut self, id: PresenceId, other: PresenceId) -> Result<(), Refusal> {
        let (presence, other) = (existing(&self.presences, id)?, existing(&self.presences, other)?);
        if presence.group != other.group {
            let problem = Violation::ReachesStranger { other: other.object_name(self) };
            return Err(Refusal::new(Rule::P7, presence.object_name(self), problem));
        }
        if presence.id != other.id {
            self.presences.edit(id, |presence| {
                presence.reachable.insert(other.id);
            });
        }
        Ok(())
    }

    /// Lets one presence less be chosen from this one.
    pub(crate) fn remove_reachable(&mut self, id: PresenceId, other: PresenceId) -> Result<(), Refusal> {
        existing(&self.presences, id)?;
        self.presences.edit(id, |presence| {
            presence.reachable.remove(&other);
        });
        Ok(())
    }

    /// Removes a presence from its group and from all lists of reachable ones (P11), unless it is mandatory (P9).
    pub(crate) fn remove_presence(&mut self, id: PresenceId) -> Result<(), Refusal> {
        let presence = existing(&self.presences, id)?;
        if presence.is_mandatory() {
            return Err(Refusal::new(Rule::P9, presence.object_name(self), Violation::MandatoryStays));
        }
        let reached_from: Vec<PresenceId> = self.reached_from(id).iter().map(|other| other.id).collect();
        for other in reached_from {
            self.presences.edit(other, |other| {
                other.reachable.remove(&id);
            });
        }
        self.presences.remove(id);
        Ok(())
    }

    /// Moves a presence to a place in its group, counted from 1; a place past the end is the last.
    pub(crate) fn move_presence(&mut self, id: PresenceId, position: u32) -> Result<(), Refusal> {
        let presence = existing(&self.presences, id)?;
        let mut order: Vec<PresenceId> = self.presences_of(presence.group).iter().map(|other| other.id).collect();
        order.retain(|other| *other != id);
        let place = usize::try_from(position.max(1) - 1).unwrap_or(usize::MAX).min(order.len());
        order.insert(place, id);
        for (other, position) in order.into_iter().zip(1..) {
            self.presences.edit(other, |other| other.position = position);
        }
        Ok(())
    }

    fn in_group(
        &self,
        group: PresenceGroupId,
        names: &[PresenceName],
        on: impl Into<RuleTarget>,
    ) -> Result<BTreeSet<PresenceId>, Refusal> {
        let on = on.into();
        let one = |name: &PresenceName| {
            self.presence_named(group, name.as_str()).map(|presence| presence.id).ok_or_else(|| {
                let known = self.presences_of(group).iter().map(|presence| presence.name.to_string()).collect();
                Refusal::new(Rule::P7, on.clone(), Violation::ReachesUnknown { name: name.to_string(), known })
            })
        };
        names.iter().map(one).collect()
    }
}
