//! `chitchat`: a line of one user to all sessions of another whom he sees; to anybody else it is lost without a word,
//! as in the original (protocol 4.13, "Ours" 8 and 12).

use crate::protocol::notice::{ChatParty, Notice};
use crate::protocol::request::{Chat, UserKey, Version};
use crate::settings::id::UserId;

use super::effects::Effects;
use super::visibility::World;

pub(super) fn chat(world: &World, from: UserId, chat: &Chat, out: &mut Effects) {
    let view = world.view(from);
    let to = match chat.to {
        UserKey::Id(id) => Some(id),
        UserKey::Uuid(uuid) => world.user_by_uuid(uuid),
    };
    let Some(to) = to.filter(|_| chat.server == view.server()) else { return };
    let (Some(sender), Some(to_uuid)) = (view.user(), view.uuid(to)) else { return };
    let text = if world.general().chat_make_safe { escape(&chat.text) } else { chat.text.clone() };
    let notice = |from, to| Notice::Chat {
        alias: escape(&sender.full_name()),
        text: text.clone(),
        server: view.server(),
        from,
        to,
    };
    let is_old = |version| version == Version::V2_0;
    let by_uuid = notice(ChatParty::Uuid(sender.uuid), ChatParty::Uuid(to_uuid));
    out.tell(world.reach_person(from, to, |version| !is_old(version)), by_uuid);
    out.tell(world.reach_person(from, to, is_old), notice(ChatParty::Id(from), ChatParty::Id(to)));
}

/// The client shows chat as HTML ("Ours" 12).
fn escape(text: &str) -> Box<str> {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").into()
}
