//! A company of generated people, each with a line, in contexts of fifty: what the rules and the store are measured on.

use std::path::Path;

use uuid::Uuid;

use crate::exchange::document::{Secrets, read, write};
use crate::settings::configuration::Configuration;
use crate::settings::default::Language;
use crate::settings::id::ServerUuid;
use crate::settings::phone_book::EntryDetails;
use crate::settings::whole::WholeConfiguration;
use crate::store::Store;

const PER_CONTEXT: usize = 50;

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
                    "id": n + 1, "extension": format!("{}", 10_000 + n), "context": context(n / PER_CONTEXT),
                    "user": format!("user{n}"), "device": format!("PJSIP/{}", 10_000 + n), "main": true,
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
