//! How messages come to the engine: a bounded queue for whoever can wait, an unbounded one for those who must not and
//! are bounded elsewhere.

use std::collections::BTreeSet;

use tokio::sync::{mpsc, oneshot};

use super::followers::EventStream;
use super::ports::Link;
use crate::live::SettingsChange;
use crate::live::messages::{
    self, Admission, AfterCommit, AgentChange, AgentChangeOutcome, AnswerPermit, CallerQuestion, ConnectedSession,
    Ending, SessionId, StoreReply, SwitchOff, SwitchOffOutcome, TelephonyInput, TelephonyReply,
};
use crate::protocol::request::ClientLine;
use crate::settings::id::ChatId;

/// Messages that may wait; whoever sends one more waits.
const MESSAGES_WAITING_MAX: usize = 4096;

/// What comes to the engine in order, from whoever can wait. `K`: how a client is reached.
#[derive(Debug)]
pub(crate) enum Message<K> {
    /// A connection has logged in; the session's first notice answers its `login_capas`.
    Connected { session: SessionId, client: K, admission: Admission, permit: AnswerPermit },
    /// A line of a logged-in session.
    Line { session: SessionId, line: ClientLine, permit: AnswerPermit },
    /// Lines of a logged-in session that are all looked up at once.
    Lookups { session: SessionId, lines: Vec<ClientLine>, permit: AnswerPermit },
    /// The connection is no longer to be spoken to.
    Disconnected { session: SessionId },
    /// New settings; the answer, once they are in use, is how many sessions ended for them.
    Settings { change: Box<SettingsChange>, ended: oneshot::Sender<u32> },
    /// What the link to the telephone system brings.
    Telephony(TelephonyInput),
    /// The telephone system asks what a caller is called; None: nobody knows.
    CallerName { question: CallerQuestion, answer: oneshot::Sender<Option<Box<str>>> },
    /// An administrator asks who is there.
    Sessions(oneshot::Sender<Vec<SessionSnapshot>>),
    /// An administrator asks how something stands.
    Overview { of: messages::overview::OverviewOf, answer: oneshot::Sender<messages::overview::Overview> },
    /// An administrator wants something of an agent; the answer is what came of it.
    ChangeAgent { change: AgentChange, outcome: oneshot::Sender<AgentChangeOutcome> },
    /// An administrator wants services of a user switched off; the answer is what came of it.
    SwitchOff { order: SwitchOff, outcome: oneshot::Sender<SwitchOffOutcome> },
    /// Somebody wants to hear of everything that happens from now on.
    FollowEvents(oneshot::Sender<EventStream>),
    /// An administrator ends sessions; the answer is how many.
    EndSessions { which: SessionFilter, how: Ending, ended: oneshot::Sender<u32> },
}

/// Something that the store was asked for, or writes that somebody waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct RequestId(pub(super) u64);

/// What must not wait: replies of the store, from its thread, and what clients' writers learn of chat.
#[derive(Debug)]
pub(crate) enum Report {
    /// What came of writes for those who wait for them.
    Written { id: RequestId, waiting: Vec<AfterCommit>, is_on_disk: bool },
    /// What came of a request.
    StoreReplied { id: RequestId, reply: StoreReply },
    /// What the telephone system was asked for is done, or is not.
    TelephonyReplied { reply: TelephonyReply, permit: AnswerPermit },
    /// The system of this session's client has acknowledged a chat text.
    ChatAcknowledged { session: SessionId, chat: ChatId },
    /// The socket is gone: what the client did not acknowledge it never will. Comes behind `Message::Disconnected`.
    ConnectionOver { session: SessionId },
}

/// Which sessions are meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum SessionFilter {
    Sessions(BTreeSet<SessionId>),
    /// All of this login, whatever its case.
    Login(String),
}

/// A session as an administrator sees it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct SessionSnapshot {
    pub(crate) session: ConnectedSession,
    pub(crate) link: Link,
}

/// The near end of both queues; cheap to clone.
#[derive(Debug)]
pub(crate) struct EngineHandle<K> {
    messages: mpsc::Sender<Message<K>>,
    reports: mpsc::UnboundedSender<Report>,
}

/// The far end of both queues.
#[derive(Debug)]
pub(crate) struct Inbox<K> {
    pub(super) messages: mpsc::Receiver<Message<K>>,
    pub(super) reports: mpsc::UnboundedReceiver<Report>,
}

#[cfg(test)]
impl<K> Inbox<K> {
    pub(crate) async fn message(&mut self) -> Option<Message<K>> {
        self.messages.recv().await
    }

    pub(crate) async fn report(&mut self) -> Option<Report> {
        self.reports.recv().await
    }
}

/// The engine takes no messages any more: the server stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the server is stopping")]
pub(crate) struct EngineStopped;

impl<K> EngineHandle<K> {
    pub(crate) fn new() -> (Self, Inbox<K>) {
        let (to_messages, messages) = mpsc::channel(MESSAGES_WAITING_MAX);
        let (to_reports, reports) = mpsc::unbounded_channel();
        (Self { messages: to_messages, reports: to_reports }, Inbox { messages, reports })
    }

    /// Waits for room.
    pub(crate) async fn send(&self, message: Message<K>) -> Result<(), EngineStopped> {
        self.room().await?.send(message);
        Ok(())
    }

    /// Waits for room for a message that is put together then: thousands of connections hold none while they wait.
    pub(crate) async fn room(&self) -> Result<mpsc::Permit<'_, Message<K>>, EngineStopped> {
        self.messages.reserve().await.map_err(|_| EngineStopped)
    }

    /// Sends a question and waits for its answer.
    pub(crate) async fn ask<T>(
        &self,
        question: impl FnOnce(oneshot::Sender<T>) -> Message<K>,
    ) -> Result<T, EngineStopped> {
        let (answer, answered) = oneshot::channel();
        self.send(question(answer)).await?;
        answered.await.map_err(|_| EngineStopped)
    }

    /// Never waits. After a stop nobody is left to hear it: a text that was kept is delivered again.
    pub(crate) fn report(&self, report: Report) {
        let _ = self.reports.send(report);
    }

    /// For replies of the store.
    pub(super) fn reports(&self) -> mpsc::UnboundedSender<Report> {
        self.reports.clone()
    }
}

impl<K> Clone for EngineHandle<K> {
    fn clone(&self) -> Self {
        Self { messages: self.messages.clone(), reports: self.reports.clone() }
    }
}
