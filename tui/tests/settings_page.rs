//! General settings as a page: sections, labels and keys, what is in effect beside what is stored, what is not at its
//! default alone, and why one does nothing.

use super::TestConsole;
use crate::config::{FileKind, Program, SettingsFile, layer_of};
use crate::settings::setting::{Key as Setting, SettingValue};
use crate::settings::setting_page::SettingSection;
use crate::tui::event::Event;
use crate::tui::keys::Key;
use crate::tui::tab::Tab;

const CHANGED_ONLY: Key = Key::char('f');

/// Where these are stored.
fn stored(values: &[(Setting, &str)]) -> TestConsole {
    let mut console = TestConsole::at(Tab::Settings);
    let changed = console.elsewhere(|c| {
        for (key, text) in values {
            c.settings.insert(*key, SettingValue::parse(*key, text).expect("a value"));
        }
    });
    console.inner.handle(Event::Configuration(changed));
    console
}

fn under_a_file(console: &mut TestConsole, text: &str) {
    let path = "/etc/ctibox/conf.d/20-site.yml".to_owned();
    let file = SettingsFile { program: Program::Ctibox, kind: FileKind::Extra, path, bytes: Ok(text.into()) };
    console.inner.handle(Event::Files(std::sync::Arc::new(layer_of(&[file]))));
}

#[test]
fn every_setting_is_below_its_section_with_label_and_key() {
    let mut console = TestConsole::at(Tab::Settings);
    console.says(" Network").says("Serve clients client.enabled").says("── client.enabled ─");
    for section in SettingSection::ALL {
        for key in section.keys() {
            console.on_setting(key).says(key.label());
        }
        console.press(&[Key::END, Key::HOME]);
    }
    console.says(" Network").says("── client.enabled ─");
}

#[test]
fn the_cursor_passes_headings_by_in_both_directions() {
    let mut console = TestConsole::at(Tab::Settings);
    console.on_setting(Setting::ProtocolAnswerUnknown).press(&[Key::char('j')]).says("── encryption.mode ─");
    console.says(" STARTTLS").press(&[Key::char('k')]).says("── protocol.answer_unknown ─");
    console.press(&[Key::HOME, Key::UP, Key::UP]).says("── client.enabled ─").says(" Network");
}

#[test]
fn what_is_not_at_its_default_is_shown_alone() {
    let mut console = stored(&[(Setting::ClientPort, "5009"), (Setting::ChatKeepDays, "9")]);
    console.press(&[CHANGED_ONLY]).says("changed only").says("client.port").says("chat.keep_days");
    console.says(" Network").says(" Chat").does_not_say("client.enabled").does_not_say("Telephony\n");
    console.press(&[CHANGED_ONLY]).says("client.enabled");
    let mut console = TestConsole::at(Tab::Settings);
    console.press(&[CHANGED_ONLY]).says("All settings are at their defaults").press(&[Key::ENTER, CHANGED_ONLY]);
    console.says("── client.enabled ─");
}

#[test]
fn a_filter_looks_for_label_key_and_section() {
    let look_for = |text: &str| {
        let mut console = TestConsole::at(Tab::Settings);
        console.press(&[Key::char('/')]).write(text);
        console
    };
    look_for("nightly").says("backup.keep").does_not_say("client.port");
    look_for("backup.time").says("1/").does_not_say("backup.keep");
    look_for("section:chat").says("chat.keep_days").says("chat.make_safe").says(" Chat").does_not_say("client.port");
    look_for("stored:any").says("nothing found");
}

#[test]
fn a_stored_value_that_does_nothing_is_marked_and_says_why() {
    let mut console = stored(&[(Setting::AmiHost, "192.0.2.10"), (Setting::ChatKeepDays, "9")]);
    under_a_file(&mut console, "chat:\n  keep_days: 3\n");
    console.press(&[CHANGED_ONLY]).reads("! Asterisk ami.host 192.0.2.10 192.0.2.10 database");
    console.reads("! Keep messages chat.keep_days 3 days 9 days file");
    console
        .on_setting(Setting::ChatKeepDays)
        .says("! no effect: /etc/ctibox/conf.d/20-site.yml line 2 overrides 9 days (database)");
    console.on_setting(Setting::AmiHost).says("! has no effect: telephony is off while ami.secret is not set");
}

#[test]
fn what_the_certificate_says_stands_beside_the_settings_that_name_it() {
    let mut console = TestConsole::at(Tab::Settings);
    console.inner.handle(Event::Findings(Vec::new()));
    console.on_setting(Setting::EncryptionKeyFile).press(&[Key::DOWN]).says("── In use ─");
    console.says(" ctibox's own, made at the first start of the server");
    console.press(&[Key::SPACE]).says("the certificate says so").press(&[Key::ENTER]).says("── Certificates");
}

/// What is said after saving is what the row says: no effect from the next login on where there is none at all.
#[test]
fn a_value_that_is_saved_and_does_nothing_is_told_so_at_once() {
    let mut console = TestConsole::at(Tab::Settings);
    console.on_setting(Setting::AuthLdapUri).press(&[Key::ENTER]).write("ldaps://ldap.example.org");
    console.press(&[Key::ctrl('s')]).reads("was set, but has no effect: ldap_user is not in auth.backends");
    console.does_not_say("it takes effect").says("! has no effect: ldap_user is not in auth.backends");
}

#[test]
fn a_theme_that_the_console_was_started_with_stands_above_the_stored_one() {
    let mut console = stored(&[(Setting::ConsoleTheme, "mono")]);
    console.inner.app.named_theme = Some("light");
    console.on_setting(Setting::ConsoleTheme).reads("light mono its start");
    console.reads("! this console was started with light, by --theme or CTIBOX_THEME, which overrides it");
}
