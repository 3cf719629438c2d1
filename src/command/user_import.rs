//! `ctibox user import` and `export`: the table of users that XiVO's user import took. What columns and lines mean is in
//! `exchange::user_import`; this file reads, says what would become of each line, and writes in one transaction.

use std::convert::Infallible;
use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::thread;

use serde_json::{Value, json};

use super::failure::Failure;
use super::import::{CARD, begins_with};
use super::invocation::Invocation;
use super::output::plain;
use super::progress::Progress;
use super::{import, random};
use crate::exchange::TableFault;
use crate::exchange::text_encoding::TextEncoding;
use crate::exchange::user_import::{
    self, Existing, LineOutcome, Means, Plan, PlannedLine, USER_TABLE_BYTES_MAX, UserTable, UserTableError,
};
use crate::settings::phone_book::EntriesNeeded;
use crate::settings::prose::prose;
use crate::settings::rule::{Finding, Refusal, Severity, count};
use crate::settings::table::Kind;
use crate::settings::target_kind::TargetKind;
use crate::settings::violation::quoted;
use crate::store::{ChangeError, OriginKind};

#[derive(Debug, clap::Args)]
pub(crate) struct UserImportArguments {
    /// The table; `-` for standard input
    file: PathBuf,
    /// Change the user whose uuid a line names; lines without one, or with a new one, add users
    ///
    /// A column that the table does not have changes nothing, an empty cell means none. A login, a password, a line or a
    /// voicemail box is never taken away: an empty password stays what it is, a line that empties one of the others is
    /// not good.
    #[arg(long)]
    update: bool,
    /// Only print what would happen to each line
    #[arg(long)]
    dry_run: bool,
    /// Import the good lines and skip the bad ones
    #[arg(long)]
    accept_good_lines: bool,
    /// How its text is encoded, like windows-1252; left out, the file says it or it is guessed
    #[arg(long, value_name = "NAME", value_parser = import::encoding)]
    encoding: Option<TextEncoding>,
}

impl UserImportArguments {
    fn existing(&self) -> Existing {
        if self.update { Existing::Changed } else { Existing::LeftAlone }
    }
}

/// `ctibox user export`.
pub(crate) fn export(ctx: &Invocation) -> Result<(), Failure> {
    let c = ctx.configuration()?;
    ctx.output.bytes(user_import::write(&c).as_bytes())?;
    let left_out = c.lines.iter().filter(|line| !line.is_main).count();
    if left_out > 0 {
        let words = count(left_out, "line");
        ctx.output.note(prose![
            "{words} beside main lines have no place in the table; ",
            ctibox("export"),
            " writes them"
        ]);
    }
    Ok(())
}

pub(crate) fn run(arguments: &UserImportArguments, ctx: &Invocation) -> Result<(), Failure> {
    let store = ctx.store()?;
    let bytes = import::bytes(&arguments.file, USER_TABLE_BYTES_MAX, "user import")?;
    let table = UserTable::read(&bytes, arguments.encoding).map_err(|error| unreadable(arguments, &bytes, &error))?;
    // Nothing of its first line is told then: it may have swallowed all others.
    if table.is_empty() {
        let failure = Failure::new(format!("{} names no user; nothing was written", arguments.file.display()));
        return Err(failure.hint("each line behind the first is a user"));
    }
    import::tell_encoding(table.guessed, ctx);
    let means = means();
    let configuration = store.configuration()?;
    let plan = Plan::of(&table, arguments.existing(), &configuration);
    let findings = plan.findings(&means, &configuration)?;
    tell_columns(&table, ctx);
    let is_accepted = arguments.accept_good_lines || plan.refused().next().is_none();
    if arguments.dry_run || !is_accepted || plan.good().next().is_none() {
        tell_plan(arguments, &table, &plan, Written::Nothing, ctx)?;
        return would(arguments, &plan, findings, ctx);
    }
    if let errors @ [_, ..] = errors(&findings).as_slice() {
        return Err(errors.to_vec().into());
    }
    let mut progress = Progress::begin(&ctx.output, "passwords hashed", plan.passwords());
    let ControlFlow::Continue(hashes) = plan.hashed(&means, |done| {
        progress.tell(done);
        ControlFlow::<Infallible>::Continue(())
    });
    progress.end();
    ctx.intend_import(&arguments.file);
    let changed = store
        .change_with(&EntriesNeeded::None, &ctx.origin(OriginKind::Import), |current| {
            *current = plan.applied(&table, &hashes, &means, current)?;
            Ok(())
        })
        .map_err(changed_meanwhile)?;
    ctx.await_server(Some(changed.since));
    tell_plan(arguments, &table, &plan, Written::All, ctx)?;
    ctx.warn(&changed.warnings);
    let mut words = done_words(&plan, "was", "were");
    if let number @ 1.. = plan.refused().count() {
        words.push_str(&format!("; {} left out", are(number, "line")));
    }
    ctx.output.note(&words);
    Ok(())
}

/// What was written of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Written {
    Nothing,
    All,
}

/// `2 users were added`, `1 user was added, 3 changed`.
fn done_words(plan: &Plan, was: &str, were: &str) -> String {
    let (added, changed) = (plan.added(), plan.changed());
    let be = |number: usize| if number == 1 { was } else { were };
    match (added, changed) {
        (_, 0) => format!("{} {} added", count(added, "user"), be(added)),
        (0, _) => format!("{} {} changed", count(changed, "user"), be(changed)),
        _ => format!("{} {} added, {changed} changed", count(added, "user"), be(added)),
    }
}

fn means() -> Means {
    let threads = thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    Means { uuid: random::user_uuid, salt: random::salt, threads }
}

fn unreadable(arguments: &UserImportArguments, bytes: &[u8], error: &UserTableError) -> Failure {
    let failure = Failure::new(format!("{} cannot be imported: {error}", arguments.file.display()));
    match error {
        UserTableError::NotText(_) => failure.hint("save the table as CSV in UTF-8"),
        UserTableError::NoTable(TableFault::BareReturn) => {
            failure.hint("in Excel for Mac that is \"CSV UTF-8\", not \"CSV (Macintosh)\"")
        }
        UserTableError::TooLong | UserTableError::TooManyLines(_) => {
            failure.hint("import it in parts, each with the first line")
        }
        UserTableError::NoColumn { .. } if begins_with(bytes, "{") => {
            failure.hint(prose!["a document of the whole configuration is imported by ", ctibox("import FILE")])
        }
        UserTableError::NoColumn { .. } if begins_with(bytes, CARD) => {
            failure.hint(prose!["cards are imported by ", ctibox("phonebook import FILE")])
        }
        UserTableError::Empty
        | UserTableError::NoColumn { .. }
        | UserTableError::Twice(_)
        | UserTableError::NoTable(_) => {
            let columns = UserTable::column_names().collect::<Vec<_>>().join(", ");
            let words = "the first line names the columns, in any order; only `firstname` or `uuid` must be there";
            failure.hint(format!("{words}: {columns}"))
        }
    }
}

fn tell_columns(table: &UserTable, ctx: &Invocation) {
    if !table.unknown.is_empty() {
        ctx.output.warning(format!("{} not known: {}", are(table.unknown.len(), "column"), names(&table.unknown)));
    }
    if !table.not_used.is_empty() {
        ctx.output.note(format!("not used here: {}", names(&table.not_used)));
    }
}

/// On one line, whatever the file holds.
fn names(columns: &[String]) -> String {
    quoted(columns.iter().map(|name| plain(name)))
}

/// `1 line was`, `2 lines were`.
fn are(number: usize, what: &str) -> String {
    format!("{} {}", count(number, what), if number == 1 { "was" } else { "were" })
}

/// As data: after an import the lines that were left out and those that are to be looked at, else the fate of all; as JSON
/// always all.
fn tell_plan(
    arguments: &UserImportArguments,
    table: &UserTable,
    plan: &Plan,
    done: Written,
    ctx: &Invocation,
) -> Result<(), Failure> {
    if ctx.output.is_json() {
        let lines: Vec<Value> = plan.lines.iter().map(line_json).collect();
        let if_done = |number: usize| if done == Written::All { number } else { 0 };
        return ctx.output.json(&json!({
            "added": if_done(plan.added()),
            "changed": if_done(plan.changed()),
            "columns_not_used": table.not_used,
            "columns_unknown": table.unknown,
            "lines": lines,
        }));
    }
    let is_told = |line: &&PlannedLine| {
        arguments.dry_run || !line.warnings.is_empty() || matches!(line.outcome, LineOutcome::Refused(_))
    };
    let lines: Vec<String> = plan.lines.iter().filter(is_told).map(line_text).collect();
    if lines.is_empty() { Ok(()) } else { ctx.output.data(&lines.join("\n")) }
}

fn line_text(line: &PlannedLine) -> String {
    // A cell may hold line ends.
    let (login, name) = (plain(&line.login), plain(&line.full_name));
    let who = match (login.as_str(), name.as_str()) {
        ("", "") => String::new(),
        ("", name) => format!(": {name}"),
        (login, "") => format!(": {login}"),
        (login, name) => format!(": {login} ({name})"),
    };
    let warnings: String =
        line.warnings.iter().map(|warning| format!("\n  warning: {}", plain(&warning.with_rule()))).collect();
    match &line.outcome {
        LineOutcome::New(addition) => format!("line {}: new{who}: {}{warnings}", line.line, addition.words()),
        LineOutcome::Changed(change) => {
            format!("line {}: changed{who}: {}{warnings}", line.line, plain(change.words()))
        }
        LineOutcome::Unchanged => format!("line {}: unchanged{who}", line.line),
        LineOutcome::Refused(reasons) => {
            let reasons: String = reasons.iter().map(|reason| format!("\n  {}", plain(&reason.with_rule()))).collect();
            format!("line {}: refused{who}{reasons}", line.line)
        }
    }
}

fn line_json(line: &PlannedLine) -> Value {
    let (fate, reasons) = match &line.outcome {
        LineOutcome::New(_) => ("new", &[][..]),
        LineOutcome::Changed(_) => ("changed", &[][..]),
        LineOutcome::Unchanged => ("unchanged", &[][..]),
        LineOutcome::Refused(reasons) => ("refused", reasons.as_slice()),
    };
    let reasons: Vec<String> = reasons.iter().map(Refusal::with_rule).collect();
    let warnings: Vec<String> = line.warnings.iter().map(Refusal::with_rule).collect();
    json!({
        "line": line.line,
        "login": line.login,
        "name": line.full_name,
        "fate": fate,
        "reasons": reasons,
        "warnings": warnings,
    })
}

/// The end of an import that writes nothing.
fn would(
    arguments: &UserImportArguments,
    plan: &Plan,
    findings: Vec<Finding>,
    ctx: &Invocation,
) -> Result<(), Failure> {
    let errors = errors(&findings);
    let warnings: Vec<_> = findings.into_iter().filter(|finding| finding.severity == Severity::Warning).collect();
    if arguments.dry_run {
        ctx.warn(&warnings);
    }
    if !errors.is_empty() {
        return Err(errors.into());
    }
    let (good, refused) = (plan.good().count(), plan.refused().count());
    if refused > 0 && !(arguments.accept_good_lines && good > 0) {
        let failure = Failure::new(format!(
            "{refused} of {} cannot be imported; nothing was written",
            count(plan.lines.len(), "line")
        ));
        let failure = if !arguments.update && is_about_users_who_are_there(plan) {
            failure.hint("`--update` changes the users whose uuid is in the table")
        } else {
            failure
        };
        return Err(match good {
            0 => failure,
            good => failure.hint(format!("`--accept-good-lines` takes the {} of the others", count(good, "user"))),
        });
    }
    ctx.output.note(&match (good, plan.unchanged()) {
        (0, 0) => "the table names no user; nothing was written".to_owned(),
        (0, 1) => "the user is as the table says; nothing was written".to_owned(),
        (0, _) => "all users are as the table says; nothing was written".to_owned(),
        _ => format!("{}; nothing was written", done_words(plan, "would be", "would be")),
    });
    Ok(())
}

fn is_about_users_who_are_there(plan: &Plan) -> bool {
    let is_there =
        |reason: &Refusal| reason.on.what() == Some(TargetKind::Uuid) && reason.problem.is_held_by(Kind::User);
    plan.refused().any(|(_, reasons)| reasons.iter().any(is_there))
}

fn errors(findings: &[Finding]) -> Vec<Refusal> {
    let errors = findings.iter().filter(|finding| finding.severity == Severity::Error);
    errors.map(|finding| finding.refusal.clone()).collect()
}

/// What was good when it was planned is not any more.
fn changed_meanwhile(error: ChangeError) -> Failure {
    match error {
        ChangeError::Refused(refusals) => refusals
            .iter()
            .fold(Failure::new("somebody changed the users meanwhile; nothing was written"), |failure, refusal| {
                failure.caused_by(refusal)
            })
            .hint("repeat the command: it looks at all lines again"),
        ChangeError::Store(error) => error.into(),
    }
}
