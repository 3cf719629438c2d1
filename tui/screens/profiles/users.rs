//! Who uses a profile: all of them, whether they may log in or not, each one key away from their own screen.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use super::draft;
use crate::settings::id::{Id as _, ProfileId, UserId};
use crate::settings::table::Kind;
use crate::tui::app::{App, Target, Transition};
use crate::tui::commands::Command;
use crate::tui::filter::Filter;
use crate::tui::keys::Key;
use crate::tui::screen::Screen;
use crate::tui::tab::Tab;
use crate::tui::theme;
use crate::tui::widgets::columns::{Column, fit};
use crate::tui::widgets::list::{List, MOVES, cell};

pub(super) struct ProfileUsers {
    profile: ProfileId,
    list: List<UserId>,
    filter: Filter,
}

impl ProfileUsers {
    pub(super) fn open(profile: ProfileId, app: &App) -> Self {
        let mut users = Self { profile, list: List::default(), filter: Filter::new(&[]) };
        users.look(app);
        users
    }

    fn look(&mut self, app: &App) {
        let users = app.configuration.users.iter().filter(|user| user.profile == Some(self.profile));
        let rows = users.map(|user| (user.id, format!("{} {}", user.shown_login(), user.full_name())));
        self.filter.narrow_texts(&mut self.list, rows);
    }

    fn moved(&mut self, key: Key, _app: &mut App) -> Transition {
        self.list.press(key);
        Transition::Stay
    }

    fn enter(&mut self, _app: &mut App) -> Transition {
        let target = |id: UserId| Target { kind: Kind::User, id: id.number() };
        self.list.chosen().map_or(Transition::Stay, |id| Transition::Go(Tab::Users, Some(target(id))))
    }
}

impl Screen for ProfileUsers {
    fn title(&self, app: &App) -> String {
        let name = app.configuration.profiles.get(self.profile).map(|profile| profile.name.to_string());
        format!("who uses {}", name.unwrap_or_else(|| draft::target(self.profile).id.to_string()))
    }

    fn commands(&self, _app: &App) -> Vec<Command<Self>> {
        let none = self.list.chosen().is_none().then_some("no user has this profile");
        vec![
            Command::keyed(MOVES, "move", "Move the cursor", Self::moved),
            Command::new([Key::ENTER], "go to the user", "Show the user in Users", Self::enter).blocked(none),
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

    fn clicked(&mut self, at: Position, app: &mut App) -> Transition {
        if self.list.clicked(at) { self.enter(app) } else { Transition::Stay }
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, app: &App) {
        let c = &app.configuration;
        let users = self.list.ids().iter().filter_map(|id| c.users.get(*id));
        let third = usize::from(area.width / 3);
        let [login, full] = fit(
            area.width.saturating_sub(19),
            [
                Column::new(third, "login").holding(users.clone().map(|user| user.shown_login())),
                Column::new(third, "name").holding(users.map(|user| user.full_name())),
            ],
        );
        let (head, rows) = (Rect { height: 1, ..area }, Rect { y: area.y + 1, height: area.height - 1, ..area });
        let words = format!(" {}{}may log in", cell("login", login), cell("name", full));
        frame.buffer_mut().set_stringn(head.x, head.y, words, usize::from(head.width), theme::HEAD);
        if self.list.ids().is_empty() && !self.filter.is_on() {
            let words = " Nobody has this profile; it can be removed.";
            frame.buffer_mut().set_stringn(rows.x, rows.y, words, usize::from(rows.width), theme::MUTED);
        }
        self.list.draw(frame, rows, true, |id| {
            let Some(user) = app.configuration.users.get(id) else { return Line::raw("") };
            let name = format!("{} {}", user.first_name, user.last_name);
            let may = match (&user.login, user.enabled) {
                (None, _) => "no, without a login",
                (Some(_), false) => "no, disabled",
                (Some(_), true) => "yes",
            };
            Line::raw(format!(" {}{}{may}", cell(&user.shown_login(), login), cell(name.trim(), full)))
        });
    }
}
