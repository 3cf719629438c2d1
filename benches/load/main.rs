//! The load program: drives a server that it starts itself over loopback from many addresses, and beside each figure
//! measures the least program that does the same work (`bare`). Prints one JSON document.
//! `cargo bench --profile dist --bench load -- [SCENARIO…] [--tls] [--clients N] [--rounds N] [--only-server]
//! [--program PATH]`; see docs/performance.md.

#[path = "../../tests/it/support/accept_any.rs"]
mod accept_any;
mod asterisk;
mod attack;
mod attackers;
mod bare;
mod canaries;
mod client;
mod collusion;
mod directory;
mod entering;
mod floor;
mod floor_script;
mod guessing;
mod helper;
mod installation;
mod population;
mod process;
mod scenario;

use std::io::Write as _;

use anyhow::{Result, bail, ensure};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use serde_json::{Map, Value, json};

/// What may be asked for on the command line.
#[derive(Debug, Clone)]
pub(crate) struct Wanted {
    pub(crate) scenarios: Vec<String>,
    pub(crate) is_encrypted: bool,
    /// None: what the scenario is meant for.
    clients: Option<usize>,
    rounds: Option<usize>,
    pub(crate) only_server: bool,
}

const SCENARIOS: [&str; 17] = [
    "start",
    "login",
    "handshake",
    "presence",
    "gathered",
    "idle",
    "chat",
    "burst",
    "hold",
    "restart",
    "floor",
    "storm",
    "directory",
    "collude",
    "attack",
    "refill",
    "timing",
];

impl Wanted {
    pub(crate) fn clients_or(&self, usual: usize) -> usize {
        self.clients.unwrap_or(usual)
    }

    /// Rounds; where time is measured, seconds.
    pub(crate) fn rounds_or(&self, usual: usize) -> usize {
        self.rounds.unwrap_or(usual)
    }

    fn read(words: impl Iterator<Item = String>) -> Result<Self> {
        let mut wanted =
            Self { scenarios: Vec::new(), is_encrypted: false, clients: None, rounds: None, only_server: false };
        let mut words = words;
        while let Some(word) = words.next() {
            let mut number = || -> Result<usize> { Ok(words.next().unwrap_or_default().parse()?) };
            match word.as_str() {
                // cargo says so to every bench.
                "--bench" => {}
                "--tls" => wanted.is_encrypted = true,
                "--clients" => wanted.clients = Some(number()?),
                "--rounds" => wanted.rounds = Some(number()?),
                "--only-server" => wanted.only_server = true,
                "--program" => {
                    // The last word counts nowhere else either.
                    let _ = installation::PROGRAM.set(words.next().unwrap_or_default().into());
                }
                scenario if SCENARIOS.contains(&scenario) => wanted.scenarios.push(word),
                other => bail!("{other}: the scenarios are {}", SCENARIOS.join(", ")),
            }
        }
        if wanted.scenarios.is_empty() {
            wanted.scenarios = SCENARIOS.map(str::to_owned).to_vec();
        }
        Ok(wanted)
    }
}

fn main() -> Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    raise_descriptors();
    if words.first().is_some_and(|word| word == bare::WORD) {
        return bare::run(&words[1..]);
    }
    match words.first().map(String::as_str) {
        Some(canaries::WORD) => return canaries::run(&words[1..]),
        Some(attackers::WORD) => return attackers::run(&words[1..]),
        _ => {}
    }
    let wanted = Wanted::read(words.into_iter())?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let mut figures = Map::new();
    for name in wanted.scenarios.clone() {
        let outcome = runtime.block_on(scenario::run(&name, &wanted));
        // One scenario that fails leaves the others their figures.
        figures.insert(name, outcome.unwrap_or_else(|error| json!({"failed": format!("{error:#}")})));
    }
    let machine = json!({
        "cores": std::thread::available_parallelism()?.get(),
        "is_encrypted": wanted.is_encrypted,
        "clients": wanted.clients,
    });
    let document = Value::Object([("machine".to_owned(), machine)].into_iter().chain(figures).collect());
    writeln!(std::io::stdout(), "{document:#}")?;
    let missed = missed(&document, "");
    ensure!(missed.is_empty(), "not as wanted: {}", missed.join(", "));
    Ok(())
}

/// Where the figures say that a scenario failed or missed what is promised.
fn missed(figures: &Value, place: &str) -> Vec<String> {
    let Value::Object(members) = figures else { return Vec::new() };
    let mut missed = Vec::new();
    for (name, value) in members {
        match (name.as_str(), value) {
            ("failed", Value::String(_)) | ("is_good", Value::Bool(false)) | ("told_apart", Value::Bool(true)) => {
                missed.push(format!("{place} ({name})"));
            }
            _ => {
                missed.extend(self::missed(value, &format!("{place}{}{name}", if place.is_empty() { "" } else { "." })))
            }
        }
    }
    missed
}

/// As many as the process may have; fewer show as clients that cannot connect.
fn raise_descriptors() {
    let limit = getrlimit(Resource::Nofile);
    let _ = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, maximum: limit.maximum });
}
