//! A future that is polled only when it was woken itself, whatever else of its task was: a session is woken for every
//! broadcast, and what reads from its client has nothing to do with that. Used by `connection`.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};

pub(super) struct Apart<F> {
    future: F,
    /// Made at the first poll, and anew should the task ever have another waker.
    bell: Option<(Arc<Bell>, Waker)>,
}

/// What the future is given as its waker.
struct Bell {
    is_rung: AtomicBool,
    task: Waker,
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.is_rung.store(true, Ordering::Release);
        self.task.wake_by_ref();
    }
}

impl<F: Future + Unpin> Apart<F> {
    pub(super) fn new(future: F) -> Self {
        Self { future, bell: None }
    }
}

impl<F: Future + Unpin> Future for Apart<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let Self { future, bell } = &mut *self;
        let kept = bell.take().filter(|(bell, _)| bell.task.will_wake(context.waker()));
        let (bell, waker) = bell.insert(kept.unwrap_or_else(|| {
            let bell = Arc::new(Bell { is_rung: AtomicBool::new(true), task: context.waker().clone() });
            (bell.clone(), Waker::from(bell))
        }));
        if bell.is_rung.swap(false, Ordering::Acquire) {
            return Pin::new(future).poll(&mut Context::from_waker(waker));
        }
        Poll::Pending
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;
    use std::sync::Mutex;
    use std::sync::atomic::AtomicU32;

    use super::*;

    #[derive(Default)]
    struct Count(AtomicU32);

    impl Wake for Count {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    #[test]
    fn it_is_polled_at_first_when_it_was_woken_and_for_another_waker_but_never_else() {
        let polls = AtomicU32::new(0);
        let inner = Mutex::new(None);
        let mut apart = Apart::new(poll_fn(|context: &mut Context<'_>| {
            *inner.lock().expect("one thread") = Some(context.waker().clone());
            if polls.fetch_add(1, Ordering::Relaxed) < 2 { Poll::Pending } else { Poll::Ready(()) }
        }));
        let wakes = Arc::new(Count::default());
        let waker = Waker::from(wakes.clone());
        let mut poll = |waker: &Waker| Pin::new(&mut apart).poll(&mut Context::from_waker(waker)).is_ready();
        assert!(!poll(&waker) && !poll(&waker) && !poll(&waker));
        assert_eq!(polls.load(Ordering::Relaxed), 1);
        inner.lock().expect("one thread").take().expect("polled").wake();
        assert_eq!(wakes.0.load(Ordering::Relaxed), 1);
        assert!(!poll(&waker) && !poll(&waker));
        assert_eq!(polls.load(Ordering::Relaxed), 2);
        assert!(poll(&Waker::from(Arc::new(Count::default()))), "the first waker may be nobody's any more");
    }
}
