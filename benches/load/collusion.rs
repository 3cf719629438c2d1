//! A hundred clients who want to fill the server's memory, each in the way that its number gives: lines that never end,
//! long chat to those who never read, tables of contacts, registrations, answers that nobody reads. Beside them one
//! honest client asks and is answered. What counts is the most memory that the server ever had.

use std::time::{Duration, Instant};

use anyhow::Result;
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt as _;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval, timeout};

use crate::Wanted;
use crate::client::Client;
use crate::installation::{Hash, Installation, user_uuid};
use crate::population::{milliseconds, percentiles};

const PEOPLE: usize = 10_000;
const LASTING: Duration = Duration::from_secs(60);
const LINE_BYTES: usize = 16 * 1024 * 1024 - 1024;
const CHAT_BYTES: usize = 60 * 1024;

#[derive(Debug, Clone, Copy, PartialEq)]
enum Way {
    Unfinished,
    NeverReads,
    Chats,
    Imports,
    Registers,
    Asks,
    LongLines,
    Presence,
}

const WAYS: [Way; 8] = [
    Way::Unfinished,
    Way::NeverReads,
    Way::Chats,
    Way::Imports,
    Way::Registers,
    Way::Asks,
    Way::LongLines,
    Way::Presence,
];

pub(crate) async fn collude(wanted: &Wanted) -> Result<Value> {
    let clients = wanted.clients_or(100);
    let world = Installation::make(PEOPLE, PEOPLE, Hash::Cheap)?;
    let server = world.serve()?;
    let before = server.resident_mebibytes()?;
    let (address, name, is_encrypted) = (server.address, world.server_uuid().to_owned(), wanted.is_encrypted);
    let until = Instant::now() + LASTING;
    let mut attackers = JoinSet::new();
    for number in 0..clients {
        let (way, name) = (WAYS[number % WAYS.len()], name.clone());
        attackers.spawn(async move {
            let mut logins = 0_u32;
            let mut pace = interval(Duration::from_millis(50));
            pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
            // Whoever is cut off comes again.
            while Instant::now() < until {
                logins += 1;
                let left = until.saturating_duration_since(Instant::now());
                let attack = async {
                    let mut client = Client::logged_in(address, number, is_encrypted).await?;
                    attack(&mut client, way, number, &name).await
                };
                // Cut off, refused or over: all the same to them.
                let _ = timeout(left, attack).await;
                pace.tick().await;
            }
            logins
        });
    }
    let mut honest = Client::logged_in(address, PEOPLE - 1, is_encrypted).await?;
    let mut times = Vec::new();
    let mut pace = interval(Duration::from_millis(100));
    pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while Instant::now() < until {
        pace.tick().await;
        let began = Instant::now();
        let question =
            json!({"class": "getlist", "function": "updateconfig", "listname": "users", "tid": "1", "tipbxid": "xivo"});
        honest.send(&question).await?;
        honest.receive_where(|answer| answer["function"] == "updateconfig" && answer["tid"] == "1").await?;
        times.push(milliseconds(began.elapsed()));
    }
    let mut logins = 0;
    while let Some(attacker) = attackers.join_next().await {
        logins += attacker?;
    }
    Ok(json!({
        "clients": clients,
        "seconds": LASTING.as_secs(),
        "logins": logins,
        "resident_before_mib": before,
        "peak_resident_mib": server.peak_resident_mebibytes()?,
        "resident_after_mib": server.resident_mebibytes()?,
        "an_honest_clients_answer": percentiles(times),
    }))
}

/// Goes on until it is cut off.
async fn attack(client: &mut Client, way: Way, number: usize, server: &str) -> Result<()> {
    match way {
        Way::Unfinished => {
            client.wire.write_all(&vec![b' '; LINE_BYTES]).await?;
            client.wire.flush().await?;
            std::future::pending::<()>().await;
        }
        Way::NeverReads => std::future::pending::<()>().await,
        Way::Chats => {
            // To all who never read, in turn.
            for turn in 0.. {
                let to = user_uuid((number + 8 * turn) % 96 - 1);
                let text = "<".repeat(CHAT_BYTES / 4);
                let line = json!({"class": "chitchat", "alias": "", "to": [server, to], "text": text});
                client.send(&line).await?;
            }
        }
        Way::Imports => loop {
            let csv = format!("firstname\n{}", "a\n".repeat(LINE_BYTES / 4));
            client.send(&json!({"class": "people_import_personal_contacts_csv", "csv_contacts": csv})).await?;
            client.send(&json!({"class": "people_export_personal_contacts_csv"})).await?;
            client.send(&json!({"class": "people_purge_personal_contacts"})).await?;
        },
        Way::Registers => loop {
            for (class, member) in
                [("register_user_status_update", "user_ids"), ("register_endpoint_status_update", "endpoint_ids")]
            {
                let pairs: Vec<Value> = (1..=PEOPLE).map(|id| json!([server, id])).collect();
                client.send(&json!({"class": class, member: pairs})).await?;
            }
        },
        Way::Asks => loop {
            let mut lines = String::new();
            for id in 0..500 {
                for class in ["people_search", "directory", "switchboard_directory_search"] {
                    lines += &format!("{}\n", json!({"class": class, "pattern": "a", "commandid": id}));
                }
                let list = json!({"class": "getlist", "function": "listid", "listname": "users", "tipbxid": "xivo"});
                lines += &format!("{list}\n");
            }
            client.wire.write_all(lines.as_bytes()).await?;
        },
        Way::LongLines => loop {
            let objects = "{\"a\":1},".repeat(LINE_BYTES / 8 - 8);
            client.wire.write_all(format!("{{\"class\":\"keepalive\",\"x\":[{objects}1]}}\n").as_bytes()).await?;
            client.send(&json!({"class": "people_search", "pattern": "x".repeat(LINE_BYTES)})).await?;
        },
        Way::Presence => loop {
            for state in ["away", "available"] {
                client.send(&json!({"class": "availstate", "availstate": state, "ipbxid": "xivo"})).await?;
            }
        },
    }
    Ok(())
}
