//! What `ctibox --version` says about itself beside the version: the commit, its day, how the program was built, and with which feature. A build
//! for development leaves the commit out, so that a commit does not compile everything anew.

// Cargo is spoken to on standard output.
#![allow(clippy::print_stdout)]

use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    for variable in ["CTIBOX_COMMIT", "CTIBOX_BUILD"] {
        println!("cargo::rerun-if-env-changed={variable}");
    }
    let profile = variable("PROFILE").unwrap_or_default();
    let commit = variable("CTIBOX_COMMIT").or_else(|| if profile == "debug" { None } else { head() });
    let legacy_tls = variable("CARGO_FEATURE_LEGACY_TLS").map_or("", |_| " legacy-tls");
    let built = variable("CTIBOX_BUILD").unwrap_or(profile);
    let build = format!("{} {built}{legacy_tls}", variable("TARGET").unwrap_or_default());
    println!("cargo::rustc-env=CTIBOX_COMMIT={}", commit.as_deref().unwrap_or("unknown"));
    println!("cargo::rustc-env=CTIBOX_BUILD={build}");
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|text| !text.is_empty())
}

/// The commit and its day, where the sources are a repository.
fn head() -> Option<String> {
    // A new commit moves this log, a change of the branch too.
    let log = git(&["rev-parse", "--git-path", "logs/HEAD"])?;
    println!("cargo::rerun-if-changed={log}");
    git(&["log", "-1", "--format=%h %cs", "--abbrev=12"])
}

fn git(arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").args(arguments).output().ok().filter(|output| output.status.success())?;
    Some(String::from_utf8(output.stdout).ok()?.trim().to_owned()).filter(|text| !text.is_empty())
}
