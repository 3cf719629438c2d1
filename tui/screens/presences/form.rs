//! The forms of a presence group and of a presence. Actions are chosen from the five there are, never typed (rule P15).

use std::collections::BTreeSet;

use crate::settings::color::Color;
use crate::settings::configuration::Configuration;
use crate::settings::edit::NewPresence;
use crate::settings::id::{Id as _, PresenceGroupId, PresenceId};
use crate::settings::name::{Description, DisplayName, PresenceGroupName, PresenceName};
use crate::settings::presence::{AVAILABLE, DISCONNECTED, PresenceAction};
use crate::settings::rule::{Refusal, Rule};
use crate::settings::table::Kind;
use crate::tui::app::{App, RandomSource, Target};
use crate::tui::form::{Fault, Fields, Model, Purpose};
use crate::tui::typed_form::{FormKey, FormSubject};
use crate::tui::widgets::entry::{Aside, Entry, Field};

#[derive(Clone)]
pub(in crate::tui::screens) struct PresenceGroupModel {
    id: Option<PresenceGroupId>,
    name: String,
}

impl PresenceGroupModel {
    pub(in crate::tui::screens) fn new() -> Self {
        Self { id: None, name: String::new() }
    }

    pub(in crate::tui::screens) fn of(id: PresenceGroupId, app: &App) -> Self {
        let name = app.configuration.presence_groups.get(id).map(|group| group.name.to_string());
        Self { id: Some(id), name: name.unwrap_or_default() }
    }
}

impl Model for PresenceGroupModel {
    fn key(&self) -> Option<FormKey> {
        Some(FormKey::of(Kind::PresenceGroup, self.target()))
    }

    fn title(&self) -> String {
        if self.id.is_none() { "new presence group".to_owned() } else { format!("edit {}", self.name) }
    }

    fn target(&self) -> Option<Target> {
        self.id.map(|id| Target { kind: Kind::PresenceGroup, id: id.number() })
    }

    fn anew(&self, app: &App) -> Option<Self> {
        self.id.map(|id| Self::of(id, app))
    }

    fn fields(&self, app: &App) -> Vec<Field> {
        let group = self.id.and_then(|id| app.configuration.presence_groups.get(id));
        let (name, description) =
            group.map(|group| (group.name.to_string(), group.description.to_string())).unwrap_or_default();
        vec![
            Field::new(
                "name",
                "Group name",
                "1 to 64 letters, digits, _ or -; profiles refer to it",
                Entry::text(name),
            ),
            Field::new(
                "description",
                "Description",
                "For administrators only; at most 255 characters",
                Entry::text(description),
            ),
        ]
    }

    fn apply(&self, fields: &Fields, c: &mut Configuration, _: RandomSource, _: Purpose) -> Result<(), Fault> {
        let name = fields.parse("name", PresenceGroupName::parse);
        let description = fields.parse("description", Description::parse);
        let (name, description) = (name?, description?);
        match self.id {
            None => {
                c.add_presence_group(name, description).map_err(|refusal| Fault::of("name", refusal))?;
            }
            Some(id) => c.presence_groups.edit(id, |group| {
                group.name = name;
                group.description = description;
            }),
        }
        Ok(())
    }

    fn words(&self, fields: &Fields) -> String {
        match self.id {
            None => format!("presence group \"{}\" was added, with the default presences in it", fields.text("name")),
            Some(_) => format!("presence group \"{}\" was changed", fields.text("name")),
        }
    }

    fn field_of(&self, rule: Rule) -> Option<&'static str> {
        matches!(rule, Rule::P1 | Rule::P14).then_some("name")
    }
}

/// All that entering a presence can do, in full and as a table has room for it.
const ACTIONS: [(PresenceAction, &str, &str); 5] = [
    (PresenceAction::EnableDnd(true), "switch do-not-disturb on", "DND on"),
    (PresenceAction::EnableDnd(false), "switch do-not-disturb off", "DND off"),
    (PresenceAction::QueuePauseAll, "pause the agent in all queues", "pause"),
    (PresenceAction::QueueUnpauseAll, "unpause the agent in all queues", "unpause"),
    (PresenceAction::AgentLogoff, "log the agent off", "log off"),
];

/// The action in full; the same in form and foot.
pub(super) fn long_words(action: PresenceAction) -> &'static str {
    ACTIONS.iter().find(|(known, ..)| *known == action).map_or("", |(_, words, _)| words)
}

/// The action as a table has room for it.
pub(super) fn short_words(action: PresenceAction) -> &'static str {
    ACTIONS.iter().find(|(known, ..)| *known == action).map_or("", |(.., words)| words)
}

/// What a new presence starts as.
#[derive(Clone)]
pub(in crate::tui::screens) enum PresenceBasis {
    Nothing,
    /// A copy of this one.
    Copy(PresenceId),
    /// This one itself is edited.
    Edit(PresenceId),
}

#[derive(Clone)]
pub(in crate::tui::screens) struct PresenceModel {
    group: PresenceGroupId,
    source: PresenceBasis,
    /// As it is called now.
    name: String,
    /// What the options of `reachable` and `reached` stand for.
    others: Vec<(PresenceId, PresenceName)>,
    /// From where it could be chosen when the form was opened.
    reached_from: BTreeSet<PresenceId>,
    is_mandatory: bool,
}

impl PresenceModel {
    pub(in crate::tui::screens) fn new(group: PresenceGroupId, source: PresenceBasis, app: &App) -> Self {
        let c = &app.configuration;
        let from = source.id().and_then(|id| c.presences.get(id));
        let own = source.edited();
        let others = c.presences_of(group).into_iter().filter(|other| Some(other.id) != own);
        Self {
            group,
            others: others.map(|other| (other.id, other.name.clone())).collect(),
            reached_from: own.map(|own| reached_from(own, c)).unwrap_or_default(),
            name: from.map(|presence| presence.name.to_string()).unwrap_or_default(),
            is_mandatory: own.is_some() && from.is_some_and(|presence| presence.is_mandatory()),
            source,
        }
    }

    fn name_entry(&self) -> Entry {
        match (&self.source, self.is_mandatory) {
            (_, true) => Entry::Fixed(format!("{} (every group has it)", self.name)),
            (PresenceBasis::Copy(_), _) => Entry::text(format!("{}-copy", self.name)),
            _ => Entry::text(&self.name),
        }
    }

    fn reachable(&self, fields: &Fields) -> Vec<PresenceName> {
        let marked = fields.marked("reachable").iter();
        marked.filter_map(|at| self.others.get(*at)).map(|(_, name)| name.clone()).collect()
    }

    /// From where a new one can be chosen: from each that leads everywhere. Whoever let one lead to some alone did not mean
    /// those that come later; where all are so, it is the one that everybody begins with.
    fn open_ones(&self, c: &Configuration) -> BTreeSet<PresenceId> {
        let usual: BTreeSet<PresenceId> =
            self.others.iter().filter(|(_, name)| name.as_str() != DISCONNECTED).map(|(id, _)| *id).collect();
        let leads_everywhere = |id: &PresenceId| {
            let presence = c.presences.get(*id);
            presence.is_some_and(|presence| usual.iter().all(|other| other == id || presence.reachable.contains(other)))
        };
        let open: BTreeSet<PresenceId> = usual.iter().copied().filter(leads_everywhere).collect();
        let available = self.others.iter().find(|(_, name)| name.as_str() == AVAILABLE);
        if open.is_empty() { available.map(|(id, _)| *id).into_iter().collect() } else { open }
    }

    /// Which of the others are marked when the form opens. A new presence leads everywhere, but for `disconnected`: else each
    /// new one would begin as a dead end.
    fn marked(&self, known: Option<&BTreeSet<PresenceId>>) -> Vec<usize> {
        let is_marked = |(id, name): &(PresenceId, PresenceName)| match known {
            Some(known) => known.contains(id),
            None => name.as_str() != DISCONNECTED,
        };
        self.others.iter().enumerate().filter(|(_, other)| is_marked(other)).map(|(at, _)| at).collect()
    }

    /// Only what was marked or unmarked is changed: the others belong to whoever edits them meanwhile.
    fn set_reached_from(&self, id: PresenceId, fields: &Fields, c: &mut Configuration) -> Result<(), Refusal> {
        let marked = fields.marked("reached");
        for (at, (other, _)) in self.others.iter().enumerate() {
            match (self.reached_from.contains(other), marked.contains(&at)) {
                (false, true) => c.add_reachable(*other, id)?,
                (true, false) => c.remove_reachable(*other, id)?,
                _ => {}
            }
        }
        Ok(())
    }
}

fn reached_from(id: PresenceId, c: &Configuration) -> BTreeSet<PresenceId> {
    c.reached_from(id).iter().map(|other| other.id).collect()
}

impl PresenceBasis {
    fn id(&self) -> Option<PresenceId> {
        match self {
            Self::Nothing => None,
            Self::Copy(id) | Self::Edit(id) => Some(*id),
        }
    }

    fn edited(&self) -> Option<PresenceId> {
        match self {
            Self::Edit(id) => Some(*id),
            _ => None,
        }
    }
}

impl Model for PresenceModel {
    fn key(&self) -> Option<FormKey> {
        let subject = match &self.source {
            PresenceBasis::Nothing => FormSubject::New(Kind::Presence),
            PresenceBasis::Copy(id) => FormSubject::Copy(Target { kind: Kind::Presence, id: id.number() }),
            PresenceBasis::Edit(id) => FormSubject::Edit(Target { kind: Kind::Presence, id: id.number() }),
        };
        Some(FormKey { subject, within: Some(Target { kind: Kind::PresenceGroup, id: self.group.number() }) })
    }

    fn title(&self) -> String {
        match self.source {
            PresenceBasis::Edit(_) => format!("edit {}", self.name),
            _ => "new presence".to_owned(),
        }
    }

    fn target(&self) -> Option<Target> {
        self.source.edited().map(|id| Target { kind: Kind::Presence, id: id.number() })
    }

    fn anew(&self, app: &App) -> Option<Self> {
        self.source.edited().map(|id| Self::new(self.group, PresenceBasis::Edit(id), app))
    }

    fn fields(&self, app: &App) -> Vec<Field> {
        let from = self.source.id().and_then(|id| app.configuration.presences.get(id));
        let display = from.map(|presence| presence.display.to_string()).unwrap_or_default();
        let color = from.map_or(Color(0xFF, 0xFF, 0xFF), |presence| presence.color);
        let names = || self.others.iter().map(|(_, name)| name.to_string()).collect();
        let presence = |id| app.configuration.presences.get(id);
        let dots: Vec<Color> =
            self.others.iter().map(|(id, _)| presence(*id).map_or(Color(0, 0, 0), |known| known.color)).collect();
        let reachable = self.marked(from.map(|presence| &presence.reachable));
        let reached = from.map(|presence| reached_from(presence.id, &app.configuration));
        let reached = reached.unwrap_or_else(|| self.open_ones(&app.configuration));
        let place = |action: &PresenceAction| ACTIONS.iter().position(|(known, ..)| known == action);
        let actions = from.map(|presence| presence.actions.iter().filter_map(place).collect()).unwrap_or_default();
        vec![
            Field::new(
                "name",
                "Presence name",
                "The name that programs use: letters, digits, _ or -",
                self.name_entry(),
            ),
            Field::new(
                "display",
                "Display name",
                "What people read in their client; 1 to 64 characters",
                Entry::text(display),
            ),
            Field::new("color", "Color", "#RRGGBB, #RGB or one of the 17 names that Ctrl-P shows", Entry::text(color))
                .beside(Aside::Swatch),
            Field::new(
                "reachable",
                "Reachable presences",
                "What can be chosen next; Enter opens the list, Space marks",
                Entry::several(names(), reachable),
            )
            .dotted(dots.clone()),
            Field::new(
                "reached",
                "Reachable from",
                "What it can be chosen from; Enter opens the list, Space marks",
                Entry::several(names(), self.marked(Some(&reached))),
            )
            .dotted(dots),
            Field::new(
                "actions",
                "Actions",
                "What happens on entering, in this order; agent actions need telephony",
                Entry::several(ACTIONS.iter().map(|(_, words, _)| (*words).to_owned()).collect(), actions),
            ),
        ]
    }

    fn apply(&self, fields: &Fields, c: &mut Configuration, _: RandomSource, _: Purpose) -> Result<(), Fault> {
        // All are read before the first that is wrong ends it: all are told.
        let name = if self.is_mandatory {
            PresenceName::parse(&self.name).map_err(Fault::from)
        } else {
            fields.parse("name", PresenceName::parse)
        };
        let (display, color) = (fields.parse("display", DisplayName::parse), fields.parse("color", Color::parse));
        let (name, display, color) = (name?, display?, color?);
        let reachable = self.reachable(fields);
        let actions = fields.marked("actions").iter().filter_map(|at| ACTIONS.get(*at)).map(|(action, ..)| *action);
        let actions: Vec<PresenceAction> = actions.collect();
        let id = match self.source.edited() {
            None => c.add_presence(self.group, NewPresence { name, display, color, reachable, actions })?,
            Some(id) => {
                c.rename_presence(id, name).map_err(|refusal| Fault::of("name", refusal))?;
                c.set_reachable(id, &reachable).map_err(|refusal| Fault::of("reachable", refusal))?;
                c.presences.edit(id, |presence| {
                    presence.display = display;
                    presence.color = color;
                    presence.actions = actions;
                });
                id
            }
        };
        self.set_reached_from(id, fields, c).map_err(|refusal| Fault::of("reached", refusal))
    }

    /// Clients show the display names alone.
    fn notes(&self, fields: &Fields, c: &Configuration) -> Vec<(&'static str, String)> {
        let display = fields.text("display").trim();
        let is_same = |other: &&(PresenceId, PresenceName)| {
            c.presences.get(other.0).is_some_and(|other| other.display.as_str() == display)
        };
        let same = self.others.iter().find(is_same);
        let words = |(_, name): &(PresenceId, PresenceName)| {
            format!("presence \"{name}\" is called \"{display}\" too: in clients nobody can tell the two apart")
        };
        same.map(words).map(|words| ("display", words)).into_iter().collect()
    }

    fn words(&self, fields: &Fields) -> String {
        match self.source {
            PresenceBasis::Edit(_) if !self.is_mandatory && fields.text("name").trim() != self.name => {
                format!("presence \"{}\" was changed and renamed \"{}\"", self.name, fields.text("name").trim())
            }
            PresenceBasis::Edit(_) => format!("presence \"{}\" was changed", self.name),
            _ => format!("presence \"{}\" was added", fields.text("name")),
        }
    }

    fn field_of(&self, rule: Rule) -> Option<&'static str> {
        match rule {
            Rule::P3 | Rule::P4 | Rule::P10 => Some("name"),
            Rule::P7 | Rule::P8 | Rule::P16 => Some("reachable"),
            Rule::P15 => Some("actions"),
            _ => None,
        }
    }

    fn advice(&self) -> Option<&'static str> {
        Some("what it allows holds at once; connected clients show it at their next login")
    }
}
