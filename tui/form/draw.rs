//! How a form looks: a row a field, below them the help of the one that is edited and what is wrong, and whatever stands
//! over it.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Paragraph};
use unicode_width::UnicodeWidthStr as _;

use super::conflict::Conflict;
use super::overlay::{GUARD_ANSWERS, Overlay};
use super::picker::{Picker, PickerRow};
use super::{Form, Model, Problem};
use crate::settings::color::Color;
use crate::settings::rule::Severity;
use crate::tui::confirm::WIDTH;
use crate::tui::frame::{draw_box, first_rows, with_dots, wrapped};
use crate::tui::keys::Key;
use crate::tui::theme;
use crate::tui::widgets::entry::{Access, Aside, Entry, Field};
use crate::tui::widgets::key_areas::KeyAreas;
use crate::tui::widgets::list::cell;

/// Columns of the labels, with the sign before them.
const LABEL_WIDTH: u16 = 24;

/// Rows of problems below a rule and the help.
const PROBLEM_ROWS: usize = 3;

/// Columns beside the help.
const HELP_MARGIN: usize = 1;

impl<M: Model> Form<M> {
    pub(super) fn draw_all(&mut self, frame: &mut Frame<'_>, area: Rect) {
        let foot_rows = self.foot_rows(area);
        let rows = area.height - foot_rows;
        let top = self.fields.focus().saturating_sub(usize::from(rows).saturating_sub(1));
        self.rows.clear();
        for (y, (at, field)) in (area.y..area.y + rows).zip(self.fields.all().iter().enumerate().skip(top)) {
            let row = Rect::new(area.x, y, area.width, 1);
            self.rows.push((row, at));
            draw_field(frame, row, field, at == self.fields.focus(), self.blame(field));
        }
        self.draw_hidden(frame, Rect { height: rows, ..area }, top);
        let used = u16::try_from(self.fields.all().len() + 1).unwrap_or(u16::MAX);
        let below = Rect { y: area.y.saturating_add(used), height: rows.saturating_sub(used), ..area };
        self.draw_explained(frame, below);
        self.draw_foot(frame, Rect::new(area.x, area.y + rows, area.width, foot_rows));
        match &mut self.overlay {
            Overlay::None => {}
            Overlay::Picker(picker) => draw_picker(frame, area, picker),
            Overlay::Confirm(confirm) => {
                let inside = over(
                    frame,
                    area,
                    WIDTH + 4,
                    confirm.rows(WIDTH.min(area.width.saturating_sub(4))),
                    confirm.title(),
                );
                self.answers = confirm.draw(frame, inside);
            }
            Overlay::Guard => self.answers = draw_guard(frame, area, &self.made),
            Overlay::Conflict(conflict) => self.answers = draw_conflict(frame, area, conflict),
        }
    }

    /// As many rows as the longest help needs and three of problems; where the fields have no room beside that, only as many
    /// as there is something to tell in.
    fn foot_rows(&self, area: Rect) -> u16 {
        let columns = usize::from(area.width).saturating_sub(HELP_MARGIN);
        let rows_of = |text: &str, width: usize| wrapped(text, width).len();
        let help = self.fields.all().iter().map(|field| rows_of(field.help, columns)).max().unwrap_or(1);
        let told: usize = self.told().map(|problem| rows_of(&problem.text, columns)).sum();
        let most = 1 + help + PROBLEM_ROWS;
        let least = 1 + help + told.clamp(1, PROBLEM_ROWS);
        let rest = usize::from(area.height).saturating_sub(self.fields.all().len());
        u16::try_from(rest.clamp(least, most)).unwrap_or(u16::MAX).min(area.height / 2)
    }

    /// At the ends of the rows: how many fields are above them and below.
    fn draw_hidden(&self, frame: &mut Frame<'_>, area: Rect, top: usize) {
        let below = self.fields.all().len().saturating_sub(top + usize::from(area.height));
        let mut tell = |y: u16, words: String| {
            let width = u16::try_from(words.width()).unwrap_or(area.width).min(area.width);
            frame.buffer_mut().set_stringn(area.right() - width, y, words, usize::from(width), theme::KEY);
        };
        if top > 0 {
            tell(area.y, format!(" ↑ {top} more "));
        }
        if below > 0 && area.height > 0 {
            tell(area.bottom() - 1, format!(" ↓ {below} more "));
        }
    }

    fn draw_explained(&self, frame: &mut Frame<'_>, area: Rect) {
        let mut paragraphs = self.cut_words(usize::from(area.width.saturating_sub(LABEL_WIDTH)));
        paragraphs.extend(self.model.explain(&self.fields));
        let columns = usize::from(area.width).saturating_sub(4);
        let lines = paragraphs.iter().flat_map(|words| wrapped(words, columns)).collect();
        let lines = first_rows(lines, usize::from(area.height), columns);
        for (y, line) in (area.y..area.bottom()).zip(lines) {
            frame.buffer_mut().set_stringn(area.x, y, format!("   {line}"), usize::from(area.width), theme::MUTED);
        }
    }

    /// What cannot be edited and has no room in its row: whom a change of many is about.
    fn cut_words(&self, columns: usize) -> Vec<String> {
        let cut = |field: &Field| match &field.entry {
            Entry::Fixed(words) if words.width() > columns => Some(format!("{}: {words}", field.label)),
            _ => None,
        };
        self.fields.all().iter().filter_map(cut).collect()
    }

    /// Whether the field is to be marked as wrong.
    fn blame(&self, field: &Field) -> Option<Severity> {
        let problem = self.told().find(|problem| problem.field == Some(field.name))?;
        Some(problem.severity)
    }

    /// The problems that are told now: not what is wrong with fields that nobody came to yet. What saving would bring about
    /// is told as soon as anything was edited.
    fn told(&self) -> impl Iterator<Item = &Problem> {
        let is_edited = self.is_edited();
        let is_due = move |problem: &&Problem| match problem.field {
            _ if self.was_tried => true,
            None => true,
            Some(field) => self.fields.is_touched(field) || (is_edited && problem.severity == Severity::Warning),
        };
        // What is wrong in any case is told alone.
        let is_refused = |name: Option<&str>| self.problems.iter().any(|problem| problem.field == name);
        let notes = self.notes.iter().filter(move |problem| !is_refused(problem.field));
        self.problems.iter().chain(notes).filter(is_due)
    }

    fn draw_foot(&self, frame: &mut Frame<'_>, area: Rect) {
        let columns = usize::from(area.width).saturating_sub(3);
        let replaces = match &self.fields.focused().entry {
            Entry::Text(line) | Entry::Secret(line) if line.is_chosen() => {
                "── what you type replaces this; ← → keep it "
            }
            _ => "",
        };
        let rest = "─".repeat(usize::from(area.width).saturating_sub(replaces.width()));
        let mut lines = vec![Line::styled(format!("{replaces}{rest}"), theme::MUTED)];
        let help = wrapped(self.fields.focused().help, usize::from(area.width).saturating_sub(HELP_MARGIN));
        lines.extend(help.into_iter().map(|part| Line::raw(format!(" {part}"))));
        // What is wrong with the field that is edited has room in any case.
        let is_here = |problem: &&Problem| problem.field == Some(self.fields.focused().name);
        for problem in self.told().filter(is_here).chain(self.told().filter(|problem| !is_here(problem))) {
            for (row, part) in wrapped(&problem.text, columns).into_iter().enumerate() {
                let sign = if row == 0 { theme::sign(problem.severity) } else { " " };
                lines.push(Line::styled(format!(" {sign} {part}"), theme::of(problem.severity)));
            }
        }
        let room = usize::from(area.height);
        if lines.len() > room {
            lines.truncate(room);
            if let Some(last) = lines.last_mut() {
                *last = Line::styled(with_dots(&last.to_string(), usize::from(area.width)), last.style);
            }
        }
        frame.render_widget(Paragraph::new(lines), area);
    }
}

fn draw_field(frame: &mut Frame<'_>, row: Rect, field: &Field, has_focus: bool, blame: Option<Severity>) {
    let (cursor, sign) = (if has_focus { "›" } else { " " }, blame.map_or(" ", theme::sign));
    let style = match (blame, field.access) {
        (Some(severity), _) => theme::of(severity),
        (None, Access::Pointless) => theme::MUTED,
        (None, Access::Open) if has_focus => theme::STRONG,
        (None, Access::Open) => theme::PLAIN,
    };
    let label = format!("{cursor}{sign} {}", cell(field.label, usize::from(LABEL_WIDTH) - 4));
    frame.buffer_mut().set_stringn(row.x, row.y, label, usize::from(LABEL_WIDTH), style);
    let mut value = Rect::new(row.x + LABEL_WIDTH, row.y, row.width.saturating_sub(LABEL_WIDTH), 1);
    if field.aside == Some(Aside::Swatch) {
        draw_swatch(frame, &mut value, &field.entry);
    }
    if field.access == Access::Pointless {
        // Without a colour too it is to be seen that nothing can be typed here.
        let words = format!("- {}", field.entry.words());
        frame.buffer_mut().set_stringn(value.x, value.y, words.trim_end(), usize::from(value.width), theme::MUTED);
        return;
    }
    field.entry.draw(frame, value, has_focus, &field.dots);
    let gloss = match &field.entry {
        Entry::Choice { at, .. } => field.glosses.get(*at).copied(),
        _ => None,
    };
    match (field.aside, gloss) {
        (Some(Aside::Words(words)), _) | (None, Some(words)) => draw_aside(frame, value, &field.entry, words),
        (Some(Aside::Swatch), _) | (None, None) => {}
    }
}

/// Words behind the value, where there is room for both.
fn draw_aside(frame: &mut Frame<'_>, value: Rect, entry: &Entry, words: &str) {
    let used = entry.columns() + 2;
    let room = usize::from(value.width).saturating_sub(used);
    if words.width() <= room {
        let x = value.x + u16::try_from(used).unwrap_or(value.width);
        frame.buffer_mut().set_stringn(x, value.y, words, room, theme::MUTED);
    }
}

/// The colour that is typed, at the end of the row, with its exact value.
fn draw_swatch(frame: &mut Frame<'_>, value: &mut Rect, entry: &Entry) {
    const WIDTH: u16 = 14;
    value.width = value.width.saturating_sub(WIDTH);
    if let Ok(color) = Color::parse(&entry.words()) {
        let x = value.x + value.width;
        frame.buffer_mut().set_stringn(x, value.y, "████", 4, theme::swatch(color));
        frame.buffer_mut().set_stringn(x + 5, value.y, color.to_string(), 8, theme::PLAIN);
    }
}

/// A box of so many rows of content in the middle.
fn over(frame: &mut Frame<'_>, area: Rect, width: u16, rows: usize, title: &str) -> Rect {
    let height = u16::try_from(rows + 2).unwrap_or(u16::MAX).min(area.height);
    let width = width.min(area.width);
    let place = Rect::new(area.x + (area.width - width) / 2, area.y + (area.height - height) / 2, width, height);
    frame.render_widget(Clear, place);
    draw_box(frame, place, title)
}

fn draw_picker(frame: &mut Frame<'_>, area: Rect, picker: &mut Picker) {
    let inside = over(frame, area, picker.width(), picker.rows(), &picker.title());
    if picker.list.ids().is_empty() {
        frame.buffer_mut().set_string(inside.x, inside.y, picker.empty_words(), theme::MUTED);
    }
    let mut list = std::mem::take(&mut picker.list);
    list.draw(frame, inside, !picker.is_on_nothing(), |row| {
        let words = picker.words(row);
        match picker.color(row) {
            Some(color) => Line::from(vec![Span::styled("████ ", theme::swatch(color)), Span::raw(words)]),
            None if row == PickerRow::New => Line::styled(words, theme::MUTED),
            None => match picker.dot(row) {
                Some(color) => Line::from(vec![theme::dot(color), Span::raw(format!(" {words}"))]),
                None => {
                    let gloss = picker.gloss(row, usize::from(inside.width)).unwrap_or_default();
                    Line::from(vec![Span::raw(words), Span::styled(gloss, theme::MUTED)])
                }
            },
        }
    });
    picker.list = list;
}

/// Where its answers stand. What was made from within the form is saved, whatever is answered.
fn draw_guard(frame: &mut Frame<'_>, area: Rect, made: &[String]) -> KeyAreas {
    const WIDTH: u16 = 50;
    let columns = usize::from(area.width.min(WIDTH)).saturating_sub(4);
    let mut lines = vec!["What you changed is not saved yet.".to_owned()];
    lines.extend(made.iter().flat_map(|made| wrapped(&format!("Saved already, and it stays: {made}."), columns)));
    let answers = lines.len();
    lines.extend(GUARD_ANSWERS.map(|(key, words)| format!(" {key}  {words}")));
    let inside = over(frame, area, WIDTH, lines.len(), "not saved");
    frame.render_widget(Paragraph::new(lines.into_iter().map(Line::raw).collect::<Vec<_>>()), inside);
    KeyAreas::of_rows(inside, answers, &GUARD_ANSWERS.map(|(key, _)| Key::char(key)))
}

/// The same of this question.
fn draw_conflict(frame: &mut Frame<'_>, area: Rect, conflict: &mut Conflict) -> KeyAreas {
    const WIDTH: u16 = 74;
    let width = usize::from(area.width.min(WIDTH)).saturating_sub(4);
    let told = wrapped("Somebody else changed this meanwhile; nothing was overwritten.", width);
    let mut lines: Vec<Line<'_>> = told.into_iter().map(Line::raw).collect();
    lines.extend(conflict.lines(width));
    let inside = over(frame, area, WIDTH, lines.len(), "changed meanwhile");
    let answers = lines.len().saturating_sub(conflict.answers().len());
    let keys: Vec<Key> = conflict.answers().iter().map(|(key, _)| *key).collect();
    let areas = KeyAreas::of_rows(inside, answers, &keys);
    conflict.set_area(inside, answers);
    frame.render_widget(Paragraph::new(lines), inside);
    areas
}
