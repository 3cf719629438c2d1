//! Edits of profiles: rule F3, and the place of an xlet in the list. What xlets need of one another (F5) is a finding.

use std::collections::{BTreeMap, BTreeSet};

use super::existing;
use crate::settings::called::Called;
use crate::settings::configuration::Configuration;
use crate::settings::id::{PhoneHintGroupId, PresenceGroupId, ProfileId};
use crate::settings::name::ProfileName;
use crate::settings::profile::{Profile, ProfileXlet, Xlet};
use crate::settings::rule::{Refusal, Rule, count};

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
            let message = format!("is the profile of {} and cannot be removed", count(users, "user"));
            return Err(Refusal::new(Rule::F3, profile.called(self), message));
        }
        self.profiles.remove(id);
        Ok(())
    }

    /// Puts an xlet into a profile; one that is there already keeps its place in the order of insertion.
    pub(crate) fn set_xlet(&mut self, id: ProfileId, xlet: ProfileXlet) -> Result<(), Refusal> {
        existing(&self.profiles, id)?;
        self.profiles.edit(id, |profile| match profile.xlets.iter_mut().find(|entry| entry.xlet == xlet.xlet) {
            Some(entry) => *entry = xlet,
            None => profile.xlets.push(xlet),
        });
        Ok(())
    }

    pub(crate) fn remove_xlet(&mut self, id: ProfileId, xlet: Xlet) -> Result<(), Refusal> {
        let profile = existing(&self.profiles, id)?;
        if !profile.xlets.iter().any(|entry| entry.xlet == xlet) {
            return Err(Refusal::new(Rule::F4, profile.called(self), format!("has no xlet \"{xlet}\"")));
        }
        self.profiles.edit(id, |profile| profile.xlets.retain(|entry| entry.xlet != xlet));
        Ok(())
    }
}
