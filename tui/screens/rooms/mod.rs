//! Conference rooms: all of them with number, name, context and whether a PIN opens them, and the form. Who is in a room is
//! Asterisk's.

pub(super) mod form;

use std::borrow::Cow;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use crate::settings::conference::Conference;
use crate::settings::configuration::Configuration;
use crate::settings::fold::fold;
use crate::settings::id::{ConferenceId, Id as _};
use crate::settings::label::{Labelled as _, context_name, number_order};
use crate::settings::table::Kind;
use crate::tui::app::{App, Target, Transition};
use crate::tui::ask::{Removal, always};
use crate::tui::commands::Command;
use crate::tui::filter::Filter;
use crate::tui::form::Form;
use crate::tui::keys::Key;
use crate::tui::screen::Screen;
use crate::tui::theme;
use crate::tui::widgets::columns::{Column, fit};
use crate::tui::widgets::list::{List, MOVES, cell};

use form::RoomModel;

/// Columns of whether a PIN is set.
const PIN_WIDTH: u16 = 7;

pub(super) struct Rooms {
    list: List<ConferenceId>,
    filter: Filter,
}

impl Rooms {
    pub(super) fn open(app: &App) -> Self {
        let mut rooms = Self { list: List::default(), filter: Filter::new(&["context", "pin"]) };
        rooms.look(app);
        rooms
    }

    fn look(&mut self, app: &App) {
        let c = &app.configuration;
        let text = |room: &Conference| Cow::from(fold(&format!("{} {}", room.number, room.name)));
        let rows = ordered(c).into_iter().map(|room| (room.id, text(room)));
        let field = |id, name| match (c.conferences.get(id), name) {
            (None, _) => String::new(),
            (Some(room), "context") => context_name(c, room.context),
            // Nothing is `pin:no`, anything `pin:yes`.
            (Some(room), _) => room.pin.as_ref().map(|_| "set".to_owned()).unwrap_or_default(),
        };
        self.filter.narrow(&mut self.list, rows, field);
    }

    /// The cursor on that one, whatever was looked for.
    fn choose(&mut self, id: ConferenceId, app: &App) {
        if !self.list.choose(id) {
            self.filter.clear();
            self.look(app);
            self.list.choose(id);
        }
    }

    fn moved(&mut self, key: Key, _app: &mut App) -> Transition {
        self.list.press(key);
        Transition::Stay
    }

    fn add(&mut self, app: &mut App) -> Transition {
        self.list.await_new();
        Transition::Push(Box::new(Form::open(RoomModel::new(None, app), app)))
    }

    fn edit(&mut self, app: &mut App) -> Transition {
        match self.list.chosen() {
            Some(id) => Transition::Push(Box::new(Form::open(RoomModel::new(Some(id), app), app))),
            None => Transition::Stay,
        }
    }

    fn remove(&mut self, app: &mut App) -> Transition {
        let c = &app.configuration;
        let Some(room) = self.list.chosen().and_then(|id| c.conferences.get(id)) else { return Transition::Stay };
        let (id, called) = (room.id, room.label(c));
        let removal = Removal {
            target: Target { kind: Kind::Conference, id: id.number() },
            title: format!("Remove {called}?"),
            text: always(format!("Nobody finds \"{}\" any more; in Asterisk the room stays as it is.", room.name)),
            words: format!("{called} was removed"),
        };
        removal.ask(app, move |c| c.remove_conference(id))
    }
}

/// By context and number.
fn ordered(c: &Configuration) -> Vec<&Conference> {
    let mut rooms: Vec<&Conference> = c.conferences.iter().map(AsRef::as_ref).collect();
    rooms.sort_by_cached_key(|room| number_order(c, room.context, room.number.as_str()));
    rooms
}

impl Screen for Rooms {
    fn title(&self, _app: &App) -> String {
        "conference rooms".to_owned()
    }

    fn commands(&self, app: &App) -> Vec<Command<Self>> {
        let none = self.list.chosen().is_none().then_some("there is no conference room");
        vec![
            Command::keyed(MOVES, "move", "Move the cursor", Self::moved),
            Command::new([Key::ENTER, Key::char('e')], "edit", "Edit number, name, context and PIN", Self::edit)
                .blocked(none)
                .edits(app),
            Command::new([Key::char('a')], "add", "Add a conference room", Self::add).edits(app),
            Command::new([Key::char('d'), Key::DELETE], "remove", "Remove the conference room", Self::remove)
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
        if target.kind == Kind::Conference {
            self.choose(ConferenceId::new(target.id), app);
        }
        Transition::Stay
    }

    fn clicked(&mut self, at: Position, _app: &mut App) -> Transition {
        self.list.clicked(at);
        Transition::Stay
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, app: &App) {
        let c = &app.configuration;
        let rooms = || c.conferences.iter();
        let [number, name, context] = fit(
            area.width.saturating_sub(1 + PIN_WIDTH),
            [
                Column::new(14, "number").holding(rooms().map(|room| room.number.as_str())),
                Column::new(34, "name").holding(rooms().map(|room| room.name.as_str())),
                Column::new(18, "context")
                    .where_rows_differ()
                    .holding(rooms().map(|room| context_name(c, room.context))),
            ],
        );
        let head = format!(" {}{}{}PIN", cell("number", number), cell("name", name), cell("context", context));
        frame.buffer_mut().set_stringn(area.x, area.y, head, usize::from(area.width), theme::HEAD);
        if c.conferences.is_empty() {
            let words = " There is no conference room yet; `a` adds one.";
            frame.buffer_mut().set_stringn(area.x, area.y + 2, words, usize::from(area.width), theme::MUTED);
        }
        let rows = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
        self.list.draw(frame, rows, true, |id| {
            let Some(room) = c.conferences.get(id) else { return Line::default() };
            Line::raw(format!(
                " {}{}{}{}",
                cell(room.number.as_str(), number),
                cell(room.name.as_str(), name),
                cell(&context_name(c, room.context), context),
                if room.pin.is_some() { "set" } else { "not set" }
            ))
        });
    }
}
