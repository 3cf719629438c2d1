//! `chitchat`: a line of one user to all sessions of another whom he sees; to anybody else it is lost without a word,
//! as in the original (protocol 4.13, "Ours" 8 and 12). For one who is not connected it is kept, and delivered after his
//! next login if he may then be written to.

use crate::protocol::notice::{ChatParty, Notice};
use crate::protocol::request::{Chat, UserKey, Version};
use crate::settings::id::{KeptChatId, UserId};
use crate::settings::state::{Deed, KEPT_CHAT_BYTES_MAX, KeptChat, NewChat};

use super::effects::{DeedToDo, Effects, Note, Waiting};
use super::visibility::World;
use super::{Moment, SessionId};

pub(super) fn chat(world: &World, now: Moment, session: SessionId, from: UserId, chat: &Chat, out: &mut Effects) {
    let to = match chat.to {
        UserKey::Id(id) => Some(id),
        UserKey::Uuid(uuid) => world.user_by_uuid(uuid),
    };
    let Some(to) = to.filter(|_| chat.server == world.server()) else { return };
    if world.reach_own(to).sessions().is_empty() {
        keep(world, now, session, (from, to), &chat.text, out);
    } else {
        say(world, (from, to), &chat.text, None, out);
    }
}

/// From one to the other, if the one sees him.
fn say(world: &World, (from, to): (UserId, UserId), text: &str, kept: Option<KeptChatId>, out: &mut Effects) -> bool {
    let view = world.view(from);
    let (Some(sender), Some(to_uuid)) = (view.user(), view.uuid(to)) else { return false };
    let text = if world.general().chat_make_safe { escape(text) } else { text.into() };
    let notice = |from, to| Notice::Chat {
        alias: escape(&sender.full_name()),
        text: text.clone(),
        server: view.server(),
        from,
        to,
    };
    let is_old = |version| version == Version::V2_0;
    let by_uuid = notice(ChatParty::Uuid(sender.uuid), ChatParty::Uuid(to_uuid));
    out.tell_kept(world.reach_person(from, to, |version| !is_old(version)), by_uuid, kept);
    out.tell_kept(world.reach_person(from, to, is_old), notice(ChatParty::Id(from), ChatParty::Id(to)), kept);
    true
}

fn keep(world: &World, now: Moment, session: SessionId, (from, to): (UserId, UserId), text: &str, out: &mut Effects) {
    let (Some(oldest), Some(from_uuid)) = (oldest(world, now), world.uuid_of(from)) else { return };
    let Some(to) = world.view(from).uuid(to) else { return };
    if text.len() > KEPT_CHAT_BYTES_MAX {
        return out.note(Note::ChatTooLong { user: from });
    }
    let chat = NewChat { to, from: from_uuid, text: text.into(), at: now.unix as i64, oldest };
    out.deeds.push(DeedToDo { deed: Deed::KeepChat(chat), waiting: Waiting::ChatKept(session) });
}

/// The Unix time before which nothing is kept; None if nothing is kept at all.
fn oldest(world: &World, now: Moment) -> Option<i64> {
    world.general().chat_kept_for.map(|kept_for| (now.unix - kept_for.as_secs_f64()) as i64)
}

/// The first of a user's sessions gets what waited; a later one would get it twice.
pub(super) fn fetch_kept(world: &World, now: Moment, user: UserId, out: &mut Effects) {
    if let (Some(oldest), Some(uuid), 1) =
        (oldest(world, now), world.uuid_of(user), world.reach_own(user).sessions().len())
    {
        out.deeds.push(DeedToDo { deed: Deed::FetchChat(uuid, oldest), waiting: Waiting::KeptChat(user) });
    }
}

/// What waited goes to all sessions of the user, if its sender may see him now. It is forgotten when it is written to
/// one of them.
pub(super) fn deliver(world: &World, user: UserId, messages: &[KeptChat], out: &mut Effects) {
    if world.reach_own(user).sessions().is_empty() {
        return;
    }
    for message in messages {
        let from = world.user_by_uuid(message.from);
        if !from.is_some_and(|from| say(world, (from, user), &message.text, Some(message.id), out)) {
            forget(message.id, out);
        }
    }
}

pub(super) fn forget(id: KeptChatId, out: &mut Effects) {
    out.deeds.push(DeedToDo { deed: Deed::ForgetChat(id), waiting: Waiting::Nobody });
}

/// The client shows chat as HTML ("Ours" 12).
fn escape(text: &str) -> Box<str> {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").into()
}
