//! How an opened profile looks: the names of its parts, the chosen part, and at the foot what is wrong with its mend, or
//! what the chosen row is.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use unicode_width::UnicodeWidthStr as _;

use super::drawing::ClientWindow;
use super::editor::{Editor, GeneralPart, Part};
use super::wording;
use super::xlets::{LEGEND, Table, XletHeads};
use crate::settings::preference::PreferenceValue;
use crate::settings::profile::Profile;
use crate::settings::rule::count;
use crate::tui::app::App;
use crate::tui::frame::wrapped;
use crate::tui::theme;
use crate::tui::widgets::list::cell;
use crate::tui::widgets::rule::rule;

/// Rows at the foot: a rule, three of words, one of a mend.
const FOOT_ROWS: u16 = 5;

/// The keys that fix what is wrong, in the opened profile and from the list.
const MEND_HERE: &str = " F";
const MEND_BESIDE_LIST: &str = " Enter F";

/// Columns of the xlet table, at the least.
const TABLE_WIDTH: u16 = 46;

/// Of the sketch beside it, at the least.
const SKETCH_WIDTH: u16 = 33;

impl Editor {
    /// Where it is looked at beside the list of profiles, only what is wrong is told below.
    pub(super) fn draw_beside_list(&mut self, frame: &mut Frame<'_>, area: Rect, app: &App) {
        let foot_rows = if self.problem().is_some() { FOOT_ROWS } else { 0 };
        self.draw_with_foot(frame, area, (foot_rows, MEND_BESIDE_LIST), app);
    }

    pub(super) fn draw_parts(&mut self, frame: &mut Frame<'_>, area: Rect, app: &App) {
        self.draw_with_foot(frame, area, (FOOT_ROWS, MEND_HERE), app);
    }

    fn draw_with_foot(
        &mut self,
        frame: &mut Frame<'_>,
        area: Rect,
        (foot_rows, mend_keys): (u16, &'static str),
        app: &App,
    ) {
        self.draw_bar(frame, Rect { height: 1, ..area }, app);
        let body = Rect { y: area.y + 1, height: area.height - 1, ..area };
        let (left, right) = match self.part {
            Part::Xlets if body.width > TABLE_WIDTH + SKETCH_WIDTH => {
                // What the table does not need is halved.
                let width = TABLE_WIDTH + (body.width - TABLE_WIDTH).saturating_sub(SKETCH_WIDTH) * 3 / 4;
                let right = Rect { x: body.x + width + 1, width: body.width - width - 1, ..body };
                (Rect { width, ..body }, Some(right))
            }
            Part::Xlets | Part::General | Part::Preferences => (body, None),
        };
        let rows = Rect { height: left.height.saturating_sub(foot_rows), ..left };
        self.draw_foot(frame, Rect { y: left.y + rows.height, height: left.height - rows.height, ..left }, mend_keys);
        let draft = self.draft.borrow();
        match self.part {
            Part::General => {
                let profile = draft.now();
                self.general.draw(frame, rows, true, |row| general_row(row, profile, app));
            }
            Part::Preferences => {
                let profile = draft.now();
                self.preferences.draw(frame, rows, true, |name| {
                    let value = profile.preferences.get(&name).map_or("not set", PreferenceValue::as_str);
                    let style = if profile.preferences.contains_key(&name) { theme::PLAIN } else { theme::MUTED };
                    Line::from(vec![
                        Span::raw(format!(" {}", cell(name.as_str(), 43))),
                        Span::styled(value.to_owned(), style),
                    ])
                });
            }
            Part::Xlets => {
                let table = Table { profile: draft.now(), problems: draft.problems(), column: self.column };
                table.draw(frame, rows, &mut self.xlets);
            }
        }
        if let Some(right) = right {
            let window = ClientWindow::of(draft.now(), &app.configuration);
            window.marked(draft.problems(), self.xlets.chosen()).draw(frame, right);
        }
    }

    fn draw_bar(&mut self, frame: &mut Frame<'_>, area: Rect, app: &App) {
        let draft = self.draft.borrow();
        let profile = draft.now();
        let mut x = area.x + 1;
        self.tabs.clear();
        for part in Part::ALL {
            let words = match part {
                Part::General => {
                    let granted = profile.services.len() + usize::from(profile.may_listen);
                    format!(" General, {} ", count(granted, "service"))
                }
                Part::Xlets => format!(" {} ", count(profile.xlets.len(), "xlet")),
                Part::Preferences => format!(" {} ", count(profile.preferences.len(), "preference")),
            };
            let style = if part == self.part { theme::CHOSEN } else { theme::PLAIN };
            let width = u16::try_from(words.width()).unwrap_or(0);
            frame.buffer_mut().set_stringn(x, area.y, words, usize::from(width), style);
            self.tabs.push((Rect { x, width, ..area }, part));
            x += width + 1;
        }
        let users = app.configuration.users.iter().filter(|user| user.profile == Some(self.id())).count();
        let (words, style) = match (draft.is_edited(), draft.is_overtaken(app)) {
            (true, true) => ("! not saved; changed elsewhere".to_owned(), theme::WARNING),
            (true, false) => ("! not saved".to_owned(), theme::WARNING),
            (false, _) => (format!("used by {}", count(users, "user")), theme::MUTED),
        };
        let width = u16::try_from(words.width()).unwrap_or(0) + 1;
        if draft.is_edited() || x + width <= area.right() {
            let x = area.right().saturating_sub(width).max(x);
            frame.buffer_mut().set_stringn(x, area.y, words, usize::from(area.right().saturating_sub(x)), style);
        }
    }

    fn draw_foot(&self, frame: &mut Frame<'_>, area: Rect, mend_keys: &'static str) {
        let columns = usize::from(area.width).saturating_sub(3);
        let width = usize::from(area.width);
        let mut lines = vec![match (self.part, XletHeads::of(area.width)) {
            (Part::Xlets, XletHeads::Letters) => rule(LEGEND, width, theme::MUTED),
            _ => Line::styled("─".repeat(width), theme::MUTED),
        }];
        match self.problem() {
            Some((at, problem)) => {
                let all = self.draft.borrow().problems().len();
                let text = if all > 1 { format!("{} ({} of {all})", problem.text, at + 1) } else { problem.text };
                let room = usize::from(FOOT_ROWS) - 1 - usize::from(problem.mend.is_some());
                for (row, part) in wrapped(&text, columns).into_iter().take(room).enumerate() {
                    let sign = if row == 0 { theme::sign(problem.severity) } else { " " };
                    lines.push(Line::styled(format!(" {sign} {part}"), theme::of(problem.severity)));
                }
                if let Some(mend) = problem.mend {
                    lines.push(Line::from(vec![Span::styled(mend_keys, theme::KEY), Span::raw(format!(" {mend}"))]));
                }
            }
            None => {
                let parts = self.help().into_iter().flat_map(|help| wrapped(&help, columns));
                lines.extend(parts.map(|part| Line::raw(format!(" {part}"))));
            }
        }
        frame.render_widget(Paragraph::new(lines), area);
    }

    /// What the chosen row is.
    fn help(&self) -> Vec<String> {
        match self.part {
            Part::General => match self.general.chosen() {
                Some(GeneralPart::Service(_)) => vec!["Space grants or revokes the service".to_owned()],
                Some(GeneralPart::MayListen) => vec![
                    "Space grants or revokes the right to listen to the calls of logged-in agents; the profile needs \
                     an xlet of agents too"
                        .to_owned(),
                ],
                _ => vec!["Enter edits name and groups".to_owned()],
            },
            Part::Xlets => match self.xlets.chosen() {
                Some(xlet) => {
                    let obstacle = self.draft.borrow().now().entry(xlet).and_then(|entry| self.column.obstacle(entry));
                    let column = self.column.help().to_owned();
                    let mut help = vec![format!("{xlet}: {}", wording::xlet(xlet)), column];
                    help.extend(obstacle.filter(|_| self.column.is_flag()).map(str::to_owned));
                    help
                }
                None => Vec::new(),
            },
            Part::Preferences => match self.preferences.chosen() {
                Some(name) => {
                    let kind = wording::value_type(name.value_type());
                    vec![wording::preference(name).to_owned(), format!("May be: {kind}")]
                }
                None => Vec::new(),
            },
        }
    }
}

fn general_row(row: GeneralPart, profile: &Profile, app: &App) -> Line<'static> {
    const LABEL: usize = 18;
    const DOES: usize = 34;
    let c = &app.configuration;
    let presences = || c.presence_groups.get(profile.presence_group).map(|group| group.name.to_string());
    let hints = || c.phone_hint_groups.get(profile.phone_hint_group).map(|group| group.name.to_string());
    let (label, value) = match row {
        GeneralPart::Name => ("Name", profile.name.to_string()),
        GeneralPart::PresenceGroup => {
            ("Presence group", presences().unwrap_or_else(|| profile.presence_group.to_string()))
        }
        GeneralPart::PhoneHintGroup => {
            ("Phone hint group", hints().unwrap_or_else(|| profile.phone_hint_group.to_string()))
        }
        GeneralPart::MayListen => {
            let mark = if profile.may_listen { "[x]" } else { "[ ]" };
            ("Users may", format!("{mark} {}may_listen", cell("listen to agents", DOES)))
        }
        GeneralPart::Service(service) => {
            let mark = if profile.services.contains(&service) { "[x]" } else { "[ ]" };
            ("", format!("{mark} {}{}", cell(wording::service(service), DOES), service.as_str()))
        }
    };
    Line::raw(format!(" {}{value}", cell(label, LABEL)))
}
