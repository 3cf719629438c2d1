//! Trying `ldap_user` out, step by step, for `ctibox auth check`: what a login would do, told as it goes.

use super::ldap::{Bind, Directory, DirectoryAnswer, Found, LdapConnection, LdapFault, Operation};
use super::sendable::{is_login, refuse_unsendable};
use super::{AuthOutcome, ProbeReport, ProbeStage, ProbeStep, ProbeSubject, StepResult, UnknownCause, Verdict};
use crate::observe::shown;
use crate::settings::auth_settings::LdapMode;

/// What the directory's answer about this login means here.
pub(super) type Judge<'a> = &'a (dyn Fn(&str, &DirectoryAnswer) -> AuthOutcome + Send + Sync);

/// The steps so far.
struct Trial<'a> {
    judge: Judge<'a>,
    directory: &'a Directory,
    steps: Vec<ProbeStep>,
}

/// Goes as far as it can.
pub(super) async fn probe(directory: Option<&Directory>, judge: Judge<'_>, subject: &ProbeSubject) -> ProbeReport {
    let Some(directory) = directory else {
        let detail = "`auth.ldap.uri`, `auth.ldap.user_base_dn` and `auth.ldap.user_login_attribute` must be set";
        let step = ProbeStep { stage: ProbeStage::Settings, result: StepResult::Failed, detail: detail.to_owned() };
        return ProbeReport { steps: vec![step], verdict: Verdict::Answers(AuthOutcome::Unavailable) };
    };
    let mut trial = Trial { judge, directory, steps: Vec::new() };
    trial.pass(ProbeStage::Settings, mode_words(&directory.settings.mode).to_owned());
    let verdict = trial.run(subject).await.unwrap_or_else(|fault| {
        trial.push(stage_of(fault.asked()), StepResult::Failed, fault.to_string());
        Verdict::Answers(AuthOutcome::Unavailable)
    });
    ProbeReport { steps: trial.steps, verdict }
}

fn mode_words(mode: &LdapMode) -> &'static str {
    match mode {
        LdapMode::Search { .. } => "search mode, bound as `auth.ldap.bind_dn`",
        LdapMode::SearchAnonymous => "search mode, bound anonymously",
        LdapMode::Direct => "direct mode: it cannot tell an unknown login from a wrong password",
    }
}

fn stage_of(asked: Operation) -> ProbeStage {
    match asked {
        Operation::Connect => ProbeStage::Connect,
        Operation::Encrypt => ProbeStage::Encrypt,
        Operation::ServiceBind => ProbeStage::Bind,
        Operation::Search => ProbeStage::Find,
        Operation::UserBind => ProbeStage::Password,
        Operation::ReadEmail => ProbeStage::Email,
    }
}

impl Trial<'_> {
    async fn run(&mut self, subject: &ProbeSubject) -> Result<Verdict, LdapFault> {
        let Some((index, connection)) = self.connect().await else {
            return Ok(Verdict::Answers(AuthOutcome::Unavailable));
        };
        match self.directory.settings.mode {
            LdapMode::Search { .. } | LdapMode::SearchAnonymous => {
                self.directory.bind_service(&connection).await?;
                self.pass(ProbeStage::Bind, "the server lets the service in".to_owned());
            }
            LdapMode::Direct => {}
        }
        let Some(login) = &subject.login else { return Ok(Verdict::Open) };
        if !is_login(login) {
            self.push(ProbeStage::Find, StepResult::Negative, "no server is asked about such a login".to_owned());
            return Ok(Verdict::Answers(AuthOutcome::Unknown(UnknownCause::NoSuchUser)));
        }
        let is_direct = self.directory.settings.mode == LdapMode::Direct;
        let Some(dn) = self.find(&connection, login).await? else {
            let answer = match self.steps.last().map(|step| step.result) {
                Some(StepResult::Failed) => DirectoryAnswer::SeveralEntries,
                _ => DirectoryAnswer::NoEntry,
            };
            return Ok(Verdict::Answers((self.judge)(login, &answer)));
        };
        let Some(password) = &subject.password else {
            if is_direct {
                return Ok(Verdict::Open);
            }
            // As the service, who may see more or less than the user.
            return Ok(Verdict::Decides(self.email(&connection, &dn, login).await?));
        };
        if let Err(outcome) = refuse_unsendable(login, password) {
            self.push(
                ProbeStage::Password,
                StepResult::Negative,
                "no server is asked about such a password".to_owned(),
            );
            return Ok(Verdict::Answers(outcome));
        }
        let connection = self.directory.connect(index).await?;
        if connection.bind_user(&dn, password.reveal()).await? == Bind::Refused {
            let (answer, detail) = if is_direct {
                (DirectoryAnswer::BindRefused, "the server refuses login and password: the next backend is asked")
            } else {
                (DirectoryAnswer::WrongPassword, "wrong password")
            };
            self.push(ProbeStage::Password, StepResult::Negative, detail.to_owned());
            return Ok(Verdict::Answers((self.judge)(login, &answer)));
        }
        self.pass(ProbeStage::Password, "the password is right".to_owned());
        let answer = self.email(&connection, &dn, login).await?;
        connection.close().await;
        Ok(Verdict::Answers(answer))
    }

    /// A connection to the first server that takes one; each that does not is told.
    async fn connect(&mut self) -> Option<(usize, LdapConnection)> {
        let mut first = None;
        for (index, uri) in self.directory.settings.uris.iter().enumerate() {
            match self.directory.connect(index).await {
                Ok(connection) => {
                    let encrypted = if self.directory.is_encrypted(uri) {
                        "encrypted, and its certificate is trusted"
                    } else {
                        "NOT encrypted: passwords travel in clear; use ldaps:// or `auth.ldap.start_tls`"
                    };
                    self.pass(ProbeStage::Connect, format!("{uri}: {encrypted}"));
                    first.get_or_insert((index, connection));
                }
                Err(fault) => self.push(stage_of(fault.asked()), StepResult::Failed, format!("{uri}: {fault}")),
            }
        }
        first
    }

    /// The name of the login's entry.
    async fn find(&mut self, connection: &LdapConnection, login: &str) -> Result<Option<String>, LdapFault> {
        let (found, result, detail) = match self.directory.dn_without_search(login) {
            Some(dn) => (Some(dn.clone()), StepResult::Passed, format!("would be {}", shown(&dn))),
            None => match self.directory.find_on(connection, login).await? {
                Found::One(dn) => (Some(dn.clone()), StepResult::Passed, shown(&dn)),
                Found::None => (None, StepResult::Negative, "no entry has this login".to_owned()),
                Found::Several => (None, StepResult::Failed, "several entries have this login".to_owned()),
            },
        };
        self.push(ProbeStage::Find, result, detail);
        Ok(found)
    }

    /// The address of the entry, and whose it is here.
    async fn email(&mut self, connection: &LdapConnection, dn: &str, login: &str) -> Result<AuthOutcome, LdapFault> {
        let Some(email) = self.directory.email_of(connection, dn).await? else {
            let attribute = &self.directory.settings.email_attribute;
            let detail = format!("the entry has no `{attribute}` that may be read");
            self.push(ProbeStage::Email, StepResult::Failed, detail);
            return Ok((self.judge)(login, &DirectoryAnswer::NoEmail));
        };
        self.pass(ProbeStage::Email, shown(&email));
        let outcome = (self.judge)(login, &DirectoryAnswer::Email(email));
        let (result, detail) = match outcome {
            AuthOutcome::Accepted(uuid) => (StepResult::Passed, format!("the user with the UUID {uuid}")),
            AuthOutcome::Refused(cause) => (StepResult::Negative, cause.to_string()),
            AuthOutcome::NoUser | AuthOutcome::Unknown(_) | AuthOutcome::Unavailable => {
                (StepResult::Negative, "nobody".to_owned())
            }
        };
        self.push(ProbeStage::User, result, detail);
        Ok(outcome)
    }

    fn pass(&mut self, stage: ProbeStage, detail: String) {
        self.push(stage, StepResult::Passed, detail);
    }

    fn push(&mut self, stage: ProbeStage, result: StepResult, detail: String) {
        self.steps.push(ProbeStep { stage, result, detail });
    }
}
