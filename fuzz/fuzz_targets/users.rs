//! The table of users: any bytes are lines with a fate each or are refused, and good lines can be written.
#![no_main]

use ctibox::measured::check_users;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|file: &[u8]| check_users(file));
