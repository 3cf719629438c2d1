//! What the server says, a line a message, for people. Whoever wants every member asks for `--json`.

use serde_json::Value;

use crate::observe::is_harmful;

/// The message in words; a class without words of its own is shown with its members.
pub(super) fn of(message: &Value) -> String {
    let text = |name: &str| text(&message[name]);
    if let Some(error) = message["error_string"].as_str() {
        return format!("{}: error: {}{}", text("class"), in_one_line(error), detail(message));
    }
    match text("class").as_str() {
        "starttls" => match &message["starttls"] {
            Value::Null => "the server offers encryption".to_owned(),
            Value::Bool(true) => "the server agrees to encrypt".to_owned(),
            answer => format!("encryption: {answer}"),
        },
        "login_id" => "the server knows this protocol".to_owned(),
        "login_pass" => "the password is right".to_owned(),
        "login_capas" => format!("logged in as user {} with profile {}", text("userid"), text("appliname")),
        "keepalive" => "alive".to_owned(),
        "chitchat" => format!(
            "chat from {} ({}): {}",
            plain(&text("alias")),
            self::text(&message["from"][1]),
            plain(&text("text"))
        ),
        "user_status_update" => status(message, "user", "user_id"),
        "agent_status_update" => status(message, "agent", "agent_id"),
        "endpoint_status_update" => status(message, "phone", "endpoint_id"),
        "relations" => relations(&message["data"]),
        "getlist" => list(message),
        "people_search_result" => people(message),
        "disconnect" => "the server ends this session for good".to_owned(),
        class => format!("{class}: {}", rest(message, &["class"])),
    }
}

/// A member as plain text: texts without quotes, nothing for null. A line end in it is shown as `\n` or `\r`: what
/// somebody wrote never begins a line here, where it could pass for the server's word.
pub(super) fn text(value: &Value) -> String {
    match value {
        Value::String(text) => in_one_line(text),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

fn in_one_line(text: &str) -> String {
    let shown = text.replace('\n', "\\n").replace('\r', "\\r").replace('\t', " ");
    shown.chars().filter(|sign| !is_harmful(*sign) && !matches!(sign, '\u{2028}' | '\u{2029}')).collect()
}

fn detail(message: &Value) -> String {
    message["detail"].as_str().map(|detail| format!(" ({})", in_one_line(detail))).unwrap_or_default()
}

fn status(message: &Value, kind: &str, id: &str) -> String {
    let data = &message["data"];
    format!("{kind} {} is {}", text(&data[id]), text(&data["status"]))
}

fn relations(data: &Value) -> String {
    let mut words = format!("user {} of server {}", text(&data["user_id"]), text(&data["xivo_uuid"]));
    for (name, kind) in [("endpoint_id", "phone"), ("agent_id", "agent")] {
        if !data[name].is_null() {
            words.push_str(&format!(", {kind} {}", text(&data[name])));
        }
    }
    words
}

fn list(message: &Value) -> String {
    let (function, list, tid) = (text(&message["function"]), text(&message["listname"]), text(&message["tid"]));
    match (function.as_str(), list.as_str()) {
        ("updatestatus", "users") if message["status"]["availstate"].is_string() => {
            format!("user {tid} is {}", text(&message["status"]["availstate"]))
        }
        ("updateconfig", "users") if message["config"]["fullname"].is_string() => {
            format!("user {tid} is called {}", text(&message["config"]["fullname"]))
        }
        ("listid" | "addconfig" | "delconfig", _) => {
            let ids: Vec<String> = message["list"].as_array().into_iter().flatten().map(text).collect();
            let what = function.trim_end_matches("config").replace("listid", "are");
            format!("{list} {what}: {}", ids.join(" "))
        }
        _ => {
            format!("{list} {tid}: {}", rest(message, &["class", "function", "listname", "tid", "tipbxid"]))
        }
    }
}

fn people(message: &Value) -> String {
    let rows = message["results"].as_array().map(Vec::as_slice).unwrap_or_default();
    let mut words = format!("{} found for {:?}", rows.len(), text(&message["term"]));
    for row in rows {
        let cells: Vec<String> = row["column_values"].as_array().into_iter().flatten().map(text).collect();
        words.push_str(&format!("\n  {}", cells.join(" | ")));
    }
    words
}

/// The members but those named and the stamp.
fn rest(message: &Value, without: &[&str]) -> String {
    let members = message.as_object().into_iter().flatten();
    let members = members.filter(|(name, _)| !without.contains(&name.as_str()) && *name != "timenow");
    members.map(|(name, value)| format!("{}={value}", in_one_line(name))).collect::<Vec<_>>().join(" ")
}

/// Chat comes made safe for HTML (protocol decision 12); a terminal needs no such care.
fn plain(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(message: Value, expected: &str) {
        assert_eq!(of(&message), expected);
    }

    #[test]
    fn what_matters_is_said_in_words() {
        check(json!({"class": "starttls", "timenow": 1.5}), "the server offers encryption");
        check(
            json!({"class": "getlist", "function": "updatestatus", "listname": "users", "tid": "12",
                "status": {"availstate": "away"}, "timenow": 1.5}),
            "user 12 is away",
        );
        check(
            json!({"class": "chitchat", "alias": "Agnes &amp; Co", "text": "1 &lt; 2", "from": ["s", "u"]}),
            "chat from Agnes & Co (u): 1 < 2",
        );
        check(
            json!({"class": "relations", "data": {"xivo_uuid": "s", "user_id": 1, "endpoint_id": 7, "agent_id": null}}),
            "user 1 of server s, phone 7",
        );
        check(
            json!({"class": "people_search_result", "term": "b", "results": [{"column_values": ["Bo", "1", null]}]}),
            "1 found for \"b\"\n  Bo | 1 | ",
        );
    }

    #[test]
    fn what_somebody_wrote_begins_no_line() {
        check(
            json!({"class": "chitchat", "alias": "A\nB", "text": "hi\r\nuser 5 is away\u{2028}\u{1b}[2J", "from": ["s", "u"]}),
            "chat from A\\nB (u): hi\\r\\nuser 5 is away[2J",
        );
        check(
            json!({"class": "people_search_result", "term": "b\n", "results": [{"column_values": ["Bo\nuser 5 is away"]}]}),
            "1 found for \"b\\\\n\"\n  Bo\\nuser 5 is away",
        );
        check(json!({"class": "history\nx", "history": "a\nb", "n\n": 1}), "history\\nx: history=\"a\\nb\" n\\n=1");
        check(json!({"class": "x", "error_string": "a\nb", "detail": "c\nd"}), "x: error: a\\nb (c\\nd)");
    }

    #[test]
    fn everything_else_is_shown_with_its_members() {
        check(json!({"class": "history", "history": [], "timenow": 1.5}), "history: history=[]");
        check(
            json!({"class": "protocol_error", "error_string": "not_json", "detail": "x"}),
            "protocol_error: error: not_json (x)",
        );
        check(
            json!({"class": "getlist", "function": "listid", "listname": "queues", "list": ["4", "11"]}),
            "queues are: 4 11",
        );
        check(
            json!({"class": "getlist", "function": "updateconfig", "listname": "queues", "tid": "4", "config": {}}),
            "queues 4: config={}",
        );
        check(json!({}), ": ");
        check(json!([1]), ": ");
    }
}
