//! Profiles: the list of them, and one opened with its services, preferences and xlets and a live sketch of the client's
//! window (settings §1.6, §4.3).

mod draft;
mod drawing;
mod editor;
pub(super) mod forms;
mod parts;
mod sketch;
mod users;
mod wording;
mod xlets;

use std::borrow::Cow;
use std::collections::BTreeMap;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use crate::settings::configuration::Configuration;
use crate::settings::fold::fold;
use crate::settings::id::{Id as _, ProfileId};
use crate::settings::label::Labelled as _;
use crate::settings::profile::Profile;
use crate::settings::rule::{Severity, count};
use crate::settings::rule_target;
use crate::settings::table::Kind;
use crate::tui::app::{App, Detail, Target, Transition};
use crate::tui::ask::Removal;
use crate::tui::commands::Command;
use crate::tui::detail;
use crate::tui::filter::Filter;
use crate::tui::form::Form;
use crate::tui::keys::Key;
use crate::tui::screen::Screen;
use crate::tui::theme;
use crate::tui::widgets::columns::{Column, cells, fit};
use crate::tui::widgets::list::{List, MOVES, cell};

use editor::Editor;
use forms::{ProfileBasis, ProfileModel};
use users::ProfileUsers;

/// The list of profiles.
pub(super) struct Profiles {
    list: List<ProfileId>,
    filter: Filter,
    /// How many users have each.
    users: BTreeMap<ProfileId, usize>,
    /// What is wrong with each at the worst.
    faults: BTreeMap<ProfileId, Severity>,
}

/// The form of a new one.
pub(super) fn add(app: &App) -> Transition {
    Transition::Push(Box::new(Form::open(ProfileModel::new(ProfileBasis::Nothing, app), app)))
}

impl Profiles {
    pub(super) fn open(app: &App) -> Self {
        let mut profiles = Self {
            list: List::default(),
            filter: Filter::new(FIELDS),
            users: BTreeMap::new(),
            faults: BTreeMap::new(),
        };
        profiles.look(app);
        profiles
    }

    fn look(&mut self, app: &App) {
        let c = &app.configuration;
        self.arrange(c);
        self.users.clear();
        for profile in c.users.iter().filter_map(|user| user.profile) {
            *self.users.entry(profile).or_default() += 1;
        }
        let findings = c.profile_findings();
        let worst = |profile: &Profile| {
            let on = rule_target::RuleTarget::from(profile.object_name(c));
            findings.iter().filter(|finding| finding.refusal.on == on).map(|finding| finding.severity).min()
        };
        self.faults = c.profiles.iter().filter_map(|profile| Some((profile.id, worst(profile)?))).collect();
    }

    fn arrange(&mut self, c: &Configuration) {
        let rows = c.profiles.iter().map(|profile| (profile.id, Cow::from(fold(profile.name.as_str()))));
        let field = |id, name| c.profiles.get(id).map_or_else(String::new, |profile| field(profile, name, c));
        self.filter.narrow(&mut self.list, rows, field);
    }

    fn moved(&mut self, key: Key, _app: &mut App) -> Transition {
        self.list.press(key);
        Transition::Stay
    }

    fn enter(&mut self, app: &mut App) -> Transition {
        match self.list.chosen().and_then(|id| Editor::open(id, app)) {
            Some(editor) => Transition::Push(Box::new(editor)),
            None => Transition::Stay,
        }
    }

    fn add(&mut self, app: &mut App) -> Transition {
        add(app)
    }

    fn duplicate(&mut self, app: &mut App) -> Transition {
        let Some(id) = self.list.chosen() else { return Transition::Stay };
        Transition::Push(Box::new(Form::open(ProfileModel::new(ProfileBasis::Copy(id), app), app)))
    }

    fn rename(&mut self, app: &mut App) -> Transition {
        let Some(id) = self.list.chosen() else { return Transition::Stay };
        Transition::Push(Box::new(Form::open(ProfileModel::new(ProfileBasis::Stored(id), app), app)))
    }

    fn show_users(&mut self, app: &mut App) -> Transition {
        let Some(id) = self.list.chosen() else { return Transition::Stay };
        Transition::Push(Box::new(ProfileUsers::open(id, app)))
    }

    fn remove(&mut self, app: &mut App) -> Transition {
        let Some(profile) = self.list.chosen().and_then(|id| app.configuration.profiles.get(id)) else {
            return Transition::Stay;
        };
        let id = profile.id;
        // A refusal is told before anybody is asked.
        let mut trial = (*app.configuration).clone();
        if let Err(refusal) = trial.remove_profile(id) {
            app.fail(format!("{refusal}; w shows who has it"));
            return Transition::Stay;
        }
        let text = move |app: &App| {
            let Some(profile) = app.configuration.profiles.get(id) else { return String::new() };
            format!(
                "No user has it. Gone with it: {}, {}, {}.",
                count(profile.xlets.len(), "xlet"),
                count(profile.services.len(), "service"),
                count(profile.preferences.len(), "preference")
            )
        };
        let removal = Removal {
            target: draft::target(id),
            title: format!("Remove profile {}?", profile.name),
            text: Box::new(text),
            words: format!("profile \"{}\" was removed", profile.name),
        };
        removal.ask(app, move |c| c.remove_profile(id))
    }

    fn row(&self, id: ProfileId, widths: [usize; 7], app: &App) -> Line<'static> {
        let c = &app.configuration;
        let Some(profile) = c.profiles.get(id) else { return Line::raw("") };
        let presences = c.presence_groups.get(profile.presence_group).map(|group| group.name.to_string());
        let hints = c.phone_hint_groups.get(profile.phone_hint_group).map(|group| group.name.to_string());
        let fault = self.faults.get(&id).copied();
        let users = self.users.get(&id).copied().unwrap_or_default();
        let number = |number: usize, width| cell(&number.to_string(), width);
        Line::from(vec![
            Span::styled(
                format!(" {} {}", fault.map_or(" ", theme::sign), cell(profile.name.as_str(), widths[0])),
                fault.map_or(theme::PLAIN, theme::of),
            ),
            Span::raw(cell(&presences.unwrap_or_default(), widths[1])),
            Span::raw(cell(&hints.unwrap_or_default(), widths[2])),
            Span::raw(format!(
                "{}{}{}{}",
                number(profile.services.len(), widths[3]),
                number(profile.xlets.len(), widths[4]),
                number(profile.preferences.len(), widths[5]),
                number(users, widths[6])
            )),
        ])
    }
}

/// What a filter may ask for by name.
const FIELDS: &[&str] = &["presences", "hints", "xlet", "service"];

fn field(profile: &Profile, name: &str, c: &Configuration) -> String {
    match name {
        "presences" => c.presence_groups.get(profile.presence_group).map(|group| group.name.to_string()),
        "hints" => c.phone_hint_groups.get(profile.phone_hint_group).map(|group| group.name.to_string()),
        "xlet" => Some(profile.xlets.iter().map(|xlet| xlet.xlet.as_str()).collect::<Vec<_>>().join(" ")),
        "service" => Some(profile.services.iter().map(|service| service.as_str()).collect::<Vec<_>>().join(" ")),
        _ => None,
    }
    .unwrap_or_default()
}

const HEADS: [&str; 7] = ["profile", "presences", "hints", "services", "xlets", "pref.", "users"];

/// A group that all profiles have tells none apart; a narrow terminal has fewer of the numbers.
fn widths(c: &Configuration, width: u16) -> [usize; 7] {
    let [name, presences, hints, services, xlets, preferences, users] = HEADS;
    let profiles = || c.profiles.iter();
    let presence_group = |profile: &Profile| c.presence_groups.get(profile.presence_group).map(|group| &group.name);
    let hint_group = |profile: &Profile| c.phone_hint_groups.get(profile.phone_hint_group).map(|group| &group.name);
    let columns = [
        Column::new(22, name).holding(profiles().map(|profile| profile.name.as_str())),
        Column::new(11, presences)
            .where_rows_differ()
            .holding(profiles().filter_map(|profile| presence_group(profile)).map(|name| name.as_str())),
        Column::new(11, hints)
            .where_rows_differ()
            .holding(profiles().filter_map(|profile| hint_group(profile)).map(|name| name.as_str())),
        Column::new(8, services),
        Column::new(5, xlets),
        Column::new(5, preferences).if_room(),
        Column::new(5, users),
    ];
    fit(width.saturating_sub(3), columns)
}

impl Screen for Profiles {
    fn title(&self, _app: &App) -> String {
        "profiles".to_owned()
    }

    fn commands(&self, app: &App) -> Vec<Command<Self>> {
        let none = self.list.chosen().is_none().then_some("there is no profile");
        vec![
            Command::keyed(MOVES, "move", "Move the cursor", Self::moved),
            Command::new([Key::ENTER], "open", "Show services, xlets and preferences", Self::enter).blocked(none),
            Command::new([Key::char('a')], "add", "Add a profile and open it", Self::add).edits(app),
            Command::new([Key::char('c')], "copy", "Add a copy of the profile and open it", Self::duplicate)
                .blocked(none)
                .edits(app),
            Command::new([Key::char('e')], "rename", "Edit name and groups", Self::rename).blocked(none).edits(app),
            Command::new([Key::char('d'), Key::DELETE], "remove", "Remove the profile if no user has it", Self::remove)
                .blocked(none)
                .edits(app),
            Command::new([Key::char('w')], "who uses it", "Show who uses the profile", Self::show_users).blocked(none),
        ]
    }

    fn filter(&self) -> Option<&Filter> {
        Some(&self.filter)
    }

    fn filter_mut(&mut self) -> Option<&mut Filter> {
        Some(&mut self.filter)
    }

    fn on_filter(&mut self, app: &mut App) {
        self.arrange(&app.configuration);
    }

    fn on_update(&mut self, app: &mut App) {
        self.look(app);
    }

    fn reveal(&mut self, target: Target, app: &mut App) -> Transition {
        if target.kind != Kind::Profile {
            return Transition::Stay;
        }
        let id = ProfileId::new(target.id);
        if !self.list.choose(id) {
            self.filter.clear();
            self.arrange(&app.configuration);
        }
        if self.list.choose(id) { self.enter(app) } else { Transition::Stay }
    }

    fn clicked(&mut self, at: Position, app: &mut App) -> Transition {
        if self.list.clicked(at) { self.enter(app) } else { Transition::Stay }
    }

    /// The xlets of a profile with their sketch want more than the list of profiles.
    fn list_width(&self, width: u16) -> u16 {
        if detail::is_wide(width) { width * 2 / 5 } else { detail::usual_list_width(width) }
    }

    fn detail(&self, _width: u16, app: &App) -> Option<Detail> {
        let editor = Editor::of_xlets(self.list.chosen()?, app)?;
        Some(Detail::screen(Box::new(editor)))
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, app: &App) {
        let widths = widths(&app.configuration, area.width);
        let head = format!("   {}", cells(HEADS, &widths));
        frame.buffer_mut().set_stringn(area.x, area.y, head, usize::from(area.width), theme::HEAD);
        let mut list = std::mem::take(&mut self.list);
        let rows = Rect { y: area.y + 1, height: area.height - 1, ..area };
        list.draw(frame, rows, true, |id| self.row(id, widths, app));
        self.list = list;
    }
}
