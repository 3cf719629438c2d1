//! Settings files beside a running server: commands act by what it has read, with the secrets that it does not tell, and
//! judge by files and database together.

use std::fs;

use crate::config_files::{hang_up, setting};
use crate::support::slapd::{BASE, DIRECTORY_PASSWORD, READER, READER_PASSWORD, Slapd};
use crate::support::{Appliance, Running};

/// The server tells no secret: whoever acts by one takes it from the same file, or says that it cannot.
#[test]
fn a_secret_in_a_file_is_the_same_beside_a_running_server() {
    let (appliance, server) = Running::office_on_loopback();
    appliance.write_settings("ctibox/conf.d/10-ami.yml", "ami:\n  password: of the file\n");
    hang_up(&server);
    server.await_log(&["ami.secret is"]);
    let beside = appliance.beside("beside");
    fs::create_dir(&beside).unwrap();
    appliance.run(&["asterisk", "dialplan", "--to", beside.to_str().unwrap()]);
    let account = fs::read_to_string(beside.join("manager_ctibox.conf")).unwrap();
    assert!(account.contains("secret = of the file"), "{account}");
    // Of other files nothing is made up.
    let other = appliance.etc("other.yml");
    fs::write(&other, "").unwrap();
    for command in [&["asterisk", "dialplan", "--with-secrets"][..], &["asterisk", "check"], &["asterisk", "import"]] {
        let refused = appliance.try_run(&[&["--config", other.to_str().unwrap()][..], command].concat());
        assert!(!refused.stdout.contains("secret"), "{}", refused.stdout);
        refused.expect_code(1).expect_words(&["ami.secret stands in", "10-ami.yml:2:13", "this command has not"]);
    }
}

#[test]
fn a_directorys_password_in_a_file_is_tried_beside_a_running_server() {
    let Some(slapd) = Slapd::start() else { return };
    let appliance = Appliance::company();
    appliance.run(&["user", "edit", "agnes", "--email", "agnes@example.org"]);
    let ldap = format!(
        "ldap:\n  uri: {}\n  user_base_dn: {BASE}\n  user_login_attribute: uid\n  bind_dn: {READER}\n  bind_password: {READER_PASSWORD}\n",
        slapd.plain()
    );
    appliance.write_settings("xivo-auth/conf.d/50-ldap.yml", &ldap);
    appliance.write_settings("xivo-ctid/conf.d/10-auth.yml", "auth:\n  backend: ldap_user\n");
    let _server = appliance.serve();
    let checked =
        appliance.run_with_input(&["auth", "check", "agnes", "--password-stdin"], &format!("{DIRECTORY_PASSWORD}\n"));
    assert!(!checked.stdout.contains("failed"), "{}", checked.stdout);
}

#[test]
fn what_files_hide_of_each_other_is_told_beside_a_running_server_too() {
    let appliance = Appliance::new().on_any_port();
    appliance.set("chat.keep_days", "7");
    appliance.write_settings("ctibox/conf.d/10-a.yml", "chat: {keep_days: 5}\n");
    appliance.write_settings("ctibox/conf.d/20-b.yml", "chat: {keep_days: 6}\n");
    let stopped = setting(&appliance, "chat.keep_days");
    assert_eq!(stopped["hides"].as_array().map(Vec::len), Some(2), "{stopped}");
    let _server = appliance.serve();
    assert_eq!(setting(&appliance, "chat.keep_days"), stopped);
}

/// Where LDAP stands in files alone, and where a file names the backends.
#[test]
fn backends_are_judged_by_files_and_database_together() {
    let appliance = Appliance::company();
    let ldap = format!("ldap:\n  uri: ldap://127.0.0.1\n  user_base_dn: {BASE}\n  user_login_attribute: uid\n");
    appliance.write_settings("xivo-auth/conf.d/50-ldap.yml", &ldap);
    let set = appliance.run(&["setting", "set", "auth.backends", "xivo_user,ldap_user,xivo_service"]);
    assert!(!set.stderr.contains("auth.ldap.uri"), "{}", set.stderr);
    set.expect_words(&["ldap_user", "last"]);
}

/// The other one's server is to blame for nothing: what it kept is told by what is wrong here.
#[test]
fn a_backend_that_nobody_knows_is_not_said_to_be_of_other_files() {
    let (appliance, server) = Running::office_on_loopback();
    appliance.write_settings("ctibox/conf.d/10-auth.yml", "auth: {backend: xivo_admin}\n");
    hang_up(&server);
    server.await_log(&["auth.backend is xivo_admin now"]);
    appliance.write_settings("ctibox/conf.d/10-auth.yml", "auth: {backend: nobody_knows}\n");
    hang_up(&server);
    server.await_log(&["ERROR", "10-auth.yml:1:17", "`auth.backend`"]);
    let check = appliance.try_run(&["check"]);
    assert!(!check.stdout.contains("other settings files"), "{}", check.stdout);
    check.expect_code(1).expect_data(&["10-auth.yml:1:17"]);
}
