//! The deep merge of settings files by the original's rules (settings §7): maps are merged key by key; a list, a scalar or
//! null is taken whole from the first file that has it; where one has a map and another has none, the earlier stays. What
//! is hidden so is kept beside what hides it. `files` brings the files of one program in their order.

use std::collections::BTreeMap;

use super::place::FilePlace;
use super::yaml::{Entry, Node, NodeValue};

/// A value with what it hides.
#[derive(Debug)]
pub(super) struct Merged {
    pub(super) place: FilePlace,
    pub(super) value: MergedValue,
    /// In the order of the files.
    pub(super) hidden: Vec<(FilePlace, Node)>,
}

#[derive(Debug)]
pub(super) enum MergedValue {
    /// Anything but a map.
    Leaf(Node),
    Map(MergedMap),
}

pub(super) type MergedMap = BTreeMap<String, Merged>;

/// Puts the entries of a later file under those that are there.
pub(super) fn merge(into: &mut MergedMap, entries: Vec<Entry>, file: &FilePlace) {
    for Entry { key, position, value } in entries {
        let place = file.at(match value.value {
            // An empty value has no place of its own, and a map begins with its name.
            NodeValue::Null | NodeValue::Map(_) => position,
            NodeValue::Scalar(_) | NodeValue::List(_) => value.position,
        });
        match into.get_mut(&key) {
            Some(present) => merge_value(present, place, value, file),
            None => drop(into.insert(key, fresh(place, value, file))),
        }
    }
}

fn fresh(place: FilePlace, node: Node, file: &FilePlace) -> Merged {
    let value = match node.value {
        NodeValue::Map(entries) => {
            let mut map = MergedMap::new();
            merge(&mut map, entries, file);
            MergedValue::Map(map)
        }
        _ => MergedValue::Leaf(node),
    };
    Merged { place, value, hidden: Vec::new() }
}

fn merge_value(present: &mut Merged, place: FilePlace, node: Node, file: &FilePlace) {
    let Node { position, value } = node;
    match (&mut present.value, value) {
        (MergedValue::Map(map), NodeValue::Map(entries)) => merge(map, entries, file),
        (_, value) => present.hidden.push((place, Node { position, value })),
    }
}
