//! `ctibox auth`: tries the backends out that are asked at a login, with the settings in force and before anybody depends on
//! them. It speaks to no running server: it is a client of the directory or authentication service as the server is one.

use clap::Subcommand;
use serde_json::{Value, json};

use super::failure::Failure;
use super::invocation::Invocation;
use super::serve::backend;
use super::{complete, prompt};
use crate::auth::{AuthOutcome, ProbeReport, ProbeStage, ProbeStep, ProbeSubject, StepResult, Verdict};
use crate::config::{Effective, Origin};
use crate::settings::account::AccountKind;
use crate::settings::auth_settings::BackendName;
use crate::settings::configuration::Configuration;
use crate::settings::setting::Key;

#[derive(Debug, Subcommand)]
pub(crate) enum AuthCommand {
    /// Try every backend out: its server, and what it says of a login
    ///
    /// Tried are those that `auth.backends` names, in that order, and those that have all the settings that they need, so
    /// that a backend can be tried before it is named. Fails where a step fails, or where LOGIN would be refused.
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
    let effective = ctx.effective()?;
    let subject = subject(arguments, ctx)?;
    let tried = try_out(&configuration, &effective, &subject)?;
    let conclusion = subject.login.as_deref().map(|login| Conclusion::of(login, &configuration, &tried));
    if ctx.output.is_json() {
        ctx.output.json(&json(&tried, conclusion.as_ref()))?;
    } else {
        ctx.output.prose(&text(&tried, conclusion.as_ref()))?;
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
    /// Whether `auth.backends` names it.
    is_asked: bool,
    report: ProbeReport,
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
    let named = general.auth.backends.iter().map(|name| (*name, true));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::new("cannot start the async threads").cause(&error))?;
    let mut tried = Vec::new();
    for (name, is_asked) in named.chain(others.map(|name| (name, false))) {
        // In the runtime: a backend may start tasks of its own.
        let report = runtime.block_on(async {
            let backend = backend(name, configuration, &general);
            backend.probe(subject).await
        });
        tried.push(Tried { name, is_asked, report });
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
    words: String,
}

impl Conclusion {
    fn of(login: &str, configuration: &Configuration, tried: &[Tried]) -> Self {
        let local = tried.iter().find(|one| one.name == BackendName::XivoUser);
        let is_flagged = configuration.users.find(|user| user.break_glass && user.has_login(login)).is_some();
        // The local password of a break-glass user counts before all others.
        if let Some(local) = local.filter(|_| is_flagged)
            && let Verdict::Answers(outcome @ AuthOutcome::Accepted(_)) = local.report.verdict
        {
            return Self::answered(login, BackendName::XivoUser, outcome, configuration);
        }
        let refused = |words: String| Self { decides: None, may_log_in: false, words };
        for one in tried.iter().filter(|one| one.is_asked) {
            let name = one.name;
            match one.report.verdict {
                Verdict::Answers(AuthOutcome::Unknown(_)) => {}
                Verdict::Answers(AuthOutcome::Unavailable) if is_flagged && local.is_some() => {
                    let words = format!("{name} cannot be asked; {login} is break-glass: the local password decides");
                    return refused(words).decided_by(BackendName::XivoUser);
                }
                Verdict::Answers(outcome) => return Self::answered(login, name, outcome, configuration),
                Verdict::Decides => {
                    let words = format!("{name} knows {login} and decides; no password was tried");
                    return Self { decides: Some(name), may_log_in: true, words };
                }
                Verdict::Open => {
                    let words = format!("{name} is asked first of those that may know {login}, and needs the password");
                    return Self { decides: None, may_log_in: true, words };
                }
            }
        }
        refused(format!("no backend that is asked knows {login}: refused as a wrong password"))
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
        Self { decides: Some(name), may_log_in, words: format!("{login}: {name} {words}") }
    }

    fn decided_by(self, name: BackendName) -> Self {
        Self { decides: Some(name), ..self }
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
        ProbeStage::Connect => Some("ctibox setting set auth.ldap.uri URI"),
        ProbeStage::Encrypt => Some("ctibox setting set auth.ldap.ca_file FILE (its own or its CA's)"),
        ProbeStage::Bind => Some("ctibox setting set --value-stdin auth.ldap.bind_password"),
        ProbeStage::Email => Some("ctibox setting set auth.ldap.user_email_attribute NAME"),
        ProbeStage::Find => Some("ctibox setting set auth.ldap.user_base_dn DN"),
        ProbeStage::Settings | ProbeStage::Password | ProbeStage::User => None,
    }
}

fn service_hint(stage: ProbeStage) -> Option<&'static str> {
    match stage {
        ProbeStage::Connect => Some("ctibox setting set auth.xivo_auth.host HOST"),
        ProbeStage::Encrypt => Some("ctibox setting set auth.xivo_auth.ca_file FILE (its own or its CA's)"),
        ProbeStage::Settings => Some("ctibox setting set auth.xivo_auth.backend NAME"),
        ProbeStage::Bind | ProbeStage::Find | ProbeStage::Password | ProbeStage::Email | ProbeStage::User => None,
    }
}

fn text(tried: &[Tried], conclusion: Option<&Conclusion>) -> String {
    let mut text = String::new();
    for (place, one) in (1..).zip(tried) {
        let asked = if one.is_asked { format!("{place} in auth.backends") } else { "not in auth.backends".to_owned() };
        text.push_str(&format!("{} ({asked})\n", one.name));
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
        json!({"name": one.name.as_str(), "is_asked": one.is_asked, "steps": steps})
    };
    json!({
        "backends": tried.iter().map(backend).collect::<Vec<_>>(),
        "decides": conclusion.and_then(|conclusion| conclusion.decides).map(BackendName::as_str),
        "may_log_in": conclusion.map(|conclusion| conclusion.may_log_in),
        "conclusion": conclusion.map(|conclusion| conclusion.words.as_str()),
    })
}
