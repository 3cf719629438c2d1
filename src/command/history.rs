//! `ctibox history`: who changed what and when, out of the audit, and taking a change back. The words of a change and
//! what taking back means are of `settings`; the console shows the same.

use std::collections::BTreeSet;

use clap::Subcommand;
use clap::builder::{PossibleValuesParser, TypedValueParser as _};
use serde_json::{Value, json};
use time::{OffsetDateTime, UtcOffset};

use super::failure::Failure;
use super::invocation::{Done, Invocation};
use crate::exchange::document::{LostSecret, NotUndone, Restored, entries_in};
use crate::settings::id::{AuditId, Id};
use crate::settings::prose::{Prose, prose};
use crate::settings::state::STATE_IS_GONE;
use crate::settings::table::Kind;
use crate::store::{AuditEntry, AuditQuery, AuditRange, AuditTransaction, DamagedEntry, Intent, Store, UndoneBy};

/// What is read at once where all entries may have to be looked at.
const PAGE: usize = 1000;

#[derive(Debug, clap::Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "Examples:\n  ctibox history\n  ctibox history --transactions\n  \
                  ctibox history --kind user --object alice\n  ctibox history undo 42"
)]
pub(crate) struct HistoryArguments {
    #[command(flatten)]
    list: ListHistory,
    #[command(subcommand)]
    command: Option<HistoryCommand>,
}

#[derive(Debug, clap::Args)]
struct ListHistory {
    /// Only changes of this kind of object
    #[arg(long, value_name = "KIND", value_parser = kinds())]
    kind: Option<Kind>,
    /// Only changes of the object that has or had this name, or has this id
    #[arg(long, value_name = "NAME")]
    object: Option<String>,
    /// One row for all that one command or one key changed together
    #[arg(long, conflicts_with_all = ["kind", "object"])]
    transactions: bool,
    /// How many to list, the newest first
    #[arg(long, value_name = "N", default_value_t = 50)]
    limit: usize,
}

#[derive(Debug, Subcommand)]
enum HistoryCommand {
    /// Show an object before and after a change
    #[command(after_help = "Example:\n  ctibox history show 42")]
    Show(Show),
    /// Take changes back, all of them or none
    ///
    /// An object that was changed again since is left alone. Objects that need each other, like a presence group and its
    /// presences, come back together. Passwords, PINs and secrets are not in the history: those of now stay, and a user
    /// who comes back has none and is disabled.
    #[command(after_help = "Example:\n  ctibox history undo 42\n  ctibox history undo --transaction 42")]
    Undo(Undo),
}

#[derive(Debug, clap::Args)]
struct Show {
    /// The entry's number
    #[arg(value_name = "ID")]
    entry: i64,
}

#[derive(Debug, clap::Args)]
struct Undo {
    /// The entries' numbers
    #[arg(value_name = "ID", required_unless_present = "transactions")]
    entries: Vec<i64>,
    /// All that was changed together with this entry; may be given several times
    #[arg(long = "transaction", value_name = "ID")]
    transactions: Vec<i64>,
}

pub(crate) fn run(arguments: HistoryArguments, ctx: &Invocation) -> Result<(), Failure> {
    match arguments.command {
        None => list(&arguments.list, ctx),
        Some(HistoryCommand::Show(arguments)) => show(&arguments, ctx),
        Some(HistoryCommand::Undo(arguments)) => undo(&arguments, ctx),
    }
}

fn kinds() -> impl clap::builder::TypedValueParser<Value = Kind> {
    PossibleValuesParser::new(Kind::ALL.map(Kind::as_str))
        .map(|word| Kind::parse(&word).expect("only words of kinds are possible"))
}

type Read = Result<AuditEntry, DamagedEntry>;

fn list(arguments: &ListHistory, ctx: &Invocation) -> Result<(), Failure> {
    let store = ctx.store()?;
    if arguments.transactions {
        return list_transactions(&store, arguments.limit, ctx);
    }
    let query = AuditQuery { kind: arguments.kind, ..AuditQuery::newest(arguments.limit) };
    let entries = match &arguments.object {
        None => store.audit(&query)?,
        Some(name) => of_object(&store, &query, name.trim())?,
    };
    let rows: Vec<Vec<String>> = entries.iter().map(row).collect();
    ctx.output.list(&["ID", "WHEN", "WHO", "BY", "CHANGE"], &rows, || entries.iter().map(object).collect())
}

fn list_transactions(store: &Store, limit: usize, ctx: &Invocation) -> Result<(), Failure> {
    let transactions = store.transactions(None, limit)?;
    let row = |it: &AuditTransaction| {
        let (id, entries) = (it.id.to_string(), it.entries.to_string());
        let undone = it.undone.as_ref().map_or_else(String::new, |by| format!("{}: ", undone_words(by)));
        let words = format!("{undone}{}", it.headline());
        vec![id, moment(it.at), it.system_user.clone(), it.origin.clone(), entries, words]
    };
    let rows: Vec<Vec<String>> = transactions.iter().map(row).collect();
    let object = |it: &AuditTransaction| {
        json!({
            "transaction": it.id.number(),
            "at": it.at,
            "system_user": it.system_user,
            "origin": it.origin,
            "entries": it.entries,
            "words": it.title,
            "file": it.file,
            "undoes": it.undoes.iter().map(|id| id.number()).collect::<Vec<_>>(),
            "undone": it.undone.as_ref().map(|by| json!({
                "transaction": by.transaction.number(),
                "at": by.at,
                "system_user": by.system_user,
                "is_whole": by.is_whole,
            })),
        })
    };
    let head = ["ID", "WHEN", "WHO", "BY", "ENTRIES", "CHANGE"];
    ctx.output.list(&head, &rows, || transactions.iter().map(object).collect())
}

/// `undone by 233`, `undone in part by 233`
fn undone_words(by: &UndoneBy) -> String {
    format!("undone {}by {}", if by.is_whole { "" } else { "in part " }, by.transaction)
}

/// All that was changed of the objects that once had this name, or have this number: also under their other names.
fn of_object(store: &Store, query: &AuditQuery, name: &str) -> Result<Vec<Read>, Failure> {
    let number: Option<i64> = name.parse().ok();
    let (mut named, mut numbered) = (BTreeSet::new(), BTreeSet::new());
    let identity = |entry: &AuditEntry| (entry.kind, entry.object, entry.recorded().key());
    each_page(store, query, |entry| {
        if let Ok(entry) = entry {
            if entry.recorded().is_called(name) {
                named.insert(identity(&entry));
            } else if number == Some(entry.object) {
                numbered.insert(identity(&entry));
            }
        }
        true
    })?;
    // `--object 1001` is the line 1001 rather than whatever has that id.
    let meant = if named.is_empty() { numbered } else { named };
    let mut entries = Vec::new();
    each_page(store, query, |entry| {
        if entry.as_ref().is_ok_and(|entry| meant.contains(&identity(entry))) {
            entries.push(entry);
        }
        entries.len() < query.limit
    })?;
    Ok(entries)
}

/// Hands over every entry until `take` has enough.
fn each_page(store: &Store, query: &AuditQuery, mut take: impl FnMut(Read) -> bool) -> Result<(), Failure> {
    let mut query = AuditQuery { limit: PAGE, ..*query };
    loop {
        let page = store.audit(&query)?;
        let Some(last) = page.last() else { return Ok(()) };
        query.before = Some(id_of(last));
        for entry in page {
            if !take(entry) {
                return Ok(());
            }
        }
    }
}

fn show(arguments: &Show, ctx: &Invocation) -> Result<(), Failure> {
    let entry = read(&ctx.store()?, arguments.entry)?;
    let image = |image: &Option<Value>| image.as_ref().map_or_else(|| "does not exist".to_owned(), Value::to_string);
    let fields = [
        ("id", entry.id.to_string()),
        ("when", moment(entry.at)),
        ("who", entry.system_user.clone()),
        ("by", entry.origin.as_str().to_owned()),
        ("change", entry.recorded().describe()),
        ("before", image(&entry.before)),
        ("after", image(&entry.after)),
    ];
    ctx.output.fields(&fields, || object(&Ok(entry.clone())))
}

fn undo(arguments: &Undo, ctx: &Invocation) -> Result<(), Failure> {
    let store = ctx.store()?;
    let mut entries = arguments.entries.iter().map(|id| read(&store, *id)).collect::<Result<Vec<_>, _>>()?;
    for id in &arguments.transactions {
        let transaction = read(&store, *id)?.transaction;
        let written = store.entries_of(transaction, None, usize::MAX)?;
        entries.extend(written.into_iter().collect::<Result<Vec<_>, _>>().map_err(|damaged| Failure::of(&damaged))?);
    }
    entries.sort_by_key(|entry| entry.id);
    entries.dedup_by_key(|entry| entry.id);
    let changes: Vec<_> = entries.iter().map(AuditEntry::recorded).collect();
    ctx.intend(Intent::Undo(AuditRange::of(entries.iter().map(|entry| (entry.id, entry.transaction)))));
    // A rule that is broken may be kept by what was changed along with these.
    let mut may_need_others = true;
    let outcome = ctx.change_with(&entries_in(&changes), |c| {
        c.restore(&changes).map_err(|error| {
            may_need_others = matches!(error, NotUndone::Refused(_));
            error.into()
        })
    });
    let Restored { lost, left_out } =
        outcome.map_err(|failure| match together(&store, &entries).filter(|_| may_need_others) {
            Some(hint) => failure.hint(hint),
            None => failure,
        })?;
    let mut notes = LostSecret::told(&lost);
    notes.extend(left_out.iter().map(|since| format!("{since}; that stays as it is")));
    let now = OffsetDateTime::now_utc().unix_timestamp();
    notes.extend(entries.iter().any(|entry| entry.is_state_gone(now)).then(|| STATE_IS_GONE.to_owned()));
    for note in &notes {
        ctx.output.warning(note);
    }
    let words: Vec<_> = changes.iter().map(|change| format!("undone: {}", change.describe())).collect();
    let undone: Vec<_> = entries.iter().map(|entry| entry.id.number()).collect();
    ctx.tell(&Done::new(words.join("\n")).with_object(json!({"undone": undone, "notes": notes})))
}

impl From<NotUndone> for Failure {
    fn from(error: NotUndone) -> Self {
        match error {
            NotUndone::Refused(refusals) => refusals.into(),
            NotUndone::ChangedSince(since) => {
                let of = format!("--kind {} --object {}", since.kind.as_str(), since.object());
                Self::of(&since)
                    .hint(prose![ctibox("history {of}"), " shows what came after; take that back first, or with it"])
            }
            NotUndone::OnlySecret { .. } => Self::of(&error).hint("set a new one in its place"),
        }
    }
}

/// What was changed together with these entries, if there is more of it.
fn together(store: &Store, entries: &[AuditEntry]) -> Option<Prose> {
    let asked: BTreeSet<AuditId> = entries.iter().map(|entry| entry.id).collect();
    let transactions: BTreeSet<AuditId> = entries.iter().map(|entry| entry.transaction).collect();
    let is_more = |transaction: &AuditId| {
        let written = store.entries_of(*transaction, None, asked.len() + 1).unwrap_or_default();
        written.iter().any(|entry| !asked.contains(&id_of(entry)))
    };
    if !transactions.iter().any(is_more) {
        return None;
    }
    let options: String = transactions.iter().map(|id| format!(" --transaction {id}")).collect();
    Some(prose!["what one command changed is taken back together: ", ctibox("history undo{options}")])
}

fn read(store: &Store, id: i64) -> Result<AuditEntry, Failure> {
    let id = AuditId::new(id);
    match store.audit(&AuditQuery::one(id))?.pop() {
        Some(Ok(entry)) if entry.id == id => Ok(entry),
        Some(Err(damaged)) if damaged.id == id => Err(Failure::of(&damaged)),
        _ => Err(Failure::new(format!("there is no entry {id} in the history"))
            .hint(prose![ctibox("history"), " shows the newest entries"])),
    }
}

fn id_of(entry: &Read) -> AuditId {
    match entry {
        Ok(entry) => entry.id,
        Err(damaged) => damaged.id,
    }
}

fn row(entry: &Read) -> Vec<String> {
    match entry {
        Ok(entry) => vec![
            entry.id.to_string(),
            moment(entry.at),
            entry.system_user.clone(),
            entry.origin.as_str().to_owned(),
            entry.recorded().describe(),
        ],
        Err(damaged) => {
            let unknown = || "?".to_owned();
            vec![damaged.id.to_string(), unknown(), unknown(), unknown(), format!("cannot be read: {}", damaged.why)]
        }
    }
}

fn object(entry: &Read) -> Value {
    match entry {
        Ok(entry) => json!({
            "id": entry.id.number(),
            "transaction": entry.transaction.number(),
            "at": entry.at,
            "system_user": entry.system_user,
            "origin": entry.origin.as_str(),
            "kind": entry.kind.as_str(),
            "object": entry.object,
            "called": entry.recorded().label(),
            "words": entry.recorded().describe(),
            "before": entry.before,
            "after": entry.after,
        }),
        Err(damaged) => json!({"id": damaged.id.number(), "damaged": damaged.why}),
    }
}

/// By the clock on the wall here, or UTC if the system does not say where here is.
fn moment(at: i64) -> String {
    let Ok(at) = OffsetDateTime::from_unix_timestamp(at) else { return at.to_string() };
    let here = at.to_offset(UtcOffset::local_offset_at(at).unwrap_or(UtcOffset::UTC));
    let (hour, minute, second) = here.to_hms();
    format!("{} {hour:02}:{minute:02}:{second:02}", here.date())
}
