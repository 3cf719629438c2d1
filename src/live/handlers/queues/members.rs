//! Members of queues, as Asterisk says they stand. Whoever is neither an agent nor a line of the settings is nobody's to
//! see.

use crate::live::messages::Moment;
use crate::live::messages::telephony::MemberSeen;
use crate::live::state::telephony::queues::MemberAtWork;
use crate::live::state::{Effects, LiveState};
use crate::settings::id::QueueId;
use crate::settings::queue::MemberId;

use super::inquiries::ask_for_summary;

/// A member was added, or something of it changed.
pub(super) fn seen(state: &mut LiveState, now: Moment, seen: &MemberSeen, out: &mut Effects) {
    let Some(queue) = state.telephony_names().queue(&seen.queue) else { return };
    if set(state, queue, seen).is_some() {
        ask_for_summary(state, now, queue, out);
    }
}

/// Whose it is, if it is anybody's.
pub(super) fn set(state: &mut LiveState, queue: QueueId, seen: &MemberSeen) -> Option<MemberId> {
    let member = state.telephony_names().member(&seen.name, &seen.interface)?;
    let last = state.member_at_work(queue, member);
    let stands = MemberAtWork {
        is_there: true,
        penalty: seen.penalty,
        calls_taken: seen.calls_taken,
        last_call: (seen.last_call > 0).then(|| state.time_of_day(seen.last_call)),
        // An older Asterisk does not say it: the call's begin and end do.
        is_on_call: seen.in_call.unwrap_or_else(|| last.is_some_and(|member| member.is_on_call)),
        status: seen.status,
        is_paused: seen.is_paused,
    };
    state.set_member(queue, member, stands);
    Some(member)
}

/// An agent who is no member is logged out, as far as this queue goes.
pub(super) fn removed(
    state: &mut LiveState,
    now: Moment,
    (queue, interface, name): (&str, &str, &str),
    out: &mut Effects,
) {
    let Some(queue) = state.telephony_names().queue(queue) else { return };
    if let Some(member) = state.telephony_names().member(name, interface) {
        state.remove_member(queue, member);
        ask_for_summary(state, now, queue, out);
    }
}

/// A call of the queue begins or ends for a member.
pub(super) fn set_on_call(state: &mut LiveState, queue: QueueId, (name, interface): (&str, &str), is_on_call: bool) {
    let Some(member) = state.telephony_names().member(name, interface) else { return };
    let stands = state.member_at_work(queue, member);
    if let Some(stands) = stands.filter(|member| member.is_there) {
        state.set_member(queue, member, MemberAtWork { is_on_call, ..stands });
    }
}
