//! The owner of the live picture: each message goes to `live`, and what it decides is done before the next: notices and
//! closes go to the clients at once, writes and requests to the store, whose replies come back as reports. Decides
//! nothing itself, knows no clock and never waits.

use tokio::sync::mpsc::UnboundedSender;
use tracing::error;

use super::decision_log::log;
use super::handle::{Message, Report, SessionFilter, SessionSnapshot};
use super::ports::{ClientPort, StorePort};
use crate::live::{AfterCommit, Immediate, Input, Live, Moment, SessionId, StoreCall};
use crate::observe::chain;
use crate::observe::counter::{Counter, count};
use crate::settings::state::StateWrite;

pub(crate) struct Engine<C> {
    live: Live,
    clients: C,
    store: Box<dyn StorePort>,
    /// For replies of the store.
    reports: UnboundedSender<Report>,
    /// Whether passwords wait to be checked of clients who may have been connected before the start.
    are_logins_waiting: Box<dyn Fn() -> bool + Send>,
}

/// Whether a line is dealt with: a client that asks faster than the store answers is read more slowly ("Ours" 13).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Taken {
    Whole,
    /// For the store or for its turn: what comes later says when it is dealt with.
    Waits,
}

impl<C: ClientPort> Engine<C> {
    pub(super) fn new(
        live: Live,
        clients: C,
        store: Box<dyn StorePort>,
        reports: UnboundedSender<Report>,
        are_logins_waiting: Box<dyn Fn() -> bool + Send>,
    ) -> Self {
        Self { live, clients, store, reports, are_logins_waiting }
    }

    pub(super) fn handle(&mut self, now: Moment, message: Message<C::Client>) {
        match message {
            Message::Connected { session, client, admission } => {
                self.clients.connect(session, client);
                self.apply(now, Input::LoggedIn { session, admission });
                self.clients.answered(session);
            }
            Message::Lines { session, lines } => {
                for line in lines {
                    if self.apply(now, Input::Asked { session, line }) == Taken::Whole {
                        self.clients.answered(session);
                    }
                }
            }
            Message::Disconnected { session } => {
                self.clients.disconnect(session);
                self.apply(now, Input::Gone { session });
            }
            Message::Settings { configuration, general, ended } => {
                let before = self.live.session_list().len();
                self.apply(now, Input::Settings { configuration, general });
                let after = self.live.session_list().len();
                // Who asked may be gone, here and below.
                let _ = ended.send(count_of(before.saturating_sub(after)));
            }
            Message::Sessions(answer) => {
                let _ = answer.send(self.sessions());
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
            Report::Written { waiting, is_on_disk: true } => drop(self.apply(now, Input::Committed(waiting))),
            Report::Written { waiting, is_on_disk: false } => drop(self.apply(now, Input::CommitFailed(waiting))),
            Report::StoreReplied { pending, reply } => {
                let asker = pending.session();
                self.apply(now, Input::StoreReplied { pending, reply });
                if let Some(session) = asker {
                    self.clients.answered(session);
                }
            }
            Report::ChatAcknowledged { session, chat } => {
                self.apply(now, Input::ChatAcknowledged { session, chat });
            }
            Report::ConnectionOver { session } => drop(self.apply(now, Input::ConnectionOver { session })),
        }
    }

    /// Something that `next_alarm` named is due.
    pub(super) fn ring(&mut self, now: Moment) {
        self.apply(now, Input::Tick);
    }

    /// The server stops: no session ends, but what no client has acknowledged is kept.
    pub(super) fn stop(&mut self, now: Moment) {
        self.apply(now, Input::Stopping);
    }

    /// When `ring` wants to be called at the latest, on the steady clock.
    pub(super) fn next_alarm(&self) -> Option<std::time::Duration> {
        self.live.next_alarm()
    }

    /// Nothing more waits to be decided.
    pub(super) fn flush(&mut self) {
        self.clients.flush();
    }

    /// What is left to be done after the stop: dropping it waits until all is on disk.
    pub(super) fn into_store(self) -> Box<dyn StorePort> {
        self.store
    }

    fn apply(&mut self, now: Moment, input: Input) -> Taken {
        if self.live.next_alarm().is_some_and(|alarm| alarm <= now.steady) && (self.are_logins_waiting)() {
            self.decide(now, Input::ChecksWait);
        }
        self.decide(now, input)
    }

    /// Lets `live` decide and does what it decided.
    fn decide(&mut self, now: Moment, input: Input) -> Taken {
        let effects = self.live.apply(now, input);
        for effect in &effects.immediate {
            match effect {
                Immediate::Send(notice) => self.clients.send(now, notice),
                Immediate::Close { session } => self.clients.close(*session),
                Immediate::LineDone { session } => self.clients.answered(*session),
                Immediate::Log(event) => log(event),
            }
        }
        if !effects.writes.is_empty() {
            self.write(effects.writes, effects.after_commit);
        }
        for call in effects.store_calls {
            self.ask_store(call);
        }
        if effects.is_line_waiting { Taken::Waits } else { Taken::Whole }
    }

    fn write(&self, writes: Vec<StateWrite>, waiting: Vec<AfterCommit>) {
        let reports = self.reports.clone();
        let done = move |outcome: Result<(), _>| {
            if let Err(problem) = &outcome {
                count(Counter::StoreRefusals);
                error!(
                    cause = chain(problem),
                    "cannot keep what users did: presences stand, services are not switched"
                );
            }
            if !waiting.is_empty() {
                // After a stop nobody is left to be told.
                let _ = reports.send(Report::Written { waiting, is_on_disk: outcome.is_ok() });
            }
        };
        self.store.write(writes, Box::new(done));
    }

    fn ask_store(&self, StoreCall { request, pending }: StoreCall) {
        let reports = self.reports.clone();
        let done = move |outcome: Result<_, _>| {
            if let Err(problem) = &outcome {
                count(Counter::StoreRefusals);
                error!(cause = chain(problem), "cannot look up or keep what a user asked for: it is not answered");
            }
            let _ = reports.send(Report::StoreReplied { pending, reply: outcome.ok() });
        };
        self.store.ask(request, Box::new(done));
    }

    /// Everybody who is logged in, in the order of logins.
    pub(super) fn sessions(&self) -> Vec<SessionSnapshot> {
        let list = self.live.session_list().into_iter();
        list.filter_map(|session| Some(SessionSnapshot { link: self.clients.link(session.session)?, session }))
            .collect()
    }

    fn sessions_of(&self, which: &SessionFilter) -> Vec<SessionId> {
        let is_meant = |session: &crate::live::ConnectedSession| match which {
            SessionFilter::Session(number) => session.session == *number,
            SessionFilter::Login(login) => session.login.eq_ignore_ascii_case(login),
        };
        self.live.session_list().iter().filter(|session| is_meant(session)).map(|session| session.session).collect()
    }
}

fn count_of(sessions: usize) -> u32 {
    u32::try_from(sessions).unwrap_or(u32::MAX)
}
