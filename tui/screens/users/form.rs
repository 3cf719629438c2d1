//! The form of a user: who it is, whether and how one logs in, the profile and the agent. A password is typed twice and
//! never shown, or made and shown once after saving; it is hashed on saving alone.

use std::sync::Arc;

use super::bulk::profile_words;
use crate::settings::configuration::Configuration;
use crate::settings::edit::NewUser;
use crate::settings::id::{AgentId, Id as _, ProfileId, UserId};
use crate::settings::name::{EmailAddress, FirstName, LastName, Login, MobileNumber};
use crate::settings::rule::{Refusal, Rule};
use crate::settings::table::Kind;
use crate::settings::target_kind::TargetKind;
use crate::settings::user::User;
use crate::settings::violation::Violation;
use crate::tui::app::{App, RandomSource, Target, Transition};
use crate::tui::form::{Fault, Fields, Form, Model, Offer, Purpose};
use crate::tui::screens::made::Made;
use crate::tui::screens::new_password::{NewPassword, Way};
use crate::tui::screens::profiles::forms::{ProfileBasis, ProfileModel};
use crate::tui::typed_form::FormKey;
use crate::tui::widgets::entry::{Access, Aside, Entry, Field};

const BREAK_GLASS: &str = "break_glass";
const RENAMES_AGENT: &str = "renames_agent";

/// What the first user of all has unless somebody chooses another: of the default profiles the one for everybody.
const USUAL_PROFILE: &str = "Client";

#[derive(Clone)]
pub(in crate::tui::screens) struct UserModel {
    /// None: a new one.
    id: Option<UserId>,
    login: String,
    /// The login that the user had when the form was opened.
    former_login: Option<Login>,
    /// Whom the user had when the form was opened: another table, of which the user's version says nothing.
    agent: Option<AgentId>,
    /// That agent's number where it is called as the user was: it may be renamed with the user.
    namesake: Option<Namesake>,
    /// What the options of the choices stand for.
    profiles: Vec<Option<ProfileId>>,
    agents: Vec<Option<AgentId>>,
    password: NewPassword,
}

/// The agent of a user who has the same name.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Namesake {
    number: String,
    first_name: String,
    last_name: String,
}

impl Namesake {
    fn of(id: Option<UserId>, c: &Configuration) -> Option<Self> {
        let (user, agent) = (c.users.get(id?)?, c.agents.get(agent_of(id, c)?)?);
        let is_called_so = agent.first_name == user.first_name && agent.last_name == user.last_name;
        is_called_so.then(|| Self {
            number: agent.number.to_string(),
            first_name: user.first_name.to_string(),
            last_name: user.last_name.to_string(),
        })
    }

    /// Whether the user is called otherwise in the form.
    fn is_renamed(&self, fields: &Fields) -> bool {
        self.first_name != fields.text("first").trim() || self.last_name != fields.text("last").trim()
    }
}

impl UserModel {
    pub(in crate::tui::screens) fn new(app: &App) -> Self {
        Self::with(None, String::new(), NewPassword::first(), app)
    }

    /// None if there is no such user any more.
    pub(in crate::tui::screens) fn of(id: UserId, app: &App) -> Option<Self> {
        let user = app.configuration.users.get(id)?;
        let password = NewPassword::after(user.password.as_ref());
        Some(Self::with(Some(id), user.login_or_id(), password, app))
    }

    fn with(id: Option<UserId>, login: String, password: NewPassword, app: &App) -> Self {
        let c = &app.configuration;
        let free = c.agents.iter().filter(|agent| agent.user.is_none() || agent.user == id);
        Self {
            id,
            login,
            former_login: id.and_then(|id| c.users.get(id)).and_then(|user| user.login.clone()),
            agent: agent_of(id, c),
            namesake: Namesake::of(id, c),
            profiles: profiles(app),
            agents: [None].into_iter().chain(free.map(|agent| Some(agent.id))).collect(),
            password,
        }
    }

    fn identity_fields(user: Option<&User>) -> Vec<Field> {
        let text = |value: Option<String>| Entry::text(value.unwrap_or_default());
        let email = user.and_then(|user| user.email.as_ref()).map(ToString::to_string);
        let mobile = user.and_then(|user| user.mobile.as_ref()).map(ToString::to_string);
        vec![
            Field::new(
                "login",
                "Login",
                "2 to 64 letters, digits or -._~!$&'()*+,;=%@; empty: no login, only a telephone",
                text(user.and_then(|user| user.login.as_ref()).map(ToString::to_string)),
            ),
            Field::new("first", "First name", "Must not be empty", text(user.map(|user| user.first_name.to_string()))),
            Field::new("last", "Last name", "May be empty", text(user.map(|user| user.last_name.to_string()))),
            Field::new("email", "E-mail address", "May be empty; no two users have the same", text(email)),
            Field::new("mobile", "Mobile number", "May be empty; digits, +, * or #", text(mobile)),
        ]
    }

    fn agent_words(id: Option<AgentId>, c: &Configuration) -> String {
        let agent = id.and_then(|id| c.agents.get(id));
        let words = agent.map(|agent| format!("{} {} {}", agent.number, agent.first_name, agent.last_name));
        words.map_or_else(|| "none".to_owned(), |words| words.trim_end().to_owned())
    }

    /// Without a login there is no password.
    fn way(&self, fields: &Fields) -> Way {
        if has_no_login(fields) {
            return Way::Nothing;
        }
        self.password.way(fields)
    }

    /// The agent who gets the new name of the user too.
    fn renames(&self, fields: &Fields) -> Option<AgentId> {
        self.agent.filter(|_| self.may_rename(fields) && fields.is_on(RENAMES_AGENT))
    }

    fn may_rename(&self, fields: &Fields) -> bool {
        let keeps_agent = self.agents.get(fields.chosen("agent")) == Some(&self.agent);
        keeps_agent && self.namesake.as_ref().is_some_and(|namesake| namesake.is_renamed(fields))
    }

    fn edit(&self, id: UserId, new: NewUser, way: Way, c: &mut Configuration) {
        c.users.edit(id, |user| {
            user.login = new.login;
            user.first_name = new.first_name;
            user.last_name = new.last_name;
            user.email = new.email;
            user.mobile = new.mobile;
            user.enabled = new.enabled;
            user.profile = new.profile;
            if way != Way::Keep {
                user.password = new.password;
            }
        });
    }
}

impl Model for UserModel {
    fn key(&self) -> Option<FormKey> {
        Some(FormKey::of(Kind::User, self.target()))
    }

    fn offer(&self, field: &'static str) -> Option<Offer> {
        (field == "profile").then_some(Offer {
            words: "new profile…",
            open: |name, app| Box::new(Form::within(ProfileModel::new(ProfileBasis::Nothing, app), name, app)),
        })
    }

    fn relist(&mut self, field: &'static str, fields: &mut Fields, app: &App) {
        let now = profiles(app).into_iter().map(|id| (id, profile_words(id, &app.configuration)));
        fields.relist(field, &mut self.profiles, now.collect());
    }

    fn title(&self) -> String {
        if self.id.is_none() { "new user".to_owned() } else { format!("edit {}", self.login) }
    }

    fn target(&self) -> Option<Target> {
        self.id.map(|id| Target { kind: Kind::User, id: id.number() })
    }

    fn anew(&self, app: &App) -> Option<Self> {
        self.id.and_then(|id| Self::of(id, app))
    }

    fn fields(&self, app: &App) -> Vec<Field> {
        let c = &app.configuration;
        let user = self.id.and_then(|id| c.users.get(id)).map(|user| &**user);
        let agent = agent_of(self.id, c);
        // A new one is most likely as the newest is; the first profile may allow too much. Whoever has none cannot log in:
        // nobody is made so without having chosen it.
        let newest = || c.users.iter().rev().find_map(|user| user.profile);
        let usual = || c.profiles.find(|profile| profile.name.as_str() == USUAL_PROFILE).map(|profile| profile.id);
        let (profile, aside) = match (user, newest()) {
            (Some(user), _) => (user.profile, None),
            (None, Some(newest)) => (Some(newest), Some(Aside::Words("as the user added last"))),
            (None, None) => (usual(), None),
        };
        let place = |profile| self.profiles.iter().position(|known| *known == profile);
        let mut fields = Self::identity_fields(user);
        let mut given = Field::new(
            "profile",
            "Profile",
            "What the client shows and may do; Enter opens the list",
            Entry::choice(self.profiles.iter().map(|id| profile_words(*id, c)).collect(), place(profile)),
        );
        given.aside = aside;
        fields.extend([
            Field::new(
                "enabled",
                "Enabled",
                "Whether this user may log in; Space switches",
                Entry::Toggle(user.is_none_or(|user| user.enabled)),
            ),
            given,
            Field::new(
                "agent",
                "Agent",
                "One without a user; Enter opens the list",
                Entry::choice(
                    self.agents.iter().map(|id| Self::agent_words(*id, c)).collect(),
                    self.agents.iter().position(|known| *known == agent),
                ),
            ),
        ]);
        if self.namesake.is_some() {
            fields.push(Field::new(
                RENAMES_AGENT,
                "Rename agent",
                "Whether the agent, who is called as the user is, gets the new name too",
                Entry::Toggle(true),
            ));
        }
        let present = user.and_then(|user| user.password.as_ref());
        fields.extend(self.password.fields(present, "A new one ends the user's sessions; Enter opens the list"));
        fields.push(Field::new(
            BREAK_GLASS,
            "Break-glass",
            "With a directory (LDAP): the local password works even while that is down",
            Entry::Toggle(user.is_some_and(|user| user.break_glass)),
        ));
        fields
    }

    fn notes(&self, fields: &Fields, _c: &Configuration) -> Vec<(&'static str, String)> {
        self.password.notes(fields).into_iter().collect()
    }

    fn arrange(&self, fields: &mut Fields, _app: &App) {
        NewPassword::arrange(self.way(fields), fields);
        let access = if has_no_login(fields) { Access::Pointless } else { Access::Open };
        for field in ["enabled", "password", BREAK_GLASS] {
            fields.set_access(field, access);
        }
        let access = if self.may_rename(fields) { Access::Open } else { Access::Pointless };
        fields.set_access(RENAMES_AGENT, access);
        // Once it was chosen it is no longer so of itself.
        if fields.is_touched("profile")
            && let Some(profile) = fields.field_mut("profile")
        {
            profile.aside = None;
        }
    }

    fn prepare(&mut self, fields: &Fields, random: RandomSource) -> Result<(), Fault> {
        let way = self.way(fields);
        self.password.prepare(way, fields, random)
    }

    fn apply(
        &self,
        fields: &Fields,
        c: &mut Configuration,
        random: RandomSource,
        purpose: Purpose,
    ) -> Result<(), Fault> {
        // All are read before the first that is wrong ends it: all are told.
        let login = fields.parse_optional("login", Login::parse);
        let first_name = fields.parse("first", FirstName::parse);
        let last_name = fields.parse("last", LastName::parse);
        let email = fields.parse_optional("email", EmailAddress::parse);
        let mobile = fields.parse_optional("mobile", MobileNumber::parse);
        let profile = fields.choose("profile", &self.profiles)?;
        let agent = fields.choose("agent", &self.agents)?;
        let way = self.way(fields);
        let password = self.password.hash(way, fields, purpose);
        let (login, first_name, last_name, email, mobile) = (login?, first_name?, last_name?, email?, mobile?);
        let password = password?;
        let enabled = fields.is_on("enabled") && login.is_some();
        let uuid = (random.user_uuid)();
        let new = NewUser { uuid, login, first_name, last_name, email, mobile, password, enabled, profile };
        let id = match self.id {
            None => c.add_user(new).map_err(|refusal| Fault::of("profile", refusal))?,
            Some(id) => {
                // Whom it was called as when it was looked at, not what somebody made of it meanwhile.
                let renamed = self.renames(fields).filter(|_| Namesake::of(self.id, c) == self.namesake);
                if let Some(agent) = renamed {
                    c.agents.edit(agent, |agent| {
                        agent.first_name = new.first_name.clone();
                        agent.last_name = new.last_name.clone();
                    });
                }
                self.edit(id, new, way, c);
                id
            }
        };
        let is_break_glass = fields.is_on(BREAK_GLASS) && !has_no_login(fields);
        c.users.edit(id, |user| user.break_glass = is_break_glass);
        if agent == self.agent {
            return Ok(());
        }
        if purpose == Purpose::Save && agent_of(self.id, c) != self.agent {
            return Err(Refusal::new(Rule::V1, TargetKind::TheUsersAgent, Violation::ChangedBySomebody).into());
        }
        c.set_agent_of(id, agent).map_err(|refusal| Fault::of("agent", refusal))
    }

    fn field_of(&self, rule: Rule) -> Option<&'static str> {
        match rule {
            Rule::U1 => Some("login"),
            Rule::U3 => Some("email"),
            Rule::U5 => Some(BREAK_GLASS),
            _ => None,
        }
    }

    fn words(&self, fields: &Fields) -> String {
        let was = if self.id.is_none() { "added" } else { "changed" };
        let without = if has_no_login(fields) { ", without a login" } else { "" };
        let renamed = match &self.former_login {
            Some(former) if !has_no_login(fields) && former.as_str() != name(fields) => {
                format!(", until now \"{former}\",")
            }
            _ => String::new(),
        };
        let agent = match (&self.namesake, self.renames(fields)) {
            (Some(namesake), Some(_)) => format!("; agent {} is renamed with it", namesake.number),
            _ => String::new(),
        };
        format!("user \"{}\"{renamed} was {was}{without}{agent}", name(fields))
    }

    fn then(&mut self, fields: &Fields, app: &App) -> Transition {
        let login = fields.text("login").trim();
        // Of those without a login the newest of this name.
        let is_it = |user: &&Arc<User>| match &user.login {
            Some(own) => own.as_str() == login,
            None => login.is_empty() && user.full_name() == name(fields),
        };
        let saved = || app.configuration.users.iter().rev().find(is_it).map(|user| user.id);
        let new = if self.id.is_none() { saved() } else { None };
        let made =
            |password| Made::new(login.to_owned(), password, saved().map(|user| super::made_password_key(&[user])));
        match (self.password.take_made().map(made), new) {
            (Some(made), Some(new)) => Transition::Replace(Box::new(made.before(move |app| super::page_of(new, app)))),
            (Some(made), None) => Transition::Replace(Box::new(made)),
            (None, Some(new)) => Transition::Replace(super::page_of(new, app)),
            (None, None) => Transition::Pop,
        }
    }
}

/// Those that a user may have; none is the last.
fn profiles(app: &App) -> Vec<Option<ProfileId>> {
    app.configuration.profiles.iter().map(|profile| Some(profile.id)).chain([None]).collect()
}

fn has_no_login(fields: &Fields) -> bool {
    fields.text("login").trim().is_empty()
}

/// What the user is called by: the login, or else the names.
fn name(fields: &Fields) -> String {
    if has_no_login(fields) {
        return format!("{} {}", fields.text("first").trim(), fields.text("last").trim()).trim_end().to_owned();
    }
    fields.text("login").trim().to_owned()
}

fn agent_of(user: Option<UserId>, c: &Configuration) -> Option<AgentId> {
    c.agents.find(|agent| user.is_some() && agent.user == user).map(|agent| agent.id)
}
