//! Lines to requests: the one place that reads what a client wrote. `server` calls `parse` for each line of a
//! connection and answers a `BadLine` with `protocol_error`; here nothing is looked up and nothing is remembered. Any
//! bytes give a request or a `BadLine`, in time and memory in proportion to the line.

mod fault;
mod json;
mod members;
mod start_up;

mod calls;
mod lists;
mod login;
mod people;
mod queues;
mod services;
mod status;

#[cfg(test)]
mod any_line_tests;
#[cfg(test)]
mod bounds_tests;
#[cfg(test)]
mod calls_tests;
#[cfg(test)]
mod people_tests;
#[cfg(test)]
mod tests;

#[cfg(any(test, feature = "measure"))]
pub(super) use {
    crate::settings::address_book::CONTACT_FIELDS_MAX as CONTACT_TEXTS_MOST, members::ECHO_BYTES_MAX as ECHOED_MOST,
    people::CHAT_TEXT_BYTES_MAX as CHAT_MOST, queues::QUEUES_ASKED_MAX as QUEUES_MOST,
};

use self::fault::Fault;
use self::json::{Given, Raw};
use self::members::Members;
use super::notice::ErrorCode;
use super::request::{ClientLine, CommandId, Request};

/// A line that is no request, and the `protocol_error` that it earns (protocol decision 2). `detail` never repeats a
/// value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct BadLine {
    pub(crate) code: ErrorCode,
    pub(crate) detail: String,
    /// The line's `commandid`, if it could be read.
    pub(crate) reply: CommandId,
}

/// Characters of an unknown class that are kept for the log.
const UNKNOWN_CLASS_CHARACTERS_MAX: usize = 64;

/// Reads one line, without its line feed.
pub(crate) fn parse(line: &[u8]) -> Result<ClientLine, BadLine> {
    start_up::read(line).map_or_else(|| parse_whole(line), Ok)
}

fn parse_whole(line: &[u8]) -> Result<ClientLine, BadLine> {
    let unread = |fault: Fault| fault.into_bad_line(CommandId::default());
    let text = json::read(line).map_err(unread)?;
    let Given::Object(object) = Raw::of(&text).given().map_err(unread)? else {
        return Err(unread(Fault::new(ErrorCode::NotAnObject, "The line is JSON but not an object")));
    };
    let members = Members::new(object);
    let commandid = CommandId(members.echo("commandid").map_err(unread)?);
    match request(&members) {
        Ok(request) => Ok(ClientLine { request, commandid }),
        Err(fault) => Err(fault.into_bad_line(commandid)),
    }
}

fn request(members: &Members<'_>) -> Result<Request, Fault> {
    let class = match members.take("class")? {
        Some(Given::Text(class)) => class,
        Some(_) => return Err(Fault::wrong("class", "a text")),
        None => return Err(Fault::new(ErrorCode::MissingClass, "`class` is missing")),
    };
    match &*class {
        "starttls" => login::starttls(members),
        "login_id" => login::login_id(members),
        "login_pass" => login::login_pass(members),
        "login_capas" => login::login_capas(members),
        "keepalive" => Ok(Request::KeepAlive),
        "logout" => Ok(Request::Logout),
        "getipbxlist" => Ok(Request::GetIpbxList),
        "availstate" => Ok(Request::AvailState { state: members.short_text("availstate")? }),
        "getlist" => lists::getlist(members),
        "featuresput" => services::featuresput(members),
        "get_relations" => Ok(Request::GetRelations),
        "register_agent_status_update" => status::agents(members).map(Request::Register),
        "register_endpoint_status_update" => status::endpoints(members).map(Request::Register),
        "register_user_status_update" => status::users(members).map(Request::Register),
        "unregister_agent_status_update" => status::agents(members).map(Request::Unregister),
        "unregister_endpoint_status_update" => status::endpoints(members).map(Request::Unregister),
        "unregister_user_status_update" => status::users(members).map(Request::Unregister),
        "chitchat" => people::chitchat(members),
        "subscribe" => queues::subscribe(members),
        "subscribetoqueuesstats" => Ok(Request::SubscribeQueuesStats),
        "getqueuesstats" => queues::getqueuesstats(members),
        "ipbxcommand" => calls::ipbxcommand(members),
        "faxsend" => calls::faxsend(members),
        "call_form_result" => calls::call_form_result(members),
        class => people::request(class, members)
            .or_else(|| calls::control(class, members))
            .unwrap_or_else(|| Ok(unknown(class))),
    }
}

/// A class, or a class and its sub-selector, that nobody knows; cut and without control characters, since it is logged.
fn unknown(words: &str) -> Request {
    let class: String = words.chars().filter(|c| !c.is_control()).take(UNKNOWN_CLASS_CHARACTERS_MAX).collect();
    Request::Unknown { class: class.into() }
}
