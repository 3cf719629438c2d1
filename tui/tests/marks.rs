//! Marks, and what is done with all that are marked: who is meant is said, it is one change, and it is taken back at once.

use std::os::unix::fs::PermissionsExt as _;

use super::{COLOR, TestConsole};
use crate::settings::configuration::Configuration;
use crate::settings::edit::NewConference;
use crate::settings::fixtures;
use crate::settings::id::{ContextId, Id as _, UserId};
use crate::settings::name::{ConferenceName, ConferenceNumber, Extension, FirstName, Mailbox};
use crate::settings::password::{CheckMemory, Secret};
use crate::settings::user::User;
use crate::store::AuditQuery;
use crate::tui::event::Event;
use crate::tui::keys::Key;
use crate::tui::tab::Tab;
use crate::tui::{FileAccess, Rights};

const MARK: Key = Key::SPACE;
const MARK_ALL: Key = Key::ctrl('a');
const YES: Key = Key::char('y');

fn user(c: &Configuration, login: &str) -> User {
    User::clone(c.users.find(|user| user.has_login(login)).expect("there is such a user"))
}

/// Changes of the database so far, each of one transaction.
fn changes(console: &TestConsole) -> usize {
    console.inner.app.store.audit(&AuditQuery::newest(1_000)).expect("a history").len()
}

#[test]
fn marks_stay_under_any_filter_and_esc_takes_them_before_the_filter() {
    let mut console = TestConsole::at(Tab::Users);
    console.press(&[MARK]).says("*alice").says("1 marked, 3 ──").press(&[Key::char('/')]).write("bob");
    console
        .says("1 marked, 1 hidden, 1/3 ──")
        .press(&[Key::ENTER, MARK])
        .says("*bob")
        .says("2 marked, 1 hidden, 1/3 ──");
    console.press(&[Key::char('b')]).says("Change 2 marked users").reads("The filter hides 1 of them.");
    console.press(&[Key::ESC, Key::ESC]).says(" 1/3 ──").does_not_say("marked").press(&[Key::ESC]).says(" 3 ──");
}

#[test]
fn marks_that_the_filter_hides_are_acted_on_and_counted() {
    let mut console = TestConsole::at(Tab::Users);
    console.press(&[MARK, MARK, Key::char('/')]).write("nobody at all").press(&[Key::ENTER]);
    console
        .says("2 marked, 2 hidden, 0/3 ──")
        .says("Esc unmarks, Esc again shows all")
        .press(&[Key::char('b')])
        .says("Change 2 marked users");
    console.reads("The filter hides 2 of them.").press(&[Key::ESC, Key::ESC, Key::char('b')]);
    console.says("the filter hides all rows; Esc shows them");
}

/// Whoever looks at one row does not mean hundreds that are nowhere to be seen, and may mean them all the same.
#[test]
fn where_marks_are_hidden_it_is_asked_which_rows_a_key_means() {
    let mut console = TestConsole::at(Tab::Users);
    console.press(&[MARK, MARK, Key::char('/')]).write("carol").press(&[Key::ENTER]);
    for key in ['b', 'd', 'e', 'x'] {
        console.press(&[Key::char(key)]).says("Which rows are meant?");
        console.reads("2 rows are marked, and the filter hides them.").press(&[Key::ESC]);
    }
    console.press(&[Key::char('b'), Key::ENTER]).says("Change carol").press(&[Key::ESC]).says("2 marked, 2 hidden");
    console.press(&[Key::char('b'), Key::char('m')]).says("Change 2 marked users, 2 hidden").press(&[Key::ESC]);
    console.press(&[Key::char('x'), Key::char('r')]).says("user \"carol\" was ").says("2 marked, 2 hidden");
    // The last change again asks the same.
    console.press(&[Key::char('.')]).says("Which rows are meant?").press(&[Key::ESC]);
    console.press(&[Key::char('e'), Key::ENTER]).says("edit carol").press(&[Key::ESC]);
    console.press(&[Key::char('e'), Key::char('m')]).says("Change 2 marked users").press(&[Key::ESC]);
    // Of marks that are seen, or with the row among them, nothing has to be asked.
    console.press(&[MARK, Key::char('d')]).says("Remove 3 marked users?").press(&[Key::ESC, Key::ESC, Key::ESC]);
    console.press(&[Key::HOME, MARK, Key::char('e')]).says("edit alice");
}

#[test]
fn a_range_and_its_opposite_are_marked() {
    let mut console = TestConsole::at(Tab::Users);
    console.press(&[Key::char('v'), Key::DOWN]).says("2 marked").says("v end range");
    console.press(&[Key::char('v'), Key::char('*')]).says("1 marked").says("*carol").does_not_say("*alice");
}

#[test]
fn who_is_gone_is_not_marked_any_more() {
    let mut console = TestConsole::at(Tab::Users);
    console.press(&[MARK_ALL]).says("3 marked");
    let without = console.elsewhere(|c| c.remove_user(UserId::new(2)).expect("bob is there"));
    console.inner.handle(Event::Configuration(without));
    console.says("2 marked, 2 ──");
}

#[test]
fn one_key_switches_the_user_or_all_that_are_marked() {
    let mut console = TestConsole::at(Tab::Users);
    console.press(&[Key::char('x')]).says("user \"alice\" was disabled").press(&[Key::char('x')]);
    console.says("user \"alice\" was enabled").connect(&[("alice", "available")]).press(&[Key::char('x')]);
    console.says("Disable alice?").reads("the server ends 1 session").press(&[Key::ESC]);
    console.press(&[MARK, MARK, Key::char('x')]).says("Disable 2 users?").press(&[YES]).says("2 users were disabled");
    console.press(&[Key::ESC, MARK_ALL, Key::char('x')]).says("Enable 2 users?").press(&[YES]);
    assert!(console.stored().users.iter().all(|user| user.enabled));
}

#[test]
fn main_lines_move_to_another_context_in_one_step() {
    let mut console = TestConsole::at(Tab::Users);
    let before = changes(&console);
    console.press(&[MARK_ALL, Key::char('b'), Key::char('c')]).says("context of 3 marked users");
    console.says("2 main lines; 1 without a line").write("s").press(&[Key::ctrl('s')]);
    console.says("1 main line was moved to context \"sales\"");
    let stored = console.stored();
    let sales = stored.contexts.find(|context| context.name.as_str() == "sales").expect("a context").id;
    assert!(stored.main_lines().values().all(|line| line.context == sales));
    assert_eq!(changes(&console), before + 1, "bob's line stood there already");
    console.undo_after_question().says("undone: 1 main line");
    // A number that stands there already keeps all of them where they are.
    let heard = console.elsewhere(|c| {
        let line = c.lines_of(UserId::new(2))[0].id;
        c.lines.edit(line, |line| line.extension = Extension::parse("1001").expect("a number"));
    });
    console.inner.handle(Event::Configuration(heard));
    console.press(&[Key::char('b'), Key::char('c')]).write("s").press(&[Key::ctrl('s')]).says("not saved: ");
}

#[test]
fn made_passwords_are_shown_once_and_written_for_nobody_else() {
    let mut console = TestConsole::at(Tab::Users);
    console.connect(&[("alice", "available")]);
    console.press(&[MARK_ALL, Key::char('b'), Key::char('m')]).says("New passwords for 3 users?");
    console.reads("the server ends 1 session").press(&[YES]);
    while !console.screen().contains("3 new passwords made") {
        console.inner.look_after();
    }
    console.says("alice").says("made-password");
    let alice = user(&console.stored(), "alice").password.expect("a password");
    assert!(alice.is_of(&Secret::new("made-password"), &mut CheckMemory::default()));
    let path = console.folder().join("made.csv");
    let name = path.to_str().expect("a name").to_owned();
    console.press(&[Key::ESC]).says("Close the list?").press(&[Key::char('n'), Key::ctrl('s')]).write("~/m");
    // The path completes as everywhere.
    std::fs::write(console.folder().join("made.old"), "").expect("it can be written");
    console.press(&[Key::TAB]).says("/made.old").press(&[Key::ctrl('u')]).write(&name);
    console.press(&[Key::ENTER]).says("3 passwords written to");
    let written = std::fs::read_to_string(&path).expect("it is there");
    assert!(written.starts_with("username,firstname,lastname,password\r\nalice,alice,"), "{written}");
    let mode = std::fs::metadata(&path).expect("a file").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    console.press(&[Key::ctrl('s')]).write(&name).press(&[Key::ENTER]).says("is there already and stays as it is");
    console.press(&[Key::ESC, Key::ESC]).says("── Users").does_not_say("made-password");
    console.press(&[Key::ctrl('z'), YES]).says("undone: 3 new passwords made");
    assert_ne!(user(&console.stored(), "alice").password, Some(alice));
}

#[test]
fn all_that_are_marked_are_removed_and_come_back_together() {
    let mut console = TestConsole::at(Tab::Users);
    let before = console.stored();
    console.press(&[MARK, MARK, Key::char('d')]).says("Remove 2 marked users?").reads("3 lines are removed too.");
    console.reads("This changes 2 users").press(&[YES]).says("2 users were removed").does_not_say("marked");
    assert_eq!(console.stored().users.len(), 1);
    console.press(&[Key::ctrl('z'), YES]).says("undone: 2 users were removed");
    assert_eq!(console.stored().lines.len(), before.lines.len());
}

#[test]
fn a_console_in_a_lent_account_writes_no_list() {
    let mut console = TestConsole::with(Tab::Users, fixtures::small_company(), Rights::Edit, COLOR, (80, 24));
    console.inner.app.lend(FileAccess::None);
    console.press(&[Key::char('b'), Key::char('m'), YES]);
    while !console.screen().contains("1 new password made") {
        console.inner.look_after();
    }
    console.press(&[Key::ctrl('s')]).says("takes no file names");
}

/// Whoever came first by number is not to blame: the one who has the number there already is named, and whose cannot go.
#[test]
fn who_has_the_number_in_the_other_context_is_named_and_not_who_is_moved() {
    let mut company = fixtures::small_company();
    let (default, sales) = (ContextId::new(1), company.contexts.find(|it| it.name.as_str() == "sales").expect("it").id);
    let carla = fixtures::add_user(&mut company, "carla");
    fixtures::add_line(&mut company, carla, "1077", sales);
    let lea = fixtures::add_user(&mut company, "lea");
    fixtures::add_line(&mut company, lea, "1077", default);
    let mut console = TestConsole::with(Tab::Users, company, Rights::Edit, COLOR, (80, 24));
    console.press(&[Key::char('/')]).write("carla").press(&[Key::ENTER, Key::SPACE, Key::char('b'), Key::char('c')]);
    console.write("default").press(&[Key::ENTER]);
    console.reads("1077 is lea's already in context \"default\"; that of carla cannot go there");
}

/// By its letters as before, and by a cursor, which is on nothing at first.
#[test]
fn the_menu_of_what_is_done_to_many_is_chosen_from_by_arrows_too() {
    let mut console = TestConsole::at(Tab::Users);
    console.press(&[MARK_ALL, Key::char('b'), Key::ENTER]).says("nothing has been done yet: ↑ and ↓ go to an answer");
    console.press(&[Key::DOWN, Key::DOWN, Key::UP, Key::ENTER]).says("profile of 3 marked users");
    console.press(&[Key::ESC, Key::char('b'), Key::UP, Key::ENTER]).does_not_say("Change 3 marked users");
}

/// What is preselected would be given to all by a slip.
#[test]
fn users_of_several_profiles_are_given_none_until_one_is_chosen() {
    let mut company = fixtures::small_company();
    let profiles: Vec<_> = company.profiles.iter().map(|profile| profile.id).collect();
    let ids: Vec<UserId> = company.users.iter().map(|user| user.id).collect();
    company.users.edit(ids[0], |user| user.profile = Some(profiles[0]));
    company.users.edit(ids[1], |user| user.profile = Some(profiles[2]));
    company.users.edit(ids[2], |user| user.profile = Some(profiles[2]));
    let mut console = TestConsole::with(Tab::Users, company, Rights::Edit, COLOR, (80, 24));
    console.press(&[MARK_ALL, Key::char('b'), Key::char('p')]).says("not chosen yet: they have several");
    console
        .press(&[Key::ctrl('s')])
        .says("not saved: see Profile")
        .write("client")
        .press(&[Key::ENTER, Key::ctrl('s')]);
    // Two had it already.
    console.reads("profile \"Client\" was given to 1 user");
    // All have the same now: that one it begins with.
    console.press(&[Key::char('b'), Key::char('p')]).does_not_say("not chosen yet").says("‹ Client ›");
}

#[test]
fn whom_a_change_is_about_is_read_whole_where_the_form_has_rows_for_it() {
    let mut company = fixtures::small_company();
    let name = |text: &str| FirstName::parse(text).expect("a name");
    company
        .users
        .edit(UserId::new(1), |user| user.first_name = name("Anna-Katharina Alexandra of the Northern Office"));
    company.users.edit(UserId::new(2), |user| user.first_name = name("Bartholomew Benjamin of the Southern Office"));
    let mut console = TestConsole::with(Tab::Users, company, Rights::Edit, COLOR, (80, 24));
    console.press(&[MARK, MARK, Key::char('b'), Key::char('c')]).reads("Users: 2 marked users: ");
    console.reads("of the Northern Office").reads("of the Southern Office");
}

/// Three of each: lines from 4101 on, agents from 4201, boxes from 4301, rooms from 4401.
fn three_of_each() -> Configuration {
    let (mut company, context) = (fixtures::small_company(), ContextId::new(1));
    let ada = fixtures::add_user(&mut company, "ada");
    for last in 1..=3 {
        fixtures::add_line(&mut company, ada, &format!("410{last}"), context);
        fixtures::add_agent(&mut company, &format!("420{last}"), context, None);
        let mailbox = Mailbox::parse(&format!("430{last}")).expect("a number");
        company.add_voicemail(mailbox, context, None).expect("it is new");
        let name = ConferenceName::parse(&format!("Room {last}")).expect("a name");
        let number = ConferenceNumber::parse(&format!("440{last}")).expect("a number");
        company.add_conference(NewConference { number, name, context, pin: None }).expect("it is new");
    }
    company
}

#[test]
fn several_boxes_rooms_agents_and_lines_are_removed_in_one_change() {
    let number = |c: &Configuration| [c.conferences.len(), c.voicemails.len(), c.agents.len(), c.lines.len()];
    for (tab, keys, filter, asked) in [
        (Tab::Contexts, &[Key::ENTER][..], "410", "Remove 2 lines?"),
        (Tab::Queues, &[Key::TAB], "420", "Remove 2 agents?"),
        (Tab::Voicemails, &[], "430", "Remove 2 voicemail boxes?"),
        (Tab::Rooms, &[], "440", "Remove 2 conference rooms?"),
    ] {
        let mut console = TestConsole::with(tab, three_of_each(), Rights::Edit, COLOR, (80, 24));
        let kept = number(&console.stored());
        console.press(keys).press(&[Key::char('/')]).write(filter).press(&[Key::ENTER, MARK_ALL]).says("3 marked");
        console.press(&[MARK, Key::char('d')]).says(asked).press(&[YES]).says("were removed");
        let left: usize = number(&console.stored()).iter().sum();
        assert_eq!(left + 2, kept.iter().sum::<usize>(), "{asked}");
        console.undo_after_question().says("● undone: ");
        assert_eq!(number(&console.stored()), kept, "{asked}");
        // One alone is asked about as ever.
        console.press(&[Key::ESC, Key::char('d')]).does_not_say("Remove 2").says("Remove ");
    }
}

/// Of two contexts one is made.
#[test]
fn marked_lines_move_to_another_context_in_one_step() {
    let mut console = TestConsole::at(Tab::Contexts);
    console.press(&[Key::ENTER]).says("1001").press(&[MARK_ALL, Key::char('b')]).says("Change 2 lines");
    console
        .press(&[Key::char('c')])
        .says("context of 2 lines")
        .press(&[Key::ENTER])
        .write("sales")
        .press(&[Key::ENTER]);
    console
        .press(&[Key::ctrl('s')])
        .says("2 lines were moved to context \"sales\"")
        .says("There is no line in this context");
    console.undo_after_question().says("1001").says("1002");
}

/// Hidden marks on a list of each kind, with the cursor on a row that is not marked.
fn with_hidden_marks() -> impl Iterator<Item = TestConsole> {
    let lists = [
        (Tab::Contexts, &[Key::ENTER][..], "410"),
        (Tab::Queues, &[Key::TAB], "420"),
        (Tab::Voicemails, &[], "430"),
        (Tab::Rooms, &[], "440"),
    ];
    lists.into_iter().map(|(tab, keys, filter)| {
        let mut console = TestConsole::with(tab, three_of_each(), Rights::Edit, COLOR, (80, 24));
        console.press(keys).press(&[Key::char('/')]).write(&format!("{filter}1")).press(&[Key::ENTER, MARK]);
        console.press(&[Key::char('/')]).write(&format!("{filter}2")).press(&[Key::ENTER]).says("1 marked, 1 hidden");
        console
    })
}

/// A question of which only one answer does what it says is none.
#[test]
fn nothing_is_asked_of_keys_that_are_about_the_row_alone() {
    for mut console in with_hidden_marks() {
        console.press(&[Key::char('.')]).does_not_say("Which rows are meant?");
        console.press(&[Key::char('e')]).does_not_say("Which rows are meant?").says("edit").press(&[Key::ESC]);
        console.press(&[Key::char('d')]).says("Which rows are meant?").press(&[Key::char('r')]);
        console.says("keep it").does_not_say("The row is marked");
        console.press(&[YES]).says("was removed");
    }
}

/// `.` asks where a change is known that it would do to such rows, and not for that of another list.
#[test]
fn a_change_of_other_rows_asks_for_none_of_these() {
    let mut console = TestConsole::at(Tab::Accounts);
    console.press(&[Key::char('x')]).says("was disabled").press(&[Key::char('4'), MARK, Key::char('/')]);
    console.write("carol").press(&[Key::ENTER]).says("1 marked, 1 hidden").press(&[Key::char('.')]);
    console.does_not_say("Which rows are meant?").says("no row here is for that");
}

#[test]
fn one_that_is_marked_and_hidden_is_said_to_be() {
    for mut console in with_hidden_marks() {
        console.press(&[Key::char('d'), Key::char('m')]).reads("The row is marked, and the filter hides it.");
        console.press(&[YES]).says("1 ").says("was removed");
    }
    let mut console = TestConsole::at(Tab::Users);
    console.press(&[MARK, Key::char('/')]).write("carol").press(&[Key::ENTER, Key::char('d'), Key::char('m')]);
    console.reads("The row is marked, and the filter hides it.");
}

#[test]
fn marks_that_go_unseen_are_counted() {
    let mut console = TestConsole::at(Tab::Users);
    console.press(&[MARK, MARK, Key::char('/')]).write("bob").press(&[Key::ENTER, Key::ESC]);
    console.says("2 marks are gone; the filter hid 1 of them").press(&[Key::ESC, MARK_ALL, Key::ESC]);
    console.does_not_say("gone").press(&[Key::HOME, MARK, Key::char('/')]).write("bob").press(&[Key::ENTER, Key::ESC]);
    console.says("1 mark is gone; the filter hid it");
}

#[test]
fn lines_that_stand_there_already_are_not_counted_as_moved() {
    let mut console = TestConsole::at(Tab::Contexts);
    console.press(&[Key::ENTER, MARK_ALL, Key::char('b'), Key::char('c'), Key::ctrl('s')]);
    console.reads("nothing was changed: no line had to be moved to context \"default\"");
    let mut console = TestConsole::at(Tab::Users);
    console.press(&[Key::char('b'), Key::char('c'), Key::ctrl('s')]);
    console.reads("nothing was changed: no main line had to be moved to context \"default\"");
}

#[test]
fn the_other_lines_of_who_is_moved_are_said_to_stay() {
    let mut console = TestConsole::with(Tab::Users, three_of_each(), Rights::Edit, COLOR, (80, 24));
    console.press(&[Key::char('/')]).write("ada").press(&[Key::ENTER, Key::char('b'), Key::char('c')]);
    console.does_not_say("of theirs").write("s").press(&[Key::ENTER]);
    console.reads("2 other lines of theirs stay where they are; the form of each moves it");
}
