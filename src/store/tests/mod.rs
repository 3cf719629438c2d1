//! The store against real files: what goes in comes out, what is refused leaves no trace.

mod address_book;
pub(crate) mod corrupt;
mod damage;
mod following;
mod foreign_hands;
mod history;
mod keeping;
mod kept_chat;
mod migration;
mod phone_book;
mod restoring;
mod round_trip;
mod safety;
mod schema;

use std::path::Path;
use std::sync::mpsc;

use tempfile::TempDir;

use crate::settings::account::{AccountKind, AccountRight};
use crate::settings::configuration::Configuration;
use crate::settings::default::Language;
use crate::settings::edit::{NewAccount, NewAgent, NewConference, NewDialRule, NewLine, NewQueue, NewUser};
use crate::settings::fixtures::whole;
use crate::settings::id::{Id, LineId, ServerUuid, UserId, UserUuid};
use crate::settings::name::*;
use crate::settings::password::Password;
use crate::settings::phone_book::{EntryDetails, Field};
use crate::settings::preference::{Preference, PreferenceValue};
use crate::settings::profile::Service;
use crate::settings::rule::Refusal;
use crate::settings::setting::{Key, SettingValue};
use crate::settings::store_query::StoreQuery;

use super::*;

fn server_uuid() -> ServerUuid {
    ServerUuid::parse("6b1ef8a6-9b2c-4a9c-8e0e-0d6f5a1f1c11").expect("a UUID")
}

fn default_data() -> Configuration {
    Configuration::default_data(server_uuid(), Language::English)
}

fn origin() -> Origin {
    Origin { user: "root".to_owned(), from: OriginKind::Cli, intent: Intent::Edit }
}

/// A fresh data folder with an open store.
fn fresh() -> (TempDir, Store) {
    let folder = tempfile::tempdir().expect("a folder");
    let store = open(folder.path());
    (folder, store)
}

/// All is as it was.
fn undo_all(store: &Store, before: &Configuration) {
    let undo = |it: &mut Configuration| {
        *it = before.clone();
        Ok::<_, Refusal>(())
    };
    store.change(&origin(), undo).expect("an undo");
}

fn open(folder: &Path) -> Store {
    Store::open(folder, default_data).expect("a database").store
}

/// Asks all of them in one go, as clients do at the same time, and gives back what came of each.
fn replies<Q: StoreQuery>(
    store: &Store,
    queries: impl IntoIterator<Item = Q>,
    request: impl Fn(Asked<Q>) -> StoreRequest,
) -> Vec<Q::Reply>
where
    Q::Reply: Send + 'static,
{
    let (tell, told) = mpsc::channel();
    let writer = StateWriter::start(store, || {});
    for query in queries {
        let tell = tell.clone();
        let done = move |outcome: Result<_, StoreError>| tell.send(outcome.expect("done")).expect("heard");
        writer.ask(request(Asked { query, done: Box::new(done) }));
    }
    drop((writer, tell));
    told.into_iter().collect()
}

fn user_uuid(number: usize) -> UserUuid {
    UserUuid::parse(&format!("00000000-0000-4000-8000-{number:012}")).expect("a UUID")
}

fn new_user(number: usize) -> NewUser {
    NewUser {
        uuid: user_uuid(number),
        login: Login::parse(&format!("user{number}")).ok(),
        first_name: FirstName::parse("Élodie").expect("a name"),
        last_name: LastName::parse(&format!("N° {number}")).expect("a name"),
        email: None,
        mobile: None,
        password: None,
        enabled: true,
        profile: None,
    }
}

/// A user with one line, whose id it is.
fn add_user(configuration: &mut Configuration, number: usize) -> Result<(UserId, LineId), Refusal> {
    let user = configuration.add_user(new_user(number))?;
    let context = configuration.context_named(&ContextName::parse("default")?).expect("the default context").id;
    let line = configuration.add_line(NewLine {
        user,
        extension: Extension::parse(&(10_000 + number).to_string())?,
        context,
        device: Device::parse(&format!("PJSIP/{}", 10_000 + number))?,
        is_main: false,
    })?;
    Ok((user, line))
}

/// Something of every kind and every optional field.
fn fill(configuration: &mut Configuration) -> Result<(), Refusal> {
    let (user, _) = add_user(configuration, 1)?;
    let profile = configuration.profiles.iter().next().expect("a profile").id;
    configuration.users.edit(user, |user| {
        user.email = Some(EmailAddress::parse("Elodie@example.org").expect("an address"));
        user.mobile = Some(MobileNumber::parse("+33600000000").expect("a number"));
        user.password = Some(Password::parse("a password").expect("a password").hash(&[1; 16]));
        user.enabled = false;
        user.profile = Some(profile);
        user.break_glass = true;
    });
    let default = configuration.context_named(&ContextName::parse("default")?).expect("the default context").id;
    let sales = configuration.add_context(ContextName::parse("sales")?, &[ContextName::parse("default")?])?;
    let line = NewLine {
        user,
        extension: Extension::parse("*10#")?,
        context: sales,
        device: Device::parse("SIP/a-b")?,
        is_main: true,
    };
    configuration.add_line(line)?;
    configuration.add_voicemail(Mailbox::parse("1001")?, default, Some(user))?;
    configuration.add_voicemail(Mailbox::parse("1001")?, sales, None)?;
    let agent = configuration.add_agent(NewAgent {
        number: AgentNumber::parse("2001")?,
        first_name: FirstName::parse("A")?,
        last_name: LastName::parse("")?,
        context: sales,
        user: Some(user),
    })?;
    let queue = configuration.add_queue(NewQueue {
        name: QueueName::parse("blue.1")?,
        display: DisplayName::parse("Blue, \"{1}\"")?,
        number: Extension::parse("3001")?,
        context: default,
        wrapup_seconds: 3600,
    })?;
    configuration.set_queue_member(queue, agent, 100)?;
    for (prefix, context) in [("+33", Some(default)), ("", None)] {
        let (prefix, add) = (DialDigits::parse(prefix)?, DialDigits::parse("0*")?);
        configuration.add_dial_rule(NewDialRule { prefix, strip: 3, add, context })?;
    }
    let line = configuration.lines_of(user)[0].id;
    configuration.set_queue_member(queue, line, 7)?;
    let pin = Some(ConferencePin::parse("0042")?);
    let (number, name) = (ConferenceNumber::parse("4001")?, ConferenceName::parse("Salle à manger")?);
    configuration.add_conference(NewConference { number, name, context: default, pin })?;
    configuration.add_account(NewAccount {
        kind: AccountKind::Service,
        name: AccountName::parse("crm@example.org")?,
        password: Some(Password::parse("a password").expect("a password").hash(&[1; 16])),
        enabled: false,
        rights: [AccountRight::ReadStatus, AccountRight::Configuration].into(),
        contexts: [default, sales].into(),
    })?;
    for context in [None, Some(sales)] {
        let details = EntryDetails::parse(|field| match field {
            Field::Email => "zoé@example.org",
            number if number.is_number() => "+33 1",
            _ => "Zoé, \"Roe\"",
        })?;
        configuration.add_phone_book_entry(details, context)?;
    }
    configuration.profiles.edit(profile, |profile| {
        profile.services.insert(Service::CallRecord);
        let value = PreferenceValue::parse(Preference::LoginWindowUrl, "https://example.org/?a=1").expect("a URL");
        profile.preferences.insert(Preference::LoginWindowUrl, value);
    });
    for (key, value) in [(Key::AmiSecret, "hunter2"), (Key::ClientListen, "127.0.0.1,::1")] {
        configuration.settings.insert(key, SettingValue::parse(key, value)?);
    }
    Ok(())
}

/// All files below a folder with their bytes.
fn contents(folder: &Path) -> Vec<(std::path::PathBuf, Vec<u8>)> {
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .expect("readable")
        .map(|entry| entry.expect("readable").path())
        .filter(|path| path.is_file())
        .map(|path| (path.clone(), std::fs::read(path).expect("readable")))
        .collect();
    files.sort();
    files
}

/// A connection as another process has it.
fn outsider(folder: &Path) -> Connection {
    Connection::open(database(folder)).expect("a connection")
}

fn number(connection: &Connection, sql: &str) -> i64 {
    connection.query_row(sql, [], |row| row.get(0)).expect(sql)
}
