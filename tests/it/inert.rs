//! Settings that nothing in this version acts by: refused where they are set, told where they are stored, and
//! the server starts on what it has.

use crate::support::Appliance;

/// Built without the feature `legacy-tls`, the program does not act by it.
const NOT_BUILT: &str = "encryption.allow_legacy_tls";

#[test]
fn a_setting_that_nothing_acts_by_is_refused_and_a_default_is_not() {
    let appliance = Appliance::new().on_any_port();
    if cfg!(not(feature = "legacy-tls")) {
        let refused = appliance.try_run(&["setting", "set", NOT_BUILT, "true"]).expect_code(1);
        refused.expect_words(&[&format!("setting {NOT_BUILT}"), "has no effect", "rule S2"]);
        assert!(appliance.document()["settings"].get(NOT_BUILT).is_none());
        assert!(appliance.run(&["setting", "list"]).stdout.contains("has no effect"));
    }
    appliance.set("auth.backend", "xivo_user");
    appliance.set("ami.host", "192.0.2.1");
    appliance.set(NOT_BUILT, "false");
    appliance.run(&["check"]);
}

#[test]
fn an_imported_setting_that_nothing_acts_by_is_an_error_of_check_and_the_server_serves() {
    if cfg!(feature = "legacy-tls") {
        return;
    }
    let appliance = Appliance::company().on_any_port();
    appliance.import_setting(NOT_BUILT, "true").expect_words(&["has no effect"]);
    let check = appliance.try_run(&["check"]).expect_code(1);
    assert!(check.stdout.contains("error: setting encryption.allow_legacy_tls: has no effect"), "{}", check.stdout);
    assert!(check.stdout.contains("`cargo build --features legacy-tls`"), "{}", check.stdout);
    // Another change is none of it.
    appliance.set("chat.keep_days", "3");
    let server = appliance.serve();
    server.await_log(&["ERROR", "setting encryption.allow_legacy_tls", "has no effect"]);
    server.logged_in("agnes").fence();
    appliance.run(&["setting", "unset", NOT_BUILT]);
    appliance.run(&["check"]);
}

#[test]
fn names_that_mean_something_else_to_asterisk_are_refused() {
    let appliance = Appliance::company();
    for (words, name) in [
        (&["queue", "add", "general", "--number", "3001", "--context", "default"][..], "`general`"),
        (&["queue", "add", "General", "--number", "3001", "--context", "default"], "`General`"),
        (&["context", "add", "globals"], "`globals`"),
        (&["context", "add", "general"], "`general`"),
        (&["agent", "add", "general", "--first-name", "A", "--context", "default"], "`general`"),
        (&["line", "add", "h", "--context", "default", "--user", "agnes"], "`h`"),
        (&["line", "add", "_1X", "--context", "default", "--user", "agnes"], "begins with `_`"),
        (&["queue", "add", "help", "--number", "i", "--context", "default"], "`i`"),
    ] {
        appliance.try_run(words).expect_code(1).expect_words(&[name, "Asterisk", "hint: "]);
    }
    appliance.run(&["queue", "add", "globals", "--number", "3001", "--context", "default"]);
}
