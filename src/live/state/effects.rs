//! What an input brings about, as values: `engine` runs them, in order, and knows nothing of why. Above `messages`, for they
//! name audiences, which the rule of visibility makes. The rest of `live` fills them through the few words here.

use std::mem;

use super::prepared_settings::PreparedSettings;
use super::visibility::Audience;
use crate::live::messages::telephony::{CallPending, Originate};
use crate::live::messages::{
    AfterCommit, AgentChangeId, AgentChangeOutcome, AnswerPermit, CallerQuestionId, Event, SessionId, StoreCall,
    StoreQuestion, SwitchOffId, SwitchOffOutcome, TelephonyCall, TelephonyPending, TelephonyQuestion, TelephonyRequest,
    TelephonySnapshot, TimerChange,
};
use crate::observe::work::spend;
use crate::protocol::encode::AnyNotice;
use crate::protocol::notice::Notice;
use crate::settings::id::{AgentId, ChatId, QueueId, UserId};
use crate::settings::state::StateWrite;

/// A notice on its way, and whether the receivers asked for it: answers never cut off a slow reader (protocol decision
/// 13).
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct OutgoingNotice {
    pub(crate) to: Audience,
    pub(crate) notice: AnyNotice,
    pub(crate) is_answer: bool,
    /// A chat text: once a receiver's system has acknowledged it, `Input::ChatAcknowledged` says so.
    pub(crate) chat: Option<ChatId>,
}

/// What is in use no more and takes long to let go of.
#[derive(Debug, PartialEq)]
pub(crate) enum Retired {
    Settings(PreparedSettings),
    /// What a link began with, and what was known of telephones before.
    Snapshot(Box<TelephonySnapshot>),
}

/// What is to be done now, in this order.
#[derive(Debug, PartialEq)]
pub(crate) enum Immediate {
    Send(OutgoingNotice),
    /// Close the session once all that was told to it is written.
    Close {
        session: SessionId,
    },
    /// A line that had waited for its turn is dealt with.
    LineDone(AnswerPermit),
    /// The settings of the earliest `Input::Settings` that this was not said of are in use; so many sessions ended for
    /// them.
    SettingsTaken {
        ended: usize,
    },
    /// What the caller is called whom `Input::CallerAsked` asked for; None: nobody knows.
    CallerNamed {
        id: CallerQuestionId,
        name: Option<Box<str>>,
    },
    /// A line for the log, with the level that fits.
    Log(LogEvent),
}

/// Things worth a log line or a count that only the middle can see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum LogEvent {
    PresenceRefused {
        user: UserId,
        from: Box<str>,
        to: Box<str>,
    },
    UnknownRequest {
        class: Box<str>,
    },
    ServiceNotGranted {
        user: UserId,
    },
    ForwardToNoNumber {
        user: UserId,
    },
    /// What a telephone switched by a feature code is not taken.
    FeatureCodeRefused {
        user: Option<UserId>,
        why: &'static str,
    },
    /// The telephone system had services of the user when we first met it.
    ServicesTakenOver {
        user: UserId,
    },
    /// The telephone system does not take services of ours: said of the first of a link.
    ServicesNotBrought {
        user: UserId,
        why: Box<str>,
    },
    /// The settings changed between the check of a password and the login.
    LoginRefused {
        user: UserId,
        why: &'static str,
    },
    /// The oldest session of a user who logged in once more than one may.
    TooManySessions {
        user: UserId,
        ended: SessionId,
        most: u32,
    },
    /// The user may act on no agent but their own.
    AgentCommandRefused {
        user: UserId,
        agent: AgentId,
    },
    /// Was logged in when the link began, or from elsewhere.
    AgentAdopted {
        agent: AgentId,
        device: Box<str>,
    },
    AgentLoggedOffElsewhere {
        agent: AgentId,
    },
    /// An agent dialled to log in or off, and cannot.
    AgentAtPhoneRefused {
        agent: Box<str>,
        why: &'static str,
    },
    /// The telephone of a logged-in agent is gone.
    AgentPhoneGone {
        agent: AgentId,
        device: Box<str>,
    },
    /// In the telephone system's own words.
    AgentRequestRefused {
        agent: AgentId,
        queue: Option<QueueId>,
        words: Box<str>,
    },
    /// Older messages went to make room for a new one.
    ChatDropped {
        number: usize,
    },
}

/// What an input brings about: some at once; some only when `writes` are on disk.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Effects {
    pub(crate) immediate: Vec<Immediate>,
    pub(crate) writes: Vec<StateWrite>,
    /// Comes back when `writes` are committed, or are not.
    pub(crate) after_commit: Vec<AfterCommit>,
    /// For the store, behind `writes`; each comes back as `Input::StoreReplied`.
    pub(crate) store_calls: Vec<StoreCall>,
    /// For the telephone system, in this order; each comes back as `Input::TelephonyReplied`. Without a link they come
    /// back unavailable at once.
    pub(crate) telephony_calls: Vec<TelephonyCall>,
    /// What is to become due, or is not any more, in this order.
    pub(crate) timers: Vec<TimerChange>,
    /// What happened, in this order, for whoever follows it; empty while nobody does.
    pub(crate) events: Vec<Event>,
    /// What came of what administrators wanted of agents; once each.
    pub(crate) agent_changes: Vec<(AgentChangeId, AgentChangeOutcome)>,
    /// What came of what administrators wanted switched off; once each.
    pub(crate) switched_off: Vec<(SwitchOffId, SwitchOffOutcome)>,
    /// Settings that are in use no more, for whoever lets go of them: where there is much, that takes long.
    pub(crate) retired: Vec<Retired>,
    /// Of the line that is being dealt with: let go when all of this is done, unless a queue or a request to the store
    /// has taken it along.
    pub(crate) permit: AnswerPermit,
}

impl Effects {
    /// What `session` asked for.
    pub(in crate::live) fn answer(&mut self, session: SessionId, notice: impl Into<AnyNotice>) {
        let (to, notice) = (Audience::only(session), notice.into());
        self.immediate.push(Immediate::Send(OutgoingNotice { to, notice, is_answer: true, chat: None }));
    }

    /// What nobody asked for; an empty audience is told nothing.
    pub(in crate::live) fn notify(&mut self, to: Audience, notice: Notice) {
        self.send(to, notice, None);
    }

    /// The same of a chat text, whose receipt somebody waits for.
    pub(in crate::live) fn notify_chat(&mut self, to: Audience, notice: Notice, chat: ChatId) {
        self.send(to, notice, Some(chat));
    }

    fn send(&mut self, to: Audience, notice: Notice, chat: Option<ChatId>) {
        spend(to.sessions().len());
        if !to.sessions().is_empty() {
            self.immediate.push(Immediate::Send(OutgoingNotice { to, notice: notice.into(), is_answer: false, chat }));
        }
    }

    /// Asks the store for something that no line waits for.
    pub(in crate::live) fn ask_store(&mut self, question: StoreQuestion) {
        self.store_calls.push(StoreCall { question, permit: AnswerPermit::default() });
    }

    /// Asks the store for something that the line that is being dealt with waits for.
    pub(in crate::live) fn ask_store_for_line(&mut self, question: StoreQuestion) {
        let permit = self.permit.take();
        self.store_calls.push(StoreCall { question, permit });
    }

    /// Asks the telephone system for something that no line waits for.
    pub(in crate::live) fn ask_telephony(&mut self, request: TelephonyRequest, pending: TelephonyPending) {
        let question = TelephonyQuestion::Do(request, pending);
        self.telephony_calls.push(TelephonyCall { question, permit: AnswerPermit::default() });
    }

    /// Asks the telephone system for something that the line that is being dealt with waits for.
    pub(in crate::live) fn ask_telephony_for_line(&mut self, question: TelephonyQuestion) {
        let permit = self.permit.take();
        self.telephony_calls.push(TelephonyCall { question, permit });
    }

    /// Lets a telephone ring; no line waits until somebody answers.
    pub(in crate::live) fn originate(&mut self, call: Originate, pending: CallPending) {
        let question = TelephonyQuestion::Originate(call, pending);
        self.telephony_calls.push(TelephonyCall { question, permit: AnswerPermit::default() });
    }

    /// Deals with a line that had waited for its turn.
    pub(in crate::live) fn deal_with(&mut self, permit: AnswerPermit, line: impl FnOnce(&mut Self)) {
        let present = mem::replace(&mut self.permit, permit);
        line(self);
        let permit = mem::replace(&mut self.permit, present);
        self.immediate.push(Immediate::LineDone(permit));
    }

    pub(in crate::live) fn name_caller(&mut self, id: CallerQuestionId, name: Option<Box<str>>) {
        self.immediate.push(Immediate::CallerNamed { id, name });
    }

    pub(in crate::live) fn close(&mut self, session: SessionId) {
        self.immediate.push(Immediate::Close { session });
    }

    pub(in crate::live) fn log(&mut self, event: LogEvent) {
        self.immediate.push(Immediate::Log(event));
    }
}
