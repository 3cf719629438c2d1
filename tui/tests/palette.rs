//! The palette: whatever has a name is gone to or done by a part of it, and asks what its key asks.

use super::users::many_users;
use super::{COLOR, TestConsole};
use crate::settings::fixtures;
use crate::settings::id::{Id as _, UserId};
use crate::settings::name::{DisplayName, FirstName, LastName, MobileNumber};
use crate::settings::setting::Key as Setting;
use crate::tui::Rights;
use crate::tui::event::Event;
use crate::tui::keys::Key;
use crate::tui::screens::palette::PLACE_ACTIONS;
use crate::tui::tab::Tab;
use crate::tui::tests::agents_at_work::at_work;

const YES: Key = Key::char('y');

fn call<'a>(console: &'a mut TestConsole, text: &str) -> &'a mut TestConsole {
    console.press(&[Key::char(':')]).write(text)
}

fn look_up<'a>(console: &'a mut TestConsole, text: &str) -> &'a mut TestConsole {
    call(console, text).press(&[Key::ENTER])
}

#[test]
fn places_and_objects_are_gone_to_by_a_part_of_their_name() {
    for (text, there) in [
        ("general", "── General settings"),
        ("ctx", "── Contexts and lines"),
        ("1002", "› alice"),
        ("bob", "› bob"),
        ("Out lunch", "── Presences › xivo"),
        ("swboard", "── Profiles › Switchboard"),
        ("support", "── Agents and queues"),
        ("8001", "── Agents and queues"),
        ("client.port", "client.port"),
        ("sales", "── Contexts and lines"),
    ] {
        let mut console = TestConsole::at(Tab::Overview);
        look_up(&mut console, text).says(there);
    }
}

#[test]
fn what_the_screen_below_can_do_is_done_by_its_words() {
    let mut console = TestConsole::at(Tab::Contexts);
    look_up(&mut console, "add a context").says("new context").write("lab").press(&[Key::ctrl('s')]);
    console.says("context \"lab\" was added");
    // The list beneath is not seen while that is typed.
    look_up(&mut console, "undo").says("Undo the last change?").press(&[Key::char('y')]);
    console.says("undone:").does_not_say("lab  ");
    // What stands in its way is told.
    let mut console = TestConsole::at(Tab::Certificates);
    look_up(&mut console, "reload").says("the server is not running; it reads the pair when it starts");
}

/// The first row of what is found.
fn first_found(console: &mut TestConsole) -> String {
    let screen = console.screen();
    let rows: Vec<&str> = screen.lines().collect();
    let box_top = rows.iter().position(|row| row.contains("┌ go to, do")).expect("the palette is open");
    rows[box_top + 2].split('│').nth(1).expect("a row of it").trim().to_owned()
}

#[test]
fn what_every_place_can_do_is_done_from_anywhere() {
    for (text, there) in [
        ("add user", "new user"),
        ("import users", "── Users › import"),
        ("new presence", "new presence"),
        ("create context", "new context"),
        ("unlock", "not known: "),
        ("failed logins", "not known: "),
        ("dial rules", "begins with"),
        ("new dial rule", "new dial rule"),
        ("agents", "8001"),
        ("matrix", "allowed changes"),
        ("stored certificates", "stored"),
        ("delete user", "then d removes the user"),
        ("reset password", "b m makes a new password"),
        ("add number", "then a adds the line"),
        ("backup", "`ctibox backup FILE`"),
        ("export", "`ctibox export FILE`"),
        ("restore backup", "`ctibox restore FILE`"),
        ("who changed", "── History"),
        ("why", "── Overview"),
    ] {
        let mut console = TestConsole::at(Tab::Overview);
        call(&mut console, text);
        let screen = console.screen();
        console.press(&[Key::ENTER]);
        assert!(console.screen().contains(there), "{there:?} for {text:?}\n{screen}\n{}", console.screen());
        assert!(console.inner.is_open(), "{text}");
    }
}

#[test]
fn each_action_of_a_place_is_found_by_its_name_and_its_keys_do_something() {
    for action in &PLACE_ACTIONS {
        let mut console = TestConsole::at(Tab::Overview);
        call(&mut console, action.words);
        let first = first_found(&mut console);
        assert!(first.starts_with(action.words), "{first:?} for {:?}", action.words);
        console.press(&[Key::ENTER]).does_not_say("does nothing here").does_not_say("go to, do");
    }
}

#[test]
fn letters_scattered_over_a_name_find_nobody_and_never_leave_the_console() {
    let mut company = fixtures::small_company();
    let names = [("Jürgen", "Schulze-Delitzsch"), ("Dörte", "Schmidt"), ("Chloé", "Koch")];
    for (id, (first, last)) in (1..).zip(names) {
        company.users.edit(UserId::new(id), |user| {
            user.first_name = FirstName::parse(first).expect("a name");
            user.last_name = LastName::parse(last).expect("a name");
        });
    }
    for text in ["delete", "restore", "check", "unlock", "orange", "why", "export", "csv", "renew"] {
        let mut console = TestConsole::with(Tab::Overview, company.clone(), Rights::Edit, COLOR, (80, 24));
        call(&mut console, text);
        for name in ["Schulze", "Schmidt", "Koch", "quit"] {
            console.does_not_say(name);
        }
    }
    let mut console = TestConsole::with(Tab::Overview, company, Rights::Edit, COLOR, (80, 24));
    look_up(&mut console, "delete delitz").says("Remove user \"alice\"?");
}

#[test]
fn the_whole_name_and_the_whole_number_come_first() {
    let mut company = fixtures::small_company();
    let lunch = company.presences.find(|presence| presence.name.as_str() == "away").expect("away").id;
    company.presences.edit(lunch, |presence| presence.display = DisplayName::parse("Lunch").expect("a name"));
    let mut console = TestConsole::with(Tab::Overview, company, Rights::Edit, COLOR, (80, 24));
    call(&mut console, "lunch");
    assert!(first_found(&mut console).starts_with("● Lunch  away"), "{}", console.screen());
    console.press(&[Key::ESC]);
    call(&mut console, "1001");
    assert!(first_found(&mut console).starts_with("alice"), "{}", console.screen());
}

#[test]
fn the_phone_book_is_looked_through_for_what_was_typed() {
    let mut console = TestConsole::at(Tab::Overview);
    // Enter that was meant for something else goes nowhere.
    look_up(&mut console, "zoe roe").reads("nothing has that in its name; the row below looks in the phone book");
    console.press(&[Key::DOWN, Key::ENTER]).says("── Phone book").says("zoe roe").does_not_say("nothing found");
    console.press(&[Key::char('1')]);
    call(&mut console, "xyzzy").press(&[Key::DOWN, Key::ENTER]).says("── Phone book").says("nothing found");
    console.does_not_say("zoe roe");
}

#[test]
fn actions_on_objects_ask_what_their_keys_ask() {
    let mut console = TestConsole::at(Tab::Overview);
    console.connect(&[("alice", "available")]);
    look_up(&mut console, "end session ali").says("End the session of alice?").press(&[Key::ESC]);
    look_up(&mut console, "disable alice").reads("1 session").press(&[YES]).says("user \"alice\" was disabled");
    let is_enabled = |console: &TestConsole| console.stored().users.get(UserId::new(1)).expect("alice").enabled;
    assert!(!is_enabled(&console));
    look_up(&mut console, "enable ali").says("user \"alice\" was enabled");
    assert!(is_enabled(&console));
    console.inner.handle(Event::AtWork(Some(at_work())));
    look_up(&mut console, "log off 8001").says("Log off agent 8001?");
}

#[test]
fn what_was_done_last_stands_first_and_esc_does_nothing() {
    let mut console = TestConsole::at(Tab::Overview);
    look_up(&mut console, "bob").says("› bob");
    call(&mut console, "").press(&[Key::ENTER]).says("── Users › bob");
    look_up(&mut console, "disable carol").says("was disabled");
    look_up(&mut console, "enable carol").says("was enabled");
    call(&mut console, "").says("disable carol").press(&[Key::ESC]);
    call(&mut console, "disable aro").says("disable carol").press(&[Key::ESC]);
    call(&mut console, "xyzzy").says("nothing has that in its name");
    console.press(&[Key::ESC]).does_not_say("xyzzy").says("── Users › bob");
}

#[test]
fn what_people_call_it_is_found_and_names_come_before_sentences() {
    let mut console = TestConsole::at(Tab::Users);
    // "Show the user with all lines" is what Enter does there.
    look_up(&mut console, "lines").says("── Contexts and lines");
    let setting = |key: Setting| format!("── {key} ─");
    look_up(&mut console, "theme").says(&setting(Setting::ConsoleTheme));
    look_up(&mut console, "separate").says(&setting(Setting::ContextSeparation));
    look_up(&mut console, "help").says("› keys").press(&[Key::ESC]);
    look_up(&mut console, "repeat").says("nothing was changed in this console yet");
    for leaves in ["quit", "exit"] {
        let mut console = TestConsole::at(Tab::Users);
        call(&mut console, leaves).press(&[Key::ENTER]);
        assert!(!console.inner.is_open(), "{leaves}");
    }
}

#[test]
fn a_console_that_only_reads_offers_nothing_that_edits() {
    let mut console = TestConsole::with(Tab::Users, fixtures::small_company(), Rights::ReadOnly, COLOR, (80, 24));
    call(&mut console, "remove the user").does_not_say("Remove the user").press(&[Key::ESC]);
    call(&mut console, "disable alice").says("nothing has that in its name").press(&[Key::ESC]);
    call(&mut console, "undo the last").does_not_say("Undo the last").press(&[Key::ESC]);
    look_up(&mut console, "bob").says("› bob");
}

#[test]
fn ten_thousand_users_are_all_found() {
    let mut console = TestConsole::with(Tab::Overview, many_users(), Rights::Edit, COLOR, (80, 24));
    call(&mut console, "29876").says("user09876").press(&[Key::ENTER]).says("› user09876");
    call(&mut console, "user").says("the best 200 of 2");
    console.write("0").write("0001").says("user00001");
}

#[test]
fn a_name_is_found_with_the_word_for_its_kind_and_alone_that_word_finds_no_crowd() {
    for (text, there) in [
        ("queue support", "── Agents and queues"),
        ("user bob", "› bob"),
        ("context sales", "── Contexts and lines"),
        ("presence lunch", "── Presences › xivo"),
        ("status lunch", "── Presences › xivo"),
        ("profile switchboard", "── Profiles › Switchboard"),
        ("voicemail 1001", "── Voicemail boxes"),
        ("phone 1002", "── Contexts and lines › default"),
        ("delete user bob", "Remove user \"bob\"?"),
        ("sessions", "── Sessions"),
        ("phones", "── Contexts and lines"),
        ("statuses", "── Presences"),
        ("permissions", "── Accounts"),
        ("logs", "── History"),
        ("restart", "systemctl restart ctibox"),
    ] {
        let mut console = TestConsole::at(Tab::Overview);
        call(&mut console, text);
        let screen = console.screen();
        console.press(&[Key::ENTER]);
        assert!(console.screen().contains(there), "{there:?} for {text:?}\n{screen}\n{}", console.screen());
    }
    call(&mut TestConsole::at(Tab::Overview), "user").does_not_say("carol");
}

#[test]
fn what_stands_in_a_part_of_a_place_is_told_with_the_part() {
    let mut console = TestConsole::at(Tab::Overview);
    call(&mut console, "add queue").says("7, queues, a").press(&[Key::ESC]);
    call(&mut console, "pause agent").says("7, agents").does_not_say("7 Tab");
}

#[test]
fn a_slip_in_a_name_of_a_place_or_an_action_is_seen_through_where_nothing_else_is_found() {
    for (text, there) in [
        ("histroy", "── History"),
        ("sesions", "── Sessions"),
        ("certifcates", "── Certificates"),
        ("voicmail 1001", "── Voicemail boxes"),
        ("add usre", "new user"),
        ("disbale carol", "user \"carol\" was disabled"),
    ] {
        let mut console = TestConsole::at(Tab::Overview);
        call(&mut console, text).reads("nothing has that; looked for");
        let screen = console.screen();
        console.press(&[Key::ENTER]);
        assert!(console.screen().contains(there), "{there:?} for {text:?}\n{screen}\n{}", console.screen());
    }
    // Nobody is guessed.
    for text in ["carrol", "disable carrol", "remove bbo"] {
        let mut console = TestConsole::at(Tab::Overview);
        call(&mut console, text)
            .reads("nothing has that in its name")
            .does_not_say("looked for")
            .does_not_say("carol ");
    }
}

#[test]
fn lists_are_narrowed_by_what_people_ask() {
    for (text, there, filter) in [
        ("who is disabled", "── Users", "state:disabled"),
        ("disabled", "── Users", "state:disabled"),
        ("offline", "── Users", "state:offline"),
        ("no line", "── Users", "line:none"),
        ("dnd", "── Users", "service:dnd"),
        ("forward", "── Users", "service:forward"),
        ("users without phone", "── Users", "line:none"),
        ("last hour", "── History", "time:1h"),
        ("today", "── History", "time:today"),
    ] {
        let mut console = TestConsole::at(Tab::Overview);
        look_up(&mut console, text).says(there).says(&format!(" / {filter}"));
    }
    let mut console = TestConsole::at(Tab::Overview);
    look_up(&mut console, "disable carol").says("was disabled");
    look_up(&mut console, "who is disabled").says("state:disabled").says("carol").does_not_say("alice");
}

#[test]
fn what_a_place_does_not_have_under_its_name_is_looked_for_in_its_list() {
    for (text, there, filter) in [
        ("voicemail 1234", "── Voicemail boxes", "1234"),
        ("history of carol", "── History", "carol"),
        ("sessions zoe", "── Sessions", "zoe"),
    ] {
        let mut console = TestConsole::at(Tab::Overview);
        look_up(&mut console, text).says(there).says(&format!(" / {filter}"));
    }
    let mut console = TestConsole::at(Tab::Overview);
    look_up(&mut console, "voicemail alice").says("── Voicemail boxes").does_not_say(" / alice");
}

/// What callers say, as administrators type it.
#[test]
fn complaints_of_callers_find_where_to_look() {
    // Words that say nothing narrow nothing, though they are looked for while they are typed.
    for (typed, found) in [
        ("nobody can reach", "who has do not disturb switched on"),
        ("stuck", "changes allowed between presences"),
        ("merge contexts", "move users to another context"),
        ("wrong name", "find in the phone book"),
        ("check password", "try a login"),
        ("auth check", "try a login"),
        ("who has 2001", "2001"),
        ("in sales", "sales"),
    ] {
        let mut console = TestConsole::at(Tab::Overview);
        call(&mut console, typed);
        let first = first_found(&mut console);
        assert!(first.contains(found), "{typed}: {first}");
    }
}

#[test]
fn who_logs_out_or_wants_other_colors_is_understood() {
    let mut console = TestConsole::at(Tab::Users);
    for text in ["mono", "dark", "light", "colors"] {
        look_up(&mut console, text).says(&format!("── {} ─", Setting::ConsoleTheme));
    }
    for leaves in ["logout", "log out", "sign out"] {
        let mut console = TestConsole::at(Tab::Users);
        look_up(&mut console, leaves);
        assert!(!console.inner.is_open(), "{leaves}");
    }
}

#[test]
fn a_large_terminal_has_a_large_palette() {
    for (size, width, rows) in [((80, 24), 74, 18), ((120, 40), 100, 22), ((200, 60), 100, 36)] {
        let mut console = TestConsole::with(Tab::Overview, fixtures::small_company(), Rights::Edit, COLOR, size);
        call(&mut console, "a");
        let screen = console.screen();
        let top = screen.lines().find_map(|line| line.split('┌').nth(1)).expect("a box");
        assert_eq!(top.split('┐').next().expect("its end").chars().count() + 2, width, "{screen}");
        let inside = screen.lines().filter(|line| line.matches('│').count() >= 2).count();
        assert!(inside >= rows - 2, "{inside} rows of {rows}\n{screen}");
    }
}

#[test]
fn what_is_asked_for_is_never_the_opposite_of_what_is_found() {
    for (tab, text, first) in [
        (Tab::Overview, "move", "move users to another context"),
        (Tab::Users, "move user", "move users to another context"),
        (Tab::Users, "rename profile", "edit a profile"),
        (Tab::Users, "block user", "disable a user, enable a user"),
        (Tab::Users, "forgot password", "reset a password of a user"),
        (Tab::Overview, "call center", "agents"),
        (Tab::Overview, "dialplan", "Telephony"),
        (Tab::Overview, "log out everybody", "end sessions"),
    ] {
        let mut console = TestConsole::at(tab);
        call(&mut console, text).does_not_say("remove user");
        assert!(first_found(&mut console).starts_with(first), "{first:?} for {text:?}\n{}", console.screen());
    }
}

#[test]
fn telephones_mobile_numbers_and_whose_box_it_is_find_their_object() {
    let mut company = fixtures::small_company();
    company.users.edit(UserId::new(2), |user| user.mobile = MobileNumber::parse("+33600").ok());
    for (text, there) in [("+33600", "› bob"), ("pjsip/2001", "sales"), ("voicemail alice", "── Voicemail boxes")]
    {
        let mut console = TestConsole::with(Tab::Overview, company.clone(), Rights::Edit, COLOR, (80, 24));
        look_up(&mut console, text).says(there);
    }
}
