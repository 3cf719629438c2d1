//! What passes between `live` and the telephone system, as plain values: what it says (events, and all of it at once when a
//! link begins), what is asked of it, and what came of that. Names are as the telephone system writes them; whose they are
//! is `live`'s to find. `asterisk` makes and takes them; nothing here knows AMI.

/// Who is called by whom.
mod caller;
/// Channels, and who is on them.
mod channel;
/// What happens on the telephone system.
mod event;
/// Codes that telephones dial, and lamps of keys.
mod feature_code;
/// Who waits for what comes of a request.
mod pending;
/// Hints and devices by name.
mod phone_states;
/// Queues, with their members and callers.
mod queue;
/// What is asked of it.
mod request;
/// All of it when a link begins.
mod snapshot;

pub(crate) use caller::{Callee, CallerQuestion, CallerQuestionId};
pub(crate) use channel::{Channel, ChannelState, Party, device_key};
pub(crate) use event::{AnsweredCall, CompletedCall, DeviceSeen, HintSeen, MailboxSeen, TelephonyEvent, UserEvent};
pub(crate) use feature_code::{AgentCode, ServiceCode};
pub(crate) use pending::{
    AgentOrder, AgentStep, CallPending, DialOrder, DialStage, TelephonyCall, TelephonyPending, TelephonyQuestion,
    TelephonyReply,
};
pub(crate) use phone_states::{ChangedStates, HintPlace, LineNames, PhoneStates, UNAVAILABLE};
pub(crate) use queue::{EntrySeen, MemberSeen, QueueSeen};
pub(crate) use request::{
    CallFailure, DialplanPlace, Originate, QueueLogRow, RequestFailure, StoredKey, TelephonyRequest,
};
pub(crate) use snapshot::TelephonySnapshot;

/// What the link to the telephone system brings.
#[derive(Debug)]
#[allow(clippy::large_enum_variant, reason = "nearly all are events: a box of each would cost more than the room")]
pub(crate) enum TelephonyInput {
    /// The link holds, and this is how everything stands; what happens from then on follows as events.
    Up(Box<TelephonySnapshot>),
    /// The link is lost: what was known stays as it was until the next one. Requests fail until then.
    Down,
    Event(TelephonyEvent),
}
