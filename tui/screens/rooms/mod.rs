//! Conference rooms: all of them with number, name, context and whether a PIN opens them, and the form. Who is in a room is
//! Asterisk's.

pub(super) mod form;

use std::collections::BTreeSet;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use crate::settings::conference::Conference;
use crate::settings::configuration::Configuration;
use crate::settings::id::{ConferenceId, ContextId, Id as _, ProfileId, UserId};
use crate::settings::label::{Labelled as _, context_name, number_order};
use crate::settings::profile::{Profile, Xlet};
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
use crate::tui::widgets::columns::{ColumnDesign, TableColumn};
use crate::tui::widgets::foot::Foot;

use super::marked_removal::MarkedRemoval;
use form::RoomModel;

pub(super) struct Rooms {
    table: TableView<ConferenceId, RoomColumn>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum RoomColumn {
    Number,
    Name,
    Context,
    Pin,
}

impl TableColumn for RoomColumn {
    const ALL: &'static [Self] = &[Self::Number, Self::Name, Self::Context, Self::Pin];

    fn design(self) -> ColumnDesign {
        match self {
            Self::Number => ColumnDesign::new("number", 14),
            Self::Name => ColumnDesign::new("name", 34),
            Self::Context => ColumnDesign::new("context", 18).where_rows_differ(),
            Self::Pin => ColumnDesign::new("PIN", 7),
        }
    }
}

struct RoomRows<'a>(&'a Configuration);

impl TableRows for RoomRows<'_> {
    type Id = ConferenceId;
    type Column = RoomColumn;

    /// By context and number.
    fn ids(&self) -> Vec<ConferenceId> {
        let mut rooms: Vec<&Conference> = self.0.conferences.iter().map(AsRef::as_ref).collect();
        rooms.sort_by_cached_key(|room| number_order(self.0, room.context, room.number.as_str()));
        rooms.iter().map(|room| room.id).collect()
    }

    fn searched(&self, id: ConferenceId) -> Folded<'_> {
        let room = self.0.conferences.get(id);
        room.map_or_else(Folded::default, |room| Folded::of(&format!("{} {}", room.number, room.name)))
    }

    fn field(&self, id: ConferenceId, name: &'static str) -> Folded<'_> {
        match (self.0.conferences.get(id), name) {
            (None, _) => Folded::default(),
            (Some(room), "context") => Folded::of(&context_name(self.0, room.context)),
            // Nothing is `pin:no`, anything `pin:yes`.
            (Some(room), _) => Folded::of(room.pin.as_ref().map_or("", |_| "set")),
        }
    }

    fn cell(&self, id: ConferenceId, column: RoomColumn) -> Line<'static> {
        let Some(room) = self.0.conferences.get(id) else { return Line::default() };
        Line::raw(match column {
            RoomColumn::Number => room.number.to_string(),
            RoomColumn::Name => room.name.to_string(),
            RoomColumn::Context => context_name(self.0, room.context),
            RoomColumn::Pin => if room.pin.is_some() { "set" } else { "not set" }.to_owned(),
        })
    }

    fn empty_words(&self) -> Line<'static> {
        Line::styled(" There is no conference room yet; `a` adds one.", theme::MUTED)
    }
}

impl Rooms {
    pub(super) fn open(app: &App) -> Self {
        let mut table = TableView::new(&["context", "pin"]).marked();
        table.look(&RoomRows(&app.configuration));
        Self { table }
    }

    fn add(&mut self, app: &mut App) -> Transition {
        self.table.await_new(app.own_changes());
        Transition::Push(Box::new(Form::open(RoomModel::new(None, app), app)))
    }

    fn edit(&mut self, app: &mut App) -> Transition {
        match self.table.chosen() {
            Some(id) => Transition::Push(Box::new(Form::open(RoomModel::new(Some(id), app), app))),
            None => Transition::Stay,
        }
    }

    fn remove(&mut self, app: &mut App) -> Transition {
        let removal = MarkedRemoval {
            what: "conference room",
            told: "Nobody finds them any more; in Asterisk the rooms stay as they are.",
            name: |id, c: &Configuration| c.conferences.get(id).map(|room| format!("{} {}", room.number, room.name)),
            remove: |id, c: &mut Configuration| c.remove_conference(id),
        };
        removal.ask(self.table.list(), remove_one, app)
    }
}

fn remove_one(id: ConferenceId, is_hidden: bool, app: &mut App) -> Transition {
    let c = &app.configuration;
    let Some(room) = c.conferences.get(id) else { return Transition::Stay };
    let called = room.label(c);
    let removal = Removal {
        target: Target { kind: Kind::Conference, id: id.number() },
        title: format!("Remove {called}?"),
        text: always(format!("Nobody finds \"{}\" any more; in Asterisk the room stays as it is.", room.name)),
        words: format!("{called} was removed"),
    };
    removal.hidden(is_hidden).ask(app, move |c| c.remove_conference(id))
}

/// From where a room is seen, and by whom: a client shows rooms in an xlet.
fn audience(room: &Conference, width: u16, app: &App) -> Foot {
    let c = &app.configuration;
    let mut foot = Foot::new(&room.label(c), width);
    let from = app.separates_contexts().then(|| contexts_that_reach(room.context, c));
    foot.say(
        "seen from",
        &match &from {
            Some(from) => {
                let names: Vec<String> = from.iter().map(|id| context_name(c, *id)).collect();
                names.join(", ")
            }
            None => "every context: they are not separated".to_owned(),
        },
    );
    let profiles: Vec<&Profile> = c.profiles.iter().map(AsRef::as_ref).filter(|it| has_rooms(it)).collect();
    let names: Vec<&str> = profiles.iter().map(|profile| profile.name.as_str()).collect();
    let ids: BTreeSet<ProfileId> = profiles.iter().map(|profile| profile.id).collect();
    let main = c.main_lines();
    let is_there = |user: UserId| match &from {
        Some(from) => main.get(&user).is_some_and(|line| from.contains(&line.context)),
        None => true,
    };
    let users = c.users.iter().filter(|user| user.profile.is_some_and(|it| ids.contains(&it)) && is_there(user.id));
    match names.as_slice() {
        [] => foot.say("!", "no profile has the xlet conference: no client shows rooms"),
        names => foot.say("shown to", &format!("{}, by {}", count(users.count(), "user"), names.join(", "))),
    }
    foot
}

fn has_rooms(profile: &Profile) -> bool {
    profile.entry(Xlet::Conference).is_some()
}

/// The context itself, and those that include it.
fn contexts_that_reach(room: ContextId, c: &Configuration) -> Vec<ContextId> {
    let all = c.contexts.iter().map(|context| context.id);
    all.filter(|id| c.reachable_contexts(*id).contains(&room)).collect()
}

impl Screen for Rooms {
    fn title(&self, _app: &App) -> String {
        "conference rooms".to_owned()
    }

    fn commands(&self, app: &App) -> Vec<Command<Self>> {
        let none = self.table.obstacle("there is no conference room");
        vec![
            Command::new([Action::Open, Action::Edit], "edit", "Edit number, name, context and PIN", Self::edit)
                .blocked(none)
                .edits(app),
            Command::new([Action::Add], "add", "Add a conference room", Self::add).edits(app),
            Command::new(
                [Action::Remove],
                "remove",
                "Remove the conference room, or all that are marked",
                Self::remove,
            )
            .blocked(self.table.obstacle_for_marked("there is no conference room"))
            .edits(app),
        ]
    }

    fn rows(&self) -> Option<Rows> {
        Rows::chosen(Kind::Conference, self.table.chosen())
    }

    fn table(&self) -> Option<&dyn AnyTable> {
        Some(&self.table)
    }

    fn table_mut(&mut self) -> Option<&mut dyn AnyTable> {
        Some(&mut self.table)
    }

    fn on_update(&mut self, app: &mut App) {
        self.table.look(&RoomRows(&app.configuration));
    }

    fn reveal(&mut self, target: Target, app: &mut App) -> Transition {
        if target.kind == Kind::Conference {
            self.table.choose(ConferenceId::new(target.id), &RoomRows(&app.configuration));
        }
        Transition::Stay
    }

    fn detail(&self, width: u16, app: &App) -> Option<Detail> {
        let room = self.table.chosen().and_then(|id| app.configuration.conferences.get(id))?;
        Some(Detail::foot(audience(room, width, app)))
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, app: &App) {
        self.table.draw(frame, area, &RoomRows(&app.configuration));
    }
}
