//! What one user may read: every list, configuration and status that goes to a client is taken from here. What they may
//! not see is not there, as if it did not exist (protocol decision 8).

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::protocol::notice::{AgentAvailability, Config, Notice, QuietRoom, Status, UserConfig, UserServices};
use crate::protocol::request::ListName;
use crate::settings::agent::Agent;
use crate::settings::column::Columns;
use crate::settings::configuration::Configuration;
use crate::settings::id::{AgentId, Id, LineId, PhoneBookEntryId, PresenceId, QueueId, ServerUuid, UserId, UserUuid};
use crate::settings::line;
use crate::settings::name::PresenceName;
use crate::settings::phone_book::PhoneBookEntry;
use crate::settings::phone_hint::{HintNumber, PhoneHint};
use crate::settings::presence::{DISCONNECTED, Presence};
use crate::settings::profile::Profile;
use crate::settings::search::SearchPattern;
use crate::settings::state::Services;
use crate::settings::user::User;
use crate::settings::voicemail::Voicemail;

use super::index::member_tid;
use super::runtime::{Entered, Person, RuntimeState};
use super::settings_view::SettingsView;
use crate::live::messages::subject::{Scope, Subject};

#[derive(Clone, Copy)]
pub(in crate::live) struct View<'a> {
    pub(super) settings: &'a SettingsView,
    pub(super) runtime: &'a RuntimeState,
    viewer: Option<UserId>,
    scope: Scope,
}

/// Somebody as one user sees them.
pub(in crate::live) struct SeenUser<'a> {
    pub(in crate::live) server: ServerUuid,
    pub(in crate::live) user: &'a User,
    /// The main line.
    pub(in crate::live) line: Option<&'a line::Line>,
    pub(in crate::live) voicemail: Option<&'a Voicemail>,
    pub(in crate::live) agent: Option<&'a Agent>,
}

impl<'a> View<'a> {
    pub(super) fn of(settings: &'a SettingsView, runtime: &'a RuntimeState, viewer: UserId) -> Self {
        Self { settings, runtime, viewer: Some(viewer), scope: settings.scope(viewer) }
    }

    /// What everybody sees who looks from there, whoever they are.
    pub(super) fn from(settings: &'a SettingsView, runtime: &'a RuntimeState, scope: Scope) -> Self {
        Self { settings, runtime, viewer: None, scope }
    }

    pub(in crate::live) fn may_see(&self, subject: Subject) -> bool {
        match subject {
            Subject::QueueMember(queue, member) if !self.settings.exists(subject) => self.may_see_listed(queue, member),
            _ => self.settings.may_see(self.scope, self.viewer, subject),
        }
    }

    pub(in crate::live) fn server(&self) -> ServerUuid {
        self.known().server_uuid
    }

    /// All of a list that they see, in order of id.
    pub(in crate::live) fn subjects(&self, list: ListName) -> Vec<Subject> {
        let mut subjects = subjects(self.known(), list);
        if self.scope != Scope::Everything {
            subjects.retain(|subject| self.may_see(*subject));
        }
        if list == ListName::QueueMembers {
            subjects.extend(self.listed_members());
            subjects.sort_unstable();
        }
        subjects
    }

    /// The object that a `tid` would name, whether or not they see it, or there is that. Ids are compared as text
    /// (protocol 4.5.2).
    pub(in crate::live) fn named(&self, list: ListName, tid: &str) -> Option<Subject> {
        Some(match list {
            ListName::Users => Subject::User(id(tid)?),
            ListName::Phones => Subject::Phone(id(tid)?),
            ListName::Agents => Subject::Agent(id(tid)?),
            ListName::Queues => Subject::Queue(id(tid)?),
            ListName::Voicemails => Subject::Voicemail(id(tid)?),
            ListName::Meetmes => Subject::Conference(id(tid)?),
            ListName::QueueMembers => {
                let configured = self.settings.index.member(tid);
                let configured = configured.map(|(queue, member)| Subject::QueueMember(queue, member));
                configured.or_else(|| self.listed_member(tid))?
            }
            ListName::Unknown => return None,
        })
    }

    pub(in crate::live) fn tid(&self, subject: Subject) -> Box<str> {
        match subject {
            Subject::User(id) => id.to_string().into(),
            Subject::Phone(id) => id.to_string().into(),
            Subject::Agent(id) => id.to_string().into(),
            Subject::Queue(id) => id.to_string().into(),
            Subject::Voicemail(id) => id.to_string().into(),
            Subject::Conference(id) => id.to_string().into(),
            Subject::QueueMember(queue, member) => member_tid(self.known(), queue, member).unwrap_or_default(),
        }
    }

    /// The whole `config` of protocol 4.5.2, if they see the object.
    pub(in crate::live) fn config(&self, subject: Subject) -> Option<Config> {
        if !self.may_see(subject) {
            return None;
        }
        let known = self.known();
        Some(match subject {
            Subject::User(id) => Config::User(Box::new(self.user_config(known.users.get(id)?))),
            Subject::Phone(id) => {
                let line = known.lines.get(id)?;
                Config::Phone {
                    number: line.extension.as_str().into(),
                    user: line.user,
                    identity: line.device.as_str().into(),
                }
            }
            Subject::Agent(id) => {
                let agent = known.agents.get(id)?;
                Config::Agent {
                    number: agent.number.as_str().into(),
                    first_name: agent.first_name.as_str().into(),
                    last_name: agent.last_name.as_str().into(),
                    context: known.contexts.get(agent.context)?.name.as_str().into(),
                }
            }
            Subject::Queue(id) => {
                let queue = known.queues.get(id)?;
                Config::Queue {
                    name: queue.name.as_str().into(),
                    display: queue.display.as_str().into(),
                    number: queue.number.as_str().into(),
                    context: known.contexts.get(queue.context)?.name.as_str().into(),
                }
            }
            Subject::Voicemail(id) => {
                let voicemail = known.voicemails.get(id)?;
                Config::Voicemail {
                    mailbox: voicemail.mailbox.as_str().into(),
                    context: known.contexts.get(voicemail.context)?.name.as_str().into(),
                }
            }
            Subject::Conference(id) => {
                let conference = known.conferences.get(id)?;
                Config::Meetme {
                    number: conference.number.as_str().into(),
                    name: conference.name.as_str().into(),
                    context: known.contexts.get(conference.context)?.name.as_str().into(),
                }
            }
            Subject::QueueMember(queue, member) => Config::QueueMember(self.member(queue, member)?),
        })
    }

    /// The `status` of protocol 4.5.3, if they see the object. Of what no telephone system said anything: phones are
    /// unknown to it, agents logged out, voicemail boxes empty.
    pub(in crate::live) fn status(&self, subject: Subject) -> Option<Status> {
        if !self.may_see(subject) {
            return None;
        }
        Some(match subject {
            Subject::User(id) => Status::User {
                is_connected: self.person(id).is_some_and(|person| !person.sessions().is_empty()),
                availstate: self.availstate(id).into(),
            },
            Subject::Phone(line) => Status::Phone { hintstatus: self.phone_status(line).to_string().into() },
            Subject::Agent(id) => Status::Agent(self.agent_status(id)),
            Subject::Queue(_) => Status::Queue,
            Subject::Voicemail(id) => Status::Voicemail { new: self.runtime.telephony.mailboxes.told(id) },
            Subject::Conference(_) => Status::Meetme,
            Subject::QueueMember(queue, member) => Status::QueueMember(self.member(queue, member)?),
        })
    }

    /// The present status as it is told to those who registered for it, if they see the subject (protocol 4.14).
    pub(in crate::live) fn registered_status(&self, subject: Subject) -> Option<Notice> {
        if !self.may_see(subject) {
            return None;
        }
        let server = self.server();
        match subject {
            Subject::User(user) => {
                let (uuid, status) = (self.uuid(user)?, self.presence(user)?.into());
                Some(Notice::UserStatus { server, uuid, user, status })
            }
            Subject::Phone(endpoint) => {
                Some(Notice::EndpointStatus { server, endpoint, status: self.phone_status(endpoint).into() })
            }
            Subject::Agent(agent) => {
                let is_logged_in = self.runtime.telephony.agents.get(agent).told.is_logged_in();
                Some(Notice::AgentStatus { server, agent, is_logged_in })
            }
            Subject::Queue(_) | Subject::Voicemail(_) | Subject::Conference(_) | Subject::QueueMember(..) => None,
        }
    }

    /// The conference rooms that this user sees, by number: of two with one number the first.
    pub(in crate::live) fn quiet_rooms(&self) -> Vec<QuietRoom> {
        let rooms = self.known().conferences.iter().filter(|room| self.may_see(Subject::Conference(room.id)));
        let mut by_number: BTreeMap<&str, QuietRoom> = BTreeMap::new();
        for room in rooms {
            let number = room.number.as_str();
            by_number.entry(number).or_insert_with(|| QuietRoom {
                number: number.into(),
                name: room.name.as_str().into(),
                needs_pin: room.pin.is_some(),
            });
        }
        by_number.into_values().collect()
    }

    /// What is told of an agent whom they see when that agent joins or leaves a queue.
    pub(in crate::live) fn agent_queues(&self, agent: AgentId) -> Option<Status> {
        self.may_see(Subject::Agent(agent)).then(|| Status::AgentQueues(self.agent_status(agent)))
    }

    /// The presence of a user whom they see.
    pub(in crate::live) fn presence(&self, user: UserId) -> Option<&'a str> {
        self.may_see(Subject::User(user)).then(|| self.availstate(user))
    }

    /// Users whom they see and who have the pattern in what is known of them, by their folded names.
    pub(in crate::live) fn users_with<'p>(
        &self,
        pattern: &'p SearchPattern,
    ) -> impl Iterator<Item = (&'a str, SeenUser<'a>)> + use<'a, 'p> {
        let view = *self;
        let found = self.settings.index.search.find(pattern);
        found.filter_map(move |(name, user)| view.seen_user(user).map(|seen| (name, seen)))
    }

    /// Entries of the phone book that they see and that have the pattern in what they say, by their folded names.
    pub(in crate::live) fn entries_with<'p>(
        &self,
        pattern: &'p SearchPattern,
    ) -> impl Iterator<Item = (&'a str, &'a PhoneBookEntry)> + use<'a, 'p> {
        let view = *self;
        let found = self.settings.index.phone_book.find(pattern);
        found.filter_map(move |(name, entry)| view.seen_entry(entry).map(|seen| (name, seen)))
    }

    pub(in crate::live) fn seen_entry(&self, entry: PhoneBookEntryId) -> Option<&'a PhoneBookEntry> {
        self.known()
            .phone_book
            .get(entry)
            .map(Arc::as_ref)
            .filter(|entry| SettingsView::may_see_entry(self.scope, entry))
    }

    pub(in crate::live) fn seen_user_by_uuid(&self, uuid: UserUuid) -> Option<SeenUser<'a>> {
        self.seen_user(self.settings.index.user(uuid)?)
    }

    /// A user whom they see, and what belongs to them as far as they see that too.
    fn seen_user(&self, user: UserId) -> Option<SeenUser<'a>> {
        if !self.may_see(Subject::User(user)) {
            return None;
        }
        let (known, index) = (self.known(), &self.settings.index);
        let line = index.main_line(user).filter(|line| self.may_see(Subject::Phone(*line)));
        let voicemail = index.voicemail(user).filter(|voicemail| self.may_see(Subject::Voicemail(*voicemail)));
        let agent = index.agent(user).filter(|agent| self.may_see(Subject::Agent(*agent)));
        Some(SeenUser {
            server: known.server_uuid,
            user: known.users.get(user)?,
            line: line.and_then(|line| known.lines.get(line)).map(Arc::as_ref),
            voicemail: voicemail.and_then(|voicemail| known.voicemails.get(voicemail)).map(Arc::as_ref),
            agent: agent.and_then(|agent| known.agents.get(agent)).map(Arc::as_ref),
        })
    }

    pub(in crate::live) fn uuid(&self, user: UserId) -> Option<UserUuid> {
        let subject = Subject::User(user);
        self.may_see(subject).then(|| self.known().users.get(user).map(|user| user.uuid)).flatten()
    }

    /// The agent behind a number that a client sends, if they see it.
    pub(in crate::live) fn agent_numbered(&self, number: i64) -> Option<AgentId> {
        let agent = AgentId::new(number);
        self.may_see(Subject::Agent(agent)).then_some(agent)
    }

    pub(in crate::live) fn queue_name(&self, queue: QueueId) -> Option<Box<str>> {
        self.may_see(Subject::Queue(queue))
            .then(|| self.known().queues.get(queue))?
            .map(|queue| queue.name.as_str().into())
    }

    fn known(&self) -> &'a Configuration {
        &self.settings.configuration
    }

    fn person(&self, user: UserId) -> Option<&'a Person> {
        self.known().users.get(user).and_then(|user| self.runtime.person(user.uuid))
    }

    fn availstate(&self, user: UserId) -> &'a str {
        self.person(user).map_or(DISCONNECTED, Person::availstate)
    }

    /// A user's lines, agent and voicemail are named only to who sees them.
    fn user_config(&self, user: &User) -> UserConfig {
        let index = &self.settings.index;
        let lines = index.lines(user.id).iter().copied().filter(|line| self.may_see(Subject::Phone(*line)));
        UserConfig {
            first_name: user.first_name.as_str().into(),
            last_name: user.last_name.as_str().into(),
            full_name: user.full_name().into(),
            mobile: user.mobile.as_ref().map_or("", |mobile| mobile.as_str()).into(),
            agent: index.agent(user.id).filter(|agent| self.may_see(Subject::Agent(*agent))),
            voicemail: index
                .voicemail(user.id)
                .filter(|voicemail| self.may_see(Subject::Voicemail(*voicemail)))
                .map(Id::number),
            lines: lines.collect(),
            server: self.server(),
            services: services(self.person(user.id).map_or(&Services::default(), |person| &person.told)),
        }
    }

    fn phone_status(&self, line: LineId) -> i8 {
        self.runtime.telephony.phones.told(line)
    }

    /// How an agent stands, as they were told; of the agent's queues those that are seen from here.
    pub(super) fn agent_status(&self, agent: AgentId) -> AgentAvailability {
        let told = &self.runtime.telephony.agents.get(agent).told;
        let standing = &told.standing;
        let queues = told.queues(self.settings.index.queues(agent)).into_iter();
        AgentAvailability {
            availability: standing.availability.as_str(),
            since: standing.since.unwrap_or(self.runtime.started),
            phone_number: standing.phone_number.clone(),
            is_on_queue_call: standing.is_on_queue_call,
            is_resting: standing.is_resting,
            other_call: standing.other_call.map(|call| (call.direction(), call.is_internal)),
            queues: queues.filter(|queue| self.may_see(Subject::Queue(*queue))).collect(),
        }
    }
}

/// What a user always reads: themselves.
impl<'a> View<'a> {
    pub(in crate::live) fn user(&self) -> Option<&'a Arc<User>> {
        self.known().users.get(self.viewer?)
    }

    pub(in crate::live) fn profile(&self) -> Option<&'a Arc<Profile>> {
        self.known().profiles.get(self.user()?.profile?)
    }

    /// Of their profile's group, in order of position.
    pub(in crate::live) fn presences(&self) -> &'a [Arc<Presence>] {
        self.profile().map_or(&[], |profile| self.settings.index.presences(profile.presence_group))
    }

    pub(in crate::live) fn presence_named(&self, name: &str) -> Option<&'a Arc<Presence>> {
        self.presences().iter().find(|presence| presence.name.as_str() == name)
    }

    /// Of their profile's group, by number.
    pub(in crate::live) fn phone_hints(&self) -> impl Iterator<Item = (&'a HintNumber, &'a PhoneHint)> {
        let group = self.profile().and_then(|profile| self.known().phone_hint_groups.get(profile.phone_hint_group));
        group.into_iter().flat_map(|group| &group.hints)
    }

    /// The presences that may be chosen from one of their group, as the wire's `allowed` names them.
    pub(in crate::live) fn allowed_from(&self, presence: &Presence) -> Vec<Box<str>> {
        self.known().allowed_from(presence).into_iter().map(|allowed| allowed.name.as_str().into()).collect()
    }

    /// The presence that they are in, by id and by name; None without a session.
    pub(in crate::live) fn entered(&self) -> Option<(PresenceId, &'a str)> {
        let Entered { id, name } = self.person(self.viewer?)?.presence()?;
        Some((*id, name))
    }

    /// The last presence before the last session ended.
    pub(in crate::live) fn last_presence(&self) -> Option<&'a str> {
        self.person(self.viewer?)?.kept.last_presence.as_ref().map(PresenceName::as_str)
    }

    pub(in crate::live) fn main_line(&self) -> Option<LineId> {
        self.settings.index.main_line(self.viewer?)
    }

    pub(in crate::live) fn agent(&self) -> Option<AgentId> {
        self.settings.index.agent(self.viewer?)
    }

    /// The columns in which they read people: everybody the same.
    pub(in crate::live) fn people_columns(&self) -> &'a Columns {
        &self.settings.general.people_columns
    }

    /// The services of a user whom they see, as they are on disk.
    pub(in crate::live) fn services(&self, user: UserId) -> Option<Services> {
        let told = |person: &Person| person.told.clone();
        self.may_see(Subject::User(user)).then(|| self.person(user).map(told).unwrap_or_default())
    }
}

/// All objects of a list, in order of id, whoever sees them.
pub(in crate::live) fn subjects(known: &Configuration, list: ListName) -> Vec<Subject> {
    match list {
        ListName::Users => known.users.iter().map(|user| Subject::User(user.id)).collect(),
        ListName::Phones => known.lines.iter().map(|line| Subject::Phone(line.id)).collect(),
        ListName::Agents => known.agents.iter().map(|agent| Subject::Agent(agent.id)).collect(),
        ListName::Queues => known.queues.iter().map(|queue| Subject::Queue(queue.id)).collect(),
        ListName::Voicemails => known.voicemails.iter().map(|voicemail| Subject::Voicemail(voicemail.id)).collect(),
        ListName::Meetmes => known.conferences.iter().map(|conference| Subject::Conference(conference.id)).collect(),
        ListName::QueueMembers => {
            let members = known.queues.iter().flat_map(|queue| queue.members.iter().map(move |m| (queue.id, m.member)));
            members.map(|(queue, member)| Subject::QueueMember(queue, member)).collect()
        }
        ListName::Unknown => Vec::new(),
    }
}

/// The members of a user's config that they switch themselves; recording is not one of the list (protocol 4.7).
fn services(of: &Services) -> UserServices {
    let forward = |forward: &crate::settings::state::Forward| Some((forward.is_on, forward.destination.clone()));
    UserServices {
        enablednd: Some(of.do_not_disturb),
        incallfilter: Some(of.call_filter),
        enablerecording: None,
        unconditional: forward(&of.unconditional),
        no_answer: forward(&of.no_answer),
        busy: forward(&of.busy),
    }
}

/// An id in its one spelling: `"011"` names nothing.
fn id<T: Id>(tid: &str) -> Option<T> {
    let is_spelled_so = tid.bytes().all(|byte| byte.is_ascii_digit()) && !tid.starts_with('0');
    tid.parse().ok().filter(|_| is_spelled_so).map(T::new)
}
