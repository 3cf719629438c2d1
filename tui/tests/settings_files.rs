//! What settings files say is seen where settings are seen: whose value holds, what it hides, and that an edit is below it.

use std::sync::Arc;

use super::TestConsole;
use crate::config::{FileKind, Program, SettingsFile, layer_of};
use crate::settings::setting::{Key as Setting, SettingValue};
use crate::tui::event::Event;
use crate::tui::keys::Key;
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
    console.reads("chat.keep_days 3 9 file").says("! /etc/ctibox/conf.d/10.yml:2:14 says so, above 9 (database)");
    console.inner.handle(Event::Files(Arc::default()));
    console.reads("chat.keep_days 9 9 database").does_not_say("says so");
}

#[test]
fn what_is_edited_below_a_file_says_so() {
    let mut console = at_chat_days("chat:\n  keep_days: 3\n");
    console.press(&[Key::ENTER]).says("Stands above").says("3 in /etc/ctibox/conf.d/10.yml:2:14");
}
