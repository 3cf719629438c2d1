//! What is asked when a link begins, and the snapshot that the answers are. Pure; the session asks it all at once, and what
//! happens meanwhile is told behind the snapshot. Nothing here writes anything into Asterisk: a filter is the connection's
//! own.

use super::action::Action;
use super::answer::{Answer, CollectedList};
use super::event::{channel, device, entry, hint, listed_member, mailbox_of_user, queue_params};
use super::packet::Packet;
use crate::live::messages::TelephonySnapshot;
use crate::live::messages::telephony::{QueueSeen, StoredKey};

/// Below which all of ours stands in AstDB (telephony §5).
pub(crate) const KEY_FAMILY: &str = "cti";

/// Events that nobody here acts by, of classes that are needed for others: the more so as an account may read classes that
/// are not needed at all. One expression, since Asterisk matches each of them against each event.
const UNREAD_EVENTS: &str = "!^Event: (CEL|RTCP|VarSet|Newexten|TestEvent|MusicOnHold|DialState|HangupRequest\
                             |SoftHangupRequest|LocalBridge|ChallengeSent|ChallengeResponse|SuccessfulAuth\
                             |InvalidAccountID|ContactStatus|PeerStatus|ChanSpy)";

/// In the order in which they are sent; each is answered, by an error if it must be.
pub(crate) fn actions() -> Vec<Action> {
    vec![
        Action::new("CoreSettings"),
        Action::new("Filter").with("Operation", "Add").with("Filter", UNREAD_EVENTS),
        Action::new("ExtensionStateList"),
        Action::new("DeviceStateList"),
        Action::new("CoreShowChannels"),
        Action::new("QueueStatus"),
        Action::new("VoicemailUsersList"),
        Action::new("DBGetTree").with("Family", KEY_FAMILY),
    ]
}

/// In the order of the actions. What an account may not ask, or a module that is not loaded would say, is empty:
/// `ctibox asterisk check` tells which it is.
pub(crate) fn snapshot(lists: &[CollectedList]) -> TelephonySnapshot {
    let mut snapshot = TelephonySnapshot::default();
    for CollectedList { action, answer } in lists {
        match action.name() {
            "CoreSettings" => snapshot.version = answer.response.text("AsteriskVersion").into(),
            "ExtensionStateList" => snapshot.hints = items(answer, "ExtensionStatus", hint),
            "DeviceStateList" => snapshot.devices = items(answer, "DeviceStateChange", device),
            "CoreShowChannels" => {
                snapshot.channels = items(answer, "CoreShowChannel", channel);
                snapshot.bridged = items(answer, "CoreShowChannel", bridged);
            }
            "QueueStatus" => snapshot.queues = queues(answer),
            "VoicemailUsersList" => snapshot.mailboxes = items(answer, "VoicemailUserEntry", mailbox_of_user),
            "DBGetTree" => snapshot.keys = items(answer, "DBGetTreeResponse", stored_key),
            _ => {}
        }
    }
    snapshot.prepare()
}

fn items<T>(answer: &Answer, event: &str, read: fn(&Packet) -> Option<T>) -> Vec<T> {
    answer.events(event).filter_map(read).collect()
}

/// The bridge that the channel of a `CoreShowChannel` is in, and the channel's unique id.
fn bridged(packet: &Packet) -> Option<(Box<str>, Box<str>)> {
    let bridge = packet.text("BridgeId");
    (!bridge.is_empty()).then(|| (bridge.into(), packet.text("Uniqueid").into()))
}

/// All queues of an answer to `QueueStatus`. Each begins with itself; members and callers say whose they are.
pub(super) fn queues(answer: &Answer) -> Vec<QueueSeen> {
    let mut queues: Vec<QueueSeen> = items(answer, "QueueParams", queue_params);
    for member in items(answer, "QueueMember", listed_member) {
        if let Some(queue) = queues.iter_mut().find(|queue| queue.name == member.queue) {
            queue.members.push(member);
        }
    }
    for packet in answer.events("QueueEntry") {
        let queue = queues.iter_mut().find(|queue| *queue.name == *packet.text("Queue"));
        if let Some((queue, entry)) = queue.zip(entry(packet)) {
            queue.entries.push(entry);
        }
    }
    for queue in &mut queues {
        queue.entries.sort_by_key(|entry| entry.position);
    }
    queues
}

/// `/cti/7/dnd`: the family may have slashes, the key has none.
fn stored_key(packet: &Packet) -> Option<StoredKey> {
    let (family, key) = packet.text("Key").strip_prefix('/')?.rsplit_once('/')?;
    Some(StoredKey { family: family.into(), key: key.into(), value: packet.text("Val").into() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asterisk::transcript::answers;

    fn found() -> TelephonySnapshot {
        snapshot(&answers(include_str!("../../tests/ami/resync.txt")))
    }

    #[test]
    fn a_snapshot_has_what_the_lists_say() {
        let found = found();
        assert_eq!(&*found.version, "22.10.1+dfsg+~cs6.17.60671434-1");
        assert_eq!((found.hints.len(), found.channels.len(), found.mailboxes.len()), (6, 2, 2));
        assert_eq!(&*found.hints[0].hint, "PJSIP/101&Custom:DND101,CustomPresence:101");
        assert_eq!(&*found.channels[0].caller.name, "Bob");
        let [(first, caller), (second, callee)] = &*found.bridged else { panic!("both are in a bridge") };
        assert_eq!(first, second);
        assert_eq!([caller, callee], [&found.channels[0].unique_id, &found.channels[1].unique_id]);
        assert_eq!((&*found.mailboxes[0].mailbox, found.mailboxes[0].new), ("101@default", 0));
        assert!(found.devices.iter().any(|seen| &*seen.device == "PJSIP/101" && &*seen.state == "NOT_INUSE"));
    }

    #[test]
    fn queues_have_their_members_and_callers() {
        let queues = found().queues;
        let [blue] = &*queues else { panic!("one queue was asked for") };
        assert_eq!((&*blue.name, blue.hold_seconds), ("blue", 0));
        let member = blue.members.first().expect("a member");
        assert_eq!((&*member.name, &*member.interface), ("Agent/8001", "Local/id-1@agentcallback"));
        assert_eq!((&*member.state_interface, member.penalty, member.is_dynamic), ("PJSIP/101", 5, true));
        let entry = blue.entries.first().expect("a caller");
        assert_eq!((entry.position, &*entry.caller.name, entry.wait_seconds), (1, "Bob", 2));
    }

    #[test]
    fn keys_are_parted_at_their_last_slash_and_may_be_empty_or_foreign() {
        let keys = found().keys;
        let told = keys.iter().map(|key| format!("{}|{}|{}", key.family, key.key, key.value)).collect::<Vec<_>>();
        let expected = [
            "cti/101|dnd|1",
            "cti/101|empty|",
            "cti/101|fwdunc|102",
            "cti/101|név|Árvíztűrő",
            "cti/agent/1|iface|PJSIP/101",
        ];
        assert_eq!(told, expected);
    }

    #[test]
    fn what_may_not_be_asked_is_empty() {
        let refused = |action: Action| {
            let response = Packet::of("Response: Error\nMessage: Permission denied");
            CollectedList { action, answer: Answer { response, events: Vec::new() } }
        };
        let lists = actions().into_iter().map(refused).collect::<Vec<_>>();
        assert_eq!(snapshot(&lists), TelephonySnapshot::default().prepare());
    }

    #[test]
    fn every_action_of_the_start_can_be_sent() {
        for action in actions() {
            action.encode("1").expect("it can be sent");
        }
    }
}
