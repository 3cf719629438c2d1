//! `chitchat`: a line of one user to all sessions of another whom they see; to anybody else it is lost without a word,
//! as in the original (protocol 4.13, decision 8, 12 and 16). A text is delivered when the system of one client has
//! acknowledged it; one that nobody has is kept, and comes at the next login if its sender may then write to its
//! receiver. Whichever way texts come, they come in the order in which they were sent.

use std::time::Duration;

use crate::live::messages::{Moment, SessionId, StoreQuestion, TimerKey};
use crate::live::state::deliveries::{Gate, Text, Undelivered};
use crate::live::state::{Effects, LiveState, LogEvent};
use crate::observe::work::spend;
use crate::protocol::notice::{ChatParty, Notice};
use crate::protocol::request::{Chat, UserKey, Version};
use crate::settings::id::{ChatId, UserId};
use crate::settings::state::{KeptChat, NewChat};
use crate::settings::store_query::{FetchChat, ForgetChat, KeepChat};

/// A session that has not asked for `getipbxlist` so long after its login is no desktop client, which would have died
/// of chat before (protocol decision 16).
const DESKTOP_CLIENT_ASKS_WITHIN: Duration = Duration::from_secs(10);

pub(super) fn chat(state: &mut LiveState, now: Moment, from: UserId, chat: &Chat, out: &mut Effects) {
    let to = match chat.to {
        UserKey::Id(id) => Some(id),
        UserKey::Uuid(uuid) => state.user_by_uuid(uuid),
    };
    let to = to.filter(|_| chat.server == state.server()).and_then(|to| state.view(from).uuid(to));
    let (Some(to), Some(sender)) = (to, state.uuid_of(from)) else { return };
    if let Some(receiver) = state.user_by_uuid(to) {
        state.relay_chat(from, receiver);
    }
    let id = state.next_chat();
    let text = Text { from: sender, to, text: chat.text.clone(), at: now.unix as i64, is_kept: false };
    pass_on(state, now, Undelivered { id, text }, Waiting::Line, out);
}

/// A session begins: its client has no own user yet, and both released ones die of a chat then (client.md (e)).
pub(in crate::live) fn begin(state: &mut LiveState, now: Moment, session: SessionId) {
    state.begin_chat(session);
    state.set_timer(TimerKey::ChatDeadline(session), now.steady + DESKTOP_CLIENT_ASKS_WITHIN);
}

/// The session asked for `getipbxlist`: it is a desktop client, and will ask for its own user.
pub(in crate::live) fn note_desktop_client(state: &mut LiveState, session: SessionId) {
    state.cancel_timer(TimerKey::ChatDeadline(session));
}

/// Chat may flow to the session from now on; what is kept for its user comes first, unless another session had it.
pub(in crate::live) fn open(state: &mut LiveState, now: Moment, session: SessionId, out: &mut Effects) {
    let (Some(Gate::Closed), Some(user)) = (state.chat_gate(session), state.user_of(session)) else { return };
    state.cancel_timer(TimerKey::ChatDeadline(session));
    let is_open = |other: &SessionId| state.chat_gate(*other) == Some(Gate::Open);
    let nothing_waits = state.audience_of_user(user).sessions().iter().any(is_open);
    match (oldest(state, now), state.uuid_of(user)) {
        (Some(oldest), Some(uuid)) if !nothing_waits => {
            state.await_kept_chat(session);
            out.ask_store(StoreQuestion::FetchChat(FetchChat { to: uuid, oldest }, session));
        }
        _ => release(state, session, out),
    }
}

/// A text is kept, and so many older ones had to go for it.
pub(in crate::live) fn kept(dropped: usize, out: &mut Effects) {
    if dropped > 0 {
        out.log(LogEvent::ChatDropped { number: dropped });
    }
}

/// What was kept goes to all sessions of the user, as far as they may hear it, and then this session may hear anything.
/// None: the store failed, and all stays there.
pub(in crate::live) fn fetched(
    state: &mut LiveState,
    now: Moment,
    session: SessionId,
    kept: Option<Vec<KeptChat>>,
    out: &mut Effects,
) {
    let user = state.user_of(session).and_then(|user| state.uuid_of(user));
    // An outcome that comes after the session's end: whoever opened since has asked again.
    let (Some(Gate::Fetching), Some(to)) = (state.chat_gate(session), user) else { return };
    for KeptChat { id, from, text, at } in kept.into_iter().flatten() {
        if !state.is_chat_on_its_way(id) {
            pass_on(
                state,
                now,
                Undelivered { id, text: Text { from, to, text, at, is_kept: true } },
                Waiting::Nobody,
                out,
            );
        }
    }
    release(state, session, out);
}

fn release(state: &mut LiveState, session: SessionId, out: &mut Effects) {
    for id in state.open_chat(session) {
        say(state, id, &[session], out);
    }
}

/// A client's system has acknowledged the text.
pub(in crate::live) fn acknowledged(state: &mut LiveState, session: SessionId, id: ChatId, out: &mut Effects) {
    if state.acknowledge_chat(session, id) {
        forget(id, out);
    }
}

/// The session is over, its connection perhaps not yet: what was held back for it goes another way.
pub(in crate::live) fn session_ended(state: &mut LiveState, now: Moment, session: SessionId, out: &mut Effects) {
    state.cancel_timer(TimerKey::ChatDeadline(session));
    for undelivered in state.end_chat(session) {
        pass_on(state, now, undelivered, Waiting::Nobody, out);
    }
}

/// Nothing that was told to the session will be acknowledged any more.
pub(in crate::live) fn connection_over(state: &mut LiveState, now: Moment, session: SessionId, out: &mut Effects) {
    for undelivered in state.forget_chat_of(session) {
        pass_on(state, now, undelivered, Waiting::Nobody, out);
    }
}

/// Keeps what is on its way: whether its receivers got it may never be heard.
pub(in crate::live) fn keep_all(state: &mut LiveState, now: Moment, out: &mut Effects) {
    for undelivered in state.mark_chat_kept() {
        keep(state, now, undelivered, Waiting::Nobody, out);
    }
}

/// Who waits until a text is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Waiting {
    /// The line that is being dealt with: it brought the text.
    Line,
    Nobody,
}

/// To every session of its receiver: now where it may be heard, else once it may. Without a session it is kept.
fn pass_on(
    state: &mut LiveState,
    now: Moment,
    Undelivered { id, text }: Undelivered,
    waiting: Waiting,
    out: &mut Effects,
) {
    let Some(to) = state.user_by_uuid(text.to) else { return };
    let is_there = |session: &SessionId| !matches!(state.chat_gate(*session), None | Some(Gate::Ended));
    let sessions: Vec<SessionId> = state.audience_of_user(to).sessions().iter().copied().filter(is_there).collect();
    if sessions.is_empty() {
        if !text.is_kept {
            keep(state, now, Undelivered { id, text }, waiting, out);
        }
        return;
    }
    let (may_hear, dropped) = state.add_chat(id, text, &sessions);
    if dropped > 0 {
        out.log(LogEvent::ChatDropped { number: dropped });
    }
    say(state, id, &may_hear, out);
}

/// Tells these sessions, if the sender sees the receiver; else the text is forgotten.
fn say(state: &mut LiveState, id: ChatId, sessions: &[SessionId], out: &mut Effects) {
    if sessions.is_empty() || is_told(state, id, sessions, out) {
        return;
    }
    if state.forget_chat(id).is_some_and(|text| text.is_kept) {
        forget(id, out);
    }
}

fn is_told(state: &LiveState, id: ChatId, sessions: &[SessionId], out: &mut Effects) -> bool {
    let Some(Text { from, to, text, .. }) = state.chat_text(id) else { return true };
    let (Some(from), Some(to)) = (state.user_by_uuid(*from), state.user_by_uuid(*to)) else { return false };
    let view = state.view(from);
    let (Some(sender), Some(to_uuid)) = (view.user(), view.uuid(to)) else { return false };
    let text = if state.general().chat_make_safe { escape(text) } else { text.clone() };
    let notice = |from, to| Notice::Chat {
        alias: alias(&sender.full_name()),
        text: text.clone(),
        server: view.server(),
        from,
        to,
    };
    let audience = |is_old| {
        let speaks = |version| (version == Version::V2_0) == is_old;
        state.audience_of_person(from, to, |session, version| sessions.contains(&session) && speaks(version))
    };
    let by_uuid = notice(ChatParty::Uuid(sender.uuid), ChatParty::Uuid(to_uuid));
    out.notify_chat(audience(false), by_uuid, id);
    out.notify_chat(audience(true), notice(ChatParty::Id(from), ChatParty::Id(to)), id);
    true
}

fn keep(state: &LiveState, now: Moment, Undelivered { id, text }: Undelivered, waiting: Waiting, out: &mut Effects) {
    // Lost as to an unknown: it would wait for ever, in the place of what somebody comes for.
    if state.user_by_uuid(text.to).is_some_and(|to| state.never_logs_in(to)) {
        return;
    }
    let Some(oldest) = oldest(state, now) else { return };
    let chat = NewChat { id, to: text.to, from: text.from, text: text.text, at: text.at, oldest };
    match waiting {
        Waiting::Line => out.ask_store_for_line(StoreQuestion::KeepChat(KeepChat(chat))),
        Waiting::Nobody => out.ask_store(StoreQuestion::KeepChat(KeepChat(chat))),
    }
}

/// The Unix time before which nothing is kept; None if nothing is kept at all.
fn oldest(state: &LiveState, now: Moment) -> Option<i64> {
    state.general().chat_kept_for.map(|kept_for| (now.unix - kept_for.as_secs_f64()) as i64)
}

fn forget(id: ChatId, out: &mut Effects) {
    out.ask_store(StoreQuestion::ForgetChat(ForgetChat(id)));
}

/// The client shows chat as HTML (protocol decision 12).
fn escape(text: &str) -> Box<str> {
    spend(text.len());
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").into()
}

/// The client shows the sender's name as HTML beside the text and plainly in the window's title: it is to read right in
/// both (protocol decision 12).
fn alias(name: &str) -> Box<str> {
    let mut alias = String::with_capacity(name.len());
    for (at, letter) in name.char_indices() {
        match letter {
            '<' => alias.push('‹'),
            '>' => alias.push('›'),
            '&' if begins_entity(&name[at + 1..]) => alias.push_str("& "),
            letter => alias.push(letter),
        }
    }
    alias.into()
}

/// Whether what follows an `&` makes an entity of it, like `amp;` or `#38;`.
fn begins_entity(rest: &str) -> bool {
    let end = rest.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '#');
    end.is_some_and(|end| end > 0 && rest[end..].starts_with(';'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_reads_right_as_html_and_as_plain_text() {
        for (name, shown) in [
            ("Agnes Alpha", "Agnes Alpha"),
            ("Smith & Sons", "Smith & Sons"),
            ("R&D", "R&D"),
            ("A <b>", "A ‹b›"),
            ("x &amp; y", "x & amp; y"),
            ("&lt;i&gt;", "& lt;i& gt;"),
            ("&#60;", "& #60;"),
            ("&;&", "&;&"),
            ("Ä&Ö;", "Ä&Ö;"),
        ] {
            assert_eq!(&*alias(name), shown, "{name}");
        }
    }
}
