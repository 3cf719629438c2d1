//! Numbers and names as sentences have them: counts in their real plural, and lists of names.

use std::fmt;

/// `1 user`, `3 users`: a count in the real plural.
pub(crate) fn count(number: usize, singular: &str) -> String {
    format!("{number} {}", plural(number, singular))
}

/// What so many of them are called.
pub(crate) fn plural(number: usize, singular: &str) -> String {
    match singular.strip_suffix("ry") {
        _ if number == 1 => singular.to_owned(),
        Some(stem) => format!("{stem}ries"),
        None if singular.ends_with(['x', 's']) => format!("{singular}es"),
        None => format!("{singular}s"),
    }
}

/// `"Agent", "Client"`: names as a refusal lists them.
pub(crate) fn quoted<T: fmt::Display>(names: impl IntoIterator<Item = T>) -> String {
    names.into_iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ")
}

/// The first of the names, as many as may be, and how many more there are.
pub(crate) fn some_of<T: AsRef<str>>(names: &[T], shown_max: usize) -> String {
    let shown: Vec<&str> = names.iter().take(shown_max).map(T::as_ref).collect();
    let shown = shown.join(", ");
    match names.len().saturating_sub(shown_max) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

/// `a`, `a and b`, `a, b and 3 more`: the same as a sentence has them.
pub(crate) fn first_of(names: impl ExactSizeIterator<Item = String>, shown_max: usize) -> String {
    let more = names.len().saturating_sub(shown_max);
    let mut told: Vec<String> = names.take(shown_max).collect();
    told.extend((more > 0).then(|| format!("{more} more")));
    let last = told.pop().unwrap_or_default();
    if told.is_empty() { last } else { format!("{} and {last}", told.join(", ")) }
}

/// One behind the other.
pub(crate) fn listed<T: fmt::Display>(items: &[T]) -> String {
    items.iter().map(T::to_string).collect::<Vec<_>>().join(", ")
}
