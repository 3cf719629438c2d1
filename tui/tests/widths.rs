//! Every size of terminal: a telephone in the hand has all places, a wide one has list and detail side by side, and on none
//! a word of the key bar is cut.

use std::collections::BTreeSet;
use std::path::Path;

use ratatui::buffer::Cell;

use super::bytes::LISTS;
use super::snapshots::assert_snapshot;
use super::sorting::TABLES;
use super::{COLOR, TestConsole};
use crate::settings::configuration::Configuration;
use crate::settings::fixtures;
use crate::settings::name::{DisplayName, FirstName, Login};
use crate::settings::queue::MemberId;
use crate::settings::setting::{Key as Setting, SettingValue};
use crate::tui::Rights;
use crate::tui::event::Event;
use crate::tui::keys::Key;
use crate::tui::tab::Tab;

const TELEPHONE: (u16, u16) = (60, 20);
const WIDE: (u16, u16) = (120, 40);
const WALL: (u16, u16) = (200, 60);

/// The places with what is opened there most often.
const SCREENS: [(&str, Tab, &[Key]); 19] = [
    ("overview", Tab::Overview, &[]),
    ("presences", Tab::Presences, &[]),
    ("presence-group", Tab::Presences, &[Key::ENTER]),
    ("presence-matrix", Tab::Presences, &[Key::ENTER, Key::char('m')]),
    ("presence-form", Tab::Presences, &[Key::ENTER, Key::char('a')]),
    ("profiles", Tab::Profiles, &[]),
    ("profile-xlets", Tab::Profiles, &[Key::ENTER, Key::TAB]),
    ("users", Tab::Users, &[]),
    ("user", Tab::Users, &[Key::ENTER]),
    ("user-form", Tab::Users, &[Key::char('a')]),
    ("hints", Tab::Hints, &[]),
    ("contexts", Tab::Contexts, &[]),
    ("queues", Tab::Queues, &[]),
    ("agents", Tab::Queues, &[Key::TAB]),
    ("settings", Tab::Settings, &[]),
    ("certificates", Tab::Certificates, &[]),
    ("sessions", Tab::Sessions, &[]),
    ("telephony", Tab::Telephony, &[]),
    ("history", Tab::History, &[]),
];

fn company() -> Configuration {
    fixtures::small_company()
}

fn console(tab: Tab, keys: &[Key], size: (u16, u16)) -> TestConsole {
    let mut console = TestConsole::with(tab, company(), Rights::Edit, COLOR, size);
    console.connect(&[("alice", "available"), ("bob", "away")]);
    console.press(keys);
    console
}

/// The certificate and the database have the real clock.
const TELLS_THE_TIME: [&str; 3] = ["overview", "certificates", "history"];

#[test]
fn the_main_places_on_a_telephone_and_on_a_wall() {
    for size in [TELEPHONE, WALL] {
        for (name, tab, keys) in SCREENS.into_iter().filter(|(name, ..)| !TELLS_THE_TIME.contains(name)) {
            let screen = console(tab, keys, size).screen();
            assert_snapshot(&format!("{name}-{}x{}", size.0, size.1), &screen);
        }
    }
}

#[test]
fn no_word_of_the_key_bar_is_cut_and_the_way_to_the_keys_always_stands_there() {
    for (name, tab, keys) in SCREENS {
        let mut console = console(tab, keys, (80, 24));
        for width in (60..=200).step_by(7) {
            console.resize((width, 24));
            let bar: String = {
                let buffer = console.draw();
                let last = buffer.content.chunks(usize::from(width)).last().unwrap_or_default();
                last.iter().map(Cell::symbol).collect()
            };
            let bar = bar.trim_end();
            assert!(bar.ends_with("? keys") || bar.ends_with("F1 keys"), "{name}, {width} columns: {bar}");
            let hints = console.inner.top().key_hints(&console.inner.app);
            let told = hints.iter().filter(|hint| hint.is_in_bar && !hint.is_hidden);
            let told: Vec<String> =
                told.map(|hint| format!("{} {}", hint.keys().next().expect("a key"), hint.words)).collect();
            let ends = ["q leave", "? keys", "F1 keys"].map(str::to_owned);
            let whole: Vec<&String> = told.iter().chain(&ends).collect();
            for words in bar.split("  ").map(str::trim) {
                assert!(whole.iter().any(|known| *known == words), "{name}, {width} columns: {words:?} in {bar}");
            }
        }
    }
}

#[test]
fn a_wide_terminal_shows_what_the_cursor_is_on_beside_the_list() {
    let mut console = console(Tab::Users, &[], WIDE);
    console.says("E-mail address  alice@example.org").says("1001");
    console.press(&[Key::DOWN]).says("E-mail address  bob@example.org").does_not_say("alice@example.org");
    // Enter goes into it, and it fills the body.
    console.press(&[Key::ENTER]).says("Users › bob").does_not_say("│");
    console.press(&[Key::ESC]).says("E-mail address  bob@example.org");
    console.resize((119, 40));
    console.does_not_say("E-mail address");
}

#[test]
fn each_list_of_a_wide_terminal_has_its_detail() {
    for (tab, keys, words) in [
        (Tab::Presences, &[][..], "── xivo"),
        (Tab::Profiles, &[], "xlet"),
        (Tab::Hints, &[], "the telephone is"),
        (Tab::Contexts, &[], "── default"),
        (Tab::Queues, &[Key::TAB], "works in"),
        (Tab::Settings, &[], "── client.enabled"),
        (Tab::Sessions, &[], "presence      ● Available (available)"),
        (Tab::Contexts, &[Key::ENTER], "E-mail address  alice@example.org"),
        (Tab::Profiles, &[Key::END, Key::UP, Key::char('w')], "E-mail address  alice@example.org"),
        (Tab::Voicemails, &[], "E-mail address  alice@example.org"),
        (Tab::Rooms, &[], "shown to      3 users, by Client"),
        (Tab::Queues, &[Key::ENTER], "agent 8001"),
    ] {
        console(tab, keys, WIDE).says(words).says("│");
    }
}

/// Places whose list has nothing more to tell beside it, or that are no list, with what is pressed there.
const WITHOUT_DETAIL: [(Tab, &[Key]); 10] = [
    // The row under the cursor is unfolded, below facts as wide as the terminal.
    (Tab::Overview, &[]),
    // Below the table stands what a cell means.
    (Tab::Presences, &[Key::ENTER, Key::char('m')]),
    // An opened profile: from 160 columns the sketch stands beside it.
    (Tab::Profiles, &[Key::ENTER]),
    (Tab::Profiles, &[Key::ENTER, Key::TAB]),
    // Nobody has the first one.
    (Tab::Profiles, &[Key::char('w')]),
    // What Enter opened of a list fills the body: here the page of a user.
    (Tab::Users, &[Key::ENTER]),
    // A form.
    (Tab::Users, &[Key::char('a')]),
    // One pair, told in full.
    (Tab::Certificates, &[]),
    // Nothing is stored, there is no rule.
    (Tab::Certificates, &[Key::char('l')]),
    (Tab::Telephony, &[Key::TAB]),
];

#[test]
fn a_list_without_a_detail_on_a_wide_terminal_is_one_of_those_that_need_none() {
    for (tab, keys) in LISTS.into_iter().chain(TABLES) {
        let console = console(tab, keys, WIDE);
        let detail = console.inner.top().detail(WIDE.0 / 2, &console.inner.app);
        assert_eq!(detail.is_none(), WITHOUT_DETAIL.contains(&(tab, keys)), "{tab:?} {keys:?}");
    }
}

/// Files of screens with a list and without a detail of it.
const FILES_WITHOUT_DETAIL: [&str; 10] = [
    // Boxes above a screen.
    "help.rs",
    "palette/mod.rs",
    // The rows are all there is: logins with their passwords, both versions of an object, what was read of a file.
    "history/entry.rs",
    "phone_book/import/preview.rs",
    "users/bulk/made_list.rs",
    "users/import/preview.rs",
    // Those of `WITHOUT_DETAIL`.
    "overview/mod.rs",
    "presences/matrix.rs",
    "profiles/editor.rs",
    "users/page.rs",
];

#[test]
fn a_screen_with_a_list_has_a_detail_or_is_known_to_need_none() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tui/screens");
    let (mut found, mut folders) = (BTreeSet::new(), vec![root.clone()]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder").filter_map(Result::ok) {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).expect("a source");
            let has = |words: &str| text.contains(words);
            let is_list = has("impl Screen for ") && (has("TableView<") || has(" List<"));
            if is_list && !has("fn detail(&self") {
                found.insert(path.strip_prefix(&root).expect("below it").to_string_lossy().into_owned());
            }
        }
    }
    assert_eq!(found, FILES_WITHOUT_DETAIL.map(str::to_owned).into());
}

/// The row of heads of a list, which stands below the title, without what stands beside it.
fn head_row(console: &mut TestConsole) -> String {
    let screen = console.screen();
    let row = screen.lines().skip_while(|line| !line.starts_with("── ")).nth(1).unwrap_or_default();
    row.split('│').next().unwrap_or_default().trim().to_owned()
}

fn heads(row: &str) -> Vec<&str> {
    row.split("  ").map(str::trim).filter(|head| !head.is_empty()).collect()
}

#[test]
fn a_list_with_its_detail_has_the_columns_that_it_has_without_at_80() {
    // What is stored and from where stands beside each setting, and the names of settings are whole.
    let told_beside = ["stored", "from"];
    // The matrix breaks its heads as it has room.
    let is_table = |keys: &[Key]| !keys.contains(&Key::char('m'));
    let lists = LISTS.into_iter().chain(TABLES).filter(|(tab, keys)| *tab != Tab::Overview && is_table(keys));
    for (tab, keys) in lists {
        let narrow = head_row(&mut console(tab, keys, (80, 24)));
        let mut console = console(tab, keys, WIDE);
        let wide = head_row(&mut console);
        let is_lacking = |head: &&str| !wide.contains(head) && !told_beside.contains(head);
        let lacking: Vec<&str> = heads(&narrow).into_iter().filter(is_lacking).collect();
        assert!(lacking.is_empty(), "{tab:?} {keys:?} lacks {lacking:?}\n{}", console.screen());
    }
}

#[test]
fn names_of_settings_are_whole_beside_their_detail() {
    let mut console = console(Tab::Settings, &[], WIDE);
    console.says("client.unauthenticated_per_address_max ");
    console.resize((140, 40));
    console.says("client.unauthenticated_per_address_max ").says("stored      │");
}

#[test]
fn the_rows_of_history_have_as_much_room_beside_their_detail_as_without_at_80() {
    let mut console = console(Tab::History, &[Key::END], WIDE);
    console.says("28 changes: 6 presences added, 4 profiles added,");
}

#[test]
fn a_title_that_has_no_room_ends_in_dots() {
    let long = "bartholomew-featherstonehaugh-cholmondeley-of-the-north";
    let mut company = company();
    let id = company.users.iter().next().expect("one").id;
    company.users.edit(id, |user| user.login = Login::parse(long).ok());
    let mut console = TestConsole::with(Tab::Users, company, Rights::Edit, COLOR, TELEPHONE);
    console.press(&[Key::char('/')]).write("bartho").press(&[Key::ENTER, Key::ENTER]).says("cholmo…  2 ──");
    console.press(&[Key::char('D')]).says("┌ Remove user \"bartholomew").says("… ┐");
}

/// Names as long as they come, in all lists: none of them pushes a column off the terminal.
#[test]
fn long_names_push_out_no_column() {
    let long = "of-the-northern-office-beyond-the-river-and-the-hills";
    let mut company = company();
    let users: Vec<_> = company.users.iter().map(|user| user.id).collect();
    users.into_iter().for_each(|id| {
        company.users.edit(id, |user| {
            user.first_name = FirstName::parse(&format!("Bartholomew {long}")).expect("a name");
            user.login = user.login.as_ref().and_then(|login| Login::parse(&format!("{login}-{long}")).ok());
        });
    });
    let agents: Vec<_> = company.agents.iter().map(|agent| agent.id).collect();
    agents.into_iter().for_each(|id| {
        company.agents.edit(id, |agent| agent.first_name = FirstName::parse(&format!("Agent {long}")).expect("a name"));
    });
    let queue = company.queues.iter().next().expect("one").id;
    company.queues.edit(queue, |queue| queue.display = DisplayName::parse(&format!("Support {long}")).expect("a name"));
    // Those of a place that is no table, or a page, have no heads there.
    let has_heads = |(tab, keys): &(Tab, &[Key])| *tab != Tab::Overview && (*tab, *keys) != (Tab::Users, &[Key::ENTER]);
    for (tab, keys) in LISTS.into_iter().chain(TABLES).filter(has_heads) {
        let mut before = console(tab, keys, (80, 24));
        let mut console = TestConsole::with(tab, company.clone(), Rights::Edit, COLOR, (80, 24));
        console.connect(&[(&format!("alice-{long}"), "available"), (&format!("bob-{long}"), "away")]);
        for console in [&mut before, &mut console] {
            console.inner.handle(Event::AtWork(Some(super::agents_at_work::at_work())));
        }
        console.press(keys);
        let (known, found) = (head_row(&mut before), head_row(&mut console));
        assert_eq!(heads(&found), heads(&known), "{tab:?} {keys:?}\n{}", console.screen());
    }
}

#[test]
fn a_dial_rule_tells_what_it_makes_of_a_number_and_what_others_leave_to_it() {
    let mut console = TestConsole::with(Tab::Telephony, company(), Rights::Edit, COLOR, WIDE);
    console.press(&[Key::TAB]);
    for (prefix, strip, add) in [("+33", "3", "0"), ("+", "1", "00"), ("+49", "0", "")] {
        console.press(&[Key::char('a')]).write(prefix).press(&[Key::TAB]).write(strip).press(&[Key::TAB]);
        console.write(add).press(&[Key::ctrl('s')]).says("was added");
    }
    console.press(&[Key::HOME]).says("── dial rule +33 ──").says("+33123456 is dialed as 0123456");
    console.press(&[Key::DOWN]).says("+123456 is dialed as 00123456").reads("of +33 at place 1");
    console.reads("nothing is left to +49 at place 3");
    console.press(&[Key::DOWN]).says("it fits no number: + at place 2 fits").says("all of them before it");
}

#[test]
fn a_room_tells_from_where_it_is_seen_where_contexts_are_separated() {
    let mut console = console(Tab::Rooms, &[], WIDE);
    console.reads("every context: they are not separated");
    let separated = console.elsewhere(|c| {
        let on = SettingValue::parse(Setting::ContextSeparation, "true").expect("a value");
        c.settings.insert(Setting::ContextSeparation, on);
    });
    console.inner.handle(Event::Configuration(separated));
    // `sales` includes `default`; carol has no line.
    console.says("seen from     default, sales").says("shown to      2 users, by Client");
    let hidden = console.elsewhere(|c| {
        let ids: Vec<_> = c.profiles.iter().map(|profile| profile.id).collect();
        ids.into_iter().for_each(|id| c.profiles.edit(id, |profile| profile.xlets.clear()));
    });
    console.inner.handle(Event::Configuration(hidden));
    console.reads("no profile has the xlet conference: no client shows rooms");
}

#[test]
fn a_box_without_a_user_says_so_beside_the_list() {
    let mut nobodys = company();
    let id = nobodys.voicemails.iter().next().expect("there is one").id;
    nobodys.voicemails.edit(id, |voicemail| voicemail.user = None);
    let mut console = TestConsole::with(Tab::Voicemails, nobodys, Rights::Edit, COLOR, WIDE);
    console.reads("The box is nobody's").reads("Enter gives it to a user");
}

#[test]
fn beside_the_members_of_a_queue_stand_the_agent_or_whose_line_it_is_and_who_waits() {
    let mut company = company();
    let (queue, line) = (company.queues.iter().next().expect("one").id, company.lines.iter().next().expect("one").id);
    company.set_queue_member(queue, MemberId::Line(line), 9).expect("a member");
    let mut console = TestConsole::with(Tab::Queues, company, Rights::Edit, COLOR, WIDE);
    console.inner.handle(Event::AtWork(Some(super::agents_at_work::at_work())));
    console.press(&[Key::ENTER]).says("agent 8001").says("logged in at").says("2 waiting").says("Zoe Roe");
    console.press(&[Key::END]).says("E-mail address  alice@example.org").says("2 waiting");
}

/// What beside a list says of keys is true of the keys of that list.
#[test]
fn a_page_beside_a_list_offers_no_key_that_means_another_thing_there() {
    let mut console = console(Tab::Users, &[Key::END], WIDE);
    console.says("no line").does_not_say("a adds one").press(&[Key::ENTER]).says("no line; a adds one");
}

#[test]
fn from_160_columns_a_matrix_and_a_sketch_stand_beside_their_tables() {
    console(Tab::Presences, &[Key::ENTER], (160, 45)).says("from ↓   to →").says("on entering");
    console(Tab::Presences, &[Key::ENTER], (159, 45)).does_not_say("from ↓   to →");
    console(Tab::Profiles, &[], (160, 45)).says("XiVO Client");
    console(Tab::Profiles, &[], (159, 45)).does_not_say("XiVO Client");
}

#[test]
fn a_smaller_terminal_is_told_what_is_needed() {
    let mut console = console(Tab::Users, &[], (59, 20));
    console.says("ctibox needs 60x20; this is 59x20");
    console.resize((60, 19));
    console.says("ctibox needs 60x20; this is 60x19");
}

#[test]
fn on_a_telephone_the_box_of_an_import_says_all_of_it() {
    let mut console = console(Tab::Users, &[Key::char('i')], TELEPHONE);
    console.reads("A name without / first counts from where the console was started.");
    console.reads("sip_username, voicemail_number, voicemail_context").says("Zoe,zoe,a-good-one,Client");
    console.resize(WIDE);
    console.says("firstname,username,password,cti_profile_name,cti_profile_enabled");
}

#[test]
fn on_a_telephone_the_same_as_a_command_breaks_its_lines_within_the_box() {
    let mut console = console(Tab::Users, &[Key::char('e'), Key::TAB], TELEPHONE);
    console.write("Ann-Katrin-of-the-long-name").press(&[Key::ctrl('s')]).says("was changed");
    console.press(&[Key::char('y')]);
    console.reads("user edit alice --first-name Ann-Katrin-of-the-long-name");
}

#[test]
fn on_a_telephone_telephony_says_all_that_there_is_to_do_and_how_many_settings_there_are() {
    let mut console = console(Tab::Telephony, &[], TELEPHONE);
    console.reads("`ctibox asterisk dialplan --to DIR` makes one and writes the account").says(" 1 of 7 ");
    console.press(&[Key::END]).says(" 7 of 7 ").says("agi.listen");
}
