//! Which message answers a request. `Client::ask` takes its answer by this and by nothing else: whatever else the server
//! tells a session meanwhile (presences, services, configurations of others) is no answer.

use serde_json::Value;

/// Whether `message` is what the server says to `request` (protocol 1.5, 4): few answers carry the request's number, the
/// others are known by their class and by what they are about.
pub(super) fn answers(request: &Value, message: &Value) -> bool {
    if message["class"] == "protocol_error" {
        return message["replyid"] == request["commandid"];
    }
    if message["class"] != class_of_answer(request) {
        return false;
    }
    if message["class"] == "getlist" {
        return is_about_the_same(request, message) && is_whole(message);
    }
    // Where a number came back it is that of the request; where none came the request's is not looked at.
    message.get("replyid").is_none_or(|reply| *reply == request["commandid"])
}

fn class_of_answer(request: &Value) -> &str {
    let class = request["class"].as_str().unwrap_or_default();
    match class {
        "get_relations" => "relations",
        "get_switchboard_directory_headers" => "directory_headers",
        "switchboard_directory_search" => "directory_search_result",
        "subscribetoqueuesstats" => "getqueuesstats",
        "subscribe" => request["message"].as_str().unwrap_or_default(),
        "people_headers" => "people_headers_result",
        "people_search" => "people_search_result",
        "people_favorites" => "people_favorites_result",
        "people_set_favorite" => "people_favorite_update",
        "people_personal_contacts" => "people_personal_contacts_result",
        "people_personal_contact_raw" => "people_personal_contact_raw_result",
        "people_create_personal_contact" => "people_personal_contact_created",
        "people_edit_personal_contact" => "people_personal_contact_raw_update",
        "people_delete_personal_contact" => "people_personal_contact_deleted",
        "people_purge_personal_contacts" => "people_personal_contacts_purged",
        "people_import_personal_contacts_csv" => "people_import_personal_contacts_csv_result",
        "people_export_personal_contacts_csv" => "people_export_personal_contacts_csv_result",
        _ => class,
    }
}

fn is_about_the_same(request: &Value, message: &Value) -> bool {
    ["function", "listname", "tid"].iter().all(|member| message[*member] == request[*member])
}

/// What is told unasked about a user has the changed members alone; an answer has all of them, or none.
fn is_whole(message: &Value) -> bool {
    let has_all = |member: &str, of_a_whole: &str| {
        message[member].as_object().is_none_or(|members| members.is_empty() || members.contains_key(of_a_whole))
    };
    message["listname"] != "users" || (has_all("config", "xivo_uuid") && has_all("status", "connection"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_broadcast_about_the_same_user_is_no_answer() {
        let config = json!({"class": "getlist", "function": "updateconfig", "listname": "users", "tid": "1"});
        let told = |members: Value| {
            let mut message = config.clone();
            message["config"] = members;
            message
        };
        assert!(!answers(&config, &told(json!({"enablednd": false}))));
        assert!(answers(&config, &told(json!({"enablednd": true, "xivo_uuid": "u"}))));
        assert!(answers(&config, &told(json!({}))));
        let mut of_another = told(json!({}));
        of_another["tid"] = json!("2");
        assert!(!answers(&config, &of_another));
        assert!(!answers(&config, &json!({"class": "getlist", "function": "listid", "listname": "users"})));
    }

    #[test]
    fn a_number_that_came_back_is_that_of_the_request() {
        let asked = json!({"class": "keepalive", "commandid": 6});
        assert!(answers(&asked, &json!({"class": "keepalive", "replyid": 6})));
        assert!(!answers(&asked, &json!({"class": "keepalive", "replyid": 5})));
        assert!(answers(&asked, &json!({"class": "protocol_error", "replyid": 6})));
        assert!(!answers(&asked, &json!({"class": "protocol_error"})));
    }
}
