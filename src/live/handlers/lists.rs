//! `getlist` and `get_relations`: what a user may know, list by list (protocol 4.5). Every `updateconfig` and
//! `updatestatus` is answered with its `tid`, or the client's loading window would never close.

use std::sync::Arc;

use serde_json::Value;

use crate::live::messages::{Requester, SessionId, Subject};
use crate::live::state::answer_cache::Lookup;
use crate::live::state::view::View;
use crate::live::state::{Effects, LiveState};
use crate::protocol::encode::{AnyNotice, SharedNotice};
use crate::protocol::notice::{Notice, StatusAnswer};
use crate::protocol::request::{ListName, UnknownListAsked};
use crate::settings::id::UserId;

/// A list nobody knows has no answer (protocol 4.5.1).
pub(in crate::live) fn list_ids(view: &View<'_>, session: SessionId, list: ListName, out: &mut Effects) {
    if list != ListName::Unknown {
        let ids = view.subjects(list).into_iter().map(|subject| view.tid(subject)).collect();
        out.answer(session, Notice::ListId { list, ids });
    }
}

/// Gives back what was asked about, if there is that.
pub(in crate::live) fn answer(
    state: &mut LiveState,
    requester: Requester,
    (lookup, list, tid): (Lookup, ListName, Value),
    out: &mut Effects,
) -> Option<Subject> {
    let Requester { session, user } = requester;
    let subject = tid.as_str().and_then(|tid| state.view(user).named(list, tid));
    if let Some(shared) = subject.and_then(|subject| shared_answer(state, user, subject, (lookup, list, &tid))) {
        out.answer(session, shared);
        return subject;
    }
    let view = state.view(user);
    let subject = subject.filter(|subject| view.may_see(*subject));
    let notice = match lookup {
        Lookup::Config => Notice::ConfigAnswer { list, tid, config: subject.and_then(|subject| view.config(subject)) },
        Lookup::Status => {
            let status = match subject.and_then(|subject| view.status(subject)) {
                Some(status) => StatusAnswer::Known(status),
                None if list == ListName::QueueMembers => StatusAnswer::Null,
                None => StatusAnswer::Unknown,
            };
            Notice::StatusAnswer { list, tid, status }
        }
    };
    out.answer(session, notice);
    subject
}

/// What everybody is answered who looks from where this user looks; None for what is the user's own, and for what
/// nobody sees from there.
fn shared_answer(
    state: &mut LiveState,
    user: UserId,
    subject: Subject,
    (lookup, list, tid): (Lookup, ListName, &Value),
) -> Option<AnyNotice> {
    let (scope, view) = state.view_of_scope(user, subject)?;
    let make = |view: View<'_>| {
        let tid = tid.clone();
        Some(match lookup {
            Lookup::Config => Notice::ConfigAnswer { list, tid, config: Some(view.config(subject)?) },
            Lookup::Status => Notice::StatusAnswer { list, tid, status: StatusAnswer::Known(view.status(subject)?) },
        })
    };
    let reading = (scope, lookup);
    if let Some(kept) = state.kept_answers().get(subject, reading) {
        debug_assert_eq!(Some(&***kept), make(view).as_ref(), "what is kept reads otherwise by now");
        return Some(AnyNotice::Shared(kept.clone()));
    }
    let answer = Arc::new(SharedNotice::new(make(view)?));
    state.keep_answer(subject, reading, &answer);
    Some(AnyNotice::Shared(answer))
}

pub(in crate::live) fn answer_unknown(
    session: SessionId,
    asked: UnknownListAsked,
    name: Box<str>,
    tid: Value,
    out: &mut Effects,
) {
    out.answer(session, Notice::UnknownList { asked, name, tid });
}

pub(in crate::live) fn answer_relations(view: &View<'_>, session: SessionId, out: &mut Effects) {
    let Some(user) = view.user() else { return };
    let (endpoint, agent) = (view.main_line(), view.agent());
    out.answer(session, Notice::Relations { server: view.server(), user: user.id, endpoint, agent });
}
