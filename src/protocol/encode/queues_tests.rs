//! How figures of queues and those who wait in them are spelled.

use serde_json::json;

use super::tests::{check, commandid};
use crate::protocol::notice::Notice;
use crate::protocol::queue_figures::{CallFigures, QueueFigures, WaitingCaller};
use crate::protocol::request::CommandId;
use crate::settings::id::{Id, QueueId};

#[test]
fn figures_of_queues_are_integers_where_we_count_and_texts_where_asterisk_did() {
    let queue = QueueId::new(4);
    for (figures, shown) in [
        (QueueFigures::LoggedAgents(2), json!({"Xivo-LoggedAgents": 2})),
        (QueueFigures::Waiting { calls: 0, longest: None }, json!({"Xivo-WaitingCalls": 0})),
        (
            QueueFigures::Waiting { calls: 3, longest: Some(41) },
            json!({"Xivo-WaitingCalls": 3, "Xivo-LongestWaitTime": 41}),
        ),
        (
            QueueFigures::Members { available: 1, talking: 0, expected_wait: 12 },
            json!({"Xivo-AvailableAgents": "1", "Xivo-EWT": "12", "Xivo-TalkingAgents": "0"}),
        ),
    ] {
        check(Notice::QueueFigures { queue, figures }, json!({"class": "getqueuesstats", "stats": {"4": shown}}));
    }
    let figures = CallFigures {
        joined: 20,
        answered: 17,
        lost: 3,
        answered_rate: Some(85),
        answered_well_rate: Some(94),
        hold_average: Some(11),
        hold_longest: Some(58),
    };
    let busy = json!({"Xivo-Join": "20", "Xivo-Link": "17", "Xivo-Lost": "3", "Xivo-Rate": "85", "Xivo-Qos": "94",
        "Xivo-Holdtime-avg": "11", "Xivo-Holdtime-max": "58"});
    let quiet = json!({"Xivo-Join": "0", "Xivo-Link": "0", "Xivo-Lost": "0", "Xivo-Rate": "", "Xivo-Qos": "",
        "Xivo-Holdtime-avg": "", "Xivo-Holdtime-max": ""});
    let queues = vec![("51".into(), figures), ("x".into(), CallFigures::default())];
    check(
        Notice::QueuesStats { reply: commandid(json!(31)), queues: Some(queues) },
        json!({"class": "getqueuesstats", "replyid": 31, "stats": {"51": busy, "x": quiet}}),
    );
    check(
        Notice::QueuesStats { reply: CommandId(None), queues: Some(Vec::new()) },
        json!({"class": "getqueuesstats", "stats": {}}),
    );
    check(
        Notice::QueuesStats { reply: commandid(json!(110)), queues: None },
        json!({"class": "getqueuesstats", "replyid": 110, "warning_string": "return_is_none"}),
    );
}

#[test]
fn callers_who_wait_are_told_in_order() {
    let entries = |callers| Notice::QueueEntries { queue: QueueId::new(4), name: "support".into(), callers };
    let shown = |entries| json!({"class": "queueentryupdate", "state": {"queue_name": "support", "queue_id": 4, "entries": entries}});
    check(entries(Vec::new()), shown(json!([])));
    let zoe = WaitingCaller {
        position: 1,
        name: "Zoë".into(),
        number: "5145550000".into(),
        join_time: 1_471_009_700.12,
        unique_id: "1471009700.88".into(),
    };
    let first = json!({"position": 1, "name": "Zoë", "number": "5145550000", "join_time": 1_471_009_700.12,
        "uniqueid": "1471009700.88"});
    check(entries(vec![zoe]), shown(json!([first])));
}
