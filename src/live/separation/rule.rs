//! The rule of who may see what, written down a second time from the specification (protocol decision 8, settings §1.2)
//! and in the plainest way, so that a mistake in `visibility` is not made here as well. It shares no code with it.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::settings::agent::Agent;
use crate::settings::id::{
    AgentId, ConferenceId, ContextId, Id, LineId, PhoneBookEntryId, QueueId, UserId, VoicemailId,
};
use crate::settings::whole::WholeConfiguration;

/// Something that a message can be about, by what the wire calls it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Thing {
    User(i64),
    Phone(i64),
    Agent(i64),
    Queue(i64),
    Voicemail(i64),
    Room(i64),
    /// Of the phone book.
    Entry(i64),
    /// `Agent/<number>,<queue>`
    Member(String),
}

impl Thing {
    /// A `tid` of a list; None if it is no id at all.
    pub(super) fn of(list: &str, tid: &str) -> Option<Self> {
        let number = tid.parse();
        Some(match list {
            "users" => Self::User(number.ok()?),
            "phones" => Self::Phone(number.ok()?),
            "agents" => Self::Agent(number.ok()?),
            "queues" => Self::Queue(number.ok()?),
            "voicemails" => Self::Voicemail(number.ok()?),
            "meetmes" => Self::Room(number.ok()?),
            "queuemembers" => Self::Member(tid.to_owned()),
            _ => return None,
        })
    }
}

/// The settings of one moment, as far as they say who sees what.
pub(super) struct Rule {
    pub(super) known: Arc<WholeConfiguration>,
    pub(super) is_separated: bool,
}

impl Rule {
    /// The context of the user's main line.
    fn context(&self, user: UserId) -> Option<ContextId> {
        self.known.lines.find(|line| line.user == user && line.is_main).map(|line| line.context)
    }

    pub(super) fn sees(&self, viewer: UserId, thing: &Thing) -> bool {
        let Some((owner, place)) = self.place(thing) else { return false };
        let is_everyones = matches!(thing, Thing::Entry(_)) && place.is_none();
        if !self.is_separated || owner == Some(viewer) || is_everyones {
            return true;
        }
        let (Some(from), Some(place)) = (self.context(viewer), place) else { return false };
        from == place || (matches!(thing, Thing::Room(_)) && self.reached(from).contains(&place))
    }

    pub(super) fn exists(&self, thing: &Thing) -> bool {
        self.place(thing).is_some()
    }

    /// Whose it is and where it is; None if there is no such thing.
    fn place(&self, thing: &Thing) -> Option<(Option<UserId>, Option<ContextId>)> {
        let known = &self.known;
        Some(match thing {
            Thing::User(id) => {
                let user = known.users.get(UserId::new(*id))?.id;
                (Some(user), self.context(user))
            }
            Thing::Phone(id) => {
                let line = known.lines.get(LineId::new(*id))?;
                (Some(line.user), Some(line.context))
            }
            Thing::Agent(id) => {
                let agent = known.agents.get(AgentId::new(*id))?;
                (agent.user, Some(agent.context))
            }
            Thing::Queue(id) => (None, Some(known.queues.get(QueueId::new(*id))?.context)),
            Thing::Voicemail(id) => {
                let voicemail = known.voicemails.get(VoicemailId::new(*id))?;
                (voicemail.user, Some(voicemail.context))
            }
            Thing::Room(id) => (None, Some(known.conferences.get(ConferenceId::new(*id))?.context)),
            Thing::Entry(id) => (None, known.phone_book.get(PhoneBookEntryId::new(*id))?.context),
            Thing::Member(tid) => {
                let (interface, name) = tid.split_once(',')?;
                let queue = known.queues.find(|queue| queue.name.as_str() == name)?;
                // Whether it is a member is Asterisk's to say as well.
                let is_agent = |agent: &Agent| interface.strip_prefix("Agent/") == Some(agent.number.as_str());
                let is_anybody = known.agents.iter().any(|agent| is_agent(agent))
                    || known.lines.iter().any(|line| line.device.as_str() == interface);
                is_anybody.then_some(())?;
                (None, Some(queue.context))
            }
        })
    }

    /// The context and all that it includes.
    fn reached(&self, from: ContextId) -> BTreeSet<ContextId> {
        let mut reached = BTreeSet::from([from]);
        loop {
            let included = reached.iter().filter_map(|context| self.known.contexts.get(*context));
            let more: BTreeSet<ContextId> = included.flat_map(|context| context.includes.iter().copied()).collect();
            let before = reached.len();
            reached.extend(more);
            if reached.len() == before {
                return reached;
            }
        }
    }
}
