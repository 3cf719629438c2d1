//! Debian's slapd as a child process with a directory of a few people: in clear, by StartTLS and by ldaps, on ports of its
//! own of the loopback address. It takes an empty password for nobody's, as many servers do.

use std::fs;
use std::io::Write as _;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rcgen::{CertificateParams, KeyPair};
use tempfile::TempDir;

const SLAPD: &str = "/usr/sbin/slapd";
const START_MAX: Duration = Duration::from_secs(60);

pub(crate) const BASE: &str = "ou=people,dc=example,dc=org";
pub(crate) const READER: &str = "cn=reader,dc=example,dc=org";
pub(crate) const READER_PASSWORD: &str = "of the reader";
/// Everybody's in the directory; local passwords are another one.
pub(crate) const DIRECTORY_PASSWORD: &str = "in the directory";

pub(crate) struct Slapd {
    folder: TempDir,
    plain: u16,
    encrypted: u16,
    process: Option<Child>,
}

impl Slapd {
    /// None, and a word about it, where there is no slapd.
    pub(crate) fn start() -> Option<Self> {
        if !Path::new(SLAPD).exists() {
            super::left_out("the directory", "slapd");
            return None;
        }
        let [plain, encrypted] = free_ports();
        let mut slapd = Self { folder: TempDir::new().unwrap(), plain, encrypted, process: None };
        slapd.make_certificate();
        slapd.configure();
        slapd.load();
        slapd.resume();
        Some(slapd)
    }

    pub(crate) fn plain(&self) -> String {
        format!("ldap://localhost:{}", self.plain)
    }

    pub(crate) fn encrypted(&self) -> String {
        format!("ldaps://localhost:{}", self.encrypted)
    }

    /// The certificate that vouches for it.
    pub(crate) fn ca_file(&self) -> String {
        self.path("server.crt").to_str().unwrap().to_owned()
    }

    /// Ends it; its ports stay its own.
    pub(crate) fn stop(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill().unwrap();
            process.wait().unwrap();
        }
    }

    /// Starts it, or starts it again, and waits until it takes connections.
    pub(crate) fn resume(&mut self) {
        let addresses = format!("ldap://127.0.0.1:{}/ ldaps://127.0.0.1:{}/", self.plain, self.encrypted);
        let log = fs::File::create(self.path("log")).unwrap();
        let process = Command::new(SLAPD)
            .args(["-d", "stats", "-h", &addresses, "-f"])
            .arg(self.path("slapd.conf"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap();
        self.process = Some(process);
        let end = Instant::now() + START_MAX;
        while TcpStream::connect(("127.0.0.1", self.encrypted)).is_err() {
            let process = self.process.as_mut().unwrap();
            assert!(process.try_wait().unwrap().is_none(), "slapd ended:\n{}", self.log());
            assert!(Instant::now() < end, "slapd takes no connections:\n{}", self.log());
            std::thread::yield_now();
        }
    }

    /// What it was asked since it started last.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.path("log")).unwrap_or_default()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn make_certificate(&self) {
        let key = KeyPair::generate().unwrap();
        let certificate = CertificateParams::new(vec!["localhost".to_owned()]).unwrap().self_signed(&key).unwrap();
        fs::write(self.path("server.crt"), certificate.pem()).unwrap();
        fs::write(self.path("server.key"), key.serialize_pem()).unwrap();
    }

    fn configure(&self) {
        fs::create_dir(self.path("db")).unwrap();
        let folder = self.folder.path().display();
        let configuration = format!(
            "include /etc/ldap/schema/core.schema\n\
             include /etc/ldap/schema/cosine.schema\n\
             include /etc/ldap/schema/inetorgperson.schema\n\
             modulepath /usr/lib/ldap\n\
             moduleload back_mdb\n\
             allow bind_anon_cred\n\
             TLSCertificateFile {folder}/server.crt\n\
             TLSCertificateKeyFile {folder}/server.key\n\
             TLSVerifyClient never\n\
             database mdb\n\
             maxsize 10485760\n\
             suffix \"dc=example,dc=org\"\n\
             rootdn \"cn=admin,dc=example,dc=org\"\n\
             directory {folder}/db\n\
             access to attrs=userPassword by anonymous auth by * none\n\
             access to * by * read\n"
        );
        fs::write(self.path("slapd.conf"), configuration).unwrap();
    }

    fn load(&self) {
        let mut child = Command::new("/usr/sbin/slapadd")
            .arg("-f")
            .arg(self.path("slapd.conf"))
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(people().as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}

impl Drop for Slapd {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let log = self.log();
            eprintln!("slapd logged at its end:\n{}", &log[log.len().saturating_sub(4000)..]);
        }
        self.stop();
    }
}

fn people() -> String {
    let mut ldif = format!(
        "dn: dc=example,dc=org\nobjectClass: dcObject\nobjectClass: organization\no: Example\ndc: example\n\n\
         dn: {BASE}\nobjectClass: organizationalUnit\nou: people\n\n\
         dn: ou=more,{BASE}\nobjectClass: organizationalUnit\nou: more\n\n\
         dn: {READER}\nobjectClass: applicationProcess\nobjectClass: simpleSecurityObject\ncn: reader\n\
         userPassword: {READER_PASSWORD}\n\n"
    );
    for (rdn, uid, mail) in [
        ("uid=agnes", "agnes", Some("Agnes@Example.ORG")),
        ("uid=bertil", "bertil", Some("bertil@example.org")),
        ("uid=no\\, mail", "no, mail", None),
        ("uid=stranger", "stranger", Some("stranger@example.org")),
        ("uid=twin", "twin", Some("agnes@example.org")),
        ("uid=twin,ou=more", "twin", Some("bertil@example.org")),
        ("uid=agn\\2aes\\2c x", "agn*es, x", Some("odd@example.org")),
    ] {
        let mail = mail.map(|mail| format!("mail: {mail}\n")).unwrap_or_default();
        ldif.push_str(&format!(
            "dn: {rdn},{BASE}\nobjectClass: inetOrgPerson\nuid: {uid}\ncn: {uid}\nsn: {uid}\n{mail}\
             userPassword: {DIRECTORY_PASSWORD}\n\n"
        ));
    }
    ldif
}

/// Two ports that were free a moment ago.
fn free_ports() -> [u16; 2] {
    let bound = [0; 2].map(|_| TcpListener::bind(("127.0.0.1", 0)).unwrap());
    bound.map(|listener| listener.local_addr().unwrap().port())
}
