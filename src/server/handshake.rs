//! The login handshake as a pure state machine (protocol decision 3, protocol §2): what a client that has not logged in
//! may say, what it is answered, when it is cut off. `login` feeds it lines and does what it says; it knows no socket
//! and no clock.

use serde_json::Value;

use super::bad_lines::{answer_to, protocol_error};
use crate::live::messages::Admission;
use crate::protocol::notice::{ErrorCode, LoginCapasError, LoginIdError, LoginPassError, Notice};
use crate::protocol::parse::BadLine;
use crate::protocol::request::{Capaid, ClientLine, ClientVersion, LoginId, Request, Version};
use crate::settings::id::{Id as _, ProfileId, UserId};
use crate::settings::password::Secret;
use crate::settings::setting::EncryptionMode;

/// How far one connection has come.
#[derive(Debug)]
pub(crate) struct Handshake {
    encryption: Encryption,
    mode: EncryptionMode,
    /// Ten random letters and digits for the `login_id` answer; no client uses them (protocol 2.4).
    session_id: Box<str>,
    state: State,
}

#[derive(Debug, PartialEq, Eq)]
enum Encryption {
    /// In clear; the first `starttls` of the connection will be honoured.
    Possible,
    /// In clear for good: off, or refused by the client.
    Settled,
    Running,
}

#[derive(Debug)]
enum State {
    Connected,
    /// A good `login_id` was given.
    WaitPassword {
        login: Box<str>,
        version: Version,
    },
    /// The password is being checked; nothing is served meanwhile.
    Checking {
        version: Version,
    },
    Authenticated {
        user: UserId,
        profile: ProfileId,
        version: Version,
    },
    /// Refused, or logged in: nothing more is served here.
    Done,
}

/// What is to be done about a line.
#[derive(Debug)]
pub(crate) enum Action {
    Ignore,
    Answer(Notice),
    /// Close once the answer is written.
    Refuse(Notice),
    Close,
    /// Write the answer in clear, then shake hands; then call `encrypted`. Bytes that the client sent behind its line
    /// in clear are never to be taken for encrypted ones: close instead.
    StartTls(Notice),
    /// Check, then call `checked`.
    Check {
        login: Box<str>,
        password: Secret,
    },
    /// The client is logged in; its `login_capas` is answered by `live`.
    Enter(Admission),
}

/// What came of a password check, with the user looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Checked {
    Accepted {
        user: UserId,
        profile: ProfileId,
    },
    /// Wrong, unknown, disabled or without profile: one and the same on the wire (protocol 2.5).
    Password,
    Unavailable,
    /// Right, but of nobody who is in the configuration.
    NotFound,
}

impl Handshake {
    pub(crate) fn new(mode: EncryptionMode, session_id: Box<str>) -> Self {
        let encryption = if mode == EncryptionMode::Off { Encryption::Settled } else { Encryption::Possible };
        Self { encryption, mode, session_id, state: State::Connected }
    }

    /// What the server says first.
    pub(crate) fn offer(&self) -> Option<Notice> {
        (self.encryption == Encryption::Possible).then_some(Notice::OfferStartTls)
    }

    /// The handshake that `Action::StartTls` asked for is done.
    pub(crate) fn encrypted(&mut self) {
        self.encryption = Encryption::Running;
    }

    /// Takes a line of the client; steps may be pipelined, so a line may come at any time but during a check.
    pub(crate) fn take(&mut self, line: Result<ClientLine, BadLine>) -> Action {
        let line = match line {
            Ok(line) => line,
            Err(bad) => return self.refuse(answer_to(bad)),
        };
        let commandid = line.commandid;
        match (&self.state, line.request) {
            (State::Connected | State::WaitPassword { .. }, Request::StartTls { status }) => self.starttls(status),
            (State::Connected, Request::LoginId(asked)) => self.login_id(asked),
            (State::WaitPassword { .. }, Request::LoginPass { password }) => self.login_pass(password),
            (State::Authenticated { .. }, Request::LoginCapas { capaid, state }) => self.login_capas(capaid, state),
            (State::Authenticated { .. }, Request::KeepAlive) => Action::Answer(Notice::KeepAlive { reply: commandid }),
            (State::Authenticated { .. }, Request::Logout) => {
                self.state = State::Done;
                Action::Close
            }
            _ => Action::Ignore,
        }
    }

    /// The outcome of `Action::Check`.
    pub(crate) fn checked(&mut self, checked: Checked) -> Action {
        let State::Checking { version } = self.state else { return Action::Ignore };
        let error = match checked {
            Checked::Accepted { user, profile } => {
                self.state = State::Authenticated { user, profile, version };
                return Action::Answer(Notice::LoginPass { profile });
            }
            Checked::Password => LoginPassError::Password,
            Checked::Unavailable => LoginPassError::Backend,
            Checked::NotFound => LoginPassError::NotFound,
        };
        self.refuse(Notice::LoginPassRefused(error))
    }

    /// The line is longer than it may be before login, or all unfinished lines together are.
    pub(crate) fn line_too_long(&mut self, detail: String) -> Action {
        self.refuse(protocol_error(ErrorCode::LineTooLong, detail))
    }

    /// The login timer rang (protocol 2.2).
    pub(crate) fn timed_out(&mut self) -> Action {
        self.refuse(protocol_error(ErrorCode::LoginTimeout, "login took too long".to_owned()))
    }

    fn starttls(&mut self, status: Value) -> Action {
        if self.encryption != Encryption::Possible {
            return Action::Ignore;
        }
        self.encryption = Encryption::Settled;
        let is_accepted = is_truthy(&status);
        let answer = Notice::AnswerStartTls { status };
        if is_accepted { Action::StartTls(answer) } else { Action::Answer(answer) }
    }

    fn login_id(&mut self, asked: LoginId) -> Action {
        if self.mode == EncryptionMode::Require && self.encryption != Encryption::Running {
            return self.refuse(Notice::LoginIdRefused(LoginIdError::EncryptionRequired));
        }
        match asked.version {
            ClientVersion::Served(version) => {
                self.state = State::WaitPassword { login: asked.login, version };
                Action::Answer(Notice::LoginId { session_id: self.session_id.clone(), version })
            }
            ClientVersion::Other { member, text } => {
                self.refuse(Notice::LoginIdRefused(LoginIdError::Version { member, client: text }))
            }
        }
    }

    fn login_pass(&mut self, password: Secret) -> Action {
        let State::WaitPassword { login, version } = std::mem::replace(&mut self.state, State::Done) else {
            return Action::Ignore;
        };
        self.state = State::Checking { version };
        Action::Check { login, password }
    }

    fn login_capas(&mut self, capaid: Capaid, state: Box<str>) -> Action {
        let State::Authenticated { user, profile, version } = self.state else { return Action::Ignore };
        if capaid.0 != Some(profile.number()) {
            return self.refuse(Notice::LoginCapasRefused(LoginCapasError::Wrong));
        }
        self.state = State::Done;
        Action::Enter(Admission { user, profile, version, state })
    }

    fn refuse(&mut self, answer: Notice) -> Action {
        self.state = State::Done;
        Action::Refuse(answer)
    }
}

/// Whether a `status` accepts encryption: false, null, nought and the empty do not (protocol 2.3).
fn is_truthy(status: &Value) -> bool {
    match status {
        Value::Null => false,
        Value::Bool(is_true) => *is_true,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(members) => !members.is_empty(),
    }
}
