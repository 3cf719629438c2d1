//! The columns of XiVO's table of users, by their names since 15.20 and before: those that ctibox takes, and those that
//! it has no use for; and what other programs and people call them. Called while the first line of a table is read.

use crate::exchange::contact_column::{self, bare};
use crate::settings::phone_book::Field;

/// A column that ctibox takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Column {
    Uuid,
    FirstName,
    LastName,
    Email,
    Mobile,
    Login,
    Password,
    IsEnabled,
    Profile,
    Extension,
    Context,
    Protocol,
    SipName,
    Mailbox,
    MailboxContext,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CellMeaning {
    Taken(Column),
    /// Other programs and people call it so; XiVO did not.
    Alias(Column),
    /// XiVO knew it; ctibox has nothing to put there.
    NotUsed,
    /// The same, and what stands there is a password.
    NotUsedSecret,
}

/// The newer name first.
const TAKEN: &[(Column, &[&str])] = &[
    (Column::Uuid, &["uuid"]),
    (Column::FirstName, &["firstname"]),
    (Column::LastName, &["lastname"]),
    (Column::Email, &["email"]),
    (Column::Mobile, &["mobile_phone_number", "mobilephonenumber"]),
    (Column::Login, &["username"]),
    (Column::Password, &["password"]),
    (Column::IsEnabled, &["cti_profile_enabled", "enableclient"]),
    (Column::Profile, &["cti_profile_name", "profileclient"]),
    (Column::Extension, &["exten", "phonenumber"]),
    (Column::Context, &["context"]),
    (Column::Protocol, &["line_protocol", "protocol"]),
    (Column::SipName, &["sip_username", "linename"]),
    (Column::Mailbox, &["voicemail_number", "voicemailnumber"]),
    (Column::MailboxContext, &["voicemail_context", "voicemailcontext"]),
];

const NOT_USED: &[&str] = &[
    "agentnumber",
    "bosssecretary",
    "call_permissions",
    "call_record_enabled",
    "call_transfer_enabled",
    "callerid",
    "description",
    "dtmf_hangup_enabled",
    "enabled",
    "enablehint",
    "enablexfer",
    "entity_id",
    "entityid",
    "incall_context",
    "incall_exten",
    "incall_ring_seconds",
    "incallcontext",
    "incallexten",
    "incallringseconds",
    "labels",
    "language",
    "line_site",
    "online_call_record_enabled",
    "outcallerid",
    "outgoing_caller_id",
    "provisioning_code",
    "ring_seconds",
    "simultaneous_calls",
    "subscription_type",
    "supervision_enabled",
    "userfield",
    "voicemail_ask_password",
    "voicemail_attach_audio",
    "voicemail_delete_messages",
    "voicemail_email",
    "voicemail_name",
    "voicemailaskpassword",
    "voicemailattach",
    "voicemaildelete",
    "voicemailemail",
    "voicemailname",
];

const NOT_USED_SECRETS: &[&str] =
    &["call_permission_password", "linesecret", "sip_secret", "voicemail_password", "voicemailpassword"];

/// What other programs and people call what no phone book has, without blanks, dashes and accents, in small letters.
const ALIASES: &[(Column, &[&str])] = &[
    (Column::Login, &["login", "loginname", "benutzername", "benutzer", "anmeldename", "identifiant", "usuario"]),
    (Column::Password, &["passwort", "kennwort", "motdepasse", "contrasena", "wachtwoord"]),
    (Column::Profile, &["profile", "profil"]),
    (Column::Extension, &["extension", "ext", "durchwahl", "nebenstelle", "poste", "numerointerne", "interno"]),
    (Column::Context, &["kontext", "contexte", "contexto"]),
];

/// In any case of letters; None if nobody calls a column so.
pub(super) fn meaning(name: &str) -> Option<CellMeaning> {
    let plain = name.trim().to_ascii_lowercase();
    if let Some((column, _)) = TAKEN.iter().find(|(_, names)| names.contains(&plain.as_str())) {
        return Some(CellMeaning::Taken(*column));
    }
    if NOT_USED.contains(&plain.as_str()) {
        return Some(CellMeaning::NotUsed);
    }
    if NOT_USED_SECRETS.contains(&plain.as_str()) {
        return Some(CellMeaning::NotUsedSecret);
    }
    let bare = bare(name);
    let known = ALIASES.iter().find(|(_, names)| names.contains(&bare.as_str())).map(|(column, _)| *column);
    known.or_else(|| of_person(contact_column::person_field(&bare)?)).map(CellMeaning::Alias)
}

/// A number in a phone book may be any; that of a line is an extension.
fn of_person(field: Field) -> Option<Column> {
    match field {
        Field::FirstName => Some(Column::FirstName),
        Field::LastName => Some(Column::LastName),
        Field::Email => Some(Column::Email),
        Field::Mobile => Some(Column::Mobile),
        Field::Number | Field::Home | Field::Other | Field::Fax | Field::Company => None,
    }
}

/// The newer names of all that are taken.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    TAKEN.iter().map(|(_, names)| names[0])
}

/// Its newer name, for words to people.
pub(super) fn name(column: Column) -> &'static str {
    TAKEN.iter().find(|(other, _)| *other == column).map_or("", |(_, names)| names[0])
}
