//! Which cells of a bad line are told to people. Where cells may stand in wrong columns, a password may stand among the
//! names: what is told is what stands before the first cell that is not as its column wants it, and all cells only where
//! the password stands in its own column; never what is the password. Called while a line is read.

use std::collections::BTreeMap;

use super::column::{self, Column};
use crate::settings::violation::Violation;

/// A shorter password is part of too much.
const PASSWORD_CHARACTERS: usize = 4;

/// How sure it is that each cell stands in its own column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CellOrder {
    /// The line has as many cells as the first one, and no column in which passwords could stand.
    Certain,
    /// It has as many cells as the first one.
    Whole,
    /// It has fewer, or cannot be read.
    CutShort,
}

/// What of a line may be told though it is a bad one; what may not is empty, or not there.
#[derive(Debug, Default)]
pub(super) struct ToldCells {
    pub(super) login: String,
    pub(super) full_name: String,
    /// Those that are not as their columns want them, by the columns' names, and why.
    pub(super) bad_cells: Vec<BadCell>,
    /// Those that name something else, as a profile, by the columns' names.
    pub(super) naming: Vec<(&'static str, String)>,
    /// Else they are told only where nothing more is wrong with the line.
    pub(super) is_in_order: bool,
}

#[derive(Debug)]
pub(super) struct BadCell {
    pub(super) column: &'static str,
    pub(super) text: String,
    pub(super) problem: Violation,
}

/// Where passwords stand that are not those of users, by the places of their columns.
#[derive(Debug, Default)]
pub(super) struct SecretPlaces {
    /// Those that XiVO knew.
    pub(super) known: Vec<usize>,
    /// Where the table has no column of passwords: those that nobody knows, one of which may be it.
    pub(super) possible: Vec<usize>,
}

/// A line as it was read.
pub(super) struct ReadLine<'a> {
    pub(super) cells: &'a [String],
    pub(super) columns: &'a BTreeMap<Column, usize>,
    pub(super) secrets: &'a SecretPlaces,
    pub(super) order: CellOrder,
    /// Whether a password stands in its column.
    pub(super) has_password: bool,
    pub(super) bad_cells: &'a [(Column, Violation)],
}

impl ReadLine<'_> {
    pub(super) fn told(&self) -> ToldCells {
        let is_in_order = self.is_in_order();
        let end = self.end(is_in_order);
        let name = |column| self.cell(column).filter(|_| self.place(column) < end).unwrap_or_default();
        let bad_cell = |(column, problem): &(Column, Violation)| {
            let text = self.cell(*column)?.to_owned();
            Some(BadCell { column: column::name(*column), text, problem: problem.clone() })
        };
        let naming = |column| Some((column::name(column), self.cell(column)?.to_owned()));
        let mut told = ToldCells {
            login: name(Column::Login).to_owned(),
            full_name: format!("{} {}", name(Column::FirstName), name(Column::LastName)).trim().to_owned(),
            is_in_order,
            ..ToldCells::default()
        };
        if is_in_order {
            told.bad_cells = self.bad_cells.iter().filter_map(bad_cell).collect();
        }
        if self.are_secrets_in_place() {
            told.naming =
                [Column::Profile, Column::Context, Column::MailboxContext].into_iter().filter_map(naming).collect();
        }
        told
    }

    fn is_in_order(&self) -> bool {
        match self.order {
            CellOrder::Certain => true,
            CellOrder::Whole => self.are_secrets_in_place(),
            CellOrder::CutShort => false,
        }
    }

    /// One that stands elsewhere left its own column empty.
    fn are_secrets_in_place(&self) -> bool {
        let has_password = self.has_password || !self.columns.contains_key(&Column::Password);
        let is_filled = |place: &usize| self.cells.get(*place).is_some_and(|cell| !cell.trim().is_empty());
        has_password && self.secrets.known.iter().chain(&self.secrets.possible).all(is_filled)
    }

    /// Up to which place names are told.
    fn end(&self, is_in_order: bool) -> usize {
        match self.order {
            _ if is_in_order => usize::MAX,
            CellOrder::CutShort => 0,
            CellOrder::Certain | CellOrder::Whole => {
                self.bad_cells.iter().map(|(column, _)| self.place(*column)).min().unwrap_or(usize::MAX)
            }
        }
    }

    fn place(&self, column: Column) -> usize {
        self.columns.get(&column).copied().unwrap_or(usize::MAX)
    }

    /// None if the table has no such column, or the cell is a password.
    fn cell(&self, column: Column) -> Option<&str> {
        let text = |place: &usize| self.cells.get(*place).map(|cell| cell.trim());
        let cell = self.columns.get(&column).and_then(text)?;
        let is_password = |password: &str| {
            cell == password && !cell.is_empty()
                || password.chars().count() >= PASSWORD_CHARACTERS && cell.contains(password)
        };
        let mut passwords = self.columns.get(&Column::Password).into_iter().chain(&self.secrets.known).filter_map(text);
        (!passwords.any(is_password)).then_some(cell)
    }
}
