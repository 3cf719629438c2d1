//! Settings files as a layer (settings §7): bytes with names come in from `command`, in the order in which they count; out
//! comes what they say of each key, with its place, and what is wrong in them. Nothing is opened here.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::fate::{KeyFate, Known, Program, Reading};
use super::fault::FileFault;
use super::finding::{FileFinding, FileProblem};
use super::guess;
use super::layer::{FileLayer, FileValue};
use super::merge::{Merged, MergedMap, MergedValue, merge};
use super::place::FilePlace;
use super::pristine;
use super::value;
use super::yaml::{self, Node, NodeValue};
use crate::observe;
use crate::settings::setting::{Key, SettingValue};

/// A settings file as it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SettingsFile {
    pub(crate) program: Program,
    pub(crate) kind: FileKind,
    /// As people are told it.
    pub(crate) path: String,
    /// Or why they cannot be read.
    pub(crate) bytes: Result<Vec<u8>, String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FileKind {
    /// `config.yml`
    Main,
    /// One of `conf.d`, or `conf.d` itself where it cannot be read.
    Extra,
}

/// The layer of these files; the first one wins.
pub(crate) fn layer_of(files: &[SettingsFile]) -> FileLayer {
    let mut reader = Reader::default();
    for program in [Program::Ctibox, Program::XivoCtid, Program::XivoAuth] {
        let mut merged = MergedMap::new();
        for (rank, file) in files.iter().enumerate().filter(|(_, file)| file.program == program) {
            reader.read(file, rank, &mut merged);
        }
        reader.walk(program, "", merged);
    }
    reader.finish()
}

/// A value of a key, or that it is none.
struct Candidate {
    place: FilePlace,
    value: Option<SettingValue>,
}

#[derive(Default)]
struct Reader {
    candidates: BTreeMap<Key, Vec<Candidate>>,
    findings: Vec<FileFinding>,
    is_broken: bool,
    broken_old_files: BTreeSet<Arc<str>>,
    /// Old main files by rank: some of what they have and ctibox does not is the package's.
    packaged: BTreeSet<usize>,
}

impl Reader {
    fn found(&mut self, place: FilePlace, problem: impl Into<FileProblem>) {
        self.findings.push(FileFinding { place, problem: problem.into() });
    }

    fn read(&mut self, file: &SettingsFile, rank: usize, merged: &mut MergedMap) {
        let place = FilePlace::of_file(&file.path, rank);
        let is_own_main = (file.program, file.kind) == (Program::Ctibox, FileKind::Main);
        let bytes = match &file.bytes {
            Ok(bytes) => bytes,
            Err(why) => {
                self.take_as_broken(file, &place);
                return self.found(place, FileFault::Unreadable { why: why.clone(), is_own_main });
            }
        };
        let document = match yaml::parse(bytes) {
            Ok(document) => document,
            Err(broken) => {
                self.take_as_broken(file, &place);
                return self.found(
                    place.at(broken.position),
                    FileFault::Broken { why: observe::shown(&broken.why), is_own_main },
                );
            }
        };
        for (position, name) in document.repeated {
            self.found(place.at(position), FileProblem::RepeatedKey { name: observe::shown(&name) });
        }
        match document.root.map(|root| root.value) {
            None => {}
            Some(NodeValue::Map(mut entries)) => {
                if file.kind == FileKind::Main && file.program != Program::Ctibox {
                    self.packaged.insert(rank);
                    pristine::take_out(file.program, &mut entries);
                }
                merge(merged, entries, &place);
            }
            Some(_) => {
                self.take_as_broken(file, &place);
                self.found(place, FileFault::NoMap { is_own_main });
            }
        }
    }

    /// Nobody knows what it says. Of ctibox's own files the whole is none then; what one of the original's programs decided
    /// stays, and all else goes on (settings §7).
    fn take_as_broken(&mut self, file: &SettingsFile, place: &FilePlace) {
        match file.program {
            Program::Ctibox => self.is_broken = true,
            Program::XivoCtid | Program::XivoAuth => drop(self.broken_old_files.insert(Arc::clone(&place.file))),
        }
    }

    fn walk(&mut self, program: Program, group: &str, merged: MergedMap) {
        for (name, merged) in merged {
            let name = observe::shown(&name);
            if name.contains('.') {
                self.found(merged.place, FileProblem::DottedKey { name });
                continue;
            }
            let path = if group.is_empty() { name } else { format!("{group}.{name}") };
            match program.look_up(&path) {
                Known::Value(KeyFate::Setting(key, reading)) => self.take_value(key, reading, &path, merged),
                Known::Value(KeyFate::NotNeeded(_)) => {}
                Known::Value(KeyFate::NotDone(why)) => {
                    let is_packaged =
                        self.packaged.contains(&merged.place.rank) && pristine::is_packaged(program, &path);
                    if !is_packaged {
                        self.found(merged.place, FileProblem::NotDone { path, why });
                    }
                }
                Known::Group => self.take_group(program, path, merged),
                Known::Unknown => {
                    let nearest =
                        guess::nearest(&path, program.groups().into_iter().chain(program.paths())).map(str::to_owned);
                    self.found(merged.place, FileProblem::UnknownKey { path, nearest });
                }
            }
        }
    }

    fn take_group(&mut self, program: Program, path: String, merged: Merged) {
        let Merged { place, value, hidden } = merged;
        let is_map = matches!(value, MergedValue::Map(_));
        for (hidden_place, node) in &hidden {
            let problem = FileProblem::OtherKind { path: path.clone(), above: place.clone() };
            if is_map || matches!(node.value, NodeValue::Map(_)) {
                self.found(hidden_place.clone(), problem);
            }
        }
        match value {
            MergedValue::Map(map) => self.walk(program, &path, map),
            MergedValue::Leaf(Node { value: NodeValue::Null, .. }) => {
                let below = program.settings_below(&path);
                self.found(place.clone(), FileProblem::EmptyGroup { path: path.clone(), settings: below.len() });
                for (_, key, _) in below {
                    let value = Some(SettingValue::default_of(key));
                    self.candidates.entry(key).or_default().push(Candidate { place: place.clone(), value });
                }
                for (hidden_place, node) in hidden {
                    self.take_hidden(program, &path, hidden_place, node);
                }
            }
            MergedValue::Leaf(_) => {
                let below: Vec<Key> = program.settings_below(&path).into_iter().map(|(_, key, _)| key).collect();
                self.found(place.clone(), FileFault::NoGroup { path, below: below.clone() });
                for key in below {
                    self.candidates.entry(key).or_default().push(Candidate { place: place.clone(), value: None });
                }
            }
        }
    }

    /// What stands in a map that an earlier file's empty one hides.
    fn take_hidden(&mut self, program: Program, path: &str, place: FilePlace, node: Node) {
        match (program.look_up(path), node.value) {
            (Known::Group, NodeValue::Map(entries)) => {
                for entry in entries {
                    let at = place.at(entry.value.position);
                    self.take_hidden(program, &format!("{path}.{}", entry.key), at, entry.value);
                }
            }
            (Known::Value(KeyFate::Setting(key, reading)), value) => self.take_below(key, reading, place, &value),
            _ => {}
        }
    }

    fn take_value(&mut self, key: Key, reading: Reading, path: &str, merged: Merged) {
        let Merged { place, value, hidden } = merged;
        let taken = match &value {
            MergedValue::Leaf(node) => value::of(key, reading, &node.value),
            MergedValue::Map(_) => Err("must be a value, not a map of keys".to_owned()),
        };
        if let Err(must_be) = &taken {
            let (path, must_be) = (path.to_owned(), must_be.clone());
            self.found(place.clone(), FileFault::WrongValue { key, path, must_be });
        }
        self.candidates.entry(key).or_default().push(Candidate { place, value: taken.ok() });
        for (place, node) in hidden {
            self.take_below(key, reading, place, &node.value);
        }
    }

    /// A value that another one hides is shown beside it, if it is one.
    fn take_below(&mut self, key: Key, reading: Reading, place: FilePlace, value: &NodeValue) {
        if let Ok(value) = value::of(key, reading, value) {
            self.candidates.entry(key).or_default().push(Candidate { place, value: Some(value) });
        }
    }

    fn finish(mut self) -> FileLayer {
        let mut values = BTreeMap::new();
        let mut wrong = BTreeSet::new();
        for (key, mut candidates) in std::mem::take(&mut self.candidates) {
            // Two spellings of one key: the earlier file wins here too.
            candidates.sort_by_key(|candidate| candidate.place.rank);
            if candidates.first().is_some_and(|first| first.value.is_none()) {
                // It hides the others all the same.
                wrong.insert(key);
                continue;
            }
            let taken = candidates.into_iter().filter_map(|Candidate { place, value }| {
                let value = value?;
                Some(FileValue { value, place, is_untold: false })
            });
            let taken: Vec<FileValue> = taken.collect();
            if let Some(first) = taken.first() {
                self.say_inert(key, first);
                values.insert(key, taken);
            }
        }
        self.findings.sort_by_key(|finding| (finding.place.rank, finding.place.line, finding.place.column));
        FileLayer::new(values, wrong, self.is_broken, self.broken_old_files, self.findings)
    }

    fn say_inert(&mut self, key: Key, first: &FileValue) {
        if let Some(why) = first.value.inert() {
            self.found(first.place.clone(), FileProblem::Inert { key, why });
        }
    }
}
