//! What Asterisk says: any bytes, in reads of any size. The first byte of an input says how large the reads are.
#![no_main]

use ctibox::measured::check_packets;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let Some((read, stream)) = input.split_first() else { return };
    // from one byte to 64 KiB, small ones often
    check_packets(stream, 1 + usize::from(*read).pow(2));
});
