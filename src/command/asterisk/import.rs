//! `ctibox asterisk import`: takes over what Asterisk has and the database lacks: queues, their members by queues.conf, and
//! agents who are logged in now. In one transaction; what is there already stays as it is.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::json;

use super::check::{block_on, link_settings, unanswered};
use crate::asterisk::{Inventory, inventory};
use crate::command::complete;
use crate::command::failure::Failure;
use crate::command::find;
use crate::command::invocation::{Done, Invocation};
use crate::live::messages::telephony::{MemberSeen, QueueSeen};
use crate::settings::agent::number_of_member;
use crate::settings::configuration::Configuration;
use crate::settings::edit::{NewAgent, NewQueue};
use crate::settings::id::{ContextId, QueueId};
use crate::settings::name::{
    AgentNumber, ContextName, DisplayName, Extension, FirstName, LastName, QueueName, device_key,
};
use crate::settings::prose::{Prose, prose};
use crate::settings::queue::{MemberId, PENALTY_MAX, WRAPUP_SECONDS_MAX};
use crate::settings::rule::Refusal;
use crate::settings::setting::Key;

/// All questions together; a dial plan may be long.
const PATIENCE: Duration = Duration::from_secs(60);
/// Of an agent of whom only the number is known, the last name is the number.
const FIRST_NAME: &str = "Agent";

#[derive(Debug, clap::Args)]
pub(crate) struct AsteriskImportArguments {
    /// Say what would be taken over, and change nothing
    #[arg(long)]
    dry_run: bool,
    /// The number of a queue that the dial plan does not tell, as `support=3001`; may be repeated
    #[arg(long, value_name = "QUEUE=N")]
    number: Vec<String>,
    /// The context of these numbers; if there is only one context, that
    #[arg(long, value_name = "C", add = complete::contexts())]
    context: Option<String>,
}

pub(super) fn run(arguments: &AsteriskImportArguments, ctx: &Invocation) -> Result<(), Failure> {
    let general = ctx.effective_with(&[Key::AmiSecret])?.general();
    let (settings, secret) = link_settings(&general)?;
    let numbers = numbers(&arguments.number)?;
    let found = block_on(inventory(settings, &secret, PATIENCE))?.map_err(|error| unanswered(settings, &error))?;
    let import = |c: &mut Configuration| -> Result<Done, Failure> {
        let context = arguments.context.as_deref().map(|name| find::context(c, name)).transpose()?;
        let context = context.or_else(|| c.contexts.iter().next().filter(|_| c.contexts.iter().count() == 1));
        let context = context.map(|context| context.id);
        let mut import = QueueImport { c, numbers: &numbers, context, taken: Vec::new(), left_out: Vec::new() };
        import.take_all(&found)?;
        Ok(import.done())
    };
    let warn = || {
        ctx.output.warning("agents who are not logged in now cannot be seen in Asterisk");
        ctx.output.advice(prose!["add them with ", ctibox("agent add"), ", or import again when they are logged in"]);
        if !found.may_read_files {
            ctx.output
                .warning("the account may not read queues.conf: queues are taken over without a rest after calls");
            ctx.output.advice(prose![
                "add `config` to its line `write =` in manager.conf, or use ",
                ctibox("queue edit --wrapup")
            ]);
        }
    };
    warn();
    if arguments.dry_run {
        let mut configuration = ctx.configuration()?;
        return ctx.tell(&import(&mut configuration)?);
    }
    ctx.edit(import)
}

/// What was said of queues' numbers.
fn numbers(given: &[String]) -> Result<BTreeMap<&str, Extension>, Failure> {
    given
        .iter()
        .map(|given| {
            let (queue, number) = given
                .split_once('=')
                .ok_or_else(|| Failure::usage(format!("\"{given}\" is no queue with its number, as `support=3001`")))?;
            Ok((queue, Extension::parse(number)?))
        })
        .collect()
}

/// One run of it.
struct QueueImport<'a> {
    c: &'a mut Configuration,
    numbers: &'a BTreeMap<&'a str, Extension>,
    /// Where queues stand of which the dial plan says nothing.
    context: Option<ContextId>,
    taken: Vec<Prose>,
    /// What could not be, and why.
    left_out: Vec<String>,
}

impl QueueImport<'_> {
    fn take_all(&mut self, found: &Inventory) -> Result<(), Refusal> {
        for seen in &found.queues {
            let known = self.c.queues.find(|queue| queue.name.as_str() == &*seen.name).map(|queue| queue.id);
            let queue = match known {
                Some(queue) => Some(queue),
                None => self.take_queue(seen, found)?,
            };
            if let Some(queue) = queue {
                for member in &seen.members {
                    self.take_member(queue, member)?;
                }
            }
        }
        Ok(())
    }

    fn take_queue(&mut self, seen: &QueueSeen, found: &Inventory) -> Result<Option<QueueId>, Refusal> {
        let name = match QueueName::parse(&seen.name) {
            Ok(name) => name,
            Err(refusal) => {
                self.left_out.push(refusal.with_rule());
                return Ok(None);
            }
        };
        let Some((number, context)) = self.place(&seen.name, found) else {
            self.left_out.push(format!(
                "queue \"{name}\": the dial plan does not tell its number; say `--number {name}=NUMBER --context CONTEXT`"
            ));
            return Ok(None);
        };
        // A name may be twice as long as a display text.
        let display = DisplayName::parse(&name.as_str().chars().take(64).collect::<String>())?;
        let wrapup_seconds = found.wrapups.get(&seen.name).map_or(0, |seconds| (*seconds).min(WRAPUP_SECONDS_MAX));
        let context_name = self.c.contexts.get(context).map_or("", |context| context.name.as_str());
        let words = format!("queue \"{name}\": number {number}@{context_name}, wrap-up {wrapup_seconds} s");
        self.taken.push(words.into());
        Ok(Some(self.c.add_queue(NewQueue { name, display, number, context, wrapup_seconds })?))
    }

    /// What was said goes before what the dial plan has; its context must be one of ours.
    fn place(&self, queue: &str, found: &Inventory) -> Option<(Extension, ContextId)> {
        if let Some(number) = self.numbers.get(queue) {
            return Some((number.clone(), self.context?));
        }
        let (context, number) = found.numbers.get(queue)?;
        let context = self.c.context_named(&ContextName::parse(context).ok()?)?.id;
        Some((Extension::parse(number).ok()?, context))
    }

    fn take_member(&mut self, queue: QueueId, seen: &MemberSeen) -> Result<(), Refusal> {
        let Some(id) = self.member(queue, seen)? else { return Ok(()) };
        let Some(own) = self.c.queues.get(queue) else { return Ok(()) };
        if own.member(id).is_some() {
            return Ok(());
        }
        let penalty = u8::try_from(seen.penalty).unwrap_or(PENALTY_MAX).min(PENALTY_MAX);
        self.taken.push(format!("queue \"{}\": member {}, penalty {penalty}", own.name, seen.name).into());
        self.c.set_queue_member(queue, id, penalty)
    }

    /// Who a member is here. Telephones that were added while Asterisk ran are nobody's to keep.
    fn member(&mut self, queue: QueueId, seen: &MemberSeen) -> Result<Option<MemberId>, Refusal> {
        if let Some(number) = number_of_member(&seen.name) {
            return self.agent(queue, number);
        }
        let keys = seen.device_keys();
        let line = self.c.lines.find(|line| keys.contains(&device_key(line.device.as_str()))).map(|line| line.id);
        if line.is_none() && !seen.is_dynamic {
            let (name, interface) = (&seen.queue, &seen.interface);
            self.left_out.push(format!("queue \"{name}\": no line has the device of its member {interface}"));
        }
        Ok(line.filter(|_| !seen.is_dynamic).map(MemberId::from))
    }

    /// The agent of this number, who stands where the queue does if they are new.
    fn agent(&mut self, queue: QueueId, number: &str) -> Result<Option<MemberId>, Refusal> {
        if let Some(agent) = self.c.agents.find(|agent| agent.number.as_str() == number) {
            return Ok(Some(agent.id.into()));
        }
        let Some(context) = self.c.queues.get(queue).map(|queue| queue.context) else { return Ok(None) };
        let parsed = match AgentNumber::parse(number) {
            Ok(parsed) => parsed,
            Err(refusal) => {
                self.left_out.push(refusal.with_rule());
                return Ok(None);
            }
        };
        let agent = self.c.add_agent(NewAgent {
            number: parsed,
            first_name: FirstName::parse(FIRST_NAME)?,
            last_name: LastName::parse(number)?,
            context,
            user: None,
        })?;
        self.taken.push(prose![
            "agent {number}: of no user yet, ",
            ctibox("agent edit {number} --user LOGIN"),
            " says whose"
        ]);
        Ok(Some(agent.into()))
    }

    fn done(self) -> Done {
        let mut words = Prose::default();
        if self.taken.is_empty() {
            words = "there is nothing to take over\n".into();
        }
        let left_out = self.left_out.iter().map(|line| Prose::from(format!("left out: {line}")));
        for line in self.taken.iter().cloned().chain(left_out) {
            words = words.then(line).then("\n");
        }
        let taken: Vec<String> = self.taken.iter().map(Prose::to_string).collect();
        Done::new(words).with_object(json!({"taken": taken, "left_out": self.left_out}))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::fixtures::small_company;

    fn member(name: &str, interface: &str, is_dynamic: bool) -> MemberSeen {
        let (name, interface) = (name.into(), interface.into());
        MemberSeen { queue: "blue".into(), name, interface, is_dynamic, penalty: 5, ..MemberSeen::default() }
    }

    fn found() -> Inventory {
        let members = vec![
            member("Agent/8009", "Local/id-1@agentcallback", true),
            member("Carol", "PJSIP/1001", false),
            member("PJSIP/1002", "PJSIP/1002", true),
            member("Nobody", "PJSIP/9999", false),
        ];
        let queue = |name: &str, members| QueueSeen { name: name.into(), members, ..QueueSeen::default() };
        let mut found =
            Inventory { queues: vec![queue("blue", members), queue("red", Vec::new())], ..Inventory::default() };
        found.wrapups.insert("blue".into(), 3);
        found.numbers.insert("blue".into(), ("default".into(), "3900".into()));
        found
    }

    fn import(c: &mut Configuration, numbers: &BTreeMap<&str, Extension>) -> (Vec<String>, Vec<String>) {
        let context = c.contexts.iter().next().map(|context| context.id);
        let mut import = QueueImport { c, numbers, context, taken: Vec::new(), left_out: Vec::new() };
        import.take_all(&found()).expect("taken over");
        (import.taken.iter().map(Prose::to_string).collect(), import.left_out)
    }

    #[test]
    fn queues_agents_and_telephones_are_taken_over_once() {
        let mut c = small_company();
        let (taken, left_out) = import(&mut c, &BTreeMap::new());
        assert_eq!(
            taken,
            [
                "queue \"blue\": number 3900@default, wrap-up 3 s",
                "agent 8009: of no user yet, `ctibox agent edit 8009 --user LOGIN` says whose",
                "queue \"blue\": member Agent/8009, penalty 5",
                "queue \"blue\": member Carol, penalty 5",
            ]
        );
        assert_eq!(
            left_out,
            [
                "queue \"blue\": no line has the device of its member PJSIP/9999",
                "queue \"red\": the dial plan does not tell its number; say `--number red=NUMBER --context CONTEXT`",
            ]
        );
        let numbers = BTreeMap::from([("red", Extension::parse("3901").expect("a number"))]);
        let (taken, left_out) = import(&mut c, &numbers);
        assert_eq!((taken.len(), left_out.len()), (1, 1));
        assert!(taken[0].starts_with("queue \"red\": number 3901@"));
        assert!(import(&mut c, &numbers).0.is_empty());
    }
}
