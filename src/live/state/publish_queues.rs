//! From what was touched of queues to what people hear: members that come, go or stand otherwise, who waits, figures.
//! What stands again as it was told is told to nobody. Called by `publish_telephony`, which says when.

use super::LiveState;
use super::event_log::EventLog;
use super::publication::notice_steps;
use crate::live::messages::{Change, Subject, Watched};
use crate::protocol::notice::Notice;
use crate::protocol::queue_figures::QueueFigures;
use crate::protocol::request::ListName;
use crate::settings::id::QueueId;
use crate::settings::queue::MemberId;

/// Tells one thing. How many steps that took.
pub(super) fn tell_next(state: &mut LiveState, log: &mut EventLog<'_>) -> usize {
    let changes = &mut state.runtime.telephony.changes;
    if let Some(((queue, member), cause)) = changes.members.pop_first() {
        log.cause = cause;
        tell_member(state, (queue, member), log)
    } else if let Some((queue, cause)) = changes.waiting.pop_first() {
        log.cause = cause;
        tell_waiting(state, queue, log)
    } else if let Some((queue, cause)) = changes.figures.pop_first() {
        log.cause = cause;
        tell_figures(state, queue, log)
    } else {
        0
    }
}

/// A member that the settings do not name is listed while Asterisk has it.
fn tell_member(state: &mut LiveState, (queue, member): (QueueId, MemberId), log: &mut EventLog<'_>) -> usize {
    let subject = Subject::QueueMember(queue, member);
    let present = state.telephony().queues.member(queue, member).copied();
    let is_there = present.is_some_and(|member| member.is_there);
    let tid = state.member_tid(queue, member);
    let before = state.telephony().queues.told_member(queue, member).copied();
    if tid.is_empty() || (present == before && state.telephony().queues.is_listed(queue, member) == is_there) {
        return 1;
    }
    state.answers.forget(subject);
    let is_newly_listed = state.runtime.telephony.queues.list(queue, member, is_there);
    let is_configured = state.settings.exists(subject);
    let at_work = state.queue_mut(queue);
    if is_configured || is_there {
        at_work.told.members.extend(present.map(|present| (member, present)));
    } else {
        at_work.members.remove(&member);
        at_work.told.members.remove(&member);
    }
    if !is_configured && !is_there && !is_newly_listed {
        return 1;
    }
    let to = state.audience_of(Subject::Queue(queue));
    let steps = notice_steps(&to);
    let list = ListName::QueueMembers;
    if !is_configured && is_newly_listed {
        let ids = vec![tid];
        log.out.notify(to, if is_there { Notice::AddConfig { list, ids } } else { Notice::DelConfig { list, ids } });
    } else if let Some(config) = state.member_config(queue, member) {
        log.out.notify(to, Notice::Config { list, tid, config });
    }
    if let Some(stands) = present {
        log.add(subject, || match is_there {
            true => Change::QueueMember { status: stands.status, is_paused: stands.is_paused },
            false => Change::LeftQueue,
        });
    }
    steps
}

fn tell_waiting(state: &mut LiveState, queue: QueueId, log: &mut EventLog<'_>) -> usize {
    let subject = Subject::Queue(queue);
    if state.telephony().queues.get(queue).is_none_or(|at_work| at_work.told.waiting == at_work.waiting) {
        return 1;
    }
    let at_work = state.queue_mut(queue);
    at_work.told.waiting = at_work.waiting.clone();
    let callers = at_work.waiting.callers().len();
    log.add(subject, || Change::Waiting { callers });
    let to = state.audience_of_watchers(Watched::WaitingCallers(queue), subject);
    let steps = notice_steps(&to);
    if let Some(notice) = state.waiting_notice(queue).filter(|_| !to.sessions().is_empty()) {
        log.out.notify(to, notice);
    }
    steps
}

/// Each figure that is another than was told is a message of its own, as in the original.
fn tell_figures(state: &mut LiveState, queue: QueueId, log: &mut EventLog<'_>) -> usize {
    let present = state.telephony().queues.figures(queue, &state.telephony().agents);
    let Some(before) = state.telephony().queues.get(queue).map(|at_work| at_work.told.figures) else { return 1 };
    if before == present {
        return 1;
    }
    state.queue_mut(queue).told.figures = present;
    let to = state.audience_of_watchers(Watched::QueueFigures, Subject::Queue(queue));
    let logged =
        (before.logged_agents != present.logged_agents).then_some(QueueFigures::LoggedAgents(present.logged_agents));
    // Of a queue of which nothing was known it was not told that nobody waits.
    let is_new = before.members.is_none() && present.members.is_some();
    let waiting = (before.waiting != present.waiting || is_new).then(|| present.waiting_figures(log.at));
    let members = present.members.filter(|_| before.members != present.members);
    let mut steps = 1;
    for figures in [logged, waiting, members].into_iter().flatten() {
        steps += notice_steps(&to);
        log.out.notify(to.clone(), Notice::QueueFigures { queue, figures });
    }
    steps
}
