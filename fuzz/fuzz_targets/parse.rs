//! Request parsing: any line is a request within its bounds or a refusal, and what is echoed of it is encoded as it was.
#![no_main]

use ctibox::measured::check_parsing;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|line: &[u8]| check_parsing(line));
