//! Presences: the groups, in a group its presences as a table and as a matrix of what may follow on what, and the forms
//! for both (settings §1.4, §4.1).

pub(super) mod form;
mod group;
mod marks;
mod matrix;
mod removal;

use std::collections::BTreeMap;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use crate::settings::configuration::Configuration;
use crate::settings::id::{Id as _, PresenceGroupId, PresenceId};
use crate::settings::rule::count;
use crate::settings::table::Kind;
use crate::tui::app::{App, Detail, DynScreen, Target, Transition};
use crate::tui::ask::Removal;
use crate::tui::commands::Command;
use crate::tui::detail;
use crate::tui::filter::Filter;
use crate::tui::form::Form;
use crate::tui::keys::Key;
use crate::tui::screen::Screen;
use crate::tui::theme;
use crate::tui::widgets::columns::{Column, cells, fit};
use crate::tui::widgets::list::{List, MOVES};

use crate::tui::widgets::foot::Foot;
use form::PresenceGroupModel;
use group::PresenceTable;
use marks::GroupFindings;
use matrix::Matrix;

/// The list of presence groups.
pub(super) struct PresenceGroups {
    list: List<PresenceGroupId>,
    filter: Filter,
    marks: BTreeMap<PresenceGroupId, GroupFindings>,
}

impl PresenceGroups {
    pub(super) fn open(app: &App) -> Self {
        let mut groups = Self { list: List::default(), filter: Filter::new(&[]), marks: marks(&app.configuration) };
        groups.look(app);
        groups
    }

    /// A group is found by its presences too.
    fn look(&mut self, app: &App) {
        let c = &app.configuration;
        let rows = c.presence_groups.iter().map(|group| {
            let presences = c.presences_of(group.id).into_iter().map(|one| format!("{} {}", one.name, one.display));
            let presences: Vec<String> = presences.collect();
            (group.id, format!("{} {} {}", group.name, group.description, presences.join(" ")))
        });
        self.filter.narrow_texts(&mut self.list, rows);
    }

    fn moved(&mut self, key: Key, _app: &mut App) -> Transition {
        self.list.press(key);
        Transition::Stay
    }

    fn enter(&mut self, app: &mut App) -> Transition {
        match self.list.chosen() {
            Some(id) => Transition::Push(Box::new(PresenceTable::open(id, app))),
            None => Transition::Stay,
        }
    }

    fn add(&mut self, app: &mut App) -> Transition {
        self.list.await_new();
        Transition::Push(Box::new(Form::open(PresenceGroupModel::new(), app)))
    }

    fn edit(&mut self, app: &mut App) -> Transition {
        match self.list.chosen() {
            Some(id) => Transition::Push(Box::new(Form::open(PresenceGroupModel::of(id, app), app))),
            None => Transition::Stay,
        }
    }

    fn remove(&mut self, app: &mut App) -> Transition {
        let Some(group) = self.list.chosen().and_then(|id| app.configuration.presence_groups.get(id)) else {
            return Transition::Stay;
        };
        let id = group.id;
        let text = move |app: &App| {
            let presences = count(app.configuration.presences_of(id).len(), "presence");
            format!("{presences} will be removed with it. No profile uses it.")
        };
        let removal = Removal {
            target: Target { kind: Kind::PresenceGroup, id: id.number() },
            title: format!("Remove group {}?", group.name),
            text: Box::new(text),
            words: format!("presence group \"{}\" was removed", group.name),
        };
        removal.ask(app, move |c| c.remove_presence_group(id))
    }
}

impl PresenceGroups {
    /// About the chosen one.
    fn foot(&self, title: Option<&str>, width: u16, c: &Configuration) -> Option<Foot> {
        let group = self.list.chosen().and_then(|id| c.presence_groups.get(id))?;
        let mut foot = Foot::new(title.unwrap_or(group.name.as_str()), width);
        if let Some(marks) = self.marks.get(&group.id) {
            marks.tell(&mut foot, &[], c);
        }
        let users = profiles(group.id, c);
        foot.say("used by", &if users.is_empty() { "no profile".to_owned() } else { users.join(", ") });
        foot.say("description", group.description.as_str());
        if !group.deletable {
            foot.say("=", "comes with ctibox: it can be edited, not removed");
        }
        Some(foot)
    }
}

/// A group as a table with the cursor on that presence, if it is still there.
fn table_of(group: PresenceGroupId, chosen: Option<PresenceId>, app: &App) -> Box<dyn DynScreen> {
    let chosen = chosen.and_then(|id| PresenceTable::of_presence(id, app));
    Box::new(chosen.unwrap_or_else(|| PresenceTable::open(group, app)))
}

/// The same group as a matrix.
fn matrix_of(group: PresenceGroupId, chosen: Option<PresenceId>, app: &App) -> Box<dyn DynScreen> {
    Box::new(Matrix::open(group, chosen, app))
}

fn marks(c: &Configuration) -> BTreeMap<PresenceGroupId, GroupFindings> {
    c.presence_groups.iter().map(|group| (group.id, GroupFindings::of(group.id, c))).collect()
}

fn profiles(group: PresenceGroupId, c: &Configuration) -> Vec<&str> {
    let users = c.profiles.iter().filter(|profile| profile.presence_group == group);
    users.map(|profile| profile.name.as_str()).collect()
}

impl Screen for PresenceGroups {
    fn title(&self, _app: &App) -> String {
        "groups".to_owned()
    }

    fn commands(&self, app: &App) -> Vec<Command<Self>> {
        let none = self.list.chosen().is_none().then_some("there is no group");
        vec![
            Command::keyed(MOVES, "move", "Move the cursor", Self::moved),
            Command::new([Key::ENTER], "open", "Show the presences of the group", Self::enter).blocked(none),
            Command::new([Key::char('a')], "add", "Add a group with the default presences", Self::add).edits(app),
            Command::new([Key::char('e')], "edit", "Edit name and description", Self::edit).blocked(none).edits(app),
            Command::new(
                [Key::char('d'), Key::DELETE],
                "remove",
                "Remove the group if no profile uses it",
                Self::remove,
            )
            .blocked(none)
            .edits(app),
        ]
    }

    fn filter(&self) -> Option<&Filter> {
        Some(&self.filter)
    }

    fn filter_mut(&mut self) -> Option<&mut Filter> {
        Some(&mut self.filter)
    }

    fn on_filter(&mut self, app: &mut App) {
        self.look(app);
    }

    fn on_update(&mut self, app: &mut App) {
        self.look(app);
        self.marks = marks(&app.configuration);
    }

    fn reveal(&mut self, target: Target, app: &mut App) -> Transition {
        match target.kind {
            Kind::PresenceGroup => {
                let id = PresenceGroupId::new(target.id);
                if !self.list.choose(id) {
                    self.filter.clear();
                    self.look(app);
                    self.list.choose(id);
                }
                Transition::Stay
            }
            Kind::Presence => PresenceTable::of_presence(PresenceId::new(target.id), app)
                .map_or(Transition::Stay, |group| Transition::Push(Box::new(group))),
            _ => Transition::Stay,
        }
    }

    fn clicked(&mut self, at: Position, app: &mut App) -> Transition {
        if self.list.clicked(at) { self.enter(app) } else { Transition::Stay }
    }

    fn detail(&self, width: u16, app: &App) -> Option<Detail> {
        let foot = self.foot(Some("the group"), width, &app.configuration)?;
        Some(Detail::screen(table_of(self.list.chosen()?, None, app)).above(foot))
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, app: &App) {
        let groups = || app.configuration.presence_groups.iter();
        let columns = [
            Column::new(24, "group").holding(groups().map(|group| group.name.as_str())),
            Column::new(9, "presences"),
            Column::new(12, "used by"),
            Column::new(20, "description").holding(groups().map(|group| group.description.as_str())).if_room(),
        ];
        let widths = fit(area.width.saturating_sub(3), columns);
        let head = format!("   {}", cells(["group", "presences", "used by", "description"], &widths));
        frame.buffer_mut().set_stringn(area.x, area.y, head, usize::from(area.width), theme::HEAD);
        let foot_rows = detail::foot_rows(frame, area.height * 2 / 5);
        let rows = area.height - 1 - foot_rows;
        let c = &app.configuration;
        let marks = &self.marks;
        self.list.draw(frame, Rect { y: area.y + 1, height: rows, ..area }, true, |id| {
            let Some(group) = c.presence_groups.get(id) else { return Line::raw("") };
            // The default group cannot be removed.
            let lock = if group.deletable { " " } else { "=" };
            let sign = marks.get(&id).map_or(" ", GroupFindings::worst);
            let (presences, used) = (c.presences_of(id).len().to_string(), count(profiles(id, c).len(), "profile"));
            let texts = [group.name.as_str(), &presences, &used, group.description.as_str()];
            Line::raw(format!("{sign}{lock} {}", cells(texts, &widths)))
        });
        if let Some(foot) = self.foot(None, area.width, c) {
            foot.draw(frame, Rect { y: area.y + 1 + rows, height: foot_rows, ..area });
        }
    }
}
