//! The server is killed (SIGKILL) at moments of all kinds while commands write settings and a client sets its forward
//! and presence. After each kill the database opens, `check` finds nothing, and everything that was acknowledged is
//! there: a command's by its exit code 0, a service's once it was told, a presence's once a service behind it was told.

use std::collections::BTreeMap;
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use rustix::process::Signal;
use serde_json::{Value, json};

use crate::support::client::getlist;
use crate::support::{Appliance, Client, Running};

/// 10 in the usual run, 50 with `CTIBOX_TEST_FULL=1`.
fn kills() -> usize {
    if std::env::var_os("CTIBOX_TEST_FULL").is_some_and(|value| value == "1") { 50 } else { 10 }
}

/// What commands were told is done: a user's login and mobile number, row by row.
type Rows = BTreeMap<String, String>;

/// What a client knows to be on disk, and what may be there or not.
struct Told {
    forward_to: String,
    /// The last presence that is surely on disk, and those chosen since.
    presences: Vec<&'static str>,
}

#[test]
fn nothing_acknowledged_is_lost_by_a_kill() {
    let appliance = Arc::new(Appliance::company().on_any_port());
    let mut told: Option<Told> = None;
    let mut rows = Rows::new();
    for kill in 0..kills() {
        let server = appliance.serve();
        let mut agnes = server.client("agnes");
        // an unknown state: the last presence before the kill is taken
        let id = agnes.log_in("agnes", "none")["userid"].as_str().unwrap().to_owned();
        agnes.fence();
        if let Some(told) = &told {
            expect_as_told(&mut agnes, &id, told, kill);
        }

        let is_over = Arc::new(AtomicBool::new(false));
        let written = Arc::new(Mutex::new(Rows::new()));
        let writer = {
            let (appliance, is_over, written) = (appliance.clone(), is_over.clone(), written.clone());
            thread::spawn(move || write_until(&appliance, kill, &is_over, &written))
        };
        told = Some(change_until_killed(&server, &mut agnes, kill));
        is_over.store(true, Ordering::Relaxed);
        let tried = writer.join().unwrap();
        drop(server);

        rows.append(&mut written.lock().unwrap());
        assert!(findings_of(&appliance).is_empty(), "{:?} after kill {kill}", findings_of(&appliance));
        let found = users_of(&appliance);
        for (login, mobile) in &rows {
            assert_eq!(found.get(login), Some(mobile), "row of {login} after kill {kill}");
        }
        let more: Vec<_> = found.keys().filter(|login| !rows.contains_key(*login) && **login != tried).collect();
        assert!(more.is_empty(), "nobody wrote {more:?}, kill {kill}");
    }
}

/// Compares what the restarted server says with what was told before the kill.
fn expect_as_told(agnes: &mut Client, id: &str, told: &Told, kill: usize) {
    let forward = agnes.ask(&getlist("updateconfig", "users", id))["config"]["destunc"].clone();
    assert_eq!(forward, told.forward_to, "forward at kill {kill}");
    let presence = agnes.ask(&getlist("updatestatus", "users", id))["status"]["availstate"].clone();
    let presences = &told.presences;
    assert!(presences.iter().any(|name| presence == *name), "{presence}, but {presences:?} at kill {kill}");
}

/// Sets presence and forward in turn, then kills the server at a moment that is another one each time.
fn change_until_killed(server: &Running, agnes: &mut Client, kill: usize) -> Told {
    const PRESENCES: [&str; 3] = ["away", "outtolunch", "berightback"];
    let mut told = Told { forward_to: String::new(), presences: Vec::new() };
    // by way of `available`, from which all others can be reached
    let enter = |agnes: &mut Client, presence| {
        agnes.send(&json!({"class": "availstate", "availstate": "available"}));
        agnes.send(&json!({"class": "availstate", "availstate": presence}));
    };
    // No more than a session may do at once: what waits for its turn is lost with the server.
    for step in 0..=kill % 2 {
        let presence = PRESENCES[(kill + step) % PRESENCES.len()];
        enter(agnes, presence);
        let forward_to = format!("{kill}{step:03}");
        let forward = json!({"enableunc": true, "destunc": forward_to});
        agnes.send(&json!({"class": "featuresput", "function": "fwd", "value": forward}));
        agnes.receive_where(|message| message["config"]["destunc"] == forward_to.as_str());
        told = Told { forward_to, presences: vec![presence] };
    }
    for presence in &PRESENCES[..kill % 3] {
        enter(agnes, presence);
        told.presences.extend(["available", presence]);
    }
    server.signal(Signal::KILL);
    agnes.expect_close();
    told
}

/// Adds users, one command after the other. The last command is killed as well: gives the login that it was to add,
/// which may be there or not.
fn write_until(appliance: &Appliance, kill: usize, is_over: &AtomicBool, written: &Mutex<Rows>) -> String {
    for number in 0.. {
        let (login, mobile) = (format!("kill{kill}user{number}"), format!("06{kill:02}{number:04}"));
        let words = ["user", "add", &login, "--first-name", "Kim", "--mobile", &mobile, "--no-password", "--disabled"];
        if is_over.load(Ordering::Relaxed) {
            let mut command = appliance.command(&words).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
            command.kill().unwrap();
            command.wait().unwrap();
            return login;
        }
        appliance.run(&words);
        written.lock().unwrap().insert(login, mobile);
    }
    unreachable!("the numbers do not end")
}

/// The rows as `export` and `user list --json` show them, which must be the same.
fn users_of(appliance: &Appliance) -> Rows {
    let exported = rows_of(&appliance.document()["users"]);
    assert_eq!(rows_of(&appliance.run(&["user", "list", "--json"]).json()), exported);
    exported
}

fn rows_of(users: &Value) -> Rows {
    let text = |user: &Value, member: &str| user[member].as_str().unwrap_or_default().to_owned();
    let rows = users.as_array().unwrap().iter().map(|user| (text(user, "login"), text(user, "mobile")));
    rows.filter(|(login, _)| login.starts_with("kill")).collect()
}

fn findings_of(appliance: &Appliance) -> Vec<Value> {
    appliance.try_run(&["check", "--json"]).json()["findings"].as_array().unwrap().clone()
}
