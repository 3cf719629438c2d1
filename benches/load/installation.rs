//! The world of a run: a document with generated people, imported into a data folder of its own, and the server on it.

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use anyhow::{Context as _, Result, ensure};
use argon2::{Algorithm, Argon2, Params, PasswordHasher as _, Version};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::floor_script::{AGENTS, QUEUES, agent_number, is_member, queue as queue_name};
use crate::process::Process;

pub(crate) const PASSWORD: &str = "secret";
const SALT: [u8; 16] = *b"load load load !";

/// Another program than the one that was built with this one.
pub(crate) static PROGRAM: OnceLock<PathBuf> = OnceLock::new();

/// What a password check of the world costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hash {
    /// As the server makes them: 22 ms.
    Real,
    /// As little as an import takes: for all that does not measure logins.
    Cheap,
}

pub(crate) struct Installation {
    folder: TempDir,
    server_uuid: String,
}

impl Installation {
    /// `users` people with a line each, in contexts of `per_context`, which are separated if there are several.
    pub(crate) fn make(users: usize, per_context: usize, hash: Hash) -> Result<Self> {
        Self::made(|document| fill(document, users, per_context, &hash_of(hash)?))
    }

    /// People in one context, who have the agents and queues of a busy floor; their Asterisk listens on this port.
    pub(crate) fn floor(users: usize, ami_port: u16, ami_secret: &str) -> Result<Self> {
        let world = Self::made(|document| {
            fill(document, users, users, &hash_of(Hash::Cheap)?)?;
            fill_floor(document);
            Ok(())
        })?;
        for (key, value) in [("ami.port", ami_port.to_string()), ("ami.secret", ami_secret.to_owned())] {
            let mut command = world.command(&["setting", "set", key, "--value-stdin", "--quiet"]);
            let mut setting = command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn()?;
            let mut input = setting.stdin.take().context("stdin is piped")?;
            writeln!(input, "{value}")?;
            drop(input);
            ensure!(setting.wait()?.success(), "{key} was refused");
        }
        Ok(world)
    }

    fn made(fill: impl FnOnce(&mut Value) -> Result<()>) -> Result<Self> {
        let mut world = Self::fresh()?;
        let exported = world.command(&["export", "--with-secrets"]).stdin(Stdio::null()).output()?;
        let mut document: Value = serde_json::from_slice(&exported.stdout).context("export")?;
        world.server_uuid = document["server_uuid"].as_str().context("no server_uuid")?.to_owned();
        fill(&mut document)?;
        let path = world.folder.path().join("world.json");
        std::fs::write(&path, document.to_string())?;
        let status = world.command(&["import", "--yes", "--quiet"]).arg(&path).stdout(Stdio::null()).status()?;
        ensure!(status.success(), "the import failed");
        Ok(world)
    }

    /// The default data and nobody.
    pub(crate) fn fresh() -> Result<Self> {
        let world = Self { folder: TempDir::new()?, server_uuid: String::new() };
        let status = world.command(&["init", "--quiet"]).status()?;
        ensure!(status.success(), "init failed");
        Ok(world)
    }

    pub(crate) fn set(&self, key: &str, value: &str) -> Result<()> {
        let mut set = self.command(&["setting", "set", key, "--value-stdin", "--quiet"]);
        let mut set = set.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
        set.stdin.take().context("no stdin")?.write_all(format!("{value}\n").as_bytes())?;
        ensure!(set.wait()?.success(), "{key} cannot be set");
        Ok(())
    }

    pub(crate) fn serve(&self) -> Result<Process> {
        self.serve_at(SocketAddr::from(([127, 0, 0, 1], 0)))
    }

    pub(crate) fn serve_at(&self, address: SocketAddr) -> Result<Process> {
        let mut command = self.command(&["serve", "--quiet", "--listen", &address.to_string()]);
        // The log as it is by default, to nowhere.
        command.env_remove("CTIBOX_LOG").stderr(Stdio::null());
        Process::start(&mut command)
    }

    pub(crate) fn server_uuid(&self) -> &str {
        &self.server_uuid
    }

    fn command(&self, words: &[&str]) -> Command {
        let program = PROGRAM.get().map_or(Path::new(env!("CARGO_BIN_EXE_ctibox")), PathBuf::as_path);
        let mut command = Command::new(program);
        command
            .env_remove("CTIBOX_DATA")
            .env_remove("CTIBOX_CONFIG")
            .env_remove("CTIBOX_OLD_CONFIG")
            .arg("--data")
            .arg(self.data())
            .args(words);
        command
    }

    fn data(&self) -> PathBuf {
        Path::join(self.folder.path(), "data")
    }
}

pub(crate) fn hash_of(hash: Hash) -> Result<String> {
    let (memory, passes) = match hash {
        Hash::Real => (19 * 1024, 2),
        // A quarter of what the server makes: an import takes none that is cheaper.
        Hash::Cheap => (9728, 1),
    };
    let parameters = Params::new(memory, passes, 1, None).map_err(|error| anyhow::anyhow!("{error}"))?;
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, parameters);
    let hash = argon2.hash_password_with_salt(PASSWORD.as_bytes(), &SALT);
    Ok(hash.map_err(|error| anyhow::anyhow!("{error}"))?.to_string())
}

fn fill(document: &mut Value, users: usize, per_context: usize, hash: &str) -> Result<()> {
    let contexts = users.div_ceil(per_context.max(1)).max(1);
    let context = |number: usize| format!("context{number}");
    document["contexts"] = (0..contexts).map(|n| json!({"id": n + 1, "name": context(n), "includes": []})).collect();
    let user = |n: usize| {
        json!({
            "id": n + 1, "uuid": user_uuid(n), "login": login(n),
            "first_name": format!("First{n}"), "last_name": format!("Last{n}"), "email": email(n), "mobile": null,
            "password_hash": hash, "enabled": true, "profile": "Client",
        })
    };
    let line = |n: usize| {
        let extension = format!("{}", 10_000 + n);
        json!({
            "id": n + 1, "extension": extension, "context": context(n / per_context.max(1)), "user": login(n),
            "device": format!("PJSIP/{extension}"), "main": true,
        })
    };
    document["users"] = (0..users).map(user).collect();
    document["lines"] = (0..users).map(line).collect();
    for (kind, next) in [("contexts", contexts), ("users", users), ("lines", users)] {
        document["next_ids"][kind] = json!(next + 1);
    }
    if contexts > 1 {
        let settings = document["settings"].as_object_mut().context("no settings")?;
        settings.insert("context_separation".to_owned(), json!(true));
    }
    Ok(())
}

fn fill_floor(document: &mut Value) {
    let agent = |n: usize| {
        json!({
            "id": n + 1, "number": agent_number(n), "first_name": "Agent", "last_name": format!("No{n}"),
            "context": "context0", "user": login(n),
        })
    };
    let queue = |n: usize| {
        let members = (0..AGENTS).filter(|agent| is_member(*agent, n));
        let members: Vec<Value> = members.map(|agent| json!({"agent": agent_number(agent)})).collect();
        json!({
            "id": n + 1, "name": queue_name(n), "display": format!("Queue {n}"), "number": format!("{}", 3000 + n),
            "context": "context0", "wrapup_seconds": 5, "members": members,
        })
    };
    document["agents"] = (0..AGENTS).map(agent).collect();
    document["queues"] = (0..QUEUES).map(queue).collect();
    for (kind, next) in [("agents", AGENTS), ("queues", QUEUES)] {
        document["next_ids"][kind] = json!(next + 1);
    }
}

pub(crate) fn user_uuid(number: usize) -> String {
    format!("22b24f5c-efe0-44c6-a760-{:012x}", number + 1)
}

pub(crate) fn email(number: usize) -> String {
    format!("{}@example.org", login(number))
}

pub(crate) fn login(number: usize) -> String {
    format!("user{number}")
}
