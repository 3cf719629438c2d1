//! A line of the table that changes the user who has its UUID: what a column says becomes so, what the table has no column
//! for stays. A line takes no login, line, voicemail box or password away. Planned by `plan`, carried out by `apply`.

use super::addition::undialled;
use super::column::Column;
use super::known::{Holder, Known, Unique};
use super::table::Draft;
use crate::settings::configuration::Configuration;
use crate::settings::id::{ContextId, LineId, ProfileId, VoicemailId};
use crate::settings::label::{Labelled as _, context_name};
use crate::settings::name::{Device, Extension, Mailbox};
use crate::settings::password::Password;
use crate::settings::rule::{Refusal, Rule};
use crate::settings::rule_target::RuleTarget;
use crate::settings::target_kind::TargetKind;
use crate::settings::user::User;
use crate::settings::violation::Violation;

/// What is to become of a user who is there.
#[derive(Debug)]
pub(crate) struct Change {
    /// As the user is to be, but for the password.
    pub(super) user: User,
    pub(super) password: Option<Password>,
    pub(super) line: Option<LineChange>,
    pub(super) mailbox: Option<MailboxChange>,
    words: String,
}

/// The main line as it is to be; None: the user's first.
#[derive(Debug)]
pub(super) struct LineChange {
    pub(super) id: Option<LineId>,
    pub(super) extension: Extension,
    pub(super) context: ContextId,
    pub(super) device: Device,
}

/// The voicemail box as it is to be; None: a new one.
#[derive(Debug)]
pub(super) struct MailboxChange {
    pub(super) id: Option<VoicemailId>,
    pub(super) mailbox: Mailbox,
    pub(super) context: ContextId,
}

impl Change {
    /// `last_name "Archer" -> "Miller"`: what becomes another. Empty: nothing does.
    pub(crate) fn words(&self) -> &str {
        &self.words
    }

    /// `warnings` gets what is no fault and most likely not meant.
    pub(super) fn of(
        draft: &Draft,
        old: &User,
        known: &mut Known<'_>,
        warnings: &mut Vec<Refusal>,
    ) -> Result<Self, Vec<Refusal>> {
        let mut claims = Claims { line: draft.line, own: known.own(old), reasons: draft.reasons.clone() };
        let user = user(draft, old, known, &mut claims);
        let line = line(draft, old, known, &mut claims);
        // A line that stays as it is rings where it rang.
        let device = line.as_ref().map(|line| &line.device).or(known.main_line(old.id).map(|line| &line.device));
        let shared = device.and_then(|device| known.ring_at(device, Some(old.id), draft.line));
        if let Some(line) = &line {
            warnings.extend(undialled(&line.extension).into_iter().chain(shared));
        }
        let mailbox = mailbox(draft, old, known, &mut claims);
        if !claims.reasons.is_empty() {
            return Err(claims.reasons);
        }
        let mut change = Self { user, password: draft.password.clone(), line, mailbox, words: String::new() };
        change.words = words(old, &change, known.configuration);
        Ok(change)
    }
}

/// What a line names that only one may have, and what is wrong with the line.
struct Claims {
    line: u64,
    /// What the user has: it is theirs, whether or not it was released.
    own: Vec<Unique>,
    reasons: Vec<Refusal>,
}

impl Claims {
    fn claim(&mut self, key: Unique, rule: Rule, on: RuleTarget, known: &mut Known<'_>) {
        let is_own = self.own.contains(&key);
        match known.claim(key, self.line) {
            None => {}
            Some(Holder::There(_)) if is_own => {}
            Some(holder) => self.reasons.push(known.taken(rule, on, holder, "")),
        }
    }
}

/// The new value where the table has the column.
fn cell<T: Clone>(known: &Known<'_>, column: Column, new: &Option<T>, old: &Option<T>) -> Option<T> {
    if known.has(column) { new.clone() } else { old.clone() }
}

fn user(draft: &Draft, old: &User, known: &mut Known<'_>, claims: &mut Claims) -> User {
    let login = cell(known, Column::Login, &draft.login, &old.login);
    if let (Some(login), true) = (&old.login, known.has(Column::Login) && draft.login_text.is_empty()) {
        let on = RuleTarget::text(TargetKind::Login, login.as_str());
        let problem = Violation::TakesNothingAway { what: "login", cell: "username" };
        claims.reasons.push(Refusal::new(Rule::U1, on, problem));
    } else {
        claims.reasons.extend(draft.without_login(login.is_some() || !draft.login_text.is_empty()));
    }
    if let Some(login) = &login {
        claims.claim(Unique::login(login), Rule::U1, RuleTarget::text(TargetKind::Login, login.as_str()), known);
    }
    let email = cell(known, Column::Email, &draft.email, &old.email);
    if let Some(email) = &email {
        claims.claim(Unique::email(email), Rule::U3, RuleTarget::text(TargetKind::EmailAddress, email.as_str()), known);
    }
    let profile = draft.profile.as_deref().and_then(|name| known.profile(name, &mut claims.reasons));
    let last_name = draft.last_name.clone().filter(|_| known.has(Column::LastName));
    User {
        first_name: draft.first_name.clone().unwrap_or_else(|| old.first_name.clone()),
        last_name: last_name.unwrap_or_else(|| old.last_name.clone()),
        mobile: cell(known, Column::Mobile, &draft.mobile, &old.mobile),
        enabled: draft.is_enabled.unwrap_or(old.enabled),
        profile: cell(known, Column::Profile, &profile, &old.profile),
        login,
        email,
        ..old.clone()
    }
}

/// Rule C2; None: the main line stays as it is.
fn line(draft: &Draft, old: &User, known: &mut Known<'_>, claims: &mut Claims) -> Option<LineChange> {
    let there = known.main_line(old.id);
    let named = draft.context.as_deref().map(|name| known.context(Column::Context, name, &mut claims.reasons));
    let is_emptied = known.has(Column::Extension) && draft.extension_text.is_empty();
    let extension = match (&draft.extension, there) {
        (Some(extension), _) => extension.clone(),
        (None, Some(there)) if is_emptied => {
            let on = there.object_name(known.configuration);
            let problem = Violation::TakesNothingAway { what: "line", cell: "exten" };
            claims.reasons.push(Refusal::new(Rule::C2, on, problem));
            return None;
        }
        (None, Some(there)) => there.extension.clone(),
        (None, None) => return None,
    };
    let on = RuleTarget::text(TargetKind::Extension, extension.as_str());
    let Some(context) = named.or_else(|| there.map(|there| Some(there.context))) else {
        claims.reasons.push(Refusal::new(Rule::C3, on, Violation::NoContext { column: "context" }));
        return None;
    };
    let context = context?;
    claims.claim(Unique::number(&extension, context), Rule::C2, on, known);
    let device = match there {
        Some(there) if draft.telephone.is_unsaid() => Ok(there.device.clone()),
        _ => draft.telephone.device(&extension),
    };
    let device = device.map_err(|refusal| claims.reasons.push(refusal)).ok()?;
    let is_same =
        there.is_some_and(|there| (&there.extension, there.context, &there.device) == (&extension, context, &device));
    (!is_same).then(|| LineChange { id: there.map(|there| there.id), extension, context, device })
}

/// Rule Q1; None: the voicemail box stays as it is.
fn mailbox(draft: &Draft, old: &User, known: &mut Known<'_>, claims: &mut Claims) -> Option<MailboxChange> {
    let there = known.mailbox(old.id);
    let said =
        draft.mailbox_context.as_deref().map(|name| known.context(Column::MailboxContext, name, &mut claims.reasons));
    let is_emptied = known.has(Column::Mailbox) && draft.mailbox_text.is_empty();
    let mailbox = match (&draft.mailbox, there) {
        (Some(mailbox), _) => mailbox.clone(),
        (None, Some(there)) if is_emptied => {
            let problem = Violation::TakesNothingAway { what: "box", cell: "voicemail_number" };
            claims.reasons.push(Refusal::new(Rule::Q1, there.object_name(known.configuration), problem));
            return None;
        }
        (None, Some(there)) => there.mailbox.clone(),
        (None, None) => return None,
    };
    let on = RuleTarget::text(TargetKind::VoicemailBox, mailbox.as_str());
    let of_line = || match draft.context.as_deref() {
        Some(name) => Some(known.context(Column::Context, name, &mut claims.reasons)),
        None => known.main_line(old.id).map(|line| Some(line.context)),
    };
    let Some(context) = said.or_else(|| there.map(|there| Some(there.context))).or_else(of_line) else {
        claims.reasons.push(Refusal::new(Rule::C3, on, Violation::NoContext { column: "voicemail_context" }));
        return None;
    };
    let context = context?;
    claims.claim(Unique::mailbox(&mailbox, context), Rule::Q1, on, known);
    let is_same = there.is_some_and(|there| (&there.mailbox, there.context) == (&mailbox, context));
    (!is_same).then(|| MailboxChange { id: there.map(|there| there.id), mailbox, context })
}

/// In the words of the columns, each old value before its new one; of a password only that it is another.
fn words(old: &User, change: &Change, c: &Configuration) -> String {
    let new = &change.user;
    let mut words = Vec::new();
    let mut tell = |column: Column, before: Option<String>, after: Option<String>| {
        if before != after {
            let shown = |value: Option<String>| value.map_or_else(|| "none".to_owned(), |value| format!("{value:?}"));
            words.push(format!("{} {} -> {}", super::column::name(column), shown(before), shown(after)));
        }
    };
    let profile = |id: Option<ProfileId>| id.and_then(|id| c.profiles.get(id)).map(|found| found.name.to_string());
    let enabled = |user: &User| Some(u8::from(user.enabled).to_string());
    tell(Column::FirstName, Some(old.first_name.to_string()), Some(new.first_name.to_string()));
    tell(Column::LastName, Some(old.last_name.to_string()), Some(new.last_name.to_string()));
    tell(Column::Email, text(&old.email), text(&new.email));
    tell(Column::Mobile, text(&old.mobile), text(&new.mobile));
    tell(Column::Login, text(&old.login), text(&new.login));
    tell(Column::IsEnabled, enabled(old), enabled(new));
    tell(Column::Profile, profile(old.profile), profile(new.profile));
    if change.password.is_some() {
        words.push("a new password".to_owned());
    }
    words.extend(change.line.as_ref().map(|line| line.words(c)));
    words.extend(change.mailbox.as_ref().map(|mailbox| mailbox.words(c)));
    words.join(", ")
}

fn text<T: ToString>(value: &Option<T>) -> Option<String> {
    value.as_ref().map(T::to_string)
}

impl LineChange {
    fn words(&self, c: &Configuration) -> String {
        let new = format!("{}@{} ({})", self.extension, context_name(c, self.context), self.device);
        match self.id.and_then(|id| c.lines.get(id)) {
            None => format!("line {new}"),
            Some(old) => format!("line {}@{} ({}) -> {new}", old.extension, context_name(c, old.context), old.device),
        }
    }
}

impl MailboxChange {
    fn words(&self, c: &Configuration) -> String {
        let new = format!("{}@{}", self.mailbox, context_name(c, self.context));
        match self.id.and_then(|id| c.voicemails.get(id)) {
            None => format!("voicemail {new}"),
            Some(old) => format!("voicemail {}@{} -> {new}", old.mailbox, context_name(c, old.context)),
        }
    }
}
