//! What the engine has asked of the store and not heard of yet: whom each reply is owed to, and until when it is waited
//! for. A reply that comes too late is dropped; while one is overdue the store is taken to hang, and what is asked of it
//! fails at once, so that neither a line nor memory is held by a disk that does not answer.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use tokio::sync::mpsc::UnboundedSender;
use tracing::{error, warn};

use super::handle::{Report, RequestId};
use super::ports::StorePort;
use super::timers::Timers;
use crate::live::messages::{AfterCommit, AnswerPermit, Pending, StoreCall};
use crate::observe::chain;
use crate::observe::counter::{Counter, count};
use crate::settings::state::StateWrite;

/// How long a reply of the store is waited for.
pub(super) const STORE_REPLY_MAX: Duration = Duration::from_secs(30);

pub(super) struct StoreRequests {
    store: Box<dyn StorePort>,
    /// Where replies come back.
    reports: UnboundedSender<Report>,
    last: RequestId,
    /// Whom each reply is owed to.
    open: HashMap<RequestId, Owed>,
    /// Given up, and still with the store.
    overdue: HashSet<RequestId>,
    deadlines: Timers<RequestId>,
}

/// What a reply is for.
pub(super) struct Owed {
    pub(super) pending: Pending,
    /// Of the line that waits for it.
    pub(super) permit: AnswerPermit,
}

impl StoreRequests {
    pub(super) fn new(store: Box<dyn StorePort>, reports: UnboundedSender<Report>) -> Self {
        let (open, overdue, deadlines) = (HashMap::new(), HashSet::new(), Timers::default());
        Self { store, reports, last: RequestId(0), open, overdue, deadlines }
    }

    /// Dropping it waits until all is on disk.
    pub(super) fn into_store(self) -> Box<dyn StorePort> {
        self.store
    }

    pub(super) fn write(&mut self, now: Duration, writes: Vec<StateWrite>, waiting: Vec<AfterCommit>) {
        // Where nobody waits nobody is told either.
        let owed = (!waiting.is_empty()).then(|| (self.number(now), waiting));
        let reports = self.reports.clone();
        let done = move |outcome: Result<(), _>| {
            if let Err(problem) = &outcome {
                count(Counter::StoreRefusals);
                error!(
                    cause = chain(problem),
                    "cannot keep what users did: presences stand, services are not switched"
                );
            }
            if let Some((id, waiting)) = owed {
                // After a stop nobody is left to be told, here and below.
                let _ = reports.send(Report::Written { id, waiting, is_on_disk: outcome.is_ok() });
            }
        };
        self.store.write(writes, Box::new(done));
    }

    pub(super) fn ask(&mut self, now: Duration, StoreCall { request, pending, permit }: StoreCall) {
        let is_hanging = !self.overdue.is_empty();
        let id = self.number(now);
        self.open.insert(id, Owed { pending, permit });
        let reports = self.reports.clone();
        if is_hanging {
            count(Counter::StoreRefusals);
            let _ = reports.send(Report::StoreReplied { id, reply: None });
            return;
        }
        let done = move |outcome: Result<_, _>| {
            if let Err(problem) = &outcome {
                count(Counter::StoreRefusals);
                error!(cause = chain(problem), "cannot look up or keep what a user asked for: it is not answered");
            }
            let _ = reports.send(Report::StoreReplied { id, reply: outcome.ok() });
        };
        self.store.ask(request, Box::new(done));
    }

    fn number(&mut self, now: Duration) -> RequestId {
        self.last.0 += 1;
        self.deadlines.set(self.last, now + STORE_REPLY_MAX);
        self.last
    }

    /// A reply has come, or writes are on disk or failed: whom that is owed to. None: nobody, or nobody any more.
    pub(super) fn settle(&mut self, id: RequestId) -> Option<Owed> {
        self.deadlines.cancel(id);
        if self.overdue.remove(&id) && self.overdue.is_empty() {
            warn!("the database answers again");
        }
        self.open.remove(&id)
    }

    pub(super) fn next_deadline(&self) -> Option<Duration> {
        self.deadlines.next()
    }

    /// Gives up waiting for what is overdue: whom replies were owed to. What is switched when it is on disk is waited for
    /// all the same, since it may come to be there.
    pub(super) fn give_up_overdue(&mut self, now: Duration) -> Vec<Owed> {
        let mut owed = Vec::new();
        while let Some(id) = self.deadlines.take_due(now) {
            count(Counter::StoreRequestsOverdue);
            if self.overdue.is_empty() {
                let seconds = STORE_REPLY_MAX.as_secs();
                error!("the database has not answered for {seconds} s: until it does nobody is answered who asks it");
            }
            self.overdue.insert(id);
            owed.extend(self.open.remove(&id));
        }
        owed
    }
}
