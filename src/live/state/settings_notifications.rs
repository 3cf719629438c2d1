//! What clients hear of changed settings: `addconfig` of what one may see now, `delconfig` of what one may see no more,
//! `updateconfig` and `updatestatus` of what reads otherwise (protocol 4.5.5). Viewers who look from the same place
//! hear the same, so it is worked out once for each place; only owners may differ, and are looked at one by one.

use std::collections::{BTreeMap, BTreeSet};

use crate::protocol::notice::{Config, Notice, Status};
use crate::protocol::people::PeopleNotice;
use crate::protocol::request::ListName;
use crate::settings::column::Columns;
use crate::settings::id::UserId;
use crate::settings::table::{Difference, Object, Table};

use super::LiveState;
use super::audience::Audience;
use super::runtime::RuntimeState;
use super::settings_view::SettingsView;
use super::view::{View, subjects};
use crate::live::messages::{Change, Effects, Scope, SessionId, Subject, Watched};

const LISTS: [ListName; 7] = [
    ListName::Users,
    ListName::Phones,
    ListName::Agents,
    ListName::Queues,
    ListName::Voicemails,
    ListName::Meetmes,
    ListName::QueueMembers,
];

/// What one viewer hears of one object.
#[derive(Debug, Clone, PartialEq)]
enum ObjectChange {
    Gone(Box<str>),
    Came(Box<str>),
    /// A queue member whose agent or queue is called otherwise has another id.
    Renamed {
        from: Box<str>,
        to: Box<str>,
    },
    Reads {
        tid: Box<str>,
        config: Option<Config>,
        status: Option<Status>,
    },
}

/// A place before and after the change, from which several users look.
type ScopeChange = (Scope, Scope);

/// Tells everybody what the change from `old` to the present settings brings them.
pub(super) fn notify(state: &LiveState, old: &SettingsView, out: &mut Effects) {
    let (new, runtime) = (&state.settings, &state.runtime);
    let changed = touched(old, new);
    let mut everything = None;
    for (moved, users) in viewers(old, new, runtime) {
        let looked_at = if moved.0 == moved.1 { &changed } else { everything.get_or_insert_with(|| all(old, new)) };
        if looked_at.is_empty() {
            continue;
        }
        let owners = owners(old, new, looked_at);
        let place = (View::from(old, runtime, moved.0), View::from(new, runtime, moved.1));
        let shared: BTreeMap<Subject, ObjectChange> = changes_of(place, looked_at.iter().copied());
        let mut alike = Vec::new();
        for user in users {
            if !owners.contains(&user) {
                alike.push(user);
                continue;
            }
            let own: Vec<_> = owned(old, new, user).into_iter().filter(|subject| looked_at.contains(subject)).collect();
            let mine = changes_of((View::of(old, runtime, user), View::of(new, runtime, user)), own.iter().copied());
            if own.iter().all(|subject| mine.get(subject) == shared.get(subject)) {
                alike.push(user);
                continue;
            }
            let mut heard = shared.clone();
            heard.retain(|subject, _| !own.contains(subject));
            heard.extend(mine);
            notify_audience(&state.audience_of_user(user), heard, out);
        }
        notify_audience(&state.audience_of_alike(&alike), shared, out);
    }
    answer_registrants(state, old, &changed, out);
    if new.general.people_columns != old.general.people_columns {
        let users: BTreeSet<UserId> = runtime.sessions().map(|(_, session)| session.user).collect();
        notify_columns(state, &users.into_iter().collect::<Vec<_>>(), &new.general.people_columns, out);
    }
}

/// What was configured anew or otherwise, or removed, whoever sees it.
pub(super) fn differences(state: &LiveState, old: &SettingsView) -> Vec<(Subject, Change)> {
    let (new, runtime) = (&state.settings, &state.runtime);
    let (before, after) = (View::from(old, runtime, Scope::Everything), View::from(new, runtime, Scope::Everything));
    let difference = |subject| match change_of(before, after, subject)? {
        ObjectChange::Gone(_) => Some((subject, Change::Removed)),
        ObjectChange::Came(_) | ObjectChange::Renamed { .. } | ObjectChange::Reads { .. } => {
            Some((subject, Change::Configured))
        }
    };
    touched(old, new).into_iter().filter_map(difference).collect()
}

/// A client lays every row under the headers that it heard last, not under those that come with the rows (protocol 4.15),
/// and asks for headers once: so everybody hears the new ones before any row of them.
fn notify_columns(state: &LiveState, everybody: &[UserId], columns: &Columns, out: &mut Effects) {
    out.notify(state.audience_of_alike(everybody), Notice::People(PeopleNotice::Headers(columns.clone())));
}

/// The connected users by where they looked from and look from.
fn viewers(old: &SettingsView, new: &SettingsView, runtime: &RuntimeState) -> BTreeMap<ScopeChange, BTreeSet<UserId>> {
    let mut viewers: BTreeMap<ScopeChange, BTreeSet<UserId>> = BTreeMap::new();
    for (_, session) in runtime.sessions() {
        viewers.entry((old.scope(session.user), new.scope(session.user))).or_default().insert(session.user);
    }
    viewers
}

fn changes_of(place: (View<'_>, View<'_>), subjects: impl Iterator<Item = Subject>) -> BTreeMap<Subject, ObjectChange> {
    subjects.filter_map(|subject| change_of(place.0, place.1, subject).map(|change| (subject, change))).collect()
}

fn change_of(before: View<'_>, after: View<'_>, subject: Subject) -> Option<ObjectChange> {
    match (before.may_see(subject), after.may_see(subject)) {
        (false, false) => None,
        (true, false) => Some(ObjectChange::Gone(before.tid(subject))),
        (false, true) => Some(ObjectChange::Came(after.tid(subject))),
        (true, true) => {
            let (from, to) = (before.tid(subject), after.tid(subject));
            if from != to {
                return Some(ObjectChange::Renamed { from, to });
            }
            let config = after.config(subject).filter(|config| before.config(subject).as_ref() != Some(config));
            // Of statuses, settings change but which queues an agent is in.
            let status = match subject {
                Subject::Agent(agent) => {
                    after.agent_queues(agent).filter(|status| before.agent_queues(agent).as_ref() != Some(status))
                }
                Subject::User(_)
                | Subject::Phone(_)
                | Subject::Queue(_)
                | Subject::Voicemail(_)
                | Subject::Conference(_)
                | Subject::QueueMember(..) => None,
            };
            (config.is_some() || status.is_some()).then_some(ObjectChange::Reads { tid: to, config, status })
        }
    }
}

/// All that is gone, then all that came, then what reads otherwise: an id that passes from one to another ends as come.
fn notify_audience(to: &Audience, heard: BTreeMap<Subject, ObjectChange>, out: &mut Effects) {
    if to.sessions().is_empty() {
        return;
    }
    let mut gone: BTreeMap<ListName, Vec<Box<str>>> = BTreeMap::new();
    let mut came: BTreeMap<ListName, Vec<Box<str>>> = BTreeMap::new();
    let mut reads = Vec::new();
    for (subject, change) in heard {
        let list = list_of(subject);
        match change {
            ObjectChange::Gone(tid) => gone.entry(list).or_default().push(tid),
            ObjectChange::Came(tid) => came.entry(list).or_default().push(tid),
            ObjectChange::Renamed { from, to } => {
                gone.entry(list).or_default().push(from);
                came.entry(list).or_default().push(to);
            }
            ObjectChange::Reads { tid, config, status } => {
                reads.extend(config.map(|config| Notice::Config { list, tid: tid.clone(), config }));
                reads.extend(status.map(|status| Notice::Status { list, tid, status }));
            }
        }
    }
    let gone = gone.into_iter().map(|(list, ids)| Notice::DelConfig { list, ids });
    let came = came.into_iter().map(|(list, ids)| Notice::AddConfig { list, ids });
    for notice in gone.chain(came).chain(reads) {
        out.notify(to.clone(), notice);
    }
}

/// Who registered for something that they could not see and now can is answered now (protocol 4.14). Who looks from
/// where they looked is found through what was touched: asking every session about everything would take their product.
fn answer_registrants(state: &LiveState, old: &SettingsView, changed: &BTreeSet<Subject>, out: &mut Effects) {
    let (new, runtime) = (&state.settings, &state.runtime);
    let has_moved = |user: UserId| old.scope(user) != new.scope(user);
    for (id, session) in runtime.sessions().filter(|(_, session)| has_moved(session.user)) {
        let before = View::of(old, runtime, session.user);
        runtime.watches.of(id).for_each(|watched| answer_registrant(state, &before, id, watched, out));
    }
    let touched: BTreeSet<Watched> = changed.iter().filter_map(|subject| watched(new, *subject)).collect();
    for watched in touched {
        for id in runtime.watches.watching(watched) {
            if let Some(session) = runtime.session(id).filter(|session| !has_moved(session.user)) {
                answer_registrant(state, &View::of(old, runtime, session.user), id, watched, out);
            }
        }
    }
}

fn answer_registrant(state: &LiveState, before: &View<'_>, session: SessionId, watched: Watched, out: &mut Effects) {
    if let Some(subject) = state.watched_subject(watched)
        && !before.may_see(subject)
        && let Some(user) = state.user_of(session)
        && let Some(notice) = state.view(user).registered_status(subject)
    {
        out.notify(Audience::only(session), notice);
    }
}

fn watched(new: &SettingsView, subject: Subject) -> Option<Watched> {
    match subject {
        Subject::User(user) => new.configuration.users.get(user).map(|user| Watched::User(user.uuid)),
        Subject::Phone(line) => Some(Watched::Phone(line)),
        Subject::Agent(agent) => Some(Watched::Agent(agent)),
        Subject::Queue(_) | Subject::Voicemail(_) | Subject::Conference(_) | Subject::QueueMember(..) => None,
    }
}

fn list_of(subject: Subject) -> ListName {
    match subject {
        Subject::User(_) => ListName::Users,
        Subject::Phone(_) => ListName::Phones,
        Subject::Agent(_) => ListName::Agents,
        Subject::Queue(_) => ListName::Queues,
        Subject::Voicemail(_) => ListName::Voicemails,
        Subject::Conference(_) => ListName::Meetmes,
        Subject::QueueMember(..) => ListName::QueueMembers,
    }
}

/// Who owned or owns one of the subjects: all others look from their place alone.
fn owners(old: &SettingsView, new: &SettingsView, subjects: &BTreeSet<Subject>) -> BTreeSet<UserId> {
    let owners = |subject: &Subject| [old.owner(*subject), new.owner(*subject)];
    subjects.iter().flat_map(owners).flatten().collect()
}

/// What the user owned or owns: what they may see where others do not.
fn owned(old: &SettingsView, new: &SettingsView, user: UserId) -> BTreeSet<Subject> {
    let mut owned = BTreeSet::from([Subject::User(user)]);
    for index in [&old.index, &new.index] {
        owned.extend(index.lines(user).iter().copied().map(Subject::Phone));
        owned.extend(index.agent(user).map(Subject::Agent));
        owned.extend(index.voicemail(user).map(Subject::Voicemail));
    }
    owned
}

/// Every object there was or is.
fn all(old: &SettingsView, new: &SettingsView) -> BTreeSet<Subject> {
    let lists = LISTS.into_iter();
    lists
        .flat_map(|list| subjects(&old.configuration, list).into_iter().chain(subjects(&new.configuration, list)))
        .collect()
}

/// Every object that may be seen or read otherwise by who looks from where they looked; more than that does no harm.
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
    }
    for voicemail in each(&before.voicemails, &after.voicemails) {
        touch(Subject::Voicemail(voicemail.id));
        voicemail.user.map(Subject::User).into_iter().for_each(&mut touch);
    }
    for agent in each(&before.agents, &after.agents) {
        touch(Subject::Agent(agent.id));
        agent.user.map(Subject::User).into_iter().for_each(&mut touch);
        for queue in old.index.queues(agent.id).iter().chain(new.index.queues(agent.id)) {
            touch(Subject::QueueMember(*queue, agent.id));
        }
    }
    for queue in each(&before.queues, &after.queues) {
        touch(Subject::Queue(queue.id));
        for member in &queue.members {
            touch(Subject::QueueMember(queue.id, member.agent));
            touch(Subject::Agent(member.agent));
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
