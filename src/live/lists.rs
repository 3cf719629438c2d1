//! `getlist` and `get_relations`: what a user may know, list by list (protocol 4.5). Every `updateconfig` and
//! `updatestatus` is answered with its `tid`, or the client's loading window would never close.

use serde_json::Value;

use crate::protocol::notice::{Notice, StatusAnswer};
use crate::protocol::request::{ListName, UnknownListAsked};

use super::SessionId;
use super::effects::Effects;
use super::view::View;
use super::visibility::Subject;

/// A list nobody knows has no answer (protocol 4.5.1).
pub(super) fn list_ids(view: &View<'_>, session: SessionId, list: ListName, out: &mut Effects) {
    if list != ListName::Unknown {
        let ids = view.subjects(list).into_iter().map(|subject| view.tid(subject)).collect();
        out.answer(session, Notice::ListId { list, ids });
    }
}

/// Gives back what was asked about, if there is that.
pub(super) fn answer_config(
    view: &View<'_>,
    session: SessionId,
    list: ListName,
    tid: Value,
    out: &mut Effects,
) -> Option<Subject> {
    let subject = tid.as_str().and_then(|tid| view.find(list, tid));
    let config = subject.and_then(|subject| view.config(subject));
    out.answer(session, Notice::ConfigAnswer { list, tid, config });
    subject
}

pub(super) fn answer_status(view: &View<'_>, session: SessionId, list: ListName, tid: Value, out: &mut Effects) {
    let subject = tid.as_str().and_then(|tid| view.find(list, tid));
    let status = match subject.and_then(|subject| view.status(subject)) {
        Some(status) => StatusAnswer::Known(status),
        None if list == ListName::QueueMembers => StatusAnswer::Null,
        None => StatusAnswer::Unknown,
    };
    out.answer(session, Notice::StatusAnswer { list, tid, status });
}

pub(super) fn answer_unknown(
    session: SessionId,
    asked: UnknownListAsked,
    name: Box<str>,
    tid: Value,
    out: &mut Effects,
) {
    out.answer(session, Notice::UnknownList { asked, name, tid });
}

pub(super) fn answer_relations(view: &View<'_>, session: SessionId, out: &mut Effects) {
    let Some(user) = view.user() else { return };
    let (endpoint, agent) = (view.main_line(), view.agent());
    out.answer(session, Notice::Relations { server: view.server(), user: user.id, endpoint, agent });
}
