//! Reads every line that a connection receives, and fails if it is about anything that its user may not see. Each object
//! of a test world carries its number in its names (`Person7e`), so that a name is recognised wherever it stands. A class
//! that nobody judges fails too: who adds one says here what it may tell.

use serde_json::Value;

use super::rule::{Rule, Thing};
use crate::settings::id::{Id, UserId};

/// One line to one connection.
pub(super) struct Hearing<'a> {
    pub(super) line: &'a Value,
    pub(super) viewer: UserId,
    /// The settings before and after what brought the line about; the same but for a change of settings.
    pub(super) before: &'a Rule,
    pub(super) after: &'a Rule,
    /// Whether settings sent somebody away just before: what their going does to their agent, and so to queues, is told by
    /// the settings under which they were there.
    pub(super) is_somebody_sent_away: bool,
}

/// What the class of a line is called in the count.
pub(super) fn class(line: &Value, is_answer: bool) -> String {
    let text = |member: &str| line[member].as_str().unwrap_or_default();
    match text("class") {
        "getlist" => {
            let says = if says_nothing(line) { " of nothing" } else { "" };
            let how = if is_answer { "asked" } else { "pushed" };
            format!("{how} {} {}{says}", text("function"), text("listname"))
        }
        class @ ("user_status_update" | "endpoint_status_update" | "agent_status_update") => {
            format!("{} {class}", if is_answer { "asked" } else { "pushed" })
        }
        class @ ("getqueuesstats" | "queueentryupdate") if !is_answer => format!("pushed {class}"),
        "getqueuesstats" if line["stats"].to_string().contains("LoggedAgents") => {
            "subscribed getqueuesstats".to_owned()
        }
        class => class.to_owned(),
    }
}

/// The class once more, if the line tells of an entry of the phone book.
pub(super) fn class_of_entries(line: &Value) -> Option<String> {
    let class = line["class"].as_str().unwrap_or_default();
    line.to_string().contains("Entry").then(|| format!("{class} of the phone book"))
}

impl Hearing<'_> {
    pub(super) fn judge(&self) {
        let line = self.line;
        match line["class"].as_str().unwrap_or_default() {
            "getlist" => self.list(),
            "login_capas" => {
                self.require(line.get("error_string").is_some() || line["userid"] == self.viewer.to_string())
            }
            "relations" => {
                self.require(line["data"]["user_id"] == self.viewer.number());
                self.reference(Thing::Phone, &line["data"]["endpoint_id"]);
                self.reference(Thing::Agent, &line["data"]["agent_id"]);
            }
            // Who is sent away is seen going by those who saw them before.
            "user_status_update" => self.either(line["data"]["user_id"].as_i64().map(Thing::User)),
            "endpoint_status_update" => self.now(line["data"]["endpoint_id"].as_i64().map(Thing::Phone)),
            "agent_status_update" => self.at_work(line["data"]["agent_id"].as_i64().map(Thing::Agent)),
            // What somebody said who is sent away is said by the settings under which they said it.
            "chitchat" => {
                self.either(self.party(&line["from"]));
                self.require(self.party(&line["to"]) == Some(Thing::User(self.viewer.number())));
            }
            "getqueuesstats" => self.statistics(),
            "queueentryupdate" => self.at_work(line["state"]["queue_id"].as_i64().map(Thing::Queue)),
            "meetme_update" => self.rooms(),
            "people_search_result" | "people_favorites_result" | "people_personal_contacts_result" => self.people(),
            // Their rows are names and numbers: what they name is judged below, as in every line.
            "directory" | "directory_search_result" => {}
            "people_favorite_update" => self.entry(&line["source"], &line["source_entry_id"]),
            "meetme_user" => self.require(line["list"] == Value::Array(Vec::new())),
            "current_calls" => self.require(line["current_calls"] == Value::Array(Vec::new())),
            "history" => self.require(line["history"] == Value::Array(Vec::new())),
            "getipbxlist"
            | "keepalive"
            | "featuresput"
            | "ipbxcommand"
            | "faxsend"
            | "fax_progress"
            | "disconnect"
            | "protocol_error"
            | "people_headers_result"
            | "directory_headers" => {}
            _ => self.require(false),
        }
        self.names();
    }

    fn list(&self) {
        let (line, list) = (self.line, self.line["listname"].as_str().unwrap_or_default());
        let tid = match &line["tid"] {
            Value::String(tid) => Thing::of(list, tid),
            number => Thing::of(list, &number.to_string()),
        };
        let ids = || line["list"].as_array().into_iter().flatten().map(|id| Thing::of(list, id.as_str().unwrap_or("")));
        match line["function"].as_str().unwrap_or_default() {
            "listid" | "addconfig" => ids().for_each(|thing| self.now(thing)),
            // What came may be gone again by the end of the same input.
            "delconfig" => ids().for_each(|thing| self.either(thing)),
            "updateconfig" | "updatestatus" if says_nothing(line) => {}
            "updateconfig" if list == "queuemembers" => self.at_work(tid),
            "updateconfig" => {
                self.now(tid);
                let config = &line["config"];
                self.reference(Thing::Agent, &config["agentid"]);
                self.reference(Thing::Voicemail, &config["voicemailid"]);
                let lines = config["linelist"].as_array().into_iter().flatten();
                lines.for_each(|id| self.now(Thing::of("phones", id.as_str().unwrap_or(""))));
            }
            "updatestatus" => {
                match list {
                    "users" => self.either(tid),
                    "agents" => self.at_work(tid),
                    _ => self.now(tid),
                }
                let queues = line["status"]["queues"].as_array().into_iter().flatten();
                queues.for_each(|id| self.at_work(Thing::of("queues", id.as_str().unwrap_or(""))));
            }
            _ => self.require(false),
        }
    }

    /// The figures of a queue that one may not see are those of a queue that does not exist.
    fn statistics(&self) {
        for (queue, figures) in self.line["stats"].as_object().into_iter().flatten() {
            let is_nothing = figures.get("Xivo-LoggedAgents").is_none()
                && figures.as_object().into_iter().flatten().all(|(_, figure)| figure == "0" || figure == "");
            if !is_nothing {
                self.at_work(Thing::of("queues", queue));
            }
        }
    }

    fn rooms(&self) {
        for number in self.line["config"].as_object().into_iter().flatten().map(|(number, _)| number) {
            let rooms = self.after.known.conferences.iter().filter(|room| room.number.as_str() == number.as_str());
            let seen = rooms.filter(|room| self.after.sees(self.viewer, &Thing::Room(room.id.number()))).count();
            self.require(seen > 0);
        }
    }

    fn people(&self) {
        for row in self.line["results"].as_array().into_iter().flatten() {
            let relations = &row["relations"];
            self.reference(Thing::User, &relations["user_id"]);
            self.reference(Thing::Phone, &relations["endpoint_id"]);
            self.reference(Thing::Agent, &relations["agent_id"]);
            self.entry(&row["source"], &relations["source_entry_id"]);
        }
    }

    /// Whom a row of people or a mark is about; one's own contacts are nobody else's.
    fn entry(&self, source: &Value, id: &Value) {
        let id = id.as_str().and_then(|id| id.parse().ok());
        match source.as_str().unwrap_or_default() {
            "internal" => self.now(id.map(Thing::User)),
            "phonebook" => self.now(id.map(Thing::Entry)),
            _ => self.require(false),
        }
    }

    /// Every name of an object, wherever it stands; but an answer of nothing repeats what was asked.
    fn names(&self) {
        if says_nothing(self.line) {
            return;
        }
        let text = self.line.to_string();
        let words = [
            ("Person", Thing::User as fn(i64) -> Thing),
            ("Agent", Thing::Agent),
            ("Queue", Thing::Queue),
            ("Room", Thing::Room),
            ("Entry", Thing::Entry),
        ];
        for (word, make) in words {
            for rest in text.split(word).skip(1) {
                let digits = rest.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(rest.len());
                if rest[digits..].starts_with('e') && digits > 0 {
                    self.either(rest[..digits].parse().ok().map(make));
                }
            }
        }
    }

    /// `[server, user]`, by uuid or by id.
    fn party(&self, party: &Value) -> Option<Thing> {
        let by_uuid = |uuid: &str| {
            let known = [&self.after.known, &self.before.known];
            known.into_iter().find_map(|known| known.users.find(|user| user.uuid.to_string() == uuid))
        };
        match &party[1] {
            Value::String(uuid) => by_uuid(uuid).map(|user| Thing::User(user.id.number())),
            id => id.as_i64().map(Thing::User),
        }
    }

    /// An id that may be null.
    fn reference(&self, thing: fn(i64) -> Thing, id: &Value) {
        if let Some(id) = id.as_i64() {
            self.now(Some(thing(id)));
        }
    }

    fn now(&self, thing: Option<Thing>) {
        self.require(thing.is_some_and(|thing| self.after.sees(self.viewer, &thing)));
    }

    fn at_work(&self, thing: Option<Thing>) {
        if self.is_somebody_sent_away { self.either(thing) } else { self.now(thing) }
    }

    fn either(&self, thing: Option<Thing>) {
        let is_seen = thing.as_ref().is_some_and(|thing| self.after.sees(self.viewer, thing));
        self.require(is_seen || self.was_seen(&thing));
    }

    fn was_seen(&self, thing: &Option<Thing>) -> bool {
        thing.as_ref().is_some_and(|thing| self.before.sees(self.viewer, thing))
    }

    fn require(&self, is_right: bool) {
        assert!(is_right, "user {} hears what they may not: {}", self.viewer, self.line);
    }
}

/// Whether this is the answer about something unknown.
fn says_nothing(line: &Value) -> bool {
    let mut says = ["config", "status"].iter().filter_map(|member| line.get(member));
    line["class"] == "getlist" && says.any(|says| *says == empty() || says.is_null())
}

fn empty() -> Value {
    Value::Object(serde_json::Map::new())
}
