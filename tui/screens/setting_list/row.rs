//! The rows of a list of settings and how they look: a heading, a setting, a fact about the certificate; and what the foot
//! says of the chosen one. Pure drawing.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr as _;

use crate::config::{Effective, Origin};
use crate::settings::setting::{Key as Setting, SettingValue};
use crate::settings::setting_page::SettingSection;
use crate::tui::app::App;
use crate::tui::frame::wrapped;
use crate::tui::theme;
use crate::tui::widgets::columns::{Column, fit};
use crate::tui::widgets::foot::Foot;
use crate::tui::widgets::list::cell;
use crate::tui::widgets::rule::rule;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum SettingRow {
    Heading(SettingSection),
    Key(Setting),
    /// By its place among them.
    Fact(usize),
}

/// What the files of the certificate say, beside the settings that name them.
pub(in crate::tui::screens) struct Fact {
    /// The setting behind which it stands.
    pub(in crate::tui::screens) behind: Setting,
    pub(in crate::tui::screens) label: &'static str,
    pub(in crate::tui::screens) words: String,
    pub(in crate::tui::screens) style: Style,
}

/// The design for 80 columns has key and label in one; with more room the key has a column of its own.
pub(super) struct SettingWidths {
    label: usize,
    /// None: behind the label, as far as it goes.
    key: Option<usize>,
    value: usize,
    stored: usize,
    from: usize,
}

/// `command line`
const FROM_COLUMNS: usize = 12;
const KEY_COLUMNS: usize = 38;
const LABEL_COLUMNS: usize = 24;
/// From here on the key has a column of its own.
const WIDE: u16 = 110;

impl SettingWidths {
    /// `has_detail`: what is stored and where a value is from stands beside the list, so that the keys go before; `keys` are
    /// those that there are.
    pub(super) fn of(width: u16, has_detail: bool, keys: &[Setting]) -> Self {
        if width < WIDE {
            let name = |key: &Setting| key.label().width() + 1 + key.as_str().width();
            return Self::of_narrow(width, has_detail, keys.iter().map(name).max().unwrap_or(0));
        }
        // Sign and blanks, a blank behind each column.
        let rest = usize::from(width).saturating_sub(3 + LABEL_COLUMNS + 1 + KEY_COLUMNS + 1 + 2 + FROM_COLUMNS);
        let stored = rest * 2 / 5;
        Self { label: LABEL_COLUMNS, key: Some(KEY_COLUMNS), value: rest - stored, stored, from: FROM_COLUMNS }
    }

    /// On less than 80 columns without where it is from, and without what is stored; `longest` is the longest name.
    fn of_narrow(width: u16, has_detail: bool, longest: usize) -> Self {
        let from = Column::new(FROM_COLUMNS, "from").if_room();
        let name = match width {
            _ if has_detail => longest,
            ..80 => 30,
            80.. => 35,
        };
        let columns = [
            Column::new(name, "setting"),
            Column::new(15, "in effect"),
            Column::new(12, "stored").if_room(),
            if has_detail { from.holding([""]) } else { from },
        ];
        // Behind the last one stands no blank.
        let [label, value, stored, from] = fit(width.saturating_sub(2), columns);
        let used = [label, value, stored, from].iter().filter(|width| **width > 0).map(|width| width + 1).sum();
        let rest = usize::from(width.saturating_sub(2)).saturating_sub(used);
        // Most of it is for the key, as far as that is cut.
        let more = (rest * 3 / 4).min(longest.saturating_sub(label));
        Self { label: label + more, key: None, value: value + rest - more, stored, from }
    }

    fn values(&self) -> usize {
        self.value + 1 + self.stored + 1 + self.from
    }
}

pub(super) fn draw_head(frame: &mut Frame<'_>, area: Rect, widths: &SettingWidths, is_cut_down: bool) {
    let name = if is_cut_down { "changed only; f shows all" } else { "setting" };
    let key = widths.key.map_or_else(String::new, |columns| cell("key", columns));
    let (value, stored) = (cell("in effect", widths.value), cell("stored", widths.stored));
    let head = format!("   {}{key}{value}{stored}{}", cell(name, widths.label), cell("from", widths.from));
    frame.buffer_mut().set_stringn(area.x, area.y, head, usize::from(area.width), theme::HEAD);
}

pub(super) fn draw_none(frame: &mut Frame<'_>, area: Rect) {
    frame.buffer_mut().set_string(area.x, area.y, "   All settings are at their defaults.", theme::MUTED);
}

impl SettingRow {
    pub(super) fn line(
        self,
        widths: &SettingWidths,
        effective: &Effective,
        facts: &[Fact],
        app: &App,
    ) -> Line<'static> {
        match self {
            Self::Heading(section) => Line::styled(format!(" {}", section.title()), theme::SECTION),
            Self::Key(key) => of_key(key, widths, effective, app),
            Self::Fact(at) => facts.get(at).map_or_else(Line::default, |fact| {
                let key = widths.key.map_or_else(String::new, |columns| cell("", columns));
                let before = format!("   {}{key}", cell(fact.label, widths.label));
                Line::from(vec![Span::raw(before), Span::styled(cell(&fact.words, widths.values()), fact.style)])
            }),
        }
    }

    /// All about it, for so many columns beside the list.
    pub(super) fn in_full(
        self,
        width: u16,
        effective: &Effective,
        facts: &[Fact],
        app: &App,
    ) -> Option<Vec<Line<'static>>> {
        let (mut foot, told) = match self {
            Self::Heading(_) => return None,
            Self::Key(key) => {
                let mut foot = Foot::new(key.as_str(), width);
                foot.tell(key.label());
                foot.tell("");
                let stored = app.configuration.settings.get(&key);
                foot.say("in effect", &in_effect(key, effective, app));
                foot.say("stored", &stored.map_or_else(|| "-".to_owned(), |stored| shown(key, stored)));
                foot.say("from", from(key, effective, app));
                (foot, explained(key, effective, app))
            }
            Self::Fact(at) => {
                let fact = facts.get(at)?;
                (Foot::new(fact.label, width), fact.told())
            }
        };
        foot.tell("");
        let mut lines = foot.into_lines();
        for (words, style) in told {
            let rows = wrapped(&words, usize::from(width).saturating_sub(2));
            lines.extend(rows.into_iter().map(|row| Line::styled(format!(" {row}"), style)));
        }
        Some(lines)
    }

    /// Rows that telling all about it takes, its title with it.
    pub(super) fn foot_rows(self, width: u16, effective: &Effective, facts: &[Fact], app: &App) -> u16 {
        let told = match self {
            Self::Heading(_) => Vec::new(),
            Self::Key(key) => explained(key, effective, app),
            Self::Fact(at) => facts.get(at).map_or_else(Vec::new, Fact::told),
        };
        let rows = told.iter().map(|(words, _)| wrapped(words, usize::from(width).saturating_sub(2)).len());
        u16::try_from(1 + rows.sum::<usize>()).unwrap_or(u16::MAX)
    }

    /// What the chosen row is about, in full.
    pub(super) fn draw_foot(self, frame: &mut Frame<'_>, area: Rect, effective: &Effective, facts: &[Fact], app: &App) {
        match self {
            Self::Heading(_) => {}
            Self::Key(key) => draw_told(frame, area, key.as_str(), explained(key, effective, app)),
            Self::Fact(at) => {
                let Some(fact) = facts.get(at) else { return };
                draw_told(frame, area, fact.label, fact.told());
            }
        }
    }
}

impl Fact {
    pub(super) fn is_of_certificate(&self) -> bool {
        self.behind == Setting::EncryptionKeyFile
    }

    /// In full, with what Enter does.
    fn told(&self) -> Vec<(String, Style)> {
        let go_there = ("Enter goes to Certificates, where it is renewed".to_owned(), theme::MUTED);
        let own = (self.words.clone(), self.style);
        if self.is_of_certificate() { vec![own, go_there] } else { vec![own] }
    }
}

fn of_key(key: Setting, widths: &SettingWidths, effective: &Effective, app: &App) -> Line<'static> {
    let origin = effective.origin(key);
    let stored = app.configuration.settings.get(&key);
    let is_said = stored.is_some() || *origin != Origin::Default;
    let (sign, sign_style) = match obstacle(key, effective, app) {
        // Whoever looks for why a stored value does nothing sees it here, whatever it is that says another.
        _ if matches!(origin, Origin::CommandLine | Origin::File(_)) => ("!", theme::WARNING),
        Some(_) if is_said => ("!", theme::WARNING),
        _ if is_refused_in_file(key, app) => ("!", theme::WARNING),
        _ => (" ", theme::PLAIN),
    };
    let style = if *origin == Origin::Default { theme::MUTED } else { theme::PLAIN };
    let mut spans = vec![Span::raw(" "), Span::styled(sign, sign_style), Span::raw(" ")];
    spans.extend(name(key, widths));
    spans.push(Span::styled(cell(&in_effect(key, effective, app), widths.value), style));
    let stored = stored.map_or_else(|| "-".to_owned(), |stored| shown(key, stored));
    spans.push(Span::styled(cell(&stored, widths.stored), style));
    spans.push(Span::styled(cell(from(key, effective, app), widths.from), style));
    Line::from(spans)
}

/// The label for people, the key for programs in grey.
fn name(key: Setting, widths: &SettingWidths) -> [Span<'static>; 2] {
    match widths.key {
        Some(columns) => {
            let label = Span::raw(cell(key.label(), widths.label));
            [label, Span::styled(cell(key.as_str(), columns), theme::MUTED)]
        }
        None => {
            let label = format!("{} ", key.label());
            let rest = widths.label.saturating_sub(label.width());
            [Span::raw(label), Span::styled(cell(key.as_str(), rest), theme::MUTED)]
        }
    }
}

/// Whether a file has a value for it that it does not take.
pub(super) fn is_refused_in_file(key: Setting, app: &App) -> bool {
    app.files.findings().iter().any(|finding| finding.refuses(key))
}

/// What files say and nobody obeys, for this setting or as a whole.
fn not_taken(key: Setting, app: &App) -> impl Iterator<Item = (String, Style)> {
    let findings = app.files.findings().iter().filter(move |finding| finding.refuses(key) || finding.refuses_file());
    findings.map(|finding| (format!("✗ not taken: {finding}"), theme::ERROR))
}

/// Why what somebody stored or wrote for it does not act.
fn obstacle(key: Setting, effective: &Effective, app: &App) -> Option<String> {
    let hidden = || effective.hidden(key).iter().any(|(_, origin)| *origin == Origin::Database);
    match effective.origin(key) {
        Origin::CommandLine => {
            Some("the running server was started with --listen, which overrides this setting".to_owned())
        }
        Origin::File(place) if hidden() => {
            Some(format!("no effect: {} line {} overrides {}", place.file, place.line, hidden_words(key, effective)))
        }
        Origin::File(_) | Origin::Database | Origin::Default => idle_words(key, effective, app),
    }
}

/// The same where nothing of higher rank says another value.
pub(super) fn idle_words(key: Setting, effective: &Effective, app: &App) -> Option<String> {
    if let Some(theme) = named_theme(key, app) {
        let words = format!("this console was started with {theme}, by --theme or CTIBOX_THEME, which overrides it");
        return (effective.value(key).reveal() != theme).then_some(words);
    }
    effective.value(key).inert().or_else(|| effective.idle(key)).map(|why| format!("has no effect: {why}"))
}

/// The theme that this console was started with, of the setting that it overrides.
fn named_theme(key: Setting, app: &App) -> Option<&'static str> {
    app.named_theme.filter(|_| key == Setting::ConsoleTheme)
}

fn in_effect(key: Setting, effective: &Effective, app: &App) -> String {
    named_theme(key, app).map_or_else(|| shown(key, effective.value(key)), str::to_owned)
}

fn from(key: Setting, effective: &Effective, app: &App) -> &'static str {
    named_theme(key, app).map_or_else(|| effective.origin(key).words(), |_| "its start")
}

/// `10 (database), 12 (/etc/ctibox/conf.d/20.yml:2:3)`
fn hidden_words(key: Setting, effective: &Effective) -> String {
    let hidden = effective.hidden(key).iter().map(|(value, origin)| format!("{} ({origin})", shown(key, value)));
    hidden.collect::<Vec<_>>().join(", ")
}

/// With its unit.
fn shown(key: Setting, value: &SettingValue) -> String {
    let text = value.to_string();
    match (key.value_type().unit(), text.as_str()) {
        (_, "") => "-".to_owned(),
        (Some(unit), "1") => format!("1 {}", unit.trim_end_matches('s')),
        (Some(unit), number) => format!("{number} {unit}"),
        (None, _) => text,
    }
}

/// What it may be, what it is by default, when a change acts.
pub(super) fn limits(key: Setting) -> String {
    match key.inert() {
        Some(why) => format!("has no effect: {why}"),
        None => format!(
            "may be {}; {}; a change takes effect {}",
            key.value_type().limits(),
            default_words(key),
            key.acts().words()
        ),
    }
}

/// `default 5003`, `no default`.
fn default_words(key: Setting) -> String {
    match SettingValue::default_of(key) {
        value if value.reveal().is_empty() => "no default".to_owned(),
        value => format!("default {}", shown(key, &value)),
    }
}

/// What it is for, what it may be, and what stands in its way.
fn explained(key: Setting, effective: &Effective, app: &App) -> Vec<(String, Style)> {
    let mut told = vec![(key.meaning().to_owned(), theme::PLAIN)];
    match (obstacle(key, effective, app), effective.origin(key)) {
        (Some(why), Origin::Default) => told.push((format!("○ {why}"), theme::MUTED)),
        (Some(why), _) => told.push((format!("! {why}"), theme::WARNING)),
        (None, Origin::File(place)) => {
            told.push((format!("! set in {} line {}", place.file, place.line), theme::WARNING));
        }
        (None, _) => {}
    }
    told.extend(not_taken(key, app));
    told.push((limits(key), theme::PLAIN));
    told
}

/// Below a rule with a title; what has no room is cut off, the last first.
fn draw_told(frame: &mut Frame<'_>, area: Rect, title: &str, told: Vec<(String, Style)>) {
    let width = usize::from(area.width);
    frame.buffer_mut().set_line(area.x, area.y, &rule(title, width, theme::SECTION), area.width);
    let lines = told.into_iter().flat_map(|(words, style)| {
        let lines = wrapped(&words, width.saturating_sub(2));
        lines.into_iter().map(move |line| (line, style))
    });
    for (y, (line, style)) in (area.y + 1..area.bottom()).zip(lines) {
        frame.buffer_mut().set_stringn(area.x, y, format!(" {line}"), width, style);
    }
}
