//! The form of a user's line: number, context, telephone, and whether it is the main one.

use crate::settings::configuration::Configuration;
use crate::settings::edit::NewLine;
use crate::settings::id::{ContextId, Id as _, LineId, UserId};
use crate::settings::name::{Device, Extension};
use crate::settings::table::Kind;
use crate::tui::form::{Fault, Fields, Model, Purpose};
use crate::tui::office::{Chance, Office};
use crate::tui::screen::Target;
use crate::tui::widgets::entry::{Entry, Field};

pub(super) struct LineModel {
    user: UserId,
    login: String,
    /// None: a new one.
    id: Option<LineId>,
    /// As it is called now.
    extension: String,
    /// What the options of the context stand for.
    contexts: Vec<ContextId>,
}

impl LineModel {
    pub(super) fn new(user: UserId, id: Option<LineId>, office: &Office) -> Self {
        let c = &office.configuration;
        let extension = id.and_then(|id| c.lines.get(id)).map(|line| line.extension.to_string());
        Self {
            user,
            login: c.users.get(user).map(|user| user.login.to_string()).unwrap_or_default(),
            id,
            extension: extension.unwrap_or_default(),
            contexts: c.contexts.iter().map(|context| context.id).collect(),
        }
    }

    /// The telephone that is named, or the one that the extension's number stands for.
    fn device(fields: &Fields, extension: &Extension) -> Result<Device, Fault> {
        let named = fields.parse_optional("device", Device::parse)?;
        let usual = || Device::parse(&format!("PJSIP/{extension}")).map_err(|refusal| Fault::of("device", refusal));
        named.map_or_else(usual, Ok)
    }
}

impl Model for LineModel {
    fn title(&self) -> String {
        if self.id.is_none() { "new line".to_owned() } else { format!("edit line {}", self.extension) }
    }

    fn target(&self) -> Option<Target> {
        self.id.map(|id| Target { kind: Kind::Line, id: id.number() })
    }

    fn fields(&self, office: &Office) -> Vec<Field> {
        let c = &office.configuration;
        let line = self.id.and_then(|id| c.lines.get(id));
        let main = c.lines_of(self.user).first().map(|line| line.id);
        let contexts = self.contexts.iter().filter_map(|id| c.contexts.get(*id)).map(|found| found.name.to_string());
        let at = line.and_then(|line| self.contexts.iter().position(|id| *id == line.context));
        let is_main = match main {
            None => Entry::Fixed("yes: a user's first line is his main line".to_owned()),
            Some(main) if Some(main) == self.id => {
                Entry::Fixed("yes: making another one the main line takes it from this".to_owned())
            }
            Some(_) => Entry::Toggle(false),
        };
        vec![
            Field::new(
                "extension",
                "Extension",
                "What others dial: 1 to 40 letters, digits, *, #, +, _, - or .",
                Entry::text(&self.extension),
            ),
            Field::new(
                "context",
                "Context",
                "Where the extension stands; the main line's is the user's context",
                Entry::choice(contexts.collect(), at),
            ),
            Field::new(
                "device",
                "Telephone",
                "As Asterisk calls it; PJSIP/ and the extension if left empty",
                Entry::text(line.map(|line| line.device.to_string()).unwrap_or_default()),
            ),
            Field::new("main", "Main line", "The one that lists show, and whose context is the user's", is_main),
        ]
    }

    fn apply(&self, fields: &Fields, c: &mut Configuration, _: Chance, _: Purpose) -> Result<(), Fault> {
        let extension = fields.parse("extension", Extension::parse)?;
        let context = fields.choose("context", &self.contexts)?;
        let device = Self::device(fields, &extension)?;
        let is_main = fields.is_on("main");
        let Some(id) = self.id else {
            let new = NewLine { user: self.user, extension, context, device, is_main };
            return c.add_line(new).map(drop).map_err(Fault::from);
        };
        c.move_line(id, context).map_err(|refusal| Fault::of("context", refusal))?;
        c.lines.edit(id, |line| {
            line.extension = extension;
            line.device = device;
        });
        if is_main { c.set_main_line(id).map_err(Fault::from) } else { Ok(()) }
    }

    fn words(&self, fields: &Fields) -> String {
        let extension = fields.text("extension").trim();
        match self.id {
            None => format!("line \"{extension}\" was added for user \"{}\"", self.login),
            Some(_) => format!("line \"{extension}\" of user \"{}\" was changed", self.login),
        }
    }
}
