//! The form of a line: an extension in a context, the device that rings, whose it is. Opened from a user's page and from a
//! context.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use crate::settings::configuration::Configuration;
use crate::settings::edit::NewLine;
use crate::settings::id::{ContextId, Id as _, LineId, UserId};
use crate::settings::label::Labelled as _;
use crate::settings::line::Line;
use crate::settings::name::{Device, Extension};
use crate::settings::rule::{Refusal, Rule, count};
use crate::settings::rule_target::RuleTarget;
use crate::settings::table::Kind;
use crate::settings::target_kind::TargetKind;
use crate::settings::violation::Violation;
use crate::tui::app::{App, RandomSource, Target, Transition};
use crate::tui::ask::Removal;
use crate::tui::form::{Fault, Fields, Form, Model, Offer, Purpose};
use crate::tui::typed_form::FormKey;
use crate::tui::widgets::entry::{Aside, Entry, Field};

use super::contexts::form::ContextModel;
use super::user_choice::{USER, UserChoice};

#[derive(Clone)]
pub(super) struct LineModel {
    line: Option<LineId>,
    /// Whose a new line will be, if that is known.
    user: Option<UserId>,
    /// Where a new line will stand, if that is known.
    context: Option<ContextId>,
    /// What the options of `context` stand for.
    contexts: Vec<ContextId>,
    users: UserChoice,
    /// The device, as long as it is the one that is made of the extension: it follows that.
    automatic: RefCell<Option<String>>,
}

impl LineModel {
    pub(super) fn add(user: Option<UserId>, context: Option<ContextId>, app: &App) -> Self {
        let users = if user.is_some() { UserChoice::unused() } else { UserChoice::among_all(app) };
        Self { line: None, user, context, contexts: contexts(app), users, automatic: RefCell::default() }
    }

    pub(super) fn edit(line: LineId, app: &App) -> Self {
        let stored = app.configuration.lines.get(line);
        let automatic = stored.filter(|line| is_automatic(&line.device, &line.extension));
        Self {
            line: Some(line),
            user: None,
            context: None,
            contexts: contexts(app),
            users: UserChoice::unused(),
            automatic: RefCell::new(automatic.map(|line| line.device.to_string())),
        }
    }

    /// Another line that has that device, unless this one had it already.
    fn shared_with<'a>(&self, device: &Device, c: &'a Configuration) -> Option<&'a Arc<Line>> {
        let had = self.line.and_then(|line| c.lines.get(line)).map(|line| line.device.key());
        if had == Some(device.key()) { None } else { self.other_with(device, c) }
    }

    /// Another line that has that device.
    fn other_with<'a>(&self, device: &Device, c: &'a Configuration) -> Option<&'a Arc<Line>> {
        let key = device.key();
        // A look at the end of each spares the others: there may be very many.
        let end = device.as_str().rsplit('/').next().unwrap_or_default();
        let ends_so = |other: &str| {
            let tail = other.len().checked_sub(end.len()).and_then(|from| other.get(from..));
            tail.is_some_and(|tail| tail.eq_ignore_ascii_case(end))
        };
        let is_other = |line: &Line| Some(line.id) != self.line;
        c.lines.find(|line| is_other(line) && ends_so(line.device.as_str()) && line.device.key() == key)
    }

    /// What can become of a device that is chosen here and that another line has.
    fn choices(&self, device: &Device, c: &Configuration) -> Option<Vec<String>> {
        let other = self.shared_with(device, c)?;
        let called = other.name(c);
        let mut choices =
            vec![format!("it is the device of {called} ({})", owner(other, c)), "both lines ring there".to_owned()];
        let own = self.line.and_then(|line| c.lines.get(line));
        choices.extend(own.map(|own| format!("{called} gets {} instead", own.device)));
        Some(choices)
    }

    /// The device that was made of the extension is made of the new one, until another one is typed.
    fn follow_extension(&self, fields: &mut Fields) {
        let Some(former) = self.automatic.borrow().clone() else { return };
        let Ok(extension) = Extension::parse(fields.text("extension")) else { return };
        let Some((technology, name)) = former.split_once('/') else { return };
        let now = format!("{technology}/{extension}");
        let is_other = name != extension.as_str();
        let Some(field) = fields.field_mut("device") else { return };
        if field.entry.words() != former {
            // Typed by hand: it stays whatever it is.
            field.aside = None;
            self.automatic.replace(None);
            return;
        }
        if is_other {
            field.entry = Entry::text(&now);
            field.aside = Some(Aside::Words("follows the extension"));
            self.automatic.replace(Some(now));
        }
    }

    /// Lets it be chosen what becomes of it, where another line has the device.
    fn arrange_shared(&self, fields: &mut Fields, c: &Configuration) {
        let typed = fields.text("device").trim().to_owned();
        let extension = fields.text("extension").trim().to_owned();
        let typed = if typed.is_empty() { format!("PJSIP/{extension}") } else { typed };
        let device = Device::parse(&typed).ok();
        let choices = device.as_ref().and_then(|device| self.choices(device, c));
        // What was so before is told, and asked about no more.
        let other = device.as_ref().and_then(|device| self.other_with(device, c));
        let shared = other.map(|other| format!("yes: {} ({}) rings there too", other.name(c), owner(other, c)));
        let Some(field) = fields.field_mut(SHARED) else { return };
        match (&field.entry, choices) {
            (Entry::Choice { options, .. }, Some(choices)) if *options == choices => {}
            (_, Some(choices)) => field.entry = Entry::choice(choices, None),
            (_, None) => field.entry = Entry::Fixed(shared.unwrap_or_else(|| NOT_SHARED.to_owned())),
        }
    }

    /// What becomes of the other line; refused as long as nobody said it.
    fn settle_shared(
        &self,
        device: &Device,
        number: (&Extension, ContextId),
        fields: &Fields,
        c: &mut Configuration,
    ) -> Result<(), Fault> {
        let Some(other) = self.shared_with(device, c).cloned() else { return Ok(()) };
        let own = self.line.and_then(|line| c.lines.get(line)).map(|line| line.device.clone());
        match (fields.chosen(SHARED), own) {
            // That the number is taken is told by its own rule.
            (UNDECIDED, _) if (&other.extension, other.context) == number => Ok(()),
            (UNDECIDED, _) => {
                let problem = Violation::Held {
                    holder: Box::new(other.object_name(c).into()),
                    more: "; choose whether both ring there or the two swap",
                };
                let on = RuleTarget::text(TargetKind::Device, device.as_str());
                Err(Fault::of(SHARED, Refusal::new(Rule::C2, on, problem)))
            }
            (SWAPPED, Some(own)) => {
                c.lines.edit(other.id, |line| line.device = own);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Where the user's other lines stand, else most lines: alone in a context of their own nobody sees them.
    fn likely_context(&self, c: &Configuration) -> Option<ContextId> {
        let own = self.user.and_then(|user| c.lines_of(user).first().map(|line| line.context));
        own.or_else(|| {
            let mut lines: HashMap<ContextId, usize> = HashMap::new();
            c.lines.iter().for_each(|line| *lines.entry(line.context).or_default() += 1);
            // Of as many the first in the list.
            self.contexts.iter().rev().copied().max_by_key(|context| lines.get(context).copied().unwrap_or_default())
        })
    }

    /// The user of a new line: known from the start, or chosen.
    fn owner(&self, fields: &Fields) -> Result<UserId, Fault> {
        if let Some(user) = self.user {
            return Ok(user);
        }
        let missing = || Fault::of(USER, Refusal::new(Rule::C3, TargetKind::TheLine, Violation::NeedsUser));
        fields.choose(USER, self.users.options())?.ok_or_else(missing)
    }
}

/// Whose line it is.
fn owner(line: &Line, c: &Configuration) -> String {
    c.users.get(line.user).map(|user| user.full_name()).unwrap_or_default()
}

fn contexts(app: &App) -> Vec<ContextId> {
    app.configuration.contexts.iter().map(|context| context.id).collect()
}

/// For forms in which a context is chosen.
pub(super) const NEW_CONTEXT: Offer = Offer {
    words: "new context…",
    open: |name, app| Box::new(Form::within(ContextModel::new(None, app), name, app)),
};

/// The field that says what becomes of a device of which another line is.
const SHARED: &str = "shared";
const NOT_SHARED: &str = "no";
/// Places of its choices.
const UNDECIDED: usize = 0;
const SWAPPED: usize = 2;

/// All that there are, with their names.
pub(super) fn contexts_now(app: &App) -> Vec<(ContextId, String)> {
    app.configuration.contexts.iter().map(|context| (context.id, context.name.to_string())).collect()
}

/// Whether it is what nothing else was typed for.
fn is_automatic(device: &Device, extension: &Extension) -> bool {
    device
        .as_str()
        .split_once('/')
        .is_some_and(|(technology, name)| ["PJSIP", "SIP"].contains(&technology) && name == extension.as_str())
}

/// Like the command line: the technology of today with the extension as name.
fn device(typed: Option<Device>, extension: &Extension) -> Result<Device, Fault> {
    match typed {
        Some(device) => Ok(device),
        None => Device::parse(&format!("PJSIP/{extension}")).map_err(|refusal| Fault::of("device", refusal)),
    }
}

impl Model for LineModel {
    fn key(&self) -> Option<FormKey> {
        let user = self.user.map(|user| Target { kind: Kind::User, id: user.number() });
        let context = self.context.map(|context| Target { kind: Kind::Context, id: context.number() });
        Some(FormKey::of(Kind::Line, self.target()).within(user.or(context)))
    }

    fn offer(&self, field: &'static str) -> Option<Offer> {
        (field == "context").then_some(NEW_CONTEXT)
    }

    fn relist(&mut self, field: &'static str, fields: &mut Fields, app: &App) {
        fields.relist(field, &mut self.contexts, contexts_now(app));
    }

    fn dialled(&self) -> &'static [&'static str] {
        &["extension"]
    }

    fn title(&self) -> String {
        if self.line.is_none() { "new line".to_owned() } else { "edit line".to_owned() }
    }

    fn target(&self) -> Option<Target> {
        self.line.map(|line| Target { kind: Kind::Line, id: line.number() })
    }

    fn anew(&self, app: &App) -> Option<Self> {
        self.line.map(|line| Self::edit(line, app))
    }

    fn fields(&self, app: &App) -> Vec<Field> {
        let c = &app.configuration;
        let line = self.line.and_then(|line| c.lines.get(line));
        let user = line.map(|line| line.user).or(self.user).and_then(|user| c.users.get(user));
        let mut owner = self.users.field(None, "not chosen yet", "Whose line it is; type a part of the name", c);
        if let Some(user) = user {
            owner.entry = Entry::Fixed(match &user.login {
                Some(login) => format!("{login} ({})", user.full_name()),
                None => user.full_name(),
            });
        }
        let context = line.map(|line| line.context).or(self.context).or_else(|| self.likely_context(c));
        let at = context.and_then(|context| self.contexts.iter().position(|known| *known == context));
        let names = self.contexts.iter().filter_map(|id| c.contexts.get(*id)).map(|context| context.name.to_string());
        let extension = line.map(|line| line.extension.to_string()).unwrap_or_default();
        let device = line.map(|line| line.device.to_string()).unwrap_or_default();
        let is_main = match line {
            Some(line) if line.is_main => Entry::Fixed("yes; make another line the main one to change that".to_owned()),
            _ => Entry::Toggle(false),
        };
        vec![
            owner,
            Field::new("extension", "Extension", "The number in its context, like 1001", Entry::text(extension)),
            Field::new(
                "context",
                "Context",
                "The context of the number; it decides whom the user sees",
                Entry::choice(names.collect(), at),
            ),
            Field::new(
                "device",
                "Device",
                "The device that rings, like PJSIP/1001; empty: PJSIP/ and the extension",
                Entry::text(device),
            ),
            Field::new(
                SHARED,
                "Shared device",
                "Whether another line has that device: both may ring there, or the two swap",
                Entry::Fixed(NOT_SHARED.to_owned()),
            ),
            Field::new("main", "Main line", "The main line decides the user's context", is_main),
        ]
    }

    /// The first line of somebody is the main one, whatever is ticked.
    fn arrange(&self, fields: &mut Fields, app: &App) {
        self.follow_extension(fields);
        self.arrange_shared(fields, &app.configuration);
        if self.line.is_some() {
            return;
        }
        let is_first = self.owner(fields).is_ok_and(|user| app.configuration.lines_of(user).is_empty());
        if let Some(main) = fields.field_mut("main") {
            match (&main.entry, is_first) {
                (Entry::Toggle(_), true) => main.entry = Entry::Fixed("yes: it is the user's first line".to_owned()),
                (Entry::Fixed(_), false) => main.entry = Entry::Toggle(false),
                _ => {}
            }
        }
    }

    fn apply(&self, fields: &Fields, c: &mut Configuration, _: RandomSource, _: Purpose) -> Result<(), Fault> {
        // All are read before the first that is wrong ends it: all are told.
        let extension = fields.parse("extension", Extension::parse);
        let typed_device = fields.parse_optional("device", Device::parse);
        let context = fields.choose("context", &self.contexts)?;
        let extension = extension?;
        let device = device(typed_device?, &extension)?;
        self.settle_shared(&device, (&extension, context), fields, c)?;
        let Some(id) = self.line else {
            let user = self.owner(fields)?;
            let new = NewLine { user, extension, context, device, is_main: fields.is_on("main") };
            return c.add_line(new).map(drop).map_err(Fault::from);
        };
        c.move_line(id, context)?;
        c.lines.edit(id, |line| {
            line.extension = extension;
            line.device = device;
        });
        if fields.is_on("main") {
            c.set_main_line(id)?;
        }
        Ok(())
    }

    fn field_of(&self, rule: Rule) -> Option<&'static str> {
        match rule {
            Rule::C2 => Some("extension"),
            Rule::C4 => Some(SHARED),
            _ => None,
        }
    }

    fn words(&self, fields: &Fields) -> String {
        let did = if self.line.is_none() { "added" } else { "changed" };
        let swapped = match (fields.chosen(SHARED), fields.field(SHARED)) {
            (SWAPPED, Some(field)) => format!("; {}", field.entry.words()),
            _ => String::new(),
        };
        let device = fields.field("device").filter(|field| field.aside.is_some());
        let device = device.map_or_else(String::new, |field| format!("; its device is {} now", field.entry.words()));
        format!("line {} was {did}{swapped}{device}", fields.text("extension").trim())
    }
}

/// Asks before a line goes; tells what that does to its user.
pub(super) fn ask_to_remove(id: LineId, is_hidden: bool, app: &mut App) -> Transition {
    let c = &app.configuration;
    let Some(line) = c.lines.get(id) else { return Transition::Stay };
    let called = line.label(c);
    let removal = Removal {
        target: Target { kind: Kind::Line, id: id.number() },
        title: format!("Remove {called}?"),
        text: Box::new(move |app| what_is_left(id, &app.configuration)),
        words: format!("{called} was removed"),
    };
    removal.hidden(is_hidden).ask(app, move |c| c.remove_line(id))
}

/// What has happened once so many lines were moved there.
pub(super) fn moved_words(number: usize, what: &str, context: &str) -> String {
    match number {
        0 => format!("nothing was changed: no {what} had to be moved to context \"{context}\""),
        1 => format!("1 {what} was moved to context \"{context}\""),
        number => format!("{} were moved to context \"{context}\"", count(number, what)),
    }
}

/// What its user has without the line.
fn what_is_left(id: LineId, c: &Configuration) -> String {
    let Some(line) = c.lines.get(id) else { return String::new() };
    let user = c.users.get(line.user).map(|user| user.login.as_ref().map_or(user.full_name(), ToString::to_string));
    let user = user.unwrap_or_default();
    match c.lines_of(line.user).as_slice() {
        [_] => format!("It is the only line of {user}: without one, a user is alone when contexts are separated."),
        [_, next, ..] if line.is_main => format!("{user}'s main line becomes {}.", next.extension),
        _ => format!("{user} keeps the main line."),
    }
}
