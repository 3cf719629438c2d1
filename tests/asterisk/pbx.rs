//! Debian's Asterisk as a child process in its folder with a whole small Debian: the package's own configuration, with
//! ports, places and telephones of this test alone. Stopped by its process id.

use std::fs;
use std::os::unix::fs::chown;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::geteuid;
use tempfile::TempDir;

use crate::ami::Observer;
use crate::ports;
use crate::support::left_out;

const START_MAX: Duration = Duration::from_secs(60);
const RTP_PORTS: u16 = 60;

/// Numbers of telephones that Asterisk knows, each with the password `phone-NUMBER`.
const TELEPHONES: std::ops::RangeInclusive<u16> = 1001..=1009;

/// What takes long to load, or wants databases, and nothing here uses.
const UNUSED_MODULES: &[&str] = &[
    "app_adsiprog",
    "app_getcpeid",
    "app_jack",
    "app_voicemail_imap",
    "app_voicemail_odbc",
    "cdr_adaptive_odbc",
    "cdr_odbc",
    "cdr_pgsql",
    "cdr_radius",
    "cdr_tds",
    "cel_odbc",
    "cel_pgsql",
    "cel_radius",
    "cel_tds",
    "chan_console",
    "chan_dahdi",
    "chan_iax2",
    "chan_mgcp",
    "chan_motif",
    "chan_sip",
    "chan_skinny",
    "chan_unistim",
    "chan_websocket",
    "func_odbc",
    "pbx_ael",
    "pbx_dundi",
    "pbx_lua",
    "res_adsi",
    "res_ael_share",
    "res_calendar",
    "res_calendar_caldav",
    "res_calendar_ews",
    "res_calendar_exchange",
    "res_calendar_icalendar",
    "res_config_ldap",
    "res_config_odbc",
    "res_config_pgsql",
    "res_config_sqlite3",
    "res_fax",
    "res_fax_spandsp",
    "res_hep",
    "res_hep_pjsip",
    "res_hep_rtcp",
    "res_odbc",
    "res_phoneprov",
    "res_pjsip_phoneprov_provider",
    "res_pjsip_stir_shaken",
    "res_prometheus",
    "res_resolver_unbound",
    "res_snmp",
    "res_stir_shaken",
    "res_xmpp",
];

pub(crate) struct Pbx {
    /// The whole small Debian.
    debian: PathBuf,
    /// In it: configuration, database, log of this Asterisk.
    folder: TempDir,
    pub(crate) ami_port: u16,
    pub(crate) sip_port: u16,
    process: Option<Child>,
}

impl Pbx {
    /// One that runs, as its package brings it. None, and a word about it, where it cannot be had.
    pub(crate) fn start() -> Option<Self> {
        let mut pbx = Self::prepare()?;
        pbx.resume();
        Some(pbx)
    }

    /// One that does not run yet.
    pub(crate) fn prepare() -> Option<Self> {
        let debian = debian_folder()?;
        let folder = tempfile::Builder::new().prefix("ctibox-").tempdir_in(debian.join("tmp")).unwrap();
        let first = ports::block(RTP_PORTS + 2);
        let mut pbx = Self { debian, folder, ami_port: first, sip_port: first + 1, process: None };
        pbx.configure(first + 2);
        Some(pbx)
    }

    /// Where its configuration is.
    pub(crate) fn etc(&self) -> PathBuf {
        self.folder.path().join("etc")
    }

    /// All that it logged.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log/full")).unwrap_or_default()
    }

    /// Its log of queues, of which call-centre reports are made.
    pub(crate) fn queue_log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log/queue_log")).unwrap_or_default()
    }

    pub(crate) fn append(&self, file: &str, text: &str) {
        let path = self.etc().join(file);
        let before = fs::read_to_string(&path).unwrap_or_default();
        self.write(file, &format!("{before}\n{text}"));
    }

    fn write(&self, file: &str, text: &str) {
        let path = self.etc().join(file);
        fs::write(&path, text).unwrap();
        self.give(&path);
    }

    /// To the user that Asterisk runs as.
    fn give(&self, path: &Path) {
        let passwd = fs::read_to_string(self.debian.join("etc/passwd")).unwrap();
        let line = passwd.lines().find(|line| line.starts_with("asterisk:")).unwrap();
        let mut ids = line.split(':').skip(2).map(|id| id.parse().unwrap());
        chown(path, ids.next(), ids.next()).unwrap();
    }

    /// An AMI connection of the test's own, with all rights.
    pub(crate) fn observer(&self) -> Observer {
        Observer::connect(self.ami_port)
    }

    /// What Asterisk's own command line says.
    pub(crate) fn cli(&self, command: &str) -> String {
        let output = self.asterisk().args(["-rx", command]).output().unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// The beginning of the command line by which this Asterisk is spoken to.
    pub(crate) fn command_line(&self) -> String {
        let asterisk = self.asterisk();
        let words = std::iter::once(asterisk.get_program()).chain(asterisk.get_args());
        words.map(|word| word.to_str().unwrap()).collect::<Vec<_>>().join(" ")
    }

    fn asterisk(&self) -> Command {
        let mut command = Command::new("/usr/sbin/chroot");
        command.arg(&self.debian).args(["/usr/sbin/asterisk", "-C"]).arg(self.inside("etc/asterisk.conf"));
        command
    }

    /// A path of the test's folder as Asterisk sees it.
    fn inside(&self, path: &str) -> PathBuf {
        Path::new("/").join(self.folder.path().strip_prefix(&self.debian).unwrap()).join(path)
    }

    /// Starts it, or starts it again, and waits until it takes connections.
    pub(crate) fn resume(&mut self) {
        let output = fs::File::create(self.folder.path().join("output")).unwrap();
        let process = self
            .asterisk()
            .args(["-f", "-U", "asterisk", "-G", "asterisk"])
            .stdin(Stdio::null())
            .stdout(output.try_clone().unwrap())
            .stderr(output)
            .spawn()
            .unwrap();
        self.process = Some(process);
        let end = Instant::now() + START_MAX;
        while std::net::TcpStream::connect(("127.0.0.1", self.ami_port)).is_err() {
            let process = self.process.as_mut().unwrap();
            let output = || fs::read_to_string(self.folder.path().join("output")).unwrap();
            assert_eq!(process.try_wait().unwrap(), None, "Asterisk has ended:\n{}", output());
            assert!(Instant::now() < end, "Asterisk takes no connections:\n{}", output());
            std::thread::yield_now();
        }
        let mut observer = self.observer();
        observer.until("it has loaded everything", |observer| {
            observer.ask("CoreStatus", &[]).get("CoreStartupTime").is_some_and(|time| !time.is_empty())
        });
    }

    /// As a power cut ends it.
    pub(crate) fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill().unwrap();
            process.wait().unwrap();
        }
    }

    fn configure(&mut self, first_rtp: u16) {
        let folder = self.folder.path();
        let copied =
            Command::new("cp").arg("-a").arg(self.debian.join("etc/asterisk")).arg(folder.join("etc")).status();
        assert!(copied.unwrap().success());
        self.give(folder);
        fs::set_permissions(folder, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
        for part in ["cache", "db", "spool", "run", "log"] {
            fs::create_dir(folder.join(part)).unwrap();
            self.give(&folder.join(part));
        }
        let of_package = fs::read_to_string(self.debian.join("etc/asterisk/asterisk.conf")).unwrap();
        let modules = of_package.lines().find(|line| line.starts_with("astmoddir")).unwrap();
        let own: String =
            [("cache", "cache"), ("etc", "etc"), ("db", "db"), ("spool", "spool"), ("run", "run"), ("log", "log")]
                .into_iter()
                .map(|(key, part)| format!("ast{key}dir => {}\n", self.inside(part).display()))
                .collect();
        self.write(
            "asterisk.conf",
            &format!(
                "[directories]\n{modules}\n{own}astvarlibdir => /var/lib/asterisk\nastkeydir => /var/lib/asterisk\n\
                 astdatadir => /usr/share/asterisk\nastagidir => /usr/share/asterisk/agi-bin\nastsbindir => /usr/sbin\n"
            ),
        );
        let unused: String = UNUSED_MODULES.iter().map(|module| format!("noload => {module}.so\n")).collect();
        self.write("modules.conf", &format!("[modules]\nautoload=yes\n{unused}"));
        let manager = fs::read_to_string(self.etc().join("manager.conf")).unwrap();
        self.write("manager.conf", &manager.replace("port = 5038", &format!("port = {}", self.ami_port)));
        self.write(
            "manager.d/observer.conf",
            "[observer]\nsecret = observer\nread = all\nwrite = all\nwritetimeout = 5000\n",
        );
        self.write("rtp.conf", &format!("[general]\nrtpstart={first_rtp}\nrtpend={}\n", first_rtp + RTP_PORTS - 1));
        self.write("http.conf", "[general]\nenabled=no\n");
        self.write("logger.conf", "[general]\nqueue_log = yes\n[logfiles]\nfull => notice,warning,error,verbose(3)\n");
        self.write("pjsip.conf", &telephones(self.sip_port));
    }
}

impl Drop for Pbx {
    fn drop(&mut self) {
        self.kill();
        if std::thread::panicking() {
            let log = self.log();
            let lines: Vec<&str> = log.lines().collect();
            eprintln!("Asterisk logged at its end:\n{}", lines[lines.len().saturating_sub(60)..].join("\n"));
        }
    }
}

fn telephones(port: u16) -> String {
    let transport = format!("[udp]\ntype=transport\nprotocol=udp\nbind=127.0.0.1:{port}\n");
    let telephone = |number| {
        format!(
            "[{number}]\ntype=endpoint\ncontext=default\ndisallow=all\nallow=ulaw\ndirect_media=no\nauth={number}\n\
             aors={number}\ncallerid=\"Telephone {number}\" <{number}>\nmailboxes={number}@default\n\
             [{number}]\ntype=auth\nauth_type=userpass\nusername={number}\npassword=phone-{number}\n\
             [{number}]\ntype=aor\nmax_contacts=1\nremove_existing=yes\n"
        )
    };
    std::iter::once(transport).chain(TELEPHONES.map(telephone)).collect()
}

/// None, and a word about it, where what is needed is missing.
fn debian_folder() -> Option<PathBuf> {
    let cache = std::env::var_os("CTIBOX_TEST_CACHE").map(PathBuf::from);
    let cache = cache.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cache/ctibox")))?;
    let release = std::env::var("CTIBOX_TEST_ASTERISK").unwrap_or_else(|_| "sid".to_owned());
    let debian = cache.join(format!("asterisk-{release}"));
    let lacking = [
        (!geteuid().is_root(), "root"),
        (!debian.join("usr/sbin/asterisk").exists(), "an Asterisk that `tests/run asterisk` makes"),
        (!Path::new("/usr/bin/baresip").exists(), "baresip"),
    ];
    match lacking.into_iter().find(|(is_lacking, _)| *is_lacking) {
        Some((_, what)) => {
            left_out("a real Asterisk", what);
            None
        }
        None => Some(debian.canonicalize().unwrap()),
    }
}
