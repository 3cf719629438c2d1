//! All objects of one kind, by id, shared and immutable: an edit puts a new object in the old one's place, so that a
//! copy of a whole configuration costs a pointer an object, and what changed is seen by comparing pointers first.
//! `Configuration` holds one a kind; `store` fills and compares them.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use super::id::{ContextId, Id};
pub(crate) use super::tables::Kind;
use super::tables::on_table_of;

/// An object that an administrator edits as one thing: it has an id and a version for optimistic locking.
pub(crate) trait Object: Clone + PartialEq + 'static {
    type Id: Id;
    /// How a configuration holds the objects of the kind.
    type Held: Collection<Object = Self> + fmt::Debug + Clone + Default + PartialEq;
    const KIND: Kind;
    /// What people call one of the kind.
    const NOUN: &'static str;

    /// How many of them stand in the context, which is not removed while any do (rule C1).
    fn number_in(held: &Self::Held, context: ContextId) -> usize;
    fn id(&self) -> Self::Id;
    /// Counts the edits of this object, from 1.
    fn version(&self) -> u32;
    fn set_version(&mut self, version: u32);
}

impl Kind {
    /// What people call one of the kind.
    pub(crate) fn noun(self) -> &'static str {
        on_table_of!(
            self,
            ($table:ident, $object:ty) => { <$object as Object>::NOUN },
            Kind::Server => "server",
            Kind::Setting => "setting",
        )
    }
}

/// Says of a struct with `id` and `version` fields that it is an `Object` of the kind with its own name, what people call it,
/// and which of them stand in a context: `object!(Line, LineId, "line", in |line, context| line.context == context)`.
macro_rules! object {
    ($name:ident, $id:ty, $noun:literal, in no context) => {
        crate::settings::table::object!($name, $id, $noun, crate::settings::table::Table<Self>, |_held, _context| 0);
    };
    ($name:ident, $id:ty, $noun:literal, in |$object:ident, $context:ident| $is_in:expr) => {
        crate::settings::table::object!($name, $id, $noun, crate::settings::table::Table<Self>, |held, $context| {
            held.iter().filter(|$object| $is_in).count()
        });
    };
    ($name:ident, $id:ty, $noun:literal, $held:ty, |$all:ident, $context:ident| $number:expr) => {
        impl crate::settings::table::Object for $name {
            type Id = $id;
            type Held = $held;
            const KIND: crate::settings::table::Kind = crate::settings::table::Kind::$name;
            const NOUN: &'static str = $noun;

            fn number_in($all: &Self::Held, $context: crate::settings::id::ContextId) -> usize {
                $number
            }

            fn id(&self) -> Self::Id {
                self.id
            }

            fn version(&self) -> u32 {
                self.version
            }

            fn set_version(&mut self, version: u32) {
                self.version = version;
            }
        }
    };
}
pub(crate) use object;

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Table<T: Object> {
    rows: BTreeMap<T::Id, Arc<T>>,
    /// The number that the next new object gets; never falls, so that no id is used twice.
    next: i64,
}

impl<T: Object> Default for Table<T> {
    fn default() -> Self {
        Self { rows: BTreeMap::new(), next: 1 }
    }
}

impl<T: Object> Table<T> {
    pub(crate) fn get(&self, id: T::Id) -> Option<&Arc<T>> {
        self.rows.get(&id)
    }

    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &Arc<T>> + Clone {
        self.rows.values()
    }

    pub(crate) fn find(&self, accept: impl Fn(&T) -> bool) -> Option<&Arc<T>> {
        self.rows.values().find(|object| accept(object))
    }

    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Makes a new object with a fresh id; `make` must use that id and version 1.
    pub(crate) fn add(&mut self, make: impl FnOnce(T::Id) -> T) -> T::Id {
        let id = T::Id::new(self.next);
        self.put(make(id));
        id
    }

    /// Puts an object as it is, id and version included: what `store` loads and `import` brings.
    pub(crate) fn put(&mut self, object: T) {
        self.next = self.next.max(object.id().number() + 1);
        self.rows.insert(object.id(), Arc::new(object));
    }

    /// Puts an object that another table has, without a copy of it.
    pub(crate) fn share(&mut self, object: &Arc<T>) {
        self.next = self.next.max(object.id().number() + 1);
        self.rows.insert(object.id(), Arc::clone(object));
    }

    /// Edits an object in place and counts its version up if that changed anything. Unknown ids are left alone.
    pub(crate) fn edit(&mut self, id: T::Id, edit: impl FnOnce(&mut T)) {
        let Some(row) = self.rows.get_mut(&id) else { return };
        let mut object = T::clone(row);
        edit(&mut object);
        if object != **row {
            object.set_version(row.version() + 1);
            *row = Arc::new(object);
        }
    }

    pub(crate) fn remove(&mut self, id: T::Id) -> Option<Arc<T>> {
        self.rows.remove(&id)
    }

    pub(crate) fn next_number(&self) -> i64 {
        self.next
    }

    /// Raises the next number, as the database or an imported document remembers it.
    pub(crate) fn raise_next_number(&mut self, next: i64) {
        self.next = self.next.max(next);
    }

    /// Whether both share all their objects: as cheap as it is strict, an equal copy is another object.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().zip(other.iter()).all(|(own, other)| Arc::ptr_eq(own, other))
    }

    /// What is in one of two tables alone or differs between them, as (old, new): what is gone, then the others, by id.
    /// One walk along both: two tables that share their objects cost a look at each pointer.
    pub(crate) fn differences<'a>(&'a self, newer: &'a Self) -> Vec<Difference<'a, T>> {
        let (mut gone, mut changed) = (Vec::new(), Vec::new());
        let mut before = self.rows.iter().peekable();
        for (id, new) in &newer.rows {
            while let Some((_, old)) = before.next_if(|(older, _)| *older < id) {
                gone.push((Some(old), None));
            }
            match before.next_if(|(older, _)| *older == id) {
                Some((_, old)) if Arc::ptr_eq(old, new) || old == new => {}
                old => changed.push((old.map(|(_, old)| old), Some(new))),
            }
        }
        gone.extend(before.map(|(_, old)| (Some(old), None)));
        gone.append(&mut changed);
        gone
    }
}

/// The objects of a kind as a configuration holds them: all of them in a `Table`, or those at hand of more.
pub(crate) trait Collection {
    type Object: Object;

    fn objects(&self) -> &Table<Self::Object>;
    fn share(&mut self, object: &Arc<Self::Object>);
    fn remove(&mut self, id: <Self::Object as Object>::Id) -> Option<Arc<Self::Object>>;
    fn raise_next_number(&mut self, next: i64);
}

impl<T: Object> Collection for Table<T> {
    type Object = T;

    fn objects(&self) -> &Table<T> {
        self
    }

    fn share(&mut self, object: &Arc<T>) {
        self.share(object);
    }

    fn remove(&mut self, id: T::Id) -> Option<Arc<T>> {
        self.remove(id)
    }

    fn raise_next_number(&mut self, next: i64) {
        self.raise_next_number(next);
    }
}

/// An object before and after: new if there is no old, gone if there is no new.
pub(crate) type Difference<'a, T> = (Option<&'a Arc<T>>, Option<&'a Arc<T>>);
