//! A company of generated people, each with a line, in contexts of fifty: what the rules and the store are measured on.

use std::path::Path;

use uuid::Uuid;

use crate::exchange::document::{Secrets, read, write};
use crate::settings::configuration::Configuration;
use crate::settings::default::Language;
use crate::settings::edit::{NewAgent, NewQueue};
use crate::settings::id::ServerUuid;
use crate::settings::name::{AgentNumber, DisplayName, Extension, FirstName, LastName, Mailbox, QueueName};
use crate::settings::phone_book::EntryDetails;
use crate::settings::whole::WholeConfiguration;
use crate::store::Store;

const PER_CONTEXT: usize = 50;
/// Extensions of lines begin there, numbers of boxes, agents and queues.
pub(super) const LINE_FIRST: usize = 10_000;
pub(super) const MAILBOX_FIRST: usize = 100_000;
pub(super) const AGENT_FIRST: usize = 200_000;
pub(super) const QUEUE_FIRST: usize = 300_000;
/// Queues in which an agent is.
const QUEUES_OF_AGENT: usize = 10;

pub(super) fn queue_name(number: usize) -> String {
    format!("queue{number}")
}

/// Whether the agent is in the queue, by their places among all.
pub(super) fn is_member(agent: usize, queue: usize, queues: usize) -> bool {
    agent == 0 || (queue + queues - agent % queues) % queues < QUEUES_OF_AGENT
}

/// A generated name keeps the rules.
fn kept<T, E: std::fmt::Debug>(parsed: Result<T, E>) -> T {
    parsed.expect("a generated name keeps the rules")
}

pub struct Fixture {
    pub(super) configuration: Configuration,
}

impl Fixture {
    /// # Panics
    /// If the generated document breaks a rule.
    pub fn of(users: usize) -> Self {
        let empty = Configuration::default_data(ServerUuid::new(Uuid::from_u128(1)), Language::English);
        let empty = WholeConfiguration::new(empty).expect("nothing was put away");
        let mut document: serde_json::Value =
            serde_json::from_str(&write(&empty, Secrets::Included)).expect("a written document is JSON");
        let contexts = users.div_ceil(PER_CONTEXT).max(1);
        let context = |number: usize| format!("context{number}");
        document["contexts"] =
            (0..contexts).map(|n| serde_json::json!({"id": n + 1, "name": context(n), "includes": []})).collect();
        document["users"] = (0..users)
            .map(|n| {
                serde_json::json!({
                    "id": n + 1, "uuid": Uuid::from_u128(n as u128 + 2).to_string(), "login": format!("user{n}"),
                    "first_name": format!("First{n}"), "last_name": format!("Last{n}"), "email": null,
                    "mobile": null, "password_hash": null, "enabled": true, "profile": "Client",
                })
            })
            .collect();
        document["lines"] = (0..users)
            .map(|n| {
                serde_json::json!({
                    "id": n + 1, "extension": format!("{}", LINE_FIRST + n), "context": context(n / PER_CONTEXT),
                    "user": format!("user{n}"), "device": format!("PJSIP/{}", LINE_FIRST + n), "main": true,
                })
            })
            .collect();
        for (kind, number) in [("contexts", contexts), ("users", users), ("lines", users)] {
            document["next_ids"][kind] = (number + 1).into();
        }
        let configuration = read(&document.to_string(), &empty).expect("generated people keep the rules");
        Self { configuration: configuration.into_inner() }
    }

    pub(super) fn whole(&self) -> WholeConfiguration {
        WholeConfiguration::new(self.configuration.clone()).expect("nothing was put away")
    }

    /// The same with so many entries in its phone book.
    ///
    /// # Panics
    /// If a rule refuses a generated entry.
    #[must_use]
    pub fn with_phone_book(mut self, entries: usize) -> Self {
        for number in 0..entries {
            let (name, phone) = (format!("Margareta {number}"), format!("5145{number:06}"));
            let details = EntryDetails::parse(|field| match field.as_str() {
                "firstname" => &name,
                "number" => &phone,
                "company" => "Entreprise ABC inc.",
                _ => "",
            });
            let details = details.expect("a name and a number make an entry");
            self.configuration.add_phone_book_entry(details, None).expect("everyone's entry");
        }
        self
    }

    /// The same with so many agents and queues, each agent in some of these and the first in all, everybody with a
    /// voicemail box.
    ///
    /// # Panics
    /// If a rule refuses something generated.
    #[must_use]
    pub fn with_floor(mut self, agents: usize, queues: usize) -> Self {
        let known = &mut self.configuration;
        let context = known.contexts.iter().next().expect("a context").id;
        let users: Vec<_> = known.users.iter().map(|user| user.id).collect();
        for (number, user) in users.iter().enumerate() {
            let mailbox = kept(Mailbox::parse(&(MAILBOX_FIRST + number).to_string()));
            known.add_voicemail(mailbox, context, Some(*user)).expect("a box");
        }
        let agents: Vec<_> = users
            .into_iter()
            .take(agents)
            .enumerate()
            .map(|(number, user)| {
                let agent = NewAgent {
                    number: kept(AgentNumber::parse(&(AGENT_FIRST + number).to_string())),
                    first_name: kept(FirstName::parse("Agent")),
                    last_name: kept(LastName::parse(&format!("No{number}"))),
                    context,
                    user: Some(user),
                };
                known.add_agent(agent).expect("an agent")
            })
            .collect();
        for number in 0..queues {
            let queue = NewQueue {
                name: kept(QueueName::parse(&queue_name(number))),
                display: kept(DisplayName::parse(&format!("Queue {number}"))),
                number: kept(Extension::parse(&(QUEUE_FIRST + number).to_string())),
                context,
                wrapup_seconds: 5,
            };
            let queue = known.add_queue(queue).expect("a queue");
            for (place, agent) in agents.iter().enumerate() {
                if is_member(place, number, queues) {
                    known.set_queue_member(queue, *agent, 0).expect("a member");
                }
            }
        }
        self
    }

    /// All that the rules find in it.
    pub fn findings(&self) -> usize {
        self.configuration.findings().len()
    }

    /// Makes a data folder with it.
    ///
    /// # Panics
    /// If the disk takes it not.
    pub fn save(&self, folder: &Path) {
        drop(Store::open(folder, || self.configuration.clone()).expect("a new folder takes a database"));
    }

    /// Reads a data folder as a start does; how many users it has.
    ///
    /// # Panics
    /// If there is no database.
    pub fn load(folder: &Path) -> usize {
        let store = Store::open_existing(folder).expect("the folder has a database");
        store.configuration().expect("the database is whole").users.len()
    }
}
