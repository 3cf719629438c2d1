//! Many at once, by few keys: forty users of a search get a profile, all sessions of a context are ended, twelve people get
//! passwords. The keys are counted, for that is what the list is there for.

use super::press;
use crate::support::Appliance;
use crate::support::terminal::{ENTER, MARK_ALL, SAVE, Terminal};

/// So many users of the branch office, beside those of the company; each with a line in its own context.
fn with_branch(users: usize) -> Appliance {
    let appliance = Appliance::company();
    appliance.run(&["context", "add", "branch"]);
    let mut table = "firstname,lastname,username,cti_profile_enabled,cti_profile_name,exten,context\n".to_owned();
    for number in 1..=users {
        table.push_str(&format!("Zoë,Branch {number},branch{number:02},1,Client,{},branch\n", 3000 + number));
    }
    appliance.run_with_input(&["user", "import", "-"], &table);
    appliance
}

#[test]
fn forty_users_of_a_search_get_a_profile_in_one_step() {
    let appliance = with_branch(40);
    appliance.run(&["profile", "add", "Reception"]);
    let before = appliance.document();
    let mut terminal = Terminal::console(&appliance, "xterm-256color", &["--screen", "users"]);
    terminal.await_words("agnes");
    let mut keys = press(&mut terminal, &["/branch", ENTER, MARK_ALL]);
    terminal.await_words("40 marked, 40/42");
    keys += press(&mut terminal, &["bp"]);
    terminal.await_words("profile of 40 marked users");
    keys += press(&mut terminal, &["R", SAVE]);
    terminal.await_told("This changes 40 users (now 40 Client)");
    keys += press(&mut terminal, &["y"]);
    terminal.await_told("profile \"Reception\" was given to 40 users");
    assert_eq!(keys, 14);
    let users = appliance.run(&["user", "list", "--json"]).json();
    let receptionists = users.as_array().unwrap().iter().filter(|user| user["profile"] == "Reception").count();
    assert_eq!(receptionists, 40);
    terminal
        .press("\x1a")
        .await_told("This changes 40 users")
        .press("y")
        .await_gone("To be undone:")
        .await_told("undone: ");
    assert_eq!(appliance.document(), before);
}

#[test]
fn all_sessions_of_a_context_are_ended_and_no_other() {
    let appliance = with_branch(2);
    for login in ["branch01", "branch02"] {
        appliance.run_with_input(&["user", "password", login, "--password-stdin"], "secret of the branch\n");
    }
    let server = appliance.serve();
    let mut stays = server.logged_in("agnes");
    let mut gone: Vec<_> = ["branch01", "branch02"]
        .into_iter()
        .map(|login| {
            let mut client = server.client(login);
            let passed = client.authenticate(login, "secret of the branch", ("wazoversion", "2.3"));
            let profile = passed["capalist"][0].as_i64().unwrap().to_string();
            client.send(
                &serde_json::json!({"class": "login_capas", "capaid": profile, "state": "available", "commandid": 3}),
            );
            client.receive_class("login_capas");
            client
        })
        .collect();
    let mut terminal = Terminal::console(&appliance, "xterm-256color", &["--screen", "sessions"]);
    terminal.await_words("3 ──");
    let mut keys = press(&mut terminal, &["/context:branch", ENTER, MARK_ALL]);
    terminal.await_words("2 marked, 2/3");
    keys += press(&mut terminal, &["d"]);
    terminal.await_words("End 2 marked sessions?");
    keys += press(&mut terminal, &["y"]);
    terminal.await_told("ended 2 marked sessions").await_words("0/1");
    assert_eq!(keys, 19);
    gone.iter_mut().for_each(|client| {
        client.expect_close();
    });
    stays.fence();
}

#[test]
fn people_get_new_passwords_and_log_in_with_them() {
    let appliance = with_branch(3);
    let server = appliance.serve();
    let mut terminal = Terminal::console(&appliance, "xterm-256color", &["--screen", "users"]);
    terminal.await_words("agnes").press("/branch").press(ENTER).press(MARK_ALL).await_words("3 marked").press("bm");
    terminal.await_told("New passwords for 3 users?").press("y").await_told("3 new passwords made");
    let path = appliance.beside("made.csv");
    terminal.press(SAVE).await_words("new file:").press(path.to_str().unwrap()).press(ENTER);
    terminal.await_told("3 passwords written to");
    let table = std::fs::read_to_string(&path).unwrap();
    let of = |login: &str| {
        let line = table.lines().find(|line| line.starts_with(login)).unwrap();
        line.rsplit_once(',').unwrap().1.to_owned()
    };
    for login in ["branch01", "branch03"] {
        let passed = server.client(login).authenticate(login, &of(login), ("wazoversion", "2.3"));
        assert!(passed.get("capalist").is_some(), "{passed}");
    }
    assert_ne!(of("branch01"), of("branch03"));
}
