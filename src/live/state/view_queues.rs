//! What one user may read of queues: their members, who waits, and their figures (protocol 4.5.4, 4.10), as clients were
//! told last.

use super::LiveState;
use super::index::{member_interface, member_tid};
use super::view::View;
use crate::live::messages::subject::Subject;
use crate::protocol::notice::{Config, Notice, QueueMemberConfig};
use crate::protocol::queue_figures::{CallFigures, QueueFigures, WaitingCaller};
use crate::protocol::request::ListName;
use crate::settings::id::QueueId;
use crate::settings::queue::MemberId;

/// States that Asterisk has none for (protocol 4.5.4): nothing is known of the member; an agent who is not logged in.
const UNKNOWN: &str = "100";
const LOGGED_OUT: &str = "101";

impl View<'_> {
    /// Members that clients know of because Asterisk has them, and that the settings do not name.
    pub(super) fn listed_members(&self) -> impl Iterator<Item = Subject> {
        let listed = self.runtime.telephony.queues.listed();
        let subjects = listed.map(|(queue, member)| Subject::QueueMember(queue, member));
        subjects.filter(|subject| !self.settings.exists(*subject) && self.may_see(*subject))
    }

    /// Whether they see a member that the settings do not name: where they see its queue, while Asterisk has it.
    pub(super) fn may_see_listed(&self, queue: QueueId, member: MemberId) -> bool {
        self.runtime.telephony.queues.is_listed(queue, member)
            && member_interface(&self.settings.configuration, member).is_some()
            && self.may_see(Subject::Queue(queue))
    }

    /// Such a member by the wire's id.
    pub(super) fn listed_member(&self, tid: &str) -> Option<Subject> {
        let (interface, queue) = tid.rsplit_once(',')?;
        let names = &self.settings.index.telephony;
        let (queue, member) = (names.queue(queue)?, names.member(interface, interface)?);
        let is_spelled_so = member_tid(&self.settings.configuration, queue, member).as_deref() == Some(tid);
        let is_listed = self.runtime.telephony.queues.is_listed(queue, member);
        (is_spelled_so && is_listed).then_some(Subject::QueueMember(queue, member))
    }

    /// As they were told that Asterisk has it; of one that it does not have, what it said last, as logged out or unknown.
    pub(super) fn member(&self, queue: QueueId, member: MemberId) -> Option<QueueMemberConfig> {
        let known = &self.settings.configuration;
        let last = self.runtime.telephony.queues.told_member(queue, member);
        let present = last.filter(|member| member.is_there);
        let configured = self.settings.index.penalty(queue, member).map(u32::from);
        let penalty = present.map(|member| member.penalty).or(configured).or(last.map(|member| member.penalty))?;
        let status = match (present, member) {
            (Some(present), _) => present.status.to_string().into(),
            (None, MemberId::Agent(_)) => LOGGED_OUT.into(),
            (None, MemberId::Line(_)) => UNKNOWN.into(),
        };
        Some(QueueMemberConfig {
            queue: known.queues.get(queue)?.name.as_str().into(),
            interface: member_interface(known, member)?,
            penalty: penalty.to_string().into(),
            is_paused: present.is_some_and(|member| member.is_paused),
            status,
            calls_taken: last.map_or(0, |member| member.calls_taken).to_string().into(),
            last_call: last.and_then(|member| member.last_call).map(|time| time.to_string().into()).unwrap_or_default(),
        })
    }

    /// Who waits in a queue that they see.
    pub(in crate::live) fn waiting(&self, queue: QueueId) -> Option<Notice> {
        let name = self.queue_name(queue)?;
        let at_work = self.runtime.telephony.queues.get(queue);
        let callers = at_work.map_or(&[][..], |at_work| at_work.told.waiting.callers());
        let callers = callers.iter().zip(1..).map(|(caller, position)| WaitingCaller {
            position,
            name: caller.name.clone(),
            number: caller.number.clone(),
            join_time: caller.join_time,
            unique_id: caller.unique_id.clone(),
        });
        Some(Notice::QueueEntries { queue, name, callers: callers.collect() })
    }

    /// All that is told of a queue that they see.
    pub(in crate::live) fn queue_figures(&self, queue: QueueId, unix: f64) -> Vec<Notice> {
        if !self.may_see(Subject::Queue(queue)) {
            return Vec::new();
        }
        let at_work = self.runtime.telephony.queues.get(queue);
        let figures = at_work.map(|at_work| at_work.told.figures).unwrap_or_default();
        let members = figures.members.into_iter().flat_map(|members| [members, figures.waiting_figures(unix)]);
        let all = std::iter::once(QueueFigures::LoggedAgents(figures.logged_agents)).chain(members);
        all.map(|figures| Notice::QueueFigures { queue, figures }).collect()
    }

    /// The queues that they see, in order.
    pub(in crate::live) fn queues(&self) -> Vec<QueueId> {
        let queue = |subject| match subject {
            Subject::Queue(queue) => Some(queue),
            Subject::User(_)
            | Subject::Phone(_)
            | Subject::Agent(_)
            | Subject::Voicemail(_)
            | Subject::Conference(_)
            | Subject::QueueMember(..) => None,
        };
        self.subjects(ListName::Queues).into_iter().filter_map(queue).collect()
    }

    /// What became of the calls of a queue, by the wire's id: of one that they do not see as of one that is none.
    pub(in crate::live) fn call_figures(&self, tid: &str, window: (i64, i64), unix: f64) -> CallFigures {
        let seen = self.named(ListName::Queues, tid).filter(|subject| self.may_see(*subject));
        let Some(Subject::Queue(queue)) = seen else { return CallFigures::default() };
        self.runtime.telephony.queues.calls.figures(queue, window, unix)
    }
}

/// For `publish_queues`, which says who hears it.
impl LiveState {
    /// Empty where the settings do not know the member or the queue.
    pub(super) fn member_tid(&self, queue: QueueId, member: MemberId) -> Box<str> {
        member_tid(&self.settings.configuration, queue, member).unwrap_or_default()
    }

    pub(super) fn member_config(&self, queue: QueueId, member: MemberId) -> Option<Config> {
        self.view_of_everything().member(queue, member).map(Config::QueueMember)
    }

    pub(super) fn waiting_notice(&self, queue: QueueId) -> Option<Notice> {
        self.view_of_everything().waiting(queue)
    }

    fn view_of_everything(&self) -> View<'_> {
        View::from(&self.settings, &self.runtime, crate::live::messages::Scope::Everything)
    }
}
