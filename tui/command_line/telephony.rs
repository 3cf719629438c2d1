//! Conference rooms, agents and queues, as commands change them.

use crate::settings::queue::{MemberId, Queue};

use super::words::Words;
use super::{Change, Sides, Told, sides};

pub(super) fn conferences(change: &Change<'_>, told: &mut Told) {
    for room in sides(&change.before.conferences, &change.after.conferences) {
        match room {
            Sides::Added(new) => told.say(
                Words::new("conference add")
                    .name(new.number.as_str())
                    .option("--name", new.name.as_str())
                    .option("--context", change.context(new.context))
                    .flag_if(new.pin.is_some(), "--pin-stdin"),
            ),
            Sides::Edited(old, new) => {
                let pin = if new.pin.is_some() { "--pin-stdin" } else { "--no-pin" };
                let words = Words::new("conference edit")
                    .name(old.number.as_str())
                    .at("--context", change.context(old.context))
                    .changed("--name", &old.name, &new.name, ToString::to_string)
                    .changed("--renumber", &old.number, &new.number, ToString::to_string)
                    .changed("--to", &old.context, &new.context, |context| change.context(*context))
                    .flag_if(old.pin != new.pin, pin);
                told.say_if_some(words);
            }
            Sides::Removed(old) => {
                let words = Words::new("conference remove").name(old.number.as_str());
                told.remove(words.at("--context", change.context(old.context)));
            }
        }
    }
}

pub(super) fn agents(change: &Change<'_>, told: &mut Told) {
    for agent in sides(&change.before.agents, &change.after.agents) {
        match agent {
            Sides::Added(new) => told.say(
                Words::new("agent add")
                    .name(new.number.as_str())
                    .option("--first-name", new.first_name.as_str())
                    .given("--last-name", new.last_name.as_str())
                    .option("--context", change.context(new.context))
                    .given("--user", &change.user_or_nobody(&new.user)),
            ),
            Sides::Edited(old, new) => {
                let is_left_alone = old.user.is_some_and(|user| change.is_user_removed(user)) && new.user.is_none();
                let user = if is_left_alone { &new.user } else { &old.user };
                let words = Words::new("agent edit")
                    .name(old.number.as_str())
                    .changed("--renumber", &old.number, &new.number, ToString::to_string)
                    .changed("--first-name", &old.first_name, &new.first_name, ToString::to_string)
                    .changed("--last-name", &old.last_name, &new.last_name, ToString::to_string)
                    .changed("--context", &old.context, &new.context, |context| change.context(*context))
                    .changed("--user", user, &new.user, |user| change.user_or_nobody(user));
                told.say_if_some(words);
            }
            Sides::Removed(old) => told.remove(Words::new("agent remove").name(old.number.as_str())),
        }
    }
}

pub(super) fn queues(change: &Change<'_>, told: &mut Told) {
    for queue in sides(&change.before.queues, &change.after.queues) {
        match queue {
            Sides::Added(new) => {
                let display = if new.display.as_str() == new.name.as_str() { "" } else { new.display.as_str() };
                told.say(
                    Words::new("queue add")
                        .name(new.name.as_str())
                        .option("--number", new.number.as_str())
                        .option("--context", change.context(new.context))
                        .given("--display", display)
                        .option("--wrapup", new.wrapup_seconds.to_string()),
                );
                members(None, new, change, told);
            }
            Sides::Edited(old, new) => {
                let words = Words::new("queue edit")
                    .name(old.name.as_str())
                    .changed("--rename", &old.name, &new.name, ToString::to_string)
                    .changed("--number", &old.number, &new.number, ToString::to_string)
                    .changed("--context", &old.context, &new.context, |context| change.context(*context))
                    .changed("--display", &old.display, &new.display, ToString::to_string)
                    .changed("--wrapup", &old.wrapup_seconds, &new.wrapup_seconds, ToString::to_string);
                told.say_if_some(words);
                members(Some(old), new, change, told);
            }
            Sides::Removed(old) => told.remove(Words::new("queue remove").name(old.name.as_str())),
        }
    }
}

/// A member that is no more at all left the queue with that.
fn members(old: Option<&Queue>, new: &Queue, change: &Change<'_>, told: &mut Told) {
    let queue = new.name.as_str();
    for member in old.into_iter().flat_map(|old| &old.members).filter(|member| new.member(member.member).is_none()) {
        if let Some(name) = member_name(member.member, change) {
            told.say(Words::new("queue member remove").name(queue).name(name));
        }
    }
    for member in &new.members {
        if old.and_then(|old| old.member(member.member)) == Some(member) {
            continue;
        }
        if let Some(name) = member_name(member.member, change) {
            let words = Words::new("queue member add").name(queue).name(name);
            told.say(words.option("--penalty", member.penalty.to_string()));
        }
    }
}

/// `8001`, `1001@default`; none if it is no more.
fn member_name(member: MemberId, change: &Change<'_>) -> Option<String> {
    match member {
        MemberId::Agent(agent) => change.after.agents.get(agent).map(|agent| agent.number.to_string()),
        MemberId::Line(line) => {
            let line = change.after.lines.get(line)?;
            Some(format!("{}@{}", line.extension, change.context(line.context)))
        }
    }
}
