//! Logins that another authentication service decides, over HTTPS: as XiVO's does, certificate of version 1 included, and
//! as one that fails in every way.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::cli::PASSWORD;
use crate::support::token_server::{Behaviour, ServerPair, TOKEN, TokenServer};
use crate::support::{Appliance, Running};

const VERSION: (&str, &str) = ("wazoversion", "2.3");
const REMOTE_PASSWORD: &str = "at the service";

fn outcome(server: &Running, login: &str, password: &str) -> Option<String> {
    let answer = server.client(login).authenticate(login, password, VERSION);
    answer["error_string"].as_str().map(str::to_owned)
}

#[track_caller]
fn refused(server: &Running, login: &str, password: &str, error: &str) {
    assert_eq!(outcome(server, login, password).as_deref(), Some(error), "{login}");
}

fn use_service(appliance: &Appliance, service: &TokenServer, pair: &ServerPair, backends: &str) {
    let file = appliance.beside("ca.crt");
    std::fs::write(&file, &pair.certificate).unwrap();
    appliance.set("auth.xivo_auth.port", &service.port.to_string());
    appliance.set("auth.xivo_auth.ca_file", file.to_str().unwrap());
    appliance.set("auth.backends", backends);
}

fn grants(user: impl Into<Value>) -> Behaviour {
    Behaviour::Grants { password: REMOTE_PASSWORD, user: user.into() }
}

#[test]
fn a_token_is_granted_for_the_session_and_revoked_when_it_ends() {
    let appliance = Appliance::company();
    let pair = ServerPair::for_localhost();
    let service = TokenServer::start(&pair, grants(appliance.user_uuid("agnes")));
    use_service(&appliance, &service, &pair, "xivo_auth");
    let server = appliance.serve();
    let mut client = server.client("agnes");
    let passed = client.authenticate("someone.else", REMOTE_PASSWORD, VERSION);
    assert!(passed["capalist"][0].is_i64(), "{passed}");
    let asked = service.asked();
    assert_eq!(asked.line, "POST /0.1/token HTTP/1.1");
    assert_eq!(asked.login.as_deref(), Some("someone.else"));
    assert_eq!(asked.body["backend"], "xivo_user");
    assert!(asked.body["expiration"].as_i64().is_some_and(|seconds| seconds > 0), "{}", asked.body);
    let capaid = passed["capalist"][0].to_string();
    client.send(&json!({"class": "login_capas", "capaid": capaid, "state": "available", "commandid": 3}));
    client.receive_class("login_capas");
    client.fence();
    service.expect_unasked();
    drop(client);
    assert_eq!(service.asked().line, format!("DELETE /0.1/token/{TOKEN} HTTP/1.1"));
}

#[test]
fn a_logout_and_an_end_by_the_administrator_give_the_token_back_too() {
    let appliance = Appliance::company();
    let pair = ServerPair::for_localhost();
    let service = TokenServer::start(&pair, grants(appliance.user_uuid("agnes")));
    use_service(&appliance, &service, &pair, "xivo_auth");
    let server = appliance.serve();
    let log_in = || {
        let mut client = server.client("agnes");
        let passed = client.authenticate("agnes", REMOTE_PASSWORD, VERSION);
        let capaid = passed["capalist"][0].to_string();
        client.send(&json!({"class": "login_capas", "capaid": capaid, "state": "available", "commandid": 3}));
        client.receive_class("login_capas");
        service.asked_to("POST");
        client
    };
    let mut client = log_in();
    client.send(&json!({"class": "logout", "stopper": ""}));
    service.asked_to("DELETE");
    let _client = log_in();
    appliance.run(&["user", "disconnect", "agnes"]);
    service.asked_to("DELETE");
}

#[test]
fn a_trial_gives_its_token_back_before_the_command_ends() {
    let appliance = Appliance::company();
    let pair = ServerPair::for_localhost();
    let service = TokenServer::start(&pair, grants(appliance.user_uuid("agnes")));
    use_service(&appliance, &service, &pair, "xivo_auth");
    appliance.run_with_input(&["auth", "check", "agnes", "--password-stdin"], &format!("{REMOTE_PASSWORD}\n"));
    let asked: Vec<String> = std::iter::repeat_with(|| service.asked().line).take(3).collect();
    assert_eq!(asked[2], format!("DELETE /0.1/token/{TOKEN} HTTP/1.1"), "{asked:?}");
    service.expect_unasked();
}

#[test]
fn who_is_no_user_here_is_told_so_and_the_token_is_given_back_at_once() {
    let appliance = Appliance::company();
    let pair = ServerPair::for_localhost();
    let service = TokenServer::start(&pair, grants(Value::Null));
    use_service(&appliance, &service, &pair, "xivo_auth");
    let server = appliance.serve();
    refused(&server, "root", REMOTE_PASSWORD, "user_not_found");
    service.asked_to("DELETE");
    service.behave(grants("00000000-0000-0000-0000-000000000077"));
    refused(&server, "agnes", REMOTE_PASSWORD, "user_not_found");
    service.asked_to("DELETE");
    // Known here, and not to be let in.
    appliance.run(&["user", "disable", "agnes"]);
    service.behave(grants(appliance.user_uuid("agnes")));
    refused(&server, "agnes", REMOTE_PASSWORD, "login_password");
    service.asked_to("DELETE");
}

#[test]
fn a_refusal_is_passed_on_and_a_service_that_fails_is_no_wrong_password() {
    let appliance = Appliance::company();
    let pair = ServerPair::for_localhost();
    let service = TokenServer::start(&pair, grants(appliance.user_uuid("agnes")));
    use_service(&appliance, &service, &pair, "xivo_auth,xivo_user");
    appliance.set("auth.xivo_auth.timeout", "1");
    let server = appliance.serve();
    assert_eq!(outcome(&server, "agnes", REMOTE_PASSWORD), None);
    assert_eq!(outcome(&server, "agnes", PASSWORD), None);
    refused(&server, "agnes", "wrong", "login_password");
    let says = |status, body: &str| Behaviour::Says { status, body: body.to_owned() };
    let long = format!("{{\"data\": {{\"token\": \"{}\"}}}}", "a".repeat(1 << 20));
    for (behaviour, word) in [
        (says("500 INTERNAL SERVER ERROR", "{\"reason\": [\"bus\"]}"), "status 500"),
        (says("400 BAD REQUEST", "{}"), "status 400"),
        (says("302 FOUND", ""), "status 302"),
        (says("200 OK", "<html>"), "no JSON"),
        (says("200 OK", "{}"), "without a token"),
        (says("200 OK", &long), "longer than any good one"),
        (Behaviour::HangsUp, "does not speak valid HTTP"),
        (Behaviour::HeadWithoutEnd, "does not speak valid HTTP"),
        (Behaviour::Hangs, "does not answer within 1 s"),
    ] {
        let shown = format!("{behaviour:?}");
        service.behave(behaviour);
        assert_eq!(outcome(&server, "agnes", PASSWORD).as_deref(), Some("xivo_auth_error"), "{shown:.80}");
        server.await_log(&["the authentication service could not say", word]);
    }
    service.behave(grants(appliance.user_uuid("agnes")));
    assert_eq!(outcome(&server, "agnes", REMOTE_PASSWORD), None);
    assert!(!server.log().contains(REMOTE_PASSWORD) && !server.log().contains(TOKEN), "{}", server.log());
}

#[test]
fn a_service_that_takes_its_time_is_waited_for() {
    let appliance = Appliance::company();
    let pair = ServerPair::for_localhost();
    let (after, user) = (Duration::from_secs(1), appliance.user_uuid("agnes").into());
    let service = TokenServer::start(&pair, Behaviour::GrantsLate { after, user });
    use_service(&appliance, &service, &pair, "xivo_auth");
    appliance.set("auth.xivo_auth.timeout", "20");
    let server = appliance.serve();
    let began = Instant::now();
    assert_eq!(outcome(&server, "agnes", REMOTE_PASSWORD), None);
    assert!(began.elapsed() >= after);
}

#[test]
fn what_no_header_can_say_is_not_asked() {
    let appliance = Appliance::company();
    let pair = ServerPair::for_localhost();
    let service = TokenServer::start(&pair, grants(appliance.user_uuid("agnes")));
    use_service(&appliance, &service, &pair, "xivo_auth");
    let server = appliance.serve();
    for login in ["agnes:x", "agnes\r\nX: y", "\0", "", &"a".repeat(10_000)] {
        refused(&server, login, REMOTE_PASSWORD, "login_password");
    }
    for password in ["", "\0", &format!("{REMOTE_PASSWORD}\0")] {
        refused(&server, "agnes", password, "login_password");
    }
    service.expect_unasked();
}

#[test]
fn the_certificate_of_version_1_is_believed_where_it_is_named_and_no_other() {
    let appliance = Appliance::company();
    let folder = appliance.beside("");
    let Some(pair) = ServerPair::of_version_1(&folder) else { return };
    for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
        let behaviour = grants(appliance.user_uuid("agnes"));
        let service = TokenServer::start_with(&pair, behaviour, &[version]);
        use_service(&appliance, &service, &pair, "xivo_auth");
        let server = appliance.serve();
        assert_eq!(outcome(&server, "agnes", REMOTE_PASSWORD), None, "{version:?}");
        // Another one of the same name.
        let other = ServerPair::of_version_1(&folder).unwrap();
        use_service(&appliance, &service, &other, "xivo_auth");
        refused(&server, "agnes", REMOTE_PASSWORD, "xivo_auth_error");
        server.await_log(&["the authentication service could not say", "cannot encrypt"]);
        // Whoever shows the certificate must have its key.
        let thief = ServerPair { certificate: pair.certificate.clone(), key: other.key.clone() };
        let stolen = TokenServer::start_with(&thief, grants(appliance.user_uuid("agnes")), &[version]);
        use_service(&appliance, &stolen, &pair, "xivo_auth");
        refused(&server, "agnes", REMOTE_PASSWORD, "xivo_auth_error");
        stolen.expect_unasked();
        // Nobody vouches for it in the system either.
        use_service(&appliance, &service, &pair, "xivo_auth");
        appliance.run(&["setting", "unset", "auth.xivo_auth.ca_file"]);
        refused(&server, "agnes", REMOTE_PASSWORD, "xivo_auth_error");
    }
}
