//! The one rule of who may see what ("Ours" 8, settings §1.2), and the keeper of all that is known. An audience of
//! several is made by `audience_of` and its kin here and nowhere else; a client's reading goes through the `View` of its
//! user. What must look past the rule says `unfiltered`, and the house counts it.

use std::sync::Arc;
use std::time::Duration;

use crate::observe::work::spend;
use crate::protocol::encode::SharedNotice;
use crate::protocol::request::Version;
use crate::settings::id::{
    AgentId, ConferenceId, ContextId, LineId, QueueId, ServerUuid, UserId, UserUuid, VoicemailId,
};
use crate::settings::phone_book::PhoneBookEntry;
use crate::settings::setting::General;
use crate::settings::state::{AgentWanted, States};
use crate::settings::whole::WholeConfiguration;

use super::answer_cache::{AnswerCache, Reading};
use super::chat::Deliveries;
use super::index::Index;
use super::pace::Paces;
use super::registrations::{self, Watched};
use super::runtime::{Arrived, Person, RuntimeState, Session};
use super::view::View;
use super::{ConnectedSession, Moment, SessionId};

/// Whom a notice reaches. Only `live` makes one, by the rule of visibility; one session may always be answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Audience {
    /// Shared: a change of settings may tell one audience thousands of things at once.
    sessions: Arc<[SessionId]>,
}

impl Audience {
    pub(crate) fn only(session: SessionId) -> Self {
        Self { sessions: Arc::new([session]) }
    }

    pub(crate) fn sessions(&self) -> &[SessionId] {
        &self.sessions
    }
}

/// What a notice or an answer is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Subject {
    User(UserId),
    Phone(LineId),
    Agent(AgentId),
    Queue(QueueId),
    Voicemail(VoicemailId),
    Conference(ConferenceId),
    /// Visible where its queue is.
    QueueMember(QueueId, AgentId),
}

/// From where somebody looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Scope {
    /// Contexts are not separated.
    Everything,
    Context(ContextId),
    /// A user without a line, contexts separated.
    OnlyOwn,
}

/// What administrators decided, in the form that the rule needs.
pub(super) struct SettingsView {
    pub(super) configuration: Arc<WholeConfiguration>,
    pub(super) general: Arc<General>,
    pub(super) index: Index,
}

impl SettingsView {
    pub(super) fn new(configuration: Arc<WholeConfiguration>, general: Arc<General>) -> Self {
        Self { index: Index::new(&configuration), configuration, general }
    }

    /// The next settings; what they leave as it is, is shared.
    pub(super) fn follow(&self, configuration: Arc<WholeConfiguration>, general: Arc<General>) -> Self {
        Self { index: self.index.follow(&self.configuration, &configuration), configuration, general }
    }

    /// From where this user looks.
    pub(super) fn scope(&self, user: UserId) -> Scope {
        if !self.general.context_separation {
            return Scope::Everything;
        }
        self.index.context(user).map_or(Scope::OnlyOwn, Scope::Context)
    }

    /// The rule: does somebody who looks from `scope`, and is `viewer` if they are anybody, see `subject`?
    pub(super) fn may_see(&self, scope: Scope, viewer: Option<UserId>, subject: Subject) -> bool {
        spend(1);
        if !self.exists(subject) {
            return false;
        }
        match scope {
            Scope::Everything => true,
            Scope::Context(context) => self.is_in(subject, context) || self.is_own(viewer, subject),
            Scope::OnlyOwn => self.is_own(viewer, subject),
        }
    }

    /// The same of an entry of the phone book, which is nobody's own: one without a context is everyone's.
    pub(super) fn may_see_entry(scope: Scope, entry: &PhoneBookEntry) -> bool {
        spend(1);
        match (scope, entry.context) {
            (Scope::Everything, _) | (_, None) => true,
            (Scope::Context(from), Some(place)) => from == place,
            (Scope::OnlyOwn, Some(_)) => false,
        }
    }

    fn exists(&self, subject: Subject) -> bool {
        let known = &self.configuration;
        match subject {
            Subject::User(id) => known.users.get(id).is_some(),
            Subject::Phone(id) => known.lines.get(id).is_some(),
            Subject::Agent(id) => known.agents.get(id).is_some(),
            Subject::Queue(id) => known.queues.get(id).is_some(),
            Subject::Voicemail(id) => known.voicemails.get(id).is_some(),
            Subject::Conference(id) => known.conferences.get(id).is_some(),
            Subject::QueueMember(queue, agent) => self.index.penalty(queue, agent).is_some(),
        }
    }

    /// Where the subject is; nowhere for a user without a line.
    fn context_of(&self, subject: Subject) -> Option<ContextId> {
        let known = &self.configuration;
        match subject {
            Subject::User(id) => self.index.context(id),
            Subject::Phone(id) => known.lines.get(id).map(|line| line.context),
            Subject::Agent(id) => known.agents.get(id).map(|agent| agent.context),
            Subject::Queue(id) | Subject::QueueMember(id, _) => known.queues.get(id).map(|queue| queue.context),
            Subject::Voicemail(id) => known.voicemails.get(id).map(|voicemail| voicemail.context),
            Subject::Conference(id) => known.conferences.get(id).map(|conference| conference.context),
        }
    }

    /// Exactly there; for conference rooms reachable from there (protocol 6).
    fn is_in(&self, subject: Subject, context: ContextId) -> bool {
        let Some(place) = self.context_of(subject) else { return false };
        match subject {
            Subject::Conference(_) => self.index.is_reachable(context, place),
            _ => place == context,
        }
    }

    /// Whose the subject is: they see it wherever it is.
    pub(super) fn owner(&self, subject: Subject) -> Option<UserId> {
        let known = &self.configuration;
        match subject {
            Subject::User(id) => Some(id),
            Subject::Phone(id) => known.lines.get(id).map(|line| line.user),
            Subject::Agent(id) => known.agents.get(id).and_then(|agent| agent.user),
            Subject::Voicemail(id) => known.voicemails.get(id).and_then(|voicemail| voicemail.user),
            Subject::Queue(_) | Subject::Conference(_) | Subject::QueueMember(..) => None,
        }
    }

    fn is_own(&self, viewer: Option<UserId>, subject: Subject) -> bool {
        viewer.is_some() && self.owner(subject) == viewer
    }
}

/// What those have at least who were connected before a start: a client that our stop cut off tries again after 20 s, and
/// everybody does so at once.
const RETURN_LEAST: Duration = Duration::from_secs(120);
/// How long after a start the grace time of those who were connected before may be put off: all checks that may wait
/// are done by then on two cores.
const RETURN_MAX: Duration = Duration::from_secs(300);

/// Everything that `live` knows. Its parts are private: what goes to a client passes the rule.
pub(super) struct LiveState {
    base: SettingsView,
    runtime: RuntimeState,
    returning: Returning,
    answers: AnswerCache,
    chats: Deliveries,
    paces: Paces,
}

/// Those who were connected when the process before this one ended.
struct Returning {
    /// When the grace time of all of them is over.
    alarm: Duration,
    /// To when it is put off at most.
    latest: Duration,
}

impl LiveState {
    pub(super) fn new(
        configuration: Arc<WholeConfiguration>,
        general: Arc<General>,
        states: States,
        now: Moment,
    ) -> Self {
        let States { users, agents, last_chat } = states;
        let base = SettingsView::new(configuration, general);
        let present: Vec<_> = users.iter().filter(|(_, state)| state.is_present).map(|(uuid, _)| *uuid).collect();
        let mut runtime = RuntimeState::new(users, agents, now.unix);
        let alarm = now.steady + base.general.disconnect_grace.max(RETURN_LEAST);
        for uuid in present {
            runtime.set_alarm(uuid, Some(alarm));
        }
        runtime.forget_people(|uuid| base.index.user(uuid).is_some());
        runtime.forget_agents(|agent| base.configuration.agents.get(agent).is_some());
        let returning = Returning { alarm, latest: now.steady + RETURN_MAX };
        let (answers, chats, paces) = (AnswerCache::default(), Deliveries::new(last_chat), Paces::default());
        Self { base, runtime, returning, answers, chats, paces }
    }

    /// Everybody who may see the subject.
    pub(super) fn audience_of(&self, subject: Subject) -> Audience {
        if !self.base.general.context_separation {
            let exists = self.base.exists(subject);
            return Audience { sessions: self.runtime.sessions().map(|(id, _)| id).filter(|_| exists).collect() };
        }
        let Some(place) = self.base.context_of(subject) else {
            return Audience { sessions: self.owner_sessions(subject).collect() };
        };
        let mut sessions: Vec<SessionId> = if let Subject::Conference(_) = subject {
            let reaches = |from: &Option<ContextId>| from.is_some_and(|from| self.base.index.is_reachable(from, place));
            self.runtime.places().filter(reaches).flat_map(|from| self.runtime.sessions_in(from)).collect()
        } else {
            self.runtime.sessions_in(Some(place)).collect()
        };
        let owner_is_there = self.base.owner(subject).and_then(|owner| self.base.index.context(owner)) == Some(place);
        if !owner_is_there {
            sessions.extend(self.owner_sessions(subject));
        }
        sessions.sort_unstable();
        Audience { sessions: sessions.into() }
    }

    fn owner_sessions(&self, subject: Subject) -> impl Iterator<Item = SessionId> + '_ {
        self.base.owner(subject).into_iter().flat_map(|owner| self.sessions_of(owner))
    }

    /// Those who registered for the subject and may see it.
    pub(super) fn audience_of_watchers(&self, watched: Watched, subject: Subject) -> Audience {
        let may_see = |session: &SessionId| {
            let session = self.runtime.session(*session);
            session.is_some_and(|session| self.view(session.user).may_see(subject))
        };
        Audience { sessions: self.runtime.watches.watching(watched).filter(may_see).collect() }
    }

    /// The user's own sessions.
    pub(super) fn audience_of_user(&self, user: UserId) -> Audience {
        Audience { sessions: self.sessions_of(user).collect() }
    }

    /// The user's own sessions but this one.
    pub(super) fn audience_of_user_besides(&self, user: UserId, session: SessionId) -> Audience {
        Audience { sessions: self.sessions_of(user).filter(|own| *own != session).collect() }
    }

    /// Those sessions of `to` that are `meant`, if `from` may see `to`.
    pub(super) fn audience_of_person(
        &self,
        from: UserId,
        to: UserId,
        meant: impl Fn(SessionId, Version) -> bool,
    ) -> Audience {
        if !self.view(from).may_see(Subject::User(to)) {
            return Audience { sessions: Arc::new([]) };
        }
        let is_meant = |id: &SessionId| self.runtime.session(*id).is_some_and(|session| meant(*id, session.version));
        Audience { sessions: self.sessions_of(to).filter(is_meant).collect() }
    }

    /// Everybody of `users`, who all look from one place: for `settings_change`, which asks two views what they see.
    pub(super) fn audience_of_alike(&self, users: &[UserId]) -> Audience {
        Audience { sessions: users.iter().flat_map(|user| self.sessions_of(*user)).collect() }
    }

    fn sessions_of(&self, user: UserId) -> impl Iterator<Item = SessionId> + '_ {
        let uuid = self.uuid_of(user);
        let person = uuid.and_then(|uuid| self.runtime.person(uuid));
        person.into_iter().flat_map(|person| person.sessions().iter().copied())
    }

    /// What this user may read.
    pub(super) fn view(&self, user: UserId) -> View<'_> {
        View::of(&self.base, &self.runtime, user)
    }

    /// What everybody reads of the subject who looks from where this user looks; None if it is the user's own, which
    /// others may read otherwise.
    pub(super) fn view_of_place(&self, user: UserId, subject: Subject) -> Option<(Scope, View<'_>)> {
        let scope = self.base.scope(user);
        (!self.base.is_own(Some(user), subject)).then(|| (scope, View::from(&self.base, &self.runtime, scope)))
    }

    /// For `lists` alone.
    pub(super) fn kept_answers(&self) -> &AnswerCache {
        &self.answers
    }

    /// Keeps what a view of the place gave. From here on whatever changes what can be read forgets it.
    pub(super) fn keep_answer(&mut self, subject: Subject, reading: Reading, answer: &Arc<SharedNotice>) {
        self.answers.keep(subject, reading, answer);
    }

    fn user_reads_otherwise(&mut self, uuid: UserUuid) {
        if let Some(user) = self.base.index.user(uuid) {
            self.answers.forget(Subject::User(user));
        }
    }

    pub(super) fn server(&self) -> ServerUuid {
        self.base.configuration.server_uuid
    }

    pub(super) fn general(&self) -> &General {
        &self.base.general
    }

    /// Who asks in this session.
    pub(super) fn user_of(&self, session: SessionId) -> Option<UserId> {
        self.runtime.session(session).map(|session| session.user)
    }

    pub(super) fn session(&self, id: SessionId) -> Option<&Session> {
        self.runtime.session(id)
    }

    pub(super) fn user_by_uuid(&self, uuid: UserUuid) -> Option<UserId> {
        self.base.index.user(uuid)
    }

    /// Whether the user has no login, and so no client.
    pub(super) fn never_logs_in(&self, user: UserId) -> bool {
        self.base.configuration.users.get(user).is_some_and(|user| user.login.is_none())
    }

    pub(super) fn uuid_of(&self, user: UserId) -> Option<UserUuid> {
        self.base.configuration.users.get(user).map(|user| user.uuid)
    }

    /// What is kept of somebody, to change it on their own behalf.
    pub(super) fn person_mut(&mut self, uuid: UserUuid) -> &mut Person {
        self.user_reads_otherwise(uuid);
        self.runtime.person_mut(uuid)
    }

    pub(super) fn begin_session(&mut self, id: SessionId, user: UserId, version: Version, unix: f64) {
        let Some(uuid) = self.uuid_of(user) else { return };
        let place = self.base.index.context(user);
        self.user_reads_otherwise(uuid);
        self.runtime.add_session(id, Arrived { user, uuid, version, since: unix, place });
        self.runtime.set_alarm(uuid, None);
    }

    pub(super) fn may_tell_of_failure(&mut self, session: SessionId, now: Moment) -> bool {
        self.runtime.may_tell_of_failure(session, now.steady)
    }

    /// True if it was its user's last one.
    pub(super) fn forget_session(&mut self, id: SessionId) -> bool {
        if let Some(uuid) = self.runtime.session(id).map(|session| session.uuid) {
            self.user_reads_otherwise(uuid);
        }
        self.runtime.remove_session(id)
    }

    pub(super) fn set_alarm(&mut self, uuid: UserUuid, at: Option<Duration>) {
        self.runtime.set_alarm(uuid, at);
    }

    /// A user whose alarm is due; it is due no more.
    pub(super) fn take_alarm(&mut self, now: Moment) -> Option<UserUuid> {
        let (at, uuid) = self.runtime.next_alarm()?;
        (at <= now.steady).then(|| self.runtime.set_alarm(uuid, None)).map(|()| uuid)
    }

    /// Gives those who were connected before the start, if their grace time is over, another: a password check is no
    /// fault of theirs. Everybody returns at once after a restart, and each check takes its time.
    pub(super) fn wait_for_returning(&mut self, now: Moment) {
        let Returning { alarm, latest } = self.returning;
        if alarm <= now.steady && now.steady < latest {
            self.returning.alarm = now.steady + self.base.general.disconnect_grace.max(RETURN_LEAST);
            for uuid in self.runtime.with_alarm(alarm) {
                self.runtime.set_alarm(uuid, Some(self.returning.alarm));
            }
        }
    }

    pub(super) fn next_alarm(&self) -> Option<Duration> {
        let of_people = self.runtime.next_alarm().map(|(at, _)| at);
        [of_people, self.chats.next_alarm(), self.paces.next_alarm()].into_iter().flatten().min()
    }

    /// Chat on its way: for `chat` alone.
    pub(super) fn chats(&self) -> &Deliveries {
        &self.chats
    }

    pub(super) fn chats_mut(&mut self) -> &mut Deliveries {
        &mut self.chats
    }

    /// What sessions have used up of their pace: for `pace` alone.
    pub(super) fn paces_mut(&mut self) -> &mut Paces {
        &mut self.paces
    }

    pub(super) fn agent_wanted(&self, agent: AgentId) -> AgentWanted {
        self.runtime.agent_wanted(agent)
    }

    pub(super) fn want_of_agent(&mut self, agent: AgentId, wanted: AgentWanted) {
        self.runtime.want_of_agent(agent, wanted);
    }

    /// Only what exists can be watched: else whoever makes names up fills the memory.
    pub(super) fn watch(&mut self, session: SessionId, watched: Watched) -> bool {
        let subject = registrations::subject(self, watched);
        subject.is_some_and(|subject| self.base.exists(subject)) && self.runtime.watches.add(session, watched)
    }

    pub(super) fn unwatch(&mut self, session: SessionId, watched: Watched) {
        self.runtime.watches.remove(session, watched);
    }

    /// Past the rule: for what is told to no client, and for `settings_change`, which compares what two rules allow.
    pub(super) fn unfiltered(&self) -> (&SettingsView, &RuntimeState) {
        (&self.base, &self.runtime)
    }

    /// The settings are now these; gives back what they were. Sessions are where their users now are.
    pub(super) fn replace_settings(&mut self, base: SettingsView) -> SettingsView {
        let before = std::mem::replace(&mut self.base, base);
        self.answers.forget_all();
        let (old, new, index) = (&before.configuration, &self.base.configuration, &self.base.index);
        if !old.lines.is_same(&new.lines) {
            self.runtime.move_sessions(|user| index.context(user));
        }
        if !old.users.is_same(&new.users) {
            self.runtime.forget_people(|uuid| index.user(uuid).is_some());
        }
        if !old.agents.is_same(&new.agents) {
            self.runtime.forget_agents(|agent| new.agents.get(agent).is_some());
        }
        before
    }

    pub(super) fn session_list(&self) -> Vec<ConnectedSession> {
        let (base, runtime) = self.unfiltered();
        let line = |(session, known): (SessionId, &Session)| {
            let user = base.configuration.users.get(known.user)?;
            Some(ConnectedSession {
                session,
                user: user.id,
                login: user.login_or_id(),
                full_name: user.full_name(),
                version: known.version,
                presence: runtime.person(user.uuid)?.availstate().into(),
                since: known.since,
            })
        };
        runtime.sessions().filter_map(line).collect()
    }
}
