//! The import of XiVO's table of users by keyboard: the dry run, the good lines alone, stopping it.

use std::fs;
use std::thread::yield_now;

use tempfile::TempDir;

use super::{COLOR, TestConsole, assert_frames};
use crate::settings::fixtures;
use crate::settings::password::{CheckMemory, Secret};
use crate::tui::Rights;
use crate::tui::keys::Key;
use crate::tui::tab::Tab;

/// A good line, one whose login is taken, one whose context is unknown; a column that nobody knows.
const TABLE: &str = "firstname,lastname,username,password,exten,context,shoe_size\n\
                     Dora,Ferm,dora,hunter-22,1101,default,38\n\
                     Alice,Martin,Alice,hunter-23,,,39\n\
                     Eva,Holm,eva,,1102,nowhere,40\n";

fn open(console: &mut TestConsole, file: &str) {
    console.press(&[Key::char('i')]).write(file).press(&[Key::ENTER]);
}

/// Lets the job come to its end.
fn wait(console: &mut TestConsole) {
    while console.inner.is_working() {
        yield_now();
        console.inner.look_after();
    }
}

fn written(text: &str) -> (TempDir, String) {
    let folder = TempDir::new().expect("a folder");
    let file = folder.path().join("table.csv");
    fs::write(&file, text).expect("it can be written");
    let name = file.display().to_string();
    (folder, name)
}

#[test]
fn the_table_of_the_documents_is_imported() {
    let mut console = TestConsole::at(Tab::Users);
    open(&mut console, "docs/users.csv");
    console.says("3 users would be added").says("every line is good").does_not_say("good-one");
    assert_eq!(console.stored(), fixtures::small_company());
    console.press(&[Key::ENTER]);
    wait(&mut console);
    console.says("3 users were added").says("henri").does_not_say("good-one");
    let stored = console.stored();
    let ines = stored.users.find(|user| user.has_login("ines")).expect("ines was imported");
    assert!(
        ines.password
            .as_ref()
            .is_some_and(|hash| hash.is_of(&Secret::new("another-good-one"), &mut CheckMemory::default()))
    );
    assert_eq!(stored.lines_of(ines.id)[0].extension.as_str(), "1102");
    console.press(&[Key::ctrl('z'), Key::char('y')]).says("undone: 3 users were added");
    assert_eq!((console.stored().users.len(), console.stored().lines.len()), (3, 3));
}

#[test]
fn a_context_that_does_not_exist_is_named_with_whose_line_it_is_and_the_columns_are_told_before() {
    let table = "firstname,username,password,exten,context\nEva,eva,hunter-22,1102,support\n";
    let (_folder, file) = written(table);
    let mut console = TestConsole::at(Tab::Users);
    console.press(&[Key::char('i')]).says("cti_profile_name").says("For example:").write(&file).press(&[Key::ENTER]);
    console
        .says("eva")
        .says("Eva")
        .reads("no context is called \"support\"; add it first, or name another: there is default, sales");
    console.does_not_say("hunter-22");
}

#[test]
fn contexts_that_only_the_file_has_are_added_in_one_step_before_its_users() {
    let table = "firstname,username,exten,context\nEva,eva,1102,support\nAnn,ann,1103,support\nIngo,ingo,1104,lab\n";
    let (_folder, file) = written(table);
    let mut console = TestConsole::at(Tab::Users);
    open(&mut console, &file);
    console.says("0 users would be added").says("2 contexts are missing, F adds what is missing: lab, support");
    console.press(&[Key::char('F')]).says("Add 2 contexts of this file?").says("· lab").says("· support");
    console.press(&[Key::char('y')]).says("2 contexts were added");
    wait(&mut console);
    console.says("3 users would be added").says("every line is good").does_not_say("missing");
    console.press(&[Key::ENTER]);
    wait(&mut console);
    console.says("3 users were added");
    assert_eq!((console.stored().users.len(), console.stored().contexts.len()), (6, 4));
    let import = format!("user import {file}");
    assert_eq!(console.same_commands(), ["context add lab", "context add support", &import]);
    console.press(&[Key::char('y')]).says("the same as a command").says("ctibox context add support");
}

#[test]
fn a_context_of_a_line_whose_cells_may_stand_in_wrong_columns_is_not_offered() {
    let (_folder, file) = written("firstname,username,password,exten,context\nEva,eva,,1102,hunter-22\n");
    let mut console = TestConsole::at(Tab::Users);
    open(&mut console, &file);
    console.says("1 line is not good").does_not_say("missing").does_not_say("hunter");
    console.press(&[Key::char('F')]).says("no context is missing");
}

#[test]
fn whoever_is_looked_for_is_found_among_the_lines() {
    let mut console = TestConsole::at(Tab::Users);
    open(&mut console, "docs/users.csv");
    console.press(&[Key::char('/')]).write("ines").press(&[Key::ENTER]).says("ines").does_not_say("henri");
    console.press(&[Key::ESC]).says("henri");
}

#[test]
fn bad_lines_are_left_out_only_if_that_is_wanted() {
    let (_folder, file) = written(TABLE);
    let mut console = TestConsole::at(Tab::Users);
    open(&mut console, &file);
    console.says("columns not known: \"shoe_size\"").press(&[Key::char('f')]).does_not_say("Dora");
    console.press(&[Key::END]).says("names no context that there is").press(&[Key::char('f')]);
    console.press(&[Key::ENTER]).says("2 lines are not good").press(&[Key::char('n')]);
    assert_eq!(console.stored(), fixtures::small_company());
    console.press(&[Key::ENTER, Key::char('y')]);
    wait(&mut console);
    console.says("1 user was added; 2 lines were left out").does_not_say("hunter");
    assert_eq!(console.stored().users.len(), 4);
    assert_eq!(console.same_commands(), [format!("user import {file} --accept-good-lines")]);
}

#[test]
fn an_import_can_be_stopped_while_it_hashes() {
    let lines: String = (0..200).map(|number| format!("A,user{number},secret-{number}\n")).collect();
    let (_folder, file) = written(&format!("firstname,username,password\n{lines}"));
    let mut console = TestConsole::at(Tab::Users);
    open(&mut console, &file);
    console
        .press(&[Key::ENTER])
        .says("of 200 passwords hashed")
        .says("Esc stops it before that.")
        .press(&[Key::char('q'), Key::ESC]);
    console
        .says("the import was stopped; nothing was written")
        .says("200 users would be added")
        .does_not_say("secret-");
    assert_eq!(console.stored(), fixtures::small_company());
}

#[test]
fn a_login_that_is_taken_meanwhile_refuses_the_import() {
    let (_folder, file) = written("firstname,username,password\nDora,dora,hunter-22\n");
    let mut console = TestConsole::at(Tab::Users);
    open(&mut console, &file);
    console.press(&[Key::ENTER]);
    console.elsewhere(|c| {
        fixtures::add_user(c, "dora");
    });
    wait(&mut console);
    console.says("nothing was written: line 2 of the file").does_not_say("hunter");
}

#[test]
fn a_console_that_only_reads_shows_the_dry_run_alone() {
    let mut console = TestConsole::with(Tab::Users, fixtures::small_company(), Rights::ReadOnly, COLOR, (80, 24));
    open(&mut console, "docs/users.csv");
    console.says("3 users would be added").press(&[Key::ENTER]).says("this console is read-only");
    assert!(!console.inner.is_working());
}

#[test]
fn what_is_no_table_is_told() {
    let (_folder, file) = written("no,table\n");
    let mut console = TestConsole::at(Tab::Users);
    console
        .press(&[Key::char('i'), Key::ENTER])
        .says("which file?")
        .write("/")
        .press(&[Key::ENTER])
        .says("it is no file");
    console.press(&[Key::ctrl('u')]).write("nothing.csv").press(&[Key::ENTER]).says("nothing.csv cannot be read");
    console.press(&[Key::ctrl('u')]).write(&file).press(&[Key::ENTER]).says("its first line names no column");
}

/// Of two lines with one device, the second is marked; what cannot be done with the file is not in the bar.
#[test]
fn what_is_most_likely_not_meant_is_marked_at_its_line() {
    let (_folder, file) = written("firstname,exten,context\nAnn,1234,sales\nBen,1234,default\nCid,10a5,sales\n");
    let mut console = TestConsole::at(Tab::Users);
    open(&mut console, &file);
    console
        .says("every line is good")
        .says("! 2 lines to be looked at, marked !")
        .says("! 3")
        .says("Enter import")
        .does_not_say("F fix");
    console.press(&[Key::DOWN]).reads("device \"PJSIP/1234\": is also that of line 2 of the file");
    console.press(&[Key::DOWN]).reads("extension \"10a5\": has letters");
    // They are what there is to show of the file, bad or not.
    console.press(&[Key::char('f')]).does_not_say("Ann").says("Ben").says("Cid");
    console.press(&[Key::char('r')]).does_not_say("Ann").says("Ben").press(&[Key::char('f')]).says("Ann");
    console.press(&[Key::ENTER]);
    wait(&mut console);
    console.reads("3 users were added. Note: line \"1234@default\" has the device PJSIP/1234 of line \"1234@sales\"");
}

#[test]
fn the_bad_lines_alone_are_shown_again_where_the_file_is_read_again() {
    let (_folder, file) = written("firstname,username\nDora,dora\nAlice,Alice\n");
    let mut console = TestConsole::at(Tab::Users);
    open(&mut console, &file);
    console.press(&[Key::char('f')]).does_not_say("Dora").press(&[Key::char('r')]).does_not_say("Dora").says("Alice");
    // Where every line is good, they are all.
    fs::write(&file, "firstname,username\nDora,dora\nEva,eva\n").expect("it can be written");
    console.press(&[Key::char('r')]).says("Dora").says("Eva");
}

#[test]
fn nothing_is_offered_where_no_line_is_good() {
    let (_folder, file) = written("firstname,username\nAlice,alice\n");
    let mut console = TestConsole::at(Tab::Users);
    open(&mut console, &file);
    console.does_not_say("Enter import").says("r again").press(&[Key::ENTER]).says("no line is good");
}

#[test]
fn the_screens_of_an_import_look_well() {
    assert_frames("user-import-file", Tab::Users, &fixtures::small_company(), |console| {
        console.press(&[Key::char('i')]).write("users.txt").press(&[Key::ENTER]);
    });
    let mut company = fixtures::small_company();
    fixtures::add_user(&mut company, "Henri");
    assert_frames("user-import", Tab::Users, &company, |console| open(console, "docs/users.csv"));
}
