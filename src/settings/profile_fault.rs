//! What is wrong with the xlets of one profile: rules F4, F5, F7, F9 and F10, each with the xlets that are to blame and
//! the change that mends it, where there is one. `findings` reports them; the console shows them where they are.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::profile::{Position, Profile, ProfileXlet, Xlet, XletFlags, XletNumber};
use super::rule::{Rule, Severity};
use super::violation::Violation;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ProfileFault {
    pub(crate) severity: Severity,
    pub(crate) rule: Rule,
    pub(crate) problem: Violation,
    /// Those to blame; none if it is one that is missing.
    pub(crate) xlets: Vec<Xlet>,
    pub(crate) mend: Option<Mend>,
}

/// A change that takes a fault away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mend {
    AddIdentity,
    AddTabber,
    MoveTabber,
    RemoveTabber,
    /// 0, 1, 2 … to all of that position, in the order that they have.
    NumberAnew(Position),
}

impl fmt::Display for Mend {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AddIdentity => out.write_str("add Identity in grid"),
            Self::AddTabber => out.write_str("add Tabber in grid"),
            Self::MoveTabber => out.write_str("move Tabber to grid"),
            Self::RemoveTabber => out.write_str("remove Tabber"),
            Self::NumberAnew(position) => write!(out, "number those in {position} anew, in their order"),
        }
    }
}

impl Profile {
    /// All of them, in an order that depends on the profile alone.
    pub(crate) fn faults(&self) -> Vec<ProfileFault> {
        if self.xlets.is_empty() {
            return vec![fault(Severity::Warning, Rule::F9, Violation::NoXlets, &[], Some(Mend::AddIdentity))];
        }
        let mut faults = self.faults_of_numbers();
        if self.entry(Xlet::Identity).is_none() {
            let problem = Violation::NoXlet(Xlet::Identity.as_str());
            faults.push(fault(Severity::Warning, Rule::F10, problem, &[], Some(Mend::AddIdentity)));
        }
        // Whether the xlet is to come or the right to go, somebody has to decide.
        if self.may_listen && self.entry(Xlet::Agents).is_none() {
            let problem = Violation::NoXletToListen(Xlet::Agents.as_str());
            faults.push(fault(Severity::Warning, Rule::F10, problem, &[], None));
        }
        faults.extend(self.fault_of_tabber());
        faults
    }

    fn faults_of_numbers(&self) -> Vec<ProfileFault> {
        let (mut seen, mut numbers, mut faults) = (BTreeSet::new(), BTreeMap::new(), Vec::new());
        for entry in &self.xlets {
            if !seen.insert(entry.xlet) {
                let problem = Violation::XletTwice(entry.xlet.as_str());
                faults.push(fault(Severity::Error, Rule::F4, problem, &[entry.xlet], None));
                continue;
            }
            let Some(number) = entry.number else { continue };
            if let Some(first) = numbers.insert((entry.position, number), entry.xlet) {
                let problem = Violation::XletNumberTwice {
                    number: number.get(),
                    position: entry.position.as_str(),
                    first: first.as_str(),
                    second: entry.xlet.as_str(),
                };
                let mend = Some(Mend::NumberAnew(entry.position));
                faults.push(fault(Severity::Warning, Rule::F7, problem, &[first, entry.xlet], mend));
            }
        }
        faults
    }

    fn fault_of_tabber(&self) -> Option<ProfileFault> {
        let in_tab = |entry: &&ProfileXlet| entry.position == Position::Tab && entry.xlet != Xlet::Tabber;
        let tabs: Vec<Xlet> = self.xlets.iter().filter(in_tab).map(|entry| entry.xlet).collect();
        let error = |problem, xlets: &[Xlet], mend| Some(fault(Severity::Error, Rule::F5, problem, xlets, Some(mend)));
        match (self.entry(Xlet::Tabber).map(|entry| entry.position), tabs.first()) {
            (Some(position @ (Position::Tab | Position::Dock)), _) => {
                error(Violation::TabberMisplaced { position: position.as_str() }, &[Xlet::Tabber], Mend::MoveTabber)
            }
            (None, Some(first)) => error(Violation::TabWithoutTabber { first: first.as_str() }, &tabs, Mend::AddTabber),
            (Some(Position::Grid), None) => Some(fault(
                Severity::Warning,
                Rule::F5,
                Violation::TabberWithoutTab,
                &[Xlet::Tabber],
                Some(Mend::RemoveTabber),
            )),
            (Some(Position::Grid), Some(_)) | (None, None) => None,
        }
    }

    /// Takes a fault away; the profile's other parts stay as they are.
    pub(crate) fn mend(&mut self, mend: Mend) {
        match mend {
            Mend::AddIdentity => self.set_xlet(self.new_in_grid(Xlet::Identity)),
            Mend::AddTabber => self.set_xlet(self.new_in_grid(Xlet::Tabber)),
            Mend::MoveTabber => {
                let moved = self.new_in_grid(Xlet::Tabber);
                let flags = self.entry(Xlet::Tabber).map_or(moved.flags, |entry| entry.flags);
                self.set_xlet(ProfileXlet { flags, ..moved });
            }
            Mend::RemoveTabber => self.remove_xlet(Xlet::Tabber),
            Mend::NumberAnew(position) => {
                let in_position = |entry: &&ProfileXlet| entry.position == position;
                let ordered: Vec<Xlet> =
                    self.ordered_xlets().into_iter().filter(in_position).map(|entry| entry.xlet).collect();
                for (xlet, number) in ordered.into_iter().zip(0..) {
                    if let Some(entry) = self.xlets.iter_mut().find(|entry| entry.xlet == xlet) {
                        entry.number = XletNumber::new(number).ok();
                    }
                }
            }
        }
    }

    /// In the grid, at the first number that is free there.
    fn new_in_grid(&self, xlet: Xlet) -> ProfileXlet {
        let is_taken = |number: &XletNumber| {
            let others = self.xlets.iter().filter(|entry| entry.position == Position::Grid && entry.xlet != xlet);
            others.map(|entry| entry.number).any(|other| other == Some(*number))
        };
        let number = (0..).map_while(|number| XletNumber::new(number).ok()).find(|number| !is_taken(number));
        ProfileXlet { xlet, position: Position::Grid, number, flags: XletFlags::ALL }
    }
}

fn fault(severity: Severity, rule: Rule, problem: Violation, xlets: &[Xlet], mend: Option<Mend>) -> ProfileFault {
    ProfileFault { severity, rule, problem, xlets: xlets.to_vec(), mend }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::fixtures;

    fn client() -> Profile {
        let defaults = fixtures::defaults();
        Profile::clone(defaults.profiles.find(|profile| profile.name.as_str() == "Client").expect("it is a default"))
    }

    /// Mends whatever is wrong, a fault after the other; which rules those were.
    fn mend_all(profile: &mut Profile) -> Vec<Rule> {
        let mut mended = Vec::new();
        while let Some((rule, mend)) = profile.faults().first().map(|fault| (fault.rule, fault.mend)) {
            profile.mend(mend.expect("each of these has one"));
            mended.push(rule);
            assert!(mended.len() < 10, "mends end: {profile:?}");
        }
        mended
    }

    fn place(profile: &mut Profile, xlet: Xlet, position: Position) {
        let number = profile.entry(xlet).and_then(|entry| entry.number);
        profile.set_xlet(ProfileXlet { xlet, position, number, flags: XletFlags::ALL });
    }

    #[test]
    fn a_mend_takes_its_fault_away() {
        let mut profile = client();
        profile.remove_xlet(Xlet::Tabber);
        let blamed: Vec<Xlet> = profile.faults().remove(0).xlets;
        assert_eq!((blamed.len(), blamed[0]), (6, Xlet::People));
        assert_eq!(mend_all(&mut profile), [Rule::F5]);
        assert_eq!(profile.ordered_xlets(), client().ordered_xlets());

        for position in [Position::Tab, Position::Dock] {
            place(&mut profile, Xlet::Tabber, position);
            assert_eq!(mend_all(&mut profile), [Rule::F5]);
            assert_eq!(profile.ordered_xlets(), client().ordered_xlets());
        }
    }

    #[test]
    fn an_empty_profile_gets_identity_and_a_tabber_without_tabs_goes() {
        let mut profile = client();
        profile.xlets.clear();
        assert_eq!(mend_all(&mut profile), [Rule::F9]);
        place(&mut profile, Xlet::Tabber, Position::Grid);
        assert_eq!(mend_all(&mut profile), [Rule::F5]);
        assert_eq!(profile.xlets.len(), 1);
    }

    #[test]
    fn numbers_are_given_anew_in_the_order_that_was() {
        let mut profile = client();
        let order: Vec<Xlet> = profile.ordered_xlets().into_iter().map(|entry| entry.xlet).collect();
        for entry in profile.xlets.iter_mut().filter(|entry| entry.position == Position::Tab) {
            entry.number = XletNumber::new(4).ok();
        }
        assert_eq!(mend_all(&mut profile), [Rule::F7]);
        let tabs = profile.ordered_xlets().into_iter().filter(|entry| entry.position == Position::Tab);
        let kept: Vec<Xlet> = tabs.clone().map(|entry| entry.xlet).collect();
        let before: Vec<Xlet> = order.into_iter().filter(|xlet| kept.contains(xlet)).collect();
        assert_eq!(kept, before);
        assert!(tabs.zip(0..).all(|(entry, number)| entry.number == XletNumber::new(number).ok()));
    }
}
