//! The answers of an empty appliance: classes whose substance does not exist yet are answered so that no released
//! client waits, crashes or complains (protocol "Ours", table). No request is forgotten here: the match is complete
//! for whatever `Live::apply` does not answer itself.

use crate::protocol::notice::{ErrorCode, FaxProgress, Notice};
use crate::protocol::request::{AgentReference, CommandId, ListName, Request};
use crate::settings::id::{AgentId, Id, QueueId, UserId};

use super::SessionId;
use super::effects::{Effects, LogEvent};
use super::visibility::{LiveState, Subject};

/// The word of the original, of logging out too.
const NO_SUCH_AGENT: &str = "agent_login_invalid_exten";

/// Of an unknown class; what a client sends may be long.
const CLASS_CHARACTERS_SHOWN: usize = 64;

pub(super) fn answer(
    state: &LiveState,
    session: SessionId,
    user: UserId,
    request: Request,
    reply: CommandId,
    out: &mut Effects,
) {
    let notice = match request {
        Request::KeepAlive => Notice::KeepAlive { reply },
        Request::GetIpbxList => Notice::IpbxList { reply },
        Request::History { .. } => Notice::HistoryNone,
        Request::GetQueuesStats { queues } => Notice::QueuesStats { reply, queues },
        Request::SubscribeCurrentCalls => Notice::CurrentCallsNone,
        Request::AgentLogin { agent } => Notice::CommandRefused { error: agent_login_error(state, user, agent) },
        Request::Telephony => Notice::CommandRefused { error: "service_unavailable" },
        several => return answer_otherwise(state, session, user, several, reply, out),
    };
    out.answer(session, notice);
}

/// Requests with several answers, or none.
fn answer_otherwise(
    state: &LiveState,
    session: SessionId,
    user: UserId,
    request: Request,
    reply: CommandId,
    out: &mut Effects,
) {
    match request {
        Request::SubscribeQueuesStats => {
            for subject in state.view(user).subjects(ListName::Queues) {
                if let Subject::Queue(queue) = subject {
                    out.answer(session, Notice::LoggedAgents { queue, count: 0 });
                }
            }
        }
        Request::SubscribeMeetmes => {
            out.answer(session, Notice::Meetmes { rooms: state.view(user).quiet_rooms() });
            out.answer(session, Notice::MeetmeUserNone);
        }
        Request::SubscribeQueueEntries { queue } => {
            let queue = QueueId::new(queue);
            if let Some(name) = state.view(user).queue_name(queue) {
                out.answer(session, Notice::QueueEntriesNone { queue, name });
            }
        }
        // Nobody is logged in: an agent that there is hears nothing, as ever (protocol 4.8).
        Request::AgentLogout { agent } if find_agent(state, user, agent).is_none() => {
            out.answer(session, Notice::CommandRefused { error: NO_SUCH_AGENT });
        }
        Request::FaxSend => {
            out.answer(session, Notice::FaxTaken { reply });
            for progress in [FaxProgress::Preparing, FaxProgress::Failed] {
                out.notify(state.audience_of_user(user), Notice::FaxProgress(progress));
            }
        }
        Request::Unknown { class } => {
            if state.general().answer_unknown {
                let shown: String = class.chars().take(CLASS_CHARACTERS_SHOWN).collect();
                let detail = format!("nobody here knows the class {shown:?}").into();
                out.answer(session, Notice::ProtocolError { code: ErrorCode::UnknownClass, detail, reply });
            }
            out.log(LogEvent::UnknownRequest { class });
        }
        _ => {}
    }
}

/// No such agent, as far as the user may know, or no telephony to log them in with (protocol 4.8.2).
fn agent_login_error(state: &LiveState, user: UserId, agent: AgentReference) -> &'static str {
    find_agent(state, user, agent).map_or(NO_SUCH_AGENT, |_| "service_unavailable")
}

fn find_agent(state: &LiveState, user: UserId, agent: AgentReference) -> Option<AgentId> {
    let view = state.view(user);
    match agent {
        AgentReference::Own => view.agent(),
        AgentReference::Id(number) => view.agent_numbered(number),
        AgentReference::Nobody => None,
    }
}
