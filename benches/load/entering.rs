//! The scenarios about getting in and being there: what a login costs, what many logins leave behind, ten thousand
//! clients held, all clients back after a restart.

use std::time::{Duration, Instant};

use anyhow::Result;
use serde_json::{Value, json};
use tokio::time::sleep;

use crate::Wanted;
use crate::bare::{self, Work, seconds_of_a_check};
use crate::installation::{Hash, Installation};
use crate::population::{Population, milliseconds, percentiles};
use crate::process::{descriptors, own_descriptors};

const PER_CONTEXT: usize = 50;
/// From the last login until the memory is looked at.
const LATER: Duration = Duration::from_secs(60);

/// All who come back in one moment are in within that time, at more logins than that a CPU second of the server.
const ALL_IN_GOOD_MS: f32 = 15_000.0;
const LOGINS_PER_CPU_SECOND_GOOD: f64 = 500.0;

/// Everybody at once, with passwords that cost what they cost.
pub(crate) async fn login(wanted: &Wanted) -> Result<Value> {
    let clients = wanted.clients_or(1000);
    let world = Installation::make(clients, clients, Hash::Real)?;
    let server = world.serve()?;
    let before = server.cpu_seconds()?;
    let began = Instant::now();
    let crowd = Population::log_in(server.address, clients, wanted.is_encrypted).await?;
    let took = began.elapsed();
    let each = (server.cpu_seconds()? - before) * 1000.0 / clients as f64;
    let at_once = server.resident_mebibytes()?;
    sleep(LATER).await;
    Ok(json!({
        "logins": clients,
        "wall_s": took.as_secs_f64(),
        "cpu_ms_each": each,
        "bare_check_cpu_ms_each": seconds_of_a_check()? * 1000.0,
        "resident_mib": at_once,
        "resident_a_minute_later_mib": server.resident_mebibytes()?,
        "steps": percentiles(crowd.ramp.clone()),
    }))
}

/// What a login costs beside the password check, which costs next to nothing here; in contexts of fifty, so that few
/// hear of it. Bare: as many connections, with TLS as many handshakes.
pub(crate) async fn log_in(wanted: &Wanted) -> Result<Value> {
    let clients = wanted.clients_or(2000);
    let world = Installation::make(clients, PER_CONTEXT, Hash::Cheap)?;
    let server = world.serve()?;
    let before = server.cpu_seconds()?;
    let crowd = Population::log_in(server.address, clients, wanted.is_encrypted).await?;
    let each = (server.cpu_seconds()? - before) * 1000.0 / clients as f64;
    let steps = percentiles(crowd.ramp.clone());
    drop((crowd, server));
    let bare = bare::start(Work::ToAll, wanted.is_encrypted, 1)?;
    let before = bare.cpu_seconds()?;
    let crowd = Population::connect(bare.address, clients, wanted.is_encrypted).await?;
    let bare_each = (bare.cpu_seconds()? - before) * 1000.0 / clients as f64;
    drop(crowd);
    Ok(json!({"logins": clients, "cpu_ms_each": each, "bare_cpu_ms_each": bare_each, "steps": steps}))
}

/// Ten thousand clients in contexts of fifty, who then are just there.
pub(crate) async fn hold(wanted: &Wanted) -> Result<Value> {
    let clients = wanted.clients_or(10_000);
    let world = Installation::make(clients, PER_CONTEXT, Hash::Real)?;
    let server = world.serve()?;
    let before = server.cpu_seconds()?;
    let began = Instant::now();
    let mut crowd = Population::log_in(server.address, clients, wanted.is_encrypted).await?;
    let ramp = began.elapsed();
    let climbed = server.cpu_seconds()?;
    let resident = server.resident_mebibytes()?;
    let (of_server, of_client) = (descriptors(&server)?, own_descriptors()?);
    sleep(LATER).await;
    let held = server.cpu_seconds()? - climbed;
    // Everybody is still served: a change in each context is heard by all who are in it.
    let changes: Vec<_> = (0..clients).step_by(PER_CONTEXT).map(|client| (client, away())).collect();
    crowd.round(&changes, clients as u64, true).await?;
    Ok(json!({
        "clients": clients,
        "contexts": clients.div_ceil(PER_CONTEXT),
        "ramp_s": ramp.as_secs_f64(),
        "cpu_ms_each": (climbed - before) * 1000.0 / clients as f64,
        "resident_mib": resident,
        "resident_a_minute_later_mib": server.resident_mebibytes()?,
        "cpu_s_of_a_minute": held,
        "descriptors": {"server": of_server, "client": of_client},
        "steps": percentiles(crowd.ramp.clone()),
        "a_change_in_each_context": percentiles(crowd.take_latencies()),
    }))
}

fn away() -> Vec<u8> {
    format!("{}\n", json!({"class": "availstate", "availstate": "away", "ipbxid": "xivo"})).into_bytes()
}

/// A network that drops and comes back: everybody is gone in one moment, and back in the next, with passwords that cost what
/// they cost the first time.
pub(crate) async fn storm(wanted: &Wanted) -> Result<Value> {
    let clients = wanted.clients_or(2000);
    Ok(json!({
        "contexts_of_fifty": dropped(wanted, clients, PER_CONTEXT).await?,
        // Here each login is told to everybody who is in again.
        "one_context": dropped(wanted, clients, clients).await?,
    }))
}

async fn dropped(wanted: &Wanted, clients: usize, per_context: usize) -> Result<Value> {
    let world = Installation::make(clients, per_context, Hash::Real)?;
    let server = world.serve()?;
    let before = server.cpu_seconds()?;
    let crowd = Population::log_in(server.address, clients, wanted.is_encrypted).await?;
    let first = server.cpu_seconds()? - before;
    drop(crowd);
    let (began, before) = (Instant::now(), server.cpu_seconds()?);
    let (crowd, failures) = Population::return_to(server.address, clients, wanted.is_encrypted).await?;
    // `return_to` comes back when it is quiet: the last who got in says when all were in.
    let (times, watched) = (crowd.ramp.clone(), began.elapsed());
    let cpu = server.cpu_seconds()? - before;
    let each_cpu_second = times.len() as f64 / cpu;
    let are_all_in = failures.is_empty() && times.iter().all(|took| *took < ALL_IN_GOOD_MS);
    Ok(json!({
        "clients": clients,
        "in": times.len(),
        "failed": failures.len(),
        "is_good": are_all_in && each_cpu_second > LOGINS_PER_CPU_SECOND_GOOD,
        "first_failure": failures.first().map(|error| format!("{error:#}")),
        "watched_s": watched.as_secs_f64(),
        "cpu_s": cpu,
        "logins_per_cpu_s": each_cpu_second.round(),
        "first_logins_per_cpu_s": (clients as f64 / first).round(),
        "resident_mib": server.resident_mebibytes()?,
        "in_after": percentiles(times),
    }))
}

/// A planned restart under clients who all come back at once and look around.
pub(crate) async fn restart(wanted: &Wanted) -> Result<Value> {
    let clients = wanted.clients_or(2000);
    let world = Installation::make(clients, clients, Hash::Real)?;
    let server = world.serve()?;
    let address = server.address;
    let crowd = Population::log_in(address, clients, wanted.is_encrypted).await?;
    let before = Instant::now();
    server.terminate()?;
    let stopped = before.elapsed();
    drop(crowd);
    let server = world.serve_at(address)?;
    let began = Instant::now();
    let before = server.cpu_seconds()?;
    let (crowd, failures) = Population::return_to(address, clients, wanted.is_encrypted).await?;
    let took = began.elapsed();
    let times = crowd.ramp.clone();
    Ok(json!({
        "clients": clients,
        "stop_ms": milliseconds(stopped),
        "ready_ms": milliseconds(server.ready_after),
        "all_in_s": took.as_secs_f64(),
        "in": times.len(),
        "failed": failures.len(),
        "first_failure": failures.first().map(|error| format!("{error:#}")),
        "cpu_s": server.cpu_seconds()? - before,
        "resident_mib": server.resident_mebibytes()?,
        "in_after": percentiles(times),
    }))
}
