//! The configuration document: any text is a configuration without errors or is refused, and a configuration is written as a
//! document of itself.
#![no_main]

use ctibox::measured::check_document;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|file: &[u8]| check_document(file));
