//! The owner of the live picture: each message goes to `live`, and what it decides is done before the next: notices and
//! closes go to the clients at once, writes and requests to the store, requests to the
//! telephone system, whose replies come back as reports. Decides nothing itself, knows no clock and never waits.

#![deny(clippy::wildcard_enum_match_arm)]

use std::collections::VecDeque;
use std::time::Duration;

use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::oneshot;

use super::decision_log::log;
use super::followers::Followers;
use super::handle::{Message, Report, RequestId, SessionFilter, SessionSnapshot};
use super::ports::{ClientPort, StorePort, TelephonyPort};
use super::store_requests::{Owed, STORE_REPLY_MAX, StoreRequests};
use super::telephony_requests;
use super::timers::Timers;
use super::waiting::Waiting;
use crate::live::Live;
use crate::live::messages::{
    AgentChangeId, AgentChangeOutcome, AnswerPermit, CallerQuestionId, Moment, SessionId, SwitchOffId,
    SwitchOffOutcome, TelephonyCall, TimerChange, TimerKey,
};
use crate::live::{Effects, Immediate, Input, Retired};

pub(crate) struct Engine<C> {
    live: Live,
    clients: C,
    store: StoreRequests,
    telephony: Box<dyn TelephonyPort>,
    /// Where replies of the telephone system come back.
    reports: UnboundedSender<Report>,
    timers: Timers<EngineTimer>,
    followers: Followers,
    /// Who waits until settings are taken over, and hears how many sessions ended for them; in order.
    settings_waiting: VecDeque<oneshot::Sender<u32>>,
    /// Who asked what a caller is called; as many as there are calls of the telephone system to this server.
    caller_questions: Waiting<Option<Box<str>>>,
    /// Administrators who wait for what comes of what they wanted of an agent.
    agent_changes: Waiting<AgentChangeOutcome>,
    /// The same of services of users.
    switched_off: Waiting<SwitchOffOutcome>,
    /// Of lines that are dealt with: let go when what they brought about has gone out.
    answered: Vec<AnswerPermit>,
    /// Whether passwords wait to be checked of clients who may have been connected before the start.
    are_logins_waiting: Box<dyn Fn() -> bool + Send>,
    /// Lets go of what takes long to let go of.
    let_go: LetGo,
}

/// Lets go of what is in use no more, where nobody waits for it.
pub(super) type LetGo = Box<dyn Fn(Retired) + Send>;

/// What may become due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum EngineTimer {
    /// What `live` waits for.
    Live(TimerKey),
    /// The store was to have replied.
    StoreReply(RequestId),
}

impl<C: ClientPort> Engine<C> {
    /// `begun`: what `live` wants done at first.
    pub(super) fn new(
        now: Moment,
        (live, begun): (Live, Effects),
        clients: C,
        (store, telephony): (Box<dyn StorePort>, Box<dyn TelephonyPort>),
        reports: UnboundedSender<Report>,
        are_logins_waiting: Box<dyn Fn() -> bool + Send>,
        let_go: LetGo,
    ) -> Self {
        let store = StoreRequests::new(store, reports.clone());
        let mut engine = Self {
            live,
            clients,
            store,
            telephony,
            reports,
            timers: Timers::default(),
            followers: Followers::default(),
            settings_waiting: VecDeque::new(),
            caller_questions: Waiting::default(),
            agent_changes: Waiting::default(),
            switched_off: Waiting::default(),
            answered: Vec::new(),
            are_logins_waiting,
            let_go,
        };
        engine.run(now, begun);
        engine
    }

    pub(super) fn handle(&mut self, now: Moment, message: Message<C::Client>) {
        match message {
            Message::Connected { session, client, admission, permit } => {
                self.clients.connect(session, client);
                self.apply(now, Input::LoggedIn { session, admission });
                self.answered.push(permit);
            }
            Message::Line { session, line, permit } => self.apply(now, Input::Asked { session, line, permit }),
            Message::Lookups { session, lines, permit } => {
                for line in lines {
                    self.apply(now, Input::Asked { session, line, permit: AnswerPermit::default() });
                }
                self.answered.push(permit);
            }
            Message::Disconnected { session } => {
                self.clients.disconnect(session);
                self.apply(now, Input::Gone { session });
            }
            Message::Settings { change, ended } => {
                self.settings_waiting.push_back(ended);
                self.apply(now, Input::Settings(change));
            }
            Message::Telephony(input) => self.apply(now, Input::Telephony(input)),
            Message::CallerName { question, answer } => {
                let id = CallerQuestionId(self.caller_questions.add(answer));
                self.apply(now, Input::CallerAsked { id, question });
            }
            Message::Sessions(answer) => {
                self.fire_due(now, None);
                // Who asked may be gone, here and below.
                let _ = answer.send(self.sessions());
            }
            Message::Overview { of, answer } => {
                self.fire_due(now, None);
                let _ = answer.send(self.live.overview(of));
            }
            Message::ChangeAgent { change, outcome } => {
                let id = AgentChangeId(self.agent_changes.add(outcome));
                self.apply(now, Input::ChangeAgent { id, change });
            }
            Message::SwitchOff { order, outcome } => {
                let id = SwitchOffId(self.switched_off.add(outcome));
                self.apply(now, Input::SwitchOff { id, order });
            }
            Message::FollowEvents(answer) => {
                if self.followers.are_none() {
                    self.apply(now, Input::Followed);
                }
                let _ = answer.send(self.followers.add());
            }
            Message::EndSessions { which, how, ended } => {
                let sessions = self.sessions_of(&which);
                for session in &sessions {
                    self.apply(now, Input::End { session: *session, how });
                }
                let _ = ended.send(count_of(sessions.len()));
            }
        }
    }

    pub(super) fn hear(&mut self, now: Moment, report: Report) {
        match report {
            Report::Written { id, waiting, is_on_disk } => {
                self.settle(id);
                self.apply(now, if is_on_disk { Input::Committed(waiting) } else { Input::CommitFailed(waiting) });
            }
            Report::StoreReplied { id, reply } => {
                if let Some(owed) = self.settle(id) {
                    self.apply(now, Input::StoreReplied(reply));
                    self.answered.push(owed.permit);
                }
            }
            Report::TelephonyReplied { reply, permit } => {
                self.apply(now, Input::TelephonyReplied(reply));
                self.answered.push(permit);
            }
            Report::ChatAcknowledged { session, chat } => {
                self.apply(now, Input::ChatAcknowledged { session, chat });
            }
            Report::ConnectionOver { session } => self.apply(now, Input::ConnectionOver { session }),
        }
    }

    fn settle(&mut self, id: RequestId) -> Option<Owed> {
        self.timers.cancel(EngineTimer::StoreReply(id));
        self.store.settle(id)
    }

    /// Whether changed settings are being told, in slices between which clients are served.
    pub(super) fn is_publishing(&self) -> bool {
        self.live.is_publishing()
    }

    /// Tells a slice more of them.
    pub(super) fn publish_more(&mut self, now: Moment) {
        self.apply(now, Input::Continue);
    }

    /// Something that `next_alarm` named is due.
    pub(super) fn ring(&mut self, now: Moment) {
        self.let_checks_wait(now);
        self.fire_due(now, None);
    }

    /// The server stops: no session ends, but what no client has acknowledged is kept.
    pub(super) fn stop(&mut self, now: Moment) {
        self.apply(now, Input::Stopping);
    }

    /// When `ring` wants to be called at the latest, on the steady clock.
    pub(super) fn next_alarm(&self) -> Option<Duration> {
        self.timers.next_due()
    }

    /// Nothing more waits to be decided.
    pub(super) fn flush(&mut self) {
        self.clients.flush();
        self.answered.clear();
    }

    /// What is left to be done after the stop: dropping it waits until all is on disk.
    pub(super) fn into_store(self) -> Box<dyn StorePort> {
        self.store.into_store()
    }

    /// Brings an input in behind all that is due before it.
    fn apply(&mut self, now: Moment, input: Input) {
        self.let_checks_wait(now);
        self.fire_due(now, Some(&input));
        self.decide(now, input);
        self.fire_due(now, None);
    }

    /// Where something is due, those whose passwords are not checked yet may be among the users whose time is over.
    fn let_checks_wait(&mut self, now: Moment) {
        if self.timers.next_due().is_some_and(|at| at <= now.steady) && (self.are_logins_waiting)() {
            self.decide(now, Input::ChecksWait);
        }
    }

    /// All that is due, in order, but for what the input `before` which it happens comes before.
    fn fire_due(&mut self, now: Moment, before: Option<&Input>) {
        let is_meant = |timer| match timer {
            EngineTimer::Live(key) => !before.is_some_and(|input| input.overtakes(key)),
            EngineTimer::StoreReply(_) => true,
        };
        while let Some(timer) = self.timers.take_due(now.steady, is_meant) {
            match timer {
                EngineTimer::Live(key) => self.decide(now, Input::TimerFired(key)),
                // Who waits too long for the store hears that it failed.
                EngineTimer::StoreReply(id) => {
                    if let Some(Owed { unanswered, permit }) = self.store.give_up(id) {
                        self.decide(now, Input::StoreReplied(unanswered));
                        self.answered.push(permit);
                    }
                }
            }
        }
    }

    /// Lets `live` decide and does what it decided.
    fn decide(&mut self, now: Moment, input: Input) {
        let effects = self.live.apply(now, input);
        self.run(now, effects);
    }

    fn run(&mut self, now: Moment, effects: Effects) {
        for effect in effects.immediate {
            match effect {
                Immediate::Send(notice) => self.clients.send(now, &notice),
                Immediate::Close { session } => self.clients.close(session),
                Immediate::LineDone(permit) => self.answered.push(permit),
                Immediate::SettingsTaken { ended } => {
                    if let Some(waiting) = self.settings_waiting.pop_front() {
                        let _ = waiting.send(count_of(ended));
                    }
                }
                Immediate::CallerNamed { id, name } => self.caller_questions.answer(id.0, name),
                Immediate::Log(event) => log(&event),
            }
        }
        for (id, outcome) in effects.agent_changes {
            self.agent_changes.answer(id.0, outcome);
        }
        for (id, outcome) in effects.switched_off {
            self.switched_off.answer(id.0, outcome);
        }
        effects.retired.into_iter().for_each(&self.let_go);
        for change in effects.timers {
            match change {
                TimerChange::Set { key, at } => self.timers.set(EngineTimer::Live(key), at),
                TimerChange::Cancel { key } => self.timers.cancel(EngineTimer::Live(key)),
            }
        }
        let overdue_at = now.steady + STORE_REPLY_MAX;
        if !effects.writes.is_empty()
            && let Some(id) = self.store.write(effects.writes, effects.after_commit)
        {
            self.timers.set(EngineTimer::StoreReply(id), overdue_at);
        }
        for call in effects.store_calls {
            let id = self.store.ask(call);
            self.timers.set(EngineTimer::StoreReply(id), overdue_at);
        }
        for TelephonyCall { question, permit } in effects.telephony_calls {
            let reports = self.reports.clone();
            // After a stop nobody is left to be told.
            let tell = move |reply| drop(reports.send(Report::TelephonyReplied { reply, permit }));
            self.telephony.ask(telephony_requests::request_of(question, tell));
        }
        if effects.permit.is_held() {
            self.answered.push(effects.permit);
        }
        if self.followers.publish(effects.events).is_break() {
            self.decide(now, Input::Unfollowed);
        }
    }

    /// Everybody who is logged in, in the order of logins.
    pub(super) fn sessions(&self) -> Vec<SessionSnapshot> {
        let list = self.live.session_list().into_iter();
        list.filter_map(|session| Some(SessionSnapshot { link: self.clients.link(session.session)?, session }))
            .collect()
    }

    fn sessions_of(&self, which: &SessionFilter) -> Vec<SessionId> {
        let is_meant = |session: &crate::live::messages::ConnectedSession| match which {
            SessionFilter::Sessions(numbers) => numbers.contains(&session.session),
            SessionFilter::Login(login) => session.login.eq_ignore_ascii_case(login),
        };
        self.live.session_list().iter().filter(|session| is_meant(session)).map(|session| session.session).collect()
    }
}

fn count_of(sessions: usize) -> u32 {
    u32::try_from(sessions).unwrap_or(u32::MAX)
}
