//! `ctibox auth`: tries the backends out that are asked at a login, with the settings in force and before anybody depends on
//! them. It speaks to no running server: it is a client of the directory or authentication service as the server is one.

use clap::Subcommand;
use serde_json::{Value, json};

use super::failure::Failure;
use super::invocation::Invocation;
use super::output::Paragraph;
use super::serve::{backend, refuse_fatal};
use super::{complete, prompt};
use crate::auth::{
    AuthOutcome, BackendRole, LocalPasswords, ProbeReport, ProbeStage, ProbeStep, ProbeSubject, StepResult, Verdict,
};
use crate::config::{Effective, Origin};
use crate::observe::journal::Priority;
use crate::settings::account::AccountKind;
use crate::settings::auth_settings::BackendName;
use crate::settings::configuration::Configuration;
use crate::settings::setting::Key;
use crate::settings::user::User;

#[derive(Debug, Subcommand)]
pub(crate) enum AuthCommand {
    /// Try every backend out: its server, and what it says of a login
    ///
    /// Tried are those that `auth.backends` names, in that order, and those that have all the settings that they need, so
    /// that a backend can be tried before it is named. Fails where a step fails, or where LOGIN would be refused; without
    /// a password, where it would be refused whatever the password.
    #[command(after_help = "Example:\n  ctibox auth check\n  ctibox auth check alice")]
    Check(CheckAuth),
}

#[derive(Debug, clap::Args)]
pub(crate) struct CheckAuth {
    /// Whose login to try
    #[arg(add = complete::users())]
    login: Option<String>,
    /// Read the password from the first line of standard input
    #[arg(long, requires = "login")]
    password_stdin: bool,
    /// Ask for no password: say who would decide
    #[arg(long, conflicts_with = "password_stdin")]
    no_password: bool,
}

pub(crate) fn run(command: &AuthCommand, ctx: &Invocation) -> Result<(), Failure> {
    match command {
        AuthCommand::Check(arguments) => check(arguments, ctx),
    }
}

fn check(arguments: &CheckAuth, ctx: &Invocation) -> Result<(), Failure> {
    let configuration = ctx.configuration()?;
    // What a server does not start with is tried by nobody: it is not what was meant.
    refuse_fatal(&ctx.files.layer())?;
    let effective = ctx.effective_with(&[Key::AuthLdapBindPassword])?;
    let subject = subject(arguments, ctx)?;
    let mut tried = try_out(&configuration, &effective, &subject)?;
    let break_glass = subject.login.as_deref().and_then(|login| break_glass(login, &configuration));
    if break_glass.is_some()
        && let Some(local) = tried.iter_mut().find(|one| one.name == BackendName::XivoUser)
    {
        local.place = local.place.asked_before_all();
    }
    let conclusion = subject.login.as_deref().map(|login| Conclusion::of(login, &configuration, &tried));
    if ctx.output.is_json() {
        ctx.output.json(&json(&tried, conclusion.as_ref()))?;
    } else {
        let text = text(&tried, conclusion.as_ref());
        ctx.output.prose(&[Paragraph { priority: Priority::Info, text: text.into() }])?;
    }
    let has_failed = tried.iter().any(|one| one.report.steps.iter().any(|step| step.result == StepResult::Failed));
    match conclusion.is_some_and(|conclusion| !conclusion.may_log_in) || has_failed {
        true => Err(Failure::said()),
        false => Ok(()),
    }
}

fn subject(arguments: &CheckAuth, ctx: &Invocation) -> Result<ProbeSubject, Failure> {
    let login = arguments.login.as_deref().map(|login| login.trim().into());
    let password = if arguments.password_stdin {
        Some(prompt::first_line()?)
    } else if login.is_some() && !arguments.no_password && prompt::is_possible() {
        Some(prompt::secret(&ctx.output, "Password, or nothing to leave it out")?)
    } else {
        None
    };
    Ok(ProbeSubject { login, password: password.filter(|password| !password.reveal().is_empty()) })
}

/// A backend that was tried.
struct Tried {
    name: BackendName,
    place: Asked,
    report: ProbeReport,
}

/// When a backend is asked about this login.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    /// In its place, from 1, of `auth.backends`.
    InOrder(usize),
    /// The login is a break-glass user's: the local password is compared before all. Its place of `auth.backends`, if it
    /// has one.
    BeforeAll(Option<usize>),
    /// `auth.backends` does not name it.
    Never,
}

impl Asked {
    fn place(self) -> Option<usize> {
        match self {
            Self::InOrder(place) => Some(place),
            Self::BeforeAll(place) => place,
            Self::Never => None,
        }
    }

    /// Who is first anyhow stays so.
    fn asked_before_all(self) -> Self {
        if self == Self::InOrder(1) { self } else { Self::BeforeAll(self.place()) }
    }

    fn words(self) -> String {
        match self {
            Self::InOrder(place) => format!("{place} in auth.backends"),
            Self::BeforeAll(Some(place)) => format!("before all, for break-glass; {place} in auth.backends"),
            Self::BeforeAll(None) => "before all, for break-glass; not in auth.backends".to_owned(),
            Self::Never => "not in auth.backends".to_owned(),
        }
    }
}

/// The user of this login whose local password counts before all others.
fn break_glass<'a>(login: &str, configuration: &'a Configuration) -> Option<&'a User> {
    let is_flagged = |user: &User| user.break_glass && user.password.is_some() && user.has_login(login);
    configuration.users.find(is_flagged).map(|user| &**user)
}

/// Those that are named, in their order, then those that could be.
fn try_out(
    configuration: &Configuration,
    effective: &Effective,
    subject: &ProbeSubject,
) -> Result<Vec<Tried>, Failure> {
    let general = effective.general();
    let others = BackendName::ALL
        .iter()
        .copied()
        .filter(|name| !general.auth.backends.contains(name) && is_set_up(*name, configuration, effective));
    let named = general.auth.backends.iter().zip(1..).map(|(name, place)| (*name, Asked::InOrder(place)));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::new("cannot start the async threads").cause(&error))?;
    let passwords = LocalPasswords::new();
    let mut tried = Vec::new();
    for (name, place) in named.chain(others.map(|name| (name, Asked::Never))) {
        // In the runtime: a backend may start tasks of its own.
        let report = runtime.block_on(async {
            let backend = backend(BackendRole::InChain(name), &passwords, configuration, &general);
            backend.probe(subject).await
        });
        tried.push(Tried { name, place, report });
    }
    Ok(tried)
}

/// Whether there is anything to try of a backend that is not named.
fn is_set_up(name: BackendName, configuration: &Configuration, effective: &Effective) -> bool {
    let has_accounts = |kind| configuration.accounts.find(|account| account.kind == kind).is_some();
    let is_said = |key: &Key| *effective.origin(*key) != Origin::Default;
    match name {
        BackendName::XivoUser => true,
        BackendName::XivoAdmin => has_accounts(AccountKind::Admin),
        BackendName::XivoService => has_accounts(AccountKind::Service),
        BackendName::LdapUser => effective.general().auth.ldap.is_some(),
        BackendName::XivoAuth => Key::ALL.iter().filter(|key| key.as_str().starts_with("auth.xivo_auth.")).any(is_said),
    }
}

/// What all together would say of the login.
struct Conclusion {
    decides: Option<BackendName>,
    may_log_in: bool,
    /// A backend that had to be asked does not answer.
    cannot_say: bool,
    words: String,
}

impl Conclusion {
    fn of(login: &str, configuration: &Configuration, tried: &[Tried]) -> Self {
        let first = tried.iter().find(|one| matches!(one.place, Asked::BeforeAll(_))).map(|one| one.report.verdict);
        let others = Self::in_order(login, configuration, tried);
        let local = BackendName::XivoUser;
        match first {
            // The local password of a break-glass user counts before all others.
            Some(Verdict::Answers(outcome @ AuthOutcome::Accepted(_))) => {
                let accepted = Self::answered(login, local, outcome, configuration);
                Self { words: format!("{}; the login is break-glass", accepted.words), ..accepted }
            }
            Some(Verdict::Decides(AuthOutcome::Accepted(_))) => {
                let words = format!(
                    "{login} is break-glass: the local password is compared before all and lets in, whatever others say; \
                     else {}",
                    others.words
                );
                Self { decides: Some(local), may_log_in: true, cannot_say: false, words }
            }
            Some(Verdict::Answers(AuthOutcome::Refused(cause))) if others.cannot_say => {
                let words = format!("{}; {login} is break-glass: the local password decides: {cause}", others.words);
                Self { decides: Some(local), words, ..others }
            }
            _ => others,
        }
    }

    /// Without break-glass.
    fn in_order(login: &str, configuration: &Configuration, tried: &[Tried]) -> Self {
        for one in tried.iter().filter(|one| one.place.place().is_some()) {
            let name = one.name;
            match one.report.verdict {
                Verdict::Answers(AuthOutcome::Unknown(_)) => {}
                Verdict::Answers(outcome) => return Self::answered(login, name, outcome, configuration),
                Verdict::Decides(AuthOutcome::Accepted(_)) => {
                    let words = format!("{name} knows {login} and decides; no password was tried");
                    return Self { decides: Some(name), may_log_in: true, cannot_say: false, words };
                }
                Verdict::Decides(outcome) => {
                    let why = match outcome {
                        AuthOutcome::Refused(cause) => cause.to_string(),
                        AuthOutcome::Accepted(_)
                        | AuthOutcome::NoUser
                        | AuthOutcome::Unknown(_)
                        | AuthOutcome::Unavailable => "the client is told `user_not_found`".to_owned(),
                    };
                    let words = format!("{name} knows {login} and refuses whatever the password: {why}");
                    return Self { decides: Some(name), may_log_in: false, cannot_say: false, words };
                }
                Verdict::Open => {
                    let words = format!("{name} is asked first of those that may know {login}, and needs the password");
                    return Self { decides: None, may_log_in: true, cannot_say: false, words };
                }
            }
        }
        let words = format!("no backend that is asked knows {login}: refused as a wrong password");
        Self { decides: None, may_log_in: false, cannot_say: false, words }
    }

    fn answered(login: &str, name: BackendName, outcome: AuthOutcome, configuration: &Configuration) -> Self {
        let (may_log_in, words) = match outcome {
            AuthOutcome::Accepted(uuid) => match configuration.user_by_uuid(uuid) {
                None => (false, "accepts, but no user has that uuid: the client is told `user_not_found`".to_owned()),
                Some(user) if !user.enabled => (false, format!("accepts, but {} is disabled", user.full_name())),
                Some(user) if user.profile.is_none() => {
                    (false, format!("accepts, but {} has no profile", user.full_name()))
                }
                Some(user) => (true, format!("accepts: {} may log in", user.full_name())),
            },
            AuthOutcome::NoUser => {
                (false, "accepts somebody who is no user: the client is told `user_not_found`".to_owned())
            }
            AuthOutcome::Refused(cause) => (false, format!("refuses: {cause}")),
            AuthOutcome::Unknown(cause) => (false, format!("does not know the login: {cause}")),
            AuthOutcome::Unavailable => {
                (false, "cannot be asked: the client is told `xivo_auth_error`, and no other is asked".to_owned())
            }
        };
        let cannot_say = outcome == AuthOutcome::Unavailable;
        Self { decides: Some(name), may_log_in, cannot_say, words: format!("{login}: {name} {words}") }
    }
}

fn result_word(result: StepResult) -> &'static str {
    match result {
        StepResult::Passed => "ok",
        StepResult::Negative => "no",
        StepResult::Failed => "failed",
    }
}

/// What most likely mends a step that failed: the settings that it depends on.
fn hint(name: BackendName, step: &ProbeStep) -> Option<&'static str> {
    if step.result != StepResult::Failed {
        return None;
    }
    match name {
        BackendName::LdapUser => directory_hint(step.stage),
        BackendName::XivoAuth => service_hint(step.stage),
        BackendName::XivoUser | BackendName::XivoAdmin | BackendName::XivoService => None,
    }
}

fn directory_hint(stage: ProbeStage) -> Option<&'static str> {
    match stage {
        ProbeStage::Connect => Some("ctibox setting set auth.ldap.uri URI, where it names the wrong server"),
        ProbeStage::Encrypt => Some(
            "ctibox setting set auth.ldap.ca_file FILE (its own certificate or its CA's) if it is not trusted; if it has \
             expired, is not valid yet or names another host, renew it on that server or correct auth.ldap.uri",
        ),
        ProbeStage::Bind => Some("ctibox setting set --value-stdin auth.ldap.bind_password, or auth.ldap.bind_dn"),
        ProbeStage::Email => Some("ctibox setting set auth.ldap.user_email_attribute NAME"),
        ProbeStage::Find => Some("ctibox setting set auth.ldap.user_base_dn DN"),
        ProbeStage::Answer | ProbeStage::Settings | ProbeStage::Password | ProbeStage::User => None,
    }
}

fn service_hint(stage: ProbeStage) -> Option<&'static str> {
    match stage {
        ProbeStage::Connect => Some("ctibox setting set auth.xivo_auth.host HOST, or auth.xivo_auth.port"),
        ProbeStage::Encrypt => Some(
            "ctibox setting set auth.xivo_auth.ca_file FILE (its own certificate or its CA's) if it is not trusted; if \
             it has expired, is not valid yet or names another host, renew it on that server or correct \
             auth.xivo_auth.host",
        ),
        ProbeStage::Answer => Some(
            "that server's log says why; auth.xivo_auth.host and .port may name another program, \
             auth.xivo_auth.timeout gives it more time",
        ),
        ProbeStage::Settings => Some("ctibox setting set auth.xivo_auth.backend NAME"),
        ProbeStage::Bind | ProbeStage::Find | ProbeStage::Password | ProbeStage::Email | ProbeStage::User => None,
    }
}

fn text(tried: &[Tried], conclusion: Option<&Conclusion>) -> String {
    let mut text = String::new();
    for one in tried {
        text.push_str(&format!("{} ({})\n", one.name, one.place.words()));
        if one.report.steps.is_empty() {
            text.push_str("  ok      needs no other server\n");
        }
        for step in &one.report.steps {
            text.push_str(&format!("  {:6}  {}: {}\n", result_word(step.result), step.stage.as_str(), step.detail));
            text.extend(hint(one.name, step).map(|hint| format!("          hint: {hint}\n")));
        }
    }
    text.extend(conclusion.map(|conclusion| format!("{}\n", conclusion.words)));
    text
}

fn json(tried: &[Tried], conclusion: Option<&Conclusion>) -> Value {
    let step = |name: BackendName, step: &ProbeStep| {
        let (stage, result) = (step.stage.as_str(), result_word(step.result));
        json!({"step": stage, "result": result, "detail": step.detail, "hint": hint(name, step)})
    };
    let backend = |one: &Tried| {
        let steps: Vec<Value> = one.report.steps.iter().map(|tried| step(one.name, tried)).collect();
        let is_first = matches!(one.place, Asked::BeforeAll(_) | Asked::InOrder(1));
        let is_asked = one.place.place().is_some();
        json!({"name": one.name.as_str(), "is_asked": is_asked, "is_asked_first": is_first, "steps": steps})
    };
    json!({
        "backends": tried.iter().map(backend).collect::<Vec<_>>(),
        "decides": conclusion.and_then(|conclusion| conclusion.decides).map(BackendName::as_str),
        "may_log_in": conclusion.map(|conclusion| conclusion.may_log_in),
        "conclusion": conclusion.map(|conclusion| conclusion.words.as_str()),
    })
}
