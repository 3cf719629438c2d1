//! Presences: the groups, in a group its presences as a table and as a matrix of what may follow on what, and the forms
//! for both (settings §1.4, §4.1).

pub(super) mod form;
mod group;
mod marks;
mod matrix;
mod removal;

use std::collections::BTreeMap;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::settings::configuration::Configuration;
use crate::settings::id::{Id as _, PresenceGroupId, PresenceId};
use crate::settings::rule::count;
use crate::settings::table::Kind;
use crate::tui::app::{App, Detail, DynScreen, Rows, Target, Transition};
use crate::tui::ask::Removal;
use crate::tui::commands::Command;
use crate::tui::filter::Folded;
use crate::tui::form::Form;
use crate::tui::key_table::Action;
use crate::tui::screen::Screen;
use crate::tui::table_view::{AnyTable, TableRows, TableView};
use crate::tui::theme;
use crate::tui::widgets::columns::{ColumnDesign, Need, TableColumn};
use crate::tui::widgets::foot::Foot;
use crate::tui::widgets::heads::SortKey;

use form::PresenceGroupModel;
use group::PresenceTable;
use marks::GroupFindings;
use matrix::Matrix;

/// The list of presence groups.
pub(super) struct PresenceGroups {
    table: TableView<PresenceGroupId, PresenceGroupColumn>,
    marks: BTreeMap<PresenceGroupId, GroupFindings>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum PresenceGroupColumn {
    Name,
    Presences,
    UsedBy,
    Description,
}

impl TableColumn for PresenceGroupColumn {
    const ALL: &'static [Self] = &[Self::Name, Self::Presences, Self::UsedBy, Self::Description];

    fn design(self) -> ColumnDesign {
        match self {
            Self::Name => ColumnDesign::new("group", 24),
            Self::Presences => ColumnDesign::new("presences", 9),
            Self::UsedBy => ColumnDesign::new("used by", 12),
            Self::Description => ColumnDesign::new("description", 20).need(Need::ByDesign(1)),
        }
    }
}

struct PresenceGroupRows<'a> {
    c: &'a Configuration,
    marks: &'a BTreeMap<PresenceGroupId, GroupFindings>,
}

impl TableRows for PresenceGroupRows<'_> {
    type Id = PresenceGroupId;
    type Column = PresenceGroupColumn;

    const SIGN_WIDTH: u16 = 3;

    fn ids(&self) -> Vec<PresenceGroupId> {
        self.c.presence_groups.iter().map(|group| group.id).collect()
    }

    /// A group is found by its presences too.
    fn searched(&self, id: PresenceGroupId) -> Folded<'_> {
        let Some(group) = self.c.presence_groups.get(id) else { return Folded::default() };
        let presences = self.c.presences_of(id).into_iter().map(|one| format!("{} {}", one.name, one.display));
        let presences: Vec<String> = presences.collect();
        Folded::of(&format!("{} {} {}", group.name, group.description, presences.join(" ")))
    }

    fn cell(&self, id: PresenceGroupId, column: PresenceGroupColumn) -> Line<'static> {
        let Some(group) = self.c.presence_groups.get(id) else { return Line::default() };
        Line::raw(match column {
            PresenceGroupColumn::Name => group.name.to_string(),
            PresenceGroupColumn::Presences => self.c.presences_of(id).len().to_string(),
            PresenceGroupColumn::UsedBy => count(profiles(id, self.c).len(), "profile"),
            PresenceGroupColumn::Description => group.description.to_string(),
        })
    }

    fn sort_key(&self, id: PresenceGroupId, column: PresenceGroupColumn) -> SortKey<'_> {
        match column {
            PresenceGroupColumn::UsedBy => SortKey::count(profiles(id, self.c).len()),
            PresenceGroupColumn::Name | PresenceGroupColumn::Presences | PresenceGroupColumn::Description => {
                SortKey::of_cell(&self.cell(id, column))
            }
        }
    }

    /// What is wrong at the worst, and whether it cannot be removed.
    fn sign(&self, id: PresenceGroupId) -> Span<'static> {
        let is_deletable = self.c.presence_groups.get(id).is_none_or(|group| group.deletable);
        let worst = self.marks.get(&id).map_or(" ", GroupFindings::worst);
        Span::raw(format!("{worst}{} ", if is_deletable { " " } else { "=" }))
    }

    fn empty_words(&self) -> Line<'static> {
        Line::styled(" There is no group of presences yet; `a` adds one.", theme::MUTED)
    }
}

impl PresenceGroups {
    pub(super) fn open(app: &App) -> Self {
        let mut groups = Self { table: TableView::new(&[]), marks: marks(&app.configuration) };
        groups.look(app);
        groups
    }

    fn look(&mut self, app: &App) {
        self.table.look(&PresenceGroupRows { c: &app.configuration, marks: &self.marks });
    }

    fn enter(&mut self, app: &mut App) -> Transition {
        match self.table.chosen() {
            Some(id) => Transition::Push(Box::new(PresenceTable::open(id, app))),
            None => Transition::Stay,
        }
    }

    fn add(&mut self, app: &mut App) -> Transition {
        self.table.await_new(app.own_changes());
        Transition::Push(Box::new(Form::open(PresenceGroupModel::new(), app)))
    }

    fn edit(&mut self, app: &mut App) -> Transition {
        match self.table.chosen() {
            Some(id) => Transition::Push(Box::new(Form::open(PresenceGroupModel::of(id, app), app))),
            None => Transition::Stay,
        }
    }

    fn remove(&mut self, app: &mut App) -> Transition {
        let Some(group) = self.table.chosen().and_then(|id| app.configuration.presence_groups.get(id)) else {
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
        let group = self.table.chosen().and_then(|id| c.presence_groups.get(id))?;
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
        let none = self.table.obstacle("there is no group");
        vec![
            Command::new([Action::Open], "open", "Show the presences of the group", Self::enter).blocked(none),
            Command::new([Action::Add], "add", "Add a group with the default presences", Self::add).edits(app),
            Command::new([Action::Edit], "edit", "Edit name and description", Self::edit).blocked(none).edits(app),
            Command::new([Action::Remove], "remove", "Remove the group if no profile uses it", Self::remove)
                .blocked(none)
                .edits(app),
        ]
    }

    fn rows(&self) -> Option<Rows> {
        Rows::chosen(Kind::PresenceGroup, self.table.chosen())
    }

    fn table(&self) -> Option<&dyn AnyTable> {
        Some(&self.table)
    }

    fn table_mut(&mut self) -> Option<&mut dyn AnyTable> {
        Some(&mut self.table)
    }

    fn on_filter(&mut self, app: &mut App) {
        self.look(app);
    }

    fn on_update(&mut self, app: &mut App) {
        self.marks = marks(&app.configuration);
        self.look(app);
    }

    fn reveal(&mut self, target: Target, app: &mut App) -> Transition {
        match target.kind {
            Kind::PresenceGroup => {
                let rows = PresenceGroupRows { c: &app.configuration, marks: &self.marks };
                self.table.choose(PresenceGroupId::new(target.id), &rows);
                Transition::Stay
            }
            Kind::Presence => PresenceTable::of_presence(PresenceId::new(target.id), app)
                .map_or(Transition::Stay, |group| Transition::Push(Box::new(group))),
            _ => Transition::Stay,
        }
    }

    fn detail(&self, width: u16, app: &App) -> Option<Detail> {
        let foot = self.foot(Some("the group"), width, &app.configuration)?;
        Some(Detail::screen(table_of(self.table.chosen()?, None, app)).above(foot))
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, app: &App) {
        let c = &app.configuration;
        let foot = self.foot(None, area.width, c);
        let rows = PresenceGroupRows { c, marks: &self.marks };
        self.table.draw_above(frame, area, &rows, (foot, area.height * 2 / 5));
    }
}
