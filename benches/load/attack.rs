//! The scenarios of abuse: what those who are logged in feel of each attack, the attackers on one core, the server and the
//! canaries on another; and how long whoever logs in takes while others fill the table of connections again and again.

use anyhow::Result;
use serde_json::{Map, Value, json};

use crate::Wanted;
use crate::attackers::{self, INSIDERS, Kind};
use crate::canaries::{self, CANARIES};
use crate::helper::{Cores, Helper, start_on};
use crate::installation::{Hash, Installation};
use crate::process::Process;

/// What the canaries may feel at most: so many times the quiet p99, or this.
const TIMES: f64 = 2.0;
const ALWAYS_GOOD_MS: f64 = 20.0;
const LOGIN_GOOD_MS: f64 = 2000.0;

/// Seconds of each measurement.
const SECONDS: usize = 20;
const SECONDS_OF_REFILL: usize = 60;

fn connections(kind: Kind, wanted: &Wanted) -> usize {
    kind.connections().min(wanted.clients_or(usize::MAX)).max(1)
}

/// Each attack by itself: the canaries' presence before it and under it.
pub(crate) async fn attack(wanted: &Wanted) -> Result<Value> {
    let cores = Cores::of_this_process()?;
    let mut figures = Map::new();
    for kind in Kind::ALL {
        let outcome = attacked(kind, wanted, cores);
        // One attack that cannot be measured leaves the others their figures.
        let outcome = outcome.unwrap_or_else(|error| json!({"failed": format!("{error:#}")}));
        figures.insert(kind.as_str().to_owned(), outcome);
    }
    Ok(json!({"cores_apart": cores.are_apart(), "attacks": figures}))
}

fn attacked(kind: Kind, wanted: &Wanted, cores: Cores) -> Result<Value> {
    let people = CANARIES + INSIDERS;
    // The attackers who log in are of another context: what they do there is no latency of the canaries'.
    let world = Installation::make(people, CANARIES, Hash::Cheap)?;
    let server = start_on(cores.served, || world.serve())?;
    let mut canaries = Helper::start(cores.served, canaries::WORD, server.address, &[])?;
    let order = format!("presence {}", wanted.rounds_or(SECONDS));
    // The first changes warm up what is to be measured.
    canaries.ask("presence 3")?;
    let quiet = canaries.ask(&order)?;
    let number = connections(kind, wanted);
    let more = [kind.as_str().to_owned(), number.to_string()];
    let mut attackers = Helper::start(cores.attackers, attackers::WORD, server.address, &more)?;
    let (before, cpu) = (attackers.ask("count")?, server.cpu_seconds()?);
    let attacked = canaries.ask(&order)?;
    let (after, cpu) = (attackers.ask("count")?, server.cpu_seconds()? - cpu);
    let resident = server.resident_mebibytes()?;
    Ok(json!({
        "attackers": number,
        "open": after["open"],
        "connections": difference(&before, &after, "connections"),
        "lines": difference(&before, &after, "lines"),
        "quiet": quiet["latency"],
        "attacked": attacked["latency"],
        "changes": [quiet["changes"], attacked["changes"]],
        "is_good": is_good(&quiet, &attacked),
        "server_cpu_s": cpu,
        "resident_mib": resident,
    }))
}

fn difference(before: &Value, after: &Value, of: &str) -> u64 {
    let count = |value: &Value| value[of].as_u64().unwrap_or_default();
    count(after).saturating_sub(count(before))
}

/// The attacked p99 is under the greater of twice the quiet one and 20 ms.
fn is_good(quiet: &Value, attacked: &Value) -> bool {
    let p99 = |value: &Value| value["latency"]["p99_ms"].as_f64();
    p99(quiet).zip(p99(attacked)).is_some_and(|(quiet, attacked)| attacked < (TIMES * quiet).max(ALWAYS_GOOD_MS))
}

/// 48 addresses fill the table of connections again whenever a place is free; meanwhile people log in.
pub(crate) async fn refill(wanted: &Wanted) -> Result<Value> {
    let cores = Cores::of_this_process()?;
    let people = CANARIES + INSIDERS;
    let world = Installation::make(people, CANARIES, Hash::Real)?;
    let server: Process = start_on(cores.served, || world.serve())?;
    let mut canaries = Helper::start(cores.served, canaries::WORD, server.address, &[])?;
    let order = format!("logins {}", wanted.rounds_or(SECONDS_OF_REFILL));
    let quiet = canaries.ask("logins 10")?;
    let number = connections(Kind::Refill, wanted);
    let more = [Kind::Refill.as_str().to_owned(), number.to_string()];
    let mut attackers = Helper::start(cores.attackers, attackers::WORD, server.address, &more)?;
    let before = attackers.ask("count")?;
    let attacked = canaries.ask(&order)?;
    let after = attackers.ask("count")?;
    let worst = attacked["time"]["max_ms"].as_f64();
    Ok(json!({
        "cores_apart": cores.are_apart(),
        "attackers": number,
        "open": after["open"],
        "connections": difference(&before, &after, "connections"),
        "quiet": quiet,
        "attacked": attacked,
        "is_good": attacked["failed"] == 0 && worst.is_some_and(|worst| worst < LOGIN_GOOD_MS),
        "resident_mib": server.resident_mebibytes()?,
    }))
}
