//! Circles: no file of a room imports a file that imports it, directly or through others. A parent and its child modules
//! are one thing with its parts and may name each other.

use std::collections::{BTreeMap, BTreeSet};

use crate::paths::Modules;
use crate::source::Tree;

/// Files of one room that import each other in a ring, and the lines that close it.
pub(crate) struct Circle {
    pub(crate) files: BTreeSet<String>,
    pub(crate) edges: Vec<String>,
}

/// What a file imports: the other file, with the first line that names it.
type Imports = BTreeMap<usize, usize>;

pub(crate) fn circles(tree: &Tree) -> Vec<Circle> {
    let modules = Modules::of(tree);
    let imports: Vec<Imports> = (0..modules.files.len()).map(|at| imports(&modules, at)).collect();
    let reached: Vec<BTreeSet<usize>> = (0..imports.len()).map(|at| reached(&imports, at)).collect();
    let mut seen = BTreeSet::new();
    let mut circles = Vec::new();
    for at in 0..imports.len() {
        if seen.contains(&at) || !reached[at].contains(&at) {
            continue;
        }
        let members: BTreeSet<usize> =
            reached[at].iter().copied().filter(|other| reached[*other].contains(&at)).collect();
        let path = |file: usize| modules.files[file].source.path.clone();
        let edges = members.iter().flat_map(|from| {
            let inside = imports[*from].iter().filter(|(to, _)| members.contains(to));
            inside.map(|(to, line)| format!("{}:{line} -> {}", path(*from), path(*to)))
        });
        circles.push(Circle { edges: edges.collect(), files: members.iter().map(|file| path(*file)).collect() });
        seen.extend(members);
    }
    circles
}

fn imports(modules: &Modules, at: usize) -> Imports {
    let file = &modules.files[at];
    let mut imports = Imports::new();
    for named in &file.named {
        let Some(target) = modules.target(&named.segments) else { continue };
        let is_own_room = target.module.first() == file.module.first();
        let is_family = target.module.starts_with(&file.module) || file.module.starts_with(&target.module);
        if let Some(to) = modules.file_at(&target.module).filter(|_| is_own_room && !is_family) {
            imports.entry(to).or_insert(named.line);
        }
    }
    imports
}

/// All that can be reached from here, itself only by a ring.
fn reached(imports: &[Imports], from: usize) -> BTreeSet<usize> {
    let mut reached = BTreeSet::new();
    let mut ahead: Vec<usize> = imports[from].keys().copied().collect();
    while let Some(next) = ahead.pop() {
        if reached.insert(next) {
            ahead.extend(imports[next].keys());
        }
    }
    reached
}

/// Circles that are not known, and known ones that are gone or have lost a file. Each known one comes with its reason.
pub(crate) fn faults(tree: &Tree, known: &[(&[&str], &str)]) -> Vec<String> {
    let known: Vec<BTreeSet<String>> =
        known.iter().map(|(files, _)| files.iter().map(|file| (*file).to_owned()).collect()).collect();
    let found = circles(tree);
    let is_new = |circle: &&Circle| !known.contains(&circle.files);
    let mut faults: Vec<String> = found
        .iter()
        .filter(is_new)
        .map(|circle| format!("files import each other in a circle:\n    {}", circle.edges.join("\n    ")))
        .collect();
    let is_gone = |files: &&BTreeSet<String>| !found.iter().any(|circle| circle.files == **files);
    faults.extend(known.iter().filter(is_gone).map(|files| format!("no circle any more, take it off: {files:?}")));
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(files: &[(&str, &str)]) -> Vec<BTreeSet<String>> {
        circles(&Tree::made_up(files)).into_iter().map(|circle| circle.files).collect()
    }

    #[test]
    fn two_files_that_import_each_other_are_a_circle() {
        let files = [
            ("src/live/mod.rs", "mod index;\nmod view;"),
            ("src/live/index.rs", "use super::view::View;"),
            ("src/live/view.rs", "fn a() { crate::live::index::b() }"),
        ];
        let expected: BTreeSet<String> = ["src/live/index.rs", "src/live/view.rs"].map(str::to_owned).into();
        assert_eq!(check(&files), [expected]);
        let faults = |known: &[(&[&str], &str)]| faults(&Tree::made_up(&files), known).len();
        assert_eq!(faults(&[]), 1);
        assert_eq!(faults(&[(&["src/live/index.rs", "src/live/view.rs"], "why")]), 0);
        // A list may only shrink: what is gone from it is told.
        assert_eq!(faults(&[(&["src/live/index.rs", "src/live/queue.rs", "src/live/view.rs"], "why")]), 2);
    }

    #[test]
    fn a_ring_of_three_is_found_through_a_re_export() {
        let files = [
            ("src/live/mod.rs", "mod index;\nmod view;\nmod queue;\npub(crate) use queue::Queue;"),
            ("src/live/index.rs", "use super::view::View;"),
            ("src/live/view.rs", "use super::{Queue, mod_only};"),
            ("src/live/queue.rs", "use crate::live::index::{self, Index};"),
        ];
        assert_eq!(check(&files).first().map(BTreeSet::len), Some(3));
    }

    #[test]
    fn what_is_called_by_way_of_its_module_counts() {
        let files = [
            ("src/live/mod.rs", "mod index;\nmod view;\nmod queue;\npub(crate) use queue::note;"),
            ("src/live/index.rs", "use crate::live;\nfn a() { live::note() }"),
            ("src/live/view.rs", ""),
            ("src/live/queue.rs", "use super::index;\nfn note() { index::a() }"),
        ];
        let expected: BTreeSet<String> = ["src/live/index.rs", "src/live/queue.rs"].map(str::to_owned).into();
        assert_eq!(check(&files), [expected]);
    }

    #[test]
    fn a_module_and_its_parts_may_name_each_other() {
        let files = [
            ("src/live/mod.rs", "mod chat;\nuse self::chat::Chat;\nuse self::chat::delivery::Delivery;"),
            ("src/live/chat/mod.rs", "mod delivery;\nuse self::delivery::Delivery;\nuse super::Live;"),
            ("src/live/chat/delivery.rs", "use super::Chat;\nuse super::super::Live;"),
        ];
        assert_eq!(check(&files).len(), 0);
    }

    #[test]
    fn what_tests_alone_compile_makes_no_circle() {
        let files = [
            ("src/live/mod.rs", "mod index;\nmod view;"),
            ("src/live/index.rs", "use super::view::View;"),
            ("src/live/view.rs", "#[cfg(test)]\nmod tests { use crate::live::index::Index; }"),
        ];
        assert_eq!(check(&files).len(), 0);
    }
}
