//! General settings: every key with its value and where that comes from, to be edited.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use crate::settings::setting::Key as Setting;
use crate::settings::table::Kind;
use crate::tui::app::{App, Target, Transition};
use crate::tui::commands::Command;
use crate::tui::filter::Filter;
use crate::tui::keys::Key;
use crate::tui::screen::Screen;
use crate::tui::widgets::list::MOVES;

use super::setting_list::SettingList;

pub(super) struct Settings {
    list: SettingList,
}

impl Settings {
    pub(super) fn open(app: &App) -> Self {
        let mut list = SettingList::of(Setting::ALL);
        list.look(app);
        Self { list }
    }

    fn moved(&mut self, key: Key, _app: &mut App) -> Transition {
        self.list.press(key);
        Transition::Stay
    }

    fn edit(&mut self, app: &mut App) -> Transition {
        self.list.edit(app)
    }

    fn switch(&mut self, app: &mut App) -> Transition {
        self.list.switch(app)
    }

    fn reset(&mut self, app: &mut App) -> Transition {
        self.list.reset(app)
    }
}

impl Screen for Settings {
    fn title(&self, _app: &App) -> String {
        "general settings".to_owned()
    }

    fn commands(&self, app: &App) -> Vec<Command<Self>> {
        vec![
            Command::keyed(MOVES, "move", "Move the cursor", Self::moved),
            Command::new([Key::ENTER, Key::char('e')], "edit", "Edit the setting", Self::edit).edits(app),
            Command::new([Key::SPACE], "switch", "Switch a setting that is true or false", Self::switch).edits(app),
            Command::new([Key::char('d'), Key::DELETE], "default", "Go back to the default", Self::reset).edits(app),
        ]
    }

    fn filter(&self) -> Option<&Filter> {
        Some(&self.list.filter)
    }

    fn filter_mut(&mut self) -> Option<&mut Filter> {
        Some(&mut self.list.filter)
    }

    fn on_filter(&mut self, app: &App) {
        self.list.look(app);
    }

    fn on_update(&mut self, app: &mut App) {
        self.list.look(app);
    }

    fn reveal(&mut self, target: Target, app: &mut App) -> Transition {
        let key = usize::try_from(target.id).ok().and_then(|at| Setting::ALL.get(at));
        if let (Kind::Setting, Some(key)) = (target.kind, key) {
            self.list.choose(*key, app);
        }
        Transition::Stay
    }

    fn clicked(&mut self, at: Position, _app: &mut App) -> Transition {
        self.list.clicked(at);
        Transition::Stay
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, app: &App) {
        self.list.draw(frame, area, app);
    }
}
