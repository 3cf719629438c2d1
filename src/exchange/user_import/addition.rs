//! A line of the table that adds a user with what hangs on them, or the reasons why not. Planned by `plan`, carried out by
//! `apply`.

use super::column::Column;
use super::known::{Known, Unique};
use super::table::{Draft, of_column};
use crate::settings::id::{ContextId, ProfileId, UserUuid};
use crate::settings::name::{Device, EmailAddress, Extension, FirstName, LastName, Login, Mailbox, MobileNumber};
use crate::settings::password::Password;
use crate::settings::rule::{Refusal, Rule};
use crate::settings::rule_target::RuleTarget;
use crate::settings::target_kind::TargetKind;
use crate::settings::violation::Violation;

/// A user who is to be added.
#[derive(Debug)]
pub(crate) struct Addition {
    pub(super) uuid: Option<UserUuid>,
    pub(super) login: Option<Login>,
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
    /// `line 1001@default, profile Client, password, enabled`: what the user gets.
    pub(crate) fn words(&self) -> &str {
        &self.words
    }

    /// Whether the user has a login and may not log in with it.
    pub(crate) fn is_disabled(&self) -> bool {
        self.login.is_some() && !self.is_enabled
    }

    /// `warnings` gets what is no fault and most likely not meant.
    pub(super) fn of(
        draft: &Draft,
        more: &'static str,
        known: &mut Known<'_>,
        warnings: &mut Vec<Refusal>,
    ) -> Result<Self, Vec<Refusal>> {
        let mut reasons = draft.reasons.clone();
        look_at_identity(draft, more, known, &mut reasons);
        reasons.extend(draft.without_login(draft.login.is_some() || !draft.login_text.is_empty()));
        let profile = draft.profile.as_deref().and_then(|name| known.profile(name, &mut reasons));
        let line = line(draft, known, &mut reasons);
        if let Some((extension, _, device)) = &line {
            warnings.extend(undialled(extension).into_iter().chain(known.ring_at(device, None, draft.line)));
        }
        let mailbox = mailbox(draft, known, &mut reasons);
        let first_name = draft.first_name.clone().or_else(|| {
            // Where the cell is there and bad, its reason is told already.
            if !known.has(Column::FirstName) {
                reasons.push(of_column(Rule::U3, Column::FirstName, Violation::NoFirstName));
            }
            None
        });
        match (first_name, draft.last_name.clone()) {
            (Some(first_name), Some(last_name)) if reasons.is_empty() => Ok(Self {
                uuid: draft.uuid,
                login: draft.login.clone(),
                first_name,
                last_name,
                email: draft.email.clone(),
                mobile: draft.mobile.clone(),
                password: draft.password.clone(),
                is_enabled: draft.is_enabled.unwrap_or_default(),
                profile,
                line,
                mailbox,
                words: words(draft),
            }),
            _ => Err(reasons),
        }
    }
}

/// Rules U1 and U3.
fn look_at_identity(draft: &Draft, more: &'static str, known: &mut Known<'_>, reasons: &mut Vec<Refusal>) {
    const ALIKE: &str = ", and the line has no uuid, login, address or number to tell them apart";
    if let Some(login) = &draft.login
        && let Some(holder) = known.claim(Unique::login(login), draft.line)
    {
        reasons.push(known.taken(Rule::U1, RuleTarget::text(TargetKind::Login, login.as_str()), holder, more));
    }
    if let Some(uuid) = draft.uuid
        && let Some(holder) = known.claim(Unique::Uuid(uuid), draft.line)
    {
        reasons.push(known.taken(Rule::U1, RuleTarget::text(TargetKind::Uuid, &uuid.to_string()), holder, more));
    }
    if let Some(email) = &draft.email
        && let Some(holder) = known.claim(Unique::email(email), draft.line)
    {
        reasons.push(known.taken(Rule::U3, RuleTarget::text(TargetKind::EmailAddress, email.as_str()), holder, ""));
    }
    // Read twice, a table would have all its telephones twice.
    let is_told_apart = draft.uuid.is_some() || draft.email.is_some() || draft.extension.is_some();
    if draft.login_text.is_empty()
        && !is_told_apart
        && draft.reasons.is_empty()
        && let Some(holder) = known.claim(Unique::full_name(&draft.full_name), draft.line)
    {
        reasons.push(known.taken(Rule::U1, RuleTarget::text(TargetKind::Name, &draft.full_name), holder, ALIKE));
    }
}

/// A letter among the digits is taken, for softphones can dial it.
pub(super) fn undialled(extension: &Extension) -> Option<Refusal> {
    let on = || RuleTarget::text(TargetKind::Extension, extension.as_str());
    extension.undialled().map(|problem| Refusal::new(Rule::C2, on(), problem))
}

/// Rule C2. A context without an extension makes no line, as with XiVO.
fn line(draft: &Draft, known: &mut Known<'_>, reasons: &mut Vec<Refusal>) -> Option<(Extension, ContextId, Device)> {
    let context = draft.context.as_deref().map(|name| known.context(Column::Context, name, reasons));
    let extension = draft.extension.as_ref()?;
    let on = RuleTarget::text(TargetKind::Extension, extension.as_str());
    let Some(context) = context else {
        reasons.push(Refusal::new(Rule::C3, on, Violation::NoContext { column: "context" }));
        return None;
    };
    let context = context?;
    if let Some(holder) = known.claim(Unique::number(extension, context), draft.line) {
        reasons.push(known.taken(Rule::C2, on, holder, ""));
    }
    let device = draft.telephone.device(extension).map_err(|refusal| reasons.push(refusal)).ok()?;
    Some((extension.clone(), context, device))
}

/// Rule Q1.
fn mailbox(draft: &Draft, known: &mut Known<'_>, reasons: &mut Vec<Refusal>) -> Option<(Mailbox, ContextId)> {
    let context = draft.mailbox_context().map(|(column, name)| known.context(column, name, reasons));
    let mailbox = draft.mailbox.as_ref()?;
    let on = RuleTarget::text(TargetKind::VoicemailBox, mailbox.as_str());
    let Some(context) = context else {
        reasons.push(Refusal::new(Rule::C3, on, Violation::NoContext { column: "voicemail_context" }));
        return None;
    };
    let context = context?;
    if let Some(holder) = known.claim(Unique::mailbox(mailbox, context), draft.line) {
        reasons.push(known.taken(Rule::Q1, on, holder, ""));
    }
    Some((mailbox.clone(), context))
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
    if draft.login.is_none() {
        words.push("no login".to_owned());
        return words.join(", ");
    }
    words.push(if draft.password.is_some() { "password" } else { "no password" }.to_owned());
    words.push(if draft.is_enabled.unwrap_or_default() { "enabled" } else { "disabled" }.to_owned());
    words.join(", ")
}
