//! What clients ask of the telephone system: commands, calls, fax and forms, and what each is refused for.

use super::tests::{check, check_missing, check_unknown, check_wrong};
use crate::protocol::request::{AgentReference, Destination, Request};

#[test]
fn commands_to_the_pbx() {
    let line = |rest: &str| format!(r#"{{"class":"ipbxcommand","command":{rest}}}"#);
    let listen = |agent| Request::Listen { agent };
    check(&line(r#""listen","destination":"xivo/1","subcommand":"start""#), listen(AgentReference::Id(1)));
    check(&line(r#""listen","destination":"xivo/x""#), listen(AgentReference::Nobody));
    check_missing(&line(r#""dial""#), "destination");
    check_missing(&line(r#""listen""#), "destination");
    check_wrong(&line(r#""dial","destination":1002"#), "destination");
    check_wrong(&line(r#""dial","destination":null"#), "destination");
    check_unknown(&line(r#""originate""#), "ipbxcommand originate");
    check_missing(r#"{"class":"ipbxcommand"}"#, "command");

    let login = |agent| Request::AgentLogin { agent, extension: None };
    for (number, extension) in [("\"1\"", Some("1")), ("1", Some("1")), ("\" \"", None), ("null", None)] {
        let asked = line(&format!(r#""agentlogin","agentids":"agent:special:me","agentphonenumber":{number}"#));
        check(&asked, Request::AgentLogin { agent: AgentReference::Own, extension: extension.map(Into::into) });
    }
    check_wrong(&line(r#""agentlogin","agentphonenumber":[]"#), "agentphonenumber");
    for agentids in ["", r#","agentids":null"#, r#","agentids":"""#] {
        check(&line(&format!(r#""agentlogin"{agentids}"#)), login(AgentReference::Own));
    }
    for agentids in [r#""41""#, r#""xivo/41""#, r#""agent:xivo/41""#, "41"] {
        check(&line(&format!(r#""agentlogin","agentids":{agentids}"#)), login(AgentReference::Id(41)));
    }
    check(&line(r#""agentlogin","agentids":"nosuch""#), login(AgentReference::Nobody));
    check_wrong(&line(r#""agentlogin","agentids":[]"#), "agentids");
    check(&line(r#""agentlogout""#), Request::AgentLogout { agent: AgentReference::Own });
    check(&line(r#""agentlogout","agentids":"xivo/41""#), Request::AgentLogout { agent: AgentReference::Id(41) });

    let member = r#""member":"agent:xivo/41""#;
    for (command, is_paused) in [("queuepause", true), ("queueunpause", false)] {
        for (queue, number) in [("all", None), ("2", Some(2))] {
            let asked = line(&format!(r#""{command}",{member},"queue":"queue:xivo/{queue}""#));
            check(&asked, Request::AgentPause { agent: 41, queue: number, is_paused });
        }
    }
    for (command, is_member) in [("queueadd", true), ("queueremove", false)] {
        let asked = line(&format!(r#""{command}",{member},"queue":"queue:xivo/2""#));
        check(&asked, Request::AgentMembership { agent: 41, queue: 2, is_member });
    }
    check_wrong(&line(&format!(r#""queueadd",{member},"queue":"queue:xivo/all""#)), "queue");
    check_wrong(&line(r#""queuepause","member":"41","queue":"51""#), "member");
    check_missing(&line(r#""queueadd""#), "member");

    let meetme = |rest: &str| line(&format!(r#""meetme","function":{rest}"#));
    check(&meetme(r#""MeetmeMute","functionargs":["4001","1"]"#), Request::Silent);
    check_unknown(&meetme(r#""kick","functionargs":["4001","1"]"#), "ipbxcommand meetme kick");
    for arguments in [r#"["4001",1]"#, r#"["4001"]"#, r#"["","1"]"#, r#"["4001","1","1"]"#, r#"["4001","*"]"#] {
        check_wrong(&meetme(&format!(r#""MeetmeUnmute","functionargs":{arguments}"#)), "functionargs");
    }
    check_missing(&meetme(r#""MeetmeMute""#), "functionargs");
    check_missing(&line(r#""meetme""#), "function");
}

#[test]
fn destinations_of_dial() {
    let number = |text: &str| Destination::Number(text.into());
    for (text, destination) in [
        ("102", number("102")),
        (" +33 (0)1 23 ", number("+33 (0)1 23")),
        (r#"\"Zoe B\" <1044>"#, number("1044")),
        ("Zoe <B> <1044>", number("1044")),
        ("exten:xivo/1044", number("1044")),
        ("exten:xivo/*21/1", number("*21/1")),
        ("tel:+15145550101", number("tel:+15145550101")),
        ("", number("")),
        ("<>", number("")),
        ("voicemail:xivo/7", Destination::Voicemail(7)),
        ("voicemail:xivo/7x", Destination::Nowhere),
        ("vm_consult:xivo/", Destination::OwnMessages),
        ("vm_consult:xivo/9", Destination::OwnMessages),
        ("user:xivo/5", Destination::Nowhere),
        ("1 2\\nAction: Logoff", number("1 2\nAction: Logoff")),
    ] {
        let line = format!(r#"{{"class":"ipbxcommand","command":"dial","commandid":1,"destination":"{text}"}}"#);
        let text = text.replace("\\\"", "\"").replace("\\n", "\n").into();
        check(&line, Request::Dial { destination, text });
    }
    let long = "1".repeat(5000);
    let line = format!(r#"{{"class":"ipbxcommand","command":"dial","destination":"{long}"}}"#);
    check(&line, Request::Dial { destination: number(&long[..4096]), text: long[..128].into() });
    check(r#"{"class":"hangup"}"#, Request::HangUp);
}

#[test]
fn call_control_fax_and_forms() {
    for rest in [
        r#""complete_transfer""#,
        r#""cancel_transfer""#,
        r#""attended_transfer","number":"5550102""#,
        r#""direct_transfer","number":"5550102""#,
        r#""attended_transfer_voicemail","voicemail":"102""#,
        r#""blind_transfer_voicemail","voicemail":"102""#,
        r#""answer","unique_id":"1471009700.88""#,
        r#""resume_switchboard","unique_id":"1471009600.77""#,
        r#""hold_switchboard","queue_name":"__switchboard_hold""#,
    ] {
        check(&format!(r#"{{"class":{rest}}}"#), Request::Telephony);
    }
    for (class, member) in [
        ("attended_transfer", "number"),
        ("direct_transfer", "number"),
        ("attended_transfer_voicemail", "voicemail"),
        ("blind_transfer_voicemail", "voicemail"),
        ("answer", "unique_id"),
        ("resume_switchboard", "unique_id"),
        ("hold_switchboard", "queue_name"),
    ] {
        check_missing(&format!(r#"{{"class":"{class}"}}"#), member);
        check_wrong(&format!(r#"{{"class":"{class}","{member}":1002}}"#), member);
    }
    check_wrong(r#"{"class":"blind_transfer_voicemail","voicemail":"*1"}"#, "voicemail");
    check_wrong(r#"{"class":"blind_transfer_voicemail","voicemail":""}"#, "voicemail");

    let fax = r#"{"class":"faxsend","filename":"x.pdf","size":4,"data":"JVBERg==","destination":"01.23 45"}"#;
    check(fax, Request::FaxSend);
    for member in ["size", "data", "destination"] {
        check_missing(&fax.replace(&format!("\"{member}\""), "\"other\""), member);
    }
    check_wrong(&fax.replace(":4,", ":\"x\","), "size");

    let form = r#"{"class":"call_form_result","infos":{"buttonname":"saveandclose","variables":{"XIVOFORM_client":"Zoé 78","XIVOFORM_n":0,"XIVOFORM_vip":true}}}"#;
    check(form, Request::CallFormResult);
    check(r#"{"class":"call_form_result"}"#, Request::CallFormResult);
    check_wrong(r#"{"class":"call_form_result","infos":null}"#, "infos");
    check_wrong(r#"{"class":"call_form_result","infos":{"variables":[]}}"#, "variables");
}
