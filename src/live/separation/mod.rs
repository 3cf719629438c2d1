//! The separation test: in random worlds of several contexts, with moves and toggles in mid-traffic, no connection ever
//! receives a byte about an object outside of its contexts. Requests go in as lines, as clients write them; what comes
//! out is encoded, parsed and judged by a rule of the test's own.

mod operations;
mod oracle;
mod people;
mod queues;
mod rule;

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use super::messages::{AfterCommit, AnswerPermit, Moment, SessionId, StoreCall};
use super::simulation::strict::StrictClient;
use super::simulation::{Random, Telephones};
use super::state::{Effects, Immediate, Input, PreparedSettings};
use super::tests::Kept;
use crate::engine::TimedLive;
use crate::protocol::parse::parse;
use crate::settings::fixtures::whole;
use crate::settings::id::UserId;
use crate::settings::setting::General;
use crate::settings::state::States;
use crate::settings::whole::WholeConfiguration;

use oracle::Hearing;
use rule::{Rule, Thing};

const LISTS: [&str; 7] = ["users", "phones", "agents", "queues", "voicemails", "meetmes", "queuemembers"];
const ACTS: u32 = 200;

/// Lines heard by class, and requests about what the asker may not see.
type Counts = BTreeMap<String, u64>;

struct Separated {
    random: Random,
    live: TimedLive,
    rule: Arc<Rule>,
    general: Arc<General>,
    now: Moment,
    clients: BTreeMap<SessionId, UserId>,
    strict: BTreeMap<SessionId, StrictClient>,
    disk: VecDeque<Vec<AfterCommit>>,
    kept: Kept,
    telephones: Telephones,
    counts: Counts,
    /// In the input that is looked at.
    is_somebody_sent_away: bool,
    last_session: u64,
    last_user: i64,
}

/// Settings §9: 33.
#[test]
fn no_connection_hears_of_anything_outside_of_its_contexts() {
    let worlds = if std::env::var_os("CTIBOX_TEST_FULL").is_some() { 1000 } else { 100 };
    let mut counts = Counts::new();
    for seed in 0..worlds {
        let mut state = Separated::new(seed);
        for _ in 0..ACTS {
            state.act();
        }
        for (class, count) in state.counts {
            *counts.entry(class).or_default() += count;
        }
    }
    let table: String = counts.iter().map(|(class, count)| format!("{count:>10} {class}\n")).collect();
    println!("{worlds} worlds of {ACTS} acts; lines to connections, and temptations, by class:\n{table}");
    let missing: Vec<String> = expected().into_iter().filter(|class| !counts.contains_key(class)).collect();
    assert!(missing.is_empty(), "never heard: {missing:?}\n{table}");
}

/// Every class that tells of an object, and every request that tries to learn of one that is out of sight.
fn expected() -> Vec<String> {
    let mut classes = Vec::new();
    for list in LISTS {
        classes.extend(["listid", "updateconfig", "updatestatus"].map(|function| format!("asked {function} {list}")));
        let denied = ["updateconfig", "updatestatus"];
        classes.extend(denied.map(|function| format!("asked {function} {list} of nothing")));
        classes.extend(["addconfig", "delconfig", "updateconfig"].map(|function| format!("pushed {function} {list}")));
        classes.extend(denied.map(|function| format!("tempted by {function} {list}")));
    }
    let others = [
        "pushed updatestatus users",
        "pushed updatestatus phones",
        "pushed updatestatus voicemails",
        "pushed updatestatus agents",
        "asked user_status_update",
        "pushed user_status_update",
        "asked endpoint_status_update",
        "pushed endpoint_status_update",
        "asked agent_status_update",
        "pushed agent_status_update",
        "chitchat",
        "relations",
        "getqueuesstats",
        "subscribed getqueuesstats",
        "queueentryupdate",
        "pushed getqueuesstats",
        "pushed queueentryupdate",
        "meetme_update",
        "ipbxcommand",
        "people_search_result",
        "directory",
        "directory_search_result",
        "people_search_result of the phone book",
        "people_favorites_result of the phone book",
        "directory of the phone book",
        "directory_search_result of the phone book",
        "people_favorite_update",
        "login_capas",
        "featuresput",
        "disconnect",
        "tempted by chitchat",
        "tempted by featuresput",
        "tempted by register_user_status_update",
        "tempted by register_endpoint_status_update",
        "tempted by register_agent_status_update",
        "tempted by getqueuesstats",
        "tempted by people_set_favorite",
        "tempted by subscribe",
        "tempted by ipbxcommand",
    ];
    classes.extend(others.map(str::to_owned));
    classes
}

impl Separated {
    fn new(seed: u64) -> Self {
        let mut random = Random::new(seed);
        let (known, general) =
            (Arc::new(whole(people::state(&mut random))), Arc::new(operations::settings(&mut random)));
        let now = Moment { steady: Duration::ZERO, unix: 1_471_009_851.0 };
        let settings = PreparedSettings::new(Arc::clone(&known), Arc::clone(&general));
        let mut live = TimedLive::new(settings, States::default(), now);
        // Some publish at once what has changed, others in slices of next to nothing.
        if seed % 2 == 1 {
            live.state.set_slice_steps(usize::try_from(seed % 30).expect("few") + 1);
        }
        Self {
            random,
            live,
            rule: Arc::new(Rule { known, is_separated: general.context_separation }),
            general,
            now,
            clients: BTreeMap::new(),
            strict: BTreeMap::new(),
            disk: VecDeque::new(),
            kept: Kept::default(),
            telephones: Telephones::default(),
            counts: Counts::new(),
            is_somebody_sent_away: false,
            last_session: 0,
            last_user: 12,
        }
    }

    /// Brings an input in; clients ask for some of what is new to them, until nobody asks any more.
    fn apply(&mut self, input: Input) {
        let before = Arc::clone(&self.rule);
        self.apply_after(&before, input);
    }

    /// Brings other settings in.
    fn change(&mut self, configuration: Arc<WholeConfiguration>, general: Arc<General>) {
        let before = Arc::clone(&self.rule);
        let input = self.live.changed_to(Arc::clone(&configuration), Arc::clone(&general));
        self.rule = Arc::new(Rule { known: configuration, is_separated: general.context_separation });
        self.general = general;
        self.apply_after(&before, input);
    }

    fn apply_after(&mut self, before: &Rule, input: Input) {
        self.is_somebody_sent_away = false;
        let effects = self.live.apply(self.now, input);
        self.react(before, effects);
    }

    /// What is due by now.
    fn ring(&mut self) {
        let before = Arc::clone(&self.rule);
        let effects = self.live.pass(self.now);
        self.react(&before, effects);
    }

    fn react(&mut self, before: &Rule, effects: Effects) {
        let mut questions = self.deliver(effects, before);
        while self.live.is_publishing() {
            let effects = self.live.apply(self.now, Input::Continue);
            questions.extend(self.deliver(effects, before));
        }
        for (session, question) in questions {
            self.ask(session, &question);
        }
    }

    /// Asks as a client does, in bytes.
    fn ask(&mut self, session: SessionId, question: &Value) {
        let line = parse(question.to_string().as_bytes()).expect("a good line");
        let agent = question["agentids"].as_str().and_then(|agent| agent.strip_prefix("xivo/"));
        let hidden = agent.and_then(|agent| Thing::of("agents", agent)).zip(self.clients.get(&session));
        let is_hidden = hidden.is_some_and(|(agent, viewer)| !self.rule.sees(*viewer, &agent));
        if let Some(strict) = self.strict.get_mut(&session) {
            strict.asks(self.now, &line.request);
        }
        let effects = self.live.apply(self.now, Input::Asked { session, line, permit: AnswerPermit::default() });
        if is_hidden {
            let answer = format!("{:?}", effects.immediate);
            assert!(answer.contains("agent_login_invalid_exten"), "an agent out of sight is known: {answer}");
        }
        let before = Arc::clone(&self.rule);
        for (session, question) in self.deliver(effects, &before) {
            self.ask(session, &question);
        }
    }

    fn deliver(&mut self, effects: Effects, before: &Rule) -> Vec<(SessionId, Value)> {
        let mut questions = Vec::new();
        for effect in effects.immediate {
            match effect {
                Immediate::Send(tell) => {
                    let bytes = tell.notice.line(self.now.unix);
                    let line: Value = serde_json::from_slice(&bytes).expect("a line is JSON");
                    let class = oracle::class(&line, tell.is_answer);
                    let of_entries = oracle::class_of_entries(&line);
                    for session in tell.to.sessions() {
                        let viewer = *self.clients.get(session).expect("only the connected are told");
                        if let Some(strict) = self.strict.get_mut(session) {
                            strict.hears(self.now, &tell.notice);
                        }
                        let is_somebody_sent_away = self.is_somebody_sent_away;
                        Hearing { line: &line, viewer, before, after: &self.rule, is_somebody_sent_away }.judge();
                        for class in [&class].into_iter().chain(&of_entries) {
                            *self.counts.entry(class.clone()).or_default() += 1;
                        }
                        questions.extend(self.curious(&line).into_iter().map(|question| (*session, question)));
                    }
                }
                Immediate::Close { session } => {
                    self.is_somebody_sent_away = true;
                    self.clients.remove(&session);
                }
                Immediate::LineDone(_)
                | Immediate::SettingsTaken { .. }
                | Immediate::CallerNamed { .. }
                | Immediate::Log(_) => {}
            }
        }
        for StoreCall { question, permit: _ } in effects.store_calls {
            let reply = self.kept.act(question);
            let effects = self.live.apply(self.now, Input::StoreReplied(reply));
            questions.extend(self.deliver(effects, before));
        }
        if !effects.writes.is_empty() {
            self.disk.push_back(effects.after_commit);
        }
        self.telephones.ask(effects.telephony_calls);
        questions
    }

    /// What a client asks when ids are new to it: one of them, and now and then.
    fn curious(&mut self, line: &Value) -> Vec<Value> {
        let is_new = line["function"] == "listid" || line["function"] == "addconfig";
        let ids = line["list"].as_array().filter(|_| is_new && self.random.below(3) == 0);
        let id = ids.and_then(|ids| self.random.pick(ids)).and_then(Value::as_str);
        let list = line["listname"].as_str().unwrap_or_default();
        let ask = |id| ["updateconfig", "updatestatus"].map(|function| operations::getlist(function, list, id)).into();
        id.map_or_else(Vec::new, ask)
    }

    /// Counts a request about something that is there and that its user may not see.
    fn note_temptation(&mut self, session: SessionId, question: &Value, thing: Option<Thing>) {
        let (Some(viewer), Some(thing)) = (self.clients.get(&session), thing) else { return };
        if self.rule.exists(&thing) && !self.rule.sees(*viewer, &thing) {
            let text = |member: &str| question[member].as_str().unwrap_or_default();
            let what = match text("class") {
                "getlist" => format!("{} {}", text("function"), text("listname")),
                class => class.to_owned(),
            };
            *self.counts.entry(format!("tempted by {what}")).or_default() += 1;
        }
    }
}
