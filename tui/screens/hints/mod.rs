//! Phone hints: the groups, in a group what each state of a telephone is called and looks like, and the forms for both
//! (settings §1.5, §4.2).

mod form;
mod group;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use crate::settings::configuration::Configuration;
use crate::settings::id::{Id as _, PhoneHintGroupId};
use crate::settings::rule::count;
use crate::settings::table::Kind;
use crate::tui::ask::Removal;
use crate::tui::commands::Command;
use crate::tui::form::Form;
use crate::tui::keys::Key;
use crate::tui::office::Office;
use crate::tui::screen::{Answer, Screen, Target};
use crate::tui::theme;
use crate::tui::widgets::columns::{Column, fit};
use crate::tui::widgets::foot::Foot;
use crate::tui::widgets::list::{List, MOVES, cell};

use form::GroupModel;
use group::Group;

/// The list of phone hint groups.
pub(super) struct Groups {
    list: List<PhoneHintGroupId>,
}

impl Groups {
    pub(super) fn open(office: &Office) -> Self {
        Self { list: List::new(ids(&office.configuration)) }
    }

    fn moved(&mut self, key: Key, _office: &mut Office) -> Answer {
        self.list.press(key);
        Answer::Stay
    }

    fn enter(&mut self, _office: &mut Office) -> Answer {
        self.list.chosen().map_or(Answer::Stay, |id| Answer::Push(Box::new(Group::open(id))))
    }

    fn add(&mut self, office: &mut Office) -> Answer {
        self.list.await_new();
        Answer::Push(Box::new(Form::open(GroupModel::new(), office)))
    }

    fn edit(&mut self, office: &mut Office) -> Answer {
        let Some(id) = self.list.chosen() else { return Answer::Stay };
        Answer::Push(Box::new(Form::open(GroupModel::of(id, office), office)))
    }

    fn remove(&mut self, office: &mut Office) -> Answer {
        let Some(group) = self.list.chosen().and_then(|id| office.configuration.phone_hint_groups.get(id)) else {
            return Answer::Stay;
        };
        let id = group.id;
        let removal = Removal {
            target: Target { kind: Kind::PhoneHintGroup, id: id.number() },
            title: format!("Remove group {}?", group.name),
            text: "Its texts and colors will be removed with it. No profile uses it.".to_owned(),
            words: format!("phone hint group \"{}\" was removed", group.name),
        };
        removal.ask(office, move |c| c.remove_phone_hint_group(id))
    }

    fn draw_foot(&self, frame: &mut Frame<'_>, area: Rect, c: &Configuration) {
        let Some(group) = self.list.chosen().and_then(|id| c.phone_hint_groups.get(id)) else { return };
        let mut foot = Foot::new(group.name.as_str(), area.width);
        let users = profiles(group.id, c);
        foot.say("used by", &if users.is_empty() { "no profile".to_owned() } else { users.join(", ") });
        foot.say("description", group.description.as_str());
        if !group.deletable {
            foot.say("=", "belongs to ctibox: it may be edited, not removed");
        }
        foot.draw(frame, area);
    }
}

fn ids(c: &Configuration) -> Vec<PhoneHintGroupId> {
    c.phone_hint_groups.iter().map(|group| group.id).collect()
}

fn profiles(group: PhoneHintGroupId, c: &Configuration) -> Vec<&str> {
    let users = c.profiles.iter().filter(|profile| profile.phone_hint_group == group);
    users.map(|profile| profile.name.as_str()).collect()
}

impl Screen for Groups {
    fn title(&self, _office: &Office) -> String {
        "groups".to_owned()
    }

    fn commands(&self, office: &Office) -> Vec<Command<Self>> {
        let none = self.list.chosen().is_none().then_some("there is no group");
        vec![
            Command::keyed(MOVES, "move", "Move the cursor", Self::moved),
            Command::new([Key::ENTER], "open", "Show the hints of the group", Self::enter).blocked(none),
            Command::new([Key::char('a')], "add", "Add a group, filled with the default hints", Self::add)
                .edits(office),
            Command::new([Key::char('e')], "edit", "Edit name and description", Self::edit).blocked(none).edits(office),
            Command::new(
                [Key::char('d'), Key::DELETE],
                "remove",
                "Remove the group, if no profile uses it",
                Self::remove,
            )
            .blocked(none)
            .edits(office),
        ]
    }

    fn heard(&mut self, office: &mut Office) {
        self.list.set(ids(&office.configuration));
    }

    fn reveal(&mut self, target: Target, office: &mut Office) -> Answer {
        if target.kind == Kind::PhoneHintGroup && self.list.choose(PhoneHintGroupId::new(target.id)) {
            return self.enter(office);
        }
        Answer::Stay
    }

    fn clicked(&mut self, at: Position, office: &mut Office) -> Answer {
        if self.list.clicked(at) { self.enter(office) } else { Answer::Stay }
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, office: &Office) {
        let names = office.configuration.phone_hint_groups.iter().map(|group| group.name.as_str());
        let design = 30 + usize::from(area.width.saturating_sub(80) / 4);
        let [name] = fit(area.width.saturating_sub(27), [Column::new(design, "group").holding(names)]);
        let head = format!("  {}{}description", cell("group", name), cell("used by", 14));
        frame.buffer_mut().set_stringn(area.x, area.y, head, usize::from(area.width), theme::TITLE);
        let foot_rows = area.height * 2 / 5;
        let rows = area.height - 1 - foot_rows;
        let c = &office.configuration;
        self.list.draw(frame, Rect { y: area.y + 1, height: rows, ..area }, true, |id| {
            let Some(group) = c.phone_hint_groups.get(id) else { return Line::raw("") };
            // The default group cannot be removed.
            let lock = if group.deletable { " " } else { "=" };
            let users = count(profiles(id, c).len(), "profile");
            Line::raw(format!("{lock} {}{}{}", cell(group.name.as_str(), name), cell(&users, 14), group.description))
        });
        self.draw_foot(frame, Rect { y: area.y + 1 + rows, height: foot_rows, ..area }, c);
    }
}
