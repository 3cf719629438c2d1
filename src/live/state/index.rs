//! What a configuration says, ordered so that `live` finds it at once: whose line, whose agent, which context. Each part
//! follows from a few tables and is shared with the index before while these stay the same; an index never changes. It
//! decides nothing.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use crate::settings::configuration::Configuration;
use crate::settings::dial_rule::DialRule;
use crate::settings::id::{
    AgentId, ContextId, LineId, PhoneBookEntryId, PresenceGroupId, QueueId, UserId, UserUuid, VoicemailId,
};
use crate::settings::presence::Presence;
use crate::settings::queue::MemberId;
use crate::settings::whole::WholeConfiguration;

use super::search_index::SearchIndex;
use super::telephony_names::TelephonyNames;

#[derive(Default)]
pub(super) struct Index {
    users: Arc<HashMap<UserUuid, UserId>>,
    lines: Arc<Lines>,
    agents: Arc<HashMap<UserId, AgentId>>,
    voicemails: Arc<HashMap<UserId, VoicemailId>>,
    members: Arc<Members>,
    reachable: Arc<HashMap<ContextId, BTreeSet<ContextId>>>,
    /// In order of position.
    presences: Arc<HashMap<PresenceGroupId, Vec<Arc<Presence>>>>,
    pub(super) telephony: Arc<TelephonyNames>,
    /// In order of position.
    pub(super) dial_rules: Arc<Vec<Arc<DialRule>>>,
    pub(super) search: Arc<SearchIndex<UserId>>,
    pub(super) phone_book: Arc<SearchIndex<PhoneBookEntryId>>,
}

#[derive(Default)]
struct Lines {
    /// The main line first.
    of_user: HashMap<UserId, Vec<LineId>>,
    /// Of the main line.
    contexts: HashMap<UserId, ContextId>,
}

#[derive(Default)]
struct Members {
    queues: HashMap<MemberId, Vec<QueueId>>,
    /// By the wire's id, `Agent/<number>,<queue>` or `<device>,<queue>`.
    by_tid: HashMap<Box<str>, (QueueId, MemberId)>,
    /// Of every member: a login asks for each of them twice, and a queue may be long.
    penalties: HashMap<(QueueId, MemberId), u8>,
}

impl Index {
    pub(super) fn new(configuration: &WholeConfiguration) -> Self {
        Self {
            users: Arc::new(users(configuration)),
            lines: Arc::new(lines(configuration)),
            agents: Arc::new(agents(configuration)),
            voicemails: Arc::new(voicemails(configuration)),
            members: Arc::new(members(configuration)),
            reachable: Arc::new(reachable(configuration)),
            presences: Arc::new(presences(configuration)),
            telephony: Arc::new(TelephonyNames::of(configuration)),
            dial_rules: Arc::new(dial_rules(configuration)),
            search: Arc::new(SearchIndex::of_users(configuration)),
            phone_book: Arc::new(SearchIndex::of_phone_book(configuration)),
        }
    }

    /// The index of `new`, where this is the one of `old`.
    pub(super) fn follow(&self, old: &WholeConfiguration, new: &WholeConfiguration) -> Self {
        let has_same_queues = old.queues.is_same(&new.queues) && old.agents.is_same(&new.agents);
        let has_same_people = old.users.is_same(&new.users) && old.lines.is_same(&new.lines);
        let has_same_presences =
            old.presences.is_same(&new.presences) && old.presence_groups.is_same(&new.presence_groups);
        let has_same_members = has_same_queues && old.lines.is_same(&new.lines);
        let has_same_telephones =
            has_same_members && old.contexts.is_same(&new.contexts) && old.voicemails.is_same(&new.voicemails);
        Self {
            users: kept(&self.users, old.users.is_same(&new.users), || users(new)),
            lines: kept(&self.lines, old.lines.is_same(&new.lines), || lines(new)),
            agents: kept(&self.agents, old.agents.is_same(&new.agents), || agents(new)),
            voicemails: kept(&self.voicemails, old.voicemails.is_same(&new.voicemails), || voicemails(new)),
            members: kept(&self.members, has_same_members, || members(new)),
            reachable: kept(&self.reachable, old.contexts.is_same(&new.contexts), || reachable(new)),
            presences: kept(&self.presences, has_same_presences, || presences(new)),
            telephony: kept(&self.telephony, has_same_telephones, || TelephonyNames::of(new)),
            dial_rules: kept(&self.dial_rules, old.dial_rules.is_same(&new.dial_rules), || dial_rules(new)),
            search: kept(&self.search, has_same_people, || SearchIndex::of_users(new)),
            phone_book: kept(&self.phone_book, old.entries().is_same(new.entries()), || {
                SearchIndex::of_phone_book(new)
            }),
        }
    }

    pub(super) fn user(&self, uuid: UserUuid) -> Option<UserId> {
        self.users.get(&uuid).copied()
    }

    /// The main line first; empty without a line.
    pub(super) fn lines(&self, user: UserId) -> &[LineId] {
        self.lines.of_user.get(&user).map_or(&[], Vec::as_slice)
    }

    pub(super) fn main_line(&self, user: UserId) -> Option<LineId> {
        self.context(user).and(self.lines(user).first().copied())
    }

    /// The context of the user's main line (settings §1.2).
    pub(super) fn context(&self, user: UserId) -> Option<ContextId> {
        self.lines.contexts.get(&user).copied()
    }

    pub(super) fn agent(&self, user: UserId) -> Option<AgentId> {
        self.agents.get(&user).copied()
    }

    pub(super) fn voicemail(&self, user: UserId) -> Option<VoicemailId> {
        self.voicemails.get(&user).copied()
    }

    pub(super) fn queues(&self, member: impl Into<MemberId>) -> &[QueueId] {
        self.members.queues.get(&member.into()).map_or(&[], Vec::as_slice)
    }

    /// None if the member is not in the queue.
    pub(super) fn penalty(&self, queue: QueueId, member: impl Into<MemberId>) -> Option<u8> {
        self.members.penalties.get(&(queue, member.into())).copied()
    }

    pub(super) fn member(&self, tid: &str) -> Option<(QueueId, MemberId)> {
        self.members.by_tid.get(tid).copied()
    }

    /// Whether `to` is `from` or is included by it, directly or not.
    pub(super) fn is_reachable(&self, from: ContextId, to: ContextId) -> bool {
        self.reachable.get(&from).is_some_and(|reached| reached.contains(&to))
    }

    /// In order of position.
    pub(super) fn presences(&self, group: PresenceGroupId) -> &[Arc<Presence>] {
        self.presences.get(&group).map_or(&[], Vec::as_slice)
    }
}

/// The wire's id of a queue member (protocol 4.5.4).
pub(super) fn member_tid(configuration: &Configuration, queue: QueueId, member: MemberId) -> Option<Box<str>> {
    let interface = member_interface(configuration, member)?;
    let name = &configuration.queues.get(queue)?.name;
    Some(format!("{interface},{name}").into())
}

/// What the wire calls a queue member: an agent by number; a line by its device as it is configured, which is the phone's
/// `identity`, also where Asterisk says PJSIP for SIP (telephony §16b).
pub(super) fn member_interface(configuration: &Configuration, member: MemberId) -> Option<Box<str>> {
    Some(match member {
        MemberId::Agent(agent) => configuration.agents.get(agent)?.member_name().into(),
        MemberId::Line(line) => configuration.lines.get(line)?.device.as_str().into(),
    })
}

fn kept<T>(before: &Arc<T>, is_same: bool, make: impl FnOnce() -> T) -> Arc<T> {
    if is_same { Arc::clone(before) } else { Arc::new(make()) }
}

fn users(configuration: &Configuration) -> HashMap<UserUuid, UserId> {
    configuration.users.iter().map(|user| (user.uuid, user.id)).collect()
}

fn lines(configuration: &Configuration) -> Lines {
    let mut index = Lines::default();
    for line in configuration.lines.iter() {
        let lines = index.of_user.entry(line.user).or_default();
        if line.is_main {
            lines.insert(0, line.id);
            index.contexts.insert(line.user, line.context);
        } else {
            lines.push(line.id);
        }
    }
    index
}

fn agents(configuration: &Configuration) -> HashMap<UserId, AgentId> {
    configuration.agents.iter().filter_map(|agent| Some((agent.user?, agent.id))).collect()
}

fn voicemails(configuration: &Configuration) -> HashMap<UserId, VoicemailId> {
    configuration.voicemails.iter().filter_map(|voicemail| Some((voicemail.user?, voicemail.id))).collect()
}

fn members(configuration: &Configuration) -> Members {
    let mut index = Members::default();
    for queue in configuration.queues.iter() {
        for member in &queue.members {
            index.queues.entry(member.member).or_default().push(queue.id);
            index.penalties.insert((queue.id, member.member), member.penalty);
            if let Some(tid) = member_tid(configuration, queue.id, member.member) {
                index.by_tid.insert(tid, (queue.id, member.member));
            }
        }
    }
    index
}

fn reachable(configuration: &Configuration) -> HashMap<ContextId, BTreeSet<ContextId>> {
    configuration.contexts.iter().map(|context| (context.id, configuration.reachable_contexts(context.id))).collect()
}

fn dial_rules(configuration: &Configuration) -> Vec<Arc<DialRule>> {
    configuration.ordered_dial_rules().into_iter().cloned().collect()
}

fn presences(configuration: &Configuration) -> HashMap<PresenceGroupId, Vec<Arc<Presence>>> {
    let of = |group| configuration.presences_of(group).into_iter().cloned().collect();
    configuration.presence_groups.iter().map(|group| (group.id, of(group.id))).collect()
}
