//! Telephony: the link to Asterisk with its settings and a test of the connection, and one key apart the dial rules.

pub(super) mod rule_form;
mod rules;
mod test;
mod tested;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use crate::settings::id::{DialRuleId, Id as _};
use crate::settings::setting::Key as Setting;
use crate::settings::table::Kind;
use crate::tui::app::{App, Detail, Rows, Target, Transition};
use crate::tui::commands::Command;
use crate::tui::filter::Filter;
use crate::tui::frame::{first_rows, wrapped};
use crate::tui::key_table::Action;
use crate::tui::keys::Key;
use crate::tui::screen::{Screen, open_again};
use crate::tui::table_view::{AnyTable, ReorderWay};
use crate::tui::theme;
use crate::tui::widgets::list::{MOVES, cell};

use super::setting_list::SettingList;
use super::telephony_link::{self, ReadOn};
use rules::DialRules;

/// What the link is made by, and where Asterisk asks for callers' names.
static SETTINGS: [Setting; 7] = [
    Setting::AmiHost,
    Setting::AmiPort,
    Setting::AmiUsername,
    Setting::AmiSecret,
    Setting::AmiTls,
    Setting::AmiCaFile,
    Setting::AgiListen,
];

/// Whether the link is set by it, or the names that Asterisk asks for: it is set here then.
pub(super) fn is_set_here(key: Setting) -> bool {
    SETTINGS.contains(&key)
}

/// Rows of the link's state, and of what to do about it.
const LINK_ROWS: u16 = 4;
/// Columns of the labels.
const LABEL_WIDTH: usize = 13;

/// Which of both is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TelephonyPart {
    Link,
    DialRules,
}

pub(super) struct Telephony {
    part: TelephonyPart,
    settings: SettingList,
    rules: DialRules,
}

impl Telephony {
    pub(super) fn open() -> Self {
        Self { part: TelephonyPart::Link, settings: SettingList::of(&SETTINGS), rules: DialRules::new() }
    }

    fn moved(&mut self, key: Key, _app: &mut App) -> Transition {
        self.settings.press(key);
        Transition::Stay
    }

    fn other(&mut self, _app: &mut App) -> Transition {
        self.part = match self.part {
            TelephonyPart::Link => TelephonyPart::DialRules,
            TelephonyPart::DialRules => TelephonyPart::Link,
        };
        Transition::Stay
    }

    fn test(&mut self, app: &mut App) -> Transition {
        test::begin(app)
    }

    fn edit(&mut self, app: &mut App) -> Transition {
        match self.part {
            TelephonyPart::Link => self.settings.edit(app),
            TelephonyPart::DialRules => self.rules.edit(app),
        }
    }

    fn switch(&mut self, app: &mut App) -> Transition {
        self.settings.switch(app)
    }

    fn remove(&mut self, app: &mut App) -> Transition {
        match self.part {
            TelephonyPart::Link => self.settings.reset(app),
            TelephonyPart::DialRules => self.rules.remove(app),
        }
    }

    fn add(&mut self, app: &mut App) -> Transition {
        self.rules.add(app)
    }

    fn move_up(&mut self, app: &mut App) -> Transition {
        self.rules.reorder(ReorderWay::Up, app)
    }

    fn move_down(&mut self, app: &mut App) -> Transition {
        self.rules.reorder(ReorderWay::Down, app)
    }

    fn try_number(&mut self, _app: &mut App) -> Transition {
        self.rules.begin_trying();
        Transition::Stay
    }

    fn tried(&mut self, _app: &mut App) -> Transition {
        self.rules.end_trying();
        Transition::Stay
    }

    fn commands_of_link(&self, app: &App) -> Vec<Command<Self>> {
        let is_secret_set = app.effective().general().ami.secret.is_some();
        let no_secret = (!is_secret_set).then_some("ami.secret is not set: there is nothing to test yet");
        vec![
            Command::keyed(MOVES, "move", "Move the cursor", Self::moved),
            Command::new(
                [Action::Next],
                "dial rules",
                "Show the dial rules instead of the link, and back",
                Self::other,
            ),
            Command::new([Action::Open, Action::Edit], "edit", "Edit the setting", Self::edit).edits(app),
            Command::new([Action::Test], "test", "Test the connection, and show what is missing", Self::test)
                .blocked(no_secret),
            Command::new([Action::Mark], "switch", "Switch a setting that is true or false", Self::switch).edits(app),
            Command::new([Action::Remove], "default", "Go back to the default", Self::remove).edits(app),
        ]
    }

    fn commands_of_rules(&self, app: &App) -> Vec<Command<Self>> {
        let none = self.rules.is_empty().then_some("there is no dial rule yet");
        let cannot_go = |way| self.rules.table.place_beside(way).err();
        let changing = |command: Command<Self>| command.blocked(none).edits(app);
        vec![
            Command::new([Action::Next], "link", "Show the link instead of the dial rules, and back", Self::other),
            changing(Command::new([Action::Open, Action::Edit], "edit", "Edit the rule", Self::edit)),
            Command::new([Action::Add], "add", "Add a rule at the end", Self::add).edits(app),
            changing(Command::new([Action::Remove], "remove", "Remove the rule", Self::remove)),
            Command::new([Action::Test], "try", "Try a number, and see what is dialed", Self::try_number),
            changing(Command::new([Action::MoveUp], "up", "Move the rule up: tried earlier", Self::move_up))
                .blocked(cannot_go(ReorderWay::Up)),
            changing(Command::new([Action::MoveDown], "down", "Move the rule down: tried later", Self::move_down))
                .blocked(cannot_go(ReorderWay::Down)),
        ]
    }
}

impl Screen for Telephony {
    fn title(&self, _app: &App) -> String {
        "telephony".to_owned()
    }

    fn commands(&self, app: &App) -> Vec<Command<Self>> {
        if self.rules.is_trying() {
            let done = Command::new([Action::Open, Action::Back], "done", "Go back to the rules", Self::tried);
            return vec![done];
        }
        match self.part {
            TelephonyPart::Link => self.commands_of_link(app),
            TelephonyPart::DialRules => self.commands_of_rules(app),
        }
    }

    fn takes_text(&self) -> bool {
        self.rules.is_trying()
    }

    fn typed(&mut self, key: Key, _app: &mut App) -> Transition {
        self.rules.typed(key);
        Transition::Stay
    }

    fn pasted(&mut self, text: &str, _app: &mut App) {
        self.rules.pasted(text);
    }

    /// None while a number is typed, which may have a `/` in it.
    fn table(&self) -> Option<&dyn AnyTable> {
        let is_shown = self.part == TelephonyPart::DialRules && !self.rules.is_trying();
        is_shown.then_some(&self.rules.table as &dyn AnyTable)
    }

    fn table_mut(&mut self) -> Option<&mut dyn AnyTable> {
        let is_shown = self.part == TelephonyPart::DialRules && !self.rules.is_trying();
        is_shown.then_some(&mut self.rules.table as &mut dyn AnyTable)
    }

    fn filter(&self) -> Option<&Filter> {
        match self.part {
            TelephonyPart::Link => Some(&self.settings.filter),
            TelephonyPart::DialRules => self.table().map(AnyTable::filter),
        }
    }

    fn filter_mut(&mut self) -> Option<&mut Filter> {
        match self.part {
            TelephonyPart::Link => Some(&mut self.settings.filter),
            TelephonyPart::DialRules => self.table_mut().map(AnyTable::filter_mut),
        }
    }

    fn on_update(&mut self, app: &mut App) {
        self.settings.look(app);
        self.rules.look(app);
    }

    fn reveal(&mut self, target: Target, app: &mut App) -> Transition {
        match target.kind {
            Kind::DialRule => {
                self.part = TelephonyPart::DialRules;
                self.rules.choose(DialRuleId::new(target.id), app);
            }
            Kind::Setting => {
                self.part = TelephonyPart::Link;
                if let Some(key) = Setting::at(target.id) {
                    self.settings.choose(key, app);
                }
            }
            _ => {}
        }
        Transition::Stay
    }

    fn place(&self) -> Option<usize> {
        match self.part {
            TelephonyPart::Link => self.settings.place(),
            TelephonyPart::DialRules => self.table().and_then(AnyTable::place_among_more),
        }
    }

    fn rows(&self) -> Option<Rows> {
        match self.part {
            TelephonyPart::Link => self.settings.rows(),
            TelephonyPart::DialRules => Rows::chosen(Kind::DialRule, self.rules.table.chosen()),
        }
    }

    fn clicked(&mut self, at: Position, _app: &mut App) -> Transition {
        open_again(match self.part {
            TelephonyPart::Link => self.settings.clicked(at),
            TelephonyPart::DialRules => self.rules.table.clicked(at),
        })
    }

    fn detail(&self, width: u16, app: &App) -> Option<Detail> {
        match self.part {
            TelephonyPart::Link => self.settings.detail(width, app),
            TelephonyPart::DialRules => self.rules.detail(width, app),
        }
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, app: &App) {
        match self.part {
            TelephonyPart::Link => {
                draw_link(frame, Rect { height: LINK_ROWS, ..area }, app);
                let settings = Rect { y: area.y + LINK_ROWS, ..area }.intersection(area);
                self.settings.draw(frame, settings, app);
            }
            TelephonyPart::DialRules => self.rules.draw(frame, area, app),
        }
    }
}

/// How the link is, and what to do about it.
fn draw_link(frame: &mut Frame<'_>, area: Rect, app: &App) {
    let columns = usize::from(area.width).saturating_sub(LABEL_WIDTH + 1);
    let (style, state) = telephony_link::state(app);
    let mut lines: Vec<(Span<'_>, Span<'_>)> = Vec::new();
    let mut say = |label: &str, style, words: &str, room: usize| {
        let parts = first_rows(wrapped(words, columns), room, columns);
        let number = parts.len();
        for (row, part) in parts.into_iter().enumerate() {
            let label = cell(if row == 0 { label } else { "" }, LABEL_WIDTH - 1);
            lines.push((Span::styled(format!(" {label}"), theme::HEAD), Span::styled(part, style)));
        }
        number
    };
    let taken = say("Asterisk", style, &state, 2);
    if let Some(remedy) = telephony_link::remedy(ReadOn::Telephony, app) {
        say("What to do", theme::PLAIN, remedy, usize::from(area.height).saturating_sub(taken));
    }
    for (y, (label, words)) in (area.y..area.bottom()).zip(lines) {
        frame.buffer_mut().set_line(area.x, y, &Line::from(vec![label, words]), area.width);
    }
}
