//! The publication of changed settings, worked off in slices: an import or a resync of ten thousand lines is one comparison,
//! and between its slices clients are served. All sessions that were there at the change hear of it, in one order; whoever
//! comes later reads what is new. A slice is bounded by counted work, for nothing here has a clock.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use super::prepared_settings::PreparedSettings;
use super::settings_difference::{SettingsDifference, Subjects};
use super::settings_notifications::{self as notifications, ObjectChange, ScopeChange};
use super::settings_view::SettingsView;
use super::steps::Steps;
use super::view::View;
use super::visibility::Audience;
use super::{Follow, LiveState};
use crate::live::messages::{Cause, Event};
use crate::live::messages::{Change, Moment, Scope, SessionId, Subject, Watched};
use crate::live::state::Effects;
use crate::protocol::notice::Notice;
use crate::settings::id::UserId;

/// Work of one slice, in steps of a microsecond or two each (`cargo bench --bench largest`): less than 20 ms.
pub(super) const SLICE_STEPS_MAX: usize = 8_000;
/// What comparing an object for one place takes, and telling a notice beside what each receiver takes.
const COMPARE_STEPS: usize = 4;
const NOTICE_STEPS: usize = 4;
const RECEIVERS_A_STEP: usize = 8;
/// What taking settings over takes, before anything of them is told.
pub(super) const SESSIONS_A_STEP: usize = 4;

/// A change of settings that not all have heard of yet.
pub(super) struct Publication {
    before: Arc<SettingsView>,
    tasks: VecDeque<Task>,
}

enum Task {
    Compare(Comparison),
    Split(Comparison),
    Tell {
        to: Audience,
        notices: VecDeque<Notice>,
    },
    /// Whoever moved and registered for something.
    AnswerMoved(VecDeque<SessionId>),
    /// Whoever registered for what was touched.
    AnswerTouched(Ahead<Watched>),
    /// The same as events.
    Log(Ahead<Subject>),
}

/// What all hear who looked from one place and look from one place now.
struct Comparison {
    moved: ScopeChange,
    users: VecDeque<UserId>,
    subjects: Subjects,
    /// Those that are not compared yet.
    ahead: Ahead<Subject>,
    shared: BTreeMap<Subject, ObjectChange>,
    /// The users who hear just that.
    alike: Vec<UserId>,
}

/// What is still to be looked at of something that is shared.
struct Ahead<T> {
    all: Arc<[T]>,
    next: usize,
}

impl<T: Copy> Ahead<T> {
    fn of(all: &Arc<[T]>) -> Self {
        Self { all: Arc::clone(all), next: 0 }
    }

    fn pop(&mut self) -> Option<T> {
        let next = self.all.get(self.next).copied()?;
        self.next += 1;
        Some(next)
    }

    fn is_empty(&self) -> bool {
        self.next >= self.all.len()
    }
}

impl Publication {
    pub(super) fn new(state: &LiveState, before: Arc<SettingsView>, difference: &SettingsDifference) -> Self {
        let after = &state.settings;
        let mut tasks = VecDeque::new();
        for (moved, users) in notifications::viewers(&before, after, &state.runtime) {
            let subjects = match &difference.everything {
                Some(everything) if moved.0 != moved.1 => everything,
                Some(_) | None => &difference.touched,
            };
            if !subjects.all.is_empty() {
                tasks.push_back(Task::Compare(Comparison {
                    moved,
                    users: users.into_iter().collect(),
                    subjects: subjects.clone(),
                    ahead: Ahead::of(&subjects.all),
                    shared: BTreeMap::new(),
                    alike: Vec::new(),
                }));
            }
        }
        let moved = state.runtime.sessions().filter(|(_, it)| before.scope(it.user) != after.scope(it.user));
        tasks.push_back(Task::AnswerMoved(moved.map(|(id, _)| id).collect()));
        tasks.push_back(Task::AnswerTouched(Ahead::of(&difference.watched)));
        if after.general.people_columns != before.general.people_columns {
            let users: Vec<UserId> = state.runtime.connected_users().into_iter().collect();
            let to = state.audience_of_alike(&users);
            let headers = notifications::headers(&after.general.people_columns);
            tasks.push_back(Task::Tell { to, notices: [headers].into() });
        }
        tasks.push_back(Task::Log(Ahead::of(&difference.touched.all)));
        Self { before, tasks }
    }

    pub(super) fn is_over(&self) -> bool {
        self.tasks.is_empty()
    }

    /// What nobody compares with any more.
    pub(super) fn into_before(self) -> PreparedSettings {
        PreparedSettings(self.before)
    }

    /// Does as much of it as is left of the slice.
    pub(super) fn advance(
        &mut self,
        state: &LiveState,
        now: Moment,
        cause: Cause,
        left: &mut Steps,
        out: &mut Effects,
    ) {
        while !left.are_spent()
            && let Some(task) = self.tasks.pop_front()
        {
            match task {
                Task::Compare(comparison) => self.compare(state, comparison, left),
                Task::Split(comparison) => self.split(state, comparison, left),
                Task::Tell { to, notices } => self.tell(state, to, notices, left, out),
                Task::AnswerMoved(mut sessions) => {
                    if let Some(session) = sessions.pop_front() {
                        left.spend(notifications::answer_moved(state, &self.before, session, now, out));
                        self.tasks.push_front(Task::AnswerMoved(sessions));
                    }
                }
                Task::AnswerTouched(mut ahead) => {
                    if let Some(watched) = ahead.pop() {
                        left.spend(notifications::answer_touched(state, &self.before, watched, now, out));
                        self.tasks.push_front(Task::AnswerTouched(ahead));
                    }
                }
                // Nobody follows: nothing is compared for nobody.
                Task::Log(_) if state.changes.follow == Follow::Nobody => {}
                Task::Log(mut ahead) => {
                    if let Some(subject) = ahead.pop() {
                        left.spend(COMPARE_STEPS);
                        let change = self.difference(state, subject);
                        out.events.extend(change.map(|change| Event { at: now.unix, cause, subject, change }));
                        self.tasks.push_front(Task::Log(ahead));
                    }
                }
            }
        }
    }

    /// Before and after, from one place or of one user.
    fn views<'a>(&'a self, state: &'a LiveState, (from, to): ScopeChange) -> (View<'a>, View<'a>) {
        let runtime = &state.runtime;
        (View::from(&self.before, runtime, from), View::from(&state.settings, runtime, to))
    }

    fn difference(&self, state: &LiveState, subject: Subject) -> Option<Change> {
        let (before, after) = self.views(state, (Scope::Everything, Scope::Everything));
        match notifications::change_of(before, after, subject)? {
            ObjectChange::Gone(_) => Some(Change::Removed),
            ObjectChange::Came(_) | ObjectChange::Renamed { .. } | ObjectChange::Reads { .. } => {
                Some(Change::Configured)
            }
        }
    }

    fn compare(&mut self, state: &LiveState, mut comparison: Comparison, left: &mut Steps) {
        let (before, after) = self.views(state, comparison.moved);
        while !left.are_spent()
            && let Some(subject) = comparison.ahead.pop()
        {
            left.spend(COMPARE_STEPS);
            let change = notifications::change_of(before, after, subject);
            comparison.shared.extend(change.map(|change| (subject, change)));
        }
        let is_compared = comparison.ahead.is_empty();
        self.tasks.push_front(if is_compared { Task::Split(comparison) } else { Task::Compare(comparison) });
    }

    /// Finds those of the place who hear otherwise, for something is their own.
    fn split(&mut self, state: &LiveState, mut comparison: Comparison, left: &mut Steps) {
        while !left.are_spent()
            && let Some(user) = comparison.users.pop_front()
        {
            left.spend(1);
            if !comparison.subjects.owners.contains(&user) {
                comparison.alike.push(user);
                continue;
            }
            let own = notifications::owned(&self.before, &state.settings, user);
            let own: Vec<Subject> = own.into_iter().filter(|subject| comparison.subjects.contains(*subject)).collect();
            left.spend(COMPARE_STEPS * own.len());
            let before = View::of(&self.before, &state.runtime, user);
            let after = View::of(&state.settings, &state.runtime, user);
            let mine = |subject: &Subject| notifications::change_of(before, after, *subject);
            let mine: BTreeMap<Subject, ObjectChange> =
                own.iter().filter_map(|subject| mine(subject).map(|change| (*subject, change))).collect();
            if own.iter().all(|subject| mine.get(subject) == comparison.shared.get(subject)) {
                comparison.alike.push(user);
                continue;
            }
            let mut heard = comparison.shared.clone();
            heard.retain(|subject, _| !own.contains(subject));
            heard.extend(mine);
            left.spend(heard.len());
            let (to, notices) = (state.audience_of_user(user), notifications::notices(heard));
            // Told next: what all these hear at once would be held at once.
            self.tasks.push_front(Task::Split(comparison));
            return self.tasks.push_front(Task::Tell { to, notices });
        }
        if !comparison.users.is_empty() {
            return self.tasks.push_front(Task::Split(comparison));
        }
        let to = state.audience_of_alike(&comparison.alike);
        self.tasks.push_front(Task::Tell { to, notices: notifications::notices(comparison.shared) });
    }

    fn tell(
        &mut self,
        state: &LiveState,
        to: Audience,
        mut notices: VecDeque<Notice>,
        left: &mut Steps,
        out: &mut Effects,
    ) {
        let to = state.still_there(to);
        if to.sessions().is_empty() {
            return;
        }
        while !left.are_spent()
            && let Some(notice) = notices.pop_front()
        {
            left.spend(notice_steps(&to));
            out.notify(to.clone(), notice);
        }
        if !notices.is_empty() {
            self.tasks.push_front(Task::Tell { to, notices });
        }
    }
}

/// What telling one notice takes.
pub(super) fn notice_steps(to: &Audience) -> usize {
    NOTICE_STEPS + to.sessions().len() / RECEIVERS_A_STEP
}
