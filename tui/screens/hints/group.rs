//! One group of phone hints: for each state of a telephone its text and colour. States are neither added nor removed.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use crate::settings::id::PhoneHintGroupId;
use crate::settings::phone_hint::{HintNumber, PhoneHintGroup};
use crate::tui::app::{App, Detail, Transition};
use crate::tui::commands::Command;
use crate::tui::detail;
use crate::tui::form::Form;
use crate::tui::keys::Key;
use crate::tui::screen::Screen;
use crate::tui::theme;
use crate::tui::widgets::columns::{Column, fit};
use crate::tui::widgets::foot::Foot;
use crate::tui::widgets::list::{List, MOVES, cell};

use super::form::HintModel;

/// Columns of the longest meaning, of the number before it, and of the color behind it.
const MEANING_WIDTH: usize = 30;
const NUMBER_WIDTH: u16 = 7;
const COLOR_WIDTH: usize = 11;

/// Rows that say in full what the chosen state is called.
const FOOT_ROWS: u16 = 4;

pub(super) struct HintsPage {
    id: PhoneHintGroupId,
    list: List<HintNumber>,
}

impl HintsPage {
    pub(super) fn open(id: PhoneHintGroupId) -> Self {
        Self { id, list: List::new(HintNumber::ALL.to_vec()) }
    }

    fn moved(&mut self, key: Key, _app: &mut App) -> Transition {
        self.list.press(key);
        Transition::Stay
    }

    fn edit(&mut self, app: &mut App) -> Transition {
        let Some(number) = self.list.chosen() else { return Transition::Stay };
        Transition::Push(Box::new(Form::open(HintModel::of(self.id, number), app)))
    }
}

impl Screen for HintsPage {
    fn title(&self, app: &App) -> String {
        app.configuration.phone_hint_groups.get(self.id).map_or_else(String::new, |group| group.name.to_string())
    }

    fn commands(&self, app: &App) -> Vec<Command<Self>> {
        let gone = app.configuration.phone_hint_groups.get(self.id).is_none();
        vec![
            Command::keyed(MOVES, "move", "Move the cursor", Self::moved),
            Command::new([Key::ENTER, Key::char('e')], "edit", "Edit text and color; the number stays", Self::edit)
                .blocked(gone.then_some("the group was removed meanwhile"))
                .edits(app),
        ]
    }

    fn clicked(&mut self, at: Position, _app: &mut App) -> Transition {
        self.list.clicked(at);
        Transition::Stay
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, app: &App) {
        let Some(group) = app.configuration.phone_hint_groups.get(self.id) else { return };
        let columns = [
            Column::new(MEANING_WIDTH, "the telephone is")
                .holding(HintNumber::ALL.iter().map(|number| number.meaning())),
            Column::new(COLOR_WIDTH, "color"),
            Column::new(28, "text").holding(group.hints.values().map(|hint| hint.text.as_str())),
        ];
        let [meaning, color, text] = fit(area.width.saturating_sub(NUMBER_WIDTH), columns);
        let (number, color) = (cell("number", usize::from(NUMBER_WIDTH) - 1), cell("color", color));
        let head = format!("{number}{}{color}{}", cell("the telephone is", meaning), cell("text", text));
        frame.buffer_mut().set_stringn(area.x, area.y, head, usize::from(area.width), theme::HEAD);
        let foot_rows = detail::foot_rows(frame, FOOT_ROWS);
        let rows = area.height - 1 - foot_rows;
        self.list.draw(frame, Rect { y: area.y + 1, height: rows, ..area }, true, |number| row(number, meaning, group));
        if let Some(foot) = self.foot(area.width, group) {
            foot.draw(frame, Rect { y: area.bottom() - foot_rows, height: foot_rows, ..area });
        }
    }

    fn detail(&self, width: u16, app: &App) -> Option<Detail> {
        let group = app.configuration.phone_hint_groups.get(self.id)?;
        self.foot(width, group).map(Detail::foot)
    }
}

impl HintsPage {
    /// The chosen state in full.
    fn foot(&self, width: u16, group: &PhoneHintGroup) -> Option<Foot> {
        let number = self.list.chosen()?;
        let mut foot = Foot::new(&format!("{number}: {}", number.meaning()), width);
        match group.hints.get(&number) {
            Some(hint) => foot.say("text", hint.text.as_str()),
            None => foot.tell("Clients show no text for this state; edit it to give it one."),
        }
        Some(foot)
    }
}

fn row(number: HintNumber, meaning: usize, group: &PhoneHintGroup) -> Line<'static> {
    let start = format!("{number:>5}  {}", cell(number.meaning(), meaning));
    match group.hints.get(&number) {
        None => Line::raw(format!("{start}{}(no text: clients show none)", cell("", COLOR_WIDTH))),
        Some(hint) => Line::from(vec![
            Span::raw(start),
            theme::dot(hint.color),
            Span::raw(format!(" {}{}", cell(&hint.color.to_string(), 9), hint.text)),
        ]),
    }
}
