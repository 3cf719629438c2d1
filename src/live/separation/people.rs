//! Who and what is in a world of the separation test: three to five contexts, twelve users of whom two have no line and
//! one has two, agents, queues, rooms, voicemail boxes and entries of the phone book, each with its number in its names.

use crate::live::simulation::{Random, some};
use crate::live::tests::{add_line, add_user, name, server, without_login};
use crate::settings::configuration::Configuration;
use crate::settings::default::Language;
use crate::settings::edit::{NewAgent, NewConference, NewQueue};
use crate::settings::id::{ContextId, Id, UserId};
use crate::settings::name::{
    AgentNumber, ConferenceName, ConferenceNumber, ContextName, DisplayName, Extension, FirstName, LastName, Mailbox,
    QueueName,
};
use crate::settings::phone_book::{EntryDetails, Field};
use crate::settings::rule::Refusal;

const USERS: i64 = 12;

pub(super) fn state(random: &mut Random) -> Configuration {
    let mut known = Configuration::default_data(server(), Language::English);
    for number in 2..=3 + random.below(3) {
        let includes: Vec<ContextName> =
            if random.below(2) == 0 { vec![name(ContextName::parse("default"))] } else { Vec::new() };
        known.add_context(name(ContextName::parse(&format!("context{number}"))), &includes).expect("a context");
    }
    for number in 1..=USERS {
        let user = add_user(&mut known, number, &format!("user{number}"), 2 + i64::from(random.below(4) > 0));
        known.users.edit(user, |user| user.first_name = numbered("Person", number, FirstName::parse));
        if number == USERS {
            without_login(&mut known, user);
        }
        // The first two have no line, the third has two.
        if number > 2 {
            let context = some_context(random, &known);
            add_line(&mut known, user, &format!("1{number:03}"), context);
        }
        if number == 3 {
            let context = some_context(random, &known);
            add_line(&mut known, user, "2003", context);
        }
    }
    for number in 1..=4 {
        let owner = Some(UserId::new(2 * number)).filter(|_| number < 4);
        let context = some_context(random, &known);
        add_agent(&mut known, context, owner);
    }
    for _ in 1..=4 {
        let context = some_context(random, &known);
        add_queue(&mut known, context);
        let context = some_context(random, &known);
        add_room(&mut known, context);
        let context = some_context(random, &known);
        add_voicemail(&mut known, context);
        let context = some_context(random, &known);
        add_entry(&mut known, Some(context).filter(|_| random.below(3) > 0));
    }
    for queue in known.queues.iter().map(|queue| queue.id).collect::<Vec<_>>() {
        for _ in 0..2 {
            if let Some(agent) = some(random, &known.agents) {
                known.set_queue_member(queue, agent, 0).expect("a member");
            }
            if let Some(line) = some(random, &known.lines) {
                known.set_queue_member(queue, line, 0).expect("a member");
            }
        }
    }
    known
}

fn some_context(random: &mut Random, known: &Configuration) -> ContextId {
    some(random, &known.contexts).expect("there are contexts")
}

/// A name that holds the object's number, for the judge.
pub(super) fn numbered<T>(word: &str, number: i64, parse: impl Fn(&str) -> Result<T, Refusal>) -> T {
    name(parse(&format!("{word}{number}e")))
}

pub(super) fn add_agent(known: &mut Configuration, context: ContextId, user: Option<UserId>) {
    let id = known.agents.next_number();
    let agent = NewAgent {
        number: name(AgentNumber::parse(&format!("2{id:03}"))),
        first_name: numbered("Agent", id, FirstName::parse),
        last_name: name(LastName::parse("")),
        context,
        // One agent a user.
        user: user.filter(|user| known.agents.find(|agent| agent.user == Some(*user)).is_none()),
    };
    known.add_agent(agent).expect("an agent");
}

pub(super) fn add_queue(known: &mut Configuration, context: ContextId) {
    let id = known.queues.next_number();
    let queue = NewQueue {
        name: numbered("Queue", id, QueueName::parse),
        display: numbered("Queue", id, DisplayName::parse),
        number: name(Extension::parse(&format!("3{id:03}"))),
        context,
        wrapup_seconds: 0,
    };
    known.add_queue(queue).expect("a queue");
}

pub(super) fn add_room(known: &mut Configuration, context: ContextId) {
    let id = known.conferences.next_number();
    let room = NewConference {
        number: name(ConferenceNumber::parse(&format!("4{id:03}"))),
        name: numbered("Room", id, ConferenceName::parse),
        context,
        pin: None,
    };
    known.add_conference(room).expect("a room");
}

pub(super) fn add_voicemail(known: &mut Configuration, context: ContextId) {
    let id = known.voicemails.next_number();
    let owner = UserId::new(id);
    let is_free = known.voicemails.find(|voicemail| voicemail.user == Some(owner)).is_none();
    let owner = Some(owner).filter(|owner| is_free && known.users.get(*owner).is_some());
    known.add_voicemail(name(Mailbox::parse(&format!("5{id:03}"))), context, owner).expect("a voicemail box");
}

pub(super) fn add_entry(known: &mut Configuration, context: Option<ContextId>) {
    let id = known.phone_book.at_hand().next_number();
    let (first_name, number) = (format!("Entry{id}e"), format!("9{id:03}"));
    let details = EntryDetails::parse(|field| match field {
        Field::FirstName => &first_name,
        Field::Number => &number,
        _ => "",
    });
    known.add_phone_book_entry(name(details), context).expect("an entry");
}
