//! Which actions wait for what: answers are put together by ActionID, since those of several actions come interleaved
//! (telephony §1.1). Pure; whose an answer is, the session says.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use super::answer::Answer;
use super::packet::Packet;
use super::plan::Awaited;

/// A response must come so fast.
pub(crate) const RESPONSE_MAX: Duration = Duration::from_secs(5);
/// A list may take so long without an item.
pub(crate) const LIST_MAX: Duration = Duration::from_secs(30);
/// How long after its own time a call may remain undecided.
pub(crate) const ORIGINATE_SLACK: Duration = Duration::from_secs(5);
/// All that is collected of lists may hold so much.
pub(crate) const COLLECTED_BYTES_MAX: usize = 128 * 1024 * 1024;
/// What a packet, and each header of it, takes beside its text.
const PACKET_BYTES: usize = 64;
const HEADER_BYTES: usize = 12;

/// `P`: whose it is.
pub(super) struct Outstanding<P> {
    waiting: HashMap<Box<str>, Waiting<P>>,
    collected_bytes: usize,
}

struct Waiting<P> {
    purpose: P,
    awaited: Awaited,
    deadline: Instant,
    response: Option<Packet>,
    events: Vec<Packet>,
    /// Of the events.
    bytes: usize,
}

/// What a packet was.
pub(super) enum Taken<P> {
    /// Part of an answer that is not complete.
    Collected,
    Complete(P, Answer),
    /// No answer, or to nothing that is waited for.
    Other(Packet),
    /// There is no room for it.
    TooMuch,
}

impl<P> Default for Outstanding<P> {
    fn default() -> Self {
        Self { waiting: HashMap::new(), collected_bytes: 0 }
    }
}

impl<P> Outstanding<P> {
    pub(super) fn add(&mut self, id: &str, purpose: P, awaited: Awaited, now: Instant) {
        let deadline = now + time_of(awaited);
        let waiting = Waiting { purpose, awaited, deadline, response: None, events: Vec::new(), bytes: 0 };
        self.waiting.insert(id.into(), waiting);
    }

    /// Actions that Asterisk has not responded to.
    pub(super) fn unanswered(&self) -> usize {
        self.waiting.values().filter(|waiting| waiting.response.is_none()).count()
    }

    pub(super) fn take(&mut self, packet: Packet, now: Instant) -> Taken<P> {
        let Some(id) = packet.action_id().filter(|id| self.waiting.contains_key(*id)) else {
            self.note_call(&packet);
            return Taken::Other(packet);
        };
        let id: Box<str> = id.into();
        let Some(waiting) = self.waiting.get_mut(&id) else { return Taken::Other(packet) };
        let is_complete = if packet.event().is_some() {
            let is_last = is_end(&packet, waiting.awaited);
            let bytes = bytes_of(&packet);
            waiting.bytes += bytes;
            self.collected_bytes += bytes;
            waiting.events.push(packet);
            is_last && waiting.response.is_some()
        } else {
            let is_list = packet.text("EventList").eq_ignore_ascii_case("start");
            let is_call = matches!(waiting.awaited, Awaited::Originate { .. })
                && packet.text("Response").eq_ignore_ascii_case("success");
            waiting.response = Some(packet);
            if is_list {
                waiting.deadline = waiting.deadline.max(now + LIST_MAX);
            }
            !is_list && !is_call
        };
        if self.collected_bytes > COLLECTED_BYTES_MAX {
            return Taken::TooMuch;
        }
        if !is_complete {
            self.renew_lists(now);
            return Taken::Collected;
        }
        match self.waiting.remove(&id) {
            Some(Waiting { purpose, response, events, bytes, .. }) => {
                self.collected_bytes -= bytes;
                Taken::Complete(purpose, Answer { response: response.unwrap_or_default(), events })
            }
            None => Taken::Collected,
        }
    }

    /// Those whose time is over.
    pub(super) fn expired(&mut self, now: Instant) -> Vec<P> {
        let expired = self.waiting.extract_if(|_, waiting| waiting.deadline <= now);
        let expired: Vec<Waiting<P>> = expired.map(|(_, waiting)| waiting).collect();
        self.collected_bytes -= expired.iter().map(|waiting| waiting.bytes).sum::<usize>();
        expired.into_iter().map(|waiting| waiting.purpose).collect()
    }

    pub(super) fn next_deadline(&self) -> Option<Instant> {
        self.waiting.values().map(|waiting| waiting.deadline).min()
    }

    /// Asterisk works through one list after the other: while anything comes of one, the others have time.
    fn renew_lists(&mut self, now: Instant) {
        let lists = self.waiting.values_mut().filter(|waiting| waiting.awaited == Awaited::List);
        lists.for_each(|waiting| waiting.deadline = now + LIST_MAX);
    }

    /// What ends a dialled channel tells why a call does not come about; the `OriginateResponse` does not (telephony §2).
    fn note_call(&mut self, packet: &Packet) {
        if !packet.event().is_some_and(|event| matches!(event, "DialEnd" | "Hangup")) {
            return;
        }
        for id in [packet.text("DestUniqueid"), packet.text("Uniqueid")] {
            if let Some(waiting) = self.waiting.get_mut(id)
                && matches!(waiting.awaited, Awaited::Originate { .. })
            {
                let bytes = bytes_of(packet);
                waiting.bytes += bytes;
                self.collected_bytes += bytes;
                waiting.events.push(packet.clone());
            }
        }
    }
}

fn time_of(awaited: Awaited) -> Duration {
    match awaited {
        Awaited::Response => RESPONSE_MAX,
        Awaited::List => LIST_MAX,
        Awaited::Originate { timeout } => timeout + ORIGINATE_SLACK,
    }
}

/// Whether it is the last event of its answer.
fn is_end(event: &Packet, awaited: Awaited) -> bool {
    match awaited {
        Awaited::Originate { .. } => event.event() == Some("OriginateResponse"),
        Awaited::Response | Awaited::List => {
            event.get("EventList").is_some_and(|list| !list.eq_ignore_ascii_case("start"))
        }
    }
}

fn bytes_of(packet: &Packet) -> usize {
    PACKET_BYTES + packet.bytes() + HEADER_BYTES * packet.header_count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn feed(outstanding: &mut Outstanding<u8>, now: Instant, texts: &[&str]) -> Vec<(u8, Answer)> {
        let taken = texts.iter().map(|text| outstanding.take(Packet::of(text), now));
        let complete = taken.filter_map(|taken| match taken {
            Taken::Complete(purpose, answer) => Some((purpose, answer)),
            Taken::Collected | Taken::Other(_) | Taken::TooMuch => None,
        });
        complete.collect()
    }

    #[test]
    fn interleaved_lists_and_responses_are_told_apart_by_their_id() {
        let now = Instant::now();
        let mut outstanding = Outstanding::default();
        for (id, purpose, awaited) in
            [("n-1", 1, Awaited::List), ("n-2", 2, Awaited::List), ("n-3", 3, Awaited::Response)]
        {
            outstanding.add(id, purpose, awaited, now);
        }
        let complete = feed(
            &mut outstanding,
            now,
            &[
                "Response: Success\nActionID: n-1\nEventList: start",
                "Event: Item\nActionID: n-1\nX: a",
                "Response: Success\nActionID: n-2\nEventList: start",
                "Event: Item\nActionID: n-2\nX: b",
                "Response: Error\nActionID: n-3\nMessage: no",
                "Event: Item\nActionID: n-1\nX: c",
                "Event: Other\nX: d",
                "Event: Complete\nActionID: n-2\nEventList: Complete\nListItems: 1",
                "Event: Complete\nActionID: n-1\nEventList: Complete\nListItems: 2",
                "Response: Success\nActionID: other-1",
            ],
        );
        let order: Vec<u8> = complete.iter().map(|(purpose, _)| *purpose).collect();
        assert_eq!(order, [3, 2, 1]);
        let items: Vec<&str> = complete[2].1.events("item").map(|item| item.text("X")).collect();
        assert_eq!((items, complete[0].1.message()), (vec!["a", "c"], "no"));
        assert_eq!((outstanding.unanswered(), outstanding.collected_bytes), (0, 0));
    }

    #[test]
    fn a_call_ends_with_its_response_and_brings_what_was_said_of_its_channel() {
        let now = Instant::now();
        let mut outstanding = Outstanding::default();
        outstanding.add("n-7", 7, Awaited::Originate { timeout: Duration::from_secs(20) }, now);
        let complete = feed(
            &mut outstanding,
            now,
            &[
                "Response: Success\nActionID: n-7\nMessage: Originate successfully queued",
                "Event: DialEnd\nDestUniqueid: n-7\nDialStatus: BUSY",
                "Event: DialEnd\nDestUniqueid: tel-1.2\nDialStatus: ANSWER",
                "Event: OriginateResponse\nActionID: n-7\nResponse: Failure\nReason: 0",
            ],
        );
        let [(7, answer)] = &complete[..] else { panic!("{complete:?}") };
        assert_eq!(answer.events("DialEnd").map(|end| end.text("DialStatus")).collect::<Vec<_>>(), ["BUSY"]);
        outstanding.add("n-8", 8, Awaited::Originate { timeout: Duration::from_secs(20) }, now);
        assert_eq!(feed(&mut outstanding, now, &["Response: Error\nActionID: n-8"]).len(), 1);
    }

    #[test]
    fn what_is_not_answered_in_time_expires_and_a_list_has_time_while_items_come() {
        let start = Instant::now();
        let later = |seconds| start + Duration::from_secs(seconds);
        let mut outstanding = Outstanding::default();
        outstanding.add("n-1", 1, Awaited::Response, start);
        outstanding.add("n-2", 2, Awaited::List, start);
        assert_eq!(outstanding.next_deadline(), Some(later(5)));
        assert_eq!(outstanding.expired(later(5)), [1]);
        feed(&mut outstanding, later(20), &["Response: Success\nActionID: n-2\nEventList: start"]);
        feed(&mut outstanding, later(40), &["Event: Item\nActionID: n-2"]);
        assert!(outstanding.expired(later(69)).is_empty());
        assert_eq!((outstanding.expired(later(70)), outstanding.collected_bytes), (vec![2], 0));
        assert_eq!(outstanding.next_deadline(), None);
    }
}
