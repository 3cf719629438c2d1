//! Queues: members, waiting callers and figures (telephony §7).

use crate::live::messages::{Effects, Moment, Requester, Subject, TelephonyEvent, TelephonyReply, TelephonySnapshot};
use crate::live::state::LiveState;
use crate::protocol::notice::Notice;
use crate::protocol::queue_figures::{CallFigures, FiguresQuestion, QueueFigures};
use crate::protocol::request::{CommandId, ListName};
use crate::settings::id::{Id, QueueId};

/// From now on the session hears of the figures of every queue that its user sees, and at once how they are.
pub(in crate::live) fn subscribe_figures(state: &mut LiveState, by: Requester, out: &mut Effects) {
    for subject in state.view(by.user).subjects(ListName::Queues) {
        if let Subject::Queue(queue) = subject {
            out.answer(by.session, Notice::QueueFigures { queue, figures: QueueFigures::LoggedAgents(0) });
        }
    }
}

/// The figures of calls; of a queue that its user does not see they are those of one that does not exist.
pub(in crate::live) fn figures(
    _state: &LiveState,
    by: Requester,
    questions: Option<Vec<FiguresQuestion>>,
    reply: CommandId,
    out: &mut Effects,
) {
    let answer = |question: FiguresQuestion| (question.queue, CallFigures::default());
    let queues = questions.map(|questions| questions.into_iter().map(answer).collect());
    out.answer(by.session, Notice::QueuesStats { reply, queues });
}

/// From now on the session hears who waits in a queue that its user sees, and at once who does.
pub(in crate::live) fn subscribe_entries(state: &mut LiveState, by: Requester, queue: i64, out: &mut Effects) {
    let queue = QueueId::new(queue);
    if let Some(name) = state.view(by.user).queue_name(queue) {
        out.answer(by.session, Notice::QueueEntries { queue, name, callers: Vec::new() });
    }
}

pub(super) fn take_over(_state: &mut LiveState, _now: Moment, _snapshot: &TelephonySnapshot, _out: &mut Effects) {}

pub(super) fn happened(_state: &mut LiveState, _now: Moment, _event: &TelephonyEvent, _out: &mut Effects) {}

pub(super) fn replied(
    _state: &mut LiveState,
    _now: Moment,
    _queue: QueueId,
    _reply: TelephonyReply,
    _out: &mut Effects,
) {
}

pub(super) fn summary_is_due(_state: &mut LiveState, _now: Moment, _queue: QueueId, _out: &mut Effects) {}
