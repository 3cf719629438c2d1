//! `featuresput`: what users switch themselves (protocol 4.7).

use super::fault::Fault;
use super::json::{Given, Raw};
use super::members::{Members, cut};
use super::unknown;
use crate::protocol::request::{FeaturesPut, ForwardKind, Request};

/// Each forward's members: whether it is on, and where to.
const FORWARDS: [(ForwardKind, &str, &str); 3] = [
    (ForwardKind::Unconditional, "enableunc", "destunc"),
    (ForwardKind::NoAnswer, "enablerna", "destrna"),
    (ForwardKind::Busy, "enablebusy", "destbusy"),
];

pub(super) fn featuresput(members: &Members<'_>) -> Result<Request, Fault> {
    let function = members.text("function")?;
    let put = match &*function {
        "enablednd" => switch("value", &members.require("value")?)?.map(FeaturesPut::DoNotDisturb),
        "incallfilter" => switch("value", &members.require("value")?)?.map(FeaturesPut::CallFilter),
        "enablerecording" => recording(members)?,
        "fwd" => Some(FeaturesPut::Forwards(forwards(members)?)),
        // Old clients can send it; it never did anything.
        "enablevoicemail" => None,
        function => return Ok(unknown(&format!("featuresput {function}"))),
    };
    Ok(put.map_or(Request::Silent, Request::FeaturesPut))
}

/// `true`, `false` and the numbers equal to them; other scalars, `"true"` among them, are ignored as ever.
fn switch(name: &str, value: &Given<'_>) -> Result<Option<bool>, Fault> {
    match value {
        Given::Bool(is_on) => Ok(Some(*is_on)),
        Given::Number(number) if number.as_f64() == Some(1.0) => Ok(Some(true)),
        Given::Number(number) if number.as_f64() == Some(0.0) => Ok(Some(false)),
        Given::Null | Given::Number(_) | Given::Text(_) => Ok(None),
        Given::Array(_) | Given::Object(_) => Err(Fault::wrong(name, "true or false")),
    }
}

fn recording(members: &Members<'_>) -> Result<Option<FeaturesPut>, Fault> {
    let value = members.require("value")?;
    let target = match members.take("target")? {
        Some(Given::Array(_) | Given::Object(_)) => return Err(Fault::wrong("target", "a user's id")),
        Some(_) | None => members.echo("target")?,
    };
    Ok(switch("value", &value)?.map(|is_on| FeaturesPut::Recording { is_on, target }))
}

fn forwards(members: &Members<'_>) -> Result<Vec<(ForwardKind, bool, Box<str>)>, Fault> {
    let Given::Object(value) = members.require("value")? else { return Err(Fault::wrong("value", "an object")) };
    let named = FORWARDS.map(|(_, enable, destination)| [enable, destination]);
    let [[on_unconditional, to_unconditional], [on_no_answer, to_no_answer], [on_busy, to_busy]] = named;
    let picked = value.pick([on_unconditional, to_unconditional, on_no_answer, to_no_answer, on_busy, to_busy]);
    let mut forwards = Vec::new();
    for ((kind, enable, destination), given) in FORWARDS.into_iter().zip(picked.chunks(2)) {
        if let Some(is_on) = given[0] {
            let number = number(given[1], destination)?;
            forwards.extend(switch(enable, &is_on.given()?)?.map(|is_on| (kind, is_on, number)));
        }
    }
    Ok(forwards)
}

/// Where a forward leads. Null is the empty number; one that is longer than any stays too long when it is cut.
fn number(value: Option<Raw<'_>>, name: &str) -> Result<Box<str>, Fault> {
    match value.map(Raw::given).transpose()? {
        Some(Given::Text(number)) => Ok(cut(number)),
        Some(Given::Null) => Ok("".into()),
        Some(_) => Err(Fault::wrong(name, "a text or null")),
        None => Err(Fault::missing(name)),
    }
}
