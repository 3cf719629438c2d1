//! The lines of one user as the rows of a table. The page of the user holds it.

use ratatui::text::Line as Row;

use crate::settings::configuration::Configuration;
use crate::settings::id::{LineId, UserId};
use crate::settings::label::context_name;
use crate::settings::line::Line;
use crate::tui::filter::Folded;
use crate::tui::table_view::TableRows;
use crate::tui::widgets::columns::{ColumnDesign, TableColumn};

/// What a filter may ask for by name.
pub(super) const FIELDS: &[&str] = &["context", "telephone"];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum UserLineColumn {
    Line,
    Context,
    Telephone,
    Main,
}

impl TableColumn for UserLineColumn {
    const ALL: &'static [Self] = &[Self::Line, Self::Context, Self::Telephone, Self::Main];

    fn design(self) -> ColumnDesign {
        match self {
            Self::Line => ColumnDesign::new("line", 16),
            Self::Context => ColumnDesign::new("context", 24),
            Self::Telephone => ColumnDesign::new("telephone", 24),
            Self::Main => ColumnDesign::new("main", 9),
        }
    }
}

pub(super) struct UserLineRows<'a> {
    pub(super) user: UserId,
    pub(super) c: &'a Configuration,
}

impl<'a> UserLineRows<'a> {
    fn line(&self, id: LineId) -> Option<&'a Line> {
        self.c.lines.get(id).map(AsRef::as_ref)
    }
}

impl TableRows for UserLineRows<'_> {
    type Id = LineId;
    type Column = UserLineColumn;

    fn ids(&self) -> Vec<LineId> {
        self.c.lines_of(self.user).iter().map(|line| line.id).collect()
    }

    /// All of it stands in the row.
    fn searched(&self, _id: LineId) -> Folded<'_> {
        Folded::default()
    }

    fn field(&self, id: LineId, name: &'static str) -> Folded<'_> {
        match (self.line(id), name) {
            (None, _) => Folded::default(),
            (Some(line), "context") => Folded::of(&context_name(self.c, line.context)),
            (Some(line), _) => Folded::of(line.device.as_str()),
        }
    }

    fn cell(&self, id: LineId, column: UserLineColumn) -> Row<'static> {
        let Some(line) = self.line(id) else { return Row::default() };
        Row::raw(match column {
            UserLineColumn::Line => line.extension.to_string(),
            UserLineColumn::Context => context_name(self.c, line.context),
            UserLineColumn::Telephone => line.device.to_string(),
            UserLineColumn::Main => if line.is_main { "main line" } else { "" }.to_owned(),
        })
    }
}
