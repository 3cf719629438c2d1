//! Who follows what happens: each has a queue of events with a bound, and whoever reads too slowly is cut off, never
//! waited for.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tracing::warn;

use crate::live::messages::Event;
use crate::observe::counter::{Counter, count};

/// Events that wait for one follower; what one input brings about always fits if nothing else waits.
const EVENTS_WAITING_MAX: usize = 10_000;

/// What comes to a follower.
#[derive(Debug)]
pub(crate) enum Followed {
    /// What one input brought about, in order.
    Events(Arc<[Event]>),
    /// Nothing more comes: so many events waited that one more had no room.
    TooSlow,
}

#[derive(Debug, Default)]
pub(super) struct Followers(Vec<Follower>);

#[derive(Debug)]
struct Follower {
    queue: UnboundedSender<Followed>,
    waiting: Arc<AtomicUsize>,
}

/// The far end of a follower's queue; dropped, nothing more comes.
#[derive(Debug)]
pub(crate) struct EventStream {
    queue: UnboundedReceiver<Followed>,
    waiting: Arc<AtomicUsize>,
}

impl Followers {
    pub(super) fn add(&mut self) -> EventStream {
        let (sender, queue) = unbounded_channel();
        let waiting = Arc::new(AtomicUsize::new(0));
        self.0.push(Follower { queue: sender, waiting: waiting.clone() });
        EventStream { queue, waiting }
    }

    pub(super) fn are_none(&self) -> bool {
        self.0.is_empty()
    }

    /// Breaks off with the last follower: from now on events are for nobody.
    pub(super) fn publish(&mut self, events: Vec<Event>) -> ControlFlow<()> {
        if self.0.is_empty() || events.is_empty() {
            return ControlFlow::Continue(());
        }
        let events: Arc<[Event]> = events.into();
        self.0.retain(|follower| follower.takes(&events));
        if self.0.is_empty() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

impl Follower {
    /// False: it is gone, or is cut off.
    fn takes(&self, events: &Arc<[Event]>) -> bool {
        let before = self.waiting.fetch_add(events.len(), Ordering::Relaxed);
        if before > 0 && before + events.len() > EVENTS_WAITING_MAX {
            count(Counter::EventFollowersCutOff);
            warn!(waiting = before, "somebody who follows events reads too slowly and is cut off");
            // Whoever is gone needs not hear it.
            let _ = self.queue.send(Followed::TooSlow);
            return false;
        }
        self.queue.send(Followed::Events(events.clone())).is_ok()
    }
}

impl EventStream {
    /// None: the server stops.
    pub(crate) async fn next(&mut self) -> Option<Followed> {
        let followed = self.queue.recv().await?;
        if let Followed::Events(events) = &followed {
            self.waiting.fetch_sub(events.len(), Ordering::Relaxed);
        }
        Some(followed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::live::messages::{self, Change, Subject};
    use crate::settings::id::{Id as _, UserId};

    fn events(number: usize) -> Vec<Event> {
        let subject = Subject::User(UserId::new(1));
        vec![Event { at: 1.0, cause: messages::Cause::Settings, subject, change: Change::Configured }; number]
    }

    async fn heard(stream: &mut EventStream) -> Option<usize> {
        match stream.next().await {
            Some(Followed::Events(events)) => Some(events.len()),
            Some(Followed::TooSlow) => Some(0),
            None => None,
        }
    }

    #[tokio::test]
    async fn whoever_reads_too_slowly_hears_what_waited_and_that_it_is_cut_off() {
        let mut followers = Followers::default();
        let (mut slow, mut quick) = (followers.add(), followers.add());
        for number in [1, EVENTS_WAITING_MAX - 1, 1] {
            assert!(followers.publish(events(number)).is_continue());
            assert_eq!(heard(&mut quick).await, Some(number));
        }
        assert!(followers.publish(events(2)).is_continue());
        assert_eq!(heard(&mut quick).await, Some(2));
        for expected in [Some(1), Some(EVENTS_WAITING_MAX - 1), Some(0), None] {
            assert_eq!(heard(&mut slow).await, expected);
        }
        drop(quick);
        assert!(followers.publish(events(1)).is_break());
        assert!(followers.are_none());
    }

    #[tokio::test]
    async fn what_one_input_brings_about_fits_whatever_it_is() {
        let mut followers = Followers::default();
        let mut stream = followers.add();
        assert!(followers.publish(events(3 * EVENTS_WAITING_MAX)).is_continue());
        assert_eq!(heard(&mut stream).await, Some(3 * EVENTS_WAITING_MAX));
        drop(followers);
        assert_eq!(heard(&mut stream).await, None);
    }
}
