//! General settings by keyboard: why one does not act is found by its name, or among what was changed.

use crate::support::Appliance;
use crate::support::terminal::Terminal;

#[test]
fn why_a_setting_does_not_act_is_found_by_six_keys() {
    let appliance = Appliance::company();
    appliance.set("chat.keep_days", "9");
    appliance.write_settings("ctibox/conf.d/20-site.yml", "chat:\n  keep_days: 3\n");
    let mut terminal = Terminal::console(&appliance, "xterm-256color", &[]);
    terminal.await_words("1 Overview");
    let keys = "8/keep";
    terminal.press(keys).await_words("── chat.keep_days ─").await_words(" ! Keep messages");
    terminal.await_words("20-site.yml line 2").await_told("overrides 9 days (database)");
    assert_eq!(keys.chars().count(), 6);
}

#[test]
fn what_was_changed_and_does_nothing_is_marked_among_what_was_changed() {
    let appliance = Appliance::company();
    appliance.set("ami.host", "192.0.2.10");
    let mut terminal = Terminal::console(&appliance, "xterm-256color", &["--screen", "settings"]);
    terminal.await_words("client.enabled").press("f").await_words("changed only").await_gone("client.enabled");
    terminal.await_words(" ! Asterisk ami.host").await_told("telephony is off while ami.secret is not set");
    appliance.run(&["setting", "get", "ami.host"]).expect_words(&["has no effect: telephony is off"]);
    let page = appliance.run(&["setting", "list", "--long", "--json"]).json();
    let host = page.as_array().unwrap().iter().find(|one| one["key"] == "ami.host").unwrap();
    assert_eq!((&host["section"], &host["label"]), (&"Telephony".into(), &"Asterisk".into()), "{host}");
}
