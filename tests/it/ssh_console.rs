//! The console over SSH for people who get no shell: Debian's sshd and sudo, set up by the very commands of
//! docs/operations.md, with the files that the package brings.

use std::fs;
use std::path::Path;

use crate::support::ssh_host::SshHost;
use crate::support::terminal::{ENTER, ESC, SAVE};

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The commands that the document gives under this heading.
fn documented(heading: &str) -> String {
    let text = fs::read_to_string(repository().join("docs/operations.md")).unwrap();
    let section = text.split(&format!("## {heading}\n")).nth(1).expect("the section is there");
    let section = section.split("\n## ").next().unwrap();
    let lines = section.lines().filter_map(|line| line.strip_prefix("    "));
    // Nothing is booted here: sshd is started below.
    lines.filter(|line| !line.starts_with("systemctl")).collect::<Vec<_>>().join("\n")
}

/// The service's user and its data, and two people who may come in: Anna to edit, Rita to look.
fn host() -> Option<SshHost> {
    let mut host = SshHost::mount()?;
    let documents = "/usr/share/doc/ctibox/packaging/ssh";
    host.type_all("id ctibox >/dev/null 2>&1 || useradd --system --shell /usr/sbin/nologin ctibox");
    host.type_all(&format!("mkdir -p {documents}"));
    for name in ["sshd.conf", "sudoers"] {
        let file = fs::read_to_string(repository().join("packaging/ssh").join(name)).unwrap();
        host.type_all(&format!("cat >{documents}/{name} <<'END'\n{file}END"));
    }
    host.type_all("install -d -m 0750 -o ctibox -g ctibox /var/lib/ctibox && ctibox --quiet init");
    host.add_person("anna", "");
    host.add_person("rita", "");
    host.type_all(&documented("The console over SSH, without a shell"));
    host.start_sshd();
    Some(host)
}

#[test]
fn whoever_comes_in_lands_in_the_console_and_is_named_in_history() {
    let Some(host) = host() else { return };
    let mut anna = host.terminal("anna");
    anna.await_words("1 Overview")
        .press("6")
        .await_words("── Contexts")
        .await_words("default")
        .press("a")
        .await_words("new context");
    anna.press("branch").press(SAVE).await_words("context \"branch\" was added");
    anna.press("h").await_words("anna (as ctibox)").await_words("branch").press("q");
    assert!(anna.await_end().success());
    let history = host.type_all("ctibox history --json");
    assert!(history.contains("ctibox (sudo by anna)"), "{history}");
    let owner = host.type_all("stat -c %U:%a /var/lib/ctibox/ctibox.db");
    assert_eq!(owner.trim(), "ctibox:600");
}

#[test]
fn files_are_named_by_nobody_who_sits_in_a_lent_account() {
    let Some(host) = host() else { return };
    let mut anna = host.terminal("anna");
    let refused = "takes no file names; root can do this with the command";
    anna.await_words("1 Overview").press("9").await_words("In use").press("e").await_told(refused);
    anna.press("4").await_words("── Users").press("i").await_told(refused);
    anna.press("8").await_words("client.enabled").press("/").press("ami.ca_file").press(ENTER);
    anna.await_words("1/").press("e").await_told(refused).press(ESC).await_words("ami.username").press("q");
    assert!(anna.await_end().success());
}

#[test]
fn readers_look_and_change_nothing() {
    let Some(host) = host() else { return };
    let mut rita = host.terminal("rita");
    rita.await_words("read only")
        .press("6")
        .await_words("── Contexts")
        .await_words("default")
        .press("a")
        .await_told("this console is read-only");
    rita.press("q");
    assert!(rita.await_end().success());
    let refused =
        host.run(&["runuser", "-u", "rita", "--", "sudo", "-n", "-u", "ctibox", "/usr/bin/ctibox", "console"]);
    assert!(!refused.status.success(), "{refused:?}");
}

#[test]
fn neither_gets_a_shell_another_command_nor_a_forwarded_port() {
    let Some(host) = host() else { return };
    // A subsystem's words for people are not passed on.
    for (options, command, words) in [
        (&[][..], "id", "the console needs a terminal"),
        (&["-t"], "ctibox export", "the console needs a terminal"),
        (&["-s"], "sftp", ""),
    ] {
        let answer = host.ask("anna", options, command);
        let said = format!("{}{}", String::from_utf8_lossy(&answer.stdout), String::from_utf8_lossy(&answer.stderr));
        assert!(answer.status.code() == Some(1) && said.contains(words), "{command}: {:?}: {said}", answer.status);
        assert!(!said.contains("uid="), "{command}: {said}");
    }
    let forwarded = host.ask("anna", &["-W", "127.0.0.1:5003"], "");
    assert!(!forwarded.status.success(), "{forwarded:?}");
    for words in [&["export"][..], &["console", "--data", "/tmp"], &["console", "--read-only", "--screen", "users"]] {
        let sudo = ["runuser", "-u", "anna", "--", "sudo", "-n", "-u", "ctibox", "/usr/bin/ctibox"];
        let answer = host.run(&[&sudo[..], words].concat());
        let said = String::from_utf8_lossy(&answer.stderr).into_owned();
        assert!(!answer.status.success() && said.contains("password is required"), "{words:?}: {said}");
    }
}
