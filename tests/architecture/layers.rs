//! Layers of a room: the files of one know those of the layers below it and its own, never those above. What the room's own
//! file names stands above them all.

use crate::paths::Modules;
use crate::source::Tree;

/// A room and its layers, the lowest first, each a module of the room.
pub(crate) type Layers = (&'static str, &'static [&'static str]);

/// Imports that go up.
pub(crate) fn faults(tree: &Tree, layers: &[Layers]) -> Vec<String> {
    let modules = Modules::of(tree);
    let mut faults = Vec::new();
    for (room, layers) in layers {
        for layer in *layers {
            let is_there = modules.files.iter().any(|file| starts_with(&file.module, &[room, layer]));
            if !is_there {
                faults.push(format!("{room} has no layer {layer}"));
            }
        }
        // The room's own file is the highest layer.
        let height = |module: &[String]| match module {
            [first] if first == room => Some(layers.len()),
            _ => layers.iter().position(|layer| starts_with(module, &[room, layer])),
        };
        for file in &modules.files {
            let Some(from) = height(&file.module).filter(|height| *height < layers.len()) else { continue };
            for named in &file.named {
                let Some(target) = modules.target(&named.segments) else { continue };
                // The room alone is named by `pub(in crate::room)`.
                let is_room_alone = target.item.is_none() && target.module.len() == 1;
                if !is_room_alone && height(&target.module).is_some_and(|to| to > from) {
                    let (path, to) = (&file.source.path, target.module.join("::"));
                    faults.push(format!("{path}:{}: {} may not use {to}, which is above it", named.line, layers[from]));
                }
            }
        }
    }
    faults
}

fn starts_with(module: &[String], start: &[&str]) -> bool {
    module.len() >= start.len() && module.iter().zip(start).all(|(part, expected)| part == expected)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIVE: &[Layers] = &[("live", &["messages", "state", "handlers"])];

    fn check(path: &str, text: &str) -> usize {
        let files = [
            ("src/live/mod.rs", "mod messages;\nmod state;\nmod handlers;\npub(crate) use state::Audience;"),
            ("src/live/messages/mod.rs", "pub(crate) mod session;"),
            ("src/live/messages/session.rs", "pub(crate) struct SessionId;"),
            ("src/live/state/mod.rs", "mod audience;\npub(crate) use audience::Audience;"),
            ("src/live/state/audience.rs", "use crate::live::messages::session::SessionId;"),
            ("src/live/handlers/mod.rs", "use crate::live::state::Audience;\nuse super::messages::session;"),
            (path, text),
        ];
        faults(&Tree::made_up(&files), LIVE).len()
    }

    #[test]
    fn a_layer_may_use_what_is_below_it() {
        assert_eq!(check("src/live/handlers/chat.rs", "use super::super::state::Audience;\nuse super::phones;"), 0);
        assert_eq!(check("src/live/state/view.rs", "use super::Audience;\nuse crate::settings::id;"), 0);
        assert_eq!(check("src/live/state/view.rs", "pub(in crate::live) fn a() {}"), 0);
        assert_eq!(check("src/server/hub.rs", "use crate::live::Audience;"), 0);
    }

    #[test]
    fn an_import_that_goes_up_is_a_fault() {
        for (path, text) in [
            ("src/live/messages/effects.rs", "use crate::live::state::audience::Audience;"),
            ("src/live/messages/effects.rs", "pub(crate) use super::super::state::Audience;"),
            // Through the room's own re-export.
            ("src/live/messages/effects.rs", "use crate::live::Audience;"),
            ("src/live/state/publish.rs", "fn a() { crate::live::handlers::b() }"),
            ("src/live/state/publish.rs", "use crate::live::Live;"),
        ] {
            assert_eq!(check(path, text), 1, "{text}");
        }
    }

    #[test]
    fn a_layer_that_is_not_there_is_a_fault() {
        let tree = Tree::made_up(&[("src/live/state.rs", ""), ("src/live/handlers.rs", "")]);
        assert_eq!(faults(&tree, LIVE).len(), 1);
    }
}
