//! The owner of the live picture: each message goes to `live`, and what it decides is done before the next: notices and
//! closes go to the clients at once, writes and requests to the store, whose replies come back as reports. Decides
//! nothing itself, knows no clock and never waits.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::oneshot;

use super::decision_log::log;
use super::followers::Followers;
use super::handle::{Message, Report, SessionFilter, SessionSnapshot};
use super::ports::{ClientPort, StorePort};
use super::store_requests::{Owed, StoreRequests};
use crate::live::Live;
use crate::live::messages::{AnswerPermit, Immediate, Input, Moment, SessionId};
use crate::settings::state::StoreReply;

pub(crate) struct Engine<C> {
    live: Live,
    clients: C,
    store: StoreRequests,
    followers: Followers,
    /// Who waits until settings are taken over, and hears how many sessions ended for them; in order.
    settings_waiting: VecDeque<oneshot::Sender<u32>>,
    /// Of lines that are dealt with: let go when what they brought about has gone out.
    answered: Vec<AnswerPermit>,
    /// Whether passwords wait to be checked of clients who may have been connected before the start.
    are_logins_waiting: Box<dyn Fn() -> bool + Send>,
}

impl<C: ClientPort> Engine<C> {
    pub(super) fn new(
        live: Live,
        clients: C,
        store: Box<dyn StorePort>,
        reports: UnboundedSender<Report>,
        are_logins_waiting: Box<dyn Fn() -> bool + Send>,
    ) -> Self {
        let store = StoreRequests::new(store, reports);
        Self {
            live,
            clients,
            store,
            followers: Followers::default(),
            settings_waiting: VecDeque::new(),
            answered: Vec::new(),
            are_logins_waiting,
        }
    }

    pub(super) fn handle(&mut self, now: Moment, message: Message<C::Client>) {
        self.give_up_overdue(now);
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
            Message::Sessions(answer) => {
                // Who asked may be gone, here and below.
                let _ = answer.send(self.sessions());
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
        self.give_up_overdue(now);
        match report {
            Report::Written { id, waiting, is_on_disk } => {
                self.store.settle(id);
                self.apply(now, if is_on_disk { Input::Committed(waiting) } else { Input::CommitFailed(waiting) });
            }
            Report::StoreReplied { id, reply } => {
                if let Some(owed) = self.store.settle(id) {
                    self.store_replied(now, owed, reply);
                }
            }
            Report::ChatAcknowledged { session, chat } => {
                self.apply(now, Input::ChatAcknowledged { session, chat });
            }
            Report::ConnectionOver { session } => self.apply(now, Input::ConnectionOver { session }),
        }
    }

    fn store_replied(&mut self, now: Moment, owed: Owed, reply: Option<StoreReply>) {
        self.apply(now, Input::StoreReplied { pending: owed.pending, reply });
        self.answered.push(owed.permit);
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
        self.give_up_overdue(now);
        self.apply(now, Input::Tick);
    }

    /// Who waits too long for the store hears that it failed.
    fn give_up_overdue(&mut self, now: Moment) {
        for owed in self.store.give_up_overdue(now.steady) {
            self.store_replied(now, owed, None);
        }
    }

    /// The server stops: no session ends, but what no client has acknowledged is kept.
    pub(super) fn stop(&mut self, now: Moment) {
        self.apply(now, Input::Stopping);
    }

    /// When `ring` wants to be called at the latest, on the steady clock.
    pub(super) fn next_alarm(&self) -> Option<Duration> {
        self.live.next_alarm().into_iter().chain(self.store.next_deadline()).min()
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

    fn apply(&mut self, now: Moment, input: Input) {
        if self.live.next_alarm().is_some_and(|alarm| alarm <= now.steady) && (self.are_logins_waiting)() {
            self.decide(now, Input::ChecksWait);
        }
        self.decide(now, input);
    }

    /// Lets `live` decide and does what it decided.
    fn decide(&mut self, now: Moment, input: Input) {
        let effects = self.live.apply(now, input);
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
                Immediate::Log(event) => log(&event),
            }
        }
        if self.followers.publish(effects.events).is_break() {
            self.decide(now, Input::Unfollowed);
        }
        if !effects.writes.is_empty() {
            self.store.write(now.steady, effects.writes, effects.after_commit);
        }
        for call in effects.store_calls {
            self.store.ask(now.steady, call);
        }
        if effects.permit.is_held() {
            self.answered.push(effects.permit);
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
            SessionFilter::Session(number) => session.session == *number,
            SessionFilter::Login(login) => session.login.eq_ignore_ascii_case(login),
        };
        self.live.session_list().iter().filter(|session| is_meant(session)).map(|session| session.session).collect()
    }
}

fn count_of(sessions: usize) -> u32 {
    u32::try_from(sessions).unwrap_or(u32::MAX)
}
