//! The scenarios: what is done to the server, what the bare program beside it does, and the figures of both.

use std::sync::Arc;
use std::time::Instant;

use anyhow::{Result, bail};
use serde_json::{Value, json};

use crate::Wanted;
use crate::attack;
use crate::bare::{self, Work};
use crate::collusion;
use crate::directory;
use crate::entering;
use crate::floor;
use crate::guessing;
use crate::installation::{Hash, Installation};
use crate::population::{Population, milliseconds, percentiles};
use crate::process::Process;

const IN_FLIGHT: usize = 50;
/// Chat that one session may send at once.
const CHATS_AT_ONCE: usize = 20;
const KIB: f64 = 1024.0;
/// People and phones that a starting client asks for.
const LIST: usize = 1000;

pub(crate) async fn run(name: &str, wanted: &Wanted) -> Result<Value> {
    match name {
        "start" => start(),
        "login" => entering::login(wanted).await,
        "handshake" => entering::log_in(wanted).await,
        "hold" => entering::hold(wanted).await,
        "restart" => entering::restart(wanted).await,
        "presence" => presence(wanted, 1).await,
        "gathered" => presence(wanted, IN_FLIGHT).await,
        "idle" => idle(wanted).await,
        "chat" => chat(wanted).await,
        "burst" => burst(wanted).await,
        "floor" => floor::floor(wanted).await,
        "storm" => entering::storm(wanted).await,
        "directory" => directory::directory(wanted).await,
        "attack" => attack::attack(wanted).await,
        "refill" => attack::refill(wanted).await,
        "timing" => guessing::timing(wanted).await,
        "collude" => collusion::collude(wanted).await,
        other => bail!("{other}: no such scenario"),
    }
}

/// Start to accepting, and the memory of a server that nobody has talked to.
fn start() -> Result<Value> {
    let measure = |world: &Installation| -> Result<Value> {
        let mut times = Vec::new();
        let mut resident = 0.0;
        for _ in 0..7 {
            let server = world.serve()?;
            times.push(milliseconds(server.ready_after));
            resident = server.resident_mebibytes()?;
        }
        Ok(json!({"ready": percentiles(times), "resident_mib": resident}))
    };
    Ok(json!({
        "fresh": measure(&Installation::fresh()?)?,
        "10000_users": measure(&Installation::make(10_000, 50, Hash::Cheap)?)?,
    }))
}

/// Changes of presence that all clients hear of, so many in flight. The senders take turns: what one session makes
/// others hear has a pace (protocol decision 13).
async fn presence(wanted: &Wanted, in_flight: usize) -> Result<Value> {
    let clients = wanted.clients_or(1000);
    let in_flight = in_flight.min(clients);
    let says = |round: usize| -> Vec<(usize, Vec<u8>)> {
        let change = |number: usize| {
            let state = ["away", "available"][number / clients % 2];
            let line = json!({"class": "availstate", "availstate": state, "ipbxid": "xivo"});
            (number % clients, format!("{line}\n").into_bytes())
        };
        (round * in_flight..(round + 1) * in_flight).map(change).collect()
    };
    let world = Installation::make(clients, clients, Hash::Cheap)?;
    let server = world.serve()?;
    let mut crowd = Population::log_in(server.address, clients, wanted.is_encrypted).await?;
    let figures = fan_out(&server, &mut crowd, wanted.rounds_or(200), clients * in_flight, says).await?;
    let sample = crowd.sample();
    drop((crowd, server));
    if wanted.only_server {
        return Ok(json!({"server": figures}));
    }
    let bare = bare::start(Work::ToAll, wanted.is_encrypted, sample.len())?;
    let mut crowd = Population::connect(bare.address, clients, wanted.is_encrypted).await?;
    let least = fan_out(&bare, &mut crowd, wanted.rounds_or(200), clients * in_flight, says).await?;
    Ok(beside(figures, least, "deliveries_per_cpu_s"))
}

async fn fan_out(
    process: &Process,
    crowd: &mut Population,
    rounds: usize,
    deliveries: usize,
    says: impl Fn(usize) -> Vec<(usize, Vec<u8>)>,
) -> Result<Value> {
    for round in 0..4 {
        crowd.round(&says(round), deliveries as u64, false).await?;
    }
    crowd.take_latencies();
    let before = process.cpu_seconds()?;
    let began = Instant::now();
    for round in 0..rounds {
        crowd.round(&says(round), deliveries as u64, true).await?;
    }
    let took = began.elapsed().as_secs_f64();
    let cpu = process.cpu_seconds()? - before;
    let delivered = (rounds * deliveries) as f64;
    Ok(json!({
        "deliveries_per_cpu_s": (delivered / cpu).round(),
        "deliveries_per_s": (delivered / took).round(),
        "cpu_s": cpu,
        "resident_mib": process.resident_mebibytes()?,
        "latency": percentiles(crowd.take_latencies()),
    }))
}

/// What an idle session holds: the slope of memory between a few and five times as many.
async fn idle(wanted: &Wanted) -> Result<Value> {
    let (few, many) = (wanted.clients_or(1000), wanted.clients_or(1000) * 5);
    let world = Installation::make(many, 50, Hash::Cheap)?;
    let mut resident = Vec::new();
    for clients in [few, many] {
        let server = world.serve()?;
        let alone = server.resident_mebibytes()?;
        let crowd = Population::log_in(server.address, clients, wanted.is_encrypted).await?;
        resident.push((alone, server.resident_mebibytes()?));
        drop(crowd);
    }
    let mut bare_resident = Vec::new();
    for clients in [few, many] {
        let bare = bare::start(Work::ToAll, wanted.is_encrypted, 1)?;
        let crowd = Population::connect(bare.address, clients, wanted.is_encrypted).await?;
        bare_resident.push(bare.resident_mebibytes()?);
        drop(crowd);
    }
    let slope = |low: f64, high: f64| (high - low) * KIB / (many - few) as f64;
    Ok(json!({
        "sessions": [few, many],
        "resident_mib": [resident[0].1, resident[1].1],
        "resident_alone_mib": resident[0].0,
        "kib_each": slope(resident[0].1, resident[1].1),
        "bare_kib_each": slope(bare_resident[0], bare_resident[1]),
    }))
}

/// Fifty people of a context write each to the next one; the contexts take turns, since nobody may write more than
/// twenty at once and then five a second (protocol decision 13).
async fn chat(wanted: &Wanted) -> Result<Value> {
    let contexts = (wanted.clients_or(5000) / IN_FLIGHT).max(1);
    let clients = contexts * IN_FLIGHT;
    let world = Installation::make(clients, IN_FLIGHT, Hash::Cheap)?;
    let server_uuid = world.server_uuid();
    let rounds = contexts * CHATS_AT_ONCE - 4;
    let says = |round: usize| -> Vec<(usize, Vec<u8>)> {
        let first = round % contexts * IN_FLIGHT;
        let line = |client: usize| {
            let to = crate::installation::user_uuid(first + (client + 1) % IN_FLIGHT);
            let line = json!({"class": "chitchat", "alias": "", "to": [server_uuid, to], "text": "How do you do?"});
            (first + client, format!("{line}\n").into_bytes())
        };
        (0..IN_FLIGHT).map(line).collect()
    };
    let server = world.serve()?;
    let mut crowd = Population::log_in(server.address, clients, wanted.is_encrypted).await?;
    let figures = fan_out(&server, &mut crowd, rounds, IN_FLIGHT, says).await?;
    let sample = crowd.sample();
    drop((crowd, server));
    let bare = bare::start(Work::ToNext, wanted.is_encrypted, sample.len())?;
    let mut crowd = Population::connect(bare.address, clients, wanted.is_encrypted).await?;
    let least = fan_out(&bare, &mut crowd, rounds, IN_FLIGHT, says).await?;
    Ok(beside(figures, least, "deliveries_per_cpu_s"))
}

/// What a starting client asks: one configuration and one status of each user and each phone.
async fn burst(wanted: &Wanted) -> Result<Value> {
    let clients = wanted.clients_or(1000).min(10);
    let rounds = (wanted.rounds_or(200) / 20).max(3);
    let world = Installation::make(LIST, LIST, Hash::Cheap)?;
    let bytes = Arc::new(questions());
    let server = world.serve()?;
    let mut crowd = Population::log_in(server.address, clients, wanted.is_encrypted).await?;
    let figures = questioned(&server, &mut crowd, rounds, clients, &bytes).await?;
    drop((crowd, server));
    if wanted.only_server {
        return Ok(json!({"server": figures}));
    }
    // The mean of the four kinds of answer.
    let bare = bare::start(Work::Back, wanted.is_encrypted, 300)?;
    let mut crowd = Population::connect(bare.address, clients, wanted.is_encrypted).await?;
    let least = questioned(&bare, &mut crowd, rounds, clients, &bytes).await?;
    Ok(beside(figures, least, "answers_per_cpu_s"))
}

fn questions() -> Vec<u8> {
    let mut lines = String::new();
    for list in ["users", "phones"] {
        for id in 1..=LIST {
            for function in ["updateconfig", "updatestatus"] {
                let line = json!({"class": "getlist", "function": function, "listname": list, "tipbxid": "xivo",
                                  "tid": id.to_string(), "commandid": id});
                lines += &format!("{line}\n");
            }
        }
    }
    lines.into_bytes()
}

async fn questioned(
    process: &Process,
    crowd: &mut Population,
    rounds: usize,
    clients: usize,
    bytes: &Arc<Vec<u8>>,
) -> Result<Value> {
    let answers = (clients * LIST * 4) as u64;
    crowd.round_of_all(bytes.clone(), answers).await?;
    let before = process.cpu_seconds()?;
    let mut times = Vec::new();
    for _ in 0..rounds {
        let began = Instant::now();
        crowd.round_of_all(bytes.clone(), answers).await?;
        times.push(milliseconds(began.elapsed()));
    }
    let cpu = process.cpu_seconds()? - before;
    Ok(json!({
        "answers_per_cpu_s": (rounds as f64 * answers as f64 / cpu).round(),
        "cpu_s": cpu,
        "clients": clients,
        "resident_mib": process.resident_mebibytes()?,
        "round": percentiles(times),
    }))
}

/// Both, and what part of the least program's figure the server reaches.
fn beside(server: Value, bare: Value, figure: &str) -> Value {
    let ratio = server[figure].as_f64().zip(bare[figure].as_f64()).map(|(server, bare)| server / bare);
    json!({"server": server, "bare": bare, "ratio": ratio})
}
