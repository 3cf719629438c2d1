//! What was made of a profile and not saved as a whole, as it is kept when the line is cut: the parts that are not as they are
//! stored, in words. Read again, it goes over what is stored then; what cannot be understood any more is left out.

use std::collections::BTreeMap;

use super::draft::Draft;
use crate::settings::configuration::Configuration;
use crate::settings::name::ProfileName;
use crate::settings::preference::{Preference, PreferenceValue};
use crate::settings::profile::{Position, Profile, ProfileXlet, Service, Xlet, XletFlags, XletNumber};
use crate::tui::typed_form::Typed;

/// Where an xlet has no number or no flag.
const NOTHING: &str = "-";

/// By the names of the parts.
pub(super) fn typed(draft: &Draft, c: &Configuration) -> BTreeMap<String, Typed> {
    let (now, stored) = (parts(draft.now(), c), parts(draft.stored(), c));
    now.into_iter().zip(stored).filter(|(now, stored)| now != stored).map(|((name, part), _)| (name, part)).collect()
}

fn parts(profile: &Profile, c: &Configuration) -> [(String, Typed); 7] {
    let presences = c.presence_groups.get(profile.presence_group).map(|group| group.name.to_string());
    let hints = c.phone_hint_groups.get(profile.phone_hint_group).map(|group| group.name.to_string());
    let preference = |(name, value): (&Preference, &PreferenceValue)| format!("{}={}", name.as_str(), value.as_str());
    [
        ("name", Typed::Text(profile.name.to_string())),
        ("presences", Typed::Text(presences.unwrap_or_default())),
        ("hints", Typed::Text(hints.unwrap_or_default())),
        ("may_listen", Typed::Switch(profile.may_listen)),
        ("services", Typed::Several(profile.services.iter().map(|service| service.as_str().to_owned()).collect())),
        ("xlets", Typed::Several(profile.xlets.iter().map(xlet_words).collect())),
        ("preferences", Typed::Several(profile.preferences.iter().map(preference).collect())),
    ]
    .map(|(name, part)| (name.to_owned(), part))
}

/// `identity grid 0 fcms`
fn xlet_words(entry: &ProfileXlet) -> String {
    let number = entry.number.map_or_else(|| NOTHING.to_owned(), |number| number.get().to_string());
    let letters = entry.flags.letters();
    let letters = if letters.is_empty() { NOTHING } else { &letters };
    format!("{} {} {number} {letters}", entry.xlet, entry.position)
}

fn xlet(words: &str) -> Option<ProfileXlet> {
    let [xlet, position, number, letters] = words.split(' ').collect::<Vec<_>>().try_into().ok()?;
    Some(ProfileXlet {
        xlet: Xlet::parse(xlet).ok()?,
        position: Position::parse(position).ok()?,
        number: if number == NOTHING { None } else { Some(XletNumber::parse(number).ok()?) },
        flags: XletFlags::parse(if letters == NOTHING { "" } else { letters }).ok()?,
    })
}

fn preference(words: &str) -> Option<(Preference, PreferenceValue)> {
    let (name, value) = words.split_once('=')?;
    let name = Preference::parse(name).ok()?;
    Some((name, PreferenceValue::parse(name, value).ok()?))
}

/// Puts in again what was made of it.
pub(super) fn put(profile: &mut Profile, parts: &BTreeMap<String, Typed>, c: &Configuration) {
    for (name, part) in parts {
        match (name.as_str(), part) {
            ("name", Typed::Text(text)) => {
                if let Ok(name) = ProfileName::parse(text) {
                    profile.name = name;
                }
            }
            ("presences", Typed::Text(text)) => {
                let group = c.presence_groups.find(|group| group.name.as_str() == text);
                profile.presence_group = group.map_or(profile.presence_group, |group| group.id);
            }
            ("hints", Typed::Text(text)) => {
                let group = c.phone_hint_groups.find(|group| group.name.as_str() == text);
                profile.phone_hint_group = group.map_or(profile.phone_hint_group, |group| group.id);
            }
            ("may_listen", Typed::Switch(may_listen)) => profile.may_listen = *may_listen,
            ("services", Typed::Several(words)) => {
                profile.services = words.iter().filter_map(|word| Service::parse(word).ok()).collect();
            }
            ("xlets", Typed::Several(words)) => profile.xlets = words.iter().filter_map(|words| xlet(words)).collect(),
            ("preferences", Typed::Several(words)) => {
                profile.preferences = words.iter().filter_map(|words| preference(words)).collect();
            }
            _ => {}
        }
    }
}
