//! Runs `ctibox` commands on a data folder of their own, as a script would: no terminal, no question asked.

use std::ffi::OsString;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use super::server::Running;
use super::small_disk::SmallDisk;

pub(crate) const PASSWORD: &str = "secret";

/// A data folder in a temporary place; gone with the value.
pub(crate) struct Appliance {
    root: TempDir,
    data: PathBuf,
    /// What stands in front of every command.
    entrance: Vec<OsString>,
}

/// What a command left behind.
pub(crate) struct Outcome {
    pub(crate) line: String,
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Outcome {
    /// Fails the test unless the command ended with this code; gives itself back.
    pub(crate) fn expect_code(self, code: i32) -> Self {
        assert_eq!(
            self.code,
            Some(code),
            "`{}` said on stdout:\n{}\nand on stderr:\n{}",
            self.line,
            self.stdout,
            self.stderr
        );
        self
    }

    /// Fails the test unless stderr holds every one of these words.
    pub(crate) fn expect_words(self, words: &[&str]) -> Self {
        for word in words {
            assert!(self.stderr.contains(word), "`{}` does not say `{word}`:\n{}", self.line, self.stderr);
        }
        self
    }

    /// Fails unless each of these is in what it printed as data.
    pub(crate) fn expect_data(self, words: &[&str]) -> Self {
        for word in words {
            assert!(self.stdout.contains(word), "`{}` does not print `{word}`:\n{}", self.line, self.stdout);
        }
        self
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("`{}` printed no JSON ({error}):\n{}", self.line, self.stdout))
    }
}

impl Appliance {
    /// A folder that no command has seen yet.
    pub(crate) fn untouched() -> Self {
        let root = TempDir::new().unwrap();
        let data = root.path().join("data");
        // Settings files of the machine that runs the tests have no say in them.
        fs::create_dir_all(root.path().join("etc/ctibox")).unwrap();
        // Many servers run here at once, and Asterisk's usual address for callers' names is but one.
        fs::write(root.path().join("etc/ctibox/config.yml"), "agi:\n  listen: 127.0.0.1:0\n").unwrap();
        Self { root, data, entrance: Vec::new() }
    }

    /// A folder on this disk that no command has seen yet.
    pub(crate) fn untouched_on(disk: &SmallDisk) -> Self {
        Self { data: disk.path().join("data"), entrance: disk.entrance(), ..Self::untouched() }
    }

    /// The same with another data folder.
    pub(crate) fn at(self, data: &Path) -> Self {
        Self { data: data.to_path_buf(), ..self }
    }

    /// A folder with the default data.
    pub(crate) fn new() -> Self {
        let appliance = Self::untouched();
        appliance.run(&["init"]);
        appliance
    }

    /// Two people who can log in: agnes (profile Client, line 1001) and bertil (profile Agent, line 1002, agent 2105).
    pub(crate) fn company() -> Self {
        Self::new().with_office()
    }

    /// The same, to listen on any free port: `check` looks whether the port can be had, and whoever runs the tests may have
    /// a demonstration on the real one.
    pub(crate) fn on_any_port(self) -> Self {
        self.set("client.port", "0");
        self
    }

    /// The office on this disk.
    pub(crate) fn office_on(disk: &SmallDisk) -> Self {
        let appliance = Self::untouched_on(disk);
        appliance.run(&["init"]);
        appliance.with_office()
    }

    fn with_office(self) -> Self {
        self.add_user("agnes", &["--first-name", "Agnes", "--last-name", "Alpha", "--profile", "Client"]);
        self.add_user("bertil", &["--first-name", "Bertil", "--last-name", "Beta", "--profile", "Agent"]);
        self.run(&["line", "add", "1001", "--context", "default", "--user", "agnes"]);
        self.run(&["line", "add", "1002", "--context", "default", "--user", "bertil"]);
        self.run(&["agent", "add", "2105", "--first-name", "Bertil", "--context", "default", "--user", "bertil"]);
        self
    }

    /// The office, and elena (line 2001) and farid (line 2002, agent 2106) in context sales, which is separated.
    pub(crate) fn separated_office() -> Self {
        let appliance = Self::company();
        appliance.run(&["context", "add", "sales"]);
        appliance.add_user("elena", &["--first-name", "Elena", "--last-name", "Sales", "--profile", "Client"]);
        appliance.add_user("farid", &["--first-name", "Farid", "--last-name", "Sales", "--profile", "Agent"]);
        appliance.run(&["line", "add", "2001", "--context", "sales", "--user", "elena"]);
        appliance.run(&["line", "add", "2002", "--context", "sales", "--user", "farid"]);
        appliance.run(&["agent", "add", "2106", "--first-name", "Farid", "--context", "sales", "--user", "farid"]);
        appliance.set("context_separation", "true");
        appliance
    }

    pub(crate) fn data(&self) -> &Path {
        &self.data
    }

    /// A path beside the data folder, for documents and backups.
    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    /// A path below the folder that stands for /etc.
    pub(crate) fn etc(&self, path: &str) -> PathBuf {
        self.root.path().join("etc").join(path)
    }

    /// Writes a settings file below that folder, whole at once.
    pub(crate) fn write_settings(&self, path: &str, text: &str) {
        let path = self.etc(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let new = path.with_extension("new");
        fs::write(&new, text).unwrap();
        fs::rename(new, path).unwrap();
    }

    /// Runs a command that must succeed.
    pub(crate) fn run(&self, words: &[&str]) -> Outcome {
        self.try_run(words).expect_code(0)
    }

    pub(crate) fn try_run(&self, words: &[&str]) -> Outcome {
        self.try_run_with_input(words, "")
    }

    pub(crate) fn run_with_input(&self, words: &[&str], input: &str) -> Outcome {
        self.try_run_with_input(words, input).expect_code(0)
    }

    pub(crate) fn try_run_with_input(&self, words: &[&str], input: &str) -> Outcome {
        let mut child =
            self.command(words).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // a command that reads no input may have ended before this is written
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        let output = child.wait_with_output().unwrap();
        Outcome {
            line: format!("ctibox {}", words.join(" ")),
            code: output.status.code(),
            stdout: self.without_folder(&output.stdout),
            stderr: self.without_folder(&output.stderr),
        }
    }

    /// Commands in hints name the folder of the test (`hints` looks at that); other tests read them as people know them.
    fn without_folder(&self, said: &[u8]) -> String {
        let folder = format!("`ctibox --data {} ", self.data.display());
        String::from_utf8_lossy(said).replace(&folder, "`ctibox ")
    }

    /// A line as a person pastes it into a shell that has ctibox in its path; it must succeed.
    pub(crate) fn run_in_shell(&self, lines: &str) {
        let ctibox = Path::new(env!("CARGO_BIN_EXE_ctibox"));
        let path = format!("{}:{}", ctibox.parent().unwrap().display(), std::env::var("PATH").unwrap());
        let output = Command::new("sh")
            .args(["-e", "-c", lines])
            .env_remove("CTIBOX_DATA")
            .env("CTIBOX_CONFIG", self.etc("ctibox/config.yml"))
            .env("CTIBOX_OLD_CONFIG", self.etc(""))
            .env("PATH", path)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{lines}\n{said}");
    }

    /// The command with this folder, and nothing of the test's own environment that ctibox reads.
    pub(crate) fn command(&self, words: &[&str]) -> Command {
        let ctibox = OsString::from(env!("CARGO_BIN_EXE_ctibox"));
        let mut words_before = self.entrance.iter().chain([&ctibox]);
        let mut command = Command::new(words_before.next().unwrap());
        command
            .args(words_before)
            .env_remove("CTIBOX_DATA")
            .env("CTIBOX_CONFIG", self.etc("ctibox/config.yml"))
            .env("CTIBOX_OLD_CONFIG", self.etc(""))
            .env("NO_COLOR", "1")
            .arg("--data")
            .arg(&self.data)
            .args(words);
        command
    }

    pub(crate) fn set(&self, key: &str, value: &str) {
        self.run(&["setting", "set", key, value]);
    }

    /// A setting that comes with a document, as with one that moves here.
    pub(crate) fn import_setting(&self, key: &str, value: &str) -> Outcome {
        let mut document = self.run(&["export", "--with-secrets"]).json();
        document["settings"][key] = value.into();
        self.run_with_input(&["import", "-"], &document.to_string())
    }

    /// A user with the password of all test users.
    pub(crate) fn add_user(&self, login: &str, more: &[&str]) {
        let words = [&["user", "add", login, "--password-stdin"], more].concat();
        self.run_with_input(&words, &format!("{PASSWORD}\n"));
    }

    pub(crate) fn serve(&self) -> Running {
        Running::start(self, &[])
    }

    /// The whole configuration as `export` writes it.
    pub(crate) fn document(&self) -> Value {
        self.run(&["export"]).json()
    }

    pub(crate) fn user_uuid(&self, login: &str) -> String {
        let document = self.document();
        let users = document["users"].as_array().unwrap();
        let user = users.iter().find(|user| user["login"] == login).unwrap();
        user["uuid"].as_str().unwrap().to_owned()
    }
}
