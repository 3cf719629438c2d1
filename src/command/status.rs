//! `ctibox status`: how users, phones, agents or queues stand now, asked of the running server through its control socket,
//! once or until somebody ends it.

use std::collections::BTreeMap;
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};
use time::OffsetDateTime;

use super::failure::Failure;
use super::invocation::Invocation;
use super::sessions::{strange, talk};
use crate::control::{
    self, AgentNow, AgentQueue, AgentState, Overview, OverviewOf, OverviewRows, PhoneNow, PhoneStatus, QueueNow,
    UserNow,
};
use crate::settings::prose::prose;

/// How often the server is asked again for `--follow`.
const ASK_EVERY: Duration = Duration::from_secs(1);

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  ctibox status agents\n  ctibox status phones 1001@default\n  \
                        ctibox status queues --follow --json")]
pub(crate) struct StatusArguments {
    /// What to show
    #[arg(value_enum)]
    what: What,
    /// Only this one: a login, a line or its device, an agent's number, a queue
    name: Option<String>,
    /// Go on and print what changes, until interrupted
    #[arg(long)]
    follow: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum What {
    Users,
    Phones,
    Agents,
    Queues,
}

/// An object as it stands.
struct StatusRow {
    /// What it may be called; the first tells it from the others.
    names: Vec<String>,
    cells: Vec<String>,
    json: Value,
}

pub(crate) fn run(arguments: &StatusArguments, ctx: &Invocation) -> Result<(), Failure> {
    let (overview, rows) = ask(arguments, ctx)?;
    if let Some(name) = arguments.name.as_deref().filter(|_| rows.is_empty()) {
        let what = word(arguments.what);
        return Err(Failure::new(format!("none of the {what} is called {name:?}"))
            .hint(prose![ctibox("status {what}"), " shows them all"]));
    }
    if !overview.is_linked && arguments.what != What::Users {
        ctx.output.note("there is no link to Asterisk: this is how it stood last, if it ever was known");
    }
    let cells: Vec<Vec<String>> = rows.iter().map(|row| row.cells.clone()).collect();
    if arguments.follow && ctx.output.is_json() {
        rows.iter().try_for_each(|row| ctx.output.data(&row.json.to_string()))?;
    } else {
        let json = || {
            if arguments.name.is_some() {
                rows[0].json.clone()
            } else {
                rows.iter().map(|row| row.json.clone()).collect()
            }
        };
        ctx.output.list(heads(arguments.what), &cells, json)?;
    }
    if arguments.follow { follow(arguments, rows, overview.is_linked, ctx) } else { Ok(()) }
}

/// Prints what stands otherwise than before, a line each; of what is gone that it is.
fn follow(
    arguments: &StatusArguments,
    rows: Vec<StatusRow>,
    mut is_linked: bool,
    ctx: &Invocation,
) -> Result<(), Failure> {
    let mut known: BTreeMap<String, Value> = rows.into_iter().map(|row| (row.names[0].clone(), row.json)).collect();
    ctx.output.note("following; Ctrl-C ends it");
    loop {
        thread::sleep(ASK_EVERY);
        let (overview, rows) = ask(arguments, ctx)?;
        if overview.is_linked != is_linked {
            is_linked = overview.is_linked;
            ctx.output.note(if is_linked { "the link to Asterisk is back" } else { "the link to Asterisk is lost" });
        }
        let mut gone = std::mem::take(&mut known);
        for row in rows {
            if gone.remove(&row.names[0]).as_ref() != Some(&row.json) {
                ctx.output.data(&if ctx.output.is_json() { row.json.to_string() } else { row.cells.join("  ") })?;
            }
            known.insert(row.names[0].clone(), row.json);
        }
        for name in gone.into_keys() {
            ctx.output.note(format!("{name} is gone"));
        }
    }
}

fn ask(arguments: &StatusArguments, ctx: &Invocation) -> Result<(Overview, Vec<StatusRow>), Failure> {
    let of = match arguments.what {
        What::Users => OverviewOf::Users,
        What::Phones => OverviewOf::Phones,
        What::Agents => OverviewOf::Agents,
        What::Queues => OverviewOf::Queues,
    };
    let control::Response::Overview(overview) = talk(ctx, &control::Request::Overview { of })? else {
        return Err(strange());
    };
    let now = OffsetDateTime::now_utc().unix_timestamp();
    let mut rows: Vec<StatusRow> = match &overview.rows {
        OverviewRows::Users(users) => users.iter().map(user).collect(),
        OverviewRows::Phones(phones) => phones.iter().map(phone).collect(),
        OverviewRows::Agents(agents) => agents.iter().map(|it| agent(it, now)).collect(),
        OverviewRows::Queues(queues) => queues.iter().map(|it| queue(it, now)).collect(),
    };
    if let Some(wanted) = arguments.name.as_deref().map(str::trim) {
        rows.retain(|row| row.names.iter().any(|name| name.eq_ignore_ascii_case(wanted)));
    }
    Ok((overview, rows))
}

fn word(what: What) -> &'static str {
    match what {
        What::Users => "users",
        What::Phones => "phones",
        What::Agents => "agents",
        What::Queues => "queues",
    }
}

fn heads(what: What) -> &'static [&'static str] {
    match what {
        What::Users => &["USER", "NAME", "PRESENCE", "SESSIONS", "SERVICES"],
        What::Phones => &["LINE", "DEVICE", "STATUS", "USER"],
        What::Agents => &["AGENT", "NAME", "STATE", "FOR", "AT", "PAUSED IN"],
        What::Queues => &["QUEUE", "WAITING", "LONGEST", "MEMBERS", "LOGGED IN", "AVAILABLE", "TALKING", "PAUSED"],
    }
}

fn or_dash(text: String) -> String {
    if text.is_empty() { "-".to_owned() } else { text }
}

fn user(it: &UserNow) -> StatusRow {
    let cells = vec![
        it.user.clone(),
        it.name.clone(),
        it.presence.clone(),
        it.sessions.to_string(),
        or_dash(it.services.join(", ")),
    ];
    StatusRow { names: vec![it.user.clone()], cells, json: json!(it) }
}

fn phone(it: &PhoneNow) -> StatusRow {
    let number = it.line.split_once('@').map_or(it.line.as_str(), |(number, _)| number);
    StatusRow {
        names: vec![it.line.clone(), number.to_owned(), it.device.clone()],
        cells: vec![it.line.clone(), it.device.clone(), phone_words(it.status).to_owned(), it.user.clone()],
        json: json!(it),
    }
}

fn phone_words(status: PhoneStatus) -> &'static str {
    match status {
        PhoneStatus::Idle => "free",
        PhoneStatus::InUse => "in use",
        PhoneStatus::Busy => "busy",
        PhoneStatus::Unavailable => "not registered",
        PhoneStatus::Ringing => "ringing",
        PhoneStatus::InUseAndRinging => "in use, ringing",
        PhoneStatus::OnHold => "on hold",
        PhoneStatus::Removed => "hint removed",
        PhoneStatus::Deactivated => "no hint",
        PhoneStatus::Other => "unknown",
    }
}

fn agent(it: &AgentNow, now: i64) -> StatusRow {
    let state = match it.state {
        AgentState::LoggedOut => "logged out",
        AgentState::OnQueueCall => "queue's call",
        AgentState::OnOtherCall => "other call",
        AgentState::Resting => "resting",
        AgentState::Paused => "paused",
        AgentState::Available => "available",
    };
    let gone = if it.is_phone_gone { ", phone gone" } else { "" };
    let cells = vec![
        it.agent.clone(),
        it.name.clone(),
        format!("{state}{gone}"),
        or_dash(it.since.map(|since| span(now - since as i64)).unwrap_or_default()),
        or_dash(it.extension.clone().unwrap_or_default()),
        or_dash(pauses(it, now)),
    ];
    StatusRow { names: vec![it.agent.clone()], cells, json: json!(it) }
}

/// `all 12 min (lunch)` where all queues say the same, else `support 12 min (lunch), sales 1 min`.
fn pauses(it: &AgentNow, now: i64) -> String {
    let words = |queue: &AgentQueue| {
        let reason = queue.paused.as_deref()?;
        let since = queue.paused_since.map(|since| format!(" {}", span(now - since as i64))).unwrap_or_default();
        Some(if reason.is_empty() { since } else { format!("{since} ({reason})") })
    };
    let pauses: Vec<_> = it.queues.iter().filter_map(|queue| Some((&queue.queue, words(queue)?))).collect();
    match pauses.as_slice() {
        [(_, first), others @ ..]
            if pauses.len() == it.queues.len() && pauses.len() > 1 && others.iter().all(|(_, it)| it == first) =>
        {
            format!("all{first}")
        }
        _ => pauses.iter().map(|(queue, words)| format!("{queue}{words}")).collect::<Vec<_>>().join(", "),
    }
}

fn queue(it: &QueueNow, now: i64) -> StatusRow {
    let longest = it.longest_wait_since.map(|since| span(now - since as i64)).unwrap_or_default();
    let numbers = [it.members, it.logged_in, it.available, it.talking, it.paused].map(|number| number.to_string());
    let waiting = vec![it.queue.clone(), it.waiting.to_string(), or_dash(longest)];
    StatusRow { names: vec![it.queue.clone()], cells: [waiting, numbers.to_vec()].concat(), json: json!(it) }
}

/// `45 s`, `12 min`, `3 h 20 min`, `2 d 3 h`
fn span(seconds: i64) -> String {
    match seconds.max(0) {
        seconds @ 0..60 => format!("{seconds} s"),
        seconds @ 60..3600 => format!("{} min", seconds / 60),
        seconds @ 3600..86_400 => format!("{} h {} min", seconds / 3600, seconds % 3600 / 60),
        seconds => format!("{} d {} h", seconds / 86_400, seconds % 86_400 / 3600),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_says_where_since_when_and_why() {
        let queue = |queue: &str, paused: Option<&str>, since: Option<f64>| AgentQueue {
            queue: queue.to_owned(),
            paused: paused.map(str::to_owned),
            paused_since: since,
        };
        let told = |queues| {
            let agent = AgentNow {
                agent: "8001".to_owned(),
                name: String::new(),
                state: AgentState::Paused,
                since: None,
                extension: None,
                device: None,
                logged_in_since: None,
                queues,
                is_phone_gone: false,
            };
            pauses(&agent, 1_000)
        };
        let (lunch, sales) = (|name| queue(name, Some("lunch"), Some(280.0)), queue("sales", None, None));
        assert_eq!(told(vec![lunch("support"), sales.clone()]), "support 12 min (lunch)");
        assert_eq!(told(vec![lunch("support"), lunch("sales")]), "all 12 min (lunch)");
        assert_eq!(told(vec![lunch("support"), queue("sales", Some(""), None)]), "support 12 min (lunch), sales");
        assert_eq!(told(vec![lunch("support")]), "support 12 min (lunch)");
        assert_eq!(told(vec![sales]), "");
    }

    #[test]
    fn a_span_is_said_in_its_two_largest_units() {
        let said = [-5, 59, 60, 3599, 3600, 12_000, 86_400, 185_000].map(span);
        assert_eq!(said, ["0 s", "59 s", "1 min", "59 min", "1 h 0 min", "3 h 20 min", "1 d 0 h", "2 d 3 h"]);
    }
}
