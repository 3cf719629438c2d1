//! The separation of contexts over real sockets (protocol decision 8): users of three contexts act and ask while lines
//! move, objects change places and the separation is toggled by foreign hands; whatever a connection receives is looked
//! up in the database. Small and whole; the many worlds are played inside of the program.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use rusqlite::Connection;
use serde_json::{Value, json};

use crate::support::client::getlist;
use crate::support::{Appliance, Client, Running};

const LISTS: [&str; 7] = ["users", "phones", "agents", "queues", "voicemails", "meetmes", "queuemembers"];
/// Users 1 and 2 have no line, user 3 has two, 9 and 12 no login; these are connected.
const CONNECTED: i64 = 8;
const ACTS: u32 = 40;

const WORLD: &str = "
    INSERT INTO context (id, version, name) VALUES (12, 1, 'sales'), (13, 1, 'rooms');
    INSERT INTO context_include (context_id, priority, included_id) VALUES (12, 0, 13);
    WITH RECURSIVE n (n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM n WHERE n < 12)
    INSERT INTO user (version, uuid, login, first_name, last_name, password_hash, enabled, profile_id)
        SELECT 1, printf('00000000-0000-4000-8000-%012d', n), 'user' || n, 'Person' || n || 'e', '', password_hash, 1,
            profile_id FROM user, n WHERE user.id = 1;
    INSERT INTO line (version, user_id, is_main, extension, context_id, device)
        SELECT 1, id, 1, '10' || id, CASE id % 3 WHEN 0 THEN 1 WHEN 1 THEN 12 ELSE 13 END, 'SIP/' || id
        FROM user WHERE id > 2;
    INSERT INTO line (version, user_id, is_main, extension, context_id, device) VALUES (1, 3, 0, '2003', 12, 'SIP/x3');
    INSERT INTO agent (version, number, first_name, last_name, context_id, user_id)
        SELECT 1, '21' || id, 'Agent', '', CASE id % 2 WHEN 0 THEN 1 ELSE 12 END, id FROM user WHERE id IN (1, 4, 5, 6);
    INSERT INTO queue (version, name, display, number, context_id, wrapup_seconds)
        VALUES (1, 'q1', 'Q1', '3001', 1, 0), (1, 'q2', 'Q2', '3002', 12, 0), (1, 'q3', 'Q3', '3003', 13, 0);
    INSERT INTO queue_member (queue_id, agent_id, penalty) SELECT queue.id, agent.id, 0 FROM queue, agent;
    INSERT INTO conference (version, number, name, context_id)
        VALUES (1, '4001', 'C1', 1), (1, '4002', 'C2', 12), (1, '4003', 'C3', 13);
    INSERT INTO voicemail (version, mailbox, context_id, user_id)
        SELECT 1, '5' || id, CASE id % 2 WHEN 0 THEN 1 ELSE 13 END, id FROM user WHERE id IN (2, 3, 7);
    UPDATE user SET login = NULL, password_hash = NULL, enabled = 0, profile_id = NULL WHERE id IN (9, 12);
    INSERT INTO setting (key, value) VALUES ('context_separation', 'true');";

/// What everybody may see, by the specification and in plain SQL: the list, the id on the wire, the user.
const SEEN: &str = "
    WITH RECURSIVE
        place (user, context) AS (SELECT user_id, context_id FROM line WHERE is_main = 1),
        reach (user, context) AS (SELECT * FROM place UNION
            SELECT user, included_id FROM reach JOIN context_include ON context_id = context),
        thing (list, tid, owner, context) AS (
            SELECT 'users', CAST(id AS TEXT), id, place.context FROM user LEFT JOIN place ON place.user = user.id
            UNION ALL SELECT 'phones', id, user_id, context_id FROM line
            UNION ALL SELECT 'agents', id, user_id, context_id FROM agent
            UNION ALL SELECT 'queues', id, NULL, context_id FROM queue
            UNION ALL SELECT 'voicemails', id, user_id, context_id FROM voicemail
            UNION ALL SELECT 'meetmes', id, NULL, context_id FROM conference
            UNION ALL SELECT 'queuemembers', 'Agent/' || agent.number || ',' || queue.name, NULL, queue.context_id
                FROM queue_member JOIN queue ON queue.id = queue_id JOIN agent ON agent.id = agent_id)
    SELECT list, CAST(tid AS TEXT), viewer.id FROM thing, user AS viewer LEFT JOIN place ON place.user = viewer.id
    WHERE (SELECT value FROM setting WHERE key = 'context_separation') = 'false' OR owner = viewer.id
        OR thing.context = place.context
        OR list = 'meetmes' AND EXISTS (SELECT 1 FROM reach WHERE user = viewer.id AND reach.context = thing.context)";

type Seen = BTreeSet<(String, String, i64)>;

struct Installation {
    appliance: Appliance,
    database: Connection,
    clients: BTreeMap<i64, Client>,
    counts: BTreeMap<String, u64>,
    seen: Seen,
    random: u64,
    beacon: u32,
    _server: Running,
}

/// Settings §9: 33.
#[test]
fn nobody_receives_a_line_about_what_is_out_of_their_sight() {
    let worlds = if std::env::var_os("CTIBOX_TEST_FULL").is_some() { 10 } else { 2 };
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    for seed in 0..worlds {
        let mut world = Installation::new(seed);
        for _ in 0..ACTS {
            world.act();
        }
        for (class, count) in world.counts {
            *counts.entry(class).or_default() += count;
        }
    }
    eprintln!("{worlds} worlds of {ACTS} acts over sockets; lines by class: {counts:#?}");
    let mut expected = ["chitchat", "user_status_update", "endpoint_status_update", "agent_status_update"].to_vec();
    expected.extend(["queueentryupdate", "getqueuesstats", "relations", "meetme_update", "people_search_result"]);
    let mut expected: Vec<String> = expected.into_iter().map(str::to_owned).collect();
    for list in LISTS {
        let functions = ["listid", "updateconfig", "updatestatus", "addconfig", "delconfig"];
        expected.extend(functions.map(|function| format!("{function} {list}")));
    }
    expected.retain(|class| !counts.contains_key(class));
    assert!(expected.is_empty(), "never heard: {expected:?}");
}

impl Installation {
    fn new(seed: u64) -> Self {
        let appliance = Appliance::new();
        appliance.add_user("user1", &["--first-name", "Person1e", "--profile", "Client"]);
        let database = Connection::open(appliance.data().join("ctibox.db")).unwrap();
        database.busy_timeout(Duration::from_secs(10)).unwrap();
        database.execute_batch(&format!("BEGIN; {WORLD} COMMIT;")).unwrap();
        let server = appliance.serve();
        let mut clients = BTreeMap::new();
        for user in 1..=CONNECTED {
            let mut client = server.client(&format!("user{user}"));
            assert_eq!(client.log_in(&format!("user{user}"), "available")["userid"], user.to_string());
            clients.insert(user, client);
        }
        let seen = seen(&database);
        let (counts, random) = (BTreeMap::new(), seed);
        let mut world = Self { appliance, database, clients, counts, seen, random, beacon: 0, _server: server };
        for user in 1..=CONNECTED {
            world.register(user);
        }
        world.gather(&BTreeSet::new());
        world
    }

    fn roll(&mut self, sides: i64) -> i64 {
        self.random = self.random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i64::try_from(self.random >> 33).unwrap() % sides
    }

    fn send(&mut self, user: i64, message: &Value) {
        self.clients.get_mut(&user).unwrap().send(message);
    }

    fn server_uuid(&self) -> String {
        self.database.query_row("SELECT uuid FROM server", [], |row| row.get(0)).unwrap()
    }

    /// For everybody, every phone and every agent.
    fn register(&mut self, user: i64) {
        let server = self.server_uuid();
        let ids = |most: i64| (1..=most).map(|id| json!([server, id])).collect::<Vec<_>>();
        self.send(user, &json!({"class": "register_user_status_update", "user_ids": ids(12)}));
        self.send(user, &json!({"class": "register_endpoint_status_update", "endpoint_ids": ids(11)}));
        self.send(user, &json!({"class": "register_agent_status_update", "agent_ids": ids(4)}));
    }

    fn act(&mut self) {
        let user = 1 + self.roll(CONNECTED);
        match self.roll(8) {
            0 => {
                let state = ["available", "away", "donotdisturb"][usize::try_from(self.roll(3)).unwrap()];
                self.send(user, &json!({"class": "availstate", "availstate": state}));
            }
            1 => {
                let server = self.server_uuid();
                for to in 1..=CONNECTED {
                    let uuid: String =
                        self.database.query_row("SELECT uuid FROM user WHERE id = ?", [to], |row| row.get(0)).unwrap();
                    self.send(user, &json!({"class": "chitchat", "alias": "a", "text": "t", "to": [server, uuid]}));
                }
            }
            2 => self.ask_for_all(user),
            3 => {
                for queue in 1..=3 {
                    self.send(user, &json!({"class": "subscribe", "message": "queueentryupdate", "queueid": queue}));
                }
                for message in [
                    json!({"class": "subscribetoqueuesstats"}),
                    json!({"class": "get_relations"}),
                    json!({"class": "subscribe", "message": "meetme_update"}),
                    json!({"class": "people_search", "pattern": "e"}),
                ] {
                    self.send(user, &message);
                }
            }
            _ => return self.administer(),
        }
        // What it brings about for others is on its way when its sender is answered; the rest waits for a disk.
        self.gather(&BTreeSet::new());
    }

    /// Everything there is, seen or not.
    fn ask_for_all(&mut self, user: i64) {
        let all: BTreeSet<(String, String)> =
            self.seen.iter().map(|(list, tid, _)| (list.clone(), tid.clone())).collect();
        for list in LISTS {
            self.send(user, &getlist("listid", list, ""));
        }
        for (list, tid) in all {
            self.send(user, &getlist("updateconfig", &list, &tid));
            self.send(user, &getlist("updatestatus", &list, &tid));
        }
    }

    /// Changes the database with an own connection, and waits until every client heard so: each hears of themself.
    fn administer(&mut self) {
        let context = [1, 12, 13][usize::try_from(self.roll(3)).unwrap()];
        let number = self.roll(12);
        let change = match self.roll(9) {
            0 => "UPDATE setting SET value = CASE value WHEN 'true' THEN 'false' ELSE 'true' END".to_owned(),
            1 | 2 => format!("UPDATE line SET context_id = {context} WHERE id = 1 + {number} % 11"),
            3 => {
                format!("UPDATE agent SET context_id = {context}, last_name = 'x{number}' WHERE id = 1 + {number} % 4")
            }
            4 => format!("UPDATE queue SET context_id = {context}, display = 'd{number}' WHERE id = 1 + {number} % 3"),
            5 => {
                format!("UPDATE conference SET context_id = {context}, name = 'n{number}' WHERE id = 1 + {number} % 3")
            }
            6 => format!("UPDATE voicemail SET context_id = {context} WHERE id = 1 + {number} % 3"),
            7 => format!("DELETE FROM queue_member WHERE agent_id = 1 + {number} % 4 AND queue_id = 1 + {number} % 3"),
            _ => format!(
                "UPDATE line SET is_main = 0 WHERE user_id = 3; UPDATE line SET is_main = 1
                 WHERE id = (SELECT id FROM line WHERE user_id = 3 ORDER BY (id + {number}) % 2 LIMIT 1)"
            ),
        };
        self.beacon += 1;
        let beacon = format!("UPDATE user SET mobile = '{}' WHERE id <= {CONNECTED}", self.beacon);
        let before = std::mem::take(&mut self.seen);
        self.database.execute_batch(&format!("BEGIN; {change}; {beacon}; COMMIT;")).unwrap();
        self.seen = seen(&self.database);
        let mobile = json!(self.beacon.to_string());
        for user in 1..=CONNECTED {
            let tid = json!(user.to_string());
            let is_own = |message: &Value| message["tid"] == tid && message["config"]["mobilephonenumber"] == mobile;
            let mut heard = Vec::new();
            while !heard.last().is_some_and(is_own) {
                heard.push(self.clients.get_mut(&user).unwrap().receive());
            }
            self.judge(user, &heard, &before);
        }
        self.gather(&before);
    }

    /// Reads what everybody was told, twice: what a client of the second row asked for reaches the first row as well.
    fn gather(&mut self, before: &Seen) {
        for user in (1..=CONNECTED).chain(1..=CONNECTED) {
            let heard = self.clients.get_mut(&user).unwrap().fence();
            self.judge(user, &heard, before);
        }
    }

    fn judge(&mut self, user: i64, heard: &[Value], before: &Seen) {
        for line in heard {
            let text = |member: &str| line[member].as_str().unwrap_or_default();
            let class = if text("class") == "getlist" {
                format!("{} {}", text("function"), text("listname"))
            } else {
                text("class").to_owned()
            };
            for (list, tid) in told_of(line) {
                let thing = (list, tid, user);
                let is_seen = self.seen.contains(&thing) && text("function") != "delconfig";
                let was_seen = before.contains(&thing) && !matches!(text("function"), "addconfig" | "listid");
                assert!(
                    is_seen || was_seen,
                    "user {user} hears of {} {} in {}: {line}",
                    thing.0,
                    thing.1,
                    self.appliance.data().display()
                );
            }
            *self.counts.entry(class).or_default() += 1;
        }
    }
}

fn seen(database: &Connection) -> Seen {
    let mut statement = database.prepare(SEEN).unwrap();
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap();
    rows.map(Result::unwrap).collect()
}

/// Every object that a line is about, as list and id. A class that nobody looks into fails.
fn told_of(line: &Value) -> Vec<(String, String)> {
    let mut told: Vec<(String, String)> = Vec::new();
    let mut tell = |list: &str, id: &Value| match id {
        Value::Null => {}
        Value::String(id) => told.push((list.to_owned(), id.clone())),
        id => told.push((list.to_owned(), id.to_string())),
    };
    let items = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let empty = json!({});
    match line["class"].as_str().unwrap() {
        "getlist" => {
            let list = line["listname"].as_str().unwrap();
            items(&line["list"]).iter().for_each(|id| tell(list, id));
            let says = line.get("config").or_else(|| line.get("status")).unwrap_or(&Value::Null);
            if !says.is_null() && *says != empty {
                tell(list, &line["tid"]);
                tell("agents", &says["agentid"]);
                tell("voicemails", &says["voicemailid"]);
                items(&says["linelist"]).iter().for_each(|id| tell("phones", id));
                items(&says["queues"]).iter().for_each(|id| tell("queues", id));
            }
        }
        "user_status_update" => tell("users", &line["data"]["user_id"]),
        "endpoint_status_update" => tell("phones", &line["data"]["endpoint_id"]),
        "agent_status_update" => tell("agents", &line["data"]["agent_id"]),
        "relations" => tell("users", &line["data"]["user_id"]),
        "queueentryupdate" => tell("queues", &line["state"]["queue_id"]),
        "getqueuesstats" => {
            let queues = line["stats"].as_object().unwrap();
            queues.keys().for_each(|queue| tell("queues", &json!(queue)));
        }
        "people_search_result" => {
            items(&line["results"]).iter().for_each(|row| tell("users", &row["relations"]["user_id"]));
        }
        // Room 4001 has id 1.
        "meetme_update" => {
            let rooms = line["config"].as_object().unwrap();
            rooms.keys().for_each(|number| tell("meetmes", &json!(number.trim_start_matches("400"))));
        }
        // Its sender's name is looked at below.
        "chitchat" | "meetme_user" | "login_capas" | "getipbxlist" => {}
        class => panic!("nobody looks into {class}: {line}"),
    }
    let text = line.to_string();
    for name in text.split("Person").skip(1) {
        let number = name.split('e').next().unwrap();
        if number.parse::<i64>().is_ok() {
            told.push(("users".to_owned(), number.to_owned()));
        }
    }
    told
}
