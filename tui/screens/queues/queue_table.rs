//! The list of queues: as they are configured; where the server says it, who waits and works in each now. Below it the
//! chosen one in full.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::control::{CallerNow, QueueNow};
use crate::settings::configuration::Configuration;
use crate::settings::id::QueueId;
use crate::settings::queue::Queue;
use crate::tui::app::App;
use crate::tui::at_work::AtWork;
use crate::tui::clock::span;
use crate::tui::detail;
use crate::tui::filter::Filter;
use crate::tui::theme;
use crate::tui::widgets::columns::{Column, cells, fit};
use crate::tui::widgets::foot::Foot;
use crate::tui::widgets::list::{List, cell};

use super::agent_table::tell_link;
use super::context_name;

/// Rows below the list: the chosen queue in full.
const FOOT_ROWS: u16 = 6;
/// Of the numbers, each with its head.
const NUMBERS: [(&str, usize); 7] =
    [("waiting", 7), ("longest", 7), ("members", 7), ("logged in", 9), ("available", 9), ("talking", 7), ("paused", 6)];

/// So many of them a narrow terminal has too.
const NEEDED_NUMBERS: usize = 4;

/// What a filter may ask for by name.
pub(super) const FIELDS: &[&str] = &["waiting", "context"];

/// What a filter looks into.
pub(super) fn searched(queue: &Queue, c: &Configuration) -> String {
    format!("{} {} {} {}", queue.name, queue.display, queue.number, context_name(queue.context, c))
}

pub(super) fn field(id: QueueId, name: &str, app: &App) -> String {
    let c = &app.configuration;
    let Some(queue) = c.queues.get(id) else { return String::new() };
    let now = app.at_work.as_ref().and_then(|at_work| at_work.queue(queue.name.as_str()));
    match (name, now) {
        ("context", _) => context_name(queue.context, c),
        ("waiting", Some(now)) => if now.waiting > 0 { "yes" } else { "none" }.to_owned(),
        _ => String::new(),
    }
}

pub(super) fn draw((list, filter): (&mut List<QueueId>, &Filter), frame: &mut Frame<'_>, area: Rect, app: &App) {
    let foot_rows = detail::foot_rows(frame, FOOT_ROWS);
    let rows = Rect { y: area.y + 1, height: area.height.saturating_sub(1 + foot_rows), ..area };
    if list.chosen().is_none() && !filter.is_on() {
        let words = " There is no queue yet; `a` adds one, Tab shows the agents.";
        frame.buffer_mut().set_string(area.x, area.y + 2, words, theme::MUTED);
    }
    match &app.at_work {
        Some(at_work) => draw_standing(list, frame, (Rect { height: 1, ..area }, rows), at_work, app),
        None => draw_configured(list, frame, (Rect { height: 1, ..area }, rows), &app.configuration),
    }
    if let Some(foot) = foot(list, area.width, app) {
        foot.draw(frame, Rect { y: area.bottom() - foot_rows, height: foot_rows, ..area });
    }
}

fn draw_configured(list: &mut List<QueueId>, frame: &mut Frame<'_>, (head, rows): (Rect, Rect), c: &Configuration) {
    let queues = || c.queues.iter();
    let columns = [
        Column::new(16, "queue").holding(queues().map(|queue| queue.name.as_str())),
        Column::new(20, "display name").holding(queues().map(|queue| queue.display.as_str())),
        Column::new(8, "number").holding(queues().map(|queue| queue.number.as_str())),
        Column::new(12, "context").where_rows_differ().holding(queues().map(|queue| context_name(queue.context, c))),
        Column::new(8, "members"),
        Column::new(7, "wrap-up").if_room(),
    ];
    let widths = fit(head.width.saturating_sub(1), columns);
    let heads = ["queue", "display name", "number", "context", "members", "wrap-up"];
    let words = format!(" {}", cells(heads, &widths));
    frame.buffer_mut().set_stringn(head.x, head.y, words, usize::from(head.width), theme::HEAD);
    list.draw(frame, rows, true, |id| {
        let Some(queue) = c.queues.get(id) else { return Line::default() };
        let (context, members) = (context_name(queue.context, c), queue.members.len().to_string());
        let wrapup = format!("{} s", queue.wrapup_seconds);
        let (name, display, number) = (queue.name.as_str(), queue.display.as_str(), queue.number.as_str());
        Line::raw(format!(" {}", cells([name, display, number, &context, &members, &wrapup], &widths)))
    });
}

fn draw_standing(
    list: &mut List<QueueId>,
    frame: &mut Frame<'_>,
    (head, rows): (Rect, Rect),
    at_work: &AtWork,
    app: &App,
) {
    let c = &app.configuration;
    let names = c.queues.iter().map(|queue| queue.name.as_str());
    let mut columns = [Column::new(16, "queue").holding(names); 8];
    for ((at, (head, width)), column) in NUMBERS.iter().enumerate().zip(&mut columns[1..]) {
        let column_of = Column::new(*width, head);
        *column = if at < NEEDED_NUMBERS { column_of } else { column_of.if_room() };
    }
    let [name, widths @ ..] = fit(head.width.saturating_sub(1), columns);
    let heads = cells(NUMBERS.map(|(head, _)| head), &widths);
    let words = format!(" {}{heads}", cell("queue", name));
    frame.buffer_mut().set_stringn(head.x, head.y, words, usize::from(head.width), theme::HEAD);
    list.draw(frame, rows, true, |id| {
        let Some(queue) = c.queues.get(id) else { return Line::default() };
        let named = Span::raw(format!(" {}", cell(queue.name.as_str(), name)));
        let Some(now) = at_work.queue(queue.name.as_str()) else { return Line::from(named) };
        let words = cells(numbers(now, app), &widths);
        // Nobody is there to take the calls that wait.
        let style = if now.waiting > 0 && now.logged_in == 0 { theme::WARNING } else { theme::PLAIN };
        Line::from(vec![named, Span::styled(words, style)])
    });
}

fn numbers(now: &QueueNow, app: &App) -> [String; 7] {
    let longest = now.longest_wait_since.map_or_else(|| "-".to_owned(), |since| span(since as i64, app.now));
    [
        now.waiting.to_string(),
        longest,
        now.members.to_string(),
        now.logged_in.to_string(),
        now.available.to_string(),
        now.talking.to_string(),
        now.paused.to_string(),
    ]
}

/// The chosen queue in full.
pub(super) fn foot(list: &List<QueueId>, width: u16, app: &App) -> Option<Foot> {
    let c = &app.configuration;
    let queue = list.chosen().and_then(|id| c.queues.get(id))?;
    let mut foot = Foot::new(&format!("{} ({})", queue.name, queue.display), width);
    if let Some(now) = app.at_work.as_ref().and_then(|at_work| at_work.queue(queue.name.as_str())) {
        let context = context_name(queue.context, c);
        foot.say("reached at", &format!("{} in {context}, wrap-up {} s", queue.number, queue.wrapup_seconds));
        let callers: Vec<String> = now.callers.iter().map(|caller| caller_words(caller, app)).collect();
        foot.say("waiting", &if callers.is_empty() { "nobody".to_owned() } else { callers.join(", ") });
        if now.waiting > 0 && now.logged_in == 0 {
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
