//! The answers of an empty appliance: classes whose substance does not exist yet are answered so that no released
//! client waits, crashes or complains (protocol "Ours", table). No request is forgotten here: the match is complete
//! for whatever `Live::apply` does not answer itself.

use crate::protocol::notice::{ErrorCode, FaxProgress, Notice};
use crate::protocol::request::{AgentReference, CommandId, ListName, Request};
use crate::settings::id::{AgentId, Id, QueueId, UserId};

use super::SessionId;
use super::effects::{Effects, Note};
use super::visibility::{Subject, World};

/// The word of the original, of logging out too.
const NO_SUCH_AGENT: &str = "agent_login_invalid_exten";

/// Of an unknown class; what a client sends may be long.
const CLASS_CHARACTERS_SHOWN: usize = 64;

pub(super) fn answer(
    world: &World,
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
        Request::AgentLogin { agent } => Notice::CommandRefused { error: agent_login_error(world, user, agent) },
        Request::Telephony => Notice::CommandRefused { error: "service_unavailable" },
        several => return answer_otherwise(world, session, user, several, reply, out),
    };
    out.answer(session, notice);
}

/// Requests with several answers, or none.
fn answer_otherwise(
    world: &World,
    session: SessionId,
    user: UserId,
    request: Request,
    reply: CommandId,
    out: &mut Effects,
) {
    match request {
        Request::SubscribeQueuesStats => {
            for subject in world.view(user).subjects(ListName::Queues) {
                if let Subject::Queue(queue) = subject {
                    out.answer(session, Notice::LoggedAgents { queue, count: 0 });
                }
            }
        }
        Request::SubscribeMeetmes => {
            out.answer(session, Notice::Meetmes { rooms: world.view(user).quiet_rooms() });
            out.answer(session, Notice::MeetmeUserNone);
        }
        Request::SubscribeQueueEntries { queue } => {
            let queue = QueueId::new(queue);
            if let Some(name) = world.view(user).queue_name(queue) {
                out.answer(session, Notice::QueueEntriesNone { queue, name });
            }
        }
        // Nobody is logged in: an agent that there is hears nothing, as ever (protocol 4.8).
        Request::AgentLogout { agent } if find_agent(world, user, agent).is_none() => {
            out.answer(session, Notice::CommandRefused { error: NO_SUCH_AGENT });
        }
        Request::FaxSend => {
            out.answer(session, Notice::FaxTaken { reply });
            for progress in [FaxProgress::Preparing, FaxProgress::Failed] {
                out.tell(world.reach_own(user), Notice::FaxProgress(progress));
            }
        }
        Request::Unknown { class } => {
            if world.general().answer_unknown {
                let shown: String = class.chars().take(CLASS_CHARACTERS_SHOWN).collect();
                let detail = format!("nobody here knows the class {shown:?}").into();
                out.answer(session, Notice::ProtocolError { code: ErrorCode::UnknownClass, detail, reply });
            }
            out.note(Note::UnknownRequest { class });
        }
        _ => {}
    }
}

/// No such agent, as far as the user may know, or no telephony to log him in with (protocol 4.8.2).
fn agent_login_error(world: &World, user: UserId, agent: AgentReference) -> &'static str {
    find_agent(world, user, agent).map_or(NO_SUCH_AGENT, |_| "service_unavailable")
}

fn find_agent(world: &World, user: UserId, agent: AgentReference) -> Option<AgentId> {
    let view = world.view(user);
    match agent {
        AgentReference::Own => view.agent(),
        AgentReference::Id(number) => view.agent_numbered(number),
        AgentReference::Nobody => None,
    }
}
