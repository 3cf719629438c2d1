//! The form of a dial rule, with a number to try it on: what is dialled for it is told while one types.

use crate::settings::configuration::Configuration;
use crate::settings::dial_rule::{DialRule, STRIP_MAX};
use crate::settings::edit::NewDialRule;
use crate::settings::id::{ContextId, DialRuleId, Id as _};
use crate::settings::label::dial_rule_name;
use crate::settings::name::DialDigits;
use crate::settings::phone_number::PhoneNumber;
use crate::settings::rule::Rule;
use crate::settings::table::Kind;
use crate::settings::target_kind::TargetKind;
use crate::tui::app::{App, RandomSource, Target};
use crate::tui::form::{Fault, Fields, Model, Purpose};
use crate::tui::typed_form::FormKey;
use crate::tui::widgets::entry::{Entry, Field};

#[derive(Clone)]
pub(in crate::tui::screens) struct DialRuleModel {
    id: Option<DialRuleId>,
    /// What the options of `context` stand for; None: anywhere.
    contexts: Vec<Option<ContextId>>,
}

impl DialRuleModel {
    /// None: a new one.
    pub(in crate::tui::screens) fn new(id: Option<DialRuleId>, app: &App) -> Self {
        let contexts = app.configuration.contexts.iter().map(|context| Some(context.id));
        Self { id, contexts: std::iter::once(None).chain(contexts).collect() }
    }

    fn rule<'a>(&self, c: &'a Configuration) -> Option<&'a DialRule> {
        self.id.and_then(|id| c.dial_rules.get(id)).map(AsRef::as_ref)
    }

    fn read(&self, fields: &Fields) -> Result<NewDialRule, Fault> {
        let prefix = fields.parse("prefix", DialDigits::parse);
        let strip = fields.number("strip", Rule::N1, TargetKind::Strip, STRIP_MAX.into());
        let add = fields.parse("add", DialDigits::parse);
        Ok(NewDialRule {
            prefix: prefix?,
            strip: u8::try_from(strip?).unwrap_or(STRIP_MAX),
            add: add?,
            context: fields.choose("context", &self.contexts)?,
        })
    }
}

impl Model for DialRuleModel {
    fn key(&self) -> Option<FormKey> {
        Some(FormKey::of(Kind::DialRule, self.target()))
    }

    fn title(&self) -> String {
        if self.id.is_none() { "new dial rule".to_owned() } else { "edit dial rule".to_owned() }
    }

    fn target(&self) -> Option<Target> {
        self.id.map(|id| Target { kind: Kind::DialRule, id: id.number() })
    }

    fn anew(&self, app: &App) -> Option<Self> {
        Some(Self::new(self.id, app))
    }

    fn fields(&self, app: &App) -> Vec<Field> {
        let c = &app.configuration;
        let rule = self.rule(c);
        let name = |id: &Option<ContextId>| match id {
            Some(id) => c.contexts.get(*id).map_or_else(String::new, |context| context.name.to_string()),
            None => "any".to_owned(),
        };
        let at = rule.and_then(|rule| self.contexts.iter().position(|context| *context == rule.context));
        let text = |text: fn(&DialRule) -> String| Entry::text(rule.map(text).unwrap_or_default());
        vec![
            Field::new(
                "prefix",
                "Begins with",
                "Digits, +, * or #, like +33; empty for any number",
                text(|rule| rule.prefix.to_string()),
            ),
            Field::new(
                "strip",
                "Strip",
                "How many characters to strip from the beginning, 0 to 40",
                Entry::text(rule.map_or(0, |rule| rule.strip)),
            ),
            Field::new("add", "Add", "What to put there instead, like 0", text(|rule| rule.add.to_string())),
            Field::new(
                "context",
                "Callers in",
                "For whom the rule is: callers in one context, or in any",
                Entry::choice(self.contexts.iter().map(name).collect(), at),
            ),
            Field::new("number", "Try it on", "A number as it stands in a phone book; it is not kept", Entry::text("")),
            Field::new("becomes", "Becomes", "", Entry::Fixed(String::new())),
        ]
    }

    fn arrange(&self, fields: &mut Fields, _app: &App) {
        let words = self.preview(fields);
        if let Some(field) = fields.field_mut("becomes") {
            field.entry = Entry::Fixed(words);
        }
    }

    fn apply(&self, fields: &Fields, c: &mut Configuration, _: RandomSource, _: Purpose) -> Result<(), Fault> {
        let new = self.read(fields)?;
        match self.id {
            None => {
                c.add_dial_rule(new)?;
            }
            Some(id) => c.dial_rules.edit(id, |rule| {
                rule.prefix = new.prefix;
                rule.strip = new.strip;
                rule.add = new.add;
                rule.context = new.context;
            }),
        }
        Ok(())
    }

    fn field_of(&self, rule: Rule) -> Option<&'static str> {
        (rule == Rule::N2).then_some("prefix")
    }

    fn words(&self, fields: &Fields) -> String {
        let did = if self.id.is_none() { "added" } else { "changed" };
        format!("dial rule \"{}\" was {did}", dial_rule_name(fields.text("prefix").trim()))
    }
}

impl DialRuleModel {
    /// What this rule alone makes of the number.
    fn preview(&self, fields: &Fields) -> String {
        let text = fields.text("number").trim();
        if text.is_empty() {
            return "-".to_owned();
        }
        let (Ok(number), Ok(new)) = (PhoneNumber::parse(text), self.read(fields)) else {
            return "? once the fields above are valid".to_owned();
        };
        let NewDialRule { prefix, strip, add, context } = new;
        let rule = DialRule { id: DialRuleId::new(0), version: 0, position: 0, prefix, strip, add, context };
        match rule.fits(number.as_str(), context) {
            true => rule.apply(number.as_str()),
            false => format!("{number}: the rule does not match it"),
        }
    }
}
