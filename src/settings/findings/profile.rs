//! Profiles as a whole: rules F1 and F2; those of its xlets are known to the profile itself.

use std::collections::HashMap;

use super::Look;
use crate::settings::called::Called;
use crate::settings::profile::Profile;
use crate::settings::rule::Rule;

pub(super) fn look(look: &mut Look<'_>) {
    let profiles = || look.configuration.profiles.iter().map(|profile| &**profile);
    let mut names: HashMap<String, &Profile> = HashMap::new();
    for profile in profiles() {
        if let Some(first) = names.insert(profile.name.as_str().to_lowercase(), profile)
            && first.name != profile.name
        {
            let message = format!("differs from {} only in the case of letters", first.called(look.configuration));
            look.warning(Rule::F1, profile, message);
        }
    }
    let profiles = || look.configuration.profiles.iter().map(|profile| &**profile);
    look.unique(Rule::F1, "name", profiles(), |profile| Some(profile.name.as_str()));
    for profile in look.configuration.profiles.iter() {
        look_at_groups(look, profile);
        for fault in profile.faults() {
            look.push(fault.severity, fault.rule, &**profile, fault.message);
        }
    }
}

fn look_at_groups(look: &mut Look<'_>, profile: &Profile) {
    if look.configuration.presence_groups.get(profile.presence_group).is_none() {
        look.error(Rule::F2, profile, format!("names presence group {}, which does not exist", profile.presence_group));
    }
    if look.configuration.phone_hint_groups.get(profile.phone_hint_group).is_none() {
        let message = format!("names phone hint group {}, which does not exist", profile.phone_hint_group);
        look.error(Rule::F2, profile, message);
    }
}
