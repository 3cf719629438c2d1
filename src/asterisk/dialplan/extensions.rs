//! `extensions_ctibox.conf`: the contexts of the database with the numbers and hints of its lines and queues, who calls by
//! which telephone, and the contexts that all of them use, which are the same for every database.

use std::collections::HashSet;
use std::fmt::Write as _;

use super::{LeftOut, PbxKind, SipDriver, word};
use crate::settings::configuration::Configuration;
use crate::settings::context::Context;
use crate::settings::id::UserId;
use crate::settings::line::Line;
use crate::settings::name::{Device, Extension};

/// Calls to users and queues, `agentcallback`, codes, lamps.
const SUBROUTINES: &str = include_str!("subroutines.conf");
/// What a XiVO lacks.
const XIVO_SUBROUTINES: &str = include_str!("xivo_subroutines.conf");

/// The contexts that are written beside those of the database.
const OWN_CONTEXTS: &[&str] = &[
    "agentcallback",
    "cti-agent",
    "cti-caller",
    "cti-callers",
    "cti-dial",
    "cti-features",
    "cti-forward",
    "cti-forwards",
    "cti-lamps",
    "cti-name",
    "cti-queue",
    "cti-said",
    "cti-services",
    "cti-toggle",
    "cti-user",
];

pub(super) fn extensions(configuration: &Configuration, host: PbxKind, left_out: &mut Vec<LeftOut>) -> String {
    match host {
        PbxKind::Xivo => XIVO_SUBROUTINES.to_owned(),
        PbxKind::Bare(driver) => {
            let mut sheet = Sheet { configuration, driver, text: String::new(), left_out };
            for context in configuration.contexts.iter() {
                sheet.write_context(context);
            }
            sheet.write_callers();
            sheet.text + SUBROUTINES
        }
    }
}

/// The file as it grows. Writing into a text cannot fail.
struct Sheet<'a> {
    configuration: &'a Configuration,
    driver: SipDriver,
    text: String,
    left_out: &'a mut Vec<LeftOut>,
}

impl Sheet<'_> {
    fn write_context(&mut self, context: &Context) {
        let Some(name) = context_word(context) else {
            self.left_out.push(LeftOut::Context(context.name.to_string()));
            return;
        };
        let _ = writeln!(self.text, "[{name}]");
        let configuration = self.configuration;
        for line in configuration.lines.iter().filter(|line| line.context == context.id) {
            self.write_line(line, name);
        }
        for queue in configuration.queues.iter().filter(|queue| queue.context == context.id) {
            let Some(number) = self.number(&queue.number, name) else { continue };
            // One that cannot be written is named among the queues.
            let Some(queue_name) = word::section(queue.name.as_str()) else { continue };
            let number = number.to_owned();
            let _ = writeln!(
                self.text,
                "exten => {number},1,Gosub(cti-queue,s,1({queue_name},{}))\n same => n,Hangup()",
                queue.id
            );
        }
        self.text.push_str("include => cti-features\ninclude => cti-lamps\n");
        let included = context.includes.iter().filter_map(|id| configuration.contexts.get(*id));
        for included in included.filter_map(|context| context_word(context)) {
            let _ = writeln!(self.text, "include => {included}");
        }
        self.text.push('\n');
    }

    fn write_line(&mut self, line: &Line, context: &str) {
        let Some(number) = self.number(&line.extension, context).map(ToOwned::to_owned) else { return };
        let Some(device) = self.device(&line.device) else { return };
        let mailbox = mailbox_of(self.configuration, line.user).unwrap_or_default();
        let _ = writeln!(
            self.text,
            "exten => {number},hint,{device}\n\
             exten => {number},1,Gosub(cti-user,s,1({},{device},{mailbox},{context}))\n same => n,Hangup()",
            line.user
        );
    }

    /// Whose telephones they are, for codes and names of callers.
    fn write_callers(&mut self) {
        self.text.push_str("; --- Whose telephones they are.\n[cti-callers]\n");
        let mut written = HashSet::new();
        let configuration = self.configuration;
        for line in configuration.lines.iter() {
            // What is left out is named already.
            let Some((technology, name)) = word::device(&line.device) else { continue };
            let context = configuration.contexts.get(line.context).and_then(|context| context_word(context));
            let (Some(number), Some(context)) = (word::extension(&line.extension), context) else { continue };
            let device = format!("{}.{name}", self.driver.technology(technology));
            // A device of two lines is the first one's.
            if name.contains(['/', '@']) || !written.insert(device.to_lowercase()) {
                continue;
            }
            let user = line.user;
            let _ = writeln!(
                self.text,
                "exten => {device},1,Set(CTI_USERID={user})\n same => n,Set(CTI_NUMBER={number})\n \
                 same => n,Set(CTI_CONTEXT={context})"
            );
            if let Some(mailbox) = mailbox_of(configuration, user) {
                let _ = writeln!(self.text, " same => n,Set(CTI_BOX={mailbox})");
            }
            if let Some(agent) = configuration.agents.find(|agent| agent.user == Some(user)) {
                let _ = writeln!(self.text, " same => n,Set(CTI_AGENT={})", agent.number);
            }
            self.text.push_str(" same => n,Return()\n");
        }
        self.text.push('\n');
    }

    fn number<'n>(&mut self, number: &'n Extension, context: &str) -> Option<&'n str> {
        let word = word::extension(number);
        if word.is_none() {
            self.left_out.push(LeftOut::Number { number: number.to_string(), context: context.to_owned() });
        }
        word
    }

    fn device(&mut self, device: &Device) -> Option<String> {
        let written = self.driver.device(device);
        if written.is_none() {
            self.left_out.push(LeftOut::Device(device.to_string()));
        }
        written
    }
}

fn context_word(context: &Context) -> Option<&str> {
    let is_ours = OWN_CONTEXTS.iter().any(|own| context.name.as_str().eq_ignore_ascii_case(own));
    word::section(context.name.as_str()).filter(|_| !is_ours)
}

/// `1001@default`
fn mailbox_of(configuration: &Configuration, user: UserId) -> Option<String> {
    let voicemail = configuration.voicemails.find(|voicemail| voicemail.user == Some(user))?;
    let context = context_word(configuration.contexts.get(voicemail.context)?)?;
    Some(format!("{}@{context}", voicemail.mailbox))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_context_that_is_written_is_kept_from_the_database() {
        let written = [SUBROUTINES, XIVO_SUBROUTINES].into_iter().flat_map(str::lines);
        for line in written.filter_map(|line| line.strip_prefix('[')) {
            let name = line.trim_end_matches(']');
            assert!(OWN_CONTEXTS.contains(&name), "{name} is not among them");
        }
    }
}
