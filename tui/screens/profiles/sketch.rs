//! What a released client makes of a profile's xlets, as it lays out its window: which box stands where, and what is not
//! shown at all and why. A pure function of the profile; `drawing.rs` draws what it finds.

use crate::settings::profile::{Position, Profile, ProfileXlet, Xlet, XletFlags};

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Sketch {
    /// The middle of the window, from the top. Without any the client hides the middle.
    pub(super) grid: Vec<Block>,
    /// Below, from the left.
    pub(super) docks: Vec<Dock>,
    /// What the profile has and nobody will see.
    pub(super) lost: Vec<(Xlet, Loss)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Dock {
    pub(super) xlet: Xlet,
    /// What may be done with it.
    pub(super) flags: XletFlags,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Block {
    Xlet(Xlet),
    /// The Tabber with its tabs, the first one uppermost.
    Tabber(Vec<Xlet>),
}

/// Why the client drops an xlet without a word (settings §4.3, F5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Loss {
    /// In tab, and no Tabber in grid.
    NoTabber,
    /// The Tabber itself, elsewhere than in grid.
    NotInGrid,
    /// The Tabber itself, and nothing in tab.
    NoTabs,
}

impl Loss {
    pub(super) const ALL: [Self; 3] = [Self::NoTabber, Self::NotInGrid, Self::NoTabs];

    pub(super) fn words(self) -> &'static str {
        match self {
            Self::NoTabber => "needs a Tabber in the grid",
            Self::NotInGrid => "needs the grid",
            Self::NoTabs => "needs tabs",
        }
    }
}

/// Whether the client shows it only to a user who switched it on there.
pub(super) fn is_opt_in(xlet: Xlet) -> bool {
    xlet == Xlet::CustomerInfo
}

pub(super) fn sketch(profile: &Profile) -> Sketch {
    let ordered = profile.ordered_xlets();
    let is_tab = |entry: &&&ProfileXlet| entry.position == Position::Tab && entry.xlet != Xlet::Tabber;
    let tabs: Vec<Xlet> = ordered.iter().filter(is_tab).map(|entry| entry.xlet).collect();
    let is_tabber_right = profile.entry(Xlet::Tabber).is_some_and(|entry| entry.position == Position::Grid);
    let mut sketch = Sketch::default();
    for entry in ordered {
        match (entry.xlet, entry.position) {
            (Xlet::Tabber, Position::Dock | Position::Tab) => sketch.lost.push((entry.xlet, Loss::NotInGrid)),
            (Xlet::Tabber, Position::Grid) if tabs.is_empty() => sketch.lost.push((entry.xlet, Loss::NoTabs)),
            (Xlet::Tabber, Position::Grid) => sketch.insert(entry, Block::Tabber(tabs.clone())),
            (xlet, Position::Grid) => sketch.insert(entry, Block::Xlet(xlet)),
            (xlet, Position::Dock) => sketch.docks.push(Dock { xlet, flags: entry.flags }),
            (xlet, Position::Tab) if !is_tabber_right => sketch.lost.push((xlet, Loss::NoTabber)),
            (_, Position::Tab) => {}
        }
    }
    sketch
}

impl Sketch {
    /// The client puts each at the row that its number says, above what stands there already, or last if there are not so
    /// many rows; without a number it reads nought.
    fn insert(&mut self, entry: &ProfileXlet, block: Block) {
        let row = entry.number.map_or(0, |number| usize::from(number.get()));
        self.grid.insert(row.min(self.grid.len()), block);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::fixtures;
    use crate::settings::profile::{XletFlags, XletNumber};

    fn default(name: &str) -> Profile {
        let defaults = fixtures::defaults();
        Profile::clone(defaults.profiles.find(|profile| profile.name.as_str() == name).expect("it is a default"))
    }

    /// The profile with exactly these.
    fn with(xlets: &[(Xlet, Position, Option<i64>)]) -> Sketch {
        let mut profile = default("Client");
        profile.xlets.clear();
        for (xlet, position, number) in xlets {
            let number = number.map(|number| XletNumber::new(number).expect("a number"));
            profile.set_xlet(ProfileXlet { xlet: *xlet, position: *position, number, flags: XletFlags::ALL });
        }
        sketch(&profile)
    }

    fn docked(sketch: &Sketch) -> Vec<Xlet> {
        sketch.docks.iter().map(|dock| dock.xlet).collect()
    }

    #[test]
    fn the_default_client_has_identity_above_the_tabber_with_six_tabs() {
        use Xlet::{Conference, CustomerInfo, Fax, Features, History, Identity, People};
        let found = sketch(&default("Client"));
        let tabs = vec![People, CustomerInfo, Fax, History, Features, Conference];
        assert_eq!(found.grid, [Block::Xlet(Identity), Block::Tabber(tabs)]);
        assert_eq!((found.docks, found.lost), (Vec::new(), Vec::new()));
    }

    #[test]
    fn docks_stand_below_in_the_order_of_numbers() {
        let found = sketch(&default("Switchboard"));
        assert_eq!(found.grid, [Block::Xlet(Xlet::Identity)]);
        assert_eq!(docked(&found), [Xlet::Switchboard, Xlet::Directory]);
        let found = with(&[
            (Xlet::Queues, Position::Dock, None),
            (Xlet::Agents, Position::Dock, Some(5)),
            (Xlet::Fax, Position::Dock, Some(2)),
        ]);
        assert_eq!((docked(&found), found.grid), (vec![Xlet::Fax, Xlet::Agents, Xlet::Queues], Vec::new()));
    }

    #[test]
    fn tabs_vanish_without_a_tabber_in_grid() {
        let found = with(&[(Xlet::People, Position::Tab, Some(0)), (Xlet::Fax, Position::Tab, None)]);
        assert_eq!(found.lost, [(Xlet::People, Loss::NoTabber), (Xlet::Fax, Loss::NoTabber)]);
        for position in [Position::Tab, Position::Dock] {
            let found = with(&[(Xlet::Tabber, position, Some(0)), (Xlet::People, Position::Tab, Some(1))]);
            assert_eq!(found.lost, [(Xlet::Tabber, Loss::NotInGrid), (Xlet::People, Loss::NoTabber)]);
            assert_eq!((found.grid.len(), found.docks.len()), (0, 0));
        }
    }

    #[test]
    fn a_tabber_without_tabs_shows_nothing() {
        let found = with(&[(Xlet::Identity, Position::Grid, Some(0)), (Xlet::Tabber, Position::Grid, Some(1))]);
        assert_eq!(found.grid, [Block::Xlet(Xlet::Identity)]);
        assert_eq!(found.lost, [(Xlet::Tabber, Loss::NoTabs)]);
    }

    #[test]
    fn a_grid_xlet_without_a_number_is_put_on_top_of_the_others() {
        let found = with(&[
            (Xlet::DateTime, Position::Grid, None),
            (Xlet::Identity, Position::Grid, Some(0)),
            (Xlet::People, Position::Grid, Some(1)),
            (Xlet::Fax, Position::Grid, Some(900)),
        ]);
        let order = [Xlet::DateTime, Xlet::Identity, Xlet::People, Xlet::Fax].map(Block::Xlet);
        assert_eq!(found.grid, order);
    }

    #[test]
    fn nothing_makes_an_empty_window() {
        assert_eq!(with(&[]), Sketch::default());
    }
}
