//! Profiles as a whole: rules F1 and F2; those of its xlets are known to the profile itself.

use std::collections::HashMap;

use super::Validator;
use crate::settings::id::Id as _;
use crate::settings::label::Labelled;
use crate::settings::profile::Profile;
use crate::settings::rule::Rule;
use crate::settings::table::Kind;
use crate::settings::violation::Violation;

pub(super) fn validate(validator: &mut Validator<'_>) {
    let profiles = || validator.configuration.profiles.iter().map(|profile| &**profile);
    let mut names: HashMap<String, &Profile> = HashMap::new();
    for profile in profiles() {
        if let Some(first) = names.insert(profile.name.as_str().to_lowercase(), profile)
            && first.name != profile.name
        {
            let first = first.object_name(validator.configuration);
            validator.warning(Rule::F1, profile, Violation::DiffersInCase { first });
        }
    }
    let profiles = || validator.configuration.profiles.iter().map(|profile| &**profile);
    validator.unique(Rule::F1, "name", profiles(), |profile| Some(profile.name.as_str()));
    for profile in validator.configuration.profiles.iter() {
        check_groups(validator, profile);
        for fault in profile.faults() {
            validator.push(fault.severity, fault.rule, &**profile, fault.problem);
        }
    }
}

fn check_groups(validator: &mut Validator<'_>, profile: &Profile) {
    if validator.configuration.presence_groups.get(profile.presence_group).is_none() {
        validator.error(Rule::F2, profile, {
            Violation::NamesUnknown { kind: Kind::PresenceGroup, id: profile.presence_group.number() }
        });
    }
    if validator.configuration.phone_hint_groups.get(profile.phone_hint_group).is_none() {
        let id = profile.phone_hint_group.number();
        validator.error(Rule::F2, profile, Violation::NamesUnknown { kind: Kind::PhoneHintGroup, id });
    }
}
