//! A client as released ones are: it asks for the lists after its login, for each object that is new to it, and for the
//! status after each configuration; what it is told it merges into its picture.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::live::messages::{Moment, Subject};
use crate::live::state::view::View;
use crate::protocol::notice::{AgentAvailability, Config, Notice, Status, StatusAnswer, UserServices};
use crate::protocol::queue_figures::{QueueFigures, WaitingCaller};
use crate::protocol::request::{ListName, Request};
use crate::settings::id::{QueueId, UserId, UserUuid};

use super::strict::StrictClient;

/// What a client knows of one object.
#[derive(Debug, Default, PartialEq)]
struct Known {
    config: Option<Config>,
    availstate: Option<Box<str>>,
    agent: Option<AgentAvailability>,
    hintstatus: Option<Box<str>>,
    new_messages: Option<u32>,
}

pub(super) struct Client {
    pub(super) user: UserId,
    pub(super) strict: StrictClient,
    is_logged_in: bool,
    lists: BTreeMap<(ListName, Box<str>), Known>,
    /// The users it registered for, by uuid, with what it heard of them.
    statuses: BTreeMap<UserUuid, Option<Box<str>>>,
    /// Of the queues that it subscribed to, if it did: each figure as it was told last.
    figures: Option<BTreeMap<QueueId, [Option<QueueFigures>; 3]>>,
    waiting: BTreeMap<QueueId, Vec<WaitingCaller>>,
}

impl Client {
    pub(super) fn new(user: UserId, now: Moment) -> Self {
        let strict = StrictClient::new(user, now);
        let (lists, statuses, waiting) = Default::default();
        Self { user, strict, is_logged_in: false, lists, statuses, figures: None, waiting }
    }

    pub(super) fn registered(&self) -> usize {
        self.statuses.len()
    }

    /// To queues; those that are no more are subscribed to by nobody.
    pub(super) fn subscribed(&self) -> usize {
        usize::from(self.figures.is_some()) + self.waiting.len()
    }

    pub(super) fn register(&mut self, uuid: UserUuid) {
        self.statuses.entry(uuid).or_default();
    }

    pub(super) fn unregister(&mut self, uuid: UserUuid) {
        self.statuses.remove(&uuid);
    }

    /// From now on it hears the figures of every queue that its user sees.
    pub(super) fn subscribe_figures(&mut self) {
        self.figures.get_or_insert_default();
    }

    /// Nothing may come before the login's answer, and nothing of what its user neither sees now nor saw when it was
    /// decided: then it stands in the picture, which was right after the step before.
    pub(super) fn check_reach(
        &mut self,
        view: &View<'_>,
        from: Option<UserId>,
        queue_named: impl Fn(&str) -> Option<QueueId>,
        notice: &Notice,
    ) {
        let is_login = matches!(notice, Notice::LoginCapas(_) | Notice::DisconnectForce | Notice::LoginCapasRefused(_));
        assert!(self.is_logged_in || is_login, "told before its login: {notice:?}");
        self.is_logged_in = true;
        let knows = |list: ListName, tid: &str| self.lists.contains_key(&(list, tid.into()));
        let may_hear = |list: ListName, tid: &str| {
            knows(list, tid) || view.named(list, tid).is_some_and(|subject| view.may_see(subject))
        };
        let sees_queue = |queue: QueueId| view.may_see(Subject::Queue(queue));
        let is_right = match notice {
            // A member is where its queue is; by the end of the input it may be gone again.
            Notice::AddConfig { list: ListName::QueueMembers, ids } => ids
                .iter()
                .all(|tid| tid.rsplit_once(',').and_then(|(_, name)| queue_named(name)).is_some_and(sees_queue)),
            Notice::ListId { list, ids } | Notice::AddConfig { list, ids } => {
                ids.iter().all(|tid| view.named(*list, tid).is_some_and(|subject| view.may_see(subject)))
            }
            Notice::DelConfig { list, ids } => ids.iter().all(|tid| knows(*list, tid)),
            Notice::Config { list, tid, .. } | Notice::Status { list, tid, .. } => may_hear(*list, tid),
            Notice::UserStatus { user, .. } => may_hear(ListName::Users, &user.to_string()),
            Notice::QueueFigures { queue, .. } | Notice::QueueEntries { queue, .. } => {
                may_hear(ListName::Queues, &queue.to_string())
            }
            Notice::Chat { .. } => from.is_some_and(|from| may_hear(ListName::Users, &from.to_string())),
            _ => true,
        };
        assert!(is_right, "user {} hears of what they may not see: {notice:?}", self.user);
    }

    /// Takes what it is told into its picture and says what it asks next.
    pub(super) fn hear(&mut self, notice: &Notice) -> Vec<Request> {
        match notice {
            Notice::LoginCapas(_) => return vec![Request::GetIpbxList],
            Notice::IpbxList { .. } => {
                let own = Request::UpdateConfig { list: ListName::Users, tid: text(&self.user.to_string()) };
                let lists = ListName::ALL.map(|list| Request::ListId { list });
                return std::iter::once(own).chain(lists).collect();
            }
            Notice::ListId { list, ids } | Notice::AddConfig { list, ids } => {
                self.lists.extend(ids.iter().map(|tid| ((*list, tid.clone()), Known::default())));
                let ask = |tid: &str| Request::UpdateConfig { list: *list, tid: text(tid) };
                return ids.iter().map(|tid| ask(tid)).collect();
            }
            Notice::DelConfig { list, ids } => {
                for tid in ids {
                    self.lists.remove(&(*list, tid.clone()));
                }
            }
            Notice::ConfigAnswer { list, tid, config: Some(config) } => {
                let tid = tid.as_str().unwrap_or_default();
                self.merge(*list, tid, config);
                return vec![Request::UpdateStatus { list: *list, tid: text(tid) }];
            }
            Notice::Config { list, tid, config } => {
                self.merge(*list, tid, config);
                return vec![Request::UpdateStatus { list: *list, tid: text(tid) }];
            }
            Notice::StatusAnswer { list, tid, status: StatusAnswer::Known(status) } => {
                self.take(*list, tid.as_str().unwrap_or_default(), status);
            }
            Notice::Status { list, tid, status } => self.take(*list, tid, status),
            Notice::UserStatus { uuid, status, .. } => {
                if let Some(known) = self.statuses.get_mut(uuid) {
                    *known = Some(status.clone());
                }
            }
            Notice::QueueFigures { queue, figures } => {
                let known = self.figures.as_mut().expect("it subscribed").entry(*queue).or_default();
                known[kind(figures)] = Some(*figures);
            }
            Notice::QueueEntries { queue, callers, .. } => {
                self.waiting.insert(*queue, callers.clone());
            }
            _ => {}
        }
        Vec::new()
    }

    fn merge(&mut self, list: ListName, tid: &str, config: &Config) {
        let Some(known) = self.lists.get_mut(&(list, tid.into())) else { return };
        match (config, &mut known.config) {
            (Config::UserServices(partial), Some(Config::User(user))) => merge_services(&mut user.services, partial),
            (Config::UserServices(_), _) => {}
            (whole, config) => *config = Some(whole.clone()),
        }
    }

    fn take(&mut self, list: ListName, tid: &str, status: &Status) {
        let Some(known) = self.lists.get_mut(&(list, tid.into())) else { return };
        match status {
            Status::User { availstate, .. } | Status::Presence { availstate } => {
                known.availstate = Some(availstate.clone());
            }
            Status::Agent(agent) => known.agent = Some(agent.clone()),
            Status::AgentQueues(agent) => {
                known.agent.get_or_insert_with(|| agent.clone()).queues.clone_from(&agent.queues);
            }
            Status::AgentPhone { phone_number } => {
                known.agent.iter_mut().for_each(|agent| agent.phone_number = Some(phone_number.clone()));
            }
            Status::Phone { hintstatus } => known.hintstatus = Some(hintstatus.clone()),
            Status::Voicemail { new } => known.new_messages = Some(new.unwrap_or(0)),
            _ => {}
        }
    }

    /// The picture is what its user may see, no more and no less.
    pub(super) fn check_picture(
        &self,
        view: &View<'_>,
        unix: f64,
        user_by: impl Fn(UserUuid) -> Option<UserId>,
        did: &str,
    ) {
        let mut seen = BTreeMap::new();
        for list in ListName::ALL {
            for subject in view.subjects(list) {
                let status = view.status(subject);
                let known = Known {
                    config: view.config(subject),
                    availstate: match &status {
                        Some(Status::User { availstate, .. }) => Some(availstate.clone()),
                        _ => None,
                    },
                    hintstatus: match &status {
                        Some(Status::Phone { hintstatus }) => Some(hintstatus.clone()),
                        _ => None,
                    },
                    new_messages: match &status {
                        Some(Status::Voicemail { new }) => Some(new.unwrap_or(0)),
                        _ => None,
                    },
                    agent: match status {
                        Some(Status::Agent(agent)) => Some(agent),
                        _ => None,
                    },
                };
                seen.insert((list, view.tid(subject)), known);
            }
        }
        let (mine, theirs): (BTreeSet<_>, BTreeSet<_>) = (self.lists.keys().collect(), seen.keys().collect());
        assert_eq!(mine, theirs, "{did}: the lists of user {}", self.user);
        for (key, known) in &self.lists {
            assert_eq!(Some(known), seen.get(key), "{did}: {key:?} of user {}", self.user);
        }
        for (uuid, status) in &self.statuses {
            let user = user_by(*uuid).filter(|user| view.may_see(Subject::User(*user)));
            if let Some(user) = user {
                assert_eq!(status.as_deref(), view.presence(user), "{did}: {user} as user {} heard", self.user);
            }
        }
        self.check_queues(view, unix, did);
    }

    /// What it was told of queues is what it would be answered now.
    fn check_queues(&self, view: &View<'_>, unix: f64, did: &str) {
        for (queue, callers) in &self.waiting {
            if let Some(Notice::QueueEntries { callers: present, .. }) = view.waiting(*queue)
                && view.may_see(Subject::Queue(*queue))
            {
                assert_eq!(*callers, present, "{did}: who waits in queue {queue} as user {} heard", self.user);
                assert!(present.iter().zip(1..).all(|(caller, position)| caller.position == position), "{did}");
            }
        }
        let Some(known) = &self.figures else { return };
        for notice in view.queues().into_iter().flat_map(|queue| view.queue_figures(queue, unix)) {
            let Notice::QueueFigures { queue, figures } = notice else { continue };
            let told = known.get(&queue).and_then(|known| known[kind(&figures)]);
            assert_eq!(told, Some(figures), "{did}: figures of queue {queue} as user {} heard", self.user);
        }
    }
}

fn kind(figures: &QueueFigures) -> usize {
    match figures {
        QueueFigures::LoggedAgents(_) => 0,
        QueueFigures::Waiting { .. } => 1,
        QueueFigures::Members { .. } => 2,
    }
}

fn merge_services(services: &mut UserServices, partial: &UserServices) {
    let UserServices { enablednd, incallfilter, enablerecording: _, unconditional, no_answer, busy } = partial.clone();
    services.enablednd = enablednd.or(services.enablednd);
    services.incallfilter = incallfilter.or(services.incallfilter);
    services.unconditional = unconditional.or(services.unconditional.take());
    services.no_answer = no_answer.or(services.no_answer.take());
    services.busy = busy.or(services.busy.take());
}

fn text(tid: &str) -> Value {
    Value::String(tid.to_owned())
}
