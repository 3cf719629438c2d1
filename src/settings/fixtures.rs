//! A small office for tests: the default data, two contexts, people with lines, a voicemail box, a room, agents and a
//! queue. Only tests use it.

use super::account::{AccountKind, AccountRight};
use super::configuration::Configuration;
use super::default::Language;
use super::edit::{NewAccount, NewAgent, NewConference, NewLine, NewQueue, NewUser};
use super::id::{AgentId, ContextId, ServerUuid, UserId, UserUuid};
use super::name::*;
use super::password::PasswordHash;
use super::phone_book::{EntryDetails, Field};
use super::whole::WholeConfiguration;

/// A hash in the right form that no test tries a password on.
pub(crate) const HASH: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$BwcHBwcHBwcHBwcHBwcHBw$6Vn1cFzcZqMYvFmDEoFnjxIVnBZ1PqXbBWBHd3kZ1iI";

pub(crate) fn defaults() -> Configuration {
    Configuration::default_data(ServerUuid::new(uuid::Uuid::from_u128(0xC71)), Language::English)
}

/// `alice` (1001, 1002) and `bob` (2001) in the contexts `default` and `sales`, `carol` without a line; agents 8001 (bob)
/// and 8002, both in queue `support`; Zoe Roe (in `sales`) and Acme in the phone book;
/// the account `crm` that sees `sales`. No finding is an error or a warning.
pub(crate) fn small_company() -> Configuration {
    let mut office = defaults();
    let default = office.contexts.iter().next().unwrap().id;
    let sales =
        office.add_context(ContextName::parse("sales").unwrap(), &[ContextName::parse("default").unwrap()]).unwrap();
    let alice = add_user(&mut office, "alice");
    let bob = add_user(&mut office, "bob");
    add_user(&mut office, "carol");
    add_line(&mut office, alice, "1001", default);
    add_line(&mut office, alice, "1002", default);
    add_line(&mut office, bob, "2001", sales);
    office.add_voicemail(Mailbox::parse("1001").unwrap(), default, Some(alice)).unwrap();
    let room = NewConference {
        number: ConferenceNumber::parse("4000").unwrap(),
        name: ConferenceName::parse("Board").unwrap(),
        context: default,
        pin: Some(ConferencePin::parse("1234").unwrap()),
    };
    office.add_conference(room).unwrap();
    let first = add_agent(&mut office, "8001", sales, Some(bob));
    let second = add_agent(&mut office, "8002", sales, None);
    let queue = NewQueue {
        name: QueueName::parse("support").unwrap(),
        display: DisplayName::parse("Support").unwrap(),
        number: Extension::parse("3000").unwrap(),
        context: default,
        wrapup_seconds: 30,
    };
    let queue = office.add_queue(queue).unwrap();
    office.set_queue_member(queue, second, 5).unwrap();
    office.set_queue_member(queue, first, 0).unwrap();
    let zoe = [("firstname", "Zoe"), ("lastname", "Roe"), ("number", "5145550001"), ("email", "zoe@example.org")];
    office.add_phone_book_entry(entry_details(&zoe), Some(sales)).unwrap();
    office.add_phone_book_entry(entry_details(&[("company", "Acme")]), None).unwrap();
    let account = NewAccount {
        kind: AccountKind::Service,
        name: AccountName::parse("crm").unwrap(),
        password: Some(PasswordHash::parse(HASH).unwrap()),
        enabled: true,
        rights: [AccountRight::ReadStatus, AccountRight::WritePresence].into(),
        contexts: [sales].into(),
    };
    office.add_account(account).unwrap();
    office
}

/// With all its entries at hand, as whatever was made in memory has them.
pub(crate) fn whole(configuration: Configuration) -> WholeConfiguration {
    WholeConfiguration::new(configuration).expect("nothing was put away")
}

/// `office`, to be written and read as a document.
pub(crate) fn whole_company() -> WholeConfiguration {
    whole(small_company())
}

/// `defaults`, likewise.
pub(crate) fn whole_defaults() -> WholeConfiguration {
    whole(defaults())
}

/// From the words of the fields.
pub(crate) fn entry_details(texts: &[(&str, &str)]) -> EntryDetails {
    let text = |field: Field| texts.iter().find(|(word, _)| *word == field.as_str()).map_or("", |(_, text)| *text);
    EntryDetails::parse(text).unwrap()
}

pub(crate) fn add_user(configuration: &mut Configuration, login: &str) -> UserId {
    let number = u128::try_from(configuration.users.next_number()).unwrap();
    let client = configuration.profiles.find(|profile| profile.name.as_str() == "Client").unwrap().id;
    let user = NewUser {
        uuid: UserUuid::new(uuid::Uuid::from_u128(number)),
        login: Login::parse(login).ok(),
        first_name: FirstName::parse(login).unwrap(),
        last_name: LastName::parse("").unwrap(),
        email: Some(EmailAddress::parse(&format!("{login}@example.org")).unwrap()),
        mobile: None,
        password: Some(PasswordHash::parse(HASH).unwrap()),
        enabled: true,
        profile: Some(client),
    };
    configuration.add_user(user).unwrap()
}

pub(crate) fn add_line(configuration: &mut Configuration, user: UserId, extension: &str, context: ContextId) {
    let line = NewLine {
        user,
        extension: Extension::parse(extension).unwrap(),
        context,
        device: Device::parse(&format!("PJSIP/{extension}")).unwrap(),
        is_main: false,
    };
    configuration.add_line(line).unwrap();
}

pub(crate) fn add_agent(
    configuration: &mut Configuration,
    number: &str,
    context: ContextId,
    user: Option<UserId>,
) -> AgentId {
    let agent = NewAgent {
        number: AgentNumber::parse(number).unwrap(),
        first_name: FirstName::parse("Agent").unwrap(),
        last_name: LastName::parse(number).unwrap(),
        context,
        user,
    };
    configuration.add_agent(agent).unwrap()
}
