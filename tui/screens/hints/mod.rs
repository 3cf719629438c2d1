//! Phone hints: the groups, in a group what each state of a telephone is called and looks like, and the forms for both
//! (settings §1.5, §4.2).

pub(super) mod form;
mod group;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use crate::settings::configuration::Configuration;
use crate::settings::id::{Id as _, PhoneHintGroupId};
use crate::settings::rule::count;
use crate::settings::table::Kind;
use crate::tui::app::{App, Detail, Target, Transition};
use crate::tui::ask::{Removal, always};
use crate::tui::commands::Command;
use crate::tui::detail;
use crate::tui::filter::Filter;
use crate::tui::form::Form;
use crate::tui::keys::Key;
use crate::tui::screen::Screen;
use crate::tui::theme;
use crate::tui::widgets::columns::{Column, cells, fit};
use crate::tui::widgets::foot::Foot;
use crate::tui::widgets::list::{List, MOVES};

use form::HintGroupModel;
use group::HintsPage;

/// The list of phone hint groups.
pub(super) struct HintGroups {
    list: List<PhoneHintGroupId>,
    filter: Filter,
}

impl HintGroups {
    pub(super) fn open(app: &App) -> Self {
        let mut groups = Self { list: List::default(), filter: Filter::new(&[]) };
        groups.look(app);
        groups
    }

    fn look(&mut self, app: &App) {
        let groups = app.configuration.phone_hint_groups.iter();
        let rows = groups.map(|group| (group.id, format!("{} {}", group.name, group.description)));
        self.filter.narrow_texts(&mut self.list, rows);
    }

    fn moved(&mut self, key: Key, _app: &mut App) -> Transition {
        self.list.press(key);
        Transition::Stay
    }

    fn enter(&mut self, _app: &mut App) -> Transition {
        self.list.chosen().map_or(Transition::Stay, |id| Transition::Push(Box::new(HintsPage::open(id))))
    }

    fn add(&mut self, app: &mut App) -> Transition {
        self.list.await_new();
        Transition::Push(Box::new(Form::open(HintGroupModel::new(), app)))
    }

    fn edit(&mut self, app: &mut App) -> Transition {
        let Some(id) = self.list.chosen() else { return Transition::Stay };
        Transition::Push(Box::new(Form::open(HintGroupModel::of(id, app), app)))
    }

    fn remove(&mut self, app: &mut App) -> Transition {
        let Some(group) = self.list.chosen().and_then(|id| app.configuration.phone_hint_groups.get(id)) else {
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
        let group = self.list.chosen().and_then(|id| c.phone_hint_groups.get(id))?;
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
        let none = self.list.chosen().is_none().then_some("there is no group");
        vec![
            Command::keyed(MOVES, "move", "Move the cursor", Self::moved),
            Command::new([Key::ENTER], "open", "Show the hints of the group", Self::enter).blocked(none),
            Command::new([Key::char('a')], "add", "Add a group with the default hints", Self::add).edits(app),
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

    fn on_update(&mut self, app: &mut App) {
        self.look(app);
    }

    fn reveal(&mut self, target: Target, app: &mut App) -> Transition {
        if target.kind != Kind::PhoneHintGroup {
            return Transition::Stay;
        }
        let id = PhoneHintGroupId::new(target.id);
        if !self.list.choose(id) {
            self.filter.clear();
            self.look(app);
        }
        if self.list.choose(id) { self.enter(app) } else { Transition::Stay }
    }

    fn clicked(&mut self, at: Position, app: &mut App) -> Transition {
        if self.list.clicked(at) { self.enter(app) } else { Transition::Stay }
    }

    fn detail(&self, width: u16, app: &App) -> Option<Detail> {
        let foot = self.foot(Some("the group"), width, &app.configuration)?;
        Some(Detail::screen(Box::new(HintsPage::open(self.list.chosen()?))).above(foot))
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, app: &App) {
        let groups = || app.configuration.phone_hint_groups.iter();
        let columns = [
            Column::new(30, "group").holding(groups().map(|group| group.name.as_str())),
            Column::new(14, "used by"),
            Column::new(20, "description").holding(groups().map(|group| group.description.as_str())).if_room(),
        ];
        let widths = fit(area.width.saturating_sub(2), columns);
        let head = format!("  {}", cells(["group", "used by", "description"], &widths));
        frame.buffer_mut().set_stringn(area.x, area.y, head, usize::from(area.width), theme::HEAD);
        let foot_rows = detail::foot_rows(frame, area.height * 2 / 5);
        let rows = area.height - 1 - foot_rows;
        let c = &app.configuration;
        self.list.draw(frame, Rect { y: area.y + 1, height: rows, ..area }, true, |id| {
            let Some(group) = c.phone_hint_groups.get(id) else { return Line::raw("") };
            // The default group cannot be removed.
            let lock = if group.deletable { " " } else { "=" };
            let users = count(profiles(id, c).len(), "profile");
            let texts = [group.name.as_str(), &users, group.description.as_str()];
            Line::raw(format!("{lock} {}", cells(texts, &widths)))
        });
        if let Some(foot) = self.foot(None, area.width, c) {
            foot.draw(frame, Rect { y: area.y + 1 + rows, height: foot_rows, ..area });
        }
    }
}
