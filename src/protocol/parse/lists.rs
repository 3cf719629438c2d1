//! `getlist` (protocol 4.5).

use super::fault::Fault;
use super::members::Members;
use super::unknown;
use crate::protocol::request::{ListName, Request, UnknownListAsked};

pub(super) fn getlist(members: &Members<'_>) -> Result<Request, Fault> {
    let function = members.text("function")?;
    let name = members.short_text("listname")?;
    match &*function {
        "listid" => Ok(Request::ListId { list: ListName::parse(&name) }),
        "updateconfig" => one(name, members, UnknownListAsked::Config),
        "updatestatus" => one(name, members, UnknownListAsked::Status),
        function => Ok(unknown(&format!("getlist {function}"))),
    }
}

/// `tid` is echoed as it came; an array or object is refused (protocol §11).
fn one(name: Box<str>, members: &Members<'_>, asked: UnknownListAsked) -> Result<Request, Fault> {
    let tid = members.scalar("tid")?;
    Ok(match (ListName::parse(&name), asked) {
        (ListName::Unknown, asked) => Request::UnknownList { asked, name, tid },
        (list, UnknownListAsked::Config) => Request::UpdateConfig { list, tid },
        (list, UnknownListAsked::Status) => Request::UpdateStatus { list, tid },
    })
}
