//! Those who use the server while others attack it, in a process of their own: twenty who are logged in and hear of each
//! other's presence, and one after another who logs in anew from an address of their own. They say how long it took.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};
use tokio::runtime::Runtime;
use tokio::time::{MissedTickBehavior, interval, timeout};

use crate::client::Client;
use crate::helper::serve_orders;
use crate::population::{Population, milliseconds, percentiles};

pub(crate) const WORD: &str = "canaries";
pub(crate) const CANARIES: usize = 20;
/// Each changes their presence once in a second, half of what a session may.
const PACE: Duration = Duration::from_millis(50);
const LOGIN_PACE: Duration = Duration::from_millis(250);
const LOGIN_WAIT: Duration = Duration::from_secs(30);
/// Whoever logs in anew has numbers from here on, and so other addresses than the canaries and each other.
const NEWCOMERS: usize = 1000;
const CLIENTS_OF_AN_ADDRESS: usize = 100;

pub(crate) fn run(words: &[String]) -> Result<()> {
    let server: SocketAddr = words.first().context("canaries ADDRESS")?.parse()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut canaries = runtime.block_on(Population::log_in(server, CANARIES, false))?;
    serve_orders(|order| {
        let (what, seconds) = order.split_once(' ').context("WHAT SECONDS")?;
        let until = Instant::now() + Duration::from_secs(seconds.parse()?);
        match what {
            "presence" => presence(&runtime, &mut canaries, until),
            "logins" => Ok(runtime.block_on(logins(server, until))),
            other => bail!("{other}: canaries do presence and logins"),
        }
    })
}

/// Changes of presence that all canaries hear of.
fn presence(runtime: &Runtime, canaries: &mut Population, until: Instant) -> Result<Value> {
    canaries.take_latencies();
    runtime.block_on(async {
        let mut pace = interval(PACE);
        pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut changes = 0;
        while Instant::now() < until {
            pace.tick().await;
            let state = ["away", "available"][changes / CANARIES % 2];
            let line = json!({"class": "availstate", "availstate": state, "ipbxid": "xivo"});
            let says = [(changes % CANARIES, format!("{line}\n").into_bytes())];
            canaries.round(&says, CANARIES as u64, true).await?;
            changes += 1;
        }
        Ok(json!({"changes": changes, "latency": percentiles(canaries.take_latencies())}))
    })
}

/// One login after another, each by somebody else from elsewhere.
async fn logins(server: SocketAddr, until: Instant) -> Value {
    let mut pace = interval(LOGIN_PACE);
    pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let (mut times, mut failures, mut first_failure) = (Vec::new(), 0, None);
    for number in 0.. {
        if Instant::now() >= until {
            break;
        }
        pace.tick().await;
        let began = Instant::now();
        let client = NEWCOMERS + number % 200 * CLIENTS_OF_AN_ADDRESS;
        match timeout(LOGIN_WAIT, Client::logged_in_as(server, client, number % CANARIES)).await {
            Ok(Ok(_)) => times.push(milliseconds(began.elapsed())),
            Ok(Err(error)) => {
                failures += 1;
                first_failure.get_or_insert(format!("{error:#}"));
            }
            Err(_) => {
                failures += 1;
                first_failure.get_or_insert("no login in 30 s".to_owned());
            }
        }
    }
    json!({"logins": times.len(), "failed": failures, "first_failure": first_failure, "time": percentiles(times)})
}
