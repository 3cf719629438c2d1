//! The line codec: any stream, in reads of any size, gives the lines between its line feeds, and no longer ones than it may.
//! The first byte of an input says with which line the sender has logged in, the next four how large the reads are.
#![no_main]

use ctibox::measured::check_framing;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let Some((&[login, a, b, c, d], stream)) = input.split_first_chunk() else { return };
    // from one byte to 64 KiB, small ones often
    let reads = [a, b, c, d].map(|byte| 1 + usize::from(byte).pow(2));
    check_framing(stream, reads, usize::from(login));
});
