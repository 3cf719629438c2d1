//! `queues_ctibox.conf`: the queues of the database. How they ring is the administrator's to change; `wrapuptime` is as
//! ctibox reckons with it.

use std::fmt::Write as _;

use super::{LeftOut, SipDriver, word};
use crate::settings::configuration::Configuration;
use crate::settings::queue::MemberId;

/// Agents come from ctibox as they log in, telephones stand here; `[general]` of queues.conf should say `persistentmembers = no`, or Asterisk
/// brings back after a restart who logged off meanwhile.
const RINGING: &str =
    "strategy = ringall\ntimeout = 15\nretry = 1\njoinempty = yes\nleavewhenempty = no\nringinuse = no\n";

pub(super) fn queues(configuration: &Configuration, driver: SipDriver, left_out: &mut Vec<LeftOut>) -> String {
    let mut text = String::new();
    for queue in configuration.queues.iter() {
        let Some(name) = word::section(queue.name.as_str()) else {
            left_out.push(LeftOut::Queue(queue.name.to_string()));
            continue;
        };
        // Writing into a text cannot fail.
        let _ = writeln!(text, "[{name}]\n{RINGING}wrapuptime = {}", queue.wrapup_seconds);
        for member in &queue.members {
            let MemberId::Line(line) = member.member else { continue };
            // One that cannot be written is named among the numbers.
            let device = configuration.lines.get(line).and_then(|line| driver.device(&line.device));
            if let Some(device) = device {
                let _ = writeln!(text, "member => {device},{},{device},{device}", member.penalty);
            }
        }
        text.push('\n');
    }
    text
}
