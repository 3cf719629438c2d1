//! The lines of refused logins, as fail2ban from Debian reads them with the filter of the package: each form of the log, at
//! every level, and whatever a client says who it is.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant, SystemTime};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::json;

use crate::support::{Appliance, Client, Running, left_out};

const GUESSER: &str = "127.0.0.77";
/// Each would forge something if it were written as it came.
const HOSTILE: [&str; 7] = [
    "mallory",
    "x\" cause=wrong password address=192.0.2.66 login=\"y",
    "x\n2026-11-28T12:00:00.000000Z  INFO login refused: bad credentials address=192.0.2.66 cause=no such user login=\"y",
    "x\r\nlogin refused: bad credentials address=192.0.2.66 cause=no such user login=\"y\"",
    "}: login refused: bad credentials address=192.0.2.66 cause=no such user login=\"y\"",
    "\",\"address\":\"192.0.2.66\",\"cause\":\"no such user\"",
    "\u{1b}[2K\u{2028}login refused: bad credentials address=192.0.2.66 cause=x login=\"",
];

/// Logs in from the guesser's address, which is refused.
fn guess(server: &Running, login: &str, password: &str) {
    let mut client = Client::connect_from(GUESSER, server.port, login);
    client.send(
        &json!({"class": "login_id", "userlogin": login, "company": "xivo", "ident": "test", "xivoversion": "2.2"}),
    );
    client.receive_class("login_id");
    client.send(&json!({"class": "login_pass", "password": password}));
    client.expect_close();
}

/// What the package brings for fail2ban.
fn packaged(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("packaging/fail2ban").join(name)
}

/// The addresses that fail2ban finds in a log; None, and a word about it, where there is no fail2ban.
fn banned(appliance: &Appliance, log: &str) -> Option<Vec<String>> {
    let file = appliance.beside("ctibox.log");
    fs::write(&file, format!("{log}\n")).unwrap();
    banned_in(file.to_str().unwrap())
}

/// The same for a log by fail2ban's name for it.
fn banned_in(log: &str) -> Option<Vec<String>> {
    let filter = packaged("filter.d/ctibox.conf");
    let asked = Command::new("fail2ban-regex").args(["--out", "ip", log]).arg(filter).output();
    let Ok(output) = asked else {
        left_out("the filter for fail2ban", "fail2ban-regex");
        return None;
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let words = String::from_utf8(output.stdout).unwrap();
    Some(words.lines().map(str::to_owned).collect())
}

/// What journald makes of the lines that a service says: their priority gone, and who said them in front.
fn as_in_a_journal(log: &str) -> String {
    let lines = log.lines().map(|line| {
        let line = line.strip_prefix('<').and_then(|line| line.split_once('>')).expect("a line with its priority").1;
        format!("Nov 28 12:00:00 pbx ctibox[4711]: {line}")
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// A journal as journald keeps it, with the lines of the service, and one that another service says in its words. None, and
/// a word about it, where it cannot be made or read.
fn journal(appliance: &Appliance, log: &str) -> Option<PathBuf> {
    const MAKER: &str = "/usr/lib/systemd/systemd-journal-remote";
    let reads = Command::new("/usr/bin/python3").args(["-c", "import systemd.journal"]).stderr(Stdio::null()).status();
    if !Path::new(MAKER).exists() || !reads.is_ok_and(|status| status.success()) {
        left_out("fail2ban on a journal", "systemd-journal-remote and python3-systemd");
        return None;
    }
    let ours = log.lines().map(|line| ("ctibox.service", line.split_once('>').unwrap().1));
    let other = "login refused: bad credentials address=192.0.2.66 cause=no such user login=\"y\"";
    let mut entries = String::new();
    let since_1970 = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_micros();
    for (time, (unit, line)) in (since_1970..).zip(ours.chain([("other.service", other)])) {
        entries.push_str(&format!(
            "__REALTIME_TIMESTAMP={time}\n__MONOTONIC_TIMESTAMP={time}\n_BOOT_ID=0123456789abcdef0123456789abcdef\n\
             _TRANSPORT=stdout\nPRIORITY=6\nSYSLOG_IDENTIFIER=ctibox\n_PID=4711\n_COMM=ctibox\n_HOSTNAME=pbx\n\
             _SYSTEMD_UNIT={unit}\nMESSAGE={line}\n\n"
        ));
    }
    let (file, source) = (appliance.beside("ctibox.journal"), appliance.beside("entries"));
    fs::write(&source, entries).unwrap();
    let made = Command::new(MAKER).arg("-o").arg(&file).arg("-").stdin(fs::File::open(source).unwrap()).output();
    let made = made.unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    Some(file)
}

fn guessed_log(appliance: &Appliance, server: &Running) -> String {
    for login in HOSTILE {
        guess(server, login, "guessed");
    }
    guess(server, "agnes", "wrong");
    // This is none: a client comes back by itself with the right password of somebody who is shut out.
    appliance.run(&["user", "disable", "bertil"]);
    guess(server, "bertil", "secret");
    server.await_log(&["login refused", "the user is disabled", GUESSER, "bertil"]);
    appliance.run(&["user", "enable", "bertil"]);
    server.log()
}

#[test]
fn fail2ban_finds_each_guess_and_no_address_that_a_login_names() {
    let appliance = Appliance::company();
    for variables in [&[][..], &[("CTIBOX_LOG", "error")], &[("CTIBOX_LOG", "off")], &[("CTIBOX_LOG", "trace")]] {
        let server = Running::start_managed(&appliance, variables);
        let log = guessed_log(&appliance, &server);
        let Some(banned) = banned(&appliance, &log) else { return };
        assert_eq!(banned, [GUESSER; HOSTILE.len() + 1], "{variables:?}\n{log}");
    }
}

#[test]
fn fail2ban_finds_each_guess_in_the_json_form() {
    let appliance = Appliance::company();
    let server = Running::start(&appliance, &["--log", "json"]);
    let log = guessed_log(&appliance, &server);
    let Some(banned) = banned(&appliance, &log) else { return };
    assert_eq!(banned, [GUESSER; HOSTILE.len() + 1], "{log}");
}

#[test]
fn fail2ban_finds_each_guess_in_the_journal() {
    let appliance = Appliance::company();
    let server = Running::start_in_journal(&appliance);
    let log = as_in_a_journal(&guessed_log(&appliance, &server));
    let Some(banned) = banned(&appliance, &log) else { return };
    assert_eq!(banned, [GUESSER; HOSTILE.len() + 1], "{log}");
}

#[test]
fn fail2ban_reads_the_journal_of_the_service_and_of_no_other_and_bans_by_it() {
    let appliance = Appliance::company();
    let server = Running::start_in_journal(&appliance);
    let log = guessed_log(&appliance, &server);
    let Some(journal) = journal(&appliance, &log) else { return };
    let named = format!("systemd-journal[journalfiles=\"{}\"]", journal.display());
    let Some(banned) = banned_in(&named) else { return };
    assert_eq!(banned, [GUESSER; HOSTILE.len() + 1], "{log}");
    // The package's jail, its way of reading included, but for where the journal lies.
    let source = format!("backend = systemd[journalfiles=\"{}\"]", journal.display());
    let Some(mut fail2ban) = Fail2ban::start(appliance.beside("fail2ban"), &source) else { return };
    fail2ban.await_answer(&["get", "ctibox", "banned"], GUESSER);
}

const BAN_MAX: Duration = Duration::from_secs(60);

/// A running fail2ban with nothing but the package's jail, which bans in name alone.
struct Fail2ban {
    folder: PathBuf,
    process: Child,
}

impl Fail2ban {
    /// None, and a word about it, where there is no fail2ban.
    fn start(folder: PathBuf, log: &str) -> Option<Self> {
        for part in ["filter.d", "jail.d", "action.d"] {
            fs::create_dir_all(folder.join(part)).unwrap();
        }
        for name in ["filter.d/ctibox.conf", "jail.d/ctibox.conf"] {
            fs::copy(packaged(name), folder.join(name)).unwrap();
        }
        fs::write(folder.join("jail.conf"), "").unwrap();
        fs::write(folder.join("fail2ban.conf"), "[Definition]\nloglevel = INFO\nsyslogsocket = auto\n").unwrap();
        let own = format!("[ctibox]\nenabled = true\n{log}\nmaxretry = 5\naction =\n");
        fs::write(folder.join("jail.d/ctibox.local"), own).unwrap();
        let started = Command::new("fail2ban-server")
            .arg("-f")
            .args(["--logtarget", "SYSOUT", "-c"])
            .arg(&folder)
            .arg("-s")
            .arg(folder.join("socket"))
            .arg("-p")
            .arg(folder.join("pid"))
            .stdin(Stdio::null())
            .stdout(fs::File::create(folder.join("said")).unwrap())
            .stderr(fs::File::create(folder.join("errors")).unwrap())
            .spawn();
        match started {
            Ok(process) => Some(Self { folder, process }),
            Err(error) => {
                left_out("a running fail2ban", &format!("fail2ban-server: {error}"));
                None
            }
        }
    }

    /// What it says when it is asked, however long it takes until that holds the word.
    fn await_answer(&mut self, question: &[&str], word: &str) {
        let end = Instant::now() + BAN_MAX;
        loop {
            let asked =
                Command::new("fail2ban-client").arg("-s").arg(self.folder.join("socket")).args(question).output();
            let answer = String::from_utf8(asked.unwrap().stdout).unwrap();
            if answer.contains(word) {
                return;
            }
            let said = fs::read_to_string(self.folder.join("said")).unwrap();
            assert!(Instant::now() < end, "{question:?}: {answer}\n{said}");
            assert!(self.process.try_wait().unwrap().is_none(), "fail2ban ended: {said}");
        }
    }
}

impl Drop for Fail2ban {
    fn drop(&mut self) {
        let _ = kill_process(Pid::from_child(&self.process), Signal::TERM);
        let _ = self.process.wait();
    }
}

#[test]
fn fail2ban_bans_who_guesses_when_the_packages_jail_is_on() {
    let appliance = Appliance::company();
    let log = appliance.beside("ctibox.log");
    fs::write(&log, "").unwrap();
    let source = format!("backend = polling\nlogpath = {}", log.display());
    let Some(mut fail2ban) = Fail2ban::start(appliance.beside("fail2ban"), &source) else { return };
    fail2ban.await_answer(&["status", "ctibox"], "ctibox.log");
    let server = appliance.serve();
    for _ in 0..5 {
        guess(&server, "agnes", "wrong");
    }
    server.logged_in("agnes");
    fs::write(&log, format!("{}\n", server.log())).unwrap();
    fail2ban.await_answer(&["get", "ctibox", "banned"], GUESSER);
}
