//! A future that is polled only when it was woken itself, whatever else of its task was: a session is woken for every
//! broadcast, and what reads from its client has nothing to do with that. Used by `connection`.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};

pub(super) struct OwnWaker<F> {
    future: F,
    /// Made at the first poll, and anew should the task ever have another waker.
    flag: Option<(Arc<WakeFlag>, Waker)>,
}

/// What the future is given as its waker.
struct WakeFlag {
    is_set: AtomicBool,
    task: Waker,
}

impl Wake for WakeFlag {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.is_set.store(true, Ordering::Release);
        self.task.wake_by_ref();
    }
}

impl<F: Future + Unpin> OwnWaker<F> {
    pub(super) fn new(future: F) -> Self {
        Self { future, flag: None }
    }
}

impl<F: Future + Unpin> Future for OwnWaker<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let Self { future, flag } = &mut *self;
        let kept = flag.take().filter(|(flag, _)| flag.task.will_wake(context.waker()));
        let (flag, waker) = flag.insert(kept.unwrap_or_else(|| {
            let flag = Arc::new(WakeFlag { is_set: AtomicBool::new(true), task: context.waker().clone() });
            (flag.clone(), Waker::from(flag))
        }));
        if flag.is_set.swap(false, Ordering::Acquire) {
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
        let mut own_waker = OwnWaker::new(poll_fn(|context: &mut Context<'_>| {
            *inner.lock().expect("one thread") = Some(context.waker().clone());
            if polls.fetch_add(1, Ordering::Relaxed) < 2 { Poll::Pending } else { Poll::Ready(()) }
        }));
        let wakes = Arc::new(Count::default());
        let waker = Waker::from(wakes.clone());
        let mut poll = |waker: &Waker| Pin::new(&mut own_waker).poll(&mut Context::from_waker(waker)).is_ready();
        assert!(!poll(&waker) && !poll(&waker) && !poll(&waker));
        assert_eq!(polls.load(Ordering::Relaxed), 1);
        inner.lock().expect("one thread").take().expect("polled").wake();
        assert_eq!(wakes.0.load(Ordering::Relaxed), 1);
        assert!(!poll(&waker) && !poll(&waker));
        assert_eq!(polls.load(Ordering::Relaxed), 2);
        assert!(poll(&Waker::from(Arc::new(Count::default()))), "the first waker may be nobody's any more");
    }
}
