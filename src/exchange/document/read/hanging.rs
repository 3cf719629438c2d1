//! What would go along with an object that is to be gone, though nobody asked for it: the lines of a user, who is a member of
//! a queue. Whoever takes a change back leaves such an object where it is.

use super::table::Goals;
use crate::settings::configuration::Configuration;
use crate::settings::id::Id as _;
use crate::settings::queue::MemberId;
use crate::settings::table::Kind;

/// An object that is to be gone, and one that is to stay and would lose it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Held {
    pub(super) object: (Kind, i64),
    pub(super) by: (Kind, i64),
}

/// `new` is as it is to be, with all that is to be gone.
pub(super) fn held(new: &Configuration, goals: &Goals) -> Vec<Held> {
    let goes = |object: (Kind, i64)| goals.get(&(object.0, object.1, None)).is_some_and(|goal| goal.image.is_none());
    if !goals.values().any(|goal| goal.image.is_none()) {
        return Vec::new();
    }
    let mut held = Vec::new();
    let mut look = |object: (Kind, i64), by: (Kind, i64)| {
        if goes(object) && !goes(by) {
            held.push(Held { object, by });
        }
    };
    for line in new.lines.iter() {
        look((Kind::User, line.user.number()), (Kind::Line, line.id.number()));
    }
    for voicemail in new.voicemails.iter() {
        if let Some(user) = voicemail.user {
            look((Kind::User, user.number()), (Kind::Voicemail, voicemail.id.number()));
        }
    }
    for agent in new.agents.iter() {
        if let Some(user) = agent.user {
            look((Kind::User, user.number()), (Kind::Agent, agent.id.number()));
        }
    }
    for queue in new.queues.iter() {
        for member in &queue.members {
            let member = match member.member {
                MemberId::Agent(agent) => (Kind::Agent, agent.number()),
                MemberId::Line(line) => (Kind::Line, line.number()),
            };
            look(member, (Kind::Queue, queue.id.number()));
        }
    }
    for presence in new.presences.iter() {
        look((Kind::PresenceGroup, presence.group.number()), (Kind::Presence, presence.id.number()));
    }
    held
}
