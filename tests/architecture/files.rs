//! Files as a whole: their length, their opening paragraph, migrations that landed, no trace of one machine.

use crate::source::{Tree, repository};

const LINES_MAX: usize = 500;

/// Files that are too long and not on the list, and numbers on the list that are too high.
pub(crate) fn length_faults(tree: &Tree, long_tables: &[(&str, usize)]) -> Vec<String> {
    let mut faults = Vec::new();
    for source in &tree.files {
        let lines = source.text.lines().count();
        let known = long_tables.iter().find(|(path, _)| *path == source.path);
        match known {
            None if lines > LINES_MAX => {
                faults.push(format!("{}: {lines} lines, at most {LINES_MAX}: find the second idea", source.path));
            }
            Some((_, known)) if lines > *known => {
                faults.push(format!("{}: {lines} lines, it had {known} and may only shrink", source.path));
            }
            Some((_, known)) if lines <= LINES_MAX || lines < *known => {
                faults.push(format!("{}: {lines} lines: correct its number {known} in the list", source.path));
            }
            _ => {}
        }
    }
    let is_gone = |path: &str| !tree.files.iter().any(|source| source.path == path);
    faults.extend(
        long_tables
            .iter()
            .filter(|(path, _)| is_gone(path))
            .map(|(path, _)| format!("{path}: is gone, take it off the list")),
    );
    faults
}

/// rustfmt breaks code at 120 characters and leaves comments alone.
const COMMENT_CHARACTERS_MAX: usize = 145;

/// Lines of comments that nobody broke.
pub(crate) fn comment_faults(tree: &Tree) -> Vec<String> {
    let lines = tree.files.iter().flat_map(|source| source.text.lines().zip(1..).map(move |line| (source, line)));
    let long = lines.filter_map(|(source, (line, number))| {
        let characters = line.chars().count();
        let is_long = line.trim_start().starts_with("//") && characters > COMMENT_CHARACTERS_MAX;
        is_long.then(|| format!("{}:{number}: a comment of {characters} characters, at most 145", source.path))
    });
    long.collect()
}

/// Files that do not begin with `//!` and a sentence.
pub(crate) fn paragraph_faults(tree: &Tree) -> Vec<String> {
    let is_missing = |text: &str| !text.lines().next().is_some_and(|line| line.starts_with("//! ") && line.len() > 20);
    let missing = tree.files.iter().filter(|source| is_missing(&source.text));
    missing
        .map(|source| format!("{}: opens without its paragraph (`//! what it owns, who calls it`)", source.path))
        .collect()
}

/// Name and text of each file of `migrations/`.
pub(crate) fn migrations() -> Vec<(String, String)> {
    let entries = std::fs::read_dir(repository().join("migrations")).into_iter().flatten().filter_map(Result::ok);
    let files = entries.map(|entry| {
        let text = std::fs::read_to_string(entry.path()).expect("a migration is text");
        (entry.file_name().to_string_lossy().into_owned(), text)
    });
    files.collect()
}

/// The list holds `NAME BYTES CHECKSUM`, one a line; a file that is there must be on it, unchanged.
pub(crate) fn migration_faults(files: &[(String, String)], list: &str) -> Vec<String> {
    let mut faults = Vec::new();
    for (name, text) in files {
        let line = format!("{name} {} {:016x}", text.len(), checksum(text));
        match list.lines().find(|known| known.split(' ').next() == Some(name)) {
            None => {
                faults.push(format!("new migration: add this line to tests/migrations.list when it lands:\n{line}"))
            }
            Some(known) if known != line => {
                faults.push(format!(
                    "{name} has landed and never changes: write the next migration\n  {known}\n  {line}"
                ));
            }
            Some(_) => {}
        }
    }
    let is_gone = |line: &&str| !files.iter().any(|(name, _)| line.split(' ').next() == Some(name));
    faults.extend(list.lines().filter(is_gone).map(|line| format!("a landed migration is gone: {line}")));
    faults
}

/// FNV-1a: it only has to notice an edit.
fn checksum(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |sum, byte| (sum ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3))
}

/// Paths that a document names in backticks, with a folder before them, and that are not there: under the top or `src/`.
pub(crate) fn path_faults(document: &str, is_there: impl Fn(&str) -> bool) -> Vec<String> {
    let words = document.split('`').skip(1).step_by(2);
    let is_path = |word: &&str| {
        let signs = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '/' | '_' | '.' | '-');
        word.contains('/') && !word.starts_with('/') && word.chars().all(signs)
    };
    let gone = words.filter(is_path).filter(|path| !is_there(path) && !is_there(&format!("src/{path}")));
    gone.map(|path| format!("{path}: is named and not there")).collect()
}

/// What recorded clients said of their own, invented machines.
const RECORDINGS: &str = "tests/replay/recordings/";

/// Paths and hosts that only one machine or network has.
pub(crate) fn machine_faults(tree: &Tree) -> Vec<String> {
    // Put together here, so that this file does not find itself.
    let traces = [
        concat!("/wo", "rk/"),
        concat!("/fa", "rm/"),
        concat!("/ro", "ot/."),
        concat!("/ho", "me/"),
        concat!("deb.deb", "ian.org"),
        concat!("index.cra", "tes.io"),
        concat!("py", "pi.org"),
    ];
    let mut faults = Vec::new();
    for source in tree.files.iter().filter(|source| !source.path.starts_with(RECORDINGS)) {
        for (index, line) in source.text.lines().enumerate() {
            for trace in traces {
                let is_path = |at: usize| {
                    !line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '.' || c == '_' || c == '}')
                };
                if line.match_indices(trace).any(|(at, _)| !trace.starts_with('/') || is_path(at)) {
                    faults.push(format!("{}:{}: {trace}", source.path, index + 1));
                }
            }
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(lines: usize) -> Tree {
        Tree::made_up(&[("src/live/a.rs", &"a\n".repeat(lines))])
    }

    #[test]
    fn a_long_file_is_a_fault_unless_it_is_a_known_table() {
        assert_eq!(length_faults(&tree(500), &[]).len(), 0);
        assert_eq!(length_faults(&tree(501), &[]).len(), 1);
        assert_eq!(length_faults(&tree(501), &[("src/live/a.rs", 501)]).len(), 0);
    }

    #[test]
    fn the_list_of_long_tables_may_only_shrink() {
        assert_eq!(length_faults(&tree(601), &[("src/live/a.rs", 600)]).len(), 1);
        assert_eq!(length_faults(&tree(599), &[("src/live/a.rs", 600)]).len(), 1);
        assert_eq!(length_faults(&tree(400), &[("src/live/a.rs", 600)]).len(), 1);
        assert_eq!(length_faults(&tree(400), &[("src/live/gone.rs", 600)]).len(), 1);
    }

    #[test]
    fn a_comment_that_nobody_broke_is_a_fault() {
        let check = |text: &str| comment_faults(&Tree::made_up(&[("src/live/a.rs", text)])).len();
        assert_eq!(check(&format!("    /// {}", "é".repeat(137))), 0);
        assert_eq!(check(&format!("    /// {}", "é".repeat(138))), 1);
        assert_eq!(check(&format!("let a = \"{}\";", "a".repeat(200))), 0);
    }

    #[test]
    fn a_file_without_its_paragraph_is_a_fault() {
        let check = |text| paragraph_faults(&Tree::made_up(&[("src/live/a.rs", text)])).len();
        assert_eq!(check("use std::fmt;\n//! Too late, and long enough."), 1);
        assert_eq!(check("//! Short"), 1);
        assert_eq!(check("//! Who waits in which queue; called by the desk.\n"), 0);
    }

    #[test]
    fn a_changed_new_or_lost_migration_is_a_fault() {
        let file = |text: &str| vec![("V1__first.sql".to_owned(), text.to_owned())];
        let list = format!("V1__first.sql 8 {:016x}", checksum("CREATE a"));
        assert_eq!(migration_faults(&file("CREATE a"), &list).len(), 0);
        assert_eq!(migration_faults(&file("CREATE b"), &list).len(), 1);
        assert_eq!(migration_faults(&file("CREATE a"), "").len(), 1);
        assert_eq!(migration_faults(&[], &list).len(), 1);
    }

    #[test]
    fn a_path_that_is_named_and_not_there_is_a_fault() {
        let is_there = |path: &str| ["src/live/dispatch.rs", "docs/limits.md"].contains(&path);
        let check = |text: &str| path_faults(text, is_there).len();
        assert_eq!(check("`live/dispatch.rs`, `docs/limits.md`, `form.rs`, `1/2 of A`"), 0);
        assert_eq!(check("see `live/empty.rs`"), 1);
    }

    #[test]
    fn a_path_of_one_machine_is_a_fault() {
        let check = |text: &str| machine_faults(&Tree::made_up(&[("docs/a.md", text)])).len();
        assert_eq!(check(concat!("see `/ho", "me/anna/notes`")), 1);
        assert_eq!(check(concat!("curl https://deb.deb", "ian.org/a")), 1);
        assert_eq!(check("target/work/a and src/root/b"), 0);
    }
}
