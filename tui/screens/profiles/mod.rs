//! Profiles: the list of them, and one opened with its services, preferences and xlets and a live sketch of the client's
//! window (settings §1.6, §4.3).

mod draft;
mod drawing;
mod editor;
pub(super) mod forms;
mod kept;
mod merge;
mod overtaken;
mod parts;
mod sketch;
mod users;
mod wording;
mod xlets;

use std::collections::BTreeMap;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::settings::configuration::Configuration;
use crate::settings::id::{Id as _, ProfileId};
use crate::settings::label::Labelled as _;
use crate::settings::profile::Profile;
use crate::settings::rule::{Severity, count};
use crate::settings::rule_target;
use crate::settings::table::Kind;
use crate::tui::app::{App, Detail, DynScreen, Rows, Target, Transition};
use crate::tui::ask::Removal;
use crate::tui::commands::Command;
use crate::tui::detail;
use crate::tui::filter::Folded;
use crate::tui::form::Form;
use crate::tui::key_table::Action;
use crate::tui::screen::Screen;
use crate::tui::table_view::{AnyTable, TableRows, TableView};
use crate::tui::theme;
use crate::tui::widgets::columns::{ColumnDesign, Need, TableColumn};

use draft::{Draft, Shared};
use editor::{Editor, opened};
use forms::{FreshProfile, ProfileBasis, ProfileModel};
use users::ProfileUsers;

pub(super) use wording::ACTS as PROFILE_ACTS;

/// The list of profiles.
pub(super) struct Profiles {
    table: TableView<ProfileId, ProfileColumn>,
    known: ProfileFacts,
}

/// What is looked up once a configuration.
#[derive(Default)]
struct ProfileFacts {
    /// How many users have each.
    users: BTreeMap<ProfileId, usize>,
    /// What is wrong with each at the worst.
    faults: BTreeMap<ProfileId, Severity>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ProfileColumn {
    Name,
    Presences,
    Hints,
    Services,
    Xlets,
    Preferences,
    Users,
}

impl TableColumn for ProfileColumn {
    const ALL: &'static [Self] =
        &[Self::Name, Self::Presences, Self::Hints, Self::Services, Self::Xlets, Self::Preferences, Self::Users];

    /// A group that all profiles have tells none apart; a narrow terminal has fewer of the numbers.
    fn design(self) -> ColumnDesign {
        match self {
            Self::Name => ColumnDesign::new("profile", 22),
            Self::Presences => ColumnDesign::new("presences", 11).where_rows_differ(),
            Self::Hints => ColumnDesign::new("hints", 11).where_rows_differ(),
            Self::Services => ColumnDesign::new("services", 8),
            Self::Xlets => ColumnDesign::new("xlets", 5),
            Self::Preferences => ColumnDesign::new("pref.", 5).need(Need::ByDesign(1)),
            Self::Users => ColumnDesign::new("users", 5),
        }
    }
}

struct ProfileRows<'a> {
    known: &'a ProfileFacts,
    c: &'a Configuration,
}

impl TableRows for ProfileRows<'_> {
    type Id = ProfileId;
    type Column = ProfileColumn;

    const SIGN_WIDTH: u16 = 3;

    fn ids(&self) -> Vec<ProfileId> {
        self.c.profiles.iter().map(|profile| profile.id).collect()
    }

    fn searched(&self, id: ProfileId) -> Folded<'_> {
        let profile = self.c.profiles.get(id);
        profile.map_or_else(Folded::default, |profile| Folded::of(profile.name.as_str()))
    }

    fn field(&self, id: ProfileId, name: &'static str) -> Folded<'_> {
        let profile = self.c.profiles.get(id);
        profile.map_or_else(Folded::default, |profile| Folded::of(&field(profile, name, self.c)))
    }

    fn cell(&self, id: ProfileId, column: ProfileColumn) -> Line<'static> {
        let Some(profile) = self.c.profiles.get(id) else { return Line::default() };
        match column {
            ProfileColumn::Name => {
                let style = self.known.faults.get(&id).map_or(theme::PLAIN, |fault| theme::of(*fault));
                Line::styled(profile.name.to_string(), style)
            }
            ProfileColumn::Presences => Line::raw(field(profile, "presences", self.c)),
            ProfileColumn::Hints => Line::raw(field(profile, "hints", self.c)),
            ProfileColumn::Services => {
                Line::raw((profile.services.len() + usize::from(profile.may_listen)).to_string())
            }
            ProfileColumn::Xlets => Line::raw(profile.xlets.len().to_string()),
            ProfileColumn::Preferences => Line::raw(profile.preferences.len().to_string()),
            ProfileColumn::Users => Line::raw(self.known.users.get(&id).copied().unwrap_or_default().to_string()),
        }
    }

    fn sign(&self, id: ProfileId) -> Span<'static> {
        match self.known.faults.get(&id) {
            Some(fault) => Span::styled(format!(" {} ", theme::sign(*fault)), theme::of(*fault)),
            None => Span::raw("   "),
        }
    }

    fn empty_words(&self) -> Line<'static> {
        Line::styled(" There is no profile yet; `a` adds one, and without one nobody can log in.", theme::MUTED)
    }
}

impl ProfileFacts {
    fn of(c: &Configuration) -> Self {
        let mut users: BTreeMap<ProfileId, usize> = BTreeMap::new();
        c.users.iter().filter_map(|user| user.profile).for_each(|profile| *users.entry(profile).or_default() += 1);
        let findings = c.profile_findings();
        let worst = |profile: &Profile| {
            let on = rule_target::RuleTarget::from(profile.object_name(c));
            findings.iter().filter(|finding| finding.refusal.on == on).map(|finding| finding.severity).min()
        };
        let faults = c.profiles.iter().filter_map(|profile| Some((profile.id, worst(profile)?))).collect();
        Self { users, faults }
    }
}

/// One that was opened when the line was cut, with what was made of it and not saved, if that was asked for.
pub(super) fn reopened(id: ProfileId, app: &App) -> Option<Box<dyn DynScreen>> {
    Some(Box::new(Editor::reopened(id, app)?))
}

/// The form of a new one.
pub(super) fn add(app: &App) -> Transition {
    added(None, app).map_or(Transition::Stay, Transition::Push)
}

/// The form of a new one, or of a copy of that one: opened then, and stored with its xlets. None: it is gone.
pub(super) fn added(copied: Option<ProfileId>, app: &App) -> Option<Box<dyn DynScreen>> {
    let draft = Shared::new(Draft::fresh(copied, app)?);
    let fresh = FreshProfile { draft, copied, opened };
    Some(Box::new(Form::open(ProfileModel::new(ProfileBasis::Fresh(fresh), app), app)))
}

/// Whether it is what a profile is called that is not stored yet.
pub(super) fn is_unstored(target: Target) -> bool {
    target == draft::target(draft::unstored())
}

impl Profiles {
    pub(super) fn open(app: &App) -> Self {
        let mut profiles = Self { table: TableView::new(FIELDS), known: ProfileFacts::of(&app.configuration) };
        profiles.look(app);
        profiles
    }

    fn look(&mut self, app: &App) {
        self.table.look(&ProfileRows { known: &self.known, c: &app.configuration });
    }

    fn enter(&mut self, app: &mut App) -> Transition {
        match self.table.chosen().and_then(|id| Editor::open(id, app)) {
            Some(editor) => Transition::Push(Box::new(editor)),
            None => Transition::Stay,
        }
    }

    fn add(&mut self, app: &mut App) -> Transition {
        self.table.await_new(app.own_changes());
        add(app)
    }

    fn duplicate(&mut self, app: &mut App) -> Transition {
        let Some(id) = self.table.chosen() else { return Transition::Stay };
        self.table.await_new(app.own_changes());
        added(Some(id), app).map_or(Transition::Stay, Transition::Push)
    }

    fn rename(&mut self, app: &mut App) -> Transition {
        let Some(id) = self.table.chosen() else { return Transition::Stay };
        Transition::Push(Box::new(Form::open(ProfileModel::new(ProfileBasis::Stored(id), app), app)))
    }

    fn show_users(&mut self, app: &mut App) -> Transition {
        let Some(id) = self.table.chosen() else { return Transition::Stay };
        Transition::Push(Box::new(ProfileUsers::open(id, app)))
    }

    fn remove(&mut self, app: &mut App) -> Transition {
        let Some(profile) = self.table.chosen().and_then(|id| app.configuration.profiles.get(id)) else {
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
                "No user has it. {}, {}, {} go with it.",
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
}

/// What a filter may ask for by name.
const FIELDS: &[&str] = &["presences", "hints", "xlet", "service"];

fn field(profile: &Profile, name: &str, c: &Configuration) -> String {
    match name {
        "presences" => c.presence_groups.get(profile.presence_group).map(|group| group.name.to_string()),
        "hints" => c.phone_hint_groups.get(profile.phone_hint_group).map(|group| group.name.to_string()),
        "xlet" => Some(profile.xlets.iter().map(|xlet| xlet.xlet.as_str()).collect::<Vec<_>>().join(", ")),
        "service" => Some(profile.services.iter().map(|service| service.as_str()).collect::<Vec<_>>().join(", ")),
        _ => None,
    }
    .unwrap_or_default()
}

impl Screen for Profiles {
    fn title(&self, _app: &App) -> String {
        "profiles".to_owned()
    }

    fn commands(&self, app: &App) -> Vec<Command<Self>> {
        let none = self.table.obstacle("there is no profile");
        vec![
            Command::new([Action::Open], "open", "Show services, xlets and preferences", Self::enter).blocked(none),
            Command::new([Action::Add], "add", "Add a profile and open it", Self::add).edits(app),
            Command::new([Action::Copy], "copy", "Add a copy of the profile and open it", Self::duplicate)
                .blocked(none)
                .edits(app),
            Command::new([Action::Edit], "rename", "Edit name and groups", Self::rename).blocked(none).edits(app),
            Command::new([Action::Remove], "remove", "Remove the profile if no user has it", Self::remove)
                .blocked(none)
                .edits(app),
            Command::new([Action::Whose], "who uses it", "Show who uses the profile", Self::show_users).blocked(none),
        ]
    }

    fn rows(&self) -> Option<Rows> {
        Rows::chosen(Kind::Profile, self.table.chosen())
    }

    fn table(&self) -> Option<&dyn AnyTable> {
        Some(&self.table)
    }

    fn table_mut(&mut self) -> Option<&mut dyn AnyTable> {
        Some(&mut self.table)
    }

    fn on_filter(&mut self, app: &mut App) {
        self.look(app);
    }

    fn on_update(&mut self, app: &mut App) {
        self.known = ProfileFacts::of(&app.configuration);
        self.look(app);
    }

    fn reveal(&mut self, target: Target, app: &mut App) -> Transition {
        if target.kind != Kind::Profile {
            return Transition::Stay;
        }
        let rows = ProfileRows { known: &self.known, c: &app.configuration };
        match self.table.choose(ProfileId::new(target.id), &rows) {
            true => self.enter(app),
            false => Transition::Stay,
        }
    }

    /// The xlets of a profile with their sketch want more than the list of profiles.
    fn list_width(&self, width: u16) -> u16 {
        detail::list_width_beside_drawing(width)
    }

    fn detail(&self, _width: u16, app: &App) -> Option<Detail> {
        let editor = Editor::of_xlets(self.table.chosen()?, app)?;
        Some(Detail::screen(Box::new(editor)))
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, app: &App) {
        self.table.draw(frame, area, &ProfileRows { known: &self.known, c: &app.configuration });
    }
}
