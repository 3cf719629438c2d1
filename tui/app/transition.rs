//! Where a screen sends the console, what it shows beside its list, and a screen as the console's stack holds it: they name
//! each other.

use ratatui::Frame;
use ratatui::layout::{Position, Rect, Size};
use ratatui::text::Line;

use super::{App, Rows};
use crate::tui::key_hint::KeyHint;
use crate::tui::keys::Key;
use crate::tui::tab::Tab;
use crate::tui::target::Target;
use crate::tui::typed_form::{FormKey, UnsavedForm};
use crate::tui::widgets::marks::{Marking, MeantRows};

/// Where a screen sends the console next.
pub(crate) enum Transition {
    Stay,
    /// One more screen, above this one.
    Push(Box<dyn DynScreen>),
    /// Back to the one below.
    Pop,
    /// Another one in its place.
    Replace(Box<dyn DynScreen>),
    /// Back, and there as if that screen had answered this.
    Back(Box<Transition>),
    /// To a place of the top bar, and there to an object.
    Go(Tab, Option<Target>),
    /// To the list of a place, with these rows marked there and no others.
    Mark(Tab, Rows),
    /// As if this key were pressed there.
    Press(Key),
    /// The same, for these rows.
    PressFor(MeantRows, Key),
    /// To the list of a place, there as if these keys were pressed, and then a word on how to go on, if there is one.
    Do(Tab, Vec<KeyStep>, &'static str),
    /// Screens above what is shown in their places, in this order.
    Open(Vec<(Tab, Box<dyn DynScreen>)>),
    Leave,
}

/// What is pressed on the way to something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyStep {
    Press(Key),
    /// Tab, unless the part of the screen that is called so by the key bar is shown already.
    ToPart(&'static str),
    /// The list shows what this filter finds, whatever it was narrowed by.
    Filter(&'static str),
}

/// How a screen stands on the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::tui) enum Placement {
    /// It fills the body.
    Whole,
    /// So many columns and rows in the middle of the one below.
    Over(u16, u16),
}

/// What stands beside a list where the terminal is wide: all about the chosen row.
pub(crate) struct Detail {
    /// Most often the one that Enter opens: drawn, and handed no keys.
    pub(in crate::tui) screen: Option<Box<dyn DynScreen>>,
    /// Below it; what a narrow terminal has below the list.
    pub(in crate::tui) lines: Vec<Line<'static>>,
}

/// A screen as the stack holds it.
pub(crate) trait DynScreen {
    fn title(&self, app: &App) -> String;
    fn key_hints(&self, app: &App) -> Vec<KeyHint>;
    /// A key: a command of the screen, or text.
    fn press(&mut self, key: Key, app: &mut App) -> Option<Transition>;
    fn pasted(&mut self, text: &str, app: &mut App);
    fn clicked(&mut self, at: Position, app: &mut App) -> Transition;
    fn on_update(&mut self, app: &mut App);
    /// Somebody came to its list by the key of its place.
    fn arrive(&mut self, app: &mut App);
    /// Which rows `.` is about.
    fn rows(&self) -> Option<Rows>;
    /// Its marks, where the key is about them and it has to be asked first which rows are meant.
    fn unclear_marks(&self, key: Key, app: &App) -> Option<&dyn Marking>;
    /// What the next key means.
    fn mean(&mut self, answer: Option<MeantRows>);
    /// The object whose page it is, which is left once that is gone.
    fn object(&self) -> Option<Target>;
    /// Marks these rows and no others.
    fn mark(&mut self, rows: &Rows, app: &mut App);
    fn reveal(&mut self, target: Target, app: &mut App) -> Transition;
    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, app: &App);
    /// Draws it where it is the detail of another one.
    fn draw_detail(&mut self, frame: &mut Frame<'_>, area: Rect, app: &App);
    /// What stands beside it, for so many columns.
    fn detail(&self, width: u16, app: &App) -> Option<Detail>;
    /// Of so many columns, those that it keeps for itself beside its detail.
    fn list_width(&self, width: u16) -> u16;
    /// How it stands where a box has room for so much content.
    fn placement(&self, room: Size) -> Placement;
    fn is_modal(&self) -> bool;
    /// Whether a key is an answer now.
    fn is_asking(&self) -> bool;
    /// What the question that is open may be answered with, and what that does.
    fn answers(&self) -> Vec<(Key, String)>;
    /// Whether the key asks for the page of keys, whatever else is text now.
    fn asks_for_help(&self, key: Key) -> bool;
    /// Whether a key for which it has no use closes it and is for the screen below.
    fn lets_through(&self) -> bool;
    /// Whether its list is being read again after a change of this console that it does not show yet.
    fn is_behind(&self, app: &App) -> bool;
    fn takes_text(&self) -> bool;
    /// How many rows its list has, and how many of them are shown.
    fn count(&self) -> Option<String>;
    /// How its filter is written, while that is typed: what, and what it means.
    fn filter_help(&self) -> Vec<(String, String)>;
    fn has_unsaved(&self) -> bool;
    fn unsaved(&self, app: &App) -> Option<UnsavedForm>;
    /// A form over it that it alone can open.
    fn reopen(&self, key: &FormKey, app: &App) -> Option<Box<dyn DynScreen>>;
    fn is_working(&self) -> bool;
    fn look_after(&mut self, app: &mut App) -> Transition;
}
