//! What handlers touched since the last `publish`: of users their presence and services, with how these stood before, the
//! settings as they were, and what happened that no comparison shows. Filled by `LiveState`, emptied by `publish`.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

use super::settings_difference::SettingsDifference;
use super::settings_view::SettingsView;
use super::{Follow, Told};
use crate::live::messages::{Cause, Change, ServiceChange, Subject};
use crate::settings::id::UserId;
use crate::settings::state::Services;

pub(super) struct Changes {
    pub(super) cause: Cause,
    pub(super) follow: Follow,
    /// The settings before they were replaced, and what differs.
    pub(super) settings: Option<(Arc<SettingsView>, SettingsDifference)>,
    pub(super) presences: BTreeMap<UserId, TouchedPresence>,
    pub(super) services: BTreeMap<UserId, TouchedServices>,
    /// What is no difference between before and after: sessions that began or ended, chat.
    pub(super) happened: Vec<(Cause, Subject, Change)>,
}

pub(super) struct TouchedPresence {
    /// What touched it last.
    pub(super) cause: Cause,
    pub(super) before: Box<str>,
    pub(super) told: Told,
    /// Whether it was another meanwhile, which somebody may have read.
    pub(super) was_another: bool,
}

pub(super) struct TouchedServices {
    /// What touched them last.
    pub(super) cause: Cause,
    pub(super) before: Services,
    /// What was asked for, told even where it was so before.
    pub(super) asked: Vec<ServiceChange>,
}

impl Default for Changes {
    fn default() -> Self {
        Self {
            cause: Cause::Timer,
            follow: Follow::Nobody,
            settings: None,
            presences: BTreeMap::new(),
            services: BTreeMap::new(),
            happened: Vec::new(),
        }
    }
}

impl Changes {
    pub(super) fn touch_settings(&mut self, before: Arc<SettingsView>, difference: SettingsDifference) {
        self.settings = Some((before, difference));
    }

    pub(super) fn touch_presence(&mut self, user: UserId, before: Box<str>, told: Told) {
        let cause = self.cause;
        match self.presences.entry(user) {
            Entry::Vacant(vacant) => drop(vacant.insert(TouchedPresence { cause, before, told, was_another: false })),
            Entry::Occupied(mut touched) => {
                let touched = touched.get_mut();
                touched.cause = cause;
                touched.was_another |= before != touched.before;
                if told == Told::Always {
                    touched.told = told;
                }
            }
        }
    }

    pub(super) fn touch_services(&mut self, user: UserId, before: Services, asked: &[ServiceChange]) {
        let cause = self.cause;
        let touched = self.services.entry(user).or_insert(TouchedServices { cause, before, asked: Vec::new() });
        touched.cause = cause;
        touched.asked.extend_from_slice(asked);
    }

    /// Whether nothing that was touched of users waits.
    pub(super) fn are_told(&self) -> bool {
        self.presences.is_empty() && self.services.is_empty()
    }

    pub(super) fn happened(&mut self, subject: Subject, change: Change) {
        if self.follow == Follow::Somebody {
            self.happened.push((self.cause, subject, change));
        }
    }
}
