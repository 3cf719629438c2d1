//! Everything that comes with a fresh folder can be made again in the console by keyboard alone: the presences in a new
//! group, the profiles beside the old ones. What `export` says then differs only in what must differ.

use serde_json::{Value, json};

use crate::support::Appliance;
use crate::support::terminal::{BACK_TAB, CLEAR, DOWN, END, ENTER, ESC, HOME, RIGHT, SAVE, SPACE, TAB, Terminal};

/// In the order in which the console offers them.
const XLETS: [&str; 17] = [
    "agentdetails",
    "agents",
    "agentstatusdashboard",
    "conference",
    "customerinfo",
    "datetime",
    "directory",
    "fax",
    "features",
    "history",
    "identity",
    "people",
    "queueentrydetails",
    "queuemembers",
    "queues",
    "switchboard",
    "tabber",
];
const SERVICES: [&str; 8] =
    ["enablevm", "callrecord", "incallrec", "incallfilter", "enablednd", "fwdunc", "fwdbusy", "fwdrna"];
/// As a form lists them: `DND on`, `DND off`, pause, unpause, log off.
const ACTIONS: [(&str, &str); 5] = [
    ("enablednd", "true"),
    ("enablednd", "false"),
    ("queuepause_all", ""),
    ("queueunpause_all", ""),
    ("agentlogoff", ""),
];

#[test]
fn the_default_presences_and_profiles_are_rebuilt_by_keyboard_alone() {
    let appliance = Appliance::new().on_any_port();
    let before = appliance.document();
    let mut terminal = Terminal::console(&appliance, "xterm-256color", &["--screen", "presences"]);
    terminal.await_words("Default presences").press("a").await_words("new presence group");
    terminal.press(&format!("rebuilt{TAB}By hand{SAVE}")).await_told("presence group \"rebuilt\" was added");
    terminal.press(END).press(ENTER).await_words("› rebuilt").await_words("berightback");
    empty_the_group(&mut terminal);
    let presences = before["presence_groups"][0]["presences"].as_array().unwrap();
    for presence in presences {
        rebuild_presence(&mut terminal, presence);
    }
    // The two that never go stood first: the second one goes to the end, where it is in the default data.
    terminal.press(HOME).press(DOWN).press(&"J".repeat(presences.len() - 2));
    terminal.await_told("presence \"disconnected\" was moved down");
    terminal.press("3").await_words("Switchboard");
    for profile in before["profiles"].as_array().unwrap() {
        rebuild_profile(&mut terminal, profile);
    }
    terminal.press("q").await_end();

    let mut after = appliance.document();
    let group =
        without(after["presence_groups"].as_array_mut().unwrap().remove(1), &["name", "description", "deletable"]);
    let old = without(before["presence_groups"][0].clone(), &["name", "description", "deletable"]);
    assert_eq!(group, old);
    for old in before["profiles"].as_array().unwrap() {
        let new = after["profiles"].as_array_mut().unwrap().remove(before["profiles"].as_array().unwrap().len());
        assert_eq!((&new["name"], &new["presence_group"]), (&json!(name_of_new(old)), &json!("rebuilt")));
        let names = ["name", "presence_group"];
        assert_eq!(without(new, &names), without(old.clone(), &names));
    }
    assert_eq!(without(after, &["next_ids"]), without(before, &["next_ids"]), "nothing else was touched");
    appliance.run(&["check"]);
}

/// Takes out all that may go, so that nothing is left of the seed but two names.
fn empty_the_group(terminal: &mut Terminal) {
    terminal.press(DOWN);
    for name in ["away", "outtolunch", "donotdisturb", "berightback"] {
        terminal.press("d").await_told(&format!("Remove presence {name}?"));
        terminal.press("y").await_told(&format!("presence \"{name}\" was removed"));
    }
    for at in [0, 1] {
        terminal.press(HOME).press(&DOWN.repeat(at)).press(ENTER).await_words("Display name");
        terminal.press(&format!("{CLEAR}Not yet{TAB}{CLEAR}#123456{BACK_TAB}{BACK_TAB}"));
        unmark_all_actions(terminal);
        terminal.press(SAVE).await_told("was changed");
    }
}

/// Those of the seed: do-not-disturb off in the one, log off in the other.
fn unmark_all_actions(terminal: &mut Terminal) {
    terminal.await_words("›  Actions");
    let marked = if terminal.screen().contains("log the agent off") { 4 } else { 1 };
    terminal.press(&format!("{ENTER}{HOME}{}{SPACE}{ENTER}", DOWN.repeat(marked)));
    terminal.await_words("›  Actions              none");
}

fn rebuild_presence(terminal: &mut Terminal, presence: &Value) {
    let text = |field: &str| presence[field].as_str().unwrap().to_owned();
    let (name, is_new) = (text("name"), presence["deletable"] == true);
    if is_new {
        terminal.press("a").await_words("new presence").press(&name).press(TAB);
    } else {
        let at = if name == "available" { 0 } else { 1 };
        terminal.press(HOME).press(&DOWN.repeat(at)).press(ENTER).await_words(&format!("edit {name}"));
    }
    terminal.press(&format!("{CLEAR}{}{TAB}{CLEAR}{}{TAB}{TAB}{TAB}", text("display"), text("color")));
    for action in presence["actions"].as_array().unwrap() {
        let pair = (action[0].as_str().unwrap(), action[1].as_str().unwrap());
        let at = ACTIONS.iter().position(|known| *known == pair).unwrap();
        terminal.press(&format!("{ENTER}{HOME}{}{SPACE}{ENTER}", DOWN.repeat(at)));
    }
    let done = if is_new { "was added" } else { "was changed" };
    terminal.press(SAVE).await_told(&format!("presence \"{name}\" {done}"));
}

fn name_of_new(profile: &Value) -> String {
    format!("{} again", profile["name"].as_str().unwrap())
}

fn rebuild_profile(terminal: &mut Terminal, profile: &Value) {
    let name = name_of_new(profile);
    terminal.press("a").await_words("new profile");
    // The second group is the new one.
    let listens = if profile["may_listen"] == true { format!("{TAB}{TAB}{SPACE}") } else { String::new() };
    terminal.press(&format!("{name}{TAB}{RIGHT}{listens}{SAVE}")).await_told(&format!("profile \"{name}\" was added"));
    terminal.press(TAB).await_words("none yet");
    let mut left: Vec<&str> = XLETS.to_vec();
    for xlet in profile["xlets"].as_array().unwrap() {
        let (word, position) = (xlet[0].as_str().unwrap(), xlet[1].as_str().unwrap());
        let number = xlet[2].as_i64().map_or(String::new(), |number| number.to_string());
        let at = left.iter().position(|known| *known == word).unwrap();
        left.remove(at);
        terminal.press("a").await_words("› new xlet");
        terminal.press(&format!("{ENTER}{HOME}{}{ENTER}{TAB}{}", DOWN.repeat(at), &position[..1]));
        terminal.press(&format!("{TAB}{CLEAR}{number}{SAVE}")).await_gone("› new xlet");
    }
    terminal.press(BACK_TAB).await_words("Presence group");
    let services = profile["services"].as_array().unwrap();
    for service in services {
        let at = SERVICES.iter().position(|known| service == known).unwrap();
        // Below name, groups and the right to listen.
        terminal.press(&format!("{HOME}{}{SPACE}", DOWN.repeat(4 + at)));
    }
    if !services.is_empty() {
        terminal.press(SAVE).await_told(&format!("profile \"{name}\" was changed"));
    }
    terminal.press(ESC).await_gone(&format!("› {name}"));
}

/// A document without these members, and without any id.
fn without(mut value: Value, members: &[&str]) -> Value {
    let object = value.as_object_mut().unwrap();
    for member in members {
        object.remove(*member);
    }
    without_ids(&mut value);
    value
}

fn without_ids(value: &mut Value) {
    match value {
        Value::Object(object) => {
            object.remove("id");
            object.values_mut().for_each(without_ids);
        }
        Value::Array(array) => array.iter_mut().for_each(without_ids),
        _ => {}
    }
}
