//! Calls of one's own: dialling, hanging up, listening to an agent; and the channels that there are (telephony §9–§11). A client names whom to
//! call, and nothing else: the telephone, the context and the extension are made of the settings (telephony §18.19).

use std::time::Duration;

use super::agents::commands::may_act;
use crate::live::messages::telephony::{
    CallFailure, CallPending, ChannelState, DialOrder, DialStage, DialplanPlace, Originate, Party, RequestFailure,
    TelephonyPending, TelephonyQuestion, TelephonyRequest, device_key,
};
use crate::live::messages::{Moment, Requester, TelephonyEvent, TelephonySnapshot};
use crate::live::state::resync::TakeOver;
use crate::live::state::telephony::calls::Cursor;
use crate::live::state::{Effects, LiveState, LogEvent};
use crate::protocol::notice::Notice;
use crate::protocol::request::{AgentReference, Destination};
use crate::settings::id::ContextId;
use crate::settings::phone_number::PhoneNumber;

/// How long one's own telephone rings.
const RINGS: Duration = Duration::from_secs(30);
/// The longest number that is dialled.
const NUMBER_CHARACTERS_MAX: usize = 80;
/// The same with all that people write between its digits.
const WRITTEN_NUMBER_BYTES_MAX: usize = 1024;
/// Before a box: leaves a message in it.
const LEAVE_MESSAGE: &str = "*97";
/// One's own messages.
const OWN_MESSAGES: &str = "*98";
/// Where the telephone that has answered gets its own number back, and goes on in the context that the variable names.
const RESTORING_CONTEXT: &str = "cti-dial";
const CONTEXT_VARIABLE: &str = "CTI_DIAL_CONTEXT";
/// Causes of hanging up: as usual; of a call that is not taken.
const NORMAL: u32 = 16;
const REJECTED: u32 = 21;

/// What a telephone shows that rings to listen.
const LISTEN_NAME: &str = "Listen/Écouter";

const CALL_UNAUTHORIZED: &str = "call_unauthorized";
const HANG_UP_UNAUTHORIZED: &str = "hangup_unauthorized";
const UNAVAILABLE: &str = "service_unavailable";

/// Who calls whom now.
#[derive(Default)]
pub(super) struct CallsTakeOver(Cursor);

impl TakeOver for CallsTakeOver {
    fn advance(
        &mut self,
        state: &mut LiveState,
        _: Moment,
        snapshot: &mut TelephonySnapshot,
        _: &mut Effects,
    ) -> Option<usize> {
        state.take_over_calls(snapshot, &mut self.0)
    }
}

pub(super) fn happened(state: &mut LiveState, event: &TelephonyEvent) {
    state.follow_call(event);
}

/// Lets the user's own telephone call (protocol 4.8.1); one without a line hears nothing.
pub(in crate::live) fn dial(
    state: &mut LiveState,
    by: Requester,
    (destination, text): (&Destination, Box<str>),
    out: &mut Effects,
) {
    if !state.is_telephony_up() {
        return refuse(by, UNAVAILABLE, out);
    }
    let Some(own) = state.own_telephone(by.user) else { return };
    let Some((number, extension)) = extension(state, by, own.context, destination) else {
        return out.answer(by.session, Notice::ExtensionUnreachable { extension: text });
    };
    if !state.begin_call_order(by.user) {
        return refuse(by, UNAVAILABLE, out);
    }
    let name = state.seen_name(by.user, own.context, (&number, &extension));
    let order = DialOrder {
        by,
        number: number.clone(),
        extension,
        context: own.context_name,
        device: own.device,
        called: Party { name, number },
        caller: own.party,
    };
    let place = DialplanPlace { context: order.context.clone(), extension: order.extension.clone() };
    out.ask_telephony_for_line(TelephonyQuestion::Exists(place, Box::new(order)));
}

/// The number as it is shown, and what is dialled for it; None where nothing is left of it, or it is none that the user may
/// know.
fn extension(
    state: &LiveState,
    by: Requester,
    from: ContextId,
    destination: &Destination,
) -> Option<(Box<str>, Box<str>)> {
    let number: Box<str> = match destination {
        Destination::Number(text) => {
            let number = dialled(text)?;
            let extension = state.extension_of(from, &number);
            return Some((number, extension));
        }
        Destination::Voicemail(voicemail) => {
            format!("{LEAVE_MESSAGE}{}", state.seen_mailbox(by.user, *voicemail)?).into()
        }
        Destination::OwnMessages => OWN_MESSAGES.into(),
        Destination::Nowhere => return None,
    };
    Some((number.clone(), number))
}

/// What can be dialled of a text: a number as people write it, or else its letters, digits, `#`, `*` and `+`.
fn dialled(text: &str) -> Option<Box<str>> {
    if text.len() > WRITTEN_NUMBER_BYTES_MAX {
        return None;
    }
    let kept = match PhoneNumber::read(text) {
        Ok(Some(written)) => written.number.as_str().to_owned(),
        Ok(None) | Err(_) => {
            text.chars().filter(|sign| sign.is_ascii_alphanumeric() || "#*+".contains(*sign)).collect()
        }
    };
    (1..=NUMBER_CHARACTERS_MAX).contains(&kept.len()).then(|| kept.into())
}

/// Whether the dial plan has the extension that is to be called.
pub(super) fn looked_up(
    state: &mut LiveState,
    order: Box<DialOrder>,
    outcome: Result<bool, RequestFailure>,
    out: &mut Effects,
) {
    match outcome {
        Ok(true) => originate(order, DialStage::Restoring, out),
        Ok(false) => end_dial(state, *order, Err(CallFailure::NoSuchExtension), out),
        Err(not_done) => end_dial(state, *order, Err(not_done.into()), out),
    }
}

/// What came of a call.
pub(super) fn ended(
    state: &mut LiveState,
    order: Box<DialOrder>,
    stage: DialStage,
    outcome: Result<(), CallFailure>,
    out: &mut Effects,
) {
    match (stage, outcome) {
        (DialStage::Restoring, Err(CallFailure::NoSuchExtension)) => originate(order, DialStage::Direct, out),
        (DialStage::Restoring | DialStage::Direct, outcome) => end_dial(state, *order, outcome, out),
    }
}

fn end_dial(state: &mut LiveState, order: DialOrder, outcome: Result<(), CallFailure>, out: &mut Effects) {
    let by = order.by;
    state.end_call_order(by.user);
    if state.user_of(by.session) != Some(by.user) {
        return;
    }
    let extension = order.number;
    match outcome {
        Ok(()) => out.answer(by.session, Notice::DialSuccess { extension }),
        Err(CallFailure::NoSuchExtension) => out.answer(by.session, Notice::ExtensionUnreachable { extension }),
        // Whoever lets their own telephone ring knows.
        Err(CallFailure::NoAnswer) => {}
        Err(CallFailure::Busy | CallFailure::Unreachable | CallFailure::Request(RequestFailure::Unavailable)) => {
            refuse(by, UNAVAILABLE, out);
        }
        Err(CallFailure::Request(RequestFailure::Refused(_))) => refuse(by, CALL_UNAUTHORIZED, out),
    }
}

/// Rings the telephone. Its client is not kept waiting for its other lines until somebody answers.
fn originate(order: Box<DialOrder>, stage: DialStage, out: &mut Effects) {
    let mut variables: Vec<(Box<str>, Box<str>)> = vec![
        ("XIVO_ORIGAPPLI".into(), "OrigDial".into()),
        ("XIVO_ORIG_CID_NAME".into(), order.caller.name.clone()),
        ("XIVO_ORIG_CID_NUM".into(), order.caller.number.clone()),
    ];
    let context = if stage == DialStage::Restoring {
        variables.push((CONTEXT_VARIABLE.into(), order.context.clone()));
        RESTORING_CONTEXT.into()
    } else {
        order.context.clone()
    };
    let call = Originate::Dial {
        device: order.device.clone(),
        context,
        extension: order.extension.clone(),
        shown: order.called.clone(),
        variables,
        timeout: RINGS,
    };
    out.originate(call, CallPending::Dial { order, stage });
}

/// Ends the first call of the user that is not held, or refuses one that rings (protocol 4.9); without one nothing is said.
pub(in crate::live) fn hang_up(state: &LiveState, by: Requester, out: &mut Effects) {
    if !state.is_telephony_up() {
        return refuse(by, UNAVAILABLE, out);
    }
    let Some(channel) = state.own_channel(by.user) else { return };
    let cause = if channel.state == ChannelState::Ringing { REJECTED } else { NORMAL };
    let request = TelephonyRequest::Hangup { channel: channel.name.clone(), cause };
    out.ask_telephony_for_line(TelephonyQuestion::Do(request, TelephonyPending::HangUp { by }));
}

pub(super) fn hung_up(state: &LiveState, by: Requester, outcome: Result<(), RequestFailure>, out: &mut Effects) {
    if state.user_of(by.session) != Some(by.user) {
        return;
    }
    match outcome {
        // Where somebody else has hung it up, too.
        Ok(()) => {}
        Err(RequestFailure::Unavailable) => refuse(by, UNAVAILABLE, out),
        Err(RequestFailure::Refused(_)) => refuse(by, HANG_UP_UNAUTHORIZED, out),
    }
}

/// Lets the user listen to a logged-in agent from their own telephone: their agent's, or else their main line's (protocol
/// 4.8). Their profile must say that they may, and they must be one who acts on agents.
pub(in crate::live) fn listen(state: &mut LiveState, by: Requester, agent: AgentReference, out: &mut Effects) {
    if !state.is_telephony_up() {
        return refuse(by, UNAVAILABLE, out);
    }
    let view = state.view(by.user);
    let own_agent = view.agent();
    let agent = match agent {
        AgentReference::Own => own_agent,
        AgentReference::Id(number) => view.agent_numbered(number),
        AgentReference::Nobody => None,
    };
    let Some(agent) = agent else { return };
    if !view.profile().is_some_and(|profile| profile.may_listen) {
        out.log(LogEvent::AgentCommandRefused { user: by.user, agent });
        return refuse(by, CALL_UNAUTHORIZED, out);
    }
    if !may_act(state, by, agent, out) {
        return;
    }
    let device_of = |agent| state.agents().get(agent).login().map(|login| login.device.clone());
    let Some(to) = device_of(agent) else { return };
    let at_agents = own_agent.and_then(device_of);
    let device = at_agents.or_else(|| state.own_telephone(by.user).map(|own| own.device));
    // Nobody listens to themselves.
    let Some(device) = device.filter(|device| device_key(device) != device_key(&to)) else { return };
    let number = state.agent(agent).map_or_else(Box::default, |agent| agent.number.as_str().into());
    if !state.begin_call_order(by.user) {
        return refuse(by, UNAVAILABLE, out);
    }
    let shown = Party { name: LISTEN_NAME.into(), number };
    out.originate(Originate::Listen { device, to, shown, timeout: RINGS }, CallPending::Listen { by });
}

pub(super) fn listened(state: &mut LiveState, by: Requester, outcome: Result<(), CallFailure>, out: &mut Effects) {
    state.end_call_order(by.user);
    if state.user_of(by.session) != Some(by.user) {
        return;
    }
    match outcome {
        Ok(()) | Err(CallFailure::NoAnswer) => {}
        Err(CallFailure::Request(RequestFailure::Refused(_))) => refuse(by, CALL_UNAUTHORIZED, out),
        Err(
            CallFailure::Busy
            | CallFailure::Unreachable
            | CallFailure::NoSuchExtension
            | CallFailure::Request(RequestFailure::Unavailable),
        ) => refuse(by, UNAVAILABLE, out),
    }
}

fn refuse(by: Requester, error: &'static str, out: &mut Effects) {
    out.answer(by.session, Notice::CommandRefused { error });
}
