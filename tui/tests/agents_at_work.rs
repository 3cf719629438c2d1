//! Agents and queues as they stand, on a server that was made up: the lists, and logging off, pausing and unpausing on one
//! that is only a socket.

use super::overview::{running, sessions};
use super::sessions::serve_responses;
use super::{TestConsole, assert_frames};
use crate::control::{
    self, AgentAction, AgentNow, AgentOutcome, AgentQueue, AgentRefusal, AgentState, CallerNow, QueueNow,
};
use crate::settings::fixtures;
use crate::tui::Rights;
use crate::tui::at_work::AtWork;
use crate::tui::event::Event;
use crate::tui::keys::Key;
use crate::tui::server::Server;
use crate::tui::tab::Tab;
use crate::tui::tests::COLOR;

/// The moment that the consoles of these tests know, in seconds.
const NOW: i64 = 1_795_485_600;
const YES: Key = Key::char('y');

fn ago(seconds: i64) -> f64 {
    (NOW - seconds) as f64
}

fn agent(number: &str, state: AgentState, paused: Option<&str>) -> AgentNow {
    let is_in = state != AgentState::LoggedOut;
    AgentNow {
        agent: number.to_owned(),
        name: format!("Agent {number}"),
        state,
        since: Some(ago(725)),
        extension: is_in.then(|| "2001@sales".to_owned()),
        device: is_in.then(|| "PJSIP/2001".to_owned()),
        logged_in_since: is_in.then_some(NOW - 3_000),
        queues: vec![AgentQueue {
            queue: "support".to_owned(),
            paused: paused.map(str::to_owned),
            paused_since: paused.map(|_| ago(725)),
        }],
        is_phone_gone: false,
    }
}

/// 8001 is on a call, 8002 at lunch; two callers wait.
pub(super) fn at_work() -> AtWork {
    let caller = |name: &str, number: &str, seconds| CallerNow {
        name: name.to_owned(),
        number: number.to_owned(),
        since: ago(seconds),
    };
    AtWork {
        is_linked: true,
        agents: vec![agent("8001", AgentState::OnQueueCall, None), agent("8002", AgentState::Paused, Some("lunch"))],
        queues: vec![QueueNow {
            queue: "support".to_owned(),
            display: "Support".to_owned(),
            members: 2,
            logged_in: 2,
            paused: 1,
            on_call: 1,
            available: 0,
            talking: 1,
            waiting: 2,
            longest_wait_since: Some(ago(65)),
            callers: vec![caller("Zoe Roe", "5145550001", 65), caller("", "", 5)],
        }],
    }
}

fn hear(console: &mut TestConsole, at_work: AtWork) {
    console.inner.handle(Event::Server(running(sessions(), 460)));
    console.inner.handle(Event::AtWork(Some(at_work)));
}

fn agents() -> TestConsole {
    let mut console = TestConsole::at(Tab::Queues);
    hear(&mut console, at_work());
    console.press(&[Key::TAB]);
    console
}

/// What the server is asked for by these keys, and what the console says of its answer.
fn asked(console: &mut TestConsole, keys: &[Key], outcome: AgentOutcome, says: &str) -> control::Request {
    let server = serve_responses(console, vec![control::Response::AgentChanged { outcome }]);
    console.press(keys).reads(says);
    let asked = server.join().expect("asks").remove(0);
    std::fs::remove_file(control::socket_path(console.folder())).expect("the socket goes");
    asked
}

fn wanted(agent: &str, action: AgentAction) -> control::Request {
    control::Request::ChangeAgent { agent: agent.to_owned(), action, by: "root".to_owned() }
}

#[test]
fn agents_at_work_look_so() {
    assert_frames("agents-at-work", Tab::Queues, &fixtures::small_company(), |console| {
        hear(console, at_work());
        console.press(&[Key::TAB, Key::DOWN]);
    });
}

#[test]
fn queues_at_work_look_so() {
    assert_frames("queues-at-work", Tab::Queues, &fixtures::small_company(), |console| hear(console, at_work()));
}

#[test]
fn the_members_of_a_queue_at_work_look_so() {
    assert_frames("queue-members-at-work", Tab::Queues, &fixtures::small_company(), |console| {
        hear(console, at_work());
        console.press(&[Key::ENTER, Key::DOWN]);
    });
}

#[test]
fn logging_an_agent_off_is_asked_first() {
    assert_frames("agent-log-off", Tab::Queues, &fixtures::small_company(), |console| {
        hear(console, at_work());
        console.press(&[Key::TAB, Key::char('o')]);
    });
}

#[test]
fn a_pause_is_asked_for_its_reason() {
    assert_frames("agent-pause", Tab::Queues, &fixtures::small_company(), |console| {
        hear(console, at_work());
        console.press(&[Key::TAB, Key::char('p')]).write("training");
    });
}

#[test]
fn an_agent_is_logged_off_paused_and_unpaused_in_all_queues() {
    let mut console = agents();
    let request = asked(&mut console, &[Key::char('o'), YES], AgentOutcome::Done, "agent 8001 is logged off");
    assert_eq!(request, wanted("8001", AgentAction::LogOff));
    console.press(&[Key::char('p')]).write("lunch");
    let request = asked(&mut console, &[Key::ENTER], AgentOutcome::Done, "agent 8001 is paused in all queues");
    assert_eq!(request, wanted("8001", AgentAction::Pause { queue: None, reason: "lunch".to_owned() }));
    console.press(&[Key::char('P')]).says("the agent is not paused");
    console.press(&[Key::DOWN, Key::char('P')]).reads("paused in support since").reads("(12 min): lunch");
    let request = asked(&mut console, &[YES], AgentOutcome::Asked, "Asterisk has not answered yet");
    assert_eq!(request, wanted("8002", AgentAction::Unpause { queue: None }));
}

#[test]
fn on_the_page_of_a_queue_a_pause_is_of_that_queue() {
    let mut console = TestConsole::at(Tab::Queues);
    hear(&mut console, at_work());
    console.press(&[Key::ENTER]).says("1.   Zoe Roe 5145550001").says("unknown").says("2 waiting");
    console.press(&[Key::DOWN, Key::char('P')]).reads("The pause in support ends at once");
    let refused = AgentOutcome::Refused(AgentRefusal::ByAsterisk("No way".to_owned()));
    let request = asked(&mut console, &[YES], refused, "not unpaused: Asterisk refuses: No way; T, then t shows");
    assert_eq!(request, wanted("8002", AgentAction::Unpause { queue: Some("support".to_owned()) }));
}

#[test]
fn what_changes_while_it_is_asked_is_told() {
    let mut console = agents();
    console.press(&[Key::char('o')]).reads("is on a queue's call");
    let mut later = at_work();
    later.agents[0] = agent("8001", AgentState::LoggedOut, None);
    hear(&mut console, later);
    console.reads("has logged off meanwhile").press(&[Key::char('n'), Key::char('o')]).says("is not logged in");
}

#[test]
fn where_nothing_is_known_it_says_why_and_what_to_do() {
    let mut console = TestConsole::at(Tab::Queues);
    console.press(&[Key::TAB]).says("off: no ami.secret is set").reads("T shows Telephony: set Manager secret there");
    console.inner.handle(Event::Server(Server::NotRunning));
    console.press(&[Key::char('o')]).says("the server is not running");
    hear(&mut console, AtWork { is_linked: false, ..at_work() });
    console.press(&[Key::char('p')]).says("there is no link to Asterisk: T shows why");
    console.inner.handle(Event::Server(Server::NotRunning));
    console.does_not_say("queue's call");
    let mut console = TestConsole::with(Tab::Queues, fixtures::small_company(), Rights::ReadOnly, COLOR, (80, 24));
    hear(&mut console, at_work());
    console.press(&[Key::TAB, Key::char('o')]).says("this console is read-only");
}

#[test]
fn the_overview_warns_of_callers_whom_nobody_could_serve() {
    let mut console = TestConsole::at(Tab::Overview);
    let mut nobody = at_work();
    nobody.agents = vec![agent("8001", AgentState::LoggedOut, None)];
    nobody.queues[0].logged_in = 0;
    hear(&mut console, nobody);
    console.says("nobody is logged in, 1 logged out").says("! support 2 (1 min); nobody is logged in there");
}

#[test]
fn from_120_columns_agents_and_queues_at_work_tell_their_context_unless_it_is_everyones() {
    let mut console = agents();
    console.resize((120, 40));
    // Both tables have a column that begins so, right below the title.
    let has_context = |console: &mut TestConsole| {
        let screen = console.screen();
        let heads = screen.lines().skip_while(|line| !line.starts_with("── ")).nth(1).unwrap_or_default();
        heads.split('│').next().is_some_and(|heads| heads.contains("context"))
    };
    assert!(!has_context(&mut console), "all are in one: {}", console.screen());
    let changed = console.elsewhere(|c| {
        let default = c.contexts.iter().next().expect("there is one").id;
        let sales = c.contexts.iter().last().expect("there is another").id;
        let agent = c.agents.iter().last().expect("there is one").id;
        c.agents.edit(agent, |agent| agent.context = default);
        let queue = c.queues.iter().next().expect("there is one").clone();
        let name = crate::settings::name::QueueName::parse("second").expect("a name");
        c.queues.add(|id| crate::settings::queue::Queue { id, name, context: sales, ..(*queue).clone() });
    });
    console.inner.handle(Event::Configuration(changed));
    assert!(has_context(&mut console), "{}", console.screen());
    console.press(&[Key::TAB]);
    assert!(has_context(&mut console), "{}", console.screen());
    console.resize((119, 40));
    assert!(!has_context(&mut console), "{}", console.screen());
}

#[test]
fn what_was_decided_of_agents_and_queues_is_found_while_nobody_tells_how_they_stand() {
    let mut console = TestConsole::at(Tab::Queues);
    console.press(&[Key::TAB, Key::char('/')]).write("queue:support").says("8001").says("8002").says("2/2");
    console.press(&[Key::ESC, Key::char('/')]).write("user:bob").says("8001").does_not_say("8002 ");
    console.press(&[Key::ESC, Key::TAB, Key::char('/')]).write("8002").says("1/1").press(&[Key::ESC]);
    console.press(&[Key::char('/')]).write("member:nobody").says("nothing found");
}
