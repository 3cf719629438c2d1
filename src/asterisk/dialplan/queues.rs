//! `queues_ctibox.conf`: the queues of the database. How they ring is the administrator's to change; `wrapuptime` is as
//! ctibox reckons with it.

use std::fmt::Write as _;

use super::{LeftOut, word};
use crate::settings::configuration::Configuration;

/// Members come from ctibox as agents log in; `[general]` of queues.conf should say `persistentmembers = no`, or Asterisk
/// brings back after a restart who logged off meanwhile.
const RINGING: &str =
    "strategy = ringall\ntimeout = 15\nretry = 1\njoinempty = yes\nleavewhenempty = no\nringinuse = no\n";

pub(super) fn queues(configuration: &Configuration, left_out: &mut Vec<LeftOut>) -> String {
    let mut text = String::new();
    for queue in configuration.queues.iter() {
        let Some(name) = word::section(queue.name.as_str()) else {
            left_out.push(LeftOut::Queue(queue.name.to_string()));
            continue;
        };
        // Writing into a text cannot fail.
        let _ = writeln!(text, "[{name}]\n{RINGING}wrapuptime = {}\n", queue.wrapup_seconds);
    }
    text
}
