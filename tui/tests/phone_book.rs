//! The phone book: entries are found, added, edited, copied and removed, files are imported, and what others change
//! appears.

use std::fs;
use std::thread::yield_now;

use tempfile::TempDir;

use super::{COLOR, TestConsole, assert_frames};
use crate::settings::configuration::Configuration;
use crate::settings::fixtures::{self, entry_details};
use crate::settings::id::{Id as _, PhoneBookEntryId};
use crate::settings::phone_book::{Field as EntryField, PhoneBookEntry};
use crate::tui::Rights;
use crate::tui::event::Event;
use crate::tui::keys::Key;
use crate::tui::tab::Tab;

const SAVE: Key = Key::ctrl('s');
const ADD: Key = Key::char('a');
const IMPORT: Key = Key::char('i');
const YES: Key = Key::char('y');

/// A new one, one that is there word for word, one without name and number, one of an unknown context.
const TABLE: &str = "firstname,lastname,number,email,company,context,shoe_size\n\
                     Ida,Holm,030 5550401,,,,38\n\
                     ,,,,Acme,,39\n\
                     ,,,ida@example.org,,,40\n\
                     Max,Mute,0305550402,,,nowhere,41\n";

fn entry(console: &TestConsole, id: i64) -> PhoneBookEntry {
    let stored = console.stored();
    PhoneBookEntry::clone(stored.phone_book.get(PhoneBookEntryId::new(id)).expect("the entry"))
}

/// The entries of the small company, each as it was; the ids of others are not given out again.
fn is_as_at_first(console: &TestConsole) -> bool {
    console.stored().phone_book.at_hand().iter().eq(fixtures::small_company().phone_book.at_hand().iter())
}

/// What was read on other threads is there.
fn wait(console: &mut TestConsole) -> &mut TestConsole {
    while console.inner.is_working() {
        yield_now();
        console.inner.look_after();
    }
    console
}

fn written(name: &str, text: &str) -> (TempDir, String) {
    let folder = TempDir::new().expect("a folder");
    let file = folder.path().join(name);
    fs::write(&file, text).expect("it can be written");
    let name = file.display().to_string();
    (folder, name)
}

/// Opens the form of the import and reads that file.
fn read<'a>(console: &'a mut TestConsole, file: &str) -> &'a mut TestConsole {
    console.press(&[IMPORT]).says("Encoding").write(file).press(&[SAVE]);
    wait(console)
}

#[test]
fn an_entry_is_added_edited_copied_and_undo_takes_each_back() {
    let mut console = TestConsole::at(Tab::PhoneBook);
    console.says("Acme").says("Zoe Roe").press(&[ADD]).says("new entry").write("Ida").press(&[Key::TAB]).write("Holm");
    console.press(&[Key::TAB]).write("(030) 555 0401").press(&[SAVE]).says("phone book entry \"Ida Holm\" was added");
    assert_eq!(entry(&console, 3).details.text(EntryField::Number), "0305550401");
    // The cursor stands on what was made.
    console.press(&[Key::ENTER]).says("edit entry").press(&[Key::TAB; 3]).write("+49 171 1").press(&[Key::END]);
    console.press(&[Key::TAB; 5]).press(&[Key::TAB, Key::RIGHT, Key::RIGHT, SAVE]).says("was changed").says("+491711");
    let edited = entry(&console, 3);
    assert_eq!((edited.details.text(EntryField::Mobile), edited.context.is_some()), ("+491711", true));
    console.press(&[Key::char('c')]).says("new entry").says("Holm").write("Ina").press(&[SAVE]).says("was added");
    assert_eq!(entry(&console, 4).details.text(EntryField::FirstName), "Ina");
    for left in [3, 3, 2] {
        console.press(&[Key::ctrl('z')]).says("undone");
        assert_eq!(console.stored().phone_book.len(), left);
    }
    assert!(is_as_at_first(&console));
}

#[test]
fn what_is_wrong_with_a_field_is_said_where_it_is_typed() {
    let mut console = TestConsole::at(Tab::PhoneBook);
    console.press(&[ADD, SAVE]).says("not saved").press(&[Key::TAB, Key::TAB]).write("n/a").reads("number \"n/a\"");
    console.press(&[Key::TAB, Key::TAB]).write("x").reads("e-mail address \"x\"");
    assert_eq!(console.stored().phone_book.len(), 2);
}

#[test]
fn an_entry_that_somebody_else_changed_is_shown_in_both_versions() {
    let mut console = TestConsole::at(Tab::PhoneBook);
    console.press(&[Key::END, Key::ENTER]).says("edit entry").write("Zora");
    console.elsewhere(|c| {
        let zoe = PhoneBookEntryId::new(1);
        c.phone_book.edit(zoe, |entry| entry.details = entry_details(&[("firstname", "Zita"), ("number", "1")]));
    });
    console.press(&[SAVE]).says("Somebody else changed this meanwhile").says("Zora").says("Zita");
    assert_eq!(entry(&console, 1).details.text(EntryField::FirstName), "Zita");
    console.press(&[Key::char('m')]).says("was changed");
    assert_eq!(entry(&console, 1).details.text(EntryField::FirstName), "Zora");
}

#[test]
fn an_entry_that_somebody_else_removed_is_not_brought_back_unsaid() {
    let mut console = TestConsole::at(Tab::PhoneBook);
    console.press(&[Key::END, Key::ENTER]).write("Zora");
    console.elsewhere(|c| c.remove_phone_book_entry(PhoneBookEntryId::new(1)).expect("it is there"));
    console.press(&[SAVE]).says("It was removed").press(&[Key::char('t')]).says("── Phone book");
    assert_eq!(console.stored().phone_book.len(), 1);
}

#[test]
fn removing_an_entry_is_asked_and_taken_back() {
    let mut console = TestConsole::at(Tab::PhoneBook);
    console.press(&[Key::DELETE]).says("Remove phone book entry").press(&[Key::char('n')]);
    assert_eq!(console.stored().phone_book.len(), 2);
    console.press(&[Key::DELETE, YES]).says("was removed").does_not_say(" Acme ");
    assert_eq!(console.stored().phone_book.len(), 1);
    console.press(&[Key::ctrl('z')]).says("undone").says("Acme");
}

#[test]
fn what_others_change_appears_and_the_cursor_stays_on_its_entry() {
    let mut console = TestConsole::at(Tab::PhoneBook);
    console.press(&[Key::END]).says("── Zoe Roe");
    let heard = console.elsewhere(|c| {
        c.add_phone_book_entry(entry_details(&[("lastname", "Aaron")]), None).expect("an entry");
    });
    console.inner.handle(Event::Configuration(heard));
    wait(&mut console).says("Aaron").says("── Zoe Roe");
}

#[test]
fn entries_are_looked_for_by_number_company_and_context() {
    let mut console = TestConsole::at(Tab::PhoneBook);
    console.press(&[Key::char('/')]).write("514 555").says("Zoe Roe").says("1/2").does_not_say("Acme");
    console.press(&[Key::ESC, Key::char('/')]).write("context:none").says("Acme").does_not_say("Zoe");
    console.press(&[Key::ESC, Key::char('/')]).write("nobody").says("nothing found");
}

#[test]
fn a_table_is_tried_first_and_its_good_lines_are_imported_and_taken_back() {
    let (_folder, file) = written("people.csv", TABLE);
    let mut console = TestConsole::at(Tab::PhoneBook);
    read(&mut console, &file).says("1 entry would be added, 1 there already").says("2 lines are not good");
    console.says("shoe_size").says("1 context is missing, F adds what is missing: nowhere");
    console.reads("no context is called \"nowhere\"; add it first");
    assert!(is_as_at_first(&console));
    console.press(&[Key::ENTER]).says("Import the good lines only?").press(&[Key::char('n'), Key::ENTER, YES]);
    console.says("1 entry was added; 1 is there already; 2 are left out").says("Ida Holm");
    assert_eq!(entry(&console, 3).details.text(EntryField::Number), "0305550401");
    console.press(&[Key::ctrl('z')]);
    console.says("undone").does_not_say("Ida Holm  ");
    assert!(is_as_at_first(&console));
}

#[test]
fn the_preview_shows_each_entry_by_what_was_read_as_what() {
    let (_folder, file) = written("people.csv", "Name,Phone\nIda Holm,0305550401\n");
    let mut console = TestConsole::at(Tab::PhoneBook);
    read(&mut console, &file).says("Ida Holm").says("number 0305550401").says(" 1 ──");
}

#[test]
fn contexts_that_only_the_file_has_are_added_in_one_step_before_its_entries() {
    let (_folder, file) = written("people.csv", "lastname,number,context\nHolm,1,nowhere\nFerm,2,lab\nKuhn,3,\n");
    let mut console = TestConsole::at(Tab::PhoneBook);
    read(&mut console, &file).says("import people.csv").says("1 entry would be added").says("2 lines are not good");
    console.says("2 contexts are missing, F adds what is missing: lab, nowhere");
    console.press(&[Key::char('F')]).says("Add 2 contexts of this file?").says("· lab").says("· nowhere").press(&[YES]);
    wait(&mut console).says("3 entries would be added").says("every line is good").does_not_say("missing");
    console.press(&[Key::char('F')]).says("no context is missing");
    // Somebody takes one away, and its line is no good one any more.
    let heard = console.elsewhere(|c| {
        let lab = c.contexts.find(|context| context.name.as_str() == "lab").expect("it was added").id;
        c.remove_context(lab).expect("nothing stands in it");
    });
    console.inner.handle(Event::Configuration(heard));
    wait(&mut console).says("1 line is not good").press(&[Key::char('F'), YES]);
    wait(&mut console).says("every line is good").press(&[Key::ENTER]).says("3 entries were added");
    console.press(&[Key::char('y')]).says("the same as a command");
    let lines = console.same_commands();
    let import = format!("phonebook import {file}");
    assert_eq!(lines, ["context add lab", "context add nowhere", &import]);
    console.press(&[Key::ESC]).undo_after_question().says("undone").does_not_say("Ferm");
    assert_ne!(console.same_commands(), lines);
}

#[test]
fn a_narrow_terminal_tells_all_of_what_is_wrong_and_shows_the_example() {
    let (_folder, file) = written("people.csv", "firstname,number,context\nIda,1,nowhere\nBob,12x,\n");
    let mut console = TestConsole::with(Tab::PhoneBook, fixtures::small_company(), Rights::Edit, COLOR, (60, 20));
    console.press(&[IMPORT]).says("Zoe,Roe,+33123456789,Acme").write(&file).press(&[SAVE]);
    wait(&mut console).says("1 entry would be added").says("1 line is not good, ! 1 with something left out");
}

#[test]
fn an_import_of_good_lines_alone_is_one_command_with_what_was_chosen() {
    let (_folder, file) = written("people", "lastname,number,context\nHolm,1,nowhere\nKuhn,3,\n");
    let mut console = TestConsole::at(Tab::PhoneBook);
    console.press(&[IMPORT]).write(&file).press(&[Key::TAB]).write("table").press(&[Key::TAB]).write("sales");
    console.press(&[Key::TAB]).write("latin1").press(&[SAVE]);
    wait(&mut console).says("1 line is not good").press(&[Key::ENTER, YES]).says("1 entry was added");
    let options = "--format csv --context sales --encoding Windows-1252 --accept-good-lines";
    assert_eq!(console.same_commands(), [format!("phonebook import {file} {options}")]);
}

#[test]
fn cards_are_imported_into_a_context_that_is_chosen() {
    let card = "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Holm;Ida;;;\r\nTEL;TYPE=work:030 5550401\r\nEND:VCARD\r\n";
    let (_folder, file) = written("people", card);
    let mut console = TestConsole::at(Tab::PhoneBook);
    console.press(&[IMPORT]).write(&file).press(&[SAVE]).reads("ends in .csv, .vcf or .vcard");
    console.press(&[Key::TAB]).write("cards").press(&[Key::TAB]).write("sales").press(&[SAVE]);
    wait(&mut console).says("every line is good").press(&[Key::ENTER]).says("1 entry was added");
    assert!(entry(&console, 3).context.is_some());
}

#[test]
fn a_file_that_cannot_be_imported_is_said_and_nothing_is_written() {
    let mut console = TestConsole::at(Tab::PhoneBook);
    read(&mut console, "nowhere.csv").says("nowhere.csv cannot be read").says("── Phone book");
    let (_folder, file) = written("empty.csv", "");
    read(&mut console, &file).reads("holds no entry");
    assert!(is_as_at_first(&console));
}

#[test]
fn a_console_that_only_reads_changes_no_entry() {
    let company = fixtures::small_company();
    let mut console = TestConsole::with(Tab::PhoneBook, company, Rights::ReadOnly, COLOR, (80, 24));
    console.says("Zoe Roe").does_not_say("import").press(&[IMPORT]).says("this console is read-only");
    console.press(&[Key::DELETE]).says("this console is read-only");
    assert!(is_as_at_first(&console));
}

#[test]
fn an_entry_of_the_history_is_gone_to_where_it_stands() {
    let mut console = TestConsole::at(Tab::PhoneBook);
    console.press(&[Key::DELETE, YES]).says("was removed").press(&[Key::char('h')]).says("phone book entry");
    console.press(&[Key::char('u'), YES]).says("undone:").press(&[Key::char('B')]).says("Acme");
}

/// More than one frame holds.
fn larger_company() -> Configuration {
    let mut company = fixtures::small_company();
    for number in 100..140 {
        let name = format!("Person{number}");
        let number = format!("+4930555{number:04}");
        let texts = [("lastname", name.as_str()), ("mobile", number.as_str()), ("company", "Globex")];
        company.add_phone_book_entry(entry_details(&texts), None).expect("an entry");
    }
    company
}

#[test]
fn the_phone_book_looks_so() {
    let company = larger_company();
    assert_frames("phone-book", Tab::PhoneBook, &company, |console| {
        console.press(&[Key::END]);
    });
    assert_frames("phone-book-filter", Tab::PhoneBook, &company, |console| {
        console.press(&[Key::char('/')]).write("company:globex 12");
    });
    assert_frames("phone-book-form-error", Tab::PhoneBook, &company, |console| {
        console.press(&[Key::ENTER, Key::TAB, Key::TAB]).write("n/a").press(&[SAVE]);
    });
    assert_frames("phone-book-import", Tab::PhoneBook, &company, |console| {
        console.press(&[IMPORT]).write("people.csv");
    });
}

/// A number that is none costs the entry nothing but the number: that is said once, in the line of the entry, and asked about.
#[test]
fn a_line_with_a_wrong_number_is_no_good_line_and_is_asked_about() {
    let (_folder, file) = written("people.csv", "firstname,number,email\nIda,0305550401,\nBob,12x,bob@example.org\n");
    let mut console = TestConsole::at(Tab::PhoneBook);
    read(&mut console, &file).does_not_say("every line is good").says("1 line with something left out");
    console.reads("Bob left out: number \"12x\" must be");
    assert_eq!(console.screen().matches(" Bob ").count(), 1, "{}", console.screen());
    console.says(" Ida ").press(&[Key::char('f')]).says(" Bob ").does_not_say(" Ida ");
    console.press(&[Key::ENTER]).reads("1 entry would come without what is wrong in its line").press(&[YES]);
    console.says("2 entries were added");
}

/// What stands twice in the file is not in the book for that, and what reaches nobody is seen before it is taken.
#[test]
fn a_double_line_and_an_entry_that_reaches_nobody_are_marked_and_asked_about_no_further() {
    let (_folder, file) = written("people.csv", "lastname,number,email\nHolm,1,\nHolm,1,\nBau,,hugo@bau\nFerm,2,\n");
    let mut console = TestConsole::at(Tab::PhoneBook);
    console.press(&[IMPORT]).says("Ctrl-S read").does_not_say("Ctrl-S save").write(&file).press(&[SAVE]);
    wait(&mut console).says("3 entries would be added, 1 repeated in the file, ").does_not_say("there already");
    console.says("● every line is good").says("! 2 lines to be looked at, marked !");
    console.press(&[Key::char('f')]).says("Bau").does_not_say("Ferm").press(&[Key::char('r')]);
    wait(&mut console).says("Bau").does_not_say("Ferm").reads("is the same as line 2 of the file and added once");
    console.press(&[Key::DOWN]).reads("has the e-mail address hugo@bau, which ends in no domain");
    console.press(&[Key::ENTER]).says("3 entries were added; 1 is repeated in the file");
}
