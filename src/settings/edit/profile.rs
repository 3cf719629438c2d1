//! Edits of profiles: rule F3, and the place of an xlet in the list. What xlets need of one another (F5) is a finding.

use std::collections::{BTreeMap, BTreeSet};

use super::{existing, removable};
use crate::settings::configuration::Configuration;
use crate::settings::id::{PhoneHintGroupId, PresenceGroupId, ProfileId};
use crate::settings::label::Labelled;
use crate::settings::name::ProfileName;
use crate::settings::profile::{Profile, ProfileXlet, Xlet};
use crate::settings::rule::{Refusal, Rule};
use crate::settings::violation::Violation;

removable! {
    Profile: remove_profile,
}

impl Configuration {
    /// Adds a profile with no xlet, no service and no preference; without a group it uses the default group.
    pub(crate) fn add_profile(
        &mut self,
        name: ProfileName,
        presence_group: Option<PresenceGroupId>,
        phone_hint_group: Option<PhoneHintGroupId>,
    ) -> Result<ProfileId, Refusal> {
        let presence_group = match presence_group {
            Some(id) => existing(&self.presence_groups, id)?.id,
            None => self.default_presence_group()?,
        };
        let phone_hint_group = match phone_hint_group {
            Some(id) => existing(&self.phone_hint_groups, id)?.id,
            None => self.default_phone_hint_group()?,
        };
        Ok(self.profiles.add(|id| Profile {
            id,
            version: 1,
            name,
            presence_group,
            phone_hint_group,
            may_listen: false,
            services: BTreeSet::new(),
            preferences: BTreeMap::new(),
            xlets: Vec::new(),
        }))
    }

    /// Removes a profile that no user has, enabled or not (F3).
    pub(crate) fn remove_profile(&mut self, id: ProfileId) -> Result<(), Refusal> {
        let profile = existing(&self.profiles, id)?;
        let users = self.users.iter().filter(|user| user.profile == Some(id)).count();
        if users > 0 {
            return Err(Refusal::new(Rule::F3, profile.object_name(self), Violation::ProfileOfUsers { users }));
        }
        self.profiles.remove(id);
        Ok(())
    }

    /// Puts an xlet into a profile; one that is there already keeps its place in the order of insertion.
    pub(crate) fn set_xlet(&mut self, id: ProfileId, xlet: ProfileXlet) -> Result<(), Refusal> {
        existing(&self.profiles, id)?;
        self.profiles.edit(id, |profile| profile.set_xlet(xlet));
        Ok(())
    }

    pub(crate) fn remove_xlet(&mut self, id: ProfileId, xlet: Xlet) -> Result<(), Refusal> {
        let profile = existing(&self.profiles, id)?;
        if !profile.xlets.iter().any(|entry| entry.xlet == xlet) {
            return Err(Refusal::new(Rule::F4, profile.object_name(self), Violation::NoXlet(xlet.as_str())));
        }
        self.profiles.edit(id, |profile| profile.remove_xlet(xlet));
        Ok(())
    }

    /// Adds a profile as it is given, whole, but for its id and version.
    pub(crate) fn add_whole_profile(&mut self, profile: Profile) -> Result<ProfileId, Refusal> {
        existing(&self.presence_groups, profile.presence_group)?;
        existing(&self.phone_hint_groups, profile.phone_hint_group)?;
        Ok(self.profiles.add(|id| Profile { id, version: 1, ..profile }))
    }

    /// Makes the profile with this id what is given, whole.
    pub(crate) fn set_profile(&mut self, profile: Profile) -> Result<(), Refusal> {
        existing(&self.profiles, profile.id)?;
        self.profiles.edit(profile.id, |stored| *stored = Profile { version: stored.version, ..profile });
        Ok(())
    }
}

/// To which side of its neighbour something goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    Earlier,
    Later,
}

impl Profile {
    /// Puts an xlet in; one that is there already keeps its place in the order of insertion.
    pub(crate) fn set_xlet(&mut self, xlet: ProfileXlet) {
        match self.xlets.iter_mut().find(|entry| entry.xlet == xlet.xlet) {
            Some(entry) => *entry = xlet,
            None => self.xlets.push(xlet),
        }
    }

    /// Nothing if it is not there.
    pub(crate) fn remove_xlet(&mut self, xlet: Xlet) {
        self.xlets.retain(|entry| entry.xlet != xlet);
    }

    /// Makes it change places with its neighbour in the same position; whether there is one on that side. Number and
    /// place of insertion stay where they were, so that no other xlet's order changes.
    pub(crate) fn move_xlet(&mut self, xlet: Xlet, direction: Direction) -> bool {
        let Some(position) = self.entry(xlet).map(|entry| entry.position) else { return false };
        let mut ordered: Vec<Xlet> =
            self.ordered_xlets().iter().filter(|entry| entry.position == position).map(|entry| entry.xlet).collect();
        if direction == Direction::Earlier {
            ordered.reverse();
        }
        let neighbour = ordered.iter().skip_while(|other| **other != xlet).nth(1);
        let place = |xlet| self.xlets.iter().position(|entry| entry.xlet == xlet);
        let (Some(from), Some(to)) = (place(xlet), neighbour.and_then(|other| place(*other))) else { return false };
        let numbers = (self.xlets[from].number, self.xlets[to].number);
        self.xlets.swap(from, to);
        (self.xlets[from].number, self.xlets[to].number) = numbers;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::fixtures;
    use crate::settings::id::Id as _;

    #[test]
    fn a_profile_that_is_added_whole_has_an_id_of_its_own_and_groups_that_there_are() {
        let mut office = fixtures::defaults();
        let client = office.profiles.find(|profile| profile.name.as_str() == "Client").expect("a default").clone();
        let name = ProfileName::parse("Copy").expect("a name");
        let new = Profile { id: ProfileId::new(0), version: 6, name: name.clone(), ..Profile::clone(&client) };
        let copy = office.add_whole_profile(new.clone()).expect("its groups are there");
        let copy = office.profiles.get(copy).expect("it is there");
        assert!(copy.id.number() > client.id.number());
        assert_eq!(
            Profile { id: client.id, version: client.version, name: client.name.clone(), ..Profile::clone(copy) },
            *client
        );
        assert_eq!((copy.name.clone(), copy.version), (name, 1));
        let groupless = Profile { presence_group: PresenceGroupId::new(99), ..new };
        assert!(office.add_whole_profile(groupless).is_err());
    }

    #[test]
    fn an_xlet_changes_places_with_its_neighbour_alone() {
        let defaults = fixtures::defaults();
        for profile in defaults.profiles.iter() {
            let order = |profile: &Profile, position| -> Vec<Xlet> {
                let ordered = profile.ordered_xlets();
                ordered.iter().filter(|entry| entry.position == position).map(|entry| entry.xlet).collect()
            };
            for entry in &profile.xlets {
                let mut moved = Profile::clone(profile);
                let mut expected = order(profile, entry.position);
                let at = expected.iter().position(|xlet| *xlet == entry.xlet).expect("it is there");
                assert_eq!(moved.move_xlet(entry.xlet, Direction::Later), at + 1 < expected.len());
                if at + 1 < expected.len() {
                    expected.swap(at, at + 1);
                }
                assert_eq!(order(&moved, entry.position), expected);
                if moved.xlets != profile.xlets {
                    assert!(moved.move_xlet(entry.xlet, Direction::Earlier));
                }
                assert_eq!(moved, **profile);
            }
        }
    }
}
