//! General settings as a list: what people call each, the value in effect beside the stored one, and where it comes from,
//! the chosen one explained below. As a page it has headings, and may be cut down to what is not at its default. One is
//! edited in a form that takes only what the key takes, certificate and key always together (rule G3). Screens that show
//! settings hold one of it and offer its commands.

pub(super) mod form;
mod row;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use crate::config::{Effective, Origin, Overrides};
use crate::settings::setting::{Key as Setting, SettingType};
use crate::settings::setting_page::SettingSection;
use crate::settings::table::Kind;
use crate::tui::app::{App, Detail, Rows, RowsOf, Transition};
use crate::tui::detail;
use crate::tui::filter::{Filter, Folded, KnownValues};
use crate::tui::form::Form;
use crate::tui::keys::Key;
use crate::tui::tab::Tab;
use crate::tui::widgets::list::{List, RowClick};

use form::SettingModel;
pub(super) use row::Fact;
use row::{SettingRow, SettingWidths};

/// Rows below the list that tell about the chosen row.
const FOOT_ROWS: u16 = 5;

pub(super) struct SettingList {
    layout: Layout,
    scope: Scope,
    /// What stands behind the settings of the certificate and of backups, of a page.
    facts: Vec<Fact>,
    list: List<SettingRow>,
    /// For a screen that offers one.
    pub(super) filter: Filter,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Layout {
    /// These, one after the other.
    Plain(&'static [Setting]),
    /// All, below the headings of their sections.
    Page,
}

/// Which of them are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scope {
    All,
    Changed,
}

impl SettingList {
    pub(super) fn of(keys: &'static [Setting]) -> Self {
        let list = List::new(keys.iter().copied().map(SettingRow::Key).collect());
        Self { layout: Layout::Plain(keys), scope: Scope::All, facts: Vec::new(), list, filter: Filter::new(FIELDS) }
    }

    pub(super) fn page() -> Self {
        Self { layout: Layout::Page, list: List::default(), ..Self::of(&[]) }
    }

    pub(super) fn set_facts(&mut self, facts: Vec<Fact>) {
        self.facts = facts;
    }

    /// All there are, in the order of the page.
    fn keys(&self) -> Vec<Setting> {
        match self.layout {
            Layout::Plain(keys) => keys.to_vec(),
            Layout::Page => SettingSection::ALL.into_iter().flat_map(SettingSection::keys).collect(),
        }
    }

    /// Values are looked into too, and they change.
    pub(super) fn look(&mut self, app: &App) {
        let effective = app.effective();
        let is_meant = |key: &Setting| self.scope == Scope::All || is_changed(*key, &effective, app);
        let keys: Vec<Setting> = self.keys().into_iter().filter(is_meant).collect();
        if self.filter.wants_values() {
            let found = |name| KnownValues::found(name, keys.iter().map(|key| field(*key, name, &effective, app)));
            self.filter.learn(vec![
                found("section"),
                found("value").of_more(),
                found("stored").of_more(),
                found("from"),
            ]);
        }
        let has = |key, name, value: &str| Folded::of(&field(key, name, &effective, app)).says(value);
        let meant = self.filter.sift(keys, |key| searched(key, &effective), has);
        let rows = self.with_headings(meant);
        self.filter.put(&mut self.list, rows);
        self.leave_heading(Key::DOWN);
    }

    fn with_headings(&self, keys: Vec<Setting>) -> Vec<SettingRow> {
        let mut rows = Vec::with_capacity(keys.len());
        let mut section = None;
        for key in keys {
            if self.layout == Layout::Page && section.replace(key.section()) != Some(key.section()) {
                rows.push(SettingRow::Heading(key.section()));
            }
            rows.push(SettingRow::Key(key));
            let is_whole = self.scope == Scope::All && !self.filter.is_on();
            if is_whole {
                let behind = self.facts.iter().enumerate().filter(|(_, fact)| fact.behind == key);
                rows.extend(behind.map(|(at, _)| SettingRow::Fact(at)));
            }
        }
        rows
    }

    pub(super) fn press(&mut self, key: Key) {
        self.list.press(key);
        self.leave_heading(key);
    }

    /// A heading is no place for the cursor: it goes on, and at the top back.
    fn leave_heading(&mut self, key: Key) {
        let is_on_heading = |list: &List<SettingRow>| matches!(list.chosen(), Some(SettingRow::Heading(_)));
        if is_on_heading(&self.list) && [Key::UP, Key::char('k')].contains(&key) {
            self.list.press(Key::UP);
        }
        if is_on_heading(&self.list) {
            self.list.press(Key::DOWN);
        }
    }

    /// Only what is not at its default, or all again.
    pub(super) fn change_scope(&mut self, app: &App) {
        self.scope = match self.scope {
            Scope::All => Scope::Changed,
            Scope::Changed => Scope::All,
        };
        self.look(app);
    }

    /// The cursor on that one, whatever was looked for.
    pub(super) fn choose(&mut self, key: Setting, app: &App) {
        if !self.list.choose(SettingRow::Key(key)) {
            self.filter.clear();
            self.scope = Scope::All;
            self.look(app);
            self.list.choose(SettingRow::Key(key));
        }
    }

    pub(super) fn clicked(&mut self, at: Position) -> RowClick {
        let click = self.list.clicked(at);
        self.leave_heading(Key::DOWN);
        click
    }

    /// The key under the cursor; where there is none, why.
    fn chosen(&self, app: &mut App) -> Option<Setting> {
        match self.list.chosen()? {
            SettingRow::Key(key) => Some(key),
            SettingRow::Fact(at) => {
                match self.facts.get(at).is_some_and(Fact::is_of_certificate) {
                    true => app.remark("the certificate says so; Enter goes to Certificates"),
                    false => app.remark("this is done by a command in a shell"),
                }
                None
            }
            SettingRow::Heading(_) => None,
        }
    }

    pub(super) fn edit(&self, app: &mut App) -> Transition {
        if let Some(SettingRow::Fact(at)) = self.list.chosen()
            && self.facts.get(at).is_some_and(Fact::is_of_certificate)
        {
            return Transition::Go(Tab::Certificates, None);
        }
        match (self.chosen(app), app.file_obstacle()) {
            (Some(key), Some(obstacle)) if key.value_type() == SettingType::Path => {
                app.warn(obstacle);
                Transition::Stay
            }
            (Some(key), _) => Transition::Push(Box::new(Form::open(SettingModel::of(key, app), app))),
            (None, _) => Transition::Stay,
        }
    }

    /// A switch is thrown on the spot.
    pub(super) fn switch(&self, app: &mut App) -> Transition {
        let Some(key) = self.chosen(app) else { return Transition::Stay };
        if key.value_type() != SettingType::Bool {
            app.warn("only a setting that is true or false is switched; Enter edits this one");
            return Transition::Stay;
        }
        // What is stored is switched, whatever the command line of the running server puts above it.
        let stored = Effective::new(&app.configuration.settings, &Overrides::default());
        let now = if stored.value(key).reveal() == "true" { "false" } else { "true" };
        form::set(key, now, app)
    }

    pub(super) fn reset(&self, app: &mut App) -> Transition {
        let Some(key) = self.chosen(app) else { return Transition::Stay };
        form::reset(key, app)
    }

    /// The one under the cursor.
    pub(super) fn rows(&self) -> Option<Rows> {
        let SettingRow::Key(key) = self.list.chosen()? else { return None };
        Some(Rows::at_cursor(RowsOf::Objects(Kind::Setting), key.place()))
    }

    /// Which of the settings the cursor is on, from 0, if not all of them are seen.
    pub(super) fn place(&self) -> Option<usize> {
        self.list.place_among(|row| matches!(row, SettingRow::Key(_)))
    }

    /// All about the chosen one, to stand beside the list.
    pub(super) fn detail(&self, width: u16, app: &App) -> Option<Detail> {
        let lines = self.list.chosen()?.in_full(width, &app.effective(), &self.facts, app)?;
        Some(Detail::lines(lines))
    }

    pub(super) fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, app: &App) {
        let effective = app.effective();
        let widths = SettingWidths::of(area.width, detail::is_beside(frame), &self.keys());
        row::draw_head(frame, area, &widths, self.scope == Scope::Changed);
        // What there is to say of the chosen one is said whole, where half of the rows are enough for it.
        let chosen = self.list.chosen();
        let wanted = chosen.map_or(0, |row| row.foot_rows(area.width, &effective, &self.facts, app));
        let foot_rows = detail::foot_rows(frame, wanted.clamp(FOOT_ROWS, FOOT_ROWS.max(area.height / 2)));
        let rows = Rect { y: area.y + 1, height: area.height.saturating_sub(1 + foot_rows), ..area };
        let above = self.list.place().checked_sub(1).and_then(|above| self.list.ids().get(above));
        if let Some(SettingRow::Heading(_)) = above {
            self.list.keep_above(1);
        }
        let facts = &self.facts;
        self.list.draw(frame, rows, true, |row| row.line(&widths, &effective, facts, app));
        if self.list.ids().is_empty() && !self.filter.is_on() {
            row::draw_none(frame, rows);
        }
        if let Some(row) = self.list.chosen().filter(|_| foot_rows > 0) {
            let foot = Rect { y: area.bottom().saturating_sub(foot_rows), height: foot_rows, ..area };
            row.draw_foot(frame, foot, &effective, facts, app);
        }
    }
}

/// What a filter may ask for by name.
const FIELDS: &[&str] = &["section", "value", "stored", "from"];

fn field(key: Setting, name: &str, effective: &Effective, app: &App) -> String {
    match name {
        "section" => key.section().title().to_owned(),
        "value" => effective.value(key).to_string(),
        "stored" => app.configuration.settings.get(&key).map(ToString::to_string).unwrap_or_default(),
        "from" => effective.origin(key).words().to_owned(),
        _ => String::new(),
    }
}

/// What a filter looks into: what is shown of it, secrets as they are shown.
fn searched(key: Setting, effective: &Effective) -> Folded<'static> {
    let value = effective.value(key).to_string();
    let origin = effective.origin(key).words();
    Folded::of_parts(&[key.as_str(), key.label(), key.section().title(), key.meaning(), &value, origin])
}

/// Somebody said something else than the default, wherever that was.
fn is_changed(key: Setting, effective: &Effective, app: &App) -> bool {
    *effective.origin(key) != Origin::Default
        || app.configuration.settings.contains_key(&key)
        || row::is_refused_in_file(key, app)
}
