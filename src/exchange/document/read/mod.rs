//! From an export document to a configuration: every problem is collected and names its place, nothing is taken unless all
//! is well. What the text leaves out of secrets is kept from the current configuration, and so are the versions of
//! objects that do not change.

mod account;
mod dial_rule;
mod dialplan;
mod followed;
mod hanging;
mod lost_secret;
mod phone_book;
mod presence;
mod profile;
mod renames;
mod restore;
mod restored_object;
mod setting;
mod table;
mod undo_plan;
mod user;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt;
use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde_json::Value;

pub(crate) use followed::{ChangedSince, NotUndone};
pub(crate) use lost_secret::LostSecret;
pub(crate) use restore::{Restored, object_name};
pub(crate) use undo_plan::{LeftOut, PlannedChange, UndoPlan, WhyLeftOut};

use super::tables::Documented;
use super::write::list_names;
use super::{FORMAT, form};
use crate::settings::configuration::Configuration;
use crate::settings::id::{Id, ServerUuid};
use crate::settings::rule::{Refusal, Rule};
use crate::settings::rule_target::RuleTarget;
use crate::settings::table::{Collection, Object, Table};
use crate::settings::tables::for_each_table;
use crate::settings::target_kind::TargetKind;
use crate::settings::violation::Violation;
use crate::settings::whole::WholeConfiguration;
use table::{FromDocument, ObjectNames};

/// The configuration that the text describes, ready to take the place of `current`; or all that is wrong with it.
pub(crate) fn read(text: &str, current: &WholeConfiguration) -> Result<WholeConfiguration, Vec<Refusal>> {
    let document: form::Document =
        serde_json::from_str(text).map_err(|error| vec![malformed(TargetKind::Document, &error)])?;
    if document.format.as_deref() != Some(FORMAT) {
        let problem = match document.format {
            Some(format) => Violation::OtherFormat { format, reads: FORMAT },
            None => Violation::NoFormat { reads: FORMAT },
        };
        return Err(vec![Refusal::new(Rule::D1, TargetKind::Format, problem)]);
    }
    let mut reading = Reading::new(current, Configuration::empty(current.server_uuid), "in the document");
    reading.read_document(document);
    let Reading { new, mut problems, .. } = reading;
    let new = WholeConfiguration::new(new).expect("what is read is at hand");
    if problems.is_empty() {
        problems.extend(new.errors());
    }
    if problems.is_empty() { Ok(new) } else { Err(problems) }
}

/// A document on its way to a configuration.
struct Reading<'a> {
    current: &'a Configuration,
    new: Configuration,
    problems: Vec<Refusal>,
    /// The document's `next_ids`, by list.
    next_ids: HashMap<String, i64>,
    /// Names of objects that could not be read: who refers to them is not to blame.
    unreadable: HashSet<String>,
    /// Where names are looked up, in words.
    whole: &'static str,
}

/// One object of the document and where it stands, as in `users[3] "bob"`.
struct Placed<F> {
    place: RuleTarget,
    form: F,
}

/// Who has a name of the document: what references by name are looked up in.
type Names<I> = HashMap<String, I>;

/// What an object says of its id, and which object of the current configuration has its name.
struct Claim<'a, I> {
    place: &'a RuleTarget,
    said: Option<i64>,
    known: Option<I>,
}

/// Ids are JSON numbers: beyond this not every reader keeps them exact.
const ID_MAX: i64 = (1 << 53) - 1;

impl<'a> Reading<'a> {
    fn new(current: &'a Configuration, new: Configuration, whole: &'static str) -> Self {
        let (problems, next_ids, unreadable) = (Vec::new(), HashMap::new(), HashSet::new());
        Self { current, new, problems, next_ids, unreadable, whole }
    }
}

impl Reading<'_> {
    fn read_document(&mut self, mut document: form::Document) {
        if let Some(uuid) = &document.server_uuid {
            match ServerUuid::parse(uuid) {
                Some(uuid) => self.new.server_uuid = uuid,
                None => self.problem(Rule::D1, TargetKind::ServerUuid, Violation::TextNoUuid { text: uuid.clone() }),
            }
        }
        self.read_next_ids(std::mem::take(&mut document.next_ids));
        match document.settings.take() {
            Some(settings) => self.read_settings(settings),
            None => self.missing("settings"),
        }
        let mut names = ObjectNames::default();
        for_each_table! {
            ($table:ident, $object:ty) => {
                let list = <$object as Documented>::member(&mut document).and_then(Option::take);
                <$object as FromDocument>::read_list(self, list, &mut names);
            }
        }
    }

    fn read_next_ids(&mut self, next_ids: serde_json::Map<String, Value>) {
        let lists = list_names(self.current);
        for (list, next) in next_ids {
            let on = RuleTarget::text(TargetKind::NextIds, &list);
            match next.as_i64().filter(|next| (1..=ID_MAX).contains(next)) {
                _ if !lists.contains(&list) => {
                    self.problem(Rule::D1, on, Violation::must_be(format!("one of {}", lists.join(", "))))
                }
                None => self.problem(Rule::D1, on, Violation::must_be(format!("a whole number from 1 to {ID_MAX}"))),
                Some(next) => {
                    self.next_ids.insert(list, next);
                }
            }
        }
    }

    fn problem(&mut self, rule: Rule, on: impl Into<RuleTarget>, problem: Violation) {
        self.problems.push(Refusal::new(rule, on, problem));
    }

    fn missing(&mut self, member: &str) {
        self.problem(Rule::D1, RuleTarget::Place(member.to_owned()), Violation::ListMissing);
    }

    /// The value, or a problem at this place.
    fn take<T>(&mut self, place: &RuleTarget, result: Result<T, Refusal>) -> Option<T> {
        let put = |refusal: Refusal| Refusal { on: RuleTarget::within(place, refusal.on), ..refusal };
        result.map_err(|refusal| self.problems.push(put(refusal))).ok()
    }

    /// The same for what may be left out: outer None if it is there and wrong.
    fn take_optional<T>(
        &mut self,
        place: &RuleTarget,
        text: Option<&str>,
        parse: impl FnOnce(&str) -> Result<T, Refusal>,
    ) -> Option<Option<T>> {
        match text.filter(|text| !text.is_empty()) {
            Some(text) => self.take(place, parse(text)).map(Some),
            None => Some(None),
        }
    }

    /// The objects of a list, each read on its own so that one bad one does not hide another.
    fn forms<F: DeserializeOwned>(&mut self, list: &str, values: Option<Vec<Value>>) -> Vec<Placed<F>> {
        let Some(values) = values else {
            self.missing(list);
            return Vec::new();
        };
        let mut forms = Vec::with_capacity(values.len());
        for (index, value) in values.into_iter().enumerate() {
            let name = name(&value).map(str::to_owned);
            let place = place(list, index, name.as_deref());
            match serde_json::from_value(value) {
                Ok(form) => forms.push(Placed { place, form }),
                Err(error) => {
                    self.problems.push(malformed(place, &error));
                    self.unreadable.extend(name.iter().map(|name| name.to_ascii_lowercase()));
                    self.unreadable.extend(name);
                }
            }
        }
        forms
    }

    /// As `assign`, for a list whose objects are known again by their names.
    fn assign_by_name<T: Object, F>(
        &mut self,
        list: &str,
        placed: &[Placed<F>],
        table: &Table<T>,
        said: fn(&F) -> (Option<i64>, &str),
        called: fn(&T) -> &str,
    ) -> Vec<T::Id> {
        let known: HashMap<&str, T::Id> = table.iter().map(|object| (called(object), object.id())).collect();
        let claims: Vec<_> = placed
            .iter()
            .map(|Placed { place, form }| {
                let (said, name) = said(form);
                Claim { place, said, known: known.get(name).copied() }
            })
            .collect();
        self.assign(list, &claims, table)
    }

    /// An id for each object of a list: the one it says, else that of the current object of its name, else a new one.
    fn assign<T: Object>(&mut self, list: &str, claims: &[Claim<'_, T::Id>], table: &Table<T>) -> Vec<T::Id> {
        let mut holders: BTreeMap<T::Id, &RuleTarget> = BTreeMap::new();
        let mut next = table.next_number().max(self.next_ids.get(list).copied().unwrap_or(1));
        let mut ids: Vec<Option<T::Id>> = Vec::with_capacity(claims.len());
        for claim in claims {
            let said = claim.said.filter(|id| (1..=ID_MAX).contains(id)).map(T::Id::new);
            if said.is_none() && claim.said.is_some() {
                self.problem(
                    Rule::D1,
                    RuleTarget::within(claim.place, TargetKind::Id),
                    Violation::must_be(format!("1 to {ID_MAX}, or left out")),
                );
            }
            if let Some(id) = said {
                next = next.max(id.number() + 1);
                if let Some(holder) = holders.insert(id, claim.place) {
                    let on = RuleTarget::within(claim.place, RuleTarget::shown(TargetKind::Id, id));
                    self.problem(Rule::D1, on, Violation::IdInUse { holder: holder.to_string() });
                }
            }
            ids.push(said);
        }
        let mut assigned = Vec::with_capacity(ids.len());
        for (id, claim) in ids.into_iter().zip(claims) {
            let id = id.or_else(|| claim.known.filter(|known| !holders.contains_key(known)));
            let id = id.unwrap_or_else(|| {
                next += 1;
                T::Id::new(next - 1)
            });
            holders.insert(id, claim.place);
            assigned.push(id);
        }
        self.next_ids.insert(list.to_owned(), next);
        assigned
    }

    /// Names and their holders; a name that stands twice is a problem of the later place.
    fn names<'p, I>(&mut self, rule: Rule, entries: impl Iterator<Item = (&'p RuleTarget, String, I)>) -> Names<I> {
        let mut names: Names<I> = HashMap::new();
        let mut places: HashMap<String, &RuleTarget> = HashMap::new();
        for (place, name, id) in entries {
            if let Some(first) = places.insert(name.clone(), place) {
                let problem = Violation::NotUniqueInDocument { first: first.to_string() };
                self.problem(rule, place.clone(), problem);
            }
            names.insert(name, id);
        }
        names
    }

    /// Whom a reference means; `what` is its kind, as in `context`.
    fn refer<I: Copy>(&mut self, rule: Rule, on: &RuleTarget, what: &str, names: &Names<I>, name: &str) -> Option<I> {
        let found = names.get(name).copied();
        if found.is_none() && !self.unreadable.contains(name) {
            let (what, name) = (what.to_owned(), name.to_owned());
            self.problem(rule, on.clone(), Violation::NamesNone { what, name, whole: self.whole });
        }
        found
    }

    fn refer_optional<I: Copy>(
        &mut self,
        rule: Rule,
        on: &RuleTarget,
        what: &str,
        names: &Names<I>,
        name: Option<&str>,
    ) -> Option<Option<I>> {
        match name {
            Some(name) => self.refer(rule, on, what, names, name).map(Some),
            None => Some(None),
        }
    }
}

/// Puts an object into the new table with the version that follows from the current one.
fn settle<C: Collection>(new: &mut C, current: &C, mut object: C::Object) {
    if let Some(old) = current.objects().get(object.id()) {
        object.set_version(old.version());
        if object != **old {
            object.set_version(old.version().saturating_add(1));
        }
    }
    new.share(&Arc::new(object));
}

/// `users[3] "bob"`.
fn place(list: &str, index: usize, name: Option<&str>) -> RuleTarget {
    RuleTarget::Place(match name {
        Some(name) => format!("{list}[{index}] {name:?}"),
        None => format!("{list}[{index}]"),
    })
}

/// What a person knows an object of the document by.
fn name(value: &Value) -> Option<&str> {
    ["login", "name", "mailbox", "extension", "number", "uuid"].iter().find_map(|member| value.get(member)?.as_str())
}

fn malformed(on: impl Into<RuleTarget>, error: &dyn fmt::Display) -> Refusal {
    let why = error.to_string().replace(char::is_control, "\u{FFFD}");
    Refusal::new(Rule::D1, on, Violation::Malformed { why })
}
