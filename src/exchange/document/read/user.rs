//! The users of a document, their lines, voicemail boxes and agents.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::lost_secret::{LostSecret, WithoutSecret};
use super::table::{FromDocument, Goal, ObjectNames, Restorer, back};
use super::{Claim, Names, Placed, Reading, settle};
use crate::exchange::document::form;
use crate::exchange::document::tables::Documented;
use crate::settings::agent::Agent;
use crate::settings::id::{AgentId, ContextId, Id, LineId, ProfileId, UserId, UserUuid, VoicemailId};
use crate::settings::label::context_name;
use crate::settings::line::Line;
use crate::settings::name::{
    AgentNumber, Device, EmailAddress, Extension, FirstName, LastName, Login, Mailbox, MobileNumber,
};
use crate::settings::password::PasswordHash;
use crate::settings::rule::Rule;
use crate::settings::rule_target::RuleTarget;
use crate::settings::target_kind::TargetKind;
use crate::settings::user::User;
use crate::settings::violation::Violation;
use crate::settings::voicemail::Voicemail;

impl FromDocument for User {
    fn read_list(reading: &mut Reading<'_>, list: Option<Vec<Value>>, names: &mut ObjectNames) {
        let forms = reading.forms(Self::LIST, list);
        names.users = reading.read_users(forms, &names.profiles);
    }

    fn restore(restorer: &mut Restorer<'_>, goal: &Goal, image: Value) {
        let Some(Placed { place, form }) = restorer.placed::<form::UserForm>(goal, image) else { return };
        let (id, current) = (UserId::new(goal.id), restorer.reading.current);
        let Some(uuid) = form.uuid.as_deref().and_then(UserUuid::parse) else {
            return restorer.reading.problem(Rule::D1, goal.on.clone(), Violation::ImageWithoutUuid);
        };
        // "set": the present one stays.
        let old = form.password_hash.is_some().then_some(id);
        let is_new = current.users.get(id).is_none();
        let form = form::UserForm { password_hash: None, ..form };
        let Some(mut user) =
            restorer.reading.user(Placed { place, form }, id, uuid, old.as_ref(), &restorer.names.profiles)
        else {
            return;
        };
        if old.is_some() && user.password.is_none() && user.login.is_some() {
            user.password = restorer.remembered.users.get(id).and_then(|user| user.password.clone());
        }
        if old.is_some() && user.password.is_none() {
            user.enabled &= !is_new;
            let then = WithoutSecret::UserCannotLogIn { is_disabled: is_new };
            restorer.lost.push(LostSecret { on: goal.on.clone(), then });
        }
        back(&mut restorer.reading.new.users, &current.users, Some(user), goal.entry);
    }
}

impl FromDocument for Line {
    fn read_list(reading: &mut Reading<'_>, list: Option<Vec<Value>>, names: &mut ObjectNames) {
        let forms = reading.forms(Self::LIST, list);
        names.lines = reading.read_lines(forms, &names.contexts, &names.users);
    }

    fn restore(restorer: &mut Restorer<'_>, goal: &Goal, image: Value) {
        let (form, current) = (restorer.placed(goal, image), restorer.reading.current);
        let object = form.and_then(|form| {
            restorer.reading.line(form, Id::new(goal.id), &restorer.names.contexts, &restorer.names.users)
        });
        back(&mut restorer.reading.new.lines, &current.lines, object, goal.entry);
    }
}

impl FromDocument for Voicemail {
    fn read_list(reading: &mut Reading<'_>, list: Option<Vec<Value>>, names: &mut ObjectNames) {
        let forms = reading.forms(Self::LIST, list);
        reading.read_voicemails(forms, &names.contexts, &names.users);
    }

    fn restore(restorer: &mut Restorer<'_>, goal: &Goal, image: Value) {
        let (form, current) = (restorer.placed(goal, image), restorer.reading.current);
        let object = form.and_then(|form| {
            restorer.reading.voicemail(form, Id::new(goal.id), &restorer.names.contexts, &restorer.names.users)
        });
        back(&mut restorer.reading.new.voicemails, &current.voicemails, object, goal.entry);
    }
}

impl FromDocument for Agent {
    fn read_list(reading: &mut Reading<'_>, list: Option<Vec<Value>>, names: &mut ObjectNames) {
        let forms = reading.forms(Self::LIST, list);
        names.agents = reading.read_agents(forms, &names.contexts, &names.users);
    }

    fn restore(restorer: &mut Restorer<'_>, goal: &Goal, image: Value) {
        let (form, current) = (restorer.placed(goal, image), restorer.reading.current);
        let object = form.and_then(|form| {
            restorer.reading.agent(form, Id::new(goal.id), &restorer.names.contexts, &restorer.names.users)
        });
        back(&mut restorer.reading.new.agents, &current.agents, object, goal.entry);
    }
}

impl Reading<'_> {
    /// The names of users are their logins in the form under which logins are compared, and their UUIDs.
    pub(super) fn read_users(
        &mut self,
        users: Vec<Placed<form::UserForm>>,
        profiles: &Names<ProfileId>,
    ) -> Names<UserId> {
        let current = self.current;
        let by_login: HashMap<String, UserId> =
            current.users.iter().filter_map(|user| Some((user.folded_login()?, user.id))).collect();
        let by_uuid: HashMap<UserUuid, UserId> = current.users.iter().map(|user| (user.uuid, user.id)).collect();
        let claims: Vec<_> = users
            .iter()
            .map(|Placed { place, form }| Claim {
                place,
                said: form.id,
                known: match form.uuid.as_deref().and_then(UserUuid::parse) {
                    Some(uuid) => by_uuid.get(&uuid).copied(),
                    None => login_of(form).and_then(|login| by_login.get(&login).copied()),
                },
            })
            .collect();
        let ids = self.assign("users", &claims, &current.users);
        let with_uuid = users.iter().zip(&ids).filter_map(|(user, id)| Some((uuid_of(&user.form)?, *id)));
        let mut names: Names<UserId> = with_uuid.collect();
        let entries = users.iter().zip(&ids).filter_map(|(user, id)| Some((&user.place, login_of(&user.form)?, *id)));
        names.extend(self.names(Rule::U1, entries));
        for (placed, id) in users.into_iter().zip(ids) {
            let same_login = login_of(&placed.form).and_then(|login| by_login.get(&login).copied());
            let uuid = self.user_uuid(&placed, same_login);
            if let Some(user) = uuid.and_then(|uuid| self.user(placed, id, uuid, by_uuid.get(&uuid), profiles)) {
                settle(&mut self.new.users, &current.users, user);
            }
        }
        self.new.users.raise_next_number(self.next_ids["users"]);
        names
    }

    fn user_uuid(
        &mut self,
        Placed { place, form }: &Placed<form::UserForm>,
        same_login: Option<UserId>,
    ) -> Option<UserUuid> {
        let uuid = match &form.uuid {
            Some(text) => UserUuid::parse(text),
            None => same_login.and_then(|id| self.current.users.get(id)).map(|user| user.uuid),
        };
        if uuid.is_none() {
            let problem = match &form.uuid {
                Some(text) => Violation::TextNoUuid { text: text.clone() },
                None => Violation::UuidMissing,
            };
            self.problem(Rule::D1, RuleTarget::within(place, TargetKind::Uuid), problem);
        }
        uuid
    }

    pub(super) fn user(
        &mut self,
        Placed { place, form }: Placed<form::UserForm>,
        id: UserId,
        uuid: UserUuid,
        old: Option<&UserId>,
        profiles: &Names<ProfileId>,
    ) -> Option<User> {
        let login = self.take_optional(&place, form.login.as_deref().map(str::trim), Login::parse);
        let first_name = self.take(&place, FirstName::parse(&form.first_name));
        let last_name = self.take(&place, LastName::parse(&form.last_name));
        let email = self.take_optional(&place, form.email.as_deref(), EmailAddress::parse);
        let mobile = self.take_optional(&place, form.mobile.as_deref(), MobileNumber::parse);
        let password = self.take_optional(&place, form.password_hash.as_deref(), PasswordHash::imported);
        let profile = self.refer_optional(Rule::F2, &place, "profile", profiles, form.profile.as_deref());
        let kept = || old.and_then(|id| self.current.users.get(*id)).and_then(|user| user.password.clone());
        let login = login?;
        Some(User {
            id,
            version: 1,
            uuid,
            first_name: first_name?,
            last_name: last_name?,
            email: email?,
            mobile: mobile?,
            password: password?.or_else(kept).filter(|_| login.is_some()),
            enabled: form.enabled.unwrap_or(login.is_some()),
            profile: profile?,
            break_glass: form.break_glass,
            login,
        })
    }

    pub(super) fn read_lines(
        &mut self,
        lines: Vec<Placed<form::LineForm>>,
        contexts: &Names<ContextId>,
        users: &Names<UserId>,
    ) -> Names<LineId> {
        let current = self.current;
        let known: HashMap<(String, &str), LineId> = current
            .lines
            .iter()
            .map(|line| ((context_name(current, line.context), line.extension.as_str()), line.id))
            .collect();
        let claims: Vec<_> = lines
            .iter()
            .map(|Placed { place, form }| Claim {
                place,
                said: form.id,
                known: known.get(&(form.context.clone(), form.extension.as_str())).copied(),
            })
            .collect();
        let ids = self.assign("lines", &claims, &current.lines);
        // Which number stands twice is for the rules to say.
        let name = |form: &form::LineForm| format!("{}@{}", form.extension, form.context);
        let names = lines.iter().zip(&ids).map(|(line, id)| (name(&line.form), *id)).collect();
        // By the user and not by the name: one has two.
        let owner = |line: &Placed<form::LineForm>| users.get(&folded(&line.form.user)).copied();
        let with_main: HashSet<UserId> = lines.iter().filter(|line| line.form.main).filter_map(owner).collect();
        let mut seen = HashSet::new();
        for (placed, id) in lines.into_iter().zip(ids) {
            let is_first = owner(&placed).is_some_and(|owner| !with_main.contains(&owner) && seen.insert(owner));
            let is_main = placed.form.main || is_first;
            if let Some(line) = self.line(placed, id, contexts, users) {
                settle(&mut self.new.lines, &current.lines, Line { is_main, ..line });
            }
        }
        self.new.lines.raise_next_number(self.next_ids["lines"]);
        names
    }

    pub(super) fn line(
        &mut self,
        Placed { place, form }: Placed<form::LineForm>,
        id: LineId,
        contexts: &Names<ContextId>,
        users: &Names<UserId>,
    ) -> Option<Line> {
        let user = self.refer(Rule::C3, &place, "user", users, &folded(&form.user));
        let extension = self.take(&place, Extension::parse(&form.extension));
        let context = self.refer(Rule::C3, &place, "context", contexts, &form.context);
        let device = form.device.unwrap_or_else(|| format!("PJSIP/{}", form.extension));
        let device = self.take(&place, Device::parse(&device));
        Some(Line {
            id,
            version: 1,
            user: user?,
            is_main: form.main,
            extension: extension?,
            context: context?,
            device: device?,
        })
    }

    pub(super) fn read_voicemails(
        &mut self,
        voicemails: Vec<Placed<form::VoicemailForm>>,
        contexts: &Names<ContextId>,
        users: &Names<UserId>,
    ) {
        let current = self.current;
        let known: HashMap<(String, &str), VoicemailId> = current
            .voicemails
            .iter()
            .map(|voicemail| ((context_name(current, voicemail.context), voicemail.mailbox.as_str()), voicemail.id))
            .collect();
        let claims: Vec<_> = voicemails
            .iter()
            .map(|Placed { place, form }| Claim {
                place,
                said: form.id,
                known: known.get(&(form.context.clone(), form.mailbox.as_str())).copied(),
            })
            .collect();
        let ids = self.assign("voicemails", &claims, &current.voicemails);
        for (placed, id) in voicemails.into_iter().zip(ids) {
            if let Some(voicemail) = self.voicemail(placed, id, contexts, users) {
                settle(&mut self.new.voicemails, &current.voicemails, voicemail);
            }
        }
        self.new.voicemails.raise_next_number(self.next_ids["voicemails"]);
    }

    pub(super) fn voicemail(
        &mut self,
        Placed { place, form }: Placed<form::VoicemailForm>,
        id: VoicemailId,
        contexts: &Names<ContextId>,
        users: &Names<UserId>,
    ) -> Option<Voicemail> {
        let mailbox = self.take(&place, Mailbox::parse(&form.mailbox));
        let context = self.refer(Rule::C3, &place, "context", contexts, &form.context);
        let user = form.user.as_deref().map(folded);
        let user = self.refer_optional(Rule::C3, &place, "user", users, user.as_deref());
        Some(Voicemail { id, version: 1, mailbox: mailbox?, context: context?, user: user? })
    }

    pub(super) fn read_agents(
        &mut self,
        agents: Vec<Placed<form::AgentForm>>,
        contexts: &Names<ContextId>,
        users: &Names<UserId>,
    ) -> Names<AgentId> {
        let current = self.current;
        let known: HashMap<&str, AgentId> =
            current.agents.iter().map(|agent| (agent.number.as_str(), agent.id)).collect();
        let claims: Vec<_> = agents
            .iter()
            .map(|Placed { place, form }| Claim {
                place,
                said: form.id,
                known: known.get(form.number.as_str()).copied(),
            })
            .collect();
        let ids = self.assign("agents", &claims, &current.agents);
        let entries = agents.iter().zip(&ids).map(|(agent, id)| (&agent.place, agent.form.number.clone(), *id));
        let names = self.names(Rule::Q1, entries);
        for (placed, id) in agents.into_iter().zip(ids) {
            if let Some(agent) = self.agent(placed, id, contexts, users) {
                settle(&mut self.new.agents, &current.agents, agent);
            }
        }
        self.new.agents.raise_next_number(self.next_ids["agents"]);
        names
    }

    pub(super) fn agent(
        &mut self,
        Placed { place, form }: Placed<form::AgentForm>,
        id: AgentId,
        contexts: &Names<ContextId>,
        users: &Names<UserId>,
    ) -> Option<Agent> {
        let number = self.take(&place, AgentNumber::parse(&form.number));
        let first_name = self.take(&place, FirstName::parse(&form.first_name));
        let last_name = self.take(&place, LastName::parse(&form.last_name));
        let context = self.refer(Rule::C3, &place, "context", contexts, &form.context);
        let user = form.user.as_deref().map(folded);
        let user = self.refer_optional(Rule::C3, &place, "user", users, user.as_deref());
        Some(Agent {
            id,
            version: 1,
            number: number?,
            first_name: first_name?,
            last_name: last_name?,
            context: context?,
            user: user?,
        })
    }
}

/// A login as it is looked up before it is known to be one.
pub(super) fn folded(login: &str) -> String {
    login.trim().to_ascii_lowercase()
}

/// A user's login as it is looked up; None if there is none.
fn login_of(form: &form::UserForm) -> Option<String> {
    form.login.as_deref().map(folded).filter(|login| !login.is_empty())
}

/// A user's UUID as it is looked up.
fn uuid_of(form: &form::UserForm) -> Option<String> {
    form.uuid.as_deref().and_then(UserUuid::parse).map(|uuid| uuid.to_string())
}
