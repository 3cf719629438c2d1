//! The strict client of simulated worlds: fails where the released desktop clients crash, hang, lie or open a window
//! (client.md (e)), as far as the live picture could bring that about. What only the ladder, the socket or the encoding
//! could do is watched by its twin in `tests/replay/strict.py`.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::live::messages::Moment;
use crate::protocol::notice::{Notice, StatusAnswer};
use crate::protocol::request::{ListName, Request};
use crate::settings::id::UserId;

/// A session that sent no `getipbxlist` for so long is no desktop client (protocol decision 16).
const NO_DESKTOP_CLIENT_AFTER: Duration = Duration::from_secs(10);

/// What a server must never do to a released client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::live) enum Rule {
    ChatBeforeOwnUser,
    LineAfterDisconnect,
    LineAfterRefusedLogin,
    OwnUserDeleted,
    OwnUserNotListed,
    OwnConfigEmpty,
    ListIdUnasked,
    SilenceAboutListed,
    KeepaliveInterval,
}

pub(in crate::live) struct StrictClient {
    own: UserId,
    entered: Moment,
    is_desktop_client: bool,
    hears_chat: bool,
    /// Nothing may come any more.
    end: Option<Rule>,
    listids_asked: Vec<ListName>,
    listed: BTreeSet<(ListName, Box<str>)>,
    unanswered: Vec<(ListName, Box<str>)>,
}

impl StrictClient {
    pub(in crate::live) fn new(own: UserId, entered: Moment) -> Self {
        Self {
            own,
            entered,
            is_desktop_client: false,
            hears_chat: false,
            end: None,
            listids_asked: Vec::new(),
            listed: BTreeSet::new(),
            unanswered: Vec::new(),
        }
    }

    pub(in crate::live) fn asks(&mut self, now: Moment, request: &Request) {
        match request {
            Request::GetIpbxList => self.is_desktop_client |= !self.is_late(now),
            Request::ListId { list } => self.listids_asked.push(*list),
            Request::UpdateConfig { list, tid } | Request::UpdateStatus { list, tid } => {
                let key = (*list, tid.as_str().unwrap_or_default().into());
                if self.listed.contains(&key) {
                    self.unanswered.push(key);
                }
            }
            _ => {}
        }
    }

    /// # Panics
    /// Where a released client would not have survived.
    pub(in crate::live) fn hears(&mut self, now: Moment, notice: &Notice) {
        if let Some(rule) = self.end {
            self.die(rule, notice);
        }
        match notice {
            Notice::DisconnectForce | Notice::DisconnectOldest => self.end = Some(Rule::LineAfterDisconnect),
            Notice::LoginCapasRefused(_) => self.end = Some(Rule::LineAfterRefusedLogin),
            Notice::LoginCapas(capas) => {
                let interval = capas.preferences.get("keepaliveinterval");
                let is_right = interval.is_none_or(|text| text.parse::<u32>().is_ok_and(|number| number > 0));
                self.require(is_right, Rule::KeepaliveInterval, notice);
            }
            Notice::Chat { .. } => {
                let may_come = self.hears_chat || (self.is_late(now) && !self.is_desktop_client);
                self.require(may_come, Rule::ChatBeforeOwnUser, notice);
            }
            Notice::ListId { list, ids } => {
                let asked = self.listids_asked.iter().position(|asked| asked == list);
                self.require(asked.is_some(), Rule::ListIdUnasked, notice);
                asked.map(|at| self.listids_asked.remove(at));
                let is_own_there = *list != ListName::Users || ids.iter().any(|id| **id == *self.own.to_string());
                self.require(is_own_there, Rule::OwnUserNotListed, notice);
                self.listed.extend(ids.iter().map(|id| (*list, id.clone())));
            }
            Notice::AddConfig { list, ids } => self.listed.extend(ids.iter().map(|id| (*list, id.clone()))),
            Notice::DelConfig { list, ids } => {
                let is_own_gone = *list == ListName::Users && ids.iter().any(|id| **id == *self.own.to_string());
                self.require(!is_own_gone, Rule::OwnUserDeleted, notice);
                self.listed.retain(|(of, id)| of != list || !ids.contains(id));
                self.unanswered.retain(|(of, id)| of != list || !ids.contains(id));
            }
            Notice::ConfigAnswer { list, tid, config } => {
                if *list == ListName::Users && tid.as_str() == Some(&self.own.to_string()) {
                    self.require(config.is_some(), Rule::OwnConfigEmpty, notice);
                    self.hears_chat = true;
                }
                self.is_answered(*list, tid.as_str());
            }
            Notice::StatusAnswer { list, tid, status } => {
                let tells = !matches!(status, StatusAnswer::Unknown) || *list != ListName::Users;
                let is_own = *list == ListName::Users && tid.as_str() == Some(&self.own.to_string());
                self.require(tells || !is_own, Rule::OwnConfigEmpty, notice);
                self.is_answered(*list, tid.as_str());
            }
            _ => {}
        }
    }

    /// All that was asked is dealt with.
    ///
    /// # Panics
    /// If somebody who was listed is not answered for: the client's window would never open.
    pub(in crate::live) fn rests(&self) {
        let is_right = self.end.is_some() || self.unanswered.is_empty();
        assert!(is_right, "{:?}: user {} asked for {:?}", Rule::SilenceAboutListed, self.own, self.unanswered);
    }

    fn is_late(&self, now: Moment) -> bool {
        now.steady >= self.entered.steady + NO_DESKTOP_CLIENT_AFTER
    }

    fn is_answered(&mut self, list: ListName, tid: Option<&str>) {
        let asked = self.unanswered.iter().position(|(of, id)| *of == list && Some(&**id) == tid);
        asked.map(|at| self.unanswered.remove(at));
    }

    fn require(&self, is_right: bool, rule: Rule, notice: &Notice) {
        if !is_right {
            self.die(rule, notice);
        }
    }

    fn die(&self, rule: Rule, notice: &Notice) -> ! {
        panic!("the strict client of user {} died of {rule:?}: {notice:?}", self.own)
    }
}
