//! The columns of XiVO's table of users, by their names since 15.20 and before: those that ctibox takes, and those that
//! it has no use for. Called while the first line of a table is read.

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
    /// XiVO knew it; ctibox has nothing to put there.
    NotUsed,
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
    "call_permission_password",
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
    "linesecret",
    "online_call_record_enabled",
    "outcallerid",
    "outgoing_caller_id",
    "provisioning_code",
    "ring_seconds",
    "simultaneous_calls",
    "sip_secret",
    "subscription_type",
    "supervision_enabled",
    "userfield",
    "voicemail_ask_password",
    "voicemail_attach_audio",
    "voicemail_delete_messages",
    "voicemail_email",
    "voicemail_name",
    "voicemail_password",
    "voicemailaskpassword",
    "voicemailattach",
    "voicemaildelete",
    "voicemailemail",
    "voicemailname",
    "voicemailpassword",
];

/// In any case of letters; None if XiVO had no such column.
pub(super) fn meaning(name: &str) -> Option<CellMeaning> {
    let name = name.trim().to_ascii_lowercase();
    let taken = TAKEN.iter().find(|(_, names)| names.contains(&name.as_str()));
    match taken {
        Some((column, _)) => Some(CellMeaning::Taken(*column)),
        None => NOT_USED.contains(&name.as_str()).then_some(CellMeaning::NotUsed),
    }
}

/// The newer names of all that are taken.
#[cfg(test)]
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    TAKEN.iter().map(|(_, names)| names[0])
}

/// Its newer name, for words to people.
pub(super) fn name(column: Column) -> &'static str {
    TAKEN.iter().find(|(other, _)| *other == column).map_or("", |(_, names)| names[0])
}
