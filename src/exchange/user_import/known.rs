//! What is there and what the lines of a table named so far, by all that must be unique: one look-up a rule, so that ten
//! thousand lines cost milliseconds. Made anew for each pass of a plan; additions and changes ask it.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::column::Column;
use super::table::of_column;
use crate::exchange::unknown_name::names_nothing;
use crate::settings::configuration::Configuration;
use crate::settings::fold::fold;
use crate::settings::id::{ContextId, ProfileId, UserId, UserUuid};
use crate::settings::label::Labelled;
use crate::settings::line::Line;
use crate::settings::name::{Device, EmailAddress, Extension, Login, Mailbox};
use crate::settings::rule::{Refusal, Rule};
use crate::settings::rule_target::RuleTarget;
use crate::settings::target_kind::TargetKind;
use crate::settings::user::User;
use crate::settings::violation::Violation;
use crate::settings::voicemail::Voicemail;

/// What only one may have, in the form under which it is compared.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Unique {
    Login(String),
    Uuid(UserUuid),
    Email(String),
    Number(ContextId, String),
    Mailbox(ContextId, String),
    /// For a line with nothing else that could tell its user from another.
    FullName(String),
}

impl Unique {
    pub(super) fn login(login: &Login) -> Self {
        Self::Login(login.folded())
    }

    pub(super) fn email(email: &EmailAddress) -> Self {
        Self::Email(email.as_str().to_lowercase())
    }

    pub(super) fn number(extension: &Extension, context: ContextId) -> Self {
        Self::Number(context, extension.to_string())
    }

    pub(super) fn mailbox(mailbox: &Mailbox, context: ContextId) -> Self {
        Self::Mailbox(context, mailbox.to_string())
    }

    pub(super) fn full_name(name: &str) -> Self {
        Self::FullName(fold(name))
    }
}

/// Who has it.
#[derive(Clone, Copy)]
pub(super) enum Holder<'a> {
    There(&'a dyn Labelled),
    /// A line of the file.
    Line(u64),
}

pub(super) struct Known<'a> {
    pub(super) configuration: &'a Configuration,
    columns: &'a BTreeSet<Column>,
    main_lines: BTreeMap<UserId, &'a Arc<Line>>,
    boxes: HashMap<UserId, &'a Arc<Voicemail>>,
    profiles: HashMap<&'a str, ProfileId>,
    contexts: HashMap<&'a str, ContextId>,
    held: HashMap<Unique, Holder<'a>>,
    /// Who has a device, by its key: the user of the first line that rings there, or a line of the file.
    devices: HashMap<Box<str>, DeviceHolder<'a>>,
}

/// Whose a device is.
#[derive(Clone, Copy)]
enum DeviceHolder<'a> {
    There(&'a Line),
    /// A line of the file.
    Line(u64),
}

impl<'a> Known<'a> {
    pub(super) fn of(c: &'a Configuration, columns: &'a BTreeSet<Column>) -> Self {
        let mut held: HashMap<Unique, Holder<'a>> = HashMap::new();
        for user in c.users.iter() {
            let there = Holder::There(&**user);
            held.extend(user.login.as_ref().map(|login| (Unique::login(login), there)));
            held.extend(user.email.as_ref().map(|email| (Unique::email(email), there)));
            held.insert(Unique::Uuid(user.uuid), there);
            held.insert(Unique::full_name(&user.full_name()), there);
        }
        let lines = c.lines.iter().map(|line| (line.context, line.extension.as_str(), &**line as &dyn Labelled));
        let queues = c.queues.iter().map(|queue| (queue.context, queue.number.as_str(), &**queue as &dyn Labelled));
        let rooms = c.conferences.iter().map(|room| (room.context, room.number.as_str(), &**room as &dyn Labelled));
        let numbers = lines.chain(queues).chain(rooms);
        held.extend(numbers.map(|(at, number, what)| (Unique::Number(at, number.to_owned()), Holder::There(what))));
        let boxes = c.voicemails.iter();
        held.extend(boxes.map(|found| (Unique::mailbox(&found.mailbox, found.context), Holder::There(&**found))));
        Self {
            configuration: c,
            columns,
            main_lines: c.main_lines(),
            boxes: c.voicemails.iter().filter_map(|found| Some((found.user?, found))).collect(),
            profiles: c.profiles.iter().map(|profile| (profile.name.as_str(), profile.id)).collect(),
            contexts: c.contexts.iter().map(|context| (context.name.as_str(), context.id)).collect(),
            held,
            devices: c.lines.iter().rev().map(|line| (line.device.key(), DeviceHolder::There(line))).collect(),
        }
    }

    /// Gives a device to the line, or tells that somebody else's line rings there too (rule C4): both may be meant.
    /// `user` is whom the line changes.
    pub(super) fn ring_at(&mut self, device: &Device, user: Option<UserId>, line: u64) -> Option<Refusal> {
        let holder = match self.devices.entry(device.key()) {
            Entry::Vacant(entry) => {
                entry.insert(DeviceHolder::Line(line));
                return None;
            }
            Entry::Occupied(entry) => *entry.get(),
        };
        let holder = match holder {
            DeviceHolder::There(held) if Some(held.user) == user => return None,
            DeviceHolder::There(held) => held.object_name(self.configuration).into(),
            DeviceHolder::Line(held) => RuleTarget::Place(format!("line {held} of the file")),
        };
        let on = RuleTarget::text(TargetKind::Device, device.as_str());
        Some(Refusal::new(Rule::C4, on, Violation::DeviceOfAnother { holder: Box::new(holder) }))
    }

    /// Whether the table has the column at all.
    pub(super) fn has(&self, column: Column) -> bool {
        self.columns.contains(&column)
    }

    pub(super) fn main_line(&self, user: UserId) -> Option<&'a Arc<Line>> {
        self.main_lines.get(&user).copied()
    }

    pub(super) fn mailbox(&self, user: UserId) -> Option<&'a Arc<Voicemail>> {
        self.boxes.get(&user).copied()
    }

    /// What a line that changes this user may give another value.
    pub(super) fn own(&self, user: &User) -> Vec<Unique> {
        let line = self.main_line(user.id).map(|line| Unique::number(&line.extension, line.context));
        let mailbox = self.mailbox(user.id).map(|found| Unique::mailbox(&found.mailbox, found.context));
        let login = user.login.as_ref().map(Unique::login);
        let own = [login, user.email.as_ref().map(Unique::email), line, mailbox];
        own.into_iter().flatten().collect()
    }

    /// Lets go of what a user has, for a line of the file gives it anew or leaves it to another.
    pub(super) fn release(&mut self, user: &User) {
        for key in self.own(user) {
            self.held.remove(&key);
        }
        if let Some(line) = self.main_line(user.id) {
            // Another user's telephone may be the same: that stays.
            let key = line.device.key();
            if matches!(self.devices.get(&key), Some(DeviceHolder::There(held)) if held.user == user.id) {
                self.devices.remove(&key);
            }
        }
    }

    /// Gives it to the line, or answers who has it.
    pub(super) fn claim(&mut self, key: Unique, line: u64) -> Option<Holder<'a>> {
        match self.held.get(&key) {
            Some(holder) => Some(*holder),
            None => {
                self.held.insert(key, Holder::Line(line));
                None
            }
        }
    }

    pub(super) fn taken(&self, rule: Rule, on: RuleTarget, holder: Holder<'a>, more: &'static str) -> Refusal {
        match holder {
            Holder::There(object) => {
                let holder = Box::new(object.object_name(self.configuration).into());
                Refusal::new(rule, on, Violation::Held { holder, more })
            }
            // What only the file knows may be a password in a wrong column.
            Holder::Line(line) => Refusal::new(rule, on.without_text(), Violation::HeldByLine { line }),
        }
    }

    /// Rule F2.
    pub(super) fn profile(&self, name: &str, reasons: &mut Vec<Refusal>) -> Option<ProfileId> {
        let found = self.profiles.get(name).copied();
        if found.is_none() {
            let there = self.configuration.profiles.iter().map(|profile| profile.name.as_str());
            reasons.push(of_column(Rule::F2, Column::Profile, names_nothing("profile", name, there).without_text()));
        }
        found
    }

    /// Rule C3, also for a context in which nothing of the line stands.
    pub(super) fn context(&self, column: Column, name: &str, reasons: &mut Vec<Refusal>) -> Option<ContextId> {
        let found = self.contexts.get(name).copied();
        if found.is_some() {
            return found;
        }
        let there = self.configuration.contexts.iter().map(|context| context.name.as_str());
        let refusal = of_column(Rule::C3, column, names_nothing("context", name, there).without_text());
        if !reasons.contains(&refusal) {
            reasons.push(refusal);
        }
        None
    }
}
