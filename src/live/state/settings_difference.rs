//! What differs between two settings, as far as the live picture must know when the later ones take effect: which objects may
//! read otherwise and whose they are, whose access or presence ends, who is gone. Made by `prepared_settings`, outside of
//! the task that owns the picture; it knows nobody who is connected.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use crate::protocol::request::ListName;
use crate::settings::id::{QueueId, UserId, UserUuid};
use crate::settings::queue::MemberId;
use crate::settings::table::{Difference, Object, Table};
use crate::settings::user::User;

use super::settings_view::SettingsView;
use super::view::subjects;
use crate::live::messages::subject::{Subject, Watched};

pub(super) struct SettingsDifference {
    /// Every object that may be seen or read otherwise by who looks from where they looked; more than that does no harm.
    pub(super) touched: Subjects,
    /// Every object there was or is, if anybody may look from elsewhere now.
    pub(super) everything: Option<Subjects>,
    /// What of all that was touched can be registered for, in order.
    pub(super) watched: Arc<[Watched]>,
    /// Users who are deleted, disabled, or have another password.
    pub(super) sent_away: Vec<UserUuid>,
    pub(super) gone_users: Vec<UserUuid>,
    pub(super) presences: PresencesChanged,
}

/// Whose presences may be others now.
pub(super) enum PresencesChanged {
    OfEverybody,
    /// Of these, who have another profile; by id.
    Of(Vec<(UserId, UserUuid)>),
}

/// Some objects, and whoever owned or owns one of them; cheap to clone.
#[derive(Clone)]
pub(super) struct Subjects {
    /// In order.
    pub(super) all: Arc<[Subject]>,
    /// All others look from their place alone.
    pub(super) owners: Arc<HashSet<UserId>>,
}

impl Subjects {
    fn new(old: &SettingsView, new: &SettingsView, all: BTreeSet<Subject>) -> Self {
        let owners = |subject: &Subject| [old.owner(*subject), new.owner(*subject)];
        let owners = all.iter().flat_map(owners).flatten().collect();
        Self { all: all.into_iter().collect(), owners: Arc::new(owners) }
    }

    pub(super) fn contains(&self, subject: Subject) -> bool {
        self.all.binary_search(&subject).is_ok()
    }

    /// More of what is nobody's own.
    fn add(&mut self, more: impl Iterator<Item = Subject>) {
        let mut all: Vec<Subject> = self.all.iter().copied().chain(more).collect();
        all.sort_unstable();
        all.dedup();
        self.all = all.into();
    }
}

impl SettingsDifference {
    /// Members of queues that the settings do not name read otherwise where their queue, agent or line does.
    pub(super) fn add_members(&mut self, members: impl Iterator<Item = (QueueId, MemberId)>) {
        let members: Vec<(QueueId, MemberId)> = members.collect();
        let subject = |(queue, member): &(QueueId, MemberId)| Subject::QueueMember(*queue, *member);
        let is_touched = |(queue, member): &&(QueueId, MemberId)| {
            let own = match member {
                MemberId::Agent(agent) => Subject::Agent(*agent),
                MemberId::Line(line) => Subject::Phone(*line),
            };
            self.touched.contains(Subject::Queue(*queue)) || self.touched.contains(own)
        };
        let touched: Vec<Subject> = members.iter().filter(is_touched).map(subject).collect();
        if !touched.is_empty() {
            self.touched.add(touched.into_iter());
        }
        if let Some(everything) = self.everything.as_mut().filter(|_| !members.is_empty()) {
            everything.add(members.iter().map(subject));
        }
    }

    pub(super) fn of(old: &SettingsView, new: &SettingsView) -> Self {
        let (before, after) = (&*old.configuration, &*new.configuration);
        let touched = touched(old, new);
        // From where somebody looks follows from the lines and from whether contexts are separated, and nothing else.
        let may_have_moved =
            !before.lines.is_same(&after.lines) || old.general.context_separation != new.general.context_separation;
        let everything = may_have_moved.then(|| Subjects::new(old, new, all(old, new)));
        let watched: BTreeSet<Watched> = touched.iter().flat_map(|subject| watched(new, *subject)).collect();
        let users = before.users.differences(&after.users);
        Self {
            touched: Subjects::new(old, new, touched),
            everything,
            watched: watched.into_iter().collect(),
            sent_away: sent_away(&users),
            gone_users: users
                .iter()
                .filter_map(|(before, _)| *before)
                .map(|user| user.uuid)
                .filter(|uuid| new.index.user(*uuid).is_none())
                .collect(),
            presences: if before.profiles.is_same(&after.profiles) && before.presences.is_same(&after.presences) {
                PresencesChanged::Of(with_another_profile(&users))
            } else {
                PresencesChanged::OfEverybody
            },
        }
    }
}

fn sent_away(users: &[Difference<'_, User>]) -> Vec<UserUuid> {
    let may_stay = |before: &User, after: Option<&Arc<User>>| {
        after.is_some_and(|after| after.uuid == before.uuid && after.enabled && after.password == before.password)
    };
    let gone = users.iter().filter_map(|(before, after)| before.filter(|before| !may_stay(before, *after)));
    gone.map(|user| user.uuid).collect()
}

fn with_another_profile(users: &[Difference<'_, User>]) -> Vec<(UserId, UserUuid)> {
    let is_same = |before: Option<&Arc<User>>, after: &User| {
        before.is_some_and(|before| before.uuid == after.uuid && before.profile == after.profile)
    };
    let others = users.iter().filter_map(|(before, after)| after.filter(|after| !is_same(*before, after)));
    others.map(|user| (user.id, user.uuid)).collect()
}

fn watched(new: &SettingsView, subject: Subject) -> Vec<Watched> {
    match subject {
        Subject::User(user) => {
            new.configuration.users.get(user).map(|user| Watched::User(user.uuid)).into_iter().collect()
        }
        Subject::Phone(line) => vec![Watched::Phone(line)],
        Subject::Agent(agent) => vec![Watched::Agent(agent)],
        Subject::Queue(queue) => vec![Watched::WaitingCallers(queue), Watched::QueueFigures],
        Subject::Voicemail(_) | Subject::Conference(_) | Subject::QueueMember(..) => Vec::new(),
    }
}

/// Every object there was or is.
fn all(old: &SettingsView, new: &SettingsView) -> BTreeSet<Subject> {
    let lists = ListName::ALL.into_iter();
    lists
        .flat_map(|list| subjects(&old.configuration, list).into_iter().chain(subjects(&new.configuration, list)))
        .collect()
}

fn touched(old: &SettingsView, new: &SettingsView) -> BTreeSet<Subject> {
    let (before, after) = (&*old.configuration, &*new.configuration);
    let mut touched = BTreeSet::new();
    let mut touch = |subject| {
        touched.insert(subject);
    };
    for user in each(&before.users, &after.users) {
        touch(Subject::User(user.id));
    }
    for line in each(&before.lines, &after.lines) {
        touch(Subject::Phone(line.id));
        touch(Subject::User(line.user));
        for queue in old.index.queues(line.id).iter().chain(new.index.queues(line.id)) {
            touch(Subject::QueueMember(*queue, line.id.into()));
        }
    }
    for voicemail in each(&before.voicemails, &after.voicemails) {
        touch(Subject::Voicemail(voicemail.id));
        voicemail.user.map(Subject::User).into_iter().for_each(&mut touch);
    }
    for agent in each(&before.agents, &after.agents) {
        touch(Subject::Agent(agent.id));
        agent.user.map(Subject::User).into_iter().for_each(&mut touch);
        for queue in old.index.queues(agent.id).iter().chain(new.index.queues(agent.id)) {
            touch(Subject::QueueMember(*queue, agent.id.into()));
        }
    }
    for queue in each(&before.queues, &after.queues) {
        touch(Subject::Queue(queue.id));
        for member in &queue.members {
            touch(Subject::QueueMember(queue.id, member.member));
            if let MemberId::Agent(agent) = member.member {
                touch(Subject::Agent(agent));
            }
        }
    }
    for conference in each(&before.conferences, &after.conferences) {
        touch(Subject::Conference(conference.id));
    }
    let mut touch_lists = |lists: &[ListName]| {
        for list in lists {
            touched.extend(subjects(before, *list));
            touched.extend(subjects(after, *list));
        }
    };
    // A context's name stands in what is in it, and its inclusions say who reaches a room.
    if each(&before.contexts, &after.contexts).next().is_some() {
        touch_lists(&[ListName::Agents, ListName::Queues, ListName::Voicemails, ListName::Meetmes]);
    }
    if before.server_uuid != after.server_uuid {
        touch_lists(&[ListName::Users]);
    }
    touched
}

/// Both sides of every difference.
fn each<'a, T: Object>(before: &'a Table<T>, after: &'a Table<T>) -> impl Iterator<Item = &'a T> {
    let sides = |(old, new): Difference<'a, T>| old.into_iter().chain(new);
    before.differences(after).into_iter().flat_map(sides).map(|object| &**object)
}
