//! Who waits for what comes of something that `live` was asked for outside of a session, each by a number. The actor owns one
//! for each kind of answer.

use std::collections::HashMap;

use tokio::sync::oneshot;

pub(super) struct Waiting<T> {
    by_number: HashMap<u64, oneshot::Sender<T>>,
    begun: u64,
}

impl<T> Default for Waiting<T> {
    fn default() -> Self {
        Self { by_number: HashMap::new(), begun: 0 }
    }
}

impl<T> Waiting<T> {
    /// Under what number the answer comes.
    pub(super) fn add(&mut self, who: oneshot::Sender<T>) -> u64 {
        self.begun += 1;
        self.by_number.insert(self.begun, who);
        self.begun
    }

    /// To whoever waits under that number: who waited long enough has gone.
    pub(super) fn answer(&mut self, number: u64, answer: T) {
        if let Some(waiting) = self.by_number.remove(&number) {
            let _ = waiting.send(answer);
        }
    }
}
