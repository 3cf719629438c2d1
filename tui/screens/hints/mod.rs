//! Phone hints: the groups, in a group what each state of a telephone is called and looks like, and the forms for both
//! (settings §1.5, §4.2).

pub(super) mod form;
mod group;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::settings::configuration::Configuration;
use crate::settings::id::{Id as _, PhoneHintGroupId};
use crate::settings::rule::count;
use crate::settings::table::Kind;
use crate::tui::app::{App, Detail, Rows, Target, Transition};
use crate::tui::ask::{Removal, always};
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

use form::HintGroupModel;
use group::HintsPage;

/// The list of phone hint groups.
pub(super) struct HintGroups {
    table: TableView<PhoneHintGroupId, HintGroupColumn>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum HintGroupColumn {
    Name,
    UsedBy,
    Description,
}

impl TableColumn for HintGroupColumn {
    const ALL: &'static [Self] = &[Self::Name, Self::UsedBy, Self::Description];

    fn design(self) -> ColumnDesign {
        match self {
            Self::Name => ColumnDesign::new("group", 30),
            Self::UsedBy => ColumnDesign::new("used by", 14),
            Self::Description => ColumnDesign::new("description", 20).need(Need::ByDesign(1)),
        }
    }
}

struct HintGroupRows<'a>(&'a Configuration);

impl TableRows for HintGroupRows<'_> {
    type Id = PhoneHintGroupId;
    type Column = HintGroupColumn;

    const SIGN_WIDTH: u16 = 2;

    fn ids(&self) -> Vec<PhoneHintGroupId> {
        self.0.phone_hint_groups.iter().map(|group| group.id).collect()
    }

    fn searched(&self, id: PhoneHintGroupId) -> Folded<'_> {
        let group = self.0.phone_hint_groups.get(id);
        group.map_or_else(Folded::default, |group| Folded::of(&format!("{} {}", group.name, group.description)))
    }

    fn cell(&self, id: PhoneHintGroupId, column: HintGroupColumn) -> Line<'static> {
        let Some(group) = self.0.phone_hint_groups.get(id) else { return Line::default() };
        Line::raw(match column {
            HintGroupColumn::Name => group.name.to_string(),
            HintGroupColumn::UsedBy => count(profiles(id, self.0).len(), "profile"),
            HintGroupColumn::Description => group.description.to_string(),
        })
    }

    fn sort_key(&self, id: PhoneHintGroupId, column: HintGroupColumn) -> SortKey<'_> {
        match column {
            HintGroupColumn::UsedBy => SortKey::count(profiles(id, self.0).len()),
            HintGroupColumn::Name | HintGroupColumn::Description => SortKey::of_cell(&self.cell(id, column)),
        }
    }

    /// The default group cannot be removed.
    fn sign(&self, id: PhoneHintGroupId) -> Span<'static> {
        let is_deletable = self.0.phone_hint_groups.get(id).is_none_or(|group| group.deletable);
        Span::raw(if is_deletable { "  " } else { "= " })
    }

    fn empty_words(&self) -> Line<'static> {
        Line::styled(" There is no group of phone hints yet; `a` adds one.", theme::MUTED)
    }
}

impl HintGroups {
    pub(super) fn open(app: &App) -> Self {
        let mut table = TableView::new(&[]);
        table.look(&HintGroupRows(&app.configuration));
        Self { table }
    }

    fn enter(&mut self, app: &mut App) -> Transition {
        self.table.chosen().map_or(Transition::Stay, |id| Transition::Push(Box::new(HintsPage::open(id, app))))
    }

    fn add(&mut self, app: &mut App) -> Transition {
        self.table.await_new(app.own_changes());
        Transition::Push(Box::new(Form::open(HintGroupModel::new(), app)))
    }

    fn edit(&mut self, app: &mut App) -> Transition {
        let Some(id) = self.table.chosen() else { return Transition::Stay };
        Transition::Push(Box::new(Form::open(HintGroupModel::of(id, app), app)))
    }

    fn remove(&mut self, app: &mut App) -> Transition {
        let Some(group) = self.table.chosen().and_then(|id| app.configuration.phone_hint_groups.get(id)) else {
            return Transition::Stay;
        };
        let id = group.id;
        let removal = Removal {
            target: Target { kind: Kind::PhoneHintGroup, id: id.number() },
            title: format!("Remove group {}?", group.name),
            text: always("Its texts and colors will be removed with it. No profile uses it."),
            words: format!("phone hint group \"{}\" was removed", group.name),
        };
        removal.ask(app, move |c| c.remove_phone_hint_group(id))
    }

    /// About the chosen one.
    fn foot(&self, title: Option<&str>, width: u16, c: &Configuration) -> Option<Foot> {
        let group = self.table.chosen().and_then(|id| c.phone_hint_groups.get(id))?;
        let mut foot = Foot::new(title.unwrap_or(group.name.as_str()), width);
        let users = profiles(group.id, c);
        foot.say("used by", &if users.is_empty() { "no profile".to_owned() } else { users.join(", ") });
        foot.say("description", group.description.as_str());
        if !group.deletable {
            foot.say("=", "comes with ctibox: it can be edited, not removed");
        }
        Some(foot)
    }
}

fn profiles(group: PhoneHintGroupId, c: &Configuration) -> Vec<&str> {
    let users = c.profiles.iter().filter(|profile| profile.phone_hint_group == group);
    users.map(|profile| profile.name.as_str()).collect()
}

impl Screen for HintGroups {
    fn title(&self, _app: &App) -> String {
        "groups".to_owned()
    }

    fn commands(&self, app: &App) -> Vec<Command<Self>> {
        let none = self.table.obstacle("there is no group");
        vec![
            Command::new([Action::Open], "open", "Show the hints of the group", Self::enter).blocked(none),
            Command::new([Action::Add], "add", "Add a group with the default hints", Self::add).edits(app),
            Command::new([Action::Edit], "edit", "Edit name and description", Self::edit).blocked(none).edits(app),
            Command::new([Action::Remove], "remove", "Remove the group if no profile uses it", Self::remove)
                .blocked(none)
                .edits(app),
        ]
    }

    fn rows(&self) -> Option<Rows> {
        Rows::chosen(Kind::PhoneHintGroup, self.table.chosen())
    }

    fn table(&self) -> Option<&dyn AnyTable> {
        Some(&self.table)
    }

    fn table_mut(&mut self) -> Option<&mut dyn AnyTable> {
        Some(&mut self.table)
    }

    fn on_update(&mut self, app: &mut App) {
        self.table.look(&HintGroupRows(&app.configuration));
    }

    fn reveal(&mut self, target: Target, app: &mut App) -> Transition {
        if target.kind != Kind::PhoneHintGroup {
            return Transition::Stay;
        }
        let id = PhoneHintGroupId::new(target.id);
        if self.table.choose(id, &HintGroupRows(&app.configuration)) { self.enter(app) } else { Transition::Stay }
    }

    fn detail(&self, width: u16, app: &App) -> Option<Detail> {
        let foot = self.foot(Some("the group"), width, &app.configuration)?;
        Some(Detail::screen(Box::new(HintsPage::open(self.table.chosen()?, app))).above(foot))
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, app: &App) {
        let c = &app.configuration;
        let foot = self.foot(None, area.width, c);
        self.table.draw_above(frame, area, &HintGroupRows(c), (foot, area.height * 2 / 5));
    }
}
