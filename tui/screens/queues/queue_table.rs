//! The list of queues: as they are configured; where the server says it, who waits and works in each now. Below it the
//! chosen one in full.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use crate::control::{CallerNow, QueueNow};
use crate::settings::configuration::Configuration;
use crate::settings::id::QueueId;
use crate::settings::queue::Queue;
use crate::settings::rule::Severity;
use crate::tui::app::App;
use crate::tui::clock::span;
use crate::tui::filter::Folded;
use crate::tui::table_view::{TableRows, TableView};
use crate::tui::theme;
use crate::tui::widgets::columns::{ColumnDesign, Need, TableColumn};
use crate::tui::widgets::foot::Foot;
use crate::tui::widgets::heads::SortKey;

use super::agent_table::tell_link;
use super::context_name;
use super::queue_form::member_words;
use super::standing::QueueView;

/// Rows below the list: the chosen queue in full.
const FOOT_ROWS: u16 = 6;
/// What a filter may ask for by name.
pub(super) const FIELDS: &[&str] = &["member", "waiting", "context"];

/// As they are configured, or as they stand: the numbers of both are called alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum QueueColumn {
    Name,
    Display,
    Number,
    Context,
    Waiting,
    Longest,
    Members,
    WrapUp,
    LoggedIn,
    Available,
    Talking,
    Paused,
}

impl TableColumn for QueueColumn {
    const ALL: &'static [Self] = &[
        Self::Name,
        Self::Display,
        Self::Number,
        Self::Context,
        Self::Waiting,
        Self::Longest,
        Self::Members,
        Self::WrapUp,
        Self::LoggedIn,
        Self::Available,
        Self::Talking,
        Self::Paused,
    ];

    fn design(self) -> ColumnDesign {
        match self {
            Self::Name => ColumnDesign::new("queue", 16),
            Self::Display => ColumnDesign::new("display name", 20),
            Self::Number => ColumnDesign::new("number", 8),
            Self::Context => ColumnDesign::new("context", 12).where_rows_differ(),
            Self::Waiting => ColumnDesign::new("waiting", 7),
            Self::Longest => ColumnDesign::new("longest", 7),
            Self::Members => ColumnDesign::new("members", 7),
            Self::WrapUp => ColumnDesign::new("wrap-up", 7).need(Need::ByDesign(1)),
            Self::LoggedIn => ColumnDesign::new("logged in", 9),
            Self::Available => ColumnDesign::new("available", 9).need(Need::ByDesign(1)),
            Self::Talking => ColumnDesign::new("talking", 7).need(Need::ByDesign(2)),
            Self::Paused => ColumnDesign::new("paused", 6).need(Need::ByDesign(3)),
        }
    }
}

impl QueueColumn {
    fn is_of(self, view: QueueView) -> bool {
        match self {
            Self::Name | Self::Context | Self::Members => true,
            Self::Display | Self::Number | Self::WrapUp => view == QueueView::Configured,
            Self::Waiting | Self::Longest | Self::LoggedIn | Self::Available | Self::Talking | Self::Paused => {
                view == QueueView::Live
            }
        }
    }
}

pub(super) struct QueueRows<'a>(pub(super) &'a App);

impl<'a> QueueRows<'a> {
    fn queue(&self, id: QueueId) -> Option<(&'a Queue, Option<&'a QueueNow>)> {
        let queue: &Queue = self.0.configuration.queues.get(id)?;
        let at_work = self.0.at_work.as_ref();
        Some((queue, at_work.and_then(|at_work| at_work.queue(queue.name.as_str()))))
    }
}

impl TableRows for QueueRows<'_> {
    type Id = QueueId;
    type Column = QueueColumn;

    fn ids(&self) -> Vec<QueueId> {
        self.0.configuration.queues.iter().map(|queue| queue.id).collect()
    }

    fn searched(&self, id: QueueId) -> Folded<'_> {
        let Some((queue, _)) = self.queue(id) else { return Folded::default() };
        let context = context_name(queue.context, &self.0.configuration);
        let members = members(queue, &self.0.configuration);
        Folded::of_parts(&[&format!("{} {} {} {context}", queue.name, queue.display, queue.number), &members])
    }

    fn field(&self, id: QueueId, name: &'static str) -> Folded<'_> {
        match (self.queue(id), name) {
            (Some((queue, _)), "context") => Folded::of(&context_name(queue.context, &self.0.configuration)),
            (Some((queue, _)), "member") => Folded::of(&members(queue, &self.0.configuration)),
            (Some((_, Some(now))), "waiting") => Folded::known(if now.waiting > 0 { "yes" } else { "none" }),
            _ => Folded::default(),
        }
    }

    fn cell(&self, id: QueueId, column: QueueColumn) -> Line<'static> {
        let Some((queue, now)) = self.queue(id) else { return Line::default() };
        let number = |number: fn(&QueueNow) -> usize| now.map(|now| number(now).to_string()).unwrap_or_default();
        let words = match column {
            QueueColumn::Name => return Line::raw(queue.name.to_string()),
            QueueColumn::Display => queue.display.to_string(),
            QueueColumn::Number => queue.number.to_string(),
            QueueColumn::Context => context_name(queue.context, &self.0.configuration),
            QueueColumn::WrapUp => format!("{} s", queue.wrapup_seconds),
            QueueColumn::Members => match now {
                Some(now) => now.members.to_string(),
                None if self.0.at_work.is_some() => String::new(),
                None => queue.members.len().to_string(),
            },
            QueueColumn::Waiting => match now {
                Some(now) if is_unattended(now) => {
                    let words = format!("{} {}", theme::sign(Severity::Warning), now.waiting);
                    return Line::styled(words, theme::WARNING);
                }
                _ => number(|now| now.waiting),
            },
            QueueColumn::Longest => now.map(|now| longest(now, self.0)).unwrap_or_default(),
            QueueColumn::LoggedIn => number(|now| now.logged_in),
            QueueColumn::Available => number(|now| now.available),
            QueueColumn::Talking => number(|now| now.talking),
            QueueColumn::Paused => number(|now| now.paused),
        };
        Line::raw(words)
    }

    fn sort_key(&self, id: QueueId, column: QueueColumn) -> SortKey<'_> {
        match (self.queue(id), column) {
            (Some((queue, _)), QueueColumn::WrapUp) => SortKey::Number(queue.wrapup_seconds.into()),
            (Some((_, now)), QueueColumn::Longest) => {
                let since = now.and_then(|now| now.longest_wait_since);
                since.map_or(SortKey::Nothing, |since| SortKey::Number(-(since as i64)))
            }
            _ => SortKey::of_cell(&self.cell(id, column)),
        }
    }

    fn has_column(&self, column: QueueColumn) -> bool {
        column.is_of(QueueView::of(self.0))
    }

    /// While it is told how they stand, the context has no room in a narrow terminal.
    fn need(&self, column: QueueColumn) -> Need {
        match (column, QueueView::of(self.0)) {
            (QueueColumn::Context, QueueView::Live) => Need::Beside,
            _ => column.design().need,
        }
    }

    fn empty_words(&self) -> Line<'static> {
        Line::styled(" There is no queue yet; `a` adds one, Tab shows the agents.", theme::MUTED)
    }
}

/// Who answers its calls: `agent 8001 Bob, line 1001 Alice`.
fn members(queue: &Queue, c: &Configuration) -> String {
    queue.members.iter().map(|member| member_words(member.member, c)).collect::<Vec<_>>().join(", ")
}

/// Nobody is there to take the calls that wait.
fn is_unattended(now: &QueueNow) -> bool {
    now.waiting > 0 && now.logged_in == 0
}

fn longest(now: &QueueNow, app: &App) -> String {
    now.longest_wait_since.map_or_else(|| "-".to_owned(), |since| span(since as i64, app.now))
}

pub(super) fn draw(table: &mut TableView<QueueId, QueueColumn>, frame: &mut Frame<'_>, area: Rect, app: &App) {
    let foot = foot(table.chosen(), area.width, app);
    table.draw_above(frame, area, &QueueRows(app), (foot, FOOT_ROWS));
}

/// The chosen queue in full.
pub(super) fn foot(chosen: Option<QueueId>, width: u16, app: &App) -> Option<Foot> {
    let c = &app.configuration;
    let queue = chosen.and_then(|id| c.queues.get(id))?;
    let mut foot = Foot::new(&format!("{} ({})", queue.name, queue.display), width);
    if let Some(now) = app.at_work.as_ref().and_then(|at_work| at_work.queue(queue.name.as_str())) {
        let context = context_name(queue.context, c);
        foot.say("reached at", &format!("{} in {context}, wrap-up {} s", queue.number, queue.wrapup_seconds));
        let callers: Vec<String> = now.callers.iter().map(|caller| caller_words(caller, app)).collect();
        foot.say("waiting", &if callers.is_empty() { "nobody".to_owned() } else { callers.join(", ") });
        if is_unattended(now) {
            foot.say("!", "nobody is logged in to take the calls");
        }
    }
    tell_link(&mut foot, app);
    Some(foot)
}

/// `Zoe Roe 5145550001 (1 min)`
fn caller_words(caller: &CallerNow, app: &App) -> String {
    format!("{} ({})", caller_name(caller), span(caller.since as i64, app.now))
}

/// What they say of themselves.
pub(super) fn caller_name(caller: &CallerNow) -> String {
    let words = format!("{} {}", caller.name, caller.number);
    match words.trim() {
        "" => "unknown".to_owned(),
        words => words.to_owned(),
    }
}
