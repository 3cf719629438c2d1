//! The dial rules in the order in which they are tried, and what they make of a number that is typed to try them.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::sync::Arc;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use crate::settings::configuration::Configuration;
use crate::settings::dial_rule::{DialRule, counting, dialled};
use crate::settings::fold::fold;
use crate::settings::id::{ContextId, DialRuleId, Id as _};
use crate::settings::label::dial_rule_name;
use crate::settings::phone_number::PhoneNumber;
use crate::settings::table::Kind;
use crate::tui::app::{App, Target, Transition};
use crate::tui::ask::{Removal, always};
use crate::tui::filter::Filter;
use crate::tui::form::Form;
use crate::tui::keys::Key;
use crate::tui::theme;
use crate::tui::widgets::foot::Foot;
use crate::tui::widgets::list::{List, cell};
use crate::tui::widgets::text_line::{Echo, TextLine};

use super::rule_form::DialRuleModel;

/// Rows below the list: what becomes of a number.
const FOOT_ROWS: u16 = 7;
const PLACE_WIDTH: usize = 6;
const PREFIX_WIDTH: usize = 18;
const STRIP_WIDTH: usize = 6;
const ADD_WIDTH: usize = 18;

pub(super) struct DialRules {
    list: List<DialRuleId>,
    pub(super) filter: Filter,
    /// The number that the rules are tried on.
    number: TextLine,
    trying: Trying,
}

/// Whether keys go into the number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trying {
    Off,
    On,
}

impl DialRules {
    pub(super) fn new() -> Self {
        Self {
            list: List::default(),
            filter: Filter::new(&["begins", "add", "callers"]),
            number: TextLine::default(),
            trying: Trying::Off,
        }
    }

    pub(super) fn look(&mut self, app: &App) {
        let c = &app.configuration;
        let words = |rule: &DialRule| {
            Cow::from(fold(&format!("{} {} {}", dial_rule_name(rule.prefix.as_str()), rule.add, callers(rule, c))))
        };
        let rows = c.ordered_dial_rules().into_iter().map(|rule| (rule.id, words(rule)));
        let field = |id, name| match (c.dial_rules.get(id), name) {
            (None, _) => String::new(),
            (Some(rule), "begins") => rule.prefix.to_string(),
            (Some(rule), "add") => rule.add.to_string(),
            (Some(rule), _) => callers(rule, c),
        };
        self.filter.narrow(&mut self.list, rows, field);
    }

    pub(super) fn press(&mut self, key: Key) {
        self.list.press(key);
    }

    /// The cursor on that one, whatever was looked for.
    pub(super) fn choose(&mut self, id: DialRuleId, app: &App) {
        if !self.list.choose(id) {
            self.filter.clear();
            self.look(app);
            self.list.choose(id);
        }
    }

    pub(super) fn clicked(&mut self, at: Position) {
        self.list.clicked(at);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.list.ids().is_empty()
    }

    pub(super) fn is_first(&self) -> bool {
        self.list.place() == 0
    }

    pub(super) fn is_last(&self) -> bool {
        self.list.place() + 1 >= self.list.ids().len()
    }

    pub(super) fn add(&mut self, app: &App) -> Transition {
        self.list.await_new();
        Transition::Push(Box::new(Form::open(DialRuleModel::new(None, app), app)))
    }

    pub(super) fn edit(&self, app: &App) -> Transition {
        match self.list.chosen() {
            Some(id) => Transition::Push(Box::new(Form::open(DialRuleModel::new(Some(id), app), app))),
            None => Transition::Stay,
        }
    }

    pub(super) fn remove(&self, app: &mut App) -> Transition {
        let Some(rule) = self.list.chosen().and_then(|id| app.configuration.dial_rules.get(id)).cloned() else {
            return Transition::Stay;
        };
        let (id, name) = (rule.id, dial_rule_name(rule.prefix.as_str()));
        let removal = Removal {
            target: Target { kind: Kind::DialRule, id: id.number() },
            title: format!("Remove dial rule {name}?"),
            text: always("Numbers that match it are dialed by the next rule that matches, or as they are."),
            words: format!("dial rule \"{name}\" was removed"),
        };
        removal.ask(app, move |c| c.remove_dial_rule(id))
    }

    pub(super) fn move_up(&mut self, app: &mut App) -> Transition {
        self.reorder(Ordering::Less, app)
    }

    pub(super) fn move_down(&mut self, app: &mut App) -> Transition {
        self.reorder(Ordering::Greater, app)
    }

    /// Before the one that stands before it, or behind the next one.
    fn reorder(&mut self, to: Ordering, app: &mut App) -> Transition {
        let rule = self.list.chosen().and_then(|id| app.configuration.dial_rules.get(id)).cloned();
        let Some(rule) = rule else { return Transition::Stay };
        // Places count from 1.
        let (place, whither) = match to {
            Ordering::Less if self.is_first() => return Transition::Stay,
            Ordering::Less => (self.list.place(), "up"),
            _ if self.is_last() => return Transition::Stay,
            _ => (self.list.place() + 2, "down"),
        };
        let words = format!("dial rule \"{}\" was moved {whither}", dial_rule_name(rule.prefix.as_str()));
        let transition = app.change_and_tell(words, None, move |c| c.move_dial_rule(rule.id, place));
        self.look(app);
        transition
    }

    pub(super) fn begin_trying(&mut self) {
        self.trying = Trying::On;
        self.number.choose_all();
    }

    pub(super) fn end_trying(&mut self) {
        self.trying = Trying::Off;
    }

    pub(super) fn is_trying(&self) -> bool {
        self.trying == Trying::On
    }

    pub(super) fn typed(&mut self, key: Key) {
        self.number.press(key);
    }

    pub(super) fn pasted(&mut self, text: &str) {
        if self.is_trying() {
            self.number.paste(text);
        }
    }

    pub(super) fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, app: &App) {
        let c = &app.configuration;
        let head = format!(
            " {}{}{}{}callers in",
            cell("place", PLACE_WIDTH),
            cell("begins with", PREFIX_WIDTH),
            cell("strip", STRIP_WIDTH),
            cell("add", ADD_WIDTH)
        );
        frame.buffer_mut().set_stringn(area.x, area.y, head, usize::from(area.width), theme::HEAD);
        if self.is_empty() && !self.filter.is_on() {
            let words = " There is no dial rule yet: numbers are dialed as they are; `a` adds one.";
            frame.buffer_mut().set_stringn(area.x, area.y + 2, words, usize::from(area.width), theme::MUTED);
        }
        let rows = Rect { y: area.y + 1, height: area.height.saturating_sub(1 + FOOT_ROWS), ..area };
        let places: Vec<DialRuleId> = c.ordered_dial_rules().iter().map(|rule| rule.id).collect();
        self.list.draw(frame, rows, true, |id| {
            let place = places.iter().position(|other| *other == id).unwrap_or_default() + 1;
            c.dial_rules.get(id).map_or_else(Line::default, |rule| row(place, rule, c))
        });
        self.draw_tried(frame, Rect { y: area.bottom() - FOOT_ROWS, height: FOOT_ROWS, ..area }, c);
    }

    /// The number, and what becomes of it where callers are.
    fn draw_tried(&self, frame: &mut Frame<'_>, area: Rect, c: &Configuration) {
        const LABEL: &str = " This number   ";
        let mut foot = Foot::new("try the rules", area.width);
        foot.tell("");
        if self.number.text().trim().is_empty() {
            foot.tell("`t`, then a number as it stands in a phone book, shows what is dialed.");
        } else {
            match PhoneNumber::parse(self.number.text()) {
                Ok(number) => becomes(number.as_str(), c)
                    .iter()
                    .for_each(|(from, words)| foot.say("becomes", &format!("{words}{from}"))),
                Err(refusal) => foot.tell(&crate::tui::plain::without_codes(&refusal.problem.to_string())),
            }
        }
        foot.draw(frame, area);
        frame.buffer_mut().set_string(area.x, area.y + 1, LABEL, theme::HEAD);
        let width = u16::try_from(LABEL.len()).unwrap_or(0);
        let field = Rect { x: area.x + width, y: area.y + 1, width: area.width.saturating_sub(width), height: 1 };
        self.number.draw(frame, field, Echo::Text, self.is_trying());
    }
}

/// What is dialled for a number, and for whom: once for most callers, and for those in each context where it differs.
fn becomes(number: &str, c: &Configuration) -> Vec<(String, String)> {
    let rules: Vec<Arc<DialRule>> = c.ordered_dial_rules().into_iter().cloned().collect();
    let words = |context: Option<ContextId>| {
        let by = match counting(&rules, number, context) {
            Some(place) => format!("by the rule at place {}", place + 1),
            None => "no rule fits it".to_owned(),
        };
        format!("{}, {by}", dialled(&rules, number, context))
    };
    let usual = words(None);
    let others = c.contexts.iter().map(|context| (context, words(Some(context.id))));
    let others: Vec<_> = others.filter(|(_, words)| *words != usual).collect();
    let whose = if others.is_empty() { "" } else { ", for callers elsewhere" };
    let others = others.into_iter().map(|(context, words)| (format!(", for callers in {}", context.name), words));
    others.chain([(whose.to_owned(), usual.clone())]).collect()
}

/// For whom the rule is.
fn callers(rule: &DialRule, c: &Configuration) -> String {
    let context = rule.context.and_then(|id| c.contexts.get(id));
    context.map_or_else(|| "any context".to_owned(), |context| context.name.to_string())
}

fn row(place: usize, rule: &DialRule, c: &Configuration) -> Line<'static> {
    let add = if rule.add.as_str().is_empty() { "-" } else { rule.add.as_str() };
    Line::raw(format!(
        " {}{}{}{}{}",
        cell(&place.to_string(), PLACE_WIDTH),
        cell(&dial_rule_name(rule.prefix.as_str()), PREFIX_WIDTH),
        cell(&rule.strip.to_string(), STRIP_WIDTH),
        cell(add, ADD_WIDTH),
        callers(rule, c)
    ))
}
