//! The next step that a command names: the help, real objects in hints, files that are there.

use std::process::{Command, Output};

use super::support::Appliance;

#[test]
fn without_arguments_the_help_is_shown_though_the_environment_names_a_folder() {
    let appliance = Appliance::untouched();
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_ctibox"))
        .env("CTIBOX_DATA", appliance.data())
        .output()
        .expect("the binary starts");
    let words = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2));
    assert!(words.contains("Usage: ctibox") && words.contains("  demo ") && !words.contains("error:"), "{words}");
}

#[test]
fn a_hint_names_the_objects_at_hand() {
    let appliance = Appliance::new();
    appliance.run(&["user", "add", "bob", "--first-name", "Bob", "--no-password"]).expect_words(&[
        "`ctibox user edit bob --profile Client`",
        "`ctibox user password bob`",
        "`ctibox line add 1001 --context default --user bob`",
    ]);
    appliance.run(&["line", "add", "1001", "--context", "default", "--user", "bob"]);
    appliance
        .run(&["user", "add", "ann", "--first-name", "Ann", "--no-password"])
        .expect_words(&["`ctibox line add 1002 --context default --user ann`"]);
    appliance
        .try_run(&["profile", "service", "add", "Client", "fly"])
        .expect_words(&["`ctibox profile service list Client`"]);
    appliance
        .try_run(&["presence", "add", "away", "--group", "xivo"])
        .expect_words(&["`ctibox presence edit away --group xivo`"]);
    appliance.try_run(&["restore", "/nowhere.db"]).expect_words(&["no backup at /nowhere.db", "`ctibox backup FILE`"]);
}

/// What a command says, as it says it.
fn said(command: &mut Command) -> String {
    let Output { stdout, stderr, .. } = command.output().expect("the binary starts");
    format!("{}{}", String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr))
}

#[test]
fn a_hint_repeats_the_options_that_name_the_folder_as_they_were_given() {
    let appliance = Appliance::company();
    let folder = appliance.data().display().to_string();
    let check = said(&mut appliance.command(&["user", "add", "bob", "--first-name", "Bob", "--no-password"]));
    assert!(check.contains(&format!("`ctibox --data {folder} user edit bob --profile Client`")), "{check}");
    let config = said(&mut appliance.command(&["user", "show", "nobody", "--config", "/etc/ctibox.yml"]));
    assert!(config.contains(&format!("`ctibox --data {folder} --config /etc/ctibox.yml user list`")), "{config}");
    // What the environment says, the next command hears as well.
    let mut by_environment = Command::new(env!("CARGO_BIN_EXE_ctibox"));
    let words = said(by_environment.args(["user", "show", "nobody"]).env("CTIBOX_DATA", &folder));
    assert!(words.contains("`ctibox user list`"), "{words}");
}

#[test]
fn a_slip_in_a_setting_or_its_value_is_guessed() {
    let appliance = Appliance::new();
    for (words, meant) in [
        (&["setting", "set", "clinet.port", "5004"][..], "did you mean `client.port`?"),
        (&["setting", "get", "keep_days"], "did you mean `chat.keep_days`?"),
        (&["setting", "unset", "encryption.certifcate"], "did you mean `encryption.certificate`?"),
        (&["setting", "set", "encryption.mode", "ofer"], "did you mean `offer`?"),
        (&["setting", "set", "strict_presence", "ture"], "did you mean `true`?"),
    ] {
        appliance.try_run(words).expect_code(1).expect_words(&[meant]);
    }
    appliance.try_run(&["settng", "list"]).expect_code(2).expect_words(&["'setting'"]);
    appliance.try_run(&["setting", "lst"]).expect_code(2).expect_words(&["'list'"]);
}

/// Commands that go wrong, or warn, on the office.
const SLIPS: &[&[&str]] = &[
    &["user", "show", "nobody"],
    &["user", "add", "bob", "--first-name", "Bob", "--no-password"],
    &["user", "add", "agnes", "--first-name", "Agnes", "--no-password"],
    &["user", "add", "b", "--first-name", "B", "--no-password"],
    &["user", "edit", "agnes", "--profile", "Nope"],
    &["user", "edit", "agnes", "--email", "foo"],
    &["user", "remove", "nobody", "--yes"],
    &["setting", "set", "clinet.port", "1"],
    &["setting", "set", "ami.host", "not a host"],
    &["setting", "set", "encryption.mode", "perhaps"],
    &["setting", "set", "encryption.certificate", "/nowhere.crt"],
    &["certificate", "use", "/nowhere.crt", "/nowhere.key"],
    &["certificate", "show"],
    &["context", "add", "globals"],
    &["context", "remove", "default"],
    &["queue", "add", "general", "--number", "3001", "--context", "default"],
    &["queue", "add", "help", "--number", "1001", "--context", "default"],
    &["line", "add", "1001", "--context", "default", "--user", "agnes"],
    &["line", "add", "h", "--context", "default", "--user", "agnes"],
    &["agent", "add", "2105", "--first-name", "Bertil", "--context", "default"],
    &["conference", "remove", "4999", "--context", "default"],
    &["presence", "add", "away", "--group", "xivo"],
    &["presence", "remove", "available", "--group", "xivo"],
    &["presence", "show", "mars", "--group", "xivo"],
    &["presence", "group", "remove", "xivo"],
    &["hint", "remove", "xivo"],
    &["profile", "remove", "Client"],
    &["profile", "show", "Nope"],
    &["profile", "service", "add", "Client", "fly"],
    &["profile", "xlet", "remove", "Client", "nothing"],
    &["profile", "preference", "set", "Client", "nothing", "1"],
    &["phonebook", "show", "99"],
    &["history", "undo", "9999"],
    &["restore", "/nowhere.db", "--yes"],
    &["backup", "-"],
    &["import", "/nowhere.json"],
    &["sessions"],
    &["health"],
    &["check"],
];

/// The commands between backticks that can be pasted as they stand: those with a blank are left to be filled, and what
/// serves, or asks at a terminal, ends when somebody ends it.
fn commands_in(said: &str) -> Vec<String> {
    let is_blank = |word: &str| word.chars().any(char::is_uppercase) && !word.chars().any(char::is_lowercase);
    let quoted = said.split('`').skip(1).step_by(2).filter(|part| part.starts_with("ctibox "));
    let complete = quoted.filter(|command| !command.split([' ', ',']).any(is_blank));
    let lasting = [" serve", " console", " client", " user password bob", " user password agnes"];
    complete.filter(|command| !lasting.iter().any(|end| command.ends_with(end))).map(str::to_owned).collect()
}

#[test]
fn no_hint_leads_into_a_refusal() {
    let mut tried = 0;
    for slip in SLIPS {
        let appliance = Appliance::company().on_any_port();
        let said = said(&mut appliance.command(slip));
        for command in commands_in(&said) {
            let pasted = command.replacen("ctibox ", concat!(env!("CARGO_BIN_EXE_ctibox"), " "), 1);
            let output = Command::new("sh").args(["-c", &pasted]).stdin(std::process::Stdio::null()).output().unwrap();
            let words = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "`{}` hints at `{command}`, which says:\n{words}", slip.join(" "));
            tried += 1;
        }
    }
    assert!(tried > 20, "{tried} hints were tried");
}

#[test]
fn the_manual_tells_exit_codes_and_files() {
    let appliance = Appliance::untouched();
    let page = appliance.run(&["man"]).stdout;
    assert!(["EXIT STATUS", ".SH FILES", "/var/lib/ctibox/ctibox.db"].iter().all(|part| page.contains(part)));
    let folder = appliance.beside("man1");
    std::fs::create_dir(&folder).unwrap();
    appliance.run(&["man", "--folder", folder.to_str().unwrap()]);
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    assert!(
        read("ctibox-setting-set.1").contains("EXIT STATUS") && !read("ctibox-setting-set.1").contains(".SH FILES")
    );
    assert!(read("ctibox.1").contains(".SH FILES"));
}
