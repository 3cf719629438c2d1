//! The hints and devices of a telephone system as it says them, by its own names and whoever's they are (telephony §4), and
//! what a line's telephone does by them. Made of a snapshot where nobody waits for it, and then kept by `live`.

use std::collections::HashMap;

use super::channel::device_key;
use super::event::{DeviceSeen, HintSeen};

/// Hints that are kept, and devices: what a dial plan makes up beyond that is not.
const HINTS_MAX: usize = 100_000;
const DEVICES_MAX: usize = 100_000;

/// Before anything is known of a telephone (telephony §2): not registered, or no such device.
pub(crate) const UNAVAILABLE: i8 = 4;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct PhoneStates {
    hints: HashMap<HintPlace, Hint>,
    /// The hints that name a device, by its key, in the order in which they were seen first.
    naming: HashMap<Box<str>, Vec<HintPlace>>,
    /// Telephones alone, by their keys.
    devices: HashMap<Box<str>, i8>,
}

/// A context and an extension.
pub(crate) type HintPlace = (Box<str>, Box<str>);

#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Hint {
    /// The keys of the telephones that it names, in its order.
    devices: Box<[Box<str>]>,
    status: i8,
}

/// What a line is called on a telephone system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LineNames {
    /// The key of its device.
    pub(crate) device: Box<str>,
    pub(crate) place: HintPlace,
}

/// Whose telephones may be in another state now.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct ChangedStates {
    /// Keys.
    pub(crate) devices: Vec<Box<str>>,
    pub(crate) place: Option<HintPlace>,
}

impl PhoneStates {
    pub(crate) fn of(hints: &[HintSeen], devices: &[DeviceSeen]) -> Self {
        let mut states = Self::default();
        hints.iter().for_each(|hint| drop(states.take_hint(hint)));
        devices.iter().for_each(|device| drop(states.take_device(device)));
        states
    }

    pub(crate) fn take_hint(&mut self, seen: &HintSeen) -> ChangedStates {
        let place: HintPlace = (seen.context.clone(), seen.extension.clone());
        let before = self.hints.remove(&place);
        if before.is_none() && self.hints.len() >= HINTS_MAX {
            return ChangedStates::default();
        }
        // Of a hint that is taken away nothing may be said but where it was.
        let devices = match &before {
            Some(before) if seen.hint.is_empty() => before.devices.clone(),
            Some(_) | None => telephones(seen),
        };
        if before.as_ref().is_none_or(|before| before.devices != devices) {
            let gone = before.iter().flat_map(|before| &before.devices);
            gone.for_each(|device| self.forget_naming(device, &place));
            for device in &devices {
                self.naming.entry(device.clone()).or_default().push(place.clone());
            }
        }
        let mut changed: Vec<Box<str>> = devices.to_vec();
        changed.extend(before.into_iter().flat_map(|before| before.devices.into_vec()));
        // In use and on hold at once: none of the states that clients know (telephony §2).
        let status = if seen.status == 17 { 16 } else { seen.status };
        self.hints.insert(place.clone(), Hint { devices, status });
        ChangedStates { devices: changed, place: Some(place) }
    }

    pub(crate) fn take_device(&mut self, seen: &DeviceSeen) -> ChangedStates {
        let Some(status) = status_of_device(&seen.state).filter(|_| is_telephone(&seen.device)) else {
            return ChangedStates::default();
        };
        let key = device_key(&seen.device);
        if let Some(known) = self.devices.get_mut(&key) {
            *known = status;
        } else if self.devices.len() < DEVICES_MAX {
            self.devices.insert(key.clone(), status);
        }
        ChangedStates { devices: vec![key], place: None }
    }

    /// What clients know as `hintstatus`: what the line's own hint says, else its device, else a hint that names the
    /// device first among several of ours. Whether a device belongs to a line is for `is_ours` to say, by its key.
    pub(crate) fn status(&self, line: &LineNames, is_ours: impl Fn(&str) -> bool) -> i8 {
        let named = self.naming.get(&line.device).into_iter().flatten();
        let at_place = self.hints.get_key_value(&line.place).map(|(place, _)| place);
        let candidates = named.chain(at_place).filter_map(|place| {
            let hint = self.hints.get(place)?;
            let mut ours = hint.devices.iter().filter(|device| is_ours(device));
            let likeness = match ours.next() {
                None if *place == line.place => Likeness::PlaceAlone,
                Some(first) if *first == line.device => Likeness::of(line, place, ours.next().is_some()),
                None | Some(_) => return None,
            };
            Some((hint.status >= 0, likeness, hint.status))
        });
        // Of equals the first.
        let best = candidates.reduce(|best, other| if (other.0, other.1) > (best.0, best.1) { other } else { best });
        match (best, self.devices.get(&line.device)) {
            (Some((_, Likeness::OneOfSeveral, _)), Some(device)) | (None, Some(device)) => *device,
            (Some((.., status)), _) => status,
            (None, None) => UNAVAILABLE,
        }
    }

    fn forget_naming(&mut self, device: &str, place: &HintPlace) {
        if let Some(places) = self.naming.get_mut(device) {
            places.retain(|other| other != place);
            if places.is_empty() {
                self.naming.remove(device);
            }
        }
    }
}

/// How much a hint is a line's own; the later the more.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Likeness {
    /// A group's: other lines of ours are in it.
    OneOfSeveral,
    /// It stands where the line is called, and names no device of ours.
    PlaceAlone,
    /// It names the line's device first, and no other line's.
    Device,
    /// And has the line's extension.
    Extension,
    /// And the line's context.
    Place,
}

impl Likeness {
    fn of(line: &LineNames, place: &HintPlace, has_others: bool) -> Self {
        if *place == line.place {
            Self::Place
        } else if place.1 == line.place.1 {
            Self::Extension
        } else if has_others {
            Self::OneOfSeveral
        } else {
            Self::Device
        }
    }
}

/// The keys of the telephones that a hint names.
fn telephones(hint: &HintSeen) -> Box<[Box<str>]> {
    hint.devices().filter(|device| is_telephone(device)).map(device_key).collect()
}

/// As against devices that Asterisk or a dial plan makes up: `Custom:…`, `Queue:…`, `MWI:…`, `Local/…`.
fn is_telephone(device: &str) -> bool {
    let Some((technology, name)) = device.split_once('/') else { return false };
    let is_made_up = technology.contains(':') || technology.eq_ignore_ascii_case("local");
    !is_made_up && !name.is_empty()
}

/// Telephony §2, §4. None: no state of Asterisk's.
fn status_of_device(state: &str) -> Option<i8> {
    Some(match state {
        "NOT_INUSE" => 0,
        "INUSE" => 1,
        "BUSY" => 2,
        "RINGING" => 8,
        "RINGINUSE" => 9,
        "ONHOLD" => 16,
        "UNAVAILABLE" | "INVALID" | "UNKNOWN" => UNAVAILABLE,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hint(extension: &str, context: &str, hint: &str, status: i8) -> HintSeen {
        HintSeen { extension: extension.into(), context: context.into(), hint: hint.into(), status }
    }

    fn device(device: &str, state: &str) -> DeviceSeen {
        DeviceSeen { device: device.into(), state: state.into() }
    }

    /// The line 101 on SIP/ab12, where the devices of 101 and 102 are ours.
    fn status(states: &PhoneStates) -> i8 {
        let line = LineNames { device: "sip/ab12".into(), place: ("default".into(), "101".into()) };
        states.status(&line, |key| ["sip/ab12", "sip/cd34"].contains(&key))
    }

    #[test]
    fn a_hint_is_the_line_s_whose_device_it_names_first() {
        for (text, expected) in [
            ("PJSIP/ab12", 8),
            ("SIP/AB12", 8),
            ("Custom:DND101&PJSIP/ab12", 8),
            ("PJSIP/other & PJSIP/ab12,CustomPresence:101", 8),
            ("PJSIP/ab12&Custom:DND101,CustomPresence:101", 8),
            ("PJSIP/cd34&PJSIP/ab12", UNAVAILABLE),
            ("CustomPresence:101,PJSIP/ab12", UNAVAILABLE),
            ("Custom:PJSIP/ab12", UNAVAILABLE),
            ("Local/ab12@default", UNAVAILABLE),
            ("", UNAVAILABLE),
        ] {
            let states = PhoneStates::of(&[hint("777", "hints", text, 8)], &[]);
            assert_eq!(status(&states), expected, "{text}");
        }
    }

    #[test]
    fn a_hint_without_a_device_of_ours_is_the_line_s_at_its_place() {
        for text in ["", "Custom:101", "PJSIP/unknown"] {
            assert_eq!(status(&PhoneStates::of(&[hint("101", "default", text, 1)], &[])), 1, "{text}");
            assert_eq!(status(&PhoneStates::of(&[hint("101", "sales", text, 1)], &[])), UNAVAILABLE, "{text}");
        }
        assert_eq!(status(&PhoneStates::of(&[hint("101", "default", "PJSIP/cd34", 1)], &[])), UNAVAILABLE);
    }

    #[test]
    fn the_line_s_own_hint_comes_before_the_device_and_that_before_a_group() {
        let group = hint("600", "default", "PJSIP/ab12&PJSIP/cd34", 1);
        let other = hint("700", "default", "PJSIP/ab12", 2);
        let own = hint("101", "hints", "PJSIP/ab12", 8);
        let at_home = hint("101", "default", "PJSIP/ab12", 9);
        let device = device("PJSIP/ab12", "NOT_INUSE");
        let all = [group, other, own, at_home];
        let by = |hints: &[HintSeen], devices: &[DeviceSeen]| status(&PhoneStates::of(hints, devices));
        assert_eq!(by(&all, &[]), 9);
        assert_eq!(by(&all[..3], std::slice::from_ref(&device)), 8);
        assert_eq!(by(&all[..2], std::slice::from_ref(&device)), 2);
        assert_eq!(by(&all[..1], std::slice::from_ref(&device)), 0);
        assert_eq!(by(&all[..1], &[]), 1);
    }

    #[test]
    fn devices_say_it_by_name_where_there_is_no_hint() {
        for (state, expected) in [
            ("NOT_INUSE", 0),
            ("INUSE", 1),
            ("BUSY", 2),
            ("RINGING", 8),
            ("RINGINUSE", 9),
            ("ONHOLD", 16),
            ("UNAVAILABLE", 4),
            ("INVALID", 4),
            ("UNKNOWN", 4),
        ] {
            assert_eq!(status(&PhoneStates::of(&[], &[device("PJSIP/AB12", state)])), expected, "{state}");
        }
        let mut states = PhoneStates::of(&[], &[device("PJSIP/ab12", "INUSE")]);
        assert_eq!(states.take_device(&device("PJSIP/ab12", "NOVEL")), ChangedStates::default());
        assert_eq!(status(&states), 1);
        for made_up in ["Local/7@agentcallback", "Custom:*735", "Queue:support_avail", "MWI:101@default", "Queue:a/b"] {
            assert_eq!(states.take_device(&device(made_up, "INUSE")), ChangedStates::default(), "{made_up}");
        }
        assert_eq!(states.devices.len(), 1);
    }

    #[test]
    fn a_hint_that_is_taken_away_says_so_unless_another_one_is_left() {
        let mut states = PhoneStates::of(&[hint("101", "hints", "PJSIP/ab12", 0)], &[device("PJSIP/ab12", "INUSE")]);
        for (text, gone) in [("", -2), ("PJSIP/ab12", -1)] {
            let changed = states.take_hint(&hint("101", "hints", text, gone));
            assert_eq!((status(&states), changed.devices.contains(&"sip/ab12".into())), (gone, true));
        }
        states.take_hint(&hint("700", "default", "PJSIP/ab12", 1));
        assert_eq!(status(&states), 1);
    }

    #[test]
    fn a_hint_that_names_another_device_is_the_other_line_s() {
        let mut states = PhoneStates::of(&[hint("700", "default", "PJSIP/ab12", 17)], &[]);
        assert_eq!(status(&states), 16);
        let changed = states.take_hint(&hint("700", "default", "PJSIP/cd34", 1));
        assert_eq!(changed.devices, ["sip/cd34".into(), "sip/ab12".into()]);
        assert_eq!((status(&states), states.naming.len()), (UNAVAILABLE, 1));
    }

    #[test]
    fn what_is_made_up_is_kept_within_bounds() {
        let mut states = PhoneStates::default();
        for number in 0..HINTS_MAX + 10 {
            states.take_hint(&hint(&number.to_string(), "default", "", 0));
            states.take_device(&device(&format!("SIP/{number}"), "INUSE"));
        }
        assert_eq!((states.hints.len(), states.devices.len()), (HINTS_MAX, DEVICES_MAX));
    }
}
