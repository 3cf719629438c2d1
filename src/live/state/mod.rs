//! All that `live` knows: what administrators decided, who is connected, and what everybody is doing. The parts are
//! private to this module: handlers change them through the few functions here, which mark what they touch, and read
//! them through a `View`; whom a notice reaches is made by `visibility` alone; `publish` tells what was marked.

/// Agents as handlers change them.
mod agents_at_work;
/// Answers that many ask for.
pub(super) mod answer_cache;
/// The names behind numbers.
mod callers;
/// What handlers touched.
mod changes;
/// Chat on its way.
mod chats;
/// The same in its parts.
pub(super) mod deliveries;
/// Time, and what waits for its turn.
mod due;
/// What an input brings about.
mod effects;
/// Stamps what happened.
mod event_log;
/// What a configuration says, ordered for quick answers.
mod index;
/// What can happen.
mod input;
/// The link to the telephone system, and calls.
mod link;
/// How everything stands now, for the administrator.
mod overview;
/// What a user's own calls are made of.
mod own_calls;
/// The pace of what one session makes others hear.
pub(super) mod paces;
/// Settings, made ready to be taken over.
mod prepared_settings;
/// Changed settings that are being told.
mod publication;
/// From what was touched to what people hear.
pub(super) mod publish;
/// The same for agents.
mod publish_agents;
/// What telephones and voicemail boxes make people hear.
mod publish_phones;
/// What people hear of queues.
mod publish_queues;
/// From what the telephone system brought to what people hear, and its pace.
mod publish_telephony;
/// What is asked of queues.
mod queue_inquiries;
/// Queues as handlers change them.
mod queues_at_work;
/// What a link begins with.
pub(super) mod resync;
/// Sessions and people.
mod runtime;
/// All users and the phone book as one text.
mod search_index;
/// Services that users switch.
mod services;
/// What the telephone system has of them.
mod services_there;
/// What differs between two settings.
mod settings_difference;
/// What clients hear of changed settings.
mod settings_notifications;
/// The settings and the rule of who sees what.
mod settings_view;
/// Work that is counted.
mod steps;
/// What new settings mean for those who are connected.
pub(super) mod succession;
/// How everything stands on the telephone system.
pub(super) mod telephony;
/// Whose its names are.
pub(super) mod telephony_names;
/// What one user may read.
pub(super) mod view;
/// What one user may read of queues.
mod view_queues;
/// Who may hear of what.
mod visibility;
/// Who registered for what.
pub(crate) mod watches;

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use crate::protocol::encode::SharedNotice;
use crate::protocol::request::Version;
use crate::settings::id::{ServerUuid, UserId, UserUuid};
use crate::settings::presence::{DISCONNECTED, Presence};
use crate::settings::setting::General;
use crate::settings::state::{StateWrite, States, UserState};

use answer_cache::{AnswerCache, Reading};
use changes::Changes;
use deliveries::Deliveries;
pub(crate) use effects::{Effects, Immediate, LogEvent, OutgoingNotice, Retired};
pub(crate) use input::Input;
use paces::Paces;
pub(crate) use prepared_settings::{PreparedSettings, SettingsChange};
use publication::{Publication, SLICE_STEPS_MAX};
use resync::Resync;
use runtime::{Arrived, RuntimeState};
use settings_view::SettingsView;
use steps::Steps;
use telephony::Telephony;
use telephony::agents::Agents;
use telephony::queue_calls::QueueCalls;
use telephony::queues::Queues;
use telephony_names::TelephonyNames;
use view::View;
pub(crate) use visibility::Audience;

use super::messages::{
    Cause, Change, EndReason, Moment, Scope, SessionId, Subject, TimerChange, TimerKey, WallClock, Watched,
};

/// What looking at one user's presence takes, and changing it.
const FATE_STEPS: usize = 4;
/// What those have at least who were connected before a start: a client that our stop cut off tries again after 20 s,
/// and everybody does so at once.
const RETURN_LEAST: Duration = Duration::from_secs(120);
/// How long after a start the grace time of those who were connected before may be put off: all checks that may wait
/// are done by then on two cores.
const RETURN_MAX: Duration = Duration::from_secs(300);

pub(super) struct LiveState {
    settings: Arc<SettingsView>,
    runtime: RuntimeState,
    /// What is to be said of timers.
    timers: Vec<TimerChange>,
    returning: Returning,
    answers: AnswerCache,
    chats: Deliveries,
    paces: Paces,
    changes: Changes,
    /// Changed settings that not all have heard of yet.
    publication: Option<Publication>,
    /// Settings that come behind those, with how many sessions ended for them already.
    next_settings: VecDeque<(SettingsChange, usize)>,
    /// Those whose presence may be no more under the settings that were taken over last.
    presences_to_settle: VecDeque<UserId>,
    /// A link that begins.
    resync: Resync,
    slice_steps: usize,
    /// What may still be told in this slice.
    left: Steps,
    wall_clock: WallClock,
}

/// Those who were connected when the process before this one ended.
struct Returning {
    /// Who did not come back yet, nor is given up.
    users: BTreeSet<UserUuid>,
    /// When the grace time of all of them is over.
    until: Duration,
    /// To when it is put off at most.
    latest: Duration,
}

/// Whether an unchanged presence is told all the same: choosing the one that one has is broadcast again (protocol
/// decision 5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Told {
    Always,
    IfChanged,
}

/// Who listens to events: for nobody none are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Follow {
    Nobody,
    Somebody,
}

/// A session that is over.
pub(super) struct EndedSession {
    pub(super) uuid: UserUuid,
    pub(super) was_last: bool,
}

impl LiveState {
    pub(super) fn new(
        PreparedSettings(settings): PreparedSettings,
        states: States,
        wall_clock: WallClock,
        now: Moment,
    ) -> Self {
        let States { users, removed, mut agents, last_chat, queue_calls } = states;
        let until = now.steady + settings.general.disconnect_grace.max(RETURN_LEAST);
        let present = users.iter().filter(|(uuid, state)| state.is_present && settings.index.user(**uuid).is_some());
        let present: BTreeSet<UserUuid> = present.map(|(uuid, _)| *uuid).collect();
        agents.retain(|agent, _| settings.configuration.agents.get(*agent).is_some());
        let agents = Agents::new(agents, |login| settings.index.telephony.line_at(&login.context, &login.extension));
        let queues = Queues::new(QueueCalls::new(queue_calls, now.unix));
        let mut runtime = RuntimeState::new(users, removed, Telephony::new(agents, queues), now.unix);
        runtime.retain_people(|uuid| settings.index.user(uuid).is_some());
        let mut state = Self {
            settings,
            runtime,
            timers: present.iter().map(|uuid| TimerChange::Set { key: TimerKey::Grace(*uuid), at: until }).collect(),
            returning: Returning { users: present, until, latest: now.steady + RETURN_MAX },
            answers: AnswerCache::default(),
            chats: Deliveries::new(last_chat),
            paces: Paces::default(),
            changes: Changes::default(),
            publication: None,
            next_settings: VecDeque::new(),
            presences_to_settle: VecDeque::new(),
            resync: Resync::default(),
            slice_steps: SLICE_STEPS_MAX,
            left: Steps::new(SLICE_STEPS_MAX),
            wall_clock,
        };
        state.begin_agents(now);
        state
    }

    /// What this user may read.
    pub(super) fn view(&self, user: UserId) -> View<'_> {
        View::of(&self.settings, &self.runtime, user)
    }

    /// What everybody reads of the subject who looks from where this user looks; None if it is the user's own, which
    /// others may read otherwise.
    pub(super) fn view_of_scope(&self, user: UserId, subject: Subject) -> Option<(Scope, View<'_>)> {
        let scope = self.settings.scope(user);
        let is_own = self.settings.is_own(Some(user), subject);
        (!is_own).then(|| (scope, View::from(&self.settings, &self.runtime, scope)))
    }

    /// For `handlers::lists` alone.
    pub(super) fn kept_answers(&self) -> &AnswerCache {
        &self.answers
    }

    /// Keeps what a view of the place gave. From here on whatever changes what can be read forgets it.
    pub(super) fn keep_answer(&mut self, subject: Subject, reading: Reading, answer: &Arc<SharedNotice>) {
        self.answers.keep(subject, reading, answer);
    }

    pub(super) fn server(&self) -> ServerUuid {
        self.settings.configuration.server_uuid
    }

    pub(super) fn general(&self) -> &General {
        &self.settings.general
    }

    /// Who asks in this session.
    pub(super) fn user_of(&self, session: SessionId) -> Option<UserId> {
        self.runtime.session(session).map(|session| session.user)
    }

    pub(super) fn user_by_uuid(&self, uuid: UserUuid) -> Option<UserId> {
        self.settings.index.user(uuid)
    }

    /// Whether the user has no login, and so no client.
    pub(super) fn never_logs_in(&self, user: UserId) -> bool {
        self.settings.configuration.users.get(user).is_some_and(|user| user.login.is_none())
    }

    pub(super) fn uuid_of(&self, user: UserId) -> Option<UserUuid> {
        self.settings.configuration.users.get(user).map(|user| user.uuid)
    }

    /// Whether more is to be told or taken over, in another slice.
    pub(super) fn is_publishing(&self) -> bool {
        let is_changing =
            self.publication.is_some() || !self.next_settings.is_empty() || !self.presences_to_settle.is_empty();
        is_changing
            || !self.changes.are_told()
            || self.runtime.telephony.changes.are_left_over()
            || (self.runtime.telephony.is_up() && self.runtime.telephony.services.are_due())
            || !self.resync.is_over()
    }

    /// Tells changed settings in slices of so few steps.
    #[cfg(test)]
    pub(super) fn set_slice_steps(&mut self, steps: usize) {
        self.slice_steps = steps;
    }
}

/// Changes, each of which marks what it touches.
impl LiveState {
    /// Whatever is marked from now on is due to this.
    pub(super) fn set_cause(&mut self, cause: Cause) {
        self.changes.cause = cause;
        self.runtime.telephony.changes.cause = cause;
    }

    pub(super) fn cause(&self) -> Cause {
        self.changes.cause
    }

    /// What is told now is a slice of its own.
    pub(super) fn begin_slice(&mut self) {
        self.left = Steps::new(self.slice_steps);
    }

    /// The presences of these are looked at one by one.
    pub(super) fn look_at_presences(&mut self, users: Vec<UserId>) {
        self.presences_to_settle = users.into();
    }

    /// Whose presence is to be looked at next, as far as this slice goes.
    pub(super) fn next_to_settle(&mut self) -> Option<UserId> {
        let user = if self.left.are_spent() { None } else { self.presences_to_settle.pop_front() };
        self.left.spend(if user.is_some() { FATE_STEPS } else { 0 });
        user
    }

    /// From now on events are made, or are not.
    pub(super) fn set_follow(&mut self, follow: Follow) {
        self.changes.follow = follow;
    }

    pub(super) fn begin_session(&mut self, id: SessionId, user: UserId, version: Version, unix: f64) {
        let Some(uuid) = self.uuid_of(user) else { return };
        let place = self.settings.index.context(user);
        self.runtime.add_session(id, Arrived { user, uuid, version, since: unix, place });
        self.end_grace(uuid);
        self.answers.forget(Subject::User(user));
        self.changes.happened(Subject::User(user), Change::SessionBegan { session: id, version });
    }

    /// The last session of a user leaves its user `disconnected`.
    pub(super) fn end_session(&mut self, id: SessionId, reason: EndReason) -> Option<EndedSession> {
        let user = self.user_of(id)?;
        let before = self.availstate(user);
        let (uuid, was_last) = self.runtime.remove_session(id)?;
        self.answers.forget(Subject::User(user));
        self.changes.happened(Subject::User(user), Change::SessionEnded { session: id, reason });
        if was_last {
            self.changes.touch_presence(user, before, Told::Always);
        }
        Some(EndedSession { uuid, was_last })
    }

    pub(super) fn enter_presence(&mut self, user: UserId, presence: &Presence, told: Told) {
        let Some(uuid) = self.uuid_of(user) else { return };
        let before = self.availstate(user);
        self.runtime.person_mut(uuid).enter(presence);
        self.answers.forget(Subject::User(user));
        self.changes.touch_presence(user, before, told);
    }

    fn availstate(&self, user: UserId) -> Box<str> {
        self.view(user).presence(user).unwrap_or(DISCONNECTED).into()
    }

    /// Changes what is kept of a user over restarts; what is to be written, if that changed anything.
    pub(super) fn update_kept(&mut self, uuid: UserUuid, change: impl FnOnce(&mut UserState)) -> Option<StateWrite> {
        let kept = &mut self.runtime.person_mut(uuid).kept;
        let before = kept.clone();
        change(kept);
        (*kept != before).then(|| StateWrite::User(uuid, kept.clone()))
    }

    #[cfg(test)]
    pub(super) fn settings(&self) -> PreparedSettings {
        PreparedSettings(Arc::clone(&self.settings))
    }

    /// These are taken over once all before them are told, and all that a link began with is taken over.
    pub(super) fn defer_settings(&mut self, change: SettingsChange, ended: usize) {
        self.next_settings.push_back((change, ended));
    }

    /// The settings that are to be taken over next, if neither others are being told nor a link begins.
    pub(super) fn next_settings(&mut self) -> Option<(SettingsChange, usize)> {
        let is_telling = self.publication.is_some() || !self.presences_to_settle.is_empty() || !self.changes.are_told();
        if is_telling || !self.resync.is_over() {
            return None;
        }
        let (change, ended) = self.next_settings.pop_front()?;
        Some((change.rebased(&self.settings), ended))
    }

    /// The settings are now these. Sessions are where their users now are.
    pub(super) fn replace_settings(&mut self, change: SettingsChange, now: Moment) {
        let SettingsChange { before, after, difference } = change;
        self.settings = after;
        self.answers.forget_all();
        if !before.configuration.lines.is_same(&self.settings.configuration.lines) {
            let index = &self.settings.index;
            self.runtime.move_sessions(|user| index.context(user));
        }
        for uuid in &difference.gone_users {
            self.runtime.remove_person(*uuid, now.unix as i64);
            self.end_grace(*uuid);
        }
        self.bring_back_removed(now.unix as i64);
        self.rename_phones(&before);
        let mut difference = difference;
        difference.add_members(self.runtime.telephony.queues.listed());
        self.forget_services_of_gone_users();
        self.changes.touch_settings(before, difference);
    }

    /// A text from one user to another is on its way.
    pub(super) fn relay_chat(&mut self, from: UserId, to: UserId) {
        self.changes.happened(Subject::User(from), Change::ChatRelayed { to });
    }

    /// Whose the telephone system's names are.
    pub(super) fn telephony_names(&self) -> &TelephonyNames {
        &self.settings.index.telephony
    }

    /// The same to compare with, once the settings are others.
    pub(super) fn shared_telephony_names(&self) -> Arc<TelephonyNames> {
        Arc::clone(&self.settings.index.telephony)
    }

    /// How everything stands on the telephone system, for this module alone: handlers read and change it by functions that
    /// mark what they touch.
    fn telephony(&self) -> &Telephony {
        &self.runtime.telephony
    }

    #[cfg(test)]
    pub(super) fn queues(&self) -> &Queues {
        &self.runtime.telephony.queues
    }

    /// What is registered for under this key today; a user may not exist.
    pub(super) fn watched_subject(&self, watched: Watched) -> Option<Subject> {
        match watched {
            Watched::User(uuid) => self.user_by_uuid(uuid).map(Subject::User),
            Watched::Phone(line) => Some(Subject::Phone(line)),
            Watched::Agent(agent) => Some(Subject::Agent(agent)),
            Watched::WaitingCallers(queue) => Some(Subject::Queue(queue)),
            // All that one sees.
            Watched::QueueFigures => None,
        }
    }

    /// Only what exists can be watched: else whoever makes names up fills the memory.
    pub(super) fn watch(&mut self, session: SessionId, watched: Watched) {
        let subject = self.watched_subject(watched);
        if watched == Watched::QueueFigures || subject.is_some_and(|subject| self.settings.exists(subject)) {
            self.runtime.watches.add(session, watched);
        }
    }

    pub(super) fn unwatch(&mut self, session: SessionId, watched: Watched) {
        self.runtime.watches.remove(session, watched);
    }
}

impl LiveState {
    /// How much is held, for the tests that nothing grows.
    #[cfg(test)]
    pub(super) fn held(&self) -> Held {
        let [sessions, places, people, registrations] = self.runtime.sizes();
        let [chat_texts, chat_bytes] = self.chats.sizes();
        assert!(chat_texts > 0 || chat_bytes == 0);
        Held { sessions, places, people, registrations, chat_texts, paces: self.paces.len() }
    }
}

/// How many of each are held.
#[cfg(test)]
pub(super) struct Held {
    pub(super) sessions: usize,
    pub(super) places: usize,
    pub(super) people: usize,
    pub(super) registrations: usize,
    pub(super) chat_texts: usize,
    pub(super) paces: usize,
}
