//! What stands in the overview's place while there is no user: the three steps to the first login, which of them are done,
//! and what comes then. Each is done from here; the first user ends it.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::facts;
use crate::settings::configuration::Configuration;
use crate::settings::legacy_tls::IS_BUILT_IN;
use crate::settings::profile::Profile;
use crate::settings::rule::count;
use crate::settings::setting::EncryptionMode;
use crate::tui::app::{App, Transition};
use crate::tui::frame::wrapped;
use crate::tui::screens::{contexts, profiles, users};
use crate::tui::tab::Tab;
use crate::tui::theme;
use crate::tui::widgets::list::{List, cell};
use crate::tui::widgets::rule::rule;

/// What a login needs, in the order in which it is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Step {
    Context,
    Profile,
    User,
}

impl Step {
    pub(super) const ALL: [Self; 3] = [Self::Context, Self::Profile, Self::User];

    /// A user ends all of this, so that this step is never seen done.
    pub(super) fn is_done(self, c: &Configuration) -> bool {
        match self {
            Self::Context => !c.contexts.is_empty(),
            Self::Profile => with_xlets(c).next().is_some(),
            Self::User => !c.users.is_empty(),
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Context => "A context for the lines",
            Self::Profile => "A profile: what the client shows",
            Self::User => "A user with a password",
        }
    }

    /// What is there, or what Enter does.
    fn state(self, c: &Configuration) -> String {
        let named = |names: Vec<&str>| match names.split_first() {
            None => "Enter adds one".to_owned(),
            Some((first, [])) => (*first).to_owned(),
            Some((first, others)) => format!("{first} and {} more", others.len()),
        };
        match self {
            Self::Context => named(c.contexts.iter().map(|context| context.name.as_str()).collect()),
            Self::Profile => named(with_xlets(c).map(|profile| profile.name.as_str()).collect()),
            Self::User => "Enter or a adds the first one".to_owned(),
        }
    }

    /// Does it, or goes to where what is done can be changed.
    pub(super) fn go(self, app: &App) -> Transition {
        match (self, self.is_done(&app.configuration)) {
            (Self::Context, true) => Transition::Go(Tab::Contexts, None),
            (Self::Context, false) => contexts::add(app),
            (Self::Profile, true) => Transition::Go(Tab::Profiles, None),
            (Self::Profile, false) => profiles::add(app),
            (Self::User, _) => users::add(app),
        }
    }
}

/// Those with which a client has something to show.
fn with_xlets(c: &Configuration) -> impl Iterator<Item = &Profile> {
    c.profiles.iter().map(|profile| &**profile).filter(|profile| !profile.xlets.is_empty())
}

/// The first one that is not done yet.
pub(super) fn next(c: &Configuration) -> Step {
    Step::ALL.into_iter().find(|step| !step.is_done(c)).unwrap_or(Step::User)
}

pub(super) fn draw(frame: &mut Frame<'_>, area: Rect, steps: &mut List<Step>, app: &App) {
    let (width, c) = (usize::from(area.width), &app.configuration);
    let mut head = vec![rule("Welcome to ctibox", width, theme::SECTION)];
    let words = "There are no users yet. Three steps lead to the first login:";
    head.extend(wrapped(words, width.saturating_sub(2)).into_iter().map(|words| Line::raw(format!(" {words}"))));
    head.push(Line::default());
    let rest = put(frame, area, &head);
    let number = u16::try_from(Step::ALL.len()).unwrap_or(0).min(rest.height);
    steps.draw(frame, Rect { height: number, ..rest }, true, |step| row(step, c));
    let rest = Rect { y: rest.y + number, height: rest.height - number, ..rest };
    let tail = [vec![Line::default(), rule("Then", width, theme::SECTION)], then(app, width)].concat();
    put(frame, rest, &tail);
}

/// Draws lines from the top of the area; what is left of it.
fn put(frame: &mut Frame<'_>, area: Rect, lines: &[Line<'_>]) -> Rect {
    let rows = u16::try_from(lines.len()).unwrap_or(u16::MAX).min(area.height);
    for (y, line) in (area.y..area.y + rows).zip(lines) {
        frame.buffer_mut().set_line(area.x, y, line, area.width);
    }
    Rect { y: area.y + rows, height: area.height - rows, ..area }
}

fn row(step: Step, c: &Configuration) -> Line<'static> {
    let (sign, style) = if step.is_done(c) { ("✓", theme::GOOD) } else { ("○", theme::STRONG) };
    Line::from(vec![
        Span::styled(format!(" {sign} {} ", step as usize + 1), style),
        Span::styled(cell(step.words(), 34), style),
        Span::styled(step.state(c), theme::MUTED),
    ])
}

/// What is to be known of the way from a user to a client that is logged in.
fn then(app: &App, width: usize) -> Vec<Line<'static>> {
    let general = app.effective().general();
    let mut lines = facts::server(app, width);
    let mut fact = |label, style: Style, words: &str| lines.extend(facts::fact(label, style, words, width));
    if general.encryption_mode != EncryptionMode::Off && !general.allow_legacy_tls {
        let allow = if IS_BUILT_IN { "set encryption.allow_legacy_tls (8), or " } else { "" };
        let words = format!("! old desktop clients only know TLS 1.0: {allow}switch their encryption off");
        fact("Clients", theme::WARNING, &words);
    }
    let port = if general.client_port == 5003 { String::new() } else { format!(":{}", general.client_port) };
    fact("Try it", theme::PLAIN, &format!("ctibox client localhost{port} --user LOGIN"));
    fact("A line", theme::PLAIN, "a on the page of the user adds it; with it they are called, and seen by others");
    if !app.findings.is_empty() {
        let words = format!("! {}: see `ctibox check`", count(app.findings.len(), "finding"));
        fact("Check", theme::WARNING, &words);
    }
    lines
}
