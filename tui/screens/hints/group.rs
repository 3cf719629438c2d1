//! One group of phone hints: for each state of a telephone its text and colour. States are neither added nor removed.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::settings::configuration::Configuration;
use crate::settings::id::{Id as _, PhoneHintGroupId};
use crate::settings::phone_hint::{HintNumber, PhoneHint, PhoneHintGroup};
use crate::settings::table::Kind;
use crate::tui::app::{App, Detail, Target, Transition};
use crate::tui::commands::Command;
use crate::tui::filter::Folded;
use crate::tui::form::Form;
use crate::tui::key_table::Action;
use crate::tui::screen::Screen;
use crate::tui::table_view::{AnyTable, TableRows, TableView};
use crate::tui::theme;
use crate::tui::widgets::columns::{ColumnDesign, TableColumn};
use crate::tui::widgets::foot::Foot;

use super::form::HintModel;

/// Rows that say in full what the chosen state is called.
const FOOT_ROWS: u16 = 4;

pub(super) struct HintsPage {
    id: PhoneHintGroupId,
    table: TableView<HintNumber, HintColumn>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum HintColumn {
    Number,
    Meaning,
    Color,
    Text,
}

impl TableColumn for HintColumn {
    const ALL: &'static [Self] = &[Self::Number, Self::Meaning, Self::Color, Self::Text];

    fn design(self) -> ColumnDesign {
        match self {
            Self::Number => ColumnDesign::new("number", 6),
            Self::Meaning => ColumnDesign::new("the telephone is", 30),
            Self::Color => ColumnDesign::new("color", 10),
            Self::Text => ColumnDesign::new("text", 28),
        }
    }
}

struct HintRows<'a> {
    id: PhoneHintGroupId,
    c: &'a Configuration,
}

impl HintRows<'_> {
    fn hint(&self, number: HintNumber) -> Option<&PhoneHint> {
        self.c.phone_hint_groups.get(self.id)?.hints.get(&number)
    }
}

impl TableRows for HintRows<'_> {
    type Id = HintNumber;
    type Column = HintColumn;

    const SIGN_WIDTH: u16 = 0;

    fn ids(&self) -> Vec<HintNumber> {
        HintNumber::ALL.to_vec()
    }

    fn searched(&self, number: HintNumber) -> Folded<'_> {
        let text = self.hint(number).map_or("", |hint| hint.text.as_str());
        Folded::of(&format!("{number} {} {text}", number.meaning()))
    }

    fn cell(&self, number: HintNumber, column: HintColumn) -> Line<'static> {
        let hint = self.hint(number);
        match column {
            HintColumn::Number => Line::raw(format!("{number:>5}")),
            HintColumn::Meaning => Line::raw(number.meaning()),
            HintColumn::Color => hint.map_or_else(Line::default, |hint| {
                Line::from(vec![theme::dot(hint.color), Span::raw(format!(" {}", hint.color))])
            }),
            HintColumn::Text => match hint {
                Some(hint) => Line::raw(hint.text.to_string()),
                None => Line::styled("(no text: clients show none)", theme::MUTED),
            },
        }
    }

    fn sign(&self, _number: HintNumber) -> Span<'static> {
        Span::default()
    }
}

impl HintsPage {
    pub(super) fn open(id: PhoneHintGroupId, app: &App) -> Self {
        let mut table = TableView::new(&[]);
        table.look(&HintRows { id, c: &app.configuration });
        Self { id, table }
    }

    fn edit(&mut self, app: &mut App) -> Transition {
        let Some(number) = self.table.chosen() else { return Transition::Stay };
        Transition::Push(Box::new(Form::open(HintModel::of(self.id, number, app), app)))
    }
}

impl Screen for HintsPage {
    fn title(&self, app: &App) -> String {
        app.configuration.phone_hint_groups.get(self.id).map_or_else(String::new, |group| group.name.to_string())
    }

    fn commands(&self, app: &App) -> Vec<Command<Self>> {
        let gone = app.configuration.phone_hint_groups.get(self.id).is_none();
        vec![
            Command::new([Action::Open, Action::Edit], "edit", "Edit text and color; the number stays", Self::edit)
                .blocked(gone.then_some("the group was removed meanwhile"))
                .edits(app),
        ]
    }

    fn object(&self) -> Option<Target> {
        Some(Target { kind: Kind::PhoneHintGroup, id: self.id.number() })
    }

    fn table(&self) -> Option<&dyn AnyTable> {
        Some(&self.table)
    }

    fn table_mut(&mut self) -> Option<&mut dyn AnyTable> {
        Some(&mut self.table)
    }

    fn on_update(&mut self, app: &mut App) {
        self.table.look(&HintRows { id: self.id, c: &app.configuration });
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, app: &App) {
        let Some(group) = app.configuration.phone_hint_groups.get(self.id) else { return };
        let (foot, rows) = (self.foot(area.width, group), HintRows { id: self.id, c: &app.configuration });
        self.table.draw_above(frame, area, &rows, (foot, FOOT_ROWS));
    }

    fn detail(&self, width: u16, app: &App) -> Option<Detail> {
        let group = app.configuration.phone_hint_groups.get(self.id)?;
        self.foot(width, group).map(Detail::foot)
    }
}

impl HintsPage {
    /// The chosen state in full.
    fn foot(&self, width: u16, group: &PhoneHintGroup) -> Option<Foot> {
        let number = self.table.chosen()?;
        let mut foot = Foot::new(&format!("{number}: {}", number.meaning()), width);
        match group.hints.get(&number) {
            Some(hint) => foot.say("text", hint.text.as_str()),
            None => foot.tell("Clients show no text for this state; edit it to give it one."),
        }
        Some(foot)
    }
}
