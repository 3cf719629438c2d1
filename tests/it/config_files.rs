//! Settings files (settings §7): which ones count, in which order, what of them is told, and how a running server follows
//! them. The folder that stands for /etc is the test's own.

use std::fs;

use rustix::process::Signal;
use serde_json::{Value, json};

use crate::support::cli::PASSWORD;
use crate::support::slapd::{BASE, DIRECTORY_PASSWORD, Slapd};
use crate::support::{Appliance, Running};

/// What the original's package puts into its main file (settings §7.1), with another secret.
const PRISTINE: &str = "\
extra_config_files: /etc/xivo-ctid/conf.d/
debug: False
logfile: /var/log/xivo-ctid.log
pidfile: /var/run/xivo-ctid.pid
socket_timeout: 10
client:
  listen: 0.0.0.0
  port: 5003
  login_timeout: 5
info: {listen: 127.0.0.1, port: 5005}
update_events_socket: {listen: 127.0.0.1, port: 5004}
rest_api:
  http: {listen: 127.0.0.1, port: 9495}
  cors: {enabled: true, allow_headers: Content-Type}
agentd: {host: localhost, timeout: 3, verify_certificate: /usr/share/xivo-certs/server.crt}
ami: {host: localhost, port: 5038, username: xivo_cti_user, password: published}
auth:
  host: localhost
  port: 9497
  timeout: 3
  key_file: /var/lib/xivo-auth-keys/xivo-ctid-key.yml
  verify_certificate: /usr/share/xivo-certs/server.crt
confd: {host: localhost, port: 9486, version: 1.1, verify_certificate: /usr/share/xivo-certs/server.crt}
dird: {host: localhost, port: 9489, version: 0.1, timeout: 3, verify_certificate: /usr/share/xivo-certs/server.crt}
provd: {host: localhost, port: 8666, verify_certificate: /usr/share/xivo-certs/server.crt}
bus: {username: guest, password: guest, host: localhost, port: 5672, exchange_name: xivo, exchange_type: topic}
db_uri: postgresql://somebody@localhost/asterisk
switchboard_polycom: {username: xivo_switchboard, password: xivo_switchboard}
switchboard_snom: {username: guest, password: guest}
";

/// The member of this setting in `setting list --origin --json`.
pub(crate) fn setting(appliance: &Appliance, key: &str) -> Value {
    let list = appliance.run(&["setting", "list", "--origin", "--json"]).json();
    list.as_array().unwrap().iter().find(|one| one["key"] == key).unwrap().clone()
}

/// Value and the end of the file that it is from.
fn from(appliance: &Appliance, key: &str) -> (Value, String) {
    let setting = setting(appliance, key);
    let file = setting["file"].as_str().unwrap_or_default();
    let etc = appliance.etc("");
    (setting["value"].clone(), file.strip_prefix(etc.to_str().unwrap()).unwrap_or(file).to_owned())
}

pub(crate) fn hang_up(server: &Running) {
    server.signal(Signal::HUP);
}

#[test]
fn the_first_file_wins_key_by_key_and_files_win_over_the_database() {
    let appliance = Appliance::new();
    appliance.set("client.port", "6000");
    appliance.set("chat.keep_days", "9");
    appliance.write_settings("ctibox/conf.d/10-debug.yml", "debug: true\nclient:\n  port: 6010\n");
    appliance.write_settings("ctibox/conf.d/20-nodebug.yml", "debug: false\nclient: {port: 6020, login_timeout: 20}\n");
    appliance.write_settings("ctibox/conf.d/9-last.yml", "client: {listen: [127.0.0.1, '::1'], port: 6009}\n");
    appliance.write_settings("ctibox/config.yml", "client: {listen: 192.0.2.1, sessions_per_user_max: 7}\n");
    appliance.write_settings("xivo-ctid/conf.d/1.yml", "client: {sessions_per_user_max: 8}\nmain: {starttls: No}\n");
    assert_eq!(from(&appliance, "log.level"), (json!("debug"), "ctibox/conf.d/10-debug.yml".to_owned()));
    assert_eq!(from(&appliance, "client.port"), (json!(6010), "ctibox/conf.d/10-debug.yml".to_owned()));
    assert_eq!(from(&appliance, "client.login_timeout"), (json!(20), "ctibox/conf.d/20-nodebug.yml".to_owned()));
    // A list is taken whole.
    let listen = (json!(["127.0.0.1", "::1"]), "ctibox/conf.d/9-last.yml".to_owned());
    assert_eq!(from(&appliance, "client.listen"), listen);
    assert_eq!(from(&appliance, "client.sessions_per_user_max"), (json!(7), "ctibox/config.yml".to_owned()));
    assert_eq!(from(&appliance, "encryption.mode"), (json!("off"), "xivo-ctid/conf.d/1.yml".to_owned()));
    assert_eq!(from(&appliance, "chat.keep_days"), (json!(9), String::new()));
    let port = setting(&appliance, "client.port");
    assert_eq!((port["line"].as_u64(), port["column"].as_u64()), (Some(3), Some(9)));
    let hidden: Vec<(&Value, &Value)> =
        port["hides"].as_array().unwrap().iter().map(|one| (&one["value"], &one["origin"])).collect();
    let (file, database) = (json!("file"), json!("database"));
    assert_eq!(hidden, [(&json!(6020), &file), (&json!(6009), &file), (&json!(6000), &database)]);
    appliance.run(&["setting", "get", "client.port"]).expect_data(&["6010"]).expect_words(&[
        "10-debug.yml:3:9",
        "it hides 6020",
        "6000 (database)",
    ]);
    let shown = appliance.run(&["setting", "list", "--origin"]).stdout;
    assert!(shown.contains("10-debug.yml:3:9") && shown.contains("HIDES"), "{shown}");
}

#[test]
fn hidden_files_and_other_endings_do_not_count_and_an_empty_value_does() {
    let appliance = Appliance::new().on_any_port();
    appliance.set("chat.keep_days", "9");
    for name in [".10.yml", "10.yml.dpkg-old", "10.yaml", "10.yml.bak"] {
        fs::create_dir_all(appliance.etc("ctibox/conf.d")).unwrap();
        fs::write(appliance.etc("ctibox/conf.d").join(name), "client: {port: 1}\nnonsense: 1\n").unwrap();
    }
    fs::create_dir_all(appliance.etc("ctibox/conf.d/folder")).unwrap();
    appliance.write_settings("ctibox/conf.d/20-empty.yml", "");
    appliance.write_settings("ctibox/conf.d/21-comment.yml", "# nothing\n");
    assert_eq!(setting(&appliance, "client.port")["origin"], "database");
    appliance.run(&["check"]).expect_words(&["nothing is wrong"]);
    appliance.write_settings("ctibox/conf.d/30-null.yml", "chat:\n  keep_days:\n");
    appliance.write_settings("ctibox/conf.d/40-later.yml", "{\"chat\": {\"keep_days\": 3, \"make_safe\": \"no\"}}");
    assert_eq!(from(&appliance, "chat.keep_days"), (json!(30), "ctibox/conf.d/30-null.yml".to_owned()));
    assert_eq!(from(&appliance, "chat.make_safe"), (json!(false), "ctibox/conf.d/40-later.yml".to_owned()));
    // A map and what is none: the earlier stays.
    appliance.write_settings("ctibox/conf.d/10-word.yml", "chat: off\n");
    assert_eq!(setting(&appliance, "chat.keep_days")["origin"], "database");
    let found = appliance.try_run(&["check"]).expect_code(1);
    found.expect_data(&["10-word.yml:1:7: `chat` is no value", "30-null.yml:1:1: `chat` counts for nothing"]);
}

#[test]
fn an_untouched_old_main_file_changes_nothing_and_a_touched_one_what_was_touched() {
    let appliance = Appliance::new();
    appliance.set("client.port", "6000");
    appliance.set("client.login_timeout", "9");
    appliance.write_settings("ctibox/config.yml", "");
    appliance.write_settings("xivo-ctid/config.yml", PRISTINE);
    let list = appliance.run(&["setting", "list", "--json"]).json();
    assert!(list.as_array().unwrap().iter().all(|one| one["origin"] != "file"), "{list}");
    let found = appliance.try_run(&["check"]).stdout;
    assert!(!found.contains("xivo-ctid"), "{found}");
    let touched =
        PRISTINE.replace("port: 5003", "port: 5013").replace("host: localhost\n  port", "host: auth.lan\n  port");
    appliance.write_settings("xivo-ctid/config.yml", &touched);
    assert_eq!(from(&appliance, "client.port"), (json!(5013), "xivo-ctid/config.yml".to_owned()));
    assert_eq!(from(&appliance, "auth.xivo_auth.host"), (json!("auth.lan"), "xivo-ctid/config.yml".to_owned()));
    assert_eq!(setting(&appliance, "client.login_timeout")["value"], 9);
    assert_eq!(setting(&appliance, "ami.secret")["origin"], "default");
    // In conf.d everything counts.
    appliance.write_settings("xivo-ctid/conf.d/10.yml", "client: {login_timeout: 5}\nami: {username: xivo_cti_user}\n");
    assert_eq!(from(&appliance, "client.login_timeout"), (json!(5), "xivo-ctid/conf.d/10.yml".to_owned()));
    assert_eq!(from(&appliance, "ami.username"), (json!("xivo_cti_user"), "xivo-ctid/conf.d/10.yml".to_owned()));
}

#[test]
fn old_keys_are_read_as_the_new_ones_and_no_secret_is_shown() {
    let appliance = Appliance::new();
    appliance.write_settings(
        "xivo-ctid/conf.d/10.yml",
        "main: {starttls: yes, context_separation: On, certfile: /a.crt, keyfile: /a.key}\n\
         auth: {host: auth.lan, timeout: 4, verify_certificate: /b.crt}\n\
         ami: {host: 10.0.0.9, password: opensesame}\n",
    );
    appliance.write_settings(
        "xivo-auth/conf.d/ldap.yml",
        "enabled_plugins: [ldap_user, xivo_user]\nldap: {uri: ldaps://ldap.lan, user_base_dn: 'ou=people,dc=lan', \
         user_login_attribute: uid, bind_dn: cn=a, bind_password: opensesame}\n",
    );
    for (key, value) in [
        ("encryption.mode", json!("offer")),
        ("context_separation", json!(true)),
        ("encryption.certificate", json!("/a.crt")),
        ("encryption.key", json!("/a.key")),
        ("auth.xivo_auth.host", json!("auth.lan")),
        ("auth.xivo_auth.timeout", json!(4)),
        ("auth.xivo_auth.ca_file", json!("/b.crt")),
        ("auth.ldap.user_base_dn", json!("ou=people,dc=lan")),
        ("ami.host", json!("10.0.0.9")),
    ] {
        let setting = setting(&appliance, key);
        assert_eq!((&setting["value"], &setting["origin"]), (&value, &json!("file")), "{key}");
    }
    for words in [&["setting", "list", "--origin"][..], &["setting", "list", "--json"], &["info"], &["check"]] {
        let outcome = appliance.try_run(words);
        assert!(!format!("{}{}", outcome.stdout, outcome.stderr).contains("opensesame"), "{words:?}");
    }
    appliance.write_settings("xivo-ctid/conf.d/05.yml", "auth: {verify_certificate: false}\n");
    let check = appliance.try_run(&["check"]).expect_code(1);
    check.expect_data(&["05.yml:1:28: `auth.verify_certificate` must not be false", "name the server's certificate"]);
}

#[test]
fn what_is_wrong_is_told_by_file_line_and_column_with_what_may_be_meant() {
    let appliance = Appliance::new().on_any_port();
    appliance.write_settings(
        "ctibox/conf.d/10.yml",
        "clinet:\n  port: 1\nchat:\n  keep_dais: 3\n  keep_days: soon\nauth.backend: xivo_user\nbus: {host: localhost}\n",
    );
    appliance.write_settings("ctibox/conf.d/20.yml", "- a list\n");
    appliance.write_settings("ctibox/conf.d/30.yml", "debug: true\nchat: [\n");
    appliance.write_settings("ctibox/conf.d/40.yml", "debug: !exec ls\n");
    let check = appliance.try_run(&["check"]).expect_code(1);
    check.expect_data(&[
        "warning: settings file",
        "10.yml:1:1: unknown key `clinet`",
        "did you mean `client`?",
        "10.yml:4:14: unknown key `chat.keep_dais`",
        "did you mean `chat.keep_days`?",
        "10.yml:5:14: `chat.keep_days` must be a whole number of days from 0 to 3650",
        "`auth.backend` is no key of a file",
        "`bus` is not done",
        "20.yml:1:1: has a list or a single value at the top level",
        "30.yml:2:1: cannot be read as YAML",
        "40.yml:1:8: cannot be read as YAML, so nothing in it counts: a tag that is not taken",
    ]);
    assert_eq!(setting(&appliance, "log.level")["origin"], "default");
    let server = appliance.serve();
    server.await_log(&["ERROR", "10.yml:5:14", "`chat.keep_days`"]);
    server.await_log(&["WARN", "unknown key `clinet`"]);
    appliance.try_run(&["health"]).expect_code(1).expect_words(&["10.yml:5:14", "20.yml"]);
    fs::remove_dir_all(appliance.etc("ctibox/conf.d")).unwrap();
    appliance.set("chat.keep_days", "4");
    appliance.run(&["health"]);
}

#[test]
fn a_broken_main_file_of_its_own_keeps_a_start_and_no_running_server() {
    let appliance = Appliance::company();
    appliance.write_settings("ctibox/config.yml", "chat: {keep_days: 3}\nlog: [\n");
    let refused = appliance.try_run(&["serve", "--listen", "127.0.0.1:0"]).expect_code(1);
    refused.expect_words(&["ctibox/config.yml:2:1", "cannot be read as YAML", "hint: "]);
    appliance.try_run(&["check"]).expect_code(1).expect_data(&["error: settings file", "config.yml:2:1"]);
    // One of the old programs is said and skipped.
    appliance.write_settings("ctibox/config.yml", "chat: {keep_days: 3}\n");
    appliance.write_settings("xivo-ctid/config.yml", "client: {\n");
    let server = appliance.serve();
    server.await_log(&["ERROR", "xivo-ctid/config.yml", "cannot be read as YAML"]);
    fs::remove_dir_all(appliance.etc("xivo-ctid")).unwrap();
    // It goes on as before: what is above it stays as well.
    appliance.write_settings("ctibox/conf.d/10.yml", "strict_presence: false\n");
    server.await_log(&["strict_presence is false now", "10.yml:1:18"]);
    appliance.write_settings("ctibox/config.yml", "chat: {keep_days: 5}\nlog: [\n");
    hang_up(&server);
    server.await_log(&["ERROR", "ctibox/config.yml:2:1", "cannot be read as YAML"]);
    server.logged_in("agnes").fence();
    assert!(!server.log().contains("keep_days is 30 now"), "{}", server.log());
    appliance.try_run(&["health"]).expect_code(1).expect_words(&["config.yml:2:1"]);
    appliance.write_settings("ctibox/config.yml", "chat: {keep_days: 6}\n");
    server.await_log(&["chat.keep_days is 6 now", "takes effect immediately"]);
    appliance.run(&["health"]);
}

/// What nobody can read may say that nobody is let in in clear: that door stays shut.
#[test]
fn files_of_its_own_that_cannot_be_read_leave_in_force_what_they_said() {
    let appliance = Appliance::company();
    appliance.set("encryption.mode", "off");
    appliance.try_run(&["check"]).expect_data(&["warning: setting encryption.mode: is off"]);
    appliance.write_settings("ctibox/config.yml", "encryption: {mode: require}\n");
    let found = appliance.try_run(&["check"]).stdout;
    assert!(!found.contains("in clear"), "of the one in force nothing is wrong: {found}");
    let server = appliance.serve();
    let [file, aside] = ["ctibox/config.yml", "ctibox/aside"].map(|name| appliance.etc(name));
    fs::rename(&file, &aside).unwrap();
    fs::create_dir(&file).unwrap();
    hang_up(&server);
    server.await_log(&["ERROR", "ctibox/config.yml cannot be read: it is no file"]);
    appliance.try_run(&["health"]).expect_code(1).expect_words(&["config.yml: cannot be read"]);
    assert!(!server.log().contains("encryption.mode is off now"), "{}", server.log());
    drop(server);
    let refused = appliance.try_run(&["serve", "--listen", "127.0.0.1:0"]).expect_code(1);
    refused.expect_words(&["ctibox/config.yml cannot be read", "hint: "]);
    fs::remove_dir(&file).unwrap();
    fs::rename(&aside, &file).unwrap();
    let server = appliance.serve();
    // Of a folder the same: one of its files may have said it.
    appliance.write_settings("ctibox/conf.d/10.yml", "encryption: {mode: require}\n");
    appliance.write_settings("ctibox/config.yml", "");
    // Answers when the server has looked.
    appliance.set("chat.keep_days", "7");
    fs::remove_file(appliance.etc("ctibox/conf.d/10.yml")).unwrap();
    fs::create_dir(appliance.etc("ctibox/conf.d/10.yml")).unwrap();
    hang_up(&server);
    server.await_log(&["ERROR", "ctibox/conf.d/10.yml cannot be read"]);
    assert!(!server.log().contains("encryption.mode is off now"), "{}", server.log());
    fs::remove_dir(appliance.etc("ctibox/conf.d/10.yml")).unwrap();
    server.await_log(&["encryption.mode is off now"]);
    // Said elsewhere, it is as true.
    appliance.run(&["setting", "unset", "encryption.mode"]);
    appliance.write_settings("ctibox/config.yml", "encryption: {mode: off}\n");
    appliance.try_run(&["check"]).expect_data(&["warning: setting encryption.mode: is off: passwords travel in clear"]);
}

#[test]
fn a_backend_that_nobody_knows_keeps_a_start_and_leaves_a_running_server_as_it_is() {
    let appliance = Appliance::company();
    appliance.write_settings("xivo-ctid/conf.d/10-auth.yml", "auth:\n  backend: ldap\n");
    let refused = appliance.try_run(&["serve", "--listen", "127.0.0.1:0"]).expect_code(1);
    refused.expect_words(&["10-auth.yml:2:12", "xivo_user, xivo_admin, xivo_service, ldap_user, xivo_auth"]);
    appliance.write_settings("xivo-ctid/conf.d/10-auth.yml", "auth:\n  backend: xivo_user\n");
    let server = appliance.serve();
    server.logged_in("agnes").fence();
    appliance.write_settings("xivo-ctid/conf.d/10-auth.yml", "auth:\n  backend: mock\n");
    hang_up(&server);
    server.await_log(&["ERROR", "10-auth.yml:2:12", "`auth.backend`"]);
    server.logged_in("agnes").fence();
    appliance.try_run(&["health"]).expect_code(1).expect_words(&["10-auth.yml:2:12", "auth.backend"]);
}

#[test]
fn a_file_that_names_a_backend_without_what_it_needs_is_told_by_log_and_health() {
    let appliance = Appliance::company();
    appliance.write_settings("ctibox/conf.d/10-auth.yml", "auth:\n  backend: xivo_user\n");
    let server = appliance.serve();
    appliance.write_settings("ctibox/conf.d/10-auth.yml", "auth:\n  backend: ldap_user\n");
    hang_up(&server);
    server.await_log(&["ERROR", "names `ldap_user`, which needs auth.ldap.uri", "`xivo_auth_error`"]);
    appliance.try_run(&["health"]).expect_code(1).expect_words(&["which needs auth.ldap.uri"]);
    let status = appliance.try_run(&["health", "--json"]).json();
    assert_eq!(status["discrepancies"][0]["about"], "backends", "{status}");
    // Once, by its rule.
    let found = appliance.try_run(&["check"]).expect_code(1);
    assert_eq!(found.stdout.matches("which needs auth.ldap.uri").count(), 1, "{}", found.stdout);
    appliance.write_settings("ctibox/conf.d/10-auth.yml", "auth:\n  backend: xivo_user\n");
    hang_up(&server);
    server.await_log(&["auth.backend is xivo_user now"]);
    appliance.run(&["health"]);
}

/// `auth.backend` and `auth.backends` are about one thing (settings §1.9): who sets the one hears of the other.
#[test]
fn a_files_backend_is_said_to_stand_above_the_list_that_a_command_sets() {
    let appliance = Appliance::company();
    appliance.write_settings("ctibox/conf.d/10-auth.yml", "auth:\n  backend: xivo_admin\n");
    for (key, value) in [("auth.backends", "xivo_user,xivo_admin"), ("auth.backend", "xivo_user")] {
        let set = appliance.run(&["setting", "set", key, value]);
        assert!(!set.stderr.contains("takes effect"), "{}", set.stderr);
        set.expect_words(&[key, "is stored, but has no effect", "10-auth.yml line 2 overrides it with xivo_admin"]);
    }
    appliance.run(&["setting", "unset", "auth.backends"]).expect_words(&["auth.backends is stored, but has no effect"]);
    appliance.write_settings("ctibox/conf.d/10-auth.yml", "auth:\n  backends: [xivo_admin]\n");
    appliance
        .run(&["setting", "set", "auth.backend", "xivo_user"])
        .expect_words(&["10-auth.yml line 2 overrides it with xivo_admin"]);
}

#[test]
fn a_changed_file_acts_at_once_where_its_setting_is_live() {
    let (appliance, server) = Running::office_on_loopback();
    let mut agnes = server.logged_in("agnes");
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    appliance.write_settings("ctibox/conf.d/10.yml", &format!("client: {{port: {free}}}\nlog: {{level: debug}}\n"));
    hang_up(&server);
    server.await_log(&["client.port is", "10.yml:1:16", "takes effect immediately"]);
    server.await_log(&["log.level is debug now"]);
    appliance.run(&["setting", "set", "chat.keep_days", "3"]);
    drop(std::net::TcpStream::connect(("127.0.0.1", free)).unwrap());
    server.await_log(&["DEBUG"]);
    agnes.fence();
    // The database is below it.
    appliance.run(&["setting", "set", "client.port", "0"]).expect_words(&[
        "client.port is stored, but has no effect:",
        "10.yml line 1 overrides it with",
        &free.to_string(),
    ]);
    assert_eq!(setting(&appliance, "client.port")["value"], free);
    appliance.write_settings("ctibox/conf.d/10.yml", "encryption: {fallback_when_broken: false}\n");
    server.await_log(&["encryption.fallback_when_broken is false now", "from the next start on"]);
    server.await_log(&["client.port is 0 now (database)"]);
}

/// The original's three lines, LDAP configured for the authentication daemon alone, the package's main file beside it.
#[test]
fn the_originals_three_lines_change_the_backend_of_a_running_server() {
    let Some(slapd) = Slapd::start() else { return };
    let appliance = Appliance::company();
    appliance.run(&["user", "edit", "agnes", "--email", "agnes@example.org"]);
    appliance.write_settings("xivo-ctid/config.yml", PRISTINE);
    let ldap = format!("ldap:\n  uri: {}\n  user_base_dn: {BASE}\n  user_login_attribute: uid\n", slapd.plain());
    appliance.write_settings("xivo-auth/conf.d/50-ldap.yml", &ldap);
    let server = appliance.serve();
    let log_in = |password: &str| {
        let answer = server.client("agnes").authenticate("agnes", password, ("wazoversion", "2.3"));
        answer["error_string"].as_str().map(str::to_owned)
    };
    let refused = Some("login_password".to_owned());
    assert_eq!((log_in(PASSWORD), log_in(DIRECTORY_PASSWORD)), (None, refused.clone()));
    appliance.write_settings("xivo-ctid/conf.d/10-auth.yml", "auth:\n  # who checks passwords\n  backend: ldap_user\n");
    hang_up(&server);
    server.await_log(&["auth.backend is ldap_user now", "10-auth.yml:3:12", "from the next login on"]);
    assert_eq!((log_in(PASSWORD), log_in(DIRECTORY_PASSWORD)), (refused, None));
    fs::remove_file(appliance.etc("xivo-ctid/conf.d/10-auth.yml")).unwrap();
    server.await_log(&["auth.backend is xivo_user now (default)"]);
    assert_eq!(log_in(PASSWORD), None);
}

/// A server that was started with another file than whoever looks reads: what it has in effect is told everywhere.
#[test]
fn what_the_server_has_in_effect_is_told_whichever_files_whoever_asks_reads() {
    let (appliance, server) = Running::office_on_loopback();
    let other = appliance.etc("other.yml");
    fs::write(&other, "client: {sessions_per_user_max: 7}\n").unwrap();
    appliance.write_settings("ctibox/config.yml", "client:\n  sessions_per_user_max: 1\n");
    hang_up(&server);
    server.await_log(&["client.sessions_per_user_max is 1 now"]);
    let elsewhere = ["--config", other.to_str().unwrap()];
    let run = |arguments: &[&str]| appliance.run(&[&elsewhere[..], arguments].concat());
    run(&["setting", "set", "client.sessions_per_user_max", "5"])
        .expect_words(&["stored, but has no effect", "config.yml line 2 overrides it with 1"]);
    server.await_log(&["WARN", "client.sessions_per_user_max was stored as 5, but has no effect"]);
    assert_eq!(run(&["setting", "get", "client.sessions_per_user_max"]).stdout.trim(), "1");
    let told = run(&["check"]).stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    for words in [
        "client.sessions_per_user_max",
        "stored as 5, but has no effect",
        "is 1 in the running server",
        "but 7 by the settings files that are read here",
    ] {
        assert!(told.contains(words), "{words}: {told}");
    }
    drop(server);
    let told = appliance.run(&["check"]).stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(told.contains("stored as 5, but has no effect") && told.contains("line 2 overrides it with 1"), "{told}");
}

/// A slip in the file of a program of old opens nothing that was shut.
#[test]
fn a_broken_old_file_leaves_in_force_what_it_said_and_lets_all_else_go_on() {
    let (appliance, server) = Running::office_on_loopback();
    appliance.write_settings("xivo-ctid/conf.d/10-auth.yml", "auth:\n  backend: xivo_admin\n");
    appliance.write_settings("xivo-ctid/conf.d/20-port.yml", "client:\n  login_timeout: 7\n");
    hang_up(&server);
    server.await_log(&["auth.backend is xivo_admin now"]);
    appliance.write_settings("xivo-ctid/conf.d/10-auth.yml", "auth:\n\tbackend: xivo_admin\n");
    appliance.write_settings("xivo-ctid/conf.d/20-port.yml", "client:\n  login_timeout: 8\n");
    hang_up(&server);
    server.await_log(&["client.login_timeout is 8 now"]);
    let refused = server.client("agnes").authenticate("agnes", PASSWORD, ("wazoversion", "2.3"));
    assert!(refused["error_string"].is_string(), "{refused}");
    fs::remove_file(appliance.etc("xivo-ctid/conf.d/10-auth.yml")).unwrap();
    hang_up(&server);
    server.await_log(&["auth.backend is xivo_user now (default)"]);
}

/// Nothing of it is known, or nothing of what would let in fewer: a start ends with it.
#[test]
fn a_value_in_the_place_of_a_map_keeps_a_start_where_the_default_lets_in_more() {
    for (file, text, words) in [
        ("ctibox/config.yml", "- encryption: {mode: require}\n", "has a list or a single value at the top level"),
        ("ctibox/conf.d/10.yml", "encryption: require\n", "`encryption` is no value"),
        ("ctibox/conf.d/10.yml", "auth: ldap_user\n", "`auth` is no value"),
    ] {
        let appliance = Appliance::company();
        appliance.write_settings(file, text);
        appliance.try_run(&["serve"]).expect_code(1).expect_words(&[words]);
    }
}
