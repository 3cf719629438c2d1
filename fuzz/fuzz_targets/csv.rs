//! Tables of separated text, as the phone book and own contacts read them: any bytes are a table or are refused, and what was
//! read is read again from what is written.
#![no_main]

use ctibox::measured::check_table;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|file: &[u8]| check_table(file));
