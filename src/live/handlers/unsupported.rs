//! What clients ask for and ctibox does not offer: the history of calls, who is in conference rooms, faxes, and commands that
//! it does not know. It is answered so that no released client waits, crashes or complains (docs/protocol.md).

use crate::live::messages::{Requester, SessionId};
use crate::live::state::{Effects, LiveState, LogEvent};
use crate::protocol::notice::{ErrorCode, FaxProgress, Notice};
use crate::protocol::request::CommandId;

const NOT_OFFERED: &str = "service_unavailable";

/// Of an unknown class; what a client sends may be long.
const CLASS_CHARACTERS_SHOWN: usize = 64;

pub(in crate::live) fn history(session: SessionId, out: &mut Effects) {
    out.answer(session, Notice::HistoryNone);
}

pub(in crate::live) fn current_calls(session: SessionId, out: &mut Effects) {
    out.answer(session, Notice::CurrentCallsNone);
}

pub(in crate::live) fn telephony(session: SessionId, out: &mut Effects) {
    out.answer(session, Notice::CommandRefused { error: NOT_OFFERED });
}

pub(in crate::live) fn conferences(state: &LiveState, requester: Requester, out: &mut Effects) {
    let rooms = state.view(requester.user).quiet_rooms();
    out.answer(requester.session, Notice::Meetmes { rooms });
    out.answer(requester.session, Notice::MeetmeUserNone);
}

pub(in crate::live) fn fax(state: &LiveState, requester: Requester, reply: CommandId, out: &mut Effects) {
    out.answer(requester.session, Notice::FaxTaken { reply });
    for progress in [FaxProgress::Preparing, FaxProgress::Failed] {
        out.notify(state.audience_of_user(requester.user), Notice::FaxProgress(progress));
    }
}

/// A class that nobody knows: counted, and answered where that is wanted (protocol decision 2).
pub(in crate::live) fn unknown(
    state: &LiveState,
    session: SessionId,
    class: Box<str>,
    reply: CommandId,
    out: &mut Effects,
) {
    if state.general().answer_unknown {
        let shown: String = class.chars().take(CLASS_CHARACTERS_SHOWN).collect();
        let detail = format!("nobody here knows the class {shown:?}").into();
        out.answer(session, Notice::ProtocolError { code: ErrorCode::UnknownClass, detail, reply });
    }
    out.log(LogEvent::UnknownRequest { class });
}
