//! Who may use whom: the table of ARCHITECTURE.md against every `crate::room` and every `super::` that leaves a room.

use std::collections::{BTreeMap, BTreeSet};

use crate::source::{Source, Tree};

/// What a room may use.
enum Reach {
    All,
    Only(BTreeSet<String>),
}

/// The table of edges.
pub(crate) struct Edges {
    rows: BTreeMap<String, Reach>,
}

impl Edges {
    /// Reads the table that begins with `| room | may use |`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut lines = text.lines().skip_while(|line| cells(line) != ["room", "may use"]);
        lines.next()?;
        let mut rows = BTreeMap::new();
        for line in lines.skip(1).take_while(|line| line.starts_with('|')) {
            let columns = cells(line);
            let [rooms, uses] = columns.as_slice() else { return None };
            for room in words(rooms) {
                let uses = words(uses);
                let reach = if uses.contains("all") { Reach::All } else { Reach::Only(uses) };
                rows.insert(room, reach);
            }
        }
        (!rows.is_empty()).then_some(Self { rows })
    }

    fn may_use(&self, from: &str, to: &str) -> bool {
        from == to
            || to == "observe"
            || match self.rows.get(from) {
                Some(Reach::All) => self.rows.contains_key(to),
                Some(Reach::Only(uses)) => uses.contains(to),
                None => false,
            }
    }
}

fn cells(line: &str) -> Vec<&str> {
    line.trim().trim_matches('|').split('|').map(str::trim).collect()
}

/// The names of a cell; what stands in brackets is for people.
fn words(cell: &str) -> BTreeSet<String> {
    let names = cell.split('(').next().unwrap_or_default();
    names.split(',').map(|name| name.trim().trim_matches('`').to_owned()).filter(|name| !name.is_empty()).collect()
}

pub(crate) fn faults(tree: &Tree, edges: &Edges) -> Vec<String> {
    let mut faults = Vec::new();
    for source in tree.shipped().filter(|source| source.room() != "lib") {
        if !edges.rows.contains_key(source.room()) {
            faults.push(format!("{}: room {} has no row in the table of edges", source.path, source.room()));
        }
        for (line, room) in used_rooms(source) {
            if !edges.may_use(source.room(), &room) {
                faults.push(format!("{}:{line}: {} may not use {room}", source.path, source.room()));
            }
        }
    }
    faults
}

/// The rooms that a file names, with the line.
fn used_rooms(source: &Source) -> Vec<(usize, String)> {
    let code = source.code();
    let mut rooms = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        if !is_word_byte(code.as_bytes(), at) {
            rooms.extend(firsts(&code[at + "crate::".len()..]).map(|room| (at, room)));
        }
    }
    if source.room() == "main" {
        for (at, _) in code.match_indices("ctibox::") {
            rooms.extend(firsts(&code[at + "ctibox::".len()..]).map(|room| (at, room)));
        }
    }
    let leaving = "super::".repeat(source.depth());
    for (at, _) in code.match_indices(&leaving) {
        rooms.extend(firsts(code[at + leaving.len()..].trim_start_matches("super::")).map(|room| (at, room)));
    }
    rooms.into_iter().map(|(at, room)| (code[..at].lines().count().max(1), room)).collect()
}

fn is_word_byte(bytes: &[u8], at: usize) -> bool {
    at > 0 && (bytes[at - 1].is_ascii_alphanumeric() || bytes[at - 1] == b'_')
}

/// The first names of the path or of each path of the group that begins here; a macro is none.
fn firsts(rest: &str) -> impl Iterator<Item = String> {
    let mut names = Vec::new();
    match rest.strip_prefix('{') {
        None => names.extend(first(rest)),
        Some(group) => {
            let mut depth = 0_usize;
            let mut is_start = true;
            for (at, c) in group.char_indices() {
                match c {
                    '{' => depth += 1,
                    '}' if depth == 0 => break,
                    '}' => depth -= 1,
                    ',' if depth == 0 => is_start = true,
                    c if is_start && !c.is_whitespace() => {
                        names.extend(first(&group[at..]));
                        is_start = false;
                    }
                    _ => {}
                }
            }
        }
    }
    names.into_iter()
}

fn first(path: &str) -> Option<String> {
    let end = path.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(path.len());
    (end > 0 && !path[end..].starts_with('!')).then(|| path[..end].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "text\n\n| room | may use |\n|---|---|\n| main | command |\n| command | all |\n\
                         | live | protocol, settings |\n| protocol, auth | settings (ids) |\n| settings, observe | nobody |\n\nmore | text";

    fn check(path: &str, text: &str) -> Vec<String> {
        faults(&Tree::made_up(&[(path, text)]), &Edges::parse(TABLE).expect("a table"))
    }

    #[test]
    fn an_edge_of_the_table_passes() {
        let nothing: [String; 0] = [];
        for (path, text) in [
            ("src/live/mod.rs", "use crate::protocol::notice::Notice;\nuse crate::{settings::id, observe};"),
            ("src/live/queue.rs", "use super::super::settings::id;\nuse super::hub;\nuse crate::live::hub;"),
            ("src/command/serve.rs", "use crate::{live, protocol::{line, word}, auth};"),
            ("src/main.rs", "fn main() { ctibox::command::run() }"),
            ("src/auth/mod.rs", "crate::settings::x(); crate::words! {}"),
            ("src/protocol/mod.rs", "#[cfg(test)]\nmod tests { use crate::live::Live; }"),
        ] {
            assert_eq!(check(path, text), nothing, "{text}");
        }
    }

    #[test]
    fn an_edge_that_is_not_in_the_table_is_a_fault() {
        for (path, text) in [
            ("src/protocol/mod.rs", "use crate::live::Live;"),
            ("src/protocol/mod.rs", "fn a() { crate::auth::b() }"),
            ("src/live/mod.rs", "use crate::{settings::{id}, auth::Answer};"),
            ("src/live/mod.rs", "use super::command;"),
            ("src/live/queue.rs", "use super::super::command::serve;"),
            ("src/main.rs", "use ctibox::live;"),
            ("src/settings/mod.rs", "use crate::protocol;"),
            ("src/command/mod.rs", "use crate::attic;"),
            ("src/attic/mod.rs", "//! a room without a row"),
        ] {
            assert_eq!(check(path, text).len(), 1, "{path} {text}");
        }
    }

    #[test]
    fn a_text_without_the_table_is_no_table() {
        assert!(Edges::parse("| place | may use |\n|---|---|\n| a | b |").is_none());
    }
}
