//! Logins against a real directory: Debian's slapd, in both modes, in clear and encrypted, away and back again; and servers
//! that are none.

use std::net::TcpListener;
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use crate::support::cli::{Outcome, PASSWORD};
use crate::support::slapd::{BASE, DIRECTORY_PASSWORD, READER, Slapd};
use crate::support::{Appliance, Running};

const VERSION: (&str, &str) = ("wazoversion", "2.3");

/// How a login ended: the error, or none.
fn outcome(server: &Running, login: &str, password: &str) -> Option<String> {
    let answer = server.client(login).authenticate(login, password, VERSION);
    answer["error_string"].as_str().map(str::to_owned)
}

#[track_caller]
fn accepted(server: &Running, login: &str, password: &str) {
    assert_eq!(outcome(server, login, password), None, "{login}");
}

#[track_caller]
fn refused(server: &Running, login: &str, password: &str, error: &str) {
    assert_eq!(outcome(server, login, password).as_deref(), Some(error), "{login}");
}

/// The office, whose people have addresses; what they have as local password is of no use where the directory is asked.
fn company_with_addresses() -> Appliance {
    let appliance = Appliance::company();
    appliance.run(&["user", "edit", "agnes", "--email", "agnes@example.org"]);
    appliance.run(&["user", "edit", "bertil", "--email", "Bertil@example.org"]);
    appliance.add_user("odd", &["--first-name", "Odd", "--profile", "Client", "--email", "odd@example.org"]);
    appliance
}

fn use_directory(appliance: &Appliance, uri: &str, backends: &str) {
    appliance.set("auth.ldap.uri", uri);
    appliance.set("auth.ldap.user_base_dn", BASE);
    appliance.set("auth.ldap.user_login_attribute", "uid");
    appliance.set("auth.backends", backends);
}

fn search_as_reader(appliance: &Appliance) {
    appliance.set("auth.ldap.bind_dn", READER);
    appliance.run_with_input(&["setting", "set", "auth.ldap.bind_password", "--value-stdin"], "of the reader\n");
}

#[test]
fn the_directory_decides_and_the_address_says_who_it_is() {
    let Some(slapd) = Slapd::start() else { return };
    let appliance = company_with_addresses();
    use_directory(&appliance, &slapd.plain(), "ldap_user");
    search_as_reader(&appliance);
    let server = appliance.serve();
    accepted(&server, "agnes", DIRECTORY_PASSWORD);
    accepted(&server, "AGNES", DIRECTORY_PASSWORD);
    accepted(&server, "bertil", DIRECTORY_PASSWORD);
    accepted(&server, "agn*es, x", DIRECTORY_PASSWORD);
    refused(&server, "agnes", PASSWORD, "login_password");
    refused(&server, "agnes", "", "login_password");
    refused(&server, "nobody", DIRECTORY_PASSWORD, "login_password");
    for (login, cause) in [
        ("no, mail", "has no e-mail address"),
        ("stranger", "is nobody's here"),
        ("twin", "several entries of the directory"),
    ] {
        refused(&server, login, DIRECTORY_PASSWORD, "login_password");
        server.await_log(&["login refused", cause, login]);
    }
    assert!(!server.log().contains(DIRECTORY_PASSWORD));
    // One connection looks for all of them: the reader bound once.
    let binds = slapd.log().matches(&format!("BIND dn=\"{READER}\" method=128")).count();
    assert_eq!(binds, 1, "{}", slapd.log());
}

#[test]
fn hostile_logins_and_passwords_find_nobody_and_break_nothing() {
    let Some(slapd) = Slapd::start() else { return };
    let appliance = company_with_addresses();
    use_directory(&appliance, &slapd.plain(), "ldap_user");
    appliance.set("auth.ldap.bind_anonymous", "true");
    let long = "a".repeat(10_000);
    let hostile = [
        "*",
        "agn*",
        ")(uid=*",
        "agnes)(|(uid=*",
        "agnes\0",
        "\0",
        "agnes\u{1}",
        "",
        " ",
        "\\2a",
        "agnes,ou=more",
        &long,
    ];
    for mode in ["search", "direct"] {
        if mode == "direct" {
            appliance.set("auth.ldap.bind_anonymous", "false");
        }
        let server = appliance.serve();
        for login in hostile {
            refused(&server, login, DIRECTORY_PASSWORD, "login_password");
        }
        // What slapd itself would let pass as nobody's bind.
        for password in ["", "\0", &format!("{DIRECTORY_PASSWORD}\0"), &long] {
            refused(&server, "agnes", password, "login_password");
        }
        accepted(&server, "agnes", DIRECTORY_PASSWORD);
        accepted(&server, "agn*es, x", DIRECTORY_PASSWORD);
        assert!(!server.log().contains("panicked"), "{}", server.log());
    }
}

#[test]
fn encryption_is_verified_by_ldaps_and_by_starttls() {
    let Some(slapd) = Slapd::start() else { return };
    let appliance = company_with_addresses();
    use_directory(&appliance, &slapd.encrypted(), "ldap_user");
    search_as_reader(&appliance);
    let server = appliance.serve();
    // The system does not know who vouches for it.
    refused(&server, "agnes", DIRECTORY_PASSWORD, "xivo_auth_error");
    server.await_log(&["LDAP server could not say", "cannot encrypt", "certificate"]);
    appliance.set("auth.ldap.ca_file", &slapd.ca_file());
    accepted(&server, "agnes", DIRECTORY_PASSWORD);
    refused(&server, "agnes", PASSWORD, "login_password");
    appliance.set("auth.ldap.uri", &slapd.plain());
    appliance.set("auth.ldap.start_tls", "true");
    accepted(&server, "bertil", DIRECTORY_PASSWORD);
    assert!(slapd.log().contains("STARTTLS"), "{}", slapd.log());
    // Never without it: slapd's clear port is there, and is not used.
    appliance.run(&["setting", "unset", "auth.ldap.ca_file"]);
    refused(&server, "bertil", DIRECTORY_PASSWORD, "xivo_auth_error");
}

#[test]
fn a_directory_that_restarts_is_asked_again_and_one_that_is_away_is_no_wrong_password() {
    let Some(mut slapd) = Slapd::start() else { return };
    let appliance = company_with_addresses();
    use_directory(&appliance, &slapd.plain(), "ldap_user");
    search_as_reader(&appliance);
    let server = appliance.serve();
    accepted(&server, "agnes", DIRECTORY_PASSWORD);
    // The kept connection is broken, and nobody notices.
    slapd.stop();
    slapd.resume();
    accepted(&server, "agnes", DIRECTORY_PASSWORD);
    slapd.stop();
    refused(&server, "agnes", DIRECTORY_PASSWORD, "xivo_auth_error");
    slapd.resume();
    await_acceptance(&server, "agnes");
}

/// A moment after all servers failed nobody is made to wait for them.
#[track_caller]
fn await_acceptance(server: &Running, login: &str) {
    let end = Instant::now() + Duration::from_secs(60);
    while let Some(error) = outcome(server, login, DIRECTORY_PASSWORD) {
        assert_eq!(error, "xivo_auth_error");
        assert!(Instant::now() < end, "the directory is back, and is not asked");
    }
}

#[test]
fn of_several_servers_the_next_one_answers() {
    let Some(slapd) = Slapd::start() else { return };
    let dead = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = dead.local_addr().unwrap().port();
    let appliance = company_with_addresses();
    use_directory(&appliance, &format!("ldap://127.0.0.1:{port} {}", slapd.plain()), "ldap_user");
    appliance.set("auth.ldap.bind_anonymous", "true");
    let server = appliance.serve();
    // Takes connections, answers none of them.
    accepted(&server, "agnes", DIRECTORY_PASSWORD);
    server.await_log(&["LDAP server could not say", &format!("ldap://127.0.0.1:{port}"), "not answered in time"]);
    // Passed over from now on.
    drop(dead);
    accepted(&server, "bertil", DIRECTORY_PASSWORD);
    assert_eq!(server.log().matches("LDAP server could not say").count(), 1, "{}", server.log());
}

#[test]
fn a_server_that_never_answers_holds_up_no_local_login() {
    // All addresses of the loopback network: so many servers, each of which takes its two seconds.
    let hanging = TcpListener::bind(("0.0.0.0", 0)).unwrap();
    let port = hanging.local_addr().unwrap().port();
    let uris: Vec<String> = (1..=6).map(|number| format!("ldap://127.0.0.{number}:{port}")).collect();
    let appliance = company_with_addresses();
    use_directory(&appliance, &uris.join(" "), "xivo_user,ldap_user");
    appliance.set("auth.ldap.bind_anonymous", "true");
    let server = appliance.serve();
    let (come, has_come) = channel();
    std::thread::spawn(move || {
        let held: Vec<_> =
            hanging.incoming().map_while(Result::ok).inspect(|_| come.send(()).unwrap_or_default()).collect();
        drop(held);
    });
    let mut strangers: Vec<_> = (0..4)
        .map(|number| {
            let mut client = server.client("stranger");
            client.knock(&format!("stranger{number}"));
            client
        })
        .collect();
    // They hang; whom the first backend knows does not.
    has_come.recv_timeout(Duration::from_secs(60)).unwrap();
    accepted(&server, "agnes", PASSWORD);
    refused(&server, "agnes", "wrong", "login_password");
    for stranger in &mut strangers {
        stranger.expect_nothing_yet();
    }
    for stranger in &mut strangers {
        let answer = stranger.receive_class("login_pass");
        assert_eq!(answer["error_string"], "xivo_auth_error");
    }
}

/// How many connections came to slapd and how many binds as users of any name, since it started.
fn connections_and_binds(slapd: &Slapd) -> (usize, usize) {
    let log = slapd.log();
    let binds = log.lines().filter(|line| line.contains(" BIND dn=\"") && line.contains("method=128"));
    (log.matches(" ACCEPT from ").count(), binds.filter(|line| line.contains(BASE)).count())
}

#[test]
fn a_guess_costs_the_directory_the_same_whether_or_not_it_has_the_login() {
    let Some(slapd) = Slapd::start() else { return };
    let appliance = company_with_addresses();
    use_directory(&appliance, &slapd.plain(), "ldap_user");
    search_as_reader(&appliance);
    let server = appliance.serve();
    // The connection that looks for entries is there from now on.
    accepted(&server, "agnes", DIRECTORY_PASSWORD);
    for (login, password) in [
        ("agnes", "wrong"),
        ("nobody", "wrong"),
        ("nobody", DIRECTORY_PASSWORD),
        ("twin", "wrong"),
        ("twin", DIRECTORY_PASSWORD),
    ] {
        let (connections, binds) = connections_and_binds(&slapd);
        refused(&server, login, password, "login_password");
        assert_eq!(connections_and_binds(&slapd), (connections + 1, binds + 1), "{login}\n{}", slapd.log());
    }
    // An empty one would be a bind that many servers let pass.
    let before = connections_and_binds(&slapd);
    refused(&server, "nobody", "", "login_password");
    refused(&server, "agnes", "", "login_password");
    assert_eq!(connections_and_binds(&slapd), before, "{}", slapd.log());
}

#[test]
fn direct_mode_passes_a_refused_bind_on_and_search_mode_does_not() {
    let Some(slapd) = Slapd::start() else { return };
    let appliance = company_with_addresses();
    use_directory(&appliance, &slapd.plain(), "ldap_user,xivo_user");
    let server = appliance.serve();
    accepted(&server, "agnes", DIRECTORY_PASSWORD);
    accepted(&server, "agnes", PASSWORD);
    refused(&server, "agnes", "wrong", "login_password");
    search_as_reader(&appliance);
    accepted(&server, "agnes", DIRECTORY_PASSWORD);
    refused(&server, "agnes", PASSWORD, "login_password");
    // Nobody in the directory.
    accepted(&server, "odd", PASSWORD);
}

#[test]
fn settings_that_the_directory_refuses_are_no_wrong_password() {
    let Some(slapd) = Slapd::start() else { return };
    let appliance = company_with_addresses();
    use_directory(&appliance, &slapd.plain(), "ldap_user");
    appliance.set("auth.ldap.bind_dn", READER);
    appliance.run_with_input(&["setting", "set", "auth.ldap.bind_password", "--value-stdin"], "not of the reader\n");
    let server = appliance.serve();
    refused(&server, "agnes", DIRECTORY_PASSWORD, "xivo_auth_error");
    server.await_log(&["LDAP server could not say", "the bind of the service", "invalidCredentials"]);
    search_as_reader(&appliance);
    accepted(&server, "agnes", DIRECTORY_PASSWORD);
    appliance.set("auth.ldap.user_base_dn", "ou=nowhere,dc=example,dc=org");
    refused(&server, "agnes", DIRECTORY_PASSWORD, "xivo_auth_error");
    server.await_log(&["LDAP server could not say", "the search for the login", "noSuchObject"]);
}

fn auth_check(appliance: &Appliance, login: &str, password: &str) -> Outcome {
    appliance.try_run_with_input(&["auth", "check", login, "--password-stdin"], &format!("{password}\n"))
}

#[test]
fn auth_check_tries_every_step_at_the_directory_before_anybody_depends_on_it() {
    let Some(mut slapd) = Slapd::start() else { return };
    let appliance = company_with_addresses();
    use_directory(&appliance, &slapd.encrypted(), "xivo_user");
    search_as_reader(&appliance);
    // Nobody vouches for it yet.
    let check = || appliance.try_run(&["auth", "check"]);
    check()
        .expect_code(1)
        .expect_data(&["ldap_user (not in auth.backends)", "failed  encrypt", &slapd.encrypted()])
        .expect_data(&["hint: ctibox setting set auth.ldap.ca_file FILE"]);
    appliance.set("auth.ldap.ca_file", &slapd.ca_file());
    check().expect_code(0).expect_data(&["ok      connect", "its certificate is trusted", "ok      bind"]);
    appliance.set("auth.backends", "ldap_user");
    let right = auth_check(&appliance, "agnes", DIRECTORY_PASSWORD).expect_code(0);
    right.expect_data(&["ok      find", "uid=agnes,", "ok      password", "ok      e-mail", "may log in"]);
    auth_check(&appliance, "agnes", PASSWORD).expect_code(1).expect_data(&["no      password", "wrong password"]);
    auth_check(&appliance, "nobody", "any").expect_code(1).expect_data(&["no      find", "no entry has this login"]);
    auth_check(&appliance, "no, mail", DIRECTORY_PASSWORD).expect_code(1).expect_data(&["has no `mail`"]);
    auth_check(&appliance, "stranger", DIRECTORY_PASSWORD).expect_code(1).expect_data(&["no      user"]);
    auth_check(&appliance, "twin", DIRECTORY_PASSWORD).expect_code(1).expect_data(&["several entries have this login"]);
    appliance.run(&["user", "disable", "agnes"]);
    auth_check(&appliance, "agnes", DIRECTORY_PASSWORD).expect_code(1).expect_data(&["the user is disabled"]);
    appliance.run_with_input(&["setting", "set", "auth.ldap.bind_password", "--value-stdin"], "not of the reader\n");
    check().expect_code(1).expect_data(&[
        "failed  bind",
        "invalidCredentials",
        "hint: ctibox setting set --value-stdin",
    ]);
    slapd.stop();
    check().expect_code(1).expect_data(&["failed  connect"]);
}

#[test]
fn in_direct_mode_auth_check_says_what_it_cannot_tell() {
    let Some(slapd) = Slapd::start() else { return };
    let appliance = company_with_addresses();
    use_directory(&appliance, &slapd.plain(), "xivo_user,ldap_user");
    let tried = appliance.run(&["auth", "check"]);
    tried.expect_data(&["NOT encrypted", "cannot tell an unknown login from a wrong password"]);
    // Local passwords come first.
    auth_check(&appliance, "agnes", PASSWORD).expect_code(0).expect_data(&["agnes: xivo_user accepts"]);
    appliance.run(&["user", "password", "agnes", "--no-password"]);
    auth_check(&appliance, "agnes", DIRECTORY_PASSWORD)
        .expect_code(0)
        .expect_data(&["would be uid=agnes,", "may log in"]);
    let refused = auth_check(&appliance, "agnes", "wrong").expect_code(1);
    refused.expect_data(&["refuses login and password: the next backend is asked"]);
}
