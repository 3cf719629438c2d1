//! What passes over the link, as whoever follows it sees it: secrets are masked here, before anybody else has the text. The
//! link tells it without waiting; whoever reads too slowly is told so and hears no more. While nobody follows it costs nothing.

use std::sync::Arc;

use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;

use super::packet::Packet;
use super::packet_reader::Received;

/// What a follower has not taken yet.
pub(crate) const TRACED_WAITING_MAX: usize = 8192;
const MASK: &str = "***";
/// What a header's name holds, in small letters, whose value nobody is to read: PJSIP's show passwords in clear (telephony
/// §18.18).
const SECRET_NAMES: [&str; 5] = ["secret", "password", "passwd", "md5cred", "md5_cred"];

/// Something that passed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Traced {
    pub(crate) way: Way,
    /// Headers, `Name: value`.
    pub(crate) lines: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    Sent,
    Received,
}

/// What a follower hears next.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Followed {
    Traced(Arc<Traced>),
    /// Too slow: what came behind is lost.
    TooSlow,
    Over,
}

/// Cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Trace(broadcast::Sender<Arc<Traced>>);

/// Hears from its beginning on.
#[derive(Debug)]
pub(crate) struct Follower(broadcast::Receiver<Arc<Traced>>);

impl Default for Trace {
    fn default() -> Self {
        Self(broadcast::Sender::new(TRACED_WAITING_MAX))
    }
}

impl Trace {
    pub(super) fn follow(&self) -> Follower {
        Follower(self.0.subscribe())
    }

    /// Actions as they go onto the wire.
    pub(super) fn sent(&self, bytes: &[u8]) {
        if self.0.receiver_count() == 0 {
            return;
        }
        let text = String::from_utf8_lossy(bytes);
        for action in text.split("\r\n\r\n").filter(|action| !action.is_empty()) {
            let headers: Vec<(&str, &str)> = action.lines().filter_map(|line| line.split_once(": ")).collect();
            self.tell(Way::Sent, lines(headers));
        }
    }

    pub(super) fn received(&self, received: &Received) {
        if self.0.receiver_count() == 0 {
            return;
        }
        match received {
            Received::Banner(version) => {
                self.tell(Way::Received, vec![format!("Asterisk Call Manager/{}", clean(version))]);
            }
            Received::Packet(packet) => self.tell(Way::Received, lines(Packet::headers(packet).collect())),
        }
    }

    fn tell(&self, way: Way, lines: Vec<String>) {
        // Whoever followed may be gone by now.
        let _ = self.0.send(Arc::new(Traced { way, lines }));
    }
}

impl Follower {
    pub(crate) async fn next(&mut self) -> Followed {
        match self.0.recv().await {
            Ok(traced) => Followed::Traced(traced),
            Err(RecvError::Lagged(_)) => Followed::TooSlow,
            Err(RecvError::Closed) => Followed::Over,
        }
    }
}

fn lines(headers: Vec<(&str, &str)>) -> Vec<String> {
    // What it is the key of in AstDB everybody may know.
    let is_login = headers.iter().any(|(name, value)| *name == "Action" && *value == "Login");
    let line = |(name, value): (&str, &str)| {
        let lower = name.to_ascii_lowercase();
        let is_secret = SECRET_NAMES.iter().any(|secret| lower.contains(secret)) || (is_login && lower == "key");
        format!("{}: {}", clean(name), if is_secret && !value.is_empty() { MASK.into() } else { clean(value) })
    };
    headers.into_iter().map(line).collect()
}

/// A terminal obeys nothing of it.
fn clean(text: &str) -> String {
    text.chars().filter(|c| !crate::observe::is_harmful(*c)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_masked_both_ways() {
        let trace = Trace::default();
        let mut follower = trace.follow();
        trace.sent(b"Action: Login\r\nActionID: n-1\r\nUsername: ctibox\r\nSecret: s3cret\r\n\r\n");
        trace.sent(b"Action: Login\r\nKey: ed90bb\r\n\r\nAction: DBPut\r\nKey: dnd\r\n\r\n");
        trace.received(&Received::Packet(Packet::of("Event: AuthDetail\nPassword: geheim\nMd5Cred: \nUsername: 101")));
        let mut told = String::new();
        while let Ok(traced) = follower.0.try_recv() {
            told.push_str(&format!("{:?} {}\n", traced.way, traced.lines.join(", ")));
        }
        assert_eq!(
            told,
            "Sent Action: Login, ActionID: n-1, Username: ctibox, Secret: ***\n\
             Sent Action: Login, Key: ***\n\
             Sent Action: DBPut, Key: dnd\n\
             Received Event: AuthDetail, Password: ***, Md5Cred: , Username: 101\n"
        );
    }

    #[tokio::test]
    async fn whoever_reads_too_slowly_is_told_and_holds_up_nobody() {
        let trace = Trace::default();
        let mut follower = trace.follow();
        for _ in 0..=TRACED_WAITING_MAX {
            trace.sent(b"Action: Ping\r\n\r\n");
        }
        assert_eq!(follower.next().await, Followed::TooSlow);
    }
}
