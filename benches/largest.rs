//! The largest allowed line of every class, on a company of 10 000 people who are all there, a full phone book and a full
//! address book: how long it holds the engine, for which everybody waits, and the most memory that it takes at once. Before
//! that a link to a telephone system of as many lines begins; behind it come changes of settings that concern everybody or
//! are costly to take over.
//! `cargo bench --bench largest --features measure`; `-- BYTES` for another size of the long lines.

#![allow(clippy::print_stdout)]

use std::time::Duration;

use anyhow::Result;
use ctibox::measured::{Cost, Engine, Fixture, Floor, Publication};
use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

const PEOPLE: usize = 10_000;
const ENTRIES: usize = 100_000;
const LINE_BYTES: usize = 16 * 1024 * 1024;
const ROUNDS: usize = 5;
/// Ten thousand members of queues, a thousand callers in the largest of these.
const FLOOR: Floor = Floor { lines: PEOPLE, agents: 1_000, queues: 100, callers: 100, channels: 4_000 };

const HOLD: Duration = Duration::from_millis(20);
const BYTES_EACH: usize = 8;
const BYTES_REST: usize = 1024 * 1024;

fn main() -> Result<()> {
    let bytes = std::env::args().skip(1).find_map(|word| word.parse().ok()).unwrap_or(LINE_BYTES);
    let folder = tempfile::tempdir()?;
    let fixture = Fixture::of(PEOPLE).with_phone_book(ENTRIES).with_floor(FLOOR.agents, FLOOR.queues);
    let mut engine = Engine::of(&fixture, folder.path());
    engine.fill_address_book();
    println!("| telephony | notices | slices | made ready | longest input | longest slice | all slices |");
    println!("|---|---|---|---|---|---|---|");
    print_publication("a first link begins, and takes over what is there", engine.begin_link(FLOOR, 1));
    engine.lose_link();
    print_publication("a link begins again, and nothing is another", engine.begin_link(FLOOR, 1));
    engine.lose_link();
    print_publication("a link begins again, and every telephone is in another state", engine.begin_link(FLOOR, 8));
    print_publication("every telephone changes its state", engine.change_all_phones(FLOOR, 16));
    print_publication("one of a thousand who wait leaves", engine.take_a_caller(FLOOR));
    println!();
    println!("| line | bytes | read | longest hold | all holds | store | memory | of allowed |");
    println!("|---|---|---|---|---|---|---|---|");
    let (mut longest, mut beyond) = (Duration::ZERO, 0);
    for (name, line) in engine.largest_lines(bytes) {
        let mut cost = Cost::default();
        let mut memory = 0;
        for _ in 0..ROUNDS {
            engine.log_in_again();
            let before = MEMORY.current_usage();
            MEMORY.reset_peak_usage();
            let one = engine.say(&line);
            memory = memory.max(MEMORY.peak_usage().saturating_sub(before));
            cost.reading = cost.reading.max(one.reading);
            cost.longest_hold = cost.longest_hold.max(one.longest_hold);
            cost.holds = cost.holds.max(one.holds);
            cost.store = cost.store.max(one.store);
        }
        let allowed = BYTES_EACH * line.len() + BYTES_REST;
        longest = longest.max(cost.longest_hold);
        beyond += usize::from(cost.longest_hold > HOLD || memory > allowed);
        println!(
            "| {name} | {} | {:.1} ms | {:.2} ms | {:.1} ms | {:.1} ms | {} KiB | {} % |",
            line.len(),
            milliseconds(cost.reading),
            milliseconds(cost.longest_hold),
            milliseconds(cost.holds),
            milliseconds(cost.store),
            memory / 1024,
            memory * 100 / allowed
        );
    }
    println!();
    println!("longest hold of the engine: {:.2} ms; lines beyond what is allowed: {beyond}", milliseconds(longest));
    println!();
    println!("| changed settings | notices | slices | made ready | taken over | longest slice | all slices |");
    println!("|---|---|---|---|---|---|---|");
    print_publication("everybody has another name", engine.rename_everybody());
    print_publication("one entry more in the phone book", engine.add_entry());
    print_publication("everybody's presence is called otherwise", engine.rename_presence());
    Ok(())
}

/// What is made ready is made outside of the engine.
fn print_publication(what: &str, told: Publication) {
    let [ready, taken_over] = [told.preparing, told.first.longest_hold].map(milliseconds);
    let [longest, all] = [told.rest.longest_hold, told.rest.holds].map(milliseconds);
    println!(
        "| {what} | {} | {} | {ready:.1} ms | {taken_over:.2} ms | {longest:.2} ms | {all:.0} ms |",
        told.notices, told.slices
    );
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}
