//! A connection of its own for questions: it logs in as the link does, asks one bundle of actions after the other, and is
//! gone. For `ctibox asterisk check` and `import`, and for `check`; never used by the server. It begins no link and changes
//! nothing: what is asked is the asker's to answer for.

use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::time::timeout;

use super::action::{Action, UnsendableAction};
use super::answer::{Answer, CollectedList};
use super::back_off::Failure;
use super::connection::{Connection, connect};
use super::lost::Lost;
use super::md5::md5_hex;
use super::outstanding::{Outstanding, Taken};
use super::packet::Packet;
use super::packet_reader::{PacketReader, Received};
use super::plan::Awaited;
use super::session::LOGIN_MAX;
use crate::certificate::TrustFile;
use crate::observe::shown;
use crate::settings::ami_settings::AmiSettings;
use crate::settings::password::Secret;

/// Actions that are sent before their answers are read: more could fill both directions, and Asterisk closes a connection
/// that it cannot write to.
const BUNDLE: usize = 64;
const READ_BYTES: usize = 16 * 1024;
/// Of what is heard that nobody asked for, so much is kept.
const UNSOLICITED_PACKETS_MAX: usize = 10_000;
/// How long is read for where nothing is waited for.
const IDLE: Duration = Duration::from_secs(1);

/// Why a question could not be asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum InquiryError {
    #[error("{0}")]
    Unreachable(String),
    #[error("{0}")]
    Refused(String),
    #[error("no answer within {} s", .0.as_secs())]
    TookTooLong(Duration),
}

impl From<Lost> for InquiryError {
    fn from(lost: Lost) -> Self {
        match lost.failure() {
            Failure::Refused => Self::Refused(lost.to_string()),
            Failure::Down => Self::Unreachable(lost.to_string()),
        }
    }
}

impl From<UnsendableAction> for InquiryError {
    fn from(error: UnsendableAction) -> Self {
        Lost::from(error).into()
    }
}

/// A connection that is logged in.
pub(crate) struct Inquiry {
    connection: Connection,
    reader: PacketReader,
    outstanding: Outstanding<usize>,
    actions: u64,
    /// What came that belongs to no action.
    heard: Vec<Packet>,
}

impl Inquiry {
    pub(crate) async fn open(settings: &AmiSettings, secret: &Secret) -> Result<Self, InquiryError> {
        let trust = TrustFile::new(settings.ca_file.clone());
        let connection = connect(settings, &trust).await?;
        let is_local = connection.peer.ip().is_loopback();
        let mut inquiry = Self {
            connection,
            reader: PacketReader::default(),
            outstanding: Outstanding::default(),
            actions: 0,
            heard: Vec::new(),
        };
        let login = inquiry.log_in(&settings.username, secret, is_local);
        timeout(LOGIN_MAX, login).await.map_err(|_| Lost::LoginUnanswered { within: LOGIN_MAX })??;
        Ok(inquiry)
    }

    /// The secret passes no wire.
    async fn log_in(&mut self, username: &str, secret: &Secret, is_local: bool) -> Result<(), InquiryError> {
        let login = Action::new("Login").with("Username", username);
        let login = if is_local {
            login.with("Secret", secret.reveal())
        } else {
            let challenge = self.ask(Action::new("Challenge").with("AuthType", "MD5")).await?;
            let proof = format!("{}{}", challenge.response.text("Challenge"), secret.reveal());
            login.with("AuthType", "MD5").with("Key", md5_hex(proof.as_bytes()))
        };
        let answer = self.ask(login).await?;
        if answer.is_success() {
            return Ok(());
        }
        Err(Lost::Refused { message: shown(answer.message()) }.into())
    }

    pub(crate) async fn ask(&mut self, action: Action) -> Result<Answer, InquiryError> {
        let answers = self.ask_all(vec![action]).await?;
        answers.into_iter().next().map(|list| list.answer).ok_or(Lost::Closed.into())
    }

    /// In the order of the actions.
    pub(crate) async fn ask_all(&mut self, actions: Vec<Action>) -> Result<Vec<CollectedList>, InquiryError> {
        let mut answered = Vec::with_capacity(actions.len());
        let mut actions = actions.into_iter().peekable();
        while actions.peek().is_some() {
            let bundle: Vec<Action> = actions.by_ref().take(BUNDLE).collect();
            answered.extend(self.ask_bundle(bundle).await?);
        }
        Ok(answered)
    }

    async fn ask_bundle(&mut self, bundle: Vec<Action>) -> Result<Vec<CollectedList>, InquiryError> {
        let now = Instant::now();
        let mut bytes = Vec::new();
        for (number, action) in bundle.iter().enumerate() {
            self.actions += 1;
            let id = format!("ctibox-inquiry-{}", self.actions);
            bytes.extend(action.encode(&id)?);
            self.outstanding.add(&id, number, Awaited::List, now);
        }
        self.connection.write.write_all(&bytes).await.map_err(Lost::Failed)?;
        self.connection.write.flush().await.map_err(Lost::Failed)?;
        let mut answers: Vec<Option<Answer>> = bundle.iter().map(|_| None).collect();
        while answers.iter().any(Option::is_none) {
            for (number, answer) in self.receive().await? {
                if let Some(slot) = answers.get_mut(number) {
                    *slot = Some(answer);
                }
            }
        }
        let lists = bundle.into_iter().zip(answers);
        Ok(lists.filter_map(|(action, answer)| Some(CollectedList { action, answer: answer? })).collect())
    }

    /// Reads once.
    async fn receive(&mut self) -> Result<Vec<(usize, Answer)>, InquiryError> {
        let mut bytes = [0; READ_BYTES];
        let now = Instant::now();
        if !self.outstanding.expired(now).is_empty() {
            return Err(Lost::Silent.into());
        }
        let due = self.outstanding.next_deadline().map_or(IDLE, |deadline| deadline.saturating_duration_since(now));
        let Ok(read) = timeout(due, self.connection.read.read(&mut bytes)).await else { return Ok(Vec::new()) };
        let length = read.map_err(Lost::Failed)?;
        if length == 0 {
            return Err(Lost::Closed.into());
        }
        let (mut complete, mut is_too_much) = (Vec::new(), false);
        let Self { reader, outstanding, heard, .. } = self;
        reader.feed(&bytes[..length], |received| match received {
            Received::Banner(_) => {}
            Received::Packet(packet) => match outstanding.take(packet, now) {
                Taken::Collected => {}
                Taken::Complete(number, answer) => complete.push((number, answer)),
                Taken::Other(packet) if heard.len() < UNSOLICITED_PACKETS_MAX => heard.push(packet),
                Taken::Other(_) => {}
                Taken::TooMuch => is_too_much = true,
            },
        });
        if is_too_much { Err(Lost::TooMuch.into()) } else { Ok(complete) }
    }

    /// Waits until such an event has come, no longer than this; whether it has.
    pub(crate) async fn hears(&mut self, within: Duration, is_meant: impl Fn(&Packet) -> bool) -> bool {
        let waited = timeout(within, async {
            while !self.heard.iter().any(&is_meant) {
                if self.receive().await.is_err() {
                    return;
                }
            }
        });
        // Time is up, or it has come.
        let _ = waited.await;
        self.heard.iter().any(is_meant)
    }

    pub(crate) async fn close(mut self) {
        let Ok(bytes) = Action::new("Logoff").encode("ctibox-inquiry-end") else { return };
        // Whether it was heard makes no difference.
        let _ = self.connection.write.write_all(&bytes).await;
        let _ = self.connection.write.shutdown().await;
    }
}
