//! The house is tested too: one walk over the sources checks what ARCHITECTURE.md and the style promise. Each check
//! takes texts and answers with faults, so that the tests below it can show it failing on a made-up text.
//! Lists of old sins stand in this file; they may only shrink.

mod bounds;
mod edges;
mod files;
mod names;
mod source;
mod words;

use source::{Tree, repository};

/// Files past 500 lines: plain tables alone, with their length. A file that shrinks takes its number with it.
const LONG_TABLES: &[(&str, usize)] = &[];

/// How often code outside tests names the raw access to the live picture.
const UNFILTERED_USES: usize = 6;

/// Waiting belongs to the few polling loops of the test support.
const SLEEPS_IN_TESTS_MAX: usize = 5;

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
fn every_bound_stands_in_the_table() {
    assert_none(&bounds::faults(&Tree::product(), &architecture()));
}

#[test]
fn names_are_real_words_of_the_field() {
    assert_none(&names::faults(&Tree::product()));
}

#[test]
fn a_test_is_named_by_a_sentence() {
    assert_none(&names::test_faults(&Tree::product()));
    assert_none(&names::test_faults(&Tree::tests()));
}

#[test]
fn files_are_short() {
    assert_none(&files::length_faults(&Tree::product(), LONG_TABLES));
    assert_none(&files::length_faults(&Tree::tests(), &[]));
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
fn nothing_is_left_half_done() {
    assert_none(&words::unfinished(&Tree::product()));
    assert_none(&words::unfinished(&Tree::tests()));
}

#[test]
fn the_raw_access_to_the_picture_is_counted() {
    assert_none(&words::count_faults(&Tree::product(), "unfiltered", UNFILTERED_USES));
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
fn no_file_names_the_machine_that_it_was_written_on() {
    assert_none(&files::machine_faults(&Tree::everything()));
}
