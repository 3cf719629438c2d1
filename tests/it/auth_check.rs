//! `ctibox auth check` where a login would be refused whatever comes: by files that no server starts with, for users who
//! may not log in, and around break-glass. What it says of each backend's server stands beside that backend's tests.

use crate::support::Appliance;
use crate::support::cli::PASSWORD;

#[test]
fn settings_that_no_server_starts_with_are_tried_by_nobody() {
    let appliance = Appliance::company();
    appliance.write_settings("ctibox/conf.d/10-auth.yml", "auth:\n  backend: nosuch\n");
    let refused = appliance.try_run(&["auth", "check"]).expect_code(1);
    refused.expect_words(&["10-auth.yml:2:12", "`auth.backend`", "xivo_user, xivo_admin"]);
    appliance.write_settings("ctibox/conf.d/10-auth.yml", "auth:\n  backend: xivo_user\n");
    appliance.run(&["auth", "check"]);
}

#[test]
fn who_is_refused_whatever_the_password_is_told_so_without_one() {
    let appliance = Appliance::company();
    appliance.run_with_input(
        &["account", "add", "root", "--kind", "admin", "--right", "configuration", "--password-stdin"],
        "opensesame\n",
    );
    let check = |login: &str| appliance.try_run(&["auth", "check", login, "--no-password"]);
    check("agnes").expect_code(0).expect_data(&["xivo_user knows agnes and decides; no password was tried"]);
    appliance.run(&["user", "disable", "agnes"]);
    check("agnes").expect_code(1).expect_data(&["refuses whatever the password: the user is disabled"]);
    appliance.set("auth.backends", "xivo_user,xivo_admin");
    check("root").expect_code(1).expect_data(&["xivo_admin knows root", "`user_not_found`"]);
    appliance.run(&["account", "disable", "root"]);
    check("root").expect_code(1).expect_data(&["refuses whatever the password: the account is disabled"]);
    let json = appliance.try_run(&["auth", "check", "root", "--no-password", "--json"]).expect_code(1).json();
    assert_eq!((&json["decides"], &json["may_log_in"]), (&"xivo_admin".into(), &false.into()), "{json}");
}

#[test]
fn the_local_password_of_a_break_glass_user_is_said_to_come_before_all() {
    let appliance = Appliance::company();
    appliance.run(&["user", "edit", "agnes", "--break-glass", "on"]);
    appliance.set("auth.backends", "xivo_admin");
    let said = appliance.run(&["auth", "check", "agnes", "--no-password"]);
    said.expect_data(&[
        "xivo_user (before all, for break-glass; not in auth.backends)",
        "agnes is break-glass: the local password is compared before all and lets in",
    ]);
    let json = appliance.run(&["auth", "check", "agnes", "--no-password", "--json"]).json();
    assert_eq!(json["decides"], "xivo_user", "{json}");
    let with = |password: &str| {
        appliance.try_run_with_input(&["auth", "check", "agnes", "--password-stdin"], &format!("{password}\n"))
    };
    with(PASSWORD).expect_code(0).expect_data(&["agnes: xivo_user accepts", "; the login is break-glass"]);
    with("wrong one").expect_code(1);
    // Nobody else is.
    appliance
        .try_run(&["auth", "check", "bertil", "--no-password"])
        .expect_code(1)
        .expect_data(&["xivo_user (not in auth.backends)", "no backend that is asked knows bertil"]);
    // First anyhow.
    appliance.set("auth.backends", "xivo_user");
    let said = appliance.run(&["auth", "check", "agnes", "--no-password"]);
    said.expect_data(&["xivo_user (1 in auth.backends)", "xivo_user knows agnes and decides"]);
}
