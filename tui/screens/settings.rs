//! General settings as the page of old: sections with a heading, every setting with what is in effect beside what is
//! stored, and what the certificate in use says. The list itself is `setting_list`.

use std::time::Duration;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use time::OffsetDateTime;

use crate::certificate::{days_left, urgency};
use crate::settings::rule::count;
use crate::settings::setting::Key as Setting;
use crate::settings::table::Kind;
use crate::tui::app::{App, Detail, Rows, Target, Transition};
use crate::tui::clock::minute;
use crate::tui::commands::Command;
use crate::tui::detail;
use crate::tui::filter::Filter;
use crate::tui::key_table::Action;
use crate::tui::keys::Key;
use crate::tui::latest::Latest;
use crate::tui::screen::{Screen, open_again};
use crate::tui::theme;
use crate::tui::widgets::list::MOVES;

use super::backups::Backups;
use super::pair::Pair;
use super::setting_list::{Fact, SettingList};

/// Columns of all about the chosen one, beside the list of a wide terminal.
const DETAIL_WIDEST: u16 = 42;

pub(super) struct Settings {
    list: SettingList,
    pair: Latest<Pair>,
    backups: Latest<Backups>,
}

impl Settings {
    pub(super) fn open(app: &App) -> Self {
        let mut list = SettingList::page();
        list.look(app);
        Self { list, pair: Latest::default(), backups: Latest::default() }
    }

    fn show_facts(&mut self, app: &App) {
        let mut all = self.pair.get().map_or_else(Vec::new, |pair| facts(pair, app));
        all.extend(self.backups.get().map_or_else(Vec::new, |backups| backups.facts(app)));
        self.list.set_facts(all);
        self.list.look(app);
    }

    fn change_scope(&mut self, app: &mut App) -> Transition {
        self.list.change_scope(app);
        Transition::Stay
    }

    fn moved(&mut self, key: Key, _app: &mut App) -> Transition {
        self.list.press(key);
        Transition::Stay
    }

    fn edit(&mut self, app: &mut App) -> Transition {
        self.list.edit(app)
    }

    fn switch(&mut self, app: &mut App) -> Transition {
        self.list.switch(app)
    }

    fn reset(&mut self, app: &mut App) -> Transition {
        self.list.reset(app)
    }
}

/// What stands behind the settings that name the pair.
fn facts(pair: &Pair, app: &App) -> Vec<Fact> {
    let worst = pair.findings.iter().map(|finding| finding.severity).min();
    let made = if pair.is_made() { "" } else { ", made at the first start of the server" };
    let (sign, style) = worst.map_or(("", theme::PLAIN), |severity| (theme::sign(severity), theme::of(severity)));
    let mut facts = vec![Fact {
        behind: Setting::EncryptionKeyFile,
        label: "In use",
        words: format!("{sign} {}{made}", pair.chosen()).trim().to_owned(),
        style,
    }];
    if let Some(description) = &pair.description {
        let end = description.not_after;
        let urgency = urgency(end, app.now);
        let style = urgency.map_or(theme::PLAIN, theme::of);
        let sign = urgency.map_or("", theme::sign);
        let words = format!("{sign} {}, {}", minute(end.unix_timestamp(), app.now), left(end, app));
        facts.push(Fact {
            behind: Setting::EncryptionKeyFile,
            label: "Expires",
            words: words.trim().to_owned(),
            style,
        });
        let words = description.fingerprint.clone();
        facts.push(Fact { behind: Setting::EncryptionKeyFile, label: "Fingerprint", words, style: theme::PLAIN });
    }
    facts
}

/// `in 91 days`
fn left(end: OffsetDateTime, app: &App) -> String {
    match days_left(end, app.now) {
        days @ 0.. => format!("in {}", count(usize::try_from(days).unwrap_or_default(), "day")),
        _ => "expired".to_owned(),
    }
}

impl Screen for Settings {
    fn title(&self, _app: &App) -> String {
        "general settings".to_owned()
    }

    fn commands(&self, app: &App) -> Vec<Command<Self>> {
        vec![
            Command::keyed(MOVES, "move", "Move the cursor", Self::moved),
            Command::new([Action::Open, Action::Edit], "edit", "Edit the setting", Self::edit).edits(app),
            Command::new([Action::Mark], "switch", "Switch a setting that is true or false", Self::switch).edits(app),
            Command::new([Action::Remove], "default", "Go back to the default", Self::reset).edits(app),
            Command::new(
                [Action::Notable],
                "changed only",
                "Show only what is not at its default, and all again",
                Self::change_scope,
            ),
        ]
    }

    fn filter(&self) -> Option<&Filter> {
        Some(&self.list.filter)
    }

    fn filter_mut(&mut self) -> Option<&mut Filter> {
        Some(&mut self.list.filter)
    }

    fn place(&self) -> Option<usize> {
        self.list.place()
    }

    fn on_filter(&mut self, app: &mut App) {
        self.list.look(app);
    }

    fn on_update(&mut self, app: &mut App) {
        self.pair.look(Pair::looking(app), app);
        self.backups.look(Backups::looking(app), app);
        self.show_facts(app);
    }

    fn is_working(&self) -> bool {
        self.pair.is_under_way() || self.backups.is_under_way()
    }

    fn look_after(&mut self, app: &mut App) -> Transition {
        let is_new = [self.pair.take(Duration::ZERO, app), self.backups.take(Duration::ZERO, app)];
        if is_new.contains(&true) {
            self.show_facts(app);
        }
        Transition::Stay
    }

    fn reveal(&mut self, target: Target, app: &mut App) -> Transition {
        if let (Kind::Setting, Some(key)) = (target.kind, Setting::at(target.id)) {
            self.list.choose(key, app);
        }
        Transition::Stay
    }

    fn rows(&self) -> Option<Rows> {
        self.list.rows()
    }

    fn clicked(&mut self, at: Position, _app: &mut App) -> Transition {
        open_again(self.list.clicked(at))
    }

    /// What is said of one has room in fewer columns than a key, its label and its value.
    fn list_width(&self, width: u16) -> u16 {
        detail::usual_list_width(width).max(width.saturating_sub(DETAIL_WIDEST))
    }

    fn detail(&self, width: u16, app: &App) -> Option<Detail> {
        self.list.detail(width, app)
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, app: &App) {
        self.list.draw(frame, area, app);
    }
}
