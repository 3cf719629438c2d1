//! `featuresput`: what a user switches himself (protocol 4.7).

use serde_json::{Map, Value};

use super::members::{Fault, Members};
use super::unknown;
use crate::protocol::request::{FeaturesPut, ForwardKind, Request};

/// Each forward's members: whether it is on, and where to.
const FORWARDS: [(ForwardKind, &str, &str); 3] = [
    (ForwardKind::Unconditional, "enableunc", "destunc"),
    (ForwardKind::NoAnswer, "enablerna", "destrna"),
    (ForwardKind::Busy, "enablebusy", "destbusy"),
];

pub(super) fn featuresput(members: &mut Members) -> Result<Request, Fault> {
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
fn switch(name: &str, value: &Value) -> Result<Option<bool>, Fault> {
    match value {
        Value::Bool(is_on) => Ok(Some(*is_on)),
        Value::Number(number) if number.as_f64() == Some(1.0) => Ok(Some(true)),
        Value::Number(number) if number.as_f64() == Some(0.0) => Ok(Some(false)),
        Value::Null | Value::Number(_) | Value::String(_) => Ok(None),
        Value::Array(_) | Value::Object(_) => Err(Fault::wrong(name, "true or false")),
    }
}

fn recording(members: &mut Members) -> Result<Option<FeaturesPut>, Fault> {
    let value = members.require("value")?;
    let target = match members.take("target") {
        Some(Value::Array(_) | Value::Object(_)) => return Err(Fault::wrong("target", "a user's id")),
        target => target,
    };
    Ok(switch("value", &value)?.map(|is_on| FeaturesPut::Recording { is_on, target }))
}

fn forwards(members: &mut Members) -> Result<Vec<(ForwardKind, bool, Box<str>)>, Fault> {
    let Value::Object(value) = members.require("value")? else { return Err(Fault::wrong("value", "an object")) };
    let mut forwards = Vec::new();
    for (kind, enable, destination) in FORWARDS {
        if let Some(is_on) = value.get(enable) {
            let number = number(&value, destination)?;
            forwards.extend(switch(enable, is_on)?.map(|is_on| (kind, is_on, number)));
        }
    }
    Ok(forwards)
}

/// Where a forward leads. Null is the empty number.
fn number(value: &Map<String, Value>, name: &str) -> Result<Box<str>, Fault> {
    match value.get(name) {
        Some(Value::String(number)) => Ok(number.as_str().into()),
        Some(Value::Null) => Ok("".into()),
        Some(_) => Err(Fault::wrong(name, "a text or null")),
        None => Err(Fault::missing(name)),
    }
}
