//! Channels and bridges, as the telephone system tells of them in true orders, and what a device talks in then.

use crate::live::messages::telephony::{Channel, ChannelState, TelephonyEvent, TelephonySnapshot};
use crate::live::state::telephony::calls::{CHANNELS_MAX, Calls, Cursor, Direction, OwnCall};
use ChannelState::{Calling, Down, Ringing, Up};

const INCOMING_EXTERNAL: Option<OwnCall> = Some(OwnCall { direction: Direction::Incoming, is_internal: false });
const INCOMING_INTERNAL: Option<OwnCall> = Some(OwnCall { direction: Direction::Incoming, is_internal: true });
const OUTGOING_INTERNAL: Option<OwnCall> = Some(OwnCall { direction: Direction::Outgoing, is_internal: true });
const OUTGOING_EXTERNAL: Option<OwnCall> = Some(OwnCall { direction: Direction::Outgoing, is_internal: false });

/// `linked`: the first channel of its call.
pub(super) fn channel(name: &str, id: u32, linked: u32, state: ChannelState) -> Channel {
    let stamped = |number: u32| format!("tel-1795440489.{number}").into();
    Channel { name: name.into(), unique_id: stamped(id), linked_id: stamped(linked), state, ..Channel::default() }
}

pub(super) fn entered(bridge: &str, channel: Channel) -> TelephonyEvent {
    TelephonyEvent::BridgeEntered { bridge: bridge.into(), channel }
}

pub(super) fn left(bridge: &str, channel: Channel) -> TelephonyEvent {
    TelephonyEvent::BridgeLeft { bridge: bridge.into(), channel }
}

pub(super) fn dialled(caller: Option<Channel>, callee: Channel) -> TelephonyEvent {
    TelephonyEvent::DialBegan { caller, callee }
}

pub(super) fn hung_up(channel: Channel) -> TelephonyEvent {
    TelephonyEvent::HungUp { channel, cause: 16 }
}

/// Lines of ours are PJSIP/101 to PJSIP/103.
fn own_call(calls: &Calls, device: &str) -> Option<OwnCall> {
    calls.own_call(device, |device| ["sip/101", "sip/102", "sip/103"].contains(&device))
}

fn after(calls: &mut Calls, events: impl IntoIterator<Item = TelephonyEvent>) {
    for event in events {
        calls.happened(&event);
    }
}

fn take_over(calls: &mut Calls, snapshot: &TelephonySnapshot) {
    let mut cursor = Cursor::default();
    while calls.take_over(snapshot, &mut cursor).is_some() {}
}

fn caller(state: ChannelState) -> Channel {
    channel("PJSIP/102-00000025", 39, 39, state)
}

fn callee(state: ChannelState) -> Channel {
    channel("PJSIP/101-00000026", 40, 39, state)
}

#[test]
fn a_call_between_two_lines_is_outgoing_for_one_and_incoming_for_the_other() {
    let mut calls = Calls::default();
    after(
        &mut calls,
        [
            TelephonyEvent::Channel(caller(Calling)),
            TelephonyEvent::Channel(callee(Down)),
            dialled(Some(caller(Calling)), callee(Down)),
            TelephonyEvent::Channel(callee(Ringing)),
        ],
    );
    assert_eq!((own_call(&calls, "PJSIP/101"), own_call(&calls, "PJSIP/102")), (None, None), "ringing is not talking");
    assert_eq!(calls.active_channel("SIP/101").map(|channel| &*channel.name), Some("PJSIP/101-00000026"));
    assert!(calls.active_channel("PJSIP/102").is_none(), "who calls and is not answered has no call yet");
    // The callee enters the bridge first.
    after(
        &mut calls,
        [
            TelephonyEvent::Channel(callee(Up)),
            entered("b1", callee(Up)),
            TelephonyEvent::Channel(caller(Up)),
            entered("b1", caller(Up)),
        ],
    );
    assert_eq!(calls.touched().collect::<Vec<_>>(), ["sip/101", "sip/102"]);
    assert_eq!(own_call(&calls, "pjsip/101"), INCOMING_INTERNAL);
    assert_eq!(own_call(&calls, "SIP/102"), OUTGOING_INTERNAL);
    after(&mut calls, [left("b1", callee(Up)), left("b1", caller(Up)), hung_up(callee(Up))]);
    assert_eq!(calls.touched().collect::<Vec<_>>(), ["sip/101"]);
    assert_eq!(own_call(&calls, "PJSIP/101"), None);
    assert_eq!(own_call(&calls, "PJSIP/102"), OUTGOING_INTERNAL, "the other end is remembered");
    after(&mut calls, [hung_up(caller(Up))]);
    assert_eq!(own_call(&calls, "PJSIP/102"), None);
}

#[test]
fn a_trunk_makes_a_call_external() {
    let mut calls = Calls::default();
    let trunk = channel("PJSIP/carrier-one-00000001", 1, 1, Up);
    let phone = channel("PJSIP/101-00000002", 2, 1, Up);
    after(&mut calls, [dialled(Some(trunk.clone()), phone.clone()), entered("b1", phone), entered("b1", trunk)]);
    assert_eq!(own_call(&calls, "PJSIP/101"), INCOMING_EXTERNAL);
    let phone = channel("PJSIP/102-00000003", 3, 3, Up);
    let trunk = channel("PJSIP/carrier-one-00000004", 4, 3, Ringing);
    after(&mut calls, [TelephonyEvent::Channel(phone.clone())]);
    assert_eq!(own_call(&calls, "PJSIP/102"), OUTGOING_INTERNAL, "talking without a known call");
    after(&mut calls, [dialled(Some(phone), trunk)]);
    assert_eq!(own_call(&calls, "PJSIP/102"), OUTGOING_EXTERNAL);
}

#[test]
fn a_queue_call_of_an_agent_is_never_an_own_one_not_even_for_a_moment() {
    let mut calls = Calls::default();
    let customer = channel("PJSIP/carrier-00000001", 1, 1, Up);
    let (first, second) = (
        channel("Local/id-7@agentcallback-00000003;1", 2, 1, Down),
        channel("Local/id-7@agentcallback-00000003;2", 3, 1, Calling),
    );
    let phone = |state| channel("PJSIP/101-00000004", 4, 1, state);
    let mut all = vec![
        TelephonyEvent::Channel(customer.clone()),
        TelephonyEvent::Channel(first.clone()),
        TelephonyEvent::Channel(second.clone()),
        dialled(Some(customer.clone()), first.clone()),
        dialled(Some(second.clone()), phone(Down)),
        TelephonyEvent::Channel(phone(Ringing)),
        TelephonyEvent::Channel(phone(Up)),
        entered("b1", phone(Up)),
        entered("b1", second.clone()),
        entered("b2", first.clone()),
        entered("b2", customer.clone()),
        // Local is optimised away: the phone moves over.
        left("b1", phone(Up)),
        entered("b2", phone(Up)),
        hung_up(first),
        hung_up(second),
    ];
    for event in all.drain(..) {
        calls.happened(&event);
        assert_eq!(own_call(&calls, "PJSIP/101"), None, "{event:?}");
    }
    // Beside it the agent calls somebody.
    after(&mut calls, [TelephonyEvent::Channel(channel("PJSIP/101-00000005", 5, 5, Up))]);
    assert_eq!(own_call(&calls, "PJSIP/101"), OUTGOING_INTERNAL);
    after(&mut calls, [hung_up(phone(Up))]);
}

#[test]
fn who_is_behind_local_halves_is_found() {
    let mut calls = Calls::default();
    let caller = channel("PJSIP/102-00000001", 1, 1, Up);
    let (first, second) =
        (channel("Local/101@default-00000003;1", 2, 1, Up), channel("Local/101@default-00000003;2", 3, 1, Up));
    let phone = channel("PJSIP/101-00000004", 4, 1, Up);
    after(
        &mut calls,
        [
            dialled(Some(caller.clone()), first.clone()),
            TelephonyEvent::Channel(second.clone()),
            dialled(Some(second.clone()), phone.clone()),
        ],
    );
    for (device, call) in [("PJSIP/101", INCOMING_INTERNAL), ("PJSIP/102", OUTGOING_INTERNAL)] {
        assert_eq!(own_call(&calls, device), call);
    }
    after(&mut calls, [entered("b1", caller), entered("b1", first), entered("b2", second), entered("b2", phone)]);
    for (device, call) in [("PJSIP/101", INCOMING_INTERNAL), ("PJSIP/102", OUTGOING_INTERNAL)] {
        assert_eq!(own_call(&calls, device), call);
    }
}

#[test]
fn a_channel_that_is_renamed_is_the_same_under_its_new_device() {
    let mut calls = Calls::default();
    let unique_id = caller(Up).unique_id;
    after(
        &mut calls,
        [
            TelephonyEvent::Channel(caller(Up)),
            TelephonyEvent::ChannelRenamed { unique_id, name: "PJSIP/103-00000025".into() },
        ],
    );
    assert_eq!(calls.touched().collect::<Vec<_>>(), ["sip/102", "sip/103"]);
    assert_eq!((own_call(&calls, "PJSIP/102"), own_call(&calls, "PJSIP/103")), (None, OUTGOING_INTERNAL));
}

#[test]
fn what_a_snapshot_does_not_have_has_hung_up_and_what_was_known_stays() {
    let mut calls = Calls::default();
    let gone = channel("PJSIP/103-00000007", 7, 7, Up);
    after(&mut calls, [dialled(Some(caller(Up)), callee(Up)), TelephonyEvent::Channel(gone)]);
    let bridged = vec![("b1".into(), caller(Up).unique_id), ("b1".into(), callee(Up).unique_id)];
    let snapshot = TelephonySnapshot { channels: vec![caller(Up), callee(Up)], bridged, ..Default::default() };
    let snapshot = snapshot.prepare();
    take_over(&mut calls, &snapshot);
    assert_eq!(own_call(&calls, "PJSIP/103"), None);
    assert_eq!(own_call(&calls, "PJSIP/101"), INCOMING_INTERNAL);
    // Who knew nothing before tells the directions by who began the call.
    let mut calls = Calls::default();
    take_over(&mut calls, &snapshot);
    assert_eq!(own_call(&calls, "PJSIP/101"), INCOMING_INTERNAL);
    assert_eq!(own_call(&calls, "PJSIP/102"), OUTGOING_INTERNAL);
}

#[test]
fn a_held_call_is_not_active() {
    let mut calls = Calls::default();
    let (first, second) = (channel("PJSIP/101-00000001", 1, 1, Up), channel("PJSIP/101-00000002", 2, 2, Up));
    let held = |is_held| TelephonyEvent::Held { unique_id: first.unique_id.clone(), is_held };
    let active = |calls: &Calls| calls.active_channel("PJSIP/101").map(|channel| channel.name.to_string());
    after(&mut calls, [TelephonyEvent::Channel(first.clone()), held(true)]);
    assert_eq!(active(&calls), None);
    after(&mut calls, [TelephonyEvent::Channel(second)]);
    assert_eq!(active(&calls).as_deref(), Some("PJSIP/101-00000002"));
    after(&mut calls, [held(false)]);
    assert_eq!(active(&calls).as_deref(), Some("PJSIP/101-00000001"));
}

#[test]
fn channels_are_bounded() {
    let mut calls = Calls::default();
    let number = u32::try_from(CHANNELS_MAX).expect("a number");
    for id in 0..number {
        calls.happened(&TelephonyEvent::Channel(channel("PJSIP/103-00000001", id, id, Up)));
    }
    let one_more = channel("PJSIP/101-00000001", number, number, Up);
    after(&mut calls, [entered("b1", one_more.clone()), TelephonyEvent::Channel(one_more.clone())]);
    assert_eq!(own_call(&calls, "PJSIP/101"), None);
    after(
        &mut calls,
        [
            hung_up(channel("PJSIP/103-00000001", 0, 0, Up)),
            left("b1", one_more.clone()),
            TelephonyEvent::Channel(one_more),
        ],
    );
    assert_eq!(own_call(&calls, "PJSIP/101"), OUTGOING_INTERNAL);
}
