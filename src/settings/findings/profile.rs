//! Profiles as a whole: rules F1, F2, F4, F5, F7, F9 and F10.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::Look;
use crate::settings::called::Called;
use crate::settings::profile::{Position, Profile, Xlet};
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
        if profile.xlets.is_empty() {
            look.warning(Rule::F9, &**profile, "has no xlet; its users log in and see nothing");
            continue;
        }
        look_at_xlets(look, profile);
        look_at_tabber(look, profile);
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

fn look_at_xlets(look: &mut Look<'_>, profile: &Profile) {
    let mut seen = BTreeSet::new();
    let mut numbers = BTreeMap::new();
    for entry in &profile.xlets {
        if !seen.insert(entry.xlet) {
            look.error(Rule::F4, profile, format!("has the xlet \"{}\" more than once", entry.xlet));
            continue;
        }
        let Some(number) = entry.number else { continue };
        if let Some(first) = numbers.insert((entry.position, number), entry.xlet) {
            let message = format!(
                "has the number {} in position {} twice: at \"{first}\" and \"{}\"",
                number.get(),
                entry.position,
                entry.xlet
            );
            look.warning(Rule::F7, profile, message);
        }
    }
    if !seen.contains(&Xlet::Identity) {
        look.warning(Rule::F10, profile, "has no xlet \"identity\"");
    }
}

fn look_at_tabber(look: &mut Look<'_>, profile: &Profile) {
    let tab = profile.xlets.iter().find(|entry| entry.position == Position::Tab && entry.xlet != Xlet::Tabber);
    let tabber = profile.xlets.iter().find(|entry| entry.xlet == Xlet::Tabber).map(|entry| entry.position);
    match (tabber, tab) {
        (Some(Position::Tab), _) => {
            look.error(Rule::F5, profile, "has the xlet \"tabber\" in tab; it must stand in grid")
        }
        (Some(Position::Dock), _) => {
            look.error(Rule::F5, profile, "has the xlet \"tabber\" in dock; it must stand in grid");
        }
        (None, Some(entry)) => {
            let message = format!("has the xlet \"{}\" in tab, but no xlet \"tabber\" in grid to show it", entry.xlet);
            look.error(Rule::F5, profile, message);
        }
        (Some(Position::Grid), None) => {
            look.warning(Rule::F5, profile, "has the xlet \"tabber\", but no xlet in tab for it to show");
        }
        (Some(Position::Grid), Some(_)) | (None, None) => {}
    }
}
