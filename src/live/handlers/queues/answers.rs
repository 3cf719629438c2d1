//! What clients ask of queues: figures, and subscriptions, which are answered by how it stands (protocol 4.10).

use crate::live::messages::{Moment, Requester, Subject, Watched};
use crate::live::state::{Effects, LiveState};
use crate::protocol::notice::Notice;
use crate::protocol::queue_figures::FiguresQuestion;
use crate::protocol::request::CommandId;
use crate::settings::id::{Id, QueueId};

use super::inquiries::ask_for_summary;

/// From now on the session hears of the figures of every queue that its user sees, and at once how they are.
pub(in crate::live) fn subscribe_figures(state: &mut LiveState, now: Moment, by: Requester, out: &mut Effects) {
    state.watch(by.session, Watched::QueueFigures);
    let view = state.view(by.user);
    let queues = view.queues();
    for notice in queues.iter().flat_map(|queue| view.queue_figures(*queue, now.unix)) {
        out.answer(by.session, notice);
    }
    queues.into_iter().for_each(|queue| ask_for_summary(state, now, queue, out));
}

/// The figures of calls; of a queue that its user does not see they are those of one that does not exist.
pub(in crate::live) fn figures(
    state: &LiveState,
    now: Moment,
    (by, reply): (Requester, CommandId),
    questions: Option<Vec<FiguresQuestion>>,
    out: &mut Effects,
) {
    let view = state.view(by.user);
    let answer = |FiguresQuestion { queue, window, xqos }| {
        let figures = view.call_figures(&queue, (window, xqos), now.unix);
        (queue, figures)
    };
    let queues = questions.map(|questions| questions.into_iter().map(answer).collect());
    out.answer(by.session, Notice::QueuesStats { reply, queues });
}

/// From now on the session hears who waits in a queue that its user sees, and at once who does.
pub(in crate::live) fn subscribe_entries(state: &mut LiveState, by: Requester, queue: i64, out: &mut Effects) {
    let queue = QueueId::new(queue);
    if !state.view(by.user).may_see(Subject::Queue(queue)) {
        return;
    }
    state.watch(by.session, Watched::WaitingCallers(queue));
    if let Some(notice) = state.view(by.user).waiting(queue) {
        out.answer(by.session, notice);
    }
}
