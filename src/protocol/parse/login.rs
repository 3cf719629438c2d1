//! The login ladder's requests (protocol 2.3–2.6, decision 1 and 3).

use serde_json::Value;

use super::fault::Fault;
use super::json::Given;
use super::members::{Members, cut, integer};
use crate::protocol::notice::ErrorCode;
use crate::protocol::request::{Capaid, ClientVersion, LoginId, Request, Version, VersionMember};
use crate::settings::password::Secret;

pub(super) fn starttls(members: &Members<'_>) -> Result<Request, Fault> {
    Ok(Request::StartTls { status: members.echo("status")?.unwrap_or(Value::Null) })
}

pub(super) fn login_id(members: &Members<'_>) -> Result<Request, Fault> {
    let login = members.short_text("userlogin")?;
    members.check_text("company")?;
    members.check_text("ident")?;
    Ok(Request::LoginId(LoginId { login, version: version(members)? }))
}

pub(super) fn login_pass(members: &Members<'_>) -> Result<Request, Fault> {
    Ok(Request::LoginPass { password: Secret::new(members.text("password")?) })
}

pub(super) fn login_capas(members: &Members<'_>) -> Result<Request, Fault> {
    let capaid = Capaid(integer(&members.require("capaid")?));
    Ok(Request::LoginCapas { capaid, state: members.short_text("state")? })
}

/// `wazoversion` counts before `xivoversion`; null is as good as absent. A number is a version that nobody serves.
fn version(members: &Members<'_>) -> Result<ClientVersion, Fault> {
    for member in [VersionMember::Wazo, VersionMember::Xivo] {
        let text = match members.take(member.as_str())? {
            None | Some(Given::Null) => continue,
            Some(Given::Text(text)) => cut(text),
            Some(Given::Number(number)) => {
                return Ok(ClientVersion::Other { member, text: number.to_string().into() });
            }
            Some(_) => return Err(Fault::wrong(member.as_str(), "a text")),
        };
        return Ok(match Version::parse(&text) {
            Some(version) => ClientVersion::Served(version),
            None => ClientVersion::Other { member, text },
        });
    }
    Err(Fault::new(ErrorCode::MissingMember, "`wazoversion` is missing, and so is `xivoversion`"))
}
