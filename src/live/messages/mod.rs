//! What inputs and effects are made of, and what passes between the parts of `live`, as plain values: sessions, subjects,
//! events, requests and replies. They decide nothing and know no state; every other part of the room stands on them.

/// What an administrator wants of an agent.
mod agent_change;
/// What happened, for whoever follows it.
mod event;
/// When something happens.
mod moment;
/// How everything stands now.
pub(crate) mod overview;
/// What waits for the store, and for whom.
mod pending;
/// The right of a line to be answered still.
pub(super) mod permit;
/// The services that users switch, one by one.
mod service_change;
/// Connections that have logged in.
pub(super) mod session;
/// What notices are about.
pub(super) mod subject;
/// What administrators want of users' services.
mod switch_off;
/// What the telephone system says and is asked for.
pub(crate) mod telephony;
/// What may become due.
mod timer;

pub(crate) use agent_change::{AgentAction, AgentChange, AgentChangeId, AgentChangeOutcome, AgentChangeRefusal};
pub(crate) use event::{Cause, Change, EndReason, Event};
pub(crate) use moment::{Moment, TimeOfDay, WallClock};
pub(crate) use pending::{AfterCommit, StoreCall, StoreQuestion, StoreReply};
pub(in crate::live) use pending::{ContactsChange, RowsAnswer, RowsWanted, SwitchedBy};
pub(crate) use permit::{AnswerPermit, Unanswered};
pub(crate) use service_change::ServiceChange;
pub(in crate::live) use service_change::forward;
pub(crate) use session::{Admission, ConnectedSession, Ending, Requester, SessionId};
pub(crate) use subject::Subject;
pub(super) use subject::{Scope, Watched};
pub(crate) use switch_off::{SwitchOff, SwitchOffId, SwitchOffOutcome};
pub(crate) use telephony::{
    AgentOrder, AgentStep, Callee, CallerQuestion, CallerQuestionId, RequestFailure, TelephonyCall, TelephonyEvent,
    TelephonyInput, TelephonyPending, TelephonyQuestion, TelephonyReply, TelephonyRequest, TelephonySnapshot,
};
pub(crate) use timer::{TelephonyTimer, TimerChange, TimerKey};
