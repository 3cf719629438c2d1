//! The forms of a profile: its name and groups, one xlet, one preference. Those of an opened profile go to its draft, the
//! others to the store.

use std::cell::Cell;

use super::draft::{Shared, begin, keep, save_draft, save_fresh, target};
use super::wording;
use super::xlets::{POSITIONS, behind_all};
use crate::settings::configuration::Configuration;
use crate::settings::id::{PhoneHintGroupId, PresenceGroupId, ProfileId};
use crate::settings::name::ProfileName;
use crate::settings::preference::{Preference, PreferenceType, PreferenceValue};
use crate::settings::profile::{Position, Profile, ProfileXlet, Xlet, XletFlags, XletNumber};
use crate::settings::rule::Rule;
use crate::settings::table::Kind;
use crate::tui::app::{App, DynScreen, RandomSource, Target, Transition};
use crate::tui::form::{Destination, Fault, Fields, Form, Model, Offer, Purpose};
use crate::tui::screens::hints::form::HintGroupModel;
use crate::tui::screens::presences::form::PresenceGroupModel;
use crate::tui::typed_form::{FormKey, FormSubject};
use crate::tui::widgets::entry::{Access, Entry, Field};

/// Told once the form of a new one was closed by Enter.
const BEGUN: &str = "not saved yet: a in its xlets adds the first one, Ctrl-S saves the profile with them";

/// Told once a form of the draft was closed by Enter.
const KEPT: &str = "kept in the profile, which is not saved yet; Ctrl-S saves it";

/// What the form of name and groups starts from, and where it goes.
#[derive(Clone)]
pub(in crate::tui::screens) enum ProfileBasis {
    Nothing,
    Stored(ProfileId),
    Draft(Shared),
    Fresh(FreshProfile),
}

/// A new profile, or a copy of that one, which is stored once its xlets are there too.
#[derive(Clone)]
pub(in crate::tui::screens) struct FreshProfile {
    pub(super) draft: Shared,
    pub(super) copied: Option<ProfileId>,
    /// Shows it opened, in place of this form.
    pub(super) opened: fn(&Shared) -> Transition,
}

#[derive(Clone)]
pub(in crate::tui::screens) struct ProfileModel {
    source: ProfileBasis,
    /// What the options stand for.
    presence_groups: Vec<PresenceGroupId>,
    phone_hint_groups: Vec<PhoneHintGroupId>,
    from: Option<Profile>,
}

impl ProfileModel {
    pub(in crate::tui::screens) fn new(source: ProfileBasis, app: &App) -> Self {
        let c = &app.configuration;
        let from = match &source {
            ProfileBasis::Nothing | ProfileBasis::Fresh(FreshProfile { copied: None, .. }) => None,
            ProfileBasis::Stored(id) | ProfileBasis::Fresh(FreshProfile { copied: Some(id), .. }) => {
                c.profiles.get(*id).map(|profile| Profile::clone(profile))
            }
            ProfileBasis::Draft(draft) => Some(draft.borrow().now().clone()),
        };
        Self {
            source,
            presence_groups: c.presence_groups.iter().map(|group| group.id).collect(),
            phone_hint_groups: c.phone_hint_groups.iter().map(|group| group.id).collect(),
            from,
        }
    }

    fn name(&self) -> String {
        self.from.as_ref().map(|profile| profile.name.to_string()).unwrap_or_default()
    }
}

impl Model for ProfileModel {
    fn key(&self) -> Option<FormKey> {
        let subject = match &self.source {
            ProfileBasis::Nothing | ProfileBasis::Fresh(FreshProfile { copied: None, .. }) => {
                FormSubject::New(Kind::Profile)
            }
            ProfileBasis::Fresh(FreshProfile { copied: Some(id), .. }) => FormSubject::Copy(target(*id)),
            ProfileBasis::Stored(id) => FormSubject::Edit(target(*id)),
            ProfileBasis::Draft(draft) => return Some(part_key(draft, GENERAL.to_owned())),
        };
        Some(FormKey { subject, within: None })
    }

    fn offer(&self, field: &'static str) -> Option<Offer> {
        match field {
            "presences" => Some(Offer {
                words: "new presence group…",
                open: |name, app| Box::new(Form::within(PresenceGroupModel::new(), name, app)),
            }),
            "hints" => Some(Offer {
                words: "new phone hint group…",
                open: |name, app| Box::new(Form::within(HintGroupModel::new(), name, app)),
            }),
            _ => None,
        }
    }

    fn relist(&mut self, field: &'static str, fields: &mut Fields, app: &App) {
        let c = &app.configuration;
        if field == "presences" {
            let groups = c.presence_groups.iter().map(|group| (group.id, group.name.to_string()));
            fields.relist(field, &mut self.presence_groups, groups.collect());
        } else {
            let groups = c.phone_hint_groups.iter().map(|group| (group.id, group.name.to_string()));
            fields.relist(field, &mut self.phone_hint_groups, groups.collect());
        }
    }

    fn title(&self) -> String {
        match self.source {
            ProfileBasis::Nothing | ProfileBasis::Fresh(FreshProfile { copied: None, .. }) => "new profile".to_owned(),
            ProfileBasis::Fresh(FreshProfile { copied: Some(_), .. }) => format!("copy of {}", self.name()),
            ProfileBasis::Stored(_) | ProfileBasis::Draft(_) => format!("edit {}", self.name()),
        }
    }

    fn target(&self) -> Option<Target> {
        match self.source {
            ProfileBasis::Stored(id) => Some(target(id)),
            _ => None,
        }
    }

    fn anew(&self, app: &App) -> Option<Self> {
        match self.source {
            ProfileBasis::Stored(id) => Some(Self::new(ProfileBasis::Stored(id), app)),
            _ => None,
        }
    }

    fn fields(&self, app: &App) -> Vec<Field> {
        let c = &app.configuration;
        // What is stored may be another by now.
        let stored = match self.source {
            ProfileBasis::Stored(id) => c.profiles.get(id).map(|profile| &**profile),
            _ => None,
        };
        let from = stored.or(self.from.as_ref());
        let name = match self.source {
            ProfileBasis::Fresh(FreshProfile { copied: Some(_), .. }) => format!("{} copy", self.name()),
            _ => from.map(|profile| profile.name.to_string()).unwrap_or_default(),
        };
        let presences = self.presence_groups.iter().filter_map(|id| c.presence_groups.get(*id));
        let hints = self.phone_hint_groups.iter().filter_map(|id| c.phone_hint_groups.get(*id));
        let presences_at = from.and_then(|from| self.presence_groups.iter().position(|id| *id == from.presence_group));
        let hints_at = from.and_then(|from| self.phone_hint_groups.iter().position(|id| *id == from.phone_hint_group));
        vec![
            Field::new("name", "Name", "3 to 128 printable characters; upper and lower case differ", Entry::text(name)),
            Field::new(
                "presences",
                "Presence group",
                "Which presences the users of the profile may choose from",
                Entry::choice(presences.map(|group| group.name.to_string()).collect(), presences_at),
            ),
            Field::new(
                "hints",
                "Phone hint group",
                "Texts and colors for the states of phones",
                Entry::choice(hints.map(|group| group.name.to_string()).collect(), hints_at),
            ),
            Field::new(
                "may_listen",
                "Listen to agents",
                "Whether its users may listen to the calls of agents",
                Entry::Toggle(from.is_some_and(|from| from.may_listen)),
            ),
        ]
    }

    fn apply(&self, fields: &Fields, c: &mut Configuration, _: RandomSource, _: Purpose) -> Result<(), Fault> {
        let name = fields.parse("name", ProfileName::parse)?;
        let may_listen = fields.is_on("may_listen");
        let presence_group = fields.choose("presences", &self.presence_groups)?;
        let phone_hint_group = fields.choose("hints", &self.phone_hint_groups)?;
        let id = match &self.source {
            ProfileBasis::Nothing => c.add_profile(name.clone(), Some(presence_group), Some(phone_hint_group))?,
            ProfileBasis::Stored(id) => *id,
            ProfileBasis::Draft(draft) | ProfileBasis::Fresh(FreshProfile { draft, .. }) => {
                let draft = draft.borrow();
                draft.put_into(c)?;
                draft.now().id
            }
        };
        c.profiles.edit(id, |profile| {
            profile.name = name;
            profile.presence_group = presence_group;
            profile.phone_hint_group = phone_hint_group;
            profile.may_listen = may_listen;
        });
        Ok(())
    }

    fn field_of(&self, rule: Rule) -> Option<&'static str> {
        (rule == Rule::F1).then_some("name")
    }

    fn words(&self, fields: &Fields) -> String {
        let name = fields.text("name").trim();
        match self.source {
            ProfileBasis::Nothing => format!("profile \"{name}\" was added"),
            ProfileBasis::Stored(_) => format!("profile \"{name}\" was changed"),
            ProfileBasis::Draft(_) => KEPT.to_owned(),
            ProfileBasis::Fresh(..) => BEGUN.to_owned(),
        }
    }

    fn destination(&self) -> Destination {
        match self.source {
            ProfileBasis::Draft(_) | ProfileBasis::Fresh(..) => Destination::Draft,
            _ => Destination::Store,
        }
    }

    fn keep(&self, made: &Configuration, app: &App) {
        match &self.source {
            ProfileBasis::Draft(draft) => keep(draft, made, app),
            ProfileBasis::Fresh(fresh) => begin(&fresh.draft, made, app),
            ProfileBasis::Nothing | ProfileBasis::Stored(_) => {}
        }
    }

    fn save_draft(&self, app: &mut App) -> Option<Transition> {
        match &self.source {
            ProfileBasis::Draft(draft) => Some(save_draft(draft, app)),
            ProfileBasis::Fresh(fresh) => Some(save_fresh(&fresh.draft, fresh.opened, app)),
            ProfileBasis::Nothing | ProfileBasis::Stored(_) => None,
        }
    }

    /// A new profile is opened: it has no xlet yet.
    fn then(&mut self, _: &Fields, _: &App) -> Transition {
        match &self.source {
            ProfileBasis::Fresh(fresh) => (fresh.opened)(&fresh.draft),
            _ => Transition::Pop,
        }
    }

    fn advice(&self) -> Option<&'static str> {
        matches!(self.source, ProfileBasis::Stored(_)).then_some(wording::ACTS)
    }
}

/// What a form of a draft is about, in what is kept of it when the line is cut.
const GENERAL: &str = "general";
const XLET: &str = "xlet";
const PREFERENCE: &str = "preference";

/// By which a form of a draft is opened again.
fn part_key(draft: &Shared, what: String) -> FormKey {
    FormKey { subject: FormSubject::Part(Kind::Profile, what), within: Some(target(draft.borrow().now().id)) }
}

/// The form of that part of the draft; none: there is no such part any more.
pub(super) fn reopened(draft: &Shared, what: &str, app: &App) -> Option<Box<dyn DynScreen>> {
    Some(match what.split_once(' ') {
        None if what == GENERAL => {
            Box::new(Form::open(ProfileModel::new(ProfileBasis::Draft(draft.clone()), app), app))
        }
        None if what == XLET => Box::new(Form::open(XletModel::add(draft), app)),
        Some((XLET, xlet)) => {
            let xlet = Xlet::parse(xlet).ok()?;
            draft.borrow().now().entry(xlet)?;
            Box::new(Form::open(XletModel::edit(draft, xlet), app))
        }
        Some((PREFERENCE, name)) => {
            Box::new(Form::open(PreferenceModel::new(draft, Preference::parse(name).ok()?), app))
        }
        _ => return None,
    })
}

/// Only matter in a dock (rule F8).
const FLAGS: [&str; 4] = ["floating", "closable", "movable", "scrollable"];

#[derive(Clone)]
pub(super) struct XletModel {
    draft: Shared,
    /// The one that is edited; none: one of `left` is added.
    edited: Option<Xlet>,
    /// Those that the profile does not have yet (rule F4).
    left: Vec<Xlet>,
    /// As it was chosen when fields were arranged last.
    position: Cell<usize>,
}

impl XletModel {
    pub(super) fn edit(draft: &Shared, xlet: Xlet) -> Self {
        Self { draft: draft.clone(), edited: Some(xlet), left: Vec::new(), position: Cell::new(0) }
    }

    pub(super) fn add(draft: &Shared) -> Self {
        let left = left(draft.borrow().now());
        Self { draft: draft.clone(), edited: None, left, position: Cell::new(0) }
    }

    /// As it is, or as a new one is proposed.
    fn entry(&self) -> ProfileXlet {
        let draft = self.draft.borrow();
        let profile = draft.now();
        let present = self.edited.and_then(|xlet| profile.entry(xlet)).copied();
        let has_tabber = profile.entry(Xlet::Tabber).is_some_and(|entry| entry.position == Position::Grid);
        let position = if has_tabber { Position::Tab } else { Position::Grid };
        let xlet = self.left.first().copied().unwrap_or(Xlet::Identity);
        let xlet = if self.left.contains(&Xlet::Identity) { Xlet::Identity } else { xlet };
        present.unwrap_or(ProfileXlet { xlet, position, number: next_number(profile, position), flags: XletFlags::ALL })
    }
}

/// Those that a profile may still be given.
pub(super) fn left(profile: &Profile) -> Vec<Xlet> {
    Xlet::ALL.iter().copied().filter(|xlet| profile.entry(*xlet).is_none()).collect()
}

/// The number behind all others of the position; docks stand in the order of insertion without one.
fn next_number(profile: &Profile, position: Position) -> Option<XletNumber> {
    if position == Position::Dock {
        return None;
    }
    behind_all(profile, position)
}

fn number_entry(number: Option<XletNumber>) -> Entry {
    Entry::text(number.map_or_else(String::new, |number| number.get().to_string()))
}

impl Model for XletModel {
    fn key(&self) -> Option<FormKey> {
        Some(part_key(&self.draft, self.edited.map_or_else(|| XLET.to_owned(), |xlet| format!("{XLET} {xlet}"))))
    }

    fn title(&self) -> String {
        self.edited.map_or_else(|| "new xlet".to_owned(), |xlet| format!("xlet {xlet}"))
    }

    fn target(&self) -> Option<Target> {
        None
    }

    fn fields(&self, _app: &App) -> Vec<Field> {
        let entry = self.entry();
        let xlet = match self.edited {
            Some(xlet) => Entry::Fixed(xlet.as_str().to_owned()),
            None => Entry::choice(
                self.left.iter().map(|xlet| xlet.as_str().to_owned()).collect(),
                self.left.iter().position(|xlet| *xlet == entry.xlet),
            ),
        };
        let position = POSITIONS.iter().position(|position| *position == entry.position);
        self.position.set(position.unwrap_or(0));
        let positions = POSITIONS.iter().map(|position| position.as_str().to_owned()).collect();
        let flags = [entry.flags.floating, entry.flags.closable, entry.flags.movable, entry.flags.scrollable];
        let helps = [
            ("Floating", "Can be detached as a window of its own; only in a dock"),
            ("Closable", "Can be closed; only in a dock"),
            ("Movable", "Can be moved; only in a dock"),
            ("Scroll", "Scrolls when it is too large; only in a dock"),
        ];
        let mut fields = vec![
            Field::new("xlet", "Xlet", "One that the profile does not have yet; Enter opens the list", xlet)
                .explained(self.left.iter().map(|xlet| wording::xlet(*xlet)).collect()),
            Field::new(
                "position",
                "Position",
                "grid: in the middle; tab: in the Tabber; dock: below",
                Entry::choice(positions, position),
            ),
            Field::new(
                "number",
                "Number",
                "0 to 999, its order in that position; empty: last, but on top in the grid",
                number_entry(entry.number),
            ),
        ];
        let toggles = FLAGS.into_iter().zip(helps).zip(flags);
        fields.extend(
            toggles.map(|((name, (label, help)), is_set)| Field::new(name, label, help, Entry::Toggle(is_set))),
        );
        fields
    }

    fn apply(&self, fields: &Fields, c: &mut Configuration, _: RandomSource, _: Purpose) -> Result<(), Fault> {
        let xlet = match self.edited {
            Some(xlet) => xlet,
            None => fields.choose("xlet", &self.left)?,
        };
        let position = fields.choose("position", &POSITIONS)?;
        let number = fields.parse_optional("number", XletNumber::parse)?;
        let [floating, closable, movable, scrollable] = FLAGS.map(|name| fields.is_on(name));
        let mut profile = self.draft.borrow().now().clone();
        let flags = XletFlags { floating, closable, movable, scrollable };
        profile.set_xlet(ProfileXlet { xlet, position, number, flags });
        Ok(self.draft.borrow().put(profile, c)?)
    }

    fn words(&self, _fields: &Fields) -> String {
        KEPT.to_owned()
    }

    fn arrange(&self, fields: &mut Fields, _app: &App) {
        let chosen = fields.chosen("position");
        let position = POSITIONS.get(chosen).copied().unwrap_or(Position::Grid);
        let access = if position == Position::Dock { Access::Open } else { Access::Pointless };
        for name in FLAGS {
            fields.set_access(name, access);
        }
        if self.position.replace(chosen) != chosen && self.edited.is_none() {
            let number = next_number(self.draft.borrow().now(), position);
            if let Some(field) = fields.field_mut("number") {
                field.entry = number_entry(number);
            }
        }
    }

    fn destination(&self) -> Destination {
        Destination::Draft
    }

    fn keep(&self, made: &Configuration, app: &App) {
        keep(&self.draft, made, app);
    }

    fn save_draft(&self, app: &mut App) -> Option<Transition> {
        Some(save_draft(&self.draft, app))
    }
}

#[derive(Clone)]
pub(super) struct PreferenceModel {
    draft: Shared,
    preference: Preference,
}

impl PreferenceModel {
    pub(super) fn new(draft: &Shared, preference: Preference) -> Self {
        Self { draft: draft.clone(), preference }
    }
}

impl Model for PreferenceModel {
    fn key(&self) -> Option<FormKey> {
        Some(part_key(&self.draft, format!("{PREFERENCE} {}", self.preference.as_str())))
    }

    fn title(&self) -> String {
        self.preference.as_str().to_owned()
    }

    fn target(&self) -> Option<Target> {
        None
    }

    fn fields(&self, _app: &App) -> Vec<Field> {
        let draft = self.draft.borrow();
        let value = draft.now().preferences.get(&self.preference).map(PreferenceValue::as_str).unwrap_or_default();
        let entry = match self.preference.value_type() {
            PreferenceType::Bool => Entry::Toggle(["true", "1"].contains(&value)),
            _ => Entry::text(value),
        };
        vec![Field::new("value", "Value", wording::preference(self.preference), entry)]
    }

    fn apply(&self, fields: &Fields, c: &mut Configuration, _: RandomSource, _: Purpose) -> Result<(), Fault> {
        let parse = |text: &str| PreferenceValue::parse(self.preference, text);
        let value = match self.preference.value_type() {
            PreferenceType::Bool => {
                let word = if fields.is_on("value") { "true" } else { "false" };
                parse(word).map_err(|refusal| Fault::of("value", refusal))?
            }
            _ => fields.parse("value", parse)?,
        };
        let mut profile = self.draft.borrow().now().clone();
        profile.preferences.insert(self.preference, value);
        Ok(self.draft.borrow().put(profile, c)?)
    }

    fn words(&self, _fields: &Fields) -> String {
        KEPT.to_owned()
    }

    fn destination(&self) -> Destination {
        Destination::Draft
    }

    fn keep(&self, made: &Configuration, app: &App) {
        keep(&self.draft, made, app);
    }

    fn save_draft(&self, app: &mut App) -> Option<Transition> {
        Some(save_draft(&self.draft, app))
    }
}
