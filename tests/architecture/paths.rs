//! Paths of a Rust text: what its `use` items name and what is written out in full, and which file's module each of them
//! leads to, through re-exports. Only paths within the crate are followed.

use std::collections::{BTreeMap, BTreeSet};

use crate::source::{Source, Tree};

/// One path that a file names.
pub(crate) struct Named {
    pub(crate) line: usize,
    /// From the top of the crate, without `crate`, `self` and `super`.
    pub(crate) segments: Vec<String>,
    /// The name that a `use` gives it in this file.
    pub(crate) imported: Option<String>,
}

/// Where a path ends: in the module of a file, and what of it is named there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Target {
    pub(crate) module: Vec<String>,
    pub(crate) item: Option<String>,
}

/// The modules of the program and what each file names.
pub(crate) struct Modules<'tree> {
    pub(crate) files: Vec<File<'tree>>,
    imports: BTreeMap<(Vec<String>, String), Vec<String>>,
    known: BTreeMap<Vec<String>, usize>,
}

pub(crate) struct File<'tree> {
    pub(crate) source: &'tree Source,
    pub(crate) module: Vec<String>,
    pub(crate) named: Vec<Named>,
}

/// Re-exports that are followed one after the other; who goes in a ring stops here.
const HOPS_MAX: usize = 8;

impl<'tree> Modules<'tree> {
    pub(crate) fn of(tree: &'tree Tree) -> Self {
        let modules: Vec<Vec<String>> = tree.shipped().map(|source| module(&source.path)).collect();
        let known: BTreeMap<Vec<String>, usize> =
            modules.iter().enumerate().map(|(at, module)| (module.clone(), at)).collect();
        let files = tree.shipped().zip(modules).map(|(source, module)| {
            let named = Scope::of(&module, &known).named(&source.code());
            File { source, module, named }
        });
        let files: Vec<File> = files.collect();
        let imports = files.iter().flat_map(|file| {
            let imported =
                file.named.iter().filter_map(|named| Some((named.imported.clone()?, named.segments.clone())));
            imported.map(|(name, segments)| ((file.module.clone(), name), segments))
        });
        Self { imports: imports.collect(), known, files }
    }

    /// The file that holds what the path names; None for a path that leaves the crate.
    pub(crate) fn target(&self, segments: &[String]) -> Option<Target> {
        self.follow(segments, HOPS_MAX)
    }

    pub(crate) fn file_at(&self, module: &[String]) -> Option<usize> {
        self.known.get(module).copied()
    }

    fn follow(&self, segments: &[String], hops: usize) -> Option<Target> {
        let mut module: Vec<String> = Vec::new();
        for (at, segment) in segments.iter().enumerate() {
            let mut below = module.clone();
            below.push(segment.clone());
            if self.known.contains_key(&below) {
                module = below;
                continue;
            }
            let renamed = self.imports.get(&(module.clone(), segment.clone()));
            if let Some(renamed) = renamed.filter(|renamed| hops > 0 && renamed.as_slice() != &segments[..=at]) {
                let onward: Vec<String> = renamed.iter().chain(&segments[at + 1..]).cloned().collect();
                return self.follow(&onward, hops - 1);
            }
            let is_inside = self.known.contains_key(&module) && !module.is_empty();
            return is_inside.then(|| Target { module, item: Some(segment.clone()) });
        }
        (!module.is_empty()).then_some(Target { module, item: None })
    }
}

/// `src/live/chat/mod.rs` as `live`, `chat`.
fn module(path: &str) -> Vec<String> {
    let path = path.trim_start_matches("src/").trim_end_matches(".rs").trim_end_matches("/mod");
    path.split('/').filter(|part| *part != "lib").map(str::to_owned).collect()
}

/// What the first word of a path means in one file.
struct Scope<'file> {
    module: &'file [String],
    children: BTreeSet<&'file str>,
    /// What `use` items brought in, each with its path from the top of the crate.
    imports: BTreeMap<String, Vec<String>>,
}

impl<'file> Scope<'file> {
    fn of(module: &'file [String], known: &'file BTreeMap<Vec<String>, usize>) -> Self {
        let children = known.keys().filter_map(|below| match below.split_last()? {
            (child, above) if above == module => Some(child.as_str()),
            _ => None,
        });
        Self { module, children: children.collect(), imports: BTreeMap::new() }
    }

    fn named(mut self, code: &str) -> Vec<Named> {
        let mut found = Vec::new();
        let mut rest = code.as_bytes().to_vec();
        for (at, _) in code.match_indices("use ") {
            if !is_word_start(code, at) || !begins_item(code, at) {
                continue;
            }
            let end = code[at..].find(';').map_or(code.len(), |length| at + length);
            let mut paths = Vec::new();
            expand(&mut Vec::new(), &code[at + "use ".len()..end], &mut paths);
            let line = line_of(code, at);
            found.extend(paths.into_iter().filter_map(|(segments, imported)| {
                Some(Named { line, segments: self.absolute(&segments)?, imported })
            }));
            rest[at..end].fill(b' ');
        }
        let imported = found.iter().filter_map(|named| Some((named.imported.clone()?, named.segments.clone())));
        self.imports = imported.collect();
        let rest = String::from_utf8_lossy(&rest).into_owned();
        found.extend(
            written_out(&rest).filter_map(|(line, segments)| {
                Some(Named { line, segments: self.absolute(&segments)?, imported: None })
            }),
        );
        found
    }

    /// From the top of the crate; None for a path of another crate or of the prelude.
    fn absolute(&self, segments: &[String]) -> Option<Vec<String>> {
        let first = segments.first()?.as_str();
        let (mut at, mut rest) = match first {
            // The program calls the library by its name.
            "crate" | "ctibox" => (Vec::new(), &segments[1..]),
            "self" => (self.module.to_vec(), &segments[1..]),
            "super" => (self.module.to_vec(), segments),
            child if self.children.contains(child) => (self.module.to_vec(), segments),
            name => (self.imports.get(name)?.clone(), &segments[1..]),
        };
        while rest.first().is_some_and(|segment| segment == "super") {
            at.pop()?;
            rest = &rest[1..];
        }
        at.extend(rest.iter().cloned());
        (!at.is_empty()).then_some(at)
    }
}

/// The paths of two words and more outside of `use` items, each with its line.
fn written_out(code: &str) -> impl Iterator<Item = (usize, Vec<String>)> {
    let begins = code.match_indices("::").filter_map(|(at, _)| {
        let from = code[..at].rfind(|c: char| !is_word(c)).map_or(0, |before| before + 1);
        // What stands behind another `::` is the same path, behind a dot a method with its types.
        let is_first = from < at && !code[..from].ends_with("::") && !code[..from].ends_with('.');
        is_first.then_some(from)
    });
    begins.filter_map(|from| {
        let end = code[from..].find(|c: char| !is_word(c) && c != ':').map_or(code.len(), |length| from + length);
        let is_macro = code[end..].starts_with('!') && !code[end..].starts_with("!=");
        let segments = code[from..end].split("::").filter(|segment| !segment.is_empty()).map(str::to_owned);
        (!is_macro).then(|| (line_of(code, from), segments.collect()))
    })
}

/// Before `use` stands the end of another item, an attribute, or a word of visibility.
fn begins_item(code: &str, at: usize) -> bool {
    let before = code[..at].trim_end();
    before.is_empty() || before.ends_with([';', '}', '{', ']', ')']) || before.ends_with("pub")
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn is_word_start(code: &str, at: usize) -> bool {
    !code[..at].ends_with(is_word)
}

fn line_of(code: &str, at: usize) -> usize {
    code[..at].matches('\n').count() + 1
}

type Path = (Vec<String>, Option<String>);

/// `a::{b, c::d as e, self}` as its paths, each with the name that it gets.
fn expand(before: &mut Vec<String>, tree: &str, paths: &mut Vec<Path>) {
    let tree = tree.trim();
    let group = tree.find('{');
    let head = tree[..group.unwrap_or(tree.len())].trim();
    let (head, alias) = match head.split_once(" as ") {
        Some((head, alias)) => (head, Some(alias.trim().to_owned())),
        None => (head, None),
    };
    let segments: Vec<String> =
        head.split("::").map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect();
    let length = before.len();
    before.extend(segments);
    match group {
        Some(open) => {
            let inner = tree[open + 1..].trim_end().trim_end_matches('}');
            // The last brace closes this group; those before it are closed inside.
            let missing = inner.matches('{').count().saturating_sub(inner.matches('}').count());
            let inner = format!("{inner}{}", "}".repeat(missing));
            for part in split(&inner) {
                expand(before, part, paths);
            }
        }
        None => {
            let is_self = before.len() > 1 && before.last().is_some_and(|last| last == "self");
            let path = before[..before.len() - usize::from(is_self)].to_vec();
            let is_glob = path.last().is_some_and(|last| last == "*");
            // `as _` brings a trait without a name.
            let imported = alias.or_else(|| path.last().cloned()).filter(|name| !is_glob && name != "_");
            let path = if is_glob { path[..path.len() - 1].to_vec() } else { path };
            if !path.is_empty() {
                paths.push((path, imported));
            }
        }
    }
    before.truncate(length);
}

/// The parts between the commas of the outermost level.
pub(crate) fn split(group: &str) -> Vec<&str> {
    let mut depth = 0_usize;
    let mut from = 0;
    let mut parts = Vec::new();
    for (at, c) in group.char_indices() {
        match c {
            '{' | '(' => depth += 1,
            '}' | ')' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                parts.push(&group[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&group[from..]);
    parts.into_iter().filter(|part| !part.trim().is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(code: &str) -> Vec<String> {
        let files = ["live", "live/chat", "live/chat/delivery"].map(|path| (format!("src/{path}/mod.rs"), ""));
        let mut files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), *text)).collect();
        files[1].1 = code;
        let tree = Tree::made_up(&files);
        let modules = Modules::of(&tree);
        modules.files[1].named.iter().map(|named| named.segments.join("::")).collect()
    }

    #[test]
    fn every_way_to_write_a_path_is_understood() {
        for (code, expected) in [
            ("use crate::settings::id;", vec!["settings::id"]),
            ("pub(crate) use super::index::Index;", vec!["live::index::Index"]),
            (
                "use super::super::protocol::{self, line::{Line, word as w}};",
                vec!["protocol", "protocol::line::Line", "protocol::line::word"],
            ),
            ("use crate::{auth, store::*};", vec!["auth", "store"]),
            ("fn a() { super::view::b(crate::live::C) }", vec!["live::view::b", "live::C"]),
            ("pub(crate) use delivery::Delivery;", vec!["live::chat::delivery::Delivery"]),
            ("fn a() { delivery::b() }", vec!["live::chat::delivery::b"]),
            ("use crate::live::view;\nfn a() { view::b() }", vec!["live::view", "live::view::b"]),
            (
                "use super::view as seen;\nfn a() { c.seen::<u8>(); seen::b::<u8>() }",
                vec!["live::view", "live::view::b"],
            ),
            ("use std::fmt;\nfn because() { because_crate::a() }", vec![]),
        ] {
            assert_eq!(paths(code), expected, "{code}");
        }
    }

    #[test]
    fn a_path_is_followed_through_a_re_export() {
        let tree = Tree::made_up(&[
            ("src/live/mod.rs", "mod state;\nmod view;\npub(crate) use state::World as Picture;"),
            ("src/live/state.rs", "pub(crate) struct World;"),
            ("src/live/view.rs", "use super::Picture;"),
        ]);
        let modules = Modules::of(&tree);
        let target = modules.target(&["live", "Picture"].map(str::to_owned)).expect("it is within the crate");
        assert_eq!((target.module.join("::"), target.item.as_deref()), ("live::state".to_owned(), Some("World")));
    }
}
