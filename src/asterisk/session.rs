//! One connection's dialogue with Asterisk as a state machine: login, resync, then events and requests, and the silence that
//! says that nobody is there any more. Time, and what was read, come in; bytes and messages for `live` are taken out. The
//! link does the reading and writing; nothing here waits.

use std::time::{Duration, Instant};

use super::action::{Action, UnsendableAction};
use super::answer::{Answer, CollectedList};
use super::asked::AsteriskRequest;
use super::event::event;
use super::lost::Lost;
use super::md5::md5_hex;
use super::outstanding::{Outstanding, Taken};
use super::packet::Packet;
use super::packet_reader::Received;
use super::plan::{Awaited, Step, Then};
use super::request::begin;
use super::resync;
use crate::live::messages::{RequestFailure, TelephonyEvent, TelephonyInput};
use crate::observe::shown;
use crate::settings::password::Secret;

/// From the connection until the login is answered; Asterisk delays a refusal by 1 s.
pub(crate) const LOGIN_MAX: Duration = Duration::from_secs(10);
/// The resync begins then though Asterisk does not say that it is fully booted: not every account hears it (telephony §1.2).
pub(crate) const BOOT_MAX: Duration = Duration::from_secs(10);
/// After such a silence Asterisk is asked whether it is there.
pub(crate) const SILENCE_MAX: Duration = Duration::from_secs(20);
/// And must answer within this.
pub(crate) const PING_MAX: Duration = Duration::from_secs(10);
/// Actions that wait for a response; requests beyond wait for their turn.
pub(crate) const UNANSWERED_MAX: usize = 256;
/// Events that may happen during a resync.
pub(crate) const EVENTS_BUFFERED_MAX: usize = 50_000;

/// As whom, and how.
pub(super) struct Login {
    pub(super) username: String,
    pub(super) secret: Secret,
    pub(super) proof: Proof,
}

/// How the secret is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Proof {
    /// To the same host.
    Plain,
    /// It never passes the wire.
    Md5,
}

/// How far it has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Stage {
    LoggingIn,
    Resyncing,
    Up { version: Box<str> },
}

pub(super) struct Session {
    login: Login,
    /// No other start of the program has it, so that nobody's late answer is taken for ours.
    nonce: Box<str>,
    actions: u64,
    phase: Phase,
    outstanding: Outstanding<Purpose>,
    to_send: Vec<u8>,
    inputs: Vec<TelephonyInput>,
    heard_at: Instant,
    ping: Option<Instant>,
    /// Whether Asterisk has said that it is fully booted.
    is_booted: bool,
}

enum Phase {
    AwaitingBanner { until: Instant },
    LoggingIn { until: Instant },
    AwaitingBoot { until: Instant },
    Resyncing(Resync),
    Up { version: Box<str> },
}

/// Lists that are being collected, and what happens meanwhile.
struct Resync {
    /// In the order of the actions.
    lists: Vec<(Action, Option<Answer>)>,
    missing: usize,
    buffered: Vec<TelephonyEvent>,
}

/// Whose an answer is.
enum Purpose {
    Challenge,
    Login,
    Ping,
    List(usize),
    Request(Then),
}

impl Session {
    pub(super) fn new(login: Login, nonce: Box<str>, now: Instant) -> Self {
        Self {
            login,
            nonce,
            actions: 0,
            phase: Phase::AwaitingBanner { until: now + LOGIN_MAX },
            outstanding: Outstanding::default(),
            to_send: Vec::new(),
            inputs: Vec::new(),
            heard_at: now,
            ping: None,
            is_booted: false,
        }
    }

    pub(super) fn stage(&self) -> Stage {
        match &self.phase {
            Phase::AwaitingBanner { .. } | Phase::LoggingIn { .. } => Stage::LoggingIn,
            Phase::AwaitingBoot { .. } | Phase::Resyncing(_) => Stage::Resyncing,
            Phase::Up { version } => Stage::Up { version: version.clone() },
        }
    }

    /// Whether a request may be brought: there is a link, and Asterisk keeps up with what it was asked.
    pub(super) fn has_room(&self) -> bool {
        !matches!(self.phase, Phase::Up { .. }) || self.outstanding.unanswered() < UNANSWERED_MAX
    }

    /// What is to be written.
    pub(super) fn take_output(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.to_send)
    }

    /// What `live` is to hear, in order.
    pub(super) fn take_inputs(&mut self) -> Vec<TelephonyInput> {
        std::mem::take(&mut self.inputs)
    }

    pub(super) fn receive(&mut self, received: Received, now: Instant) -> Result<(), Lost> {
        self.heard_at = now;
        match received {
            Received::Banner(version) => {
                tracing::debug!(ami = shown(&version), "connected to Asterisk");
                match self.phase {
                    Phase::AwaitingBanner { until } => self.begin_login(until, now),
                    Phase::LoggingIn { .. } | Phase::AwaitingBoot { .. } | Phase::Resyncing(_) | Phase::Up { .. } => {
                        Ok(())
                    }
                }
            }
            Received::Packet(packet) => {
                if matches!(self.phase, Phase::AwaitingBanner { .. }) {
                    return Err(Lost::NoAmi);
                }
                match self.outstanding.take(packet, now) {
                    Taken::Collected => Ok(()),
                    Taken::Complete(purpose, answer) => self.complete(purpose, &answer, now),
                    Taken::Other(packet) => self.other(&packet, now),
                    Taken::TooMuch => Err(Lost::TooMuch),
                }
            }
        }
    }

    /// Carries out a request; without a link nobody knows what came of it.
    pub(super) fn ask(&mut self, request: AsteriskRequest, now: Instant) {
        if matches!(self.phase, Phase::Up { .. }) {
            self.go_on(begin(request), now);
        }
    }

    /// Does what is due.
    pub(super) fn tick(&mut self, now: Instant) -> Result<(), Lost> {
        for purpose in self.outstanding.expired(now) {
            match purpose {
                Purpose::Challenge | Purpose::Login => return Err(Lost::LoginUnanswered { within: LOGIN_MAX }),
                Purpose::List(_) => return Err(Lost::ResyncUnanswered),
                // Has a time of its own.
                Purpose::Ping => {}
                Purpose::Request(then) => drop(then),
            }
        }
        match self.phase {
            Phase::AwaitingBanner { until } if until <= now => return Err(Lost::NoAmi),
            Phase::LoggingIn { until } if until <= now => return Err(Lost::LoginUnanswered { within: LOGIN_MAX }),
            Phase::AwaitingBoot { until } if until <= now => self.begin_resync(now)?,
            Phase::AwaitingBanner { .. }
            | Phase::LoggingIn { .. }
            | Phase::AwaitingBoot { .. }
            | Phase::Resyncing(_)
            | Phase::Up { .. } => {}
        }
        match self.ping {
            Some(sent) if sent + PING_MAX <= now => Err(Lost::Silent),
            None if self.pings() && self.heard_at + SILENCE_MAX <= now => {
                self.send(&Action::new("Ping"), Purpose::Ping, Awaited::List, now)?;
                self.ping = Some(now);
                Ok(())
            }
            Some(_) | None => Ok(()),
        }
    }

    /// When `tick` is to be called at the latest.
    pub(super) fn next_due(&self) -> Instant {
        let of_phase = match self.phase {
            Phase::AwaitingBanner { until } | Phase::LoggingIn { until } | Phase::AwaitingBoot { until } => Some(until),
            Phase::Resyncing(_) | Phase::Up { .. } => None,
        };
        let of_silence = self.ping.map_or(self.heard_at + SILENCE_MAX, |sent| sent + PING_MAX);
        let earliest = of_phase.into_iter().chain(self.outstanding.next_deadline()).min();
        earliest.map_or(of_silence, |at| at.min(of_silence))
    }

    /// Says goodbye; the answer is not waited for.
    pub(super) fn log_off(&mut self) {
        if !matches!(self.phase, Phase::AwaitingBanner { .. })
            && let Ok(bytes) = Action::new("Logoff").encode(&self.next_id())
        {
            self.to_send.extend(bytes);
        }
    }

    /// The login has times of its own.
    fn pings(&self) -> bool {
        !matches!(self.phase, Phase::AwaitingBanner { .. } | Phase::LoggingIn { .. })
    }

    /// Its actions are awaited as lists are: they have a time of their own.
    fn begin_login(&mut self, until: Instant, now: Instant) -> Result<(), Lost> {
        self.phase = Phase::LoggingIn { until };
        match self.login.proof {
            Proof::Plain => {
                let login = self.login_action().with("Secret", self.login.secret.reveal());
                self.send(&login, Purpose::Login, Awaited::List, now)?;
            }
            Proof::Md5 => {
                let challenge = Action::new("Challenge").with("AuthType", "MD5");
                self.send(&challenge, Purpose::Challenge, Awaited::List, now)?;
            }
        }
        Ok(())
    }

    fn login_action(&self) -> Action {
        Action::new("Login").with("Username", self.login.username.as_str())
    }

    fn complete(&mut self, purpose: Purpose, answer: &Answer, now: Instant) -> Result<(), Lost> {
        match purpose {
            Purpose::Challenge | Purpose::Login if !answer.is_success() => {
                Err(Lost::Refused { message: shown(answer.message()) })
            }
            Purpose::Challenge => {
                let proof = format!("{}{}", answer.response.text("Challenge"), self.login.secret.reveal());
                let login = self.login_action().with("AuthType", "MD5").with("Key", md5_hex(proof.as_bytes()));
                Ok(self.send(&login, Purpose::Login, Awaited::List, now)?)
            }
            Purpose::Login if self.is_booted => self.begin_resync(now),
            Purpose::Login => {
                self.phase = Phase::AwaitingBoot { until: now + BOOT_MAX };
                Ok(())
            }
            Purpose::Ping => {
                self.ping = None;
                Ok(())
            }
            Purpose::List(number) => {
                self.collect(number, answer.clone());
                Ok(())
            }
            Purpose::Request(then) => {
                self.go_on(then(Ok(answer)), now);
                Ok(())
            }
        }
    }

    /// What belongs to no action that is waited for.
    fn other(&mut self, packet: &Packet, now: Instant) -> Result<(), Lost> {
        if packet.event() == Some("FullyBooted") && !std::mem::replace(&mut self.is_booted, true) {
            match self.phase {
                Phase::AwaitingBoot { .. } => return self.begin_resync(now),
                // Its lists were asked for while it was starting, and may lack anything.
                Phase::Resyncing(_) | Phase::Up { .. } => return Err(Lost::BootedLate),
                Phase::AwaitingBanner { .. } | Phase::LoggingIn { .. } => {}
            }
        }
        match (&mut self.phase, packet.event()) {
            (Phase::Resyncing(resync), Some(_)) => {
                resync.buffered.extend(event(packet));
                if resync.buffered.len() > EVENTS_BUFFERED_MAX {
                    return Err(Lost::Overrun);
                }
            }
            (Phase::Up { .. }, Some(_)) => self.inputs.extend(event(packet).map(TelephonyInput::Event)),
            (Phase::AwaitingBanner { .. } | Phase::LoggingIn { .. } | Phase::AwaitingBoot { .. }, Some(_)) => {}
            (_, None) => tracing::debug!("an answer came that nobody waits for"),
        }
        Ok(())
    }

    fn begin_resync(&mut self, now: Instant) -> Result<(), Lost> {
        let actions = resync::actions();
        for (number, action) in actions.iter().enumerate() {
            self.send(action, Purpose::List(number), Awaited::List, now)?;
        }
        let missing = actions.len();
        let lists = actions.into_iter().map(|action| (action, None)).collect();
        self.phase = Phase::Resyncing(Resync { lists, missing, buffered: Vec::new() });
        Ok(())
    }

    fn collect(&mut self, number: usize, answer: Answer) {
        let Phase::Resyncing(resync) = &mut self.phase else { return };
        let Some((_, slot)) = resync.lists.get_mut(number) else { return };
        *slot = Some(answer);
        resync.missing -= 1;
        if resync.missing > 0 {
            return;
        }
        let lists = std::mem::take(&mut resync.lists).into_iter();
        let lists: Vec<CollectedList> =
            lists.filter_map(|(action, answer)| Some(CollectedList { action, answer: answer? })).collect();
        let buffered = std::mem::take(&mut resync.buffered);
        let snapshot = resync::snapshot(&lists);
        self.phase = Phase::Up { version: snapshot.version.clone() };
        self.inputs.push(TelephonyInput::Up(Box::new(snapshot.prepare())));
        self.inputs.extend(buffered.into_iter().map(TelephonyInput::Event));
    }

    /// Runs a request's plan up to the next answer that it waits for.
    fn go_on(&mut self, step: Step, now: Instant) {
        match step {
            Step::Conclude { events, reply } => {
                self.inputs.extend(events.into_iter().map(TelephonyInput::Event));
                reply();
            }
            Step::Ask { mut action, awaited, then } => {
                let id = self.next_id();
                if matches!(awaited, Awaited::Originate { .. }) {
                    action = action.with("ChannelId", &*id).with("Async", "true");
                }
                match action.encode(&id) {
                    Ok(bytes) => {
                        self.to_send.extend(bytes);
                        self.outstanding.add(&id, Purpose::Request(then), awaited, now);
                    }
                    Err(unsendable) => {
                        tracing::warn!(%unsendable, "a request is not sent to Asterisk");
                        self.go_on(then(Err(RequestFailure::Refused(unsendable.to_string().into()))), now);
                    }
                }
            }
        }
    }

    fn send(
        &mut self,
        action: &Action,
        purpose: Purpose,
        awaited: Awaited,
        now: Instant,
    ) -> Result<(), UnsendableAction> {
        let id = self.next_id();
        self.to_send.extend(action.encode(&id)?);
        self.outstanding.add(&id, purpose, awaited, now);
        Ok(())
    }

    fn next_id(&mut self) -> Box<str> {
        self.actions += 1;
        format!("{}-{}", self.nonce, self.actions).into()
    }
}
