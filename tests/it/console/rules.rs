//! Every rule of settings §4 that an administrator can meet is broken through the keyboard, and its message is read: one
//! journey a family. Where the console leaves no way to break one, that is what is tried. P18 and F13 are the server's.

use crate::support::Appliance;
use crate::support::terminal::{BACK_TAB, CLEAR, DOWN, END, ENTER, ESC, HOME, RIGHT, SAVE, SPACE, TAB, Terminal};

fn at(appliance: &Appliance, place: &str, words: &str) -> Terminal {
    let mut terminal = Terminal::console(appliance, "xterm-256color", &["--screen", place]);
    terminal.await_words(words);
    terminal
}

/// The form refuses what it holds, in words and not in the code of the rule: it is left and what was typed discarded.
fn refused(terminal: &mut Terminal, rule: &str, words: &str) {
    terminal.await_words("✗").await_told(words);
    assert!(!terminal.screen().contains("(rule"), "rule {rule} by its code:\n{}", terminal.screen());
    terminal.press(SAVE).await_told("not saved:");
    discard(terminal);
}

fn discard(terminal: &mut Terminal) {
    terminal.press(ESC).await_words("discard").press("d").await_gone("discard");
}

#[test]
fn rules_of_presences_are_read_by_whoever_breaks_them() {
    let appliance = Appliance::company();
    let server = appliance.serve();
    let client = server.logged_in("agnes");
    appliance.run(&["presence", "group", "add", "night"]);
    appliance.run(&["profile", "edit", "Agent", "--presences", "night"]);
    let before = appliance.document();
    let mut terminal = at(&appliance, "presences", "Default presences");
    terminal.press("d").await_told("cannot be removed");
    terminal.press(DOWN).press("d").await_told("is used by 1 profile: \"Agent\"");
    terminal.press("a").await_words("new presence group").press("XIVO");
    refused(&mut terminal, "P1", "has the same name");
    terminal.press("a").await_words("new presence group").press("a,b");
    refused(&mut terminal, "P2", "1 to 64 letters, digits");

    terminal.press(HOME).press(ENTER).await_words("berightback").press("d").await_told("must exist in every group");
    terminal.press("a").await_words("new presence").press("at lunch");
    refused(&mut terminal, "P3", "1 to 64 letters, digits");
    terminal.press("a").await_words("new presence").press(&format!("away{TAB}Away"));
    refused(&mut terminal, "P4", "has the same name");
    terminal.press(DOWN).press("e").await_words("edit away").press(TAB).press(CLEAR);
    refused(&mut terminal, "P5", "display name");
    terminal.press("e").await_words("edit away").press(TAB).press(TAB).press(CLEAR).press("#12");
    refused(&mut terminal, "P6", "#RRGGBB");
    // Neither another group's presence (P7) nor itself (P8) is offered.
    terminal
        .press("e")
        .await_words("edit away")
        .press(&format!("{TAB}{TAB}{TAB}{ENTER}"))
        .await_words("[ ] disconnected");
    assert_eq!(terminal.screen().matches("] ").count(), 5, "the five others:\n{}", terminal.screen());
    terminal.press(ESC).await_gone("[ ] disconnected").press(ESC).await_gone("edit away");
    terminal.press(HOME).press("e").await_words("(every group has it)").press(ESC).await_gone("every group has it");

    terminal.press(DOWN).press("e").await_words("edit away").press(BACK_TAB).await_words("›  Actions");
    // Pause beside unpause; the parameter of do-not-disturb cannot be typed.
    terminal.press(&format!("{ENTER}{HOME}{DOWN}{DOWN}{SPACE}{SPACE}{ENTER}"));
    refused(&mut terminal, "P15", "has both actions");
    terminal.press("m").await_words("allowed changes").press(&format!("{}{SPACE}", RIGHT.repeat(5)));
    terminal.await_told("can reach \"disconnected\"").press("-").await_words("is a dead end");
    terminal.press("y").await_told("was made unreachable");
    terminal.press("m").await_gone("allowed changes");

    terminal.press("d").await_told("No connected user has it").press("n").await_gone("No connected user");
    let mut gone = client;
    gone.send(&serde_json::json!({"class": "availstate", "availstate": "outtolunch"}));
    terminal.press(DOWN).await_told("outtolunch (Out to lunch)");
    gone.fence();
    terminal.press("0").await_words("presence outtolunch").press("2").press(ENTER).await_words("berightback");
    terminal.choose("outtolunch").press("d");
    terminal.await_told("1 connected user will be moved to Available: agnes.").await_told("It can be reached from");
    terminal.press("y").await_words("was removed").press(HOME);
    // Nobody reaches it any more (P11).
    terminal.await_gone("outtolunch");
    let group = |document: &serde_json::Value| document["presence_groups"][0]["presences"].as_array().unwrap().len();
    assert_eq!(group(&appliance.document()) + 1, group(&before));
}

#[test]
fn rules_of_phone_hints_are_read_by_whoever_breaks_them() {
    let appliance = Appliance::company();
    appliance.run(&["hint", "add", "night"]);
    appliance.run(&["profile", "edit", "Agent", "--hints", "night"]);
    let before = appliance.document();
    let mut terminal = at(&appliance, "hints", "night");
    terminal.press("d").await_told("cannot be removed");
    terminal.press(DOWN).press("d").await_told("is used by 1 profile: \"Agent\"");
    terminal.press("a").await_words("new phone hint group").press("Xivo");
    refused(&mut terminal, "H1", "has the same name");
    terminal.press(HOME).press(ENTER).await_words("Ringing").press("e").await_words("Telephone state").press(CLEAR);
    refused(&mut terminal, "H6", "1 to 64");
    terminal.press("e").await_words("Telephone state").press(TAB).press(CLEAR).press("gren");
    refused(&mut terminal, "P6", "#RRGGBB");
    assert_eq!(appliance.document(), before);
}

#[test]
fn rules_of_profiles_are_read_by_whoever_breaks_them() {
    let appliance = Appliance::company();
    let before = appliance.document();
    let mut terminal = at(&appliance, "profiles", "Switchboard");
    terminal.press("a").await_words("new profile").press("ab");
    refused(&mut terminal, "F1", "3 to 128");
    terminal.press("a").await_words("new profile").press("Client");
    refused(&mut terminal, "F1", "has the same name");
    // Only groups that exist are offered (F2).
    terminal.press("a").await_words("new profile").press(&format!("Any{TAB}nowhere")).await_words("nowhere, 0 of 1");
    terminal.press(ESC).await_gone("0 of 1").press(ESC).await_words("Tab next field");
    discard(&mut terminal);
    terminal.choose("Client").press("d").await_told("is the profile of 1 user and cannot be removed");

    terminal
        .press(ENTER)
        .await_words("› Client")
        .press(TAB)
        .await_words("identity")
        .press("a")
        .await_words("› new xlet");
    terminal.press(ENTER).await_words("│ agentdetails");
    assert!(!terminal.screen().contains("│ people"), "what is there is not offered again (F4)");
    terminal.press(ESC).await_gone("│ agentdetails").press(ESC).await_gone("› new xlet");
    terminal.choose("tabber").press("d").await_told("no xlet \"tabber\" in grid").press(SAVE).await_told("not saved:");
    terminal.press("F").await_gone("✗").choose("tabber").press(SPACE).await_told("it must");
    terminal.press("F").await_gone("✗");
    terminal.press(ENTER).await_words("xlet tabber").press(&format!("{TAB}{CLEAR}1000"));
    discard(&mut terminal);
    terminal.choose("features").press(ENTER).await_words("xlet features").press(&format!("{TAB}{CLEAR}6{ENTER}"));
    terminal.await_told("twice").press("F").await_gone("twice");
    terminal.press(&RIGHT.repeat(2)).press(SPACE).await_told("only matters in a dock");
    terminal.press(BACK_TAB).await_words("Presence group").press(BACK_TAB).await_words("loginwindow.url");
    terminal.press(ENTER).await_words("Value").press("ftp://x");
    discard(&mut terminal);
    // Services are granted from a list: there is no way to name another (F12).
    terminal.press(ESC).await_words("discard").press("d").await_gone("› Client");

    terminal.press("a").await_words("new profile").press(&format!("Bare{SAVE}")).await_told("has no xlet");
    terminal.press(TAB).await_words("none yet").press("a").await_words("› new xlet");
    // A warning, with which it is saved.
    terminal.press(&format!("{ENTER}{HOME}{ENTER}{SAVE}")).await_told("has no xlet \"identity\"");
    terminal.press(ESC).await_gone("› Bare").choose("Bare").press("d").await_words("Remove profile").press("y");
    terminal.await_told("was removed").await_gone("Bare   ");
    terminal.press("4").await_words("agnes").press("a").await_words("new user");
    terminal.press(&format!("dora{TAB}Dora{}", TAB.repeat(5))).await_words("›  Profile").press("n");
    terminal.press(&format!("{}{RIGHT}{RIGHT}", TAB.repeat(2))).await_told("profile");
    discard(&mut terminal);
    let after = appliance.document();
    assert_eq!((&after["users"], &after["profiles"][2]), (&before["users"], &before["profiles"][2]));
}

#[test]
fn rules_of_settings_are_read_by_whoever_breaks_them() {
    let appliance = Appliance::company();
    let before = appliance.document();
    let mut terminal = at(&appliance, "settings", "client.port");
    terminal.choose("client.listen").press(ENTER).await_words("›  Addresses").press(CLEAR).press("localhost");
    refused(&mut terminal, "S1", "localhost");
    terminal.choose("client.port").press(ENTER).await_words("›  Port").press(CLEAR).press("70000");
    refused(&mut terminal, "S1", "70000");
    terminal.choose("encryption.certificate").press(ENTER).await_words("Certificate and Private key");
    terminal.press("/nowhere.crt");
    refused(&mut terminal, "G3", "encryption");
    terminal
        .press(ENTER)
        .await_words("Certificate and Private key")
        .press(&format!("/nowhere.crt{TAB}/nowhere.key{SAVE}"));
    terminal.await_told("not saved:").await_told("/nowhere.crt");
    discard(&mut terminal);
    assert_eq!(appliance.document(), before);
    let mut terminal = at(&appliance, "settings", "client.port");
    terminal.choose("encryption.mode").press(ENTER).await_words("›  Encryption").press("off");
    terminal.press(SAVE).await_told("Nothing is encrypted from the next login on").press("y").await_told("was set");
}

#[test]
fn rules_of_users_are_read_by_whoever_breaks_them() {
    let appliance = Appliance::company();
    let before = appliance.document();
    let mut terminal = at(&appliance, "users", "agnes");
    terminal.press("e").await_words("edit agnes").press(CLEAR).press("BERTIL");
    refused(&mut terminal, "U1", "login");
    terminal.press("a").await_words("new user").press("x");
    refused(&mut terminal, "U1", "2 to 64 letters");
    terminal.press("e").await_words("edit agnes").press(TAB).press(CLEAR);
    refused(&mut terminal, "U3", "first name");
    terminal.press("e").await_words("edit agnes").press(&TAB.repeat(3)).press("nobody");
    refused(&mut terminal, "U3", "e-mail address");
    terminal.press("e").await_words("edit agnes").press(&TAB.repeat(4)).press("12x");
    refused(&mut terminal, "U3", "mobile");
    for (first, second, words) in
        [("abc", "abc", "4 to 128 characters"), ("abcdef", "abcdeg", "the two entries do not match")]
    {
        terminal.press("e").await_words("edit agnes").press(&TAB.repeat(8)).await_words("›  Password").press(RIGHT);
        terminal.press(&format!("{TAB}{first}{TAB}{second}"));
        refused(&mut terminal, "U2", words);
    }
    assert_eq!(appliance.document(), before);
}

#[test]
fn rules_of_contexts_and_lines_are_read_by_whoever_breaks_them() {
    let appliance = Appliance::company();
    let before = appliance.document();
    let mut terminal = at(&appliance, "contexts", "default");
    terminal.press("d").await_told("is used by");
    terminal.press("a").await_words("new context").press("default");
    refused(&mut terminal, "C1", "has the same name");
    terminal.press("a").await_words("new context").press("a b");
    refused(&mut terminal, "C1", "1 to 39 letters");
    terminal.press(ENTER).await_words("1002").press("a").await_words("new line").press(&format!("{TAB}1003"));
    refused(&mut terminal, "C3", "needs a user");
    terminal.press("a").await_words("new line").press(&format!("agnes{TAB}1002"));
    refused(&mut terminal, "C2", "1002");
    terminal.press("a").await_words("new line").press(&format!("agnes{TAB}10 02"));
    refused(&mut terminal, "C2", "10 02");
    assert_eq!(appliance.document(), before);
}

#[test]
fn rules_of_agents_and_queues_are_read_by_whoever_breaks_them() {
    let appliance = Appliance::company();
    appliance.run(&["queue", "add", "support", "--display", "Support", "--number", "3000", "--context", "default"]);
    appliance.run(&["queue", "member", "add", "support", "2105"]);
    let before = appliance.document();
    let mut terminal = at(&appliance, "queues", "support");
    terminal.press("a").await_words("new queue").press(&format!("support{TAB}Other{TAB}3001"));
    refused(&mut terminal, "Q1", "has the same name");
    terminal.press("a").await_words("new queue").press(&format!("sales{TAB}Sales{TAB}3000"));
    refused(&mut terminal, "C2", "3000");
    terminal.press("e").await_words("edit queue").press(&TAB.repeat(4)).press(CLEAR).press("3601");
    refused(&mut terminal, "Q1", "3600");
    terminal.press(ENTER).await_words("2105").press("e").await_words("Penalty").press(CLEAR).press("101");
    refused(&mut terminal, "Q1", "100");
    // The lines are left to be members.
    terminal.press("a").await_words("new member").press(ESC).await_gone("new member");
    terminal.press(ESC).await_words("3000").press(TAB).await_words("2105").press("a").await_words("new agent");
    terminal.press(&format!("2105{TAB}Again"));
    refused(&mut terminal, "Q1", "has the same number");
    terminal.press("a").await_words("new agent").press(&format!("2107{TAB}Other{END}{}bertil{TAB}", TAB.repeat(3)));
    refused(&mut terminal, "C3", "has the same user");
    assert_eq!(appliance.document(), before);
}
