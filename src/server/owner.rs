//! The one task that owns the live picture: it takes all that waits in its queue, lets the desk decide, and what is
//! decided goes to the hub before the next input. Nobody else touches the picture. If this task panics, the process ends.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio::task::yield_now;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until};

use super::clock::Clock;
use super::hub::{Connected, Hub};
use super::shutdown::Shutdown;
use crate::auth::Authenticator;
use crate::control;
use crate::features::desk::{Desk, Taken};
use crate::live::{Admission, Ending, Input, SessionId};
use crate::observe::shown;
use crate::protocol::request::Version;
use crate::settings::configuration::Configuration;
use crate::settings::setting::General;

/// Inputs that may wait; whoever sends one more waits.
pub(super) const INPUTS_WAITING_MAX: usize = 4096;
/// Inputs that are taken before the clock and the word to stop are looked at again.
const INPUTS_AT_ONCE: usize = 256;

/// What comes to the owner.
#[derive(Debug)]
pub(super) enum Message {
    /// A connection has logged in.
    Enter {
        connected: Connected,
        admission: Admission,
    },
    Input(Input),
    /// New settings; the answer is how many sessions they ended.
    Settings {
        configuration: Arc<Configuration>,
        general: Arc<General>,
        ended: oneshot::Sender<u32>,
    },
    /// An administrator asks who is there.
    Sessions(oneshot::Sender<Vec<control::Session>>),
    /// An administrator ends sessions; the answer is how many.
    End {
        whose: control::Whose,
        how: Ending,
        ended: oneshot::Sender<u32>,
    },
}

pub(super) struct Owner {
    pub(super) desk: Desk,
    pub(super) clock: Clock,
    pub(super) messages: mpsc::Receiver<Message>,
    /// From the writer's thread, which must not wait, and from clients' writers, what became of chat.
    pub(super) kept: mpsc::UnboundedReceiver<Input>,
    /// Asked whether clients wait there who were connected before the start.
    pub(super) authenticator: Arc<Authenticator>,
    /// How often the service manager wants to hear that this task lives.
    pub(super) watchdog: Option<Duration>,
}

impl Owner {
    /// Runs until the shutdown. What waits then is left undone: on a planned stop no session ends ("Ours" 5). But
    /// until it is `over` with all connections, what they say of chat is heard. The desk comes back, for letting it go
    /// waits for the disk.
    pub(super) async fn run(mut self, mut shutdown: Shutdown, over: Shutdown) -> Desk {
        let mut hub = Hub::new();
        let mut waiting = Vec::with_capacity(INPUTS_AT_ONCE);
        let mut watchdog = interval(self.watchdog.unwrap_or(Duration::from_secs(3600)));
        watchdog.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let alarm = self.desk.next_alarm().map(|steady| Instant::from_std(self.clock.instant_of(steady)));
            hub.hand_out();
            tokio::select! {
                biased;
                () = shutdown.requested() => return self.stop(hub, over).await,
                _ = watchdog.tick(), if self.watchdog.is_some() => super::readiness::still_alive(),
                Some(input) = self.kept.recv() => self.take_kept(input, &mut hub),
                number = self.messages.recv_many(&mut waiting, INPUTS_AT_ONCE) => {
                    if number == 0 {
                        return self.desk;
                    }
                    // Connections that are ready to bring more, or to write, come first: under load more is decided,
                    // and handed out, together.
                    yield_now().await;
                    while waiting.len() < INPUTS_AT_ONCE
                        && let Ok(message) = self.messages.try_recv()
                    {
                        waiting.push(message);
                    }
                    for message in waiting.drain(..) {
                        self.take(message, &mut hub);
                    }
                }
                // Last: every input rings what is due.
                () = sleep_until(alarm.unwrap_or_else(Instant::now)), if alarm.is_some() => {
                    self.apply(Input::Tick, &mut hub);
                }
            }
        }
    }

    /// What no client has acknowledged is kept; what one acknowledges yet is not.
    async fn stop(mut self, mut hub: Hub, mut over: Shutdown) -> Desk {
        self.apply(Input::Stopping, &mut hub);
        loop {
            tokio::select! {
                biased;
                Some(input) = self.kept.recv() => {
                    if let Input::ChatAcknowledged { .. } = input {
                        self.apply(input, &mut hub);
                    }
                }
                () = over.requested() => return self.desk,
            }
        }
    }

    fn take(&mut self, message: Message, hub: &mut Hub) {
        match message {
            Message::Enter { connected, admission } => {
                let session = connected.session;
                hub.enter(connected);
                self.apply(Input::LoggedIn { session, admission }, hub);
                hub.answered(session);
            }
            Message::Input(Input::Asked { session, line }) => {
                if self.apply(Input::Asked { session, line }, hub) == Taken::Whole {
                    hub.answered(session);
                }
            }
            Message::Input(Input::Gone { session }) => {
                hub.leave(session);
                self.apply(Input::Gone { session }, hub);
            }
            Message::Input(input) => drop(self.apply(input, hub)),
            Message::Settings { configuration, general, ended } => {
                let before = self.desk.live().session_list().len();
                self.apply(Input::Settings { configuration, general }, hub);
                let after = self.desk.live().session_list().len();
                // Who asked may be gone.
                let _ = ended.send(u32::try_from(before.saturating_sub(after)).unwrap_or(u32::MAX));
            }
            Message::Sessions(answer) => {
                // Who asked may be gone.
                let _ = answer.send(self.sessions(hub));
            }
            Message::End { whose, how, ended } => {
                let sessions = self.sessions_of(&whose);
                for session in &sessions {
                    self.apply(Input::End { session: *session, how }, hub);
                }
                let _ = ended.send(u32::try_from(sessions.len()).unwrap_or(u32::MAX));
            }
        }
    }

    /// What comes back from the store; the line that waited for a deed is now dealt with.
    fn take_kept(&mut self, input: Input, hub: &mut Hub) {
        let asker = if let Input::Done { waiting, .. } = &input { waiting.session() } else { None };
        self.apply(input, hub);
        if let Some(session) = asker {
            hub.answered(session);
        }
    }

    fn apply(&mut self, input: Input, hub: &mut Hub) -> Taken {
        let now = self.clock.now();
        if self.desk.next_alarm().is_some_and(|alarm| alarm <= now.steady) && self.authenticator.has_waiting() {
            self.desk.take(now, Input::ChecksWait, hub);
        }
        self.desk.take(now, input, hub)
    }

    fn sessions(&self, hub: &Hub) -> Vec<control::Session> {
        let list = self.desk.live().session_list();
        let with_socket = list.into_iter().filter_map(|session| Some((hub.get(session.session)?, session)));
        with_socket
            .map(|(connected, session)| control::Session {
                session: session.session.0,
                user: session.login,
                name: shown(&session.full_name),
                address: connected.peer.to_string(),
                version: version_text(session.version).to_owned(),
                encrypted: connected.tls.is_some(),
                tls: connected.tls.map(|version| version.word().to_owned()),
                presence: session.presence.into(),
                since: session.since,
            })
            .collect()
    }

    fn sessions_of(&self, whose: &control::Whose) -> Vec<SessionId> {
        let is_meant = |session: &crate::live::ConnectedSession| match whose {
            control::Whose::Session(number) => session.session.0 == *number,
            control::Whose::User(login) => session.login.eq_ignore_ascii_case(login),
        };
        let list = self.desk.live().session_list();
        list.iter().filter(|session| is_meant(session)).map(|session| session.session).collect()
    }
}

fn version_text(version: Version) -> &'static str {
    match version {
        Version::V2_0 => "2.0",
        Version::V2_1 => "2.1",
        Version::V2_2 => "2.2",
        Version::V2_3 => "2.3",
    }
}
