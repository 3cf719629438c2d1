//! Users by keyboard: the search, the forms, and what is done to many at once.

use uuid::Uuid;

use super::{COLOR, TestConsole, assert_frames};
use crate::settings::configuration::Configuration;
use crate::settings::fixtures;
use crate::settings::id::{AgentId, Id as _, UserId, UserUuid};
use crate::settings::line::Line;
use crate::settings::name::{Device, Extension, FirstName, LastName, Login};
use crate::settings::password::{CheckMemory, Secret};
use crate::settings::setting::{self, SettingValue};
use crate::settings::state::{Forward, Services};
use crate::settings::user::User;
use crate::tui::Rights;
use crate::tui::event::Event;
use crate::tui::keys::Key;
use crate::tui::services_on::ServicesOn;
use crate::tui::tab::Tab;

const CROWD: u32 = 10_000;

/// `user0001` to `user9999` and so on, each with a name and a line.
pub(super) fn many_users() -> Configuration {
    let mut many_users = fixtures::defaults();
    let context = many_users.contexts.iter().next().expect("a context").id;
    let profile = many_users.profiles.find(|profile| profile.name.as_str() == "Client").map(|profile| profile.id);
    for number in 1..=CROWD {
        let name = if number % 100 == 0 { "Chloé" } else { "Martin" };
        let user = many_users.users.add(|id| User {
            id,
            version: 1,
            uuid: UserUuid::new(Uuid::from_u128(u128::from(number))),
            login: Login::parse(&format!("user{number:05}")).ok(),
            first_name: FirstName::parse(name).expect("a name"),
            last_name: LastName::parse("").expect("a name"),
            email: None,
            mobile: None,
            password: None,
            enabled: false,
            profile,
            break_glass: false,
        });
        many_users.lines.add(|id| Line {
            id,
            version: 1,
            user,
            is_main: true,
            extension: Extension::parse(&(20_000 + number).to_string()).expect("an extension"),
            context,
            device: Device::parse(&format!("PJSIP/{number}")).expect("a device"),
        });
    }
    many_users
}

/// The office of `fixtures`, with an accent and somebody whom others see and who may not log in.
fn company() -> Configuration {
    let mut company = fixtures::small_company();
    company.users.edit(UserId::new(2), |user| {
        user.first_name = FirstName::parse("Böb").expect("a name");
        user.last_name = LastName::parse("Ørsted").expect("a name");
        user.enabled = false;
    });
    company
}

fn user<'a>(c: &'a Configuration, login: &str) -> &'a User {
    c.users.find(|user| user.has_login(login)).expect("there is such a user")
}

/// Down so often.
fn down(console: &mut TestConsole, times: usize) -> &mut TestConsole {
    for _ in 0..times {
        console.press(&[Key::DOWN]);
    }
    console
}

#[test]
fn typing_narrows_ten_thousand_users_at_once() {
    let mut console = TestConsole::with(Tab::Users, many_users(), Rights::Edit, COLOR, (80, 24));
    console.says(" 10000 ──").press(&[Key::char('/')]).write("CHLOE");
    console.says(" 100/10000, row 1 ──").says("user00100").does_not_say("user00101");
    console.write(" 21").says(" 11/10000 ──").says("user01000").does_not_say("user00100");
    console.press(&[Key::ENTER, Key::DOWN, Key::ENTER]).says("Users › user01100");
    console.press(&[Key::ESC]).says(" 11/10000 ──").press(&[Key::ESC]).says(" 10000 ──").does_not_say("/10000");
    console.press(&[Key::char('/')]).write("29999").says("user09999").press(&[Key::ESC]).says("user01100");
}

#[test]
fn the_first_line_of_a_user_stands_where_most_lines_stand() {
    let mut company = fixtures::small_company();
    let sales = company.contexts.find(|context| context.name.as_str() == "sales").expect("a context").id;
    let carol = company.users.find(|user| user.has_login("carol")).expect("a user").id;
    for number in ["2101", "2102"] {
        fixtures::add_line(&mut company, carol, number, sales);
    }
    fixtures::add_user(&mut company, "dora");
    let mut console = TestConsole::with(Tab::Users, company, Rights::Edit, COLOR, (80, 24));
    console.press(&[Key::END, Key::ENTER]).says("── Users › dora").press(&[Key::char('a')]).says("‹ sales ›");
    console.press(&[Key::ESC, Key::char('4'), Key::HOME, Key::ENTER]).says("── Users › alice");
    console.press(&[Key::char('a')]).says("‹ default ›");
}

#[test]
fn a_user_is_added_with_a_typed_password_that_no_frame_shows() {
    let mut console = TestConsole::at(Tab::Users);
    let hidden = |console: &mut TestConsole, text: &str| {
        for letter in text.chars() {
            console.press(&[Key::char(letter)]);
            console.does_not_say("hunter");
        }
    };
    console.press(&[Key::char('a')]).write("dora").press(&[Key::TAB]).write("Dora").press(&[Key::TAB]).write("Ferm");
    // E-mail address, mobile number, enabled, profile, agent, where the password comes from.
    down(&mut console, 7);
    hidden(&mut console, "hunter-22");
    console.press(&[Key::TAB]);
    hidden(&mut console, "hunter-23");
    console.says("the two entries do not match").press(&[Key::ctrl('s')]).says("not saved");
    console.does_not_say("hunter").press(&[Key::BACKSPACE]).write("2").press(&[Key::ctrl('s')]);
    console.says("user \"dora\" was added").does_not_say("hunter").says("no line; a adds one");
    let stored = console.stored();
    let dora = user(&stored, "dora");
    assert_eq!((dora.full_name().as_str(), dora.enabled), ("Dora Ferm", true));
    assert!(
        dora.password.as_ref().is_some_and(|hash| hash.is_of(&Secret::new("hunter-22"), &mut CheckMemory::default()))
    );
    console.press(&[Key::ctrl('z')]).says("undone: user \"dora\" was added").does_not_say("hunter");
    assert_eq!(console.stored().users.len(), 3);
}

#[test]
fn a_made_password_is_shown_once() {
    let mut console = TestConsole::at(Tab::Users);
    // Login, names, e-mail address, mobile number, enabled, profile, agent.
    console.press(&[Key::char('e')]);
    down(&mut console, 8).press(&[Key::RIGHT, Key::RIGHT]).says("generate one").does_not_say("made-password");
    console.press(&[Key::ctrl('s')]).says("made-password").says("the password of alice");
    console.press(&[Key::ENTER]).does_not_say("made-password").press(&[Key::ctrl('z')]).does_not_say("made-password");
    console.says("Undo the last change?").press(&[Key::char('y')]).says("undone");
    assert_eq!(console.stored().users, {
        let mut before = fixtures::small_company().users;
        before.edit(UserId::new(1), |user| user.enabled = false);
        before.edit(UserId::new(1), |user| user.enabled = true);
        before
    });
}

#[test]
fn a_password_stays_unless_another_one_is_wanted() {
    let mut console = TestConsole::at(Tab::Users);
    console.press(&[Key::char('e'), Key::END]).write("x").press(&[Key::ctrl('s'), Key::char('y')]);
    console.reads("user \"alicex\", until now \"alice\", was changed");
    let stored = console.stored();
    assert_eq!(user(&stored, "alicex").password, user(&fixtures::small_company(), "alice").password);
}

/// Rules U1, U2 and U3, each broken with keys.
#[test]
fn the_rules_of_users_are_told_by_the_form() {
    let mut console = TestConsole::at(Tab::Users);
    console.press(&[Key::char('e'), Key::ctrl('u')]).write("BOB");
    console.press(&[Key::ctrl('s')]).says("not saved: ").says("user \"bob\"");
    console
        .press(&[Key::ctrl('u')])
        .write("a")
        .says("must be 2 to 64 letters")
        .says("character")
        .press(&[Key::ctrl('u')])
        .write("alice");
    console.press(&[Key::TAB, Key::ctrl('u')]).says("first name").write("Alice");
    console.press(&[Key::TAB, Key::TAB, Key::ctrl('u')]).write("nobody").says("like `name@example.org`");
    console.press(&[Key::ctrl('u')]).write("bob@example.org").says("e-mail address");
    console.press(&[Key::ctrl('u'), Key::TAB]).write("12x").says("mobile number").press(&[Key::ctrl('u')]);
    down(&mut console, 4).press(&[Key::RIGHT, Key::TAB]).write("abc").says("must have 4 to 128 characters; this has 3");
    console.press(&[Key::ctrl('s')]).says("not saved");
    assert_eq!(console.stored(), fixtures::small_company());
}

/// Rules C2 and C3.
#[test]
fn the_rules_of_lines_and_agents_are_told_by_the_forms() {
    let mut console = TestConsole::at(Tab::Users);
    console
        .press(&[Key::ENTER, Key::char('a')])
        .write("1 2")
        .says("must be 1 to 40 letters")
        .press(&[Key::ctrl('u')])
        .write("1002");
    console.press(&[Key::ctrl('s')]).says("not saved");
    console.press(&[Key::ESC]).write("d").press(&[Key::ESC, Key::char('e')]);
    // While the form is open somebody else gives the free agent away.
    down(&mut console, 7).press(&[Key::RIGHT]).says("8002 Agent 8002");
    console.elsewhere(|c| c.set_agent_of(UserId::new(3), Some(AgentId::new(2))).expect("the agent is free"));
    console.press(&[Key::ctrl('s')]).says("is already used by user \"carol\"");
    console.press(&[Key::LEFT, Key::ESC]).does_not_say("edit alice");
    let mut separated = fixtures::small_company();
    separated
        .set_setting(SettingValue::parse(setting::Key::ContextSeparation, "true").expect("a setting"))
        .expect("it is taken");
    let mut console = TestConsole::with(Tab::Users, separated, Rights::Edit, COLOR, (80, 24));
    down(&mut console, 1).press(&[Key::ENTER, Key::DELETE]).says("the only line of bob").press(&[Key::char('y')]);
    console.says("line \"2001@sales\" was removed. Note:");
}

#[test]
fn lines_are_added_moved_made_main_and_removed() {
    let mut console = TestConsole::at(Tab::Users);
    console.press(&[Key::ENTER, Key::char('a')]).write("1003").press(&[Key::TAB, Key::RIGHT, Key::ctrl('s')]);
    console.says("line 1003 was added").says("PJSIP/1003");
    console.press(&[Key::END, Key::char('M')]).says("line \"1003\" was made the main line");
    console.press(&[Key::ENTER, Key::TAB, Key::RIGHT, Key::ctrl('s')]).says("line 1003 was changed");
    let stored = console.stored();
    let lines = stored.lines_of(UserId::new(1));
    let told: Vec<&str> = lines.iter().map(|line| line.extension.as_str()).collect();
    assert_eq!((told, lines[0].is_main, lines[0].context.number()), (vec!["1003", "1001", "1002"], true, 1));
    console.press(&[Key::char('d')]).says("alice's main line becomes 1001").press(&[Key::char('y')]);
    console.says("line \"1003@default\" was removed");
    assert!(console.stored().lines_of(UserId::new(1))[0].is_main);
}

#[test]
fn all_that_match_are_changed_in_one_step() {
    let mut console = TestConsole::with(Tab::Users, many_users(), Rights::Edit, COLOR, (80, 24));
    console.press(&[Key::char('/')]).write("chloe 22500").press(&[Key::ENTER, Key::char('b')]);
    console.says("Change Chloé").press(&[Key::char('n'), Key::char('/'), Key::ctrl('u')]);
    console.write("chloe").press(&[Key::ENTER, Key::ctrl('a')]).says("100 marked, 100/10000").press(&[Key::char('b')]);
    console.says("Change 100 marked users");
    console.says("100 marked users: Chloé (user00100), Chloé (user00200), Chloé").says("(user00300) and 97 more.");
    console.press(&[Key::char('e')]).says("Enable 100 users?").says("This changes 100 users").press(&[Key::char('y')]);
    console.says("100 users were enabled");
    assert_eq!(console.stored().users.iter().filter(|user| user.enabled).count(), 100);
    console.press(&[Key::char('b'), Key::char('e')]).says("nothing was changed");
    // The cursor stays on whom it was.
    console.connect(&[("USER02500", "available"), ("user02400", "available")]);
    console.says("● connected").press(&[Key::char('b'), Key::char('d')]);
    console
        .reads("This changes 100 users (now 100 enabled); 2 connected.")
        .reads("2 are connected: the server ends 2 sessions.");
    console.press(&[Key::char('n')]).press(&[Key::char('b'), Key::char('p')]).says("profile of 100 marked users");
    console
        .press(&[Key::char('A'), Key::ctrl('s')])
        .reads("This changes 100 users (now 100 Client); 2 connected")
        .press(&[Key::char('y')]);
    console.says("profile \"Agent\" was given to 100 users");
    let stored = console.stored();
    let agent = stored.profiles.find(|profile| profile.name.as_str() == "Agent").expect("a profile").id;
    assert_eq!(stored.users.iter().filter(|user| user.profile == Some(agent)).count(), 100);
    let (undo, yes) = (Key::ctrl('z'), Key::char('y'));
    console.press(&[undo, yes, undo, yes]).says("undone: 100 users were enabled");
    assert_eq!(console.stored().users.iter().filter(|user| user.enabled).count(), 0);
}

#[test]
fn a_removal_tells_its_consequences_first() {
    let mut console = TestConsole::at(Tab::Users);
    console.connect(&[("alice", "available"), ("alice", "available"), ("bob", "available")]);
    console.press(&[Key::char('d')]).says("2 lines are removed too").says("voicemail box \"1001@default\" stays");
    console.says("2 sessions").press(&[Key::char('n')]);
    assert_eq!(console.stored(), fixtures::small_company());
    console.press(&[Key::DOWN, Key::char('d')]).says("agent \"8001\" stays").press(&[Key::char('y')]);
    console.says("user \"bob\" was removed");
    let stored = console.stored();
    assert!(stored.users.get(UserId::new(2)).is_none() && stored.agents.iter().all(|agent| agent.user.is_none()));
}

#[test]
fn other_places_lead_to_a_user_past_any_search() {
    let mut console = TestConsole::at(Tab::Users);
    console.connect(&[("alice", "available")]);
    console.press(&[Key::char('/')]).write("carol").press(&[Key::ENTER]).does_not_say("alice");
    console.press(&[Key::char('0'), Key::ENTER]).says("Users › alice").says("● connected, 1 session");
    console.press(&[Key::ESC]).says("── Sessions").press(&[Key::char('4')]).says(" 3 ──").says("carol");
}

#[test]
fn a_console_that_only_reads_changes_no_user() {
    let mut console = TestConsole::with(Tab::Users, company(), Rights::ReadOnly, COLOR, (80, 24));
    for key in ['a', 'e', 'd', 'b', 'x', ' ', 'v', '*'] {
        console.press(&[Key::char(key)]).says("this console is read-only");
    }
    console.press(&[Key::ENTER]).says("alice@example.org").press(&[Key::char('E')]).says("this console is read-only");
}

#[test]
fn the_list_and_its_search_look_well() {
    assert_frames("users", Tab::Users, &company(), |console| {
        console.connect(&[("alice", "available")]);
        down(console, 2);
    });
    assert_frames("users-search", Tab::Users, &company(), |console| {
        console.press(&[Key::char('/')]).write("orsted");
    });
    assert_frames("users-marked", Tab::Users, &company(), |console| {
        console.connect(&[("alice", "available")]);
        console.press(&[Key::SPACE, Key::DOWN, Key::SPACE]);
    });
    assert_frames("users-change", Tab::Users, &company(), |console| {
        console.press(&[Key::ctrl('a'), Key::char('b')]);
    });
    assert_frames("users-removal", Tab::Users, &company(), |console| {
        console.connect(&[("alice", "available")]);
        console.press(&[Key::char('d')]);
    });
}

#[test]
fn the_page_and_the_forms_look_well() {
    assert_frames("user", Tab::Users, &company(), |console| {
        console.connect(&[("alice", "available")]);
        console.press(&[Key::ENTER]);
    });
    assert_frames("user-without-line", Tab::Users, &company(), |console| {
        down(console, 2).press(&[Key::ENTER]);
    });
    assert_frames("user-form", Tab::Users, &company(), |console| {
        console.press(&[Key::char('e')]);
    });
    assert_frames("user-form-error", Tab::Users, &company(), |console| {
        console.press(&[Key::char('e'), Key::ctrl('u')]).write("bob").press(&[Key::ctrl('s')]);
    });
    assert_frames("user-password-error", Tab::Users, &company(), |console| {
        console.press(&[Key::char('e')]);
        down(console, 8).press(&[Key::RIGHT, Key::TAB]).write("hunter-22").press(&[Key::TAB]).write("hunter-23");
    });
    assert_frames("user-password-made", Tab::Users, &company(), |console| {
        console.press(&[Key::char('e')]);
        down(console, 8).press(&[Key::RIGHT, Key::RIGHT, Key::ctrl('s')]);
    });
    assert_frames("user-line-form-error", Tab::Users, &company(), |console| {
        console.press(&[Key::ENTER, Key::char('a')]).write("1002").press(&[Key::ctrl('s')]);
    });
    assert_frames("users-context-form", Tab::Users, &company(), |console| {
        console.press(&[Key::ctrl('a'), Key::char('b'), Key::char('c')]);
    });
    assert_frames("users-profile-form", Tab::Users, &company(), |console| {
        console.press(&[Key::char('b'), Key::char('p')]);
    });
}

#[test]
fn a_user_without_a_login_is_made_shown_and_given_one() {
    let mut console = TestConsole::with(Tab::Users, company(), Rights::Edit, COLOR, (120, 40));
    console.press(&[Key::char('a'), Key::TAB]).write("Work").press(&[Key::TAB]).write("Shop").press(&[Key::ctrl('s')]);
    console.says("user \"Work Shop\" was added, without a login").says("no login");
    let shop = |console: &TestConsole| {
        console.stored().users.find(|user| user.full_name() == "Work Shop").expect("is there").id
    };
    let id = shop(&console);
    assert!(console.stored().users.get(id).is_some_and(|user| user.login.is_none() && !user.enabled));
    console.press(&[Key::char('a')]).write("1009").press(&[Key::ctrl('s')]).says("line 1009 was added");
    console.press(&[Key::ESC]).says(&format!("(id {id})")).says("no login");
    // Enabling all leaves this one as it is.
    console.press(&[Key::ctrl('a'), Key::char('b'), Key::char('e')]).reads("Of these 1 is not enabled yet: ");
    console.press(&[Key::ESC, Key::ESC]);
    console.press(&[Key::END, Key::char('d')]).says(&format!("Remove user {id} \"Work Shop\"?")).press(&[Key::ESC]);
    console.press(&[Key::char('e')]).write("workshop").press(&[Key::ctrl('s')]).says("user \"workshop\" was changed");
    assert!(console.stored().users.get(id).is_some_and(|user| user.has_login("workshop") && !user.enabled));
    // Taken away again, by emptying the field.
    console
        .press(&[Key::char('e'), Key::ctrl('u'), Key::ctrl('s')])
        .says("user \"Work Shop\" was changed, without a login");
    assert!(console.stored().users.get(id).is_some_and(|user| user.login.is_none()));
}

#[test]
fn a_blank_empties_no_login_and_taking_one_away_with_its_password_is_asked_about() {
    let mut console = TestConsole::at(Tab::Users);
    console.press(&[Key::char('e'), Key::SPACE]).says("alice").press(&[Key::ctrl('s')]).says("nothing was changed");
    console.press(&[Key::char('e'), Key::ctrl('u'), Key::ctrl('s')]);
    console.says("Without a login the user cannot log in any more, and the password");
}

#[test]
fn an_agent_finds_its_user_by_the_address() {
    let mut known = company();
    let bare = crate::settings::fixtures::add_user(&mut known, "bare");
    known.users.edit(bare, |user| (user.login, user.password, user.enabled) = (None, None, false));
    let mut console = TestConsole::with(Tab::Queues, known, Rights::Edit, COLOR, (80, 24));
    console.press(&[Key::TAB, Key::char('a')]).write("8009").press(&[Key::TAB]).write("Ann");
    console.press(&[Key::TAB; 3]).write("BARE@example.org").press(&[Key::ctrl('s')]).says("agent 8009 was added");
    assert!(
        console.stored().agents.find(|agent| agent.number.as_str() == "8009").is_some_and(|a| a.user == Some(bare))
    );
    console.press(&[Key::END, Key::char('e')]).press(&[Key::TAB; 4]).says("bare@example.org").press(&[Key::ctrl('s')]);
    assert!(
        console.stored().agents.find(|agent| agent.number.as_str() == "8009").is_some_and(|a| a.user == Some(bare))
    );
}

#[test]
fn who_removes_what_was_changed_meanwhile_hears_who_changed_it_and_when() {
    let mut console = TestConsole::at(Tab::Users);
    console.press(&[Key::char('d')]);
    console.elsewhere(|c| c.users.edit(UserId::new(1), |user| user.profile = None));
    console
        .press(&[Key::char('y')])
        .reads("user \"alice\" was changed meanwhile (")
        .reads("by other), and nothing was done");
    console.does_not_say("version");
}

#[test]
fn what_users_have_switched_on_is_shown_and_asked_for() {
    let mut console = TestConsole::with(Tab::Users, fixtures::small_company(), Rights::Edit, COLOR, (180, 40));
    console.says("none switched on").does_not_say(" services ");
    let bob = console.stored().users.get(UserId::new(2)).expect("bob").uuid;
    let forward = Forward { is_on: true, destination: "1001".into() };
    let services = Services { do_not_disturb: true, busy: forward, ..Services::default() };
    console.inner.handle(Event::Services(ServicesOn::of_users([(bob, services)])));
    console.press(&[Key::char('/')]).write("service:dnd").says("1/3").says("dnd, forward bus…");
    console.press(&[Key::ENTER]).reads("Services do not disturb, forward busy 1001").press(&[Key::ESC]);
    console.press(&[Key::char('/')]).write("service:none").says("2/3").does_not_say("bob@");
}

/// The palette and other places lead there, and whoever calls is on it.
#[test]
fn the_page_of_a_user_does_what_the_list_does() {
    let mut console = TestConsole::at(Tab::Users);
    let is_enabled = |console: &TestConsole| console.stored().users.get(UserId::new(1)).expect("alice").enabled;
    console.press(&[Key::ENTER, Key::char('x')]).says("user \"alice\" was disabled");
    assert!(!is_enabled(&console));
    console.press(&[Key::char('x')]).says("user \"alice\" was enabled").press(&[Key::char('b')]);
    console.reads("Change alice").does_not_say("Space marks several").press(&[Key::char('d')]);
    assert!(!is_enabled(&console));
    console.says("── Users › alice");
}

/// Whoever looks for a name does not mean an address that has it too.
#[test]
fn names_and_logins_are_asked_for_by_themselves() {
    let mut console = TestConsole::at(Tab::Users);
    let heard = console.elsewhere(|c| {
        c.users.edit(UserId::new(2), |user| user.last_name = LastName::parse("Alice").expect("a name"));
    });
    console.inner.handle(Event::Configuration(heard));
    console.press(&[Key::char('/')]).write("name:alice").says("2/3");
    console.press(&[Key::ESC, Key::char('/')]).write("login:alice").says("1/3");
}
