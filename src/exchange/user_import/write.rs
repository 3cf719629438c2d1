//! The table of all users, as `user import --update` takes it back: the columns that ctibox takes, by their newer names, a
//! row a user in the order of ids. Passwords are not in it. Called by `command`.

use std::collections::HashMap;

use super::column::{self, Column};
use super::table::Telephone;
use crate::exchange::csv;
use crate::settings::configuration::Configuration;
use crate::settings::id::UserId;
use crate::settings::label::context_name;
use crate::settings::voicemail::Voicemail;

const COLUMNS: [Column; 15] = [
    Column::Uuid,
    Column::FirstName,
    Column::LastName,
    Column::Email,
    Column::Mobile,
    Column::Login,
    Column::Password,
    Column::IsEnabled,
    Column::Profile,
    Column::Extension,
    Column::Context,
    Column::Protocol,
    Column::SipName,
    Column::Mailbox,
    Column::MailboxContext,
];

/// Of a user with several lines the main line alone has a place in the table.
pub(crate) fn write(c: &Configuration) -> String {
    let mut text = String::new();
    csv::write(COLUMNS.map(column::name), &mut text);
    let main_lines = c.main_lines();
    let boxes: HashMap<UserId, &Voicemail> =
        c.voicemails.iter().filter_map(|found| Some((found.user?, &**found))).collect();
    for user in c.users.iter() {
        let line = main_lines.get(&user.id);
        let (protocol, sip_name) = line.map(|line| Telephone::cells(&line.device, &line.extension)).unwrap_or_default();
        let mailbox = boxes.get(&user.id);
        let profile = user.profile.and_then(|id| c.profiles.get(id));
        let cell = |column| match column {
            Column::Uuid => user.uuid.to_string(),
            Column::FirstName => user.first_name.to_string(),
            Column::LastName => user.last_name.to_string(),
            Column::Email => text_of(&user.email),
            Column::Mobile => text_of(&user.mobile),
            Column::Login => text_of(&user.login),
            Column::Password => String::new(),
            Column::IsEnabled => u8::from(user.enabled).to_string(),
            Column::Profile => profile.map(|profile| profile.name.to_string()).unwrap_or_default(),
            Column::Extension => line.map(|line| line.extension.to_string()).unwrap_or_default(),
            Column::Context => line.map(|line| context_name(c, line.context)).unwrap_or_default(),
            Column::Protocol => protocol.to_owned(),
            Column::SipName => sip_name.clone(),
            Column::Mailbox => mailbox.map(|found| found.mailbox.to_string()).unwrap_or_default(),
            Column::MailboxContext => mailbox.map(|found| context_name(c, found.context)).unwrap_or_default(),
        };
        let cells = COLUMNS.map(cell);
        csv::write(cells.iter().map(String::as_str), &mut text);
    }
    text
}

fn text_of<T: ToString>(value: &Option<T>) -> String {
    value.as_ref().map(T::to_string).unwrap_or_default()
}
