//! Cards of telephones and mail programs: any bytes are cards or lines that are named, and what is written of them is read
//! as the same.
#![no_main]

use ctibox::measured::check_cards;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|file: &[u8]| check_cards(file));
