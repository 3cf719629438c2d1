//! Presences, phone hints and profiles, what desktop clients show, as commands change them.

use std::collections::BTreeSet;

use crate::settings::configuration::Configuration;
use crate::settings::id::{PresenceGroupId, PresenceId};
use crate::settings::presence::{Presence, PresenceAction};
use crate::settings::profile::{Profile, ProfileXlet};

use super::words::Words;
use super::{Change, Sides, Told, sides};

pub(super) fn presence_groups(change: &Change<'_>, told: &mut Told) {
    for group in sides(&change.before.presence_groups, &change.after.presence_groups) {
        match group {
            Sides::Added(new) => told.say(
                Words::new("presence group add")
                    .name(new.name.as_str())
                    .given("--description", new.description.as_str()),
            ),
            Sides::Edited(old, new) => told.say_if_some(
                Words::new("presence group edit")
                    .name(old.name.as_str())
                    .changed("--rename", &old.name, &new.name, ToString::to_string)
                    .changed("--description", &old.description, &new.description, ToString::to_string),
            ),
            Sides::Removed(old) => {
                told.remove(Words::new("presence group remove").name(old.name.as_str()).flag("--yes"));
            }
        }
    }
}

/// Behind the groups: the presences of a new one come with it, those of a removed one go with it.
pub(super) fn presences(change: &Change<'_>, told: &mut Told) {
    let is_there = |c: &Configuration, group: PresenceGroupId| c.presence_groups.get(group).is_some();
    let mut moved = BTreeSet::new();
    // Each line finds what it names: first the names are what they will be, then all are there.
    for presence in sides(&change.before.presences, &change.after.presences) {
        if let Sides::Edited(old, new) = presence
            && old.name != new.name
        {
            told.say(in_group("presence rename", old, change).name(new.name.as_str()));
        }
    }
    for presence in sides(&change.before.presences, &change.after.presences) {
        match presence {
            Sides::Added(new) if is_there(change.before, new.group) => add_presence(new, change, told),
            Sides::Removed(old) if is_there(change.after, old.group) => {
                told.remove(in_group("presence remove", old, change).flag("--yes"));
            }
            Sides::Added(_) | Sides::Edited(..) | Sides::Removed(_) => {}
        }
    }
    for presence in sides(&change.before.presences, &change.after.presences) {
        if let Sides::Edited(old, new) = presence {
            edit_presence(old, new, change, told);
            moved.insert(new.group);
        }
    }
    moved.into_iter().for_each(|group| move_presences(group, change, told));
}

fn in_group(command: &str, presence: &Presence, change: &Change<'_>) -> Words {
    let words = Words::new(command).name(presence.name.as_str());
    words.at("--group", change.presence_group(presence.group))
}

fn add_presence(new: &Presence, change: &Change<'_>, told: &mut Told) {
    let words = in_group("presence add", new, change)
        .option("--display", new.display.as_str())
        .option("--color", new.color.to_string())
        .given("--reachable", &names(&new.reachable, change.after));
    told.say(actions(words, &new.actions));
}

fn actions(words: Words, actions: &[PresenceAction]) -> Words {
    actions.iter().fold(words, |words, action| {
        let text = match action.parameter() {
            "" => action.name().to_owned(),
            parameter => format!("{}={parameter}", action.name()),
        };
        words.option("--action", text)
    })
}

/// `away,lunch`, those that are no more left out.
fn names(presences: &BTreeSet<PresenceId>, c: &Configuration) -> String {
    let names: Vec<&str> =
        presences.iter().filter_map(|id| c.presences.get(*id)).map(|presence| presence.name.as_str()).collect();
    names.join(",")
}

fn edit_presence(old: &Presence, new: &Presence, change: &Change<'_>, told: &mut Told) {
    // One that was removed is reached from nowhere any more, without a word.
    let left: BTreeSet<PresenceId> =
        old.reachable.iter().copied().filter(|id| change.after.presences.get(*id).is_some()).collect();
    let mut words = in_group("presence edit", new, change)
        .changed("--display", &old.display, &new.display, ToString::to_string)
        .changed("--color", &old.color, &new.color, ToString::to_string)
        .changed("--reachable", &left, &new.reachable, |reachable| names(reachable, change.after));
    if old.actions != new.actions {
        words = if new.actions.is_empty() { words.option("--action", "") } else { actions(words, &new.actions) };
    }
    told.say_if_some(words);
}

/// One that went to another place among those that stayed.
fn move_presences(group: PresenceGroupId, change: &Change<'_>, told: &mut Told) {
    let order = |c: &Configuration, other: &Configuration| -> Vec<PresenceId> {
        let presences = c.presences_of(group);
        presences.iter().map(|presence| presence.id).filter(|id| other.presences.get(*id).is_some()).collect()
    };
    let (before, after) = (order(change.before, change.after), order(change.after, change.before));
    let name = |id: PresenceId| change.after.presences.get(id);
    match super::rest::moved(&before, &after) {
        Some((from, to)) => {
            if let Some(presence) = after.get(to).and_then(|id| name(*id)) {
                debug_assert_eq!(before.get(from), after.get(to), "it is the same one");
                told.say(in_group("presence move", presence, change).name((to + 1).to_string()));
            }
        }
        None if before == after => {}
        None => told.none("putting several presences into another order at once".to_owned()),
    }
}

pub(super) fn hints(change: &Change<'_>, told: &mut Told) {
    for group in sides(&change.before.phone_hint_groups, &change.after.phone_hint_groups) {
        match group {
            Sides::Added(new) => {
                told.say(
                    Words::new("hint add").name(new.name.as_str()).given("--description", new.description.as_str()),
                );
            }
            Sides::Edited(old, new) => {
                for (number, hint) in &new.hints {
                    let Some(known) = old.hints.get(number) else { continue };
                    told.say_if_some(
                        Words::new("hint edit")
                            .name(old.name.as_str())
                            .name(number.number().to_string())
                            .changed("--text", &known.text, &hint.text, ToString::to_string)
                            .changed("--color", &known.color, &hint.color, ToString::to_string),
                    );
                }
                told.say_if_some(
                    Words::new("hint edit")
                        .name(old.name.as_str())
                        .changed("--rename", &old.name, &new.name, ToString::to_string)
                        .changed("--description", &old.description, &new.description, ToString::to_string),
                );
            }
            Sides::Removed(old) => told.remove(Words::new("hint remove").name(old.name.as_str()).flag("--yes")),
        }
    }
}

pub(super) fn profiles(change: &Change<'_>, told: &mut Told) {
    for profile in sides(&change.before.profiles, &change.after.profiles) {
        match profile {
            Sides::Added(new) => {
                told.say(
                    Words::new("profile add")
                        .name(new.name.as_str())
                        .option("--presences", change.presence_group(new.presence_group))
                        .option("--hints", hint_group(new, change)),
                );
                if new.may_listen {
                    told.say(Words::new("profile edit").name(new.name.as_str()).option("--may-listen", "on"));
                }
                parts(None, new, told);
            }
            Sides::Edited(old, new) => {
                told.say_if_some(
                    Words::new("profile edit")
                        .name(old.name.as_str())
                        .changed("--rename", &old.name, &new.name, ToString::to_string)
                        .changed("--presences", &old.presence_group, &new.presence_group, |id| {
                            change.presence_group(*id)
                        })
                        .changed("--hints", &old.phone_hint_group, &new.phone_hint_group, |_| hint_group(new, change))
                        .changed("--may-listen", &old.may_listen, &new.may_listen, |on| {
                            if *on { "on" } else { "off" }.to_owned()
                        }),
                );
                parts(Some(old), new, told);
            }
            Sides::Removed(old) => told.remove(Words::new("profile remove").name(old.name.as_str()).flag("--yes")),
        }
    }
}

fn hint_group(profile: &Profile, change: &Change<'_>) -> String {
    let group = change.after.phone_hint_groups.get(profile.phone_hint_group);
    group.map_or_else(String::new, |group| group.name.to_string())
}

/// Services, xlets and preferences.
fn parts(old: Option<&Profile>, new: &Profile, told: &mut Told) {
    let name = new.name.as_str();
    let none = BTreeSet::new();
    let services = old.map_or(&none, |old| &old.services);
    let command = |words: &str, services: Vec<&str>| {
        services.into_iter().fold(Words::new(words).name(name), |words, service| words.name(service))
    };
    let granted: Vec<&str> = new.services.difference(services).map(|service| service.as_str()).collect();
    let taken: Vec<&str> = services.difference(&new.services).map(|service| service.as_str()).collect();
    for (words, services) in [("profile service add", granted), ("profile service remove", taken)] {
        if !services.is_empty() {
            told.say(command(words, services));
        }
    }
    xlets(old, new, told);
    for (preference, value) in &new.preferences {
        if old.and_then(|old| old.preferences.get(preference)) != Some(value) {
            told.say(Words::new("profile preference set").name(name).name(preference.as_str()).name(value.as_str()));
        }
    }
    for preference in old.into_iter().flat_map(|old| old.preferences.keys()) {
        if !new.preferences.contains_key(preference) {
            told.say(Words::new("profile preference unset").name(name).name(preference.as_str()));
        }
    }
}

/// The Tabber goes last and comes first: what is in tabs needs it.
fn xlets(old: Option<&Profile>, new: &Profile, told: &mut Told) {
    let name = new.name.as_str();
    let kept = old.map_or(&[][..], |old| old.xlets.as_slice());
    for gone in kept.iter().rev().filter(|entry| new.entry(entry.xlet).is_none()) {
        told.say(Words::new("profile xlet remove").name(name).name(gone.xlet.as_str()));
    }
    for entry in &new.xlets {
        if kept.iter().any(|known| known == entry) {
            continue;
        }
        let ProfileXlet { xlet, position, number, flags } = entry;
        told.say(
            Words::new("profile xlet set")
                .name(name)
                .name(xlet.as_str())
                .option("--position", position.as_str())
                .option("--number", number.map_or_else(String::new, |number| number.get().to_string()))
                .option("--flags", flags.letters()),
        );
    }
}
