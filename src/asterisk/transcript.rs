//! Excerpts of what a real Asterisk was heard to say, in tests/ami/: blocks of `> Name: value` (sent) and `< Name: value`
//! (received), apart by empty lines. For tests.

use super::action::Action;
use super::answer::{Answer, CollectedList};
use super::packet::Packet;

fn blocks(text: &str, sign: char) -> Vec<Packet> {
    let lines = |block: &str| {
        let lines = block.lines().filter_map(|line| line.strip_prefix(sign));
        lines.filter(|line| line.contains(':')).map(|line| format!("{line}\n")).collect::<String>()
    };
    text.split("\n\n").map(lines).filter(|block| !block.is_empty()).map(|block| Packet::of(&block)).collect()
}

/// All that was received.
pub(super) fn received(text: &str) -> Vec<Packet> {
    blocks(text, '<')
}

/// All that was asked, with what belongs to it.
pub(super) fn answers(text: &str) -> Vec<CollectedList> {
    let received = received(text);
    let collect = |asked: &Packet| {
        let own = received.iter().filter(|packet| packet.action_id() == asked.action_id());
        let (events, responses): (Vec<_>, Vec<_>) = own.cloned().partition(|packet| packet.event().is_some());
        let name: &'static str = Box::leak(asked.text("Action").into());
        let response = responses.into_iter().next().expect("a response");
        CollectedList { action: Action::new(name), answer: Answer { response, events } }
    };
    blocks(text, '>').iter().map(collect).collect()
}
