//! A value in a settings file as the value of a setting: scalars as they were written, lists joined, an empty value as the
//! default, and what the original's words mean here.

use super::fate::Reading;
use super::yaml::NodeValue;
use crate::settings::setting::{Key, SettingValue};

/// The value, or what it must be.
pub(super) fn of(key: Key, reading: Reading, value: &NodeValue) -> Result<SettingValue, String> {
    let text = match value {
        // An explicit null counts as a value (settings §7): nothing is said for this key, and nothing below says it.
        NodeValue::Null => return Ok(SettingValue::default_of(key)),
        NodeValue::Scalar(text) => text.clone(),
        NodeValue::List(items) if key.value_type().is_list() => {
            let items = items.iter().map(|item| match &item.value {
                NodeValue::Scalar(text) => Ok(text.as_str()),
                NodeValue::Null | NodeValue::List(_) | NodeValue::Map(_) => Err("must be a list of plain values"),
            });
            items.collect::<Result<Vec<_>, _>>()?.join(",")
        }
        NodeValue::List(_) => return Err("must be one value, not a list".to_owned()),
        NodeValue::Map(_) => return Err("must be a value, not a map of keys".to_owned()),
    };
    let parsed = |text: &str| SettingValue::parse(key, text).map_err(|refusal| refusal.problem.to_string());
    match reading {
        Reading::Plain => parsed(&text),
        Reading::StartTls => parsed(if truth(&text)? { "offer" } else { "off" }),
        Reading::Debug => parsed(if truth(&text)? { "debug" } else { "info" }),
        Reading::VerifyCertificate => match truth(&text) {
            Ok(true) => parsed(""),
            Ok(false) => Err("must not be false: whoever answers would be told every password; name the server's \
                              certificate, or the authority that signed it, by its path"
                .to_owned()),
            Err(_) => parsed(&text),
        },
    }
}

/// As YAML 1.1 has it, in any case of letters.
fn truth(text: &str) -> Result<bool, String> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "yes" | "on" => Ok(true),
        "false" | "no" | "off" => Ok(false),
        _ => Err("must be true or false".to_owned()),
    }
}
