//! Presences: the groups, in a group its presences as a table and as a matrix of what may follow on what, and the forms
//! for both (settings §1.4, §4.1).

mod form;
mod group;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use crate::settings::id::{Id as _, PresenceGroupId};
use crate::settings::rule::count;
use crate::settings::table::Kind;
use crate::tui::ask::Question;
use crate::tui::commands::Command;
use crate::tui::form::Form;
use crate::tui::keys::Key;
use crate::tui::office::Office;
use crate::tui::screen::{Answer, Screen, Target};
use crate::tui::theme;
use crate::tui::widgets::list::{List, MOVES, cell};

use form::GroupModel;
use group::Group;

/// The list of presence groups.
pub(super) struct Groups {
    list: List<PresenceGroupId>,
}

impl Groups {
    pub(super) fn open(office: &Office) -> Self {
        Self { list: List::new(ids(office)) }
    }

    fn moved(&mut self, key: Key, _office: &mut Office) -> Answer {
        self.list.press(key);
        Answer::Stay
    }

    fn enter(&mut self, office: &mut Office) -> Answer {
        match self.list.chosen() {
            Some(id) => Answer::Push(Box::new(Group::open(id, office))),
            None => Answer::Stay,
        }
    }

    fn add(&mut self, office: &mut Office) -> Answer {
        Answer::Push(Box::new(Form::open(GroupModel::new(), office)))
    }

    fn edit(&mut self, office: &mut Office) -> Answer {
        match self.list.chosen() {
            Some(id) => Answer::Push(Box::new(Form::open(GroupModel::of(id, office), office))),
            None => Answer::Stay,
        }
    }

    fn remove(&mut self, office: &mut Office) -> Answer {
        let Some(group) = self.list.chosen().and_then(|id| office.configuration.presence_groups.get(id)) else {
            return Answer::Stay;
        };
        // A refusal is told before anybody is asked.
        let mut draft = (*office.configuration).clone();
        if let Err(refusal) = draft.remove_presence_group(group.id) {
            office.fail(refusal.to_string());
            return Answer::Stay;
        }
        let (id, words) = (group.id, format!("presence group \"{}\" was removed", group.name));
        let text = format!("It holds {}.", count(office.configuration.presences_of(id).len(), "presence"));
        let question = Question::new(format!("Remove group {}?", group.name), text)
            .choice('y', "remove it", move |office| {
                office.change_and_tell(words, None, |c| c.remove_presence_group(id));
                Answer::Stay
            })
            .stay("keep it");
        Answer::Push(Box::new(question))
    }
}

fn ids(office: &Office) -> Vec<PresenceGroupId> {
    office.configuration.presence_groups.iter().map(|group| group.id).collect()
}

impl Screen for Groups {
    fn title(&self, _office: &Office) -> String {
        "groups".to_owned()
    }

    fn commands(&self, office: &Office) -> Vec<Command<Self>> {
        let chosen = self.list.chosen().and_then(|id| office.configuration.presence_groups.get(id));
        let none = chosen.is_none().then_some("there is no group");
        let default = chosen.is_some_and(|group| !group.deletable).then_some("the default group stays (rule P14)");
        vec![
            Command::keyed(MOVES, "move", "Move the cursor", Self::moved),
            Command::new([Key::ENTER], "open", "Show the presences of the group", Self::enter).blocked(none),
            Command::new([Key::char('a')], "add", "Add a group, seeded with the default presences", Self::add)
                .edits(office),
            Command::new([Key::char('e')], "edit", "Edit name and description", Self::edit).blocked(none).edits(office),
            Command::new(
                [Key::char('d'), Key::DELETE],
                "remove",
                "Remove the group, if no profile uses it",
                Self::remove,
            )
            .blocked(none)
            .blocked(default)
            .edits(office),
        ]
    }

    fn heard(&mut self, office: &mut Office) {
        self.list.set(ids(office));
    }

    fn reveal(&mut self, target: Target, office: &mut Office) -> Answer {
        match target.kind {
            Kind::PresenceGroup => {
                self.list.choose(PresenceGroupId::new(target.id));
                Answer::Stay
            }
            Kind::Presence => {
                Group::of_presence(target.id, office).map_or(Answer::Stay, |group| Answer::Push(Box::new(group)))
            }
            _ => Answer::Stay,
        }
    }

    fn clicked(&mut self, at: Position, office: &mut Office) -> Answer {
        if self.list.clicked(at) { self.enter(office) } else { Answer::Stay }
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, office: &Office) {
        let head = format!(" {}{}{}description", cell("group", 24), cell("presences", 9), cell("used by", 22));
        frame.buffer_mut().set_stringn(area.x, area.y, head, usize::from(area.width), theme::TITLE);
        let c = &office.configuration;
        self.list.draw(frame, Rect { y: area.y + 1, height: area.height - 1, ..area }, true, |id| {
            let Some(group) = c.presence_groups.get(id) else { return Line::raw("") };
            let users = c.profiles.iter().filter(|profile| profile.presence_group == id).count();
            Line::raw(format!(
                " {}{}{}{}",
                cell(group.name.as_str(), 24),
                cell(&c.presences_of(id).len().to_string(), 9),
                cell(&count(users, "profile"), 22),
                group.description
            ))
        });
    }
}
