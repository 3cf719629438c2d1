//! Notices to lines: the one place that spells what the server says (protocol §2–§5). The hub has each notice written
//! once, however many receive it, straight into what goes out, without a JSON value in between; what many ask for at
//! different times (`SharedNotice`) is spelled once and only stamped anew.

mod ascii;
mod shared;
mod stamp;
mod words;

mod chat;
mod lists;
mod login;
mod people;
mod queues;
mod rooms;
mod status;

#[cfg(test)]
mod people_tests;
#[cfg(test)]
mod queues_tests;
#[cfg(test)]
mod tests;

use bytes::Bytes;
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use serde_json::Value;

pub(crate) use self::shared::{AnyNotice, SharedNotice};
pub(crate) use self::stamp::Stamp;

use self::ascii::Ascii;
use self::words::{Number, say};
use super::notice::{FaxProgress, Notice};
use super::request::CommandId;
use crate::observe::work::spend;

/// Room for most lines, presence broadcasts among them, without growing.
const LINE_BYTES_USUAL: usize = 256;

/// The notice as one line with its line feed: pure ASCII, stamped with `timenow` in seconds of Unix time (protocol
/// 1.4).
pub(crate) fn encode(notice: &Notice, unix_time: f64) -> Bytes {
    let mut line = Vec::with_capacity(LINE_BYTES_USUAL);
    write_line(notice, &Stamp::new(unix_time), &mut line);
    line.into()
}

/// The same behind what `lines` holds.
fn write_line(notice: &Notice, stamp: &Stamp, lines: &mut Vec<u8>) {
    let before = lines.len();
    write_head(notice, lines);
    stamp.end_line(lines);
    spend(lines.len() - before);
}

/// The line up to its stamp: all members but the last, which is `timenow`.
fn write_head(notice: &Notice, lines: &mut Vec<u8>) {
    let mut serializer = serde_json::Serializer::with_formatter(lines, Ascii);
    // The stamp closes the object.
    let written = serializer.serialize_map(None).and_then(|mut members| write(notice, &mut members));
    written.expect("the keys of a notice are texts and a vector takes every byte");
}

fn write<M: SerializeMap>(notice: &Notice, map: &mut M) -> Result<(), M::Error> {
    match notice {
        Notice::OfferStartTls => say!(map, "class" => "starttls"),
        Notice::AnswerStartTls { status } => say!(map, "class" => "starttls", "starttls" => status),
        Notice::LoginId { session_id, version } => login::login_id(session_id, *version, map),
        Notice::LoginIdRefused(error) => login::login_id_refused(error, map),
        Notice::LoginPass { profile } => say!(map, "class" => "login_pass", "capalist" => [Number(*profile)]),
        Notice::LoginPassRefused(error) => login::login_pass_refused(*error, map),
        Notice::LoginCapas(capas) => login::login_capas(capas, map),
        Notice::LoginCapasRefused(error) => login::login_capas_refused(*error, map),
        Notice::ProtocolError { code, detail, reply } => {
            say!(map, "class" => "protocol_error", "error_string" => code.as_str(), "detail" => detail)?;
            reply_if_read(reply, map)
        }
        Notice::IpbxList { reply } => {
            say!(map, "class" => "getipbxlist", "ipbxlist" => ["xivo"])?;
            reply_if_truthy(reply, map)
        }
        Notice::KeepAlive { reply } => {
            say!(map, "class" => "keepalive", "warning_string" => "unimplemented")?;
            reply_if_truthy(reply, map)
        }
        Notice::ListId { list, ids } => lists::ids("listid", *list, ids, map),
        Notice::AddConfig { list, ids } => lists::ids("addconfig", *list, ids, map),
        Notice::DelConfig { list, ids } => lists::ids("delconfig", *list, ids, map),
        Notice::ConfigAnswer { list, tid, config } => lists::config_answer(*list, tid, config.as_ref(), map),
        Notice::StatusAnswer { list, tid, status } => lists::status_answer(*list, tid, status, map),
        Notice::UnknownList { asked, name, tid } => lists::unknown_list(*asked, name, tid, map),
        Notice::Config { list, tid, config } => lists::config(*list, tid, config, map),
        Notice::Status { list, tid, status } => lists::status(*list, tid, status, map),
        Notice::FeaturesNotGranted => say!(map, "class" => "featuresput", "status" => "not_granted"),
        Notice::FeaturesNotKept => say!(map, "class" => "featuresput", "status" => "service_unavailable"),
        Notice::Relations { server, user, endpoint, agent } => {
            status::relations(*server, *user, *endpoint, *agent, map)
        }
        Notice::UserStatus { server, uuid, user, status } => status::user(*server, *uuid, *user, status, map),
        Notice::EndpointStatus { server, endpoint, status } => status::endpoint(*server, *endpoint, *status, map),
        Notice::AgentStatus { server, agent, is_logged_in } => status::agent(*server, *agent, *is_logged_in, map),
        Notice::Chat { alias, text, server, from, to } => chat::chat(alias, text, (*server, *from, *to), map),
        Notice::People(people) => people::people(people, map),
        Notice::HistoryNone => say!(map, "class" => "history", "history" => NONE),
        Notice::QueueFigures { queue, figures } => queues::figures(*queue, *figures, map),
        Notice::QueuesStats { reply, queues } => {
            queues::stats(queues.as_deref(), map)?;
            reply_if_truthy(reply, map)
        }
        Notice::QueueEntries { queue, name, callers } => queues::entries(*queue, name, callers, map),
        Notice::Meetmes { rooms } => say!(map, "class" => "meetme_update", "config" => rooms::QuietRooms(rooms)),
        Notice::MeetmeUserNone => say!(map, "class" => "meetme_user", "list" => NONE),
        Notice::CurrentCallsNone => say!(map, "class" => "current_calls", "current_calls" => NONE),
        Notice::FaxTaken { reply } => {
            say!(map, "class" => "faxsend", "warning_string" => "return_is_none")?;
            reply_if_truthy(reply, map)
        }
        Notice::FaxProgress(progress) => {
            let status = match progress {
                FaxProgress::Preparing => "PRESENDFAX",
                FaxProgress::Failed => "FAILED",
            };
            say!(map, "class" => "fax_progress", "status" => status, "pages" => ())
        }
        Notice::CommandRefused { error } => say!(map, "class" => "ipbxcommand", "error_string" => error),
        Notice::ExtensionUnreachable { extension } => {
            say!(map, "class" => "ipbxcommand", "error_string" => format_args!("unreachable_extension:{extension}"))
        }
        Notice::DialSuccess { extension } => say!(map, "class" => "dial_success", "exten" => extension),
        Notice::DisconnectForce => say!(map, "class" => "disconnect", "type" => "force"),
        Notice::DisconnectOldest => say!(map, "class" => "disconnect", "type" => "too_many_sessions"),
    }
}

/// `[]`
const NONE: [(); 0] = [];

/// `{}`
#[derive(Serialize)]
struct Empty {}

/// `replyid` where the original left it out for a `commandid` that Python calls false (protocol 1.5).
fn reply_if_truthy<M: SerializeMap>(reply: &CommandId, map: &mut M) -> Result<(), M::Error> {
    match &reply.0 {
        Some(commandid) if is_truthy(commandid) => map.serialize_entry("replyid", commandid),
        _ => Ok(()),
    }
}

/// `replyid` on `protocol_error`: whatever could be read (protocol decision 10).
fn reply_if_read<M: SerializeMap>(reply: &CommandId, map: &mut M) -> Result<(), M::Error> {
    match &reply.0 {
        Some(commandid) => map.serialize_entry("replyid", commandid),
        None => Ok(()),
    }
}

fn is_truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(is_true) => *is_true,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(values) => !values.is_empty(),
        Value::Object(members) => !members.is_empty(),
    }
}
