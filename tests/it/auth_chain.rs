//! Which backend decides: the list of backends and its changes while the server runs, break-glass, what is warned of, and
//! `auth check`, which tries it all out before.

use crate::support::cli::PASSWORD;
use crate::support::{Appliance, Running};

/// What a login brings: `logged in`, or the error.
fn answer(server: &Running, login: &str, password: &str) -> String {
    let answer = server.client("any").authenticate(login, password, ("wazoversion", "2.3"));
    answer["error_string"].as_str().unwrap_or("logged in").to_owned()
}

fn with_admin() -> Appliance {
    let appliance = Appliance::company().on_any_port();
    let root = ["account", "add", "root", "--kind", "admin", "--right", "configuration", "--password-stdin"];
    appliance.run_with_input(&root, "opensesame\n");
    appliance
}

#[test]
fn a_new_list_of_backends_holds_from_the_next_login_on() {
    let appliance = with_admin();
    let server = appliance.serve();
    let mut agnes = server.logged_in("agnes");
    assert_eq!(answer(&server, "root", "opensesame"), "login_password");
    appliance.set("auth.backends", "xivo_user,xivo_admin");
    assert_eq!(answer(&server, "root", "opensesame"), "user_not_found");
    assert_eq!(answer(&server, "agnes", PASSWORD), "logged in");
    let alone = appliance.run(&["setting", "set", "auth.backend", "xivo_admin"]);
    alone.expect_words(&["auth.backend is xivo_admin", "auth.backends is set as well, and counts"]);
    assert_eq!(answer(&server, "agnes", PASSWORD), "logged in", "the list is what counts in the same layer");
    appliance.run(&["setting", "unset", "auth.backends"]).expect_words(&[
        "auth.backends is xivo_admin now, as auth.backend says",
        "nobody can log in with a desktop client",
        "2 users have a local password, which does not count",
    ]);
    assert_eq!(answer(&server, "agnes", PASSWORD), "login_password");
    agnes.fence();
    appliance.run(&["setting", "unset", "auth.backend"]);
    assert_eq!(answer(&server, "agnes", PASSWORD), "logged in");
}

#[test]
fn a_backend_is_named_when_there_is_one_and_it_has_what_it_needs() {
    let appliance = Appliance::new().on_any_port();
    let unknown = appliance.try_run(&["setting", "set", "auth.backend", "xivo_usr"]).expect_code(1);
    unknown.expect_words(&["one of xivo_user, xivo_admin, xivo_service, ldap_user, xivo_auth", "mean `xivo_user`?"]);
    let needs = ["names `ldap_user`, which needs auth.ldap.uri, auth.ldap.user_base_dn", "rule S4"];
    for (key, value) in [("auth.backend", "ldap_user"), ("auth.backends", "xivo_user,ldap_user")] {
        appliance.try_run(&["setting", "set", key, value]).expect_code(1).expect_words(&needs);
    }
    appliance.set("auth.ldap.uri", "ldaps://127.0.0.1:1");
    appliance.set("auth.ldap.user_base_dn", "ou=people,dc=example,dc=org");
    appliance.set("auth.ldap.user_login_attribute", "uid");
    appliance.set("auth.backends", "xivo_user,ldap_user");
    appliance.try_run(&["setting", "unset", "auth.ldap.uri"]).expect_code(1).expect_words(&needs);
    appliance.run(&["setting", "unset", "auth.backends"]);
    appliance.run(&["setting", "unset", "auth.ldap.uri"]);
    // What came otherwise is an error of check.
    let mut document = appliance.document();
    document["settings"]["auth.backends"] = "ldap_user".into();
    appliance.run_with_input(&["import", "-", "--yes"], &document.to_string());
    appliance.try_run(&["check"]).expect_code(1).expect_data(&["error: setting auth.backends: names `ldap_user`"]);
}

/// A directory where nobody listens.
fn with_lost_directory(backends: &str) -> Appliance {
    let appliance = Appliance::company().on_any_port();
    appliance.set("auth.ldap.uri", "ldap://127.0.0.1:1");
    appliance.set("auth.ldap.user_base_dn", "ou=people,dc=example,dc=org");
    appliance.set("auth.ldap.user_login_attribute", "uid");
    appliance.set("auth.backends", backends);
    appliance
}

#[test]
fn while_the_directory_is_down_break_glass_users_alone_log_in() {
    for backends in ["ldap_user", "ldap_user,xivo_user"] {
        let appliance = with_lost_directory(backends);
        let server = appliance.serve();
        assert_eq!(answer(&server, "agnes", PASSWORD), "xivo_auth_error");
        appliance.run(&["user", "set", "agnes", "--break-glass", "on"]);
        assert_eq!(answer(&server, "agnes", PASSWORD), "logged in", "{backends}");
        assert_eq!(answer(&server, "agnes", "wrong one"), "login_password", "{backends}");
        assert_eq!(answer(&server, "bertil", PASSWORD), "xivo_auth_error", "{backends}");
        appliance.run(&["user", "set", "agnes", "--break-glass", "off"]);
        assert_eq!(answer(&server, "agnes", PASSWORD), "xivo_auth_error", "{backends}");
    }
}

#[test]
fn a_backend_that_answers_nobody_is_told_by_health_and_check_until_others_are_asked() {
    let appliance = with_lost_directory("ldap_user");
    let server = appliance.serve();
    appliance.run(&["health"]);
    for _ in 0..2 {
        assert_eq!(answer(&server, "agnes", PASSWORD), "xivo_auth_error");
    }
    let told = "ldap_user does not answer: 2 logins could not be checked in the last";
    appliance.try_run(&["health"]).expect_code(1).expect_words(&[told, "`ctibox auth check`"]);
    appliance.try_run(&["check"]).expect_code(1).expect_data(&[told]);
    let status = appliance.try_run(&["health", "--json"]).json();
    assert_eq!(status["counts"]["logins_unchecked"], 2, "{status}");
    assert_eq!(status["discrepancies"][0]["backend"], "ldap_user", "{status}");
    appliance.set("auth.backends", "xivo_user");
    assert_eq!(answer(&server, "agnes", PASSWORD), "logged in");
    appliance.run(&["health"]);
}

#[test]
fn a_file_of_certificates_that_cannot_be_read_is_told_before_anybody_stands_outside() {
    let appliance = with_lost_directory("ldap_user");
    let check = || appliance.try_run(&["check"]).stdout;
    let set = appliance.run(&["setting", "set", "auth.ldap.ca_file", "/nowhere/ca.pem"]);
    set.expect_words(&["/nowhere/ca.pem", "until it can be read, that server is not believed"]);
    assert!(!check().contains("ca_file"), "in clear nobody needs it: {}", check());
    appliance.set("auth.ldap.uri", "ldaps://127.0.0.1:1");
    appliance.try_run(&["check"]).expect_code(1).expect_data(&[
        "error: setting auth.ldap.ca_file: cannot read /nowhere/ca.pem",
        "nobody can log in by `ldap_user`",
    ]);
    appliance.set("auth.xivo_auth.ca_file", "/nowhere/else.pem");
    assert!(!check().contains("else.pem"), "nobody asks it: {}", check());
    appliance.set("auth.backends", "xivo_user,xivo_auth");
    assert!(check().contains("auth.xivo_auth.ca_file") && !check().contains("auth.ldap.ca_file"), "{}", check());
    // Health says it too, before anybody has tried.
    let _server = appliance.serve();
    appliance
        .try_run(&["health"])
        .expect_code(1)
        .expect_words(&["auth.xivo_auth.ca_file: cannot read /nowhere/else.pem", "nobody can log in by `xivo_auth`"]);
    appliance.set("auth.backends", "xivo_user");
    appliance.run(&["health"]);
}

#[test]
fn break_glass_is_shown_exported_and_imported_and_warned_of_without_a_password() {
    let appliance = Appliance::company();
    appliance.run(&["user", "edit", "agnes", "--break-glass", "on"]);
    let shown = appliance.run(&["user", "show", "agnes"]).stdout;
    let line = shown.lines().find(|line| line.starts_with("break-glass")).unwrap();
    assert!(line.ends_with("yes"), "{shown}");
    let users = appliance.run(&["user", "list", "--json"]).json();
    assert_eq!((&users[0]["break_glass"], &users[1]["break_glass"]), (&true.into(), &false.into()));
    let document = appliance.document();
    assert_eq!((&document["users"][0]["break_glass"], document["users"][1].get("break_glass")), (&true.into(), None));
    let file = appliance.beside("document.json");
    std::fs::write(&file, document.to_string()).unwrap();
    appliance.run(&["user", "edit", "agnes", "--break-glass", "off"]);
    appliance.run(&["import", file.to_str().unwrap(), "--yes"]);
    assert_eq!(appliance.run(&["user", "show", "agnes", "--json"]).json()["break_glass"], true);
    appliance.run(&["user", "password", "agnes", "--no-password"]).expect_words(&[
        "is break-glass, but has no local password",
        "rule U5",
        "`ctibox user password agnes`",
    ]);
}

#[test]
fn check_warns_of_lists_in_which_somebody_does_not_get_in() {
    let appliance = with_lost_directory("ldap_user,xivo_user");
    let check = || appliance.run(&["check"]).stdout;
    let found = check();
    assert!(found.contains("warning: setting auth.backends: names other backends behind `ldap_user`"), "{found}");
    assert!(
        found.contains("2 users have a local password: the backends before it are asked about them first"),
        "{found}"
    );
    appliance.set("auth.ldap.bind_anonymous", "true");
    assert!(!check().contains("behind `ldap_user`"), "it can look for users now");
    appliance.set("auth.backends", "ldap_user");
    assert!(check().contains("2 users have a local password, which does not count"));
    appliance.set("auth.backends", "xivo_user,ldap_user");
    assert!(!check().contains("auth.backends"));
    // Known by the address, or by nobody.
    appliance.run(&["user", "password", "agnes", "--no-password"]);
    assert!(check().contains("user \"agnes\": is enabled, but cannot log in without a password"));
    appliance.run(&["user", "edit", "agnes", "--email", "agnes@example.org"]);
    assert!(!check().contains("agnes"));
}

#[test]
fn auth_check_says_who_decides_before_anybody_depends_on_it() {
    let appliance = with_admin();
    let check = |login: &str, password: &str| {
        appliance.try_run_with_input(&["auth", "check", login, "--password-stdin"], &format!("{password}\n"))
    };
    check("agnes", PASSWORD).expect_code(0).expect_data(&["xivo_user (1 in auth.backends)", "may log in"]);
    check("agnes", "wrong one").expect_code(1).expect_data(&["no      password", "refuses: wrong password"]);
    check("nobody", "any").expect_code(1).expect_data(&["no backend that is asked knows nobody"]);
    appliance.run(&["auth", "check", "agnes"]).expect_data(&["xivo_user knows agnes and decides"]);
    // Tried before it is named.
    let admin = check("root", "opensesame").expect_code(1);
    admin.expect_data(&[
        "xivo_admin (not in auth.backends)",
        "ok      password",
        "no backend that is asked knows root",
    ]);
    appliance.set("auth.backends", "xivo_user,xivo_admin");
    check("root", "opensesame").expect_code(1).expect_data(&["2 in auth.backends", "`user_not_found`"]);
    appliance.run(&["user", "disable", "agnes"]);
    check("agnes", PASSWORD).expect_code(1).expect_data(&["refuses: the user is disabled"]);
    let json = appliance.run(&["auth", "check", "bertil", "--json"]).json();
    assert_eq!((&json["decides"], &json["may_log_in"]), (&"xivo_user".into(), &true.into()), "{json}");
    assert_eq!(json["backends"][0]["steps"][0]["result"], "ok", "{json}");
}

#[test]
fn auth_check_fails_where_a_directory_cannot_be_reached() {
    let appliance = with_lost_directory("xivo_user");
    let failed = appliance.try_run(&["auth", "check"]).expect_code(1);
    failed.expect_data(&["xivo_user (1 in auth.backends)", "ldap_user (not in auth.backends)", "failed  connect"]);
    appliance.set("auth.backends", "ldap_user");
    let failed = appliance.try_run(&["auth", "check", "agnes"]).expect_code(1);
    failed.expect_data(&["agnes: ldap_user cannot be asked", "`xivo_auth_error`"]);
}
