//! General settings as a list, each with its value and where that comes from, and the chosen one explained below; one is
//! edited in a form that takes only what the key takes, certificate and key always together (rule G3). Screens that show
//! settings hold one of it and offer its commands.

mod form;

use std::borrow::Cow;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use crate::config::{Effective, Origin, Overrides};
use crate::settings::configuration::Configuration;
use crate::settings::fold::fold;
use crate::settings::setting::{Key as Setting, SettingType, SettingValue};
use crate::tui::app::{App, Transition};
use crate::tui::filter::Filter;
use crate::tui::form::Form;
use crate::tui::frame::wrapped;
use crate::tui::keys::Key;
use crate::tui::proposal::Proposal;
use crate::tui::theme;
use crate::tui::widgets::list::{List, cell};

use form::SettingModel;

/// Rows below the list that tell about the chosen key.
const FOOT_ROWS: u16 = 4;

pub(super) struct SettingList {
    keys: &'static [Setting],
    list: List<Setting>,
    /// For a screen that offers one.
    pub(super) filter: Filter,
}

impl SettingList {
    pub(super) fn of(keys: &'static [Setting]) -> Self {
        Self { keys, list: List::new(keys.to_vec()), filter: Filter::new(FIELDS) }
    }

    /// Values are looked into too, and they change.
    pub(super) fn look(&mut self, app: &App) {
        let effective = app.effective();
        let rows = self.keys.iter().map(|key| (*key, Cow::from(fold(&searched(*key, &effective)))));
        self.filter.narrow(&mut self.list, rows, |key, name| field(key, name, &effective));
    }

    pub(super) fn press(&mut self, key: Key) {
        self.list.press(key);
    }

    /// The cursor on that one, whatever was looked for.
    pub(super) fn choose(&mut self, key: Setting, app: &App) {
        if !self.list.choose(key) {
            self.filter.clear();
            self.look(app);
            self.list.choose(key);
        }
    }

    pub(super) fn clicked(&mut self, at: Position) {
        self.list.clicked(at);
    }

    pub(super) fn edit(&self, app: &mut App) -> Transition {
        match (self.list.chosen(), app.file_obstacle()) {
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
        let Some(key) = self.list.chosen() else { return Transition::Stay };
        if key.value_type() != SettingType::Bool {
            app.warn("only a setting that is true or false is switched; Enter edits this one");
            return Transition::Stay;
        }
        // What is stored is switched, whatever the command line of the running server puts above it.
        let stored = Effective::new(&app.configuration.settings, &Overrides::default());
        let now = if stored.value(key).reveal() == "true" { "false" } else { "true" };
        let words = format!("{key} is {now}{}", form::when(key, app));
        Proposal::new(format!("Set {key} to {now}?"), "set it", words, move |c| {
            c.set_setting(SettingValue::parse(key, now)?)
        })
        .put(app)
    }

    pub(super) fn reset(&self, app: &mut App) -> Transition {
        let Some(key) = self.list.chosen() else { return Transition::Stay };
        if !app.configuration.settings.contains_key(&key) {
            app.remark(format!("{key} has its default already"));
            return Transition::Stay;
        }
        let words = format!("{key} is back to its default{}", form::when(key, app));
        // One of a pair alone is nothing (rule G3).
        let reset =
            move |c: &mut Configuration| form::together(key).into_iter().try_for_each(|key| c.unset_setting(key));
        Proposal::new(format!("Set {key} back to its default?"), "set it back", words, reset).put(app)
    }

    pub(super) fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, app: &App) {
        let effective = app.effective();
        let value_width = usize::from(area.width).saturating_sub(54);
        let head = format!(" {}{}from", cell("setting", 38), cell("value", value_width));
        frame.buffer_mut().set_stringn(area.x, area.y, head, usize::from(area.width), theme::TITLE);
        let rows = Rect { y: area.y + 1, height: area.height.saturating_sub(1 + FOOT_ROWS), ..area };
        self.list.draw(frame, rows, true, |key| row(key, &effective, value_width));
        if let Some(key) = self.list.chosen() {
            let foot = Rect { y: area.bottom().saturating_sub(FOOT_ROWS), height: FOOT_ROWS, ..area };
            draw_foot(frame, foot, key, &effective);
        }
    }
}

/// What a filter may ask for by name.
const FIELDS: &[&str] = &["value", "from"];

fn field(key: Setting, name: &str, effective: &Effective) -> String {
    match name {
        "value" => effective.value(key).to_string(),
        "from" => effective.origin(key).words().to_owned(),
        _ => String::new(),
    }
}

/// What a filter looks into: what is shown of it, secrets as they are shown.
fn searched(key: Setting, effective: &Effective) -> String {
    format!("{key} {} {}", effective.value(key), key.meaning())
}

fn shown(value: &SettingValue) -> String {
    let text = value.to_string();
    if text.is_empty() { "-".to_owned() } else { text }
}

/// `10 (database)`
fn hidden(key: Setting, effective: &Effective) -> impl Iterator<Item = String> {
    effective.hidden(key).iter().map(|(value, origin)| format!("{} ({origin})", shown(value)))
}

fn row(key: Setting, effective: &Effective, value_width: usize) -> Line<'static> {
    let origin = effective.origin(key);
    let style = if *origin == Origin::Default { theme::MUTED } else { theme::PLAIN };
    Line::from(vec![
        Span::raw(format!(" {}", cell(key.as_str(), 38))),
        Span::styled(format!("{}{}", cell(&shown(effective.value(key)), value_width), origin.words()), style),
    ])
}

fn draw_foot(frame: &mut Frame<'_>, area: Rect, key: Setting, effective: &Effective) {
    let default = SettingValue::default_of(key);
    let overridden = match effective.origin(key) {
        Origin::CommandLine => {
            "! the running server was started with --listen, which stands above this setting".to_owned()
        }
        Origin::File(place) => {
            let hidden: Vec<_> = hidden(key, effective).collect();
            match hidden.is_empty() {
                true => format!("! {place} says so"),
                false => format!("! {place} says so, above {}", hidden.join(", ")),
            }
        }
        Origin::Database | Origin::Default => String::new(),
    };
    let limits = match key.inert() {
        Some(why) => format!("nothing acts by it: {why}"),
        None => format!(
            "may be {}; default {}; a change takes effect {}",
            key.value_type().limits(),
            shown(&default),
            key.acts().words()
        ),
    };
    let width = usize::from(area.width);
    frame.buffer_mut().set_string(area.x, area.y, "─".repeat(width), theme::PLAIN);
    // What stands above it must be seen; else the limits may take its row too.
    let told = [key.meaning().to_owned(), limits, overridden];
    let mut lines: Vec<String> = told.iter().flat_map(|words| wrapped(words, width.saturating_sub(2))).collect();
    let room = usize::from(FOOT_ROWS) - 1;
    if lines.len() > room && !told[2].is_empty() {
        lines = told.to_vec();
    }
    for (y, line) in (area.y + 1..area.bottom()).zip(lines) {
        let style = if line.contains('!') { theme::WARNING } else { theme::PLAIN };
        frame.buffer_mut().set_stringn(area.x, y, format!(" {line}"), width, style);
    }
}
