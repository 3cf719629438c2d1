//! Who may use whom: the table of ARCHITECTURE.md against every `crate::room` and every `super::` that leaves a room.
//! `live (messages, time)` in a cell means these modules of the room alone.

use std::collections::{BTreeMap, BTreeSet};

use crate::paths::{Modules, Named, split};
use crate::source::Tree;

/// What a room may use.
enum Reach {
    All,
    /// The rooms, each with the modules that may be named; none are named: all.
    Only(BTreeMap<String, BTreeSet<String>>),
}

/// A room and, where it is written, the module of it that the path goes on with.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Use {
    room: String,
    module: Option<String>,
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
            for room in split(rooms) {
                let uses = rooms_of(uses);
                let reach = if uses.contains_key("all") { Reach::All } else { Reach::Only(uses) };
                rows.insert(word(room), reach);
            }
        }
        (!rows.is_empty()).then_some(Self { rows })
    }

    fn may_use(&self, from: &str, used: &Use) -> bool {
        let to = used.room.as_str();
        from == to
            || to == "observe"
            || match self.rows.get(from) {
                Some(Reach::All) => self.rows.contains_key(to),
                Some(Reach::Only(uses)) => uses.get(to).is_some_and(|modules| {
                    modules.is_empty() || used.module.as_ref().is_some_and(|module| modules.contains(module))
                }),
                None => false,
            }
    }
}

fn cells(line: &str) -> Vec<&str> {
    line.trim().trim_matches('|').split('|').map(str::trim).collect()
}

/// The rooms of a cell, and what stands in brackets behind each.
fn rooms_of(cell: &str) -> BTreeMap<String, BTreeSet<String>> {
    let rooms = split(cell).into_iter().map(|part| {
        let (room, modules) = part.split_once('(').unwrap_or((part, ""));
        (word(room), split(modules.trim_end().trim_end_matches(')')).into_iter().map(word).collect())
    });
    rooms.collect()
}

fn word(text: &str) -> String {
    text.trim().trim_matches('`').to_owned()
}

pub(crate) fn faults(tree: &Tree, edges: &Edges) -> Vec<String> {
    let mut faults = Vec::new();
    let modules = Modules::of(tree);
    for source in tree.shipped().filter(|source| source.room() != "lib") {
        if !edges.rows.contains_key(source.room()) {
            faults.push(format!("{}: room {} has no row in the table of edges", source.path, source.room()));
        }
    }
    for file in modules.files.iter().filter(|file| file.source.room() != "lib") {
        for named in &file.named {
            let (used, room) = (used(named), file.source.room());
            if !edges.may_use(room, &used) {
                let module = used.module.map(|module| format!("::{module}")).unwrap_or_default();
                faults.push(format!("{}:{}: {room} may not use {}{module}", file.source.path, named.line, used.room));
            }
        }
    }
    faults
}

fn used(named: &Named) -> Use {
    Use { room: named.segments[0].clone(), module: named.segments.get(1).cloned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "text\n\n| room | may use |\n|---|---|\n| main | command |\n| command | all |\n\
                         | live | protocol, settings |\n| protocol, auth | settings (id) |\n\
                         | server | live (messages, time), protocol |\n| settings, observe | nobody |\n\nmore | text";

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
            ("src/auth/mod.rs", "crate::settings::id::x(); crate::words! {}"),
            ("src/server/a.rs", "use crate::live::messages::{Input, Moment};\nuse crate::{live::time, protocol};"),
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
            ("src/protocol/mod.rs", "use crate::settings::rule::Refusal;"),
            ("src/server/a.rs", "use crate::live::{messages::Input, Live};"),
            ("src/server/a.rs", "use crate::live;"),
            ("src/server/a.rs", "fn a(b: crate::live::state::World) {}"),
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
