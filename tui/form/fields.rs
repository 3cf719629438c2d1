//! The fields of one form: which one is edited, which were touched, and reading them as typed values. A text that has not
//! the form of its type is a fault that names the field.

use std::cell::RefCell;
use std::collections::BTreeSet;

use crate::settings::rule::{Refusal, Rule};
use crate::settings::rule_target::RuleTarget;
use crate::settings::target_kind::TargetKind;
use crate::settings::violation::Violation;
use crate::tui::widgets::entry::{Access, Entry, Field};
use crate::tui::widgets::text_line::Echo;

/// Why a form cannot be saved, and the field that is to blame, if one is.
#[derive(Debug, Clone)]
pub(in crate::tui) struct Fault {
    pub(in crate::tui) field: Option<&'static str>,
    pub(in crate::tui) refusal: Refusal,
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        Self { field: None, refusal }
    }
}

impl Fault {
    pub(in crate::tui) fn of(field: &'static str, refusal: Refusal) -> Self {
        Self { field: Some(field), refusal }
    }
}

/// Never empty.
#[derive(Debug, Clone)]
pub(in crate::tui) struct Fields {
    fields: Vec<Field>,
    focus: usize,
    touched: Vec<bool>,
    /// What could not be read since `take_faults`: more than the one with which reading them ended.
    faults: RefCell<Vec<Fault>>,
}

impl Fields {
    pub(super) fn new(fields: Vec<Field>) -> Self {
        let touched = vec![false; fields.len()];
        let focus = fields.iter().position(Field::takes_focus).unwrap_or(0);
        let mut fields = Self { fields, focus, touched, faults: RefCell::default() };
        fields.arrive(focus);
        fields
    }

    pub(super) fn all(&self) -> &[Field] {
        &self.fields
    }

    pub(super) fn entries(&self) -> Vec<Entry> {
        self.fields.iter().map(|field| field.entry.clone()).collect()
    }

    pub(super) fn focus(&self) -> usize {
        self.focus
    }

    pub(super) fn focused(&self) -> &Field {
        &self.fields[self.focus]
    }

    pub(super) fn focused_mut(&mut self) -> &mut Field {
        &mut self.fields[self.focus]
    }

    pub(super) fn focus_at(&mut self, at: usize) {
        if at != self.focus && self.fields.get(at).is_some_and(Field::takes_focus) {
            self.arrive(at);
        }
    }

    /// What is there already is replaced by the first letter that is typed.
    fn arrive(&mut self, at: usize) {
        self.focus = at;
        if let Some(Entry::Text(line) | Entry::Secret(line)) = self.fields.get_mut(at).map(|field| &mut field.entry) {
            line.choose_all();
        }
    }

    pub(super) fn focus_on(&mut self, name: &str) {
        if let Some(at) = self.fields.iter().position(|field| field.name == name) {
            self.focus_at(at);
        }
    }

    /// The same, be the cursor there already: what is wrong there is replaced by what is typed next.
    pub(super) fn arrive_on(&mut self, name: &str) {
        let place = self.fields.iter().position(|field| field.name == name && field.takes_focus());
        if let Some(at) = place {
            self.arrive(at);
        }
    }

    /// Whether what is typed on the focused field may be seen: where the next one is a secret, it may have been meant.
    pub(super) fn echo(&self) -> Echo {
        match self.fields.get(self.focus + 1).map(|next| &next.entry) {
            Some(Entry::Secret(_)) => Echo::Hidden,
            _ => Echo::Text,
        }
    }

    pub(super) fn touch(&mut self) {
        self.touched[self.focus] = true;
    }

    pub(in crate::tui) fn is_touched(&self, name: &str) -> bool {
        self.fields.iter().zip(&self.touched).any(|(field, touched)| *touched && field.name == name)
    }

    pub(super) fn step_forward(&mut self) {
        let later = (self.focus + 1..self.fields.len()).chain(0..self.focus);
        self.go_to_first_of(later);
    }

    pub(super) fn step_back(&mut self) {
        let earlier = (0..self.focus).rev().chain((self.focus + 1..self.fields.len()).rev());
        self.go_to_first_of(earlier);
    }

    fn go_to_first_of(&mut self, mut places: impl Iterator<Item = usize>) {
        self.touch();
        if let Some(at) = places.find(|at| self.fields[*at].takes_focus()) {
            self.arrive(at);
        }
    }

    pub(super) fn is_last(&self) -> bool {
        !self.fields[self.focus + 1..].iter().any(Field::takes_focus)
    }

    /// All that could not be read, each field once.
    pub(super) fn take_faults(&self) -> Vec<Fault> {
        let mut faults = self.faults.take();
        let mut known = BTreeSet::new();
        faults.retain(|fault| known.insert(fault.field));
        faults
    }

    pub(in crate::tui) fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    pub(in crate::tui) fn field_mut(&mut self, name: &str) -> Option<&mut Field> {
        self.fields.iter_mut().find(|field| field.name == name)
    }

    /// Puts something into the field of that name, which counts as touched then.
    pub(super) fn put(&mut self, name: &str, put: impl FnOnce(&mut Field)) {
        let Some(at) = self.fields.iter().position(|field| field.name == name) else { return };
        put(&mut self.fields[at]);
        self.touched[at] = true;
    }

    /// Opens or greys a field.
    pub(in crate::tui) fn set_access(&mut self, name: &str, access: Access) {
        if let Some(field) = self.field_mut(name) {
            field.access = access;
        }
    }

    /// What a text or secret field says, trimmed only by whoever parses it; empty if there is none.
    pub(in crate::tui) fn text(&self, name: &str) -> &str {
        match self.field(name).map(|field| &field.entry) {
            Some(Entry::Text(line) | Entry::Secret(line)) => line.text(),
            _ => "",
        }
    }

    /// The value as people read it.
    pub(in crate::tui) fn words(&self, name: &str) -> String {
        self.field(name).map(|field| field.entry.words()).unwrap_or_default()
    }

    pub(in crate::tui) fn is_on(&self, name: &str) -> bool {
        matches!(self.field(name).map(|field| &field.entry), Some(Entry::Toggle(true)))
    }

    /// The place of what is chosen among the options.
    pub(in crate::tui) fn chosen(&self, name: &str) -> usize {
        match self.field(name).map(|field| &field.entry) {
            Some(Entry::Choice { at, .. }) => *at,
            _ => 0,
        }
    }

    /// The places of what is marked among the options, in the order of marking.
    pub(in crate::tui) fn marked(&self, name: &str) -> &[usize] {
        match self.field(name).map(|field| &field.entry) {
            Some(Entry::Several { marked, .. }) => marked,
            _ => &[],
        }
    }

    /// The text as its type; a fault names the field. Whoever reads all fields before the first `?` has all faults told.
    pub(in crate::tui) fn parse<T>(
        &self,
        name: &'static str,
        parse: impl FnOnce(&str) -> Result<T, Refusal>,
    ) -> Result<T, Fault> {
        parse(self.text(name)).map_err(|refusal| {
            let fault = Fault::of(name, refusal);
            self.faults.borrow_mut().push(fault.clone());
            fault
        })
    }

    /// The same where nothing is a value too.
    pub(in crate::tui) fn parse_optional<T>(
        &self,
        name: &'static str,
        parse: impl FnOnce(&str) -> Result<T, Refusal>,
    ) -> Result<Option<T>, Fault> {
        let text = self.text(name);
        if text.trim().is_empty() { Ok(None) } else { self.parse(name, parse).map(Some) }
    }

    /// A whole number from 0 on, at most so much; nothing is 0. The rule and what it says are those of the number.
    pub(in crate::tui) fn number(
        &self,
        name: &'static str,
        rule: Rule,
        what: TargetKind,
        most: u16,
    ) -> Result<u16, Fault> {
        self.parse(name, |text| {
            let said = text.trim();
            let said = if said.is_empty() { "0" } else { said };
            said.parse().ok().filter(|number| *number <= most).ok_or_else(|| {
                let form = Violation::must_be(format!("a whole number from 0 to {most}"));
                Refusal::new(rule, RuleTarget::text(what, said), form)
            })
        })
    }

    /// Lists anew what can be chosen: what was chosen stays so, unless there is something that was not there. That was made
    /// to be chosen.
    pub(in crate::tui) fn relist<T: PartialEq>(&mut self, name: &str, known: &mut Vec<T>, now: Vec<(T, String)>) {
        let Some(Entry::Choice { options, at }) = self.field_mut(name).map(|field| &mut field.entry) else { return };
        let new = now.iter().rposition(|(thing, _)| !known.contains(thing));
        let same = known.get(*at).and_then(|chosen| now.iter().position(|(thing, _)| thing == chosen));
        *at = new.or(same).unwrap_or(0);
        (*known, *options) = now.into_iter().unzip();
    }

    /// Chooses the option of these words; whether there is one.
    pub(super) fn choose_words(&mut self, name: &str, words: &str) -> bool {
        let Some(Entry::Choice { options, at }) = self.field_mut(name).map(|field| &mut field.entry) else {
            return false;
        };
        let found = options.iter().position(|option| option == words);
        *at = found.unwrap_or(*at);
        found.is_some()
    }

    /// What is chosen, of the things that the options stand for.
    pub(in crate::tui) fn choose<T: Copy>(&self, name: &'static str, things: &[T]) -> Result<T, Fault> {
        let gone = || Fault::of(name, Refusal::new(Rule::V1, TargetKind::FormField(name), Violation::NothingToChoose));
        things.get(self.chosen(name)).copied().ok_or_else(gone)
    }
}
