//! How queues stand when a link begins, when one was asked, and when the settings call something otherwise. What is told
//! is only what differs then.

use std::collections::BTreeSet;

use crate::live::messages::telephony::QueueSeen;
use crate::live::messages::{Moment, TelephonySnapshot};
use crate::live::state::resync::TakeOver;
use crate::live::state::telephony_names::TelephonyNames;
use crate::live::state::{Effects, LiveState};
use crate::settings::id::QueueId;
use crate::settings::queue::MemberId;

use super::inquiries::{ask_for_summary, ask_how_it_stands};
use super::members;
use super::waiting::keep;

/// Members that are taken over at once.
const PIECE: usize = 32;
/// What a queue takes, each of its members, and each who waits in it.
const QUEUE_STEPS: usize = 16;
const MEMBER_STEPS: usize = 4;
const CALLER_STEPS: usize = 2;

/// Queue by queue, also those of which nothing is said.
#[derive(Default)]
pub(in crate::live::handlers) struct QueuesTakeOver {
    /// Those that are left, the last first, and where what is said of them stands; None: nothing is taken over yet.
    left: Option<Vec<(QueueId, Option<usize>)>>,
    /// Of the queue that is taken over now the members that it has.
    there: BTreeSet<MemberId>,
    next: usize,
    is_over: bool,
}

impl TakeOver for QueuesTakeOver {
    fn advance(
        &mut self,
        state: &mut LiveState,
        now: Moment,
        snapshot: &mut TelephonySnapshot,
        out: &mut Effects,
    ) -> Option<usize> {
        let Some(left) = &mut self.left else {
            let all = all_queues(state, snapshot);
            let steps = 1 + all.len();
            self.left = Some(all);
            return Some(steps);
        };
        let Some((queue, place)) = left.last().copied() else {
            return self.end(state, snapshot);
        };
        let nothing = QueueSeen::default();
        let seen = place.and_then(|place| snapshot.queues.get(place)).unwrap_or(&nothing);
        let members = seen.members.get(self.next..).unwrap_or_default();
        if !members.is_empty() {
            let piece = &members[..members.len().min(PIECE)];
            self.there.extend(piece.iter().filter_map(|member| members::set(state, queue, member)));
            self.next += piece.len();
            return Some(MEMBER_STEPS * piece.len());
        }
        left.pop();
        self.next = 0;
        let there = std::mem::take(&mut self.there);
        // Whatever was asked before is answered by this.
        state.end_inquiry(queue);
        // Agents who are logged in and whom Asterisk has forgotten are being added: they stay as they were until the
        // queue, asked behind that, says how they stand.
        let is_incomplete = complete(state, now, (queue, seen), &there, Missing::LoggedInStays, out);
        if is_incomplete {
            ask_how_it_stands(state, queue, out);
        }
        ask_for_summary(state, now, queue, out);
        Some(QUEUE_STEPS + there.len() + CALLER_STEPS * seen.entries.len())
    }
}

impl QueuesTakeOver {
    /// Nothing more becomes of calls that are gone.
    fn end(&mut self, state: &mut LiveState, snapshot: &TelephonySnapshot) -> Option<usize> {
        if std::mem::replace(&mut self.is_over, true) {
            return None;
        }
        state.keep_open_queue_calls(|unique_id| snapshot.has_call(unique_id));
        Some(QUEUE_STEPS)
    }
}

fn all_queues(state: &LiveState, snapshot: &TelephonySnapshot) -> Vec<(QueueId, Option<usize>)> {
    let named = |(place, seen): (usize, &QueueSeen)| Some((state.telephony_names().queue(&seen.name)?, Some(place)));
    let mut all: Vec<(QueueId, Option<usize>)> = snapshot.queues.iter().enumerate().filter_map(named).collect();
    let seen: BTreeSet<QueueId> = all.iter().map(|(queue, _)| *queue).collect();
    all.extend(state.queues_at_work().filter(|queue| !seen.contains(queue)).map(|queue| (queue, None)));
    all.reverse();
    all
}

/// A queue was asked how it stands.
pub(super) fn looked_at(state: &mut LiveState, now: Moment, seen: &QueueSeen, out: &mut Effects) {
    if let Some(queue) = state.telephony_names().queue(&seen.name) {
        replace(state, now, (queue, seen), out);
        ask_for_summary(state, now, queue, out);
    }
}

/// What becomes of members of whom nothing is said.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Missing {
    Goes,
    LoggedInStays,
}

/// All of the queue.
fn replace(state: &mut LiveState, now: Moment, (queue, seen): (QueueId, &QueueSeen), out: &mut Effects) {
    let there = seen.members.iter().filter_map(|member| members::set(state, queue, member)).collect();
    complete(state, now, (queue, seen), &there, Missing::Goes, out);
}

/// All of the queue, once the members are set that it has; whether one is missing who is logged in.
fn complete(
    state: &mut LiveState,
    now: Moment,
    (queue, seen): (QueueId, &QueueSeen),
    there: &BTreeSet<MemberId>,
    missing: Missing,
    out: &mut Effects,
) -> bool {
    let known = state.members_there(queue);
    let gone: Vec<MemberId> = known.filter(|member| !there.contains(member)).collect();
    let mut is_incomplete = false;
    for member in gone {
        let is_logged_in = match member {
            MemberId::Agent(agent) => state.agents().is_logged_in(agent),
            MemberId::Line(_) => false,
        };
        if missing == Missing::LoggedInStays && is_logged_in {
            is_incomplete = true;
        } else {
            state.remove_member(queue, member);
        }
    }
    state.change_waiting(queue, |line| line.replace(&seen.entries, now.unix));
    for entry in &seen.entries {
        // They joined while nobody looked.
        if !state.is_open_queue_call(queue, &entry.unique_id) {
            let at = now.unix - f64::from(entry.wait_seconds);
            keep(state, out, |calls| calls.join(queue, &entry.unique_id, at, now.unix));
        }
    }
    if seen.name.is_empty() {
        state.know_nothing_of_queue(queue);
    } else {
        state.set_expected_wait(queue, seen.hold_seconds);
    }
    is_incomplete
}

/// Queues, agents or lines are called otherwise, or are new or gone: what Asterisk says of a queue is to be read anew.
pub(in crate::live::handlers) fn settings_changed(
    state: &mut LiveState,
    now: Moment,
    before: &TelephonyNames,
    out: &mut Effects,
) {
    let renamed = state.telephony_names().renamed_queues(before);
    for queue in &renamed {
        // Of a queue of that name nothing is known yet.
        replace(state, now, (*queue, &QueueSeen::default()), out);
    }
    let is_anybody_renamed = state.telephony_names().are_members_renamed(before);
    if is_anybody_renamed {
        for (queue, member) in strangers(state, before) {
            state.remove_member(queue, member);
        }
    }
    let to_ask: Vec<QueueId> = if is_anybody_renamed { state.queue_ids() } else { renamed };
    to_ask.into_iter().for_each(|queue| ask_how_it_stands(state, queue, out));
}

/// Members who are nobody's any more, whatever Asterisk has: agents and lines that are gone, lines with another telephone.
fn strangers(state: &LiveState, before: &TelephonyNames) -> Vec<(QueueId, MemberId)> {
    let names = state.telephony_names();
    let device = |names: &TelephonyNames, line| names.names_of_line(line).map(|names| names.device.clone());
    let is_stranger = |member: MemberId| match member {
        MemberId::Agent(agent) => state.agent(agent).is_none(),
        MemberId::Line(line) => device(names, line) != device(before, line),
    };
    state.members_at_work().filter(|(_, member)| is_stranger(*member)).collect()
}
