//! A busy floor for a minute: an Asterisk that says 200 events a second of 500 telephones, 20 queues and 300 agents, and
//! 500 clients who registered as the desktop does. What it costs, how soon somebody hears of something after silence and in
//! the midst of it, how often clients are written to, and what presences and chat beside it take.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use serde_json::{Value, json};
use tokio::io::AsyncReadExt as _;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval, sleep_until, timeout};

use crate::Wanted;
use crate::asterisk::{Asterisk, SECRET};
use crate::client::{Client, Wire};
use crate::floor_script::{IS_STEADY, PHONES, QUEUES, QUIET_PHONE, Script, hint, script};
use crate::installation::{Installation, user_uuid};
use crate::population::{milliseconds, percentiles};

const EVENTS_A_SECOND: u32 = 200;
const MINUTE: usize = 60;
/// Of single changes after silence.
const FIRST_CHANGES: usize = 30;
const SILENCE: Duration = Duration::from_millis(400);
/// Telephones that one client registered for, beside the lists.
const REGISTERED: usize = 20;
/// Reads of one burst follow each other so fast.
const SAME_BURST: Duration = Duration::from_millis(10);
const WAIT: Duration = Duration::from_secs(30);
/// How often somebody changes their presence and writes a text; a session may twice a second.
const PACE: Duration = Duration::from_millis(1_000);

/// What all readers write to.
struct Heard {
    epoch: Instant,
    lines: AtomicU64,
    /// Since when something is awaited, in nanoseconds of the epoch.
    began: AtomicU64,
    is_timed: AtomicBool,
    latencies: Mutex<Vec<f32>>,
    is_counting: AtomicBool,
    /// Of every client the seconds in which a burst came, each as often as one did.
    bursts: Mutex<Vec<Vec<u64>>>,
}

pub(crate) async fn floor(wanted: &Wanted) -> Result<Value> {
    let clients = wanted.clients_or(500);
    let lasts = Duration::from_secs(wanted.rounds_or(MINUTE) as u64);
    let mut asterisk = Asterisk::start().await?;
    let world = Installation::floor(clients.max(PHONES) + 4, asterisk.port, SECRET)?;
    let server = world.serve()?;
    asterisk.until_asked().await?;
    let crowd = log_in(server.address, clients, world.server_uuid()).await?;
    let first_notice = first_notice(&asterisk, &crowd.heard).await?;

    let says = tokio::spawn(say(asterisk, script(IS_STEADY + lasts + Duration::from_secs(2), EVENTS_A_SECOND)));
    pass(IS_STEADY).await;
    let people = clients.max(PHONES);
    let beside = tokio::spawn(beside(server.address, people, world.server_uuid().to_owned(), lasts));
    let (lines, cpu, began) = (crowd.heard.lines.load(Ordering::Relaxed), server.cpu_seconds()?, Instant::now());
    crowd.heard.is_counting.store(true, Ordering::Relaxed);
    pass(Duration::from_secs(10).min(lasts)).await;
    let early = server.resident_mebibytes()?;
    pass(lasts.saturating_sub(began.elapsed())).await;
    crowd.heard.is_counting.store(false, Ordering::Relaxed);
    let cpu = server.cpu_seconds()? - cpu;
    let lines = crowd.heard.lines.load(Ordering::Relaxed) - lines;
    let late = server.resident_mebibytes()?;
    let beside = beside.await??;
    let (asterisk, in_time) = says.await?;
    let bursts = std::mem::take(&mut *crowd.heard.bursts.lock().unwrap_or_else(PoisonError::into_inner));
    Ok(json!({
        "clients": clients,
        "seconds": lasts.as_secs(),
        "events_a_second": EVENTS_A_SECOND,
        "actions_asked": asterisk.actions(),
        "said_in_time": in_time,
        "cpu_s": cpu,
        "deliveries_per_s": (lines as f64 / lasts.as_secs_f64()).round(),
        "first_notice": first_notice,
        "beside": beside,
        "bursts_per_s": most_and_mean(&bursts, lasts),
        "resident_mib": [early, late],
    }))
}

struct LoggedIn {
    heard: Arc<Heard>,
    _readers: JoinSet<()>,
}

async fn log_in(server: SocketAddr, clients: usize, uuid: &str) -> Result<LoggedIn> {
    let heard = Arc::new(Heard {
        epoch: Instant::now(),
        lines: AtomicU64::new(0),
        began: AtomicU64::new(0),
        is_timed: AtomicBool::new(false),
        latencies: Mutex::default(),
        is_counting: AtomicBool::new(false),
        bursts: Mutex::default(),
    });
    let mut readers = JoinSet::new();
    for number in 0..clients {
        let mut client = Client::logged_in(server, number, false).await?;
        register(&mut client, number, uuid).await?;
        readers.spawn(read_all(client.wire, heard.clone()));
    }
    // Until nothing more comes of it.
    let mut before = u64::MAX;
    loop {
        pass(SILENCE).await;
        let lines = heard.lines.load(Ordering::Relaxed);
        if lines == before {
            break;
        }
        before = lines;
    }
    Ok(LoggedIn { heard, _readers: readers })
}

/// What the desktop asks once it is in, as its xlets do (protocol 4.5, 4.10, 4.14).
async fn register(client: &mut Client, number: usize, uuid: &str) -> Result<()> {
    for list in ["users", "phones", "agents", "queues", "voicemails", "queuemembers"] {
        let ask =
            json!({"class": "getlist", "function": "listid", "listname": list, "tipbxid": "xivo", "commandid": 5});
        client.ask(&ask).await?;
    }
    let phones: Vec<Value> = (0..REGISTERED).map(|n| json!([uuid, (number + n) % PHONES + 1])).collect();
    let queue = (number % QUEUES + 1).to_string();
    for ask in [
        json!({"class": "register_endpoint_status_update", "endpoint_ids": phones, "commandid": 6}),
        json!({"class": "subscribetoqueuesstats", "commandid": 7}),
        json!({"class": "subscribe", "message": "queueentryupdate", "queueid": queue, "commandid": 8}),
        json!({"class": "keepalive", "commandid": 9}),
    ] {
        client.send(&ask).await?;
    }
    client.receive_where(|answer| answer["class"] == "keepalive").await?;
    Ok(())
}

async fn read_all(wire: Box<dyn Wire>, heard: Arc<Heard>) {
    let (mut wire, mut bytes) = (wire, vec![0; 32_768]);
    let (mut bursts, mut last) = (Vec::new(), None);
    while let Ok(number @ 1..) = wire.read(&mut bytes).await {
        let now = heard.epoch.elapsed();
        let read = &bytes[..number];
        let lines = read.iter().filter(|byte| **byte == b'\n').count() as u64;
        heard.lines.fetch_add(lines, Ordering::Relaxed);
        if heard.is_timed.load(Ordering::Relaxed) {
            let took = now.saturating_sub(Duration::from_nanos(heard.began.load(Ordering::Relaxed)));
            heard.latencies.lock().unwrap_or_else(PoisonError::into_inner).push(milliseconds(took));
        }
        if heard.is_counting.load(Ordering::Relaxed) && !is_of_people(read) {
            if last.is_none_or(|last| now > last + SAME_BURST) {
                bursts.push(now.as_secs());
            }
            last = Some(now);
        } else if !bursts.is_empty() && !heard.is_counting.load(Ordering::Relaxed) {
            heard.bursts.lock().unwrap_or_else(PoisonError::into_inner).push(std::mem::take(&mut bursts));
        }
    }
}

/// One line of a presence, or of chat: these are not held, and are no status of the floor.
fn is_of_people(read: &[u8]) -> bool {
    let has = |text: &[u8]| read.windows(text.len()).any(|part| part == text);
    read.iter().filter(|byte| **byte == b'\n').count() == 1 && (has(b"availstate") || has(b"chitchat"))
}

/// One telephone after a silence: when every client has heard of it.
async fn first_notice(asterisk: &Asterisk, heard: &Heard) -> Result<Value> {
    for change in 0..FIRST_CHANGES {
        pass(SILENCE).await;
        heard.began.store(u64::try_from(heard.epoch.elapsed().as_nanos())?, Ordering::Relaxed);
        heard.is_timed.store(true, Ordering::Relaxed);
        asterisk.say(hint(QUIET_PHONE, [8, 0][change % 2]));
        pass(SILENCE).await;
        heard.is_timed.store(false, Ordering::Relaxed);
    }
    Ok(percentiles(std::mem::take(&mut *heard.latencies.lock().unwrap_or_else(PoisonError::into_inner))))
}

/// Says all of it in its time; how much of it was not later than that by a tenth of a second.
async fn say(asterisk: Asterisk, script: Script) -> (Asterisk, f64) {
    let (began, all) = (tokio::time::Instant::now(), script.len());
    let mut in_time = 0;
    for (at, packet) in script {
        sleep_until(began + at).await;
        in_time += usize::from(began.elapsed() < at + Duration::from_millis(100));
        asterisk.say(packet);
    }
    (asterisk, in_time as f64 / all.max(1) as f64)
}

/// What those hear of each other who do something else: the users behind the telephones.
async fn beside(server: SocketAddr, first: usize, uuid: String, lasts: Duration) -> Result<Value> {
    let mut one = Client::logged_in(server, first, false).await?;
    let mut other = Client::logged_in(server, first + 1, false).await?;
    let mut pace = interval(PACE);
    pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let (mut presence, mut chat) = (Vec::new(), Vec::new());
    let until = Instant::now() + lasts.saturating_sub(Duration::from_secs(1));
    for round in 0.. {
        // What comes meanwhile is read, or it would be what is waited for.
        let state = ["away", "available"][round % 2];
        let id = (first + 1).to_string();
        tokio::select! {
            _ = pace.tick() => {}
            gone = other.receive_where(|_| false) => drop(gone?),
        }
        if Instant::now() >= until {
            break;
        }
        let began = Instant::now();
        one.send(&json!({"class": "availstate", "availstate": state, "ipbxid": "xivo"})).await?;
        let hears = other.receive_where(|line| line["tid"] == *id && line["status"]["availstate"] == state);
        timeout(WAIT, hears).await.context("nobody heard of a presence")??;
        presence.push(milliseconds(began.elapsed()));
        let began = Instant::now();
        let text = format!("text {round}");
        let to = [uuid.clone(), user_uuid(first + 1)];
        one.send(&json!({"class": "chitchat", "alias": "", "to": to, "text": text})).await?;
        timeout(WAIT, other.receive_where(|line| line["class"] == "chitchat")).await.context("no chat came")??;
        chat.push(milliseconds(began.elapsed()));
    }
    Ok(json!({"presence": percentiles(presence), "chat": percentiles(chat)}))
}

/// What is measured takes its time.
async fn pass(time: Duration) {
    sleep_until(tokio::time::Instant::now() + time).await;
}

/// In a whole second of one client.
fn most_and_mean(bursts: &[Vec<u64>], lasts: Duration) -> Value {
    let mut most = 0;
    for seconds in bursts {
        // They are in order.
        most = most.max(seconds.chunk_by(|one, other| one == other).map(<[u64]>::len).max().unwrap_or(0));
    }
    let all: usize = bursts.iter().map(Vec::len).sum();
    json!({"most": most, "mean": all as f64 / bursts.len().max(1) as f64 / lasts.as_secs_f64()})
}
