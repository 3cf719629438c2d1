//! The client's side of the login handshake (protocol §2), and each refusal in plain English.

use serde_json::{Value, json};

use super::connection::Connection;
use super::render;
use crate::command::failure::{Failure, Hint};
use crate::protocol::request::{Version, VersionMember};
use crate::settings::password::Secret;
use crate::settings::prose::prose;

/// Who logs in, and as what.
pub(super) struct Claim<'a> {
    pub(super) user: &'a str,
    pub(super) password: &'a Secret,
    pub(super) version: &'a str,
    pub(super) state: &'a str,
}

/// Logs in; gives the server's uuid, without which nobody can be written to.
pub(super) async fn log_in(connection: &mut Connection<'_>, claim: Claim<'_>) -> Result<String, Failure> {
    let member = Version::parse(claim.version).map_or(VersionMember::Xivo, Version::member).as_str();
    let mut hello = json!({"class": "login_id", "company": "xivo", "ident": "ctibox client", "userlogin": claim.user});
    hello[member] = claim.version.into();
    step(connection, "login_id", hello).await?;
    let password = json!({"class": "login_pass", "password": claim.password.reveal()});
    let answer = step(connection, "login_pass", password).await?;
    let capaid = render::text(&answer["capalist"][0]);
    let enter = json!({"class": "login_capas", "capaid": capaid, "state": claim.state});
    let entered = step(connection, "login_capas", enter).await?;
    let own = render::text(&entered["userid"]);
    // Before that it would hear no chat (protocol decision 16).
    let ask =
        json!({"class": "getlist", "function": "updateconfig", "listname": "users", "tipbxid": "xivo", "tid": own});
    connection.say(ask).await?;
    let relations = step(connection, "relations", json!({"class": "get_relations"})).await?;
    Ok(render::text(&relations["data"]["xivo_uuid"]))
}

async fn step(connection: &mut Connection<'_>, answer: &str, request: Value) -> Result<Value, Failure> {
    connection.say(request).await?;
    let message = connection.answer_of(answer).await?;
    match message["error_string"].as_str() {
        Some(code) => Err(refusal(code)),
        None => Ok(message),
    }
}

/// What an error string of the ladder means, and what to do about it.
fn refusal(code: &str) -> Failure {
    let failure = |words: &str| Failure::new(format!("the server refused the login: {words} ({code})"));
    if let Some((_, versions)) = code.split_once("version_client:") {
        let (client, server) = versions.split_once(';').unwrap_or((versions, "another"));
        return failure(&format!("it does not speak protocol {client}; it speaks {server}"))
            .hint(format!("give `--protocol {server}`"));
    }
    match code {
        "encryption_required" => failure("it takes no passwords without encryption").hint("leave out `--clear`"),
        "login_password" => {
            failure("login or password are wrong, or this user may not log in").hint(Hint::ShowUserOnServer)
        }
        "xivo_auth_error" => failure("it cannot check passwords at the moment")
            .hint("the server's log says why its password check is out of order"),
        "user_not_found" => failure("the password is right, but it does not know the user"),
        "wrong cti_profile_id" => failure("it gave the user another profile than this client claimed"),
        "unknown cti_profile_id" => failure("the user's profile is gone or shows nothing")
            .hint(prose![ctibox("profile show NAME"), " on the server says what is missing: an xlet, or a group"]),
        _ => failure("for a reason of its own"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_says_what_it_means_and_keeps_the_code() {
        for (code, words) in [
            ("xivoversion_client:1.0;2.3", "it does not speak protocol 1.0; it speaks 2.3"),
            ("wazoversion_client:9", "it does not speak protocol 9; it speaks another"),
            ("encryption_required", "without encryption"),
            ("login_password", "login or password are wrong"),
            ("xivo_auth_error", "cannot check passwords"),
            ("user_not_found", "does not know the user"),
            ("wrong cti_profile_id", "another profile"),
            ("unknown cti_profile_id", "shows nothing"),
            ("something else", "a reason of its own"),
        ] {
            let shown = format!("{:?}", refusal(code));
            assert!(shown.contains(words) && shown.contains(code), "{shown}");
        }
    }
}
