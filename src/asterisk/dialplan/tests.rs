//! The whole of it for a small office, and for names that mean something to Asterisk.

use std::net::{IpAddr, Ipv4Addr};

use super::*;
use crate::live::messages::telephony::{AgentCode, ServiceCode};
use crate::settings::configuration::Configuration;
use crate::settings::fixtures::{add_line, small_company};
use crate::settings::id::{AgentId, Id as _, UserId};
use crate::settings::name::{ContextName, Device, Extension, QueueName};

/// Where callers' names are asked for.
const NAMES: Option<SocketAddr> = Some(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 4573));

const BARE: PbxKind = PbxKind::Bare(SipDriver::Pjsip);

fn account(secret: Option<&str>) -> AmiAccount<'_> {
    AmiAccount { name: "ctibox", secret, is_local: true }
}

fn dialplan(configuration: &Configuration) -> Dialplan {
    Dialplan::of(configuration, &account(Some("s3cret")), BARE, NAMES).expect("an account that can be written")
}

/// What stands in a section, without its head.
fn section<'a>(text: &'a str, name: &str) -> &'a str {
    let begin = text.find(&format!("[{name}]\n")).unwrap_or_else(|| panic!("no [{name}] in:\n{text}"));
    let rest = &text[begin + name.len() + 3..];
    &rest[..rest.find("\n[").unwrap_or(rest.len())]
}

#[test]
fn a_context_has_the_numbers_and_hints_of_its_lines_and_queues() {
    let office = small_company();
    let text = dialplan(&office).extensions;
    let alice = office.users.find(|user| user.first_name.as_str() == "alice").unwrap().id;
    let queue = office.queues.iter().next().unwrap().id;
    assert_eq!(
        section(&text, "default"),
        format!(
            "exten => 1001,hint,PJSIP/1001\n\
             exten => 1001,1,Gosub(cti-user,s,1({alice},PJSIP/1001,1001@default,default))\n same => n,Hangup()\n\
             exten => 1002,hint,PJSIP/1002\n\
             exten => 1002,1,Gosub(cti-user,s,1({alice},PJSIP/1002,1001@default,default))\n same => n,Hangup()\n\
             exten => 3000,1,Gosub(cti-queue,s,1(support,{queue}))\n same => n,Hangup()\n\
             include => cti-features\ninclude => cti-lamps\n"
        )
    );
    assert!(section(&text, "sales").contains("include => cti-lamps\ninclude => default\n"), "{text}");
}

#[test]
fn a_telephone_tells_who_calls() {
    let office = small_company();
    let text = dialplan(&office).extensions;
    let bob = office.users.find(|user| user.first_name.as_str() == "bob").unwrap().id;
    let expected = format!(
        "exten => PJSIP.2001,1,Set(CTI_USERID={bob})\n same => n,Set(CTI_NUMBER=2001)\n \
         same => n,Set(CTI_CONTEXT=sales)\n same => n,Set(CTI_AGENT=8001)\n same => n,Return()\n"
    );
    assert!(section(&text, "cti-callers").contains(&expected), "{text}");
}

#[test]
fn a_queue_has_its_wrapup_and_leaves_busy_members_alone() {
    let text = dialplan(&small_company()).queues;
    let support = section(&text, "support");
    assert!(support.contains("\nwrapuptime = 30\n") && support.contains("\nringinuse = no\n"), "{text}");
}

#[test]
fn a_telephone_that_is_a_member_stands_among_the_members() {
    let mut office = small_company();
    let queue = office.queues.iter().next().unwrap().id;
    let line = office.lines.iter().next().unwrap().id;
    office.set_queue_member(queue, line, 3).unwrap();
    let text = dialplan(&office).queues;
    assert!(text.contains("\nmember => PJSIP/1001,3,PJSIP/1001,PJSIP/1001\n"), "{text}");
    assert_eq!(text.matches("member =>").count(), 1, "agents come as they log in: {text}");
}

#[test]
fn the_account_has_its_secret_only_where_it_is_to_be_shown() {
    let office = small_company();
    let shown = dialplan(&office).manager;
    assert!(section(&shown, "ctibox").starts_with("secret = s3cret\ndeny = 0.0.0.0/0.0.0.0\n"), "{shown}");
    let hidden = Dialplan::of(&office, &account(None), BARE, NAMES).unwrap().manager;
    assert!(!hidden.contains("s3cret") && !hidden.contains("\nsecret"), "{hidden}");
    for (name, secret) in [("general", "a"), ("a]\nb", "a"), ("ctibox", "a\nwrite = all")] {
        let account = AmiAccount { name, secret: Some(secret), is_local: true };
        assert!(Dialplan::of(&office, &account, BARE, NAMES).is_err(), "{name:?} {secret:?}");
    }
}

#[test]
fn names_that_mean_something_to_asterisk_are_left_out_and_named() {
    let mut office = small_company();
    let user = office.users.iter().next().unwrap().id;
    let default = office.contexts.iter().next().unwrap().id;
    for (number, device) in [("_X.", "PJSIP/1"), ("1500", "PJSIP/${SHELL(reboot)}")] {
        add_line(&mut office, user, "9999", default);
        let id = office.lines.find(|line| line.extension.as_str() == "9999").unwrap().id;
        let mut line = office.lines.get(id).unwrap().as_ref().clone();
        line.extension = Extension::parse(number).unwrap();
        line.device = Device::parse(device).unwrap();
        office.lines.put(line);
    }
    office.add_context(ContextName::parse("agentcallback").unwrap(), &[]).unwrap();
    let queue = office.queues.iter().next().unwrap().as_ref().clone();
    office.queues.put(crate::settings::queue::Queue { name: QueueName::parse("general").unwrap(), ..queue });
    let written = dialplan(&office);
    let all = [&*written.extensions, &*written.queues].concat();
    assert!(!all.contains("SHELL") && !all.contains("_X.,") && !all.contains("[general]"), "{all}");
    assert_eq!(all.matches("[agentcallback]").count(), 1);
    let said: Vec<String> = written.left_out.iter().map(ToString::to_string).collect();
    assert_eq!(
        said,
        [
            "Asterisk would not read _X. in the context default as a number",
            "the device PJSIP/${SHELL(reboot)} has characters that mean something in a dial plan",
            "Asterisk keeps the name of the context agentcallback for itself",
            "Asterisk keeps the name of the queue general for itself",
        ]
    );
}

#[test]
fn a_device_of_the_old_driver_is_called_by_the_new_one_unless_that_is_not_there() {
    let mut office = small_company();
    let id = office.lines.iter().next().unwrap().id;
    let mut line = office.lines.get(id).unwrap().as_ref().clone();
    line.device = Device::parse("SIP/ab12cd").unwrap();
    office.lines.put(line);
    assert!(dialplan(&office).extensions.contains("exten => 1001,hint,PJSIP/ab12cd\n"));
    let old = Dialplan::of(&office, &account(None), PbxKind::Bare(SipDriver::ChanSip), NAMES).unwrap().extensions;
    assert!(old.contains("exten => 1001,hint,SIP/ab12cd\n") && old.contains("exten => SIP.ab12cd,1,"), "{old}");
}

#[test]
fn on_a_xivo_only_what_it_lacks_is_written() {
    let written = Dialplan::of(&small_company(), &account(None), PbxKind::Xivo, NAMES).unwrap();
    let contexts: Vec<&str> = written.extensions.lines().filter(|line| line.starts_with('[')).collect();
    assert_eq!(contexts, ["[cti-services]", "[cti-dial]", "[cti-name]"]);
    assert!(!written.queues.contains("[support]") && written.manager.contains("[ctibox]"));
}

#[test]
fn no_line_is_longer_than_asterisk_reads() {
    for (name, text) in dialplan(&small_company()).files() {
        assert!(text.starts_with(FIRST_WORDS), "{name}");
        assert!(text.lines().all(|line| line.len() < 1000), "{name}");
    }
}

#[test]
fn callers_names_are_asked_for_where_asterisk_reaches_us_and_only_where_it_can_ask() {
    let text = dialplan(&small_company()).extensions;
    assert!(section(&text, "cti-name").contains("AGI(agi://127.0.0.1:4573/caller-name?${ARG1})"), "{text}");
    let asks = |name| section(&text, name).contains("Gosub(cti-name,s,1(");
    assert!(asks("cti-user") && asks("cti-queue"));
    let without = Dialplan::of(&small_company(), &account(None), BARE, None).unwrap().extensions;
    assert!(!without.contains("AGI(") && section(&without, "cti-name").contains("Return()"), "{without}");
}

/// What live lights and what `check` looks for are made of one list; the dial plan has the same.
#[test]
fn every_code_is_dialled_switches_its_key_and_has_a_lamp() {
    let text = dialplan(&small_company()).extensions;
    let (features, lamps) = (section(&text, "cti-features"), section(&text, "cti-lamps"));
    for code in ServiceCode::ALL {
        let (dialled, key) = (code.as_str(), code.stored_key());
        let subroutine = if code.is_forward() { "cti-forward" } else { "cti-toggle" };
        let switches = format!("exten => {dialled},1,Gosub({subroutine},s,1({key}))\n");
        assert!(features.contains(&switches), "{dialled}: {features}");
        if code.is_forward() {
            let to = format!("exten => _{dialled}.,1,Gosub(cti-forward,s,1({key},${{EXTEN:3}}))\n");
            assert!(features.contains(&to), "{dialled}: {features}");
            let by_key = format!("exten => {},1,Set(CTI_KIND={key})\n", &dialled[1..]);
            assert!(section(&text, "cti-forwards").contains(&by_key), "{dialled}");
        }
        assert!(
            is_hinted(lamps, &code.key_of(UserId::new(7))) && is_hinted(lamps, &code.key_to(UserId::new(7), "1044"))
        );
    }
    for code in AgentCode::ALL {
        for key in [code.key_of(AgentId::new(7)), code.key_of_number("8001")] {
            assert!(is_hinted(features, &key), "{key}: {features}");
        }
        assert!(features.contains(&format!("exten => {},1,Gosub(cti-agent,", code.as_str())), "{features}");
    }
}

/// Whether a pattern of the section gives this key the lamp of its name.
fn is_hinted(section: &str, key: &str) -> bool {
    let patterns =
        section.lines().filter_map(|line| line.strip_prefix("exten => _")?.strip_suffix(".,hint,Custom:${EXTEN}"));
    patterns.into_iter().any(|beginning| key.len() > beginning.len() && key.starts_with(beginning))
}
