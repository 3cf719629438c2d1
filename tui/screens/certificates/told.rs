//! The page about the pair: where it is, whom it names, until when, its fingerprint, and what is wrong with it.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::HALF_FINGERPRINT;
use crate::certificate::{Description, days_left, urgency};
use crate::settings::rule::{Severity, count};
use crate::settings::setting::EncryptionMode;
use crate::tui::app::App;
use crate::tui::clock::moment;
use crate::tui::frame::wrapped;
use crate::tui::screens::pair::{Pair, Use};
use crate::tui::theme;
use crate::tui::widgets::list::cell;

/// Columns of the labels.
const LABEL_WIDTH: usize = 13;

pub(super) fn lines(pair: &Pair, app: &App, width: usize) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    let mut fact = |label: &str, style: Style, words: &str| lines.extend(rows(label, style, words, width));
    let (style, words) = in_use(pair);
    fact("In use", style, &words);
    fact("Certificate", theme::PLAIN, &Pair::told(&pair.paths.certificate, app));
    fact("Key", theme::PLAIN, &Pair::told(&pair.paths.key, app));
    if let Some(description) = &pair.description {
        tell(description, app, &mut fact);
    }
    let (style, words) = match Pair::refused(app) {
        Some(why) => (theme::ERROR, format!("{} does not use it: {why}", theme::sign(Severity::Error))),
        None => server(pair.used(app), pair),
    };
    fact("Server", style, &words);
    for issuer in &pair.chain {
        let words = format!("{}, until {}", issuer.subject, moment(issuer.not_after.unix_timestamp(), app.now));
        fact("Followed by", urgency(issuer.not_after, app.now).map_or(theme::PLAIN, theme::of), &words);
    }
    lines.push(Line::raw(""));
    if pair.findings.is_empty() && pair.description.is_some() {
        lines.push(Line::styled(" ● Nothing is wrong with it.", theme::GOOD));
    }
    for finding in &pair.findings {
        let text = finding.refusal.to_string();
        for (row, part) in wrapped(&text, width.saturating_sub(4)).into_iter().enumerate() {
            let sign = if row == 0 { theme::sign(finding.severity) } else { " " };
            lines.push(Line::styled(format!(" {sign} {part}"), theme::of(finding.severity)));
        }
    }
    lines
}

fn in_use(pair: &Pair) -> (Style, String) {
    let (style, sign) = match pair.findings.iter().map(|finding| finding.severity).min() {
        Some(severity) => (theme::of(severity), theme::sign(severity)),
        None if pair.mode == EncryptionMode::Off => (theme::WARNING, theme::sign(Severity::Warning)),
        None if pair.is_made() => (theme::GOOD, "●"),
        None => (theme::MUTED, "○"),
    };
    let mode = match pair.mode {
        EncryptionMode::Off => "encryption is off: no client gets it",
        EncryptionMode::Offer => "encryption is offered to clients",
        EncryptionMode::Require => "encryption is required of clients",
    };
    let made = if pair.is_made() { "" } else { ", made at the first start of the server" };
    (style, format!("{sign} {}{made}; {mode}", pair.chosen()))
}

fn tell(description: &Description, app: &App, fact: &mut impl FnMut(&str, Style, &str)) {
    let Description { subject, issuer, names, key, not_before, not_after, fingerprint } = description;
    fact("Subject", theme::PLAIN, subject);
    fact("Issuer", theme::PLAIN, if issuer == subject { "itself" } else { issuer });
    let names = if names.is_empty() { "none: clients that check names refuse it".to_owned() } else { names.join(", ") };
    fact("Names", theme::PLAIN, &names);
    fact("Kind of key", theme::PLAIN, &key.to_string());
    fact("Valid from", theme::PLAIN, &moment(not_before.unix_timestamp(), app.now));
    let end = moment(not_after.unix_timestamp(), app.now);
    let urgency = urgency(*not_after, app.now);
    let left = match days_left(*not_after, app.now) {
        days @ 0.. => format!("{} left", count(usize::try_from(days).unwrap_or(usize::MAX), "day")),
        _ => "expired".to_owned(),
    };
    let sign = urgency.map_or("●", theme::sign);
    fact("Valid until", urgency.map_or(theme::PLAIN, theme::of), &format!("{end} {sign} {left}"));
    // For reading it out on the telephone: two rows of sixteen.
    let half = fingerprint.len().min(HALF_FINGERPRINT);
    fact("SHA-256", theme::STRONG, &fingerprint[..half]);
    fact("", theme::STRONG, &fingerprint[half..]);
}

fn server(used: Use, pair: &Pair) -> (Style, String) {
    let words = match used {
        Use::NotRunning => return (theme::MUTED, "○ is not running".to_owned()),
        Use::This => return (theme::GOOD, "● uses this one".to_owned()),
        Use::Nothing if pair.mode == EncryptionMode::Off => "! uses none: encryption is off",
        Use::Nothing => "! uses none; r makes it read this one",
        Use::Another => "! still uses another one; r makes it read this one",
    };
    (theme::WARNING, words.to_owned())
}

fn rows(label: &str, style: Style, words: &str, width: usize) -> Vec<Line<'static>> {
    let parts = wrapped(words, width.saturating_sub(LABEL_WIDTH + 2)).into_iter().enumerate();
    let label =
        |row| Span::styled(format!(" {}", cell(if row == 0 { label } else { "" }, LABEL_WIDTH - 1)), theme::HEAD);
    parts.map(|(row, part)| Line::from(vec![label(row), Span::styled(part, style)])).collect()
}
