//! General settings, contexts, dial rules and the phone book, as commands change them.

use crate::settings::id::DialRuleId;
use crate::settings::phone_book::{Field as EntryField, PhoneBookEntry};
use crate::settings::setting::Key;

use super::words::Words;
use super::{Change, Sides, Told, sides};

/// Certificate and key go together, as the command for them takes them.
pub(super) fn settings(change: &Change<'_>, told: &mut Told) {
    let (before, after) = (&change.before.settings, &change.after.settings);
    let pair = [Key::EncryptionCertificate, Key::EncryptionKeyFile];
    let pair_differs = pair.iter().any(|key| before.get(key) != after.get(key));
    if pair_differs {
        let words = Words::new("certificate use");
        told.say(match pair.map(|key| after.get(&key)) {
            [Some(certificate), Some(key)] => words.name(certificate.reveal()).name(key.reveal()),
            _ => words.flag("--fallback"),
        });
    }
    for key in Key::ALL.iter().filter(|key| !pair.contains(key) && before.get(key) != after.get(key)) {
        let words = match after.get(key) {
            Some(_) if key.is_secret() => Words::new("setting set").name(key.as_str()).flag("--value-stdin"),
            Some(value) => Words::new("setting set").name(key.as_str()).name(value.reveal()),
            None => Words::new("setting unset").name(key.as_str()),
        };
        told.say(words);
    }
}

pub(super) fn contexts(change: &Change<'_>, told: &mut Told) {
    for context in sides(&change.before.contexts, &change.after.contexts) {
        match context {
            Sides::Added(new) => {
                let words = Words::new("context add").name(new.name.as_str());
                let includes = new.includes.iter();
                told.say(includes.fold(words, |words, id| words.option("--include", change.context(*id))));
            }
            Sides::Edited(old, new) => {
                let words = Words::new("context edit").name(old.name.as_str());
                let mut words = words.changed("--rename", &old.name, &new.name, ToString::to_string);
                if old.includes != new.includes {
                    words = match new.includes.is_empty() {
                        true => words.option("--include", ""),
                        false => {
                            new.includes.iter().fold(words, |words, id| words.option("--include", change.context(*id)))
                        }
                    };
                }
                told.say_if_some(words);
            }
            Sides::Removed(old) => told.remove(Words::new("context remove").name(old.name.as_str())),
        }
    }
}

/// A rule is named by its place. One that became another is put into its place anew.
pub(super) fn dial_rules(change: &Change<'_>, told: &mut Told) {
    let order = |rules: Vec<&std::sync::Arc<crate::settings::dial_rule::DialRule>>| -> Vec<DialRuleId> {
        rules.iter().map(|rule| rule.id).collect()
    };
    let (before, after) = (order(change.before.ordered_dial_rules()), order(change.after.ordered_dial_rules()));
    let mut now = before.clone();
    for rule in change.before.ordered_dial_rules().iter().rev() {
        let says_the_same = change.after.dial_rules.get(rule.id).is_some_and(|new| {
            (&new.prefix, new.strip, &new.add, new.context) == (&rule.prefix, rule.strip, &rule.add, rule.context)
        });
        if !says_the_same && let Some(place) = now.iter().position(|id| *id == rule.id) {
            now.remove(place);
            told.say(Words::new("dial-rule remove").name((place + 1).to_string()));
        }
    }
    for (place, id) in after.iter().enumerate() {
        let Some(rule) = change.after.dial_rules.get(*id).filter(|_| !now.contains(id)) else { continue };
        let place = place.min(now.len());
        now.insert(place, *id);
        told.say(
            Words::new("dial-rule add")
                .name(rule.prefix.as_str())
                .option("--strip", rule.strip.to_string())
                .given("--add", rule.add.as_str())
                .given("--context", &rule.context.map_or_else(String::new, |context| change.context(context)))
                .option("--place", (place + 1).to_string()),
        );
    }
    match moved(&now, &after) {
        Some((from, to)) => {
            told.say(Words::new("dial-rule move").name((from + 1).to_string()).name((to + 1).to_string()))
        }
        None if now == after => {}
        None => told.none("putting several dial rules into another order at once".to_owned()),
    }
}

/// From where to where one of them went, if that alone makes the one order of the other: upwards, for a place that is gone
/// past counts in one way then.
pub(super) fn moved<T: Copy + PartialEq>(before: &[T], after: &[T]) -> Option<(usize, usize)> {
    let to = before.iter().zip(after).position(|(old, new)| old != new)?;
    let from = before.iter().position(|id| *id == after[to])?;
    let mut tried = before.to_vec();
    let id = tried.remove(from);
    tried.insert(to, id);
    (tried == after).then_some((from, to))
}

pub(super) fn phone_book(change: &Change<'_>, told: &mut Told) {
    for entry in sides(&change.before.phone_book, &change.after.phone_book) {
        match entry {
            Sides::Added(new) => {
                let words = EntryField::ALL.into_iter().fold(Words::new("phonebook add"), |words, field| {
                    words.given(option(field), new.details.text(field))
                });
                told.say(words.given("--context", &context(new, change)));
            }
            Sides::Edited(old, new) => {
                let words = Words::new("phonebook edit").name(id(old));
                let words = EntryField::ALL.into_iter().fold(words, |words, field| {
                    words.changed(option(field), &old.details.text(field), &new.details.text(field), |text| {
                        (*text).to_owned()
                    })
                });
                told.say_if_some(words.changed("--context", &old.context, &new.context, |_| context(new, change)));
            }
            Sides::Removed(old) => told.remove(Words::new("phonebook remove").name(id(old))),
        }
    }
}

fn id(entry: &PhoneBookEntry) -> String {
    use crate::settings::id::Id as _;
    entry.id.number().to_string()
}

fn context(entry: &PhoneBookEntry, change: &Change<'_>) -> String {
    entry.context.map_or_else(String::new, |context| change.context(context))
}

fn option(field: EntryField) -> &'static str {
    match field {
        EntryField::FirstName => "--first-name",
        EntryField::LastName => "--last-name",
        EntryField::Number => "--number",
        EntryField::Mobile => "--mobile",
        EntryField::Email => "--email",
        EntryField::Company => "--company",
        EntryField::Fax => "--fax",
        EntryField::Home => "--home",
        EntryField::Other => "--other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_that_went_up_or_a_neighbour_down_is_one_move() {
        assert_eq!(moved(&[1, 2, 3], &[3, 1, 2]), Some((2, 0)));
        assert_eq!(moved(&[1, 2, 3], &[1, 3, 2]), Some((2, 1)));
        assert_eq!((moved(&[1, 2, 3], &[1, 2, 3]), moved(&[1, 2, 3, 4], &[2, 1, 4, 3])), (None, None));
    }
}
