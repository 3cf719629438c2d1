//! Telephony by keyboard, beside a made-up Asterisk: who is paused is unpaused, an agent is logged off, the link is set up and
//! tested, dial rules are added and moved.

use crate::agents_at_work::{agent, office_at_work, say_member};
use crate::support::ami_peer::{AmiPeer, SECRET};
use crate::support::terminal::{ENTER, ESC, SAVE, TAB, Terminal};
use crate::support::{Appliance, await_so};

#[test]
fn whoever_is_paused_is_found_and_unpaused() {
    let (appliance, peer) = office_at_work();
    let _server = appliance.serve();
    let mut terminal = Terminal::console(&appliance, "xterm-256color", &["--screen", "queues"]);
    terminal.await_words("1 min").press(ENTER).await_words("1.   Zoe Roe 5145550001").press(ESC).await_words("talking");
    terminal.press(TAB).await_words("lunch 12 min").press("P").await_told("is paused in support since");
    terminal.press("y").await_words("agent 2105 is not paused in all queues any more");
    assert_eq!(peer.asked("QueuePause").get("Paused"), "false");
    // The console's own check of Asterisk may be who hears it.
    await_so("the agent is available", || {
        say_member(&appliance, &peer, "QueueMemberPause", "Paused: 0");
        agent(&appliance)["state"] == "available"
    });
    terminal.await_words("available").await_gone("lunch");
}

#[test]
fn an_agent_is_logged_off_by_keyboard() {
    let (appliance, peer) = office_at_work();
    let server = appliance.serve();
    let mut terminal = Terminal::console(&appliance, "xterm-256color", &["--screen", "queues"]);
    terminal.await_words("1 min").press(TAB).await_words("lunch").press("o").await_words("Log off agent 2105?");
    terminal.press("y").await_words("agent 2105 is logged off").await_words("logged out");
    assert_eq!(peer.asked("QueueRemove").get("Queue"), "support");
    server.await_log(&["INFO", "agent logged off by an administrator"]);
    terminal.press("o").await_words("the agent is not logged in");
}

#[test]
fn the_secret_is_set_and_the_connection_tested() {
    let peer = AmiPeer::start();
    let appliance = Appliance::company();
    appliance.set("ami.port", &peer.port.to_string());
    let _server = appliance.serve();
    let mut terminal = Terminal::console(&appliance, "xterm-256color", &["--screen", "telephony"]);
    terminal.await_words("off: no ami.secret is set").choose("ami.secret").press(ENTER).await_words("Ctrl-S save");
    terminal.press("a wrong one").press(SAVE).await_words("ami.secret was set").await_words("refuses the login");
    terminal.press("t").await_words("could not be asked").await_told("see that manager.conf has [ctibox]");
    terminal.press(ENTER).await_words("The secret for that").await_words("What to do");
    terminal.choose("ami.secret").press(ENTER).await_words("Ctrl-S save").press(SECRET).press(SAVE);
    terminal.await_words("ami.secret was set").await_words("up, Asterisk 22.10.1");
    terminal.press("t").await_words("Asterisk 22.10.1 at 127.0.0.1:").await_words("finding");
    assert!(!terminal.screen().contains(SECRET));
}

#[test]
fn a_dial_rule_is_added_and_moved() {
    let appliance = Appliance::company();
    let mut terminal = Terminal::console(&appliance, "xterm-256color", &["--screen", "telephony"]);
    terminal.await_words("ami.secret").press(TAB).await_words("There is no dial rule yet");
    for (prefix, strip, add) in [("+", "1", "000"), ("+33", "3", "00")] {
        terminal.press("a").await_words("new dial rule").press(prefix).press(TAB).press(strip).press(TAB).press(add);
        terminal.press(SAVE).await_words(&format!("dial rule \"{prefix}\" was added"));
    }
    terminal.press("t").await_words("Enter done").press("+33 1 23").await_words("00033123, by the rule at place 1");
    terminal.press(ENTER).await_words("t try").press("K").await_words("was moved up");
    terminal.await_words("00123, by the rule at place 1");
    let rules = appliance.run(&["--json", "dial-rule", "list"]).json();
    assert_eq!((&rules[0]["prefix"], &rules[1]["prefix"]), (&"+33".into(), &"+".into()));
    await_so("the command says the same", || {
        appliance.run(&["--json", "dial-rule", "try", "+33123"]).json()["dialed"] == "00123"
    });
}
