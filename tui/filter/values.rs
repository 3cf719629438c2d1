//! What the fields of a list can be asked for: their values, as far as the rows tell them, for hints, help and Tab. Held by
//! `Filter`; pure.

use std::collections::BTreeSet;

use super::query::{ANYTHING, NOTHING, SEPARATOR};

/// So many values of a field are told; of more, the first.
const VALUES_TOLD: usize = 12;
/// Letters of a value that is worth telling.
const VALUE_LETTERS: usize = 30;

/// Whether the values that are known are all there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Extent {
    All,
    Some,
    Examples,
}

/// The values of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::tui) struct KnownValues {
    pub(super) name: &'static str,
    /// Folded.
    values: Vec<String>,
    extent: Extent,
}

impl KnownValues {
    /// Those that the rows have; a field of several has a comma or `SEPARATOR` between them.
    pub(in crate::tui) fn found(name: &'static str, said: impl Iterator<Item = String>) -> Self {
        let mut values = BTreeSet::new();
        let mut extent = Extent::All;
        for text in said {
            let parts = text.split(SEPARATOR).flat_map(|part| part.split(", ")).map(str::trim);
            for part in parts.filter(|part| !part.is_empty()) {
                if part.chars().count() <= VALUE_LETTERS {
                    values.insert(part.to_owned());
                } else {
                    extent = Extent::Some;
                }
            }
        }
        if values.len() > VALUES_TOLD {
            extent = Extent::Some;
        }
        Self { name, values: values.into_iter().take(VALUES_TOLD).collect(), extent }
    }

    /// More rows were not looked into.
    pub(in crate::tui) fn of_more(mut self) -> Self {
        self.extent = Extent::Some;
        self
    }

    /// All there can be, in an order of their own.
    pub(in crate::tui) fn fixed(name: &'static str, values: &[&str]) -> Self {
        Self { name, values: values.iter().map(|value| (*value).to_owned()).collect(), extent: Extent::All }
    }

    /// Some of those that are understood.
    pub(in crate::tui) fn examples(name: &'static str, values: &[&str]) -> Self {
        Self { extent: Extent::Examples, ..Self::fixed(name, values) }
    }

    /// `enabled, connected; none, any`
    pub(super) fn words(&self) -> String {
        let values = self.values.join(", ");
        match self.extent {
            _ if self.values.is_empty() => "a part of it; none, any".to_owned(),
            Extent::All => format!("{values}; none, any"),
            Extent::Some => format!("{values} and others, a part of it; none, any"),
            Extent::Examples => format!("for example {values}"),
        }
    }

    /// Whether nothing can have that value.
    pub(super) fn excludes(&self, value: &str) -> bool {
        let is_special = NOTHING.contains(&value) || ANYTHING.contains(&value);
        let is_known = self.values.iter().any(|known| known.contains(value));
        self.extent != Extent::Some && !self.values.is_empty() && !is_special && !is_known
    }

    /// What Tab makes of what was typed of a value: the first that begins with it, then that has it; of a whole value the
    /// next one.
    pub(super) fn complete(&self, typed: &str) -> Option<&str> {
        let special = if self.extent == Extent::Examples { [].as_slice() } else { &["none", "any"] };
        let all: Vec<&str> = self.values.iter().map(String::as_str).chain(special.iter().copied()).collect();
        if let Some(at) = all.iter().position(|value| *value == typed) {
            return all.get((at + 1) % all.len()).copied();
        }
        let begins = all.iter().find(|value| value.starts_with(typed));
        begins.or_else(|| all.iter().find(|value| value.contains(typed))).copied()
    }
}

/// What Tab makes of what was typed of a field's name: as much as is sure, and then the first.
pub(super) fn complete_name(fields: &[&'static str], typed: &str) -> Option<String> {
    let begun: Vec<&str> = fields.iter().copied().filter(|name| name.starts_with(typed)).collect();
    let first = *begun.first().filter(|_| !typed.is_empty())?;
    let is_shared = |part: &&str| begun.iter().all(|name| name.starts_with(*part));
    let shared = (typed.len()..=first.len()).rev().filter_map(|end| first.get(..end)).find(is_shared);
    match shared {
        Some(part) if begun.len() > 1 && part.len() > typed.len() => Some(part.to_owned()),
        _ => Some(format!("{first}:")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn states() -> KnownValues {
        KnownValues::fixed("state", &["enabled", "connected", "no login"])
    }

    #[test]
    fn tab_completes_a_value_and_then_goes_on_to_the_next() {
        let states = states();
        assert_eq!(states.complete("c"), Some("connected"));
        assert_eq!(states.complete("log"), Some("no login"));
        assert_eq!(states.complete(""), Some("enabled"));
        assert_eq!((states.complete("connected"), states.complete("any")), (Some("no login"), Some("enabled")));
        assert_eq!(states.complete("x"), None);
    }

    #[test]
    fn tab_completes_the_name_of_a_field_as_far_as_it_is_sure() {
        let fields = ["profile", "presence", "state"];
        let complete = |typed| complete_name(&fields, typed);
        assert_eq!(complete("s").as_deref(), Some("state:"));
        assert_eq!((complete("p").as_deref(), complete("pr").as_deref()), (Some("pr"), Some("profile:")));
        assert_eq!((complete("pre").as_deref(), complete("x"), complete("")), (Some("presence:"), None, None));
    }

    #[test]
    fn values_that_rows_have_are_told_and_what_is_none_of_them_is_known() {
        let said = ["sales, support", "", "sales\ndefault"].map(str::to_owned);
        let found = KnownValues::found("context", said.into_iter());
        assert_eq!(found.words(), "default, sales, support; none, any");
        assert!(found.excludes("berlin") && !found.excludes("sal") && !found.excludes("none"));
        let many = KnownValues::found("line", (0..100).map(|number| number.to_string()));
        assert!(!many.excludes("berlin") && many.words().contains("and others"));
    }
}
