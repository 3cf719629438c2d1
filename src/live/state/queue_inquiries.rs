//! What Asterisk is asked of queues, and when: nothing of it is told.

use std::time::Duration;

use super::LiveState;
use super::telephony::queue_calls::QueueCalls;
use super::telephony::queues::Inquiry;
use crate::live::messages::{Moment, TelephonyTimer, TimerKey};
use crate::settings::id::QueueId;
use crate::settings::state::QueueCall;

impl LiveState {
    /// What is known of the queue does not fit. Whether it is to be asked now how it stands: else it is being asked, and is
    /// asked once more behind that.
    pub(in crate::live) fn begin_inquiry(&mut self, queue: QueueId) -> bool {
        let inquiry = &mut self.queue_mut(queue).inquiry;
        let is_first = *inquiry == Inquiry::NotAsked;
        *inquiry = if is_first { Inquiry::Asked } else { Inquiry::AskedBeforeChange };
        is_first
    }

    /// Callers came or went: an answer that is on its way may not know it.
    pub(in crate::live) fn outdate_inquiry(&mut self, queue: QueueId) {
        let inquiry = &mut self.queue_mut(queue).inquiry;
        if *inquiry == Inquiry::Asked {
            *inquiry = Inquiry::AskedBeforeChange;
        }
    }

    /// The queue is asked no more; whether the answer is outdated.
    pub(in crate::live) fn end_inquiry(&mut self, queue: QueueId) -> bool {
        std::mem::take(&mut self.queue_mut(queue).inquiry) == Inquiry::AskedBeforeChange
    }

    /// Whether the summary of the queue may be asked for now; else a timer brings it, unless one does already.
    pub(in crate::live) fn may_ask_for_summary(&mut self, now: Moment, queue: QueueId) -> bool {
        let at_work = self.queue_mut(queue);
        if at_work.is_summary_due {
            return false;
        }
        if at_work.summary_from <= now.steady {
            return true;
        }
        at_work.is_summary_due = true;
        let at = at_work.summary_from;
        self.set_timer(TimerKey::Telephony(TelephonyTimer::Summary(queue)), at);
        false
    }

    /// The timer came: whether it was wanted still.
    pub(in crate::live) fn take_summary_due(&mut self, queue: QueueId) -> bool {
        std::mem::take(&mut self.queue_mut(queue).is_summary_due)
    }

    /// It is asked for now, and not before then again.
    pub(in crate::live) fn rest_summary_until(&mut self, queue: QueueId, from: Duration) {
        self.queue_mut(queue).summary_from = from;
    }

    /// What becomes of calls in queues: figures of them are read, never told. What is to be kept.
    pub(in crate::live) fn change_queue_calls(
        &mut self,
        change: impl FnOnce(&mut QueueCalls) -> Option<QueueCall>,
    ) -> Option<QueueCall> {
        change(&mut self.runtime.telephony.queues.calls)
    }

    /// The channel is gone.
    pub(in crate::live) fn hang_up_queue_call(&mut self, unique_id: &str) {
        self.runtime.telephony.queues.calls.hang_up(unique_id);
    }

    /// Of all other calls nothing becomes any more.
    pub(in crate::live) fn keep_open_queue_calls(&mut self, is_there: impl Fn(&str) -> bool) {
        self.runtime.telephony.queues.calls.keep_open(is_there);
    }

    pub(in crate::live) fn is_open_queue_call(&self, queue: QueueId, unique_id: &str) -> bool {
        self.runtime.telephony.queues.calls.is_open(queue, unique_id)
    }
}
