//! An Asterisk for a run: one AMI connection that is logged in, asked how everything stands and for what it is asked later,
//! and says what it is given, when it is given it. It is the load's own process, so its work does not count as the server's.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::{Context as _, Result};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::tcp::OwnedWriteHalf;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;

use crate::floor_script::{AGENTS, PHONES, QUEUES, agent_member, extension, is_member, packet, queue};

pub(crate) const SECRET: &str = "opensesame";

pub(crate) struct Asterisk {
    pub(crate) port: u16,
    says: mpsc::UnboundedSender<Vec<u8>>,
    /// Whether all was asked that a link begins with.
    is_asked: watch::Receiver<bool>,
    actions: Arc<AtomicU64>,
    _serving: JoinSet<Result<()>>,
}

impl Asterisk {
    pub(crate) async fn start() -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let port = listener.local_addr()?.port();
        let (says, to_say) = mpsc::unbounded_channel();
        let (asked, is_asked) = watch::channel(false);
        let actions = Arc::new(AtomicU64::new(0));
        let mut serving = JoinSet::new();
        let counted = actions.clone();
        serving.spawn(async move {
            let (stream, _) = listener.accept().await?;
            serve(stream, to_say, asked, counted).await
        });
        Ok(Self { port, says, is_asked, actions, _serving: serving })
    }

    /// Waits until the server has asked how everything stands.
    pub(crate) async fn until_asked(&mut self) -> Result<()> {
        self.is_asked.wait_for(|is_asked| *is_asked).await.context("the link was given up")?;
        Ok(())
    }

    pub(crate) fn say(&self, packets: Vec<u8>) {
        // A link that is gone shows in what nobody hears.
        let _ = self.says.send(packets);
    }

    /// Actions that the server has asked for so far.
    pub(crate) fn actions(&self) -> u64 {
        self.actions.load(Ordering::Relaxed)
    }
}

async fn serve(
    stream: TcpStream,
    mut to_say: mpsc::UnboundedReceiver<Vec<u8>>,
    asked: watch::Sender<bool>,
    counted: Arc<AtomicU64>,
) -> Result<()> {
    stream.set_nodelay(true)?;
    let (reader, mut writer) = stream.into_split();
    writer.write_all(b"Asterisk Call Manager/11.0.0\r\n").await?;
    let mut lines = BufReader::new(reader).lines();
    let (mut headers, mut taken) = (HashMap::new(), HashMap::new());
    loop {
        tokio::select! {
            line = lines.next_line() => {
                let Some(line) = line? else { return Ok(()) };
                if let Some((name, value)) = line.split_once(':') {
                    headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
                    continue;
                }
                counted.fetch_add(1, Ordering::Relaxed);
                answer(&std::mem::take(&mut headers), &mut taken, &mut writer, &asked).await?;
            }
            Some(packets) = to_say.recv() => writer.write_all(&packets).await?,
        }
    }
}

async fn answer(
    headers: &HashMap<String, String>,
    taken: &mut HashMap<usize, u64>,
    writer: &mut OwnedWriteHalf,
    asked: &watch::Sender<bool>,
) -> Result<()> {
    let header = |name: &str| headers.get(name).map_or("", String::as_str);
    let (id, action) = (header("actionid"), header("action"));
    let mut bytes = Vec::new();
    let mut list = |event: &str, items: Vec<Vec<(&str, String)>>| {
        bytes.extend(packet(&[("Response", "Success".into()), ("ActionID", id.into()), ("EventList", "start".into())]));
        let count = items.len();
        for mut item in items {
            item.insert(1, ("ActionID", id.into()));
            bytes.extend(packet(&item));
        }
        let complete = format!("{event}Complete");
        bytes.extend(packet(&[
            ("Event", complete),
            ("ActionID", id.into()),
            ("EventList", "Complete".into()),
            ("ListItems", count.to_string()),
        ]));
    };
    match action {
        "ExtensionStateList" => list("ExtensionStateList", (0..PHONES).map(hint).collect()),
        "DeviceStateList" => list("DeviceStateList", (0..PHONES).map(device).collect()),
        "CoreShowChannels" | "VoicemailUsersList" | "DBGetTree" => list(action, Vec::new()),
        "QueueStatus" => {
            let is_meant = |number: &usize| header("queue").is_empty() || header("queue") == queue(*number);
            let mut items = Vec::new();
            for number in (0..QUEUES).filter(is_meant) {
                items.push(parameters(number));
                for agent in (0..AGENTS).filter(|agent| is_member(*agent, number)) {
                    if header("member").is_empty() {
                        items.push(agent_member("QueueMember", agent, number, 1, 0));
                    } else if header("member") == format!("Local/id-{}@agentcallback", agent + 1) {
                        let taken = taken.entry(agent).or_default();
                        *taken += 1;
                        items.push(agent_member("QueueMember", agent, number, 1, *taken));
                    }
                }
            }
            list("QueueStatus", items);
        }
        "QueueSummary" => {
            let number = (0..QUEUES).find(|number| header("queue") == queue(*number)).unwrap_or_default();
            list("QueueSummary", vec![summary(number)]);
        }
        "CoreSettings" => {
            let version = ("AsteriskVersion", "22.10.1".to_owned());
            bytes.extend(packet(&[("Response", "Success".into()), ("ActionID", id.into()), version]));
        }
        _ => bytes.extend(packet(&[("Response", "Success".into()), ("ActionID", id.into())])),
    }
    if action == "Login" {
        bytes.extend(packet(&[("Event", "FullyBooted".into()), ("Status", "Fully Booted".into())]));
    }
    writer.write_all(&bytes).await?;
    if action == "DBGetTree" {
        asked.send_replace(true);
    }
    Ok(())
}

fn hint(number: usize) -> Vec<(&'static str, String)> {
    let extension = extension(number);
    vec![
        ("Event", "ExtensionStatus".to_owned()),
        ("Exten", extension.clone()),
        ("Context", "context0".to_owned()),
        ("Hint", format!("PJSIP/{extension}&Custom:DND{extension},CustomPresence:{extension}")),
        ("Status", "0".to_owned()),
        ("StatusText", "Idle".to_owned()),
    ]
}

fn device(number: usize) -> Vec<(&'static str, String)> {
    vec![
        ("Event", "DeviceStateChange".to_owned()),
        ("Device", format!("PJSIP/{}", extension(number))),
        ("State", "NOT_INUSE".to_owned()),
    ]
}

fn parameters(number: usize) -> Vec<(&'static str, String)> {
    vec![
        ("Event", "QueueParams".to_owned()),
        ("Queue", queue(number)),
        ("Max", "0".to_owned()),
        ("Strategy", "ringall".to_owned()),
        ("Calls", "0".to_owned()),
        ("Holdtime", "4".to_owned()),
    ]
}

fn summary(number: usize) -> Vec<(&'static str, String)> {
    vec![
        ("Event", "QueueSummary".to_owned()),
        ("Queue", queue(number)),
        ("LoggedIn", "30".to_owned()),
        ("Available", "18".to_owned()),
        ("Callers", "2".to_owned()),
        ("HoldTime", "4".to_owned()),
        ("LongestHoldTime", "4".to_owned()),
    ]
}
