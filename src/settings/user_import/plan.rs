//! What becomes of each line of a table: a new user with what hangs on him, or the reasons why not, against the rules,
//! what is there already and the lines before. One look-up a rule, so that ten thousand lines cost milliseconds.

use std::collections::HashMap;
use std::hash::Hash;

use super::column::Column;
use super::table::{Draft, UserTable, is_of_column, of_column};
use crate::settings::called::Called;
use crate::settings::configuration::Configuration;
use crate::settings::id::{ContextId, ProfileId, UserUuid};
use crate::settings::name::{Device, EmailAddress, Extension, FirstName, LastName, Login, Mailbox, MobileNumber};
use crate::settings::password::Password;
use crate::settings::rule::{Refusal, Rule};

/// The fate of every line, in their order.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) lines: Vec<PlannedLine>,
}

#[derive(Debug)]
pub(crate) struct PlannedLine {
    /// On which it begins in the file; they count from 1.
    pub(crate) line: u64,
    /// As they were written; empty if a cell of the line is not as its column wants it.
    pub(crate) login: String,
    pub(crate) full_name: String,
    pub(crate) fate: Fate,
}

#[derive(Debug)]
pub(crate) enum Fate {
    New(Box<Addition>),
    /// Never empty.
    Refused(Vec<Refusal>),
}

/// A user who is to be added.
#[derive(Debug)]
pub(crate) struct Addition {
    pub(super) uuid: Option<UserUuid>,
    pub(super) login: Login,
    pub(super) first_name: FirstName,
    pub(super) last_name: LastName,
    pub(super) email: Option<EmailAddress>,
    pub(super) mobile: Option<MobileNumber>,
    pub(super) password: Option<Password>,
    pub(super) is_enabled: bool,
    pub(super) profile: Option<ProfileId>,
    pub(super) line: Option<(Extension, ContextId, Device)>,
    pub(super) mailbox: Option<(Mailbox, ContextId)>,
    words: String,
}

impl Addition {
    /// `line 1001@default, profile Client, may log in`: what he gets.
    pub(crate) fn words(&self) -> &str {
        &self.words
    }
}

impl Plan {
    /// The first line that names something has it, also if another of its cells is bad: who should have it is not for
    /// an import to guess.
    pub(crate) fn of(table: &UserTable, configuration: &Configuration) -> Self {
        let mut known = Known::of(configuration);
        let lines = table.drafts.iter().map(|draft| {
            let fate = known.fate(draft);
            // Where one cell stands in a wrong column, the password may stand in that of the login.
            let is_told = !matches!(&fate, Fate::Refused(reasons) if reasons.iter().any(is_of_column));
            let told = |text: &str| if is_told { text.to_owned() } else { String::new() };
            PlannedLine { line: draft.line, login: told(&draft.login_text), full_name: told(&draft.full_name), fate }
        });
        Self { lines: lines.collect() }
    }

    pub(crate) fn good(&self) -> impl Iterator<Item = (&PlannedLine, &Addition)> {
        self.lines.iter().filter_map(|line| match &line.fate {
            Fate::New(addition) => Some((line, &**addition)),
            Fate::Refused(_) => None,
        })
    }

    pub(crate) fn refused(&self) -> impl Iterator<Item = (&PlannedLine, &[Refusal])> {
        self.lines.iter().filter_map(|line| match &line.fate {
            Fate::New(_) => None,
            Fate::Refused(reasons) => Some((line, reasons.as_slice())),
        })
    }
}

/// Who has a login, a number or anything else that only one may have.
#[derive(Clone, Copy)]
enum Holder<'a> {
    There(&'a dyn Called),
    /// A line of the file.
    Line(u64),
}

/// Everything that is there or was named by a line, by what must be unique.
struct Known<'a> {
    configuration: &'a Configuration,
    profiles: HashMap<&'a str, ProfileId>,
    contexts: HashMap<&'a str, ContextId>,
    logins: HashMap<String, Holder<'a>>,
    uuids: HashMap<UserUuid, Holder<'a>>,
    emails: HashMap<String, Holder<'a>>,
    numbers: HashMap<(ContextId, String), Holder<'a>>,
    mailboxes: HashMap<(ContextId, String), Holder<'a>>,
}

impl<'a> Known<'a> {
    fn of(c: &'a Configuration) -> Self {
        let lines = c.lines.iter().map(|line| (line.context, line.extension.as_str(), &**line as &dyn Called));
        let queues = c.queues.iter().map(|queue| (queue.context, queue.number.as_str(), &**queue as &dyn Called));
        let rooms = c.conferences.iter().map(|room| (room.context, room.number.as_str(), &**room as &dyn Called));
        let numbers = lines.chain(queues).chain(rooms);
        let users = || c.users.iter().map(|user| (user, Holder::There(&**user)));
        let emails = users().filter_map(|(user, there)| Some((folded(user.email.as_ref()?), there)));
        let boxes = c.voicemails.iter().map(|found| ((found.context, found.mailbox.to_string()), &**found));
        Self {
            configuration: c,
            profiles: c.profiles.iter().map(|profile| (profile.name.as_str(), profile.id)).collect(),
            contexts: c.contexts.iter().map(|context| (context.name.as_str(), context.id)).collect(),
            logins: users().filter_map(|(user, there)| Some((user.folded_login()?, there))).collect(),
            uuids: users().map(|(user, there)| (user.uuid, there)).collect(),
            emails: emails.collect(),
            numbers: numbers.map(|(at, number, what)| ((at, number.to_owned()), Holder::There(what))).collect(),
            mailboxes: boxes.map(|(key, found)| (key, Holder::There(found))).collect(),
        }
    }

    fn fate(&mut self, draft: &Draft) -> Fate {
        let mut reasons = draft.reasons.clone();
        self.look_at_identity(draft, &mut reasons);
        let profile = draft.profile.as_deref().and_then(|name| self.profile(name, &mut reasons));
        let line = self.line(draft, &mut reasons);
        let mailbox = self.mailbox(draft, &mut reasons);
        let names = (draft.login.clone(), draft.first_name.clone(), draft.last_name.clone());
        match names {
            (Some(login), Some(first_name), Some(last_name)) if reasons.is_empty() => Fate::New(Box::new(Addition {
                uuid: draft.uuid,
                login,
                first_name,
                last_name,
                email: draft.email.clone(),
                mobile: draft.mobile.clone(),
                password: draft.password.clone(),
                is_enabled: draft.is_enabled,
                profile,
                line,
                mailbox,
                words: words(draft),
            })),
            _ => Fate::Refused(reasons),
        }
    }

    /// Rules U1 and U3.
    fn look_at_identity(&mut self, draft: &Draft, reasons: &mut Vec<Refusal>) {
        const ADDS: &str = "; an import only adds users";
        if let Some(login) = &draft.login
            && let Some(holder) = claim(&mut self.logins, login.folded(), draft.line)
        {
            reasons.push(self.taken(Rule::U1, format!("login \"{login}\""), holder, ADDS));
        }
        if let Some(uuid) = draft.uuid
            && let Some(holder) = claim(&mut self.uuids, uuid, draft.line)
        {
            reasons.push(self.taken(Rule::U1, format!("uuid \"{uuid}\""), holder, ADDS));
        }
        if let Some(email) = &draft.email
            && let Some(holder) = claim(&mut self.emails, folded(email), draft.line)
        {
            reasons.push(self.taken(Rule::U3, format!("e-mail address \"{email}\""), holder, ""));
        }
    }

    fn profile(&self, name: &str, reasons: &mut Vec<Refusal>) -> Option<ProfileId> {
        let found = self.profiles.get(name).copied();
        if found.is_none() {
            reasons.push(of_column(Rule::F2, Column::Profile, "names no profile that there is"));
        }
        found
    }

    /// Rule C3, also for a context in which nothing of the line stands.
    fn context(&self, column: Column, name: &str, reasons: &mut Vec<Refusal>) -> Option<ContextId> {
        let found = self.contexts.get(name).copied();
        let refusal = of_column(Rule::C3, column, "names no context that there is");
        if found.is_none() && !reasons.contains(&refusal) {
            reasons.push(refusal);
        }
        found
    }

    /// Rule C2. A context without an extension makes no line, as with XiVO.
    fn line(&mut self, draft: &Draft, reasons: &mut Vec<Refusal>) -> Option<(Extension, ContextId, Device)> {
        let context = draft.context.as_deref().map(|name| self.context(Column::Context, name, reasons));
        let extension = draft.extension.as_ref()?;
        let on = format!("extension \"{extension}\"");
        let Some(context) = context else {
            reasons.push(Refusal::new(Rule::C3, on, "has no context: the column `context` says which"));
            return None;
        };
        let context = context?;
        if let Some(holder) = claim(&mut self.numbers, (context, extension.to_string()), draft.line) {
            reasons.push(self.taken(Rule::C2, on, holder, ""));
        }
        Some((extension.clone(), context, draft.device.clone()?))
    }

    /// Rule Q1.
    fn mailbox(&mut self, draft: &Draft, reasons: &mut Vec<Refusal>) -> Option<(Mailbox, ContextId)> {
        let context = draft.mailbox_context().map(|(column, name)| self.context(column, name, reasons));
        let mailbox = draft.mailbox.as_ref()?;
        let on = format!("voicemail box \"{mailbox}\"");
        let Some(context) = context else {
            reasons.push(Refusal::new(Rule::C3, on, "has no context: the column `voicemail_context` says which"));
            return None;
        };
        let context = context?;
        if let Some(holder) = claim(&mut self.mailboxes, (context, mailbox.to_string()), draft.line) {
            reasons.push(self.taken(Rule::Q1, on, holder, ""));
        }
        Some((mailbox.clone(), context))
    }

    fn taken(&self, rule: Rule, on: String, holder: Holder<'a>, more: &str) -> Refusal {
        let message = match holder {
            Holder::There(object) => format!("is that of {} already{more}", object.called(self.configuration)),
            Holder::Line(line) => format!("is that of line {line} of the file too; it must be unique"),
        };
        // What only the file knows may be a password in a wrong column.
        let kind = on.split(" \"").next().unwrap_or_default().to_owned();
        Refusal::new(rule, if matches!(holder, Holder::Line(_)) { kind } else { on }, message)
    }
}

impl Draft {
    /// And the column that says it.
    fn mailbox_context(&self) -> Option<(Column, &str)> {
        let own = self.mailbox_context.as_deref().map(|name| (Column::MailboxContext, name));
        own.or_else(|| self.context.as_deref().map(|name| (Column::Context, name)))
    }
}

/// Gives the key to the line, or answers who has it.
fn claim<'a, K: Eq + Hash>(known: &mut HashMap<K, Holder<'a>>, key: K, line: u64) -> Option<Holder<'a>> {
    match known.get(&key) {
        Some(holder) => Some(*holder),
        None => {
            known.insert(key, Holder::Line(line));
            None
        }
    }
}

fn folded(email: &EmailAddress) -> String {
    email.as_str().to_lowercase()
}

fn words(draft: &Draft) -> String {
    let place = |number: String, context: Option<&str>| format!("{number}@{}", context.unwrap_or_default());
    let mut words = Vec::new();
    if let Some(extension) = &draft.extension {
        words.push(format!("line {}", place(extension.to_string(), draft.context.as_deref())));
    }
    if let Some(mailbox) = &draft.mailbox {
        words.push(format!("voicemail {}", place(mailbox.to_string(), draft.mailbox_context().map(|(_, name)| name))));
    }
    words.extend(draft.profile.as_ref().map(|profile| format!("profile {profile}")));
    words.push(if draft.password.is_some() { "password" } else { "no password" }.to_owned());
    words.push(if draft.is_enabled { "enabled" } else { "disabled" }.to_owned());
    words.join(", ")
}
