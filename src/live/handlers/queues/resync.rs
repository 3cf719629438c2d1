//! How queues stand when a link begins, when one was asked, and when the settings call something otherwise. What is told
//! is only what differs then.

use std::collections::{BTreeSet, HashSet};

use crate::live::messages::telephony::QueueSeen;
use crate::live::messages::{Effects, Moment, TelephonySnapshot};
use crate::live::state::LiveState;
use crate::live::state::telephony::queues::Inquiry;
use crate::live::state::telephony_names::TelephonyNames;
use crate::settings::id::QueueId;
use crate::settings::queue::MemberId;

use super::inquiries::{ask_for_summary, ask_how_it_stands};
use super::members;
use super::waiting::keep;

/// The link holds.
pub(in crate::live::handlers) fn take_over(
    state: &mut LiveState,
    now: Moment,
    snapshot: &TelephonySnapshot,
    out: &mut Effects,
) {
    let seen = snapshot.queues.iter().filter_map(|seen| Some((state.telephony_names().queue(&seen.name)?, seen)));
    let seen: Vec<(QueueId, &QueueSeen)> = seen.collect();
    let missing: Vec<QueueId> = {
        let seen: BTreeSet<QueueId> = seen.iter().map(|(queue, _)| *queue).collect();
        state.telephony().queues.iter().map(|(queue, _)| queue).filter(|queue| !seen.contains(queue)).collect()
    };
    let nothing = QueueSeen::default();
    let all = seen.into_iter().chain(missing.into_iter().map(|queue| (queue, &nothing)));
    for (queue, seen) in all {
        // Whatever was asked before is answered by this.
        state.queue_mut(queue).inquiry = Inquiry::NotAsked;
        // Agents who are logged in and whom Asterisk has forgotten are being added: they stay as they were until the
        // queue, asked behind that, says how they stand.
        let is_incomplete = replace(state, now, (queue, seen), Missing::LoggedInStays, out);
        if is_incomplete {
            ask_how_it_stands(state, queue, out);
        }
        ask_for_summary(state, now, queue, out);
    }
    let alive: HashSet<&str> = snapshot.channels.iter().map(|channel| &*channel.unique_id).collect();
    let waiting = snapshot.queues.iter().flat_map(|queue| &queue.entries).map(|entry| &*entry.unique_id);
    let alive: HashSet<&str> = waiting.chain(alive).collect();
    state.telephony_mut().queues.calls.keep_open(|unique_id| alive.contains(unique_id));
}

/// A queue was asked how it stands.
pub(super) fn looked_at(state: &mut LiveState, now: Moment, seen: &QueueSeen, out: &mut Effects) {
    if let Some(queue) = state.telephony_names().queue(&seen.name) {
        replace(state, now, (queue, seen), Missing::Goes, out);
        ask_for_summary(state, now, queue, out);
    }
}

/// What becomes of members of whom nothing is said.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Missing {
    Goes,
    LoggedInStays,
}

/// All of the queue; whether one is missing who is logged in.
fn replace(
    state: &mut LiveState,
    now: Moment,
    (queue, seen): (QueueId, &QueueSeen),
    missing: Missing,
    out: &mut Effects,
) -> bool {
    let there: BTreeSet<MemberId> =
        seen.members.iter().filter_map(|member| members::set(state, queue, member)).collect();
    let known = state.telephony().queues.get(queue).into_iter().flat_map(|at_work| &at_work.members);
    let known = known.filter(|(member, stands)| stands.is_there && !there.contains(member));
    let gone: Vec<MemberId> = known.map(|(member, _)| *member).collect();
    let mut is_incomplete = false;
    for member in gone {
        let is_logged_in = match member {
            MemberId::Agent(agent) => state.telephony().agents.is_logged_in(agent),
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
        if !state.telephony().queues.calls.is_open(queue, &entry.unique_id) {
            let at = now.unix - f64::from(entry.wait_seconds);
            keep(state, out, |calls| calls.join(queue, &entry.unique_id, at, now.unix));
        }
    }
    if seen.name.is_empty() {
        state.queue_mut(queue).is_known = false;
        state.touch_figures(queue);
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
        replace(state, now, (*queue, &QueueSeen::default()), Missing::Goes, out);
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
    let queues = state.telephony().queues.iter();
    let members = queues.flat_map(|(queue, at_work)| at_work.members.keys().map(move |member| (queue, *member)));
    members.filter(|(_, member)| is_stranger(*member)).collect()
}
