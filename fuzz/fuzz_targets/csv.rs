//! Tables of phone books: any bytes are rows of as many cells as there are columns, or lines that are named, and what is
//! written of them is read as the same.
#![no_main]

use ctibox::measured::check_table;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|file: &[u8]| check_table(file));
