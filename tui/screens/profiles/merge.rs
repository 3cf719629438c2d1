//! A profile that two changed at once, part by part: what one side alone changed is taken from that side, and only what both
//! changed, each to something else, is asked about. The draft brings both versions and what they began as.

use crate::settings::configuration::Configuration;
use crate::settings::profile::{Profile, ProfileXlet, Service, Xlet};

/// Both together, with one's own of what both changed.
pub(super) struct Merged {
    pub(super) profile: Profile,
    /// What somebody else alone changed: `name Chief`.
    pub(super) taken: Vec<String>,
    pub(super) clashes: Vec<PartClash>,
}

/// A part that both changed, each to something else.
pub(super) struct PartClash {
    pub(super) own: String,
    pub(super) their: String,
}

/// `base` is what both began with.
pub(super) fn merge(base: &Profile, own: &Profile, their: &Profile, c: &Configuration) -> Merged {
    let mut merged = Merged { profile: own.clone(), taken: Vec::new(), clashes: Vec::new() };
    let group = |of: &Profile| c.presence_groups.get(of.presence_group).map(|group| group.name.to_string());
    let presences = |of: &Profile| format!("presences {}", group(of).unwrap_or_default());
    let group = |of: &Profile| c.phone_hint_groups.get(of.phone_hint_group).map(|group| group.name.to_string());
    let hints = |of: &Profile| format!("phone hints {}", group(of).unwrap_or_default());
    let all = [base, own, their];
    merged.profile.name = merged.part(all, |of| of.name.clone(), |of| format!("name {}", of.name));
    merged.profile.presence_group = merged.part(all, |of| of.presence_group, presences);
    merged.profile.phone_hint_group = merged.part(all, |of| of.phone_hint_group, hints);
    let may_listen = |of: &Profile| granted("may_listen", of.may_listen);
    merged.profile.may_listen = merged.part(all, |of| of.may_listen, may_listen);
    for service in Service::ALL {
        let has = |of: &Profile| of.services.contains(service);
        let words = |of: &Profile| granted(&format!("service {service}"), has(of));
        match merged.part(all, has, words) {
            true => merged.profile.services.insert(*service),
            false => merged.profile.services.remove(service),
        };
    }
    let names = all.iter().flat_map(|of| of.preferences.keys()).copied();
    for name in names.collect::<std::collections::BTreeSet<_>>() {
        let value = |of: &Profile| of.preferences.get(&name).cloned();
        let words = |of: &Profile| match of.preferences.get(&name) {
            Some(value) => format!("{} = {}", name.as_str(), value.as_str()),
            None => format!("{} not set", name.as_str()),
        };
        match merged.part(all, value, words) {
            Some(value) => merged.profile.preferences.insert(name, value),
            None => merged.profile.preferences.remove(&name),
        };
    }
    merged.put_xlets(all);
    merged
}

fn granted(what: &str, is_granted: bool) -> String {
    format!("{what} {}", if is_granted { "granted" } else { "revoked" })
}

impl Merged {
    /// The value of a part, which is theirs where they alone changed it.
    fn part<T: PartialEq>(
        &mut self,
        [base, own, their]: [&Profile; 3],
        value: impl Fn(&Profile) -> T,
        words: impl Fn(&Profile) -> String,
    ) -> T {
        let [began, mine, theirs] = [base, own, their].map(&value);
        match (mine == began, theirs == began) {
            (true, false) => {
                self.taken.push(words(their));
                return theirs;
            }
            (false, false) if mine != theirs => self.clashes.push(PartClash { own: words(own), their: words(their) }),
            _ => {}
        }
        mine
    }

    /// Those that neither side moved keep the order of insertion that is stored.
    fn put_xlets(&mut self, all: [&Profile; 3]) {
        let [base, own, their] = all;
        let xlets: Vec<Option<ProfileXlet>> = Xlet::ALL
            .iter()
            .map(|xlet| {
                let words = |of: &Profile| match of.entry(*xlet) {
                    Some(entry) => xlet_words(entry),
                    None => format!("{xlet} removed"),
                };
                self.part(all, |of| of.entry(*xlet).copied(), words)
            })
            .collect();
        if base.xlets == their.xlets {
            return;
        }
        let order = if base.xlets == own.xlets { their } else { own };
        let mut profile = Profile { xlets: order.xlets.clone(), ..self.profile.clone() };
        for (xlet, entry) in Xlet::ALL.iter().zip(xlets) {
            match entry {
                Some(entry) => profile.set_xlet(entry),
                None => profile.remove_xlet(*xlet),
            }
        }
        self.profile = profile;
    }
}

/// `people tab 3`, and in a dock its flags.
fn xlet_words(entry: &ProfileXlet) -> String {
    let number = entry.number.map_or_else(String::new, |number| format!(" {}", number.get()));
    let letters = entry.flags.letters();
    format!("{} {}{number} {}", entry.xlet, entry.position, if letters.is_empty() { "-" } else { &letters })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::fixtures;
    use crate::settings::name::ProfileName;
    use crate::settings::profile::XletNumber;

    fn client(c: &Configuration) -> Profile {
        Profile::clone(c.profiles.find(|profile| profile.name.as_str() == "Client").expect("a default"))
    }

    #[test]
    fn what_one_side_alone_changed_is_taken_from_that_side() {
        let c = fixtures::small_company();
        let base = client(&c);
        let (mut own, mut their) = (base.clone(), base.clone());
        own.services.clear();
        own.remove_xlet(Xlet::Fax);
        their.name = ProfileName::parse("Desk").expect("a name");
        let people = *their.entry(Xlet::People).expect("it is there");
        their.set_xlet(ProfileXlet { number: XletNumber::new(7).ok(), ..people });
        let merged = merge(&base, &own, &their, &c);
        assert!(merged.clashes.is_empty());
        assert_eq!(merged.taken, ["name Desk", "people tab 7 fcms"]);
        let entry = merged.profile.entry(Xlet::People).expect("it is there");
        assert_eq!((merged.profile.name.as_str(), entry.number.map(XletNumber::get)), ("Desk", Some(7)));
        assert!(merged.profile.services.is_empty() && merged.profile.entry(Xlet::Fax).is_none());
    }

    #[test]
    fn what_both_changed_alike_is_no_clash_and_what_they_changed_otherwise_is_ones_own_until_it_is_decided() {
        let c = fixtures::small_company();
        let base = client(&c);
        let (mut own, mut their) = (base.clone(), base.clone());
        own.remove_xlet(Xlet::Fax);
        their.remove_xlet(Xlet::Fax);
        own.name = ProfileName::parse("Mine").expect("a name");
        their.name = ProfileName::parse("Theirs").expect("a name");
        let merged = merge(&base, &own, &their, &c);
        let clashes: Vec<_> = merged.clashes.iter().map(|clash| (clash.own.as_str(), clash.their.as_str())).collect();
        assert_eq!(clashes, [("name Mine", "name Theirs")]);
        assert_eq!((merged.taken.len(), merged.profile.name.as_str()), (0, "Mine"));
    }
}
