//! The form of a conference room: what others dial, what people read, where it stands, and the PIN, which is never shown.

use crate::settings::conference::Conference;
use crate::settings::configuration::Configuration;
use crate::settings::edit::NewConference;
use crate::settings::id::{ConferenceId, ContextId, Id as _};
use crate::settings::label::context_name;
use crate::settings::name::{ConferenceName, ConferenceNumber, ConferencePin};
use crate::settings::rule::{Refusal, Rule};
use crate::settings::table::Kind;
use crate::settings::target_kind::TargetKind;
use crate::settings::violation::Violation;
use crate::tui::app::{App, RandomSource, Target};
use crate::tui::form::{Fault, Fields, Model, Offer, Purpose};
use crate::tui::screens::line_form::{NEW_CONTEXT, contexts_now};
use crate::tui::typed_form::FormKey;
use crate::tui::widgets::entry::{Access, Entry, Field};

/// What becomes of the PIN.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum PinWay {
    /// The present one, or none as it is.
    Keep,
    Type,
    Nothing,
}

#[derive(Clone)]
pub(in crate::tui::screens) struct RoomModel {
    id: Option<ConferenceId>,
    /// What the options of `context` stand for.
    contexts: Vec<ContextId>,
    /// What the options of `pin` stand for.
    ways: Vec<PinWay>,
}

impl RoomModel {
    /// None: a new one.
    pub(in crate::tui::screens) fn new(id: Option<ConferenceId>, app: &App) -> Self {
        let has_pin = id.and_then(|id| app.configuration.conferences.get(id)).is_some_and(|room| room.pin.is_some());
        let ways = match has_pin {
            true => vec![PinWay::Keep, PinWay::Type, PinWay::Nothing],
            false => vec![PinWay::Keep, PinWay::Type],
        };
        Self { id, contexts: app.configuration.contexts.iter().map(|context| context.id).collect(), ways }
    }

    fn room<'a>(&self, c: &'a Configuration) -> Option<&'a Conference> {
        self.id.and_then(|id| c.conferences.get(id)).map(AsRef::as_ref)
    }

    fn way(&self, fields: &Fields) -> PinWay {
        self.ways.get(fields.chosen("pin")).copied().unwrap_or(PinWay::Keep)
    }

    fn way_words(&self, way: PinWay) -> String {
        let words = match way {
            PinWay::Keep if self.ways.contains(&PinWay::Nothing) => "keep the current one",
            PinWay::Keep => "none: the room is open",
            PinWay::Type => "type one",
            PinWay::Nothing => "none from now on",
        };
        words.to_owned()
    }
}

/// What is typed, if it is a PIN and twice the same.
fn typed(fields: &Fields) -> Result<ConferencePin, Fault> {
    let pin = fields.parse("typed", ConferencePin::typed)?;
    if fields.text("typed").trim() != fields.text("again").trim() {
        let refusal = Refusal::new(Rule::C2, TargetKind::ConferencePin, Violation::NotTheSameTwice);
        return Err(Fault::of("again", refusal));
    }
    Ok(pin)
}

impl Model for RoomModel {
    fn key(&self) -> Option<FormKey> {
        Some(FormKey::of(Kind::Conference, self.target()))
    }

    fn offer(&self, field: &'static str) -> Option<Offer> {
        (field == "context").then_some(NEW_CONTEXT)
    }

    fn relist(&mut self, field: &'static str, fields: &mut Fields, app: &App) {
        fields.relist(field, &mut self.contexts, contexts_now(app));
    }

    fn dialled(&self) -> &'static [&'static str] {
        &["number"]
    }

    fn title(&self) -> String {
        if self.id.is_none() { "new conference room".to_owned() } else { "edit conference room".to_owned() }
    }

    fn target(&self) -> Option<Target> {
        self.id.map(|id| Target { kind: Kind::Conference, id: id.number() })
    }

    fn anew(&self, app: &App) -> Option<Self> {
        Some(Self::new(self.id, app))
    }

    fn fields(&self, app: &App) -> Vec<Field> {
        let c = &app.configuration;
        let room = self.room(c);
        let text = |text: fn(&Conference) -> String| Entry::text(room.map(text).unwrap_or_default());
        let at = room.and_then(|room| self.contexts.iter().position(|id| *id == room.context));
        vec![
            Field::new(
                "number",
                "Number",
                "What others dial: 1 to 40 letters or digits",
                text(|it| it.number.to_string()),
            ),
            Field::new("name", "Name", "What people read, like Weekly round", text(|it| it.name.to_string())),
            Field::new(
                "context",
                "Context",
                "Where the number stands; it decides who sees the room",
                Entry::choice(self.contexts.iter().map(|id| context_name(c, *id)).collect(), at),
            ),
            Field::new(
                "pin",
                "PIN",
                "What opens the room; Enter opens the list",
                Entry::choice(self.ways.iter().map(|way| self.way_words(*way)).collect(), None),
            )
            .worded(),
            Field::new("typed", "New PIN", "1 to 12 digits; it is never shown", Entry::secret()),
            Field::new("again", "Repeat PIN", "Type it again, to catch typing errors", Entry::secret()),
        ]
    }

    fn typed_elsewhere(&self, field: &'static str, letter: char) -> Option<(usize, &'static str)> {
        let typed = self.ways.iter().position(|way| *way == PinWay::Type)?;
        (field == "pin" && letter.is_ascii_digit()).then_some((typed, "typed"))
    }

    fn arrange(&self, fields: &mut Fields, _app: &App) {
        let access = if self.way(fields) == PinWay::Type { Access::Open } else { Access::Pointless };
        for field in ["typed", "again"] {
            fields.set_access(field, access);
        }
    }

    fn apply(&self, fields: &Fields, c: &mut Configuration, _: RandomSource, _: Purpose) -> Result<(), Fault> {
        let number = fields.parse("number", ConferenceNumber::parse);
        let name = fields.parse("name", ConferenceName::parse);
        let context = fields.choose("context", &self.contexts)?;
        let pin = match self.way(fields) {
            PinWay::Keep => Ok(self.room(c).and_then(|room| room.pin.clone())),
            PinWay::Type => typed(fields).map(Some),
            PinWay::Nothing => Ok(None),
        };
        let new = NewConference { number: number?, name: name?, context, pin: pin? };
        match self.id {
            None => {
                c.add_conference(new)?;
            }
            Some(id) => c.conferences.edit(id, |room| {
                (room.number, room.name, room.context, room.pin) = (new.number, new.name, new.context, new.pin);
            }),
        }
        Ok(())
    }

    fn field_of(&self, rule: Rule) -> Option<&'static str> {
        match rule {
            Rule::C2 => Some("number"),
            Rule::C3 => Some("context"),
            _ => None,
        }
    }

    fn words(&self, fields: &Fields) -> String {
        let did = if self.id.is_none() { "added" } else { "changed" };
        format!("conference room \"{}\" was {did}", fields.text("number").trim())
    }
}
