//! A host with sshd and sudo from Debian's packages: this machine's own system, with a layer in memory over it that only the
//! processes of the test see. Users, groups and files of /etc are made in it as on a real one, and are gone with it.

use std::ffi::OsString;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use rustix::process::geteuid;
use tempfile::TempDir;

use super::terminal::Terminal;

const NEEDED: [&str; 4] = ["/usr/sbin/sshd", "/usr/bin/ssh", "/usr/bin/ssh-keygen", "/usr/bin/sudo"];
const START_MAX: Duration = Duration::from_secs(60);

/// The layer, with what a root needs of its own; said when it stands.
const LAYER: &str = r#"set -e
mount -t tmpfs layer "$1"
mkdir "$1/over" "$1/work" "$1/root"
mount -t overlay -o "lowerdir=/,upperdir=$1/over,workdir=$1/work" overlay "$1/root"
mount --rbind /dev "$1/root/dev"
mount -t proc proc "$1/root/proc"
mount -t tmpfs run "$1/root/run"
mkdir "$1/root/run/sshd"
touch "$1/root/usr/bin/ctibox"
mount --bind "$2" "$1/root/usr/bin/ctibox"
echo mounted
exec cat"#;

pub(crate) struct SshHost {
    keeper: Child,
    /// Where the layer is mounted, which outside of its processes is an empty folder.
    place: TempDir,
    /// The key with which people come in.
    keys: TempDir,
    port: u16,
    sshd: Option<Child>,
}

impl SshHost {
    /// None, and a word about it, where the system has not what it takes.
    pub(crate) fn mount() -> Option<Self> {
        if !geteuid().is_root() {
            super::left_out("the console over SSH", "root");
            return None;
        }
        if let Some(missing) = NEEDED.into_iter().find(|file| !Path::new(file).exists()) {
            super::left_out("the console over SSH", missing);
            return None;
        }
        let place = TempDir::new().unwrap();
        let mut keeper = Command::new("unshare")
            .args(["--mount", "sh", "-c", LAYER, "sh"])
            .args([place.path(), Path::new(env!("CARGO_BIN_EXE_ctibox"))])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = String::new();
        BufReader::new(keeper.stdout.take().unwrap()).read_line(&mut said).unwrap();
        let host = Self { keeper, place, keys: TempDir::new().unwrap(), port: free_port(), sshd: None };
        if said.trim() != "mounted" {
            super::left_out("the console over SSH", "an overlay file system");
            return None;
        }
        host.type_all("ssh-keygen -q -A");
        Some(host)
    }

    /// Gives commands to its shell as root, as an administrator types them.
    pub(crate) fn type_all(&self, commands: &str) -> String {
        let output = self.run(&["sh", "-euc", commands]);
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{commands}:\n{said}{}", String::from_utf8_lossy(&output.stderr));
        said
    }

    /// A command as root; it may fail.
    pub(crate) fn run(&self, words: &[&str]) -> Output {
        let entrance = self.entrance();
        Command::new(&entrance[0]).args(&entrance[1..]).args(words).stdin(Stdio::null()).output().unwrap()
    }

    /// Somebody who comes in by a key, in these groups.
    pub(crate) fn add_person(&self, name: &str, groups: &str) {
        let key = self.keys.path().join("key");
        if !key.exists() {
            let made = Command::new("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-f"]).arg(&key).status();
            assert!(made.unwrap().success());
        }
        let public = fs::read_to_string(key.with_extension("pub")).unwrap();
        self.type_all(&format!(
            "useradd --create-home --home-dir /srv/{name} --shell /bin/sh --groups '{groups}' {name}
             install -d -m 0700 -o {name} -g {name} /srv/{name}/.ssh
             echo '{}' >/srv/{name}/.ssh/authorized_keys
             chown {name}:{name} /srv/{name}/.ssh/authorized_keys",
            public.trim()
        ));
    }

    /// Debian's sshd with Debian's configuration, on a port of its own.
    pub(crate) fn start_sshd(&mut self) {
        let (entrance, port) = (self.entrance(), self.port.to_string());
        let sshd = Command::new(&entrance[0])
            .args(&entrance[1..])
            .args(["/usr/sbin/sshd", "-D", "-e", "-p", &port, "-o", "ListenAddress=127.0.0.1"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(fs::File::create(self.log_file()).unwrap())
            .spawn()
            .unwrap();
        self.sshd = Some(sshd);
        let end = Instant::now() + START_MAX;
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            assert!(Instant::now() < end, "sshd takes no connections:\n{}", self.log());
            std::thread::yield_now();
        }
    }

    /// What sshd said.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.log_file()).unwrap_or_default()
    }

    fn log_file(&self) -> PathBuf {
        self.keys.path().join("sshd.log")
    }

    /// Somebody's terminal, over SSH.
    pub(crate) fn terminal(&self, person: &str) -> Terminal {
        let words = self.ssh(person, &["-t"]);
        Terminal::other(&words.iter().map(String::as_str).collect::<Vec<_>>())
    }

    /// What comes of asking for something else than a terminal.
    pub(crate) fn ask(&self, person: &str, options: &[&str], command: &str) -> Output {
        let words = self.ssh(person, options);
        Command::new(&words[0]).args(&words[1..]).arg(command).stdin(Stdio::null()).output().unwrap()
    }

    fn ssh(&self, person: &str, options: &[&str]) -> Vec<String> {
        let (port, key) = (self.port.to_string(), self.keys.path().join("key"));
        let always = ["-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR"];
        let mut words = vec!["ssh", "-F", "none", "-o", "SendEnv=LANG", "-i", key.to_str().unwrap(), "-p", &port];
        words.extend(always);
        words.extend(options);
        let address = format!("{person}@127.0.0.1");
        words.push(&address);
        words.into_iter().map(str::to_owned).collect()
    }

    fn entrance(&self) -> Vec<OsString> {
        let target = format!("--target={}", self.keeper.id());
        let root = self.place.path().join("root");
        let words = ["nsenter".into(), target.into(), "--mount".into(), "chroot".into(), root.into_os_string()];
        words.into_iter().chain(["env", "-i", PATH, "HOME=/root", "LANG=C.UTF-8"].map(OsString::from)).collect()
    }
}

const PATH: &str = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

impl Drop for SshHost {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("sshd said:\n{}", self.log());
        }
        for process in self.sshd.iter_mut().chain([&mut self.keeper]) {
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}

fn free_port() -> u16 {
    std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port()
}
