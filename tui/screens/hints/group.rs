//! One group of phone hints: for each state of a telephone its text and colour. States are neither added nor removed.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use crate::settings::id::PhoneHintGroupId;
use crate::settings::phone_hint::{HintNumber, PhoneHintGroup};
use crate::tui::app::{App, Transition};
use crate::tui::commands::Command;
use crate::tui::form::Form;
use crate::tui::keys::Key;
use crate::tui::screen::Screen;
use crate::tui::theme;
use crate::tui::widgets::foot::Foot;
use crate::tui::widgets::list::{List, MOVES, cell};

use super::form::HintModel;

/// Columns of the longest meaning.
const MEANING_WIDTH: usize = 30;

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
        let head = format!("{}{}{}text", cell("number", 6), cell("the telephone is", MEANING_WIDTH), cell("color", 11));
        frame.buffer_mut().set_stringn(area.x, area.y, head, usize::from(area.width), theme::TITLE);
        let Some(group) = app.configuration.phone_hint_groups.get(self.id) else { return };
        let rows = area.height - 1 - FOOT_ROWS;
        self.list.draw(frame, Rect { y: area.y + 1, height: rows, ..area }, true, |number| row(number, group));
        let Some(number) = self.list.chosen() else { return };
        let mut foot = Foot::new(&format!("{number}: {}", number.meaning()), area.width);
        match group.hints.get(&number) {
            Some(hint) => foot.say("text", hint.text.as_str()),
            None => foot.tell("Clients show no text for this state; edit it to give it one."),
        }
        foot.draw(frame, Rect { y: area.bottom() - FOOT_ROWS, height: FOOT_ROWS, ..area });
    }
}

fn row(number: HintNumber, group: &PhoneHintGroup) -> Line<'static> {
    let start = format!("{number:>5}  {}", cell(number.meaning(), MEANING_WIDTH));
    match group.hints.get(&number) {
        None => Line::raw(format!("{start}{}(no text: clients show none)", cell("", 11))),
        Some(hint) => Line::from(vec![
            Span::raw(start),
            Span::styled("███", theme::swatch(hint.color)),
            Span::raw(format!(" {} {}", hint.color, hint.text)),
        ]),
    }
}
