//! Edits of phone hint groups: rules H4 and H5. Called through `Configuration` by everybody who edits.

use super::{DEFAULT_GROUP, existing, removable};
use crate::settings::color::Color;
use crate::settings::configuration::Configuration;
use crate::settings::id::PhoneHintGroupId;
use crate::settings::label::Labelled;
use crate::settings::name::{Description, HintText, PhoneHintGroupName};
use crate::settings::phone_hint::{HintNumber, PhoneHint, PhoneHintGroup};
use crate::settings::rule::{Refusal, Rule};
use crate::settings::rule_target::ObjectName;
use crate::settings::table::Kind;
use crate::settings::violation::Violation;

removable! {
    PhoneHintGroup: remove_phone_hint_group,
}

impl Configuration {
    /// The group from which new groups are filled and which profiles use unless told otherwise.
    pub(crate) fn default_phone_hint_group(&self) -> Result<PhoneHintGroupId, Refusal> {
        let group = self.phone_hint_groups.find(|group| group.name.as_str() == DEFAULT_GROUP);
        group.map(|group| group.id).ok_or_else(|| {
            let on = ObjectName::named(Kind::PhoneHintGroup, None, DEFAULT_GROUP);
            Refusal::new(Rule::H4, on, Violation::DefaultGroupMissing)
        })
    }

    /// Adds a group with the default group's hints.
    pub(crate) fn add_phone_hint_group(
        &mut self,
        name: PhoneHintGroupName,
        description: Description,
    ) -> Result<PhoneHintGroupId, Refusal> {
        let hints = existing(&self.phone_hint_groups, self.default_phone_hint_group()?)?.hints.clone();
        Ok(self.phone_hint_groups.add(|id| PhoneHintGroup {
            id,
            version: 1,
            name,
            description,
            deletable: true,
            hints,
        }))
    }

    /// Removes a group, unless it is the default group (H4) or a profile uses it (H5).
    pub(crate) fn remove_phone_hint_group(&mut self, id: PhoneHintGroupId) -> Result<(), Refusal> {
        let group = existing(&self.phone_hint_groups, id)?;
        if !group.deletable {
            return Err(Refusal::new(Rule::H4, group.object_name(self), Violation::DefaultGroupStays));
        }
        let users = self.profiles.iter().filter(|profile| profile.phone_hint_group == id);
        let profiles: Vec<String> = users.map(|profile| profile.name.to_string()).collect();
        if !profiles.is_empty() {
            return Err(Refusal::new(Rule::H5, group.object_name(self), Violation::UsedByProfiles { profiles }));
        }
        self.phone_hint_groups.remove(id);
        Ok(())
    }

    /// Gives a state of a telephone its text and colour, whether the group had one for it or not.
    pub(crate) fn set_phone_hint(
        &mut self,
        id: PhoneHintGroupId,
        number: HintNumber,
        text: HintText,
        color: Color,
    ) -> Result<(), Refusal> {
        existing(&self.phone_hint_groups, id)?;
        self.phone_hint_groups.edit(id, |group| {
            group.hints.insert(number, PhoneHint { text, color });
        });
        Ok(())
    }
}
