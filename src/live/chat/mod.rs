//! `chitchat`: a line of one user to all sessions of another whom they see; to anybody else it is lost without a word,
//! as in the original (protocol 4.13, "Ours" 8, 12 and 16). A text is delivered when the system of one client has
//! acknowledged it; one that nobody has is kept, and comes at the next login if its sender may then write to its
//! receiver. Whichever way texts come, they come in the order in which they were sent.

mod delivery;

use std::time::Duration;

use crate::observe::work::spend;
use crate::protocol::notice::{ChatParty, Notice};
use crate::protocol::request::{Chat, UserKey, Version};
use crate::settings::id::{ChatId, UserId};
use crate::settings::state::{Deed, KeptChat, NewChat};

pub(super) use delivery::Deliveries;
use delivery::{Gate, Text, Undelivered};

use super::effects::{DeedToDo, Effects, Note, Waiting};
use super::visibility::World;
use super::{Moment, SessionId};

/// A session that has not asked for `getipbxlist` so long after its login is no desktop client, which would have died of
/// chat before ("Ours" 16).
const DESKTOP_CLIENT_ASKS_WITHIN: Duration = Duration::from_secs(10);

pub(super) fn chat(world: &mut World, now: Moment, session: SessionId, from: UserId, chat: &Chat, out: &mut Effects) {
    let to = match chat.to {
        UserKey::Id(id) => Some(id),
        UserKey::Uuid(uuid) => world.user_by_uuid(uuid),
    };
    let to = to.filter(|_| chat.server == world.server()).and_then(|to| world.view(from).uuid(to));
    let (Some(to), Some(from)) = (to, world.uuid_of(from)) else { return };
    let id = world.chats_mut().next_id();
    let text = Text { from, to, text: chat.text.clone(), at: now.unix as i64, is_kept: false };
    pass_on(world, now, Undelivered { id, text }, Some(session), out);
}

/// A session begins: its client has no own user yet, and both released ones die of a chat then (client.md (e)).
pub(super) fn begin(world: &mut World, now: Moment, session: SessionId) {
    world.chats_mut().begin(session, now.steady + DESKTOP_CLIENT_ASKS_WITHIN);
}

/// The session asked for `getipbxlist`: it is a desktop client, and will ask for its own user.
pub(super) fn is_desktop_client(world: &mut World, session: SessionId) {
    world.chats_mut().stop_alarm(session);
}

/// Opens the sessions that are no desktop clients.
pub(super) fn ring_alarms(world: &mut World, now: Moment, out: &mut Effects) {
    while let Some(session) = world.chats_mut().take_alarm(now.steady) {
        open(world, now, session, out);
    }
}

/// Chat may flow to the session from now on; what is kept for its user comes first, unless another session had it.
pub(super) fn open(world: &mut World, now: Moment, session: SessionId, out: &mut Effects) {
    let (Some(Gate::Closed), Some(user)) = (world.chats().gate(session), world.user_of(session)) else { return };
    let is_open = |other: &SessionId| world.chats().gate(*other) == Some(Gate::Open);
    let nothing_waits = world.reach_own(user).sessions().iter().any(is_open);
    match (oldest(world, now), world.uuid_of(user)) {
        (Some(oldest), Some(uuid)) if !nothing_waits => {
            world.chats_mut().set_gate(session, Gate::Fetching);
            out.deeds.push(DeedToDo { deed: Deed::FetchChat(uuid, oldest), waiting: Waiting::KeptChat(session) });
        }
        _ => release(world, session, out),
    }
}

/// What was kept goes to all sessions of the user, as far as they may hear it, and then this session may hear anything.
/// None: the store failed, and all stays there.
pub(super) fn fetched(
    world: &mut World,
    now: Moment,
    session: SessionId,
    kept: Option<Vec<KeptChat>>,
    out: &mut Effects,
) {
    let user = world.user_of(session).and_then(|user| world.uuid_of(user));
    // An outcome that comes after the session's end: whoever opened since has asked again.
    let (Some(Gate::Fetching), Some(to)) = (world.chats().gate(session), user) else { return };
    for KeptChat { id, from, text, at } in kept.into_iter().flatten() {
        if !world.chats().is_on_its_way(id) {
            pass_on(world, now, Undelivered { id, text: Text { from, to, text, at, is_kept: true } }, None, out);
        }
    }
    release(world, session, out);
}

fn release(world: &mut World, session: SessionId, out: &mut Effects) {
    for id in world.chats_mut().open(session) {
        say(world, id, &[session], out);
    }
}

/// A client's system has acknowledged the text.
pub(super) fn acknowledged(world: &mut World, session: SessionId, id: ChatId, out: &mut Effects) {
    if world.chats_mut().acknowledge(session, id) {
        forget(id, out);
    }
}

/// The session is over, its connection perhaps not yet: what was held back for it goes another way.
pub(super) fn session_ended(world: &mut World, now: Moment, session: SessionId, out: &mut Effects) {
    for undelivered in world.chats_mut().end(session) {
        pass_on(world, now, undelivered, None, out);
    }
}

/// Nothing that was told to the session will be acknowledged any more.
pub(super) fn connection_over(world: &mut World, now: Moment, session: SessionId, out: &mut Effects) {
    for undelivered in world.chats_mut().forget_session(session) {
        pass_on(world, now, undelivered, None, out);
    }
}

/// Keeps what is on its way: whether its receivers got it may never be heard.
pub(super) fn keep_all(world: &mut World, now: Moment, out: &mut Effects) {
    for undelivered in world.chats_mut().mark_kept() {
        keep(world, now, undelivered, None, out);
    }
}

/// To every session of its receiver: now where it may be heard, else once it may. Without a session it is kept; whose
/// line does not count as dealt with before that is `asker`.
fn pass_on(
    world: &mut World,
    now: Moment,
    Undelivered { id, text }: Undelivered,
    asker: Option<SessionId>,
    out: &mut Effects,
) {
    let Some(to) = world.user_by_uuid(text.to) else { return };
    let is_there = |session: &SessionId| !matches!(world.chats().gate(*session), None | Some(Gate::Ended));
    let sessions: Vec<SessionId> = world.reach_own(to).sessions().iter().copied().filter(is_there).collect();
    if sessions.is_empty() {
        if !text.is_kept {
            keep(world, now, Undelivered { id, text }, asker, out);
        }
        return;
    }
    let (may_hear, dropped) = world.chats_mut().add(id, text, &sessions);
    if dropped > 0 {
        out.note(Note::ChatDropped { number: dropped });
    }
    say(world, id, &may_hear, out);
}

/// Tells these sessions, if the sender sees the receiver; else the text is forgotten.
fn say(world: &mut World, id: ChatId, sessions: &[SessionId], out: &mut Effects) {
    if sessions.is_empty() || is_told(world, id, sessions, out) {
        return;
    }
    if world.chats_mut().forget(id).is_some_and(|text| text.is_kept) {
        forget(id, out);
    }
}

fn is_told(world: &World, id: ChatId, sessions: &[SessionId], out: &mut Effects) -> bool {
    let Some(Text { from, to, text, .. }) = world.chats().text(id) else { return true };
    let (Some(from), Some(to)) = (world.user_by_uuid(*from), world.user_by_uuid(*to)) else { return false };
    let view = world.view(from);
    let (Some(sender), Some(to_uuid)) = (view.user(), view.uuid(to)) else { return false };
    let text = if world.general().chat_make_safe { escape(text) } else { text.clone() };
    let notice = |from, to| Notice::Chat {
        alias: alias(&sender.full_name()),
        text: text.clone(),
        server: view.server(),
        from,
        to,
    };
    let audience = |is_old| {
        let speaks = |version| (version == Version::V2_0) == is_old;
        world.reach_person(from, to, |session, version| sessions.contains(&session) && speaks(version))
    };
    let by_uuid = notice(ChatParty::Uuid(sender.uuid), ChatParty::Uuid(to_uuid));
    out.tell_chat(audience(false), by_uuid, id);
    out.tell_chat(audience(true), notice(ChatParty::Id(from), ChatParty::Id(to)), id);
    true
}

fn keep(
    world: &World,
    now: Moment,
    Undelivered { id, text }: Undelivered,
    asker: Option<SessionId>,
    out: &mut Effects,
) {
    // Lost as to an unknown: it would wait for ever, in the place of what somebody comes for.
    if world.user_by_uuid(text.to).is_some_and(|to| world.never_logs_in(to)) {
        return;
    }
    let Some(oldest) = oldest(world, now) else { return };
    let chat = NewChat { id, to: text.to, from: text.from, text: text.text, at: text.at, oldest };
    out.deeds.push(DeedToDo { deed: Deed::KeepChat(chat), waiting: Waiting::ChatKept(asker) });
}

/// The Unix time before which nothing is kept; None if nothing is kept at all.
fn oldest(world: &World, now: Moment) -> Option<i64> {
    world.general().chat_kept_for.map(|kept_for| (now.unix - kept_for.as_secs_f64()) as i64)
}

fn forget(id: ChatId, out: &mut Effects) {
    out.deeds.push(DeedToDo { deed: Deed::ForgetChat(id), waiting: Waiting::Nobody });
}

/// The client shows chat as HTML ("Ours" 12).
fn escape(text: &str) -> Box<str> {
    spend(text.len());
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").into()
}

/// The client shows the sender's name as HTML beside the text and plainly in the window's title: it is to read right in
/// both ("Ours" 12).
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
