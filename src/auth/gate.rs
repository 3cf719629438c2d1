//! The gate before one backend: so many checks at once, a bounded number waits, and addresses take turns. What waits at
//! one gate holds up nobody at another. `authenticator` asks for a permit; the check holds it until it is over.

use std::net::IpAddr;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

use super::fair_queue::{FairQueue, QueueFull};
use crate::settings::address_group::AddressGroup;

/// Cheap to clone.
#[derive(Clone)]
pub(super) struct Gate(Arc<Mutex<Places>>);

struct Places {
    /// Nobody waits while one is free.
    free: usize,
    waiting: FairQueue<oneshot::Sender<CheckPermit>>,
}

/// The right to one check at a time; given back by drop, to whoever is next.
pub(super) struct CheckPermit(Gate);

impl Gate {
    pub(super) fn new(at_once: NonZeroUsize, waiting_max: usize) -> Self {
        Self(Arc::new(Mutex::new(Places { free: at_once.get(), waiting: FairQueue::new(waiting_max) })))
    }

    /// Waits for the address's turn.
    pub(super) async fn admit(&self, address: IpAddr) -> Result<CheckPermit, QueueFull> {
        let turn = {
            let mut places = self.places();
            if places.free > 0 {
                places.free -= 1;
                return Ok(CheckPermit(self.clone()));
            }
            let (turn, is_turn) = oneshot::channel();
            places.waiting.put(AddressGroup::of(address), turn)?;
            is_turn
        };
        // Never lost: the queue, which this gate keeps, lets go of no turn but to give it.
        turn.await.map_err(|_| QueueFull)
    }

    /// How many wait for their turn; who went away counts until it would have been theirs.
    pub(super) fn waiting(&self) -> usize {
        self.places().waiting.len()
    }

    fn places(&self) -> MutexGuard<'_, Places> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Who is next and still there; None: the place is free again.
    fn next(&self) -> Option<oneshot::Sender<CheckPermit>> {
        let mut places = self.places();
        while let Some(turn) = places.waiting.take() {
            // Nobody waits for it any more: the next one is not to wait for it either.
            if !turn.is_closed() {
                return Some(turn);
            }
        }
        places.free += 1;
        None
    }
}

impl Drop for CheckPermit {
    fn drop(&mut self) {
        if let Some(turn) = self.0.next() {
            // One who went in this very moment drops it, and so hands it on.
            drop(turn.send(Self(self.0.clone())));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::task::{Context, Poll, Waker};

    use super::*;

    fn address(last: u8) -> IpAddr {
        IpAddr::from([10, 0, 0, last])
    }

    fn gate(at_once: usize, waiting_max: usize) -> Gate {
        Gate::new(NonZeroUsize::new(at_once).expect("at least one"), waiting_max)
    }

    type Admission = std::pin::Pin<Box<dyn Future<Output = Result<CheckPermit, QueueFull>>>>;

    /// Asks for a permit, as far as it goes without waiting.
    fn ask(gate: &Gate, last: u8) -> (Admission, Option<Result<CheckPermit, QueueFull>>) {
        let gate = gate.clone();
        let mut asked: Admission = Box::pin(async move { gate.admit(address(last)).await });
        let now = poll(&mut asked);
        (asked, now)
    }

    fn poll(asked: &mut Admission) -> Option<Result<CheckPermit, QueueFull>> {
        match asked.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(outcome) => Some(outcome),
            Poll::Pending => None,
        }
    }

    #[test]
    fn so_many_at_once_and_so_many_wait_and_no_more() {
        let gate = gate(2, 1);
        let first = ask(&gate, 1).1.expect("at once").expect("room");
        let _second = ask(&gate, 1).1.expect("at once").expect("room");
        assert_eq!(gate.waiting(), 0);
        let (mut third, now) = ask(&gate, 2);
        assert!(now.is_none() && gate.waiting() == 1);
        assert!(matches!(ask(&gate, 3).1, Some(Err(QueueFull))));
        drop(first);
        let third = poll(&mut third).expect("its turn").expect("room");
        assert_eq!(gate.waiting(), 0);
        drop(third);
        assert!(ask(&gate, 3).1.is_some_and(|permit| permit.is_ok()), "the place is free again");
    }

    #[test]
    fn who_went_away_is_passed_over_before_their_turn_and_after_it() {
        let gate = gate(1, 20_000);
        let first = ask(&gate, 1).1.expect("at once").expect("room");
        let gone: Vec<_> = (0..20_000 - 2).map(|_| ask(&gate, 1)).collect();
        let (given_but_gone, _) = ask(&gate, 1);
        let (mut last, _) = ask(&gate, 1);
        drop(gone);
        drop(first);
        assert!(poll(&mut last).is_none(), "the turn is another's");
        drop(given_but_gone);
        assert!(poll(&mut last).is_some_and(|permit| permit.is_ok()));
    }

    #[test]
    fn addresses_take_turns() {
        let gate = gate(1, 100);
        let mut held = ask(&gate, 1).1;
        let mut waiting: Vec<_> = [1, 1, 1, 2].map(|last| ask(&gate, last).0).into();
        let mut order = Vec::new();
        while order.len() < 4 {
            drop(held.take());
            let (at, permit) = waiting
                .iter_mut()
                .enumerate()
                .filter(|(at, _)| !order.contains(at))
                .find_map(|(at, asked)| poll(asked).map(|permit| (at, permit)))
                .expect("somebody's turn");
            order.push(at);
            held = Some(permit);
        }
        assert_eq!(order, [0, 3, 1, 2]);
    }
}
