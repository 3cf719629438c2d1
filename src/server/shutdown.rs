//! The request to shut down, heard by every task. Triggering it twice changes nothing.

use tokio::sync::watch;

/// Requests it. When all of these are dropped it is requested as well.
#[derive(Debug)]
pub(super) struct ShutdownTrigger(watch::Sender<bool>);

/// Hears of it; cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Shutdown(watch::Receiver<bool>);

pub(super) fn channel() -> (ShutdownTrigger, Shutdown) {
    let (sender, receiver) = watch::channel(false);
    (ShutdownTrigger(sender), Shutdown(receiver))
}

impl ShutdownTrigger {
    pub(super) fn trigger(&self) {
        self.0.send_replace(true);
    }
}

impl Shutdown {
    pub(super) fn is_shutdown(&self) -> bool {
        *self.0.borrow()
    }

    pub(super) async fn requested(&mut self) {
        // An error means that nobody is left to trigger it.
        let _ = self.0.wait_for(|is_requested| *is_requested).await;
    }
}
