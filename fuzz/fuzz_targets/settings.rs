//! Settings files: any bytes are settings or findings with their places, within bounds.
#![no_main]

use ctibox::measured::check_settings;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|file: &[u8]| check_settings(file));
