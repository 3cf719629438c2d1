//! What clients hear of changed settings: `addconfig` of what one may see now, `delconfig` of what one may see no more,
//! `updateconfig` and `updatestatus` of what reads otherwise (protocol 4.5.5). Viewers who look from the same place
//! hear the same, so it is worked out once for each place; only owners may differ, and are looked at one by one.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::protocol::notice::{Config, Notice, Status};
use crate::protocol::people::PeopleNotice;
use crate::protocol::request::ListName;
use crate::settings::column::Columns;
use crate::settings::id::UserId;

use super::LiveState;
use super::runtime::RuntimeState;
use super::settings_view::SettingsView;
use super::view::View;
use crate::live::messages::{Moment, Scope, SessionId, Subject, Watched};
use crate::live::state::{Audience, Effects};

/// What one viewer hears of one object.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum ObjectChange {
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
pub(super) type ScopeChange = (Scope, Scope);

/// A client lays every row under the headers that it heard last, not under those that come with the rows (protocol 4.15),
/// and asks for headers once: so everybody hears the new ones before any row of them.
pub(super) fn headers(columns: &Columns) -> Notice {
    Notice::People(PeopleNotice::Headers(columns.clone()))
}

/// The connected users by where they looked from and look from.
pub(super) fn viewers(
    old: &SettingsView,
    new: &SettingsView,
    runtime: &RuntimeState,
) -> BTreeMap<ScopeChange, BTreeSet<UserId>> {
    let mut viewers: BTreeMap<ScopeChange, BTreeSet<UserId>> = BTreeMap::new();
    for (_, session) in runtime.sessions() {
        viewers.entry((old.scope(session.user), new.scope(session.user))).or_default().insert(session.user);
    }
    viewers
}

pub(super) fn change_of(before: View<'_>, after: View<'_>, subject: Subject) -> Option<ObjectChange> {
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
pub(super) fn notices(heard: BTreeMap<Subject, ObjectChange>) -> VecDeque<Notice> {
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
    gone.chain(came).chain(reads).collect()
}

/// Who registered for something that they could not see and now can is answered now (protocol 4.14): this session looks
/// from elsewhere now. How many answers were looked for.
pub(super) fn answer_moved(
    state: &LiveState,
    old: &SettingsView,
    session: SessionId,
    now: Moment,
    out: &mut Effects,
) -> usize {
    let Some(user) = state.user_of(session) else { return 1 };
    let before = View::of(old, &state.runtime, user);
    let watches = state.runtime.watches.of(session);
    watches.map(|watched| answer_registrant(state, &before, (session, watched), now, out)).sum::<usize>() + 1
}

/// The same of those who look from where they looked: found through what was touched, for asking every session about
/// everything would take their product.
pub(super) fn answer_touched(
    state: &LiveState,
    old: &SettingsView,
    watched: Watched,
    now: Moment,
    out: &mut Effects,
) -> usize {
    let mut looked_for = 1;
    for id in state.runtime.watches.watching(watched) {
        looked_for += 1;
        let session = state.runtime.session(id).filter(|it| old.scope(it.user) == state.settings.scope(it.user));
        if let Some(session) = session {
            let before = View::of(old, &state.runtime, session.user);
            looked_for += answer_registrant(state, &before, (id, watched), now, out);
        }
    }
    looked_for
}

/// How many answers were looked for.
fn answer_registrant(
    state: &LiveState,
    before: &View<'_>,
    (session, watched): (SessionId, Watched),
    now: Moment,
    out: &mut Effects,
) -> usize {
    let Some(view) = state.user_of(session).map(|user| state.view(user)) else { return 1 };
    let notices: Vec<Notice> = match watched {
        Watched::User(_) | Watched::Phone(_) | Watched::Agent(_) => state
            .watched_subject(watched)
            .filter(|subject| !before.may_see(*subject))
            .and_then(|subject| view.registered_status(subject))
            .into_iter()
            .collect(),
        Watched::WaitingCallers(queue) if before.may_see(Subject::Queue(queue)) => Vec::new(),
        Watched::WaitingCallers(queue) => view.waiting(queue).into_iter().collect(),
        Watched::QueueFigures => {
            let queues = view.queues().into_iter().filter(|queue| !before.may_see(Subject::Queue(*queue)));
            queues.flat_map(|queue| view.queue_figures(queue, now.unix)).collect()
        }
    };
    let number = notices.len();
    notices.into_iter().for_each(|notice| out.notify(Audience::only(session), notice));
    number + 1
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

/// What the user owned or owns: what they may see where others do not.
pub(super) fn owned(old: &SettingsView, new: &SettingsView, user: UserId) -> BTreeSet<Subject> {
    let mut owned = BTreeSet::from([Subject::User(user)]);
    for index in [&old.index, &new.index] {
        owned.extend(index.lines(user).iter().copied().map(Subject::Phone));
        owned.extend(index.agent(user).map(Subject::Agent));
        owned.extend(index.voicemail(user).map(Subject::Voicemail));
    }
    owned
}
