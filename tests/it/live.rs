//! Settings that change while clients are connected: whatever process changes them, with our command or with its own
//! SQL, every kind of change reaches the clients at once and nobody is dropped (protocol decision 11; settings §9, 37,
//! 38, 77). The server looks five times a second; a loaded machine gets as long as `AT_ONCE`.

use std::time::{Duration, Instant};

use rusqlite::Connection;
use serde_json::{Value, json};

use crate::support::client::{getlist, is_presence};
use crate::support::{Appliance, Client, Running};

/// What is told later than this was not told at once: a second is promised, and a machine may be slow and busy with the
/// other tests.
const AT_ONCE: Duration = Duration::from_secs(15);

/// A served office with agnes logged in, who has heard all of her own login.
struct Watched {
    appliance: Appliance,
    server: Running,
    agnes: Client,
    id: String,
}

impl Watched {
    fn new() -> Self {
        Self::of(Appliance::company())
    }

    fn of(appliance: Appliance) -> Self {
        let server = appliance.serve();
        let mut agnes = server.client("agnes");
        let id = agnes.log_in("agnes", "available")["userid"].as_str().unwrap().to_owned();
        agnes.fence();
        Self { appliance, server, agnes, id }
    }

    /// Runs a command and gives what agnes hears of this function and list.
    fn run(&mut self, words: &[&str], function: &str, list: &str) -> Value {
        self.appliance.run(words);
        self.hears(function, list)
    }

    /// Changes the database as an administrator's own SQL does, and gives what agnes hears of it.
    fn execute(&mut self, sql: &str, function: &str, list: &str) -> Value {
        let database = Connection::open(self.appliance.data().join("ctibox.db")).unwrap();
        database.pragma_update(None, "foreign_keys", true).unwrap();
        database.busy_timeout(Duration::from_secs(10)).unwrap();
        database.execute_batch(sql).unwrap();
        self.hears(function, list)
    }

    fn hears(&mut self, function: &str, list: &str) -> Value {
        let start = Instant::now();
        let message =
            self.agnes.receive_where(|message| message["function"] == function && message["listname"] == list);
        assert!(start.elapsed() < AT_ONCE, "{function} {list} came after {:?}", start.elapsed());
        message
    }

    /// What a list names now.
    fn ids(&mut self, list: &str) -> Vec<String> {
        self.agnes.fence();
        let answer = self.agnes.ask(&json!({"class": "getlist", "function": "listid", "listname": list}));
        answer["list"].as_array().unwrap().iter().map(|id| id.as_str().unwrap().to_owned()).collect()
    }
}

fn first_id(message: &Value) -> String {
    message["list"][0].as_str().unwrap().to_owned()
}

#[test]
fn a_new_user_can_log_in_at_once_and_is_seen() {
    let mut watched = Watched::new();
    watched.appliance.add_user("nina", &["--first-name", "Nina", "--profile", "Client"]);
    let id = first_id(&watched.hears("addconfig", "users"));
    let mut nina = watched.server.client("nina");
    assert_eq!(nina.log_in("nina", "available")["userid"], id.as_str());
    watched.agnes.receive_where(|message| is_presence(message, &id, "available"));
}

/// Settings §9: 77.
#[test]
fn a_user_who_is_renamed_edited_and_removed_is_told() {
    let mut watched = Watched::new();
    let bertil = watched.ids("users").pop().unwrap();
    let renamed = watched.run(&["user", "edit", "bertil", "--last-name", "Gamma"], "updateconfig", "users");
    assert_eq!((&renamed["tid"], &renamed["config"]["fullname"]), (&json!(bertil), &json!("Bertil Gamma")));
    let edited = watched.run(&["user", "edit", "bertil", "--mobile", "0600"], "updateconfig", "users");
    assert_eq!(edited["config"]["mobilephonenumber"], "0600");
    let removed = watched.run(&["user", "remove", "bertil"], "delconfig", "users");
    assert_eq!(removed["list"], json!([bertil]));
}

#[test]
fn a_login_and_a_password_that_change_hold_at_the_next_login() {
    let mut watched = Watched::new();
    let renamed = "UPDATE user SET login = 'bernd', last_name = 'B' WHERE login = 'bertil'";
    watched.execute(renamed, "updateconfig", "users");
    watched.appliance.run_with_input(&["user", "password", "bernd", "--password-stdin"], "another\n");
    let mut old = watched.server.client("old");
    let refused = old.authenticate("bertil", "secret", ("wazoversion", "2.3"));
    assert_eq!(refused["error_string"], "login_password");
    let mut new = watched.server.client("new");
    let passed = new.authenticate("bernd", "another", ("wazoversion", "2.3"));
    assert!(passed["capalist"].is_array(), "{passed}");
}

/// Settings §9: 77.
#[test]
fn lines_that_come_move_become_main_and_go_are_told() {
    let mut watched = Watched::new();
    watched.appliance.run(&["context", "add", "sales"]);
    let add = ["line", "add", "1009", "--context", "sales", "--user", "agnes", "--device", "SIP/x9"];
    let line = first_id(&watched.run(&add, "addconfig", "phones"));
    assert_eq!(watched.hears("updateconfig", "users")["config"]["linelist"][1], line.as_str());
    let user = watched.run(&["line", "edit", "1009", "--main"], "updateconfig", "users");
    assert_eq!((&user["tid"], &user["config"]["linelist"][0]), (&json!(watched.id), &json!(line)));
    let removed = watched.run(&["line", "remove", "1009"], "delconfig", "phones");
    assert_eq!(removed["list"], json!([line]));
}

/// Settings §9: 37.
#[test]
fn a_line_that_moves_takes_its_user_to_the_other_context() {
    let mut watched = Watched::of(Appliance::separated_office());
    let mut elena = watched.server.logged_in("elena");
    elena.fence();
    let before = watched.ids("users");
    let gone = watched.run(&["line", "move", "1001", "--context", "sales"], "delconfig", "users");
    assert_eq!(gone["list"], json!([before[1]]));
    assert_eq!(watched.hears("addconfig", "users")["list"].as_array().unwrap().len(), 2);
    let came = elena.receive_where(|message| message["function"] == "addconfig" && message["listname"] == "users");
    assert_eq!(came["list"], json!([watched.id]));
}

/// Settings §9: 37.
#[test]
fn a_main_line_in_another_context_takes_its_user_there() {
    let mut watched = Watched::of(Appliance::separated_office());
    watched.appliance.run(&["line", "add", "2009", "--context", "sales", "--user", "agnes"]);
    let others = watched.ids("users").pop().unwrap();
    let gone = watched.run(&["line", "edit", "2009", "--main"], "delconfig", "users");
    assert_eq!(gone["list"], json!([others]));
    assert_eq!(watched.hears("addconfig", "users")["list"].as_array().unwrap().len(), 2);
}

/// Settings §9: 38.
#[test]
fn separation_is_switched_without_a_restart() {
    let mut watched = Watched::of(Appliance::separated_office());
    let set = |value| ["setting", "set", "context_separation", value];
    assert_eq!(watched.run(&set("false"), "addconfig", "users")["list"].as_array().unwrap().len(), 2);
    assert_eq!(watched.run(&set("true"), "delconfig", "users")["list"].as_array().unwrap().len(), 2);
    watched.agnes.fence();
    let _elena = watched.server.logged_in("elena");
    watched.agnes.expect_silence();
}

/// Settings §9: 47, 77.
#[test]
fn queues_and_their_members_are_told() {
    let mut watched = Watched::new();
    let add = ["queue", "add", "support", "--number", "3001", "--context", "default"];
    let queue = first_id(&watched.run(&add, "addconfig", "queues"));
    let edited = watched.run(&["queue", "edit", "support", "--display", "Help"], "updateconfig", "queues");
    assert_eq!(edited["config"]["displayname"], "Help");
    let joined = watched.run(&["queue", "member", "add", "support", "2105"], "addconfig", "queuemembers");
    assert_eq!(joined["list"], json!(["Agent/2105,support"]));
    assert_eq!(watched.hears("updatestatus", "agents")["status"]["queues"], json!([queue]));
    let left = watched.run(&["queue", "member", "remove", "support", "2105"], "delconfig", "queuemembers");
    assert_eq!(left["list"], json!(["Agent/2105,support"]));
    let removed = watched.run(&["queue", "remove", "support"], "delconfig", "queues");
    assert_eq!(removed["list"], json!([queue]));
}

/// Settings §9: 77.
#[test]
fn agents_are_told() {
    let mut watched = Watched::new();
    let add = ["agent", "add", "2107", "--first-name", "Ada", "--context", "default", "--user", "agnes"];
    let agent = first_id(&watched.run(&add, "addconfig", "agents"));
    let user = watched.hears("updateconfig", "users");
    assert_eq!((&user["tid"], user["config"]["agentid"].to_string()), (&json!(watched.id), agent.clone()));
    let edited = watched.run(&["agent", "edit", "2107", "--first-name", "Eva"], "updateconfig", "agents");
    assert_eq!(edited["config"]["firstname"], "Eva");
    assert_eq!(watched.run(&["agent", "remove", "2107"], "delconfig", "agents")["list"], json!([agent]));
    assert_eq!(watched.hears("updateconfig", "users")["config"]["agentid"], Value::Null);
}

/// Settings §9: 77.
#[test]
fn voicemail_boxes_are_told() {
    let mut watched = Watched::new();
    let add = ["voicemail", "add", "1001", "--context", "default", "--user", "agnes"];
    let mailbox = first_id(&watched.run(&add, "addconfig", "voicemails"));
    assert_eq!(watched.hears("updateconfig", "users")["config"]["voicemailid"].to_string(), mailbox);
    let edited = watched.execute("UPDATE voicemail SET mailbox = '1101'", "updateconfig", "voicemails");
    assert_eq!(edited["config"]["mailbox"], "1101");
    let removed = watched.run(&["voicemail", "remove", "1101"], "delconfig", "voicemails");
    assert_eq!(removed["list"], json!([mailbox]));
}

/// Settings §9: 77.
#[test]
fn conference_rooms_are_told() {
    let mut watched = Watched::new();
    let add = ["conference", "add", "4001", "--name", "Daily", "--context", "default"];
    let room = first_id(&watched.run(&add, "addconfig", "meetmes"));
    let edited = watched.run(&["conference", "edit", "4001", "--name", "Weekly"], "updateconfig", "meetmes");
    assert_eq!(edited["config"]["name"], "Weekly");
    assert_eq!(watched.run(&["conference", "remove", "4001"], "delconfig", "meetmes")["list"], json!([room]));
}

#[test]
fn a_context_of_another_name_is_told_with_all_that_is_in_it() {
    let mut watched = Watched::new();
    let renamed = watched.execute("UPDATE context SET name = 'head' WHERE name = 'default'", "updateconfig", "agents");
    assert_eq!(renamed["config"]["context"], "head");
}

#[test]
fn a_removed_presence_moves_who_is_in_it_and_runs_the_actions() {
    let mut watched = Watched::new();
    let mut bertil = watched.server.client("bertil");
    let id = bertil.log_in("bertil", "donotdisturb")["userid"].as_str().unwrap().to_owned();
    watched.agnes.receive_where(|message| message["config"]["enablednd"] == true);
    watched.appliance.run(&["presence", "remove", "donotdisturb"]);
    watched.agnes.receive_where(|message| is_presence(message, &id, "available"));
    let told = watched.hears("updateconfig", "users");
    assert_eq!((&told["tid"], &told["config"]["enablednd"]), (&json!(id), &json!(false)));
}

#[test]
fn a_presence_of_another_color_is_there_at_the_next_login() {
    let watched = Watched::new();
    watched.appliance.run(&["presence", "edit", "away", "--color", "#123456"]);
    let capas = watched.server.client("bertil").log_in("bertil", "available");
    assert_eq!(capas["capas"]["userstatus"]["away"]["color"], "#123456");
}

#[test]
fn a_service_that_a_profile_loses_is_refused_from_then_on() {
    let mut watched = Watched::new();
    watched.appliance.run(&["profile", "service", "remove", "Client", "enablednd"]);
    watched.agnes.fence();
    let put = json!({"class": "featuresput", "function": "enablednd", "value": true});
    assert_eq!(watched.agnes.ask(&put)["status"], "not_granted");
}

/// Settings §9: 77.
#[test]
fn what_is_changed_by_other_hands_with_sql_is_told_too() {
    let mut watched = Watched::new();
    let renamed = "UPDATE user SET last_name = 'Delta', version = version + 1 WHERE login = 'bertil'";
    assert_eq!(watched.execute(renamed, "updateconfig", "users")["config"]["lastname"], "Delta");
    let added = "INSERT INTO queue (version, name, display, number, context_id, wrapup_seconds)
                 VALUES (1, 'raw', 'Raw', '3009', 1, 0);
                 INSERT INTO queue_member (queue_id, agent_id, penalty) SELECT queue.id, agent.id, 0 FROM queue, agent";
    let queue = first_id(&watched.execute(added, "addconfig", "queues"));
    assert_eq!(watched.hears("addconfig", "queuemembers")["list"], json!(["Agent/2105,raw"]));
    let moved = "UPDATE queue SET id = 77; UPDATE queue_member SET queue_id = 77";
    let moved = format!("PRAGMA foreign_keys = 0; {moved}");
    assert_eq!(watched.execute(&moved, "delconfig", "queues")["list"], json!([queue]));
    assert_eq!(watched.hears("addconfig", "queues")["list"], json!(["77"]));
    let removed = "DELETE FROM queue";
    assert_eq!(watched.execute(removed, "delconfig", "queues")["list"], json!(["77"]));
}

#[test]
fn a_thousand_changes_of_one_import_are_one_step_for_a_client() {
    let mut watched = Watched::new();
    let mut document = watched.appliance.document();
    let pattern = document["users"][0].clone();
    let users = document["users"].as_array_mut().unwrap();
    for number in 0..1000 {
        let mut user = pattern.clone();
        let members = user.as_object_mut().unwrap();
        for one_time in ["id", "version", "lines"] {
            members.shift_remove(one_time);
        }
        members.insert("uuid".to_owned(), json!(format!("00000000-0000-4000-8000-{number:012}")));
        members.insert("login".to_owned(), json!(format!("many{number}")));
        users.push(user);
    }
    let path = watched.appliance.beside("many.json");
    std::fs::write(&path, document.to_string()).unwrap();
    watched.appliance.run(&["import", path.to_str().unwrap()]);
    let told = watched.agnes.fence();
    assert_eq!(told.len(), 1, "{} messages", told.len());
    assert_eq!((&told[0]["function"], told[0]["list"].as_array().map(Vec::len)), (&json!("addconfig"), Some(1000)));
    let some = told[0]["list"][500].as_str().unwrap().to_owned();
    assert_eq!(watched.agnes.ask(&getlist("updateconfig", "users", &some))["config"]["firstname"], "Agnes");
}

/// Settings §9: 44.
#[test]
fn voicemail_and_agent_show_until_they_are_removed() {
    let mut watched = Watched::new();
    watched.appliance.run(&["voicemail", "add", "1152", "--context", "default", "--user", "bertil"]);
    let bertil = watched.ids("users").pop().unwrap();
    let config = watched.agnes.ask(&getlist("updateconfig", "users", &bertil))["config"].clone();
    assert_eq!(config["fullname"], "Bertil Beta");
    assert!(config["agentid"].is_i64() && config["voicemailid"].is_i64(), "{config}");
    watched.appliance.run(&["agent", "remove", "2105"]);
    let mut client = watched.server.logged_in("bertil");
    client.fence();
    assert_eq!(client.ask(&getlist("updateconfig", "users", &bertil))["config"]["agentid"], Value::Null);
}
