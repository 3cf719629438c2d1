//! What is asked of the telephone system: `ipbxcommand`, call control, fax, and the answers of call forms (protocol 4.8, 4.9,
//! 4.17, 4.18). Members of what is not offered are checked too, so that a line that is wrong is wrong on every server.

use super::fault::Fault;
use super::json::{Given, Raw};
use super::members::{Members, cut, cut_to, integer};
use super::unknown;
use crate::protocol::request::{AgentReference, Destination, Request};

/// Of a destination that cannot be reached, in the answer.
const DESTINATION_BYTES_SHOWN: usize = 128;

pub(super) fn ipbxcommand(members: &Members<'_>) -> Result<Request, Fault> {
    let command = members.text("command")?;
    match &*command {
        "dial" => dial(members),
        "listen" => Ok(Request::Listen { agent: named_agent(&members.text("destination")?) }),
        "agentlogin" => Ok(Request::AgentLogin { agent: agent(members)?, extension: extension(members)? }),
        "agentlogout" => Ok(Request::AgentLogout { agent: agent(members)? }),
        "queueadd" | "queueremove" => Ok(Request::AgentMembership {
            agent: reference(members, "member", id)?,
            queue: reference(members, "queue", id)?,
            is_member: &*command == "queueadd",
        }),
        "queuepause" | "queueunpause" => Ok(Request::AgentPause {
            agent: reference(members, "member", id)?,
            queue: reference(members, "queue", |text| if text == "all" { Some(None) } else { id(text).map(Some) })?,
            is_paused: &*command == "queuepause",
        }),
        "meetme" => meetme(members),
        command => Ok(unknown(&format!("ipbxcommand {command}"))),
    }
}

/// A class of call control; None if it is another.
pub(super) fn control(class: &str, members: &Members<'_>) -> Option<Result<Request, Fault>> {
    let member = match class {
        "hangup" => return Some(Ok(Request::HangUp)),
        "complete_transfer" | "cancel_transfer" => return Some(Ok(Request::Telephony)),
        "attended_transfer" | "direct_transfer" => members.check_text("number"),
        "attended_transfer_voicemail" | "blind_transfer_voicemail" => mailbox(members),
        "answer" | "resume_switchboard" => members.check_text("unique_id"),
        "hold_switchboard" => members.check_text("queue_name"),
        _ => return None,
    };
    Some(member.map(|()| Request::Telephony))
}

/// `1044`, `"Zoe B" <1044>`, `exten:xivo/1044`, `voicemail:xivo/7`, `vm_consult:xivo/` (protocol 4.8.1).
fn dial(members: &Members<'_>) -> Result<Request, Fault> {
    let text = members.short_text("destination")?;
    let trimmed = text.trim();
    let destination = match pseudo_url(trimmed) {
        Some(("exten", number)) => Destination::Number(number.into()),
        Some(("voicemail", id)) => id.parse().map_or(Destination::Nowhere, Destination::Voicemail),
        Some(("vm_consult", _)) => Destination::OwnMessages,
        Some(_) => Destination::Nowhere,
        None => {
            let within = trimmed.strip_suffix('>').and_then(|rest| rest.rsplit_once('<'));
            Destination::Number(within.map_or(trimmed, |(_, number)| number).into())
        }
    };
    let text = cut_to(text, DESTINATION_BYTES_SHOWN);
    Ok(Request::Dial { destination, text })
}

/// The kind and what it names of `kind:ipbx/rest`; a `tel:` address is a number as people write them.
fn pseudo_url(text: &str) -> Option<(&str, &str)> {
    let (kind, rest) = text.split_once(':')?;
    let is_kind = !kind.is_empty() && kind.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    let (_, named) = rest.split_once('/').filter(|_| is_kind)?;
    Some((kind, named))
}

pub(super) fn faxsend(members: &Members<'_>) -> Result<Request, Fault> {
    members.integer("size")?;
    members.check_text("data")?;
    members.check_text("destination")?;
    Ok(Request::FaxSend)
}

pub(super) fn call_form_result(members: &Members<'_>) -> Result<Request, Fault> {
    match members.take("infos")? {
        None => Ok(Request::CallFormResult),
        Some(Given::Object(infos)) => match infos.pick(["variables"]).map(|given| given.map(Raw::given)) {
            [None | Some(Ok(Given::Object(_)))] => Ok(Request::CallFormResult),
            [Some(_)] => Err(Fault::wrong("variables", "an object")),
        },
        Some(_) => Err(Fault::wrong("infos", "an object")),
    }
}

/// `agentids`: the id is what follows the last `/`, so `7`, `xivo/7` and `agent:xivo/7` are one agent.
fn agent(members: &Members<'_>) -> Result<AgentReference, Fault> {
    match members.take("agentids")? {
        None | Some(Given::Null) => Ok(AgentReference::Own),
        Some(Given::Text(text)) => Ok(named_agent(&text)),
        Some(value) => {
            integer(&value).map(AgentReference::Id).ok_or_else(|| Fault::wrong("agentids", "a text or an integer"))
        }
    }
}

fn named_agent(text: &str) -> AgentReference {
    match text.trim() {
        "" | "agent:special:me" => AgentReference::Own,
        text => match text.rsplit('/').next().map(str::parse) {
            Some(Ok(id)) => AgentReference::Id(id),
            _ => AgentReference::Nobody,
        },
    }
}

/// `agentphonenumber`: None if it is left out, null or empty.
fn extension(members: &Members<'_>) -> Result<Option<Box<str>>, Fault> {
    match members.take("agentphonenumber")? {
        None | Some(Given::Null) => Ok(None),
        // Whatever is longer than names is no extension.
        Some(Given::Text(text)) => Ok(Some(cut(text.trim().into())).filter(|text| !text.is_empty())),
        Some(value) => match integer(&value) {
            Some(number) => Ok(Some(number.to_string().into())),
            None => Err(Fault::wrong("agentphonenumber", "a text or an integer")),
        },
    }
}

/// `type:ipbx/id`, of an id that `read` knows.
fn reference<T>(members: &Members<'_>, name: &str, read: impl FnOnce(&str) -> Option<T>) -> Result<T, Fault> {
    let text = members.text(name)?;
    let id = text.split_once(':').and_then(|(_, rest)| rest.split_once('/')).and_then(|(_, id)| read(id));
    id.ok_or_else(|| Fault::wrong(name, "like `type:xivo/7`"))
}

fn id(text: &str) -> Option<i64> {
    text.parse().ok()
}

/// Mutes are exactly two texts, room and position; other functions never did anything.
fn meetme(members: &Members<'_>) -> Result<Request, Fault> {
    let function = members.text("function")?;
    if !matches!(&*function, "MeetmeMute" | "MeetmeUnmute") {
        return Ok(unknown(&format!("ipbxcommand meetme {function}")));
    }
    let mut arguments = members.array("functionargs")?;
    let mut argument = || arguments.next().map(Raw::given).transpose();
    match (argument()?, argument()?, argument()?) {
        (Some(Given::Text(room)), Some(Given::Text(position)), None)
            if is_alphanumeric(&room) && is_alphanumeric(&position) =>
        {
            Ok(Request::Silent)
        }
        _ => Err(Fault::wrong("functionargs", "two texts of letters and digits: a room's number and a position")),
    }
}

fn mailbox(members: &Members<'_>) -> Result<(), Fault> {
    let mailbox = members.text("voicemail")?;
    if is_alphanumeric(&mailbox) { Ok(()) } else { Err(Fault::wrong("voicemail", "a text of letters and digits")) }
}

fn is_alphanumeric(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric())
}
