//! What the engine has asked of the store and not heard of yet: whom each reply is owed to. The engine keeps the timer
//! of each request, and gives up what is overdue. A reply that comes too late is dropped; while one is overdue the store is
//! taken to hang, and what is asked of it fails at once, so that neither a line nor memory is held by a disk that does not
//! answer.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use tokio::sync::mpsc::UnboundedSender;
use tracing::{error, warn};

use super::handle::{Report, RequestId};
use super::ports::StorePort;
use crate::live::messages::{AfterCommit, AnswerPermit, StoreCall, StoreQuestion, StoreReply};
use crate::observe::chain;
use crate::observe::counter::{Counter, count};
use crate::settings::state::StateWrite;
use crate::settings::store_query::StoreQuery;
use crate::store::{Asked, StoreRequest};

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
}

/// What a reply is for.
pub(super) struct Owed {
    /// What is said where none comes.
    pub(super) unanswered: StoreReply,
    /// Of the line that waits for it.
    pub(super) permit: AnswerPermit,
}

impl StoreRequests {
    pub(super) fn new(store: Box<dyn StorePort>, reports: UnboundedSender<Report>) -> Self {
        Self { store, reports, last: RequestId(0), open: HashMap::new(), overdue: HashSet::new() }
    }

    /// Dropping it waits until all is on disk.
    pub(super) fn into_store(self) -> Box<dyn StorePort> {
        self.store
    }

    /// Under what number the outcome comes back. None: where nobody waits nobody is told either.
    pub(super) fn write(&mut self, writes: Vec<StateWrite>, waiting: Vec<AfterCommit>) -> Option<RequestId> {
        let owed = (!waiting.is_empty()).then(|| (self.number(), waiting));
        let id = owed.as_ref().map(|(id, _)| *id);
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
        id
    }

    /// Under what number the reply comes back.
    pub(super) fn ask(&mut self, StoreCall { question, permit }: StoreCall) -> RequestId {
        let is_hanging = !self.overdue.is_empty();
        let id = self.number();
        let reports = self.reports.clone();
        let tell = move |reply| drop(reports.send(Report::StoreReplied { id, reply }));
        let (request, unanswered) = request_of(question, tell);
        if is_hanging {
            count(Counter::StoreRefusals);
            drop(self.reports.send(Report::StoreReplied { id, reply: unanswered.clone() }));
        } else {
            self.store.ask(request);
        }
        self.open.insert(id, Owed { unanswered, permit });
        id
    }

    fn number(&mut self) -> RequestId {
        self.last.0 += 1;
        self.last
    }

    /// A reply has come, or writes are on disk or failed: whom that is owed to. None: nobody, or nobody any more.
    pub(super) fn settle(&mut self, id: RequestId) -> Option<Owed> {
        if self.overdue.remove(&id) && self.overdue.is_empty() {
            warn!("the database answers again");
        }
        self.open.remove(&id)
    }

    /// Gives up waiting for what is overdue: whom the reply was owed to. What is switched when it is on disk is waited for
    /// all the same, since it may come to be there.
    pub(super) fn give_up(&mut self, id: RequestId) -> Option<Owed> {
        count(Counter::StoreRequestsOverdue);
        if self.overdue.is_empty() {
            let seconds = STORE_REPLY_MAX.as_secs();
            error!("the database has not answered for {seconds} s; requests that need it go unanswered until it does");
        }
        self.overdue.insert(id);
        self.open.remove(&id)
    }
}

/// What the store is asked for a question, and what is said where it does not reply. `tell` hears what it replied or that it
/// failed.
pub(crate) fn request_of(
    question: StoreQuestion,
    tell: impl FnOnce(StoreReply) + Send + 'static,
) -> (StoreRequest, StoreReply) {
    use StoreReply as Reply;
    match question {
        StoreQuestion::FindContacts(query, wanted) => {
            asked(query, tell, StoreRequest::FindContacts, |found| Reply::FindContacts(wanted, found))
        }
        StoreQuestion::ReadContact(query, by) => {
            let id = query.id;
            asked(query, tell, StoreRequest::ReadContact, move |found| Reply::ReadContact(id, by, found))
        }
        StoreQuestion::FindByNumber(query, id) => {
            asked(query, tell, StoreRequest::FindByNumber, move |found| Reply::FindByNumber(id, found))
        }
        StoreQuestion::ExportContacts(query, by) => {
            asked(query, tell, StoreRequest::ExportContacts, move |csv| Reply::ExportContacts(by, csv))
        }
        StoreQuestion::ChangeContacts(query, change) => {
            asked(query, tell, StoreRequest::ChangeContacts, |is_done| Reply::ChangeContacts(change, is_done))
        }
        StoreQuestion::ImportContacts(query, by) => {
            asked(query, tell, StoreRequest::ImportContacts, move |imported| Reply::ImportContacts(by, imported))
        }
        StoreQuestion::KeepChat(query) => asked(query, tell, StoreRequest::KeepChat, Reply::KeepChat),
        StoreQuestion::FetchChat(query, session) => {
            asked(query, tell, StoreRequest::FetchChat, move |kept| Reply::FetchChat(session, kept))
        }
        StoreQuestion::ForgetChat(query) => asked(query, tell, StoreRequest::ForgetChat, Reply::ForgetChat),
    }
}

fn asked<Q: StoreQuery>(
    query: Q,
    tell: impl FnOnce(StoreReply) + Send + 'static,
    request: impl FnOnce(Asked<Q>) -> StoreRequest,
    reply: impl FnOnce(Option<Q::Reply>) -> StoreReply + Clone + Send + 'static,
) -> (StoreRequest, StoreReply) {
    let unanswered = reply.clone()(None);
    let done = move |outcome: Result<_, _>| {
        if let Err(problem) = &outcome {
            count(Counter::StoreRefusals);
            error!(cause = chain(problem), "cannot look up or keep what a user asked for: it is not answered");
        }
        tell(reply(outcome.ok()));
    };
    (request(Asked { query, done: Box::new(done) }), unanswered)
}
