//! Words that belong to one room, or to none: SQL, the environment, the clock, IO in the pure rooms, stubs.

use crate::source::{Source, Tree, identifiers};

/// Where a word may stand.
enum Place {
    /// Only in these rooms.
    In(&'static [&'static str]),
    /// Anywhere but in these rooms.
    NotIn(&'static [&'static str]),
    /// The same, but for this file of them.
    NotInBut(&'static [&'static str], &'static str),
    /// Only in this file.
    InFile(&'static str),
    Nowhere,
}

/// A pattern, where it may stand, and what it would break.
struct Law {
    pattern: &'static str,
    place: Place,
    why: &'static str,
}

const PURE: &[&str] = &["settings", "exchange", "live", "protocol"];

/// Passwords of an import are hashed on all cores: 22 ms each, and the threads end before the function does.
const HASHES: &str = "src/exchange/user_import/apply.rs";

const DATA: &str = "words are made for people: what is to be known of a value is asked of its type";

const fn law(pattern: &'static str, place: Place, why: &'static str) -> Law {
    Law { pattern, place, why }
}

const LAWS: &[Law] = &[
    law("rusqlite", Place::In(&["store"]), "store alone knows SQL"),
    law("\"SELECT ", Place::In(&["store"]), "store alone knows SQL"),
    law("\"INSERT ", Place::In(&["store"]), "store alone knows SQL"),
    law("\"DELETE FROM ", Place::In(&["store"]), "store alone knows SQL"),
    law("\"PRAGMA ", Place::In(&["store"]), "store alone knows SQL"),
    law("std::env", Place::In(&["command", "main"]), "only command reads the environment"),
    law("env::var", Place::In(&["command", "main"]), "only command reads the environment"),
    law("env::args", Place::In(&["command", "main"]), "only command reads the arguments"),
    law("process::exit", Place::In(&["command", "main"]), "only command ends the process"),
    law("process::abort", Place::In(&["command", "main"]), "only command ends the process"),
    law("Instant::now", Place::NotIn(PURE), "time comes in with the input"),
    law("SystemTime::now", Place::NotIn(PURE), "time comes in with the input"),
    law("now_utc", Place::NotIn(PURE), "time comes in with the input"),
    law("now_local", Place::NotIn(PURE), "time comes in with the input"),
    law("new_v4", Place::NotIn(&["live", "protocol"]), "chance comes in with the input"),
    law("tokio", Place::NotIn(PURE), "no IO and no waiting here"),
    law(".await", Place::NotIn(PURE), "no IO and no waiting here"),
    law("getrandom", Place::NotIn(PURE), "chance comes in with the input"),
    law("std::fs", Place::NotIn(PURE), "no IO here"),
    law("TcpStream", Place::NotIn(PURE), "no IO here"),
    law("TcpListener", Place::NotIn(PURE), "no IO here"),
    law("UdpSocket", Place::NotIn(PURE), "no IO here"),
    law("UnixStream", Place::NotIn(PURE), "no IO here"),
    law("ToSocketAddrs", Place::NotIn(PURE), "no IO here: names are not resolved"),
    law("std::process", Place::NotIn(PURE), "no IO here"),
    law("thread", Place::NotInBut(PURE, HASHES), "no waiting here"),
    law("Mutex", Place::NotIn(PURE), "one owner, no lock"),
    law("RwLock", Place::NotIn(PURE), "one owner, no lock"),
    law("BackendName", Place::NotIn(&["server"]), "server names no backend: command wires them, auth knows them"),
    law("\"Already there", Place::NotIn(PURE), "Asterisk's words are read in asterisk alone"),
    law("\"No such channel", Place::NotIn(PURE), "Asterisk's words are read in asterisk alone"),
    law("allow(unsafe_code)", Place::InFile("src/server/unsent.rs"), "no unsafe code but where the kernel is asked"),
    law("allow(dead_code)", Place::Nowhere, "dead code goes away"),
    law(".with_rule(", Place::NotIn(&["tui"]), "people in the console have no use for the codes of rules"),
    law("%shown(", Place::Nowhere, "what comes from outside is quoted in the log, so that it cannot forge a field"),
    law("sqlx", Place::Nowhere, "one way into the database"),
    law("to_string().contains(", Place::In(&["measured"]), DATA),
    law("to_string().starts_with(", Place::Nowhere, DATA),
    law("to_string().ends_with(", Place::Nowhere, DATA),
    law("to_string().strip_prefix(", Place::Nowhere, DATA),
    law("to_string().strip_suffix(", Place::Nowhere, DATA),
    law("to_string().split(", Place::Nowhere, DATA),
    law("to_string().split_once(", Place::Nowhere, DATA),
];

pub(crate) fn faults(tree: &Tree) -> Vec<String> {
    tree.shipped().flat_map(|source| LAWS.iter().flat_map(move |law| broken(law, source))).collect()
}

fn broken(law: &Law, source: &Source) -> Vec<String> {
    let may_stand = match law.place {
        Place::In(rooms) => rooms.contains(&source.room()),
        Place::NotIn(rooms) => !rooms.contains(&source.room()),
        Place::NotInBut(rooms, path) => !rooms.contains(&source.room()) || source.path == path,
        Place::InFile(path) => source.path == path,
        Place::Nowhere => false,
    };
    if may_stand {
        return Vec::new();
    }
    let code = if law.pattern.starts_with('"') { source.code_and_strings() } else { source.code() };
    let lines = code.lines().enumerate().filter(|(_, line)| has_word(line, law.pattern));
    lines.map(|(index, _)| format!("{}:{}: {}: {}", source.path, index + 1, law.pattern, law.why)).collect()
}

/// The pattern stands there and is no part of a longer word.
fn has_word(line: &str, pattern: &str) -> bool {
    let is_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    line.match_indices(pattern).any(|(at, _)| {
        let starts_word = is_word(pattern.chars().next()) && is_word(line[..at].chars().next_back());
        let ends_word = is_word(pattern.chars().next_back()) && is_word(line[at + pattern.len()..].chars().next());
        !starts_word && !ends_word
    })
}

/// Stubs, notes to oneself, and tests that do not run or only expect a crash.
pub(crate) fn unfinished(tree: &Tree) -> Vec<String> {
    // Put together here, so that this file does not find itself.
    let notes = [
        concat!("FIX", "ME"),
        concat!("XX", "X"),
        concat!("TO", "DO"),
        // The specification is not here: docs/protocol.md has what ctibox decides otherwise, cited as protocol decision N.
        concat!("\"Ou", "rs\""),
    ];
    let macros =
        [concat!("todo", "!"), concat!("unimplemented", "!"), concat!("#[ig", "nore"), concat!("should_", "panic")];
    let mut faults = Vec::new();
    for source in &tree.files {
        let code = source.code_with_tests();
        for (index, (line, code)) in source.text.lines().zip(code.lines()).enumerate() {
            let note = notes.iter().find(|note| has_word(line, note));
            let found = note.or_else(|| macros.iter().find(|word| code.contains(*word)));
            faults.extend(found.map(|found| format!("{}:{}: {found}", source.path, index + 1)));
        }
    }
    faults
}

/// How often a word stands in the code outside tests (in tests' trees: in all of it).
pub(crate) fn count(tree: &Tree, word: &str) -> usize {
    tree.shipped().map(|source| identifiers(&source.code()).filter(|(_, found)| *found == word).count()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(path: &str, text: &str) -> usize {
        faults(&Tree::made_up(&[(path, text)])).len()
    }

    #[test]
    fn sql_outside_of_the_store_is_a_fault() {
        assert_eq!(check("src/check/a.rs", "use rusqlite::Connection;"), 1);
        assert_eq!(check("src/check/a.rs", "fn a() { run(\"SELECT id FROM user\") }"), 1);
        assert_eq!(check("src/store/a.rs", "fn a() { rusqlite::run(\"SELECT id FROM user\") }"), 0);
        assert_eq!(
            check("src/check/a.rs", "// rusqlite would say \"SELECT 1\"\n#[cfg(test)]\nmod tests { use rusqlite::X; }"),
            0
        );
    }

    #[test]
    fn the_environment_belongs_to_command() {
        assert_eq!(check("src/server/a.rs", "fn a() { std::env::var(\"HOME\"); }"), 2);
        assert_eq!(check("src/server/a.rs", "fn a() { std::process::exit(1) }"), 1);
        assert_eq!(check("src/command/a.rs", "fn a() { std::process::exit(1) }"), 0);
        assert_eq!(check("src/main.rs", "fn main() { std::process::exit(1) }"), 0);
    }

    #[test]
    fn the_pure_rooms_ask_no_clock_and_do_no_io() {
        for text in [
            "Instant::now()",
            "SystemTime::now()",
            "getrandom::fill(a)",
            "std::fs::read(a)",
            "TcpStream::connect(a)",
            "std::process::id()",
            "thread::sleep(a)",
            "tokio::spawn(a)",
            "a.await",
            "Mutex::new(a)",
        ] {
            for room in PURE {
                assert_eq!(check(&format!("src/{room}/a.rs"), &format!("fn a() {{ {text}; }}")), 1, "{text} in {room}");
            }
            assert_eq!(check("src/server/a.rs", &format!("fn a() {{ {text}; }}")), 0, "{text}");
        }
        // An address is a value, and one file may hash on all cores.
        assert_eq!(check("src/settings/a.rs", "use std::net::SocketAddr;"), 0);
        assert_eq!(check(HASHES, "use std::thread;"), 0);
        assert_eq!(check("src/exchange/user_import/plan.rs", "use std::thread;"), 1);
    }

    #[test]
    fn words_that_were_made_are_not_read_again() {
        let reads =
            |what: &str| check("src/check/a.rs", &format!("fn a() {{ finding.on.to_string().{what}(\"link\"); }}"));
        for what in ["contains", "starts_with", "ends_with", "strip_prefix", "strip_suffix", "split", "split_once"] {
            assert_eq!(reads(what), 1, "{what}");
        }
        assert_eq!(reads("len"), 0);
    }

    #[test]
    fn what_is_allowed_nowhere_is_a_fault_everywhere() {
        assert_eq!(check("src/store/a.rs", "#[allow(dead_code)]\nfn a() {}"), 1);
        assert_eq!(check("src/main.rs", "#![allow(unsafe_code)]"), 1);
    }

    #[test]
    fn stubs_and_notes_to_oneself_are_faults() {
        let check = |text: &str| unfinished(&Tree::made_up(&[("src/live/a.rs", text)])).len();
        assert_eq!(check(concat!("fn a() { todo", "!() }")), 1);
        assert_eq!(check(concat!("// FIX", "ME: later")), 1);
        assert_eq!(check(concat!("/// Told once (\"Ou", "rs\" 15).")), 1);
        assert_eq!(check("/// Told once (protocol decision 15)."), 0);
        assert_eq!(check(concat!("#[ig", "nore]\n#[test]\nfn a() {}")), 1);
        assert_eq!(check(concat!("let a = \"_XX", "XX\"; // a dialplan pattern")), 0);
    }

    #[test]
    fn sleeps_are_counted_in_test_files() {
        assert_eq!(
            count(&Tree::made_up(&[("tests/it/a.rs", "fn a() { thread::sleep(b); sleep_well(); }")]), "sleep"),
            1
        );
    }
}
