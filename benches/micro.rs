//! What single steps cost: framing, parsing, encoding, a change of presence in front of a thousand sessions, answers of
//! lists, searches among ten thousand people, reading and checking ten thousand users, a key of the console.
//! `cargo bench --profile dist --bench micro --features measure`.

use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use ctibox::measured::{Console, Fixture, Population, encode_presence, parse_line, take_lines, take_packets};

const PRESENCE: &[u8] = br#"{"class":"availstate","availstate":"away","ipbxid":"xivo","userid":"1","commandid":7}"#;
const QUESTION: &[u8] =
    br#"{"class":"getlist","function":"updateconfig","listname":"users","tipbxid":"xivo","tid":"42","commandid":8}"#;

/// As a busy floor says it.
const ASTERISK: &[u8] = b"Event: ExtensionStatus\r\nPrivilege: call,all\r\nSystemName: tel\r\nExten: 101\r\n\
Context: default\r\nHint: PJSIP/101&Custom:DND101,CustomPresence:101\r\nStatus: 8\r\nStatusText: Ringing\r\n\r\n\
Event: Newstate\r\nPrivilege: call,all\r\nSystemName: tel\r\nChannel: PJSIP/101-00000029\r\nChannelState: 5\r\n\
ChannelStateDesc: Ringing\r\nCallerIDNum: 101\r\nCallerIDName: Alice\r\nConnectedLineNum: 102\r\n\
ConnectedLineName: Bob\r\nLanguage: en\r\nAccountCode: \r\nContext: default\r\nExten: 600\r\nPriority: 1\r\n\
Uniqueid: tel-1795440503.44\r\nLinkedid: tel-1795440503.44\r\n\r\n\
Event: QueueMemberStatus\r\nPrivilege: agent,all\r\nSystemName: tel\r\nQueue: support\r\nMemberName: Agent/8001\r\n\
Interface: Local/id-7@agentcallback\r\nStateInterface: PJSIP/101\r\nMembership: dynamic\r\nPenalty: 0\r\n\
CallsTaken: 3\r\nLastCall: 1795440503\r\nLastPause: 0\r\nLoginTime: 1795440000\r\nInCall: 0\r\nStatus: 6\r\nPaused: 0\r\n\
PausedReason: \r\nRinginuse: 0\r\nWrapuptime: 0\r\n\r\n";

fn wire(criterion: &mut Criterion) {
    let stream = [QUESTION, b"\n"].concat().repeat(600);
    let mut group = criterion.benchmark_group("wire");
    group.throughput(Throughput::Bytes(stream.len() as u64));
    group.bench_function("frame 600 lines", |bench| bench.iter(|| take_lines(black_box(&stream), 65_536)));
    let packets = ASTERISK.repeat(200);
    group.throughput(Throughput::Bytes(packets.len() as u64));
    group.bench_function("read 600 packets of Asterisk", |bench| {
        bench.iter(|| take_packets(black_box(&packets), 65_536));
    });
    group.throughput(Throughput::Elements(1));
    group.bench_function("parse availstate", |bench| bench.iter(|| parse_line(black_box(PRESENCE))));
    group.bench_function("parse getlist", |bench| bench.iter(|| parse_line(black_box(QUESTION))));
    group.bench_function("encode a presence", |bench| bench.iter(encode_presence));
    group.finish();
}

fn live(criterion: &mut Criterion) {
    let mut population = Population::of(&Fixture::of(1000));
    criterion.bench_function("live: presence to 1000 sessions", |bench| bench.iter(|| population.change_presence()));
    criterion.bench_function("live: ids of 1000 users", |bench| bench.iter(|| population.ask_list("users", None)));
    criterion.bench_function("live: one user's config", |bench| bench.iter(|| population.ask_list("users", Some(500))));
    criterion
        .bench_function("live: one phone's config", |bench| bench.iter(|| population.ask_list("phones", Some(500))));
}

/// A search of the people xlet, with its encoded answer; 500 rows at most.
fn people(criterion: &mut Criterion) {
    let fixture = Fixture::of(10_000);
    let (mut population, mut separated) = (Population::first_of(&fixture), Population::first_of_separated(&fixture));
    let mut group = criterion.benchmark_group("people of 10000");
    for (what, pattern) in [
        ("one is found", "Last9876"),
        ("all are found, by a letter", "a"),
        ("some are found, late", "9998"),
        ("nobody is found", "zoe"),
        ("nobody is found by what nearly fits", "last10000"),
    ] {
        group.bench_function(what, |bench| bench.iter(|| population.search_people(black_box(pattern))));
    }
    // Everybody is looked at, and 50 are told.
    group.bench_function("all are found, fifty are seen", |bench| {
        bench.iter(|| separated.search_people(black_box("a")))
    });
    group.finish();
}

fn settings(criterion: &mut Criterion) {
    let fixture = Fixture::of(10_000);
    let folder = tempfile::tempdir().expect("a folder");
    fixture.save(folder.path());
    let mut group = criterion.benchmark_group("settings");
    group.sample_size(20);
    group.bench_function("load 10000 users", |bench| bench.iter(|| Fixture::load(folder.path())));
    group.bench_function("findings of 10000 users", |bench| bench.iter(|| fixture.findings()));
    group.finish();
}

/// A letter typed into the search of users and taken back, each with its frame; the cursor one row down.
fn console(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a folder");
    Fixture::of(10_000).save(folder.path());
    let mut group = criterion.benchmark_group("console of 10000");
    for (what, letter) in [("all are found", 'a'), ("few are found", '9'), ("nobody is found", 'ß')] {
        let mut console = Console::looking_for_users(folder.path());
        group.bench_function(format!("two keys, {what}"), |bench| bench.iter(|| console.write_and_take_back(letter)));
    }
    for (what, typed, letter) in [
        ("the first letter", "", 'a'),
        ("few are found", "999", '9'),
        ("a deed", "disable ", '9'),
        ("a slip", "persno", '9'),
    ] {
        let mut console = Console::at_palette(folder.path());
        console.write(typed);
        group.bench_function(format!("palette, two keys, {what}"), |bench| {
            bench.iter(|| console.write_and_take_back(letter));
        });
    }
    // Each of both keys by itself: what is wanted holds for the slower one.
    let mut console = Console::at_palette(folder.path());
    console.write("disable ");
    for (key, is_meant) in [("a letter", [true, false]), ("it is taken back", [false, true])] {
        group.bench_function(format!("palette, one key, a deed, {key}"), |bench| {
            bench.iter_custom(|times| one_of_two_keys(&mut console, times, is_meant));
        });
    }
    let mut console = Console::looking_for_users(folder.path());
    group.bench_function("a row down", |bench| bench.iter(|| console.move_down()));
    let mut console = Console::among_users(folder.path());
    group.bench_function("two keys, all marked and none", |bench| bench.iter(|| console.mark_all_and_none()));
    group.bench_function("three keys, sorted and reversed", |bench| bench.iter(|| console.sort_and_reverse()));
    group.finish();
}

/// How long the one that is meant took, of a letter and its being taken back.
fn one_of_two_keys(console: &mut Console, times: u64, [letter, back]: [bool; 2]) -> Duration {
    let mut spent = Duration::ZERO;
    for _ in 0..times {
        let begun = Instant::now();
        console.write_letter('9');
        spent += if letter { begun.elapsed() } else { Duration::ZERO };
        let begun = Instant::now();
        console.take_back();
        spent += if back { begun.elapsed() } else { Duration::ZERO };
    }
    spent
}

/// The same in a phone book that is full, with what was typed before: a letter and its being taken back.
fn phone_book(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a folder");
    Fixture::of(100).with_phone_book(100_000).save(folder.path());
    let mut group = criterion.benchmark_group("console, phone book of 100000");
    group.sample_size(30);
    for (what, typed, letter) in [
        ("all are found", "", 'e'),
        ("few are found", "9999", '9'),
        ("two words and a not", "a 1 !", 'x'),
        ("a field", "company:ab", 'c'),
        ("a field that must be empty", "context:non", 'e'),
        ("nobody is found", "", 'ß'),
    ] {
        let mut console = Console::looking_for_entries(folder.path());
        console.write(typed);
        group.bench_function(format!("two keys, {what}"), |bench| bench.iter(|| console.write_and_take_back(letter)));
    }
    let mut console = Console::looking_for_entries(folder.path());
    group.bench_function("a row down", |bench| bench.iter(|| console.move_down()));
    group.finish();
}

criterion_group!(benches, wire, live, people, settings, console, phone_book);
criterion_main!(benches);
