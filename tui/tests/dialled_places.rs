//! Voicemail boxes and conference rooms: what is dialled in a context and stands on nobody's telephone.

use super::{TestConsole, assert_frames};
use crate::check;
use crate::settings::configuration::Configuration;
use crate::settings::fixtures;
use crate::settings::id::{ConferenceId, Id as _, VoicemailId};
use crate::settings::rule::Severity;
use crate::settings::table::Kind;
use crate::tui::event::Event;
use crate::tui::keys::Key;
use crate::tui::tab::Tab;

const SAVE: Key = Key::ctrl('s');
const ADD: Key = Key::char('a');
const YES: Key = Key::char('y');

/// Number, context and login of each box.
fn boxes(c: &Configuration) -> Vec<(String, String, Option<String>)> {
    let context = |id| c.contexts.get(id).expect("its context").name.to_string();
    let login = |id| c.users.get(id).expect("its user").shown_login();
    c.voicemails.iter().map(|it| (it.mailbox.to_string(), context(it.context), it.user.map(login))).collect()
}

fn pin(c: &Configuration, id: i64) -> Option<String> {
    c.conferences.get(ConferenceId::new(id)).expect("the room").pin.as_ref().map(|pin| pin.as_str().to_owned())
}

#[test]
fn a_box_is_added_given_to_somebody_moved_and_taken_back() {
    let mut console = TestConsole::at(Tab::Voicemails);
    console.says("1001").says("alice").press(&[ADD]).write("2001").press(&[Key::TAB, Key::RIGHT, Key::TAB]);
    console.write("bob").press(&[SAVE]).says("voicemail box \"2001\" was added").says("2001");
    let added = ("2001".to_owned(), "sales".to_owned(), Some("bob".to_owned()));
    assert_eq!(boxes(&console.stored())[1], added);
    // The cursor stands on what was made.
    console.press(&[Key::ENTER]).says("edit voicemail box").press(&[Key::ctrl('u')]).write("2002");
    console
        .press(&[Key::TAB, Key::RIGHT, Key::TAB])
        .write("nobody")
        .press(&[SAVE])
        .says("voicemail box \"2002\" was changed");
    assert_eq!(boxes(&console.stored())[1], ("2002".to_owned(), "default".to_owned(), None));
    console.press(&[Key::ctrl('z')]).says("undone");
    assert_eq!(boxes(&console.stored())[1], added);
}

#[test]
fn what_cannot_be_of_a_box_is_said_while_it_is_typed() {
    let mut console = TestConsole::at(Tab::Voicemails);
    console.press(&[ADD]).write("10 01").reads("must be 1 to 40 letters or digits");
    console.press(&[Key::ctrl('u')]).write("7001").press(&[Key::TAB, Key::TAB]).write("nobody");
    console.write("x").says("Nothing has that").press(&[Key::ESC]).write("alice").press(&[SAVE]);
    console.says("not saved");
    assert_eq!(console.stored().voicemails.len(), 1);
}

#[test]
fn a_box_leads_to_its_user_and_is_removed_when_that_is_confirmed() {
    let mut console = TestConsole::at(Tab::Voicemails);
    console.press(&[Key::char('w')]).says("Users › alice").press(&[Key::char('V')]).says("── Voicemail boxes");
    console.press(&[Key::DELETE]).says("alice has no box then").press(&[Key::char('n')]);
    assert!(console.stored().voicemails.get(VoicemailId::new(1)).is_some());
    console.press(&[Key::DELETE, YES]).says("was removed").says("There is no voicemail box yet");
    console.undo_after_question().says("undone").says("alice");
}

#[test]
fn boxes_and_rooms_are_narrowed_by_what_they_are() {
    let mut console = TestConsole::at(Tab::Voicemails);
    console.press(&[Key::char('/')]).write("user:alice context:default").says("1001").says("1/1");
    console.press(&[Key::ESC, Key::char('/')]).write("user:none").says("nothing found");
    let mut console = TestConsole::at(Tab::Rooms);
    console.press(&[Key::char('/')]).write("board pin:yes").says("4000").press(&[Key::ESC, Key::char('/')]);
    console.write("pin:none").says("nothing found");
}

#[test]
fn a_pin_is_typed_twice_kept_taken_away_and_never_shown() {
    let mut console = TestConsole::at(Tab::Rooms);
    console.says("Board").says("set").does_not_say("1234");
    console
        .press(&[Key::ENTER, Key::TAB])
        .write("Round table")
        .press(&[SAVE])
        .says("conference room \"4000\" was changed");
    assert_eq!(pin(&console.stored(), 1).as_deref(), Some("1234"));
    let to_pin = [Key::ENTER, Key::TAB, Key::TAB, Key::TAB, Key::RIGHT, Key::TAB];
    console.press(&to_pin).write("77x").reads("must be 1 to 12 digits").does_not_say("77x");
    console.press(&[Key::ctrl('u')]).write("7788").press(&[Key::TAB]).write("7789").press(&[SAVE]);
    console.says("not saved").does_not_say("7788");
    console.press(&[Key::ctrl('u')]).write("7788").press(&[SAVE]).says("was changed").does_not_say("7788");
    assert_eq!(pin(&console.stored(), 1).as_deref(), Some("7788"));
    console.press(&[Key::ENTER, Key::TAB, Key::TAB, Key::TAB, Key::LEFT]).says("none from now on").press(&[SAVE]);
    console.says("not set");
    assert_eq!(pin(&console.stored(), 1), None);
    console.press(&[Key::ctrl('z')]).press(&[Key::char('h')]).does_not_say("7788");
    assert_eq!(pin(&console.stored(), 1).as_deref(), Some("7788"));
}

#[test]
fn a_room_is_added_where_its_number_is_free_and_removed() {
    let mut console = TestConsole::at(Tab::Rooms);
    console
        .press(&[ADD])
        .write("1001")
        .press(&[Key::TAB])
        .write("Taken")
        .reads("1001")
        .press(&[SAVE])
        .says("not saved");
    console.press(&[Key::ctrl('u')]).write("4001").press(&[SAVE]).says("conference room \"4001\" was added");
    assert_eq!(console.stored().conferences.len(), 2);
    console.press(&[Key::DELETE]).says("Remove conference").press(&[YES]).says("was removed");
    assert_eq!(console.stored().conferences.len(), 1);
}

#[test]
fn a_finding_about_a_box_or_a_room_leads_to_it() {
    for (kind, place) in [(Kind::Voicemail, "── Voicemail boxes"), (Kind::Conference, "── Conference rooms")] {
        let mut console = TestConsole::at(Tab::Overview);
        let finding = check::Finding {
            severity: Severity::Warning,
            about: Some((kind, 1)),
            on: check::FindingTarget::Database(None),
            defect: check::Defect::OlderSchema,
            remedy: check::Remedy::LookAtCauses,
        };
        console.inner.handle(Event::Findings(vec![finding]));
        console.press(&[Key::ENTER]).says(place);
    }
}

#[test]
fn boxes_and_rooms_look_so() {
    let company = fixtures::small_company();
    assert_frames("voicemails", Tab::Voicemails, &company, |_| {});
    assert_frames("voicemail-form", Tab::Voicemails, &company, |console| {
        console.press(&[Key::ENTER]);
    });
    assert_frames("rooms", Tab::Rooms, &company, |_| {});
    assert_frames("room-form-error", Tab::Rooms, &company, |console| {
        console.press(&[Key::ENTER, Key::TAB, Key::TAB, Key::TAB, Key::RIGHT, Key::TAB]).write("12a").press(&[SAVE]);
    });
}

/// Lines come before queues, and those before rooms, where numbers are checked: whoever had it is named all the same.
#[test]
fn a_number_that_a_queue_or_a_room_has_is_said_to_be_theirs() {
    for (number, holder) in [("3000", "queue \"support\""), ("4000", "conference \"4000@default\"")] {
        let mut console = TestConsole::at(Tab::Users);
        console.press(&[Key::ENTER, Key::char('a')]).write(number);
        console.reads(&format!("{number} is already used by {holder}"));
    }
    let mut console = TestConsole::at(Tab::Queues);
    console.press(&[Key::char('a')]).write("hotline").press(&[Key::TAB, Key::TAB]).write("4000");
    console.reads("4000 is already used by conference \"4000@default\"");
}
