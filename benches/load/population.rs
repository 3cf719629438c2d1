//! Many clients at once: each is read by a task of its own that counts lines and notes when they came; rounds of lines
//! are sent and waited for here.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, ReadHalf, WriteHalf, split};
use tokio::sync::{Notify, Semaphore};
use tokio::task::JoinSet;
use tokio::time::{interval, timeout};

use crate::client::{Client, Wire, encrypt};

/// Logins that climb at once.
const CLIMBING: usize = 64;
const ROUND_WAIT: Duration = Duration::from_secs(60);
/// How long a client that returns with all others may take.
const RETURN_WAIT: Duration = Duration::from_secs(180);

/// What all reading tasks write to.
struct Heard {
    epoch: Instant,
    lines: AtomicU64,
    goal: AtomicU64,
    reached: Notify,
    /// When the round began, in nanoseconds of the epoch.
    began: AtomicU64,
    is_timed: AtomicBool,
    /// Milliseconds from the begin of a round to a read that brought lines.
    latencies: Mutex<Vec<f32>>,
    /// A line as it came last to the first client.
    sample: Mutex<Vec<u8>>,
}

pub(crate) struct Population {
    heard: Arc<Heard>,
    writers: Vec<Option<WriteHalf<Box<dyn Wire>>>>,
    /// Milliseconds that each client needed to get in.
    pub(crate) ramp: Vec<f32>,
    readers: JoinSet<()>,
}

impl Population {
    /// The clients `0..number`, logged in.
    pub(crate) async fn log_in(server: SocketAddr, number: usize, is_encrypted: bool) -> Result<Self> {
        let enter = move |client| async move { Ok(Client::logged_in(server, client, is_encrypted).await?.wire) };
        Self::gather(number, enter).await
    }

    /// The clients `0..number`, all at once, who look around as soon as they are in; and what kept some out.
    pub(crate) async fn return_to(
        server: SocketAddr,
        number: usize,
        is_encrypted: bool,
    ) -> Result<(Self, Vec<anyhow::Error>)> {
        let enter = move |client| async move {
            let mut client = Client::logged_in(server, client, is_encrypted).await?;
            client.look_around().await?;
            Ok(client.wire)
        };
        Self::gather_those(number, number, RETURN_WAIT, enter).await
    }

    /// As many sockets to a bare program, which asks for no login.
    pub(crate) async fn connect(bare: SocketAddr, number: usize, is_encrypted: bool) -> Result<Self> {
        Self::gather(number, move |client| async move {
            let stream = Client::connect(bare, client).await?;
            let wire: Box<dyn Wire> = if is_encrypted { Box::new(encrypt(stream).await?) } else { Box::new(stream) };
            Ok(wire)
        })
        .await
    }

    async fn gather<F, Fut>(number: usize, enter: F) -> Result<Self>
    where
        F: Fn(usize) -> Fut + Clone + Send + 'static,
        Fut: Future<Output = Result<Box<dyn Wire>>> + Send,
    {
        let (crowd, failures) = Self::gather_those(number, CLIMBING, ROUND_WAIT, enter).await?;
        failures.into_iter().next().map_or(Ok(crowd), Err)
    }

    /// Those who get in, and what kept the others out; so many climb at once, each within this time.
    async fn gather_those<F, Fut>(
        number: usize,
        climbing: usize,
        within: Duration,
        enter: F,
    ) -> Result<(Self, Vec<anyhow::Error>)>
    where
        F: Fn(usize) -> Fut + Clone + Send + 'static,
        Fut: Future<Output = Result<Box<dyn Wire>>> + Send,
    {
        let heard = Arc::new(Heard {
            epoch: Instant::now(),
            lines: AtomicU64::new(0),
            goal: AtomicU64::new(u64::MAX),
            reached: Notify::new(),
            began: AtomicU64::new(0),
            is_timed: AtomicBool::new(false),
            latencies: Mutex::default(),
            sample: Mutex::default(),
        });
        let mut crowd = Self { heard, writers: Vec::new(), ramp: Vec::new(), readers: JoinSet::new() };
        crowd.writers.resize_with(number, || None);
        let places = Arc::new(Semaphore::new(climbing));
        let mut entering = JoinSet::new();
        for client in 0..number {
            let (enter, places) = (enter.clone(), places.clone());
            entering.spawn(async move {
                let _place = places.acquire_owned().await?;
                let began = Instant::now();
                let wire = timeout(within, enter(client)).await.context("no login in time")??;
                Ok::<_, anyhow::Error>((client, wire, began.elapsed()))
            });
        }
        let mut failures = Vec::new();
        while let Some(entered) = entering.join_next().await {
            let (client, wire, took) = match entered? {
                Ok(entered) => entered,
                Err(error) => {
                    failures.push(error);
                    continue;
                }
            };
            crowd.ramp.push(milliseconds(took));
            let (reader, writer) = split(wire);
            crowd.writers[client] = Some(writer);
            crowd.readers.spawn(read_all(reader, crowd.heard.clone(), client == 0));
        }
        crowd.until_quiet().await;
        Ok((crowd, failures))
    }

    /// Waits until no line has come for a while.
    pub(crate) async fn until_quiet(&self) {
        let mut ticks = interval(Duration::from_millis(400));
        let mut before = u64::MAX;
        loop {
            ticks.tick().await;
            let now = self.heard.lines.load(Ordering::Relaxed);
            if now == before {
                return;
            }
            before = now;
        }
    }

    /// Sends the bytes of each client and waits until all together have heard `lines` more lines.
    pub(crate) async fn round(&mut self, says: &[(usize, Vec<u8>)], lines: u64, is_timed: bool) -> Result<()> {
        let goal = self.begin(lines, is_timed);
        for (client, bytes) in says {
            let writer = self.writers[*client].as_mut().context("a client that is in")?;
            writer.write_all(bytes).await?;
            writer.flush().await?;
        }
        self.until(goal).await
    }

    fn begin(&self, lines: u64, is_timed: bool) -> u64 {
        let heard = &self.heard;
        heard.is_timed.store(is_timed, Ordering::Relaxed);
        let goal = heard.lines.load(Ordering::SeqCst) + lines;
        heard.began.store(nanoseconds(heard.epoch.elapsed()), Ordering::Relaxed);
        heard.goal.store(goal, Ordering::SeqCst);
        goal
    }

    async fn until(&self, goal: u64) -> Result<()> {
        let reached = async {
            while self.heard.lines.load(Ordering::SeqCst) < goal {
                self.heard.reached.notified().await;
            }
        };
        timeout(ROUND_WAIT, reached).await.context("the lines did not come in time")
    }

    /// The same where the bytes are many: all clients write at once.
    pub(crate) async fn round_of_all(&mut self, bytes: Arc<Vec<u8>>, lines: u64) -> Result<()> {
        let goal = self.begin(lines, false);
        let mut writing = JoinSet::new();
        for (client, writer) in self.writers.iter_mut().enumerate() {
            let (mut writer, bytes) = (writer.take().context("a client that is in")?, bytes.clone());
            writing.spawn(async move {
                writer.write_all(&bytes).await?;
                writer.flush().await?;
                Ok::<_, anyhow::Error>((client, writer))
            });
        }
        self.until(goal).await?;
        while let Some(written) = writing.join_next().await {
            let (client, writer) = written??;
            self.writers[client] = Some(writer);
        }
        Ok(())
    }

    /// A line as the clients hear it.
    pub(crate) fn sample(&self) -> Vec<u8> {
        self.heard.sample.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn take_latencies(&self) -> Vec<f32> {
        std::mem::take(&mut *self.heard.latencies.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

async fn read_all(mut reader: ReadHalf<Box<dyn Wire>>, heard: Arc<Heard>, is_first: bool) {
    let mut bytes = vec![0; if is_first { 65_536 } else { 4096 }];
    while let Ok(number @ 1..) = reader.read(&mut bytes).await {
        let lines = bytes[..number].iter().filter(|byte| **byte == b'\n').count() as u64;
        if is_first && let Some(line) = bytes[..number].split_inclusive(|byte| *byte == b'\n').next_back() {
            line.clone_into(&mut heard.sample.lock().unwrap_or_else(PoisonError::into_inner));
        }
        if lines > 0 && heard.is_timed.load(Ordering::Relaxed) {
            let now = nanoseconds(heard.epoch.elapsed());
            let took = Duration::from_nanos(now.saturating_sub(heard.began.load(Ordering::Relaxed)));
            heard.latencies.lock().unwrap_or_else(PoisonError::into_inner).push(milliseconds(took));
        }
        if heard.lines.fetch_add(lines, Ordering::SeqCst) + lines >= heard.goal.load(Ordering::SeqCst) {
            heard.reached.notify_one();
        }
    }
}

fn nanoseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

pub(crate) fn milliseconds(duration: Duration) -> f32 {
    duration.as_secs_f32() * 1000.0
}

/// p50, p99 and the greatest, in milliseconds.
pub(crate) fn percentiles(mut values: Vec<f32>) -> Value {
    values.sort_by(f32::total_cmp);
    let at = |share: usize| values.get((values.len() * share / 100).min(values.len().saturating_sub(1)));
    let shown = |value: Option<&f32>| value.map(|value| (f64::from(*value) * 100.0).round() / 100.0);
    json!({"p50_ms": shown(at(50)), "p99_ms": shown(at(99)), "max_ms": shown(values.last())})
}
