//! The word that the server stops, heard by every task, and the signals that say it. Saying it twice changes nothing.

use tokio::sync::watch;

/// Says it. When all of these are dropped it is said as well.
#[derive(Debug)]
pub(super) struct Stop(watch::Sender<bool>);

/// Hears it; cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct StopSignal(watch::Receiver<bool>);

pub(super) fn stop() -> (Stop, StopSignal) {
    let (sender, receiver) = watch::channel(false);
    (Stop(sender), StopSignal(receiver))
}

impl Stop {
    pub(super) fn say(&self) {
        self.0.send_replace(true);
    }
}

impl StopSignal {
    pub(super) fn is_said(&self) -> bool {
        *self.0.borrow()
    }

    pub(super) async fn said(&mut self) {
        // An error means that nobody is left to say it.
        let _ = self.0.wait_for(|is_said| *is_said).await;
    }
}
