//! The upper part of the overview: what is known of the server, its clients and its certificate, a line a fact. How many of
//! them are shown where the lists below need the room is `fitting`'s.

use std::collections::BTreeMap;

use ratatui::style::Style;
use ratatui::text::{Line, Span};
use time::OffsetDateTime;
use unicode_width::UnicodeWidthStr as _;

use crate::certificate::{days_left, urgency};
use crate::control::{AgentState, Discrepancy, QueueNow, ServerStatus, Session, SlowedDown};
use crate::settings::configuration::Configuration;
use crate::settings::rule::count;
use crate::settings::setting::EncryptionMode;
use crate::tui::app::App;
use crate::tui::at_work::{AtWork, state_words};
use crate::tui::clock::{minute, span};
use crate::tui::frame::{first_rows, wrapped};
use crate::tui::screens::pair::Pair;
use crate::tui::screens::telephony_link;
use crate::tui::server::{Sample, Server};
use crate::tui::theme;
use crate::tui::widgets::dots::{DOT, with_dots};
use crate::tui::widgets::list::cell;
use crate::tui::widgets::sparkline::sparkline;

use super::fitting::{FactRank, StatusFact};

/// Columns of the labels.
const LABEL_WIDTH: usize = 13;

/// Rows that a fact may take.
const FACT_ROWS: usize = 2;

/// Sessions by what they say, the most frequent first.
type Shares = Vec<(String, usize)>;

pub(super) fn facts(app: &App, pair: Option<&Pair>, width: usize) -> Vec<StatusFact> {
    let mut facts = server_facts(app, width);
    facts.extend(pair.map(|pair| certificate(pair, app, width)));
    let (style, words) = telephony_link::state(app);
    let rank = if style == theme::ERROR { FactRank::Kept } else { FactRank::Link };
    facts.push(one(rank, "Telephony", style, &words, width));
    if let Some(at_work) = &app.at_work {
        facts.push(one(FactRank::Agents, "Agents", theme::PLAIN, &agents(at_work), width));
        let (rank, style, words) = waiting(at_work, app);
        facts.push(one(rank, "Waiting", style, &words, width));
    }
    if let Server::Running(status, sessions) = &app.server {
        facts.push(one(FactRank::Clients, "Clients", theme::PLAIN, &clients(status, sessions), width));
        for refused in &status.refused_clients {
            facts.push(one(FactRank::Kept, "Refused", theme::WARNING, &format!("! {refused}"), width));
        }
        facts.extend(presences(sessions, &app.configuration, width));
        if let Some(words) = slowed_down(status.slowed_down) {
            facts.push(one(FactRank::Kept, "Slowed down", theme::WARNING, &words, width));
        }
        facts.push(StatusFact::of_one_row(FactRank::Trend, trend(app, width)));
    }
    facts
}

fn one(rank: FactRank, label: &str, style: Style, words: &str, width: usize) -> StatusFact {
    let short = rows_of(label, style, words, (1, width)).into_iter().next().unwrap_or_default();
    StatusFact { rank, lines: fact(label, style, words, width), short }
}

pub(super) fn fact(label: &str, style: Style, words: &str, width: usize) -> Vec<Line<'static>> {
    rows_of(label, style, words, (FACT_ROWS, width))
}

/// In so many rows at the most, of so many columns.
fn rows_of(label: &str, style: Style, words: &str, (rows, width): (usize, usize)) -> Vec<Line<'static>> {
    let columns = width.saturating_sub(LABEL_WIDTH + 1);
    let parts = first_rows(wrapped(words, columns), rows, columns);
    let label = |row| cell(if row == 0 { label } else { "" }, LABEL_WIDTH - 1);
    let line = |(row, part)| Line::from(vec![Span::styled(format!(" {}", label(row)), theme::HEAD), part]);
    parts.into_iter().map(|part| Span::styled(part, style)).enumerate().map(line).collect()
}

pub(super) fn server(app: &App, width: usize) -> Vec<Line<'static>> {
    server_facts(app, width).into_iter().flat_map(|fact| fact.lines).collect()
}

fn server_facts(app: &App, width: usize) -> Vec<StatusFact> {
    let server = |style, words: &str| one(FactRank::Kept, "Server", style, words, width);
    match &app.server {
        Server::NotAskedYet => vec![server(theme::MUTED, "… is being asked")],
        Server::NotRunning => vec![
            server(theme::WARNING, "○ stopped; start it: `systemctl start ctibox` or `ctibox serve`"),
            one(FactRank::Addresses, "Listens on", theme::PLAIN, &would_listen(app), width),
        ],
        Server::Silent(why) => vec![server(theme::ERROR, &format!("✗ does not answer: {why}"))],
        Server::Running(status, _) => {
            let started = status.started as i64;
            let words = format!(
                "● runs since {} ({}), process {}, ctibox {}",
                minute(started, app.now),
                span(started, app.now),
                status.process,
                status.version
            );
            let (rank, style, addresses) = match status.listen.is_empty() {
                true => (FactRank::Kept, theme::WARNING, "! nowhere: no client can connect".to_owned()),
                false => (FactRank::Addresses, theme::PLAIN, status.listen.join(", ")),
            };
            let mut facts = vec![server(theme::GOOD, &words), one(rank, "Listens on", style, &addresses, width)];
            // Until it is mended: what is configured and does not hold.
            // How the link to Asterisk is stands below.
            let told = |it: &&Discrepancy| !matches!(it, Discrepancy::Telephony { .. });
            for discrepancy in status.discrepancies.iter().filter(told) {
                let words = format!("✗ {discrepancy}");
                facts.push(one(FactRank::Kept, "Not applied", theme::ERROR, &words, width));
            }
            facts
        }
    }
}

fn would_listen(app: &App) -> String {
    let general = app.effective().general();
    if !general.client_enabled {
        return "nowhere, even when it runs: client.enabled is false".to_owned();
    }
    let addresses: Vec<String> = general.client_listen.iter().map(ToString::to_string).collect();
    format!("nowhere now; when it runs: {}, port {}", addresses.join(", "), general.client_port)
}

/// Of the certificate that is in use: what the running server says counts more than the files.
fn certificate(pair: &Pair, app: &App, width: usize) -> StatusFact {
    let (style, words) = certificate_words(pair, app);
    let is_calm = [theme::GOOD, theme::MUTED].contains(&style);
    one(if is_calm { FactRank::Pair } else { FactRank::Kept }, "Certificate", style, &words, width)
}

fn certificate_words(pair: &Pair, app: &App) -> (Style, String) {
    if pair.mode == EncryptionMode::Off {
        return (theme::WARNING, "! none in use: encryption.mode is off".to_owned());
    }
    // Why stands above.
    if Pair::refused(app).is_some() {
        return (theme::ERROR, "✗ clients do not get the configured one; 9 says why".to_owned());
    }
    let served = match &app.server {
        Server::Running(status, _) => status.certificate_expires,
        _ => None,
    };
    let served = served.and_then(|at| OffsetDateTime::from_unix_timestamp(at).ok());
    let end = served.or(pair.description.as_ref().map(|description| description.not_after));
    match end {
        Some(end) => until(end, pair, app),
        None if !pair.is_made() => (theme::MUTED, "○ not made yet; the server makes one at its first start".to_owned()),
        None => (theme::ERROR, format!("✗ {} cannot be used; 9 says why", pair.chosen())),
    }
}

fn until(end: OffsetDateTime, pair: &Pair, app: &App) -> (Style, String) {
    let day = end.to_offset(app.now.offset()).date();
    let left = count(usize::try_from(days_left(end, app.now)).unwrap_or(0), "day");
    let urgency = urgency(end, app.now);
    let sign = urgency.map_or("●", theme::sign);
    let words = match end <= app.now {
        true => format!("{sign} {}, expired on {day}", pair.chosen()),
        false => format!("{sign} {}, until {day}: {left} left", pair.chosen()),
    };
    (urgency.map_or(theme::GOOD, theme::of), words)
}

/// `3 logged in: 1 available, 2 paused; 4 logged out`
fn agents(at_work: &AtWork) -> String {
    let of = |state| at_work.agents.iter().filter(|agent| agent.state == state).count();
    let states = [
        AgentState::Available,
        AgentState::OnQueueCall,
        AgentState::OnOtherCall,
        AgentState::Resting,
        AgentState::Paused,
    ];
    let told = states.into_iter().filter(|state| of(*state) > 0);
    let told: Vec<String> = told.map(|state| format!("{} {}", of(state), state_words(state))).collect();
    let out = of(AgentState::LoggedOut);
    let words = match told.is_empty() {
        true => format!("nobody is logged in, {out} logged out"),
        false => format!("{} logged in: {}; {out} logged out", at_work.agents.len() - out, told.join(", ")),
    };
    format!("{words}{}", if at_work.is_linked { "" } else { " (last known state)" })
}

/// The queues in which somebody waits, the longest wait first: `support 2 (1 min), sales 1 (5 s)`.
fn waiting(at_work: &AtWork, app: &App) -> (FactRank, Style, String) {
    let mut queues: Vec<_> = at_work.queues.iter().filter(|queue| queue.waiting > 0).collect();
    queues
        .sort_by(|a, b| a.longest_wait_since.unwrap_or(f64::MAX).total_cmp(&b.longest_wait_since.unwrap_or(f64::MAX)));
    let told = |queue: &&QueueNow| {
        let longest = queue.longest_wait_since.map(|since| format!(" ({})", span(since as i64, app.now)));
        format!("{} {}{}", queue.queue, queue.waiting, longest.unwrap_or_default())
    };
    let lost: Vec<_> = queues.iter().filter(|queue| queue.logged_in == 0).map(|queue| queue.queue.as_str()).collect();
    if queues.is_empty() {
        return (FactRank::NobodyWaits, theme::PLAIN, "nobody waits in a queue".to_owned());
    }
    let words = queues.iter().map(told).collect::<Vec<_>>().join(", ");
    // Whoever waits where nobody could take the call waits in vain.
    match lost.len() {
        0 => (FactRank::Waiting, theme::PLAIN, words),
        number if number == queues.len() => {
            (FactRank::Kept, theme::WARNING, format!("! {words}; nobody is logged in there"))
        }
        _ => (FactRank::Kept, theme::WARNING, format!("! {words}; nobody is logged in to {}", lost.join(", "))),
    }
}

fn clients(status: &ServerStatus, sessions: &[Session]) -> String {
    let kinds = shares(sessions, encryption);
    let connections = count(usize::try_from(status.connections).unwrap_or(usize::MAX), "connection");
    match kinds.is_empty() {
        true => format!("nobody is logged in; {connections}"),
        false => format!("{} logged in: {}; {connections}", sessions.len(), told(&kinds, "", usize::MAX)),
    }
}

/// After failed logins; None: nobody is.
fn slowed_down(slowed_down: SlowedDown) -> Option<String> {
    let SlowedDown { logins, addresses, waiting } = slowed_down;
    let number = |number: u32, what| count(usize::try_from(number).unwrap_or(usize::MAX), what);
    let who = match (logins, addresses) {
        (0, 0) => return None,
        (_, 0) => number(logins, "login"),
        (0, _) => number(addresses, "address"),
        (_, _) => format!("{} and {}", number(logins, "login"), number(addresses, "address")),
    };
    let waiting = if waiting == 0 { String::new() } else { format!(", {} waiting", number(waiting, "attempt")) };
    Some(format!("! {who} after failed logins{waiting}; L in Sessions shows who"))
}

/// `clear`, `TLS 1.3`, or just that it is encrypted where the server does not say how.
pub(in crate::tui::screens) fn encryption(session: &Session) -> String {
    match (&session.tls, session.encrypted) {
        (Some(version), _) => format!("TLS {version}"),
        (None, true) => "encrypted".to_owned(),
        (None, false) => "clear".to_owned(),
    }
}

/// As people read them, each with its dot; two groups may call one name by different words: the first one counts.
fn presences(sessions: &[Session], c: &Configuration, width: usize) -> Option<StatusFact> {
    let known = |name: &str| c.presences.find(|presence| presence.name.as_str() == name);
    let shares = shares(sessions, |session| session.presence.clone());
    if shares.is_empty() {
        return None;
    }
    let called = |name: &str| known(name).map_or_else(|| name.to_owned(), |presence| presence.display.to_string());
    let words: Shares = shares.iter().map(|(name, number)| (called(name), *number)).collect();
    let rows = |rows: usize| {
        let words = told(&words, DOT, rows * width.saturating_sub(LABEL_WIDTH + 3));
        let mut dots = shares.iter().map(|(name, _)| {
            known(name).map_or_else(|| Span::styled(DOT, theme::MUTED), |presence| theme::dot(presence.color))
        });
        let lines = rows_of("Presences", theme::PLAIN, &words, (rows, width));
        lines.into_iter().map(|line| with_dots(&line, &mut dots)).collect::<Vec<_>>()
    };
    let short = rows(1).into_iter().next().unwrap_or_default();
    Some(StatusFact { rank: FactRank::Presences, lines: rows(FACT_ROWS), short })
}

fn shares(sessions: &[Session], of: impl Fn(&Session) -> String) -> Shares {
    let mut names: BTreeMap<&str, usize> = BTreeMap::new();
    let words: Vec<String> = sessions.iter().map(of).collect();
    for word in &words {
        *names.entry(word).or_default() += 1;
    }
    let mut shares: Shares = names.into_iter().map(|(name, number)| (name.to_owned(), number)).collect();
    shares.sort_by_key(|(_, number)| std::cmp::Reverse(*number));
    shares
}

/// `3 Available, 2 Away`, each with this sign before it if it is not empty; what has no room is told as a number.
fn told(shares: &Shares, sign: &str, columns: usize) -> String {
    let sign = if sign.is_empty() { String::new() } else { format!("{sign} ") };
    let mut text = String::new();
    for (at, (name, number)) in shares.iter().enumerate() {
        let part = format!("{}{sign}{number} {name}", if at == 0 { "" } else { ", " });
        let rest: usize = shares[at..].iter().map(|(_, number)| number).sum();
        let ending = format!(", {rest} others");
        if text.width() + part.width() + ending.width() > columns {
            return text + &ending;
        }
        text.push_str(&part);
    }
    text
}

/// Connections now and client lines of the last minute, each with how it went.
fn trend(app: &App, width: usize) -> Line<'static> {
    let samples = &app.samples;
    let connections = samples.back().map_or(0, |sample| sample.connections);
    let (messages, seconds) = last_minute(samples.iter().rev());
    let span = if seconds < 60 { format!("in {seconds} s") } else { "a minute".to_owned() };
    let half = width / 2;
    let left = format!(" {}{connections} ", cell("Connections", LABEL_WIDTH - 1));
    let right = format!("  Messages {messages} {span} ");
    let bars_left = sparkline(samples.iter().map(|sample| sample.connections), half.saturating_sub(left.width()));
    let room = width.saturating_sub(half + right.width() + 1);
    let bars_right = sparkline(samples.iter().map(|sample| sample.messages), room);
    Line::from(vec![
        Span::styled(left, theme::HEAD),
        Span::styled(bars_left, theme::GOOD),
        Span::styled(right, theme::HEAD),
        Span::styled(bars_right, theme::GOOD),
    ])
}

/// The messages of the samples of one minute, newest first, and how many seconds they cover.
fn last_minute<'a>(newest_first: impl Iterator<Item = &'a Sample>) -> (u64, i64) {
    let mut newest_first = newest_first.peekable();
    let Some(newest) = newest_first.peek().map(|sample| sample.at) else { return (0, 0) };
    let (mut messages, mut seconds) = (0, 0);
    for sample in newest_first {
        seconds = newest - sample.at;
        if seconds >= 60 {
            break;
        }
        messages += sample.messages;
    }
    (messages, seconds.min(60))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples(messages: &[u64]) -> Vec<Sample> {
        let sample = |(at, messages): (usize, &u64)| Sample { at: at as i64, connections: 1, messages: *messages };
        messages.iter().enumerate().map(sample).collect()
    }

    #[test]
    fn the_messages_of_a_minute_are_those_of_sixty_seconds() {
        let of = |samples: &[Sample]| last_minute(samples.iter().rev());
        assert_eq!(of(&[]), (0, 0));
        assert_eq!(of(&samples(&[0, 3, 4])), (7, 2));
        assert_eq!(of(&samples(&[1; 100])), (60, 60));
    }

    #[test]
    fn what_has_no_room_is_a_number() {
        let shares: Shares = ["Available", "Away", "Out to lunch"].map(|name| (name.to_owned(), 2)).to_vec();
        assert_eq!(told(&shares, "", 80), "2 Available, 2 Away, 2 Out to lunch");
        assert_eq!(told(&shares, "", 23), "2 Available, 4 others");
        assert_eq!(told(&shares, DOT, 25), "● 2 Available, 4 others");
    }
}
