//! One name, one thing: within a room a bare type name means one type, and no type name is imported bare from two rooms.
//! A type of another room that shares its name is written with its room: `settings::Presence` beside `live::Presence`.

use std::collections::{BTreeMap, BTreeSet};

use crate::names::definitions;
use crate::paths::Modules;
use crate::source::Tree;

/// What a name means: the files that define it.
type Meanings = BTreeSet<String>;

/// Type names that mean more than one thing within a room: `ROOM NAME: FILES`.
pub(crate) fn twice_in_a_room(tree: &Tree) -> Vec<String> {
    let known = Known::of(tree);
    let mut meanings: BTreeMap<(String, String), Meanings> = BTreeMap::new();
    for (name, path, room) in &known.types {
        meanings.entry((room.clone(), name.clone())).or_default().insert(path.clone());
    }
    for import in &known.imports {
        // A room that defines nothing of that name may import it; which is the one that others mean is the other count.
        meanings.entry((import.into.clone(), import.name.clone())).or_default().insert(import.path.clone());
    }
    let twice = meanings.into_iter().filter(|(_, paths)| paths.len() > 1);
    twice.map(|((room, name), paths)| format!("{room} {name}: {}", joined(paths))).collect()
}

/// Type names that other rooms import bare from more than one room: `NAME: ROOM by FILE, FILE; ROOM by FILE`.
pub(crate) fn bare_from_two_rooms(tree: &Tree) -> Vec<String> {
    let known = Known::of(tree);
    let mut rooms: BTreeMap<String, BTreeMap<String, BTreeSet<String>>> = BTreeMap::new();
    for import in known.imports {
        rooms.entry(import.name).or_default().entry(import.from).or_default().insert(import.by);
    }
    let twice = rooms.into_iter().filter(|(_, rooms)| rooms.len() > 1);
    let told = twice.map(|(name, rooms)| {
        let rooms: Vec<String> = rooms.into_iter().map(|(room, by)| format!("{room} by {}", joined(by))).collect();
        format!("{name}: {}", rooms.join("; "))
    });
    told.collect()
}

fn joined(names: BTreeSet<String>) -> String {
    names.into_iter().collect::<Vec<String>>().join(", ")
}

/// Another number than is known; it may only shrink.
pub(crate) fn count_faults(what: &str, found: &[String], known: usize) -> Vec<String> {
    match found.len() {
        number if number == known => Vec::new(),
        number if number < known => vec![format!("{number} {what}: lower the number {known} in main.rs")],
        number => {
            let head = format!("{number} {what}, {known} are known:");
            std::iter::once(head).chain(found.iter().cloned()).collect()
        }
    }
}

/// A type of another room under its bare name.
struct Import {
    name: String,
    /// The file that defines it, and its room.
    path: String,
    from: String,
    /// The room and the file that import it.
    into: String,
    by: String,
}

struct Known {
    /// Name, file and room.
    types: Vec<(String, String, String)>,
    imports: Vec<Import>,
}

impl Known {
    fn of(tree: &Tree) -> Self {
        let modules = Modules::of(tree);
        let mut types = Vec::new();
        for file in &modules.files {
            let code = file.source.code();
            let outer = outer(&code);
            let defined = definitions(&outer).into_iter().filter(|(_, keyword, _)| *keyword != "mod");
            let room = file.source.room();
            types.extend(defined.map(|(_, _, name)| (name.to_owned(), file.source.path.clone(), room.to_owned())));
        }
        let defined: BTreeSet<(&str, &str)> =
            types.iter().map(|(name, path, _)| (name.as_str(), path.as_str())).collect();
        let mut imports = Vec::new();
        for file in &modules.files {
            for named in &file.named {
                let Some(name) = &named.imported else { continue };
                let Some(target) = modules.target(&named.segments) else { continue };
                let Some(source) = modules.file_at(&target.module).map(|at| modules.files[at].source) else { continue };
                let item = target.item.unwrap_or_default();
                if source.room() != file.source.room() && defined.contains(&(item.as_str(), source.path.as_str())) {
                    imports.push(Import {
                        name: name.clone(),
                        path: source.path.clone(),
                        from: source.room().to_owned(),
                        into: file.source.room().to_owned(),
                        by: file.source.path.clone(),
                    });
                }
            }
        }
        Self { types, imports }
    }
}

/// The text outside of all braces: what a file defines for others, without associated types and what stands in bodies.
fn outer(code: &str) -> String {
    let mut depth = 0_usize;
    let kept = code.chars().map(|c| {
        depth = if c == '}' { depth.saturating_sub(1) } else { depth };
        let kept = if depth == 0 || c == '\n' { c } else { ' ' };
        depth += usize::from(c == '{');
        kept
    });
    kept.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SETTINGS: (&str, &str) = ("src/settings/mod.rs", "pub(crate) struct Presence;\npub(crate) struct User;");

    #[test]
    fn a_name_for_two_things_in_a_room_is_counted() {
        let twice = |files: &[(&str, &str)]| twice_in_a_room(&Tree::made_up(files)).len();
        let a = ("src/live/a.rs", "struct Waiting;");
        assert_eq!(twice(&[a, ("src/live/b.rs", "enum Waiting {}")]), 1);
        assert_eq!(twice(&[a, ("src/auth/b.rs", "enum Waiting {}")]), 0);
        assert_eq!(twice(&[a, ("src/live/b.rs", "impl X for Y { type Waiting = u8; }\n// struct Waiting")]), 0);
        // Its own and another room's, both bare.
        let own = ("src/live/b.rs", "struct Presence;");
        assert_eq!(twice(&[SETTINGS, own, ("src/live/c.rs", "use crate::settings::Presence;")]), 1);
        assert_eq!(twice(&[SETTINGS, own, ("src/live/c.rs", "use crate::settings::{self, User};")]), 0);
        assert_eq!(twice(&[SETTINGS, own, ("src/live/c.rs", "use crate::settings::Presence as Configured;")]), 0);
    }

    #[test]
    fn a_name_that_is_imported_bare_from_two_rooms_is_counted() {
        let twice = |files: &[(&str, &str)]| bare_from_two_rooms(&Tree::made_up(files)).len();
        let live = ("src/live/mod.rs", "pub(crate) struct Presence;");
        let bare = ("src/server/a.rs", "use crate::live::Presence;");
        assert_eq!(twice(&[SETTINGS, live, bare, ("src/check/a.rs", "use crate::settings::Presence;")]), 1);
        assert_eq!(twice(&[SETTINGS, live, bare, ("src/check/a.rs", "fn a(b: crate::settings::Presence) {}")]), 0);
        assert_eq!(twice(&[SETTINGS, live, bare, ("src/check/a.rs", "use crate::live::Presence;")]), 0);
    }

    #[test]
    fn one_more_or_one_less_than_known_is_a_fault() {
        let found = ["live Waiting: a, b".to_owned()];
        assert_eq!(count_faults("names", &found, 1).len(), 0);
        assert_eq!(count_faults("names", &found, 0).len(), 2);
        assert_eq!(count_faults("names", &found, 2).len(), 1);
    }
}
