//! The scenario of a directory that everybody comes back to: Debian's slapd with as many people as there are clients, over
//! ldaps, in search mode.

use std::io::Write as _;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use rcgen::{CertificateParams, KeyPair};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::Wanted;
use crate::installation::{Hash, Installation, PASSWORD, email, login};
use crate::population::{Population, percentiles};

const SLAPD: &str = "/usr/sbin/slapd";
const BASE: &str = "ou=people,dc=example,dc=org";
const READER: &str = "cn=reader,dc=example,dc=org";
const READER_PASSWORD: &str = "of the reader";
const PER_CONTEXT: usize = 50;
const START_MAX: Duration = Duration::from_secs(60);

/// 2 000 clients whose passwords the directory knows come in, are gone in one moment, and all come back in the next.
pub(crate) async fn directory(wanted: &Wanted) -> Result<Value> {
    let clients = wanted.clients_or(2000);
    let (_slapd, world) = installed(clients)?;
    let server = world.serve()?;
    drop(Population::log_in(server.address, clients, wanted.is_encrypted).await?);
    let (began, before) = (Instant::now(), server.cpu_seconds()?);
    let (crowd, failures) = Population::return_to(server.address, clients, wanted.is_encrypted).await?;
    let (times, cpu) = (crowd.ramp.clone(), server.cpu_seconds()? - before);
    Ok(json!({
        "clients": clients,
        "in": times.len(),
        "failed": failures.len(),
        "first_failure": failures.first().map(|error| format!("{error:#}")),
        "watched_s": began.elapsed().as_secs_f64(),
        "logins_per_cpu_s": (times.len() as f64 / cpu).round(),
        "in_after": percentiles(times),
    }))
}

/// Where a slapd can be had.
pub(crate) fn is_there() -> bool {
    Path::new(SLAPD).exists()
}

/// A slapd that knows so many people, and an installation of the same people that asks it alone.
pub(crate) fn installed(people: usize) -> Result<(Slapd, Installation)> {
    let slapd = Slapd::start(people)?;
    let world = Installation::make(people, PER_CONTEXT, Hash::Cheap)?;
    for (key, value) in [
        ("auth.ldap.uri", format!("ldaps://localhost:{}", slapd.port)),
        ("auth.ldap.ca_file", slapd.path("server.crt").display().to_string()),
        ("auth.ldap.user_base_dn", BASE.to_owned()),
        ("auth.ldap.user_login_attribute", "uid".to_owned()),
        ("auth.ldap.bind_dn", READER.to_owned()),
        ("auth.ldap.bind_password", READER_PASSWORD.to_owned()),
        ("auth.backends", "ldap_user".to_owned()),
    ] {
        world.set(key, &value)?;
    }
    Ok((slapd, world))
}

/// Ended when it is dropped.
pub(crate) struct Slapd {
    folder: TempDir,
    port: u16,
    process: Option<Child>,
}

impl Slapd {
    fn start(people: usize) -> Result<Self> {
        ensure!(is_there(), "there is no {SLAPD}");
        let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        let mut slapd = Self { folder: TempDir::new()?, port, process: None };
        let key = KeyPair::generate()?;
        let certificate = CertificateParams::new(vec!["localhost".to_owned()])?.self_signed(&key)?;
        std::fs::write(slapd.path("server.crt"), certificate.pem())?;
        std::fs::write(slapd.path("server.key"), key.serialize_pem())?;
        std::fs::create_dir(slapd.path("db"))?;
        std::fs::write(slapd.path("slapd.conf"), configuration(slapd.folder.path()))?;
        let mut load = Command::new("/usr/sbin/slapadd");
        let load = load.args(["-q", "-f"]).arg(slapd.path("slapd.conf")).stdin(Stdio::piped()).stderr(Stdio::null());
        let mut load = load.spawn()?;
        load.stdin.take().context("no stdin")?.write_all(ldif(people).as_bytes())?;
        ensure!(load.wait()?.success(), "slapadd failed");
        let serve = Command::new(SLAPD)
            .args(["-d", "none", "-h", &format!("ldaps://127.0.0.1:{port}/"), "-f"])
            .arg(slapd.path("slapd.conf"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        slapd.process = Some(serve);
        let end = Instant::now() + START_MAX;
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            ensure!(Instant::now() < end, "slapd takes no connections");
        }
        Ok(slapd)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

impl Drop for Slapd {
    fn drop(&mut self) {
        if let Some(mut process) = self.process.take() {
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}

fn configuration(folder: &Path) -> String {
    let folder = folder.display();
    format!(
        "include /etc/ldap/schema/core.schema\ninclude /etc/ldap/schema/cosine.schema\n\
         include /etc/ldap/schema/inetorgperson.schema\nmodulepath /usr/lib/ldap\nmoduleload back_mdb\n\
         TLSCertificateFile {folder}/server.crt\nTLSCertificateKeyFile {folder}/server.key\nTLSVerifyClient never\n\
         database mdb\nmaxsize 104857600\nsuffix \"dc=example,dc=org\"\nrootdn \"cn=admin,dc=example,dc=org\"\n\
         directory {folder}/db\nindex uid eq\nindex objectClass eq\n\
         access to attrs=userPassword by anonymous auth by * none\naccess to * by * read\n"
    )
}

fn ldif(people: usize) -> String {
    let mut ldif = format!(
        "dn: dc=example,dc=org\nobjectClass: dcObject\nobjectClass: organization\no: Example\ndc: example\n\n\
         dn: {BASE}\nobjectClass: organizationalUnit\nou: people\n\n\
         dn: {READER}\nobjectClass: applicationProcess\nobjectClass: simpleSecurityObject\ncn: reader\n\
         userPassword: {READER_PASSWORD}\n\n"
    );
    for number in 0..people {
        let (uid, mail) = (login(number), email(number));
        ldif.push_str(&format!(
            "dn: uid={uid},{BASE}\nobjectClass: inetOrgPerson\nuid: {uid}\ncn: {uid}\nsn: {uid}\nmail: {mail}\n\
             userPassword: {PASSWORD}\n\n"
        ));
    }
    ldif
}
