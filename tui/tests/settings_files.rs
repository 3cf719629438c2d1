//! What settings files say is seen where settings are seen: whose value holds, what it hides, and that an edit is below it.

use std::sync::Arc;

use super::TestConsole;
use super::overview::running;
use crate::config::{FileKind, Program, SettingsFile, layer_of};
use crate::control::FileSetting;
use crate::settings::setting::{Key as Setting, SettingValue};
use crate::tui::event::Event;
use crate::tui::keys::Key;
use crate::tui::server::Server;
use crate::tui::tab::Tab;

/// On the setting of how long chat is kept, which this file says.
fn at_chat_days(text: &str) -> TestConsole {
    let mut console = TestConsole::at(Tab::Settings);
    let changed = console.elsewhere(|c| {
        let nine = SettingValue::parse(Setting::ChatKeepDays, "9").expect("a number");
        c.settings.insert(nine.key(), nine);
    });
    console.inner.handle(Event::Configuration(changed));
    let path = "/etc/ctibox/conf.d/10.yml".to_owned();
    let file = SettingsFile { program: Program::Ctibox, kind: FileKind::Extra, path, bytes: Ok(text.into()) };
    console.inner.handle(Event::Files(Arc::new(layer_of(&[file]))));
    console.on_setting(Setting::ChatKeepDays);
    console
}

#[test]
fn a_value_from_a_file_shows_its_place_and_what_it_hides() {
    let mut console = at_chat_days("chat:\n  keep_days: 3\n");
    console
        .reads("chat.keep_days 3 days 9 days file")
        .says("! no effect: /etc/ctibox/conf.d/10.yml line 2 overrides 9 days (database)");
    console.inner.handle(Event::Files(Arc::default()));
    console.reads("chat.keep_days 9 days 9 days database").does_not_say("overrides");
}

/// Why a setting does not act stands at the setting, also where a file says what nobody can obey.
#[test]
fn a_value_in_a_file_that_is_not_taken_is_told_at_its_setting() {
    let mut console = at_chat_days("chat:\n  keep_days: many\n");
    console
        .reads("! Keep messages chat.keep_days")
        .reads("✗ not taken: /etc/ctibox/conf.d/10.yml:2:14: `chat.keep_days` must be");
    console.on_setting(Setting::AmiHost).does_not_say("not taken");
    // Of a file that is broken as a whole nothing counts, whatever setting one looks at.
    let mut console = at_chat_days("chat: [\n");
    console.reads("✗ not taken: /etc/ctibox/conf.d/10.yml");
    console.on_setting(Setting::AmiHost).reads("✗ not taken: /etc/ctibox/conf.d/10.yml");
}

#[test]
fn what_is_edited_below_a_file_says_so() {
    let mut console = at_chat_days("chat:\n  keep_days: 3\n");
    console.press(&[Key::ENTER]).says("Overridden").says("3 by /etc/ctibox/conf.d/10.yml line 2");
}

/// The console reads no file; the server was started with one.
#[test]
fn the_servers_own_files_are_what_the_page_of_settings_shows() {
    let mut console = TestConsole::at(Tab::Settings);
    console
        .elsewhere(|c| c.set_setting(SettingValue::parse(Setting::ChatKeepDays, "9").expect("days")).expect("taken"));
    console.inner.handle(Event::Configuration(std::sync::Arc::new(console.stored())));
    let Server::Running(mut status, sessions) = running(Vec::new(), 90) else { unreachable!("it runs") };
    status.files = Some(vec![FileSetting {
        key: "chat.keep_days".to_owned(),
        value: Some("3".to_owned()),
        file: "/srv/other.yml".to_owned(),
        rank: 0,
        line: 2,
        column: 14,
    }]);
    console.inner.handle(Event::Server(Server::Running(status, sessions)));
    console.on_setting(Setting::ChatKeepDays).says("! no effect: /srv/other.yml line 2 overrides 9 days (database)");
    console.inner.handle(Event::Server(Server::NotRunning));
    console.on_setting(Setting::ChatKeepDays).does_not_say("overrides");
}
