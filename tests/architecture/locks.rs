//! The two lists of locked crates: fuzz/ has its own, which nothing but a build of fuzz/ reads, and that comes late.

use std::collections::BTreeSet;

/// What `manifest` depends on and `fuzz_lock` does not know, and crates that fuzz/ would build in another version.
pub(crate) fn faults(manifest: &str, lock: &str, fuzz_lock: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let known = packages(fuzz_lock).find(|package| package.name == "ctibox").map(|package| package.dependencies);
    let known = known.unwrap_or_default();
    let missing = dependencies(manifest).filter(|name| !known.contains(name));
    faults.extend(missing.map(|name| {
        format!("fuzz/Cargo.lock does not know {name}: run `cargo metadata --manifest-path fuzz/Cargo.toml`")
    }));
    let ours: BTreeSet<_> = packages(lock).map(|package| (package.name, package.version)).collect();
    for theirs in packages(fuzz_lock) {
        let is_shared = ours.iter().any(|(name, _)| *name == theirs.name);
        if is_shared && !ours.contains(&(theirs.name, theirs.version)) {
            faults.push(format!("fuzz/Cargo.lock has {} {}, Cargo.lock another version", theirs.name, theirs.version));
        }
    }
    faults
}

/// The names below `[dependencies]` of what is always built; where a crate goes by another name here, its own.
fn dependencies(manifest: &str) -> impl Iterator<Item = &str> {
    let lines = manifest.lines().skip_while(|line| *line != "[dependencies]").skip(1);
    let lines = lines.take_while(|line| !line.starts_with('['));
    let entries = lines.filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(" = "));
    let always = entries.filter(|(_, value)| !value.contains("optional = true"));
    always.map(|(name, value)| quoted_after(value, "package = ").unwrap_or(name))
}

struct Package<'a> {
    name: &'a str,
    version: &'a str,
    dependencies: BTreeSet<&'a str>,
}

fn packages(lock: &str) -> impl Iterator<Item = Package<'_>> {
    lock.split("[[package]]").skip(1).filter_map(|stanza| {
        let listed = stanza.split_once("dependencies = [").map_or("", |(_, list)| list);
        // `"name"`, or `"name version"` where there are several.
        let names = listed.lines().filter_map(|line| quoted_after(line, " ")?.split(' ').next());
        Some(Package {
            name: quoted_after(stanza, "name = ")?,
            version: quoted_after(stanza, "version = ")?,
            dependencies: names.collect(),
        })
    })
}

fn quoted_after<'a>(text: &'a str, before: &str) -> Option<&'a str> {
    let (_, value) = text.split_once(&format!("{before}\""))?;
    value.split('"').next()
}
