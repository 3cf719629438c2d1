//! What became of the calls that came into queues: when each joined, how long it waited, whether it was answered. Figures
//! of a window of time are made of it (telephony §7.3). Kept in memory as far back as anybody asks, bounded, and in the
//! database by whoever changes it, so that a restart does not lose the day.

use std::collections::{HashMap, VecDeque};

use crate::observe::work::spend;
use crate::protocol::queue_figures::CallFigures;
use crate::settings::id::QueueId;
use crate::settings::state::{QUEUE_CALL_AGE_MAX, QUEUE_CALL_NAME_CHARACTERS_MAX, QUEUE_CALLS_MAX, QueueCall};

/// What a finished call is remembered by.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Outcome {
    /// Unix time of the join, in whole seconds.
    at: i64,
    /// None: it waits still, or nobody saw it leave.
    hold_seconds: Option<u32>,
    is_answered: bool,
    /// It came back into the same queue, and counts from then on.
    is_void: bool,
}

/// A call whose channel lives: more may become of it.
#[derive(Debug, Clone, PartialEq)]
struct OpenCall {
    number: u64,
    picker: Option<Box<str>>,
}

#[derive(Debug, Default)]
struct OfQueue {
    /// In the order in which it was known that they joined.
    calls: VecDeque<Outcome>,
    /// How many seconds before one that stands before it a call joined, at the most: of who waits when a link begins it is
    /// known late.
    lateness: i64,
    /// The number of the first of them: numbers count up.
    first: u64,
    open: HashMap<Box<str>, OpenCall>,
}

#[derive(Debug, Default)]
pub(in crate::live) struct QueueCalls {
    queues: HashMap<QueueId, OfQueue>,
    number: usize,
}

impl QueueCalls {
    /// What was kept, in any order.
    pub(in crate::live) fn new(mut kept: Vec<QueueCall>, unix: f64) -> Self {
        let mut calls = Self::default();
        kept.sort_by_key(|call| call.at);
        for QueueCall { unique_id, queue, at, hold_seconds, picker, talk_seconds } in kept {
            let of = calls.queues.entry(queue).or_default();
            let is_answered = picker.is_some();
            if talk_seconds.is_none() {
                of.open.insert(unique_id, OpenCall { number: of.next(), picker });
            }
            of.calls.push_back(Outcome { at, hold_seconds, is_answered, is_void: false });
            calls.number += 1;
        }
        calls.forget_old(unix);
        calls
    }

    /// A call joins. What is to be kept of it, here and below.
    pub(in crate::live) fn join(&mut self, queue: QueueId, unique_id: &str, at: f64, unix: f64) -> Option<QueueCall> {
        let of = self.queues.entry(queue).or_default();
        let (number, at) = (of.next(), whole(at));
        if let Some(before) = of.open.insert(unique_id.into(), OpenCall { number, picker: None })
            && let Some(before) = of.outcome_mut(before.number)
        {
            before.is_void = true;
        }
        let last = of.calls.back().map_or(at, |call| call.at);
        of.lateness = of.lateness.max(last.saturating_sub(at));
        of.calls.push_back(Outcome { at, hold_seconds: None, is_answered: false, is_void: false });
        self.number += 1;
        let kept = of.kept(queue, unique_id, None);
        self.forget_old(unix);
        kept
    }

    pub(in crate::live) fn is_open(&self, queue: QueueId, unique_id: &str) -> bool {
        self.queues.get(&queue).is_some_and(|of| of.open.contains_key(unique_id))
    }

    /// A call waits no more; whether it is answered is not known yet. None: nothing is new.
    pub(in crate::live) fn leave(
        &mut self,
        queue: QueueId,
        unique_id: &str,
        hold_seconds: Option<u32>,
        unix: f64,
    ) -> Option<QueueCall> {
        let of = self.queues.get_mut(&queue)?;
        let number = of.open.get(unique_id)?.number;
        let outcome = of.outcome_mut(number).filter(|outcome| outcome.hold_seconds.is_none())?;
        outcome.hold_seconds = Some(hold_seconds.unwrap_or_else(|| count_of(whole(unix) - outcome.at)));
        of.kept(queue, unique_id, None)
    }

    pub(in crate::live) fn answer(
        &mut self,
        queue: QueueId,
        unique_id: &str,
        picker: &str,
        hold_seconds: u32,
    ) -> Option<QueueCall> {
        let of = self.queues.get_mut(&queue)?;
        let call = of.open.get_mut(unique_id)?;
        call.picker = Some(if picker.is_empty() { "?" } else { picker }.into());
        let number = call.number;
        let outcome = of.outcome_mut(number)?;
        (outcome.hold_seconds, outcome.is_answered) = (Some(hold_seconds), true);
        of.kept(queue, unique_id, None)
    }

    /// A call that was answered is over, or its caller speaks to somebody else.
    pub(in crate::live) fn complete(
        &mut self,
        queue: QueueId,
        unique_id: &str,
        (picker, hold_seconds, talk_seconds): (&str, u32, u32),
    ) -> Option<QueueCall> {
        let is_answered = self.queues.get(&queue)?.open.get(unique_id)?.picker.is_some();
        if !is_answered {
            // That it was answered was missed.
            self.answer(queue, unique_id, picker, hold_seconds);
        }
        let of = self.queues.get_mut(&queue)?;
        of.kept(queue, unique_id, Some(talk_seconds))
    }

    /// The channel is gone: nothing more becomes of its calls.
    pub(in crate::live) fn hang_up(&mut self, unique_id: &str) {
        self.queues.values_mut().for_each(|of| drop(of.open.remove(unique_id)));
    }

    /// The same of every channel that is not alive.
    pub(in crate::live) fn keep_open(&mut self, is_alive: impl Fn(&str) -> bool) {
        self.queues.values_mut().for_each(|of| of.open.retain(|unique_id, _| is_alive(unique_id)));
    }

    pub(in crate::live) fn retain_queues(&mut self, is_known: impl Fn(QueueId) -> bool) {
        self.queues.retain(|queue, _| is_known(*queue));
        self.number = self.queues.values().map(|of| of.calls.len()).sum();
    }

    /// What became of those that joined in the last `window` seconds. Those that were answered in less than `xqos`
    /// seconds were answered well.
    pub(in crate::live) fn figures(&self, queue: QueueId, (window, xqos): (i64, i64), unix: f64) -> CallFigures {
        let Some(of) = self.queues.get(&queue) else { return CallFigures::default() };
        let since = whole(unix).saturating_sub(window);
        let mut figures = CallFigures::default();
        let (mut finished, mut held, mut well) = (0u64, 0u64, 0u64);
        // The latest first: a short window looks at few.
        let may_be_in = |call: &&Outcome| call.at > since.saturating_sub(of.lateness);
        for call in of.calls.iter().rev().take_while(may_be_in) {
            spend(1);
            if call.is_void || call.at <= since {
                continue;
            }
            figures.joined += 1;
            let Some(hold) = call.hold_seconds else { continue };
            finished += 1;
            held += u64::from(hold);
            figures.hold_longest = figures.hold_longest.max(Some(hold));
            if call.is_answered {
                figures.answered += 1;
                well += u64::from(i64::from(hold) < xqos);
            } else {
                figures.lost += 1;
            }
        }
        let answered = u64::from(figures.answered);
        figures.answered_rate = rounded(100 * answered, finished).filter(|_| answered > 0);
        figures.answered_well_rate = rounded(100 * well, answered);
        figures.hold_average = rounded(held, finished);
        figures
    }

    /// The oldest go where there are too many or they are too old.
    fn forget_old(&mut self, unix: f64) {
        let oldest = whole(unix) - whole(QUEUE_CALL_AGE_MAX.as_secs_f64());
        for of in self.queues.values_mut() {
            while of.calls.front().is_some_and(|call| call.at < oldest) {
                of.forget_first();
                self.number -= 1;
            }
        }
        while self.number > QUEUE_CALLS_MAX {
            let first = |of: &OfQueue| of.calls.front().map(|call| call.at);
            let with_oldest = self.queues.values_mut().filter_map(|of| Some((first(of)?, of)));
            let Some((_, of)) = with_oldest.min_by_key(|(at, _)| *at) else { break };
            of.forget_first();
            self.number -= 1;
        }
    }

    #[cfg(test)]
    pub(in crate::live) fn sizes(&self) -> [usize; 2] {
        assert_eq!(self.number, self.queues.values().map(|of| of.calls.len()).sum::<usize>());
        [self.number, self.queues.values().map(|of| of.open.len()).sum()]
    }
}

impl OfQueue {
    /// The number of the call that joins next.
    fn next(&self) -> u64 {
        self.first + u64::try_from(self.calls.len()).unwrap_or(u64::MAX)
    }

    fn place(&self, number: u64) -> Option<usize> {
        usize::try_from(number.checked_sub(self.first)?).ok()
    }

    fn outcome_mut(&mut self, number: u64) -> Option<&mut Outcome> {
        let place = self.place(number)?;
        self.calls.get_mut(place)
    }

    fn forget_first(&mut self) {
        self.calls.pop_front();
        let gone = self.first;
        self.first += 1;
        self.open.retain(|_, call| call.number != gone);
    }

    /// What is to be kept of an open call. Of one whose name is none nothing is.
    fn kept(&self, queue: QueueId, unique_id: &str, talk_seconds: Option<u32>) -> Option<QueueCall> {
        let call = self.open.get(unique_id)?;
        let outcome = self.calls.get(self.place(call.number)?)?;
        let is_name = (1..=QUEUE_CALL_NAME_CHARACTERS_MAX).contains(&unique_id.chars().count());
        is_name.then(|| QueueCall {
            unique_id: unique_id.into(),
            queue,
            at: outcome.at,
            hold_seconds: outcome.hold_seconds,
            picker: call.picker.as_deref().map(cut),
            talk_seconds,
        })
    }
}

fn cut(name: &str) -> Box<str> {
    match name.char_indices().nth(QUEUE_CALL_NAME_CHARACTERS_MAX) {
        Some((end, _)) => name[..end].into(),
        None => name.into(),
    }
}

/// Halves are rounded up.
fn rounded(sum: u64, number: u64) -> Option<u32> {
    let rounded = (2 * sum + number).checked_div(2 * number)?;
    Some(u32::try_from(rounded).unwrap_or(u32::MAX))
}

/// Whole seconds.
#[expect(clippy::cast_possible_truncation, reason = "a float that is too large becomes the largest")]
fn whole(seconds: f64) -> i64 {
    seconds as i64
}

/// Nothing where a clock was set back.
fn count_of(seconds: i64) -> u32 {
    u32::try_from(seconds.max(0)).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::id::Id as _;

    const QUEUE: i64 = 4;
    const NOW: f64 = 1_471_009_851.0;

    fn queue() -> QueueId {
        QueueId::new(QUEUE)
    }

    /// A call that joined so long ago, waited so long, and was answered or not.
    fn call(number: u32, ago: u32, hold_seconds: Option<u32>, is_answered: bool) -> QueueCall {
        QueueCall {
            unique_id: format!("u.{number}").into(),
            queue: queue(),
            at: whole(NOW) - i64::from(ago),
            hold_seconds,
            picker: is_answered.then(|| "Agent/8001".into()),
            talk_seconds: None,
        }
    }

    fn figures(calls: &[(u32, Option<u32>, bool)], window: i64, xqos: i64) -> CallFigures {
        let kept =
            calls.iter().zip(1..).map(|((ago, hold, is_answered), number)| call(number, *ago, *hold, *is_answered));
        QueueCalls::new(kept.collect(), NOW).figures(queue(), (window, xqos), NOW)
    }

    #[test]
    fn figures_are_those_of_the_table_of_telephony_7_3() {
        let of = |joined, answered, lost, rates: [Option<u32>; 4]| {
            let [answered_rate, answered_well_rate, hold_average, hold_longest] = rates;
            CallFigures { joined, answered, lost, answered_rate, answered_well_rate, hold_average, hold_longest }
        };
        assert_eq!(figures(&[], 3600, 60), of(0, 0, 0, [None; 4]));
        // One waits still.
        assert_eq!(figures(&[(5, None, false)], 3600, 60), of(1, 0, 0, [None; 4]));
        // Nobody was answered: no rate, but a time on hold.
        let lost = [(9, Some(4), false), (8, Some(5), false)];
        assert_eq!(figures(&lost, 3600, 60), of(2, 0, 2, [None, None, Some(5), Some(5)]));
        let busy =
            [(50, Some(10), true), (40, Some(60), true), (30, Some(61), true), (20, Some(3), false), (9, None, false)];
        assert_eq!(figures(&busy, 3600, 60), of(5, 3, 1, [Some(75), Some(33), Some(34), Some(61)]));
        assert_eq!(figures(&busy, 3600, 61).answered_well_rate, Some(67), "two of three, rounded");
        assert_eq!(
            figures(&busy, 40, 60),
            of(3, 1, 1, [Some(50), Some(0), Some(32), Some(61)]),
            "after the window's edge"
        );
        assert_eq!(figures(&busy, 0, 60), of(0, 0, 0, [None; 4]));
        assert_eq!(figures(&busy, -7, 60), of(0, 0, 0, [None; 4]));
        assert_eq!(figures(&busy, i64::MAX, i64::MIN).answered_well_rate, Some(0));
    }

    #[test]
    fn a_call_that_is_known_late_hides_none_that_joined_after_it() {
        let mut calls = QueueCalls::default();
        for (unique_id, ago) in [("u.1", 20.0), ("u.2", 10.0), ("u.3", 90.0), ("u.4", 80.0)] {
            calls.join(queue(), unique_id, NOW - ago, NOW);
        }
        let joined = |window| calls.figures(queue(), (window, 60), NOW).joined;
        assert_eq!([15, 60, 85, 100].map(joined), [1, 2, 3, 4]);
    }

    #[test]
    fn a_call_is_kept_as_it_joins_leaves_is_answered_and_ends() {
        let mut calls = QueueCalls::default();
        let kept = |hold_seconds, picker: Option<&str>, talk_seconds| {
            let (unique_id, picker) = ("u.1".into(), picker.map(Box::from));
            Some(QueueCall { unique_id, queue: queue(), at: whole(NOW), hold_seconds, picker, talk_seconds })
        };
        assert_eq!(calls.join(queue(), "u.1", NOW, NOW), kept(None, None, None));
        assert_eq!(calls.leave(queue(), "u.1", None, NOW + 7.9), kept(Some(7), None, None));
        assert_eq!(calls.leave(queue(), "u.1", Some(1), NOW + 9.0), None, "what was known stays");
        assert_eq!(calls.answer(queue(), "u.1", "Agent/8001", 8), kept(Some(8), Some("Agent/8001"), None));
        let completed = ("Agent/8001", 8, 65);
        assert_eq!(calls.complete(queue(), "u.1", completed), kept(Some(8), Some("Agent/8001"), Some(65)));
        calls.hang_up("u.1");
        assert_eq!(calls.complete(queue(), "u.1", completed), None);
        assert_eq!(calls.leave(queue(), "u.2", None, NOW), None, "a call that nobody saw join");
        assert_eq!(calls.sizes(), [1, 0]);
    }

    #[test]
    fn whoever_comes_back_into_the_same_queue_is_one_call_there() {
        let mut calls = QueueCalls::default();
        calls.join(queue(), "u.1", NOW - 9.0, NOW);
        calls.leave(queue(), "u.1", None, NOW - 4.0);
        calls.join(queue(), "u.1", NOW, NOW);
        let figures = calls.figures(queue(), (3600, 60), NOW + 1.0);
        assert_eq!((figures.joined, figures.lost), (1, 0));
    }

    #[test]
    fn what_is_too_old_or_too_much_goes_oldest_first() {
        let age = u32::try_from(QUEUE_CALL_AGE_MAX.as_secs()).expect("days");
        let mut calls = QueueCalls::new(vec![call(1, age + 1, Some(3), true), call(2, age - 1, None, false)], NOW);
        assert_eq!(calls.sizes(), [1, 1]);
        assert!(calls.is_open(queue(), "u.2"));
        let other = QueueId::new(QUEUE + 1);
        for number in 1..QUEUE_CALLS_MAX {
            calls.join(other, &number.to_string(), NOW, NOW);
        }
        assert_eq!(calls.sizes(), [QUEUE_CALLS_MAX, QUEUE_CALLS_MAX]);
        calls.join(other, "last", NOW, NOW);
        assert_eq!(calls.sizes(), [QUEUE_CALLS_MAX, QUEUE_CALLS_MAX]);
        assert!(!calls.is_open(queue(), "u.2") && calls.is_open(other, "1"));
        calls.retain_queues(|queue| queue != other);
        assert_eq!(calls.sizes(), [0, 0]);
    }
}
