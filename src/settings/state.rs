//! What people do, as against what administrators decide: kept over restarts, neither audited nor exported
//! (settings §1.9). `live` decides it, `store` keeps it for as long as the user exists and a week longer.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use super::id::{AgentId, ChatId, QueueId, UserUuid};
use super::name::PresenceName;
use super::phone_number::PhoneNumber;

/// How long the state of a user who was removed is kept: an undo within that time brings it back, after it nobody can.
pub(crate) const STATE_KEPT_AFTER_REMOVAL: Duration = Duration::from_secs(7 * 24 * 3600);

/// What is told of whoever comes back later than that.
pub(crate) const STATE_IS_GONE: &str =
    "favorites, contacts and what was switched on were kept for a week and do not come back";

/// All that is kept, as the server finds it at its start; a user or agent without an entry never did anything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct States {
    pub(crate) users: HashMap<UserUuid, UserState>,
    /// Of users who were removed within `STATE_KEPT_AFTER_REMOVAL`.
    pub(crate) removed: HashMap<UserUuid, RemovedState>,
    pub(crate) agents: HashMap<AgentId, KeptAgent>,
    /// The highest number that a kept chat text ever had.
    pub(crate) last_chat: i64,
    /// The latest of them.
    pub(crate) queue_calls: Vec<QueueCall>,
}

/// What is kept of a user who was removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RemovedState {
    pub(crate) state: UserState,
    /// Unix seconds.
    pub(crate) at: i64,
}

/// Whether what was kept of a user is gone `now`, who was removed at that moment; both in Unix seconds.
pub(crate) fn is_state_gone(removed: i64, now: i64) -> bool {
    u64::try_from(now.saturating_sub(removed)).is_ok_and(|age| age > STATE_KEPT_AFTER_REMOVAL.as_secs())
}

/// What is kept of one user.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct UserState {
    /// The last presence before the last session ended; only a login without a known `state` reads it.
    pub(crate) last_presence: Option<PresenceName>,
    /// Whether they have a session or is within the grace time; after a restart such users have the grace time to return.
    pub(crate) is_present: bool,
    pub(crate) services: Services,
}

/// The services that users switch themselves (protocol 4.7).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Services {
    pub(crate) do_not_disturb: bool,
    pub(crate) call_filter: bool,
    pub(crate) recording: bool,
    pub(crate) unconditional: Forward,
    pub(crate) no_answer: Forward,
    pub(crate) busy: Forward,
}

impl Services {
    /// Those that are on, in words: `dnd`, `forward 1002`.
    pub(crate) fn switched_on(&self) -> Vec<String> {
        let forwards =
            [(&self.unconditional, "forward"), (&self.no_answer, "forward unanswered"), (&self.busy, "forward busy")];
        let switches = [(self.do_not_disturb, "dnd"), (self.call_filter, "call filter"), (self.recording, "record")];
        let switches = switches.into_iter().filter(|(is_on, _)| *is_on).map(|(_, word)| word.to_owned());
        let forwards = forwards.into_iter().filter(|(forward, _)| forward.is_on);
        switches.chain(forwards.map(|(forward, word)| format!("{word} {}", forward.destination))).collect()
    }
}

/// The longest destination of a forward (settings §8).
pub(crate) const FORWARD_CHARACTERS_MAX: usize = 128;

/// A forward keeps its destination while it is off.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Forward {
    pub(crate) is_on: bool,
    pub(crate) destination: Box<str>,
}

impl Forward {
    /// To a number as people write it. One that is none stays as it is written, and leads to no number; without one a
    /// forward is off.
    pub(crate) fn to(is_on: bool, written: &str) -> Self {
        let kept = Self { is_on, destination: written.trim().into() };
        let dialled = if kept.leads_to_number() { None } else { PhoneNumber::parse(written).ok() };
        let destination = dialled.map_or(kept.destination, |number| number.as_str().into());
        Self { is_on: is_on && !destination.is_empty(), destination }
    }

    /// Whether it leads nowhere or to a number: digits, `*`, `#` and a leading `+` (settings §8). It ends in a dial
    /// plan, where anything else could mean something.
    pub(crate) fn leads_to_number(&self) -> bool {
        let number = self.destination.strip_prefix('+').unwrap_or(&self.destination);
        let is_dialled = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'*' | b'#');
        self.destination.len() <= FORWARD_CHARACTERS_MAX
            && number.bytes().all(is_dialled)
            && (!number.is_empty() || self.destination.is_empty())
    }
}

/// What is kept of one agent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct KeptAgent {
    /// None: logged out.
    pub(crate) login: Option<AgentLogin>,
    /// The queues in which the agent is paused, with the reason, which may be empty.
    pub(crate) pauses: BTreeMap<QueueId, Box<str>>,
    /// Queues that the agent joined (true) or left (false) at work, against what the settings say.
    pub(crate) memberships: BTreeMap<QueueId, bool>,
    pub(crate) wanted: AgentWanted,
}

/// Where an agent is logged in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AgentLogin {
    pub(crate) extension: Box<str>,
    pub(crate) context: Box<str>,
    /// The telephone, as Asterisk calls it: `PJSIP/101`.
    pub(crate) device: Box<str>,
    /// Unix time in seconds.
    pub(crate) since: i64,
}

/// The longest reason of a pause.
pub(crate) const PAUSE_REASON_CHARACTERS_MAX: usize = 128;

/// What is still to be brought about on the telephone system, for there was no link: a state, never a queue of things to
/// do. It is nothing without a login.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct AgentWanted {
    /// The agent is to be logged off, and counts as logged out.
    pub(crate) is_logged_off: bool,
    /// The pauses that are kept are to be those of the telephone system too.
    pub(crate) are_pauses_ours: bool,
}

/// One thing to keep; the later of two on one user or agent wins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum StateWrite {
    User(UserUuid, UserState),
    Agent(AgentId, KeptAgent),
    QueueCall(QueueCall),
}

/// Calls that came into queues: how many are remembered, and for how long.
pub(crate) const QUEUE_CALLS_MAX: usize = 100_000;
pub(crate) const QUEUE_CALL_AGE_MAX: Duration = Duration::from_secs(7 * 24 * 60 * 60);
/// The longest name of a channel or of who answered.
pub(crate) const QUEUE_CALL_NAME_CHARACTERS_MAX: usize = 160;

/// What became of a call that came into a queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct QueueCall {
    pub(crate) unique_id: Box<str>,
    pub(crate) queue: QueueId,
    /// Unix time of the join, in whole seconds.
    pub(crate) at: i64,
    /// Once it waits no more.
    pub(crate) hold_seconds: Option<u32>,
    /// The member who answered.
    pub(crate) picker: Option<Box<str>>,
    /// Once that is over.
    pub(crate) talk_seconds: Option<u32>,
}

/// Messages that wait for one user, and for all.
pub(crate) const KEPT_CHAT_OF_USER_MAX: u32 = 100;
pub(crate) const KEPT_CHAT_MAX: u32 = 20_000;
/// Of these, those of one sender to one receiver, and those of one sender.
pub(crate) const KEPT_CHAT_OF_PAIR_MAX: u32 = 20;
pub(crate) const KEPT_CHAT_OF_SENDER_MAX: u32 = KEPT_CHAT_MAX / 10;

/// A message to somebody who is not connected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NewChat {
    /// By it chat is ordered: numbers count up in the order in which texts were sent, whenever they are kept.
    pub(crate) id: ChatId,
    pub(crate) to: UserUuid,
    pub(crate) from: UserUuid,
    /// As its sender wrote it.
    pub(crate) text: Box<str>,
    /// Unix time.
    pub(crate) at: i64,
    /// Whatever is older goes.
    pub(crate) oldest: i64,
}

/// A message that waited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KeptChat {
    pub(crate) id: ChatId,
    pub(crate) from: UserUuid,
    pub(crate) text: Box<str>,
    /// Unix time.
    pub(crate) at: i64,
}
