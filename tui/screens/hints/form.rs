//! The forms of a phone hint group and of one hint. A hint's number is fixed (rule H2): text and colour are all there is.

use crate::settings::color::Color;
use crate::settings::configuration::Configuration;
use crate::settings::id::{Id as _, PhoneHintGroupId};
use crate::settings::name::{Description, HintText, PhoneHintGroupName};
use crate::settings::phone_hint::HintNumber;
use crate::settings::rule::Rule;
use crate::settings::table::Kind;
use crate::tui::app::{App, RandomSource, Target};
use crate::tui::form::{Fault, Fields, Model, Purpose};
use crate::tui::typed_form::FormKey;
use crate::tui::widgets::entry::{Aside, Entry, Field};

#[derive(Clone)]
pub(in crate::tui::screens) struct HintGroupModel {
    id: Option<PhoneHintGroupId>,
    name: String,
}

impl HintGroupModel {
    pub(in crate::tui::screens) fn new() -> Self {
        Self { id: None, name: String::new() }
    }

    pub(in crate::tui::screens) fn of(id: PhoneHintGroupId, app: &App) -> Self {
        let name = app.configuration.phone_hint_groups.get(id).map(|group| group.name.to_string());
        Self { id: Some(id), name: name.unwrap_or_default() }
    }
}

fn target(group: PhoneHintGroupId) -> Target {
    Target { kind: Kind::PhoneHintGroup, id: group.number() }
}

impl Model for HintGroupModel {
    fn key(&self) -> Option<FormKey> {
        Some(FormKey::of(Kind::PhoneHintGroup, self.target()))
    }

    fn title(&self) -> String {
        if self.id.is_none() { "new phone hint group".to_owned() } else { format!("edit {}", self.name) }
    }

    fn target(&self) -> Option<Target> {
        self.id.map(target)
    }

    fn anew(&self, app: &App) -> Option<Self> {
        self.id.map(|id| Self::of(id, app))
    }

    fn fields(&self, app: &App) -> Vec<Field> {
        let group = self.id.and_then(|id| app.configuration.phone_hint_groups.get(id));
        let (name, description) =
            group.map(|group| (group.name.to_string(), group.description.to_string())).unwrap_or_default();
        let name_help = "1 to 64 letters, digits, _ or -; profiles refer to it";
        vec![
            Field::new("name", "Group name", name_help, Entry::text(name)),
            Field::new(
                "description",
                "Description",
                "For administrators only; at most 255 characters",
                Entry::text(description),
            ),
        ]
    }

    fn apply(&self, fields: &Fields, c: &mut Configuration, _: RandomSource, _: Purpose) -> Result<(), Fault> {
        let name = fields.parse("name", PhoneHintGroupName::parse);
        let description = fields.parse("description", Description::parse);
        let (name, description) = (name?, description?);
        match self.id {
            None => {
                c.add_phone_hint_group(name, description).map_err(|refusal| Fault::of("name", refusal))?;
            }
            Some(id) => c.phone_hint_groups.edit(id, |group| {
                group.name = name;
                group.description = description;
            }),
        }
        Ok(())
    }

    fn words(&self, fields: &Fields) -> String {
        match self.id {
            None => format!("phone hint group \"{}\" was added, with the default hints in it", fields.text("name")),
            Some(_) => format!("phone hint group \"{}\" was changed", fields.text("name")),
        }
    }

    fn field_of(&self, rule: Rule) -> Option<&'static str> {
        matches!(rule, Rule::H1 | Rule::H4).then_some("name")
    }
}

#[derive(Clone)]
pub(in crate::tui::screens) struct HintModel {
    group: PhoneHintGroupId,
    number: HintNumber,
    /// Text and color as the form was opened on them.
    shown: Option<(String, Color)>,
}

impl HintModel {
    pub(in crate::tui::screens) fn of(group: PhoneHintGroupId, number: HintNumber, app: &App) -> Self {
        let stored = app.configuration.phone_hint_groups.get(group);
        let hint = stored.and_then(|stored| stored.hints.get(&number));
        Self { group, number, shown: hint.map(|hint| (hint.text.to_string(), hint.color)) }
    }
}

impl Model for HintModel {
    /// The group stands for the kind of its hints, which have no ids.
    fn key(&self) -> Option<FormKey> {
        let hint = Target { kind: Kind::PhoneHintGroup, id: self.number.number().into() };
        Some(FormKey::of(Kind::PhoneHintGroup, Some(hint)).within(Some(target(self.group))))
    }

    fn title(&self) -> String {
        format!("edit hint {}", self.number)
    }

    fn target(&self) -> Option<Target> {
        Some(target(self.group))
    }

    fn anew(&self, app: &App) -> Option<Self> {
        Some(Self::of(self.group, self.number, app))
    }

    fn fields(&self, app: &App) -> Vec<Field> {
        let group = app.configuration.phone_hint_groups.get(self.group);
        let hint = group.and_then(|group| group.hints.get(&self.number));
        let (text, color) = hint.map(|hint| (hint.text.to_string(), hint.color.to_string())).unwrap_or_default();
        let number = Entry::Fixed(format!("{}: {}", self.number, self.number.meaning()));
        vec![
            Field::new("number", "Telephone state", "The numbers are Asterisk's and cannot be changed", number),
            Field::new("text", "Text", "What people read in their client; 1 to 64 characters", Entry::text(text)),
            Field::new("color", "Color", "#RRGGBB, #RGB or one of the 17 names that Ctrl-P shows", Entry::text(color))
                .beside(Aside::Swatch),
        ]
    }

    fn apply(&self, fields: &Fields, c: &mut Configuration, _: RandomSource, _: Purpose) -> Result<(), Fault> {
        let (text, color) = (fields.parse("text", HintText::parse), fields.parse("color", Color::parse));
        let (text, color) = (text?, color?);
        c.set_phone_hint(self.group, self.number, text, color).map_err(Fault::from)
    }

    fn words(&self, fields: &Fields) -> String {
        let (text, color) = (fields.text("text").trim(), Color::parse(fields.text("color")).ok());
        let was_text = self.shown.as_ref().map(|(text, _)| text.as_str());
        let was_color = self.shown.as_ref().map(|(_, color)| *color);
        let color = color.filter(|color| was_color != Some(*color)).map(|color| format!("color {color}"));
        let text = Some(format!("text \"{text}\"")).filter(|_| was_text != Some(text));
        let what: Vec<String> = text.into_iter().chain(color).collect();
        format!("phone hint {} was changed: {}", self.number, what.join(", "))
    }

    fn advice(&self) -> Option<&'static str> {
        Some("connected users see it at their next login")
    }
}
