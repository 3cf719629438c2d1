//! The architecture is tested too: one walk over the sources checks what ARCHITECTURE.md and the style promise. Each check
//! takes texts and answers with faults, so that the tests below it can show it failing on a made-up text.
//! Lists of old sins stand in this file; they may only shrink.

mod bounds;
mod circles;
mod edges;
mod files;
mod findings;
mod layers;
mod locks;
mod names;
mod paths;
mod sentences;
mod source;
mod type_names;
mod words;

use source::{Tree, repository};

/// Files past 500 lines: plain tables alone, with their length. A file that shrinks takes its number with it.
const LONG_TABLES: &[(&str, usize)] = &[];

/// Waiting belongs to the few polling loops of the test support.
const SLEEPS_IN_TESTS_MAX: usize = 5;

/// Files of one room that import each other in a circle all the same, with the reason.
const CIRCLES: &[(&[&str], &str)] = &[];

/// The layers of rooms that have some, the lowest first: none imports one above it.
const LAYERS: &[layers::Layers] = &[("live", &["messages", "state", "handlers", "dispatch"])];

/// Type names that mean two things within a room, and those that are imported bare from two rooms.
const TWICE_IN_A_ROOM: usize = 0;
const BARE_FROM_TWO_ROOMS: usize = 0;

/// Async functions that answer a question with a `bool`, which is nothing to go on or close by: whether an event has come.
const ASYNC_QUESTIONS: &[(&str, &str)] = &[("src/asterisk/inquiry.rs", "hears")];

fn assert_none(faults: &[String]) {
    assert!(faults.is_empty(), "{} fault(s):\n  {}\n", faults.len(), faults.join("\n  "));
}

fn architecture() -> String {
    std::fs::read_to_string(repository().join("ARCHITECTURE.md")).expect("ARCHITECTURE.md is there")
}

#[test]
fn every_use_of_a_room_stands_in_the_table_of_edges() {
    let edges = edges::Edges::parse(&architecture()).expect("ARCHITECTURE.md has the table of edges");
    assert_none(&edges::faults(&Tree::product(), &edges));
}

#[test]
fn no_file_imports_a_file_that_imports_it() {
    assert_none(&circles::faults(&Tree::product(), CIRCLES));
}

#[test]
fn no_layer_imports_one_above_it() {
    assert_none(&layers::faults(&Tree::product(), LAYERS));
}

#[test]
fn one_type_name_means_one_thing() {
    let twice = type_names::twice_in_a_room(&Tree::product());
    let bare = type_names::bare_from_two_rooms(&Tree::product());
    let mut faults = type_names::count_faults("type names mean two things within a room", &twice, TWICE_IN_A_ROOM);
    let bare = type_names::count_faults("type names are imported bare from two rooms", &bare, BARE_FROM_TWO_ROOMS);
    faults.extend(bare);
    assert_none(&faults);
}

#[test]
fn every_bound_stands_in_the_table() {
    let limits = std::fs::read_to_string(repository().join("docs/limits.md")).expect("docs/limits.md is there");
    assert_none(&bounds::faults(&Tree::product(), &limits));
}

#[test]
fn names_are_real_words_of_the_field() {
    assert_none(&names::faults(&Tree::product()));
}

#[test]
fn names_need_not_be_learnt_here() {
    assert_none(&names::cute_faults(&Tree::product()));
    assert_none(&names::cute_faults(&Tree::tests()));
}

#[test]
fn a_test_is_named_by_a_sentence() {
    assert_none(&names::test_faults(&Tree::product()));
    assert_none(&names::test_faults(&Tree::tests()));
}

#[test]
fn texts_say_they_of_anybody() {
    assert_none(&names::pronoun_faults(&Tree::readable()));
}

#[test]
fn an_async_function_says_by_its_type_whether_to_go_on() {
    assert_none(&names::async_bool_faults(&Tree::product(), ASYNC_QUESTIONS));
}

#[test]
fn files_are_short() {
    assert_none(&files::length_faults(&Tree::product(), LONG_TABLES));
    assert_none(&files::length_faults(&Tree::tests(), &[]));
}

#[test]
fn comments_are_broken_into_lines() {
    assert_none(&files::comment_faults(&Tree::product()));
    assert_none(&files::comment_faults(&Tree::tests()));
}

#[test]
fn every_file_opens_with_its_paragraph() {
    assert_none(&files::paragraph_faults(&Tree::product()));
    assert_none(&files::paragraph_faults(&Tree::tests()));
}

#[test]
fn words_stay_in_their_rooms() {
    assert_none(&words::faults(&Tree::product()));
}

#[test]
fn what_is_wrong_is_data() {
    assert_none(&findings::faults(&Tree::product()));
}

#[test]
fn nobody_takes_a_sentence_apart() {
    assert_none(&sentences::faults(&Tree::product()));
}

#[test]
fn nothing_is_left_half_done() {
    assert_none(&words::unfinished(&Tree::product()));
    assert_none(&words::unfinished(&Tree::tests()));
}

#[test]
fn tests_wait_for_conditions_not_for_time() {
    let sleeps = words::count(&Tree::tests(), "sleep");
    assert!(sleeps <= SLEEPS_IN_TESTS_MAX, "{sleeps} sleeps in tests/, at most {SLEEPS_IN_TESTS_MAX}");
}

#[test]
fn a_landed_migration_never_changes() {
    let list = std::fs::read_to_string(repository().join("tests/migrations.list")).expect("the list is there");
    assert_none(&files::migration_faults(&files::migrations(), &list));
}

#[test]
fn what_the_fuzz_targets_are_built_of_is_what_the_program_is_built_of() {
    let read = |path: &str| std::fs::read_to_string(repository().join(path)).expect("both crates have their files");
    let (manifest, lock) = (read("Cargo.toml"), read("Cargo.lock"));
    assert_none(&locks::faults(&manifest, &lock, &read("fuzz/Cargo.lock")));
    let without = read("fuzz/Cargo.lock").replace(" \"strsim\",\n", "");
    let faults = locks::faults(&manifest, &lock, &without);
    assert!(faults.iter().any(|fault| fault.contains("does not know strsim")), "{faults:?}");
    let older =
        read("fuzz/Cargo.lock").replacen("name = \"serde\"\nversion = \"1", "name = \"serde\"\nversion = \"0", 1);
    let faults = locks::faults(&manifest, &lock, &older);
    assert!(faults.iter().any(|fault| fault.contains("has serde 0")), "{faults:?}");
}

#[test]
fn every_path_that_architecture_names_is_there() {
    let is_there = |path: &str| repository().join(path).exists();
    assert_none(&files::path_faults(&architecture(), is_there));
    let journeys = std::fs::read_to_string(repository().join("docs/journeys.md")).expect("docs/journeys.md is there");
    assert_none(&files::path_faults(&journeys, is_there));
}

#[test]
fn no_file_names_the_machine_that_it_was_written_on() {
    assert_none(&files::machine_faults(&Tree::everything()));
}
